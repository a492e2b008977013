//! Whose turn it is to be read, where one is after the other.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;

/// Hands out turns, one at a time: huge texts that are read at once take the memory of all of them,
/// and threads that the window needs.
#[derive(Clone, Default)]
pub(super) struct ReadingTurns(Rc<RefCell<Turns>>);

#[derive(Default)]
struct Turns {
    is_taken: bool,
    /// Who waits, by their numbers, in the order in which they came.
    waiting: Vec<(usize, oneshot::Sender<Turn>)>,
    /// Who comes before the others.
    first: Vec<usize>,
}

/// Somebody's turn, which ends when this is dropped.
pub(super) struct Turn(ReadingTurns);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.borrow_mut().is_taken = false;
        self.0.next();
    }
}

impl ReadingTurns {
    /// Takes a place among those that wait; gives the turn once it comes, no sooner than this is
    /// polled. `None` where all of them are gone.
    pub fn line_up(&self, number: usize) -> impl Future<Output = Option<Turn>> + use<> {
        let (turn, coming) = oneshot::channel();
        self.0.borrow_mut().waiting.push((number, turn));
        let turns = self.clone();
        async move {
            turns.next();
            coming.await.ok()
        }
    }

    /// These come before the others, the first of them first.
    pub fn prefer(&self, first: Vec<usize>) {
        self.0.borrow_mut().first = first;
    }

    fn next(&self) {
        let next = {
            let mut turns = self.0.borrow_mut();
            turns.waiting.retain(|(_, turn)| !turn.is_canceled());
            if turns.is_taken || turns.waiting.is_empty() {
                return;
            }
            let place = |number: &usize| turns.waiting.iter().position(|(one, _)| one == number);
            let at = turns.first.iter().find_map(place).unwrap_or(0);
            turns.is_taken = true;
            turns.waiting.remove(at).1
        };
        // Where nobody waits for it any more, it ends at once.
        next.send(Turn(self.clone())).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    #[test]
    fn one_has_the_turn_at_a_time_and_who_is_preferred_comes_first() {
        let turns = ReadingTurns::default();
        let line_up = |number| Box::pin(turns.line_up(number));
        let [mut first, gone, mut third, mut front, mut last] = [1, 2, 3, 4, 5].map(line_up);
        turns.prefer(vec![4]);
        assert!((&mut first).now_or_never().is_none(), "4 comes first");
        let turn = (&mut front).now_or_never().unwrap();
        for waiting in [&mut first, &mut third, &mut last] {
            assert!(waiting.now_or_never().is_none(), "it is taken");
        }
        // Who is gone is passed over, also one who has just got the turn.
        drop(gone);
        drop(turn);
        drop(first);
        let turn = (&mut third).now_or_never().unwrap();
        assert!((&mut last).now_or_never().is_none());
        drop(turn);
        assert!((&mut last).now_or_never().unwrap().is_some());
    }
}
