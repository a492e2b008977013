//! What a hover says about a character that cannot be seen, or that looks like another.

use editor_core::Text;
use editor_core::display_map::Marks;
use gpui_kit::App;

use crate::hover::Hover;
use crate::text_place::TextPlace;

/// Characters that are drawn as marks because nothing would be seen of them, by their names in the
/// Unicode Character Database.
const INVISIBLE: &[(char, &str)] = &[
    ('\u{ad}', "SOFT HYPHEN"),
    ('\u{34f}', "COMBINING GRAPHEME JOINER"),
    ('\u{61c}', "ARABIC LETTER MARK"),
    ('\u{115f}', "HANGUL CHOSEONG FILLER"),
    ('\u{1160}', "HANGUL JUNGSEONG FILLER"),
    ('\u{17b4}', "KHMER VOWEL INHERENT AQ"),
    ('\u{17b5}', "KHMER VOWEL INHERENT AA"),
    ('\u{180b}', "MONGOLIAN FREE VARIATION SELECTOR ONE"),
    ('\u{180c}', "MONGOLIAN FREE VARIATION SELECTOR TWO"),
    ('\u{180d}', "MONGOLIAN FREE VARIATION SELECTOR THREE"),
    ('\u{180e}', "MONGOLIAN VOWEL SEPARATOR"),
    ('\u{180f}', "MONGOLIAN FREE VARIATION SELECTOR FOUR"),
    ('\u{200b}', "ZERO WIDTH SPACE"),
    ('\u{200c}', "ZERO WIDTH NON-JOINER"),
    ('\u{200d}', "ZERO WIDTH JOINER"),
    ('\u{200e}', "LEFT-TO-RIGHT MARK"),
    ('\u{200f}', "RIGHT-TO-LEFT MARK"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202b}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202c}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202d}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202e}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2061}', "FUNCTION APPLICATION"),
    ('\u{2062}', "INVISIBLE TIMES"),
    ('\u{2063}', "INVISIBLE SEPARATOR"),
    ('\u{2064}', "INVISIBLE PLUS"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('\u{206a}', "INHIBIT SYMMETRIC SWAPPING"),
    ('\u{206b}', "ACTIVATE SYMMETRIC SWAPPING"),
    ('\u{206c}', "INHIBIT ARABIC FORM SHAPING"),
    ('\u{206d}', "ACTIVATE ARABIC FORM SHAPING"),
    ('\u{206e}', "NATIONAL DIGIT SHAPES"),
    ('\u{206f}', "NOMINAL DIGIT SHAPES"),
    ('\u{3164}', "HANGUL FILLER"),
    ('\u{feff}', "ZERO WIDTH NO-BREAK SPACE"),
    ('\u{ffa0}', "HALFWIDTH HANGUL FILLER"),
    ('\u{fff9}', "INTERLINEAR ANNOTATION ANCHOR"),
    ('\u{fffa}', "INTERLINEAR ANNOTATION SEPARATOR"),
    ('\u{fffb}', "INTERLINEAR ANNOTATION TERMINATOR"),
];

/// Characters that look like a space, or like several, and are none to most programs.
const BLANKS: &[(char, &str)] = &[
    ('\u{a0}', "NO-BREAK SPACE"),
    ('\u{1680}', "OGHAM SPACE MARK"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "THREE-PER-EM SPACE"),
    ('\u{2005}', "FOUR-PER-EM SPACE"),
    ('\u{2006}', "SIX-PER-EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200a}', "HAIR SPACE"),
    ('\u{202f}', "NARROW NO-BREAK SPACE"),
    ('\u{205f}', "MEDIUM MATHEMATICAL SPACE"),
    ('\u{2800}', "BRAILLE PATTERN BLANK"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
];

/// The names of U+0000 to U+001F.
const CONTROLS: [&str; 32] = [
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "BELL",
    "BACKSPACE",
    "CHARACTER TABULATION",
    "LINE FEED",
    "LINE TABULATION",
    "FORM FEED",
    "CARRIAGE RETURN",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "INFORMATION SEPARATOR FOUR",
    "INFORMATION SEPARATOR THREE",
    "INFORMATION SEPARATOR TWO",
    "INFORMATION SEPARATOR ONE",
];

/// Letters of other scripts, and marks, that look like one of ASCII in the usual fonts (a choice
/// from Unicode Technical Standard #39).
const LOOKALIKES: &[(&str, &str)] = &[
    // Cyrillic
    ("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX"),
    ("асеіјорѕухһԁԛԝ", "aceijopsyxhdqw"),
    // Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αινορυ", "aivopu"),
    // Armenian
    ("օսհ", "ouh"),
];

/// Marks that look like one of ASCII.
const MARKS: &[(&str, &str)] = &[
    ("‐‑‒–−", "-----"),
    ("‘’‛′ʹʻʼ", "'''''''"),
    ("“”‟″", "\"\"\"\""),
    ("‚", ","),
    ("∕⁄", "//"),
    ("∗", "*"),
    ("ː∶", "::"),
    ("\u{37e}", ";"),
    ("ǃ", "!"),
    ("！（），－．：；＜＝＞？", "!(),-.:;<=>?"),
    ("＂＃＄％＆＇＊＋／［］＿｛｜｝", "\"#$%&'*+/[]_{|}"),
];

fn looks_like(tables: &[(&str, &str)], character: char) -> Option<char> {
    tables.iter().find_map(|(from, to)| {
        let place = from.chars().position(|other| other == character)?;
        to.chars().nth(place)
    })
}

/// What is unusual about a character of a text that is shown as any other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unusual {
    /// A blank that is no plain space.
    Blank,
    /// A letter that looks like one of ASCII, among letters of ASCII.
    Letter,
    /// A mark that looks like one of ASCII.
    Mark,
}

/// What is unusual about a character at a byte of a text.
pub(crate) fn unusual(text: &Text, at: usize, character: char) -> Option<Unusual> {
    if character.is_ascii() {
        return None;
    }
    if blank_name(text, at, character).is_some() {
        return Some(Unusual::Blank);
    }
    if looks_like(MARKS, character).is_some() {
        return Some(Unusual::Mark);
    }
    let letter = looks_like(LOOKALIKES, character).is_some() && stands_among_ascii(text, at);
    letter.then_some(Unusual::Letter)
}

/// The name of a blank, unless it is at home where it stands.
fn blank_name(text: &Text, at: usize, character: char) -> Option<&'static str> {
    let (_, name) = BLANKS.iter().find(|(blank, _)| *blank == character)?;
    let at_home = character == '\u{3000}' && stands_among_wide(text, at);
    (!at_home).then_some(*name)
}

/// Whether an ideographic space stands beside characters of East Asian scripts, which it is made for.
fn stands_among_wide(text: &Text, at: usize) -> bool {
    const MOST_BLANKS: usize = 16;
    let is_wide = |character: char| {
        matches!(
            u32::from(character),
            0x2e80..=0x2fff | 0x3001..=0xa4cf | 0xac00..=0xd7af | 0xf900..=0xfaff | 0xff01..=0xff60
                | 0x20000..=0x3ffff
        )
    };
    let not_blank = |character: &char| *character != '\u{3000}';
    let before = text.chars_before(at).take(MOST_BLANKS).find(not_blank);
    let after = text.chars_from(at).take(MOST_BLANKS).find(not_blank);
    before.is_some_and(is_wide) || after.is_some_and(is_wide)
}

/// What there is to say about the character that was asked about.
pub(crate) fn hover(request: &TextPlace, _: &App) -> Option<Hover> {
    let text = &request.text;
    let grapheme = request.offset..text.next_grapheme(request.offset);
    if &*text.slice(grapheme.clone()) == "\r\n" {
        return None;
    }
    let mut previous = text.char_before(request.offset);
    let mut said: Vec<String> = Vec::new();
    for character in text.slice(grapheme.clone()).chars() {
        let what = explain(text, request.offset, character, previous);
        said.extend(what.filter(|what| !said.contains(what)));
        previous = Some(character);
    }
    (!said.is_empty()).then(|| Hover {
        range: Some(grapheme),
        markdown: said.join("\n\n").into(),
        places: Vec::new(),
    })
}

fn explain(text: &Text, at: usize, character: char, previous: Option<char>) -> Option<String> {
    let code = u32::from(character);
    if matches!(character, '\n' | '\t') {
        return None;
    }
    if Marks::default().mark_for(character, previous).is_some() {
        let name = match code {
            0..0x20 => Some(CONTROLS[code as usize]),
            0x7f => Some("DELETE"),
            0xe0020..0xe0080 => Some("TAG"),
            0xfe00..=0xfe0f | 0xe0100..=0xe01ef => Some("VARIATION SELECTOR"),
            _ => INVISIBLE
                .iter()
                .find(|(known, _)| *known == character)
                .map(|(_, name)| *name),
        };
        let name = name.map(|name| format!(" {name}")).unwrap_or_default();
        let what = match code {
            0..0x20 | 0x7f..0xa0 => "a control character",
            0x202a..=0x202e | 0x2066..=0x2069 => {
                "invisible, and changes the order in which the text around it is shown"
            }
            _ => "invisible",
        };
        return Some(format!("The character **U+{code:04X}{name}** is {what}."));
    }
    if let Some(name) = blank_name(text, at, character) {
        return Some(format!(
            "The character **U+{code:04X} {name}** is a blank that is no plain space."
        ));
    }
    let twin = looks_like(MARKS, character)
        .or_else(|| looks_like(LOOKALIKES, character).filter(|_| stands_among_ascii(text, at)))?;
    Some(format!(
        "The character **U+{code:04X}** `{character}` looks like the ASCII character **U+{:04X}** {}, \
         which is more usual in code.",
        u32::from(twin),
        inline_code(twin),
    ))
}

fn inline_code(character: char) -> String {
    match character {
        '`' => "`` ` ``".to_owned(),
        _ => format!("`{character}`"),
    }
}

/// Whether a letter is in one word with letters of ASCII: in a text of its own script it is nothing
/// unusual.
fn stands_among_ascii(text: &Text, at: usize) -> bool {
    const LONGEST_WORD: usize = 64;
    let in_word = |character: &char| character.is_alphanumeric() || *character == '_';
    let mut letters = text
        .chars_before(at)
        .take(LONGEST_WORD)
        .take_while(in_word)
        .chain(text.chars_from(at).take(LONGEST_WORD).take_while(in_word));
    letters.any(|character| character.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        let offset = text.find('|').unwrap_or_default();
        let text = Text::new(&text.replace('|', ""));
        let character = text.char_at(offset)?;
        explain(&text, offset, character, text.char_before(offset))
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(
            said("a|\u{200b}b").unwrap(),
            "The character **U+200B ZERO WIDTH SPACE** is invisible."
        );
        assert!(
            said("|\u{202e}x")
                .unwrap()
                .contains("RIGHT-TO-LEFT OVERRIDE")
        );
        assert!(said("|\u{202e}x").unwrap().contains("the order"));
        assert_eq!(
            said("|\u{1b}[0m").unwrap(),
            "The character **U+001B ESCAPE** is a control character."
        );
    }

    #[test]
    fn a_letter_of_another_script_is_pointed_out_among_those_of_ascii_alone() {
        assert!(said("p|аyload").unwrap().contains("**U+0061** `a`"));
        assert_eq!(said("п|арк"), None);
        assert_eq!(said("p|ayload"), None);
    }

    #[test]
    fn marks_that_look_like_those_of_code_are_pointed_out() {
        assert!(said("a |– b").unwrap().contains("**U+002D** `-`"));
        assert!(said("x|\u{37e}").unwrap().contains("**U+003B** `;`"));
        assert_eq!(said("a |- b"), None);
    }

    #[test]
    fn blanks_that_are_no_plain_spaces_are_named() {
        assert_eq!(
            said("a|\u{a0}b").unwrap(),
            "The character **U+00A0 NO-BREAK SPACE** is a blank that is no plain space."
        );
        for (blank, name) in BLANKS {
            let message = said(&format!("let|{blank}x")).unwrap();
            assert!(message.contains(name), "{message}");
        }
        assert_eq!(said("a| b"), None);
    }

    #[test]
    fn an_ideographic_space_is_at_home_among_east_asian_text() {
        let at_home = [
            "日本|\u{3000}語",
            "|\u{3000}\u{3000}段落",
            "終わり。|\u{3000}x",
            "한글|\u{3000}",
        ];
        for text in at_home {
            assert_eq!(said(text), None, "{text}");
        }
        assert!(said("let|\u{3000}x").is_some());
    }

    #[test]
    fn every_lookalike_has_its_twin() {
        for (from, to) in LOOKALIKES.iter().chain(MARKS) {
            assert_eq!(from.chars().count(), to.chars().count(), "{from}");
            assert!(to.is_ascii() && !from.chars().any(|one| one.is_ascii()));
        }
    }
}
