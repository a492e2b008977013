//! The agent reads and writes what is open in the editor, not what the disk
//! holds.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use agent::{EndReason, PermissionAnswer};
use editor_core::{Selections, editing};
use headless_tests::{Harness, Setup, chat};
use test_support::Reply;

#[test]
fn unsaved_text_is_what_the_model_reads() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "on disk\n").unwrap();
    let path = harness.root.join("a.txt");
    {
        let mut workspace = harness.workspace();
        let id = workspace.open_blocking(&path).unwrap();
        let text = workspace.buffer(id).unwrap().text().clone();
        workspace
            .edit(
                id,
                editing::insert_text(&text, &Selections::caret(0), "unsaved, "),
            )
            .unwrap();
    }
    harness.server.script([
        Reply::tool_call("c1", "read_file", r#"{"path":"a.txt"}"#),
        Reply::text("I see."),
    ]);
    harness.prompt("read it").unwrap();
    let result = &harness.server.requests()[1].tool_results()[0].1;
    assert!(result.contains("unsaved, on disk"), "{result}");
    assert_eq!(harness.read("a.txt").unwrap(), "on disk\n");
}

#[test]
fn unsaved_text_is_what_a_search_finds() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write(".ignore", "hidden.txt\n").unwrap();
    for file in ["a.txt", "b.txt", "hidden.txt"] {
        harness.write(file, "old needle\n").unwrap();
    }
    for (file, text) in [("a.txt", "one\nfresh needle\n"), ("hidden.txt", "needle")] {
        let path = harness.root.join(file);
        let mut workspace = harness.workspace();
        let id = workspace.open_blocking(&path).unwrap();
        workspace.replace_text(id, text).unwrap();
    }
    harness.server.script([
        Reply::tool_call("c1", "grep_search", r#"{"pattern":"needle"}"#),
        Reply::text("I see."),
    ]);
    harness.prompt("look for it").unwrap();
    let result = &harness.server.requests()[1].tool_results()[0].1;
    assert!(
        result.contains("a.txt:2: fresh needle\nb.txt:1: old needle\n"),
        "{result}"
    );
    assert!(!result.contains("a.txt:1") && !result.contains("hidden"));
}

#[test]
fn an_edit_lands_in_the_open_buffer_and_can_be_undone() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "one\r\ntwo\r\n").unwrap();
    let path = harness.root.join("a.txt");
    let id = harness.workspace().open_blocking(&path).unwrap();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "str_replace",
            r#"{"path":"a.txt","old_str":"one\ntwo","new_str":"one\n2"}"#,
        ),
        Reply::text("Done."),
    ]);
    let turn = harness.prompt("change it").unwrap();
    assert_eq!(turn.reason(), EndReason::Completed);
    let mut workspace = harness.workspace();
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.text().to_string(), "one\n2\n");
    assert!(!buffer.is_dirty(), "it was saved, so that commands see it");
    assert_eq!(
        harness.read("a.txt").unwrap(),
        "one\r\n2\r\n",
        "with its line ends"
    );
    workspace.undo(id).unwrap();
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.text().to_string(), "one\ntwo\n");
    assert!(buffer.is_dirty());
}

#[test]
fn what_the_user_typed_while_being_asked_is_not_overwritten() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "one\n").unwrap();
    let path = harness.root.join("a.txt");
    let id = harness.workspace().open_blocking(&path).unwrap();
    harness.server.script([
        Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"theirs\n"}"#),
        Reply::text("Then not."),
    ]);
    let turn = harness
        .turn_with(chat("write it"), |_| {
            let mut workspace = harness.workspace();
            let text = workspace.buffer(id).unwrap().text().clone();
            workspace
                .edit(
                    id,
                    editing::insert_text(&text, &Selections::caret(0), "mine "),
                )
                .unwrap();
            PermissionAnswer::AllowOnce
        })
        .unwrap();
    assert!(!turn.outcomes()[0].ok);
    let told = &turn.outcomes()[0];
    assert!(told.output.contains("Read the file again"), "{told:?}");
    assert!(
        told.summary
            .starts_with("Nothing was written: lines that it would change were edited")
    );
    let workspace = harness.workspace();
    assert_eq!(
        workspace.buffer(id).unwrap().text().to_string(),
        "mine one\n"
    );
}

#[test]
fn a_change_that_is_allowed_after_the_user_typed_elsewhere_is_made_beside_that() {
    for answer in [
        PermissionAnswer::AllowOnce,
        PermissionAnswer::AlwaysAllow,
        PermissionAnswer::AllowAllWrites,
    ] {
        for is_open in [true, false] {
            let harness = Harness::start(Setup::default()).unwrap();
            harness.write("a.txt", "one\ntwo\nthree\n").unwrap();
            let path = harness.root.join("a.txt");
            let open = || harness.workspace().open_blocking(&path).unwrap();
            let id = is_open.then(open);
            harness.server.script([
                Reply::tool_call(
                    "c1",
                    "str_replace",
                    r#"{"path":"a.txt","old_str":"three","new_str":"3"}"#,
                ),
                Reply::text("Done."),
            ]);
            let turn = harness
                .turn_with(chat("change it"), |_| {
                    match id {
                        Some(id) => {
                            let mut workspace = harness.workspace();
                            let text = workspace.buffer(id).unwrap().text().clone();
                            let start = Selections::caret(0);
                            let typed = editing::insert_text(&text, &start, "zero\nnot ");
                            workspace.edit(id, typed).unwrap();
                        }
                        // Another program wrote it.
                        None => harness
                            .write("a.txt", "zero\nnot one\ntwo\nthree\n")
                            .unwrap(),
                    }
                    answer.clone()
                })
                .unwrap();
            let made = "zero\nnot one\ntwo\n3\n";
            assert!(turn.outcomes()[0].ok, "{:?}", turn.outcomes());
            assert_eq!(harness.read("a.txt").unwrap(), made);
            assert_eq!(turn.outcomes()[0].summary, "+1 −1");
            let told = &harness.server.requests()[1].tool_results()[0].1;
            assert!(told.contains("The file was changed meanwhile."), "{told}");
            assert!(told.contains("Lines 1 to 2:\nzero\nnot one"), "{told}");
            if let Some(id) = id {
                let mut workspace = harness.workspace();
                assert_eq!(workspace.buffer(id).unwrap().text().to_string(), made);
                workspace.undo(id).unwrap();
                let undone = workspace.buffer(id).unwrap().text().to_string();
                assert_eq!(undone, "zero\nnot one\ntwo\nthree\n");
            }
        }
    }
}

#[test]
fn a_file_that_changed_on_the_disk_while_being_asked_is_not_overwritten() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "one\n").unwrap();
    harness.server.script([
        Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"theirs\n"}"#),
        Reply::text("Then not."),
    ]);
    let turn = harness
        .turn_with(chat("write it"), |_| {
            harness.write("a.txt", "someone else's\n").unwrap();
            PermissionAnswer::AllowOnce
        })
        .unwrap();
    assert!(!turn.outcomes()[0].ok);
    assert_eq!(harness.read("a.txt").unwrap(), "someone else's\n");
}

#[test]
fn files_that_are_no_text_are_refused_with_a_reason() {
    let harness = Harness::start(Setup::default()).unwrap();
    std::fs::write(harness.root.join("image.png"), b"\x89PNG\0\0\0\x01\x02").unwrap();
    harness.write("empty.txt", "").unwrap();
    let huge = std::fs::File::create(harness.root.join("huge.log")).unwrap();
    huge.set_len(200 << 20).unwrap();
    harness.server.script([
        Reply::tool_calls(&[
            ("c1", "read_file", r#"{"path":"image.png"}"#),
            ("c2", "read_file", r#"{"path":"empty.txt"}"#),
            ("c3", "read_file", r#"{"path":"huge.log"}"#),
            ("c4", "read_file", r#"{"path":"."}"#),
            ("c5", "read_file", r#"{"path":"gone.txt"}"#),
        ]),
        Reply::text("I see."),
    ]);
    let turn = harness.prompt("read them").unwrap();
    let outputs: Vec<&str> = turn
        .outcomes()
        .iter()
        .map(|outcome| outcome.output.as_str())
        .collect();
    for (output, expected) in
        outputs
            .iter()
            .zip(["binary", "is empty", "200 MB", "folder", "does not exist"])
    {
        assert!(output.contains(expected), "{output} should say {expected}");
    }
}
