//! What the server of a buffer is asked for to be shown in it.

use std::ops::Range;

use gpui_kit::{Context, Task};
use lsp::{Highlights, InlayHint, RequestError, SemanticTokens};
use workspace::BufferId;

use super::WorkspaceModel;

impl WorkspaceModel {
    /// Asks the server of a buffer where that is used in the text what stands at a byte of it; `None`
    /// where it does not know.
    pub fn server_highlights(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Task<Result<Option<Highlights>, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.document_highlights(path, offset)
        })
    }

    /// Asks the server of a buffer for the hints in some bytes of the text, with the version that theirs
    /// are of.
    pub fn server_inlay_hints(
        &self,
        id: BufferId,
        range: Range<usize>,
        cx: &Context<Self>,
    ) -> Task<Result<(u64, Vec<InlayHint>), RequestError>> {
        self.ask_server(id, cx, |server, path| server.inlay_hints(path, range))
    }

    /// Asks the server of a buffer what the names of the text mean, or those in some bytes of it; by
    /// what changed since an answer before, where the server can say that.
    pub fn server_semantic_tokens(
        &self,
        id: BufferId,
        part: Option<Range<usize>>,
        before: Option<&SemanticTokens>,
        cx: &Context<Self>,
    ) -> Task<Result<Option<SemanticTokens>, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.semantic_tokens(path, part, before)
        })
    }

    /// Asks the server of a buffer what is said of a hint, as Markdown.
    pub fn server_resolve_hint(
        &self,
        id: BufferId,
        hint: &InlayHint,
        cx: &Context<Self>,
    ) -> Task<Result<Option<String>, RequestError>> {
        self.ask_server(id, cx, |server, path| server.resolve_inlay_hint(path, hint))
    }
}
