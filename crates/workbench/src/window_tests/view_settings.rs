//! What the window shows and how large, as commands set it and settings keep it.

use super::Scene;
use super::notices::notices;
use fs::{KilnPaths, RealFs};
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{TestAppContext, px};
use settings::LineNumbers;
use std::sync::Arc;
use ui::ActiveSettings as _;

#[gpui_kit::test]
fn zooming_makes_everything_larger_and_is_remembered(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let sizes = |scene: &mut Scene<'_>| {
        scene.with(|window, _| {
            let button = f32::from(window.find("main-menu").bounds().size.height);
            let row = &window.find_all_by_label("README.md")[0];
            let width = f32::from(window.find("left-dock").bounds().size.width);
            (button, f32::from(row.bounds().size.height), width)
        })
    };
    let usual = sizes(&mut scene);
    scene.press("ctrl-=");
    scene.press("ctrl-=");
    let larger = sizes(&mut scene);
    let factor = 1.2_f32.powi(2);
    let near = |is: f32, should: f32| (is - should).abs() <= 1.;
    assert!(near(larger.0, usual.0 * factor), "{usual:?} {larger:?}");
    assert!(near(larger.1, usual.1 * factor), "{usual:?} {larger:?}");
    assert!(near(larger.2, usual.2 * factor), "{usual:?} {larger:?}");

    // The edge still follows the pointer, and the width is kept for every zoom.
    let edge = scene.with(|window, _| window.find("left-dock-edge").bounds().center());
    scene.with(|window, cx| window.drag(edge, edge + gpui_kit::point(px(72.), px(0.)), cx));
    scene.settle();
    let wider = sizes(&mut scene).2;
    assert!(near(wider, larger.2 + 72.), "{larger:?} {wider}");

    scene.reopen();
    let again = sizes(&mut scene);
    assert_eq!(again, (larger.0, larger.1, wider));
    scene.press("ctrl--");
    scene.press("ctrl-0");
    let reset = sizes(&mut scene);
    assert_eq!((reset.0, reset.1), (usual.0, usual.1));
    assert!(near(reset.2, usual.2 + 72. / factor), "{usual:?} {reset:?}");
    let written = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(!written.contains("zoomLevel"), "{written}");

    for _ in 0..20 {
        scene.press("ctrl--");
    }
    let written = std::fs::read_to_string(scene.home.join("config/settings.json")).unwrap();
    assert!(written.contains("\"window.zoomLevel\": -8"), "{written}");
}

#[gpui_kit::test]
fn a_zoom_shows_before_it_is_written_and_goes_back_where_it_cannot_be(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let settings = scene.home.join("config/settings.json");
    let level = |scene: &mut Scene<'_>| scene.with(|_, cx| cx.kiln_settings().window.zoom_level);
    // Nothing runs between the keys and the look at what they did.
    for _ in 0..2 {
        scene.with(|window, cx| window.press("ctrl-=", cx));
    }
    assert_eq!(level(&mut scene), 2.);
    assert!(!std::fs::read_to_string(&settings).is_ok_and(|text| text.contains("zoomLevel")));
    scene.settle();
    assert_eq!(level(&mut scene), 2.);
    let written = std::fs::read_to_string(&settings).unwrap();
    assert!(written.contains("\"window.zoomLevel\": 2"), "{written}");

    let before = notices(&mut scene);
    std::fs::write(&settings, "{ \"window.zoomLevel\": 2, ").unwrap();
    scene.with(|window, cx| window.press("ctrl--", cx));
    assert_eq!(level(&mut scene), 1.);
    scene.settle();
    assert_eq!(level(&mut scene), 2., "as the file has it");
    assert!(notices(&mut scene) > before, "that it was not kept is told");
    let kept = std::fs::read_to_string(&settings).unwrap();
    assert_eq!(kept, "{ \"window.zoomLevel\": 2, ");
}

#[gpui_kit::test]
fn the_minimap_is_shown_and_hidden_by_a_command(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let shown = |scene: &mut Scene<'_>| {
        scene.with(|_, cx| {
            ui::settings_store::ActiveSettings::kiln_settings(cx)
                .minimap
                .enabled
        })
    };
    let toggle = |scene: &mut Scene<'_>| {
        scene.with(|window, cx| {
            assert!(ui::Commands::run("editor.action.toggleMinimap", window, cx))
        });
    };
    assert!(shown(&mut scene));
    toggle(&mut scene);
    scene.settle();
    assert!(!shown(&mut scene));
    let settings = scene.home.join("config/settings.json");
    let written = std::fs::read_to_string(&settings).unwrap();
    assert!(
        written.contains("\"editor.minimap.enabled\": false"),
        "{written}"
    );
    for _ in 0..3 {
        toggle(&mut scene);
    }
    scene.settle();
    assert!(shown(&mut scene), "no press is lost");
    let written = std::fs::read_to_string(&settings).unwrap();
    assert!(!written.contains("minimap"), "{written}");

    scene.with(|window, cx| assert!(ui::Commands::run("workbench.menu", window, cx)));
    scene.settle();
    let listed = scene.with(|window, _| window.find_all_by_label("Toggle Minimap").len());
    assert_eq!(listed, 1);
}

#[gpui_kit::test]
fn what_editors_show_is_turned_on_and_off_by_commands(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let settings = scene.home.join("config/settings.json");
    for (command, key, value) in [
        (
            "editor.action.toggleStickyScroll",
            "editor.stickyScroll.enabled",
            "false",
        ),
        (
            "editor.action.toggleRenderWhitespace",
            "editor.renderWhitespace",
            "\"all\"",
        ),
        ("editor.toggleLineNumbers", "editor.lineNumbers", "\"off\""),
        ("toggleVim", "vim.enabled", "true"),
    ] {
        scene.run(command);
        let written = std::fs::read_to_string(&settings).unwrap();
        let line = format!("\"{key}\": {value}");
        assert!(written.contains(&line), "{command}: {written}");
        scene.run(command);
        let written = std::fs::read_to_string(&settings).unwrap();
        assert!(!written.contains(key), "{command}: {written}");
    }
}

#[gpui_kit::test]
fn what_a_command_turned_off_comes_back_as_the_person_had_it(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let settings = scene.home.join("config/settings.json");
    for (command, key, before, set) in [
        (
            "editor.action.toggleRenderWhitespace",
            "editor.renderWhitespace",
            "boundary",
            "all",
        ),
        (
            "editor.toggleLineNumbers",
            "editor.lineNumbers",
            "relative",
            "off",
        ),
    ] {
        std::fs::write(&settings, format!("{{\"{key}\": \"{before}\"}}")).unwrap();
        let (path, model) = (settings.clone(), scene.model.clone());
        model.update(scene.cx, |model, cx| model.paths_changed(vec![path], cx));
        scene.settle();
        for value in [set, before, set, before] {
            scene.run(command);
            let written = std::fs::read_to_string(&settings).unwrap();
            let line = format!("\"{key}\": \"{value}\"");
            assert!(written.contains(&line), "{command}: {written}");
        }
    }
}

/// Writes a file of settings, as another program does.
fn write_settings(scene: &mut Scene<'_>, path: &std::path::Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    let (path, model) = (path.to_path_buf(), scene.model.clone());
    model.update(scene.cx, |model, cx| {
        model.paths_changed(vec![path], cx);
    });
    scene.settle();
}

/// The line numbers in all languages and in Rust.
fn line_numbers(scene: &mut Scene<'_>) -> (LineNumbers, LineNumbers) {
    scene.with(|_, cx| {
        let settings = cx.kiln_settings();
        let rust = settings.of_language("rust").editor.line_numbers;
        (settings.editor.line_numbers, rust)
    })
}

#[gpui_kit::test]
fn a_command_acts_on_what_the_editor_in_front_shows(cx: &mut TestAppContext) {
    use LineNumbers::{Interval, Off, On};
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    let own = "{\"[rust]\": {\"editor.lineNumbers\": \"interval\"}}";
    write_settings(&mut scene, &path, own);
    scene.open_file("src/main.rs");
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (On, Off));
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, own.replace("interval", "off"));
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (On, Interval));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), own);
    // No press is lost.
    for _ in 0..3 {
        scene.with(|window, cx| {
            assert!(ui::Commands::run("editor.toggleLineNumbers", window, cx));
        });
    }
    scene.settle();
    assert_eq!(line_numbers(&mut scene), (On, Off));
    // A text that no block is for goes by what holds everywhere.
    scene.open_file("README.md");
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (Off, Off));
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (On, Off));
    scene.open_file("src/main.rs");
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (On, Interval));
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(!written.contains("off"), "{written}");
    // Numbers that are off for a language alone come on.
    write_settings(&mut scene, &path, &own.replace("interval", "off"));
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene), (On, On));
}

#[gpui_kit::test]
fn what_a_command_turned_off_comes_back_after_a_restart(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let path = scene.home.join("config/settings.json");
    write_settings(&mut scene, &path, "{\"editor.lineNumbers\": \"relative\"}");
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene).0, LineNumbers::Off);
    scene.reopen();
    // What the next start of the program finds.
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let kept = store.load_window().unwrap().values_before;
    scene.with(|_, cx| crate::remember_values_before(kept, cx));
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene).0, LineNumbers::Relative);
    // Nothing else is taken for a value before.
    let odd = std::collections::BTreeMap::from([("editor.lineNumbers".to_owned(), 3.into())]);
    scene.run("editor.toggleLineNumbers");
    scene.with(|_, cx| crate::remember_values_before(odd, cx));
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene).0, LineNumbers::On);
}

#[gpui_kit::test]
fn what_the_folder_sets_is_told_and_left(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let folder = scene.root.join(".kiln/settings.json");
    write_settings(
        &mut scene,
        &folder,
        "{\"editor.lineNumbers\": \"interval\"}",
    );
    assert_eq!(line_numbers(&mut scene).0, LineNumbers::Interval);
    let before = notices(&mut scene);
    scene.run("editor.toggleLineNumbers");
    assert_eq!(line_numbers(&mut scene).0, LineNumbers::Interval);
    assert_eq!(notices(&mut scene), before + 1);
    let own = std::fs::read_to_string(scene.home.join("config/settings.json"));
    assert!(!own.is_ok_and(|text| text.contains("lineNumbers")));
}

#[gpui_kit::test]
fn the_size_of_the_editors_text_is_remembered_apart(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let level = |scene: &mut Scene<'_>| scene.with(|_, cx| ui::EditorZoom::level(cx));
    let run = |scene: &mut Scene<'_>, command: &str| {
        scene.with(|window, cx| assert!(ui::Commands::run(command, window, cx)));
        scene.settle();
    };
    for _ in 0..3 {
        run(&mut scene, "editor.action.fontZoomIn");
    }
    run(&mut scene, "editor.action.fontZoomOut");
    assert_eq!(level(&mut scene), 2);
    let store = crate::LayoutStore::new(&KilnPaths::under(&scene.home), Arc::new(RealFs::new()));
    let mut kept = store.load_window().unwrap();
    assert_eq!(kept.editor_zoom, 2);
    // Another program has written its own: the level in force stays with another folder.
    kept.editor_zoom = 4;
    store.save_window(&kept).unwrap();
    scene.reopen();
    assert_eq!(level(&mut scene), 2);
    run(&mut scene, "editor.action.fontZoomReset");
    assert_eq!(level(&mut scene), 0);
}

#[gpui_kit::test]
fn what_floats_over_the_window_stays_within_it_at_any_zoom(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    scene.open_file("src/main.rs");
    scene.dirty("src/main.rs");
    let within = |scene: &mut Scene<'_>, id: &'static str| {
        scene.with(|window, _| {
            let (shown, room) = (window.find(id).bounds(), window.viewport_size());
            assert!(shown.left() > px(0.) && shown.top() > px(0.), "{shown:?}");
            assert!(shown.right() < room.width, "{id}: {shown:?} in {room:?}");
            assert!(shown.bottom() < room.height, "{id}: {shown:?} in {room:?}");
        });
    };
    for _ in 0..10 {
        scene.press("ctrl-shift-p");
        within(&mut scene, "picker");
        scene.press("escape ctrl-w");
        within(&mut scene, "dialog");
        scene.press("escape");
        scene.click("Menu");
        within(&mut scene, "menu");
        scene.press("escape ctrl-=");
    }
}

#[gpui_kit::test]
fn settings_that_are_written_while_a_window_opens_are_taken(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    let folder = scene.home.join("config");
    std::fs::remove_dir_all(&folder).unwrap();
    scene.reopen_now(|store, root| store.remembered(Some(root)));
    // The window makes the folder as it looks at what there is to watch; it watches that a moment
    // later.
    while !folder.exists() {
        assert!(scene.cx.executor().tick(), "nobody looks");
    }
    std::fs::write(folder.join("settings.json"), "{\"window.zoomLevel\": 2}").unwrap();
    scene.settle();
    let level = scene.with(|_, cx| cx.kiln_settings().window.zoom_level);
    assert_eq!(level, 2.);
}
