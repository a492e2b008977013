//! Edits that are listed and applied, where the disk is one in memory that can fail.

use super::*;
use crate::Deletion;
use fs::{FakeFs, FakeOperation, Fs as _};
use futures::FutureExt as _;
use gpui_kit::{AppContext as _, Entity, TestAppContext};
use lsp::FileOperation;
use serde_json::json;
use std::cell::RefCell;
use workspace::WorkspaceEvent;

/// A folder with an edit that is listed.
pub(super) struct Listed {
    pub model: Entity<WorkspaceModel>,
    pub fs: Arc<FakeFs>,
    pub root: PathBuf,
}

impl Listed {
    /// A folder with these files. It is one that is there, since its path is looked up on the disk.
    pub fn with_files(cx: &mut TestAppContext, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir();
        let fs = Arc::new(FakeFs::new());
        fs.insert_folder(&root);
        for (name, text) in files {
            fs.insert(root.join(name), text.as_bytes());
        }
        let model = cx.update(|cx| {
            crate::init(cx);
            let workspace = workspace::Workspace::new(root.clone(), fs.clone());
            cx.new(|cx| WorkspaceModel::new(workspace, cx))
        });
        Self { model, fs, root }
    }

    /// Lists an edit of these steps.
    pub fn list(&self, cx: &mut TestAppContext, steps: Vec<EditStep>) {
        let edit = Arc::new(WorkspaceEdit { steps });
        self.model.update(cx, |model, cx| {
            model.list_edit("Edits", edit, model.versions(), cx);
        });
        cx.run_until_parked();
    }

    /// Makes the listed edits but for the changes of some files.
    fn apply_without(&self, cx: &mut TestAppContext, names: &[&str]) -> Result<usize, String> {
        let applied = self.model.update(cx, |model, cx| {
            let shown = model.places().cloned().unwrap();
            let left_out = shown.places.iter().filter(|place| {
                let is_of = |name: &&str| place.path == self.root.join(name);
                names.iter().any(is_of)
            });
            let left_out = left_out.filter_map(|place| place.change).collect();
            model.apply_listed_edit(&shown, &left_out, cx)
        });
        cx.run_until_parked();
        applied.now_or_never().unwrap()
    }

    /// Makes all of the listed edits.
    pub fn apply(&self, cx: &mut TestAppContext) -> Result<usize, String> {
        self.apply_without(cx, &[])
    }

    /// The listed places, as they read.
    pub fn places(&self, cx: &TestAppContext) -> Option<Vec<String>> {
        self.model.read_with(cx, |model, _| {
            let places = model.places()?.places.iter();
            let said = places.map(|one| {
                let new = one.new_text.iter().map(|new| format!(" -> {new}"));
                format!("{}{}", one.text, new.collect::<String>())
            });
            Some(said.collect())
        })
    }

    /// A step that writes a word over the first letter of each of these files, as often as it says.
    fn write(&self, names: &[&str], times: usize) -> EditStep {
        let range = json!({
            "start": {"line": 0, "character": 0},
            "end": {"line": 0, "character": 1},
        });
        let edits = vec![json!({"range": range, "newText": "new"}); times];
        let changes = names.iter().map(|name| {
            json!({
                "textDocument": {"uri": format!("file://{}", self.root.join(name).display())},
                "edits": edits,
            })
        });
        let edit = json!({"documentChanges": changes.collect::<Vec<_>>()});
        let mut read = WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf16).unwrap();
        read.steps.remove(0)
    }

    pub fn text(&self, name: &str) -> String {
        let bytes = self.fs.content(self.root.join(name)).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// The files, below the folder.
    pub fn files(&self) -> Vec<String> {
        let files = self.fs.files().into_iter();
        let inside = files.map(|path| path.strip_prefix(&self.root).unwrap().to_owned());
        inside.map(|path| path.display().to_string()).collect()
    }

    /// What was deleted and can be brought back, the newest first.
    fn deletions(&self, cx: &TestAppContext) -> Vec<String> {
        self.model.read_with(cx, |model, _| {
            model.deletions().map(Deletion::files).collect()
        })
    }

    pub fn rename(&self, from: &str, to: &str) -> EditStep {
        EditStep::File(FileOperation::Rename {
            from: self.root.join(from),
            to: self.root.join(to),
            may_exist: false,
        })
    }

    fn delete(&self, name: &str) -> EditStep {
        EditStep::File(FileOperation::Delete {
            path: self.root.join(name),
            recursive: true,
            may_be_gone: false,
        })
    }
}

#[gpui_kit::test]
fn what_is_gone_of_a_folder_that_cannot_be_deleted_as_a_whole_comes_back(cx: &mut TestAppContext) {
    let files = [
        ("old/a/keep.rs", "a"),
        ("old/b.rs", "b"),
        ("old/c/c.rs", "c"),
    ];
    let it = Listed::with_files(cx, &files);
    it.list(cx, vec![it.delete("old")]);
    let stuck = it.root.join("old/a/keep.rs");
    let denied = std::io::ErrorKind::PermissionDenied;
    it.fs.fail_always(FakeOperation::Remove, &stuck, denied);
    let refused = it.apply(cx).unwrap_err();
    assert!(
        refused.starts_with("Only a part of it was deleted: ") && refused.contains("keep.rs"),
        "{refused}"
    );
    assert_eq!(it.files(), ["old/a/keep.rs"]);
    assert_eq!(it.deletions(cx), ["old/b.rs and 1 other"]);
    let back = it.model.update(cx, |model, cx| {
        let newest = model.deletions().next().map(Deletion::id);
        model.bring_back(newest.unwrap(), cx)
    });
    cx.run_until_parked();
    assert_eq!(back.now_or_never(), Some(Ok(2)));
    assert_eq!(it.files(), files.map(|(name, _)| name));
    assert_eq!(it.fs.content(it.root.join("old/c/c.rs")).unwrap(), b"c");
}

#[gpui_kit::test]
fn the_old_text_that_a_save_left_in_a_folder_comes_back_with_it(cx: &mut TestAppContext) {
    let old = "old/.a.rs.old-Ab3dE9.kiln-tmp";
    let it = Listed::with_files(cx, &[("old/a.rs", "torn"), (old, "whole")]);
    // One that is to be deleted only where nothing is in it holds the text.
    it.fs
        .insert(it.root.join("sub/.b.rs.old-Ab3dE9.kiln-tmp"), b"b");
    let step = EditStep::File(FileOperation::Delete {
        path: it.root.join("sub"),
        recursive: false,
        may_be_gone: false,
    });
    it.list(cx, vec![step]);
    let refused = it.apply(cx).unwrap_err();
    assert!(refused.starts_with("Nothing was changed: "), "{refused}");

    it.list(cx, vec![it.delete("old")]);
    assert_eq!(it.apply(cx), Ok(1));
    assert!(!it.fs.exists(&it.root.join("old")));
    let back = it.model.update(cx, |model, cx| {
        let newest = model.deletions().next().map(Deletion::id);
        model.bring_back(newest.unwrap(), cx)
    });
    cx.run_until_parked();
    assert_eq!(back.now_or_never(), Some(Ok(2)));
    assert_eq!(it.text(old), "whole");
}

#[gpui_kit::test]
fn what_cannot_be_listed_as_a_whole_is_not_listed_and_not_made(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "a"), ("gone.rs", "gone")]);
    let said = Rc::<RefCell<Vec<String>>>::default();
    let subscription = cx.update(|cx| {
        let said = said.clone();
        cx.subscribe(&it.model, move |_, event: &WorkspaceEvent, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                said.borrow_mut().push(message.clone());
            }
        })
    });
    let told =
        "This changes 10001 places, more than the 10000 that can be shown; nothing was changed.";
    it.list(cx, vec![it.delete("gone.rs"), it.write(&["a.rs"], 10_000)]);
    assert_eq!(it.places(cx), None);
    assert_eq!(*said.borrow(), [told]);
    // Who makes edits is told so too where they would be listed.
    let steps = vec![it.delete("gone.rs"), it.write(&["a.rs"], 10_000)];
    let applied = it.model.update(cx, |model, cx| {
        let edit = Arc::new(WorkspaceEdit { steps });
        model.apply_server_edit(&edit, &AskedVersions::new(), cx)
    });
    cx.run_until_parked();
    assert_eq!(applied.now_or_never(), Some(Err(told.to_owned())));
    assert_eq!(it.places(cx), None);
    assert_eq!(it.files(), ["a.rs", "gone.rs"]);

    it.list(cx, vec![it.delete("gone.rs"), it.write(&["a.rs"], 9_999)]);
    assert_eq!(it.places(cx).map(|places| places.len()), Some(10_000));
    assert_eq!(said.borrow().len(), 1);
    drop(subscription);
}

#[gpui_kit::test]
fn what_may_be_there_already_and_is_has_its_text_listed_and_guarded(cx: &mut TestAppContext) {
    let files = [("made.rs", "text"), ("from.rs", "from"), ("to.rs", "to")];
    let it = Listed::with_files(cx, &files);
    let steps = |name: &str| {
        let (from, path) = (it.root.join("from.rs"), it.root.join(name));
        let operation = match name {
            "made.rs" => FileOperation::Create {
                path,
                may_exist: true,
            },
            _ => FileOperation::Rename {
                from,
                to: path,
                may_exist: true,
            },
        };
        vec![EditStep::File(operation), it.write(&[name], 1)]
    };
    for (name, done) in [("made.rs", "Create this file"), ("to.rs", "Move to to.rs")] {
        let was = it.text(name);
        it.list(cx, steps(name));
        let nothing_done = format!("{done}, which is there already: nothing is done");
        assert_eq!(
            it.places(cx).unwrap(),
            [nothing_done, format!("{was} -> new")]
        );
        it.fs.insert(it.root.join(name), b"other");
        let refused = it.apply(cx).unwrap_err();
        assert!(refused.contains("the text has changed"), "{refused}");
        assert_eq!(it.text(name), "other");

        it.list(cx, steps(name));
        assert_eq!(it.apply(cx), Ok(2));
        assert_eq!(it.text(name), "newther");
    }
    assert_eq!(it.text("from.rs"), "from");
}

#[gpui_kit::test]
fn what_needs_a_change_that_is_left_out_is_not_made_either(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "ab"), ("b.rs", "b")]);
    let made = EditStep::File(FileOperation::Create {
        path: it.root.join("c.rs"),
        may_exist: false,
    });
    let steps = || {
        vec![
            it.write(&["a.rs", "b.rs"], 1),
            made.clone(),
            it.write(&["a.rs", "c.rs"], 1),
            it.rename("c.rs", "d.rs"),
        ]
    };
    // But for the first row of a file.
    let without_first_of = |cx: &mut TestAppContext, name: &str| {
        it.list(cx, steps());
        let applied = it.model.update(cx, |model, cx| {
            let shown = model.places().cloned().unwrap();
            let mut places = shown.places.iter();
            let first = places.find(|place| place.path == it.root.join(name));
            let left_out = first.and_then(|place| place.change).into_iter().collect();
            model.apply_listed_edit(&shown, &left_out, cx)
        });
        cx.run_until_parked();
        applied.now_or_never().unwrap()
    };
    // The second change of a.rs is of the text that the first leaves.
    assert_eq!(without_first_of(cx, "a.rs"), Ok(4));
    assert_eq!(it.files(), ["a.rs", "b.rs", "d.rs"]);
    let texts = ["a.rs", "b.rs", "d.rs"].map(|name| it.text(name));
    assert_eq!(texts, ["ab", "new", "new"]);
    // What is not made is neither changed nor moved.
    assert_eq!(without_first_of(cx, "c.rs"), Ok(3));
    assert_eq!(it.files(), ["a.rs", "b.rs", "d.rs"]);
    let texts = ["a.rs", "b.rs", "d.rs"].map(|name| it.text(name));
    assert_eq!(texts, ["newewb", "newew", "new"]);
}

#[gpui_kit::test]
fn a_file_that_is_left_out_may_be_another_than_was_listed(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "a"), ("b.rs", "b"), ("open.rs", "c")]);
    let names = ["a.rs", "b.rs", "open.rs"];
    let open = it
        .model
        .update(cx, |model, cx| model.open_path(it.root.join("open.rs"), cx));
    cx.run_until_parked();
    let open = open.now_or_never().unwrap().unwrap();
    let change = |cx: &mut TestAppContext| {
        it.fs.insert(it.root.join("b.rs"), b"other");
        it.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.replace_text(open, "other").unwrap()
            });
        });
    };
    it.list(cx, vec![it.write(&names, 1)]);
    change(cx);
    assert_eq!(it.apply_without(cx, &names[1..]), Ok(1));
    assert_eq!(it.text("a.rs"), "new");
    assert_eq!(it.text("b.rs"), "other");

    // What is changed is still to be what was listed.
    it.list(cx, vec![it.write(&names, 1)]);
    it.fs.insert(it.root.join("b.rs"), b"more");
    let refused = it.apply_without(cx, &["a.rs", "open.rs"]).unwrap_err();
    assert!(refused.contains("b.rs: the text has changed"), "{refused}");
    assert_eq!(it.text("b.rs"), "more");
}
