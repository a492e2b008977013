//! Places in the text, and the motions between them (`:help motion`). The rules of the word motions
//! are those of Neovim's `textobject.c`: the end of a line is a place of its own, between its last
//! character and the next line.

use std::ops::Range;

use editor_core::Point;
use unicode_width::UnicodeWidthChar;

use crate::command::Command;
use crate::search_offset::SearchOffset;
use crate::vim::Want;
use crate::word::class;
use crate::{Vim, VimContext};

/// The longest name of a file that is looked for in a text, in bytes.
const MAX_FILE_NAME: usize = 1024;

/// How far behind the cursor the name of a file is looked for, in bytes.
const FILE_NAME_AHEAD: usize = 16 * 1024;

/// What an operator takes of the way to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    Exclusive,
    Inclusive,
    Lines,
}

/// Where a motion leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Motion {
    /// Where it begins, which is the cursor but for text objects.
    pub from: usize,
    pub to: usize,
    pub span: Span,
    pub want: Option<Want>,
    /// Whether a deletion over it goes to register `1` also within a line.
    pub numbered: bool,
    /// Whether it is a text object.
    pub object: bool,
}

impl Vim {
    /// Number of lines, as Vim counts them.
    pub(crate) fn rows(&self) -> usize {
        let rows = self.text.line_count();
        if rows > 1 && self.text.char_before(self.text.len()) == Some('\n') {
            rows - 1
        } else {
            rows
        }
    }

    pub(crate) fn row(&self, offset: usize) -> usize {
        self.text.row_at(offset)
    }

    pub(crate) fn line_start(&self, row: usize) -> usize {
        self.text.line_start(row)
    }

    pub(crate) fn line_end(&self, row: usize) -> usize {
        self.text.line_end(row)
    }

    pub(crate) fn line_range(&self, row: usize) -> Range<usize> {
        self.line_start(row)..self.line_end(row)
    }

    pub(crate) fn next(&self, offset: usize) -> usize {
        self.text.next_grapheme(offset)
    }

    pub(crate) fn previous(&self, offset: usize) -> usize {
        self.text.prev_grapheme(offset)
    }

    /// The place after `count` characters, at most the end of the line.
    pub(crate) fn forward_in_line(&self, offset: usize, count: usize) -> usize {
        let end = self.line_end(self.row(offset));
        let mut at = offset;
        for _ in 0..count {
            if at >= end {
                break;
            }
            at = self.next(at);
        }
        at.min(end)
    }

    fn backward_in_line(&self, offset: usize, count: usize) -> usize {
        let start = self.line_start(self.row(offset));
        let mut at = offset;
        for _ in 0..count {
            if at <= start {
                break;
            }
            at = self.previous(at);
        }
        at
    }

    /// The last character of a row, or its start where it is empty.
    pub(crate) fn last_in_row(&self, row: usize) -> usize {
        let range = self.line_range(row);
        if range.is_empty() {
            range.start
        } else {
            self.previous(range.end)
        }
    }

    /// The first character that is no blank, or the last one.
    pub(crate) fn first_non_blank(&self, row: usize) -> usize {
        self.first_non_blank_or_end(row).min(self.last_in_row(row))
    }

    pub(crate) fn first_non_blank_or_end(&self, row: usize) -> usize {
        let range = self.line_range(row);
        let blanks = self
            .text
            .chars_from(range.start)
            .take_while(|c| matches!(c, ' ' | '\t'))
            .count();
        (range.start + blanks).min(range.end)
    }

    pub(crate) fn is_empty_row(&self, row: usize) -> bool {
        self.line_range(row).is_empty()
    }

    /// Keeps the cursor on a character, as normal mode wants it.
    pub(crate) fn clamp_cursor(&mut self) {
        let row = self
            .row(self.cursor.min(self.text.len()))
            .min(self.rows() - 1);
        let last = if self.mode.is_visual() || self.one_command {
            self.line_end(row)
        } else {
            self.last_in_row(row)
        };
        self.cursor = self
            .text
            .floor_char_boundary(self.cursor)
            .clamp(self.line_start(row), last);
    }

    /// Cells of a character that begins at `cell`.
    pub(crate) fn cells(&self, character: char, cell: usize) -> usize {
        match character {
            '\t' => {
                let stop = self.options.tabstop.max(1) as usize;
                stop - cell % stop
            }
            c if c.is_control() => 2,
            c => c.width().unwrap_or(1),
        }
    }

    /// The cell at which an offset begins in its row.
    pub(crate) fn cell(&self, offset: usize) -> usize {
        let start = self.line_start(self.row(offset));
        let mut cell = 0;
        for character in self.text.slice(start..offset).chars() {
            cell += self.cells(character, cell);
        }
        cell
    }

    /// The character of a row that holds a cell, or the end of the row.
    pub(crate) fn at_cell(&self, row: usize, cell: usize) -> usize {
        let range = self.line_range(row);
        let mut at = range.start;
        let mut passed = 0;
        for character in self.text.slice(range.clone()).chars() {
            let width = self.cells(character, passed);
            if width > 0 && cell < passed + width {
                return at;
            }
            passed += width;
            at += character.len_utf8();
        }
        range.end
    }

    /// The place of a row that vertical movement leads to.
    pub(crate) fn at_want(&self, row: usize) -> usize {
        match self.want {
            Want::End if self.mode.is_visual() => self.line_end(row),
            Want::End => self.last_in_row(row),
            Want::Cell(cell) if self.mode.is_visual() => self.at_cell(row, cell),
            Want::Cell(cell) => self.at_cell(row, cell).min(self.last_in_row(row)),
        }
    }

    /// The row that many further down, or the last one; `None` where there is none at all.
    fn down(&self, row: usize, count: usize) -> Option<usize> {
        let last = self.rows() - 1;
        (count == 0 || row < last).then(|| (row + count).min(last))
    }

    /// Vertical movement aims for the column of the cursor from now on. On a tab, that is its last
    /// cell in normal mode.
    pub(crate) fn want_here(&mut self) {
        let at = self.cursor.min(self.text.len());
        let mut cell = self.cell(at);
        if !self.mode.is_insert() && self.text.char_at(at) == Some('\t') && !self.mode.is_visual() {
            cell += self.cells('\t', cell) - 1;
        }
        self.want = Want::Cell(cell);
    }

    pub(crate) fn go_to(&mut self, motion: &Motion) {
        self.cursor = motion.to;
        match motion.want {
            Some(want) => {
                self.clamp_cursor();
                self.want = want;
            }
            None => {
                self.clamp_cursor();
                self.want_here();
            }
        }
    }

    /// Where a motion of normal, visual or operator-pending mode leads; `None` where it fails.
    pub(crate) fn motion(&mut self, command: &Command, context: &dyn VimContext) -> Option<Motion> {
        let count = command.count.unwrap_or(1);
        let at = self.cursor;
        let row = self.row(at);
        let operator = command.operator.as_deref();
        let pending = operator.is_some();
        let visual = self.mode.is_visual();
        let exclusive = |to: usize| Motion {
            from: at,
            to,
            span: Span::Exclusive,
            want: None,
            numbered: false,
            object: false,
        };
        let inclusive = |to: usize| Motion {
            span: Span::Inclusive,
            ..exclusive(to)
        };
        let lines = |to: usize| Motion {
            span: Span::Lines,
            ..exclusive(to)
        };
        let want = self.want;
        let vertical = |vim: &Self, target: usize| Motion {
            want: Some(want),
            ..lines(vim.at_want(target))
        };
        Some(match command.name.as_str() {
            "gc" if pending => match self.comment_rows(context) {
                Some(rows) => Motion {
                    from: self.line_start(rows.start),
                    object: true,
                    ..lines(self.line_start(rows.end - 1))
                },
                None => exclusive(at),
            },
            "h" => {
                let to = self.backward_in_line(at, count);
                if to == at && !pending {
                    return None;
                }
                exclusive(to)
            }
            "l" => {
                let to = self.forward_in_line(at, count);
                let limit = if pending || visual {
                    self.line_end(row)
                } else {
                    self.last_in_row(row)
                };
                let to = to.min(limit);
                if to == at && !pending && !visual {
                    return None;
                }
                exclusive(to)
            }
            " " => {
                let mut to = at;
                for step in 0..count {
                    let before = to;
                    let end = if visual {
                        self.line_end(self.row(to))
                    } else {
                        self.last_in_row(self.row(to))
                    };
                    if to >= end {
                        if self.is_last_row(self.row(to)) {
                            if pending && !self.is_empty_row(self.row(to)) {
                                to = self.line_end(self.row(to));
                                break;
                            }
                            if step == 0 {
                                return None;
                            }
                            break;
                        }
                        if pending && step + 1 == count && !self.is_line_end(to) {
                            to = self.line_end(self.row(to));
                        } else {
                            to = self.line_start(self.row(to) + 1);
                        }
                    } else {
                        to = self.next(to);
                    }
                    if before == to {
                        break;
                    }
                }
                exclusive(to)
            }
            "\u{f701}" => {
                let mut to = at;
                for step in 0..count {
                    if to == self.line_start(self.row(to)) {
                        if self.row(to) == 0 {
                            if step == 0 {
                                return None;
                            }
                            break;
                        }
                        let above = self.row(to) - 1;
                        to = if pending {
                            self.line_end(above)
                        } else {
                            self.last_in_row(above)
                        };
                    } else {
                        to = self.previous(to);
                    }
                }
                exclusive(to)
            }
            "j" | "gj" => {
                let motion = vertical(self, self.down(row, count)?);
                if command.name == "gj" {
                    Motion {
                        span: Span::Exclusive,
                        ..motion
                    }
                } else {
                    motion
                }
            }
            "k" | "gk" => {
                if row == 0 {
                    return None;
                }
                let motion = vertical(self, row.saturating_sub(count));
                if command.name == "gk" {
                    Motion {
                        span: Span::Exclusive,
                        ..motion
                    }
                } else {
                    motion
                }
            }
            "+" | "\r" => {
                let target = self.down(row, count)?;
                lines(self.first_non_blank(target))
            }
            "-" => {
                if row == 0 {
                    return None;
                }
                lines(self.first_non_blank(row.saturating_sub(count)))
            }
            "_" | "line" => {
                let target = self.down(row, count - 1)?;
                lines(if command.name == "_" {
                    self.first_non_blank(target)
                } else {
                    self.line_start(target)
                })
            }
            "0" => exclusive(self.line_start(row)),
            "^" => exclusive(self.first_non_blank(row)),
            "$" => {
                // Vertical movement goes along the ends of lines even where this fails.
                self.want = Want::End;
                let target = self.down(row, count - 1)?;
                let to = if visual {
                    self.line_end(target)
                } else {
                    self.last_in_row(target)
                };
                Motion {
                    want: Some(Want::End),
                    ..inclusive(to)
                }
            }
            "g_" => {
                let target = self.down(row, count - 1)?;
                let mut to = self.last_in_row(target);
                while to > self.line_start(target)
                    && matches!(self.text.char_at(to), Some(' ' | '\t'))
                {
                    to = self.previous(to);
                }
                inclusive(to)
            }
            "|" => Motion {
                want: Some(Want::Cell(count - 1)),
                ..exclusive(self.at_cell(row, count - 1).min(if visual {
                    self.line_end(row)
                } else {
                    self.last_in_row(row)
                }))
            },
            "w" | "W" => {
                let big = command.name == "W";
                let mut to = at;
                if operator == Some("c") && !self.is_line_end(at) && self.class_at(at, big) != 0 {
                    self.end_of_word(&mut to, count, big, true, false);
                    let to = self.off_the_end(to);
                    return Some(inclusive(to));
                }
                let found = self.forward_word(&mut to, count, big, pending);
                if !found && !pending && (to == at || visual || self.off_the_end(to) == at) {
                    return None;
                }
                if to > at && self.off_the_end(to) != to && !visual {
                    return Some(inclusive(self.off_the_end(to)));
                }
                exclusive(to)
            }
            "e" | "E" => {
                let mut to = at;
                let found = self.end_of_word(&mut to, count, command.name == "E", false, false);
                let to = if to > at && !visual {
                    self.off_the_end(to)
                } else {
                    to
                };
                if !found && !pending && to == at {
                    return None;
                }
                inclusive(to)
            }
            "b" | "B" => {
                let mut to = at;
                if !self.backward_word(&mut to, count, command.name == "B", false) && to == at {
                    return None;
                }
                exclusive(to)
            }
            "ge" | "gE" => {
                let mut to = at;
                if !self.backward_end(&mut to, count, command.name == "gE", false) {
                    return None;
                }
                inclusive(to)
            }
            "f" | "F" | "t" | "T" => {
                let kind = command.name.chars().next()?;
                let wanted = command.argument?;
                self.find = Some((kind, wanted));
                let to = self.find_character(kind, wanted, count, false)?;
                if matches!(kind, 'f' | 't') {
                    inclusive(to)
                } else {
                    exclusive(to)
                }
            }
            ";" | "," => {
                let (kind, wanted) = self.find?;
                let kind = match (command.name.as_str(), kind) {
                    (";", kind) => kind,
                    (_, kind) if kind.is_lowercase() => kind.to_ascii_uppercase(),
                    (_, kind) => kind.to_ascii_lowercase(),
                };
                let to = self.find_character(kind, wanted, count, true)?;
                if matches!(kind, 'f' | 't') {
                    inclusive(to)
                } else {
                    exclusive(to)
                }
            }
            "gg" | "G" => {
                let last = self.rows() - 1;
                let target = match command.count {
                    Some(count) => (count - 1).min(last),
                    None if command.name == "G" => last,
                    None => 0,
                };
                self.jump();
                vertical(self, target)
            }
            "H" | "M" | "L" => {
                let visible = context.visible_rows();
                let last = self.rows() - 1;
                let bottom = visible.end.saturating_sub(1).min(last);
                let target = match command.name.as_str() {
                    "H" => visible.start + count - 1,
                    "L" => bottom.saturating_sub(count - 1).max(visible.start),
                    _ => visible.start + (bottom.saturating_sub(visible.start)) / 2,
                };
                lines(self.first_non_blank(target.min(bottom)))
            }
            "{" | "}" => {
                let forward = command.name == "}";
                let to = self.paragraph(count, forward)?;
                self.jump();
                let at_end = to == self.last_in_row(self.row(to)) && !self.is_line_end(to);
                let motion = if at_end && self.is_last_row(self.row(to)) {
                    inclusive(to)
                } else {
                    exclusive(to)
                };
                Motion {
                    numbered: true,
                    ..motion
                }
            }
            "(" | ")" => {
                let to = self.sentence(at, count, command.name == ")")?;
                self.jump();
                Motion {
                    numbered: true,
                    ..exclusive(to)
                }
            }
            "%" => {
                if let Some(percent) = command.count {
                    if percent > 100 {
                        return None;
                    }
                    let target = ((percent * self.rows()).div_ceil(100)).clamp(1, self.rows()) - 1;
                    self.jump();
                    lines(self.first_non_blank(target))
                } else {
                    let to = self.matching_bracket(at)?;
                    self.jump();
                    Motion {
                        numbered: true,
                        ..inclusive(to)
                    }
                }
            }
            "`" | "'" | "g`" | "g'" => {
                let Some(point) = self.mark(command.argument?) else {
                    self.want_here();
                    return None;
                };
                if point.row as usize >= self.rows() {
                    return None;
                }
                let place = self.text.point_to_offset(point);
                if !command.name.starts_with('g') {
                    self.jump();
                }
                if command.name.ends_with('`') {
                    let limit = if visual || pending {
                        self.line_end(self.row(place))
                    } else {
                        self.last_in_row(self.row(place))
                    };
                    Motion {
                        numbered: true,
                        ..exclusive(place.min(limit))
                    }
                } else {
                    lines(self.first_non_blank(self.row(place)))
                }
            }
            "]m" | "[m" | "]M" | "[M" | "]]" | "[[" | "][" | "[]" => {
                let to = self.syntax_edge(&command.name, count, context)?;
                self.jump();
                exclusive(to)
            }
            "*" | "#" | "g*" | "g#" => {
                let whole = command.name.len() == 1;
                let word = self.word_under_cursor()?;
                let start = word.start;
                let content = self.text.slice(word.clone()).into_owned();
                let is_word = content.chars().all(|c| class(Some(c), false) >= 2);
                let escaped: String = content
                    .chars()
                    .flat_map(|c| {
                        if "\\/.*$^~[]".contains(c) {
                            vec!['\\', c]
                        } else {
                            vec![c]
                        }
                    })
                    .collect();
                let pattern = if whole && is_word {
                    format!("\\<{escaped}\\>")
                } else {
                    escaped
                };
                let forward = command.name.ends_with('*');
                self.search = Some((pattern, forward));
                self.offset = SearchOffset::default();
                self.jump();
                let (to, _) = self.search_from(start, count, true)?;
                Motion {
                    numbered: true,
                    ..exclusive(to)
                }
            }
            "n" | "N" => {
                let (to, span) = match self.found.take() {
                    Some(found) => found,
                    None => self.search_from(at, count, command.name == "n")?,
                };
                self.jump();
                Motion {
                    numbered: true,
                    span,
                    ..exclusive(to)
                }
            }
            name if name.len() == 2
                && (name.starts_with('i') || name.starts_with('a'))
                && (pending || visual) =>
            {
                return self.text_object(command, context);
            }
            _ => return None,
        })
    }

    /// Remembers where a jump began.
    pub(crate) fn jump(&mut self) {
        if self.carets.is_secondary() {
            return;
        }
        let point = self.text.offset_to_point(self.cursor);
        self.marks.insert('\'', point);
        self.jumps.push(point);
    }

    /// The last character of the line for its end.
    pub(crate) fn off_the_end(&self, at: usize) -> usize {
        if self.is_line_end(at) && self.line_start(self.row(at)) != at {
            self.previous(at)
        } else {
            at
        }
    }

    fn find_character(&self, kind: char, wanted: char, count: usize, again: bool) -> Option<usize> {
        let range = self.line_range(self.row(self.cursor));
        let forward = kind.is_lowercase();
        let till = matches!(kind, 't' | 'T');
        let mut at = self.cursor;
        // `;` after `t` goes on where the character is the very next one.
        if again && till && count == 1 {
            let near = if forward {
                self.next(at)
            } else {
                self.previous(at)
            };
            let near_is = near < range.end
                && near >= range.start
                && near != at
                && self.text.char_at(near) == Some(wanted);
            if near_is {
                at = near;
            }
        }
        for _ in 0..count {
            loop {
                if forward {
                    at = self.next(at);
                    if at >= range.end {
                        return None;
                    }
                } else {
                    if at <= range.start {
                        return None;
                    }
                    at = self.previous(at);
                }
                if self.text.char_at(at) == Some(wanted) {
                    break;
                }
            }
        }
        Some(match (till, forward) {
            (false, _) => at,
            (true, true) => self.previous(at),
            (true, false) => self.next(at),
        })
    }

    pub(crate) fn mark(&self, name: char) -> Option<Point> {
        match name {
            '<' | '>' => {
                let past = self.past?;
                let (low, high) = (past.anchor.min(past.head), past.anchor.max(past.head));
                let lines = past.mode == crate::Mode::VisualLine;
                Some(match (name, lines) {
                    ('<', false) => low,
                    ('>', false) => high,
                    ('<', true) => Point::new(low.row, 0),
                    _ => {
                        let row = high.row as usize;
                        let end = self.line_end(row) - self.line_start(row);
                        Point::new(high.row, u32::try_from(end).unwrap_or(u32::MAX))
                    }
                })
            }
            '`' | '\'' => self.marks.get(&'\'').copied().or(Some(Point::new(0, 0))),
            name => self.marks.get(&name).copied(),
        }
    }

    /// The name of a file at the cursor or behind it in its line, of the characters that names of files
    /// have (`:help 'isfname'`), without the punctuation of a sentence behind it. A run of them that is
    /// longer than [`MAX_FILE_NAME`] names none.
    pub(crate) fn file_under_cursor(&self) -> Option<String> {
        let in_name = |c: char| c.is_alphanumeric() || "/.-_+,#$%~=@".contains(c);
        let line = self.line_range(self.row(self.cursor));
        let start = self
            .cursor
            .saturating_sub(MAX_FILE_NAME + 1)
            .max(line.start);
        let end = (self.cursor + FILE_NAME_AHEAD).min(line.end);
        let near = self.text.floor_char_boundary(start)..self.text.floor_char_boundary(end);
        let text = self.text.slice(near.clone());
        let at = self.cursor.saturating_sub(near.start).min(text.len());
        let at = at + text[at..].find(in_name)?;
        let start = text[..at].trim_end_matches(in_name).len();
        let rest = &text[start..];
        let name = &rest[..rest.find(|c| !in_name(c)).unwrap_or(rest.len())];
        let name = name.trim_end_matches(['.', ',', ':', ';', '!']);
        (!name.is_empty() && name.len() <= MAX_FILE_NAME).then(|| name.to_owned())
    }

    /// The keyword at or after the cursor, else the run of signs there.
    pub(crate) fn word_under_cursor(&self) -> Option<Range<usize>> {
        let line = self.line_range(self.row(self.cursor));
        for word in [true, false] {
            let mut start = self.cursor;
            while !word && start < line.end && self.class_at(start, false) == 0 {
                start = self.next(start);
            }
            let kind = self.class_at(start, false);
            let fits = |c: char| {
                let class = class(Some(c), false);
                if word {
                    class >= 2
                } else {
                    class == kind && kind != 0
                }
            };
            if word || self.text.char_at(start).is_some_and(fits) {
                while start > line.start
                    && self.text.char_at(start).is_some_and(fits)
                    && self.text.char_before(start).is_some_and(fits)
                {
                    start = self.previous(start);
                }
            }
            while start < line.end && !self.text.char_at(start).is_some_and(fits) {
                start = self.next(start);
            }
            let mut end = start;
            while end < line.end && self.text.char_at(end).is_some_and(fits) {
                end = self.next(end);
            }
            if start < end {
                return Some(start..end);
            }
        }
        None
    }
}
