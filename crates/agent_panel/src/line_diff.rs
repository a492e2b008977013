//! A unified line diff of two texts, ready to be drawn.

use similar::{ChangeTag, TextDiff};
use std::ops::Range;
use std::time::Duration;

/// Lines of context around a change.
const CONTEXT_LINES: usize = 3;
/// Larger inputs are summarised instead of compared.
const LARGEST_COMPARED_BYTES: usize = 2 * 1024 * 1024;
/// Time a comparison may take before `similar` falls back to a coarser one.
const COMPARE_DEADLINE: Duration = Duration::from_millis(250);

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
        let old_starts = line_starts(before);
        let new_starts = line_starts(after);
        let diff = TextDiff::configure()
            .timeout(COMPARE_DEADLINE)
            .diff_lines(before, after);
        let mut result = Self::default();
        for group in diff.grouped_ops(CONTEXT_LINES) {
            let mut lines = Vec::new();
            for operation in &group {
                for change in diff.iter_changes(operation) {
                    let kind = match change.tag() {
                        ChangeTag::Equal => LineChange::Context,
                        ChangeTag::Delete => {
                            result.removed += 1;
                            LineChange::Removed
                        }
                        ChangeTag::Insert => {
                            result.added += 1;
                            LineChange::Added
                        }
                    };
                    let text = change.value().trim_end_matches(['\n', '\r']);
                    let start = match (kind, change.old_index(), change.new_index()) {
                        (LineChange::Removed, Some(old), _) => old_starts.get(old),
                        (_, _, Some(new)) => new_starts.get(new),
                        _ => None,
                    }
                    .copied()
                    .unwrap_or(0);
                    lines.push(DiffLine {
                        change: kind,
                        old_number: change.old_index().map(|index| index + 1),
                        new_number: change.new_index().map(|index| index + 1),
                        range: start..start + text.len(),
                        text: text.to_owned(),
                    });
                }
            }
            if !lines.is_empty() {
                result.hunks.push(DiffHunk { lines });
            }
        }
        result
    }

    /// All drawn lines, hunk after hunk.
    pub fn line_count(&self) -> usize {
        self.hunks.iter().map(|hunk| hunk.lines.len()).sum()
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

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.match_indices('\n').map(|(index, _)| index + 1))
        .collect()
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
