//! Walks through the records of a log, all of them or those that mention something.

use std::fs::File;
use std::io::BufReader;

use memchr::memmem::Finder;

use super::record::Record;
use super::segments::{Lines, Segment};
use crate::RecordsError;

/// The records of a log, in order. A line that is no record comes as an error in its place; the rest goes on.
#[derive(Debug)]
pub struct Records {
    segments: std::vec::IntoIter<Segment>,
    open: Option<(Segment, Lines<BufReader<File>>)>,
    /// A line must have one of these; none = every line will do.
    mentions: Vec<Finder<'static>>,
}

impl Records {
    pub(crate) fn of(segments: Vec<Segment>, mentions: &[String]) -> Self {
        Self {
            segments: segments.into_iter(),
            open: None,
            mentions: mentions
                .iter()
                .map(|text| Finder::new(text.as_bytes()).into_owned())
                .collect(),
        }
    }

    /// The next line that may be of interest.
    fn advance(&mut self) -> Result<Option<Record>, RecordsError> {
        loop {
            let (segment, lines) = match &mut self.open {
                Some(open) => open,
                none => match self.segments.next() {
                    None => return Ok(None),
                    Some(segment) => {
                        let lines = segment.lines()?;
                        none.insert((segment, lines))
                    }
                },
            };
            let unreadable = |error| RecordsError::io(&segment.path, "reading", error);
            match lines.next() {
                Err(error) => {
                    let failed = unreadable(error);
                    self.open = None;
                    return Err(failed);
                }
                Ok(None) => self.open = None,
                // A line without its break is being written, or torn and going to be mended.
                Ok(Some(line)) if !line.is_whole => {}
                Ok(Some(line)) => {
                    let mentions = |finder: &Finder<'_>| finder.find(line.bytes).is_some();
                    if self.mentions.is_empty() || self.mentions.iter().any(mentions) {
                        let broken = |message| RecordsError::Broken {
                            place: format!("{}:{}", segment.path.display(), line.number),
                            message,
                        };
                        return Record::read(line.bytes).map(Some).map_err(broken);
                    }
                }
            }
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}
