//! The sessions of a project folder, as a list of them shows them.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::trouble::{Place, SessionsError, remedy};
use super::{LoadedLog, MAX_LINE_BYTES, Record, Start, folder_for, log_path, read_records};
use crate::SessionId;

/// How much of a session is read for the list of sessions, in bytes.
const SUMMARY_BYTES: u64 = 256 << 10;
/// How many sessions are listed.
pub(super) const MAX_LISTED: usize = 200;

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
pub(super) fn unreadable(id: SessionId) -> String {
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
pub(super) struct SessionFile {
    pub id: SessionId,
    /// When it was last written to; the beginning of time where that is not known.
    pub modified: SystemTime,
    /// Why it is known already that it cannot be read.
    pub trouble: Option<io::Error>,
}

/// The logs in a folder, the newest first. Of two written in the same moment
/// the later-named one is newer. One that cannot be looked at is among them with the reason, behind
/// the others.
pub(super) fn session_files(folder: &Path) -> Result<Vec<SessionFile>, SessionsError> {
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
pub(super) fn session_file(id: SessionId, metadata: io::Result<std::fs::Metadata>) -> SessionFile {
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
pub(super) fn is_gone(path: &Path, error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err()
}
