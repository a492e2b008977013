//! Calls that go on with a statement in the next row, as `.map()` below `list`.

use crate::Text;
use crate::auto_indent::{Indenting, deeper, last_code, statement_row};
use crate::block_words::MAX_ROWS_UP;
use crate::indentation::indent_range;
use crate::language_rules::IndentRules;

/// The indentation of a row that has just begun with what such a call begins with: where the call
/// before it stands, else one level deeper than what it is called on, or level with its end.
pub(crate) fn chain_indent(
    text: &Text,
    row: usize,
    caret: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let begins_with_mark = |at: usize, end: usize| {
        let mut marks = rules.chain_marks.iter();
        marks.any(|mark| end - at >= mark.len() && text.slice(at..at + mark.len()) == *mark)
    };
    let syntax = indenting.syntax;
    let start = indent_range(text, row).end;
    let typed = text.slice(start..caret);
    if !rules.chain_marks.contains(&&*typed) || syntax.literal_at(text, start).is_some() {
        return None;
    }
    let (above, end) = (row.saturating_sub(MAX_ROWS_UP)..row)
        .rev()
        .find_map(|above| {
            let end = last_code(text, above, text.line_end(above), syntax)?;
            Some((above, end))
        })?;
    // Behind other signs a value begins.
    let ends_value = |last: char| last.is_alphanumeric() || "_)]}\"'`?!".contains(last);
    if !text.char_before(end).is_some_and(ends_value) {
        return None;
    }
    let first = statement_row(text, above, end, syntax);
    let indent = indent_range(text, first);
    let kept = text.slice(indent.clone());
    let ends_above = || {
        let end = text.char_at(indent_range(text, above).end);
        let pairs = syntax.brackets();
        rules.chains_level_with_ends && pairs.iter().any(|pair| Some(pair.close) == end)
    };
    let is_level = begins_with_mark(indent.end, text.line_end(first)) || ends_above();
    Some(match is_level {
        true => kept.into_owned(),
        false => deeper(&kept, indenting.style),
    })
}
