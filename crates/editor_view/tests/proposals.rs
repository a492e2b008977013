//! Changes that the agent asks for, shown and decided on in the text.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use common::{Editor, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
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
fn a_change_is_refused_by_its_key_and_by_its_command(cx: &mut TestAppContext) {
    for by_key in [true, false] {
        let editor = open(cx, "a.txt", "oneˇ\n");
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        match by_key {
            true => _ = editor.press(cx, "ctrl-shift-backspace"),
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

const STRIP: &str = "The agent would change this text.";

/// Goes on through the change until it can be accepted; how often that took.
fn go_through(editor: &Editor, cx: &mut TestAppContext, decided: &Decided) -> usize {
    for times in 0..20 {
        if is_shown(editor, cx, "Accept") {
            return times;
        }
        assert!(is_shown(editor, cx, "Show the rest"));
        editor.press(cx, "ctrl-enter");
        assert!(decided.borrow().is_empty());
        wait(editor, cx);
        wait(editor, cx);
    }
    panic!("it is never in sight");
}

#[gpui_kit::test]
fn lines_that_would_come_below_a_last_line_without_a_line_feed_have_to_be_seen(
    cx: &mut TestAppContext,
) {
    let added: String = (0..150).map(|line| format!("\nnew {line}")).collect();
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    for before in ["one".to_owned(), lines.join("\n")] {
        let editor = open(cx, "a.txt", &format!("{before}ˇ"));
        wait(&editor, cx);
        let decided = propose(&editor, cx, &before, &format!("{before}{added}"));
        wait(&editor, cx);
        assert!(go_through(&editor, cx, &decided) > 1, "of {}", before.len());
        editor.press(cx, "ctrl-enter");
        assert_eq!(*decided.borrow(), [true]);
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn wide_characters_and_tabs_count_as_the_cells_that_they_take(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    editor.frame(cx);
    let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    let width = editor.update(cx, |window, _| window.find("editor").bounds().right());
    let columns = ((width - origin.x) / cell.width) as usize;
    let half = columns * 2 / 3;
    for (line, fits) in [
        ("x".repeat(half), true),
        ("界".repeat(half), false),
        ("\t".repeat(half), false),
        ("\u{202e}".repeat(half), false),
    ] {
        let decided = propose(&editor, cx, "one\n", &format!("{line}\n"));
        wait(&editor, cx);
        assert_eq!(is_shown(&editor, cx, "Accept"), fits, "{line}");
        editor.press(cx, "ctrl-enter");
        assert_eq!(*decided.borrow(), vec![true; usize::from(fits)], "{line}");
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
        cx.run_until_parked();
    }
}

#[gpui_kit::test]
fn another_difference_hides_the_change_until_it_is_closed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    editor.input(cx, "!");
    let decided = propose(&editor, cx, "one!\n", "two\n");
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Accept"));
    editor.press(cx, "ctrl-k ctrl-z");
    wait(&editor, cx);
    assert!(!is_shown(&editor, cx, STRIP), "the list is open");
    editor.press(cx, "down");
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["one"], "what the state would bring");
    assert!(!is_shown(&editor, cx, STRIP));
    editor.update(cx, |window, cx| {
        Commands::run("inlineChat.acceptChanges", window, cx);
        Commands::run("inlineChat.discard", window, cx);
    });
    editor.press(cx, "escape");
    assert!(decided.borrow().is_empty());
    assert!(is_shown(&editor, cx, STRIP), "it comes back");
    assert_eq!(coming(&editor, cx), ["two"]);
    editor.press(cx, "ctrl-enter");
    assert!(decided.borrow().is_empty(), "it has only just come");
    // So it does after another text was compared, unless the agent asks no more.
    let compare = |cx: &mut TestAppContext| {
        let view = editor.view.clone();
        editor.update(cx, |window, cx| {
            view.update(cx, |view, cx| {
                ui::Item::compare_with(view, &editor_core::Text::new("other\n"), window, cx)
            })
        });
        cx.run_until_parked();
    };
    for asks in [true, false] {
        compare(cx);
        assert!(!is_shown(&editor, cx, STRIP));
        assert_eq!(coming(&editor, cx), [""; 0]);
        if !asks {
            cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
            cx.run_until_parked();
        }
        assert!(cx.update(|cx| editor.view.read(cx).is_comparing()));
        editor.press(cx, "escape");
        assert_eq!(is_shown(&editor, cx, STRIP), asks);
    }
    assert!(decided.borrow().is_empty());
}

#[gpui_kit::test]
fn escape_closes_what_was_opened_and_then_hides_the_change(cx: &mut TestAppContext) {
    for vim in [false, true] {
        let editor = open(cx, "a.txt", "«oneˇ»\n");
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        editor.press(cx, "ctrl-g");
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), ["two"], "the prompt was meant");
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), ["two"], "the selection was meant");
        editor.shows(cx, "oneˇ\n");
        if vim {
            common::set(cx, "vim.enabled", "true");
            cx.run_until_parked();
        }
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), [""; 0], "it is hidden, Vim: {vim}");
        wait(&editor, cx);
        editor.press(cx, "ctrl-enter");
        assert!(decided.borrow().is_empty(), "and not decided on");
        if vim {
            continue;
        }
        editor.press(cx, "ctrl-z");
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
        cx.run_until_parked();
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), [""; 0]);
        editor.update(cx, |window, cx| window.click("proposal-show", cx));
        wait(&editor, cx);
        for shown in [false, true] {
            editor.update(cx, |window, cx| {
                assert!(Commands::run("inlineChat.toggleDiff", window, cx));
            });
            wait(&editor, cx);
            assert_eq!(coming(&editor, cx).len(), usize::from(shown));
        }
        assert_eq!(coming(&editor, cx), ["two"]);
        editor.press(cx, "ctrl-enter");
        assert_eq!(*decided.borrow(), [true]);
    }
}
