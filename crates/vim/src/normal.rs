//! The commands of normal mode that are no operators.

use editor_core::StateAt;

use crate::command::Command;
use crate::operator::Region;
use crate::undo::Waiting;
use crate::vim::{CommandLine, Dot};
use crate::{Effect, ExCommand, Key, Mode, Scroll, Vim, VimContext};

impl Vim {
    pub(crate) fn normal_command(&mut self, command: Command, context: &dyn VimContext) {
        let count = command.count.unwrap_or(1);
        if command.operator.is_some() {
            self.operator_command(command, context);
            return;
        }
        let rewritten = match command.name.as_str() {
            "x" => Some(("d", "l")),
            "X" => Some(("d", "h")),
            "D" => Some(("d", "$")),
            "C" => Some(("c", "$")),
            "s" => Some(("c", "l")),
            "S" => Some(("c", "line")),
            // Neovim's own default mapping.
            "Y" => Some(("y", "$")),
            _ => None,
        };
        if let Some((operator, motion)) = rewritten {
            let mut command = command;
            command.operator = Some(operator.to_owned());
            command.name = motion.to_owned();
            self.operator_command(command, context);
            return;
        }
        match command.name.as_str() {
            "i" | "a" | "I" | "A" | "o" | "O" | "gi" | "gI" | "R" => self.start_insert(&command),
            "v" => self.enter_visual(Mode::Visual, command.count),
            "V" => self.enter_visual(Mode::VisualLine, command.count),
            "\u{16}" => self.enter_visual(Mode::VisualBlock, command.count),
            "gv" => self.reselect(),
            "gn" | "gN" => self.select_match(&command),
            "u" => self.undo(count, true, Waiting::Key),
            "\u{12}" => self.undo(count, false, Waiting::Key),
            "g-" => self.go_to_state(StateAt::Earlier(count)),
            "g+" => self.go_to_state(StateAt::Later(count)),
            "U" => self.undo_line(),
            "p" | "P" | "gp" | "gP" | "]p" | "[p" | "]P" | "[P" => {
                self.put_command(&command, context);
                self.repeatable(&command);
            }
            "r" => {
                if self.replace_characters(&command, count) {
                    self.repeatable(&command);
                } else {
                    self.beep();
                }
            }
            "~" => {
                let line = self.line_range(self.row(self.cursor));
                if line.is_empty() {
                    self.beep();
                    return;
                }
                let end = self.forward_in_line(self.cursor, count);
                self.change_case("g~", self.cursor..end);
                self.cursor = end;
                self.clamp_cursor();
                self.want_here();
                self.repeatable(&command);
            }
            "J" | "gJ" => {
                let row = self.row(self.cursor);
                let lines = count.max(2);
                if row + 1 >= self.rows() {
                    if lines > 2 {
                        self.repeatable(&command);
                        self.cursor = self.line_start(row);
                        self.want_here();
                    }
                    self.beep();
                    return;
                }
                let last = (row + lines - 1).min(self.rows() - 1);
                let comments = context.comment_marks(&self.text, self.cursor);
                self.join(row, last, command.name == "J", comments.as_ref());
                self.repeatable(&command);
            }
            "\u{1}" | "\u{18}" => {
                let sign = if command.name == "\u{1}" { 1 } else { -1 };
                let amount = i64::try_from(count).unwrap_or(1) * sign;
                self.repeatable(&command);
                if !self.add_at(self.cursor, amount) {
                    self.beep();
                }
            }
            "." => self.repeat(command.count, context),
            "m" => {
                let point = self.text.offset_to_point(self.cursor);
                match command.argument {
                    Some('`' | '\'') => self.jump(),
                    Some(name) if name.is_ascii_alphabetic() || "[]<>".contains(name) => {
                        self.marks.insert(name, point);
                    }
                    _ => self.beep(),
                }
            }
            "q" => match (self.recording.take(), command.argument) {
                (Some((name, mut keys)), _) => {
                    keys.pop();
                    let text: String = keys.iter().map(|key| key.to_char()).collect();
                    let content = crate::Register {
                        text,
                        shape: crate::Shape::Characters,
                    };
                    if name.is_ascii_uppercase() {
                        self.registers.set(name, content);
                    } else {
                        self.registers.set_silently(name, content);
                    }
                }
                (None, Some(name)) if name.is_ascii_alphanumeric() || name == '"' => {
                    self.recording = Some((name, Vec::new()));
                }
                _ => self.beep(),
            },
            "@" => self.run_macro(command.argument.unwrap_or('@'), count, context),
            "&" => self.repeat_substitute(),
            "g&" => self.repeat_substitute_everywhere(),
            ":" | "/" | "?" => self.open_line(command),
            "ZZ" => self.effects.push(Effect::Command(ExCommand::WriteQuit)),
            "ZQ" => self
                .effects
                .push(Effect::Command(ExCommand::Quit { force: true })),
            "gd" | "\u{1d}" => self
                .effects
                .push(Effect::Command(ExCommand::GoToDefinition)),
            name if name.starts_with('\u{17}') => self.window_command(name),
            "zo" => self.program_command("editor.unfold"),
            "zO" => self.program_command("editor.unfoldRecursively"),
            "zc" => self.program_command("editor.fold"),
            "zC" => self.program_command("editor.foldRecursively"),
            "za" => self.program_command("editor.toggleFold"),
            "zR" => self.program_command("editor.unfoldAll"),
            "zM" => self.program_command("editor.foldAll"),
            "gf" => match self.file_under_cursor() {
                Some(name) => self
                    .effects
                    .push(Effect::Command(ExCommand::GoToFile(name))),
                None => self.fail("E446: No file name under cursor"),
            },
            "K" => self.effects.push(Effect::Command(ExCommand::ShowHover)),
            // Changes and problems, as in Neovim's diff mode and with its diagnostics.
            "]c" => self.program_command("editor.nextChange"),
            "[c" => self.program_command("editor.previousChange"),
            // As in VSCodeVim: one more caret, at the next place of the word.
            "gb" => self.program_command("editor.selectNext"),
            "]d" => self.program_command("editor.action.marker.next"),
            "[d" => self.program_command("editor.action.marker.prev"),
            "ga" => self.tell_character(),
            "g\u{7}" => self.tell_position(),
            "\u{1e}" => {
                let command = ExCommand::Buffer("#".to_owned());
                self.effects.push(Effect::Command(command));
            }
            "gt" => self.effects.push(Effect::Command(ExCommand::NextTab)),
            "gT" => self.effects.push(Effect::Command(ExCommand::PreviousTab)),
            "g;" => self.go_in_changes(-isize::try_from(count).unwrap_or(1)),
            "g," => self.go_in_changes(isize::try_from(count).unwrap_or(1)),
            "\u{f}" => self.go_in_jumps(-isize::try_from(count).unwrap_or(1)),
            "\t" => self.go_in_jumps(isize::try_from(count).unwrap_or(1)),
            "zz" | "z." => self.effects.push(Effect::Scroll(Scroll::CursorToCenter)),
            "zt" | "z\r" => self.effects.push(Effect::Scroll(Scroll::CursorToTop)),
            "zb" | "z-" => self.effects.push(Effect::Scroll(Scroll::CursorToBottom)),
            "\u{5}" | "\u{19}" | "\u{4}" | "\u{15}" | "\u{6}" | "\u{2}" => {
                self.scroll(&command, context);
            }
            _ => self.move_cursor(&command, context),
        }
    }

    /// Asks for a command of the program by its id.
    fn program_command(&mut self, id: &str) {
        self.effects
            .push(Effect::Command(ExCommand::Other(id.to_owned())));
    }

    /// `CTRL-W` and a key: what Vim calls windows are groups of tabs (`:help windows`). The key may be
    /// typed with Control as well.
    fn window_command(&mut self, name: &str) {
        let key = name.chars().nth(1).map(|key| match key {
            '\u{f701}' => 'h',
            key @ '\u{1}'..='\u{1a}' => char::from(key as u8 + 0x60),
            key => key,
        });
        let id = match key {
            Some('v') => "workbench.splitRight",
            Some('s' | 'S') => "workbench.action.splitEditorDown",
            Some('w') => "workbench.action.focusNextGroup",
            Some('W' | 'p') => "workbench.action.focusPreviousGroup",
            Some('h') => "workbench.action.focusLeftGroup",
            Some('j') => "workbench.action.focusBelowGroup",
            Some('k') => "workbench.action.focusAboveGroup",
            Some('l') => "workbench.action.focusRightGroup",
            Some('c' | 'q') => "workbench.action.closeGroup",
            Some('o') => "workbench.action.joinAllGroups",
            Some('=') => "workbench.action.evenEditorWidths",
            Some('+') => "workbench.action.increaseViewHeight",
            Some('-') => "workbench.action.decreaseViewHeight",
            Some('>') => "workbench.action.increaseViewWidth",
            Some('<') => "workbench.action.decreaseViewWidth",
            _ => return self.beep(),
        };
        self.program_command(id);
    }

    /// Moves the cursor by a motion, or fails.
    pub(crate) fn move_cursor(&mut self, command: &Command, context: &dyn VimContext) {
        match self.motion(command, context) {
            Some(motion) => self.go_to(&motion),
            None => self.beep(),
        }
    }

    pub(crate) fn open_line(&mut self, command: Command) {
        let mut text = String::new();
        let visual = self.mode.is_visual().then_some(self.mode);
        if command.name == ":" {
            if visual.is_some() {
                text.push_str("'<,'>");
                self.remember_selection();
            } else if let Some(count) = command.count {
                text = if count == 1 {
                    ".".into()
                } else {
                    format!(".,.+{}", count - 1)
                };
            }
        }
        let prompt = command.name.chars().next().unwrap_or(':');
        self.line = Some(CommandLine {
            prompt,
            at: text.len(),
            text,
            command,
            visual,
            awaited: None,
            recalled: None,
        });
        self.mode = Mode::CommandLine;
    }

    /// `!` and a motion: asks for the program that the lines are to go through.
    fn open_filter(&mut self, region: &Region) {
        let (first, last) = self.rows_of(region);
        self.cursor = self.at_want(first);
        let command = Command {
            name: ":".to_owned(),
            ..Command::default()
        };
        self.open_line(command);
        if let Some(line) = &mut self.line {
            line.set(match last - first {
                0 => ".!".to_owned(),
                more => format!(".,.+{more}!"),
            });
        }
    }

    pub(crate) fn scroll(&mut self, command: &Command, context: &dyn VimContext) {
        let rows = context.visible_rows();
        let height = rows.len().max(1);
        let by = match command.name.as_str() {
            "\u{5}" | "\u{19}" => command.count.unwrap_or(1),
            "\u{4}" | "\u{15}" => command.count.unwrap_or(height / 2).max(1),
            _ => command.count.unwrap_or(1) * height.saturating_sub(2).max(1),
        };
        let down = matches!(command.name.as_str(), "\u{5}" | "\u{4}" | "\u{6}");
        let signed = isize::try_from(by).unwrap_or(0) * if down { 1 } else { -1 };
        self.effects.push(Effect::Scroll(Scroll::Rows(signed)));
        let row = self.row(self.cursor);
        let last = self.rows() - 1;
        let target = if matches!(command.name.as_str(), "\u{5}" | "\u{19}") {
            let top = rows.start.saturating_add_signed(signed).min(last);
            row.clamp(top, (top + height - 1).min(last).max(top))
        } else {
            row.saturating_add_signed(signed).min(last)
        };
        self.cursor = self.at_want(target);
    }

    pub(crate) fn run_macro(&mut self, name: char, count: usize, context: &dyn VimContext) {
        let name = match name {
            '@' => match self.last_macro {
                Some(name) => name,
                None => return self.beep(),
            },
            name => name.to_ascii_lowercase(),
        };
        let keys: Vec<Key> = if name == ':' {
            let Some(line) = self.last_line.clone() else {
                return self.beep();
            };
            format!(":{line}\r").chars().map(Key::from_char).collect()
        } else {
            let Some(register) = self.read_register(name, context) else {
                return self.beep();
            };
            register
                .text
                .chars()
                .map(|character| match character {
                    '\n' => Key::Enter,
                    character => Key::from_char(character),
                })
                .collect()
        };
        self.last_macro = Some(name);
        for _ in 0..count {
            if self.queue.len() > 100_000 {
                break;
            }
            for key in keys.iter().rev() {
                self.queue.push_front(*key);
            }
        }
    }

    /// Remembers a change for `.`; where it goes on in insert mode, the keys typed there follow.
    pub(crate) fn repeatable(&mut self, command: &Command) {
        if self.dot_running {
            return;
        }
        self.dot = Some(Dot {
            command: command.clone(),
            keys: Vec::new(),
            visual: None,
        });
        self.record.clear();
    }

    fn repeat(&mut self, count: Option<usize>, context: &dyn VimContext) {
        let Some(mut dot) = self.dot.clone() else {
            return self.beep();
        };
        if let Some(count) = count {
            dot.command.count = Some(count);
        }
        if let Some(digit @ '1'..='8') = dot.command.register {
            dot.command.register = char::from_u32(u32::from(digit) + 1);
        }
        if let Some(stored) = &mut self.dot {
            stored.command.count = dot.command.count;
            stored.command.register = dot.command.register;
        }
        let was = std::mem::replace(&mut self.dot_running, true);
        let queue = std::mem::take(&mut self.queue);
        if let Some(visual) = dot.visual {
            let want = self.want;
            self.select_again(visual);
            if !visual.3 {
                self.want = want;
            }
            self.visual_command(dot.command, context);
        } else {
            self.normal_command(dot.command, context);
        }
        if self.mode.is_insert() {
            for key in dot.keys {
                if self.mode.is_insert() {
                    self.insert_key(key, context);
                }
            }
            if self.mode.is_insert() {
                self.insert_key(Key::Escape, context);
            }
        }
        self.queue = queue;
        self.dot_running = was;
    }

    /// `r`: whether there were as many characters as asked for.
    fn replace_characters(&mut self, command: &Command, count: usize) -> bool {
        let with = command.argument.unwrap_or(' ');
        let line_end = self.line_end(self.row(self.cursor));
        let mut end = self.cursor;
        for _ in 0..count {
            if end >= line_end {
                return false;
            }
            end = self.next(end);
        }
        let start = self.cursor;
        if with == '\r' && !command.literal {
            let row = self.row(start);
            let indent = self.indent_text(row, usize::MAX);
            self.replace(start..end, "\n");
            self.cursor = start + 1;
            if self.options.autoindent {
                let blanks = self.line_range(row + 1).start;
                let non_blank = self.first_non_blank_or_end(row + 1);
                self.replace(blanks..non_blank, &indent);
                self.cursor = blanks + indent.len();
            }
        } else {
            let new: String = std::iter::repeat_n(with, count).collect();
            self.replace(start..end, &new);
            self.cursor = start + new.len() - with.len_utf8();
        }
        self.set_change_marks(start, self.cursor);
        self.want_here();
        true
    }

    /// CTRL-A and CTRL-X: adds to the number at or after an offset of the line.
    pub(crate) fn add_at(&mut self, from: usize, amount: i64) -> bool {
        let row = self.row(from);
        let range = self.line_range(row);
        let line: Vec<char> = self.text.slice(range.clone()).chars().collect();
        let column = self.text.count_chars(range.start..from);
        let Some(found) = crate::operator::number_in(&line, column) else {
            return false;
        };
        let digits: String = line[found.range.clone()].iter().collect();
        let new = found.plus(&digits, amount);
        let start = range.start
            + line[..found.range.start]
                .iter()
                .map(|c| c.len_utf8())
                .sum::<usize>();
        self.replace(start..start + digits.len(), &new);
        self.cursor = (start + new.len()).saturating_sub(1);
        self.want_here();
        true
    }

    pub(crate) fn operator_command(&mut self, command: Command, context: &dyn VimContext) {
        if matches!(command.name.as_str(), "/" | "?" | ":") {
            self.open_line(command);
            return;
        }
        if matches!(command.name.as_str(), "gn" | "gN") {
            return self.operate_match(&command, context);
        }
        let mut command = command;
        if command.name == "_" {
            command.name = "line".to_owned();
        }
        let Some(region) = self.region(&command, context) else {
            self.beep();
            return;
        };
        self.apply_operator(&command, region, context);
    }

    pub(crate) fn apply_operator(
        &mut self,
        command: &Command,
        region: Region,
        context: &dyn VimContext,
    ) {
        let operator = command.operator.clone().unwrap_or_default();
        if operator == "!" {
            return self.open_filter(&region);
        }
        if operator != "y" && operator != ":" {
            self.repeatable(command);
        }
        if matches!(operator.as_str(), ">" | "<") {
            let (first, last) = self.rows_of(&region);
            self.shift(first, last, operator == ">", 1);
            self.report_shift(last - first + 1, operator == ">", 1);
            self.want = region.want;
            self.shifted(first);
            return;
        }
        let extent = region.extent;
        self.operate(&operator, command, Region { extent, ..region }, context);
    }
}
