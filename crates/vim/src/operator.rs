//! Operators and what they take.

use std::iter;
use std::ops::Range;

use crate::command::Command;
use crate::motion::Span;
use crate::vim::Want;
use crate::{Register, Shape, Vim, VimContext};

/// The form of what an operator takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extent {
    Characters,
    Lines,
    /// The part of each row, and the width in cells.
    Block(Vec<(usize, Range<usize>)>, usize),
}

/// What an operator takes. For lines the range goes from some place of the first to some of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub range: Range<usize>,
    pub extent: Extent,
    pub numbered: bool,
    /// Whether an exclusive motion to the start of a line was made one over lines (`:help o_v`).
    pub adjusted: bool,
    /// Whether an exclusive motion to the start of a line ends in the line before it.
    pub end_adjusted: bool,
    /// Where the cursor was.
    pub from: usize,
    /// The column that vertical movement aimed for before the motion.
    pub want: Want,
}

/// A number in a line, for CTRL-A.
#[derive(Debug)]
pub(crate) struct Number {
    /// In characters.
    pub range: Range<usize>,
    radix: u32,
}

/// The number at or after a character of a line (`do_addsub` of Neovim; octal numbers are no option
/// there by default).
pub(crate) fn number_in(line: &[char], from: usize) -> Option<Number> {
    // Hexadecimal or binary where the cursor stands in one or before it.
    let is = |at: usize, test: fn(&char) -> bool| line.get(at).is_some_and(test);
    type Digit = fn(&char) -> bool;
    let prefixes: [(char, u32, Digit); 2] = [
        ('x', 16, char::is_ascii_hexdigit),
        ('b', 2, |c| matches!(c, '0' | '1')),
    ];
    let mut at = 0;
    while at < line.len() {
        if !line[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let mut prefixed = None;
        if line[at] == '0' {
            for (letter, radix, digit) in prefixes {
                if line
                    .get(at + 1)
                    .is_some_and(|c| c.to_ascii_lowercase() == letter)
                    && is(at + 2, digit)
                {
                    let mut end = at + 2;
                    while is(end, digit) {
                        end += 1;
                    }
                    prefixed = Some(Number {
                        range: at..end,
                        radix,
                    });
                    break;
                }
            }
        }
        if let Some(number) = prefixed {
            if number.range.end > from {
                return Some(number);
            }
            at = number.range.end;
            continue;
        }
        let mut end = at;
        while is(end, char::is_ascii_digit) {
            end += 1;
        }
        if end > from {
            let start = if at > 0 && line[at - 1] == '-' {
                at - 1
            } else {
                at
            };
            return Some(Number {
                range: start..end,
                radix: 10,
            });
        }
        at = end;
    }
    None
}

impl Number {
    /// The digits after something was added.
    pub fn plus(&self, digits: &str, amount: i64) -> String {
        if self.radix != 10 {
            let (prefix, body) = digits.split_at(2);
            let value = u64::from_str_radix(body, self.radix).unwrap_or(0);
            let new = value.wrapping_add_signed(amount);
            let width = body.len();
            let upper = body
                .chars()
                .rev()
                .find(char::is_ascii_alphabetic)
                .is_some_and(|c| c.is_ascii_uppercase());
            return match (self.radix, upper) {
                (2, _) => format!("{prefix}{new:0width$b}"),
                (_, true) => format!("{prefix}{new:0width$X}"),
                (_, false) => format!("{prefix}{new:0width$x}"),
            };
        }
        let body = digits.trim_start_matches('-');
        let value: i64 = digits.parse().unwrap_or(if digits.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        });
        let new = value.saturating_add(amount);
        let sign = if new < 0 { "-" } else { "" };
        let magnitude = new.unsigned_abs();
        if body.len() > 1 && body.starts_with('0') {
            let width = body.len();
            format!("{sign}{magnitude:0width$}")
        } else {
            format!("{sign}{magnitude}")
        }
    }
}

impl Vim {
    /// What the motion of an operator takes, by the rules of `do_pending_operator`.
    pub(crate) fn region(&mut self, command: &Command, context: &dyn VimContext) -> Option<Region> {
        let operator = command.operator.as_deref().unwrap_or_default().to_owned();
        let (want, from) = (self.want, self.cursor);
        let motion = self.motion(command, context)?;
        let (mut start, mut end) = (motion.from.min(motion.to), motion.from.max(motion.to));
        let mut span = motion.span;
        match (command.force, span) {
            (Some('V'), _) => span = Span::Lines,
            (Some(_), Span::Lines) => span = Span::Exclusive,
            (Some(_), Span::Exclusive) => span = Span::Inclusive,
            (Some(_), Span::Inclusive) => span = Span::Exclusive,
            _ => {}
        }
        if span == Span::Inclusive && end >= self.line_end(self.row(end)) && end > start {
            // The end of a line stands for its last character.
            end = self.line_end(self.row(end));
        } else if span == Span::Inclusive && end < self.line_end(self.row(end)) {
            end = self.next(end);
        }
        let mut first = self.row(start);
        let mut last = self.row(end);
        let (mut adjusted, mut end_adjusted) = (false, false);
        let in_indent = |vim: &Self, at: usize| at <= vim.first_non_blank_or_end(vim.row(at));
        // Between tags the line feed before the one that closes is text as any other.
        let adjusts = !matches!(command.name.as_str(), "it" | "at");
        if adjusts && span == Span::Exclusive && last > first && end == self.line_start(last) {
            last -= 1;
            end = self.line_end(last);
            end_adjusted = !matches!(command.name.as_str(), "w" | "W");
            adjusted = in_indent(self, start);
            if adjusted {
                span = Span::Lines;
            }
        }
        if operator == "d" && span != Span::Lines && last > first && command.force.is_none() {
            let rest = self.text.slice(end..self.line_end(last));
            if rest.trim_matches([' ', '\t']).is_empty() && in_indent(self, start) {
                span = Span::Lines;
            }
        }
        if span == Span::Lines {
            first = self.row(start);
            start = start.min(self.line_end(first));
        }
        // Operators begin where their text does; `yy` and its like stay.
        if command.name != "line" {
            self.cursor = start;
        } else {
            if first == last {
                // Moving by no line leads to the column that vertical movement aims for.
                self.cursor = self.cursor.min(self.at_want(first));
            }
            let stays = matches!(operator.as_str(), "y" | "d" | "<" | ">");
            if !stays && (operator != "gc" || first == last) {
                self.cursor = self.cursor.min(self.first_non_blank(first));
            }
        }
        Some(Region {
            range: start..end,
            extent: if span == Span::Lines {
                Extent::Lines
            } else {
                Extent::Characters
            },
            numbered: motion.numbered,
            adjusted,
            end_adjusted,
            from,
            want,
        })
    }

    /// A region that no motion made.
    pub(crate) fn region_of(&self, range: Range<usize>, extent: Extent) -> Region {
        Region {
            range,
            extent,
            numbered: false,
            adjusted: false,
            end_adjusted: false,
            from: self.cursor,
            want: self.want,
        }
    }

    pub(crate) fn rows_of(&self, region: &Region) -> (usize, usize) {
        let first = self.row(region.range.start);
        // The line feed at the end of a selection belongs to the line that it ends.
        let last = if region.extent == Extent::Characters && !region.range.is_empty() {
            self.row(self.previous(region.range.end))
        } else {
            self.row(region.range.end)
        };
        (first, last)
    }

    /// The text of a region, as a register keeps it.
    pub(crate) fn content(&self, region: &Region) -> Register {
        match &region.extent {
            Extent::Characters => Register {
                text: self.text.slice(region.range.clone()).into_owned(),
                shape: Shape::Characters,
            },
            Extent::Lines => {
                let (first, last) = self.rows_of(region);
                let mut text = self
                    .text
                    .slice(self.line_start(first)..self.line_end(last))
                    .into_owned();
                text.push('\n');
                Register {
                    text,
                    shape: Shape::Lines,
                }
            }
            Extent::Block(spans, width) => {
                let left = self.left_of(spans);
                let lines: Vec<String> = spans
                    .iter()
                    .map(|(_, range)| {
                        // A line that ends before the block is as wide in the register.
                        let short = range.is_empty() && self.cell(range.start) < left;
                        match short && self.want != Want::End {
                            true => " ".repeat(*width),
                            false => self.text.slice(range.clone()).into_owned(),
                        }
                    })
                    .collect();
                Register {
                    text: lines.join("\n"),
                    shape: Shape::Block(*width),
                }
            }
        }
    }

    /// The first cell of a block.
    fn left_of(&self, spans: &[(usize, Range<usize>)]) -> usize {
        let starts = spans.iter().map(|(_, range)| self.cell(range.start));
        starts.max().unwrap_or(0)
    }

    /// Applies an operator; the cursor is at the start of the region or where a visual mode had it.
    pub(crate) fn operate(
        &mut self,
        operator: &str,
        command: &Command,
        region: Region,
        context: &dyn VimContext,
    ) {
        let start = region.range.start;
        match operator {
            "y" => {
                let content = self.content(&region);
                self.registers.yanked(command.register, content.clone());
                self.export(command.register, &content);
                self.report_yank(&region, command.register);
                let end = match region.extent {
                    Extent::Lines => self.line_end(self.row(region.range.end)),
                    _ if region.range.is_empty() => region.range.end,
                    _ => self.previous(region.range.end),
                };
                let from = match region.extent {
                    Extent::Lines => self.line_start(self.row(start)),
                    _ => start,
                };
                self.set_yank_marks(from, end);
                match &region.extent {
                    Extent::Lines if self.cursor > region.range.start || command.name != "line" => {
                        let row = self.row(start);
                        self.cursor = if self.row(self.cursor) == row && command.name == "line" {
                            self.cursor
                        } else {
                            start
                        };
                    }
                    Extent::Lines => {}
                    _ => self.cursor = start,
                }
                self.clamp_cursor();
                if command.name != "line" {
                    self.want_here();
                }
            }
            "d" | "c" => {
                let rows = self.rows();
                self.delete_or_change(operator, command, &region);
                self.report_rows(rows);
            }
            "g~" | "gu" | "gU" | "g?" => {
                let original = self.cursor;
                let (first, last) = self.rows_of(&region);
                let rows = last - first + 1;
                for range in self.ranges(&region).into_iter().rev() {
                    self.change_case(operator, range);
                }
                let end = region.range.end;
                self.set_change_marks(start, end.min(self.text.len()));
                self.report_lines(rows, "changed");
                self.cursor = original;
                self.clamp_cursor();
                self.want_here();
            }
            "J" | "gJ" => {
                let (first, last) = self.rows_of(&region);
                let last = last.max(first + 1).min(self.rows() - 1);
                if last == first {
                    self.want_here();
                    return self.beep();
                }
                let comments = context.comment_marks(&self.text, self.line_start(first));
                self.join(first, last, operator == "J", comments.as_ref());
            }
            "=" => {
                let (first, last) = self.rows_of(&region);
                self.reindent(&region, context);
                self.report_lines(last - first + 1, "indented");
            }
            "gc" => self.toggle_comments(&region, context),
            "gq" | "gw" => {
                let rows = self.rows();
                self.format(&region, operator == "gw");
                self.report_rows(rows);
            }
            ">" | "<" => {
                let (first, last) = self.rows_of(&region);
                let (right, levels) = (operator == ">", command.count.unwrap_or(1));
                self.shift(first, last, right, levels);
                self.report_shift(last - first + 1, right, levels);
                self.want = region.want;
                self.shifted(first);
            }
            _ => self.beep(),
        }
    }

    fn ranges(&self, region: &Region) -> Vec<Range<usize>> {
        match &region.extent {
            Extent::Characters => vec![region.range.clone()],
            Extent::Lines => {
                let (first, last) = self.rows_of(region);
                iter::once(self.line_start(first)..self.line_end(last)).collect()
            }
            Extent::Block(spans, _) => spans.iter().map(|(_, range)| range.clone()).collect(),
        }
    }

    fn delete_or_change(&mut self, operator: &str, command: &Command, region: &Region) {
        let content = self.content(region);
        let change = operator == "c";
        // A text without any line has nothing for a register.
        if self.has_no_line() {
            if change {
                self.start_session(command, None);
            }
            return;
        }
        if region.range.is_empty() && region.extent == Extent::Characters {
            if change {
                self.start_session(command, None);
            }
            self.want_here();
            return;
        }
        self.registers
            .deleted(command.register, content.clone(), region.numbered);
        self.export(command.register, &content);
        match &region.extent {
            Extent::Characters => {
                self.cursor = region.range.start;
                self.replace(region.range.clone(), "");
                self.set_change_marks(region.range.start, region.range.start);
                if change {
                    self.start_session(command, None);
                } else {
                    self.clamp_cursor();
                    self.want_here();
                }
            }
            Extent::Lines => {
                let (first, last) = self.rows_of(region);
                if change {
                    let indent = if self.options.autoindent {
                        let blanks = self.line_start(first)..self.first_non_blank_or_end(first);
                        self.text.slice(blanks).into_owned()
                    } else {
                        String::new()
                    };
                    let range = self.line_start(first)..self.line_end(last);
                    if last > first {
                        // Vim takes the lines after the first one away first, so that `u` leads there.
                        self.cursor = self.line_start(first + 1);
                    }
                    self.replace(range.clone(), &indent);
                    self.cursor = range.start + indent.len();
                    self.set_change_marks(range.start, self.cursor);
                    self.start_session(command, None);
                    if let Some(session) = &mut self.insert {
                        session.fresh_indent = !indent.is_empty();
                    }
                } else {
                    self.delete_rows(first, last);
                    self.want = region.want;
                    let row = first.min(self.rows() - 1);
                    self.cursor = if region.adjusted {
                        self.first_non_blank(row)
                    } else {
                        self.at_want(row)
                    };
                    self.want_here();
                    let place = self.line_start(row);
                    self.set_change_marks(place, place);
                }
            }
            Extent::Block(spans, _) => {
                let spans = spans.clone();
                self.cursor = region.range.start;
                let left = self.left_of(&spans);
                let rows: Vec<usize> = spans
                    .iter()
                    .filter(|(_, range)| self.cell(range.start) >= left)
                    .map(|(row, _)| *row)
                    .collect();
                for (_, range) in spans.iter().rev() {
                    self.replace(range.clone(), "");
                }
                self.cursor = region.range.start;
                if change {
                    let cell = self.cell(self.cursor);
                    self.start_session(command, Some((rows, cell, false)));
                } else {
                    self.clamp_cursor();
                    self.want_here();
                }
            }
        }
    }

    /// Removes whole lines; the last one of all leaves an empty one.
    pub(crate) fn delete_rows(&mut self, first: usize, last: usize) {
        let last = last.min(self.rows() - 1);
        let all = first == 0 && last + 1 == self.rows();
        self.replace(self.whole_rows(first, last), "");
        self.lost_all_lines = all;
    }

    /// Whether the text has no line, not even an empty one: an empty file, or one of which all lines
    /// were deleted (`ML_EMPTY` of Neovim).
    pub(crate) fn has_no_line(&self) -> bool {
        let is_empty = self.rows() == 1 && self.is_empty_row(0);
        is_empty && (self.lost_all_lines || self.text.is_empty())
    }

    /// What goes with whole lines: their line feeds, or the one before them at the end of the text.
    pub(crate) fn whole_rows(&self, first: usize, last: usize) -> Range<usize> {
        if last + 1 < self.rows() {
            self.line_start(first)..self.line_start(last + 1)
        } else if first > 0 {
            self.line_end(first - 1)..self.line_end(last)
        } else {
            0..self.line_end(last)
        }
    }

    pub(crate) fn change_case(&mut self, operator: &str, range: Range<usize>) {
        let old = self.text.slice(range.clone());
        let mut new = String::with_capacity(old.len());
        for c in old.chars() {
            match operator {
                "gU" if c == 'ß' => new.push_str("SS"),
                "gu" => new.push(single(c.to_lowercase(), c)),
                "gU" => new.push(single(c.to_uppercase(), c)),
                "g?" => new.push(rot13(c)),
                _ if c.is_uppercase() => new.push(single(c.to_lowercase(), c)),
                _ => new.push(single(c.to_uppercase(), c)),
            }
        }
        if new != *self.text.slice(range.clone()) {
            self.replace(range, &new);
        }
    }

    /// The cursor after lines were shifted.
    pub(crate) fn shifted(&mut self, row: usize) {
        self.cursor = self.at_want(row);
        if self.want != Want::End {
            self.want_here();
        }
    }

    /// Moves lines by some levels of indentation.
    pub(crate) fn shift(&mut self, first: usize, last: usize, right: bool, levels: usize) {
        let width = self.options.shift() as usize * levels;
        for row in first..=last.min(self.rows() - 1) {
            if self.is_empty_row(row) {
                continue;
            }
            let content = self.first_non_blank_or_end(row);
            let cells = self.cell(content);
            let step = self.options.shift().max(1) as usize;
            let target = match (right, self.options.shiftround) {
                (true, false) => cells + width,
                (false, false) => cells.saturating_sub(width),
                (true, true) => (cells / step + levels) * step,
                (false, true) => (cells.div_ceil(step)).saturating_sub(levels) * step,
            };
            self.set_indent(row, target);
        }
        let (from, to) = (
            self.line_start(first),
            self.line_end(last.min(self.rows() - 1)),
        );
        self.set_change_marks(from, to);
    }

    pub(crate) fn set_indent(&mut self, row: usize, cells: usize) {
        let new = self.indent_of(cells);
        let range = self.line_start(row)..self.first_non_blank_or_end(row);
        if *self.text.slice(range.clone()) != new {
            self.replace(range, &new);
        }
    }

    /// The blanks that fill so many cells.
    pub(crate) fn indent_of(&self, cells: usize) -> String {
        if self.options.expandtab {
            return " ".repeat(cells);
        }
        let tab = self.options.tabstop.max(1) as usize;
        format!("{}{}", "\t".repeat(cells / tab), " ".repeat(cells % tab))
    }

    /// Indentation as deep as that of a row before a place.
    pub(crate) fn indent_text(&self, row: usize, before: usize) -> String {
        let end = self.first_non_blank_or_end(row).min(before);
        self.indent_of(self.cell(end.max(self.line_start(row))))
    }

    pub(crate) fn set_yank_marks(&mut self, start: usize, end: usize) {
        let start = self.text.offset_to_point(start);
        let end = self.text.offset_to_point(end);
        self.marks.insert('[', start);
        self.marks.insert(']', end);
    }

    pub(crate) fn set_change_marks(&mut self, start: usize, end: usize) {
        self.set_yank_marks(start, end);
        let start = self.text.offset_to_point(start);
        self.note_change(start);
    }
}

fn single(mut mapped: impl Iterator<Item = char>, original: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => original,
    }
}

fn rot13(c: char) -> char {
    let base = match c {
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        _ => return c,
    };
    let turned = (c as u8 - base as u8 + 13) % 26;
    char::from(base as u8 + turned)
}
