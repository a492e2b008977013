//! A text on its way into a file: line endings and encoding are put back piece by piece, so that
//! saving takes little memory besides the text.

use std::io::{self, Write};

use editor_core::Text;
use encoding_rs::EncoderResult;

use crate::encoding::TextEncoding;
use crate::line_ending::LineEnding;
use crate::stray_bytes;
use crate::text_format::{EncodeError, TextFormat};

/// How much is gathered before it is written.
const BLOCK: usize = 256 * 1024;

/// Bytes that can be written out as often as they are needed.
pub trait Content: Sync {
    /// Writes all of it.
    ///
    /// # Errors
    /// Those of the sink.
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()>;
}

/// Bytes in one piece.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Content for Bytes<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        self.0
            .chunks(BLOCK)
            .try_for_each(|block| sink.write_all(block))
    }
}

/// A text in the bytes that its file gets.
#[derive(Debug)]
pub struct EncodedText<'a> {
    text: &'a Text,
    format: &'a TextFormat,
    /// How each complete line ends, in a file that mixes them.
    endings: Option<Vec<LineEnding>>,
}

impl<'a> EncodedText<'a> {
    /// A text in a format.
    ///
    /// # Errors
    /// [`EncodeError`] names the first character that the encoding lacks; nothing is replaced.
    pub fn new(text: &'a Text, format: &'a TextFormat) -> Result<Self, EncodeError> {
        if let Some((offset, character)) = first_missing(text, format) {
            return Err(EncodeError {
                encoding: format.encoding,
                character,
                offset,
                line: text.row_at(offset) + 1,
            });
        }
        let endings = format
            .mixed()
            .map(|mixed| mixed.endings(text, format.line_ending));
        Ok(Self {
            text,
            format,
            endings,
        })
    }

    /// How many bytes it is, where that is known without encoding it: in UTF-8, where bytes that are no
    /// text make it a little less.
    pub(crate) fn known_len(&self) -> Option<u64> {
        if self.format.encoding != TextEncoding::UTF_8 {
            return None;
        }
        let mark = match self.format.bom {
            true => self.format.encoding.mark().len(),
            false => 0,
        };
        let beyond_line_feed = |ending: &LineEnding| ending.as_str().len() - 1;
        let endings = match &self.endings {
            Some(endings) => endings.iter().map(beyond_line_feed).sum(),
            None => (self.text.line_count() - 1) * beyond_line_feed(&self.format.line_ending),
        };
        Some((mark + self.text.len() + endings) as u64)
    }

    /// The bytes in one piece.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.text.len());
        // Writing into memory does not fail.
        match self.write_to(&mut bytes) {
            Ok(()) => bytes,
            Err(_) => Vec::new(),
        }
    }

    /// Gives the text with its line endings, piece by piece.
    fn pieces(&self, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        let chunks = self.text.chunks(0..self.text.len());
        if self.endings.is_none() && self.format.line_ending == LineEnding::Lf {
            return chunks.into_iter().try_for_each(take);
        }
        let mut endings = self.endings.iter().flatten();
        let mut gathered = String::new();
        for chunk in chunks {
            let mut rest = chunk;
            while let Some(at) = rest.find('\n') {
                gathered.push_str(&rest[..at]);
                let ending = endings.next().copied().unwrap_or(self.format.line_ending);
                gathered.push_str(ending.as_str());
                rest = &rest[at + 1..];
            }
            gathered.push_str(rest);
            if gathered.len() >= BLOCK {
                take(&gathered)?;
                gathered.clear();
            }
        }
        take(&gathered)
    }
}

impl Content for EncodedText<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        let encoding = self.format.encoding;
        let mut block = Vec::with_capacity(BLOCK + BLOCK / 2);
        if self.format.bom {
            block.extend_from_slice(encoding.mark());
        }
        let mut encoder = encoding.encoder(self.format.keeps_private_use());
        self.pieces(|piece| {
            encoder.add(piece, &mut block);
            if block.len() >= BLOCK {
                sink.write_all(&block)?;
                block.clear();
            }
            Ok(())
        })?;
        encoder.finish(&mut block);
        if block.is_empty() {
            return Ok(());
        }
        sink.write_all(&block)
    }
}

/// Where the first character stands that an encoding lacks; a byte that is no text, any but UTF-8.
fn first_missing(text: &Text, format: &TextFormat) -> Option<(usize, char)> {
    let encoding = format.encoding;
    if encoding != TextEncoding::UTF_8
        && !format.keeps_private_use()
        && let Some(stray) = stray_bytes::first(text)
    {
        return Some(stray);
    }
    if encoding.is_unicode() {
        return None;
    }
    let mut encoder = encoding.raw().new_encoder();
    let mut scratch = vec![0; 16 * 1024];
    let mut offset = 0;
    for chunk in text.chunks(0..text.len()) {
        let mut at = 0;
        while at < chunk.len() {
            let (result, read, _) =
                encoder.encode_from_utf8_without_replacement(&chunk[at..], &mut scratch, false);
            at += read;
            if let EncoderResult::Unmappable(character) = result {
                return Some((offset + at - character.len_utf8(), character));
            }
        }
        offset += chunk.len();
    }
    None
}

/// Encodes text that comes in pieces. Characters that the encoding lacks were refused before.
pub(crate) enum PieceEncoder {
    /// With the bytes that characters stand for.
    Utf8,
    /// Without.
    LiteralUtf8,
    Utf16(fn(u16) -> [u8; 2]),
    Legacy(Box<encoding_rs::Encoder>),
}

impl PieceEncoder {
    fn add(&mut self, piece: &str, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 => stray_bytes::encode(piece, out),
            Self::LiteralUtf8 => out.extend_from_slice(piece.as_bytes()),
            Self::Utf16(bytes) => out.extend(piece.encode_utf16().flat_map(*bytes)),
            Self::Legacy(encoder) => encode_legacy(encoder, piece, out, false),
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        if let Self::Legacy(encoder) = self {
            // Some encodings go back to ASCII at the end.
            encode_legacy(encoder, "", out, true);
        }
    }
}

fn encode_legacy(
    encoder: &mut encoding_rs::Encoder,
    mut piece: &str,
    out: &mut Vec<u8>,
    last: bool,
) {
    loop {
        let room = encoder
            .max_buffer_length_from_utf8_without_replacement(piece.len())
            .unwrap_or(piece.len().saturating_mul(4));
        out.reserve(room.max(16));
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(piece, out, last);
        piece = &piece[read..];
        if result == EncoderResult::InputEmpty {
            return;
        }
    }
}
