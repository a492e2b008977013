//! A frame costs what is in view, however long the file and its lines are.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{ScrollDelta, TestAppContext, point};

/// Lines laid out and lines shaped anew by what `act` causes.
fn work(
    editor: &Editor,
    cx: &mut TestAppContext,
    act: impl Fn(&mut TestAppContext),
) -> (usize, usize) {
    let count = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).shaping_work());
    let before = count(cx);
    act(cx);
    let after = count(cx);
    (after.0 - before.0, after.1 - before.1)
}

fn source(rows: usize) -> String {
    let mut text = String::from("ˇ");
    for row in 0..rows {
        text.push_str(&format!("let value_{row} = {row};\n"));
    }
    text
}

fn frame_after_scrolling(cx: &mut TestAppContext, rows: usize) -> (usize, usize) {
    let editor = open(cx, "a.txt", &source(rows));
    editor.update(cx, |window, cx| {
        window.scroll(
            "editor",
            ScrollDelta::Lines(point(0., -(rows as f32 / 2.))),
            cx,
        );
    });
    work(&editor, cx, |cx| editor.frame(cx))
}

#[gpui_kit::test]
fn a_long_file_costs_what_a_short_one_does(cx: &mut TestAppContext) {
    let short = frame_after_scrolling(cx, 100);
    let long = frame_after_scrolling(cx, 100_000);
    assert!(short.0 > 10, "rows were laid out: {short:?}");
    assert!(
        long.0 <= short.0 + 1,
        "rows laid out: {short:?} of 100, {long:?} of 100,000"
    );
    assert_eq!(
        (short.1, long.1),
        (0, 0),
        "an unchanged row is not shaped again"
    );
}

#[gpui_kit::test]
fn a_keystroke_shapes_its_row_alone(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &source(100_000));
    editor.press(cx, "down down");
    editor.frame(cx);
    let (_, shaped) = work(&editor, cx, |cx| {
        editor.input(cx, "x");
    });
    assert!((1..=2).contains(&shaped), "rows shaped by a key: {shaped}");
}

#[gpui_kit::test]
fn a_row_scrolled_into_view_is_the_only_one_shaped(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &source(100_000));
    let (_, shaped) = work(&editor, cx, |cx| {
        editor.update(cx, |window, cx| {
            window.scroll("editor", ScrollDelta::Lines(point(0., -1.)), cx);
        });
    });
    assert!(shaped <= 1, "rows shaped by one row of scrolling: {shaped}");
}

#[gpui_kit::test]
fn a_very_long_line_is_shaped_around_the_columns_in_view(cx: &mut TestAppContext) {
    let line = "0123456789".repeat(100_000);
    let editor = open(cx, "a.txt", &format!("ˇ{line}\n"));
    let (asked, _) = work(&editor, cx, |cx| editor.frame(cx));
    assert!(asked <= 6, "stretches laid out: {asked}");
    editor.press(cx, "end");
    editor.shows(cx, &format!("{line}ˇ\n"));
    let (asked, shaped) = work(&editor, cx, |cx| editor.frame(cx));
    assert!(asked <= 6 && shaped == 0, "{asked} {shaped}");

    // Far right, a click lands on the column under it.
    let click = cx.update(|cx| {
        let view = editor.view.read(cx);
        let caret = view.caret_place(1_000_000).unwrap();
        let (_, cell) = view.text_origin().unwrap();
        caret - point(cell.width * 2.9, -cell.height * 0.5)
    });
    editor.update(cx, |window, cx| {
        let bounds = window.find("editor").bounds();
        window.click_at("editor", click - bounds.origin, cx);
    });
    let head = cx.update(|cx| editor.view.read(cx).selections().primary().head);
    assert_eq!(head, 1_000_000 - 3);
}

#[gpui_kit::test]
fn letters_far_out_in_a_line_stand_a_cell_apart(cx: &mut TestAppContext) {
    let line = "0123456789".repeat(600_000);
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "end");
    editor.input(cx, "EDITMIN");
    editor.frame(cx);
    let (places, cell, left) = cx.update(|cx| {
        let view = editor.view.read(cx);
        let places: Vec<_> = (line.len() - 20..=line.len() + 7)
            .map(|offset| f32::from(view.caret_place(offset).unwrap().x))
            .collect();
        let (_, cell) = view.text_origin().unwrap();
        (places, f32::from(cell.width), view.scroll_left())
    });
    assert!(left > 30_000_000., "scrolled to {left}");
    for pair in places.windows(2) {
        let apart = pair[1] - pair[0];
        assert!((apart - cell).abs() < 0.1, "{apart} of {cell}: {places:?}");
    }
    let end = places[places.len() - 1];
    assert!((0. ..800.).contains(&end), "the caret is in view: {end}");
}
