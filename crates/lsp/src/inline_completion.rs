//! How a text may go on at a place: `textDocument/inlineCompletion` (LSP 3.18).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use serde_json::{Value, json};

use crate::PositionEncoding;
use crate::code_action::ServerCommand;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// More ways of one answer are not taken.
const MAX_ITEMS: usize = 20;
/// One that puts in more than this is not taken, in bytes.
const MAX_INSERTED: usize = 16 * 1024;

/// A way how a text may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineCompletion {
    /// The bytes that it is put in for, within one line, around the place that was asked about.
    pub range: Range<usize>,
    /// What is put in.
    pub new_text: Arc<str>,
    /// What the server is to run once it was put in.
    pub command: Option<ServerCommand>,
}

impl LanguageServer {
    /// Whether it says how texts may go on.
    pub fn completes_inline(&self) -> bool {
        let inner = self.shared().inner.lock();
        inner
            .capabilities
            .offers("inlineCompletionProvider", "textDocument/inlineCompletion")
    }

    /// Asks how an open text may go on at a byte of it: because somebody asks, or by itself. The bytes
    /// of the answer are of the text as it is now.
    pub fn inline_completions(
        &self,
        path: &Path,
        offset: usize,
        by_itself: bool,
    ) -> Reply<Vec<InlineCompletion>> {
        self.ask(
            path,
            "inlineCompletionProvider",
            "textDocument/inlineCompletion",
            |mut params, document, encoding, _| {
                let text = document.newest().1.clone();
                params["position"] = json!(encoding.position(&text, offset));
                // `InlineCompletionTriggerKind`: 1 for somebody who asks, 2 for what comes by itself.
                params["context"] = json!({"triggerKind": if by_itself { 2 } else { 1 }});
                let read = move |answer: Value| read(&answer, &text, offset, encoding);
                (params, read)
            },
        )
    }
}

/// `InlineCompletionList | InlineCompletionItem[]` or null. Snippets are left out: what is shown must
/// be what is put in.
fn read(
    answer: &Value,
    text: &Text,
    offset: usize,
    encoding: PositionEncoding,
) -> Vec<InlineCompletion> {
    let all = answer.get("items").unwrap_or(answer).as_array();
    let items = all.into_iter().flatten().filter_map(|one| {
        let new_text = one["insertText"].as_str()?;
        if new_text.is_empty() || new_text.len() > MAX_INSERTED {
            return None;
        }
        let range = match &one["range"] {
            Value::Null => offset..offset,
            range => encoding.range(text, serde_json::from_value(range.clone()).ok()?),
        };
        let row = text.row_at(offset);
        let line = text.line_start(row)..text.line_end(row);
        let around = range.start <= offset && offset <= range.end;
        let within = line.start <= range.start && range.end <= line.end;
        (around && within).then(|| InlineCompletion {
            range,
            new_text: new_text.replace("\r\n", "\n").replace('\r', "\n").into(),
            command: ServerCommand::read(&one["command"]),
        })
    });
    items.take(MAX_ITEMS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_elsewhere_or_is_no_text_is_left_out() {
        let text = Text::new("äb cd\ne\n");
        let range = |from: (u32, u32), to: (u32, u32)| json!({"start": {"line": from.0, "character": from.1}, "end": {"line": to.0, "character": to.1}});
        let answer = json!({"items": [
            {"insertText": "plain\r\nmore"},
            {"insertText": "around", "range": range((0, 3), (0, 5)), "command": {"command": "c"}},
            {"insertText": "before", "range": range((0, 0), (0, 2))},
            {"insertText": "two lines", "range": range((0, 3), (1, 1))},
            {"insertText": {"kind": "snippet", "value": "$1"}},
            {"insertText": ""}, {"insertText": "x".repeat(MAX_INSERTED + 1)}, 3,
        ]});
        let items = read(&answer, &text, 5, PositionEncoding::Utf16);
        let seen: Vec<_> = items
            .iter()
            .map(|one| (one.range.clone(), &*one.new_text, one.command.is_some()))
            .collect();
        assert_eq!(seen, [(5..5, "plain\nmore", false), (4..6, "around", true)]);
        for nothing in [json!(null), json!([]), json!({"items": 3}), json!("x")] {
            assert!(read(&nothing, &text, 0, PositionEncoding::Utf8).is_empty());
        }
        let many = vec![json!({"insertText": "a"}); MAX_ITEMS + 1];
        let items = read(&json!(many), &text, 0, PositionEncoding::Utf8);
        assert_eq!(items.len(), MAX_ITEMS);
    }
}
