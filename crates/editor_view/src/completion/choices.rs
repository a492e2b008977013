//! What may stand at a tab stop of a snippet that is a choice, as a list.

use gpui_kit::{Context, Window};
use lsp::{CompletionItem, CompletionList};
use workspace::Buffer;

use super::state::Menu;
use crate::view::EditorView;

impl EditorView {
    /// Lists what there is to choose from at the tab stop that the carets have come to. All of it is
    /// shown while what stands there is selected; what is typed over that narrows it down.
    pub(crate) fn offer_choices_of_stop(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(session) = &self.snippet else {
            return;
        };
        let place = self.selections.primary().range();
        if session.choices().len() < 2 || !session.places().contains(&place) {
            return;
        }
        let here = place.start..place.start;
        let choices = session.choices().iter();
        let items = choices.map(|choice| CompletionItem::local(choice, choice, here.clone()));
        let list = CompletionList {
            version: self.version,
            offset: place.start,
            items: items.collect(),
            ..CompletionList::default()
        };
        let since = self
            .buffer_ref(cx)
            .and_then(|buffer: &Buffer| buffer.changes_since(self.version));
        let text = self.text(cx);
        self.completing.asking = None;
        self.completing.menu =
            since.and_then(|since| Menu::new(list, text.clone(), &since, true, &text, place.start));
        self.show_inline(cx);
        self.forget_hover(cx);
        self.selection_settled(window, cx);
        cx.notify();
    }
}
