//! The places that a person came by, which Go Back and Go Forward lead along: a list with one of them
//! as the place where the person is. Each follows the edits of its text, and outlives its tab.

use editor_core::{Bias, ChangeSet, Text};
use std::path::{Path, PathBuf};
use workspace::BufferId;

/// Older places are forgotten.
const MOST: usize = 100;

/// A caret that moves over fewer lines than this is still at the same place, as in VS Code.
const NEAR_LINES: usize = 10;

/// Where a person was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In an open text, at a byte of it, which follows its edits.
    Text { buffer: BufferId, offset: usize },
    /// In a file that was closed since, where the caret was when it was. Line and column count from
    /// one, the column in characters.
    Closed {
        path: PathBuf,
        line: u32,
        column: u32,
    },
    /// A view without a caret.
    View { path: PathBuf },
}

/// A text as it is now, to which the places in it belong.
#[derive(Clone, Copy)]
pub(crate) struct OpenText<'a> {
    pub(crate) buffer: BufferId,
    pub(crate) path: Option<&'a Path>,
    pub(crate) text: &'a Text,
}

impl OpenText<'_> {
    fn row(&self, offset: usize) -> usize {
        self.text.row_at(offset.min(self.text.len()))
    }

    /// Line and column of a byte, both from one, the column in characters.
    pub(crate) fn line_and_column(&self, offset: usize) -> (u32, u32) {
        let row = self.row(offset);
        let start = self.text.line_start(row);
        let column = self
            .text
            .count_chars(start..offset.clamp(start, self.text.len()));
        let from_one = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        (from_one(row), from_one(column))
    }

    fn offset(&self, line: u32, column: u32) -> usize {
        let row = (line as usize).saturating_sub(1);
        let row = row.min(self.text.line_count() - 1);
        let start = self.text.line_start(row);
        let before = self
            .text
            .chars_from(start)
            .take((column as usize).saturating_sub(1));
        let before = before.take_while(|character| *character != '\n');
        start + before.map(char::len_utf8).sum::<usize>()
    }
}

/// Which of the neighbours of the present place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Back,
    Forward,
}

/// Where a person was, oldest first.
#[derive(Debug, Default)]
pub(crate) struct NavigationHistory {
    places: Vec<Place>,
    /// The place where the person is; 0 while there is none.
    at: usize,
    /// How often the history changed, other than by edits.
    changes: u64,
}

impl NavigationHistory {
    /// Notes where the person is, with the text that it is in: a place of its own where it is in
    /// another document or far from the last one, and what was ahead is forgotten then.
    pub(crate) fn arrive(&mut self, place: Place, open: Option<OpenText>) {
        if let Some(open) = open {
            self.reopen(open);
        }
        let is_near = match (self.places.get(self.at), &place) {
            (
                Some(Place::Text { buffer, offset }),
                Place::Text {
                    buffer: now,
                    offset: to,
                },
            ) => {
                buffer == now
                    && open
                        .is_some_and(|open| open.row(*offset).abs_diff(open.row(*to)) < NEAR_LINES)
            }
            (Some(last), now) => last == now,
            (None, _) => false,
        };
        if is_near {
            self.places[self.at] = place;
            return;
        }
        self.changes += 1;
        self.places.truncate(self.at + 1);
        if self.places.len() == MOST {
            self.places.remove(0);
        }
        self.places.push(place);
        self.at = self.places.len() - 1;
    }

    /// The next place on a way; those that edits brought to the line of the present one are left out.
    pub(crate) fn next(&mut self, way: Way, open: Option<OpenText>) -> Option<&Place> {
        while let Some(next) = self.next_index(way) {
            let same = match (&self.places[self.at], &self.places[next]) {
                (
                    Place::Text { buffer, offset },
                    Place::Text {
                        buffer: to,
                        offset: there,
                    },
                ) => {
                    let open = open.filter(|open| open.buffer == *buffer);
                    buffer == to && open.is_some_and(|open| open.row(*offset) == open.row(*there))
                }
                (here, there) => here == there,
            };
            if !same {
                return self.places.get(next);
            }
            self.remove(next);
        }
        None
    }

    fn next_index(&self, way: Way) -> Option<usize> {
        let next = match way {
            Way::Back => self.at.checked_sub(1),
            Way::Forward => self.at.checked_add(1),
        };
        next.filter(|next| *next < self.places.len())
    }

    fn remove(&mut self, index: usize) {
        self.changes += 1;
        self.places.remove(index);
        if index < self.at {
            self.at -= 1;
        }
    }

    /// Makes the next place on a way the present one.
    pub(crate) fn step(&mut self, way: Way) {
        if let Some(next) = self.next_index(way) {
            self.changes += 1;
            self.at = next;
        }
    }

    /// Forgets the next place on a way: nothing is there any more.
    pub(crate) fn forget_next(&mut self, way: Way) {
        if let Some(next) = self.next_index(way) {
            self.remove(next);
        }
    }

    /// What tells whether the history is the same as before.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// Follows an edit of a text.
    pub(crate) fn follow(&mut self, edited: BufferId, changes: &ChangeSet) {
        for place in &mut self.places {
            if let Place::Text { buffer, offset } = place
                && *buffer == edited
            {
                // What is typed or pasted at a caret moves it along.
                let before = (*offset).min(changes.len_before());
                *offset = changes.map_offset(before, Bias::Right);
            }
        }
    }

    /// Keeps where in a text its places are, which is about to be closed. Those of a text that has no
    /// file are forgotten.
    pub(crate) fn close(&mut self, closing: OpenText) {
        for place in &mut self.places {
            if let Place::Text { buffer, offset } = place
                && *buffer == closing.buffer
                && let Some(path) = closing.path
            {
                let (line, column) = closing.line_and_column(*offset);
                let path = path.to_path_buf();
                *place = Place::Closed { path, line, column };
            }
        }
        self.forget(closing.buffer);
    }

    /// Forgets the places in a text.
    pub(crate) fn forget(&mut self, gone: BufferId) {
        let is_gone =
            |place: &Place| matches!(place, Place::Text { buffer, .. } if *buffer == gone);
        for index in (0..self.places.len()).rev() {
            if is_gone(&self.places[index]) {
                self.remove(index);
            }
        }
        self.at = self.at.min(self.places.len().saturating_sub(1));
    }

    /// Lets the places in a file that was opened again follow its edits from now on.
    fn reopen(&mut self, open: OpenText) {
        for place in &mut self.places {
            if let Place::Closed { path, line, column } = place
                && Some(path.as_path()) == open.path
            {
                let (buffer, offset) = (open.buffer, open.offset(*line, *column));
                *place = Place::Text { buffer, offset };
            }
        }
    }
}
