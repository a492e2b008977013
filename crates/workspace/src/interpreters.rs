//! Which Python the servers are told of. A folder has one: the file of an environment of its own has a
//! root of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lsp::{ServerEntry, ServerSettings};
use serde_json::Value;

use crate::Workspace;
use crate::language_servers::LanguageServers;
use crate::server_search::{FoundServer, ServerKey, ServersFound};

impl LanguageServers {
    /// Takes which Python the folders of servers have, also where an environment was made, or removed,
    /// since a server was started: it is told, or, where it knows one only from its start, started again
    /// with the next text.
    pub(crate) fn tell_interpreters(&mut self, workspace: &mut Workspace, found: &ServersFound) {
        for one in &found.servers {
            let key = &one.key;
            let known = self.interpreters.get(key);
            if known == one.interpreter.as_ref() {
                continue;
            }
            let responsible = self.responsible_now(key);
            // While it runs a folder keeps the one that it has, as long as that is there.
            let is_there = known.is_some() && found.gone_interpreters.get(key) != known;
            if is_there && responsible.is_some() {
                continue;
            }
            match &one.interpreter {
                Some(python) => self.interpreters.insert(key.clone(), python.clone()),
                None => self.interpreters.remove(key),
            };
            let Some((by, server)) = responsible else {
                continue;
            };
            if !self.asks_for_python(&key.name) {
                self.leave(workspace, &by, key);
            } else if server.configure(self.settings_of(&by)) {
                self.answers_stale(workspace, &by, None);
            }
        }
    }

    /// Whether a server that runs can serve a folder too: it asks for the Python of each, or both have
    /// the same.
    pub(crate) fn can_have_python_of(&self, running: &ServerKey, found: &FoundServer) -> bool {
        self.asks_for_python(&running.name)
            || self.interpreters.get(running) == found.interpreter.as_ref()
    }

    fn entry(&self, name: &str) -> Option<&ServerEntry> {
        let mut entries = self.catalogue().servers.iter();
        entries.find(|entry| entry.name == name)
    }

    fn asks_for_python(&self, name: &str) -> bool {
        self.entry(name)
            .is_some_and(|entry| entry.interpreter.is_some())
    }

    /// What a server is told, with what it gets of each of its folders.
    pub(crate) fn settings_of(&self, key: &ServerKey) -> ServerSettings {
        let Some(entry) = self.entry(&key.name) else {
            return ServerSettings::default();
        };
        let interpreter = self.interpreters.get(key).map(PathBuf::as_path);
        let added = self
            .running
            .get(key)
            .map(lsp::LanguageServer::added_folders);
        let by_folder = added.into_iter().flatten().filter_map(|root| {
            let name = key.name.clone();
            let folder = ServerKey { name, root };
            Some((folder.root.clone(), self.folder_settings(&folder)?))
        });
        ServerSettings {
            by_folder: by_folder.collect::<BTreeMap<_, _>>(),
            ..entry.settings_with(self.values(), interpreter)
        }
    }

    /// What a server gets where it asks for the settings of a folder beside its root; `None` where they
    /// are those of its root.
    pub(crate) fn folder_settings(&self, folder: &ServerKey) -> Option<Value> {
        let entry = self.entry(&folder.name)?;
        entry.interpreter.as_ref()?;
        let interpreter = self.interpreters.get(folder).map(PathBuf::as_path);
        Some(entry.settings_with(self.values(), interpreter).settings)
    }
}
