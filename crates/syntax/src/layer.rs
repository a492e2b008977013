//! One grammar's tree over one part of a text.

use std::cell::RefCell;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::{ChangeSet, Point, Text};
use streaming_iterator::StreamingIterator;
use tree_sitter::{InputEdit, Node, ParseOptions, Parser, QueryCursor, QueryCursorOptions, Tree};

use crate::brackets::{Bracket, BracketPair, Brackets};
use crate::broken;
use crate::c_words;
use crate::cpp_modules;
use crate::css_declarations;
use crate::data_section;
use crate::diff_rows;
use crate::ears;
use crate::grammar::GrammarId;
use crate::highlight::{HighlightId, HighlightSpan};
use crate::html_end_tags;
use crate::mend::{self, Patch, Reading};
use crate::parse_input::{ParseInput, relative_point};
use crate::shell_heredocs;
use crate::sql_dialects;
use crate::touched::{Changed, Touched, moved};
use crate::unfinished::{self, Before};

/// How many half-finished matches a query may hold, so that no text makes it slow.
const MATCH_LIMIT: u32 = 1024;

/// How deep in a tree a query looks, in nodes. Each of its steps costs as much as the tree is deep,
/// so that a million opening brackets would otherwise hold up the frame that shows them.
const MAX_QUERY_DEPTH: u32 = 1000;

/// How many parts an error may have and still be looked into. A query step in it costs as much as
/// there are parts, and a text like that has no colours worth waiting for.
const MAX_ERROR_PARTS: usize = 20_000;

/// When a query gives up and what it found so far is shown: the last resort against a text that the
/// other limits let through. Allowed once, and again for each [`BYTES_A_QUERY_TIME`] of the range.
const MAX_QUERY_TIME: Duration = Duration::from_millis(500);

/// More patches are not carried over edits: each key at each caret would cost as much as there are.
const MAX_PATCHES: usize = 5_000;

/// See [`MAX_QUERY_TIME`].
const BYTES_A_QUERY_TIME: usize = 64 * 1024;

/// Where a tree is and what it covers, without the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LayerPlace {
    pub(crate) grammar: GrammarId,
    /// Bytes in the text.
    pub(crate) range: Range<usize>,
    /// The parts of the range that are parsed, counted from its start. Empty stands for all of it.
    /// After an edit only their bytes are right.
    pub(crate) included: Arc<[tree_sitter::Range]>,
    /// The outer highlights show where this layer has none.
    pub(crate) overlay: bool,
    /// It is one that the outer highlights show through, or inside of one: the text is a string or
    /// a comment of the host, however it is coloured.
    pub(crate) in_overlay: bool,
    /// It is no whole text of its language, such as the body of a macro: that it does not follow
    /// the grammar says nothing.
    pub(crate) fragment: bool,
    /// It is what stands in a rule of CSS, read with the end of the last declaration behind it, which
    /// may have none. There are no `included` parts then.
    pub(crate) declarations: bool,
    /// It is an unfinished part of its host, in the same language, that the host is read without.
    pub(crate) unfinished: bool,
}

impl LayerPlace {
    /// The bytes of the text that the layer speaks for.
    pub(crate) fn covered(&self) -> Vec<Range<usize>> {
        if self.included.is_empty() {
            return vec![self.range.clone()];
        }
        let Range { start, end } = self.range;
        self.included
            .iter()
            .map(|part| (start + part.start_byte).min(end)..(start + part.end_byte).min(end))
            .collect()
    }

    /// Whether the layer speaks for an offset of the text, also at the end of one of its parts.
    pub(crate) fn covers(&self, offset: usize) -> bool {
        let Some(inside) = offset.checked_sub(self.range.start) else {
            return false;
        };
        if self.included.is_empty() {
            return offset <= self.range.end;
        }
        let first = self.included.partition_point(|part| part.end_byte < inside);
        let part = self.included.get(first);
        part.is_some_and(|part| part.start_byte <= inside)
    }

    /// Carries the parsed parts over an edit, counted from the range's start.
    fn edit(&mut self, start: usize, old_end: usize, new_end: usize) {
        if self.included.is_empty() {
            return;
        }
        let moved = |at| moved(at, start, old_end, new_end);
        let parts = self.included.iter().map(|part| tree_sitter::Range {
            start_byte: moved(part.start_byte),
            end_byte: moved(part.end_byte),
            ..*part
        });
        self.included = parts.collect();
    }
}

/// Which highlights are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    All,
    /// Those of strings and comments as a whole.
    Outer,
}

/// A parsed part of a text. The tree counts from the part's start, so a part that only moved keeps
/// its tree as it is.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) place: LayerPlace,
    /// Shared, since cloning a tree allocates and a document may hold thousands.
    pub(crate) tree: Arc<Tree>,
    /// Nothing in a language whose brackets do not nest.
    brackets: Option<Arc<Brackets>>,
    /// Where the text of the part has changed since the tree was made, counted from its start.
    edits: Touched,
    /// Whether a query gets through the tree. Found with it: a frame asks, and it costs a walk over
    /// the parts at the top. No edit changes it before the next parse.
    can_be_queried: bool,
    /// The tree is of the text without some brackets that were left open in it, which `patches` has:
    /// how many others have no partner in it.
    mended: Option<usize>,
    /// The bytes of the text that the tree has others in the place of; nothing after an edit of very
    /// many.
    patches: Option<Arc<[Patch]>>,
    /// The parts of the text that the tree is without, in order, counted from its start.
    aside: Vec<Range<usize>>,
}

impl Layer {
    /// Parses a part, and says what is not as it was. `old` is what stood at its start before, edits
    /// included.
    pub(crate) fn parse(
        place: LayerPlace,
        text: &Text,
        old: Option<&Layer>,
        cancel: &AtomicBool,
    ) -> Option<(Self, Changed)> {
        // The length tells whether the part still begins and ends where the edits carried it.
        let old = old.filter(|old| {
            old.place.grammar == place.grammar && old.place.range.len() == place.range.len()
        });
        if let Some(old) = old
            && old.edits.is_empty()
            && old.place.included == place.included
        {
            let same = Self {
                place,
                tree: Arc::clone(&old.tree),
                brackets: old.brackets.clone(),
                edits: Touched::default(),
                can_be_queried: old.can_be_queried,
                mended: old.mended,
                patches: old.patches.clone(),
                aside: old.aside.clone(),
            };
            return Some((same, Changed::Nothing));
        }
        // What is wrong anyway would stay read as it was; a fragment is short.
        let old = old.filter(|_| place.grammar.reuses_trees() && !place.fragment);
        let mut parser = Parser::new();
        parser
            .set_language(&place.grammar.compiled()?.language)
            .ok()?;
        parser.set_included_ranges(&place.included).ok()?;
        let input = ParseInput::new(text, place.range.clone());
        let mut progress = |_: &tree_sitter::ParseState| {
            if cancel.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let end: &[u8] = match place.declarations {
            true => css_declarations::end(&input.text(0..place.range.len())),
            false => b"",
        };
        let len = place.range.len();
        let mut parse = |patches: &[Patch], aside: &[Range<usize>], old: Option<&Tree>| {
            parser.parse_with_options(
                &mut |offset, _| match offset < len {
                    true => {
                        let chunk = mend::patched_chunk(&input, offset, patches);
                        unfinished::blanked(chunk, offset, aside)
                    }
                    false => end.get(offset - len..).unwrap_or_default(),
                },
                old,
                Some(ParseOptions::new().progress_callback(&mut progress)),
            )
        };
        let unknown = match place.grammar.name() {
            "cpp" => cpp_modules::patches(&input.text(0..place.range.len())),
            "sql" => sql_dialects::patches(&input, place.in_overlay),
            "c" => c_words::patches(&input),
            "bash" => shell_heredocs::patches(&input),
            _ => Vec::new(),
        };
        let lone_before = old.and_then(|old| old.mended);
        let was_mended = lone_before.is_some();
        let unknown = match old.and_then(|old| old.patches.as_deref()) {
            Some(known) if was_mended => known.to_vec(),
            _ => unknown,
        };
        let reused = old
            .and_then(|old| mend::read_alike(&old.tree, old.patches.as_deref()?, &unknown, &input));
        let is_whole = place.range.len() == text.len() && place.included.is_empty();
        let is_apart = is_whole
            && !place.in_overlay
            && !place.fragment
            && unfinished::is_read_so(place.grammar, len);
        let (mut tree, aside, goes_on) = match is_apart {
            true => {
                let before = old.zip(reused.as_ref()).map(|(old, tree)| Before {
                    tree,
                    aside: &old.aside,
                    edits: &old.edits,
                });
                let left_open = |tree: &Tree| {
                    let found = Brackets::of(place.grammar, tree, &input, None, cancel)?;
                    Some(found.left_open())
                };
                let again =
                    |aside: &[Range<usize>], old: Option<&Tree>| parse(&unknown, aside, old);
                let read = unfinished::read(place.grammar, &input, before, again, left_open)?;
                (read.tree, read.aside, read.goes_on)
            }
            false => (parse(&unknown, &[], reused.as_ref())?, Vec::new(), true),
        };
        // What strings and comments are made of is short, and has no brackets.
        let known = old
            .zip(reused.as_ref())
            .filter(|_| !place.in_overlay && goes_on);
        let mut changed = match known {
            Some((old, before)) => Changed::In(old.edits.with_differences(before, &tree)),
            None => Changed::Everything,
        };
        let mut patches = unknown;
        let mut mended = None;
        let brackets = if place.grammar.has_brackets() && !place.in_overlay {
            // They are those of the tree as it was made, which has none where it was mended.
            let old = match &changed {
                Changed::In(ranges) if !was_mended => {
                    old.and_then(|old| Some((ranges, old.brackets.as_deref()?)))
                }
                _ => None,
            };
            let mut found = Brackets::of(place.grammar, &tree, &input, old, cancel)?;
            if place.unfinished {
                let text = input.text(0..len);
                let (left_open, _, is_sure) = unfinished::left_open(&text);
                // The tree may have none of them.
                for at in left_open.into_iter().filter(|_| is_sure) {
                    let mut known = Vec::new();
                    found.within(at..at + 1, 0, &mut known);
                    if known.is_empty() {
                        found.add_left_open(at, &text[at..at + 1]);
                    }
                }
            }
            if mend::is_mended(place.grammar, &input) {
                let mut reading = Reading {
                    tree,
                    brackets: found,
                    patches,
                };
                let is_well = mend::is_read_well(&reading, lone_before);
                let mut again = |patches: Vec<Patch>| {
                    let tree = parse(&patches, &[], None)?;
                    let brackets = Brackets::of(place.grammar, &tree, &input, None, cancel)?;
                    Some(Reading {
                        tree,
                        brackets,
                        patches,
                    })
                };
                if was_mended && !is_well {
                    reading = again(Vec::new())?;
                    changed = Changed::Everything;
                }
                if !is_well
                    && reading.tree.root_node().has_error()
                    && let Some(better) = mend::mended(&reading, &input, again)
                {
                    reading = better;
                    changed = Changed::Everything;
                }
                Reading {
                    tree,
                    brackets: found,
                    patches,
                } = reading;
                mended = (!patches.is_empty()).then(|| found.lone_count());
                for patch in &patches {
                    found.add_left_open(patch.at, &input.text(patch.at..patch.at + 1));
                }
            }
            Some(Arc::new(found))
        } else {
            None
        };
        let parsed = Self {
            place,
            can_be_queried: can_be_queried(&tree),
            tree: Arc::new(tree),
            brackets,
            edits: Touched::default(),
            mended,
            patches: Some(patches.into()),
            aside,
        };
        Some((parsed, changed))
    }

    /// Has a range of the text looked at anew in the next parse: what was known of it is lost.
    pub(crate) fn forget(&mut self, range: Range<usize>) {
        let start = self.place.range.start;
        let inside = range.start.saturating_sub(start)..range.end.saturating_sub(start);
        self.edits.add(inside);
    }

    /// Whether the text does not follow its grammar somewhere.
    pub(crate) fn has_error(&self) -> bool {
        self.mended.is_some() || !self.aside.is_empty() || self.tree.root_node().has_error()
    }

    /// The places of the unfinished parts that the tree is without.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = LayerPlace> {
        let start = self.place.range.start;
        self.aside.iter().map(move |part| LayerPlace {
            grammar: self.place.grammar,
            range: start + part.start..start + part.end,
            included: Arc::new([]),
            overlay: false,
            in_overlay: false,
            fragment: true,
            declarations: false,
            unfinished: true,
        })
    }

    /// Carries the layer over an edit inside it.
    pub(crate) fn edit(&mut self, edit: &PositionedEdit, after: &Text) {
        let start = self.place.range.start;
        let start_point = after.offset_to_point(start);
        Arc::make_mut(&mut self.tree).edit(&InputEdit {
            start_byte: edit.start - start,
            old_end_byte: edit.old_end - start,
            new_end_byte: edit.new_end - start,
            start_position: relative_point(start_point, edit.start_point),
            old_end_position: relative_point(start_point, edit.old_end_point),
            new_end_position: relative_point(start_point, edit.new_end_point),
        });
        if let Some(brackets) = &mut self.brackets {
            Arc::make_mut(brackets).edit(
                edit.start - start,
                edit.old_end - start,
                edit.new_end - start,
            );
        }
        self.place.edit(
            edit.start - start,
            edit.old_end - start,
            edit.new_end - start,
        );
        self.place.range.end = edit.new_end + (self.place.range.end - edit.old_end);
        if let Some(patches) = self
            .patches
            .take()
            .filter(|patches| patches.len() <= MAX_PATCHES)
        {
            let cut = edit.start - start..edit.old_end - start;
            self.patches = Some(mend::carried(&patches, &cut, edit.new_end - start));
        }
        unfinished::carry(
            &mut self.aside,
            edit.start - start,
            edit.old_end - start,
            edit.new_end - start,
        );
        self.edits.edit(
            edit.start - start,
            edit.old_end - start,
            edit.new_end - start,
        );
    }

    /// Adds the brackets within a range of the text.
    pub(crate) fn brackets(&self, range: &Range<usize>, found: &mut Vec<Bracket>) {
        let Range { start, end } = self.place.range;
        let inside = range.start.clamp(start, end)..range.end.clamp(start, end);
        if let Some(brackets) = &self.brackets
            && !inside.is_empty()
        {
            brackets.within(inside.start - start..inside.end - start, start, found);
        }
    }

    /// Adds the pairs of brackets with a part in a range of the text.
    pub(crate) fn bracket_pairs(&self, range: &Range<usize>, found: &mut Vec<BracketPair>) {
        let Range { start, end } = self.place.range;
        let inside = range.start.clamp(start, end)..range.end.clamp(start, end);
        if let Some(brackets) = &self.brackets
            && !inside.is_empty()
        {
            brackets.pairs(&(inside.start - start..inside.end - start), start, found);
        }
    }

    /// The smallest node around a range of the text that is longer than it.
    pub(crate) fn node_around(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let start = self.place.range.start;
        let inside = range.start.checked_sub(start)?..range.end.checked_sub(start)?;
        let root = self.tree.root_node();
        let mut node = root.descendant_for_byte_range(inside.start, inside.end)?;
        // What is read behind the part is not of the text.
        let part_end = self.place.range.end - start;
        let own = |node: &Node<'_>| node.start_byte()..node.end_byte().min(part_end);
        while own(&node).len() <= inside.len() {
            node = node.parent()?;
        }
        let found = own(&node);
        Some(found.start + start..found.end + start)
    }

    /// Whether the innermost node around an offset that begins before it, text aside, is of one of
    /// these kinds.
    pub(crate) fn is_child_of(&self, offset: usize, kinds: &[&str]) -> bool {
        let Some(inside) = offset.checked_sub(self.place.range.start) else {
            return false;
        };
        let mut node = (self.tree.root_node()).descendant_for_byte_range(inside, inside + 1);
        while let Some(found) = node {
            let is_text = !found.is_named() || found.child_count() == 0;
            if found.start_byte() < inside && inside < found.end_byte() && !is_text {
                return kinds.contains(&found.kind());
            }
            node = found.parent();
        }
        false
    }

    /// Whether a query gets through the tree: not where an error near its top has swallowed very
    /// many parts.
    pub(crate) fn can_be_queried(&self) -> bool {
        self.can_be_queried
    }

    /// The innermost highlights of the layer within `range` of the text, in order.
    pub(crate) fn highlights(
        &self,
        text: &Text,
        range: &Range<usize>,
        parts: Parts,
    ) -> Vec<HighlightSpan> {
        let Some(grammar) = self.place.grammar.compiled() else {
            return Vec::new();
        };
        if !self.can_be_queried() {
            return Vec::new();
        }
        let start = self.place.range.start;
        let wanted = range.start.max(start)..range.end.min(self.place.range.end);
        if wanted.is_empty() {
            return Vec::new();
        }
        // Of what holds parts of its host as well, not every row is in the language.
        let lexicon = (grammar.lexicon.as_ref()).filter(|_| self.place.included.is_empty());
        let Range {
            start: from,
            end: to,
        } = match lexicon {
            Some(_) => {
                let rows = broken::whole_rows(text, &wanted);
                rows.start.max(start)..rows.end.min(self.place.range.end)
            }
            None => wanted.clone(),
        };
        let input = ParseInput::new(text, self.place.range.clone());
        let mut captures = Vec::new();
        with_cursor(|cursor| {
            cursor.set_byte_range(from - start..to - start);
            let started = Instant::now();
            let allowed = MAX_QUERY_TIME * (1 + ((to - from) / BYTES_A_QUERY_TIME) as u32);
            let mut progress = |_: &tree_sitter::QueryCursorState| {
                if started.elapsed() < allowed {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            let mut matches = cursor.matches_with_options(
                &grammar.highlights,
                self.tree.root_node(),
                &input,
                QueryCursorOptions::new().progress_callback(&mut progress),
            );
            while let Some(found) = matches.next() {
                for capture in found.captures {
                    let in_strings = grammar.in_strings.iter();
                    let mut in_strings = in_strings.filter(|(of, ..)| *of == capture.index);
                    if let Some((_, parts, highlight)) = in_strings.next() {
                        let parts = parts.in_string(&capture.node, &input).into_iter();
                        let parts = parts.map(|part| Capture {
                            range: start + part.start..start + part.end,
                            pattern: found.pattern_index,
                            highlight: *highlight,
                        });
                        let is_shown = |one: &Capture| one.range.start < to && one.range.end > from;
                        captures.extend(parts.filter(is_shown));
                        continue;
                    }
                    let name = grammar.capture_highlights.get(capture.index as usize);
                    let Some(&Some(highlight)) = name else {
                        continue;
                    };
                    let node = capture.node.byte_range();
                    let range = start + node.start..start + node.end;
                    if range.start < to && range.end > from {
                        captures.push(Capture {
                            range,
                            pattern: found.pattern_index,
                            highlight,
                        });
                    }
                }
            }
        });
        // Cut to the range only now: nodes cut alike would not tell which is inside which.
        let all = flatten(captures);
        let swallowed =
            lexicon.map_or_else(Vec::new, |lexicon| broken::swallowing(&all, text, lexicon));
        let mut spans = keep(all, std::slice::from_ref(&(from..to)));
        if let Some(lexicon) = lexicon {
            let place = (text, start);
            spans = broken::with_words(spans, &swallowed, &self.tree, place, &(from..to), lexicon);
            if let Some(tags) = lexicon.lexical.doc_tags.filter(|_| parts == Parts::All) {
                spans = tags.in_comments(spans, text);
            }
            spans = keep(spans, std::slice::from_ref(&wanted));
        }
        if self.place.grammar.name() == "markdown_inline" {
            spans = ears::with_keywords(spans, &input, start, &(from..to));
        }
        if self.place.grammar.name() == "cpp" {
            let rows = broken::whole_rows(text, &wanted);
            spans = cpp_modules::with_words(spans, &text.slice(rows.clone()), rows.start);
            spans = keep(spans, std::slice::from_ref(&wanted));
        }
        if self.place.grammar.name() == "html" && self.tree.root_node().has_error() {
            let rows = broken::whole_rows(text, &wanted);
            spans = html_end_tags::with_names(spans, &text.slice(rows.clone()), rows.start);
            spans = keep(spans, std::slice::from_ref(&wanted));
        }
        if self.place.grammar.name() == "diff" {
            let rows = broken::whole_rows(text, &wanted);
            spans = diff_rows::with_rows(spans, text, &rows);
            spans = keep(spans, std::slice::from_ref(&wanted));
        }
        if self.place.grammar.name() == "ruby" {
            spans = data_section::with_mark(spans, &self.tree, &input, start, &wanted);
        }
        if self.place.included.is_empty() {
            return spans;
        }
        if self.place.grammar.name() == "sql" && self.place.in_overlay {
            spans = sql_dialects::without_code(spans, text);
        }
        // A node that spans lines also spans what stands between them and is not the layer's.
        keep(spans, &self.place.covered())
    }
}

fn can_be_queried(tree: &Tree) -> bool {
    let root = tree.root_node();
    let swallowed = |node: &Node| node.is_error() && node.child_count() > MAX_ERROR_PARTS;
    if !root.has_error() || root.child_count() > MAX_ERROR_PARTS {
        return !swallowed(&root);
    }
    !swallowed(&root) && !root.children(&mut root.walk()).any(|node| swallowed(&node))
}

/// The parts of `spans` that lie in `parts`; both sorted.
fn keep(spans: Vec<HighlightSpan>, parts: &[Range<usize>]) -> Vec<HighlightSpan> {
    let mut kept = Vec::with_capacity(spans.len());
    for span in spans {
        let first = parts.partition_point(|part| part.end <= span.range.start);
        for part in &parts[first..] {
            if part.start >= span.range.end {
                break;
            }
            let start = span.range.start.max(part.start);
            push_span(
                &mut kept,
                start..span.range.end.min(part.end),
                span.highlight,
            );
        }
    }
    kept
}

/// Runs a query with a cursor that is kept, for its buffers, until the thread ends.
pub(crate) fn with_cursor<R>(run: impl FnOnce(&mut QueryCursor) -> R) -> R {
    thread_local! {
        static CURSOR: RefCell<QueryCursor> = RefCell::new(QueryCursor::new());
    }
    CURSOR.with(|cursor| match cursor.try_borrow_mut() {
        Ok(mut cursor) => {
            prepare(&mut cursor);
            run(&mut cursor)
        }
        Err(_) => {
            let mut cursor = QueryCursor::new();
            prepare(&mut cursor);
            run(&mut cursor)
        }
    })
}

fn prepare(cursor: &mut QueryCursor) {
    cursor.set_match_limit(MATCH_LIMIT);
    cursor.set_max_start_depth(Some(MAX_QUERY_DEPTH));
    cursor.set_byte_range(0..u32::MAX as usize);
}

/// An edit with the points that tree-sitter wants, in a text where all edits before it are done.
pub(crate) struct PositionedEdit {
    pub(crate) start: usize,
    pub(crate) old_end: usize,
    pub(crate) new_end: usize,
    pub(crate) start_point: Point,
    pub(crate) old_end_point: Point,
    pub(crate) new_end_point: Point,
}

/// Where the edits of a change begin and end, as rows and columns, in the text that they are still
/// to be made in.
#[derive(Clone, Debug)]
pub struct OldPoints(Vec<(Point, Point)>);

impl OldPoints {
    /// Of a change of `before`. O(log n) an edit.
    pub fn of(changes: &ChangeSet, before: &Text) -> Self {
        let points = changes.edits().map(|edit| {
            let start = before.offset_to_point(edit.old_range.start);
            let end = if edit.old_range.is_empty() {
                start
            } else {
                before.offset_to_point(edit.old_range.end)
            };
            (start, end)
        });
        Self(points.collect())
    }
}

impl PositionedEdit {
    pub(crate) fn all(changes: &ChangeSet, old: &OldPoints, after: &Text) -> Vec<Self> {
        let edits = changes.edits().zip(&old.0);
        let edits = edits.map(|(edit, (old_start, old_end))| {
            let start_point = after.offset_to_point(edit.new_range.start);
            let rows = old_end.row - old_start.row;
            let column = if rows == 0 {
                start_point.column + (old_end.column - old_start.column)
            } else {
                old_end.column
            };
            Self {
                start: edit.new_range.start,
                old_end: edit.new_range.start + edit.old_range.len(),
                new_end: edit.new_range.end,
                start_point,
                old_end_point: Point {
                    row: start_point.row + rows,
                    column,
                },
                new_end_point: after.offset_to_point(edit.new_range.end),
            }
        });
        edits.collect()
    }

    /// Where an offset behind the edit goes.
    pub(crate) fn shift(&self, offset: usize) -> usize {
        self.new_end + (offset - self.old_end)
    }
}

struct Capture {
    range: Range<usize>,
    pattern: usize,
    highlight: HighlightId,
}

/// Turns nested captures into spans that do not overlap. The innermost wins; of several on one
/// node, that of the last pattern.
fn flatten(mut captures: Vec<Capture>) -> Vec<HighlightSpan> {
    captures.sort_by_key(|capture| {
        (
            capture.range.start,
            std::cmp::Reverse(capture.range.end),
            capture.pattern,
        )
    });
    let mut spans = Vec::with_capacity(captures.len());
    let mut open: Vec<(usize, HighlightId)> = Vec::new();
    let mut at = 0;
    for capture in captures {
        close_until(capture.range.start, &mut open, &mut at, &mut spans);
        if let Some(&(_, highlight)) = open.last() {
            push_span(&mut spans, at..capture.range.start, highlight);
        }
        at = capture.range.start;
        open.push((capture.range.end, capture.highlight));
    }
    close_until(usize::MAX, &mut open, &mut at, &mut spans);
    spans
}

fn close_until(
    offset: usize,
    open: &mut Vec<(usize, HighlightId)>,
    at: &mut usize,
    spans: &mut Vec<HighlightSpan>,
) {
    while let Some(&(end, highlight)) = open.last()
        && end <= offset
    {
        if end > *at {
            push_span(spans, *at..end, highlight);
            *at = end;
        }
        open.pop();
    }
}

/// Appends a span, joined with the one before where they are alike.
pub(crate) fn push_span(
    spans: &mut Vec<HighlightSpan>,
    range: Range<usize>,
    highlight: HighlightId,
) {
    if range.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.range.end == range.start && last.highlight == highlight => {
            last.range.end = range.end;
        }
        _ => spans.push(HighlightSpan { range, highlight }),
    }
}
