//! Which lines of a long change are built for a frame: those in sight and some around them.
//!
//! A change is a part of one row of the conversation, so that the list of rows does not spare its
//! lines. They are cut into pieces; a piece out of sight is an empty space as high as it was when it
//! was drawn last, or as it is expected to be.

use gpui_kit::*;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// Lines of a piece.
pub(crate) const PIECE: usize = 64;
/// With no more pieces than this all are drawn.
const FEW: usize = 4;

/// What the last frames told about the pieces of one change.
#[derive(Clone, Default)]
pub(crate) struct LineWindow(Rc<RefCell<Measured>>);

#[derive(Default)]
struct Measured {
    /// How high each piece was when it was drawn last.
    heights: Vec<Option<Pixels>>,
    /// What of the whole was in sight in the last frame, from its top; nothing before the first one.
    seen: Option<Range<Pixels>>,
    /// The pieces that were drawn then.
    drawn: Range<usize>,
}

impl LineWindow {
    /// The pieces to draw of so many, expected to be so high.
    pub fn pieces(&self, expected: &[Pixels]) -> Range<usize> {
        let mut measured = self.0.borrow_mut();
        measured.heights.resize(expected.len(), None);
        let all = 0..expected.len();
        measured.drawn = if all.len() <= FEW {
            all
        } else {
            match &measured.seen {
                Some(seen) => {
                    // As much again above and below, for what is scrolled until the next frame.
                    let around = seen.end - seen.start;
                    let wanted = seen.start - around..seen.end + around;
                    pieces_in(&measured.heights(expected), &wanted)
                }
                // A new row is followed to its end.
                None => all.end - FEW..all.end,
            }
        };
        measured.drawn.clone()
    }

    /// How high a piece that is not drawn is.
    pub fn height(&self, piece: usize, expected: Pixels) -> Pixels {
        let measured = self.0.borrow();
        let known = measured.heights.get(piece).copied().flatten();
        known.unwrap_or(expected)
    }

    /// Measures the piece that it is put into.
    pub fn measures_piece(&self, piece: usize) -> impl IntoElement {
        let measured = self.0.clone();
        fills(move |bounds, _, _| {
            if let Some(height) = measured.borrow_mut().heights.get_mut(piece) {
                *height = Some(bounds.size.height);
            }
        })
    }

    /// Sees what of the whole, which it is put into, is in sight; calls `missed` where some of that
    /// was not drawn.
    pub fn sees(
        &self,
        expected: Vec<Pixels>,
        missed: impl Fn(&mut Window, &mut App) + 'static,
    ) -> impl IntoElement {
        let shared = self.0.clone();
        fills(move |bounds, window, cx| {
            let visible = window.content_mask().bounds.intersect(&bounds);
            let top = visible.top() - bounds.top();
            let seen = top..top + visible.size.height.max(px(0.));
            let is_missed = {
                let mut measured = shared.borrow_mut();
                measured.seen = Some(seen.clone());
                let needed = pieces_in(&measured.heights(&expected), &seen);
                let drawn = &measured.drawn;
                seen.start < seen.end && (needed.start < drawn.start || needed.end > drawn.end)
            };
            if is_missed {
                missed(window, cx);
            }
        })
    }
}

impl Measured {
    fn heights(&self, expected: &[Pixels]) -> Vec<Pixels> {
        let known = self.heights.iter().chain(std::iter::repeat(&None));
        let both = expected.iter().zip(known);
        both.map(|(expected, known)| known.unwrap_or(*expected))
            .collect()
    }
}

/// The pieces of which something lies in `range`, the first piece beginning at 0.
fn pieces_in(heights: &[Pixels], range: &Range<Pixels>) -> Range<usize> {
    let mut end = px(0.);
    let mut found = None;
    for (piece, height) in heights.iter().enumerate() {
        let start = end;
        end += *height;
        if end > range.start && start < range.end {
            found = match found {
                None => Some(piece..piece + 1),
                Some(Range { start: first, .. }) => Some(first..piece + 1),
            };
        }
    }
    found.unwrap_or(0..0)
}

/// Takes no room of its own, and is told where the element is that it is put into.
fn fills(told: impl FnOnce(Bounds<Pixels>, &mut Window, &mut App) + 'static) -> impl IntoElement {
    canvas(told, |_, (), _, _| {})
        .absolute()
        .top_0()
        .left_0()
        .size_full()
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn pieces_in_sight_are_found_by_their_heights() {
        let heights = [10., 20., 30., 40.].map(px);
        let found = |from: f32, to: f32| pieces_in(&heights, &(px(from)..px(to)));
        assert_eq!(found(0., 10.), 0..1);
        assert_eq!(found(9., 11.), 0..2);
        assert_eq!(found(30., 60.), 2..3);
        assert_eq!(found(-50., 1_000.), 0..4);
        assert_eq!(found(200., 300.), 0..0);
    }

    #[test]
    fn what_is_in_sight_and_as_much_again_is_drawn() {
        let window = LineWindow::default();
        let expected = vec![px(100.); 50];
        assert_eq!(window.pieces(&expected[..4]), 0..4, "few are all drawn");
        assert_eq!(window.pieces(&expected), 46..50, "its end is followed");
        window.0.borrow_mut().seen = Some(px(1_000.)..px(1_250.));
        assert_eq!(window.pieces(&expected), 7..15);
        window.0.borrow_mut().heights[0] = Some(px(600.));
        assert_eq!(
            window.pieces(&expected),
            2..10,
            "one is higher than it was expected"
        );
        assert_eq!(window.height(0, px(100.)), px(600.));
        window.0.borrow_mut().seen = Some(px(0.)..px(0.));
        assert_eq!(window.pieces(&expected), 0..0, "nothing is in sight");
    }
}
