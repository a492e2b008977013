//! Telling language servers what happens to the files of the project on the disk.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};

use super::WorkspaceModel;
use fs::{Fs, FsChange, FsEvent};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{LanguageServer, WatchedChange};

/// More folders are not watched for servers: each costs the system a watch.
const MAX_FOLDERS: usize = 5_000;

/// The folders that are watched for servers, beside those that somebody looks at.
#[derive(Default)]
pub(super) struct ServerWatch {
    folders: HashSet<PathBuf>,
    /// What looks for them.
    walk: Option<Task<()>>,
}

/// The folder and those in it that git does not leave out, the nearest first. Blocks.
fn folders_of(fs: &dyn Fs, root: &Path) -> HashSet<PathBuf> {
    let mut found = HashSet::new();
    let mut next = VecDeque::from([root.to_path_buf()]);
    while let Some(folder) = next.pop_front() {
        // One that cannot be read, or is gone, has nothing to be told of.
        let entries = fs.read_dir(&folder).unwrap_or_default();
        found.insert(folder);
        if found.len() >= MAX_FOLDERS {
            tracing::warn!("only {MAX_FOLDERS} folders are watched for language servers");
            break;
        }
        let below = entries.into_iter();
        let below = below.filter(|one| one.is_dir && !one.is_symlink && !one.is_ignored);
        next.extend(below.map(|one| one.path));
    }
    found
}

impl WorkspaceModel {
    /// Watches the folders of the project as long as a server wants to hear of its files.
    pub(super) fn watch_for_servers(&mut self, cx: &mut Context<Self>) {
        let servers = self.servers.as_ref();
        let wanted = servers.is_some_and(|all| all.running().any(LanguageServer::watches_files));
        if !wanted {
            self.server_watch.walk = None;
            return self.watch_server_folders(HashSet::new());
        }
        let (fs, root) = (self.workspace.fs().clone(), self.root().to_path_buf());
        let walk = cx
            .background_executor()
            .spawn(async move { folders_of(fs.as_ref(), &root) });
        let watch = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let folders = walk.await;
            // The window may be closed meanwhile.
            this.update(cx, |model, _| model.watch_server_folders(folders))
                .ok();
        });
        // What an earlier walk finds would be older than this.
        self.server_watch.walk = Some(watch);
    }

    fn watch_server_folders(&mut self, wanted: HashSet<PathBuf>) {
        let mut watched = std::mem::take(&mut self.server_watch.folders);
        self.watch_folders(&mut watched, wanted);
        self.server_watch.folders = watched;
    }

    /// Tells servers what another program did, or Kiln itself.
    pub(super) fn tell_servers_of_disk(&mut self, event: &FsEvent, cx: &mut Context<Self>) {
        let servers = self.servers.iter().flat_map(|servers| servers.running());
        let watching: Vec<_> = servers.filter(|one| one.watches_files()).cloned().collect();
        if watching.is_empty() {
            return;
        }
        let change = match event.kind {
            FsChange::Created => WatchedChange::Created,
            FsChange::Modified => WatchedChange::Changed,
            FsChange::Removed => WatchedChange::Deleted,
            // Which files changed is not known; folders that came meanwhile are to be watched.
            FsChange::Rescan => return self.watch_for_servers(cx),
        };
        let paths = event.paths.clone();
        let fs = self.workspace.fs().clone();
        let told = cx.background_executor().spawn(async move {
            let is_folder = |path: &PathBuf| fs.metadata(path).is_ok_and(|found| found.is_dir);
            let grows = change == WatchedChange::Created && paths.iter().any(is_folder);
            let changes: Vec<_> = paths.into_iter().map(|path| (path, change)).collect();
            for server in watching {
                server.files_changed(&changes);
            }
            grows
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            if told.await {
                // The window may be closed meanwhile.
                this.update(cx, |model, cx| model.watch_for_servers(cx))
                    .ok();
            }
        })
        .detach();
    }
}
