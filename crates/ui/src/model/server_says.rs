//! What is to be shown at once of what language servers do: a window hears it.

use super::{DeletionId, ListedFor, MadeEdit, WorkspaceModel};
use gpui_kit::EventEmitter;
use lsp::ServerQuestion;
use workspace::{BufferId, ServerKey};

/// Something about a language server that a window shows at once.
#[derive(Clone, Debug)]
pub enum ServerSays {
    /// Edits are listed among the places, to be looked at before they are made.
    EditsListed(ListedFor),
    /// An edit was made in other files than the one that a person looks at.
    EditMade(MadeEdit),
    /// An edit that was told of was taken back.
    EditOver {
        /// What its notice says.
        message: String,
    },
    /// Files were deleted for a server, and can be brought back: these, in words.
    Deleted(DeletionId, String),
    /// A server asks something; it is told that there is no answer once the question is dropped.
    Question {
        /// Who asks what, which tells the notice from others.
        message: String,
        /// The question with its answers.
        question: ServerQuestion,
    },
    /// Nobody waits for the answer to a question any more.
    QuestionOver {
        /// What its notice says.
        message: String,
    },
    /// A server is not started again by itself.
    Failed {
        /// Which.
        server: ServerKey,
        /// Why it ended.
        reason: String,
    },
    /// A server that had failed begins anew, or is wanted no more.
    FailureOver {
        /// Which.
        server: ServerKey,
        /// Why it had ended.
        reason: String,
    },
}

impl EventEmitter<ServerSays> for WorkspaceModel {}

/// A server wants a name chosen for what it has just made: the view that has the keyboard hears it.
#[derive(Clone, Debug)]
pub struct NameWanted {
    /// The text.
    pub buffer: BufferId,
    /// The version of it that the byte is of.
    pub version: u64,
    /// The byte of the name.
    pub offset: usize,
}

impl EventEmitter<NameWanted> for WorkspaceModel {}
