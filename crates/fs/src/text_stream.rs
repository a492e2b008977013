//! A large file read block by block: checked, freed of its line endings and put into a text as it
//! comes in, so that opening it takes no more memory than the text.

use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::time::SystemTime;

use editor_core::{Text, TextBuilder};

use crate::encoding::{ControlCharacters, TextEncoding};
use crate::encoding_guess::begins_like_utf16;
use crate::line_ending::{EndingRuns, LineEnding, MixedLineEndings};
use crate::load::Fingerprint;
use crate::load_progress::LoadProgress;
use crate::stray_bytes;
use crate::text_format::TextFormat;

/// How much is read at once.
const BLOCK: usize = 1024 * 1024;

/// What became of a file that was read as UTF-8.
pub(crate) enum Streamed {
    /// It is text.
    Text(Text, TextFormat, Fingerprint),
    /// It is not UTF-8 throughout.
    OtherEncoding,
    /// It is not text.
    Binary,
    /// It holds more bytes than are allowed.
    TooLarge,
    /// Nobody waits for it any more.
    Cancelled,
}

/// Reads a file that is taken for UTF-8.
pub(crate) fn read_utf8(
    mut file: impl Read,
    modified: Option<SystemTime>,
    limit: u64,
    progress: Option<&LoadProgress>,
) -> io::Result<Streamed> {
    let mark = TextEncoding::UTF_8.mark();
    let mut lines = Lines::default();
    let mut controls = ControlCharacters::default();
    let mut hasher = DefaultHasher::new();
    let (mut size, mut bom) = (0_u64, false);
    // Whether it holds characters that stand for stray bytes elsewhere.
    let mut literal = false;
    // Whether it begins like UTF-16, which is full of zeros.
    let mut wide = false;
    let mut block = vec![0; BLOCK];
    // What is left of the block before: the start of a character, or a CR that a LF may follow.
    let mut kept = 0;
    loop {
        if progress.is_some_and(LoadProgress::is_cancelled) {
            return Ok(Streamed::Cancelled);
        }
        let read = fill(&mut file, &mut block[kept..])?;
        hasher.write(&block[kept..kept + read]);
        let at_start = size == 0;
        size += read as u64;
        if size > limit {
            return Ok(Streamed::TooLarge);
        }
        if let Some(progress) = progress {
            progress.set(size);
        }
        let at_end = kept + read < block.len();
        let mut bytes = &block[..kept + read];
        if at_start {
            if let Some(marked) = TextEncoding::for_mark(bytes)
                && marked != TextEncoding::UTF_8
            {
                return Ok(Streamed::OtherEncoding);
            }
            if let Some(rest) = bytes.strip_prefix(mark) {
                (bytes, bom) = (rest, true);
            }
            wide = begins_like_utf16(bytes).is_some();
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() && !at_end => {
                // Valid up to here, as the error says.
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Ok(no_utf8(bytes, wide)),
        };
        if !controls.add(text) {
            return Ok(no_utf8(bytes, wide));
        }
        let text = match text.strip_suffix('\r') {
            Some(before) if !at_end => before,
            _ => text,
        };
        literal |= stray_bytes::holds_one(text);
        lines.add(text);
        let rest = bytes.len() - text.len();
        if at_end {
            break;
        }
        let end = kept + read;
        block.copy_within(end - rest..end, 0);
        kept = rest;
    }
    if controls.are_many() {
        return Ok(Streamed::Binary);
    }
    let (text, line_ending, mixed) = lines.finish();
    let format = TextFormat::with_mixed(TextEncoding::UTF_8, bom, line_ending, mixed)
        .keeping_private_use(literal);
    let fingerprint = Fingerprint {
        size,
        modified,
        hash: hasher.finish(),
    };
    Ok(Streamed::Text(text, format, fingerprint))
}

/// What a file is that holds these bytes, which no text in UTF-8 does.
fn no_utf8(bytes: &[u8], wide: bool) -> Streamed {
    // Whatever follows: no other encoding has a zero in its text.
    if bytes.contains(&0) && !wide {
        Streamed::Binary
    } else {
        Streamed::OtherEncoding
    }
}

/// Fills the buffer as far as the file reaches.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Puts text together and takes CRLF apart meanwhile.
#[derive(Default)]
struct Lines {
    text: TextBuilder,
    runs: EndingRuns,
    lone_carriage_returns: bool,
}

impl Lines {
    fn add(&mut self, mut piece: &str) {
        while let Some(at) = piece.find('\r') {
            let (before, rest) = piece.split_at(at);
            self.add_plain(before);
            if let Some(after) = rest.strip_prefix("\r\n") {
                self.runs.add(LineEnding::CrLf, 1);
                self.text.append("\n");
                piece = after;
            } else {
                self.lone_carriage_returns = true;
                self.text.append("\r");
                piece = &rest[1..];
            }
        }
        self.add_plain(piece);
    }

    fn add_plain(&mut self, piece: &str) {
        let line_feeds = piece.bytes().filter(|byte| *byte == b'\n').count();
        self.runs.add(LineEnding::Lf, line_feeds);
        self.text.append(piece);
    }

    fn finish(self) -> (Text, LineEnding, Option<MixedLineEndings>) {
        let text = self.text.finish();
        match self.runs.only() {
            // Classic Mac OS: no line feed at all.
            None if self.runs.is_empty() && self.lone_carriage_returns => {
                let mut builder = TextBuilder::default();
                for chunk in text.chunks(0..text.len()) {
                    builder.append(&chunk.replace('\r', "\n"));
                }
                (builder.finish(), LineEnding::Cr, None)
            }
            None if self.runs.is_empty() => (text, LineEnding::Lf, None),
            Some(ending) => (text, ending, None),
            None => {
                let mixed = MixedLineEndings::of(&text, &self.runs);
                (text, self.runs.dominant(), Some(mixed))
            }
        }
    }
}
