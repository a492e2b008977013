//! What the server of a buffer is asked for to be shown in it.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::IndentStyle;
use gpui_kit::{Context, Task};
use lsp::{
    CodeLens, ColorPresentations, DocumentColor, DocumentLink, FoldingRange, Highlights, InlayHint,
    LanguageServer, LinkTarget, Reply, RequestError, SelectionRanges, SemanticTokens,
    ServerCommand, TextEdits, TokensOffered,
};
use workspace::BufferId;

use super::WorkspaceModel;

/// What is shown of a command above a line, and the command where it can be run.
type ShownLens = (Arc<str>, Option<ServerCommand>);

/// With more carets a server is not asked what is around them.
const MAX_GROWN: usize = 100;

impl WorkspaceModel {
    /// Asks all servers of a buffer for what they show in it, and joins what they say of the newest
    /// version of the text.
    fn ask_joined<T: Send + 'static>(
        &self,
        id: BufferId,
        cx: &Context<Self>,
        ask: impl Fn(&LanguageServer, &Path) -> Reply<(u64, Vec<T>)>,
    ) -> Task<Result<(u64, Vec<T>), RequestError>> {
        let all = self.ask_all_servers(id, cx, ask);
        cx.background_executor().spawn(async move {
            let all = all.await?;
            let newest = all.iter().map(|(version, _)| *version).max();
            let newest = newest.unwrap_or_default();
            let of_it = all.into_iter().filter(|(version, _)| *version == newest);
            Ok((newest, of_it.flat_map(|(_, found)| found).collect()))
        })
    }

    /// How the first server of a buffer that gives the meaning of names does it.
    pub fn offers_tokens(&self, id: BufferId) -> Option<TokensOffered> {
        let mut serving = self.language_servers()?.serving(id);
        serving.find_map(|(server, _)| server.offers_tokens())
    }

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
        self.ask_server(id, cx, |server, path| {
            server.inlay_hints(path, range.clone())
        })
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
            server.semantic_tokens(path, part.clone(), before)
        })
    }

    /// Asks the server of a buffer for the commands above its lines, with the version that their bytes
    /// are of.
    pub fn server_code_lenses(
        &self,
        id: BufferId,
        cx: &Context<Self>,
    ) -> Task<Result<(u64, Vec<CodeLens>), RequestError>> {
        self.ask_joined(id, cx, LanguageServer::code_lenses)
    }

    /// Asks the server of a buffer what is shown of a command above a line, and what it runs.
    pub fn server_resolve_lens(
        &self,
        id: BufferId,
        lens: &CodeLens,
        cx: &Context<Self>,
    ) -> Task<Result<Option<ShownLens>, RequestError>> {
        self.ask_named_server(id, &lens.server, cx, |server, path| {
            server.resolve_code_lens(path, lens)
        })
    }

    /// Has the server of a buffer run a command of its own; the edits that it asks for meanwhile are
    /// made.
    pub fn server_execute(
        &mut self,
        id: BufferId,
        command: &ServerCommand,
        cx: &Context<Self>,
    ) -> Task<Result<(), RequestError>> {
        self.looked_at = None;
        self.ask_server(id, cx, |server, path| server.execute(path, command))
    }

    /// The same with the server of a buffer that has a name.
    pub fn named_server_execute(
        &mut self,
        id: BufferId,
        server: &str,
        command: &ServerCommand,
        cx: &Context<Self>,
    ) -> Task<Result<(), RequestError>> {
        self.looked_at = None;
        self.ask_named_server(id, server, cx, |server, path| server.execute(path, command))
    }

    /// Asks the server of a buffer for the colours that are written out in the text, with the version
    /// that their bytes are of.
    pub fn server_document_colors(
        &self,
        id: BufferId,
        cx: &Context<Self>,
    ) -> Task<Result<(u64, Vec<DocumentColor>), RequestError>> {
        self.ask_joined(id, cx, LanguageServer::document_colors)
    }

    /// Asks the server of a buffer that knows a colour how another would be written in its place, with
    /// the version that the bytes of the edits are of.
    pub fn server_color_presentations(
        &self,
        id: BufferId,
        color: &DocumentColor,
        rgba: [f32; 4],
        cx: &Context<Self>,
    ) -> Task<Result<ColorPresentations, RequestError>> {
        self.ask_named_server(id, &color.server, cx, |server, path| {
            server.color_presentations(path, color.range.clone(), rgba)
        })
    }

    /// Asks the server of a buffer what is to be laid out since `typed` was typed before a byte of the
    /// text; `None` where that is nothing by what it offers.
    pub fn server_format_typed(
        &self,
        id: BufferId,
        offset: usize,
        typed: &str,
        indent: &IndentStyle,
        cx: &Context<Self>,
    ) -> Option<Task<Result<Option<TextEdits>, RequestError>>> {
        let mut serving = self.language_servers()?.serving(id);
        let (server, _) = serving.find(|(server, _)| server.formats_typed(typed))?;
        let asked = self.ask_named_server(id, server.name(), cx, |server, path| {
            server.on_type_formatting(path, offset, typed, indent)
        });
        Some(asked)
    }

    /// Asks the server of a buffer for the places of the text that lead elsewhere, with the version
    /// that their bytes are of.
    pub fn server_document_links(
        &self,
        id: BufferId,
        cx: &Context<Self>,
    ) -> Task<Result<(u64, Vec<DocumentLink>), RequestError>> {
        self.ask_joined(id, cx, LanguageServer::document_links)
    }

    /// Asks the server of a buffer what can be folded, with the version that it is of.
    pub fn server_folds(
        &self,
        id: BufferId,
        cx: &Context<Self>,
    ) -> Task<Result<(u64, Vec<FoldingRange>), RequestError>> {
        self.ask_server(id, cx, LanguageServer::folding_ranges)
    }

    /// Asks the server of a buffer what is around bytes of its text, with the version that it is of;
    /// `None` where it does not know such things, or there are too many bytes.
    pub fn server_selection_ranges(
        &self,
        id: BufferId,
        offsets: &[usize],
        cx: &Context<Self>,
    ) -> Option<Task<Result<SelectionRanges, RequestError>>> {
        let mut serving = self.servers.as_ref()?.serving(id);
        let knows = serving.any(|(server, _)| server.knows_selections());
        (knows && offsets.len() <= MAX_GROWN).then(|| {
            self.ask_server(id, cx, |server, path| {
                server.selection_ranges(path, offsets)
            })
        })
    }

    /// Asks the server of a buffer where a link leads.
    pub fn server_resolve_link(
        &self,
        id: BufferId,
        link: &DocumentLink,
        cx: &Context<Self>,
    ) -> Task<Result<Option<LinkTarget>, RequestError>> {
        self.ask_named_server(id, &link.server, cx, |server, path| {
            server.resolve_document_link(path, link)
        })
    }

    /// Asks the server of a buffer for the places that are edited as one with that of a byte of the
    /// text, with the version that theirs are of.
    #[allow(clippy::type_complexity)]
    pub fn server_linked_ranges(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Task<Result<Option<(u64, Vec<Range<usize>>)>, RequestError>> {
        self.ask_server(id, cx, |server, path| server.linked_ranges(path, offset))
    }

    /// Asks the server of a buffer what is said of a hint, as Markdown.
    pub fn server_resolve_hint(
        &self,
        id: BufferId,
        hint: &InlayHint,
        cx: &Context<Self>,
    ) -> Task<Result<Option<String>, RequestError>> {
        self.ask_named_server(id, &hint.server, cx, |server, path| {
            server.resolve_inlay_hint(path, hint)
        })
    }
}
