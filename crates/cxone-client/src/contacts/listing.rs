//! Walks a listing from page to page: pure, it says which page it wants and is told what came.

use std::collections::{HashSet, hash_map::RandomState};
use std::hash::BuildHasher;
use std::vec;

use core_compliance::ports::{ContactRecord, Reading};
use serde_json::Value;

use crate::error::ClientError;
use crate::response::with_request;

/// How often in a row a listing is begun anew without getting any further.
const MOST_FRUITLESS: u32 = 5;

/// Pages in a row without a contact that is new before the listing is taken for endless.
const MOST_BARREN: u32 = 1_000;

/// One page as it came.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) entities: Entities,
    /// The token of the next page; `None`: this was the last.
    pub(crate) next: Option<String>,
    /// The id under which it was asked for.
    pub(crate) sent_as: Option<String>,
}

/// The entities of a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Entities {
    List(Vec<Value>),
    /// `null`, or not there at all: as good as an empty list.
    Absent,
    /// Something else, named by its kind.
    Malformed(&'static str),
}

/// What came of asking for a page.
#[derive(Debug)]
pub(crate) enum Fetched {
    Page(Page),
    /// The page token is no longer known; the server's words.
    Expired(String),
}

/// What the listing wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A page.
    Page(Wanted),
    /// Nothing: it is complete.
    Nothing,
    /// Nothing: it cannot be followed.
    Failed(ClientError),
}

/// A page to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `None`: the first.
    pub(crate) token: Option<String>,
    /// Its place in the listing, from 1.
    pub(crate) number: u64,
    /// A page was read before: the server does list contacts, so a refusal concerns this page only.
    pub(crate) proven: bool,
}

impl Wanted {
    /// The first page of a server that nothing is known about.
    pub(crate) fn first() -> Self {
        Self {
            token: None,
            number: 1,
            proven: false,
        }
    }
}

/// The state of a walk. Keeps 64 bits per page and per contact seen, hashed with a random key: at ten million contacts
/// the chance that any two are taken for one is three in a million.
#[derive(Debug)]
pub(crate) struct Listing {
    hasher: RandomState,
    contacts: HashSet<u64>,
    /// Page tokens of this pass.
    tokens: HashSet<u64>,
    want: Want,
    page: u64,
    entities: vec::IntoIter<Value>,
    malformed: Option<&'static str>,
    /// The entity handed out last, counted from 1 in its page.
    entity: u64,
    /// Entities looked at in this pass, and the most in any earlier pass: up to there, what was seen is no duplicate.
    position: u64,
    covered: u64,
    fruitless: u32,
    /// Pages in a row, beyond what was covered, without a new contact.
    barren: u32,
}

impl Listing {
    pub(crate) fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            contacts: HashSet::new(),
            tokens: HashSet::new(),
            want: Want::Page(Wanted::first()),
            page: 0,
            entities: Vec::new().into_iter(),
            malformed: None,
            entity: 0,
            position: 0,
            covered: 0,
            fruitless: 0,
            barren: 0,
        }
    }

    /// What to get, once [`Self::next_reading`] has nothing more.
    pub(crate) fn want(&self) -> &Want {
        &self.want
    }

    /// Takes the page that was wanted.
    pub(crate) fn accept(&mut self, fetched: Fetched) {
        match fetched {
            Fetched::Page(page) => self.turn_to(page),
            Fetched::Expired(answer) => self.begin_anew(answer),
        }
    }

    /// Ends the listing with this failure.
    pub(crate) fn fail(&mut self, error: ClientError) {
        self.want = Want::Failed(error);
    }

    fn turn_to(&mut self, page: Page) {
        self.page += 1;
        self.entity = 0;
        self.barren += u32::from(self.position >= self.covered);
        match page.entities {
            Entities::List(list) => self.entities = list.into_iter(),
            Entities::Absent => {}
            Entities::Malformed(kind) => self.malformed = Some(kind),
        }
        self.want = match page.next {
            None => Want::Nothing,
            // A token that came before leads in a circle, however long.
            Some(token) if !self.tokens.insert(self.hasher.hash_one(&token)) => {
                let problem = "its nextPageToken was given before, so that the listing would never end";
                Want::Failed(ClientError::BrokenListing {
                    page: self.page,
                    problem: with_request(problem.to_owned(), page.sent_as.as_deref()),
                })
            }
            Some(_) if self.barren > MOST_BARREN => Want::Failed(ClientError::BrokenListing {
                page: self.page,
                problem: with_request(
                    format!(
                        "{MOST_BARREN} pages in a row had no new contact, so that the listing seems endless"
                    ),
                    page.sent_as.as_deref(),
                ),
            }),
            Some(token) => Want::Page(Wanted {
                token: Some(token),
                number: self.page + 1,
                proven: true,
            }),
        };
    }

    /// After an expired page token: from the first page again, passing over what was returned.
    fn begin_anew(&mut self, answer: String) {
        if self.position > self.covered {
            self.covered = self.position;
            self.fruitless = 0;
        }
        self.fruitless += 1;
        if self.fruitless > MOST_FRUITLESS {
            self.want = Want::Failed(ClientError::BrokenListing {
                page: self.page + 1,
                problem: format!(
                    "its page token expired {MOST_FRUITLESS} times without any progress: {answer}"
                ),
            });
            return;
        }
        self.tokens.clear();
        self.position = 0;
        self.page = 0;
        self.want = Want::Page(Wanted {
            proven: true,
            ..Wanted::first()
        });
    }

    /// The next reading of the page at hand.
    pub(crate) fn next_reading(&mut self) -> Option<Reading> {
        if let Some(kind) = self.malformed.take() {
            self.position += 1;
            if self.position > self.covered {
                let reason = format!("`entities` is {kind}, not a list");
                return Some(Reading::Unreadable {
                    place: format!("page {}", self.page),
                    reason,
                });
            }
        }
        loop {
            let entity = self.entities.next()?;
            self.entity += 1;
            self.position += 1;
            if let Some(reading) = self.read(entity) {
                return Some(reading);
            }
        }
    }

    /// Reads one entity; `None` when it was returned before the listing was begun anew.
    fn read(&mut self, entity: Value) -> Option<Reading> {
        let covered = self.position <= self.covered;
        let contact = match ContactRecord::from_json(entity) {
            Ok(contact) => contact,
            Err(error) => {
                let place = format!("page {}, entity {}", self.page, self.entity);
                return (!covered).then(|| Reading::Unreadable {
                    place,
                    reason: error.to_string(),
                });
            }
        };
        let Some(id) = contact.external_id() else {
            // Without an id only its place tells whether it was returned before. The use case rejects it.
            return (!covered).then_some(Reading::Contact(contact));
        };
        if self.contacts.insert(self.hasher.hash_one(id)) {
            self.barren = 0;
            return Some(Reading::Contact(contact));
        }
        (!covered).then(|| Reading::Duplicate {
            external_id: id.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
