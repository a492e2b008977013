//! Errors as sentences.

use gpui_kit::SharedString;

/// What ends a sentence, or stands for more.
const ENDS: [char; 5] = ['.', '!', '?', ':', '\u{2026}'];

/// An error as it is shown alone. Errors begin in lower case and end without a full stop, since they
/// are quoted inside others; alone, they are sentences. Names of files and settings at the beginning
/// stay as they are.
pub fn sentence(text: impl Into<SharedString>) -> SharedString {
    let text = text.into();
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_word = first.starts_with(|letter: char| letter.is_ascii_lowercase())
        && first
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '-');
    let end = text.trim_end_matches(['\u{201d}', '\u{2019}', ')', '"', '`']);
    let is_ended = text.trim().is_empty() || end.ends_with(ENDS);
    if !is_word && is_ended {
        return text;
    }
    let (head, rest) = text.split_at(usize::from(is_word));
    let stop = if is_ended { "" } else { "." };
    format!("{}{rest}{stop}", head.to_ascii_uppercase()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_begins_and_ends_as_a_sentence_and_names_stay() {
        for (error, shown) in [
            ("no permission to read /x", "No permission to read /x."),
            ("look-ahead is not known", "Look-ahead is not known."),
            ("settings.json:1:2: wrong", "settings.json:1:2: wrong."),
            ("/tmp/x is a folder", "/tmp/x is a folder."),
            ("\u{e9}t\u{e9} it is", "\u{e9}t\u{e9} it is."),
            ("It is done.", "It is done."),
            ("It goes on\u{2026}", "It goes on\u{2026}"),
            (
                "\u{201c}x\u{201d} is no key",
                "\u{201c}x\u{201d} is no key.",
            ),
            (
                "It says \u{201c}stop.\u{201d}",
                "It says \u{201c}stop.\u{201d}",
            ),
            (
                "not saved (the disk is full)",
                "Not saved (the disk is full).",
            ),
            ("", ""),
        ] {
            assert_eq!(sentence(error), shown);
        }
    }
}
