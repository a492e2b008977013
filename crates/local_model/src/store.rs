//! The folder that downloaded models live in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::catalogue::{LocalModelSpec, catalogue};
use crate::download::{self, Progress, PullError};

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

    /// Whether `spec` is here in full. Its hash was checked before it got its name, so that the
    /// size is enough to look at.
    #[must_use]
    pub fn is_installed(&self, spec: &LocalModelSpec) -> bool {
        fs::metadata(self.path(spec)).is_ok_and(|file| file.is_file() && file.len() == spec.bytes)
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
    /// The system's, when a file is there and cannot be removed.
    pub fn remove(&self, spec: &LocalModelSpec) -> io::Result<bool> {
        let mut found = false;
        let mut paths = vec![self.path(spec)];
        paths.extend(download::leftovers(&self.folder, spec));
        for path in paths {
            match fs::remove_file(&path) {
                Ok(()) => found = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Downloads `spec`, or goes on where an earlier try stopped, checks its hash and puts it in
    /// its place. The makers' own address is tried first, then the mirrors. Returns the path; at
    /// once when the model is here already.
    ///
    /// # Errors
    ///
    /// [`PullError`]; what was downloaded stays for the next try, except when it turned out to
    /// be wrong.
    pub async fn pull(
        &self,
        spec: &LocalModelSpec,
        progress: impl FnMut(Progress) + Send,
        cancel: &CancellationToken,
    ) -> Result<PathBuf, PullError> {
        if self.is_installed(spec) {
            return Ok(self.path(spec));
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
    }
}
