//! Editing the line after `:`, `/` or `?` (`:help cmdline-editing`): the cursor in it, what is put into
//! it, and the lines that were typed before.

use crate::awaited::{Awaited, Taken};
use crate::vim::CommandLine;
use crate::{Key, Vim, VimContext};

/// A command line is cut at this many bytes.
const MAX_LINE: usize = 64 * 1024;
/// So many lines are remembered of each kind, as many as Vim does by default.
const MAX_REMEMBERED: usize = 50;

/// The lines that were typed before, the newest last and each once (`:help cmdline-history`).
#[derive(Debug, Clone, Default)]
pub(crate) struct LineHistory {
    commands: Vec<String>,
    searches: Vec<String>,
}

impl LineHistory {
    fn of(&self, prompt: char) -> &[String] {
        match prompt {
            ':' => &self.commands,
            _ => &self.searches,
        }
    }

    /// Remembers a line, also one that was given up, as Vim does.
    pub(crate) fn remember(&mut self, prompt: char, line: &str) {
        if line.is_empty() {
            return;
        }
        let lines = match prompt {
            ':' => &mut self.commands,
            _ => &mut self.searches,
        };
        lines.retain(|known| known != line);
        lines.push(line.to_owned());
        if lines.len() > MAX_REMEMBERED {
            lines.remove(0);
        }
    }
}

/// A line from before that stands in the place of the one that was typed.
#[derive(Debug, Clone)]
pub(crate) struct Recalled {
    /// Its place in the history.
    place: usize,
    /// What was typed.
    typed: String,
}

impl CommandLine {
    /// Puts a text in at the cursor, as far as there is room.
    fn insert(&mut self, text: &str) {
        let room = MAX_LINE.saturating_sub(self.text.len());
        let text = &text[..text.floor_char_boundary(room)];
        self.text.insert_str(self.at, text);
        self.at += text.len();
    }

    /// Another text, with the cursor behind it.
    pub(crate) fn set(&mut self, text: String) {
        self.at = text.len();
        self.text = text;
    }

    /// The text before the cursor, and that behind it.
    pub(crate) fn around(&self) -> (&str, &str) {
        self.text.split_at(self.at)
    }

    fn previous(&self) -> usize {
        let last = self.text[..self.at].chars().next_back();
        self.at - last.map_or(0, char::len_utf8)
    }

    fn next(&self) -> usize {
        let first = self.text[self.at..].chars().next();
        self.at + first.map_or(0, char::len_utf8)
    }

    fn delete_back_to(&mut self, to: usize) {
        self.text.replace_range(to..self.at, "");
        self.at = to;
    }

    /// Where the word before the cursor begins, with the blanks behind it.
    fn word_start(&self) -> usize {
        let kept = self.text[..self.at].trim_end();
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let kept = match kept.chars().next_back() {
            Some(last) => {
                kept.trim_end_matches(|c: char| !c.is_whitespace() && word(c) == word(last))
            }
            None => kept,
        };
        kept.len()
    }

    /// Goes to the next line of the history, or back (`:help c_<Up>`): with `begins` only to those that
    /// begin with what was typed.
    fn recall(&mut self, history: &LineHistory, back: bool, begins: bool) {
        let lines = history.of(self.prompt);
        let (place, typed) = match self.recalled.take() {
            Some(Recalled { place, typed }) => (place, typed),
            None => (lines.len(), self.text.clone()),
        };
        let fits = |line: &String| !begins || line.starts_with(&typed);
        let found = match back {
            true => lines[..place].iter().rposition(fits),
            false => {
                let later = lines.get(place + 1..).unwrap_or_default();
                later.iter().position(fits).map(|at| place + 1 + at)
            }
        };
        match found {
            Some(place) => {
                self.set(lines[place].clone());
                self.recalled = Some(Recalled { place, typed });
            }
            // Behind the newest comes what was typed.
            None if !back => self.set(typed),
            None if place < lines.len() => self.recalled = Some(Recalled { place, typed }),
            None => {}
        }
    }
}

impl Vim {
    /// Takes a key that edits the line.
    pub(crate) fn edit_line(&self, line: &mut CommandLine, key: Key) {
        let recalls = matches!(key, Key::Up | Key::Down | Key::Ctrl('p' | 'n'));
        if !recalls {
            line.recalled = None;
        }
        match key {
            Key::Backspace | Key::Ctrl('h') => line.delete_back_to(line.previous()),
            Key::Delete if line.at == line.text.len() => line.delete_back_to(line.previous()),
            Key::Delete => line.text.replace_range(line.at..line.next(), ""),
            Key::Ctrl('u') => line.delete_back_to(0),
            Key::Ctrl('w') => line.delete_back_to(line.word_start()),
            Key::Ctrl('r') => line.awaited = Some(Awaited::Register),
            Key::Ctrl('v') => line.awaited = Some(Awaited::Literal),
            Key::Ctrl('k') => line.awaited = Some(Awaited::Digraph(None)),
            Key::Left => line.at = line.previous(),
            Key::Right => line.at = line.next(),
            Key::Home | Key::Ctrl('b') => line.at = 0,
            Key::End | Key::Ctrl('e') => line.at = line.text.len(),
            Key::Up | Key::Down => line.recall(&self.lines, key == Key::Up, true),
            Key::Ctrl('p' | 'n') => line.recall(&self.lines, key == Key::Ctrl('p'), false),
            Key::Char(character) => line.insert(character.encode_utf8(&mut [0; 4])),
            Key::Tab => line.insert("\t"),
            _ => {}
        }
    }

    /// Takes a key that was waited for. Whether it is still to be taken as it is without that.
    pub(crate) fn take_awaited_in_line(
        &mut self,
        line: &mut CommandLine,
        awaited: Awaited,
        key: Key,
        context: &dyn VimContext,
    ) -> bool {
        if let (Awaited::Register, Key::Ctrl(what @ ('w' | 'a' | 'l'))) = (&awaited, key) {
            let text = self.under_cursor(what);
            let known = match what {
                'w' if self.options.incsearch => known_of(line.around().0, &text),
                _ => 0,
            };
            line.insert(&text[known..]);
            return false;
        }
        match self.taken(awaited, key, context) {
            Taken::Waits(awaited) => line.awaited = Some(awaited),
            // What ends a line of the register stands in this one as `CTRL-M`.
            Taken::Typed(text) => line.insert(&text.replace('\n', "\r")),
            Taken::Literal(character) => line.insert(character.encode_utf8(&mut [0; 4])),
            Taken::LiteralBefore(character) => {
                line.insert(character.encode_utf8(&mut [0; 4]));
                return true;
            }
            Taken::Before => return true,
            Taken::Nothing => {}
        }
        false
    }

    /// The word at the cursor or behind it (`w`), what stands between blanks there (`a`), or the line
    /// (`l`).
    fn under_cursor(&self, what: char) -> String {
        let line = self.line_range(self.row(self.cursor));
        let range = match what {
            'w' => self.word_under_cursor(),
            'a' => {
                let text = self.text.slice(line.clone());
                let blank = |c: char| matches!(c, ' ' | '\t');
                let at = self.cursor.saturating_sub(line.start).min(text.len());
                let skipped = text[at..].len() - text[at..].trim_start_matches(blank).len();
                let at = at + skipped;
                let start = text[..at].trim_end_matches(|c| !blank(c)).len();
                let end = at + text[at..].find(blank).unwrap_or(text.len() - at);
                (start < end).then(|| line.start + start..line.start + end)
            }
            _ => Some(line),
        };
        range.map_or(String::new(), |range| self.text.slice(range).into_owned())
    }
}

/// How much of a word is typed already, in bytes: with `incsearch` that is not put in once more.
fn known_of(typed: &str, word: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let begun = &typed[typed.trim_end_matches(is_word).len()..];
    match word.starts_with(begun) {
        true => begun.len(),
        false => 0,
    }
}
