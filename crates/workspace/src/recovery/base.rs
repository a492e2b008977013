//! What a large file held before its unsaved edits, kept beside the changes from it.

use std::path::PathBuf;
use std::sync::Arc;

use editor_core::Text;
use fs::{FsError, RecoveryStore};

use super::{Ended, Kept, OnDisk, Recovery, lock};
use crate::recovery_entry::{Base, BaseContent};
use crate::{Buffer, BufferId, Workspace};

/// Of a longer text nothing is kept but how it differs from its file. In bytes.
const MAX_BASE: usize = 1024 * 1024 * 1024;

/// No more is kept of the files of all projects together, in bytes.
const MAX_BASES: u64 = 4 * 1024 * 1024 * 1024;

/// The end of a window waits for no longer text. In bytes.
const MAX_AT_END: usize = 256 * 1024 * 1024;

/// Keeps what a file held before its unsaved edits, so that these can be made again though another
/// program changes the file before they come back. Run it on another thread than the jobs: they wait
/// for nothing, and this takes as long as the file is long.
pub struct BaseJob {
    store: Arc<RecoveryStore>,
    /// Where the stores of all projects are, and how much is kept in them at most.
    all: (PathBuf, u64),
    wanted: Wanted,
    base: KeptBase,
    text: Text,
    line_ends: Option<Vec<u8>>,
}

/// Whether a base is still that of the entry beside it, and somebody may still need it.
#[derive(Clone)]
struct Wanted {
    ended: Ended,
    on_disk: OnDisk,
    base: KeptBase,
    /// Nobody is asked: at the end.
    anyway: bool,
}

impl Wanted {
    fn is_so(&self) -> bool {
        if self.anyway {
            return true;
        }
        let all = lock(&self.on_disk);
        let entry = all.get(&self.base.buffer);
        !self.ended.has_come() && entry.is_some_and(|it| it.from_file == Some(self.base.version))
    }
}

/// Which version of which buffer the file held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KeptBase {
    buffer: BufferId,
    version: u64,
    base: Base,
}

/// What a [`BaseJob`] has done.
pub struct BaseDone {
    base: KeptBase,
    result: Result<bool, FsError>,
}

impl BaseJob {
    /// Does the work. Blocks, and ends early where the text is saved or the window ends.
    pub fn run(self) -> BaseDone {
        BaseDone {
            base: self.base,
            result: self.write(),
        }
    }

    fn write(&self) -> Result<bool, FsError> {
        let (bytes, (all, most)) = (self.text.len() as u64, &self.all);
        let number = self.base.buffer.0;
        if !self.store.makes_room(number, bytes, (all, *most))? {
            return Ok(false);
        }
        let content = BaseContent {
            version: self.base.version,
            base: self.base.base,
            text: &self.text,
            line_ends: self.line_ends.as_deref(),
        };
        self.store
            .put_base(number, &content, &|| self.wanted.is_so())
    }
}

impl Recovery {
    /// What is to be kept of a large file whose unsaved edits are kept, and was not yet; `None` where
    /// there is nothing, or such a job is running. Hand the result to [`Self::base_finished`].
    pub fn base_job(&mut self, workspace: &Workspace) -> Option<BaseJob> {
        if self.keeping_base {
            return None;
        }
        let tried = &self.bases;
        let job = workspace.buffers().find_map(|buffer| {
            let kept = self.kept.get(&buffer.id)?;
            let base = Self::wanted_base(buffer, kept, MAX_BASE)?;
            (!tried.contains(&base)).then(|| self.job_for(buffer, base, false))
        })?;
        self.keeping_base = true;
        Some(job)
    }

    /// Which base belongs to what is kept of a buffer; nothing where none does, or it is too long.
    fn wanted_base(buffer: &Buffer, kept: &Kept, most: usize) -> Option<KeptBase> {
        let version = kept.from_file?;
        if version != buffer.saved.version || buffer.saved.text.len() > most {
            return None;
        }
        Some(KeptBase {
            buffer: buffer.id,
            version,
            base: kept.state.base?,
        })
    }

    fn job_for(&self, buffer: &Buffer, base: KeptBase, anyway: bool) -> BaseJob {
        BaseJob {
            store: self.store.clone(),
            all: (self.all_stores.clone(), MAX_BASES),
            wanted: Wanted {
                ended: self.ended.clone(),
                on_disk: self.last_words.kept.clone(),
                base,
                anyway,
            },
            base,
            text: buffer.saved.text.clone(),
            line_ends: buffer.saved.format.mixed_line_endings(),
        }
    }

    /// Takes the result of a job. What failed, or had no room, is not tried again before the file is
    /// saved: the edits are kept all the same.
    ///
    /// # Errors
    /// Why it failed.
    pub fn base_finished(&mut self, done: BaseDone) -> Result<(), FsError> {
        self.keeping_base = false;
        self.bases.retain(|one| one.buffer != done.base.buffer);
        // What was forgotten meanwhile may have gone, and may be needed again.
        if !std::mem::take(&mut self.lost_bases) {
            self.bases.push(done.base);
        }
        done.result.map(|_| ())
    }

    /// Takes note that what is kept of a buffer now goes without its file, or that nothing is.
    pub(super) fn base_removed(&mut self, buffer: BufferId) {
        self.lost_bases |= self.keeping_base;
        self.bases.retain(|one| one.buffer != buffer);
    }

    /// At the end: keeps what is not yet there, within what is kept of all files. Blocks.
    pub(super) fn keep_last_bases(
        &self,
        workspace: &Workspace,
        is_lost: impl Fn(&&Buffer) -> bool,
        done: &[(BufferId, Kept)],
    ) {
        for buffer in workspace.buffers().filter(is_lost) {
            let now = done.iter().find(|(id, _)| *id == buffer.id);
            let base = now.and_then(|(_, kept)| Self::wanted_base(buffer, kept, MAX_AT_END));
            let Some(base) = base.filter(|base| !self.bases.contains(base)) else {
                continue;
            };
            // Nobody is left to be told, and the edits are kept all the same.
            self.job_for(buffer, base, true).write().ok();
        }
    }
}
