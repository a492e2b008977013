//! `=`: lines indented by the rules of their language.

use crate::operator::Region;
use crate::{Effect, ExCommand, Vim, VimContext};

/// More bytes than this are not indented while the user waits.
const MAX_REINDENTED: usize = 1024 * 1024;

impl Vim {
    /// Indents the lines of a region, and leaves the cursor as `>` does.
    pub(crate) fn reindent(&mut self, region: &Region, context: &dyn VimContext) {
        let (first, last) = self.rows_of(region);
        if self.line_end(last) - self.line_start(first) > MAX_REINDENTED {
            if first > 0 || last + 1 < self.rows() {
                return self.fail("Too many lines to indent while you wait; use gg=G for all");
            }
            // It works while the user goes on.
            let command = ExCommand::Other("editor.action.reindentlines".to_owned());
            return self.effects.push(Effect::Command(command));
        }
        let edits = context.reindent(&self.text, first..last + 1);
        self.replace_all(edits);
        self.want = region.want;
        self.shifted(first);
        self.set_change_marks(self.line_start(first), self.line_end(last));
    }
}
