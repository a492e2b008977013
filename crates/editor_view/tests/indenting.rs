//! Where lines begin, and how that is changed.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open, set};
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{ClipboardItem, MouseButton, TestAppContext};
use ui::{Commands, Item as _};

fn run(editor: &Editor, cx: &mut TestAppContext, command: &str) {
    editor.update(cx, |window, cx| {
        assert!(Commands::run(command, window, cx), "{command}");
        window.render_frame(cx);
    });
    cx.run_until_parked();
}

fn label(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).status(cx).indentation.unwrap().into())
}

#[gpui_kit::test]
fn a_closing_brace_and_else_go_back_to_where_they_belong(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "fn f() {\n    if a {\n        b();\nˇ");
    editor
        .settings(cx, r#"{"editor.autoClosingBrackets": "never"}"#)
        .input(cx, "        }")
        .press(cx, "home home")
        .press(cx, "end backspace")
        .input(cx, "}")
        .shows(cx, "fn f() {\n    if a {\n        b();\n    }ˇ")
        .press(cx, "enter")
        .input(cx, "}")
        .shows(cx, "fn f() {\n    if a {\n        b();\n    }\n}ˇ")
        .press(cx, "ctrl-z");
    assert!(!editor.marked(cx).ends_with("}ˇ"), "undone in one step");
}

#[gpui_kit::test]
fn python_goes_in_and_out_of_blocks(cx: &mut TestAppContext) {
    let editor = open(cx, "a.py", "if a:ˇ");
    editor
        .press(cx, "enter")
        .input(cx, "return")
        .press(cx, "enter")
        .shows(cx, "if a:\n    return\nˇ")
        .press(cx, "tab")
        .input(cx, "else:")
        .shows(cx, "if a:\n    return\nelse:ˇ")
        .press(cx, "enter")
        .shows(cx, "if a:\n    return\nelse:\n    ˇ");
}

#[gpui_kit::test]
fn a_comment_goes_on_where_it_is_broken_before_its_text(cx: &mut TestAppContext) {
    for (file, before, after) in [
        ("a.py", "# mineˇx = 1\n", "# mine\nˇx = 1\n"),
        ("a.sh", "# oneˇ two\n", "# one\nˇ two\n"),
        ("a.rs", "// oneˇ two\n", "// one\n// ˇ two\n"),
        ("a.rs", "// oneˇ\n", "// one\nˇ\n"),
    ] {
        let editor = open(cx, file, before);
        editor.press(cx, "enter").shows(cx, after);
    }
}

#[gpui_kit::test]
async fn a_comment_behind_code_goes_on_too(cx: &mut TestAppContext) {
    let before = "f(); // oneˇ two\nf(\"//\"); ˇg();\n/* // */ ˇf();\n/* // ˇ */\n";
    let editor = open(cx, "a.ts", before);
    editor.parsed(cx).await;
    editor.press(cx, "enter").shows(
        cx,
        "f(); // one\n// ˇ two\nf(\"//\"); \nˇg();\n/* // */ \nˇf();\n/* // \nˇ */\n",
    );
}

#[gpui_kit::test]
async fn brackets_in_strings_and_comments_open_nothing(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "fn f() {\n    let a = \"{\"; // {ˇ\n}\n");
    editor.parsed(cx).await;
    editor
        .press(cx, "enter")
        .shows(cx, "fn f() {\n    let a = \"{\"; // {\n    ˇ\n}\n");
}

#[gpui_kit::test]
fn the_setting_says_how_much_is_done(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    {ˇ}");
    editor
        .settings(cx, r#"{"editor.autoIndent": "keep"}"#)
        .press(cx, "enter")
        .shows(cx, "    {\n    ˇ}")
        .settings(cx, r#"{"editor.autoIndent": "none"}"#)
        .press(cx, "enter")
        .shows(cx, "    {\n    \nˇ}")
        .settings(cx, r#"{"editor.autoIndent": "full"}"#)
        .press(cx, "ctrl-home ctrl-enter")
        .shows(cx, "    {\n        ˇ\n    \n}");
}

#[gpui_kit::test]
async fn lines_are_reindented(cx: &mut TestAppContext) {
    let before = "ˇfn f() {\nlet a = \"{\";\n      g(\na,\n);\n/*\n * x\n */\n}\n";
    let after =
        "ˇfn f() {\n    let a = \"{\";\n    g(\n        a,\n    );\n    /*\n     * x\n     */\n}\n";
    let editor = open(cx, "a.rs", before);
    editor.settings(cx, r#"{"editor.detectIndentation": false}"#);
    editor.parsed(cx).await;
    run(&editor, cx, "editor.action.reindentlines");
    editor
        .shows(cx, after)
        .press(cx, "ctrl-z")
        .shows(cx, before);
    editor.parsed(cx).await;
    editor.press(cx, "down shift-down");
    run(&editor, cx, "editor.action.reindentselectedlines");
    let shown = editor.marked(cx).replace(['«', '»', 'ˇ'], "");
    assert!(
        shown.starts_with("fn f() {\n    let a = \"{\";\n      g(\na,\n"),
        "{shown}"
    );
}

#[gpui_kit::test]
async fn markup_among_code_is_moved_as_one(cx: &mut TestAppContext) {
    let editor = open(
        cx,
        "a.tsx",
        "ˇfunction f() {\nreturn (\n<div>\n  text\n  <b>{list.map((one) => {\nreturn one;\n})}</b>\n</div>\n);\n}\n",
    );
    editor.parsed(cx).await;
    run(&editor, cx, "editor.action.reindentlines");
    editor.shows(
        cx,
        "ˇfunction f() {\n  return (\n    <div>\n      text\n      <b>{list.map((one) => {\n        return one;\n      })}</b>\n    </div>\n  );\n}\n",
    );
}

#[gpui_kit::test]
fn indentation_is_detected_chosen_and_converted(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "fn f() {\n  aˇ\n}\n");
    assert_eq!(label(&editor, cx), "Spaces: 2");
    editor
        .press(cx, "enter")
        .input(cx, "b")
        .shows(cx, "fn f() {\n  a\n  bˇ\n}\n")
        .settings(
            cx,
            r#"{"editor.detectIndentation": false, "editor.tabSize": 8}"#,
        );
    assert_eq!(label(&editor, cx), "Spaces: 8");
    run(&editor, cx, "editor.detectIndentation");
    assert_eq!(label(&editor, cx), "Spaces: 2");
    run(&editor, cx, "editor.convertIndentationToTabs");
    assert_eq!(label(&editor, cx), "Tab Size: 2");
    editor
        .shows(cx, "fn f() {\n\ta\n\tbˇ\n}\n")
        .press(cx, "tab")
        .shows(cx, "fn f() {\n\ta\n\tb\tˇ\n}\n");
    run(&editor, cx, "editor.action.changeTabDisplaySize");
    editor.input(cx, "4").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(label(&editor, cx), "Tab Size: 4");
    run(&editor, cx, "editor.convertIndentationToSpaces");
    editor.shows(cx, "fn f() {\n    a\n    b\tˇ\n}\n");
    assert_eq!(label(&editor, cx), "Spaces: 4");
    run(&editor, cx, "editor.action.indentUsingTabs");
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(label(&editor, cx), "Tab Size: 4");
    run(&editor, cx, "editor.action.indentUsingSpaces");
    editor.input(cx, "3").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(label(&editor, cx), "Spaces: 3");
    run(&editor, cx, "editor.changeIndentation");
    let listed = editor.update(cx, |window, _| {
        window.try_find("indentation-picker").is_some()
    });
    assert!(listed);
    editor.input(cx, "using tabs").press(cx, "enter");
    cx.run_until_parked();
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(label(&editor, cx), "Tab Size: 3");
}

#[gpui_kit::test]
async fn pasted_lines_are_moved_to_where_they_are_pasted(cx: &mut TestAppContext) {
    let before = "fn f() {\n    «if a {\n        b();\n    }ˇ»\n}\n";
    let editor = open(cx, "a.rs", before);
    cx.run_until_parked();
    editor.press(cx, "ctrl-c");
    let place = "fn g() {\n    loop {\n        ˇ\n    }\n}\n";
    let moved = "fn g() {\n    loop {\n        if a {\n            b();\n        }ˇ\n    }\n}\n";
    let copied = "fn g() {\n    loop {\n        if a {\n        b();\n    }ˇ\n    }\n}\n";
    editor.set(cx, place);
    cx.run_until_parked();
    // One step of undo brings back what was there before.
    editor
        .press(cx, "ctrl-v")
        .shows(cx, moved)
        .press(cx, "ctrl-z")
        .shows(cx, place)
        .press(cx, "ctrl-shift-v")
        .shows(cx, copied)
        .press(cx, "ctrl-z");
    run(&editor, cx, "editor.action.pasteAsText");
    editor.shows(cx, copied).press(cx, "ctrl-z");
    // What another program copied, which says nothing of the indentation of its first line.
    let item = ClipboardItem::new_string("if a {\r\n        b();\r\n    }".to_owned());
    cx.update(|cx| cx.write_to_clipboard(item));
    editor.press(cx, "ctrl-v").shows(cx, moved);
    editor
        .press(cx, "ctrl-z")
        .settings(cx, r#"{"editor.autoIndentOnPaste": false}"#)
        .press(cx, "ctrl-v")
        .shows(cx, copied)
        .press(cx, "ctrl-z")
        .settings(cx, r#"{"editor.autoIndent": "none"}"#)
        .press(cx, "ctrl-v")
        .shows(cx, copied);
}

#[gpui_kit::test]
fn what_is_too_long_is_pasted_as_it_was_copied(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "fn f() {\n    ˇ\n}\n");
    let long = "    a();\n".repeat(1_200_000);
    let item = ClipboardItem::new_string(long.clone());
    cx.update(|cx| cx.write_to_clipboard(item));
    editor.press(cx, "ctrl-v");
    let text = editor.marked(cx);
    assert!(text.starts_with("fn f() {\n        a();\n    a();\n"));
}

#[gpui_kit::test]
async fn behind_a_chain_of_calls_the_next_line_begins_where_it_did(cx: &mut TestAppContext) {
    let editor = open(cx, "a.js", "fooˇ\n");
    cx.run_until_parked();
    // All keys are pressed before anything is parsed.
    editor.update(cx, |window, cx| {
        window.press("enter", cx);
        for key in [".", "b", "(", ")"] {
            window.input(key, cx);
        }
        window.press("enter", cx);
        for key in [".", "c", "(", ")", ";"] {
            window.input(key, cx);
        }
        window.press("enter", cx);
        window.input("d", cx);
    });
    editor.shows(cx, "foo\n    .b()\n    .c();\ndˇ\n");
}

#[gpui_kit::test]
fn white_space_that_came_by_itself_goes_when_the_caret_leaves(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\nbar\n");
    editor
        .press(cx, "enter")
        .shows(cx, "    foo\n    ˇ\nbar\n")
        .press(cx, "down")
        .shows(cx, "    foo\n\nbarˇ\n")
        // What is typed elsewhere is another step, and the line is one with its white space.
        .input(cx, "x")
        .press(cx, "ctrl-z")
        .shows(cx, "    foo\n\nbarˇ\n")
        .press(cx, "ctrl-z")
        .shows(cx, "    fooˇ\nbar\n")
        .press(cx, "ctrl-shift-z")
        .shows(cx, "    foo\nˇ\nbar\n");
}

#[gpui_kit::test]
fn what_is_typed_on_the_line_keeps_its_white_space(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\nbar\n");
    editor
        .press(cx, "enter")
        .input(cx, " ")
        .press(cx, "down")
        .shows(cx, "    foo\n     \nbarˇ\n")
        .press(cx, "up")
        .press(cx, "down");
    // White space that was there before is nobody's to take.
    editor
        .set(cx, "a\n    ˇ\nb\n")
        .press(cx, "left down")
        .shows(cx, "a\n    \nbˇ\n");
}

#[gpui_kit::test]
fn it_goes_with_an_edit_elsewhere_as_one_step(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\nbar\n");
    editor
        .press(cx, "enter ctrl-enter")
        .shows(cx, "    foo\n\n    ˇ\nbar\n");
    editor
        .set(cx, "fn f() {ˇ}\n")
        .press(cx, "enter tab enter")
        .shows(cx, "fn f() {\n\n        ˇ\n}\n")
        .press(cx, "down")
        .shows(cx, "fn f() {\n\n\n}ˇ\n");
}

#[gpui_kit::test]
fn all_carets_take_it_along(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    aˇ\nx\n    bˇ\ny\n");
    editor
        .press(cx, "enter")
        .shows(cx, "    a\n    ˇ\nx\n    b\n    ˇ\ny\n")
        .press(cx, "down")
        .shows(cx, "    a\n\nxˇ\n    b\n\nyˇ\n")
        .press(cx, "ctrl-z")
        .shows(cx, "    aˇ\nx\n    bˇ\ny\n");
}

#[gpui_kit::test]
fn the_setting_leaves_the_white_space(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\nbar\n");
    editor
        .settings(cx, r#"{"editor.trimAutoWhitespace": false}"#)
        .press(cx, "enter enter")
        .shows(cx, "    foo\n    \n    ˇ\nbar\n")
        .press(cx, "down")
        .shows(cx, "    foo\n    \n    \nbarˇ\n");
}

#[gpui_kit::test]
fn the_middle_button_pastes_where_it_was_pressed_below_a_line_that_is_left(
    cx: &mut TestAppContext,
) {
    let editor = open(cx, "a.rs", "ˇ    foo\nbar\nlonger line\n");
    let (from, to) = (editor.place(cx, 0, 4), editor.place(cx, 0, 7));
    editor.update(cx, |window, cx| window.drag(from, to, cx));
    editor
        .press(cx, "right enter")
        .shows(cx, "    foo\n    ˇ\nbar\nlonger line\n");
    let below = editor.place(cx, 3, 2);
    editor.update(cx, |window, cx| {
        window.pointer_down(below, MouseButton::Middle, cx);
        window.pointer_up(below, MouseButton::Middle, cx);
    });
    cx.run_until_parked();
    editor
        .shows(cx, "    foo\n\nbar\nlofooˇnger line\n")
        .press(cx, "ctrl-z");
    let undone = editor.marked(cx).replace(['ˇ', '«', '»'], "");
    assert!(undone.ends_with("bar\nlonger line\n"), "{undone}");
}

#[gpui_kit::test]
fn a_box_below_a_line_that_is_left_has_the_cells_under_the_pointer(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\none two\nthree four\n");
    editor.press(cx, "enter");
    let (from, to) = (editor.place(cx, 2, 2), editor.place(cx, 3, 5));
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Middle, cx);
        window.pointer_move(to, Some(MouseButton::Middle), cx);
        window.pointer_up(to, MouseButton::Middle, cx);
    });
    cx.run_until_parked();
    editor
        .shows(cx, "    foo\n\non«e tˇ»wo\nth«reeˇ» four\n")
        .input(cx, "x")
        .shows(cx, "    foo\n\nonxˇwo\nthxˇ four\n");
}

#[gpui_kit::test]
fn keys_of_vim_that_come_at_once_go_on_below_a_line_that_is_left(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "    fooˇ\nabc\ndef\n");
    editor.press(cx, "enter");
    set(cx, "vim.enabled", "true");
    editor.input(cx, "jx");
    cx.run_until_parked();
    let text = cx.update(|cx| editor.view.read(cx).text(cx)).to_string();
    assert_eq!(text, "    foo\n\nab\ndef\n");
}
