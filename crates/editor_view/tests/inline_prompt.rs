//! Asking the agent about lines, from a row of the text.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::{Editor, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;
use ui::AgentQuestion;

type Asked = Rc<RefCell<Vec<AgentQuestion>>>;

/// An agent that remembers what it was asked.
fn agent(cx: &mut TestAppContext) -> Asked {
    let asked = Asked::default();
    let told = asked.clone();
    cx.update(|cx| {
        ui::set_question_handler(
            move |question, _, _| {
                told.borrow_mut().push(question);
                true
            },
            |_, _| true,
            cx,
        );
    });
    asked
}

#[gpui_kit::test]
fn the_palette_offers_to_ask_where_there_is_an_agent(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\n");
    let is_offered = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            let ask = ui::Commands::get("inlineChat.start", cx).unwrap();
            ask.is_listed(window, cx)
        })
    };
    assert!(!is_offered(cx));
    cx.update(|cx| ui::set_question_handler(|_, _, _| false, |_, _| false, cx));
    assert!(!is_offered(cx), "the agents are of other windows");
    let _asked = agent(cx);
    assert!(is_offered(cx));
}

fn is_open(editor: &Editor, cx: &mut TestAppContext) -> bool {
    editor.frame(cx);
    editor.update(cx, |window, _| window.try_find("inline-prompt").is_some())
}

#[gpui_kit::test]
fn the_agent_is_sent_the_selected_lines_and_what_to_do(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "one();\n«two();\nthree();\nˇ»four();\n");
    let asked = agent(cx);
    let (top, bottom) = (editor.place(cx, 3, 0), editor.place(cx, 7, 0));
    editor.press(cx, "ctrl-i");
    assert!(is_open(&editor, cx));
    // It stands above the line of the caret, in rows of its own that push that line down.
    let bounds = editor.update(cx, |window, _| window.find("inline-prompt").bounds());
    assert!(
        bounds.top() > top.y - gpui_kit::px(15.) && bounds.bottom() < bottom.y,
        "{bounds:?}"
    );
    // Without words nothing is sent, and keys are the prompt's alone.
    editor.press(cx, "enter up");
    editor.input(cx, "join them").press(cx, "enter");
    assert!(!is_open(&editor, cx));
    let asked = asked.borrow();
    let [question] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(question.instruction, "join them");
    assert_eq!((question.lines.clone(), question.language), (2..4, "rust"));
    assert_eq!(question.code.as_deref(), Some("two();\nthree();"));
    assert!(question.path.as_ref().unwrap().ends_with("a.rs"));
    // The text is as it was, with the keyboard back in it.
    editor.input(cx, "x").shows(cx, "one();\nxˇfour();\n");
}

#[gpui_kit::test]
fn the_prompt_stands_beside_the_selected_lines_where_the_caret_is(cx: &mut TestAppContext) {
    for (marked, first, last, below) in [
        ("a\n«b\nc\ndˇ»\ne\n", 1, 3, true),
        ("a\n«ˇb\nc\nd»\ne\n", 1, 3, false),
        ("a\n«bˇ»\nc\n", 1, 1, false),
    ] {
        let editor = open(cx, "a.txt", marked);
        let _asked = agent(cx);
        editor.press(cx, "ctrl-i");
        assert!(is_open(&editor, cx));
        let bounds = editor.update(cx, |window, _| window.find("inline-prompt").bounds());
        let place = |offset| cx.update(|cx| editor.view.read(cx).caret_place(offset).unwrap());
        let text = cx.update(|cx| editor.view.read(cx).text(cx));
        let (first, last) = (place(text.line_start(first)), place(text.line_start(last)));
        match below {
            true => assert!(bounds.top() > last.y, "{marked:?}: {bounds:?} {last:?}"),
            false => assert!(
                bounds.bottom() <= first.y,
                "{marked:?}: {bounds:?} {first:?}"
            ),
        }
        // The line behind it makes room.
        if below {
            let behind = place(text.line_start(4));
            assert!(bounds.bottom() <= behind.y + gpui_kit::px(1.), "{behind:?}");
        }
    }
}

#[gpui_kit::test]
fn the_lines_are_those_that_were_meant_after_edits_above(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "one();\ntˇwo();\n");
    let asked = agent(cx);
    editor.press(cx, "ctrl-i").input(cx, "why");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| {
                    workspace.replace_text(buffer, "// new\none();\ntwo();\n")
                })
                .unwrap();
        });
    });
    editor.press(cx, "enter");
    let asked = asked.borrow();
    assert_eq!(asked[0].lines, 3..4);
    assert_eq!(asked[0].code.as_deref(), Some("two();"));
}

#[gpui_kit::test]
fn escape_closes_the_prompt_and_large_selections_are_named_alone(cx: &mut TestAppContext) {
    let line = "x".repeat(AgentQuestion::MAX_CODE);
    let editor = open(cx, "a.txt", &format!("ˇ{line}\n"));
    let asked = agent(cx);
    editor
        .press(cx, "ctrl-i")
        .input(cx, "why")
        .press(cx, "escape");
    assert!(!is_open(&editor, cx));
    editor
        .press(cx, "ctrl-i")
        .input(cx, "why")
        .press(cx, "enter");
    assert!(asked.borrow()[0].code.is_some());
    editor.input(cx, "y");
    editor
        .press(cx, "ctrl-i")
        .input(cx, "why")
        .press(cx, "enter");
    assert_eq!(asked.borrow()[1].code, None);
    assert_eq!(asked.borrow()[1].lines, 1..2);
}

#[gpui_kit::test]
fn what_was_written_stays_where_there_is_no_agent(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\n");
    editor
        .press(cx, "ctrl-i")
        .input(cx, "why")
        .press(cx, "enter");
    assert!(is_open(&editor, cx));
}
