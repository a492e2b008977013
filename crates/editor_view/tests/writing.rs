//! What a save puts in order, and how encodings and line endings are changed.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use common::{Editor, ROOT, open, open_file};
use editor_core::{Selections, marked};
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{AppContext as _, Task, TestAppContext};
use ui::{Commands, FileAssociation, Item as _, ItemHandle, LanguageChange};

fn run(editor: &Editor, cx: &mut TestAppContext, command: &str) {
    editor.update(cx, |window, cx| {
        assert!(Commands::run(command, window, cx), "{command}");
        window.render_frame(cx);
    });
    cx.run_until_parked();
}

/// Takes the row of the open list that what is typed leaves.
fn choose(editor: &Editor, cx: &mut TestAppContext, typed: &str) {
    editor.input(cx, typed).press(cx, "enter");
    cx.run_until_parked();
}

async fn save(editor: &Editor, cx: &mut TestAppContext) {
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    cx.run_until_parked();
}

fn on_disk(editor: &Editor) -> Vec<u8> {
    editor.fs.content(&editor.path).unwrap()
}

/// Opens a file beside others, with what happened before heard.
fn open_beside(
    cx: &mut TestAppContext,
    others: &[(&str, &str)],
    file: &str,
    marked_text: &str,
) -> Editor {
    let (text, selections) = marked::parse(marked_text).unwrap();
    let fs = Arc::new(FakeFs::new());
    for (path, text) in others {
        fs.insert(Path::new(ROOT).join(path), text.as_bytes());
    }
    let path = PathBuf::from(ROOT).join(file);
    fs.insert(&path, text.to_string().as_bytes());
    let editor = open_file(cx, fs, path);
    hear(&editor, cx);
    editor
        .view
        .update(cx, |view, cx| view.select(selections, cx));
    editor
}

fn hear(editor: &Editor, cx: &mut TestAppContext) {
    let model = editor.model.clone();
    cx.update(|cx| model.update(cx, |model, cx| model.update(cx, |_| ())));
    cx.run_until_parked();
}

#[gpui_kit::test]
async fn a_save_puts_the_file_in_order_as_one_step(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one  \ntwo  ˇ  \nthree\n\n\n");
    editor
        .settings(
            cx,
            r#"{
                "files.trimTrailingWhitespace": true,
                "files.insertFinalNewline": true,
                "files.trimFinalNewlines": true
            }"#,
        )
        .input(cx, "!");
    save(&editor, cx).await;
    editor.shows(cx, "one\ntwo  !ˇ\nthree\n");
    assert_eq!(on_disk(&editor), b"one\ntwo  !\nthree\n");
    editor
        .press(cx, "ctrl-z")
        .shows(cx, "one  \ntwo  !ˇ  \nthree\n\n\n");
    let model = editor.model.clone();
    let dirty = cx.update(|cx| {
        let workspace = model.read(cx).workspace();
        workspace.buffer(editor.buffer).unwrap().is_dirty()
    });
    assert!(dirty, "what the save took away is back");
}

#[gpui_kit::test]
async fn a_save_leaves_the_carets_of_other_views_where_they_are(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one  ˇ\ntwo  \nthree  \n");
    editor.settings(cx, r#"{"files.trimTrailingWhitespace": true}"#);
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    let other = editor.update(cx, |window, cx| {
        cx.new(|cx| EditorView::new(buffer, model, window, cx))
    });
    let carets = Selections::caret(11);
    cx.update(|cx| other.update(cx, |view, cx| view.select(carets, cx)));
    editor.input(cx, "!");
    save(&editor, cx).await;
    editor.shows(cx, "one  !ˇ\ntwo  \nthree\n");
    let here = cx.update(|cx| other.read(cx).selections().primary().head);
    assert_eq!(here, 12);
    // A view that is closed holds nothing back.
    drop(other);
    editor.input(cx, "?");
    save(&editor, cx).await;
    editor.shows(cx, "one  !?ˇ\ntwo\nthree\n");
}

#[gpui_kit::test]
async fn a_save_without_these_settings_changes_nothing(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one  ˇ");
    editor.input(cx, " ");
    save(&editor, cx).await;
    assert_eq!(on_disk(&editor), b"one   ");
}

#[gpui_kit::test]
async fn a_save_puts_in_order_what_the_language_asks_for(cx: &mut TestAppContext) {
    let settings = r#"{"files.trimTrailingWhitespace": true,
        "[markdown]": {"files.trimTrailingWhitespace": false, "files.insertFinalNewline": true}}"#;
    for (path, saved) in [("a.txt", "one!"), ("a.md", "one!  \n")] {
        let editor = open(cx, path, "oneˇ  ");
        editor.settings(cx, settings).input(cx, "!");
        save(&editor, cx).await;
        assert_eq!(on_disk(&editor), saved.as_bytes(), "{path}");
    }
}

#[gpui_kit::test]
async fn a_large_file_is_put_in_order_too(cx: &mut TestAppContext) {
    let text = format!("ˇ{}", "line of text  \n".repeat(100_000));
    let editor = open(cx, "a.txt", &text);
    editor
        .settings(cx, r#"{"files.trimTrailingWhitespace": true}"#)
        .input(cx, "x");
    save(&editor, cx).await;
    let saved = on_disk(&editor);
    assert_eq!(saved.len(), 100_000 * "line of text\n".len() + 1);
}

#[gpui_kit::test]
async fn editor_config_wins_over_settings_and_content(cx: &mut TestAppContext) {
    let config = "root = true\n[*]\nindent_style = tab\ntab_width = 3\nend_of_line = crlf\n\
                  trim_trailing_whitespace = true\ninsert_final_newline = false\n";
    let editor = open_beside(
        cx,
        &[(".editorconfig", config)],
        "src/a.rs",
        "fn f() {\n  aˇ \n}",
    );
    editor.settings(cx, r#"{"files.insertFinalNewline": true}"#);
    let label = |cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).status(cx).indentation.unwrap())
    };
    assert_eq!(label(cx), "Tab Size: 3");
    editor.press(cx, "home").input(cx, "\t");
    save(&editor, cx).await;
    assert_eq!(on_disk(&editor), b"fn f() {\r\n  \ta\r\n}");
    // It is read again when it changes.
    let path = Path::new(ROOT).join(".editorconfig");
    editor
        .fs
        .insert(&path, b"[*]\nindent_style = space\nindent_size = 5\n");
    let model = editor.model.clone();
    cx.update(|cx| model.update(cx, |model, cx| model.paths_changed(vec![path], cx)));
    cx.run_until_parked();
    assert_eq!(label(cx), "Spaces: 5");
    // What the user chooses for the file wins.
    run(&editor, cx, "editor.action.indentUsingSpaces");
    choose(&editor, cx, "2");
    assert_eq!(label(cx), "Spaces: 2");
}

#[gpui_kit::test]
async fn a_new_text_is_saved_as_the_editor_config_of_its_place_says(cx: &mut TestAppContext) {
    let config = "root = true\n[*.cfg]\nend_of_line = crlf\ncharset = utf-16le\n\
                  trim_trailing_whitespace = true\ninsert_final_newline = true\n";
    let editor = open_beside(cx, &[(".editorconfig", config)], "open.cfg", "ˇ");
    let view = editor.update(cx, |window, cx| {
        let model = editor.model.clone();
        let id = model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                let id = workspace.new_untitled();
                workspace.replace_text(id, "a \nb").unwrap();
                id
            })
        });
        cx.new(|cx| EditorView::new(id, model, window, cx))
    });
    let save_as = async |cx: &mut TestAppContext, name: &str| {
        let path = Path::new(ROOT).join(name);
        let saving = editor.update(cx, |window, cx| {
            ItemHandle::save_as(&view, path.clone(), window, cx)
        });
        let saved = saving.await;
        cx.run_until_parked();
        (saved, editor.fs.content(&path))
    };
    // A save that fails leaves nothing of the place's rules behind.
    let (failed, _) = save_as(cx, "open.cfg").await;
    failed.unwrap_err();
    let status = cx.update(|cx| view.read(cx).status(cx));
    assert_eq!(status.encoding.unwrap().as_ref(), "UTF-8");
    assert_eq!(status.line_ending.unwrap().as_ref(), "LF");
    let (saved, bytes) = save_as(cx, "new.cfg").await;
    saved.unwrap();
    let text: Vec<u8> = "\u{feff}a\r\nb\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(bytes.unwrap(), text);
    // A name without rules of its own keeps the encoding that the file has.
    let (saved, bytes) = save_as(cx, "new.txt").await;
    saved.unwrap();
    assert_eq!(bytes.unwrap(), text);
}

#[gpui_kit::test]
async fn a_new_text_is_saved_in_the_encoding_that_was_chosen_whatever_the_place_says(
    cx: &mut TestAppContext,
) {
    let config = "root = true\n[*.cfg]\ncharset = latin1\n";
    let editor = open_beside(cx, &[(".editorconfig", config)], "open.txt", "ˇ");
    let model = editor.model.clone();
    let id = model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.new_untitled();
            workspace.replace_text(id, "日本").unwrap();
            id
        })
    });
    let view = editor.update(cx, |window, cx| {
        let model = model.clone();
        cx.new(|cx| EditorView::new(id, model, window, cx))
    });
    let path = Path::new(ROOT).join("new.cfg");
    let save_as = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            ItemHandle::save_as(&view, path.clone(), window, cx)
        })
    };
    save_as(cx).await.unwrap_err();
    assert!(editor.fs.content(&path).is_none());
    model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            workspace.choose_encoding(id, fs::TextEncoding::UTF_8, false);
        });
    });
    save_as(cx).await.unwrap();
    assert_eq!(editor.fs.content(&path).unwrap(), "日本".as_bytes());
}

#[gpui_kit::test]
async fn what_is_chosen_while_a_save_elsewhere_fails_stays(cx: &mut TestAppContext) {
    let config = "root = true\n[*.cfg]\nend_of_line = crlf\ncharset = latin1\n";
    let editor = open_beside(cx, &[(".editorconfig", config)], "open.cfg", "ˇ");
    let model = editor.model.clone();
    let id = model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            let id = workspace.new_untitled();
            // More than is put in order at once, so that the save goes on while somebody chooses.
            workspace
                .replace_text(id, &"日本\n".repeat(200_000))
                .unwrap();
            id
        })
    });
    editor.settings(cx, r#"{"files.trimTrailingWhitespace": true}"#);
    let path = Path::new(ROOT).join("new.cfg");
    let saving = model.update(cx, |model, cx| {
        model.save_as_from(id, &Selections::caret(0), path, false, cx)
    });
    let format = |cx: &mut TestAppContext| {
        let workspace = cx.update(|cx| {
            model
                .read(cx)
                .workspace()
                .buffer(id)
                .unwrap()
                .format()
                .clone()
        });
        (workspace.encoding_name().to_string(), workspace.line_ending)
    };
    while format(cx).1 != fs::LineEnding::CrLf {
        assert!(cx.executor().tick(), "the rules of the place are taken");
    }
    let chosen = fs::TextEncoding::for_label("koi8-r").unwrap();
    model.update(cx, |model, cx| {
        model.update(cx, |workspace| workspace.choose_encoding(id, chosen, false));
    });
    saving.await.unwrap_err();
    assert_eq!(format(cx), ("KOI8-R".to_owned(), fs::LineEnding::Lf));
}

#[gpui_kit::test]
async fn a_file_is_read_in_the_charset_of_its_editor_config(cx: &mut TestAppContext) {
    let editor = open_beside(
        cx,
        &[(".editorconfig", "[*.txt]\ncharset = latin1\n")],
        "a.rs",
        "ˇ",
    );
    let path = Path::new(ROOT).join("b.txt");
    editor.fs.insert(&path, b"caf\xE9 \xC3\xA9");
    let opening = cx.update(|cx| {
        editor
            .model
            .update(cx, |model, cx| model.open_path(path, cx))
    });
    let id = opening.await.unwrap();
    let text = cx.update(|cx| {
        let workspace = editor.model.read(cx).workspace();
        workspace.buffer(id).unwrap().text().to_string()
    });
    assert_eq!(text, "caf\u{e9} \u{c3}\u{a9}");
}

#[gpui_kit::test]
async fn the_settings_say_what_a_file_is_read_in(cx: &mut TestAppContext) {
    let editor = open_beside(cx, &[], "a.rs", "ˇ");
    editor.settings(
        cx,
        r#"{"files.encoding": "shiftjis", "files.autoGuessEncoding": false, "files.eol": "\r\n"}"#,
    );
    let path = Path::new(ROOT).join("b.txt");
    editor.fs.insert(&path, b"\x93\xFA\x96\x7B");
    let opening = cx.update(|cx| {
        editor
            .model
            .update(cx, |model, cx| model.open_path(path, cx))
    });
    let id = opening.await.unwrap();
    cx.update(|cx| {
        let workspace = editor.model.read(cx).workspace();
        assert_eq!(workspace.buffer(id).unwrap().text().to_string(), "日本");
        let format = ui::WorkspaceModel::new_file_format(cx);
        assert_eq!(format.encoding_name(), "Shift_JIS");
        assert_eq!(format.line_ending.name(), "CRLF");
    });
}

#[gpui_kit::test]
async fn a_language_has_its_own_encoding_and_line_ends(cx: &mut TestAppContext) {
    let editor = open_beside(cx, &[], "a.rs", "ˇ");
    editor.settings(
        cx,
        r#"{
            "files.autoGuessEncoding": false,
            "files.associations": { "*.jp": "python" },
            "[python]": { "files.encoding": "shiftjis", "files.eol": "\r\n" }
        }"#,
    );
    let japanese = b"\x93\xFA\x96\x7B";
    for (name, expected) in [("b.py", true), ("c.jp", true), ("d.txt", false)] {
        let path = Path::new(ROOT).join(name);
        editor.fs.insert(&path, japanese);
        let opening = cx.update(|cx| {
            editor
                .model
                .update(cx, |model, cx| model.open_path(path, cx))
        });
        let id = opening.await.unwrap();
        cx.update(|cx| {
            let workspace = editor.model.read(cx).workspace();
            let text = workspace.buffer(id).unwrap().text().to_string();
            assert_eq!(text == "日本", expected, "{name}: {text:?}");
        });
    }
    // The lines of what is new in the language end as they do there.
    for (name, expected) in [("e.py", "CRLF"), ("f.txt", "LF")] {
        let path = Path::new(ROOT).join(name);
        editor.fs.insert(&path, b"");
        let opening = cx.update(|cx| {
            editor
                .model
                .update(cx, |model, cx| model.open_path(path, cx))
        });
        let id = opening.await.unwrap();
        cx.update(|cx| {
            let workspace = editor.model.read(cx).workspace();
            let buffer = workspace.buffer(id).unwrap();
            assert_eq!(buffer.format().line_ending.name(), expected, "{name}");
            assert!(!buffer.is_dirty(), "{name}");
        });
    }
    let view = editor.update(cx, |window, cx| {
        let model = editor.model.clone();
        let id = model.update(cx, |model, cx| {
            let format = ui::WorkspaceModel::new_file_format(cx);
            model.update(cx, |workspace| {
                let id = workspace.new_untitled_in(format);
                workspace.replace_text(id, "日本\n").unwrap();
                id
            })
        });
        cx.new(|cx| EditorView::new(id, model, window, cx))
    });
    let path = Path::new(ROOT).join("g.py");
    let saving = editor.update(cx, |window, cx| {
        ItemHandle::save_as(&view, path.clone(), window, cx)
    });
    saving.await.unwrap();
    let written = editor.fs.content(&path).unwrap();
    assert_eq!(written, b"\x93\xFA\x96\x7B\r\n");
}

#[gpui_kit::test]
fn a_file_is_reopened_and_saved_in_another_encoding(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇcafé\n");
    run(&editor, cx, "editor.changeEncoding");
    choose(&editor, cx, "reopen");
    choose(&editor, cx, "windows-1252");
    assert_eq!(editor.marked(cx).replace('ˇ', ""), "cafÃ©\n");
    run(&editor, cx, "editor.reopenWithEncoding");
    choose(&editor, cx, "utf-8");
    assert_eq!(editor.marked(cx).replace('ˇ', ""), "café\n");
    run(&editor, cx, "editor.saveWithEncoding");
    choose(&editor, cx, "utf-16le");
    assert_eq!(&on_disk(&editor)[..4], b"\xFF\xFEc\0");
    let shown = cx.update(|cx| editor.view.read(cx).status(cx).encoding.unwrap());
    assert_eq!(shown, "UTF-16LE with BOM");
    run(&editor, cx, "editor.saveWithEncoding");
    choose(&editor, cx, "utf-8 with bom");
    assert!(on_disk(&editor).starts_with(b"\xEF\xBB\xBFcaf"));
    // What the encoding lacks is not lost: nothing is written.
    editor.select_end(cx);
    editor.input(cx, "日");
    run(&editor, cx, "editor.saveWithEncoding");
    choose(&editor, cx, "koi8-r");
    let shown = cx.update(|cx| editor.view.read(cx).status(cx).encoding.unwrap());
    assert_eq!(shown, "UTF-8 with BOM");
    assert!(on_disk(&editor).starts_with(b"\xEF\xBB\xBFcaf"));
    // Unsaved edits are not read over.
    run(&editor, cx, "editor.reopenWithEncoding");
    choose(&editor, cx, "windows-1252");
    assert!(editor.marked(cx).contains('日'));
}

#[gpui_kit::test]
async fn line_endings_are_changed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa\nb\n");
    run(&editor, cx, "editor.changeEndOfLine");
    choose(&editor, cx, "crlf");
    let shown = cx.update(|cx| editor.view.read(cx).status(cx).line_ending.unwrap());
    assert_eq!(shown, "CRLF");
    save(&editor, cx).await;
    assert_eq!(on_disk(&editor), b"a\r\nb\r\n");
    editor.shows(cx, "ˇa\nb\n");
}

#[gpui_kit::test]
fn another_language_is_chosen(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ{}\n");
    run(&editor, cx, "editor.changeLanguage");
    choose(&editor, cx, "json");
    let shown = cx.update(|cx| editor.view.read(cx).status(cx).language.unwrap());
    assert_eq!(shown, "JSON");
    // What is typed is a language before it is a part of another row.
    for (typed, name) in [("go", "Go"), ("c", "C"), ("plain", "Plain Text")] {
        run(&editor, cx, "editor.changeLanguage");
        choose(&editor, cx, typed);
        assert_eq!(language(&editor, cx), name);
    }
}

#[gpui_kit::test]
fn a_language_that_was_chosen_comes_back_with_the_view(cx: &mut TestAppContext) {
    let left = |editor: &Editor, cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap())
    };
    let before = open(cx, "a.txt", "ˇ{}\n");
    assert_eq!(left(&before, cx).language, None);
    run(&before, cx, "editor.changeLanguage");
    choose(&before, cx, "json");
    let mut state = left(&before, cx);
    for (kept, name) in [("json", "JSON"), ("a language of tomorrow", "Plain Text")] {
        state.language = Some(kept.to_owned());
        let after = open(cx, "b.txt", "ˇ{}\n");
        after.update(cx, |window, cx| {
            let view = after.view.clone();
            view.update(cx, |view, cx| view.restore_view(&state, window, cx));
        });
        assert_eq!(language(&after, cx), name);
    }
}

fn language(editor: &Editor, cx: &mut TestAppContext) -> String {
    let shown = cx.update(|cx| editor.view.read(cx).status(cx).language);
    shown.unwrap().into()
}

/// What the open list offers first, with the row that is selected marked.
fn offered(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    editor.update(cx, |window, _| {
        let rows = window.find_all_by_role(gpui_kit::Role::ListBoxOption);
        let rows = rows.iter().map(|row| {
            let mark = if row.selected() == Some(true) {
                "*"
            } else {
                ""
            };
            format!("{}{mark}", row.label().unwrap_or_default())
        });
        rows.take(5).collect()
    })
}

#[gpui_kit::test]
fn the_list_of_languages_says_which_one_it_is_and_which_is_detected(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "ˇ{}\n");
    run(&editor, cx, "editor.changeLanguage");
    assert_eq!(
        offered(&editor, cx)[..4],
        [
            "Auto Detect: Rust",
            "Configure File Association for \u{2018}.rs\u{2019}\u{2026}",
            "Rust, rust \u{b7} now \u{b7} detected*",
            "C, c",
        ]
    );
    choose(&editor, cx, "python");
    run(&editor, cx, "editor.changeLanguage");
    assert_eq!(
        offered(&editor, cx)[2..4],
        ["Python, python \u{b7} now*", "Rust, rust \u{b7} detected"]
    );
    choose(&editor, cx, "auto");
    assert_eq!(language(&editor, cx), "Rust");
}

/// An editor of a text without a file.
fn open_untitled(cx: &mut TestAppContext, text: &str) -> Editor {
    let editor = open(cx, "a.txt", "ˇ");
    let buffer = editor.model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            let buffer = workspace.new_untitled();
            workspace.replace_text(buffer, text).unwrap();
            buffer
        })
    });
    common::beside::beside(Editor { buffer, ..editor }, cx, None).0
}

const RUST: &str = "use std::fs;\n\nfn main() {}\n";

#[gpui_kit::test]
fn a_new_text_that_begins_with_what_is_pasted_is_in_its_language(cx: &mut TestAppContext) {
    let paste = |cx: &mut TestAppContext, editor: &Editor, text: &str| {
        cx.update(|cx| cx.write_to_clipboard(gpui_kit::ClipboardItem::new_string(text.into())));
        editor.press(cx, "ctrl-v");
        cx.run_until_parked();
        editor.frame(cx);
    };
    let editor = open_untitled(cx, "");
    paste(cx, &editor, RUST);
    assert_eq!(language(&editor, cx), "Rust");
    // Prose is in none, and what goes into a text says nothing of the whole.
    for (before, pasted) in [
        ("", "Dear all,\n\nsee you on Monday.\n"),
        ("Dear all,\n", RUST),
    ] {
        let editor = open_untitled(cx, before);
        paste(cx, &editor, pasted);
        assert_eq!(language(&editor, cx), "Plain Text");
    }
    // What somebody chose stays.
    let editor = open_untitled(cx, "");
    editor.update(cx, |window, cx| {
        assert!(Commands::run("editor.changeLanguage", window, cx));
        window.render_frame(cx);
    });
    choose(&editor, cx, "plaintext");
    paste(cx, &editor, RUST);
    assert_eq!(language(&editor, cx), "Plain Text");
}

#[gpui_kit::test]
fn the_list_of_languages_says_what_a_text_without_a_file_looks_like_once_that_is_known(
    cx: &mut TestAppContext,
) {
    let editor = open_untitled(cx, RUST);
    editor.update(cx, |window, cx| {
        assert!(Commands::run("editor.changeLanguage", window, cx));
        window.render_frame(cx);
    });
    // It is there before anything looked at the text.
    assert_eq!(
        offered(&editor, cx)[..3],
        ["Auto Detect", "Plain Text, plaintext \u{b7} now*", "C, c"]
    );
    cx.run_until_parked();
    editor.frame(cx);
    assert_eq!(
        offered(&editor, cx)[..4],
        [
            "Auto Detect: Rust",
            "Plain Text, plaintext \u{b7} now*",
            "Rust, rust \u{b7} detected",
            "C, c",
        ]
    );
    choose(&editor, cx, "auto");
    assert_eq!(language(&editor, cx), "Rust");
    // It comes back with the view, and is still not one that was chosen.
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap());
    assert_eq!(left.language, None);
    assert_eq!(left.guessed_language.as_deref(), Some("rust"));
    let after = open_untitled(cx, "not looked at");
    after.update(cx, |window, cx| {
        let view = after.view.clone();
        view.update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    assert_eq!(language(&after, cx), "Rust");
}

#[gpui_kit::test]
fn a_row_that_is_selected_stays_so_when_the_list_learns_what_the_text_looks_like(
    cx: &mut TestAppContext,
) {
    let editor = open_untitled(cx, RUST);
    editor.update(cx, |window, cx| {
        assert!(Commands::run("editor.changeLanguage", window, cx));
    });
    editor.press(cx, "down down").frame(cx);
    assert_eq!(offered(&editor, cx)[3], "C#, csharp*");
    cx.run_until_parked();
    editor.frame(cx);
    assert_eq!(offered(&editor, cx)[2], "Rust, rust \u{b7} detected");
    assert_eq!(offered(&editor, cx)[4], "C#, csharp*");
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(language(&editor, cx), "C#");
}

#[gpui_kit::test]
fn what_happens_while_a_text_is_looked_at_counts_more_than_what_is_found(cx: &mut TestAppContext) {
    let detect = |cx: &mut TestAppContext| {
        let editor = open_untitled(cx, RUST);
        run(&editor, cx, "editor.changeLanguage");
        editor.input(cx, "auto").press(cx, "enter");
        assert_eq!(language(&editor, cx), "Plain Text", "it is looked at now");
        editor
    };
    let change = |editor: &Editor, cx: &mut TestAppContext, text: Option<&str>| {
        let id = editor.buffer;
        editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| match text {
                Some(text) => workspace.replace_text(id, text).unwrap(),
                None => workspace.set_language(id, syntax::by_name("sql").unwrap()),
            });
        });
        cx.run_until_parked();
    };
    let editor = detect(cx);
    change(&editor, cx, None);
    assert_eq!(language(&editor, cx), "SQL", "it was chosen");
    let editor = detect(cx);
    change(&editor, cx, Some("def f(a):\n    print(a)\n"));
    assert_eq!(language(&editor, cx), "Python", "it is looked at again");
}

#[gpui_kit::test]
fn files_of_an_extension_are_associated_with_a_language(cx: &mut TestAppContext) {
    let editor = open(cx, "a.inc", "ˇx\n");
    let file = Rc::new(RefCell::new("{}".to_owned()));
    let kept = file.clone();
    editor.update(cx, |window, cx| {
        ui::set_language_setting_handler(window, cx, move |change, _, cx| {
            let LanguageChange::Association(FileAssociation { pattern, language }) = change else {
                panic!("an association is kept");
            };
            let before = kept.borrow().clone();
            let language = language.into();
            let after = settings::set_entry(&before, "files.associations", &pattern, language);
            let after = after.unwrap();
            let layer = settings::Layer::user("settings.json", after.clone());
            assert_eq!(ui::SettingsStore::set(&[layer], cx), []);
            *kept.borrow_mut() = after;
            Task::ready(Ok(()))
        });
    });
    // Also where a language was chosen by hand.
    run(&editor, cx, "editor.changeLanguage");
    choose(&editor, cx, "html");
    assert_eq!(language(&editor, cx), "HTML");
    run(&editor, cx, "editor.changeLanguage");
    choose(&editor, cx, "configure");
    let question = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window
            .find("association-picker")
            .label()
            .unwrap()
            .to_string()
    });
    assert_eq!(question, "Language of \u{2018}.inc\u{2019} files");
    choose(&editor, cx, "c++");
    assert_eq!(language(&editor, cx), "C++");
    assert!(file.borrow().contains(r#""*.inc": "cpp""#), "{file:?}");
}

impl Editor {
    fn select_end(&self, cx: &mut TestAppContext) {
        self.view.update(cx, |view, cx| {
            let end = view.text(cx).len();
            view.select(Selections::caret(end), cx);
        });
    }
}
