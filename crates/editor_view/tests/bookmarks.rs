//! Bookmarks: set, gone to, listed, kept with their lines, in every view and across a restart.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use ui::Item as _;

fn rows(editor: &Editor, cx: &mut TestAppContext) -> Vec<usize> {
    cx.update(|cx| {
        let workspace = editor.model.read(cx).workspace();
        workspace.buffer(editor.buffer).unwrap().bookmarks()
    })
}

#[gpui_kit::test]
fn bookmarks_are_gone_to_around_the_end_and_stay_with_their_lines(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\ntˇwo\nthree\nfour\n");
    editor.press(cx, "ctrl-k ctrl-k down down ctrl-k ctrl-k");
    assert_eq!(rows(&editor, cx), [1, 3]);
    editor
        .press(cx, "ctrl-k ctrl-n")
        .shows(cx, "one\nˇtwo\nthree\nfour\n");
    editor
        .press(cx, "ctrl-k ctrl-n")
        .shows(cx, "one\ntwo\nthree\nˇfour\n");
    editor
        .press(cx, "ctrl-k ctrl-b")
        .shows(cx, "one\nˇtwo\nthree\nfour\n");
    editor.press(cx, "ctrl-home").input(cx, "new\n");
    assert_eq!(rows(&editor, cx), [2, 4]);
    editor.press(cx, "ctrl-z");
    assert_eq!(rows(&editor, cx), [1, 3]);
    editor.press(cx, "ctrl-a ctrl-k ctrl-k");
    assert_eq!(
        rows(&editor, cx),
        [0, 1, 2, 3, 4],
        "all lines are marked first"
    );
    editor.press(cx, "ctrl-k ctrl-k");
    assert_eq!(rows(&editor, cx), [0; 0]);
}

#[gpui_kit::test]
fn bookmarks_are_listed_with_their_lines(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\n  tˇwo\nthree\n");
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| {
            assert!(ui::Commands::run(command, window, cx));
            window.render_frame(cx);
        });
        cx.run_until_parked();
    };
    editor.press(cx, "ctrl-k ctrl-k ctrl-end");
    run(cx, "editor.listBookmarks");
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let elements = window.elements().into_iter();
        let labels: Vec<String> = elements
            .filter_map(|element| element.label().map(|label| label.to_string()))
            .collect();
        assert!(labels.contains(&"Line 2: two".to_owned()), "{labels:?}");
    });
    editor.press(cx, "enter");
    editor.shows(cx, "one\nˇ  two\nthree\n");
    let offers_to_clear = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let clear = ui::Commands::get("editor.clearBookmarks", cx).unwrap();
            clear.is_listed(window, cx)
        })
    };
    assert!(offers_to_clear(cx));
    run(cx, "editor.clearBookmarks");
    assert_eq!(rows(&editor, cx), [0; 0]);
    assert!(!offers_to_clear(cx), "there is nothing to clear");
}

#[gpui_kit::test]
fn bookmarks_come_back_with_the_view(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\ntˇwo\nthree\n");
    editor.press(cx, "ctrl-k ctrl-k");
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx)).unwrap();
    assert_eq!(left.bookmarks, [1]);
    editor.press(cx, "ctrl-k ctrl-k");
    editor.update(cx, |window, cx| {
        editor
            .view
            .update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    assert_eq!(rows(&editor, cx), [1]);
}
