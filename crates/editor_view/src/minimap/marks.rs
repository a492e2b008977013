//! What is marked in the minimap: the caret's line, selections, what a search found, and where the
//! text differs from git's. The places are looked up in the rows that were read, so that marks cost
//! what is shown, however many there are in the file.

use std::ops::Range;

use editor_core::{HunkKind, RangeSet, Selections};

use super::rows::MapRow;

/// More marks of one sort than this are not drawn in one frame.
const MOST: usize = 2_000;
/// More matches than this are not told apart in one row.
const MOST_IN_ROW: usize = 12;
/// A mark is at least so many cells wide.
const NARROWEST: u16 = 2;

/// A rectangle of the map: rows, and cells of each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mark {
    pub rows: Range<usize>,
    pub cells: Range<u16>,
}

/// Rows that were read, with the number of the first, and the cells that are drawn of each.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub first: usize,
    pub rows: &'a [MapRow],
    pub columns: u16,
}

impl Rows<'_> {
    /// The place in `rows` of the row that shows a byte: the last that begins at it or before.
    fn place_of(&self, offset: usize) -> Option<usize> {
        let behind = self.rows.partition_point(|row| row.bytes.start <= offset);
        behind.checked_sub(1)
    }

    /// The bytes of all the rows.
    pub(crate) fn bytes(&self) -> Range<usize> {
        let start = self.rows.first().map_or(0, |row| row.bytes.start);
        start..self.rows.last().map_or(start, |row| row.bytes.end)
    }

    /// The row of a byte, if it is among these.
    pub(crate) fn row_of(&self, offset: usize) -> Option<usize> {
        let bytes = self.bytes();
        let inside = (bytes.start..=bytes.end).contains(&offset);
        let place = self.place_of(offset).filter(|_| inside)?;
        Some(self.first + place)
    }

    /// The rectangles of a range of the document.
    fn marks(&self, range: &Range<usize>, found: &mut Vec<Mark>) {
        let bytes = self.bytes();
        if range.is_empty() || range.end <= bytes.start || range.start > bytes.end {
            return;
        }
        let first = self.place_of(range.start);
        let Some(last) = self.place_of(range.end - 1) else {
            return;
        };
        let start = match first {
            Some(first) => self.rows[first].cell_of(range.start).min(self.columns),
            None => 0,
        };
        let end = match range.end > self.rows[last].bytes.end {
            true => self.columns,
            false => self.rows[last].cell_of(range.end).min(self.columns),
        };
        let first = first.unwrap_or(0);
        let mut push = |rows: Range<usize>, cells: Range<u16>| {
            if !rows.is_empty() && cells.start < self.columns {
                let end = cells.end.max(cells.start.saturating_add(NARROWEST));
                found.push(Mark {
                    rows: self.first + rows.start..self.first + rows.end,
                    cells: cells.start..end.min(self.columns),
                });
            }
        };
        if first >= last {
            return push(last..last + 1, start..end);
        }
        push(first..first + 1, start..self.columns);
        push(first + 1..last, 0..self.columns);
        push(last..last + 1, 0..end);
    }

    /// The rectangles of a range.
    pub(crate) fn places(&self, range: &Range<usize>) -> Vec<Mark> {
        let mut found = Vec::new();
        self.marks(range, &mut found);
        found
    }

    /// What is selected.
    pub(crate) fn selected(&self, selections: &Selections) -> Vec<Mark> {
        let bytes = self.bytes();
        let all = selections.as_slice();
        let first = all.partition_point(|selection| selection.end() < bytes.start);
        let mut found = Vec::new();
        for selection in &all[first..] {
            if selection.start() > bytes.end || found.len() >= MOST {
                break;
            }
            self.marks(&selection.range(), &mut found);
        }
        found
    }

    /// What a search found; `matches` gives the matches that touch some bytes, in order.
    pub(crate) fn matches<'m>(
        &self,
        matches: impl Fn(Range<usize>) -> &'m [Range<usize>],
    ) -> Vec<Mark> {
        let mut found = Vec::new();
        for row in self.rows {
            if found.len() >= MOST {
                break;
            }
            // What begins in a row above was marked there.
            let here = matches(row.bytes.clone()).iter();
            let here = here.filter(|range| range.start >= row.bytes.start);
            for range in here.take(MOST_IN_ROW) {
                self.marks(range, &mut found);
            }
        }
        found
    }

    /// The rows of the changes since git's version; of lines that are gone, the row below them.
    pub(crate) fn changed<'h, T: 'h>(
        &self,
        changes: &'h RangeSet<T>,
        kind: impl Fn(&T) -> HunkKind,
    ) -> Vec<(Range<usize>, HunkKind)> {
        let mut found = Vec::new();
        if self.rows.is_empty() {
            return found;
        }
        for (_, range, change) in changes.touching(self.bytes()).take(MOST) {
            let first = self.place_of(range.start).unwrap_or(0);
            let last = match range.is_empty() {
                true => first,
                // It ends where the next line begins.
                false => self.place_of(range.end - 1).unwrap_or(first).max(first),
            };
            found.push((self.first + first..self.first + last + 1, kind(change)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::{Growth, Selection};

    /// Rows of 9 bytes and a line end, from the byte 100 on, as rows 10 and on.
    fn rows() -> Vec<MapRow> {
        let row = |number: usize| MapRow::plain(number * 10..number * 10 + 9);
        (10..20).map(row).collect()
    }

    fn shown(rows: &[MapRow]) -> Rows<'_> {
        Rows {
            first: 10,
            rows,
            columns: 80,
        }
    }

    fn mark(rows: Range<usize>, cells: Range<u16>) -> Mark {
        Mark { rows, cells }
    }

    #[test]
    fn a_selection_is_marked_from_its_start_to_its_end() {
        let rows = rows();
        let selected =
            |anchor, head| shown(&rows).selected(&Selections::single(Selection::new(anchor, head)));
        assert_eq!(selected(123, 127), [mark(12..13, 3..7)]);
        assert_eq!(selected(127, 123), [mark(12..13, 3..7)]);
        assert_eq!(selected(123, 124), [mark(12..13, 3..5)], "it can be seen");
        assert_eq!(
            selected(123, 157),
            [mark(12..13, 3..80), mark(13..15, 0..80), mark(15..16, 0..7)]
        );
        assert_eq!(
            selected(123, 130),
            [mark(12..13, 3..80)],
            "with the line end"
        );
        assert_eq!(selected(0, 100), []);
        assert_eq!(selected(0, 105), [mark(10..11, 0..5)]);
        assert_eq!(selected(195, 900), [mark(19..20, 5..80)]);
        assert_eq!(selected(300, 900), []);
        assert_eq!(selected(123, 123), [], "a caret selects nothing");
    }

    #[test]
    fn matches_are_marked_once_each() {
        let rows = rows();
        let all = [50..60, 101..104, 106..109, 118..122, 190..192, 250..260];
        let found = shown(&rows).matches(|bytes| {
            let first = all.partition_point(|found| found.end < bytes.start);
            let end = all.partition_point(|found| found.start <= bytes.end);
            &all[first..end.max(first)]
        });
        assert_eq!(
            found,
            [
                mark(10..11, 1..4),
                mark(10..11, 6..9),
                mark(11..12, 8..80),
                mark(12..13, 0..2),
                mark(19..20, 0..2),
            ]
        );
    }

    #[test]
    fn changes_are_marked_by_rows() {
        let rows = rows();
        let mut changes = RangeSet::default();
        for (range, kind) in [
            (50..120, HunkKind::Modified),
            (130..150, HunkKind::Added),
            (160..160, HunkKind::Removed),
            (190..400, HunkKind::Added),
        ] {
            changes.insert(range, Growth::Outside, kind);
        }
        assert_eq!(
            shown(&rows).changed(&changes, |kind| *kind),
            [
                (10..12, HunkKind::Modified),
                (13..15, HunkKind::Added),
                (16..17, HunkKind::Removed),
                (19..20, HunkKind::Added),
            ]
        );
    }

    #[test]
    fn a_byte_is_in_the_row_that_shows_it() {
        let rows = rows();
        let row_of = |offset| shown(&rows).row_of(offset);
        assert_eq!([100, 109, 110, 199].map(row_of), [10, 10, 11, 19].map(Some));
        assert_eq!([99, 200].map(row_of), [None, None]);
    }
}
