//! Looks at the whole log: whether it is what was written.

use core_compliance::Instant;

use super::chain::{Break, Chain};
use super::line::Head;
use super::segments;
use crate::RecordsError;
use crate::index::Index;
use crate::layout::Layout;

/// What looking at the whole log found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Records read.
    pub records: u64,
    /// Files read.
    pub segments: usize,
    /// The first record: its number, and when it was written.
    pub first: Option<(u64, Instant)>,
    /// The last record: its number, and when it was written.
    pub last: Option<(u64, Instant)>,
    /// Its hash.
    pub head: Head,
    /// Records that were written after the head that was asked for.
    pub after_head: Option<u64>,
    /// Records that were pruned: up to which, and the checkpoint that says so.
    pub pruned: Option<(u64, u64)>,
    /// Every place where the log is not what was written.
    pub breaks: Vec<Break>,
    /// So many more breaks are not listed.
    pub more_breaks: u64,
}

impl Verified {
    /// Whether the log is what was written.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.breaks.is_empty()
    }
}

/// Verifies the log of a state directory, up to the `head` that somebody kept elsewhere.
pub(crate) fn verify(layout: &Layout, head: Option<&str>) -> Result<Verified, RecordsError> {
    let folder = layout.log();
    // Before the log: what is written meanwhile is more than the index remembers, never less.
    let remembered = Index::glimpse(&layout.index())
        .and_then(|index| index.head().ok())
        .filter(|known| known.seq > 0);
    let mut chain = Chain::default();
    let wanted = head.map(str::to_owned).into_iter();
    let wanted = wanted.chain(remembered.iter().map(|known| known.hash.clone()));
    chain.wanted = wanted.map(|hash| (hash, None)).collect();
    let segments = segments::list(&folder)?;
    for segment in &segments {
        let unreadable = |error| RecordsError::io(&segment.path, "reading", error);
        let file = std::fs::File::open(&segment.path).map_err(unreadable)?;
        let reader = std::io::BufReader::with_capacity(1 << 16, file);
        chain
            .follow(&segment.name(), segment.first_seq, reader)
            .map_err(unreadable)?;
    }
    let pruned = chain.check_beginning();
    let met = |chain: &Chain, hash: &str| {
        chain
            .wanted
            .iter()
            .find_map(|(wanted, seq)| if wanted == hash { *seq } else { None })
    };
    let last = chain.last.clone();
    let last_seq = last.as_ref().map_or(0, |(head, _)| head.seq);
    let whole_log = |message: String| Break {
        segment: None,
        line: None,
        seq: None,
        message,
    };
    if let Some(known) = &remembered
        && met(&chain, &known.hash).is_none()
    {
        chain.note(whole_log(format!(
            "cut off or rewritten: the index remembers record {} with hash {}, and the log, which ends with record \
             {last_seq}, does not have it",
            known.seq, known.hash
        )));
    }
    let at_head = head.and_then(|hash| met(&chain, hash));
    if let Some(hash) = head.filter(|_| at_head.is_none()) {
        chain.note(whole_log(format!(
            "cut off or rewritten: no record has the hash {hash}; the log ends with record {last_seq}"
        )));
    }
    Ok(Verified {
        records: chain.records,
        segments: segments.len(),
        first: chain.first.map(|(head, time)| (head.seq, time)),
        last: last.as_ref().map(|(head, time)| (head.seq, *time)),
        head: last.map_or_else(Head::none, |(head, _)| head),
        after_head: at_head.map(|seq| last_seq.saturating_sub(seq)),
        pruned: pruned.map(|removed| (removed.removed_through, removed.by)),
        breaks: chain.breaks,
        more_breaks: chain.more_breaks,
    })
}
