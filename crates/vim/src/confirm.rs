//! `:s` with the flag `c`: each match is shown and asked about (`:help :s_c`).

use std::collections::VecDeque;
use std::ops::Range;

use editor_core::{Bias, ChangeSet, Edit, Text};
use regex::Regex;

use crate::report::Substituted;
use crate::substitute::expand;
use crate::{Effect, Key, Mode, Scroll, Vim};

/// What a substitution asks about, and what is still to be looked at.
#[derive(Debug, Clone)]
pub(crate) struct Confirm {
    regex: Regex,
    replacement: String,
    /// Whether all matches of a line are meant and not the first alone.
    all: bool,
    /// The matches of the line at hand, from the one that is asked about on.
    matches: VecDeque<Match>,
    /// The rows after it.
    rows: Range<usize>,
    /// How many matches have been replaced, and in how many lines.
    count: usize,
    lines: usize,
    /// The row in which the last of them ended.
    last_row: Option<usize>,
    /// The commands behind the `|` of the line.
    pub(crate) following: Option<String>,
}

#[derive(Debug, Clone)]
struct Match {
    range: Range<usize>,
    /// What stands there, by which a text that something else changed is known.
    old: String,
    new: String,
}

impl Confirm {
    /// Counts a match that is replaced in a row, by text that makes so many more.
    fn counted(&mut self, row: usize, added: usize) {
        self.count += 1;
        self.lines += usize::from(self.last_row != Some(row));
        self.last_row = Some(row + added);
    }

    /// Follows an edit that something else made: the matches at hand stay those, and lines that come
    /// and go within the range are looked at and not.
    pub(crate) fn follow(&mut self, changes: &ChangeSet, before: &Text, after: &Text) {
        for found in &mut self.matches {
            let end = changes.map_offset(found.range.end, Bias::Left);
            let start = changes.map_offset(found.range.start, Bias::Right);
            found.range = start.min(end)..end;
        }
        if self.rows.is_empty() {
            return;
        }
        let row_of = |at: usize, bias| after.row_at(changes.map_offset(at, bias));
        let start = row_of(before.line_start(self.rows.start), Bias::Left);
        // Neither what is put in behind the last line nor what follows where that is gone.
        let mut end = row_of(before.line_end(self.rows.end - 1), Bias::Left) + 1;
        if self.rows.end < before.line_count() {
            end = end.min(row_of(before.line_start(self.rows.end), Bias::Left));
        }
        self.rows = start..end.max(start);
    }
}

impl Vim {
    /// Begins to ask about the matches of some rows; false where there is none.
    pub(crate) fn confirm_rows(
        &mut self,
        rows: Range<usize>,
        regex: Regex,
        replacement: &str,
        all: bool,
    ) -> bool {
        let mut confirm = Confirm {
            regex,
            replacement: replacement.to_owned(),
            all,
            matches: VecDeque::new(),
            rows,
            count: 0,
            lines: 0,
            last_row: None,
            following: None,
        };
        if !self.find_match(&mut confirm) {
            return false;
        }
        self.confirm = Some(confirm);
        self.mode = Mode::Confirm;
        self.effects.push(Effect::Highlight(true));
        true
    }

    /// Puts the cursor on the next match; false where there is none left.
    fn find_match(&mut self, confirm: &mut Confirm) -> bool {
        while confirm.matches.is_empty() {
            let Some(row) = confirm.rows.next() else {
                return false;
            };
            let (start, line) = (self.line_start(row), self.text.line(row));
            let limit = if confirm.all { usize::MAX } else { 1 };
            let found = confirm.regex.captures_iter(&line).take(limit);
            confirm.matches.extend(found.filter_map(|captures| {
                let whole = captures.get(0)?;
                Some(Match {
                    range: start + whole.start()..start + whole.end(),
                    old: whole.as_str().to_owned(),
                    new: expand(&confirm.replacement, &captures),
                })
            }));
        }
        if let Some(next) = confirm.matches.front() {
            self.cursor = next.range.start;
        }
        true
    }

    /// The match that is asked about, in bytes.
    pub fn asked_match(&self) -> Option<Range<usize>> {
        let next = self.confirm.as_ref()?.matches.front()?;
        Some(next.range.clone())
    }

    /// What is asked about it.
    pub fn question(&self) -> Option<String> {
        let next = self.confirm.as_ref()?.matches.front()?;
        let new = next.new.replace('\n', "\u{2424}");
        Some(format!("replace with {new} (y/n/a/q/l/^E/^Y)?"))
    }

    pub(crate) fn confirm_key(&mut self, key: Key) {
        let Some(mut confirm) = self.confirm.take() else {
            self.mode = Mode::Normal;
            return;
        };
        let goes_on = match key {
            Key::Char('y') => self.replace_match(&mut confirm) && self.find_match(&mut confirm),
            Key::Char('l') => {
                self.replace_match(&mut confirm);
                false
            }
            Key::Char('n') => {
                confirm.matches.pop_front();
                self.find_match(&mut confirm)
            }
            Key::Char('a') => {
                self.replace_rest(&mut confirm);
                false
            }
            Key::Char('q') | Key::Escape | Key::Ctrl('c') => false,
            Key::Ctrl(letter @ ('e' | 'y')) => {
                let rows = if letter == 'e' { 1 } else { -1 };
                self.effects.push(Effect::Scroll(Scroll::Rows(rows)));
                true
            }
            _ => true,
        };
        if goes_on {
            self.confirm = Some(confirm);
            return;
        }
        self.mode = Mode::Normal;
        self.report_substituted(Substituted {
            matches: confirm.count,
            lines: confirm.lines,
        });
        self.clamp_cursor();
        if let Some(following) = confirm.following {
            self.flush();
            self.run_command(&following);
            if !self.mode.is_insert() {
                self.clamp_cursor();
            }
        }
        self.command_ended();
    }

    /// Replaces the match that is asked about; false where something else changed the text there.
    fn replace_match(&mut self, confirm: &mut Confirm) -> bool {
        let Some(next) = confirm.matches.pop_front() else {
            return false;
        };
        if !self.stands(&next) {
            return false;
        }
        self.cursor = next.range.start;
        self.replace(next.range.clone(), &next.new);
        // As in Neovim, for the case that nothing more is asked.
        let added = next.new.matches('\n').count();
        self.cursor = self.line_start(self.row(next.range.start) + added);
        confirm.counted(self.row(next.range.start), added);
        let carried = |at: usize| at + next.new.len() - next.range.len();
        for later in &mut confirm.matches {
            later.range = carried(later.range.start)..carried(later.range.end);
        }
        confirm.rows = confirm.rows.start + added..confirm.rows.end + added;
        true
    }

    /// Whether a match is where it was found; says so where something else changed the text there.
    fn stands(&mut self, found: &Match) -> bool {
        let range = &found.range;
        let stands = range.end <= self.text.len()
            && self.text.is_char_boundary(range.start)
            && self.text.is_char_boundary(range.end)
            && *self.text.slice(range.clone()) == found.old;
        if !stands {
            self.fail("The text was changed meanwhile: give the command again");
        }
        stands
    }

    /// Replaces the match that is asked about and all that follow; none of them where something else
    /// changed the text at one.
    fn replace_rest(&mut self, confirm: &mut Confirm) {
        let mut edits = Vec::new();
        let (mut last_row, mut added) = (self.row(self.cursor), 0);
        loop {
            for next in std::mem::take(&mut confirm.matches) {
                if !self.stands(&next) {
                    return;
                }
                last_row = self.row(next.range.start);
                confirm.counted(last_row, 0);
                added += next.new.matches('\n').count();
                edits.push(Edit::new(next.range, next.new));
            }
            let cursor = self.cursor;
            let more = self.find_match(confirm);
            self.cursor = cursor;
            if !more {
                break;
            }
        }
        self.replace_all(edits);
        self.cursor = self.first_non_blank((last_row + added).min(self.rows() - 1));
        self.want_here();
    }
}
