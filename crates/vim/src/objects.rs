//! Text objects (`:help text-objects`), by the rules of Neovim's `textobject.c`.

use crate::command::Command;
use crate::motion::{Motion, Span};
use crate::{Vim, VimContext};

impl Vim {
    /// The text object of a command. In visual mode the anchor is moved to its start.
    pub(crate) fn text_object(
        &mut self,
        command: &Command,
        context: &dyn VimContext,
    ) -> Option<Motion> {
        let count = command.count.unwrap_or(1);
        let mut name = command.name.chars();
        let around = name.next()? == 'a';
        let object = name.next()?;
        let found = match object {
            'w' | 'W' => self.word_object(count, around, object == 'W'),
            '"' | '\'' | '`' => self.quote_object(object, around, count),
            '(' | ')' | 'b' => self.bracket_object('(', ')', around, count),
            '[' | ']' => self.bracket_object('[', ']', around, count),
            '{' | '}' | 'B' => self.bracket_object('{', '}', around, count),
            '<' | '>' => self.bracket_object('<', '>', around, count),
            'p' => self.paragraph_object(count, around),
            's' => Some(self.sentence_object(count, around)),
            't' => self.tag_object(count, around),
            _ => self.syntax_object(object, around, count, context),
        }?;
        let (from, to, span) = found;
        if self.mode.is_visual() {
            self.anchor = from;
            if span == Span::Lines && self.mode == crate::Mode::Visual {
                self.mode = crate::Mode::VisualLine;
            }
        }
        let visual_to = if self.mode.is_visual()
            && span == Span::Exclusive
            && to > from
            && !matches!(object, 'w' | 'W')
        {
            let mut at = to;
            self.decrement_over(&mut at);
            at
        } else {
            to
        };
        Some(Motion {
            from,
            to: visual_to,
            span,
            want: None,
            numbered: false,
            object: true,
        })
    }

    fn class_of(&self, at: usize, big: bool) -> u8 {
        let mut end = at;
        // A place that no word motion leaves is of its own class.
        let blank = matches!(self.text.char_at(end), None | Some(' ' | '\t' | '\n'));
        if blank {
            return 0;
        }
        if big {
            return 1;
        }
        end = at;
        let word = self
            .text
            .char_at(end)
            .is_some_and(|c| c == '_' || c.is_alphanumeric());
        if word { 2 } else { 1 }
    }

    fn back_in_line(&self, at: usize, big: bool) -> usize {
        let start = self.line_start(self.row(at));
        let class = self.class_of(at, big);
        let mut at = at;
        while at > start && self.class_of(self.previous(at), big) == class {
            at = self.previous(at);
        }
        at
    }

    fn word_object(
        &mut self,
        count: usize,
        around: bool,
        big: bool,
    ) -> Option<(usize, usize, Span)> {
        let visual = self.mode.is_visual();
        let extend = visual && self.cursor != self.anchor;
        let mut start = if extend { self.anchor } else { self.cursor };
        let mut at = self.cursor;
        let mut left = count;
        let mut inclusive = true;
        let mut include_white = false;
        if !extend {
            start = self.back_in_line(at, big);
            at = start;
            if (self.class_of(at, big) == 0) == around {
                if !self.end_of_word(&mut at, 1, big, true, true) {
                    self.cursor = at;
                    return None;
                }
            } else {
                self.forward_word(&mut at, 1, big, true);
                if at == self.line_start(self.row(at)) {
                    self.decrement_over(&mut at);
                } else {
                    at = self.previous(at);
                }
                include_white = around;
            }
            left -= 1;
        }
        while left > 0 {
            inclusive = true;
            if extend && at < start {
                if self.decrement_over(&mut at) == -1 {
                    return None;
                }
                if around != (self.class_of(at, big) != 0) {
                    if !self.backward_word(&mut at, 1, big, true) {
                        return None;
                    }
                } else {
                    if !self.backward_end(&mut at, 1, big, true) {
                        return None;
                    }
                    self.increment_over(&mut at);
                }
            } else {
                if self.increment_over(&mut at) == -1 {
                    self.stopped(start, at);
                    return None;
                }
                if around != (self.class_of(at, big) == 0) {
                    if !self.forward_word(&mut at, 1, big, true) && left > 1 {
                        self.stopped(start, at);
                        return None;
                    }
                    if at == self.line_start(self.row(at)) {
                        inclusive = false;
                    } else {
                        at = self.previous(at);
                    }
                } else if !self.end_of_word(&mut at, 1, big, true, true) {
                    self.stopped(start, at);
                    return None;
                }
            }
            left -= 1;
        }
        let at_line_start = at == self.line_start(self.row(at));
        if include_white && (self.class_of(at, big) != 0 || (at_line_start && !inclusive)) {
            let line = self.line_start(self.row(start));
            if start > line {
                let white = self.back_in_line(self.previous(start), big);
                if self.class_of(white, big) == 0 && white > line {
                    start = white;
                }
            }
        }
        Some((
            start,
            at,
            if inclusive {
                Span::Inclusive
            } else {
                Span::Exclusive
            },
        ))
    }

    /// A word object that fails part of the way leaves the cursor, and the selection, there.
    fn stopped(&mut self, start: usize, at: usize) {
        if self.mode.is_visual() {
            self.anchor = start;
        }
        self.cursor = at;
    }

    fn quote_object(
        &self,
        quote: char,
        around: bool,
        count: usize,
    ) -> Option<(usize, usize, Span)> {
        let range = self.line_range(self.row(self.cursor));
        let line = self.text.slice(range.clone()).into_owned();
        let cursor = self.cursor - range.start;
        let next_quote = |from: usize| -> Option<usize> {
            let mut escaped = false;
            for (index, character) in line.get(from..)?.char_indices() {
                if escaped {
                    escaped = false;
                } else if character == '\\' {
                    escaped = true;
                } else if character == quote {
                    return Some(from + index);
                }
            }
            None
        };
        let at_quote = line
            .get(cursor..)
            .is_some_and(|rest| rest.starts_with(quote));
        let (start, end) = if at_quote {
            let mut from = 0;
            loop {
                let start = next_quote(from)?;
                if start > cursor {
                    return None;
                }
                let end = next_quote(start + 1)?;
                if start <= cursor && cursor <= end {
                    break (start, end);
                }
                from = end + 1;
            }
        } else {
            let before = line[..cursor]
                .rmatch_indices(quote)
                .map(|(index, _)| index)
                .find(|index| {
                    line[..*index]
                        .chars()
                        .rev()
                        .take_while(|c| *c == '\\')
                        .count()
                        % 2
                        == 0
                });
            let start = match before {
                Some(start) => start,
                None => next_quote(cursor)?,
            };
            (start, next_quote(start + 1)?)
        };
        let (mut from, mut to) = (range.start + start, range.start + end);
        if around {
            let after = to + 1;
            let blanks = |at: usize| matches!(self.text.char_at(at), Some(' ' | '\t'));
            if after < range.end && blanks(after) {
                to = after;
                while to + 1 < range.end && blanks(to + 1) {
                    to += 1;
                }
            } else {
                while from > range.start && blanks(from - 1) {
                    from -= 1;
                }
            }
            return Some((from, to, Span::Inclusive));
        }
        if count >= 2 {
            return Some((from, to, Span::Inclusive));
        }
        Some((from + 1, to, Span::Exclusive))
    }

    /// The nearest bracket before a place that is not closed before it.
    fn unclosed_before(&self, from: usize, open: char, close: char) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = from;
        for character in self.text.chars_before(from) {
            at -= character.len_utf8();
            if character == close {
                depth += 1;
            } else if character == open {
                if depth == 0 {
                    return Some(at);
                }
                depth -= 1;
            }
        }
        None
    }

    /// The first bracket after a place; one that closes on the way takes one that opens with it.
    fn opened_after(&self, from: usize, open: char, close: char) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = from;
        for (index, character) in self.text.chars_from(from).enumerate() {
            if index == 0 {
                at += character.len_utf8();
                continue;
            }
            if character == close {
                depth += 1;
            } else if character == open {
                if depth == 0 {
                    return Some(at);
                }
                depth -= 1;
            }
            at += character.len_utf8();
        }
        None
    }

    fn bracket_object(
        &self,
        open: char,
        close: char,
        around: bool,
        count: usize,
    ) -> Option<(usize, usize, Span)> {
        let visual = self.mode.is_visual() && self.anchor != self.cursor;
        let (old_start, old_end) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
        let mut left = count;
        let mut from = if visual { old_start } else { self.cursor };
        let mut begin = !visual && self.text.char_at(from) == Some(open);
        let ahead = !begin && self.unclosed_before(from, open, close).is_none();
        loop {
            let mut start = from;
            for _ in 0..left {
                if ahead {
                    start = self.opened_after(start, open, close)?;
                    continue;
                }
                if begin {
                    begin = false;
                    continue;
                }
                start = self.unclosed_before(start, open, close)?;
            }
            let mut depth = 0usize;
            let mut at = start;
            let mut found = None;
            for character in self.text.chars_from(start) {
                if character == open {
                    depth += 1;
                } else if character == close {
                    depth -= 1;
                    if depth == 0 {
                        found = Some(at);
                        break;
                    }
                }
                at += character.len_utf8();
            }
            let end = found?;
            let (mut inner, mut last) = (start, end);
            let mut at_line_start = false;
            if !around {
                self.increment_over(&mut inner);
                at_line_start = last == self.line_start(self.row(last));
                self.decrement_over(&mut last);
                if open == '{' {
                    while last <= self.first_non_blank_or_end(self.row(last))
                        && matches!(self.text.char_at(last), Some(' ' | '\t'))
                    {
                        at_line_start = true;
                        if self.decrement_over(&mut last) != 0 {
                            break;
                        }
                    }
                }
            }
            if visual && inner >= old_start && last <= old_end {
                from = start;
                left = 1;
                continue;
            }
            return Some(if around {
                (inner, last, Span::Inclusive)
            } else if self.mode.is_visual() {
                if at_line_start {
                    last = self.line_end(self.row(last)).max(last);
                }
                (inner, last, Span::Inclusive)
            } else if at_line_start {
                self.increment_over(&mut last);
                (inner, last, Span::Exclusive)
            } else if inner <= last {
                (inner, last, Span::Inclusive)
            } else {
                (inner, inner, Span::Exclusive)
            });
        }
    }

    fn paragraph_object(&self, count: usize, around: bool) -> Option<(usize, usize, Span)> {
        let last = self.rows() - 1;
        let blank = |row: usize| self.first_non_blank_or_end(row) == self.line_end(row);
        let extend = self.mode.is_visual() && self.row(self.anchor) != self.row(self.cursor);
        if extend {
            let mut row = self.row(self.cursor);
            if self.cursor < self.anchor {
                return None;
            }
            for _ in 0..count {
                if row == last {
                    return None;
                }
                row += 1;
                let white = blank(row);
                while row < last && blank(row + 1) == white {
                    row += 1;
                }
                if around && row < last {
                    let white = blank(row + 1);
                    row += 1;
                    while row < last && blank(row + 1) == white {
                        row += 1;
                    }
                }
            }
            return Some((self.anchor, self.line_start(row), Span::Lines));
        }
        let mut first = self.row(self.cursor);
        let white_in_front = blank(first);
        while first > 0 && blank(first - 1) == white_in_front {
            first -= 1;
        }
        let mut end = first as isize;
        while (end as usize) <= last && blank(end as usize) {
            end += 1;
        }
        end -= 1;
        let mut left = count;
        if !around && white_in_front {
            left -= 1;
        }
        while left > 0 {
            left -= 1;
            if end == last as isize {
                return None;
            }
            let below = |end: isize| usize::try_from(end + 1).unwrap_or(0);
            let white = !around && blank(below(end));
            if around || !white {
                end += 1;
                while (end as usize) < last && !blank(below(end)) {
                    end += 1;
                }
            }
            if left == 0 && white_in_front && around {
                break;
            }
            if around || white {
                while end < last as isize && blank(below(end)) {
                    end += 1;
                }
            }
        }
        let end = usize::try_from(end).unwrap_or(0);
        if !white_in_front && !blank(end) && around {
            while first > 0 && blank(first - 1) {
                first -= 1;
            }
        }
        Some((self.line_start(first), self.line_start(end), Span::Lines))
    }
}
