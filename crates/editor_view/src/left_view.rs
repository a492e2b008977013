//! How a view is left and comes back: its carets and what it shows.

use std::ops::Range;

use gpui_kit::{App, Context};
use workspace::{Buffer, ViewState};

use crate::scroll::ScrollPosition;
use crate::view::EditorView;

/// Where a view came back to, until it is laid out.
#[derive(Clone, Copy)]
pub(crate) struct CameBackAt {
    /// The byte at the top, with the part of its row that is scrolled away. The rows of a wrapped line
    /// are not known before.
    pub top: (usize, f64),
    /// How far to the right the view was scrolled, in pixels: its widest row is not known before.
    /// `None` in another text, where that may be behind every line.
    pub left: Option<f64>,
}

impl EditorView {
    /// The view as it is.
    pub(crate) fn left_view(&self, cx: &App) -> ViewState {
        let place = |selection: &editor_core::Selection| (selection.anchor, selection.head);
        let (selections, primary) = if self.selections.len() > ViewState::MAX_KEPT {
            (vec![place(self.selections.primary())], 0)
        } else {
            let all = self.selections.iter().map(place).collect();
            (all, self.selections.primary_index())
        };
        let text = self.text(cx);
        let scroll = self.scroll_target();
        let (offset, part) = self.display.anchor(scroll.top);
        let row = text.row_at(offset);
        let kept = |mut ranges: Vec<Range<usize>>| {
            ranges.truncate(ViewState::MAX_KEPT);
            ranges
        };
        ViewState {
            selections,
            primary,
            top: row as f64 + part,
            top_column: offset - text.line_start(row),
            left: scroll.left,
            folds: kept(self.folded_ranges()),
            fold_regions: kept(self.folding.manual().to_vec()),
            bookmarks: self
                .buffer_ref(cx)
                .map(Buffer::bookmarks)
                .unwrap_or_default(),
            all_changes: self.inline_hunks.opens_all(),
            toggled_changes: kept(self.inline_hunks.toggled()),
            text_len: text.len(),
            wraps: self.wraps_here(),
            language: self
                .buffer_ref(cx)
                .and_then(Buffer::chosen_language)
                .map(|language| language.id_str().to_owned()),
            guessed_language: self
                .buffer_ref(cx)
                .and_then(Buffer::guessed_language)
                .map(|language| language.id_str().to_owned()),
        }
    }

    /// The rows above what was at the top of the view. What stands above the first line was in view
    /// where that was at the top.
    pub(crate) fn top_where_left(&self, (offset, part): (usize, f64)) -> f64 {
        match offset {
            0 => part,
            _ => self.display.top_of((offset, part)),
        }
    }

    /// Shows the text as it was left, as far as it is still the same.
    pub(crate) fn show_left_view(&mut self, state: &ViewState, cx: &mut Context<Self>) {
        if let Some(language) = &state.language {
            let buffer = self.buffer;
            self.model.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.restore_language(buffer, language));
            });
        }
        if let Some(language) = &state.guessed_language {
            let buffer = self.buffer;
            self.model.update(cx, |model, cx| {
                model.update(cx, |workspace| {
                    workspace.restore_guessed_language(buffer, language);
                });
            });
        }
        let text = self.text(cx);
        if let Some(selections) = state.selections_in(&text) {
            self.set_carets(selections);
        }
        self.wrap_here(state.wraps, cx);
        let left = if state.left.is_finite() {
            state.left.max(0.)
        } else {
            0.
        };
        self.folding
            .restore_manual(state.fold_regions_in(&text), &text);
        self.fold_ranges(state.folds_in(&text), cx);
        self.inline_hunks
            .restore(state.all_changes, state.toggled_changes_in(&text));
        self.update_inline_hunks(cx);
        // Another view may show the text already.
        let has_some = self.buffer_ref(cx).map(Buffer::bookmarks);
        if has_some.is_some_and(|rows| rows.is_empty()) && !state.bookmarks.is_empty() {
            self.set_bookmarks(state.bookmarks.clone(), cx);
        }
        let top = (state.top_offset_in(&text), state.top_in(&text).fract());
        self.jump_to(ScrollPosition {
            top: self.top_where_left(top),
            left,
        });
        self.came_back_at = Some(CameBackAt {
            top,
            left: (text.len() == state.text_len).then_some(left),
        });
        self.reveal = None;
        // A program that was killed wrote down how the view was a moment before the last edits.
        let edited = self.buffer_ref(cx).and_then(Buffer::last_recovered_edit);
        if let Some(end) = edited.filter(|_| text.len() != state.text_len) {
            self.go_to_offset(end, cx);
        }
        cx.notify();
    }
}
