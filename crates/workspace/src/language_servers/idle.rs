//! Servers that no open text needs, and folders of theirs of which none is open.

use std::path::{Path, PathBuf};

use lsp::LanguageServer;

use super::{LanguageServers, Served};
use crate::{ServerKey, Workspace, WorkspaceEvent};

impl LanguageServers {
    /// The servers that run and know no open text.
    pub fn idle(&self) -> impl Iterator<Item = &ServerKey> {
        self.running.keys().filter(|key| self.is_idle(key))
    }

    fn is_idle(&self, key: &ServerKey) -> bool {
        let mut all = self.buffers.values().flatten();
        !all.any(|served| served.by == *key)
    }

    /// Ends a server that knows no open text; it is started again with the next.
    pub fn end_idle(&mut self, workspace: &mut Workspace, key: &ServerKey) {
        if self.is_idle(key) && self.running.contains_key(key) {
            self.end(workspace, key);
            self.attach_waiting(workspace);
            workspace.emit(WorkspaceEvent::LanguageServersChanged);
        }
    }

    /// The folders that servers are responsible for beside their roots, and of which they know no open
    /// text.
    pub fn idle_folders(&self) -> Vec<(ServerKey, PathBuf)> {
        let folders = self.running.iter().flat_map(|(key, server)| {
            let added = server.added_folders().into_iter();
            added.map(|folder| (key.clone(), folder))
        });
        folders
            .filter(|(key, folder)| self.is_idle_folder(key, folder))
            .collect()
    }

    fn is_idle_folder(&self, key: &ServerKey, folder: &Path) -> bool {
        let mut all = self.buffers.values().flatten();
        !all.any(|served| served.by == *key && served.found.key.root == folder)
    }

    /// The server that runs and is responsible for the folder of a server.
    pub(crate) fn responsible_now(&self, key: &ServerKey) -> Option<(ServerKey, LanguageServer)> {
        let mut running = self.running.iter();
        let added = |(by, server): &(&ServerKey, &LanguageServer)| {
            by.name == key.name && server.added_folders().contains(&key.root)
        };
        let own = self.running.get_key_value(key);
        own.or_else(|| running.find(added))
            .map(|(by, server)| (by.clone(), server.clone()))
    }

    /// Takes the folder of a server from the one that is responsible for it, which ends where it is its
    /// root. The texts in it wait for another.
    pub(crate) fn leave(&mut self, workspace: &mut Workspace, by: &ServerKey, key: &ServerKey) {
        let whole = by == key;
        let mut left = Vec::new();
        for (id, all) in &mut self.buffers {
            let of_it = |served: &&mut Served| {
                served.by == *by && (whole || served.found.key.root == key.root)
            };
            for served in all.iter_mut().filter(of_it) {
                left.extend(served.told.take().map(|(path, _)| (*id, path)));
            }
        }
        if whole {
            return self.end(workspace, by);
        }
        let Some(server) = self.running.get(by) else {
            return;
        };
        for (id, path) in left {
            server.close(&path);
            workspace.forget_diagnostics_of(id, by);
        }
        server.remove_folder(&key.root);
    }

    /// Tells a server that a folder is none of its own any more, of which it knows no open text; it is
    /// told of it again with the next.
    pub fn leave_folder(&self, key: &ServerKey, folder: &Path) {
        if let Some(server) = self.running.get(key)
            && self.is_idle_folder(key, folder)
        {
            server.remove_folder(folder);
        }
    }
}
