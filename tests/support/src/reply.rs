//! Scripted answers, written out in either protocol.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::WireProtocol;

/// Holds an answer back until the test lets it go on.
#[derive(Clone, Debug)]
pub struct Gate {
    sender: Arc<watch::Sender<bool>>,
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self {
            sender: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Lets everything that waits at it go on.
    pub fn open(&self) {
        self.sender.send_replace(true);
    }

    pub(crate) async fn passed(&self) {
        let mut receiver = self.sender.subscribe();
        // The sender lives as long as the gate, so that this ends by opening.
        while !*receiver.borrow_and_update() {
            if receiver.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// One step of a streamed answer.
#[derive(Clone, Debug)]
pub enum Step {
    /// A piece of text, as one event.
    Text(String),
    /// A tool call, its arguments in pieces.
    ToolCall {
        /// The call's id.
        id: String,
        /// The tool's name.
        name: String,
        /// The arguments as the model writes them; need not be JSON.
        arguments: String,
    },
    /// The beginning of a tool call that never ends.
    HalfToolCall {
        /// The call's id.
        id: String,
        /// The tool's name.
        name: String,
        /// What there is of the arguments.
        arguments: String,
    },
    /// An event with this payload, whatever it means.
    Event(String),
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// This many bytes of text, in events of 8 KB.
    Flood(usize),
    /// A pause.
    Pause(Duration),
    /// Wait until the test opens the gate.
    Hold(Gate),
    /// The regular end, with tokens of prompt and answer.
    End {
        /// Tokens of the prompt.
        input: u64,
        /// Tokens of the answer.
        output: u64,
    },
    /// The regular end at the limit of output tokens.
    EndAtLimit,
    /// Close the connection in the middle of the response.
    Cut,
}

/// One answer of the server.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Status 200 and an event stream.
    Stream(Vec<Step>),
    /// Another response.
    Response {
        /// The HTTP status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Close the connection without an answer.
    Refuse,
}

impl Reply {
    /// A text answer, in pieces of a word each, that ends regularly.
    pub fn text(text: &str) -> Self {
        let mut steps: Vec<Step> = text
            .split_inclusive(' ')
            .map(|word| Step::Text(word.to_owned()))
            .collect();
        steps.push(Step::End {
            input: 100,
            output: 20,
        });
        Self::Stream(steps)
    }

    /// An answer of one tool call.
    pub fn tool_call(id: &str, name: &str, arguments: &str) -> Self {
        Self::tool_calls(&[(id, name, arguments)])
    }

    /// An answer of several tool calls.
    pub fn tool_calls(calls: &[(&str, &str, &str)]) -> Self {
        let mut steps: Vec<Step> = calls
            .iter()
            .map(|(id, name, arguments)| Step::ToolCall {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                arguments: (*arguments).to_owned(),
            })
            .collect();
        steps.push(Step::End {
            input: 100,
            output: 20,
        });
        Self::Stream(steps)
    }

    /// A response with a status and a message in the providers' shape.
    pub fn error(status: u16, message: &str) -> Self {
        Self::Response {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: json!({"type": "error", "error": {"type": "test_error", "message": message}})
                .to_string(),
        }
    }

    /// Status 429 with this `Retry-After`.
    pub fn rate_limited(retry_after: &str) -> Self {
        let mut reply = Self::error(429, "slow down");
        if let Self::Response { headers, .. } = &mut reply {
            headers.push(("retry-after".into(), retry_after.into()));
        }
        reply
    }
}

/// Writes the steps of a stream in a protocol.
pub(crate) struct StreamWriter {
    protocol: WireProtocol,
    index: u64,
    text_open: bool,
    has_calls: bool,
    started: bool,
}

impl StreamWriter {
    pub fn new(protocol: WireProtocol) -> Self {
        Self {
            protocol,
            index: 0,
            text_open: false,
            has_calls: false,
            started: false,
        }
    }

    /// The bytes of a step that has any.
    pub fn write(&mut self, step: &Step) -> Vec<u8> {
        let mut out = String::new();
        match self.protocol {
            WireProtocol::OpenAiChat => self.open_ai(step, &mut out),
            WireProtocol::AnthropicMessages => self.anthropic(step, &mut out),
        }
        let mut bytes = out.into_bytes();
        match step {
            Step::Event(data) => bytes.extend_from_slice(format!("data: {data}\n\n").as_bytes()),
            Step::Bytes(raw) => bytes.extend_from_slice(raw),
            Step::Flood(size) => {
                let piece = Step::Text("lorem ipsum dolor sit amet ".repeat(304));
                let mut written = 0;
                while written < *size {
                    bytes.extend(self.write(&piece));
                    written += 27 * 304;
                }
            }
            _ => {}
        }
        bytes
    }

    fn open_ai(&mut self, step: &Step, out: &mut String) {
        let mut chunk = |value: Value| out.push_str(&format!("data: {value}\n\n"));
        let delta = |delta: Value| json!({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]});
        match step {
            Step::Text(text) => chunk(delta(json!({"content": text}))),
            Step::ToolCall {
                id,
                name,
                arguments,
            }
            | Step::HalfToolCall {
                id,
                name,
                arguments,
            } => {
                let index = self.index;
                self.index += 1;
                self.has_calls = true;
                chunk(delta(
                    json!({"tool_calls": [{"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}}]}),
                ));
                for piece in pieces(arguments) {
                    chunk(delta(
                        json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}),
                    ));
                }
            }
            Step::End { .. } | Step::EndAtLimit => {
                let reason = match step {
                    Step::EndAtLimit => "length",
                    _ if self.has_calls => "tool_calls",
                    _ => "stop",
                };
                chunk(
                    json!({"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}),
                );
                if let Step::End { input, output } = step {
                    chunk(
                        json!({"id": "c", "choices": [], "usage": {"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output}}),
                    );
                }
                out.push_str("data: [DONE]\n\n");
            }
            _ => {}
        }
    }

    fn anthropic(&mut self, step: &Step, out: &mut String) {
        let mut events: Vec<Value> = Vec::new();
        if !self.started && !matches!(step, Step::Bytes(_) | Step::Event(_)) {
            self.started = true;
            events.push(json!({"type": "message_start", "message": {"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 1, "output_tokens": 1}}}));
        }
        match step {
            Step::Text(text) => {
                if !self.text_open {
                    self.text_open = true;
                    events.push(json!({"type": "content_block_start", "index": self.index, "content_block": {"type": "text", "text": ""}}));
                }
                events.push(json!({"type": "content_block_delta", "index": self.index, "delta": {"type": "text_delta", "text": text}}));
            }
            Step::ToolCall {
                id,
                name,
                arguments,
            }
            | Step::HalfToolCall {
                id,
                name,
                arguments,
            } => {
                self.close_text(&mut events);
                self.has_calls = true;
                let index = self.index;
                self.index += 1;
                events.push(json!({"type": "content_block_start", "index": index, "content_block": {"type": "tool_use", "id": id, "name": name, "input": {}}}));
                for piece in pieces(arguments) {
                    events.push(json!({"type": "content_block_delta", "index": index, "delta": {"type": "input_json_delta", "partial_json": piece}}));
                }
                if matches!(step, Step::ToolCall { .. }) {
                    events.push(json!({"type": "content_block_stop", "index": index}));
                }
            }
            Step::End { .. } | Step::EndAtLimit => {
                self.close_text(&mut events);
                let reason = match step {
                    Step::EndAtLimit => "max_tokens",
                    _ if self.has_calls => "tool_use",
                    _ => "end_turn",
                };
                let usage = match step {
                    Step::End { input, output } => {
                        json!({"input_tokens": input, "output_tokens": output})
                    }
                    _ => json!({"output_tokens": 1}),
                };
                events.push(json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}));
                events.push(json!({"type": "message_stop"}));
            }
            _ => {}
        }
        for event in events {
            let name = event["type"].as_str().unwrap_or_default();
            out.push_str(&format!("event: {name}\ndata: {event}\n\n"));
        }
    }

    fn close_text(&mut self, events: &mut Vec<Value>) {
        if std::mem::take(&mut self.text_open) {
            events.push(json!({"type": "content_block_stop", "index": self.index}));
            self.index += 1;
        }
    }
}

/// A text in pieces of up to 7 characters.
fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(7)
        .map(|piece| piece.iter().collect())
        .collect()
}
