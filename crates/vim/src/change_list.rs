//! The change list (`:help changelist`): where the text was changed.

use editor_core::Point;

use crate::Vim;

/// Older places are forgotten, as in Neovim.
const MOST: usize = 100;

/// Changes of one line that are no further apart than this, in columns, are at one place: Vim's usual
/// width of a line.
const NEAR: u32 = 79;

/// Where the text was changed, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeList {
    places: Vec<Point>,
    /// The place that was gone to last; behind all of them where none was since the last change.
    at: usize,
    /// Whether the step of undo at hand has changed something already.
    begun: bool,
}

impl ChangeList {
    /// Notes a change.
    fn note(&mut self, place: Point) {
        let is_near =
            |last: &Point| last.row == place.row && last.column.abs_diff(place.column) < NEAR;
        if self.begun || self.places.last().is_some_and(is_near) {
            self.places.pop();
        }
        self.begun = true;
        if self.places.len() == MOST {
            self.places.remove(0);
        }
        self.places.push(place);
        self.at = self.places.len();
    }

    /// All places, oldest first.
    pub(crate) fn places(&self) -> &[Point] {
        &self.places
    }

    /// The next change is one of another step of undo.
    pub(crate) fn end_step(&mut self) {
        self.begun = false;
    }

    /// Follows an edit.
    pub(crate) fn adjust(&mut self, moved: impl Fn(Point) -> Point) {
        for place in &mut self.places {
            *place = moved(*place);
        }
    }

    /// The place that is `by` places newer, or older where negative; the first or last where that is
    /// too far.
    fn go(&mut self, by: isize) -> Option<Point> {
        let last = self.places.len().checked_sub(1)?;
        let is_at_end = if by < 0 {
            self.at == 0
        } else {
            self.at == last
        };
        if is_at_end {
            return None;
        }
        self.at = self.at.saturating_add_signed(by).min(last);
        Some(self.places[self.at])
    }
}

impl Vim {
    /// Notes that the text was changed at a place, for the mark `.` and the change list.
    pub(crate) fn note_change(&mut self, place: Point) {
        self.marks.insert('.', place);
        self.changes.note(place);
    }

    /// `g;` and `g,`.
    pub(crate) fn go_in_changes(&mut self, by: isize) {
        let words = match self.changes.places.is_empty() {
            true => "E664: Changelist is empty",
            false if by < 0 => "E662: At start of changelist",
            false => "E663: At end of changelist",
        };
        match self.changes.go(by) {
            Some(place) => {
                let row = (place.row as usize).min(self.rows() - 1);
                let place = Point::new(u32::try_from(row).unwrap_or(u32::MAX), place.column);
                self.cursor = self.text.point_to_offset(place).min(self.last_in_row(row));
                self.want_here();
            }
            None => self.fail(words),
        }
    }
}
