//! The tab of a group whose file is only looked at: the next one that is takes its place, unless it was
//! edited, written in or kept.

use super::{EditorArea, EditorAreaEvent};
use gpui_kit::{App, Context, EntityId, Window};
use ui::{ActiveSettings as _, ItemHandle, OpenTarget};

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownAs {
    /// In a tab that stays, which gets the keyboard.
    Tab,
    /// In the group's preview, while the keyboard stays where it is.
    Preview,
}

impl EditorArea {
    /// Shows a file in the active group while the keyboard stays where it is, or brings its tab to
    /// the front where it is open.
    pub(crate) fn look_at(
        &mut self,
        target: OpenTarget,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let turn = Some(self.turn());
        self.open_in(self.active, target, turn, ShownAs::Preview, window, cx);
    }

    /// Makes a new tab the preview of its group, in the place of the one that was it.
    pub(super) fn make_preview(
        &mut self,
        id: EntityId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((group, index)) = self.place(id) else {
            return;
        };
        if !cx.kiln_settings().editor.preview_tabs {
            return;
        }
        let tabs = &mut self.groups[group].tabs;
        let before = tabs.iter().find(|tab| tab.is_preview);
        let before = before.map(|tab| (tab.item.item_id(), holds_work(tab.item.as_ref(), cx)));
        tabs[index].is_preview = true;
        match before {
            // It may not have said so, such as one that holds the keys for a file that is to come.
            Some((before, true)) => self.keep_tab(before, cx),
            Some((before, false)) => self.remove_items(&[before], window, cx),
            None => {}
        }
    }

    /// Lets a tab stay.
    pub(crate) fn keep_tab(&mut self, id: EntityId, cx: &mut Context<Self>) {
        let Some((group, index)) = self.place(id) else {
            return;
        };
        let tab = &mut self.groups[group].tabs[index];
        if std::mem::take(&mut tab.is_preview) {
            cx.emit(EditorAreaEvent::TabsChanged);
            cx.notify();
        }
    }

    /// Lets the tab in front stay.
    pub(crate) fn keep_active(&mut self, cx: &mut Context<Self>) {
        if let Some(id) = self.active_item().map(ItemHandle::item_id) {
            self.keep_tab(id, cx);
        }
    }

    /// Lets a tab stay whose file was edited, or in which something else was written.
    pub(super) fn keep_edited(&mut self, id: EntityId, cx: &mut Context<Self>) {
        let edited = self
            .place(id)
            .is_some_and(|(group, tab)| holds_work(self.groups[group].tabs[tab].item.as_ref(), cx));
        if edited {
            self.keep_tab(id, cx);
        }
    }
}

/// Whether something that a person wrote would be gone with an item.
fn holds_work(item: &dyn ItemHandle, cx: &App) -> bool {
    item.is_dirty(cx) || item.has_draft(cx)
}
