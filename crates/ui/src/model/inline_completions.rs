//! How the server of a buffer would go on with its text.

use gpui_kit::{Context, Task};
use lsp::{InlineCompletion, RequestError};
use workspace::BufferId;

use super::WorkspaceModel;

impl WorkspaceModel {
    /// Whether the server of a buffer says how its text may go on.
    pub fn completes_inline(&self, id: BufferId) -> bool {
        let servers = self.language_servers();
        let server = servers.and_then(|servers| servers.of_buffer(id));
        server.is_some_and(|(server, _)| server.completes_inline())
    }

    /// Asks the server of a buffer how the text may go on at a byte of it: because somebody asks, or
    /// by itself.
    pub fn server_inline_completions(
        &self,
        id: BufferId,
        offset: usize,
        by_itself: bool,
        cx: &Context<Self>,
    ) -> Task<Result<Vec<InlineCompletion>, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.inline_completions(path, offset, by_itself)
        })
    }
}
