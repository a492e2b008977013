//! Texts of servers, made fit to be kept and shown: no longer than their place has room for, and
//! without characters that hide or reorder others.

use serde_json::Value;

/// A text of several lines, of so many bytes at most and an ellipsis where more is cut off.
pub(crate) fn text(text: &str, most: usize) -> String {
    let kept = &text[..text.floor_char_boundary(most)];
    let ellipsis = if kept.len() < text.len() { "…" } else { "" };
    let mut out = String::with_capacity(kept.len() + ellipsis.len());
    let mut rest = kept.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\r' if rest.peek() == Some(&'\n') => {}
            _ if text_safety::deceives_in_prose(character) => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out.push_str(ellipsis);
    out
}

/// The same in one line: line feeds and tabs become spaces.
pub(crate) fn line(words: &str, most: usize) -> String {
    text(words.trim(), most).replace(['\n', '\t'], " ")
}

/// Whether a value is no larger than so many bytes, about.
pub(crate) fn is_small(value: &Value, most: usize) -> bool {
    fn left(value: &Value, most: usize) -> Option<usize> {
        let most = most.checked_sub(8)?;
        match value {
            Value::String(text) => most.checked_sub(text.len()),
            Value::Array(values) => values.iter().try_fold(most, |most, one| left(one, most)),
            Value::Object(values) => values.iter().try_fold(most, |most, (name, one)| {
                left(one, most.checked_sub(name.len())?)
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => Some(most),
        }
    }
    left(value, most).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_or_deceives_is_not_kept() {
        assert_eq!(text("a\r\n\tb ä👩\u{200d}💻", 100), "a\n\tb ä👩\u{200d}💻");
        assert_eq!(text("\u{1b}[2J\u{202e}x", 100), "\u{fffd}[2J\u{fffd}x");
        assert_eq!(text("äää", 3), "ä…");
        assert_eq!(line(" a\nb\tc ", 100), "a b c");
        assert_eq!(line("", 0), "");
        let value = serde_json::json!({"a": ["bb", 1]});
        assert!(is_small(&value, 40) && !is_small(&value, 30));
    }
}
