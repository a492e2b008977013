//! The window as a person uses it: clicks and keys in, labels and files out.

mod breadcrumbs;
mod chords;
mod closing;
mod coming_back;
mod deletions;
mod dropping;
mod first_steps;
#[cfg(unix)]
mod followed_files;
mod groups;
mod language_settings;
mod lost_focus;
mod models;
mod navigation;
mod notices;
mod opening;
mod paths;
mod preview_tabs;
#[cfg(unix)]
mod problem_marks;
#[cfg(unix)]
mod project_symbols;
mod questions;
#[cfg(unix)]
mod served;
#[cfg(unix)]
mod server_says;
mod tabs;
mod view_settings;
mod window;

use crate::model_setup::{
    Download, DownloadEvent, EmbeddedModel, FoundServer, KeyProvider, ModelSetup,
};
use crate::settings_files::SettingsFiles;
use crate::workbench::{Workbench, WorkbenchConfig, WorkbenchHost};
use crate::{LayoutStore, Remembered};
use editor_core::{Selections, Text};
use fs::{KilnPaths, RealFs};
use gpui_kit::prelude::*;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, Bounds, Context, Entity, EventEmitter, FocusHandle, Focusable, Global,
    KeyDownEvent, MouseButton, SharedString, Task, TestAppContext, VisualTestContext, Window,
    WindowBounds, WindowOptions, div, px, size,
};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use ui::{
    Item, ItemEvent, ItemHandle, ItemOpeners, ItemOutline, ItemStatus, OpenTarget, WorkspaceModel,
};
use workspace::{BufferId, ViewState, Workspace};

gpui_kit::actions!(
    editor,
    [
        /// A command of editors that edits.
        Paste,
        /// A command of editors that moves the caret.
        MoveDocumentEnd
    ]
);

/// A view of a buffer with a caret that nothing but the window moves: enough for tabs.
struct PlainItem {
    buffer: BufferId,
    model: Entity<WorkspaceModel>,
    focus: FocusHandle,
    /// Where [`Item::reveal_offset`] went.
    caret: usize,
    /// Where [`Item::reveal`] went.
    revealed: Option<(u32, u32)>,
    /// The row at the top.
    top: f64,
    /// How often it was asked how it is left.
    asked: Cell<usize>,
    /// The keys that were pressed in it.
    keys: Vec<String>,
    /// The text of those keys.
    typed: String,
    /// The text that it was compared with last.
    compared: Option<Text>,
    /// Whether something is written in it beside its text.
    has_draft: bool,
}

impl PlainItem {
    fn new(buffer: BufferId, model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        Self {
            buffer,
            model,
            focus: cx.focus_handle(),
            caret: 0,
            revealed: None,
            top: 0.,
            asked: Cell::new(0),
            keys: Vec::new(),
            typed: String::new(),
            compared: None,
            has_draft: false,
        }
    }

    fn text_len(&self, cx: &App) -> usize {
        let buffer = self.model.read(cx).workspace().buffer(self.buffer);
        buffer.map_or(0, |buffer| buffer.text().len())
    }
}

impl EventEmitter<ItemEvent> for PlainItem {}

impl Focusable for PlainItem {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for PlainItem {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        div()
            .size_full()
            .track_focus(&self.focus)
            .on_action(cx.listener(|this, _: &MoveDocumentEnd, _, cx| {
                this.keys.push("end".into());
                this.caret = this.text_len(cx);
            }))
            .on_action(cx.listener(|this, _: &Paste, _, _| this.keys.push("paste".into())))
            .on_key_down(cx.listener(|this, event: &KeyDownEvent, _, cx| {
                let key = &event.keystroke;
                this.keys.push(key.key.clone());
                if key.key == "end" && key.modifiers.control {
                    this.caret = this.text_len(cx);
                }
                this.typed.extend(key.key_char.clone());
                if key.key == "f19" {
                    cx.emit(ItemEvent::Close);
                }
            }))
    }
}

impl Item for PlainItem {
    fn tab_title(&self, cx: &App) -> SharedString {
        let workspace = self.model.read(cx).workspace();
        workspace
            .buffer(self.buffer)
            .map(|buffer| buffer.display_name())
            .unwrap_or_default()
            .into()
    }

    fn path(&self, cx: &App) -> Option<PathBuf> {
        Some(
            self.model
                .read(cx)
                .workspace()
                .buffer(self.buffer)?
                .path()?
                .to_path_buf(),
        )
    }

    fn buffer(&self, _: &App) -> Option<BufferId> {
        Some(self.buffer)
    }

    fn is_dirty(&self, cx: &App) -> bool {
        self.model
            .read(cx)
            .workspace()
            .buffer(self.buffer)
            .is_some_and(|buffer| buffer.is_dirty())
    }

    fn save(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        self.keys.push("save".into());
        let save = self
            .model
            .update(cx, |model, cx| model.save(self.buffer, cx));
        cx.spawn(async move |_, _| Ok(save.await?))
    }

    fn save_as(
        &mut self,
        path: PathBuf,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<anyhow::Result<()>> {
        let carets = Selections::caret(0);
        let save = self.model.update(cx, |model, cx| {
            model.save_as_from(self.buffer, &carets, path, true, cx)
        });
        cx.spawn(async move |_, _| Ok(save.await?))
    }

    fn give_up(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        let revert = self
            .model
            .update(cx, |model, cx| model.revert(self.buffer, cx));
        cx.spawn(async move |_, _| Ok(revert.await?))
    }

    fn compare_with(
        &mut self,
        text: &Text,
        _: SharedString,
        _: &mut Window,
        _: &mut Context<Self>,
    ) -> bool {
        self.compared = Some(text.clone());
        true
    }

    fn status(&self, _: &App) -> ItemStatus {
        ItemStatus {
            language: Some("Rust".into()),
            ..ItemStatus::default()
        }
    }

    fn split(&self, _: &mut Window, cx: &mut Context<Self>) -> Option<Box<dyn ItemHandle>> {
        let (buffer, model) = (self.buffer, self.model.clone());
        let caret = self.caret;
        Some(Box::new(cx.new(|cx| Self {
            caret,
            ..Self::new(buffer, model, cx)
        })))
    }

    fn has_draft(&self, _: &App) -> bool {
        self.has_draft
    }

    /// None in a document that is only read.
    fn caret(&self, cx: &App) -> Option<usize> {
        let path = self.path(cx);
        let is_read = path.is_some_and(|path| path.extension().is_some_and(|it| it == "read"));
        (!is_read).then_some(self.caret)
    }

    fn outline(&self, cx: &App) -> Option<ItemOutline> {
        let workspace = self.model.read(cx).workspace();
        let buffer = workspace.buffer(self.buffer)?;
        let never = std::sync::atomic::AtomicBool::new(false);
        let (language, text) = (buffer.language(), buffer.text());
        let tree = syntax::SyntaxTree::parse(language, text, None, &never)?;
        Some(ItemOutline {
            outline: Arc::new(tree.outline(text, &never)?),
            caret: self.caret,
        })
    }

    fn reveal(&mut self, line: u32, column: u32, _: &mut Window, _: &mut Context<Self>) {
        self.revealed = Some((line, column));
    }

    fn reveal_offset(&mut self, offset: usize, _: &mut Window, cx: &mut Context<Self>) {
        self.caret = offset;
        cx.emit(ItemEvent::StatusChanged);
    }

    fn view_state(&self, _: &App) -> Option<ViewState> {
        self.asked.set(self.asked.get() + 1);
        Some(ViewState {
            selections: vec![(self.caret, self.caret)],
            top: self.top,
            ..ViewState::default()
        })
    }

    fn restore_view(&mut self, state: &ViewState, _: &mut Window, cx: &mut Context<Self>) {
        let caret = state.selections.first().map_or(0, |(anchor, _)| *anchor);
        self.caret = caret.min(self.text_len(cx));
        self.top = state.top;
        cx.emit(ItemEvent::StatusChanged);
    }
}

/// While it is there, windows keep unsaved text for a crash.
struct KeepsUnsaved;

impl Global for KeepsUnsaved {}

/// While it is there, files that are read are shown once it is closed.
struct Held(async_channel::Receiver<()>);

impl Global for Held {}

#[derive(Default)]
struct Host {
    opened: RefCell<Vec<PathBuf>>,
    windows: RefCell<Vec<Option<PathBuf>>>,
    /// The person's settings, and what they were when another folder was opened.
    settings: RefCell<PathBuf>,
    found_settings: RefCell<String>,
    /// The folders that other windows have open.
    elsewhere: RefCell<Vec<PathBuf>>,
}

impl WorkbenchHost for Host {
    fn raise_window(&self, folder: PathBuf, _: &mut Window, _: &mut App) -> Task<bool> {
        Task::ready(self.elsewhere.borrow().contains(&folder))
    }

    fn open_folder(&self, folder: PathBuf, _: &mut Window, _: &mut App) {
        let settings = self.settings.borrow();
        let found = std::fs::read_to_string(&*settings).unwrap_or_default();
        self.found_settings.replace(found);
        self.opened.borrow_mut().push(folder);
    }

    fn open_window(&self, folder: Option<PathBuf>, _: &mut Window, _: &mut App) {
        self.windows.borrow_mut().push(folder);
    }

    fn show_buffer(
        &self,
        buffer: BufferId,
        model: Entity<WorkspaceModel>,
        _: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ItemHandle>> {
        Some(Box::new(cx.new(|cx| PlainItem::new(buffer, model, cx))))
    }

    fn new_file(
        &self,
        model: Entity<WorkspaceModel>,
        _: &mut Window,
        cx: &mut App,
    ) -> Option<Box<dyn ItemHandle>> {
        let buffer = model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.new_untitled())
        });
        Some(Box::new(cx.new(|cx| PlainItem::new(buffer, model, cx))))
    }
}

/// Models that exist on paper: what was asked for is written down.
#[derive(Default)]
struct PaperModels {
    deeds: Rc<RefCell<Vec<String>>>,
    download: RefCell<Option<async_channel::Sender<DownloadEvent>>>,
    /// The providers beside OpenAI.
    others: RefCell<Vec<KeyProvider>>,
    /// Whether the file of the small model is on the disk, and what the last look found.
    on_disk: Cell<bool>,
    installed: Cell<bool>,
    /// What is wrong with the file of the small model.
    damaged: RefCell<Option<SharedString>>,
    /// Servers that are not on this machine.
    elsewhere: RefCell<Vec<FoundServer>>,
    /// How often the keys were looked up.
    looks: Cell<usize>,
    /// Why keys cannot be read, at the first look.
    unreadable: RefCell<Option<SharedString>>,
    /// The providers that a key is saved for.
    saved: RefCell<Vec<SharedString>>,
    /// The provider whose key the model in use lacks.
    lacking: RefCell<Option<SharedString>>,
    /// The model in use, and why the one before it is away.
    in_use: RefCell<Option<SharedString>>,
    missing: RefCell<Option<SharedString>>,
}

/// A provider whose key nothing is known of.
fn key_provider(id: &'static str, name: &'static str) -> KeyProvider {
    KeyProvider {
        id: id.into(),
        name: name.into(),
        hint: "sk-".into(),
        saved: false,
        variable: None,
    }
}

impl ModelSetup for PaperModels {
    fn providers(&self, _: &App) -> Vec<KeyProvider> {
        let mut providers = vec![key_provider("openai", "OpenAI")];
        providers.extend(self.others.borrow().iter().cloned());
        for provider in &mut providers {
            provider.saved = self.saved.borrow().contains(&provider.id);
        }
        providers
    }

    fn look_keys_up(&self, _: &mut App) -> Task<()> {
        self.looks.set(self.looks.get() + 1);
        if self.looks.get() > 1 {
            self.unreadable.take();
        }
        Task::ready(())
    }

    fn lacks_key(&self, _: &str, _: &App) -> Option<SharedString> {
        self.lacking.borrow().clone()
    }

    fn unreadable_keys(&self, _: &App) -> Option<SharedString> {
        self.unreadable.borrow().clone()
    }

    fn save_key(
        &self,
        provider: &str,
        key: String,
        _: &mut App,
    ) -> Task<anyhow::Result<SharedString>> {
        self.deeds
            .borrow_mut()
            .push(format!("key {provider} {key}"));
        Task::ready(Ok("Kept.".into()))
    }

    fn remove_key(&self, provider: &str, _: &mut App) -> Task<anyhow::Result<SharedString>> {
        self.deeds.borrow_mut().push(format!("remove {provider}"));
        self.saved.borrow_mut().retain(|saved| saved != provider);
        Task::ready(Ok("Removed.".into()))
    }

    fn find_servers(&self, _: &mut App) -> Task<Vec<FoundServer>> {
        let mut servers = vec![FoundServer {
            local: true,
            name: "Ollama".into(),
            url: "http://127.0.0.1:11434".into(),
            models: vec!["ollama/tiny".into()],
        }];
        servers.extend(self.elsewhere.borrow().iter().cloned());
        Task::ready(servers)
    }

    fn look_at_files(&self, _: &mut App) -> Task<()> {
        self.installed.set(self.on_disk.get());
        Task::ready(())
    }

    fn embedded(&self, _: &App) -> Vec<EmbeddedModel> {
        vec![EmbeddedModel {
            id: "local/small".into(),
            name: "Small".into(),
            bytes: 1_000_000_000,
            memory_bytes: 2_000_000_000,
            licence: "Apache-2.0".into(),
            source: "models.example".into(),
            installed: self.installed.get(),
            damaged: self.damaged.borrow().clone(),
            recommended: true,
        }]
    }

    fn download(&self, id: &str, _: &mut App) -> Download {
        self.deeds.borrow_mut().push(format!("download {id}"));
        let (sender, events) = async_channel::unbounded();
        *self.download.borrow_mut() = Some(sender);
        let deeds = self.deeds.clone();
        let cancel = Box::new(move || deeds.borrow_mut().push("cancel".into()));
        Download { events, cancel }
    }

    fn choose(&self, id: &str, _: &mut App) -> anyhow::Result<()> {
        self.deeds.borrow_mut().push(format!("choose {id}"));
        Ok(())
    }

    fn current(&self, _: &App) -> Option<SharedString> {
        self.in_use.borrow().clone()
    }

    fn missing(&self, _: &App) -> Option<SharedString> {
        self.missing.borrow().clone()
    }
}

/// A window on a folder of its own.
struct Scene<'a> {
    cx: &'a mut TestAppContext,
    window: AnyWindowHandle,
    workbench: Entity<Workbench>,
    model: Entity<WorkspaceModel>,
    root: PathBuf,
    home: PathBuf,
    host: Rc<Host>,
    models: Rc<PaperModels>,
    _folder: tempfile::TempDir,
}

impl<'a> Scene<'a> {
    fn new(cx: &'a mut TestAppContext) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("project");
        for (path, text) in [
            ("src/main.rs", "fn main() {}\n"),
            ("src/store/memory.rs", "struct Memory;\n"),
            ("README.md", "# Project\n"),
        ] {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), text).unwrap();
        }
        let home = root.parent().unwrap().join("home");
        cx.update(|cx| {
            ui::init(cx);
            crate::init(cx);
            ItemOpeners::register(
                |_, _| true,
                |target, model, window, cx| {
                    let open = model.update(cx, |model, cx| model.open_path(target.path, cx));
                    let held = cx.try_global::<Held>().map(|held| held.0.clone());
                    window.spawn(cx, async move |cx| {
                        let buffer = open.await?;
                        if let Some(held) = held {
                            held.recv().await.ok();
                        }
                        cx.update(|_, cx| -> Box<dyn ItemHandle> {
                            Box::new(cx.new(|cx| PlainItem::new(buffer, model, cx)))
                        })
                    })
                },
                cx,
            );
        });
        let store = LayoutStore::new(&KilnPaths::under(&home), Arc::new(RealFs::new()));
        store.set_onboarded().unwrap();
        let (host, models) = (Rc::new(Host::default()), Rc::new(PaperModels::default()));
        host.settings.replace(home.join("config/settings.json"));
        let (window, workbench, model) = open(cx, &root, &home, host.clone(), models.clone());
        let mut scene = Self {
            cx,
            window,
            workbench,
            model,
            root,
            home,
            host,
            models,
            _folder: folder,
        };
        scene.settle();
        scene.leave_unknown_commands();
        scene
    }

    /// Takes the notice away of keys of commands that other crates have.
    fn leave_unknown_commands(&mut self) {
        self.with(|window, cx| {
            for message in ui::shown_notices(window, cx) {
                if message.contains("which is no command of Kiln") {
                    ui::take_notice_back(message, window, cx);
                }
            }
        });
        self.settle();
    }

    /// Closes the window and opens the folder again.
    fn reopen(&mut self) {
        self.reopen_with(|store, root| store.remembered(Some(root)));
    }

    fn reopen_with(&mut self, remembered: impl FnOnce(&LayoutStore, &Path) -> Remembered) {
        self.reopen_now(remembered);
        self.settle();
        self.leave_unknown_commands();
    }

    /// Closes the window and opens the folder again, and does not wait for its tabs.
    fn reopen_now(&mut self, remembered: impl FnOnce(&LayoutStore, &Path) -> Remembered) {
        self.settle();
        self.cx
            .update_window(self.window, |_, window, _| window.remove_window())
            .unwrap();
        self.cx.run_until_parked();
        let store = LayoutStore::new(&KilnPaths::under(&self.home), Arc::new(RealFs::new()));
        let (window, workbench, model) = open_with(
            self.cx,
            &self.root,
            &self.home,
            self.host.clone(),
            self.models.clone(),
            remembered(&store, &self.root),
        );
        self.window = window;
        self.workbench = workbench;
        self.model = model;
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Window, &mut App) -> R) -> R {
        self.cx
            .update_window(self.window, |_, window, cx| act(window, cx))
            .unwrap()
    }

    /// As when a person comes back from another program.
    fn activate_again(&mut self) {
        VisualTestContext::from_window(self.window, self.cx).deactivate_window();
        self.with(|window, _| window.activate_window());
        self.settle();
    }

    fn settle(&mut self) {
        for _ in 0..3 {
            self.cx.run_until_parked();
            self.cx
                .executor()
                .advance_clock(std::time::Duration::from_secs(1));
            self.with(|window, cx| window.render_frame(cx));
        }
        self.cx.run_until_parked();
        self.with(|window, cx| window.render_frame(cx));
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.with(|window, cx| window.press(key, cx));
        }
        self.settle();
    }

    fn write(&mut self, text: &str) {
        self.with(|window, cx| window.input(text, cx));
        self.settle();
    }

    fn click(&mut self, label: &str) {
        self.click_alone(label);
        self.settle();
    }

    /// Clicks, and runs nothing of what follows.
    fn click_alone(&mut self, label: &str) {
        self.with(|window, cx| {
            let target = window
                .find_all_by_label(label)
                .into_iter()
                .find(|element| element.visible())
                .unwrap_or_else(|| panic!("nothing visible is labelled {label:?}"));
            let at = target.bounds().center();
            window.pointer_move(at, None, cx);
            window.pointer_down(at, MouseButton::Left, cx);
            window.pointer_up(at, MouseButton::Left, cx);
        });
    }

    fn shows(&mut self, label: &str) -> bool {
        self.with(|window, _| {
            window
                .find_all_by_label(label)
                .iter()
                .any(|element| element.visible())
        })
    }

    /// Runs a command, as the palette does.
    fn run(&mut self, command: &str) {
        assert!(
            self.with(|window, cx| ui::Commands::run(command, window, cx)),
            "{command}"
        );
        self.settle();
    }

    /// The view in front.
    fn view(&mut self) -> Entity<PlainItem> {
        self.workbench.read_with(self.cx, |workbench, cx| {
            let item = workbench.area().read(cx).active_item().unwrap();
            item.view().downcast().unwrap()
        })
    }

    /// What was asked of the models.
    fn deeds(&self) -> Vec<String> {
        self.models.deeds.borrow().clone()
    }

    /// The tabs of editors, left to right; a star marks those in front.
    fn tabs(&mut self) -> Vec<String> {
        self.with(|window, _| {
            let mut tabs: Vec<_> = window
                .find_all_by_role(gpui_kit::Role::Tab)
                .into_iter()
                .filter(|tab| tab.visible())
                .filter(|tab| !matches!(tab.label(), Some("Files")))
                .collect();
            tabs.sort_by(|a, b| a.bounds().left().partial_cmp(&b.bounds().left()).unwrap());
            let mark = |front| if front == Some(true) { "*" } else { "" };
            tabs.iter()
                .map(|tab| {
                    format!(
                        "{}{}",
                        tab.label().unwrap_or_default(),
                        mark(tab.selected())
                    )
                })
                .collect()
        })
    }

    fn tab_center(&mut self, label: &str) -> gpui_kit::Point<gpui_kit::Pixels> {
        self.with(|window, _| {
            window
                .find_all_by_label(label)
                .iter()
                .find(|element| element.role() == Some(gpui_kit::Role::Tab))
                .unwrap()
                .bounds()
                .center()
        })
    }

    fn open_file(&mut self, path: &str) {
        let path = self.root.join(path);
        self.with(|window, cx| ui::open_path(OpenTarget::new(path), window, cx));
        self.settle();
    }

    /// Brings the window back as after a crash at this moment, and runs what is ready until its tabs
    /// are there, and no further.
    fn crash(&mut self) {
        let copy = tempfile::tempdir_in(self.root.parent().unwrap()).unwrap();
        copy_folder(&self.home, copy.path());
        self.home = copy.keep();
        self.reopen_now(|store, root| store.remembered(Some(root)));
        self.with(|window, cx| window.render_frame(cx));
        while self.tabs().is_empty() {
            assert!(self.cx.executor().tick(), "no tab came");
            self.with(|window, cx| window.render_frame(cx));
        }
    }

    /// Writes into the buffer of an open file, so that it has unsaved changes.
    fn dirty(&mut self, path: &str) {
        let path = self.root.join(path);
        self.model.clone().update(self.cx, |model, cx| {
            model.update(cx, |workspace| {
                let id = workspace.buffer_for_path(&path).unwrap();
                workspace.replace_text(id, "changed\n").unwrap();
            });
        });
        self.settle();
    }

    fn on_disk(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).unwrap()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn open(
    cx: &mut TestAppContext,
    root: &Path,
    home: &Path,
    host: Rc<Host>,
    models: Rc<PaperModels>,
) -> (AnyWindowHandle, Entity<Workbench>, Entity<WorkspaceModel>) {
    let store = LayoutStore::new(&KilnPaths::under(home), Arc::new(RealFs::new()));
    let remembered = store.remembered(Some(root));
    open_with(cx, root, home, host, models, remembered)
}

fn open_with(
    cx: &mut TestAppContext,
    root: &Path,
    home: &Path,
    host: Rc<Host>,
    models: Rc<PaperModels>,
    remembered: Remembered,
) -> (AnyWindowHandle, Entity<Workbench>, Entity<WorkspaceModel>) {
    let (root, paths) = (root.to_path_buf(), KilnPaths::under(home));
    cx.update(|cx| {
        let fs = Arc::new(RealFs::new());
        let settings = SettingsFiles::new(&paths, Some(root.clone()), fs);
        let read = settings.read_all();
        let settings_read = read.begun();
        let settings_notices = read.apply(cx);
        let model =
            cx.new(|cx| WorkspaceModel::new(Workspace::new(root, Arc::new(RealFs::new())), cx));
        let state = paths.state.clone();
        let mut config = WorkbenchConfig {
            unsaved: Task::ready(ui::recovery::Unsaved::default()),
            settings_notices,
            settings_read,
            remembered,
            model: model.clone(),
            has_folder: true,
            panels: Vec::new(),
            paths,
            host,
            models: Some(models),
            open: Vec::new(),
        };
        let bounds = Bounds::new(Default::default(), size(px(1200.), px(800.)));
        let options = WindowOptions {
            window_bounds: Some(WindowBounds::Windowed(bounds)),
            ..WindowOptions::default()
        };
        let kept = model.clone();
        let (window, workbench) = gpui_kit::open_window(options, cx, move |window, cx| {
            if cx.has_global::<KeepsUnsaved>() {
                config.unsaved = ui::recovery::start(&kept, state, window, cx);
            }
            cx.new(|cx| Workbench::new(config, window, cx))
        })
        .unwrap();
        (window, workbench, model)
    })
}
