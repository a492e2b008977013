//! Telling servers what other programs do to the files of the project
//! (`workspace/didChangeWatchedFiles`, LSP 3.17).

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::server::LanguageServer;
use crate::{glob, message, uri};

pub(crate) const METHOD: &str = "workspace/didChangeWatchedFiles";
/// More patterns of a server are not looked at.
const MAX_WATCHERS: usize = 1_000;

/// What happened to a file on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedChange {
    /// It is there now.
    Created,
    /// It is another.
    Changed,
    /// It is gone.
    Deleted,
}

impl WatchedChange {
    /// `FileChangeType`.
    fn number(self) -> u8 {
        match self {
            Self::Created => 1,
            Self::Changed => 2,
            Self::Deleted => 3,
        }
    }

    /// Its bit in `WatchKind`.
    fn bit(self) -> u64 {
        match self {
            Self::Created => 1,
            Self::Changed => 2,
            Self::Deleted => 4,
        }
    }
}

impl LanguageServer {
    /// Whether it wants to hear what happens to files on the disk.
    pub fn watches_files(&self) -> bool {
        let inner = self.shared().inner.lock();
        !inner.capabilities.watchers().is_empty()
    }

    /// Tells what happened to files on the disk, as far as it wants to hear of them.
    pub fn files_changed(&self, changes: &[(PathBuf, WatchedChange)]) {
        let inner = self.shared().inner.lock();
        let Some(connection) = &inner.ready else {
            return;
        };
        let watchers = inner.capabilities.watchers().into_iter();
        let watchers: Vec<Value> = watchers.take(MAX_WATCHERS).cloned().collect();
        if watchers.is_empty() {
            return;
        }
        let (root, changes) = (self.shared().options.root.clone(), changes.to_vec());
        connection.send_if(move || {
            let params = events(&watchers, &changes, &root)?;
            Some(message::notification(METHOD, params))
        });
    }
}

/// `DidChangeWatchedFilesParams` of what some `FileSystemWatcher`s are about; `None` where it is nothing.
fn events(watchers: &[Value], changes: &[(PathBuf, WatchedChange)], root: &Path) -> Option<Value> {
    let watchers = watchers.iter().filter_map(|watcher| {
        let pattern = glob::Pattern::read(&watcher["globPattern"], root)?;
        Some((watcher["kind"].as_u64().unwrap_or(7), pattern))
    });
    let watchers: Vec<_> = watchers.collect();
    let wanted = changes.iter().filter(|(path, change)| {
        let mut watchers = watchers.iter();
        watchers.any(|(kinds, pattern)| kinds & change.bit() != 0 && pattern.is_match(path))
    });
    let events = wanted
        .filter_map(|(path, change)| Some(json!({"uri": uri::of(path)?, "type": change.number()})));
    let events: Vec<Value> = events.collect();
    (!events.is_empty()).then(|| json!({"changes": events}))
}
