//! How many cells the bytes of a very long row take, counted only where somebody looked.
//!
//! A row of 500 MB is never counted as a whole before it is shown: what is not counted is estimated
//! from a sample, and what is counted later, in the background, takes the estimate's place. A place
//! far out is found in O(log n) at any time, and an edit costs what it changes.

use std::ops::Range;

use super::sum_tree::{Found, Item, Sum, SumTree};

/// The count of a row.
#[derive(Clone)]
pub struct CellCounts {
    stretches: SumTree<Piece>,
    /// Cells of a byte that is not counted.
    density: f64,
    /// Bytes at the start of the row in which the cells of a tab depend on what is before it.
    aligned: usize,
}

/// Bytes one after the other whose cells are known or estimated together.
#[derive(Debug, Clone, Copy)]
struct Piece {
    bytes: usize,
    cells: Cells,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cells {
    Counted(u64),
    /// Edited since it was counted, and small enough to be counted again at once.
    Stale,
    Unknown,
}

#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    bytes: usize,
    /// Those of the pieces that are counted.
    cells: u64,
    /// Bytes of the pieces that are not.
    uncounted: usize,
    stale: usize,
}

impl Sum for Totals {
    fn add(&mut self, next: &Self) {
        self.bytes += next.bytes;
        self.cells += next.cells;
        self.uncounted += next.uncounted;
        self.stale += next.stale;
    }
}

impl Item for Piece {
    type Sum = Totals;

    fn sum(&self) -> Totals {
        let (cells, uncounted) = match self.cells {
            Cells::Counted(cells) => (cells, 0),
            Cells::Stale | Cells::Unknown => (0, self.bytes),
        };
        Totals {
            bytes: self.bytes,
            cells,
            uncounted,
            stale: usize::from(self.cells == Cells::Stale),
        }
    }
}

/// A part of a row, as far as it is counted or not in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedStretch {
    /// Bytes from the start of the row.
    pub columns: Range<usize>,
    /// Cells from the start of the row, by what is counted and by estimate.
    pub cells: Range<u64>,
    /// Whether the cells of this part are counted. Where it begins may still be an estimate.
    pub is_counted: bool,
}

/// What was counted of a row: pieces that follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountedCells {
    /// Where the first begins, in bytes from the start of the row.
    pub start: usize,
    /// Bytes and cells of each.
    pub pieces: Vec<(usize, u64)>,
}

impl CountedCells {
    /// Where the last piece ends.
    pub fn end(&self) -> usize {
        self.start + self.pieces.iter().map(|piece| piece.0).sum::<usize>()
    }
}

impl std::fmt::Debug for CellCounts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CellCounts")
            .field("totals", self.stretches.sum())
            .field("pieces", &self.stretches.len())
            .finish()
    }
}

impl CellCounts {
    /// Edited bytes that are counted again at once, at most; more are left to the background.
    pub const MOST_STALE: usize = 64 * 1024;

    /// A row of so many bytes, nothing of it counted. In the first `aligned` of them the cells of a tab
    /// depend on what is before it; `density` is how many cells a byte is believed to take.
    pub fn new(bytes: usize, aligned: usize, density: f64) -> Self {
        Self {
            stretches: SumTree::new(unknown(bytes).into_iter().collect()),
            density: density.max(0.),
            aligned,
        }
    }

    /// Bytes of the row.
    pub fn len(&self) -> usize {
        self.stretches.sum().bytes
    }

    /// Whether the row has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cells of the whole row, by what is counted and by estimate.
    pub fn cells(&self) -> u64 {
        self.position(self.stretches.sum())
    }

    /// Whether nothing of the row is an estimate.
    pub fn is_counted(&self) -> bool {
        self.stretches.sum().uncounted == 0
    }

    /// The part that holds a byte; the last one for a byte at the end or past it.
    pub fn at_column(&self, column: usize) -> CountedStretch {
        let column = column.min(self.len().saturating_sub(1));
        self.stretch(&self.stretches.find(|end| end.bytes <= column))
    }

    /// The part that holds a cell; the last one for a cell past the row.
    pub fn at_cell(&self, cell: u64) -> CountedStretch {
        let found = self.stretches.find(|end| self.position(end) <= cell);
        match found.item {
            Some(_) => self.stretch(&found),
            None => self.at_column(self.len()),
        }
    }

    /// Cells before a byte, by what is counted and by estimate. Within a counted part that is shared
    /// out evenly.
    pub fn cell_at(&self, column: usize) -> u64 {
        let stretch = self.at_column(column);
        let inside = column.min(stretch.columns.end) - stretch.columns.start;
        let cells = (stretch.cells.end - stretch.cells.start) as f64;
        let part = inside as f64 / stretch.columns.len().max(1) as f64;
        stretch.cells.start + (cells * part).round() as u64
    }

    /// The byte at which a cell is believed to be.
    pub fn column_at(&self, cell: u64) -> usize {
        let stretch = self.at_cell(cell);
        let cells = stretch.cells.end - stretch.cells.start;
        let inside = cell.saturating_sub(stretch.cells.start).min(cells) as f64;
        let part = inside / cells.max(1) as f64;
        stretch.columns.start + (stretch.columns.len() as f64 * part) as usize
    }

    /// The first part at or behind a byte that is not counted, if there is one.
    pub fn uncounted_from(&self, column: usize) -> Option<CountedStretch> {
        self.next(column, |sum| sum.uncounted > 0)
    }

    /// The first part that was counted before an edit, and should be again.
    pub fn stale(&self) -> Option<CountedStretch> {
        self.next(0, |sum| sum.stale > 0)
    }

    fn next(&self, column: usize, wanted: impl Fn(&Totals) -> bool) -> Option<CountedStretch> {
        let from = self.stretches.find(|end| end.bytes <= column).index;
        let index = self.stretches.first_from(from, wanted)?;
        Some(self.stretch(&self.stretches.get(index)))
    }

    /// Takes what was counted, in place of what is known of those bytes. Of parts that it covers to a
    /// part alone, the rest is not counted any more; what reaches past the row is left out.
    pub fn take(&mut self, counted: &CountedCells) {
        let end = counted.end();
        if counted.pieces.is_empty() || end > self.len() {
            return;
        }
        let first = self.stretches.find(|sum| sum.bytes <= counted.start);
        let last = self.stretches.find(|sum| sum.bytes < end);
        let before = unknown(counted.start.saturating_sub(first.start.bytes));
        let after = unknown(last.end().bytes - end);
        let range = first.index..last.index + 1;
        let pieces = counted.pieces.iter().map(|(bytes, cells)| Piece {
            bytes: *bytes,
            cells: Cells::Counted(*cells),
        });
        let items = before.into_iter().chain(pieces).chain(after).collect();
        self.stretches = self.stretches.replace(range, items);
    }

    /// Bytes of the row were replaced by `new` others. What is counted elsewhere stays so.
    pub fn edit(&mut self, old: Range<usize>, new: usize) {
        let old = old.start.min(self.len())..old.end.min(self.len());
        if self.is_empty() {
            self.stretches = SumTree::new(unknown(new).into_iter().collect());
            return;
        }
        // Tabs behind it may reach to other stops now, or be aligned no more.
        let changed = match old.start < self.aligned {
            true => old.end.max(self.aligned + old.len()),
            false => old.end,
        };
        // A piece that ends where the edit begins may be cut in the middle of a character now.
        let first = self.stretches.find(|sum| sum.bytes < old.start);
        let last = self.stretches.find(|sum| sum.bytes <= changed);
        let (start, index) = (first.start.bytes, first.index);
        let (end, behind) = match last.item {
            Some(_) => (last.end().bytes, last.index + 1),
            None => (self.len(), self.stretches.len()),
        };
        let bytes = end - start - old.len() + new;
        let mut touched = self.stretches.iter_from(index).take(behind - index);
        let is_known = touched.all(|piece| piece.cells != Cells::Unknown);
        let piece = match is_known && bytes <= Self::MOST_STALE {
            true => Some(Piece {
                bytes,
                cells: Cells::Stale,
            }),
            false => unknown(bytes),
        };
        let piece = piece.filter(|piece| piece.bytes > 0);
        self.stretches = self
            .stretches
            .replace(index..behind, piece.into_iter().collect());
    }

    /// The row is `bytes` long now: what is behind that is cut off, what is missing is not counted.
    pub fn resize(&mut self, bytes: usize) {
        let len = self.len();
        if bytes < len {
            self.edit(bytes..len, 0);
        } else if bytes > len {
            let end = self.stretches.len();
            let more = unknown(bytes - len).into_iter().collect();
            self.stretches = self.stretches.replace(end..end, more);
        }
    }

    /// Leaves what was edited to be counted with everything else.
    pub fn forget_stale(&mut self) {
        while let Some(stretch) = self.stale() {
            let index = self
                .stretches
                .find(|sum| sum.bytes <= stretch.columns.start)
                .index;
            let items = unknown(stretch.columns.len()).into_iter().collect();
            self.stretches = self.stretches.replace(index..index + 1, items);
        }
    }

    fn position(&self, totals: &Totals) -> u64 {
        totals.cells + (totals.uncounted as f64 * self.density).round() as u64
    }

    fn stretch(&self, found: &Found<'_, Piece>) -> CountedStretch {
        let end = found.end();
        CountedStretch {
            columns: found.start.bytes..end.bytes,
            cells: self.position(&found.start)..self.position(&end),
            is_counted: found
                .item
                .is_none_or(|piece| matches!(piece.cells, Cells::Counted(_))),
        }
    }
}

fn unknown(bytes: usize) -> Option<Piece> {
    (bytes > 0).then_some(Piece {
        bytes,
        cells: Cells::Unknown,
    })
}
