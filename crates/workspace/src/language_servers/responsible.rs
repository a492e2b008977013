//! Which server is responsible for a folder.

use lsp::LanguageServer;

/// So many servers of one program run at a time because each folder has one of its own; folders beyond
/// these share one, as with servers that are not so.
const MOST_APART: usize = 8;

use super::LanguageServers;
use crate::server_search::{FoundServer, ServerKey};

/// Who is responsible for a folder.
pub(super) enum Responsible {
    /// This server.
    One(ServerKey, LanguageServer),
    /// One that runs, unless it takes no more folders, which it has not said yet.
    Unknown,
    /// Nobody.
    None,
}

impl LanguageServers {
    /// The server that runs and is responsible for the folder of one that was found, or becomes so.
    pub(super) fn responsible(&self, found: &FoundServer) -> Responsible {
        if let Some(server) = self.running.get(&found.key) {
            return Responsible::One(found.key.clone(), server.clone());
        }
        let mut entries = self.catalogue.servers.iter();
        let is_apart = entries.any(|entry| entry.name == found.key.name && entry.one_folder);
        let running = self.running.keys().filter(|key| key.name == found.key.name);
        if is_apart && running.count() < MOST_APART {
            return Responsible::None;
        }
        let can_be = |(key, _): &(&ServerKey, _)| {
            key.name == found.key.name && self.can_have_python_of(key, found)
        };
        let mut unknown = false;
        for (key, server) in self.running.iter().filter(can_be) {
            match server.takes_folders() {
                Some(true) => {
                    if let Some(settings) = self.folder_settings(&found.key) {
                        server.keep_folder_settings(&found.key.root, settings);
                    }
                    server.add_folder(&found.key.root);
                    return Responsible::One(key.clone(), server.clone());
                }
                Some(false) => {}
                None => unknown = true,
            }
        }
        match unknown {
            true => Responsible::Unknown,
            false => Responsible::None,
        }
    }
}
