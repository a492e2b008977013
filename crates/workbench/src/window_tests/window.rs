//! The window: layout, pickers, the file tree, themes, the first steps, settings.

use super::Scene;
use super::notices::notices;
use crate::modal::ModalLayer;
use fs::{KilnPaths, RealFs};
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{App, AppContext as _, TestAppContext, VisualTestContext, px};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use workspace::WorkspaceEvent;

#[gpui_kit::test]
fn tabs_that_come_back_leave_the_keyboard_where_a_person_took_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    scene.reopen_now(|store, root| store.remembered(Some(root)));
    scene.press("ctrl-shift-p");
    scene.write("zo");
    scene.settle();
    assert!(scene.shows("main.rs"), "the tabs are back");
    scene.write("om in");
    scene.settle();
    assert!(
        scene.shows("View: Zoom In"),
        "what was typed before and after is one search"
    );
}

#[gpui_kit::test]
fn nothing_says_that_no_tab_is_open_while_those_of_last_time_are_to_come(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    assert!(scene.shows("Go to file"));
    let area = scene
        .workbench
        .read_with(scene.cx, |workbench, _| workbench.area().clone());
    area.update(scene.cx, |area, cx| area.await_restore(cx));
    let words = "Opening what was open last time\u{2026}";
    scene.with(|window, cx| window.render_frame(cx));
    assert!(!scene.shows("Go to file"));
    assert!(
        !scene.shows(words),
        "most are there before it could be read"
    );
    scene.settle();
    assert!(scene.shows(words) && !scene.shows("Go to file"));
    scene.open_file("README.md");
    assert!(!scene.shows(words));
    scene.reopen();
    scene.run("workbench.closeTab");
    scene.settle();
    assert!(scene.shows("Go to file"), "they came");
}

#[gpui_kit::test]
fn what_an_empty_group_offers_is_pressed(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let row = scene.with(|window, _| {
        let rows = window.find_all_by_label("All commands");
        rows[0].role()
    });
    assert_eq!(row, Some(gpui_kit::Role::Button));
    scene.click("All commands");
    scene.write("zoom in");
    assert!(scene.shows("View: Zoom In"));
}

#[gpui_kit::test]
fn a_tab_whose_file_is_gone_is_left_out_without_a_word(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    std::fs::remove_file(scene.root.join("README.md")).unwrap();
    scene.reopen();
    assert_eq!(scene.tabs(), ["main.rs*"]);
}

#[gpui_kit::test]
fn the_window_comes_back_as_it_was_left(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.open_file("README.md");
    scene.open_file("src/main.rs");
    let edge = scene.with(|window, _| window.find("left-dock-edge").bounds().center());
    scene.with(|window, cx| window.drag(edge, edge + gpui_kit::point(px(60.), px(0.)), cx));
    scene.settle();
    let width = scene.with(|window, _| window.find("left-dock").bounds().size.width);
    assert!(
        (f32::from(width) - 320.).abs() <= 2.,
        "the edge follows the pointer: {width:?}"
    );

    scene.reopen();
    assert_eq!(
        scene.with(|window, _| window.find("left-dock").bounds().size.width),
        width
    );
    assert!(scene.shows("store"), "the open folder is open again");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("main.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));

    scene.press("ctrl-b");
    assert!(
        !scene.shows("README.md") || scene.with(|window, _| window.try_find("left-dock").is_none())
    );
    scene.reopen();
    assert!(
        scene.with(|window, _| window.try_find("left-dock").is_none()),
        "it stays hidden"
    );
    scene.click("Show left dock");
    assert!(scene.with(|window, _| window.try_find("left-dock").is_some()));
}

#[gpui_kit::test]
fn a_malformed_layout_is_told_and_the_window_opens(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let layouts = scene.home.join("state/layouts");
    for entry in std::fs::read_dir(&layouts).unwrap() {
        std::fs::write(entry.unwrap().path(), "not json").unwrap();
    }
    let root = scene.root.clone();
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    assert!(
        store
            .load(&root)
            .notice
            .is_some_and(|notice| notice.contains("malformed"))
    );
    scene.reopen();
    assert!(
        scene.shows("README.md"),
        "the tree is there, with the usual layout"
    );
    let width = scene.with(|window, _| window.find("left-dock").bounds().size.width);
    assert_eq!(width, px(260.));
}

#[gpui_kit::test]
fn every_command_is_in_the_palette_and_runs_from_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-shift-p");
    assert!(scene.shows("Command palette"));
    scene.write("toggle left");
    assert!(scene.shows("View: Toggle Left Dock"));
    scene.press("enter");
    assert!(!scene.shows("Command palette"));
    assert!(scene.with(|window, _| window.try_find("left-dock").is_none()));

    scene.press("ctrl-shift-p");
    scene.write("qqqq");
    assert!(!scene.shows("View: Toggle Left Dock"));
    scene.press("escape");
    assert!(!scene.shows("Command palette"));
}

#[gpui_kit::test]
fn a_command_is_found_by_the_name_that_it_has_elsewhere(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    for (words, command) in [
        ("welcome", "Help: Set Up Kiln\u{2026}"),
        ("get started", "Help: Set Up Kiln\u{2026}"),
        ("first steps", "Help: Set Up Kiln\u{2026}"),
        ("keyboard shortcuts", "Preferences: Open Key Bindings"),
        ("color theme", "Preferences: Select Theme\u{2026}"),
        ("primary side bar", "View: Toggle Left Dock"),
    ] {
        scene.press("ctrl-shift-p");
        scene.write(words);
        assert!(scene.shows(command), "{words}");
        scene.press("escape");
    }
    scene.press("ctrl-shift-p");
    scene.write("walkthrough");
    scene.press("enter");
    assert!(scene.shows("Set up Kiln"));
}

#[gpui_kit::test]
fn a_file_is_found_by_a_few_letters(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-p");
    scene.write("memrs");
    assert!(scene.shows("src/store/memory.rs"));
    scene.press("enter");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("memory.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));
}

#[gpui_kit::test]
fn the_tree_makes_renames_and_deletes_files(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.click("New file");
    scene.write("lib.rs");
    scene.press("enter");
    assert_eq!(scene.on_disk("src/lib.rs"), "");
    assert!(scene.shows("lib.rs"));

    scene.press("ctrl-shift-e");
    scene.press("f2");
    scene.write("core.rs");
    scene.press("enter");
    assert!(scene.root.join("src/core.rs").is_file());
    assert!(!scene.root.join("src/lib.rs").exists());

    scene.press("delete");
    assert!(scene.shows("Delete core.rs?"));
    scene.click("Cancel");
    assert!(scene.root.join("src/core.rs").is_file());
    scene.press("delete");
    scene.click("Delete");
    assert!(!scene.root.join("src/core.rs").exists());
}

#[gpui_kit::test]
fn a_name_that_cannot_be_is_refused(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("New file");
    scene.write("../outside.rs");
    scene.press("enter");
    assert!(!scene.root.parent().unwrap().join("outside.rs").exists());
    let name = scene.with(|window, _| window.find("file-name").bounds().size.width);
    assert!(name > px(80.), "there is room to write in: {name:?}");
    scene.press("escape");
    assert!(scene.with(|window, _| window.try_find("file-name").is_none()));
    scene.click("New file");
    scene.write("README.md");
    scene.press("enter");
    assert_eq!(scene.on_disk("README.md"), "# Project\n");
}

#[gpui_kit::test]
fn the_tree_is_used_with_the_keyboard_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-shift-e");
    scene.press("home");
    scene.press("right");
    assert!(scene.shows("store"), "right opens a folder");
    scene.press("right down");
    scene.press("enter");
    assert!(scene.with(|window, _| {
        window
            .find_all_by_label("main.rs")
            .iter()
            .any(|tab| tab.selected() == Some(true))
    }));
}

#[gpui_kit::test]
fn a_theme_is_seen_while_choosing_and_kept_when_chosen(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let name = |cx: &App| ui::ThemeStore::active_name(cx);
    let before = scene.cx.update(|cx| name(cx));
    scene.press("ctrl-k ctrl-t");
    scene.write("contrast");
    assert_eq!(scene.cx.update(|cx| name(cx)), "Kiln High Contrast");
    scene.press("escape");
    assert_eq!(
        scene.cx.update(|cx| name(cx)),
        before,
        "escape takes the preview back"
    );

    scene.press("ctrl-k ctrl-t");
    scene.write("contrast");
    scene.press("enter");
    assert_eq!(scene.cx.update(|cx| name(cx)), "Kiln High Contrast");
    let settings = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(settings.contains("Kiln High Contrast"), "{settings}");
}

#[gpui_kit::test]
fn the_first_steps_can_be_taken_again_and_skipped(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.run("workbench.onboarding");
    assert!(scene.shows("Set up Kiln"));
    scene.click("Continue");
    scene.click("Kiln Light");
    assert_eq!(
        scene.cx.update(|cx| ui::ThemeStore::active_name(cx)),
        "Kiln Light"
    );
    scene.click("Continue");
    scene.click("Continue");
    scene.click("Finish");
    assert!(!scene.shows("Set up Kiln"));

    scene.run("workbench.onboarding");
    scene.click("Skip setup");
    assert!(!scene.shows("Set up Kiln"));
}

#[gpui_kit::test]
fn settings_open_as_a_file_that_says_what_it_is(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-,");
    let path = scene.home.join("config/settings.json");
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("// Your settings.")
    );
    assert!(scene.shows("settings.json"));
}

#[gpui_kit::test]
fn every_control_has_a_name(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let nameless = scene.with(|window, _| {
        window
            .elements()
            .iter()
            .filter(|element| {
                matches!(
                    element.role(),
                    Some(gpui_kit::Role::Button | gpui_kit::Role::Tab | gpui_kit::Role::TreeItem)
                )
            })
            .filter(|element| element.label().is_none_or(str::is_empty))
            .map(|element| format!("{element:?}"))
            .collect::<Vec<_>>()
    });
    assert_eq!(nameless, Vec::<String>::new());
}

#[gpui_kit::test]
fn every_key_of_the_default_keymap_names_a_command(cx: &mut TestAppContext) {
    let scene = Scene::new(cx);
    let keymap = settings::Keymap::builtin().bindings;
    let problems = scene.cx.update(|cx| ui::keys::bind_keymap(&keymap, cx));
    // Commands of views that this crate does not know are registered by the program.
    let ours: Vec<_> = problems
        .into_iter()
        .filter(|problem| problem.contains("workbench.") || problem.contains("workspace."))
        .collect();
    assert_eq!(ours, Vec::<String>::new());
}

#[gpui_kit::test]
fn a_mistake_in_settings_or_keys_leaves_what_they_said_before_in_force(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let write = |scene: &mut Scene, path: &std::path::Path, text: &[u8]| {
        std::fs::write(path, text).unwrap();
        let path = path.to_path_buf();
        let model = scene.model.clone();
        model.update(scene.cx, |model, cx| model.paths_changed(vec![path], cx));
        scene.settle();
    };
    let in_force = |scene: &mut Scene| {
        scene.cx.update(|cx| {
            use ui::settings_store::ActiveSettings as _;
            let mut keys = ui::SettingsStore::keymap(cx).iter();
            let editor = &cx.kiln_settings().editor;
            (
                editor.font_size,
                editor.tab_size,
                keys.any(|it| it.keys == "ctrl-alt-shift-f9"),
            )
        })
    };
    let tells = |scene: &mut Scene, part: &str| {
        let told = scene.with(|window, cx| ui::shown_notices(window, cx));
        told.iter().any(|message| message.contains(part))
    };
    let user = scene.home.join("config/settings.json");
    let keys = scene.home.join("config/keymap.json");
    std::fs::create_dir(scene.root.join(".kiln")).unwrap();
    let folder = scene.root.join(".kiln/settings.json");
    write(&mut scene, &user, b"{\"editor.fontSize\": 21}");
    write(&mut scene, &folder, b"{\"editor.tabSize\": 3}");
    let binding = "[{\"keys\": \"ctrl-alt-shift-f9\", \"command\": \"workspace.save\"}]";
    write(&mut scene, &keys, binding.as_bytes());
    assert_eq!(in_force(&mut scene), (21., 3, true));

    write(&mut scene, &user, b"{\"editor.fontSize\": 12,\n oops}");
    write(&mut scene, &folder, b"{\"editor.tabSize\": \xff}");
    write(&mut scene, &keys, b"[");
    assert_eq!(in_force(&mut scene), (21., 3, true));
    assert!(tells(&mut scene, "settings.json:2:2"), "it is told where");
    assert!(tells(
        &mut scene,
        "What this file said before holds until it is mended."
    ));
    // And once more, as after each save in the middle of a change.
    write(&mut scene, &user, b"{\"editor.fontSize\": ");
    write(&mut scene, &folder, b"[1]");
    assert_eq!(in_force(&mut scene), (21., 3, true));

    write(&mut scene, &user, b"{\"editor.fontSize\": 18}");
    write(&mut scene, &folder, b"{}");
    write(&mut scene, &keys, b"[]");
    assert_eq!(in_force(&mut scene), (18., 4, false));

    // A window that opens on a malformed file has nothing else to go by; nor has a file that is gone.
    std::fs::remove_file(&user).unwrap();
    write(&mut scene, &keys, b"[]");
    assert_eq!(in_force(&mut scene).0, 14.);
    write(&mut scene, &user, b"{ oops");
    assert_eq!(in_force(&mut scene).0, 14.);
    assert!(tells(&mut scene, "None of this file is applied."));
}

#[gpui_kit::test]
fn settings_that_another_program_writes_are_applied(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let write = |scene: &mut Scene, path: std::path::PathBuf, text: &str| {
        std::fs::write(&path, text).unwrap();
        scene
            .model
            .clone()
            .update(scene.cx, |model, cx| model.paths_changed(vec![path], cx));
        scene.settle();
    };
    let size = |scene: &mut Scene| {
        scene.cx.update(|cx| {
            ui::settings_store::ActiveSettings::kiln_settings(cx)
                .editor
                .font_size
        })
    };
    // Nothing was there when the window opened; its folder is made, to be watched.
    let user = scene.home.join("config/settings.json");
    write(&mut scene, user, "{\"editor.fontSize\": 21}");
    assert_eq!(size(&mut scene), 21.);

    // A folder's settings may come along with their folder.
    let folder = scene.root.join(".kiln");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("settings.json"), "{\"editor.fontSize\": 17}").unwrap();
    scene
        .model
        .clone()
        .update(scene.cx, |model, cx| model.paths_changed(vec![folder], cx));
    scene.settle();
    assert_eq!(size(&mut scene), 17.);
}

#[gpui_kit::test]
fn a_folder_that_cannot_be_read_is_told(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    // Nothing watches the disk here: the tree does not know yet.
    std::fs::remove_dir_all(scene.root.join("src")).unwrap();
    let told = Rc::new(RefCell::new(Vec::new()));
    let (model, heard) = (scene.model.clone(), told.clone());
    let _subscription = scene.cx.update(|cx| {
        cx.subscribe(&model, move |_, event, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                heard.borrow_mut().push(message.clone());
            }
        })
    });
    scene.click("src");
    let told = told.borrow();
    assert!(
        told.iter().any(|message| message.contains("src")),
        "{told:?}"
    );
}

#[gpui_kit::test]
fn what_the_disk_answers_late_leaves_another_name_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    // The disk answers once the row is gone: it is told all the same.
    scene.click("New file");
    scene.write("README.md");
    scene.with(|window, cx| window.press("enter", cx));
    scene.with(|window, cx| window.press("escape", cx));
    scene.settle();
    assert_eq!(notices(&mut scene), 1);

    // With another row in its place, that one stays as it is.
    let name = |scene: &mut Scene| {
        scene.with(|window, _| {
            let field = window.try_find("file-name");
            field.map(|field| field.value().unwrap_or_default().to_owned())
        })
    };
    scene.click("New file");
    scene.write("lib.rs");
    scene.with(|window, cx| window.press("enter", cx));
    scene.with(|window, cx| window.press("escape", cx));
    scene.click_alone("New file");
    scene.with(|window, cx| {
        window.render_frame(cx);
        window.input("other", cx);
    });
    scene.settle();
    assert_eq!(scene.on_disk("lib.rs"), "");
    assert_eq!(name(&mut scene).as_deref(), Some("other"));
    scene.write(".rs");
    scene.press("enter");
    assert_eq!(scene.on_disk("other.rs"), "");
}

#[gpui_kit::test]
fn where_a_view_is_scrolled_to_is_kept_without_any_other_change(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.settle();
    let layouts = scene.home.join("state/layouts");
    let file = std::fs::read_dir(&layouts)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    std::fs::remove_file(file.path()).unwrap();
    // A view that is drawn again as it was, as with each blink of its caret, writes nothing and is
    // not even asked.
    let view = scene.view();
    let asked = view.read_with(scene.cx, |view, _| view.asked.get());
    for _ in 0..20 {
        view.update(scene.cx, |_, cx| cx.notify());
        scene.settle();
    }
    assert_eq!(view.read_with(scene.cx, |view, _| view.asked.get()), asked);
    assert!(!file.path().exists());
    view.update(scene.cx, |view, cx| {
        view.top = 7.;
        cx.emit(ui::ItemEvent::ViewMoved);
    });
    scene.settle();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("7.0"), "{text}");
}

#[gpui_kit::test]
fn folders_that_are_opened_in_the_tree_are_kept_too(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.click("src");
    scene.settle();
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let expanded = store.load(&scene.root).value.expanded;
    assert_eq!(expanded, [scene.root.join("src")]);
}

#[gpui_kit::test]
fn a_layout_that_could_not_be_written_is_written_later(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let layouts = scene.home.join("state/layouts");
    // Nothing can be written below a file.
    std::fs::remove_dir_all(&layouts).unwrap();
    std::fs::write(&layouts, "").unwrap();
    scene.open_file("README.md");
    assert!(layouts.is_file());
    std::fs::remove_file(&layouts).unwrap();
    for _ in 0..3 {
        scene.settle();
    }
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let groups = store.load(&scene.root).value.groups;
    assert_eq!(groups[0].tabs[0].path, Some(scene.root.join("README.md")));
}

#[gpui_kit::test]
fn the_settings_are_applied_once_at_the_start(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    std::fs::write(&path, "{\"editor.fontSize\": 17}").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(long_ago).unwrap();
    let applied = Rc::new(std::cell::Cell::new(0));
    let counted = applied.clone();
    let _subscription = scene.cx.update(|cx| {
        cx.observe_global::<ui::SettingsStore>(move |_| counted.set(counted.get() + 1))
    });
    scene.cx.run_until_parked();
    applied.set(0);
    scene.reopen();
    let once = applied.replace(0);
    // What is written while the window opens is not missed.
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(5))
        .unwrap();
    scene.reopen();
    assert!(applied.get() > once, "{once} {}", applied.get());
    assert!(once > 0);
}

#[gpui_kit::test]
fn where_the_reading_failed_what_is_stored_stays(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    scene.settle();
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let (layout, window) = (store.load(&scene.root), store.load_window());
    scene.reopen();
    let before = notices(&mut scene);
    scene.reopen_with(|_, _| crate::Remembered::unread());
    assert_eq!(notices(&mut scene), before + 1, "it is said");
    scene.open_file("src/main.rs");
    scene.settle();
    scene.press("ctrl-w");
    scene.reopen_with(|store, root| {
        assert_eq!(store.load(root), layout);
        assert_eq!(store.load_window(), window);
        store.remembered(Some(root))
    });
    assert_eq!(scene.tabs(), ["README.md*"]);
}

#[gpui_kit::test]
fn a_dock_without_a_panel_says_so(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.press("ctrl-j");
    assert!(scene.shows("There is no panel at the bottom."));
}

#[gpui_kit::test]
fn what_was_set_a_moment_ago_is_written_before_another_folder_is_opened(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let other = scene.root.join("src");
    let workbench = scene.workbench.clone();
    scene.with(|window, cx| {
        for _ in 0..3 {
            ui::Commands::run("workbench.action.zoomIn", window, cx);
        }
        workbench.update(cx, |it, cx| it.switch_folder(other.clone(), window, cx));
    });
    scene.settle();
    assert_eq!(*scene.host.opened.borrow(), [other]);
    let found = scene.host.found_settings.borrow();
    assert!(found.contains("\"window.zoomLevel\": 3"), "{found}");
}

#[gpui_kit::test]
fn a_folder_that_another_window_has_is_shown_there(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let other = scene.root.join("src");
    scene.host.elsewhere.borrow_mut().push(other.clone());
    scene.open_file("README.md");
    scene.dirty("README.md");
    let workbench = scene.workbench.clone();
    scene.with(|window, cx| {
        workbench.update(cx, |it, cx| it.switch_folder(other, window, cx));
    });
    scene.settle();
    assert!(scene.host.opened.borrow().is_empty());
    assert!(!scene.shows("Save"), "nothing here is to be decided");
}

gpui_kit::actions!(
    window_tests,
    [
        /// An action of a part that the window does not know.
        OfAnotherPart
    ]
);

#[gpui_kit::test]
fn the_window_in_which_it_is_given_takes_the_action_of_a_part_that_it_does_not_know(
    cx: &mut TestAppContext,
) {
    let mut scene = Scene::new(cx);
    scene.open_file("README.md");
    let taken = Rc::new(RefCell::new(Vec::new()));
    let told = taken.clone();
    scene.cx.update(|cx| {
        ui::on_window_action(cx, move |_: &OfAnotherPart, window, _| {
            told.borrow_mut().push(window.window_handle());
        });
        let spec = ui::CommandSpec::new("test.other", "Test", "Other", OfAnotherPart);
        ui::Commands::register(cx, [spec]);
    });
    let other = scene.cx.update(|cx| {
        gpui_kit::open_window(Default::default(), cx, |_, cx| cx.new(ModalLayer::new)).unwrap()
    });
    let windows = [scene.window, other.0];
    // Which of them is the newest, which is the active one, and whether any is, says nothing.
    for given in windows {
        for active in [None, Some(windows[0]), Some(windows[1])] {
            for window in windows {
                VisualTestContext::from_window(window, scene.cx).deactivate_window();
            }
            if let Some(active) = active {
                let activated = scene
                    .cx
                    .update_window(active, |_, window, _| window.activate_window());
                activated.unwrap();
            }
            scene.settle();
            assert_eq!(scene.cx.read(|cx| cx.active_window()), active);
            let run = scene.cx.update_window(given, |_, window, cx| {
                window.render_frame(cx);
                ui::Commands::run("test.other", window, cx)
            });
            assert!(run.unwrap());
            scene.settle();
            assert_eq!(taken.take(), [given], "of {windows:?}, active: {active:?}");
        }
    }
}
