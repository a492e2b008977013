//! Words: where they begin and end, as `w`, `b`, `e` and `ge` go.

use crate::Vim;

/// The class of a character: blank, sign, word character, and scripts apart from one another.
pub(crate) fn class(character: Option<char>, big: bool) -> u8 {
    match character {
        None | Some(' ' | '\t' | '\n' | '\u{a0}') => 0,
        Some(_) if big => 1,
        Some(c) if c == '_' || c.is_ascii_alphanumeric() => 2,
        Some(c) if c.is_ascii() => 1,
        Some('\u{3041}'..='\u{309f}') => 3,
        Some('\u{30a0}'..='\u{30ff}') => 4,
        Some('\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}') => 5,
        Some('\u{ac00}'..='\u{d7a3}') => 6,
        Some('\u{3001}' | '\u{3002}' | '\u{ff01}'..='\u{ff0f}' | '\u{2010}'..='\u{2027}') => 1,
        Some('\u{1f000}'..='\u{1faff}') => 7,
        Some(_) => 2,
    }
}

impl Vim {
    pub(crate) fn class_at(&self, offset: usize, big: bool) -> u8 {
        class(self.text.char_at(offset), big)
    }

    pub(crate) fn is_line_end(&self, offset: usize) -> bool {
        offset >= self.text.len() || self.text.char_at(offset) == Some('\n')
    }

    pub(crate) fn is_last_row(&self, row: usize) -> bool {
        row + 1 >= self.rows()
    }

    /// One place on: 0 within the line, 2 onto its end, 1 to the next line, -1 at the end of the text.
    pub(crate) fn increment(&self, at: &mut usize) -> i8 {
        if !self.is_line_end(*at) {
            *at = self.next(*at);
            return if self.is_line_end(*at) { 2 } else { 0 };
        }
        if self.is_last_row(self.row(*at)) {
            return -1;
        }
        *at += 1;
        1
    }

    /// One place back: 0 within the line, 1 onto the end of the line before, -1 at the start.
    pub(crate) fn decrement(&self, at: &mut usize) -> i8 {
        if *at == 0 {
            return -1;
        }
        if self.line_start(self.row(*at)) == *at {
            *at -= 1;
            return 1;
        }
        *at = self.previous(*at);
        0
    }

    /// As [`Vim::increment`], but past the ends of lines that are not empty.
    pub(crate) fn increment_over(&self, at: &mut usize) -> i8 {
        let moved = self.increment(at);
        if moved >= 1 && self.line_start(self.row(*at)) != *at {
            return self.increment(at);
        }
        moved
    }

    /// As [`Vim::decrement`], but past the ends of lines that are not empty.
    pub(crate) fn decrement_over(&self, at: &mut usize) -> i8 {
        let moved = self.decrement(at);
        if moved == 1 && self.line_start(self.row(*at)) != *at {
            return self.decrement(at);
        }
        moved
    }

    pub(crate) fn at_empty_line(&self, at: usize) -> bool {
        self.is_line_end(at) && self.line_start(self.row(at)) == at
    }

    /// Goes to the last place of the stored piece that is reached from `at` through ASCII
    /// characters of its own class and line alone: a word of megabytes, as minified code has them,
    /// is passed by its bytes.
    fn through_plain_run(&self, at: &mut usize, wanted: u8, big: bool, forward: bool) {
        let (chunk, start) = self.text.chunk_at(*at);
        let here = *at - start;
        let is_plain = |byte: &u8| {
            byte.is_ascii()
                && !matches!(byte, b'\n' | b'\r')
                && class(Some(char::from(*byte)), big) == wanted
        };
        let bytes = chunk.as_bytes();
        let passed = if forward {
            let run = bytes.get(here..).into_iter().flatten();
            run.take_while(|byte| is_plain(byte)).count()
        } else {
            let run = bytes.get(..=here).into_iter().flatten();
            run.rev().take_while(|byte| is_plain(byte)).count()
        };
        // A run's last character may be one cluster with what follows it, its first with what
        // stands before it: these are stepped over as a whole.
        *at = if forward {
            *at + passed.saturating_sub(1)
        } else {
            *at - passed.saturating_sub(2)
        };
    }

    pub(crate) fn skip(&self, at: &mut usize, wanted: u8, big: bool, forward: bool) -> bool {
        while self.class_at(*at, big) == wanted {
            self.through_plain_run(at, wanted, big, forward);
            let moved = if forward {
                self.increment(at)
            } else {
                self.decrement(at)
            };
            if moved == -1 {
                return true;
            }
        }
        false
    }

    pub(crate) fn forward_word(
        &self,
        at: &mut usize,
        count: usize,
        big: bool,
        stop_at_end: bool,
    ) -> bool {
        for left in (0..count).rev() {
            let start_class = self.class_at(*at, big);
            let last_row = self.is_last_row(self.row(*at));
            let moved = self.increment(at);
            if moved == -1 || (moved >= 1 && last_row) {
                return false;
            }
            if moved >= 1 && stop_at_end && left == 0 {
                return true;
            }
            if start_class != 0 {
                while self.class_at(*at, big) == start_class {
                    self.through_plain_run(at, start_class, big, true);
                    let moved = self.increment(at);
                    if moved == -1 || (moved >= 1 && stop_at_end && left == 0) {
                        return true;
                    }
                }
            }
            while self.class_at(*at, big) == 0 {
                if self.at_empty_line(*at) {
                    break;
                }
                let moved = self.increment(at);
                if moved == -1 || (moved >= 1 && last_row) {
                    return true;
                }
            }
        }
        true
    }

    pub(crate) fn backward_word(
        &self,
        at: &mut usize,
        count: usize,
        big: bool,
        stop: bool,
    ) -> bool {
        let mut stop = stop;
        for _ in 0..count {
            let start_class = self.class_at(*at, big);
            if self.decrement(at) == -1 {
                return false;
            }
            let mut finished = false;
            if !stop || start_class == self.class_at(*at, big) || start_class == 0 {
                while self.class_at(*at, big) == 0 {
                    if self.at_empty_line(*at) {
                        finished = true;
                        break;
                    }
                    if self.decrement(at) == -1 {
                        return true;
                    }
                }
                if !finished && self.skip(at, self.class_at(*at, big), big, false) {
                    return true;
                }
            }
            if !finished {
                self.increment(at);
            }
            stop = false;
        }
        true
    }

    pub(crate) fn end_of_word(
        &self,
        at: &mut usize,
        count: usize,
        big: bool,
        stop: bool,
        empty: bool,
    ) -> bool {
        let mut stop = stop;
        for _ in 0..count {
            let start_class = self.class_at(*at, big);
            if self.increment(at) == -1 {
                return false;
            }
            let mut finished = false;
            if self.class_at(*at, big) == start_class && start_class != 0 {
                if self.skip(at, start_class, big, true) {
                    return false;
                }
            } else if !stop || start_class == 0 {
                while self.class_at(*at, big) == 0 {
                    if empty && self.at_empty_line(*at) {
                        finished = true;
                        break;
                    }
                    if self.increment(at) == -1 {
                        return false;
                    }
                }
                if !finished && self.skip(at, self.class_at(*at, big), big, true) {
                    return false;
                }
            }
            if !finished {
                self.decrement(at);
            }
            stop = false;
        }
        true
    }

    pub(crate) fn backward_end(
        &self,
        at: &mut usize,
        count: usize,
        big: bool,
        stop_at_end: bool,
    ) -> bool {
        for _ in 0..count {
            let start_class = self.class_at(*at, big);
            let moved = self.decrement(at);
            if moved == -1 {
                return false;
            }
            if stop_at_end && moved == 1 {
                return true;
            }
            if start_class != 0 {
                while self.class_at(*at, big) == start_class {
                    self.through_plain_run(at, start_class, big, false);
                    let moved = self.decrement(at);
                    if moved == -1 || (stop_at_end && moved == 1) {
                        return true;
                    }
                }
            }
            while self.class_at(*at, big) == 0 {
                if self.at_empty_line(*at) {
                    break;
                }
                let moved = self.decrement(at);
                if moved == -1 || (stop_at_end && moved == 1) {
                    return true;
                }
            }
        }
        true
    }
}
