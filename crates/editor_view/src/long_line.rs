//! A coarse map of a very long row, so that only the part in view is shaped.
//!
//! A minified file can be one line of megabytes. Its columns are placed by counting cells, which
//! needs no shaping, and what is far from the view is not even counted: it is estimated until a count
//! in the background comes by ([`editor_core::display_map::CellCounts`]). What is counted takes the
//! place of an estimate without moving what is in view.

use std::ops::{ControlFlow, Range};

use editor_core::ChangeSet;
use editor_core::display_map::{
    CellCounts, CellJob, CountedCells, CountedStretch, DisplaySnapshot, RowText, TextRow,
};

use crate::display_text::{CellRules, LinePlace};

/// Rows of more bytes than this are shaped in chunks.
pub(crate) const LONG_LINE_BYTES: usize = 4096;

/// Bytes of a chunk, within a few.
const CHUNK_BYTES: usize = 512;

/// Rows of no more bytes are counted whole at once.
const COUNTED_BYTES: usize = 64 * 1024;

/// Bytes on both sides of what is in view that are counted with it, so that a step to the side finds
/// them counted.
const MARGIN_BYTES: usize = 2048;

/// Parts of a row that are counted at once for a view, at most; only a row of marks without width
/// needs more.
const MOST_PARTS: usize = 16;

/// Parts whose chunks are remembered.
const KNOWN_PARTS: usize = 4;

/// Bytes that are counted at a time in the background.
const BACKGROUND_BYTES: usize = 8 * 1024 * 1024;

/// More edits than this of a row in one change are taken for one.
const MOST_EDITS: usize = 256;

/// Where the chunks of one long row begin.
#[derive(Debug)]
pub(crate) struct LongLine {
    /// Tells this row from any other that was mapped.
    pub id: u64,
    /// The state of the display that the map was made from, and the row in it.
    pub stamp: u64,
    pub row: TextRow,
    /// The frame that last showed it.
    pub frame: u64,
    /// Pixels that its last letters reach beyond their cells, where a font draws them wider.
    pub beyond: f64,
    /// Whether the row is a whole line of the document, with nothing hidden and nothing added.
    is_plain: bool,
    /// Whether the text has changed since.
    is_edited: bool,
    rules: CellRules,
    counts: CellCounts,
    chunked: Vec<Chunked>,
    /// Where what was last in view begins.
    shown: usize,
    /// What is being counted in the background.
    pending: Option<Range<usize>>,
}

/// Where the chunks of a counted part begin, from its start.
#[derive(Debug)]
struct Chunked {
    columns: Range<usize>,
    starts: Vec<(usize, u64)>,
}

/// One stretch of a long row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chunk {
    /// Where it starts in the line.
    pub start: LinePlace,
    /// Bytes from the start of the row.
    pub columns: Range<usize>,
    /// Cells from the start of the row, without the row's indentation.
    pub cells: Range<u64>,
}

/// What a count in the background changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Recount {
    /// Cells that what is in view moved by.
    pub moved: i64,
    /// Whether anything is elsewhere now, or has another width.
    pub changed: bool,
}

impl LongLine {
    /// Maps a row. But for a sample nothing is counted yet.
    pub(crate) fn new(
        id: u64,
        display: &DisplaySnapshot,
        row: TextRow,
        stamp: u64,
        rules: CellRules,
    ) -> Self {
        Self {
            id,
            stamp,
            frame: 0,
            beyond: 0.,
            is_plain: is_plain(display, &row),
            is_edited: false,
            rules,
            counts: RowText::new(display, &row).uncounted(),
            row,
            chunked: Vec::new(),
            shown: 0,
            pending: None,
        }
    }

    /// Takes in a change of the text; false where nothing of the map holds any more.
    pub(crate) fn edited(&mut self, changes: &ChangeSet) -> bool {
        if !self.is_plain {
            return false;
        }
        let range = self.row.range.clone();
        let mut start = range.start;
        let mut edits: Vec<(Range<usize>, usize)> = Vec::new();
        for edit in changes.edits() {
            let old = edit.old_range;
            let is_before =
                old.end < range.start || (old.end == range.start && edit.text.ends_with('\n'));
            if is_before {
                start = start + edit.text.len() - old.len();
            } else if old.start < range.start {
                return false;
            } else if old.start <= range.end {
                let end = old.end.min(range.end);
                edits.push((old.start - range.start..end - range.start, edit.text.len()));
            } else {
                break;
            }
        }
        if edits.len() > MOST_EDITS {
            let whole = edits[0].0.start..edits[edits.len() - 1].0.end;
            let new: usize = edits.iter().map(|edit| edit.1).sum();
            let old: usize = edits.iter().map(|edit| edit.0.len()).sum();
            let new = whole.len() - old + new;
            edits = vec![(whole, new)];
        }
        for (old, new) in edits.into_iter().rev() {
            self.edit(old, new);
        }
        self.row.range = start..start + self.counts.len();
        self.is_edited = true;
        true
    }

    fn edit(&mut self, old: Range<usize>, new: usize) {
        let moved = |column: usize| column - old.len() + new;
        if old.end <= self.shown {
            self.shown = moved(self.shown);
        } else {
            self.shown = self.shown.min(old.start);
        }
        if let Some(pending) = self.pending.take() {
            self.pending = if old.end < pending.start {
                Some(moved(pending.start)..moved(pending.end))
            } else {
                // What was counted up to there still holds, but for the part that the edit touches.
                let end = pending.end.min(old.start.saturating_sub(1));
                (pending.start < end).then_some(pending.start..end)
            };
        }
        self.chunked.clear();
        self.counts.edit(old, new);
    }

    /// Whether this may be the map of a row in another state of the display, though not of `row`: that
    /// of one in which something is hidden or added holds for one state alone.
    pub(crate) fn may_go_on(&self, row: &TextRow, rules: CellRules) -> bool {
        self.is_plain && self.rules == rules && self.row.range.start != row.range.start
    }

    /// Whether this is the map of a row, as it was before the last changes of the display.
    pub(crate) fn was(&self, display: &DisplaySnapshot, row: &TextRow, rules: CellRules) -> bool {
        self.is_plain
            && self.rules == rules
            && self.row.range.start == row.range.start
            && (self.is_edited || self.row.range == row.range)
            && is_plain(display, row)
    }

    /// Goes on as the map of a row after changes.
    pub(crate) fn go_on(&mut self, display: &DisplaySnapshot, row: TextRow, stamp: u64) {
        let text = RowText::new(display, &row);
        if self.is_edited {
            self.counts.resize(text.len());
            text.count_edited(&mut self.counts);
            self.shown = self.shown.min(text.len());
        }
        self.row = row;
        self.stamp = stamp;
        self.is_edited = false;
    }

    /// Cells of the whole row, without its indentation, as far as they are known.
    pub(crate) fn cells(&self) -> u64 {
        self.counts.cells()
    }

    /// Whether nothing of the row is estimated.
    pub(crate) fn is_counted(&self) -> bool {
        self.counts.is_counted()
    }

    /// The chunks that overlap the given cells of the row, at least one.
    pub(crate) fn chunks_in(&mut self, display: &DisplaySnapshot, cells: Range<u64>) -> Vec<Chunk> {
        let text = self.text(display);
        let mut part = self.counted_at(&text, cells.start);
        let mut found = Vec::new();
        for _ in 0..MOST_PARTS {
            self.chunks_of(&text, &part, &cells, &mut found);
            let next = part.columns.end;
            if part.cells.end > cells.end || next >= self.counts.len() {
                break;
            }
            text.count_within(&mut self.counts, next..next + 1);
            part = self.counts.at_column(next);
        }
        found
    }

    /// Has what surrounds the given cells counted too, which are in view; gives by how many cells
    /// those move.
    pub(crate) fn settle(&mut self, display: &DisplaySnapshot, cells: Range<u64>) -> i64 {
        let text = self.text(display);
        if text.len() <= COUNTED_BYTES {
            text.count_within(&mut self.counts, 0..text.len());
        }
        let chunks = self.chunks_in(display, cells);
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else {
            return 0;
        };
        self.shown = first.columns.start;
        let around = self.shown.saturating_sub(MARGIN_BYTES)..last.columns.end + MARGIN_BYTES;
        let before = self.counts.cell_at(self.shown);
        text.count_within(&mut self.counts, around);
        distance(before, self.counts.cell_at(self.shown))
    }

    /// The chunk that holds the byte `column` of the row; what stands around it is counted too.
    pub(crate) fn chunk_at(&mut self, display: &DisplaySnapshot, column: usize) -> Chunk {
        let text = self.text(display);
        let around = column.saturating_sub(MARGIN_BYTES)..column + MARGIN_BYTES;
        text.count_within(&mut self.counts, around);
        let part = self.counts.at_column(column);
        let starts = self.starts_of(&text, &part);
        let inside = column.saturating_sub(part.columns.start);
        let index = starts.partition_point(|start| start.0 <= inside);
        self.chunk(&part, index.saturating_sub(1))
    }

    /// What is to be counted in the background, if that is anything and nothing is being counted.
    pub(crate) fn job(&mut self, display: &DisplaySnapshot) -> Option<CellJob> {
        if self.pending.is_some() {
            return None;
        }
        let job = self
            .text(display)
            .job(&self.counts, self.shown, BACKGROUND_BYTES)?;
        self.pending = Some(job.columns());
        Some(job)
    }

    /// Takes what was counted in the background.
    pub(crate) fn take(&mut self, mut counted: CountedCells) -> Recount {
        let (moved, cells) = (self.counts.cell_at(self.shown), self.counts.cells());
        if let Some(pending) = self.pending.take() {
            counted.start = pending.start;
            let mut end = pending.start;
            counted.pieces.retain(|(bytes, _)| {
                end += bytes;
                end <= pending.end
            });
            self.counts.take(&counted);
            self.chunked.clear();
        }
        let moved = distance(moved, self.counts.cell_at(self.shown));
        Recount {
            moved,
            changed: moved != 0 || cells != self.counts.cells(),
        }
    }

    fn text(&self, display: &DisplaySnapshot) -> RowText {
        RowText::new(display, &self.row)
    }

    /// The counted part that holds a cell, or is believed to.
    fn counted_at(&mut self, text: &RowText, cell: u64) -> CountedStretch {
        let mut part = self.counts.at_cell(cell);
        for _ in 0..MOST_PARTS {
            if part.is_counted {
                break;
            }
            let column = self.counts.column_at(cell);
            let column = column.min(self.counts.len().saturating_sub(1));
            text.count_within(&mut self.counts, column..column + 1);
            part = self.counts.at_cell(cell);
            if !part.is_counted && part.columns.contains(&column) {
                break;
            }
        }
        part
    }

    /// Adds the chunks of a part that overlap the given cells, at least one.
    fn chunks_of(
        &mut self,
        text: &RowText,
        part: &CountedStretch,
        cells: &Range<u64>,
        found: &mut Vec<Chunk>,
    ) {
        let before = cells.start.saturating_sub(part.cells.start);
        let until = cells.end.saturating_sub(part.cells.start);
        let starts = self.starts_of(text, part);
        let first = starts
            .partition_point(|start| start.1 <= before)
            .saturating_sub(1);
        let last = starts.partition_point(|start| start.1 <= until);
        for index in first..last.max(first + 1) {
            found.push(self.chunk(part, index));
        }
    }

    /// Where the chunks of a part begin, from its start.
    fn starts_of(&mut self, text: &RowText, part: &CountedStretch) -> &[(usize, u64)] {
        let known = self
            .chunked
            .iter()
            .position(|known| known.columns == part.columns);
        let index = known.unwrap_or_else(|| {
            if self.chunked.len() >= KNOWN_PARTS {
                self.chunked.remove(0);
            }
            let columns = part.columns.clone();
            self.chunked.push(Chunked {
                starts: starts(text, &columns),
                columns,
            });
            self.chunked.len() - 1
        });
        &self.chunked[index].starts
    }

    /// A chunk of a part whose chunks were looked up.
    fn chunk(&self, part: &CountedStretch, index: usize) -> Chunk {
        let known = self
            .chunked
            .iter()
            .find(|known| known.columns == part.columns);
        let starts = known.map_or(&[][..], |known| &known.starts);
        let whole = (part.columns.len(), part.cells.end - part.cells.start);
        let start = starts.get(index).copied().unwrap_or_default();
        let end = starts.get(index + 1).copied().unwrap_or(whole);
        let cells = part.cells.start + start.1..part.cells.start + end.1;
        let columns = part.columns.start + start.0..part.columns.start + end.0;
        let before = u32::try_from(cells.start).unwrap_or(u32::MAX);
        Chunk {
            start: LinePlace {
                column: self.row.columns.start.column() as usize + columns.start,
                cell: self.row.start_cell.saturating_add(before),
            },
            columns,
            cells,
        }
    }
}

/// Whether a row is a whole line of the document, with nothing hidden and nothing added.
fn is_plain(display: &DisplaySnapshot, row: &TextRow) -> bool {
    !row.continues && !row.is_cut && display.folds().is_plain_between(row.columns.clone())
}

/// Where the chunks of a part begin, from its start, in bytes and cells.
fn starts(text: &RowText, columns: &Range<usize>) -> Vec<(usize, u64)> {
    let mut starts = Vec::with_capacity(columns.len() / CHUNK_BYTES + 1);
    let mut cells = 0;
    let whole = text.visit_pieces(columns.clone(), CHUNK_BYTES, |piece, at| {
        starts.push((at - columns.start, cells));
        cells += text.count_piece(piece, at, cells);
        ControlFlow::Continue(())
    });
    debug_assert!(whole.is_continue());
    starts
}

fn distance(from: u64, to: u64) -> i64 {
    i64::try_from(i128::from(to) - i128::from(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_text::DisplayText;
    use editor_core::display_map::{DisplayMap, DisplayRow, Marks};
    use editor_core::{Edit, Text};

    const RULES: CellRules = CellRules {
        tab_size: 4,
        marks: Marks {
            control: true,
            invisible: true,
        },
    };

    fn row(display: &DisplaySnapshot, row: usize) -> TextRow {
        let DisplayRow::Text(row) = display.row(row) else {
            panic!("no row of text");
        };
        row
    }

    fn map(text: &str, number: usize) -> (DisplaySnapshot, LongLine) {
        let display = DisplayMap::new(Text::new(text), Default::default()).snapshot();
        let line = LongLine::new(1, &display, row(&display, number), 1, RULES);
        (display, line)
    }

    fn count_all(line: &mut LongLine, display: &DisplaySnapshot) {
        while let Some(job) = line.job(display) {
            line.take(job.run());
        }
    }

    #[test]
    fn chunks_cover_the_line_and_agree_with_the_display_text() {
        let line = "ab\tλ日本🦀e\u{301} ".repeat(2000);
        let (display, mut map) = map(&format!("x\n{line}\ny"), 1);
        let (mut end, mut count) = (0, 0);
        while end < line.len() {
            let chunk = map.chunk_at(&display, end);
            assert_eq!(chunk.columns.start, end);
            end = chunk.columns.end;
            let before =
                DisplayText::new(&line[..chunk.columns.start], LinePlace::default(), RULES);
            assert_eq!(u64::from(before.end_cell), chunk.cells.start);
            assert!(chunk.columns.len() <= CHUNK_BYTES + 256);
            assert!(
                map.chunks_in(&display, chunk.cells.clone())
                    .contains(&chunk)
            );
            count += 1;
        }
        assert_eq!(end, line.len());
        assert!(count > 50, "{count}");
        let whole = DisplayText::new(&line, LinePlace::default(), RULES);
        assert_eq!(u64::from(whole.end_cell), map.cells());
    }

    #[test]
    fn only_chunks_in_view_are_named_and_counted() {
        let (display, mut map) = map(&"日本 ".repeat(1_000_000), 0);
        let chunks = map.chunks_in(&display, 2_500_000..2_500_100);
        assert!(chunks.len() <= 2, "{chunks:?}");
        assert!(chunks[0].columns.contains(&3_500_000));
        assert!(!map.counts.at_column(3_000_000).is_counted);
    }

    #[test]
    fn what_is_in_view_stays_while_the_rest_is_counted() {
        // The sample sees no wide letters: the place of the end is estimated far too small.
        let text = format!("{}{}", "a".repeat(20_000), "日".repeat(30_000));
        let text = text + &"a".repeat(2_000_000);
        let (display, mut map) = map(&text, 0);
        let estimated = map.chunk_at(&display, text.len() - 1).cells;
        let visible = estimated.start..estimated.start + 100;
        assert_eq!(map.settle(&display, visible.clone()), 0);
        let (mut moved, mut shown) = (0, map.shown);
        while let Some(job) = map.job(&display) {
            moved += map.take(job.run()).moved;
        }
        let counted = map.chunk_at(&display, text.len() - 1).cells;
        assert_eq!(distance(estimated.start, counted.start), moved);
        assert_ne!(moved, 0);
        assert_eq!(map.cells(), 2_080_000);
        // Edits before what is in view move it along.
        let change = ChangeSet::from_edits(text.len(), vec![Edit::new(5..7, "xyz")]).unwrap();
        assert!(map.edited(&change));
        shown += 1;
        assert_eq!(map.shown, shown);
    }

    #[test]
    fn a_step_to_the_left_finds_what_it_shows_counted() {
        let text = "日".repeat(1000) + &"ab日".repeat(400_000);
        let (display, mut map) = map(&text, 0);
        let mut left = map.chunk_at(&display, 1_000_000).cells.start;
        for _ in 0..200 {
            let moved = map.settle(&display, left..left + 100);
            left = left.saturating_add_signed(moved);
            let before = map.counts.at_column(map.shown);
            assert!(before.is_counted);
            let chunks = map.chunks_in(&display, left..left + 100);
            assert_eq!(
                chunks[0].columns.start, map.shown,
                "in view as it was settled"
            );
            left -= 80;
        }
    }

    #[test]
    fn an_edit_leaves_the_rest_counted() {
        let line = "日本 ".repeat(50_000);
        let text = format!("above\n{line}\nbelow");
        let start = 6;
        let (display, mut map) = map(&text, 1);
        count_all(&mut map, &display);
        assert_eq!(map.cells(), 250_000);
        for (edit, number, cells) in [
            (Edit::new(start + 70_000..start + 70_000, "xy"), 1, 250_002),
            (
                Edit::new(start + line.len()..start + line.len(), "日"),
                1,
                250_002,
            ),
            (Edit::new(2..3, "a\nb\n"), 3, 250_000),
            (Edit::new(start..start, "new line\n"), 2, 250_000),
            (Edit::new(start..start, "日"), 1, 250_002),
            (
                Edit::new(start + 140_000..start + 140_000, "\n"),
                1,
                100_000,
            ),
            (Edit::new(text.len()..text.len(), "more"), 1, 250_000),
        ] {
            let (display, mut map) = self::map(&text, 1);
            count_all(&mut map, &display);
            let change = ChangeSet::from_edits(text.len(), vec![edit.clone()]).unwrap();
            assert!(map.edited(&change), "{edit:?}");
            let after = change.apply(&Text::new(&text)).unwrap();
            let display = DisplayMap::new(after, Default::default()).snapshot();
            let row = row(&display, number);
            assert!(map.was(&display, &row, RULES), "{edit:?}");
            map.go_on(&display, row, 2);
            assert!(map.is_counted(), "{edit:?}");
            assert_eq!(map.cells(), cells, "{edit:?}");
        }
        // The line goes on in the one above it.
        let change = ChangeSet::from_edits(text.len(), vec![Edit::new(5..6, "")]).unwrap();
        assert!(!map.edited(&change));
    }

    #[test]
    fn what_is_typed_while_a_part_is_counted_loses_little_of_it() {
        let line = "日本 ".repeat(50_000);
        let (display, mut map) = map(&line, 0);
        let job = map.job(&display).unwrap();
        let change = ChangeSet::from_edits(line.len(), vec![Edit::new(70_000..70_000, "日")]);
        let change = change.unwrap();
        assert!(map.edited(&change));
        let after = change.apply(&Text::new(&line)).unwrap();
        let display = DisplayMap::new(after, Default::default()).snapshot();
        map.go_on(&display, row(&display, 0), 2);
        map.take(job.run());
        assert!(map.counts.at_column(60_000).is_counted);
        assert!(!map.counts.at_column(70_000).is_counted);
        count_all(&mut map, &display);
        assert_eq!(map.cells(), 250_002);
    }

    #[test]
    fn a_row_with_a_fold_in_it_holds_for_one_state_alone() {
        let line = "日本 ".repeat(50_000);
        let mut display = DisplayMap::new(Text::new(&line), Default::default());
        display.fold(vec![editor_core::display_map::Fold::new(7..70)]);
        let display = display.snapshot();
        let mut map = LongLine::new(1, &display, row(&display, 0), 1, RULES);
        let change = ChangeSet::from_edits(line.len(), vec![Edit::new(9..9, "x")]).unwrap();
        assert!(!map.edited(&change));
    }
}
