//! What the editor looks like, drawn offscreen: every theme shows its text, its carets and its
//! selections. With `KILN_PICTURES` set to a folder the pictures are kept there.
#![allow(missing_docs)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{Selection, Selections};
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    AnyWindowHandle, AppContext as _, Bounds, Entity, Focusable as _, HeadlessAppContext, Pixels,
    Point, Size, WindowBounds, WindowOptions, px, size,
};
use ui::{ActiveKilnTheme as _, ThemeStore, WorkspaceModel};
use workspace::Workspace;

const SOURCE: &str = include_str!("../src/scroll.rs");

fn main() {
    for theme in ["Kiln Dark", "Kiln Light", "Kiln High Contrast"] {
        let slug = theme.to_lowercase().replace(' ', "-");
        let mut scene = Scene::new(theme, "scroll.rs", SOURCE);
        let plain = scene.picture();
        scene.keep(&format!("plain-{slug}"), &plain);
        assert_shows(&mut scene, &plain);

        let find = |text: &str| SOURCE.find(text).unwrap();
        let word = find("Nearest,");
        scene.select(Selections::new(
            vec![
                Selection::new(word, word + 7),
                Selection::new(find("Bring it"), find("enter,\n}") + 7),
                Selection::caret(find("pub top") + 3),
                Selection::caret(find("pub left") + 3),
            ],
            0,
        ));
        let selected = scene.picture();
        assert!(differing(&plain, &selected) > 2000, "a selection is seen");
        scene.keep(&format!("editor-{slug}"), &selected);

        scene.select(Selections::caret(word));
        scene.press("ctrl-f");
        scene.input("view");
        let found = scene.picture();
        assert!(
            differing(&plain, &found) > 2000,
            "matches and the bar are seen"
        );
        scene.keep(&format!("find-{slug}"), &found);

        scene.press("escape");
        scene.press("ctrl-h");
        let replace = scene.picture();
        scene.keep(&format!("replace-{slug}"), &replace);
    }
    odd_characters();
    deceiving_text_is_not_hidden();
    println!("pictures: ok");
}

fn odd_characters() {
    let text = "tab\there, wide: 日本語テキスト and 한국어, emoji: 👩\u{200d}💻 🦀 e\u{301}\n\
                עברית עם English בפנים\n\
                \tif (isAdmin\u{202e}\u{2066}// check\u{2069}\u{2066}) { \u{1b}[2J }\n\
                user\u{200b}name \u{feff} \u{7f} caf\u{e9} \u{2192} \u{221e} -> != ===\n";
    let mut scene = Scene::new("Kiln Dark", "odd.txt", text);
    let picture = scene.picture();
    scene.keep("odd-characters", &picture);
}

fn deceiving_text_is_not_hidden() {
    let hidden = Scene::new("Kiln Dark", "a.txt", "admin\u{200b}\n").picture();
    let plain = Scene::new("Kiln Dark", "a.txt", "admin\n").picture();
    assert!(
        differing(&hidden, &plain) > 100,
        "a hidden character is drawn"
    );
}

/// Enough pixels of the background, of the text and of the caret's colour.
fn assert_shows(scene: &mut Scene, picture: &Picture) {
    let (background, text) = scene.cx.update(|cx| {
        let theme = cx.kiln_theme();
        (theme.editor_background.to_rgb(), theme.editor_text.to_rgb())
    });
    let near = |wanted: gpui_kit::Rgba| {
        picture
            .pixels()
            .filter(|pixel| {
                [wanted.r, wanted.g, wanted.b]
                    .iter()
                    .zip(&pixel.0)
                    .all(|(wanted, found)| (wanted * 255. - f32::from(*found)).abs() < 12.)
            })
            .count()
    };
    assert!(near(background) > 100_000, "the editor's background");
    assert!(near(text) > 100, "the editor's text");
}

type Picture = image::RgbaImage;

fn differing(left: &Picture, right: &Picture) -> usize {
    left.pixels()
        .zip(right.pixels())
        .filter(|(left, right)| left != right)
        .count()
}

struct Scene {
    cx: HeadlessAppContext,
    window: AnyWindowHandle,
    view: Entity<EditorView>,
}

impl Scene {
    fn new(theme: &str, name: &str, text: &str) -> Self {
        let mut cx = HeadlessAppContext::with_platform(
            gpui_kit::platform::current_platform(true).text_system(),
            Arc::new(ui::KilnAssets),
            gpui_kit::platform::current_headless_renderer,
        );
        cx.update(|cx| {
            common::init(cx);
            let theme = ThemeStore::get(theme, cx).expect("a bundled theme");
            ThemeStore::preview(Some(theme), cx);
        });
        let path = Path::new(common::ROOT).join(name);
        let fs = Arc::new(FakeFs::new());
        fs.insert(&path, text.as_bytes());
        let mut workspace = Workspace::new(PathBuf::from(common::ROOT), fs);
        let buffer = workspace.open_blocking(&path).unwrap();
        let parsed = workspace
            .parse_job(buffer)
            .and_then(|job| job.run(&std::sync::atomic::AtomicBool::new(false)));
        if let Some(parsed) = parsed {
            workspace.parse_finished(buffer, parsed);
        }
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let dimensions: Size<Pixels> = size(px(880.), px(620.));
        let (window, view) = cx
            .update(|cx| {
                gpui_kit::open_window(
                    WindowOptions {
                        window_bounds: Some(WindowBounds::Windowed(Bounds {
                            origin: Point::default(),
                            size: dimensions,
                        })),
                        focus: true,
                        show: false,
                        ..WindowOptions::default()
                    },
                    cx,
                    |window, cx| cx.new(|cx| EditorView::new(buffer, model, window, cx)),
                )
            })
            .unwrap();
        let mut scene = Self { cx, window, view };
        let view = scene.view.clone();
        scene.update(move |window, cx| {
            let focus = view.focus_handle(cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
        });
        scene
    }

    fn update<R>(
        &mut self,
        change: impl FnOnce(&mut gpui_kit::Window, &mut gpui_kit::App) -> R,
    ) -> R {
        self.cx
            .update_window(self.window, |_, window, cx| change(window, cx))
            .unwrap()
    }

    fn select(&mut self, selections: Selections) {
        let view = self.view.clone();
        self.cx
            .update(|cx| view.update(cx, |view, cx| view.select(selections, cx)));
    }

    fn press(&mut self, key: &str) {
        self.update(|window, cx| window.press(key, cx));
    }

    fn input(&mut self, text: &str) {
        self.update(|window, cx| window.input(text, cx));
    }

    fn picture(&mut self) -> Picture {
        self.update(|window, cx| window.render_frame(cx));
        self.cx
            .capture_screenshot(self.window)
            .expect("offscreen rendering needs a Vulkan driver; mesa-vulkan-drivers is enough")
    }

    fn keep(&self, name: &str, picture: &Picture) {
        if let Some(folder) = std::env::var_os("KILN_PICTURES") {
            let path = Path::new(&folder).join(format!("{name}.png"));
            picture.save(&path).unwrap();
        }
    }
}
