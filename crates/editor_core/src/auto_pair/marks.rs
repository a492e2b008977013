//! Marks of several signs, which are closed as their last sign is typed.

use super::{
    AutoClosing, AutoMarks, Typing, WhichClosers, closes_before, quote_begins, word_before,
};
use crate::indentation::indent_range;
use crate::word::{CharClass, run_end};
use crate::{LanguageRules, Selection, Text};

mod open_marks;

pub(super) use open_marks::OpenMarks;

/// The mark that the typed sign is the last of, and what it brings along.
pub(super) fn closing(
    text: &Text,
    selection: &Selection,
    typed: char,
    rules: &'static LanguageRules,
    typing: &Typing<'_>,
    open: &mut OpenMarks<'_>,
) -> Option<(AutoMarks, &'static str)> {
    let at = selection.head;
    if !selection.is_empty() {
        return None;
    }
    let marks = rules.auto_close_marks.iter().filter(|marks| {
        marks
            .open
            .strip_suffix(typed)
            .is_some_and(|before| ends_with(text, at, before))
    });
    // The longest is the one that is meant.
    let marks = *marks.max_by_key(|marks| marks.open.len())?;
    let is_quote = marks.quote().is_some();
    let wanted = match is_quote {
        true => typing.settings.quotes,
        false => typing.settings.brackets,
    };
    if wanted == AutoClosing::Never || !closes_before(text, at, is_quote, rules, typing.settings) {
        return None;
    }
    let begins = (at + typed.len_utf8()).saturating_sub(marks.open.len());
    if is_quote {
        let opens = opens_string(text, begins, &marks, rules, typing, open);
        return opens.then_some((marks, marks.close));
    }
    if !marks.not_in.allows(text, begins, typing.syntax) || is_closed(text, at, marks.close) {
        return None;
    }
    // What a shorter mark that this one begins with has brought already is not brought again.
    let brought = rules
        .auto_close
        .iter()
        .map(|known| known.pair)
        .find(|pair| {
            let before = text.char_before(at) == Some(pair.open);
            before && typing.closed.opened_before(text, at, *pair).is_some()
        });
    let rest = brought.and_then(|pair| marks.close.strip_suffix(pair.close));
    Some((marks, rest.unwrap_or(marks.close)))
}

/// Whether marks of several quotes that begin at an offset begin a string, and do not end one.
fn opens_string(
    text: &Text,
    begins: usize,
    marks: &AutoMarks,
    rules: &'static LanguageRules,
    typing: &Typing<'_>,
    open: &mut OpenMarks<'_>,
) -> bool {
    let Some(quote) = marks.quote() else {
        return false;
    };
    let prefix = word_before(text, begins).len();
    let literal = begins.saturating_sub(prefix);
    if !quote_begins(text, begins, quote, rules, typing.syntax)
        || !marks.not_in.allows(text, literal, typing.syntax)
    {
        return false;
    }
    // The tree of a text in which a string has no end yet need not know of it.
    !open.holds(begins, marks.open, rules)
}

/// Where the mark ends behind the caret that the typed sign completes before it, and takes the place
/// of.
pub(super) fn over(
    text: &Text,
    selection: &Selection,
    typed: char,
    rules: &LanguageRules,
    typing: &Typing<'_>,
) -> Option<usize> {
    if !selection.is_empty() || typing.settings.overtype == WhichClosers::Never {
        return None;
    }
    let at = selection.head;
    rules.auto_close_marks.iter().find_map(|marks| {
        let close = marks.close.trim_start();
        let before = close.strip_suffix(typed).filter(|rest| !rest.is_empty())?;
        let follows = run_end(text, at, CharClass::Space);
        let both = ends_with(text, at, before) && begins_with(text, follows, close);
        let whole = both.then_some(follows + close.len())?;
        if marks.quote().is_none() {
            return Some(whole);
        }
        // The quotes before the caret may be those that opened the string.
        let inside = typing.closed.marked_before(at, *marks)?;
        (follows == at && inside + before.len() <= at).then_some(whole)
    })
}

/// Whether a mark that ends something, and begins nothing, stands at an offset.
pub(super) fn ends_at(text: &Text, at: usize, rules: &LanguageRules) -> bool {
    let mut marks = rules.auto_close_marks.iter();
    marks.any(|marks| marks.open != marks.close && begins_with(text, at, marks.close))
}

/// Whether what a mark begins at an offset has its end already: right there, or in the next rows, of
/// which the first goes on with a comment.
fn is_closed(text: &Text, at: usize, close: &str) -> bool {
    let close = close.trim_start();
    if begins_with(text, run_end(text, at, CharClass::Space), close) {
        return true;
    }
    let next = text.row_at(at) + 1;
    let goes_on = |row| text.char_at(indent_range(text, row).end) == Some('*');
    close == "*/" && next < text.line_count() && goes_on(next)
}

fn ends_with(text: &Text, at: usize, wanted: &str) -> bool {
    let before = text.chars_before(at).take(wanted.chars().count());
    before.eq(wanted.chars().rev())
}

fn begins_with(text: &Text, at: usize, wanted: &str) -> bool {
    let after = text.chars_from(at).take(wanted.chars().count());
    after.eq(wanted.chars())
}
