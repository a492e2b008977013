//! Taking an edit of several files back, or making it again, in all of them at once.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::WorkspaceModel;
use super::edit_paths::moved_to;
use super::edit_versions::EditVersions;
use super::in_folder::{InFolder, nothing};
use super::server_edits::{GONE, Target, Wanted};
use editor_core::{ChangeSet, Revision, Text};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use workspace::BufferId;

/// So many edits of several files can be taken back together, the newest.
const KEPT: usize = 10;
/// Of an edit whose files have more bytes together than this, each file is undone by itself: their
/// texts are kept meanwhile.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A file of an edit of several.
struct Member {
    path: PathBuf,
    inside: PathBuf,
    /// What takes it back, and the text that it fits.
    back: ChangeSet,
    after: Text,
    /// The buffer that was open, and its state after the edit.
    open: Option<(BufferId, Revision)>,
}

impl Member {
    fn moved(&mut self, from: &Path, to: &Path) {
        let Some(path) = moved_to(&self.path, from, to) else {
            return;
        };
        // The path below the folder is the end of the whole one.
        let above = self.path.components().count() - self.inside.components().count();
        self.inside = path.components().skip(above).collect();
        self.path = path;
    }
}

/// An edit of several files.
struct JointEdit(Vec<Member>);

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
        let after = |edit: &JointEdit| edit.0.iter().any(|member| member.open == Some(now));
        self.0.iter().rposition(after)
    }
}

/// The edits of several files that can be taken back together, and those that were and can be made
/// again.
#[derive(Default)]
pub(super) struct JointEdits {
    done: Steps,
    undone: Steps,
}

impl JointEdits {
    /// A file or folder has another path now.
    pub fn moved(&mut self, from: &Path, to: &Path) {
        let edits = self.done.0.iter_mut().chain(&mut self.undone.0);
        for member in edits.flat_map(|edit| &mut edit.0) {
            member.moved(from, to);
        }
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
    /// Remembers an edit of several files that was just made; `open` are those that stay open.
    pub(super) fn made_together(
        &mut self,
        targets: &[Target],
        back: Vec<(BufferId, ChangeSet)>,
        opened: &[BufferId],
    ) {
        let texts = back.iter().filter_map(|(id, _)| self.workspace.buffer(*id));
        let bytes: usize = texts.map(|buffer| buffer.text().len()).sum();
        if back.len() < 2 || bytes > MOST_BYTES {
            return;
        }
        let members = targets.iter().zip(back).filter_map(|(target, (id, back))| {
            let buffer = self.workspace.buffer(id)?;
            Some(Member {
                path: target.path.clone(),
                inside: target.inside.clone(),
                back,
                after: buffer.text().clone(),
                open: (!opened.contains(&id)).then(|| (id, buffer.revision())),
            })
        });
        let edit = JointEdit(members.collect());
        self.joint_edits.done.push(edit);
    }

    /// In how many files the edit was made that an undo, or a redo, would take back or make again in a
    /// buffer; `None` where it was made there alone.
    pub fn joint_files(&self, id: BufferId, way: JointWay) -> Option<usize> {
        let steps = match way {
            JointWay::Undo => &self.joint_edits.done,
            JointWay::Redo => &self.joint_edits.undone,
        };
        let edit = steps.at((id, self.workspace.buffer(id)?.revision()))?;
        Some(steps.0.get(edit)?.0.len())
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
        let Some(edit) = self.take_joint(id, way) else {
            return Task::ready(Ok(0));
        };
        let root = self.root().to_path_buf();
        let folder = cx.background_executor().spawn(async move {
            // How it is made again, which takes as long as its texts are long.
            let again = edit.0.iter().map(|member| {
                let before = member.back.apply(&member.after).ok()?;
                Some((member.back.invert(&member.after), before))
            });
            let again: Option<Vec<_>> = again.collect();
            (InFolder::new(&root), edit, again)
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (folder, edit, again) = folder.await;
            let folder = folder.map_err(|why| nothing(&why))?;
            let gone = |_| GONE.to_owned();
            let planned = this
                .read_with(cx, |model, _| model.plan_move(&edit, way))
                .map_err(gone)?;
            let (open, closed) = planned.map_err(|why| nothing(&why))?;
            let count = open.len() + closed.len();
            // What can fail comes first.
            let mut versions = EditVersions::default();
            let moved = Self::change_targets(&this, &folder, closed, &mut versions, cx);
            moved.await.map_err(|why| nothing(&why))?;
            this.update(cx, |model, cx| {
                // That was taken for an edit of its own, where it was of several files.
                for id in &open {
                    model.update(cx, |workspace| match way {
                        JointWay::Undo => workspace.undo(*id),
                        JointWay::Redo => workspace.redo(*id),
                    });
                }
                if let Some(again) = again {
                    model.moved_together(edit, again, &open, way);
                }
            })
            .map_err(gone)?;
            Ok(count)
        })
    }

    /// Remembers an edit that went one way, so that it goes the other way together too.
    fn moved_together(
        &mut self,
        edit: JointEdit,
        again: Vec<(ChangeSet, Text)>,
        open: &[BufferId],
        way: JointWay,
    ) {
        let members = edit.0.into_iter().zip(again);
        let members = members.map(|(member, (back, after))| {
            let open = member.open.filter(|(id, _)| open.contains(id));
            let now = open.and_then(|(id, _)| Some((id, self.workspace.buffer(id)?.revision())));
            Member {
                back,
                after,
                open: now,
                ..member
            }
        });
        let edit = JointEdit(members.collect());
        self.joint_edits.steps(way.other()).push(edit);
    }

    /// The buffers whose history is gone through, and the files that are not open any more or were
    /// not; why not, where one was changed since.
    fn plan_move(
        &self,
        edit: &JointEdit,
        way: JointWay,
    ) -> Result<(Vec<BufferId>, Vec<Target>), String> {
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for member in &edit.0 {
            let now = self.workspace.buffer_for_path(&member.path);
            let buffer = now.and_then(|id| self.workspace.buffer(id));
            let state = buffer.map(|buffer| (buffer.id(), buffer.revision()));
            match (state, member.open) {
                (Some(now), Some(then)) if now == then => open.push(now.0),
                (Some(now), Some(then)) if now.0 == then.0 => {
                    let name = member
                        .path
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy();
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
                    path: member.path.clone(),
                    inside: member.inside.clone(),
                    open: now,
                }),
            }
        }
        Ok((open, closed))
    }
}
