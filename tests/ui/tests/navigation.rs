//! Going back and forward along the places that a person came by, by key and by mouse.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use gpui_kit::test::{TestEventExt as _, TestQueryExt as _};
use gpui_kit::{MouseButton, NavigationDirection, Role};
use tempfile::TempDir;
use ui_tests::driver::{Driver, Setup};

/// The window on a folder with two files of many lines; the first is open, with the caret in it.
fn window() -> (TempDir, PathBuf, Driver) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().canonicalize().unwrap().join("shop");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["green", "white"] {
        let mut lines = String::new();
        for line in 1..=200 {
            writeln!(lines, "{name} tea {line}").unwrap();
        }
        std::fs::write(folder.join(format!("{name}.txt")), lines).unwrap();
    }
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        open: vec!["green.txt".into()],
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("green tea 1").unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-home"]).unwrap();
    (scratch, folder, kiln)
}

/// Waits until the file is in front with the caret there.
fn is_at(kiln: &mut Driver, file: &str, position: &str) {
    let wanted = format!("{file} {position}");
    let mut last = String::new();
    let came = kiln.wait_for(&wanted, |window, _| {
        let elements = window.elements();
        let labels = |role: Role| {
            elements
                .iter()
                .filter(move |element| element.role() == Some(role) && element.visible())
        };
        let tab = labels(Role::Tab).find(|tab| tab.selected() == Some(true));
        let tab = tab.and_then(|tab| tab.label().map(str::to_owned));
        let mut all = elements.iter().filter_map(|element| element.label());
        let line = all
            .find_map(|label| label.strip_prefix("Position: "))
            .unwrap_or("no caret");
        last = format!("{} {line}", tab.unwrap_or_default());
        last.starts_with(file) && line.starts_with(position)
    });
    assert!(came.is_ok(), "{wanted} was expected, and it is {last}");
}

fn go_to_line(kiln: &mut Driver, line: &str) {
    kiln.press(&["ctrl-g"]).unwrap();
    kiln.type_text(line).unwrap();
    kiln.press(&["enter"]).unwrap();
}

#[test]
fn go_back_and_forward_lead_along_the_places_that_a_person_came_by() {
    let (_scratch, folder, mut kiln) = window();
    // What is near is the same place.
    go_to_line(&mut kiln, "5");
    go_to_line(&mut kiln, "120");
    kiln.press(&["ctrl-p"]).unwrap();
    kiln.type_text("white").unwrap();
    kiln.wait_for_text("white.txt").unwrap();
    kiln.press(&["enter"]).unwrap();
    is_at(&mut kiln, "white.txt", "Ln 1,");
    go_to_line(&mut kiln, "60");
    is_at(&mut kiln, "white.txt", "Ln 60,");

    for (file, line) in [
        ("white.txt", "Ln 1,"),
        ("green.txt", "Ln 120,"),
        ("green.txt", "Ln 5,"),
        ("green.txt", "Ln 5,"),
    ] {
        kiln.press(&["alt-left"]).unwrap();
        is_at(&mut kiln, file, line);
    }
    // Places follow the edits above them.
    kiln.press(&["home", "enter", "enter"]).unwrap();
    kiln.press(&["alt-right"]).unwrap();
    is_at(&mut kiln, "green.txt", "Ln 122,");
    kiln.press(&["alt-right"]).unwrap();
    is_at(&mut kiln, "white.txt", "Ln 1,");

    // A place outlives its tab.
    kiln.press(&["alt-left", "ctrl-s"]).unwrap();
    let green = folder.join("green.txt");
    kiln.wait_for("the saved file", |_, _| {
        std::fs::read_to_string(&green).is_ok_and(|text| text.contains("\n\n"))
    })
    .unwrap();
    kiln.press(&["ctrl-w"]).unwrap();
    is_at(&mut kiln, "white.txt", "Ln 1,");
    kiln.press(&["ctrl-alt--"]).unwrap();
    is_at(&mut kiln, "green.txt", "Ln 122,");
    kiln.press(&["alt-left"]).unwrap();
    is_at(&mut kiln, "green.txt", "Ln 7,");

    // A new jump forgets what was ahead.
    go_to_line(&mut kiln, "200");
    kiln.press(&["alt-right"]).unwrap();
    is_at(&mut kiln, "green.txt", "Ln 200,");
}

#[test]
fn the_side_buttons_of_the_mouse_go_back_and_forward() {
    let (_scratch, _folder, mut kiln) = window();
    go_to_line(&mut kiln, "120");
    for (direction, line) in [
        (NavigationDirection::Back, "Ln 1,"),
        (NavigationDirection::Forward, "Ln 120,"),
    ] {
        kiln.with_window(|window, cx| {
            let middle = gpui_kit::point(
                window.viewport_size().width / 2.,
                window.viewport_size().height / 2.,
            );
            window.pointer_down(middle, MouseButton::Navigate(direction), cx);
            window.pointer_up(middle, MouseButton::Navigate(direction), cx);
        })
        .unwrap();
        is_at(&mut kiln, "green.txt", line);
    }
}

#[test]
fn escape_leads_from_a_list_of_places_back_to_the_text() {
    let (_scratch, _, mut kiln) = window();
    for (command, list) in [
        ("problems.focus", "Problems"),
        ("references.focus", "References"),
    ] {
        kiln.with_window(|window, cx| ui::Commands::run(command, window, cx))
            .unwrap();
        kiln.wait_for(list, |window, _| {
            let elements = window.elements();
            let mut trees = elements.iter().filter(|one| one.role() == Some(Role::Tree));
            trees.any(|tree| tree.label() == Some(list) && tree.focused() == Some(true))
        })
        .unwrap();
        kiln.press(&["escape"]).unwrap();
        kiln.type_text(list).unwrap();
    }
    kiln.wait_for_text("ProblemsReferencesgreen tea 1").unwrap();
}

#[test]
fn a_file_that_is_gone_is_passed_over_on_the_way_back() {
    let (_scratch, folder, mut kiln) = window();
    go_to_line(&mut kiln, "120");
    for name in ["white", "black"] {
        let file = folder.join(format!("{name}.txt"));
        std::fs::write(file, "tea\n").unwrap();
    }
    for name in ["white", "black"] {
        let target = ui::OpenTarget::new(folder.join(format!("{name}.txt")));
        kiln.with_window(|window, cx| ui::open_path(target, window, cx))
            .unwrap();
        is_at(&mut kiln, &format!("{name}.txt"), "Ln 1,");
    }
    kiln.press(&["ctrl-pageup", "ctrl-w"]).unwrap();
    std::fs::remove_file(folder.join("white.txt")).unwrap();
    is_at(&mut kiln, "black.txt", "Ln 1,");
    // Nor does it lead to where the person is already.
    kiln.press(&["alt-left"]).unwrap();
    is_at(&mut kiln, "green.txt", "Ln 120,");
}
