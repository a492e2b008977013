//! Items of lists whose further lines stand below what is behind their mark, as in YAML: `- key: value`.

use crate::auto_indent::{Indenting, columns, last_code};
use crate::block_words::MAX_ROWS_UP;
use crate::indentation::{indent_range, is_blank};
use crate::{IndentRules, Text};

/// Rows longer than this are looked at by their first part alone.
const MAX_ROW: usize = 4096;

/// Where the keys of an item stand that a row begins with, up to a byte: its indentation, with blanks
/// for the marks. `None` of a row that begins with no mark, or has no key behind it.
pub(crate) fn keys_of_item(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
) -> Option<String> {
    let mark = rules.item_mark?;
    let indent = indent_range(text, row);
    let end = text.floor_char_boundary(end.clamp(indent.end, indent.end + MAX_ROW));
    let code = text.slice(indent.end..end);
    let mut rest = &*code;
    while let Some(behind) = rest.strip_prefix(mark).filter(|rest| rest.starts_with(' ')) {
        rest = behind.trim_start_matches(' ');
    }
    let width = code.len() - rest.len();
    (width > 0 && begins_with_key(rest))
        .then(|| format!("{}{}", text.slice(indent), " ".repeat(width)))
}

/// Whether a value is a key and what belongs to it, and not a text.
fn begins_with_key(value: &str) -> bool {
    let key_end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = &value[1..];
            inside.find(quote).map(|end| &inside[end + 1..])
        }
        Some('{' | '[' | '#' | '|' | '>') | None => None,
        _ => value.find(':').map(|at| &value[at..]),
    };
    key_end.is_some_and(|rest| rest == ":" || rest.starts_with(": "))
}

/// The indentation of a row that begins with the mark of an item and stood where the keys of the item
/// above do: that of this item.
pub(crate) fn item_beside(
    text: &Text,
    row: usize,
    caret: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let mark = rules.item_mark?;
    let start = indent_range(text, row).end;
    let typed = text.slice(start..caret);
    if typed.strip_prefix(mark) != Some(" ") || indenting.syntax.literal_at(text, start).is_some() {
        return None;
    }
    let column = |row| columns(&text.slice(indent_range(text, row)), indenting.style);
    let code_end = |row| last_code(text, row, text.line_end(row), indenting.syntax);
    let own = column(row);
    let above = (row.saturating_sub(MAX_ROWS_UP)..row).rev();
    let mut above = above.filter(|above| !is_blank(text, *above)).peekable();
    // What follows a key without a value belongs to that.
    let nearest = code_end(*above.peek()?)?;
    if text.char_before(nearest) == Some(':') {
        return None;
    }
    let item = above.find(|above| column(*above) < own)?;
    let keys = keys_of_item(text, item, code_end(item)?, rules)?;
    (columns(&keys, indenting.style) == own)
        .then(|| text.slice(indent_range(text, item)).into_owned())
}
