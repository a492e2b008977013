use std::path::Path;

use editor_core::{ChangeSet, Text, change_between};
use fs::{Fingerprint, Fs, LoadError, LoadedFile, STREAMED_BYTES};

use crate::edits::{EditError, from_elsewhere};
use crate::{
    BufferId, DiskState, Severity, TakeTextJob, TextDifference, Workspace, WorkspaceEvent,
};

/// Why a buffer was not reloaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReloadError {
    /// No buffer has this id; it was closed.
    #[error("the file is no longer open")]
    NoSuchBuffer,
    /// The file has not been read since it changed.
    #[error("what is on the disk could not be read; the text here is kept")]
    NotRead,
    /// The file was read for it, and could not be; what was wrong with it.
    #[error("{0}. The text that is open here is kept")]
    Unreadable(String),
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

/// Finds what differs between a buffer and its file, once that was read. Run it off the UI thread:
/// it takes as long as the texts are long.
#[derive(Debug)]
pub struct DiskJob {
    version: u64,
    text: Text,
    /// What the file was when the buffer was made of it; nothing differs where it still is.
    known: Option<Fingerprint>,
    /// Whether the buffer would take the file's text over.
    takes_over: bool,
}

/// What was read of a buffer's file, and what it takes for the buffer to have that text.
#[derive(Debug)]
pub struct DiskText {
    file: LoadedFile,
    difference: Option<TextDifference>,
}

/// A file that turned out to hold what its buffer was made of, and whether it can be written.
#[derive(Debug, Clone, Copy)]
pub struct DiskUnchanged {
    fingerprint: Fingerprint,
    read_only: bool,
    /// The file system takes no writing at all.
    on_read_only_disk: bool,
}

impl DiskJob {
    /// Whether a file of some size is still what the buffer was made of, to be asked before it is read:
    /// that would take as much memory as the buffer. One of the same size and time is trusted to be
    /// the same, as before a save. Blocks; `None` too where the file cannot be read.
    pub fn unchanged(&self, fs: &dyn Fs, path: &Path) -> Option<DiskUnchanged> {
        let known = self.known?;
        let metadata = fs.metadata(path).ok()?;
        if metadata.size != known.size || metadata.size <= STREAMED_BYTES {
            return None;
        }
        let untouched = metadata.modified.is_some() && metadata.modified == known.modified;
        let fingerprint = match untouched {
            true => known,
            false => fs::fingerprint(fs, path, metadata.modified).ok()?,
        };
        fingerprint.same_content(&known).then_some(DiskUnchanged {
            fingerprint,
            read_only: metadata.read_only,
            on_read_only_disk: metadata.on_read_only_disk,
        })
    }

    /// Does the work for what [`fs::load`] read.
    pub fn run(self, file: LoadedFile) -> DiskText {
        let is_known = self
            .known
            .is_some_and(|known| known.same_content(&file.fingerprint));
        let difference = (self.takes_over && !is_known).then(|| TextDifference {
            version: self.version,
            changes: change_between(&self.text, &file.text),
            from: self.text,
        });
        DiskText { file, difference }
    }
}

/// Finds what a reload changes. Run it off the UI thread: it takes as long as the texts are long.
#[derive(Debug)]
pub struct ReloadJob {
    job: TakeTextJob,
    file: LoadedFile,
}

impl ReloadJob {
    /// Does the work.
    pub fn run(self) -> DiskText {
        DiskText {
            file: self.file,
            difference: Some(self.job.run()),
        }
    }
}

impl Workspace {
    /// What has to be done with what is read of a buffer's file before
    /// [`disk_changed`](Workspace::disk_changed) or [`reread`](Workspace::reread) takes it; `None`
    /// where the buffer was closed. Ask before the file is read.
    pub fn disk_job(&self, id: BufferId) -> Option<DiskJob> {
        let buffer = self.buffers.get(&id)?;
        Some(DiskJob {
            version: buffer.version,
            text: buffer.text.clone(),
            known: buffer.saved.fingerprint,
            takes_over: !buffer.is_unsaved(),
        })
    }

    /// [`Workspace::disk_job`] for reading the file in another encoding, which gives another text
    /// of the same bytes.
    pub fn reread_job(&self, id: BufferId) -> Option<DiskJob> {
        Some(DiskJob {
            known: None,
            ..self.disk_job(id)?
        })
    }

    /// Takes news of a file on the disk: what was read of it, or `None` where it is gone.
    ///
    /// A clean buffer takes the new text over as one edit, which undo takes back. One with unsaved
    /// edits is only marked; then [`Workspace::reload_job`] or [`Workspace::keep_mine`] decide. Of
    /// a file that is gone the text stays, to be saved again.
    ///
    /// False where so much changed since the job began that the file must be read again.
    pub fn disk_changed(&mut self, path: &Path, read: Option<DiskText>) -> bool {
        let Some(id) = self.buffer_for_path(path) else {
            return true;
        };
        let taken = match read {
            Some(read) => self.disk_holds(id, read),
            None => {
                self.disk_lost(id);
                true
            }
        };
        self.update_dirty(id);
        taken
    }

    /// Takes the news that a file was written or touched, and holds what the buffer was made of all the
    /// same. False where it is not what the buffer is compared with any more: the file must be read.
    pub fn disk_unchanged(&mut self, path: &Path, found: DiskUnchanged) -> bool {
        let Some(id) = self.buffer_for_path(path) else {
            return true;
        };
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return true;
        };
        let is_known = buffer
            .saved
            .fingerprint
            .is_some_and(|known| known.same_content(&found.fingerprint));
        if is_known {
            buffer.disk_news += 1;
            let read_only = buffer.damaged || found.read_only;
            self.disk_is_known(id, DiskUnchanged { read_only, ..found });
            self.update_dirty(id);
        }
        is_known
    }

    /// The disk holds what the buffer was made of.
    fn disk_is_known(&mut self, id: BufferId, found: DiskUnchanged) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let quiet = buffer.disk == DiskState::InSync
            && buffer.read_only == found.read_only
            && buffer.on_read_only_disk == found.on_read_only_disk;
        buffer.disk = DiskState::InSync;
        buffer.on_disk = None;
        buffer.replace_unread = false;
        buffer.read_only = found.read_only;
        buffer.on_read_only_disk = found.on_read_only_disk;
        buffer.saved.fingerprint = Some(found.fingerprint);
        if !quiet {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
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
        let disk = match error {
            LoadError::IsDirectory { .. } => DiskState::Folder,
            _ => DiskState::Changed,
        };
        self.mark(id, disk, None);
        let message = format!("{error}. The text that is open here is kept.");
        self.notice(Severity::Warning, message);
    }

    /// What has to be done for a buffer to take over what is on the disk, unsaved edits or not.
    ///
    /// # Errors
    /// [`ReloadError`].
    pub fn reload_job(&self, id: BufferId) -> Result<ReloadJob, ReloadError> {
        let buffer = self.buffers.get(&id).ok_or(ReloadError::NoSuchBuffer)?;
        let file = buffer.on_disk.clone().ok_or(ReloadError::NotRead)?;
        let job = self.take_text_job(id, file.text.clone())?;
        Ok(ReloadJob { job, file })
    }

    /// Takes over what a job found, as one edit that undo takes back and that carets follow,
    /// whatever was edited since. False where the file changed since the job began, or there were
    /// too many edits: nothing was done, and another job is needed.
    ///
    /// # Errors
    /// [`ReloadError`]; the buffer is then as it was.
    pub fn reload_finished(&mut self, id: BufferId, read: DiskText) -> Result<bool, ReloadError> {
        let buffer = self.buffers.get(&id).ok_or(ReloadError::NoSuchBuffer)?;
        let file = buffer.on_disk.as_ref().ok_or(ReloadError::NotRead)?;
        if !file.fingerprint.same_content(&read.file.fingerprint) {
            return Ok(false);
        }
        let taken = self.take_over(id, read)?;
        self.update_dirty(id);
        Ok(taken)
    }

    /// Takes what was read of a buffer's file, of which nothing was known, as another text on the disk:
    /// [`Workspace::reload_job`] and [`Workspace::keep_mine`] decide.
    pub fn disk_read(&mut self, id: BufferId, file: LoadedFile) {
        self.mark(id, DiskState::Changed, Some(file));
        self.update_dirty(id);
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
        buffer.saved.order = buffer.save_orders.next();
        buffer.disk = DiskState::InSync;
        self.emit(WorkspaceEvent::BufferDiskChanged(id));
        self.update_dirty(id);
    }

    fn disk_holds(&mut self, id: BufferId, read: DiskText) -> bool {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return true;
        };
        let file = &read.file;
        buffer.disk_news += 1;
        let known = buffer
            .saved
            .fingerprint
            .is_some_and(|known| known.same_content(&file.fingerprint));
        if known {
            let found = DiskUnchanged {
                fingerprint: file.fingerprint,
                read_only: file.read_only,
                on_read_only_disk: file.on_read_only_disk,
            };
            self.disk_is_known(id, found);
            return true;
        }
        let unsaved = buffer.is_unsaved();
        if unsaved && buffer.text != file.text {
            self.mark(id, DiskState::Changed, Some(read.file));
            return true;
        }
        let taken = if unsaved {
            // Somebody typed just what the file holds.
            let same = ChangeSet::identity(buffer.text.len());
            self.hold(id, same, &read.file).map(|()| true)
        } else {
            self.take_over(id, read)
        };
        taken.unwrap_or_else(|error| {
            self.notice(Severity::Error, error.to_string());
            true
        })
    }

    fn disk_lost(&mut self, id: BufferId) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            // A file that was never there cannot be lost; one that could not be read was there.
            if buffer.saved.fingerprint.is_none() && !buffer.replace_unread {
                return;
            }
            buffer.disk_news += 1;
            // What forbade writing has gone with the file.
            buffer.read_only = buffer.damaged;
        }
        self.mark(id, DiskState::Deleted, None);
    }

    /// Makes the buffer hold what the file holds. False where the difference is not known from the
    /// text as it is now.
    pub(crate) fn take_over(&mut self, id: BufferId, read: DiskText) -> Result<bool, EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        let changes = read.difference.and_then(|found| found.into_changes(buffer));
        let Some(changes) = changes else {
            return Ok(false);
        };
        self.hold(id, changes, &read.file)?;
        Ok(true)
    }

    /// [`Workspace::take_over`] at once, whatever it takes.
    pub(crate) fn take_over_now(
        &mut self,
        id: BufferId,
        file: &LoadedFile,
    ) -> Result<(), EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        let changes = change_between(&buffer.text, &file.text);
        self.hold(id, changes, file)
    }

    fn hold(
        &mut self,
        id: BufferId,
        changes: ChangeSet,
        file: &LoadedFile,
    ) -> Result<(), EditError> {
        self.apply(id, &from_elsewhere(changes))?;
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

    /// A save found a folder where the file was.
    pub(crate) fn folder_under_save(&mut self, id: BufferId) {
        self.mark(id, DiskState::Folder, None);
        self.update_dirty(id);
    }

    /// A save found another text on the disk than expected.
    pub(crate) fn changed_under_save(&mut self, id: BufferId, found: Option<LoadedFile>) {
        self.mark(id, DiskState::Changed, found);
        self.update_dirty(id);
    }
}
