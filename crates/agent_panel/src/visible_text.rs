//! Text from a model, a tool or a file, made safe to judge by eye.
//!
//! A permission prompt is only worth something when what it shows is what will run. Escape
//! sequences, bidirectional overrides, invisible characters and long padding all make text look
//! like something else, so they are replaced by a visible name and marked, never dropped.

use std::ops::Range;

/// Runs of blanks longer than this are replaced by their length: a command padded past the
/// visible width hides its tail.
const LONGEST_BLANK_RUN: usize = 24;

/// How strictly [`reveal`] treats what it is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reading {
    /// A command line or a path: letters outside ASCII are marked too, because they can pass for
    /// ASCII ones, and so is long padding.
    Command,
    /// Output and file contents, where other scripts and wide columns are normal.
    Output,
}

/// Text in which nothing is hidden.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RevealedText {
    /// What to draw. Line feeds and tabs are the only control characters left.
    pub text: String,
    /// The parts of `text`, in bytes, that stand for something a reader would not have seen.
    pub marks: Vec<Range<usize>>,
}

impl RevealedText {
    /// Whether anything had to be revealed.
    pub fn is_suspicious(&self) -> bool {
        !self.marks.is_empty()
    }
}

/// Replaces everything that hides or reorders text by a visible name.
pub fn reveal(source: &str, reading: Reading) -> RevealedText {
    let mut revealed = RevealedText {
        text: String::with_capacity(source.len()),
        marks: Vec::new(),
    };
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        if reading == Reading::Command && character == ' ' {
            let run = rest.len() - rest.trim_start_matches(' ').len();
            if run > LONGEST_BLANK_RUN {
                revealed.push_marked(&format!("⟨{run} spaces⟩"));
            } else {
                revealed.text.push_str(&rest[..run]);
            }
            rest = &rest[run..];
            continue;
        }
        let width = character.len_utf8();
        if character == '\r' && rest[width..].starts_with('\n') {
            // A CRLF line end is a line end.
        } else if let Some(name) = hidden_name(character, reading) {
            revealed.push_marked(&name);
        } else if let Some(name) = already_named(rest) {
            // The agent names such characters too, before they get here.
            revealed.push_marked(name);
            rest = &rest[name.len()..];
            continue;
        } else if reading == Reading::Command && !character.is_ascii() {
            revealed.push_marked(character.encode_utf8(&mut [0; 4]));
        } else {
            revealed.text.push(character);
        }
        rest = &rest[width..];
    }
    revealed
}

impl RevealedText {
    fn push_marked(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        match self.marks.last_mut() {
            Some(last) if last.end == start => last.end = self.text.len(),
            _ => self.marks.push(start..self.text.len()),
        }
    }
}

/// A name of the form `⟨U+202E⟩` at the beginning of `text`.
fn already_named(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("⟨U+")?;
    let digits = inner.bytes().take_while(u8::is_ascii_hexdigit).count();
    let whole = "⟨U+".len() + digits + "⟩".len();
    ((4..=6).contains(&digits) && inner[digits..].starts_with('⟩')).then(|| &text[..whole])
}

/// The name to show instead of `character`, if it cannot be seen as it is.
fn hidden_name(character: char, reading: Reading) -> Option<String> {
    let code = character as u32;
    match character {
        '\n' | '\t' => None,
        // The Control Pictures block names each C0 control and DEL.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + code).map(String::from),
        '\u{7f}' => Some("\u{2421}".to_owned()),
        // Emoji presentation is ordinary in prose.
        '\u{fe0e}' | '\u{fe0f}' if reading == Reading::Output => None,
        // Joiners shape ordinary words and emoji in several scripts.
        '\u{200c}' | '\u{200d}' if reading == Reading::Output => None,
        _ if is_invisible(character) => Some(format!("⟨U+{code:04X}⟩")),
        _ => None,
    }
}

/// What hides anywhere, odd blanks, and what chooses between pictures of the character before it.
fn is_invisible(character: char) -> bool {
    text_safety::deceives(character)
        || matches!(
            character as u32,
            0xa0 | 0x2000..=0x200a | 0x202f | 0x205f | 0x2800 | 0xfe00..=0xfe0f
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(source: &str, reading: Reading) -> (String, Vec<String>) {
        let revealed = reveal(source, reading);
        let marks = revealed
            .marks
            .iter()
            .map(|range| revealed.text[range.clone()].to_owned())
            .collect();
        (revealed.text, marks)
    }

    #[test]
    fn plain_commands_are_untouched() {
        let revealed = reveal("cargo test -p api\n\t--quiet", Reading::Command);
        assert_eq!(revealed.text, "cargo test -p api\n\t--quiet");
        assert!(!revealed.is_suspicious());
    }

    #[test]
    fn escape_sequences_are_shown_instead_of_obeyed() {
        let (text, marks) = marked("echo ok\u{1b}[2K\rrm -rf ~", Reading::Command);
        assert_eq!(text, "echo ok␛[2K␍rm -rf ~");
        assert_eq!(marks, ["␛", "␍"]);
    }

    #[test]
    fn reordering_and_invisible_characters_are_named() {
        let (text, marks) = marked("a\u{202e}b\u{200b}\u{e0041}c", Reading::Output);
        assert_eq!(text, "a⟨U+202E⟩b⟨U+200B⟩⟨U+E0041⟩c");
        assert_eq!(marks, ["⟨U+202E⟩", "⟨U+200B⟩⟨U+E0041⟩"]);
    }

    #[test]
    fn padding_that_would_push_a_command_out_of_sight_is_counted() {
        let (text, marks) = marked(&format!("ls{}; rm x", " ".repeat(300)), Reading::Command);
        assert_eq!(text, "ls⟨300 spaces⟩; rm x");
        assert_eq!(marks, ["⟨300 spaces⟩"]);
        assert!(!reveal(&" ".repeat(300), Reading::Output).is_suspicious());
    }

    #[test]
    fn letters_that_pass_for_ascii_are_marked_in_commands_only() {
        // The "а" is Cyrillic.
        let (_, marks) = marked("cаt /etc/passwd", Reading::Command);
        assert_eq!(marks, ["а"]);
        assert!(!reveal("привет 🎉\u{fe0f}", Reading::Output).is_suspicious());
    }

    #[test]
    fn names_that_are_there_already_are_marked_whole() {
        let (text, marks) = marked("a⟨U+202E⟩b ⟨U+x⟩", Reading::Output);
        assert_eq!(text, "a⟨U+202E⟩b ⟨U+x⟩");
        assert_eq!(marks, ["⟨U+202E⟩"]);
    }

    #[test]
    fn crlf_is_a_line_end() {
        assert_eq!(reveal("a\r\nb", Reading::Output).text, "a\nb");
    }

    #[test]
    fn marks_lie_on_character_boundaries_for_any_input() {
        let source: String = (0..0x3000u32)
            .chain(0xe0000..0xe0100)
            .filter_map(char::from_u32)
            .collect();
        for reading in [Reading::Command, Reading::Output] {
            let revealed = reveal(&source, reading);
            for mark in &revealed.marks {
                assert!(revealed.text.get(mark.clone()).is_some());
            }
            assert!(
                revealed
                    .text
                    .chars()
                    .all(|c| c == '\n' || c == '\t' || !c.is_control())
            );
        }
    }
}
