use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::{Selections, Text, editing};
use fs::{EncodingChoice, FakeFs, Fs, LeftBehind};

use super::{FILE, Fixture};
use crate::made::{Made, Way};
use crate::{BufferId, DiskState, HistoryMove, Recovered, Recovery, Workspace, WorkspaceEvent};

pub(super) fn open(state: &Path) -> (Recovery, Vec<Recovered>, Vec<LeftBehind>) {
    Recovery::open(state, Path::new("/p")).unwrap()
}

/// Keeps what is unsaved; says whether there was something to do.
pub(super) fn keep(recovery: &mut Recovery, workspace: &Workspace) -> bool {
    let Some(job) = recovery.job(workspace) else {
        return false;
    };
    recovery.finished(job.run()).unwrap();
    true
}

/// A second start: opens what was left behind in a workspace over the same files.
pub(super) fn restart(fs: &Arc<FakeFs>, state: &Path) -> (Workspace, Vec<BufferId>) {
    let (mut recovery, found, left_behind) = open(state);
    let mut workspace = Workspace::new("/p".into(), fs.clone());
    let restored = workspace.restore(found.into_iter().map(|recovered| {
        let file = recovered.load_file(&**fs, EncodingChoice::default());
        (recovered, file)
    }));
    keep(&mut recovery, &workspace);
    assert!(recovery.is_up_to_date(&workspace));
    for left in left_behind {
        left.discard().unwrap();
    }
    (workspace, restored)
}

#[test]
fn unsaved_text_comes_back_after_a_crash_and_again_after_the_next() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, found, _) = open(state.path());
    assert!(found.is_empty());
    assert!(
        !keep(&mut recovery, &fixture.workspace),
        "nothing is unsaved"
    );
    fixture.type_at_start("x");
    assert!(!recovery.is_up_to_date(&fixture.workspace));
    assert!(keep(&mut recovery, &fixture.workspace));
    assert!(recovery.is_up_to_date(&fixture.workspace));
    assert!(
        !keep(&mut recovery, &fixture.workspace),
        "it is kept already"
    );
    // Dropping it is all that the system does for a program that is killed.
    drop(recovery);

    for _ in 0..2 {
        let (mut workspace, restored) = restart(&fixture.fs, state.path());
        let [id] = restored[..] else {
            panic!("{restored:?}");
        };
        let buffer = workspace.buffer(id).unwrap();
        assert_eq!(*buffer.text(), "xone\n");
        assert!(buffer.is_dirty());
        assert_eq!(buffer.disk(), DiskState::InSync);
        assert!(workspace.take_events().iter().any(
            |event| matches!(event, WorkspaceEvent::Notice { message, .. } if message.contains("a.txt"))
        ));
        workspace.undo(id);
        assert_eq!(*workspace.buffer(id).unwrap().text(), "one\n");
        assert!(!workspace.buffer(id).unwrap().is_dirty());
    }
    assert_eq!(fixture.on_disk(), "one\n");
}

#[test]
fn what_comes_back_knows_where_the_last_edit_ends_until_the_text_is_another() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    for typed in ["left ", "right "] {
        fixture.type_at_start(typed);
        keep(&mut recovery, &fixture.workspace);
    }
    let own = fixture.workspace.buffer(fixture.id).unwrap();
    assert_eq!(own.last_recovered_edit(), None, "it was typed here");
    drop(recovery);

    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let id = restored[0];
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(*buffer.text(), "right left one\n");
    assert_eq!(buffer.last_recovered_edit(), Some("right ".len()));
    workspace.undo(id);
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.last_recovered_edit(), None);
}

#[test]
fn what_comes_back_is_told_once_with_all_its_names() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    for _ in 0..2 {
        let note = fixture.workspace.new_untitled();
        fixture.workspace.replace_text(note, "draft").unwrap();
    }
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(restored.len(), 3);
    let told: Vec<_> = workspace
        .take_events()
        .into_iter()
        .filter_map(|event| match event {
            WorkspaceEvent::Notice { message, .. } => Some(message),
            _ => None,
        })
        .collect();
    let [told] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(
        told.starts_with("Your unsaved edits to 3 files are back: "),
        "{told}"
    );
    for name in ["a.txt", "Untitled-1", "Untitled-2"] {
        assert!(told.contains(name), "{told}");
    }
}

#[test]
fn what_was_saved_or_closed_does_not_come_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    let other = fixture.workspace.new_untitled();
    fixture.workspace.replace_text(other, "draft").unwrap();
    keep(&mut recovery, &fixture.workspace);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    fixture.workspace.close(other);
    assert!(keep(&mut recovery, &fixture.workspace));
    drop(recovery);
    let (_, restored) = restart(&fixture.fs, state.path());
    assert!(restored.is_empty());
}

#[test]
fn text_without_a_file_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("");
    let (mut recovery, ..) = open(state.path());
    let id = fixture.workspace.new_untitled();
    assert!(!keep(&mut recovery, &fixture.workspace));
    fixture.workspace.replace_text(id, "dräft\n\n").unwrap();
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!(*buffer.text(), "dräft\n\n");
    assert_eq!((buffer.path(), buffer.is_dirty()), (None, true));
}

/// A program that ended with "xone" unsaved, whose file another one changed to "theirs" since.
fn changed_by_both(state: &Path) -> Fixture {
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state);
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.insert(FILE, b"theirs\n");
    fixture
}

#[test]
fn a_file_that_changed_meanwhile_is_a_conflict() {
    let state = tempfile::tempdir().unwrap();
    let fixture = changed_by_both(state.path());
    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!(*buffer.text(), "xone\n");
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(
        buffer
            .text_on_disk()
            .is_some_and(|text| *text == "theirs\n")
    );
    assert!(workspace.save_blocking(restored[0]).is_err());
    assert_eq!(fixture.on_disk(), "theirs\n");
}

#[test]
fn a_conflict_that_nobody_decided_is_one_after_a_second_end_too() {
    let state = tempfile::tempdir().unwrap();
    let fixture = changed_by_both(state.path());
    for _ in 0..3 {
        let (mut workspace, restored) = restart(&fixture.fs, state.path());
        let buffer = workspace.buffer(restored[0]).unwrap();
        assert_eq!(*buffer.text(), "xone\n");
        assert_eq!(buffer.disk(), DiskState::Changed);
        assert!(workspace.save_blocking(restored[0]).is_err());
    }
    assert_eq!(fixture.on_disk(), "theirs\n");
}

#[test]
fn text_of_a_file_that_is_gone_comes_back_and_can_be_saved() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.remove(Path::new(FILE)).unwrap();
    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!(buffer.disk(), DiskState::Deleted);
    assert!(buffer.is_dirty());
    workspace.save_blocking(restored[0]).unwrap();
    assert_eq!(fixture.on_disk(), "xone\n");
}

#[test]
fn what_was_typed_into_a_file_that_is_gone_comes_back_alone_where_no_copy_was_kept() {
    for (typed, back) in [("x", Some("x")), ("", None)] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("one\n");
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = 1;
        if typed.is_empty() {
            fixture.workspace.replace_text(fixture.id, "on\n").unwrap();
        } else {
            fixture.type_at_start(typed);
        }
        keep(&mut recovery, &fixture.workspace);
        drop(recovery);
        fixture.fs.remove(Path::new(FILE)).unwrap();
        // Also at the next start.
        for _ in 0..2 {
            let (mut workspace, restored) = restart(&fixture.fs, state.path());
            let texts: Vec<_> = restored
                .iter()
                .map(|id| workspace.buffer(*id).unwrap())
                .map(|buffer| (buffer.path(), buffer.text().to_string()))
                .collect();
            let expected: Vec<_> = back.iter().map(|text| (None, text.to_string())).collect();
            assert_eq!(texts, expected);
            // No other text claims to be that of the file.
            assert_eq!(workspace.buffers().count(), restored.len());
            let is_told = |event: &WorkspaceEvent| {
                matches!(event, WorkspaceEvent::Notice { message, .. }
                    if message.contains("a.txt is gone") || message.contains("Untitled")
                        || message.contains("edits to a.txt"))
            };
            assert!(workspace.take_events().iter().any(is_told) || restored.is_empty());
        }
    }
}

#[test]
fn another_window_on_the_same_folder_keeps_its_own() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut first, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut first, &fixture.workspace);
    let (_second, found, _) = open(state.path());
    assert!(found.is_empty());
}

#[test]
fn unsaved_edits_of_two_windows_to_one_file_both_come_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixtures = [Fixture::new("one\n"), Fixture::new("one\n")];
    let mut recoveries = Vec::new();
    for (fixture, typed) in fixtures.iter_mut().zip(["x", "y"]) {
        let (mut recovery, ..) = open(state.path());
        fixture.type_at_start(typed);
        keep(&mut recovery, &fixture.workspace);
        recoveries.push(recovery);
    }
    drop(recoveries);
    let (workspace, restored) = restart(&fixtures[0].fs, state.path());
    let mut texts: Vec<String> = restored
        .iter()
        .map(|id| workspace.buffer(*id).unwrap().text().to_string())
        .collect();
    texts.sort();
    assert_eq!(texts, ["xone\n", "yone\n"]);
}

#[test]
fn a_dirty_file_that_is_moved_comes_back_under_its_new_name() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    let moved = Path::new("/p/b.txt");
    fixture.fs.rename(Path::new(FILE), moved).unwrap();
    fixture.workspace.path_moved(Path::new(FILE), moved);
    assert!(!recovery.is_up_to_date(&fixture.workspace));
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(workspace.buffer(restored[0]).unwrap().path(), Some(moved));
}

#[test]
fn one_job_runs_at_a_time_and_what_failed_is_tried_again() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    let job = recovery.job(&fixture.workspace).unwrap();
    assert!(recovery.job(&fixture.workspace).is_none());
    // The folder goes away under the job.
    let base = state.path().join("recovery");
    std::fs::rename(&base, state.path().join("moved")).unwrap();
    assert!(recovery.finished(job.run()).is_err());
    std::fs::rename(state.path().join("moved"), &base).unwrap();
    assert!(keep(&mut recovery, &fixture.workspace));
}

/// The files of one kind that are kept, with their lengths.
pub(super) fn kept_files(state: &Path, ending: &str) -> Vec<(PathBuf, u64)> {
    let (mut pending, mut found) = (vec![state.to_path_buf()], Vec::new());
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let length = path.metadata().unwrap().len();
                found.push((path, length));
            }
        }
    }
    found
}

#[test]
fn typing_is_appended_and_the_text_written_once() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&"line\n".repeat(10_000));
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("a");
    keep(&mut recovery, &fixture.workspace);
    let (entry, length) = kept_files(state.path(), "entry")[0].clone();
    let written = entry.metadata().unwrap().modified().unwrap();
    for at in 1..=50 {
        fixture.type_at(at, "b");
        assert!(keep(&mut recovery, &fixture.workspace));
    }
    assert_eq!(entry.metadata().unwrap().modified().unwrap(), written);
    let journal = kept_files(state.path(), "journal")[0].1;
    assert!(length > 50_000 && journal < 5_000, "{length} {journal}");
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(
        workspace.buffer(restored[0]).unwrap().text().to_string(),
        fixture.text()
    );
}

#[test]
fn a_journal_that_has_grown_gives_way_to_the_text() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("");
    let (mut recovery, ..) = open(state.path());
    for _ in 0..12 {
        fixture.type_at_start(&"x".repeat(200_000));
        keep(&mut recovery, &fixture.workspace);
        // Large pieces come and go, so that the journal outgrows the text.
        fixture.workspace.undo(fixture.id);
        keep(&mut recovery, &fixture.workspace);
    }
    fixture.type_at_start("end");
    keep(&mut recovery, &fixture.workspace);
    let journals = kept_files(state.path(), "journal");
    assert!(
        journals.iter().all(|(_, length)| *length < 1_400_000),
        "{journals:?}"
    );
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "end");
}

#[test]
fn a_large_file_is_kept_by_its_changes_alone() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&"0123456789abcde\n".repeat(1_100_000));
    let (mut recovery, ..) = open(state.path());
    fixture.type_at(800, "first ");
    keep(&mut recovery, &fixture.workspace);
    fixture.type_at(806, "second ");
    keep(&mut recovery, &fixture.workspace);
    let kept: u64 = ["entry", "journal"]
        .iter()
        .flat_map(|ending| kept_files(state.path(), ending))
        .map(|(_, length)| length)
        .sum();
    assert!(kept < 10_000, "{kept}");
    drop(recovery);
    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert!(buffer.is_dirty());
    assert_eq!(*buffer.text(), fixture.text().as_str());
    while workspace.undo(restored[0]).is_some() {}
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!(*buffer.text(), fixture.on_disk().as_str());
    assert!(!buffer.is_dirty());
}

/// Many changes between two jobs, as a macro makes them.
fn burst(fixture: &mut Fixture, typed: &str) {
    for _ in 0..300 {
        fixture.type_at_start(typed);
        fixture.workspace.break_undo_group(fixture.id);
    }
}

#[test]
fn bursts_of_changes_are_kept_with_their_undo_history() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    recovery.max_copied = 1;
    for typed in ["a", "b", "c"] {
        burst(&mut fixture, typed);
        assert!(keep(&mut recovery, &fixture.workspace));
    }
    drop(recovery);
    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let text = |workspace: &Workspace| workspace.buffer(restored[0]).unwrap().text().to_string();
    assert_eq!(text(&workspace), fixture.text());
    for _ in 0..900 {
        workspace.undo(restored[0]).unwrap();
    }
    assert_eq!(text(&workspace), "one\n");
}

#[test]
fn a_burst_in_a_text_that_was_just_written_does_not_wait() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&"0123456789abcde\n".repeat(5 * 1024 * 1024 / 16));
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    assert!(keep(&mut recovery, &fixture.workspace));
    burst(&mut fixture, "a");
    assert!(
        keep(&mut recovery, &fixture.workspace),
        "changes in a journal"
    );
    assert!(recovery.is_up_to_date(&fixture.workspace));
    // More than a journal may hold, and than is remembered.
    for _ in 0..3 {
        fixture.type_at_start(&"y".repeat(30 * 1024 * 1024));
        fixture.workspace.undo(fixture.id);
    }
    fixture.type_at_start("end");
    assert!(keep(&mut recovery, &fixture.workspace), "all of the text");
    assert!(recovery.is_up_to_date(&fixture.workspace));
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let text = workspace.buffer(restored[0]).unwrap().text();
    assert!(text.to_string() == fixture.text(), "{}", text.len());
}

#[test]
fn what_was_typed_into_a_large_file_that_changed_meanwhile_comes_back_by_itself() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&"0123456789abcde\n".repeat(1_100_000));
    let (mut recovery, ..) = open(state.path());
    fixture.type_at(800, "typed");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.insert(FILE, b"theirs\n");
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!((buffer.path(), buffer.is_dirty()), (None, true));
    assert_eq!(*buffer.text(), "typed");
    assert_eq!(fixture.on_disk(), "theirs\n");
}

#[test]
fn nothing_comes_back_of_a_large_file_that_was_saved_as_the_program_ended() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&"0123456789abcde\n".repeat(1_100_000));
    let (mut recovery, ..) = open(state.path());
    fixture.type_at(800, "typed");
    keep(&mut recovery, &fixture.workspace);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    drop(recovery);
    let (workspace, _) = restart(&fixture.fs, state.path());
    assert!(workspace.buffers().all(|buffer| !buffer.is_dirty()));
}

#[test]
fn the_undo_history_comes_back_with_its_branches() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("");
    let (mut recovery, ..) = open(state.path());
    let id = fixture.id;
    let step = |fixture: &mut Fixture, typed: &str, recovery: &mut Recovery| {
        fixture.type_at_start(typed);
        fixture.workspace.break_undo_group(id);
        keep(recovery, &fixture.workspace);
    };
    step(&mut fixture, "a", &mut recovery);
    step(&mut fixture, "b", &mut recovery);
    fixture.workspace.undo(id);
    step(&mut fixture, "c", &mut recovery);
    step(&mut fixture, "d", &mut recovery);
    fixture.workspace.undo(id);
    keep(&mut recovery, &fixture.workspace);
    assert_eq!(fixture.text(), "ca");
    drop(recovery);

    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let id = restored[0];
    let mut shown = Vec::new();
    let mut step = |to| {
        workspace.move_in_history(id, to).unwrap();
        shown.push(workspace.buffer(id).unwrap().text().to_string());
    };
    for to in [
        HistoryMove::Redo,
        HistoryMove::Undo,
        HistoryMove::Undo,
        HistoryMove::Undo,
        HistoryMove::Redo,
        HistoryMove::OtherBranch,
    ] {
        step(to);
    }
    assert_eq!(shown, ["dca", "ca", "a", "", "a", "ba"]);
}

#[test]
fn a_program_that_panics_writes_down_what_was_not_written_yet() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    let last_words = recovery.last_words();
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    fixture.type_at(1, "y");
    fixture.type_at(2, "z");
    let in_the_midst = recovery.job(&fixture.workspace).unwrap();
    std::thread::spawn(move || last_words.write())
        .join()
        .unwrap();
    // What was under way is written too; nothing comes back twice.
    in_the_midst.run();
    drop((recovery, fixture.workspace));
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "xyzone\n");
}

#[test]
fn last_words_outlive_a_job_that_writes_the_text_anew() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    let moved = Path::new("/p/b.txt");
    fixture.fs.rename(Path::new(FILE), moved).unwrap();
    fixture.workspace.path_moved(Path::new(FILE), moved);
    let in_the_midst = recovery.job(&fixture.workspace).unwrap();
    fixture.type_at(1, "y");
    recovery.last_words().write();
    in_the_midst.run();
    drop((recovery, fixture.workspace));
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "xyone\n");
}

#[test]
fn an_entry_that_is_damaged_is_shown_as_it_is() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    for (path, _) in kept_files(state.path(), "entry") {
        std::fs::write(path, b"{ not an entry").unwrap();
    }
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let buffer = workspace.buffer(restored[0]).unwrap();
    assert_eq!(*buffer.text(), "{ not an entry");
    assert_eq!(buffer.path(), None);
}

#[test]
fn after_an_end_that_lost_nothing_nothing_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    recovery.discard().unwrap();
    let (_, restored) = restart(&fixture.fs, state.path());
    assert!(restored.is_empty());
}

#[test]
fn an_end_without_a_decision_keeps_what_is_unsaved_and_forgets_what_was_given_up() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("given up ");
    let note = fixture.workspace.new_untitled();
    fixture.workspace.replace_text(note, "note").unwrap();
    keep(&mut recovery, &fixture.workspace);
    // Not kept yet when the end comes.
    fixture.workspace.replace_text(note, "longer note").unwrap();
    let given_up = [fixture.id].into();
    assert!(!recovery.end(&fixture.workspace, &given_up).unwrap());
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let [id] = restored[..] else {
        panic!("{restored:?}");
    };
    assert_eq!(*workspace.buffer(id).unwrap().text(), "longer note");
}

#[test]
fn an_end_at_which_all_is_saved_or_given_up_keeps_nothing() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    let given_up = [fixture.id].into();
    assert!(recovery.end(&fixture.workspace, &given_up).unwrap());
    let (_, restored) = restart(&fixture.fs, state.path());
    assert!(restored.is_empty());
}

#[test]
fn a_document_of_edits_that_do_not_fit_is_among_what_came_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let (_recovery, mut found, _) = open(state.path());
    let other = Text::new("quite another text\n");
    found[0].journal.push(Made {
        version: u64::MAX,
        changes: editing::insert_text(&other, &Selections::caret(0), "typed").changes,
        before: Selections::caret(0),
        after: Selections::caret(5),
        way: Way::Move(HistoryMove::Redo),
    });
    let mut workspace = Workspace::new("/p".into(), fixture.fs.clone());
    let restored = workspace.restore(found.into_iter().map(|recovered| {
        let file = recovered.load_file(&*fixture.fs, EncodingChoice::default());
        (recovered, file)
    }));
    let text = |id: &BufferId| workspace.buffer(*id).unwrap().text().to_string();
    let texts: Vec<_> = restored.iter().map(text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert_eq!(texts[0], "xone\n");
    assert!(texts[1].contains("typed"), "{texts:?}");
    let shown = workspace.take_events().into_iter();
    let shown = shown.filter_map(|event| match event {
        WorkspaceEvent::BufferRecovered(id) => Some(id),
        _ => None,
    });
    assert_eq!(shown.collect::<Vec<_>>(), restored);
}

#[test]
fn the_state_that_was_saved_before_a_crash_is_marked_after_it() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    let type_apart = |workspace: &mut Workspace, id, typed: &str| {
        let text = workspace.buffer(id).unwrap().text().clone();
        let transaction = editing::insert_text(&text, &Selections::caret(0), typed);
        workspace.edit(id, transaction).unwrap();
        workspace.break_undo_group(id);
    };
    type_apart(&mut fixture.workspace, fixture.id, "saved ");
    fixture.workspace.save_blocking(fixture.id).unwrap();
    type_apart(&mut fixture.workspace, fixture.id, "left ");
    keep(&mut recovery, &fixture.workspace);
    type_apart(&mut fixture.workspace, fixture.id, "right ");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);

    let (mut workspace, restored) = restart(&fixture.fs, state.path());
    let id = restored[0];
    let saved_text = |workspace: &Workspace| {
        let buffer = workspace.buffer(id).unwrap();
        let states = buffer.history_states();
        let text = states.text_of(buffer.saved_state()?, buffer.text());
        Some(text?.to_string())
    };
    assert_eq!(saved_text(&workspace), None);
    let never = AtomicBool::new(false);
    let job = workspace.saved_state_job(id).unwrap();
    let late = workspace.saved_state_job(id).unwrap();
    let found = job.run(&never).expect("it is one of the states");
    type_apart(&mut workspace, id, "meanwhile ");
    workspace.take_events();
    workspace.saved_state_found(id, found);
    assert_eq!(saved_text(&workspace).as_deref(), Some("saved one\n"));
    let events = workspace.take_events();
    assert!(
        matches!(events[..], [WorkspaceEvent::BufferSavedStateFound(_)]),
        "{events:?}"
    );
    assert!(workspace.saved_state_job(id).is_none(), "it is known");
    for _ in 0..3 {
        assert!(workspace.buffer(id).unwrap().is_dirty());
        workspace.undo(id).unwrap();
    }
    assert!(!workspace.buffer(id).unwrap().is_dirty());

    // Of what was saved since, it says nothing.
    workspace.redo(id).unwrap();
    workspace.save_blocking(id).unwrap();
    workspace.saved_state_found(id, late.run(&never).unwrap());
    assert_eq!(saved_text(&workspace).as_deref(), Some("left saved one\n"));
}
