//! Files that a server makes before it asks for the edit that fills them, where that edit is only looked
//! at, or refused: none of them is there before a person agrees to it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::in_folder::InFolder;
use super::joint_edit::FilePath;
use super::taking_away::TakenAway;
use super::{WorkspaceModel, new_files};
use editor_core::Text;
use fs::Fs;
use futures::channel::oneshot;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{EditStep, FileOperation, WorkspaceEdit};

/// What a server made for an edit.
struct MadeFor {
    folder: InFolder,
    files: Vec<FilePath>,
    /// The folders that hold them and nothing older, the deepest first.
    folders: Vec<FilePath>,
}

impl MadeFor {
    /// The empty files that an edit fills and that came to be since, but for those in `open`, those that
    /// are reached through a link and those to which the edit does something as a whole. Blocks.
    fn find(
        fs: &dyn Fs,
        (root, edit): (&Path, &WorkspaceEdit),
        open: &HashSet<PathBuf>,
        since: SystemTime,
    ) -> Option<Self> {
        // Without the folder nothing is changed in it.
        let folder = InFolder::new(root).ok()?;
        let operations = edit.operations().flat_map(FileOperation::paths);
        let mut passed: HashSet<_> = operations.map(|path| folder.path(path)).collect();
        let (mut files, mut folders) = (Vec::new(), HashSet::new());
        for file in edit.files().filter(|file| !file.is_empty()) {
            let Ok(inside) = folder.inside(&file.path) else {
                continue;
            };
            let path = root.join(&inside);
            let is_made = !open.contains(&path)
                && passed.insert(path.clone())
                && new_files::is_new_and_empty(fs, &path, since)
                && folder.is_reached(fs, &inside, false).is_ok();
            if is_made {
                let above = new_files::new_folders_above(fs, (root, &inside), since);
                folders.extend(above);
                files.push(FilePath { path, inside });
            }
        }
        let mut folders: Vec<_> = folders.into_iter().collect();
        folders.sort_by_key(|inside| std::cmp::Reverse(inside.components().count()));
        let folders = folders.into_iter().map(|inside| FilePath {
            path: root.join(&inside),
            inside,
        });
        let folders = folders.collect();
        (!files.is_empty()).then_some(Self {
            folder,
            files,
            folders,
        })
    }
}

impl WorkspaceModel {
    /// Takes the empty files away that a server made for an edit since it was asked for, with the
    /// folders that it made for them; they can be brought back. Answers with the edit, which makes them
    /// now. Goes on where nobody waits for that.
    pub(super) fn make_files_later(
        &self,
        edit: Arc<WorkspaceEdit>,
        since: Option<SystemTime>,
        cx: &Context<Self>,
    ) -> oneshot::Receiver<Arc<WorkspaceEdit>> {
        let (answer, answered) = oneshot::channel();
        let Some(since) = since else {
            // The other end is right here.
            answer.send(edit).ok();
            return answered;
        };
        let open = self.workspace.buffers();
        let open: HashSet<PathBuf> = open.filter_map(|one| Some(one.path()?.into())).collect();
        let (root, fs) = (self.root().to_path_buf(), self.workspace.fs().clone());
        let finding = cx.background_executor().spawn({
            let edit = edit.clone();
            async move { MadeFor::find(fs.as_ref(), (&root, &edit), &open, since) }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let edit = match finding.await {
                Some(made) => Self::take_previewed_away(&this, made, edit, cx).await,
                None => edit,
            };
            // Another list may have come first.
            answer.send(edit).ok();
        })
        .detach();
        answered
    }

    /// What comes of an edit; where that is refused, the empty files that the server made for it since
    /// it was asked for go again.
    pub(super) fn or_unmade(
        &self,
        edit: Arc<WorkspaceEdit>,
        since: Option<SystemTime>,
        made: Task<Result<usize, String>>,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let made = made.await;
            if made.is_err()
                && let Ok(taking) =
                    this.update(cx, |model, cx| model.make_files_later(edit, since, cx))
            {
                // With the window goes what is kept of them.
                taking.await.ok();
            }
            made
        })
    }

    /// Takes away what a server made for an edit, which makes it then.
    async fn take_previewed_away(
        this: &WeakEntity<Self>,
        made: MadeFor,
        edit: Arc<WorkspaceEdit>,
        cx: &mut AsyncApp,
    ) -> Arc<WorkspaceEdit> {
        let (mut steps, empty) = (Vec::new(), Text::new(""));
        for file in made.files {
            let taken = Self::take_made_away(this, &made.folder, (&file, &empty), cx).await;
            // One that stays is filled as it is.
            if let Ok(TakenAway::Now(_) | TakenAway::Before) = taken {
                let (path, may_exist) = (file.path, false);
                steps.push(EditStep::File(FileOperation::Create { path, may_exist }));
            }
        }
        // The window may be closed meanwhile.
        Self::take_folders_away(this, &made.folder, &made.folders, cx)
            .await
            .ok();
        if steps.is_empty() {
            return edit;
        }
        steps.extend(edit.steps.iter().cloned());
        Arc::new(WorkspaceEdit { steps })
    }
}
