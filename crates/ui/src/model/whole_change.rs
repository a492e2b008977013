//! All lines of a change, where a list shows its first one alone.

use super::places::spaced;
use editor_core::Text;
use std::ops::Range;

/// How many lines of what goes, and of what comes, are kept to be shown.
const MAX_LINES: usize = 16;
/// How many bytes of a line are kept to be shown.
const MAX_LINE: usize = 160;

/// A change that takes out or puts in more than one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WholeChange {
    /// What goes.
    pub old: ChangedLines,
    /// What comes.
    pub new: ChangedLines,
}

/// Lines that a change takes out, or puts in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ChangedLines {
    /// The first of them, cut where they are long.
    pub shown: Vec<String>,
    /// How many there are.
    pub count: usize,
}

impl WholeChange {
    /// The change of some bytes of a text; `None` where it is within a line.
    pub(super) fn new(text: &Text, range: Range<usize>, new_text: &str) -> Option<Self> {
        let (old, new) = (old_lines(text, range), new_lines(new_text));
        (old.count > 1 || new.count > 1).then_some(Self { old, new })
    }

    /// How many lines it takes out and puts in: "−5 +8 lines".
    pub fn size(&self) -> String {
        let count = |sign: char, lines: &ChangedLines| match lines.count {
            0 => String::new(),
            count => format!("{sign}{count} "),
        };
        let (old, new) = (count('\u{2212}', &self.old), count('+', &self.new));
        format!("{old}{new}lines")
    }
}

fn old_lines(text: &Text, range: Range<usize>) -> ChangedLines {
    let (first, last) = (text.row_at(range.start), text.row_at(range.end));
    // The rest of the last line stays, and is none of it where it is all of that line.
    let ends_within = usize::from(range.end > text.line_start(last).max(range.start));
    let count = last - first + ends_within;
    let rows = first..first + count.min(MAX_LINES);
    let shown = rows.map(|row| {
        let start = text.line_start(row).max(range.start);
        let end = text.line_end(row).min(range.end).max(start);
        let end = text.floor_char_boundary(end.min(start + MAX_LINE));
        spaced(&text.slice(start..end))
    });
    ChangedLines {
        shown: shown.collect(),
        count,
    }
}

fn new_lines(text: &str) -> ChangedLines {
    let cut = |line: &str| spaced(&line[..line.floor_char_boundary(MAX_LINE)]);
    ChangedLines {
        shown: text.lines().take(MAX_LINES).map(cut).collect(),
        count: text.lines().count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str, range: Range<usize>, new_text: &str) -> Option<WholeChange> {
        WholeChange::new(&Text::new(text), range, new_text)
    }

    #[test]
    fn a_change_within_a_line_is_shown_by_that() {
        assert_eq!(change("let a = 1;\n", 4..5, "b"), None);
        assert_eq!(change("let a = 1;\n", 0..11, ""), None);
        assert_eq!(change("", 0..0, "let a = 1;\n"), None);
    }

    #[test]
    fn lines_that_go_and_come_are_counted_and_shown() {
        let text = "one\ntwo\nthree\nfour\n";
        let all = change(text, 0..text.len(), "").unwrap();
        assert_eq!(all.size(), "\u{2212}4 lines");
        assert_eq!(all.old.shown, ["one", "two", "three", "four"]);
        let made = change("", 0..0, "a\r\nb").unwrap();
        assert_eq!(
            (made.size().as_str(), made.new.shown.len()),
            ("+2 lines", 2)
        );
        // From within a line to within another.
        let some = change(text, 1..6, "X").unwrap();
        assert_eq!(some.size(), "\u{2212}2 +1 lines");
        assert_eq!(some.old.shown, ["ne", "tw"]);
    }

    #[test]
    fn of_many_and_long_lines_the_first_are_kept() {
        let text = format!("{}\n", "ä".repeat(200)).repeat(1_000);
        let whole = change(&text, 0..text.len(), &text).unwrap();
        assert_eq!(whole.size(), "\u{2212}1000 +1000 lines");
        for lines in [&whole.old, &whole.new] {
            assert_eq!(lines.shown.len(), MAX_LINES);
            assert_eq!(lines.shown[0].len(), MAX_LINE);
        }
    }
}
