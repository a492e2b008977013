//! Lines that one statement follows without brackets, such as `if (a)`.

use crate::auto_indent::last_code;
use crate::block_words::first_word;
use crate::indentation::{indent_range, is_blank};
use crate::{SyntaxView, Text};

/// Rows longer than this are not looked at.
const MAX_ROW: usize = 4096;

/// Statements that begin in one another without brackets.
const MAX_NESTED: usize = 100;

/// Whether the code of a row up to a byte is nothing but the head of a statement: one of `words`, and
/// what stands in parentheses behind it. `else` may stand before it, also behind a `}`.
pub(crate) fn awaits_statement(
    text: &Text,
    row: usize,
    end: usize,
    words: &[&str],
    syntax: &dyn SyntaxView,
) -> bool {
    let start = indent_range(text, row).end;
    if words.is_empty() || end <= start || end - start > MAX_ROW {
        return false;
    }
    let line = text.slice(start..end);
    let after_brace = line.strip_prefix('}').map_or(&*line, str::trim_start);
    let after_else = after_brace
        .strip_prefix("else")
        .filter(|rest| !rest.starts_with(|one: char| one.is_alphanumeric() || one == '_'));
    let head = match after_else.map(str::trim_start) {
        Some("") => return words.contains(&"else"),
        Some(rest) => rest,
        // What follows a bracket in its row is no statement of its own.
        None if after_brace.len() < line.len() => return false,
        None => &line,
    };
    let word = head.len()
        - head
            .trim_start_matches(|one: char| one.is_alphanumeric())
            .len();
    if word == 0 || !words.contains(&&head[..word]) {
        return false;
    }
    let rest = head[word..].trim_start();
    if !rest.starts_with('(') {
        return false;
    }
    let from = end - rest.len();
    let literals = syntax.literals(text, from..end);
    let mut open = 0_usize;
    for (at, character) in rest.char_indices() {
        if literals
            .iter()
            .any(|literal| literal.contains(&(from + at)))
        {
            continue;
        }
        match character {
            '(' => open += 1,
            ')' if open == 1 => return at + 1 == rest.len(),
            ')' => match open.checked_sub(1) {
                Some(fewer) => open = fewer,
                // What was taken for the beginning is part of a string or a comment.
                None => return false,
            },
            _ => {}
        }
    }
    false
}

/// The row of the outermost statement whose heads stand in the rows right above a row, one a row.
pub(crate) fn row_of_statement(
    text: &Text,
    row: usize,
    words: &[&str],
    syntax: &dyn SyntaxView,
) -> Option<usize> {
    let mut heads = (row.saturating_sub(MAX_NESTED)..row)
        .rev()
        .take_while(|above| {
            let end = text.line_end(*above);
            !is_blank(text, *above)
                && last_code(text, *above, end, syntax)
                    .is_some_and(|end| awaits_statement(text, *above, end, words, syntax))
        });
    let nearest = heads.next()?;
    // `else` goes with an `if` that is over.
    let outermost = heads.last().unwrap_or(nearest);
    (first_word(text, row) != "else").then_some(outermost)
}
