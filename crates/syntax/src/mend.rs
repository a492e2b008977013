//! Reading a text without a bracket that was left open in it.
//!
//! In CSS a bracket without a partner takes in the rest of its rule. The text is parsed again with
//! something else in the place of the bracket, and that tree is kept if less of the text is wrong in it.
//! Where whole rows are better left out, [`crate::unfinished`] does that.

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::{InputEdit, Tree};

use crate::brackets::Brackets;
use crate::broken;
use crate::grammar::GrammarId;
use crate::parse_input::ParseInput;

/// In a longer part nothing is mended, in bytes: it is parsed once more for each bracket when that is
/// found, and again while something else in it is wrong.
const MAX_BYTES: usize = 512 * 1024;

/// More brackets of one text are not tried.
const MAX_BRACKETS: usize = 4;

/// With more bytes read otherwise than before no tree is made from another.
const MAX_CHANGED: usize = 1000;

/// A byte that is read in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patch {
    /// The place of the other, counted from the part's start.
    pub(crate) at: usize,
    byte: &'static [u8; 1],
}

impl Patch {
    /// A blank in the place of a byte.
    pub(crate) fn blank(at: usize) -> Self {
        Self::new(at, b" ")
    }

    /// A byte in the place of the one at an offset.
    pub(crate) fn new(at: usize, byte: &'static [u8; 1]) -> Self {
        Self { at, byte }
    }
}

/// The bytes of a part from an offset on, as [`ParseInput::chunk`] has them, with patches in order.
pub(crate) fn patched_chunk<'a>(
    input: &ParseInput<'a>,
    offset: usize,
    patches: &[Patch],
) -> &'a [u8] {
    let next = patches.partition_point(|patch| patch.at < offset);
    match patches.get(next) {
        Some(patch) if patch.at == offset => patch.byte,
        Some(patch) => {
            let chunk = input.chunk(offset);
            &chunk[..chunk.len().min(patch.at - offset)]
        }
        None => input.chunk(offset),
    }
}

/// Patches carried over an edit that replaced a range by what ends at `new_end`.
pub(crate) fn carried(patches: &[Patch], cut: &Range<usize>, new_end: usize) -> Arc<[Patch]> {
    let kept = patches.iter().filter(|patch| !cut.contains(&patch.at));
    let moved = kept.map(|patch| match patch.at < cut.start {
        true => *patch,
        false => Patch {
            at: patch.at - cut.end + new_end,
            ..*patch
        },
    });
    moved.collect()
}

/// A tree as if the bytes that are now read as others had been edited, so that another can be made
/// from it. `None` where these are very many.
pub(crate) fn read_alike(
    tree: &Tree,
    before: &[Patch],
    after: &[Patch],
    input: &ParseInput<'_>,
) -> Option<Tree> {
    let mut tree = tree.clone();
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    let mut changed = 0;
    loop {
        let at = match (before.peek(), after.peek()) {
            (None, None) => return Some(tree),
            (Some(old), Some(new)) if old == new => {
                before.next();
                after.next();
                continue;
            }
            (Some(old), Some(new)) => old.at.min(new.at),
            (Some(one), None) | (None, Some(one)) => one.at,
        };
        before.next_if(|patch| patch.at == at);
        after.next_if(|patch| patch.at == at);
        changed += 1;
        if changed > MAX_CHANGED {
            return None;
        }
        let (start, end) = (input.point(at), input.point(at + 1));
        tree.edit(&InputEdit {
            start_byte: at,
            old_end_byte: at + 1,
            new_end_byte: at + 1,
            start_position: start,
            old_end_position: end,
            new_end_position: end,
        });
    }
}

/// A tree of a text with some bytes of it read as others.
pub(crate) struct Reading {
    pub(crate) tree: Tree,
    pub(crate) brackets: Brackets,
    pub(crate) patches: Vec<Patch>,
}

/// Whether a text with brackets that were read as something else before is read well so: nothing is
/// wrong in it, as it would be behind one that was closed meanwhile, as many others as before have no
/// partner, and none has come into a comment or a string.
pub(crate) fn is_read_well(reading: &Reading, lone_before: Option<usize>) -> bool {
    let root = reading.tree.root_node();
    let is_code = |patch: &Patch| {
        let byte = patch.at..patch.at + 1;
        let node = root.descendant_for_byte_range(byte.start, byte.end);
        node.is_some_and(|node| node.child_count() > 0 || node.byte_range() == byte)
    };
    !reading.patches.is_empty()
        && !root.has_error()
        && lone_before == Some(reading.brackets.lone_count())
        && reading.patches.iter().all(is_code)
}

/// Whether brackets that were left open are looked for in a part of a text.
pub(crate) fn is_mended(grammar: GrammarId, input: &ParseInput<'_>) -> bool {
    grammar.name() == "css" && input.range.len() <= MAX_BYTES
}

/// A reading of a text with some of its brackets as something else, if less is wrong in it than in
/// one as it is. `parse` parses with patches; `None` where it was cancelled or nothing is better.
pub(crate) fn mended(
    begun: &Reading,
    input: &ParseInput<'_>,
    mut parse: impl FnMut(Vec<Patch>) -> Option<Reading>,
) -> Option<Reading> {
    let mut best: Option<Reading> = None;
    let mut wrong = wrong_bytes(&begun.tree, input);
    while wrong > 0 {
        let from = best.as_ref().unwrap_or(begun);
        if from.patches.len() >= MAX_BRACKETS {
            break;
        }
        let tried = |at: &usize| from.patches.iter().any(|patch| patch.at == *at);
        let left_open = from.brackets.left_open();
        let mut candidates = left_open.into_iter().filter(|at| !tried(at));
        let Some(patch) = candidates.find_map(|at| patch(input, at)) else {
            break;
        };
        let mut with_it = from.patches.clone();
        with_it.push(patch);
        with_it.sort_by_key(|patch| patch.at);
        let read = parse(with_it)?;
        let left = wrong_bytes(&read.tree, input);
        if left >= wrong {
            break;
        }
        (wrong, best) = (left, Some(read));
    }
    best
}

/// How much of a text a tree does not understand, in bytes.
fn wrong_bytes(tree: &Tree, input: &ParseInput<'_>) -> usize {
    let errors: Vec<Range<usize>> = broken::errors(tree, &(0..input.range.len()));
    errors.iter().map(|error| error.len().max(1)).sum()
}

/// What is read in the place of a bracket, so that the value which it was to begin is one without it.
fn patch(input: &ParseInput<'_>, at: usize) -> Option<Patch> {
    // A value ends with its declaration.
    (input.text(at..at + 1) == "(").then_some(Patch { at, byte: b";" })
}
