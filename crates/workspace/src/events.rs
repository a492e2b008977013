use std::path::PathBuf;

use editor_core::ChangeSet;
use lsp::Shown;

use crate::BufferId;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something needs attention.
    Warning,
    /// Something failed.
    Error,
}

/// Something that happened in a workspace.
#[derive(Debug, Clone)]
pub enum WorkspaceEvent {
    /// A buffer is there that was not before.
    BufferOpened(BufferId),
    /// A buffer's text changed: by an edit, undo, redo or a reload.
    BufferEdited {
        /// The buffer.
        buffer: BufferId,
        /// Its version after the change.
        version: u64,
        /// The change.
        changes: ChangeSet,
    },
    /// What an earlier program left unsaved is [back](crate::Workspace::restore) in a buffer.
    BufferRecovered(BufferId),
    /// A buffer's text is on the disk.
    BufferSaved(BufferId),
    /// It is found which state of a buffer's history is [on the disk](crate::Buffer::saved_state).
    BufferSavedStateFound(BufferId),
    /// A buffer became dirty, or clean.
    BufferDirtyChanged(BufferId),
    /// A buffer has a new syntax tree, or another language.
    BufferReparsed(BufferId),
    /// The symbols of a buffer's text are found, and are others than before.
    BufferOutlined(BufferId),
    /// [`Buffer::disk`](crate::Buffer::disk), the read-only state or the format changed.
    BufferDiskChanged(BufferId),
    /// [`Buffer::hunks`](crate::Buffer::hunks) were found anew, and are others than before.
    BufferHunksChanged(BufferId),
    /// [`Buffer::bookmarks`](crate::Buffer::bookmarks) are others than before, and not only moved.
    BufferBookmarksChanged(BufferId),
    /// [`Buffer::diagnostics`](crate::Buffer::diagnostics) are others than before, and not only moved.
    BufferDiagnosticsChanged(BufferId),
    /// What is said of files that are not open is something else than before.
    ClosedDiagnosticsChanged,
    /// A language server was found, asked about, started or ended, or works on something else.
    LanguageServersChanged,
    /// What the language server of a buffer shows in it is to be asked for anew.
    ServerAnswersStale {
        /// The buffer.
        buffer: BufferId,
        /// What; everything where nothing is named.
        shown: Option<Shown>,
    },
    /// A buffer is indented in another way.
    BufferIndentationChanged(BufferId),
    /// A buffer is gone.
    BufferClosed(BufferId),
    /// A buffer has another path.
    BufferPathChanged(BufferId),
    /// Files or folders under the root appeared, changed or went.
    FolderChanged {
        /// Where, as absolute paths.
        paths: Vec<PathBuf>,
    },
    /// Something to tell the user.
    Notice {
        /// How much it matters.
        severity: Severity,
        /// What to say.
        message: String,
    },
}

impl WorkspaceEvent {
    /// Whether something else may be wrong in the files of the folder than before.
    pub fn changes_problems(&self) -> bool {
        matches!(
            self,
            Self::BufferDiagnosticsChanged(_)
                | Self::ClosedDiagnosticsChanged
                | Self::BufferOpened(_)
                | Self::BufferClosed(_)
                | Self::BufferPathChanged(_)
        )
    }
}
