//! A change set as bytes, for a journal on the disk: LEB128 numbers and UTF-8.

use crate::change_builder::ChangeBuilder;
use crate::{ChangeSet, Operation, Selection, Selections};

const RETAIN: u8 = 0;
const DELETE: u8 = 1;
const INSERT: u8 = 2;

impl ChangeSet {
    /// Adds the change to `out`, for [`ChangeSet::read`]. As long as what it inserts, and a few
    /// bytes an edit more.
    pub fn write(&self, out: &mut Vec<u8>) {
        number(out, self.operations().count() as u64);
        for operation in self.operations() {
            match operation {
                Operation::Retain(len) => sized(out, RETAIN, len),
                Operation::Delete(len) => sized(out, DELETE, len),
                Operation::Insert(text) => {
                    sized(out, INSERT, text.len());
                    out.extend_from_slice(text.as_bytes());
                }
            }
        }
    }

    /// Takes a change off the front of `bytes`; `None` where they do not begin with one. Memory is
    /// bounded by the length of `bytes`.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let count = read_count(bytes, 2)?;
        let mut changes = ChangeBuilder::default();
        for _ in 0..count {
            let [kind] = *take(bytes, 1)? else {
                return None;
            };
            let len = read_usize(bytes)?;
            // So that no sum of lengths overflows.
            if len > usize::MAX / 4
                || changes.len_before().max(changes.len_after()) > usize::MAX / 4
            {
                return None;
            }
            match kind {
                RETAIN => changes.retain(len),
                DELETE => changes.delete(len),
                INSERT => changes.insert(std::str::from_utf8(take(bytes, len)?).ok()?),
                _ => return None,
            }
        }
        Some(changes.finish())
    }
}

impl Selections {
    /// Adds the selections to `out`, for [`Selections::read`].
    pub fn write(&self, out: &mut Vec<u8>) {
        number(out, self.len() as u64);
        number(out, self.primary_index() as u64);
        for selection in self.iter() {
            number(out, selection.anchor as u64);
            number(out, selection.head as u64);
        }
    }

    /// Takes selections off the front of `bytes`; `None` where they do not begin with any. They may
    /// lie past the end of any text.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let count = read_count(bytes, 2)?;
        let primary = read_usize(bytes)?;
        let mut selections = Vec::with_capacity(count);
        for _ in 0..count {
            selections.push(Selection::new(read_usize(bytes)?, read_usize(bytes)?));
        }
        Some(Self::new(selections, primary))
    }
}

fn sized(out: &mut Vec<u8>, kind: u8, len: usize) {
    out.push(kind);
    number(out, len as u64);
}

/// Adds a number in LEB128.
pub(crate) fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A number of things of at least `least` bytes each that follow, so that no count can ask for
/// more memory than there are bytes.
pub(crate) fn read_count(bytes: &mut &[u8], least: usize) -> Option<usize> {
    let count = read_usize(bytes)?;
    (count <= bytes.len() / least).then_some(count)
}

pub(crate) fn read_usize(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(read_number(bytes)?).ok()
}

pub(crate) fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = *take(bytes, 1)?.first()?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return None;
        }
        value |= bits << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

pub(crate) fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(taken)
}
