//! Calls that go on with a statement in the next row, as `.map()` below `list`.

use crate::auto_indent::{Indenting, columns, deeper, last_code, leaves_open, statement_row};
use crate::block_words::{MAX_ROWS_UP, row_of_block};
use crate::editing::TO_BE_CONTINUED;
use crate::indentation::indent_range;
use crate::language_rules::IndentRules;
use crate::{IndentedPart, SyntaxView, Text};

/// Rows of a statement that are gone back over.
const MAX_CHAIN: usize = 100;

/// Rows without code that are looked over for what comes below.
const MAX_ROWS_DOWN: usize = 20;

/// Bytes of the longest sign that goes on in the next row.
const MAX_TAIL: usize = 4;

/// The indentation of a row that has just begun with what such a call begins with: where the call
/// before it stands, else one level deeper than what it is called on, or level with its end.
pub(crate) fn chain_indent(
    text: &Text,
    row: usize,
    caret: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let syntax = indenting.syntax;
    let start = indent_range(text, row).end;
    let typed = text.slice(start..caret);
    if !rules.chain_marks.contains(&&*typed) || syntax.literal_at(text, start).is_some() {
        return None;
    }
    let (above, end) = code_above(text, row, indenting)?;
    // Behind other signs a value begins.
    let ends_value = |last: char| last.is_alphanumeric() || "_)]}\"'`?!".contains(last);
    if !text.char_before(end).is_some_and(ends_value) {
        return None;
    }
    let first = first_row(text, above, end, rules, indenting);
    let indent = indent_range(text, first);
    let kept = text.slice(indent.clone());
    let ends_above = || {
        let end = text.char_at(indent_range(text, above).end);
        let pairs = syntax.brackets();
        rules.chains_level_with_ends && pairs.iter().any(|pair| Some(pair.close) == end)
    };
    let is_level = begins_with_call(text, first, rules) || ends_above();
    Some(match is_level {
        true => kept.into_owned(),
        false => deeper(&kept, indenting.style),
    })
}

/// The indentation of the row in which the outermost part begins that ends in a row with the last of
/// its code, a semicolon.
pub(crate) fn ended_part(
    text: &Text,
    row: usize,
    last: Option<usize>,
    parts: &[IndentedPart],
    syntax: &dyn SyntaxView,
) -> Option<String> {
    let (start, end) = (text.line_start(row), last?);
    let ended = parts.iter().find(|part| {
        let is_ended = part.whole.end == end || part.whole.end + 1 == end;
        // Of an unfinished text a part may end within its brackets.
        part.whole.start < start
            && is_ended
            && !leaves_open(text, text.row_at(part.whole.start), end, syntax)
    })?;
    let indent = indent_range(text, text.row_at(ended.whole.start));
    Some(text.slice(indent).into_owned())
}

/// The indentation of the row in which a statement begins that ends with the code of a row and that
/// stands less deep than this row does: by its calls in rows of their own, by what goes on in the next
/// row, by its brackets and by the words of its blocks.
pub(crate) fn statement_above(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let syntax = indenting.syntax;
    let mut first = first_row(text, row, end, rules, indenting);
    for _ in 0..MAX_CHAIN {
        let Some((above, end)) = code_above(text, first, indenting) else {
            break;
        };
        let goes_on = begins_with_call(text, first, rules) || goes_on_below(text, end, rules);
        let begins = indent_range(text, first).end;
        // What is in a bracket is part of no statement before it.
        let is_inside = || leaves_open(text, above, end, syntax);
        if !goes_on || syntax.literal_at(text, begins).is_some() || is_inside() {
            break;
        }
        first = first_row(text, above, end, rules, indenting);
    }
    let depth = |row| columns(&text.slice(indent_range(text, row)), indenting.style);
    (depth(first) < depth(row)).then(|| text.slice(indent_range(text, first)).into_owned())
}

/// The same where rows end statements, if nothing says that this one goes on: its last sign, what
/// follows in the row, and the call that the next row begins with.
pub(crate) fn statement_ended_by_row(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    if !ends_with_row(text, row, end, rules, indenting) {
        return None;
    }
    let below = row + 1..text.line_count().min(row + 1 + MAX_ROWS_DOWN);
    let is_code =
        |row: &usize| last_code(text, *row, text.line_end(*row), indenting.syntax).is_some();
    let mut below = below.filter(is_code);
    match below.next() {
        Some(next) if begins_with_call(text, next, rules) => None,
        _ => statement_above(text, row, end, rules, indenting),
    }
}

/// Whether rows end statements, and nothing stands behind the code of this one or says that it goes on.
pub(crate) fn ends_with_row(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> bool {
    rules.rows_end_statements
        && !goes_on_below(text, end, rules)
        && last_code(text, row, text.line_end(row), indenting.syntax) == Some(end)
}

/// Whether the code of a row up to a byte ends with a sign behind which the next row is a level deeper
/// in the language, and is not such a row itself.
pub(crate) fn goes_on_once(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> bool {
    let goes_on = |end: usize| {
        let tail = text.slice(text.floor_char_boundary(end.saturating_sub(MAX_TAIL))..end);
        rules
            .continues_after
            .iter()
            .any(|mark| tail.ends_with(mark))
    };
    if rules.continues_after.is_empty() || !goes_on(end) || begins_with_call(text, row, rules) {
        return false;
    }
    !code_above(text, row, indenting).is_some_and(|(_, end)| goes_on(end))
}

/// Whether what ends at a byte goes on in the next row. What opens a block there does not.
fn goes_on_below(text: &Text, end: usize, rules: &IndentRules) -> bool {
    let tail = text.slice(text.floor_char_boundary(end.saturating_sub(MAX_TAIL))..end);
    let opens = tail.ends_with(rules.opens_after)
        || rules
            .opens_after_marks
            .iter()
            .any(|mark| tail.ends_with(mark));
    let goes_on = || {
        let mut marks = TO_BE_CONTINUED.iter().chain(rules.continues_after);
        tail.ends_with(['.', ',', '\\']) || marks.any(|mark| tail.ends_with(mark))
    };
    !opens && goes_on()
}

/// The row in which that begins which ends with the code of a row: by its brackets, and by the word
/// that ends its block.
fn first_row(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> usize {
    let row = statement_row(text, row, end, indenting.syntax);
    let Some(begun) = row_of_block(text, row, rules, indenting) else {
        return row;
    };
    let end = last_code(text, begun, text.line_end(begun), indenting.syntax);
    end.map_or(begun, |end| {
        statement_row(text, begun, end, indenting.syntax)
    })
}

/// The nearest row above with code in it, and where that ends.
fn code_above(text: &Text, row: usize, indenting: &Indenting<'_>) -> Option<(usize, usize)> {
    let mut above = (row.saturating_sub(MAX_ROWS_UP)..row).rev();
    above.find_map(|above| {
        let end = last_code(text, above, text.line_end(above), indenting.syntax)?;
        Some((above, end))
    })
}

/// Whether a row begins with a call that goes on with the statement above.
fn begins_with_call(text: &Text, row: usize, rules: &IndentRules) -> bool {
    let (at, end) = (indent_range(text, row).end, text.line_end(row));
    let mut marks = rules.chain_marks.iter();
    marks.any(|mark| end - at >= mark.len() && text.slice(at..at + mark.len()) == *mark)
}
