//! The words of findings. They are appended to one text: nearly all that a determination costs is writing them.

use crate::attempt::{Channel, Purpose};
use crate::civil::push_time_of_day;
use crate::window::CallingWindow;

/// How many jurisdictions a message names before it counts the rest.
const NAMED_IN_MESSAGE: usize = 3;

/// `automated sales` and `calls`.
pub(super) type Calls = [&'static str; 2];

/// Appends each part.
pub(super) fn push_all(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

pub(super) fn calls_in_words(purpose: Purpose, channel: Channel) -> Calls {
    let purpose = match purpose {
        Purpose::Sales => "sales",
        Purpose::SalesAutomated => "automated sales",
        Purpose::Fundraising => "fundraising",
        Purpose::Research => "research",
        Purpose::Collections => "debt collection",
        Purpose::Informational => "informational",
    };
    let channel = match channel {
        Channel::Voice => " calls",
        Channel::Text => " texts",
        Channel::Email => " e-mails",
    };
    [purpose, channel]
}

/// `20:00`. A window that starts one second late is one whose text says "after".
pub(super) fn push_clock(text: &mut String, second: u32) {
    if is_after(second) {
        text.push_str("after ");
        push_time_of_day(text, second - 1);
    } else {
        push_time_of_day(text, second);
    }
}

fn is_after(second: u32) -> bool {
    second % 60 == 1
}

/// `from 20:00`, or `after 20:00`.
pub(super) fn push_from(text: &mut String, second: u32) {
    if !is_after(second) {
        text.push_str("from ");
    }
    push_clock(text, second);
}

/// `08:00-20:00`, `after 09:00 until 21:00`; several with `and` between them.
pub(super) fn push_windows(text: &mut String, windows: &[CallingWindow]) {
    for (position, window) in windows.iter().enumerate() {
        if position > 0 {
            text.push_str(" and ");
        }
        push_clock(text, window.start());
        text.push_str(if is_after(window.start()) { " until " } else { "-" });
        push_clock(text, window.end());
    }
}

/// `A, B, C and 20 more`.
pub(super) fn few(names: &[String]) -> String {
    let named = names
        .iter()
        .take(NAMED_IN_MESSAGE)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED_IN_MESSAGE) {
        0 => named,
        rest => format!("{named} and {rest} more"),
    }
}
