//! What becomes of one contact, answer by answer.

use std::time::Duration;

use core_compliance::Instant;
use core_compliance::ports::{ContactSink, Delivery, PortFailureKind};
use cxone_client::{RetryConfig, TransportError};

use crate::support::{
    CONTACTS, Reply, START, Sent, TOKEN, Tenant, answer, answer_with, client, client_with, config, contact,
    grant, stored,
};

type Answer = fn(&Sent) -> Reply;

/// Upserts one contact against these answers, the last of them for good; returns the delivery and the sends.
async fn upsert(answers: Vec<Answer>) -> (Result<Delivery, PortFailureKind>, usize) {
    let tenant = Tenant::api(move |sent| answers[sent.nth.min(answers.len() - 1)](sent));
    let delivery = client(&tenant).contact_sink().upsert(&contact(7), None).await;
    (
        delivery.map_err(|failure| failure.kind),
        tenant.count("POST", CONTACTS),
    )
}

fn rejected(reason: &str) -> Delivery {
    Delivery::Rejected {
        reason: reason.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_settle_it_at_once() {
    let cases: Vec<(Answer, Delivery)> = vec![
        (|sent| answer(201, sent.body.clone()), Delivery::Inserted),
        (|sent| answer(200, sent.body.clone()), Delivery::Updated),
        (|_| answer(204, ""), Delivery::Updated),
        (
            |_| answer(202, r#"{"jobId":"j-9"}"#),
            Delivery::Pending { job: "j-9".into() },
        ),
        (|_| answer(409, "anything"), Delivery::AlreadyThere),
    ];
    for (reply, expected) in cases {
        assert_eq!(upsert(vec![reply]).await, (Ok(expected), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn rejections_carry_the_servers_words_and_are_not_repeated() {
    let tenant = Tenant::api(|sent| match sent.nth {
        0 => answer(400, r#"{"message":"phone is not E.164"}"#),
        1 => answer_with(404, "icStatusDescription", "no such list", ""),
        2 => answer(413, "<html>too large</html>"),
        3 => answer(415, r#"{"error":"type","errorDescription":"send JSON"}"#),
        _ => answer(422, ""),
    });
    let sink = client(&tenant).contact_sink();
    for (n, reason) in [
        "400 Bad Request: phone is not E.164 (request RUN-1.1)",
        "404 Not Found: no such list (request RUN-3.1)",
        "413 Payload Too Large: an HTML page (request RUN-4.1)",
        "415 Unsupported Media Type: send JSON; type (request RUN-5.1)",
        "422 Unprocessable Entity (request RUN-6.1)",
    ]
    .into_iter()
    .enumerate()
    {
        let delivery = sink.upsert(&contact(n), None).await.unwrap();
        let first = tenant.sent()[0].id.clone();
        let run = first.rsplit_once('-').unwrap().0;
        assert_eq!(delivery, rejected(&reason.replace("RUN", run)));
    }
    assert_eq!(tenant.count("POST", CONTACTS), 5);
}

#[tokio::test(start_paused = true)]
async fn everything_transient_is_sent_again() {
    let troubles: Vec<Answer> = vec![
        |_| answer(500, ""),
        |_| answer(502, "<html>"),
        |_| answer_with(503, "retry-after", "1", ""),
        |_| answer(408, ""),
        |_| answer(599, ""),
        |_| answer(200, ""),
        |_| answer(201, r#"{"externalId":"7""#),
        |_| answer(200, "<html>sign in</html>"),
        |_| Reply::Hang,
        |_| Reply::Fail(TransportError::Connect("refused".into())),
        |_| Reply::Fail(TransportError::Broken("reset by peer".into())),
    ];
    for trouble in troubles {
        assert_eq!(
            upsert(vec![trouble, trouble, stored]).await,
            (Ok(Delivery::Inserted), 3)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_keeps_failing_is_named_with_its_last_reason() {
    let tenant = Tenant::api(|_| answer(503, r#"{"message":"maintenance"}"#));
    let client = client(&tenant);
    let delivery = client.contact_sink().upsert(&contact(7), None).await.unwrap();
    let Delivery::NotDelivered { reason, sends: 20 } = delivery else {
        panic!("{delivery:?}")
    };
    let last = tenant.sent().pop().unwrap().id;
    assert!(last.ends_with(".20"));
    assert_eq!(
        reason,
        format!("503 Service Unavailable: maintenance (request {last})")
    );
    assert_eq!(client.stats().snapshot().retries, 19);
    assert_eq!(client.stats().snapshot().requests, 21);
}

#[tokio::test(start_paused = true)]
async fn thirty_one_500s_and_five_429s_lose_nothing_with_a_second_pass() {
    let tenant = Tenant::api(|sent| match sent.nth {
        3 | 9 | 15 | 22 | 30 => answer_with(429, "retry-after", "2", ""),
        n if n < 36 => answer(500, ""),
        _ => stored(sent),
    });
    let client = client(&tenant);
    let sink = client.contact_sink();
    assert!(matches!(
        sink.upsert(&contact(7), None).await.unwrap(),
        Delivery::NotDelivered { .. }
    ));
    assert_eq!(sink.upsert(&contact(7), None).await.unwrap(), Delivery::Inserted);
    assert_eq!(client.stats().snapshot().throttled, 5);
    assert_eq!(tenant.count("POST", CONTACTS), 37);
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out_and_never_charged() {
    let tenant = Tenant::api(|sent| {
        if sent.nth < 40 {
            answer_with(429, "retry-after", "1.5", "")
        } else {
            stored(sent)
        }
    });
    let retry = RetryConfig::new(1, Duration::from_millis(1), Duration::from_millis(1)).unwrap();
    let client = client_with(&tenant, config().retry(retry));
    assert_eq!(
        client.contact_sink().upsert(&contact(7), None).await.unwrap(),
        Delivery::Inserted
    );
    let sends: Vec<_> = tenant
        .sent()
        .into_iter()
        .filter(|sent| sent.path == CONTACTS)
        .map(|sent| sent.at)
        .collect();
    assert_eq!(sends.len(), 41);
    assert!(
        sends
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= Duration::from_millis(1500))
    );
}

#[tokio::test(start_paused = true)]
async fn every_form_of_retry_after_is_obeyed_or_harmless() {
    for (header, least, most) in [
        ("3", 3.0, 3.6),
        ("0.5", 0.5, 0.7),
        ("Wed, 10 Jun 2026 15:00:04 GMT", 3.0, 4.7),
        ("Wed, 10 Jun 2020 15:00:04 GMT", 0.0, 0.3),
        ("86400", 60.0, 66.5),
        ("-7", 0.0, 0.3),
        ("a while", 0.0, 0.3),
    ] {
        let tenant = Tenant::api(move |sent| match sent.nth {
            0 => answer_with(429, "retry-after", header, ""),
            _ => stored(sent),
        });
        assert_eq!(
            client(&tenant)
                .contact_sink()
                .upsert(&contact(7), None)
                .await
                .unwrap(),
            Delivery::Inserted
        );
        let sent = tenant.sent();
        let waited = (sent.last().unwrap().at - sent[sent.len() - 2].at).as_secs_f64();
        assert!((least..most).contains(&waited), "{header}: {waited}");
    }
}

#[tokio::test(start_paused = true)]
async fn patience_without_any_success_ends_the_run() {
    let tenant = Tenant::api(|_| answer(429, ""));
    let client = client_with(&tenant, config().patience(Duration::from_secs(60)));
    let start = tokio::time::Instant::now();
    let failure = client.contact_sink().upsert(&contact(7), None).await.unwrap_err();
    assert_eq!(failure.kind, PortFailureKind::OutOfPatience);
    assert!(
        failure
            .to_string()
            .starts_with("nothing succeeded for 60s; the last trouble: 429 Too Many Requests")
    );
    assert!(failure.advice.contains("--patience"));
    assert!(
        (60..62).contains(&start.elapsed().as_secs()),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_patient_over_all_contacts_together() {
    let tenant = Tenant::api(|_| answer(500, ""));
    let client = client(&tenant);
    let sink = client.contact_sink();
    let mut undelivered = 0;
    let failure = loop {
        match sink.upsert(&contact(undelivered), None).await {
            Ok(Delivery::NotDelivered { .. }) => undelivered += 1,
            Ok(other) => panic!("{other:?}"),
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure.kind, PortFailureKind::OutOfPatience);
    assert!((3..15).contains(&undelivered), "{undelivered}");
}

#[tokio::test(start_paused = true)]
async fn one_refused_token_is_renewed_and_two_end_the_run() {
    let (delivery, sends) = upsert(vec![|_| answer(401, ""), stored]).await;
    assert_eq!((delivery, sends), (Ok(Delivery::Inserted), 2));
    let (delivery, sends) = upsert(vec![|_| answer(401, "")]).await;
    assert_eq!((delivery, sends), (Err(PortFailureKind::NotAuthorized), 2));
}

#[tokio::test(start_paused = true)]
async fn a_retry_carries_the_new_token_and_its_own_id() {
    let tenant = Tenant::api(|sent| {
        if sent.bearer.as_deref() == Some("token-2") {
            stored(sent)
        } else {
            answer(401, "")
        }
    });
    client(&tenant)
        .contact_sink()
        .upsert(&contact(7), None)
        .await
        .unwrap();
    let sends: Vec<_> = tenant
        .sent()
        .into_iter()
        .filter(|sent| sent.path == CONTACTS)
        .collect();
    assert_eq!(sends[0].bearer.as_deref(), Some("token-1"));
    assert_eq!(sends[1].bearer.as_deref(), Some("token-2"));
    assert_eq!(sends[1].id, sends[0].id.replace(".1", ".2"));
    assert_eq!(sends[0].body, sends[1].body);
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_and_a_redirect_end_the_run() {
    let tenant = Tenant::api(|_| answer(403, r#"{"error":"insufficient_scope"}"#));
    let failure = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), None)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, PortFailureKind::NotAuthorized);
    assert!(failure.message.contains("contacts:write"), "{failure}");

    let tenant = Tenant::api(|_| answer_with(307, "location", "https://evil.example/x", ""));
    let failure = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), None)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, PortFailureKind::NotThisApi);
    assert!(
        failure
            .message
            .contains("307 Temporary Redirect to https://evil.example/x"),
        "{failure}"
    );
    assert_eq!(tenant.count("POST", CONTACTS), 1);
}

fn after(seconds: i64) -> Option<Instant> {
    Some(Instant::from_unix(START + seconds).unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_looked_at_before_every_send() {
    // Passed from the beginning.
    let tenant = Tenant::api(stored);
    let delivery = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), after(0))
        .await
        .unwrap();
    assert_eq!(
        (delivery, tenant.count("POST", CONTACTS)),
        (Delivery::Withheld, 0)
    );

    // Passed while throttled, which proves that nothing was stored.
    let tenant = Tenant::api(|_| answer_with(429, "retry-after", "2", ""));
    let delivery = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), after(5))
        .await
        .unwrap();
    assert_eq!(delivery, Delivery::Withheld);
    assert!(tenant.sent().iter().all(|sent| sent.at < Duration::from_secs(5)));

    // Passed after a send that may have arrived.
    let tenant = Tenant::api(|_| Reply::Hang);
    let delivery = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), after(5))
        .await
        .unwrap();
    assert!(
        matches!(delivery, Delivery::NotDelivered { sends: 1, .. }),
        "{delivery:?}"
    );
    assert_eq!(tenant.count("POST", CONTACTS), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_looked_at_after_waiting_for_pace_and_token() {
    // One request per second: the third waits beyond the deadline.
    let tenant = Tenant::api(stored);
    let client = client_with(&tenant, config().requests_per_second(1));
    let sink = client.contact_sink();
    let mut deliveries = Vec::new();
    for n in 0..3 {
        deliveries.push(sink.upsert(&contact(n), after(3)).await.unwrap());
    }
    assert_eq!(
        deliveries,
        [Delivery::Inserted, Delivery::Inserted, Delivery::Withheld]
    );

    // The token takes ten seconds.
    let tenant = Tenant::new(|sent| match sent.path.as_str() {
        TOKEN => match grant(sent, 3600) {
            Reply::Answer(response) => Reply::Late(Duration::from_secs(10), response),
            other => other,
        },
        _ => stored(sent),
    });
    let delivery = crate::support::client(&tenant)
        .contact_sink()
        .upsert(&contact(7), after(5))
        .await
        .unwrap();
    assert_eq!(
        (delivery, tenant.count("POST", CONTACTS)),
        (Delivery::Withheld, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_for_pace_spends_no_timeout() {
    let tenant = Tenant::api(stored);
    let client = client_with(
        &tenant,
        config()
            .requests_per_second(1)
            .send_timeout(Duration::from_millis(50)),
    );
    let sink = client.contact_sink();
    for n in 0..5 {
        assert_eq!(sink.upsert(&contact(n), None).await.unwrap(), Delivery::Inserted);
    }
    assert_eq!(tenant.count("POST", CONTACTS), 5);
}

#[tokio::test(start_paused = true)]
async fn a_contact_without_id_is_never_sent() {
    let tenant = Tenant::api(stored);
    let contact =
        core_compliance::ports::ContactRecord::from_json(serde_json::json!({"phone": "+1"})).unwrap();
    let delivery = client(&tenant)
        .contact_sink()
        .upsert(&contact, None)
        .await
        .unwrap();
    assert!(matches!(delivery, Delivery::Rejected { .. }));
    assert!(tenant.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_too_large_is_not_asked_for_again() {
    let (delivery, sends) = upsert(vec![|_| {
        Reply::Fail(TransportError::AnswerTooLarge { limit: 16 })
    }])
    .await;
    assert!(matches!(delivery, Ok(Delivery::NotDelivered { sends: 1, .. })));
    assert_eq!(sends, 1);
}

#[tokio::test(start_paused = true)]
async fn an_untrusted_certificate_and_a_wrong_name_end_the_run_soon() {
    let tenant = Tenant::new(|_| Reply::Fail(TransportError::Certificate("expired".into())));
    let failure = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), None)
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, tenant.sent().len()),
        (PortFailureKind::Unreachable, 1)
    );

    let start = tokio::time::Instant::now();
    let tenant = Tenant::new(|_| Reply::Fail(TransportError::Connect("no such host".into())));
    let failure = client(&tenant)
        .contact_sink()
        .upsert(&contact(7), None)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, PortFailureKind::Unreachable);
    let last = tenant.sent().last().unwrap().id.clone();
    assert_eq!(
        failure.message,
        format!("cannot reach https://acme.my.cxone.com: could not connect: no such host (request {last})")
    );
    assert!(start.elapsed() < Duration::from_secs(20));
}
