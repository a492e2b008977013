//! What a command printed, within a bound.

use std::collections::VecDeque;

/// The beginning and the end of what was printed; the middle of too much is dropped as it comes.
#[derive(Clone, Debug)]
pub(crate) struct CommandOutput {
    head: Vec<u8>,
    /// How much more belongs to the beginning, in bytes.
    head_room: usize,
    tail: VecDeque<u8>,
    /// How much of the end is kept, in bytes.
    half: usize,
    /// Bytes between the two that are not kept.
    dropped: u64,
}

/// A piece of what was printed, next to the one before it unless some is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputPiece {
    /// Bytes before it that are missing.
    pub left_out: u64,
    /// The text; what is no UTF-8 is replaced in it.
    pub text: String,
}

impl CommandOutput {
    /// Nothing yet, of which about `limit` bytes are kept at most.
    pub fn new(limit: usize) -> Self {
        let half = (limit / 2).max(1);
        Self {
            head: Vec::new(),
            head_room: half,
            tail: VecDeque::new(),
            half,
            dropped: 0,
        }
    }

    /// Takes more of it.
    pub fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(self.head_room.min(bytes.len()));
        self.head.extend_from_slice(head);
        self.head_room -= head.len();
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(self.half);
        self.tail.drain(..excess);
        self.dropped = self.dropped.saturating_add(excess as u64);
    }

    /// Takes a piece that another one has [handed on](Self::take).
    pub fn push_piece(&mut self, piece: &OutputPiece) {
        if piece.left_out > 0 {
            let missing = piece.left_out.saturating_add(self.tail.len() as u64);
            self.dropped = self.dropped.saturating_add(missing);
            self.tail.clear();
            self.head_room = 0;
        }
        self.push(piece.text.as_bytes());
    }

    /// Hands on what there is, up to the last whole character, and goes on without it.
    pub fn take(&mut self) -> Vec<OutputPiece> {
        let (head, tail) = self.whole();
        let head = head.to_vec();
        self.head.drain(..head.len());
        self.tail.drain(..tail.len());
        let left_out = match tail.is_empty() {
            true => 0,
            false => std::mem::take(&mut self.dropped),
        };
        let piece = |left_out, bytes: &[u8]| OutputPiece {
            left_out,
            text: String::from_utf8_lossy(bytes).into_owned(),
        };
        match left_out {
            0 => vec![piece(0, &[head, tail].concat())],
            _ => vec![piece(0, &head), piece(left_out, &tail)],
        }
        .into_iter()
        .filter(|piece| !piece.text.is_empty())
        .collect()
    }

    /// All that is kept, with a line in place of what is not.
    pub fn text(&self) -> String {
        self.text_of(&self.head, &self.tail_bytes())
    }

    /// The same while more may come: without the beginning of a character whose end is not there
    /// yet.
    pub fn text_so_far(&self) -> String {
        let (head, tail) = self.whole();
        self.text_of(head, &tail)
    }

    /// The beginning and the end, without the beginning of a character whose rest is not there yet.
    fn whole(&self) -> (&[u8], Vec<u8>) {
        let mut tail = self.tail_bytes();
        if tail.is_empty() {
            return (&self.head[..whole_characters(&self.head)], tail);
        }
        tail.truncate(whole_characters(&tail));
        (&self.head, tail)
    }

    fn tail_bytes(&self) -> Vec<u8> {
        self.tail.iter().copied().collect()
    }

    fn text_of(&self, head: &[u8], tail: &[u8]) -> String {
        if self.dropped == 0 {
            return String::from_utf8_lossy(&[head, tail].concat()).into_owned();
        }
        format!(
            "{}\n[… {} bytes left out …]\n{}",
            String::from_utf8_lossy(head),
            self.dropped,
            String::from_utf8_lossy(tail)
        )
    }
}

/// How many bytes there are without the beginning of a UTF-8 character at their end whose rest is
/// missing (RFC 3629, section 3).
fn whole_characters(bytes: &[u8]) -> usize {
    for (there, byte) in (1..=3).zip(bytes.iter().rev()) {
        let needed = match byte {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return bytes.len() - if there < needed { there } else { 0 };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_output_keeps_its_beginning_and_its_end() {
        let mut output = CommandOutput::new(10);
        for chunk in ["abc", "defgh", "ijk", "lmnop"] {
            output.push(chunk.as_bytes());
        }
        assert_eq!(output.text(), "abcde\n[… 6 bytes left out …]\nlmnop");
        let mut little = CommandOutput::new(10);
        little.push(b"abcdefg");
        assert_eq!(little.text(), "abcdefg");
    }

    #[test]
    fn what_was_handed_on_in_pieces_is_the_same_in_the_end() {
        let long = (0..400).map(|n| format!("{n} é🎉\n")).collect::<String>();
        for (limit, step) in [(10_000, 7), (600, 7), (600, 350), (64, 1_000), (1, 50)] {
            let mut whole = CommandOutput::new(limit);
            let mut parts = CommandOutput::new(limit);
            let mut again = CommandOutput::new(limit);
            for (round, chunk) in long.as_bytes().chunks(step).enumerate() {
                whole.push(chunk);
                parts.push(chunk);
                if round % 3 == 2 {
                    for piece in parts.take() {
                        assert!(piece.text.len() <= limit + 4, "{piece:?}");
                        again.push_piece(&piece);
                    }
                }
            }
            parts
                .take()
                .iter()
                .for_each(|piece| again.push_piece(piece));
            let (whole, again) = (whole.text(), again.text());
            if limit == 10_000 {
                assert_eq!(again, long);
            }
            assert_eq!(again.get(..limit / 4), whole.get(..limit / 4));
            let end =
                |text: &str| text[text.ceil_char_boundary(text.len() - limit / 4)..].to_owned();
            assert_eq!(end(&again), end(&whole), "{limit} {step}");
            assert_eq!(parts.take(), []);
        }
    }

    #[test]
    fn absurd_gaps_do_no_harm() {
        let mut output = CommandOutput::new(10);
        for text in ["a", "b"] {
            output.push_piece(&OutputPiece {
                left_out: u64::MAX,
                text: text.to_owned(),
            });
        }
        assert!(output.text().ends_with("bytes left out …]\nb"));
    }

    #[test]
    fn half_a_character_is_shown_once_its_rest_has_come() {
        for limit in [100, 6] {
            let mut output = CommandOutput::new(limit);
            let whole = "ok 🎉é";
            let mut shown = String::new();
            for byte in whole.as_bytes() {
                output.push(&[*byte]);
                let now = output.text_so_far();
                if limit == 100 {
                    assert!(
                        now.starts_with(&shown) && whole.starts_with(&now),
                        "{now:?}"
                    );
                }
                shown = now;
            }
            assert_eq!(shown, output.text());
        }
        // What is no UTF-8 at all is not held back.
        let mut output = CommandOutput::new(100);
        output.push(b"a\xff");
        assert_eq!(output.text_so_far(), "a\u{fffd}");
    }
}
