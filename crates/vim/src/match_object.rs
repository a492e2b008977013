//! `gn` and `gN`: the match of the last search as a text object, by the rules of `current_search` of
//! Neovim (`:help gn`).

use std::ops::Range;

use crate::command::Command;
use crate::operator::Extent;
use crate::vim::PastSelection;
use crate::{Mode, Vim, VimContext};

impl Vim {
    /// Selects the match at the cursor or the next one; what is selected grows up to it.
    pub(crate) fn select_match(&mut self, command: &Command) {
        let Some((anchor, head)) = self.match_ends(command) else {
            return self.beep();
        };
        if !self.mode.is_visual() {
            self.anchor = anchor;
        }
        self.mode = Mode::Visual;
        self.cursor = head;
        self.want_here();
    }

    /// An operator over the match, which `.` looks for anew.
    pub(crate) fn operate_match(&mut self, command: &Command, context: &dyn VimContext) {
        let Some((anchor, head)) = self.match_ends(command) else {
            return self.beep();
        };
        self.past = Some(PastSelection {
            mode: Mode::Visual,
            anchor: self.text.offset_to_point(anchor),
            head: self.text.offset_to_point(head),
            to_end: false,
        });
        (self.anchor, self.cursor) = (anchor, head);
        let (start, end) = self.visual_range();
        self.cursor = start;
        let region = self.region_of(start..end, Extent::Characters);
        self.apply_operator(command, region, context);
    }

    /// Where a selection of the match begins, and where its cursor stands.
    fn match_ends(&mut self, command: &Command) -> Option<(usize, usize)> {
        let (count, forward) = (command.count.unwrap_or(1), command.name == "gn");
        let visual = self.mode.is_visual();
        // A selection that goes backwards grows to its other end no sooner than behind the cursor.
        let is_shrunk = visual && forward && self.cursor < self.anchor;
        let mut at = self.cursor;
        if visual && forward {
            self.increment_over(&mut at);
        } else if visual {
            self.decrement_over(&mut at);
        }
        let found = self.match_around(at, count, forward, !is_shrunk)?;
        let last = self.previous(found.end).max(found.start);
        // Or the way led around the end of the text.
        let is_before = visual && found.end <= self.anchor;
        Some(match (forward, is_shrunk || is_before) {
            (true, false) => (found.start, last),
            (true, true) => (found.start, found.start),
            (false, _) => (last, found.start),
        })
    }

    /// The `count`th match: of those that end behind a place, or that begin up to it where the way goes
    /// back. `around` is whether the one that the place is in counts.
    fn match_around(
        &mut self,
        at: usize,
        count: usize,
        forward: bool,
        around: bool,
    ) -> Option<Range<usize>> {
        let (pattern, _, regex) = self.last_search()?;
        let lines = pattern.matches("\\n").count();
        let here = self.match_up_to(&regex, at, lines).filter(|found| {
            let holds = found.end > at || found.start == at;
            around && (!forward || holds)
        });
        let budget = crate::search::MAX_SEARCHED;
        match here {
            Some(here) if count == 1 => Some(here),
            Some(here) => self.place_of(&regex, here.start, count - 1, forward, budget),
            None => self.place_of(&regex, at, count, forward, budget),
        }
    }
}
