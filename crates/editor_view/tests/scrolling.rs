//! Scrolling by wheel, touchpad and keys: how far, and how it gets there.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use common::{Editor, ROOT, open, open_in, set};
use editor_core::{Selections, editing};
use fs::{EncodingChoice, FakeFs};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{Modifiers, PlatformInput, ScrollDelta, ScrollEvent, TestAppContext, point, px};
use ui::{Item as _, ItemEvent};
use workspace::{Recovery, ViewState, Workspace};

fn lines(count: usize) -> String {
    let lines: String = (0..count).map(|row| format!("line {row}\n")).collect();
    format!("ˇ{lines}")
}

fn top(editor: &Editor, cx: &mut TestAppContext) -> f64 {
    cx.update(|cx| editor.view.read(cx).scroll_top())
}

/// Turns the wheel over the text; negative is down.
fn wheel(editor: &Editor, cx: &mut TestAppContext, delta: ScrollDelta, modifiers: Modifiers) {
    editor.update(cx, |window, cx| {
        let event = PlatformInput::Scroll(ScrollEvent {
            position: point(px(300.), px(300.)),
            delta,
            modifiers,
            ..Default::default()
        });
        window.dispatch_event(event, cx);
        window.render_frame(cx);
    });
}

/// Ctrl, and Cmd on macOS.
fn command(cx: &mut TestAppContext) -> Modifiers {
    cx.update(|cx| Modifiers::secondary_key(cx))
}

fn notches(rows: f32) -> ScrollDelta {
    ScrollDelta::Lines(point(0., rows))
}

/// Lets time pass and draws the frames that were asked for; false where none was.
fn next_frame(editor: &Editor, cx: &mut TestAppContext, after: u64) -> bool {
    cx.executor().advance_clock(Duration::from_millis(after));
    editor.update(cx, |window, cx| {
        let asked = window.simulate_next_frame(cx) > 0;
        window.render_frame(cx);
        asked
    })
}

#[gpui_kit::test]
fn the_wheel_scrolls_as_far_as_the_settings_say(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    let none = Modifiers::default();
    let alt = Modifiers::alt();
    wheel(&editor, cx, notches(-3.), none);
    assert_eq!(top(&editor, cx), 3.);
    wheel(&editor, cx, notches(-3.), alt);
    assert_eq!(top(&editor, cx), 18., "five times as far with Alt");
    set(cx, "editor.mouseWheelScrollSensitivity", "2");
    set(cx, "editor.fastScrollSensitivity", "10");
    editor.frame(cx);
    wheel(&editor, cx, notches(-1.), none);
    assert_eq!(top(&editor, cx), 20.);
    wheel(&editor, cx, notches(-1.), alt);
    assert_eq!(top(&editor, cx), 40.);
    set(cx, "editor.mouseWheelScrollSensitivity", "-1");
    editor.frame(cx);
    wheel(&editor, cx, notches(-3.), none);
    assert_eq!(top(&editor, cx), 37., "the other way round");
}

#[gpui_kit::test]
fn smooth_scrolling_arrives_and_then_rests(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    set(cx, "editor.smoothScrolling", "true");
    editor.frame(cx);
    while next_frame(&editor, cx, 0) {}
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    assert_eq!(top(&editor, cx), 0., "it starts where it was");
    let mut tops = vec![0.];
    while next_frame(&editor, cx, 16) {
        tops.push(top(&editor, cx));
        assert!(tops.len() < 20, "it goes on: {tops:?}");
    }
    assert!(tops.len() > 5, "frames in between: {tops:?}");
    assert!(tops.is_sorted(), "{tops:?}");
    assert_eq!(*tops.last().unwrap(), 3., "exactly where it should be");
}

#[gpui_kit::test]
fn what_scrolls_meanwhile_goes_on_from_the_end(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    set(cx, "editor.smoothScrolling", "true");
    editor.frame(cx);
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    next_frame(&editor, cx, 40);
    let between = top(&editor, cx);
    assert!(between > 0. && between < 3., "{between}");
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    while next_frame(&editor, cx, 16) {}
    assert_eq!(top(&editor, cx), 6.);

    // A touchpad moves the view itself, and ends what moved.
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    next_frame(&editor, cx, 40);
    let between = top(&editor, cx);
    let row = cx.update(|cx| editor.view.read(cx).text_origin().unwrap().1.height);
    wheel(
        &editor,
        cx,
        ScrollDelta::Pixels(point(px(0.), -row)),
        Modifiers::default(),
    );
    assert!((top(&editor, cx) - between - 1.).abs() < 1e-6);
    while next_frame(&editor, cx, 16) {}
    assert!((top(&editor, cx) - between - 1.).abs() < 1e-6);
}

#[gpui_kit::test]
fn keys_and_carets_move_there_too(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    set(cx, "editor.smoothScrolling", "true");
    editor.frame(cx);
    editor.press(cx, "pagedown");
    editor.frame(cx);
    let first = top(&editor, cx);
    while next_frame(&editor, cx, 16) {}
    let page = top(&editor, cx);
    assert!(first < 1. && page > 15., "{first} {page}");

    // The caret's row comes into view, however far it is, and nothing else is passed slowly.
    editor.press(cx, "ctrl-end");
    editor.frame(cx);
    let before = top(&editor, cx);
    while next_frame(&editor, cx, 16) {}
    let rows = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert!(rows.contains(&1000), "{rows:?}");
    assert!(top(&editor, cx) - before < 100., "{before}");
}

#[gpui_kit::test]
fn rows_that_come_above_do_not_turn_it_round(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    set(cx, "editor.smoothScrolling", "true");
    editor.frame(cx);
    wheel(&editor, cx, notches(-30.), Modifiers::default());
    while next_frame(&editor, cx, 16) {}
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    next_frame(&editor, cx, 40);
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            let text = model.workspace().buffer(buffer).unwrap().text().clone();
            let edit = editor_core::Transaction {
                changes: editor_core::ChangeSet::replacement(text.len(), 0..0, "new\n".repeat(7))
                    .unwrap(),
                selections_before: editor_core::Selections::caret(0),
                selections_after: editor_core::Selections::caret(0),
                intent: editor_core::EditIntent::Other,
            };
            model.edit(buffer, edit, cx).unwrap();
        });
    });
    while next_frame(&editor, cx, 16) {}
    assert_eq!(top(&editor, cx), 40.);
}

#[gpui_kit::test]
fn nothing_moves_where_motion_is_reduced(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    set(cx, "editor.smoothScrolling", "true");
    set(cx, "workbench.reduceMotion", "\"on\"");
    editor.frame(cx);
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    assert_eq!(top(&editor, cx), 3.);
}

#[gpui_kit::test]
fn ctrl_and_the_wheel_zoom_where_that_is_wanted(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    let height = |cx: &mut TestAppContext| {
        cx.update(|cx| f32::from(editor.view.read(cx).text_origin().unwrap().1.height))
    };
    let usual = height(cx);
    let ctrl = command(cx);
    wheel(&editor, cx, notches(1.), ctrl);
    assert_eq!(height(cx), usual, "not unless it is wanted");
    set(cx, "editor.mouseWheelZoom", "true");
    editor.frame(cx);
    for _ in 0..5 {
        wheel(&editor, cx, notches(3.), ctrl);
    }
    assert_eq!(top(&editor, cx), 0., "it does not scroll");
    editor.frame(cx);
    assert_eq!(height(cx), (usual * 1.5).round());
    for _ in 0..40 {
        wheel(&editor, cx, notches(-3.), ctrl);
    }
    editor.frame(cx);
    assert!(height(cx) >= (usual * 0.5).floor(), "it is bounded");
}

#[gpui_kit::test]
fn a_view_that_is_drawn_again_has_not_moved(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &lines(1000));
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let _subscription = cx.update(|cx| {
        cx.subscribe(&editor.view, move |_, event: &ItemEvent, _| {
            heard.borrow_mut().push(*event);
        })
    });
    // As with each blink of a caret.
    for _ in 0..6 {
        editor.view.update(cx, |_, cx| cx.notify());
        cx.run_until_parked();
        editor.frame(cx);
    }
    assert_eq!(*told.borrow(), []);
    wheel(&editor, cx, notches(-3.), Modifiers::default());
    editor.frame(cx);
    assert_eq!(*told.borrow(), [ItemEvent::ViewMoved]);
}

#[gpui_kit::test]
fn a_view_comes_back_scrolled_to_the_right_as_far_as_it_was(cx: &mut TestAppContext) {
    // The long line is out of sight when the view is left.
    let text = format!(
        "{}\n{}",
        "wide ".repeat(100),
        "line of the text\n".repeat(500)
    );
    let editor = open(cx, "a.txt", &format!("ˇ{text}"));
    editor.frame(cx);
    let scroll = ScrollDelta::Pixels(point(px(-900.), px(0.)));
    wheel(&editor, cx, scroll, Modifiers::default());
    let down = ScrollDelta::Pixels(point(px(0.), px(-3000.)));
    wheel(&editor, cx, down, Modifiers::default());
    let leave = |editor: &Editor, cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap())
    };
    let left = leave(&editor, cx);
    assert_eq!(left.left, 900.);
    let come_back = |text: &str, cx: &mut TestAppContext| {
        let again = open(cx, "b.txt", text);
        again.update(cx, |window, cx| {
            let view = again.view.clone();
            view.update(cx, |view, cx| view.restore_view(&left, window, cx));
        });
        again.frame(cx);
        again.frame(cx);
        leave(&again, cx)
    };
    assert_eq!(come_back(&format!("ˇ{text}"), cx), left);
    // In another text there may be nothing.
    assert_eq!(come_back("ˇshort\n", cx).left, 0.);
}

#[gpui_kit::test]
fn a_view_that_a_crash_left_comes_back_where_the_last_edit_ends(cx: &mut TestAppContext) {
    let (state, path) = (tempfile::tempdir().unwrap(), Path::new(ROOT).join("a.txt"));
    let text = "line of the text\n".repeat(500);
    let fs = Arc::new(FakeFs::with_files([("/project/a.txt", text.as_str())]));
    let typed = "typed at the end of the text ".repeat(20);
    let mut before = Workspace::new(ROOT.into(), fs.clone());
    let (mut recovery, ..) = Recovery::open(state.path(), Path::new(ROOT)).unwrap();
    let id = before.open_blocking(&path).unwrap();
    let end = Selections::caret(text.len());
    let edit = editing::insert_text(before.buffer(id).unwrap().text(), &end, &typed);
    before.edit(id, edit).unwrap();
    let kept = recovery.job(&before).unwrap().run();
    recovery.finished(kept).unwrap();
    drop(recovery);

    let (_recovery, found, _) = Recovery::open(state.path(), Path::new(ROOT)).unwrap();
    let mut after = Workspace::new(ROOT.into(), fs.clone());
    after.restore(found.into_iter().map(|recovered| {
        let file = recovered.load_file(&*fs, EncodingChoice::default());
        (recovered, file)
    }));
    let editor = open_in(cx, after, fs, path);
    // It was written down before all of that was typed.
    let left = ViewState {
        selections: vec![(text.len() + 9, text.len() + 9)],
        text_len: text.len() + 9,
        ..ViewState::default()
    };
    editor.update(cx, |window, cx| {
        let view = editor.view.clone();
        view.update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    editor.frame(cx);
    editor.frame(cx);
    let shown = cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap());
    let end = text.len() + typed.len();
    assert_eq!(shown.selections, [(end, end)]);
    assert!(shown.top > 400. && shown.left > 0., "in view: {shown:?}");
}
