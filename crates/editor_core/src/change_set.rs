use std::ops::Range;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::Text;

/// One step over a text, from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Keep this many bytes.
    Retain(usize),
    /// Drop this many bytes.
    Delete(usize),
    /// Put this text here.
    Insert(Box<str>),
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

/// How one text becomes another: a run of operations over the whole of the first.
///
/// A change set is canonical: neighbouring operations of one sort are one, none is empty, and an
/// insertion stands before a deletion at the same place. So two change sets with the same effect on
/// the same bytes are equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// One replacement in the middle of a text, which is what a keystroke makes, fits inline.
    operations: SmallVec<[Operation; 4]>,
    len_before: usize,
    len_after: usize,
}

impl ChangeSet {
    /// The change that changes nothing in a text of `len` bytes.
    pub fn identity(len: usize) -> Self {
        let mut changes = Self::default();
        changes.push_retain(len);
        changes
    }

    /// A change made of replacements in a text of `len_before` bytes, sorted and not overlapping.
    /// Several insertions at one place are kept in the order given.
    ///
    /// # Errors
    /// [`ChangeError::Range`] and [`ChangeError::Overlap`]. Character boundaries are checked when
    /// the change is applied.
    pub fn from_edits(len_before: usize, edits: Vec<Edit>) -> Result<Self, ChangeError> {
        let mut changes = Self::default();
        for Edit { range, text } in edits {
            changes.push_edit(len_before, range, text)?;
        }
        changes.push_retain(len_before - changes.len_before);
        Ok(changes)
    }

    fn push_edit(
        &mut self,
        len_before: usize,
        range: Range<usize>,
        text: String,
    ) -> Result<(), ChangeError> {
        if range.start > range.end || range.end > len_before {
            return Err(ChangeError::Range {
                start: range.start,
                end: range.end,
                len: len_before,
            });
        }
        let Some(kept) = range.start.checked_sub(self.len_before) else {
            return Err(ChangeError::Overlap(range.start));
        };
        self.push_retain(kept);
        self.push_insert_owned(text);
        self.push_delete(range.len());
        Ok(())
    }

    /// The replacement of one range.
    ///
    /// # Errors
    /// As [`ChangeSet::from_edits`].
    pub fn replacement(
        len_before: usize,
        range: Range<usize>,
        text: impl Into<String>,
    ) -> Result<Self, ChangeError> {
        let mut changes = Self::default();
        changes.push_edit(len_before, range, text.into())?;
        changes.push_retain(len_before - changes.len_before);
        Ok(changes)
    }

    /// The operations from the start of the text to its end.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
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
        matches!(self.operations.as_slice(), [] | [Operation::Retain(_)])
    }

    /// The replacements, first to last, with their ranges before and after.
    pub fn edits(&self) -> impl Iterator<Item = EditRef<'_>> {
        Edits {
            operations: &self.operations,
            old: 0,
            new: 0,
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
        if self.edits().nth(1).is_some() {
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

    /// The change that takes this one back; `before` is the text that this one starts from.
    pub fn invert(&self, before: &Text) -> ChangeSet {
        let mut inverse = ChangeSet::default();
        let mut at = 0;
        for operation in &self.operations {
            match operation {
                Operation::Retain(len) => {
                    inverse.push_retain(*len);
                    at += len;
                }
                Operation::Delete(len) => {
                    inverse.push_insert_owned(before.slice(at..at + len).into_owned());
                    at += len;
                }
                Operation::Insert(text) => inverse.push_delete(text.len()),
            }
        }
        inverse
    }

    /// Where an offset of the text before lies in the text after.
    ///
    /// A place between kept characters stays between them; where text was inserted exactly there,
    /// `bias` says on which side of it. A place inside deleted text, or at the start of replaced
    /// text, goes to the start ([`Bias::Left`]) or the end ([`Bias::Right`]) of what replaced it.
    /// O(operations); to map many, use [`ChangeSet::map_sorted`].
    pub fn map_offset(&self, offset: usize, bias: Bias) -> usize {
        let mut mapper = Mapper::new(&self.operations);
        mapper.map(offset, bias)
    }

    /// Maps offsets that are in ascending order in one pass over the change, as
    /// [`ChangeSet::map_offset`] does. The bias may differ from one to the next.
    pub fn map_sorted(&self, offsets: impl IntoIterator<Item = (usize, Bias)>) -> Vec<usize> {
        let mut mapper = Mapper::new(&self.operations);
        offsets
            .into_iter()
            .map(|(offset, bias)| mapper.map(offset, bias))
            .collect()
    }

    pub(crate) fn push_retain(&mut self, len: usize) {
        if len == 0 {
            return;
        }
        self.len_before += len;
        self.len_after += len;
        match self.operations.last_mut() {
            Some(Operation::Retain(last)) => *last += len,
            _ => self.operations.push(Operation::Retain(len)),
        }
    }

    pub(crate) fn push_delete(&mut self, len: usize) {
        if len == 0 {
            return;
        }
        self.len_before += len;
        match self.operations.last_mut() {
            Some(Operation::Delete(last)) => *last += len,
            _ => self.operations.push(Operation::Delete(len)),
        }
    }

    pub(crate) fn push_insert(&mut self, text: &str) {
        if !text.is_empty() {
            self.push_insert_owned(text.to_owned());
        }
    }

    pub(crate) fn push_insert_owned(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        self.len_after += text.len();
        // Canonical order: an insertion goes before a deletion at the same place.
        let place = match self.operations.last() {
            Some(Operation::Delete(_)) => self.operations.len() - 1,
            _ => self.operations.len(),
        };
        if let Some(previous) = place.checked_sub(1)
            && let Operation::Insert(existing) = &mut self.operations[previous]
        {
            let mut joined = String::from(std::mem::take(existing));
            joined.push_str(&text);
            *existing = joined.into_boxed_str();
        } else {
            self.operations
                .insert(place, Operation::Insert(text.into_boxed_str()));
        }
    }
}

struct Edits<'a> {
    operations: &'a [Operation],
    old: usize,
    new: usize,
}

impl<'a> Iterator for Edits<'a> {
    type Item = EditRef<'a>;

    fn next(&mut self) -> Option<EditRef<'a>> {
        while let Some((first, rest)) = self.operations.split_first() {
            self.operations = rest;
            let (text, deleted) = match first {
                Operation::Retain(len) => {
                    self.old += len;
                    self.new += len;
                    continue;
                }
                Operation::Delete(len) => ("", *len),
                Operation::Insert(text) => {
                    let deleted = match rest.first() {
                        Some(Operation::Delete(len)) => {
                            self.operations = &rest[1..];
                            *len
                        }
                        _ => 0,
                    };
                    (&**text, deleted)
                }
            };
            let edit = EditRef {
                old_range: self.old..self.old + deleted,
                new_range: self.new..self.new + text.len(),
                text,
            };
            self.old = edit.old_range.end;
            self.new = edit.new_range.end;
            return Some(edit);
        }
        None
    }
}

struct Mapper<'a> {
    edits: std::iter::Peekable<Edits<'a>>,
    /// Start of the kept run after the last edit that was passed, in the text before and after.
    kept: (usize, usize),
}

impl<'a> Mapper<'a> {
    fn new(operations: &'a [Operation]) -> Self {
        let edits = Edits {
            operations,
            old: 0,
            new: 0,
        };
        Self {
            edits: edits.peekable(),
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
