//! Taking an edit of several files back, or making it again, in all of them at once.

use std::collections::VecDeque;
use std::path::Path;

use super::in_folder::{InFolder, nothing};
use super::joint_edit::{EditInProgress, FilePath, JointEdit, JointEditId, MadeFile, Member};
use super::server_edits::{GONE, Target, Wanted};
use super::taking_away::TakenAway;
use super::{ServerSays, WorkspaceModel};
use editor_core::{ChangeSet, Revision, Text};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::FileEvent;
use workspace::BufferId;

/// So many edits of several files can be taken back together, the newest.
const KEPT: usize = 10;
/// Of an edit whose files have more bytes together than this, each file is undone by itself: their
/// texts are kept meanwhile.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The buffers whose history is gone through, each so many steps, and the files that are not open any
/// more or were not.
type Planned = (Vec<(BufferId, usize)>, Vec<Target>);

/// Edits of several files that can be taken back together, the oldest first.
#[derive(Default)]
struct Steps(VecDeque<JointEdit>);

impl Steps {
    fn push(&mut self, edit: JointEdit) {
        self.0.push_back(edit);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// The newest edit that a buffer stands right after, in a state.
    fn at(&self, now: (BufferId, Revision)) -> Option<usize> {
        self.0.iter().rposition(|edit| edit.is_right_before(now))
    }
}

/// The edits of several files that can be taken back together, and those that were and can be made
/// again.
#[derive(Default)]
pub(super) struct JointEdits {
    done: Steps,
    undone: Steps,
    /// The newest.
    last: JointEditId,
}

impl JointEdits {
    /// A file or folder has another path now.
    pub fn moved(&mut self, from: &Path, to: &Path) {
        let edits = self.done.0.iter_mut().chain(&mut self.undone.0);
        edits.for_each(|edit| edit.moved(from, to));
    }

    fn steps(&mut self, way: JointWay) -> &mut Steps {
        match way {
            JointWay::Undo => &mut self.done,
            JointWay::Redo => &mut self.undone,
        }
    }
}

/// Whether an edit of several files is taken back or made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JointWay {
    /// It is taken back.
    Undo,
    /// It is made again.
    Redo,
}

impl JointWay {
    fn other(self) -> Self {
        match self {
            Self::Undo => Self::Redo,
            Self::Redo => Self::Undo,
        }
    }
}

impl WorkspaceModel {
    /// Remembers an edit that was just made, where it was of several files; which it is.
    pub(super) fn made_together(&mut self, edit: JointEdit, said: &str) -> Option<JointEditId> {
        if !edit.can_be_taken_back() || edit.bytes() > MOST_BYTES {
            return None;
        }
        let id = self.joint_edits.last.next();
        self.joint_edits.last = id;
        self.joint_edits.done.push(JointEdit {
            id,
            said: said.to_owned(),
            ..edit
        });
        Some(id)
    }

    /// An edit that can be taken back.
    pub(super) fn joint_by_id(&self, id: JointEditId) -> Option<&JointEdit> {
        self.joint_edits.done.0.iter().find(|edit| edit.id == id)
    }

    /// The same, which is not remembered any more.
    pub(super) fn take_joint_by_id(&mut self, id: JointEditId) -> Option<JointEdit> {
        let done = &mut self.joint_edits.done.0;
        let place = done.iter().position(|edit| edit.id == id)?;
        done.remove(place)
    }

    /// In how many files the edit was made that an undo, or a redo, would take back or make again in a
    /// buffer; `None` where it was made there alone.
    pub fn joint_files(&self, id: BufferId, way: JointWay) -> Option<usize> {
        let steps = match way {
            JointWay::Undo => &self.joint_edits.done,
            JointWay::Redo => &self.joint_edits.undone,
        };
        let edit = steps.at((id, self.workspace.buffer(id)?.revision()))?;
        Some(steps.0.get(edit)?.files())
    }

    fn take_joint(&mut self, id: BufferId, way: JointWay) -> Option<JointEdit> {
        let now = (id, self.workspace.buffer(id)?.revision());
        let steps = self.joint_edits.steps(way);
        steps.0.remove(steps.at(now)?)
    }

    /// Lets the edit that a buffer stands after be taken back, or made again, in each file by itself.
    pub fn move_apart(&mut self, id: BufferId, way: JointWay) {
        self.take_joint(id, way);
    }

    /// Takes the edit back that a buffer stands after, or makes it again, in all of its files or in
    /// none. Says in how many, or why not.
    pub fn move_together(
        &mut self,
        id: BufferId,
        way: JointWay,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        match self.take_joint(id, way) {
            Some(edit) => self.move_edit(edit, way, cx),
            None => Task::ready(Ok(0)),
        }
    }

    /// Takes an edit back, or makes it again; as [`Self::move_together`].
    pub(super) fn move_edit(
        &mut self,
        edit: JointEdit,
        way: JointWay,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        let root = self.root().to_path_buf();
        let folder = cx.background_executor().spawn(async move {
            // How it is made again, which takes as long as its texts are long.
            let again = edit.members.iter().map(|member| {
                let before = member.back.apply(&member.after).ok()?;
                Some((member.back.invert(&member.after), before))
            });
            let again: Option<Vec<_>> = again.collect();
            (InFolder::new(&root), edit, again)
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (folder, mut edit, again) = folder.await;
            let gone = |_| GONE.to_owned();
            let planned = match folder {
                Ok(folder) => this
                    .read_with(cx, |model, _| model.plan_move(&edit, way))
                    .map_err(gone)?
                    .map(|planned| (folder, planned)),
                Err(why) => Err(why),
            };
            let (folder, (mut open, closed)) = match planned {
                Ok(planned) => planned,
                Err(why) => {
                    // It can be asked for again once what stands in its way is gone.
                    this.update(cx, |model, _| model.joint_edits.steps(way).push(edit))
                        .map_err(gone)?;
                    return Err(nothing(&why));
                }
            };
            if way == JointWay::Undo {
                let message = edit.said.clone();
                this.update(cx, |_, cx| cx.emit(ServerSays::EditOver { message }))
                    .map_err(gone)?;
            }
            let mut count = open.len() + closed.len();
            let mut planned: Vec<_> = open.iter().map(|(id, _)| *id).collect();
            // What can fail comes first.
            let mut alone = EditInProgress::default();
            let moved = Self::change_targets(&this, &folder, closed, &mut alone, cx);
            moved.await.map_err(|why| nothing(&why))?;
            let apart = this.update(cx, |model, cx| {
                let apart = model.edited_since(&edit, &mut open);
                for (id, steps) in &open {
                    model.update(cx, |workspace| {
                        for _ in 0..*steps {
                            match way {
                                JointWay::Undo => workspace.undo(*id),
                                JointWay::Redo => workspace.redo(*id),
                            };
                        }
                    });
                }
                apart
            });
            let apart = apart.map_err(gone)?;
            count -= apart.len();
            let mut failed = match way {
                JointWay::Undo => {
                    let stay = Self::take_all_made_away(&this, &folder, &mut edit.made, cx).await?;
                    Self::take_folders_away(&this, &folder, &edit.folders, cx).await?;
                    stay
                }
                JointWay::Redo => Self::make_again(&this, &mut edit.made, cx).await?,
            };
            count += edit.made.len();
            failed.extend(apart);
            this.update(cx, |model, _| {
                if let Some(again) = again {
                    let is_moved = |id: &BufferId| open.iter().any(|(moved, _)| moved == id);
                    planned.retain(|id| !is_moved(id));
                    model.moved_together(edit, again, (&open, &planned), way);
                }
            })
            .map_err(gone)?;
            match failed.is_empty() {
                true => Ok(count),
                false => Err(failed.join(" ")),
            }
        })
    }

    /// Leaves those texts out that were edited while other files were read: what would be undone in
    /// them is not the edit. Says which, a sentence each.
    fn edited_since(&self, edit: &JointEdit, open: &mut Vec<(BufferId, usize)>) -> Vec<String> {
        let mut apart = Vec::new();
        open.retain(|(id, _)| {
            let buffer = self.workspace.buffer(*id);
            let now = buffer.map(|buffer| (*id, buffer.revision()));
            let mut members = edit.members.iter();
            let member = members.find(|member| member.open.is_some_and(|(of, _)| of == *id));
            let stands = member.is_some_and(|member| now.is_some() && member.open == now);
            if let Some(member) = member.filter(|_| !stands) {
                let name = member.file.name();
                apart.push(format!("{name} was edited meanwhile and stays as it is."));
            }
            stands
        });
        apart
    }

    /// Takes away the files that an edit made, where they hold what it made, and forgets the others.
    /// Says which of them stay, a sentence each.
    async fn take_all_made_away(
        this: &WeakEntity<Self>,
        folder: &InFolder,
        made: &mut Vec<MadeFile>,
        cx: &mut AsyncApp,
    ) -> Result<Vec<String>, String> {
        let mut stay = Vec::new();
        for mut one in std::mem::take(made) {
            let what = (&one.file, &one.held);
            match Self::take_made_away(this, folder, what, cx).await? {
                TakenAway::Now(deleted) => {
                    one.deleted = Some(deleted);
                    made.push(one);
                }
                TakenAway::Before => {}
                TakenAway::Stays(why) => stay.push(why),
            }
        }
        Ok(stay)
    }

    /// Takes those folders away that an edit made and that hold nothing.
    pub(super) async fn take_folders_away(
        this: &WeakEntity<Self>,
        folder: &InFolder,
        made: &[FilePath],
        cx: &mut AsyncApp,
    ) -> Result<(), String> {
        let gone = |_| GONE.to_owned();
        if made.is_empty() {
            return Ok(());
        }
        let fs = this
            .read_with(cx, |model, _| model.workspace.fs().clone())
            .map_err(gone)?;
        let (root, made) = (folder.root.clone(), made.to_vec());
        let taken = cx.background_executor().spawn(async move {
            let taken = made.into_iter().filter(|one| {
                let found = fs.metadata(&one.path);
                let is_folder = found.is_ok_and(|found| found.is_dir && !found.is_symlink);
                // One that holds something is not removed, which is what is wanted.
                is_folder && fs.remove_beneath(&root, &one.inside, false).is_ok()
            });
            taken.collect::<Vec<_>>()
        });
        let taken = taken.await;
        this.update(cx, |model, cx| {
            for FilePath { path, .. } in taken {
                model.file_event(&FileEvent::Deleted { path }, true, cx);
            }
        })
        .map_err(gone)
    }

    /// Makes the files again that an edit made and that were taken away. Says which are not, a sentence
    /// each.
    async fn make_again(
        this: &WeakEntity<Self>,
        made: &mut [MadeFile],
        cx: &mut AsyncApp,
    ) -> Result<Vec<String>, String> {
        let mut failed = Vec::new();
        for one in made {
            let Some(deleted) = one.deleted.take() else {
                continue;
            };
            let bringing = this
                .update(cx, |model, cx| model.bring_back(deleted, cx))
                .map_err(|_| GONE.to_owned())?;
            if let Err(why) = bringing.await {
                failed.push(format!("{} is not made again. {why}", one.file.name()));
            }
        }
        Ok(failed)
    }

    /// Remembers an edit that went one way, so that it goes the other way together too.
    fn moved_together(
        &mut self,
        edit: JointEdit,
        again: Vec<(ChangeSet, Text)>,
        (open, apart): (&[(BufferId, usize)], &[BufferId]),
        way: JointWay,
    ) {
        let mut edit = edit;
        let members = std::mem::take(&mut edit.members).into_iter().zip(again);
        let is_open = |id: BufferId| open.iter().any(|(one, _)| *one == id);
        let is_left_apart =
            |member: &Member| member.open.is_some_and(|(id, _)| apart.contains(&id));
        // What was left as it is does not go the other way either.
        let members = members.filter(|(member, _)| !is_left_apart(member));
        let members = members.map(|(member, (back, after))| {
            let open = member.open.filter(|(id, _)| is_open(*id));
            let now = open.and_then(|(id, _)| Some((id, self.workspace.buffer(id)?.revision())));
            Member {
                back,
                after,
                open: now,
                ..member
            }
        });
        let edit = JointEdit {
            members: members.collect(),
            ..edit
        };
        // Where files of it stay as they are, the rest may be one.
        if edit.can_be_taken_back() {
            self.joint_edits.steps(way.other()).push(edit);
        }
    }

    /// How an edit is taken back or made again; why not, where a file was changed since.
    fn plan_move(&self, edit: &JointEdit, way: JointWay) -> Result<Planned, String> {
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for member in &edit.members {
            let FilePath { path, inside } = &member.file;
            let now = self.workspace.buffer_for_path(path);
            let buffer = now.and_then(|id| self.workspace.buffer(id));
            let state = buffer.map(|buffer| (buffer.id(), buffer.revision()));
            match (state, member.open) {
                (Some(now), Some(then)) if now == then => {
                    open.push((now.0, member.steps));
                }
                (Some(now), Some(then)) if now.0 == then.0 => {
                    let name = member.file.name();
                    let what = match way {
                        JointWay::Undo => "undo",
                        JointWay::Redo => "redo",
                    };
                    return Err(format!(
                        "{name} was edited since; {what} in each file by itself"
                    ));
                }
                _ => closed.push(Target {
                    wanted: Wanted::Back(member.back.clone(), member.after.clone()),
                    path: path.clone(),
                    inside: inside.clone(),
                    open: now,
                    is_new: false,
                }),
            }
        }
        Ok((open, closed))
    }
}
