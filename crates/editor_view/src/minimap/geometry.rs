//! Which row is where in the minimap. Lengths are in pixels from the strip's top edge.
//!
//! A map that is higher than its strip scrolls in proportion to the view (VS Code's
//! `editor.minimap.size: proportional`): at the file's start it shows its first rows, at its end
//! its last.

use std::ops::Range;

/// The strip and the view, in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// Height of the strip.
    pub height: f64,
    /// Height of a row of the map.
    pub row_height: f64,
    /// Size of a pixel of the screen: rows begin where one begins.
    pub pixel: f64,
    /// Rows of the file, at least 1.
    pub rows: usize,
    /// Rows that fit in the view, with a fraction.
    pub view_rows: f64,
    /// The row at the top of the view, with its fraction; at most the last.
    pub top: f64,
}

impl Geometry {
    fn max_top(&self) -> f64 {
        self.rows.saturating_sub(1) as f64
    }

    /// Height of the slider, which marks the part in view.
    pub(crate) fn slider_height(&self) -> f64 {
        (self.view_rows * self.row_height).min(self.height)
    }

    /// How far the slider goes down.
    fn travel(&self) -> f64 {
        let room = (self.height - self.slider_height()).max(0.);
        room.min(self.max_top() * self.row_height)
    }

    /// The part of the way from the file's start to its end.
    fn part(&self) -> f64 {
        match self.max_top() {
            0. => 0.,
            most => (self.top / most).clamp(0., 1.),
        }
    }

    /// Top edge of the slider.
    pub(crate) fn slider_top(&self) -> f64 {
        self.travel() * self.part()
    }

    /// What is hidden of the map above the strip.
    fn hidden(&self) -> f64 {
        let most = self.max_top() * self.row_height - self.travel();
        // Rounded down, so that the first row in view is never hidden; a whole number stays one.
        (most * self.part() / self.pixel + 1e-6).floor() * self.pixel
    }

    /// Top edge of a row, above or below the strip where it is not shown.
    pub(crate) fn row_top(&self, row: usize) -> f64 {
        row as f64 * self.row_height - self.hidden()
    }

    /// The row at a place; the first or the last where there is none.
    pub(crate) fn row_at(&self, y: f64) -> usize {
        let row = ((y + self.hidden()) / self.row_height).floor().max(0.);
        (row as usize).min(self.rows.saturating_sub(1))
    }

    /// The rows that are at least partly shown.
    pub(crate) fn shown_rows(&self) -> Range<usize> {
        let hidden = self.hidden();
        let first = (hidden / self.row_height).floor().max(0.) as usize;
        let end = ((hidden + self.height) / self.row_height).ceil().max(0.) as usize;
        first.min(self.rows)..end.min(self.rows)
    }

    /// Whether a place is on the slider.
    pub(crate) fn is_on_slider(&self, y: f64) -> bool {
        let top = self.slider_top();
        (top..top + self.slider_height()).contains(&y)
    }

    /// Where the view is scrolled to with the row at a place in its middle.
    pub(crate) fn centered_on(&self, y: f64) -> f64 {
        let row = self.row_at(y) as f64;
        (row + 0.5 - self.view_rows / 2.).clamp(0., self.max_top())
    }

    /// Where the view is scrolled to with the slider's top edge at a place.
    pub(crate) fn dragged_to(&self, slider_top: f64) -> f64 {
        let travel = self.travel();
        if travel <= 0. {
            return self.top;
        }
        (slider_top / travel).clamp(0., 1.) * self.max_top()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(rows: usize, top: f64) -> Geometry {
        Geometry {
            height: 600.,
            row_height: 2.,
            pixel: 1.,
            rows,
            view_rows: 30.,
            top,
        }
    }

    #[test]
    fn a_file_that_fits_stands_still() {
        for top in [0., 40., 99.] {
            let map = map(100, top);
            assert_eq!(map.shown_rows(), 0..100);
            assert_eq!(map.row_top(50), 100.);
            assert_eq!(map.slider_top(), top * 2.);
            assert_eq!(map.slider_height(), 60.);
        }
    }

    #[test]
    fn a_long_file_scrolls_in_proportion() {
        assert_eq!(map(10_000, 0.).shown_rows(), 0..300);
        assert_eq!(map(10_000, 0.).slider_top(), 0.);
        let end = map(10_000, 9_999.);
        assert_eq!(end.slider_top(), 540., "at the strip's lower edge");
        assert_eq!(end.row_top(9_999), 540., "the slider begins at its row");
        let middle = map(10_001, 5_000.);
        assert_eq!(middle.slider_top(), 270.);
        assert_eq!(middle.row_top(5_000), 270.);
        assert_eq!(middle.shown_rows(), 4_865..5_165);
    }

    #[test]
    fn dragging_the_slider_to_its_end_shows_the_end() {
        assert_eq!(map(1_000_000, 0.).dragged_to(540.), 999_999.);
        assert_eq!(map(1_000_000, 0.).dragged_to(1e6), 999_999.);
        assert_eq!(map(100, 0.).dragged_to(20.), 10.);
        assert_eq!(map(1, 0.).dragged_to(20.), 0., "there is nowhere to go");
    }

    prop_compose! {
        fn maps()(
            rows in prop_oneof![1..500_usize, 500..4_000_000_000_usize],
            part in 0.0..=1.0_f64,
            height in 20.0..3000.0_f64,
            view_rows in 1.0..200.0_f64,
            pixel in prop_oneof![Just(1.), Just(0.5), Just(1. / 3.)],
            pixels in 1..8_u8,
        ) -> Geometry {
            Geometry {
                height,
                row_height: pixel * f64::from(pixels),
                pixel,
                rows,
                view_rows,
                top: part * (rows - 1) as f64,
            }
        }
    }

    proptest! {
        #[test]
        fn the_row_at_a_place_is_drawn_there(map in maps(), part in 0.0..1.0_f64) {
            let y = part * map.height;
            let row = map.row_at(y);
            let (top, end) = (map.row_top(row), map.row_top(row) + map.row_height);
            let is_past_the_last = row + 1 == map.rows && y >= end;
            prop_assert!((top - 1e-3..end + 1e-3).contains(&y) || is_past_the_last);
            prop_assert!(map.shown_rows().contains(&row));
            prop_assert_eq!(map.row_at(top + map.row_height / 2.), row);
        }

        #[test]
        fn a_press_brings_its_row_into_view(map in maps(), part in 0.0..1.0_f64) {
            let y = part * map.height;
            let row = map.row_at(y) as f64;
            let top = map.centered_on(y);
            prop_assert!((0.0..=(map.rows - 1) as f64).contains(&top));
            prop_assert!(top <= row + 0.5 && row + 0.5 <= top + map.view_rows);
        }

        #[test]
        fn the_slider_stays_in_the_strip_and_follows_the_pointer(map in maps()) {
            prop_assert!(map.slider_top() >= 0.);
            prop_assert!(map.slider_top() + map.slider_height() <= map.height + 1e-6);
            let again = map.dragged_to(map.slider_top());
            prop_assert!((again - map.top).abs() <= 1e-6 * map.rows as f64);
        }

        #[test]
        fn the_first_row_in_view_is_in_the_map(map in maps()) {
            let first = map.top.floor() as usize;
            prop_assert!(map.shown_rows().contains(&first));
            // The slider begins at that row, within a pixel of the screen.
            let begins = map.row_top(first) + map.top.fract() * map.row_height;
            prop_assert!((begins - map.slider_top()).abs() <= map.pixel);
        }

        #[test]
        fn further_down_in_the_view_is_further_down_in_the_map(map in maps(), part in 0.0..=1.0_f64) {
            let other = Geometry { top: part * (map.rows - 1) as f64, ..map };
            let (less, more) = if other.top < map.top { (other, map) } else { (map, other) };
            prop_assert!(less.slider_top() <= more.slider_top());
            prop_assert!(less.shown_rows().start <= more.shown_rows().start);
        }
    }
}
