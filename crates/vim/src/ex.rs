//! The command line: `:` commands and the patterns after `/` and `?`.

use std::time::Duration;

use editor_core::StateAt;

use crate::command::Command;
use crate::ex_line::{ExLine, LineRange};
use crate::motion::{Motion, Span};
use crate::operator::Extent;
use crate::options::elsewhere;
use crate::search_offset::typed_searches;
use crate::undo::Waiting;
use crate::{Effect, ExCommand, Key, Mode, Register, Shape, Vim, VimContext};

/// What is said where lines were to go through a program.
const NO_PROGRAMS: &str = "E23: Kiln runs no programs from here: use the terminal";

impl Vim {
    /// Whether the line being typed holds commands and no search.
    pub(crate) fn is_ex_line(&self) -> bool {
        self.line.as_ref().is_some_and(|line| line.prompt == ':')
    }

    pub(crate) fn line_key(&mut self, key: Key, context: &dyn VimContext) {
        let Some(mut line) = self.line.take() else {
            self.mode = Mode::Normal;
            return;
        };
        // What the key before asks for may be any.
        if let Some(awaited) = line.awaited.take()
            && !self.take_awaited_in_line(&mut line, awaited, key, context)
        {
            self.line = Some(line);
            return;
        }
        match key {
            Key::Enter => {
                self.lines.remember(line.prompt, &line.text);
                self.mode = line.visual.unwrap_or(Mode::Normal);
                if line.prompt == ':' {
                    self.mode = Mode::Normal;
                    // For `:j`.
                    self.comments = match line.text.contains('j') {
                        true => context.comment_marks(&self.text, self.cursor),
                        false => None,
                    };
                    // For `:set`.
                    self.elsewhere = match line.text.contains("se") {
                        true => elsewhere(context),
                        false => Vec::new(),
                    };
                    self.run_line(&line.text);
                    if !self.mode.is_insert() {
                        self.clamp_cursor();
                    }
                } else {
                    self.finish_search(&line.text, line.prompt, &line.command, context);
                }
                self.command_ended();
                return;
            }
            Key::Escape | Key::Ctrl('c') => {
                self.lines.remember(line.prompt, &line.text);
                self.mode = line
                    .visual
                    .filter(|_| line.prompt != ':')
                    .unwrap_or(Mode::Normal);
                self.command_ended();
                return;
            }
            Key::Backspace | Key::Ctrl('h') if line.text.is_empty() => {
                self.mode = line
                    .visual
                    .filter(|_| line.prompt != ':')
                    .unwrap_or(Mode::Normal);
                self.command_ended();
                return;
            }
            key => self.edit_line(&mut line, key),
        }
        self.line = Some(line);
    }

    fn finish_search(
        &mut self,
        typed: &str,
        prompt: char,
        command: &Command,
        context: &dyn VimContext,
    ) {
        let searches = match typed_searches(typed, prompt) {
            Ok(searches) => searches,
            Err(words) => return self.fail(&words),
        };
        let from = self.cursor;
        let count = command.count.unwrap_or(1);
        let mut takes_end = false;
        let mut found = None;
        for search in searches {
            let Some(pattern) = self.pattern_or_last(search.pattern) else {
                return;
            };
            self.search = Some((pattern, search.forward));
            if let Some(offset) = search.offset {
                self.offset = offset;
            }
            let place = found.map_or(from, |(to, _)| to);
            found = self.search_from(place, count, true);
            if found.is_none() {
                return;
            }
            takes_end |= self.offset.from_end;
        }
        let Some((to, mut span)) = found else { return };
        if takes_end && span == Span::Exclusive {
            span = Span::Inclusive;
        }
        self.jump();
        if command.operator.is_none() {
            self.go_to(&Motion {
                from,
                to,
                span,
                want: None,
                numbered: true,
                object: false,
            });
            return;
        }
        // The operator takes what lies between, as it does with `n`.
        let mut command = command.clone();
        command.name = "n".to_owned();
        self.cursor = from;
        self.found = Some((to, span));
        let region = self.region(&command, context);
        self.found = None;
        if let Some(region) = region {
            self.apply_operator(&command, region, context);
        }
    }

    fn run_line(&mut self, line: &str) {
        self.last_line = Some(line.to_owned());
        self.run_command(line);
    }

    /// Runs the commands of a line, parted by `|`, up to the first that fails (`:help :bar`).
    pub(crate) fn run_command(&mut self, line: &str) {
        let mut rest = Some(line);
        while let Some(line) = rest {
            let (command, next) = self.first_command(line);
            let errors = self.errors();
            self.run_one(command);
            let Some(following) = next.filter(|_| self.errors() == errors) else {
                return;
            };
            if let Some(confirm) = &mut self.confirm {
                // They are for when all is answered.
                confirm.following = Some(following.to_owned());
                return;
            }
            if self.is_waiting() {
                // They are for the text that comes back.
                let keys = following.chars().map(Key::Char);
                let keys: Vec<Key> = [Key::Char(':')].into_iter().chain(keys).collect();
                self.queue.push_front(Key::Enter);
                for key in keys.into_iter().rev() {
                    self.queue.push_front(key);
                }
                return;
            }
            // What comes next, in the program too, finds the text and the cursor as they are now.
            self.flush();
            if !self.mode.is_insert() {
                self.clamp_cursor();
            }
            rest = Some(following);
        }
    }

    /// How many commands have failed with words since the key.
    fn errors(&self) -> usize {
        let is_error = |effect: &&Effect| matches!(effect, Effect::Message(it) if it.is_error);
        self.effects.iter().filter(is_error).count()
    }

    fn run_one(&mut self, command: ExLine<'_>) {
        let ExLine {
            line,
            range,
            name,
            arguments,
        } = command;
        let lines = match range {
            Ok(lines) => lines,
            Err(words) => return self.fail(&words),
        };
        let arguments: &str = &arguments;
        let force = arguments.starts_with('!');
        let arguments_after = if force { &arguments[1..] } else { arguments };
        let argument = arguments_after.trim();
        let row = self.row(self.cursor).min(self.rows() - 1);
        let range = lines.map(LineRange::rows);
        let (first, last) = range.unwrap_or((row, row));
        let program =
            |vim: &mut Self, command: ExCommand| vim.effects.push(Effect::Command(command));
        let path = (!argument.is_empty()).then(|| argument.to_owned());
        match name {
            "" if force => self.fail(NO_PROGRAMS),
            "" => {
                if let Some((_, last)) = range {
                    self.jump();
                    self.cursor = self.at_want(last.min(self.rows() - 1));
                }
            }
            "write" | "update" => self.write_command(range, path, force),
            "saveas" => match path {
                Some(path) => program(self, ExCommand::SaveAs { path, force }),
                None => self.fail("E471: Argument required"),
            },
            "wall" => program(self, ExCommand::WriteAll),
            "quit" | "close" => program(self, ExCommand::Quit { force }),
            // The tab that shows a buffer, which goes with the last of them.
            "bdelete" | "bwipeout" | "tabclose" if path.is_none() => {
                program(self, ExCommand::Quit { force });
            }
            "qall" | "quitall" => program(self, ExCommand::QuitAll { force }),
            "wq" | "xit" | "exit" if path.is_some() => {
                self.fail("E488: Trailing characters: write to the file with :w PATH, then :q");
            }
            "wq" | "xit" | "exit" => program(self, ExCommand::WriteQuit),
            "wqall" | "xall" => program(self, ExCommand::WriteQuitAll),
            "edit" => program(self, ExCommand::Edit { path, force }),
            "read" if argument.starts_with('!') || force => {
                self.fail(NO_PROGRAMS);
            }
            "read" => {
                let below = lines.map_or(row + 1, |lines| lines.last);
                program(self, ExCommand::Read { path, below });
            }
            "undo" | "redo" if argument.is_empty() => {
                self.undo(1, name.starts_with('u'), Waiting::Other);
            }
            "undo" => match argument.parse() {
                Ok(number) => self.go_to_state(StateAt::Number(number)),
                Err(_) => self.fail("E488: Trailing characters"),
            },
            "earlier" | "later" => match state_of(name, argument) {
                Some(at) => self.go_to_state(at),
                None => self.fail(&format!("E475: Invalid argument: {argument}")),
            },
            "undolist" => program(self, ExCommand::UndoList),
            "tabnew" | "tabedit" if path.is_some() => {
                program(self, ExCommand::Edit { path, force: false });
            }
            "enew" | "new" | "tabnew" | "tabedit" if path.is_none() => {
                program(self, ExCommand::Other("workspace.newFile".to_owned()));
            }
            "ls" | "buffers" | "files" if path.is_none() => {
                program(self, ExCommand::Other("workbench.showTabs".to_owned()));
            }
            "split" => program(self, ExCommand::Split { vertical: false }),
            "vsplit" => program(self, ExCommand::Split { vertical: true }),
            "only" => {
                let id = "workbench.action.joinAllGroups".to_owned();
                program(self, ExCommand::Other(id));
            }
            "buffer" => {
                if let Some(name) = path {
                    program(self, ExCommand::Buffer(name));
                }
            }
            "bnext" | "tabnext" => program(self, ExCommand::NextTab),
            "bNext" | "bprevious" | "tabNext" | "tabprevious" => {
                program(self, ExCommand::PreviousTab);
            }
            "registers" | "display" => self.list_registers(argument),
            "marks" => self.list_marks(argument),
            "jumps" if argument.is_empty() => self.list_jumps(),
            "changes" if argument.is_empty() => self.list_changes(),
            "nohlsearch" => self.effects.push(Effect::Highlight(false)),
            "global" | "vglobal" => {
                let (first, last) = range.unwrap_or((0, self.rows() - 1));
                let invert = force || name.starts_with('v');
                self.global_command(first, last, arguments_after.trim_start(), invert);
            }
            "set" | "setlocal" => self.set_options(argument),
            "retab" => {
                self.retab(range.unwrap_or((0, self.rows() - 1)), argument, force);
            }
            "delete" | "yank" => {
                let (register, count) = register_and_count(argument);
                let (first, last) = match count {
                    Some(count) => (last, (last + count - 1).min(self.rows() - 1)),
                    None => (first, last),
                };
                let region =
                    self.region_of(self.line_start(first)..self.line_end(last), Extent::Lines);
                let content = self.content(&region);
                if name.starts_with('y') {
                    self.report_yank(&region, register);
                    self.registers.yanked(register, content.clone());
                    self.export(register, &content);
                    return;
                }
                if self.has_no_line() {
                    return;
                }
                // Where `u` brings it back to.
                self.cursor = self.at_want(first);
                self.registers.deleted(register, content.clone(), false);
                self.export(register, &content);
                let rows = self.rows();
                self.delete_rows(first, last);
                self.report_rows(rows);
                self.cursor = self.first_non_blank(first.min(self.rows() - 1));
                self.want_here();
            }
            "move" | "t" | "copy" => {
                let mut target = argument;
                let to = match self.read_address(&mut target, row) {
                    Ok(Some(to)) => to,
                    Ok(None) | Err(_) => return self.fail("E16: Invalid range"),
                };
                self.move_or_copy(first, last, to, name.starts_with('m'));
            }
            "join" => {
                let last = if range.is_none() || first == last {
                    last + 1
                } else {
                    last
                };
                if last >= self.rows() {
                    return self.beep();
                }
                self.cursor = self.line_start(first);
                let comments = self.comments.clone();
                self.join(first, last, !force, comments.as_ref());
                self.cursor = self.first_non_blank(first);
                self.want_here();
            }
            ">" | "<" => {
                let levels = 1 + argument
                    .chars()
                    .take_while(|c| name.starts_with(*c))
                    .count();
                self.cursor = self.at_want(first);
                let before = self.text.len();
                self.shift(first, last, name == ">", levels);
                self.report_shift(last - first + 1, name == ">", levels);
                if self.text.len() == before {
                    self.cursor = self.at_want(last);
                } else {
                    self.cursor = self.first_non_blank(last);
                    self.want_here();
                }
            }
            "substitute" => self.substitute_command(first, last, arguments),
            "&" => self.repeat_substitute(),
            "sort" => self.sort(range, argument, force),
            "normal" => {
                let keys: Vec<Key> = arguments_after
                    .trim_start()
                    .chars()
                    .map(Key::from_char)
                    .collect();
                let escape = [Key::Escape];
                let mut all = Vec::new();
                if range.is_some() {
                    // Each line in its turn, from the last up, so that rows stay what they are.
                    for row in first..=last {
                        all.extend(format!("{}G0", row + 1).chars().map(Key::Char));
                        all.extend(keys.iter().copied());
                        all.extend(escape);
                    }
                } else {
                    all.extend(keys);
                    all.extend(escape);
                }
                for key in all.into_iter().rev() {
                    self.queue.push_front(key);
                }
            }
            other => {
                if other.is_empty() || !argument.is_empty() {
                    return self.fail(&format!("E492: Not an editor command: {line}"));
                }
                program(self, ExCommand::Other(other.to_owned()));
            }
        }
    }

    /// `:w`: the text to its file, or some lines to another one.
    fn write_command(&mut self, range: Option<(usize, usize)>, path: Option<String>, force: bool) {
        let is_all = range.is_none_or(|range| range == (0, self.rows() - 1));
        let command = match path {
            None if is_all => ExCommand::Write,
            // The rest of the file would be gone.
            None => return self.fail("E140: A part of the text goes to another file: :w PATH"),
            Some(path) if path.starts_with('!') => return self.fail(NO_PROGRAMS),
            Some(path) if path.starts_with(">>") => {
                return self.fail("E494: Kiln adds to no file from here: use :w PATH");
            }
            Some(path) => ExCommand::WriteTo {
                path,
                force,
                rows: range.filter(|_| !is_all),
            },
        };
        self.effects.push(Effect::Command(command));
    }

    fn move_or_copy(&mut self, first: usize, last: usize, to: usize, moves: bool) {
        if to > self.rows() {
            return self.fail("E16: Invalid range");
        }
        if moves && to > first && to <= last {
            return self.fail("E134: Cannot move a range of lines into itself");
        }
        let mut lines = self
            .text
            .slice(self.line_start(first)..self.line_end(last))
            .into_owned();
        lines.push('\n');
        let count = last - first + 1;
        if moves {
            if to == first || to == last + 1 {
                self.cursor = self.at_want(last);
                return;
            }
            self.cursor = self.line_start(first);
            self.insert_lines(to, &lines);
            let removed = if to <= first { first + count } else { first };
            self.delete_rows(removed, removed + count - 1);
            let end = if to <= first { to + count - 1 } else { to - 1 };
            self.cursor = self.at_want(end);
            self.report_lines(count, "moved");
        } else {
            self.cursor = self.line_start(first);
            let rows = self.rows();
            self.insert_lines(to, &lines);
            self.report_rows(rows);
            self.cursor = self.at_want(to + count - 1);
        }
    }

    fn sort(&mut self, range: Option<(usize, usize)>, argument: &str, reverse: bool) {
        let (first, last) = range.unwrap_or((0, self.rows() - 1));
        let mut lines: Vec<String> = (first..=last)
            .map(|row| self.text.line(row).into_owned())
            .collect();
        let flags: Vec<char> = argument.chars().filter(|c| !c.is_whitespace()).collect();
        if flags.iter().any(|flag| !"iun".contains(*flag)) {
            return self.fail("E474: Invalid argument");
        }
        let ignore = flags.contains(&'i');
        let numeric = flags.contains(&'n');
        let text_key = |line: &str| {
            if ignore {
                line.to_lowercase()
            } else {
                line.to_owned()
            }
        };
        let number = |line: &str| -> Option<i64> {
            let digits: Vec<char> = line.chars().collect();
            let at = digits.iter().position(char::is_ascii_digit)?;
            let negative = at > 0 && digits[at - 1] == '-';
            let value: String = digits[at..]
                .iter()
                .take_while(|c| c.is_ascii_digit())
                .collect();
            let value = value.parse::<i64>().unwrap_or(i64::MAX);
            Some(if negative { -value } else { value })
        };
        let compare = |a: &String, b: &String| {
            if numeric {
                number(a).cmp(&number(b))
            } else {
                text_key(a).cmp(&text_key(b))
            }
        };
        lines.sort_by(compare);
        if reverse {
            // Lines that are equal keep their order.
            lines.sort_by(|a, b| compare(b, a));
        }
        if flags.contains(&'u') {
            lines.dedup_by(|a, b| compare(a, b).is_eq());
        }
        self.cursor = self.line_start(first);
        let new = lines.join("\n");
        let range = self.line_start(first)..self.line_end(last);
        if *self.text.slice(range.clone()) != new {
            let rows = self.rows();
            self.replace(range, &new);
            self.report_rows(rows);
        }
        self.cursor = self.first_non_blank(first);
        self.want_here();
    }
}

fn register_and_count(argument: &str) -> (Option<char>, Option<usize>) {
    let mut rest = argument;
    let mut register = None;
    if let Some(first) = rest.chars().next()
        && !first.is_ascii_digit()
    {
        register = Some(first);
        rest = rest[first.len_utf8()..].trim_start();
    }
    (
        register,
        rest.parse::<usize>().ok().filter(|count| *count > 0),
    )
}

/// What `:earlier` and `:later` name: so many states, or seconds, minutes, hours, days or saves.
fn state_of(name: &str, argument: &str) -> Option<StateAt> {
    let digits = argument.trim_end_matches(|c: char| !c.is_ascii_digit());
    let count = match digits {
        "" if argument.is_empty() => 1,
        digits => digits.parse::<u32>().ok()?,
    };
    let earlier = name.starts_with('e');
    let seconds = match &argument[digits.len()..] {
        "" if earlier => return Some(StateAt::Earlier(count as usize)),
        "" => return Some(StateAt::Later(count as usize)),
        "f" if earlier => return Some(StateAt::SavesEarlier(count as usize)),
        "f" => return Some(StateAt::SavesLater(count as usize)),
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    let time = Duration::from_secs(u64::from(count) * seconds);
    Some(match earlier {
        true => StateAt::EarlierBy(time),
        false => StateAt::LaterBy(time),
    })
}

/// For commands that make a register of lines.
impl From<String> for Register {
    fn from(text: String) -> Self {
        let shape = if text.ends_with('\n') {
            Shape::Lines
        } else {
            Shape::Characters
        };
        Self { text, shape }
    }
}
