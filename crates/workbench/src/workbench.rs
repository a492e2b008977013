//! The window's content: what it is made of and how its parts hear of each other.

mod closing;
mod files;
mod history;
mod keeping;
mod language_settings;
mod lost_focus;
mod server_says;
pub(crate) mod setting_toggles;
mod settings_watch;
mod shown;
mod shown_text;

use crate::chord::Chord;
use crate::dock::{Dock, DraggedEdge, fitted};
use crate::editor_area::{EditorArea, EditorAreaEvent, LeftEditors, ShowBuffer};
use crate::file_tree::FileTree;
use crate::git_state::{self, GitState};
use crate::layout::{Layout, LayoutStore, Remembered, WindowLayout};
use crate::modal::ModalLayer;
use crate::model_setup::ModelSetup;
use crate::onboarding::{Onboarding, Page};
use crate::settings_files::{SettingsFiles, SettingsNotice, WatchedSettings};
use crate::status_bar::{StatusBar, status_bar, watch_saves};
use crate::title_bar::TitleBarPart;
use fs::KilnPaths;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, AsyncWindowContext, Context, DragMoveEvent, Entity, FocusHandle, Focusable, Pixels,
    SharedString, Subscription, Task, Window, px,
};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use ui::recovery::Unsaved;
use ui::widgets::{LeavesKeyboard as _, column, row};
use ui::{
    ActiveKilnTheme as _, DockSide, EditorZoom, OpenTarget, PanelHandle, ThemeStore, ViewPart,
    WorkspaceModel, notify, take_notice_back, zoom,
};
use workspace::{Buffer, BufferId, ViewStates, WorkspaceEvent};

/// How long changes are gathered before git is asked again.
const GIT_DELAY: Duration = Duration::from_millis(250);

/// What the window asks of the program.
pub trait WorkbenchHost {
    /// Brings another window to the front that has a folder open. False where there is none.
    fn raise_window(&self, folder: PathBuf, window: &mut Window, cx: &mut App) -> Task<bool>;

    /// Opens a folder in this window, in place of the one that is open.
    fn open_folder(&self, folder: PathBuf, window: &mut Window, cx: &mut App);

    /// Opens another window on a folder, or without one.
    fn open_window(&self, folder: Option<PathBuf>, window: &mut Window, cx: &mut App);

    /// An item that shows an open buffer.
    fn show_buffer(
        &self,
        buffer: BufferId,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ui::ItemHandle>>;

    /// An empty item for a new file.
    fn new_file(
        &self,
        model: Entity<WorkspaceModel>,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ui::ItemHandle>>;
}

/// What a window is made from.
pub struct WorkbenchConfig {
    /// The workspace.
    pub model: Entity<WorkspaceModel>,
    /// Whether a project folder is open; else the files are single ones.
    pub has_folder: bool,
    /// The panels of the docks, beside the file tree.
    pub panels: Vec<Box<dyn PanelHandle>>,
    /// Kiln's own folders.
    pub paths: KilnPaths,
    /// The program.
    pub host: Rc<dyn WorkbenchHost>,
    /// How a model is chosen.
    pub models: Option<Rc<dyn ModelSetup>>,
    /// What to open besides the tabs of last time.
    pub open: Vec<OpenTarget>,
    /// What the [`LayoutStore`](crate::LayoutStore) remembers of the folder.
    pub remembered: Remembered,
    /// What was wrong with the settings, which are applied already.
    pub settings_notices: Vec<SettingsNotice>,
    /// When the settings that are applied were read.
    pub settings_read: SystemTime,
    /// The unsaved text that comes back from an earlier program, once it is known; nothing where
    /// none can.
    pub unsaved: Task<Unsaved>,
}

/// The content of one window.
pub struct Workbench {
    model: Entity<WorkspaceModel>,
    has_folder: bool,
    host: Rc<dyn WorkbenchHost>,
    models: Option<Rc<dyn ModelSetup>>,
    settings: SettingsFiles,
    store: LayoutStore,
    modals: Entity<ModalLayer>,
    area: Entity<EditorArea>,
    files: Entity<FileTree>,
    left: Dock,
    right: Dock,
    bottom: Dock,
    parts: Parts,
    git: GitState,
    onboarding: Option<Entity<Onboarding>>,
    /// The folders that were open, the last one first.
    recent: Vec<PathBuf>,
    /// Whether the layout is written down.
    keeps_layout: bool,
    restored: bool,
    /// How wide what panels show in the status bar was drawn.
    contributed_width: Rc<Cell<Pixels>>,
    /// What is told of keys of several strokes.
    pub(crate) chord: Chord,
    /// What the window is called, and whether something in it is unsaved, as the system was told.
    told_title: Option<(String, bool)>,
    /// The file that the tree was last asked to follow.
    followed: Option<PathBuf>,
    focus: FocusHandle,
    /// What is watched of the settings.
    watched_settings: WatchedSettings,
    /// Whether what was written to them before they were watched is known.
    settings_looked_at: bool,
    /// What was wrong with the settings when they were last read.
    told: Vec<SettingsNotice>,
    /// What was told last of an edit in several files.
    told_edit: Option<String>,
    /// What was told of buffers that could not be saved.
    told_unsaved: HashMap<BufferId, String>,
    /// When the reading began that the window opened with.
    settings_read: SystemTime,
    settings_task: Task<()>,
    watch_task: Task<()>,
    git_task: Task<()>,
    /// What will write the layout down.
    save_task: Option<Task<()>>,
    /// What the panels showed when the window was left.
    shown_before: BTreeMap<String, String>,
    /// How the window was when that was last written down.
    saved: Option<(Option<Layout>, WindowLayout)>,
    _subscriptions: Vec<Subscription>,
}

/// The bars of the window, which are drawn again where they show something else.
pub(crate) struct Parts {
    pub(crate) title_bar: TitleBarPart,
    pub(crate) status_bar: StatusBar,
}

impl Workbench {
    /// Builds the window's content, restores how it was left, and reads the settings.
    pub fn new(config: WorkbenchConfig, window: &mut Window, cx: &mut Context<Self>) -> Self {
        let WorkbenchConfig {
            model,
            has_folder,
            panels,
            paths,
            host,
            models,
            open,
            remembered,
            settings_notices,
            settings_read,
            unsaved,
        } = config;
        let views = Arc::new(ViewStates::new(&paths.state));
        let root = model.read(cx).root().to_path_buf();
        let fs = model.read(cx).workspace().fs().clone();
        let store = LayoutStore::new(&paths, fs.clone());
        let settings = SettingsFiles::new(&paths, has_folder.then(|| root.clone()), fs);
        let Remembered {
            layout,
            notice,
            recent,
            onboarded,
            is_read,
        } = remembered;

        let modals = cx.new(ModalLayer::new);
        let area =
            cx.new(|cx| EditorArea::new(model.clone(), modals.clone(), has_folder, views, cx));
        let expanded = layout.expanded.clone();
        let files =
            cx.new(|cx| FileTree::new(model.clone(), modals.clone(), has_folder, expanded, cx));
        let this = cx.weak_entity();
        let mut subscriptions = Vec::new();
        for panel in &panels {
            if let Some(names) = layout.unfolded.get(panel.id()) {
                panel.unfold(names.clone(), cx);
            }
            if let Some(draft) = layout.drafts.get(panel.id()).cloned() {
                panel.restore_draft(draft.into(), window, cx);
            }
            let this = this.clone();
            let changed = move |window: &mut Window, cx: &mut App| {
                // The window may be closing; it writes everything down then.
                this.update(cx, |this, cx| this.save_layout_soon(window, cx))
                    .ok();
            };
            subscriptions.push(panel.observe(window, cx, Rc::new(changed)));
        }
        let mut all: Vec<Box<dyn PanelHandle>> = vec![Box::new(files.clone())];
        all.extend(panels);
        let mut side = |side| {
            let (here, rest) = std::mem::take(&mut all)
                .into_iter()
                .partition::<Vec<_>, _>(|panel| panel.side() == side);
            all = rest;
            here
        };
        let left = Dock::new(DockSide::Left, side(DockSide::Left), &layout.left, cx);
        let right = Dock::new(DockSide::Right, side(DockSide::Right), &layout.right, cx);
        let bottom = Dock::new(DockSide::Bottom, side(DockSide::Bottom), &layout.bottom, cx);

        let contributed_width = Rc::<Cell<Pixels>>::default();
        let parts = Parts {
            title_bar: ViewPart::new("title-bar", cx, Self::render_title_bar),
            status_bar: status_bar(contributed_width.clone(), cx),
        };

        subscriptions.extend([
            history::keep(&model, &paths, cx),
            cx.subscribe_in(&model, window, Self::workspace_event),
            Self::hear_servers(&model, window, cx),
            Self::hear_tree(&files, window, cx),
            watch_saves(&model, cx),
            cx.subscribe_in(&area, window, |this, _, event, window, cx| {
                // Carets, scroll positions and folds come back too.
                this.save_layout_soon(window, cx);
                match event {
                    EditorAreaEvent::ActiveChanged => this.active_changed(window, cx),
                    EditorAreaEvent::TabsChanged => {}
                    EditorAreaEvent::FolderAsked(folder) => {
                        this.open_folder_target(folder.clone(), window, cx);
                    }
                    EditorAreaEvent::ViewMoved => return,
                }
                cx.notify();
            }),
            cx.observe_in(&files, window, |this, _, window, cx| {
                // Folders may have been opened in it.
                this.save_layout_soon(window, cx);
                cx.notify();
            }),
            cx.observe_global_in::<EditorZoom>(window, |this, window, cx| {
                this.save_layout_soon(window, cx);
            }),
            cx.observe_window_bounds(window, |this, window, cx| this.save_layout_soon(window, cx)),
        ]);
        subscriptions.extend(lost_focus::watch(window, cx));
        ThemeStore::follow_system(window, cx);

        let mut this = Self {
            model,
            has_folder,
            host,
            models,
            settings,
            store,
            modals,
            area,
            files,
            left,
            right,
            bottom,
            parts,
            git: GitState::default(),
            onboarding: None,
            recent,
            keeps_layout: is_read,
            restored: false,
            contributed_width,
            chord: Chord::new(window, cx),
            told_title: None,
            followed: None,
            focus: cx.focus_handle(),
            watched_settings: WatchedSettings::default(),
            settings_looked_at: false,
            told: settings_notices,
            told_edit: None,
            told_unsaved: HashMap::new(),
            settings_read,
            settings_task: Task::ready(()),
            watch_task: Task::ready(()),
            git_task: Task::ready(()),
            save_task: None,
            shown_before: layout.shown.clone(),
            saved: None,
            _subscriptions: subscriptions,
        };
        this.connect(window, cx);
        this.watch_settings(window, cx);
        this.remember_folder(cx);
        this.refresh_git(window, cx);
        if !onboarded {
            this.show_onboarding(Page::Import, window, cx);
        }
        this.start(layout, open, unsaved, notice, window, cx);
        this
    }

    /// Makes the window the one that `ui::open_path` and `ui::reveal_panel` reach.
    fn connect(&self, window: &mut Window, cx: &mut Context<Self>) {
        let this = cx.weak_entity();
        ui::open::set_open_handler(window, cx, {
            let this = this.clone();
            move |target, window, cx| {
                // The window may be closing.
                this.update(cx, |this, cx| this.open(target, window, cx))
                    .ok();
            }
        });
        ui::open::set_reveal_handler(window, cx, {
            let this = this.clone();
            move |id, window, cx| {
                this.update(cx, |this, cx| this.reveal_panel(id, window, cx))
                    .ok();
            }
        });
        self.take_texts(window, cx);
        self.take_language_settings(window, cx);
        self.watch_closing(window, cx);
    }

    fn start(
        &mut self,
        layout: Layout,
        open: Vec<OpenTarget>,
        unsaved: Task<Unsaved>,
        notice: Option<String>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let area = self.area.clone();
        let show = self.shows_buffers();
        self.focus_editor(window, cx);
        let keyboard = window.focused(cx);
        let turn = area.update(cx, |area, cx| area.await_restore(cx));
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let unsaved = unsaved.await;
            this.update_in(cx, |this, window, cx| {
                // Who typed already types on.
                let focus = window.focused(cx) == keyboard;
                let earlier = LeftEditors {
                    groups: layout.groups,
                    grid: layout.grid,
                    active: layout.active_group,
                    unsaved,
                    turn,
                    focus,
                };
                area.update(cx, |area, cx| area.restore(earlier, &show, window, cx));
                this.restored = true;
                this.save_layout_soon(window, cx);
                this.active_changed(window, cx);
                if focus && this.onboarding.is_some() {
                    this.focus_editor(window, cx);
                }
                for target in open {
                    this.open_file(target, window, cx);
                }
                // What was mended meanwhile is not among what was told.
                let told = this.told.clone().into_iter();
                for notice in notice.map(SettingsNotice::from).into_iter().chain(told) {
                    notice.show(window, cx);
                }
                this.update_title(window, cx);
            })
        })
        .detach_and_log_err(cx);
    }

    fn shows_buffers(&self) -> ShowBuffer {
        let (host, model) = (self.host.clone(), self.model.clone());
        Rc::new(move |id, window, cx| host.show_buffer(id, model.clone(), window, cx))
    }

    /// Puts the folder before the others that were open, and leaves out those that are gone.
    fn remember_folder(&mut self, cx: &mut Context<Self>) {
        let root = self.has_folder.then(|| self.root(cx));
        let store = self.store.clone();
        let look = cx.background_spawn(async move {
            if let Some(root) = root
                && let Err(error) = store.add_recent(&root)
            {
                tracing::warn!("{error}");
            }
            store.recent_folders()
        });
        cx.spawn(async move |this, cx| {
            let recent = look.await;
            // The window may be closed meanwhile.
            this.update(cx, |this, _| this.recent = recent).ok();
        })
        .detach();
    }

    /// The workspace's folder.
    pub(crate) fn root(&self, cx: &App) -> PathBuf {
        self.model.read(cx).root().to_path_buf()
    }

    /// What the title bar calls the folder.
    pub(crate) fn folder_name(&self, cx: &App) -> SharedString {
        if !self.has_folder {
            return "No folder".into();
        }
        let root = self.root(cx);
        root.file_name()
            .map_or_else(
                || root.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            )
            .into()
    }

    pub(crate) fn git(&self) -> &GitState {
        &self.git
    }

    /// How wide what panels show in the status bar was drawn last.
    pub(crate) fn contributed_width(&self) -> Pixels {
        self.contributed_width.get()
    }

    /// The editor area.
    pub(crate) fn area(&self) -> &Entity<EditorArea> {
        &self.area
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The dock of a side.
    pub(crate) fn dock(&self, side: DockSide) -> &Dock {
        match side {
            DockSide::Left => &self.left,
            DockSide::Right => &self.right,
            DockSide::Bottom => &self.bottom,
        }
    }

    pub(crate) fn dock_mut(&mut self, side: DockSide) -> &mut Dock {
        match side {
            DockSide::Left => &mut self.left,
            DockSide::Right => &mut self.right,
            DockSide::Bottom => &mut self.bottom,
        }
    }

    pub(crate) fn has_panels(&self, side: DockSide) -> bool {
        !self.dock(side).panels.is_empty()
    }

    /// Every panel.
    pub(crate) fn panels(&self) -> impl Iterator<Item = &dyn PanelHandle> {
        [&self.left, &self.right, &self.bottom]
            .into_iter()
            .flat_map(|dock| dock.panels.iter().map(AsRef::as_ref))
    }

    fn workspace_event(
        &mut self,
        _: &Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            WorkspaceEvent::Notice { severity, message } => {
                notify((*severity).into(), message.clone(), window, cx);
            }
            // Those that are back before the tabs are shown with them.
            WorkspaceEvent::BufferRecovered(id) if self.restored => {
                let show = self.shows_buffers();
                self.area.update(cx, |area, cx| {
                    area.show_recovered(*id, &show, window, cx);
                });
            }
            WorkspaceEvent::BufferSaved(id) => {
                let path = self
                    .model
                    .read(cx)
                    .workspace()
                    .buffer(*id)
                    .and_then(|buffer| buffer.path())
                    .map(Path::to_path_buf);
                self.take_unsaved_back(*id, window, cx);
                if path.is_some_and(|path| self.settings.concerns(&path)) {
                    // Who saves it again without mending it is told again.
                    self.take_settings_notices_back(window, cx);
                    self.apply_settings(window, cx);
                }
                self.refresh_git(window, cx);
            }
            WorkspaceEvent::BufferClosed(id) => self.take_unsaved_back(*id, window, cx),
            WorkspaceEvent::BufferDirtyChanged(id) => {
                let workspace = self.model.read(cx).workspace();
                if !workspace.buffer(*id).is_some_and(Buffer::is_dirty) {
                    self.take_unsaved_back(*id, window, cx);
                }
            }
            WorkspaceEvent::FolderChanged { paths } => {
                // The folder's settings may have come with their folder.
                self.watch_settings(window, cx);
                if paths.iter().any(|path| self.settings.concerns(path)) {
                    self.apply_settings(window, cx);
                }
                self.refresh_git(window, cx);
            }
            _ => {}
        }
    }

    /// Takes the notices back that are about this folder: another takes its place in the window.
    pub fn leave(&mut self, window: &mut Window, cx: &mut App) {
        self.take_settings_notices_back(window, cx);
        for (_, told) in self.told_unsaved.drain() {
            take_notice_back(told, window, cx);
        }
    }

    /// Takes back what was told of a buffer that could not be saved: there is nothing to save.
    fn take_unsaved_back(&mut self, id: BufferId, window: &mut Window, cx: &mut App) {
        if let Some(told) = self.told_unsaved.remove(&id) {
            take_notice_back(told, window, cx);
        }
    }

    /// Asks git again, off the UI thread; a newer question takes the place of an older one.
    fn refresh_git(&mut self, window: &Window, cx: &mut Context<Self>) {
        if !self.has_folder {
            return;
        }
        let root = self.root(cx);
        self.git_task = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            cx.background_executor().timer(GIT_DELAY).await;
            let git = cx
                .background_executor()
                .spawn(async move { git_state::read(&root) })
                .await;
            // The window may be closed meanwhile.
            this.update(cx, |this, cx| {
                if this.git != git {
                    this.watch_git(&git.watch, cx);
                    this.git = git.clone();
                    this.files.update(cx, |files, cx| files.set_git(git, cx));
                    cx.notify();
                }
            })
            .ok();
        });
    }

    /// Notices when the branch or the index changes outside.
    fn watch_git(&self, files: &[PathBuf], cx: &mut Context<Self>) {
        if self.git.watch == files {
            return;
        }
        self.model.update(cx, |model, _| {
            for file in &self.git.watch {
                model.unwatch_file(file);
            }
            for file in files {
                if let Err(error) = model.watch_file(file) {
                    tracing::warn!("{error}");
                }
            }
        });
    }

    fn active_changed(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.update_title(window, cx);
        self.area.update(cx, |area, cx| area.note_place(window, cx));
        let active = self.area.read(cx).active_item();
        let path = active.and_then(|item| item.path(cx));
        if self.restored && path != self.followed {
            if let Some(path) = &path {
                self.files.update(cx, |files, cx| files.follow(path, cx));
            }
            self.followed = path;
        }
    }

    /// Tells the system what the window is called, and whether something in it is unsaved, where that
    /// is news: it is asked after each movement of a caret.
    fn update_title(&mut self, window: &mut Window, cx: &App) {
        let folder = self.folder_name(cx);
        let title = match self.area.read(cx).active_item() {
            Some(item) => format!("{} \u{2014} {folder}", item.tab_title(cx)),
            None if self.has_folder => folder.to_string(),
            None => "Kiln".to_owned(),
        };
        let dirty = self
            .area
            .read(cx)
            .items()
            .iter()
            .any(|item| item.is_dirty(cx));
        let told = Some((title, dirty));
        if self.told_title == told {
            return;
        }
        if let Some((title, dirty)) = &told {
            window.set_window_title(title);
            window.set_window_edited(*dirty);
        }
        self.told_title = told;
    }

    fn drag_edge(
        &mut self,
        event: &DragMoveEvent<DraggedEdge>,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let side = event.drag(cx).0;
        // As on a window without zoom, which sizes are kept for.
        let factor = zoom::window_factor(cx).recip();
        let at = event.event.position * factor;
        let bounds = event.bounds.map(|length| length * factor);
        let other = match side {
            DockSide::Left if self.right.is_visible() => self.right.size,
            DockSide::Right if self.left.is_visible() => self.left.size,
            _ => px(0.),
        };
        let (size, available) = match side {
            DockSide::Left => (at.x - bounds.left(), bounds.size.width - other),
            DockSide::Right => (bounds.right() - at.x, bounds.size.width - other),
            DockSide::Bottom => (bounds.bottom() - at.y, bounds.size.height),
        };
        self.dock_mut(side).resize(size, available);
        self.save_layout_soon(window, cx);
        cx.notify();
    }

    /// Gives a dock its usual size back.
    pub(crate) fn reset_dock_size(
        &mut self,
        side: DockSide,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let usual = Layout::default();
        self.dock_mut(side).size = px(match side {
            DockSide::Left => usual.left.size,
            DockSide::Right => usual.right.size,
            DockSide::Bottom => usual.bottom.size,
        });
        self.save_layout_soon(window, cx);
        cx.notify();
    }
}

impl Focusable for Workbench {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        self.area.read(cx).focus_handle(cx)
    }
}

impl Render for Workbench {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let clear = match self.onboarding {
            Some(_) => px(0.),
            None => self.area.read(cx).bottom_bar(cx) + self.bottom.kept_clear(cx),
        };
        let notices = ui::notices_layer(clear, window, cx);
        let theme = cx.kiln_theme();
        let (background, text) = (theme.background, theme.text);
        let title_bar = self.title_bar(window, cx);
        let middle = match self.onboarding.clone() {
            Some(onboarding) => row()
                .id("docks")
                .flex_1()
                .min_h_0()
                .items_stretch()
                .child(onboarding),
            None => {
                let shown = |dock: &Dock| match dock.is_visible() {
                    true => dock.size,
                    false => px(0.),
                };
                let (left, right) = fitted(
                    shown(&self.left),
                    shown(&self.right),
                    window.viewport_size().width / zoom::window_factor(cx),
                );
                let mut draw =
                    |dock: &Dock, size| dock.is_visible().then(|| dock.element(size, window, cx));
                let left = draw(&self.left, left);
                let bottom = draw(&self.bottom, self.bottom.size);
                let right = draw(&self.right, right);
                row()
                    .id("docks")
                    .flex_1()
                    .min_h_0()
                    .items_stretch()
                    .on_drag_move(cx.listener(|this, event, window, cx| {
                        this.drag_edge(event, window, cx);
                    }))
                    .children(left)
                    .child(
                        column()
                            .flex_1()
                            .min_w_0()
                            .h_full()
                            .child(gpui_kit::div().flex_1().min_h_0().child(self.area.clone()))
                            .children(bottom),
                    )
                    .children(right)
            }
        };
        let status_bar = self.status_bar(window, cx);
        self.with_actions(
            column()
                .id("workbench")
                .track_focus(&self.focus)
                .leaves_keyboard()
                .key_context("Workbench"),
            cx,
        )
        .relative()
        .size_full()
        .bg(background)
        .text_color(text)
        .font_family(ui::tokens::UI_FONT)
        .child(title_bar)
        .child(middle)
        .child(status_bar)
        .child(notices)
        .child(self.modals.clone())
    }
}
