//! How the editor area is left and comes back: groups, tabs, and what each view shows.

use super::preview_tab::ShownAs;
use super::{EditorArea, EditorAreaEvent, Grid, Side};
use crate::editor_group::EditorGroup;
use crate::layout::{GroupLayout, TabLayout};
use crate::opening_item::QUIET;
use crate::welcome::Restoring;
use fs::TextEncoding;
use gpui_kit::{App, AppContext as _, Context, EntityId, Task, Window};
use std::path::Path;
use std::rc::Rc;
use ui::recovery::Unsaved;
use ui::{ActiveSettings as _, ComingText, ItemHandle, OpenTarget};
use workspace::{Buffer, BufferId, ViewState};

/// Makes an item that shows an open buffer, for those that no file leads to.
pub type ShowBuffer = Rc<dyn Fn(BufferId, &mut Window, &mut App) -> Option<Box<dyn ItemHandle>>>;

/// What an earlier time left of the editors, and what happened since the window is there.
pub struct LeftEditors {
    /// The groups and their tabs.
    pub groups: Vec<GroupLayout>,
    /// Where the groups stood, by their places among them.
    pub grid: Option<Grid>,
    /// The place of the group that had the keyboard.
    pub active: usize,
    /// The unsaved text that is back, and what is to come.
    pub unsaved: Unsaved,
    /// The turn at the start: a later one says that a person turned to another tab since.
    pub turn: u64,
    /// Whether the keyboard is to go to the editor: nobody took it elsewhere since.
    pub focus: bool,
}

impl EditorArea {
    /// The groups as they are to come back, where they stand by their places among them, and the place
    /// of the active one.
    pub fn layout(&self, cx: &App) -> (Vec<GroupLayout>, Grid, usize) {
        let groups = self.groups.iter().map(|group| {
            let (mut tabs, mut active) = (Vec::new(), 0);
            for (index, tab) in group.tabs.iter().enumerate() {
                let item = tab.item.as_ref();
                let path = item.path(cx);
                let untitled = match path {
                    Some(_) => None,
                    None => self.untitled_number(item, cx),
                };
                // What has neither comes back no way.
                if path.is_none() && untitled.is_none() {
                    continue;
                }
                if index <= group.active {
                    active = tabs.len();
                }
                let model = self.model.read(cx);
                let encoding = path
                    .as_deref()
                    .and_then(|path| model.encoding_chosen_for(path));
                tabs.push(TabLayout {
                    path,
                    encoding: encoding.map(|encoding| encoding.name().to_owned()),
                    untitled,
                    preview: tab.is_preview,
                    view: item.view_state(cx),
                });
            }
            GroupLayout {
                tabs,
                active,
                ..GroupLayout::default()
            }
        });
        let place = |id: u64| self.place_of_group(id).map_or(id, |place| place as u64);
        (groups.collect(), self.grid.named(&place), self.active)
    }

    fn untitled_number(&self, item: &dyn ItemHandle, cx: &App) -> Option<u32> {
        if let Some(text) = Self::awaited_text(item, cx) {
            return text.untitled;
        }
        let workspace = self.model.read(cx).workspace();
        workspace.buffer(item.buffer(cx)?)?.untitled_number()
    }

    /// The tabs of an earlier time will come: until then nothing says that there are none. Gives
    /// the [turn](Self::turn) that [`Self::restore`] wants.
    pub fn await_restore(&mut self, cx: &mut Context<Self>) -> u64 {
        self.restoring = Restoring::Quiet;
        cx.spawn(async move |this, cx| {
            cx.background_executor().timer(QUIET).await;
            // The window may be closed.
            this.update(cx, |this, cx| {
                if this.restoring == Restoring::Quiet {
                    this.restoring = Restoring::Slow;
                    cx.notify();
                }
            })
            .ok();
        })
        .detach();
        self.turn()
    }

    /// Opens the tabs of an earlier time, each at once and its file when that is read. Files that
    /// are gone are left out, unless they have unsaved text. Unsaved texts are all shown, those that
    /// are still to come too: where their tabs were, else in the active group.
    ///
    /// The tab that was in front comes to the front, unless a person turned to another one since.
    pub fn restore(
        &mut self,
        earlier: LeftEditors,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let LeftEditors {
            groups,
            grid,
            active,
            unsaved,
            turn,
            focus,
        } = earlier;
        self.restoring = Restoring::No;
        let before = self.active_item().map(|item| item.item_id());
        let mut fronts: Vec<Option<EntityId>> = Vec::new();
        self.restore_grid(grid, groups.len(), cx);
        for (index, layout) in groups.into_iter().enumerate() {
            let mut front = None;
            for (position, tab) in layout.tabs.into_iter().enumerate() {
                self.restore_tab(index, &tab, show, window, cx);
                let shown = self.groups[index]
                    .tabs
                    .iter()
                    .find(|shown| self.is_tab(shown.item.as_ref(), &tab, cx));
                let Some(item) = shown.map(|shown| shown.item.boxed_clone()) else {
                    continue;
                };
                if let Some(view) = &tab.view {
                    item.restore_view(view, window, cx);
                }
                self.restore_preview(index, item.as_ref(), tab.preview, cx);
                if position == layout.active {
                    front = Some(item.item_id());
                }
            }
            fronts.push(front);
        }
        self.show_unsaved(unsaved.buffers, show, window, cx);
        self.show_coming(unsaved.coming, show, window, cx);
        for (group, front) in self.groups.iter_mut().zip(fronts) {
            let index = front.and_then(|front| group.position(front));
            group.activate(index.unwrap_or(0));
        }
        let turned = before.filter(|_| self.turns != turn);
        match turned.and_then(|item| self.place(item)) {
            Some((group, tab)) => {
                self.active = group;
                self.groups[group].activate(tab);
            }
            None => self.active = active.min(self.groups.len() - 1),
        }
        self.drop_empty_groups();
        // Before anything is read that the tabs wait for.
        self.tell_what_is_in_front(cx);
        if focus {
            self.focus_active(window, cx);
        }
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    /// Makes as many groups as there were, where they stood; who has split meanwhile keeps that, and the
    /// others come to the right of it.
    fn restore_grid(&mut self, grid: Option<Grid>, count: usize, cx: &mut Context<Self>) {
        let earlier = grid.filter(|_| self.groups.len() == 1);
        if let Some(earlier) = earlier.filter(|grid| grid.groups().len() == count) {
            let (first, next) = (self.groups[0].id, self.next_group);
            for id in (next..).take(count.saturating_sub(1)) {
                self.groups.push(EditorGroup::new(id, cx));
            }
            self.next_group = self
                .groups
                .last()
                .map_or(next, |last| next.max(last.id + 1));
            self.grid = earlier.named(&|place| match place {
                0 => first,
                place => next + place - 1,
            });
        }
        while self.groups.len() < count {
            self.insert_group(self.groups.len() - 1, Side::Right, cx);
        }
    }

    fn restore_tab(
        &mut self,
        group: usize,
        tab: &TabLayout,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let Some(path) = &tab.path {
            let encoding = tab.encoding.as_deref().and_then(TextEncoding::for_label);
            if let Some(encoding) = encoding {
                let path = path.clone();
                self.model
                    .update(cx, |model, _| model.read_path_in(path, encoding));
            }
            let target = OpenTarget::new(path.clone());
            self.open_in(group, target, None, ShownAs::Tab, window, cx);
            return;
        }
        let workspace = self.model.read(cx).workspace();
        let buffer = workspace
            .buffers()
            .find(|buffer| tab.untitled.is_some() && buffer.untitled_number() == tab.untitled)
            .map(Buffer::id);
        if let Some(id) = buffer {
            if let Some(item) = show(id, window, cx) {
                self.add(group, item, false, window, cx);
            }
            return;
        }
        let is_of = |text: &&ComingText| tab.untitled.is_some() && text.untitled == tab.untitled;
        let coming = self.model.read(cx).coming_texts().find(is_of).cloned();
        if let Some(text) = coming {
            self.await_text(group, text, show, window, cx);
        }
    }

    /// Lets a tab be the preview of its group again, unless it has unsaved text.
    fn restore_preview(&mut self, group: usize, item: &dyn ItemHandle, preview: bool, cx: &App) {
        let is_unsaved = Self::has_unsaved_text(item, cx);
        let wanted = preview && cx.kiln_settings().editor.preview_tabs && !is_unsaved;
        if let Some(tab) = self.groups[group].position(item.item_id()) {
            self.groups[group].tabs[tab].is_preview = wanted;
        }
    }

    /// Whether an item shows what a tab is of.
    fn is_tab(&self, item: &dyn ItemHandle, tab: &TabLayout, cx: &App) -> bool {
        match &tab.path {
            Some(path) => item.path(cx).as_ref() == Some(path),
            None => self.untitled_number(item, cx) == tab.untitled,
        }
    }

    /// Shows buffers with unsaved text, in the active group where no tab shows them yet.
    pub(crate) fn show_unsaved(
        &mut self,
        unsaved: Vec<BufferId>,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        for id in unsaved {
            let buffer = self.model.read(cx).workspace().buffer(id);
            let path = buffer.and_then(|buffer| buffer.path().map(Path::to_path_buf));
            let untitled = buffer.and_then(Buffer::untitled_number);
            // The tab of a file, or of a text without one, may be waiting for it still.
            let shown = self.items().iter().any(|item| {
                let awaits = Self::awaited_text(item.as_ref(), cx);
                item.buffer(cx) == Some(id)
                    || (path.is_some() && item.path(cx) == path)
                    || (untitled.is_some() && awaits.is_some_and(|text| text.untitled == untitled))
            });
            if !shown && let Some(item) = show(id, window, cx) {
                // How it was left is not known: at what was typed last then.
                item.restore_view(&ViewState::default(), window, cx);
                self.add(self.active, item, false, window, cx);
            }
        }
    }

    /// How the view of a file was left when it was closed; nothing where a place in it is asked
    /// for.
    pub(super) fn view_left(
        &self,
        target: &OpenTarget,
        cx: &mut Context<Self>,
    ) -> Task<Option<ViewState>> {
        if target.line.is_some() {
            return Task::ready(None);
        }
        let (views, path) = (self.views.clone(), target.path.clone());
        cx.background_spawn(async move { views.find(&path) })
    }

    /// Remembers how the view of a file is when it is closed.
    pub(super) fn remember_view(&self, item: &dyn ItemHandle, cx: &mut Context<Self>) {
        let (Some(path), Some(state)) = (item.path(cx), item.view_state(cx)) else {
            return;
        };
        let views = self.views.clone();
        cx.background_spawn(async move {
            // The file opens at its top then.
            if let Err(error) = views.keep(&path, &state) {
                tracing::warn!("{error}");
            }
        })
        .detach();
    }
}
