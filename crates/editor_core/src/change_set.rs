use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::Text;
use crate::change_builder::ChangeBuilder;

/// One step over a text, from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation<'a> {
    /// Keep this many bytes.
    Retain(usize),
    /// Drop this many bytes.
    Delete(usize),
    /// Put this text here.
    Insert(&'a str),
}

/// A replacement of a range of a text; an insertion where the range is empty, a deletion where the
/// new text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Range of bytes in the text before the change.
    pub range: Range<usize>,
    /// What takes its place.
    pub text: String,
}

impl Edit {
    /// Replaces `range` by `text`.
    pub fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            range,
            text: text.into(),
        }
    }
}

/// One replacement of a [`ChangeSet`], as seen from both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditRef<'a> {
    /// The range replaced, in the text before.
    pub old_range: Range<usize>,
    /// The range of the new text, in the text after.
    pub new_range: Range<usize>,
    /// The new text.
    pub text: &'a str,
}

/// To which side of text inserted at its own place a position goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bias {
    /// Stay before it.
    Left,
    /// Go after it.
    Right,
}

/// Why a change could not be built, applied or composed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The change was made for a text of another length.
    #[error(
        "the change was made for a text of {expected} bytes, this one has {actual}; make it again from the current text"
    )]
    Length {
        /// Length that the change starts from.
        expected: usize,
        /// Length of the text, or of the change's result, that it was given.
        actual: usize,
    },
    /// Two edits touch the same bytes, or they are not in order.
    #[error("the edits overlap or are out of order at byte {0}; sort and merge them first")]
    Overlap(usize),
    /// An edit reaches past the end, or its range is reversed.
    #[error("bytes {start}..{end} are not a range of a text of {len} bytes")]
    Range {
        /// Start of the range.
        start: usize,
        /// End of the range.
        end: usize,
        /// Length of the text.
        len: usize,
    },
    /// An edit begins or ends inside a character.
    #[error("byte {0} is inside a character; move it to a character's start")]
    CharBoundary(usize),
}

/// How one text becomes another: which places of the first are replaced by what.
///
/// A change set is canonical: between two replacements something is kept, and none replaces nothing
/// by nothing. So two change sets with the same effect on the same bytes are equal.
///
/// Cloning is O(1): a keystroke's change is a few words long, and a longer one is shared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    replacements: Replacements,
    len_before: usize,
    len_after: usize,
}

/// In a text, `deleted` bytes at a place by another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// Where it begins in the text before, in bytes.
    pub at: usize,
    /// How many bytes go.
    pub deleted: usize,
    /// What comes in their place. What is typed is short, and then lies inline.
    pub inserted: SmolStr,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Replacements {
    #[default]
    None,
    One(Replacement),
    /// At least two, in order.
    Several(Arc<[Replacement]>),
}

impl Replacements {
    fn as_slice(&self) -> &[Replacement] {
        match self {
            Self::None => &[],
            Self::One(only) => std::slice::from_ref(only),
            Self::Several(all) => all,
        }
    }
}

impl ChangeSet {
    /// The change that changes nothing in a text of `len` bytes.
    pub fn identity(len: usize) -> Self {
        Self {
            replacements: Replacements::None,
            len_before: len,
            len_after: len,
        }
    }

    /// The change of replacements that are in order, with something kept between each two.
    pub(crate) fn of(
        replacements: SmallVec<[Replacement; 1]>,
        len_before: usize,
        len_after: usize,
    ) -> Self {
        Self {
            replacements: if replacements.len() > 1 {
                Replacements::Several(replacements.into_vec().into())
            } else {
                let only = replacements.into_iter().next();
                only.map_or(Replacements::None, Replacements::One)
            },
            len_before,
            len_after,
        }
    }

    /// One replacement inside a text of `len_before` bytes.
    pub(crate) fn of_one(replacement: Replacement, len_before: usize) -> Self {
        if replacement.deleted == 0 && replacement.inserted.is_empty() {
            return Self::identity(len_before);
        }
        Self {
            len_after: len_before - replacement.deleted + replacement.inserted.len(),
            replacements: Replacements::One(replacement),
            len_before,
        }
    }

    /// A change made of replacements in a text of `len_before` bytes, sorted and not overlapping.
    /// Several insertions at one place are kept in the order given.
    ///
    /// # Errors
    /// [`ChangeError::Range`] and [`ChangeError::Overlap`]. Character boundaries are checked when
    /// the change is applied.
    pub fn from_edits(len_before: usize, edits: Vec<Edit>) -> Result<Self, ChangeError> {
        let mut changes = ChangeBuilder::default();
        for Edit { range, text } in edits {
            let at = changes.len_before();
            let kept = kept_before(len_before, &range, at)?;
            changes.retain(kept);
            changes.insert(text);
            changes.delete(range.len());
        }
        changes.retain(len_before - changes.len_before());
        Ok(changes.finish())
    }

    /// The replacement of one range.
    ///
    /// # Errors
    /// As [`ChangeSet::from_edits`].
    pub fn replacement(
        len_before: usize,
        range: Range<usize>,
        text: impl Into<SmolStr>,
    ) -> Result<Self, ChangeError> {
        kept_before(len_before, &range, 0)?;
        let replacement = Replacement {
            at: range.start,
            deleted: range.len(),
            inserted: text.into(),
        };
        Ok(Self::of_one(replacement, len_before))
    }

    /// The operations from the start of the text to its end: neighbouring ones are of different
    /// sorts, none is empty, and an insertion stands before a deletion at the same place.
    pub fn operations(&self) -> Operations<'_> {
        Operations {
            rest: self.replacements.as_slice(),
            part: Part::Kept,
            at: 0,
            len_before: self.len_before,
        }
    }

    /// Length in bytes of the text that the change starts from.
    pub fn len_before(&self) -> usize {
        self.len_before
    }

    /// Length in bytes of the text that the change leads to.
    pub fn len_after(&self) -> usize {
        self.len_after
    }

    /// Whether the change leaves every text as it was.
    pub fn is_empty(&self) -> bool {
        matches!(self.replacements, Replacements::None)
    }

    /// The replacements, first to last, with their ranges before and after.
    pub fn edits(&self) -> impl Iterator<Item = EditRef<'_>> {
        self.replaced()
    }

    fn replaced(&self) -> Edits<'_> {
        Edits {
            rest: self.replacements.as_slice().iter(),
            grown: 0,
            shrunk: 0,
        }
    }

    /// The text after the change. Costs O(log n) an edit and shares what is unchanged.
    ///
    /// # Errors
    /// As [`ChangeSet::check`].
    pub fn apply(&self, text: &Text) -> Result<Text, ChangeError> {
        let mut after = text.clone();
        self.apply_in_place(&mut after)?;
        Ok(after)
    }

    /// Makes the change in a text. Where nobody holds a clone of the text, nothing of it is copied:
    /// the way in which a document takes keystrokes.
    ///
    /// # Errors
    /// As [`ChangeSet::check`]; the text is then as it was.
    pub fn apply_in_place(&self, text: &mut Text) -> Result<(), ChangeError> {
        if text.len() != self.len_before {
            return Err(self.length_error(text));
        }
        // One edit is refused by the rope before it changes anything; of several, the first ones
        // would be done.
        if let Replacements::Several(_) = self.replacements {
            self.check(text)?;
        }
        for edit in self.edits() {
            let start = edit.new_range.start;
            let rope = text.rope_mut();
            if !edit.old_range.is_empty() {
                rope.try_remove(start..start + edit.old_range.len())
                    .map_err(|_| ChangeError::CharBoundary(edit.old_range.start))?;
            }
            if !edit.text.is_empty() {
                rope.try_insert(start, edit.text)
                    .map_err(|_| ChangeError::CharBoundary(edit.old_range.start))?;
            }
        }
        Ok(())
    }

    /// Whether the change can be made in a text. O(log n) an edit.
    ///
    /// # Errors
    /// [`ChangeError::Length`] where the text has another length than the change was made for,
    /// [`ChangeError::CharBoundary`] where an edit begins or ends inside a character.
    pub fn check(&self, text: &Text) -> Result<(), ChangeError> {
        if text.len() != self.len_before {
            return Err(self.length_error(text));
        }
        for edit in self.edits() {
            let Range { start, end } = edit.old_range;
            if !text.is_char_boundary(start) || (end > start && !text.is_char_boundary(end)) {
                return Err(ChangeError::CharBoundary(start));
            }
        }
        Ok(())
    }

    fn length_error(&self, text: &Text) -> ChangeError {
        ChangeError::Length {
            expected: self.len_before,
            actual: text.len(),
        }
    }

    /// What the edits take away from `before`, the text that the change is made in.
    pub fn removed(&self, before: &Text) -> Removed {
        match &self.replacements {
            Replacements::None => Removed::Nothing,
            Replacements::One(only) if only.deleted == 0 => Removed::Nothing,
            Replacements::One(only) => {
                Removed::Once(before.slice(only.at..only.at + only.deleted).into())
            }
            Replacements::Several(_) => {
                let removed = self.edits().map(|edit| before.slice(edit.old_range).into());
                Removed::Each(removed.collect())
            }
        }
    }

    /// The change that takes this one back; `before` is the text that this one starts from.
    pub fn invert(&self, before: &Text) -> ChangeSet {
        self.invert_of(&self.removed(before))
    }

    /// As [`ChangeSet::invert`], where what was [removed](ChangeSet::removed) is known.
    pub(crate) fn invert_of(&self, removed: &Removed) -> ChangeSet {
        let back = self.edits().zip(removed.iter());
        let back = back.map(|(edit, removed)| Replacement {
            at: edit.new_range.start,
            deleted: edit.text.len(),
            inserted: removed.into(),
        });
        Self::of(back.collect(), self.len_after, self.len_before)
    }

    /// Where an offset of the text before lies in the text after.
    ///
    /// A place between kept characters stays between them; where text was inserted exactly there,
    /// `bias` says on which side of it. A place inside deleted text, or at the start of replaced
    /// text, goes to the start ([`Bias::Left`]) or the end ([`Bias::Right`]) of what replaced it.
    /// O(operations); to map many, use [`ChangeSet::map_sorted`].
    pub fn map_offset(&self, offset: usize, bias: Bias) -> usize {
        let mut mapper = Mapper::new(self);
        mapper.map(offset, bias)
    }

    /// Maps offsets that are in ascending order in one pass over the change, as
    /// [`ChangeSet::map_offset`] does. The bias may differ from one to the next.
    pub fn map_sorted(&self, offsets: impl IntoIterator<Item = (usize, Bias)>) -> Vec<usize> {
        let mut mapper = Mapper::new(self);
        offsets
            .into_iter()
            .map(|(offset, bias)| mapper.map(offset, bias))
            .collect()
    }
}

/// How many bytes lie between `from`, where the edit before ended, and the start of an edit.
fn kept_before(len: usize, range: &Range<usize>, from: usize) -> Result<usize, ChangeError> {
    if range.start > range.end || range.end > len {
        return Err(ChangeError::Range {
            start: range.start,
            end: range.end,
            len,
        });
    }
    range
        .start
        .checked_sub(from)
        .ok_or(ChangeError::Overlap(range.start))
}

/// What the edits of a [`ChangeSet`] took away: with it the change can be taken back when the text
/// before is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// There is one edit at most, and it only inserts.
    Nothing,
    /// What the only edit took away.
    Once(SmolStr),
    /// What each of several edits took away, in order.
    Each(Vec<SmolStr>),
}

impl Removed {
    /// The texts in the order of the edits, for as many as there are.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let all = match self {
            Self::Nothing => &[],
            Self::Once(only) => std::slice::from_ref(only),
            Self::Each(all) => all,
        };
        // Nothing is one text, since a change of no edit asks for none.
        let nothing = matches!(self, Self::Nothing).then_some("");
        nothing.into_iter().chain(all.iter().map(SmolStr::as_str))
    }
}

struct Edits<'a> {
    rest: std::slice::Iter<'a, Replacement>,
    /// Bytes inserted and deleted before, in all.
    grown: usize,
    shrunk: usize,
}

impl<'a> Iterator for Edits<'a> {
    type Item = EditRef<'a>;

    fn next(&mut self) -> Option<EditRef<'a>> {
        let replacement = self.rest.next()?;
        let (at, text) = (replacement.at, replacement.inserted.as_str());
        let new = at + self.grown - self.shrunk;
        self.grown += text.len();
        self.shrunk += replacement.deleted;
        Some(EditRef {
            old_range: at..at + replacement.deleted,
            new_range: new..new + text.len(),
            text,
        })
    }
}

/// The operations of a [`ChangeSet`].
#[derive(Debug, Clone)]
pub struct Operations<'a> {
    rest: &'a [Replacement],
    /// What is next of the first of them.
    part: Part,
    /// How far it is in the text before.
    at: usize,
    len_before: usize,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Kept,
    Inserted,
    Deleted,
}

impl<'a> Iterator for Operations<'a> {
    type Item = Operation<'a>;

    fn next(&mut self) -> Option<Operation<'a>> {
        while let Some((first, rest)) = self.rest.split_first() {
            match self.part {
                Part::Kept => {
                    self.part = Part::Inserted;
                    let kept = first.at - std::mem::replace(&mut self.at, first.at);
                    if kept > 0 {
                        return Some(Operation::Retain(kept));
                    }
                }
                Part::Inserted => {
                    self.part = Part::Deleted;
                    if !first.inserted.is_empty() {
                        return Some(Operation::Insert(&first.inserted));
                    }
                }
                Part::Deleted => {
                    self.part = Part::Kept;
                    self.rest = rest;
                    self.at += first.deleted;
                    if first.deleted > 0 {
                        return Some(Operation::Delete(first.deleted));
                    }
                }
            }
        }
        let kept = self.len_before - std::mem::replace(&mut self.at, self.len_before);
        (kept > 0).then_some(Operation::Retain(kept))
    }
}

struct Mapper<'a> {
    edits: std::iter::Peekable<Edits<'a>>,
    /// Start of the kept run after the last edit that was passed, in the text before and after.
    kept: (usize, usize),
}

impl<'a> Mapper<'a> {
    fn new(changes: &'a ChangeSet) -> Self {
        Self {
            edits: changes.replaced().peekable(),
            kept: (0, 0),
        }
    }

    fn map(&mut self, offset: usize, bias: Bias) -> usize {
        while let Some(edit) = self.edits.peek() {
            if offset < edit.old_range.start {
                break;
            }
            let inside = offset < edit.old_range.end || offset == edit.old_range.start;
            if inside {
                return match bias {
                    Bias::Left => edit.new_range.start,
                    Bias::Right => edit.new_range.end,
                };
            }
            self.kept = (edit.old_range.end, edit.new_range.end);
            self.edits.next();
        }
        self.kept.1 + offset.saturating_sub(self.kept.0)
    }
}
