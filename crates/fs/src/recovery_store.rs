//! Where texts that are not saved yet are kept, so that they outlive a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Content, Fs, FsError, MAX_TEXT_BYTES, RealFs};

const LOCK: &str = "lock";

/// How the name of a folder begins that was given up. It takes that name in one step, so that what
/// is removed is never found again, though a text is being kept in it at that moment or the program
/// ends half way.
const GIVEN_UP: &str = "given-up-";

/// What was left behind is read up to this many entries.
const MAX_ENTRIES: usize = 1000;

/// A folder that one running program keeps its unsaved texts in.
///
/// It lies beside those of other running programs, under a folder of the project's. A lock that the
/// system takes back when the program ends, however it ends, tells which of them are left behind:
/// their entries are handed to the next program that opens a store there, to it alone.
///
/// All calls block.
#[derive(Debug)]
pub struct RecoveryStore {
    fs: RealFs,
    folder: PathBuf,
    _lock: File,
}

/// What a program that is gone left behind; it stays on the disk until it is
/// [discarded](LeftBehind::discard).
#[derive(Debug)]
pub struct LeftBehind {
    /// What was kept.
    pub entries: Vec<LeftEntry>,
    folder: PathBuf,
    _lock: File,
}

/// One entry that a program left behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftEntry {
    /// What was [put](RecoveryStore::put) last.
    pub content: Vec<u8>,
    /// What was [appended](RecoveryStore::append) since, and perhaps what was appended before: a
    /// program may end between the two. The end may be cut.
    pub journal: Vec<u8>,
}

impl LeftBehind {
    /// Removes the entries: once they are kept elsewhere, or the user gave them up. Doing it again
    /// is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        give_up(&RealFs::new(), &self.folder)
    }
}

impl RecoveryStore {
    /// Opens a store of this program's under `base`, and takes what programs that are gone left
    /// there.
    ///
    /// # Errors
    /// As the system reports. What cannot be read of others is left where it is.
    pub fn open(base: &Path) -> Result<(Self, Vec<LeftBehind>), FsError> {
        let fs = RealFs::new();
        create_private(base)?;
        let mut left_behind = Vec::new();
        for entry in fs.read_dir(base)? {
            if !entry.is_dir || entry.is_symlink {
                continue;
            }
            if !entry.name.starts_with(GIVEN_UP) {
                left_behind.extend(take(&fs, &entry.path));
            } else if let Err(error) = remove_tree(&fs, &entry.path) {
                tracing::warn!("{error}");
            }
        }
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let folder = base.join(format!("{started}-{}", std::process::id()));
        create_private(&folder)?;
        let path = folder.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(|error| FsError::from_io("lock", &path, error))?;
        let store = Self {
            fs,
            folder,
            _lock: lock,
        };
        Ok((store, left_behind))
    }

    /// Keeps an entry, in place of an older one of the same number and of what was appended to
    /// that.
    ///
    /// # Errors
    /// As the system reports; the older entry is then still there.
    pub fn put(&self, number: u64, content: &dyn Content) -> Result<(), FsError> {
        self.fs.write_content(&self.entry(number), content)?;
        self.remove_file(&self.journal(number))
    }

    /// Appends to the journal of an entry. It is on the disk when this returns.
    ///
    /// # Errors
    /// As the system reports; a part of `bytes` may then be there.
    pub fn append(&self, number: u64, bytes: &[u8]) -> Result<(), FsError> {
        let path = self.journal(number);
        let failed = |error| FsError::from_io("write", &path, error);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        let is_new = file.metadata().map_err(failed)?.len() == 0;
        file.write_all(bytes)
            .and_then(|()| file.sync_data())
            .map_err(failed)?;
        if is_new {
            sync_folder(&self.folder)?;
        }
        Ok(())
    }

    /// Removes an entry; one that is not there is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn remove(&self, number: u64) -> Result<(), FsError> {
        // In this order: a journal without its entry is not found.
        self.remove_file(&self.entry(number))?;
        self.remove_file(&self.journal(number))
    }

    fn remove_file(&self, path: &Path) -> Result<(), FsError> {
        match self.fs.remove(path) {
            Err(FsError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Removes the store with all its entries, those that are being kept at this moment too: at
    /// an end that loses nothing.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        give_up(&self.fs, &self.folder)
    }

    fn entry(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.entry"))
    }

    fn journal(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.journal"))
    }
}

/// Removes a folder of entries, though another thread may be writing into it.
fn give_up(fs: &RealFs, folder: &Path) -> Result<(), FsError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let given_up = folder.with_file_name(format!("{GIVEN_UP}{name}"));
    if let Err(error) = std::fs::rename(folder, &given_up)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        // Some systems rename no folder while a file in it is open.
        return remove_tree(fs, folder);
    }
    remove_tree(fs, &given_up)
}

/// Removes a folder; one that is not there, or that somebody else is removing, is fine.
fn remove_tree(fs: &RealFs, folder: &Path) -> Result<(), FsError> {
    match fs.remove_tree(folder) {
        Err(FsError::NotFound { .. }) => Ok(()),
        result => result,
    }
}

/// What is in a folder whose program is gone.
fn take(fs: &RealFs, folder: &Path) -> Option<LeftBehind> {
    let lock = OpenOptions::new()
        .write(true)
        .open(folder.join(LOCK))
        .ok()?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return None,
        Err(TryLockError::Error(error)) => {
            tracing::warn!("unsaved texts in {} stay there: {error}", folder.display());
            return None;
        }
    }
    let mut entries = Vec::new();
    let listed = fs.read_dir(folder).ok()?;
    let files = listed.iter().filter(|entry| entry.name.ends_with(".entry"));
    for entry in files.take(MAX_ENTRIES) {
        let content = fs.read(&entry.path, MAX_TEXT_BYTES * 2);
        let journal = match fs.read(&entry.path.with_extension("journal"), MAX_TEXT_BYTES * 2) {
            Err(FsError::NotFound { .. }) => Ok(Vec::new()),
            result => result,
        };
        match (content, journal) {
            (Ok(content), Ok(journal)) => entries.push(LeftEntry { content, journal }),
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!("an unsaved text stays in {}: {error}", folder.display());
                return None;
            }
        }
    }
    Some(LeftBehind {
        entries,
        folder: folder.to_path_buf(),
        _lock: lock,
    })
}

/// Puts the names in a folder on the disk.
fn sync_folder(folder: &Path) -> Result<(), FsError> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| FsError::from_io("write", folder, error))?;
    Ok(())
}

/// Creates a folder that only this user can look into: unsaved text is as private as what it is
/// from.
pub(crate) fn create_private(folder: &Path) -> Result<(), FsError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|error| FsError::from_io("create", folder, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoded_text::Bytes;

    fn left(content: &[u8], journal: &[u8]) -> LeftEntry {
        LeftEntry {
            content: content.to_vec(),
            journal: journal.to_vec(),
        }
    }

    #[test]
    fn what_a_program_that_is_gone_left_is_taken_once() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, before) = RecoveryStore::open(base.path()).unwrap();
        assert!(before.is_empty());
        crashed.put(1, &Bytes(b"one")).unwrap();
        crashed.append(1, b"and ").unwrap();
        crashed.append(1, b"more").unwrap();
        crashed.put(2, &Bytes(b"two")).unwrap();
        crashed.append(2, b"before").unwrap();
        crashed.put(2, &Bytes(b"two again")).unwrap();
        crashed.append(2, b"after").unwrap();
        crashed.put(3, &Bytes(b"three")).unwrap();
        crashed.append(3, b"removed too").unwrap();
        crashed.remove(3).unwrap();
        crashed.remove(3).unwrap();
        // Dropping it gives the lock back, as the system does for a program that is killed.
        drop(crashed);

        let (_next, found) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(found.len(), 1);
        let mut entries = found[0].entries.clone();
        entries.sort();
        assert_eq!(
            entries,
            [left(b"one", b"and more"), left(b"two again", b"after")]
        );
        // While they are being taken over, nobody else gets them.
        let (_other, none) = RecoveryStore::open(base.path()).unwrap();
        assert!(none.is_empty());
        for left in found {
            left.discard().unwrap();
        }
        let (_last, none) = RecoveryStore::open(base.path()).unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn a_running_program_keeps_its_own() {
        let base = tempfile::tempdir().unwrap();
        let (running, _) = RecoveryStore::open(base.path()).unwrap();
        running.put(1, &Bytes(b"mine")).unwrap();
        let (_second, found) = RecoveryStore::open(base.path()).unwrap();
        assert!(found.is_empty());
        running.discard().unwrap();
        drop(running);
        let (_third, found) = RecoveryStore::open(base.path()).unwrap();
        assert!(found.is_empty());
    }

    #[test]
    fn nothing_is_left_of_a_store_that_is_discarded_while_it_keeps_a_text() {
        let base = tempfile::tempdir().unwrap();
        for _ in 0..40 {
            let (store, found) = RecoveryStore::open(base.path()).unwrap();
            assert!(found.is_empty());
            std::thread::scope(|scope| {
                let (started, keeping) = std::sync::mpsc::channel();
                let store = &store;
                scope.spawn(move || {
                    for number in 0.. {
                        if store.put(number, &Bytes(b"given up")).is_err() {
                            return;
                        }
                        // Nobody listens any more after the first.
                        started.send(()).ok();
                    }
                });
                keeping.recv().unwrap();
                drop(keeping);
                store.discard().unwrap();
            });
        }
        let left = std::fs::read_dir(base.path()).unwrap().count();
        assert_eq!(left, 0);
    }

    #[test]
    fn a_store_that_was_given_up_stays_so_though_its_removal_was_cut_off() {
        let base = tempfile::tempdir().unwrap();
        let (store, _) = RecoveryStore::open(base.path()).unwrap();
        store.put(1, &Bytes(b"given up")).unwrap();
        let name = store.folder.file_name().unwrap().to_str().unwrap();
        let given_up = base.path().join(format!("{GIVEN_UP}{name}"));
        std::fs::rename(&store.folder, &given_up).unwrap();
        drop(store);
        let (_next, found) = RecoveryStore::open(base.path()).unwrap();
        assert!(found.is_empty());
        assert!(!given_up.exists());
    }

    #[test]
    fn entries_that_were_not_taken_over_are_found_again() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, _) = RecoveryStore::open(base.path()).unwrap();
        crashed.put(1, &Bytes(b"one")).unwrap();
        drop(crashed);
        let (second, found) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(found.len(), 1);
        drop((second, found));
        let (_third, found) = RecoveryStore::open(base.path()).unwrap();
        assert!(
            found
                .iter()
                .any(|found| found.entries == [left(b"one", b"")])
        );
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let base = tempfile::tempdir().unwrap();
        let inner = base.path().join("recovery");
        let (_store, _) = RecoveryStore::open(&inner).unwrap();
        for folder in [
            inner.clone(),
            std::fs::read_dir(&inner)
                .unwrap()
                .next()
                .unwrap()
                .unwrap()
                .path(),
        ] {
            let mode = std::fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
