//! How deep brackets are nested, for their colours.
//!
//! Brackets are the tokens of a tree, or what stands in the code of a line where there is no tree, so
//! that none in a string or a comment counts. They are kept in chunks of text: after a parse only the chunks where the tree changed are looked through again,
//! and a view asks for a range at the cost of that range.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tree_sitter::{Node, Tree};

use crate::grammar::GrammarId;
use crate::parse_input::ParseInput;
use crate::touched::Touched;

mod left_open;
mod pairs;
mod rows;

pub use pairs::BracketPair;
pub(crate) use rows::LineBracket;

/// Bytes of text in a chunk that was just looked through.
const CHUNK: usize = 8 * 1024;

/// A bracket in code, one byte long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bracket {
    /// Its byte in the text.
    pub offset: usize,
    /// How many pairs it stands in, the same for both of a pair; `None` where it has no partner.
    pub depth: Option<u32>,
}

/// What pairs up with what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    Round,
    Square,
    Curly,
    Angle,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Side {
    Open,
    Close,
}

/// The brackets that are open at a place, from the outside in.
#[derive(Default)]
struct Open {
    /// With their places in a list.
    brackets: Vec<(Shape, usize)>,
    /// How many of each shape there are, so that no stray bracket searches all that are open.
    waiting: [usize; 4],
}

impl Open {
    fn push(&mut self, shape: Shape, index: usize) {
        self.brackets.push((shape, index));
        self.waiting[shape as usize] += 1;
    }

    /// The place of the innermost one.
    fn last(&self) -> Option<usize> {
        self.brackets.last().map(|(_, index)| *index)
    }

    fn pop(&mut self) -> Option<(Shape, usize)> {
        let (shape, index) = self.brackets.pop()?;
        self.waiting[shape as usize] -= 1;
        Some((shape, index))
    }

    /// Closes the innermost of a shape and all in it: its place, and how many pairs it stands in.
    fn close(&mut self, shape: Shape) -> Option<(usize, u32)> {
        if self.waiting[shape as usize] == 0 {
            return None;
        }
        loop {
            let (popped, index) = self.pop()?;
            if popped == shape {
                let depth = u32::try_from(self.brackets.len()).ok()?;
                return Some((index, depth));
            }
        }
    }
}

/// A bracket of a chunk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Mark {
    /// Bytes from the start of its chunk.
    at: u32,
    shape: Shape,
    side: Side,
    depth: Option<u32>,
}

#[derive(Clone, Debug)]
struct Chunk {
    /// Bytes of text.
    len: usize,
    /// In order. Shared between the versions of a text.
    marks: Arc<Vec<Mark>>,
    /// The text has changed since it was looked through.
    edited: bool,
}

impl Chunk {
    /// Carries the marks over an edit inside the chunk, in place where no other version has them: one
    /// key at many carets edits a chunk very often.
    fn edit(&mut self, start: usize, old_end: usize, new_end: usize) {
        let marks = Arc::make_mut(&mut self.marks);
        let first = marks.partition_point(|mark| (mark.at as usize) < start);
        let kept = marks.partition_point(|mark| (mark.at as usize) < old_end);
        marks.drain(first..kept);
        for mark in &mut marks[first..] {
            mark.at = (mark.at as usize - old_end + new_end) as u32;
        }
        self.len = (self.len + new_end - start).saturating_sub(old_end - start);
        self.edited = true;
    }
}

/// The brackets of one tree, counted from its start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brackets(Vec<Chunk>);

impl Brackets {
    /// The brackets of a tree over a part of a text. `old` are those of the tree that it was parsed from,
    /// carried here by [`Brackets::edit`], with where the trees differ. `None` soon after `cancel` is set.
    pub(crate) fn of(
        grammar: GrammarId,
        tree: &Tree,
        input: &ParseInput<'_>,
        old: Option<(&Touched, &Self)>,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        let len = input.range.len();
        let mut brackets = match old {
            Some((changed, old)) if old.len() == len => {
                let mut kept = old.clone();
                for changed in changed.ranges() {
                    kept.spoil(changed.clone());
                }
                kept
            }
            _ => Self(vec![Chunk {
                len,
                marks: Arc::default(),
                edited: true,
            }]),
        };
        brackets.look_again(grammar, tree, cancel)?;
        brackets.pair_up(Some(input));
        Some(brackets)
    }

    fn len(&self) -> usize {
        self.0.iter().map(|chunk| chunk.len).sum()
    }

    /// The chunks that hold a part of a range, ends included, and where the first of them begins.
    fn touching(&self, range: &Range<usize>) -> (Range<usize>, usize) {
        let (mut first, mut at) = (0, 0);
        while first + 1 < self.0.len() && at + self.0[first].len < range.start {
            at += self.0[first].len;
            first += 1;
        }
        let (mut end, mut end_at) = (first, at);
        while end < self.0.len() && (end == first || end_at <= range.end) {
            end_at += self.0[end].len;
            end += 1;
        }
        (first..end, at)
    }

    /// Has the chunks of a range looked through again.
    fn spoil(&mut self, range: Range<usize>) {
        let (chunks, _) = self.touching(&range);
        for chunk in &mut self.0[chunks] {
            chunk.edited = true;
        }
    }

    /// Carries the brackets over an edit that replaced bytes: what stands behind it moves, what it
    /// took away is gone, and what it brought is not known before the next parse.
    pub(crate) fn edit(&mut self, start: usize, old_end: usize, new_end: usize) {
        let (chunks, mut at) = self.touching(&(start..old_end));
        if chunks.len() == 1
            && let Some(chunk) = self.0.get_mut(chunks.start)
        {
            return chunk.edit(start - at, old_end - at, new_end - at);
        }
        let first = at;
        let mut marks = Vec::new();
        for chunk in &self.0[chunks.clone()] {
            for mark in chunk.marks.iter() {
                let place = at + mark.at as usize;
                let place = match place {
                    _ if place < start => place,
                    _ if place >= old_end => new_end + (place - old_end),
                    _ => continue,
                };
                marks.push(Mark {
                    at: (place - first) as u32,
                    ..*mark
                });
            }
            at += chunk.len;
        }
        let merged = Chunk {
            len: (at - first + new_end - start).saturating_sub(old_end - start),
            marks: Arc::new(marks),
            edited: true,
        };
        self.0.splice(chunks, [merged]);
    }

    /// Looks the edited chunks through.
    fn look_again(&mut self, grammar: GrammarId, tree: &Tree, cancel: &AtomicBool) -> Option<()> {
        if self.0.iter().all(|chunk| !chunk.edited) {
            return Some(());
        }
        let mut chunks = Vec::with_capacity(self.0.len());
        let mut at = 0;
        let mut old = self.0.drain(..).peekable();
        while let Some(chunk) = old.next() {
            let start = at;
            at += chunk.len;
            if !chunk.edited {
                chunks.push(chunk);
                continue;
            }
            while let Some(next) = old.next_if(|next| next.edited) {
                at += next.len;
            }
            look_through(grammar, tree, start..at, &mut chunks, cancel)?;
        }
        drop(old);
        self.0 = chunks;
        Some(())
    }

    /// Finds the partner of each bracket. One that closes an outer pair leaves those open inside it
    /// without a partner. Where one has none, the indentation of the rows of `input` tells better
    /// which it is ([`left_open::by_rows`]).
    fn pair_up(&mut self, input: Option<&ParseInput<'_>>) {
        let mut depths = self.depths();
        if let Some(input) = input
            && (1..=left_open::MAX_BRACKETS).contains(&depths.len())
            && depths.contains(&None)
        {
            let lone = |depths: &[Option<u32>]| depths.iter().filter(|one| one.is_none()).count();
            let by_rows = left_open::by_rows(self.marks(), input);
            if lone(&by_rows) <= lone(&depths) {
                depths = by_rows;
            }
        }
        let mut depths = depths.into_iter();
        for chunk in &mut self.0 {
            let known = depths.as_slice();
            let same = chunk
                .marks
                .iter()
                .zip(known)
                .all(|(mark, depth)| mark.depth == *depth);
            if same {
                if let Some(last) = chunk.marks.len().checked_sub(1) {
                    depths.nth(last);
                }
                continue;
            }
            let marks = chunk.marks.iter().zip(depths.by_ref());
            let marks = marks.map(|(mark, depth)| Mark { depth, ..*mark });
            chunk.marks = Arc::new(marks.collect());
        }
    }

    /// What the depth of each bracket is if only the brackets count.
    fn depths(&self) -> Vec<Option<u32>> {
        let mut depths: Vec<Option<u32>> = Vec::new();
        let mut open = Open::default();
        for mark in self.0.iter().flat_map(|chunk| chunk.marks.iter()) {
            depths.push(None);
            let index = depths.len() - 1;
            match mark.side {
                Side::Open => open.push(mark.shape, index),
                Side::Close => {
                    if let Some((opening, depth)) = open.close(mark.shape) {
                        depths[opening] = Some(depth);
                        depths[index] = Some(depth);
                    }
                }
            }
        }
        depths
    }

    /// All brackets with their bytes.
    fn marks(&self) -> impl Iterator<Item = (usize, &Mark)> {
        let mut at = 0;
        let chunks = self.0.iter().map(move |chunk| {
            let start = at;
            at += chunk.len;
            (start, chunk)
        });
        chunks.flat_map(|(start, chunk)| {
            let marks = chunk.marks.iter();
            marks.map(move |mark| (start + mark.at as usize, mark))
        })
    }

    /// The brackets within a range, in order, with `start` added to where they are.
    pub(crate) fn within(&self, range: Range<usize>, start: usize, found: &mut Vec<Bracket>) {
        let (chunks, mut at) = self.touching(&range);
        for chunk in &self.0[chunks] {
            let first = chunk
                .marks
                .partition_point(|mark| at + (mark.at as usize) < range.start);
            let marks = chunk.marks[first..].iter();
            found.extend(
                marks
                    .take_while(|mark| at + (mark.at as usize) < range.end)
                    .map(|mark| Bracket {
                        offset: start + at + mark.at as usize,
                        depth: mark.depth,
                    }),
            );
            at += chunk.len;
        }
    }
}

/// Collects the brackets of a range of a tree in chunks.
fn look_through(
    grammar: GrammarId,
    tree: &Tree,
    range: Range<usize>,
    chunks: &mut Vec<Chunk>,
    cancel: &AtomicBool,
) -> Option<()> {
    let mut start = range.start;
    let mut marks = Vec::new();
    let mut cut = |at: usize, marks: &mut Vec<Mark>| {
        chunks.push(Chunk {
            len: at - start,
            marks: Arc::new(std::mem::take(marks)),
            edited: false,
        });
        start = at;
        at
    };
    let mut chunk = range.start;
    let mut cursor = tree.walk();
    let mut seen = 0_usize;
    'tree: loop {
        seen += 1;
        if seen.is_multiple_of(1024) && cancel.load(Ordering::Relaxed) {
            return None;
        }
        let node = cursor.node();
        if node.start_byte() >= range.end {
            break;
        }
        let found = bracket(grammar, &node);
        let of_two = found.filter(|_| is_two(&node));
        let of_two = of_two.map(|(offset, shape, side)| (offset - 1, shape, side));
        for (offset, shape, side) in of_two.into_iter().chain(found) {
            if !range.contains(&offset) {
                continue;
            }
            while offset - chunk >= CHUNK {
                chunk = cut(chunk + CHUNK, &mut marks);
            }
            marks.push(Mark {
                at: (offset - chunk) as u32,
                shape,
                side,
                depth: None,
            });
        }
        let mut moved = node.end_byte() > range.start
            && cursor.goto_first_child_for_byte(range.start).is_some();
        while !moved {
            moved = cursor.goto_next_sibling();
            if !moved && !cursor.goto_parent() {
                break 'tree;
            }
        }
    }
    while range.end - chunk > CHUNK * 2 {
        chunk = cut(chunk + CHUNK, &mut marks);
    }
    cut(range.end, &mut marks);
    Some(())
}

/// Whether a node is two brackets of a kind, as around the name of a table in TOML.
fn is_two(node: &Node<'_>) -> bool {
    matches!(node.kind(), "[[" | "]]")
}

/// The bracket that a node is, and its byte; of two the last.
fn bracket(grammar: GrammarId, node: &Node<'_>) -> Option<(usize, Shape, Side)> {
    // Also one that is missing takes no bytes.
    let range = node.byte_range();
    if !(1..=4).contains(&range.len()) {
        return None;
    }
    let at = range.end - 1;
    if node.is_named() {
        // Some have the sign itself in them, which is the bracket then.
        if node.child_count() > 0 {
            return None;
        }
        let (shape, side) = named_bracket(node)?;
        return Some((at, shape, side));
    }
    let (shape, side) = match node.kind() {
        "(" | "$(" | "<(" | ">(" => (Shape::Round, Side::Open),
        // A group of a regular expression, and what kind of group it is.
        "(?" | "(?:" | "(?<" | "(?P<" | "(?P=" => {
            return Some((range.start, Shape::Round, Side::Open));
        }
        ")" if has_no_beginning(grammar, node) => return None,
        ")" => (Shape::Round, Side::Close),
        "[" | "#[" | "[[" => (Shape::Square, Side::Open),
        "]" | "]]" => (Shape::Square, Side::Close),
        "{" | "${" | "#{" => (Shape::Curly, Side::Open),
        "}" => (Shape::Curly, Side::Close),
        "<" if is_generic(grammar, node) => (Shape::Angle, Side::Open),
        ">" if is_generic(grammar, node) => (Shape::Angle, Side::Close),
        _ => return None,
    };
    Some((at, shape, side))
}

/// The bracket that a node of a grammar is which gives its brackets names.
fn named_bracket(node: &Node<'_>) -> Option<(Shape, Side)> {
    Some(match node.kind() {
        "block_start"
        | "object_start"
        | "template_interpolation_start"
        | "interpolation_expression_start" => (Shape::Curly, Side::Open),
        "block_end"
        | "object_end"
        | "template_interpolation_end"
        | "interpolation_expression_end" => (Shape::Curly, Side::Close),
        "tuple_start" => (Shape::Square, Side::Open),
        "tuple_end" => (Shape::Square, Side::Close),
        "interpolation_brace" if node.next_sibling().is_some() => (Shape::Curly, Side::Open),
        "interpolation_brace" => (Shape::Curly, Side::Close),
        _ => return None,
    })
}

fn is_in(node: &Node<'_>, kinds: &[&str]) -> bool {
    node.parent()
        .is_some_and(|parent| kinds.contains(&parent.kind()))
}

/// Whether a `)` ends what no `(` began: a pattern of a shell's `case`, or a list of words in Ruby,
/// which begins with whatever it likes. Other grammars are not asked for the parents of theirs: one is
/// found from the root down, which takes long in deep texts.
fn has_no_beginning(grammar: GrammarId, node: &Node<'_>) -> bool {
    match grammar.name() {
        "bash" => is_in(node, &["case_item"]),
        "ruby" => is_in(node, &["string_array", "symbol_array"]),
        _ => false,
    }
}

/// Whether a token stands around types, and compares nothing. As in VS Code, TypeScript alone has
/// such brackets.
fn is_generic(grammar: GrammarId, node: &Node<'_>) -> bool {
    matches!(grammar.name(), "typescript" | "tsx")
        && is_in(node, &["type_arguments", "type_parameters"])
}
