//! What a user interface asks of the agent.

use std::fmt;

use editor_core::Hunk;
use llm::ModelId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DocumentHash;

/// A session's name: a UUID of version 7, so that names sort by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionId(pub Uuid);

impl SessionId {
    /// A new name, later than all before it.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::str::FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// A turn's number in its session, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TurnId(pub u64);

/// A question to the user, unique while the agent runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PermissionId(pub u64);

/// What a prompt is to lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A conversation that may change files.
    #[default]
    Chat,
    /// A spec: requirements first.
    Spec,
}

/// The user's answer to a [`crate::AgentEvent::PermissionRequested`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionAnswer {
    /// Do it this time. A change of a file is made to the text as it is by then, unless its own lines
    /// are others there: then nothing is written.
    AllowOnce,
    /// Do it, and do exactly this again without asking while the session
    /// lasts: the same command line, or changes of the same file.
    AlwaysAllow,
    /// Do it, and let file changes inside the folder pass without asking while
    /// the session lasts. Commands, and files that configure or start
    /// programs, still ask.
    AllowAllWrites,
    /// Make only these lines of a change of a file, this time. The model is told what was refused.
    AllowLines {
        /// The text that the user saw them in. Where the file has another by now they are made beside
        /// what was edited, unless lines that go are others there: then nothing is written.
        current: String,
        /// What to make, in order and apart: the rows of `current` that go, and those of the text
        /// after ([`Hunk::base_rows`]) that come in their place.
        hunks: Vec<Hunk>,
        /// How many parts of the change, as the user saw them, were refused.
        refused: usize,
    },
    /// Do not do it; the model is told so.
    Deny {
        /// What the model is told beside that, in the user's words.
        reason: Option<String>,
    },
}

/// Why a model is looked for where none is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookReason {
    /// A person gave a key: every model may take the place of the one that was in use last, and is
    /// then kept for the next start.
    Asked,
    /// There may be others than before, in the settings or in the keyring, or a person looks again,
    /// which chooses none. Only what runs on this
    /// machine may take the place of the one that was in use last, and for as long as that is away.
    Changed,
}

/// What the agent is to do next. Operations are taken in order; while a turn
/// runs, only `Cancel`, `AnswerPermission`, `SelectModel`, `AskForModels` and
/// `FindModel` have an effect at once, the others wait until it has ended. Another
/// session does not wait: the turn is stopped for it, and so is, as it begins,
/// what waits before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Start a turn.
    Prompt {
        /// The user's words.
        text: String,
        /// Chat, or a new spec.
        mode: Mode,
    },
    /// End the running turn.
    Cancel,
    /// Do the last turn that failed or was cancelled again.
    Retry,
    /// Answer a question.
    AnswerPermission {
        /// The question.
        request: PermissionId,
        /// The answer.
        answer: PermissionAnswer,
    },
    /// Use another model from the next request on.
    SelectModel(ModelId),
    /// Ask the servers anew which models they have; see [`crate::ModelCatalog::ask_servers`].
    AskForModels,
    /// Read anew the keys that could not be read, ask the servers, and use the default model where
    /// none is in use.
    FindModel(LookReason),
    /// Stop what goes on in the session, close it and begin an empty one.
    NewSession,
    /// Stop what goes on in the session, close it and open an older one. The one that is open is
    /// told again once what waits before this is done.
    ResumeSession(SessionId),
    /// The document that waits for review is good: write the next one.
    SpecApprove {
        /// The spec's folder name.
        spec: String,
        /// The text that was read. Where the document has another by now, nothing is approved.
        seen: DocumentHash,
    },
    /// The document that waits for review is to be changed.
    SpecRequestChanges {
        /// The spec's folder name.
        spec: String,
        /// What is to change, in the user's words.
        feedback: String,
    },
    /// Write the document that the spec is missing next (after a cancelled or
    /// failed attempt).
    SpecNext {
        /// The spec's folder name.
        spec: String,
    },
    /// Carry a task of a spec out.
    RunTask {
        /// The spec's folder name.
        spec: String,
        /// The task's number, `1.2`.
        task: spec::TaskId,
    },
}
