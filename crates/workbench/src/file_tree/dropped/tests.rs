use super::*;
use fs::{Content, DirEntry, FakeFs, FakeOperation, Metadata};
use std::fmt;
use std::io::{ErrorKind, Read};

/// A disk on which something happens right after a certain copy.
struct AfterCopy<'a> {
    disk: &'a FakeFs,
    /// Which copy, counted from 1.
    number: usize,
    copies: AtomicUsize,
    happens: &'a (dyn Fn() + Send + Sync),
}

impl fmt::Debug for AfterCopy<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AfterCopy").finish_non_exhaustive()
    }
}

impl Fs for AfterCopy<'_> {
    fn copy(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        self.disk.copy(from, to)?;
        if self.copies.fetch_add(1, Ordering::Relaxed) + 1 == self.number {
            (self.happens)();
        }
        Ok(())
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FsError> {
        self.disk.read(path, limit)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>, FsError> {
        self.disk.open(path)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, FsError> {
        self.disk.metadata(path)
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<DirEntry>, FsError> {
        self.disk.read_dir(path)
    }

    fn write_content(&self, path: &Path, content: &dyn Content) -> Result<(), FsError> {
        self.disk.write_content(path, content)
    }

    fn create_file(&self, path: &Path) -> Result<(), FsError> {
        self.disk.create_file(path)
    }

    fn create_dir(&self, path: &Path) -> Result<(), FsError> {
        self.disk.create_dir(path)
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), FsError> {
        self.disk.create_dir_all(path)
    }

    fn remove(&self, path: &Path) -> Result<(), FsError> {
        self.disk.remove(path)
    }

    fn remove_tree(&self, path: &Path) -> Result<(), FsError> {
        self.disk.remove_tree(path)
    }

    fn read_whole_dir_beneath(
        &self,
        root: &Path,
        relative: &Path,
    ) -> Result<Vec<DirEntry>, FsError> {
        self.disk.read_whole_dir_beneath(root, relative)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        self.disk.rename(from, to)
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, FsError> {
        self.disk.canonicalize(path)
    }
}

/// A folder with files in it and below, and a place to copy it to.
fn folder() -> FakeFs {
    let disk = FakeFs::with_files([
        ("/from/a/1", "text"),
        ("/from/a/2", "text"),
        ("/from/b/3", "text"),
        ("/from/b/4", "text"),
        ("/from/5", "text"),
    ]);
    disk.insert_folder("/into");
    disk
}

/// Copies `/from` to `/into/to`; the third copy is followed by what `happens`, and is the last
/// before the copy is cancelled.
fn copy_cancelled(disk: &FakeFs, happens: impl Fn() + Send + Sync) -> CopyEnd {
    let progress = CopyProgress::default();
    let fs = AfterCopy {
        disk,
        number: 3,
        copies: AtomicUsize::new(0),
        happens: &|| {
            happens();
            progress.cancelled.store(true, Ordering::Relaxed);
        },
    };
    let end = copy_all(&fs, Path::new("/from"), Path::new("/into/to"), &progress).unwrap_err();
    assert_eq!(progress.files.load(Ordering::Relaxed), 3);
    end
}

/// The files in the place that is copied to.
fn files_there(disk: &FakeFs) -> Vec<PathBuf> {
    let mut files = disk.files();
    files.retain(|file| file.starts_with("/into"));
    files
}

#[test]
fn a_folder_whose_copy_is_cancelled_is_not_left_half_copied() {
    let disk = folder();
    let end = copy_cancelled(&disk, || {});
    assert_eq!(
        end,
        CopyEnd::Cancelled("copying /from was cancelled".to_owned())
    );
    assert!(!disk.exists(Path::new("/into/to")) && disk.exists(Path::new("/into")));
    assert_eq!(disk.files().len(), 5, "what was copied is untouched");
}

#[test]
fn what_others_put_into_a_folder_stays_when_its_copy_is_cancelled() {
    let disk = folder();
    let end = copy_cancelled(&disk, || disk.insert("/into/to/theirs/note", b"mine"));
    assert_eq!(
        end,
        CopyEnd::Cancelled(
            "copying /from was cancelled; /into/to stays with what others put there".to_owned()
        )
    );
    assert_eq!(files_there(&disk), [PathBuf::from("/into/to/theirs/note")]);
}

#[test]
fn what_a_cancelled_copy_could_not_take_away_is_told_as_a_failure() {
    let disk = folder();
    // The file beside the folders is copied first.
    let stuck = "/into/to/5";
    disk.fail_always(FakeOperation::Remove, stuck, ErrorKind::PermissionDenied);
    let CopyEnd::Failed(words) = copy_cancelled(&disk, || {}) else {
        panic!("told as if all were well");
    };
    assert!(
        words.contains("left in /into/to") && words.contains(stuck),
        "{words}"
    );
    assert_eq!(files_there(&disk), [PathBuf::from(stuck)]);
}

#[test]
fn nothing_is_copied_into_a_folder_that_another_made_meanwhile() {
    let disk = folder();
    disk.insert("/into/to/theirs", b"mine");
    let progress = CopyProgress::default();
    let end = copy_all(&disk, Path::new("/from"), Path::new("/into/to"), &progress);
    assert!(matches!(end, Err(CopyEnd::Failed(words)) if words.contains("/into/to")));
    assert_eq!(files_there(&disk), [PathBuf::from("/into/to/theirs")]);
}
