//! The strings of some code, by their marks alone: for a piece that has no tree.

use std::ops::Range;

use crate::{LanguageRules, StringMarks};

/// What encloses the strings of a language that says no more than that it closes these quotes.
const QUOTES: [StringMarks; 3] = [
    StringMarks::of_row("\""),
    StringMarks::of_row("'"),
    StringMarks::of_row("`"),
];

/// A string as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrittenString {
    /// All of it; of one that has no end, what begins it.
    pub(crate) range: Range<usize>,
    /// What encloses it.
    pub(crate) marks: StringMarks,
    /// Whether it has its end.
    pub(crate) is_closed: bool,
}

/// The strings of some code that begins with none and in no comment, in their order. What follows a
/// mark that has no partner is read as code. Costs O(bytes).
pub(crate) fn strings_in(code: &str, rules: &LanguageRules) -> Vec<WrittenString> {
    let marks = string_marks(rules);
    let bytes = code.as_bytes();
    let mut begins = [false; 256];
    let openers = marks.iter().map(|one| one.mark);
    let comments = [rules.line_comment, rules.block_comment.map(|one| one.open)];
    for opener in openers.chain(comments.into_iter().flatten()) {
        if let Some(first) = opener.bytes().next() {
            begins[usize::from(first)] = true;
        }
    }
    // Where `'` encloses one character, as in Rust, that may be a mark.
    let has_characters = !marks.iter().any(|one| one.mark == "'");
    let mut found = Vec::new();
    // Up to where nothing ends what such marks begin: all that stand before it are escaped, so that none
    // of them begins anything either, and nothing is looked through twice.
    let mut endless = vec![0; marks.len()];
    let mut closes = true;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if has_characters && *byte == b'\'' {
            at += match rest {
                [_, b'\\', _, b'\'', ..] => 4,
                [_, _, b'\'', ..] => 3,
                _ => 1,
            };
            continue;
        }
        if !begins[usize::from(*byte)] {
            at += 1;
            continue;
        }
        if let Some(index) = marks.iter().position(|one| is_at(rest, one.mark)) {
            let marks = &marks[index];
            let mut end = None;
            if at >= endless[index] {
                match string_end(bytes, at + marks.mark.len(), *marks) {
                    Ok(found) => end = Some(found),
                    Err(until) => endless[index] = until,
                }
            }
            let whole = at..end.unwrap_or(at + marks.mark.len());
            at = whole.end;
            found.push(WrittenString {
                range: whole,
                marks: *marks,
                is_closed: end.is_some(),
            });
        } else if rules.line_comment.is_some_and(|mark| is_at(rest, mark)) {
            let end = rest.iter().position(|one| *one == b'\n');
            at += end.unwrap_or(rest.len());
        } else if let Some(marks) = rules.block_comment.filter(|one| is_at(rest, one.open)) {
            let inside = at + marks.open.len();
            let end = closes.then(|| end_of(bytes, inside, marks.close)).flatten();
            closes = end.is_some();
            at = end.unwrap_or(inside);
        } else {
            at += 1;
        }
    }
    found
}

/// What encloses the strings of a language; the longer ones first.
fn string_marks(rules: &LanguageRules) -> Vec<StringMarks> {
    if !rules.strings.is_empty() {
        return rules.strings.to_vec();
    }
    let closes = |marks: &StringMarks| {
        let mut pairs = rules.auto_close.iter();
        pairs.any(|one| one.pair.is_quote() && marks.mark.starts_with(one.pair.open))
    };
    QUOTES.into_iter().filter(closes).collect()
}

fn is_at(bytes: &[u8], mark: &str) -> bool {
    bytes.starts_with(mark.as_bytes())
}

/// Behind the next of some marks.
fn end_of(bytes: &[u8], from: usize, mark: &str) -> Option<usize> {
    let mut windows = bytes.get(from..)?.windows(mark.len().max(1));
    Some(from + windows.position(|window| window == mark.as_bytes())? + mark.len())
}

/// Behind the end of the string whose text begins at a byte, or up to where it has none.
fn string_end(bytes: &[u8], from: usize, marks: StringMarks) -> Result<usize, usize> {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if marks.escapes => at += 1,
            b'\n' if !marks.spans_rows => return Err(at),
            _ if is_at(&bytes[at..], marks.mark) => return Ok(at + marks.mark.len()),
            _ => {}
        }
        at += 1;
    }
    Err(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Escaped JSON, as logs have it: every quote but the first begins nothing, in a row of half a
    /// megabyte. Looking for the end of each would take minutes.
    #[test]
    fn quotes_without_an_end_are_looked_through_once() {
        const MARKS: &[StringMarks] = &[StringMarks::of_row("\"")];
        let rules = LanguageRules {
            strings: MARKS,
            ..LanguageRules::PLAIN
        };
        let row = r#"\"a\":\"b\","#.repeat(50_000);
        let code = format!("{row}\n\"c\"");
        let found = strings_in(&code, &rules);
        assert_eq!(found.len(), 200_001);
        assert_eq!(found.iter().filter(|one| one.is_closed).count(), 1);
        assert_eq!(found.last().map(|one| one.range.len()), Some(3));
    }
}
