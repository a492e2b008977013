//! The problems of all files of the project: of those that are open and of those that are not.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use lsp::DiagnosticSeverity;

use crate::{Buffer, Workspace};

/// Where a problem begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemPlace {
    /// The file.
    pub path: PathBuf,
    /// The line, from zero.
    pub line: u32,
    /// The column in characters, from zero.
    pub column: u32,
}

/// How much is wrong in a file, or in a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProblemCounts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl ProblemCounts {
    /// Whether nothing is wrong that is counted.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Adds what is wrong elsewhere.
    pub fn join(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
    }

    fn add(&mut self, severity: DiagnosticSeverity) {
        match severity {
            DiagnosticSeverity::Error => self.errors += 1,
            DiagnosticSeverity::Warning => self.warnings += 1,
            DiagnosticSeverity::Information | DiagnosticSeverity::Hint => {}
        }
    }
}

impl Workspace {
    /// The first problem of the next file that has one, or going back the last of the one before, in
    /// the order of paths and around its ends. Hints are none. `None` where no other file has one.
    pub fn problem_in_next_file(&self, path: &Path, direction: Ordering) -> Option<ProblemPlace> {
        let mut ends: BTreeMap<&Path, (u32, u32)> = BTreeMap::new();
        for buffer in self.buffers() {
            if let (Some(path), Some(end)) = (buffer.path(), end_of(buffer, direction)) {
                ends.insert(path, end);
            }
        }
        for (path, said) in self.closed_diagnostics() {
            let said = said.said.iter();
            let places = said
                .filter(|one| one.diagnostic.severity != DiagnosticSeverity::Hint)
                .map(|one| (one.line, one.column));
            let end = match direction {
                Ordering::Less => places.max(),
                _ => places.min(),
            };
            if let Some(end) = end {
                ends.insert(path, end);
            }
        }
        ends.remove(path);
        let found = match direction {
            Ordering::Less => {
                let before = ends.range::<Path, _>((Bound::Unbounded, Bound::Excluded(path)));
                before.last().or(ends.last_key_value())
            }
            _ => {
                let after = ends.range::<Path, _>((Bound::Excluded(path), Bound::Unbounded));
                after.into_iter().next().or(ends.first_key_value())
            }
        };
        found.map(|(path, (line, column))| ProblemPlace {
            path: path.to_path_buf(),
            line: *line,
            column: *column,
        })
    }

    /// How much is wrong in each file that something is wrong in.
    pub fn problem_counts(&self) -> BTreeMap<PathBuf, ProblemCounts> {
        let mut counts: BTreeMap<PathBuf, ProblemCounts> = BTreeMap::new();
        for buffer in self.buffers() {
            let Some(path) = buffer.path() else { continue };
            let said = buffer.diagnostics();
            let of_file = ProblemCounts {
                errors: said.count(DiagnosticSeverity::Error),
                warnings: said.count(DiagnosticSeverity::Warning),
            };
            counts.insert(path.to_path_buf(), of_file);
        }
        for (path, said) in self.closed_diagnostics() {
            let of_file = counts.entry(path.to_path_buf()).or_default();
            of_file.errors += said.left_out.of(DiagnosticSeverity::Error);
            of_file.warnings += said.left_out.of(DiagnosticSeverity::Warning);
            for one in said.said {
                of_file.add(one.diagnostic.severity);
            }
        }
        counts.retain(|_, one| !one.is_empty());
        counts
    }
}

/// Where the first problem of a buffer begins, or going back the last.
fn end_of(buffer: &Buffer, direction: Ordering) -> Option<(u32, u32)> {
    let place = buffer.diagnostics().outermost_problem(direction)?;
    let text = buffer.text();
    let line = text.row_at(place.start);
    let column = text.count_chars(text.line_start(line)..place.start);
    Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}
