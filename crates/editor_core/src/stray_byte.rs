//! Bytes of a file that are no text in its encoding, as characters of the text: so that such a file
//! can be edited, and is written with the very bytes that it had.
//!
//! The bytes 0x80 to 0xFF are the last characters of the last private use plane, U+10FF80 to
//! U+10FFFF, which nobody has been seen to give a meaning. Python does the same with lone surrogates
//! (PEP 383, "surrogateescape"), which no text in UTF-8 can hold.

/// The character before that of byte 0.
const BASE: u32 = 0x10_FF00;

/// The character that stands for a byte; none for ASCII, which is text anywhere.
pub fn char_of_stray_byte(byte: u8) -> Option<char> {
    (!byte.is_ascii())
        .then(|| char::from_u32(BASE + u32::from(byte)))
        .flatten()
}

/// The byte that a character stands for.
pub fn stray_byte_of(character: char) -> Option<u8> {
    let byte = u32::from(character).checked_sub(BASE)?;
    u8::try_from(byte).ok().filter(|byte| !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_beyond_ascii_has_a_character_and_comes_back() {
        for byte in 0..=u8::MAX {
            let character = char_of_stray_byte(byte);
            assert_eq!(character.is_some(), byte >= 0x80, "{byte:02X}");
            assert_eq!(character.and_then(stray_byte_of), character.map(|_| byte));
        }
        for other in ['a', 'é', '\u{FFFD}', '\u{10FF00}', '\u{10FF7F}'] {
            assert_eq!(stray_byte_of(other), None, "{other:?}");
        }
    }
}
