//! What the conversation is made of: its rows, and what goes on.

use std::sync::Arc;
use std::time::Duration;

use agent::{FileDiff, Mode, NoticeLevel, PermissionId, PermissionPreview, ToolCallView};
use llm::Usage;

use crate::local_speed::LocalSpeed;

/// How a tool call is getting on.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolState {
    /// The model is still writing its arguments.
    Writing,
    /// Written, and waiting for the end of the answer or for the calls before it.
    Waiting,
    /// Waiting for the user's decision.
    Asking(PermissionId),
    /// Running.
    Running,
    /// Finished well.
    Done,
    /// Finished with an error, or was refused.
    Failed,
}

/// One tool call.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolRow {
    /// The provider's id of the call.
    pub call_id: String,
    /// The tool's name, `read_file`.
    pub name: String,
    /// A summary of its arguments, such as the path.
    pub title: String,
    /// How it is getting on.
    pub state: ToolState,
    /// What the user is asked to allow; kept after the decision.
    pub preview: Option<PermissionPreview>,
    /// One line about the result.
    pub summary: String,
    /// What a running command has printed so far, then the result's text; cut to a bound.
    pub output: String,
    /// Whether its output was shown as it came.
    pub live: bool,
    /// What it did to a file.
    pub diff: Option<FileDiff>,
    /// What is known of it where the session does not have it any more.
    pub unkept: Option<UnkeptChange>,
}

/// A change of a file that was too large to be kept with the session.
#[derive(Clone, Debug, PartialEq)]
pub enum UnkeptChange {
    /// Of a file that was written as a whole: the text that the agent gave.
    Written(Arc<str>),
    /// Only a piece of the file is known.
    Piece,
}

impl UnkeptChange {
    /// That of a call.
    pub(super) fn of(call: &ToolCallView) -> Self {
        match call.written_text() {
            Some(text) => Self::Written(text.into()),
            None => Self::Piece,
        }
    }
}

/// How a turn ended, with what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct FooterRow {
    /// Wall-clock time, without what was waited for answers to questions.
    pub elapsed: Duration,
    /// Tokens of the turn.
    pub usage: Usage,
    /// How fast its last answer was, where a local model gave it while the panel was there.
    pub speed: Option<LocalSpeed>,
    /// Why it ended, where that is worth a word.
    pub note: Option<&'static str>,
}

/// What came of a document that was to be reviewed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReviewOutcome {
    /// It waits for a decision.
    Waiting,
    /// It was approved.
    Approved,
    /// It was handed in again, further down.
    Replaced,
}

/// One row of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// What the user asked.
    Prompt {
        /// Their words.
        text: Arc<str>,
        /// Whether it was to lead to a spec.
        mode: Mode,
    },
    /// What the model answered, in Markdown.
    Answer {
        /// All of it so far.
        text: String,
        /// Where the answer goes on from the row above, being too long for one:
        /// what Markdown needs in front to read it alike, often nothing.
        before: Option<String>,
    },
    /// A tool call.
    Tool(Arc<ToolRow>),
    /// Something the user should know.
    Notice {
        /// How grave it is.
        level: NoticeLevel,
        /// A sentence.
        message: String,
    },
    /// The turn failed.
    Failure {
        /// What happened and what to do, in a sentence or two.
        message: String,
        /// Whether another key would help.
        needs_key: bool,
    },
    /// A spec's document waits, or waited, for a review.
    Review {
        /// The spec's name.
        spec: String,
        /// The phase whose document is ready.
        phase: spec::Phase,
        /// What came of it.
        outcome: ReviewOutcome,
    },
    /// The end of a turn.
    Footer(FooterRow),
}

/// What a change did to the rows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RowChange {
    /// All rows are new.
    Reset,
    /// A row was added at the end.
    Added(usize),
    /// A row's content changed.
    Updated(usize),
    /// An answer grew by `delta`.
    Grew {
        /// The row.
        row: usize,
        /// What was added at its end.
        delta: String,
    },
}

/// What the running turn is doing, for the line at the end of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Activity {
    /// Waiting for the model's first words.
    Waiting,
    /// Text is arriving.
    Answering,
    /// A tool runs or is being written.
    Working,
    /// Waiting for the user's decision.
    Asking,
    /// A local model is being loaded; what it says about that.
    Loading(String),
    /// The request failed and is being repeated.
    Retrying {
        /// 1 for the first repetition.
        attempt: u32,
        /// How long it waits.
        delay: Duration,
        /// What went wrong.
        reason: String,
    },
}
