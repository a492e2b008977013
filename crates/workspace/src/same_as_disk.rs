//! The question about another text on the disk goes away where the buffer comes to hold just that:
//! somebody typed it, or went back to it. Short texts are compared with each edit, long ones elsewhere.

use std::sync::atomic::AtomicBool;

use editor_core::{Text, same_text};
use fs::{Fingerprint, LoadedFile};

use crate::buffer::MAX_COMPARED;
use crate::{Buffer, BufferId, Workspace, WorkspaceEvent};

/// Finds whether a buffer holds what another program left on the disk. Run it off the UI thread: it
/// takes as long as the texts are the same.
#[derive(Debug)]
pub struct SameAsDiskJob {
    text: Text,
    version: u64,
    on_disk: Text,
    fingerprint: Fingerprint,
}

/// A version of a buffer that is just what the disk held.
#[derive(Debug)]
pub struct SameAsDisk {
    version: u64,
    fingerprint: Fingerprint,
}

impl SameAsDiskJob {
    /// Does the work; `None` where the texts differ, or it was cancelled.
    pub fn run(self, cancel: &AtomicBool) -> Option<SameAsDisk> {
        same_text(&self.text, &self.on_disk, cancel)?.then_some(SameAsDisk {
            version: self.version,
            fingerprint: self.fingerprint,
        })
    }
}

impl Buffer {
    /// What another program left on the disk, where the text may be just that as far as its length and
    /// its format tell.
    fn like_on_disk(&self) -> Option<&LoadedFile> {
        self.on_disk.as_ref().filter(|file| {
            let same_format = [&file.format, &self.saved.format].contains(&&self.format);
            same_format && self.text.len() == file.text.len()
        })
    }

    /// Settles the question about another text on the disk where the buffer has come to hold just
    /// that, and is short enough to be compared at once. Says whether it did.
    pub(crate) fn take_text_on_disk(&mut self) -> bool {
        let is_short = self.text.len() <= MAX_COMPARED;
        let is_that = |file: &LoadedFile| is_short && self.text == file.text;
        self.like_on_disk().is_some_and(is_that) && self.adopt_on_disk()
    }

    fn adopt_on_disk(&mut self) -> bool {
        let file = self.on_disk.take();
        if let Some(file) = &file {
            self.adopt(file);
        }
        file.is_some()
    }
}

impl Workspace {
    /// Asks whether a buffer has come to hold what another program left on the disk; `None` where it
    /// cannot, or that is compared with each edit.
    pub fn same_as_disk_job(&self, id: BufferId) -> Option<SameAsDiskJob> {
        let buffer = self.buffers.get(&id)?;
        let file = buffer.like_on_disk()?;
        (buffer.text.len() > MAX_COMPARED).then(|| SameAsDiskJob {
            text: buffer.text.clone(),
            version: buffer.version,
            on_disk: file.text.clone(),
            fingerprint: file.fingerprint,
        })
    }

    /// Settles the question about another text on the disk. Nothing is done where the text was edited
    /// since, or the file changed once more.
    pub fn same_as_disk(&mut self, id: BufferId, found: SameAsDisk) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let is_still = buffer.version == found.version
            && buffer
                .like_on_disk()
                .is_some_and(|file| file.fingerprint.same_content(&found.fingerprint));
        if is_still && buffer.adopt_on_disk() {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
            self.update_dirty(id);
        }
    }
}
