//! The append-only log of a session: one JSON object a line.
//!
//! A line is on the disk (`fsync`) before the model is called with it, so that
//! a crash loses no turn. A line that cannot be read, or the half of one that
//! a crash left at the end, stays in the file and is skipped with a notice.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use llm::{Content, Usage};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::private_file::open_private;
use crate::{
    EndReason, FileDiff, Mode, NoticeLevel, PermissionPreview, SessionId, Speed, ToolCallView,
    ToolOutcome, TurnId,
};
use trouble::{Place, remedy};

mod search;
mod trouble;

pub(crate) use search::find_in_sessions;
pub use trouble::SessionsError;

/// The format's version, in the first line of every log.
const VERSION: u32 = 1;
/// Of a larger log the beginning is not loaded, in bytes.
const MAX_LOG_BYTES: u64 = 256 << 20;
/// A line longer than this is skipped, in bytes.
const MAX_LINE_BYTES: u64 = 32 << 20;
/// A file's text before and after a change is kept up to this size, in bytes.
const MAX_DIFF_BYTES: usize = 512 << 10;
/// How much of a session is read for the list of sessions, in bytes.
const SUMMARY_BYTES: u64 = 256 << 10;
/// How many sessions are listed.
const MAX_LISTED: usize = 200;

/// Why a turn was started: what doing it again means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A prompt in chat mode.
    #[default]
    Chat,
    /// A document of a spec is written or changed.
    SpecDocument {
        spec: String,
        phase: String,
        feedback: Option<String>,
    },
    /// A task of a spec is carried out.
    Task { spec: String, task: String },
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Record {
    /// The first line.
    Session {
        version: u32,
        id: SessionId,
        #[serde(serialize_with = "crate::event::path_as_text")]
        root: PathBuf,
        created: String,
    },
    /// A turn began.
    TurnStarted {
        turn: TurnId,
        /// What the user is shown.
        prompt: String,
        mode: Mode,
        /// What the model reads.
        message: String,
        #[serde(default)]
        origin: Origin,
        /// The turn that this does again; the model does not see that one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<TurnId>,
        /// Whether it goes on with the turn before it, or does that again, so that the user is not
        /// shown the prompt once more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        goes_on: bool,
    },
    /// More text of an answer that is being written. [`Record::Assistant`] repeats all of it once
    /// the answer is over: where that does not follow, the program ended first.
    AnswerPart { text: String },
    /// The model answered.
    Assistant {
        content: Vec<Content>,
        /// What it took. [`Record::TurnEnded`] tells that of the whole turn: where that does not
        /// follow, the program ended first. Logs of earlier versions do not have it.
        #[serde(default, skip_serializing_if = "is_nothing")]
        usage: Usage,
    },
    /// The engine tells the model something (a repair, a reminder).
    Instruction { message: String },
    /// The user is asked to allow a call.
    PermissionAsked {
        call: ToolCallView,
        /// What they are shown; `None` where it is too large to keep.
        preview: Option<PermissionPreview>,
    },
    /// A call that may change something is carried out from here on.
    CallStarted { call_id: String },
    /// A running command has printed more. [`Record::ToolResult`] repeats what is kept of it once
    /// the command is over: where that does not follow, the program ended first.
    OutputPart {
        call_id: String,
        /// Bytes since the part before that are missing.
        #[serde(default, skip_serializing_if = "is_zero")]
        left_out: u64,
        text: String,
    },
    /// A tool call ended.
    ToolResult {
        call: ToolCallView,
        /// What the model reads.
        output: String,
        outcome: ToolOutcome,
    },
    /// The user was told something.
    Notice { level: NoticeLevel, message: String },
    /// A turn ended.
    TurnEnded {
        turn: TurnId,
        reason: EndReason,
        usage: Usage,
        elapsed_ms: u64,
        /// Logs of earlier versions do not have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        speed: Option<Speed>,
    },
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_nothing(usage: &Usage) -> bool {
    *usage == Usage::default()
}

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

/// A record without a difference that is too large to keep.
fn bounded(record: &Record) -> Record {
    let mut record = record.clone();
    let too_large = |diff: &FileDiff| {
        diff.after.len() + diff.before.as_ref().map_or(0, String::len) > MAX_DIFF_BYTES
    };
    let call = match &mut record {
        Record::ToolResult { outcome, call, .. } => {
            outcome.diff_left_out = outcome.diff.take_if(|diff| too_large(diff)).is_some();
            call
        }
        Record::PermissionAsked { call, preview } => {
            preview.take_if(|preview| match preview {
                PermissionPreview::Diff { diff, .. } => too_large(diff),
                PermissionPreview::Command { command, .. } => command.len() > MAX_DIFF_BYTES,
            });
            call
        }
        _ => return record,
    };
    if call.arguments.to_string().len() > MAX_DIFF_BYTES {
        call.arguments = serde_json::Value::Null;
    }
    record
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

/// A past session, for a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// Its name.
    pub id: SessionId,
    /// The beginning of its first prompt, on one line; may be empty.
    pub title: String,
    /// When it was last written to.
    pub modified: SystemTime,
    /// How many turns it has; counted in its first 256 KB, so that a long
    /// session has at least this many.
    pub turns: usize,
    /// Whether anything that was said in it can be read. Where it is not, the title names the file.
    pub readable: bool,
    /// Why its file cannot be read, and what to do, where it is not what stands in it: a sentence
    /// without its full stop.
    pub trouble: Option<String>,
}

/// What a session is called of whose log nothing can be read: by the beginning of its file's name.
fn unreadable(id: SessionId) -> String {
    let name = id.to_string();
    format!("Cannot be read: {}….jsonl", name.get(..13).unwrap_or(&name))
}

/// The sessions of a project folder, the newest first, 200 at most. Reads the
/// disk: not for the UI thread. Those without a turn are left out.
///
/// # Errors
/// [`SessionsError`] where their folder is there and cannot be read.
pub fn list_sessions(
    sessions_dir: &Path,
    root: &Path,
) -> Result<Vec<SessionSummary>, SessionsError> {
    let folder = folder_for(sessions_dir, root);
    let mut found = session_files(&folder)?;
    found.truncate(MAX_LISTED);
    let sessions = found
        .into_iter()
        .filter_map(|file| {
            let SessionFile { id, modified, .. } = file;
            let path = log_path(&folder, id);
            let read = match file.trouble {
                None => read_beginning(&path),
                Some(error) => Err(error),
            };
            let (loaded, trouble) = match read {
                Ok(loaded) => (loaded, None),
                // It was removed meanwhile.
                Err(error) if is_gone(&path, &error) => return None,
                Err(error) => {
                    let trouble = format!("{error}. {}", remedy(Place::Log(&path), &error));
                    (LoadedLog::default(), Some(crate::visible::line(&trouble)))
                }
            };
            let prompts: Vec<&String> = loaded
                .records
                .iter()
                .filter_map(|record| match record {
                    Record::TurnStarted { prompt, .. } => Some(prompt),
                    _ => None,
                })
                .collect();
            let title = match prompts.first() {
                Some(first) => crate::visible::shorten(&crate::visible::line(first.trim()), 80),
                None if loaded.skipped > 0 || loaded.loss().is_some() => unreadable(id),
                None => return None,
            };
            Some(SessionSummary {
                id,
                title,
                modified,
                turns: prompts.len(),
                readable: !prompts.is_empty(),
                trouble,
            })
        })
        .collect();
    Ok(sessions)
}

/// As much of a log as the list of sessions shows.
fn read_beginning(path: &Path) -> io::Result<LoadedLog> {
    let file = File::open(path)?;
    // A long first prompt is read to its end.
    let limit = SUMMARY_BYTES + MAX_LINE_BYTES;
    read_records(&file, Start::Line, limit, |loaded, read| {
        let begun = |record: &Record| matches!(record, Record::TurnStarted { .. });
        read >= SUMMARY_BYTES && loaded.records.iter().any(begun)
    })
}

/// Whether a session may have a log in a folder: it has none before something is said in it. Where
/// the folder cannot be looked into, opening the log says why.
pub(crate) fn is_kept(folder: &Path, id: SessionId) -> bool {
    log_path(folder, id).try_exists().unwrap_or(true)
}

/// The newest session of a folder.
///
/// # Errors
/// [`SessionsError`] where the folder is there and cannot be read.
pub(crate) fn newest_session(folder: &Path) -> Result<Option<SessionId>, SessionsError> {
    let mut files = session_files(folder)?.into_iter();
    let usable = files.find(|file| file.trouble.is_none());
    Ok(usable.map(|file| file.id))
}

/// A log in the folder of a project's sessions.
struct SessionFile {
    id: SessionId,
    /// When it was last written to; the beginning of time where that is not known.
    modified: SystemTime,
    /// Why it is known already that it cannot be read.
    trouble: Option<io::Error>,
}

/// The logs in a folder, the newest first. Of two written in the same moment
/// the later-named one is newer. One that cannot be looked at is among them with the reason, behind
/// the others.
fn session_files(folder: &Path) -> Result<Vec<SessionFile>, SessionsError> {
    let trouble = |error| SessionsError::of(folder, error);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // There is none before something is said.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(trouble(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(trouble)?;
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
        let Some(id) = id.and_then(|id| id.parse::<SessionId>().ok()) else {
            continue;
        };
        let path = entry.path();
        // Of a link, what it leads to counts.
        let metadata = std::fs::metadata(&path);
        if !metadata.as_ref().is_err_and(|error| is_gone(&path, error)) {
            found.push(session_file(id, metadata));
        }
    }
    found.sort_by_key(|file| std::cmp::Reverse((file.modified, file.id)));
    Ok(found)
}

/// A log by what the system says of it.
fn session_file(id: SessionId, metadata: io::Result<std::fs::Metadata>) -> SessionFile {
    let unusable = |error| SessionFile {
        id,
        modified: SystemTime::UNIX_EPOCH,
        trouble: Some(error),
    };
    match metadata {
        Ok(metadata) if metadata.is_file() => SessionFile {
            id,
            modified: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            trouble: None,
        },
        Ok(metadata) if metadata.is_dir() => unusable(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(_) => unusable(io::Error::other("it is no file")),
        Err(error) => unusable(error),
    }
}

/// Whether an error says that nothing is at a path: a link that leads nowhere is.
fn is_gone(path: &Path, error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err()
}

/// Milliseconds for a log.
pub(crate) fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(text: &str) -> Record {
        Record::TurnStarted {
            turn: TurnId(1),
            prompt: text.into(),
            mode: Mode::Chat,
            message: text.into(),
            origin: Origin::Chat,
            replaces: None,
            goes_on: false,
        }
    }

    fn written(temp: &Path, records: &[Record]) -> (PathBuf, SessionId) {
        let folder = folder_for(temp, temp);
        let mut log = SessionLog::create(&folder, temp);
        for record in records {
            log.append(record, true).unwrap();
        }
        (folder, log.id())
    }

    #[test]
    fn what_was_written_is_read_again_and_appended_to() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let (mut log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!(loaded.skipped, 0);
        assert_eq!(loaded.records[1], prompt("one"));
        log.append(&prompt("two"), true).unwrap();
        drop(log);
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!(loaded.records[2], prompt("two"));
    }

    #[test]
    fn a_log_of_which_nothing_can_be_read_is_listed() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let length = std::fs::metadata(log_path(&folder, id)).unwrap().len();
        std::fs::write(log_path(&folder, id), vec![0; length as usize]).unwrap();
        let (_, empty) = written(temp.path(), &[]);
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        assert_eq!(listed.len(), 1, "{empty} has no turn: {listed:?}");
        assert_eq!((listed[0].id, &listed[0].title), (id, &unreadable(id)));
        assert!(!listed[0].readable);
    }

    #[test]
    fn one_log_that_cannot_be_looked_at_hides_no_other() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        // Newer than the log, and no log.
        let in_the_way = SessionId::generate();
        std::fs::create_dir(log_path(&folder, in_the_way)).unwrap();
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        let [whole, damaged] = &listed[..] else {
            panic!("{listed:?}");
        };
        assert_eq!((whole.id, &whole.trouble), (id, &None));
        assert_eq!(
            (damaged.id, &damaged.title),
            (in_the_way, &unreadable(in_the_way))
        );
        let why = damaged.trouble.as_deref().unwrap();
        assert!(why.contains("is a folder in the place of a file"), "{why}");
        assert_eq!(newest_session(&folder).unwrap(), Some(id));
        let opened = SessionLog::open(&folder, temp.path(), in_the_way).unwrap_err();
        assert!(
            opened.to_string().contains("is a folder in the place"),
            "{opened}"
        );

        // What the system does not say anything of is listed last, with the reason.
        let file = session_file(id, Err(io::Error::from(io::ErrorKind::PermissionDenied)));
        assert_eq!(file.modified, SystemTime::UNIX_EPOCH);
        assert!(file.trouble.is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_log_that_is_a_link_is_listed_and_told_of_where_it_leads_nowhere() {
        use std::os::unix::fs::symlink;
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let elsewhere = temp.path().join("moved.jsonl");
        std::fs::rename(log_path(&folder, id), &elsewhere).unwrap();
        symlink(&elsewhere, log_path(&folder, id)).unwrap();
        let dangling = SessionId::generate();
        symlink("gone", log_path(&folder, dangling)).unwrap();
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        let [whole, damaged] = &listed[..] else {
            panic!("{listed:?}");
        };
        assert_eq!(
            (whole.id, whole.readable, &whole.trouble),
            (id, true, &None)
        );
        assert_eq!((damaged.id, damaged.readable), (dangling, false));
        let why = damaged.trouble.as_deref().unwrap();
        assert!(why.contains("is a link that leads nowhere"), "{why}");
        assert_eq!(newest_session(&folder).unwrap(), Some(id));
        let opened = SessionLog::open(&folder, temp.path(), dangling).unwrap_err();
        let opened = opened.to_string();
        assert!(opened.contains("is a link that leads nowhere"), "{opened}");
    }

    #[test]
    fn what_a_log_lost_without_a_trace_is_known_and_the_session_listed() {
        let temp = tempfile::tempdir().unwrap();
        let says = Record::Assistant {
            content: vec![Content::text("Hello.")],
            usage: Usage::default(),
        };
        let (folder, id) = written(temp.path(), &[prompt("one"), says]);
        let path = log_path(&folder, id);
        let whole = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        let loss = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let listed = list_sessions(temp.path(), temp.path()).unwrap();
            assert_eq!(listed.len(), 1, "{text}");
            let (log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
            drop(log);
            (listed[0].readable, loaded.loss())
        };
        assert_eq!(loss(&whole), (true, None));
        assert_eq!(loss(""), (false, Some(Loss::Everything)));
        assert_eq!(loss(lines[0]), (false, Some(Loss::Everything)));
        assert_eq!(loss(lines[2]), (false, Some(Loss::Beginning)));
        assert_eq!(loss(&lines[1..].concat()), (true, Some(Loss::Beginning)));
        // A line that is there and cannot be read is counted.
        assert_eq!(loss(&whole[..20]), (false, None));
    }

    #[test]
    fn a_record_that_was_not_written_does_not_spoil_the_next() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let path = log_path(&folder, id);
        let (mut log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
        // The disk is full at the next record, and there is room again after it.
        let writable = log.file.replace(File::open(&path).unwrap());
        assert!(log.append(&prompt("lost"), true).is_err());
        assert!(log.torn, "nor could half a line be taken back");
        log.file = writable;
        std::fs::write(
            &path,
            [&std::fs::read(&path).unwrap()[..], b"{\"type\":\"tur"].concat(),
        )
        .unwrap();
        log.append(&prompt("two"), true).unwrap();
        drop(log);
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!(loaded.records[1..], [prompt("one"), prompt("two")]);
        assert_eq!(loaded.skipped, 1);
    }

    #[test]
    fn an_earlier_log_is_read_and_speed_is_kept() {
        let usage = r#"{"input_tokens":1,"output_tokens":2,"cached_tokens":0}"#;
        let line = format!(
            r#"{{"type":"turn_ended","turn":1,"reason":"completed","usage":{usage},"elapsed_ms":5}}"#
        );
        let mut record: Record = serde_json::from_str(&line).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), line);
        let Record::TurnEnded { speed, .. } = &mut record else {
            panic!("{record:?}");
        };
        assert_eq!(*speed, None);
        *speed = Some(Speed {
            tokens_per_second: 14.2,
            memory_bytes: 620_000_000,
        });
        let line = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_whose_name_is_no_text_can_have_sessions() {
        use std::os::unix::ffi::OsStrExt;
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
        let mut log = SessionLog::create(&folder_for(temp.path(), temp.path()), &root);
        log.append(&prompt("one"), true).unwrap();
        log.append(&prompt("two"), true).unwrap();
    }

    #[test]
    fn a_torn_last_line_is_kept_and_does_not_spoil_the_next() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let path = log_path(&folder, id);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"type\":\"turn_sta").unwrap();
        drop(file);
        let (mut log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!((loaded.records.len(), loaded.skipped), (2, 1));
        log.append(&prompt("two"), true).unwrap();
        drop(log);
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!((loaded.records.len(), loaded.skipped), (3, 1));
        assert!(
            std::fs::read_to_string(&path)
                .unwrap()
                .contains("turn_sta\n")
        );
    }

    #[test]
    fn garbage_lines_are_skipped_and_kept() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let path = log_path(&folder, id);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"not json\n\xff\xfe\x00\n\n[]\n{\"type\":\"unknown\"}\n");
        serde_json::to_writer(&mut bytes, &prompt("two")).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        let (log, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!((loaded.records.len(), loaded.skipped), (3, 4));
        drop(log);
        assert!(std::fs::read(&path).unwrap().starts_with(&bytes));
    }

    #[cfg(unix)]
    #[test]
    fn a_log_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&log_path(&folder, id)), 0o600);
        assert_eq!(mode(&folder), 0o700);
    }

    #[test]
    fn a_session_is_open_once() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let open = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert!(matches!(
            SessionLog::open(&folder, temp.path(), id),
            Err(LogError::InUse)
        ));
        drop(open);
        assert!(SessionLog::open(&folder, temp.path(), id).is_ok());
    }

    #[test]
    fn a_session_that_was_left_can_be_opened_while_its_last_writer_and_a_starting_program_end() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, id) = written(temp.path(), &[prompt("one")]);
        let (log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
        // What a program shares with this one between fork(2) and execve(2): the open file.
        let starting = log.file.as_ref().unwrap().try_clone().unwrap();
        let log = std::sync::Arc::new(std::sync::Mutex::new(log));
        let part = std::sync::Arc::clone(&log);
        log.lock().unwrap().close();
        let (mut again, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!(loaded.records[1..], [prompt("one")]);
        // What comes too late is not mixed into what is written from now on.
        let late = part.lock().unwrap().append(&prompt("late"), true);
        assert!(matches!(late, Err(LogError::Closed(_))), "{late:?}");
        again.append(&prompt("two"), true).unwrap();
        drop((starting, again));
        let starting = {
            let (log, _) = SessionLog::open(&folder, temp.path(), id).unwrap();
            log.file.as_ref().unwrap().try_clone().unwrap()
        };
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        assert_eq!(loaded.records[1..], [prompt("one"), prompt("two")]);
        drop(starting);
    }

    #[test]
    fn sessions_are_listed_newest_first_with_their_first_prompt() {
        let temp = tempfile::tempdir().unwrap();
        written(temp.path(), &[prompt("older\u{1b}[2J")]);
        let (folder, newest) = written(temp.path(), &[prompt("newer"), prompt("again")]);
        std::fs::write(folder.join("notes.txt"), "x").unwrap();
        std::fs::write(
            folder.join(format!("{}.jsonl", SessionId::generate())),
            "junk",
        )
        .unwrap();
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        let titles: Vec<&str> = listed
            .iter()
            .map(|session| session.title.as_str())
            .collect();
        assert_eq!(titles, [&*unreadable(listed[0].id), "newer", "older␛[2J"]);
        assert_eq!((listed[1].id, listed[1].turns), (newest, 2));
        assert_eq!(list_sessions(temp.path(), Path::new("/other")).unwrap(), []);
    }

    #[test]
    fn a_session_that_begins_with_a_long_prompt_is_listed() {
        let temp = tempfile::tempdir().unwrap();
        let pasted = format!("Explain this log: {}", "x".repeat(400_000));
        let (_, id) = written(temp.path(), &[prompt(&pasted), prompt("again")]);
        let listed = list_sessions(temp.path(), temp.path()).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].id, listed[0].turns), (id, 1));
        assert!(listed[0].title.starts_with("Explain this log: x"));
    }

    #[test]
    fn of_a_very_large_log_the_last_turns_are_read() {
        let temp = tempfile::tempdir().unwrap();
        let long = "x".repeat(10_000);
        let says = |text: &str| Record::Assistant {
            content: vec![Content::text(text)],
            usage: Usage::default(),
        };
        let records = [prompt(&long), says(&long), prompt("last"), says("the end")];
        let (folder, id) = written(temp.path(), &records);
        let path = log_path(&folder, id);
        let before = std::fs::read(&path).unwrap();
        let open = |limit| SessionLog::open_end(&folder, temp.path(), id, limit);
        let (mut log, loaded) = open(6_000).unwrap();
        assert_eq!(loaded.records, records[2..]);
        assert_eq!(
            (loaded.left_out, loaded.skipped),
            (before.len() as u64 - 6_000, 0)
        );
        log.append(&prompt("more"), true).unwrap();
        drop(log);
        assert!(std::fs::read(&path).unwrap().starts_with(&before));
        // Not even the last turn fits.
        let error = open(20).unwrap_err();
        assert!(error.to_string().contains("kept as it is"), "{error}");
    }

    #[test]
    fn an_empty_session_leaves_no_file() {
        let temp = tempfile::tempdir().unwrap();
        let folder = folder_for(temp.path(), temp.path());
        drop(SessionLog::create(&folder, temp.path()));
        assert_eq!(newest_session(&folder).unwrap(), None);
    }

    #[test]
    fn a_file_in_place_of_their_folder_is_told_and_what_to_do() {
        let temp = tempfile::tempdir().unwrap();
        let kept = temp.path().join("sessions");
        // None yet is no trouble.
        assert_eq!(list_sessions(&kept, temp.path()).unwrap(), []);
        let folder = folder_for(&kept, temp.path());
        for in_the_way in [&folder, &kept] {
            std::fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
            std::fs::remove_dir_all(in_the_way).ok();
            std::fs::write(in_the_way, "a file").unwrap();
            let wanted = format!("{} is a file", in_the_way.display());
            let listed = list_sessions(&kept, temp.path()).unwrap_err().to_string();
            assert!(listed.contains(&wanted), "{listed}");
            assert!(newest_session(&folder).is_err());
            assert!(is_kept(&folder, SessionId::generate()));
            let mut log = SessionLog::create(&folder, temp.path());
            let written = log.append(&prompt("one"), true).unwrap_err().to_string();
            assert!(written.contains(&wanted), "{written}");
            let opened = SessionLog::open(&folder, temp.path(), log.id()).unwrap_err();
            assert!(opened.to_string().contains(&wanted), "{opened}");
        }
    }

    #[test]
    fn a_huge_difference_is_left_out_of_the_log() {
        let temp = tempfile::tempdir().unwrap();
        let record = Record::ToolResult {
            call: ToolCallView {
                call_id: "c".into(),
                name: "fs_write".into(),
                title: "a".into(),
                arguments: serde_json::json!({"text": "x".repeat(MAX_DIFF_BYTES + 1)}),
            },
            output: "ok".into(),
            outcome: ToolOutcome {
                ok: true,
                summary: "written".into(),
                output: "ok".into(),
                diff: Some(crate::FileDiff {
                    path: "a".into(),
                    before: None,
                    after: "x".repeat(MAX_DIFF_BYTES + 1),
                }),
                diff_left_out: false,
            },
        };
        let (folder, id) = written(temp.path(), &[record]);
        let size = std::fs::metadata(log_path(&folder, id)).unwrap().len();
        assert!(size < 2_000, "{size}");
        let log = std::fs::read_to_string(log_path(&folder, id)).unwrap();
        assert!(log.contains(r#""diff_left_out":true"#), "{log}");
    }
}
