//! `:g` and `:v`: a command for each line that matches, or does not (`:help :global`).

use std::collections::VecDeque;

use editor_core::{Edit, Point};

use crate::operator::Extent;
use crate::report::Substituted;
use crate::{Key, Vim};

/// Commands other than `d` go to at most this many lines: each of them moves those that follow.
const MAX_LINES: usize = 10_000;

/// What is left of a `:g` that runs.
#[derive(Debug, Clone)]
pub(crate) struct Global {
    /// The lines to go to, in order.
    rows: VecDeque<u32>,
    command: String,
    /// The keys that go on behind it.
    after: VecDeque<Key>,
    /// How many rows there were.
    rows_before: usize,
    /// What its commands have replaced.
    pub substituted: Substituted,
}

impl Vim {
    /// Runs `arguments` (`/pattern/command`) for the lines of a range.
    pub(crate) fn global_command(
        &mut self,
        first: usize,
        last: usize,
        arguments: &str,
        invert: bool,
    ) {
        if self.global.is_some() {
            return self.fail("E147: Cannot do :global recursive with a range");
        }
        let Some(separator) = arguments.chars().next().filter(|c| !c.is_alphanumeric()) else {
            return self.fail("E148: Regular expression missing from :global");
        };
        let (pattern, command) = split_pattern(&arguments[separator.len_utf8()..], separator);
        let Some(pattern) = self.pattern_or_last(pattern) else {
            return;
        };
        let regex = match self.regex(&pattern) {
            Ok(regex) => regex,
            Err(words) => return self.fail(&words),
        };
        self.search = Some((pattern.clone(), true));
        let matches = |row: &usize| regex.is_match(&self.text.line(*row)) != invert;
        let rows: Vec<usize> = (first..=last).filter(matches).collect();
        if rows.is_empty() {
            return self.fail(&match invert {
                true => format!("E538: Pattern found in every line: {pattern}"),
                false => format!("E486: Pattern not found: {pattern}"),
            });
        }
        let command = command.trim();
        if matches!(command, "d" | "delete") {
            return self.delete_lines(&rows);
        }
        if command.is_empty() || "print".starts_with(command) {
            return self.say(format!("{} lines match", rows.len()));
        }
        if rows.len() > MAX_LINES {
            let count = rows.len();
            return self.fail(&format!(
                "{count} lines match, of which {MAX_LINES} at most can be changed: give a range"
            ));
        }
        self.jump();
        // The lines have one cursor that goes from one to the next.
        self.carets.keep_active();
        self.global = Some(Global {
            rows: rows.into_iter().map(|row| row as u32).collect(),
            command: command.to_owned(),
            after: std::mem::take(&mut self.queue),
            rows_before: self.rows(),
            substituted: Substituted::default(),
        });
    }

    /// Runs the command of `:g` for the next line; false where there is none left.
    pub(crate) fn next_of_global(&mut self) -> bool {
        let Some(global) = &mut self.global else {
            return false;
        };
        let command = global.command.clone();
        let Some(row) = global.rows.pop_front() else {
            if let Some(global) = self.global.take() {
                self.queue = global.after;
                match global.substituted {
                    Substituted { matches: 0, .. } => self.report_rows(global.rows_before),
                    found => self.report_substituted(found),
                }
            }
            self.command_ended();
            return true;
        };
        self.cursor = self.line_start(row as usize);
        self.run_command(&command);
        if !self.mode.is_insert() {
            self.clamp_cursor();
        }
        self.flush();
        true
    }

    /// Moves the lines that `:g` still has to go to with an edit.
    pub(crate) fn carry_global(&mut self, moved: impl Fn(Point) -> Option<Point>) {
        if let Some(global) = &mut self.global {
            let rows = std::mem::take(&mut global.rows);
            let rows = rows.into_iter();
            global.rows = rows
                .filter_map(|row| Some(moved(Point::new(row, 0))?.row))
                .collect();
        }
    }

    /// Takes lines away at once; the register has the last of them, as one by one.
    fn delete_lines(&mut self, rows: &[usize]) {
        if self.has_no_line() {
            return;
        }
        self.jump();
        for row in rows.iter().rev().take(9).rev() {
            let start = self.line_start(*row);
            let content = self.content(&self.region_of(start..self.line_end(*row), Extent::Lines));
            self.registers.deleted(None, content, false);
        }
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for row in rows {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *row => *last = *row,
                _ => runs.push((*row, *row)),
            }
        }
        let edits = runs
            .into_iter()
            .map(|(first, last)| Edit::new(self.whole_rows(first, last), ""));
        let edits: Vec<Edit> = edits.collect();
        let end = rows[rows.len() - 1] - (rows.len() - 1);
        // Where `u` brings it back to.
        self.cursor = self.at_want(rows[0]);
        let before = self.rows();
        let all = rows.len() == before;
        self.replace_all(edits);
        self.lost_all_lines = all;
        self.report_rows(before);
        self.cursor = self.first_non_blank(end.min(self.rows() - 1));
        self.want_here();
    }
}

/// A pattern up to its separator, which a backslash takes in, and what follows.
fn split_pattern(arguments: &str, separator: char) -> (String, &str) {
    let mut pattern = String::new();
    let mut characters = arguments.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == separator {
            return (pattern, &arguments[at + separator.len_utf8()..]);
        }
        if character == '\\' {
            match characters.next() {
                Some((_, next)) if next == separator => pattern.push(next),
                Some((_, next)) => pattern.extend(['\\', next]),
                None => pattern.push('\\'),
            }
        } else {
            pattern.push(character);
        }
    }
    (pattern, "")
}
