//! Which of several carets a person began with.

use crate::{Selection, Selections};

/// The selection that the others were added to: the one that is left when they are given up, as in
/// VS Code and Zed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct FirstCaret(usize);

impl FirstCaret {
    /// Follows from the selections of before to those of now. As many as before are the same ones,
    /// moved; of more or fewer it is the one that has its place, else the primary one.
    pub fn follow(&mut self, before: &Selections, now: &Selections) {
        if before.len() == now.len() {
            return;
        }
        let held = self.of(before);
        let same = |one: &Selection| one.start() <= held.end() && held.start() <= one.end();
        let place = now.iter().position(same);
        self.0 = place.unwrap_or_else(|| now.primary_index());
    }

    /// The selection alone, out of those that were followed to.
    pub fn alone(self, selections: &Selections) -> Selections {
        Selections::single(*self.of(selections))
    }

    fn of(self, selections: &Selections) -> &Selection {
        let all = selections.as_slice();
        all.get(self.0).unwrap_or_else(|| selections.primary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(starts: &[usize], primary: usize) -> Selections {
        let ranges = starts.iter().map(|start| Selection::new(*start, start + 3));
        Selections::new(ranges.collect(), primary)
    }

    #[test]
    fn it_is_the_one_that_others_were_added_to() {
        let steps = [
            words(&[20], 0),
            words(&[20, 30], 1),
            // Found again from the start of the text.
            words(&[10, 20, 30], 0),
            // Typed at all of them.
            Selections::new([11, 19, 27].map(Selection::caret).to_vec(), 0),
        ];
        let mut first = FirstCaret::default();
        for pair in steps.windows(2) {
            first.follow(&pair[0], &pair[1]);
        }
        assert_eq!(first.alone(&steps[3]), Selections::caret(19));
        assert_eq!(first.alone(&steps[2]), words(&[20], 0));
    }

    #[test]
    fn where_it_is_gone_the_primary_one_takes_its_place() {
        let (before, now) = (words(&[20, 30], 1), words(&[40, 50, 60], 1));
        let mut first = FirstCaret::default();
        first.follow(&words(&[20], 0), &before);
        first.follow(&before, &now);
        assert_eq!(first.alone(&now), words(&[50], 0));
    }
}
