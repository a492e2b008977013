//! The model of what is open: buffers, their history, and how they relate to the disk.
//!
//! A [`Workspace`] is a plain struct. The thread that shows it owns it and edits it directly; no
//! lock, no channel. Slow work takes a snapshot out ([`Workspace::save_job`],
//! [`Workspace::parse_job`]), runs anywhere, and is handed back stamped with the version that it
//! saw. What happened is told by [`Workspace::take_events`].
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::{path::Path, sync::Arc};
//! use editor_core::{Selections, editing};
//! use workspace::Workspace;
//!
//! let mut workspace = Workspace::new("/project".into(), Arc::new(fs::RealFs::new()));
//! let id = workspace.open_blocking(Path::new("/project/notes.txt"))?;
//! let text = workspace.buffer(id).ok_or("closed")?.text().clone();
//! workspace.edit(id, editing::insert_text(&text, &Selections::caret(0), "Hello\n"))?;
//! workspace.save_blocking(id)?;
//! # Ok(())
//! # }
//! ```

mod bookmarks;
mod buffer;
mod clock;
mod closed_diagnostics;
mod comparison;
mod diagnostics;
mod disk;
mod edits;
mod events;
mod file_path;
mod formatters;
mod found_text;
mod interpreters;
mod journal;
mod language_guess;
mod language_servers;
mod large_recovered;
mod local_history;
mod made;
mod outlining;
mod parsing;
mod problems;
mod recovered;
mod recovery;
mod recovery_entry;
mod reverting;
mod same_as_disk;
mod saved_state;
mod saving;
mod server_consent;
mod server_offers;
mod server_run;
mod server_search;
mod server_talk;
mod shown_text;
mod symbol_kinds;
mod taking_text;
mod undo_store;
mod usual_encodings;
mod view_state;
mod workspace;

pub use bookmarks::MAX_BOOKMARKS;
pub use buffer::{Buffer, BufferId, DiskState};
pub use closed_diagnostics::{ClosedFileDiagnostics, PlacedDiagnostic, SaidOfClosedFile};
pub use comparison::{CompareJob, ComparedVersion, FoundHunks, Staged};
pub use diagnostics::Diagnostics;
pub use disk::{DiskJob, DiskText, DiskUnchanged, ReloadError, ReloadJob, RereadError};
pub use edits::{EditError, HistoryMove};
pub use events::{Severity, WorkspaceEvent};
pub use formatters::{FindFormattersJob, FormatterChoice, FormattersFound, FoundFormatter};
pub use language_guess::{GuessJob, GuessedLanguage};
pub use language_servers::LanguageServers;
pub use large_recovered::{ComeBackError, LargeRecovered, Loaded, title_of_text};
pub use local_history::{
    HistoryEntry, HistoryLimits, HistorySource, LineCounts, LocalHistory, line_counts,
};
pub use outlining::{FoundOutline, OutlineJob, ServerOutline};
pub use parsing::{ParseJob, ParsedTree};
pub use problems::{ProblemCounts, ProblemPlace};
pub use recovered::Recovered;
pub use recovery::{
    BaseDone, BaseJob, Journalist, LastWords, LeftTexts, Recovery, RecoveryDone, RecoveryJob,
};
pub use reverting::{RevertJob, UnsavedDifference};
pub use same_as_disk::{SameAsDisk, SameAsDiskJob};
pub use saved_state::{SavedState, SavedStateJob};
pub use saving::{SaveError, SaveJob, SavedFile};
pub use server_consent::{KeepConsentJob, ServerConsent};
pub use server_offers::{OfferedServer, WhyOffered};
pub use server_run::ServerRun;
pub use server_search::{
    FindServersJob, FoundServer, MissingServer, OutdatedServer, ProgramSource, ServerChoice,
    ServerKey, ServersFound,
};
pub use symbol_kinds::symbol_kind;
pub use taking_text::{TakeTextJob, TextDifference};
pub use undo_store::{FoundUndo, UndoJob};
pub use usual_encodings::UsualEncodings;
pub use view_state::{ViewState, ViewStates};
pub use workspace::Workspace;

#[cfg(test)]
mod tests;
