//! Saying that a command made fewer carets than it was asked for: what is typed then misses the rest,
//! which may be out of sight.

use editor_core::find::MAX_MATCHES;
use editor_core::multi_caret::{Bounded, MAX_CARETS};
use gpui_kit::{App, Context, Window};
use ui::Severity;

use crate::view::EditorView;

/// Says how many places were left out of a selection of [`MAX_CARETS`]; nothing where none were.
pub(crate) fn tell_left_out(places: &str, left_out: usize, window: &mut Window, cx: &mut App) {
    if left_out > 0 {
        // Matches are counted no further.
        let or_more = match left_out == MAX_MATCHES - MAX_CARETS {
            true => " or more",
            false => "",
        };
        let message =
            format!("The first {MAX_CARETS} {places} are selected, {left_out}{or_more} are not.");
        ui::notify(Severity::Info, message, window, cx);
    }
}

impl EditorView {
    /// Puts a caret at the end of every selected line.
    pub(crate) fn split_selection(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let Bounded {
            selections,
            left_out,
        } = editor_core::multi_caret::split_into_rows(&text, &self.selections);
        self.select(selections, cx);
        tell_left_out("lines", left_out, window, cx);
    }

    /// Says how many lines of the box are left out of the column selection.
    pub(crate) fn tell_lines_left_out(&self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some((columns, _)) = &self.columns {
            let left_out = columns.rows_left_out(&self.text(cx));
            tell_left_out("lines", left_out, window, cx);
        }
    }
}
