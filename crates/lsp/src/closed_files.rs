//! What servers say of files that are not open: told by themselves, and pulled for the whole project
//! (`workspace/diagnostic`, LSP 3.17).

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use editor_core::Text;
use lsp_types::Position;
use serde_json::{Value, json};

use crate::connection::{Reply, RequestError};
use crate::diagnostic::{self, Diagnostic, Read};
use crate::server::{LanguageServer, ServerEvent, Shared};
use crate::{PositionEncoding, SeverityCounts, bounded, uri};

/// More files of one answer are not taken.
const MAX_FILES: usize = 10_000;
/// A longer mark of an answer is not kept, in bytes.
const MAX_RESULT_ID: usize = 1_000;
/// The token by which a server tells of the project before it answers (`partialResultToken`). Some
/// never answer: pyright keeps the question open and tells all by this.
pub(crate) const PARTIAL: &str = "kiln/project-diagnostics";
/// How long a server may keep a question about the whole project: it answers once something is new.
const WAITS: Duration = Duration::from_secs(60 * 60);

/// What a server says of a file that is not open, all of it.
#[derive(Debug, Clone)]
pub struct FileDiagnostics {
    /// The file, absolute.
    pub path: PathBuf,
    /// Where each begins, and what it says.
    pub diagnostics: Vec<(Position, Diagnostic)>,
    /// How many more the server says, which are [too many](crate::MAX_DIAGNOSTICS) to be taken.
    pub left_out: SeverityCounts,
    encoding: PositionEncoding,
}

impl FileDiagnostics {
    pub(crate) fn new(path: PathBuf, items: &Value, encoding: PositionEncoding) -> Self {
        let Read { taken, left_out } = diagnostic::read(items, encoding);
        let taken = taken.into_iter();
        Self {
            path,
            diagnostics: taken.map(|(range, one)| (range.start, one)).collect(),
            left_out,
            encoding,
        }
    }

    /// The lines and columns in characters of the places in the text of the file, from zero.
    pub fn in_text(self, text: &Text) -> Vec<(u32, u32, Diagnostic)> {
        let encoding = self.encoding;
        let placed = self.diagnostics.into_iter().map(|(place, one)| {
            let line = text.line(place.line as usize);
            (place.line, encoding.column_in(&line, place), one)
        });
        placed.collect()
    }
}

/// What is wrong in the whole project.
#[derive(Debug, Clone, Default)]
pub struct ProjectDiagnostics {
    /// The files that something else is said of than before.
    pub files: Vec<FileDiagnostics>,
    /// The marks of what was said, to ask for what is new only.
    pub results: HashMap<PathBuf, String>,
}

impl LanguageServer {
    /// Whether what is wrong in the whole project can be asked for.
    pub fn pulls_project_diagnostics(&self) -> bool {
        let inner = self.shared().inner.lock();
        let has = &inner.capabilities;
        let options = has.option("diagnosticProvider", "textDocument/diagnostic");
        options["workspaceDiagnostics"] == Value::Bool(true)
    }

    /// Asks for what is wrong in the whole project and is new since `known`, the marks of the last
    /// answer. A server may keep the question until there is something.
    pub fn pull_project_diagnostics(
        &self,
        known: &HashMap<PathBuf, String>,
    ) -> Reply<ProjectDiagnostics> {
        let inner = self.shared().inner.lock();
        let Some(connection) = inner.ready.clone() else {
            return Reply::none(RequestError::NotRunning);
        };
        let has = &inner.capabilities;
        let encoding = has.encoding();
        let options = has.option("diagnosticProvider", "textDocument/diagnostic");
        let identifier = options["identifier"].as_str().map(str::to_owned);
        // An answer that comes at once must find nobody holding this.
        drop(inner);
        let known = known.clone();
        let previous = known
            .iter()
            .filter_map(|(path, result)| Some(json!({"uri": uri::of(path)?, "value": result})));
        let previous: Vec<_> = previous.collect();
        let mut params = json!({"previousResultIds": previous, "partialResultToken": PARTIAL});
        if let Some(identifier) = identifier {
            params["identifier"] = json!(identifier);
        }
        Reply::ask(
            connection,
            "workspace/diagnostic",
            params,
            WAITS,
            move |answer| read(&answer, known, encoding),
        )
    }
}

impl Shared {
    /// Tells what a server says of the whole project before it answers the question about that.
    pub(crate) fn project_told(&self, part: &Value) {
        let encoding = self.inner.lock().capabilities.encoding();
        for file in read(part, HashMap::new(), encoding).files {
            self.tell(ServerEvent::ClosedFile(file));
        }
    }
}

fn read(
    answer: &Value,
    mut results: HashMap<PathBuf, String>,
    encoding: PositionEncoding,
) -> ProjectDiagnostics {
    let items = answer["items"].as_array().map(Vec::as_slice);
    let mut files = Vec::new();
    for item in items.unwrap_or_default().iter().take(MAX_FILES) {
        let Some(path) = item["uri"].as_str().and_then(uri::path) else {
            continue;
        };
        match item["resultId"].as_str() {
            Some(id) if id.len() <= MAX_RESULT_ID && results.len() < MAX_FILES => {
                results.insert(path.clone(), id.to_owned());
            }
            _ => drop(results.remove(&path)),
        }
        if item["kind"] != "unchanged" {
            files.push(FileDiagnostics::new(path, &item["items"], encoding));
        }
    }
    ProjectDiagnostics { files, results }
}

/// What is said of an open text, to be said of its file once it is closed; null where it is large.
pub(crate) fn kept(items: &Value) -> Value {
    const MAX_KEPT: usize = 256 * 1024;
    match bounded::is_small(items, MAX_KEPT) {
        true => items.clone(),
        false => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_read_and_its_marks_are_kept() {
        let one = json!({"range": {"start": {"line": 1, "character": 3},
            "end": {"line": 1, "character": 4}}, "message": "m"});
        let answer = json!({"items": [
            {"uri": "file:///a", "kind": "full", "resultId": "2", "items": [one]},
            {"uri": "file:///b", "kind": "unchanged", "resultId": "7"},
            {"uri": "file:///c", "kind": "full", "items": []},
            {"uri": "https://a.b/c", "kind": "full", "items": [one]},
            3,
        ]});
        let known = [("/a", "1"), ("/b", "7"), ("/c", "9")];
        let known = known.map(|(path, id)| (PathBuf::from(path), id.to_owned()));
        let read = read(&answer, known.into(), PositionEncoding::Utf16);
        let files: Vec<_> = read.files.iter().map(|file| file.path.clone()).collect();
        assert_eq!(files, [PathBuf::from("/a"), PathBuf::from("/c")]);
        let mut results: Vec<_> = read.results.values().map(String::as_str).collect();
        results.sort_unstable();
        assert_eq!(results, ["2", "7"]);
        let text = Text::new("x\n😀y\n");
        let placed = read.files[0].clone().in_text(&text);
        assert_eq!((placed[0].0, placed[0].1), (1, 2), "in characters");
    }
}
