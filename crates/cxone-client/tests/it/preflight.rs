//! A rehearsal that writes nothing.

use std::time::Duration;

use cxone_client::ClientError;

use crate::support::{CONTACTS, Reply, TOKEN, Tenant, answer, client, response};

#[tokio::test(start_paused = true)]
async fn it_tells_what_it_met_and_sends_no_contact() {
    let tenant = Tenant::api(|_| {
        Reply::Late(
            Duration::from_millis(40),
            response(200, r#"{"entities":[{},{},7],"nextPageToken":"t"}"#),
        )
    });
    let client = client(&tenant);
    let met = client.preflight().await.unwrap();
    assert_eq!(
        (met.token_life, met.entities, met.has_more),
        (Duration::from_secs(3600), 3, true)
    );
    assert!(met.page_latency >= Duration::from_millis(40) && met.token_latency < Duration::from_millis(5));
    assert_eq!(
        (
            tenant.count("POST", TOKEN),
            tenant.count("GET", CONTACTS),
            tenant.sent().len()
        ),
        (1, 1, 2)
    );
    assert_eq!(client.stats().snapshot().requests, 2);
}

#[tokio::test(start_paused = true)]
async fn it_fails_as_a_run_would() {
    let tenant = Tenant::api(|_| answer(403, ""));
    let error = client(&tenant).preflight().await.unwrap_err();
    assert!(matches!(
        error,
        ClientError::ScopeMissing {
            scope: "contacts:read",
            ..
        }
    ));
}
