//! How much of a file's change is drawn, and what a question says about the rest.

use crate::diff_lines::PreparedDiff;
use crate::wording::counted;

/// Lines of a change drawn before more is asked for.
const SHORT: usize = 16;
/// Lines drawn of a change that is to be decided on, and lines that each further step brings.
const STEP: usize = 600;

/// Lines drawn of a change of `lines` after `steps` further ones were asked for. A button that
/// would bring a few more lines is not worth its press: those are drawn at once.
pub(crate) fn drawn_lines(lines: usize, asking: bool, steps: usize) -> usize {
    let limit = match (asking, steps) {
        (true, _) => STEP.saturating_mul(steps.saturating_add(1)),
        (false, 0) => SHORT,
        (false, _) => STEP.saturating_mul(steps),
    };
    let few = limit.min(STEP) / 2;
    if lines <= limit.saturating_add(few) {
        lines
    } else {
        limit
    }
}

/// What whoever decides on a change has to know about the part of it that is not drawn; nothing
/// where all of it is.
pub(crate) fn unseen(diff: &PreparedDiff, steps: usize) -> Option<String> {
    if diff.too_large {
        return Some(format!(
            "Nothing of this change can be shown here: it is too large. It would replace {} by {}, and the file still holds the old text. Read it in the editor, or deny it to have it made in smaller steps.",
            counted(diff.removed, "line", "lines"),
            counted(diff.added, "line", "lines"),
        ));
    }
    let lines = diff.line_count();
    let hidden = lines - drawn_lines(lines, true, steps);
    (hidden > 0).then(|| format!("{hidden} of the {lines} lines of this change are not shown yet."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_line_is_drawn_after_enough_steps() {
        for asking in [true, false] {
            for lines in [0, 17, 25, 600, 900, 901, 3_000, 10_001] {
                let mut steps = 0;
                let mut drawn = drawn_lines(lines, asking, steps);
                while drawn < lines {
                    steps += 1;
                    let next = drawn_lines(lines, asking, steps);
                    assert!(next > drawn, "{lines} lines, step {steps}");
                    drawn = next;
                }
                assert_eq!(drawn, lines);
            }
        }
    }

    #[test]
    fn what_is_not_drawn_is_told() {
        let after = "x\n".repeat(1_000);
        let diff = PreparedDiff::new(Path::new("a.txt"), "", &after);
        let told = unseen(&diff, 0).unwrap();
        assert!(told.starts_with("400 of the 1000 lines"), "{told}");
        assert_eq!(unseen(&diff, 1), None);

        let huge = PreparedDiff::new(Path::new("a.txt"), "y\n", &"x\n".repeat(1_100_000));
        let told = unseen(&huge, 9).unwrap();
        assert!(told.contains("1 line by 1100000 lines"), "{told}");
    }
}
