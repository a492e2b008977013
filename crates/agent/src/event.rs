//! What the agent tells a user interface.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use llm::{ModelId, Usage};
use serde::{Deserialize, Serialize, Serializer};

use crate::{Mode, ModelChoice, PermissionId, SessionId, TurnId};

/// A path as it is shown: one that is no text can be kept in a session too.
pub(crate) fn path_as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Something was left out or done differently.
    Warning,
    /// Something did not work.
    Error,
}

/// A tool call as a user reads it. All text is made fit to be shown: control,
/// escape and invisible direction characters are replaced by visible ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCallView {
    /// The provider's id of the call; unique within a turn.
    pub call_id: String,
    /// The tool's name, `read_file`.
    pub name: String,
    /// What it does in one line, `src/main.rs` or the command.
    pub title: String,
    /// Its arguments, as JSON.
    pub arguments: serde_json::Value,
}

impl ToolCallView {
    /// The whole text that the call writes to a file, where it writes a whole one.
    pub fn written_text(&self) -> Option<&str> {
        crate::tools::written_text(&self.name, &self.arguments)
    }
}

/// A change of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    /// The file, relative to the folder.
    #[serde(serialize_with = "path_as_text")]
    pub path: PathBuf,
    /// Its text before; `None` where it did not exist.
    pub before: Option<String>,
    /// Its text after.
    pub after: String,
}

/// What the user is asked to allow, in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionPreview {
    /// A file is to be changed or created.
    Diff {
        /// The change.
        diff: FileDiff,
        /// Why this file is always asked about, where it is one of those that
        /// configure or start programs.
        warning: Option<String>,
    },
    /// A command is to be run.
    Command {
        /// The exact command line, control characters made visible.
        command: String,
        /// The folder it runs in.
        #[serde(serialize_with = "path_as_text")]
        cwd: PathBuf,
        /// What is unusual about it (hidden characters, several lines).
        warning: Option<String>,
    },
}

/// What came of a tool call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolOutcome {
    /// Whether it did what was asked.
    pub ok: bool,
    /// The result in one line.
    pub summary: String,
    /// What the model reads, made fit to be shown.
    pub output: String,
    /// What it did to a file.
    pub diff: Option<FileDiff>,
    /// Whether what it did to a file, or was to do, was too large to be kept with the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub diff_left_out: bool,
}

/// Why a turn ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The model is done.
    Completed,
    /// The user stopped it.
    Cancelled,
    /// It failed; the message says why and what to do.
    Failed(String),
    /// It failed for the model's key: there is none, it cannot be read, or it was refused. The
    /// message says which and what to do.
    NeedsKey(String),
    /// It did not begin, and nothing was sent: the session cannot be kept on the disk. The message
    /// says why and what to do.
    NotBegun(String),
    /// The limit of model calls in one turn was reached.
    StepLimit,
}

impl EndReason {
    /// Why the turn failed and what to do, where it did.
    pub fn failure(&self) -> Option<&str> {
        match self {
            Self::Failed(message) | Self::NeedsKey(message) | Self::NotBegun(message) => {
                Some(message)
            }
            Self::Completed | Self::Cancelled | Self::StepLimit => None,
        }
    }
}

impl From<llm::ModelError> for EndReason {
    fn from(error: llm::ModelError) -> Self {
        use llm::ModelError::{MissingKey, Unauthorized, UnreadableKey};
        let message = error.to_string();
        match error {
            MissingKey { .. } | UnreadableKey { .. } | Unauthorized { .. } => {
                Self::NeedsKey(message)
            }
            _ => Self::Failed(message),
        }
    }
}

/// One item of a session that is opened again, oldest first.
#[allow(
    clippy::large_enum_variant,
    reason = "most items of a session are tool calls, the large ones"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum TranscriptItem {
    /// What the user asked.
    Prompt {
        /// Their words.
        text: String,
        /// Chat or spec.
        mode: Mode,
    },
    /// What the model answered, in Markdown.
    Answer {
        /// The text.
        text: String,
    },
    /// A tool call.
    ToolCall {
        /// The call.
        call: ToolCallView,
        /// What the user was asked to allow, where they were.
        preview: Option<PermissionPreview>,
        /// What came of it. Where the program ended before it did, that is a failure which says
        /// whether it was carried out.
        outcome: ToolOutcome,
        /// Whether the program ended while it was carried out. The outcome's output is what a
        /// command had printed then.
        cut_off: bool,
    },
    /// A document of a spec was handed in for a review.
    Review {
        /// The spec's folder name.
        spec: String,
        /// The phase whose document it is.
        phase: spec::Phase,
    },
    /// Something the user was told.
    Notice {
        /// How grave it is.
        level: NoticeLevel,
        /// A sentence.
        message: String,
    },
    /// The end of a turn.
    TurnEnded {
        /// Why it ended.
        reason: EndReason,
        /// What it cost.
        usage: Usage,
        /// How long it took.
        elapsed: Duration,
        /// How the local model did, where one answered.
        speed: Option<Speed>,
    },
}

/// How a local model did, as far as it last told in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Generated tokens a second; 0 where none were generated.
    pub tokens_per_second: f64,
    /// Memory held by its process, in bytes; 0 where the system does not tell.
    pub memory_bytes: u64,
}

/// What happens in the agent, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentEvent {
    /// A session is open: the first event, and again after `NewSession` and
    /// `ResumeSession`.
    SessionOpened {
        /// Its name.
        id: SessionId,
        /// What is in it; empty for a new one.
        transcript: Vec<TranscriptItem>,
    },
    /// Another model is in use.
    ModelChanged {
        /// Its full name.
        id: ModelId,
        /// What the user reads.
        display_name: String,
        /// Whether it runs on this machine.
        local: bool,
        /// Why it is this one.
        choice: ModelChoice,
    },
    /// There is no model at all; the message says how to get one.
    NoModel {
        /// What to do.
        message: String,
        /// Why it is not the one that was in use last, where there was one: a sentence of the
        /// message.
        missing: Option<String>,
        /// Which keys cannot be read, and why, where that may be all that is missing.
        unreadable_keys: Option<String>,
    },
    /// A turn began.
    TurnStarted {
        /// Its number.
        turn: TurnId,
        /// What the user is shown as the prompt.
        prompt: String,
        /// Chat or spec.
        mode: Mode,
        /// Whether it goes on with the turn before it, or does that again: its prompt is in sight.
        goes_on: bool,
    },
    /// More text of the answer, in Markdown.
    Text {
        /// What is new.
        delta: String,
    },
    /// The model began to write a tool call.
    ToolCallStarted {
        /// The provider's id of the call.
        call_id: String,
        /// The tool's name, made fit to be shown.
        name: String,
    },
    /// A tool call is written, and waits: for the end of the model's answer, then for the calls
    /// before it.
    ToolCallWaiting {
        /// The call.
        call: ToolCallView,
    },
    /// A tool call runs (for those that ask: after the answer).
    ToolCallRunning {
        /// The call.
        call: ToolCallView,
    },
    /// The user must answer before the turn goes on.
    PermissionRequested {
        /// The question's number, for the answer.
        id: PermissionId,
        /// The call.
        call: ToolCallView,
        /// What it would do.
        preview: PermissionPreview,
    },
    /// A running command has printed more. At most ten a second, and none while many events are
    /// unread: the last words of a command may come with its end alone.
    ToolOutput {
        /// The provider's id of the call.
        call_id: String,
        /// All that it has printed so far, as in [`ToolOutcome::output`]: of more than the bound,
        /// the beginning and the end. It takes the place of what was told before.
        output: Arc<str>,
    },
    /// A tool call is not made: the user said no, or nobody could be asked. Its end follows.
    ToolCallDenied {
        /// The provider's id of the call.
        call_id: String,
    },
    /// A tool call ended.
    ToolCallFinished {
        /// The provider's id of the call.
        call_id: String,
        /// What came of it.
        outcome: ToolOutcome,
    },
    /// Token counts so far.
    Usage {
        /// Of the running turn.
        turn: Usage,
        /// Of the whole session.
        session: Usage,
    },
    /// How the local model is doing.
    Speed {
        /// Generated tokens a second.
        tokens_per_second: f64,
        /// Memory its process holds, in bytes.
        memory_bytes: u64,
    },
    /// The local model is being loaded or reads the prompt.
    Loading {
        /// What to tell the user.
        note: String,
    },
    /// The request failed and will be sent again.
    Retrying {
        /// 1 for the first repetition.
        attempt: u32,
        /// How long it waits.
        delay: Duration,
        /// What went wrong.
        reason: String,
    },
    /// Something the user should know.
    Notice {
        /// The session that it is about, which may be one that is being left; `None` where it is
        /// about the program, such as a model that cannot be used.
        session: Option<SessionId>,
        /// How grave it is.
        level: NoticeLevel,
        /// A sentence or two.
        message: String,
    },
    /// A turn ended.
    TurnEnded {
        /// Its number.
        turn: TurnId,
        /// Why.
        reason: EndReason,
        /// What it cost.
        usage: Usage,
        /// How long it worked; the time of waiting for answers does not count.
        elapsed: Duration,
    },
    /// A file of a spec changed through the agent.
    SpecChanged {
        /// The spec's folder name.
        spec: String,
    },
    /// A document of a spec waits for the user's review.
    SpecReviewReady {
        /// The spec's folder name.
        spec: String,
        /// The phase whose document it is.
        phase: spec::Phase,
    },
    /// A task's box changed.
    TaskStateChanged {
        /// The spec's folder name.
        spec: String,
        /// The task's number.
        task: spec::TaskId,
        /// The new state.
        state: spec::TaskState,
    },
}
