//! What goes into the local model and what comes out of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One answer to produce.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LocalRequest {
    /// The system prompt. Short ones pay: the model reads about 100 tokens a second.
    pub system: String,
    /// The conversation so far, oldest first; the last one is the user's or a tool's result.
    pub messages: Vec<LocalMessage>,
    /// The tools that the model may call.
    pub tools: Vec<LocalTool>,
    /// Whether it has to answer in words this time. It reads about the tools all the same, so that
    /// the prompt begins as that of the other answers does and need not be read again.
    #[serde(default)]
    pub words_only: bool,
    /// Most tokens to produce; cut down to what the context window leaves.
    pub max_tokens: u32,
    /// Sampling temperature, 0.0 (always the likeliest token) to 2.0; `None` for the default.
    pub temperature: Option<f32>,
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LocalRole {
    /// The person, or the result of a tool that the model called.
    User,
    /// The model.
    Assistant,
}

/// One message of the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalMessage {
    /// Who said it.
    pub role: LocalRole,
    /// What was said, in order.
    pub content: Vec<LocalContent>,
}

impl LocalMessage {
    /// A message of the person that is text alone.
    #[must_use]
    pub fn user(text: impl Into<String>) -> Self {
        Self {
            role: LocalRole::User,
            content: vec![LocalContent::Text(text.into())],
        }
    }

    /// An answer of the model that is text alone.
    #[must_use]
    pub fn assistant(text: impl Into<String>) -> Self {
        Self {
            role: LocalRole::Assistant,
            content: vec![LocalContent::Text(text.into())],
        }
    }
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LocalContent {
    /// Plain text.
    Text(String),
    /// The model called a tool.
    ToolCall {
        /// The tool.
        name: String,
        /// Its arguments, a JSON object.
        arguments: Value,
    },
    /// What the tool answered.
    ToolResult {
        /// The tool.
        name: String,
        /// Its output.
        output: String,
        /// The tool failed; the output says why.
        is_error: bool,
    },
}

/// A tool that the model may call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalTool {
    /// Name: letters, digits, `_` and `-`.
    pub name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// JSON Schema of its arguments, an object schema.
    pub parameters: Value,
}

/// One step of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum LocalEvent {
    /// The model file is being loaded into memory; `fraction` runs from 0 to 1.
    Loading {
        /// Part that is loaded.
        fraction: f32,
    },
    /// The prompt is being read; long ones take seconds.
    Reading {
        /// Tokens read so far, those kept from the last turn included.
        tokens: u32,
        /// Tokens of the whole prompt.
        total: u32,
    },
    /// More text of the answer.
    Text(String),
    /// The model begins to write a call of the tool `name`.
    ToolCallStarted {
        /// The tool.
        name: String,
    },
    /// A complete call; its arguments match the tool's schema in shape.
    ToolCall {
        /// The tool.
        name: String,
        /// Its arguments, a JSON object.
        arguments: Value,
    },
    /// A call that was cut off before it was complete.
    MalformedToolCall {
        /// The tool.
        name: String,
        /// The arguments as far as they came.
        arguments: String,
        /// Why they do not parse.
        error: String,
    },
    /// How the answer is coming on; about once a second.
    Speed {
        /// Speed of writing so far, in tokens a second.
        tokens_per_second: f32,
        /// Resident memory of the worker process in bytes; 0 where the system does not tell.
        memory_bytes: u64,
    },
    /// Counts and speed; comes once, just before [`LocalEvent::Stopped`].
    Usage(LocalUsage),
    /// The end of the answer; nothing follows.
    Stopped(LocalStop),
}

/// What an answer cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LocalUsage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the prompt that were still in memory from the last turn.
    pub cached_tokens: u32,
    /// Tokens produced.
    pub output_tokens: u32,
    /// Speed of reading the new part of the prompt, in tokens a second; 0 when nothing was read.
    pub prompt_tokens_per_second: f32,
    /// Speed of writing, in tokens a second; 0 when nothing was written.
    pub tokens_per_second: f32,
    /// Resident memory of the worker process in bytes; 0 where the system does not tell.
    pub memory_bytes: u64,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LocalStop {
    /// The model finished.
    EndOfTurn,
    /// The model called a tool and waits for its result.
    ToolUse,
    /// The limit of the request or of the context window was reached.
    MaxTokens,
    /// The model had begun to repeat itself and was stopped.
    Repetition,
    /// The caller cancelled.
    Cancelled,
}
