//! Unsaved texts that take long to come back after a crash: their tabs are there at once.

use super::{KeepsUnsaved, Scene};
use editor_core::{Selections, editing};
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{MouseButton, TestAppContext, VisualTestContext};
use ui::Commands;
use workspace::BufferId;

/// A text that is read apart from the others.
fn huge() -> String {
    "0123456789abcde\n".repeat(5 << 16)
}

/// A window that keeps unsaved text, with a huge file in its folder.
fn scene(cx: &mut TestAppContext) -> Scene<'_> {
    let mut scene = Scene::new(cx);
    std::fs::write(scene.root.join("huge.txt"), huge()).unwrap();
    scene.with(|_, cx| cx.set_global(KeepsUnsaved));
    scene.reopen();
    scene
}

fn insert(scene: &mut Scene, id: BufferId, typed: &str) {
    scene.model.clone().update(scene.cx, |model, cx| {
        let text = model.workspace().buffer(id).unwrap().text().clone();
        let edit = editing::insert_text(&text, &Selections::caret(0), typed);
        model.edit(id, edit, cx).unwrap();
    });
    scene.settle();
}

/// Opens files and types into them, and lets the window keep that.
fn type_into(scene: &mut Scene, files: &[&str]) {
    for file in files {
        scene.open_file(file);
        let id = buffer(scene, file).unwrap();
        insert(scene, id, "typed ");
    }
}

fn buffer(scene: &mut Scene, file: &str) -> Option<BufferId> {
    let path = scene.root.join(file);
    let find = |workspace: &workspace::Workspace| workspace.buffer_for_path(&path);
    scene
        .model
        .read_with(scene.cx, |model, _| find(model.workspace()))
}

/// What a buffer begins with.
fn beginning(scene: &mut Scene, id: BufferId) -> String {
    scene.model.read_with(scene.cx, |model, _| {
        let text = model.workspace().buffer(id).unwrap().text();
        text.slice(0..12).into_owned()
    })
}

#[gpui_kit::test]
fn tabs_come_back_before_huge_unsaved_texts_which_come_in_their_places(cx: &mut TestAppContext) {
    let mut scene = scene(cx);
    type_into(&mut scene, &["README.md", "huge.txt"]);
    scene.run("workspace.newFile");
    let untitled = scene.model.read_with(scene.cx, |model, _| {
        let mut buffers = model.workspace().buffers();
        buffers.find(|buffer| buffer.path().is_none()).unwrap().id()
    });
    insert(&mut scene, untitled, &format!("untitled {}", huge()));
    scene.open_file("src/main.rs");
    let before = scene.tabs();
    scene.crash();
    let at_once = [
        "README.md",
        "huge.txt, unsaved changes",
        "Untitled-1, unsaved changes",
        "main.rs*",
    ];
    assert_eq!(scene.tabs(), at_once);
    let told =
        "Your unsaved edits to 2 files come back as soon as they are read: huge.txt, Untitled-1.";
    let notices = scene.with(|window, cx| ui::shown_notices(window, cx));
    assert!(notices.iter().any(|notice| notice == told), "{notices:?}");
    let readme = buffer(&mut scene, "README.md").unwrap();
    assert_eq!(beginning(&mut scene, readme), "typed # Proj");
    assert_eq!(buffer(&mut scene, "huge.txt"), None, "it is not read yet");
    // What is new meanwhile takes no name of theirs.
    scene.with(|window, cx| Commands::run("workspace.newFile", window, cx));
    assert!(
        scene.tabs().contains(&"Untitled-2*".to_owned()),
        "{:?}",
        scene.tabs()
    );
    scene.with(|window, cx| Commands::run("workbench.closeTab", window, cx));
    assert_eq!(scene.tabs(), at_once);
    // They have the keyboard like others, and what is typed waits.
    press_tab(&mut scene, "huge.txt, unsaved changes");
    scene.with(|window, cx| window.press("x", cx));
    assert_eq!(
        scene.tabs()[1],
        "huge.txt, unsaved changes*",
        "it waits for a key"
    );
    scene.settle();
    assert_eq!(
        scene
            .view()
            .read_with(scene.cx, |view, _| view.typed.clone()),
        "x"
    );
    scene.press("ctrl-3 ctrl-4");
    let id = buffer(&mut scene, "huge.txt").unwrap();
    assert_eq!(beginning(&mut scene, id), "typed 012345");
    scene.open_file("src/main.rs");
    assert_eq!(scene.tabs(), before);
    let untitled = scene.model.read_with(scene.cx, |model, _| {
        let buffers = model.workspace().buffers();
        let untitled = buffers.filter(|buffer| buffer.path().is_none());
        untitled.map(|buffer| buffer.id()).collect::<Vec<_>>()
    });
    assert_eq!(untitled.len(), 1);
    assert_eq!(beginning(&mut scene, untitled[0]), "untitled 012");
}

/// Goes to a tab, and runs nothing of what follows.
fn press_tab(scene: &mut Scene, label: &str) {
    let center = scene.tab_center(label);
    scene.with(|window, cx| {
        window.pointer_move(center, None, cx);
        window.pointer_down(center, MouseButton::Left, cx);
        window.pointer_up(center, MouseButton::Left, cx);
        window.render_frame(cx);
    });
}

/// Goes to a tab and closes it, and runs nothing of what follows.
fn close_tab(scene: &mut Scene, label: &str) {
    press_tab(scene, label);
    scene.with(|window, cx| Commands::run("workbench.closeTab", window, cx));
}

#[gpui_kit::test]
fn a_tab_that_is_closed_before_its_unsaved_text_is_back_loses_nothing(cx: &mut TestAppContext) {
    let mut scene = scene(cx);
    type_into(&mut scene, &["huge.txt"]);
    scene.open_file("README.md");
    scene.crash();
    assert_eq!(scene.tabs(), ["huge.txt, unsaved changes", "README.md*"]);
    close_tab(&mut scene, "huge.txt, unsaved changes");
    let told = "Your unsaved edits to huge.txt stay kept: they come back when you open it again, or \
                at the next start.";
    let notices = scene.with(|window, cx| ui::shown_notices(window, cx));
    assert!(notices.iter().any(|notice| *notice == told), "{notices:?}");
    scene.settle();
    assert_eq!(scene.tabs(), ["README.md*"]);
    assert_eq!(buffer(&mut scene, "huge.txt"), None);

    // At the next start it has a tab again, and the window closes without a question.
    scene.crash();
    assert_eq!(scene.tabs(), ["README.md*", "huge.txt, unsaved changes"]);
    assert!(VisualTestContext::from_window(scene.window, scene.cx).simulate_close());

    scene.crash();
    close_tab(&mut scene, "huge.txt, unsaved changes");
    scene.settle();
    scene.open_file("huge.txt");
    let id = buffer(&mut scene, "huge.txt").unwrap();
    assert_eq!(beginning(&mut scene, id), "typed 012345");
    assert_eq!(scene.tabs(), ["README.md", "huge.txt, unsaved changes*"]);
}

#[gpui_kit::test]
fn the_huge_text_of_the_tab_in_front_is_read_before_the_others(cx: &mut TestAppContext) {
    let mut scene = scene(cx);
    std::fs::write(scene.root.join("second.txt"), huge()).unwrap();
    type_into(&mut scene, &["huge.txt", "second.txt"]);
    scene.crash();
    let coming = |scene: &mut Scene| {
        scene.model.read_with(scene.cx, |model, _| {
            let texts = model.coming_texts().map(ui::ComingText::title);
            texts.collect::<Vec<_>>()
        })
    };
    assert_eq!(coming(&mut scene).len(), 2);
    while coming(&mut scene).len() == 2 {
        assert!(scene.cx.executor().tick(), "nothing comes back");
    }
    assert_eq!(coming(&mut scene), ["huge.txt"]);
    scene.settle();
    assert!(coming(&mut scene).is_empty());
}
