//! What a view shows of a search while its pattern is typed: the match is brought into view, and the
//! view goes back where nothing comes of it.

use std::ops::Range;

use editor_core::Selections;

use crate::scroll::{Reveal, ScrollPosition};
use crate::view::EditorView;
use crate::vim_mode::VimMode;

/// Where a view was before it showed the match of a pattern that is being typed.
#[derive(Clone, Copy)]
pub(crate) struct SearchedFrom {
    position: ScrollPosition,
    /// What was still to be brought into view.
    reveal: Option<Reveal>,
}

impl VimMode {
    /// The match that the pattern being typed leads to.
    pub(crate) fn typed_match(&self) -> Option<Range<usize>> {
        self.vim.typed_match()
    }

    /// Whether matches are marked: those of the last search, or of the one that is being typed.
    pub(crate) fn shows_matches(&self) -> bool {
        self.marks_matches || self.typed_match().is_some()
    }

    /// The match that stands out: that of what is typed, or the one that `:s` asks about.
    pub(crate) fn marked_match(&self) -> Option<Range<usize>> {
        self.typed_match().or_else(|| self.vim.asked_match())
    }
}

impl EditorView {
    /// After a key of Vim's: shows the match of what is typed, or what was shown before where there is
    /// none and where the search is over and left the carets as they were `before`.
    pub(crate) fn follow_typed_search(&mut self, mode: &mut VimMode, before: &Selections) {
        if mode.typed_match().is_some() {
            mode.searched_from.get_or_insert(SearchedFrom {
                position: self.scroll_target(),
                reveal: self.reveal,
            });
            self.reveal = Some(Reveal::Nearest);
        } else if let Some(from) = mode.searched_from.take()
            && self.selections == *before
        {
            self.jump_to(from.position);
            self.reveal = from.reveal;
        }
    }

    /// The byte that is brought into view: the match of a search that is being typed, else the primary
    /// caret.
    pub(crate) fn revealed_byte(&self) -> usize {
        let typed = self.vim.as_ref().and_then(VimMode::typed_match);
        typed.map_or(self.selections.primary().head, |found| found.start)
    }
}
