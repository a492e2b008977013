//! A coarse map of a very long row, so that only the part in view is shaped.
//!
//! A minified file can be one line of megabytes. Its columns are placed by counting cells, which
//! needs no shaping. A part that nobody asks for is not counted, and what was counted before an edit
//! stays known.

use std::ops::{ControlFlow, Range};

use editor_core::display_map::{DisplaySnapshot, FoldPoint, TextRow};

use crate::display_text::{CellRules, LinePlace};

/// Rows of more bytes than this are shaped in chunks.
pub(crate) const LONG_LINE_BYTES: usize = 4096;

/// Bytes of a chunk, within a few.
const CHUNK_BYTES: usize = 512;

/// The width of a longer row is estimated from the bytes that were not counted.
const COUNTED_BYTES: usize = 1024 * 1024;

/// Where the chunks of one long row begin, as far as it was counted.
#[derive(Debug)]
pub(crate) struct LongLine {
    /// The state of the display that the map was made from, and the row in it.
    pub stamp: u64,
    pub row: TextRow,
    /// Whether the text has changed since, at or behind the last start.
    is_edited: bool,
    rules: CellRules,
    /// Starts of chunks; the last is where counting goes on.
    starts: Vec<LinePlace>,
    /// Bytes of the row.
    len: usize,
}

/// One stretch of a long row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chunk {
    /// Where it starts in the line.
    pub start: LinePlace,
    /// Bytes from the start of the row.
    pub columns: Range<usize>,
    /// Cells from the start of the row to the chunk, without the row's indentation.
    pub cell: u32,
}

impl LongLine {
    /// Maps a row. Nothing is counted yet.
    pub(crate) fn new(row: TextRow, stamp: u64, rules: CellRules) -> Self {
        let start = LinePlace {
            column: row.columns.start.column() as usize,
            cell: row.start_cell,
        };
        Self {
            stamp,
            is_edited: false,
            rules,
            len: row.columns.end.column() as usize - start.column,
            row,
            starts: vec![start],
        }
    }

    /// Takes in an edit of the text from a byte on; false where nothing of the map holds any more.
    pub(crate) fn edited(&mut self, from: usize) -> bool {
        let is_plain = self.row.range.len() == self.len && !self.row.continues;
        let Some(column) = from.checked_sub(self.row.range.start) else {
            return false;
        };
        let base = self.starts[0].column;
        self.starts
            .retain(|start| start.column == base || start.column - base <= column);
        self.is_edited = true;
        is_plain
    }

    /// Whether this is the map of a row, as it was before the edits.
    pub(crate) fn was(&self, display: &DisplaySnapshot, row: &TextRow, rules: CellRules) -> bool {
        self.is_edited
            && display.folds().is_plain()
            && !row.is_cut
            && self.rules == rules
            && self.row.columns.start == row.columns.start
            && self.row.range.start == row.range.start
    }

    /// Goes on as the map of a row after edits.
    pub(crate) fn go_on(&mut self, row: TextRow, stamp: u64) {
        self.len = (row.columns.end.column() - row.columns.start.column()) as usize;
        self.row = row;
        self.stamp = stamp;
        self.is_edited = false;
    }

    /// Cells of the whole row, without its indentation.
    pub(crate) fn cells(&mut self, display: &DisplaySnapshot) -> u32 {
        if self.len <= COUNTED_BYTES {
            self.count(display, |_| false);
        }
        let rest = self.end() - self.counted().column;
        self.counted_cells() + rest as u32
    }

    /// Cells of what was counted so far.
    pub(crate) fn counted_cells(&self) -> u32 {
        self.counted().cell - self.row.start_cell
    }

    /// The chunks that overlap the given cells of the row, at least one.
    pub(crate) fn chunks_in(&mut self, display: &DisplaySnapshot, cells: Range<u32>) -> Vec<Chunk> {
        let base = self.row.start_cell;
        let cells = base.saturating_add(cells.start)..base.saturating_add(cells.end);
        self.count(display, |place| place.cell > cells.end);
        let first = self
            .starts
            .partition_point(|start| start.cell <= cells.start)
            .saturating_sub(1)
            .min(self.chunk_count() - 1);
        (first..self.chunk_count())
            .take_while(|index| *index == first || self.starts[*index].cell <= cells.end)
            .map(|index| self.chunk(index))
            .collect()
    }

    /// The chunk that holds the byte `column` of the row.
    pub(crate) fn chunk_at(&mut self, display: &DisplaySnapshot, column: usize) -> Chunk {
        let column = column + self.starts[0].column;
        self.count(display, |place| place.column > column);
        let index = self
            .starts
            .partition_point(|start| start.column <= column)
            .saturating_sub(1)
            .min(self.chunk_count() - 1);
        self.chunk(index)
    }

    fn counted(&self) -> LinePlace {
        self.starts[self.starts.len() - 1]
    }

    fn end(&self) -> usize {
        self.starts[0].column + self.len
    }

    /// Chunks that were counted to their end, and the last one where it was not.
    fn chunk_count(&self) -> usize {
        let rest = usize::from(self.counted().column < self.end());
        (self.starts.len() - 1 + rest).max(1)
    }

    fn chunk(&self, index: usize) -> Chunk {
        let start = self.starts[index];
        let base = self.starts[0].column;
        let end = self
            .starts
            .get(index + 1)
            .map_or(self.end(), |next| next.column);
        Chunk {
            start,
            columns: start.column - base..end - base,
            cell: start.cell - self.row.start_cell,
        }
    }

    /// Counts on until `enough` says so of the end of a chunk, or to the end of the row.
    fn count(&mut self, display: &DisplaySnapshot, enough: impl Fn(LinePlace) -> bool) {
        let end = self.end();
        let from = self.counted();
        if from.column >= end || enough(from) {
            return;
        }
        let number = self.row.columns.start.row();
        let mut at = from;
        let mut pending = String::new();
        let rest = FoldPoint::new(number, from.column as u32)..self.row.columns.end;
        let rules = self.rules;
        let starts = &mut self.starts;
        let stopped = display.folds().visit(rest, &mut |mut piece, _| {
            while pending.len() + piece.len() >= CHUNK_BYTES {
                let split = split_point(piece, CHUNK_BYTES.saturating_sub(pending.len()));
                pending.push_str(&piece[..split]);
                at = rules.advance(&pending, at);
                starts.push(at);
                pending.clear();
                piece = &piece[split..];
                if enough(at) {
                    return ControlFlow::Break(());
                }
            }
            pending.push_str(piece);
            ControlFlow::Continue(())
        });
        if stopped.is_continue() && !pending.is_empty() {
            at = rules.advance(&pending, at);
            starts.push(at);
        }
    }
}

/// A place at or after `wanted` where `text` may be cut: between two ASCII characters, so that no
/// joined sequence is split; any character boundary after 64 bytes of search.
fn split_point(text: &str, wanted: usize) -> usize {
    let bytes = text.as_bytes();
    let mut index = wanted.min(text.len());
    let limit = (index + 64).min(text.len());
    while index < limit {
        if bytes[index].is_ascii() && (index == 0 || bytes[index - 1].is_ascii()) {
            return index;
        }
        index += 1;
    }
    while !text.is_char_boundary(index) {
        index += 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_text::DisplayText;
    use editor_core::Text;
    use editor_core::display_map::{DisplayMap, DisplayRow, Marks};

    const RULES: CellRules = CellRules {
        tab_size: 4,
        marks: Marks {
            control: true,
            invisible: true,
        },
    };

    fn map(text: &str, row: usize) -> (DisplaySnapshot, LongLine) {
        let display = DisplayMap::new(Text::new(text), Default::default()).snapshot();
        let DisplayRow::Text(row) = display.row(row) else {
            panic!("no row of text");
        };
        (display, LongLine::new(row, 1, RULES))
    }

    #[test]
    fn chunks_cover_the_line_and_agree_with_the_display_text() {
        let line = "ab\tλ日本🦀e\u{301} ".repeat(2000);
        let (display, mut map) = map(&format!("x\n{line}\ny"), 1);
        let mut end = 0;
        for chunk in map.chunks_in(&display, 0..u32::MAX) {
            assert_eq!(chunk.columns.start, end);
            end = chunk.columns.end;
            let before =
                DisplayText::new(&line[..chunk.columns.start], LinePlace::default(), RULES);
            assert_eq!(before.end_cell, chunk.cell);
            assert!(chunk.columns.len() <= CHUNK_BYTES + 128);
            assert_eq!(map.chunk_at(&display, chunk.columns.start), chunk);
        }
        assert_eq!(end, line.len());
        let whole = DisplayText::new(&line, LinePlace::default(), RULES);
        assert_eq!(whole.end_cell, map.cells(&display));
    }

    #[test]
    fn only_chunks_in_view_are_named_and_counted() {
        let (display, mut map) = map(&"x".repeat(1_000_000), 0);
        let chunks = map.chunks_in(&display, 500_000..500_100);
        assert!(chunks.len() <= 2);
        assert!(chunks[0].columns.contains(&500_000));
        assert!(map.counted_cells() < 510_000);
        assert_eq!(map.cells(&display), 1_000_000);
    }

    #[test]
    fn an_edit_leaves_what_is_before_it_counted() {
        let line = "日本 ".repeat(500_000);
        let (display, mut map) = map(&line, 0);
        assert!(map.cells(&display) > 2_500_000, "an estimate");
        let end = map.chunk_at(&display, line.len() - 1);
        assert_eq!(map.cells(&display), 2_500_000);
        assert!(map.edited(line.len() - 3));
        let known = map.starts.len();
        let (display, other) = self::map(&format!("{line}x"), 0);
        assert!(map.was(&display, &other.row, RULES));
        map.go_on(other.row, 2);
        assert_eq!(map.chunk_at(&display, line.len()).start, end.start);
        assert!(map.starts.len() - known <= 2);
        assert_eq!(map.cells(&display), 2_500_001);
        assert!(map.edited(0));
        assert_eq!(map.starts.len(), 1);
    }
}
