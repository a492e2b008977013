//! What language servers say of files that are not open.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use lsp::{Diagnostic, SeverityCounts};

use crate::{ServerKey, Workspace, WorkspaceEvent};

/// More files of a server are not kept.
const MAX_FILES: usize = 5_000;
/// More diagnostics of a server are not kept but counted, in all of its files.
const MAX_IN_ALL: usize = 20_000;
/// Of more files beyond those that are kept it is not known which they are.
const MAX_BEYOND: usize = 100_000;

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

/// What is said of a file that is not open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosedFileDiagnostics {
    /// What is said.
    pub said: Vec<PlacedDiagnostic>,
    /// How much more is said, and is too much to be kept.
    pub left_out: SeverityCounts,
}

impl ClosedFileDiagnostics {
    /// Keeps so many, and counts the others.
    fn cut(&mut self, most: usize) {
        if self.said.len() > most {
            // The gravest are kept.
            self.said.sort_by_key(|one| one.diagnostic.severity);
            for one in self.said.drain(most..) {
                self.left_out.add(one.diagnostic.severity);
            }
        }
    }
}

/// What all servers say of a file that is not open.
#[derive(Debug, Default)]
pub struct SaidOfClosedFile<'a> {
    /// What they say.
    pub said: Vec<&'a PlacedDiagnostic>,
    /// How much more they say, and is too much to be kept.
    pub left_out: SeverityCounts,
}

/// What all servers say of files that are not open.
#[derive(Debug, Default)]
pub(crate) struct ClosedDiagnostics(BTreeMap<ServerKey, OfServer>);

#[derive(Debug, Default)]
struct OfServer {
    files: BTreeMap<PathBuf, ClosedFileDiagnostics>,
    count: usize,
    beyond: Beyond,
}

/// Files of which a server says something, and that are too many to be kept.
#[derive(Debug, Default)]
struct Beyond {
    /// The hashes of their paths, to know when the server takes back what it said.
    paths: HashSet<u64>,
    hashes: RandomState,
    /// There were more than have a place here. They are forgotten with the last of the others.
    more: bool,
}

impl Beyond {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.more
    }

    fn add(&mut self, path: &Path) {
        match self.paths.len() < MAX_BEYOND {
            true => drop(self.paths.insert(self.hashes.hash_one(path))),
            false => self.more |= !self.paths.contains(&self.hashes.hash_one(path)),
        }
    }

    fn remove(&mut self, path: &Path) {
        self.paths.remove(&self.hashes.hash_one(path));
    }
}

impl OfServer {
    /// Takes all that is said of a file; whether that is something else than before.
    fn set(&mut self, path: &Path, of_file: ClosedFileDiagnostics) -> bool {
        let had_more = !self.beyond.is_empty();
        let changed = self.keep(path, of_file);
        changed || had_more == self.beyond.is_empty()
    }

    /// Takes all that is said of a file; whether what is kept is something else than before.
    fn keep(&mut self, path: &Path, mut of_file: ClosedFileDiagnostics) -> bool {
        let before = self.files.remove(path).unwrap_or_default();
        self.count -= before.said.len();
        self.beyond.remove(path);
        if of_file == ClosedFileDiagnostics::default() {
            if self.files.is_empty() && self.beyond.paths.is_empty() {
                self.beyond.more = false;
            }
            return before != of_file;
        }
        if self.files.len() >= MAX_FILES {
            self.beyond.add(path);
            return false;
        }
        of_file.cut(MAX_IN_ALL - self.count);
        self.count += of_file.said.len();
        let changed = before != of_file;
        self.files.insert(path.to_path_buf(), of_file);
        changed
    }
}

impl ClosedDiagnostics {
    pub fn forget(&mut self, server: &ServerKey) -> bool {
        let forgotten = self.0.remove(server);
        forgotten.is_some_and(|one| !one.files.is_empty() || !one.beyond.is_empty())
    }
}

impl Workspace {
    /// What is said of files below the folder that are not open, by file.
    pub fn closed_diagnostics(&self) -> BTreeMap<&Path, SaidOfClosedFile<'_>> {
        let mut files: BTreeMap<&Path, SaidOfClosedFile<'_>> = BTreeMap::new();
        for of_server in self.closed_diagnostics.0.values() {
            for (path, of_file) in &of_server.files {
                let all = files.entry(path).or_default();
                all.said.extend(&of_file.said);
                all.left_out.join(of_file.left_out);
            }
        }
        files.retain(|path, _| self.buffer_for_path(path).is_none());
        files
    }

    /// Whether a server said something of so many files that not all of them are known.
    pub fn has_more_closed_diagnostics(&self) -> bool {
        let mut all = self.closed_diagnostics.0.values();
        all.any(|of_server| !of_server.beyond.is_empty())
    }

    /// Takes all that a server says of files that are not open. Those outside of the folder are left
    /// out.
    pub(crate) fn set_closed_diagnostics(
        &mut self,
        server: &ServerKey,
        files: Vec<(PathBuf, ClosedFileDiagnostics)>,
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
    use lsp::DiagnosticSeverity::{self, Error, Warning};

    fn said_of(severity: DiagnosticSeverity, count: usize) -> Vec<PlacedDiagnostic> {
        let one = PlacedDiagnostic {
            line: 0,
            column: 0,
            diagnostic: Diagnostic::new(severity, "x"),
        };
        vec![one; count]
    }

    fn said(count: usize) -> ClosedFileDiagnostics {
        ClosedFileDiagnostics {
            said: said_of(Error, count),
            ..ClosedFileDiagnostics::default()
        }
    }

    #[test]
    fn a_flood_is_cut_and_what_is_taken_back_makes_room() {
        let mut of_server = OfServer::default();
        assert!(of_server.set(Path::new("/a"), said(MAX_IN_ALL - 1)));
        assert!(of_server.set(Path::new("/b"), said(5)));
        assert_eq!((of_server.count, of_server.files.len()), (MAX_IN_ALL, 2));
        let kept = |of_server: &OfServer, path: &str| {
            let of_file = &of_server.files[Path::new(path)];
            (of_file.said.len(), of_file.left_out.of(Error))
        };
        assert_eq!(kept(&of_server, "/b"), (1, 4));
        assert!(of_server.set(Path::new("/c"), said(1)), "no room");
        assert_eq!(kept(&of_server, "/c"), (0, 1), "it is counted");
        assert!(of_server.set(Path::new("/a"), said(0)));
        assert!(of_server.set(Path::new("/c"), said(2)));
        assert!(!of_server.set(Path::new("/c"), said(2)), "the same");
        assert_eq!((of_server.count, kept(&of_server, "/c")), (3, (2, 0)));
        let mut mixed = said(1);
        mixed.said.splice(0..0, said_of(Warning, 2));
        mixed.cut(2);
        let severities = mixed.said.iter().map(|one| one.diagnostic.severity);
        assert_eq!(severities.collect::<Vec<_>>(), [Error, Warning]);
        assert_eq!(mixed.left_out.of(Warning), 1);
    }

    #[test]
    fn files_beyond_those_that_are_kept_are_said_to_be_there_until_that_is_taken_back() {
        let mut of_server = OfServer::default();
        let numbered = |number: usize| PathBuf::from(format!("/{number}"));
        for number in 0..MAX_FILES {
            of_server.set(&numbered(number), said(1));
        }
        let more = |of_server: &OfServer| !of_server.beyond.is_empty();
        assert!(!of_server.set(Path::new("/more"), said(0)), "nothing there");
        assert!(!more(&of_server));
        assert!(of_server.set(Path::new("/more"), said(1)));
        assert!(!of_server.set(Path::new("/other"), said(1)), "known");
        assert!(more(&of_server));
        assert_eq!(of_server.files.len(), MAX_FILES);

        assert!(!of_server.set(Path::new("/other"), said(0)));
        assert!(more(&of_server), "one is left");
        assert!(of_server.set(Path::new("/more"), said(0)));
        assert!(!more(&of_server));

        // There is room for it by now.
        assert!(of_server.set(Path::new("/more"), said(1)));
        assert!(of_server.set(&numbered(0), said(0)));
        assert!(more(&of_server), "it was not kept");
        assert!(of_server.set(Path::new("/more"), said(1)));
        assert!(!more(&of_server));
        assert_eq!(of_server.files.len(), MAX_FILES);
    }

    #[test]
    fn a_flood_of_files_is_forgotten_when_all_that_is_known_was_taken_back() {
        let mut of_server = OfServer::default();
        let files = || (0..MAX_FILES + MAX_BEYOND + 1).map(|number| format!("/{number}"));
        for path in files() {
            of_server.set(Path::new(&path), said(1));
        }
        assert!(of_server.beyond.more);
        assert_eq!(of_server.beyond.paths.len(), MAX_BEYOND);
        let mut has_more = Vec::new();
        for path in files().take(MAX_FILES + MAX_BEYOND) {
            of_server.set(Path::new(&path), said(0));
            has_more.push(!of_server.beyond.is_empty());
        }
        assert_eq!(
            has_more.iter().position(|more| !more),
            Some(has_more.len() - 1)
        );
    }
}
