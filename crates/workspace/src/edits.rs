use std::time::Duration;

use editor_core::{
    ChangeError, ChangeSet, History, NodeId, Selections, Transaction, minimal_change,
};

use crate::found_text::FoundText;
use crate::made::{Made, Way};
use crate::{BufferId, Workspace, WorkspaceEvent};

/// Why a buffer was not edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No buffer has this id; it was closed.
    #[error("the file is no longer open; open it again to edit it")]
    NoSuchBuffer,
    /// The file cannot be written, or saving it would damage it.
    #[error("{name} is read-only; make the file writable, or save it under another name")]
    ReadOnly {
        /// The buffer's name.
        name: String,
    },
    /// It is no file, and only shown.
    #[error("{name} is only shown to be read; save it under a name of its own to edit it")]
    ShownOnly {
        /// The buffer's name.
        name: String,
    },
    /// The user made it read-only.
    #[error("cannot edit {name}: the user made it read-only in this session")]
    Locked {
        /// The buffer's name.
        name: String,
    },
    /// What is shown is the beginning of a file of which the rest is still being read.
    #[error("the file is still being read; edit it when all of it is there")]
    StillBeingRead,
    /// The edit was made for another text than the buffer has now.
    #[error("the edit does not fit the text: {0}")]
    Stale(#[from] ChangeError),
}

/// Where to go in the history of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryMove {
    /// To before the last group of edits.
    Undo,
    /// To after the group that was undone last.
    Redo,
    /// To the state made before this one, on whatever branch.
    Earlier,
    /// To the state made after this one, on whatever branch.
    Later,
    /// To the end of the next branch, from the nearest fork above.
    OtherBranch,
    /// To a state by its name.
    State(NodeId),
}

/// A change that no view made as an edit, with the caret where it begins.
pub(crate) fn from_elsewhere(changes: ChangeSet) -> Transaction {
    let at = changes
        .edits()
        .next()
        .map_or(0, |edit| edit.old_range.start);
    Transaction::from_changes(changes, &Selections::caret(at))
}

impl Workspace {
    /// Edits a buffer. This is the only way in which text changes, whoever changes it.
    ///
    /// # Errors
    /// [`EditError`]; the buffer is then as it was.
    pub fn edit(&mut self, id: BufferId, transaction: Transaction) -> Result<(), EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        buffer.refuses_edits().map_or(Ok(()), Err)?;
        self.apply(id, &transaction)
    }

    /// Gives a buffer another text, as one edit that keeps what is the same, so that carets hold
    /// and one undo takes it back. Compares the texts here and now: where they may be long, that is
    /// done elsewhere, for [`Workspace::edit_from_elsewhere`].
    ///
    /// # Errors
    /// As [`Workspace::edit`].
    pub fn replace_text(&mut self, id: BufferId, text: &str) -> Result<(), EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        let changes = minimal_change(&buffer.text, text);
        self.edit_from_elsewhere(id, changes)
    }

    /// Makes a change that no view made and that was worked out for the text which the buffer has
    /// now, as its [version](crate::Buffer::version) tells: the agent's. One undo takes it back.
    ///
    /// # Errors
    /// As [`Workspace::edit`].
    pub fn edit_from_elsewhere(
        &mut self,
        id: BufferId,
        changes: ChangeSet,
    ) -> Result<(), EditError> {
        self.edit(id, from_elsewhere(changes))
    }

    /// Makes changes of several buffers that were worked out for the texts which they have now: all of
    /// them, or none. One undo in each takes them back.
    ///
    /// # Errors
    /// As [`Workspace::edit`], of the first buffer that would refuse; nothing is changed then.
    pub fn edit_together(&mut self, changes: &[(BufferId, ChangeSet)]) -> Result<(), EditError> {
        for (id, changes) in changes {
            let buffer = self.buffers.get(id).ok_or(EditError::NoSuchBuffer)?;
            buffer.refuses_edits().map_or(Ok(()), Err)?;
            changes.check(&buffer.text)?;
        }
        for (id, changes) in changes {
            self.edit_from_elsewhere(*id, changes.clone())?;
        }
        Ok(())
    }

    /// Takes the last group of edits back. Returns the carets to show, `None` where there was
    /// nothing to undo.
    pub fn undo(&mut self, id: BufferId) -> Option<Selections> {
        self.move_in_history(id, HistoryMove::Undo)
    }

    /// Does again what was undone last. Returns the carets to show, `None` where there was nothing.
    pub fn redo(&mut self, id: BufferId) -> Option<Selections> {
        self.move_in_history(id, HistoryMove::Redo)
    }

    /// Brings another state of a buffer's history back. Returns the carets to show, `None` where
    /// there is no such state.
    pub fn move_in_history(&mut self, id: BufferId, to: HistoryMove) -> Option<Selections> {
        let buffer = self.buffers.get_mut(&id)?;
        if buffer.refuses_edits().is_some() {
            return None;
        }
        let transaction = moved(&mut buffer.history, to)?;
        self.step(id, transaction, to)
    }

    /// Ends the group of edits that are undone together: the next edit begins another.
    pub fn break_undo_group(&mut self, id: BufferId) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.history.break_group();
        }
    }

    /// Applies an edit and records it for undo, whether or not the buffer is read-only.
    pub(crate) fn apply(
        &mut self,
        id: BufferId,
        transaction: &Transaction,
    ) -> Result<(), EditError> {
        let at = self.now();
        let buffer = self.buffers.get_mut(&id).ok_or(EditError::NoSuchBuffer)?;
        if transaction.is_empty() {
            transaction.changes.check(&buffer.text)?;
            return Ok(());
        }
        let removed = transaction.changes.removed(&buffer.text);
        buffer.advance(&transaction.changes)?;
        buffer.history.push(transaction, &removed, at);
        let way = Way::Edit {
            intent: transaction.intent,
            at,
        };
        let changes = buffer.record(transaction, way);
        self.edited(id, changes);
        Ok(())
    }

    /// Applies the difference to a text that was found beforehand, as [`Workspace::apply`] does.
    pub(crate) fn apply_found(&mut self, id: BufferId, found: &FoundText) -> Result<(), EditError> {
        let at = self.now();
        let buffer = self.buffers.get_mut(&id).ok_or(EditError::NoSuchBuffer)?;
        let transaction = &found.transaction;
        if transaction.is_empty() {
            return Ok(());
        }
        buffer.advance_to(&transaction.changes, found.to.clone());
        buffer.history.push(transaction, &found.removed, at);
        let way = Way::Edit {
            intent: transaction.intent,
            at,
        };
        let changes = buffer.record(transaction, way);
        self.edited(id, changes);
        Ok(())
    }

    /// Makes changes again that an earlier program made, so that the text and its history are as
    /// they were there. Says how many were made: those before the first that does not fit.
    pub(crate) fn replay(&mut self, id: BufferId, all: &[Made]) -> usize {
        let mut count = 0;
        for made in all {
            let Some(buffer) = self.buffers.get_mut(&id) else {
                break;
            };
            let transaction = made.transaction();
            if transaction.changes.check(&buffer.text).is_err() {
                break;
            }
            let moved = match made.way {
                Way::Edit { .. } => false,
                Way::Move(to) => {
                    let here = buffer.history.revision().node();
                    let found = moved(&mut buffer.history, to);
                    let same = found.is_some_and(|found| found.changes == transaction.changes);
                    if !same {
                        // The history is another than it was there; the text still becomes the
                        // same.
                        buffer.history.go_to(here);
                    }
                    same
                }
            };
            let removed = (!moved).then(|| transaction.changes.removed(&buffer.text));
            if buffer.advance(&transaction.changes).is_err() {
                break;
            }
            if let Some(removed) = removed {
                let at = match made.way {
                    Way::Edit { at, .. } => at,
                    Way::Move(_) => Duration::ZERO.into(),
                };
                buffer.history.push(&transaction, &removed, at);
            }
            let changes = buffer.record(&transaction, made.way);
            self.edited(id, changes);
            count += 1;
        }
        // The times of the changes are those of another program.
        self.break_undo_group(id);
        count
    }

    /// Applies a transaction that came out of the history.
    fn step(
        &mut self,
        id: BufferId,
        transaction: Transaction,
        to: HistoryMove,
    ) -> Option<Selections> {
        let buffer = self.buffers.get_mut(&id)?;
        let selections = transaction.selections_after.clone();
        buffer.advance(&transaction.changes).ok()?;
        let changes = buffer.record(&transaction, Way::Move(to));
        self.edited(id, changes);
        Some(selections)
    }

    fn edited(&mut self, id: BufferId, changes: ChangeSet) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let version = buffer.version;
        buffer.comparison.follow(&changes);
        buffer.diagnostics.follow(&changes);
        buffer.bookmarks.follow(&changes);
        let in_sync = buffer.take_text_on_disk();
        let dirty_changed = buffer.update_dirty();
        self.emit(WorkspaceEvent::BufferEdited {
            buffer: id,
            version,
            changes,
        });
        if in_sync {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        if dirty_changed {
            self.emit(WorkspaceEvent::BufferDirtyChanged(id));
        }
    }
}

fn moved(history: &mut History, to: HistoryMove) -> Option<Transaction> {
    match to {
        HistoryMove::Undo => history.undo(),
        HistoryMove::Redo => history.redo(),
        HistoryMove::Earlier => history.earlier(),
        HistoryMove::Later => history.later(),
        HistoryMove::OtherBranch => history.other_branch(),
        HistoryMove::State(id) => history.go_to(id),
    }
}
