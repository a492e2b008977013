use std::fmt;

use sha2::{Digest, Sha256};

use crate::Text;

/// Tells one text from another: its length and the first half of its SHA-256. O(length).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextHash {
    pub(super) len: u64,
    pub(super) digest: [u8; 16],
}

impl TextHash {
    /// The hash of a text. Takes about a second a gigabyte, so not on the thread that draws.
    pub fn of(text: &Text) -> Self {
        let mut hasher = Sha256::new();
        text.chunks(0..text.len())
            .for_each(|chunk| hasher.update(chunk));
        let mut digest = [0; 16];
        digest
            .iter_mut()
            .zip(hasher.finalize())
            .for_each(|(to, from)| *to = from);
        Self {
            len: text.len() as u64,
            digest,
        }
    }
}

/// Hexadecimal, to name something after a text.
impl fmt::Display for TextHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}-", self.len)?;
        self.digest
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}
