//! A buffer beside another version of its file, such as the one in git's index: where the text
//! differs is found elsewhere, once a buffer, and carried along with every edit until the next
//! answer is there.

use std::ops::Range;
use std::sync::Arc;

use editor_core::{ChangeSet, Growth, Hunk, RangeSet, Text, hunks};
use fs::TextFormat;

use crate::{Buffer, BufferId, Workspace, WorkspaceEvent};

/// The version that a buffer is compared with.
#[derive(Debug)]
pub struct ComparedVersion {
    /// Its text.
    pub text: Text,
    /// How it is written.
    pub format: TextFormat,
}

/// How a buffer differs from another version of it.
#[derive(Default)]
pub(crate) struct Comparison {
    version: Option<Arc<ComparedVersion>>,
    /// The lines of each change, with their line ends; empty where lines are gone.
    hunks: RangeSet<Hunk>,
    /// The version of the buffer that `hunks` were found in.
    found_in: Option<u64>,
}

impl Comparison {
    /// Carries the changes along with an edit.
    pub fn follow(&mut self, changes: &ChangeSet) {
        if !self.hunks.is_empty() {
            self.hunks.apply(changes);
        }
    }
}

/// Finds where a buffer differs. Run it off the UI thread: it takes as long as the texts are long.
#[derive(Debug)]
pub struct CompareJob {
    version: Arc<ComparedVersion>,
    text: Text,
    buffer_version: u64,
}

/// Where a buffer differs, as it was at one version.
pub struct FoundHunks {
    version: Arc<ComparedVersion>,
    buffer_version: u64,
    hunks: RangeSet<Hunk>,
}

impl CompareJob {
    /// How many bytes are compared.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.version.text.len()
    }

    /// Does the work. Of texts that are too large to be compared nothing differs.
    pub fn run(self) -> FoundHunks {
        let mut found = RangeSet::default();
        for hunk in hunks(&self.version.text, &self.text).unwrap_or_default() {
            found.insert(range_of(&hunk, &self.text), Growth::Outside, hunk);
        }
        FoundHunks {
            version: self.version,
            buffer_version: self.buffer_version,
            hunks: found,
        }
    }
}

/// The bytes of a change in the text.
fn range_of(hunk: &Hunk, text: &Text) -> Range<usize> {
    text.line_start(hunk.rows.start)..text.line_start(hunk.rows.end)
}

impl Buffer {
    /// The version that the buffer is compared with, where there is one.
    pub fn compared_version(&self) -> Option<&Arc<ComparedVersion>> {
        self.comparison.version.as_ref()
    }

    /// Where the text differs from [the other version](Buffer::compared_version): the lines of each
    /// change, with their line ends; an empty range where lines are gone. As they were found last,
    /// carried along with every edit since.
    pub fn hunks(&self) -> &RangeSet<Hunk> {
        &self.comparison.hunks
    }

    /// Whether it is known where the text differs from [the other version](Buffer::compared_version).
    pub fn knows_hunks(&self) -> bool {
        self.comparison.found_in.is_some()
    }
}

impl Workspace {
    /// Sets the version that a buffer is compared with; `None` where there is none any more.
    pub fn set_compared_version(&mut self, id: BufferId, version: Option<ComparedVersion>) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let comparison = &mut buffer.comparison;
        comparison.found_in = None;
        comparison.version = version.map(Arc::new);
        if comparison.version.is_none() && !comparison.hunks.is_empty() {
            comparison.hunks = RangeSet::default();
            self.emit(WorkspaceEvent::BufferHunksChanged(id));
        }
    }

    /// The comparison that a buffer needs; `None` where its changes are known, or there is nothing
    /// to compare it with.
    pub fn compare_job(&self, id: BufferId) -> Option<CompareJob> {
        let buffer = self.buffers.get(&id)?;
        let version = buffer.comparison.version.clone()?;
        let needed = buffer.comparison.found_in != Some(buffer.version);
        needed.then(|| CompareJob {
            version,
            text: buffer.text.clone(),
            buffer_version: buffer.version,
        })
    }

    /// Takes where a buffer differs. What was found for another version to compare with, or too
    /// long ago to be carried over the edits since, is dropped.
    pub fn compared(&mut self, id: BufferId, mut found: FoundHunks) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let is_current = |version: &Arc<ComparedVersion>| Arc::ptr_eq(version, &found.version);
        if !buffer.comparison.version.as_ref().is_some_and(is_current) {
            return;
        }
        let Some(since) = buffer.changes_since(found.buffer_version) else {
            return;
        };
        found.hunks.apply(&since);
        let comparison = &mut buffer.comparison;
        comparison.found_in = Some(found.buffer_version);
        let places = |hunks: &RangeSet<Hunk>, other: &RangeSet<Hunk>| {
            let parts =
                |(_, range, hunk): (_, _, &Hunk)| (range, hunk.base_rows.clone(), hunk.kind());
            hunks.iter().map(parts).eq(other.iter().map(parts))
        };
        if !places(&found.hunks, &comparison.hunks) {
            comparison.hunks = found.hunks;
            self.emit(WorkspaceEvent::BufferHunksChanged(id));
        }
    }
}
