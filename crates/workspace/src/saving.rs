use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use editor_core::{LogBatch, Revision, Text};
use fs::{
    EncodingChoice, Fingerprint, Fs, FsError, LoadedFile, MAX_TEXT_BYTES, SaveProgress, TextFormat,
};

use crate::file_path::absolute;
use crate::local_history::{HistorySource, LocalHistory};
use crate::undo_store::UndoStore;
use crate::{Buffer, BufferId, DiskState, Workspace, WorkspaceEvent};

/// A file of at most this many bytes is read before it is overwritten, to be sure that nobody
/// changed it; of a larger one the size and the time of change are trusted where they are the same.
const MAX_READ_BEFORE_SAVE: u64 = 4 * 1024 * 1024;

/// Why a buffer was not saved. The file is as it was and the buffer keeps its text.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SaveError {
    /// No buffer has this id; it was closed.
    #[error("the file is no longer open")]
    NoSuchBuffer,
    /// The buffer has no file yet.
    #[error("{name} has no file yet; choose where to save it")]
    NoPath {
        /// The buffer's name.
        name: String,
    },
    /// What is shown is the beginning of a file of which the rest is still being read.
    #[error("the file is still being read; save it when all of it is there")]
    StillBeingRead,
    /// The file cannot be written, or writing it would damage it.
    #[error("{} is read-only; make it writable, or save to another file", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another program changed the file since it was read.
    #[error(
        "{} was changed by another program; compare the two, then overwrite it or reload it",
        path.display()
    )]
    ChangedOnDisk {
        /// The file.
        path: PathBuf,
        /// What the disk holds, where the save that was refused has read it as text.
        found: Option<Box<LoadedFile>>,
    },
    /// A folder stands where the file was.
    #[error("{} is a folder now; save the text under another name", path.display())]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The file was moved after the save began and before it was written.
    #[error(
        "{} was moved while it was being saved, and the text was written to its old place; save it \
         again",
        path.display()
    )]
    MovedMeanwhile {
        /// Where the file was.
        path: PathBuf,
    },
    /// There is a file already where a new one was to be saved.
    #[error("{} exists already; choose another name, or overwrite it", path.display())]
    AlreadyExists {
        /// The file.
        path: PathBuf,
    },
    /// The file that the text was to be saved to is open in a buffer of its own.
    #[error("{} is open too; close it, or choose another name", path.display())]
    OpenElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// The text could not be encoded or written.
    #[error(transparent)]
    Write(#[from] fs::SaveError),
}

/// What the disk must hold for a save to go ahead.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// What was last read or written, or no file at all.
    Known(Fingerprint),
    /// No file.
    Nothing,
    /// Whatever there is: the user said to overwrite it.
    Anything,
}

/// The last save of a buffer that went through. Saves of one buffer run one after the other, and
/// an older text never replaces a newer one.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Where, the [order](SaveOrders) of the save, and what was written.
    last: Option<(PathBuf, SaveOrder, Fingerprint)>,
}

/// The place of a save among those of one buffer: a later one is of a newer text, or of the same in
/// another encoding or with other line ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SaveOrder(u64);

/// Gives the saves of one buffer their [places](SaveOrder), and whatever else decides what the buffer
/// is compared with.
#[derive(Debug, Default)]
pub(crate) struct SaveOrders(AtomicU64);

impl SaveOrders {
    pub(crate) fn next(&self) -> SaveOrder {
        SaveOrder(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// A snapshot of a buffer on its way to the disk; run it off the thread that owns the workspace.
pub struct SaveJob {
    fs: Arc<dyn Fs>,
    path: PathBuf,
    text: Text,
    format: TextFormat,
    version: u64,
    order: SaveOrder,
    /// The save, or what else it was, that had told what is on the disk when the job was made.
    base: SaveOrder,
    revision: Revision,
    /// The history had not gone on from an earlier one when the job was made.
    before_join: bool,
    disk_news: u64,
    expected: Expected,
    /// What the file is read in, where it holds something else.
    encoding: EncodingChoice,
    /// The disk holds this text already, if no other save writes another meanwhile.
    clean: Option<Fingerprint>,
    written: Arc<Mutex<Written>>,
    /// The file becomes the buffer's.
    is_save_as: bool,
    /// The folder below which the file is written without following a link, and its path there.
    beneath: Option<(PathBuf, PathBuf, HistorySource)>,
    /// Where the history is kept once the text is saved.
    undo: Option<(Arc<UndoStore>, LogBatch)>,
    /// Where the text is kept once it is saved, and what the file held before.
    local_history: Option<(Arc<LocalHistory>, Option<Text>)>,
    /// Undo led to this text.
    after_undo: bool,
    progress: Arc<SaveProgress>,
}

/// What was saved, to be handed to [`Workspace::save_finished`].
#[derive(Debug)]
pub struct SavedFile {
    path: PathBuf,
    is_save_as: bool,
    text: Text,
    format: TextFormat,
    version: u64,
    order: SaveOrder,
    revision: Revision,
    before_join: bool,
    disk_news: u64,
    fingerprint: Fingerprint,
    /// Why the history was not kept.
    undo_error: Option<FsError>,
    /// Why the text was not kept.
    history_error: Option<Box<FsError>>,
}

impl SavedFile {
    /// Where the text was written.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl SaveJob {
    /// Where the text will be written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far the file is written while the job runs. What is written below a folder alone, for
    /// another than the user, does not tell.
    pub fn progress(&self) -> Arc<SaveProgress> {
        self.progress.clone()
    }

    /// Writes to this place below `root` alone: no link is followed on the way, though one was put
    /// there since the path was resolved. For a change that another than the user made, who is kept
    /// with the text as its source.
    pub fn beneath(mut self, root: PathBuf, relative: PathBuf, source: HistorySource) -> Self {
        self.beneath = Some((root, relative, source));
        self
    }

    /// Writes the file, all of it or nothing. Blocks.
    ///
    /// # Errors
    /// [`SaveError`]; the file is then as it was.
    pub fn run(self) -> Result<SavedFile, SaveError> {
        let written = self.written.clone();
        // A panic in another save leaves nothing half done here.
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = match &written.last {
            Some((path, order, fingerprint)) if *path == self.path => {
                if *order > self.order {
                    return Ok(self.saved(*fingerprint));
                }
                // One that the buffer knew of has led to `expected`, or to something newer that
                // came from another program: it vouches for nothing any more.
                (*order > self.base).then_some(*fingerprint)
            }
            _ => None,
        };
        if let Some(known) = self.clean
            && earlier.is_none_or(|earlier| earlier.same_content(&known))
        {
            // One that began before and has not run yet is of an older text.
            written.last = Some((self.path.clone(), self.order, known));
            return Ok(self.saved(known));
        }
        self.check_disk(earlier)?;
        let fingerprint = match &self.beneath {
            Some((root, relative, _)) => {
                fs::save_beneath(&*self.fs, root, relative, &self.text, &self.format)?
            }
            None => {
                let (fs, progress) = (&*self.fs, &*self.progress);
                fs::save_telling(fs, &self.path, &self.text, &self.format, progress)?
            }
        };
        written.last = Some((self.path.clone(), self.order, fingerprint));
        let kept = match &self.undo {
            Some((store, history)) => store.keep(&self.path, history),
            None => Ok(()),
        };
        let also_kept = match &self.local_history {
            Some((history, before)) => {
                let source = match (&self.beneath, self.after_undo) {
                    (Some((_, _, source)), _) => *source,
                    (None, true) => HistorySource::SavedAfterUndo,
                    (None, false) => HistorySource::Saved,
                };
                let at = SystemTime::now();
                history.keep(&self.path, (&self.text, source), before.as_ref(), at)
            }
            None => Ok(()),
        };
        let mut saved = self.saved(fingerprint);
        saved.undo_error = kept.err();
        saved.history_error = also_kept.err().map(Box::new);
        Ok(saved)
    }

    /// Makes sure that the disk holds what is expected, or what an earlier save of this buffer
    /// wrote.
    fn check_disk(&self, earlier: Option<Fingerprint>) -> Result<(), SaveError> {
        let known = match self.expected {
            Expected::Anything => return self.ensure_folder(),
            Expected::Known(known) => Some(known),
            Expected::Nothing => None,
        };
        let metadata = match self.fs.metadata(&self.path) {
            Ok(metadata) => metadata,
            // A file that another program removed is written again.
            Err(FsError::NotFound { .. }) => return self.ensure_folder(),
            Err(error) => return Err(fs::SaveError::Fs(error).into()),
        };
        let accepted = [known, earlier];
        let mut accepted = accepted.iter().flatten();
        if accepted.clone().next().is_none() {
            let path = self.path.clone();
            return Err(SaveError::AlreadyExists { path });
        }
        let untouched = |known: &Fingerprint| {
            known.size == metadata.size
                && known.modified == metadata.modified
                && known.modified.is_some()
        };
        if metadata.size > MAX_READ_BEFORE_SAVE && accepted.clone().any(untouched) {
            return Ok(());
        }
        let changed = |found| SaveError::ChangedOnDisk {
            path: self.path.clone(),
            found,
        };
        let bytes = match self.fs.read(&self.path, MAX_TEXT_BYTES) {
            Ok(bytes) => bytes,
            // It was readable as text once, so it is not what it was.
            Err(FsError::TooLarge { .. } | FsError::NotAFile { .. }) => return Err(changed(None)),
            Err(FsError::IsDirectory { path }) => return Err(SaveError::IsFolder { path }),
            Err(error) => return Err(fs::SaveError::Fs(error).into()),
        };
        let now = Fingerprint::of(&bytes, metadata.modified);
        if accepted.any(|known| known.same_content(&now)) {
            return Ok(());
        }
        let modified = metadata.modified;
        let found = fs::load_bytes(&self.path, bytes, modified, self.encoding).ok();
        Err(changed(found.map(Box::new)))
    }

    /// The folder may have gone together with the file.
    fn ensure_folder(&self) -> Result<(), SaveError> {
        // Below a folder the write itself makes what is missing, and follows no link.
        if self.beneath.is_some() {
            return Ok(());
        }
        match self.path.parent() {
            Some(folder) if !self.fs.exists(folder) => self
                .fs
                .create_dir_all(folder)
                .map_err(|error| fs::SaveError::Fs(error).into()),
            _ => Ok(()),
        }
    }

    fn saved(self, fingerprint: Fingerprint) -> SavedFile {
        SavedFile {
            path: self.path,
            is_save_as: self.is_save_as,
            text: self.text,
            format: self.format,
            version: self.version,
            order: self.order,
            revision: self.revision,
            before_join: self.before_join,
            disk_news: self.disk_news,
            fingerprint,
            undo_error: None,
            history_error: None,
        }
    }
}

impl Workspace {
    /// A buffer that holds all of its file.
    fn savable(&self, id: BufferId) -> Result<&Buffer, SaveError> {
        let buffer = self.buffers.get(&id).ok_or(SaveError::NoSuchBuffer)?;
        match buffer.beginning {
            true => Err(SaveError::StillBeingRead),
            false => Ok(buffer),
        }
    }

    /// A save of a buffer to its file. It refuses to run over what another program wrote.
    ///
    /// # Errors
    /// [`SaveError::NoPath`] for an untitled buffer, [`SaveError::ReadOnly`],
    /// [`SaveError::ChangedOnDisk`] where that is known already.
    pub fn save_job(&self, id: BufferId) -> Result<SaveJob, SaveError> {
        let buffer = self.savable(id)?;
        let Some(path) = buffer.path.clone() else {
            let name = buffer.display_name();
            return Err(SaveError::NoPath { name });
        };
        if buffer.dirty && buffer.read_only {
            return Err(SaveError::ReadOnly { path });
        }
        if buffer.dirty && buffer.disk == DiskState::Changed {
            let found = buffer.on_disk.clone().map(Box::new);
            return Err(SaveError::ChangedOnDisk { path, found });
        }
        let expected = match buffer.saved.fingerprint {
            _ if buffer.replace_unread => Expected::Anything,
            Some(known) => Expected::Known(known),
            None => Expected::Nothing,
        };
        self.job(id, path, expected)
    }

    /// A save of a buffer to its file that replaces what another program wrote there: only after
    /// the user has confirmed it.
    ///
    /// # Errors
    /// [`SaveError::NoPath`], [`SaveError::ReadOnly`].
    pub fn overwrite_job(&self, id: BufferId) -> Result<SaveJob, SaveError> {
        let buffer = self.savable(id)?;
        let Some(path) = buffer.path.clone() else {
            let name = buffer.display_name();
            return Err(SaveError::NoPath { name });
        };
        if buffer.read_only {
            return Err(SaveError::ReadOnly { path });
        }
        let mut job = self.job(id, path, Expected::Anything)?;
        job.clean = None;
        Ok(job)
    }

    /// A save of a buffer to another file, which becomes the buffer's. With `overwrite`, which the
    /// user must have confirmed, it replaces a file that is there.
    ///
    /// # Errors
    /// [`SaveError::OpenElsewhere`]; a file that is in the way is found when the job runs.
    pub fn save_as_job(
        &self,
        id: BufferId,
        path: &Path,
        overwrite: bool,
    ) -> Result<SaveJob, SaveError> {
        let path = absolute(self.root(), path);
        let buffer = self.savable(id)?;
        if buffer.path.as_deref() == Some(&*path) && !overwrite {
            return self.save_job(id);
        }
        if self.buffer_for_path(&path).is_some_and(|other| other != id) {
            return Err(SaveError::OpenElsewhere { path });
        }
        let expected = if overwrite {
            Expected::Anything
        } else {
            Expected::Nothing
        };
        let mut job = self.job(id, path, expected)?;
        job.clean = None;
        job.is_save_as = true;
        // What earlier saves wrote to the old file says nothing about the new one.
        job.written = Arc::default();
        Ok(job)
    }

    /// Takes the result of a save job and passes its error on. Edits made since it began stay
    /// unsaved.
    ///
    /// # Errors
    /// The job's own, or [`SaveError::MovedMeanwhile`]. A file that turned out to be changed, or to be
    /// a folder now, is marked so.
    pub fn save_finished(
        &mut self,
        id: BufferId,
        result: Result<SavedFile, SaveError>,
    ) -> Result<(), SaveError> {
        let saved = match result {
            Ok(saved) => saved,
            Err(error) => {
                match &error {
                    SaveError::ChangedOnDisk { found, .. } => {
                        self.changed_under_save(id, found.as_deref().cloned());
                    }
                    SaveError::IsFolder { .. } => self.folder_under_save(id),
                    _ => {}
                }
                return Err(error);
            }
        };
        if let Some(error) = &saved.undo_error {
            self.undo_not_kept(error);
        }
        if let Some(error) = &saved.history_error {
            self.history_not_kept(error);
        }
        let fs = self.fs().clone();
        let Some(buffer) = self.buffers.get_mut(&id) else {
            // Closed meanwhile; the text is on the disk all the same.
            return Ok(());
        };
        buffer.saves += 1;
        // The history of an earlier program may have been found while the text was written.
        let joined = buffer.joined.filter(|_| saved.before_join);
        let revision = joined.map_or(saved.revision, |joined| joined.revision(saved.revision));
        let elsewhere = buffer.path.as_deref() != Some(&*saved.path);
        let moved = elsewhere && saved.is_save_as;
        // The buffer follows a file that is moved while it is saved, and not the save. What was
        // written has gone along where the move came last.
        if elsewhere && !moved {
            let now = buffer.path.as_deref().map(|path| fs.metadata(path));
            let went_along = now.is_some_and(|now| {
                now.is_ok_and(|now| {
                    now.size == saved.fingerprint.size && now.modified == saved.fingerprint.modified
                })
            });
            if !went_along {
                return Err(SaveError::MovedMeanwhile { path: saved.path });
            }
        }
        if !moved && saved.order < buffer.saved.order {
            // What was found on the disk meanwhile may be just what this save wrote.
            let known = buffer.saved.fingerprint;
            if known.is_some_and(|known| known.same_content(&saved.fingerprint)) {
                buffer.history.text_saved(revision);
                self.emit(WorkspaceEvent::BufferSaved(id));
            }
            return Ok(());
        }
        let disk_before = buffer.disk;
        // News that came in while the job ran is about this save, unless it shows another text.
        let other_text = buffer.disk_news > saved.disk_news
            && buffer
                .on_disk
                .as_ref()
                .is_some_and(|file| !file.fingerprint.same_content(&saved.fingerprint));
        if !other_text || moved {
            buffer.disk = DiskState::InSync;
            buffer.on_disk = None;
            buffer.replace_unread = false;
        }
        buffer.saved.revision = Some(revision);
        buffer.saved.text = saved.text;
        buffer.saved.format = saved.format;
        buffer.saved.fingerprint = Some(saved.fingerprint);
        buffer.saved.version = saved.version;
        buffer.saved.order = saved.order;
        buffer.recent.is_on_disk(saved.version);
        buffer.history.text_saved(revision);
        let disk_changed = buffer.disk != disk_before;
        if moved {
            self.take_path(id, saved.path);
        }
        if disk_changed {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        self.emit(WorkspaceEvent::BufferSaved(id));
        self.update_dirty(id);
        Ok(())
    }

    /// Saves a buffer at once. Blocks: for programs without a window, and tests.
    ///
    /// # Errors
    /// [`SaveError`].
    pub fn save_blocking(&mut self, id: BufferId) -> Result<(), SaveError> {
        let result = self.save_job(id)?.run();
        self.save_finished(id, result)
    }

    fn job(&self, id: BufferId, path: PathBuf, expected: Expected) -> Result<SaveJob, SaveError> {
        let buffer = self.buffers.get(&id).ok_or(SaveError::NoSuchBuffer)?;
        Ok(SaveJob {
            fs: self.fs().clone(),
            text: buffer.text.clone(),
            format: buffer.format.clone(),
            version: buffer.version,
            order: buffer.save_orders.next(),
            base: buffer.saved.order,
            revision: buffer.history.revision(),
            before_join: buffer.joined.is_none(),
            disk_news: buffer.disk_news,
            expected,
            encoding: self.encoding_of(buffer),
            clean: buffer.saved.fingerprint.filter(|_| !buffer.dirty),
            written: buffer.written.clone(),
            is_save_as: false,
            beneath: None,
            progress: Arc::default(),
            after_undo: buffer.history.can_redo(),
            undo: self
                .undo_store
                .clone()
                .map(|store| (store, buffer.history.log(&buffer.text))),
            local_history: self.local_history.clone().map(|history| {
                // What another file held says nothing about this one.
                let same =
                    buffer.path.as_ref() == Some(&path) && buffer.saved.fingerprint.is_some();
                (history, same.then(|| buffer.saved.text.clone()))
            }),
            path,
        })
    }

    /// After "save as": the buffer belongs to the new file.
    fn take_path(&mut self, id: BufferId, path: PathBuf) {
        let real_path = self.fs().canonicalize(&path).ok();
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        buffer.path = Some(path);
        buffer.real_path = real_path;
        // What was wrong with the old file is not wrong with this one: it holds what is shown.
        buffer.read_only = false;
        buffer.on_read_only_disk = false;
        buffer.damaged = false;
        buffer.shown = None;
        buffer.locked = None;
        buffer.written = Arc::default();
        buffer.detect_language(&self.associations);
        self.apply_read_only_rule(id);
        self.emit(WorkspaceEvent::BufferPathChanged(id));
    }
}
