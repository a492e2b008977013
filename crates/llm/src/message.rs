//! What a model is asked: messages, tools, and the request that holds them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A model's full name, `provider/model`: everything before the first slash
/// names the provider, the rest (which may hold more slashes) the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelId(String);

/// Why a text is no [`ModelId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a model name. Write it as provider/model, for example openai/gpt-5-mini")]
pub struct ModelIdError(pub String);

impl ModelId {
    /// The model `model` of the provider `provider`. The provider's name must
    /// hold no slash; one that does is kept with `-` in its place.
    pub fn new(provider: &str, model: &str) -> Self {
        Self(format!("{}/{}", provider.replace('/', "-"), model))
    }

    /// The part before the first slash.
    pub fn provider(&self) -> &str {
        self.0.split_once('/').map_or("", |(provider, _)| provider)
    }

    /// The part after the first slash: the name the server knows.
    pub fn model(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, model)| model)
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for ModelId {
    type Err = ModelIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text.split_once('/') {
            Some((provider, model))
                if !provider.is_empty()
                    && !model.is_empty()
                    && text.len() <= 256
                    && !text.chars().any(|c| c.is_control() || c.is_whitespace()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(ModelIdError(text.chars().take(80).collect())),
        }
    }
}

impl TryFrom<String> for ModelId {
    type Error = ModelIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ModelId> for String {
    fn from(id: ModelId) -> Self {
        id.0
    }
}

/// Who speaks in a [`Message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person, or the tools answering on their behalf.
    User,
    /// The model.
    Assistant,
}

/// A complete request of the model to run a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's id of the call; the result names it.
    pub id: String,
    /// The tool's name, as the model wrote it: it may not exist.
    pub name: String,
    /// The arguments: always a JSON object, not yet checked against the schema.
    pub arguments: serde_json::Value,
}

/// One piece of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// A tool call (assistant messages only).
    ToolCall(ToolCall),
    /// What a tool answered (user messages only).
    ToolResult {
        /// The id of the call that this answers.
        call_id: String,
        /// What the model reads.
        output: String,
        /// Whether the tool failed or was refused.
        is_error: bool,
    },
}

impl Content {
    /// A piece of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What they say, in order.
    pub content: Vec<Content>,
}

impl Message {
    /// A user message of one text.
    pub fn user(text: impl Into<String>) -> Self {
        Self {
            role: Role::User,
            content: vec![Content::text(text)],
        }
    }

    /// An assistant message of one text.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self {
            role: Role::Assistant,
            content: vec![Content::text(text)],
        }
    }

    /// All text of the message: its pieces, parted by an empty line, since each
    /// was written on its own.
    pub fn text(&self) -> String {
        let pieces: Vec<&str> = self
            .content
            .iter()
            .filter_map(|piece| match piece {
                Content::Text { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        pieces.join("\n\n")
    }
}

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSpec {
    /// Its name: letters, digits, `_` and `-`, at most 64 (both protocols).
    pub name: String,
    /// When and how to use it, for the model.
    pub description: String,
    /// JSON Schema of the arguments; its top is an object.
    pub parameters: serde_json::Value,
}

/// Whether a model may call the tools that it reads about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it sees fit.
    #[default]
    Auto,
    /// Not this time: it answers in words. Where the provider can, it reads about them all the
    /// same, so that what it has read already stays of use.
    None,
}

/// One request to a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelRequest {
    /// The system prompt; may be empty.
    pub system: String,
    /// The conversation, oldest first, ending with a user message.
    pub messages: Vec<Message>,
    /// The tools on offer; may be empty.
    pub tools: Vec<ToolSpec>,
    /// Whether they may be called.
    pub tool_choice: ToolChoice,
    /// The most tokens to generate; the provider's default where `None`.
    pub max_output_tokens: Option<u32>,
    /// 0.0 (most likely) to 1.0; the provider's default where `None`.
    pub temperature: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_message_do_not_run_together() {
        let mut message = Message::user("hello");
        message.content.push(Content::text("world"));
        assert_eq!(message.text(), "hello\n\nworld");
        assert_eq!(Message::user("hello").text(), "hello");
    }
}
