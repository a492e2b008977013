//! Folding, as a user sees it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open};
use editor_core::{ChangeSet, Edit, Selections, Transaction};
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{Modifiers, MouseButton, Pixels, Point, TestAppContext, point, px};
use ui::Item as _;

const TEXT: &str = "def one():\n    if a:\n        b()\n        c()\n\ndef two():\n    d()\nend\n";

/// The text with a caret before the first place of `at`.
fn caret(at: &str) -> String {
    TEXT.replacen(at, &format!("ˇ{at}"), 1)
}

fn folding(cx: &mut TestAppContext, marked: &str) -> Editor {
    let editor = open(cx, "a.txt", marked);
    cx.run_until_parked();
    editor
}

/// The rows on the screen.
fn rows(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    editor.frame(cx);
    cx.update(|cx| editor.view.read(cx).shown_rows())
}

const ONE_FOLDED: [&str; 6] = [
    "1 def one():…",
    "5",
    "6 def two():",
    "7     d()",
    "8 end",
    "9",
];

fn click(editor: &Editor, cx: &mut TestAppContext, place: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        let origin = window.find("editor").bounds().origin;
        window.click_at("editor", place - origin, cx);
    });
}

#[gpui_kit::test]
fn the_innermost_region_is_folded_and_then_the_one_around_it(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("c()"));
    editor.press(cx, "ctrl-shift-[");
    assert_eq!(
        rows(&editor, cx)[..3],
        ["1 def one():", "2     if a:…", "5"]
    );
    editor.shows(cx, &TEXT.replacen("if a:", "if a:ˇ", 1));
    editor.press(cx, "ctrl-shift-[");
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    editor.press(cx, "ctrl-shift-]");
    assert_eq!(
        rows(&editor, cx)[..3],
        ["1 def one():", "2     if a:…", "5"]
    );
    editor.press(cx, "down ctrl-k ctrl-l");
    assert_eq!(rows(&editor, cx).len(), 9);
    editor.press(cx, "ctrl-k ctrl-l");
    assert_eq!(rows(&editor, cx)[1], "2     if a:…");
}

#[gpui_kit::test]
fn regions_fold_with_those_inside_them_and_by_level(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-[");
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    editor.press(cx, "ctrl-shift-]");
    assert_eq!(rows(&editor, cx)[1], "2     if a:…");
    editor.press(cx, "ctrl-k ctrl-]");
    assert_eq!(rows(&editor, cx).len(), 9);
    editor.press(cx, "ctrl-k ctrl-0");
    let all = ["1 def one():…", "5", "6 def two():…", "8 end", "9"];
    assert_eq!(rows(&editor, cx), all);
    editor.press(cx, "ctrl-k ctrl-j");
    assert_eq!(rows(&editor, cx).len(), 9);
    // What holds the caret stays open.
    editor.press(cx, "ctrl-k ctrl-1");
    let but_one = rows(&editor, cx);
    assert_eq!((but_one.len(), but_one[5].as_str()), (8, "6 def two():…"));
    editor.press(cx, "ctrl-k ctrl-j ctrl-k ctrl-2");
    assert_eq!(rows(&editor, cx)[1], "2     if a:…");
}

#[gpui_kit::test]
fn carets_go_past_what_is_folded(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-[ end");
    editor.shows(cx, &TEXT.replacen("one():", "one():ˇ", 1));
    editor.press(cx, "right");
    editor.shows(cx, &TEXT.replacen("\n\n", "\nˇ\n", 1));
    editor.press(cx, "left");
    editor.shows(cx, &TEXT.replacen("one():", "one():ˇ", 1));
    editor.press(cx, "down down");
    editor.shows(cx, &TEXT.replacen("two():", "two():ˇ", 1));
    editor.press(cx, "up up shift-down");
    editor.shows(
        cx,
        &TEXT
            .replacen("one():", "one():«", 1)
            .replacen("\n\n", "\nˇ»\n", 1),
    );
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    editor.press(cx, "ctrl-a");
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
}

#[gpui_kit::test]
fn a_caret_or_an_edit_inside_unfolds(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("b()"));
    editor.input(cx, "x");
    editor.press(cx, "ctrl-k ctrl-0");
    assert_eq!(rows(&editor, cx).len(), 5);
    // Typed before the placeholder, text belongs to the row.
    editor.input(cx, "!");
    assert_eq!(rows(&editor, cx)[0], "1 def one():!…");
    editor.press(cx, "enter");
    assert_eq!(
        rows(&editor, cx)[..3],
        ["1 def one():!", "2", "3     if a:…"]
    );
    editor.press(cx, "ctrl-z ctrl-z ctrl-z");
    assert_eq!(
        rows(&editor, cx)[2],
        "3         b()",
        "undone where it is seen"
    );
    editor.press(cx, "ctrl-k ctrl-0 ctrl-home end delete");
    assert_eq!(rows(&editor, cx)[0], "1 def one():    if a:…");
    editor.press(cx, "ctrl-z");
    editor.press(cx, "ctrl-k ctrl-0 ctrl-g");
    editor.input(cx, "3");
    editor.press(cx, "enter");
    assert_eq!(rows(&editor, cx)[2], "3         b()");
}

#[gpui_kit::test]
fn a_line_is_selected_with_what_is_folded_into_it(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-[ ctrl-l");
    let selected = TEXT
        .replacen("def one", "«def one", 1)
        .replacen("\n\n", "\nˇ»\n", 1);
    editor.shows(cx, &selected);
    let number = editor.place(cx, 2, 0);
    let number = point(px(20.), number.y);
    click(&editor, cx, number);
    editor.shows(cx, &TEXT.replacen("def two():\n", "«def two():\nˇ»", 1));
    let number = point(px(20.), editor.place(cx, 0, 0).y);
    click(&editor, cx, number);
    editor.shows(cx, &selected);
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    editor.press(cx, "backspace");
    assert_eq!(rows(&editor, cx)[..2], ["1", "2 def two():"]);
}

#[gpui_kit::test]
fn a_column_selection_leaves_out_what_is_folded(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-[");
    editor.press(
        cx,
        "ctrl-alt-shift-right ctrl-alt-shift-down ctrl-alt-shift-down",
    );
    let selected = TEXT
        .replacen("def one", "«dˇ»ef one", 1)
        .replacen("\n\n", "\nˇ\n", 1)
        .replacen("def two", "«dˇ»ef two", 1);
    editor.shows(cx, &selected);
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
}

#[gpui_kit::test]
fn a_large_file_is_folded_at_once(cx: &mut TestAppContext) {
    let function = "fn f() {\n    if a {\n        b();\n    }\n}\n";
    let editor = folding(cx, &format!("ˇ{}", function.repeat(8_000)));
    editor.press(cx, "ctrl-k ctrl-0");
    assert_eq!(rows(&editor, cx)[..2], ["1 fn f() {…", "5 }"]);
    editor.press(cx, "ctrl-end");
    assert_eq!(rows(&editor, cx).last().unwrap(), "40001");
    let end = cx.update(|cx| editor.view.read(cx).visible_rows().end);
    assert_eq!(end, 16_001);
    editor.press(cx, "up up up");
    editor.input(cx, "x");
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).folded_ranges().len()),
        16_000
    );
    editor.press(cx, "ctrl-k ctrl-j");
    editor.frame(cx);
    assert!(cx.update(|cx| editor.view.read(cx).folded_ranges().is_empty()));
}

#[gpui_kit::test]
fn a_match_inside_is_shown_when_it_is_found(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("end"));
    editor.press(cx, "ctrl-k ctrl-0 ctrl-f");
    editor.input(cx, "c()");
    cx.run_until_parked();
    editor.press(cx, "enter");
    let shown = rows(&editor, cx);
    assert!(shown.contains(&"4         c()".to_owned()), "{shown:?}");
    assert!(shown.contains(&"6 def two():…".to_owned()), "{shown:?}");
}

#[gpui_kit::test]
fn the_placeholder_and_the_chevron_are_pressed(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("end"));
    let place = editor.place(cx, 0, 0);
    let chevron = cx.update(|cx| {
        let (origin, _) = editor.view.read(cx).text_origin().unwrap();
        point(origin.x - px(9.), place.y)
    });
    click(&editor, cx, chevron);
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    editor.shows(cx, &caret("end"));
    let placeholder = editor.place(cx, 0, 10);
    click(&editor, cx, placeholder);
    assert_eq!(rows(&editor, cx).len(), 9);
    click(&editor, cx, chevron);
    click(&editor, cx, chevron);
    assert_eq!(rows(&editor, cx).len(), 9);
    // Behind the placeholder the caret stands before it.
    click(&editor, cx, chevron);
    let behind = editor.place(cx, 0, 30);
    click(&editor, cx, behind);
    editor.shows(cx, &TEXT.replacen("one():", "one():ˇ", 1));
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
}

#[gpui_kit::test]
fn what_is_selected_is_folded_until_the_fold_is_removed(cx: &mut TestAppContext) {
    let marked = TEXT
        .replacen("def two", "de«f two", 1)
        .replacen("end\n", "end\nˇ»", 1);
    let editor = folding(cx, &marked);
    editor.press(cx, "ctrl-k ctrl-,");
    assert_eq!(rows(&editor, cx)[5..], ["6 def two():…", "9"]);
    editor.press(cx, "ctrl-k ctrl-j ctrl-k ctrl-l");
    assert_eq!(rows(&editor, cx)[5..], ["6 def two():…", "9"]);
    editor.press(cx, "ctrl-k ctrl-.");
    assert_eq!(rows(&editor, cx).len(), 9);
    editor.press(cx, "ctrl-k ctrl-l");
    assert_eq!(rows(&editor, cx)[5..], ["6 def two():…", "8 end", "9"]);
}

#[gpui_kit::test]
fn folds_can_be_kept_and_follow_edits(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-0");
    editor.input(cx, "x\n");
    assert_eq!(rows(&editor, cx)[1], "2 def one():…");
    let kept = cx.update(|cx| editor.view.read(cx).folded_ranges());
    editor.press(cx, "ctrl-k ctrl-j");
    editor
        .view
        .update(cx, |view, cx| view.fold_ranges(kept.clone(), cx));
    assert_eq!(rows(&editor, cx).len(), 6);
    let again = cx.update(|cx| editor.view.read(cx).folded_ranges());
    assert_eq!(kept, again);
}

#[gpui_kit::test]
fn what_was_made_foldable_comes_back_folded_or_not(cx: &mut TestAppContext) {
    let marked = TEXT
        .replacen("def two", "de«f two", 1)
        .replacen("end\n", "end\nˇ»", 1);
    let editor = folding(cx, &marked);
    editor.press(cx, "ctrl-k ctrl-, ctrl-k ctrl-j");
    assert_eq!(rows(&editor, cx).len(), 9);
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap());
    let again = folding(cx, &caret("def one"));
    again.update(cx, |window, cx| {
        let view = again.view.clone();
        view.update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    assert_eq!(rows(&again, cx).len(), 9);
    again.press(cx, "ctrl-k ctrl-l");
    assert_eq!(rows(&again, cx)[5..], ["6 def two():…", "9"]);
}

#[gpui_kit::test]
fn folds_are_kept_over_any_number_of_edits_at_once(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("b()"));
    editor.press(cx, "ctrl-shift-[");
    editor.press(cx, "ctrl-shift-[");
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            for number in 0..1001 {
                let text = model.workspace().buffer(buffer).unwrap().text();
                // A letter before the folded row, which goes again, but for the last one.
                let edit = match number % 2 {
                    0 => Edit::new(0..0, "x"),
                    _ => Edit::new(0..1, ""),
                };
                let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
                let edit = Transaction::from_changes(changes, &Selections::default());
                model.edit(buffer, edit, cx).unwrap();
            }
        });
    });
    let shown = rows(&editor, cx);
    assert_eq!(shown[0], "1 xdef one():…");
    assert_eq!(shown[1..], ONE_FOLDED[1..]);
}

#[gpui_kit::test]
fn a_large_text_is_looked_at_for_folds_once_it_rests(cx: &mut TestAppContext) {
    for (lines, at_once) in [(10, true), (200_000, false)] {
        let editor = open(cx, "a.txt", &format!("ˇ{}", "one\n\ttwo\n".repeat(lines)));
        cx.run_until_parked();
        let searches =
            |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).fold_searches());
        let before = searches(cx);
        for _ in 0..3 {
            editor.input(cx, "x");
            cx.run_until_parked();
        }
        assert_eq!(searches(cx) - before, if at_once { 3 } else { 0 });
        cx.executor()
            .advance_clock(std::time::Duration::from_millis(400));
        cx.run_until_parked();
        assert_eq!(searches(cx) - before, if at_once { 3 } else { 1 });
    }
}

#[gpui_kit::test]
fn folds_are_looked_for_anew_after_a_setting_that_matters_to_them_alone(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\n\ttwo\n    three\n");
    cx.run_until_parked();
    let searches = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).fold_searches());
    let before = searches(cx);
    editor.settings(
        cx,
        r#"{"editor.minimap.enabled": false, "editor.fontSize": 20}"#,
    );
    cx.run_until_parked();
    assert_eq!(searches(cx), before);
    editor.settings(cx, r#"{"editor.tabSize": 2}"#);
    cx.run_until_parked();
    assert_eq!(searches(cx), before + 1);
}

#[gpui_kit::test]
fn a_box_that_is_dragged_over_a_fold_has_no_carets_in_it(cx: &mut TestAppContext) {
    let editor = folding(cx, &caret("def one"));
    editor.press(cx, "ctrl-k ctrl-[");
    let (from, to) = (editor.place(cx, 0, 1), editor.place(cx, 2, 3));
    let held = Modifiers {
        shift: true,
        alt: true,
        ..Modifiers::default()
    };
    editor.update(cx, |window, cx| {
        window.change_modifiers(held, cx);
        window.pointer_move(from, None, cx);
        window.pointer_down(from, MouseButton::Left, cx);
        window.pointer_move(to, Some(MouseButton::Left), cx);
        window.pointer_up(to, MouseButton::Left, cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
    let boxed =
        TEXT.replacen("def one", "«defˇ» one", 1)
            .replacen("\n\ndef two", "\nˇ\n«defˇ» two", 1);
    editor.shows(cx, &boxed);
    assert_eq!(rows(&editor, cx), ONE_FOLDED);
}

#[gpui_kit::test]
fn what_is_marked_folds_without_a_server(cx: &mut TestAppContext) {
    let text = "ˇclass A\n{\n    #region One\n    int a;\n    #endregion\n    int b;\n}\n";
    let editor = open(cx, "A.cs", text);
    cx.run_until_parked();
    editor.press(cx, "ctrl-k ctrl-8");
    let folded = rows(&editor, cx);
    assert_eq!(folded[1..4], ["2 {", "3     #region One…", "6     int b;"]);
    editor.press(cx, "ctrl-k ctrl-9");
    assert_eq!(rows(&editor, cx).len(), 8);
    // They move with an edit.
    editor.press(cx, "enter ctrl-k ctrl-8");
    assert_eq!(rows(&editor, cx)[3], "4     #region One…");
}

#[gpui_kit::test]
fn imports_fold_without_a_server_when_a_file_is_opened(cx: &mut TestAppContext) {
    let text = "import a\nimport b\n\nx = 1\nˇ";
    let editor = open(cx, "a.py", text);
    editor.settings(cx, r#"{"editor.foldingImportsByDefault": true}"#);
    cx.run_until_parked();
    assert_eq!(rows(&editor, cx)[..2], ["1 import a…", "3"]);
    // Those that are written later stay open.
    let editor = open(cx, "b.py", "ˇ\nx = 1\n");
    cx.run_until_parked();
    editor.input(cx, "import a\nimport b");
    editor.press(cx, "ctrl-end");
    cx.run_until_parked();
    assert_eq!(rows(&editor, cx)[..2], ["1 import a", "2 import b"]);
}
