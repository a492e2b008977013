//! The command line: `:` commands and the patterns after `/` and `?`.

use std::borrow::Cow;

use editor_core::Edit;

use crate::command::Command;
use crate::motion::{Motion, Span};
use crate::operator::Extent;
use crate::{Effect, ExCommand, Key, Mode, Register, Shape, Vim};

/// A command line is cut at this many bytes.
const MAX_LINE: usize = 64 * 1024;

impl Vim {
    pub(crate) fn line_key(&mut self, key: Key) {
        let Some(mut line) = self.line.take() else {
            self.mode = Mode::Normal;
            return;
        };
        match key {
            Key::Enter => {
                self.mode = line.visual.unwrap_or(Mode::Normal);
                if line.prompt == ':' {
                    self.mode = Mode::Normal;
                    self.run_line(&line.text);
                    if !self.mode.is_insert() {
                        self.clamp_cursor();
                    }
                } else {
                    self.finish_search(&line.text, line.prompt == '/', &line.command);
                }
                self.command_ended();
                return;
            }
            Key::Escape | Key::Ctrl('c') => {
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
            Key::Backspace | Key::Ctrl('h') => {
                line.text.pop();
            }
            Key::Ctrl('u') => line.text.clear(),
            Key::Ctrl('w') => {
                let kept = line.text.trim_end();
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let kept = match kept.chars().next_back() {
                    Some(last) => {
                        kept.trim_end_matches(|c: char| !c.is_whitespace() && word(c) == word(last))
                    }
                    None => kept,
                };
                line.text.truncate(kept.len());
            }
            Key::Char(character) if line.text.len() < MAX_LINE => line.text.push(character),
            Key::Tab => line.text.push('\t'),
            _ => {}
        }
        self.line = Some(line);
    }

    fn finish_search(&mut self, typed: &str, forward: bool, command: &Command) {
        let end = if forward { '/' } else { '?' };
        let pattern = typed.split(end).next().unwrap_or_default();
        let pattern = if typed.contains(&format!("\\{end}")) {
            typed
        } else {
            pattern
        };
        let Some(pattern) = self.pattern_or_last(pattern.to_owned()) else {
            return;
        };
        self.search = Some((pattern, forward));
        let from = self.cursor;
        let Some(to) = self.search_from(from, command.count.unwrap_or(1), true) else {
            return;
        };
        self.jump();
        if command.operator.is_none() {
            self.go_to(&Motion {
                from,
                to,
                span: Span::Exclusive,
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
        if let Some(region) = self.region(&command, &()) {
            self.apply_operator(&command, region);
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
            self.run_one(&command);
            if next.is_none() || self.errors() > errors {
                return;
            }
            // What comes next, in the program too, finds the text and the cursor as they are now.
            self.flush();
            if !self.mode.is_insert() {
                self.clamp_cursor();
            }
            rest = next;
        }
    }

    /// How many commands have failed with words since the key.
    fn errors(&self) -> usize {
        let is_error = |effect: &&Effect| matches!(effect, Effect::Message(it) if it.is_error);
        self.effects.iter().filter(is_error).count()
    }

    /// The first command of a line, and what follows behind its `|`.
    fn first_command<'a>(&self, line: &'a str) -> (Cow<'a, str>, Option<&'a str>) {
        let mut rest = line.trim_start_matches([' ', ':']);
        if self.read_range(&mut rest).is_err() {
            return (line.into(), None);
        }
        let rest = rest.trim_start();
        let (name, arguments) = rest.split_at(name_len(rest));
        let bar = match name {
            // These take it along.
            "g" | "global" | "v" | "vglobal" | "norm" | "normal" => None,
            "s" | "substitute" => bar_after_pattern(arguments),
            _ => unescaped_bar(arguments),
        };
        let Some(bar) = bar else {
            return (line.into(), None);
        };
        let at = line.len() - arguments.len() + bar;
        let command = &line[..at];
        let is_plain = matches!(name, "s" | "substitute") || !command.contains("\\|");
        let command = match is_plain {
            true => command.into(),
            false => command.replace("\\|", "|").into(),
        };
        (command, Some(&line[at + 1..]))
    }

    fn run_one(&mut self, line: &str) {
        let mut rest = line.trim_start_matches([' ', ':']);
        let range = match self.read_range(&mut rest) {
            Ok(range) => range,
            Err(words) => return self.fail(&words),
        };
        let rest = rest.trim_start();
        let (name, arguments) = rest.split_at(name_len(rest));
        let force = arguments.starts_with('!');
        let arguments_after = if force { &arguments[1..] } else { arguments };
        let argument = arguments_after.trim();
        let row = self.row(self.cursor).min(self.rows() - 1);
        let (first, last) = range.unwrap_or((row, row));
        let program =
            |vim: &mut Self, command: ExCommand| vim.effects.push(Effect::Command(command));
        let path = (!argument.is_empty()).then(|| argument.to_owned());
        match name {
            "" => {
                if let Some((_, last)) = range {
                    self.jump();
                    self.cursor = self.at_want(last.min(self.rows() - 1));
                }
            }
            "w" | "write" => program(self, ExCommand::Write(path)),
            "wa" | "wall" => program(self, ExCommand::WriteAll),
            "q" | "quit" | "clo" | "close" => program(self, ExCommand::Quit { force }),
            "qa" | "qall" | "quita" | "quitall" => program(self, ExCommand::QuitAll { force }),
            "wq" | "x" | "xit" | "exi" | "exit" => program(self, ExCommand::WriteQuit),
            "wqa" | "wqall" | "xa" | "xall" => program(self, ExCommand::WriteQuitAll),
            "e" | "edit" => program(self, ExCommand::Edit { path, force }),
            "r" | "read" if argument.starts_with('!') || force => {
                self.fail("E23: Kiln runs no programs from here: use the terminal");
            }
            "r" | "read" => {
                // Line 0 is above the first one, which no other command knows.
                let at_top = line.trim_start_matches([' ', ':']).starts_with("0r");
                let below = if at_top { 0 } else { last + 1 };
                program(self, ExCommand::Read { path, below });
            }
            "sp" | "split" => program(self, ExCommand::Split { vertical: false }),
            "vs" | "vsp" | "vsplit" => program(self, ExCommand::Split { vertical: true }),
            "bn" | "bnext" | "tabn" | "tabnext" => program(self, ExCommand::NextTab),
            "bp" | "bprevious" | "tabp" | "tabprevious" => program(self, ExCommand::PreviousTab),
            "noh" | "nohlsearch" => self.effects.push(Effect::Highlight(false)),
            "g" | "global" | "v" | "vglobal" => {
                let (first, last) = range.unwrap_or((0, self.rows() - 1));
                let invert = force || name.starts_with('v');
                self.global_command(first, last, arguments_after.trim_start(), invert);
            }
            "se" | "set" | "setl" | "setlocal" => {
                for option in argument.split_whitespace() {
                    if let Some(read_only) = read_only_option(option) {
                        program(self, ExCommand::SetReadOnly(read_only));
                    } else if let Err(words) = self.options.set(option) {
                        return self.fail(&words);
                    }
                }
            }
            "d" | "delete" | "y" | "yank" => {
                let (register, count) = register_and_count(argument);
                let (first, last) = match count {
                    Some(count) => (last, (last + count - 1).min(self.rows() - 1)),
                    None => (first, last),
                };
                let region =
                    self.region_of(self.line_start(first)..self.line_end(last), Extent::Lines);
                let content = self.content(&region);
                if name.starts_with('y') {
                    self.registers.yanked(register, content.clone());
                    self.export(register, &content);
                    return;
                }
                self.cursor = self.line_start(first);
                self.registers.deleted(register, content.clone(), false);
                self.export(register, &content);
                self.delete_rows(first, last);
                self.cursor = self.first_non_blank(first.min(self.rows() - 1));
                self.want_here();
            }
            "m" | "move" | "t" | "co" | "copy" => {
                let mut target = argument;
                let to = match self.read_address(&mut target, row) {
                    Ok(Some(to)) => to,
                    Ok(None) | Err(_) => return self.fail("E16: Invalid range"),
                };
                self.move_or_copy(first, last, to, name.starts_with('m'));
            }
            "j" | "join" => {
                let last = if range.is_none() || first == last {
                    last + 1
                } else {
                    last
                };
                if last >= self.rows() {
                    return self.beep();
                }
                self.cursor = self.line_start(first);
                self.join(first, last, !force);
                self.cursor = self.first_non_blank(first);
                self.want_here();
            }
            ">" | "<" => {
                let levels = 1 + argument
                    .chars()
                    .take_while(|c| name.starts_with(*c))
                    .count();
                self.cursor = self.line_start(first);
                let before = self.text.len();
                self.shift(first, last, name == ">", levels);
                if self.text.len() == before {
                    self.cursor = self.at_want(last);
                } else {
                    self.cursor = self.first_non_blank(last);
                    self.want_here();
                }
            }
            "s" | "substitute" => self.substitute_command(first, last, arguments),
            "&" => self.repeat_substitute(),
            "sor" | "sort" => self.sort(range, argument, force),
            "norm" | "normal" => {
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

    /// A range before a command, as rows; `None` where there is none.
    fn read_range(&self, rest: &mut &str) -> Result<Option<(usize, usize)>, String> {
        if let Some(after) = rest.strip_prefix('%') {
            *rest = after;
            return Ok(Some((0, self.rows() - 1)));
        }
        let mut row = self.row(self.cursor);
        let mut addresses: Vec<usize> = Vec::new();
        loop {
            let address = self.read_address(rest, row)?;
            let separator = rest.chars().next().filter(|c| matches!(c, ',' | ';'));
            match (address, separator) {
                (None, None) if addresses.is_empty() => return Ok(None),
                (address, _) => {
                    let address = address.map_or(row, |line| line.saturating_sub(1));
                    addresses.push(address);
                    if separator == Some(';') {
                        row = address;
                    }
                }
            }
            if separator.is_none() {
                break;
            }
            *rest = &rest[1..];
        }
        let last = addresses[addresses.len() - 1];
        let first = addresses
            .len()
            .checked_sub(2)
            .map_or(last, |index| addresses[index]);
        if first >= self.rows() || last >= self.rows() {
            return Err("E16: Invalid range".to_owned());
        }
        Ok(Some((first.min(last), first.max(last))))
    }

    /// A line number from 1; 0 is above the first.
    fn read_address(&self, rest: &mut &str, row: usize) -> Result<Option<usize>, String> {
        *rest = rest.trim_start();
        let mut characters = rest.chars();
        let invalid = || "E16: Invalid range".to_owned();
        let mut line: Option<usize> = match characters.next() {
            Some('.') => {
                *rest = &rest[1..];
                Some(row + 1)
            }
            Some('$') => {
                *rest = &rest[1..];
                Some(self.rows())
            }
            Some('\'') => {
                let name = characters.next().ok_or_else(invalid)?;
                *rest = &rest[1 + name.len_utf8()..];
                let mark = self.mark(name).ok_or("E20: Mark not set")?;
                Some(mark.row as usize + 1)
            }
            Some(end @ ('/' | '?')) => {
                let body = &rest[1..];
                let close = body.find(end).unwrap_or(body.len());
                let pattern = body[..close].to_owned();
                *rest = body.get(close + 1..).unwrap_or("");
                let regex = self.regex(&pattern)?;
                let matches = |row: &usize| regex.is_match(&self.text.line(*row));
                let found = if end == '/' {
                    (row + 1..self.rows()).chain(0..=row).find(matches)
                } else {
                    (0..row).rev().chain((row..self.rows()).rev()).find(matches)
                };
                Some(found.ok_or_else(|| format!("E486: Pattern not found: {pattern}"))? + 1)
            }
            Some('0'..='9') => {
                let digits =
                    rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let number = rest[..digits].parse::<usize>().map_err(|_| invalid())?;
                *rest = &rest[digits..];
                Some(number)
            }
            _ => None,
        };
        while let Some(sign) = rest.chars().next().filter(|c| matches!(c, '+' | '-')) {
            *rest = &rest[1..];
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = if digits == 0 {
                1
            } else {
                rest[..digits].parse::<usize>().map_err(|_| invalid())?
            };
            *rest = &rest[digits..];
            let from = line.unwrap_or(row + 1);
            line = Some(if sign == '+' {
                from.saturating_add(number)
            } else {
                from.checked_sub(number).ok_or_else(invalid)?
            });
        }
        Ok(line)
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
        } else {
            self.cursor = self.line_start(first);
            self.insert_lines(to, &lines);
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
            self.replace(range, &new);
        }
        self.cursor = self.first_non_blank(first);
        self.want_here();
    }

    pub(crate) fn repeat_substitute(&mut self) {
        let Some((pattern, replacement, _)) = self.substitute.clone() else {
            return self.fail("E35: No previous regular expression");
        };
        let row = self.row(self.cursor);
        self.substitute_rows(row, row, &pattern, &replacement, "");
    }

    fn substitute_command(&mut self, first: usize, last: usize, arguments: &str) {
        let mut characters = arguments.char_indices();
        let Some((_, separator)) = characters.next() else {
            return self.repeat_substitute();
        };
        let mut parts: Vec<String> = vec![String::new()];
        let mut escaped = false;
        let mut flags = "";
        for (index, character) in characters {
            if escaped {
                if character != separator {
                    parts
                        .last_mut()
                        .map(|part| part.push('\\'))
                        .unwrap_or_default();
                }
                parts
                    .last_mut()
                    .map(|part| part.push(character))
                    .unwrap_or_default();
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == separator {
                if parts.len() == 2 {
                    flags = &arguments[index + character.len_utf8()..];
                    break;
                }
                parts.push(String::new());
            } else {
                parts
                    .last_mut()
                    .map(|part| part.push(character))
                    .unwrap_or_default();
            }
        }
        let pattern = parts.first().cloned().unwrap_or_default();
        let Some(pattern) = self.pattern_or_last(pattern) else {
            return;
        };
        let replacement = parts.get(1).cloned().unwrap_or_default();
        let flags = flags.trim();
        if flags.chars().any(|flag| !"giIne&".contains(flag)) {
            return self.fail("E488: Trailing characters");
        }
        self.substitute = Some((pattern.clone(), replacement.clone(), flags.to_owned()));
        self.substitute_rows(first, last, &pattern, &replacement, flags);
    }

    fn substitute_rows(
        &mut self,
        first: usize,
        last: usize,
        pattern: &str,
        replacement: &str,
        flags: &str,
    ) {
        let prefix = if flags.contains('i') {
            "\\c"
        } else if flags.contains('I') {
            "\\C"
        } else {
            ""
        };
        let regex = match self.regex(&format!("{prefix}{pattern}")) {
            Ok(regex) => regex,
            Err(words) => return self.fail(&words),
        };
        self.search = Some((pattern.to_owned(), true));
        let all = flags.contains('g') != self.options.gdefault;
        let counts_only = flags.contains('n');
        let mut edits = Vec::new();
        let mut count = 0usize;
        let (mut last_changed, mut added) = (first, 0);
        for row in first..=last {
            let start = self.line_start(row);
            let line = self.text.line(row);
            let (mut out, mut copied, before) = (String::new(), 0, count);
            for captures in regex.captures_iter(&line) {
                let Some(whole) = captures.get(0) else {
                    continue;
                };
                count += 1;
                if !counts_only {
                    out.push_str(&line[copied..whole.start()]);
                    out.push_str(&expand(replacement, &captures));
                    copied = whole.end();
                }
                if !all {
                    break;
                }
            }
            if count == before || counts_only {
                continue;
            }
            added += out.matches('\n').count();
            last_changed = row + added;
            out.push_str(&line[copied..]);
            edits.push(Edit::new(start..start + line.len(), out));
        }
        if count == 0 {
            if !flags.contains('e') {
                self.fail(&format!("E486: Pattern not found: {pattern}"));
            }
            return;
        }
        if counts_only {
            return self.say(format!("{count} matches"));
        }
        self.cursor = self.line_start(first);
        self.replace_all(edits);
        self.cursor = self.first_non_blank(last_changed.min(self.rows() - 1));
        self.want_here();
        self.effects.push(Effect::Highlight(true));
        if count > 2 {
            self.say(format!("{count} substitutions"));
        }
    }
}

/// The text of a replacement: `&` and `\0` to `\9`, `\r`, `\n`, `\t`, and the case changes `\u \U \l
/// \L \e`.
fn expand(replacement: &str, captures: &regex::Captures<'_>) -> String {
    let mut out = String::new();
    let mut once: Option<bool> = None;
    let mut mode: Option<bool> = None;
    let mut push = |piece: &str, once: &mut Option<bool>, mode: Option<bool>| {
        for character in piece.chars() {
            match once.take().or(mode) {
                Some(true) => out.extend(character.to_uppercase()),
                Some(false) => out.extend(character.to_lowercase()),
                None => out.push(character),
            }
        }
    };
    let mut characters = replacement.chars();
    while let Some(character) = characters.next() {
        match character {
            '&' => push(
                captures.get(0).map_or("", |found| found.as_str()),
                &mut once,
                mode,
            ),
            '\\' => match characters.next() {
                Some(digit @ '0'..='9') => {
                    let index = digit as usize - '0' as usize;
                    push(
                        captures.get(index).map_or("", |found| found.as_str()),
                        &mut once,
                        mode,
                    );
                }
                Some('r') => push("\n", &mut once, mode),
                Some('t') => push("\t", &mut once, mode),
                Some('u') => once = Some(true),
                Some('l') => once = Some(false),
                Some('U') => mode = Some(true),
                Some('L') => mode = Some(false),
                Some('e' | 'E') => mode = None,
                Some(other) => push(other.encode_utf8(&mut [0; 4]), &mut once, mode),
                None => {}
            },
            other => push(other.encode_utf8(&mut [0; 4]), &mut once, mode),
        }
    }
    out
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

/// What an option says of whether the text may be edited; `Some(None)` for the other of the two.
fn read_only_option(option: &str) -> Option<Option<bool>> {
    match option {
        "readonly" | "ro" | "nomodifiable" | "noma" => Some(Some(true)),
        "noreadonly" | "noro" | "modifiable" | "ma" => Some(Some(false)),
        "readonly!" | "ro!" | "invreadonly" | "invro" => Some(None),
        "modifiable!" | "ma!" | "invmodifiable" | "invma" => Some(None),
        _ => None,
    }
}

/// How long the name of the command is that a line begins with, in bytes.
fn name_len(rest: &str) -> usize {
    if rest.starts_with(['>', '<', '&', '@', '=']) {
        return 1;
    }
    // These take their pattern without a blank.
    let has_pattern = |after: &str| {
        after.starts_with(|c: char| c.is_ascii_punctuation() && !r#""|\"#.contains(c))
    };
    if rest.starts_with(['s', 'g', 'v']) && has_pattern(&rest[1..]) {
        return 1;
    }
    rest.find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len())
}

/// Where the first `|` without a backslash before it is.
fn unescaped_bar(arguments: &str) -> Option<usize> {
    let mut bars = arguments.match_indices('|').map(|(at, _)| at);
    bars.find(|at| !arguments[..*at].ends_with('\\'))
}

/// The same behind the pattern and the replacement of `:s`, which may hold it.
fn bar_after_pattern(arguments: &str) -> Option<usize> {
    let separator = arguments.chars().next()?;
    if separator == '|' || separator == ' ' || separator.is_alphanumeric() {
        return unescaped_bar(arguments);
    }
    let (mut separators, mut escaped) = (0, false);
    for (at, character) in arguments.char_indices() {
        match character {
            '|' if separators == 3 => return Some(at),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == separator => separators += 1,
            _ => {}
        }
    }
    None
}
