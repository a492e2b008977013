//! What the program and its worker process say to each other: one JSON value a line.
//!
//! Both ends are the same executable, so there is no version to negotiate.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::request::{LocalEvent, LocalRequest, LocalStop, LocalUsage};

/// First argument that turns the program into a worker.
pub const WORKER_ARGUMENT: &str = "local-model-worker";

/// Longest line that either side accepts, in bytes. A prompt has to fit the context window
/// (some 32 KB of text), so that anything near this is an error.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// From the program to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Load a model; comes first.
    Load(LoadRequest),
    /// Produce an answer. One at a time.
    Generate {
        /// Number of the answer; replies carry it.
        id: u64,
        /// What to answer.
        request: Box<LocalRequest>,
    },
    /// Stop producing answer `id`. Unknown and finished ones are ignored.
    Cancel {
        /// Number of the answer.
        id: u64,
    },
}

/// Which model to load, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadRequest {
    /// The GGUF file.
    pub path: PathBuf,
    /// Size of the context window in tokens.
    pub context_tokens: u32,
    /// Threads to compute with.
    pub threads: u32,
}

/// From the worker to the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// Part of the model file that is loaded, 0 to 1.
    Loading(f32),
    /// The model is ready.
    Loaded,
    /// The model could not be loaded; the worker ends.
    LoadFailed(String),
    /// A step of answer `id`.
    Event {
        /// Number of the answer.
        id: u64,
        /// The step.
        event: EngineEvent,
    },
    /// Answer `id` ended well.
    Stopped {
        /// Number of the answer.
        id: u64,
        /// Why.
        reason: LocalStop,
        /// What it cost.
        usage: LocalUsage,
    },
    /// Answer `id` could not be produced; the worker goes on.
    Failed {
        /// Number of the answer.
        id: u64,
        /// Why.
        error: EngineError,
    },
}

/// A step of an answer, as an engine reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EngineEvent {
    /// See [`LocalEvent::Reading`].
    Reading {
        /// Tokens read so far.
        tokens: u32,
        /// Tokens of the whole prompt.
        total: u32,
    },
    /// See [`LocalEvent::Text`].
    Text(String),
    /// See [`LocalEvent::ToolCallStarted`].
    ToolCallStarted {
        /// The tool.
        name: String,
    },
    /// See [`LocalEvent::ToolCall`].
    ToolCall {
        /// The tool.
        name: String,
        /// Its arguments.
        arguments: Value,
    },
    /// See [`LocalEvent::MalformedToolCall`].
    MalformedToolCall {
        /// The tool.
        name: String,
        /// Its arguments as far as they came.
        arguments: String,
        /// Why they do not parse.
        error: String,
    },
    /// See [`LocalEvent::Speed`].
    Speed {
        /// Tokens a second.
        tokens_per_second: f32,
        /// Bytes.
        memory_bytes: u64,
    },
}

impl From<EngineEvent> for LocalEvent {
    fn from(event: EngineEvent) -> Self {
        match event {
            EngineEvent::Reading { tokens, total } => Self::Reading { tokens, total },
            EngineEvent::Text(text) => Self::Text(text),
            EngineEvent::ToolCallStarted { name } => Self::ToolCallStarted { name },
            EngineEvent::ToolCall { name, arguments } => Self::ToolCall { name, arguments },
            EngineEvent::MalformedToolCall {
                name,
                arguments,
                error,
            } => Self::MalformedToolCall {
                name,
                arguments,
                error,
            },
            EngineEvent::Speed {
                tokens_per_second,
                memory_bytes,
            } => Self::Speed {
                tokens_per_second,
                memory_bytes,
            },
        }
    }
}

/// Why an engine could not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum EngineError {
    /// The conversation does not fit the model's memory.
    #[error(
        "this conversation is {tokens} tokens long and the local model can hold {limit}; \
         start a new chat or attach less text"
    )]
    ContextTooLong {
        /// Tokens of the prompt.
        tokens: u32,
        /// Tokens that a prompt may have.
        limit: u32,
    },
    /// The engine failed; the text is its own.
    #[error("its engine failed: {0}")]
    Engine(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{LocalMessage, LocalTool};

    #[test]
    fn a_message_is_one_line_whatever_it_carries() {
        let message = ToWorker::Generate {
            id: 7,
            request: Box::new(LocalRequest {
                system: "line one\nline two".into(),
                messages: vec![LocalMessage::user("a\r\nb\u{2028}c")],
                tools: vec![LocalTool {
                    name: "read_file".into(),
                    description: String::new(),
                    parameters: serde_json::json!({"type": "object"}),
                }],
                words_only: true,
                max_tokens: 10,
                temperature: Some(0.2),
            }),
        };
        let line = serde_json::to_string(&message).unwrap();
        assert!(!line.contains('\n') && !line.contains('\r'));
        assert_eq!(serde_json::from_str::<ToWorker>(&line).unwrap(), message);
    }
}
