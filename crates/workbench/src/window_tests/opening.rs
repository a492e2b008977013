//! A file that takes long to read: its tab is there meanwhile.

use super::Scene;
use crate::opening_item::OpeningItem;
use fs::LoadProgress;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{AppContext as _, Task, TestAppContext};
use std::sync::Arc;
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

#[gpui_kit::test]
fn a_slow_file_says_how_far_it_is_and_can_be_given_up(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let progress = Arc::new(LoadProgress::at(13_000_000, 202_000_000));
    let target = OpenTarget::new(scene.root.join("big.txt"));
    let workbench = scene.workbench.clone();
    scene.with(|window, cx| {
        let item = cx.new(|cx| OpeningItem::new(target, cx));
        item.update(cx, |item, _| {
            item.hold(Task::ready(()), Some(progress.clone()));
        });
        workbench.update(cx, |workbench, cx| {
            workbench.show_item(Box::new(item), window, cx);
        });
        window.render_frame(cx);
    });
    assert_eq!(scene.tabs(), ["README.md", "big.txt*"]);
    scene.settle();
    assert!(scene.shows("Opening big.txt\u{2026}"));
    assert!(scene.shows("13 MB of 202 MB"), "its bar says it");
    scene.click("Cancel");
    assert_eq!(scene.tabs(), ["README.md*"]);
}
