//! Edits that something else than a key makes: another view, the agent, another program.

use editor_core::{Bias, ChangeSet, Selections};

use crate::Vim;

impl Vim {
    /// Follows an edit that something else made, with marks, jumps, what is selected and what `:s`
    /// asks about. `selections` are the carets that it left: where they are those of Vim, nobody has
    /// moved them. An edit that was made to another text than Vim saw last is left to
    /// [`Vim::adopt`].
    pub fn follow(&mut self, changes: &ChangeSet, selections: &Selections) {
        let Ok(after) = changes.apply(&self.text) else {
            return;
        };
        self.carry_rows(changes);
        self.changed_line = None;
        self.lost_all_lines = false;
        self.typed_match = self.typed_match.take().map(|found| {
            let end = changes.map_offset(found.end, Bias::Left);
            changes.map_offset(found.start, Bias::Right).min(end)..end
        });
        // A selection does not grow at its ends, a caret stays before what is put in at its place.
        let bias = match self.mode.is_visual() {
            true => Bias::Right,
            false => Bias::Left,
        };
        self.cursor = changes.map_offset(self.cursor, bias);
        self.anchor = changes.map_offset(self.anchor, bias);
        if let Some(session) = &mut self.insert {
            session.start = changes.map_offset(session.start, Bias::Left);
        }
        self.carets.follow_outside(changes, bias);
        if let Some(confirm) = &mut self.confirm {
            confirm.follow(changes, &self.text, &after);
        }
        self.text = after;
        let asked = self.asked_match();
        if let Some(asked) = &asked {
            self.cursor = asked.start;
        }
        if asked.is_some() || self.all_selections().same_places(selections) {
            self.selected = selections.clone();
        }
    }
}
