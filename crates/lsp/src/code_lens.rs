//! Commands above lines: `textDocument/codeLens` (LSP 3.17).

use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use serde_json::Value;

use crate::code_action::ServerCommand;
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, bounded, icon_label};

/// More of one answer are not taken.
const MAX_LENSES: usize = 2_000;
/// More of a title is cut off, in bytes.
const MAX_TITLE: usize = 200;
/// A larger one is not sent back to be resolved, in bytes.
const MAX_RAW: usize = 16 * 1024;

/// A command above a line.
#[derive(Debug, Clone)]
pub struct CodeLens {
    /// A byte of the line.
    pub offset: usize,
    /// What is shown and, where it can be run, the command; none before it is resolved.
    pub shown: Option<(Arc<str>, Option<ServerCommand>)>,
    /// The name of the server that shows it.
    pub server: Arc<str>,
    raw: Option<Arc<Value>>,
}

impl LanguageServer {
    /// Asks for the commands above the lines of an open text, with the version that their bytes are
    /// of; in the order of the text.
    pub fn code_lenses(&self, path: &Path) -> Reply<(u64, Vec<CodeLens>)> {
        self.ask(
            path,
            "codeLensProvider",
            "textDocument/codeLens",
            |params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let server: Arc<str> = self.name().into();
                let read =
                    move |answer: Value| (version, lenses(&answer, &text, encoding, &server));
                (params, read)
            },
        )
    }

    /// Asks what is shown of one that came without it.
    pub fn resolve_code_lens(
        &self,
        path: &Path,
        lens: &CodeLens,
    ) -> Reply<Option<(Arc<str>, Option<ServerCommand>)>> {
        let Some(raw) = lens.raw.clone().filter(|_| lens.shown.is_none()) else {
            return Reply::known(lens.shown.clone());
        };
        self.ask_if(
            path,
            "codeLens/resolve",
            |has| {
                has.option("codeLensProvider", "textDocument/codeLens")["resolveProvider"]
                    == Value::Bool(true)
            },
            |_, _, _, _| ((*raw).clone(), |answer: Value| shown(&answer["command"])),
        )
    }
}

fn lenses(
    answer: &Value,
    text: &Text,
    encoding: PositionEncoding,
    server: &Arc<str>,
) -> Vec<CodeLens> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = list.iter().filter_map(|one| {
        let position = serde_json::from_value(one["range"]["start"].clone()).ok()?;
        let raw = bounded::is_small(one, MAX_RAW).then(|| Arc::new(one.clone()));
        Some(CodeLens {
            offset: encoding.offset(text, position),
            shown: shown(&one["command"]),
            server: server.clone(),
            raw,
        })
    });
    let mut found: Vec<_> = read.take(MAX_LENSES).collect();
    found.sort_by_key(|lens| lens.offset);
    found
}

/// A title with a command, which may be empty where there is nothing to run.
fn shown(command: &Value) -> Option<(Arc<str>, Option<ServerCommand>)> {
    let title = icon_label::words(&bounded::line(command["title"].as_str()?, MAX_TITLE));
    let runs = command["command"]
        .as_str()
        .is_some_and(|name| !name.is_empty());
    let command = runs.then(|| ServerCommand::read(command)).flatten();
    (!title.is_empty()).then(|| (title.into(), command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn commands_come_with_what_is_shown_or_without_and_bounded() {
        let text = Text::new("a\nbc\n");
        let range = |line: u32| json!({"start": {"line": line, "character": 1}, "end": {"line": line, "character": 2}});
        let answer = json!([
            {"range": range(1), "command": {"title": "2 uses", "command": ""}},
            {"range": range(0), "data": 7},
            {"range": range(1), "command": {"title": "Run\nnow ".repeat(200), "command": "run"}},
            {"range": range(1), "command": {"title": "Run $(play) it", "command": "run"}},
            {"command": {"title": "nowhere", "command": "x"}},
        ]);
        let found = lenses(&answer, &text, PositionEncoding::Utf16, &"fake".into());
        let at: Vec<_> = found.iter().map(|one| one.offset).collect();
        assert_eq!(at, [1, 3, 3, 3]);
        assert!(found[0].shown.is_none());
        let (title, command) = found[1].shown.as_ref().unwrap();
        assert_eq!((&**title, command), ("2 uses", &None));
        let (title, command) = found[2].shown.as_ref().unwrap();
        assert!(title.len() < 2 * MAX_TITLE && !title.contains('\n'));
        assert_eq!(command.as_ref().unwrap().name(), "run");
        let (title, _) = found[3].shown.as_ref().unwrap();
        assert_eq!(&**title, "Run it");
        let many = json!(vec![json!({"range": range(0)}); MAX_LENSES + 1]);
        assert_eq!(
            lenses(&many, &text, PositionEncoding::Utf8, &"fake".into()).len(),
            MAX_LENSES
        );
    }
}
