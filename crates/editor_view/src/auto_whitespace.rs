//! White space that came by itself and goes again when the carets leave its line with nothing typed
//! on it (VS Code's `editor.trimAutoWhitespace`, which waits for the next edit).

use editor_core::{AutoWhitespace, ChangeSet, EditIntent, Selection, Selections, Transaction};
use gpui_kit::{App, Context, Window};
use workspace::Buffer;

use crate::view::EditorView;

/// What a view remembers of it.
#[derive(Default)]
pub(crate) struct AutoWhitespaceHere {
    lines: AutoWhitespace,
    /// The version of the buffer that `lines` belong to.
    version: u64,
    /// The version that the last edit led to which put some there.
    made_at: u64,
}

impl AutoWhitespaceHere {
    /// Carries it over a change that led to a version.
    pub(crate) fn edited(&mut self, changes: &ChangeSet, version: u64) {
        if version > self.version {
            self.version = version;
            self.lines.apply(changes);
        }
    }
}

impl EditorView {
    pub(crate) fn trims_auto_whitespace(&self, cx: &App) -> bool {
        self.language_settings(cx).typing.trim_auto_whitespace
    }

    /// Makes an edit that indents the rows of the carets.
    pub(crate) fn edit_indenting(
        &mut self,
        transaction: Transaction,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let before = self.version;
        self.edit(transaction, window, cx);
        if self.version == before || !self.trims_auto_whitespace(cx) {
            return;
        }
        let text = self.text(cx);
        let here = &mut self.auto_whitespace;
        if here.version != self.version {
            // Older lines would have to be carried over edits whose events are still to come.
            here.lines = AutoWhitespace::default();
        }
        here.version = self.version;
        here.made_at = self.version;
        here.lines.record(&text, &self.selections);
    }

    /// An edit of the carets that also takes away what they leave behind with it.
    pub(crate) fn with_left_whitespace(
        &mut self,
        transaction: Transaction,
        cx: &App,
    ) -> Transaction {
        let here = &mut self.auto_whitespace;
        if here.lines.is_empty() || transaction.is_empty() || here.version != self.version {
            return transaction;
        }
        let text = self.text(cx);
        let here = &mut self.auto_whitespace;
        here.lines.apply(&transaction.changes);
        here.version += 1;
        let Ok(after) = transaction.changes.apply(&text) else {
            return transaction;
        };
        let Some(left) = here.lines.leave(&after, &transaction.selections_after) else {
            return transaction;
        };
        here.lines.apply(&left);
        let selections_after = transaction.selections_after.map(&left);
        match transaction.changes.clone().compose(left) {
            Ok(changes) => Transaction {
                changes,
                selections_after,
                ..transaction
            },
            Err(_) => transaction,
        }
    }

    /// Takes away what the carets leave behind, once whoever moved them is done: until then places of
    /// the text as it is stay true, and an edit at the carets takes it along.
    pub(crate) fn trim_left_whitespace_later(&self, cx: &mut Context<Self>) {
        if self.auto_whitespace.lines.is_empty() {
            return;
        }
        let view = cx.weak_entity();
        cx.defer(move |cx| {
            // The view may be closed by now.
            view.update(cx, Self::trim_left_whitespace).ok();
        });
    }

    /// Takes away what the carets have left behind, and carries them along: nobody meets carets of
    /// the text as it was.
    fn trim_left_whitespace(&mut self, cx: &mut Context<Self>) {
        if self.auto_whitespace.lines.is_empty() {
            return;
        }
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let version = buffer.version();
        let here = &mut self.auto_whitespace;
        // Carets of an older text say nothing about this one: its event is still to come.
        let is_told = version == here.version && version == self.version;
        if !is_told || buffer.refuses_edits().is_some() {
            return;
        }
        let Some(left) = here.lines.leave(buffer.text(), &self.selections) else {
            return;
        };
        // Behind it stand the lines, not the carets: what is typed there is a step of its own.
        let emptied = left
            .edits()
            .map(|edit| Selection::caret(edit.new_range.start));
        let mut transaction = Transaction {
            selections_after: Selections::new(emptied.collect(), 0),
            ..Transaction::from_changes(left.clone(), &self.selections)
        };
        if version == here.made_at {
            transaction.intent = EditIntent::Continue;
        }
        let buffer = self.buffer;
        let edited = self
            .model
            .update(cx, |model, cx| model.edit(buffer, transaction, cx));
        debug_assert!(edited.is_ok(), "a buffer that takes edits refused one");
        let now = self.buffer_ref(cx).map_or(version, Buffer::version);
        if now > version {
            self.carry_along(&left, now, cx);
            self.auto_whitespace.edited(&left, now);
        }
    }
}
