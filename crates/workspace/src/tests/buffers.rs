use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use editor_core::{ChangeSet, Edit, Selections, Transaction, editing};
use fs::FakeFs;

use super::Fixture;
use crate::{EditError, Workspace, WorkspaceEvent};

#[test]
fn one_buffer_a_file_however_it_is_named() {
    let fs = Arc::new(FakeFs::with_files([("/p/src/a.rs", "fn a() {}")]));
    fs.insert_link("/p/link.rs", "src/a.rs");
    let mut workspace = Workspace::new("/p".into(), fs);
    let id = workspace.open_blocking(Path::new("src/a.rs")).unwrap();
    for name in ["/p/src/a.rs", "src/../src/./a.rs", "link.rs"] {
        assert_eq!(
            workspace.open_blocking(Path::new(name)).unwrap(),
            id,
            "{name}"
        );
    }
    assert_eq!(workspace.buffers().count(), 1);
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.display_name(), "a.rs");
    assert_eq!(buffer.language().id_str(), "rust");
    assert!(!buffer.is_dirty());
}

#[test]
fn a_file_opened_through_a_link_is_found_by_its_real_path() {
    let fs = Arc::new(FakeFs::with_files([("/real/a.txt", "")]));
    fs.insert_link("/p", "/real");
    let mut workspace = Workspace::new("/p".into(), fs);
    let id = workspace.open_blocking(Path::new("a.txt")).unwrap();
    assert_eq!(
        workspace.buffer(id).unwrap().path(),
        Some(Path::new("/p/a.txt"))
    );
    assert_eq!(
        workspace.buffer_for_path(Path::new("/real/a.txt")),
        Some(id)
    );
}

#[test]
fn an_edit_moves_the_version_and_says_what_changed() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!((buffer.version(), buffer.is_dirty()), (1, true));
    let events = fixture.workspace.take_events();
    let WorkspaceEvent::BufferEdited {
        buffer,
        version,
        changes,
    } = &events[0]
    else {
        panic!("{events:?}");
    };
    assert_eq!((*buffer, *version), (fixture.id, 1));
    assert_eq!(changes.edits().next().unwrap().text, "x");
    assert!(matches!(events[1], WorkspaceEvent::BufferDirtyChanged(_)));
    assert_eq!(events.len(), 2);
}

#[test]
fn undo_back_to_what_is_saved_is_clean() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    assert_eq!(
        fixture.workspace.undo(fixture.id),
        Some(Selections::caret(0))
    );
    assert_eq!(fixture.text(), "one\n");
    assert!(!fixture.is_dirty());
    assert!(fixture.workspace.undo(fixture.id).is_none());
    assert_eq!(
        fixture.workspace.redo(fixture.id),
        Some(Selections::caret(1))
    );
    assert!(fixture.is_dirty());
    assert_eq!(fixture.workspace.buffer(fixture.id).unwrap().version(), 3);
}

#[test]
fn typing_something_and_deleting_it_is_clean_too() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let text = fixture.workspace.buffer(fixture.id).unwrap().text().clone();
    let delete = editing::delete_backward(&text, &Selections::caret(1));
    fixture.workspace.edit(fixture.id, delete).unwrap();
    assert!(!fixture.is_dirty());
}

#[test]
fn typing_is_grouped_by_the_clock_of_the_workspace() {
    let now = Arc::new(AtomicU64::new(0));
    let clock = now.clone();
    let fs = Arc::new(FakeFs::new());
    let mut workspace = Workspace::with_clock("/p".into(), fs, move || {
        Duration::from_millis(clock.load(Ordering::Relaxed))
    });
    let id = workspace.new_untitled();
    for (at, typed) in [(0, "a"), (200, "b"), (900, "c")] {
        now.store(at, Ordering::Relaxed);
        let text = workspace.buffer(id).unwrap().text().clone();
        let end = Selections::caret(text.len());
        workspace
            .edit(id, editing::insert_text(&text, &end, typed))
            .unwrap();
    }
    workspace.undo(id);
    assert_eq!(*workspace.buffer(id).unwrap().text(), "ab");
    workspace.undo(id);
    assert_eq!(*workspace.buffer(id).unwrap().text(), "");
}

#[test]
fn an_edit_for_another_text_is_refused() {
    let mut fixture = Fixture::new("one\n");
    let changes = ChangeSet::from_edits(9, vec![Edit::new(0..9, "")]).unwrap();
    let edit = Transaction::from_changes(changes, &Selections::caret(0));
    let error = fixture.workspace.edit(fixture.id, edit).unwrap_err();
    assert!(matches!(error, EditError::Stale(_)));
    assert_eq!(fixture.text(), "one\n");
    assert!(fixture.workspace.take_events().is_empty());
}

#[test]
fn a_text_written_anew_is_one_edit_that_carets_survive() {
    let mut fixture = Fixture::new("one\ntwo\nthree\n");
    fixture
        .workspace
        .replace_text(fixture.id, "ONE\ntwo\nthree\nfour\n")
        .unwrap();
    let events = fixture.workspace.take_events();
    let WorkspaceEvent::BufferEdited { changes, .. } = &events[0] else {
        panic!("{events:?}");
    };
    let caret = Selections::caret(6).map(changes);
    assert_eq!(caret, Selections::caret(6));
    fixture.workspace.undo(fixture.id);
    assert_eq!(fixture.text(), "one\ntwo\nthree\n");
    fixture
        .workspace
        .replace_text(fixture.id, "one\ntwo\nthree\n")
        .unwrap();
    assert_eq!(fixture.workspace.buffer(fixture.id).unwrap().version(), 2);
}

#[test]
fn changes_since_a_version_are_one_change() {
    let mut fixture = Fixture::new("one");
    let start = fixture.workspace.buffer(fixture.id).unwrap().text().clone();
    for typed in ["a", "b", "c"] {
        fixture.type_at_start(typed);
    }
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    let changes = buffer.changes_since(0).unwrap();
    assert_eq!(changes.apply(&start).unwrap(), *buffer.text());
    assert!(buffer.changes_since(3).unwrap().is_empty());
    assert!(buffer.changes_since(4).is_none());
    for _ in 0..300 {
        fixture.type_at_start("x");
    }
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    let changes = buffer.changes_since(0).unwrap();
    assert_eq!(changes.apply(&start).unwrap(), *buffer.text());
    // What is on the disk is not kept for long.
    let saved = fixture.workspace.save_job(fixture.id).unwrap().run();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert!(buffer.changes_since(0).is_none());
    assert!(buffer.changes_since(buffer.version() - 256).is_some());
}

#[test]
fn untitled_buffers_are_numbered_and_close() {
    let mut workspace = Workspace::new("/p".into(), Arc::new(FakeFs::new()));
    let names = |workspace: &Workspace| -> Vec<String> {
        workspace
            .buffers()
            .map(|buffer| buffer.display_name())
            .collect()
    };
    let first = workspace.new_untitled();
    workspace.new_untitled();
    assert_eq!(names(&workspace), ["Untitled-1", "Untitled-2"]);
    workspace.close(first);
    workspace.new_untitled();
    assert_eq!(names(&workspace), ["Untitled-2", "Untitled-1"]);
    assert!(workspace.buffer(first).is_none());
}

#[test]
fn buffers_follow_a_folder_that_is_moved() {
    let fs = Arc::new(FakeFs::with_files([
        ("/p/old/a.rs", ""),
        ("/p/older.rs", ""),
    ]));
    let mut workspace = Workspace::new("/p".into(), fs);
    let moved = workspace.open_blocking(Path::new("old/a.rs")).unwrap();
    let stays = workspace.open_blocking(Path::new("older.rs")).unwrap();
    workspace.path_moved(Path::new("/p/old"), Path::new("/p/new"));
    let path = |id| workspace.buffer(id).unwrap().path().map(PathBuf::from);
    assert_eq!(path(moved), Some("/p/new/a.rs".into()));
    assert_eq!(path(stays), Some("/p/older.rs".into()));
    workspace.path_moved(Path::new("/p/new/a.rs"), Path::new("/p/new/a.py"));
    assert_eq!(
        workspace.buffer(moved).unwrap().language().id_str(),
        "python"
    );
    // One that was chosen by hand stays.
    let rust = workspace.buffer(stays).unwrap().language();
    workspace.set_language(moved, rust);
    workspace.path_moved(Path::new("/p/new/a.py"), Path::new("/p/new/b.py"));
    assert_eq!(workspace.buffer(moved).unwrap().language(), rust);
}

#[test]
fn events_of_the_folder_and_notices_are_passed_on() {
    let mut fixture = Fixture::new("");
    fixture.workspace.folder_changed(vec!["/p/b".into()]);
    fixture.workspace.folder_changed(Vec::new());
    fixture
        .workspace
        .notice(crate::Severity::Warning, "careful");
    assert_eq!(fixture.events(), ["FolderChanged", "Notice"]);
    assert!(fixture.events().is_empty());
}

#[test]
fn a_language_that_was_chosen_in_an_earlier_program_comes_back_unless_another_was_chosen_since() {
    let mut fixture = Fixture::new("one\n");
    let id = fixture.id;
    let chosen = |fixture: &Fixture| {
        let buffer = fixture.workspace.buffer(id).unwrap();
        buffer.chosen_language().map(|language| language.id_str())
    };
    for unknown in ["no such language", "rs", ""] {
        fixture.workspace.restore_language(id, unknown);
        assert_eq!(chosen(&fixture), None, "{unknown}");
    }
    fixture.workspace.restore_language(id, "rust");
    assert_eq!(chosen(&fixture), Some("rust"));
    fixture.workspace.restore_language(id, "python");
    assert_eq!(chosen(&fixture), Some("rust"));
    fixture.workspace.detect_language_of(id);
    assert_eq!(chosen(&fixture), None);
}
