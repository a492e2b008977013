//! The window as a person uses it: clicks and keys in, labels and files out.

use crate::model_setup::{
    Download, DownloadEvent, EmbeddedModel, FoundServer, KeyProvider, ModelSetup,
};
use crate::workbench::{Workbench, WorkbenchConfig, WorkbenchHost};
use fs::{KilnPaths, RealFs};
use gpui_kit::prelude::*;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, Bounds, Context, Entity, EventEmitter, FocusHandle, Focusable,
    MouseButton, SharedString, Task, TestAppContext, Window, WindowBounds, WindowOptions, div, px,
    size,
};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use ui::{Item, ItemEvent, ItemHandle, ItemOpeners, ItemStatus, OpenTarget, WorkspaceModel};
use workspace::{BufferId, Workspace};

/// A view of a buffer that has a caret nowhere: enough for tabs.
struct PlainItem {
    buffer: BufferId,
    model: Entity<WorkspaceModel>,
    focus: FocusHandle,
}

impl EventEmitter<ItemEvent> for PlainItem {}

impl Focusable for PlainItem {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for PlainItem {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().size_full().track_focus(&self.focus)
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
        let save = self
            .model
            .update(cx, |model, cx| model.save(self.buffer, cx));
        cx.spawn(async move |_, _| Ok(save.await?))
    }

    fn status(&self, _: &App) -> ItemStatus {
        ItemStatus {
            language: Some("Rust".into()),
            ..ItemStatus::default()
        }
    }

    fn split(&self, _: &mut Window, cx: &mut Context<Self>) -> Option<Box<dyn ItemHandle>> {
        let (buffer, model) = (self.buffer, self.model.clone());
        Some(Box::new(cx.new(|cx| Self {
            buffer,
            model,
            focus: cx.focus_handle(),
        })))
    }
}

#[derive(Default)]
struct Host {
    opened: RefCell<Vec<PathBuf>>,
}

impl WorkbenchHost for Host {
    fn open_folder(&self, folder: PathBuf, _: &mut Window, _: &mut App) {
        self.opened.borrow_mut().push(folder);
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
        Some(Box::new(cx.new(|cx| PlainItem {
            buffer,
            model,
            focus: cx.focus_handle(),
        })))
    }
}

/// Models that exist on paper: what was asked for is written down.
#[derive(Default)]
struct PaperModels {
    deeds: Rc<RefCell<Vec<String>>>,
    download: RefCell<Option<async_channel::Sender<DownloadEvent>>>,
}

impl ModelSetup for PaperModels {
    fn providers(&self, _: &App) -> Vec<KeyProvider> {
        vec![KeyProvider {
            id: "openai".into(),
            name: "OpenAI".into(),
            hint: "sk-".into(),
            known: None,
        }]
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

    fn find_servers(&self, _: &mut App) -> Task<Vec<FoundServer>> {
        Task::ready(vec![FoundServer {
            name: "Ollama".into(),
            url: "http://127.0.0.1:11434".into(),
            models: vec!["ollama/tiny".into()],
        }])
    }

    fn embedded(&self, _: &App) -> Vec<EmbeddedModel> {
        vec![EmbeddedModel {
            id: "local/small".into(),
            name: "Small".into(),
            bytes: 1_000_000_000,
            memory_bytes: 2_000_000_000,
            licence: "Apache-2.0".into(),
            source: "models.example".into(),
            installed: false,
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
        None
    }
}

/// A window on a folder of its own.
struct Scene<'a> {
    cx: &'a mut TestAppContext,
    window: AnyWindowHandle,
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
                    window.spawn(cx, async move |cx| {
                        let buffer = open.await?;
                        cx.update(|_, cx| -> Box<dyn ItemHandle> {
                            let focus = cx.focus_handle();
                            Box::new(cx.new(|_| PlainItem {
                                buffer,
                                model,
                                focus,
                            }))
                        })
                    })
                },
                cx,
            );
        });
        let store = crate::LayoutStore::new(&KilnPaths::under(&home), Arc::new(RealFs::new()));
        store.set_onboarded().unwrap();
        let (host, models) = (Rc::new(Host::default()), Rc::new(PaperModels::default()));
        let (window, model) = open(cx, &root, &home, host.clone(), models.clone());
        let mut scene = Self {
            cx,
            window,
            model,
            root,
            home,
            host,
            models,
            _folder: folder,
        };
        scene.settle();
        scene
    }

    /// Closes the window and opens the folder again.
    fn reopen(&mut self) {
        self.settle();
        self.cx
            .update_window(self.window, |_, window, _| window.remove_window())
            .unwrap();
        self.cx.run_until_parked();
        let (window, model) = open(
            self.cx,
            &self.root,
            &self.home,
            self.host.clone(),
            self.models.clone(),
        );
        self.window = window;
        self.model = model;
        self.settle();
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Window, &mut App) -> R) -> R {
        self.cx
            .update_window(self.window, |_, window, cx| act(window, cx))
            .unwrap()
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
        self.settle();
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

fn open(
    cx: &mut TestAppContext,
    root: &Path,
    home: &Path,
    host: Rc<Host>,
    models: Rc<PaperModels>,
) -> (AnyWindowHandle, Entity<WorkspaceModel>) {
    let (root, paths) = (root.to_path_buf(), KilnPaths::under(home));
    cx.update(|cx| {
        let model =
            cx.new(|cx| WorkspaceModel::new(Workspace::new(root, Arc::new(RealFs::new())), cx));
        let config = WorkbenchConfig {
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
        let (window, _) = gpui_kit::open_window(options, cx, |window, cx| {
            cx.new(|cx| Workbench::new(config, window, cx))
        })
        .unwrap();
        (window, model)
    })
}

#[gpui_kit::test]
fn files_open_in_tabs_and_close_again(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("README.md");
    scene.open_file("src/main.rs");
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    scene.press("ctrl-pageup");
    assert_eq!(scene.tabs(), ["README.md*", "main.rs"]);
    scene.press("ctrl-w");
    assert_eq!(scene.tabs(), ["main.rs*"], "the other tab stays");
    scene.press("ctrl-w");
    assert!(scene.tabs().is_empty());
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 0, "the last tab of a buffer closes it");
}

#[gpui_kit::test]
fn the_tree_follows_the_file_that_is_edited(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/store/memory.rs");
    let selected = scene.with(|window, _| {
        window
            .find_all_by_label("memory.rs")
            .iter()
            .filter(|element| element.role() == Some(gpui_kit::Role::TreeItem))
            .any(|element| element.selected() == Some(true))
    });
    assert!(selected);
}

#[gpui_kit::test]
fn a_tab_is_dragged_to_another_place(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    let (from, to) = (scene.tab_center("main.rs"), scene.tab_center("README.md"));
    scene.with(|window, cx| window.drag(from, to, cx));
    scene.settle();
    assert_eq!(scene.tabs(), ["main.rs*", "README.md"]);
}

#[gpui_kit::test]
fn the_close_button_of_a_tab_closes_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.click("Close tab");
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test]
fn closing_a_changed_file_asks_first(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    assert!(scene.shows("README.md, unsaved changes"));

    scene.press("ctrl-w");
    assert!(scene.shows("Save changes to README.md?"));
    scene.click("Cancel");
    assert!(
        scene.shows("README.md, unsaved changes"),
        "cancel keeps the tab"
    );

    scene.press("ctrl-w");
    scene.click("Save");
    assert_eq!(scene.on_disk("README.md"), "changed\n");
    assert!(!scene.shows("README.md, unsaved changes"));

    scene.open_file("src/main.rs");
    scene.dirty("src/main.rs");
    scene.press("ctrl-w");
    scene.click("Don\u{2019}t Save");
    assert_eq!(scene.on_disk("src/main.rs"), "fn main() {}\n");
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 0);
}

#[gpui_kit::test]
fn one_of_two_views_closes_without_a_question(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-\\");
    let tabs = scene.with(|window, _| window.find_all_by_label("README.md, unsaved changes").len());
    assert_eq!(tabs, 2, "the split shows the same buffer");
    scene.press("ctrl-w");
    assert!(!scene.shows("Save changes to README.md?"));
    assert!(scene.shows("README.md, unsaved changes"));
}

#[gpui_kit::test]
fn the_window_comes_back_as_it_was_left(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    let edge = scene.with(|window, _| window.find("left-dock-edge").bounds().center());
    scene.with(|window, cx| window.drag(edge, edge + gpui_kit::point(px(60.), px(0.)), cx));
    scene.settle();
    let width = scene.with(|window, _| window.find("left-dock").bounds().size.width);
    assert!(
        (f32::from(width) - 320.).abs() <= 2.,
        "the edge follows the pointer: {width:?}"
    );

    scene.reopen();
    assert_eq!(
        scene.with(|window, _| window.find("left-dock").bounds().size.width),
        width
    );
    assert!(scene.shows("store"), "the open folder is open again");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("main.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));

    scene.press("ctrl-b");
    assert!(
        !scene.shows("README.md") || scene.with(|window, _| window.try_find("left-dock").is_none())
    );
    scene.reopen();
    assert!(
        scene.with(|window, _| window.try_find("left-dock").is_none()),
        "it stays hidden"
    );
    scene.click("Show left dock");
    assert!(scene.with(|window, _| window.try_find("left-dock").is_some()));
}

#[gpui_kit::test]
fn a_malformed_layout_is_told_and_the_window_opens(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let layouts = scene.home.join("state/layouts");
    for entry in std::fs::read_dir(&layouts).unwrap() {
        std::fs::write(entry.unwrap().path(), "not json").unwrap();
    }
    let root = scene.root.clone();
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    assert!(
        store
            .load(&root)
            .notice
            .is_some_and(|notice| notice.contains("malformed"))
    );
    scene.reopen();
    assert!(
        scene.shows("README.md"),
        "the tree is there, with the usual layout"
    );
    let width = scene.with(|window, _| window.find("left-dock").bounds().size.width);
    assert_eq!(width, px(260.));
}

#[gpui_kit::test]
fn every_command_is_in_the_palette_and_runs_from_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-shift-p");
    assert!(scene.shows("Command palette"));
    scene.write("toggle left");
    assert!(scene.shows("View: Toggle Left Dock"));
    scene.press("enter");
    assert!(!scene.shows("Command palette"));
    assert!(scene.with(|window, _| window.try_find("left-dock").is_none()));

    scene.press("ctrl-shift-p");
    scene.write("qqqq");
    assert!(!scene.shows("View: Toggle Left Dock"));
    scene.press("escape");
    assert!(!scene.shows("Command palette"));
}

#[gpui_kit::test]
fn a_file_is_found_by_a_few_letters(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-p");
    scene.write("memrs");
    assert!(scene.shows("src/store/memory.rs"));
    scene.press("enter");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("memory.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));
}

#[gpui_kit::test]
fn the_tree_makes_renames_and_deletes_files(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.click("New file");
    scene.write("lib.rs");
    scene.press("enter");
    assert_eq!(scene.on_disk("src/lib.rs"), "");
    assert!(scene.shows("lib.rs"));

    scene.press("ctrl-shift-e");
    scene.press("f2");
    scene.write("core.rs");
    scene.press("enter");
    assert!(scene.root.join("src/core.rs").is_file());
    assert!(!scene.root.join("src/lib.rs").exists());

    scene.press("delete");
    assert!(scene.shows("Delete core.rs?"));
    scene.click("Cancel");
    assert!(scene.root.join("src/core.rs").is_file());
    scene.press("delete");
    scene.click("Delete");
    assert!(!scene.root.join("src/core.rs").exists());
}

#[gpui_kit::test]
fn a_name_that_cannot_be_is_refused(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("New file");
    scene.write("../outside.rs");
    scene.press("enter");
    assert!(!scene.root.parent().unwrap().join("outside.rs").exists());
    let name = scene.with(|window, _| window.find("file-name").bounds().size.width);
    assert!(name > px(80.), "there is room to write in: {name:?}");
    scene.press("escape");
    assert!(scene.with(|window, _| window.try_find("file-name").is_none()));
    scene.click("New file");
    scene.write("README.md");
    scene.press("enter");
    assert_eq!(scene.on_disk("README.md"), "# Project\n");
}

#[gpui_kit::test]
fn the_tree_is_used_with_the_keyboard_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-shift-e");
    scene.press("home");
    scene.press("right");
    assert!(scene.shows("store"), "right opens a folder");
    scene.press("right down");
    scene.press("enter");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("main.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));
}

#[gpui_kit::test]
fn a_theme_is_seen_while_choosing_and_kept_when_chosen(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let name = |cx: &App| ui::ThemeStore::active_name(cx);
    let before = scene.cx.update(|cx| name(cx));
    scene.press("ctrl-k ctrl-t");
    scene.write("contrast");
    assert_eq!(scene.cx.update(|cx| name(cx)), "Kiln High Contrast");
    scene.press("escape");
    assert_eq!(
        scene.cx.update(|cx| name(cx)),
        before,
        "escape takes the preview back"
    );

    scene.press("ctrl-k ctrl-t");
    scene.write("contrast");
    scene.press("enter");
    assert_eq!(scene.cx.update(|cx| name(cx)), "Kiln High Contrast");
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(settings.contains("Kiln High Contrast"), "{settings}");
}

#[gpui_kit::test]
fn the_first_steps_can_be_taken_again_and_skipped(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("workbench.onboarding");
    assert!(scene.shows("Set up Kiln"));
    scene.click("Continue");
    scene.click("Kiln Light");
    assert_eq!(
        scene.cx.update(|cx| ui::ThemeStore::active_name(cx)),
        "Kiln Light"
    );
    scene.click("Continue");
    scene.click("Continue");
    scene.click("Finish");
    assert!(!scene.shows("Set up Kiln"));

    scene.run("workbench.onboarding");
    scene.click("Skip setup");
    assert!(!scene.shows("Set up Kiln"));
}

#[gpui_kit::test]
fn settings_open_as_a_file_that_says_what_it_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-,");
    let path = scene.home.join("config/settings.json");
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("// Your settings.")
    );
    assert!(scene.shows("settings.json"));
}

#[gpui_kit::test]
fn every_control_has_a_name(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let nameless = scene.with(|window, _| {
        window
            .elements()
            .iter()
            .filter(|element| {
                matches!(
                    element.role(),
                    Some(gpui_kit::Role::Button | gpui_kit::Role::Tab | gpui_kit::Role::TreeItem)
                )
            })
            .filter(|element| element.label().is_none_or(str::is_empty))
            .map(|element| format!("{element:?}"))
            .collect::<Vec<_>>()
    });
    assert_eq!(nameless, Vec::<String>::new());
}

#[gpui_kit::test]
fn every_key_of_the_default_keymap_names_a_command(cx: &mut TestAppContext) {
    let scene = Scene::new(cx);
    let keymap = settings::Keymap::builtin().bindings;
    let problems = scene.cx.update(|cx| ui::keys::bind_keymap(&keymap, cx));
    // Commands of views that this crate does not know are registered by the program.
    let ours: Vec<_> = problems
        .into_iter()
        .filter(|problem| problem.contains("workbench.") || problem.contains("workspace."))
        .collect();
    assert_eq!(ours, Vec::<String>::new());
}

#[gpui_kit::test]
fn nothing_is_downloaded_without_a_yes(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Download\u{2026}");
    assert!(scene.shows("Download Small?"));
    scene.click("Not Now");
    assert!(scene.deeds().is_empty());

    scene.click("Download\u{2026}");
    scene.click("Download");
    assert_eq!(scene.deeds(), ["download local/small"]);
    let events = scene.models.download.borrow().clone().unwrap();
    let progress = DownloadEvent::Progress {
        done: 500_000_000,
        total: 1_000_000_000,
        note: "half".into(),
    };
    events.try_send(progress).unwrap();
    scene.settle();
    events.try_send(DownloadEvent::Finished).unwrap();
    scene.settle();
    assert_eq!(
        scene.deeds(),
        ["download local/small", "choose local/small"]
    );
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(
        settings.contains("\"kiln.agent.model\": \"local/small\""),
        "{settings}"
    );
}

#[gpui_kit::test]
fn a_download_is_stopped_by_its_button(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Download\u{2026}");
    scene.click("Download");
    scene.click("Cancel");
    assert_eq!(scene.deeds(), ["download local/small", "cancel"]);
    let events = scene.models.download.borrow().clone().unwrap();
    events.try_send(DownloadEvent::Stopped).unwrap();
    scene.settle();
    assert!(scene.shows("Download\u{2026}"), "it can be started again");
}

#[gpui_kit::test]
fn a_key_is_kept_and_never_written_to_settings(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("OpenAI API key");
    scene.write("sk-secret");
    scene.click("Save Key");
    assert_eq!(scene.deeds(), ["key openai sk-secret"]);
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json"));
    assert!(!settings.unwrap_or_default().contains("sk-secret"));
}

#[gpui_kit::test]
fn a_server_on_this_machine_can_be_used(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("onboarding.model");
    scene.click("Use");
    assert_eq!(scene.deeds(), ["choose ollama/tiny"]);
}
