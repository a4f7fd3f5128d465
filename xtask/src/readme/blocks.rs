//! The console blocks of a Markdown page: which commands they show, and which lines say what these print.

use std::ops::Range;

/// Programs that a page may show without output; running them here would build the build.
const SHOWN_ONLY: &[&str] = &["cargo", "cd", "export", "git", "rustup"];

/// A command and what the page says it prints.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Line of the `$`, from 1.
    pub(crate) line: usize,
    /// As shown, without the prompt; continued lines keep their breaks.
    pub(crate) shown: String,
    pub(crate) expected: Vec<String>,
    /// From `# exit code: N`; 0 without it.
    pub(crate) code: u8,
    /// The lines of the output, from 0; empty lines before the next command are not part of it.
    pub(crate) output: Range<usize>,
}

/// What to do with a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A script for the shell.
    Run(String),
    ShownOnly,
    Unknown,
}

impl Command {
    /// `curfew` runs, alone or in a pipe; `cargo xtask demo` with output runs as `curfew demo`.
    pub(crate) fn action(&self) -> Action {
        if let Some(rest) = self.shown.strip_prefix("cargo xtask demo")
            && !self.expected.is_empty()
        {
            return Action::Run(format!("curfew demo{rest}"));
        }
        if programs(&self.shown).any(|program| program == "curfew") {
            return Action::Run(self.shown.clone());
        }
        let first = programs(&self.shown).next().unwrap_or_default();
        if SHOWN_ONLY.contains(&first) {
            Action::ShownOnly
        } else {
            Action::Unknown
        }
    }
}

/// The first word of each part of a pipe, settings like `A=b` left out.
fn programs(script: &str) -> impl Iterator<Item = &str> {
    let parts = script.split(['|', ';', '&', '\n']);
    parts.filter_map(|part| part.split_whitespace().find(|word| !word.contains('=')))
}

/// Every command in every `console` block.
///
/// # Errors
/// A line and what is wrong with it: output before any command, an exit code that is no number.
pub(crate) fn commands(text: &str) -> Result<Vec<Command>, (usize, String)> {
    let mut all: Vec<Command> = Vec::new();
    let mut block = Block::Outside;
    let mut continued = false;
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        if line.starts_with("```") {
            block = block.next(line);
            continued = false;
            continue;
        }
        if !matches!(block, Block::Console { .. }) {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            block = Block::Console { started: true };
            continued = command.ends_with('\\');
            let shown = command.to_owned();
            let output = line_number..line_number;
            all.push(Command {
                line: line_number,
                shown,
                expected: Vec::new(),
                code: 0,
                output,
            });
            continue;
        }
        let Some(command) = all
            .last_mut()
            .filter(|_| block == Block::Console { started: true })
        else {
            if line.trim().is_empty() {
                continue;
            }
            return Err((
                line_number,
                format!("`{line}` stands before any command; begin with `$ `"),
            ));
        };
        if continued {
            let part = line.strip_prefix("> ").unwrap_or(line);
            command.shown = format!("{}\n{part}", command.shown);
            command.output = line_number..line_number;
            continued = part.ends_with('\\');
        } else {
            command.add_output(index, line)?;
        }
    }
    for command in &mut all {
        command.trim();
    }
    Ok(all)
}

impl Command {
    fn add_output(&mut self, index: usize, line: &str) -> Result<(), (usize, String)> {
        self.output.end = index + 1;
        if let Some(code) = line.strip_prefix("# exit code: ") {
            let wrong = |_| {
                (
                    index + 1,
                    format!("`{code}` is no exit code; write a number from 0 to 255"),
                )
            };
            self.code = code.trim().parse().map_err(wrong)?;
        } else {
            self.expected.push(line.to_owned());
        }
        Ok(())
    }

    /// Empty lines at the end separate commands, they are not output.
    fn trim(&mut self) {
        while self.expected.last().is_some_and(|line| line.trim().is_empty()) {
            self.expected.pop();
            if self.output.end > self.output.start {
                self.output.end -= 1;
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Outside,
    /// Whether a command was seen in this block.
    Console {
        started: bool,
    },
    Other,
}

impl Block {
    fn next(self, fence: &str) -> Self {
        match self {
            Self::Console { .. } | Self::Other => Self::Outside,
            Self::Outside if fence.trim() == "```console" => Self::Console { started: false },
            Self::Outside => Self::Other,
        }
    }
}

/// The text with the given ranges of lines replaced; ranges are in order and do not meet.
pub(crate) fn replaced(text: &str, corrections: &[(Range<usize>, Vec<String>)]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut result = String::new();
    let mut next = 0;
    for (range, output) in corrections {
        result.extend(lines.get(next..range.start).unwrap_or_default().iter().copied());
        for line in output {
            result.push_str(line);
            result.push('\n');
        }
        next = range.end;
    }
    result.extend(lines.get(next..).unwrap_or_default().iter().copied());
    result
}

#[cfg(test)]
mod tests {
    use super::{Action, commands, replaced};

    fn page(block: &str) -> String {
        format!("Intro\n```sh\n$ curfew no\n```\n```console\n{block}```\n")
    }

    #[test]
    fn commands_and_outputs_are_told_apart() {
        let text = page("$ curfew a\none\n\ntwo\n# exit code: 3\n\n$ curfew b \\\n>   --c\n\n");
        let found = commands(&text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].line, found[0].code, found[0].output.clone()),
            (6, 3, 6..10)
        );
        assert_eq!(found[0].expected, ["one", "", "two"]);
        assert_eq!(
            (found[1].shown.as_str(), found[1].expected.len()),
            ("curfew b \\\n  --c", 0)
        );
    }

    #[test]
    fn nonsense_is_named_with_its_line() {
        assert_eq!(commands(&page("output\n")).unwrap_err().0, 6);
        assert_eq!(
            commands(&page("$ curfew a\n# exit code: none\n")).unwrap_err().0,
            7
        );
    }

    #[track_caller]
    fn check(block: &str, action: &Action) {
        assert_eq!(commands(&page(block)).unwrap()[0].action(), *action);
    }

    #[test]
    fn only_curfew_runs() {
        let run = |script: &str| Action::Run(script.to_owned());
        check("$ curfew zones\n", &run("curfew zones"));
        check(
            "$ echo '{}' | A=b curfew check --input -\n",
            &run("echo '{}' | A=b curfew check --input -"),
        );
        check(
            "$ cargo xtask demo --seed 1\nshown\n",
            &run("curfew demo --seed 1"),
        );
        check("$ cargo xtask demo\n", &Action::ShownOnly);
        check("$ git clone https://example.org/curfew\n", &Action::ShownOnly);
        check("$ rm -rf curfew\n", &Action::Unknown);
    }

    #[test]
    fn outputs_are_replaced_in_place() {
        let new = |line: &str| vec![line.to_owned()];
        assert_eq!(
            replaced("a\nb\nc\nd", &[(1..1, new("x")), (2..3, new("y"))]),
            "a\nx\nb\ny\nd"
        );
        assert_eq!(replaced("a\nb\n", &[(1..2, Vec::new())]), "a\n");
    }
}
