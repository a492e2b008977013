//! Text from bytes that arrive in pieces: a token may end in the middle of a character.

/// Puts pieces together.
#[derive(Debug, Default)]
pub struct Utf8Stream {
    /// The start of a character whose end has not come; at most 3 bytes between calls.
    waiting: Vec<u8>,
}

impl Utf8Stream {
    /// Takes more bytes and returns the text that is complete. Bytes that can never become text
    /// turn into U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.waiting.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.waiting) {
                Ok(rest) => {
                    text.push_str(rest);
                    self.waiting.clear();
                    return text;
                }
                Err(error) => {
                    let (valid, rest) = self.waiting.split_at(error.valid_up_to());
                    // The prefix is valid by the error's own word; nothing is lost here.
                    text.push_str(&String::from_utf8_lossy(valid));
                    let Some(invalid) = error.error_len() else {
                        self.waiting = rest.to_vec();
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.waiting = rest[invalid..].to_vec();
                }
            }
        }
    }

    /// The end: what never became complete, as U+FFFD.
    pub fn finish(&mut self) -> String {
        let rest = String::from_utf8_lossy(&self.waiting).into_owned();
        self.waiting.clear();
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_cut_anywhere_come_out_whole() {
        let text = "aé→🦀e\u{301}z";
        for size in 1..6 {
            let mut stream = Utf8Stream::default();
            let mut out = String::new();
            for piece in text.as_bytes().chunks(size) {
                let part = stream.push(piece);
                assert!(!part.contains(char::REPLACEMENT_CHARACTER));
                out.push_str(&part);
            }
            out.push_str(&stream.finish());
            assert_eq!(out, text, "pieces of {size}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_what_follows_survives() {
        let mut stream = Utf8Stream::default();
        assert_eq!(stream.push(b"a\xffb\xc3"), "a\u{fffd}b");
        assert_eq!(stream.push(b"("), "\u{fffd}(");
        assert_eq!(stream.push(b"\xe2\x86"), "");
        assert_eq!(stream.finish(), "\u{fffd}");
    }
}
