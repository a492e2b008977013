//! A buffer takes another text over: what differs is found elsewhere, and applied as one edit.

use editor_core::{ChangeSet, Selections, Text, Transaction, change_between};

use crate::{BufferId, EditError, Workspace};

/// Finds what differs between a buffer and the text that it is to have. Run it off the UI thread:
/// it takes as long as the texts are long.
#[derive(Debug)]
pub struct TakeTextJob {
    version: u64,
    from: Text,
    to: Text,
}

/// What differs, from one version of a buffer on.
#[derive(Debug)]
pub struct TextDifference {
    version: u64,
    changes: ChangeSet,
}

impl TakeTextJob {
    /// Does the work.
    pub fn run(self) -> TextDifference {
        TextDifference {
            version: self.version,
            changes: change_between(&self.from, &self.to),
        }
    }
}

impl Workspace {
    /// What has to be done for a buffer to have another text.
    ///
    /// # Errors
    /// [`EditError::NoSuchBuffer`].
    pub fn take_text_job(&self, id: BufferId, text: Text) -> Result<TakeTextJob, EditError> {
        let buffer = self.buffer(id).ok_or(EditError::NoSuchBuffer)?;
        Ok(TakeTextJob {
            version: buffer.version(),
            from: buffer.text().clone(),
            to: text,
        })
    }

    /// Gives a buffer the text that a job was for, as one edit that undo takes back. False where the
    /// buffer was edited since the job began: it is as it was, and another job is needed.
    ///
    /// # Errors
    /// As [`Workspace::edit`].
    pub fn text_taken(&mut self, id: BufferId, found: TextDifference) -> Result<bool, EditError> {
        let buffer = self.buffer(id).ok_or(EditError::NoSuchBuffer)?;
        if buffer.version() != found.version {
            return Ok(false);
        }
        let changes = found.changes;
        let at = changes
            .edits()
            .next()
            .map_or(0, |edit| edit.old_range.start);
        let carets = Selections::caret(at);
        self.edit(id, Transaction::from_changes(changes, &carets))?;
        Ok(true)
    }
}
