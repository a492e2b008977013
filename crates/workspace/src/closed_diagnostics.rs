//! What language servers say of files that are not open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp::Diagnostic;

use crate::{ServerKey, Workspace, WorkspaceEvent};

/// More files of a server are not kept.
const MAX_FILES: usize = 5_000;
/// More diagnostics of a server are not kept, in all of its files.
const MAX_IN_ALL: usize = 20_000;

/// Something that is said of a place in a file that is not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedDiagnostic {
    /// The line, from zero.
    pub line: u32,
    /// The column in characters, from zero.
    pub column: u32,
    /// What is said.
    pub diagnostic: Diagnostic,
}

/// What all servers say of files that are not open.
#[derive(Debug, Default)]
pub(crate) struct ClosedDiagnostics(BTreeMap<ServerKey, OfServer>);

#[derive(Debug, Default)]
struct OfServer {
    files: BTreeMap<PathBuf, Vec<PlacedDiagnostic>>,
    count: usize,
}

impl OfServer {
    /// Takes all that is said of a file; whether that is something else than before.
    fn set(&mut self, path: &Path, mut said: Vec<PlacedDiagnostic>) -> bool {
        let before = self.files.remove(path);
        self.count -= before.as_ref().map_or(0, Vec::len);
        let full = self.files.len() >= MAX_FILES;
        said.truncate(if full { 0 } else { MAX_IN_ALL - self.count });
        let changed = before.unwrap_or_default() != said;
        if !said.is_empty() {
            self.count += said.len();
            self.files.insert(path.to_path_buf(), said);
        }
        changed
    }
}

impl ClosedDiagnostics {
    pub fn forget(&mut self, server: &ServerKey) -> bool {
        let forgotten = self.0.remove(server);
        forgotten.is_some_and(|one| !one.files.is_empty())
    }
}

impl Workspace {
    /// What is said of files below the folder that are not open, by file.
    pub fn closed_diagnostics(&self) -> BTreeMap<&Path, Vec<&PlacedDiagnostic>> {
        let mut files: BTreeMap<&Path, Vec<&PlacedDiagnostic>> = BTreeMap::new();
        for of_server in self.closed_diagnostics.0.values() {
            for (path, said) in &of_server.files {
                files.entry(path).or_default().extend(said);
            }
        }
        files.retain(|path, _| self.buffer_for_path(path).is_none());
        files
    }

    /// Takes all that a server says of files that are not open. Those outside of the folder are left
    /// out.
    pub(crate) fn set_closed_diagnostics(
        &mut self,
        server: &ServerKey,
        files: Vec<(PathBuf, Vec<PlacedDiagnostic>)>,
    ) {
        let of_server = self.closed_diagnostics.0.entry(server.clone()).or_default();
        let mut changed = false;
        for (path, said) in files {
            if path.starts_with(&self.root) {
                changed |= of_server.set(&path, said);
            }
        }
        if changed {
            self.emit(WorkspaceEvent::ClosedDiagnosticsChanged);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp::DiagnosticSeverity;

    #[test]
    fn a_flood_is_cut_and_what_is_taken_back_makes_room() {
        let said = |count: usize| {
            let diagnostic = Diagnostic::new(DiagnosticSeverity::Error, "x");
            let one = PlacedDiagnostic {
                line: 0,
                column: 0,
                diagnostic,
            };
            vec![one; count]
        };
        let mut of_server = OfServer::default();
        assert!(of_server.set(Path::new("/a"), said(MAX_IN_ALL - 1)));
        assert!(of_server.set(Path::new("/b"), said(5)));
        assert_eq!((of_server.count, of_server.files.len()), (MAX_IN_ALL, 2));
        assert!(!of_server.set(Path::new("/c"), said(1)), "no room");
        assert!(of_server.set(Path::new("/a"), Vec::new()));
        assert!(of_server.set(Path::new("/c"), said(2)));
        assert!(!of_server.set(Path::new("/c"), said(2)), "the same");
        assert_eq!(of_server.count, 3);
    }
}
