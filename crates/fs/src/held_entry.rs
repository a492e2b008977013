//! An entry of a program that is gone that is taken over later than the others.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;

use crate::recovery_store::{entry_of, give_up, journal_of, last_words_of, remove_entry};
use crate::{Fs as _, FsError, LeftEntry, LoadProgress, MAX_TEXT_BYTES, RealFs};

/// The longest first line that is read by itself, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// How much is read between two looks at whether somebody still waits for it, in bytes.
const BLOCK: u64 = 1024 * 1024;

/// An entry that a program left behind, and that is [read](Self::read) when somebody needs it. It
/// stays on the disk until it is [discarded](Self::discard); while this is there, no other program
/// takes it.
#[derive(Debug)]
pub struct HeldEntry {
    /// Tells it from every other entry, of whatever program.
    pub name: String,
    /// Of the program that is gone.
    pub(crate) folder: PathBuf,
    /// Without an ending.
    pub(crate) place: PathBuf,
    pub(crate) _lock: Option<Arc<File>>,
}

impl HeldEntry {
    /// The first line of what was put last, without its end: at most 64 KiB of it.
    ///
    /// # Errors
    /// As the system reports.
    pub fn first_line(&self) -> Result<Vec<u8>, FsError> {
        let path = entry_of(&self.place);
        let mut line = Vec::new();
        let file = RealFs::new().open(&path)?;
        BufReader::new(file.take(MAX_LINE))
            .read_until(b'\n', &mut line)
            .map_err(|error| FsError::from_io("read", &path, error))?;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(line)
    }

    /// All of it; `None` where the reading was [cancelled](LoadProgress::cancel). Blocks.
    ///
    /// # Errors
    /// As the system reports. It is as it was, and can be read again.
    pub fn read(&self, progress: &LoadProgress) -> Result<Option<LeftEntry>, FsError> {
        let parts = [entry_of, journal_of, last_words_of].map(|part| part(&self.place));
        let fs = RealFs::new();
        let limit = MAX_TEXT_BYTES * 2;
        let mut total = 0;
        for path in &parts {
            let size = fs.metadata(path).map_or(0, |file| file.size);
            // Cut, it would come back as if that had been all.
            if size > limit {
                return Err(FsError::TooLarge {
                    path: path.clone(),
                    size,
                    limit,
                });
            }
            total += size;
        }
        progress.expect(total);
        let mut read = 0;
        let mut all = parts.iter().map(|path| {
            let mut bytes = Vec::new();
            let file = match fs.open(path) {
                Ok(file) => file,
                // What nothing was appended to has no journal.
                Err(FsError::NotFound { .. }) if *path != parts[0] => return Ok(Some(bytes)),
                Err(error) => return Err(error),
            };
            let told = |error| FsError::from_io("read", path, error);
            let mut file = file.take(limit);
            while read_block(&mut file, &mut bytes).map_err(told)? > 0 {
                progress.set(read + bytes.len() as u64);
                if progress.is_cancelled() {
                    return Ok(None);
                }
            }
            read += bytes.len() as u64;
            Ok(Some(bytes))
        });
        let mut next = || all.next().transpose().map(Option::flatten);
        let (Some(content), Some(journal), Some(last_words)) = (next()?, next()?, next()?) else {
            return Ok(None);
        };
        Ok(Some(LeftEntry {
            name: self.name.clone(),
            content,
            journal,
            last_words,
        }))
    }

    /// Removes it: once it is kept elsewhere, or the user gave it up. With the last entry of a
    /// program goes its folder. Doing it again is fine.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        let fs = RealFs::new();
        remove_entry(&fs, &self.place)?;
        let left = match fs.read_dir(&self.folder) {
            Err(FsError::NotFound { .. }) => return Ok(()),
            left => left?,
        };
        match left.iter().any(|file| file.name.ends_with(".entry")) {
            true => Ok(()),
            false => give_up(&fs, &self.folder),
        }
    }
}

/// Reads a block more of a file; says how long it was.
pub(crate) fn read_block(file: &mut dyn Read, bytes: &mut Vec<u8>) -> io::Result<usize> {
    file.take(BLOCK).read_to_end(bytes)
}
