//! What an escape in a string of the host stands for, and where there are any in the strings of
//! grammars that have no nodes for them.

use std::ops::Range;

/// The escapes in a text between quotes: `\n`, `\\` and `\u00e9`. What follows the backslash need be
/// nothing that the language knows.
pub(crate) fn escapes(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find('\\')?;
        let rest = &text[start + 1..];
        let sign = rest.chars().next()?;
        let digits = rest.bytes().skip(1).take(4);
        let is_code = sign == 'u' && digits.filter(u8::is_ascii_hexdigit).count() == 4;
        let len = if is_code { 5 } else { sign.len_utf8() };
        at = start + 1 + len;
        Some(start..at)
    })
}

/// The part of an escape that a regular expression in the string begins or goes on with: its last
/// sign where that is what it stands for, as in `\\` and `\"`, and else all of it, since regular
/// expressions have the same escapes: `\n` and `\u00e9`.
pub(crate) fn in_regex(escape: &str) -> Range<usize> {
    match escape.chars().next_back() {
        Some(last) if !last.is_ascii_alphanumeric() => escape.len() - last.len_utf8()..escape.len(),
        _ => 0..escape.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_found_one_behind_another() {
        let found = |text: &'static str| -> Vec<&str> {
            escapes(text).map(|escape| &text[escape]).collect()
        };
        assert_eq!(
            found(r"a\n\\\u00e9b\u0z\é\"),
            [r"\n", r"\\", r"\u00e9", r"\u", r"\é"]
        );
        assert!(found("plain").is_empty());
    }

    #[test]
    fn a_regular_expression_has_what_an_escape_stands_for() {
        let part = |escape: &'static str| &escape[in_regex(escape)];
        assert_eq!(
            [r"\\", r#"\""#, r"\$", r"\é", r"\n", r"\u00e9", r"\12"].map(part),
            [r"\", "\"", "$", "é", r"\n", r"\u00e9", r"\12"]
        );
    }
}
