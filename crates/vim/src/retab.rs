//! `:retab`: runs of white space as 'expandtab' and another width of tabs have them.

use editor_core::Edit;

use crate::{Effect, ExCommand, OptionValue, Vim};

/// The widest tab, as `:set ts` has it.
const MAX_TABSTOP: u32 = 64;

/// A run of blanks in a line: its bytes, the cells where it begins and ends, and whether one of them is
/// a tab.
struct Run {
    start: usize,
    end: usize,
    from: usize,
    to: usize,
    has_tab: bool,
}

impl Vim {
    /// `:[range]retab[!] [N]`: every run of blanks with a tab in it, with `!` also one of spaces alone, is
    /// written anew: as wide as it is, in tabs of `N` cells, which `tabstop` is from then on, and
    /// spaces, or spaces alone by 'expandtab'. All lines without a range.
    pub(crate) fn retab(&mut self, rows: (usize, usize), argument: &str, all_runs: bool) {
        let is_number = argument.bytes().all(|byte| byte.is_ascii_digit());
        let width = match argument.parse() {
            Ok(width @ 1..=MAX_TABSTOP) if is_number => width,
            // As it is.
            _ if matches!(argument, "" | "0") => self.options.tabstop.max(1),
            Ok(0) if is_number => return self.fail("E487: Argument must be positive"),
            _ => return self.fail(&format!("E475: Invalid argument: {argument}")),
        };
        let mut edits = Vec::new();
        for row in rows.0..=rows.1 {
            let start = self.line_start(row);
            for run in self.runs_of_blanks(row) {
                let is_meant = run.has_tab || (all_runs && run.end - run.start > 1);
                if !is_meant {
                    continue;
                }
                let new = self.blanks_between(run.from, run.to, width as usize);
                let is_shorter = new.len() < run.to - run.from;
                if self.options.expandtab || run.has_tab || is_shorter {
                    edits.push(Edit::new(start + run.start..start + run.end, new));
                }
            }
        }
        // What is the same is no change that `u` would take back.
        edits.retain(|edit| *self.text.slice(edit.range.clone()) != *edit.text);
        let row = self.row(self.cursor);
        if !edits.is_empty() {
            self.replace_all(edits);
        }
        if self.options.tabstop != width {
            self.options.tabstop = width;
            let value = Some(OptionValue::Text(width.to_string()));
            let name = "tabstop";
            self.effects
                .push(Effect::Command(ExCommand::SetOption { name, value }));
        }
        self.cursor = self.at_want(row);
    }

    fn runs_of_blanks(&self, row: usize) -> Vec<Run> {
        let line = self.text.line(row);
        let (mut runs, mut open, mut cell) = (Vec::new(), None::<Run>, 0);
        for (at, character) in line.char_indices() {
            let next = cell + self.cells(character, cell);
            if matches!(character, ' ' | '\t') {
                let run = open.get_or_insert(Run {
                    start: at,
                    end: at,
                    from: cell,
                    to: cell,
                    has_tab: false,
                });
                (run.end, run.to) = (at + 1, next);
                run.has_tab |= character == '\t';
            } else {
                runs.extend(open.take());
            }
            cell = next;
        }
        runs.extend(open);
        runs
    }

    /// The blanks from a cell of a line to another.
    fn blanks_between(&self, from: usize, to: usize, tab: usize) -> String {
        if self.options.expandtab {
            return " ".repeat(to - from);
        }
        let (mut tabs, mut at) = (0, from);
        while at - at % tab + tab <= to {
            at += tab - at % tab;
            tabs += 1;
        }
        format!("{}{}", "\t".repeat(tabs), " ".repeat(to - at))
    }
}
