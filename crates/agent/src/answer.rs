//! An answer of the model while it arrives, with the calls in it.

use std::collections::HashMap;

use llm::{Content, StopReason, ToolCall, Usage};

/// A call as it came from the model.
pub(crate) enum IncomingCall {
    Complete(ToolCall),
    Malformed { call: ToolCall, error: String },
}

/// An answer as it arrives.
#[derive(Default)]
pub(crate) struct Answer {
    pub text: String,
    pub calls: Vec<IncomingCall>,
    pub usage: Usage,
    pub stopped: Option<StopReason>,
    /// The ids that calls have here, by the ids that the provider gave them.
    pub open_ids: HashMap<String, String>,
}

impl Answer {
    /// What has arrived, as the conversation keeps it.
    pub fn content(&self) -> Vec<Content> {
        let mut content = Vec::new();
        if !self.text.trim().is_empty() {
            content.push(Content::text(self.text.clone()));
        }
        for call in &self.calls {
            let (IncomingCall::Complete(call) | IncomingCall::Malformed { call, .. }) = call;
            content.push(Content::ToolCall(call.clone()));
        }
        content
    }
}

/// The name of a tool call, as every provider takes it back with the conversation: up to 64 letters,
/// digits, `_` and `-`. A model may call a tool that does not exist by any name.
pub(crate) fn acceptable_name(name: &str) -> String {
    const MAX: usize = 64;
    let name: String = name
        .chars()
        .take(MAX)
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_a_model_calls_can_be_sent_again() {
        for (called, kept) in [
            ("read_file", "read_file"),
            ("functions.read_file", "functions_read_file"),
            ("a b\u{e9}", "a_b_"),
            ("", "unknown"),
        ] {
            assert_eq!(acceptable_name(called), kept);
        }
        assert_eq!(acceptable_name(&"x".repeat(300)).len(), 64);
    }
}
