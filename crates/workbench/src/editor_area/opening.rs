//! Opening files: the tab comes at once, the view of its file in its place when that is read.

use super::preview_tab::ShownAs;
use super::{EditorArea, EditorAreaEvent};
use crate::opening_item::{OpeningItem, Waiting};
use fs::LoadNote;
use futures::FutureExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, AsyncWindowContext, Context, Entity, EntityId, FocusHandle, Focusable as _, Task, Window,
};
use std::collections::VecDeque;
use ui::{Commands, ItemHandle, ItemOpeners, OpenTarget, Severity, notify};
use workspace::{BufferId, ViewState};

impl EditorArea {
    /// Opens a target in the active group, or shows it where it is open; in front unless a person
    /// turned to something else since this turn.
    pub(crate) fn open_at(
        &mut self,
        turn: u64,
        target: OpenTarget,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.open_in(self.active, target, Some(turn), ShownAs::Tab, window, cx);
    }

    /// Opens a target in a group, in front where a person turned to it and to nothing since. One
    /// that nobody turned to is a tab of last time: without a word it is left out where its file is
    /// gone.
    pub(super) fn open_in(
        &mut self,
        group: usize,
        target: OpenTarget,
        turn: Option<u64>,
        shown: ShownAs,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let front = turn == Some(self.turns);
        if turn.is_none() {
            // What a crash left unsaved may be there before its tab of earlier.
            if self.tab_of(group, &target.path, cx).is_some() {
                return;
            }
        } else if let Some((group, tab)) = self.find(&target.path, cx) {
            if front && shown == ShownAs::Preview {
                self.bring_to_front(group, tab, cx);
            } else if front {
                self.groups[group].tabs[tab].is_preview = false;
                self.activate(group, tab, window, cx);
                self.reveal(&target, window, cx);
            }
            return;
        }

        let model = self.model.clone();
        let coming = model.read(cx).coming_text_of(&target.path).cloned();
        // What the file begins with is not what that will.
        let previewed = coming.is_none();
        let placeholder = cx.new(|cx| match coming {
            Some(text) => OpeningItem::of_text(text, cx),
            None => OpeningItem::new(target.clone(), cx),
        });
        let id = placeholder.entity_id();
        self.note_opening(&placeholder);
        let before = self.groups.get(group).map(|group| group.active);
        let takes_keyboard = front && shown == ShownAs::Tab;
        self.add(
            group,
            Box::new(placeholder.clone()),
            takes_keyboard,
            window,
            cx,
        );
        if shown == ShownAs::Preview {
            self.make_preview(id, window, cx);
        }
        // What is in front stays there, but for the tabs of last time, of which the newest is.
        if let (Some(before), Some(group)) = (before, self.groups.get_mut(group))
            && turn.is_some()
            && !front
            && group.tabs.len() > 1
        {
            group.activate(before);
        }

        let open = ItemOpeners::open(target.clone(), model, window, cx);
        let preview = match previewed {
            true => ItemOpeners::preview(target.clone(), self.model.clone(), window, cx),
            false => Task::ready(None),
        };
        let progress = self.model.read(cx).opening(&target.path);
        let left = self.view_left(&target, cx).shared();
        let left_too = left.clone();
        let path = target.path;
        let opening = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            // A path may lie on a disk that does not answer.
            let asked = path.clone();
            if turn.is_some() && cx.background_spawn(async move { asked.is_dir() }).await {
                // The window may be gone.
                this.update_in(cx, |area, window, cx| {
                    area.remove_items(&[id], window, cx);
                    cx.emit(EditorAreaEvent::FolderAsked(path));
                })
                .ok();
                return;
            }
            let opened = open.await;
            let left = left.await;
            // Some openers show why a file cannot be opened.
            let shows = |cx: &App| opened.as_ref().is_ok_and(|item| item.buffer(cx).is_some());
            let gone = turn.is_none()
                && !cx.update(|_, cx| shows(cx)).unwrap_or_default()
                && cx.background_spawn(async move { !path.exists() }).await;
            // The window may be gone.
            this.update_in(cx, |area, window, cx| {
                if gone {
                    area.remove_items(&[id], window, cx);
                } else {
                    let buffer = opened.as_ref().ok().and_then(|item| item.buffer(cx));
                    area.opened(id, opened, left, window, cx);
                    // Tabs of last time say it in the status bar alone.
                    if let (Some(buffer), Some(_)) = (buffer, turn) {
                        area.tell_of_mixed_line_endings(buffer, window, cx);
                    }
                }
            })
            .ok();
        });
        placeholder.update(cx, |placeholder, cx| {
            placeholder.hold(opening, progress);
            placeholder.await_preview(preview, left_too, window, cx);
        });
    }

    /// Notes a tab that waits for what it shows.
    pub(super) fn note_opening(&mut self, tab: &Entity<OpeningItem>) {
        self.opening.retain(|tab| tab.upgrade().is_some());
        self.opening.push(tab.downgrade());
    }

    /// Says once of a file that a person opens that its lines end in two ways.
    fn tell_of_mixed_line_endings(
        &mut self,
        buffer: BufferId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let workspace = self.model.read(cx).workspace();
        let Some(buffer) = workspace.buffer(buffer) else {
            return;
        };
        let (format, name) = (buffer.format(), buffer.display_name());
        if format.has_mixed_line_endings()
            && let Some(path) = buffer.path()
            && self.told_mixed.insert(path.to_path_buf())
        {
            let dominant = format.line_ending;
            let note = LoadNote::MixedLineEndings { dominant };
            notify(Severity::Info, format!("{name}: {note}"), window, cx);
        }
    }

    /// Puts the view of a file in the place of the tab that waits for it.
    pub(super) fn opened(
        &mut self,
        id: EntityId,
        opened: anyhow::Result<Box<dyn ItemHandle>>,
        left: Option<ViewState>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((group, index)) = self.place(id) else {
            return;
        };
        let item = match opened {
            Ok(item) => item,
            Err(error) => {
                ui::notify_error(&error, window, cx);
                let old = self.groups[group].tabs[index].item.focus_handle(cx);
                self.remove_items(&[id], window, cx);
                let new = self.focus_handle(cx);
                self.modals
                    .update(cx, |modals, _| modals.replace_previous(&old, &new, window));
                return;
            }
        };
        let mut waiting = self.opening.iter().filter_map(|tab| tab.upgrade());
        let waiting = waiting.find(|tab| tab.entity_id() == id);
        let old = self.groups[group].tabs[index].item.focus_handle(cx);
        let in_front = self.active == group && self.groups[group].active == index;
        // It may never have been drawn. What has the keyboard behind another tab takes no keys.
        let focused = in_front && (old.is_focused(window) || old.contains_focused(window, cx));
        // A view that is seen takes what waits for it although something else has the keyboard.
        let seen = self.groups[group].active == index
            && !self.modals.read(cx).is_open()
            && !self.has_field_open(window, cx);
        if let Some(waiting) = &waiting
            && !focused
            && !seen
            && waiting.read(cx).has_waiting()
        {
            return Self::hold_back(waiting, item, left, cx);
        }
        if let Some(shown) = self.shown_as(group, index, item.as_ref(), cx) {
            self.show_instead(id, shown, waiting.as_ref(), window, cx);
            return;
        }
        let looked_at = waiting.as_ref().and_then(|tab| tab.read(cx).looked_at(cx));
        if let Some(mut place) = looked_at {
            // All of the text goes on from what was looked at.
            place.text_len = item.view_state(cx).map_or(0, |state| state.text_len);
            item.restore_view(&place, window, cx);
        } else {
            let waits = self.groups[group].tabs[index].item.view_state(cx);
            if let Some(left) = waits.or(left) {
                item.restore_view(&left, window, cx);
            }
            // Another place may have been asked for meanwhile.
            let target = waiting.as_ref().map(|tab| tab.read(cx).target().clone());
            if let Some(target) = target {
                target.reveal_in(&*item, window, cx);
            }
        }
        let mut tab = Self::tab(item, window, cx);
        // What a crash left unsaved is not to be passed over.
        tab.is_preview = self.groups[group].tabs[index].is_preview && !tab.item.is_dirty(cx);
        let new = tab.item.focus_handle(cx);
        if focused {
            new.focus(window, cx);
        }
        if let Some(waiting) = &waiting {
            press_keys(waiting, &new, window, cx);
        }
        // What is chosen in the palette is for the file that was asked for.
        let own = waiting.map(|tab| tab.read(cx).own_focus().clone());
        self.modals.update(cx, |modals, _| {
            for old in own.iter().chain([&old]) {
                modals.replace_previous(old, &new, window);
            }
        });
        self.groups[group].replace(index, tab);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    /// Leaves a tab as it is although its file is there: what was typed in it goes into the view
    /// where that can have the keyboard, and is not to be lost where a person turned to another tab
    /// of the group or is asked something.
    fn hold_back(
        waiting: &Entity<OpeningItem>,
        item: Box<dyn ItemHandle>,
        left: Option<ViewState>,
        cx: &mut Context<Self>,
    ) {
        let (id, area) = (waiting.entity_id(), cx.weak_entity());
        let bring = move |window: &mut Window, cx: &mut App| {
            // The window may be closing.
            area.update(cx, |area, cx| area.opened(id, Ok(item), left, window, cx))
                .ok();
        };
        waiting.update(cx, |tab, _| tab.hold_back(Box::new(bring)));
    }

    /// Whether something within a view has the keyboard, such as a field for a name: it would take
    /// the loss of that for an answer.
    fn has_field_open(&self, window: &Window, cx: &App) -> bool {
        self.items().iter().any(|item| {
            let own = item.focus_handle(cx);
            own.contains_focused(window, cx) && !own.is_focused(window)
        })
    }

    /// The tab of a group that shows the same file in the same way as an item that is to be shown at
    /// an index: it was opened by another of its names, through a link.
    fn shown_as(
        &self,
        group: usize,
        index: usize,
        item: &dyn ItemHandle,
        cx: &App,
    ) -> Option<EntityId> {
        let buffer = item.buffer(cx)?;
        let kind = item.view().entity_type();
        let tabs = self.groups[group].tabs.iter().enumerate();
        let mut same = tabs.filter(|(at, tab)| {
            let view = tab.item.view();
            *at != index && tab.item.buffer(cx) == Some(buffer) && view.entity_type() == kind
        });
        same.next().map(|(_, tab)| tab.item.view().entity_id())
    }

    /// Shows a tab in the place of the one that waited for the same file.
    fn show_instead(
        &mut self,
        id: EntityId,
        shown: EntityId,
        waiting: Option<&Entity<OpeningItem>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((group, index)) = self.place(id) else {
            return;
        };
        let front = self.groups[group].active == index && self.active == group;
        let old = self.groups[group].tabs[index].item.focus_handle(cx);
        let focused = old.is_focused(window) || old.contains_focused(window, cx);
        self.remove_items(&[id], window, cx);
        let takes_keys = waiting.is_some_and(|tab| tab.read(cx).has_waiting());
        let place = self.place(shown).filter(|_| front || takes_keys);
        let Some((group, tab)) = place else {
            return;
        };
        if focused {
            self.activate(group, tab, window, cx);
        } else {
            self.groups[group].activate(tab);
        }
        let new = self.groups[group].tabs[tab].item.focus_handle(cx);
        self.modals
            .update(cx, |modals, _| modals.replace_previous(&old, &new, window));
        if let Some(waiting) = waiting {
            let target = waiting.read(cx).target().clone();
            // Another group may be the active one.
            let item = self.groups[group].tabs[tab].item.boxed_clone();
            target.reveal_in(&*item, window, cx);
            press_keys(waiting, &new, window, cx);
        }
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    fn reveal(&mut self, target: &OpenTarget, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(item) = self.active_item() {
            let item = item.boxed_clone();
            target.reveal_in(&*item, window, cx);
        }
    }
}

/// Does what waited for a view that is shown from now on. What has the keyboard lends it for that.
fn press_keys(
    waiting: &Entity<OpeningItem>,
    view: &FocusHandle,
    window: &mut Window,
    cx: &mut App,
) {
    let waiting = waiting.update(cx, |tab, _| tab.take_waiting());
    if waiting.is_empty() {
        return;
    }
    let lender = window.focused(cx).filter(|focused| focused != view);
    let lent = lender.map(|lender| Lent {
        to: view.clone(),
        from: lender,
    });
    view.focus(window, cx);
    do_in_turn(waiting.into(), lent, window, cx);
}

/// The keyboard, which goes back once keys are pressed.
struct Lent {
    to: FocusHandle,
    from: FocusHandle,
}

/// Does one thing after the other, each once what the one before it began is done: a key may lead the
/// keyboard elsewhere, as Enter in a prompt does.
fn do_in_turn(
    mut waiting: VecDeque<Waiting>,
    lent: Option<Lent>,
    window: &mut Window,
    cx: &mut App,
) {
    window.defer(cx, move |window, cx| {
        match waiting.pop_front() {
            Some(Waiting::Key(key)) => {
                window.dispatch_keystroke(key, cx);
            }
            Some(Waiting::Command(id)) => {
                // Unlike a key, a command goes by what was drawn last, and the view may be new.
                window.draw(cx).clear(cx);
                Commands::run(id, window, cx);
            }
            None => {
                // What the keys opened keeps it.
                if let Some(lent) = lent
                    && lent.to.contains_focused(window, cx)
                {
                    lent.from.focus(window, cx);
                }
                return;
            }
        }
        do_in_turn(waiting, lent, window, cx);
    });
}
