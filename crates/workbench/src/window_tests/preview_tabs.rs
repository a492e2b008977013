//! Files that are looked at from the tree: the keyboard stays there, and the next takes their place.

use super::Scene;
use gpui_kit::test::TestQueryExt as _;
use gpui_kit::{InputEvent as _, MouseButton, MouseDownEvent, MouseUpEvent, Role, TestAppContext};

impl Scene<'_> {
    /// Whether the keyboard is in the file tree.
    fn tree_has_keyboard(&mut self) -> bool {
        let files = self.workbench.read_with(self.cx, |workbench, _| {
            let panel = workbench.panels().find(|panel| panel.id() == "files");
            panel.unwrap().boxed_clone()
        });
        self.with(|window, cx| files.focus_handle(cx).contains_focused(window, cx))
    }

    fn double_click(&mut self, label: &str, role: Role) {
        self.with(|window, cx| {
            let rows = window.find_all_by_label(label);
            let row = rows.iter().find(|row| row.role() == Some(role)).unwrap();
            let at = row.bounds().center();
            for click_count in 1..=2 {
                let down = MouseDownEvent {
                    button: MouseButton::Left,
                    position: at,
                    click_count,
                    ..MouseDownEvent::default()
                };
                let up = MouseUpEvent {
                    button: MouseButton::Left,
                    position: at,
                    click_count,
                    ..MouseUpEvent::default()
                };
                window.dispatch_event(down.to_platform_input(), cx);
                window.dispatch_event(up.to_platform_input(), cx);
            }
        });
        self.settle();
    }
}

#[gpui_kit::test]
fn a_click_in_the_tree_shows_a_file_and_leaves_the_keyboard_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("README.md");
    assert_eq!(scene.tabs(), ["README.md, preview*"]);
    assert!(scene.tree_has_keyboard());
    // F2 is for the file, and no symbol in it.
    scene.press("f2");
    scene.write("LIESMICH.md");
    scene.press("enter");
    assert!(scene.root.join("LIESMICH.md").exists());
    assert!(!scene.root.join("README.md").exists());
    // So is Delete, which asks.
    scene.click("LIESMICH.md");
    scene.press("delete");
    assert!(scene.shows("Delete LIESMICH.md?"));
    scene.click("Cancel");
    assert!(scene.root.join("LIESMICH.md").exists());
}

#[gpui_kit::test]
fn arrows_go_on_in_the_tree_and_enter_goes_to_the_editor(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.click("main.rs");
    scene.press("down");
    assert_eq!(scene.tabs(), ["main.rs, preview*"]);
    scene.press("space");
    assert_eq!(
        scene.tabs(),
        ["README.md, preview*"],
        "it takes the place of the one before"
    );
    assert!(scene.tree_has_keyboard());
    scene.press("enter");
    assert_eq!(scene.tabs(), ["README.md*"], "it stays");
    assert!(!scene.tree_has_keyboard());
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 1, "what was looked at before is closed");
}

#[gpui_kit::test]
fn what_is_edited_or_kept_stays_when_another_file_is_looked_at(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.click("main.rs");
    scene.dirty("src/main.rs");
    let view = scene.view();
    view.update(scene.cx, |_, cx| cx.emit(ui::ItemEvent::DirtyChanged));
    scene.settle();
    scene.click("README.md");
    assert_eq!(
        scene.tabs(),
        ["main.rs, unsaved changes", "README.md, preview*"]
    );
    scene.press("ctrl-k enter");
    assert_eq!(scene.tabs(), ["main.rs, unsaved changes", "README.md*"]);

    scene.click("store");
    scene.click("memory.rs");
    scene.double_click("memory.rs, preview", Role::Tab);
    assert_eq!(scene.tabs()[2], "memory.rs*");
    assert!(!scene.tree_has_keyboard());
    // A double click in the tree lets it stay too.
    scene.press("ctrl-w");
    scene.double_click("memory.rs", Role::TreeItem);
    assert_eq!(scene.tabs()[2], "memory.rs*");
    assert!(!scene.tree_has_keyboard());
}

#[gpui_kit::test]
fn what_something_was_written_in_stays_when_another_file_is_looked_at(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.click("README.md");
    let view = scene.view();
    // Its text is as it was: what is written is an answer that is not sent.
    view.update(scene.cx, |view, cx| {
        view.has_draft = true;
        cx.emit(ui::ItemEvent::StatusChanged);
    });
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*"]);
    scene.click("main.rs");
    assert_eq!(scene.tabs(), ["README.md", "main.rs, preview*"]);
    // One that says nothing of it stays too.
    let view = scene.view();
    view.update(scene.cx, |view, _| view.has_draft = true);
    scene.click("store");
    scene.click("memory.rs");
    assert_eq!(
        scene.tabs(),
        ["README.md", "main.rs", "memory.rs, preview*"]
    );
}

#[gpui_kit::test]
fn a_file_that_was_only_looked_at_comes_back_as_that(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    scene.click("README.md");
    scene.reopen();
    assert_eq!(scene.tabs(), ["main.rs", "README.md, preview*"]);
}
