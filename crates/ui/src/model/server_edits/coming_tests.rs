//! Edits of files whose unsaved text is not what servers know of them.

use super::tests::Listed;
use super::*;
use editor_core::{Selections, editing};
use futures::FutureExt as _;
use gpui_kit::{AppContext as _, TestAppContext};
use serde_json::{Value, json};
use std::cell::RefCell;
use workspace::{Recovery, Workspace, WorkspaceEvent};

/// A file that is large enough for its unsaved text to come back when it is opened.
const HUGE: &str = "huge.log";

fn huge_text() -> String {
    "0123456789abcde\n".repeat(5 << 16)
}

/// A folder with a small and a huge file, after a program that was killed with this typed at the
/// beginning of the huge one.
fn killed_with(typed: &str, cx: &mut TestAppContext) -> (Listed, Recovery, tempfile::TempDir) {
    let huge = huge_text();
    let it = Listed::with_files(cx, &[("small.rs", "one\n"), (HUGE, &huge)]);
    let state = tempfile::tempdir().unwrap();
    let mut before = Workspace::new(it.root.clone(), it.fs.clone());
    let id = before.open_blocking(&it.root.join(HUGE)).unwrap();
    let text = before.buffer(id).unwrap().text().clone();
    let typing = editing::insert_text(&text, &Selections::caret(0), typed);
    before.edit(id, typing).unwrap();
    let (mut recovery, _) = Recovery::open_at_once(state.path(), &it.root, it.fs.as_ref()).unwrap();
    let job = recovery.job(&before).unwrap();
    recovery.finished(job.run()).unwrap();
    drop(recovery);
    let (recovery, left) = Recovery::open_at_once(state.path(), &it.root, it.fs.as_ref()).unwrap();
    it.model.update(cx, |model, _| {
        model.await_texts(left.large, Rc::new(|_| {}));
    });
    (it, recovery, state)
}

/// The first letter of some files becomes a word.
fn write(it: &Listed, names: &[&str]) -> Value {
    let place = |character: u32| json!({"line": 0, "character": character});
    let changes = names.iter().map(|name| {
        json!({
            "textDocument": {"uri": uri(it, name), "version": null},
            "edits": [{"range": {"start": place(0), "end": place(1)}, "newText": "new"}],
        })
    });
    json!({"documentChanges": changes.collect::<Vec<_>>()})
}

fn uri(it: &Listed, name: &str) -> String {
    format!("file://{}", it.root.join(name).display())
}

/// Makes an edit as a server says it.
fn make(it: &Listed, cx: &mut TestAppContext, edit: &Value) -> Result<usize, String> {
    let edit = WorkspaceEdit::read(edit, lsp::PositionEncoding::Utf16).unwrap();
    let made = it.model.update(cx, |model, cx| {
        let asked = model.versions();
        model.apply_server_edit(&Arc::new(edit), &asked, cx)
    });
    cx.run_until_parked();
    made.now_or_never().unwrap()
}

/// The text of a file that is open.
fn text(it: &Listed, cx: &TestAppContext, name: &str) -> Option<String> {
    it.model.read_with(cx, |model, _| {
        let id = model.workspace.buffer_for_path(&it.root.join(name))?;
        Some(model.workspace.buffer(id)?.text().to_string())
    })
}

#[gpui_kit::test]
fn a_text_that_is_still_to_come_back_is_not_changed_and_not_saved(cx: &mut TestAppContext) {
    let (it, _recovery, _state) = killed_with("three\nmore\nlines\n", cx);
    let said = "Nothing was changed: your unsaved edits to huge.log are not back yet; open it, and \
                ask again.";
    let edit = write(&it, &["small.rs", HUGE]);
    assert_eq!(make(&it, cx, &edit), Err(said.to_owned()));
    assert_eq!(it.text("small.rs"), "one\n", "all of it or nothing");
    assert!(it.text(HUGE) == huge_text());
    assert_eq!(text(&it, cx, HUGE), None);

    // Also while its tab waits for it.
    let path = it.root.join(HUGE);
    let opening = it
        .model
        .update(cx, |model, cx| model.open_path(path.clone(), cx));
    assert_eq!(make(&it, cx, &edit), Err(said.to_owned()));
    opening.now_or_never().unwrap().unwrap();
    assert!(it.text(HUGE) == huge_text());
    assert!(text(&it, cx, HUGE).unwrap() == format!("three\nmore\nlines\n{}", huge_text()));

    // Once it is back, the server knows it, and it stays to be saved.
    assert_eq!(make(&it, cx, &edit), Ok(2));
    assert!(text(&it, cx, HUGE).unwrap().starts_with("newhree\nmore\n"));
    assert!(it.text(HUGE) == huge_text());
}

#[gpui_kit::test]
fn what_is_typed_into_a_file_while_it_is_opened_for_an_edit_is_not_saved(cx: &mut TestAppContext) {
    let it = Listed::with_files(cx, &[("a.rs", "one\n"), ("b.rs", "two\n")]);
    let typed = Rc::<RefCell<Vec<BufferId>>>::default();
    let _typing = cx.update(|cx| {
        let typed = typed.clone();
        cx.subscribe(&it.model, move |model, event: &WorkspaceEvent, cx| {
            if let WorkspaceEvent::BufferOpened(id) = event
                && typed.borrow().is_empty()
            {
                typed.borrow_mut().push(*id);
                model.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.replace_text(*id, "typed\none\n").unwrap();
                    });
                });
            }
        })
    });
    let made = make(&it, cx, &write(&it, &["a.rs", "b.rs"]));
    let why = made.unwrap_err();
    assert!(why.contains("a.rs: the text has changed since"), "{why}");
    assert_eq!(text(&it, cx, "a.rs").unwrap(), "typed\none\n");
    assert_eq!(
        (it.text("a.rs"), it.text("b.rs")),
        ("one\n".into(), "two\n".into())
    );
}

#[gpui_kit::test]
fn a_file_whose_unsaved_text_is_still_to_come_back_is_not_deleted_by_a_server(
    cx: &mut TestAppContext,
) {
    let (it, _recovery, _state) = killed_with("typed\n", cx);
    let deleting = EditStep::File(lsp::FileOperation::Delete {
        path: it.root.join(HUGE),
        recursive: false,
        may_be_gone: false,
    });
    it.list(cx, vec![deleting]);
    let said =
        "Nothing was changed: huge.log has changes that are not saved, so it is not deleted.";
    assert_eq!(it.apply(cx), Err(said.to_owned()));
    assert!(it.text(HUGE) == huge_text());
}

/// The same folder by another name, in which a link leads to it.
#[cfg(unix)]
#[gpui_kit::test]
fn a_text_that_is_still_to_come_back_is_known_by_every_name_of_its_file(cx: &mut TestAppContext) {
    let scratch = tempfile::tempdir().unwrap();
    let real = scratch.path().canonicalize().unwrap().join("real");
    let link = scratch.path().canonicalize().unwrap().join("link");
    std::fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    std::fs::write(real.join(HUGE), huge_text()).unwrap();
    let disk = Arc::new(fs::RealFs::new());
    // Typed where the folder was opened by its own name.
    let state = scratch.path().join("state");
    let mut before = Workspace::new(real.clone(), disk.clone());
    let id = before.open_blocking(&real.join(HUGE)).unwrap();
    let text = before.buffer(id).unwrap().text().clone();
    let typing = editing::insert_text(&text, &Selections::caret(0), "typed\n");
    before.edit(id, typing).unwrap();
    let (mut recovery, _) = Recovery::open_at_once(&state, &real, disk.as_ref()).unwrap();
    let job = recovery.job(&before).unwrap();
    recovery.finished(job.run()).unwrap();
    drop(recovery);
    let (_recovery, left) = Recovery::open_at_once(&state, &real, disk.as_ref()).unwrap();
    let model = cx.update(|cx| {
        crate::init(cx);
        let workspace = Workspace::new(link.clone(), disk.clone());
        cx.new(|cx| WorkspaceModel::new(workspace, cx))
    });
    model.update(cx, |model, _| {
        model.await_texts(left.large, Rc::new(|_| {}));
    });
    let steps = |steps: Vec<Value>| {
        let edit = json!({"documentChanges": steps});
        Arc::new(WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf16).unwrap())
    };
    let uri = |path: &Path| format!("file://{}", path.display());
    let place = json!({"line": 0, "character": 0});
    let write = json!({
        "textDocument": {"uri": uri(&link.join(HUGE)), "version": null},
        "edits": [{"range": {"start": place, "end": place}, "newText": "new"}],
    });
    let make = |cx: &mut TestAppContext, edit: Arc<WorkspaceEdit>| {
        let made = model.update(cx, |model, cx| {
            let asked = model.versions();
            model.apply_server_edit(&edit, &asked, cx)
        });
        cx.run_until_parked();
        made.now_or_never().unwrap()
    };
    let refused = make(cx, steps(vec![write])).unwrap_err();
    assert!(refused.contains("are not back yet"), "{refused}");
    let waits = model.update(cx, |model, _| {
        let real = real.join(HUGE);
        let link = link.join(HUGE);
        model.coming_below([&link, &real]).is_some()
    });
    assert!(waits, "it is not deleted");

    // It goes along with its folder, whichever name that has.
    std::fs::create_dir(real.join("sub")).unwrap();
    let moved = json!({"kind": "rename", "oldUri": uri(&link.join(HUGE)),
        "newUri": uri(&link.join("sub/moved.log"))});
    assert_eq!(make(cx, steps(vec![moved])), Ok(1));
    let path = model.read_with(cx, |model, _| {
        model
            .coming_texts()
            .next()
            .and_then(|text| text.path.clone())
    });
    assert_eq!(path, Some(link.join("sub/moved.log")));
}
