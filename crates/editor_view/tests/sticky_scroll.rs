//! The first lines of scopes stay at the top of the view, as a user sees it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open, set};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{ScrollDelta, TestAppContext, point, px};

/// Two functions of forty lines in two scopes, and one after them.
fn text() -> String {
    let body = |name: &str| -> String {
        (0..40)
            .map(|line| format!("            let {name}{line} = {line};\n"))
            .collect()
    };
    format!(
        "mod outer {{\n    impl Thing {{\n        fn first() {{\n{}        }}\n        fn second() {{\n{}        }}\n    }}\n}}\nfn after() {{\n{}}}\n",
        body("a"),
        body("b"),
        body("c"),
    )
}

async fn editor(cx: &mut TestAppContext) -> Editor {
    let editor = open(cx, "a.rs", &format!("ˇ{}", text()));
    editor.parsed(cx).await;
    cx.run_until_parked();
    editor
}

/// The pinned rows when the view is scrolled so many rows down.
fn pinned(editor: &Editor, cx: &mut TestAppContext, top: f32) -> Vec<String> {
    editor.update(cx, |window, cx| {
        window.scroll("editor", ScrollDelta::Lines(point(0., 5000.)), cx);
        window.scroll("editor", ScrollDelta::Lines(point(0., -top)), cx);
        window.render_frame(cx);
    });
    cx.update(|cx| editor.view.read(cx).sticky_rows())
}

const FIRST: [&str; 3] = ["mod outer {", "    impl Thing {", "        fn first() {"];
const SECOND: [&str; 3] = ["mod outer {", "    impl Thing {", "        fn second() {"];

#[gpui_kit::test]
async fn scopes_that_reach_above_the_view_are_pinned(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    assert!(pinned(&editor, cx, 0.).is_empty());
    assert_eq!(
        pinned(&editor, cx, 1.),
        FIRST,
        "each pinned row covers the next one's own"
    );
    assert_eq!(pinned(&editor, cx, 10.), FIRST);
    assert_eq!(pinned(&editor, cx, 50.), SECOND);
    assert_eq!(pinned(&editor, cx, 100.), ["fn after() {"]);
    assert!(
        pinned(&editor, cx, 5000.).is_empty(),
        "nothing reaches past the end"
    );
}

#[gpui_kit::test]
async fn the_settings_say_how_many_and_whether(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    set(cx, "editor.stickyScroll.maxLineCount", "2");
    assert_eq!(pinned(&editor, cx, 10.), FIRST[..2]);
    set(cx, "editor.stickyScroll.enabled", "false");
    assert!(pinned(&editor, cx, 10.).is_empty());
}

#[gpui_kit::test]
async fn a_press_goes_to_the_line(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    pinned(&editor, cx, 50.);
    let place = editor.place(cx, 2, 20);
    editor.update(cx, |window, cx| {
        let origin = window.find("editor").bounds().origin;
        window.click_at("editor", place - origin, cx);
        window.render_frame(cx);
    });
    let expected = text().replace("fn second", "ˇfn second");
    editor.shows(cx, &expected);
    let shown = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert!(shown.contains(&43), "the line is in view: {shown:?}");
}

#[gpui_kit::test]
async fn what_is_folded_is_not_pinned(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    editor.set(cx, &text().replace("let a5 ", "ˇlet a5 "));
    editor.parsed(cx).await;
    cx.run_until_parked();
    editor.press(cx, "ctrl-shift-[");
    assert_eq!(pinned(&editor, cx, 10.), SECOND);
}

#[gpui_kit::test]
async fn of_a_wrapped_line_the_first_row_is_pinned(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    let long = format!("fn {}() {{", "a_long_name".repeat(40));
    editor.set(cx, &format!("ˇ{}", text().replace("fn after() {", &long)));
    editor.parsed(cx).await;
    cx.run_until_parked();
    editor.press(cx, "alt-z");
    editor.frame(cx);
    cx.run_until_parked();
    let shown = pinned(&editor, cx, 110.);
    assert_eq!(shown.len(), 1, "one row of a wrapped line: {shown:?}");
    assert!(long.starts_with(&shown[0]) && shown[0].len() < long.len());
}

#[gpui_kit::test]
async fn the_caret_is_never_under_what_is_pinned(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    let deep = format!("mod one {{\nmod two {{\n{}}}\n}}\n", text());
    editor.set(cx, &deep.replace("let b39 ", "ˇlet b39 "));
    editor.parsed(cx).await;
    cx.run_until_parked();
    editor.frame(cx);
    for _ in 0..35 {
        editor.press(cx, "up");
        editor.frame(cx);
        let (head, rows, first) = cx.update(|cx| {
            let view = editor.view.read(cx);
            let head = view.selections().primary().head;
            (
                view.text(cx).row_at(head),
                view.sticky_rows().len(),
                view.visible_rows().start,
            )
        });
        assert!(
            head >= first + rows,
            "row {head} is under {rows} from {first}"
        );
    }
}

#[gpui_kit::test]
async fn folding_leaves_the_caret_in_view_below_what_is_pinned(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    for top in [20.4, 30., 60.6] {
        editor.press(cx, "ctrl-k ctrl-j");
        assert_eq!(pinned(&editor, cx, top).len(), 3);
        editor.update(cx, |window, cx| {
            window.click_at("editor", point(px(300.), px(300.)), cx);
        });
        editor.press(cx, "ctrl-k ctrl-0");
        editor.frame(cx);
        let head = cx.update(|cx| editor.view.read(cx).selections().primary().head);
        assert!(head < 20, "it went to the end of the row that stays");
        cx.update(|cx| {
            let view = editor.view.read(cx);
            let (top, pinned) = (view.scroll_top(), view.sticky_rows().len() as f64);
            assert!(
                top + pinned <= 0.,
                "the caret's row is under {pinned} from {top}"
            );
        });
    }
}

#[gpui_kit::test]
async fn without_an_outline_it_is_the_indentation_that_counts(cx: &mut TestAppContext) {
    let body: String = (0..60).map(|line| format!("      - {line}\n")).collect();
    let text = format!("ˇjobs:\n  build:\n    steps:\n{body}other:\n  1\n");
    let editor = open(cx, "ci.yml", &text);
    cx.run_until_parked();
    assert_eq!(
        pinned(&editor, cx, 20.),
        ["jobs:", "  build:", "    steps:"]
    );
}

#[gpui_kit::test]
async fn the_settings_say_what_scopes_are(cx: &mut TestAppContext) {
    let editor = editor(cx).await;
    set(
        cx,
        "editor.stickyScroll.defaultModel",
        "\"indentationModel\"",
    );
    cx.run_until_parked();
    assert_eq!(pinned(&editor, cx, 10.), FIRST);
    let body: String = (0..60).map(|line| format!("    // {line}\n")).collect();
    editor.set(
        cx,
        &format!("ˇfn f() {{\n    // the body\n    if a\n{body}}}\n"),
    );
    editor.parsed(cx).await;
    cx.run_until_parked();
    assert_eq!(pinned(&editor, cx, 20.), ["fn f() {"]);
    set(
        cx,
        "editor.stickyScroll.defaultModel",
        "\"foldingProviderModel\"",
    );
    cx.run_until_parked();
    let folds = pinned(&editor, cx, 20.);
    assert_eq!(folds.first().map(String::as_str), Some("fn f() {"));
}
