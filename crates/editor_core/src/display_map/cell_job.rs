//! Counting the cells of a very long row, a part at a time.

use std::ops::{ControlFlow, Range};

use super::cell_counts::{CellCounts, CountedCells};
use super::extent::{FoldPoint, to_u32};
use super::snapshot::{DisplaySnapshot, TextRow};
use super::tab_map::TAB_COLUMNS;

/// Bytes that are counted as one, within a few; more than those in which tabs are aligned.
const PIECE_BYTES: usize = 8 * 1024;

/// Places of a row that are looked at for an estimate of the whole, and bytes at each.
const SAMPLES: usize = 8;
const SAMPLE_BYTES: usize = 1024;

/// The text of one row of a display, with columns in bytes from the start of the row. Cheap to make
/// and to clone.
#[derive(Debug, Clone)]
pub struct RowText {
    display: DisplaySnapshot,
    columns: Range<FoldPoint>,
    start_cell: u32,
}

impl RowText {
    /// The text of a row.
    pub fn new(display: &DisplaySnapshot, row: &TextRow) -> Self {
        Self {
            display: display.clone(),
            columns: row.columns.clone(),
            start_cell: row.start_cell,
        }
    }

    /// Bytes of the row.
    pub fn len(&self) -> usize {
        (self.columns.end.column() - self.columns.start.column()) as usize
    }

    /// Whether the row has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A count of nothing of the row, with an estimate from what stands at some places of it.
    pub fn uncounted(&self) -> CellCounts {
        let (mut bytes, mut cells) = (0_usize, 0_u64);
        for sample in 0..SAMPLES {
            let start = self.cut_near(self.len() / SAMPLES * sample);
            let end = self.len().min(start + SAMPLE_BYTES);
            let done = self.visit_pieces(start..end, SAMPLE_BYTES, |piece, at| {
                bytes += piece.len();
                cells += self.count_piece(piece, at, 0);
                ControlFlow::Continue(())
            });
            debug_assert!(done.is_continue());
        }
        let base = self.columns.start.column();
        let aligned = TAB_COLUMNS.saturating_sub(base) as usize;
        CellCounts::new(self.len(), aligned, cells as f64 / bytes.max(1) as f64)
    }

    /// Has all of some columns counted, as far as they are not, and a little around them.
    pub fn count_within(&self, counts: &mut CellCounts, columns: Range<usize>) {
        let columns = columns.start.min(self.len())..columns.end.min(self.len());
        let mut from = columns.start;
        while let Some(stretch) = counts.uncounted_from(from) {
            let gap = stretch.columns;
            if gap.start >= columns.end {
                return;
            }
            // A little before what is asked for, so that what is next asked for is counted too.
            let wanted = from.saturating_sub(PIECE_BYTES / 4);
            let start = match wanted.saturating_sub(gap.start) {
                0..PIECE_BYTES => gap.start,
                _ => self.cut_near(wanted),
            };
            let counted = self.count(start..gap.end, columns.end.saturating_sub(start).max(1));
            if counted.end() <= from.max(start) {
                return;
            }
            from = counted.end();
            counts.take(&counted);
        }
    }

    /// What is to be counted in the background: `bytes` of the first part at or behind a column that
    /// is not counted.
    pub fn job(&self, counts: &CellCounts, from: usize, bytes: usize) -> Option<CellJob> {
        let gap = counts
            .uncounted_from(from)
            .or_else(|| counts.uncounted_from(0))?;
        Some(CellJob {
            text: self.clone(),
            columns: gap.columns,
            bytes,
        })
    }

    /// Counts again what was counted before it was edited, where that is little.
    pub fn count_edited(&self, counts: &mut CellCounts) {
        let mut left = CellCounts::MOST_STALE;
        while let Some(stretch) = counts.stale() {
            let columns = stretch.columns;
            if columns.len() > left {
                return counts.forget_stale();
            }
            left -= columns.len();
            counts.take(&self.count(columns.clone(), columns.len()));
        }
    }

    /// Visits the pieces of some columns, which begin where the row may be cut; with where each
    /// begins.
    pub fn visit_pieces(
        &self,
        columns: Range<usize>,
        bytes: usize,
        mut visit: impl FnMut(&str, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut at = columns.start;
        let places = self.place(columns.start)..self.place(columns.end);
        let folds = self.display.folds();
        folds.visit_pieces(places, bytes, &mut |piece| {
            let start = at;
            at += piece.len();
            visit(piece, start)
        })
    }

    /// Cells of a piece that begins at a column, so many cells into the row.
    pub fn count_piece(&self, piece: &str, column: usize, cells: u64) -> u64 {
        let tabs = self.display.tabs();
        let column = self.columns.start.column() as usize + column;
        // How many cells are before it matters for tabs alone, and only near the start of the line.
        let cells = u32::try_from(cells).unwrap_or(u32::MAX);
        let cell = self.start_cell.saturating_add(cells);
        tabs.marks().count(piece, column, cell, tabs.tab_size())
    }

    /// Counts from the start of some columns that are a whole part: so many bytes of them, or a little
    /// more.
    fn count(&self, columns: Range<usize>, bytes: usize) -> CountedCells {
        let mut counted = CountedCells {
            start: columns.start,
            pieces: Vec::new(),
        };
        let end = columns.start.saturating_add(bytes);
        let done = self.visit_pieces(columns, PIECE_BYTES, |piece, at| {
            // A row is counted from its start as far as tabs are aligned in it: those behind the first
            // piece are not.
            let cells = self.count_piece(piece, at, 0);
            counted.pieces.push((piece.len(), cells));
            match at + piece.len() < end {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        debug_assert!(done.is_continue() || done.is_break());
        counted
    }

    fn cut_near(&self, column: usize) -> usize {
        let cut = self.display.folds().cut_near(self.place(column));
        (cut.column() - self.columns.start.column()) as usize
    }

    fn place(&self, column: usize) -> FoldPoint {
        let start = self.columns.start;
        FoldPoint::new(start.row(), start.column().saturating_add(to_u32(column)))
    }
}

/// A part of a row to be counted elsewhere.
#[derive(Debug)]
pub struct CellJob {
    text: RowText,
    columns: Range<usize>,
    bytes: usize,
}

impl CellJob {
    /// What is counted at most, in bytes from the start of the row; as much of it as was asked for.
    pub fn columns(&self) -> Range<usize> {
        self.columns.clone()
    }

    /// Counts.
    pub fn run(self) -> CountedCells {
        self.text.count(self.columns, self.bytes)
    }
}
