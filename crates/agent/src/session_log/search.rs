//! Looks through the logs of a project folder's sessions.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use llm::CancellationToken;

use super::list::{MAX_LISTED, session_files};
use super::{MAX_LOG_BYTES, Record, Start, for_each_record, log_path};

/// How much of one session is searched, in bytes.
const MAX_SEARCHED_BYTES: u64 = 64 << 20;

/// What `pick` takes from the first record that it takes anything from, in the newest session
/// that has one; nothing once it is cancelled. Reads some 256 MB of the newest sessions at most,
/// one record at a time: not for the UI thread.
pub(crate) fn find_in_sessions<T>(
    folder: &Path,
    cancel: &CancellationToken,
    pick: impl Fn(&Record) -> Option<T>,
) -> Option<T> {
    let mut left = MAX_LOG_BYTES;
    let files = session_files(folder).unwrap_or_else(|error| {
        tracing::warn!(%error, "the sessions are not searched");
        Vec::new()
    });
    let usable = files.into_iter().filter(|file| file.trouble.is_none());
    for log in usable.take(MAX_LISTED) {
        if cancel.is_cancelled() {
            return None;
        }
        let Ok(file) = File::open(log_path(folder, log.id)) else {
            continue;
        };
        let limit = left.min(MAX_SEARCHED_BYTES);
        let mut found = None;
        let read = for_each_record(&file, Start::Line, limit, |record, _| {
            if cancel.is_cancelled() {
                return ControlFlow::Break(());
            }
            found = record.as_ref().and_then(&pick);
            match found {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        });
        if let Err(error) = read {
            tracing::debug!(%error, "a session's log was not searched to its end");
        }
        if found.is_some() {
            return found;
        }
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        left = left.saturating_sub(length.min(limit));
        if left == 0 {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::{SessionLog, folder_for};
    use super::*;
    use crate::NoticeLevel;

    fn notice(message: &str) -> Record {
        Record::Notice {
            level: NoticeLevel::Info,
            message: message.into(),
        }
    }

    fn message(record: &Record) -> Option<String> {
        match record {
            Record::Notice { message, .. } => Some(message.clone()),
            _ => None,
        }
    }

    #[test]
    fn a_search_that_is_cancelled_stops_at_once_and_finds_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let folder = folder_for(temp.path(), temp.path());
        for _ in 0..2 {
            let mut log = SessionLog::create(&folder, temp.path());
            for text in ["one", "two", "wanted"] {
                log.append(&notice(text), true).unwrap();
            }
        }
        let looked_at = Cell::new(0);
        let cancel = CancellationToken::new();
        let search = |stop_at: &str| {
            looked_at.set(0);
            find_in_sessions(&folder, &cancel, |record| {
                looked_at.set(looked_at.get() + 1);
                let message = message(record)?;
                if message == stop_at {
                    cancel.cancel();
                }
                (message == "wanted").then_some(message)
            })
        };
        assert_eq!(search("nothing").as_deref(), Some("wanted"));
        // The log's first line says what it is.
        assert_eq!(looked_at.get(), 4);
        assert_eq!(search("two"), None);
        assert_eq!(looked_at.get(), 3);
        assert_eq!(search("nothing"), None);
        assert_eq!(looked_at.get(), 0);
    }
}
