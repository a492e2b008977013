//! Edits whose steps stand on each other: a text that is changed, moved and changed again.

use super::tests::Listed;
use super::*;
use crate::JointWay;
use fs::Fs as _;
use futures::FutureExt as _;
use gpui_kit::{Subscription, TestAppContext};
use serde_json::{Value, json};
use workspace::WorkspaceEvent;

impl Listed {
    /// Opens a file.
    fn open(&self, cx: &mut TestAppContext, name: &str) -> BufferId {
        let path = self.root.join(name);
        let open = self.model.update(cx, |model, cx| model.open_path(path, cx));
        cx.run_until_parked();
        open.now_or_never().unwrap().unwrap()
    }

    /// An edit of `documentChanges`, as a server says it.
    fn edit(changes: &[Value]) -> Arc<WorkspaceEdit> {
        let edit = json!({"documentChanges": changes});
        let read = WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf16);
        Arc::new(read.unwrap())
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.root.join(name).display())
    }

    /// A change of texts: some characters of a line of a file become others.
    fn change(&self, name: &str, (line, from, to): (u32, u32, u32), new_text: &str) -> Value {
        self.change_of_version(name, None, (line, from, to), new_text)
    }

    fn change_of_version(
        &self,
        name: &str,
        version: Option<u64>,
        (line, from, to): (u32, u32, u32),
        new_text: &str,
    ) -> Value {
        let place = |character: u32| json!({"line": line, "character": character});
        json!({
            "textDocument": {"uri": self.uri(name), "version": version},
            "edits": [{"range": {"start": place(from), "end": place(to)}, "newText": new_text}],
        })
    }

    fn moving(&self, from: &str, to: &str) -> Value {
        json!({"kind": "rename", "oldUri": self.uri(from), "newUri": self.uri(to)})
    }

    /// Makes edits that were worked out for the texts as they are now.
    fn make(&self, cx: &mut TestAppContext, edit: &Arc<WorkspaceEdit>) -> Result<usize, String> {
        let made = self.model.update(cx, |model, cx| {
            let asked = model.versions();
            model.apply_server_edit(edit, &asked, cx)
        });
        cx.run_until_parked();
        made.now_or_never().unwrap()
    }

    /// The text of an open file, with its path below the folder.
    fn buffer(&self, cx: &TestAppContext, id: BufferId) -> (String, String) {
        self.model.read_with(cx, |model, _| {
            let buffer = model.workspace.buffer(id).unwrap();
            let path = buffer.path().unwrap().strip_prefix(&self.root).unwrap();
            (path.display().to_string(), buffer.text().to_string())
        })
    }

    fn undo(&self, cx: &mut TestAppContext, id: BufferId) {
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.undo(id));
        });
        cx.run_until_parked();
    }

    /// Takes an edit of several files back, or makes it again; in how many files.
    fn move_together(
        &self,
        cx: &mut TestAppContext,
        id: BufferId,
        way: JointWay,
    ) -> Result<usize, String> {
        let moved = self
            .model
            .update(cx, |model, cx| model.move_together(id, way, cx));
        cx.run_until_parked();
        moved.now_or_never().unwrap()
    }

    fn joint_files(&self, cx: &TestAppContext, id: BufferId, way: JointWay) -> Option<usize> {
        self.model
            .read_with(cx, |model, _| model.joint_files(id, way))
    }
}

fn at(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

/// `one` becomes `first` and `two`, the second of which is a place of the text with the first, behind a
/// rename.
fn changed_moved_changed(it: &Listed, said: Option<u64>) -> Arc<WorkspaceEdit> {
    Listed::edit(&[
        it.change_of_version("a.rs", said, (0, 0, 0), "first\n"),
        it.moving("a.rs", "b.rs"),
        it.change_of_version("b.rs", said, (1, 0, 3), "two"),
    ])
}

#[gpui_kit::test]
fn an_open_text_is_changed_again_after_its_file_was_moved(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "one\n")]);
    let id = it.open(cx, "a.rs");
    for (is_listed, says_version) in [(false, false), (false, true), (true, false), (true, true)] {
        // Servers name the version of before the first step in all of them.
        let version = it
            .model
            .read_with(cx, |model, _| model.workspace.buffer(id).unwrap().version());
        let edit = changed_moved_changed(&it, says_version.then_some(version));
        let made = match is_listed {
            true => {
                it.list(cx, edit.steps.clone());
                assert_eq!(
                    it.places(cx).unwrap(),
                    ["one -> first", "Move to b.rs", "one -> two"]
                );
                it.apply(cx)
            }
            false => it.make(cx, &edit),
        };
        assert_eq!(made, Ok(3), "{says_version}");
        assert_eq!(it.buffer(cx, id), at("b.rs", "first\ntwo\n"));
        assert_eq!(it.files(), ["b.rs"]);
        // Each change can be taken back, where the text is now.
        for text in ["first\none\n", "one\n"] {
            it.undo(cx, id);
            assert_eq!(it.buffer(cx, id), at("b.rs", text));
        }
        assert_eq!(it.text("b.rs"), "one\n");
        let back = Listed::edit(&[it.moving("b.rs", "a.rs")]);
        assert_eq!(it.make(cx, &back), Ok(1));
    }
}

#[gpui_kit::test]
fn a_text_that_is_not_open_is_changed_again_after_its_folder_was_moved(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("old/a.rs", "one\n"), ("other.rs", "other")]);
    let edit = Listed::edit(&[
        it.change("old/a.rs", (0, 0, 0), "first\n"),
        it.moving("old", "new"),
        it.change("new/a.rs", (1, 0, 3), "two"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(3));
    assert_eq!(it.files(), ["new/a.rs", "other.rs"]);
    assert_eq!(it.text("new/a.rs"), "first\ntwo\n");
    let open = it
        .model
        .read_with(cx, |model, _| model.workspace.buffers().count());
    assert_eq!(open, 0, "nobody looks at it");
}

/// Types into a text as soon as its file is moved.
fn type_once_moved(it: &Listed, cx: &mut TestAppContext, id: BufferId) -> Subscription {
    cx.update(|cx| {
        cx.subscribe(&it.model, move |model, event: &WorkspaceEvent, cx| {
            if matches!(event, WorkspaceEvent::BufferPathChanged(moved) if *moved == id) {
                model.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.replace_text(id, "typed\nfirst\none\n").unwrap();
                    });
                });
            }
        })
    })
}

#[gpui_kit::test]
fn what_was_typed_between_two_changes_of_a_text_is_kept_and_the_second_not_made(
    cx: &mut TestAppContext,
) {
    let it = Listed::with_files(cx, &[("a.rs", "one\n")]);
    let id = it.open(cx, "a.rs");
    let subscription = type_once_moved(&it, cx, id);
    let refused = it.make(cx, &changed_moved_changed(&it, None)).unwrap_err();
    let told = "Only the first changes were made, 2 of them: b.rs: the text has changed";
    assert!(refused.starts_with(told), "{refused}");
    assert_eq!(it.buffer(cx, id), at("b.rs", "typed\nfirst\none\n"));
    for text in ["first\none\n", "one\n"] {
        it.undo(cx, id);
        assert_eq!(it.buffer(cx, id), at("b.rs", text));
    }
    // Nor is the first, where the file is moved before.
    let edit = Listed::edit(&[
        it.moving("b.rs", "c.rs"),
        it.change("c.rs", (0, 0, 3), "two"),
    ]);
    let refused = it.make(cx, &edit).unwrap_err();
    let told = "Only the first changes were made, 1 of them: c.rs: the text has changed";
    assert!(refused.starts_with(told), "{refused}");
    assert_eq!(it.buffer(cx, id), at("c.rs", "typed\nfirst\none\n"));
    drop(subscription);
}

#[gpui_kit::test]
fn what_was_made_before_a_step_that_fails_is_told_and_can_be_taken_back(cx: &mut TestAppContext) {
    let it = Listed::with_files(
        cx,
        &[("a.rs", "one\n"), ("c.rs", "see\n"), ("d.rs", "dee\n")],
    );
    let id = it.open(cx, "a.rs");
    let mut overlapping = it.change("d.rs", (0, 0, 2), "x");
    let again = overlapping["edits"][0].clone();
    overlapping["edits"].as_array_mut().unwrap().push(again);
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 0), "first\n"),
        it.change("c.rs", (0, 0, 0), "first\n"),
        it.moving("a.rs", "b.rs"),
        it.change("b.rs", (1, 0, 3), "two"),
        overlapping,
    ]);
    let refused = it.make(cx, &edit).unwrap_err();
    let told = "Only the first changes were made, 3 of them: d.rs: ";
    assert!(refused.starts_with(told), "{refused}");
    // All texts of the third step are as the first left them.
    assert_eq!(it.buffer(cx, id), at("b.rs", "first\none\n"));
    assert_eq!(
        (it.text("c.rs"), it.text("d.rs")),
        ("first\nsee\n".into(), "dee\n".into())
    );
    assert_eq!(it.joint_files(cx, id, JointWay::Undo), Some(2));
    assert_eq!(it.move_together(cx, id, JointWay::Undo), Ok(2));
    assert_eq!(it.buffer(cx, id), at("b.rs", "one\n"));
    assert_eq!(it.text("c.rs"), "see\n");
}

/// While the closed files of an edit are read, one types in an open one.
#[gpui_kit::test]
fn what_is_typed_while_an_edit_is_taken_back_stays(cx: &mut TestAppContext) {
    let files = [("a.rs", "one\n"), ("b.rs", "two\n"), ("c.rs", "see\n")];
    let it = Listed::with_files(cx, &files);
    let id = it.open(cx, "a.rs");
    let other = it.open(cx, "b.rs");
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 0), "first\n"),
        it.change("b.rs", (0, 0, 0), "first\n"),
        it.change("c.rs", (0, 0, 0), "first\n"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(3));
    let moved = it
        .model
        .update(cx, |model, cx| model.move_together(id, JointWay::Undo, cx));
    // The other file is taken back by itself first.
    while it.text("c.rs") != "see\n" {
        assert!(cx.executor().tick(), "nothing is done any more");
    }
    assert_eq!(it.buffer(cx, id).1, "first\none\n");
    it.model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            workspace.replace_text(id, "typed first\none\n").unwrap();
        });
    });
    cx.run_until_parked();
    let told = moved.now_or_never().unwrap().unwrap_err();
    assert_eq!(told, "a.rs was edited meanwhile and stays as it is.");
    assert_eq!(it.buffer(cx, id).1, "typed first\none\n");
    assert_eq!(it.text("c.rs"), "see\n");

    // The others are made again without it.
    assert_eq!(it.joint_files(cx, other, JointWay::Redo), Some(2));
    assert_eq!(it.move_together(cx, other, JointWay::Redo), Ok(2));
    assert_eq!(it.buffer(cx, id).1, "typed first\none\n");
    assert_eq!(it.buffer(cx, other).1, "first\ntwo\n");
    assert_eq!(it.text("c.rs"), "first\nsee\n");
}

#[gpui_kit::test]
fn an_edit_of_several_files_is_taken_back_and_made_again_where_they_lie_now(
    cx: &mut TestAppContext,
) {
    let files = [("a.rs", "one\n"), ("old/c.rs", "see\n")];
    let it = Listed::with_files(cx, &files);
    let id = it.open(cx, "a.rs");
    // One that is open and one that is not are changed, both are moved, and both changed again.
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 0), "first\n"),
        it.change("old/c.rs", (0, 0, 0), "first\n"),
        it.moving("a.rs", "b.rs"),
        it.moving("old", "new"),
        it.change("b.rs", (1, 0, 3), "two"),
        it.change("new/c.rs", (1, 0, 3), "two"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(6));
    let reads = |cx: &mut TestAppContext, open: &str, closed: &str| {
        assert_eq!(it.buffer(cx, id), at("b.rs", open));
        assert_eq!(it.text("new/c.rs"), closed);
    };
    reads(cx, "first\ntwo\n", "first\ntwo\n");
    // All steps at once.
    for way in [JointWay::Undo, JointWay::Redo, JointWay::Undo] {
        assert_eq!(it.joint_files(cx, id, way), Some(2), "{way:?}");
        assert_eq!(it.move_together(cx, id, way), Ok(2), "{way:?}");
        match way {
            JointWay::Undo => reads(cx, "one\n", "see\n"),
            JointWay::Redo => reads(cx, "first\ntwo\n", "first\ntwo\n"),
        }
    }
    assert_eq!(it.joint_files(cx, id, JointWay::Undo), None);
    assert_eq!(it.files(), ["b.rs", "new/c.rs"]);
}

#[gpui_kit::test]
fn edits_that_no_open_text_has_take_no_place_of_those_that_can_be_taken_back(
    cx: &mut TestAppContext,
) {
    let it = Listed::with_files(cx, &[("a.rs", "one\n"), ("b.rs", "two\n")]);
    let id = it.open(cx, "a.rs");
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 0), "first\n"),
        it.change("b.rs", (0, 0, 0), "first\n"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(2));
    for number in 0..20 {
        let made = ["x", "y"].map(|name| {
            let uri = it.uri(&format!("{name}{number}.rs"));
            json!({"kind": "create", "uri": uri})
        });
        assert_eq!(it.make(cx, &Listed::edit(&made)), Ok(2));
    }
    assert_eq!(it.move_together(cx, id, JointWay::Undo), Ok(2));
    assert_eq!(it.text("b.rs"), "two\n");
}

/// A folder that an edit made has something of somebody's by the time that the edit is taken back.
#[gpui_kit::test]
fn a_folder_that_an_edit_made_stays_where_something_lies_in_it(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "one\n")]);
    let id = it.open(cx, "a.rs");
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 3), "use it;"),
        json!({"kind": "create", "uri": it.uri("sub/deep/made.rs")}),
        it.change("sub/deep/made.rs", (0, 0, 0), "one\n"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(3));
    it.fs.insert(it.root.join("sub/mine.rs"), b"mine");
    assert_eq!(it.move_together(cx, id, JointWay::Undo), Ok(2));
    assert_eq!(it.files(), ["a.rs", "sub/mine.rs"]);
    assert!(!it.fs.exists(&it.root.join("sub/deep")));
    assert_eq!(it.move_together(cx, id, JointWay::Redo), Ok(2));
    assert_eq!(it.text("sub/deep/made.rs"), "one\n");
}

#[gpui_kit::test]
fn a_file_that_an_edit_made_goes_when_it_is_taken_back_and_comes_again(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "one\ntwo\n")]);
    let id = it.open(cx, "a.rs");
    // Something is moved to a file of its own, which lies elsewhere in the end.
    let edit = Listed::edit(&[
        it.change("a.rs", (0, 0, 3), ""),
        json!({"kind": "create", "uri": it.uri("made.rs")}),
        it.change("made.rs", (0, 0, 0), "one\n"),
        it.moving("made.rs", "sub/new.rs"),
    ]);
    assert_eq!(it.make(cx, &edit), Ok(4));
    let reads = |cx: &mut TestAppContext, way: JointWay| match way {
        JointWay::Undo => {
            assert_eq!(it.buffer(cx, id), at("a.rs", "one\ntwo\n"));
            assert_eq!(it.files(), ["a.rs"]);
            assert!(!it.fs.exists(&it.root.join("sub")), "made for the file");
        }
        JointWay::Redo => {
            assert_eq!(it.buffer(cx, id), at("a.rs", "\ntwo\n"));
            assert_eq!(it.text("sub/new.rs"), "one\n");
        }
    };
    reads(cx, JointWay::Redo);
    for way in [JointWay::Undo, JointWay::Redo] {
        assert_eq!(it.joint_files(cx, id, way), Some(2));
        assert_eq!(it.move_together(cx, id, way), Ok(2));
        reads(cx, way);
    }
    // So it does while somebody looks at it, whose text stays.
    let made = it.open(cx, "sub/new.rs");
    for way in [JointWay::Undo, JointWay::Redo] {
        assert_eq!(it.move_together(cx, id, way), Ok(2));
        reads(cx, way);
        assert_eq!(it.buffer(cx, made), at("sub/new.rs", "one\n"));
    }
    // What was changed in it since is not lost, be it saved or not.
    it.model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            workspace.replace_text(made, "mine\n").unwrap()
        });
    });
    let stays = it.move_together(cx, id, JointWay::Undo).unwrap_err();
    assert_eq!(stays, "new.rs was changed since it was made, so it stays.");
    assert_eq!(it.buffer(cx, id), at("a.rs", "one\ntwo\n"));
    assert_eq!(it.buffer(cx, made), at("sub/new.rs", "mine\n"));
    assert_eq!(it.text("sub/new.rs"), "one\n");
    it.undo(cx, made);
    let again = Listed::edit(&[
        it.change("a.rs", (0, 0, 3), ""),
        json!({"kind": "create", "uri": it.uri("other.rs")}),
    ]);
    assert_eq!(it.make(cx, &again), Ok(2));
    it.fs.insert(it.root.join("other.rs"), b"theirs");
    let stays = it.move_together(cx, id, JointWay::Undo).unwrap_err();
    assert_eq!(
        stays,
        "other.rs was changed since it was made, so it stays."
    );
    assert_eq!(it.buffer(cx, id), at("a.rs", "one\ntwo\n"));
    assert_eq!(it.text("other.rs"), "theirs");
}

#[gpui_kit::test]
fn what_a_file_of_the_same_edit_stands_in_the_way_of_is_listed_as_not_done(
    cx: &mut TestAppContext,
) {
    let it = Listed::with_files(cx, &[("from.rs", "from")]);
    let create = |option: &str| json!({"kind": "create", "uri": it.uri("new.rs"), "options": {option: true}});
    let made = || create("none");
    let moved = |option: &str| {
        json!({
            "kind": "rename", "oldUri": it.uri("from.rs"), "newUri": it.uri("new.rs"),
            "options": {option: true},
        })
    };
    for (again, done) in [
        (create("ignoreIfExists"), "Create this file"),
        (moved("ignoreIfExists"), "Move to new.rs"),
    ] {
        let edit = Listed::edit(&[made(), again]);
        it.list(cx, edit.steps.clone());
        let nothing_done = format!("{done}, which is there already: nothing is done");
        assert_eq!(
            it.places(cx).unwrap(),
            ["Create this file".to_owned(), nothing_done]
        );
        assert_eq!(it.apply(cx), Ok(2));
        assert_eq!(
            (it.text("new.rs"), it.text("from.rs")),
            (String::new(), "from".into())
        );
        it.fs
            .remove_beneath(&it.root, Path::new("new.rs"), false)
            .unwrap();
    }
    // Kiln overwrites none for a server: such a step is found before the first.
    for (again, done) in [
        (create("overwrite"), "Create this file"),
        (moved("overwrite"), "Move to new.rs"),
    ] {
        let edit = Listed::edit(&[made(), again]);
        it.list(cx, edit.steps.clone());
        let refused = "which is there already and is not written over: nothing is changed unless this is left out";
        assert_eq!(
            it.places(cx).unwrap(),
            ["Create this file".to_owned(), format!("{done}, {refused}")]
        );
        let refused = it.apply(cx).unwrap_err();
        assert!(refused.starts_with("Nothing was changed: "), "{refused}");
        assert!(refused.contains("already exists"), "{refused}");
        assert_eq!(it.files(), ["from.rs"]);
    }
    // What is not there any more by then is not in the way.
    let gone = json!({"kind": "delete", "uri": it.uri("new.rs")});
    let twice = json!({
        "kind": "delete", "uri": it.uri("new.rs"), "options": {"ignoreIfNotExists": true},
    });
    let edit = Listed::edit(&[made(), gone, twice, made()]);
    it.list(cx, edit.steps.clone());
    assert_eq!(
        it.places(cx).unwrap(),
        [
            "Delete this file",
            "Delete this file, which is not there: nothing is done",
            "Create this file",
            "Create this file",
        ]
    );
    assert_eq!(it.apply(cx), Ok(4));
    assert_eq!(it.files(), ["from.rs", "new.rs"]);
}
