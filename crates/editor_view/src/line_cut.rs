//! Lines of another text that stand in rows of their own are cut as those of the text are.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::display_map::{Block, BlockId, DisplayRow, WrapRule, cut_line};
use gpui_kit::{HighlightStyle, SharedString};

use crate::view::EditorView;
use crate::wrapping::CellMeasure;

/// How lines are cut in a view that wraps them.
#[derive(Clone)]
pub(crate) struct LineCut {
    rule: WrapRule,
    /// Cells of a level of indentation.
    level: u32,
    measure: Arc<CellMeasure>,
}

impl PartialEq for LineCut {
    fn eq(&self, other: &Self) -> bool {
        (self.rule, self.level) == (other.rule, other.level)
            && Arc::ptr_eq(&self.measure, &other.measure)
    }
}

/// What stands in one row of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowPart {
    /// Its bytes in the line.
    pub bytes: Range<usize>,
    /// The cells that it is indented by.
    pub indent: u32,
}

/// What stands in the rows of lines, line by line.
pub(crate) type Rows = Rc<[Vec<RowPart>]>;

impl LineCut {
    /// The rows of lines.
    pub(crate) fn rows(&self, lines: &[SharedString]) -> Rows {
        lines.iter().map(|line| self.rows_of(line)).collect()
    }

    fn rows_of(&self, line: &str) -> Vec<RowPart> {
        let (cuts, indent) = cut_line(line, self.rule, self.level, &*self.measure);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain([line.len()]);
        let parts = starts.zip(ends).map(|(start, end)| RowPart {
            bytes: start..end,
            indent: if start == 0 { 0 } else { indent },
        });
        parts.collect()
    }
}

/// What stands in the rows of one of some lines: all of it in one, where they are not cut.
pub(crate) fn parts_of(rows: Option<&Rows>, index: usize, line: &str) -> Vec<RowPart> {
    let cut = rows.and_then(|rows| rows.get(index)).cloned();
    cut.unwrap_or_else(|| {
        vec![RowPart {
            bytes: 0..line.len(),
            indent: 0,
        }]
    })
}

/// How the part of a line in a row is drawn; `styles` is how the line is.
pub(crate) fn styles_in(
    styles: &[(Range<usize>, HighlightStyle)],
    part: &RowPart,
) -> Vec<(Range<usize>, HighlightStyle)> {
    let RowPart { bytes, .. } = part;
    let inside = styles.iter().filter_map(|(place, style)| {
        let start = place.start.max(bytes.start);
        let end = place.end.min(bytes.end);
        (start < end).then(|| (start - bytes.start..end - bytes.start, *style))
    });
    inside.collect()
}

impl EditorView {
    /// Has lines of other texts take as many rows as they are cut into by a rule of the text's: those
    /// near the view. The others are cut once they come there; until then each has a row, or as many as
    /// it had last.
    pub(crate) fn cut_other_lines(&mut self, rule: Option<WrapRule>) {
        let level = self.tab_size();
        let cut = rule.zip(self.measure.clone());
        let cut = cut.map(|(rule, measure)| LineCut {
            rule,
            level,
            measure,
        });
        let mut changed: HashMap<BlockId, u32> = self.blocks.cut_by(cut).into_iter().collect();
        if self.blocks.has_uncut() {
            let snapshot = self.display.snapshot();
            let (top, page) = (self.scroll.top.max(0.) as usize, self.page_rows());
            let around = |row: usize, pages: usize| {
                row.saturating_sub(page)..(row + pages * page).min(snapshot.row_count())
            };
            // The rows above a caret that is brought into view decide how far to scroll.
            let revealed = self.reveal.map_or(0..0, |_| {
                let head = self.revealed_byte().min(snapshot.text().len());
                around(snapshot.row_of(head), 1)
            });
            let mut last = None;
            for row in around(top, 3).chain(revealed) {
                if let DisplayRow::Block(id, _) = snapshot.row(row)
                    && last.replace(id) != Some(id)
                {
                    changed.extend(self.blocks.cut_block(id).map(|rows| (id, rows)));
                }
            }
        }
        if changed.is_empty() {
            return;
        }
        let placed = self.display.blocks().iter();
        let placed: Vec<Block> = placed
            .filter_map(|block| {
                let height = *changed.get(&block.id)?;
                Some(Block {
                    height,
                    ..block.clone()
                })
            })
            .collect();
        let ids: Vec<BlockId> = placed.iter().map(|block| block.id).collect();
        self.keeping_top(|view| view.display.splice_blocks(&ids, placed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_styles_of_a_row_are_those_of_its_part_of_the_line() {
        let style = HighlightStyle::default();
        let part = RowPart {
            bytes: 4..8,
            indent: 2,
        };
        let styles = [(0..2, style), (3..5, style), (6..7, style), (7..12, style)];
        let places = styles_in(&styles, &part)
            .into_iter()
            .map(|(place, _)| place);
        assert_eq!(places.collect::<Vec<_>>(), [0..1, 2..3, 3..4]);
    }
}
