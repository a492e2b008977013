//! Making text from models, commands and projects fit to be shown.
//!
//! What a user approves must be what happens: escape sequences could move the
//! cursor or hide text in a terminal, direction marks could reorder it, and
//! invisible characters could differ without looking different. All of them
//! are replaced by something visible.

use std::fmt::Write;

fn push_visible(out: &mut String, c: char) {
    match c {
        '\u{0}'..='\u{1f}' => {
            // The block "Control Pictures" has one for each.
            out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}' => push_code(out, c),
        _ if text_safety::is_invisible(c) => push_code(out, c),
        _ => out.push(c),
    }
}

fn push_code(out: &mut String, c: char) {
    if write!(out, "⟨U+{:04X}⟩", u32::from(c)).is_err() {
        out.push('\u{fffd}');
    }
}

/// One line: line ends and tabs are replaced too.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            _ => push_visible(&mut out, c),
        }
    }
    out
}

/// Text of several lines: line feeds and tabs stay.
pub(crate) fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            _ => push_visible(&mut out, c),
        }
    }
    out
}

/// An answer in Markdown: what controls a terminal or reorders text is
/// replaced; joiners, which emoji and several scripts need, stay.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' => {}
            _ if text_safety::deceives_in_prose(c) => push_visible(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

/// A tool call's arguments with all text in them made fit to be shown.
pub(crate) fn json(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => Value::String(block(text)),
        Value::Array(items) => Value::Array(items.iter().map(json).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (line(name), json(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// What a command printed: colours and other escape sequences are dropped, a
/// line that was overwritten with carriage returns shows its last state, and
/// what is left of control characters is made visible.
pub(crate) fn terminal(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\u{1b}' && c != '\u{9b}' {
            plain.push(c);
            continue;
        }
        let introducer = if c == '\u{9b}' {
            Some('[')
        } else {
            characters.next()
        };
        match introducer {
            // Control sequence: parameters, then one final character.
            Some('[') => {
                while let Some(next) = characters.peek() {
                    let last = ('\u{40}'..='\u{7e}').contains(next);
                    if !last && !('\u{20}'..='\u{3f}').contains(next) {
                        break;
                    }
                    characters.next();
                    if last {
                        break;
                    }
                }
            }
            // Strings (titles, hyperlinks): up to BEL or ESC \, on one line.
            Some(']' | 'P' | 'X' | '^' | '_') => {
                while let Some(next) = characters.peek() {
                    if *next == '\n' {
                        break;
                    }
                    let next = characters.next();
                    if next == Some('\u{7}') {
                        break;
                    }
                    if next == Some('\u{1b}') {
                        if characters.peek() == Some(&'\\') {
                            characters.next();
                        }
                        break;
                    }
                }
            }
            // Two-character sequences.
            _ => {}
        }
    }
    let mut out = String::with_capacity(plain.len());
    for (index, line) in plain.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let line = line.trim_end_matches('\r');
        let last = line.rsplit('\r').next().unwrap_or(line);
        out.push_str(&block(last));
    }
    out
}

/// The beginning of a text, cut at a character, with a mark where it was cut.
pub(crate) fn shorten(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_reorders_is_shown() {
        assert_eq!(line("rm\u{1b}[8m -rf\n~"), "rm␛[8m -rf⏎~");
        assert_eq!(line("a\u{202e}b\u{200b}c"), "a⟨U+202E⟩b⟨U+200B⟩c");
        assert_eq!(line("x\u{e0041}"), "x⟨U+E0041⟩");
        assert_eq!(line("a\r b\u{7f}\u{9b}"), "a␍ b␡⟨U+009B⟩");
        assert_eq!(block("a\n\tb\u{8}"), "a\n\tb␈");
        assert_eq!(line("grüße 日本"), "grüße 日本");
    }

    #[test]
    fn a_terminals_output_becomes_plain_text() {
        assert_eq!(
            terminal("\u{1b}[32mok\u{1b}[0m\u{1b}]8;;http://x\u{7}link\u{1b}]8;;\u{1b}\\!"),
            "oklink!"
        );
        assert_eq!(terminal("10%\r50%\r100%\r\ndone\r\n"), "100%\ndone\n");
        assert_eq!(terminal("a\u{1b}[2J\u{1b}[Hb"), "ab");
        assert_eq!(terminal("\u{1b}]0;never ended\nnext"), "\nnext");
        assert_eq!(terminal("\u{1b}"), "");
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_deceives_is_left(text in ".*|[\\x00-\\x9f\\u{200b}-\\u{206f}\\u{e0000}-\\u{e007f}a-z\\n]{0,80}") {
            let deceives = |shown: &str| {
                shown
                    .chars()
                    .any(|c| c != '\n' && c != '\t' && text_safety::deceives(c))
            };
            proptest::prop_assert!(!deceives(&line(&text)) && !line(&text).contains('\n'));
            proptest::prop_assert!(!deceives(&block(&text)));
            proptest::prop_assert!(!deceives(&terminal(&text)));
            let plain: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
            proptest::prop_assert_eq!(block(&plain), plain, "plain text stays");
        }
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shorten("äöü", 2), "äö…");
        assert_eq!(shorten("äöü", 3), "äöü");
    }
}
