//! The geometry of one frame: which rows are where, so that painting, the mouse and the input method
//! agree on it.

use std::ops::Range;
use std::rc::Rc;

use editor_core::display_map::DisplaySnapshot;
use editor_core::{Bias, Text};
use gpui_kit::{Bounds, Pixels, Point, point, px, size};
use settings::LineNumbers;
use smallvec::SmallVec;
use syntax::HighlightSpan;

use crate::blocks::VisibleBlock;
use crate::bracket_guides::BracketGuide;
use crate::editor_style::EditorStyle;
use crate::fold_marks::FoldMark;
use crate::minimap::MinimapFrame;
use crate::row_shaper::{Row, column_in, offset_in};
use crate::scroll::{ScrollExtent, ScrollPosition, thumb, wide};
use crate::sticky_scroll::StickyRow;

/// Space to the left of the line numbers.
const GUTTER_LEFT: Pixels = px(14.);
/// Space between the line numbers and the text.
const GUTTER_RIGHT: Pixels = px(18.);
/// The gutter does not jump while a new file grows to 1,000 lines.
const GUTTER_DIGITS: usize = 3;
/// Width of the strip that a scrollbar lives in.
pub(crate) const SCROLLBAR: Pixels = px(12.);

/// What was laid out for a frame.
pub(crate) struct Frame {
    /// The whole element.
    pub bounds: Bounds<Pixels>,
    /// The part with line numbers.
    pub gutter: Bounds<Pixels>,
    /// The part with text.
    pub text_area: Bounds<Pixels>,
    /// Width of the scrollbar's strip over the right edge of the text; none where the minimap is
    /// between them.
    pub covered: Pixels,
    pub minimap: Option<MinimapFrame>,
    pub extent: ScrollExtent,
    pub scroll: ScrollPosition,
    pub style: Rc<EditorStyle>,
    /// Cells of one level of the document's indentation.
    pub indent_size: u32,
    /// What was laid out.
    pub display: DisplaySnapshot,
    /// The rows on the screen that were looked at; those that hold text are in `rows`.
    pub row_range: Range<usize>,
    pub rows: Vec<Row>,
    pub blocks: Vec<VisibleBlock>,
    /// The rows that can be folded, or are.
    pub fold_marks: Vec<FoldMark>,
    /// The bytes of the document that the rows show, in order and apart from each other.
    pub shown: Vec<Range<usize>>,
    /// The places in the rows that lead elsewhere, as a language server says.
    pub links: Vec<Range<usize>>,
    /// The syntax highlights of the rows.
    pub highlights: Rc<[HighlightSpan]>,
    /// The lines beside pairs of brackets, outer before inner.
    pub bracket_guides: Rc<[BracketGuide]>,
    /// The characters that are boxed, in order.
    pub unusual: Rc<[Range<usize>]>,
    /// The rows that are pinned at the top, top down.
    pub sticky: Vec<StickyRow>,
}

impl Frame {
    /// Width of the gutter for a text of `rows` rows.
    pub(crate) fn gutter_width(rows: usize, style: &EditorStyle) -> Pixels {
        let digits = match style.line_numbers {
            LineNumbers::Off => 0,
            _ => (rows.max(1).ilog10() as usize + 1).max(GUTTER_DIGITS),
        };
        style.scaled(GUTTER_LEFT + GUTTER_RIGHT) + style.cell_width * digits as f32
    }

    /// The right edge of line numbers.
    pub(crate) fn number_right(&self) -> Pixels {
        self.gutter.right() - self.style.scaled(GUTTER_RIGHT)
    }

    /// The top edge of a row in the window.
    pub(crate) fn row_top(&self, row: usize) -> Pixels {
        self.below_top(row as f64 - self.scroll.top)
    }

    /// What is so many rows below the top edge of the view, in the window.
    pub(crate) fn below_top(&self, rows: f64) -> Pixels {
        self.bounds.top() + px((rows * wide(self.style.line_height)) as f32)
    }

    /// The rectangle of a stretch of a row.
    pub(crate) fn span_bounds(&self, span: RowSpan) -> Bounds<Pixels> {
        Bounds::new(
            point(span.left, self.row_top(span.row)),
            size(span.right - span.left, self.style.line_height),
        )
    }

    /// What is so many cells from the left edge of the text, in the window.
    pub(crate) fn x_of(&self, cells: f64) -> Pixels {
        let x = wide(self.style.cell_width) * cells - self.scroll.left;
        self.text_area.left() + px(x as f32)
    }

    /// The cells of the text to the left of a place in the window.
    pub(crate) fn cells_at(&self, x: Pixels) -> f64 {
        (wide(x - self.text_area.left()) + self.scroll.left) / wide(self.style.cell_width)
    }

    /// The left edge of column 0 in the window.
    pub(crate) fn text_left(&self) -> Pixels {
        self.x_of(0.)
    }

    /// The text that was laid out.
    pub(crate) fn text(&self) -> &Text {
        self.display.text()
    }

    /// The rows of text that were laid out and show a part of a range, its ends included.
    fn rows_touching(&self, range: &Range<usize>) -> &[Row] {
        let first = self
            .rows
            .partition_point(|row| row.text.range.end < range.start);
        let last = self
            .rows
            .partition_point(|row| row.text.range.start <= range.end);
        &self.rows[first..last.max(first)]
    }

    /// The laid out row that shows a byte of the document.
    pub(crate) fn row_of(&self, offset: usize) -> Option<&Row> {
        let row = self.display.row_of(offset);
        let index = self.rows.binary_search_by_key(&row, |row| row.row).ok()?;
        Some(&self.rows[index])
    }

    /// The row at a height in the window; the first or last where there is none.
    pub(crate) fn row_at(&self, y: Pixels) -> usize {
        let rows = f64::from((y - self.bounds.top()) / self.style.line_height);
        let row = (self.scroll.top + rows).floor().max(0.) as usize;
        row.min(self.extent.rows.saturating_sub(1))
    }

    /// The offset nearest to a place in the window. Places above or below the view give an offset in
    /// the first or last row that was laid out.
    pub(crate) fn offset_at(&self, position: Point<Pixels>) -> usize {
        let wanted = self.row_at(position.y);
        let index = self.rows.partition_point(|row| row.row <= wanted);
        let Some(row) = self.rows.get(index.saturating_sub(1)) else {
            return 0;
        };
        let column = row.column_for_x(position.x - self.text_area.left());
        let range = row.text.range.clone();
        let last = self.display.last_caret_of(&row.text);
        let offset = offset_in(&self.display, &row.text, column).min(last);
        // A place inside a grapheme is not a place for a caret.
        if offset == range.start || offset == last {
            return offset;
        }
        let text = self.text();
        text.prev_grapheme(text.next_grapheme(offset))
            .max(range.start)
    }

    /// Where a caret before `offset` stands, if its row was laid out.
    pub(crate) fn caret_bounds(&self, offset: usize) -> Option<Bounds<Pixels>> {
        let row = self.row_of(offset)?;
        let column = column_in(&self.display, &row.text, offset, Bias::Left, Bias::Left);
        let x = self.text_area.left() + row.x_for_column(column);
        Some(Bounds::new(
            point(x, self.row_top(row.row)),
            size(px(2.), self.style.line_height),
        ))
    }

    /// The rectangles of a range in the laid out rows. A row whose line end is in the range gets a
    /// little space after its text.
    pub(crate) fn range_spans(&self, range: Range<usize>) -> Vec<RowSpan> {
        if range.is_empty() {
            return Vec::new();
        }
        let left = self.text_area.left();
        let mut spans = Vec::new();
        for row in self.rows_touching(&range) {
            let text = &row.text;
            let start = range.start.max(text.range.start);
            let end = range.end.min(text.range.end);
            let with_line_end = range.end > text.range.end && !text.is_cut;
            let mut parts: SmallVec<[(Pixels, Pixels); 1]> = if start < end {
                let column = |offset, beside_inlays, in_fold| {
                    column_in(&self.display, text, offset, beside_inlays, in_fold)
                };
                // What a range covers is its text alone, and the whole of a fold that it reaches into.
                let start = column(start, Bias::Right, Bias::Left);
                row.spans(start..column(end, Bias::Left, Bias::Right))
            } else {
                SmallVec::new()
            };
            if with_line_end {
                let x = row.x_for_column(usize::MAX);
                let stop = x + self.style.cell_width * 0.6;
                match parts.last_mut() {
                    Some((_, right)) if *right >= x - px(0.5) => *right = stop,
                    _ => parts.push((x, stop)),
                }
            }
            spans.extend(parts.into_iter().map(|(from, to)| RowSpan {
                row: row.row,
                left: left + from,
                right: left + to,
            }));
        }
        spans
    }

    /// The strip of the vertical scrollbar, and the thumb in it where there is something to scroll.
    pub(crate) fn vertical_scrollbar(&self) -> Option<(Bounds<Pixels>, Bounds<Pixels>)> {
        let view = self.extent.view_rows();
        let content = self.extent.max_top() + view;
        if self.extent.rows as f64 <= view && self.scroll.top <= 0. {
            return None;
        }
        let strip = self.style.scaled(SCROLLBAR);
        let track = Bounds::new(
            point(self.bounds.right() - strip, self.bounds.top()),
            size(strip, self.bounds.size.height),
        );
        let (start, length) = thumb(track.size.height, view, content, self.scroll.top);
        let thumb = Bounds::new(
            point(track.left(), track.top() + start),
            size(strip, length),
        );
        Some((track, thumb))
    }

    /// The strip of the horizontal scrollbar, and the thumb in it where there is something to scroll.
    pub(crate) fn horizontal_scrollbar(&self) -> Option<(Bounds<Pixels>, Bounds<Pixels>)> {
        let max = self.extent.max_left();
        if max <= 0. {
            return None;
        }
        let strip = self.style.scaled(SCROLLBAR);
        let width = self.text_area.size.width - self.covered;
        let track = Bounds::new(
            point(self.text_area.left(), self.bounds.bottom() - strip),
            size(width, strip),
        );
        let view = wide(self.text_area.size.width);
        let (start, length) = thumb(width, view, view + max, self.scroll.left);
        let thumb = Bounds::new(
            point(track.left() + start, track.top()),
            size(length, strip),
        );
        Some((track, thumb))
    }
}

/// A stretch of pixels of a row, in the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RowSpan {
    pub row: usize,
    pub left: Pixels,
    pub right: Pixels,
}

/// Which corners of a span stand out from its neighbours above and below: top left, top right,
/// bottom right, bottom left.
pub(crate) fn outer_corners(
    span: RowSpan,
    above: Option<RowSpan>,
    below: Option<RowSpan>,
) -> [bool; 4] {
    let above = above.filter(|above| above.row + 1 == span.row);
    let below = below.filter(|below| below.row == span.row + 1);
    let left = |other: Option<RowSpan>| {
        other.is_none_or(|other| span.left < other.left || span.left >= other.right)
    };
    let right = |other: Option<RowSpan>| {
        other.is_none_or(|other| span.right > other.right || span.right <= other.left)
    };
    [left(above), right(above), right(below), left(below)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(row: usize, left: f32, right: f32) -> RowSpan {
        RowSpan {
            row,
            left: px(left),
            right: px(right),
        }
    }

    #[test]
    fn a_lone_span_is_round_all_over() {
        assert_eq!(outer_corners(span(1, 0., 9.), None, None), [true; 4]);
    }

    #[test]
    fn a_stack_is_round_only_outside() {
        let (top, middle, bottom) = (span(1, 40., 90.), span(2, 0., 120.), span(3, 0., 30.));
        assert_eq!(
            outer_corners(top, None, Some(middle)),
            [true, true, false, false]
        );
        assert_eq!(
            outer_corners(middle, Some(top), Some(bottom)),
            [true, true, true, false]
        );
        assert_eq!(
            outer_corners(bottom, Some(middle), None),
            [false, false, true, true]
        );
    }

    #[test]
    fn spans_of_rows_apart_do_not_touch() {
        assert_eq!(
            outer_corners(span(5, 0., 9.), Some(span(3, 0., 9.)), None),
            [true; 4]
        );
    }
}
