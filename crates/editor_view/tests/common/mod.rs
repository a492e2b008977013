//! An editor in a test window over files in memory.
#![allow(dead_code, missing_docs)]

pub mod beside;
#[cfg(unix)]
pub mod served;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use editor_core::{Moment, marked};
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::{TestAppContextExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Bounds, Entity, Pixels, Point, TestAppContext, Window,
    WindowBounds, WindowOptions, point, px, size,
};
use ui::WorkspaceModel;
use workspace::{BufferId, Workspace};

pub const ROOT: &str = "/project";

pub struct Editor {
    pub window: AnyWindowHandle,
    pub view: Entity<EditorView>,
    pub model: Entity<WorkspaceModel>,
    pub fs: Arc<FakeFs>,
    pub buffer: BufferId,
    pub path: PathBuf,
}

/// Everything that the program sets up before a window opens.
pub fn init(cx: &mut App) {
    ui::init(cx);
    editor_view::register(cx);
    let problems = ui::SettingsStore::set_keymap(editor_keymap(), cx);
    assert_eq!(problems, Vec::<String>::new());
}

/// The default keys of the editor; those of other views are not registered here.
pub fn editor_keymap() -> Vec<settings::KeyBinding> {
    settings::Keymap::builtin()
        .bindings
        .into_iter()
        .filter(|binding| {
            ["editor.", "inlineChat.", "chatEditor."]
                .iter()
                .any(|own| binding.command.starts_with(own))
        })
        .collect()
}

/// Changes a setting; the value is JSON. Settings changed before stay.
pub fn set(cx: &mut TestAppContext, key: &str, value: &str) {
    cx.update(|cx| {
        let mut changed = cx.default_global::<Changed>().0.clone();
        changed.retain(|(known, _)| known != key);
        changed.push((key.to_string(), value.to_string()));
        let lines: Vec<String> = changed
            .iter()
            .map(|(key, value)| format!("\"{key}\": {value}"))
            .collect();
        cx.set_global(Changed(changed));
        let layer = settings::Layer::user("settings.json", format!("{{{}}}", lines.join(",")));
        assert_eq!(ui::SettingsStore::set(&[layer], cx).len(), 0);
    });
}

/// The settings that a test changed.
#[derive(Default)]
struct Changed(Vec<(String, String)>);

impl gpui_kit::Global for Changed {}

/// Opens `file` with the text and carets of marked text, focused, in a window of 800 × 600.
pub fn open(cx: &mut TestAppContext, file: &str, marked_text: &str) -> Editor {
    open_marked(cx, file, marked_text, |fs| {
        Workspace::new(PathBuf::from(ROOT), fs)
    })
}

/// The same, for somebody who makes an edit a second.
pub fn open_slowly(cx: &mut TestAppContext, file: &str, marked_text: &str) -> Editor {
    let seconds = AtomicU64::new(0);
    let clock = move || Duration::from_secs(seconds.fetch_add(1, Ordering::Relaxed));
    open_with_clock(cx, file, marked_text, clock)
}

/// The same, for somebody with a clock of their own.
pub fn open_with_clock<M: Into<Moment> + 'static>(
    cx: &mut TestAppContext,
    file: &str,
    marked_text: &str,
    clock: impl Fn() -> M + Send + 'static,
) -> Editor {
    open_marked(cx, file, marked_text, |fs| {
        Workspace::with_clock(PathBuf::from(ROOT), fs, clock)
    })
}

fn open_marked(
    cx: &mut TestAppContext,
    file: &str,
    marked_text: &str,
    workspace: impl FnOnce(Arc<FakeFs>) -> Workspace,
) -> Editor {
    let (text, selections) = marked::parse(marked_text).unwrap();
    let path = Path::new(ROOT).join(file);
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, text.to_string().as_bytes());
    let editor = open_in(cx, workspace(fs.clone()), fs, path);
    editor
        .view
        .update(cx, |view, cx| view.select(selections, cx));
    editor
}

/// Opens a file that is there, focused.
pub fn open_file(cx: &mut TestAppContext, fs: Arc<FakeFs>, path: PathBuf) -> Editor {
    let workspace = Workspace::new(PathBuf::from(ROOT), fs.clone());
    open_in(cx, workspace, fs, path)
}

/// Opens a file of a workspace, focused.
pub fn open_in(
    cx: &mut TestAppContext,
    mut workspace: Workspace,
    fs: Arc<FakeFs>,
    path: PathBuf,
) -> Editor {
    cx.update(init);
    let buffer = workspace.open_blocking(&path).unwrap();
    let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
    let bounds = Bounds {
        origin: Point::default(),
        size: size(px(800.), px(600.)),
    };
    let (window, view) = cx
        .update(|cx| {
            gpui_kit::open_window(
                WindowOptions {
                    window_bounds: Some(WindowBounds::Windowed(bounds)),
                    ..WindowOptions::default()
                },
                cx,
                |window, cx| cx.new(|cx| EditorView::new(buffer, model.clone(), window, cx)),
            )
        })
        .unwrap();
    let editor = Editor {
        window,
        view,
        model,
        fs,
        buffer,
        path,
    };
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let focus = gpui_kit::Focusable::focus_handle(&editor.view, cx);
        window.focus(&focus, cx);
        window.render_frame(cx);
    });
    editor
}

impl Editor {
    pub fn update<R>(
        &self,
        cx: &mut TestAppContext,
        change: impl FnOnce(&mut Window, &mut App) -> R,
    ) -> R {
        cx.update_window(self.window, |_, window, cx| change(window, cx))
            .unwrap()
    }

    /// Presses keys, parted by spaces.
    pub fn press(&self, cx: &mut TestAppContext, keys: &str) -> &Self {
        for key in keys.split_whitespace() {
            self.update(cx, |window, cx| window.press(key, cx));
        }
        self
    }

    /// Gives the buffer the text and the view the carets of marked text.
    pub fn set(&self, cx: &mut TestAppContext, marked_text: &str) -> &Self {
        let (text, selections) = marked::parse(marked_text).unwrap();
        let (model, buffer) = (self.model.clone(), self.buffer);
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                model
                    .update(cx, |workspace| {
                        workspace.replace_text(buffer, &text.to_string())
                    })
                    .unwrap();
            });
        });
        self.view.update(cx, |view, cx| view.select(selections, cx));
        self
    }

    /// Takes settings, as the text of a settings.json.
    pub fn settings(&self, cx: &mut TestAppContext, text: &str) -> &Self {
        let layer = settings::Layer::user("settings.json", text);
        let problems = cx.update(|cx| ui::SettingsStore::set(&[layer], cx));
        assert_eq!(problems, []);
        self
    }

    /// Waits until the syntax of the text is known.
    pub async fn parsed(&self, cx: &mut TestAppContext) -> &Self {
        let (model, buffer) = (self.model.clone(), self.buffer);
        // What happened before the window was there is heard now.
        cx.update(|cx| model.update(cx, |model, cx| model.update(cx, |_| ())));
        self.wait(cx, move |_, cx| {
            let workspace = model.read(cx).workspace();
            workspace.buffer(buffer).is_some_and(|one| one.is_parsed())
        })
        .await;
        self
    }

    pub fn input(&self, cx: &mut TestAppContext, text: &str) -> &Self {
        self.update(cx, |window, cx| window.input(text, cx));
        self
    }

    /// The text with its carets.
    pub fn marked(&self, cx: &mut TestAppContext) -> String {
        cx.update(|cx| {
            let view = self.view.read(cx);
            marked::format(&view.text(cx), view.selections())
        })
    }

    /// Checks the text and the carets.
    #[track_caller]
    pub fn shows(&self, cx: &mut TestAppContext, expected: &str) -> &Self {
        assert_eq!(self.marked(cx), expected);
        self
    }

    /// Lays out a frame.
    pub fn frame(&self, cx: &mut TestAppContext) {
        self.update(cx, |window, cx| window.render_frame(cx));
    }

    /// Waits for a condition of the view.
    pub async fn wait(
        &self,
        cx: &mut TestAppContext,
        condition: impl Fn(&EditorView, &App) -> bool,
    ) {
        let view = self.view.clone();
        let limit = std::time::Duration::from_secs(10);
        cx.wait_for(self.window, limit, move |_, cx| {
            condition(view.read(cx), cx)
        })
        .await;
    }

    /// The place in the window of a row and a column of cells, in the middle of its row and a
    /// little right of its left edge.
    pub fn place(&self, cx: &mut TestAppContext, row: usize, column: usize) -> Point<Pixels> {
        cx.update(|cx| {
            let (origin, cell) = self.view.read(cx).text_origin().unwrap();
            origin
                + point(
                    cell.width * (column as f32 + 0.2),
                    cell.height * (row as f32 + 0.5),
                )
        })
    }
}
