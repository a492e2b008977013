//! The parameters of a call: `textDocument/signatureHelp` (LSP 3.17).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use serde_json::{Value, json};

use crate::answers::{self, MAX_MARKDOWN};
use crate::bounded;
use crate::completion::triggers;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// More signatures of one answer are not taken.
const MAX_SIGNATURES: usize = 100;
/// More parameters of a signature are not taken.
const MAX_PARAMETERS: usize = 200;
/// More of a signature is cut off, in bytes.
const MAX_LABEL: usize = 4 * 1024;

/// What is called, and with what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The signatures that it may have, one at least.
    pub signatures: Vec<Signature>,
    /// Which of them is meant.
    pub active: usize,
}

/// A signature of what is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// As it is shown, in one line.
    pub label: Arc<str>,
    /// What is said of it, as Markdown that is not trusted.
    pub documentation: Option<Arc<str>>,
    /// The bytes of the label that are the parameter at the caret.
    pub active: Option<Range<usize>>,
    /// What is said of that parameter, as Markdown that is not trusted.
    pub parameter_documentation: Option<Arc<str>>,
}

impl LanguageServer {
    /// The characters that ask for the parameters of a call when they are typed; `None` where it
    /// offers none.
    pub fn signature_triggers(&self) -> Option<Vec<String>> {
        let inner = self.shared().inner.lock();
        let (provider, method) = ("signatureHelpProvider", "textDocument/signatureHelp");
        triggers(&inner.capabilities, provider, method)
    }

    /// Asks for the parameters of the call around a byte of an open text: because `typed` was typed,
    /// or somebody asks, also while they are shown.
    pub fn signature_help(
        &self,
        path: &Path,
        offset: usize,
        typed: Option<&str>,
        shown: bool,
    ) -> Reply<Option<SignatureHelp>> {
        let context = match typed {
            Some(typed) => {
                json!({"triggerKind": 2, "triggerCharacter": typed, "isRetrigger": shown})
            }
            None => json!({"triggerKind": if shown { 3 } else { 1 }, "isRetrigger": shown}),
        };
        self.ask(
            path,
            "signatureHelpProvider",
            "textDocument/signatureHelp",
            |mut params, document, encoding, _| {
                params["position"] = json!(encoding.position(document.newest().1, offset));
                params["context"] = context;
                (params, |answer: Value| read(&answer))
            },
        )
    }
}

fn read(answer: &Value) -> Option<SignatureHelp> {
    let all = answer["signatures"].as_array()?;
    let index = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
    let parameter = index(&answer["activeParameter"]);
    let signatures: Vec<_> = all
        .iter()
        .take(MAX_SIGNATURES)
        .filter_map(|one| {
            let own = index(&one["activeParameter"]);
            signature(one, own.or(parameter).unwrap_or(0))
        })
        .collect();
    let active = index(&answer["activeSignature"]).unwrap_or(0);
    (!signatures.is_empty()).then(|| SignatureHelp {
        active: active.min(signatures.len() - 1),
        signatures,
    })
}

fn signature(one: &Value, active: usize) -> Option<Signature> {
    let label = bounded::text(one["label"].as_str()?, MAX_LABEL).replace(['\n', '\t'], " ");
    let parameters = one["parameters"].as_array().map(Vec::as_slice);
    let parameters = parameters.unwrap_or_default().iter().take(MAX_PARAMETERS);
    let mut from = 0;
    let mut found = None;
    for (index, parameter) in parameters.enumerate() {
        let range = place(&label, &parameter["label"], from);
        if let Some(range) = &range {
            // The next of the same words is another one.
            from = range.end;
        }
        if index == active {
            found = Some((range, documentation(&parameter["documentation"])));
            break;
        }
    }
    let (active, parameter_documentation) = found.unwrap_or_default();
    Some(Signature {
        label: label.into(),
        documentation: documentation(&one["documentation"]),
        active: active.filter(|range| !range.is_empty()),
        parameter_documentation,
    })
}

/// The bytes of a parameter in its signature: named by its words, or by UTF-16 offsets.
fn place(label: &str, parameter: &Value, from: usize) -> Option<Range<usize>> {
    if let Some(words) = parameter.as_str() {
        let rest = label.get(from..)?;
        let at = from + rest.find(words)?;
        return Some(at..at + words.len());
    }
    let offset = |index: usize| usize::try_from(parameter.get(index)?.as_u64()?).ok();
    let text = Text::new(label);
    let (start, end) = (offset(0)?, offset(1)?);
    let start = text.utf16_to_offset(start);
    Some(start..text.utf16_to_offset(end).max(start))
}

fn documentation(value: &Value) -> Option<Arc<str>> {
    let markdown = answers::markup(value)?;
    let markdown = bounded::text(&markdown, MAX_MARKDOWN);
    (!markdown.trim().is_empty()).then(|| markdown.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_at_the_caret_is_found_in_its_signature() {
        let help = read(&json!({
            "activeSignature": 7, "activeParameter": 1,
            "signatures": [
                {"label": "f(ä: int, a: int)", "documentation": "Says *it*.", "parameters": [
                    {"label": "ä: int"}, {"label": "a: int", "documentation": {"value": "The *a*."}},
                ]},
                {"label": "f(ä, b)", "activeParameter": 0, "parameters": [{"label": [2, 3]}]},
                {"label": "f()"}, 3,
            ],
        }))
        .unwrap();
        let active = |index: usize| {
            let one = &help.signatures[index];
            one.active.clone().map(|range| one.label[range].to_owned())
        };
        assert_eq!((help.signatures.len(), help.active), (3, 2));
        assert_eq!(active(0).as_deref(), Some("a: int"));
        assert_eq!(active(1).as_deref(), Some("ä"));
        assert_eq!(active(2), None);
        let first = &help.signatures[0];
        assert_eq!(first.documentation.as_deref(), Some("Says \\*it\\*\\."));
        assert_eq!(first.parameter_documentation.as_deref(), Some("The *a*."));
        assert_eq!(read(&Value::Null), None);
        assert_eq!(read(&json!({"signatures": []})), None);
    }

    #[test]
    fn what_cannot_be_a_parameter_is_none() {
        for parameter in [json!("zzz"), json!([9, 2]), json!([1]), json!(null)] {
            let one = json!({"label": "f(a)", "parameters": [{"label": parameter}]});
            let help = read(&json!({"signatures": [one]})).unwrap();
            assert_eq!(help.signatures[0].active, None, "{parameter}");
        }
    }
}
