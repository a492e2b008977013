//! `:reg` and `:marks`: what registers and marks hold, to be shown as a list.

use editor_core::Point;

use crate::{Effect, ExCommand, ListedRow, Vim};

/// Characters of a register or a line that are shown.
const SHOWN: usize = 120;

/// The registers, in the order in which Vim lists them.
const REGISTERS: &str = "\"0123456789abcdefghijklmnopqrstuvwxyz-.:/+*";

/// The marks, in theirs.
const MARKS: &str = "'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ[]<>^.";

impl Vim {
    /// `:reg`, with the names of those that are asked for, or none for all.
    pub(crate) fn list_registers(&mut self, names: &str) {
        let wanted = |name: &char| names.is_empty() || names.contains(*name);
        let mut rows = Vec::new();
        for name in REGISTERS.chars().filter(wanted) {
            // What the clipboards hold is known where Vim put it there.
            let content = match name {
                '+' | '*' => self.registers.get(name).cloned(),
                name => self.read_register(name, &()),
            };
            let Some(content) = content.filter(|content| !content.text.is_empty()) else {
                continue;
            };
            rows.push(ListedRow {
                name: format!("\"{name}"),
                about: shown(&content.text),
                keys: format!("\"{name}p"),
            });
        }
        self.list(
            "vim-registers",
            "Put a register",
            "Nothing in the registers",
            rows,
        );
    }

    /// `:marks`, with the names of those that are asked for, or none for all.
    pub(crate) fn list_marks(&mut self, names: &str) {
        let wanted = |name: &char| names.is_empty() || names.contains(*name);
        let mut rows = Vec::new();
        for name in MARKS.chars().filter(wanted) {
            let Some(point) = self.mark(name).filter(|it| (it.row as usize) < self.rows()) else {
                continue;
            };
            let line = self.text.line(point.row as usize);
            rows.push(ListedRow {
                name: format!("{name}  {}:{}", point.row + 1, point.column),
                about: shown(line.trim()),
                keys: format!(
                    "`{}",
                    if name == '<' {
                        "<lt>".to_owned()
                    } else {
                        name.to_string()
                    }
                ),
            });
        }
        self.list("vim-marks", "Go to a mark", "No marks are set", rows);
    }

    /// `:jumps`: where jumps began, the newest first.
    pub(crate) fn list_jumps(&mut self) {
        let rows = self.listed_places(self.jumps.places());
        self.list(
            "vim-jumps",
            "Go to where a jump began",
            "No jumps yet",
            rows,
        );
    }

    /// `:changes`: where the text was changed, the newest first.
    pub(crate) fn list_changes(&mut self) {
        let rows = self.listed_places(self.changes.places());
        self.list("vim-changes", "Go to a change", "Nothing was changed", rows);
    }

    fn listed_places(&self, places: &[Point]) -> Vec<ListedRow> {
        let is_there = |place: &&Point| (place.row as usize) < self.rows();
        let places = places.iter().rev().filter(is_there);
        let row = |place: &Point| {
            let line = self.text.line(place.row as usize);
            let before = line
                .char_indices()
                .take_while(|(at, _)| *at < place.column as usize);
            let right = match before.count() {
                0 => String::new(),
                count => format!("{count}l"),
            };
            ListedRow {
                name: format!("{}:{}", place.row + 1, place.column),
                about: shown(line.trim()),
                keys: format!("{}G0{right}", place.row + 1),
            }
        };
        places.map(row).collect()
    }

    fn list(
        &mut self,
        id: &'static str,
        question: &'static str,
        none: &'static str,
        rows: Vec<ListedRow>,
    ) {
        self.effects.push(Effect::Command(ExCommand::List {
            id,
            question,
            none,
            rows,
        }));
    }
}

/// A text in one line, with control characters as Vim shows them.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(SHOWN) {
        match character {
            '\u{1}'..='\u{1a}' => {
                out.push('^');
                out.push(char::from(character as u8 + 0x40));
            }
            '\u{1b}' => out.push_str("^["),
            character => out.push(character),
        }
    }
    out
}
