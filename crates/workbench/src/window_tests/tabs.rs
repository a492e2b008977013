//! Tabs: opening, closing, moving, and what is asked before changes are lost.

use super::Scene;
use editor_core::Text;
use fs::{KilnPaths, RealFs};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{MouseButton, Role, TestAppContext, px};
use std::sync::Arc;
use ui::{Item as _, OpenTarget};

#[gpui_kit::test]
fn files_open_in_tabs_and_close_again(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    assert_eq!(scene.tabs(), ["README.md", "main.rs*"]);
    scene.press("ctrl-pageup");
    assert_eq!(scene.tabs(), ["README.md*", "main.rs"]);
    scene.press("ctrl-w");
    assert_eq!(scene.tabs(), ["main.rs*"], "the other tab stays");
    scene.press("ctrl-w");
    assert!(scene.tabs().is_empty());
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 0, "the last tab of a buffer closes it");
}

#[gpui_kit::test]
fn a_file_that_was_opened_as_text_comes_back_as_text(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.root.join("cut.log");
    std::fs::write(&path, b"one\n\0\0\0two\n").unwrap();
    scene.model.clone().update(scene.cx, |model, _| {
        model.read_path_in(path.clone(), fs::TextEncoding::UTF_8);
    });
    scene.open_file("cut.log");
    for _ in 0..2 {
        assert_eq!(scene.tabs(), ["cut.log*"]);
        let text = scene.model.read_with(scene.cx, |model, _| {
            let workspace = model.workspace();
            let id = workspace.buffer_for_path(&path).unwrap();
            workspace.buffer(id).unwrap().text().to_string()
        });
        assert_eq!(text, "one\n\0\0\0two\n");
        scene.reopen();
    }
}

/// What the row of a change asks to be shown.
fn read(scene: &mut Scene<'_>, name: &str, text: &str, before: Option<&str>) {
    let read = ui::TextToRead {
        of: scene.root.join("src/list.txt"),
        name: name.to_owned(),
        text: Text::new(text),
        before: before.map(Text::new),
        at_end: false,
    };
    scene.with(|window, cx| ui::read_text(read, window, cx));
    scene.settle();
}

#[gpui_kit::test]
fn a_text_that_is_no_file_is_read_in_a_tab_beside_what_it_takes_the_place_of(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let shown = |scene: &mut Scene<'_>| {
        let item = scene.view();
        item.read_with(scene.cx, |item, cx| {
            let workspace = item.model.read(cx).workspace();
            let text = workspace.buffer(item.buffer).unwrap().text().to_string();
            let compared = item.compared.as_ref();
            (text, compared.map(ToString::to_string))
        })
    };
    let text = |one: &str, other: &str| (one.to_owned(), Some(other.to_owned()));
    read(&mut scene, "list.txt (change)", "one\ntwo\n", Some("one\n"));
    assert_eq!(scene.tabs(), ["README.md", "list.txt (change)*"]);
    assert_eq!(shown(&mut scene), text("one\ntwo\n", "one\n"));
    // Once more, and another change of the same file.
    for (new, old) in [("one\ntwo\n", "one\n"), ("three\n", "two\n")] {
        scene.press("ctrl-pageup");
        read(&mut scene, "list.txt (change)", new, Some(old));
        assert_eq!(scene.tabs(), ["README.md", "list.txt (change)*"]);
        assert_eq!(shown(&mut scene), text(new, old));
    }
    // Nothing that it does not take the place of is compared with it.
    read(&mut scene, "list.txt (new file)", "one\n", None);
    assert_eq!(scene.tabs().len(), 3);
    assert_eq!(shown(&mut scene), ("one\n".to_owned(), None));
}

#[gpui_kit::test]
fn a_text_that_is_only_shown_closes_without_a_question(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    for text in ["one\n", "two\n"] {
        read(&mut scene, "list.txt (change)", text, Some("none\n"));
    }
    assert!(!scene.shows("list.txt (change), unsaved changes"));
    scene.press("ctrl-w");
    assert!(scene.tabs().is_empty());
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 0);
    // It is made anew, and no tab of it comes back another time.
    read(&mut scene, "list.txt (change)", "two\n", None);
    assert_eq!(scene.tabs(), ["list.txt (change)*"]);
}

#[gpui_kit::test(iterations = 12)]
fn a_file_that_arrives_late_stays_behind_what_was_asked_for_since(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let root = scene.root.clone();
    scene.with(|window, cx| {
        // Nothing is read in between, so that either may be there first.
        for path in ["src/store/memory.rs", "src/main.rs"] {
            let path = root.join(path);
            ui::open_path(ui::OpenTarget::new(path), window, cx);
        }
    });
    scene.settle();
    let tabs = scene.tabs();
    assert!(tabs.contains(&"main.rs*".to_owned()), "{tabs:?}");
    assert_eq!(tabs.len(), 3);
}

#[gpui_kit::test]
fn the_tree_follows_the_file_that_is_edited(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let selected = |scene: &mut Scene<'_>| {
        scene.with(|window, _| {
            let rows = window.elements();
            let mut rows = rows
                .iter()
                .filter(|element| element.role() == Some(gpui_kit::Role::TreeItem));
            let row = rows.find(|element| element.selected() == Some(true))?;
            row.label().map(str::to_owned)
        })
    };
    scene.open_file("src/store/memory.rs");
    assert_eq!(selected(&mut scene).as_deref(), Some("memory.rs"));
    // One in a folder that is not opened for it is not taken for the one before.
    let hidden = scene.root.join(".kiro/specs/due-dates");
    std::fs::create_dir_all(&hidden).unwrap();
    std::fs::write(hidden.join("tasks.md"), "# Tasks\n").unwrap();
    scene.open_file(".kiro/specs/due-dates/tasks.md");
    assert_eq!(selected(&mut scene), None);
    scene.press("ctrl-pageup");
    assert_eq!(selected(&mut scene).as_deref(), Some("memory.rs"));
}

#[gpui_kit::test]
fn a_tab_is_dragged_to_another_place(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    let (from, to) = (scene.tab_center("main.rs"), scene.tab_center("README.md"));
    scene.with(|window, cx| window.drag(from, to, cx));
    scene.settle();
    assert_eq!(scene.tabs(), ["main.rs*", "README.md"]);
}

#[gpui_kit::test]
fn a_press_on_the_tab_in_front_gives_its_item_the_keyboard(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let item = scene.with(|window, cx| window.focused(cx)).unwrap();
    scene.press("ctrl-shift-e");
    assert!(!scene.with(|window, _| item.is_focused(window)));
    let tab = scene.tab_center("README.md");
    scene.with(|window, cx| {
        window.pointer_move(tab, None, cx);
        window.pointer_down(tab, MouseButton::Left, cx);
        window.pointer_up(tab, MouseButton::Left, cx);
    });
    scene.settle();
    assert!(scene.with(|window, _| item.is_focused(window)));
}

#[gpui_kit::test]
fn the_close_button_of_a_tab_closes_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.click("Close tab");
    assert!(scene.tabs().is_empty());
}

#[gpui_kit::test]
fn closing_a_changed_file_asks_first(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    assert!(scene.shows("README.md, unsaved changes"));

    scene.press("ctrl-w");
    assert!(scene.shows("Save changes to README.md?"));
    scene.click("Cancel");
    assert!(
        scene.shows("README.md, unsaved changes"),
        "cancel keeps the tab"
    );

    scene.press("ctrl-w");
    scene.click("Save");
    assert_eq!(scene.on_disk("README.md"), "changed\n");
    assert!(!scene.shows("README.md, unsaved changes"));

    scene.open_file("src/main.rs");
    scene.dirty("src/main.rs");
    scene.press("ctrl-w");
    scene.click("Don\u{2019}t Save");
    assert_eq!(scene.on_disk("src/main.rs"), "fn main() {}\n");
    let open = scene
        .model
        .read_with(scene.cx, |model, _| model.workspace().buffers().count());
    assert_eq!(open, 0);
}

#[gpui_kit::test]
fn one_of_two_views_closes_without_a_question(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.press("ctrl-\\");
    let tabs = scene.with(|window, _| window.find_all_by_label("README.md, unsaved changes").len());
    assert_eq!(tabs, 2, "the split shows the same buffer");
    scene.press("ctrl-w");
    assert!(!scene.shows("Save changes to README.md?"));
    assert!(scene.shows("README.md, unsaved changes"));
}

/// Where the tabs of README.md are: the columns and rows of their groups, from the left and the top.
fn places(scene: &mut Scene<'_>) -> Vec<(usize, usize)> {
    let corners: Vec<_> = scene.with(|window, _| {
        let tabs = window.find_all_by_label("README.md, unsaved changes");
        let tabs = tabs
            .iter()
            .filter(|tab| tab.role() == Some(gpui_kit::Role::Tab));
        let corner = |x: gpui_kit::Pixels| f32::from(x) as usize;
        tabs.map(|tab| (corner(tab.bounds().left()), corner(tab.bounds().top())))
            .collect()
    });
    let rank = |all: &mut Vec<usize>, one: usize| {
        all.sort_unstable();
        all.dedup();
        all.iter().position(|known| *known == one).unwrap()
    };
    let (mut lefts, mut tops): (Vec<_>, Vec<_>) = corners.iter().copied().unzip();
    let mut places: Vec<_> = corners
        .iter()
        .map(|(left, top)| (rank(&mut lefts, *left), rank(&mut tops, *top)))
        .collect();
    places.sort_unstable();
    places
}

#[gpui_kit::test]
fn groups_stand_side_by_side_and_below_each_other(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.dirty("README.md");
    scene.run("workbench.action.splitEditorDown");
    assert_eq!(places(&mut scene), [(0, 0), (0, 1)]);
    // The lower one is split, within its own place.
    scene.press("ctrl-\\");
    assert_eq!(places(&mut scene), [(0, 0), (0, 1), (1, 1)]);
    scene.press("ctrl-k ctrl-\\");
    assert_eq!(places(&mut scene), [(0, 0), (0, 1), (1, 1), (1, 2)]);
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let grid = store.load(&scene.root).value.grid;
    assert_eq!(grid.map(|grid| grid.groups()), Some(vec![0, 1, 2, 3]));

    scene.reopen();
    scene.dirty("README.md");
    assert_eq!(places(&mut scene), [(0, 0), (0, 1), (1, 1), (1, 2)]);

    // Where the upper one goes, those below it have the whole area.
    scene.run("workbench.action.focusNextGroup");
    scene.press("ctrl-w");
    assert_eq!(places(&mut scene), [(0, 0), (1, 0), (1, 1)]);
}

#[gpui_kit::test]
fn the_view_with_the_keyboard_is_the_one_that_commands_are_for(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    // Only then it is told who has the keyboard.
    scene.activate_again();
    scene.open_file("README.md");
    let left = scene.with(|window, cx| window.focused(cx)).unwrap();
    scene.press("ctrl-\\");
    scene.open_file("src/main.rs");
    scene.press("ctrl-pageup ctrl-w");
    assert_eq!(scene.tabs(), ["README.md*", "main.rs*"]);
    let right = scene.with(|window, cx| window.focused(cx)).unwrap();
    let in_front = |scene: &mut Scene<'_>| {
        let item = scene.view();
        item.read_with(scene.cx, |item, cx| item.tab_title(cx).to_string())
    };
    // Without a press of the mouse, as what is dropped on a view does.
    for (focus, title) in [
        (&left, "README.md"),
        (&right, "main.rs"),
        (&left, "README.md"),
    ] {
        scene.with(|window, cx| focus.focus(window, cx));
        scene.settle();
        assert_eq!(in_front(&mut scene), title);
    }
    scene.press("ctrl-w");
    assert_eq!(scene.tabs(), ["main.rs*"]);
}

#[gpui_kit::test]
fn the_tab_in_front_is_in_sight_in_the_first_frame(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let names: Vec<String> = (0..30).map(|at| format!("a_long_name_{at}.txt")).collect();
    for name in &names {
        std::fs::write(scene.root.join(name), "").unwrap();
        scene.open_file(name);
    }
    // How far a tab sticks out of what is between the file tree and the buttons of the strip.
    let sticks_out = |scene: &mut Scene, label: &str| {
        scene.with(|window, _| {
            let tabs = window.find_all_by_label(label);
            let tab = tabs.iter().find(|tab| tab.role() == Some(Role::Tab));
            let tab = tab.unwrap().bounds();
            let group = window.find_all_by_label("Editor group 1")[0].bounds();
            let split = window.find_all_by_label("Split right")[0].bounds();
            let left = group.left() - tab.left();
            left.max(tab.right() - split.left()).max(px(0.))
        })
    };
    let (first, last) = (&names[0], &names[29]);
    assert_eq!(sticks_out(&mut scene, last), px(0.));
    assert!(sticks_out(&mut scene, first) > px(0.));
    // One frame and no more.
    for name in [first, last] {
        let target = OpenTarget::new(scene.root.join(name));
        scene.with(|window, cx| ui::open_path(target, window, cx));
        scene.with(|window, cx| window.render_frame(cx));
        assert_eq!(sticks_out(&mut scene, name), px(0.), "{name}");
    }
    scene.reopen_now(|store, root| store.remembered(Some(root)));
    scene.with(|window, cx| window.render_frame(cx));
    while scene.tabs().is_empty() {
        assert!(scene.cx.executor().tick(), "no tab came");
        scene.with(|window, cx| window.render_frame(cx));
    }
    assert_eq!(sticks_out(&mut scene, last), px(0.), "after a start");
}
