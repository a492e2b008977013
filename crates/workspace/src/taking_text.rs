//! A buffer takes another text over: what differs is found elsewhere, and applied as one edit.

use editor_core::{ChangeSet, Text, change_between};

use crate::edits::from_elsewhere;
use crate::{Buffer, BufferId, EditError, Workspace};

/// Finds what differs between a buffer and the text that it is to have. Run it off the UI thread:
/// it takes as long as the texts are long.
#[derive(Debug)]
pub struct TakeTextJob {
    version: u64,
    from: Text,
    to: Text,
}

/// What differs between a buffer, as it was at one version, and a text.
#[derive(Debug)]
pub struct TextDifference {
    pub(crate) version: u64,
    /// The buffer's text at that version.
    pub(crate) from: Text,
    pub(crate) changes: ChangeSet,
}

impl TakeTextJob {
    /// Does the work.
    pub fn run(self) -> TextDifference {
        TextDifference {
            version: self.version,
            changes: change_between(&self.from, &self.to),
            from: self.from,
        }
    }
}

impl TextDifference {
    /// The difference from the buffer as it is now, which takes back what was edited since; `None`
    /// where that is too long ago.
    pub(crate) fn into_changes(self, buffer: &Buffer) -> Option<ChangeSet> {
        if buffer.version() == self.version {
            return Some(self.changes);
        }
        let since = buffer.changes_since(self.version)?;
        since.invert(&self.from).compose(self.changes).ok()
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

    /// Gives a buffer the text that a job was for, whatever was edited since it began, as one edit
    /// that undo takes back; one that is [only shown](Buffer::is_shown_only) has nothing to undo.
    /// False where that was too much to be carried over: the buffer is as it
    /// was, and another job is needed.
    ///
    /// # Errors
    /// As [`Workspace::edit`].
    pub fn text_taken(&mut self, id: BufferId, found: TextDifference) -> Result<bool, EditError> {
        let buffer = self.buffer(id).ok_or(EditError::NoSuchBuffer)?;
        let Some(changes) = found.into_changes(buffer) else {
            return Ok(false);
        };
        match buffer.is_shown_only() {
            true => self.show_instead(id, changes)?,
            false => self.edit(id, from_elsewhere(changes))?,
        }
        Ok(true)
    }
}
