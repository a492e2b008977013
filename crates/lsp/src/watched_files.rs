//! Telling servers what other programs do to the files of the project
//! (`workspace/didChangeWatchedFiles`, LSP 3.17).

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::server::LanguageServer;
use crate::{glob, uri};

pub(crate) const METHOD: &str = "workspace/didChangeWatchedFiles";

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
        let watchers = inner.capabilities.watchers();
        let root = &self.shared().options.root;
        let wanted = changes.iter().filter(|(path, change)| {
            watchers.iter().any(|watcher| {
                let kinds = watcher["kind"].as_u64().unwrap_or(7);
                kinds & change.bit() != 0 && glob::is_match(&watcher["globPattern"], path, root)
            })
        });
        let events = wanted.filter_map(|(path, change)| {
            Some(json!({"uri": uri::of(path)?, "type": change.number()}))
        });
        let events: Vec<Value> = events.collect();
        if !events.is_empty() {
            connection.notify(METHOD, json!({"changes": events}));
        }
    }
}
