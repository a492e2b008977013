//! The append-only log of a session: one JSON object a line.
//!
//! A line is on the disk (`fsync`) before the model is called with it, so that
//! a crash loses no turn. A line that cannot be read, or the half of one that
//! a crash left at the end, stays in the file and is skipped with a notice.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::SessionId;
use crate::private_file::open_private;
use trouble::{Place, remedy};

mod list;
mod record;
mod search;
mod trouble;

use list::is_gone;
pub use list::{SessionSummary, list_sessions};
pub(crate) use list::{is_kept, newest_session};
use record::bounded;
pub(crate) use record::{Origin, Record};
pub(crate) use search::find_in_sessions;
pub use trouble::SessionsError;

/// The format's version, in the first line of every log.
const VERSION: u32 = 1;
/// Of a larger log the beginning is not loaded, in bytes.
const MAX_LOG_BYTES: u64 = 256 << 20;
/// A line longer than this is skipped, in bytes.
const MAX_LINE_BYTES: u64 = 32 << 20;

/// What a log holds.
#[derive(Debug, Default)]
pub(crate) struct LoadedLog {
    pub records: Vec<Record>,
    /// Lines that could not be read.
    pub skipped: usize,
    /// Bytes at the beginning that were left out, because the log is too large.
    pub left_out: u64,
}

/// What of a log is gone without a trace in the lines that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// All of it: a log comes into being with its first record.
    Everything,
    /// Lines at its beginning.
    Beginning,
}

impl LoadedLog {
    /// What is gone without being told by [`skipped`](Self::skipped) or [`left_out`](Self::left_out).
    pub fn loss(&self) -> Option<Loss> {
        if self.skipped > 0 || self.left_out > 0 {
            return None;
        }
        match &self.records[..] {
            [] | [Record::Session { .. }] => Some(Loss::Everything),
            [Record::Session { .. }, ..] => None,
            _ => Some(Loss::Beginning),
        }
    }
}

/// Why a log cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    #[error("the session {0} does not exist")]
    NotFound(SessionId),
    #[error("it is open in another window or program. Close it there to go on with it here")]
    InUse,
    #[error("the session {0} was closed before")]
    Closed(SessionId),
    #[error(
        "the last turn alone takes more than {} MB of its log {path}; the file is kept as it is",
        MAX_LOG_BYTES >> 20
    )]
    TooLarge { path: PathBuf },
    #[error(
        "the session's log {path} cannot be used: {source}. {}",
        remedy(Place::Log(path), source)
    )]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// The folder of a project's sessions: the project's name and a hash of its
/// path, so that two folders of one name stay apart.
pub(crate) fn folder_for(sessions_dir: &Path, root: &Path) -> PathBuf {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
    let hash: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name: String = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(40)
        .collect();
    sessions_dir.join(if name.is_empty() {
        hash
    } else {
        format!("{name}-{hash}")
    })
}

fn log_path(folder: &Path, id: SessionId) -> PathBuf {
    folder.join(format!("{id}.jsonl"))
}

/// A session's log, open for appending.
#[derive(Debug)]
pub(crate) struct SessionLog {
    id: SessionId,
    root: PathBuf,
    path: PathBuf,
    /// `None` until the first line is written: an empty session leaves no file.
    file: Option<File>,
    /// The bytes of whole records in the file.
    length: u64,
    /// The file ends within a line that could not be taken back.
    torn: bool,
    /// Nothing is written any more.
    closed: bool,
}

impl SessionLog {
    /// A new session's log. Nothing is written yet.
    pub fn create(folder: &Path, root: &Path) -> Self {
        let id = SessionId::generate();
        Self {
            id,
            root: root.to_owned(),
            path: log_path(folder, id),
            file: None,
            length: 0,
            torn: false,
            closed: false,
        }
    }

    /// Opens an older session and reads what can be read; of a very large log, the last turns.
    pub fn open(folder: &Path, root: &Path, id: SessionId) -> Result<(Self, LoadedLog), LogError> {
        Self::open_end(folder, root, id, MAX_LOG_BYTES)
    }

    /// Opens a session and reads at most `limit` bytes from its end, whole turns only.
    fn open_end(
        folder: &Path,
        root: &Path,
        id: SessionId,
        limit: u64,
    ) -> Result<(Self, LoadedLog), LogError> {
        let path = log_path(folder, id);
        let io_error = |source: io::Error| LogError::Io {
            path: path.clone(),
            source,
        };
        let mut file = match OpenOptions::new().read(true).append(true).open(&path) {
            Ok(file) => file,
            Err(error) if is_gone(&path, &error) => {
                return Err(LogError::NotFound(id));
            }
            Err(error) => return Err(io_error(error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LogError::InUse),
            // A file system without locks: go on without.
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the session's log cannot be locked");
            }
        }
        let size = file.metadata().map_err(io_error)?.len();
        let left_out = size.saturating_sub(limit);
        file.seek(SeekFrom::Start(left_out)).map_err(io_error)?;
        let mut loaded =
            read_records(&file, Start::at(left_out), limit, |_, _| false).map_err(io_error)?;
        if left_out > 0 {
            let is_start = |record: &Record| matches!(record, Record::TurnStarted { .. });
            let Some(first) = loaded.records.iter().position(is_start) else {
                return Err(LogError::TooLarge { path });
            };
            loaded.records.drain(..first);
            loaded.left_out = left_out;
        }
        // The half of a line at the end becomes a line of its own.
        if size > 0 {
            file.seek(SeekFrom::End(-1)).map_err(io_error)?;
            let mut last = [0];
            file.read_exact(&mut last).map_err(io_error)?;
            if last != *b"\n" {
                file.write_all(b"\n").map_err(io_error)?;
                file.sync_data().map_err(io_error)?;
            }
        }
        let length = file.metadata().map_err(io_error)?.len();
        Ok((
            Self {
                id,
                root: root.to_owned(),
                path,
                file: Some(file),
                length,
                torn: false,
                closed: false,
            },
            loaded,
        ))
    }

    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whether the session has a file: it has none before something is said in it.
    pub fn is_begun(&self) -> bool {
        self.length > 0
    }

    /// Writes nothing from here on and gives the lock back at once, so that the session can be
    /// opened again. Closing the file alone would not do: a lock of `flock(2)` belongs to the open
    /// file, which a program that is being started shares until it runs, and a part that is still
    /// on its way to the disk may hold this log.
    pub fn close(&mut self) {
        self.closed = true;
        if let Some(file) = self.file.take()
            && let Err(error) = file.unlock()
        {
            tracing::debug!(%error, "the session's log was not unlocked");
        }
    }

    /// Appends a record. With `flush` it is on the disk when this returns.
    pub fn append(&mut self, record: &Record, flush: bool) -> Result<(), LogError> {
        if self.closed {
            return Err(LogError::Closed(self.id));
        }
        let path = self.path.clone();
        self.try_append(record, flush)
            .map_err(|source| LogError::Io { path, source })
    }

    fn try_append(&mut self, record: &Record, flush: bool) -> io::Result<()> {
        let mut lines = Vec::new();
        if self.torn {
            lines.push(b'\n');
        }
        let first = self.length == 0;
        if first {
            write_line(
                &mut lines,
                &Record::Session {
                    version: VERSION,
                    id: self.id,
                    root: self.root.clone(),
                    created: chrono::Utc::now().to_rfc3339(),
                },
            )?;
        }
        write_line(&mut lines, record)?;
        let mut file = match self.file.take() {
            Some(file) => file,
            None => create_private(&self.path)?,
        };
        // One write, so that two lines are never mixed up.
        let written = file.write_all(&lines).and_then(|()| {
            if flush || first {
                file.sync_data()?;
            }
            if first && let Some(folder) = self.path.parent() {
                File::open(folder)?.sync_all()?;
            }
            Ok(())
        });
        if written.is_ok() {
            self.length += lines.len() as u64;
            self.torn = false;
        } else if let Err(error) = file.set_len(self.length) {
            // The next line begins anew.
            tracing::warn!(%error, "half a line stays in the session's log");
            self.torn = true;
        }
        self.file = Some(file);
        written
    }
}

impl Drop for SessionLog {
    fn drop(&mut self) {
        self.close();
    }
}

fn write_line(lines: &mut Vec<u8>, record: &Record) -> io::Result<()> {
    serde_json::to_writer(&mut *lines, &bounded(record))?;
    lines.push(b'\n');
    Ok(())
}

/// A new file that its owner alone may read, locked.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = open_private(path, options.read(true).append(true).create_new(true))?;
    if let Err(error) = file.try_lock() {
        tracing::debug!(%error, "the session's log cannot be locked");
    }
    Ok(file)
}

/// Where a log is read from.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    /// The beginning of a line.
    Line,
    /// Somewhere: the rest of that line is passed over.
    Anywhere,
}

impl Start {
    fn at(offset: u64) -> Self {
        match offset {
            0 => Self::Line,
            _ => Self::Anywhere,
        }
    }
}

/// Reads at most `limit` bytes, and stops before that where what was read is `enough`, given how
/// many bytes that took.
fn read_records(
    file: &File,
    start: Start,
    limit: u64,
    enough: impl Fn(&LoadedLog, u64) -> bool,
) -> io::Result<LoadedLog> {
    let mut loaded = LoadedLog::default();
    for_each_record(file, start, limit, |record, read| {
        match record {
            Some(record) => loaded.records.push(record),
            None => loaded.skipped += 1,
        }
        if enough(&loaded, read) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(loaded)
}

/// Hands over one record after the other, `None` for a line that is none, with how many bytes were
/// read so far, until told to stop or `limit` bytes were read.
fn for_each_record(
    file: &File,
    start: Start,
    limit: u64,
    mut take: impl FnMut(Option<Record>, u64) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut reader = BufReader::new(file.take(limit));
    if start == Start::Anywhere {
        skip_line(&mut reader)?;
    }
    let mut read = 0;
    loop {
        let mut line = Vec::new();
        let length = reader
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        read += length as u64;
        let record = if line.last() != Some(&b'\n') && length as u64 == MAX_LINE_BYTES {
            skip_line(&mut reader)?;
            None
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            serde_json::from_slice(&line).ok()
        };
        if take(record, read).is_break() {
            return Ok(());
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                reader.consume(end + 1);
                return Ok(());
            }
            None => {
                let length = buffer.len();
                reader.consume(length);
            }
        }
    }
}

/// Milliseconds for a log.
pub(crate) fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
