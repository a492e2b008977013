//! The symbols of the whole project: asked of every server that finds some, and read from the outlines
//! of open files that have none.

use std::path::PathBuf;

use super::WorkspaceModel;
use crate::OpenTarget;
use editor_core::Text;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{LanguageServer, Location, RequestError};
use syntax::SymbolKind;
use workspace::symbol_kind;

/// A file that is not open is read up to so many bytes, to find a column in it.
const MAX_READ: u64 = 64 * 1024 * 1024;
/// More symbols of open files are not listed.
const MAX_OUTLINED: usize = 20_000;

/// A symbol somewhere in the project.
pub struct FoundSymbol {
    /// Its name, in one line.
    pub name: String,
    /// What it stands in; empty where that is not known.
    pub container: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The file, absolute.
    pub path: PathBuf,
    at: FoundAt,
}

/// Where a symbol is.
enum FoundAt {
    /// At a byte of an open text, which may be edited meanwhile.
    Text(Text, usize),
    /// Where a server says, or has yet to say.
    Server(LanguageServer, Box<lsp::ProjectSymbol>),
}

impl WorkspaceModel {
    /// Asks for the symbols that are called about so: one answer for each server that finds some, and
    /// one for the open files without such a server. Dropped, a question is cancelled.
    pub fn project_symbols(
        &self,
        query: &str,
        cx: &Context<Self>,
    ) -> Vec<Task<Result<Vec<FoundSymbol>, String>>> {
        let servers = self.servers.as_ref();
        let finding = servers.into_iter().flat_map(|servers| servers.running());
        let finding: Vec<_> = finding.filter(|one| one.finds_symbols()).cloned().collect();
        let mut answers = Vec::with_capacity(finding.len() + 1);
        for server in finding {
            let reply = server.project_symbols(query);
            answers.push(cx.background_executor().spawn(async move {
                let found = reply
                    .wait()
                    .await
                    .map_err(|error| format!("{}: {error}", server.name()))?;
                let found = found.into_iter().map(|symbol| FoundSymbol {
                    name: symbol.name.clone(),
                    container: symbol.container.clone(),
                    kind: symbol_kind(symbol.kind),
                    path: symbol.path.clone(),
                    at: FoundAt::Server(server.clone(), Box::new(symbol)),
                });
                Ok(found.collect())
            }));
        }
        answers.push(self.outlined_symbols(cx));
        answers
    }

    /// The symbols of the open files that have no server that finds some.
    fn outlined_symbols(&self, cx: &Context<Self>) -> Task<Result<Vec<FoundSymbol>, String>> {
        let servers = self.servers.as_ref();
        let is_served = |id| {
            servers.is_some_and(|servers| {
                let mut serving = servers.serving(id);
                serving.any(|(server, _)| server.finds_symbols())
            })
        };
        let buffers = self.workspace.buffers().filter(|one| !is_served(one.id()));
        let outlined: Vec<_> = buffers
            .filter_map(|buffer| {
                let path = buffer.path()?.to_path_buf();
                Some((path, buffer.text().clone(), buffer.outline().clone()))
            })
            .collect();
        cx.background_executor().spawn(async move {
            let mut found = Vec::new();
            for (path, text, outline) in &outlined {
                let symbols = outline.symbols();
                let room = MAX_OUTLINED - found.len();
                found.extend(symbols.iter().take(room).map(|symbol| {
                    let around = symbol.parent.and_then(|parent| symbols.get(parent));
                    FoundSymbol {
                        name: symbol.name.to_string(),
                        container: around.map(|one| one.name.to_string()).unwrap_or_default(),
                        kind: symbol.kind,
                        path: path.clone(),
                        at: FoundAt::Text(text.clone(), symbol.name_range.start),
                    }
                }));
            }
            Ok(found)
        })
    }

    /// The place of a symbol, to be opened.
    pub fn symbol_target(
        &self,
        symbol: &FoundSymbol,
        cx: &Context<Self>,
    ) -> Task<Result<OpenTarget, String>> {
        match &symbol.at {
            FoundAt::Text(text, offset) => {
                let row = text.row_at(*offset);
                let column = text.count_chars(text.line_start(row)..*offset);
                let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
                let (line, column) = (number(row), number(column));
                Task::ready(Ok(OpenTarget::at(symbol.path.clone(), line, column)))
            }
            FoundAt::Server(server, found) => {
                let reply = server.resolve_symbol(found);
                let path = symbol.path.clone();
                cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    let location = reply.wait().await;
                    let location = location.map_err(|error: RequestError| error.to_string())?;
                    // Where the server knows no more than the file, its beginning.
                    let Some(location) = location else {
                        return Ok(OpenTarget::new(path));
                    };
                    let target = this.update(cx, |model, cx| model.location_target(location, cx));
                    Ok(target
                        .map_err(|_| "The window was closed.".to_owned())?
                        .await)
                })
            }
        }
    }

    /// A place of a server's as one to be opened. Its column is worked out from the text, off the UI
    /// thread.
    pub fn location_target(&self, location: Location, cx: &Context<Self>) -> Task<OpenTarget> {
        let row = location.position.line;
        let open = self.workspace.buffer_for_path(&location.path);
        let text = open
            .and_then(|id| self.workspace.buffer(id))
            .map(|buffer| buffer.text().clone());
        let fs = self.workspace.fs().clone();
        cx.background_executor().spawn(async move {
            let line = match text {
                Some(text) => text.line(row as usize).into_owned(),
                None => {
                    // Whoever opens the file says what is wrong with it.
                    let bytes = fs.read(&location.path, MAX_READ).unwrap_or_default();
                    let text = String::from_utf8_lossy(&bytes);
                    text.lines()
                        .nth(row as usize)
                        .unwrap_or_default()
                        .to_owned()
                }
            };
            let column = location.encoding.column_in(&line, location.position);
            OpenTarget::at(
                location.path,
                row.saturating_add(1),
                column.saturating_add(1),
            )
        })
    }
}
