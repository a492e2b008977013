//! The versions of texts that the steps of an edit are made for.

use std::collections::HashMap;
use std::path::Path;

use super::AskedVersions;
use super::edit_paths::move_below;
use workspace::BufferId;

/// The versions of open texts that the next step of an edit is made for: those that the edit was worked
/// out for, and after a step of its own those that this left, since the places of a later step are of
/// the text that the earlier ones leave.
#[derive(Clone, Debug, Default)]
pub(super) struct EditVersions {
    /// By the paths that the files have so far.
    asked: AskedVersions,
    left: HashMap<BufferId, u64>,
}

impl EditVersions {
    /// Those before the first step.
    pub fn new(asked: AskedVersions) -> Self {
        Self {
            asked,
            left: HashMap::new(),
        }
    }

    /// The version that a text has to have, where that is known. `said` is the one that the server
    /// named, which is of before the first step.
    pub fn wanted(&self, id: BufferId, path: &Path, said: Option<u64>) -> Option<u64> {
        let left = self.left.get(&id).copied();
        left.or_else(|| self.asked.get(path).copied()).or(said)
    }

    /// A step left a text in a version.
    pub fn left(&mut self, id: BufferId, version: u64) {
        self.left.insert(id, version);
    }

    /// A step gave a file or folder another path.
    pub fn moved(&mut self, from: &Path, to: &Path) {
        move_below(&mut self.asked, from, to);
    }
}
