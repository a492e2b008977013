//! The small picture of the file beside its text, as a user meets it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open, set};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{Bounds, MouseButton, Pixels, Point, ScrollDelta, TestAppContext, point, px, size};

fn lines(count: usize) -> String {
    (0..count)
        .map(|row| format!("let value_{row} = {row};\n"))
        .collect()
}

/// An editor whose minimap was read.
fn editor(cx: &mut TestAppContext, file: &str, text: &str) -> Editor {
    let editor = open(cx, file, &format!("ˇ{text}"));
    settle(&editor, cx);
    editor
}

/// Draws, reads what the minimap shows, and draws that.
fn settle(editor: &Editor, cx: &mut TestAppContext) {
    for _ in 0..3 {
        editor.frame(cx);
        cx.run_until_parked();
    }
    editor.frame(cx);
}

/// Where the minimap is in the window; nothing where there is none.
fn map(editor: &Editor, cx: &mut TestAppContext) -> Option<Bounds<Pixels>> {
    editor.update(cx, |window, _| {
        let found = window.find_all_by_label("Minimap");
        found.first().map(|element| element.bounds())
    })
}

fn slider(editor: &Editor, cx: &mut TestAppContext) -> Bounds<Pixels> {
    cx.update(|cx| editor.view.read(cx).minimap_slider())
        .unwrap()
}

fn top(editor: &Editor, cx: &mut TestAppContext) -> f64 {
    cx.update(|cx| editor.view.read(cx).scroll_top())
}

fn drawn(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    cx.update(|cx| editor.view.read(cx).minimap_rows())
}

/// A place of the minimap, so many pixels below its top.
fn place(map: Bounds<Pixels>, y: f32) -> Point<Pixels> {
    point(map.center().x, map.top() + px(y))
}

fn click(editor: &Editor, cx: &mut TestAppContext, at: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        window.pointer_move(at, None, cx);
        window.pointer_down(at, MouseButton::Left, cx);
        window.pointer_up(at, MouseButton::Left, cx);
        window.render_frame(cx);
    });
}

fn drag(editor: &Editor, cx: &mut TestAppContext, from: Point<Pixels>, to: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        window.pointer_move(from, None, cx);
        window.pointer_down(from, MouseButton::Left, cx);
        window.pointer_move(to, Some(MouseButton::Left), cx);
        window.pointer_up(to, MouseButton::Left, cx);
        window.render_frame(cx);
    });
}

/// The middle of the rows that the view shows.
fn middle(editor: &Editor, cx: &mut TestAppContext) -> f64 {
    let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    let height = map(editor, cx).unwrap().size.height;
    assert_eq!(origin.y, map(editor, cx).unwrap().top());
    top(editor, cx) + f64::from(height / cell.height) / 2.
}

#[gpui_kit::test]
fn a_press_brings_its_place_into_the_middle_of_the_view(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(1000));
    let before = editor.marked(cx);
    let map = map(&editor, cx).unwrap();
    click(&editor, cx, place(map, 400.5));
    assert_eq!(middle(&editor, cx), 200.5, "a row is two pixels high");
    assert_eq!(editor.marked(cx), before, "carets stay where they are");
    // The map has moved on: the place of a press is looked up anew.
    click(&editor, cx, place(map, 590.));
    let further = middle(&editor, cx);
    assert!((295.0..450.0).contains(&further), "{further}");
    click(&editor, cx, place(map, 0.));
    assert!(middle(&editor, cx) < further - 50., "and back");
}

#[gpui_kit::test]
fn dragging_the_slider_scrolls_in_proportion(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(1000));
    let map = map(&editor, cx).unwrap();
    drag(&editor, cx, place(map, 10.), place(map, 110.));
    let moved = slider(&editor, cx);
    assert_eq!(
        moved.top() - map.top(),
        px(100.),
        "it stays under the pointer"
    );
    let travel = f64::from(f32::from(map.size.height - moved.size.height));
    let expected = 1000. * 100. / travel;
    assert!((top(&editor, cx) - expected).abs() < 0.01, "{expected}");
    drag(&editor, cx, place(map, 120.), place(map, 5000.));
    assert_eq!(top(&editor, cx), 1000., "the last row is at the top");
    assert_eq!(slider(&editor, cx).bottom(), map.bottom());
    drag(&editor, cx, place(map, 590.), place(map, -5000.));
    assert_eq!(top(&editor, cx), 0.);
}

#[gpui_kit::test]
fn a_file_that_fits_in_the_map_scrolls_by_its_rows(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(100));
    let map = map(&editor, cx).unwrap();
    drag(&editor, cx, place(map, 10.), place(map, 30.));
    assert!((top(&editor, cx) - 10.).abs() < 1e-6);
    // A press that begins beside the slider goes there, and drags from there.
    drag(&editor, cx, place(map, 120.5), place(map, 122.5));
    assert!((middle(&editor, cx) - 61.5).abs() < 1e-3);
    click(&editor, cx, place(map, 590.));
    let shown = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert!(shown.contains(&100), "below the map is the end: {shown:?}");
}

#[gpui_kit::test]
fn the_wheel_over_the_map_scrolls_the_text(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(1000));
    let at = place(map(&editor, cx).unwrap(), 300.);
    editor.update(cx, |window, cx| {
        let event = gpui_kit::PlatformInput::Scroll(gpui_kit::ScrollEvent {
            position: at,
            delta: ScrollDelta::Lines(point(0., -3.)),
            ..Default::default()
        });
        window.dispatch_event(event, cx);
        window.render_frame(cx);
    });
    assert_eq!(top(&editor, cx), 3.);
}

#[gpui_kit::test]
fn the_map_is_between_the_text_and_the_scrollbar_or_left_of_the_numbers(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(1000));
    let text = |cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).text_origin())
            .unwrap()
            .0
            .x
    };
    let (right, beside) = (map(&editor, cx).unwrap(), text(cx));
    assert_eq!(right.right(), px(800. - 12.));
    assert_eq!(right.size.height, px(600.));
    set(cx, "editor.minimap.side", "\"left\"");
    settle(&editor, cx);
    let left = map(&editor, cx).unwrap();
    assert_eq!((left.left(), left.size), (px(0.), right.size));
    assert_eq!(text(cx), beside + left.size.width);
    set(cx, "editor.minimap.maxColumn", "20");
    settle(&editor, cx);
    let narrow = map(&editor, cx).unwrap();
    assert_eq!(narrow.size.width, px(20. + 10.));
    let drawn = drawn(&editor, cx);
    assert_eq!(drawn[100], "### ######### # ####");
    set(cx, "editor.minimap.enabled", "false");
    settle(&editor, cx);
    assert_eq!(map(&editor, cx), None);
    assert_eq!(text(cx), beside);
    assert!(drawn.len() > 250);
}

#[gpui_kit::test]
fn it_steps_aside_where_there_is_little_room_or_little_to_show(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(10));
    assert_eq!(map(&editor, cx), None, "all of the file is in view");
    editor.set(cx, &format!("ˇ{}", lines(60)));
    settle(&editor, cx);
    assert!(map(&editor, cx).is_some());
    cx.simulate_window_resize(editor.window, size(px(600.), px(600.)));
    settle(&editor, cx);
    assert_eq!(map(&editor, cx), None, "the text needs the room");
    cx.simulate_window_resize(editor.window, size(px(900.), px(600.)));
    settle(&editor, cx);
    let wider = map(&editor, cx).unwrap();
    cx.simulate_window_resize(editor.window, size(px(3000.), px(600.)));
    settle(&editor, cx);
    let widest = map(&editor, cx).unwrap();
    assert!(widest.size.width > wider.size.width);
    assert_eq!(
        widest.size.width,
        px(120. + 10.),
        "no wider than the settings say"
    );
}

#[gpui_kit::test]
async fn folded_rows_are_not_in_the_map(cx: &mut TestAppContext) {
    let function = |name: &str| format!("fn {name}() {{\n    one();\n    two();\n}}\n");
    let text = format!("{}{}{}", function("a"), function("b"), lines(60));
    let editor = editor(cx, "a.rs", &text);
    editor.parsed(cx).await;
    settle(&editor, cx);
    let whole = drawn(&editor, cx);
    assert_eq!(whole.len(), 69);
    let shown = [
        "## ### #",
        "    ######",
        "    ######",
        "#",
        "## ### #",
        "    ######",
    ];
    assert_eq!(whole[..6], shown);
    editor.press(cx, "ctrl-shift-[");
    settle(&editor, cx);
    let folded = drawn(&editor, cx);
    assert_eq!(folded.len(), 67);
    assert_eq!(folded[..4], ["## ### #o", "#", "## ### #", "    ######"]);
    editor.press(cx, "ctrl-shift-]");
    settle(&editor, cx);
    assert_eq!(drawn(&editor, cx), whole);
}

#[gpui_kit::test]
fn a_wrapped_line_has_its_rows_in_the_map(cx: &mut TestAppContext) {
    let long = "word ".repeat(60);
    let text = format!("{long}\n{}", lines(60));
    let editor = editor(cx, "a.txt", &text);
    let whole = drawn(&editor, cx);
    assert_eq!(whole.len(), 62);
    editor.press(cx, "alt-z");
    settle(&editor, cx);
    let wrapped = drawn(&editor, cx);
    assert!(wrapped.len() > 64, "{}", wrapped.len());
    let words: usize = wrapped[..wrapped.len() - 61]
        .iter()
        .map(|row| row.split_whitespace().count())
        .sum();
    assert_eq!(words, 60, "every word of the line is in one of its rows");
    assert_eq!(wrapped[wrapped.len() - 61..], whole[1..]);
}

#[gpui_kit::test]
fn the_map_has_rows_above_and_below_while_a_line_of_megabytes_is_cut(cx: &mut TestAppContext) {
    let line: String = (0..400_000).map(|word| format!("word{word} ")).collect();
    for to in ["ctrl-end", "ctrl-end pageup pageup"] {
        let editor = open(cx, "a.txt", &format!("ˇ{line}"));
        editor.press(cx, "alt-z");
        editor.press(cx, to);
        let is_cut = |cx: &mut TestAppContext| !cx.update(|cx| editor.view.read(cx).is_wrapping());
        // Pieces come in while what the map shows is read.
        let mut full = Vec::new();
        while !is_cut(cx) {
            editor.frame(cx);
            for _ in 0..3 {
                cx.executor().tick();
            }
            let height = map(&editor, cx).unwrap().size.height;
            let rows = drawn(&editor, cx);
            let inked = rows.iter().filter(|row| !row.is_empty()).count();
            full.push(inked + 5 >= (height / px(2.)) as usize);
        }
        let first = full.iter().position(|full| *full).expect("some time");
        assert!(first < full.len() / 2, "{full:?}");
        assert!(full[first..].iter().all(|full| *full), "{full:?}");
    }
}

#[gpui_kit::test]
fn what_is_typed_is_in_the_map(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(60));
    editor.input(cx, "one two");
    editor.press(cx, "enter");
    settle(&editor, cx);
    let drawn = drawn(&editor, cx);
    assert_eq!(drawn[..2], ["### ###", "### ####### # ##"]);
    assert_eq!(drawn.len(), 62);
    editor.press(cx, "ctrl-z");
    settle(&editor, cx);
    assert_eq!(self::drawn(&editor, cx).len(), 61);
}

/// Rows and bytes that `act` has read for the minimap.
fn work(
    editor: &Editor,
    cx: &mut TestAppContext,
    act: impl Fn(&mut TestAppContext),
) -> (usize, usize) {
    let count = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).minimap_work());
    let before = count(cx);
    act(cx);
    settle(editor, cx);
    let after = count(cx);
    (after.0 - before.0, after.1 - before.1)
}

fn wheel(editor: &Editor, cx: &mut TestAppContext, rows: f32) {
    editor.update(cx, |window, cx| {
        window.scroll("editor", ScrollDelta::Lines(point(0., -rows)), cx);
    });
}

#[gpui_kit::test]
fn a_long_file_costs_what_its_strip_shows(cx: &mut TestAppContext) {
    let editor = editor(cx, "a.txt", &lines(100_000));
    // 600 pixels are 300 rows; a quarter more each way is read ahead. Of the first frame, some are
    // read at once.
    let opened = cx.update(|cx| editor.view.read(cx).minimap_work());
    assert_eq!(opened.0, 375 + 256);
    let still = work(&editor, cx, |cx| {
        for _ in 0..5 {
            editor.frame(cx);
        }
    });
    assert_eq!(still, (0, 0), "what did not change is not read again");
    let moved = work(&editor, cx, |cx| editor.press(cx, "down right").frame(cx));
    assert_eq!(moved, (0, 0), "nor for a caret");
    let notch = work(&editor, cx, |cx| wheel(&editor, cx, 3.));
    assert_eq!(notch, (0, 0), "nor for a notch");
    let scrolled = work(&editor, cx, |cx| wheel(&editor, cx, 100.));
    assert!(
        (1..=150).contains(&scrolled.0),
        "only new rows: {scrolled:?}"
    );
    let typed = work(&editor, cx, |cx| {
        editor.input(cx, "x");
    });
    assert!(typed.0 <= 460, "a key reads what is shown: {typed:?}");
    let map = map(&editor, cx).unwrap();
    let jumped = work(&editor, cx, |cx| {
        drag(&editor, cx, place(map, 30.), place(map, 300.))
    });
    assert!((1..=460 + 256).contains(&jumped.0), "{jumped:?}");
}

#[gpui_kit::test]
async fn a_key_has_the_map_read_once_after_its_parse(cx: &mut TestAppContext) {
    let functions = "fn one() {\n    two();\n}\n".repeat(200);
    let editor = editor(cx, "a.rs", &functions);
    editor.parsed(cx).await;
    settle(&editor, cx);
    let count = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).minimap_work());
    let before = count(cx);
    editor.input(cx, "abc ");
    editor.parsed(cx).await;
    settle(&editor, cx);
    assert_eq!(drawn(&editor, cx)[0], "### ## ##### #");
    let rows = count(cx).0 - before.0;
    // 600 pixels are 300 rows, and a quarter more is read ahead.
    assert!((300..=375).contains(&rows), "{rows} rows for four letters");
}

#[gpui_kit::test]
fn a_very_long_line_is_read_to_the_last_column_that_is_drawn(cx: &mut TestAppContext) {
    let long = "0123456789 ".repeat(200_000);
    let text = format!("{long}\n{}", lines(60));
    let editor = editor(cx, "a.txt", &text);
    let (rows, bytes) = cx.update(|cx| editor.view.read(cx).minimap_work());
    assert_eq!(
        rows,
        2 * 62,
        "once for the first frame, and once more for its colours"
    );
    assert!(bytes < rows * 120, "{bytes} bytes were read");
    let typed = work(&editor, cx, |cx| {
        editor.press(cx, "end").input(cx, "x");
    });
    assert!(typed.1 < 62 * 120, "{typed:?}");
    assert_eq!(drawn(&editor, cx).len(), 62);
}
