//! A change of a file of which the user accepted some lines and refused the rest.

use std::fmt::Write as _;
use std::ops::Range;

use editor_core::{ChangeSet, Hunk, MAX_COMPARED_BYTES, Text, edits_reverting, hunks};

use super::PlannedWrite;

/// What the model is told of the lines that it did not get, in bytes at most.
const MAX_TOLD: usize = 8_000;

impl PlannedWrite {
    /// The change with the accepted lines alone, made to the text that the user saw.
    pub(super) fn only(
        self,
        current: &str,
        accepted: &[Hunk],
        refused: usize,
    ) -> Result<Self, String> {
        if self.base.is_none() {
            return Err("A new file can only be allowed as a whole".to_owned());
        }
        let (before, wanted) = (Text::new(current), Text::new(&self.text));
        if before.len().max(wanted.len()) > MAX_COMPARED_BYTES {
            return Err("The text is too long to be changed in part".to_owned());
        }
        let is_in = |rows: &Range<usize>, text: &Text| {
            rows.start <= rows.end && rows.end <= text.line_count()
        };
        if !accepted
            .iter()
            .all(|hunk| is_in(&hunk.rows, &before) && is_in(&hunk.base_rows, &wanted))
        {
            return Err("What was accepted is not in this change".to_owned());
        }
        let edits = edits_reverting(accepted, &wanted, &before);
        let made = ChangeSet::from_edits(before.len(), edits)
            .and_then(|changes| changes.apply(&before))
            .map_err(|error| error.to_string())?;
        let left = told(&made, &wanted).map(|places| Left {
            accepted: accepted.len(),
            refused,
            places,
        });
        Ok(Self {
            left,
            base: Some(current.to_owned()),
            text: made.to_string(),
            ..self
        })
    }
}

/// Where the text that is made is not what the model wrote.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Left {
    /// How many of its parts the user accepted.
    accepted: usize,
    /// How many they refused; none where they only changed the text meanwhile.
    pub refused: usize,
    /// What stands there.
    places: String,
}

impl Left {
    /// What the model is told.
    pub fn told(&self) -> String {
        let why = match self.refused {
            0 => "The file was changed meanwhile.".to_owned(),
            refused => format!(
                "The user accepted {} of the {} parts of your change and refused the rest. Do not make what they refused in another way.",
                self.accepted,
                self.accepted + refused
            ),
        };
        format!("{why} {}", self.places)
    }
}

/// What stands where the text is not as the model wrote it; `None` where it is.
fn told(made: &Text, wanted: &Text) -> Option<String> {
    let mut told = "Where the file is not as you wrote it, it now reads:".to_owned();
    // Both are short enough to be compared, but for what was added to the longest text.
    let Some(left) = hunks(wanted, made) else {
        return Some("Read the file before you go on.".to_owned());
    };
    if left.is_empty() {
        return None;
    }
    for (number, hunk) in left.iter().enumerate() {
        let mut place = String::new();
        let written = match hunk.rows.len() {
            0 => writeln!(
                place,
                "\n\nNothing between line {} and the next.",
                hunk.rows.start
            ),
            1 => writeln!(place, "\n\nLine {}:", hunk.rows.start + 1),
            _ => writeln!(
                place,
                "\n\nLines {} to {}:",
                hunk.rows.start + 1,
                hunk.rows.end
            ),
        };
        let rows = made.line_start(hunk.rows.start)..made.line_end(hunk.rows.end.max(1) - 1);
        if written.is_err() || told.len() + place.len() + rows.len() > MAX_TOLD {
            let more = left.len() - number;
            told += &format!("\n\nAnd in {more} places more; read the file before you go on.");
            break;
        }
        told += place.trim_end_matches('\n');
        if !hunk.rows.is_empty() {
            told.push('\n');
            told += &made.slice(rows);
        }
    }
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_of(made: &str, wanted: &str) -> String {
        told(&Text::new(made), &Text::new(wanted)).unwrap_or_default()
    }

    #[test]
    fn the_model_reads_what_stands_where_its_lines_do_not() {
        let told = told_of("a\nb\nc\nd\n", "a\nB\nc\nnew\nd\n");
        assert!(
            told.ends_with("\n\nLine 2:\nb\n\nNothing between line 3 and the next."),
            "{told}"
        );
        assert_eq!(told_of("a\n", "a\n"), "");
        let told = told_of("a\nb\nc", "x");
        assert!(told.ends_with("\n\nLines 1 to 3:\na\nb\nc"), "{told}");
    }

    #[test]
    fn what_the_model_reads_is_bounded() {
        let line = "x".repeat(MAX_TOLD / 2);
        let made = format!("{line}\nsame\n{line}\nsame\n{line}\n");
        let told = told_of(&made, "1\nsame\n2\nsame\n3\n");
        assert!(told.len() < MAX_TOLD + 200);
        assert!(
            told.ends_with("And in 2 places more; read the file before you go on."),
            "{told}"
        );
    }
}
