//! Which texts a list of edits was made of: it is applied to no others.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::in_folder::InFolder;
use super::server_edits::MAX_EDITED;
use fs::Fs;
use lsp::EditsError;
use workspace::{Buffer, BufferId, Workspace};

/// What tells the contents of a file from others; `None` where it cannot be read.
type Fingerprint = Option<u64>;

/// The file of an edit that changes a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ShownFor {
    pub step: usize,
    /// Its number among those of the step.
    pub file: usize,
}

/// The texts that a list was made of, as they were.
#[derive(Clone, Debug, Default)]
pub(super) struct ShownTexts {
    /// Those of buffers, by their versions.
    open: Vec<(ShownFor, PathBuf, BufferId, u64)>,
    /// Those of files that were not open.
    closed: Vec<(ShownFor, PathBuf, Fingerprint)>,
}

impl ShownTexts {
    /// Remembers the text of a buffer as it is read.
    pub fn add_open(&mut self, of: ShownFor, path: &Path, (id, version): (BufferId, u64)) {
        self.open.push((of, path.to_path_buf(), id, version));
    }

    /// Remembers what a file holds that is about to be read. Blocks.
    pub fn add_closed(&mut self, of: ShownFor, fs: &dyn Fs, folder: &InFolder, path: &Path) {
        let now = fingerprint(fs, folder, path);
        self.closed.push((of, path.to_path_buf(), now));
    }

    /// Those of some files of the edit.
    pub fn keeping(&self, keeps: impl Fn(ShownFor) -> bool) -> Self {
        let mut kept = self.clone();
        kept.open.retain(|(of, ..)| keeps(*of));
        kept.closed.retain(|(of, ..)| keeps(*of));
        kept
    }

    /// Whether the buffers still hold these texts; no file has unsaved changes that it had not.
    ///
    /// # Errors
    /// A sentence without its end that names one that does not.
    pub fn check_open(&self, workspace: &Workspace) -> Result<(), String> {
        for (_, path, id, version) in &self.open {
            match workspace.buffer(*id) {
                Some(buffer) if buffer.version() == *version => {}
                Some(_) => return Err(changed(path)),
                None => {
                    let name = name(path);
                    return Err(format!("{name} was closed since it was listed; ask again"));
                }
            }
        }
        for (_, path, _) in &self.closed {
            let open = workspace.buffer_for_path(path);
            let open = open.and_then(|id| workspace.buffer(id));
            if open.is_some_and(Buffer::is_dirty) {
                return Err(changed(path));
            }
        }
        Ok(())
    }

    /// Whether the files that were not open hold what they did. Blocks.
    ///
    /// # Errors
    /// As [`Self::check_open`].
    pub fn check_closed(&self, fs: &dyn Fs, folder: &InFolder) -> Result<(), String> {
        let mut closed = self.closed.iter();
        let other = closed.find(|(_, path, was)| fingerprint(fs, folder, path) != *was);
        other.map_or(Ok(()), |(_, path, _)| Err(changed(path)))
    }
}

fn name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

fn changed(path: &Path) -> String {
    format!("{}: {}", name(path), EditsError::Stale)
}

fn fingerprint(fs: &dyn Fs, folder: &InFolder, path: &Path) -> Fingerprint {
    let inside = folder.inside(path).ok()?;
    let file = fs.open_beneath(&folder.root, &inside).ok()?;
    // What is longer is not edited.
    let mut file = file.take(MAX_EDITED + 1);
    let mut hasher = DefaultHasher::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        match file.read(&mut part).ok()? {
            0 => return Some(hasher.finish()),
            read => hasher.write(&part[..read]),
        }
    }
}
