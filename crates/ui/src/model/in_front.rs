//! What is in front in the window, so that a question that several views would ask is asked once.

use std::path::Path;

use gpui_kit::{Context, EntityId, EventEmitter};
use workspace::BufferId;

use super::WorkspaceModel;

/// Another file is the one that the keyboard is in, or was in last.
pub struct FileInFrontChanged;

impl EventEmitter<FileInFrontChanged> for WorkspaceModel {}

impl WorkspaceModel {
    /// Tells which views are in front, each with its buffer: the one that has, or last had, the keyboard
    /// before the others.
    pub fn set_in_front(&mut self, views: Vec<(EntityId, BufferId)>, cx: &mut Context<Self>) {
        let first = |views: &[(EntityId, BufferId)]| views.first().map(|(_, buffer)| *buffer);
        let is_another = first(&views) != first(&self.in_front);
        self.in_front = views;
        if is_another {
            cx.emit(FileInFrontChanged);
        }
    }

    /// The file of the view that has, or last had, the keyboard; nothing where that is no file.
    pub fn file_in_front(&self) -> Option<&Path> {
        let (_, buffer) = self.in_front.first()?;
        self.workspace.buffer(*buffer)?.path()
    }

    /// Whether a view asks what all views ask whose buffer is among those that `is_asked` says: the first
    /// of those in front does. A view of which nobody told whether it is in front asks, too.
    pub fn asks_first(&self, view: EntityId, is_asked: impl Fn(BufferId) -> bool) -> bool {
        let mut asking = self.in_front.iter().filter(|(_, buffer)| is_asked(*buffer));
        let is_first = asking.next().is_some_and(|(first, _)| *first == view);
        is_first || !self.in_front.iter().any(|(known, _)| *known == view)
    }
}
