//! Names that mean something in a part of a text alone: parameters and local variables.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::Text;
use streaming_iterator::StreamingIterator;
use tree_sitter::{Query, QueryCursorOptions};

use crate::SyntaxTree;
use crate::layer::{Layer, with_cursor};
use crate::parse_input::ParseInput;

/// How long a text may take; nothing is known of one that takes longer.
const MAX_TIME: Duration = Duration::from_secs(2);

/// The most places of a name, and the most of its definitions.
const MAX_PLACES: usize = 20_000;
const MAX_DEFINITIONS: usize = 1_000;

/// A query for scopes and what is defined in them.
pub(crate) struct LocalsQuery {
    pub(crate) query: Query,
    /// By capture index.
    captures: Vec<Option<Part>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Scope,
    Definition,
    Value,
    Reference,
    Other,
}

const PARTS: [(&str, Part); 5] = [
    ("scope", Part::Scope),
    ("definition", Part::Definition),
    ("value", Part::Value),
    ("reference", Part::Reference),
    ("other", Part::Other),
];

impl LocalsQuery {
    pub(crate) fn new(query: Query) -> Self {
        let part = |name: &&str| {
            let found = PARTS.iter().find(|(known, _)| known == name)?;
            Some(found.1)
        };
        Self {
            captures: query.capture_names().iter().map(part).collect(),
            query,
        }
    }

    /// Whether every capture has a meaning.
    #[cfg(test)]
    pub(crate) fn is_whole(&self) -> bool {
        self.captures.iter().all(Option::is_some)
    }
}

/// Where a name is used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LocalPlace {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Whether it gets its value there.
    pub is_definition: bool,
}

/// What a name at a place means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LocalName {
    /// A parameter or a local variable, and all places where that one is meant, in order.
    Local(Vec<LocalPlace>),
    /// Something else. The places, in order, where the same name is a local one of some part of the
    /// text.
    Elsewhere(Vec<Range<usize>>),
}

/// Ranges of which it can be asked whether one holds another.
#[derive(Default)]
struct Holders(Vec<(usize, usize)>);

impl Holders {
    fn add(&mut self, range: Range<usize>) {
        self.0.push((range.start, range.end));
    }

    /// Each with the furthest end of those that begin no later.
    fn sort(&mut self) {
        self.0.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut self.0 {
            furthest = furthest.max(*end);
            *end = furthest;
        }
    }

    fn hold(&self, range: &Range<usize>) -> bool {
        let behind = self.0.partition_point(|(start, _)| *start <= range.start);
        behind
            .checked_sub(1)
            .is_some_and(|last| self.0[last].1 >= range.end)
    }
}

/// What a query finds in a layer.
#[derive(Default)]
struct Found {
    scopes: Vec<Range<usize>>,
    definitions: Holders,
    values: Holders,
    others: Holders,
    /// The places of the name.
    places: Vec<Range<usize>>,
}

impl SyntaxTree {
    /// What the name in `range` means by the scopes of the language there. `None` where nothing is
    /// known of them, for a text that takes too long, and soon after `cancel` is set.
    ///
    /// Takes as long as highlighting the whole text; call it off the UI thread.
    pub fn local_name(
        &self,
        text: &Text,
        range: Range<usize>,
        cancel: &AtomicBool,
    ) -> Option<LocalName> {
        if range.is_empty() || range.end > text.len() {
            return None;
        }
        let covering = self.layers().filter(|layer| {
            let place = &layer.place;
            !place.in_overlay && place.covers(range.start) && place.covers(range.end)
        });
        // The innermost comes last.
        let layer = covering.last()?;
        let mut found = find(layer, text, &range, cancel)?;
        found.definitions.sort();
        found.values.sort();
        found.others.sort();
        found.places.sort_by_key(|place| place.start);
        found.places.dedup();
        found.places.retain(|place| !found.others.hold(place));
        let is_definition =
            |place: &Range<usize>| found.definitions.hold(place) && !found.values.hold(place);
        let holds = |scope: &Range<usize>, place: &Range<usize>| {
            scope.start <= place.start && place.end <= scope.end
        };
        // The scopes in which the name is defined; those of the whole text are none.
        let mut binding: Vec<Range<usize>> = Vec::new();
        let definitions = found.places.iter().filter(|place| is_definition(place));
        for place in definitions.take(MAX_DEFINITIONS) {
            let around = found.scopes.iter().filter(|scope| holds(scope, place));
            binding.extend(around.min_by_key(|scope| scope.len()).cloned());
        }
        binding.sort_by_key(|scope| (scope.start, scope.end));
        binding.dedup();
        let bound = |place: &Range<usize>| {
            let around = binding.iter().filter(|scope| holds(scope, place));
            around.min_by_key(|scope| scope.len())
        };
        let here = found.places.contains(&range);
        let scope = here.then(|| bound(&range)).flatten();
        let places = found.places.iter();
        Some(match scope {
            Some(scope) => LocalName::Local(
                places
                    .filter(|place| bound(place) == Some(scope))
                    .map(|place| LocalPlace {
                        range: place.clone(),
                        is_definition: is_definition(place),
                    })
                    .collect(),
            ),
            None => {
                let locals = places.filter(|place| bound(place).is_some());
                LocalName::Elsewhere(locals.cloned().collect())
            }
        })
    }
}

fn find(layer: &Layer, text: &Text, name: &Range<usize>, cancel: &AtomicBool) -> Option<Found> {
    let locals = layer.place.grammar.compiled()?.locals.as_ref()?;
    if !layer.can_be_queried() {
        return None;
    }
    let wanted = text.slice(name.clone());
    let Range { start, end } = layer.place.range;
    let input = ParseInput::new(text, layer.place.range.clone());
    let until = Instant::now() + MAX_TIME;
    let stopped = || cancel.load(Ordering::Relaxed) || Instant::now() > until;
    let mut found = Found::default();
    with_cursor(|cursor| {
        let mut progress = |_: &tree_sitter::QueryCursorState| match stopped() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let mut captures = cursor.captures_with_options(
            &locals.query,
            layer.tree.root_node(),
            &input,
            QueryCursorOptions::new().progress_callback(&mut progress),
        );
        while let Some((matched, index)) = captures.next() {
            let Some(capture) = matched.captures.get(*index) else {
                continue;
            };
            let node = capture.node.byte_range();
            let node = start + node.start..(start + node.end).min(end);
            match locals
                .captures
                .get(capture.index as usize)
                .copied()
                .flatten()
            {
                Some(Part::Scope) => found.scopes.push(node),
                Some(Part::Definition) => found.definitions.add(node),
                Some(Part::Value) => found.values.add(node),
                Some(Part::Other) => found.others.add(node),
                Some(Part::Reference)
                    if node.len() == wanted.len()
                        && found.places.len() < MAX_PLACES
                        && text.slice(node.clone()) == wanted =>
                {
                    found.places.push(node);
                }
                _ => {}
            }
        }
    });
    (!stopped()).then_some(found)
}
