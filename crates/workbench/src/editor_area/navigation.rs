//! Going back and forward along the places that a person came by.

use super::EditorArea;
use crate::navigation_history::{OpenText, Place, Way};
use gpui_kit::prelude::*;
use gpui_kit::{App, AsyncWindowContext, Context, Entity, Window};
use ui::{OpenTarget, WorkspaceModel};
use workspace::{BufferId, Workspace, WorkspaceEvent};

impl EditorArea {
    /// Notes where the person is, unless a prompt or a list over the text only shows places to choose
    /// from: where they go in the end is noted once the keyboard is back.
    pub(crate) fn note_place(&mut self, window: &Window, cx: &App) {
        let looks_around = self.active_item().is_some_and(|item| {
            let focus = item.focus_handle(cx);
            item.caret(cx).is_some()
                && focus.contains_focused(window, cx)
                && !focus.is_focused(window)
        });
        if !looks_around && !self.modals.read(cx).is_open() {
            self.note_here(cx);
        }
    }

    fn note_here(&mut self, cx: &App) {
        let Some(place) = self.place_here(cx) else {
            return;
        };
        let open = match &place {
            Place::Text { buffer, .. } => open_text(self.model.read(cx).workspace(), *buffer),
            _ => None,
        };
        self.history.arrive(place, open);
    }

    fn place_here(&self, cx: &App) -> Option<Place> {
        let item = self.active_item()?;
        let id = item.item_id();
        let mut opening = self.opening.iter();
        // Where the caret will be is not known before its file is there.
        if opening.any(|tab| tab.entity_id() == id) {
            return None;
        }
        match (item.buffer(cx), item.caret(cx)) {
            (Some(buffer), Some(offset)) => Some(Place::Text { buffer, offset }),
            _ => Some(Place::View {
                path: item.path(cx)?,
            }),
        }
    }

    /// Goes to the next place on a way, opening its file again where that was closed. Files that are
    /// gone are passed over.
    pub(crate) fn navigate(&mut self, way: Way, window: &mut Window, cx: &mut Context<Self>) {
        self.note_here(cx);
        loop {
            let workspace = self.model.read(cx).workspace();
            let here = self.active_item().and_then(|item| item.buffer(cx));
            let open = here.and_then(|buffer| open_text(workspace, buffer));
            let Some(place) = self.history.next(way, open).cloned() else {
                return;
            };
            let target = match place {
                Place::Text { buffer, offset } => {
                    if let Some(item) = self.show_again(buffer, window, cx) {
                        self.history.step(way);
                        item.reveal_offset(offset, window, cx);
                        return;
                    }
                    // It has no tab, such as one that is kept for what the agent does to it.
                    let open = open_text(self.model.read(cx).workspace(), buffer);
                    let target = open.and_then(|open| {
                        let (line, column) = open.line_and_column(offset);
                        Some(OpenTarget::at(open.path?, line, column))
                    });
                    match target {
                        Some(target) => target,
                        None => {
                            self.history.forget_next(way);
                            continue;
                        }
                    }
                }
                Place::Closed { path, line, column } => OpenTarget::at(path, line, column),
                Place::View { path } => OpenTarget::new(path),
            };
            return self.navigate_to(target, way, window, cx);
        }
    }

    /// Opens a place of a file that is there; goes on to the one behind it where it is not.
    fn navigate_to(
        &mut self,
        target: OpenTarget,
        way: Way,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let turn = self.turn();
        let changes = self.history.changes();
        let path = target.path.clone();
        // A path may lie on a disk that does not answer.
        let looked = cx.background_spawn(async move { path.is_file() });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let is_there = looked.await;
            // The window may be gone.
            this.update_in(cx, |area, window, cx| {
                // The person may have gone elsewhere meanwhile.
                if area.history.changes() != changes || area.turns != turn {
                    return;
                }
                if is_there {
                    area.history.step(way);
                    area.open_at(turn, target, window, cx);
                } else {
                    area.history.forget_next(way);
                    area.navigate(way, window, cx);
                }
            })
            .ok();
        })
        .detach();
    }

    pub(super) fn history_follows(
        &mut self,
        _: Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        cx: &mut Context<Self>,
    ) {
        // The tabs show what is wrong.
        if event.changes_problems() {
            cx.notify();
        }
        match event {
            WorkspaceEvent::BufferEdited {
                buffer, changes, ..
            } => self.history.follow(*buffer, changes),
            WorkspaceEvent::BufferClosed(buffer) => self.history.forget(*buffer),
            _ => {}
        }
    }

    /// Keeps the places in texts that are about to be closed.
    pub(super) fn keep_places(&mut self, closing: &[BufferId], cx: &App) {
        let workspace = self.model.read(cx).workspace();
        for buffer in closing {
            if let Some(text) = open_text(workspace, *buffer) {
                self.history.close(text);
            }
        }
    }
}

fn open_text(workspace: &Workspace, buffer: BufferId) -> Option<OpenText<'_>> {
    let open = workspace.buffer(buffer)?;
    Some(OpenText {
        buffer,
        path: open.path(),
        text: open.text(),
    })
}
