use super::History;
use super::reversible::Direction;
use crate::{ChangeSet, Selections};

/// The last step of a move through a history: what was undone, or done again, right before the text
/// became what it is. A move to a far state takes several; those before it are not told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenStep {
    /// What it did to the text.
    pub changes: ChangeSet,
    /// What leads back to the text before it.
    pub inverse: ChangeSet,
    /// The carets when its first edit was made, in the text that was there then: for a step that was
    /// undone the text after it, else the one before it.
    pub made_at: Selections,
    /// Whether it was undone.
    pub is_undone: bool,
}

impl History {
    /// The last step of the last move; `None` where there was none, or an edit came after it.
    /// O(text of the step).
    pub fn taken_step(&self) -> Option<TakenStep> {
        let (step, direction) = self.taken.as_ref()?;
        let (forward, backward) = (
            step.change.changes(Direction::Forward),
            step.change.changes(Direction::Backward),
        );
        let is_undone = *direction == Direction::Backward;
        let (changes, inverse) = match is_undone {
            true => (backward, forward),
            false => (forward, backward),
        };
        Some(TakenStep {
            changes,
            inverse,
            made_at: step.selections_before.clone(),
            is_undone,
        })
    }
}
