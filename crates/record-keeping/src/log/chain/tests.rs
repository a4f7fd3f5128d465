//! Whatever is changed in a log of 20 records, or at samples in one of 1,000, is noticed.

use super::*;
use crate::log::line::compose;

/// A log with the chain as it stood before each of its lines, and at its end.
struct Log {
    lines: Vec<Vec<u8>>,
    before: Vec<Chain>,
}

fn line(head: &mut Head, text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let time = "2026-06-10T12:30:00Z".parse().unwrap();
    let rest = format!(
        "\"run\":\"r-1\",\"kind\":\"note\",\"says\":{}}}",
        serde_json::Value::from(text)
    );
    *head = compose(head, time, &rest, &mut out);
    out
}

fn log(records: u64) -> Log {
    let mut head = Head::none();
    let texts = [
        "inserted",
        "Größe \"x\" \n",
        "",
        "+1305*****23 {}[]",
        "\u{0}\u{7f}",
    ];
    let texts = texts.iter().cycle().take(usize::try_from(records).unwrap());
    let lines: Vec<_> = texts.map(|text| line(&mut head, text)).collect();
    let mut chain = Chain::default();
    let mut before = vec![chain.clone()];
    for (seq, line) in (1..).zip(&lines) {
        chain.follow("s", seq, line.as_slice()).unwrap();
        before.push(chain.clone());
    }
    assert_eq!(
        (chain.check_beginning().is_none(), chain.breaks),
        (true, Vec::new())
    );
    Log { lines, before }
}

impl Log {
    /// Whether it is noticed that these bytes stand where the line of this index stood. What follows them can only add
    /// breaks.
    fn notices(&self, index: usize, bytes: &[u8]) -> bool {
        let mut chain = self.before[index].clone();
        chain
            .follow("s", u64::try_from(index).unwrap() + 1, bytes)
            .unwrap();
        chain.check_beginning();
        !chain.breaks.is_empty()
    }

    fn joined(&self, lines: std::ops::Range<usize>) -> Vec<u8> {
        self.lines[lines].concat()
    }

    /// A line that says something else at this index and fits the one before it.
    fn forged(&self, index: usize) -> Vec<u8> {
        let last = self.before[index].last.clone();
        line(&mut last.map_or_else(Head::none, |(head, _)| head), "forged")
    }

    /// Every value but the right one at one place of a line.
    fn change_byte(&self, index: usize, at: usize) {
        let next = self.joined(index + 1..(index + 2).min(self.lines.len()));
        let mut bytes = self.lines[index].clone();
        let right = bytes[at];
        for value in (0..=u8::MAX).filter(|value| *value != right) {
            bytes[at] = value;
            let noticed = if right == b'\n' {
                self.notices(index, &[bytes.as_slice(), &next].concat())
            } else {
                self.notices(index, &bytes)
            };
            assert!(noticed, "line {index}, byte {at}, {value}");
        }
    }
}

#[test]
fn every_change_of_a_byte_is_noticed() {
    let log = log(20);
    for index in 0..log.lines.len() {
        for at in 0..log.lines[index].len() {
            log.change_byte(index, at);
        }
    }
}

#[test]
fn every_removal_insertion_and_swap_is_noticed() {
    let log = log(20);
    let count = log.lines.len();
    for index in 0..count {
        if index + 1 < count {
            assert!(log.notices(index, &log.lines[index + 1]), "without line {index}");
        }
        for other in 0..count {
            let inserted = [log.lines[other].clone(), log.lines[index].clone()].concat();
            assert!(log.notices(index, &inserted), "line {other} before {index}");
            if other > index {
                let swapped = [
                    &log.lines[other],
                    &log.joined(index + 1..other)[..],
                    &log.lines[index],
                ]
                .concat();
                assert!(log.notices(index, &swapped), "lines {index} and {other} swapped");
            }
        }
        let forged = [log.forged(index), log.lines[index].clone()].concat();
        assert!(log.notices(index, &forged), "a forged line before {index}");
        // In its place, and the one after it as it was.
        let next = log.joined(index + 1..(index + 2).min(count));
        let replaced = [log.forged(index), next.clone()].concat();
        assert!(
            next.is_empty() || log.notices(index, &replaced),
            "a forged line for {index}"
        );
    }
    for other in 0..count {
        assert!(
            log.notices(count, &log.lines[other]),
            "line {other} once more at the end"
        );
    }
}

#[test]
fn samples_of_changes_in_a_long_log_are_noticed() {
    let log = log(1_000);
    let count = log.lines.len();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let (index, other) = (random.usize(..count), random.usize(..count));
        let mut bytes = log.lines[index].clone();
        let at = random.usize(..bytes.len());
        bytes[at] ^= random.u8(1..);
        bytes.extend(log.joined(index + 1..(index + 2).min(count)));
        assert!(log.notices(index, &bytes), "line {index}, byte {at}");
        let inserted = [log.lines[other].clone(), log.lines[index].clone()].concat();
        assert!(log.notices(index, &inserted), "line {other} before {index}");
        if other > index {
            assert!(
                log.notices(index, &log.lines[other]),
                "{index} to {other} removed"
            );
        }
    }
}
