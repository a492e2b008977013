//! Where a text differs from another version of it, by whole lines: what a gutter shows beside
//! git's version of a file, and what is reverted or staged of it.

use std::ops::Range;

use crate::line_diff::changed_lines;
use crate::{Edit, Text};

/// Texts of more bytes than this are not compared.
pub const MAX_COMPARED_BYTES: usize = 16 * 1024 * 1024;

/// What happened to lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HunkKind {
    /// Lines that the base has not.
    Added,
    /// Lines that stand in the place of others.
    Modified,
    /// Lines of the base that are gone.
    Removed,
}

/// Neighbouring lines that differ between a base and a text. Rows count from 0; a range of rows
/// that is empty names the place before the row that it begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The lines of the base.
    pub base_rows: Range<usize>,
    /// The lines of the text.
    pub rows: Range<usize>,
}

impl Hunk {
    /// What happened.
    pub fn kind(&self) -> HunkKind {
        match (self.base_rows.is_empty(), self.rows.is_empty()) {
            (true, _) => HunkKind::Added,
            (false, true) => HunkKind::Removed,
            (false, false) => HunkKind::Modified,
        }
    }

    /// Whether rows that are selected are at this change; removed lines are at the rows on both
    /// sides.
    pub fn touches(&self, rows: Range<usize>) -> bool {
        if self.rows.is_empty() {
            rows.start <= self.rows.start && self.rows.start <= rows.end
        } else {
            rows.start < self.rows.end && self.rows.start < rows.end
        }
    }

    /// The edit of the text that brings the base's lines back.
    pub fn reverted(&self, base: &Text, text: &Text) -> Edit {
        with_rows(text, &self.rows, &rows(base, &self.base_rows))
    }

    /// The edit of the base that makes this change to it and no other.
    pub fn staged(&self, base: &Text, text: &Text) -> Edit {
        with_rows(base, &self.base_rows, &rows(text, &self.rows))
    }
}

/// The edits of the text, apart, that bring the base's lines back of changes that are given in order.
/// Those between which no line stands are one edit: at the end of the text, where a change takes the
/// line end before it along, they would reach into each other.
pub fn edits_reverting(hunks: &[Hunk], base: &Text, text: &Text) -> Vec<Edit> {
    let neighbours = hunks.chunk_by(|above, below| above.rows.end == below.rows.start);
    neighbours
        .filter_map(|joined| {
            let (first, last) = (joined.first()?, joined.last()?);
            let lines = joined.iter().flat_map(|hunk| rows(base, &hunk.base_rows));
            let lines: Vec<String> = lines.collect();
            Some(with_rows(text, &(first.rows.start..last.rows.end), &lines))
        })
        .collect()
}

/// The edit that puts `new` in the place of whole rows. A text is rows with line ends between
/// them, so that the last row takes the line end before it along, or gives it up.
fn with_rows(text: &Text, old: &Range<usize>, new: &[String]) -> Edit {
    if old.end < text.line_count() {
        let range = text.line_start(old.start)..text.line_start(old.end);
        let new: String = new.iter().flat_map(|row| [row.as_str(), "\n"]).collect();
        return Edit::new(range, new);
    }
    let Some(before) = old.start.checked_sub(1) else {
        return Edit::new(0..text.len(), new.join("\n"));
    };
    let new: String = new.iter().flat_map(|row| ["\n", row.as_str()]).collect();
    Edit::new(text.line_end(before)..text.len(), new)
}

/// Rows without their line ends.
fn rows(text: &Text, rows: &Range<usize>) -> Vec<String> {
    rows.clone()
        .map(|row| {
            text.slice(text.line_start(row)..text.line_end(row))
                .into_owned()
        })
        .collect()
}

/// The changes from `base` to `text`, in order; `None` where either is too large to be compared.
/// Takes its time: not for the UI thread.
pub fn hunks(base: &Text, text: &Text) -> Option<Vec<Hunk>> {
    if base.len().max(text.len()) > MAX_COMPARED_BYTES {
        return None;
    }
    // A missing end of the last line is a difference: with one, there is an empty row more.
    let (base, text) = (base.to_string(), text.to_string());
    let changed = changed_lines(base.split('\n'), text.split('\n'));
    let changed = changed.into_iter();
    let hunks = changed.map(|(base_rows, rows)| Hunk { base_rows, rows });
    Some(hunks.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChangeSet;
    use proptest::prelude::*;

    fn of(base: &str, text: &str) -> Vec<(Range<usize>, Range<usize>, HunkKind)> {
        hunks(&Text::new(base), &Text::new(text))
            .unwrap()
            .into_iter()
            .map(|hunk| (hunk.base_rows.clone(), hunk.rows.clone(), hunk.kind()))
            .collect()
    }

    #[test]
    fn lines_are_added_changed_and_removed() {
        let base = "a\nb\nc\nd\n";
        assert_eq!(of(base, base), []);
        assert_eq!(of(base, "a\nx\nb\nc\nd\n"), [(1..1, 1..2, HunkKind::Added)]);
        assert_eq!(of(base, "a\nB\nc\nd\n"), [(1..2, 1..2, HunkKind::Modified)]);
        assert_eq!(of(base, "a\nd\n"), [(1..3, 1..1, HunkKind::Removed)]);
    }

    #[test]
    fn a_last_line_end_is_an_empty_row() {
        assert_eq!(of("a", "a\n"), [(1..1, 1..2, HunkKind::Added)]);
        assert_eq!(of("a\n", "a"), [(1..2, 1..1, HunkKind::Removed)]);
    }

    #[test]
    fn a_caret_beside_removed_lines_is_at_the_change() {
        let removed = &hunks(&Text::new("a\nb\nc\n"), &Text::new("a\nc\n")).unwrap()[0];
        assert!(removed.touches(0..1) && removed.touches(1..2) && !removed.touches(2..3));
        assert!(removed.touches(0..3) && !removed.touches(2..9));
    }

    /// Few different short lines, so that many are the same; with and without a last line end.
    fn document() -> impl Strategy<Value = String> {
        (prop::collection::vec("[ab]{0,2}", 0..12), any::<bool>()).prop_map(|(lines, end)| {
            let mut text = lines.join("\n");
            if end && !text.is_empty() {
                text.push('\n');
            }
            text
        })
    }

    proptest! {
        #[test]
        fn reverting_all_from_the_last_gives_the_base(base in document(), text in document()) {
            let (base, text) = (Text::new(&base), Text::new(&text));
            let mut now = text.clone();
            for hunk in hunks(&base, &text).unwrap().iter().rev() {
                let edit = hunk.reverted(&base, &now);
                let changes = ChangeSet::from_edits(now.len(), vec![edit]).unwrap();
                now = changes.apply(&now).unwrap();
            }
            prop_assert_eq!(now.to_string(), base.to_string());
        }

        #[test]
        fn staging_all_from_the_last_gives_the_text(base in document(), text in document()) {
            let text = Text::new(&text);
            let base = Text::new(&base);
            let mut staged = base.clone();
            for hunk in hunks(&base, &text).unwrap().iter().rev() {
                let changes =
                    ChangeSet::from_edits(staged.len(), vec![hunk.staged(&staged, &text)]).unwrap();
                staged = changes.apply(&staged).unwrap();
            }
            prop_assert_eq!(staged.to_string(), text.to_string());
        }
    }
}
