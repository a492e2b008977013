//! Snippets, by their keys.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open};
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;

fn with_snippets(cx: &mut TestAppContext, file: &str, marked: &str) -> Editor {
    let editor = open(cx, file, marked);
    let text = r#"{
        "Loop": {"prefix": ["for", "loop"], "body": ["for ${1:i} in ${2:items} {", "\t$0", "}"]},
        "See": {"prefix": "see", "body": "${1|pub,priv,protected|} ${2:x};$0"},
        "Call": {"prefix": "call", "body": "${1:f}($2)$0", "description": "Calls something"}
    }"#;
    let (entries, problems) = settings::parse_snippet_file("rust.json", text);
    assert_eq!(problems, []);
    cx.update(|cx| ui::SnippetStore::set(entries, cx));
    editor
}

#[gpui_kit::test]
fn tab_puts_a_snippet_in_and_goes_on(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "    forˇ");
    editor
        .press(cx, "tab")
        .shows(cx, "    for «iˇ» in items {\n        \n    }")
        .input(cx, "x")
        .press(cx, "tab")
        .shows(cx, "    for x in «itemsˇ» {\n        \n    }")
        .press(cx, "shift-tab")
        .shows(cx, "    for «xˇ» in items {\n        \n    }")
        .press(cx, "tab tab")
        .shows(cx, "    for x in items {\n        ˇ\n    }")
        .press(cx, "tab")
        .shows(cx, "    for x in items {\n            ˇ\n    }");
}

#[gpui_kit::test]
fn every_caret_is_filled_in_and_undo_goes_back(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "callˇ\ncallˇ");
    editor
        .press(cx, "tab")
        .shows(cx, "«fˇ»()\n«fˇ»()")
        .input(cx, "go")
        .press(cx, "tab")
        .input(cx, "1")
        .shows(cx, "go(1ˇ)\ngo(1ˇ)")
        .press(cx, "ctrl-z ctrl-z ctrl-z")
        .shows(cx, "callˇ\ncallˇ")
        .press(cx, "tab")
        .shows(cx, "«fˇ»()\n«fˇ»()");
}

#[gpui_kit::test]
fn a_string_is_typed_over_what_a_snippet_wants(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "callˇ");
    editor
        .press(cx, "tab")
        .shows(cx, "«fˇ»()")
        .input(cx, "\"")
        .input(cx, "a-1")
        .input(cx, "\"")
        .shows(cx, "\"a-1\"ˇ()")
        .press(cx, "tab")
        .shows(cx, "\"a-1\"(ˇ)");
}

#[gpui_kit::test]
fn a_snippet_is_left_with_escape_or_by_moving_away(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "callˇ x");
    editor
        .press(cx, "tab escape")
        .press(cx, "end tab")
        .shows(cx, "f() x   ˇ");
    let editor = with_snippets(cx, "b.rs", "callˇ x");
    editor
        .press(cx, "tab")
        .press(cx, "end tab")
        .shows(cx, "f() x   ˇ");
}

#[gpui_kit::test]
fn part_of_a_word_is_no_prefix_and_other_languages_have_none(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "recallˇ");
    editor.press(cx, "tab").shows(cx, "recall  ˇ");
    let editor = with_snippets(cx, "a.py", "callˇ");
    editor.press(cx, "tab").shows(cx, "call    ˇ");
}

#[gpui_kit::test]
fn a_snippet_is_chosen_from_the_list(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "ˇ");
    let action = cx.update(|cx| {
        let command = ui::Commands::get("editor.action.insertSnippet", cx).unwrap();
        command.action
    });
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.dispatch_action(action, cx);
    });
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(window.try_find("snippet-picker").is_some());
    });
    editor.input(cx, "loop").press(cx, "enter");
    cx.run_until_parked();
    editor.shows(cx, "for «iˇ» in items {\n    \n}");
}

#[gpui_kit::test]
fn the_choices_of_a_tab_stop_are_listed(cx: &mut TestAppContext) {
    let editor = with_snippets(cx, "a.rs", "seeˇ\nseeˇ");
    let listed = |cx: &mut TestAppContext| {
        editor.frame(cx);
        cx.update(|cx| editor.view.read(cx).completion_labels())
    };
    editor.press(cx, "tab").shows(cx, "«pubˇ» x;\n«pubˇ» x;");
    assert_eq!(listed(cx), [">pub", "priv", "protected"]);
    let beside = editor.update(cx, |window, _| {
        window.try_find("completion-documentation").is_some()
    });
    assert!(!beside, "there is no more to say of a choice than itself");
    editor
        .press(cx, "down down enter")
        .shows(cx, "protectedˇ x;\nprotectedˇ x;");
    assert!(listed(cx).is_empty());
    editor
        .press(cx, "tab")
        .shows(cx, "protected «xˇ»;\nprotected «xˇ»;");
    assert!(listed(cx).is_empty());
    editor.press(cx, "shift-tab");
    assert_eq!(listed(cx).len(), 3);
    editor.input(cx, "pri");
    assert_eq!(listed(cx), [">priv"], "typing narrows it down");
    editor
        .press(cx, "enter tab")
        .shows(cx, "priv «xˇ»;\npriv «xˇ»;");
    // What is typed whole and then chosen is one step of undo.
    editor
        .press(cx, "shift-tab")
        .input(cx, "pub")
        .press(cx, "enter")
        .shows(cx, "pubˇ x;\npubˇ x;")
        .press(cx, "ctrl-z")
        .shows(cx, "«privˇ» x;\n«privˇ» x;");
}
