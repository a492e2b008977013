//! The marks of folding: chevrons between the line numbers and the text, and what a press on them or
//! on the placeholder of folded text does.

use std::ops::Range;

use gpui_kit::{Bounds, PathBuilder, Pixels, Point, Window, point, px, size};

use crate::frame::{Frame, RowSpan};

/// Half the width of a chevron.
const HALF: Pixels = px(3.5);

/// A row that can be folded, or is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FoldMark {
    /// The row on the screen.
    pub row: usize,
    /// The row of the document.
    pub line: usize,
    pub folded: bool,
}

impl Frame {
    /// The part of the gutter that the chevrons stand in.
    pub(crate) fn chevrons(&self) -> Bounds<Pixels> {
        let left = self.number_right();
        Bounds::from_corners(point(left, self.gutter.top()), self.gutter.bottom_right())
    }

    /// The line of the document that a press on a chevron means.
    pub(crate) fn fold_mark_at(&self, position: Point<Pixels>) -> Option<usize> {
        if !self.chevrons().contains(&position) {
            return None;
        }
        let row = self.row_at(position.y);
        let mark = self.fold_marks.iter().find(|mark| mark.row == row)?;
        Some(mark.line)
    }

    /// The placeholders in the rows that were laid out, with the bytes that they stand for.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = (Bounds<Pixels>, Range<usize>)> + '_ {
        self.rows.iter().flat_map(move |row| {
            row.placeholders().iter().flat_map(move |(columns, bytes)| {
                let spans = row.spans(columns.clone());
                spans.into_iter().map(move |(left, right)| {
                    let span = RowSpan {
                        row: row.row,
                        left: self.text_area.left() + left,
                        right: self.text_area.left() + right,
                    };
                    (self.span_bounds(span), bytes.clone())
                })
            })
        })
    }

    /// The bytes of the document behind the placeholder at a place in the window.
    pub(crate) fn placeholder_at(&self, position: Point<Pixels>) -> Option<Range<usize>> {
        self.placeholders()
            .find(|(bounds, _)| bounds.contains(&position))
            .map(|(_, bytes)| bytes)
    }
}

/// Paints the chevrons: those of folded rows always, the others while the pointer is in the gutter.
pub(crate) fn paint(frame: &Frame, hovered: bool, window: &mut Window) {
    let middle = frame.chevrons().center().x;
    for mark in frame
        .fold_marks
        .iter()
        .filter(|mark| mark.folded || hovered)
    {
        let center = point(
            middle,
            frame.row_top(mark.row) + frame.style.line_height / 2.,
        );
        let corner = |x: Pixels, y: Pixels| {
            // One that points down turned by a quarter points right.
            let turned = if mark.folded { size(y, x) } else { size(x, y) };
            point(center.x + turned.width, center.y + turned.height)
        };
        let half = frame.style.scaled(HALF);
        let mut path = PathBuilder::stroke(frame.style.scaled(px(1.5)));
        path.move_to(corner(-half, -half / 2.));
        path.line_to(corner(px(0.), half / 2.));
        path.line_to(corner(half, -half / 2.));
        match path.build() {
            Ok(path) => window.paint_path(path, frame.style.fold_mark),
            Err(error) => tracing::warn!("a chevron could not be drawn: {error}"),
        }
    }
}
