//! The match that shows while its pattern is typed (`:help 'incsearch'`).

use std::ops::Range;

use crate::Vim;
use crate::search_offset::pattern_len;
use crate::vim::CommandLine;

/// No more bytes are looked at for a letter of the pattern: the next one should not wait for it.
const MAX_LOOKED_AT: usize = 16 * 1024 * 1024;

impl CommandLine {
    /// The pattern of a search that is typed so far: up to the character that ends it.
    pub(crate) fn pattern(&self) -> &str {
        let (typed, end) = (self.text.as_str(), self.prompt);
        &typed[..pattern_len(typed, end)]
    }
}

impl Vim {
    /// The pattern of a search that is being typed, where its matches are to show.
    pub(crate) fn typed_pattern(&self) -> Option<&str> {
        let line = self.line.as_ref().filter(|line| line.prompt != ':')?;
        let pattern = Some(line.pattern()).filter(|pattern| !pattern.is_empty());
        pattern.filter(|_| self.options.incsearch)
    }

    /// Whether a pattern is being typed.
    pub fn is_searching(&self) -> bool {
        self.line.as_ref().is_some_and(|line| line.prompt != ':')
    }

    /// The match that the pattern being typed leads to, in bytes. `None` where none is typed, there
    /// is no match, or there is too much text to look at between two keys.
    pub fn typed_match(&self) -> Option<Range<usize>> {
        self.typed_match.clone()
    }

    /// Looks for that match anew.
    pub(crate) fn find_typed_match(&mut self) {
        self.typed_match = self.match_of_typed();
    }

    fn match_of_typed(&self) -> Option<Range<usize>> {
        // What is typed may not be a whole pattern yet.
        let regex = self.regex(self.typed_pattern()?).ok()?;
        let line = self.line.as_ref()?;
        let (count, forward) = (line.command.count.unwrap_or(1), line.prompt == '/');
        self.place_of(&regex, self.cursor, count, forward, MAX_LOOKED_AT)
    }
}
