//! Lines that one statement follows without brackets, such as `if (a)`.

use crate::auto_indent::{Indenting, columns, last_code, leaves_open, statement_row};
use crate::block_words::{MAX_ROWS_UP, first_word};
use crate::editing::TO_BE_CONTINUED;
use crate::indentation::{indent_range, is_blank};
use crate::{IndentRules, SyntaxView, Text};

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

/// The indentation of a row that has just begun with a `{`, if that begins the body of what stands in
/// the rows above: that of the row in which this begins.
pub(crate) fn brace_indent(
    text: &Text,
    row: usize,
    caret: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let syntax = indenting.syntax;
    let start = indent_range(text, row).end;
    if rules.statement_follows.is_empty() || start + 1 != caret {
        return None;
    }
    // What a class is bound by, and what a constructor sets, stands further to the right.
    let is_of_list = |row: usize| {
        let begins = text.char_at(indent_range(text, row).end);
        first_word(text, row) == "where" || matches!(begins, Some(':' | ','))
    };
    let mut above = row;
    let (mut in_list, mut first) = (false, None);
    for _ in 0..MAX_NESTED {
        let rows = (above.saturating_sub(MAX_ROWS_UP)..above).rev();
        let mut rows = rows.filter_map(|above| {
            let end = last_code(text, above, text.line_end(above), syntax)?;
            Some((above, end))
        });
        let (nearest, end) = rows.next()?;
        // Among elements it begins a value.
        let follows = rules.statement_follows;
        if rules.markup && !awaits_statement(text, nearest, end, follows, syntax) {
            break;
        }
        let is_list = is_of_list(nearest);
        if leaves_open(text, nearest, end, syntax) || !ends_head(text, end, in_list || is_list) {
            break;
        }
        above = statement_row(text, nearest, end, syntax);
        first = Some(above);
        in_list = is_of_list(above);
        if !in_list {
            break;
        }
    }
    let depth = |row| columns(&text.slice(indent_range(text, row)), indenting.style);
    let first = first.filter(|first| depth(*first) < depth(row))?;
    Some(text.slice(indent_range(text, first)).into_owned())
}

/// Whether what ends at a byte may be the end of what a body belongs to, in a list of such or not.
fn ends_head(text: &Text, end: usize, in_list: bool) -> bool {
    let tail = text.slice(text.floor_char_boundary(end.saturating_sub(2))..end);
    let goes_on = TO_BE_CONTINUED.iter().any(|mark| tail.ends_with(mark));
    let ends = |sign: char| sign.is_alphanumeric() || ")]>_".contains(sign);
    let ends_list = |sign: char| in_list && matches!(sign, ',' | '}');
    !goes_on && tail.ends_with(|sign| ends(sign) || ends_list(sign))
}

/// Whether the parameters of a function between braces end at a byte, as in `{ x ->` and `{ |x|`.
pub(crate) fn ends_lambda_head(text: &Text, end: usize) -> bool {
    let tail = text.slice(text.floor_char_boundary(end.saturating_sub(2))..end);
    tail.ends_with("->") || tail.ends_with("=>") || tail.ends_with('|')
}
