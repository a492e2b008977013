//! Closing the window, and opening others.

use super::Scene;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{TestAppContext, VisualTestContext};

/// Presses the window's close button.
fn close(scene: &mut Scene) -> bool {
    let may = VisualTestContext::from_window(scene.window, scene.cx).simulate_close();
    scene.cx.run_until_parked();
    may
}

#[gpui_kit::test]
fn a_window_without_unsaved_text_closes_at_once(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    assert!(close(&mut scene));
}

#[gpui_kit::test]
fn a_window_that_stays_keeps_its_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    // Nothing keeps unsaved text in these windows, so that closing and quitting ask.
    for quit in [false, true] {
        match quit {
            true => scene.run("workbench.action.quit"),
            false => assert!(!close(&mut scene), "there is something to ask"),
        }
        scene.settle();
        assert!(scene.shows("Save changes to README.md?"));
        scene.click("Cancel");
        assert!(scene.shows("README.md, unsaved changes"));
        assert_eq!(scene.cx.windows().len(), 1);
    }
}

#[gpui_kit::test]
fn another_window_leaves_this_one_as_it_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-shift-n");
    let other = scene.root.parent().unwrap().join("other");
    std::fs::create_dir(&other).unwrap();
    scene.run("workbench.openFolderInNewWindow");
    scene
        .cx
        .simulate_path_prompt_response(|_| Some(vec![other.clone()]));
    scene.settle();
    assert_eq!(*scene.host.windows.borrow(), [None, Some(other)]);
    assert!(scene.host.opened.borrow().is_empty());
    assert!(
        scene.shows("README.md, unsaved changes"),
        "nothing is asked"
    );
}

#[gpui_kit::test]
fn all_answers_lie_in_their_dialog(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let modals = scene.workbench.read_with(scene.cx, |workbench, cx| {
        workbench.area().read(cx).model_and_modals().1.clone()
    });
    let answers = [
        "Take from Disk",
        "Compare",
        "Save As\u{2026}",
        "Cancel",
        "Overwrite",
    ];
    let mut question = crate::dialog::Question::new("Changed", "What is to be done?");
    for answer in answers {
        question = question.answer(answer, ui::widgets::ButtonStyle::Secondary);
    }
    let _answer = scene.with(|window, cx| crate::dialog::ask(&modals, question, window, cx));
    scene.settle();
    scene.with(|window, _| {
        let dialog = window.find("dialog").bounds();
        for answer in answers {
            let button = window.find_all_by_label(answer)[0].bounds();
            assert!(dialog.contains(&button.origin), "{answer}");
            assert!(dialog.contains(&button.bottom_right()), "{answer}");
        }
    });
}
