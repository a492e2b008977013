//! Matching brackets, with those in strings and comments left out where the syntax is known.

use std::ops::Range;

use crate::auto_pair::Pair;
use crate::transaction::build;
use crate::{Edit, EditIntent, Selection, Selections, SyntaxView, Text, Transaction, movement};

/// The brackets of most languages.
pub const BRACKETS: &[Pair] = &[
    Pair::new('(', ')'),
    Pair::new('[', ']'),
    Pair::new('{', '}'),
];

/// How far a partner is looked for, in bytes each way. A partner farther away is not found, so that
/// no key press walks a file of gigabytes.
pub const MAX_SCAN: usize = 1024 * 1024;

/// Bytes that are looked through at a time.
const WINDOW: usize = 4096;

/// A bracket and its partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BracketPair {
    /// Where the opening one is.
    pub open: Range<usize>,
    /// Where the closing one is.
    pub close: Range<usize>,
}

impl BracketPair {
    /// From the start of the one to the end of the other.
    pub fn outer(&self) -> Range<usize> {
        self.open.start..self.close.end
    }

    /// What is between them.
    pub fn inner(&self) -> Range<usize> {
        self.open.end..self.close.start
    }
}

/// The bracket that touches an offset, the one after it first, with its partner.
pub fn bracket_at(text: &Text, offset: usize, syntax: &dyn SyntaxView) -> Option<BracketPair> {
    let before = text.char_before(offset).map(char::len_utf8);
    [Some(offset), before.map(|len| offset - len)]
        .into_iter()
        .flatten()
        .find_map(|at| partner(text, at, syntax))
}

/// The nearest pair of brackets around a range.
pub fn enclosing_brackets(
    text: &Text,
    range: Range<usize>,
    syntax: &dyn SyntaxView,
) -> Option<BracketPair> {
    let pairs = syntax.brackets();
    let mut depths = vec![0usize; pairs.len()];
    let mut closers = Scan::forward(text, range.end, pairs, syntax);
    let (close, pair) = closers.find_map(|(at, character)| {
        let (index, pair) = pair_of(pairs, character)?;
        if character == pair.open {
            depths[index] += 1;
            return None;
        }
        match depths[index].checked_sub(1) {
            Some(depth) => {
                depths[index] = depth;
                None
            }
            None => Some((at, *pair)),
        }
    })?;
    let open = unmatched_before(text, range.start, pair, syntax)?;
    Some(ranges(open, close, pair))
}

/// The opening bracket before `offset` of which no partner is before `offset` either.
pub fn unmatched_before(
    text: &Text,
    offset: usize,
    pair: Pair,
    syntax: &dyn SyntaxView,
) -> Option<usize> {
    let pairs = [pair];
    let mut depth = 0usize;
    Scan::backward(text, offset, &pairs, syntax).find_map(|(at, character)| {
        if character == pair.close {
            depth += 1;
            return None;
        }
        match depth.checked_sub(1) {
            Some(less) => {
                depth = less;
                None
            }
            None => Some(at),
        }
    })
}

/// The caret at the partner of the bracket that it touches; else at the end of the brackets around
/// it; else at the next bracket.
pub fn jump_to_bracket(
    text: &Text,
    selection: &Selection,
    syntax: &dyn SyntaxView,
    extend: bool,
) -> Selection {
    let head = selection.head;
    let target = match bracket_at(text, head, syntax) {
        Some(pair) if touches(&pair.open, head) => Some(pair.close.start),
        Some(pair) => Some(pair.open.start),
        None => enclosing_brackets(text, head..head, syntax)
            .map(|pair| pair.close.start)
            .or_else(|| {
                let pairs = syntax.brackets();
                Scan::forward(text, head, pairs, syntax)
                    .next()
                    .map(|(at, _)| at)
            }),
    };
    movement::to(selection, target.unwrap_or(head), extend)
}

/// Selects the brackets that a selection touches or stands in, with what is between them.
pub fn select_to_bracket(text: &Text, selection: &Selection, syntax: &dyn SyntaxView) -> Selection {
    let head = selection.head;
    bracket_at(text, head, syntax)
        .filter(|pair| selection.is_empty() || pair.outer() != selection.range())
        .or_else(|| enclosing_brackets(text, selection.range(), syntax))
        .map_or(*selection, |pair| {
            Selection::new(pair.open.start, pair.close.end)
        })
}

/// Takes the brackets away that each caret touches or stands in.
pub fn remove_brackets(
    text: &Text,
    selections: &Selections,
    syntax: &dyn SyntaxView,
) -> Transaction {
    let mut removed: Vec<Range<usize>> = selections
        .iter()
        .filter_map(|selection| {
            let head = selection.head;
            bracket_at(text, head, syntax).or_else(|| enclosing_brackets(text, head..head, syntax))
        })
        .flat_map(|pair| [pair.open, pair.close])
        .collect();
    removed.sort_by_key(|range| range.start);
    removed.dedup();
    let edits = removed
        .into_iter()
        .map(|range| Edit::new(range, ""))
        .collect();
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}

fn touches(range: &Range<usize>, offset: usize) -> bool {
    range.start <= offset && offset <= range.end
}

fn pair_of(pairs: &[Pair], character: char) -> Option<(usize, &Pair)> {
    pairs
        .iter()
        .enumerate()
        .find(|(_, pair)| pair.open == character || pair.close == character)
}

fn ranges(open: usize, close: usize, pair: Pair) -> BracketPair {
    BracketPair {
        open: open..open + pair.open.len_utf8(),
        close: close..close + pair.close.len_utf8(),
    }
}

/// The bracket that begins at `at` and its partner.
fn partner(text: &Text, at: usize, syntax: &dyn SyntaxView) -> Option<BracketPair> {
    let character = text.char_at(at)?;
    let pairs = syntax.brackets();
    let (_, pair) = pair_of(pairs, character)?;
    let pair = *pair;
    // In a string or a comment a bracket has no partner.
    Scan::forward(text, at, &[pair], syntax)
        .next()
        .filter(|(found, _)| *found == at)?;
    if character == pair.close {
        let open = unmatched_before(text, at, pair, syntax)?;
        return Some(ranges(open, at, pair));
    }
    let mut depth = 0usize;
    let close = Scan::forward(text, at, &[pair], syntax).find_map(|(found, character)| {
        if character == pair.open {
            depth += 1;
        } else {
            depth = depth.saturating_sub(1);
        }
        (depth == 0).then_some(found)
    })?;
    Some(ranges(at, close, pair))
}

/// The brackets in code from an offset on, or before it, nearest first.
pub(crate) struct Scan<'a> {
    text: &'a Text,
    pairs: &'a [Pair],
    syntax: &'a dyn SyntaxView,
    /// What is left to look through.
    left: Range<usize>,
    backward: bool,
    /// The brackets of the window, the next one last.
    found: Vec<(usize, char)>,
}

impl<'a> Scan<'a> {
    pub fn forward(
        text: &'a Text,
        from: usize,
        pairs: &'a [Pair],
        syntax: &'a dyn SyntaxView,
    ) -> Self {
        Self::within(
            text,
            from..text.len().min(from.saturating_add(MAX_SCAN)),
            pairs,
            syntax,
        )
    }

    /// The brackets in a range, first to last.
    pub fn within(
        text: &'a Text,
        range: Range<usize>,
        pairs: &'a [Pair],
        syntax: &'a dyn SyntaxView,
    ) -> Self {
        Self {
            text,
            pairs,
            syntax,
            left: range,
            backward: false,
            found: Vec::new(),
        }
    }

    pub fn backward(
        text: &'a Text,
        from: usize,
        pairs: &'a [Pair],
        syntax: &'a dyn SyntaxView,
    ) -> Self {
        Self {
            text,
            pairs,
            syntax,
            left: from.saturating_sub(MAX_SCAN)..from.min(text.len()),
            backward: true,
            found: Vec::new(),
        }
    }

    fn fill(&mut self) {
        let window = if self.backward {
            let start = self.left.end.saturating_sub(WINDOW).max(self.left.start);
            let start = self.text.floor_char_boundary(start);
            let window = start..self.left.end;
            self.left.end = start.max(self.left.start);
            if start < self.left.start {
                self.left.end = self.left.start;
            }
            window
        } else {
            let end = (self.left.start + WINDOW).min(self.left.end);
            let end = self.text.ceil_char_boundary(end);
            let window = self.left.start..end;
            self.left.start = end;
            self.left.end = self.left.end.max(end);
            window
        };
        let is_bracket = |character: char| pair_of(self.pairs, character).is_some();
        let mut at = window.start;
        for chunk in self.text.chunks(window.clone()) {
            for (index, character) in chunk.char_indices() {
                if is_bracket(character) {
                    self.found.push((at + index, character));
                }
            }
            at += chunk.len();
        }
        if !self.found.is_empty() {
            let literals = self.syntax.literals(self.text, window);
            let mut next = 0;
            self.found.retain(|(at, _)| {
                while next < literals.len() && literals[next].end <= *at {
                    next += 1;
                }
                literals.get(next).is_none_or(|range| *at < range.start)
            });
        }
        if !self.backward {
            self.found.reverse();
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        while self.found.is_empty() && self.left.start < self.left.end {
            self.fill();
        }
        self.found.pop()
    }
}
