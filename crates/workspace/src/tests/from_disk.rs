use std::path::Path;
use std::sync::atomic::AtomicBool;

use editor_core::{Edit, Selections, Transaction};
use fs::{Fs, LoadError};

use super::{FILE, Fixture};
use crate::{DiskState, ReloadError, SaveError, WorkspaceEvent};

#[test]
fn a_clean_buffer_takes_the_new_text_over_as_one_edit() {
    let mut fixture = Fixture::new("one\ntwo\n");
    fixture.changed_by_another("one\nand\ntwo\n");
    assert_eq!(fixture.text(), "one\nand\ntwo\n");
    assert!(!fixture.is_dirty());
    let events = fixture.workspace.take_events();
    let WorkspaceEvent::BufferEdited { changes, .. } = &events[0] else {
        panic!("{events:?}");
    };
    // A caret in the second row goes along with it.
    assert_eq!(Selections::caret(5).map(changes), Selections::caret(9));
    fixture.workspace.undo(fixture.id);
    assert_eq!(fixture.text(), "one\ntwo\n");
    assert!(fixture.is_dirty());
    fixture.workspace.redo(fixture.id);
    assert!(!fixture.is_dirty());
}

#[test]
fn edits_after_a_reload_are_saved_over_what_was_reloaded() {
    let mut fixture = Fixture::new("one\n");
    fixture.changed_by_another("two\n");
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xtwo\n");
}

#[test]
fn a_dirty_buffer_is_marked_and_keeps_its_text() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.events();
    fixture.changed_by_another("theirs\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(
        buffer
            .text_on_disk()
            .is_some_and(|text| *text == "theirs\n")
    );
    assert_eq!(fixture.text(), "xone\n");
    assert_eq!(fixture.events(), ["BufferDiskChanged"]);
}

#[test]
fn a_conflict_is_settled_where_the_text_becomes_what_the_disk_holds() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    fixture.type_at_start("y");
    fixture.changed_by_another("one\n");
    let disk = |fixture: &Fixture| fixture.workspace.buffer(fixture.id).unwrap().disk();
    assert_eq!(disk(&fixture), DiskState::Changed);
    fixture.events();
    let undone = |fixture: &mut Fixture| {
        while disk(fixture) == DiskState::Changed && fixture.workspace.undo(fixture.id).is_some() {}
    };
    undone(&mut fixture);
    assert_eq!(fixture.text(), "one\n");
    assert_eq!(disk(&fixture), DiskState::InSync);
    assert!(!fixture.is_dirty());
    let events = fixture.events();
    assert!(
        events.contains(&"BufferDiskChanged".to_owned()),
        "{events:?}"
    );
    // What is typed now is saved over what is there.
    fixture.type_at_start("z");
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "zone\n");
}

#[test]
fn what_is_found_of_a_long_text_counts_as_long_as_nothing_changed_since() {
    let never = AtomicBool::new(false);
    let disk = "line\n".repeat(400_000);
    let mut fixture = Fixture::new(&disk);
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    fixture.type_at_start("y");
    fixture.changed_by_another(&disk);
    let state = |fixture: &Fixture| fixture.workspace.buffer(fixture.id).unwrap().disk();
    assert!(fixture.workspace.same_as_disk_job(fixture.id).is_none());
    fixture.workspace.undo(fixture.id);
    fixture.workspace.undo(fixture.id);
    let job = |fixture: &Fixture| fixture.workspace.same_as_disk_job(fixture.id).unwrap();
    assert_eq!(state(&fixture), DiskState::Changed);
    let found = job(&fixture).run(&never).expect("they are the same");

    // Edited since, it is another text, though as long.
    let end = fixture.text().len();
    let other = Transaction::from_edits(
        fixture.workspace.buffer(fixture.id).unwrap().text(),
        &Selections::caret(0),
        vec![Edit::new(end - 2..end - 1, "E".to_owned())],
    );
    fixture.workspace.edit(fixture.id, other.unwrap()).unwrap();
    fixture.workspace.same_as_disk(fixture.id, found);
    assert_eq!(state(&fixture), DiskState::Changed);
    assert!(job(&fixture).run(&never).is_none());

    fixture.workspace.undo(fixture.id);
    fixture.events();
    let found = job(&fixture).run(&never).unwrap();
    fixture.workspace.same_as_disk(fixture.id, found);
    assert_eq!(state(&fixture), DiskState::InSync);
    assert!(!fixture.is_dirty());
    assert_eq!(
        fixture.events(),
        ["BufferDiskChanged", "BufferDirtyChanged"]
    );
    fixture.type_at_start("z");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert!(fixture.on_disk().starts_with("zline"));
}

#[test]
fn a_file_made_anew_does_not_replace_the_text_that_was_to_be_saved_again() {
    let mut fixture = Fixture::new("mine\n");
    fixture.fs.remove(FILE.as_ref()).unwrap();
    fixture.tell();
    fixture.fs.insert(FILE, b"theirs\n");
    fixture.workspace.save_blocking(fixture.id).unwrap_err();
    fixture.tell();
    assert_eq!(fixture.text(), "mine\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::Changed);
}

#[test]
fn a_folder_in_place_of_the_file_is_no_text_to_decide_on() {
    for is_told in [true, false] {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        fixture.fs.remove(FILE.as_ref()).unwrap();
        fixture.fs.insert_folder(FILE);
        if is_told {
            let path = Path::new(FILE);
            let error = fs::load(&*fixture.fs, path).unwrap_err();
            fixture.workspace.disk_unreadable(path, &error);
        }
        let refused = fixture.workspace.save_blocking(fixture.id);
        assert!(
            matches!(refused, Err(SaveError::IsFolder { .. })),
            "{refused:?}"
        );
        let buffer = fixture.workspace.buffer(fixture.id).unwrap();
        assert_eq!(buffer.disk(), DiskState::Folder);
        assert_eq!(fixture.text(), "xone\n");
        fixture.fs.remove(FILE.as_ref()).unwrap();
        fixture.workspace.save_blocking(fixture.id).unwrap();
        assert_eq!(fixture.on_disk(), "xone\n");
        assert!(!fixture.is_dirty());
    }
}

#[test]
fn a_conflict_is_settled_by_reloading_which_undo_takes_back() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.changed_by_another("theirs\n");
    fixture.reload().unwrap();
    assert_eq!(fixture.text(), "theirs\n");
    assert!(!fixture.is_dirty());
    assert_eq!(
        fixture.workspace.buffer(fixture.id).unwrap().disk(),
        DiskState::InSync
    );
    fixture.workspace.undo(fixture.id);
    assert_eq!(fixture.text(), "xone\n");
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
}

#[test]
fn a_conflict_is_settled_by_keeping_mine() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.changed_by_another("theirs\n");
    fixture.workspace.keep_mine(fixture.id);
    assert!(fixture.is_dirty());
    // Back at the text of before, which is not what the disk holds now.
    fixture.workspace.undo(fixture.id);
    assert_eq!(fixture.text(), "one\n");
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "one\n");
}

#[test]
fn after_keeping_mine_a_further_change_is_a_conflict_again() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.changed_by_another("theirs\n");
    fixture.workspace.keep_mine(fixture.id);
    fixture.fs.insert(FILE, b"again\n");
    assert!(fixture.workspace.save_blocking(fixture.id).is_err());
    assert_eq!(fixture.on_disk(), "again\n");
}

#[test]
fn a_change_back_ends_the_conflict() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.changed_by_another("theirs\n");
    fixture.changed_by_another("one\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(
        (buffer.disk(), buffer.is_dirty()),
        (DiskState::InSync, true)
    );
    fixture.workspace.save_blocking(fixture.id).unwrap();
}

#[test]
fn the_same_text_from_another_program_is_no_conflict() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.changed_by_another("xone\n");
    assert!(!fixture.is_dirty());
    assert_eq!(fixture.workspace.buffer(fixture.id).unwrap().version(), 1);
}

#[test]
fn a_deleted_file_stays_open_editable_and_saveable() {
    let mut fixture = Fixture::new("one\n");
    fixture.deleted_by_another();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::Deleted);
    assert!(buffer.is_dirty(), "closing it would lose the text");
    assert_eq!(
        fixture.events(),
        ["BufferDiskChanged", "BufferDirtyChanged"]
    );
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(
        (buffer.disk(), buffer.is_dirty()),
        (DiskState::InSync, false)
    );
}

#[test]
fn a_file_deleted_with_its_folder_is_saved_again() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.remove_tree(Path::new("/p")).unwrap();
    fixture.tell();
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "one\n");
}

#[test]
fn a_file_that_comes_back_is_in_sync_or_reloaded() {
    let mut fixture = Fixture::new("one\n");
    fixture.deleted_by_another();
    fixture.changed_by_another("one\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(
        (buffer.disk(), buffer.is_dirty()),
        (DiskState::InSync, false)
    );
    fixture.deleted_by_another();
    fixture.changed_by_another("other branch\n");
    assert_eq!(fixture.text(), "other branch\n");
    assert!(!fixture.is_dirty());
}

#[test]
fn a_deleted_read_only_file_can_be_saved_again() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.set_read_only(FILE, true);
    fixture.tell();
    assert!(fixture.workspace.buffer(fixture.id).unwrap().is_read_only());
    fixture.deleted_by_another();
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
}

#[test]
fn a_file_that_became_unreadable_is_marked_and_told() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.insert(FILE, b"\0\x01\x02\xff\0");
    let error = fs::load(&*fixture.fs, Path::new(FILE)).unwrap_err();
    assert!(matches!(error, LoadError::Binary { .. }));
    fixture.workspace.disk_unreadable(Path::new(FILE), &error);
    assert_eq!(fixture.text(), "one\n");
    assert_eq!(fixture.events(), ["BufferDiskChanged", "Notice"]);
    assert_eq!(fixture.reload(), Err(ReloadError::NotRead));
    fixture.type_at_start("x");
    assert!(fixture.workspace.save_blocking(fixture.id).is_err());
    fixture.workspace.keep_mine(fixture.id);
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    assert!(!fixture.is_dirty());
}

#[test]
fn a_text_that_was_kept_over_an_unreadable_file_does_not_go_back_to_an_empty_one() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.fs.insert(FILE, b"\0\x01\x02\xff\0");
    let error = fs::load(&*fixture.fs, Path::new(FILE)).unwrap_err();
    fixture.workspace.disk_unreadable(Path::new(FILE), &error);
    fixture.workspace.keep_mine(fixture.id);
    let reverting = fixture.workspace.revert_job(fixture.id);
    assert_eq!(reverting.unwrap_err(), ReloadError::NotRead);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    // What was written is known.
    fixture.type_at_start("y");
    let found = fixture.workspace.revert_job(fixture.id).unwrap().run();
    let reverted = fixture.workspace.revert_finished(fixture.id, found);
    assert_eq!(reverted, Ok(true));
    assert_eq!(fixture.text(), "xone\n");
}

#[test]
fn a_file_that_could_not_be_read_is_missed_where_it_is_deleted_after_keeping_mine() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.fs.insert(FILE, b"\0\x01\x02\xff\0");
    let error = fs::load(&*fixture.fs, Path::new(FILE)).unwrap_err();
    fixture.workspace.disk_unreadable(Path::new(FILE), &error);
    fixture.workspace.keep_mine(fixture.id);
    fixture.events();
    fixture.deleted_by_another();
    let disk = |fixture: &Fixture| fixture.workspace.buffer(fixture.id).unwrap().disk();
    assert_eq!(disk(&fixture), DiskState::Deleted);
    assert_eq!(fixture.events(), ["BufferDiskChanged"]);
    assert!(fixture.is_dirty());
    // What somebody puts there now is no text that was decided on.
    fixture.fs.insert(FILE, b"theirs\n");
    fixture.workspace.save_blocking(fixture.id).unwrap_err();
    assert_eq!(fixture.on_disk(), "theirs\n");
    fixture.deleted_by_another();
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    assert_eq!(disk(&fixture), DiskState::InSync);
    assert!(!fixture.is_dirty());
}

#[test]
fn news_of_files_that_are_not_open_is_ignored() {
    let mut fixture = Fixture::new("one\n");
    fixture.workspace.disk_changed(Path::new("/p/other"), None);
    assert!(fixture.events().is_empty());
}

#[test]
fn a_large_file_that_holds_what_was_saved_is_not_read_as_a_second_text() {
    let mut fixture = Fixture::new(&"line\n".repeat(900_000));
    let path = Path::new(FILE);
    let unchanged = |fixture: &Fixture| {
        let job = fixture.workspace.disk_job(fixture.id).unwrap();
        job.unchanged(&*fixture.fs, path)
    };
    fixture.type_at_start("x");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    let saved = fixture.on_disk();

    // Neither where the time is that of the save: nothing is read at all.
    let operation = fs::FakeOperation::Read;
    let refused = std::io::ErrorKind::PermissionDenied;
    fixture.fs.fail_always(operation, FILE, refused);
    let found = unchanged(&fixture).unwrap();
    fixture.fs.heal();
    assert!(fixture.workspace.disk_unchanged(path, found));
    // Nor where it was only touched; it may have become read-only.
    fixture.fs.insert(FILE, saved.as_bytes());
    fixture.fs.set_read_only(FILE, true);
    let found = unchanged(&fixture).unwrap();
    assert!(fixture.workspace.disk_unchanged(path, found));
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(
        (buffer.disk(), buffer.is_dirty()),
        (DiskState::InSync, false)
    );
    assert!(buffer.is_read_only());

    let other = saved.replacen("line", "LINE", 1);
    fixture.fs.insert(FILE, other.as_bytes());
    assert!(unchanged(&fixture).is_none());
    fixture.tell();
    assert_eq!(fixture.text(), other);
    // What was found before says nothing any more.
    assert!(!fixture.workspace.disk_unchanged(path, found));
}
