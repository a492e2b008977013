//! The beginning of a large file, to be looked at while all of it is read.

use std::io::Read;
use std::path::Path;

use editor_core::Text;

use crate::encoding_guess::begins_like_utf16;
use crate::{
    EncodingChoice, Fs, LoadError, MAX_TEXT_BYTES, STREAMED_BYTES, TextEncoding, load_bytes,
};

/// How much of a file its beginning is, in bytes.
pub const BEGINNING_BYTES: usize = 256 * 1024;

/// What a large file begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Its first [`BEGINNING_BYTES`] or a little less, decoded as all of it will be, with LF line ends.
    pub text: Text,
    /// How many lines the whole file has, should they all be as long as these.
    pub estimated_lines: usize,
}

/// The beginning of a text file of more than [`STREAMED_BYTES`]; `None` for a smaller one, which is
/// there as soon as its beginning, and for one that [`load_with`](crate::load_with) will refuse.
///
/// # Errors
/// See [`LoadError`]. What is not text is an error here where its beginning shows it.
pub fn read_beginning(
    fs: &dyn Fs,
    path: &Path,
    encoding: EncodingChoice,
) -> Result<Option<Beginning>, LoadError> {
    let size = fs.metadata(path)?.size;
    if size <= STREAMED_BYTES || size > MAX_TEXT_BYTES {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(BEGINNING_BYTES);
    fs.open(path)?
        .take(BEGINNING_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| crate::FsError::from_io("read", path, error))?;
    bytes.truncate(whole_characters(&bytes));
    let read = bytes.len().max(1) as u64;
    let text = load_bytes(path, bytes, None, encoding)?.text;
    let lines = text.line_count() as u64;
    Ok(Some(Beginning {
        // At most one for each of the 4 GB that are opened, times 256 KiB.
        estimated_lines: usize::try_from(lines * size / read).unwrap_or(usize::MAX),
        text,
    }))
}

/// How many of the bytes end with a whole character, whatever their encoding is, and with a whole
/// line end.
fn whole_characters(bytes: &[u8]) -> usize {
    let utf16 = TextEncoding::for_mark(bytes)
        .filter(|marked| *marked != TextEncoding::UTF_8)
        .or_else(|| begins_like_utf16(bytes));
    if utf16.is_some() {
        return bytes.len() & !1;
    }
    let whole = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // No encoding of several bytes has a line feed inside a character.
        Err(_) => match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => last + 1,
            None => bytes.len(),
        },
    };
    match bytes[..whole].ends_with(b"\r") {
        true => whole - 1,
        false => whole,
    }
}
