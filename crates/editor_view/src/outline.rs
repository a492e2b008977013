//! What the text of a view is made of, found in the background after each parse.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::{ChangeSet, Selection, Selections};
use gpui_kit::{AppContext as _, Context, Task};
use syntax::Outline;
use ui::ItemEvent;

use crate::scroll::Reveal;
use crate::view::EditorView;

/// The outline of the text that a view shows.
#[derive(Default)]
pub(crate) struct TextOutline {
    /// As it was found, and carried along since.
    found: Arc<Outline>,
    /// The search that is going on.
    search: Option<Task<()>>,
    cancel: Arc<AtomicBool>,
}

impl TextOutline {
    /// The outline of the text as the view shows it.
    pub(crate) fn get(&self) -> &Arc<Outline> {
        &self.found
    }

    /// Carries the outline along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        if !self.found.symbols().is_empty() {
            self.found = Arc::new(Outline::clone(&self.found).map(changes));
        }
    }
}

impl EditorView {
    /// Looks in the background for what the text is made of now.
    pub(crate) fn find_outline(&mut self, cx: &mut Context<Self>) {
        self.outline.cancel.store(true, Ordering::Relaxed);
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let Some(syntax) = buffer.syntax().cloned() else {
            self.outline = TextOutline::default();
            return;
        };
        let (text, version) = (buffer.text().clone(), buffer.version());
        let cancel = Arc::new(AtomicBool::new(false));
        self.outline.cancel = cancel.clone();
        let finding = cx.background_spawn(async move { syntax.outline(&text, &cancel) });
        self.outline.search = Some(cx.spawn(async move |this, cx| {
            let Some(found) = finding.await else {
                return;
            };
            // The view may be closed by now.
            this.update(cx, |view, cx| view.outline_found(found, version, cx))
                .ok();
        }));
    }

    fn outline_found(&mut self, found: Outline, version: u64, cx: &mut Context<Self>) {
        self.display(cx);
        let later = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.changes_since(version));
        let Some(later) = later else {
            return;
        };
        let found = match later.is_empty() {
            true => found,
            false => found.map(&later),
        };
        if found != *self.outline.found {
            self.outline.found = Arc::new(found);
            cx.emit(ItemEvent::StatusChanged);
            cx.notify();
        }
    }

    /// One caret at a byte, shown in the middle.
    pub(crate) fn go_to_offset(&mut self, offset: usize, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let caret = Selections::single(Selection::caret(offset));
        self.select_revealing(caret, Reveal::Center, cx);
    }
}
