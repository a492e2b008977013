//! The jump list (`:help jumplist`): where the cursor was before it jumped.

use editor_core::Point;

use crate::Vim;

/// Older places are forgotten, as in Neovim.
const MOST: usize = 100;

/// Where the cursor was, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jumps {
    places: Vec<Point>,
    /// The place that was gone to last; behind all of them where none was since the last jump.
    at: usize,
}

impl Jumps {
    pub(crate) fn push(&mut self, place: Point) {
        if self.places.len() == MOST {
            self.places.remove(0);
        }
        self.places.push(place);
        self.at = self.places.len();
    }

    /// Follows an edit.
    pub(crate) fn adjust(&mut self, moved: impl Fn(Point) -> Point) {
        for place in &mut self.places {
            *place = moved(*place);
        }
    }

    /// The place that is `by` places newer, or older where negative; `here` is where the cursor is.
    fn go(&mut self, by: isize, here: Point) -> Option<Point> {
        self.keep_newest_of_each_row();
        // A jump that led nowhere is no place to go back to.
        if self.at == self.places.len()
            && self.places.last().is_some_and(|last| last.row == here.row)
        {
            self.places.pop();
            self.at -= 1;
        }
        let is_there = |jumps: &Self, at: Option<usize>| at.filter(|at| *at < jumps.places.len());
        is_there(self, self.at.checked_add_signed(by))?;
        if self.at == self.places.len() {
            // The way back leads here again.
            self.push(here);
            self.at -= 1;
        }
        self.at = is_there(self, self.at.checked_add_signed(by))?;
        Some(self.places[self.at])
    }

    fn keep_newest_of_each_row(&mut self) {
        let mut kept = Vec::with_capacity(self.places.len());
        let mut at = None;
        for (index, place) in self.places.iter().enumerate() {
            if index == self.at {
                at = Some(kept.len());
            }
            let newer = &self.places[index + 1..];
            if newer.iter().all(|newer| newer.row != place.row) {
                kept.push(*place);
            }
        }
        self.at = at.unwrap_or(kept.len());
        self.places = kept;
    }
}

impl Jumps {
    /// All places, oldest first.
    pub(crate) fn places(&self) -> &[Point] {
        &self.places
    }
}

impl Vim {
    /// `CTRL-O` and `CTRL-I`.
    pub(crate) fn go_in_jumps(&mut self, by: isize) {
        let here = self.text.offset_to_point(self.cursor);
        match self.jumps.go(by, here) {
            Some(place) => {
                let row = (place.row as usize).min(self.rows() - 1);
                let place = Point::new(u32::try_from(row).unwrap_or(u32::MAX), place.column);
                self.cursor = self.text.point_to_offset(place).min(self.last_in_row(row));
                self.want_here();
            }
            None => self.fail("There is no jump to go to"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_forward_again() {
        let mut jumps = Jumps::default();
        assert_eq!(jumps.go(-1, Point::new(9, 0)), None);
        for row in [1, 2, 1] {
            jumps.push(Point::new(row, 0));
        }
        assert_eq!(jumps.go(-1, Point::new(5, 0)), Some(Point::new(1, 0)));
        assert_eq!(jumps.go(-1, Point::new(1, 0)), Some(Point::new(2, 0)));
        assert_eq!(jumps.go(-1, Point::new(2, 0)), None, "the older 1 is gone");
        assert_eq!(jumps.go(2, Point::new(2, 0)), Some(Point::new(5, 0)));
        assert_eq!(jumps.go(1, Point::new(5, 0)), None);
    }
}
