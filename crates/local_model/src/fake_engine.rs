//! A scripted engine, so that the worker process can be tested without weights.

use std::thread;
use std::time::Duration;

use crate::engine::Engine;
use crate::memory;
use crate::protocol::{EngineError, EngineEvent, LoadRequest};
use crate::request::{LocalContent, LocalRequest, LocalStop, LocalUsage};

/// Does what the last user message says, word for word:
///
/// | message | what happens |
/// |---|---|
/// | `call NAME {…}` | a call of the tool `NAME` with these arguments |
/// | `forever` | the speed, then words without end, until it is cancelled |
/// | `abort` | the process aborts, as a crash in native code does |
/// | `fail` | an engine error |
/// | `too long` | the error for a prompt that does not fit |
/// | anything else | the message comes back word by word |
#[derive(Debug, Default)]
pub struct FakeEngine {
    loaded: bool,
}

impl Engine for FakeEngine {
    fn load(
        &mut self,
        request: &LoadRequest,
        mut progress: Box<dyn FnMut(f32)>,
    ) -> Result<(), String> {
        progress(0.5);
        if !request.path.exists() {
            return Err(format!("there is no file {}", request.path.display()));
        }
        self.loaded = true;
        progress(1.0);
        Ok(())
    }

    fn generate(
        &mut self,
        request: &LocalRequest,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(LocalStop, LocalUsage), EngineError> {
        if !self.loaded {
            return Err(EngineError::Engine("no model is loaded".into()));
        }
        let text = match request
            .messages
            .last()
            .and_then(|message| message.content.last())
        {
            Some(LocalContent::Text(text)) => text.clone(),
            Some(LocalContent::ToolResult { output, .. }) => output.clone(),
            _ => String::new(),
        };
        let mut usage = LocalUsage {
            prompt_tokens: u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX),
            tokens_per_second: 10.0,
            memory_bytes: memory::resident_bytes().unwrap_or(0),
            ..LocalUsage::default()
        };
        if let Some((name, arguments)) = text
            .strip_prefix("call ")
            .and_then(|call| call.split_once(' '))
        {
            emit(EngineEvent::ToolCallStarted { name: name.into() });
            emit(EngineEvent::ToolCall {
                name: name.into(),
                arguments: serde_json::from_str(arguments)
                    .map_err(|error| EngineError::Engine(error.to_string()))?,
            });
            return Ok((LocalStop::ToolUse, usage));
        }
        match text.as_str() {
            "abort" => {
                eprintln!("fake engine: asked to abort");
                std::process::abort()
            }
            "fail" => Err(EngineError::Engine("asked to fail".into())),
            "too long" => Err(EngineError::ContextTooLong {
                tokens: 9_000,
                limit: 8_000,
            }),
            "forever" => {
                emit(EngineEvent::Speed {
                    tokens_per_second: usage.tokens_per_second,
                    memory_bytes: usage.memory_bytes,
                });
                while !cancelled() {
                    emit(EngineEvent::Text("more ".into()));
                    usage.output_tokens += 1;
                    thread::sleep(Duration::from_millis(5));
                }
                Ok((LocalStop::Cancelled, usage))
            }
            _ => {
                for word in text.split_inclusive(' ') {
                    emit(EngineEvent::Text(word.into()));
                    usage.output_tokens += 1;
                }
                Ok((LocalStop::EndOfTurn, usage))
            }
        }
    }
}
