//! The listing: pages of contacts and the opaque tokens that lead from one to the next.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::config::SimulatorConfig;
use crate::contacts::contact_of;
use crate::fault::FaultKind;

/// The largest `pageSize` accepted.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;
/// `pageSize` when none is asked for.
pub(crate) const DEFAULT_PAGE_SIZE: u32 = 25;

/// What a request for a page asks for, as sent.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListRequest {
    page_size: Option<String>,
    next_page_token: Option<String>,
}

impl ListRequest {
    /// Whether it continues a listing.
    pub(crate) fn is_continuation(&self) -> bool {
        self.next_page_token
            .as_deref()
            .is_some_and(|token| !token.is_empty())
    }

    /// The page asked for, or why it cannot be had: the parameter, and what is wrong with it.
    pub(crate) fn read(&self, seed: u64, generation: u32) -> Result<(Cursor, u32), ListRefusal> {
        let size = match self.page_size.as_deref() {
            None => DEFAULT_PAGE_SIZE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
                .ok_or_else(|| ListRefusal::PageSize(text.to_owned()))?,
        };
        let cursor = match self.next_page_token.as_deref().filter(|token| !token.is_empty()) {
            None => Cursor {
                generation,
                first: 1,
                hop: 0,
            },
            Some(token) => {
                Cursor::read(token, seed).ok_or_else(|| ListRefusal::UnknownToken(token.to_owned()))?
            }
        };
        if cursor.generation == generation {
            Ok((cursor, size))
        } else {
            Err(ListRefusal::ExpiredToken)
        }
    }
}

/// Why a page cannot be had.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ListRefusal {
    PageSize(String),
    UnknownToken(String),
    ExpiredToken,
}

/// Where a page begins. Holds all there is to know, so that outstanding tokens take no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Grows when outstanding tokens expire.
    pub(crate) generation: u32,
    /// The number of the first contact of the page.
    pub(crate) first: u32,
    /// Tells tokens apart that lead to the same contact, as after an empty page.
    pub(crate) hop: u32,
}

impl Cursor {
    /// The token: opaque to the client, and no other text is one.
    pub(crate) fn token(self, seed: u64) -> String {
        let plain =
            (u128::from(self.generation) << 64) | (u128::from(self.first) << 32) | u128::from(self.hop);
        let check = u128::from(hash((seed, plain)) & 0xffff_ffff) << 96;
        format!("{:032x}", (check | plain) ^ mask(seed))
    }

    fn read(token: &str, seed: u64) -> Option<Self> {
        let plain = u128::from_str_radix(token, 16).ok()? ^ mask(seed);
        let part = |shift: u32| u32::try_from((plain >> shift) & 0xffff_ffff).ok();
        let cursor = Self {
            generation: part(64)?,
            first: part(32)?,
            hop: part(0)?,
        };
        (cursor.token(seed) == token).then_some(cursor)
    }
}

fn mask(seed: u64) -> u128 {
    (u128::from(hash((seed, "high"))) << 64) | u128::from(hash((seed, "low")))
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The page at a cursor, bent by a fault if one strikes.
pub(crate) fn page(config: &SimulatorConfig, cursor: Cursor, size: u32, fault: Option<&FaultKind>) -> Value {
    let first = match fault {
        Some(FaultKind::Duplicate) => cursor.first.saturating_sub(1).max(1),
        _ => cursor.first,
    };
    let end = first.saturating_add(size).min(config.contacts.saturating_add(1));
    let entities: Vec<Value> = match fault {
        Some(FaultKind::NullPage | FaultKind::EmptyPage) => Vec::new(),
        _ => (first..end)
            .map(|number| contact_of(&config.profile, config.seed, number))
            .collect(),
    };
    let next = match fault {
        Some(FaultKind::Looping { back }) => Some(Cursor {
            first: cursor.first.saturating_sub(back.saturating_mul(size)).max(1),
            ..cursor
        }),
        Some(FaultKind::NullPage | FaultKind::EmptyPage) => Some(Cursor {
            hop: cursor.hop.wrapping_add(1),
            ..cursor
        }),
        _ if end <= config.contacts => Some(Cursor { first: end, ..cursor }),
        _ => None,
    };
    let next = next.map(|next| next.token(config.seed));
    match fault {
        Some(FaultKind::NullPage) => json!({ "entities": null, "nextPageToken": next }),
        Some(FaultKind::NoToken) if next.is_none() => json!({ "entities": entities }),
        _ => json!({ "entities": entities, "nextPageToken": next }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::FixedClock;

    fn config(contacts: u32) -> SimulatorConfig {
        SimulatorConfig {
            contacts,
            ..SimulatorConfig::new(Arc::new(FixedClock))
        }
    }

    /// Follows the listing to its end; the sizes of its pages and all contacts.
    fn follow(contacts: u32, size: u32) -> (Vec<usize>, Vec<Value>) {
        let config = config(contacts);
        let (mut sizes, mut all, mut token) = (Vec::new(), Vec::new(), None);
        loop {
            let request = ListRequest {
                page_size: Some(size.to_string()),
                next_page_token: token,
            };
            let (cursor, size) = request.read(config.seed, 0).unwrap();
            let mut page = page(&config, cursor, size, None);
            let entities = page["entities"].as_array_mut().unwrap();
            sizes.push(entities.len());
            all.append(entities);
            match page["nextPageToken"].as_str() {
                Some(next) => token = Some(next.to_owned()),
                None => return (sizes, all),
            }
        }
    }

    #[test]
    fn a_listing_has_every_contact_once_and_in_order() {
        for (contacts, size, sizes) in [
            (0, 100, vec![0]),
            (1, 100, vec![1]),
            (100, 100, vec![100]),
            (101, 100, vec![100, 1]),
            (10, 3, vec![3, 3, 3, 1]),
        ] {
            let (found, all) = follow(contacts, size);
            assert_eq!(found, sizes, "{contacts} by {size}");
            let expected: Vec<_> = (1..=contacts)
                .map(|number| crate::contacts::contact(1, number))
                .collect();
            assert_eq!(all, expected);
        }
    }

    #[test]
    fn tokens_are_opaque_and_cannot_be_made_up() {
        let cursor = Cursor {
            generation: 3,
            first: 9_999_901,
            hop: 2,
        };
        let token = cursor.token(1);
        assert_eq!(Cursor::read(&token, 1), Some(cursor));
        assert!(!token.contains(&format!("{:x}", 9_999_901)));
        for place in 0..token.len() {
            let mut forged = token.clone();
            let digit = if token.as_bytes()[place] == b'0' { "1" } else { "0" };
            forged.replace_range(place..=place, digit);
            assert_eq!(Cursor::read(&forged, 1), None, "{forged}");
        }
        for forged in ["", "x", "2", &token.to_uppercase(), &format!("+{token}")] {
            assert_eq!(Cursor::read(forged, 1), None, "{forged}");
        }
        assert_eq!(Cursor::read(&token, 2), None, "nor taken from another tenant");
    }

    #[test]
    fn page_sizes_and_tokens_are_checked() {
        let request = |size: Option<&str>, token: Option<String>| {
            ListRequest {
                page_size: size.map(str::to_owned),
                next_page_token: token,
            }
            .read(1, 1)
        };
        assert_eq!(request(None, None).unwrap().1, DEFAULT_PAGE_SIZE);
        assert_eq!(request(Some("100"), Some(String::new())).unwrap().1, 100);
        for wrong in ["0", "101", "-1", "ten", ""] {
            assert_eq!(
                request(Some(wrong), None),
                Err(ListRefusal::PageSize(wrong.to_owned()))
            );
        }
        let old = Cursor {
            generation: 0,
            first: 101,
            hop: 0,
        }
        .token(1);
        assert_eq!(request(None, Some(old)), Err(ListRefusal::ExpiredToken));
        assert_eq!(
            request(None, Some("x".to_owned())),
            Err(ListRefusal::UnknownToken("x".to_owned()))
        );
    }

    #[test]
    fn faulty_pages_lose_no_contact() {
        let config = config(10);
        let here = Cursor {
            generation: 0,
            first: 4,
            hop: 0,
        };
        let ids = |page: &Value| page["entities"].as_array().map(Vec::len);
        let next = |page: &Value| Cursor::read(page["nextPageToken"].as_str().unwrap(), 1).unwrap();
        let bent = |fault: FaultKind| page(&config, here, 3, Some(&fault));

        let null = bent(FaultKind::NullPage);
        assert_eq!((ids(&null), next(&null)), (None, Cursor { hop: 1, ..here }));
        let empty = bent(FaultKind::EmptyPage);
        assert_eq!((ids(&empty), next(&empty)), (Some(0), Cursor { hop: 1, ..here }));
        let duplicate = bent(FaultKind::Duplicate);
        assert_eq!(duplicate["entities"][0], crate::contacts::contact(1, 3));
        assert_eq!((ids(&duplicate), next(&duplicate).first), (Some(3), 6));
        let looping = bent(FaultKind::Looping { back: 0 });
        assert_eq!((ids(&looping), next(&looping)), (Some(3), here));
        assert_eq!(next(&bent(FaultKind::Looping { back: 1 })).first, 1);
        let last = page(
            &config,
            Cursor { first: 10, ..here },
            3,
            Some(&FaultKind::NoToken),
        );
        assert_eq!(last.as_object().unwrap().keys().collect::<Vec<_>>(), ["entities"]);
    }
}
