//! A buffer goes back to what its file was last read or written with.

use editor_core::Text;

use crate::{BufferId, EditError, ReloadError, TakeTextJob, TextDifference, Workspace};

/// Finds what unsaved edits have changed. Run it off the UI thread: it takes as long as the texts are
/// long.
#[derive(Debug)]
pub struct RevertJob {
    job: TakeTextJob,
    /// The version that was saved when the job was made.
    saved: u64,
}

/// What unsaved edits have changed.
#[derive(Debug)]
pub struct UnsavedDifference {
    difference: TextDifference,
    saved: u64,
}

impl RevertJob {
    /// Does the work.
    pub fn run(self) -> UnsavedDifference {
        UnsavedDifference {
            difference: self.job.run(),
            saved: self.saved,
        }
    }
}

impl Workspace {
    /// What has to be done for a buffer to be as its file was last read or written.
    ///
    /// # Errors
    /// [`ReloadError::NotRead`] where what the disk holds [is not known](crate::Buffer::knows_saved_text);
    /// else as [`Workspace::edit`].
    pub fn revert_job(&self, id: BufferId) -> Result<RevertJob, ReloadError> {
        let buffer = self.buffers.get(&id).ok_or(ReloadError::NoSuchBuffer)?;
        buffer.refuses_edits().map_or(Ok(()), Err)?;
        if !buffer.knows_saved_text() {
            return Err(ReloadError::NotRead);
        }
        let text: Text = buffer.saved.text.clone();
        Ok(RevertJob {
            job: self.take_text_job(id, text)?,
            saved: buffer.saved.version,
        })
    }

    /// Takes back what a job found, and what was edited since it began, as one edit that undo takes
    /// back; the format too is the file's again. False where the file was read or written meanwhile,
    /// or there were too many edits: nothing was done, and another job is needed.
    ///
    /// # Errors
    /// As [`Workspace::edit`].
    pub fn revert_finished(
        &mut self,
        id: BufferId,
        found: UnsavedDifference,
    ) -> Result<bool, EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        let is_current = buffer.saved.version == found.saved;
        if !is_current || !self.text_taken(id, found.difference)? {
            return Ok(false);
        }
        if let Some(buffer) = self.buffers.get_mut(&id) {
            // A long text is not compared to find that out.
            buffer.saved.revision = Some(buffer.history.revision());
            buffer.history.break_group();
            let format = buffer.saved.format.clone();
            self.set_format(id, format);
        }
        self.update_dirty(id);
        Ok(true)
    }
}
