//! Listings that lead astray.

use serde_json::json;

use super::*;

/// Feeds pages by their token and shows all that comes out, one line per reading.
fn walk(mut answer: impl FnMut(Option<&str>, u64) -> Fetched) -> (Vec<String>, Listing) {
    let mut listing = Listing::new();
    let mut out = Vec::new();
    for _ in 0..200 {
        while let Some(reading) = listing.next_reading() {
            out.push(match reading {
                Reading::Contact(contact) => contact.external_id().unwrap_or("(no id)").to_owned(),
                Reading::Duplicate { external_id } => format!("twice {external_id}"),
                Reading::Unreadable { place, reason } => format!("{place}: {reason}"),
                other => format!("{other:?}"),
            });
        }
        match listing.want().clone() {
            Want::Page(wanted) => listing.accept(answer(wanted.token.as_deref(), wanted.number)),
            Want::Nothing | Want::Failed(_) => return (out, listing),
        }
    }
    panic!("never ends: {out:?}");
}

fn page(ids: &[&str], next: Option<&str>) -> Fetched {
    let list = ids.iter().map(|id| json!({ "externalId": id })).collect();
    Fetched::Page(Page {
        entities: Entities::List(list),
        next: next.map(str::to_owned),
        sent_as: Some("5f3c-09aa-17.1".to_owned()),
    })
}

fn expired() -> Fetched {
    Fetched::Expired("410 Gone".to_owned())
}

#[test]
fn pages_follow_one_another_to_the_last() {
    let mut asked = Vec::new();
    let (out, listing) = walk(|token, number| {
        asked.push(format!("{number}:{}", token.unwrap_or("-")));
        match token {
            None => page(&["1", "2"], Some("b")),
            Some("b") => page(&[], Some("c")),
            Some("c") => Fetched::Page(Page {
                entities: Entities::Absent,
                next: Some("d".into()),
                sent_as: Some("5f3c-09aa-17.1".to_owned()),
            }),
            _ => page(&["3"], None),
        }
    });
    assert_eq!(out, ["1", "2", "3"]);
    assert_eq!(asked, ["1:-", "2:b", "3:c", "4:d"]);
    assert_eq!(*listing.want(), Want::Nothing);
}

#[test]
fn what_is_no_contact_is_named_by_its_place() {
    let (out, _) = walk(|token, _| match token {
        None => page(&["1"], Some("b")),
        Some("b") => Fetched::Page(Page {
            entities: Entities::Malformed("an object"),
            next: Some("c".into()),
            sent_as: Some("5f3c-09aa-17.1".to_owned()),
        }),
        _ => Fetched::Page(Page {
            entities: Entities::List(vec![
                json!({"externalId": "2"}),
                json!(null),
                json!([1]),
                json!({"phone": "+1"}),
            ]),
            next: None,
            sent_as: Some("5f3c-09aa-17.1".to_owned()),
        }),
    });
    assert_eq!(
        out,
        [
            "1",
            "page 2: `entities` is an object, not a list",
            "2",
            "page 3, entity 2: a contact must be a JSON object, not null",
            "page 3, entity 3: a contact must be a JSON object, not an array",
            "(no id)",
        ]
    );
}

#[test]
fn duplicates_are_told() {
    let (out, _) = walk(|token, _| match token {
        None => page(&["1", "2", "1"], Some("b")),
        _ => page(&["2", "3"], None),
    });
    assert_eq!(out, ["1", "2", "twice 1", "twice 2", "3"]);
}

#[test]
fn a_circle_is_an_error_after_its_contacts_however_long_it_is() {
    for length in [1, 2, 7] {
        let (out, listing) = walk(|token, _| {
            let at: usize = token.map_or(0, |token| token.parse().unwrap());
            page(&[&at.to_string()], Some(&((at % length) + 1).to_string()))
        });
        assert!(out.starts_with(&["0".to_owned(), "1".to_owned()]), "{out:?}");
        let Want::Failed(ClientError::BrokenListing { page, problem }) = listing.want() else {
            panic!()
        };
        assert_eq!(*page, length as u64 + 1);
        assert!(
            problem.ends_with("never end (request 5f3c-09aa-17.1)"),
            "{problem}"
        );
    }
}

#[test]
fn ever_new_tokens_without_new_contacts_end() {
    let mut listing = Listing::new();
    for count in 0..2 * MOST_BARREN {
        while listing.next_reading().is_some() {}
        match listing.want().clone() {
            Want::Page(_) => listing.accept(page(&["1"], Some(&count.to_string()))),
            Want::Failed(ClientError::BrokenListing { problem, .. }) => {
                assert!(problem.contains("endless"), "{problem}");
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("never ends");
}

#[test]
fn after_an_expired_token_nothing_is_returned_twice_and_nothing_is_missed() {
    let mut expiries = 0;
    let (out, listing) = walk(|token, _| match token {
        None => page(&["1", "2", "1"], Some("b")),
        // The listing has shifted meanwhile: 9 is new, before what was returned.
        Some("b") if expiries > 0 => page(&["9", "3"], Some("c")),
        Some("b") => page(&["3"], Some("c")),
        Some("c") if expiries == 0 => {
            expiries += 1;
            expired()
        }
        _ => page(&["4", "4"], None),
    });
    assert_eq!(out, ["1", "2", "twice 1", "3", "9", "twice 3", "4", "twice 4"]);
    assert_eq!(*listing.want(), Want::Nothing);
}

#[test]
fn things_without_id_are_not_returned_again_either() {
    let mut expired_once = false;
    let list = || Entities::List(vec![json!(7), json!({"phone": "+1"}), json!({"externalId": "1"})]);
    let (out, _) = walk(|token, _| match token {
        None => Fetched::Page(Page {
            entities: list(),
            next: Some("b".into()),
            sent_as: Some("5f3c-09aa-17.1".to_owned()),
        }),
        Some(_) if !expired_once => {
            expired_once = true;
            expired()
        }
        Some(_) => page(&["2"], None),
    });
    assert_eq!(
        out,
        [
            "page 1, entity 1: a contact must be a JSON object, not a number",
            "(no id)",
            "1",
            "2"
        ]
    );
}

#[test]
fn expiry_without_progress_ends_and_with_progress_goes_on() {
    let mut asked = 0;
    let (out, listing) = walk(|token, _| {
        asked += 1;
        if token.is_none() {
            page(&["1"], Some("b"))
        } else {
            expired()
        }
    });
    assert_eq!((out, asked), (vec!["1".to_owned()], 12));
    assert!(matches!(
        listing.want(),
        Want::Failed(ClientError::BrokenListing { .. })
    ));

    // Each pass comes one page further than the one before.
    let mut pass = 0;
    let (out, listing) = walk(|token, _| {
        let at: usize = token.map_or(0, |token| token.parse().unwrap());
        if at > pass {
            pass = at;
            return expired();
        }
        page(
            &[&at.to_string()],
            (at < 9).then(|| (at + 1).to_string()).as_deref(),
        )
    });
    assert_eq!(out.len(), 10);
    assert_eq!(*listing.want(), Want::Nothing);
}

#[test]
fn ids_cost_at_most_twenty_bytes_each() {
    let mut listing = Listing::new();
    let list = (0..200_000)
        .map(|n| json!({ "externalId": n.to_string() }))
        .collect();
    listing.accept(Fetched::Page(Page {
        entities: Entities::List(list),
        next: None,
        sent_as: Some("5f3c-09aa-17.1".to_owned()),
    }));
    let mut read = 0;
    while let Some(reading) = listing.next_reading() {
        assert!(matches!(reading, Reading::Contact(_)));
        read += 1;
    }
    assert_eq!(read, 200_000);
    // A slot is eight bytes and one of control; capacity is seven eighths of the slots.
    assert!(listing.contacts.capacity() * 8 / 7 * 9 <= read * 20);
}
