use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::{Outline, SyntaxTree};

use crate::{BufferId, Workspace, WorkspaceEvent};

/// The search for the symbols of one version of a buffer, to be run off the thread that owns the
/// workspace.
pub struct OutlineJob {
    tree: SyntaxTree,
    text: Text,
    version: u64,
}

/// The symbols of one version of a buffer.
pub struct FoundOutline {
    outline: Outline,
    version: u64,
}

impl OutlineJob {
    /// Looks for the symbols. `None` soon after `cancel` is set.
    pub fn run(&self, cancel: &AtomicBool) -> Option<FoundOutline> {
        Some(FoundOutline {
            outline: self.tree.outline(&self.text, cancel)?,
            version: self.version,
        })
    }
}

impl Workspace {
    /// The search for the symbols of a buffer; `None` where its syntax is not known. To be run after
    /// each [`WorkspaceEvent::BufferReparsed`].
    pub fn outline_job(&self, id: BufferId) -> Option<OutlineJob> {
        let buffer = self.buffers.get(&id)?;
        Some(OutlineJob {
            tree: buffer.tree.clone()?,
            text: buffer.text.clone(),
            version: buffer.version,
        })
    }

    /// Takes what a search found, carried over the edits since. Where those are too many it is
    /// dropped: the parse after them brings another.
    pub fn outline_found(&mut self, id: BufferId, found: FoundOutline) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let Some(later) = buffer.changes_since(found.version) else {
            return;
        };
        let mut outline = found.outline;
        outline.follow(&later);
        if buffer.tree.is_some() && *buffer.outline != outline {
            buffer.outline = Arc::new(outline);
            self.emit(WorkspaceEvent::BufferOutlined(id));
        }
    }
}
