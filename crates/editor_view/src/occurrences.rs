//! Where the word at the caret, or what is selected, stands elsewhere in the text.
//!
//! Once the carets have rested for a moment, a [`DocumentHighlightProvider`] is asked where what is
//! at the caret is used; where none knows, the text is searched, beside the window and within bounds:
//! the scopes of the language tell a local name from the same name elsewhere.
//! What is found goes along with edits from elsewhere, and a frame looks up the places in view alone.

use std::ops::Range;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use editor_core::find::find_in_range;
use editor_core::multi_caret::OccurrenceRule;
use editor_core::{Bias, ChangeSet, CharClass, OffsetMap, Selection, Selections, Text};
use futures::future::{Either, select};
use gpui_kit::{
    App, AppContext as _, AsyncApp, Context, Corners, Global, Hsla, Task, WeakEntity, Window, px,
};
use syntax::{LocalName, SyntaxTree};

use crate::element::span_quad;
use crate::frame::Frame;
use crate::text_place::TextPlace;
use crate::view::EditorView;

/// More bytes than this are not looked for, as in VS Code.
const LONGEST: usize = 200;
/// Bytes that are searched before the caret, and after it.
const REACH: usize = 8 * 1024 * 1024;
/// Places that are marked before the caret, and after it.
const MOST: usize = 20_000;
/// How long providers are waited for before the text is searched; what they know afterwards takes the
/// place of what was found.
const PATIENCE: Duration = Duration::from_millis(300);
/// Bytes that are searched at once before the caret.
const BLOCK: usize = 64 * 1024;

/// What is done at a place where something is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DocumentHighlightKind {
    /// It is named.
    Text,
    /// It is read.
    Read,
    /// It is written to.
    Write,
}

/// A place where what is at the caret is used; LSP's `DocumentHighlight`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DocumentHighlight {
    /// The bytes of it.
    pub range: Range<usize>,
    /// What is done there.
    pub kind: DocumentHighlightKind,
}

/// Knows where what stands at a place is used; LSP's `textDocument/documentHighlight`.
pub trait DocumentHighlightProvider: 'static {
    /// The places, that of the question among them; nothing where it is not known. Slow work belongs
    /// elsewhere than on this thread; a dropped task was cancelled.
    fn document_highlights(
        &self,
        place: TextPlace,
        cx: &mut App,
    ) -> Task<Option<Vec<DocumentHighlight>>>;
}

#[derive(Default)]
struct Providers(Vec<Rc<dyn DocumentHighlightProvider>>);

impl Global for Providers {}

/// Adds a provider; it is asked after those before it know nothing, and before the text is searched.
pub fn register_document_highlight_provider(
    provider: impl DocumentHighlightProvider,
    cx: &mut App,
) {
    cx.default_global::<Providers>().0.push(Rc::new(provider));
}

/// What is looked for.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Sought {
    from: Origin,
    range: Range<usize>,
    text: String,
    /// By which rule, where the text is searched.
    rule: OccurrenceRule,
}

/// What gives a text to look for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Origin {
    /// The word at the caret.
    Word,
    /// What is selected.
    Selection,
}

/// Where something stands, in order, none overlapping another.
#[derive(Debug, Default)]
struct Places {
    all: Vec<Range<usize>>,
    /// Those of them that are written to.
    written: Vec<Range<usize>>,
}

impl Places {
    fn of(highlights: Vec<DocumentHighlight>, text: &Text) -> Self {
        let mut highlights: Vec<_> = highlights
            .into_iter()
            .filter_map(|highlight| {
                let end = text.floor_char_boundary(highlight.range.end);
                let start = text.floor_char_boundary(highlight.range.start);
                (start < end).then_some((start..end, highlight.kind))
            })
            .collect();
        highlights.sort_by_key(|(range, _)| (range.start, range.end));
        let mut places = Self::default();
        for (range, kind) in highlights.into_iter().take(2 * MOST) {
            let free = places.all.last().is_none_or(|last| last.end <= range.start);
            if free {
                if kind == DocumentHighlightKind::Write {
                    places.written.push(range.clone());
                }
                places.all.push(range);
            }
        }
        places
    }

    /// Takes the places along with an edit; one whose text changed is none any more.
    fn follow(&mut self, changes: &ChangeSet) {
        let map = OffsetMap::new(changes);
        for ranges in [&mut self.all, &mut self.written] {
            ranges.retain_mut(|range| {
                let len = range.len();
                *range = map.map(range.start, Bias::Right)..map.map(range.end, Bias::Left);
                range.start < range.end && range.len() == len
            });
        }
    }
}

/// The ranges of a sorted list that touch some bytes.
fn touching<'a>(ranges: &'a [Range<usize>], bytes: &Range<usize>) -> &'a [Range<usize>] {
    let first = ranges.partition_point(|range| range.end <= bytes.start);
    let last = ranges.partition_point(|range| range.start < bytes.end);
    &ranges[first..last.max(first)]
}

/// The occurrences of a view: what is waited for and what is marked.
#[derive(Default)]
pub(crate) struct Occurrences {
    waiting: Option<Task<()>>,
    shown: Option<(Sought, Places)>,
    /// Places that are marked instead, wherever the carets are: nothing is looked for.
    given: Option<Places>,
}

impl Occurrences {
    /// The places that touch some bytes, in order.
    pub(crate) fn touching(&self, bytes: &Range<usize>) -> &[Range<usize>] {
        touching(self.places(true), bytes)
    }

    /// All places that are marked in a view with the focus or without it, in order.
    pub(crate) fn places(&self, focused: bool) -> &[Range<usize>] {
        if let Some(given) = &self.given {
            return &given.all;
        }
        match &self.shown {
            Some((sought, places)) if focused || sought.from != Origin::Word => &places.all,
            _ => &[],
        }
    }

    /// Whether what is looked for is what is marked already.
    fn covers(&self, sought: &Sought) -> bool {
        self.shown.as_ref().is_some_and(|(shown, places)| {
            shown.from == sought.from
                && shown.rule == sought.rule
                && shown.text == sought.text
                && touching(&places.all, &sought.range).contains(&sought.range)
        })
    }
}

/// What there is to look for: what is selected, by a rule, where it is a text within a line that is
/// more than white space, else the word that the caret touches.
fn sought(text: &Text, selections: &Selections, rule: OccurrenceRule) -> Option<Sought> {
    let primary = selections.primary();
    let (from, range, rule) = if primary.is_empty() {
        let word = short_word(text, primary.head)?;
        (Origin::Word, word, OccurrenceRule::WORD)
    } else {
        (Origin::Selection, primary.range(), rule)
    };
    if range.is_empty() || range.len() > LONGEST || range.end > text.len() {
        return None;
    }
    let found = text.slice(range.clone()).into_owned();
    let marked = !found.contains('\n') && !found.trim().is_empty();
    marked.then_some(Sought {
        from,
        range,
        text: found,
        rule,
    })
}

/// The word at an offset, unless it is very long: no more of it is read than is looked for.
fn short_word(text: &Text, offset: usize) -> Option<Range<usize>> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let in_word = |character: &char| CharClass::of(*character) == CharClass::Word;
    let before: usize = text
        .chars_before(offset)
        .take(LONGEST + 1)
        .take_while(in_word)
        .map(char::len_utf8)
        .sum();
    let after: usize = text
        .chars_from(offset)
        .take(LONGEST + 1)
        .take_while(in_word)
        .map(char::len_utf8)
        .sum();
    (before + after > 0).then_some(offset - before..offset + after)
}

/// Where a text stands around its own place.
fn search(text: &Text, sought: &Sought) -> Vec<Range<usize>> {
    let needle = sought.rule.needle(sought.text.clone());
    let start = sought.range.start;
    let last = start.saturating_add(REACH).min(text.len());
    let mut found = find_in_range(text, &needle, start..last, MOST);
    // From here back, block by block, so that the nearest are found.
    let first = start.saturating_sub(REACH);
    let (mut end, mut before) = (start, Vec::new());
    while end > first && before.len() < MOST {
        let begin = text.floor_char_boundary(end.saturating_sub(BLOCK).max(first));
        let reach = (end + sought.text.len() - 1).min(start);
        let block = find_in_range(text, &needle, begin..reach, usize::MAX);
        let next: Option<&Range<usize>> = before.last();
        let next = next.map_or(start, |next| next.start);
        before.extend(block.into_iter().rev().filter(|found| found.end <= next));
        end = begin;
    }
    before.truncate(MOST);
    before.reverse();
    before.append(&mut found);
    before
}

/// Asks one provider after the other where the word at a place is used.
async fn ask_providers(
    from: Origin,
    place: TextPlace,
    cx: AsyncApp,
) -> Option<Vec<DocumentHighlight>> {
    if from != Origin::Word {
        return None;
    }
    for provider in cx.update(|cx| cx.default_global::<Providers>().0.clone()) {
        let asked = cx.update(|cx| provider.document_highlights(place.clone(), cx));
        let known = asked.await;
        if known.is_some() {
            return known;
        }
    }
    None
}

/// Where the word at the caret is used, by the scopes of the language where they are known, else
/// where it stands.
fn search_meant(text: &Text, tree: Option<&SyntaxTree>, sought: &Sought) -> Places {
    let never = AtomicBool::new(false);
    let tree = tree.filter(|tree| sought.from == Origin::Word && tree.text_len() == text.len());
    let meant = tree.and_then(|tree| tree.local_name(text, sought.range.clone(), &never));
    match meant {
        Some(LocalName::Local(places)) => {
            let highlights = places.into_iter().map(|place| DocumentHighlight {
                range: place.range,
                kind: match place.is_definition {
                    true => DocumentHighlightKind::Write,
                    false => DocumentHighlightKind::Read,
                },
            });
            Places::of(highlights.collect(), text)
        }
        meant => {
            let mut all = search(text, sought);
            if let Some(LocalName::Elsewhere(locals)) = meant {
                all.retain(|place| {
                    let local = locals.binary_search_by_key(&place.start, |local| local.start);
                    local.is_err()
                });
            }
            let written = Vec::new();
            Places { all, written }
        }
    }
}

/// Which place to go to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Next,
    Previous,
}

impl EditorView {
    /// Where the word at the caret or what is selected is marked.
    pub fn occurrences(&self) -> Vec<Range<usize>> {
        self.occurrences.places(true).to_vec()
    }

    /// Marks these places from now on, and no others.
    pub(crate) fn mark_places(&mut self, places: Vec<Range<usize>>, cx: &mut Context<Self>) {
        let places = places.into_iter().map(|range| DocumentHighlight {
            range,
            kind: DocumentHighlightKind::Text,
        });
        self.occurrences = Occurrences {
            given: Some(Places::of(places.collect(), &self.text(cx))),
            ..Occurrences::default()
        };
        cx.notify();
    }

    fn sought(&self, cx: &App) -> Option<Sought> {
        sought(&self.text(cx), &self.selections, self.mark_rule())
    }

    /// The carets moved: what is marked stays where it is still meant, and else is looked for once
    /// they rest.
    pub(crate) fn occurrences_follow_carets(&mut self, cx: &mut Context<Self>) {
        if self.occurrences.given.is_some() {
            return;
        }
        let settings = &self.language_settings(cx).marking;
        let delay = Duration::from_millis(u64::from(settings.occurrences_delay));
        let wanted = |sought: &Sought| match sought.from {
            Origin::Word => settings.occurrences,
            Origin::Selection => settings.selection,
        };
        let sought = self.sought(cx).filter(wanted);
        let Some(sought) = sought else {
            self.forget_occurrences();
            return;
        };
        if self.occurrences.covers(&sought) {
            return;
        }
        self.forget_occurrences();
        self.look_for(sought, delay, None, cx);
    }

    /// Nothing is marked any more, nor looked for.
    pub(crate) fn forget_occurrences(&mut self) {
        self.occurrences = Occurrences {
            given: self.occurrences.given.take(),
            ..Occurrences::default()
        };
    }

    /// An edit from elsewhere, after which the carets are where it left them, moves what is marked;
    /// what is being looked for is so anew, and so is what is selected, which may stand in what was
    /// put in. What is marked goes where the edit took what it is the same as.
    pub(crate) fn occurrences_follow_edit(&mut self, changes: &ChangeSet, cx: &mut Context<Self>) {
        if let Some(given) = &mut self.occurrences.given {
            given.follow(changes);
            return;
        }
        if let Some((_, places)) = &mut self.occurrences.shown {
            places.follow(changes);
        } else if self.occurrences.waiting.is_none() {
            return;
        }
        let sought = self.sought(cx);
        match sought.filter(|sought| self.occurrences.covers(sought)) {
            Some(sought) if sought.from == Origin::Selection => {
                let settings = &self.language_settings(cx).marking;
                let delay = Duration::from_millis(u64::from(settings.occurrences_delay));
                self.look_for(sought, delay, None, cx);
            }
            Some(_) => {}
            None => {
                self.forget_occurrences();
                self.occurrences_follow_carets(cx);
            }
        }
    }

    /// Marks what the caret is at without waiting for it to rest.
    pub(crate) fn show_occurrences(&mut self, cx: &mut Context<Self>) {
        if let Some(sought) = self.sought(cx) {
            self.look_for(sought, Duration::ZERO, None, cx);
        }
    }

    /// Goes to the place after the caret's, or before it, around the ends of the text.
    pub(crate) fn go_to_occurrence(&mut self, step: Step, cx: &mut Context<Self>) {
        let Some(sought) = self.sought(cx) else {
            return;
        };
        if self.occurrences.covers(&sought) {
            self.step_to_occurrence(step, cx);
        } else {
            self.look_for(sought, Duration::ZERO, Some(step), cx);
        }
    }

    fn step_to_occurrence(&mut self, step: Step, cx: &mut Context<Self>) {
        let Some((_, places)) = &self.occurrences.shown else {
            return;
        };
        let here = self.selections.primary().range();
        let all = &places.all;
        let next = match step {
            Step::Next => {
                let next = all.partition_point(|place| place.start <= here.start);
                all.get(next).or(all.first())
            }
            Step::Previous => {
                let after = all.partition_point(|place| place.end < here.end);
                after
                    .checked_sub(1)
                    .and_then(|last| all.get(last))
                    .or(all.last())
            }
        };
        if let Some(next) = next.cloned() {
            let selection = match here.is_empty() {
                true => Selection::caret(next.start),
                false => Selection::new(next.start, next.end),
            };
            self.select(Selections::single(selection), cx);
        }
    }

    fn look_for(
        &mut self,
        sought: Sought,
        delay: Duration,
        then: Option<Step>,
        cx: &mut Context<Self>,
    ) {
        let looking = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            if !delay.is_zero() {
                cx.background_executor().timer(delay).await;
            }
            // A view that is gone marks nothing.
            let asked = this.update(cx, |view, cx| {
                let tree = view
                    .buffer_ref(cx)
                    .and_then(|buffer| buffer.syntax().cloned());
                (view.place(view.text(cx), sought.range.start), tree)
            });
            let Ok((place, tree)) = asked else {
                return;
            };
            let version = place.version;
            let mut asked = pin!(ask_providers(sought.from, place.clone(), cx.clone()));
            let late = pin!(cx.background_executor().timer(PATIENCE));
            let known = match select(asked.as_mut(), late).await {
                Either::Left((known, _)) => Some(known),
                Either::Right(_) => None,
            };
            let mut then = then;
            if let None | Some(None) = known {
                let (text, sought) = (place.text.clone(), sought.clone());
                let search = cx.background_spawn(async move {
                    let places = search_meant(&text, tree.as_ref(), &sought);
                    (sought, places)
                });
                let found = search.await;
                let step = then.take();
                this.update(cx, |view, cx| view.found_places(found, version, step, cx))
                    .ok();
            }
            let known = match known {
                Some(known) => known,
                None => asked.await,
            };
            if let Some(places) = known {
                let found = (sought, Places::of(places, &place.text));
                this.update(cx, |view, cx| view.found_places(found, version, then, cx))
                    .ok();
            }
        });
        self.occurrences.waiting = Some(looking);
    }

    /// Marks what was found in a version of the text, unless that has changed since.
    fn found_places(
        &mut self,
        found: (Sought, Places),
        version: u64,
        then: Option<Step>,
        cx: &mut Context<Self>,
    ) {
        if self.version != version {
            return;
        }
        self.occurrences.shown = Some(found);
        if let Some(step) = then {
            self.step_to_occurrence(step, cx);
        }
        cx.notify();
    }
}

/// Paints the places in view, but for those that are selected, under the text.
pub(crate) fn paint(frame: &Frame, focused: bool, view: &EditorView, window: &mut Window) {
    let Some((sought, places)) = &view.occurrences.shown else {
        return;
    };
    // What the find bar looks for is marked instead.
    if view.find.is_some() || (sought.from == Origin::Word && !focused) {
        return;
    }
    let colors = &frame.style.colors;
    let all = view.selections.as_slice();
    let is_selected = |place: &Range<usize>| {
        let next = all.partition_point(|selection| selection.end() <= place.start);
        let selected = all.get(next);
        selected.is_some_and(|selection| !selection.is_empty() && selection.start() < place.end)
    };
    for shown in &frame.shown {
        for place in touching(&places.all, shown) {
            if is_selected(place) {
                continue;
            }
            let (color, border) = match sought.from {
                Origin::Selection => (
                    colors.selection_highlight,
                    colors.selection_highlight_border,
                ),
                Origin::Word if touching(&places.written, place).contains(place) => (
                    colors.word_highlight_strong,
                    colors.word_highlight_strong_border,
                ),
                Origin::Word => (colors.word_highlight, colors.word_highlight_border),
            };
            mark(frame, place.clone(), color, border, window);
        }
    }
}

/// Paints over a place, and around it.
pub(crate) fn mark(
    frame: &Frame,
    place: Range<usize>,
    color: Hsla,
    border: Hsla,
    window: &mut Window,
) {
    for span in frame.range_spans(place) {
        window.paint_quad(span_quad(frame, span, Corners::all(px(3.)), color, border));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Edit;

    /// The text with the places of what its marks select in `[…]`.
    fn found(marked: &str) -> String {
        let (text, selections) = editor_core::marked::parse(marked).unwrap();
        let Some(sought) = sought(&text, &selections, OccurrenceRule::default()) else {
            return "nothing".into();
        };
        let mut shown = text.to_string();
        for place in search(&text, &sought).into_iter().rev() {
            shown.insert(place.end, ']');
            shown.insert(place.start, '[');
        }
        shown
    }

    #[test]
    fn the_word_at_the_caret_is_found_as_a_whole_word_in_its_own_case() {
        assert_eq!(
            found("foo foˇo Foo foobar foo"),
            "[foo] [foo] Foo foobar [foo]"
        );
        assert_eq!(found("fooˇ(foo)"), "[foo]([foo])");
        assert_eq!(found("ˇfoo"), "[foo]");
        assert_eq!(found("( ˇ )"), "nothing");
    }

    #[test]
    fn what_is_selected_is_found_also_within_words() {
        assert_eq!(found("«fooˇ» bar foobar Foo"), "[foo] bar [foo]bar [Foo]");
        assert_eq!(found("aaa «aaˇ»a aa"), "[aa]a [aa]a [aa]");
        assert_eq!(found("a« ˇ»b c"), "nothing");
        assert_eq!(found("«a\nbˇ» a"), "nothing");
    }

    #[test]
    fn what_is_too_long_to_be_a_name_is_not_looked_for() {
        let long = "a".repeat(LONGEST);
        assert!(found(&format!("{long}ˇ")).starts_with('['));
        assert_eq!(found(&format!("{long}aˇ")), "nothing");
        assert_eq!(found(&format!("«{long}aˇ»")), "nothing");
        let endless = "x".repeat(100_000);
        assert_eq!(found(&format!("{endless}ˇ{endless}")), "nothing");
    }

    #[test]
    fn the_nearest_places_are_found_where_there_are_too_many() {
        let text = "ab ".repeat(100_000);
        let middle = 150_000;
        let text = Text::new(&text);
        let found = search(
            &text,
            &sought(&text, &Selections::caret(middle), OccurrenceRule::WORD).unwrap(),
        );
        assert_eq!(found.len(), 2 * MOST);
        let gap = |pair: &[Range<usize>]| pair[1].start - pair[0].start;
        assert!(
            found.windows(2).all(|pair| gap(pair) == 3),
            "none is left out"
        );
        assert_eq!(found[0].start, middle - 3 * MOST);
    }

    #[test]
    fn places_go_along_with_edits_and_end_where_their_text_changes() {
        let text = Text::new("foo foo foo");
        let mut places = Places {
            all: vec![0..3, 4..7, 8..11],
            written: std::slice::from_ref(&(8..11)).to_vec(),
        };
        let edits = vec![Edit::new(1..1, "x"), Edit::new(7..7, "\n")];
        let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
        places.follow(&changes);
        assert_eq!(places.all, [5..8, 10..13]);
        assert_eq!(places.written, std::slice::from_ref(&(10..13)));
    }
}
