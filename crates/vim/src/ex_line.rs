//! The commands of a command line, taken apart: the range before each, its name, and what follows.

use std::borrow::Cow;

use crate::Vim;
use crate::ex_names::full_name;

/// One command of a line.
pub(crate) struct ExLine<'a> {
    /// As it was typed.
    pub line: &'a str,
    /// The range before it, where there is one, or what is wrong with it.
    pub range: Result<Option<LineRange>, String>,
    /// In full where it is a command that is known.
    pub name: &'a str,
    /// What follows the name, `!` and all.
    pub arguments: Cow<'a, str>,
}

/// Lines, counted from 1. Line 0 is above the first, which means something to `:r` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineRange {
    pub first: usize,
    /// Not less than `first`.
    pub last: usize,
}

impl LineRange {
    /// The same as rows from 0. What is above the first line is that line.
    pub fn rows(self) -> (usize, usize) {
        let row = |line: usize| line.saturating_sub(1);
        (row(self.first), row(self.last))
    }
}

impl Vim {
    /// The first command of a line, and what follows behind its `|`.
    pub(crate) fn first_command<'a>(&self, line: &'a str) -> (ExLine<'a>, Option<&'a str>) {
        let mut rest = line.trim_start_matches([' ', ':']);
        let range = self.read_range(&mut rest);
        let rest = rest.trim_start();
        let (typed, arguments) = rest.split_at(name_len(rest));
        let name = full_name(typed);
        let bar = match name {
            _ if range.is_err() => None,
            // These take it along.
            "global" | "vglobal" | "normal" => None,
            "substitute" => bar_after_pattern(arguments),
            _ => unescaped_bar(arguments),
        };
        let next = bar.map(|bar| &arguments[bar + 1..]);
        let arguments = &arguments[..bar.unwrap_or(arguments.len())];
        let line = &line[..line.len() - next.map_or(0, |next| next.len() + 1)];
        let is_plain = bar.is_none() || name == "substitute";
        let command = ExLine {
            line,
            range,
            name,
            arguments: match is_plain || !arguments.contains("\\|") {
                true => arguments.into(),
                false => arguments.replace("\\|", "|").into(),
            },
        };
        (command, next)
    }

    /// A range before a command; `None` where there is none.
    fn read_range(&self, rest: &mut &str) -> Result<Option<LineRange>, String> {
        if let Some(after) = rest.strip_prefix('%') {
            *rest = after;
            let last = self.rows();
            return Ok(Some(LineRange { first: 1, last }));
        }
        let mut row = self.row(self.cursor);
        let mut addresses: Vec<usize> = Vec::new();
        loop {
            let address = self.read_address(rest, row)?;
            let separator = rest.chars().next().filter(|c| matches!(c, ',' | ';'));
            match (address, separator) {
                (None, None) if addresses.is_empty() => return Ok(None),
                (address, _) => {
                    let address = address.unwrap_or(row + 1);
                    addresses.push(address);
                    if separator == Some(';') {
                        row = address.saturating_sub(1);
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
        if first > self.rows() || last > self.rows() {
            return Err("E16: Invalid range".to_owned());
        }
        Ok(Some(LineRange {
            first: first.min(last),
            last: first.max(last),
        }))
    }

    /// A line number from 1; 0 is above the first.
    pub(crate) fn read_address(
        &self,
        rest: &mut &str,
        row: usize,
    ) -> Result<Option<usize>, String> {
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
