use std::ops::Range;

use crate::brackets::{bracket_at, enclosing_brackets};
use crate::movement::subword_at;
use crate::{Selections, SyntaxView, Text, word_at};

/// How many steps can be gone back.
const MAX_STEPS: usize = 200;

/// Growing selections along the syntax, and back the way they came.
///
/// The way back is forgotten once the selections are others than the last step left.
#[derive(Debug, Clone, Default)]
pub struct GrowingSelections {
    /// The selections before and after each step.
    steps: Vec<(Selections, Selections)>,
}

impl GrowingSelections {
    /// Every selection grown to the next larger thing around it: a part of a word, the word, what is
    /// between brackets, the brackets, a part of the syntax, and at last the whole text.
    pub fn expand(
        &mut self,
        text: &Text,
        selections: &Selections,
        syntax: &dyn SyntaxView,
    ) -> Selections {
        if !self.continues(selections) {
            self.steps.clear();
        }
        let grown = selections
            .transform(|selection| selection.with_range(larger(text, selection.range(), syntax)));
        if !grown.same_places(selections) {
            if self.steps.len() == MAX_STEPS {
                self.steps.remove(0);
            }
            self.steps.push((selections.clone(), grown.clone()));
        }
        grown
    }

    /// The selections before the last growth; those given where there was none.
    pub fn shrink(&mut self, selections: &Selections) -> Selections {
        if !self.continues(selections) {
            self.steps.clear();
        }
        match self.steps.pop() {
            Some((before, _)) => before,
            None => selections.clone(),
        }
    }

    /// Forgets the way back, after the text has changed.
    pub fn clear(&mut self) {
        self.steps.clear();
    }

    fn continues(&self, selections: &Selections) -> bool {
        self.steps
            .last()
            .is_none_or(|(_, after)| after.same_places(selections))
    }
}

/// The smallest thing around a range that is longer than it.
fn larger(text: &Text, range: Range<usize>, syntax: &dyn SyntaxView) -> Range<usize> {
    let at = range.start;
    let row = text.row_at(at);
    let row_is_all = text.row_at(range.end) == row;
    let row = trimmed(text, text.line_start(row)..text.line_end(row));
    let mut candidates = Vec::with_capacity(8);
    if range.is_empty() || word_at(text, at).end >= range.end {
        candidates.push(subword_at(text, at));
        let word = word_at(text, at);
        let is_word = text
            .char_at(word.start)
            .is_some_and(|first| !first.is_whitespace());
        if is_word {
            candidates.push(word);
        }
    }
    // A range that is a pair of brackets already grows past them.
    let brackets = bracket_at(text, range.start, syntax)
        .filter(|pair| pair.inner() == range)
        .or_else(|| enclosing_brackets(text, range.clone(), syntax));
    if let Some(pair) = brackets {
        candidates.push(pair.inner());
        candidates.push(pair.outer());
    }
    if syntax.has_tree() {
        candidates.extend(syntax.enclosing(range.clone()));
    } else if row_is_all {
        candidates.push(row);
    }
    candidates
        .into_iter()
        .filter(|candidate| {
            candidate.start <= range.start
                && candidate.end >= range.end
                && candidate.len() > range.len()
        })
        .min_by_key(ExactSizeIterator::len)
        .unwrap_or(0..text.len())
}

/// A range without the spaces at its ends.
fn trimmed(text: &Text, range: Range<usize>) -> Range<usize> {
    let is_space = |character: &char| character.is_whitespace() && *character != '\n';
    let front: usize = text
        .chars_from(range.start)
        .take_while(is_space)
        .map(char::len_utf8)
        .sum();
    let back: usize = text
        .chars_before(range.end)
        .take_while(is_space)
        .map(char::len_utf8)
        .sum();
    let start = (range.start + front).min(range.end);
    start..range.end.saturating_sub(back).max(start)
}
