//! What language servers say of a buffer: ranges that stay with their text until the next answer.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use editor_core::ChangeSet;
use lsp::{Diagnostic, DiagnosticSeverity, TextDiagnostics};

use crate::{Buffer, BufferId, ServerKey, Workspace, WorkspaceEvent};

/// What all servers say of a buffer.
#[derive(Debug, Default)]
pub struct Diagnostics {
    by_server: BTreeMap<ServerKey, TextDiagnostics>,
}

impl Diagnostics {
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        for said in self.by_server.values_mut() {
            said.follow(changes);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_server.is_empty()
    }

    /// How many servers say of a severity, also where that is more than are taken.
    pub fn count(&self, severity: DiagnosticSeverity) -> usize {
        let all = self.by_server.values();
        all.map(|said| said.count(severity)).sum()
    }

    /// How many servers say that are no hints, also where that is more than are taken.
    pub fn count_problems(&self) -> usize {
        use DiagnosticSeverity::{Error, Information, Warning};
        let severities = [Error, Warning, Information];
        severities.into_iter().map(|one| self.count(one)).sum()
    }

    /// How many of them are none of those that are here.
    pub fn count_left_out(&self) -> usize {
        let all = self.by_server.values();
        all.map(|said| said.left_out().problems()).sum()
    }

    /// So many as `most` of those that `is_wanted` takes and that are no hints: the gravest, each
    /// severity in the order of the text; and how many there are that it takes.
    pub fn gravest(
        &self,
        most: usize,
        is_wanted: impl Fn(&Diagnostic) -> bool,
    ) -> (Vec<(Range<usize>, &Diagnostic)>, usize) {
        let mut found: [Vec<_>; 3] = Default::default();
        for said in self.by_server.values() {
            for (range, one) in said.iter().filter(|(_, one)| is_wanted(one)) {
                let severity = match one.severity {
                    DiagnosticSeverity::Error => 0,
                    DiagnosticSeverity::Warning => 1,
                    DiagnosticSeverity::Information => 2,
                    DiagnosticSeverity::Hint => continue,
                };
                found[severity].push((range, one));
            }
        }
        for of_severity in &mut found {
            of_severity.sort_by_key(|(range, _)| (range.start, range.end));
        }
        let count = found.iter().map(Vec::len).sum();
        (found.into_iter().flatten().take(most).collect(), count)
    }

    /// Those that overlap or touch some bytes: the gravest first, and of the same severity in the
    /// order of the text.
    pub fn touching(&self, range: Range<usize>) -> Vec<(Range<usize>, &Diagnostic)> {
        let sets = self.by_server.values();
        let mut found: Vec<_> = sets.flat_map(|said| said.touching(range.clone())).collect();
        found.sort_by_key(|(range, one)| (one.severity, range.start, range.end));
        found
    }

    /// The places of problems, hints aside, in the order of the text, each once.
    fn problems(&self) -> Vec<Range<usize>> {
        let all = self.by_server.values().flat_map(TextDiagnostics::iter);
        let mut places: Vec<_> = all
            .filter(|(_, one)| one.severity != DiagnosticSeverity::Hint)
            .map(|(range, _)| range)
            .collect();
        places.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        places.dedup_by_key(|range| range.start);
        places
    }

    /// The problem that begins after a byte, or before it, around the ends of the text.
    pub fn next_problem(&self, from: usize, direction: Ordering) -> Option<Range<usize>> {
        let beside = self.problem_beside(from, direction);
        beside.or_else(|| self.outermost_problem(direction))
    }

    /// The problem that begins after a byte, or before it; `None` where it is the last one.
    pub fn problem_beside(&self, from: usize, direction: Ordering) -> Option<Range<usize>> {
        let problems = self.problems();
        let found = match direction {
            Ordering::Less => problems.iter().rev().find(|one| one.start < from),
            _ => problems.iter().find(|one| one.start > from),
        };
        found.cloned()
    }

    /// The first problem of the text, or going back the last.
    pub(crate) fn outermost_problem(&self, direction: Ordering) -> Option<Range<usize>> {
        let problems = self.problems();
        match direction {
            Ordering::Less => problems.last().cloned(),
            _ => problems.first().cloned(),
        }
    }
}

impl Buffer {
    /// What language servers say of the text, as they said it last, carried along with every edit
    /// since.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}

impl Workspace {
    /// Takes all that a server says of a buffer, in the bytes of a version of it. It is carried over
    /// the edits since; what is too old for that is dropped.
    pub(crate) fn set_diagnostics(
        &mut self,
        id: BufferId,
        server: &ServerKey,
        version: u64,
        mut diagnostics: TextDiagnostics,
    ) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let Some(since) = buffer.changes_since(version) else {
            return;
        };
        diagnostics.follow(&since);
        let by_server = &mut buffer.diagnostics.by_server;
        let known = by_server.remove(server).unwrap_or_default();
        let changed = known != diagnostics;
        if !diagnostics.is_empty() {
            by_server.insert(server.clone(), diagnostics);
        }
        if changed {
            self.emit(WorkspaceEvent::BufferDiagnosticsChanged(id));
        }
    }

    /// Forgets what a server said of a buffer.
    pub(crate) fn forget_diagnostics_of(&mut self, id: BufferId, server: &ServerKey) {
        let buffer = self.buffers.get_mut(&id);
        if buffer.is_some_and(|one| one.diagnostics.by_server.remove(server).is_some()) {
            self.emit(WorkspaceEvent::BufferDiagnosticsChanged(id));
        }
    }

    /// Forgets all that a server said.
    pub(crate) fn forget_diagnostics(&mut self, server: &ServerKey) {
        let mut changed = Vec::new();
        for buffer in self.buffers.values_mut() {
            if buffer.diagnostics.by_server.remove(server).is_some() {
                changed.push(buffer.id);
            }
        }
        for id in changed {
            self.emit(WorkspaceEvent::BufferDiagnosticsChanged(id));
        }
        if self.closed_diagnostics.forget(server) {
            self.emit(WorkspaceEvent::ClosedDiagnosticsChanged);
        }
    }
}
