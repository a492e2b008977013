//! What the server was asked, readable the same way for both protocols.

use serde_json::Value;

/// A protocol that the server speaks, told by the request's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireProtocol {
    /// `/v1/chat/completions`.
    OpenAiChat,
    /// `/v1/messages`.
    AnthropicMessages,
}

/// One request.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null where there was none.
    pub body: Value,
    /// The protocol; `None` for other paths.
    pub protocol: Option<WireProtocol>,
}

impl RecordedRequest {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The system prompt.
    pub fn system(&self) -> String {
        match self.protocol {
            Some(WireProtocol::AnthropicMessages) => text_of(&self.body["system"]),
            _ => self
                .messages()
                .iter()
                .filter(|message| message["role"] == "system")
                .map(|message| text_of(&message["content"]))
                .collect(),
        }
    }

    /// The messages as they were sent.
    pub fn messages(&self) -> &[Value] {
        self.body["messages"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Who says each message, oldest first; a system prompt among the messages aside.
    pub fn roles(&self) -> Vec<&str> {
        self.messages()
            .iter()
            .filter_map(|message| message["role"].as_str())
            .filter(|role| *role != "system")
            .collect()
    }

    /// The texts of all user messages, oldest first.
    pub fn user_texts(&self) -> Vec<String> {
        self.messages()
            .iter()
            .filter(|message| message["role"] == "user")
            .map(|message| text_of(&message["content"]))
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The texts of all assistant messages, oldest first.
    pub fn assistant_texts(&self) -> Vec<String> {
        self.messages()
            .iter()
            .filter(|message| message["role"] == "assistant")
            .map(|message| text_of(&message["content"]))
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The results of tool calls: the call's id and the result, oldest first.
    pub fn tool_results(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for message in self.messages() {
            if message["role"] == "tool" {
                found.push((
                    string(&message["tool_call_id"]),
                    text_of(&message["content"]),
                ));
            }
            for piece in message["content"].as_array().into_iter().flatten() {
                if piece["type"] == "tool_result" {
                    found.push((string(&piece["tool_use_id"]), text_of(&piece["content"])));
                }
            }
        }
        found
    }

    /// The names of the tools on offer.
    pub fn tool_names(&self) -> Vec<String> {
        self.body["tools"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tool| match tool["name"].as_str() {
                Some(name) => name.to_owned(),
                None => string(&tool["function"]["name"]),
            })
            .collect()
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Text that is given as such or as pieces.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces
            .iter()
            .filter(|piece| piece["type"] == "text")
            .filter_map(|piece| piece["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}
