//! Vim mode, as a person types it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, ROOT, open, set};
use editor_core::{ChangeSet, Selections, Transaction};
use gpui_kit::test::{TestInput, TestWindowExt as _};
use gpui_kit::{Bounds, ClipboardItem, ElementInputHandler, TestAppContext};
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use ui::{CommandSpec, Commands, Item as _, ItemEvent};

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
fn the_view_goes_to_the_match_of_what_is_typed_and_back(cx: &mut TestAppContext) {
    let lines: Vec<String> = (0..300).map(|row| format!("line {row}")).collect();
    let editor = open_vim(cx, "a.txt", &format!("ˇ{}\n", lines.join("\n")));
    set(cx, "editor.smoothScrolling", "false");
    let top = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| window.render_frame(cx));
        cx.update(|cx| editor.view.read(cx).scroll_top())
    };
    let shows = |top: f64, row: f64| top < row && row < top + 40.;
    editor.input(cx, "/line 2");
    assert_eq!(top(cx), 0.);
    editor.input(cx, "00");
    assert!(shows(top(cx), 200.), "{}", top(cx));
    // The caret is where it was.
    editor.shows(cx, &format!("ˇ{}\n", lines.join("\n")));
    editor.input(cx, "0");
    assert_eq!(top(cx), 0., "there is no line 2000");
    editor.press(cx, "backspace backspace").input(cx, "5");
    assert!(shows(top(cx), 205.), "{}", top(cx));
    editor.press(cx, "escape");
    assert_eq!(top(cx), 0., "the view is where it was");
    // An operator that leaves the cursor leaves the view too.
    editor.input(cx, "y/line 250").press(cx, "enter");
    assert_eq!(top(cx), 0.);
    editor.input(cx, "?line 250");
    assert!(shows(top(cx), 250.), "{}", top(cx));
    let before = top(cx);
    editor.press(cx, "enter");
    assert_eq!(top(cx), before);
    editor.input(cx, "ix");
    assert!(text(&editor, cx).contains("\nxline 250\n"));
}

#[gpui_kit::test]
fn lines_are_folded_and_unfolded(cx: &mut TestAppContext) {
    let code =
        "fn outer() {\n    if ˇtrue {\n        call();\n    }\n}\nfn other() {\n    call();\n}\n";
    let editor = open_vim(cx, "a.rs", code);
    cx.run_until_parked();
    let folds = |cx: &mut TestAppContext, keys: &str| {
        editor.input(cx, keys);
        cx.run_until_parked();
        let view = editor.view.read_with(cx, |view, _| view.folded_ranges());
        view.len()
    };
    assert_eq!(folds(cx, "zc"), 1);
    assert_eq!(folds(cx, "zc"), 2, "the next outer one");
    assert_eq!(folds(cx, "zo"), 1);
    assert_eq!(folds(cx, "za"), 2);
    assert_eq!(folds(cx, "za"), 1);
    assert_eq!(folds(cx, "zR"), 0);
    assert_eq!(folds(cx, "zM"), 3);
    assert_eq!(folds(cx, "zO"), 1, "all of the function at the cursor");
    assert_eq!(folds(cx, "zR"), 0);
    assert_eq!(folds(cx, "ggzC"), 2);
    assert_eq!(mode(&editor, cx), "NORMAL");
}

#[gpui_kit::test]
fn lines_are_commented_in_the_language_of_their_place(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "fn a() {\n    ˇone();\n\n    two();\n}\n");
    cx.run_until_parked();
    editor
        .input(cx, "gcc")
        .shows(cx, "fn a() {\n    ˇ// one();\n\n    two();\n}\n")
        .input(cx, "jj.")
        .shows(cx, "fn a() {\n    // one();\n\n    ˇ// two();\n}\n")
        .input(cx, "ukgcj");
    assert_eq!(
        text(&editor, cx),
        "fn a() {\n    // one();\n    //\n    // two();\n}\n"
    );
    editor.input(cx, "gcgc");
    assert_eq!(text(&editor, cx), "fn a() {\n    one();\n\n    two();\n}\n");
    editor.input(cx, "ggVGgc");
    assert_eq!(
        text(&editor, cx),
        "// fn a() {\n//     one();\n//\n//     two();\n// }\n"
    );
    set(cx, "editor.comments.insertSpace", "false");
    editor.input(cx, "ugggcc");
    assert_eq!(
        text(&editor, cx),
        "//fn a() {\n    one();\n\n    two();\n}\n"
    );
    let editor = open_vim(cx, "b.css", "ˇa { color: red }\n");
    cx.run_until_parked();
    editor
        .input(cx, "gcc")
        .shows(cx, "ˇ/*a { color: red }*/\n")
        .input(cx, "gcc")
        .shows(cx, "ˇa { color: red }\n");
    let editor = open_vim(cx, "c.json", "ˇ{}\n");
    editor.input(cx, "gcc").shows(cx, "ˇ{}\n");
    assert_eq!(mode(&editor, cx), "NORMAL  This language has no comments");
}

#[gpui_kit::test]
fn each_match_is_asked_about_and_undone_in_one_step(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "one\nˇa a\na\n");
    editor.input(cx, ":%s/a/b/gc").press(cx, "enter");
    let question = "CONFIRM  replace with b (y/n/a/q/l/^E/^Y)?";
    assert_eq!(mode(&editor, cx), question);
    editor
        .input(cx, "yx")
        .press(cx, "enter tab")
        .shows(cx, "one\nb ˇa\na\n");
    assert_eq!(mode(&editor, cx), question);
    editor.input(cx, "ny");
    assert_eq!(mode(&editor, cx), "NORMAL");
    editor
        .shows(cx, "one\nb a\nˇb\n")
        .input(cx, "u")
        .shows(cx, "one\nˇa a\na\n")
        .input(cx, ":%s/a/b/gc")
        .press(cx, "enter escape");
    assert_eq!(mode(&editor, cx), "NORMAL");
    assert_eq!(text(&editor, cx), "one\na a\na\n");
    // Who goes elsewhere answers nothing.
    editor.input(cx, ":%s/a/b/gc").press(cx, "enter");
    editor.view.update(cx, |view, cx| {
        view.select(Selections::caret(0), cx);
    });
    editor.input(cx, "yyp");
    assert_eq!(text(&editor, cx), "one\none\na a\na\n");
    // What another program changed meanwhile is not replaced.
    editor.input(cx, ":%s/a/b/gc").press(cx, "enter");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| workspace.replace_text(buffer, "one\nzz\n"))
                .unwrap();
        });
    });
    editor.input(cx, "y");
    assert_eq!(text(&editor, cx), "one\nzz\n");
}

gpui_kit::actions!(vim_test, [FocusRightGroup]);

#[gpui_kit::test]
fn a_key_with_control_says_what_ctrl_w_is_to_do(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    let asked = Rc::new(Cell::new(0));
    cx.update(|cx| {
        let command = CommandSpec::new(
            "workbench.action.focusRightGroup",
            "View",
            "Focus Right Group",
            FocusRightGroup,
        );
        Commands::register(cx, [command]);
        let asked = asked.clone();
        cx.on_action(move |_: &FocusRightGroup, _| asked.set(asked.get() + 1));
    });
    editor.press(cx, "ctrl-w").input(cx, "l");
    cx.run_until_parked();
    assert_eq!(asked.get(), 1);
    // Without CTRL-W before it, this key is not Vim's.
    editor.press(cx, "ctrl-w ctrl-l");
    cx.run_until_parked();
    assert_eq!(asked.get(), 2);
    assert_eq!(mode(&editor, cx), "NORMAL");
    editor.input(cx, "x").shows(cx, "ˇne\ntwo\n");
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

/// What is in a file beside the one that is shown.
fn content(editor: &Editor, name: &str) -> Option<String> {
    let bytes = editor.fs.content(editor.path.with_file_name(name))?;
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

fn run(editor: &Editor, cx: &mut TestAppContext, line: &str) {
    editor.input(cx, &format!(":{line}")).press(cx, "enter");
    cx.run_until_parked();
}

fn name(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).tab_title(cx))
        .to_string()
}

#[gpui_kit::test]
fn a_copy_is_written_and_the_text_keeps_its_file(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\nthree\nfour\n");
    editor.input(cx, "x");
    run(&editor, cx, "w b.txt");
    assert_eq!(content(&editor, "b.txt").unwrap(), "ne\ntwo\nthree\nfour\n");
    let told = mode(&editor, cx);
    assert!(told.ends_with("\"b.txt\" 4L, 18B written"), "{told}");
    assert_eq!(name(&editor, cx), "a.txt");
    assert!(cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
    run(&editor, cx, "wr");
    assert_eq!(content(&editor, "a.txt").unwrap(), "ne\ntwo\nthree\nfour\n");
    // A file that is there is overwritten with `!` alone.
    run(&editor, cx, "2,3w b.txt");
    assert!(mode(&editor, cx).contains("E13"), "{}", mode(&editor, cx));
    assert_eq!(content(&editor, "b.txt").unwrap(), "ne\ntwo\nthree\nfour\n");
    run(&editor, cx, "2,3w! b.txt");
    assert_eq!(content(&editor, "b.txt").unwrap(), "two\nthree\n");
    editor.input(cx, "Vj:w new\\ c.txt").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(content(&editor, "new c.txt").unwrap(), "ne\ntwo\n");
    run(&editor, cx, "w %:r.bak");
    assert!(content(&editor, "a.bak").is_some(), "`%` is the own file");
    run(&editor, cx, "w #");
    assert!(mode(&editor, cx).contains("E194"), "{}", mode(&editor, cx));
    // The rest of the own file is not lost to a range.
    for line in ["2w", "2w!", "2w! a.txt"] {
        run(&editor, cx, line);
        assert!(mode(&editor, cx).contains("E140"), "{line}");
    }
    assert_eq!(content(&editor, "a.txt").unwrap(), "ne\ntwo\nthree\nfour\n");
    editor.input(cx, "gg0x");
    run(&editor, cx, "%w a.txt");
    assert_eq!(content(&editor, "a.txt").unwrap(), "e\ntwo\nthree\nfour\n");
    assert_eq!(name(&editor, cx), "a.txt");
}

#[gpui_kit::test]
fn lines_are_written_as_their_file_ends_them(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\r\ntwo\r\nend");
    run(&editor, cx, "2,3w b.txt");
    assert_eq!(content(&editor, "b.txt").unwrap(), "two\r\nend");
    assert!(
        mode(&editor, cx).contains("2L, 8B"),
        "{}",
        mode(&editor, cx)
    );
}

#[gpui_kit::test]
fn saveas_gives_the_text_another_file(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    editor
        .fs
        .insert(editor.path.with_file_name("b.txt"), b"theirs\n");
    editor.input(cx, "x");
    run(&editor, cx, "sav b.txt");
    assert!(mode(&editor, cx).contains("E13"), "{}", mode(&editor, cx));
    assert_eq!(content(&editor, "b.txt").unwrap(), "theirs\n");
    run(&editor, cx, "saveas! b.txt");
    assert_eq!(content(&editor, "b.txt").unwrap(), "ne\n");
    assert_eq!(content(&editor, "a.txt").unwrap(), "one\n");
    assert_eq!(name(&editor, cx), "b.txt");
    assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
    run(&editor, cx, "sav");
    assert!(mode(&editor, cx).contains("E471"), "{}", mode(&editor, cx));
}

#[gpui_kit::test]
fn a_file_of_another_tab_is_not_overwritten_unasked(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    let (editor, _) = common::beside::beside(editor, cx, Some(("b.txt", "theirs\n")));
    run(&editor, cx, "w b.txt");
    assert!(mode(&editor, cx).contains("E139"), "{}", mode(&editor, cx));
    assert_eq!(content(&editor, "b.txt").unwrap(), "theirs\n");
}

#[gpui_kit::test]
fn a_text_without_a_file_gets_the_one_it_is_written_to(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    let buffer = cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.new_untitled())
        })
    });
    let editor = Editor { buffer, ..editor };
    let (untitled, _) = common::beside::beside(editor, cx, None);
    untitled.input(cx, "ione").press(cx, "enter");
    untitled.input(cx, "two").press(cx, "escape");
    run(&untitled, cx, "2w part.txt");
    assert_eq!(content(&untitled, "part.txt").unwrap(), "two\n");
    assert_ne!(name(&untitled, cx), "part.txt");
    run(&untitled, cx, "w new.txt");
    assert_eq!(name(&untitled, cx), "new.txt");
    assert!(
        content(&untitled, "new.txt")
            .unwrap()
            .starts_with("one\ntwo")
    );
}

/// Each by the keystroke, on its way past the keymap.
#[gpui_kit::test]
fn keys_with_control_are_vims(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇ");
    let lines = (1..=60).map(|line| format!("line {line}\n"));
    let text_of_lines: String = lines.collect();
    for (keys, control, shown) in [
        ("", "ctrl-a", "line ˇ2\n"),
        ("3", "ctrl-x", "line -ˇ2\n"),
        ("xu", "ctrl-r", "ˇine 1\n"),
        ("ll", "ctrl-h", "lˇine 1\n"),
        ("Gx", "ctrl-o", "ˇline 1\n"),
        ("5Ggg", "ctrl-o", "line 5\n"),
        ("iab cd", "ctrl-w", "ab ˇline 1\n"),
        ("iab", "ctrl-h", "aˇline 1\n"),
        ("iab cd", "ctrl-u", "ˇline 1\n"),
        ("i", "ctrl-t", "    ˇline 1\n"),
        ("i", "ctrl-c", "ˇline 1\n"),
    ] {
        editor.press(cx, "escape");
        editor.set(cx, &format!("ˇ{text_of_lines}"));
        editor.input(cx, keys).press(cx, control);
        let marked = editor.marked(cx);
        let caret = marked.find('ˇ').unwrap();
        let start = marked[..caret].rfind('\n').map_or(0, |at| at + 1);
        let shown = if shown.contains('ˇ') {
            shown.to_owned()
        } else {
            format!("ˇ{shown}")
        };
        assert!(
            marked[start..].starts_with(&shown),
            "{keys} {control}: {:?}",
            &marked[start..start + 20]
        );
    }
    editor
        .press(cx, "escape")
        .set(cx, &format!("ˇ{text_of_lines}"));
    editor.frame(cx);
    editor.input(cx, "5G").press(cx, "ctrl-o ctrl-i");
    assert!(editor.marked(cx).contains("ˇline 5\n"), "ctrl-i");
    editor.press(cx, "ctrl-v");
    assert_eq!(mode(&editor, cx), "V-BLOCK");
    editor.press(cx, "escape");
    for (key, row) in [("ctrl-d", 6..30), ("ctrl-f", 16..60), ("ctrl-b", 6..30)] {
        editor.press(cx, key);
        let marked = editor.marked(cx);
        let at = marked[..marked.find('ˇ').unwrap()].matches('\n').count();
        assert!(row.contains(&at), "{key}: row {at}");
    }
}

/// Composes text as an input method does, and lets a second go by.
fn compose(editor: &Editor, cx: &mut TestAppContext, steps: &[&str], text: &str) {
    editor.update(cx, |window, cx| {
        let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
        let mut input = TestInput::new(handler, window);
        for step in steps {
            input.compose_text(None, step, None, cx);
        }
        input.commit_text(text, cx);
    });
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(1));
    cx.run_until_parked();
}

#[gpui_kit::test]
fn what_is_composed_is_undone_with_what_is_typed_beside_it(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇx\n");
    editor.input(cx, "ia");
    compose(&editor, cx, &["n", "ni"], "你");
    compose(&editor, cx, &["h", "ha", "hao"], "好");
    editor.input(cx, "b").shows(cx, "a你好bˇx\n");
    editor.press(cx, "escape").input(cx, "u").shows(cx, "ˇx\n");
    editor.press(cx, "ctrl-r");
    assert_eq!(text(&editor, cx), "a你好bx\n");
}

#[gpui_kit::test]
fn a_save_leaves_one_insertion_one_step(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇx\ny  \n");
    set(cx, "files.trimTrailingWhitespace", "true");
    editor.input(cx, "ione");
    let saving = editor.update(cx, |window, cx| {
        editor.view.update(cx, |view, cx| view.save(window, cx))
    });
    saving.detach();
    cx.run_until_parked();
    let content = editor.fs.content(&editor.path);
    assert_eq!(content.as_deref(), Some(b"onex\ny\n".as_slice()));
    editor.input(cx, " two").press(cx, "escape");
    assert_eq!(text(&editor, cx), "one twox\ny\n");
    editor.input(cx, "u").shows(cx, "ˇx\ny  \n");
}

#[gpui_kit::test]
fn writing_all_puts_the_texts_in_order_as_a_save_does(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇxone  \ntwo");
    set(cx, "files.trimTrailingWhitespace", "true");
    set(cx, "files.insertFinalNewline", "true");
    editor.input(cx, "x:wqa").press(cx, "enter");
    cx.run_until_parked();
    let content = editor.fs.content(&editor.path);
    assert_eq!(content.as_deref(), Some(b"one\ntwo\n".as_slice()));
}

#[gpui_kit::test]
fn changes_are_given_up_in_one_step(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    editor.input(cx, "xjx:e").press(cx, "enter");
    assert!(mode(&editor, cx).contains("E37"), "{}", mode(&editor, cx));
    editor.input(cx, ":e!").press(cx, "enter");
    assert_eq!(text(&editor, cx), "one\ntwo\n");
    assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
    editor.input(cx, "u");
    assert_eq!(text(&editor, cx), "ne\nwo\n");
}

#[gpui_kit::test]
async fn changes_of_a_long_text_are_given_up_too(cx: &mut TestAppContext) {
    let lines: String = (0..20_000).map(|line| format!("line {line}\n")).collect();
    let editor = open_vim(cx, "a.txt", &format!("ˇ{lines}"));
    editor.input(cx, "xGdd:e!").press(cx, "enter");
    editor.wait(cx, |view, cx| !view.is_dirty(cx)).await;
    assert!(text(&editor, cx) == lines);
    editor.input(cx, "u");
    assert!(text(&editor, cx).starts_with("ine 0\nline 1\n"));
}

#[gpui_kit::test]
async fn changes_are_given_up_for_a_file_that_could_not_be_read_once_it_can_be(
    cx: &mut TestAppContext,
) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    let unreadable = |kept: bool, cx: &mut TestAppContext| {
        editor.fs.insert(&editor.path, b"\0\x01\x02\xff\0");
        cx.update(|cx| {
            let error = fs::LoadError::Binary {
                path: editor.path.clone(),
                size: 5,
            };
            editor.model.update(cx, |model, cx| {
                model.update(cx, |workspace| {
                    workspace.disk_unreadable(&editor.path, &error);
                    if kept {
                        workspace.keep_mine(editor.buffer);
                    }
                });
            });
        });
    };
    for kept in [true, false] {
        editor.input(cx, "x");
        let before = text(&editor, cx);
        unreadable(kept, cx);
        editor.input(cx, ":e!").press(cx, "enter");
        cx.run_until_parked();
        assert_eq!(text(&editor, cx), before);
        let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
        let kept =
            "is a binary file and cannot be edited as text. The text that is open here is kept";
        assert!(said.iter().any(|said| said.contains(kept)), "{said:?}");
        editor.fs.insert(&editor.path, b"theirs\n");
        editor.input(cx, ":e!").press(cx, "enter");
        editor
            .wait(cx, |view, cx| view.text(cx) == "theirs\n")
            .await;
        assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
        editor.input(cx, "u");
        assert_eq!(text(&editor, cx), before);
        let saving = editor.update(cx, |window, cx| {
            editor.view.update(cx, |view, cx| view.save(window, cx))
        });
        saving.await.unwrap();
        assert_eq!(editor.fs.content(&editor.path).unwrap(), before.as_bytes());
    }
}

#[gpui_kit::test]
async fn changes_are_given_up_once_the_window_says_so(cx: &mut TestAppContext) {
    let long: String = (0..20_000).map(|line| format!("line {line}\n")).collect();
    for content in ["one\n", &long] {
        let editor = open_vim(cx, "a.txt", &format!("ˇ{content}"));
        let asked = Rc::new(Cell::new(false));
        let told = cx.update({
            let asked = asked.clone();
            |cx| {
                cx.subscribe(&editor.view, move |_, event, _| {
                    asked.set(asked.get() || *event == ItemEvent::Discard);
                })
            }
        });
        editor.input(cx, "x:q!").press(cx, "enter");
        cx.run_until_parked();
        assert!(asked.get());
        // Another tab may show them.
        assert!(cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
        let given_up = editor.update(cx, |window, cx| {
            editor.view.update(cx, |view, cx| view.give_up(window, cx))
        });
        given_up.await.unwrap();
        assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
        assert!(text(&editor, cx) == *content);
        drop(told);
    }
}

/// What the text was when the tab was to close without asking, and whether it had unsaved changes.
type AtClose = Rc<RefCell<Option<(bool, String)>>>;

fn watch_close(editor: &Editor, cx: &mut TestAppContext) -> (AtClose, gpui_kit::Subscription) {
    let at_close = AtClose::default();
    let told = cx.update({
        let at_close = at_close.clone();
        |cx| {
            cx.subscribe(&editor.view, move |view, event, cx| {
                if matches!(event, ItemEvent::Discard) {
                    let view = view.read(cx);
                    *at_close.borrow_mut() = Some((view.is_dirty(cx), view.text(cx).to_string()));
                }
            })
        }
    });
    (at_close, told)
}

/// Begins a save that goes on once something is sent.
fn slow_save(editor: &Editor, cx: &mut TestAppContext) -> futures::channel::oneshot::Sender<()> {
    let (go_on, held) = futures::channel::oneshot::channel();
    let id = editor.buffer;
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            let save = cx.spawn(async move |model, cx| {
                held.await.unwrap();
                let saving = model.update(cx, |model, cx| model.save_from_any(id, cx));
                saving.unwrap().await.unwrap();
            });
            model.save_within(id, save, cx).detach();
        });
    });
    go_on
}

#[gpui_kit::test]
fn what_is_being_saved_is_not_given_up(cx: &mut TestAppContext) {
    for (command, closes) in [("q!", true), ("e!", false), ("e", false)] {
        let editor = open_vim(cx, "a.txt", "ˇone\n");
        let (at_close, told) = watch_close(&editor, cx);
        editor.input(cx, "x");
        let go_on = slow_save(&editor, cx);
        editor.input(cx, &format!(":{command}")).press(cx, "enter");
        cx.run_until_parked();
        assert_eq!(text(&editor, cx), "ne\n", "{command} waits");
        assert_eq!(*at_close.borrow(), None, "{command} waits");
        go_on.send(()).unwrap();
        cx.run_until_parked();
        assert_eq!(text(&editor, cx), "ne\n", "{command}");
        assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
        let expected = closes.then(|| (false, "ne\n".to_owned()));
        assert_eq!(*at_close.borrow(), expected, "{command}");
        assert_eq!(editor.fs.content(&editor.path).unwrap(), b"ne\n");
        assert_eq!(mode(&editor, cx), "NORMAL");
        drop(told);
    }
}

#[gpui_kit::test]
fn what_is_given_up_is_not_saved_while_a_long_text_goes_back(cx: &mut TestAppContext) {
    let long = "a line\n".repeat(200_000);
    let editor = open_vim(cx, "a.txt", &format!("ˇ{long}"));
    editor.input(cx, "x:e!").press(cx, "enter");
    editor.input(cx, ":w").press(cx, "enter");
    cx.run_until_parked();
    let saved = editor.fs.content(&editor.path).unwrap();
    assert_eq!(saved.len(), long.len());
    assert_eq!(text(&editor, cx).len(), long.len());
    assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
    // The other way around the text is saved, and nothing is left to give up.
    editor.input(cx, "x:w").press(cx, "enter");
    editor.input(cx, ":e!").press(cx, "enter");
    cx.run_until_parked();
    let saved = editor.fs.content(&editor.path).unwrap();
    assert_eq!(saved.len(), long.len() - 1);
    assert_eq!(text(&editor, cx).len(), long.len() - 1);
    // Nor over what another program has written.
    let theirs = "theirs\n".repeat(200_000);
    editor.input(cx, "x");
    editor.fs.insert(&editor.path, theirs.as_bytes());
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
    });
    cx.run_until_parked();
    editor.input(cx, ":e!").press(cx, "enter");
    editor.input(cx, ":w!").press(cx, "enter");
    cx.run_until_parked();
    let saved = editor.fs.content(&editor.path).unwrap();
    assert!(saved == theirs.as_bytes());
    assert!(text(&editor, cx) == theirs);
    // Nor under another name.
    let long = text(&editor, cx);
    editor.input(cx, "x:e!").press(cx, "enter");
    editor.input(cx, ":sav b.txt").press(cx, "enter");
    cx.run_until_parked();
    let path = cx.update(|cx| editor.view.read(cx).path(cx)).unwrap();
    assert_eq!(path.file_name().unwrap(), "b.txt");
    assert_eq!(editor.fs.content(&path).unwrap(), long.as_bytes());
}

#[gpui_kit::test]
fn revert_file_waits_for_a_save(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    editor.input(cx, "x");
    let go_on = slow_save(&editor, cx);
    // Typed since, and written by that save.
    editor.input(cx, "x");
    editor.update(cx, |window, cx| {
        assert!(Commands::run("workbench.action.files.revert", window, cx));
    });
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "e\n");
    go_on.send(()).unwrap();
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "e\n");
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"e\n");
}

gpui_kit::actions!(vim_test, [SaveOfWindow]);

#[gpui_kit::test]
fn what_is_written_in_the_same_line_is_not_given_up(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    let (at_close, _told) = watch_close(&editor, cx);
    cx.update(|cx| {
        let save = CommandSpec::new("workspace.save", "File", "Save", SaveOfWindow);
        Commands::register(cx, [save]);
        let (model, id) = (editor.model.clone(), editor.buffer);
        cx.on_action(move |_: &SaveOfWindow, cx| {
            let saving = model.update(cx, |model, cx| model.save_from_any(id, cx));
            saving.detach();
        });
    });
    editor.input(cx, "x:w|q!").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(*at_close.borrow(), Some((false, "ne\n".to_owned())));
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"ne\n");
    editor.input(cx, "x:w|e!").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "e\n");
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"e\n");
}

#[gpui_kit::test]
fn paragraphs_are_filled_to_the_first_ruler(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "ˇ// one two three\n// four\nlet x;\n");
    set(cx, "editor.rulers", "[12, 80]");
    editor
        .input(cx, "gqj")
        .shows(cx, "// one two\n// three\nˇ// four\nlet x;\n");
    editor.input(cx, "u:set tw=40").press(cx, "enter");
    editor
        .input(cx, "gggqj")
        .shows(cx, "ˇ// one two three four\nlet x;\n");
}

#[gpui_kit::test]
fn set_ro_makes_a_text_read_only_until_set_noro(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    editor.input(cx, "x:set ro").press(cx, "enter");
    editor.input(cx, "xixu").press(cx, "escape");
    assert_eq!(text(&editor, cx), "ne\n", "neither edits nor undo");
    assert!(cx.update(|cx| editor.view.read(cx).is_read_only(cx)));
    editor.input(cx, ":set noro").press(cx, "enter");
    editor.input(cx, "u");
    assert_eq!(text(&editor, cx), "one\n");
    for (option, read_only) in [
        ("noma", true),
        ("ma", false),
        ("ro!", true),
        ("invma", false),
    ] {
        editor
            .input(cx, &format!(":set {option}"))
            .press(cx, "enter");
        let is = cx.update(|cx| editor.view.read(cx).is_read_only(cx));
        assert_eq!(is, read_only, "{option}");
    }
}

#[gpui_kit::test]
fn all_carets_obey_and_leave_one_at_escape(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\none\nend\n");
    editor
        .press(cx, "ctrl-alt-down")
        .shows(cx, "ˇone\nˇone\nend\n");
    editor.input(cx, "xA!").shows(cx, "ne!ˇ\nne!ˇ\nend\n");
    assert_eq!(mode(&editor, cx), "INSERT");
    editor
        .press(cx, "escape")
        .input(cx, "u")
        .shows(cx, "nˇe\nnˇe\nend\n")
        .input(cx, "u")
        .shows(cx, "ˇone\nˇone\nend\n")
        .press(cx, "escape")
        .shows(cx, "one\nˇone\nend\n");
    // A block is Vim's own.
    editor.press(cx, "ctrl-v").input(cx, "kd");
    assert_eq!(text(&editor, cx), "ne\nne\nend\n");
}

#[gpui_kit::test]
fn a_file_is_read_below_the_line_or_at_the_top(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    let other = editor.path.with_file_name("b.txt");
    editor.fs.insert(&other, b"  three\nfour\n");
    editor.input(cx, ":r b.txt").press(cx, "enter");
    cx.run_until_parked();
    editor.shows(cx, "one\n  ˇthree\nfour\ntwo\n");
    editor.input(cx, "u");
    assert_eq!(text(&editor, cx), "one\ntwo\n");
    for (command, expected) in [
        (":0r b.txt", "  ˇthree\nfour\none\ntwo\n"),
        (":2r b.txt", "one\ntwo\n  ˇthree\nfour\n"),
    ] {
        editor.input(cx, command).press(cx, "enter");
        cx.run_until_parked();
        editor.shows(cx, expected).input(cx, "u");
    }
    editor.fs.insert(&other, b"no line feed");
    editor.set(cx, "onˇe");
    editor.input(cx, ":r b.txt").press(cx, "enter");
    cx.run_until_parked();
    editor.shows(cx, "one\nˇno line feed");
    editor.input(cx, ":r nowhere.txt").press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "one\nno line feed");
}

#[gpui_kit::test]
fn a_file_that_is_read_slowly_stands_where_it_was_asked_for(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    let other = editor.path.with_file_name("b.txt");
    editor.fs.insert(&other, b"  three\n");
    editor.input(cx, ":r b.txt").press(cx, "enter");
    // So much is edited meanwhile, and saved, that nobody remembers the changes.
    let typed = 300;
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            for _ in 0..typed {
                let end = model
                    .workspace()
                    .buffer(editor.buffer)
                    .unwrap()
                    .text()
                    .len();
                let changes = ChangeSet::replacement(end, end..end, "x").unwrap();
                let edit = Transaction::from_changes(changes, &Selections::caret(0));
                model.edit(editor.buffer, edit, cx).unwrap();
            }
            let saved = model.update(cx, |workspace| workspace.save_blocking(editor.buffer));
            saved.unwrap();
        });
    });
    cx.run_until_parked();
    let expected = format!("one\n  three\ntwo\n{}", "x".repeat(typed));
    assert_eq!(text(&editor, cx), expected);
}

#[gpui_kit::test]
fn states_of_the_text_are_gone_to_on_every_branch(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone");
    editor.input(cx, "xxu").shows(cx, "ˇne");
    editor.input(cx, "~");
    assert_eq!(text(&editor, cx), "Ne");
    editor.input(cx, "g-");
    assert_eq!(text(&editor, cx), "e", "the other branch");
    editor.input(cx, "2g-");
    assert_eq!(text(&editor, cx), "one");
    editor.input(cx, "g-");
    assert_eq!(mode(&editor, cx), "NORMAL  Already at oldest change");
    editor.input(cx, ":later 9").press(cx, "enter");
    assert_eq!(text(&editor, cx), "Ne");
    editor.input(cx, ":undo 1").press(cx, "enter");
    assert_eq!(text(&editor, cx), "ne");
    editor.input(cx, ":earlier 1x").press(cx, "enter");
    assert_eq!(mode(&editor, cx), "NORMAL  E475: Invalid argument: 1x");
    editor.input(cx, ":undolist").press(cx, "enter");
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(window.try_find("undo-history").is_some());
    });
}

#[gpui_kit::test]
fn functions_classes_and_parameters_are_text_objects(cx: &mut TestAppContext) {
    let source = "impl A {\n    fn b(c: u8, d: u8) {\n        eˇ;\n    }\n\n    fn f() {}\n}\n";
    let editor = open_vim(cx, "a.rs", source);
    cx.run_until_parked();
    editor.input(cx, "dif").shows(
        cx,
        "impl A {\n    fn b(c: u8, d: u8) {\n    ˇ}\n\n    fn f() {}\n}\n",
    );
    editor.input(cx, "u");
    cx.run_until_parked();
    editor
        .input(cx, "daf")
        .shows(cx, "impl A {\nˇ\n    fn f() {}\n}\n");
    editor.input(cx, "u");
    cx.run_until_parked();
    editor.input(cx, "ggjfddaa").shows(
        cx,
        "impl A {\n    fn b(c: u8ˇ) {\n        e;\n    }\n\n    fn f() {}\n}\n",
    );
    editor.input(cx, "u");
    cx.run_until_parked();
    editor.input(cx, "cic");
    assert_eq!(mode(&editor, cx), "INSERT  4 fewer lines");
    assert_eq!(text(&editor, cx), "impl A {\n    \n}\n");
}

#[gpui_kit::test]
fn a_macro_takes_one_function_after_the_other(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "ˇfn a() {}\nfn b() {}\nfn c() {}\n");
    cx.run_until_parked();
    editor.input(cx, "qqdafq");
    cx.run_until_parked();
    editor.input(cx, "2@q");
    assert_eq!(text(&editor, cx), "\n");
}

#[gpui_kit::test]
fn keys_lead_from_function_to_function_and_class_to_class(cx: &mut TestAppContext) {
    let source = "ˇuse a;\n\nimpl A {\n    fn b() {}\n    fn c() {}\n}\n\nstruct D;\n";
    let editor = open_vim(cx, "a.rs", source);
    cx.run_until_parked();
    let rest = |editor: &Editor, cx: &mut TestAppContext| {
        let marked = editor.marked(cx);
        let rest = marked.split_once('ˇ').unwrap().1.lines().next();
        rest.unwrap_or_default().to_owned()
    };
    for (keys, expected) in [
        ("]m", "fn b() {}"),
        ("]m", "fn c() {}"),
        ("[m", "fn b() {}"),
        ("]M", "}"),
        ("]]", "struct D;"),
        ("[[", "impl A {"),
        ("2]m", "fn c() {}"),
        ("][", "}"),
        ("]]", "struct D;"),
        ("[]", "}"),
    ] {
        editor.input(cx, keys);
        // The end of a function shows its last bracket.
        assert_eq!(rest(&editor, cx), expected, "{keys}");
    }
}

#[gpui_kit::test]
fn what_is_asked_about_moves_with_what_another_view_writes(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇa one\ntwo\na three\n");
    editor.input(cx, ":%s/a/b/c").press(cx, "enter");
    let write = |text: &str, cx: &mut TestAppContext| {
        cx.update(|cx| {
            editor.model.update(cx, |model, cx| {
                model.update(cx, |workspace| {
                    workspace.replace_text(editor.buffer, text).unwrap();
                });
            });
        });
        cx.run_until_parked();
    };
    write("zero\na one\ntwo\na three\n", cx);
    editor.input(cx, "y");
    assert_eq!(text(&editor, cx), "zero\nb one\ntwo\na three\n");
    write("zero\nb one\ntwo\nand a half\na three\n", cx);
    editor.input(cx, "y");
    assert_eq!(text(&editor, cx), "zero\nb one\ntwo\nand a half\nb three\n");
    assert_eq!(mode(&editor, cx), "NORMAL");
}

#[gpui_kit::test]
fn lines_are_indented_by_the_rules_of_their_language(cx: &mut TestAppContext) {
    let source = "ˇfn a() {\nif b {\n  c();\n}\n        d();\n}\n";
    let indented = "fn a() {\n  if b {\n    c();\n  }\n  d();\n}\n";
    for keys in ["gg=G", "ggVG=", "jvi{=", "j==j==j==j=="] {
        let editor = open_vim(cx, "a.rs", source);
        cx.run_until_parked();
        editor.input(cx, keys);
        assert_eq!(text(&editor, cx), indented, "{keys}");
        assert!(mode(&editor, cx).starts_with("NORMAL"));
    }
}

#[gpui_kit::test]
fn lines_go_through_no_program(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇb\na\nsort\n");
    for keys in ["ggVj!sort", "gg!jsort", "gg!!sort"] {
        editor.input(cx, keys).press(cx, "enter");
        assert_eq!(text(&editor, cx), "b\na\nsort\n", "{keys}");
        assert!(mode(&editor, cx).contains("E23"), "{}", mode(&editor, cx));
    }
    for line in ["w !sort", "1w !sort", "w! !sort", "r !sort"] {
        run(&editor, cx, line);
        assert!(mode(&editor, cx).contains("E23"), "{line}");
    }
    assert_eq!(content(&editor, "!sort"), None);
    editor.input(cx, "ggVjzf");
    assert_eq!(mode(&editor, cx), "NORMAL  Kiln has no zf");
}

#[gpui_kit::test]
fn the_next_match_is_changed_and_the_one_after_it_again(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "ˇ// one two\n// one two\nlet one = 1;\n");
    editor.input(cx, "/one").press(cx, "enter");
    editor
        .input(cx, "cgnnew")
        .press(cx, "escape")
        .input(cx, "..");
    assert_eq!(text(&editor, cx), "// new two\n// new two\nlet new = 1;\n");
    editor.input(cx, "ggJ");
    assert_eq!(text(&editor, cx), "// new two new two\nlet new = 1;\n");
}

#[gpui_kit::test]
fn what_could_not_be_written_is_not_given_up(cx: &mut TestAppContext) {
    for command in ["w|q!", "w|e!", "w b.txt|q!", "w b.txt|e!"] {
        let editor = open_vim(cx, "a.txt", "ˇone\n");
        let (at_close, _told) = watch_close(&editor, cx);
        let refused = std::io::ErrorKind::PermissionDenied;
        for path in ["a.txt", "b.txt"] {
            let path = editor.path.with_file_name(path);
            editor
                .fs
                .fail_always(fs::FakeOperation::Write, &path, refused);
        }
        let other = editor.path.with_file_name("b.txt");
        editor.fs.insert(&other, b"theirs\n");
        editor.input(cx, &format!("x:{command}")).press(cx, "enter");
        cx.run_until_parked();
        assert_eq!(text(&editor, cx), "ne\n", "{command}");
        assert_eq!(*at_close.borrow(), None, "{command}");
        let told = mode(&editor, cx);
        let why = ["not saved", "E13: File exists"];
        assert!(
            why.iter().any(|why| told.contains(why)),
            "{command}: {told}"
        );
        assert_eq!(editor.fs.content(&other).unwrap(), b"theirs\n");
        // Alone it is meant.
        editor.input(cx, ":q!").press(cx, "enter");
        cx.run_until_parked();
        assert!(at_close.borrow().is_some(), "{command}");
    }
}

gpui_kit::actions!(vim_test, [AskForPath]);

#[gpui_kit::test]
fn what_is_asked_about_before_it_is_written_is_not_given_up(cx: &mut TestAppContext) {
    for command in ["w|q!", "w|e!"] {
        let editor = open_vim(cx, "a.txt", "ˇone\n");
        let (at_close, _told) = watch_close(&editor, cx);
        cx.update(|cx| {
            let save = CommandSpec::new("workspace.save", "File", "Save", AskForPath);
            Commands::register(cx, [save]);
        });
        editor.input(cx, &format!("x:{command}")).press(cx, "enter");
        cx.run_until_parked();
        assert_eq!(text(&editor, cx), "ne\n", "{command}");
        assert_eq!(*at_close.borrow(), None, "{command}");
        assert!(mode(&editor, cx).contains("not saved"), "{command}");
    }
}

#[gpui_kit::test]
fn insert_mode_takes_characters_by_number_digraphs_and_sums(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇ\n");
    editor.input(cx, "i").press(cx, "ctrl-v");
    assert_eq!(mode(&editor, cx), "INSERT  ^V");
    editor.input(cx, "u00e9").press(cx, "ctrl-k");
    editor.input(cx, "Eu").press(cx, "ctrl-v ctrl-a ctrl-r");
    editor.input(cx, "=2*(3+");
    assert_eq!(mode(&editor, cx), "INSERT  =2*(3+");
    editor.input(cx, "4)").press(cx, "enter");
    assert_eq!(text(&editor, cx), "é€\u{1}14\n");
    editor
        .press(cx, "ctrl-r")
        .input(cx, "=x")
        .press(cx, "enter");
    assert!(mode(&editor, cx).contains("E15"), "{}", mode(&editor, cx));
    assert_eq!(text(&editor, cx), "é€\u{1}14\n");
}

#[gpui_kit::test]
fn characters_in_several_keys_are_taken_by_r_and_f(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone twö\n");
    editor.input(cx, "r").press(cx, "ctrl-k");
    editor.input(cx, "e:");
    assert_eq!(text(&editor, cx), "ëne twö\n");
    editor.input(cx, "r").press(cx, "ctrl-v");
    assert_eq!(mode(&editor, cx), "NORMAL  r^V");
    editor.input(cx, "u00e9");
    assert_eq!(text(&editor, cx), "éne twö\n");
    editor.input(cx, "lr").press(cx, "ctrl-v ctrl-a");
    assert_eq!(text(&editor, cx), "é\u{1}e twö\n");
    editor.input(cx, "f").press(cx, "ctrl-k");
    editor.input(cx, "o:x");
    assert_eq!(text(&editor, cx), "é\u{1}e tw\n");
    // A number that is complete with another key, which is a command of its own.
    editor.input(cx, "0r").press(cx, "ctrl-v");
    editor.input(cx, "65lx");
    assert_eq!(text(&editor, cx), "Ae tw\n");
}

#[gpui_kit::test]
fn gf_opens_the_file_whose_name_stands_at_the_cursor(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "src/a.txt", "ˇsee (b.txt), or docs/c.md.\nno.txt ()\n");
    for file in ["src/b.txt", "b.txt", "docs/c.md"] {
        editor.fs.insert(Path::new(ROOT).join(file), b"");
    }
    let opened = Rc::new(RefCell::new(Vec::new()));
    let paths = opened.clone();
    editor.update(cx, |window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            paths.borrow_mut().push(target.path);
        });
    });
    for (keys, file) in [("wgf", "src/b.txt"), ("fdgf", "docs/c.md")] {
        editor.input(cx, keys);
        cx.run_until_parked();
        assert_eq!(opened.borrow_mut().pop(), Some(Path::new(ROOT).join(file)));
    }
    editor.input(cx, "j0gf");
    cx.run_until_parked();
    assert!(mode(&editor, cx).contains("E447: Can't find file \"no.txt\""));
    editor.input(cx, "$gf");
    assert!(mode(&editor, cx).contains("E446"));
    assert_eq!(*opened.borrow(), Vec::<std::path::PathBuf>::new());
}

#[gpui_kit::test]
fn a_line_of_commands_is_edited_and_comes_back(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone-x two\none-x\n");
    editor.input(cx, ":s/").press(cx, "ctrl-r ctrl-w");
    assert_eq!(mode(&editor, cx), ":s/one\u{2581}");
    editor.input(cx, "/").press(cx, "ctrl-k");
    assert_eq!(mode(&editor, cx), ":s/one/^K\u{2581}");
    editor.input(cx, "Euz").press(cx, "left");
    assert_eq!(mode(&editor, cx), ":s/one/\u{20ac}\u{2581}z");
    editor.press(cx, "delete").input(cx, "/").press(cx, "enter");
    assert_eq!(text(&editor, cx), "€-x two\none-x\n");
    // The same line once more, in the next line of the text.
    editor.input(cx, "j:").press(cx, "up enter");
    assert_eq!(text(&editor, cx), "€-x two\n€-x\n");
    editor.input(cx, ":xyz").press(cx, "escape");
    editor.input(cx, ":s").press(cx, "up");
    assert_eq!(mode(&editor, cx), ":s/one/\u{20ac}/\u{2581}");
    editor.press(cx, "down");
    assert_eq!(mode(&editor, cx), ":s\u{2581}");
    editor.press(cx, "ctrl-p ctrl-b");
    assert_eq!(mode(&editor, cx), ":\u{2581}xyz");
    editor.press(cx, "ctrl-e ctrl-u");
    assert_eq!(mode(&editor, cx), ":\u{2581}");
    editor.input(cx, "1s/").press(cx, "ctrl-r ctrl-a");
    assert_eq!(mode(&editor, cx), ":1s/\u{20ac}-x\u{2581}");
}

#[gpui_kit::test]
fn registers_and_marks_are_listed_and_chosen(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    editor.input(cx, "\"ayyjmb");
    for (command, list, query, expected) in [
        (":reg", "vim-registers", "\"a", "one\ntwo\nˇone\n"),
        (":marks", "vim-marks", "b  2:0", "one\nˇtwo\none\n"),
    ] {
        editor.input(cx, command).press(cx, "enter");
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            assert!(window.try_find(list).is_some(), "{command}");
        });
        editor.input(cx, query).press(cx, "enter");
        cx.run_until_parked();
        editor.shows(cx, expected);
    }
}

#[gpui_kit::test]
fn ctrl_6_and_b_go_from_one_open_file_to_another(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "src/a.txt", "ˇone\n");
    let (editor, other) = common::beside::beside(editor, cx, Some(("src/b.txt", "two\n")));
    let opened = Rc::new(RefCell::new(Vec::new()));
    let paths = opened.clone();
    editor.update(cx, |window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            paths.borrow_mut().push(target.path);
        });
    });
    let last = || opened.borrow_mut().pop();
    let path = |name: &str| Some(Path::new(ROOT).join(name));
    editor.press(cx, "ctrl-6");
    assert!(mode(&editor, cx).contains("E23: No alternate file"));
    for (line, file) in [("b b.t", "src/b.txt"), ("bu a.txt", "src/a.txt")] {
        run(&editor, cx, line);
        assert_eq!(last(), path(file), "{line}");
    }
    for (line, told) in [("b txt", "E93"), ("b2", "E86"), ("b nosuch", "E94")] {
        run(&editor, cx, line);
        assert!(mode(&editor, cx).contains(told), "{line}");
    }
    assert_eq!(last(), None);
    editor.update(cx, |window, cx| {
        let focus = gpui_kit::Focusable::focus_handle(&other, cx);
        window.focus(&focus, cx);
        window.render_frame(cx);
    });
    editor.press(cx, "ctrl-6");
    assert_eq!(last(), path("src/a.txt"));
    run(&editor, cx, "b#");
    assert_eq!(last(), path("src/a.txt"));
}

#[gpui_kit::test]
fn ga_and_g_ctrl_g_tell_what_stands_at_the_cursor_and_where(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "aˇé\tb c\n\n");
    let told = |keys: &str, press: &str, cx: &mut TestAppContext| {
        editor.input(cx, keys).press(cx, press);
        mode(&editor, cx)
    };
    assert_eq!(told("ga", "", cx), "NORMAL  <é> 233, Hex 00e9, Octal 351");
    let place = told("g", "ctrl-g", cx);
    assert!(place.starts_with("NORMAL  Col 2 of 7"), "{place}");
    let rest = "; Line 1 of 2; Word 1 of 3; Char 2 of 8; Byte 3 of 9";
    assert!(place.ends_with(rest), "{place}");
    assert_eq!(told("lga", "", cx), "NORMAL  <^I>  9,  Hex 09,  Octal 011");
    assert_eq!(told("jga", "", cx), "NORMAL  NUL");
}

#[gpui_kit::test]
fn an_option_that_kiln_has_elsewhere_is_told_where(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    for (option, place) in [
        ("enc=latin1", "encoding in the status bar"),
        ("nosuch=x", "E518: Unknown option: nosuch"),
        ("sw=x", "E521"),
    ] {
        run(&editor, cx, &format!("set {option}"));
        assert!(mode(&editor, cx).contains(place), "{option}");
    }
}

#[gpui_kit::test]
fn jumps_and_changes_are_listed_and_gone_to(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\nthree\nfour\n");
    editor.input(cx, "2GGgg2Glx4G");
    for (line, list, query, expected) in [
        (":ju", "vim-jumps", "4:0", "one\nto\nthree\nˇfour\n"),
        (":changes", "vim-changes", "2:1", "one\ntˇo\nthree\nfour\n"),
    ] {
        editor.input(cx, line).press(cx, "enter");
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            assert!(window.try_find(list).is_some(), "{line}");
        });
        editor.input(cx, query).press(cx, "enter");
        cx.run_until_parked();
        editor.shows(cx, expected);
    }
}

#[gpui_kit::test]
fn a_file_that_is_not_there_is_begun_and_made_by_a_save(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    let config = editor.path.with_file_name(".editorconfig");
    editor
        .fs
        .insert(&config, b"root = true\n[*.rs]\nend_of_line = crlf\n");
    let opened = Rc::new(RefCell::new(Vec::new()));
    let paths = opened.clone();
    editor.update(cx, |window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            paths.borrow_mut().push(target.path);
        });
    });
    run(&editor, cx, "e src/new.rs");
    let path = Path::new(ROOT).join("src/new.rs");
    assert_eq!(opened.borrow_mut().pop(), Some(path.clone()));
    assert_eq!(content(&editor, "src/new.rs"), None, "it is not made yet");
    // What opens it finds the text that was begun.
    let opening = cx.update(|cx| {
        let path = path.clone();
        editor
            .model
            .update(cx, |model, cx| model.open_path(path, cx))
    });
    let opening = cx.foreground_executor().spawn(opening);
    cx.run_until_parked();
    let buffer = futures::executor::block_on(opening).unwrap();
    let fs = editor.fs.clone();
    let editor = Editor { buffer, ..editor };
    let (new, _) = common::beside::beside(editor, cx, None);
    assert_eq!(name(&new, cx), "new.rs");
    assert!(!cx.update(|cx| new.view.read(cx).is_dirty(cx)));
    let language = cx.update(|cx| new.view.read(cx).status(cx).language);
    assert_eq!(language.unwrap().as_ref(), "Rust");
    new.input(cx, "ifn a() {}").press(cx, "escape");
    run(&new, cx, "w");
    assert!(!cx.update(|cx| new.view.read(cx).is_dirty(cx)));
    let made = String::from_utf8(fs.content(&path).unwrap()).unwrap();
    assert_eq!(made.trim_end(), "fn a() {}");
    // One that is there is opened as it is, and only that.
    run(&new, cx, "e a.txt");
    assert_eq!(content(&new, "a.txt").unwrap(), "one\n");
}

#[gpui_kit::test]
fn a_file_that_somebody_made_meanwhile_is_not_overwritten(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\n");
    let path = editor.path.with_file_name("new.txt");
    let buffer = cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.begin_file(&path, Default::default())
            })
        })
    });
    let editor = Editor { buffer, ..editor };
    let (new, _) = common::beside::beside(editor, cx, None);
    new.input(cx, "iours").press(cx, "escape");
    new.fs.insert(&path, b"theirs\n");
    run(&new, cx, "w");
    assert_eq!(new.fs.content(&path).unwrap(), b"theirs\n");
    assert!(cx.update(|cx| new.view.read(cx).is_dirty(cx)));
    // An empty one is made too.
    let editor = open_vim(cx, "b.txt", "ˇ");
    let path = editor.path.with_file_name("empty.txt");
    let buffer = cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.begin_file(&path, Default::default())
            })
        })
    });
    let editor = Editor { buffer, ..editor };
    let (new, _) = common::beside::beside(editor, cx, None);
    run(&new, cx, "w");
    assert_eq!(new.fs.content(&path).unwrap(), b"");
}
