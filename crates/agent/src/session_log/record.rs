//! The lines of a log.

use std::path::PathBuf;

use llm::{Content, Usage};
use serde::{Deserialize, Serialize};

use crate::{
    EndReason, FileDiff, Mode, NoticeLevel, PermissionPreview, SessionId, Speed, ToolCallView,
    ToolOutcome, TurnId,
};

/// A file's text before and after a change is kept up to this size, in bytes.
pub(super) const MAX_DIFF_BYTES: usize = 512 << 10;

/// Why a turn was started: what doing it again means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A prompt in chat mode.
    #[default]
    Chat,
    /// A document of a spec is written or changed.
    SpecDocument {
        spec: String,
        phase: String,
        feedback: Option<String>,
    },
    /// A task of a spec is carried out.
    Task { spec: String, task: String },
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Record {
    /// The first line.
    Session {
        version: u32,
        id: SessionId,
        #[serde(serialize_with = "crate::event::path_as_text")]
        root: PathBuf,
        created: String,
    },
    /// A turn began.
    TurnStarted {
        turn: TurnId,
        /// What the user is shown.
        prompt: String,
        mode: Mode,
        /// What the model reads.
        message: String,
        #[serde(default)]
        origin: Origin,
        /// The turn that this does again; the model does not see that one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<TurnId>,
        /// Whether it goes on with the turn before it, or does that again, so that the user is not
        /// shown the prompt once more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        goes_on: bool,
    },
    /// More text of an answer that is being written. [`Record::Assistant`] repeats all of it once
    /// the answer is over: where that does not follow, the program ended first.
    AnswerPart { text: String },
    /// The model answered.
    Assistant {
        content: Vec<Content>,
        /// What it took. [`Record::TurnEnded`] tells that of the whole turn: where that does not
        /// follow, the program ended first. Logs of earlier versions do not have it.
        #[serde(default, skip_serializing_if = "is_nothing")]
        usage: Usage,
    },
    /// The engine tells the model something (a repair, a reminder).
    Instruction { message: String },
    /// The user is asked to allow a call.
    PermissionAsked {
        call: ToolCallView,
        /// What they are shown; `None` where it is too large to keep.
        preview: Option<PermissionPreview>,
    },
    /// A call that may change something is carried out from here on.
    CallStarted { call_id: String },
    /// A running command has printed more. [`Record::ToolResult`] repeats what is kept of it once
    /// the command is over: where that does not follow, the program ended first.
    OutputPart {
        call_id: String,
        /// Bytes since the part before that are missing.
        #[serde(default, skip_serializing_if = "is_zero")]
        left_out: u64,
        text: String,
    },
    /// A tool call ended.
    ToolResult {
        call: ToolCallView,
        /// What the model reads.
        output: String,
        outcome: ToolOutcome,
    },
    /// The user was told something.
    Notice { level: NoticeLevel, message: String },
    /// A turn ended.
    TurnEnded {
        turn: TurnId,
        reason: EndReason,
        usage: Usage,
        elapsed_ms: u64,
        /// Logs of earlier versions do not have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        speed: Option<Speed>,
    },
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_nothing(usage: &Usage) -> bool {
    *usage == Usage::default()
}

/// A record without a difference that is too large to keep.
pub(super) fn bounded(record: &Record) -> Record {
    let mut record = record.clone();
    let too_large = |diff: &FileDiff| {
        diff.after.len() + diff.before.as_ref().map_or(0, String::len) > MAX_DIFF_BYTES
    };
    let call = match &mut record {
        Record::ToolResult { outcome, call, .. } => {
            outcome.diff_left_out = outcome.diff.take_if(|diff| too_large(diff)).is_some();
            call
        }
        Record::PermissionAsked { call, preview } => {
            preview.take_if(|preview| match preview {
                PermissionPreview::Diff { diff, .. } => too_large(diff),
                PermissionPreview::Command { command, .. } => command.len() > MAX_DIFF_BYTES,
            });
            call
        }
        _ => return record,
    };
    if call.arguments.to_string().len() > MAX_DIFF_BYTES {
        call.arguments = serde_json::Value::Null;
    }
    record
}
