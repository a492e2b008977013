//! A buffer takes another text over.

use editor_core::Text;

use super::Fixture;
use crate::{EditError, HistoryMove};

#[test]
fn a_text_is_taken_as_one_edit_that_undo_takes_back() {
    let mut fixture = Fixture::new("one\ntwo\n");
    let id = fixture.id;
    let job = fixture.workspace.take_text_job(id, Text::new("1\n2\n"));
    let found = job.unwrap().run();
    assert!(fixture.workspace.text_taken(id, found).unwrap());
    assert_eq!(fixture.text(), "1\n2\n");
    fixture.workspace.move_in_history(id, HistoryMove::Undo);
    assert_eq!(fixture.text(), "one\ntwo\n");
}

#[test]
fn what_was_edited_meanwhile_is_taken_back_in_the_same_step() {
    let mut fixture = Fixture::new("one\ntwo\n");
    let id = fixture.id;
    let job = fixture.workspace.take_text_job(id, Text::new("other\n"));
    let found = job.unwrap().run();
    fixture.type_at_start("x");
    fixture.type_at(5, "y");
    assert!(fixture.workspace.text_taken(id, found).unwrap());
    assert_eq!(fixture.text(), "other\n");
    fixture.workspace.move_in_history(id, HistoryMove::Undo);
    assert_eq!(fixture.text(), "xone\nytwo\n");
    fixture.workspace.close(id);
    assert!(matches!(
        fixture.workspace.take_text_job(id, Text::new("")),
        Err(EditError::NoSuchBuffer)
    ));
}
