use std::sync::atomic::{AtomicU64, Ordering};

use crate::{ChangeError, ChangeSet, Edit, Selection, Selections, Text};

/// What an edit was meant as; edits of one sort that follow closely are undone together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditIntent {
    /// Text typed at the carets.
    Typing,
    /// Text deleted at the carets.
    Deleting,
    /// Anything else: always undone by itself.
    Other,
    /// Belongs to the edit before it and is undone with it, however much time lies between.
    Continue,
    /// One of a session, such as Vim's from `i` to Escape: undone together with those of the same
    /// session right before it, however many they are and however much time lies between, and with
    /// no others. What goes on past 16 MiB of text is undone in several steps.
    Session(EditSession),
}

/// Names a session of edits; no two that one program begins are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EditSession(u64);

impl EditSession {
    /// Begins a session.
    pub fn begin() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }

    /// The session as a number, for a journal on the disk.
    pub fn as_u64(self) -> u64 {
        self.0
    }

    /// A session of an earlier program, by its number there.
    pub fn of_journal(number: u64) -> Self {
        Self(number)
    }
}

/// A change of a text together with the carets before and after it: what a command returns, what
/// a buffer takes and what undo gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// The change of the text.
    pub changes: ChangeSet,
    /// The carets when the command was given.
    pub selections_before: Selections,
    /// The carets to show after it.
    pub selections_after: Selections,
    /// What it was meant as.
    pub intent: EditIntent,
}

impl Transaction {
    /// A change made by something other than the keyboard (the agent, a reload, a formatter); the
    /// carets are carried along by [`Selections::map`].
    pub fn from_changes(changes: ChangeSet, selections: &Selections) -> Self {
        let selections_after = selections.map(&changes);
        Self {
            changes,
            selections_before: selections.clone(),
            selections_after,
            intent: EditIntent::Other,
        }
    }

    /// A replacement of ranges, sorted and not overlapping, that carries the carets along.
    ///
    /// # Errors
    /// As [`ChangeSet::from_edits`].
    pub fn from_edits(
        text: &Text,
        selections: &Selections,
        edits: Vec<Edit>,
    ) -> Result<Self, ChangeError> {
        let changes = ChangeSet::from_edits(text.len(), edits)?;
        Ok(Self::from_changes(changes, selections))
    }

    /// Whether the text stays as it is.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Where a caret goes, relative to the edit of the same selection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Landing {
    /// This many bytes into the new text.
    Inside(usize),
    /// Over the new text, from one offset in it to another.
    Over(usize, usize),
}

/// Collects one edit a selection and works out where the carets end up.
pub(crate) struct EditBuilder<'a> {
    text: &'a Text,
    selections: &'a Selections,
    edits: Vec<(Edit, Landing)>,
}

impl<'a> EditBuilder<'a> {
    pub fn new(text: &'a Text, selections: &'a Selections) -> Self {
        Self {
            text,
            selections,
            edits: Vec::with_capacity(selections.len()),
        }
    }

    /// Adds the edit of the next selection. A range that reaches into the one before it is cut.
    pub fn push(&mut self, edit: Edit, landing: Landing) {
        let floor = self.edits.last().map_or(0, |(last, _)| last.range.end);
        let mut edit = edit;
        edit.range.end = self.text.floor_char_boundary(edit.range.end).max(floor);
        edit.range.start = self
            .text
            .floor_char_boundary(edit.range.start)
            .clamp(floor, edit.range.end);
        self.edits.push((edit, landing));
    }

    /// The transaction of all edits, one a selection in their order.
    pub fn finish(self, intent: EditIntent) -> Transaction {
        let mut after = Vec::with_capacity(self.edits.len());
        let mut edits = Vec::with_capacity(self.edits.len());
        let (mut grown, mut shrunk) = (0, 0);
        for (edit, landing) in self.edits {
            let start = edit.range.start + grown - shrunk;
            after.push(match landing {
                Landing::Inside(at) => Selection::caret(start + at),
                Landing::Over(anchor, head) => Selection::new(start + anchor, start + head),
            });
            grown += edit.text.len();
            shrunk += edit.range.len();
            edits.push(edit);
        }
        let primary = self.selections.primary_index();
        build(self.text, self.selections, edits, intent, |_| {
            Selections::new(after, primary)
        })
    }
}

/// A transaction from edits that are sorted and inside the text, with the carets that `after`
/// makes of the change.
pub(crate) fn build(
    text: &Text,
    selections: &Selections,
    edits: Vec<Edit>,
    intent: EditIntent,
    after: impl FnOnce(&ChangeSet) -> Selections,
) -> Transaction {
    // Every caller sorts and clamps first; an edit that is out of order even so is dropped rather
    // than allowed to damage the text.
    let mut at = 0;
    let ordered = edits
        .into_iter()
        .filter(|edit| {
            let fits = edit.range.start >= at
                && edit.range.start <= edit.range.end
                && edit.range.end <= text.len();
            debug_assert!(fits, "edit {edit:?} is out of order");
            if fits {
                at = edit.range.end;
            }
            fits
        })
        .collect();
    let changes = ChangeSet::from_edits(text.len(), ordered)
        .unwrap_or_else(|_| ChangeSet::identity(text.len()));
    let selections_after = after(&changes);
    Transaction {
        changes,
        selections_before: selections.clone(),
        selections_after,
        intent,
    }
}
