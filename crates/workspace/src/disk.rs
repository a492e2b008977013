use std::path::Path;

use editor_core::{Selections, Text, Transaction, change_between};
use fs::{LoadError, LoadedFile};

use crate::edits::EditError;
use crate::{BufferId, DiskState, Severity, Workspace, WorkspaceEvent};

/// Why a buffer was not reloaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReloadError {
    /// No buffer has this id; it was closed.
    #[error("the file is no longer open")]
    NoSuchBuffer,
    /// The file has not been read since it changed.
    #[error("what is on the disk could not be read; the text here is kept")]
    NotRead,
    /// The text could not be put into the buffer.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Why a file was not read again in another encoding.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    /// There are edits that reading would lose.
    #[error("{0} has unsaved edits; save or undo them first")]
    Unsaved(String),
    /// There is no file.
    #[error("{0} has no file yet")]
    NoFile(String),
    /// The file could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The text could not be taken over.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl Workspace {
    /// Takes news of a file on the disk: what [`fs::load`] read, or `None` where it is gone.
    ///
    /// A clean buffer takes the new text over as one edit, which undo takes back. One with unsaved
    /// edits is only marked; then [`Workspace::reload`] or [`Workspace::keep_mine`] decide. Of a
    /// file that is gone the text stays, to be saved again.
    pub fn disk_changed(&mut self, path: &Path, file: Option<LoadedFile>) {
        let Some(id) = self.buffer_for_path(path) else {
            return;
        };
        match file {
            Some(file) => self.disk_holds(id, file),
            None => self.disk_lost(id),
        }
        self.update_dirty(id);
    }

    /// Takes the news that a file changed into something that cannot be read as text. The buffer
    /// keeps its text and is marked, and the user is told.
    pub fn disk_unreadable(&mut self, path: &Path, error: &LoadError) {
        let Some(id) = self.buffer_for_path(path) else {
            return;
        };
        if let LoadError::NotFound { .. } = error {
            self.disk_changed(path, None);
            return;
        }
        self.mark(id, DiskState::Changed, None);
        let message = format!("{error}. The text that is open here is kept.");
        self.notice(Severity::Warning, message);
    }

    /// Takes over what is on the disk, unsaved edits or not, as one edit that undo takes back.
    ///
    /// # Errors
    /// [`ReloadError`]; the buffer is then as it was.
    pub fn reload(&mut self, id: BufferId) -> Result<(), ReloadError> {
        let buffer = self.buffers.get(&id).ok_or(ReloadError::NoSuchBuffer)?;
        let file = buffer.on_disk.clone().ok_or(ReloadError::NotRead)?;
        self.take_over(id, &file)?;
        self.update_dirty(id);
        Ok(())
    }

    /// Decides for the text in the buffer: the next save replaces what is on the disk now.
    pub fn keep_mine(&mut self, id: BufferId) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        if buffer.disk != DiskState::Changed {
            return;
        }
        match buffer.on_disk.take() {
            Some(file) => {
                buffer.saved.fingerprint = Some(file.fingerprint);
                buffer.saved.text = file.text;
                buffer.saved.format = file.format;
            }
            None => {
                buffer.replace_unread = true;
                // Whatever the disk holds, it is not this text.
                buffer.saved.text = Text::default();
                buffer.saved.fingerprint = None;
            }
        }
        buffer.saved.revision = None;
        // What was saved before is not what this decision was about.
        buffer.saved.version = buffer.version;
        buffer.disk = DiskState::InSync;
        self.emit(WorkspaceEvent::BufferDiskChanged(id));
        self.update_dirty(id);
    }

    fn disk_holds(&mut self, id: BufferId, file: LoadedFile) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        buffer.disk_news += 1;
        let known = buffer
            .saved
            .fingerprint
            .is_some_and(|known| known.same_content(&file.fingerprint));
        if known {
            let quiet = buffer.disk == DiskState::InSync && buffer.read_only == file.read_only;
            buffer.disk = DiskState::InSync;
            buffer.on_disk = None;
            buffer.replace_unread = false;
            buffer.read_only = file.read_only;
            buffer.saved.fingerprint = Some(file.fingerprint);
            if !quiet {
                self.emit(WorkspaceEvent::BufferDiskChanged(id));
            }
            return;
        }
        // A refused save left a question, also where the text is what was read before: the file
        // may have been deleted and made anew, and somebody wanted this text on the disk.
        let asked = buffer.disk == DiskState::Changed;
        let unsaved =
            asked || buffer.text_differs_from_saved() || buffer.format != buffer.saved.format;
        if unsaved && buffer.text != file.text {
            self.mark(id, DiskState::Changed, Some(file));
        } else if let Err(error) = self.take_over(id, &file) {
            self.notice(Severity::Error, error.to_string());
        }
    }

    fn disk_lost(&mut self, id: BufferId) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            // A file that was never written cannot be lost.
            if buffer.saved.fingerprint.is_none() {
                return;
            }
            buffer.disk_news += 1;
            // What forbade writing has gone with the file.
            buffer.read_only = buffer.damaged;
        }
        self.mark(id, DiskState::Deleted, None);
    }

    /// Makes the buffer hold what the file holds.
    pub(crate) fn take_over(&mut self, id: BufferId, file: &LoadedFile) -> Result<(), EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        let changes = change_between(&buffer.text, &file.text);
        let at = changes
            .edits()
            .next()
            .map_or(0, |edit| edit.old_range.start);
        self.apply(
            id,
            &Transaction::from_changes(changes, &Selections::caret(at)),
        )?;
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.adopt(file);
        }
        self.emit(WorkspaceEvent::BufferDiskChanged(id));
        Ok(())
    }

    fn mark(&mut self, id: BufferId, disk: DiskState, file: Option<LoadedFile>) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.disk = disk;
            buffer.on_disk = file;
            buffer.replace_unread = false;
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
    }

    /// A save found another text on the disk than expected.
    pub(crate) fn changed_under_save(&mut self, id: BufferId, found: Option<LoadedFile>) {
        self.mark(id, DiskState::Changed, found);
        self.update_dirty(id);
    }
}
