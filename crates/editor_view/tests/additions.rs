//! Rows and text that are shown and are not in the document.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::rc::Rc;
use std::sync::Arc;

use common::{Editor, open};
use editor_core::Bias;
use editor_core::display_map::{BlockId, BlockPlacement};
use editor_view::{BlockElement, InlayStyle, InlayText};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    InteractiveElement as _, IntoElement as _, Pixels, Point, Styled as _, TestAppContext, div,
};

fn insert_block(
    editor: &Editor,
    cx: &mut TestAppContext,
    offset: usize,
    placement: BlockPlacement,
) -> Vec<BlockId> {
    let block = BlockElement {
        offset,
        placement,
        rows: 3,
        render: Rc::new(|_, _, _| {
            div()
                .id("block")
                .test_support()
                .size_full()
                .into_any_element()
        }),
    };
    let inserted = editor
        .view
        .update(cx, |view, cx| view.insert_blocks(vec![block], cx));
    editor.frame(cx);
    inserted
}

/// The rows of the screen that the block covers.
fn covered(editor: &Editor, cx: &mut TestAppContext) -> Option<(f32, f32)> {
    editor.update(cx, |window, cx| {
        let bounds = window.try_find("block")?.bounds();
        let (origin, cell) = editor.view.read(cx).text_origin()?;
        let rows = |y: Pixels| (y - origin.y) / cell.height;
        Some((rows(bounds.top()), rows(bounds.bottom())))
    })
}

fn click(editor: &Editor, cx: &mut TestAppContext, place: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        let origin = window.find("editor").bounds().origin;
        window.click_at("editor", place - origin, cx);
    });
}

#[gpui_kit::test]
fn a_block_stands_beside_its_line_and_carets_go_past_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oˇne\ntwo\nthree\n");
    let ids = insert_block(&editor, cx, 5, BlockPlacement::Above);
    assert_eq!(covered(&editor, cx), Some((1., 4.)));
    editor.press(cx, "down");
    editor.shows(cx, "one\ntˇwo\nthree\n");
    editor.press(cx, "down up up");
    editor.shows(cx, "oˇne\ntwo\nthree\n");
    let below = editor.place(cx, 4, 2);
    click(&editor, cx, below);
    editor.shows(cx, "one\ntwˇo\nthree\n");
    // A press on the block itself puts the caret into the row above it.
    let on_block = editor.place(cx, 2, 1);
    click(&editor, cx, on_block);
    editor.shows(cx, "oˇne\ntwo\nthree\n");
    editor.press(cx, "enter");
    editor.frame(cx);
    assert_eq!(covered(&editor, cx), Some((2., 5.)));
    editor
        .view
        .update(cx, |view, cx| view.remove_blocks(&ids, cx));
    editor.frame(cx);
    assert_eq!(covered(&editor, cx), None);
    let rows = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert_eq!(rows, 0..5);
}

#[gpui_kit::test]
fn a_block_goes_with_a_fold_and_stands_below_a_wrapped_line(cx: &mut TestAppContext) {
    let line = "word ".repeat(60);
    let editor = open(cx, "a.txt", &format!("ˇ{line}\n    deep\nend\n"));
    cx.run_until_parked();
    insert_block(&editor, cx, 3, BlockPlacement::Below);
    assert_eq!(covered(&editor, cx), Some((1., 4.)));
    editor.press(cx, "alt-z");
    editor.frame(cx);
    let (top, _) = covered(&editor, cx).unwrap();
    assert!(top > 2., "below the last row of the line: {top}");
    editor.press(cx, "alt-z");
    insert_block(&editor, cx, line.len() + 4, BlockPlacement::Above);
    editor.press(cx, "ctrl-k ctrl-0");
    editor.frame(cx);
    let rows = cx.update(|cx| editor.view.read(cx).shown_rows());
    assert_eq!(rows.len(), 3, "{rows:?}");
    let shown = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert_eq!(shown, 0..6, "the block of a folded line is not shown");
}

#[gpui_kit::test]
fn an_inlay_is_shown_and_carets_go_around_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "let xˇ = 1;\n");
    let inlay = InlayText {
        offset: 5,
        bias: Bias::Right,
        text: Arc::from(": i32"),
        style: InlayStyle::default(),
    };
    let ids = editor
        .view
        .update(cx, |view, cx| view.insert_inlays(vec![inlay], cx));
    let shown = |cx: &mut TestAppContext| {
        editor.frame(cx);
        cx.update(|cx| editor.view.read(cx).shown_rows()[0].clone())
    };
    assert_eq!(shown(cx), "1 let x: i32 = 1;");
    let column = |cx: &mut TestAppContext| {
        editor.frame(cx);
        cx.update(|cx| {
            let view = editor.view.read(cx);
            let (origin, cell) = view.text_origin().unwrap();
            let head = view.selections().primary().head;
            ((view.caret_place(head).unwrap().x - origin.x) / cell.width).round()
        })
    };
    assert_eq!(column(cx), 5.);
    editor.press(cx, "right");
    assert_eq!(column(cx), 11., "one press goes past the inlay");
    let inside = editor.place(cx, 0, 8);
    click(&editor, cx, inside);
    editor.shows(cx, "let xˇ = 1;\n");
    editor.input(cx, "y");
    assert_eq!(shown(cx), "1 let xy: i32 = 1;");
    assert_eq!(editor.marked(cx), "let xyˇ = 1;\n");
    editor
        .view
        .update(cx, |view, cx| view.remove_inlays(&ids, cx));
    assert_eq!(shown(cx), "1 let xy = 1;");
}
