//! A client of language servers: Microsoft's Language Server Protocol 3.17 over standard input and
//! output.
//!
//! A [`LanguageServer`] is started from a [`Launch`], usually a [`ServerProgram`] that the
//! [`Catalogue`] names, [`find_program`] finds on PATH, and [`find_in_project`] in what a project installs. It runs on threads of
//! its own, is started again when it crashes, and is told of texts by their [change
//! sets](editor_core::ChangeSet). Whatever it says is bounded and checked here, and comes out in
//! bytes of a version of a text that Kiln knows.

mod answers;
mod bounded;
mod capabilities;
mod catalogue;
mod client_command;
mod closed_files;
mod code_action;
mod code_lens;
mod complaint;
mod completion;
mod connection;
mod diagnostic;
mod document;
mod document_color;
mod document_link;
mod document_symbols;
#[cfg(feature = "test-support")]
mod fake_server;
mod feature;
mod file_operation;
mod folding_range;
mod formatter;
mod formatter_run;
mod formatting;
mod glob;
mod hierarchy;
mod highlight;
mod icon_label;
mod incoming;
mod inlay_hint;
mod inline_completion;
mod install;
mod launch;
mod linked_editing;
mod message;
mod navigation;
mod package;
mod position;
mod progress;
mod project_capabilities;
mod project_programs;
mod rename;
mod requests;
mod selection_range;
mod semantic_tokens;
mod server;
mod server_log;
mod server_message;
mod server_settings;
mod severity_counts;
mod shown;
mod signature;
mod symbols;
mod text_diagnostics;
mod text_edit;
mod trace;
mod transport;
mod uri;
mod watched_files;

pub use answers::{HoverAnswer, Location, fenced};
pub use catalogue::{Catalogue, CatalogueError, ConfigurationFile, ServerEntry};
pub use closed_files::{FileDiagnostics, ProjectDiagnostics};
pub use code_action::{ActionEffect, ActionsAsked, CodeAction, ServerCommand};
pub use code_lens::CodeLens;
pub use completion::{
    CompletionDetails, CompletionItem, CompletionKind, CompletionList, CompletionTrigger, FollowUp,
    MAX_ITEMS,
};
pub use connection::{Reply, RequestError};
pub use diagnostic::{Diagnostic, DiagnosticSeverity, MAX_DIAGNOSTICS, RelatedInformation};
pub use document_color::{ColorPresentation, ColorPresentations, DocumentColor};
pub use document_link::{DocumentLink, LinkTarget};
pub use document_symbols::{DocumentSymbol, DocumentSymbols};
#[cfg(feature = "test-support")]
pub use fake_server::FakeServer;
pub use feature::Feature;
pub use file_operation::{FileEvent, FileOperation};
pub use folding_range::{FoldKind, FoldingRange, FoldingRanges};
pub use formatter::{FormatterEntry, Formatters};
pub use formatter_run::{FormatError, FormatLimits, FormatterRun, format_text};
pub use formatting::TextEdits;
pub use hierarchy::{HierarchyItem, HierarchyKind, RelatedItem};
pub use highlight::{HighlightKind, Highlights};
pub use inlay_hint::{HintLink, InlayHint, InlayHintKind};
pub use inline_completion::InlineCompletion;
pub use install::{InstallError, InstalledServers};
pub use launch::{
    Ended, Launch, Launched, Running, ServerProgram, find_program, find_program_or_file,
};
pub use navigation::Destination;
pub use package::{Package, PackageManager};
pub use position::PositionEncoding;
pub use project_programs::{
    ProjectProgram, VirtualEnvironment, find_in_project, find_virtual_environment,
};
pub use rename::{AskedRename, Renamable};
pub use selection_range::SelectionRanges;
pub use semantic_tokens::{SemanticTokens, TokenMeaning, TokensOffered};
pub use server::{AskedEdit, LanguageServer, Limits, ServerEvent, ServerOptions, ServerState};
pub use server_message::{MessageType, ServerMessage, ServerQuestion, WaitingQuestion};
pub use server_settings::ServerSettings;
pub use severity_counts::SeverityCounts;
pub use shown::Shown;
pub use signature::{Signature, SignatureHelp};
pub use symbols::{ProjectSymbol, SymbolKind};
pub use text_diagnostics::TextDiagnostics;
pub use text_edit::{EditStep, EditsError, FileEdit, WorkspaceEdit, change_of};
pub use trace::{TraceEntry, TraceLevel, TraceSort};
pub use transport::{FrameError, MAX_BODY, MAX_HEADER, read_frame, write_frame};
pub use watched_files::WatchedChange;
