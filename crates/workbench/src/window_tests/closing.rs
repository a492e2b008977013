//! Closing one of several windows, and all of them.

use super::{Host, PaperModels, Scene, open};
use gpui_kit::{AnyWindowHandle, TestAppContext, VisualTestContext};
use std::rc::Rc;

/// A second window, on a folder of its own, with an unsaved change.
fn second_window(scene: &mut Scene) -> AnyWindowHandle {
    let root = scene.root.parent().unwrap().join("other");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("other.txt"), "other\n").unwrap();
    let (host, models) = (Rc::new(Host::default()), Rc::new(PaperModels::default()));
    let (window, _, model) = open(scene.cx, &root, &scene.home, host, models);
    let first = (
        std::mem::replace(&mut scene.window, window),
        std::mem::replace(&mut scene.model, model),
        std::mem::replace(&mut scene.root, root),
    );
    scene.settle();
    scene.open_file("other.txt");
    scene.dirty("other.txt");
    let second = scene.window;
    (scene.window, scene.model, scene.root) = first;
    second
}

/// Presses the window's close button.
fn close(window: AnyWindowHandle, scene: &mut Scene) -> bool {
    let may = VisualTestContext::from_window(window, scene.cx).simulate_close();
    scene.cx.run_until_parked();
    may
}

fn asks_about(window: AnyWindowHandle, file: &str, scene: &mut Scene) -> bool {
    let before = std::mem::replace(&mut scene.window, window);
    scene.settle();
    let asks = scene.shows(&format!("Save changes to {file}?"));
    scene.window = before;
    asks
}

#[gpui_kit::test]
fn closing_one_of_two_windows_asks_for_its_texts_and_leaves_the_other(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    let second = second_window(&mut scene);

    assert!(!close(second, &mut scene), "there is something to ask");
    assert!(asks_about(second, "other.txt", &mut scene));
    let first = scene.window;
    assert!(!asks_about(first, "README.md", &mut scene));

    scene.window = second;
    scene.click_and_close("Don\u{2019}t Save");
    scene.window = first;
    scene.settle();
    assert_eq!(scene.cx.windows(), [first], "the other window stays");
    assert!(scene.shows("README.md, unsaved changes"));
    let other = scene.root.parent().unwrap().join("other/other.txt");
    assert_eq!(std::fs::read_to_string(other).unwrap(), "other\n");
}

#[gpui_kit::test]
fn a_window_that_stays_keeps_its_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let second = second_window(&mut scene);
    assert!(!close(second, &mut scene));
    let first = std::mem::replace(&mut scene.window, second);
    scene.settle();
    scene.click("Cancel");
    assert!(scene.shows("other.txt, unsaved changes"));
    assert_eq!(scene.cx.windows().len(), 2);
    scene.window = first;
}

#[gpui_kit::test]
fn quitting_asks_in_every_window_before_any_goes(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let second = second_window(&mut scene);
    // Nothing keeps unsaved text in these windows, so that quitting asks.
    scene.run("workbench.quit");
    assert!(asks_about(second, "other.txt", &mut scene));
    let first = std::mem::replace(&mut scene.window, second);
    scene.click("Cancel");
    scene.window = first;
    assert_eq!(
        scene.cx.windows().len(),
        2,
        "a cancelled quit closes nothing"
    );
}
