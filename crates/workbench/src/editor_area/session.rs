//! How the editor area is left and comes back: groups, tabs, and what each view shows.

use super::{EditorArea, EditorAreaEvent};
use crate::editor_group::EditorGroup;
use crate::layout::{GroupLayout, TabLayout};
use gpui_kit::{App, AppContext as _, AsyncWindowContext, Context, EntityId, Task, Window};
use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;
use ui::{ItemHandle, OpenTarget};
use workspace::{Buffer, BufferId, ViewState};

/// Makes an item that shows an open buffer, for those that no file leads to.
pub type ShowBuffer = Rc<dyn Fn(BufferId, &mut Window, &mut App) -> Option<Box<dyn ItemHandle>>>;

impl EditorArea {
    /// The groups as they are to come back.
    pub fn layout(&self, cx: &App) -> (Vec<GroupLayout>, usize) {
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
                tabs.push(TabLayout {
                    path,
                    untitled,
                    view: item.view_state(cx),
                });
            }
            GroupLayout { tabs, active }
        });
        (groups.collect(), self.active)
    }

    fn untitled_number(&self, item: &dyn ItemHandle, cx: &App) -> Option<u32> {
        let workspace = self.model.read(cx).workspace();
        workspace.buffer(item.buffer(cx)?)?.untitled_number()
    }

    /// Opens the tabs of an earlier time. Files that are gone are left out, unless they have
    /// unsaved text. Of `unsaved` buffers, which came back from earlier, all are shown: where their
    /// tabs were, else in the active group.
    pub fn restore(
        &mut self,
        groups: Vec<GroupLayout>,
        active: usize,
        unsaved: Vec<BufferId>,
        show: ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<()> {
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let tabs = groups.iter().flat_map(|group| &group.tabs);
            let paths: Vec<PathBuf> = tabs.filter_map(|tab| tab.path.clone()).collect();
            // A path may lie on a disk that does not answer.
            let files: HashSet<PathBuf> = cx
                .background_spawn(async move {
                    let files = paths.into_iter().filter(|path| path.is_file());
                    files.collect()
                })
                .await;
            let mut fronts: Vec<Option<EntityId>> = Vec::new();
            for (index, layout) in groups.into_iter().enumerate() {
                let ready = this.update(cx, |area, _| {
                    if index >= area.groups.len() {
                        area.groups.push(EditorGroup::new(area.next_group));
                        area.next_group += 1;
                    }
                });
                if ready.is_err() {
                    return;
                }
                let mut front = None;
                for (position, tab) in layout.tabs.into_iter().enumerate() {
                    let is_file = tab.path.as_ref().is_some_and(|path| files.contains(path));
                    let opening = this.update_in(cx, |area, window, cx| {
                        area.restore_tab(index, &tab, is_file, &show, window, cx)
                    });
                    let Ok(opening) = opening else {
                        return;
                    };
                    let shown = opening.await;
                    let restored = this.update_in(cx, |area, window, cx| {
                        let (group, place) = area.place(shown?)?;
                        let item = area.groups.get(group)?.tabs.get(place)?.item.boxed_clone();
                        if let Some(view) = &tab.view
                            && area.is_tab(item.as_ref(), &tab, cx)
                        {
                            item.restore_view(view, window, cx);
                        }
                        Some(item.item_id())
                    });
                    if position == layout.active {
                        front = restored.ok().flatten();
                    }
                }
                fronts.push(front);
            }
            // The window may be gone by now; then there is nothing to show.
            this.update_in(cx, |area, window, cx| {
                area.restored(fronts, active, window, cx);
                area.show_unsaved(unsaved, &show, window, cx);
            })
            .ok();
        })
    }

    fn restore_tab(
        &mut self,
        group: usize,
        tab: &TabLayout,
        is_file: bool,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<Option<EntityId>> {
        let workspace = self.model.read(cx).workspace();
        if let Some(path) = &tab.path {
            if !is_file && workspace.buffer_for_path(path).is_none() {
                return Task::ready(None);
            }
            return self.open_in(group, OpenTarget::new(path.clone()), None, window, cx);
        }
        let buffer = workspace
            .buffers()
            .find(|buffer| tab.untitled.is_some() && buffer.untitled_number() == tab.untitled)
            .map(Buffer::id);
        let item = buffer.and_then(|id| show(id, window, cx));
        let Some(item) = item else {
            return Task::ready(None);
        };
        let shown = item.item_id();
        self.add(group, item, false, window, cx);
        Task::ready(Some(shown))
    }

    /// Whether an item shows what a tab is of.
    fn is_tab(&self, item: &dyn ItemHandle, tab: &TabLayout, cx: &App) -> bool {
        match &tab.path {
            Some(path) => item.path(cx).as_ref() == Some(path),
            None => self.untitled_number(item, cx) == tab.untitled,
        }
    }

    fn restored(
        &mut self,
        fronts: Vec<Option<EntityId>>,
        active: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        for (group, front) in self.groups.iter_mut().zip(fronts) {
            let index = front.and_then(|front| group.position(front));
            group.activate(index.unwrap_or(0));
        }
        self.active = active.min(self.groups.len() - 1);
        self.drop_empty_groups();
        self.focus_active(window, cx);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    fn show_unsaved(
        &mut self,
        unsaved: Vec<BufferId>,
        show: &ShowBuffer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        for id in unsaved {
            let shown = self.items().iter().any(|item| item.buffer(cx) == Some(id));
            if !shown && let Some(item) = show(id, window, cx) {
                self.show(item, window, cx);
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
