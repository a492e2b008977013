use crate::indentation::is_blank;
use crate::{ChangeSet, Edit, Growth, RangeSet, Selections, Text};

/// Indentation of more bytes than this is not remembered: each of its lines is looked at again when
/// the carets leave it.
const MAX_INDENT: usize = 4096;

/// The lines that hold nothing but white space which Enter or Tab has put there, and that nothing was
/// typed on since: what they hold goes when the carets leave them (VS Code's
/// `editor.trimAutoWhitespace`).
#[derive(Debug, Clone, Default)]
pub struct AutoWhitespace {
    /// All of each line, with the bytes that it had: where the line is longer, or the range is of
    /// another length, something was typed.
    lines: RangeSet<usize>,
}

impl AutoWhitespace {
    /// Takes on the lines of the carets that hold nothing but white space, behind an edit that
    /// indented them.
    pub fn record(&mut self, text: &Text, carets: &Selections) {
        for caret in carets.iter().filter(|caret| caret.is_empty()) {
            let row = text.row_at(caret.head);
            let line = text.line_start(row)..text.line_end(row);
            if line.is_empty() || line.len() > MAX_INDENT || !is_blank(text, row) {
                continue;
            }
            let known: Vec<_> = self.lines.touching(line.clone()).map(|one| one.0).collect();
            for id in known {
                self.lines.remove(id);
            }
            let len = line.len();
            self.lines.insert(line, Growth::Inside, len);
        }
    }

    /// Carries the lines over a change of the text, and forgets those that it changes.
    pub fn apply(&mut self, changes: &ChangeSet) {
        if self.lines.is_empty() {
            return;
        }
        self.lines.apply(changes);
        let changed: Vec<_> = self
            .lines
            .iter()
            .filter(|(_, line, len)| line.len() != **len)
            .map(|(id, ..)| id)
            .collect();
        for id in changed {
            self.lines.remove(id);
        }
    }

    /// Whether no line is remembered.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Forgets the lines that no caret or selection touches any more, and gives the change that takes
    /// away their white space where nothing was typed on them; `None` where there is none to take.
    pub fn leave(&mut self, text: &Text, carets: &Selections) -> Option<ChangeSet> {
        let carets = carets.as_slice();
        let left: Vec<_> = self
            .lines
            .iter()
            .map(|(id, line, _)| (id, line))
            .filter(|(_, line)| {
                let row = text.row_at(line.start.min(text.len()));
                let (start, end) = (text.line_start(row), text.line_end(row));
                let first = carets.partition_point(|caret| caret.end() < start);
                carets.get(first).is_none_or(|caret| caret.start() > end)
            })
            .collect();
        let mut lines = Vec::with_capacity(left.len());
        for (id, line) in left {
            self.lines.remove(id);
            let row = text.row_at(line.start.min(text.len()));
            let whole = text.line_start(row) == line.start && text.line_end(row) == line.end;
            if whole && is_blank(text, row) {
                lines.push(line);
            }
        }
        if lines.is_empty() {
            return None;
        }
        lines.sort_by_key(|line| line.start);
        let edits = lines.into_iter().map(|line| Edit::new(line, "")).collect();
        ChangeSet::from_edits(text.len(), edits).ok()
    }
}
