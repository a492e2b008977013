//! Paragraphs and matching brackets, as `{`, `}` and `%` go.

use crate::Vim;

impl Vim {
    /// `startPS` of Neovim, for paragraphs alone.
    pub(crate) fn paragraph(&self, count: usize, forward: bool) -> Option<usize> {
        let last = self.rows() - 1;
        let mut row = self.row(self.cursor);
        let mut left = count;
        while left > 0 {
            left -= 1;
            let mut skipped = false;
            let mut first = true;
            loop {
                if !self.is_empty_row(row) {
                    skipped = true;
                }
                if !first && skipped && self.is_empty_row(row) {
                    break;
                }
                let next = if forward {
                    row + 1
                } else {
                    row.wrapping_sub(1)
                };
                if next > last {
                    if left > 0 {
                        return None;
                    }
                    // In a text of one line, back leads to its end, too.
                    return Some(if row == last {
                        self.last_in_row(row)
                    } else {
                        self.line_start(row)
                    });
                }
                row = next;
                first = false;
            }
        }
        Some(self.line_start(row))
    }

    pub(crate) fn matching_bracket(&self, from: usize) -> Option<usize> {
        const PAIRS: [(char, char); 3] = [('(', ')'), ('{', '}'), ('[', ']')];
        let end = self.line_end(self.row(from));
        let mut at = from;
        let (here, other, forward) = loop {
            if at >= end {
                return None;
            }
            let here = self.text.char_at(at)?;
            if let Some((open, close)) = PAIRS
                .iter()
                .find(|(open, close)| *open == here || *close == here)
            {
                break if *open == here {
                    (here, *close, true)
                } else {
                    (here, *open, false)
                };
            }
            at = self.next(at);
        };
        let mut depth = 0usize;
        if forward {
            for character in self.text.chars_from(at) {
                if character == here {
                    depth += 1;
                } else if character == other {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                at += character.len_utf8();
            }
        } else {
            let mut before = at + here.len_utf8();
            for character in self.text.chars_before(before) {
                before -= character.len_utf8();
                if character == here {
                    depth += 1;
                } else if character == other {
                    depth -= 1;
                    if depth == 0 {
                        return Some(before);
                    }
                }
            }
        }
        None
    }
}
