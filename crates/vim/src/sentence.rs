//! Sentences (`:help sentence`), by the rules of Neovim's `textobject.c`.

use crate::motion::Span;
use crate::{Mode, Vim};

/// What may stand between the mark that ends a sentence and the blank after it.
const CLOSERS: [char; 4] = [')', ']', '"', '\''];
const ENDS: [char; 3] = ['.', '!', '?'];

/// How many bytes are looked through for the sentences of one command: a text that has none in so
/// many is no prose, and the window waits meanwhile.
const MAX_BYTES: usize = 4 * 1024 * 1024;

impl Vim {
    /// Where the sentence begins that comes `count` sentences after a place, or before it; `None`
    /// where there is none, or none near enough.
    pub(crate) fn sentence(&self, from: usize, count: usize, forward: bool) -> Option<usize> {
        let mut at = from;
        let mut left = count;
        let mut bytes = MAX_BYTES;
        while left > 0 {
            left -= 1;
            let began = at;
            let skips_blanks = self.one_sentence(&mut at, forward, left == 0, &mut bytes)?;
            while skips_blanks && self.is_blank(at) {
                if self.increment_over(&mut at) == -1 {
                    break;
                }
            }
            if at == began {
                // It stands at the start of one already: the next is looked for from beside it.
                if self.to_neighbour(&mut at, forward) == -1 {
                    return (left == 0).then_some(at);
                }
                left += 1;
            }
        }
        Some(at)
    }

    /// `is` and `as`: sentences, and the blanks between them, which count as one themselves in `is`.
    pub(crate) fn sentence_object(&mut self, count: usize, around: bool) -> (usize, usize, Span) {
        let begin = self.cursor;
        let mut next = begin;
        self.jump_sentence(&mut next, true);
        if self.mode.is_visual() && begin != self.anchor {
            return self.more_sentences(begin, begin, next, count, around);
        }
        let mut blanks = begin;
        while self.is_blank(blanks) && self.increment_over(&mut blanks) != -1 {}
        let (mut start, mut at) = (begin, next);
        let on_blanks = blanks == next;
        if on_blanks {
            self.back_to_first_blank(&mut start);
        } else {
            self.jump_sentence(&mut at, false);
            start = at;
        }
        let parts = if around {
            count * 2
        } else {
            count - usize::from(on_blanks)
        };
        if parts > 0 {
            self.sentences_forward(&mut at, parts, true);
        } else {
            self.decrement_over(&mut at);
        }
        if around && on_blanks {
            // The blanks before it belong to it, those after it do not.
            self.back_to_first_blank(&mut at);
            if self.is_blank(at) {
                self.decrement_over(&mut at);
            }
        } else if around && !self.is_blank(at) {
            self.back_to_first_blank(&mut start);
        }
        if self.mode.is_visual() {
            if start == at {
                return self.more_sentences(start, blanks, at, count, around);
            }
            self.mode = Mode::Visual;
            return (start, at, Span::Inclusive);
        }
        match self.increment_over(&mut at) {
            -1 => (start, at, Span::Inclusive),
            _ => (start, at, Span::Exclusive),
        }
    }

    /// The selection from the anchor to `begin`, with more sentences, of which the first starts at
    /// `at`; what is between `beside` and that is looked at for blanks.
    fn more_sentences(
        &mut self,
        begin: usize,
        mut beside: usize,
        mut at: usize,
        count: usize,
        around: bool,
    ) -> (usize, usize, Span) {
        let parts = if around { count * 2 } else { count };
        if begin < self.anchor {
            let mut at_start = true;
            self.decrement_over(&mut beside);
            while beside < at {
                if !self.is_blank(beside) {
                    at_start = false;
                    break;
                }
                self.increment_over(&mut beside);
            }
            if !at_start {
                self.jump_sentence(&mut at, false);
                if at == begin {
                    at_start = true;
                } else {
                    self.jump_sentence(&mut at, true);
                }
            }
            for _ in 0..parts {
                if at_start {
                    self.back_to_first_blank(&mut at);
                }
                if !at_start || (!around && !self.is_blank(at)) {
                    self.jump_sentence(&mut at, false);
                }
                at_start = !at_start;
            }
            return (self.anchor, at, Span::Inclusive);
        }
        self.increment_over(&mut beside);
        let mut at_start = true;
        if beside != at {
            at_start = false;
            while beside < at {
                if !self.is_blank(beside) {
                    at_start = true;
                    break;
                }
                self.increment_over(&mut beside);
            }
            if at_start {
                self.jump_sentence(&mut at, false);
            } else {
                at = begin;
            }
        }
        self.sentences_forward(&mut at, parts, at_start);
        (self.anchor, at, Span::Inclusive)
    }

    /// Goes to the next sentence, or the one before, which counts as a jump in a text object too.
    fn jump_sentence(&mut self, at: &mut usize, forward: bool) {
        if let Some(to) = self.sentence(*at, 1, forward) {
            let cursor = std::mem::replace(&mut self.cursor, *at);
            self.jump();
            self.cursor = cursor;
            *at = to;
        }
    }

    /// Goes over sentences and the blanks between them, each for one.
    fn sentences_forward(&mut self, at: &mut usize, parts: usize, mut at_start: bool) {
        for left in (0..parts).rev() {
            self.jump_sentence(at, true);
            if at_start {
                self.back_to_first_blank(at);
            }
            if left == 0 || at_start {
                self.decrement_over(at);
            }
            at_start = !at_start;
        }
    }

    /// Goes back to the first of the blanks before a place.
    fn back_to_first_blank(&self, at: &mut usize) {
        while self.decrement_over(at) != -1 {
            if !self.is_blank(*at) {
                self.increment_over(at);
                return;
            }
        }
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.text.char_at(at), Some(' ' | '\t'))
    }

    /// Goes to where a sentence ends or an empty line stands; says whether blanks are passed over
    /// from there. `None` where the text is over and it is not the last one that is asked for, and
    /// where none of `bytes` is left.
    fn one_sentence(
        &self,
        at: &mut usize,
        forward: bool,
        is_last: bool,
        bytes: &mut usize,
    ) -> Option<bool> {
        if self.is_line_end(*at) {
            loop {
                if self.to_neighbour(at, forward) == -1 || !self.is_line_end(*at) {
                    break;
                }
            }
            if forward {
                return Some(true);
            }
        } else if forward && self.begins_part(*at) {
            let row = self.row(*at);
            if row + 1 >= self.rows() {
                return None;
            }
            *at = self.line_start(row + 1);
            return Some(true);
        } else if !forward {
            self.decrement_over(at);
        }
        self.back_over_end(at, forward);
        let first_row = self.row(*at);
        loop {
            if self.is_line_end(*at) || self.begins_part(*at) {
                let row = self.row(*at);
                if !forward && row != first_row {
                    *at = self.line_start(row + 1);
                }
                return Some(true);
            }
            if self.is_one_of(*at, &ENDS) {
                let mut after = *at;
                let mut moved = self.increment(&mut after);
                while moved != -1 && self.is_one_of(after, &CLOSERS) {
                    moved = self.increment(&mut after);
                }
                let blank = self.is_blank(after);
                if moved == -1 || blank || self.is_line_end(after) {
                    *at = after;
                    if self.is_line_end(*at) {
                        self.increment(at);
                    }
                    return Some(true);
                }
            }
            let began = *at;
            if self.pass_plain(at, forward, *bytes) == -1 {
                return is_last.then_some(false);
            }
            *bytes = bytes.checked_sub(at.abs_diff(began))?;
        }
    }

    /// Goes to the next character that may end a sentence, or the next line, over what neither is;
    /// back it stops at the start of the line. At most so many bytes and one step far.
    fn pass_plain(&self, at: &mut usize, forward: bool, bytes: usize) -> i8 {
        let ends = |character: &char| *character == '\n' || ENDS.contains(character);
        if forward {
            let after = self.next(*at);
            let mut place = after;
            for character in self.text.chars_from(after) {
                if ends(&character) || place - after > bytes {
                    if character != '\n' && place > after {
                        *at = place;
                        return 0;
                    }
                    break;
                }
                place += character.len_utf8();
            }
            if place > after {
                *at = self.previous(place);
            }
        } else {
            let mut place = *at;
            for character in self.text.chars_before(*at) {
                if ends(&character) || *at - place > bytes {
                    break;
                }
                place -= character.len_utf8();
            }
            if place < *at {
                *at = place;
                return 0;
            }
        }
        self.to_neighbour(at, forward)
    }

    /// Goes back over blanks and what ends the sentence before them.
    fn back_over_end(&self, at: &mut usize, forward: bool) {
        let mut seen_end = false;
        loop {
            let blank = self.is_blank(*at);
            let (ends, closes) = (self.is_one_of(*at, &ENDS), self.is_one_of(*at, &CLOSERS));
            if !(blank || ends || closes) {
                return;
            }
            let mut before = *at;
            if self.decrement_over(&mut before) == -1 || (forward && self.at_empty_line(before)) {
                return;
            }
            if seen_end {
                return;
            }
            seen_end |= ends;
            let belongs = self.is_one_of(before, &ENDS) || self.is_one_of(before, &CLOSERS);
            if closes && !belongs {
                return;
            }
            *at = before;
        }
    }

    fn to_neighbour(&self, at: &mut usize, forward: bool) -> i8 {
        if forward {
            self.increment_over(at)
        } else {
            self.decrement_over(at)
        }
    }

    /// Whether an empty line or a form feed stands here, which parts paragraphs and sections.
    fn begins_part(&self, at: usize) -> bool {
        let starts_line = self.line_start(self.row(at)) == at;
        starts_line && (self.is_line_end(at) || self.text.char_at(at) == Some('\u{c}'))
    }

    fn is_one_of(&self, at: usize, of: &[char]) -> bool {
        self.text
            .char_at(at)
            .is_some_and(|character| of.contains(&character))
    }
}
