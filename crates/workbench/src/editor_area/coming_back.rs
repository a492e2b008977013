//! The tabs of unsaved texts that take long to come back.

use super::EditorArea;
use super::preview_tab::ShownAs;
use super::session::ShowBuffer;
use crate::opening_item::OpeningItem;
use gpui_kit::prelude::*;
use gpui_kit::{App, AsyncWindowContext, Context, EntityId, Window};
use ui::{ComingText, ItemHandle, OpenTarget, Severity, notify};
use workspace::{BufferId, ViewState};

impl EditorArea {
    /// The unsaved text that the tab of an item waits for.
    pub(super) fn awaited_text(item: &dyn ItemHandle, cx: &App) -> Option<ComingText> {
        let tab = item.view().downcast::<OpeningItem>().ok()?;
        tab.read(cx).coming().cloned()
    }

    /// Whether an item has text that is not saved, here or still to come.
    pub(crate) fn has_unsaved_text(item: &dyn ItemHandle, cx: &App) -> bool {
        item.is_dirty(cx) || Self::awaited_text(item, cx).is_some()
    }

    /// Shows texts that are still to come, in the active group where no tab waits for them.
    pub(super) fn show_coming(
        &mut self,
        coming: Vec<ComingText>,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let is_of = |item: &dyn ItemHandle, text: &ComingText, cx: &App| {
            let is_file = text.path.is_some() && item.path(cx) == text.path;
            is_file || Self::awaited_text(item, cx).as_ref() == Some(text)
        };
        for text in coming {
            let items = self.items();
            if items.iter().any(|item| is_of(item.as_ref(), &text, cx)) {
                continue;
            }
            match text.path.clone() {
                Some(path) => {
                    let target = OpenTarget::new(path);
                    self.open_in(self.active, target, None, ShownAs::Tab, window, cx);
                }
                None => self.await_text(self.active, text.clone(), show, window, cx),
            }
            // How it was left is not known: at what was typed last then.
            let items = self.items();
            if let Some(item) = items.iter().find(|item| is_of(item.as_ref(), &text, cx)) {
                item.restore_view(&ViewState::default(), window, cx);
            }
        }
    }

    /// Opens the tab of a text without a file, which waits for it.
    pub(super) fn await_text(
        &mut self,
        group: usize,
        text: ComingText,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let tab = cx.new(|cx| OpeningItem::of_text(text.clone(), cx));
        let id = tab.entity_id();
        self.note_opening(&tab);
        self.add(group, Box::new(tab.clone()), false, window, cx);
        let coming = self
            .model
            .update(cx, |model, cx| model.restore_text(&text, cx));
        let progress = self.model.read(cx).coming_progress(&text);
        let show = show.clone();
        let opening = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let back = coming.await;
            // The window may be gone.
            this.update_in(cx, |area, window, cx| {
                let buffer = back.ok().and_then(|buffers| buffers.first().copied());
                match buffer.and_then(|id| show(id, window, cx)) {
                    Some(item) => area.opened(id, Ok(item), None, window, cx),
                    // It was told why.
                    None => area.remove_items(&[id], window, cx),
                }
            })
            .ok();
        });
        tab.update(cx, |tab, _| tab.hold(opening, progress));
    }

    /// Shows a text that has just come back, where no tab does; what is in front stays there.
    pub(crate) fn show_recovered(
        &mut self,
        buffer: BufferId,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let front = self.active_item().map(|item| item.item_id());
        self.show_unsaved(vec![buffer], show, window, cx);
        if let Some((group, tab)) = front.and_then(|front| self.place(front)) {
            self.groups[group].activate(tab);
        }
    }

    /// Says of closed tabs which unsaved text was not back yet: it is not lost.
    pub(super) fn tell_what_stays_kept(
        &self,
        closed: &[EntityId],
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (closed, staying): (Vec<_>, Vec<_>) = self
            .items()
            .into_iter()
            .partition(|item| closed.contains(&item.item_id()));
        let awaited = |items: &[Box<dyn ItemHandle>]| -> Vec<ComingText> {
            let texts = items.iter();
            texts
                .filter_map(|item| Self::awaited_text(item.as_ref(), cx))
                .collect()
        };
        let staying = awaited(&staying);
        let mut told = Vec::new();
        for text in awaited(&closed) {
            if staying.contains(&text) || told.contains(&text) {
                continue;
            }
            let title = text.title();
            let message = match text.path {
                Some(_) => format!(
                    "Your unsaved edits to {title} stay kept: they come back when you open it \
                     again, or at the next start."
                ),
                None => format!("{title} stays kept: it comes back at the next start."),
            };
            told.push(text);
            notify(Severity::Info, message, window, cx);
        }
    }
}
