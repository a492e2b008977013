//! Vim mode, as a person types it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open, set};
use gpui_kit::test::TestInput;
use gpui_kit::{Bounds, ClipboardItem, ElementInputHandler, TestAppContext};
use ui::Item as _;

fn open_vim(cx: &mut TestAppContext, file: &str, text: &str) -> Editor {
    let editor = open(cx, file, text);
    set(cx, "vim.enabled", "true");
    editor
}

fn mode(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).status(cx).mode.unwrap_or_default())
        .to_string()
}

fn text(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).text(cx)).to_string()
}

#[gpui_kit::test]
fn letters_are_commands_and_never_text(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone two\n");
    assert_eq!(mode(&editor, cx), "NORMAL");
    editor.input(cx, "wwlk").shows(cx, "one twˇo\n");
    editor.input(cx, "2d");
    assert_eq!(mode(&editor, cx), "NORMAL  2d");
    editor.press(cx, "escape");
    assert_eq!(mode(&editor, cx), "NORMAL");
    editor
        .press(cx, "tab enter backspace ctrl-w")
        .input(cx, "q");
    assert_eq!(text(&editor, cx), "one two\n");
}

#[gpui_kit::test]
fn a_word_is_changed_and_undone_in_one_step(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "let nameˇ = 1;\n");
    editor.input(cx, "bciwother(");
    assert_eq!(mode(&editor, cx), "INSERT");
    editor
        .shows(cx, "let other(ˇ = 1;\n")
        .press(cx, "escape")
        .shows(cx, "let otherˇ( = 1;\n")
        .input(cx, "u")
        .shows(cx, "let ˇname = 1;\n")
        .press(cx, "ctrl-r");
    assert_eq!(text(&editor, cx), "let other( = 1;\n");
}

#[gpui_kit::test]
fn words_that_an_input_method_composes_are_undone_with_what_is_typed(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇend");
    editor.input(cx, "ia");
    for (step, chosen) in [("ni", "你"), ("hao", "好")] {
        editor.update(cx, |window, cx| {
            let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
            let mut input = TestInput::new(handler, window);
            input.compose_text(None, step, None, cx);
            input.commit_text(chosen, cx);
        });
    }
    editor
        .input(cx, "z")
        .shows(cx, "a你好zˇend")
        .press(cx, "escape")
        .input(cx, "u")
        .shows(cx, "ˇend")
        .press(cx, "ctrl-r");
    assert_eq!(text(&editor, cx), "a你好zend");
}

#[gpui_kit::test]
fn lines_are_deleted_and_put(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\nthree\n");
    editor
        .input(cx, "ddp")
        .shows(cx, "two\nˇone\nthree\n")
        .input(cx, ".")
        .shows(cx, "two\none\nˇone\nthree\n");
}

#[gpui_kit::test]
fn a_selection_is_seen_and_changed(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone two\nthree\n");
    editor.input(cx, "ve").shows(cx, "«oneˇ» two\nthree\n");
    assert_eq!(mode(&editor, cx), "VISUAL");
    editor.input(cx, "U").shows(cx, "ˇONE two\nthree\n");
    editor
        .press(cx, "ctrl-v")
        .input(cx, "jlI# ")
        .press(cx, "escape");
    assert_eq!(text(&editor, cx), "# ONE two\n# three\n");
}

#[gpui_kit::test]
fn a_line_is_substituted(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇa b a\na\n");
    editor.input(cx, ":%s/a/xy/g");
    assert_eq!(mode(&editor, cx), ":%s/a/xy/g▁");
    editor.press(cx, "enter").shows(cx, "xy b xy\nˇxy\n");
    editor.input(cx, ":nosuchthing").press(cx, "enter");
    assert!(mode(&editor, cx).contains("E492"), "{}", mode(&editor, cx));
}

#[gpui_kit::test]
fn a_search_goes_on(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇfoo bar foo\nfoo\n");
    editor
        .input(cx, "/fo")
        .press(cx, "enter")
        .shows(cx, "foo bar ˇfoo\nfoo\n")
        .input(cx, "n")
        .shows(cx, "foo bar foo\nˇfoo\n")
        .input(cx, "dN")
        .shows(cx, "foo barˇ \nfoo\n");
}

#[gpui_kit::test]
fn a_macro_is_played_again(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇ1\n2\n3\n");
    editor.input(cx, "qaA!");
    assert!(mode(&editor, cx).contains("recording @a"));
    editor.press(cx, "escape").input(cx, "jq2@a");
    assert_eq!(text(&editor, cx), "1!\n2!\n3!\n");
}

#[gpui_kit::test]
fn the_clipboard_is_a_register(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    editor.input(cx, "\"+yw");
    let copied = cx.update(|cx| cx.read_from_clipboard().and_then(|item| item.text()));
    assert_eq!(copied.as_deref(), Some("one"));
    cx.update(|cx| cx.write_to_clipboard(ClipboardItem::new_string("zero\n".to_owned())));
    editor.input(cx, "\"+P").shows(cx, "ˇzero\none\ntwo\n");
}

#[gpui_kit::test]
fn the_mouse_and_commands_move_the_cursor(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone two\nthree\n");
    editor.press(cx, "shift-right shift-right");
    editor.input(cx, "d").shows(cx, "ˇe two\nthree\n");
    editor.press(cx, "ctrl-z");
    assert_eq!(text(&editor, cx), "one two\nthree\n");
}

#[gpui_kit::test]
fn keys_are_kilns_again_when_it_is_off(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    editor.input(cx, "x").shows(cx, "ˇne\n");
    set(cx, "vim.enabled", "false");
    editor.input(cx, "x").shows(cx, "xˇne\n");
    assert_eq!(mode(&editor, cx), "");
}

#[gpui_kit::test]
fn a_file_is_written(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    editor.input(cx, "x:w").press(cx, "enter");
    cx.run_until_parked();
    let dirty = cx.update(|cx| editor.view.read(cx).is_dirty(cx));
    assert!(!dirty);
    let content = editor.fs.content(&editor.path);
    assert_eq!(content.as_deref(), Some(b"ne\n".as_slice()));
}
