//! All layers at once: what a view asks when it draws, hit-tests and moves carets.

use std::ops::{ControlFlow, Range};

use super::block_map::{BlockId, BlockRow, BlockSnapshot};
use super::extent::{DisplayPoint, FoldPoint};
use super::fold_map::FoldSnapshot;
use super::inlay_map::Source;
use super::tab_map::TabSnapshot;
use super::wrap_map::WrapSnapshot;
use crate::{Bias, Text};

/// What is on the screen, immutable and cheap to clone.
#[derive(Debug, Clone)]
pub struct DisplaySnapshot {
    blocks: BlockSnapshot,
}

/// One row of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisplayRow {
    /// Text.
    Text(TextRow),
    /// A row of a block, counted from its first.
    Block(BlockId, u32),
}

/// A row of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRow {
    /// The row of the document that it begins in, from 0.
    pub line: usize,
    /// What it shows, with inlays and placeholders, before tabs are expanded.
    pub columns: Range<FoldPoint>,
    /// The bytes of the document from its first to its last, with those folded away inside it.
    pub range: Range<usize>,
    /// Cells of indentation before its text, which are not in the document; not 0 only for
    /// continuation rows.
    pub indent: u32,
    /// Cells of its line before its text, for tab stops.
    pub start_cell: u32,
    /// Whether it goes on with the line of the row before it.
    pub continues: bool,
    /// Whether its line goes on in the next row.
    pub is_cut: bool,
}

impl DisplaySnapshot {
    pub(crate) fn new(blocks: BlockSnapshot) -> Self {
        Self { blocks }
    }

    /// The upper layer.
    pub fn blocks(&self) -> &BlockSnapshot {
        &self.blocks
    }

    /// The layer of wrapped rows.
    pub fn wraps(&self) -> &WrapSnapshot {
        self.blocks.wraps()
    }

    /// The layer of expanded tabs.
    pub fn tabs(&self) -> &TabSnapshot {
        self.wraps().tabs()
    }

    /// The layer of folds.
    pub fn folds(&self) -> &FoldSnapshot {
        self.tabs().folds()
    }

    /// The document.
    pub fn text(&self) -> &Text {
        self.folds().inlays().text()
    }

    /// The rows of the screen, at least 1.
    pub fn row_count(&self) -> usize {
        self.blocks.row_count() as usize
    }

    /// The last place of the text.
    pub fn max_point(&self) -> DisplayPoint {
        self.blocks.max_point()
    }

    /// Where a byte of the document is; beside inlays, and in a fold, by `bias`.
    pub fn to_display_point(&self, offset: usize, bias: Bias) -> DisplayPoint {
        let place = self.folds().from_offset(offset, bias);
        let place = self.wraps().to_wrap_point(self.tabs().to_tab_point(place));
        self.blocks.to_display_point(place)
    }

    /// The row of the screen that shows a byte of the document.
    pub fn row_of(&self, offset: usize) -> usize {
        self.to_display_point(offset, Bias::Left).row() as usize
    }

    /// The byte of the document at a place on the screen.
    pub fn to_offset(&self, place: DisplayPoint, bias: Bias) -> usize {
        let place = self.blocks.to_wrap_point(place, bias);
        let place = self
            .tabs()
            .to_fold_point(self.wraps().to_tab_point(place), bias);
        self.folds().to_offset(place, bias)
    }

    /// The nearest place where a caret can stand.
    pub fn clip(&self, place: DisplayPoint, bias: Bias) -> DisplayPoint {
        self.blocks.clip(place, bias)
    }

    /// What a row of the screen holds; a row past the end is the last one of text.
    pub fn row(&self, row: usize) -> DisplayRow {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.blocks.row(row) {
            BlockRow::Block(id, line) => DisplayRow::Block(id, line),
            BlockRow::Wrap(row) => DisplayRow::Text(self.text_row(row)),
        }
    }

    pub(super) fn text_row(&self, row: u32) -> TextRow {
        let (tabs, folds, wraps) = (self.tabs(), self.folds(), self.wraps());
        let range = wraps.row_range(row);
        let start = tabs.to_fold_point(range.start, Bias::Left);
        let end = tabs.to_fold_point(range.end, Bias::Right);
        let bytes = folds.to_offset(start, Bias::Left)..folds.to_offset(end, Bias::Right);
        TextRow {
            line: self.text().row_at(bytes.start),
            continues: range.start.column() > 0,
            is_cut: row + 1 < wraps.row_count() && wraps.is_continuation(row + 1),
            indent: if range.start.column() > 0 {
                wraps.indent(row)
            } else {
                0
            },
            start_cell: tabs.cells_at(start),
            columns: start..end,
            range: bytes,
        }
    }

    /// The rows of a range that hold text, with their numbers.
    pub fn text_rows(&self, rows: Range<usize>) -> impl Iterator<Item = (usize, TextRow)> + '_ {
        rows.filter_map(|row| match self.row(row) {
            DisplayRow::Text(text) => Some((row, text)),
            DisplayRow::Block(..) => None,
        })
    }

    /// Visits the pieces of a row of text, before tabs are expanded, in order.
    pub fn visit_row(&self, row: &TextRow, mut visit: impl FnMut(&str, Source)) {
        let done = self
            .folds()
            .visit(row.columns.clone(), &mut |piece, source| {
                visit(piece, source);
                ControlFlow::Continue(())
            });
        debug_assert!(done.is_continue());
    }

    /// The text of a row with its tabs expanded and its indentation; empty for a block's row.
    pub fn row_text(&self, row: usize) -> String {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let BlockRow::Wrap(row) = self.blocks.row(row) else {
            return String::new();
        };
        let range = self.wraps().row_range(row);
        let indent = self.wraps().indent(row) as usize;
        let columns = range.start.column()..range.end.column();
        let mut text = " ".repeat(if columns.start > 0 { indent } else { 0 });
        text.push_str(&self.tabs().slice(range.start.row(), columns));
        text
    }
}
