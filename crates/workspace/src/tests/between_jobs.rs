//! What is appended to the journals while the workspace's thread has no moment for a job.

use super::Fixture;
use super::recoveries::{keep, kept_files, open, restart};

/// What comes back after a crash.
fn left(fixture: &Fixture, state: &std::path::Path) -> String {
    let (workspace, restored) = restart(&fixture.fs, state);
    let [id] = restored[..] else {
        panic!("{restored:?}");
    };
    workspace.buffer(id).unwrap().text().to_string()
}

#[test]
fn what_is_edited_between_the_jobs_is_kept_and_no_job_writes_it_again() {
    for max_copied in [usize::MAX, 1] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("one\n");
        let (mut recovery, ..) = open(state.path());
        recovery.max_copied = max_copied;
        let journalist = recovery.journalist();
        fixture.type_at_start("a");
        journalist.write();
        assert_eq!(
            kept_files(state.path(), "journal"),
            [],
            "nothing is kept yet"
        );
        keep(&mut recovery, &fixture.workspace);
        fixture.type_at(1, "b");
        fixture.type_at(2, "c");
        journalist.write();
        let written = kept_files(state.path(), "journal");
        journalist.write();
        assert!(
            !keep(&mut recovery, &fixture.workspace),
            "it is there already"
        );
        assert!(recovery.is_up_to_date(&fixture.workspace));
        assert_eq!(kept_files(state.path(), "journal"), written);
        fixture.type_at(3, "d");
        assert!(keep(&mut recovery, &fixture.workspace), "and jobs go on");
        fixture.type_at(4, "e");
        journalist.write();
        drop(recovery);
        assert_eq!(left(&fixture, state.path()), "abcdeone\n");
    }
}

#[test]
fn what_is_edited_while_a_job_waits_for_its_turn_outlives_that_job() {
    for moves in [false, true] {
        let state = tempfile::tempdir().unwrap();
        let mut fixture = Fixture::new("one\n");
        let (mut recovery, ..) = open(state.path());
        let journalist = recovery.journalist();
        fixture.type_at_start("a");
        keep(&mut recovery, &fixture.workspace);
        fixture.type_at(1, "b");
        if moves {
            // The text is written anew, which takes the journal away.
            let windows = fs::TextFormat::new(fs::TextEncoding::UTF_8, true, fs::LineEnding::CrLf);
            fixture.workspace.set_format(fixture.id, windows);
        }
        let waits = recovery.job(&fixture.workspace).unwrap();
        fixture.type_at(2, "c");
        journalist.write();
        // Nobody edits any more, so that the journalist has no cause to write again.
        let done = waits.run();
        drop((recovery, done));
        assert_eq!(left(&fixture, state.path()), "abcone\n", "{moves}");
    }
}

#[test]
fn nothing_is_appended_once_the_end_has_come() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    let journalist = recovery.journalist();
    fixture.type_at_start("a");
    keep(&mut recovery, &fixture.workspace);
    let given_up = [fixture.id].into();
    recovery.end(&fixture.workspace, &given_up).unwrap();
    fixture.type_at(1, "b");
    journalist.write();
    assert_eq!(kept_files(state.path(), "journal"), []);
}

#[test]
fn nothing_is_appended_to_what_the_end_wrote_while_a_job_still_waits() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    let journalist = recovery.journalist();
    fixture.type_at_start("a");
    keep(&mut recovery, &fixture.workspace);
    fixture.type_at(1, "b");
    let waits = recovery.job(&fixture.workspace).unwrap();
    recovery.end(&fixture.workspace, &[].into()).unwrap();
    fixture.type_at(2, "c");
    journalist.write();
    drop(waits.run());
    assert_eq!(kept_files(state.path(), "journal"), []);
    assert_eq!(left(&fixture, state.path()), "abone\n");
}
