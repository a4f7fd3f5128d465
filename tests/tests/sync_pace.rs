//! The pace, in paused time: nearly all of the tenant's quota is used, and never more than all of it.
#![cfg(test)]

use tests::sync_kit::{Hours, Report, Scenario};

const CONTACTS: u32 = 2_000;
const QUOTA: u32 = 50;

fn scenario(latency: &str) -> Scenario {
    Scenario {
        contacts: CONTACTS,
        profile: "clean".parse().unwrap(),
        latency: latency.parse().unwrap(),
        page_size: 100,
        hours: Hours::ALWAYS,
        ..Scenario::new(&[])
    }
}

/// The share of the quota that was used from the first to the last upsert: gaps, not posts, are counted.
fn used(report: &Report) -> f64 {
    let stats = &report.stats;
    let span = stats.last_upsert.unwrap() - stats.first_upsert.unwrap();
    (stats.requests_from_first_to_last_upsert - 1) as f64 / span.as_secs_f64() / f64::from(QUOTA)
}

async fn check(latency: &str) {
    let report = scenario(latency).run().await;
    report.audit_outlived();
    let stats = &report.stats;
    let used = used(&report);
    assert!(used >= 0.97, "{latency}: {:.1} % of the quota", used * 100.0);
    assert!(
        stats.most_requests_in_any_second <= QUOTA as usize,
        "{latency}: {}",
        stats.most_requests_in_any_second
    );
    assert_eq!((stats.throttled, stats.refused_by_quota), (0, 0), "{latency}");
    assert_eq!(stats.accepted_contacts, u64::from(CONTACTS), "{latency}");
    assert_eq!(stats.requests.upsert, u64::from(CONTACTS), "{latency}");
}

#[tokio::test(start_paused = true)]
async fn at_1_ms() {
    check("1ms").await;
}

#[tokio::test(start_paused = true)]
async fn at_20_ms() {
    check("20ms").await;
}

#[tokio::test(start_paused = true)]
async fn at_100_ms() {
    check("100ms").await;
}

#[tokio::test(start_paused = true)]
async fn at_300_ms() {
    check("300ms").await;
}

#[tokio::test(start_paused = true)]
async fn at_latencies_that_vary() {
    check("1ms..300ms").await;
}

/// The counter-check: the measure sees a client that sends one at a time.
#[tokio::test(start_paused = true)]
async fn one_at_a_time_uses_a_fifth_of_it() {
    let mut scenario = Scenario {
        contacts: 200,
        ..scenario("100ms")
    };
    scenario.options.concurrency = 1;
    let used = used(&scenario.run().await);
    assert!((0.15..0.25).contains(&used), "{used}");
}

/// The counter-check: the measure sees a client that keeps no pace.
#[tokio::test(start_paused = true)]
async fn the_tenant_notices_who_keeps_no_pace() {
    let tenant_quota = Scenario {
        contacts: 200,
        ..scenario("20ms")
    };
    let unpaced = Scenario {
        quota: None,
        ..tenant_quota.clone()
    };
    let clock = tests::sync_kit::PausedClock::starting_at(unpaced.start);
    let tenant = tenant_quota.tenant(clock);
    let client = cxone_client::CxoneClient::with_transport(
        unpaced.client_config(),
        std::sync::Arc::new(clock),
        tests::sync_kit::InProcess(tenant.clone()),
    );
    let report = unpaced
        .run_with(&client, client.contact_source(), clock, tenant)
        .await;
    assert!(report.stats.most_requests_in_any_second > QUOTA as usize);
    assert!(report.stats.throttled > 0);
    assert_eq!(report.stats.accepted_contacts, 200, "and yet nothing is lost");
}
