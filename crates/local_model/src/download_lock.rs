//! One process at a time works on a model's file.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// How often the lock's file may be taken away between opening and locking it.
const TRIES: u32 = 16;

/// Held while a model is downloaded or removed. Who holds it removes its file last.
#[derive(Debug)]
pub(crate) struct DownloadLock {
    _file: File,
}

impl DownloadLock {
    /// Takes the lock; `None` where another process, or another task of this one, has it.
    ///
    /// # Errors
    ///
    /// The system's, when the file cannot be made or locked.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        for _ in 0..TRIES {
            let file = File::create(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Who held it before may have removed the file that was opened here: a lock on that one
            // keeps nobody out.
            if is_at(&file, path) {
                return Ok(Some(Self { _file: file }));
            }
        }
        Ok(None)
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    // A file that is open cannot be replaced here.
    true
}
