//! A folder of Kiln's own that keeps small files by name, within a size.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
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
    /// What is known to be there; `None` before the folder is listed.
    listing: Mutex<Option<Listing>>,
}

impl PrivateFolder {
    /// The folder at a path; past `max_bytes` in all, the files that were written longest ago go.
    pub fn new(folder: PathBuf, max_bytes: u64) -> Self {
        Self {
            fs: RealFs::new(),
            folder,
            max_bytes,
            listing: Mutex::default(),
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
        // Held until it is known what is there: another thread that makes room meanwhile would
        // find what is half written, or remove what is about to be noted.
        let mut known = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        self.fs.write_atomic(&self.folder.join(name), content)?;
        let listing = self.listed(&mut known)?;
        listing.add(name.to_owned(), SystemTime::now(), content.len() as u64);
        if listing.bytes > self.max_bytes {
            self.clean_up(listing, name)?;
        }
        Ok(())
    }

    /// The names of the files that are kept, in no particular order.
    ///
    /// # Errors
    /// As the system reports.
    pub fn names(&self) -> Result<Vec<String>, FsError> {
        let names = self
            .dir_entries()?
            .filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names.collect())
    }

    /// Removes a file; one that is not there is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn remove(&self, name: &str) -> Result<(), FsError> {
        match self.fs.remove(&self.folder.join(name)) {
            Ok(()) | Err(FsError::NotFound { .. }) => {
                self.with_listing(|listing| listing.forget(name))
            }
            result => result,
        }
    }

    /// The names of the files that begin so, in order, as this program knows them: what another
    /// one has written since the folder was last listed is not among them. Lists it once, so that
    /// what is done at each save costs no more where much is kept.
    ///
    /// # Errors
    /// As the system reports.
    pub fn known_names(&self, start: &str) -> Result<Vec<String>, FsError> {
        self.with_listing(|listing| {
            let from = listing.files.range(start.to_owned()..);
            let names = from.map(|(name, _)| name);
            let found = names.take_while(|name| name.starts_with(start));
            found.cloned().collect()
        })
    }

    fn with_listing<R>(&self, look: impl FnOnce(&mut Listing) -> R) -> Result<R, FsError> {
        // What a panic left is whole: an entry is there or not.
        let mut listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(look(self.listed(&mut listing)?))
    }

    fn listed<'a>(&self, known: &'a mut Option<Listing>) -> Result<&'a mut Listing, FsError> {
        let listed = match known.take() {
            Some(listed) => listed,
            None => self.list()?,
        };
        Ok(known.insert(listed))
    }

    /// What lies in the folder; nothing where there is none.
    fn dir_entries(&self) -> Result<impl Iterator<Item = std::fs::DirEntry>, FsError> {
        let listed = match std::fs::read_dir(&self.folder) {
            Ok(listed) => Some(listed),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(FsError::from_io("list", &self.folder, error)),
        };
        Ok(listed.into_iter().flatten().flatten())
    }

    fn list(&self) -> Result<Listing, FsError> {
        let mut listing = Listing::default();
        for entry in self.dir_entries()? {
            // Another program may be removing the same one.
            if let (Ok(metadata), Ok(name)) = (entry.metadata(), entry.file_name().into_string()) {
                let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                listing.add(name, modified, metadata.len());
            }
        }
        Ok(listing)
    }

    /// Lists the folder again and removes the oldest files until it is within its size, but for the
    /// one that was just written.
    fn clean_up(&self, listing: &mut Listing, name: &str) -> Result<(), FsError> {
        // Others write here and remove things too.
        *listing = self.list()?;
        let mut oldest: Vec<_> = listing
            .files
            .iter()
            .map(|(name, (modified, _))| (*modified, name.clone()))
            .collect();
        oldest.sort();
        oldest.into_iter().try_for_each(|(_, old)| {
            if listing.bytes <= self.max_bytes || old == name {
                return Ok(());
            }
            match self.fs.remove(&self.folder.join(&old)) {
                Ok(()) | Err(FsError::NotFound { .. }) => {
                    listing.forget(&old);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        })
    }
}

/// The files of a folder.
#[derive(Debug, Default)]
struct Listing {
    /// By name: when it was written, and its size in bytes.
    files: BTreeMap<String, (SystemTime, u64)>,
    bytes: u64,
}

impl Listing {
    fn add(&mut self, name: String, modified: SystemTime, size: u64) {
        self.bytes += size;
        if let Some((_, before)) = self.files.insert(name, (modified, size)) {
            self.bytes -= before;
        }
    }

    fn forget(&mut self, name: &str) {
        if let Some((_, size)) = self.files.remove(name) {
            self.bytes -= size;
        }
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

    #[test]
    fn the_folder_is_listed_once_and_again_when_it_is_full() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        let kept = PrivateFolder::new(path.clone(), 45);
        kept.write("a.1", &[0; 10]).unwrap();
        kept.write("a.2", &[0; 10]).unwrap();
        kept.write("b.1", &[0; 10]).unwrap();
        assert_eq!(kept.known_names("a.").unwrap(), ["a.1", "a.2"]);
        kept.remove("a.2").unwrap();
        // Another program, a while ago.
        let other = path.join("a.0");
        std::fs::write(&other, [0; 10]).unwrap();
        let long_ago = SystemTime::now() - std::time::Duration::from_secs(1000);
        let file = std::fs::File::options().write(true).open(&other).unwrap();
        file.set_modified(long_ago).unwrap();
        assert_eq!(kept.known_names("a.").unwrap(), ["a.1"]);
        assert_eq!(kept.names().unwrap().len(), 3);
        // What it wrote counts once there is too much, and goes first.
        kept.write("a.3", &[0; 30]).unwrap();
        assert_eq!(kept.known_names("").unwrap(), ["a.3", "b.1"]);
        assert!(!other.exists());
    }

    #[test]
    fn what_is_kept_at_the_same_time_is_known_also_where_the_folder_is_full() {
        let folder = tempfile::tempdir().unwrap();
        let kept = PrivateFolder::new(folder.path().join("kept"), 400);
        for round in 0..50 {
            let start = std::sync::Barrier::new(4);
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let (kept, start) = (&kept, &start);
                    scope.spawn(move || {
                        start.wait();
                        kept.write(&format!("{round:02}.{thread}"), &[0; 10])
                            .unwrap();
                    });
                }
            });
            let known = kept.known_names("").unwrap();
            let mut there = kept.names().unwrap();
            there.sort();
            assert_eq!(known, there, "round {round}");
        }
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
