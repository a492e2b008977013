//! A question has the window to itself until it is answered.

use super::{PlainItem, Scene};
use gpui_kit::test::TestQueryExt as _;
use gpui_kit::{Entity, Focusable as _, TestAppContext};

const QUESTION: &str = "Save changes to README.md?";

/// A window that asks about the changes of a file.
fn asking(cx: &mut TestAppContext) -> Scene<'_> {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-w");
    assert!(scene.shows(QUESTION));
    scene
}

fn has_keyboard(scene: &mut Scene, view: &Entity<PlainItem>) -> bool {
    scene.with(|window, cx| view.focus_handle(cx).is_focused(window))
}

#[gpui_kit::test]
fn no_command_runs_under_a_question(cx: &mut TestAppContext) {
    let mut scene = asking(cx);
    let tabs = scene.tabs();
    for key in ["ctrl-n", "ctrl-w", "ctrl-shift-p", "ctrl-p", "ctrl-n"] {
        scene.press(key);
        assert!(scene.shows(QUESTION), "{key}");
        assert_eq!(scene.tabs(), tabs, "{key}");
    }
    for command in ["workspace.newFile", "workbench.about"] {
        scene.run(command);
        assert!(scene.shows(QUESTION), "{command}");
        assert_eq!(scene.tabs(), tabs, "{command}");
    }
    scene.press("escape");
    assert!(!scene.shows(QUESTION));
    assert_eq!(scene.tabs(), tabs);
    let view = scene.view();
    assert!(has_keyboard(&mut scene, &view));
    // The window hears its keys again.
    scene.press("ctrl-n");
    assert_eq!(scene.tabs().len(), tabs.len() + 1);
}

#[gpui_kit::test]
fn a_file_that_opens_under_a_question_has_the_keyboard_after_it(cx: &mut TestAppContext) {
    let mut scene = asking(cx);
    scene.open_file("src/main.rs");
    let view = scene.view();
    assert!(!has_keyboard(&mut scene, &view), "the question has it");
    scene.press("escape");
    assert!(!scene.shows(QUESTION));
    assert!(has_keyboard(&mut scene, &view));
    assert!(scene.shows("README.md, unsaved changes"));
}

#[gpui_kit::test]
fn a_second_question_waits_for_the_first(cx: &mut TestAppContext) {
    let mut scene = asking(cx);
    let other = scene.root.parent().unwrap().join("other");
    std::fs::create_dir(&other).unwrap();
    // As after a folder was chosen in the system's dialog.
    let workbench = scene.workbench.clone();
    scene.with(|window, cx| {
        workbench.update(cx, |workbench, cx| {
            workbench.switch_folder(other.clone(), window, cx);
        });
    });
    scene.settle();
    let questions = |scene: &mut Scene| {
        scene.with(|window, _| window.find_all_by_role(gpui_kit::Role::Dialog).len())
    };
    assert_eq!(questions(&mut scene), 1);
    scene.press("escape");
    assert_eq!(questions(&mut scene), 1, "the second comes");
    assert!(scene.host.opened.borrow().is_empty());
    scene.click("Don\u{2019}t Save");
    assert_eq!(*scene.host.opened.borrow(), [other]);
}

#[gpui_kit::test]
fn quitting_leaves_a_question_in_front(cx: &mut TestAppContext) {
    let mut scene = asking(cx);
    scene.run("workbench.action.quit");
    scene.run("workbench.action.quit");
    assert!(scene.shows(QUESTION));
    scene.press("escape");
    assert!(!scene.shows(QUESTION), "it was asked once");
    scene.run("workbench.action.quit");
    assert!(scene.shows(QUESTION), "now it is asked by quitting");
}
