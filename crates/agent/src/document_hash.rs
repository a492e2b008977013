//! Which text of a document somebody has read.

use std::fmt;
use std::str::FromStr;

use editor_core::Text;
use sha2::{Digest, Sha256};

/// The SHA-256 of a document's text in UTF-8, as it is shown: with LF line ends and without a byte
/// order mark. Written as 64 hexadecimal digits.
///
/// An approval carries it, so that what is approved is what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentHash([u8; 32]);

impl DocumentHash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// The hash of a buffer's text, without a copy of it.
    pub fn of_text(text: &Text) -> Self {
        let mut hasher = Sha256::new();
        for chunk in text.chunks(0..text.len()) {
            hasher.update(chunk);
        }
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// The text is no SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub struct MalformedHash;

impl FromStr for DocumentHash {
    type Err = MalformedHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(MalformedHash);
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16)
                .map_err(|_| MalformedHash)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_one_that_other_programs_print() {
        // NIST FIPS 180-4, the example of one block.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(DocumentHash::of("abc").to_string(), known);
        assert_eq!(known.to_uppercase().parse(), Ok(DocumentHash::of("abc")));
        let long = "Zeile mit Ümlaut\n".repeat(10_000);
        assert_eq!(
            DocumentHash::of_text(&Text::new(&long)),
            DocumentHash::of(&long)
        );
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let short = "0".repeat(63);
        let odd = "+".to_owned() + &short;
        let wide = "ä".repeat(32);
        for text in ["", short.as_str(), odd.as_str(), wide.as_str()] {
            assert_eq!(text.parse::<DocumentHash>(), Err(MalformedHash), "{text}");
        }
    }
}
