//! Which state of a text that came back is on the disk: what was kept of an unsaved text is its history
//! and not what of it was saved.

use std::sync::atomic::AtomicBool;

use editor_core::{HistoryStates, NodeId, Text};

use crate::saving::SaveOrder;
use crate::{BufferId, DiskState, Workspace, WorkspaceEvent};

/// Finds the state of a history that is on the disk. Run it off the UI thread: it goes through all
/// states.
pub struct SavedStateJob {
    states: HistoryStates,
    text: Text,
    saved: Text,
    order: SaveOrder,
}

/// The state that is on the disk, where nothing was saved or read since.
#[derive(Debug)]
pub struct SavedState {
    state: NodeId,
    order: SaveOrder,
}

impl SavedStateJob {
    /// Does the work; `None` where the disk holds none of the states, or it was cancelled.
    pub fn run(self, cancel: &AtomicBool) -> Option<SavedState> {
        Some(SavedState {
            state: self.states.state_of(&self.saved, &self.text, cancel)?,
            order: self.order,
        })
    }
}

impl Workspace {
    /// Asks which state of a buffer's history is on the disk; `None` where that is known, or where the
    /// disk holds nothing that is.
    pub fn saved_state_job(&self, id: BufferId) -> Option<SavedStateJob> {
        let buffer = self.buffers.get(&id)?;
        let is_asked = buffer.saved.revision.is_none()
            && buffer.saved.fingerprint.is_some()
            && buffer.disk == DiskState::InSync;
        is_asked.then(|| SavedStateJob {
            states: buffer.history.states(),
            text: buffer.text.clone(),
            saved: buffer.saved.text.clone(),
            order: buffer.saved.order,
        })
    }

    /// Takes note of the state that is on the disk, where nothing was saved or read since it was looked
    /// for.
    pub fn saved_state_found(&mut self, id: BufferId, found: SavedState) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let is_asked = buffer.saved.revision.is_none() && buffer.saved.order == found.order;
        let Some(revision) = buffer.history.settled(found.state).filter(|_| is_asked) else {
            return;
        };
        buffer.saved.revision = Some(revision);
        self.emit(WorkspaceEvent::BufferSavedStateFound(id));
        self.update_dirty(id);
    }
}
