//! Texts in the shell (`<<EOF`) whose first row begins with blanks before an expansion, or with an
//! escape. The scanner of the grammar takes the text for one without expansions there, or loses its way:
//! it is given a letter in the place of the blank, or of the escape.

use std::ops::Range;

use crate::mend::Patch;
use crate::parse_input::ParseInput;

/// A longer shell script is read as it is, in bytes.
const MAX_BYTES: usize = 512 * 1024;

/// Rows below the mark of a text that are gone through for its end.
const MAX_ROWS: usize = 2_000;

/// More marks of one script are not looked at.
const MAX_MARKS: usize = 500;

/// What is read in the place of other bytes.
pub(crate) fn patches(input: &ParseInput<'_>) -> Vec<Patch> {
    let len = input.range.len();
    if len > MAX_BYTES {
        return Vec::new();
    }
    let source = input.text(0..len);
    let mut found = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_MARKS {
        let Some(next) = source[at..].find("<<") else {
            break;
        };
        let start = at + next;
        at = start + 2;
        let before = source[..start].chars().next_back();
        if before == Some('<') || source[at..].starts_with('<') {
            continue;
        }
        let Some(body) = body_of(&source, at) else {
            continue;
        };
        let rest = &source[body.clone()];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let behind = &rest[blanks..];
        let letter = |at: usize| Patch::new(at, b"x");
        if behind.starts_with('\\') && behind[1..].starts_with(['$', '`', '\\']) {
            let escape = body.start + blanks;
            found.extend([letter(escape), letter(escape + 1)]);
        } else if blanks > 0 && behind.starts_with('$') {
            found.push(letter(body.start + blanks - 1));
        }
        at = body.end;
    }
    found
}

/// The rows of a text whose mark begins behind `<<` at an offset: not of one in quotes, in which nothing
/// is expanded, and none where no row is the mark alone.
fn body_of(source: &str, at: usize) -> Option<Range<usize>> {
    let has_tabs = source[at..].starts_with('-');
    let from = at + usize::from(has_tabs);
    let blanks = source[from..].len() - source[from..].trim_start_matches(' ').len();
    let from = from + blanks;
    let is_of_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let len = source[from..].find(|sign| !is_of_word(sign))?;
    let mark = &source[from..from + len];
    let start = from + len + source[from + len..].find('\n')? + 1;
    if !mark.starts_with(|sign: char| sign.is_alphabetic() || sign == '_') {
        return None;
    }
    let mut row_start = start;
    for row in source[start..].split_inclusive('\n').take(MAX_ROWS) {
        let line = row.strip_suffix('\n').unwrap_or(row);
        let line = match has_tabs {
            true => line.trim_start_matches('\t'),
            false => line,
        };
        if line == mark {
            return Some(start..row_start);
        }
        row_start += row.len();
    }
    None
}
