//! What a command printed, within a bound.

use std::collections::VecDeque;

/// The beginning and the end of what was printed; the middle of too much is dropped as it comes.
#[derive(Clone, Debug)]
pub(crate) struct CommandOutput {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
    half: usize,
}

impl CommandOutput {
    /// Nothing yet, of which about `limit` bytes are kept at most.
    pub fn new(limit: usize) -> Self {
        Self {
            head: Vec::new(),
            tail: VecDeque::new(),
            dropped: 0,
            half: (limit / 2).max(1),
        }
    }

    /// Takes more of it.
    pub fn push(&mut self, bytes: &[u8]) {
        let free = self.half.saturating_sub(self.head.len()).min(bytes.len());
        let (head, rest) = bytes.split_at(free);
        self.head.extend_from_slice(head);
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(self.half);
        self.tail.drain(..excess);
        self.dropped += excess as u64;
    }

    /// All that is kept, with a line in place of what is not.
    pub fn text(&self) -> String {
        self.text_of(&self.head, &self.tail_bytes())
    }

    /// The same while more may come: without the beginning of a character whose end is not there
    /// yet.
    pub fn text_so_far(&self) -> String {
        let tail = self.tail_bytes();
        if tail.is_empty() {
            self.text_of(&self.head[..whole_characters(&self.head)], &[])
        } else {
            self.text_of(&self.head, &tail[..whole_characters(&tail)])
        }
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
