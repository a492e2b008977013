use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Snippet;
use super::expansion::{Stop, expand};
use super::parser::SnippetError;
use super::variables::{Environment, Place};
use crate::indentation::indent_before;
use crate::{
    Bias, ChangeSet, Edit, EditIntent, IndentStyle, Selection, Selections, Text, Transaction,
};

/// Tab stops of one snippet in all carets together.
const MAX_STOPS: usize = 50_000;

/// A snippet that was put in and is being filled in.
///
/// All places of the tab stop that the carets are at are selected, in every caret that the snippet
/// was put in at, so that what is typed goes into each; a place with a transform is written when
/// the tab stop is left. Tell it of every change of the text and of the carets, also of undo; it
/// is over where one of these says so.
#[derive(Debug, Clone)]
pub struct SnippetSession {
    stops: Vec<Stop>,
    /// The numbers in the order in which they are gone to; 0 is the last.
    order: Vec<u32>,
    /// Which of `order` the carets are at.
    at: usize,
    /// What the snippet put in, one range a caret.
    whole: Vec<Range<usize>>,
}

impl SnippetSession {
    /// Puts a snippet in the place of every selection: the change, with the first tab stop
    /// selected, and the session, where there is more than one place to go to.
    ///
    /// # Errors
    /// [`SnippetError::TooLarge`].
    pub fn start(
        text: &Text,
        selections: &Selections,
        snippet: &Snippet,
        environment: &mut Environment,
        style: &IndentStyle,
    ) -> Result<(Transaction, Option<Self>), SnippetError> {
        Self::start_replacing(text, selections, 0, snippet, environment, style)
    }

    /// [`SnippetSession::start`] in the place of text that nobody selected, such as the part of a
    /// word that a suggestion completes: it is no selected text to the snippet.
    ///
    /// # Errors
    /// [`SnippetError::TooLarge`].
    pub fn start_over(
        text: &Text,
        replaced: &Selections,
        snippet: &Snippet,
        environment: &mut Environment,
        style: &IndentStyle,
    ) -> Result<(Transaction, Option<Self>), SnippetError> {
        let ends = |one: &Selection| Selection::caret(one.end());
        Self::put_in(text, replaced, 0, ends, (snippet, environment, style))
    }

    /// [`SnippetSession::start`] that also takes away so many bytes before every caret: the prefix
    /// that the snippet was asked for by.
    ///
    /// # Errors
    /// [`SnippetError::TooLarge`].
    pub fn start_replacing(
        text: &Text,
        selections: &Selections,
        prefix: usize,
        snippet: &Snippet,
        environment: &mut Environment,
        style: &IndentStyle,
    ) -> Result<(Transaction, Option<Self>), SnippetError> {
        let whole = |one: &Selection| *one;
        Self::put_in(
            text,
            selections,
            prefix,
            whole,
            (snippet, environment, style),
        )
    }

    /// Puts a snippet in the place of every selection and so many bytes before; `selected` is what of
    /// each the user selected.
    fn put_in(
        text: &Text,
        selections: &Selections,
        prefix: usize,
        selected: impl Fn(&Selection) -> Selection,
        (snippet, environment, style): (&Snippet, &mut Environment, &IndentStyle),
    ) -> Result<(Transaction, Option<Self>), SnippetError> {
        let mut edits: Vec<Edit> = Vec::with_capacity(selections.len());
        let mut session = Self {
            stops: Vec::new(),
            order: Vec::new(),
            at: 0,
            whole: Vec::with_capacity(selections.len()),
        };
        let (mut grown, mut shrunk) = (0, 0);
        for (caret, selection) in selections.iter().enumerate() {
            let place = Place {
                text,
                selection: &selected(selection),
                caret,
                carets: selections.len(),
            };
            let row = text.row_at(selection.start());
            let indent = indent_before(text, row, selection.start());
            let expansion = expand(snippet, &place, environment, &indent, style)?;
            let floor = edits.last().map_or(0, |edit| edit.range.end);
            let start = text.floor_char_boundary(selection.start().saturating_sub(prefix));
            let range = start.max(floor)..selection.end().max(floor);
            let start = range.start + grown - shrunk;
            let first = session.stops.len();
            session.whole.push(start..start + expansion.text.len());
            session
                .stops
                .extend(expansion.stops.into_iter().map(|stop| Stop {
                    range: start + stop.range.start..start + stop.range.end,
                    parent: stop.parent.map(|parent| parent + first),
                    ..stop
                }));
            if session.stops.len() > MAX_STOPS {
                return Err(SnippetError::TooLarge);
            }
            grown += expansion.text.len();
            shrunk += range.len();
            edits.push(Edit::new(range, expansion.text));
        }
        session.order = session.stops.iter().map(|stop| stop.number).collect();
        session.order.sort_by_key(|number| number.wrapping_sub(1));
        session.order.dedup();
        let transaction =
            crate::transaction::build(text, selections, edits, EditIntent::Other, |_| {
                session.selections(selections.primary_index())
            });
        let over = session.is_at_end();
        Ok((transaction, (!over).then_some(session)))
    }

    /// The texts to choose from at the tab stop that the carets are at; empty where it is none of
    /// a choice.
    pub fn choices(&self) -> &[String] {
        self.here()
            .find(|stop| !stop.choices.is_empty())
            .map_or(&[], |stop| &stop.choices)
    }

    /// The places of the tab stop that the carets are at.
    pub fn places(&self) -> Vec<Range<usize>> {
        self.here().map(|stop| stop.range.clone()).collect()
    }

    /// Goes to the next tab stop, or to the one before: the change that writes what has a
    /// transform (empty where there is none) with the carets after it, and whether the session is
    /// over, as it is at the last tab stop. `None` where there is none before.
    pub fn go(
        &mut self,
        text: &Text,
        selections: &Selections,
        forward: bool,
    ) -> Option<(Transaction, bool)> {
        let last = self.order.len().saturating_sub(1);
        let next = match forward {
            true => (self.at + 1..last)
                .find(|at| !self.is_emptied(*at))
                .unwrap_or(last),
            false => (0..self.at).rev().find(|at| !self.is_emptied(*at))?,
        };
        let changes = self.transforms(text);
        self.map(&changes, |_| false);
        self.at = next;
        let transaction = Transaction {
            changes,
            selections_before: selections.clone(),
            selections_after: self.selections(selections.primary_index()),
            intent: EditIntent::Other,
        };
        Some((transaction, self.is_at_end()))
    }

    /// Takes a change of the text, also one by undo. Gives `false` where the session is over,
    /// because nothing is left of what the snippet put in.
    pub fn edited(&mut self, changes: &ChangeSet) -> bool {
        if self
            .whole
            .last()
            .is_some_and(|last| last.end > changes.len_before())
        {
            return false;
        }
        if self.is_replaced(changes) {
            return false;
        }
        let number = self.order.get(self.at).copied();
        self.map(changes, |stop| Some(stop.number) == number);
        let left = |range: &Range<usize>| !range.is_empty();
        self.whole.iter().any(left)
    }

    /// Whether a change takes away all that the snippet put in somewhere, as undo does, and not
    /// only what stands in the tab stop that is being filled in.
    fn is_replaced(&self, changes: &ChangeSet) -> bool {
        let number = self.order.get(self.at).copied();
        let is_stop = |range: &Range<usize>| {
            let mut stops = self.stops.iter();
            stops.any(|stop| Some(stop.number) == number && stop.range == *range)
        };
        changes.edits().any(|edit| {
            self.whole.iter().any(|range| {
                !range.is_empty()
                    && edit.old_range.start <= range.start
                    && range.end <= edit.old_range.end
                    && !is_stop(range)
            })
        })
    }

    /// Takes the carets after a movement. Gives `false` where the session is over, because one is
    /// outside of the tab stops.
    pub fn carets_moved(&mut self, selections: &Selections) -> bool {
        if self.holds(self.at, selections) {
            return true;
        }
        let other = (0..self.order.len()).find(|at| self.holds(*at, selections));
        match other {
            Some(at) => {
                self.at = at;
                !self.is_at_end()
            }
            None => false,
        }
    }

    fn holds(&self, at: usize, selections: &Selections) -> bool {
        let Some(number) = self.order.get(at) else {
            return false;
        };
        let places: Vec<&Range<usize>> = self
            .stops
            .iter()
            .filter(|stop| stop.number == *number && stop.transform.is_none())
            .map(|stop| &stop.range)
            .collect();
        selections.iter().all(|selection| {
            // Of places that touch, the caret may be at the end of the first.
            let last = places.partition_point(|place| place.start <= selection.start());
            let nearest = &places[last.saturating_sub(2)..last];
            nearest.iter().any(|place| selection.end() <= place.end)
        })
    }

    /// Whether what a tab stop held is gone, as that of one inside another that was typed over: there
    /// is nothing to go to, as in VS Code.
    fn is_emptied(&self, at: usize) -> bool {
        let number = self.order.get(at).copied();
        let mut places = self
            .stops
            .iter()
            .filter(|stop| Some(stop.number) == number && stop.transform.is_none());
        let emptied = |stop: &Stop| {
            let mut around = Some(stop);
            std::iter::from_fn(move || {
                let this = around?;
                around = this.parent.and_then(|parent| self.stops.get(parent));
                Some(this)
            })
            .any(|one| one.is_filled && one.range.is_empty())
        };
        let first = places.next();
        first.is_some_and(|first| emptied(first) && places.all(emptied))
    }

    fn is_at_end(&self) -> bool {
        self.at + 1 >= self.order.len()
            // A last tab stop with something in it is still one to type over, but nothing follows.
            || self.order.get(self.at) == Some(&0)
    }

    fn here(&self) -> impl Iterator<Item = &Stop> {
        let number = self.order.get(self.at).copied();
        self.stops
            .iter()
            .filter(move |stop| Some(stop.number) == number && stop.transform.is_none())
    }

    fn selections(&self, primary: usize) -> Selections {
        let number = self.order.get(self.at).copied();
        let mut all: Vec<Selection> = self
            .here()
            .map(|stop| Selection::new(stop.range.start, stop.range.end))
            .collect();
        if all.is_empty() {
            // Only transforms have this number: the carets go where they are.
            let transformed = self.stops.iter().filter(|stop| Some(stop.number) == number);
            all.extend(transformed.map(|stop| Selection::caret(stop.range.end)));
        }
        // The primary caret stays in its copy of the snippet.
        let own = self.whole.get(primary).cloned().unwrap_or_default();
        let primary = all
            .iter()
            .position(|selection| own.start <= selection.start() && selection.end() <= own.end)
            .unwrap_or(0);
        Selections::new(all, primary)
    }

    /// Writes the places of the current number that have a transform.
    fn transforms(&self, text: &Text) -> ChangeSet {
        let number = self.order.get(self.at).copied();
        let mut edits = Vec::new();
        for stops in self.stops.chunk_by(|one, other| one.caret == other.caret) {
            let mut here = stops.iter().filter(|stop| Some(stop.number) == number);
            let Some(source) = here.clone().find(|stop| stop.transform.is_none()) else {
                continue;
            };
            let source = text.slice(source.range.clone());
            edits.extend(here.by_ref().filter_map(|target| {
                let new = target.transform.as_ref()?.apply(&source);
                let changed = text.slice(target.range.clone()) != new;
                changed.then(|| Edit::new(target.range.clone(), new))
            }));
        }
        edits.sort_by_key(|edit| edit.range.start);
        ChangeSet::from_edits(text.len(), edits).unwrap_or_else(|_| ChangeSet::identity(text.len()))
    }

    /// Moves the places along. Those that are being typed into, those around them, and those that
    /// an edit replaces whole grow with what is put in at their ends.
    fn map(&mut self, changes: &ChangeSet, typed_into: impl Fn(&Stop) -> bool) {
        let mut grows: Vec<bool> = self
            .stops
            .iter()
            .map(|stop| typed_into(stop) && stop.transform.is_none())
            .collect();
        for index in (0..self.stops.len()).rev() {
            if grows[index]
                && let Some(parent) = self.stops[index].parent
            {
                grows[parent] = true;
            }
        }
        // An empty place beside a growing one keeps its side of it.
        let growing = self
            .stops
            .iter()
            .enumerate()
            .filter(|(index, _)| grows[*index]);
        let last_growing: HashMap<usize, usize> = growing
            .map(|(index, stop)| (stop.range.start, index))
            .collect();
        let before_growing = |index: usize, range: &Range<usize>| {
            let last = last_growing.get(&range.start);
            last.is_some_and(|last| index < *last)
        };
        let replaced: HashSet<Range<usize>> = changes.edits().map(|edit| edit.old_range).collect();
        let ends: Vec<(Bias, Bias)> = self
            .stops
            .iter()
            .enumerate()
            .map(|(index, stop)| match grows[index] {
                true => (Bias::Left, Bias::Right),
                false if stop.range.is_empty() && before_growing(index, &stop.range) => {
                    (Bias::Left, Bias::Left)
                }
                false if stop.range.is_empty() => (Bias::Right, Bias::Right),
                false if replaced.contains(&stop.range) => (Bias::Left, Bias::Right),
                false => (Bias::Right, Bias::Left),
            })
            .collect();
        let ranges = self.stops.iter().map(|stop| &stop.range).zip(ends);
        let mapped_stops = map_ranges(changes, ranges);
        let whole = self
            .whole
            .iter()
            .map(|range| (range, (Bias::Left, Bias::Right)));
        self.whole = map_ranges(changes, whole);
        for (stop, range) in self.stops.iter_mut().zip(mapped_stops) {
            stop.range = range;
        }
    }
}

/// Ranges after a change, in one pass over it; the ranges may be nested.
fn map_ranges<'a>(
    changes: &ChangeSet,
    ranges: impl Iterator<Item = (&'a Range<usize>, (Bias, Bias))>,
) -> Vec<Range<usize>> {
    let mut ends: Vec<(usize, Bias, usize)> = ranges
        .flat_map(|(range, (start, end))| [(range.start, start), (range.end, end)])
        .enumerate()
        .map(|(index, (offset, bias))| (offset, bias, index))
        .collect();
    ends.sort_by_key(|(offset, _, index)| (*offset, *index));
    let offsets = ends.iter().map(|(offset, bias, _)| (*offset, *bias));
    let mapped = changes.map_sorted(offsets);
    let mut result = vec![0; mapped.len()];
    for ((_, _, index), offset) in ends.into_iter().zip(mapped) {
        result[index] = offset;
    }
    result
        .chunks_exact(2)
        .map(|ends| ends[0]..ends[1].max(ends[0]))
        .collect()
}
