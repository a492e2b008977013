//! Undo, redo and the ways through the tree of undo, with the cursor where Neovim has it
//! (`u_undoredo` in its `undo.c`).

use std::ops::Range;

use editor_core::{ChangeSet, Selections, StateAt, TakenStep, Text};

use crate::{Effect, Vim};

/// An undo or redo that the editor is to carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// Of `u` and `CTRL-R`: vertical movement aims for where the cursor is after it.
    Key,
    /// Of all others: it aims for the column that it aimed for before.
    Other,
}

impl Vim {
    /// Takes steps back, or makes them again.
    pub(crate) fn undo(&mut self, count: usize, undo: bool, waiting: Waiting) {
        self.flush();
        self.waiting = Some(waiting);
        self.effects.push(match undo {
            true => Effect::Undo(count),
            false => Effect::Redo(count),
        });
    }

    /// Brings another state of the text back (`:help undo-branches`).
    pub(crate) fn go_to_state(&mut self, at: StateAt) {
        self.flush();
        self.waiting = Some(Waiting::Other);
        self.effects.push(Effect::GoToState(at));
    }

    /// Takes the text and carets that an undo or redo left.
    pub(crate) fn take_undone(
        &mut self,
        waiting: Waiting,
        text: &Text,
        selections: &Selections,
        taken: Option<&TakenStep>,
    ) {
        self.text = text.clone();
        if let Some(taken) = taken {
            self.lost_all_lines = false;
            self.cursor = match taken.made_at.len() {
                1 => self.undone_cursor(taken),
                // Each is where it was, as no one cursor could be.
                _ => selections.primary().head.min(text.len()),
            };
            self.clamp_cursor();
            self.adopt_carets(selections);
        } else {
            self.clamp_cursor();
        }
        if waiting == Waiting::Key {
            self.want_here();
        }
        self.selected = self.all_selections();
    }

    /// Where the cursor goes after a step: to where it was when the step was first made, if that is
    /// within what changed or right beside it, else to the first line that is another.
    fn undone_cursor(&self, taken: &TakenStep) -> usize {
        let Ok(before) = taken.inverse.apply(&self.text) else {
            return self.cursor;
        };
        let made_in = match taken.is_undone {
            true => &self.text,
            false => &before,
        };
        let made_at = taken.made_at.primary().head.min(made_in.len());
        let was = made_in.offset_to_point(made_at);
        let was_row = was.row as usize;
        let mut parts = changed_rows(&taken.changes, &before, &self.text);
        if taken.is_undone {
            // What was done last is undone first.
            parts.reverse();
        }
        let mut found: Option<usize> = None;
        let mut left = parts.len();
        for (old, new) in parts {
            left -= 1;
            // In the text as it is when all that comes before has been done.
            let first = match taken.is_undone {
                true => old.start,
                false => new.start,
            };
            if found.is_some_and(|row| first >= row) {
                continue;
            }
            let restored = first..first + new.len();
            if was_row + 1 >= restored.start && was_row <= restored.end {
                found = Some(was_row);
                continue;
            }
            let same = old
                .clone()
                .zip(new.clone())
                .take_while(|(old, new)| is_same_row(&before, *old, &self.text, *new))
                .count();
            if same < new.len() {
                found = Some(first + same);
            } else if found.is_none() && left == 0 {
                found = Some(first);
            }
        }
        let mut row = found.unwrap_or_else(|| self.row(self.cursor.min(self.text.len())));
        if row == was_row + 1 {
            row = was_row;
        }
        if row >= self.rows() {
            return self.line_start(self.rows() - 1);
        }
        if row == was_row {
            let range = self.line_range(row);
            return (range.start + was.column as usize).min(range.end);
        }
        self.at_want(row)
    }
}

/// The rows that each part of a change takes away and those that it puts in their place, from the
/// top down: a line that comes or goes as a whole leaves those beside it as they are.
fn changed_rows(
    changes: &ChangeSet,
    before: &Text,
    after: &Text,
) -> Vec<(Range<usize>, Range<usize>)> {
    let (mut grown, mut shrunk) = (0, 0);
    let edits = changes.edits().map(|edit| {
        let old = edit.old_range.clone();
        let start = old.start + grown - shrunk;
        grown += edit.text.len();
        shrunk += old.len();
        let new = start..start + edit.text.len();
        let ends = |text: &Text, range: &Range<usize>| {
            range.is_empty() || text.char_before(range.end) == Some('\n')
        };
        let begins = |text: &Text, range: &Range<usize>| {
            range.is_empty() || text.char_at(range.start) == Some('\n')
        };
        let (first, last) = (before.row_at(old.start), before.row_at(old.end));
        let (new_first, new_last) = (after.row_at(new.start), after.row_at(new.end));
        if old.start == before.line_start(first) && ends(before, &old) && ends(after, &new) {
            (first..last, new_first..new_last)
        } else if old.end == before.line_end(last) && begins(before, &old) && begins(after, &new) {
            (first + 1..last + 1, new_first + 1..new_last + 1)
        } else {
            (first..last + 1, new_first..new_last + 1)
        }
    });
    edits.collect()
}

/// Whether two rows read the same, compared by stored pieces.
fn is_same_row(before: &Text, old: usize, after: &Text, new: usize) -> bool {
    let (mut old, end) = (before.line_start(old), before.line_end(old));
    let (mut new, new_end) = (after.line_start(new), after.line_end(new));
    if end - old != new_end - new {
        return false;
    }
    while old < end {
        let (piece, start) = before.chunk_at(old);
        let piece = &piece.as_bytes()[old - start..];
        let (beside, start) = after.chunk_at(new);
        let beside = &beside.as_bytes()[new - start..];
        let len = piece.len().min(beside.len()).min(end - old);
        if piece[..len] != beside[..len] {
            return false;
        }
        old += len;
        new += len;
    }
    true
}
