//! What becomes of whole files: what language servers do to them, what they are asked before and told
//! after.

use std::path::Path;
use std::time::Duration;

use super::WorkspaceModel;
use super::deleted_files::{DeletedFiles, Room};
use super::in_folder::InFolder;
use super::server_edits::GONE;
use fs::Fs;
use futures::FutureExt as _;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{FileEvent, FileOperation, WorkspaceEdit};
use workspace::LocalHistory;

/// How long servers have to say what else is to be changed, before something is done without them.
const ASKED: Duration = Duration::from_secs(5);

/// What was done to a file or folder.
struct Done {
    event: FileEvent,
    is_folder: bool,
    deleted: DeletedFiles,
}

/// Does one operation; `None` where nothing was to be done. Nothing is deleted that there is no room to
/// keep. Blocks.
fn run(
    fs: &dyn Fs,
    folder: &InFolder,
    (operation, room): (&FileOperation, Room),
    history: Option<&LocalHistory>,
) -> Result<Option<Done>, String> {
    let done = |event, is_folder, deleted| {
        Ok(Some(Done {
            event,
            is_folder,
            deleted,
        }))
    };
    let root = &folder.root;
    let there = |inside: &Path| fs.exists(&root.join(inside));
    let is_folder = |inside: &Path| {
        let found = fs.metadata(&root.join(inside));
        found.is_ok_and(|found| found.is_dir && !found.is_symlink)
    };
    let failed = |error: fs::FsError| error.to_string();
    match operation {
        FileOperation::Create { path, may_exist } => {
            let inside = folder.inside(path)?;
            if *may_exist && there(&inside) {
                return Ok(None);
            }
            fs.create_file_beneath(root, &inside).map_err(failed)?;
            let path = root.join(inside);
            done(FileEvent::Created { path }, false, DeletedFiles::default())
        }
        FileOperation::Rename {
            from,
            to,
            may_exist,
        } => {
            let (from, to) = (folder.inside(from)?, folder.inside(to)?);
            if *may_exist && there(&to) {
                return Ok(None);
            }
            let is_folder = is_folder(&from);
            fs.rename_beneath(root, &from, &to).map_err(failed)?;
            let (from, to) = (root.join(from), root.join(to));
            done(
                FileEvent::Renamed { from, to },
                is_folder,
                DeletedFiles::default(),
            )
        }
        FileOperation::Delete {
            path,
            recursive,
            may_be_gone,
        } => {
            let inside = folder.inside(path)?;
            if *may_be_gone && !there(&inside) {
                return Ok(None);
            }
            let is_folder = is_folder(&inside);
            let deleted = DeletedFiles::read(fs, folder, &inside, room)?;
            if let Some(history) = history {
                deleted.keep(history, root).map_err(failed)?;
            }
            fs.remove_beneath(root, &inside, *recursive)
                .map_err(failed)?;
            let path = root.join(inside);
            done(FileEvent::Deleted { path }, is_folder, deleted)
        }
    }
}

impl WorkspaceModel {
    /// Does to a file or folder what a server wants done. Says what was deleted, for which there has to
    /// be room.
    pub(super) fn operate(
        &self,
        folder: &InFolder,
        (operation, room): (&FileOperation, Room),
        cx: &Context<Self>,
    ) -> Task<Result<DeletedFiles, String>> {
        if let Err(dirty) = self.may_be_done(folder, operation) {
            return Task::ready(Err(dirty));
        }
        let (fs, folder) = (self.workspace.fs().clone(), folder.clone());
        let operation = operation.clone();
        let history = self.workspace.local_history().cloned();
        let done = cx.background_executor().spawn(async move {
            let what = (&operation, room);
            run(fs.as_ref(), &folder, what, history.as_deref())
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Some(done) = done.await? else {
                return Ok(DeletedFiles::default());
            };
            this.update(cx, |model, cx| {
                model.file_event(&done.event, done.is_folder, cx);
                done.deleted
            })
            .map_err(|_| GONE.to_owned())
        })
    }

    /// Whether nothing that is not saved would be deleted by an edit.
    pub(super) fn may_delete(&self, folder: &InFolder, edit: &WorkspaceEdit) -> Result<(), String> {
        edit.operations()
            .try_for_each(|operation| self.may_be_done(folder, operation))
    }

    fn may_be_done(&self, folder: &InFolder, operation: &FileOperation) -> Result<(), String> {
        let FileOperation::Delete { path, .. } = operation else {
            return Ok(());
        };
        match self.dirty_below(&folder.path(path)) {
            Some(dirty) => Err(format!(
                "{dirty} has changes that are not saved, so it is not deleted"
            )),
            None => Ok(()),
        }
    }

    /// A file at a path or below it whose changes are not saved.
    fn dirty_below(&self, path: &Path) -> Option<String> {
        let mut buffers = self.workspace.buffers();
        let below = |of: Option<&Path>| of.is_some_and(|of| of.starts_with(path));
        let dirty = buffers.find(|one| one.is_dirty() && below(one.path()))?;
        Some(dirty.display_name())
    }

    /// Takes what became of a file or folder on the disk by Kiln's doing, and tells the servers.
    pub fn file_event(&mut self, event: &FileEvent, is_folder: bool, cx: &mut Context<Self>) {
        let paths = match event {
            FileEvent::Created { path } | FileEvent::Deleted { path } => vec![path.clone()],
            FileEvent::Renamed { from, to } => {
                self.update(cx, |workspace| workspace.path_moved(from, to));
                vec![from.clone(), to.clone()]
            }
        };
        for server in self.servers.iter().flat_map(|servers| servers.running()) {
            server.after(event, is_folder);
        }
        self.paths_changed(paths, cx);
    }

    /// Asks all servers what else is to be changed because of what is about to become of a file or
    /// folder. One that takes too long is not waited for.
    pub fn edits_before(
        &self,
        event: &FileEvent,
        is_folder: bool,
        cx: &Context<Self>,
    ) -> Task<Vec<WorkspaceEdit>> {
        let servers = self.servers.iter().flat_map(|servers| servers.running());
        let asked: Vec<_> = servers
            .filter_map(|server| server.before(event, is_folder))
            .collect();
        if asked.is_empty() {
            return Task::ready(Vec::new());
        }
        let executor = cx.background_executor().clone();
        cx.background_executor().spawn(async move {
            let answers = asked.into_iter().map(|reply| {
                let late = executor.timer(ASKED);
                async move {
                    futures::select_biased! {
                        answer = reply.wait().fuse() => answer.ok()?.ok(),
                        () = late.fuse() => None,
                    }
                }
            });
            let answers = futures::future::join_all(answers).await;
            let edits = answers.into_iter().flatten();
            edits.filter(|edit| !edit.is_empty()).collect()
        })
    }
}
