//! How a server would lay a text out: `textDocument/formatting` and `rangeFormatting` (LSP 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::IndentStyle;
use serde_json::{Value, json};

use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::text_edit;

const ON_TYPE: &str = "documentOnTypeFormattingProvider";

/// Edits of one text, in the bytes of a version of it.
pub type TextEdits = (u64, Vec<(Range<usize>, String)>);

impl LanguageServer {
    /// Asks how an open text, or some bytes of it, would be laid out.
    pub fn formatting(
        &self,
        path: &Path,
        range: Option<Range<usize>>,
        indent: &IndentStyle,
    ) -> Reply<Option<TextEdits>> {
        let (provider, method) = match range {
            None => ("documentFormattingProvider", "textDocument/formatting"),
            Some(_) => (
                "documentRangeFormattingProvider",
                "textDocument/rangeFormatting",
            ),
        };
        self.ask(
            path,
            provider,
            method,
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let ends_line = text.slice(text.len().saturating_sub(1)..text.len()) == "\n";
                params["options"] = json!({
                    "tabSize": indent.tab_size,
                    "insertSpaces": indent.insert_spaces,
                    // Some take the last line break away where they are not asked to have one.
                    "insertFinalNewline": ends_line,
                });
                if let Some(range) = range {
                    params["range"] = json!({
                        "start": encoding.position(&text, range.start),
                        "end": encoding.position(&text, range.end),
                    });
                }
                let read = move |answer: Value| {
                    Some((version, text_edit::edits(&answer, &text, encoding)?))
                };
                (params, read)
            },
        )
    }

    /// Asks what is to be laid out in an open text since `typed` was typed before a byte of it.
    pub fn on_type_formatting(
        &self,
        path: &Path,
        offset: usize,
        typed: &str,
        indent: &IndentStyle,
    ) -> Reply<Option<TextEdits>> {
        self.ask(
            path,
            ON_TYPE,
            "textDocument/onTypeFormatting",
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                params["position"] = json!(encoding.position(&text, offset));
                params["ch"] = json!(typed);
                params["options"] = json!({
                    "tabSize": indent.tab_size,
                    "insertSpaces": indent.insert_spaces,
                });
                let read = move |answer: Value| {
                    Some((version, text_edit::edits(&answer, &text, encoding)?))
                };
                (params, read)
            },
        )
    }

    /// Whether something is laid out when this is typed.
    pub fn formats_typed(&self, typed: &str) -> bool {
        let inner = self.shared().inner.lock();
        let has = &inner.capabilities;
        let method = "textDocument/onTypeFormatting";
        let options = has.option(ON_TYPE, method);
        let more = options["moreTriggerCharacter"].as_array();
        let more = more.map(Vec::as_slice).unwrap_or_default();
        let mut named = std::iter::once(&options["firstTriggerCharacter"]).chain(more);
        has.offers(ON_TYPE, method) && named.any(|one| one == typed)
    }

    /// Whether a text, or a part of it, can be laid out.
    pub fn formats(&self, part: bool) -> bool {
        let inner = self.shared().inner.lock();
        let (provider, method) = match part {
            false => ("documentFormattingProvider", "textDocument/formatting"),
            true => (
                "documentRangeFormattingProvider",
                "textDocument/rangeFormatting",
            ),
        };
        inner.capabilities.offers(provider, method)
    }
}
