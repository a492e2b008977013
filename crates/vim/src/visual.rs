//! The visual modes.

use std::iter;
use std::ops::Range;

use crate::command::Command;
use crate::operator::{Extent, Region};
use crate::vim::{Dot, PastSelection, Want};
use crate::{Mode, Register, Shape, Vim, VimContext};

impl Vim {
    pub(crate) fn enter_visual(&mut self, mode: Mode, count: Option<usize>) {
        self.anchor = self.cursor;
        self.mode = mode;
        if let Some(count) = count {
            if mode == Mode::VisualLine {
                let row = (self.row(self.cursor) + count - 1).min(self.rows() - 1);
                self.cursor = self.at_want(row);
            } else {
                self.cursor = self
                    .forward_in_line(self.cursor, count - 1)
                    .min(self.last_in_row(self.row(self.cursor)));
                self.want_here();
            }
        }
    }

    pub(crate) fn remember_selection(&mut self) {
        if self.mode.is_visual() {
            self.past = Some(PastSelection {
                mode: self.mode,
                anchor: self.text.offset_to_point(self.anchor),
                head: self.text.offset_to_point(self.cursor),
                to_end: self.want == Want::End,
            });
        }
    }

    pub(crate) fn leave_visual(&mut self) {
        self.remember_selection();
        if self.mode.is_visual() {
            self.mode = Mode::Normal;
            let before = self.cursor;
            self.clamp_cursor();
            if self.cursor != before {
                self.want_here();
            }
        }
    }

    pub(crate) fn reselect(&mut self) {
        let Some(past) = self.past else {
            return self.beep();
        };
        let current = self.mode.is_visual();
        if current {
            self.remember_selection();
        }
        self.mode = past.mode;
        self.anchor = self.text.point_to_offset(past.anchor);
        self.cursor = self.text.point_to_offset(past.head);
        let end = self.line_end(self.rows() - 1);
        self.anchor = self.anchor.min(end);
        self.cursor = self.cursor.min(end);
        self.want_here();
        if past.to_end {
            self.want = Want::End;
        }
    }

    /// The bytes of a characterwise or linewise selection.
    pub(crate) fn visual_range(&self) -> (usize, usize) {
        let (low, high) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
        if self.mode == Mode::VisualLine {
            let last = self.row(high);
            return (self.line_start(self.row(low)), self.line_end(last));
        }
        let row = self.row(high);
        let end = if high < self.line_end(row) {
            self.next(high)
        } else if row + 1 < self.rows() {
            high + 1
        } else {
            high
        };
        (low, end)
    }

    /// The part of each row of a block.
    pub(crate) fn block_spans(&self) -> Vec<(usize, Range<usize>)> {
        let (left, right) = self.block_cells();
        let (first, last) = self.block_rows();
        (first..=last)
            .map(|row| {
                let end = self.line_end(row);
                let from = self.at_cell(row, left);
                let to = if right == usize::MAX {
                    end
                } else {
                    self.at_cell(row, right + 1)
                };
                (row, from..to.max(from))
            })
            .collect()
    }

    fn block_rows(&self) -> (usize, usize) {
        let (one, other) = (self.row(self.anchor), self.row(self.cursor));
        (one.min(other), one.max(other))
    }

    fn block_cells(&self) -> (usize, usize) {
        let extent = |at: usize| {
            let cell = self.cell(at);
            let width = match self.text.char_at(at) {
                Some('\n') | None => 1,
                Some(character) => self.cells(character, cell).max(1),
            };
            (cell, cell + width - 1)
        };
        let (a, b) = (extent(self.anchor), extent(self.cursor));
        let right = if self.want == Want::End {
            usize::MAX
        } else {
            a.1.max(b.1)
        };
        (a.0.min(b.0), right)
    }

    fn visual_region(&self, lines: bool) -> Region {
        let (low, high) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
        if lines || self.mode == Mode::VisualLine {
            return self.region_of(low..high, Extent::Lines);
        }
        if self.mode == Mode::VisualBlock {
            let spans = self.block_spans();
            let (left, right) = self.block_cells();
            let width = if right == usize::MAX {
                spans
                    .iter()
                    .map(|(_, range)| self.cell(range.end).saturating_sub(self.cell(range.start)))
                    .max()
                    .unwrap_or(0)
            } else {
                right + 1 - left
            };
            let start = spans.first().map_or(low, |(_, range)| range.start);
            let end = spans.last().map_or(high, |(_, range)| range.end);
            return self.region_of(start..end.max(start), Extent::Block(spans, width));
        }
        let (start, end) = self.visual_range();
        self.region_of(start..end, Extent::Characters)
    }

    /// Rows and width of the selection, for `.`.
    fn shape(&self) -> (Mode, usize, usize, bool) {
        let (low, high) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
        let rows = self.row(high) - self.row(low);
        let to_end = self.want == Want::End;
        let width = match self.mode {
            Mode::VisualBlock => {
                let (left, right) = self.block_cells();
                right.saturating_sub(left)
            }
            _ if rows == 0 => self.cell(high) - self.cell(low),
            _ => self.cell(high),
        };
        (self.mode, rows, width, to_end)
    }

    /// Selects as much as a change was made to, from the cursor on.
    pub(crate) fn select_again(&mut self, (mode, rows, width, to_end): (Mode, usize, usize, bool)) {
        self.anchor = self.cursor;
        self.mode = mode;
        let row = (self.row(self.cursor) + rows).min(self.rows() - 1);
        let cell = match mode {
            Mode::VisualBlock => self.cell(self.cursor) + width,
            _ if rows == 0 => self.cell(self.cursor) + width,
            _ => width,
        };
        self.want = if to_end { Want::End } else { Want::Cell(cell) };
        self.cursor = if to_end {
            self.line_end(row)
        } else if mode == Mode::VisualLine {
            self.at_want(row).max(self.anchor)
        } else {
            self.at_cell(row, cell)
        };
    }

    pub(crate) fn visual_command(&mut self, command: Command, context: &dyn VimContext) {
        let name = command.name.clone();
        let block = self.mode == Mode::VisualBlock;
        let operator = match name.as_str() {
            "d" | "x" | "c" | "s" | "y" | "<" | ">" | "g~" | "gu" | "gU" | "g?" | "gq" | "gw"
            | "gc" | "=" | "J" | "gJ" => Some((name.as_str(), false)),
            "u" => Some(("gu", false)),
            "U" => Some(("gU", false)),
            "~" => Some(("g~", false)),
            "X" | "Y" => Some((if name == "X" { "d" } else { "y" }, true)),
            "D" => Some(("d", !block)),
            "C" => Some(("c", !block)),
            "S" | "R" => Some(("c", true)),
            _ => None,
        };
        if let Some((operator, lines)) = operator {
            let operator = match operator {
                "x" => "d",
                "s" => "c",
                other => other,
            };
            if block && matches!(name.as_str(), "D" | "C") {
                self.want = Want::End;
            }
            if block && name == "Y" {
                return self.operate_selection("y", &command, false, context);
            }
            self.operate_selection(operator, &command, lines, context);
            return;
        }
        match name.as_str() {
            "v" => self.switch(Mode::Visual),
            "V" => self.switch(Mode::VisualLine),
            "\u{16}" => self.switch(Mode::VisualBlock),
            "\u{1b}" => self.leave_visual(),
            "o" => {
                std::mem::swap(&mut self.anchor, &mut self.cursor);
                self.want_here();
            }
            "O" if block => {
                let (anchor_row, cursor_row) = (self.row(self.anchor), self.row(self.cursor));
                let (anchor_cell, cursor_cell) = (self.cell(self.anchor), self.cell(self.cursor));
                self.anchor = self
                    .at_cell(anchor_row, cursor_cell)
                    .min(self.last_in_row(anchor_row));
                self.cursor = self
                    .at_cell(cursor_row, anchor_cell)
                    .min(self.last_in_row(cursor_row));
                self.want_here();
            }
            "O" => {
                std::mem::swap(&mut self.anchor, &mut self.cursor);
                self.want_here();
            }
            "gv" => {
                let before = self.past;
                self.remember_selection();
                let now = self.past;
                self.past = before;
                self.mode = Mode::Normal;
                self.reselect();
                self.past = now;
            }
            "gn" | "gN" => self.select_match(&command),
            "!" => {
                self.open_line(Command {
                    name: ":".to_owned(),
                    ..command
                });
                if let Some(line) = &mut self.line {
                    line.set(format!("{}!", line.text));
                }
            }
            // They end the selection: what is typed next is not meant for it.
            "zf" | "zF" | "zd" | "zD" | "zE" | "g@" => {
                self.leave_visual();
                self.fail(&format!("Kiln has no {name}"));
            }
            "I" | "A" => self.insert_at_block(&command),
            "r" => self.replace_selection(&command),
            "p" | "P" => self.put_over(&command, context),
            "\u{1}" | "\u{18}" | "g\u{1}" | "g\u{18}" => self.add_to_selection(&command),
            ":" | "/" | "?" => self.open_line(command),
            name if name.starts_with('\u{17}') => self.normal_command(command, context),
            "zz" | "zt" | "zb" | "zo" | "zO" | "zc" | "zC" | "za" | "zR" | "zM" | "m" | "q"
            | "gb" => self.normal_command(command, context),
            "\u{5}" | "\u{19}" | "\u{4}" | "\u{15}" | "\u{6}" | "\u{2}" => {
                self.scroll(&command, context)
            }
            _ => self.move_cursor(&command, context),
        }
    }

    fn switch(&mut self, mode: Mode) {
        if self.mode == mode {
            self.leave_visual();
        } else {
            self.mode = mode;
        }
    }

    fn remember_visual_change(&mut self, command: &Command, shape: (Mode, usize, usize, bool)) {
        if self.dot_running {
            return;
        }
        self.repeatable(command);
        if let Some(dot) = &mut self.dot {
            *dot = Dot {
                command: command.clone(),
                keys: Vec::new(),
                visual: Some(shape),
            };
        }
    }

    fn operate_selection(
        &mut self,
        operator: &str,
        command: &Command,
        lines: bool,
        context: &dyn VimContext,
    ) {
        let shape = self.shape();
        let head = self.cursor;
        let region = self.visual_region(lines);
        self.remember_selection();
        self.mode = Mode::Normal;
        if operator != "y" {
            self.remember_visual_change(command, shape);
        }
        let block = matches!(region.extent, Extent::Block(..));
        if block && matches!(operator, ">" | "<") {
            return self.shift_block(&region, operator == ">", command.count.unwrap_or(1));
        }
        self.cursor = region.range.start;
        // What `.` repeats begins where the cursor stands.
        let repeated = self.dot_running;
        if region.extent == Extent::Lines && !repeated && self.row(self.anchor) <= self.row(head) {
            self.cursor = self.line_start(self.row(region.range.start));
        }
        let start = self.cursor;
        let change = Command {
            operator: Some(operator.into()),
            name: "selection".into(),
            ..command.clone()
        };
        if matches!(operator, "J" | "gJ") {
            let (first, last) = self.rows_of(&region);
            if first == last && first + 1 >= self.rows() {
                self.want_here();
                return self.beep();
            }
        }
        self.operate(operator, &change, region.clone(), context);
        if operator == "y" && region.extent == Extent::Lines {
            self.cursor = start;
            self.clamp_cursor();
            self.want_here();
        }
    }

    fn shift_block(&mut self, region: &Region, right: bool, levels: usize) {
        let Extent::Block(spans, _) = &region.extent else {
            return;
        };
        let cells = self.options.shift() as usize * levels;
        self.cursor = region.range.start;
        let left = self.cell(region.range.start);
        for (row, range) in spans.clone().into_iter().rev() {
            if range.is_empty() {
                continue;
            }
            let mut end = range.start;
            let line_end = self.line_end(row);
            while end < line_end && matches!(self.text.char_at(end), Some(' ' | '\t')) {
                end += 1;
            }
            let white = self.cell(end) - left;
            let new = if right {
                white + cells
            } else {
                white.saturating_sub(cells)
            };
            let text = if self.options.expandtab {
                " ".repeat(new)
            } else {
                let tab = self.options.tabstop.max(1) as usize;
                let mut text = String::new();
                let mut at = left;
                while at / tab < (left + new) / tab {
                    text.push('\t');
                    at = (at / tab + 1) * tab;
                }
                text.push_str(&" ".repeat(left + new - at));
                text
            };
            self.replace(range.start..end, &text);
        }
        self.cursor = region.range.start;
        self.clamp_cursor();
        self.want_here();
    }

    fn insert_at_block(&mut self, command: &Command) {
        let shape = self.shape();
        if self.mode != Mode::VisualBlock {
            let (low, high) = (self.anchor.min(self.cursor), self.anchor.max(self.cursor));
            let lines = self.mode == Mode::VisualLine;
            self.remember_selection();
            self.mode = Mode::Normal;
            self.remember_visual_change(command, shape);
            self.cursor = match (command.name.as_str(), lines) {
                ("I", true) => self.line_start(self.row(low)),
                ("I", false) => low,
                (_, true) => self.line_end(self.row(high)),
                _ => self.forward_in_line(high, 1),
            };
            self.start_session(command, None);
            return;
        }
        let (left, right) = self.block_cells();
        let (first, last) = self.block_rows();
        self.remember_selection();
        self.mode = Mode::Normal;
        self.remember_visual_change(command, shape);
        let rows: Vec<usize> = (first..=last).collect();
        if command.name == "I" {
            let end = self.line_end(first);
            let missing = left.saturating_sub(self.cell(end));
            self.cursor = self.at_cell(first, left);
            if missing > 0 {
                self.replace(end..end, &" ".repeat(missing));
                self.cursor = end + missing;
            }
            self.start_session(command, Some((rows, left, false)));
        } else {
            let cell = if right == usize::MAX {
                usize::MAX
            } else {
                right + 1
            };
            let end = self.line_end(first);
            if cell == usize::MAX {
                self.cursor = end;
            } else {
                let missing = cell.saturating_sub(self.cell(end));
                if missing > 0 {
                    self.cursor = end;
                    self.replace(end..end, &" ".repeat(missing));
                }
                self.cursor = if missing > 0 {
                    end + missing
                } else {
                    self.at_cell(first, cell)
                };
            }
            self.start_session(command, Some((rows, cell, true)));
            if let Some(session) = &mut self.insert {
                session.left = Some(left);
            }
        }
    }

    fn replace_selection(&mut self, command: &Command) {
        let with = command.argument.unwrap_or(' ');
        let shape = self.shape();
        let region = self.visual_region(false);
        self.remember_selection();
        self.mode = Mode::Normal;
        self.remember_visual_change(command, shape);
        let block = matches!(region.extent, Extent::Block(..));
        let ranges: Vec<Range<usize>> = match &region.extent {
            Extent::Block(spans, _) => spans.iter().map(|(_, range)| range.clone()).collect(),
            Extent::Lines => {
                let start = self.line_start(self.row(region.range.start));
                let end = self.line_end(self.row(region.range.end));
                iter::once(start..end).collect()
            }
            Extent::Characters => vec![region.range.clone()],
        };
        let start = if region.extent == Extent::Lines {
            self.line_start(self.row(region.range.start))
        } else {
            region.range.start
        };
        self.cursor = start;
        for range in ranges.into_iter().rev() {
            let new: String = if block {
                // Wide characters and tabs give way to as many as they have cells.
                let cells = self.cell(range.end) - self.cell(range.start);
                iter::repeat_n(with, cells).collect()
            } else {
                let old = self.text.slice(range.clone());
                old.chars()
                    .map(|c| if c == '\n' { c } else { with })
                    .collect()
            };
            self.replace(range, &new);
        }
        self.cursor = start;
        self.clamp_cursor();
        self.want_here();
    }

    fn put_over(&mut self, command: &Command, context: &dyn VimContext) {
        let name = command.register.unwrap_or('"');
        let register = self.read_register(name, context);
        let head = self.cursor;
        let shape = self.shape();
        let region = self.visual_region(false);
        self.remember_selection();
        self.mode = Mode::Normal;
        self.remember_visual_change(command, shape);
        let lines = region.extent == Extent::Lines;
        let (first, last) = self.rows_of(&region);
        let content: Register = self.content(&region);
        let whole = lines && first == 0 && last + 1 >= self.rows();
        let (rows_before, had_lines) = (self.rows(), !self.has_no_line());
        self.cursor = if lines && self.row(self.anchor) <= self.row(head) {
            self.line_start(first)
        } else {
            region.range.start
        };
        if had_lines {
            self.registers.deleted(None, content, false);
        }
        match &region.extent {
            Extent::Lines => {
                self.delete_rows(first, last);
                self.cursor = self.line_start(first.min(self.rows() - 1));
            }
            Extent::Block(spans, _) => {
                for (_, range) in spans.clone().into_iter().rev() {
                    self.replace(range, "");
                }
                self.cursor = region.range.start;
            }
            Extent::Characters => {
                self.replace(region.range.clone(), "");
                self.cursor = region.range.start;
            }
        }
        let Some(register) = register else {
            self.clamp_cursor();
            self.want_here();
            return self.fail(&format!("E353: Nothing in register {name}"));
        };
        let count = command.count.unwrap_or(1);
        let was_last = lines && last + 1 >= rows_before;
        if lines && register.shape != Shape::Lines {
            // The text goes on a line of its own.
            let as_lines = Register {
                text: format!("{}\n", register.text.repeat(count)),
                shape: Shape::Lines,
            };
            if whole {
                self.put(&as_lines, true, false, 1);
                let extra = self.rows() - 1;
                self.delete_rows(extra, extra);
                self.cursor = self.first_non_blank(0);
            } else {
                let row = self.row(self.cursor);
                let target = if was_last { row + 1 } else { row };
                self.insert_lines(target, &as_lines.text);
                self.cursor = self.first_non_blank(target);
            }
        } else if register.shape == Shape::Lines && !lines {
            let at = self.cursor;
            self.replace(at..at, "\n");
            let row = self.row(at);
            self.insert_lines(row + 1, &register.text.repeat(count));
            self.cursor = self.first_non_blank(row + 1);
        } else {
            if lines && was_last && !whole {
                self.put(&register, false, false, count);
            } else {
                let before = if lines { !was_last || whole } else { true };
                self.put(&register, before, false, count);
                if whole && register.shape == Shape::Lines {
                    let extra = self.rows() - 1;
                    let cursor = self.cursor;
                    self.delete_rows(extra, extra);
                    self.cursor = cursor;
                }
            }
        }
        self.clamp_cursor();
        self.want_here();
    }

    fn add_to_selection(&mut self, command: &Command) {
        let shape = self.shape();
        let region = self.visual_region(false);
        self.remember_selection();
        self.mode = Mode::Normal;
        self.remember_visual_change(command, shape);
        let growing = command.name.starts_with('g');
        let sign = if command.name.ends_with('\u{1}') {
            1
        } else {
            -1
        };
        let step = i64::try_from(command.count.unwrap_or(1)).unwrap_or(1) * sign;
        let (first, last) = self.rows_of(&region);
        let start = region.range.start;
        let point_end = self.text.offset_to_point(region.range.end);
        let cells = if let Extent::Block(spans, _) = &region.extent {
            Some(
                spans
                    .iter()
                    .map(|(row, range)| {
                        (
                            *row,
                            self.text.offset_to_point(range.start).column,
                            self.text.offset_to_point(range.end).column,
                        )
                    })
                    .collect::<Vec<_>>(),
            )
        } else {
            None
        };
        let mut amount = step;
        for row in first..=last {
            let line = self.line_range(row);
            let (from, to) = match (&cells, &region.extent) {
                (Some(cells), _) => match cells.iter().find(|(at, ..)| *at == row) {
                    Some((_, from, to)) => (line.start + *from as usize, line.start + *to as usize),
                    None => continue,
                },
                (None, Extent::Lines) => (line.start, line.end),
                _ => (
                    if row == first {
                        start.max(line.start)
                    } else {
                        line.start
                    },
                    if row == last {
                        (line.start + point_end.column as usize).min(line.end)
                    } else {
                        line.end
                    },
                ),
            };
            if from >= to {
                continue;
            }
            let part: Vec<char> = self.text.slice(from..to).chars().collect();
            let Some(found) = crate::operator::number_in(&part, 0) else {
                continue;
            };
            let digits: String = part[found.range.clone()].iter().collect();
            let at = from
                + part[..found.range.start]
                    .iter()
                    .map(|c| c.len_utf8())
                    .sum::<usize>();
            self.cursor = start;
            self.replace(at..at + digits.len(), &found.plus(&digits, amount));
            if growing {
                amount += step;
            }
        }
        self.cursor = if region.extent == Extent::Lines {
            self.line_start(first)
        } else {
            start
        };
        self.clamp_cursor();
        self.want_here();
    }
}
