//! Files that are dropped: from the tree on a group or between its tabs, and from other programs on
//! a group or the tree.

use super::Scene;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    ExternalPaths, FileDropEvent, InputEvent as _, Pixels, Point, TestAppContext,
    VisualTestContext, point, px,
};
use std::path::PathBuf;
use ui::ItemEvent;

impl Scene<'_> {
    /// The middle of what is labelled so in the tree, or elsewhere.
    fn place(&mut self, label: &str) -> Point<Pixels> {
        self.with(|window, _| {
            let found = window.find_all_by_label(label).into_iter();
            let mut found = found.filter(|element| element.visible());
            found.next().expect("it is shown").bounds().center()
        })
    }

    /// Carries from one place to another and lets go.
    fn carry(&mut self, from: Point<Pixels>, to: Point<Pixels>) {
        self.with(|window, cx| window.drag(from, to, cx));
        self.settle();
    }

    /// What another program does that drags files over the window and lets go.
    fn drop_from_outside(&mut self, paths: &[PathBuf], position: Point<Pixels>) {
        self.drop_alone(paths, position);
        self.settle();
    }

    /// Drops, and runs nothing of what follows.
    fn drop_alone(&mut self, paths: &[PathBuf], position: Point<Pixels>) {
        let paths = ExternalPaths(paths.iter().cloned().collect());
        for event in [
            FileDropEvent::Entered { position, paths },
            FileDropEvent::Pending { position },
            FileDropEvent::Submit { position },
        ] {
            self.with(|window, cx| {
                window.dispatch_event(event.to_platform_input(), cx);
                window.render_frame(cx);
            });
        }
    }

    /// Ends the copy that is shown by the command of the tree.
    fn cancel_copying(&mut self) {
        let files = self.workbench.read_with(self.cx, |workbench, cx| {
            workbench.panels().next().unwrap().focus_handle(cx)
        });
        self.with(|window, cx| {
            files.focus(window, cx);
            window.render_frame(cx);
            assert!(ui::Commands::run("files.cancelCopying", window, cx));
        });
        self.settle();
    }

    /// A file outside the folder.
    fn outside(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

const OVER_TEXT: Point<Pixels> = point(px(700.), px(400.));

#[gpui_kit::test]
fn a_file_of_the_tree_is_opened_where_it_is_dropped(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    let file = scene.place("README.md");
    scene.carry(file, OVER_TEXT);
    assert_eq!(scene.tabs(), ["main.rs", "README.md*"]);
    // It has a tab: that comes to the front.
    scene.open_file("src/main.rs");
    scene.carry(file, OVER_TEXT);
    assert_eq!(scene.tabs(), ["main.rs", "README.md*"]);
}

#[gpui_kit::test]
fn a_file_is_opened_before_the_tab_that_it_is_dropped_on(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    scene.open_file("src/store/memory.rs");
    let (file, tab) = (scene.place("README.md"), scene.tab_center("main.rs"));
    scene.carry(file, tab);
    assert_eq!(scene.tabs(), ["README.md*", "main.rs", "memory.rs"]);
}

#[gpui_kit::test]
fn a_file_of_another_program_is_opened_in_the_group(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    let notes = scene.outside("notes/a.txt", "one\n");
    scene.drop_from_outside(std::slice::from_ref(&notes), OVER_TEXT);
    assert_eq!(scene.tabs(), ["main.rs", "a.txt*"]);
    assert_eq!(std::fs::read_to_string(notes).unwrap(), "one\n");
}

#[gpui_kit::test]
fn files_of_another_program_are_copied_into_the_folder_of_the_tree(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let notes = scene.outside("notes/a.txt", "one\n");
    scene.outside("notes/deep/b.txt", "two\n");
    let (folder, row) = (notes.parent().unwrap().to_path_buf(), scene.place("src"));
    scene.drop_from_outside(&[notes.clone(), folder], row);
    assert_eq!(scene.on_disk("src/a.txt"), "one\n");
    assert_eq!(scene.on_disk("src/notes/a.txt"), "one\n");
    assert_eq!(scene.on_disk("src/notes/deep/b.txt"), "two\n");
    assert!(notes.exists(), "it is copied, not moved");
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test]
fn a_copy_says_how_far_it_is_and_can_be_cancelled(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let notes = scene.outside("notes/a.txt", "one\n");
    let taken = scene.outside("README.md", "another\n");
    let row = scene.place("README.md");
    let folder = notes.parent().unwrap().to_path_buf();
    scene.drop_from_outside(&[folder, taken], row);
    // It takes as long as nobody answers.
    assert!(scene.shows("README.md exists already"));
    assert!(scene.shows("Copying 2 files and folders: 1 file"));
    scene.cancel_copying();
    assert!(scene.shows("Cancelling the copy of 2 files and folders\u{2026}"));
    scene.click("Keep Both");
    assert!(!scene.root.join("README copy.md").exists());
    assert_eq!(scene.on_disk("notes/a.txt"), "one\n");
    assert!(!scene.shows("Cancelling the copy of 2 files and folders\u{2026}"));
}

#[gpui_kit::test]
fn one_copy_of_two_is_cancelled_at_a_time(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let row = scene.place("README.md");
    for name in ["early.txt", "late.txt"] {
        let file = scene.outside(name, "text\n");
        scene.drop_alone(&[file], row);
    }
    // Neither has run yet.
    scene.cancel_copying();
    assert!(!scene.root.join("early.txt").exists());
    assert_eq!(scene.on_disk("late.txt"), "text\n");
}

#[gpui_kit::test]
fn what_is_dropped_on_the_screen_without_tabs_is_opened(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let notes = scene.outside("notes/a.txt", "one\n");
    scene.drop_from_outside(std::slice::from_ref(&notes), OVER_TEXT);
    assert_eq!(scene.tabs(), ["a.txt*"]);
    scene.run("workbench.closeTab");
    let folder = notes.parent().unwrap().to_path_buf();
    scene.drop_from_outside(std::slice::from_ref(&folder), OVER_TEXT);
    assert_eq!(*scene.host.opened.borrow(), [folder]);
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test]
fn a_name_that_is_taken_is_asked_about(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let readme = scene.outside("README.md", "another\n");
    let before = scene.on_disk("README.md");
    // Beside a file is in its folder.
    let row = scene.place("README.md");
    scene.drop_from_outside(std::slice::from_ref(&readme), row);
    assert!(scene.shows("README.md exists already"));
    scene.click("Skip");
    assert!(!scene.root.join("README copy.md").exists());
    scene.drop_from_outside(&[readme], row);
    scene.click("Keep Both");
    assert_eq!(scene.on_disk("README.md"), before);
    assert_eq!(scene.on_disk("README copy.md"), "another\n");
}

#[gpui_kit::test]
fn commands_go_to_the_group_where_something_was_dropped(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let left = scene.view();
    scene.run("workbench.splitRight");
    scene.open_file("src/main.rs");
    assert_eq!(scene.tabs(), ["README.md*", "README.md", "main.rs*"]);
    // Another window has the input focus, as it may keep it while something is dragged.
    VisualTestContext::from_window(scene.window, scene.cx).deactivate_window();
    scene.with(|window, cx| {
        left.update(cx, |item, cx| {
            window.focus(&item.focus, cx);
            cx.emit(ItemEvent::Dropped);
        });
    });
    scene.settle();
    scene.run("workbench.closeTab");
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
}
