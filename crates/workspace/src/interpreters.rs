//! Which Python the servers are told of.

use std::path::PathBuf;

use crate::Workspace;
use crate::language_servers::LanguageServers;
use crate::server_search::{FoundServer, ServerKey};

impl LanguageServers {
    /// A server that runs is told where the project has another Python than when it was started: its
    /// environment was made, or removed, since.
    pub(crate) fn tell_interpreter(&mut self, workspace: &mut Workspace, found: &FoundServer) {
        let key = &found.key;
        let Some(server) = self.running.get(key).cloned() else {
            return;
        };
        // One server has one Python: that of the file for which it was started, while it is there.
        let known = self.interpreters.get(key);
        if known.is_some_and(|known| known.exists()) || known == found.interpreter.as_ref() {
            return;
        }
        self.keep_interpreter(key, found.interpreter.clone());
        if server.configure(self.settings_of(key)) {
            self.answers_stale(workspace, key, None);
        }
    }

    pub(crate) fn keep_interpreter(&mut self, key: &ServerKey, interpreter: Option<PathBuf>) {
        match interpreter {
            Some(interpreter) => self.interpreters.insert(key.clone(), interpreter),
            None => self.interpreters.remove(key),
        };
    }
}
