//! States of a history by when they were made and saved, as Vim's `:earlier` and `:later` name them
//! (`:help undo-branches`).

use std::time::Duration;

use super::{History, NodeId};

/// A state of a text, from the one that it is in. Every state counts, on whatever branch of the
/// history it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateAt {
    /// Made so many states before.
    Earlier(usize),
    /// Made so many states after.
    Later(usize),
    /// The newest one that is at least so much older; the oldest where all are younger.
    EarlierBy(Duration),
    /// The newest one that is at most so much younger; the next where all are.
    LaterBy(Duration),
    /// As it was saved, so many saves before; the oldest where there were fewer.
    SavesEarlier(usize),
    /// As it was saved, so many saves after; the newest where there were fewer.
    SavesLater(usize),
    /// After the change of this number, from 1; 0 is the oldest state.
    Number(u64),
}

impl History {
    /// The state that is meant; `None` where it is the current one, or not known.
    pub fn state_at(&self, at: StateAt) -> Option<NodeId> {
        let ids = || self.nodes.iter().map(|(id, _)| id);
        let current = self.current;
        let oldest = ids().next()?;
        let found = match at {
            StateAt::Earlier(count) => {
                let before = ids().take_while(|id| *id < current).count();
                ids().nth(before.saturating_sub(count))?
            }
            StateAt::Later(count) => {
                let after = ids().filter(|id| *id > current);
                after.take(count).last()?
            }
            StateAt::EarlierBy(time) => {
                let made = self.made_at(current)?;
                let until = made.checked_sub(time);
                // Nobody knows when the first one was made.
                let is_older = |id: &NodeId| match (self.made_at(*id), until) {
                    (None, _) => true,
                    (Some(made), Some(until)) => made <= until,
                    (Some(_), None) => false,
                };
                let before = ids().take_while(|id| *id < current);
                before.filter(is_older).last().unwrap_or(oldest)
            }
            StateAt::LaterBy(time) => {
                let mut after = ids().filter(|id| *id > current).peekable();
                let next = *after.peek()?;
                let made = self.made_at(current).or_else(|| self.made_at(next));
                let until = made.and_then(|made| made.checked_add(time));
                let is_older = |id: &NodeId| {
                    let made = self.made_at(*id);
                    made.zip(until).is_some_and(|(made, until)| made <= until)
                };
                after.filter(is_older).last().unwrap_or(next)
            }
            StateAt::SavesEarlier(count) => {
                let known = self.saved.range(..current).rev();
                let mut saves = known.filter(|id| self.nodes.contains(**id));
                saves.nth(count.checked_sub(1)?).copied().unwrap_or(oldest)
            }
            StateAt::SavesLater(count) => {
                let after = self.saved.iter().filter(|id| **id > current);
                let mut saves = after.filter(|id| self.nodes.contains(**id));
                let newest = ids().last()?;
                saves.nth(count.checked_sub(1)?).copied().unwrap_or(newest)
            }
            StateAt::Number(0) => oldest,
            StateAt::Number(number) => {
                Some(NodeId(number)).filter(|id| self.nodes.contains(*id))?
            }
        };
        (found != current).then_some(found)
    }
}
