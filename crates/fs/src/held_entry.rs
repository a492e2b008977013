//! An entry of a program that is gone that is taken over later than the others.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::recovery_store::{entry_of, give_up, journal_of, last_words_of, remove_entry};
use crate::{Content, Fs as _, FsError, LeftEntry, LoadProgress, MAX_TEXT_BYTES, RealFs};

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
    /// Held while it is changed: what is removed is not written anew by somebody else.
    pub(crate) changing: Mutex<()>,
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

    /// Writes its first line anew, as `change` makes it of the one that is there; where that gives
    /// none, and of what is [discarded](Self::discard), nothing is. At each moment one of the two is
    /// there, whole; two who change it do it one after the other. Blocks.
    ///
    /// # Errors
    /// As the system reports; the older line is then there.
    pub fn change_first_line(
        &self,
        change: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<(), FsError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match self.first_line() {
            Err(FsError::NotFound { .. }) => return Ok(()),
            line => line?,
        };
        let Some(line) = change(&before) else {
            return Ok(());
        };
        let path = entry_of(&self.place);
        let content = WithFirstLine {
            path: &path,
            line: &line,
        };
        RealFs::new().write_content(&path, &content)
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
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
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

/// A file with another first line.
struct WithFirstLine<'a> {
    path: &'a Path,
    line: &'a [u8],
}

impl Content for WithFirstLine<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut rest = BufReader::new(File::open(self.path)?);
        rest.skip_until(b'\n')?;
        sink.write_all(self.line)?;
        sink.write_all(b"\n")?;
        io::copy(&mut rest, sink).map(drop)
    }
}

/// Reads a block more of a file; says how long it was.
pub(crate) fn read_block(file: &mut dyn Read, bytes: &mut Vec<u8>) -> io::Result<usize> {
    file.take(BLOCK).read_to_end(bytes)
}
