//! A text that is only shown.

use std::path::Path;

use editor_core::{Selections, Text, editing};
use fs::Fs as _;

use super::Fixture;
use crate::{BufferId, EditError, Workspace};

const NAME: &str = "b.rs (change)";

fn text_of(workspace: &Workspace, id: BufferId) -> String {
    workspace.buffer(id).unwrap().text().to_string()
}

fn takes(workspace: &mut Workspace, id: BufferId, text: &str) {
    let job = workspace.take_text_job(id, Text::new(text)).unwrap();
    assert!(workspace.text_taken(id, job.run()).unwrap());
}

#[test]
fn it_is_called_as_said_in_its_files_language_and_has_nothing_to_save() {
    let mut fixture = Fixture::new("one\n");
    let workspace = &mut fixture.workspace;
    let text = Text::new("fn main() {}\n");
    let id = workspace.add_shown(Path::new("src/b.rs"), NAME, text);
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.display_name(), NAME);
    assert_eq!(buffer.language().name(), "Rust");
    assert_eq!((buffer.path(), buffer.untitled_number()), (None, None));
    assert!(buffer.is_read_only() && !buffer.is_dirty());
    assert_eq!(workspace.buffer_for_path(Path::new("src/b.rs")), None);

    let typed = editing::insert_text(buffer.text(), &Selections::caret(0), "x");
    let refused = workspace.edit(id, typed).unwrap_err();
    assert!(matches!(refused, EditError::ShownOnly { .. }), "{refused}");
    // What the user says of files does not make one of it.
    workspace.set_locked(id, Some(false));
    assert!(workspace.buffer(id).unwrap().is_read_only());
}

#[test]
fn another_text_takes_its_place_and_leaves_nothing_to_save_or_undo() {
    let mut fixture = Fixture::new("one\n");
    let workspace = &mut fixture.workspace;
    let of = Path::new("/p/b.rs");
    let id = workspace.add_shown(of, NAME, Text::new("one\n"));
    assert_eq!(workspace.shown_for(Path::new("b.rs"), NAME), Some(id));
    assert_eq!(workspace.shown_for(of, "b.rs (new file)"), None);
    assert_eq!(workspace.shown_for(Path::new("/p/c.rs"), NAME), None);
    takes(workspace, id, "two\n");
    assert_eq!(text_of(workspace, id), "two\n");
    assert!(!workspace.buffer(id).unwrap().is_dirty());
    assert_eq!(workspace.undo(id), None);
    takes(workspace, id, "one\n");
    assert!(!workspace.buffer(id).unwrap().is_dirty());
    workspace.close(id);
    assert_eq!(workspace.shown_for(of, NAME), None);
}

#[test]
fn saved_under_a_name_it_is_a_file_like_others() {
    let mut fixture = Fixture::new("one\n");
    let workspace = &mut fixture.workspace;
    let id = workspace.add_shown(Path::new("b.rs"), NAME, Text::new("two\n"));
    let saved = workspace.save_as_job(id, Path::new("c.txt"), false);
    let saved = saved.unwrap().run();
    workspace.save_finished(id, saved).unwrap();
    assert_eq!(fixture.fs.content("/p/c.txt").unwrap(), b"two\n");
    assert!(fixture.fs.metadata(Path::new("/p/b.rs")).is_err());
    let buffer = workspace.buffer(id).unwrap();
    assert_eq!(buffer.display_name(), "c.txt");
    assert_eq!(buffer.language().name(), "Plain Text");
    assert!(!buffer.is_read_only() && buffer.refuses_edits().is_none());
    assert_eq!(workspace.shown_for(Path::new("b.rs"), NAME), None);
}
