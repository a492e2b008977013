//! Anthropic messages, as a stream.

use serde_json::{Value, json};
use url::Url;

use crate::answer_state::AnswerState;
use crate::driver::WireError;
use crate::http::endpoint;
use crate::sse::SseEvent;
use crate::{Content, ModelEvent, ModelInfo, ModelRequest, Role, ToolChoice};

/// The protocol's version, sent with every request.
pub(crate) const VERSION: &str = "2023-06-01";
/// The protocol wants a limit with every request; this is ours where neither
/// the request nor the model sets one.
const DEFAULT_MAX_TOKENS: u32 = 8_192;

pub(crate) fn url(base_url: &Url) -> Url {
    endpoint(base_url, "messages", true)
}

/// The request's body. Consecutive messages of one role are joined, as the
/// protocol wants them to alternate.
pub(crate) fn body(request: &ModelRequest, info: &ModelInfo) -> Value {
    let mut messages: Vec<(Role, Vec<Value>)> = Vec::new();
    for message in &request.messages {
        let mut pieces: Vec<Value> = Vec::new();
        let mut results: Vec<Value> = Vec::new();
        for piece in &message.content {
            match piece {
                // An empty text block is refused by the server.
                Content::Text { text } if text.trim().is_empty() => {}
                Content::Text { text } => pieces.push(json!({"type": "text", "text": text})),
                Content::ToolCall(call) => pieces.push(json!({
                    "type": "tool_use",
                    "id": call.id,
                    "name": call.name,
                    "input": call.arguments,
                })),
                Content::ToolResult {
                    call_id,
                    output,
                    is_error,
                } => results.push(json!({
                    "type": "tool_result",
                    "tool_use_id": call_id,
                    "content": output,
                    "is_error": is_error,
                })),
            }
        }
        // Results come first in a message, else the server refuses it.
        results.append(&mut pieces);
        if results.is_empty() {
            continue;
        }
        match messages.last_mut() {
            Some((role, content)) if *role == message.role => content.append(&mut results),
            _ => messages.push((message.role, results)),
        }
    }
    let messages: Vec<Value> = messages
        .into_iter()
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect();
    let mut body = json!({
        "model": info.name,
        "max_tokens": request
            .max_output_tokens
            .or(info.max_output_tokens)
            .unwrap_or(DEFAULT_MAX_TOKENS),
        "messages": messages,
        "stream": true,
    });
    if !request.system.is_empty() {
        // The system prompt and the tools before it are the same in every
        // request of a session, so that the provider may cache them.
        body["system"] = json!([{
            "type": "text",
            "text": request.system,
            "cache_control": {"type": "ephemeral"},
        }]);
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({
                    "name": tool.name,
                    "description": tool.description,
                    "input_schema": tool.parameters,
                })
            })
            .collect();
        if request.tool_choice == ToolChoice::None {
            body["tool_choice"] = json!({"type": "none"});
        }
    } else if let stand_ins @ [_, ..] = &tools_of_history(request)[..] {
        // The server refuses calls and results in the conversation where no
        // tools are defined, so those that were called are, and forbidden.
        body["tools"] = json!(stand_ins);
        body["tool_choice"] = json!({"type": "none"});
    }
    if let Some(temperature) = request.temperature {
        body["temperature"] = json!(temperature);
    }
    body
}

/// The tools that the conversation's calls name, each once.
fn tools_of_history(request: &ModelRequest) -> Vec<Value> {
    let mut names: Vec<&str> = request
        .messages
        .iter()
        .flat_map(|message| &message.content)
        .filter_map(|piece| match piece {
            Content::ToolCall(call) => Some(call.name.as_str()),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            json!({
                "name": name,
                "description": "Cannot be called any more.",
                "input_schema": {"type": "object"},
            })
        })
        .collect()
}

/// The state of an answer between two events.
#[derive(Default)]
pub(crate) struct Decoder {
    pub answer: AnswerState,
}

impl Decoder {
    pub fn event(
        &mut self,
        event: &SseEvent,
        events: &mut Vec<ModelEvent>,
    ) -> Result<(), WireError> {
        if event.data.trim().is_empty() || self.answer.is_done() {
            return Ok(());
        }
        let value: Value = serde_json::from_str(&event.data)
            .map_err(|error| WireError::Garbage(format!("an event is no JSON ({error})")))?;
        let Some(event_type) = value.get("type").and_then(Value::as_str) else {
            return Err(WireError::Garbage("an event has no type".into()));
        };
        let index = value.get("index").and_then(Value::as_u64).unwrap_or(0);
        match event_type {
            "message_start" => {
                self.read_usage(value.pointer("/message/usage"));
            }
            "content_block_start" => {
                let block = value.get("content_block").unwrap_or(&Value::Null);
                match block.get("type").and_then(Value::as_str) {
                    Some("tool_use") => {
                        // Servers that do not stream arguments send them here.
                        let input = block
                            .get("input")
                            .filter(|input| input.as_object().is_some_and(|map| !map.is_empty()))
                            .map(Value::to_string)
                            .unwrap_or_default();
                        self.answer.calls.push(
                            index,
                            block.get("id").and_then(Value::as_str),
                            block.get("name").and_then(Value::as_str),
                            &input,
                            events,
                        );
                    }
                    Some("text") => push_text(block.get("text"), events),
                    _ => {}
                }
            }
            "content_block_delta" => {
                let delta = value.get("delta").unwrap_or(&Value::Null);
                match delta.get("type").and_then(Value::as_str) {
                    Some("text_delta") => push_text(delta.get("text"), events),
                    Some("input_json_delta") => {
                        let piece = delta.get("partial_json").and_then(Value::as_str);
                        self.answer.calls.push(
                            index,
                            None,
                            None,
                            piece.unwrap_or_default(),
                            events,
                        );
                    }
                    _ => {}
                }
            }
            "content_block_stop" => self.answer.calls.finish(index, events),
            "message_delta" => {
                self.read_usage(value.get("usage"));
                if let Some(reason) = value.pointer("/delta/stop_reason").and_then(Value::as_str) {
                    self.answer.stop(matches!(
                        reason,
                        "max_tokens" | "model_context_window_exceeded"
                    ));
                }
            }
            "message_stop" => self.answer.finish(events),
            "error" => {
                let error = value.get("error").unwrap_or(&value);
                let name = error.get("type").and_then(Value::as_str).unwrap_or("error");
                let message = error
                    .get("message")
                    .and_then(Value::as_str)
                    .unwrap_or("no reason given");
                return Err(WireError::Provider {
                    transient: matches!(
                        name,
                        "overloaded_error" | "rate_limit_error" | "api_error" | "timeout_error"
                    ),
                    message: format!("{message} ({name})"),
                });
            }
            // `ping`, and whatever later versions of the protocol add.
            _ => {}
        }
        Ok(())
    }

    /// `message_start` brings the prompt's tokens, `message_delta` the
    /// cumulative generated ones (and, in newer servers, the prompt's again).
    fn read_usage(&mut self, usage: Option<&Value>) {
        let Some(usage) = usage else { return };
        let number = |name: &str| usage.get(name).and_then(Value::as_u64);
        let input = number("input_tokens").unwrap_or(0);
        let cached = number("cache_read_input_tokens").unwrap_or(0);
        let written = number("cache_creation_input_tokens").unwrap_or(0);
        let counts = self.answer.usage.get_or_insert_default();
        // Of a prompt that was cached as a whole `input_tokens` is 0.
        let prompt = input.saturating_add(cached).saturating_add(written);
        if prompt > 0 {
            counts.input_tokens = prompt;
            counts.cached_tokens = cached;
        }
        if let Some(output) = number("output_tokens") {
            counts.output_tokens = output;
        }
    }
}

fn push_text(text: Option<&Value>, events: &mut Vec<ModelEvent>) {
    if let Some(text) = text.and_then(Value::as_str)
        && !text.is_empty()
    {
        events.push(ModelEvent::Text(text.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, StopReason, ToolCall, Usage};

    #[test]
    fn messages_alternate_and_results_come_first() {
        let request = ModelRequest {
            system: "sys".into(),
            messages: vec![
                Message::user("hi"),
                Message {
                    role: Role::Assistant,
                    content: vec![
                        Content::text(""),
                        Content::ToolCall(ToolCall {
                            id: "c1".into(),
                            name: "f".into(),
                            arguments: json!({}),
                        }),
                    ],
                },
                Message {
                    role: Role::User,
                    content: vec![Content::ToolResult {
                        call_id: "c1".into(),
                        output: "denied".into(),
                        is_error: true,
                    }],
                },
                Message::user("go on"),
            ],
            ..ModelRequest::default()
        };
        let body = body(&request, &ModelInfo::named("m"));
        assert_eq!(
            body["messages"],
            json!([
                {"role": "user", "content": [{"type": "text", "text": "hi"}]},
                {"role": "assistant", "content": [
                    {"type": "tool_use", "id": "c1", "name": "f", "input": {}}
                ]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "c1", "content": "denied", "is_error": true},
                    {"type": "text", "text": "go on"}
                ]}
            ])
        );
        // The server wants them defined where the conversation has calls.
        assert_eq!(body["tools"][0]["name"], "f");
        assert_eq!(body["tool_choice"], json!({"type": "none"}));
        assert_eq!(body["max_tokens"], 8192);
        assert_eq!(body["system"][0]["text"], "sys");
    }

    fn decode(events: &[&str]) -> (Vec<ModelEvent>, Result<(), WireError>) {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        for data in events {
            let event = SseEvent {
                event: String::new(),
                data: (*data).to_owned(),
            };
            if let Err(error) = decoder.event(&event, &mut out) {
                return (out, Err(error));
            }
        }
        let end = decoder.answer.end(&mut out);
        (out, end)
    }

    #[test]
    fn text_a_tool_call_and_usage_are_read() {
        let (events, end) = decode(&[
            r#"{"type":"message_start","message":{"usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
            r#"{"type":"content_block_stop","index":0}"#,
            r#"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            r#"{"type":"content_block_stop","index":1}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
            r#"{"type":"message_stop"}"#,
        ]);
        assert!(end.is_ok());
        assert_eq!(
            events,
            [
                ModelEvent::Text("Hi".into()),
                ModelEvent::ToolCallStarted {
                    id: "t".into(),
                    name: "f".into()
                },
                ModelEvent::ToolCall(ToolCall {
                    id: "t".into(),
                    name: "f".into(),
                    arguments: json!({"a": 1})
                }),
                ModelEvent::Usage(Usage {
                    input_tokens: 15,
                    output_tokens: 9,
                    cached_tokens: 5
                }),
                ModelEvent::Stopped(StopReason::ToolUse),
            ]
        );
    }

    #[test]
    fn a_conversation_without_calls_needs_no_tools() {
        let request = ModelRequest {
            messages: vec![Message::user("hi")],
            ..ModelRequest::default()
        };
        let body = body(&request, &ModelInfo::named("m"));
        assert!(body.get("tools").is_none() && body.get("tool_choice").is_none());
    }

    #[test]
    fn a_prompt_that_was_cached_as_a_whole_is_counted() {
        let (events, _) = decode(&[
            r#"{"type":"message_start","message":{"usage":{"input_tokens":0,"cache_read_input_tokens":5}}}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"#,
            r#"{"type":"message_stop"}"#,
        ]);
        assert_eq!(
            events[0],
            ModelEvent::Usage(Usage {
                input_tokens: 5,
                output_tokens: 9,
                cached_tokens: 5
            })
        );
    }

    #[test]
    fn a_cut_answer_and_an_overload_are_errors() {
        assert!(matches!(
            decode(&[r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f"}}"#]).1,
            Err(WireError::Cut)
        ));
        assert!(matches!(
            decode(&[
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
            ])
            .1,
            Err(WireError::Provider {
                transient: true,
                ..
            })
        ));
        assert!(matches!(decode(&["{}"]).1, Err(WireError::Garbage(_))));
    }
}
