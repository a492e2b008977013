//! Search from the cursor, a window of lines at a time, so that no text is copied as a whole.

use std::ops::Range;

use regex::Regex;

use crate::Vim;
use crate::motion::Span;
use crate::search_offset::SearchOffset;

/// Bytes of whole lines that are looked at in one go.
const WINDOW: usize = 256 * 1024;

/// Bytes after a window in which a match that begins in it may end.
const LOOK_AHEAD: usize = 64 * 1024;

/// A window with a line longer than this is not searched.
const MAX_WINDOW: usize = 32 * 1024 * 1024;

/// No more bytes are searched while the user waits.
pub(crate) const MAX_SEARCHED: usize = 256 * 1024 * 1024;

/// Why a search was given up: the text has too much to look at.
struct TooLarge;

/// The way of a search, and what it has still to do.
struct Walk<'a> {
    regex: &'a Regex,
    forward: bool,
    /// Whether the places are those of the last characters of the matches, not of the first.
    at_end: bool,
    /// Matches to go; the last of them is the place.
    left: usize,
    /// Bytes that may still be looked at.
    budget: usize,
}

impl Vim {
    /// A pattern, or the last one where it is empty; `None` where there is none, which is said.
    pub(crate) fn pattern_or_last(&mut self, pattern: String) -> Option<String> {
        if !pattern.is_empty() {
            return Some(pattern);
        }
        let last = self.search.as_ref().map(|(pattern, _)| pattern.clone());
        if last.is_none() {
            self.fail("E35: No previous regular expression");
        }
        last
    }

    /// What was searched for last, whether forward, and what finds it. Says so where nothing was, or where
    /// it cannot be searched for.
    pub(crate) fn last_search(&mut self) -> Option<(String, bool, Regex)> {
        let Some((pattern, forward)) = self.search.clone() else {
            self.fail("E35: No previous regular expression");
            return None;
        };
        match self.regex(&pattern) {
            Ok(regex) => Some((pattern, forward, regex)),
            Err(words) => {
                self.fail(&words);
                None
            }
        }
    }

    /// Where the `count`th match of the last search from a place on leads, and what an operator takes
    /// of the way; `same` keeps its direction.
    pub(crate) fn search_from(
        &mut self,
        from: usize,
        count: usize,
        same: bool,
    ) -> Option<(usize, Span)> {
        let (pattern, forward, regex) = self.last_search()?;
        let mut walk = Walk {
            regex: &regex,
            forward: forward == same,
            at_end: self.offset.from_end,
            left: count,
            budget: MAX_SEARCHED,
        };
        match self.walk_around(&mut walk, self.before_offset(from)) {
            Ok(Some(place)) => {
                self.effects.push(crate::Effect::Highlight(true));
                Some(self.with_offset(place))
            }
            Ok(None) if self.options.wrapscan => {
                self.fail(&format!("E486: Pattern not found: {pattern}"));
                None
            }
            Ok(None) => {
                self.fail(&format!(
                    "E385: Search hit the end without match for: {pattern}"
                ));
                None
            }
            Err(TooLarge) => {
                self.fail("Too much text to search while you wait; use the find bar");
                None
            }
        }
    }

    /// The `count`th match of a pattern from an offset on, with `budget` bytes to look at; `None` also
    /// where there are more.
    pub(crate) fn place_of(
        &self,
        regex: &Regex,
        from: usize,
        count: usize,
        forward: bool,
        budget: usize,
    ) -> Option<Range<usize>> {
        let mut walk = Walk {
            regex,
            forward,
            at_end: false,
            left: count,
            budget,
        };
        let from = isize::try_from(from).unwrap_or(isize::MAX);
        let place = self.walk_around(&mut walk, from).ok()??;
        // With what stands before it in its line, which the pattern may look at.
        let start = self.line_start(self.row(place));
        let end = self
            .text
            .floor_char_boundary(place.saturating_add(LOOK_AHEAD));
        let part = self.text.slice(start..end);
        let found = regex.find_at(&part, place - start)?;
        Some(start + found.start()..start + found.end())
    }

    /// The last match that begins up to a place, in its row or at most so many rows above.
    pub(crate) fn match_up_to(
        &self,
        regex: &Regex,
        at: usize,
        rows: usize,
    ) -> Option<Range<usize>> {
        let row = self.row(at);
        let start = self.line_start(row.saturating_sub(rows));
        let end = self.line_end(row).saturating_add(LOOK_AHEAD);
        let end = self.text.floor_char_boundary(end);
        if end - start > MAX_WINDOW {
            return None;
        }
        let part = self.text.slice(start..end);
        regex
            .find_iter(&part)
            .map(|found| start + found.start()..start + found.end())
            .take_while(|found| found.start <= at)
            .last()
    }

    /// Where a search begins: as far from the cursor as it led from its match, so that it does not
    /// find that again. -1 is before the text, one more than its length behind it.
    fn before_offset(&self, from: usize) -> isize {
        let SearchOffset { is_lines, by, .. } = self.offset;
        let mut at = from;
        if !is_lines {
            for _ in 0..by.unsigned_abs() {
                if by > 0 && self.decrement_over(&mut at) == -1 {
                    return -1;
                }
                if by < 0 && self.increment_over(&mut at) == -1 {
                    return isize::try_from(self.text.len() + 1).unwrap_or(isize::MAX);
                }
            }
        }
        isize::try_from(at).unwrap_or(isize::MAX)
    }

    /// Where the last search leads from the place of its match.
    fn with_offset(&self, place: usize) -> (usize, Span) {
        let SearchOffset {
            is_lines,
            from_end,
            by,
        } = self.offset;
        if is_lines {
            let row = self.row(place).saturating_add_signed(by);
            return (self.line_start(row.min(self.rows() - 1)), Span::Lines);
        }
        let mut at = place;
        for _ in 0..by.unsigned_abs() {
            let moved = match by > 0 {
                true => self.increment_over(&mut at),
                false => self.decrement_over(&mut at),
            };
            if moved == -1 {
                break;
            }
        }
        let span = match from_end {
            true => Span::Inclusive,
            false => Span::Exclusive,
        };
        (at, span)
    }

    /// From an offset to the end of the text, and then around it as often as the count asks for.
    /// It may begin before the text, or behind it.
    fn walk_around(&self, walk: &mut Walk<'_>, from: isize) -> Result<Option<usize>, TooLarge> {
        let inside = usize::try_from(from).unwrap_or(0).min(self.text.len());
        let (row, rows) = (self.row(inside), self.text.line_count());
        let (ahead, forward) = (
            if walk.forward { row..rows } else { 0..row + 1 },
            walk.forward,
        );
        let beyond = |place: usize| {
            let place = isize::try_from(place).unwrap_or(isize::MAX);
            if forward { place > from } else { place < from }
        };
        let found = self.walk_rows(walk, ahead, beyond)?;
        if found.is_some() || !self.options.wrapscan {
            return Ok(found);
        }
        let asked = walk.left;
        let found = self.walk_rows(walk, 0..rows, |_| true)?;
        let all = asked - walk.left;
        if found.is_some() || all == 0 {
            return Ok(found);
        }
        walk.left = (walk.left - 1) % all + 1;
        self.walk_rows(walk, 0..rows, |_| true)
    }

    /// Counts the matches that begin in some rows and are wanted; the place where none is left.
    fn walk_rows(
        &self,
        walk: &mut Walk<'_>,
        mut rows: Range<usize>,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Option<usize>, TooLarge> {
        while !rows.is_empty() {
            let window = if walk.forward {
                let end = self.row(self.line_start(rows.start) + WINDOW) + 1;
                let window = rows.start..end.min(rows.end);
                rows.start = window.end;
                window
            } else {
                let start = self.row(self.line_start(rows.end).saturating_sub(WINDOW));
                let window = start.min(rows.end - 1).max(rows.start)..rows.end;
                rows.end = window.start;
                window
            };
            let mut starts = self.match_starts(walk, window)?;
            starts.retain(|start| wanted(*start));
            if let Some(past) = starts.len().checked_sub(walk.left) {
                let index = if walk.forward { walk.left - 1 } else { past };
                return Ok(starts.get(index).copied());
            }
            walk.left -= starts.len();
        }
        Ok(None)
    }

    /// Where matches begin in some rows, in order.
    fn match_starts(
        &self,
        walk: &mut Walk<'_>,
        rows: Range<usize>,
    ) -> Result<Vec<usize>, TooLarge> {
        let (start, end) = (self.line_start(rows.start), self.line_start(rows.end));
        let ahead = self
            .text
            .floor_char_boundary(end.saturating_add(LOOK_AHEAD));
        if ahead - start > MAX_WINDOW {
            return Err(TooLarge);
        }
        walk.budget = walk.budget.checked_sub(end - start).ok_or(TooLarge)?;
        let last_row = self.rows() - 1;
        let last = self.line_end(last_row);
        let is_place = |place: &usize| {
            (*place < end || end == self.text.len())
                && *place <= last
                && !(*place == last && *place > self.line_start(last_row))
        };
        let part = self.text.slice(start..ahead);
        Ok(walk
            .regex
            .find_iter(&part)
            .map(|found| start + found.start()..start + found.end())
            .take_while(|found| found.start <= end)
            .filter(|found| is_place(&found.start))
            .map(|found| match walk.at_end {
                true => self
                    .text
                    .floor_char_boundary(found.end.saturating_sub(1))
                    .max(found.start),
                false => found.start,
            })
            .collect())
    }
}
