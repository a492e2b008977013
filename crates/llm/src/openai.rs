//! OpenAI-compatible chat completions, as a stream.

use serde_json::{Value, json};
use url::Url;

use crate::answer_state::AnswerState;
use crate::driver::WireError;
use crate::http::{endpoint, message_in_json};
use crate::sse::SseEvent;
use crate::{Content, ModelEvent, ModelInfo, ModelRequest, Role, ToolChoice, Usage};

pub(crate) fn url(base_url: &Url) -> Url {
    endpoint(base_url, "chat/completions", false)
}

/// The request's body.
pub(crate) fn body(request: &ModelRequest, info: &ModelInfo, base_url: &Url) -> Value {
    let mut messages = Vec::new();
    if !request.system.is_empty() {
        messages.push(json!({"role": "system", "content": request.system}));
    }
    for message in &request.messages {
        match message.role {
            Role::User => {
                // Results come first: the protocol wants them right behind the
                // assistant message that holds their calls.
                for piece in &message.content {
                    if let Content::ToolResult {
                        call_id, output, ..
                    } = piece
                    {
                        messages.push(
                            json!({"role": "tool", "tool_call_id": call_id, "content": output}),
                        );
                    }
                }
                let text = message.text();
                if !text.is_empty() {
                    messages.push(json!({"role": "user", "content": text}));
                }
            }
            Role::Assistant => {
                let calls: Vec<Value> = message
                    .content
                    .iter()
                    .filter_map(|piece| match piece {
                        Content::ToolCall(call) => Some(json!({
                            "id": call.id,
                            "type": "function",
                            "function": {
                                "name": call.name,
                                "arguments": call.arguments.to_string(),
                            },
                        })),
                        _ => None,
                    })
                    .collect();
                let text = message.text();
                if calls.is_empty() {
                    messages.push(json!({"role": "assistant", "content": text}));
                } else {
                    let text = if text.is_empty() {
                        Value::Null
                    } else {
                        Value::String(text)
                    };
                    messages
                        .push(json!({"role": "assistant", "content": text, "tool_calls": calls}));
                }
            }
        }
    }
    let mut body = json!({
        "model": info.name,
        "messages": messages,
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    // Many servers pass over `tool_choice`; what is not offered is not called.
    if !request.tools.is_empty() && request.tool_choice == ToolChoice::Auto {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({"type": "function", "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                }})
            })
            .collect();
    }
    if let Some(max) = request.max_output_tokens {
        // OpenAI's own newer models refuse the older name; other servers know
        // only that one.
        let field = if base_url.host_str() == Some("api.openai.com") {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        body[field] = json!(max);
    }
    if let Some(temperature) = request.temperature {
        body["temperature"] = json!(temperature);
    }
    body
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
        let data = event.data.trim();
        if data.is_empty() || self.answer.is_done() {
            return Ok(());
        }
        if data == "[DONE]" {
            self.answer.finish(events);
            return Ok(());
        }
        let chunk: Value = serde_json::from_str(data)
            .map_err(|error| WireError::Garbage(format!("an event is no JSON ({error})")))?;
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            let message = message_in_json(data).unwrap_or_else(|| error.to_string());
            return Err(WireError::Provider {
                transient: is_transient(error),
                message,
            });
        }
        if !chunk.is_object() {
            return Err(WireError::Garbage("an event is no JSON object".into()));
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            events.push(ModelEvent::Usage(Usage {
                input_tokens: number(usage, "/prompt_tokens"),
                output_tokens: number(usage, "/completion_tokens"),
                cached_tokens: number(usage, "/prompt_tokens_details/cached_tokens"),
            }));
        }
        let Some(choice) = chunk.pointer("/choices/0") else {
            return Ok(());
        };
        let delta = choice
            .get("delta")
            .or_else(|| choice.get("message"))
            .unwrap_or(&Value::Null);
        for field in ["content", "refusal"] {
            if let Some(text) = delta.get(field).and_then(Value::as_str)
                && !text.is_empty()
            {
                events.push(ModelEvent::Text(text.to_owned()));
            }
        }
        if let Some(calls) = delta.get("tool_calls").and_then(Value::as_array) {
            for (position, call) in calls.iter().enumerate() {
                let index = call
                    .get("index")
                    .and_then(Value::as_u64)
                    .unwrap_or(position as u64);
                let function = call.get("function").unwrap_or(&Value::Null);
                // Some servers send the arguments as an object, not as text.
                let arguments = match function.get("arguments") {
                    Some(Value::String(text)) => text.clone(),
                    Some(object @ Value::Object(_)) => object.to_string(),
                    _ => String::new(),
                };
                self.answer.calls.push(
                    index,
                    call.get("id").and_then(Value::as_str),
                    function.get("name").and_then(Value::as_str),
                    &arguments,
                    events,
                );
            }
        }
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.answer.calls.finish_all(events);
            self.answer.stop(reason == "length");
        }
        Ok(())
    }
}

/// Whether the same request may go through later. Servers give a status, as a
/// number or as text, or one of several names.
fn is_transient(error: &Value) -> bool {
    ["code", "type"].iter().any(|field| match error.get(field) {
        Some(Value::Number(code)) => matches!(code.as_u64(), Some(429 | 500..=599)),
        Some(Value::String(name)) => match name.parse::<u16>() {
            Ok(code) => matches!(code, 429 | 500..=599),
            Err(_) => matches!(
                name.as_str(),
                "rate_limit_exceeded"
                    | "rate_limit_error"
                    | "server_error"
                    | "internal_server_error"
                    | "api_error"
                    | "overloaded"
                    | "overloaded_error"
                    | "service_unavailable"
                    | "timeout"
                    | "timeout_error"
            ),
        },
        _ => false,
    })
}

fn number(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, StopReason, ToolCall, ToolSpec};

    fn base() -> Url {
        Url::parse("http://localhost:1/v1").unwrap()
    }

    #[test]
    fn a_conversation_with_tools_is_written_as_the_protocol_wants() {
        let request = ModelRequest {
            system: "sys".into(),
            messages: vec![
                Message::user("hi"),
                Message {
                    role: Role::Assistant,
                    content: vec![Content::ToolCall(ToolCall {
                        id: "c1".into(),
                        name: "read_file".into(),
                        arguments: json!({"path": "a"}),
                    })],
                },
                Message {
                    role: Role::User,
                    content: vec![
                        Content::text("and?"),
                        Content::ToolResult {
                            call_id: "c1".into(),
                            output: "text".into(),
                            is_error: false,
                        },
                    ],
                },
            ],
            tools: vec![ToolSpec {
                name: "read_file".into(),
                description: "reads".into(),
                parameters: json!({"type": "object"}),
            }],
            max_output_tokens: Some(5),
            ..ModelRequest::default()
        };
        let in_words = ModelRequest {
            tool_choice: ToolChoice::None,
            ..request.clone()
        };
        let in_words = super::body(&in_words, &ModelInfo::named("m"), &base());
        assert!(in_words.get("tools").is_none());
        let body = body(&request, &ModelInfo::named("m"), &base());
        assert_eq!(
            body,
            json!({
                "model": "m",
                "messages": [
                    {"role": "system", "content": "sys"},
                    {"role": "user", "content": "hi"},
                    {"role": "assistant", "content": null, "tool_calls": [{
                        "id": "c1", "type": "function",
                        "function": {"name": "read_file", "arguments": "{\"path\":\"a\"}"}
                    }]},
                    {"role": "tool", "tool_call_id": "c1", "content": "text"},
                    {"role": "user", "content": "and?"}
                ],
                "stream": true,
                "stream_options": {"include_usage": true},
                "tools": [{"type": "function", "function": {
                    "name": "read_file", "description": "reads",
                    "parameters": {"type": "object"}
                }}],
                "max_tokens": 5
            })
        );
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
    fn an_answer_without_done_but_with_a_reason_is_whole() {
        let (events, end) = decode(&[
            r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
            r#"{"choices":[{"delta":{"content":"Hi"}}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}}"#,
        ]);
        assert!(end.is_ok());
        assert_eq!(
            events,
            [
                ModelEvent::Text("Hi".into()),
                ModelEvent::Usage(Usage {
                    input_tokens: 7,
                    output_tokens: 2,
                    cached_tokens: 3
                }),
                ModelEvent::Stopped(StopReason::EndOfTurn),
            ]
        );
    }

    #[test]
    fn a_cut_answer_never_yields_its_half_tool_call() {
        let (events, end) = decode(&[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}"#,
        ]);
        assert!(matches!(end, Err(WireError::Cut)));
        assert!(
            !events
                .iter()
                .any(|event| matches!(event, ModelEvent::ToolCall(_))),
            "{events:?}"
        );
    }

    #[test]
    fn errors_and_garbage_in_the_stream_are_told_apart() {
        assert!(matches!(
            decode(&[r#"{"error":{"message":"busy","code":503}}"#]).1,
            Err(WireError::Provider { transient: true, message }) if message == "busy"
        ));
        for (error, expected) in [
            (r#""code":"rate_limit_exceeded""#, true),
            (r#""code":"503""#, true),
            (r#""type":"server_error","code":null"#, true),
            (r#""type":"insufficient_quota""#, false),
            (r#""code":400"#, false),
        ] {
            let data = format!(r#"{{"error":{{"message":"m",{error}}}}}"#);
            assert!(
                matches!(decode(&[&data]).1,
                    Err(WireError::Provider { transient, .. }) if transient == expected),
                "{error}"
            );
        }
        for garbage in ["not json", "[1,2]", "\"x\""] {
            assert!(
                matches!(decode(&[garbage]).1, Err(WireError::Garbage(_))),
                "{garbage}"
            );
        }
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(decode(&[&deep]).1, Err(WireError::Garbage(_))));
    }

    #[test]
    fn a_call_cut_by_the_token_limit_is_malformed() {
        let (events, _) = decode(&[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a"}}]},"finish_reason":"length"}]}"#,
            "[DONE]",
        ]);
        assert!(matches!(
            &events[1..],
            [
                ModelEvent::MalformedToolCall { .. },
                ModelEvent::Stopped(StopReason::MaxTokens)
            ]
        ));
    }
}
