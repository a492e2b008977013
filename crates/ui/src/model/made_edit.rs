//! What a person is told of an edit that a server made in other files than the one they look at, and
//! what they can do about it: see what was changed, and take it back.

use super::joint_edit::{EditInProgress, JointEdit, JointEditId};
use super::joint_undo::JointWay;
use super::places::{ListedPlace, MAX_PLACES, PlaceList};
use super::{ListedFor, ServerSays, WorkspaceModel};
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

impl JointEdit {
    /// The places of it in the texts that it left.
    fn places(&self) -> Vec<ListedPlace> {
        let changed = self.members.iter().flat_map(|member| {
            let edits = member.back.edits();
            edits.map(|edit| {
                ListedPlace::new(&member.file.path, &member.after, edit.old_range, None)
            })
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
}
