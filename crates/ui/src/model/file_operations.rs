//! What becomes of whole files: what language servers do to them, what they are asked before and told
//! after.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::WorkspaceModel;
use super::deleted_files::{DeletedFiles, Room};
use super::in_folder::InFolder;
use super::new_files;
use super::server_edits::GONE;
use fs::Fs;
use futures::FutureExt as _;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{FileEvent, FileOperation, WorkspaceEdit};
use workspace::{Buffer, LocalHistory};

/// How long servers have to say what else is to be changed, before something is done without them.
const ASKED: Duration = Duration::from_secs(5);

/// What was done to a file or folder.
#[derive(Default)]
struct Done {
    /// What became of what, each with whether it is a folder.
    events: Vec<(FileEvent, bool)>,
    /// The folders that were made for it, below the open one, the deepest first.
    folders: Vec<PathBuf>,
    deleted: DeletedFiles,
    /// Why no more was done.
    failed: Option<String>,
}

/// What was done to a file or folder for a server.
#[derive(Default)]
pub(super) struct Operated {
    /// What is gone, also where not all of it could be deleted.
    pub deleted: DeletedFiles,
    /// What became of what.
    pub events: Vec<FileEvent>,
    /// The folders that were made for it, below the open one, the deepest first.
    pub folders: Vec<PathBuf>,
    /// Why it was not done, or but a part of it.
    pub failed: Option<String>,
}

impl Operated {
    fn failed(why: String) -> Self {
        Self {
            failed: Some(why),
            ..Self::default()
        }
    }
}

/// Does one operation, if there is something to be done. Nothing is deleted that there is no room to
/// keep; of a folder that cannot be deleted as a whole, what is gone is told with why. Blocks.
fn run(
    fs: &dyn Fs,
    folder: &InFolder,
    (operation, room): (&FileOperation, Room),
    history: Option<&LocalHistory>,
) -> Result<Done, String> {
    let done = |event, is_folder, folders| {
        Ok(Done {
            events: vec![(event, is_folder)],
            folders,
            ..Done::default()
        })
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
                return Ok(Done::default());
            }
            let folders = new_files::missing_above(fs, root, &inside);
            fs.create_file_beneath(root, &inside).map_err(failed)?;
            let path = root.join(inside);
            done(FileEvent::Created { path }, false, folders)
        }
        FileOperation::Rename {
            from,
            to,
            may_exist,
        } => {
            let (from, to) = (folder.inside(from)?, folder.inside(to)?);
            if *may_exist && there(&to) {
                return Ok(Done::default());
            }
            let is_folder = is_folder(&from);
            let folders = new_files::missing_above(fs, root, &to);
            fs.rename_beneath(root, &from, &to).map_err(failed)?;
            let (from, to) = (root.join(from), root.join(to));
            done(FileEvent::Renamed { from, to }, is_folder, folders)
        }
        FileOperation::Delete {
            path,
            recursive,
            may_be_gone,
        } => {
            let inside = folder.inside(path)?;
            if *may_be_gone && !there(&inside) {
                return Ok(Done::default());
            }
            let is_folder = is_folder(&inside);
            let deleted = DeletedFiles::read(fs, folder, &inside, room)?;
            if let Some(history) = history {
                deleted.keep(history, root).map_err(failed)?;
            }
            if let Err(error) = fs.remove_beneath(root, &inside, *recursive) {
                let deleted = deleted.gone(fs, root);
                return Ok(Done {
                    events: deleted.events(root),
                    deleted,
                    failed: Some(failed(error)),
                    ..Done::default()
                });
            }
            let path = root.join(inside);
            Ok(Done {
                events: vec![(FileEvent::Deleted { path }, is_folder)],
                deleted,
                ..Done::default()
            })
        }
    }
}

impl WorkspaceModel {
    /// Does to a file or folder what a server wants done. There has to be room for what is deleted.
    pub(super) fn operate(
        &self,
        folder: &InFolder,
        (operation, room): (&FileOperation, Room),
        cx: &Context<Self>,
    ) -> Task<Operated> {
        if let Err(dirty) = self.may_be_done(folder, operation) {
            return Task::ready(Operated::failed(dirty));
        }
        let (fs, folder) = (self.workspace.fs().clone(), folder.clone());
        let operation = operation.clone();
        let history = self.workspace.local_history().cloned();
        let done = cx.background_executor().spawn(async move {
            let what = (&operation, room);
            run(fs.as_ref(), &folder, what, history.as_deref())
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let done = match done.await {
                Ok(done) => done,
                Err(why) => return Operated::failed(why),
            };
            let told = this.update(cx, |model, cx| {
                for (event, is_folder) in &done.events {
                    model.file_event(event, *is_folder, cx);
                }
            });
            match told {
                Ok(()) => Operated {
                    deleted: done.deleted,
                    folders: done.folders,
                    events: done.events.into_iter().map(|(event, _)| event).collect(),
                    failed: done.failed,
                },
                Err(_) => Operated::failed(GONE.to_owned()),
            }
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
        match self.dirty_below(&folder.path(path), &folder.real_path(path)) {
            Some(dirty) => Err(format!(
                "{dirty} has changes that are not saved, so it is not deleted"
            )),
            None => Ok(()),
        }
    }

    /// A file at a path, which without links is `real`, or below it whose changes are not saved, also
    /// where they are still to come back.
    fn dirty_below(&self, path: &Path, real: &Path) -> Option<String> {
        let mut buffers = self.workspace.buffers();
        let below =
            |of: Option<&Path>| of.is_some_and(|of| of.starts_with(path) || of.starts_with(real));
        let is_below = |one: &Buffer| below(one.path()) || below(one.real_path());
        let dirty = buffers.find(|one| one.is_dirty() && is_below(one));
        let dirty = dirty.map(Buffer::display_name);
        dirty.or_else(|| Some(self.coming_below([path, real])?.title()))
    }

    /// Takes what became of a file or folder on the disk by Kiln's doing, and tells the servers.
    pub fn file_event(&mut self, event: &FileEvent, is_folder: bool, cx: &mut Context<Self>) {
        let paths = match event {
            FileEvent::Created { path } | FileEvent::Deleted { path } => vec![path.clone()],
            FileEvent::Renamed { from, to } => {
                self.update(cx, |workspace| workspace.path_moved(from, to));
                self.joint_edits.moved(from, to);
                self.coming_texts_moved(from, to, cx);
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
