//! Making more carets, and selecting by words, rows and occurrences.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use crate::display_map::DisplaySnapshot;
use crate::find::{MAX_MATCHES, Needle, find_next, find_previous, find_unless};
use crate::movement::visual::copied;
use crate::{CharClass, Selection, Selections, Text, word_at};

/// One command makes no more carets than this (VS Code's `editor.multiCursorLimit`).
pub const MAX_CARETS: usize = 10_000;

/// What a command made that is bound by [`MAX_CARETS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounded {
    /// The selections that it made.
    pub selections: Selections,
    /// How many more it would have made without the bound; of occurrences no more than
    /// [`MAX_MATCHES`] are counted.
    pub left_out: usize,
}

impl Bounded {
    fn whole(selections: Selections) -> Self {
        Self {
            selections,
            left_out: 0,
        }
    }
}

/// Adds a caret in the row of the screen above every caret, at the same column; of what is selected,
/// a selection of the same columns.
pub fn add_above(display: &DisplaySnapshot, selections: &Selections) -> Selections {
    add(display, selections, -1)
}

/// [`add_above`] in the row of the screen below.
pub fn add_below(display: &DisplaySnapshot, selections: &Selections) -> Selections {
    add(display, selections, 1)
}

fn add(display: &DisplaySnapshot, selections: &Selections, rows: isize) -> Selections {
    let mut all: Vec<Selection> = selections.iter().copied().collect();
    let mut newest = None;
    for selection in selections.iter() {
        let Some(copy) = copied(display, selection, rows) else {
            continue;
        };
        if newest.is_none() || rows > 0 {
            newest = Some(all.len());
        }
        all.push(copy);
    }
    let primary = newest.unwrap_or(selections.primary_index());
    Selections::new(all, primary)
}

/// Selects the whole text.
pub fn select_all(text: &Text) -> Selections {
    Selections::single(Selection::new(0, text.len()))
}

/// Selects the word at an offset, as a double click does.
pub fn select_word(text: &Text, offset: usize) -> Selection {
    let range = word_at(text, offset);
    Selection::new(range.start, range.end)
}

/// Selects the row at an offset with its line feed, as a triple click does.
pub fn select_row(text: &Text, offset: usize) -> Selection {
    let row = text.row_at(offset);
    Selection::new(text.line_start(row), text.line_start(row + 1))
}

/// Grows every selection to whole rows; again, by one more row.
pub fn select_rows(text: &Text, selections: &Selections) -> Selections {
    selections.transform(|selection| {
        let first = text.row_at(selection.start());
        let last = text.row_at(selection.end());
        Selection::new(text.line_start(first), text.line_start(last + 1))
    })
}

/// Which places count as occurrences of what is selected.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct OccurrenceRule {
    /// Letters have to be of the same case.
    pub case_sensitive: bool,
    /// They are whole words.
    pub whole_word: bool,
}

impl OccurrenceRule {
    /// For what began at a caret, with the word there: VS Code's `MultiCursorSession` too holds to
    /// the word then, and else to what the find bar is set to.
    pub const WORD: Self = Self {
        case_sensitive: true,
        whole_word: true,
    };

    /// Looks for a text by this rule.
    pub fn needle(self, text: impl Into<String>) -> Needle {
        Needle::new(text)
            .case_sensitive(self.case_sensitive)
            .whole_word(self.whole_word)
    }
}

/// Selects the word at every caret that selects nothing; else adds the next occurrence of what the
/// primary selection holds, wrapping at the end of the text.
pub fn select_next_occurrence(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
) -> Selections {
    add_occurrence(text, selections, rule, find_next, |primary| primary.end())
}

/// [`select_next_occurrence`] towards the start of the text.
pub fn select_previous_occurrence(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
) -> Selections {
    add_occurrence(text, selections, rule, find_previous, Selection::start)
}

/// Leaves the primary selection and takes the next occurrence of what it holds instead; the others
/// stay.
pub fn skip_to_next_occurrence(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
) -> Selections {
    skip(selections, &select_next_occurrence(text, selections, rule))
}

/// [`skip_to_next_occurrence`] towards the start of the text.
pub fn skip_to_previous_occurrence(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
) -> Selections {
    skip(
        selections,
        &select_previous_occurrence(text, selections, rule),
    )
}

/// The selections after an occurrence was added, without the one that was primary before.
fn skip(before: &Selections, after: &Selections) -> Selections {
    if after.len() <= before.len() {
        return after.clone();
    }
    let left = before.primary().range();
    let added = *after.primary();
    let kept: Vec<Selection> = after
        .iter()
        .filter(|selection| selection.range() != left)
        .copied()
        .collect();
    let primary = kept
        .iter()
        .position(|selection| selection.range() == added.range());
    Selections::new(kept, primary.unwrap_or(usize::MAX))
}

fn add_occurrence(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
    find: impl Fn(&Text, &Needle, usize) -> Option<Range<usize>>,
    onward: fn(&Selection) -> usize,
) -> Selections {
    if selections.iter().any(Selection::is_empty) {
        return select_words(text, selections);
    }
    let Some(needle) = needle(text, selections, rule) else {
        return selections.clone();
    };
    let mut from = onward(selections.primary());
    for _ in 0..=selections.len() {
        let Some(found) = find(text, &needle, from) else {
            break;
        };
        from = onward(&Selection::new(found.start, found.end));
        let taken = selections
            .iter()
            .any(|selection| selection.start() < found.end && found.start < selection.end());
        if !taken {
            return selections.push(Selection::new(found.start, found.end));
        }
    }
    selections.clone()
}

/// Selects every occurrence of what the primary selection holds, or of the word at its caret; the
/// first [`MAX_CARETS`] of them. It takes as long as the text is long; `None` once `cancel` is true.
pub fn select_all_occurrences(
    text: &Text,
    selections: &Selections,
    rule: OccurrenceRule,
    cancel: &AtomicBool,
) -> Option<Bounded> {
    let selections = select_words(text, selections);
    let Some(needle) = needle(text, &selections, rule) else {
        return Some(Bounded::whole(selections));
    };
    let mut found = find_unless(text, &needle, 0..text.len(), MAX_MATCHES, cancel)?;
    let left_out = found.len().saturating_sub(MAX_CARETS);
    found.truncate(MAX_CARETS);
    let primary = found
        .iter()
        .position(|range| *range == selections.primary().range())
        .unwrap_or(0);
    if found.is_empty() {
        return Some(Bounded::whole(selections));
    }
    let found = found
        .into_iter()
        .map(|range| Selection::new(range.start, range.end))
        .collect();
    Some(Bounded {
        selections: Selections::new(found, primary),
        left_out,
    })
}

/// A caret at the end of every row that the selections touch, or where a selection ends within its
/// last row; the first [`MAX_CARETS`] of them. A row that a selection of several ends at the start of
/// has nothing selected and gets none.
pub fn split_into_rows(text: &Text, selections: &Selections) -> Bounded {
    let mut carets = Vec::new();
    let mut left_out = 0;
    for selection in selections.iter() {
        let (first, mut last) = (text.row_at(selection.start()), text.row_at(selection.end()));
        if last > first && text.line_start(last) == selection.end() {
            last -= 1;
        }
        let room = MAX_CARETS - carets.len();
        left_out += (last + 1 - first).saturating_sub(room);
        for row in (first..=last).take(room) {
            let end = text.line_end(row).min(selection.end());
            carets.push(Selection::caret(end));
        }
    }
    let primary = carets.len().saturating_sub(1);
    Bounded {
        selections: Selections::new(carets, primary),
        left_out,
    }
}

/// Selects the word at every caret that selects nothing; where there is none it stays, since what is
/// selected is typed over.
fn select_words(text: &Text, selections: &Selections) -> Selections {
    selections.transform(|selection| {
        let word = select_word(text, selection.head);
        let first = text.char_at(word.start()).map(CharClass::of);
        match selection.is_empty() && first == Some(CharClass::Word) {
            true => word,
            false => *selection,
        }
    })
}

fn needle(text: &Text, selections: &Selections, rule: OccurrenceRule) -> Option<Needle> {
    let range = selections.primary().range();
    (!range.is_empty()).then(|| rule.needle(text.slice(range).into_owned()))
}
