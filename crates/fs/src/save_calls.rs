//! The system calls of a save and of the recovery store, each of which can be made to fail.

use std::io;
#[cfg(feature = "test-support")]
use std::sync::atomic::{AtomicUsize, Ordering};

/// A system call that a save makes, or the keeping of a text that is not saved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaveCall {
    /// Following a symbolic link.
    FollowLink,
    /// Asking what is known about the file.
    Look,
    /// Creating a temporary file.
    CreateTemporary,
    /// Writing a block of the new content to the temporary file.
    WriteTemporary,
    /// Setting owner or mode of the temporary file.
    CopyMode,
    /// Reading or setting its extended attributes.
    CopyAttribute,
    /// Forcing the new content to the disk.
    SyncContent,
    /// Giving the temporary file the real name.
    Rename,
    /// Forcing the names in the folder to the disk.
    SyncFolder,
    /// Copying a block of the old content, before the file is overwritten in place.
    WriteBackup,
    /// Forcing the copy to the disk.
    SyncBackup,
    /// Opening the file to overwrite it in place.
    OpenInPlace,
    /// Overwriting a block in place.
    WriteInPlace,
    /// Cutting the file to the length of the new content.
    CutInPlace,
    /// Forcing what was overwritten to the disk.
    SyncInPlace,
    /// Opening the journal of a text that is not saved yet.
    OpenJournal,
    /// Appending to it.
    WriteJournal,
    /// Forcing it to the disk.
    SyncJournal,
    /// Removing what is kept no longer.
    Remove,
}

/// Called before each system call; an error stands for the call's own.
pub(crate) type BeforeCall<'a> = &'a dyn Fn(SaveCall) -> io::Result<()>;

/// A file that is written block by block.
pub(crate) struct Blocks<'a> {
    pub(crate) file: &'a std::fs::File,
    pub(crate) call: SaveCall,
    pub(crate) before: BeforeCall<'a>,
}

impl io::Write for Blocks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = (self.before)(self.call) {
            // A disk that fills up takes some of the bytes first.
            let mut file = self.file;
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        let mut file = self.file;
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Which of the calls fail, and how many were made.
#[cfg(feature = "test-support")]
#[derive(Debug)]
pub struct SaveFaults {
    failing: Failing,
    error: i32,
    made: AtomicUsize,
}

#[cfg(feature = "test-support")]
#[derive(Debug)]
enum Failing {
    None,
    Sort(SaveCall),
    Only(usize),
    From(usize),
}

#[cfg(feature = "test-support")]
impl SaveFaults {
    /// No call fails; they are counted.
    pub fn none() -> Self {
        Self::new(Failing::None, 0)
    }

    /// The calls of one sort fail with an error number of the system.
    pub fn each(call: SaveCall, error: i32) -> Self {
        Self::new(Failing::Sort(call), error)
    }

    /// One call fails, counted from 0.
    pub fn only(number: usize, error: i32) -> Self {
        Self::new(Failing::Only(number), error)
    }

    /// A call and all after it fail: the disk is gone.
    pub fn from(number: usize, error: i32) -> Self {
        Self::new(Failing::From(number), error)
    }

    /// How many calls were made.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    fn new(failing: Failing, error: i32) -> Self {
        Self {
            failing,
            error,
            made: AtomicUsize::new(0),
        }
    }

    pub(crate) fn before(&self, call: SaveCall) -> io::Result<()> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let fails = match self.failing {
            Failing::None => false,
            Failing::Sort(failing) => failing == call,
            Failing::Only(failing) => failing == number,
            Failing::From(first) => first <= number,
        };
        if fails {
            return Err(io::Error::from_raw_os_error(self.error));
        }
        Ok(())
    }
}
