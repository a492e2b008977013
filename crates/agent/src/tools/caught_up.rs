//! A change of a file that was edited elsewhere while the user was asked about it.

use editor_core::{Hunk, MAX_COMPARED_BYTES, Text, hunks};

use super::{Output, PlannedWrite, ToolContext};
use crate::host::blocking;

/// Why a change is not made to what a file holds by now.
#[derive(Debug, PartialEq, Eq)]
enum Stale {
    /// Lines that it is of are others.
    Edited,
    /// The texts are too large to be compared, so that nobody knows.
    TooLarge,
    /// The change itself is none; why.
    Wrong(String),
}

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
        made(&shown, move || self.onto(&current.text)).await
    }

    /// The change with the accepted lines alone, which the user saw in `seen`, made to what the file
    /// holds now. Where the lines that they are of are others by now it is not made: what the model
    /// reads then.
    pub(super) async fn caught_up_in_part(
        self,
        seen: String,
        accepted: Vec<Hunk>,
        refused: usize,
        context: &ToolContext<'_>,
    ) -> Result<Self, Output> {
        let current = context.host.read(&self.path.absolute).await;
        // What cannot be read is told of when it is written.
        let current = current.map_or_else(|_| seen.clone(), |current| current.text);
        let shown = self.path.shown();
        made(&shown, move || {
            self.lines_onto(&current, &seen, accepted, refused)
        })
        .await
    }

    /// The change, made to another text.
    fn onto(self, current: &str) -> Result<Self, Stale> {
        let base = self.base.clone().unwrap_or_default();
        // The way around that its parts are shown to the user.
        let asked = hunks(&Text::new(&self.text), &Text::new(&base)).ok_or(Stale::TooLarge)?;
        self.lines_onto(current, &base, asked, 0)
    }

    /// Lines of the change, as they stand in `seen`, made to another text.
    fn lines_onto(
        self,
        current: &str,
        seen: &str,
        lines: Vec<Hunk>,
        refused: usize,
    ) -> Result<Self, Stale> {
        let lines = match current == seen {
            true => lines,
            false => {
                let edits = hunks(&Text::new(seen), &Text::new(current));
                moved(lines, &edits.ok_or(Stale::TooLarge)?).ok_or(Stale::Edited)?
            }
        };
        self.only(current, &lines, refused).map_err(Stale::Wrong)
    }
}

/// A change that is worked out elsewhere, or what the model reads where it is not made to the file
/// that is `shown` so.
async fn made(
    shown: &str,
    work: impl FnOnce() -> Result<PlannedWrite, Stale> + Send + 'static,
) -> Result<PlannedWrite, Output> {
    let worked_out = blocking(work)
        .await
        .map_err(|error| Output::error(error.to_string()))?;
    worked_out.map_err(|stale| match stale {
        Stale::Edited => Output::failure(
            "Nothing was written: lines that it would change were edited meanwhile. The agent is told to read them again",
            format!(
                "Error: lines of {shown} that this would change were edited meanwhile, and nothing was written. Read the file again and make the change to what it holds now."
            ),
        ),
        Stale::TooLarge => {
            let most = MAX_COMPARED_BYTES >> 20;
            Output::failure(
                format!(
                    "Nothing was written: the file was edited meanwhile, and with more than {most} MB it is too large to find the lines in again. The agent is told to read it again"
                ),
                format!(
                    "Error: {shown} was edited meanwhile, and with more than {most} MB it is too large to find the lines of this change in it again, so nothing was written. Read what you need of the file again and make the change to what it holds now."
                ),
            )
        }
        Stale::Wrong(why) => Output::error(why),
    })
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

    /// A planned change of a file from one text to another.
    fn planned(base: &str, text: String) -> PlannedWrite {
        let path = crate::project_path::ProjectPath {
            relative: "a.txt".into(),
            absolute: "/p/a.txt".into(),
        };
        PlannedWrite {
            path,
            named: "a.txt".into(),
            base: Some(base.to_owned()),
            text,
            left: None,
        }
    }

    #[test]
    fn what_is_too_large_to_be_compared_is_not_called_edited() {
        let large = "line\n".repeat(MAX_COMPARED_BYTES / 5 + 1);
        let stale = planned(&large, "short\n".into()).onto("line\nshorter\n");
        assert_eq!(stale.unwrap_err(), Stale::TooLarge);
        let grown = planned("a\nb\n", "A\nb\n".into()).onto(&large);
        assert_eq!(grown.unwrap_err(), Stale::TooLarge);
        let edited = planned("a\nb\n", "A\nb\n".into()).onto("x\nb\n");
        assert_eq!(edited.unwrap_err(), Stale::Edited);
    }

    #[test]
    fn accepted_lines_are_made_beside_what_was_edited_and_no_others() {
        let seen = "a\nb\nc\nd\n";
        let change = || planned(seen, "A\nb\nC\nd\n".into());
        let hunk = |row: usize| Hunk {
            base_rows: row..row + 1,
            rows: row..row + 1,
        };
        // The second part is refused: edits of its line, too, are beside the first.
        for (current, expected) in [
            (seen, "A\nb\nc\nd\n"),
            ("x\na\nb\nc\nd\n", "x\nA\nb\nc\nd\n"),
            ("a\nb\nc!\nd\ny\n", "A\nb\nc!\nd\ny\n"),
        ] {
            let made = change()
                .lines_onto(current, seen, vec![hunk(0)], 1)
                .unwrap();
            assert_eq!(made.text, expected, "{current:?}");
            assert_eq!(made.base.as_deref(), Some(current));
            assert_eq!(made.left.unwrap().refused, 1);
        }
        let touched = change().lines_onto("a!\nb\nc\nd\n", seen, vec![hunk(0)], 1);
        assert_eq!(touched.unwrap_err(), Stale::Edited);
    }

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
