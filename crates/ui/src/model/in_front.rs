//! What is in front in the window, so that a question that several views would ask is asked once.

use gpui_kit::EntityId;
use workspace::BufferId;

use super::WorkspaceModel;

impl WorkspaceModel {
    /// Tells which views are in front, each with its buffer: the one that has, or last had, the keyboard
    /// before the others.
    pub fn set_in_front(&mut self, views: Vec<(EntityId, BufferId)>) {
        self.in_front = views;
    }

    /// Whether a view asks what all views ask whose buffer is among those that `is_asked` says: the first
    /// of those in front does. A view of which nobody told whether it is in front asks, too.
    pub fn asks_first(&self, view: EntityId, is_asked: impl Fn(BufferId) -> bool) -> bool {
        let mut asking = self.in_front.iter().filter(|(_, buffer)| is_asked(*buffer));
        let is_first = asking.next().is_some_and(|(first, _)| *first == view);
        is_first || !self.in_front.iter().any(|(known, _)| *known == view)
    }
}
