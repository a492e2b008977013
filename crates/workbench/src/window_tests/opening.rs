//! A file that takes long to read: its tab is there meanwhile.

use super::Scene;
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;
use ui::OpenTarget;

/// Asks for a file and runs what is ready until its tab is there, and no further.
fn ask_for(scene: &mut Scene, path: &str) {
    let target = OpenTarget::new(scene.root.join(path));
    scene.with(|window, cx| ui::open_path(target, window, cx));
    let before = scene.tabs().len();
    for _ in 0..10_000 {
        scene.with(|window, cx| window.render_frame(cx));
        if scene.tabs().len() > before {
            return;
        }
        assert!(scene.cx.executor().tick(), "no tab came");
    }
    panic!("no tab came");
}

fn open_buffers(scene: &mut Scene) -> usize {
    scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count())
}

#[gpui_kit::test]
fn a_tab_comes_before_its_file_is_read(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    ask_for(&mut scene, "src/main.rs");
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    assert_eq!(open_buffers(&mut scene), 1, "it is not read yet");

    // After a moment it says so.
    let main = scene.root.join("src/main.rs");
    let progress = scene
        .model
        .read_with(scene.cx, |model, _| model.opening(&main))
        .unwrap();
    assert!(!progress.is_cancelled());
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    assert_eq!(open_buffers(&mut scene), 2);
    assert!(!scene.shows("Opening main.rs\u{2026}"));
}

#[gpui_kit::test(iterations = 8)]
fn closing_the_tab_ends_the_reading(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    ask_for(&mut scene, "src/main.rs");
    let main = scene.root.join("src/main.rs");
    let progress = scene
        .model
        .read_with(scene.cx, |model, _| model.opening(&main))
        .unwrap();
    scene.with(|window, cx| ui::Commands::run("workbench.closeTab", window, cx));
    scene.settle();
    assert!(scene.tabs().is_empty());
    assert!(progress.is_cancelled());
    assert_eq!(open_buffers(&mut scene), 0);
}

#[gpui_kit::test]
fn a_file_that_is_slow_stays_behind_the_tab_that_was_turned_to(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    ask_for(&mut scene, "src/main.rs");
    scene.with(|window, cx| ui::Commands::run("workbench.previousTab", window, cx));
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*", "main.rs"]);
    assert_eq!(open_buffers(&mut scene), 2);
}
