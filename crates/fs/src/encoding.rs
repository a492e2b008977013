//! Character encodings: finding out which one a file has, decoding it and encoding it again.
//!
//! Names and byte mappings are those of the WHATWG Encoding Standard
//! (<https://encoding.spec.whatwg.org/>), as in every browser and in VS Code.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};

use crate::encoded_text::PieceEncoder;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encodings of the WHATWG Encoding Standard that text can be written in.
const ALL: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "iso-8859-15",
    "macintosh",
    "windows-1250",
    "iso-8859-2",
    "windows-1251",
    "koi8-r",
    "koi8-u",
    "iso-8859-5",
    "ibm866",
    "x-mac-cyrillic",
    "windows-1253",
    "iso-8859-7",
    "windows-1254",
    "windows-1255",
    "iso-8859-8",
    "windows-1256",
    "iso-8859-6",
    "windows-1257",
    "iso-8859-4",
    "iso-8859-13",
    "windows-1258",
    "iso-8859-3",
    "iso-8859-10",
    "iso-8859-14",
    "iso-8859-16",
    "windows-874",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "gb18030",
    "gbk",
    "big5",
    "euc-kr",
];

/// A character encoding, by its WHATWG name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// UTF-8, what new files get.
    pub const UTF_8: Self = Self(UTF_8);
    /// UTF-16 with the low byte first, as Windows writes it.
    pub const UTF_16LE: Self = Self(UTF_16LE);
    /// UTF-16 with the high byte first.
    pub const UTF_16BE: Self = Self(UTF_16BE);
    /// Western European, the superset of Latin-1. Every byte means a character in it.
    pub const WINDOWS_1252: Self = Self(WINDOWS_1252);

    /// The encoding that a label stands for ("utf-8", "latin1", "sjis"), if there is one that
    /// text can be written in.
    pub fn for_label(label: &str) -> Option<Self> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let writable =
            encoding == encoding.output_encoding() || encoding == UTF_16LE || encoding == UTF_16BE;
        writable.then_some(Self(encoding))
    }

    /// The encoding that VS Code's `files.encoding` names ("utf8", "windows1252", "shiftjis"), and
    /// whether a byte order mark goes with it.
    pub fn for_setting(name: &str) -> Option<(Self, bool)> {
        let label = match name {
            "utf8bom" => return Some((Self::UTF_8, true)),
            "macroman" => "macintosh",
            "koi8r" => "koi8-r",
            "koi8u" => "koi8-u",
            "cp950" | "big5hkscs" => "big5",
            "shiftjis" => "shift_jis",
            "eucjp" => "euc-jp",
            "euckr" => "euc-kr",
            _ => match name.strip_prefix("windows") {
                Some(page) => return Self::for_label(&format!("windows-{page}")).map(unmarked),
                None => name,
            },
        };
        let found = Self::for_label(label)?;
        // UTF-16 without a mark would not be recognized again.
        Some((found, found.is_unicode() && found != Self::UTF_8))
    }

    /// The name that a status bar shows, such as "UTF-8" or "windows-1252".
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The byte order mark of a Unicode encoding; empty for all others.
    pub(crate) fn mark(self) -> &'static [u8] {
        if self.0 == UTF_8 {
            b"\xEF\xBB\xBF"
        } else if self.0 == UTF_16LE {
            b"\xFF\xFE"
        } else if self.0 == UTF_16BE {
            b"\xFE\xFF"
        } else {
            b""
        }
    }

    /// The encoding that a byte order mark at the start of `bytes` names.
    pub(crate) fn for_mark(bytes: &[u8]) -> Option<Self> {
        [Self::UTF_8, Self::UTF_16LE, Self::UTF_16BE]
            .into_iter()
            .find(|encoding| bytes.starts_with(encoding.mark()))
    }

    /// Whether every character can be written in it.
    pub fn is_unicode(self) -> bool {
        !self.mark().is_empty()
    }

    /// Every encoding that text can be written in, the common ones first.
    pub fn all() -> Vec<Self> {
        ALL.iter()
            .filter_map(|label| Self::for_label(label))
            .collect()
    }

    pub(crate) fn of_raw(encoding: &'static Encoding) -> Self {
        Self(encoding)
    }

    pub(crate) fn raw(self) -> &'static Encoding {
        self.0
    }

    /// Encodes piece by piece; `literal` as [`TextFormat::keeps_private_use`](crate::TextFormat).
    pub(crate) fn encoder(self, literal: bool) -> PieceEncoder {
        if self.0 == UTF_8 && literal {
            PieceEncoder::LiteralUtf8
        } else if self.0 == UTF_8 {
            PieceEncoder::Utf8
        } else if self.0 == UTF_16LE {
            PieceEncoder::Utf16(u16::to_le_bytes)
        } else if self.0 == UTF_16BE {
            PieceEncoder::Utf16(u16::to_be_bytes)
        } else {
            PieceEncoder::Legacy(Box::new(self.0.new_encoder()))
        }
    }

    /// Decodes `bytes`, which hold no mark, or returns `None` where a byte sequence means nothing.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<String> {
        self.0
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(Cow::into_owned)
    }

    /// Decodes `bytes` with U+FFFD for what means nothing.
    pub(crate) fn decode_with_replacement(self, bytes: &[u8]) -> String {
        self.0.decode_without_bom_handling(bytes).0.into_owned()
    }

    /// Encodes `text` without a mark.
    ///
    /// # Errors
    /// The first character that the encoding does not have, with its byte offset in `text`.
    pub(crate) fn encode(self, text: &str) -> Result<Vec<u8>, (usize, char)> {
        if self.0 == UTF_8 {
            return Ok(text.as_bytes().to_vec());
        }
        if self.0 == UTF_16LE {
            return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        }
        if self.0 == UTF_16BE {
            return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        let (bytes, _, unmappable) = self.0.encode(text);
        if !unmappable {
            return Ok(bytes.into_owned());
        }
        let missing = text.char_indices().find(|(_, character)| {
            let mut buffer = [0; 4];
            self.0.encode(character.encode_utf8(&mut buffer)).2
        });
        Err(missing.unwrap_or((0, char::REPLACEMENT_CHARACTER)))
    }
}

impl Default for TextEncoding {
    fn default() -> Self {
        Self::UTF_8
    }
}

fn unmarked(encoding: TextEncoding) -> (TextEncoding, bool) {
    (encoding, false)
}

impl Display for TextEncoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Debug for TextEncoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether decoded text holds what no text file holds: a NUL, or control characters in quantity.
pub(crate) fn looks_binary(text: &str) -> bool {
    let mut controls = ControlCharacters::default();
    !controls.add(text) || controls.are_many()
}

/// Counts the characters that tell a binary file from a text.
#[derive(Debug, Default)]
pub(crate) struct ControlCharacters {
    found: usize,
    bytes: usize,
}

impl ControlCharacters {
    /// Looks at more of the text; false where it holds a NUL.
    pub(crate) fn add(&mut self, text: &str) -> bool {
        self.bytes += text.len();
        for byte in text.bytes() {
            match byte {
                0 => return false,
                // Tab, line ends, form feed, backspace and escape (ANSI colours in logs) are text.
                b'\t' | b'\n' | b'\r' | 0x0C | 0x08 | 0x1B => {}
                0x01..=0x1F | 0x7F => self.found += 1,
                _ => {}
            }
        }
        true
    }

    /// Too many for a text.
    pub(crate) fn are_many(&self) -> bool {
        self.found * 10 > self.bytes
    }
}
