//! What of the text is staged: where git's index differs from the last commit. Its marks are hollow,
//! it is opened in the text as a change is, and taken back out of the index.

use std::ops::Range;
use std::sync::Arc;

use editor_core::{ChangeSet, Hunk, RangeSet, Selections, Text, edits_reverting};
use git::IndexId;
use gpui_kit::{App, AppContext as _, Context, Window};
use ui::{ItemEvent, Severity};
use workspace::{Buffer, ComparedVersion};

use crate::view::EditorView;

/// Staged changes, as a view showed them.
#[derive(Clone)]
pub(crate) struct ShownStaged {
    /// Where each was in the index and in the last commit.
    pub hunks: Vec<Hunk>,
    /// The version in the index.
    pub version: Arc<ComparedVersion>,
}

impl EditorView {
    /// What is staged, at its places in the text; nothing where it is not known.
    pub(crate) fn staged<'a>(&self, cx: &'a App) -> Option<&'a RangeSet<Hunk>> {
        self.buffer_ref(cx).map(Buffer::staged)
    }

    /// The first staged change that a range of the text touches.
    pub(crate) fn staged_at(&self, range: Range<usize>, cx: &App) -> Option<Range<usize>> {
        self.staged(cx)?
            .touching(range.clone())
            // A change ends where the next line begins, which is not part of it.
            .find(|(_, found, _)| found.is_empty() || range.start < found.end)
            .map(|(_, found, _)| found)
    }

    /// Opens the staged change whose mark in the gutter stands at an offset, or closes it.
    pub(crate) fn toggle_staged_at(&mut self, offset: usize, cx: &mut Context<Self>) -> bool {
        let Some(range) = self.staged_at(offset..offset, cx) else {
            return false;
        };
        self.make_room_for_hunks(cx);
        self.select_in_place(Selections::caret(range.start), cx);
        self.toggle_staged(&[range], cx);
        true
    }

    /// Opens staged changes; closes them where all of them are open.
    pub(crate) fn toggle_staged(&mut self, ranges: &[Range<usize>], cx: &mut Context<Self>) {
        let is_open = |range: &Range<usize>| self.inline_hunks.is_staged_open(range);
        let all_open = ranges.iter().all(is_open);
        let meant: Vec<_> = ranges
            .iter()
            .filter(|range| is_open(range) == all_open)
            .collect();
        let places: Vec<_> = meant.iter().map(|range| range.start..range.start).collect();
        for range in meant {
            self.inline_hunks.toggle_staged(range);
        }
        if !all_open {
            self.unfold_places(&places, cx);
        }
        cx.emit(ItemEvent::ViewMoved);
        self.update_inline_hunks(cx);
    }

    /// Takes what is selected out of git's index again, without the rest of the file; the text stays.
    pub(crate) fn unstage_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let is_selected = |range: &Range<usize>| {
            let first = text.row_at(range.start);
            // A change ends where the next line begins.
            let end = text.row_at(range.end.saturating_sub(1).max(range.start));
            self.selections.iter().any(|selection| {
                let rows = text.row_at(selection.start())..=text.row_at(selection.end());
                match range.is_empty() {
                    true => first <= rows.end() + 1 && rows.start() <= &first,
                    false => first <= *rows.end() && *rows.start() <= end,
                }
            })
        };
        let staged = buffer.staged().iter();
        let hunks = staged
            .filter(|(_, range, _)| is_selected(range))
            .map(|(_, _, hunk)| hunk.clone());
        let shown = buffer.found_version().map(|version| ShownStaged {
            hunks: hunks.collect(),
            version: version.clone(),
        });
        match shown.filter(|shown| !shown.hunks.is_empty()) {
            Some(shown) => self.unstage(&shown, window, cx),
            None => {
                let message = "Nothing that is selected is staged since git's last commit.";
                ui::notify(Severity::Info, message, window, cx);
            }
        }
    }

    /// Takes staged changes out of git's index again. The text and the file stay as they are.
    pub(crate) fn unstage(
        &mut self,
        shown: &ShownStaged,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(path) = self.buffer_ref(cx).and_then(Buffer::path) else {
            return;
        };
        let path = path.to_path_buf();
        let now = self.model.read(cx).index_version(self.buffer);
        // Where git has another version of it by now, the rows of what was shown are not those of it.
        let Some((id, version)) = now.filter(|(_, now)| Arc::ptr_eq(now, &shown.version)) else {
            let message = "What is staged has just changed. Try again.";
            ui::notify(Severity::Info, message, window, cx);
            return;
        };
        let hunks = shown.hunks.clone();
        let unstaged = cx.background_spawn(async move { unstaged(&path, id, &version, &hunks) });
        self.index_written(unstaged, window, cx);
    }
}

/// Gives the index the committed lines of some changes. Blocks.
fn unstaged(
    path: &std::path::Path,
    id: IndexId,
    version: &ComparedVersion,
    hunks: &[Hunk],
) -> Result<(), String> {
    let Some(staged) = &version.staged else {
        return Ok(());
    };
    let (index, committed) = (&version.text, &staged.committed);
    let edits = edits_reverting(hunks, &committed.text, index);
    let text: Text = ChangeSet::from_edits(index.len(), edits)
        .and_then(|changes| changes.apply(index))
        .map_err(|error| error.to_string())?;
    // Where nothing else is staged it is as it was committed, to the byte.
    let format = match text == committed.text {
        true => &committed.format,
        false => &version.format,
    };
    let bytes = fs::encode(&text.to_string(), format).map_err(|error| error.to_string())?;
    git::stage(path, id, &bytes).map_err(|error| error.to_string())
}
