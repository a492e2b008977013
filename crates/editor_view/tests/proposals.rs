//! Changes that the agent asks for, shown and decided on in the text.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use common::{Editor, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::TestQueryExt as _;
use ui::{Commands, ProposedEdit, ProposedEdits};

type Decided = Rc<RefCell<Vec<bool>>>;

/// The agent asks to change the text from `before` to `after`.
fn propose(editor: &Editor, cx: &mut TestAppContext, before: &str, after: &str) -> Decided {
    let decided = Decided::default();
    let told = decided.clone();
    let texts = (before.to_owned().into(), after.to_owned().into());
    let edit = ProposedEdit::new(1, editor.path.clone(), texts, move |accept, _, _| {
        told.borrow_mut().push(accept);
    });
    cx.update(|cx| ProposedEdits::set(&editor.model, Some(edit), cx));
    cx.run_until_parked();
    editor.frame(cx);
    decided
}

/// Lets the moment pass in which nothing is decided.
fn wait(editor: &Editor, cx: &mut TestAppContext) {
    editor.frame(cx);
    cx.executor().advance_clock(Duration::from_millis(500));
    cx.run_until_parked();
    editor.frame(cx);
}

fn is_shown(editor: &Editor, cx: &mut TestAppContext, label: &str) -> bool {
    editor.frame(cx);
    editor.update(cx, |window, _| {
        let found = window.find_all_by_label(label);
        found.into_iter().any(|element| element.visible())
    })
}

fn coming(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    editor.frame(cx);
    editor.update(cx, |window, _| {
        let found = window.find_all_by_label("Lines that would come");
        let values = found.iter().filter_map(|element| element.value());
        values.map(|value| value.to_string()).collect()
    })
}

#[gpui_kit::test]
fn a_change_is_shown_in_the_text_and_accepted_there_after_a_moment(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\nˇtwo\nthree\n");
    let decided = propose(&editor, cx, "one\ntwo\nthree\n", "one\n2\nthree\n");
    assert!(is_shown(&editor, cx, "The agent would change this text."));
    assert_eq!(coming(&editor, cx), ["2"]);
    editor.press(cx, "ctrl-enter");
    assert!(
        decided.borrow().is_empty(),
        "it was meant for something else"
    );
    wait(&editor, cx);
    editor.press(cx, "ctrl-enter");
    assert_eq!(*decided.borrow(), [true]);
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    assert_eq!(coming(&editor, cx), [""; 0]);
    // The text is the agent's to change; what the key does else is back.
    editor.shows(cx, "one\nˇtwo\nthree\n");
    editor.press(cx, "ctrl-enter");
    editor.shows(cx, "one\ntwo\nˇ\nthree\n");
}

#[gpui_kit::test]
fn a_change_is_refused_by_escape_and_by_its_command(cx: &mut TestAppContext) {
    for by_key in [true, false] {
        let editor = open(cx, "a.txt", "oneˇ\n");
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        match by_key {
            true => _ = editor.press(cx, "escape"),
            false => editor.update(cx, |window, cx| {
                assert!(Commands::run("inlineChat.discard", window, cx));
            }),
        }
        cx.run_until_parked();
        assert_eq!(*decided.borrow(), [false]);
        assert!(!is_shown(&editor, cx, "The agent would change this text."));
        editor.shows(cx, "oneˇ\n");
    }
}

#[gpui_kit::test]
fn nothing_is_accepted_that_was_not_in_sight(cx: &mut TestAppContext) {
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    let before = lines.join("\n");
    let mut changed = lines.clone();
    changed[2] = "first".into();
    changed[300] = "last".into();
    let editor = open(cx, "a.txt", &format!("ˇ{before}"));
    let decided = propose(&editor, cx, &before, &changed.join("\n"));
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["first"]);
    assert!(is_shown(&editor, cx, "Show the rest"));
    for _ in 0..3 {
        if is_shown(&editor, cx, "Accept") {
            break;
        }
        editor.press(cx, "ctrl-enter");
        wait(&editor, cx);
        wait(&editor, cx);
    }
    assert!(decided.borrow().is_empty());
    assert_eq!(coming(&editor, cx), ["last"], "it was scrolled to");
    editor.press(cx, "ctrl-enter");
    assert_eq!(*decided.borrow(), [true]);
}

#[gpui_kit::test]
fn a_change_of_another_text_is_not_shown(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    propose(&editor, cx, "other\n", "two\n");
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    let decided = propose(&editor, cx, "one\n", "two\n");
    assert!(is_shown(&editor, cx, "The agent would change this text."));
    // Typing makes the text another one.
    editor.input(cx, "x");
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    // Nor is one that reaches out of sight accepted.
    let long = format!("{}\n", "w".repeat(600));
    let wide = propose(&editor, cx, "onex\n", &long);
    wait(&editor, cx);
    editor.press(cx, "ctrl-enter");
    assert!(wide.borrow().is_empty() && decided.borrow().is_empty());
    // What was decided elsewhere goes.
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    cx.run_until_parked();
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
}
