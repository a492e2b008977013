//! Scrolling that moves to its end instead of jumping there (`editor.smoothScrolling`).

use std::time::{Duration, Instant};

use gpui_kit::{App, Pixels, ScrollDelta, px};
use ui::ActiveSettings as _;

use crate::scroll::{ScrollExtent, ScrollPosition, wide};
use crate::view::EditorView;

/// How long a movement takes; what comes meanwhile turns it round and begins the time again.
const DURATION: Duration = Duration::from_millis(125);
/// A movement over more views than this begins that many views before its end: what is passed that
/// fast cannot be read, and each frame of it would lay out other rows.
const LONGEST: f64 = 2.;

/// A movement from one position to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScrollMotion {
    from: ScrollPosition,
    to: ScrollPosition,
    begun: Instant,
    /// Where the view was last put. Where it is elsewhere, the rows above it have changed.
    shown: ScrollPosition,
}

impl ScrollMotion {
    fn new(from: ScrollPosition, to: ScrollPosition, view_rows: f64, now: Instant) -> Self {
        let rows = to.top - from.top;
        let longest = LONGEST * view_rows;
        let top = if rows.abs() > longest {
            to.top - longest * rows.signum()
        } else {
            from.top
        };
        Self {
            from: ScrollPosition { top, ..from },
            to,
            begun: now,
            shown: from,
        }
    }

    /// Where the view is at a time; nothing once it has arrived. It starts fast and slows down.
    fn at(&self, now: Instant) -> Option<ScrollPosition> {
        let passed = now.saturating_duration_since(self.begun);
        if passed >= DURATION {
            return None;
        }
        let left = 1. - passed.as_secs_f64() / DURATION.as_secs_f64();
        let part = 1. - left.powi(3);
        Some(ScrollPosition {
            top: self.from.top + (self.to.top - self.from.top) * part,
            left: self.from.left + (self.to.left - self.from.left) * part,
        })
    }

    /// The rows above what is shown, or the columns before it, became more or fewer: everything moves
    /// along.
    fn follow(&mut self, scroll: ScrollPosition) {
        let rows = scroll.top - self.shown.top;
        let pixels = scroll.left - self.shown.left;
        self.from.top += rows;
        self.to.top += rows;
        self.from.left += pixels;
        self.to.left += pixels;
        self.shown = scroll;
    }
}

impl EditorView {
    /// Where the view comes to rest: where it moves to, or where it is.
    pub(crate) fn scroll_target(&self) -> ScrollPosition {
        target(self.scroll, self.scroll_motion)
    }

    /// Is there at once, whatever moved before.
    pub(crate) fn jump_to(&mut self, position: ScrollPosition) {
        self.scroll = position;
        self.scroll_motion = None;
        self.came_back_at = None;
    }

    /// Scrolls by rows and pixels at once.
    pub(crate) fn scroll_by(&mut self, rows: f64, x: Pixels) {
        self.jump_to(self.scroll);
        if let Some(to) = self.away_from(self.scroll, rows, x) {
            self.jump_to(to);
        }
    }

    /// Scrolls by rows and pixels from where the view comes to rest, moving where that is wanted.
    pub(crate) fn glide_by(&mut self, rows: f64, x: Pixels, cx: &App) {
        if let Some(to) = self.away_from(self.scroll_target(), rows, x) {
            self.glide_to(to, cx);
        }
    }

    fn away_from(
        &mut self,
        mut from: ScrollPosition,
        rows: f64,
        x: Pixels,
    ) -> Option<ScrollPosition> {
        let extent = self.extent_now()?;
        from.top += rows;
        from.left += wide(x);
        self.reveal = None;
        Some(from.clamped(&extent))
    }

    /// What bounds the scroll position: as the view was drawn last, with the rows that there are now.
    /// More may have come above since, so that the last ones would be out of bounds.
    pub(crate) fn extent_now(&self) -> Option<ScrollExtent> {
        let frame = self.frame.as_ref()?;
        Some(ScrollExtent {
            rows: self.display.snapshot().row_count(),
            ..frame.extent
        })
    }

    /// Moves to a position, or jumps there where nothing should move.
    pub(crate) fn glide_to(&mut self, to: ScrollPosition, cx: &App) {
        let now = self.moving_since(cx);
        let rows = self.page_rows() as f64;
        glide(&mut self.scroll, &mut self.scroll_motion, to, rows, now);
    }

    /// The time at which a movement begins now; nothing where the view jumps: it is wanted so, or
    /// nothing was shown before.
    pub(crate) fn moving_since(&self, cx: &App) -> Option<Instant> {
        let moves = cx.kiln_settings().scrolling.smooth && !cx.reduce_motion();
        (moves && self.frame.is_some()).then(|| cx.background_executor().now())
    }
}

/// Where a view comes to rest that is at `scroll`.
pub(crate) fn target(scroll: ScrollPosition, motion: Option<ScrollMotion>) -> ScrollPosition {
    let Some(mut motion) = motion else {
        return scroll;
    };
    motion.follow(scroll);
    motion.to
}

/// Begins to move a view of so many rows to a position, or puts it there where there is no time to
/// begin at.
pub(crate) fn glide(
    scroll: &mut ScrollPosition,
    motion: &mut Option<ScrollMotion>,
    to: ScrollPosition,
    view_rows: f64,
    begun: Option<Instant>,
) {
    *motion = match begun {
        Some(now) if to != *scroll => Some(ScrollMotion::new(*scroll, to, view_rows, now)),
        _ => {
            *scroll = to;
            None
        }
    };
}

/// Puts a view where it is at this frame, within bounds; true where it has not arrived yet and needs
/// another frame.
pub(crate) fn advance(
    scroll: &mut ScrollPosition,
    motion: &mut Option<ScrollMotion>,
    extent: &ScrollExtent,
    now: Instant,
) -> bool {
    if let Some(mut moving) = motion.take() {
        moving.follow(*scroll);
        match moving.at(now) {
            None => *scroll = moving.to,
            Some(position) => {
                *scroll = position.clamped(extent);
                moving.shown = *scroll;
                *motion = Some(moving);
            }
        }
    }
    *scroll = scroll.clamped(extent);
    motion.is_some()
}

/// What a wheel's turn amounts to, for `editor.mouseWheelZoom`: whole levels, up to the rest that
/// is kept for the next turn. A notch is a level, and so are so many pixels of a touchpad.
pub(crate) fn zoom_levels(rest: &mut Pixels, delta: ScrollDelta) -> i8 {
    const PIXELS: Pixels = px(50.);
    match delta {
        ScrollDelta::Lines(lines) if lines.y == 0. => 0,
        ScrollDelta::Lines(lines) => lines.y.signum() as i8,
        ScrollDelta::Pixels(pixels) => {
            *rest += pixels.y;
            let levels = (*rest / PIXELS).trunc();
            *rest -= PIXELS * levels;
            levels as i8
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gpui_kit::point;

    fn position(top: f64) -> ScrollPosition {
        ScrollPosition { top, left: 0. }
    }

    #[test]
    fn a_movement_slows_down_and_arrives() {
        let now = Instant::now();
        let motion = ScrollMotion::new(position(10.), position(30.), 40., now);
        let tops: Vec<f64> = (0..5)
            .filter_map(|step| motion.at(now + DURATION * step / 5))
            .map(|position| position.top)
            .collect();
        assert_eq!(tops[0], 10.);
        let steps: Vec<f64> = tops.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.windows(2).all(|pair| pair[0] > pair[1]), "{steps:?}");
        assert_eq!(motion.at(now + DURATION), None);
    }

    #[test]
    fn a_far_movement_shows_its_end_alone() {
        let now = Instant::now();
        let down = ScrollMotion::new(position(0.), position(90_000.), 40., now);
        assert_eq!(down.at(now).map(|position| position.top), Some(89_920.));
        let up = ScrollMotion::new(position(90_000.), position(3.), 40., now);
        assert_eq!(up.at(now).map(|position| position.top), Some(83.));
    }

    #[test]
    fn rows_that_come_above_move_both_ends() {
        let now = Instant::now();
        let mut motion = ScrollMotion::new(position(10.), position(30.), 40., now);
        motion.follow(position(15.));
        assert_eq!(motion.at(now), Some(position(15.)));
        assert_eq!(motion.to, position(35.));
    }

    #[test]
    fn a_touchpad_zooms_by_a_level_for_so_many_pixels() {
        let mut rest = px(0.);
        let pixels = |y| ScrollDelta::Pixels(point(px(0.), px(y)));
        assert_eq!(zoom_levels(&mut rest, pixels(30.)), 0);
        assert_eq!(zoom_levels(&mut rest, pixels(30.)), 1);
        assert_eq!(zoom_levels(&mut rest, pixels(-120.)), -2);
        let notch = ScrollDelta::Lines(point(0., -3.));
        assert_eq!(zoom_levels(&mut rest, notch), -1);
    }
}
