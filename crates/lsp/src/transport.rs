//! The framing of the base protocol: a header with `Content-Length`, a blank line, that many bytes
//! (LSP 3.17, "Base Protocol"). What the other side claims is never allocated before it is there.

use std::io::{self, BufRead, Read, Write};

/// The header of a message is at most so many bytes.
pub const MAX_HEADER: u64 = 8 * 1024;
/// The body of a message is at most so many bytes.
pub const MAX_BODY: u64 = 64 * 1024 * 1024;

/// Why what a server sends is no message.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The header is longer than [`MAX_HEADER`].
    #[error("its message has a header of more than {MAX_HEADER} bytes")]
    LongHeader,
    /// A header has no usable `Content-Length`.
    #[error("its message has no valid Content-Length; something else writes to its output")]
    NoLength,
    /// The body is longer than [`MAX_BODY`].
    #[error("its message claims {0} bytes, and {MAX_BODY} are taken at most")]
    LongBody(u64),
    /// The stream ends inside a message.
    #[error("its output ended inside a message")]
    Cut,
    /// As the system reports.
    #[error("its output cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads one message's body; `None` where the stream ended before another message began.
///
/// # Errors
/// [`FrameError`]; nothing that follows can be told apart from garbage then.
pub fn read_frame(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, FrameError> {
    let mut left = MAX_HEADER;
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(left).read_until(b'\n', &mut line)?;
        if read == 0 {
            return match left {
                MAX_HEADER => Ok(None),
                0 => Err(FrameError::LongHeader),
                _ => Err(FrameError::Cut),
            };
        }
        left -= read as u64;
        if line.last() != Some(&b'\n') {
            return Err(match left {
                0 => FrameError::LongHeader,
                _ => FrameError::Cut,
            });
        }
        let line = std::str::from_utf8(&line).map_err(|_| FrameError::NoLength)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(FrameError::NoLength)?;
        if name.eq_ignore_ascii_case("content-length") {
            let value = value.trim().parse().map_err(|_| FrameError::NoLength)?;
            length = Some(value);
        }
    }
    let length: u64 = length.ok_or(FrameError::NoLength)?;
    if length > MAX_BODY {
        return Err(FrameError::LongBody(length));
    }
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    match body.len() as u64 == length {
        true => Ok(Some(body)),
        false => Err(FrameError::Cut),
    }
}

/// Writes one message.
///
/// # Errors
/// As the stream reports.
pub fn write_frame(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(body)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
        read_frame(&mut io::BufReader::with_capacity(7, bytes)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_message_is_read_with_whatever_headers_it_has() {
        assert_eq!(read(b"").unwrap(), None);
        let plain = read(b"Content-Length: 2\r\n\r\n{}rest").unwrap();
        assert_eq!(plain.as_deref(), Some(&b"{}"[..]));
        let typed = b"content-type: x; charset=utf-8\ncontent-length:2\n\n{}";
        assert_eq!(read(typed).unwrap().as_deref(), Some(&b"{}"[..]));
    }

    #[test]
    fn what_is_no_message_says_why() {
        let says = |bytes: &[u8]| read(bytes).unwrap_err();
        assert!(says(b"Content-Length: 2147483648\r\n\r\n").contains("claims 2147483648"));
        assert!(says(b"Content-Length: 99999999999999999999\r\n\r\n").contains("no valid"));
        assert!(says(b"Content-Length: -1\r\n\r\n").contains("no valid"));
        assert!(says(b"Starting server...\n").contains("something else writes"));
        assert!(says(b"\r\n{}").contains("no valid"));
        assert!(says(b"Content-Length: 9\r\n\r\n{}").contains("inside a message"));
        assert!(says(b"Content-Length").contains("inside a message"));
        assert!(says(&[b'a'; 10_000]).contains("header of more than"));
        assert!(says(b"\xff\xfe: 1\n").contains("no valid"));
    }

    #[test]
    fn what_the_fuzzer_starts_from_ends_in_messages_or_an_error() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/lsp_frames");
        let mut ends = Vec::new();
        for entry in std::fs::read_dir(corpus).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let mut input = &bytes[..];
            ends.push(loop {
                match read_frame(&mut input) {
                    Ok(Some(_)) => {}
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            });
        }
        assert!(ends.contains(&true) && ends.contains(&false), "{ends:?}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..99), 0..5)) {
            let mut stream = Vec::new();
            for body in &bodies {
                write_frame(&mut stream, body).unwrap();
            }
            let mut input = &stream[..];
            for body in &bodies {
                let read = read_frame(&mut input).unwrap();
                prop_assert_eq!(read.as_ref(), Some(body));
            }
            prop_assert!(read_frame(&mut input).unwrap().is_none());
        }

        #[test]
        fn any_bytes_end_in_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut input = &bytes[..];
            while let Ok(Some(_)) = read_frame(&mut input) {}
        }
    }
}
