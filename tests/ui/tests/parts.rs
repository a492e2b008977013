//! Which parts of the window are drawn again after what: a key in the editor draws the editor and
//! what tells of it, and whatever a part shows is never left as it was.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::path::PathBuf;

use gpui_kit::test::TestQueryExt as _;
use gpui_kit::{
    Keystroke, MouseMoveEvent, Pixels, PlatformInput, Point, ScrollDelta, ScrollEvent, point, px,
};
use settings::Layer;
use tempfile::TempDir;
use ui::view_part::times_drawn;
use ui::{EditorZoom, SettingsStore};
use ui_tests::driver::{Driver, Setup};

/// The parts around the editor.
const PARTS: [&str; 7] = [
    "title-bar",
    "left-dock",
    "right-dock",
    "agent-foot",
    "tab-strip",
    "breadcrumbs",
    "status-bar",
];

const SOURCE: &str = "fn brew(grams: u32) -> u32 {\n    grams * 3\n}\n";

// The agent's dock is drawn with each frame, but not the composer in it, nor the conversation, which
// is not there yet.

/// The window on a folder with two files, one of them open, with the caret in it.
fn window() -> (TempDir, PathBuf, Driver) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().canonicalize().unwrap().join("shop");
    std::fs::create_dir_all(&folder).unwrap();
    let functions: String = (0..200).map(|_| SOURCE).collect();
    std::fs::write(folder.join("tea.rs"), functions).unwrap();
    std::fs::write(folder.join("notes.txt"), "Sells tea.\n").unwrap();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        open: vec!["tea.rs".into()],
        pictures: true,
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("fn brew").unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-home", "down"]).unwrap();
    // A letter that is there already marks the tab; the next one changes nothing of it.
    kiln.type_text("x").unwrap();
    kiln.rest().unwrap();
    (scratch, folder, kiln)
}

/// The parts that `deed` had drawn again, in the order of [`PARTS`].
fn drawn_by(kiln: &mut Driver, deed: impl FnOnce(&mut Driver)) -> Vec<&'static str> {
    let before = PARTS.map(times_drawn);
    deed(kiln);
    kiln.settle();
    let after = PARTS.map(times_drawn);
    let parts = PARTS.into_iter().zip(before.into_iter().zip(after));
    parts
        .filter(|(_, (before, after))| before != after)
        .map(|(part, _)| part)
        .collect()
}

/// Presses a key as the window hears it, without having it drawn.
fn stroke(kiln: &mut Driver, key: &'static str) {
    let stroke = Keystroke::parse(key).unwrap();
    kiln.with_window(|window, cx| window.dispatch_keystroke(stroke, cx))
        .unwrap();
}

/// Moves the pointer, without having the window drawn.
fn point_at(kiln: &mut Driver, position: Point<Pixels>) {
    let moved = PlatformInput::MouseMove(MouseMoveEvent {
        position,
        ..MouseMoveEvent::default()
    });
    kiln.with_window(|window, cx| window.dispatch_event(moved, cx))
        .unwrap();
    kiln.settle();
}

fn labels(kiln: &mut Driver) -> Vec<String> {
    let mut labels = kiln.labels().unwrap();
    labels.sort();
    labels
}

#[test]
fn a_letter_draws_no_more_than_what_tells_of_it() {
    let (_scratch, _, mut kiln) = window();
    let named = labels(&mut kiln);
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "y"));
    assert_eq!(drawn, ["right-dock", "status-bar"], "where the caret is");
    // What was handed on from the frame before is there as it was.
    let told = |labels: &[String]| {
        let mut told = labels.to_vec();
        told.retain(|label| !label.contains("Position"));
        told
    };
    assert_eq!(told(&labels(&mut kiln)), told(&named));
    assert!(labels(&mut kiln).contains(&"Position: Ln 2, Col 3".to_owned()));
}

#[test]
fn a_caret_in_another_function_is_told_by_the_breadcrumbs() {
    let (_scratch, _, mut kiln) = window();
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "right"));
    assert_eq!(drawn, ["right-dock", "status-bar"]);
    let drawn = drawn_by(&mut kiln, |kiln| {
        for _ in 0..3 {
            stroke(kiln, "down");
        }
    });
    assert_eq!(drawn, ["right-dock", "breadcrumbs", "status-bar"]);
}

#[test]
fn the_wheel_over_the_text_draws_the_text() {
    let (_scratch, _, mut kiln) = window();
    let turned = PlatformInput::Scroll(ScrollEvent {
        position: point(px(700.), px(400.)),
        delta: ScrollDelta::Lines(point(0., -3.)),
        ..ScrollEvent::default()
    });
    point_at(&mut kiln, point(px(700.), px(400.)));
    kiln.rest().unwrap();
    let drawn = drawn_by(&mut kiln, |kiln| {
        kiln.with_window(|window, cx| window.dispatch_event(turned, cx))
            .unwrap();
    });
    assert_eq!(drawn, ["right-dock"]);
}

#[test]
fn the_first_change_marks_the_tab() {
    let (_scratch, _, mut kiln) = window();
    kiln.press(&["ctrl-s"]).unwrap();
    kiln.wait_for_label("tea.rs").unwrap();
    kiln.rest().unwrap();
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "y"));
    assert_eq!(drawn, ["right-dock", "tab-strip", "status-bar"]);
    kiln.wait_for_label("tea.rs, unsaved changes").unwrap();
}

#[test]
fn theme_zoom_settings_keys_and_focus_draw_everything() {
    let (_scratch, _, mut kiln) = window();
    type Deed = fn(&mut Driver);
    let deeds: [(&str, Deed); 6] = [
        ("theme", |kiln| {
            kiln.with_window(|_, cx| {
                let light = "{\"kiln.theme.mode\": \"light\"}";
                SettingsStore::set(&[Layer::user("settings.json", light)], cx);
            })
            .unwrap();
        }),
        ("zoom", |kiln| {
            kiln.with_window(|_, cx| {
                let zoomed = "{\"window.zoomLevel\": 1}";
                SettingsStore::set(&[Layer::user("settings.json", zoomed)], cx);
            })
            .unwrap();
        }),
        ("zoom of the editors", |kiln| {
            kiln.with_window(|_, cx| EditorZoom::step(1, cx)).unwrap();
        }),
        ("keymap", |kiln| {
            kiln.with_window(|_, cx| {
                let keys = SettingsStore::keymap(cx).to_vec();
                SettingsStore::set_keymap(keys, cx);
            })
            .unwrap();
        }),
        ("focus", |kiln| kiln.focus_agent().unwrap()),
        ("focus again", |kiln| kiln.focus_editor().unwrap()),
    ];
    for (what, deed) in deeds {
        let drawn = drawn_by(&mut kiln, deed);
        assert_eq!(drawn, PARTS, "after another {what}");
    }
}

#[test]
fn what_is_written_in_a_dock_is_seen_at_once() {
    let (_scratch, _, mut kiln) = window();
    kiln.focus_agent().unwrap();
    kiln.rest().unwrap();
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "h"));
    assert_eq!(drawn, ["right-dock", "agent-foot"]);
    kiln.wait_for_text("h").unwrap();

    // The row for a name in the file tree.
    kiln.click("New file").unwrap();
    kiln.wait_for_label("Name").unwrap();
    // The first key after a click is another way to give the keyboard's place, which draws all.
    stroke(&mut kiln, "c");
    kiln.rest().unwrap();
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "u"));
    assert_eq!(drawn, ["left-dock", "right-dock"]);
    kiln.wait_for_text("cu").unwrap();
}

#[test]
fn the_composer_is_as_high_as_what_is_written_in_it() {
    let (_scratch, _, mut kiln) = window();
    // From where it is written to the panel's end.
    let foot = |kiln: &mut Driver| {
        kiln.with_window(|window, _| {
            let text = window.find_by_label("Message to the agent").bounds();
            let panel = window.find_by_label("Resize right dock").bounds();
            let send = window.find_by_label("Send message").bounds();
            (
                f32::from(text.size.height),
                f32::from(panel.bottom() - send.bottom()),
            )
        })
        .unwrap()
    };
    kiln.focus_agent().unwrap();
    kiln.rest().unwrap();
    let (one_line, below) = foot(&mut kiln);
    let mut high = one_line;
    for lines in 2..5 {
        stroke(&mut kiln, "shift-enter");
        kiln.settle();
        let (higher, as_before) = foot(&mut kiln);
        assert!(higher > high, "{lines} lines: {higher}, {high} before");
        assert_eq!(as_before, below, "{lines} lines");
        high = higher;
    }
    kiln.focus_editor().unwrap();
    kiln.rest().unwrap();
    assert_eq!(foot(&mut kiln), (high, below), "what is written stays");
    let drawn = drawn_by(&mut kiln, |kiln| stroke(kiln, "y"));
    assert_eq!(drawn, ["right-dock", "status-bar"]);
    assert_eq!(foot(&mut kiln), (high, below));
    kiln.focus_agent().unwrap();
    kiln.press(&["ctrl-a", "backspace"]).unwrap();
    kiln.rest().unwrap();
    assert_eq!(foot(&mut kiln), (one_line, below));
}

#[test]
fn a_row_under_the_pointer_is_lit_and_no_longer_when_it_leaves() {
    let (_scratch, _, mut kiln) = window();
    let row = kiln
        .with_window(|window, _| window.find_by_label("notes.txt").bounds())
        .unwrap();
    let look = |kiln: &mut Driver| {
        let picture = kiln.picture().unwrap();
        let whole = kiln.with_window(|window, _| window.viewport_size());
        let scale = picture.width() as f32 / f32::from(whole.unwrap().width);
        // Right of the name.
        let (x, y) = (f32::from(row.right()) - 20., f32::from(row.center().y));
        *picture.get_pixel((x * scale) as u32, (y * scale) as u32)
    };
    point_at(&mut kiln, point(px(700.), px(400.)));
    let before = look(&mut kiln);
    point_at(&mut kiln, row.center());
    assert_ne!(look(&mut kiln), before, "lit");
    point_at(&mut kiln, point(px(700.), px(400.)));
    assert_eq!(look(&mut kiln), before, "and no longer");
}
