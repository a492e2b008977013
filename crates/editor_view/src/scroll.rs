//! Where a view is scrolled to, and how it follows the caret.

use std::ops::Range;

use gpui_kit::{Pixels, Size, px};

/// Rows kept between the caret and the edge of the view.
const MARGIN_ROWS: f64 = 3.;
/// Cells kept between the caret and the side of the view.
const MARGIN_CELLS: f64 = 4.;

/// A length for reckoning far from the edge, where 32 bits do not tell pixels apart.
pub(crate) fn wide(length: Pixels) -> f64 {
    f64::from(f32::from(length))
}

/// Pixels that a view scrolls to the right beyond its widest row.
pub(crate) fn side_margin(cell_width: Pixels) -> f64 {
    wide(cell_width) * MARGIN_CELLS
}

/// How a caret that left the view comes back into it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reveal {
    /// Scroll as little as needed.
    Nearest,
    /// Bring it to the middle, if it is not already well inside the view.
    Center,
}

/// The scroll position: rows from the top as a 64-bit float, so that the millionth row is as precise
/// as the first, and pixels from the left, so that the hundred millionth column is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ScrollPosition {
    /// The row, with its fraction, at the top edge.
    pub top: f64,
    /// Pixels hidden at the left, in 64 bits for the same reason.
    pub left: f64,
}

/// What bounds a scroll position.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ScrollExtent {
    /// Rows of the text.
    pub rows: usize,
    /// Pixels of the widest row that is known.
    pub width: f64,
    /// Size of the view's text area.
    pub view: Size<Pixels>,
    /// Height of a row.
    pub line_height: Pixels,
    /// Width of a cell.
    pub cell_width: Pixels,
    /// Rows at the top of the view that are covered where it scrolls to.
    pub covered: usize,
    /// Rows that the view scrolls beyond its first one, for what floats over its top.
    pub above: f64,
}

impl ScrollExtent {
    /// Rows that fit in the view, with a fraction.
    pub(crate) fn view_rows(&self) -> f64 {
        if self.line_height <= px(0.) {
            return 1.;
        }
        f64::from(f32::from(self.view.height) / f32::from(self.line_height))
    }

    /// The furthest that the view scrolls down: the last row at the top edge.
    pub(crate) fn max_top(&self) -> f64 {
        self.rows.saturating_sub(1) as f64
    }

    /// The furthest that the view scrolls right.
    pub(crate) fn max_left(&self) -> f64 {
        (self.width + side_margin(self.cell_width) - wide(self.view.width)).max(0.)
    }

    /// The rows that are at least partly in view.
    pub(crate) fn visible_rows(&self, position: ScrollPosition) -> Range<usize> {
        let first = position.top.floor().max(0.) as usize;
        let last = (position.top + self.view_rows()).ceil().max(1.) as usize;
        first.min(self.rows.saturating_sub(1))..last.min(self.rows)
    }
}

impl ScrollPosition {
    /// The nearest position within the bounds.
    pub(crate) fn clamped(self, extent: &ScrollExtent) -> Self {
        Self {
            top: self.top.clamp(-extent.above, extent.max_top()),
            left: self.left.clamp(0., extent.max_left()),
        }
    }

    /// The position that shows the rows `rows` (first to last) with `x` of the caret.
    pub(crate) fn revealing(
        mut self,
        reveal: Reveal,
        row: usize,
        x: f64,
        extent: &ScrollExtent,
    ) -> Self {
        let view_rows = extent.view_rows();
        let margin = MARGIN_ROWS.min(((view_rows - 1.) / 2.).floor().max(0.));
        let row = row as f64;
        let covered = (extent.covered as f64).max(margin);
        let above = row - covered;
        let below = row + 1. + margin - view_rows;
        let outside = self.top > above || self.top < below;
        match reveal {
            Reveal::Center if outside => self.top = row - ((view_rows - 1.) / 2.).floor(),
            _ if self.top > above => self.top = above,
            _ if self.top < below => self.top = below,
            _ => {}
        }
        let view = wide(extent.view.width);
        let side = side_margin(extent.cell_width).min(view / 4.);
        if x - side < self.left {
            self.left = x - side;
        } else if x + side > self.left + view {
            self.left = x + side - view;
        }
        // Not `clamped`: the caret may stand beyond the widest row known so far.
        self.top = self.top.clamp(-extent.above, extent.max_top());
        self.left = self.left.max(0.);
        self
    }
}

/// A scrollbar's thumb along its track: start and length in pixels.
pub(crate) fn thumb(track: Pixels, view: f64, content: f64, position: f64) -> (Pixels, Pixels) {
    let track = wide(track);
    let length = (track * view / content.max(view)).max(24.).min(track);
    let travel = (content - view).max(f64::EPSILON);
    let start = (track - length) * (position / travel).clamp(0., 1.);
    (px(start as f32), px(length as f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gpui_kit::size;

    fn extent(rows: usize) -> ScrollExtent {
        ScrollExtent {
            rows,
            width: 4000.,
            view: size(px(800.), px(400.)),
            line_height: px(20.),
            cell_width: px(8.),
            covered: 0,
            above: 0.,
        }
    }

    #[test]
    fn the_last_row_scrolls_to_the_top_and_no_further() {
        let position = ScrollPosition {
            top: 1e9,
            left: 1e9,
        }
        .clamped(&extent(100));
        assert_eq!(position.top, 99.);
        assert_eq!(position.left, 4000. + 32. - 800.);
        assert_eq!(extent(100).visible_rows(position), 99..100);
    }

    #[test]
    fn a_caret_comes_into_view_with_a_margin() {
        let extent = extent(1000);
        let start = ScrollPosition::default();
        assert_eq!(start.revealing(Reveal::Nearest, 5, 0., &extent), start);
        // 20 rows fit: row 30 needs rows up to 33 in view.
        assert_eq!(start.revealing(Reveal::Nearest, 30, 0., &extent).top, 14.);
        assert_eq!(start.revealing(Reveal::Center, 30, 0., &extent).top, 21.);
        assert_eq!(start.revealing(Reveal::Center, 3, 0., &extent).top, 0.);
        assert_eq!(
            start.revealing(Reveal::Nearest, 0, 900., &extent).left,
            132.
        );
    }

    #[test]
    fn the_first_rows_come_out_from_under_what_floats_over_them() {
        let extent = ScrollExtent {
            covered: 3,
            above: 3.,
            ..extent(1000)
        };
        let start = ScrollPosition::default();
        let revealed = |row| start.revealing(Reveal::Nearest, row, 0., &extent).top;
        assert_eq!(revealed(1), -2.);
        assert_eq!(revealed(0), -3.);
        assert_eq!(revealed(5), 0.);
        let beyond = ScrollPosition { top: -9., left: 0. };
        assert_eq!(beyond.clamped(&extent).top, -3.);
        assert_eq!(extent.visible_rows(beyond.clamped(&extent)), 0..17);
    }

    #[test]
    fn rows_stay_exact_far_down() {
        let extent = extent(40_000_000);
        let position = ScrollPosition {
            top: 33_333_333.25,
            left: 0.,
        };
        assert_eq!(extent.visible_rows(position), 33_333_333..33_333_354);
    }

    #[test]
    fn a_thumb_spans_its_track() {
        assert_eq!(thumb(px(100.), 50., 100., 0.), (px(0.), px(50.)));
        assert_eq!(thumb(px(100.), 50., 100., 50.), (px(50.), px(50.)));
        let (start, length) = thumb(px(100.), 50., 1e6, 1e6 - 50.);
        assert_eq!((start, length), (px(76.), px(24.)));
    }
}
