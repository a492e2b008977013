use crate::Selections;

/// How many places are kept, as in VS Code.
const MAX_PLACES: usize = 50;

/// Where the carets of a view have been since the text last changed, so that a movement can be taken
/// back without an edit (VS Code's `cursorUndo`).
#[derive(Debug, Clone, Default)]
pub struct CaretHistory {
    past: Vec<Selections>,
    future: Vec<Selections>,
}

impl CaretHistory {
    /// Notes that the carets leave `before`.
    pub fn push(&mut self, before: &Selections) {
        self.future.clear();
        if self
            .past
            .last()
            .is_some_and(|last| last.same_places(before))
        {
            return;
        }
        if self.past.len() == MAX_PLACES {
            self.past.remove(0);
        }
        self.past.push(before.clone());
    }

    /// The carets before the last movement; `now` can be gone back to with
    /// [`CaretHistory::redo`].
    pub fn undo(&mut self, now: &Selections) -> Option<Selections> {
        let before = self.past.pop()?;
        self.future.push(now.clone());
        Some(before)
    }

    /// The carets before the last [`CaretHistory::undo`].
    pub fn redo(&mut self, now: &Selections) -> Option<Selections> {
        let after = self.future.pop()?;
        self.past.push(now.clone());
        Some(after)
    }

    /// Forgets everything: the text has changed.
    pub fn clear(&mut self) {
        self.past.clear();
        self.future.clear();
    }
}
