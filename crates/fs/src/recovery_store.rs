//! Where texts that are not saved yet are kept, so that they outlive a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::atomic_save::sync_folder;
use crate::kept_base::base_of;
use crate::save_calls::Blocks;
use crate::{Content, Fs, FsError, HeldEntry, MAX_TEXT_BYTES, RealFs, SaveCall};

const LOCK: &str = "lock";

/// Held by a program while it looks for what others left and takes a folder of its own: so that
/// nobody takes a folder for left behind that was just created and is not locked yet.
const OPENING: &str = "opening.lock";

/// How the name of a folder begins that was given up. It takes that name in one step, so that what
/// is removed is never found again, though a text is being kept in it at that moment or the program
/// ends half way.
const GIVEN_UP: &str = "given-up-";

/// How many entries of a folder are taken at once.
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
    pub(crate) fs: RealFs,
    pub(crate) folder: PathBuf,
    _lock: File,
}

/// What a program that is gone left behind; it stays on the disk until it is
/// [discarded](LeftBehind::discard).
#[derive(Debug)]
pub struct LeftBehind {
    /// What was kept.
    pub entries: Vec<LeftEntry>,
    /// What was kept and is too large to be read before the rest.
    pub large: Vec<HeldEntry>,
    /// Why some entries, or all, are not among them. They stay on the disk.
    pub unread: Vec<FsError>,
    /// How many more entries there are, which the next program to open a store takes.
    pub more: usize,
    folder: PathBuf,
    /// Of the entries, without an ending.
    taken: Vec<PathBuf>,
    /// Whether some entries are held by others, who remove them.
    shares: bool,
    lock: Option<Arc<File>>,
}

/// One entry that a program left behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftEntry {
    /// Tells it from every other entry, of whatever program.
    pub name: String,
    /// What was [put](RecoveryStore::put) last.
    pub content: Vec<u8>,
    /// What was [appended](RecoveryStore::append) since, and perhaps what was appended before: a
    /// program may end between the two. The end may be cut.
    pub journal: Vec<u8>,
    /// What was [appended by a panic](RecoveryStore::append_last), at whatever time since the entry
    /// is there. The end may be cut.
    pub last_words: Vec<u8>,
}

impl LeftBehind {
    /// Hands an entry over, by its name: it is not discarded with the others.
    pub fn hold(&mut self, name: &str) -> Option<HeldEntry> {
        let held = match self.large.iter().position(|entry| entry.name == name) {
            Some(index) => self.large.remove(index),
            None => {
                let index = self.entries.iter().position(|entry| entry.name == name)?;
                let (entry, place) = (self.entries.remove(index), self.taken.remove(index));
                self.held(entry.name, place)
            }
        };
        self.shares = true;
        Some(held)
    }

    fn held(&self, name: String, place: PathBuf) -> HeldEntry {
        HeldEntry {
            name,
            folder: self.folder.clone(),
            place,
            changing: Mutex::default(),
            _lock: self.lock.clone(),
        }
    }

    /// Removes the entries: once they are kept elsewhere, or the user gave them up. What could not
    /// be read of others stays, and what [was handed over](Self::hold). Doing it again is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        let fs = RealFs::new();
        if self.unread.is_empty() && self.more == 0 && !self.shares {
            return give_up(&fs, &self.folder);
        }
        let large = self.large.iter().map(|entry| &entry.place);
        for taken in self.taken.iter().chain(large) {
            remove_entry(&fs, taken)?;
        }
        Ok(())
    }
}

impl RecoveryStore {
    /// Opens a store of this program's under `base`, and takes what programs that are gone left
    /// there.
    ///
    /// # Errors
    /// As the system reports. What cannot be read of others is left where it is.
    pub fn open(base: &Path) -> Result<(Self, Vec<LeftBehind>), FsError> {
        Self::open_on(RealFs::new(), base, u64::MAX)
    }

    /// [`RecoveryStore::open`] of a store that keeps its entries on a certain disk, one that fails
    /// in a test, and where entries of more bytes than `large` are [not read](LeftBehind::large).
    ///
    /// # Errors
    /// As [`RecoveryStore::open`].
    pub fn open_on(
        fs: RealFs,
        base: &Path,
        large: u64,
    ) -> Result<(Self, Vec<LeftBehind>), FsError> {
        create_private(base)?;
        let opening = lock(&base.join(OPENING))?;
        let (mut held, mut left_behind) = (Vec::new(), Vec::new());
        for entry in fs.read_dir(base)? {
            if !entry.is_dir || entry.is_symlink {
                continue;
            }
            if entry.name.starts_with(GIVEN_UP) {
                if let Err(error) = remove_tree(&fs, &entry.path) {
                    tracing::warn!("{error}");
                }
                continue;
            }
            match hold(&entry.path) {
                Ok(Some(lock)) => held.push((entry.path, lock)),
                Ok(None) => {}
                Err(error) => left_behind.push(LeftBehind::unreadable(entry.path, error)),
            }
        }
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let folder = base.join(format!("{started}-{}", std::process::id()));
        create_private(&folder)?;
        let lock = lock(&folder.join(LOCK))?;
        drop(opening);
        let taken = held.into_iter();
        left_behind.extend(taken.filter_map(|(folder, lock)| take(&fs, folder, lock, large)));
        let store = Self {
            fs,
            folder,
            _lock: lock,
        };
        Ok((store, left_behind))
    }

    /// What tells an entry from every other one, of whatever program, as it does once it is
    /// [left behind](LeftEntry::name).
    pub fn name(&self, number: u64) -> String {
        name(&self.folder, &number.to_string())
    }

    /// Keeps an entry, in place of an older one of the same number and of what was appended to
    /// that. At each moment one of the two is there, whole.
    ///
    /// # Errors
    /// As the system reports; the older entry or the new one is then there.
    pub fn put(&self, number: u64, content: &dyn Content) -> Result<(), FsError> {
        let place = self.place(number);
        self.fs.write_content(&entry_of(&place), content)?;
        remove_file(&self.fs, &journal_of(&place))
    }

    /// Appends to the journal of an entry. It is on the disk when this returns.
    ///
    /// # Errors
    /// As the system reports; a part of `bytes` may then be there.
    pub fn append(&self, number: u64, bytes: &[u8]) -> Result<(), FsError> {
        self.append_to(&journal_of(&self.place(number)), bytes)
    }

    /// Appends to what panics wrote of an entry, beside its journal: another thread may be writing
    /// that, or putting the entry anew, at this moment. It is on the disk when this returns, and goes
    /// when the entry is removed.
    ///
    /// # Errors
    /// As [`RecoveryStore::append`].
    pub fn append_last(&self, number: u64, bytes: &[u8]) -> Result<(), FsError> {
        self.append_to(&last_words_of(&self.place(number)), bytes)
    }

    fn append_to(&self, path: &Path, bytes: &[u8]) -> Result<(), FsError> {
        let failed = |error| FsError::from_io("write", path, error);
        let before = &|call| self.fs.before(call);
        before(SaveCall::OpenJournal).map_err(failed)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(failed)?;
        let is_new = file.metadata().map_err(failed)?.len() == 0;
        let mut blocks = Blocks {
            file: &file,
            call: SaveCall::WriteJournal,
            before,
        };
        blocks.write_all(bytes).map_err(failed)?;
        before(SaveCall::SyncJournal).map_err(failed)?;
        file.sync_data().map_err(failed)?;
        if is_new {
            sync_folder(&self.folder, before).map_err(failed)?;
        }
        Ok(())
    }

    /// Removes an entry; one that is not there is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn remove(&self, number: u64) -> Result<(), FsError> {
        remove_entry(&self.fs, &self.place(number))
    }

    /// Removes the store with all its entries, those that are being kept at this moment too: at
    /// an end that loses nothing.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        give_up(&self.fs, &self.folder)
    }

    /// Where an entry and its journal lie, without an ending.
    pub(crate) fn place(&self, number: u64) -> PathBuf {
        self.folder.join(number.to_string())
    }
}

pub(crate) fn entry_of(place: &Path) -> PathBuf {
    place.with_extension("entry")
}

pub(crate) fn journal_of(place: &Path) -> PathBuf {
    place.with_extension("journal")
}

pub(crate) fn last_words_of(place: &Path) -> PathBuf {
    place.with_extension("last")
}

fn name(folder: &Path, entry: &str) -> String {
    let folder = folder.file_name().unwrap_or_default().to_string_lossy();
    format!("{folder}/{entry}")
}

pub(crate) fn remove_entry(fs: &RealFs, place: &Path) -> Result<(), FsError> {
    // In this order: what belongs to an entry that is not there is not found.
    remove_file(fs, &entry_of(place))?;
    remove_file(fs, &journal_of(place))?;
    remove_file(fs, &last_words_of(place))?;
    remove_file(fs, &base_of(place))
}

/// Removes a file; one that is not there is fine.
fn remove_file(fs: &RealFs, path: &Path) -> Result<(), FsError> {
    fs.before(SaveCall::Remove)
        .map_err(|error| FsError::from_io("remove", path, error))?;
    match fs.remove(path) {
        Err(FsError::NotFound { .. }) => Ok(()),
        result => result,
    }
}

/// Removes a folder of entries, though another thread may be writing into it.
pub(crate) fn give_up(fs: &RealFs, folder: &Path) -> Result<(), FsError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let given_up = folder.with_file_name(format!("{GIVEN_UP}{name}"));
    if let Err(error) = std::fs::rename(folder, &given_up)
        && error.kind() != io::ErrorKind::NotFound
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

fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}

/// Waits for a lock.
fn lock(path: &Path) -> Result<File, FsError> {
    lock_file(path)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| FsError::from_io("lock", path, error))
}

/// The lock of a folder whose program is gone; `None` where it runs, or where somebody has just
/// removed the folder.
fn hold(folder: &Path) -> Result<Option<File>, FsError> {
    let path = folder.join(LOCK);
    let failed = |error| FsError::from_io("lock", &path, error);
    let file = match lock_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

impl LeftBehind {
    fn unreadable(folder: PathBuf, error: FsError) -> Self {
        Self {
            entries: Vec::new(),
            large: Vec::new(),
            unread: vec![error],
            more: 0,
            folder,
            taken: Vec::new(),
            shares: false,
            lock: None,
        }
    }
}

/// What is in a folder whose program is gone; `None` where the folder is. Entries of more bytes than
/// `large` are not read.
fn take(fs: &RealFs, folder: PathBuf, lock: File, large: u64) -> Option<LeftBehind> {
    let listed = match fs.read_dir(&folder) {
        Err(FsError::NotFound { .. }) => return None,
        Err(error) => return Some(LeftBehind::unreadable(folder, error)),
        Ok(listed) => listed,
    };
    let mut left = LeftBehind {
        entries: Vec::new(),
        large: Vec::new(),
        unread: Vec::new(),
        more: 0,
        folder,
        taken: Vec::new(),
        shares: false,
        lock: Some(Arc::new(lock)),
    };
    for file in listed {
        let Some(entry) = file.name.strip_suffix(".entry") else {
            continue;
        };
        if left.entries.len() + left.large.len() == MAX_ENTRIES {
            left.more += 1;
            continue;
        }
        let place = file.path.with_extension("");
        let parts = [entry_of, journal_of, last_words_of].map(|part| fs.metadata(&part(&place)));
        let size: u64 = parts.iter().flatten().map(|part| part.size).sum();
        if size > large {
            left.large.push(left.held(name(&left.folder, entry), place));
            continue;
        }
        let content = fs.read(&file.path, MAX_TEXT_BYTES * 2);
        let appended = |path: &Path| match fs.read(path, MAX_TEXT_BYTES * 2) {
            Err(FsError::NotFound { .. }) => Ok(Vec::new()),
            result => result,
        };
        let read = content.and_then(|content| {
            Ok(LeftEntry {
                name: name(&left.folder, entry),
                content,
                journal: appended(&journal_of(&place))?,
                last_words: appended(&last_words_of(&place))?,
            })
        });
        match read {
            Ok(entry) => {
                left.entries.push(entry);
                left.taken.push(place);
            }
            // The others come back all the same.
            Err(error) => left.unread.push(error),
        }
    }
    Some(left)
}

/// Creates a folder that only this user can look into, with those above it. One that is there
/// stays as it is.
///
/// # Errors
/// As the system reports.
pub fn create_private(folder: &Path) -> Result<(), FsError> {
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
    use crate::LoadProgress;
    use crate::encoded_text::Bytes;

    /// The contents and journals of what was found.
    fn found(left: &[LeftBehind]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let entries = left.iter().flat_map(|left| left.entries.clone());
        let mut found: Vec<_> = entries
            .map(|entry| (entry.content, entry.journal))
            .collect();
        found.sort();
        found
    }

    /// Takes one of the entries.
    fn hold(left: &mut [LeftBehind], name: &str) -> HeldEntry {
        left.iter_mut().find_map(|left| left.hold(name)).unwrap()
    }

    /// The names and first lines of what was found and not read.
    fn large(left: &[LeftBehind]) -> Vec<(String, Vec<u8>)> {
        let entries = left.iter().flat_map(|left| &left.large);
        entries
            .map(|entry| (entry.name.clone(), entry.first_line().unwrap()))
            .collect()
    }

    fn left(content: &[u8], journal: &[u8]) -> (Vec<u8>, Vec<u8>) {
        (content.to_vec(), journal.to_vec())
    }

    fn folders(base: &Path) -> usize {
        let listed = std::fs::read_dir(base).unwrap();
        listed
            .filter(|entry| entry.as_ref().unwrap().path().is_dir())
            .count()
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

        let (_next, left_behind) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(
            found(&left_behind),
            [left(b"one", b"and more"), left(b"two again", b"after")]
        );
        // While they are being taken over, nobody else gets them.
        let (_other, none) = RecoveryStore::open(base.path()).unwrap();
        assert!(none.is_empty());
        for left in left_behind {
            left.discard().unwrap();
        }
        let (_last, none) = RecoveryStore::open(base.path()).unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn what_a_panic_wrote_stays_though_the_entry_is_put_anew() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, _) = RecoveryStore::open(base.path()).unwrap();
        crashed.put(1, &Bytes(b"one")).unwrap();
        crashed.append(1, b"journal").unwrap();
        crashed.append_last(1, b"last ").unwrap();
        crashed.append_last(1, b"words").unwrap();
        crashed.put(1, &Bytes(b"two")).unwrap();
        crashed.put(2, &Bytes(b"saved")).unwrap();
        crashed.append_last(2, b"gone").unwrap();
        crashed.remove(2).unwrap();
        drop(crashed);
        let (_next, left_behind) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(found(&left_behind), [left(b"two", b"")]);
        assert_eq!(left_behind[0].entries[0].last_words, b"last words");
        left_behind[0].discard().unwrap();
        assert_eq!(folders(base.path()), 1, "its own alone");
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
        assert_eq!(folders(base.path()), 0);
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
        let crashed_name = crashed.name(1);
        drop(crashed);
        let (second, first_time) = RecoveryStore::open(base.path()).unwrap();
        let name = crashed_name.as_str();
        assert!(first_time.iter().any(|left| left.entries[0].name == name));
        drop((second, first_time));
        let (_third, left_behind) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(found(&left_behind), [left(b"one", b"")]);
    }

    #[test]
    fn a_large_entry_is_read_when_it_is_needed_and_outlives_whoever_does_not_come_to_that() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, _) = RecoveryStore::open(base.path()).unwrap();
        let content = format!("head\n{}", "x".repeat(3 << 20));
        crashed.put(1, &Bytes(b"one")).unwrap();
        crashed.put(2, &Bytes(content.as_bytes())).unwrap();
        crashed.append(2, b"journal").unwrap();
        crashed.put(3, &Bytes(b"three")).unwrap();
        let [big, small] = [2, 3].map(|number| crashed.name(number));
        let folder = crashed.folder.clone();
        drop(crashed);
        let lazily = || RecoveryStore::open_on(RealFs::new(), base.path(), 1 << 20).unwrap();

        let (second, mut left_behind) = lazily();
        let head = b"head".to_vec();
        assert_eq!(large(&left_behind), [(big.clone(), head.clone())]);
        assert_eq!(
            found(&left_behind),
            [left(b"one", b""), left(b"three", b"")]
        );
        let held = [&big, &small].map(|name| hold(&mut left_behind, name));
        left_behind.iter().for_each(|left| left.discard().unwrap());
        drop(left_behind);
        let (other, none) = lazily();
        assert!(none.is_empty(), "what is held is nobody else's");
        let progress = LoadProgress::default();
        progress.cancel();
        assert!(held[0].read(&progress).unwrap().is_none());
        assert!(progress.read() < progress.total());
        // It is killed before it comes to them.
        drop((second, held, other));

        let (_third, mut left_behind) = lazily();
        assert_eq!(large(&left_behind), [(big.clone(), head)]);
        assert_eq!(found(&left_behind), [left(b"three", b"")]);
        let [first, last] = [&big, &small].map(|name| hold(&mut left_behind, name));
        let progress = LoadProgress::default();
        let read = first.read(&progress).unwrap().unwrap();
        assert!(read.content == content.as_bytes());
        assert_eq!(read.journal, b"journal");
        assert_eq!(progress.read(), content.len() as u64 + 7);
        assert_eq!(progress.total(), progress.read());
        first.discard().unwrap();
        assert!(last.read(&LoadProgress::default()).unwrap().is_some());
        last.discard().unwrap();
        last.discard().unwrap();
        assert!(!folder.exists(), "it goes with its last entry");
    }

    #[test]
    fn an_entry_that_cannot_be_read_hides_no_other_and_stays() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, _) = RecoveryStore::open(base.path()).unwrap();
        crashed.put(1, &Bytes(b"one")).unwrap();
        crashed.put(2, &Bytes(b"two")).unwrap();
        crashed.put(3, &Bytes(b"three")).unwrap();
        // Nobody reads a folder as a file, not even root.
        let unreadable = crashed.folder.join("2.journal");
        std::fs::create_dir(&unreadable).unwrap();
        drop(crashed);
        let (second, left_behind) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(
            found(&left_behind),
            [left(b"one", b""), left(b"three", b"")]
        );
        let told: Vec<String> = left_behind
            .iter()
            .flat_map(|left| left.unread.iter().map(ToString::to_string))
            .collect();
        let [told] = &told[..] else {
            panic!("{told:?}");
        };
        assert!(told.contains("2.journal"), "{told}");
        left_behind.iter().for_each(|left| left.discard().unwrap());
        drop((second, left_behind));
        // What was taken does not come back; the other does once it can be read.
        std::fs::remove_dir(unreadable).unwrap();
        let (_third, left_behind) = RecoveryStore::open(base.path()).unwrap();
        assert_eq!(found(&left_behind), [left(b"two", b"")]);
    }

    #[test]
    fn more_entries_than_are_taken_at_once_come_back_one_start_later() {
        let base = tempfile::tempdir().unwrap();
        let (crashed, _) = RecoveryStore::open(base.path()).unwrap();
        // Without forcing a thousand files to the disk.
        for number in 0..MAX_ENTRIES + 3 {
            let path = entry_of(&crashed.place(number as u64));
            std::fs::write(path, number.to_string()).unwrap();
        }
        drop(crashed);
        let mut all = Vec::new();
        for (taken, more) in [(MAX_ENTRIES, 3), (3, 0)] {
            let (_store, left_behind) = RecoveryStore::open(base.path()).unwrap();
            let (mut entries, mut left) = (found(&left_behind), 0);
            for one in &left_behind {
                left += one.more;
                one.discard().unwrap();
            }
            assert_eq!((entries.len(), left), (taken, more));
            all.append(&mut entries);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), MAX_ENTRIES + 3);
    }

    #[test]
    fn no_program_takes_the_folder_of_one_that_is_just_starting() {
        let base = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..60 {
                        let (store, left) = RecoveryStore::open(base.path()).unwrap();
                        left.iter().for_each(|left| left.discard().unwrap());
                        store.append(1, b"kept").unwrap();
                        store.discard().unwrap();
                    }
                });
            }
        });
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let base = tempfile::tempdir().unwrap();
        let inner = base.path().join("recovery");
        let (store, _) = RecoveryStore::open(&inner).unwrap();
        for folder in [inner.clone(), store.folder.clone()] {
            let mode = std::fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
