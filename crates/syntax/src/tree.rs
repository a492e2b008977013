//! The syntax of a whole text: the tree of its own language and those of the languages inside it, or,
//! for a language without a grammar for trees, what its lines are.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use editor_core::{ChangeSet, Text};

use crate::brackets::{Bracket, BracketPair, Brackets};
use crate::carried_layers::CarriedLayers;
use crate::emphasis;
use crate::grammar::GrammarId;
use crate::highlight::HighlightSpan;
use crate::injection::{Kind, injections, injections_again, language_at};
use crate::language::{LanguageId, language};
use crate::layer::{Layer, LayerPlace, OldPoints, Parts, PositionedEdit, push_span};
use crate::line_parts::{LineParts, LinePlace};
use crate::lines::Lines;
use crate::touched::Changed;

/// The longest text that is parsed, in bytes. A tree takes about ten times the memory of its text.
pub const MAX_PARSED_BYTES: usize = 16 * 1024 * 1024;

/// How deep languages may stand in one another, and one for a page around the code.
const MAX_DEPTH: usize = 4;

/// How many parts in other languages are parsed.
const MAX_INJECTIONS: usize = 50_000;

/// What the parts of a text are, as of one version of it. Clones share everything.
#[derive(Clone, Debug)]
pub struct SyntaxTree {
    language: LanguageId,
    parsed: Arc<Parsed>,
}

#[derive(Clone, Debug)]
enum Parsed {
    Layers(Layers),
    Lines(Lines),
}

#[derive(Clone, Debug)]
struct Layers {
    root: Layer,
    /// By depth, and in each by position. First what is one text together in parts of the root, if
    /// there is any.
    injected: Vec<Vec<Layer>>,
    /// The parts in languages that are known line by line.
    by_line: LineParts,
}

impl SyntaxTree {
    /// Parses a text. `previous` is a tree of the text before, carried here by
    /// [`SyntaxTree::interpolate`]: what it says of unchanged parts is not worked out again.
    ///
    /// Takes milliseconds to seconds; call it off the UI thread. Returns `None` soon after `cancel`
    /// is set, for languages without a grammar, and for texts over [`MAX_PARSED_BYTES`].
    pub fn parse(
        language_id: LanguageId,
        text: &Text,
        previous: Option<&SyntaxTree>,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        let mut tree = Self::parse_first(language_id, text, previous, cancel)?;
        while !tree.is_whole() {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            tree = tree.parse_more(Duration::MAX, cancel);
        }
        Some(tree)
    }

    /// As [`SyntaxTree::parse`], without reading the parts in languages that are known line by
    /// line, whose grammars may take long: a fence of Markdown in an imported language. What
    /// `previous` says of them stays; [`SyntaxTree::parse_more`] reads them.
    pub fn parse_first(
        language_id: LanguageId,
        text: &Text,
        previous: Option<&SyntaxTree>,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        if text.len() > MAX_PARSED_BYTES {
            return None;
        }
        // A tree of another text would lead the parser astray.
        let previous = previous
            .filter(|tree| tree.language == language_id && tree.text_len() == text.len())
            .map(|tree| &*tree.parsed);
        let language = language(language_id);
        let parsed = match (language.grammar, language.textmate) {
            (Some(grammar), _) => {
                let previous = match previous {
                    Some(Parsed::Layers(layers)) => Some(layers),
                    _ => None,
                };
                Parsed::Layers(Layers::parse(grammar, text, previous, cancel)?)
            }
            (None, Some(lines)) => {
                let previous = match previous {
                    Some(Parsed::Lines(lines)) => Some(lines),
                    _ => None,
                };
                let brackets = language.colored_brackets;
                Parsed::Lines(Lines::parse(lines, brackets, text, previous, cancel)?)
            }
            (None, None) => return None,
        };
        Some(Self {
            language: language_id,
            parsed: Arc::new(parsed),
        })
    }

    /// Whether everything was read that [`SyntaxTree::parse_first`] leaves, but for parts that could
    /// not be begun, which the next parse of the text finds unread.
    pub fn is_whole(&self) -> bool {
        match &*self.parsed {
            Parsed::Layers(layers) => layers.by_line.are_read(),
            Parsed::Lines(_) => true,
        }
    }

    /// The same tree with some more of what [`SyntaxTree::parse_first`] left, at least one part, and
    /// no other after so much time. Soon after `cancel` is set, that with what was read until then.
    ///
    /// All parts in one grammar have half a minute together, of which slow lines take two seconds at
    /// most; what is left then has no highlights of its own.
    #[must_use]
    pub fn parse_more(&self, most: Duration, cancel: &AtomicBool) -> Self {
        let mut parsed = Parsed::clone(&self.parsed);
        match &mut parsed {
            Parsed::Layers(layers) => layers.by_line.read_more(most, cancel),
            Parsed::Lines(_) => {}
        }
        Self {
            language: self.language,
            parsed: Arc::new(parsed),
        }
    }

    /// The tree of the text after `changes`, without parsing: what was not touched keeps its
    /// highlights at its new place. Good for painting until the next parse, and the `previous` of
    /// that one.
    #[must_use]
    pub fn interpolate(&self, changes: &ChangeSet, before: &Text, after: &Text) -> Self {
        self.carried(changes, &OldPoints::of(changes, before), after)
    }

    /// As [`SyntaxTree::interpolate`], where the text before is not there any more: its points were
    /// taken down before the change was made in place.
    #[must_use]
    pub fn carried(&self, changes: &ChangeSet, old: &OldPoints, after: &Text) -> Self {
        let mut tree = self.clone();
        tree.carry(changes, old, after);
        tree
    }

    /// As [`SyntaxTree::carried`], in place: nothing is copied that no other tree shares.
    pub fn carry(&mut self, changes: &ChangeSet, old: &OldPoints, after: &Text) {
        let edits = PositionedEdit::all(changes, old, after);
        match Arc::make_mut(&mut self.parsed) {
            Parsed::Layers(layers) => {
                let Layers {
                    root,
                    injected,
                    by_line,
                } = layers;
                let mut injected: Vec<_> = injected.iter_mut().map(CarriedLayers::new).collect();
                for edit in &edits {
                    root.edit(edit, after);
                    for depth in &mut injected {
                        for lost in depth.edit(edit, after) {
                            root.forget(lost);
                        }
                    }
                    by_line.carry_over(edit);
                }
                injected.into_iter().for_each(CarriedLayers::end);
            }
            Parsed::Lines(lines) => edits.iter().for_each(|edit| lines.edit(edit)),
        }
    }

    /// What the parts of `range` are: sorted, not overlapping, the innermost name where several
    /// apply, and nothing where nothing is known. `text` is the text that the tree is of.
    pub fn highlights(&self, text: &Text, range: Range<usize>) -> Vec<HighlightSpan> {
        self.highlights_of(text, range, Parts::All)
    }

    /// As [`SyntaxTree::highlights`], without what strings and comments are made of.
    pub(crate) fn outer_highlights(&self, text: &Text, range: Range<usize>) -> Vec<HighlightSpan> {
        self.highlights_of(text, range, Parts::Outer)
    }

    fn highlights_of(&self, text: &Text, range: Range<usize>, parts: Parts) -> Vec<HighlightSpan> {
        let range = range.start.min(text.len())..range.end.min(text.len());
        let layers = match &*self.parsed {
            Parsed::Layers(layers) => layers,
            Parsed::Lines(lines) => return lines.highlights(text, range),
        };
        let wanted = |place: &LayerPlace| parts == Parts::All || !place.in_overlay;
        let mut spans = layers.root.highlights(text, &range, parts);
        for depth in &layers.injected {
            let first = depth.partition_point(|layer| layer.place.range.end <= range.start);
            let mut inner = Vec::new();
            let mut hidden: Vec<Range<usize>> = Vec::new();
            let layers = depth[first..].iter();
            let layers = layers.take_while(|layer| layer.place.range.start < range.end);
            for layer in layers.filter(|layer| wanted(&layer.place)) {
                let from = inner.len();
                inner.extend(layer.highlights(text, &range, parts));
                if layer.place.grammar.name() == "markdown_inline" {
                    emphasis::within(&spans, &mut inner[from..]);
                }
                if !layer.place.overlay {
                    hidden.extend(layer.place.covered());
                }
            }
            if !inner.is_empty() || !hidden.is_empty() {
                spans = lay_over(cut(spans, &hidden), inner);
            }
        }
        let (mut inner, mut hidden) = (Vec::new(), Vec::new());
        for part in layers.by_line.within(&range) {
            inner.extend(part.highlights(&range));
            hidden.extend(part.covered());
        }
        lay_over(cut(spans, &hidden), inner)
    }

    /// The brackets of code in `range`, in order; each language in the text nests its own. As with
    /// highlights, what was typed since the last parse is not there yet.
    ///
    /// O(the range's length), but for one step a few kilobytes of the text.
    pub fn brackets(&self, range: Range<usize>) -> Vec<Bracket> {
        let mut found = Vec::new();
        for layer in self.layers_in(&range) {
            layer.brackets(&range, &mut found);
        }
        if let Some(brackets) = self.line_brackets() {
            brackets.within(range, 0, &mut found);
        }
        found.sort_by_key(|bracket| bracket.offset);
        found
    }

    /// The pairs of brackets of code that have a part in `range`, in the order of their opening
    /// brackets, so that outer ones come before inner ones. Around `range` some 20,000 brackets are
    /// looked at in each direction; pairs that begin further away are left out.
    pub fn bracket_pairs(&self, range: Range<usize>) -> Vec<BracketPair> {
        let mut found = Vec::new();
        for layer in self.layers_in(&range) {
            layer.bracket_pairs(&range, &mut found);
        }
        if let Some(brackets) = self.line_brackets().filter(|_| !range.is_empty()) {
            brackets.pairs(&range, 0, &mut found);
        }
        found.sort_by_key(|pair| pair.open);
        found
    }

    /// The smallest node around a range of bytes that is longer than it, in the innermost language
    /// that has one.
    pub(crate) fn node_around(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let layers = self.by_depth()?;
        let inner = layers.injected.iter().rev().find_map(|depth| {
            let first = depth.partition_point(|layer| layer.place.range.end < range.end);
            let layer = depth.get(first)?;
            let covers = layer.place.covers(range.start) && layer.place.covers(range.end);
            covers.then(|| layer.node_around(range))?
        });
        inner.or_else(|| layers.root.node_around(range))
    }

    /// The brackets of a text without a tree, where they are asked for.
    fn line_brackets(&self) -> Option<&Brackets> {
        match &*self.parsed {
            Parsed::Layers(_) => None,
            Parsed::Lines(lines) => lines.brackets(),
        }
    }

    fn by_depth(&self) -> Option<&Layers> {
        match &*self.parsed {
            Parsed::Layers(layers) => Some(layers),
            Parsed::Lines(_) => None,
        }
    }

    /// The layer of the text as a whole.
    pub(crate) fn root(&self) -> Option<&Layer> {
        self.by_depth().map(|layers| &layers.root)
    }

    /// The layer of the text as a whole, and then those of the parts in other languages, the outer
    /// before the inner ones.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let layers = self.by_depth().into_iter();
        layers.flat_map(|layers| {
            std::iter::once(&layers.root).chain(layers.injected.iter().flatten())
        })
    }

    /// As [`SyntaxTree::layers`], those with something in a range.
    pub(crate) fn layers_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Layer> {
        let layers = self.by_depth().into_iter();
        layers.flat_map(move |layers| {
            let injected = layers.injected.iter().flat_map(move |depth| {
                let first = depth.partition_point(|layer| layer.place.range.end <= range.start);
                let rest = depth[first..].iter();
                rest.take_while(|layer| layer.place.range.start < range.end)
            });
            std::iter::once(&layers.root).chain(injected)
        })
    }

    /// The language at an offset: in a Markdown fence, that of the fence.
    pub fn language_at(&self, text: &Text, offset: usize) -> LanguageId {
        let layers = match &*self.parsed {
            Parsed::Layers(layers) => layers,
            Parsed::Lines(lines) => {
                return lines.language_at(text, offset).unwrap_or(self.language);
            }
        };
        let inner = layers.injected.iter().rev().flat_map(|depth| {
            let first = depth.partition_point(|layer| layer.place.range.end < offset);
            depth
                .get(first)
                .filter(|layer| layer.place.range.start <= offset)
        });
        inner
            .chain(std::iter::once(&layers.root))
            .find_map(|layer| language_at(layer, text, offset))
            .unwrap_or(self.language)
    }

    /// Whether the text does not follow its grammar somewhere, the bodies of macros aside. How the rest is then understood may
    /// depend on the edits that led there, until the text is whole again.
    pub fn has_errors(&self) -> bool {
        self.layers()
            .filter(|layer| !layer.place.fragment)
            .any(Layer::has_error)
    }

    /// Whether there is a tree, and not only what each line is.
    pub(crate) fn has_nodes(&self) -> bool {
        self.by_depth().is_some()
    }

    /// The language of the text as a whole.
    pub fn language(&self) -> LanguageId {
        self.language
    }

    /// The length of the text that this is the tree of, in bytes.
    pub fn text_len(&self) -> usize {
        match &*self.parsed {
            Parsed::Layers(layers) => layers.root.place.range.end,
            Parsed::Lines(lines) => lines.text_len(),
        }
    }
}

impl Layers {
    fn parse(
        grammar: GrammarId,
        text: &Text,
        previous: Option<&Layers>,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        let place = LayerPlace {
            grammar,
            range: 0..text.len(),
            included: Arc::new([]),
            overlay: false,
            in_overlay: false,
            fragment: false,
            declarations: false,
            unfinished: false,
        };
        let old_root = previous.map(|previous| &previous.root);
        let (root, root_changed) = Layer::parse(place, text, old_root, cancel)?;
        let mut injected: Vec<Vec<Layer>> = Vec::new();
        // Of a text with too many parts it is not known which were looked for at all.
        let known = previous.filter(|previous| previous.injected_count() < MAX_INJECTIONS);
        // Which layers of the depth above are as they were.
        let mut same: Vec<bool> = Vec::new();
        let mut by_line = Vec::new();
        let mut left = MAX_INJECTIONS;
        for depth in 0..MAX_DEPTH {
            // What is one text together reaches over all of the host, so that it has a place of its
            // own below the parts that are texts by themselves.
            let (of_root, above) = match depth {
                0 => (Some(Kind::Combined), &[][..]),
                1 => (Some(Kind::Single), injected[0].as_slice()),
                _ => (None, injected[depth - 1].as_slice()),
            };
            let mut places: Vec<LayerPlace> = Vec::new();
            if let Some(kind) = of_root {
                let known = known.filter(|_| depth == 1 && injected[0].is_empty());
                let again = known.and_then(|known| {
                    known.root_parts_again(&root, &root_changed, text, left, &mut by_line)
                });
                places
                    .extend(again.unwrap_or_else(|| {
                        injections(&root, text, left, kind, None, &mut by_line)
                    }));
            }
            for (index, host) in above.iter().enumerate() {
                if cancel.load(Ordering::Relaxed) {
                    return None;
                }
                let known = known.filter(|_| same.get(index) == Some(&true));
                if let Some(known) = known.and_then(|known| known.parts_of(host, depth)) {
                    places.extend(known.map(|layer| layer.place.clone()));
                    continue;
                }
                let most = left.saturating_sub(places.len() + by_line.len());
                let found = injections(host, text, most, Kind::Single, None, &mut by_line);
                places.extend(found);
            }
            if depth == 1 {
                places.retain(|place| !place.unfinished);
                places.extend(root.unfinished());
                places.sort_by_key(|place| place.range.start);
                drop_overlaps(&mut places);
            }
            let old: &[Layer] = previous
                .and_then(|previous| previous.injected.get(depth))
                .map_or(&[], Vec::as_slice);
            let mut layers = Vec::with_capacity(places.len());
            same.clear();
            for place in places {
                if cancel.load(Ordering::Relaxed) {
                    return None;
                }
                let start = place.range.start;
                let old = old
                    .binary_search_by_key(&start, |layer| layer.place.range.start)
                    .ok()
                    .map(|index| &old[index]);
                let (layer, changed) = Layer::parse(place, text, old, cancel)?;
                layers.push(layer);
                same.push(changed == Changed::Nothing);
                left -= 1;
            }
            if layers.is_empty() && depth > 0 {
                break;
            }
            injected.push(layers);
        }
        let previous = previous.map(|previous| &previous.by_line);
        Some(Self {
            root,
            injected,
            by_line: LineParts::found(by_line, text, previous),
        })
    }

    fn injected_count(&self) -> usize {
        self.injected.iter().map(Vec::len).sum()
    }

    /// The parts of a new root, where most of these are still there. `None` where all of the root is
    /// to be looked through.
    fn root_parts_again(
        &self,
        root: &Layer,
        changed: &Changed,
        text: &Text,
        most: usize,
        by_line: &mut Vec<LinePlace>,
    ) -> Option<Vec<LayerPlace>> {
        let Changed::In(changed) = changed else {
            return None;
        };
        let has_others = self.injected.first().is_some_and(|page| !page.is_empty());
        if has_others || !self.by_line.is_empty() || !self.root.can_be_queried() {
            return None;
        }
        let old = self.injected.get(1).map_or(&[][..], Vec::as_slice);
        injections_again(root, text, most, changed, old, by_line)
    }

    /// What of a depth lies in a host that is as it was. `None` where there may be parts that are known
    /// line by line.
    fn parts_of(&self, host: &Layer, depth: usize) -> Option<impl Iterator<Item = &Layer>> {
        let range = host.place.range.clone();
        if self.by_line.within(&range).next().is_some() {
            return None;
        }
        let layers = self.injected.get(depth).map_or(&[][..], Vec::as_slice);
        let first = layers.partition_point(|layer| layer.place.range.start < range.start);
        let layers = layers[first..].iter();
        Some(layers.take_while(move |layer| layer.place.range.end <= range.end))
    }
}

/// Keeps of overlapping places the first.
fn drop_overlaps(places: &mut Vec<LayerPlace>) {
    let mut end = 0;
    places.retain(|place| {
        let fits = place.range.start >= end;
        if fits {
            end = place.range.end;
        }
        fits
    });
}

/// `spans` without the parts in `hidden`; both sorted.
pub(crate) fn cut(spans: Vec<HighlightSpan>, hidden: &[Range<usize>]) -> Vec<HighlightSpan> {
    if hidden.is_empty() {
        return spans;
    }
    let mut left = Vec::with_capacity(spans.len());
    let mut next = 0;
    for span in spans {
        while next < hidden.len() && hidden[next].end <= span.range.start {
            next += 1;
        }
        let mut at = span.range.start;
        for hole in &hidden[next..] {
            if hole.start >= span.range.end {
                break;
            }
            push_span(&mut left, at..hole.start.max(at), span.highlight);
            at = at.max(hole.end);
        }
        push_span(&mut left, at..span.range.end.max(at), span.highlight);
    }
    left
}

/// `inner` where it has something, `outer` elsewhere; both sorted.
pub(crate) fn lay_over(outer: Vec<HighlightSpan>, inner: Vec<HighlightSpan>) -> Vec<HighlightSpan> {
    let holes: Vec<Range<usize>> = inner.iter().map(|span| span.range.clone()).collect();
    let outer = cut(outer, &holes);
    let mut merged = Vec::with_capacity(outer.len() + inner.len());
    let mut outer = outer.into_iter().peekable();
    for span in inner {
        while let Some(before) = outer.next_if(|before| before.range.start < span.range.start) {
            push_span(&mut merged, before.range, before.highlight);
        }
        push_span(&mut merged, span.range, span.highlight);
    }
    for span in outer {
        push_span(&mut merged, span.range, span.highlight);
    }
    merged
}

#[cfg(test)]
mod again_tests;
