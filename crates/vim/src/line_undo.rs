//! `U`: the line that was changed last, as it was before (`:help U`).

use editor_core::{ChangeSet, Text};

use crate::Vim;

/// A line before the changes that were made in it one after the other.
#[derive(Debug, Clone)]
pub(crate) struct ChangedLine {
    row: usize,
    /// Where the cursor stood, in bytes from the start of the line.
    column: usize,
    /// The whole text, which is cheap to keep however long the line is.
    text: Text,
}

impl Vim {
    /// Keeps the line of a change that is about to be made; changes of more than a line end what `U`
    /// takes back.
    pub(crate) fn keep_line(&mut self, changes: &ChangeSet) {
        for edit in changes.edits() {
            let row = self.row(edit.old_range.start);
            let in_line = !edit.text.contains('\n') && edit.old_range.end <= self.line_end(row);
            if !in_line {
                self.changed_line = None;
            } else if self
                .changed_line
                .as_ref()
                .is_none_or(|line| line.row != row)
            {
                self.changed_line = Some(self.line_now(row));
            }
        }
    }

    fn line_now(&self, row: usize) -> ChangedLine {
        let start = self.line_start(row);
        let in_line = (start..=self.line_end(row)).contains(&self.cursor);
        ChangedLine {
            row,
            column: if in_line { self.cursor - start } else { 0 },
            text: self.text.clone(),
        }
    }

    /// `U`, which a second one takes back.
    pub(crate) fn undo_line(&mut self) {
        let Some(line) = self
            .changed_line
            .take()
            .filter(|line| line.row < self.rows())
        else {
            return self.beep();
        };
        let now = self.line_now(line.row);
        let range = self.line_range(line.row);
        let before = line.text.line(line.row).into_owned();
        self.cursor = range.start + line.column.min(before.len());
        if *self.text.slice(range.clone()) != before {
            self.replace(range, &before);
        }
        self.clamp_cursor();
        self.want_here();
        self.changed_line = Some(now);
    }
}
