//! What the window shows where room is short or something is wrong, and that every control of
//! every scene says what it is.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use editor_core::{Selections, Text};
use gpui_kit::test::{ElementSnapshot, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{Bounds, MouseButton, Pixels, Role, Window, point, px, size};
use tempfile::TempDir;
use test_support::{ModelServer, Reply};
use ui_tests::driver::{Driver, Setup};
use ui_tests::scene::settings_for;
use vim::{Effect, Options, Vim, parse_keys};

const REQUIREMENTS: &str = "# Requirements Document\n\n## Introduction\n\nTea has discounts.\n\n\
    ## Requirements\n\n### Requirement 1: Discounts\n\n**User Story:** As a buyer, I want \
    discounts, so that I buy more.\n\n#### Acceptance Criteria\n\n1. WHEN a buyer takes 500 \
    grams, THE Shop SHALL take a tenth off.\n";

/// A folder with a spec and as many files as a tab strip cannot hold.
fn project() -> (TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().canonicalize().unwrap().join("shop");
    let spec = folder.join(".kiro/specs/discounts-for-everybody-who-buys-a-lot-of-tea");
    std::fs::create_dir_all(&spec).unwrap();
    std::fs::write(spec.join("requirements.md"), REQUIREMENTS).unwrap();
    for number in 0..24 {
        let name = format!("a-file-with-a-name-{number:02}.txt");
        std::fs::write(folder.join(name), format!("number {number}\n")).unwrap();
    }
    (scratch, folder)
}

fn requirements(folder: &Path) -> PathBuf {
    folder.join(".kiro/specs/discounts-for-everybody-who-buys-a-lot-of-tea/requirements.md")
}

/// The window of this width on a folder, with the requirements open.
fn open_requirements(folder: &Path, width: f32) -> Driver {
    Driver::start(Setup {
        folder: Some(folder.to_owned()),
        open: vec![requirements(folder)],
        size: size(px(width), px(700.)),
        ..Setup::default()
    })
    .unwrap()
}

/// Where the first control is whose label holds `text`.
fn place(kiln: &mut Driver, text: &str) -> Bounds<Pixels> {
    kiln.with_window(|window, _| {
        window
            .elements()
            .iter()
            .find(|element| element.label().is_some_and(|label| label.contains(text)))
            .map(ElementSnapshot::bounds)
    })
    .unwrap()
    .unwrap_or_else(|| panic!("nothing is called {text:?}"))
}

#[test]
fn a_narrow_editor_shows_every_step_of_a_spec() {
    let (_scratch, folder) = project();
    for width in [640., 800., 1440.] {
        let mut kiln = open_requirements(&folder, width);
        kiln.wait_for_text("Requirements, ").unwrap();
        kiln.rest().unwrap();
        let from = place(&mut kiln, "Resize left dock").right() - px(3.);
        let to = place(&mut kiln, "Resize right dock").left() + px(3.);
        let mut steps = Vec::new();
        for step in ["Requirements, ", "Design, ", "Tasks, "] {
            let bounds = place(&mut kiln, step);
            assert!(
                bounds.left() >= from && bounds.right() <= to && bounds.size.width > px(40.),
                "{step} at {bounds:?} of a window of {width}, editor {from:?} to {to:?}"
            );
            steps.push(bounds);
        }
        for pair in steps.windows(2) {
            assert!(
                pair[0].right() <= pair[1].left() || pair[0].bottom() <= pair[1].top(),
                "{pair:?} overlap"
            );
        }
    }
}

#[test]
fn a_notice_stands_above_the_bar_of_a_spec() {
    let (_scratch, folder) = project();
    for width in [640., 1440.] {
        let mut kiln = open_requirements(&folder, width);
        kiln.wait_for_label("Request changes").unwrap();
        let words = "Nothing was approved: the file changed on the disk.";
        kiln.with_window(|window, cx| ui::notify(ui::Severity::Error, words, window, cx))
            .unwrap();
        kiln.wait_for_label(words).unwrap();
        kiln.rest().unwrap();
        let notice = place(&mut kiln, words);
        // A narrow bar has room for the answers alone.
        let controls: &[&str] = match width < 1000. {
            true => &["Request changes", "Approve"],
            false => &["Is this what you want?", "Request changes", "Approve and"],
        };
        for control in controls {
            let control = place(&mut kiln, control);
            assert!(
                notice.bottom() <= control.top(),
                "{notice:?} covers {control:?} of a window of {width}"
            );
        }
    }
}

#[test]
fn a_folder_that_is_deleted_and_made_again_shows_its_files_again() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_label("a-file-with-a-name-00.txt").unwrap();
    kiln.rest().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    kiln.wait_for_label("This folder is gone").unwrap();
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("again.txt"), "again\n").unwrap();
    kiln.wait_for_label("again.txt").unwrap();
    std::fs::write(folder.join("later.txt"), "later\n").unwrap();
    kiln.wait_for_label("later.txt").unwrap();
}

fn file_tabs(window: &Window) -> Vec<ElementSnapshot> {
    window
        .elements()
        .into_iter()
        .filter(|element| {
            element.role() == Some(Role::Tab)
                && element
                    .label()
                    .is_some_and(|label| label.starts_with("a-file"))
        })
        .collect()
}

/// The name and the place of the tab in front.
fn front_tab(kiln: &mut Driver) -> (String, Bounds<Pixels>) {
    kiln.with_window(|window, _| {
        file_tabs(window)
            .iter()
            .find(|tab| tab.selected() == Some(true))
            .map(|tab| (tab.label().unwrap_or_default().to_owned(), tab.bounds()))
    })
    .unwrap()
    .unwrap()
}

#[test]
fn tabs_that_do_not_fit_are_counted_and_listed() {
    let (_scratch, folder) = project();
    let open = (0..24)
        .map(|number| PathBuf::from(format!("a-file-with-a-name-{number:02}.txt")))
        .collect();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        open,
        size: size(px(1000.), px(600.)),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for("all tabs", |window, _| file_tabs(window).len() == 24)
        .unwrap();
    kiln.wait_for_text("Show all tabs, ").unwrap();
    let before = front_tab(&mut kiln);
    let button = kiln
        .labels()
        .unwrap()
        .into_iter()
        .find(|label| label.starts_with("Show all tabs, "))
        .unwrap();
    kiln.click(&button).unwrap();
    let entries = kiln
        .with_window(|window, _| {
            let elements = window.elements();
            elements
                .iter()
                .filter(|element| element.role() == Some(Role::MenuItem))
                .count()
        })
        .unwrap();
    assert_eq!(entries, 24);
    // The list begins at the tab in front and goes round.
    kiln.press(&["down", "enter"]).unwrap();
    kiln.rest().unwrap();
    let after = front_tab(&mut kiln);
    assert_ne!(before.0, after.0);
    // What was chosen is brought into sight.
    let strip = place(&mut kiln, "Show all tabs, ");
    let tree = place(&mut kiln, "Resize left dock");
    assert!(after.1.left() >= tree.left() && after.1.right() <= strip.left());

    // The same list by its key.
    kiln.press(&["ctrl-k", "ctrl-p"]).unwrap();
    kiln.wait_for_label("Menu").unwrap();
}

#[test]
fn the_notice_about_malformed_settings_leads_to_the_error() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        settings: "{\n  \"editor.tabSize\": 3,\n  \"editor.fontSize\": ,\n}\n".to_owned(),
        ..Setup::default()
    })
    .unwrap();
    kiln.click("Open settings.json").unwrap();
    kiln.wait_for_text("\"editor.fontSize\": ,").unwrap();
    kiln.wait_for_text("Position: Ln 3, Col 22").unwrap();
}

#[test]
fn a_spec_in_another_encoding_is_named_as_such() {
    let (_scratch, folder) = project();
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(REQUIREMENTS.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(requirements(&folder), utf16).unwrap();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        open: vec![requirements(&folder)],
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("This file is UTF-16LE.").unwrap();
    kiln.wait_for_label("Encoding: UTF-16LE").unwrap();
}

#[test]
fn docks_come_back_as_they_were_left() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        ..Setup::default()
    };
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_label("Resize right dock").unwrap();
    kiln.rest().unwrap();
    let edge = place(&mut kiln, "Resize right dock").center();
    let target = point(edge.x - px(80.), edge.y);
    kiln.with_window(|window, cx| {
        use gpui_kit::test::TestEventExt as _;
        window.pointer_move(edge, None, cx);
        window.pointer_down(edge, MouseButton::Left, cx);
        window.pointer_move(point(edge.x - px(20.), edge.y), Some(MouseButton::Left), cx);
        window.pointer_move(target, Some(MouseButton::Left), cx);
        window.pointer_up(target, MouseButton::Left, cx);
    })
    .unwrap();
    kiln.settle();
    let moved = place(&mut kiln, "Resize right dock").center();
    assert!(
        (moved.x - target.x).abs() <= px(1.),
        "{moved:?}, {target:?}"
    );
    kiln.click("Hide left dock").unwrap();
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_label("Show left dock").unwrap();
    kiln.rest().unwrap();
    assert_eq!(place(&mut kiln, "Resize right dock").center(), moved);
}

#[test]
fn unfolded_folders_and_specs_come_back_after_a_restart() {
    let (_scratch, folder) = project();
    std::fs::create_dir(folder.join("notes")).unwrap();
    std::fs::write(folder.join("notes/idea.txt"), "").unwrap();
    let home = tempfile::tempdir().unwrap();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        ..Setup::default()
    };
    let spec = "discounts-for-everybody-who-buys-a-lot-of-tea, Review";
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.click("notes").unwrap();
    kiln.wait_for_label("idea.txt").unwrap();
    kiln.click("Specs").unwrap();
    kiln.click(spec).unwrap();
    kiln.wait_for_label("Requirements").unwrap();
    // Nothing is asked of the window that would write its layout down on the way.
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_label("Requirements").unwrap();
    kiln.click("Files").unwrap();
    kiln.wait_for_label("idea.txt").unwrap();
    kiln.click("Specs").unwrap();
    kiln.click(spec).unwrap();
    kiln.wait_for("the folded spec", |window, _| {
        window.find_all_by_label("Requirements").is_empty()
    })
    .unwrap();
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_label(spec).unwrap();
    kiln.rest().unwrap();
    assert!(!kiln.labels().unwrap().contains(&"Requirements".to_owned()));
}

/// The roles that a person acts on.
fn is_control(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::ComboBox
            | Role::Link
            | Role::ListBoxOption
            | Role::MenuItem
            | Role::RadioButton
            | Role::SearchInput
            | Role::Slider
            | Role::Switch
            | Role::Tab
            | Role::TextInput
            | Role::MultilineTextInput
            | Role::TreeItem
    )
}

/// Rests the pointer on each button that no scene before had: each says what it does.
fn assert_told(kiln: &mut Driver, scene: &str, seen: &mut HashSet<String>) {
    let buttons = kiln
        .with_window(|window, _| {
            let buttons = window.find_all_by_role(Role::Button).into_iter();
            buttons
                .filter(ElementSnapshot::visible)
                .map(|button| {
                    let label = button.label().unwrap_or_default().to_owned();
                    (label, button.bounds().center())
                })
                .collect::<Vec<_>>()
        })
        .unwrap();
    let mut silent = Vec::new();
    for (label, at) in buttons {
        // The toolkit's own button has a tooltip of the toolkit.
        if label == "Copy answer" || !seen.insert(label.clone()) {
            continue;
        }
        if kiln.tooltip_at(at).unwrap().is_none() {
            silent.push(label);
        }
    }
    assert!(silent.is_empty(), "{scene}: no tooltip for {silent:?}");
}

fn assert_named(kiln: &mut Driver, scene: &str, seen: &mut HashSet<String>) {
    kiln.rest().unwrap();
    assert_told(kiln, scene, seen);
    let (controls, nameless) = kiln
        .with_window(|window, _| {
            let elements = window.elements();
            let controls: Vec<_> = elements
                .iter()
                .filter(|element| element.role().is_some_and(is_control))
                .collect();
            let nameless: Vec<_> = controls
                .iter()
                .filter(|element| element.label().is_none_or(|label| label.trim().is_empty()))
                .map(|element| format!("{:?} {:?}", element.role(), element.path()))
                .collect();
            (controls.len(), nameless)
        })
        .unwrap();
    assert!(controls > 2, "{scene} shows {controls} controls");
    assert!(nameless.is_empty(), "{scene}: no name for {nameless:#?}");
}

#[test]
fn every_control_of_every_scene_has_a_name_and_every_button_a_tooltip() {
    let mut seen = HashSet::new();
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"echo tea"}"#),
        Reply::text("Done."),
    ]);
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        settings: settings_for(&server),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_label("Message to the agent").unwrap();
    assert_named(&mut kiln, "the empty editor", &mut seen);

    kiln.click("a-file-with-a-name-00.txt").unwrap();
    kiln.wait_for_text("number 0").unwrap();
    assert_named(&mut kiln, "an editor", &mut seen);
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-f"]).unwrap();
    assert_named(&mut kiln, "the find bar", &mut seen);
    kiln.press(&["escape", "ctrl-g"]).unwrap();
    assert_named(&mut kiln, "the go-to-line bar", &mut seen);
    kiln.press(&["escape"]).unwrap();
    kiln.type_text("x").unwrap();
    // Before a question stands over it.
    assert_named(&mut kiln, "an edited file", &mut seen);
    kiln.press(&["ctrl-w"]).unwrap();
    assert_named(&mut kiln, "the question about unsaved text", &mut seen);
    kiln.press(&["escape"]).unwrap();

    for (keys, scene) in [
        (&["ctrl-shift-p"][..], "the palette"),
        (&["ctrl-p"][..], "go to file"),
        (&["ctrl-k", "ctrl-t"][..], "the choice of a theme"),
        (&["ctrl-k", "ctrl-p"][..], "the list of tabs"),
    ] {
        kiln.press(keys).unwrap();
        assert_named(&mut kiln, scene, &mut seen);
        kiln.press(&["escape"]).unwrap();
    }

    kiln.ask_agent("Run it").unwrap();
    kiln.wait_for_label("Allow").unwrap();
    assert_named(&mut kiln, "a question of the agent", &mut seen);
    kiln.click("Allow").unwrap();
    kiln.wait_for_text("Done.").unwrap();
    kiln.wait_for_label("Try again").unwrap();
    assert_named(&mut kiln, "a conversation", &mut seen);
    for keys in ["ctrl-alt-/", "ctrl-alt-h"] {
        kiln.press(&[keys]).unwrap();
        assert_named(&mut kiln, keys, &mut seen);
        kiln.press(&["escape"]).unwrap();
    }
    drop(kiln);

    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        open: vec![requirements(&folder)],
        settings: "{ not json".to_owned(),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_label("Request changes").unwrap();
    assert_named(&mut kiln, "a spec and a notice", &mut seen);
    kiln.click("Request changes").unwrap();
    assert_named(&mut kiln, "a request for changes", &mut seen);
    drop(kiln);

    let mut kiln = Driver::start(Setup::default()).unwrap();
    assert_named(&mut kiln, "no folder", &mut seen);
    drop(kiln);

    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        onboarding: true,
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_label("Skip setup").unwrap();
    assert_named(&mut kiln, "the import", &mut seen);
    kiln.click_when_enabled("Continue").unwrap();
    assert_named(
        &mut kiln,
        "the choice of a theme at the first start",
        &mut seen,
    );
    kiln.click_when_enabled("Continue").unwrap();
    assert_named(
        &mut kiln,
        "the choice of a model at the first start",
        &mut seen,
    );
}

#[test]
fn everything_comes_back_after_an_end_that_asked_nothing() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        ..Setup::default()
    };
    let name = "a-file-with-a-name-03.txt";
    let file = folder.join(name);
    let before = std::fs::read_to_string(&file).unwrap();

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.click(name).unwrap();
    kiln.rest().unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-end"]).unwrap();
    kiln.type_text("unsaved").unwrap();
    kiln.wait_for_text("unsaved").unwrap();
    kiln.press(&["ctrl-n"]).unwrap();
    kiln.rest().unwrap();
    kiln.focus_editor().unwrap();
    kiln.type_text("a note").unwrap();
    kiln.wait_for_text("a note").unwrap();
    kiln.press(&["left", "left"]).unwrap();
    kiln.press(&["ctrl-q"]).unwrap();
    kiln.rest().unwrap();
    assert!(
        !kiln
            .labels()
            .unwrap()
            .iter()
            .any(|label| label.contains("Save")),
        "{:?}",
        kiln.labels()
    );
    drop(kiln);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);

    let mut kiln = Driver::start(setup()).unwrap();
    // The note is in front, with the caret where it was.
    kiln.wait_for_text("a note").unwrap();
    kiln.focus_editor().unwrap();
    kiln.type_text("X").unwrap();
    kiln.wait_for_text("a noXte").unwrap();
    kiln.press(&["ctrl-pageup"]).unwrap();
    kiln.rest().unwrap();
    kiln.wait_for_text("unsaved").unwrap();
    // Undo reaches back past the restart.
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-z"]).unwrap();
    kiln.type_text("saved").unwrap();
    kiln.press(&["ctrl-s"]).unwrap();
    let saved = format!("{before}saved");
    kiln.wait_for("the saved file", |_, _| {
        std::fs::read_to_string(&file).unwrap() == saved
    })
    .unwrap();
}

#[test]
fn a_language_that_was_detected_of_a_text_without_a_file_comes_back() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        ..Setup::default()
    };
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.press(&["ctrl-n"]).unwrap();
    kiln.rest().unwrap();
    kiln.focus_editor().unwrap();
    kiln.type_text("def f(a):").unwrap();
    kiln.wait_for_text("def f(a):").unwrap();
    kiln.press(&["ctrl-k", "m"]).unwrap();
    kiln.wait_for_label("Auto Detect: Python").unwrap();
    kiln.type_text("auto").unwrap();
    kiln.press(&["enter"]).unwrap();
    kiln.wait_for_label("Language: Python").unwrap();
    kiln.press(&["ctrl-q"]).unwrap();
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_text("def f(a):").unwrap();
    kiln.wait_for_label("Language: Python").unwrap();
    // It was not chosen: another text is looked at anew.
    kiln.press(&["ctrl-k", "m"]).unwrap();
    kiln.wait_for_label("Auto Detect: Python").unwrap();
}

#[test]
fn words_to_the_agent_that_were_not_sent_come_back() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let server = ModelServer::start();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        settings: settings_for(&server),
        ..Setup::default()
    };
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_label("Message to the agent").unwrap();
    kiln.click("Message to the agent").unwrap();
    kiln.type_text("Half a thou").unwrap();
    kiln.rest().unwrap();
    kiln.press(&["ctrl-q"]).unwrap();
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_text("Half a thou").unwrap();
    kiln.click("Message to the agent").unwrap();
    kiln.press(&["ctrl-end"]).unwrap();
    kiln.type_text("ght").unwrap();
    kiln.wait_for_text("Half a thought").unwrap();
}

#[test]
fn the_agent_shows_the_session_again_that_it_showed() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let server = ModelServer::start();
    server.script([Reply::text("First answer."), Reply::text("Second answer.")]);
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        settings: settings_for(&server),
        ..Setup::default()
    };
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.ask_agent("first question").unwrap();
    kiln.wait_for_text("First answer.").unwrap();
    kiln.click_when_enabled("New session").unwrap();
    kiln.ask_agent("second question").unwrap();
    kiln.wait_for_text("Second answer.").unwrap();
    // Back to the first one, which is not written to.
    kiln.click("Session history").unwrap();
    kiln.click("first question").unwrap();
    kiln.wait_for_text("First answer.").unwrap();
    kiln.rest().unwrap();
    kiln.press(&["ctrl-q"]).unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_text("First answer.").unwrap();
    kiln.click("New session").unwrap();
    kiln.wait_for_text("Explain how shop works").unwrap();
    kiln.rest().unwrap();
    kiln.press(&["ctrl-q"]).unwrap();
    drop(kiln);

    // One that was begun and not written to is shown as it was: empty.
    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_text("Explain how shop works").unwrap();
    kiln.rest().unwrap();
    assert!(
        !kiln
            .labels()
            .unwrap()
            .iter()
            .any(|label| label.contains("answer."))
    );
}

/// The editors that the window shows, from left to right, each with where it is.
fn editors(kiln: &mut Driver) -> Vec<(String, Bounds<Pixels>)> {
    let mut editors: Vec<_> = kiln
        .with_window(|window, _| {
            let elements = window.elements();
            let fields = elements
                .iter()
                .filter(|element| element.role() == Some(Role::MultilineTextInput));
            fields
                .filter_map(|field| Some((field.label()?.to_owned(), field.bounds())))
                .filter(|(label, _)| label.ends_with(".txt"))
                .collect()
        })
        .unwrap();
    editors.sort_by_key(|(_, bounds)| f32::from(bounds.left()) as i32);
    editors
}

fn names(editors: &[(String, Bounds<Pixels>)]) -> Vec<&str> {
    editors.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn splits_and_folds_come_back_after_an_end() {
    let (_scratch, folder) = project();
    let home = tempfile::tempdir().unwrap();
    let (one, two) = ("a-file-with-a-name-03.txt", "a-file-with-a-name-04.txt");
    std::fs::write(folder.join(one), "def one():\n    a\n    b\nend\n").unwrap();
    let setup = || Setup {
        folder: Some(folder.clone()),
        home: Some(home.path().to_path_buf()),
        ..Setup::default()
    };

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.click(one).unwrap();
    kiln.rest().unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-home", "ctrl-shift-[", "down"]).unwrap();
    kiln.wait_for_text("Position: Ln 4").unwrap();
    kiln.type_text("the ").unwrap();
    kiln.press(&["ctrl-\\"]).unwrap();
    kiln.rest().unwrap();
    assert_eq!(names(&editors(&mut kiln)), [one, one]);
    kiln.click(two).unwrap();
    kiln.rest().unwrap();
    assert_eq!(names(&editors(&mut kiln)), [one, two]);
    kiln.press(&["ctrl-q"]).unwrap();
    kiln.rest().unwrap();
    drop(kiln);

    let mut kiln = Driver::start(setup()).unwrap();
    kiln.wait_for_text("the end").unwrap();
    kiln.rest().unwrap();
    let shown = editors(&mut kiln);
    assert_eq!(names(&shown), [one, two]);
    let left = shown[0].1;
    let place = point(left.center().x, left.top() + px(8.));
    kiln.with_window(|window, cx| window.drag(place, place, cx))
        .unwrap();
    kiln.press(&["ctrl-home", "down"]).unwrap();
    kiln.wait_for_text("Position: Ln 4, Col 1").unwrap();
}

#[test]
fn every_other_name_is_of_a_command_that_is_there() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        ..Setup::default()
    })
    .unwrap();
    let unknown: Vec<_> = kiln
        .with_window(|_, cx| {
            workbench::OTHER_NAMES
                .iter()
                .map(|(id, _)| *id)
                .filter(|id| ui::Commands::get(id, cx).is_none())
                .collect()
        })
        .unwrap();
    assert_eq!(unknown, Vec::<&str>::new());
}

/// What Vim asks the program for after some keys.
fn asked_of_vim(keys: &str, asked: &mut BTreeMap<String, String>) {
    let (mut text, mut carets) = (Text::new("one two\nthree\n"), Selections::caret(0));
    let mut vim = Vim::new(Options::default());
    for key in parse_keys(keys) {
        for effect in vim.key(key, &text, &carets, &()) {
            match effect {
                Effect::Edit(edit) => {
                    text = edit.changes.apply(&text).unwrap();
                    carets = edit.selections_after;
                }
                Effect::Select(new) => carets = new,
                Effect::Command(command) => {
                    let id = editor_view::vim_program_command(&command);
                    asked.extend(id.map(|id| (id.to_owned(), keys.to_owned())));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_command_that_vim_asks_for_is_there() {
    let mut asked = BTreeMap::new();
    let special = ["<Left>", "<Right>", "<Up>", "<Down>"].map(str::to_owned);
    let with_control = ('a'..='z').map(|letter| format!("<C-{letter}>"));
    let keys: Vec<_> = ('!'..='~')
        .map(String::from)
        .chain(special)
        .chain(with_control)
        .collect();
    for first in ["", "g", "z", "Z", "[", "]", "<C-w>"] {
        for key in &keys {
            for before in ["", "v"] {
                asked_of_vim(&format!("{before}{first}{key}"), &mut asked);
            }
        }
    }
    for line in [
        "w", "wa", "q", "qa", "wqa", "sp", "vs", "bn", "bp", "tabn", "tabp", "on", "undolist",
    ] {
        asked_of_vim(&format!(":{line}<CR>"), &mut asked);
    }
    for known in ["editor.action.revealDefinition", "workbench.splitRight"] {
        assert!(asked.contains_key(known), "{asked:?}");
    }
    assert!(asked.len() > 30, "{asked:?}");

    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        ..Setup::default()
    })
    .unwrap();
    kiln.with_window(|_, cx| asked.retain(|id, _| ui::Commands::get(id, cx).is_none()))
        .unwrap();
    assert_eq!(asked, BTreeMap::new(), "these are no commands");
}
