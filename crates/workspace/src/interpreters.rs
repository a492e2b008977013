//! Which Python the servers are told of.

use std::path::PathBuf;

use crate::Workspace;
use crate::language_servers::LanguageServers;
use crate::server_search::{ServerKey, ServersFound};

impl LanguageServers {
    /// Servers that run are told where the project has another Python than when they were started: its
    /// environment was made, or removed, since.
    pub(crate) fn tell_interpreters(&mut self, workspace: &mut Workspace, found: &ServersFound) {
        for one in &found.servers {
            let key = &one.key;
            let Some(server) = self.running.get(key).cloned() else {
                continue;
            };
            // One server has one Python: that of the file for which it was started, while it is
            // there.
            let known = self.interpreters.get(key);
            let is_there = known.is_some() && found.gone_interpreters.get(key) != known;
            if is_there || known == one.interpreter.as_ref() {
                continue;
            }
            self.keep_interpreter(key, one.interpreter.clone());
            if server.configure(self.settings_of(key)) {
                self.answers_stale(workspace, key, None);
            }
        }
    }

    pub(crate) fn keep_interpreter(&mut self, key: &ServerKey, interpreter: Option<PathBuf>) {
        match interpreter {
            Some(interpreter) => self.interpreters.insert(key.clone(), interpreter),
            None => self.interpreters.remove(key),
        };
    }
}
