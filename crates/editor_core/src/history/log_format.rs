//! The bytes of a saved history.
//!
//! A header, then records, each with its length and its CRC-32, so that records can be appended
//! and a tail that was cut or damaged is told from what was written whole. Numbers in a record are
//! LEB128. A step record says what leads to a state; one that names the same state again replaces
//! it. One of a newer sort also says when that was. A position record ends a batch: it says which state the text is in, and the text's hash.
//! Steps after the last position do not count.

use super::NodeId;
use super::TextHash;
use super::group::Step;
use super::moment::{time_of_millis, time_to_millis};
use super::reversible::{Reversible, Splice};
use crate::Selections;
use crate::change_bytes::{number, read_count, read_number, read_usize, take};

/// What a log begins with: a name, and the version of the format.
pub(super) const HEADER: &[u8; 12] = b"KilnUndo\x00\x00\x00\x01";

const STEP: u8 = 1;
const POSITION: u8 = 2;

/// A step with the time when it was made, in milliseconds since the Unix epoch.
const TIMED_STEP: u8 = 3;

/// No history comes to give this many ids.
const MAX_ID: u64 = u64::MAX / 2;

/// A record's length and checksum, four bytes each, little-endian.
const FRAME: usize = 8;

/// The state that a text is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub root: NodeId,
    pub current: NodeId,
    /// How many edits of the current state's group had been made.
    pub edits: u32,
    pub last_given: u64,
    /// States that redo leads to although a newer one is beside them.
    pub turns: Vec<NodeId>,
    pub text: TextHash,
}

pub(super) enum Record {
    Step {
        id: NodeId,
        parent: NodeId,
        step: Step,
    },
    Position(Position),
}

/// Adds the record of a step.
pub(super) fn write_step(out: &mut Vec<u8>, id: NodeId, parent: NodeId, step: &Step) {
    framed(out, |out| {
        out.push(if step.made_at.is_some() {
            TIMED_STEP
        } else {
            STEP
        });
        number(out, id.0);
        number(out, parent.0);
        number(out, step.edits.into());
        let splices = step.change.splices();
        number(out, splices.len() as u64);
        let mut at = 0;
        for splice in splices {
            number(out, (splice.at - at) as u64);
            number(out, splice.deleted as u64);
            number(out, splice.inserted as u64);
            at = splice.at;
        }
        number(out, step.change.pool().len() as u64);
        out.extend_from_slice(step.change.pool().as_bytes());
        step.selections_before.write(out);
        step.selections_after.write(out);
        if let Some(time) = step.made_at {
            number(out, time_to_millis(time));
        }
    });
}

/// Adds the record that ends a batch.
pub(super) fn write_position(out: &mut Vec<u8>, position: &Position) {
    framed(out, |out| {
        out.push(POSITION);
        number(out, position.root.0);
        number(out, position.current.0);
        number(out, position.edits.into());
        number(out, position.last_given);
        number(out, position.text.len);
        out.extend_from_slice(&position.text.digest);
        number(out, position.turns.len() as u64);
        position.turns.iter().for_each(|id| number(out, id.0));
    });
}

fn framed(out: &mut Vec<u8>, payload: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; FRAME]);
    payload(out);
    let body = &out[start + FRAME..];
    // A record is bounded by the memory of a history, far below 4 GiB; were it not, the length
    // would not fit the checksum and the record would not count.
    let len = u32::try_from(body.len()).unwrap_or(0);
    let crc = crc32fast::hash(body);
    out[start..start + 4].copy_from_slice(&len.to_le_bytes());
    out[start + 4..start + FRAME].copy_from_slice(&crc.to_le_bytes());
}

/// Takes the next record off the front of `bytes`; `None` at the end, and where what follows was
/// cut, damaged, or is not of this format.
pub(super) fn read_record(bytes: &mut &[u8]) -> Option<Record> {
    let len = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    let crc = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    let mut body = take(bytes, usize::try_from(len).ok()?)?;
    if crc32fast::hash(body) != crc {
        return None;
    }
    let body = &mut body;
    let record = match take(body, 1)? {
        [sort @ (STEP | TIMED_STEP)] => Record::Step {
            id: read_node(body)?,
            parent: read_node(body)?,
            step: read_step(body, *sort == TIMED_STEP)?,
        },
        [POSITION] => Record::Position(Position {
            root: read_node(body)?,
            current: read_node(body)?,
            edits: u32::try_from(read_number(body)?).ok()?,
            last_given: read_node(body)?.0,
            text: TextHash {
                len: read_number(body)?,
                digest: take(body, 16)?.try_into().ok()?,
            },
            turns: {
                let count = read_count(body, 1)?;
                let ids = (0..count).map(|_| read_node(body));
                ids.collect::<Option<_>>()?
            },
        }),
        _ => return None,
    };
    body.is_empty().then_some(record)
}

fn read_step(body: &mut &[u8], timed: bool) -> Option<Step> {
    let edits = u32::try_from(read_number(body)?).ok()?;
    let count = read_count(body, 3)?;
    let mut splices = Vec::with_capacity(count);
    let mut at = 0usize;
    for _ in 0..count {
        at = at.checked_add(read_usize(body)?)?;
        splices.push(Splice {
            at,
            deleted: read_usize(body)?,
            inserted: read_usize(body)?,
        });
    }
    let len = read_usize(body)?;
    let pool = std::str::from_utf8(take(body, len)?).ok()?.to_owned();
    Some(Step {
        change: Reversible::from_parts(splices, pool)?,
        selections_before: Selections::read(body)?,
        selections_after: Selections::read(body)?,
        edits,
        made_at: match timed {
            true => time_of_millis(read_number(body)?),
            false => None,
        },
    })
}

/// A state's number, far enough from the greatest that there is always a next one.
fn read_node(body: &mut &[u8]) -> Option<NodeId> {
    read_number(body).filter(|id| *id <= MAX_ID).map(NodeId)
}
