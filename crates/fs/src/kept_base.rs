//! What a file held when the unsaved edits of it began, kept beside the entry that says how the text
//! differs from it: another program may change the file before the text comes back.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::held_entry::read_block;
use crate::save_calls::SaveCall;
use crate::{
    Content, Fs as _, FsError, HeldEntry, LoadProgress, MAX_TEXT_BYTES, RealFs, RecoveryStore,
};

/// It is forced to the disk in portions of so many bytes: a journal that is to reach the disk
/// meanwhile waits for no more than that.
const PORTION: usize = 8 * 1024 * 1024;

/// Copies of files leave the disk so much room, in bytes.
const RESERVE: u64 = 1024 * 1024 * 1024;
/// More folders and files are not looked at for how much is kept.
const MOST_LOOKED_AT: usize = 10_000;

/// Two programs never write in one folder, but two threads of one may.
static NEXT_PART: AtomicU64 = AtomicU64::new(0);

pub(crate) fn base_of(place: &Path) -> PathBuf {
    place.with_extension("base")
}

impl RecoveryStore {
    /// Keeps what the file of an entry held before its edits, in place of what was kept of that. It is
    /// there whole or not at all; false where it was not `wanted` any more, which is asked before each
    /// block. May take long, and holds up nobody who [appends](Self::append).
    ///
    /// # Errors
    /// As the system reports; nothing is left of it then.
    pub fn put_base(
        &self,
        number: u64,
        content: &dyn Content,
        wanted: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, FsError> {
        let path = base_of(&self.place(number));
        let part =
            path.with_extension(format!("part{}", NEXT_PART.fetch_add(1, Ordering::Relaxed)));
        let kept = self.write_base(&part, content, wanted).and_then(|()| {
            std::fs::rename(&part, &path)?;
            // What was forgotten meanwhile has nobody else to remove it.
            match wanted() {
                true => Ok(true),
                false => std::fs::remove_file(&path).map(|()| false),
            }
        });
        let Err(error) = kept else {
            return Ok(matches!(kept, Ok(true)));
        };
        if let Err(error) = std::fs::remove_file(&part)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("{}: {error}", part.display());
        }
        match wanted() {
            true => Err(FsError::from_io("write", &path, error)),
            false => Ok(false),
        }
    }

    fn write_base(
        &self,
        part: &Path,
        content: &dyn Content,
        wanted: &(dyn Fn() -> bool + Sync),
    ) -> io::Result<()> {
        self.fs.before(SaveCall::CreateTemporary)?;
        let file = OpenOptions::new().create_new(true).write(true).open(part)?;
        let mut portions = Portions {
            file: &file,
            unforced: 0,
            store: self,
            wanted,
        };
        content.write_to(&mut portions)?;
        self.fs.before(SaveCall::SyncContent)?;
        file.sync_data()
    }

    /// Whether what the file of an entry held may be kept, which has so many bytes: the disk has room for
    /// twice as many, and 1 GiB beside them; and with it no more than `most` bytes are kept of
    /// all projects, whose stores lie in folders of `all`. To get there the oldest of this store go
    /// first, never those of others: their texts may be waiting to come back.
    ///
    /// # Errors
    /// As the system reports, where an older one cannot be removed.
    pub fn makes_room(
        &self,
        number: u64,
        bytes: u64,
        (all, most): (&Path, u64),
    ) -> Result<bool, FsError> {
        let is_ample = |free: u64| free / 2 >= bytes && free - bytes >= RESERVE;
        if !free_disk_bytes(&self.folder).is_none_or(is_ample) {
            return Ok(false);
        }
        let replaced = base_of(&self.place(number));
        let mut kept = kept_bases(all);
        kept.retain(|base| base.path != replaced);
        let is_own = |base: &KeptBase| base.path.parent() == Some(self.folder.as_path());
        let (mut own, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(is_own);
        let sum = |bases: &[KeptBase]| bases.iter().map(|one| one.bytes).sum::<u64>();
        let others = sum(&others);
        // Where that would not be enough nothing goes.
        if others.saturating_add(bytes) > most {
            return Ok(false);
        }
        let mut left = others.saturating_add(sum(&own));
        own.sort_by_key(|base| base.modified);
        for base in own {
            if left.saturating_add(bytes) <= most {
                break;
            }
            match self.fs.remove(&base.path) {
                Ok(()) | Err(FsError::NotFound { .. }) => left -= base.bytes,
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Forgets what was kept of the file of an entry; nothing kept is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn remove_base(&self, number: u64) -> Result<(), FsError> {
        let path = base_of(&self.place(number));
        match self.fs.remove(&path) {
            Err(FsError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }
}

/// What a file held, as it lies on the disk.
struct KeptBase {
    path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
}

/// What is kept of files in the stores of all projects, which lie in folders of `all`. What cannot be
/// looked at is left out.
fn kept_bases(all: &Path) -> Vec<KeptBase> {
    let within = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.filter_map(|entry| Some(entry.ok()?.path()))
    };
    let files = within(all).flat_map(|project| within(&project).collect::<Vec<_>>());
    let files = files.flat_map(|store| within(&store).collect::<Vec<_>>());
    let files = files.take(MOST_LOOKED_AT);
    let bases = files.filter(|path| path.extension().is_some_and(|ending| ending == "base"));
    let bases = bases.filter_map(|path| {
        let found = path.symlink_metadata().ok().filter(|it| it.is_file())?;
        Some(KeptBase {
            path,
            bytes: found.len(),
            modified: found.modified().ok(),
        })
    });
    bases.collect()
}

#[cfg(unix)]
fn free_disk_bytes(folder: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(folder).ok()?;
    Some(system.f_bavail.saturating_mul(system.f_frsize))
}

#[cfg(not(unix))]
fn free_disk_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Writes to the disk and forces each portion there.
struct Portions<'a> {
    file: &'a File,
    unforced: usize,
    store: &'a RecoveryStore,
    wanted: &'a (dyn Fn() -> bool + Sync),
}

impl Write for Portions<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !(self.wanted)() {
            return Err(io::Error::other("not wanted any more"));
        }
        self.store.fs.before(SaveCall::WriteTemporary)?;
        let mut file = self.file;
        let written = file.write(bytes)?;
        self.unforced += written;
        if self.unforced >= PORTION {
            self.unforced = 0;
            file.sync_data()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl HeldEntry {
    /// Whether what its file held before the edits was [kept](RecoveryStore::put_base).
    pub fn has_base(&self) -> bool {
        base_of(&self.place).is_file()
    }

    /// What its file held before the edits; `None` where that was not kept, or where the reading was
    /// [cancelled](LoadProgress::cancel). Blocks.
    ///
    /// # Errors
    /// As the system reports. It is as it was, and can be read again.
    pub fn read_base(&self, progress: &LoadProgress) -> Result<Option<Vec<u8>>, FsError> {
        let path = base_of(&self.place);
        let file = match RealFs::new().open(&path) {
            Ok(file) => file,
            Err(FsError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (size, limit) = (RealFs::new().metadata(&path)?.size, MAX_TEXT_BYTES * 2);
        if size > limit {
            return Err(FsError::TooLarge { path, size, limit });
        }
        let mut bytes = Vec::new();
        let mut file = file.take(limit);
        while read_block(&mut file, &mut bytes)
            .map_err(|error| FsError::from_io("read", &path, error))?
            > 0
        {
            if progress.is_cancelled() {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoded_text::Bytes;

    fn restarted(base: &Path) -> (RecoveryStore, HeldEntry) {
        let (store, mut left) = RecoveryStore::open_on(RealFs::new(), base, 0).unwrap();
        let name = left[0].large[0].name.clone();
        (store, left[0].hold(&name).unwrap())
    }

    #[test]
    fn a_base_is_kept_whole_or_not_at_all_and_goes_with_its_entry() {
        let base = tempfile::tempdir().unwrap();
        let (store, _) = RecoveryStore::open(base.path()).unwrap();
        store.put(1, &Bytes(b"entry")).unwrap();
        let old = b"what the file held\n".repeat(1 << 20);
        assert!(store.put_base(1, &Bytes(b"older"), &|| true).unwrap());
        assert!(store.put_base(1, &Bytes(&old), &|| true).unwrap());
        // Not wanted any more when half of it is written, or when all is.
        for asked in [10, old.len().div_ceil(256 << 10)] {
            let times = AtomicU64::new(0);
            let wanted = || times.fetch_add(1, Ordering::Relaxed) < asked as u64;
            assert!(!store.put_base(2, &Bytes(&old), &wanted).unwrap());
        }
        let files = std::fs::read_dir(&store.folder).unwrap().count();
        assert_eq!(files, 3, "the lock, the entry and its base");
        drop(store);

        let (_next, held) = restarted(base.path());
        assert!(held.has_base());
        let read = held.read_base(&LoadProgress::default()).unwrap();
        assert!(read.as_deref() == Some(&old[..]));
        // Nothing is cut: what is too large stays where it is.
        for part in [
            base_of(&held.place),
            crate::recovery_store::entry_of(&held.place),
        ] {
            let file = OpenOptions::new().write(true).open(part).unwrap();
            file.set_len(MAX_TEXT_BYTES * 2 + 1).unwrap();
        }
        let progress = LoadProgress::default();
        let refused = [held.read_base(&progress).err(), held.read(&progress).err()];
        for refused in refused {
            assert!(
                matches!(refused, Some(FsError::TooLarge { .. })),
                "{refused:?}"
            );
        }
        let folder = held.folder.clone();
        held.discard().unwrap();
        assert!(!folder.exists());

        let (store, _) = RecoveryStore::open(base.path()).unwrap();
        store.put(1, &Bytes(b"entry")).unwrap();
        store.put_base(1, &Bytes(b"base"), &|| true).unwrap();
        store.remove(1).unwrap();
        let files = std::fs::read_dir(&store.folder).unwrap().count();
        assert_eq!(files, 1, "the lock");
    }

    #[test]
    fn what_is_kept_of_all_files_is_bounded_and_the_oldest_of_its_own_goes_first() {
        let scratch = tempfile::tempdir().unwrap();
        let all = scratch.path().join("recovery");
        let open = |project: &str| RecoveryStore::open(&all.join(project)).unwrap().0;
        std::fs::create_dir(&all).unwrap();
        let (own, other) = (open("one"), open("two"));
        let put = |store: &RecoveryStore, number: u64, seconds: u64| {
            let kept = store.put_base(number, &Bytes(&[0; 100]), &|| true);
            assert!(kept.unwrap());
            let base = base_of(&store.place(number));
            let file = OpenOptions::new().write(true).open(base).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
        };
        // The other's is the oldest of all.
        put(&other, 1, 1);
        for (number, seconds) in [(1, 30), (2, 20), (3, 40)] {
            put(&own, number, seconds);
        }
        let makes_room = |number, bytes, most| own.makes_room(number, bytes, (&all, most)).unwrap();
        let kept = || -> Vec<u64> {
            let there = |number: &u64| base_of(&own.place(*number)).exists();
            [1, 2, 3].into_iter().filter(there).collect()
        };
        assert!(makes_room(9, 100, 500));
        assert_eq!(kept(), [1, 2, 3], "all of them fit");
        assert!(
            !makes_room(9, 401, 500),
            "beside the other's it does not fit"
        );
        assert_eq!(kept(), [1, 2, 3], "nothing goes in vain");
        assert!(makes_room(3, 200, 500), "its own is replaced");
        assert_eq!(kept(), [1, 2, 3]);
        assert!(makes_room(9, 150, 500));
        assert_eq!(kept(), [1, 3], "the oldest");
        assert!(makes_room(9, 350, 500));
        assert_eq!(kept(), Vec::<u64>::new());
        assert!(base_of(&other.place(1)).exists());
        // The whole disk is never taken.
        assert!(!makes_room(9, u64::MAX / 4, u64::MAX));
    }
}
