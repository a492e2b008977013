//! Insert and replace mode.

use crate::awaited::Awaited;
use crate::command::Command;
use crate::vim::Dot;
use crate::{Key, Mode, Vim, VimContext};

/// What insert mode remembers between its first key and Escape.
#[derive(Debug, Clone)]
pub(crate) struct InsertSession {
    command: Command,
    keys: Vec<Key>,
    /// Where it began; CTRL-W and CTRL-U stop there once.
    pub start: usize,
    /// The rows below that take the same text, the cell, and whether at the end of the line.
    block: Option<(Vec<usize>, usize, bool)>,
    /// The first cell of that block.
    pub left: Option<usize>,
    /// Whether the indentation before the cursor was made by itself and nothing was typed after it.
    pub fresh_indent: bool,
    /// What replace mode typed over, for Backspace.
    replaced: Vec<Option<String>>,
    /// What the next key is for.
    pub(crate) awaited: Option<Awaited>,
    /// Arrows end what `.` and the count repeat.
    moved: bool,
}

impl InsertSession {
    /// The same session of another caret.
    pub(crate) fn at(&self, start: usize) -> Self {
        Self {
            start,
            block: None,
            ..self.clone()
        }
    }
}

impl Vim {
    pub(crate) fn start_insert(&mut self, command: &Command) {
        let mut repeated = command.clone();
        if repeated.name == "gi" {
            repeated.name = "i".into();
        }
        self.repeatable(&repeated);
        let row = self.row(self.cursor);
        match command.name.as_str() {
            "a" => self.cursor = self.forward_in_line(self.cursor, 1),
            "I" => self.cursor = self.first_non_blank_or_end(row),
            "gI" => self.cursor = self.line_start(row),
            "A" => self.cursor = self.line_end(row),
            "gi" => {
                if let Some(point) = self.marks.get(&'^').copied() {
                    self.cursor = self.text.point_to_offset(point).min(self.text.len());
                    let row = self.row(self.cursor).min(self.rows() - 1);
                    self.cursor = self.cursor.min(self.line_end(row));
                }
            }
            "o" | "O" => {
                self.open(command.name == "o");
                self.start_session(command, None);
                let indented = self.cursor > self.line_start(self.row(self.cursor));
                if let Some(session) = &mut self.insert {
                    session.fresh_indent = indented;
                }
                return;
            }
            _ => {}
        }
        self.start_session(command, None);
        if command.name == "R" {
            self.mode = Mode::Replace;
        }
    }

    /// Opens a line with the indentation of the cursor's line.
    fn open(&mut self, below: bool) {
        let row = self.row(self.cursor);
        let indent = if self.options.autoindent {
            self.indent_text(row, usize::MAX)
        } else {
            String::new()
        };
        if below {
            if self.line_end(row) >= self.text.len() {
                let at = self.text.len();
                self.replace(at..at, &format!("\n{indent}\n"));
            } else {
                let at = self.line_end(row);
                self.replace(at..at, &format!("\n{indent}"));
            }
            self.cursor = self.line_start(row + 1) + indent.len();
        } else {
            let at = self.line_start(row);
            self.replace(at..at, &format!("{indent}\n"));
            self.cursor = at + indent.len();
        }
        self.set_change_marks(self.cursor, self.cursor);
    }

    pub(crate) fn start_session(
        &mut self,
        command: &Command,
        block: Option<(Vec<usize>, usize, bool)>,
    ) {
        self.mode = Mode::Insert;
        self.insert = Some(InsertSession {
            command: command.clone(),
            keys: Vec::new(),
            start: self.cursor,
            block,
            left: None,
            fresh_indent: false,
            replaced: Vec::new(),
            awaited: None,
            moved: false,
        });
        self.want_here();
    }

    /// Goes on after the one command of CTRL-O.
    pub(crate) fn resume_insert(&mut self) {
        let command = Command {
            name: "i".into(),
            ..Command::default()
        };
        self.repeatable(&command);
        self.start_session(&command, None);
    }

    pub(crate) fn insert_key(&mut self, key: Key, context: &dyn VimContext) {
        let Some(mut session) = self.insert.take() else {
            self.mode = Mode::Normal;
            return;
        };
        if matches!(key, Key::Escape | Key::Ctrl('c'))
            && matches!(session.awaited, Some(Awaited::Code { .. }))
        {
            self.end_code(&mut session);
        }
        match key {
            Key::Escape | Key::Ctrl('c') if session.awaited.is_none() => {
                self.finish_insert(session, key == Key::Escape, context);
                return;
            }
            Key::Ctrl('o') if session.awaited.is_none() => {
                self.one_command = true;
                self.remember_keys(&session);
                self.mode = Mode::Normal;
                self.flush();
                self.undo_step = None;
                return;
            }
            _ => {}
        }
        session.keys.push(key);
        self.type_key(&mut session, key, context);
        self.insert = Some(session);
    }

    fn remember_keys(&mut self, session: &InsertSession) {
        if self.dot_running {
            return;
        }
        if session.moved {
            self.dot = Some(Dot {
                command: Command {
                    name: "i".into(),
                    ..Command::default()
                },
                keys: session.keys.clone(),
                visual: None,
            });
        } else if let Some(dot) = &mut self.dot {
            dot.keys.clone_from(&session.keys);
        }
    }

    fn finish_insert(
        &mut self,
        mut session: InsertSession,
        repeat: bool,
        context: &dyn VimContext,
    ) {
        self.remember_keys(&session);
        let inserted = session.start.min(self.cursor)..self.cursor;
        self.last_inserted = Some(self.text.slice(inserted).into_owned());
        let count = session.command.count.unwrap_or(1);
        let counted = matches!(
            session.command.name.as_str(),
            "i" | "a" | "I" | "A" | "o" | "O" | "R" | "gi" | "gI"
        ) && session.command.operator.is_none()
            && session.block.is_none();
        if repeat && counted && !session.moved {
            let keys = session.keys.clone();
            for _ in 1..count {
                if matches!(session.command.name.as_str(), "o" | "O") {
                    self.strip_fresh_indent(&mut session);
                    self.open(true);
                    session.fresh_indent = self.cursor > self.line_start(self.row(self.cursor));
                }
                for key in &keys {
                    self.type_key(&mut session, *key, context);
                }
                self.end_code(&mut session);
            }
        }
        self.strip_fresh_indent(&mut session);
        if let Some((rows, cell, append)) = session.block.take()
            && self.row(self.cursor) == self.row(session.start)
            && self.cursor > session.start
        {
            let typed = self.text.slice(session.start..self.cursor).into_owned();
            let first = self.row(session.start);
            let count = self.rows();
            for row in rows.into_iter().filter(|row| *row > first && *row < count) {
                let end = self.line_end(row);
                let at = if append && cell == usize::MAX {
                    end
                } else {
                    self.at_cell(row, cell)
                };
                let missing = if cell == usize::MAX {
                    0
                } else {
                    cell.saturating_sub(self.cell(end))
                };
                if missing > 0 && !append {
                    continue;
                }
                self.replace(at..at, &format!("{}{typed}", " ".repeat(missing)));
            }
            self.cursor = session.start;
            let point = self.text.offset_to_point(self.cursor);
            self.marks.insert('^', point);
            self.mode = Mode::Normal;
            if append {
                self.cursor = self.at_cell(first, session.left.unwrap_or(0));
            }
            self.clamp_cursor();
            self.want_here();
            self.command_ended();
            return;
        }
        let point = self.text.offset_to_point(self.cursor);
        self.marks.insert('^', point);
        self.mode = Mode::Normal;
        if self.cursor > self.line_start(self.row(self.cursor)) {
            self.cursor = self.previous(self.cursor);
        }
        self.clamp_cursor();
        self.want_here();
        self.command_ended();
    }

    /// Indentation that came by itself goes again where nothing was typed after it.
    fn strip_fresh_indent(&mut self, session: &mut InsertSession) {
        if !std::mem::take(&mut session.fresh_indent) {
            return;
        }
        let row = self.row(self.cursor);
        let range = self.line_range(row);
        if self.cursor == range.end && self.first_non_blank_or_end(row) == range.end {
            self.replace(range.clone(), "");
            self.cursor = range.start;
        }
    }

    pub(crate) fn type_text(&mut self, session: &mut InsertSession, new: &str) {
        session.fresh_indent = false;
        let at = self.cursor;
        if self.mode == Mode::Replace {
            let end = self.line_end(self.row(at));
            if at < end {
                let over = at..self.next(at);
                session
                    .replaced
                    .push(Some(self.text.slice(over.clone()).into_owned()));
                self.replace(over, new);
            } else {
                session.replaced.push(None);
                self.replace(at..at, new);
            }
        } else {
            self.replace(at..at, new);
        }
        self.cursor = at + new.len();
        self.set_change_marks(session.start.min(at), self.cursor);
        let point = self.text.offset_to_point(at);
        self.note_change(point);
    }

    fn type_key(&mut self, session: &mut InsertSession, key: Key, context: &dyn VimContext) {
        if let Some(awaited) = session.awaited.take()
            && !self.take_awaited(session, awaited, key, context)
        {
            return;
        }
        match key {
            Key::Char(character) => self.type_text(session, character.encode_utf8(&mut [0; 4])),
            Key::Tab => {
                if self.options.expandtab {
                    let step = self.options.tabstop.max(1) as usize;
                    let cells = step - self.cell(self.cursor) % step;
                    self.type_text(session, &" ".repeat(cells));
                } else {
                    self.type_text(session, "\t");
                }
            }
            Key::Enter | Key::Ctrl('j') => self.type_newline(session),
            Key::Backspace | Key::Ctrl('h') => self.delete_back(session, 'h'),
            Key::Ctrl(how @ ('w' | 'u')) => {
                // Neovim's own default mapping begins a new step of undo here.
                self.flush();
                self.undo_step = None;
                self.delete_back(session, how);
            }
            Key::Ctrl('r') => session.awaited = Some(Awaited::Register),
            Key::Ctrl('v') => session.awaited = Some(Awaited::Literal),
            Key::Ctrl('k') => session.awaited = Some(Awaited::Digraph(None)),
            Key::Ctrl('t' | 'd') => {
                let row = self.row(self.cursor);
                let indent_end = self.first_non_blank_or_end(row);
                let cells = self.cell(indent_end);
                let step = self.options.shift().max(1) as usize;
                let target = if key == Key::Ctrl('t') {
                    (cells / step + 1) * step
                } else {
                    cells.div_ceil(step).saturating_sub(1) * step
                };
                let behind = self.cursor.saturating_sub(indent_end);
                self.set_indent(row, target);
                self.cursor = self.first_non_blank_or_end(row) + behind;
                if key == Key::Ctrl('t') || target == 0 {
                    session.fresh_indent = false;
                }
            }
            Key::Ctrl('e' | 'y') => {
                let row = self.row(self.cursor);
                let other = if key == Key::Ctrl('e') {
                    Some(row + 1).filter(|row| *row < self.rows())
                } else {
                    row.checked_sub(1)
                };
                if let Some(other) = other {
                    let at = self.at_cell(other, self.cell(self.cursor));
                    if at < self.line_end(other)
                        && let Some(character) = self.text.char_at(at)
                    {
                        self.type_text(session, character.encode_utf8(&mut [0; 4]));
                    }
                }
            }
            Key::Delete => {
                let row = self.row(self.cursor);
                if self.cursor < self.line_end(row) {
                    self.replace(self.cursor..self.next(self.cursor), "");
                } else if row + 1 < self.rows() {
                    self.replace(self.cursor..self.cursor + 1, "");
                }
                session.fresh_indent = false;
            }
            Key::Left | Key::Right | Key::Up | Key::Down | Key::Home | Key::End => {
                let row = self.row(self.cursor);
                let range = self.line_range(row);
                let cell = self.cell(self.cursor);
                let mut vertical = false;
                let moved = match key {
                    Key::Left if self.cursor > range.start => self.previous(self.cursor),
                    Key::Right if self.cursor < range.end => self.next(self.cursor),
                    Key::Home => range.start,
                    Key::End => range.end,
                    Key::Up | Key::Down => {
                        vertical = true;
                        if !session.moved {
                            self.want = crate::vim::Want::Cell(cell);
                        }
                        let target = if key == Key::Up {
                            row.checked_sub(1)
                        } else {
                            Some(row + 1)
                        };
                        match target.filter(|row| *row < self.rows()) {
                            Some(target) => match self.want {
                                crate::vim::Want::Cell(cell) => self.at_cell(target, cell),
                                crate::vim::Want::End => self.line_end(target),
                            },
                            None => self.cursor,
                        }
                    }
                    _ => self.cursor,
                };
                self.strip_fresh_indent_before(session, moved, row);
                if !vertical {
                    self.cursor = moved.min(self.text.len());
                    self.want = if key == Key::End {
                        crate::vim::Want::End
                    } else {
                        crate::vim::Want::Cell(self.cell(self.cursor))
                    };
                }
                session.moved = true;
                session.keys.clear();
                session.start = self.cursor;
                session.replaced.clear();
                session.block = None;
                self.flush();
                self.undo_step = None;
            }
            _ => {}
        }
    }

    fn strip_fresh_indent_before(&mut self, session: &mut InsertSession, to: usize, row: usize) {
        let target = self.text.offset_to_point(to);
        let strips = session.fresh_indent;
        self.strip_fresh_indent(session);
        self.cursor = if strips && target.row as usize == row {
            self.line_start(row)
        } else {
            self.text.point_to_offset(target)
        };
    }

    pub(crate) fn type_newline(&mut self, session: &mut InsertSession) {
        let row = self.row(self.cursor);
        if self.mode == Mode::Replace {
            session.replaced.push(None);
        }
        let indent = if self.options.autoindent {
            self.indent_text(row, self.cursor)
        } else {
            String::new()
        };
        let before = self.cursor;
        let fresh = session.fresh_indent;
        self.strip_fresh_indent(session);
        let at = if fresh { self.cursor } else { before };
        let mut end = at;
        if self.options.autoindent {
            let line_end = self.line_end(row);
            while end < line_end && matches!(self.text.char_at(end), Some(' ' | '\t')) {
                end += 1;
            }
        }
        let line_end = self.line_end(row);
        let closes = end >= line_end && line_end >= self.text.len();
        let new = if closes {
            format!("\n{indent}\n")
        } else {
            format!("\n{indent}")
        };
        self.replace(at..end, &new);
        self.cursor = at + 1 + indent.len();
        session.fresh_indent = !indent.is_empty();
    }

    /// Backspace, CTRL-W and CTRL-U.
    fn delete_back(&mut self, session: &mut InsertSession, how: char) {
        session.fresh_indent = false;
        let row = self.row(self.cursor);
        let line = self.line_start(row);
        if self.cursor == line {
            if row == 0 || self.mode == Mode::Replace {
                if self.mode == Mode::Replace && row > 0 && !session.replaced.is_empty() {
                    session.replaced.pop();
                    self.replace(line - 1..line, "");
                    self.cursor = line - 1;
                }
                return;
            }
            self.replace(line - 1..line, "");
            self.cursor = line - 1;
            session.start = session.start.min(self.cursor);
            return;
        }
        let mut to = match how {
            'h' => self.previous(self.cursor),
            'u' => {
                let indent = self.first_non_blank_or_end(row);
                if indent < self.cursor && self.options.autoindent {
                    indent
                } else {
                    line
                }
            }
            _ => {
                let mut at = self.cursor;
                let blank = |c: Option<char>| matches!(c, Some(' ' | '\t'));
                while at > line && blank(self.text.char_before(at)) {
                    at = self.previous(at);
                }
                let word = |c: char| c == '_' || c.is_alphanumeric();
                if at > line
                    && let Some(last) = self.text.char_before(at)
                {
                    while at > line
                        && self
                            .text
                            .char_before(at)
                            .is_some_and(|c| !matches!(c, ' ' | '\t') && word(c) == word(last))
                    {
                        at = self.previous(at);
                    }
                }
                at
            }
        };
        if how != 'h' && session.start < self.cursor && to < session.start {
            to = session.start.max(line);
        }
        if self.mode == Mode::Replace {
            while self.cursor > to {
                let Some(old) = session.replaced.pop() else {
                    self.cursor = self.previous(self.cursor);
                    continue;
                };
                let at = self.previous(self.cursor);
                self.replace(at..self.cursor, old.as_deref().unwrap_or(""));
                self.cursor = at;
            }
            return;
        }
        self.replace(to..self.cursor, "");
        self.cursor = to;
        session.start = session.start.min(to);
    }
}
