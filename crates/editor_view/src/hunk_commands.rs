//! The commands that go from change to change since git's version, bring git's lines back, and put
//! changes into its index.

use std::ops::Range;
use std::sync::Arc;

use editor_core::{ChangeSet, Hunk, Selections, Text, Transaction, edits_reverting};
use gpui_kit::{AppContext as _, Context, Task, Window};
use ui::Severity;
use workspace::{Buffer, ComparedVersion};

use crate::hunks::Base;
use crate::scroll::Reveal;
use crate::view::EditorView;

/// One change, as a view showed it.
#[derive(Clone)]
pub(crate) struct ShownHunk {
    /// Git's lines that it replaces.
    pub base_rows: Range<usize>,
    /// The version of git's that they are of.
    pub version: Arc<ComparedVersion>,
}

impl ShownHunk {
    /// Tells this change among those that are found of the text now; none once git has another
    /// version of it.
    fn is_it(&self) -> impl Fn(&EditorView, &Base, &Hunk, &Text) -> bool + 'static {
        let shown = self.clone();
        move |_, base, hunk, _| {
            Arc::ptr_eq(&base.version, &shown.version) && hunk.base_rows == shown.base_rows
        }
    }
}

impl EditorView {
    /// Goes to the next change, or to the one before.
    pub(crate) fn go_to_change(&mut self, after: bool, cx: &mut Context<Self>) -> bool {
        let text = self.text(cx);
        let head = self.selections.primary().head;
        let Some((_, range)) = self.hunk_beside(text.line_start(text.row_at(head)), after, cx)
        else {
            return false;
        };
        self.select_revealing(Selections::caret(range.start), Reveal::Center, cx);
        true
    }

    /// Shows the change at the caret; where it is shown already, or there is none, the next one.
    pub(crate) fn show_change(&mut self, after: bool, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let row = text.row_at(self.selections.primary().head);
        let here = self.hunk_at(text.line_start(row)..text.line_end(row), cx);
        let found = match here {
            Some((_, range)) if !self.inline_hunks.is_open(&range) => Some(range),
            _ => self
                .hunk_beside(text.line_start(row), after, cx)
                .map(|(_, range)| range),
        };
        let Some(range) = found else {
            let message = "This file is as it is in git's index.";
            ui::notify(Severity::Info, message, window, cx);
            return;
        };
        self.select_revealing(Selections::caret(range.start), Reveal::Center, cx);
        self.open_only_hunk(range, cx);
    }

    /// Brings git's lines back where something is selected.
    pub(crate) fn revert_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.with_hunks(Self::is_selected, Self::revert, window, cx);
    }

    /// Brings git's lines of one change back.
    pub(crate) fn revert_hunk(
        &mut self,
        shown: &ShownHunk,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.with_hunks(shown.is_it(), Self::revert, window, cx);
    }

    fn revert(
        &mut self,
        base: &Base,
        found: Vec<Hunk>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        if found.is_empty() {
            no_change_here(window, cx);
            return;
        }
        let edits = edits_reverting(&found, &base.version.text, &text);
        let transaction = match Transaction::from_edits(&text, &self.selections, edits) {
            Ok(transaction) => transaction,
            Err(error) => {
                ui::notify(Severity::Error, error.to_string(), window, cx);
                return;
            }
        };
        self.edit(transaction, window, cx);
    }

    /// Puts what is selected into git's index, without the rest of the file.
    pub(crate) fn stage_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.with_hunks(Self::is_selected, Self::stage, window, cx);
    }

    /// Puts one change into git's index, without the rest of the file.
    pub(crate) fn stage_hunk(
        &mut self,
        shown: &ShownHunk,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.with_hunks(shown.is_it(), Self::stage, window, cx);
    }

    fn stage(
        &mut self,
        base: &Base,
        found: Vec<Hunk>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(path) = self.buffer_ref(cx).and_then(Buffer::path) else {
            return;
        };
        let path = path.to_path_buf();
        if found.is_empty() {
            no_change_here(window, cx);
            return;
        }
        let text = self.text(cx);
        let (id, base) = (base.id, base.version.clone());
        let staged = cx.background_spawn(async move {
            let staged = |hunk: &Hunk| hunk.staged(&base.text, &text);
            let edits = found.iter().map(staged).collect();
            let staged = ChangeSet::from_edits(base.text.len(), edits)
                .and_then(|changes| changes.apply(&base.text))
                .map_err(|error| error.to_string())?;
            let bytes =
                fs::encode(&staged.to_string(), &base.format).map_err(|error| error.to_string())?;
            git::stage(&path, id, &bytes).map_err(|error| error.to_string())
        });
        self.index_written(staged, window, cx);
    }

    /// Reads what git's index holds once it was written, and says why where it was not.
    pub(crate) fn index_written(
        &self,
        written: Task<Result<(), String>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(window, async move |this, cx| {
            let written = written.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| {
                if let Err(message) = written {
                    ui::notify(Severity::Error, message, window, cx);
                }
                let buffer = view.buffer;
                view.model
                    .update(cx, |model, cx| model.read_index(buffer, cx));
            })
            .ok();
        })
        .detach();
    }
}

fn no_change_here(window: &mut Window, cx: &mut Context<EditorView>) {
    let message = "Nothing that is selected differs from git's index.";
    ui::notify(Severity::Info, message, window, cx);
}
