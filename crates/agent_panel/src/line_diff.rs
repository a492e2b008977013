//! A unified line diff of two texts, ready to be drawn.

use std::ops::Range;

use editor_core::{GroupLine, line_groups, lines_with_ends};

/// Lines of context around a change.
const CONTEXT_LINES: usize = 3;
/// Larger inputs are summarised instead of compared.
const LARGEST_COMPARED_BYTES: usize = 2 * 1024 * 1024;

/// What happened to one line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineChange {
    /// In both texts.
    Context,
    /// Only in the new text.
    Added,
    /// Only in the old text.
    Removed,
}

/// One drawn line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffLine {
    /// What happened to it.
    pub change: LineChange,
    /// Its number in the old text, from 1, unless it was added.
    pub old_number: Option<usize>,
    /// Its number in the new text, from 1, unless it was removed.
    pub new_number: Option<usize>,
    /// The bytes it takes up in the old text if removed, else in the new text, without its end.
    pub range: Range<usize>,
    /// Its text, without its line end.
    pub text: String,
}

/// Neighbouring changes with their context.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffHunk {
    /// In the order they are drawn.
    pub lines: Vec<DiffLine>,
}

/// The difference between two texts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LineDiff {
    /// Groups of changes, from the top.
    pub hunks: Vec<DiffHunk>,
    /// Lines only in the new text.
    pub added: usize,
    /// Lines only in the old text.
    pub removed: usize,
    /// The texts were too large to compare; `hunks` is empty and the counts are of whole texts.
    pub too_large: bool,
}

impl LineDiff {
    /// Compares two texts. Bounded in time and memory whatever it is given.
    pub fn between(before: &str, after: &str) -> Self {
        if before.len() + after.len() > LARGEST_COMPARED_BYTES {
            return Self {
                added: after.lines().count(),
                removed: before.lines().count(),
                too_large: true,
                ..Self::default()
            };
        }
        let (old_lines, new_lines) = (line_ranges(before), line_ranges(after));
        let mut result = Self::default();
        for group in line_groups(before, after, CONTEXT_LINES) {
            let lines = group.lines().map(|line| {
                let (change, old, new) = match line {
                    GroupLine::Same(old, new) => (LineChange::Context, Some(old), Some(new)),
                    GroupLine::Removed(old) => (LineChange::Removed, Some(old), None),
                    GroupLine::Added(new) => (LineChange::Added, None, Some(new)),
                };
                result.added += usize::from(change == LineChange::Added);
                result.removed += usize::from(change == LineChange::Removed);
                let (text, range) = match (old, new) {
                    (_, Some(new)) => (after, new_lines.get(new)),
                    (old, None) => (before, old.and_then(|old| old_lines.get(old))),
                };
                let range = range.cloned().unwrap_or_default();
                DiffLine {
                    change,
                    old_number: old.map(|index| index + 1),
                    new_number: new.map(|index| index + 1),
                    text: text[range.clone()].to_owned(),
                    range,
                }
            });
            let lines = lines.collect();
            result.hunks.push(DiffHunk { lines });
        }
        result
    }

    /// The first changed line in the new text, from 1: where an editor should open.
    pub fn first_changed_line(&self) -> Option<usize> {
        let lines = &self.hunks.first()?.lines;
        let change = lines
            .iter()
            .position(|line| line.change != LineChange::Context)?;
        lines[change..]
            .iter()
            .chain(lines[..change].iter().rev())
            .find_map(|line| line.new_number)
    }
}

/// Where the lines of a text are, without their line ends.
fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = lines_with_ends(text).map(|line| {
        let range = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        range
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(diff: &LineDiff) -> String {
        let mut out = String::new();
        for hunk in &diff.hunks {
            for line in &hunk.lines {
                let sign = match line.change {
                    LineChange::Context => ' ',
                    LineChange::Added => '+',
                    LineChange::Removed => '-',
                };
                out.push_str(&format!("{sign}{}\n", line.text));
            }
            out.push_str("--\n");
        }
        out
    }

    #[test]
    fn shows_changes_with_three_lines_of_context() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        let diff = LineDiff::between(before, after);
        assert_eq!(drawn(&diff), " 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n--\n");
        assert_eq!((diff.added, diff.removed), (1, 1));
        assert_eq!(diff.first_changed_line(), Some(5));
    }

    #[test]
    fn a_new_file_is_all_added() {
        let diff = LineDiff::between("", "a\nb\n");
        assert_eq!(drawn(&diff), "+a\n+b\n--\n");
        assert_eq!(diff.first_changed_line(), Some(1));
    }

    #[test]
    fn equal_texts_have_no_hunks() {
        let diff = LineDiff::between("a\n", "a\n");
        assert_eq!(diff, LineDiff::default());
        assert_eq!(diff.first_changed_line(), None);
    }

    #[test]
    fn ranges_point_at_the_text_they_came_from() {
        let before = "fn a() {}\nfn b() {}\n";
        let after = "fn a() {}\nfn c() {}\nfn d() {}";
        let diff = LineDiff::between(before, after);
        for line in diff.hunks.iter().flat_map(|hunk| &hunk.lines) {
            let source = match line.change {
                LineChange::Removed => before,
                _ => after,
            };
            assert_eq!(&source[line.range.clone()], line.text);
        }
    }

    #[test]
    fn huge_texts_are_counted_and_not_compared() {
        let before = "x\n".repeat(LARGEST_COMPARED_BYTES / 2 + 1);
        let diff = LineDiff::between(&before, "y\n");
        assert!(diff.too_large);
        assert!(diff.hunks.is_empty());
        assert_eq!(diff.added, 1);
    }
}
