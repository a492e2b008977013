//! The notices of the window: what is told, how long, and what takes it back.

use super::Scene;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{App, TestAppContext, VisualTestContext};
use std::cell::RefCell;
use std::rc::Rc;

/// How many notices there are in the corner.
pub(super) fn notices(scene: &mut Scene) -> usize {
    scene.with(|window, cx| ui::shown_notices(window, cx).len())
}

#[gpui_kit::test]
fn what_was_wrong_with_the_settings_is_taken_back_when_it_is_mended(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    let write = |scene: &mut Scene, text: &str| {
        std::fs::write(&path, text).unwrap();
        let path = path.clone();
        let model = scene.model.clone();
        model.update(scene.cx, |model, cx| model.paths_changed(vec![path], cx));
        scene.settle();
    };
    // Warnings without a button go by themselves.
    write(&mut scene, "{\"editor.fontSize\": ,}");
    assert_eq!(notices(&mut scene), 1);
    write(&mut scene, "{\"editor.fontSize\": 17}");
    assert_eq!(notices(&mut scene), 0);
}

#[gpui_kit::test]
fn a_file_that_mixes_line_endings_says_so_when_a_person_opens_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(scene.root.join("mixed.txt"), "one\r\ntwo\n").unwrap();
    let told = "mixed.txt: The file mixes LF and CRLF line endings. Lines keep what they have; new ones get LF.";
    scene.open_file("mixed.txt");
    assert!(scene.shows(told));
    scene.with(ui::dismiss_notices);
    scene.settle();
    // Once is enough, and tabs of last time are nobody's news.
    scene.run("workbench.closeTab");
    scene.open_file("mixed.txt");
    assert!(!scene.shows(told));
    scene.reopen();
    assert_eq!(scene.tabs(), ["mixed.txt*"]);
    assert!(!scene.shows(told));
}

#[gpui_kit::test]
fn the_icon_of_a_notice_stands_beside_its_first_line(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.with(|window, cx| ui::notify(ui::Severity::Info, "One line.", window, cx));
    scene.settle();
    let middle = |scene: &mut Scene, id: &str| {
        scene.with(|window, _| window.find(id.to_owned()).bounds().center().y)
    };
    assert_eq!(
        middle(&mut scene, "notice-icon"),
        middle(&mut scene, "notice")
    );
}

#[gpui_kit::test]
fn a_theme_that_was_mended_is_there_and_no_longer_told(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/themes/mine.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "{ broken").unwrap();
    scene.reopen();
    assert_eq!(notices(&mut scene), 1);
    let listed = |scene: &mut Scene| {
        scene.with(|_, cx| ui::ThemeStore::all(cx).iter().any(|one| one.name == "Mine"))
    };
    assert!(!listed(&mut scene));
    std::fs::write(&path, r#"{"name": "Mine", "type": "dark", "colors": {}}"#).unwrap();
    let model = scene.model.clone();
    model.update(scene.cx, |model, cx| model.paths_changed(vec![path], cx));
    scene.settle();
    assert_eq!(notices(&mut scene), 0);
    assert!(listed(&mut scene));
}

#[gpui_kit::test]
fn the_button_of_the_newest_notice_is_pressed_by_a_command(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let led = Rc::new(RefCell::new(Vec::new()));
    for name in ["first", "second"] {
        let led = led.clone();
        let lead = move |_: &mut gpui_kit::Window, _: &mut App| led.borrow_mut().push(name);
        let message = format!("The {name} thing is wrong");
        scene.with(|window, cx| {
            ui::notify_with_action(ui::Severity::Warning, message, "Mend it", lead, window, cx);
        });
    }
    scene.settle();
    let before = notices(&mut scene);
    scene.run("workbench.runNoticeAction");
    assert_eq!(*led.borrow(), ["second"]);
    assert_eq!(notices(&mut scene), before - 1);
    scene.run("workbench.runNoticeAction");
    assert_eq!(*led.borrow(), ["second", "first"]);
    scene.run("workbench.runNoticeAction");
    assert_eq!(led.borrow().len(), 2);
    assert!(scene.shows("No notice has a button that leads on."));
}

#[gpui_kit::test]
fn notices_are_dismissed_by_a_command(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.with(|window, cx| {
        ui::notify(ui::Severity::Error, "One thing failed", window, cx);
        ui::notify(ui::Severity::Error, "Another thing failed", window, cx);
    });
    scene.settle();
    assert_eq!(notices(&mut scene), 2);
    scene.run("workbench.dismissNotices");
    assert_eq!(notices(&mut scene), 0);
}

#[gpui_kit::test]
fn many_notices_stand_in_a_list_that_scrolls_and_tells_how_many_there_are(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let words =
        "Something failed, and the reason for it takes more than one line to tell. ".repeat(3);
    for number in 0..20 {
        let message = format!("{number}: {words}");
        scene.with(|window, cx| ui::notify(ui::Severity::Error, message, window, cx));
    }
    scene.settle();
    assert!(scene.shows("20 notices"));
    let (list, window) = scene.with(|window, _| {
        let list = window.find("notices".to_owned()).bounds();
        (list, window.viewport_size())
    });
    assert!(list.top() >= window.height * 0.4, "{list:?} of {window:?}");
    assert!(list.bottom() < window.height, "{list:?} of {window:?}");
    // The newest is in sight, and the others are reached by scrolling.
    let told = scene.with(ui_notices);
    assert!(told[0].starts_with("19: "), "{told:?}");
    assert!(scene.shows(&told[0]));
}

#[gpui_kit::test]
fn the_buttons_of_a_long_notice_are_in_sight(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let words = "A long story that a server tells before it asks. ".repeat(80);
    scene.with(|window, cx| {
        ui::notify_with_action(ui::Severity::Info, words, "Left", |_, _| {}, window, cx);
    });
    scene.settle();
    let (text, button, list) = scene.with(|window, _| {
        let bounds = |id: &str| window.find(id.to_owned()).bounds();
        (
            bounds("notice-text"),
            bounds("notice-action"),
            bounds("notices"),
        )
    });
    assert!(button.top() >= text.bottom(), "{button:?} below {text:?}");
    assert!(button.bottom() <= list.bottom(), "{button:?} in {list:?}");
}

fn ui_notices(window: &mut gpui_kit::Window, cx: &mut App) -> Vec<gpui_kit::SharedString> {
    ui::shown_notices(window, cx)
}

#[gpui_kit::test]
fn a_notice_that_is_told_again_is_shown_once_before_the_others(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    for message in ["It failed", "Another thing failed", "It failed"] {
        scene.with(|window, cx| ui::notify(ui::Severity::Error, message, window, cx));
    }
    scene.settle();
    assert_eq!(
        scene.with(ui_notices),
        ["It failed.", "Another thing failed."]
    );
    assert!(scene.shows("Told 2 times"));
}

#[gpui_kit::test]
fn a_long_notice_stays_as_long_as_it_takes_to_read(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.activate_again();
    let long = "word ".repeat(60);
    scene.with(|window, cx| {
        ui::notify(ui::Severity::Info, "Short", window, cx);
        ui::notify(ui::Severity::Info, long.clone(), window, cx);
    });
    // Three seconds each.
    scene.settle();
    scene.settle();
    assert_eq!(notices(&mut scene), 1);
    for _ in 0..5 {
        scene.settle();
    }
    assert_eq!(notices(&mut scene), 0);
}

#[gpui_kit::test]
fn a_notice_waits_for_the_person_to_come_to_its_window(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.activate_again();
    VisualTestContext::from_window(scene.window, scene.cx).deactivate_window();
    let told = "Your unsaved edits to a.txt are back.";
    scene.with(|window, cx| ui::notify(ui::Severity::Info, told, window, cx));
    for _ in 0..20 {
        scene.settle();
    }
    assert!(scene.shows(told), "nobody has seen it");
    scene.activate_again();
    assert!(scene.shows(told), "there is time to read it");
    scene.settle();
    scene.settle();
    assert!(!scene.shows(told));
}
