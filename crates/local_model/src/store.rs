//! The folder that downloaded models live in.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::catalogue::{LocalModelSpec, catalogue};
use crate::download::{self, Progress, PullError, Stage};
use crate::download_lock::DownloadLock;
use crate::file_check::{self, FileState, RunningCheck};

/// Why a model was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// It is being downloaded.
    #[error(
        "a download of this model runs, in a window or another program. Stop it there and try again; nothing was deleted"
    )]
    Busy,
    /// The system's reason.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The folder of downloaded models, one file each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelStore {
    folder: PathBuf,
}

impl ModelStore {
    /// A store in `folder` (Kiln's is `models` in its data folder). It is created when the first
    /// model arrives.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the file of `spec` is or will be.
    #[must_use]
    pub fn path(&self, spec: &LocalModelSpec) -> PathBuf {
        self.folder.join(&spec.file)
    }

    /// What is known of the file of `spec` without reading it.
    #[must_use]
    pub fn state(&self, spec: &LocalModelSpec) -> FileState {
        file_check::state(&self.folder, spec)
    }

    /// As [`state`](Self::state), after comparing the file's hash with the published one where that
    /// was not done since it changed last: that takes seconds. `step` is told how many bytes are
    /// read, some hundred times; `None` where it broke off.
    ///
    /// # Errors
    ///
    /// The system's, when the file cannot be read.
    pub fn check(
        &self,
        spec: &LocalModelSpec,
        step: impl FnMut(u64) -> ControlFlow<()>,
    ) -> io::Result<Option<FileState>> {
        file_check::check(&self.folder, spec, step)
    }

    /// As [`check`](Self::check), on another thread, until `cancel` or the drop of what is
    /// returned stops it. Needs a tokio runtime.
    #[must_use]
    pub fn begin_check(&self, spec: &LocalModelSpec, cancel: &CancellationToken) -> RunningCheck {
        RunningCheck::begin(&self.folder, spec, cancel)
    }

    /// Keeps that the file of `spec`, as it is now, has this hash, without reading it.
    #[cfg(any(test, feature = "test-support"))]
    pub fn keep_hash(&self, spec: &LocalModelSpec, sha256: &str) {
        file_check::keep(&self.folder, spec, sha256);
    }

    /// Whether `spec` is here and not known to be damaged.
    #[must_use]
    pub fn is_installed(&self, spec: &LocalModelSpec) -> bool {
        self.state(spec).is_usable()
    }

    /// The models of the catalogue that are here, in the catalogue's order.
    #[must_use]
    pub fn installed(&self) -> Vec<&'static LocalModelSpec> {
        catalogue()
            .iter()
            .filter(|spec| self.is_installed(spec))
            .collect()
    }

    /// Bytes of an unfinished download of `spec`; 0 when there is none.
    #[must_use]
    pub fn partial_bytes(&self, spec: &LocalModelSpec) -> u64 {
        fs::metadata(download::partial_path(&self.folder, spec)).map_or(0, |file| file.len())
    }

    /// Removes `spec` and what an unfinished download of it left. Says whether there was
    /// anything.
    ///
    /// # Errors
    ///
    /// [`RemoveError`]; while a download runs, nothing is removed.
    pub fn remove(&self, spec: &LocalModelSpec) -> Result<bool, RemoveError> {
        if !self.folder.is_dir() {
            return Ok(false);
        }
        let lock = download::lock_path(&self.folder, spec);
        let Some(_held) = DownloadLock::take(&lock)? else {
            return Err(RemoveError::Busy);
        };
        let own = [self.path(spec), file_check::stamp_path(&self.folder, spec)];
        let mut found = false;
        for path in own
            .into_iter()
            .chain(download::leftovers(&self.folder, spec))
        {
            match fs::remove_file(&path) {
                Ok(()) => found |= path != lock,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    /// Downloads `spec`, or goes on where an earlier try stopped, checks its hash and puts it in
    /// its place. The makers' own address is tried first, then the mirrors. Returns the path; at
    /// once when the model is here already. A damaged file is replaced.
    ///
    /// # Errors
    ///
    /// [`PullError`]; what was downloaded stays for the next try, except when it turned out to
    /// be wrong.
    pub async fn pull(
        &self,
        spec: &LocalModelSpec,
        mut progress: impl FnMut(Progress) + Send,
        cancel: &CancellationToken,
    ) -> Result<PathBuf, PullError> {
        let mut check = self.begin_check(spec, cancel);
        while let Some(done) = check.progress.recv().await {
            progress(Progress {
                stage: Stage::Checking,
                source: String::new(),
                done,
                total: spec.bytes,
                bytes_per_second: 0,
            });
        }
        match check.result.await {
            Ok(Some(FileState::Installed)) => return Ok(self.path(spec)),
            Ok(None) => return Err(PullError::Cancelled),
            // One that cannot be read is no use.
            Err(error) => tracing::warn!(%error, "the model's file was not checked"),
            Ok(Some(_)) => {}
        }
        download::pull(&self.folder, spec, progress, cancel).await?;
        Ok(self.path(spec))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn a_file_of_the_wrong_size_is_not_an_installed_model() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path());
        let mut spec = catalogue::smallest().unwrap().clone();
        spec.bytes = 4;
        assert!(!store.is_installed(&spec));
        fs::write(store.path(&spec), b"abc").unwrap();
        assert!(!store.is_installed(&spec));
        fs::write(store.path(&spec), b"abcd").unwrap();
        assert!(store.is_installed(&spec));
        assert!(store.remove(&spec).unwrap());
        assert!(!store.remove(&spec).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_of_a_model_is_removed_while_it_is_downloaded() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path());
        let spec = catalogue::smallest().unwrap();
        let part = download::partial_path(folder.path(), spec);
        fs::write(&part, "half").unwrap();
        let lock = DownloadLock::take(&download::lock_path(folder.path(), spec)).unwrap();
        let error = store.remove(spec).unwrap_err();
        assert!(matches!(error, RemoveError::Busy), "{error}");
        assert_eq!(fs::read(&part).unwrap(), b"half");
        drop(lock);
        assert!(store.remove(spec).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(!store.remove(spec).unwrap(), "the lock counts for nothing");
    }
}
