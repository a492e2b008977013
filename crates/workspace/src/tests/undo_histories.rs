use std::path::PathBuf;
use std::sync::Arc;

use editor_core::{Selections, editing};
use fs::RealFs;

use crate::{BufferId, HistoryMove, Workspace};

/// A project on the disk, opened by one program after the other.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), text).unwrap();
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("a.txt")
    }

    fn start(&self) -> (Workspace, BufferId) {
        let root = self.folder.path().to_path_buf();
        let mut workspace = Workspace::new(root, Arc::new(RealFs::new()));
        workspace.keep_undo_in(self.folder.path().join("state"));
        let id = workspace.open_blocking(&self.file()).unwrap();
        (workspace, id)
    }

    /// A start after which the history was looked for.
    fn start_with_history(&self) -> (Workspace, BufferId) {
        let (mut workspace, id) = self.start();
        if let Some(found) = workspace.undo_job(id).unwrap().run() {
            workspace.undo_found(id, found);
        }
        (workspace, id)
    }
}

fn type_at(workspace: &mut Workspace, id: BufferId, carets: &Selections, typed: &str) {
    let text = workspace.buffer(id).unwrap().text().clone();
    let transaction = editing::insert_text(&text, carets, typed);
    workspace.edit(id, transaction).unwrap();
    workspace.break_undo_group(id);
}

fn text(workspace: &Workspace, id: BufferId) -> String {
    workspace.buffer(id).unwrap().text().to_string()
}

fn is_dirty(workspace: &Workspace, id: BufferId) -> bool {
    workspace.buffer(id).unwrap().is_dirty()
}

#[test]
fn undo_outlives_a_save_and_a_restart_with_its_carets_and_branches() {
    let project = Project::new("one\n");
    let (mut workspace, id) = project.start();
    type_at(&mut workspace, id, &Selections::caret(3), " left");
    workspace.undo(id).unwrap();
    type_at(&mut workspace, id, &Selections::caret(3), " two");
    type_at(&mut workspace, id, &Selections::caret(7), " three");
    workspace.save_blocking(id).unwrap();
    drop(workspace);

    let (mut workspace, id) = project.start_with_history();
    assert!(!is_dirty(&workspace, id));
    assert_eq!(workspace.undo(id), Some(Selections::caret(7)));
    assert_eq!(text(&workspace, id), "one two\n");
    assert!(is_dirty(&workspace, id));
    assert_eq!(workspace.redo(id), Some(Selections::caret(13)));
    assert_eq!(text(&workspace, id), "one two three\n");
    assert!(!is_dirty(&workspace, id));
    workspace
        .move_in_history(id, HistoryMove::OtherBranch)
        .unwrap();
    assert_eq!(text(&workspace, id), "one left\n");
    workspace.move_in_history(id, HistoryMove::Later).unwrap();
    assert_eq!(text(&workspace, id), "one two\n");
    workspace.move_in_history(id, HistoryMove::Earlier).unwrap();
    workspace.move_in_history(id, HistoryMove::Earlier).unwrap();
    assert_eq!(text(&workspace, id), "one\n");
    assert_eq!(workspace.move_in_history(id, HistoryMove::Earlier), None);
}

#[test]
fn edits_made_before_the_history_was_found_go_on_from_it() {
    let project = Project::new("one\n");
    let (mut workspace, id) = project.start();
    type_at(&mut workspace, id, &Selections::caret(3), " two");
    workspace.save_blocking(id).unwrap();
    drop(workspace);

    let (mut workspace, id) = project.start();
    type_at(&mut workspace, id, &Selections::caret(7), " three");
    let job = workspace.undo_job(id).unwrap();
    workspace.undo_found(id, job.run().unwrap());
    assert!(is_dirty(&workspace, id));
    workspace.undo(id).unwrap();
    assert_eq!(text(&workspace, id), "one two\n");
    assert!(!is_dirty(&workspace, id));
    workspace.undo(id).unwrap();
    assert_eq!(text(&workspace, id), "one\n");
    assert_eq!(workspace.undo(id), None);
    workspace.redo(id).unwrap();
    workspace.redo(id).unwrap();
    assert_eq!(text(&workspace, id), "one two three\n");
}

#[test]
fn a_history_that_is_found_while_the_text_is_saved_leaves_it_saved() {
    let project = Project::new("one\n");
    let (mut workspace, id) = project.start();
    type_at(&mut workspace, id, &Selections::caret(3), " two");
    type_at(&mut workspace, id, &Selections::caret(7), " three");
    workspace.save_blocking(id).unwrap();
    drop(workspace);

    let (mut workspace, id) = project.start();
    let looking = workspace.undo_job(id).unwrap();
    let beyond_comparing = "four ".repeat(300_000);
    type_at(&mut workspace, id, &Selections::caret(0), &beyond_comparing);
    let saving = workspace.save_job(id).unwrap();
    workspace.undo_found(id, looking.run().unwrap());
    workspace.save_finished(id, saving.run()).unwrap();
    assert!(!is_dirty(&workspace, id));
    workspace.undo(id).unwrap();
    assert!(is_dirty(&workspace, id));
    workspace.redo(id).unwrap();
    assert!(!is_dirty(&workspace, id));
}

#[test]
fn a_file_that_another_program_changed_has_no_history_of_ours() {
    let project = Project::new("one\n");
    let (mut workspace, id) = project.start();
    type_at(&mut workspace, id, &Selections::caret(3), " two");
    workspace.save_blocking(id).unwrap();
    drop(workspace);
    std::fs::write(project.file(), "theirs\n").unwrap();
    let (mut workspace, id) = project.start_with_history();
    assert_eq!(workspace.undo(id), None);
    assert_eq!(text(&workspace, id), "theirs\n");
}

#[test]
fn a_history_that_cannot_be_kept_is_told_once_and_the_file_is_saved() {
    let project = Project::new("one\n");
    std::fs::write(project.folder.path().join("state"), "in the way").unwrap();
    let (mut workspace, id) = project.start();
    workspace.take_events();
    for typed in ["a", "b"] {
        type_at(&mut workspace, id, &Selections::caret(0), typed);
        workspace.save_blocking(id).unwrap();
    }
    assert_eq!(std::fs::read_to_string(project.file()).unwrap(), "baone\n");
    let events = workspace.take_events();
    let notices = events.iter().filter(|event| {
        matches!(event, crate::WorkspaceEvent::Notice { message, .. } if message.contains("Undo"))
    });
    assert_eq!(notices.count(), 1);
}

#[test]
fn every_state_is_as_old_after_a_restart_as_it_was() {
    let project = Project::new("one\n");
    let (mut workspace, id) = project.start();
    let times = |workspace: &Workspace, id| {
        let buffer = workspace.buffer(id).unwrap();
        let told = buffer.history_states().summaries(buffer.text());
        let millis = |time| editor_core::time_to_millis(time);
        let times = told.into_iter().map(|one| one.made_at.map(millis));
        times.collect::<Vec<_>>()
    };
    for typed in ["a", "b"] {
        type_at(&mut workspace, id, &Selections::caret(0), typed);
    }
    workspace.move_in_history(id, HistoryMove::Undo).unwrap();
    workspace.save_blocking(id).unwrap();
    let before = times(&workspace, id);
    assert_eq!(
        before.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true, true]
    );

    let (mut workspace, id) = project.start_with_history();
    assert_eq!(times(&workspace, id), before);
    // Any of them can be gone to, and the one on the disk is known.
    let states = workspace.buffer(id).unwrap().history_states();
    let saved = workspace.buffer(id).unwrap().saved_state();
    assert_eq!(saved, Some(states.current()));
    let newest = states.summaries(workspace.buffer(id).unwrap().text())[2].id;
    workspace
        .move_in_history(id, HistoryMove::State(newest))
        .unwrap();
    assert_eq!(text(&workspace, id), "baone\n");
}
