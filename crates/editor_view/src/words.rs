//! What belongs to words, by the language at a place.

use editor_core::movement::visual;
use editor_core::{Selection, Selections, Text, Transaction, WordChars};
use gpui_kit::{App, Context, Window};

use crate::view::EditorView;

type WordMovement = fn(&Text, &Selection, bool, WordChars) -> Selection;
type WordDeletion = fn(&Text, &Selections, WordChars) -> Transaction;

impl EditorView {
    /// What belongs to words at an offset: in a Markdown fence, to those of the fence's language.
    pub(crate) fn word_chars(&self, offset: usize, cx: &App) -> WordChars {
        let text = self.text(cx);
        self.by_syntax(cx, |syntax| syntax.rules_at(&text, offset).word_chars)
    }

    /// Moves the carets by the words of the language at the primary one.
    pub(crate) fn go_words(
        &mut self,
        cx: &mut Context<Self>,
        movement: WordMovement,
        extend: bool,
    ) {
        let words = self.word_chars(self.selections.primary().head, cx);
        self.move_on_screen(cx, |display, selection| {
            let moved = movement(display.text(), selection, extend, words);
            visual::past_folds(display, selection, moved, extend)
        });
    }

    /// Deletes by the words of the language at the primary caret.
    pub(crate) fn delete_words(
        &mut self,
        deletion: WordDeletion,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let words = self.word_chars(self.selections.primary().head, cx);
        self.edit_with(window, cx, |text, selections| {
            deletion(text, selections, words)
        });
    }
}
