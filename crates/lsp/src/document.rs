use std::collections::VecDeque;

use editor_core::{ChangeSet, Text};

/// What a server says of a version before the last so many is dropped: it says it again.
const KEPT_VERSIONS: usize = 64;

/// An open text as a server knows it.
pub(crate) struct Document {
    pub uri: String,
    pub language_id: String,
    /// The newest version that the server was sent, and those before it.
    versions: VecDeque<(u64, Text)>,
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
            versions: VecDeque::from([(version, text)]),
        }
    }

    /// The newest version.
    pub fn newest(&self) -> (u64, &Text) {
        // There is always one.
        static NONE: std::sync::LazyLock<Text> = std::sync::LazyLock::new(Text::default);
        let newest = self.versions.back();
        newest.map_or((0, &*NONE), |(version, text)| (*version, text))
    }

    /// The text of a version, as long as it is kept.
    pub fn at(&self, version: u64) -> Option<&Text> {
        let mut newest_first = self.versions.iter().rev();
        newest_first
            .find(|(known, _)| *known == version)
            .map(|(_, text)| text)
    }

    /// Follows an edit; `now` is the text after it, and after what may have followed it.
    pub fn edited(&mut self, changes: &ChangeSet, version: u64, now: &Text) -> Told {
        let before = self.newest().1.clone();
        let (after, told) = match changes.apply(&before) {
            Ok(after) => (after, Told::Change(before)),
            Err(_) => (now.clone(), Told::Whole),
        };
        self.versions.push_back((version, after));
        if self.versions.len() > KEPT_VERSIONS {
            self.versions.pop_front();
        }
        told
    }
}
