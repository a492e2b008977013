use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{History, LogBatch, Revision, SavedHistory, Text};
use fs::{FsError, PrivateFolder};

use crate::{BufferId, Severity, Workspace, file_path};

/// What is kept of one file's history, about, in bytes; the newest of it.
const MAX_KEPT: usize = 8 * 1024 * 1024;

/// A kept history is read up to this many bytes.
const MAX_READ: u64 = 4 * MAX_KEPT as u64;

/// What is kept of all histories together, in bytes; those of files saved longest ago go first.
const MAX_ALL: u64 = 256 * 1024 * 1024;

/// Where the undo histories of saved files outlive the program: a file each, named by a hash of
/// the path, that knows the hash of the text it belongs to.
#[derive(Debug)]
pub(crate) struct UndoStore {
    folder: PrivateFolder,
}

impl UndoStore {
    /// Keeps the history of a file that was saved.
    pub(crate) fn keep(&self, path: &Path, history: &LogBatch) -> Result<(), FsError> {
        // What has no history leaves no trace.
        if history.is_empty() {
            return Ok(());
        }
        self.folder.write(&name(path), &history.encode(MAX_KEPT))
    }

    fn find(&self, path: &Path, text: &Text) -> Option<History> {
        // A history that cannot be read is as one that is not there: the text is whole without it,
        // and the next save writes it anew.
        let bytes = self.folder.read(&name(path), MAX_READ).ok()??;
        SavedHistory::read(&bytes).ok()?.restore(text)
    }
}

fn name(path: &Path) -> String {
    format!("{}.undo", file_path::hash(path))
}

/// Looks for the history that a file had when it was last saved; run it off the thread that owns
/// the workspace.
pub struct UndoJob {
    store: Arc<UndoStore>,
    path: PathBuf,
    text: Text,
    revision: Revision,
}

/// A history that was found, to be handed to [`Workspace::undo_found`].
pub struct FoundUndo {
    history: History,
    revision: Revision,
}

impl UndoJob {
    /// Reads the history; `None` where there is none of just this text. Blocks.
    pub fn run(self) -> Option<FoundUndo> {
        Some(FoundUndo {
            history: self.store.find(&self.path, &self.text)?,
            revision: self.revision,
        })
    }
}

impl Workspace {
    /// Keeps the undo history of every file that is saved from now on in a folder of Kiln's own,
    /// outside the project, for [`Workspace::undo_job`] to find.
    pub fn keep_undo_in(&mut self, folder: PathBuf) {
        self.undo_store = Some(Arc::new(UndoStore {
            folder: PrivateFolder::new(folder, MAX_ALL),
        }));
    }

    /// Looks for the history of a buffer that was just opened, whether or not it was edited since;
    /// `None` where there can be none.
    pub fn undo_job(&self, id: BufferId) -> Option<UndoJob> {
        let buffer = self.buffers.get(&id)?;
        Some(UndoJob {
            store: self.undo_store.clone()?,
            path: buffer.path.clone()?,
            text: buffer.saved.text.clone(),
            revision: buffer.saved.revision?,
        })
    }

    /// Takes the history that was found for a buffer. Edits made meanwhile go on from it.
    pub fn undo_found(&mut self, id: BufferId, found: FoundUndo) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let FoundUndo { history, revision } = found;
        if let Some(joined) = buffer.history.go_on_from(history, revision) {
            let saved = buffer.saved.revision;
            buffer.saved.revision = saved.map(|saved| joined.revision(saved));
            buffer.joined = Some(joined);
        }
    }

    /// Says once that histories cannot be kept.
    pub(crate) fn undo_not_kept(&mut self, error: &FsError) {
        if !std::mem::replace(&mut self.undo_warned, true) {
            let message = format!("Undo will not reach back past a restart: {error}");
            self.notice(Severity::Warning, message);
        }
    }
}
