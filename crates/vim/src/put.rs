//! Putting the text of registers.

use crate::command::Command;
use crate::{Mode, Shape, Vim, VimContext};

/// More bytes than this are not put at once.
const MAX_PUT: usize = 256 * 1024 * 1024;
const OUT_OF_MEMORY: &str = "E342: Out of memory!";

impl Vim {
    pub(crate) fn put_command(&mut self, command: &Command, context: &dyn VimContext) {
        let name = command.register.unwrap_or('"');
        let Some(register) = self.read_register(name, context) else {
            self.fail(&format!("E353: Nothing in register {name}"));
            return;
        };
        let count = command.count.unwrap_or(1);
        let rows = self.rows();
        if command.name.starts_with([']', '[']) {
            // All but `]p` put before (`:help [p`).
            let before = command.name != "]p";
            self.put_indented(&register, before, count);
        } else {
            let before = command.name.ends_with('P');
            let follow = command.name.starts_with('g');
            self.put(&register, before, follow, count);
        }
        self.report_rows(rows);
    }

    /// Puts text whose first line of its own gets the indentation of the cursor's, and the lines below
    /// it as much more or less (`:help ]p`).
    fn put_indented(&mut self, register: &crate::Register, before: bool, count: usize) {
        if register.text.len().saturating_mul(count) > MAX_PUT {
            return self.fail(OUT_OF_MEMORY);
        }
        if matches!(register.shape, Shape::Block(_)) {
            return self.put(register, before, false, count);
        }
        let row = self.row(self.cursor);
        let own = self.cell(self.first_non_blank_or_end(row));
        let mut text = register.text.repeat(count);
        if register.shape == Shape::Lines && !text.ends_with('\n') {
            text.push('\n');
        }
        // What goes into the cursor's line keeps its place.
        let kept = match register.shape {
            Shape::Lines => 0,
            _ => 1,
        };
        let mut shift = None;
        let mut moved = String::with_capacity(text.len());
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let content = line.strip_suffix('\n').unwrap_or(line);
            let rest = content.trim_start_matches([' ', '\t']);
            if index < kept || content.is_empty() {
                moved.push_str(line);
                continue;
            }
            let blanks = content[..content.len() - rest.len()].chars();
            let cells = blanks.fold(0, |cells, blank| cells + self.cells(blank, cells));
            let cells = match shift {
                None => {
                    shift = Some((cells, own));
                    own
                }
                Some((from, to)) => (cells + to).saturating_sub(from),
            };
            moved.push_str(&self.indent_of(cells));
            moved.push_str(&line[content.len() - rest.len()..]);
        }
        let register = crate::Register {
            text: moved,
            shape: register.shape,
        };
        self.put(&register, before, false, 1);
    }

    /// Puts text before or after the cursor, and the cursor onto it or, with `follow`, behind it.
    pub(crate) fn put(
        &mut self,
        register: &crate::Register,
        before: bool,
        follow: bool,
        count: usize,
    ) {
        if register.text.len().saturating_mul(count) > MAX_PUT {
            return self.fail(OUT_OF_MEMORY);
        }
        match register.shape {
            Shape::Lines => {
                let row = self.row(self.cursor);
                let mut new = register.text.repeat(count);
                if !new.ends_with('\n') {
                    new.push('\n');
                }
                let lines = new.matches('\n').count();
                let first = if before { row } else { row + 1 };
                self.insert_lines(first, &new);
                self.set_change_marks(self.line_start(first), self.line_start(first + lines - 1));
                self.cursor = if follow {
                    self.line_start((first + lines).min(self.rows() - 1))
                } else {
                    self.first_non_blank(first)
                };
                if follow && first + lines >= self.rows() {
                    self.cursor = self.last_in_row(self.rows() - 1);
                    self.cursor = self.line_start(self.row(self.cursor));
                }
            }
            Shape::Characters => {
                let new = register.text.repeat(count);
                if new.is_empty() {
                    return;
                }
                let line_end = self.line_end(self.row(self.cursor));
                let at = if before || self.cursor >= line_end {
                    self.cursor
                } else {
                    self.next(self.cursor)
                };
                self.replace(at..at, &new);
                let end = at + new.len();
                let multi = new.contains('\n');
                self.cursor = if follow {
                    end
                } else if multi {
                    at
                } else {
                    self.previous(end)
                };
                let last = self.previous(end);
                self.set_change_marks(at, last);
            }
            Shape::Block(width) => self.put_block(&register.text, width, before, follow, count),
        }
        if self.mode == Mode::Normal {
            self.clamp_cursor();
        }
        self.want_here();
    }

    /// Inserts whole lines so that the first becomes row `row`.
    pub(crate) fn insert_lines(&mut self, row: usize, lines: &str) {
        if row < self.rows() || self.text.char_before(self.text.len()) == Some('\n') {
            let at = if row < self.rows() {
                self.line_start(row)
            } else {
                self.text.len()
            };
            self.replace(at..at, lines);
        } else {
            let at = self.text.len();
            self.replace(at..at, &format!("\n{lines}"));
        }
    }

    fn put_block(&mut self, text: &str, width: usize, before: bool, follow: bool, count: usize) {
        let row = self.row(self.cursor);
        let start = self.cell(self.cursor);
        let on_character = self.cursor < self.line_end(row);
        let cell = match self
            .text
            .char_at(self.cursor)
            .filter(|_| on_character && !before)
        {
            Some(character) => start + self.cells(character, start),
            None => start,
        };
        let lines: Vec<&str> = text.split('\n').collect();
        let mut last = self.cursor;
        let mut first = None;
        for (index, line) in lines.iter().enumerate() {
            let target = row + index;
            if target >= self.rows() {
                self.insert_lines(target, "\n");
            }
            let range = self.line_range(target);
            let line_cells = self.cell(range.end);
            let padding = " ".repeat(cell.saturating_sub(line_cells));
            let at = if padding.is_empty() {
                self.at_cell(target, cell)
            } else {
                range.end
            };
            let at_end = at >= range.end;
            let cells: usize = line.chars().map(|character| self.cells(character, 0)).sum();
            let fill = " ".repeat(width.saturating_sub(cells));
            let mut new = padding.clone();
            for repeat in 0..count {
                new.push_str(line);
                if !(at_end && repeat + 1 == count) {
                    new.push_str(&fill);
                }
            }
            self.replace(at..at, &new);
            first.get_or_insert(at + padding.len());
            last = at + new.len();
        }
        let first = first.unwrap_or(self.cursor);
        self.cursor = if follow { last } else { first };
        let end = if last > 0 { self.previous(last) } else { last };
        self.set_change_marks(first, end);
    }
}
