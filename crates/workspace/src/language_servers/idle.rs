//! Servers that no open text needs, and folders of theirs of which none is open.

use std::path::{Path, PathBuf};

use super::LanguageServers;
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
