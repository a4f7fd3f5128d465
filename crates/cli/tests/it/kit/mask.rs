//! Masks what changes from run to run: folders, ports, times taken, fingerprints.

/// The text with `[folder]`, `[port]`, `[sha256]`, `[s]`, `[run]` where they stand.
pub(crate) fn mask(text: &str, folder: &str) -> String {
    let text = text.replace(folder, "[folder]");
    let text = after(&text, "127.0.0.1:", "[port]", |c| c.is_ascii_digit());
    let text = after(&text, "\"seconds\":", "[s]", |c| c.is_ascii_digit() || c == '.');
    let text = after(&text, "\"run_id\":\"", "[run]", |c| c != '"');
    let text = after(&text, "\"run\":\"", "[run]", |c| c != '"');
    let text = after(&text, " of run ", "[run]", |c| {
        c.is_ascii_alphanumeric() || c == '-'
    });
    let text = after(&text, "(run ", "[run]", |c| c != ')');
    let text = after(&text, "(request ", "[id]", |c| c != ')');
    let text = fingerprints(&text);
    let lines = text.split_inclusive('\n').map(speed_line);
    lines.collect()
}

/// Replaces the run of matching characters after each mark.
fn after(text: &str, mark: &str, shown: &str, matches: impl Fn(char) -> bool) -> String {
    let mut parts = text.split(mark);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(&matches);
        masked.push_str(mark);
        masked.push_str(if rest.len() < part.len() { shown } else { "" });
        masked.push_str(rest);
    }
    masked
}

/// Runs of 64 hexadecimal digits, and of 12 in parentheses.
fn fingerprints(text: &str) -> String {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let mut masked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_hex) {
        let (before, from) = rest.split_at(start);
        let length = from.find(|c| !is_hex(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(length);
        masked.push_str(before);
        let is_short = length == 12 && before.ends_with('(') && after.starts_with(')');
        masked.push_str(if length == 64 || is_short { "[sha256]" } else { run });
        rest = after;
    }
    masked + rest
}

/// `0.1 s, 7 contacts a second sent, …`, `0.1 s, 7 rows a second; …`.
fn speed_line(line: &str) -> String {
    if let Some((_, rest)) = line.split_once(" rows a second; ") {
        return format!("[s] s, [rate] rows a second; {rest}");
    }
    match line.split_once(" contacts a second sent, ") {
        Some((_, rest)) => format!("[s] s, [rate] contacts a second sent, {rest}"),
        None => line.to_owned(),
    }
}

#[test]
fn what_changes_is_masked_and_nothing_else() {
    let hex = "0123456789abcdef".repeat(4);
    let text = format!(
        "/tmp/x/y http://127.0.0.1:4711/z {hex} (0123456789ab) (2026) \"seconds\":0.12,\n0.1 s, 7 contacts a second sent, throttled\n"
    );
    assert_eq!(
        mask(&text, "/tmp/x"),
        "[folder]/y http://127.0.0.1:[port]/z [sha256] ([sha256]) (2026) \"seconds\":[s],\n[s] s, [rate] contacts a second sent, throttled\n"
    );
}
