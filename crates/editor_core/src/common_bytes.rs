//! How far two texts are the same, read in the pieces that they are stored in: nothing is copied,
//! however long they are.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::Text;

/// Whether two texts are the same, byte for byte; `None` where it was cancelled. O(what is the same of
/// them): not for the UI thread.
pub fn same_text(one: &Text, other: &Text, cancel: &AtomicBool) -> Option<bool> {
    if one.len() != other.len() {
        return Some(false);
    }
    let is_same =
        one.is_clone_of(other) || common_bytes((one, 0), (other, 0), cancel)? == one.len();
    Some(is_same)
}

/// How many bytes are the same in two texts, each from an offset on; `None` where it was cancelled.
pub(crate) fn common_bytes(
    (one, from): (&Text, usize),
    (other, other_from): (&Text, usize),
    cancel: &AtomicBool,
) -> Option<usize> {
    let mut common = 0;
    while from + common < one.len() && other_from + common < other.len() {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let (here, there) = (piece(one, from + common), piece(other, other_from + common));
        let count = here.len().min(there.len());
        let (here, there) = (&here[..count], &there[..count]);
        if here != there {
            let same = here.iter().zip(there).take_while(|(one, two)| one == two);
            return Some(common + same.count());
        }
        common += count;
    }
    Some(common)
}

/// The bytes of a stored piece from an offset before the end of the text.
fn piece(text: &Text, offset: usize) -> &[u8] {
    let (piece, start) = text.chunk_at(offset);
    &piece.as_bytes()[offset - start..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(one: &Text, other: &Text) -> bool {
        same_text(one, other, &AtomicBool::new(false)).unwrap()
    }

    #[test]
    fn texts_in_other_pieces_are_the_same_until_one_byte_differs() {
        let one = "a line of text\n".repeat(20_000);
        let mut built = crate::TextBuilder::default();
        for piece in ["a li", "ne of text\n"].iter().cycle().take(40_000) {
            built.append(piece);
        }
        let (one, other) = (Text::new(&one), built.finish());
        assert!(same(&one, &other));
        for at in [0, one.len() / 2, one.len() - 1] {
            let edit = crate::ChangeSet::replacement(one.len(), at..at + 1, "X").unwrap();
            assert!(!same(&edit.apply(&one).unwrap(), &other), "byte {at}");
        }
        assert!(!same(&Text::new("a"), &Text::new("ab")));
        assert!(same(&Text::default(), &Text::default()));
    }

    #[test]
    fn nothing_is_known_once_it_is_cancelled() {
        let cancel = AtomicBool::new(true);
        assert_eq!(same_text(&Text::new("a"), &Text::new("b"), &cancel), None);
    }

    proptest! {
        #[test]
        fn as_much_is_common_as_of_plain_strings(
            one in "[ab]{0,12}", other in "[ab]{0,12}", from in 0_usize..6, other_from in 0_usize..6,
        ) {
            let (from, other_from) = (from.min(one.len()), other_from.min(other.len()));
            let pairs = one[from..].bytes().zip(other[other_from..].bytes());
            let expected = pairs.take_while(|(one, two)| one == two).count();
            let (one, other) = (Text::new(&one), Text::new(&other));
            let never = AtomicBool::new(false);
            let found = common_bytes((&one, from), (&other, other_from), &never);
            prop_assert_eq!(found, Some(expected));
        }
    }
}
