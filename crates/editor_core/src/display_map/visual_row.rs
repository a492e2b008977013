//! Rows of text as carets move by them, and the cells in them.

use std::ops::{ControlFlow, Range};

use unicode_segmentation::UnicodeSegmentation as _;

use super::extent::{FoldPoint, to_u32};
use super::snapshot::{DisplaySnapshot, TextRow};
use crate::Bias;
use crate::column;

/// Past this many bytes into a row a cell is a byte, so that one row of 200 MB does not make every
/// key press walk it.
const LONG_ROW: u32 = 64 * 1024;

/// The number of a row of text, from zero, block rows not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisualRow(u32);

impl VisualRow {
    /// The first row.
    pub const FIRST: Self = Self(0);

    /// The row so many rows down (or up, where negative); none above the first.
    pub fn moved(self, rows: isize) -> Option<Self> {
        let row = (self.0 as usize).checked_add_signed(rows)?;
        Some(Self(to_u32(row)))
    }

    /// Rows from here down to another; negative where that is further up.
    pub fn distance_to(self, other: Self) -> isize {
        let distance = i64::from(other.0) - i64::from(self.0);
        isize::try_from(distance).unwrap_or(isize::MAX)
    }
}

impl DisplaySnapshot {
    /// The row of text that shows a byte of the document.
    pub fn visual_row_of(&self, offset: usize) -> VisualRow {
        VisualRow(self.wraps().row_of(offset, Bias::Left))
    }

    /// The last row of text.
    pub fn last_visual_row(&self) -> VisualRow {
        VisualRow(self.wraps().row_count() - 1)
    }

    /// What a row of text holds; a row past the last is the last.
    pub fn visual_row(&self, row: VisualRow) -> TextRow {
        self.text_row(row.min(self.last_visual_row()).0)
    }

    /// The last place in a row where a caret can stand: its end or, where its line goes on in the
    /// next row, the place before its last character. Not behind a placeholder at the row's end: what
    /// is typed there would go into what is hidden.
    pub fn last_caret(&self, row: VisualRow) -> usize {
        let row = self.visual_row(row);
        self.last_caret_of(&row)
    }

    /// [`DisplaySnapshot::last_caret`] of a row that is known.
    pub fn last_caret_of(&self, row: &TextRow) -> usize {
        if row.is_cut {
            self.text()
                .prev_grapheme(row.range.end)
                .max(row.range.start)
        } else {
            let end = row.range.end;
            self.hidden_around(end).map_or(end, |hidden| hidden.start)
        }
    }

    /// The bytes that are hidden together with a byte, where it is hidden. The start of a fold is
    /// not; its end is where the row ends behind the placeholder.
    pub fn hidden_around(&self, offset: usize) -> Option<Range<usize>> {
        let folds = self.folds();
        let place = folds.inlays().to_inlay_point(offset, Bias::Right);
        if let Some(around) = folds.fold_around(place) {
            let offset = |place| folds.inlays().to_offset(place);
            return Some(offset(around.start)..offset(around.end));
        }
        if offset != self.text().line_end(self.text().row_at(offset)) {
            return None;
        }
        let place = folds.from_offset(offset, Bias::Left);
        let before = FoldPoint::new(place.row(), place.column().checked_sub(1)?);
        folds.fold_at(before).filter(|hidden| hidden.end == offset)
    }

    /// Where text is shown again at or behind a byte: the byte itself where it is not hidden. Behind
    /// a fold at the end of its row that is the start of the next row.
    pub fn past_hidden(&self, offset: usize) -> usize {
        let Some(hidden) = self.hidden_around(offset) else {
            return offset;
        };
        match self.hidden_around(hidden.end) {
            None => hidden.end,
            Some(_) => self.text().next_grapheme(hidden.end),
        }
    }

    /// Cells of a monospaced font from the left edge of its row to a byte of the document, with tabs
    /// to the next stop and wide East Asian characters as two (Unicode UAX #11).
    pub fn cell_of(&self, offset: usize) -> u32 {
        let row = self.visual_row(self.visual_row_of(offset));
        let place = self.folds().from_offset(offset, Bias::Left).column();
        let mut cell = row.indent;
        let mut end = row.columns.start.column();
        self.visit_cells(&row, |column, width, bytes| {
            if column >= place {
                return ControlFlow::Break(());
            }
            cell += width;
            end = column + bytes;
            ControlFlow::Continue(())
        });
        cell.saturating_add(place.saturating_sub(end))
    }

    /// The byte of the document in a row that is nearest to a cell, at a grapheme boundary; the last
    /// place for a caret for a cell past the row.
    pub fn offset_at_cell(&self, row: VisualRow, cell: u32) -> usize {
        let row = self.visual_row(row);
        let number = row.columns.start.row();
        let mut at = row.indent;
        let mut column = row.columns.start.column();
        let mut found = None;
        self.visit_cells(&row, |start, width, bytes| {
            if cell < at + width {
                let past_middle = (cell.saturating_sub(at)) * 2 > width;
                found = Some(if past_middle { start + bytes } else { start });
                return ControlFlow::Break(());
            }
            at += width;
            column = start + bytes;
            ControlFlow::Continue(())
        });
        let column = found.unwrap_or_else(|| {
            let rest = cell.saturating_sub(at);
            column.saturating_add(rest).min(row.columns.end.column())
        });
        let place = self
            .folds()
            .clip(FoldPoint::new(number, column), Bias::Left);
        let offset = self.folds().to_offset(place, Bias::Left);
        offset.clamp(row.range.start, self.last_caret_of(&row))
    }

    /// Visits the graphemes of a row, as far as they are counted: the column where one starts, its
    /// cells, and its bytes.
    fn visit_cells(&self, row: &TextRow, mut visit: impl FnMut(u32, u32, u32) -> ControlFlow<()>) {
        let number = row.columns.start.row();
        let start = row.columns.start.column();
        let end = row.columns.end.column().min(start.saturating_add(LONG_ROW));
        let end = self.folds().clip(FoldPoint::new(number, end), Bias::Left);
        let shown = self.folds().slice(row.columns.start..end);
        let mut cell = row.start_cell;
        for (index, grapheme) in shown.grapheme_indices(true) {
            let width = column::width(grapheme, cell, self.tabs().tab_size());
            let at = start + to_u32(index);
            if visit(at, width, to_u32(grapheme.len())).is_break() {
                return;
            }
            cell += width;
        }
    }
}
