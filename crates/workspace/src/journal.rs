//! Changes as bytes that are appended to one another.
//!
//! A record is its length and its CRC-32, four bytes each and little-endian, then the version that
//! the change led to, how it came about and when, the change, and the carets before and after. A tail that
//! was cut or damaged is told from what was written whole.

use std::sync::Arc;
use std::time::Duration;

use editor_core::{
    ChangeSet, EditIntent, EditSession, Moment, NodeId, Selections, time_of_millis, time_to_millis,
};

use crate::HistoryMove;
use crate::made::{Made, Way};

/// Length and checksum.
const FRAME: usize = 8;

const INTENTS: [EditIntent; 4] = [
    EditIntent::Typing,
    EditIntent::Deleting,
    EditIntent::Other,
    EditIntent::Continue,
];

const MOVES: [HistoryMove; 5] = [
    HistoryMove::Undo,
    HistoryMove::Redo,
    HistoryMove::Earlier,
    HistoryMove::Later,
    HistoryMove::OtherBranch,
];

/// What marks an edit of which the time of day follows on the monotonic one.
const TIMED: u8 = 0x20;

/// What marks an edit of a session, whose number follows on the time.
const SESSION: u8 = 0x40;

/// What marks a move, beside the place of its sort in [`MOVES`].
const MOVE: u8 = 0x80;

/// What marks a move to a state, whose number follows.
const MOVE_TO_STATE: u8 = MOVE | 0x40;

/// Adds the record of a change.
fn write(out: &mut Vec<u8>, made: &Made) {
    let start = out.len();
    out.extend_from_slice(&[0; FRAME]);
    out.extend_from_slice(&made.version.to_le_bytes());
    let place = |place: Option<usize>| u8::try_from(place.unwrap_or_default()).unwrap_or_default();
    let (sort, at, state) = match made.way {
        Way::Edit {
            intent: EditIntent::Session(session),
            at,
        } => (SESSION, at, Some(session.as_u64())),
        Way::Edit { intent, at } => {
            let sort = place(INTENTS.iter().position(|one| *one == intent));
            (sort, at, None)
        }
        Way::Move(HistoryMove::State(id)) => {
            (MOVE_TO_STATE, Duration::ZERO.into(), Some(id.as_u64()))
        }
        Way::Move(to) => {
            let sort = place(MOVES.iter().position(|one| *one == to));
            (MOVE | sort, Duration::ZERO.into(), None)
        }
    };
    let time = at.time.map(time_to_millis);
    out.push(sort | time.map_or(0, |_| TIMED));
    let monotonic = u64::try_from(at.monotonic.as_millis()).unwrap_or(u64::MAX);
    let numbers = [Some(monotonic), time, state];
    for number in numbers.into_iter().flatten() {
        out.extend_from_slice(&number.to_le_bytes());
    }
    made.changes.write(out);
    made.before.write(out);
    made.after.write(out);
    let body = &out[start + FRAME..];
    // A change of 4 GiB has no record: its length does not fit, so that the checksum does not
    // either and the journal ends before it.
    let len = u32::try_from(body.len()).unwrap_or(0);
    let crc = crc32fast::hash(body);
    out[start..start + 4].copy_from_slice(&len.to_le_bytes());
    out[start + 4..start + FRAME].copy_from_slice(&crc.to_le_bytes());
}

/// The records of changes.
pub(crate) fn records(all: &[Arc<Made>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    all.iter().for_each(|made| write(&mut bytes, made));
    bytes
}

/// The changes that follow on `version`, up to the first that was not written whole or does not
/// follow. Those from before are passed over.
pub(crate) fn read(mut bytes: &[u8], mut version: u64) -> Vec<Made> {
    let mut all = Vec::new();
    while let Some(made) = read_one(&mut bytes) {
        if made.version <= version {
            continue;
        }
        if made.version != version + 1 {
            break;
        }
        version = made.version;
        all.push(made);
    }
    all
}

fn read_one(bytes: &mut &[u8]) -> Option<Made> {
    let len = u32::from_le_bytes(*take(bytes)?);
    let crc = u32::from_le_bytes(*take(bytes)?);
    let (mut body, rest) = bytes.split_at_checked(usize::try_from(len).ok()?)?;
    if crc32fast::hash(body) != crc {
        return None;
    }
    *bytes = rest;
    let body = &mut body;
    let version = u64::from_le_bytes(*take(body)?);
    let [sort] = *take::<1>(body)?;
    let mut at = Moment::from(Duration::from_millis(u64::from_le_bytes(*take(body)?)));
    if sort & (MOVE | TIMED) == TIMED {
        at.time = time_of_millis(u64::from_le_bytes(*take(body)?));
    }
    let sort = if sort & MOVE == 0 {
        sort & !TIMED
    } else {
        sort
    };
    let way = if sort == MOVE_TO_STATE {
        let number = u64::from_le_bytes(*take(body)?);
        Way::Move(HistoryMove::State(NodeId::of_u64(number)))
    } else if sort == SESSION {
        let session = EditSession::of_journal(u64::from_le_bytes(*take(body)?));
        let intent = EditIntent::Session(session);
        Way::Edit { intent, at }
    } else if sort & MOVE == 0 {
        let intent = *INTENTS.get(usize::from(sort))?;
        Way::Edit { intent, at }
    } else {
        Way::Move(*MOVES.get(usize::from(sort & !MOVE))?)
    };
    Some(Made {
        version,
        changes: ChangeSet::read(body)?,
        before: Selections::read(body)?,
        after: Selections::read(body)?,
        way,
    })
}

fn take<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Selection;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn at(millis: u64) -> Moment {
        Moment {
            monotonic: Duration::from_millis(millis),
            time: time_of_millis(millis << 30),
        }
    }

    fn made(version: u64) -> Made {
        let changes = ChangeSet::replacement(10, 2..5, "äö\n").unwrap();
        Made {
            version,
            changes,
            before: Selections::new(vec![Selection::new(5, 2), Selection::caret(9)], 1),
            after: Selections::caret(7),
            way: match version % 4 {
                0 if version.is_multiple_of(8) => Way::Move(HistoryMove::OtherBranch),
                0 => Way::Move(HistoryMove::State(NodeId::of_u64(version << 33))),
                1 => Way::Edit {
                    intent: EditIntent::Session(EditSession::of_journal(version << 40)),
                    at: at(version),
                },
                2 => Way::Edit {
                    intent: EditIntent::Typing,
                    at: at(version),
                },
                _ => Way::Edit {
                    intent: EditIntent::Continue,
                    // As it was written before times of day were.
                    at: Duration::from_millis(version).into(),
                },
            },
        }
    }

    fn written(versions: std::ops::Range<u64>) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut ends) = (Vec::new(), vec![0]);
        for version in versions {
            write(&mut bytes, &made(version));
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    #[test]
    fn changes_come_back_from_the_version_that_is_asked_for() {
        let (mut bytes, _) = written(1..8);
        let all: Vec<Made> = (1..8).map(made).collect();
        assert_eq!(read(&bytes, 0), all);
        assert_eq!(read(&bytes, 3), all[3..]);
        assert_eq!(read(&bytes, 7), []);
        // Written twice, as by a program that panics while it writes.
        bytes.extend(written(6..9).0);
        assert_eq!(read(&bytes, 0).len(), 8);
        // One is missing.
        bytes.extend(written(10..11).0);
        assert_eq!(read(&bytes, 0).len(), 8);
    }

    proptest! {
        #[test]
        fn what_was_whole_is_read_of_a_journal_that_was_cut_or_damaged(
            cut in 0usize..10_000, flipped in proptest::option::of((0usize..10_000, 1u8..=255))
        ) {
            let (mut bytes, ends) = written(1..8);
            let mut whole = cut % (bytes.len() + 1);
            bytes.truncate(whole);
            if let Some((at, bits)) = flipped && !bytes.is_empty() {
                let at = at % bytes.len();
                bytes[at] ^= bits;
                whole = at;
            }
            let expected = ends.iter().filter(|end| **end > 0 && **end <= whole).count();
            prop_assert_eq!(read(&bytes, 0).len(), expected);
        }

        #[test]
        fn bytes_that_are_no_journal_are_read_as_nothing_much(bytes in vec(any::<u8>(), 0..300)) {
            read(&bytes, 0);
        }
    }
}
