//! Saving, changes from elsewhere, trouble on disk, finding, going to a line.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{ROOT, open, open_file};
use editor_core::{ChangeSet, Edit, Selections, Transaction};
use editor_view::{EditorView, ErrorItem};
use fs::{FakeFs, FakeOperation, Fs as _};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{AppContext as _, TestAppContext};
use ui::{Item as _, ItemHandle, OpenTarget};

#[gpui_kit::test]
async fn saving_writes_the_file_as_it_was_encoded(cx: &mut TestAppContext) {
    let path = Path::new(ROOT).join("dos.txt");
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, "\u{feff}one\r\ntwo\r\n".as_bytes());
    let editor = open_file(cx, fs.clone(), path.clone());
    editor.press(cx, "ctrl-end").input(cx, "three\n");
    cx.update(|cx| {
        assert!(editor.view.read(cx).is_dirty(cx));
        let status = editor.view.read(cx).status(cx);
        assert_eq!(status.line_ending.as_deref(), Some("CRLF"));
        assert_eq!(status.position.as_deref(), Some("Ln 4, Col 1"));
    });
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    assert_eq!(
        fs.content(&path).unwrap(),
        "\u{feff}one\r\ntwo\r\nthree\r\n".as_bytes()
    );
    cx.update(|cx| assert!(!editor.view.read(cx).is_dirty(cx)));
}

#[gpui_kit::test]
fn what_is_made_read_only_refuses_edits_until_it_is_made_writable(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ");
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| {
            assert!(ui::Commands::run(command, window, cx), "{command}");
            window.render_frame(cx);
        });
        cx.run_until_parked();
    };
    let is_read_only = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            let view = editor.view.read(cx);
            let note = view.status(cx).note;
            assert_eq!(note.is_some(), view.is_read_only(cx), "{note:?}");
            view.is_read_only(cx)
        })
    };
    let notices = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| ui::shown_notices(window, cx).len())
    };
    run(
        cx,
        "workbench.action.files.toggleActiveEditorReadonlyInSession",
    );
    assert!(is_read_only(cx));
    editor.input(cx, "x").input(cx, "y").press(cx, "backspace");
    editor.shows(cx, "oneˇ");
    assert_eq!(notices(cx), 1, "it is said once");
    editor.press(cx, "ctrl-z ctrl-shift-z ctrl-alt-z");
    assert_eq!(notices(cx), 1, "undo says no more");
    editor.update(cx, |window, cx| window.click("banner-unlock", cx));
    assert!(!is_read_only(cx));
    editor.input(cx, "x").shows(cx, "onexˇ");
    run(
        cx,
        "workbench.action.files.setActiveEditorReadonlyInSession",
    );
    editor.input(cx, "y").press(cx, "ctrl-z").shows(cx, "onexˇ");
    run(
        cx,
        "workbench.action.files.resetActiveEditorReadonlyInSession",
    );
    editor.press(cx, "ctrl-z").shows(cx, "oneˇ");
}

#[gpui_kit::test]
fn files_of_the_settings_are_read_only_until_they_are_made_writable(cx: &mut TestAppContext) {
    let editor = open(cx, "vendor/a.txt", "one\u{2c7}");
    let told = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let banner = window.try_find("file-banner")?;
            Some(banner.label().unwrap_or_default().to_string())
        })
    };
    assert_eq!(told(cx), None);
    editor.settings(cx, r#"{"files.readonlyInclude": {"vendor/**": true}}"#);
    cx.run_until_parked();
    assert!(told(cx).unwrap().starts_with("files.readonlyInclude"));
    editor.input(cx, "x").shows(cx, "one\u{2c7}");
    let both = r#"{"files.readonlyInclude": {"vendor/**": true}, "files.readonlyExclude": {"**/a.txt": true}}"#;
    editor.settings(cx, both);
    cx.run_until_parked();
    assert_eq!(told(cx), None);
    editor.input(cx, "x").shows(cx, "onex\u{2c7}");
    editor.settings(cx, r#"{"files.readonlyInclude": {"**/*.txt": true}}"#);
    cx.run_until_parked();
    editor.input(cx, "y").shows(cx, "onex\u{2c7}");
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("banner-unlock", cx);
    });
    editor.input(cx, "y").shows(cx, "onexy\u{2c7}");
    editor.update(cx, |window, cx| {
        let reset = "workbench.action.files.resetActiveEditorReadonlyInSession";
        assert!(ui::Commands::run(reset, window, cx));
    });
    cx.run_until_parked();
    editor.input(cx, "z").shows(cx, "onexy\u{2c7}");
}

#[gpui_kit::test]
fn edits_from_elsewhere_carry_carets_and_the_view_along(cx: &mut TestAppContext) {
    let text = format!("ˇ{}", "row of text\n".repeat(300));
    let editor = open(cx, "a.txt", &text);
    editor.update(cx, |window, cx| {
        editor
            .view
            .update(cx, |view, cx| view.reveal(200, 5, window, cx));
        window.render_frame(cx);
    });
    let before = cx.update(|cx| editor.view.read(cx).visible_rows());
    let caret = cx.update(|cx| editor.view.read(cx).selections().primary().head);
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            let text = model
                .workspace()
                .buffer(editor.buffer)
                .unwrap()
                .text()
                .clone();
            let changes =
                ChangeSet::from_edits(text.len(), vec![Edit::new(0..0, "new\n".repeat(10))])
                    .unwrap();
            let edit = Transaction::from_changes(changes, &Selections::default());
            model.edit(editor.buffer, edit, cx).unwrap();
        });
    });
    editor.frame(cx);
    cx.update(|cx| {
        let view = editor.view.read(cx);
        assert_eq!(view.selections().primary().head, caret + 40);
        assert_eq!(view.visible_rows(), before.start + 10..before.end + 10);
    });
}

#[gpui_kit::test]
fn two_views_of_a_buffer_show_one_text(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one ˇtwo");
    let other = editor.update(cx, |window, cx| {
        let (buffer, model) = (editor.buffer, editor.model.clone());
        cx.new(|cx| EditorView::new(buffer, model, window, cx))
    });
    cx.update(|cx| other.update(cx, |view, cx| view.select(Selections::caret(7), cx)));
    editor.input(cx, "and ").shows(cx, "one and ˇtwo");
    cx.update(|cx| {
        let other = other.read(cx);
        assert_eq!(other.text(cx).to_string(), "one and two");
        assert_eq!(other.selections().primary().head, 11);
    });
}

#[gpui_kit::test]
async fn the_question_about_the_disk_is_settled_by_commands_too(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "mineˇ");
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| {
            assert!(ui::Commands::run(command, window, cx), "{command}");
        });
    };
    let theirs = async |cx: &mut TestAppContext, text: &str| {
        editor.fs.insert(&editor.path, text.as_bytes());
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
        editor
            .wait(cx, |view, cx| view.status(cx).note.is_some())
            .await;
    };
    // Without a question it is compared with what was saved last.
    run(cx, "editor.compareWithDisk");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    assert_eq!(said, ["a.txt is as the disk has it."]);
    editor.input(cx, "!");
    run(cx, "editor.compareWithDisk");
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(window.try_find(("removed-lines", 0_usize)).is_some());
    });
    run(cx, "editor.compareWithDisk");
    cx.update(|cx| assert!(!editor.view.read(cx).is_comparing()));
    theirs(cx, "theirs").await;
    run(cx, "editor.compareWithDisk");
    editor.wait(cx, |view, _| view.is_comparing()).await;
    cx.run_until_parked();
    run(cx, "editor.keepMine");
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_none())
        .await;
    editor.shows(cx, "mine!ˇ");
    theirs(cx, "theirs again").await;
    run(cx, "editor.reload");
    editor
        .wait(cx, |view, cx| view.text(cx) == "theirs again")
        .await;
}

#[gpui_kit::test]
async fn unsaved_edits_are_taken_back_by_a_command(cx: &mut TestAppContext) {
    for command in ["workbench.action.files.revert", "editor.reload"] {
        // A long text is known to be the file's without comparing it.
        let lines = (0..120_000).map(|line| format!("line {line}\n"));
        for rest in [String::new(), lines.collect::<String>()] {
            let editor = open(cx, "a.txt", &format!("mineˇ\n{rest}"));
            let run = |cx: &mut TestAppContext| {
                editor.update(cx, |window, cx| {
                    assert!(ui::Commands::run(command, window, cx), "{command}");
                });
            };
            editor.input(cx, " and more").press(cx, "ctrl-end");
            editor.input(cx, "the end");
            assert!(cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
            run(cx);
            editor.wait(cx, |view, cx| !view.is_dirty(cx)).await;
            let text =
                |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).text(cx).to_string());
            assert!(text(cx) == format!("mine\n{rest}"));
            editor.press(cx, "ctrl-z");
            assert!(text(cx) == format!("mine and more\n{rest}the end"), "undo");
            assert!(cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
            editor.press(cx, "ctrl-y");
            run(cx);
            cx.run_until_parked();
            let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
            assert_eq!(said, ["a.txt is as the disk has it."]);
        }
    }
}

#[gpui_kit::test]
async fn nothing_is_taken_back_to_a_file_that_could_not_be_read(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "mineˇ");
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| {
            assert!(ui::Commands::run(command, window, cx), "{command}");
        });
        cx.run_until_parked();
    };
    editor.input(cx, "!");
    editor.fs.insert(&editor.path, b"\0\x01\x02\xff\0");
    editor.model.update(cx, |model, cx| {
        model.paths_changed(vec![editor.path.clone()], cx);
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_some())
        .await;
    run(cx, "editor.keepMine");
    run(cx, "workbench.action.files.revert");
    editor.shows(cx, "mine!ˇ");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    let why = "is a binary file and cannot be edited as text";
    assert!(said.iter().any(|said| said.contains(why)), "{said:?}");
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"mine!");
}

#[gpui_kit::test]
async fn the_question_goes_away_where_undo_leads_to_the_text_on_the_disk_however_long(
    cx: &mut TestAppContext,
) {
    let disk = "a line of some length\n".repeat(800_000);
    assert!(disk.len() > 16 * 1024 * 1024);
    let editor = open(cx, "a.txt", &format!("ˇ{disk}"));
    editor.input(cx, "saved ");
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    editor.press(cx, "end");
    editor.input(cx, "!");
    editor.fs.insert(&editor.path, disk.as_bytes());
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_some())
        .await;
    let asked = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.try_find("banner-compare").is_some()
        })
    };
    assert!(asked(cx));
    editor.press(cx, "ctrl-z");
    cx.run_until_parked();
    assert!(asked(cx), "what was saved is another text");
    editor.press(cx, "ctrl-z");
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_none())
        .await;
    assert!(!asked(cx));
    assert!(!cx.update(|cx| editor.view.read(cx).is_dirty(cx)));
}

#[gpui_kit::test]
fn what_is_edited_while_it_is_compared_is_compared_again(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\ntwoˇ\nthree\n");
    let (view, other) = (
        editor.view.clone(),
        editor_core::Text::new("one\ntwo\nthree\n"),
    );
    editor.update(cx, |window, cx| {
        view.update(cx, |view, cx| {
            ui::Item::compare_with(view, &other, "the file".into(), window, cx);
        });
    });
    let shown = |cx: &mut TestAppContext| {
        cx.executor()
            .advance_clock(std::time::Duration::from_secs(1));
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.try_find(("removed-lines", 0_usize));
            let strip = window.find("compared").label().unwrap().to_string();
            (
                rows.and_then(|rows| rows.value().map(|it| it.to_string())),
                strip.starts_with("Nothing differs"),
            )
        })
    };
    assert_eq!(shown(cx), (None, true));
    editor.input(cx, "!");
    assert_eq!(shown(cx), (Some("two".into()), false));
    editor.press(cx, "ctrl-z");
    assert_eq!(shown(cx), (None, true));
}

#[gpui_kit::test]
fn two_texts_of_any_length_are_compared(cx: &mut TestAppContext) {
    let line = format!("{}\n", "word ".repeat(200));
    let base = format!("first\n{}last\n", line.repeat(18_000));
    assert!(base.len() > editor_core::MAX_COMPARED_BYTES);
    let editor = open(cx, "a.txt", &format!("ˇ{base}"));
    let (view, other) = (
        editor.view.clone(),
        editor_core::Text::new(&base.replace("last", "the last")),
    );
    editor.input(cx, "my ");
    let compare = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            view.update(cx, |view, cx| {
                ui::Item::compare_with(view, &other, "the disk".into(), window, cx);
            });
        });
        cx.run_until_parked();
    };
    compare(cx);
    let shown = |cx: &mut TestAppContext, number: usize| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.try_find(("removed-lines", number))?;
            Some(rows.value()?.to_string())
        })
    };
    assert_eq!(shown(cx, 0).as_deref(), Some("first"));
    editor.press(cx, "ctrl-end");
    assert_eq!(shown(cx, 1).as_deref(), Some("the last"));
    assert_eq!(shown(cx, 2), None);
}

#[gpui_kit::test]
fn what_the_text_is_compared_with_is_said(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\nhereˇ");
    let compare = |cx: &mut TestAppContext, other: &str| {
        let (view, other) = (editor.view.clone(), editor_core::Text::new(other));
        editor.update(cx, |window, cx| {
            view.update(cx, |view, cx| {
                ui::Item::compare_with(view, &other, "the version of 14:03".into(), window, cx);
            });
        });
    };
    let said = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let strip = window.try_find("compared")?;
            Some(strip.label()?.to_string())
        })
    };
    compare(cx, "one\nthere");
    cx.run_until_parked();
    assert!(
        said(cx)
            .unwrap()
            .starts_with("Compared with the version of 14:03.")
    );
    editor.update(cx, |window, cx| window.click("compare-hide", cx));
    assert_eq!(said(cx), None);
    compare(cx, "one\nhere");
    cx.run_until_parked();
    assert_eq!(
        said(cx).unwrap(),
        "Nothing differs from the version of 14:03."
    );
}

#[gpui_kit::test]
async fn a_folder_in_place_of_the_file_leaves_another_place_to_save_to(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "mineˇ");
    editor.input(cx, "!");
    editor.fs.remove_tree(&editor.path).unwrap();
    editor.fs.insert_folder(&editor.path);
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_some())
        .await;
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let banner = window.find("file-banner").label().unwrap().to_owned();
        assert!(
            banner.starts_with("A folder stands where this file was."),
            "{banner}"
        );
        assert!(window.try_find("banner-save-as").is_some());
        for other in [
            "banner-compare",
            "banner-reload",
            "banner-keep",
            "banner-save",
        ] {
            assert!(window.try_find(other).is_none(), "{other}");
        }
    });
    editor.shows(cx, "mine!ˇ");
}

#[gpui_kit::test]
async fn a_change_on_disk_asks_what_to_keep(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "mineˇ");
    editor.input(cx, "!");
    editor.fs.insert(&editor.path, b"theirs");
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_some())
        .await;
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(
            window
                .find("file-banner")
                .label()
                .unwrap()
                .contains("changed on disk")
        );
        window.click("banner-compare", cx);
    });
    editor.wait(cx, |view, _| view.is_comparing()).await;
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(
            window.try_find(("removed-lines", 0_usize)).is_some(),
            "the difference is shown"
        );
        let compare = window.find("banner-compare");
        assert_eq!(compare.label(), Some("Compare"), "no button moves");
        assert_eq!(compare.checked(), Some(true));
        let focus = gpui_kit::Focusable::focus_handle(&editor.view, cx);
        assert!(focus.is_focused(window), "what follows is for the text");
        window.click("banner-reload", cx);
        window.render_frame(cx);
        let button = window.find("banner-reload");
        assert_eq!(button.label(), Some("Reloading…"), "it is no work of a key");
    });
    editor.wait(cx, |view, cx| view.text(cx) == "theirs").await;
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(
            window.try_find(("removed-lines", 0_usize)).is_none(),
            "and goes with the question"
        );
    });
    editor.press(cx, "ctrl-z");
    assert!(
        editor.marked(cx).replace('ˇ', "") == "mine!",
        "undo brings the edits back"
    );
}

#[gpui_kit::test]
async fn keeping_mine_lets_the_next_save_replace_the_disk(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "mineˇ");
    editor.input(cx, "!");
    editor.fs.insert(&editor.path, b"theirs");
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    let error = saving.await.unwrap_err();
    assert!(
        matches!(
            error.downcast_ref(),
            Some(workspace::SaveError::ChangedOnDisk { .. })
        ),
        "the window asks only about an error that it knows: {error}"
    );
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"theirs");
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("banner-keep", cx);
    });
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"mine!");
}

#[gpui_kit::test]
async fn a_copy_is_saved_under_the_chosen_name(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "textˇ");
    // Whoever chose the name was asked about the file that has it.
    let other = Path::new(ROOT).join("b.txt");
    editor.fs.insert(&other, b"in the way");
    let saving = editor.update(cx, |window, cx| {
        ItemHandle::save_as(&editor.view, other.clone(), window, cx)
    });
    saving.await.unwrap();
    assert_eq!(editor.fs.content(&other).unwrap(), b"text");
    cx.update(|cx| assert_eq!(editor.view.read(cx).tab_title(cx).as_ref(), "b.txt"));
}

#[gpui_kit::test]
async fn a_deleted_file_can_be_saved_again(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "keep meˇ");
    fs::Fs::remove(editor.fs.as_ref(), &editor.path).unwrap();
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![editor.path.clone()], cx);
        });
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_some())
        .await;
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(
            window
                .find("file-banner")
                .label()
                .unwrap()
                .contains("deleted on disk")
        );
        window.click("banner-save", cx);
    });
    editor
        .wait(cx, |view, cx| view.status(cx).note.is_none())
        .await;
    assert_eq!(editor.fs.content(&editor.path).unwrap(), b"keep me");
}

#[gpui_kit::test]
fn a_read_only_file_says_so_and_stays_as_it_is(cx: &mut TestAppContext) {
    let path = Path::new(ROOT).join("locked.txt");
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, b"fixed");
    fs.set_read_only(&path, true);
    let editor = open_file(cx, fs, path);
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(
            window
                .find("file-banner")
                .label()
                .unwrap()
                .contains("read-only")
        );
    });
    editor.input(cx, "x").shows(cx, "ˇfixed");
    editor.update(cx, |window, cx| {
        assert!(window.try_find("banner-dismiss").is_some());
        // What its button does.
        ui::Commands::run("editor.dismissBanner", window, cx);
    });
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        assert!(window.try_find("file-banner").is_none());
    });
}

#[gpui_kit::test]
fn an_open_list_has_no_tooltip_over_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ");
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| {
            assert!(ui::Commands::run(command, window, cx), "{command}");
            window.render_frame(cx);
        });
        cx.run_until_parked();
    };
    run(
        cx,
        "workbench.action.files.setActiveEditorReadonlyInSession",
    );
    let at = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.find("banner-unlock").bounds().center()
    });
    let told_at = |cx: &mut TestAppContext, across: f32| {
        let at = at + gpui_kit::point(gpui_kit::px(across), gpui_kit::px(0.));
        editor.update(cx, |window, cx| {
            window.pointer_move(at, None, cx);
            window.render_frame(cx);
        });
        cx.executor()
            .advance_clock(std::time::Duration::from_secs(2));
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let tooltips = window.find_all_by_role(gpui_kit::Role::Tooltip);
            tooltips.iter().filter(|tooltip| tooltip.visible()).count()
        })
    };
    assert_eq!(told_at(cx, 0.), 1);
    run(cx, "editor.changeEncoding");
    assert_eq!(told_at(cx, 1.), 0);
    editor.press(cx, "escape");
    assert_eq!(told_at(cx, 2.), 1);
}

#[gpui_kit::test]
async fn a_file_that_cannot_be_opened_says_why(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ");
    for (name, bytes, expected) in [
        ("missing.txt", None, "missing.txt"),
        (
            "image.bin",
            Some(&[0_u8, 159, 146, 150, 0, 1][..]),
            "image.bin",
        ),
    ] {
        let path = Path::new(ROOT).join(name);
        if let Some(bytes) = bytes {
            editor.fs.insert(&path, bytes);
        }
        let opening = editor.update(cx, |window, cx| {
            editor_view::open(OpenTarget::new(path), editor.model.clone(), window, cx)
        });
        let item = opening.await.unwrap();
        cx.update(|cx| {
            assert_eq!(item.tab_title(cx).as_ref(), expected);
            assert!(item.view().downcast::<ErrorItem>().is_ok());
        });
    }
}

#[gpui_kit::test]
async fn trying_again_closes_the_error_and_opens_the_file(cx: &mut TestAppContext) {
    use std::cell::RefCell;
    use std::rc::Rc;

    let editor = open(cx, "a.txt", "ˇ");
    let path = Path::new(ROOT).join("late.txt");
    let opening = editor.update(cx, |window, cx| {
        editor_view::open(
            OpenTarget::at(&path, 3, 1),
            editor.model.clone(),
            window,
            cx,
        )
    });
    let item = opening.await.unwrap();
    let seen: Rc<RefCell<Vec<String>>> = Rc::default();
    let error = item.view().downcast::<ErrorItem>().ok().unwrap();
    let (window, _) = cx
        .update(|cx| gpui_kit::open_window(Default::default(), cx, |_, _| error.clone()))
        .unwrap();
    cx.update_window(window, |_, window, cx| {
        let (log, events) = (seen.clone(), seen.clone());
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            log.borrow_mut().push(format!("open {target:?}"));
        });
        item.subscribe(
            window,
            cx,
            Box::new(move |event, _, _| {
                events.borrow_mut().push(format!("{event:?}"));
            }),
        )
        .detach();
        window.render_frame(cx);
        window.click("error-retry", cx);
    })
    .unwrap();
    cx.run_until_parked();
    cx.update_window(window, |_, window, cx| {
        item.focus_handle(cx).focus(window, cx);
        window.render_frame(cx);
        assert!(ui::Commands::run("editor.retryOpening", window, cx));
    })
    .unwrap();
    cx.run_until_parked();
    let seen = seen.borrow();
    for tried in seen.chunks(2) {
        assert_eq!(tried[0], "Close");
        assert!(tried[1].starts_with("open") && tried[1].contains("late.txt"));
    }
    assert_eq!(seen.len(), 4, "by the button and by the command");
}

/// What a window shows, once there is something.
struct Shown(Option<gpui_kit::Entity<ErrorItem>>);

impl gpui_kit::Render for Shown {
    fn render(
        &mut self,
        _: &mut gpui_kit::Window,
        _: &mut gpui_kit::Context<Self>,
    ) -> impl gpui_kit::IntoElement {
        gpui_kit::ParentElement::children(gpui_kit::div(), self.0.clone())
    }
}

#[gpui_kit::test]
async fn a_tab_of_a_file_that_could_not_be_opened_follows_it(cx: &mut TestAppContext) {
    use std::cell::RefCell;
    use std::rc::Rc;

    let editor = open(cx, "a.txt", "ˇ");
    let path = Path::new(ROOT).join("image.bin");
    let binary = [0_u8, 159, 146, 150, 0, 1];
    editor.fs.insert(&path, &binary[..]);
    let (window, shown) = cx
        .update(|cx| gpui_kit::open_window(Default::default(), cx, |_, cx| cx.new(|_| Shown(None))))
        .unwrap();
    let opened: Rc<RefCell<usize>> = Rc::default();
    let opening = cx
        .update_window(window, |_, window, cx| {
            let count = opened.clone();
            ui::open::set_open_handler(window, cx, move |target, _, _| {
                assert!(target.path.ends_with("image.bin"));
                *count.borrow_mut() += 1;
            });
            let target = OpenTarget::new(path.clone());
            editor_view::open(target, editor.model.clone(), window, cx)
        })
        .unwrap();
    let item = opening.await.unwrap();
    let error = item.view().downcast::<ErrorItem>().ok();
    assert!(error.is_some());
    shown.update(cx, |shown, cx| {
        shown.0 = error;
        cx.notify();
    });
    let changed = |cx: &mut TestAppContext, bytes: &[u8]| {
        editor.fs.insert(&path, bytes);
        cx.update(|cx| {
            let paths = vec![path.clone()];
            let model = editor.model.clone();
            model.update(cx, |model, cx| model.paths_changed(paths, cx));
        });
        cx.run_until_parked();
    };
    let offer = |cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.render_frame(cx);
            let found = window.try_find("error-retry");
            found.map(|found| found.label().unwrap().to_string())
        })
        .unwrap()
    };
    let focus = |cx: &mut TestAppContext| {
        cx.update_window(window, |_, window, cx| {
            window.activate_window();
            item.focus_handle(cx).focus(window, cx);
            window.render_frame(cx);
        })
        .unwrap();
        cx.run_until_parked();
    };
    assert_eq!(offer(cx), None);
    changed(cx, &[0; 5000]);
    assert_eq!(offer(cx), None, "it is still binary");
    changed(cx, b"text\n");
    assert_eq!(offer(cx).as_deref(), Some("Open"));
    assert_eq!(*opened.borrow(), 0, "the keyboard stays where it is");
    // Nor is one that can be opened read again, whatever else changes beside it.
    let denied = std::io::ErrorKind::PermissionDenied;
    editor.fs.fail_always(FakeOperation::Read, &path, denied);
    for _ in 0..2 {
        cx.update(|cx| {
            let folder = vec![Path::new(ROOT).to_path_buf()];
            let model = editor.model.clone();
            model.update(cx, |model, cx| model.paths_changed(folder, cx));
        });
        cx.run_until_parked();
        assert_eq!(offer(cx).as_deref(), Some("Open"));
    }
    editor.fs.heal();
    focus(cx);
    assert_eq!(*opened.borrow(), 1, "with the keyboard it opens");
    changed(cx, &binary);
    assert_eq!((offer(cx), *opened.borrow()), (None, 1));
    // Whatever else changes beside it, it is not read again.
    let denied = std::io::ErrorKind::PermissionDenied;
    editor.fs.fail_always(FakeOperation::Read, &path, denied);
    for times in 0..2 {
        cx.update(|cx| {
            let folder = vec![Path::new(ROOT).to_path_buf()];
            let model = editor.model.clone();
            model.update(cx, |model, cx| model.paths_changed(folder, cx));
        });
        cx.run_until_parked();
        let says = |cx: &mut TestAppContext, what: &str| {
            cx.update_window(window, |_, window, cx| {
                window.render_frame(cx);
                window.try_find_by_label(what).is_some()
            })
            .unwrap()
        };
        assert!(says(cx, "image.bin is a binary file (6 bytes)"), "{times}");
    }
    editor.fs.heal();
    changed(cx, b"text\n");
    assert_eq!(*opened.borrow(), 2, "at once where it has the keyboard");
}

#[gpui_kit::test]
async fn a_log_with_nul_bytes_opens_as_text_and_keeps_them(cx: &mut TestAppContext) {
    use std::cell::RefCell;
    use std::rc::Rc;

    let editor = open(cx, "a.txt", "ˇ");
    let path = Path::new(ROOT).join("cut.log");
    let bytes = b"one\r\n\0\0\0\xfftwo\r\n";
    editor.fs.insert(&path, &bytes[..]);
    let (window, shown) = cx
        .update(|cx| gpui_kit::open_window(Default::default(), cx, |_, cx| cx.new(|_| Shown(None))))
        .unwrap();
    let asked: Rc<RefCell<Vec<OpenTarget>>> = Rc::default();
    let opening = cx
        .update_window(window, |_, window, cx| {
            let asked = asked.clone();
            ui::open::set_open_handler(window, cx, move |target, _, _| {
                asked.borrow_mut().push(target);
            });
            let target = OpenTarget::new(path.clone());
            editor_view::open(target, editor.model.clone(), window, cx)
        })
        .unwrap();
    let item = opening.await.unwrap();
    let error = item.view().downcast::<ErrorItem>().ok();
    assert!(error.is_some());
    shown.update(cx, |shown, cx| {
        shown.0 = error;
        cx.notify();
    });
    cx.update_window(window, |_, window, cx| {
        window.render_frame(cx);
        window.click("error-open-as-text", cx);
    })
    .unwrap();
    cx.run_until_parked();
    cx.update_window(window, |_, window, cx| {
        item.focus_handle(cx).focus(window, cx);
        window.render_frame(cx);
        assert!(ui::Commands::run("editor.openAsText", window, cx));
    })
    .unwrap();
    cx.run_until_parked();
    let target = asked.borrow().first().cloned().unwrap();
    assert_eq!(asked.borrow().len(), 2, "by the button and by the command");
    let opening = cx
        .update_window(window, |_, window, cx| {
            editor_view::open(target, editor.model.clone(), window, cx)
        })
        .unwrap();
    let item = opening.await.unwrap();
    let id = cx.update(|cx| item.buffer(cx)).unwrap();
    // What lines of text follow is not for these.
    editor.settings(
        cx,
        r#"{"files.trimTrailingWhitespace": true, "files.insertFinalNewline": true}"#,
    );
    let saving = cx.update(|cx| {
        editor.model.clone().update(cx, |model, cx| {
            let buffer = model.workspace().buffer(id).unwrap();
            assert!(!buffer.is_read_only());
            let text = buffer.text().to_string();
            assert!(text.starts_with("one\n\0\0\0"), "{text:?}");
            let added = format!("{text}three\nfour ");
            model.update(cx, |workspace| workspace.replace_text(id, &added).unwrap());
            model.save_from(id, &Selections::caret(0), cx)
        })
    });
    saving.await.unwrap();
    let saved = editor.fs.content(&path).unwrap();
    assert_eq!(saved, b"one\r\n\0\0\0\xfftwo\r\nthree\r\nfour ".to_vec());

    // Read again in another encoding, in which it is saved.
    let western = fs::TextEncoding::WINDOWS_1252;
    let model = editor.model.clone();
    let reading = cx.update(|cx| model.update(cx, |model, cx| model.reread_as(id, western, cx)));
    reading.await.unwrap();
    let saving = cx.update(|cx| {
        model.update(cx, |model, cx| {
            let buffer = model.workspace().buffer(id).unwrap();
            let text = buffer.text().to_string();
            assert_eq!(text, "one\n\0\0\0ÿtwo\nthree\nfour ");
            let added = text.replace("two", "zwölf");
            model.update(cx, |workspace| workspace.replace_text(id, &added).unwrap());
            model.save_from(id, &Selections::caret(0), cx)
        })
    });
    saving.await.unwrap();
    let saved = editor.fs.content(&path).unwrap();
    assert_eq!(
        saved,
        b"one\r\n\0\0\0\xffzw\xf6lf\r\nthree\r\nfour ".to_vec()
    );
}

#[gpui_kit::test]
fn finding_counts_and_goes_round(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇfoo bar Foo\nfood\n");
    editor.press(cx, "ctrl-f").input(cx, "foo");
    let count = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find("find-count").label().unwrap().to_string()
        })
    };
    assert_eq!(count(cx), "1 of 3");
    editor.press(cx, "enter");
    assert_eq!(count(cx), "2 of 3");
    editor.press(cx, "f3");
    assert_eq!(count(cx), "3 of 3");
    editor.press(cx, "enter");
    assert_eq!(count(cx), "1 of 3");
    editor.press(cx, "shift-enter");
    assert_eq!(count(cx), "3 of 3");
    editor.update(cx, |window, cx| window.click("find-case", cx));
    assert!(count(cx).ends_with("of 2"));
    editor.update(cx, |window, cx| window.click("find-word", cx));
    assert_eq!(count(cx), "1 of 1");
    editor
        .press(cx, "escape")
        .shows(cx, "«fooˇ» bar Foo\nfood\n")
        .input(cx, "x")
        .shows(cx, "xˇ bar Foo\nfood\n");
    editor.update(cx, |window, _| {
        assert!(window.try_find("find-bar").is_none())
    });
}

#[gpui_kit::test]
fn replacing_all_is_one_step_of_undo(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa b a b a");
    editor.press(cx, "ctrl-h").input(cx, "a");
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("replace-input", cx);
        window.input("long", cx);
        window.click("replace-all", cx);
    });
    let text = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).text(cx).to_string());
    assert_eq!(text(cx), "long b long b long");
    editor.update(cx, |window, cx| window.click("editor", cx));
    editor.press(cx, "ctrl-z");
    assert_eq!(text(cx), "a b a b a");
}

#[gpui_kit::test]
fn the_find_bar_is_used_by_keys_alone(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa b a b a");
    editor
        .press(cx, "ctrl-f")
        .input(cx, "a")
        .press(cx, "tab")
        .input(cx, "c")
        .press(cx, "enter")
        .press(cx, "shift-tab")
        .press(cx, "alt-enter")
        .shows(cx, "c b «aˇ» b «aˇ»")
        .input(cx, "d")
        .shows(cx, "c b dˇ b dˇ");
}

#[gpui_kit::test]
fn a_line_is_gone_to_and_left_again(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{}", "some text\n".repeat(300)));
    editor.press(cx, "ctrl-g").input(cx, "250:6");
    editor.frame(cx);
    let position = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            editor
                .view
                .read(cx)
                .status(cx)
                .position
                .unwrap()
                .to_string()
        })
    };
    assert_eq!(position(cx), "Ln 250, Col 6");
    let visible = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert!(visible.contains(&249));
    editor.press(cx, "escape");
    assert_eq!(position(cx), "Ln 1, Col 1");
    editor
        .press(cx, "ctrl-g")
        .input(cx, "12")
        .press(cx, "enter");
    editor.input(cx, "x");
    assert_eq!(position(cx), "Ln 12, Col 2");
}

#[gpui_kit::test]
fn every_command_has_an_action_and_every_key_a_command(cx: &mut TestAppContext) {
    cx.update(common::init);
    cx.update(|cx| {
        let bound = common::editor_keymap();
        for command in [
            "editor.find",
            "editor.undo",
            "editor.selectNext",
            "editor.action.gotoLine",
        ] {
            assert!(ui::Commands::get(command, cx).is_some());
            assert!(bound.iter().any(|binding| binding.command == command));
            assert!(ui::Commands::keys(command, cx).is_some());
        }
    });
}

/// What the prompt goes back to is where it was in the text, whatever was written meanwhile.
#[gpui_kit::test]
fn leaving_the_prompt_for_a_line_goes_back_to_the_same_text(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\ntwo\nˇthree\n");
    editor.press(cx, "ctrl-g").input(cx, "1");
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            let text = model.workspace().buffer(editor.buffer).unwrap().text();
            let edits = vec![Edit::new(0..4, ""), Edit::new(4..4, "new \u{1f389} ")];
            let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
            let edit = Transaction::from_changes(changes, &Selections::default());
            model.edit(editor.buffer, edit, cx).unwrap();
        });
    });
    editor
        .press(cx, "escape")
        .shows(cx, "new \u{1f389} two\nˇthree\n");
}

#[gpui_kit::test]
fn undo_and_redo_of_a_read_only_text_say_why_nothing_happens(cx: &mut TestAppContext) {
    for key in ["ctrl-z", "ctrl-shift-z", "ctrl-alt-y"] {
        let editor = open(cx, "a.txt", "oneˇ");
        editor.input(cx, "x");
        let notices = |cx: &mut TestAppContext| {
            editor.update(cx, |window, cx| ui::shown_notices(window, cx).len())
        };
        editor.update(cx, |window, cx| {
            let id = "workbench.action.files.setActiveEditorReadonlyInSession";
            ui::Commands::run(id, window, cx);
        });
        assert_eq!(notices(cx), 0);
        editor.press(cx, key).shows(cx, "onexˇ");
        assert_eq!(notices(cx), 1, "{key}");
    }
}

#[gpui_kit::test]
async fn bytes_that_are_no_utf8_are_told_shown_and_kept(cx: &mut TestAppContext) {
    let fs = Arc::new(FakeFs::new());
    let path = Path::new(ROOT).join("a.txt");
    let bytes = b"Gr\xC3\xBC\xC3\x9Fe \xE9\xFF\n";
    fs.insert(&path, bytes);
    let editor = open_file(cx, fs, path);
    let banner = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let banner = window.try_find("file-banner")?;
            Some(banner.label().unwrap_or_default().to_string())
        })
    };
    let told = banner(cx).unwrap();
    assert!(told.starts_with("2 bytes are not valid UTF-8."), "{told}");
    editor.input(cx, "x");
    let saving = editor.update(cx, |window, cx| ItemHandle::save(&editor.view, window, cx));
    saving.await.unwrap();
    let expected = [b"x", &bytes[..]].concat();
    assert_eq!(editor.fs.content(&editor.path).unwrap(), expected);
    editor.update(cx, |window, cx| {
        window.click("banner-reopen", cx);
        window.render_frame(cx);
        assert!(window.try_find("encoding-picker").is_some());
    });
    editor.press(cx, "escape");
    editor.update(cx, |window, cx| window.click("banner-dismiss", cx));
    assert_eq!(banner(cx), None);
}

#[gpui_kit::test]
fn a_file_whose_encoding_is_damaged_says_that_and_nothing_of_permissions(cx: &mut TestAppContext) {
    let fs = Arc::new(FakeFs::new());
    let path = Path::new(ROOT).join("a.txt");
    // UTF-16 with half of a pair.
    fs.insert(&path, b"\xFF\xFEa\x00\x00\xD8b\x00");
    let editor = open_file(cx, fs, path);
    let told = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let banner = window.try_find("file-banner").unwrap();
        banner.label().unwrap_or_default().to_string()
    });
    assert!(
        told.contains("some of its bytes are not valid UTF-16"),
        "{told}"
    );
    assert!(!told.contains("permission"), "{told}");
    editor.update(cx, |window, cx| {
        window.click("banner-reopen", cx);
        window.render_frame(cx);
        assert!(window.try_find("encoding-picker").is_some());
    });
}

#[gpui_kit::test]
fn what_was_compared_before_goes_at_once_and_what_is_found_late_does_not_come_back(
    cx: &mut TestAppContext,
) {
    let editor = open(cx, "a.txt", "oneˇ\ntwo\n");
    let compare = |cx: &mut TestAppContext, other: &str| {
        let (view, other) = (editor.view.clone(), editor_core::Text::new(other));
        editor.update(cx, |window, cx| {
            view.update(cx, |view, cx| {
                ui::Item::compare_with(view, &other, "the file".into(), window, cx)
            });
            window.render_frame(cx);
        });
    };
    let seen = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let lines = window.find_all_by_label("Lines on the disk");
            let lines = lines.iter().filter_map(|lines| lines.value());
            let lines: Vec<_> = lines.map(|lines| lines.to_string()).collect();
            let waits = window.find_all_by_label("Comparing with the file…");
            (lines, !waits.is_empty())
        })
    };
    compare(cx, "1\ntwo\n");
    cx.run_until_parked();
    assert_eq!(seen(cx), (vec!["1".to_owned()], false));
    // Another one is looked for, and then another one instead.
    compare(cx, "one\n2\n");
    assert_eq!(seen(cx), (Vec::new(), true));
    compare(cx, "one\n2\n3\n");
    cx.run_until_parked();
    assert_eq!(seen(cx), (vec!["2\n3".to_owned()], false));
    // What is closed before it is known stays closed.
    compare(cx, "1\ntwo\n");
    editor.press(cx, "escape");
    cx.run_until_parked();
    assert_eq!(seen(cx), (Vec::new(), false));
    assert!(!cx.update(|cx| editor.view.read(cx).is_comparing()));
}
