use crate::multi_caret::MAX_CARETS;
use crate::{Bias, ChangeSet, Selection, Selections, Text, column_at_offset, offset_at_column};

/// A row and a display column, which may lie past the row's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Row, from zero.
    pub row: usize,
    /// Cells from the row's start.
    pub column: u32,
}

/// A cell that stays where it is in the text while that is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellAnchor {
    /// The byte that it is at, or the end of its row where it lies past that.
    offset: usize,
    /// How many cells it lies past that.
    past: u32,
}

impl CellAnchor {
    /// Holds on to a cell.
    pub fn new(cell: Cell, text: &Text, tab_size: u32) -> Self {
        let row = cell.row.min(text.line_count() - 1);
        let offset = offset_at_column(text, row, cell.column, tab_size);
        let column = column_at_offset(text, offset, tab_size);
        Self {
            offset,
            past: cell.column.saturating_sub(column),
        }
    }

    /// Follows a change of the text; what is put in right there goes before it.
    pub fn follow(&mut self, changes: &ChangeSet) {
        self.offset = changes.map_offset(self.offset, Bias::Right);
    }

    /// Where it is now.
    pub fn cell(self, text: &Text, tab_size: u32) -> Cell {
        let offset = text.floor_char_boundary(self.offset.min(text.len()));
        Cell {
            row: text.row_at(offset),
            column: column_at_offset(text, offset, tab_size).saturating_add(self.past),
        }
    }
}

/// A box of cells from one corner to another, and the selections that it makes: one a row.
///
/// Rows that end before the box are left out, as in VS Code; where all do, each has a caret at its
/// end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSelection {
    /// The corner that stays.
    pub anchor: Cell,
    /// The corner where the caret is.
    pub head: Cell,
}

impl ColumnSelection {
    /// The box with a selection's ends as its corners.
    pub fn from_selection(text: &Text, selection: &Selection, tab_size: u32) -> Self {
        let cell = |offset| Cell {
            row: text.row_at(offset),
            column: column_at_offset(text, offset, tab_size),
        };
        Self {
            anchor: cell(selection.anchor),
            head: cell(selection.head),
        }
    }

    /// The box whose corner is so many rows and columns further on; it stays in the text, and goes
    /// no further to the right than the longest of its rows.
    #[must_use]
    pub fn moved(&self, text: &Text, rows: isize, columns: i32, tab_size: u32) -> Self {
        let last = text.line_count() - 1;
        let row = self.head.row.saturating_add_signed(rows).min(last);
        let mut column = self.head.column.saturating_add_signed(columns);
        if columns > 0 {
            let rows = self.anchor.row.min(row)..=self.anchor.row.max(row);
            let widest = rows
                .take(MAX_CARETS)
                .map(|row| column_at_offset(text, text.line_end(row), tab_size))
                .max()
                .unwrap_or(0);
            column = column.min(widest.max(self.head.column));
        }
        Self {
            head: Cell { row, column },
            ..*self
        }
    }

    /// How many rows of the box are left out of [`Self::selections`], for [`MAX_CARETS`].
    pub fn rows_left_out(&self, text: &Text) -> usize {
        let last = text.line_count() - 1;
        let (from, to) = (self.anchor.row.min(last), self.head.row.min(last));
        (from.abs_diff(to) + 1).saturating_sub(MAX_CARETS)
    }

    /// The selections, the one at the head's row being the primary; of [`MAX_CARETS`] rows at most,
    /// from the anchor on.
    pub fn selections(&self, text: &Text, tab_size: u32) -> Selections {
        let last = text.line_count() - 1;
        let (from, to) = (self.anchor.row.min(last), self.head.row.min(last));
        let rows: Vec<usize> = if from <= to {
            (from..=to).take(MAX_CARETS).collect()
        } else {
            (to..=from).rev().take(MAX_CARETS).collect()
        };
        let left = self.anchor.column.min(self.head.column);
        let mut selections = Vec::with_capacity(rows.len());
        for row in &rows {
            let anchor = offset_at_column(text, *row, self.anchor.column, tab_size);
            let head = offset_at_column(text, *row, self.head.column, tab_size);
            let width = column_at_offset(text, text.line_end(*row), tab_size);
            if left <= width {
                selections.push(Selection::new(anchor, head));
            }
        }
        if selections.is_empty() {
            let ends = rows.iter().map(|row| Selection::caret(text.line_end(*row)));
            selections.extend(ends);
        }
        let primary = selections.len() - 1;
        Selections::new(selections, primary)
    }
}
