//! A folder of Kiln's own that keeps small files by name, within a size.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::recovery_store::create_private;
use crate::{Fs, FsError, RealFs};

/// A folder that only this user can look into, for what is from the user's files and can be done
/// without. It is created when something is first kept there. All calls block.
#[derive(Debug)]
pub struct PrivateFolder {
    fs: RealFs,
    folder: PathBuf,
    max_bytes: u64,
}

impl PrivateFolder {
    /// The folder at a path; past `max_bytes` in all, the files that were written longest ago go.
    pub fn new(folder: PathBuf, max_bytes: u64) -> Self {
        Self {
            fs: RealFs::new(),
            folder,
            max_bytes,
        }
    }

    /// The content of a file of at most `limit` bytes; `None` where there is no such file.
    ///
    /// # Errors
    /// [`FsError::TooLarge`], or as the system reports.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, FsError> {
        match self.fs.read(&self.folder.join(name), limit) {
            Ok(content) => Ok(Some(content)),
            Err(FsError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a file, all of it or none, in place of an older one of that name.
    ///
    /// # Errors
    /// As the system reports; the older file is then still there.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), FsError> {
        create_private(&self.folder)?;
        let path = self.folder.join(name);
        self.fs.write_atomic(&path, content)?;
        self.forget_oldest(&path)
    }

    /// The names of the files that are kept, in no particular order.
    ///
    /// # Errors
    /// As the system reports.
    pub fn names(&self) -> Result<Vec<String>, FsError> {
        let listed = match std::fs::read_dir(&self.folder) {
            Ok(listed) => listed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(FsError::from_io("list", &self.folder, error)),
        };
        let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.collect())
    }

    /// Removes a file; one that is not there is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn remove(&self, name: &str) -> Result<(), FsError> {
        match self.fs.remove(&self.folder.join(name)) {
            Err(FsError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    fn forget_oldest(&self, newest: &Path) -> Result<(), FsError> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in self.fs.read_dir(&self.folder)? {
            // Another program may be removing the same one.
            if let Ok(metadata) = self.fs.metadata(&entry.path) {
                let modified = metadata.modified.unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((modified, metadata.size, entry.path));
            }
        }
        let mut bytes: u64 = files.iter().map(|(_, size, _)| size).sum();
        files.sort();
        for (_, size, path) in files {
            if bytes <= self.max_bytes {
                break;
            }
            if path == newest {
                continue;
            }
            match self.fs.remove(&path) {
                Ok(()) | Err(FsError::NotFound { .. }) => bytes -= size,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_files_are_kept_within_the_size() {
        let folder = tempfile::tempdir().unwrap();
        let kept = PrivateFolder::new(folder.path().join("kept"), 25);
        assert_eq!(kept.read("one", 100).unwrap(), None);
        for name in ["one", "two", "three"] {
            kept.write(name, &[0; 10]).unwrap();
        }
        assert_eq!(kept.read("three", 100).unwrap(), Some(vec![0; 10]));
        let left = std::fs::read_dir(folder.path().join("kept")).unwrap();
        assert_eq!(left.count(), 2);
        kept.write("three", &[1; 40]).unwrap();
        assert_eq!(kept.read("three", 100).unwrap(), Some(vec![1; 40]));
        assert_eq!(kept.read("two", 100).unwrap(), None);
        assert!(matches!(
            kept.read("three", 5),
            Err(FsError::TooLarge { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        PrivateFolder::new(path.clone(), 25)
            .write("one", b"x")
            .unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
