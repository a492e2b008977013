//! Bookmarks: lines of a text that the user marked, to come back to. They stay with their lines
//! through every edit, in every view of the text.

use std::collections::BTreeSet;

use editor_core::{ChangeSet, Growth, RangeSet};

use crate::{Buffer, BufferId, Workspace, WorkspaceEvent};

/// The most bookmarks of a text.
pub const MAX_BOOKMARKS: usize = 10_000;

/// The marked lines of a text, each by an offset in it.
#[derive(Default)]
pub(crate) struct Bookmarks(RangeSet<()>);

impl Bookmarks {
    /// Carries them along with an edit.
    pub fn follow(&mut self, changes: &ChangeSet) {
        if !self.0.is_empty() {
            self.0.apply(changes);
        }
    }
}

impl Buffer {
    /// The rows that are marked, in order.
    pub fn bookmarks(&self) -> Vec<usize> {
        let offsets = self.bookmarks.0.iter().map(|(_, range, ())| range.start);
        let mut rows: Vec<usize> = offsets
            .map(|offset| self.text.row_at(offset.min(self.text.len())))
            .collect();
        // Lines that were joined hold one.
        rows.dedup();
        rows
    }
}

impl Workspace {
    /// Marks rows, or takes their marks away where all of them are marked.
    pub fn toggle_bookmarks(&mut self, id: BufferId, rows: &[usize]) {
        let Some(buffer) = self.buffer(id) else {
            return;
        };
        let mut marked = buffer.bookmarks();
        let rows: BTreeSet<usize> = rows.iter().copied().collect();
        if rows.iter().all(|row| marked.binary_search(row).is_ok()) {
            marked.retain(|row| !rows.contains(row));
        } else {
            marked.extend(rows);
        }
        self.set_bookmarks(id, marked);
    }

    /// Marks these rows and no others; those that the text has not are passed over.
    pub fn set_bookmarks(&mut self, id: BufferId, mut rows: Vec<usize>) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| *row < buffer.text.line_count());
        rows.truncate(MAX_BOOKMARKS);
        let mut marked = RangeSet::new();
        for row in rows {
            let start = buffer.text.line_start(row);
            // What is put in before the line moves it.
            marked.insert(start..start, Growth::AtEnd, ());
        }
        buffer.bookmarks = Bookmarks(marked);
        self.emit(WorkspaceEvent::BufferBookmarksChanged(id));
    }
}
