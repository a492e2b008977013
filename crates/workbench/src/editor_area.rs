//! The editor area: groups of tabs side by side and below each other.

mod coming_back;
mod dropped;
mod grid;
mod navigation;
mod opening;
mod preview_tab;
mod session;
mod sides;
mod splitting;

pub(crate) use dropped::DropPlace;
pub use grid::{Axis, Grid};
pub use session::{LeftEditors, ShowBuffer};
pub use sides::Side;
pub use splitting::Split;

use crate::breadcrumbs::{BreadcrumbsShown, CrumbBar};
use crate::editor_group::{DraggedTab, EditorGroup, Tab};
use crate::menu::Menu;
use crate::modal::{ModalLayer, Placement};
use crate::navigation_history::NavigationHistory;
use crate::opening_item::OpeningItem;
use crate::unsaved::{self, Outcome};
use crate::welcome;
use crate::welcome::Restoring;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, Entity, EntityId, EventEmitter, FocusHandle,
    Focusable, KeyContext, Pixels, Role, SharedString, Size, Subscription, WeakEntity, Window, div,
    px,
};
use std::cell::Cell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use ui::tokens::radius;
use ui::widgets::{LeavesKeyboard as _, column, row};
use ui::{ActiveKilnTheme as _, ItemEvent, ItemHandle, READING_CONTEXT, ViewPart, WorkspaceModel};
use workspace::{BufferId, ViewStates};

/// What the window hears of the editor area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditorAreaEvent {
    /// Another item is in front, or its status changed.
    ActiveChanged,
    /// Tabs were opened, closed or moved.
    TabsChanged,
    /// A view was scrolled, or something in it folded.
    ViewMoved,
    /// What was to be opened as a file is a folder.
    FolderAsked(PathBuf),
}

/// Groups of tabs beside and below each other; at least one group, which may be empty.
pub struct EditorArea {
    model: Entity<WorkspaceModel>,
    modals: Entity<ModalLayer>,
    /// In the order of the grid.
    groups: Vec<EditorGroup>,
    /// Where they stand.
    grid: Grid,
    active: usize,
    next_group: u64,
    /// The tabs whose files are still being read.
    opening: Vec<WeakEntity<OpeningItem>>,
    /// How often a person turned to a tab: a file that was asked for earlier and arrives late does
    /// not take the place of what they turned to since.
    turns: u64,
    /// The files of which a person was told that they mix line endings.
    told_mixed: HashSet<PathBuf>,
    has_folder: bool,
    pub(crate) restoring: Restoring,
    focus: FocusHandle,
    /// Where a tab that is being dragged would go.
    drop_target: Option<sides::DropTarget>,
    /// How much room all groups had in the last frame.
    laid_out: Rc<Cell<Size<Pixels>>>,
    /// Where the views of closed files are remembered.
    views: Arc<ViewStates>,
    /// Where the person was.
    history: NavigationHistory,
    _edits: Subscription,
}

impl EventEmitter<EditorAreaEvent> for EditorArea {}

impl EditorArea {
    /// An area with one empty group.
    pub fn new(
        model: Entity<WorkspaceModel>,
        modals: Entity<ModalLayer>,
        has_folder: bool,
        views: Arc<ViewStates>,
        cx: &mut Context<Self>,
    ) -> Self {
        Self {
            views,
            history: NavigationHistory::default(),
            _edits: cx.subscribe(&model, Self::history_follows),
            model,
            modals,
            groups: vec![EditorGroup::new(0, cx)],
            grid: Grid::Group(0),
            active: 0,
            next_group: 1,
            opening: Vec::new(),
            turns: 0,
            told_mixed: HashSet::new(),
            has_folder,
            restoring: Restoring::default(),
            focus: cx.focus_handle(),
            drop_target: None,
            laid_out: Rc::default(),
        }
    }

    /// The item that has, or last had, the keyboard.
    pub fn active_item(&self) -> Option<&dyn ItemHandle> {
        self.groups.get(self.active)?.active_item()
    }

    /// The place of the group that has, or last had, the keyboard.
    pub(crate) fn active_group(&self) -> usize {
        self.active
    }

    /// What tells a group apart for as long as it lives.
    pub(crate) fn group_id(&self, group: usize) -> Option<u64> {
        Some(self.groups.get(group)?.id)
    }

    /// The item in front in a group, and the group's breadcrumbs.
    pub(crate) fn item_and_bar(&self, group: usize) -> Option<(&dyn ItemHandle, CrumbBar)> {
        let group = self.groups.get(group)?;
        Some((group.active_item()?, group.crumbs.clone()))
    }

    /// Tells the documents which views of them are in front.
    fn tell_what_is_in_front(&self, cx: &mut Context<Self>) {
        let active = self.groups.get(self.active);
        let others = self.groups.iter().enumerate();
        let others = others.filter(|(place, _)| *place != self.active);
        let groups = active.into_iter().chain(others.map(|(_, group)| group));
        let (mut views, mut coming) = (Vec::new(), Vec::new());
        for item in groups.filter_map(EditorGroup::active_item) {
            views.extend(item.buffer(cx).map(|buffer| (item.item_id(), buffer)));
            coming.extend(Self::awaited_text(item, cx));
        }
        self.model.update(cx, |model, cx| {
            model.set_in_front(views, cx);
            model.read_first(&coming);
        });
    }

    /// How high the highest bar of buttons at the bottom of what is in front is.
    pub(crate) fn bottom_bar(&self, cx: &App) -> Pixels {
        let fronts = self.groups.iter().filter_map(EditorGroup::active_item);
        fronts
            .map(|item| item.bottom_bar(cx))
            .fold(px(0.), Pixels::max)
    }

    /// The part that shows the breadcrumbs of a group.
    pub(crate) fn breadcrumbs_part(
        &self,
        group: usize,
    ) -> Option<&Entity<ViewPart<Self, BreadcrumbsShown>>> {
        Some(&self.groups.get(group)?.breadcrumbs)
    }

    /// The folder of the window.
    pub(crate) fn root<'a>(&self, cx: &'a App) -> &'a Path {
        self.model.read(cx).root()
    }

    /// The documents, and what floats over the window.
    pub(crate) fn model_and_modals(&self) -> (&Entity<WorkspaceModel>, &Entity<ModalLayer>) {
        (&self.model, &self.modals)
    }

    /// Whether a target that was asked for is not shown yet.
    pub fn is_opening(&self) -> bool {
        self.opening.iter().any(|tab| tab.upgrade().is_some())
    }

    /// Every item, group by group.
    pub fn items(&self) -> Vec<Box<dyn ItemHandle>> {
        self.groups
            .iter()
            .flat_map(|group| &group.tabs)
            .map(|tab| tab.item.boxed_clone())
            .collect()
    }

    /// Notes that a person turns to something now; [`Self::open_at`] takes what it returns.
    pub(crate) fn turn(&mut self) -> u64 {
        self.turns += 1;
        self.turns
    }

    /// Shows an item in the active group.
    pub fn show(&mut self, item: Box<dyn ItemHandle>, window: &mut Window, cx: &mut Context<Self>) {
        self.add(self.active, item, true, window, cx);
    }

    /// Brings the tab of a buffer to the front, in the active group where it has one there, and gives
    /// what it shows.
    pub(crate) fn show_again(
        &mut self,
        buffer: BufferId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Box<dyn ItemHandle>> {
        let in_group = |group: usize| {
            let mut tabs = self.groups.get(group)?.tabs.iter();
            let tab = tabs.position(|tab| tab.item.buffer(cx) == Some(buffer))?;
            Some((group, tab))
        };
        let found = in_group(self.active);
        let (group, tab) = found.or_else(|| (0..self.groups.len()).find_map(in_group))?;
        self.activate(group, tab, window, cx);
        Some(self.groups[group].tabs.get(tab)?.item.boxed_clone())
    }

    fn add(
        &mut self,
        group: usize,
        item: Box<dyn ItemHandle>,
        focus: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let tab = Self::tab(item, window, cx);
        let group = group.min(self.groups.len() - 1);
        self.groups[group].insert(tab);
        if focus {
            self.active = group;
            self.focus_active(window, cx);
        }
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    /// A tab of an item, which hears of it.
    fn tab(item: Box<dyn ItemHandle>, window: &mut Window, cx: &mut Context<Self>) -> Tab {
        let id = item.item_id();
        let this = cx.weak_entity();
        let subscription = item.subscribe(
            window,
            cx,
            Box::new(move |event, window, cx| {
                // The area outlives its items; a closed window needs nothing.
                this.update(cx, |area, cx| area.item_event(id, event, window, cx))
                    .ok();
            }),
        );
        // However a view comes to the keyboard, the keys are the group's that it is in.
        let focused = cx.on_focus_in(&item.focus_handle(cx), window, move |area, _, cx| {
            area.item_focused(id, cx);
        });
        // It comes back from what stood over it, such as the list that led to another place.
        let handle = item.focus_handle(cx);
        let back = cx.on_focus(&handle, window, |area, window, cx| {
            area.note_place(window, cx);
        });
        Tab {
            item,
            is_preview: false,
            _subscriptions: [subscription, focused, back],
        }
    }

    fn item_focused(&mut self, id: EntityId, cx: &mut Context<Self>) {
        let group = self
            .groups
            .iter()
            .position(|group| group.active_item().map(ItemHandle::item_id) == Some(id));
        if let Some(group) = group {
            self.make_active(group, cx);
        }
    }

    /// Lets commands go to what is in front in a group.
    fn make_active(&mut self, group: usize, cx: &mut Context<Self>) {
        if self.active != group {
            self.active = group;
            cx.emit(EditorAreaEvent::ActiveChanged);
            cx.notify();
        }
    }

    fn item_event(
        &mut self,
        id: EntityId,
        event: ItemEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            ItemEvent::Close => self.close_item(id, window, cx),
            ItemEvent::Discard => self.discard_item(id, window, cx),
            ItemEvent::Dropped => self.item_focused(id, cx),
            ItemEvent::TitleChanged => {
                cx.emit(EditorAreaEvent::TabsChanged);
                cx.emit(EditorAreaEvent::ActiveChanged);
            }
            ItemEvent::DirtyChanged | ItemEvent::StatusChanged => {
                self.keep_edited(id, cx);
                cx.emit(EditorAreaEvent::ActiveChanged);
            }
            ItemEvent::ViewMoved => {
                cx.emit(EditorAreaEvent::ViewMoved);
                return;
            }
            // The tab that waits for the rest hears it.
            ItemEvent::Beyond { .. } | ItemEvent::EditAwaited(_) => return,
        }
        cx.notify();
    }

    fn find(&self, path: &Path, cx: &App) -> Option<(usize, usize)> {
        let in_group = |group: usize| Some((group, self.tab_of(group, path, cx)?));
        in_group(self.active).or_else(|| (0..self.groups.len()).find_map(in_group))
    }

    /// The place of a file's tab in a group.
    fn tab_of(&self, group: usize, path: &Path, cx: &App) -> Option<usize> {
        let mut tabs = self.groups.get(group)?.tabs.iter();
        tabs.position(|tab| tab.item.path(cx).as_deref() == Some(path))
    }

    /// Brings a tab to the front and gives it the keyboard.
    pub(crate) fn activate(
        &mut self,
        group: usize,
        tab: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if group < self.groups.len() {
            self.bring_to_front(group, tab, cx);
            self.focus_active(window, cx);
        }
    }

    /// Brings a tab to the front, and leaves the keyboard where it is.
    fn bring_to_front(&mut self, group: usize, tab: usize, cx: &mut Context<Self>) {
        self.turns += 1;
        self.active = group;
        self.groups[group].activate(tab);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.notify();
    }

    /// Gives the keyboard to the active item.
    pub fn focus_active(&self, window: &mut Window, cx: &mut App) {
        match self.active_item() {
            Some(item) => item.focus_handle(cx).focus(window, cx),
            None => self.focus.focus(window, cx),
        }
    }

    /// Goes some tabs to the right (or left) in the active group.
    pub fn step_tab(&mut self, by: isize, window: &mut Window, cx: &mut Context<Self>) {
        let group = &self.groups[self.active];
        if group.tabs.is_empty() {
            return;
        }
        let next = (group.active as isize + by).rem_euclid(group.tabs.len() as isize);
        self.activate(self.active, next as usize, window, cx);
    }

    /// Lists every tab of the active group, those that do not fit in the strip too.
    pub fn show_active_tabs(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.show_tabs(self.active, window, cx);
    }

    pub(crate) fn show_tabs(&mut self, group: usize, window: &mut Window, cx: &mut Context<Self>) {
        let Some(shown) = self
            .groups
            .get(group)
            .filter(|group| !group.tabs.is_empty())
        else {
            return;
        };
        let corner = shown.list_corner(cx);
        let entries: Vec<_> = shown
            .titles(cx)
            .into_iter()
            .zip(&shown.tabs)
            .map(|((title, folder), tab)| {
                let title = match folder {
                    Some(folder) => format!("{title} ({folder})"),
                    None => title.to_string(),
                };
                let mark = if Self::has_unsaved_text(tab.item.as_ref(), cx) {
                    " \u{2022}"
                } else {
                    ""
                };
                (format!("{title}{mark}"), tab.item.item_id())
            })
            .collect();
        let front = shown.active;
        let area = cx.weak_entity();
        let menu = cx.new(|cx| {
            entries
                .into_iter()
                .fold(Menu::new(cx), |menu, (label, item)| {
                    let area = area.clone();
                    menu.deed(label, move |window, cx| {
                        // The window may be closing.
                        area.update(cx, |area, cx| area.activate_item(item, window, cx))
                            .ok();
                    })
                })
                .select(front)
        });
        self.modals.update(cx, |modals, cx| {
            modals.show(menu, Placement::At(corner), window, cx);
        });
    }

    fn activate_item(&mut self, item: EntityId, window: &mut Window, cx: &mut Context<Self>) {
        if let Some((group, tab)) = self.place(item) {
            self.activate(group, tab, window, cx);
        }
    }

    /// The group and the place in it of an item.
    fn place(&self, item: EntityId) -> Option<(usize, usize)> {
        let mut groups = self.groups.iter().enumerate();
        groups.find_map(|(group, tabs)| Some((group, tabs.position(item)?)))
    }

    /// A dragged tab was dropped before the tab at `to` of a group.
    pub(crate) fn drop_tab(
        &mut self,
        dragged: &DraggedTab,
        group: u64,
        to: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let place = |id: u64| self.groups.iter().position(|group| group.id == id);
        let (Some(from), Some(target)) = (place(dragged.group), place(group)) else {
            return;
        };
        let Some(index) = self.groups[from].position(dragged.item) else {
            return;
        };
        if from != target {
            return self.move_tab(dragged.item, target, window, cx);
        }
        let to = to.min(self.groups[from].tabs.len());
        self.groups[from].reorder(index, to);
        self.active = target;
        self.keep_tab(dragged.item, cx);
        self.drop_empty_groups();
        self.focus_active(window, cx);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    fn drop_empty_groups(&mut self) {
        let front = self.groups.get(self.active).map(|group| group.id);
        if self.groups.iter().any(|group| !group.tabs.is_empty()) {
            self.groups.retain(|group| !group.tabs.is_empty());
        } else {
            self.groups.truncate(1);
        }
        for id in self.grid.groups() {
            if self.place_of_group(id).is_none() {
                self.grid.remove(id);
            }
        }
        self.active = self
            .groups
            .iter()
            .position(|group| Some(group.id) == front)
            .unwrap_or(self.active.min(self.groups.len() - 1));
    }

    /// Closes the active tab, asking about unsaved changes.
    pub fn close_active(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(item) = self.active_item() {
            let id = item.item_id();
            self.close_item(id, window, cx);
        }
    }

    /// Closes every other tab of the active group, asking about unsaved changes.
    pub fn close_others(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let group = &self.groups[self.active];
        let others = group
            .tabs
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != group.active)
            .map(|(_, tab)| tab.item.item_id())
            .collect();
        self.close_items(others, window, cx);
    }

    /// Closes every tab of the active group, and the group.
    pub fn close_group(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let tabs = &self.groups[self.active].tabs;
        let all = tabs.iter().map(|tab| tab.item.item_id()).collect();
        self.close_items(all, window, cx);
    }

    /// Closes one tab, asking about unsaved changes.
    pub(crate) fn close_item(&mut self, id: EntityId, window: &mut Window, cx: &mut Context<Self>) {
        self.close_items(vec![id], window, cx);
    }

    /// Closes one tab and gives up what is not saved in it. Asks about what could not be given up.
    fn discard_item(&mut self, id: EntityId, window: &mut Window, cx: &mut Context<Self>) {
        let Some(item) = self.at_stake(&[id], cx).pop() else {
            return self.close_item(id, window, cx);
        };
        let given_up = item.give_up(window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let given_up = given_up.await;
            this.update_in(cx, |area, window, cx| {
                if let Err(error) = given_up {
                    ui::notify_error(&error, window, cx);
                }
                area.close_item(id, window, cx);
            })
        })
        .detach_and_log_err(cx);
    }

    /// The items among these whose documents no other tab shows: what is not saved in them is lost
    /// when they are closed.
    fn at_stake(&self, ids: &[EntityId], cx: &App) -> Vec<Box<dyn ItemHandle>> {
        let closing = |item: &dyn ItemHandle| ids.contains(&item.item_id());
        let all: Vec<_> = self.groups.iter().flat_map(|group| &group.tabs).collect();
        // A tab that only has the path, as of a file that is still read, keeps no text.
        let stays = |buffer: BufferId| {
            let mut staying = all.iter().filter(|tab| !closing(tab.item.as_ref()));
            staying.any(|tab| tab.item.buffer(cx) == Some(buffer))
        };
        let closed = all.iter().filter(|tab| closing(tab.item.as_ref()));
        closed
            .filter(|tab| !tab.item.buffer(cx).is_some_and(stays))
            .map(|tab| tab.item.boxed_clone())
            .collect()
    }

    fn close_items(&mut self, ids: Vec<EntityId>, window: &mut Window, cx: &mut Context<Self>) {
        let at_stake = self.at_stake(&ids, cx);
        let model = self.model.read(cx);
        let is_saved = at_stake.iter().all(|item| {
            // What is written now may be another text than the one that is shown.
            let saving = item.buffer(cx).is_some_and(|id| model.is_saving(id));
            !saving && !item.is_dirty(cx)
        });
        if is_saved {
            self.tell_what_stays_kept(&ids, window, cx);
            return self.remove_items(&ids, window, cx);
        }
        let (model, modals) = (self.model.clone(), self.modals.clone());
        let settled = unsaved::settle(at_stake, &model, &modals, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let settled = settled.await;
            this.update_in(cx, |area, window, cx| match settled {
                Ok(Outcome::GoOn) => {
                    area.tell_what_stays_kept(&ids, window, cx);
                    area.remove_items(&ids, window, cx);
                }
                Ok(Outcome::Stay) => {}
                Err(error) => ui::notify_error(&error, window, cx),
            })
        })
        .detach_and_log_err(cx);
    }

    fn remove_items(&mut self, ids: &[EntityId], window: &mut Window, cx: &mut Context<Self>) {
        let mut closed = Vec::new();
        for group in &mut self.groups {
            for id in ids {
                if let Some(index) = group.position(*id) {
                    closed.extend(group.remove(index));
                }
            }
        }
        let had_focus = closed
            .iter()
            .any(|tab| tab.item.focus_handle(cx).contains_focused(window, cx))
            || window.focused(cx).is_none();
        let open: Vec<_> = self
            .items()
            .iter()
            .filter_map(|item| item.buffer(cx))
            .collect();
        let workspace = self.model.read(cx).workspace();
        let gone: Vec<_> = closed
            .iter()
            .filter_map(|tab| match tab.item.buffer(cx) {
                Some(buffer) => Some(buffer),
                // Its file may be read already although nothing shows it yet.
                None => workspace
                    .buffer_for_path(&tab.item.path(cx)?)
                    .filter(|id| workspace.buffer(*id).is_some_and(|one| !one.is_dirty())),
            })
            .filter(|buffer| !open.contains(buffer))
            .collect();
        // The last frame keeps what it drew until the next one.
        let opening = self.opening.iter().filter_map(|tab| tab.upgrade());
        let (given_up, waiting): (Vec<_>, Vec<_>) =
            opening.partition(|tab| ids.contains(&tab.entity_id()));
        for tab in given_up {
            let text = tab.read(cx).coming();
            let mut others = waiting.iter();
            let is_awaited = text.is_some() && others.any(|other| other.read(cx).coming() == text);
            tab.update(cx, |tab, _| tab.give_up(is_awaited));
        }
        for tab in &closed {
            self.remember_view(tab.item.as_ref(), cx);
        }
        drop(closed);
        self.keep_places(&gone, cx);
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                for buffer in gone {
                    workspace.close(buffer);
                }
            });
        });
        self.drop_empty_groups();
        if had_focus {
            self.focus_active(window, cx);
        }
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    fn render_group(&self, index: usize, window: &Window, cx: &mut Context<Self>) -> AnyElement {
        let group = &self.groups[index];
        let active = index == self.active;
        let theme = cx.kiln_theme();
        let over = theme.accent.opacity(0.12);
        let focus = group.active_item().map(|item| item.focus_handle(cx));
        let place = div().id(("drop-place", group.id)).absolute();
        let (shown, place) = match group.active_item() {
            Some(item) => (item.view().into_any_element(), place.inset_0()),
            None if self.restoring != Restoring::No => {
                let opening = welcome::opening(self.restoring, cx);
                (opening, place.inset_0())
            }
            None => (
                welcome::render(self.has_folder, cx).into_any_element(),
                place.inset(px(4.)).rounded(radius::MEDIUM),
            ),
        };
        let id = group.id;
        let content = Self::takes_tabs(div(), id, cx)
            .relative()
            .flex_1()
            .min_h_0()
            .child(shown)
            // Over what is shown, since that paints its own background.
            .child(Self::shows_drop(place, over))
            .children(self.drop_preview(id, cx));
        let label = SharedString::from(format!("Editor group {}", index + 1));
        Self::takes_files(column().id(("editor-group", id)), id, DropPlace::Group, cx)
            .test_support()
            .role(Role::Group)
            .aria_label(label)
            .flex_1()
            .min_w_0()
            .min_h_0()
            .when_some(focus, |this, _| {
                // A click anywhere in the group makes it the active one.
                this.capture_any_mouse_down(cx.listener(move |area, _, _, cx| {
                    if let Some(index) = area.groups.iter().position(|group| group.id == id) {
                        area.make_active(index, cx);
                    }
                }))
            })
            .when(!group.tabs.is_empty(), |this| {
                let marks = self.model.read(cx).problem_marks();
                this.child(group.strip(index, active, &marks, window, cx))
            })
            .children(self.breadcrumbs(index, window, cx))
            .child(content)
            .into_any_element()
    }
}

impl Focusable for EditorArea {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        match self.active_item() {
            Some(item) => item.focus_handle(cx),
            None => self.focus.clone(),
        }
    }
}

impl Render for EditorArea {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        if !cx.has_active_drag() {
            self.drop_target = None;
        }
        self.tell_what_is_in_front(cx);
        let groups = self.render_grid(window, cx);
        let mut context = KeyContext::default();
        context.add("EditorArea");
        // Without a tab there is nothing to type into.
        if self.active_item().is_none() {
            context.add(READING_CONTEXT);
        }
        row()
            .id("editor-area")
            .track_focus(&self.focus)
            .when(self.active_item().is_some(), |this| this.leaves_keyboard())
            .key_context(context)
            .size_full()
            .items_stretch()
            .bg(cx.kiln_theme().editor_background)
            .child(groups)
    }
}
