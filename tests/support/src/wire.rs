//! The events of the two protocols.
//!
//! Sources: OpenAI's reference of streamed chat completions, Anthropic's
//! reference of streamed messages.

use serde_json::{Value, json};

/// Which protocol a request speaks, by its path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wire {
    /// `…/chat/completions`
    OpenAi,
    /// `…/messages`
    Anthropic,
}

impl Wire {
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        if path.ends_with("/chat/completions") {
            Some(Self::OpenAi)
        } else if path.ends_with("/messages") {
            Some(Self::Anthropic)
        } else {
            None
        }
    }
}

/// Turns the pieces of one answer into server-sent events.
pub(crate) struct Encoder {
    wire: Wire,
    blocks: usize,
    text_open: bool,
    calls: usize,
}

impl Encoder {
    pub(crate) fn new(wire: Wire) -> Self {
        Self {
            wire,
            blocks: 0,
            text_open: false,
            calls: 0,
        }
    }

    pub(crate) fn start(&self, input_tokens: u64) -> String {
        match self.wire {
            Wire::OpenAi => completion(&json!({"role": "assistant", "content": ""})),
            Wire::Anthropic => event(
                "message_start",
                &json!({"message": {
                    "id": "msg_scripted", "role": "assistant", "content": [],
                    "usage": {"input_tokens": input_tokens, "output_tokens": 1}
                }}),
            ),
        }
    }

    pub(crate) fn text(&mut self, text: &str) -> String {
        if self.wire == Wire::OpenAi {
            return completion(&json!({"content": text}));
        }
        let mut events = String::new();
        if !self.text_open {
            self.text_open = true;
            events += &event(
                "content_block_start",
                &json!({"index": self.blocks, "content_block": {"type": "text", "text": ""}}),
            );
        }
        events
            + &event(
                "content_block_delta",
                &json!({"index": self.blocks, "delta": {"type": "text_delta", "text": text}}),
            )
    }

    /// The call in several events, as both services stream it.
    pub(crate) fn call(&mut self, id: &str, name: &str, arguments: &str) -> String {
        let events = self.open_call(id, name, arguments);
        if self.wire == Wire::OpenAi {
            return events;
        }
        let index = self.blocks;
        self.blocks += 1;
        events + &event("content_block_stop", &json!({"index": index}))
    }

    pub(crate) fn open_call(&mut self, id: &str, name: &str, arguments: &str) -> String {
        let middle = (0..=arguments.len() / 2)
            .rev()
            .find(|offset| arguments.is_char_boundary(*offset))
            .unwrap_or(0);
        let halves = [&arguments[..middle], &arguments[middle..]];
        let call = self.calls;
        self.calls += 1;
        if self.wire == Wire::OpenAi {
            let mut events = completion(&json!({"tool_calls": [{
                "index": call, "id": id, "type": "function",
                "function": {"name": name, "arguments": ""}
            }]}));
            for half in halves {
                events += &completion(
                    &json!({"tool_calls": [{"index": call, "function": {"arguments": half}}]}),
                );
            }
            return events;
        }
        let mut events = self.close_text();
        events += &event(
            "content_block_start",
            &json!({"index": self.blocks, "content_block":
                {"type": "tool_use", "id": id, "name": name, "input": {}}}),
        );
        for half in halves {
            events += &event(
                "content_block_delta",
                &json!({"index": self.blocks, "delta":
                    {"type": "input_json_delta", "partial_json": half}}),
            );
        }
        events
    }

    pub(crate) fn end(&mut self, calls_tools: bool, usage: (u64, u64)) -> String {
        match self.wire {
            Wire::OpenAi => {
                let reason = if calls_tools { "tool_calls" } else { "stop" };
                let finish = json!({"choices": [
                    {"index": 0, "delta": {}, "finish_reason": reason}]});
                let usage = json!({"choices": [], "usage": {
                    "prompt_tokens": usage.0, "completion_tokens": usage.1,
                    "total_tokens": usage.0 + usage.1}});
                format!("data: {finish}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
            }
            Wire::Anthropic => {
                let reason = if calls_tools { "tool_use" } else { "end_turn" };
                self.close_text()
                    + &event(
                        "message_delta",
                        &json!({"delta": {"stop_reason": reason},
                            "usage": {"output_tokens": usage.1}}),
                    )
                    + &event("message_stop", &json!({}))
            }
        }
    }

    fn close_text(&mut self) -> String {
        if !self.text_open {
            return String::new();
        }
        self.text_open = false;
        let index = self.blocks;
        self.blocks += 1;
        event("content_block_stop", &json!({"index": index}))
    }
}

fn completion(delta: &Value) -> String {
    let chunk = json!({
        "id": "chatcmpl-scripted", "object": "chat.completion.chunk", "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": null}]
    });
    format!("data: {chunk}\n\n")
}

fn event(name: &str, fields: &Value) -> String {
    let mut data = json!({"type": name});
    if let (Some(data), Some(fields)) = (data.as_object_mut(), fields.as_object()) {
        data.extend(fields.clone());
    }
    format!("event: {name}\ndata: {data}\n\n")
}
