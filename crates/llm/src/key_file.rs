//! The file of keys, for systems without a keyring: changed by one program at a time, and replaced
//! whole or not at all.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::KeyStoreError;

/// A key file larger than this is not ours, in bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;
/// How long another program may hold the file: it needs a moment.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the lock of another program is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// The keys by their accounts.
pub(crate) type Keys = BTreeMap<String, String>;

/// The keys in the file; none where there is no file. A file that others may read is theirs no
/// longer.
pub(crate) fn read(path: &Path) -> Result<Keys, KeyStoreError> {
    let file_error = |source| file_error(path, source);
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(file_error(error)),
    };
    if metadata.len() > MAX_FILE_BYTES {
        return Err(KeyStoreError::Damaged {
            path: path.to_owned(),
            message: "it is too large".to_owned(),
        });
    }
    restrict(path, &metadata).map_err(file_error)?;
    let text = std::fs::read_to_string(path).map_err(file_error)?;
    serde_json::from_str(&text).map_err(|error| KeyStoreError::Damaged {
        path: path.to_owned(),
        // serde's own message could quote the content.
        message: format!("line {}, column {}", error.line(), error.column()),
    })
}

/// Changes the keys in the file and says whether `change` did: what it is given is what every other
/// program has stored by then, and none stores anything until this is written.
///
/// # Errors
/// Where the file cannot be read or written, and where another program does not let go of it for
/// 10 s.
pub(crate) fn change(
    path: &Path,
    change: impl FnOnce(&mut Keys) -> bool,
) -> Result<bool, KeyStoreError> {
    // A lock of the file itself would not hold: the file is replaced.
    let lock = lock(path, PATIENCE).map_err(|source| file_error(path, source))?;
    let mut keys = read(path)?;
    let changed = change(&mut keys);
    if changed {
        write(path, &keys).map_err(|source| file_error(path, source))?;
    }
    drop(lock);
    Ok(changed)
}

fn file_error(path: &Path, source: io::Error) -> KeyStoreError {
    KeyStoreError::File {
        path: path.to_owned(),
        source,
    }
}

/// Keeps other programs from changing the keys until it is dropped.
fn lock(path: &Path, patience: Duration) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(path.with_extension("lock"))?;
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if begun.elapsed() < patience => {
                std::thread::sleep(PAUSE);
            }
            Err(TryLockError::WouldBlock) => {
                let message = "another program is changing it. Close that one and try again";
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            }
            // A file system without locks: go on without.
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the key file cannot be locked");
                return Ok(lock);
            }
        }
    }
}

/// Takes away what others may do with the file.
#[cfg(unix)]
fn restrict(path: &Path, metadata: &std::fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "the key file was readable by others; it no longer is");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: &std::fs::Metadata) -> std::io::Result<()> {
    Ok(())
}

fn write(path: &Path, keys: &Keys) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension(format!("tmp{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let result = options.open(&temporary).and_then(|mut file| {
        file.write_all(serde_json::to_string_pretty(keys)?.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    });
    if result.is_err() && std::fs::remove_file(&temporary).is_err() {
        tracing::debug!("no temporary key file is left to remove");
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_stored_at_the_same_time_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let together = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let (path, together) = (&path, &together);
                scope.spawn(move || {
                    for round in 0..5 {
                        together.wait();
                        let account = format!("{writer}-{round}");
                        change(path, |keys| keys.insert(account, "k".into()).is_none()).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(&path).unwrap().len(), 40);
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["keys.json", "keys.lock"]);
    }

    #[test]
    fn what_another_program_stored_before_this_one_had_the_lock_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        // Another program, in the middle of storing a key.
        let other = lock(&path, PATIENCE).unwrap();
        let error = lock(&path, Duration::ZERO).unwrap_err();
        assert!(error.to_string().contains("try again"), "{error}");
        std::thread::scope(|scope| {
            let ours =
                scope.spawn(|| change(&path, |keys| keys.insert("a".into(), "1".into()).is_none()));
            let theirs = Keys::from([("b".to_owned(), "2".to_owned())]);
            write(&path, &theirs).unwrap();
            drop(other);
            assert!(ours.join().unwrap().unwrap());
        });
        let keys: Vec<_> = read(&path).unwrap().into_keys().collect();
        assert_eq!(keys, ["a", "b"]);
    }
}
