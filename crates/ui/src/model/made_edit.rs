//! What a person is told of an edit that a server made in other files than the one they look at, and
//! what they can do about it: see what was changed, and take it back.

use std::ops::Range;
use std::path::Path;

use super::joint_edit::{EditInProgress, JointEdit, JointEditId};
use super::joint_undo::JointWay;
use super::places::{ListedPlace, MAX_PLACES, PlaceList};
use super::{ListedFor, ServerSays, WorkspaceModel};
use editor_core::Text;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};

/// Why an edit is neither shown nor taken back.
const FORGOTTEN: &str = "This change was taken back already, or was made before too many others.";

/// An edit that was made, as it is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MadeEdit {
    /// Which it is, where it can be taken back as a whole.
    pub id: Option<JointEditId>,
    /// What became of which files: "Changed app.ts, made Circle.ts."
    pub message: String,
}

/// What became of which files, by their names.
fn said(changed: &[String], made: &[String], moved: &[String]) -> String {
    let files = |names: &[String]| match names {
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        more => format!("{} files", more.len()),
    };
    let all = [("changed", changed), ("made", made), ("moved", moved)];
    let all = all.iter().filter(|(_, names)| !names.is_empty());
    let all: Vec<_> = all
        .map(|(verb, names)| format!("{verb} {}", files(names)))
        .collect();
    let said = all.join(", ");
    let first = said.chars().next().map(|first| first.to_ascii_uppercase());
    let rest = said.chars().skip(1);
    first.into_iter().chain(rest).chain(['.']).collect()
}

/// Bytes without the line breaks that they begin with, unless they are nothing else.
fn from_first_line(text: &Text, bytes: Range<usize>) -> Range<usize> {
    let said = text.slice(bytes.clone());
    let rest = said.trim_start_matches('\n').len();
    match rest {
        0 => bytes,
        _ => bytes.end - rest..bytes.end,
    }
}

/// The place of one change: the line where it is now, with what was taken out of it and what came
/// instead, or what came alone.
fn changed_place(
    path: &Path,
    (before, gone): (&Text, Range<usize>),
    (after, new): (&Text, Range<usize>),
) -> ListedPlace {
    let new = from_first_line(after, new);
    let now = ListedPlace::new(path, after, new.clone(), None);
    if gone.is_empty() {
        return now;
    }
    let new_text = after.slice(new).to_string();
    let shown = ListedPlace::new(path, before, from_first_line(before, gone), Some(new_text));
    ListedPlace {
        line: now.line,
        column: now.column,
        ..shown
    }
}

impl JointEdit {
    /// The places of it in the texts that it left, with what stood there before.
    fn places(&self) -> Vec<ListedPlace> {
        let changed = self.members.iter().flat_map(|member| {
            let (path, after) = (&member.file.path, &member.after);
            // It was made out of the text that it is of.
            let before = member.back.apply(after).ok();
            let edits = before.into_iter().flat_map(move |before| {
                let edits = member.back.edits();
                edits.map(move |edit| {
                    changed_place(path, (&before, edit.new_range), (after, edit.old_range))
                })
            });
            edits.take(MAX_PLACES)
        });
        let made = self.made.iter().map(|made| {
            let end = made.held.line_end(0);
            ListedPlace::new(&made.file.path, &made.held, 0..end, None)
        });
        changed.chain(made).take(MAX_PLACES).collect()
    }
}

impl WorkspaceModel {
    /// Keeps an edit that was just made, where it can be taken back as a whole, and tells of it, where a
    /// person does not see all of it in the text that they look at.
    pub(super) fn tell_made(&mut self, made: EditInProgress, cx: &mut Context<Self>) {
        let EditInProgress {
            joint,
            moved,
            since,
            ..
        } = made;
        let changed: Vec<_> = joint.members.iter().map(|one| one.file.name()).collect();
        let new: Vec<_> = joint.made.iter().map(|one| one.file.name()).collect();
        let mut seen = joint.members.iter().filter_map(|one| one.open);
        let is_seen = seen.any(|(id, _)| self.is_seen(id));
        // Who asked for a change of this text sees it; one elsewhere is told also where it is alone.
        let elsewhere = since.is_some() && !changed.is_empty() && !is_seen;
        let is_told =
            changed.len() + new.len() > 1 || !new.is_empty() || !moved.is_empty() || elsewhere;
        let message = said(&changed, &new, &moved);
        let id = self.made_together(joint, &message);
        if is_told {
            cx.emit(ServerSays::EditMade(MadeEdit { id, message }));
        }
    }

    /// Takes an edit back as a whole. Says in how many files, or why not.
    pub fn take_edit_back(
        &mut self,
        id: JointEditId,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        match self.take_joint_by_id(id) {
            Some(edit) => self.move_edit(edit, JointWay::Undo, cx),
            None => Task::ready(Err(FORGOTTEN.to_owned())),
        }
    }

    /// Lists the places that an edit changed, as it left them.
    ///
    /// # Errors
    /// A sentence, where the edit is not kept any more.
    pub fn list_made_edit(
        &mut self,
        id: JointEditId,
        cx: &mut Context<Self>,
    ) -> Result<(), String> {
        let edit = self.joint_by_id(id).ok_or(FORGOTTEN)?;
        let title = edit.said.trim_end_matches('.').to_owned();
        let edit = edit.clone();
        let read = cx.background_executor().spawn(async move { edit.places() });
        self.listing = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let places = read.await;
                // A released model lists nothing.
                this.update(cx, |model, cx| {
                    model.listing = None;
                    let list = PlaceList {
                        title: title.into(),
                        places,
                        edit: None,
                    };
                    model.show_places(Some(list), cx);
                    cx.emit(ServerSays::EditsListed(ListedFor::Person));
                })
                .ok();
            }),
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_where_they_are_few() {
        let names = |all: &[&str]| -> Vec<_> { all.iter().map(ToString::to_string).collect() };
        let told = |changed: &[&str], made: &[&str], moved: &[&str]| {
            said(&names(changed), &names(made), &names(moved))
        };
        assert_eq!(
            told(&["app.ts"], &["Circle.ts"], &[]),
            "Changed app.ts, made Circle.ts."
        );
        assert_eq!(told(&["a", "b"], &[], &["c"]), "Changed a and b, moved c.");
        assert_eq!(told(&["a", "b", "c"], &[], &[]), "Changed 3 files.");
    }

    #[test]
    fn a_change_is_listed_with_what_it_took_out_where_its_line_is_now() {
        let before = Text::new("zero\none\ntwo\n  three(3)\nfour\n");
        let edits = [(4..8, "\nnew"), (21..22, "4"), (28..28, "\nfive\nsix")];
        let edits = edits.map(|(range, text)| editor_core::Edit::new(range, text));
        let change = editor_core::ChangeSet::from_edits(before.len(), edits.into()).unwrap();
        let after = change.apply(&before).unwrap();
        let listed = change.edits().map(|edit| {
            let (gone, new) = ((&before, edit.old_range), (&after, edit.new_range));
            let place = changed_place(Path::new("/a"), gone, new);
            let marked = place.text[place.marked.clone()].to_owned();
            (place.line, place.text, marked, place.new_text)
        });
        let listed: Vec<_> = listed.collect();
        let row = |line, text: &str, marked: &str, new: Option<&str>| {
            (
                line,
                text.to_owned(),
                marked.to_owned(),
                new.map(str::to_owned),
            )
        };
        assert_eq!(
            listed,
            [
                row(1, "one", "one", Some("new")),
                row(3, "three(3)", "3", Some("4")),
                row(5, "five", "five", None),
            ]
        );
        let after = Text::new("zero\none\n");
        let gone = changed_place(Path::new("/a"), (&before, 8..12), (&after, 8..8));
        assert_eq!((gone.line, &*gone.text, gone.marked), (1, "two", 0..3));
        assert_eq!(gone.new_text.as_deref(), Some(""));
    }
}
