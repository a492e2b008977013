//! A change of a file that was edited elsewhere while the user was asked about it.

use editor_core::{Hunk, Text, hunks};

use super::{Output, PlannedWrite, ToolContext};
use crate::host::blocking;

impl PlannedWrite {
    /// The change, made to what the file holds now. Where the lines that it is of are others by now it
    /// is not made: what the model reads then.
    pub(super) async fn caught_up(self, context: &ToolContext<'_>) -> Result<Self, Output> {
        let Some(base) = &self.base else {
            return Ok(self);
        };
        // What cannot be read is told of when it is written.
        let Ok(current) = context.host.read(&self.path.absolute).await else {
            return Ok(self);
        };
        if current.text == *base {
            return Ok(self);
        }
        let shown = self.path.shown();
        let caught_up = blocking(move || self.onto(&current.text)).await;
        match caught_up.map_err(|error| Output::error(error.to_string()))? {
            Some(write) => Ok(write),
            None => Err(Output::failure(
                "Nothing was written: lines that it would change were edited meanwhile. The agent is told to read them again",
                format!(
                    "Error: lines of {shown} that this would change were edited meanwhile, and nothing was written. Read the file again and make the change to what it holds now."
                ),
            )),
        }
    }

    /// The change, made to another text; `None` where its lines are others there.
    fn onto(self, current: &str) -> Option<Self> {
        let (base, now) = (Text::new(self.base.as_deref()?), Text::new(current));
        // The way around that its parts are shown to the user.
        let asked = hunks(&Text::new(&self.text), &base)?;
        let moved = moved(asked, &hunks(&base, &now)?)?;
        self.only(current, &moved, 0).ok()
    }
}

/// Where changes of a text stand in that text with edits made to it, both in order; `None` where one
/// of them is of lines that an edit took or came between, or stands where lines came.
fn moved(asked: Vec<Hunk>, edits: &[Hunk]) -> Option<Vec<Hunk>> {
    let mut edits = edits.iter().peekable();
    let (mut gone, mut come) = (0, 0);
    let mut moved = Vec::with_capacity(asked.len());
    for hunk in asked {
        let rows = &hunk.rows;
        let is_before = |edit: &&Hunk| {
            let edited = &edit.base_rows;
            // Of two places between the same lines neither is before the other.
            edited.end <= rows.start && *edited != *rows
        };
        while let Some(edit) = edits.next_if(|edit| is_before(edit)) {
            gone += edit.base_rows.len();
            come += edit.rows.len();
        }
        let is_behind = |edit: &Hunk| rows.end <= edit.base_rows.start && edit.base_rows != *rows;
        if edits.peek().is_some_and(|edit| !is_behind(edit)) {
            return None;
        }
        let start = (rows.start + come).checked_sub(gone)?;
        moved.push(Hunk {
            rows: start..start + rows.len(),
            ..hunk
        });
    }
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::{ChangeSet, edits_reverting};

    /// A change of a text, made to another one.
    fn made(base: &str, wanted: &str, current: &str) -> Option<String> {
        let (base, wanted) = (Text::new(base), Text::new(wanted));
        let current = Text::new(current);
        let asked = hunks(&wanted, &base).unwrap();
        let moved = moved(asked, &hunks(&base, &current).unwrap())?;
        let edits = edits_reverting(&moved, &wanted, &current);
        let changes = ChangeSet::from_edits(current.len(), edits).unwrap();
        Some(changes.apply(&current).unwrap().to_string())
    }

    #[test]
    fn a_change_is_made_to_a_text_that_was_edited_elsewhere() {
        let made = |current| made("a\nb\nc\nd\n", "a\nB\nc\nd\nnew\n", current);
        for (current, expected) in [
            ("a\nb\nc\nd\n", "a\nB\nc\nd\nnew\n"),
            ("x\na\nb\nc\nd\n", "x\na\nB\nc\nd\nnew\n"),
            ("b\nc\nd\n", "B\nc\nd\nnew\n"),
            // Beside its lines, too.
            ("a!\nb\nc!\nd!\n", "a!\nB\nc!\nd!\nnew\n"),
            ("a\nx\nb\ny\nc\nd\n", "a\nx\nB\ny\nc\nd\nnew\n"),
            ("a\nb\nd\n", "a\nB\nd\nnew\n"),
        ] {
            assert_eq!(made(current).as_deref(), Some(expected), "{current:?}");
        }
    }

    #[test]
    fn it_is_not_made_where_its_own_lines_are_others() {
        for current in ["a\nb!\nc\n", "a\nc\n", "x\n", "", "a\nb\nx\n2\nc\n"] {
            assert_eq!(made("a\nb\n2\nc\n", "a\nB\n3\nc\n", current), None);
        }
        // Nor between two lines that have come apart, or are gone.
        for current in ["a\nx\nb\n", "", "x\n"] {
            assert_eq!(made("a\nb\n", "a\nnew\nb\n", current), None, "{current:?}");
        }
        // Of several places one is enough.
        assert_eq!(made("a\nb\nc\n", "A\nb\nC\n", "a\nb\nc!\n"), None);
    }
}
