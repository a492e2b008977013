//! Taking an edit of several files back in all of them at once.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::in_folder::{InFolder, nothing};
use super::server_edits::{GONE, Target, Wanted};
use super::{AskedVersions, WorkspaceModel};
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

/// An edit of several files.
struct JointEdit(Vec<Member>);

/// The edits of several files that can be taken back together, the oldest first.
#[derive(Default)]
pub(super) struct JointEdits(VecDeque<JointEdit>);

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
        let kept = &mut self.joint_edits.0;
        kept.push_back(edit);
        if kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// In how many files the edit was made that an undo would take back in a buffer; `None` where it
    /// was made there alone.
    pub fn undo_in_files(&self, id: BufferId) -> Option<usize> {
        let edit = self.joint_edit(id)?;
        Some(self.joint_edits.0.get(edit)?.0.len())
    }

    /// The newest edit of several files that a buffer stands right after.
    fn joint_edit(&self, id: BufferId) -> Option<usize> {
        let now = (id, self.workspace.buffer(id)?.revision());
        let edits = &self.joint_edits.0;
        edits
            .iter()
            .rposition(|edit| edit.0.iter().any(|member| member.open == Some(now)))
    }

    /// Lets the edit that a buffer stands after be taken back in each file by itself.
    pub fn undo_apart(&mut self, id: BufferId) {
        if let Some(edit) = self.joint_edit(id) {
            self.joint_edits.0.remove(edit);
        }
    }

    /// Takes the edit back that a buffer stands after, in all of its files or in none. Says in how
    /// many, or why not.
    pub fn undo_together(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        let edit = self.joint_edit(id);
        let Some(edit) = edit.and_then(|edit| self.joint_edits.0.remove(edit)) else {
            return Task::ready(Ok(0));
        };
        let root = self.root().to_path_buf();
        let folder = cx
            .background_executor()
            .spawn(async move { InFolder::new(&root) });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let folder = folder.await.map_err(|why| nothing(&why))?;
            let gone = |_| GONE.to_owned();
            let planned = this
                .read_with(cx, |model, _| model.plan_undo(&edit))
                .map_err(gone)?;
            let (open, closed) = planned.map_err(|why| nothing(&why))?;
            let count = open.len() + closed.len();
            // What can fail comes first.
            let asked = AskedVersions::new();
            let undone = Self::change_targets(&this, &folder, closed, &asked, cx);
            undone.await.map_err(|why| nothing(&why))?;
            this.update(cx, |model, cx| {
                for id in open {
                    model.update(cx, |workspace| workspace.undo(id));
                }
            })
            .map_err(gone)?;
            Ok(count)
        })
    }

    /// The buffers to undo in, and the files that are not open any more or were not; why not, where
    /// one was changed since.
    fn plan_undo(&self, edit: &JointEdit) -> Result<(Vec<BufferId>, Vec<Target>), String> {
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
                    return Err(format!(
                        "{name} was edited since; undo in each file by itself"
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
