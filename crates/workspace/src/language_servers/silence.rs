//! Why no language server of a buffer answers.

use lsp::{RequestError, ServerState};

use super::LanguageServers;
use crate::BufferId;

impl LanguageServers {
    /// Why no server of a buffer can be asked now; none where one of them runs.
    pub fn why_silent(&self, id: BufferId) -> Option<RequestError> {
        if !self.has_server(id) {
            return Some(RequestError::NoServer);
        }
        let mut why = match self.question(id) {
            Some(_) => RequestError::Unanswered,
            None => RequestError::Forbidden,
        };
        for (_, state, _) in self.status(id) {
            // What is about to answer is better news than what is not.
            why = match state {
                ServerState::Running => return None,
                ServerState::Starting | ServerState::Restarting { .. } => RequestError::Starting,
                _ if why == RequestError::Starting => why,
                ServerState::Failed { .. } => RequestError::Failed,
                ServerState::Stopped => RequestError::NotRunning,
            };
        }
        Some(why)
    }
}
