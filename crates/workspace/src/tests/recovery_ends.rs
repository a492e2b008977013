//! The end of a program writes last, and what came back once does not come back twice.

use fs::EncodingChoice;

use super::Fixture;
use super::recoveries::{keep, kept_files, open, restart};
use crate::Workspace;

#[test]
fn a_job_that_runs_on_after_the_end_changes_nothing_any_more() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let note = fixture.workspace.new_untitled();
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("older ");
    fixture.workspace.replace_text(note, "given up").unwrap();
    let late = recovery.job(&fixture.workspace).unwrap();
    fixture.type_at_start("newer ");
    assert!(!recovery.end(&fixture.workspace, &[note].into()).unwrap());
    late.run();
    let (workspace, restored) = restart(&fixture.fs, state.path());
    let texts: Vec<String> = restored
        .iter()
        .map(|id| workspace.buffer(*id).unwrap().text().to_string())
        .collect();
    assert_eq!(texts, ["newer older one\n"]);
}

#[test]
fn a_job_that_forgets_does_not_take_away_what_the_end_kept() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    fixture.workspace.save_blocking(fixture.id).unwrap();
    let late = recovery.job(&fixture.workspace).unwrap();
    fixture.type_at_start("y");
    assert!(!recovery.end(&fixture.workspace, &[].into()).unwrap());
    late.run();
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "yxone\n");
}

#[test]
fn what_a_job_kept_just_before_the_end_and_the_user_gave_up_does_not_come_back() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let note = fixture.workspace.new_untitled();
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    fixture.workspace.replace_text(note, "given up").unwrap();
    // It has run, and nobody has taken its result yet.
    recovery.job(&fixture.workspace).unwrap().run();
    assert!(!recovery.end(&fixture.workspace, &[note].into()).unwrap());
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(restored.len(), 1);
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "xone\n");
}

#[test]
fn what_came_back_and_was_kept_anew_comes_back_once() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let note = fixture.workspace.new_untitled();
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    fixture.workspace.replace_text(note, "note").unwrap();
    keep(&mut recovery, &fixture.workspace);
    drop(recovery);
    for round in 0..3 {
        let (mut recovery, found, left_behind) = open(state.path());
        let mut workspace = Workspace::new("/p".into(), fixture.fs.clone());
        let mut texts = Vec::new();
        for recovered in found {
            let file = recovered.load_file(&*fixture.fs, EncodingChoice::default());
            let id = workspace.restore([(recovered, file)])[0];
            texts.push(workspace.buffer(id).unwrap().text().to_string());
            let longer = format!("{}{round}", texts.last().unwrap());
            workspace.replace_text(id, &longer).unwrap();
        }
        texts.sort();
        let before: String = (0..round).map(|round| round.to_string()).collect();
        assert_eq!(texts, [format!("note{before}"), format!("xone\n{before}")]);
        keep(&mut recovery, &workspace);
        // Killed before what was left behind could go.
        drop(left_behind);
    }
    let (_, restored) = restart(&fixture.fs, state.path());
    assert_eq!(restored.len(), 2);
    assert_eq!(kept_files(state.path(), "entry").len(), 2);
}

#[test]
fn what_one_job_appends_counts_against_the_length_of_the_journal() {
    let state = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new("one\n");
    let (mut recovery, ..) = open(state.path());
    fixture.type_at_start("x");
    keep(&mut recovery, &fixture.workspace);
    for _ in 0..12 {
        fixture.type_at_start(&"x".repeat(200_000));
        fixture.workspace.undo(fixture.id);
    }
    fixture.type_at_start("end ");
    keep(&mut recovery, &fixture.workspace);
    let journals = kept_files(state.path(), "journal");
    assert!(
        journals.iter().all(|(_, length)| *length < 1_400_000),
        "{journals:?}"
    );
    drop(recovery);
    let (workspace, restored) = restart(&fixture.fs, state.path());
    assert_eq!(*workspace.buffer(restored[0]).unwrap().text(), "end xone\n");
}
