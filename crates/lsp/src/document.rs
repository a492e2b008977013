use std::collections::VecDeque;

use editor_core::{ChangeSet, Text};
use serde_json::Value;

/// What a server says of a version before so many older ones is dropped: it says it again.
const KEPT_VERSIONS: usize = 63;

/// An open text as a server knows it.
pub(crate) struct Document {
    pub uri: String,
    pub language_id: String,
    /// What the server was sent last.
    version: u64,
    text: Text,
    /// What it was sent before, oldest first.
    older: VecDeque<(u64, Text)>,
    /// The diagnostics that the server said last by itself; null where they are many.
    pub said: Value,
}

/// What a server is to be told of an edit.
pub(crate) enum Told {
    /// The change, for the text before it.
    Change(Text),
    /// The whole text.
    Whole,
}

impl Document {
    pub fn new(uri: String, language_id: String, version: u64, text: Text) -> Self {
        Self {
            uri,
            language_id,
            version,
            text,
            older: VecDeque::new(),
            said: Value::Null,
        }
    }

    /// The newest version.
    pub fn newest(&self) -> (u64, &Text) {
        (self.version, &self.text)
    }

    /// The text of a version, as long as it is kept.
    pub fn at(&self, version: u64) -> Option<&Text> {
        if version == self.version {
            return Some(&self.text);
        }
        let mut newest_first = self.older.iter().rev();
        newest_first
            .find(|(known, _)| *known == version)
            .map(|(_, text)| text)
    }

    /// Follows an edit; `now` is the text after it, and after what may have followed it.
    pub fn edited(&mut self, changes: &ChangeSet, version: u64, now: &Text) -> Told {
        let before = self.text.clone();
        let (after, told) = match changes.apply(&before) {
            Ok(after) => (after, Told::Change(before.clone())),
            Err(_) => (now.clone(), Told::Whole),
        };
        self.older.push_back((self.version, before));
        if self.older.len() > KEPT_VERSIONS {
            self.older.pop_front();
        }
        (self.version, self.text) = (version, after);
        told
    }
}
