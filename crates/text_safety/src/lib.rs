//! Which characters deceive about the text that they are in.
//!
//! What a person reads must be what is there ("Trojan Source", CVE-2021-42574): whoever shows a name,
//! a command or an answer that came from a project, a model or a server asks here, so that what is
//! shown plainly in one place is not hidden in another. What is put in the place of such a
//! character, a mark, its code or nothing, is up to the place.

/// Whether nothing is seen of a character, or it changes the order of others: what Unicode 16 has as
/// `Default_Ignorable_Code_Point` or `Bidi_Control` (UAX #9), line and paragraph separators, and the
/// marks around annotations.
///
/// The variation selectors U+FE00 to U+FE0F are not among them, though they are ignorable: they
/// choose between pictures of the character before them, as in most emoji.
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether an invisible character shapes those beside it in ordinary words and emoji: joiners, the
/// soft hyphen, and selectors of variants.
pub const fn is_joiner(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{200c}'
            | '\u{200d}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether a character deceives in a name, an address or a command: it is
/// [invisible](is_invisible), or a control character, line feeds and tabs among them.
pub const fn deceives(character: char) -> bool {
    is_control(character) || is_invisible(character)
}

/// Whether a character deceives in a text of several lines that may be in any script: as
/// [`deceives`], but line feeds, tabs and [joiners](is_joiner) stay.
pub const fn deceives_in_prose(character: char) -> bool {
    !matches!(character, '\n' | '\t') && deceives(character) && !is_joiner(character)
}

/// `General_Category=Control`.
const fn is_control(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reorders_or_is_not_seen_deceives() {
        for deceiver in [
            '\u{202e}',  // turns what follows around
            '\u{2066}',  // isolates
            '\u{200b}',  // zero width
            '\u{e0041}', // a tag
            '\u{feff}',
            '\u{3164}', // a letter without a picture
            '\u{1b}',
            '\u{9b}',
        ] {
            assert!(deceives(deceiver), "{deceiver:?}");
            assert!(deceives_in_prose(deceiver), "{deceiver:?}");
        }
    }

    #[test]
    fn what_is_written_in_any_script_does_not() {
        let written = "grüße 日本 سلام שלום न्या 👩🏽 ❤\u{fe0f} a\u{301}";
        assert!(!written.chars().any(deceives));
        let joined = "👩\u{200d}💻 می\u{200c}خواهم co\u{ad}operate 葛\u{e0100}\n\t";
        assert!(!joined.chars().any(deceives_in_prose));
        assert!(joined.chars().filter(|c| deceives(*c)).count() == 6);
    }

    #[test]
    fn control_characters_are_those_of_the_standard_library() {
        for character in '\0'..='\u{ffff}' {
            assert_eq!(is_control(character), character.is_control());
        }
    }
}
