//! Giving a name another one: `textDocument/prepareRename` and `rename` (LSP 3.17).

use std::ops::Range;
use std::path::{Path, PathBuf};

use editor_core::Text;
use serde_json::{Value, json};

use crate::connection::Reply;
use crate::server::{Inner, LanguageServer};
use crate::text_edit::{EditsError, WorkspaceEdit};
use crate::{PositionEncoding, bounded, uri};

/// A new name is no longer than this, in bytes.
const MAX_NAME: usize = 1_000;

/// What can be renamed at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamable {
    /// The version of the text that the bytes are of.
    pub version: u64,
    /// The bytes of the name; `None` where the word at the place is meant.
    pub range: Option<Range<usize>>,
    /// The name to begin with, where it is another than these bytes.
    pub placeholder: Option<String>,
}

/// A place of an open text where a server wants the user to choose a name: that of what it has just
/// made, such as the function of extracted code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRename {
    /// The file.
    pub path: PathBuf,
    /// The version of the text that the byte is of.
    pub version: u64,
    /// The byte of the name.
    pub offset: usize,
}

impl AskedRename {
    /// What typescript-language-server asks with, by the answer to which it ends the command of a
    /// refactoring; its parameters are `TextDocumentPositionParams`.
    pub(crate) const METHOD: &str = "_typescript.rename";

    /// Reads the question; `None` where it is about no open text, or nobody gave a command.
    pub(crate) fn read(inner: &Inner, params: &Value) -> Option<Self> {
        inner.running_command()?;
        let path = uri::path(params["textDocument"]["uri"].as_str()?)?;
        let (version, text) = inner.documents.get(&path)?.newest();
        let position: lsp_types::Position =
            serde_json::from_value(params["position"].clone()).ok()?;
        Some(Self {
            version,
            offset: inner.capabilities.encoding().offset(text, position),
            path,
        })
    }
}

impl LanguageServer {
    /// Asks what can be renamed at a byte of an open text; nothing where nothing can be. Where the
    /// server does not say before, the word there.
    pub fn prepare_rename(&self, path: &Path, offset: usize) -> Option<Reply<Option<Renamable>>> {
        let prepares = {
            let inner = self.shared().inner.lock();
            let has = &inner.capabilities;
            has.option("renameProvider", "textDocument/rename")["prepareProvider"]
                == Value::Bool(true)
        };
        prepares.then(|| {
            self.ask(
                path,
                "renameProvider",
                "textDocument/prepareRename",
                |mut params, document, encoding, _| {
                    let (version, text) = document.newest();
                    let text = text.clone();
                    params["position"] = json!(encoding.position(&text, offset));
                    let read = move |answer: Value| renamable(&answer, &text, encoding, version);
                    (params, read)
                },
            )
        })
    }

    /// Whether names can be changed.
    pub fn renames(&self) -> bool {
        let inner = self.shared().inner.lock();
        let has = &inner.capabilities;
        has.offers("renameProvider", "textDocument/rename")
    }

    /// Asks what is to be changed so that what stands at a byte of an open text has another name.
    pub fn rename(
        &self,
        path: &Path,
        offset: usize,
        name: &str,
    ) -> Reply<Result<WorkspaceEdit, EditsError>> {
        let name = &name[..name.floor_char_boundary(MAX_NAME)];
        self.ask(
            path,
            "renameProvider",
            "textDocument/rename",
            |mut params, document, encoding, _| {
                params["position"] = json!(encoding.position(document.newest().1, offset));
                params["newName"] = json!(name);
                let read = move |answer: Value| WorkspaceEdit::read(&answer, encoding);
                (params, read)
            },
        )
    }
}

fn renamable(
    answer: &Value,
    text: &Text,
    encoding: PositionEncoding,
    version: u64,
) -> Option<Renamable> {
    if answer["defaultBehavior"] == Value::Bool(true) {
        return Some(Renamable {
            version,
            range: None,
            placeholder: None,
        });
    }
    let range = answer.get("range").unwrap_or(answer);
    let range = serde_json::from_value(range.clone()).ok()?;
    let placeholder = answer["placeholder"].as_str();
    Some(Renamable {
        version,
        range: Some(encoding.range(text, range)),
        placeholder: placeholder.map(|name| bounded::line(name, MAX_NAME)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_renamed_comes_in_any_of_its_forms() {
        let text = Text::new("ä name");
        let read = |answer: Value| renamable(&answer, &text, PositionEncoding::Utf16, 3);
        let range =
            json!({"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 6}});
        let found = |range, placeholder: Option<&str>| {
            let placeholder = placeholder.map(str::to_owned);
            Some(Renamable {
                version: 3,
                range,
                placeholder,
            })
        };
        assert_eq!(read(range.clone()), found(Some(3..7), None));
        let named = json!({"range": range, "placeholder": "other"});
        assert_eq!(read(named), found(Some(3..7), Some("other")));
        assert_eq!(read(json!({"defaultBehavior": true})), found(None, None));
        assert_eq!(read(Value::Null), None);
        assert_eq!(read(json!({"defaultBehavior": false})), None);
    }
}
