//! What the server answers to one request.

use std::time::Duration;

use serde_json::Value;

use crate::Gate;

/// One step of a streamed answer.
#[derive(Clone)]
pub enum Piece {
    /// A delta of text.
    Text(String),
    /// A whole tool call, its arguments sent in several deltas.
    ToolCall {
        /// The call's id.
        id: String,
        /// The tool's name, known to the program or not.
        name: String,
        /// The arguments as they are sent: valid JSON or not.
        arguments: String,
    },
    /// The first half of a tool call; nothing closes it.
    HalfToolCall {
        /// The tool's name.
        name: String,
        /// What of the arguments is sent.
        arguments: String,
    },
    /// Bytes that are put on the wire as they are.
    Raw(Vec<u8>),
    /// Waits for the test.
    Hold(Gate),
    /// Lets time pass on the wire.
    Pause(Duration),
    /// Closes the connection in the middle of the answer.
    Cut,
}

/// An answer: a stream of pieces, or an error.
#[derive(Clone)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) usage: (u64, u64),
}

impl Reply {
    /// A stream with nothing in it yet.
    #[must_use]
    pub fn stream() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: None,
            pieces: Vec::new(),
            usage: (120, 30),
        }
    }

    /// A streamed text, word by word.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::stream().and_text(text)
    }

    /// A tool call.
    #[must_use]
    pub fn tool(id: &str, name: &str, arguments: &Value) -> Self {
        Self::stream().and_tool(id, name, arguments)
    }

    /// An error with this HTTP status and a body as the real services send it.
    #[must_use]
    pub fn error(status: u16, message: &str) -> Self {
        let body = serde_json::json!({
            "type": "error",
            "error": {"type": "api_error", "message": message}
        });
        Self {
            status,
            body: Some(body.to_string()),
            ..Self::stream()
        }
    }

    /// Adds text, streamed word by word.
    #[must_use]
    pub fn and_text(mut self, text: &str) -> Self {
        self.pieces.extend(
            text.split_inclusive(' ')
                .map(|word| Piece::Text(word.to_owned())),
        );
        self
    }

    /// Adds a tool call.
    #[must_use]
    pub fn and_tool(mut self, id: &str, name: &str, arguments: &Value) -> Self {
        self.pieces.push(Piece::ToolCall {
            id: id.to_owned(),
            name: name.to_owned(),
            arguments: arguments.to_string(),
        });
        self
    }

    /// Adds any piece.
    #[must_use]
    pub fn and(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }

    /// Holds the stream here until the gate is opened.
    #[must_use]
    pub fn and_hold(self, gate: &Gate) -> Self {
        self.and(Piece::Hold(gate.clone()))
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the reported usage: tokens of the prompt, tokens of the answer.
    #[must_use]
    pub fn usage(mut self, input: u64, output: u64) -> Self {
        self.usage = (input, output);
        self
    }

    pub(crate) fn calls_tools(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::ToolCall { .. }))
    }
}
