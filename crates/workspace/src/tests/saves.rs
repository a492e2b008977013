use std::io::ErrorKind;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::sync::Arc;

use fs::{FakeOperation, Fs as _, LineEnding};

use super::{FILE, Fixture};
#[cfg(target_os = "linux")]
use crate::Workspace;
use crate::{DiskState, HistorySource, SaveError};

#[test]
fn a_save_writes_the_text_and_leaves_the_buffer_clean() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.events();
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    assert!(!fixture.is_dirty());
    assert_eq!(fixture.events(), ["BufferSaved", "BufferDirtyChanged"]);
    fixture.workspace.undo(fixture.id);
    assert!(fixture.is_dirty());
}

#[test]
fn a_clean_buffer_is_not_written() {
    let mut fixture = Fixture::new("one\n");
    fixture
        .fs
        .fail_always(FakeOperation::Write, FILE, ErrorKind::Other);
    fixture.workspace.save_blocking(fixture.id).unwrap();
}

#[test]
fn edits_made_while_a_save_runs_stay_unsaved() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let job = fixture.workspace.save_job(fixture.id).unwrap();
    fixture.type_at_start("y");
    let saved = job.run();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    assert_eq!(fixture.text(), "yxone\n");
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "yxone\n");
}

#[test]
fn saves_that_overlap_leave_the_newest_text_whichever_runs_first() {
    for newest_first in [false, true] {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        let older = fixture.workspace.save_job(fixture.id).unwrap();
        fixture.type_at_start("y");
        let newer = fixture.workspace.save_job(fixture.id).unwrap();
        let jobs = if newest_first {
            [newer, older]
        } else {
            [older, newer]
        };
        let saved: Vec<_> = jobs.into_iter().map(|job| job.run()).collect();
        for result in saved {
            fixture.workspace.save_finished(fixture.id, result).unwrap();
        }
        assert_eq!(fixture.on_disk(), "yxone\n");
        assert!(!fixture.is_dirty());
    }
}

#[test]
fn going_back_to_what_was_saved_while_a_save_runs_and_saving_again_writes_it() {
    // Undo leads to the text that the buffer is still compared with, so that the second save may
    // think that there is nothing to write.
    for (first_runs_first, first_ends_first) in
        [(true, true), (true, false), (false, true), (false, false)]
    {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        let first = fixture.workspace.save_job(fixture.id).unwrap();
        fixture.workspace.undo(fixture.id);
        assert!(!fixture.is_dirty());
        let second = fixture.workspace.save_job(fixture.id).unwrap();
        let (first, second) = if first_runs_first {
            let first = first.run();
            (first, second.run())
        } else {
            let second = second.run();
            (first.run(), second)
        };
        let ended = if first_ends_first {
            [first, second]
        } else {
            [second, first]
        };
        for saved in ended {
            fixture.workspace.save_finished(fixture.id, saved).unwrap();
        }
        let case = (first_runs_first, first_ends_first);
        assert_eq!(fixture.on_disk(), "one\n", "{case:?}");
        assert_eq!(fixture.text(), "one\n", "{case:?}");
        assert!(!fixture.is_dirty(), "{case:?}");
        // What the buffer believes of the disk is so: another save finds nothing that is not known.
        fixture.type_at_start("y");
        fixture.workspace.save_blocking(fixture.id).unwrap();
        assert_eq!(fixture.on_disk(), "yone\n", "{case:?}");
    }
}

#[test]
fn line_ends_that_are_chosen_and_given_up_while_a_save_runs_are_written_as_they_were() {
    let mut fixture = Fixture::new("one\n");
    let before = fixture.workspace.buffer(fixture.id).unwrap();
    let before = before.format().clone();
    let other = before.clone().with_line_ending(LineEnding::CrLf);
    fixture.workspace.set_format(fixture.id, other);
    let first = fixture.workspace.save_job(fixture.id).unwrap();
    fixture.workspace.set_format(fixture.id, before);
    let second = fixture.workspace.save_job(fixture.id).unwrap();
    for saved in [first.run(), second.run()] {
        fixture.workspace.save_finished(fixture.id, saved).unwrap();
    }
    assert_eq!(fixture.on_disk(), "one\n");
    assert!(!fixture.is_dirty());
}

#[test]
fn a_save_that_fails_leaves_file_and_buffer_as_they_were() {
    for error in [
        ErrorKind::StorageFull,
        ErrorKind::PermissionDenied,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::Other,
    ] {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        fixture.fs.fail_next(FakeOperation::Write, FILE, error);
        let failed = fixture.workspace.save_blocking(fixture.id).unwrap_err();
        assert!(failed.to_string().contains(FILE), "{failed}");
        assert_eq!(fixture.on_disk(), "one\n");
        assert_eq!(fixture.text(), "xone\n");
        assert!(fixture.is_dirty());
        fixture.workspace.save_blocking(fixture.id).unwrap();
        assert_eq!(fixture.on_disk(), "xone\n");
    }
}

#[test]
fn a_file_changed_meanwhile_is_not_written_over() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    // The watcher has not told yet.
    fixture.fs.insert(FILE, b"theirs\n");
    let error = fixture.workspace.save_blocking(fixture.id).unwrap_err();
    assert!(matches!(error, SaveError::ChangedOnDisk { .. }), "{error}");
    assert_eq!(fixture.on_disk(), "theirs\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(
        buffer
            .text_on_disk()
            .is_some_and(|text| *text == "theirs\n")
    );
    assert_eq!(fixture.text(), "xone\n");
    // Known by now, it is refused without looking.
    assert!(fixture.workspace.save_job(fixture.id).is_err());

    let overwrite = fixture.workspace.overwrite_job(fixture.id).unwrap().run();
    fixture
        .workspace
        .save_finished(fixture.id, overwrite)
        .unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(
        (buffer.disk(), buffer.is_dirty()),
        (DiskState::InSync, false)
    );
}

#[test]
fn a_change_that_keeps_the_size_is_noticed() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.fs.insert(FILE, b"eno\n");
    assert!(fixture.workspace.save_blocking(fixture.id).is_err());
}

#[test]
fn a_file_that_was_only_touched_is_saved() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    fixture.fs.insert(FILE, b"one\n");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
}

#[test]
fn news_of_our_own_save_is_no_conflict() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let job = fixture.workspace.save_job(fixture.id).unwrap();
    let saved = job.run();
    fixture.type_at_start("y");
    // The watcher is faster than the result of the save.
    fixture.tell();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::InSync);
    assert!(buffer.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "yxone\n");
}

#[test]
fn another_program_that_writes_right_after_our_save_is_noticed() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let saved = fixture.workspace.save_job(fixture.id).unwrap().run();
    fixture.type_at_start("y");
    fixture.changed_by_another("theirs\n");
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(fixture.workspace.save_blocking(fixture.id).is_err());
    assert_eq!(fixture.on_disk(), "theirs\n");
}

#[test]
fn an_untitled_buffer_asks_where_to() {
    let mut fixture = Fixture::new("one\n");
    let id = fixture.workspace.new_untitled();
    fixture
        .workspace
        .replace_text(id, "fn main() {}\n")
        .unwrap();
    let error = fixture.workspace.save_job(id).err().unwrap();
    assert!(matches!(error, SaveError::NoPath { .. }));
    fixture.events();
    let job = fixture
        .workspace
        .save_as_job(id, Path::new("new/main.rs"), false)
        .unwrap();
    let saved = job.run();
    fixture.workspace.save_finished(id, saved).unwrap();
    assert_eq!(
        fixture.fs.content("/p/new/main.rs").unwrap(),
        b"fn main() {}\n"
    );
    let buffer = fixture.workspace.buffer(id).unwrap();
    assert_eq!(buffer.display_name(), "main.rs");
    assert_eq!(buffer.language().id_str(), "rust");
    assert!(!buffer.is_dirty());
    assert_eq!(
        fixture.events(),
        ["BufferPathChanged", "BufferSaved", "BufferDirtyChanged"]
    );
    fixture
        .workspace
        .replace_text(id, "fn main() { }\n")
        .unwrap();
    fixture.workspace.save_blocking(id).unwrap();
    assert_eq!(
        fixture.fs.content("/p/new/main.rs").unwrap(),
        b"fn main() { }\n"
    );
}

#[test]
fn save_as_does_not_run_over_a_file_unless_told_to() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.insert("/p/b.txt", b"b\n");
    let target = Path::new("/p/b.txt");
    let refused = fixture
        .workspace
        .save_as_job(fixture.id, target, false)
        .unwrap()
        .run();
    assert!(matches!(refused, Err(SaveError::AlreadyExists { .. })));
    assert_eq!(fixture.fs.content(target).unwrap(), b"b\n");
    let saved = fixture
        .workspace
        .save_as_job(fixture.id, target, true)
        .unwrap()
        .run();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    assert_eq!(fixture.fs.content(target).unwrap(), b"one\n");
    assert_eq!(fixture.on_disk(), "one\n");
    assert_eq!(
        fixture.workspace.buffer(fixture.id).unwrap().path(),
        Some(target)
    );
}

#[test]
fn save_as_does_not_run_over_a_file_that_is_open() {
    let mut fixture = Fixture::new("one\n");
    fixture.fs.insert("/p/b.txt", b"b\n");
    let target = Path::new("/p/b.txt");
    fixture.workspace.open_blocking(target).unwrap();
    let refused = fixture.workspace.save_as_job(fixture.id, target, true);
    assert!(matches!(refused, Err(SaveError::OpenElsewhere { .. })));
}

#[test]
fn another_line_ending_is_saved_though_the_text_is_the_same() {
    let mut fixture = Fixture::new("one\ntwo\n");
    let format = fixture
        .workspace
        .buffer(fixture.id)
        .unwrap()
        .format()
        .clone();
    fixture
        .workspace
        .set_format(fixture.id, format.with_line_ending(LineEnding::CrLf));
    assert!(fixture.is_dirty());
    fixture.workspace.save_blocking(fixture.id).unwrap();
    assert_eq!(fixture.on_disk(), "one\r\ntwo\r\n");
    assert!(!fixture.is_dirty());
}

#[test]
fn a_buffer_closed_while_its_save_runs_is_saved() {
    let mut fixture = Fixture::new("one\n");
    fixture.type_at_start("x");
    let job = fixture.workspace.save_job(fixture.id).unwrap();
    fixture.workspace.close(fixture.id);
    let saved = job.run();
    fixture.workspace.save_finished(fixture.id, saved).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
}

#[test]
fn an_earlier_save_does_not_vouch_for_a_text_that_another_program_put_back() {
    for decides in [false, true] {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        fixture.workspace.save_blocking(fixture.id).unwrap();
        if decides {
            fixture.type_at_start("y");
            fixture.changed_by_another("theirs\n");
            fixture.workspace.keep_mine(fixture.id);
        } else {
            fixture.changed_by_another("theirs\n");
            fixture.type_at_start("y");
        }
        // Such as a checkout, before the watcher tells.
        fixture.fs.insert(FILE, b"xone\n");
        let refused = fixture.workspace.save_blocking(fixture.id).unwrap_err();
        assert!(
            matches!(refused, SaveError::ChangedOnDisk { .. }),
            "{refused}"
        );
        assert_eq!(fixture.on_disk(), "xone\n");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_save_below_a_folder_follows_no_link_that_was_put_in_the_way() {
    let temporary = tempfile::tempdir().unwrap();
    let base = temporary.path().canonicalize().unwrap();
    let root = base.join("project");
    for folder in [root.join("dir"), base.join("outside")] {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.txt"), "old").unwrap();
    }
    let mut workspace = Workspace::new(root.clone(), Arc::new(fs::RealFs::new()));
    let id = workspace.open_blocking(Path::new("dir/a.txt")).unwrap();
    workspace.replace_text(id, "new").unwrap();
    let save = |workspace: &mut Workspace| {
        let job = workspace.save_job(id).unwrap();
        let result = job
            .beneath(root.clone(), "dir/a.txt".into(), HistorySource::Agent)
            .run();
        workspace.save_finished(id, result)
    };
    std::fs::rename(root.join("dir"), root.join("was")).unwrap();
    std::os::unix::fs::symlink(base.join("outside"), root.join("dir")).unwrap();
    let refused = save(&mut workspace).unwrap_err();
    assert!(refused.to_string().contains("through a link"), "{refused}");
    let outside = std::fs::read_to_string(base.join("outside/a.txt")).unwrap();
    assert_eq!(outside, "old");
    assert!(workspace.buffer(id).unwrap().is_dirty());

    std::fs::remove_file(root.join("dir")).unwrap();
    std::fs::rename(root.join("was"), root.join("dir")).unwrap();
    save(&mut workspace).unwrap();
    let saved = std::fs::read_to_string(root.join("dir/a.txt")).unwrap();
    assert_eq!(saved, "new");
    assert!(!workspace.buffer(id).unwrap().is_dirty());
}

#[test]
fn a_buffer_follows_its_file_and_not_the_save_that_the_move_overtook() {
    let moved = Path::new("/p/b.txt");
    for written_first in [true, false] {
        let mut fixture = Fixture::new("one\n");
        fixture.type_at_start("x");
        let job = fixture.workspace.save_job(fixture.id).unwrap();
        let move_file = |fixture: &mut Fixture| {
            fixture.fs.rename(Path::new(FILE), moved).unwrap();
            fixture.workspace.path_moved(Path::new(FILE), moved);
        };
        let result = if written_first {
            let result = job.run();
            move_file(&mut fixture);
            result
        } else {
            move_file(&mut fixture);
            job.run()
        };
        let finished = fixture.workspace.save_finished(fixture.id, result);
        let path = |fixture: &Fixture| {
            let buffer = fixture.workspace.buffer(fixture.id).unwrap();
            buffer.path().map(Path::to_owned)
        };
        assert_eq!(path(&fixture).as_deref(), Some(moved));
        if written_first {
            finished.unwrap();
            assert!(!fixture.is_dirty());
        } else {
            let error = finished.unwrap_err();
            assert!(matches!(error, SaveError::MovedMeanwhile { .. }), "{error}");
            assert!(fixture.is_dirty(), "its file does not hold the text");
        }
        fixture.type_at_start("y");
        fixture.workspace.save_blocking(fixture.id).unwrap();
        assert_eq!(fixture.fs.content(moved).unwrap(), b"yxone\n");
    }
}

#[test]
fn a_damaged_text_that_is_saved_elsewhere_is_a_text_like_any_other() {
    let mut fixture = Fixture::with_bytes(b"\xFF\xFEa\0\x00\xD8b\0");
    let target = Path::new("/p/whole.txt");
    let job = fixture
        .workspace
        .save_as_job(fixture.id, target, false)
        .unwrap();
    let result = job.run();
    fixture.workspace.save_finished(fixture.id, result).unwrap();
    let buffer = fixture.workspace.buffer(fixture.id).unwrap();
    assert!(!buffer.has_damaged_encoding());
    assert!(!buffer.is_read_only());
}
