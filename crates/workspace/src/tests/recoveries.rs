use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fs::{FakeFs, Fs, LeftBehind};

use super::{FILE, Fixture};
use crate::{BufferId, DiskState, Recovered, Recovery, Workspace, WorkspaceEvent};

fn open(state: &Path) -> (Recovery, Vec<Recovered>, Vec<LeftBehind>) {
    Recovery::open(state, Path::new("/p")).unwrap()
}

/// Keeps what is unsaved; says whether there was something to do.
fn keep(recovery: &mut Recovery, workspace: &Workspace) -> bool {
    let Some(job) = recovery.job(workspace) else {
        return false;
    };
    recovery.finished(job.run()).unwrap();
    true
}

/// A second start: opens what was left behind in a workspace over the same files.
fn restart(fs: &Arc<FakeFs>, state: &Path) -> (Workspace, Vec<BufferId>) {
    let (mut recovery, found, left_behind) = open(state);
    let mut workspace = Workspace::new("/p".into(), fs.clone());
    let restored = found
        .into_iter()
        .map(|recovered| {
            let file = recovered
                .path
                .as_ref()
                .and_then(|path| fs::load(&**fs, path).ok());
            workspace.restore(recovered, file)
        })
        .collect();
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

#[test]
fn a_file_that_changed_meanwhile_is_a_conflict() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    fixture.fs.insert(FILE, b"theirs\n");
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

#[test]
fn a_large_text_is_not_written_at_every_key() {
    let state = tempfile::tempdir().unwrap();
    let now = Arc::new(AtomicU64::new(0));
    let clock = now.clone();
    let fs = Arc::new(FakeFs::new());
    let mut workspace = Workspace::with_clock("/p".into(), fs, move || {
        Duration::from_millis(clock.load(Ordering::Relaxed))
    });
    let (mut recovery, ..) = open(state.path());
    let id = workspace.new_untitled();
    workspace.replace_text(id, &"x".repeat(9 << 20)).unwrap();
    assert!(keep(&mut recovery, &workspace));
    workspace.replace_text(id, "y").unwrap();
    now.store(1_900, Ordering::Relaxed);
    assert!(!keep(&mut recovery, &workspace));
    now.store(2_100, Ordering::Relaxed);
    assert!(keep(&mut recovery, &workspace));
}

#[test]
fn an_entry_that_is_damaged_is_shown_as_it_is() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    let mut pending = vec![state.path().to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|ending| ending == "entry") {
                std::fs::write(path, b"{ not an entry").unwrap();
            }
        }
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
