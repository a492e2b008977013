//! What comes back from a model.

use std::time::Duration;

use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::{ModelError, ToolCall};

/// Tokens counted by the provider for one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, those read from a cache included.
    pub input_tokens: u64,
    /// Tokens generated.
    pub output_tokens: u64,
    /// Those of `input_tokens` that came from the provider's cache.
    pub cached_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.cached_tokens = self.cached_tokens.saturating_add(other.cached_tokens);
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The model said all it wanted to say.
    EndOfTurn,
    /// The model waits for the results of its tool calls.
    ToolUse,
    /// The limit of output tokens was reached: the answer is incomplete.
    MaxTokens,
    /// The caller cancelled.
    Cancelled,
}

/// One step of an answer, in the order in which it arrives.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelEvent {
    /// More text of the answer.
    Text(String),
    /// The model began to write a tool call; its arguments are still arriving.
    ToolCallStarted {
        /// The provider's id of the call.
        id: String,
        /// The tool's name.
        name: String,
    },
    /// A complete tool call.
    ToolCall(ToolCall),
    /// A tool call that cannot be run: its arguments are no JSON object, or
    /// the answer ended in the middle of them.
    MalformedToolCall {
        /// The provider's id of the call.
        id: String,
        /// The tool's name.
        name: String,
        /// What arrived of the arguments.
        arguments: String,
        /// What is wrong with them, for the model to read.
        error: String,
    },
    /// Token counts of this answer so far; a later one replaces an earlier one.
    Usage(Usage),
    /// The request failed before any content came and will be sent again.
    Retrying {
        /// 1 for the first repetition.
        attempt: u32,
        /// How long it waits before it does.
        delay: Duration,
        /// What went wrong.
        reason: String,
    },
    /// A local model is being loaded into memory.
    Loading {
        /// What to tell the user.
        note: String,
    },
    /// How a local model is doing.
    Speed {
        /// Generated tokens a second.
        tokens_per_second: f64,
        /// Memory its process holds, in bytes.
        memory_bytes: u64,
    },
    /// The answer ended; nothing follows.
    Stopped(StopReason),
}

/// An answer as it arrives. It ends after [`ModelEvent::Stopped`] or after the
/// first error; dropping it ends the request and closes its connection.
pub type ModelStream = BoxStream<'static, Result<ModelEvent, ModelError>>;
