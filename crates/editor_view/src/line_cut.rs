//! Lines of another text that stand in rows of their own are cut as those of the text are.

use std::ops::Range;
use std::sync::Arc;

use editor_core::display_map::{WrapRule, cut_line};
use gpui_kit::{HighlightStyle, SharedString};

use crate::view::EditorView;
use crate::wrapping::CellMeasure;

/// Of more lines than this in one place none is cut.
const MAX_LINES: usize = 1000;

/// How lines are cut in a view that wraps them.
#[derive(Clone)]
pub(crate) struct LineCut {
    rule: WrapRule,
    measure: Arc<CellMeasure>,
}

impl PartialEq for LineCut {
    fn eq(&self, other: &Self) -> bool {
        self.rule == other.rule && Arc::ptr_eq(&self.measure, &other.measure)
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

impl LineCut {
    /// The rows of lines, line by line; a row each where there is no rule, or there are very many.
    pub(crate) fn rows(cut: Option<&Self>, lines: &[SharedString]) -> Vec<Vec<RowPart>> {
        let cut = cut.filter(|_| lines.len() <= MAX_LINES);
        lines.iter().map(|line| Self::rows_of(cut, line)).collect()
    }

    fn rows_of(cut: Option<&Self>, line: &str) -> Vec<RowPart> {
        let (cuts, indent) = match cut {
            Some(cut) => cut_line(line, cut.rule, &*cut.measure),
            None => (Vec::new(), 0),
        };
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain([line.len()]);
        let parts = starts.zip(ends).map(|(start, end)| RowPart {
            bytes: start..end,
            indent: if start == 0 { 0 } else { indent },
        });
        parts.collect()
    }

    /// How many rows some lines take.
    pub(crate) fn count(cut: Option<&Self>, lines: &[SharedString]) -> u32 {
        let rows = Self::rows(cut, lines);
        rows.iter().map(Vec::len).sum::<usize>() as u32
    }
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
    /// Has lines of other texts take as many rows as they are cut into by a rule of the text's.
    pub(crate) fn cut_other_lines(&mut self, rule: Option<WrapRule>) {
        let measure = self.measure.clone();
        let cut = rule.zip(measure);
        let cut = cut.map(|(rule, measure)| LineCut { rule, measure });
        if let Some(changed) = self.blocks.cut_by(cut, self.display.blocks()) {
            let ids: Vec<_> = changed.iter().map(|block| block.id).collect();
            self.keeping_top(|view| view.display.splice_blocks(&ids, changed));
        }
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
