//! One change of the text beside git's version: the card that shows what was there before, with
//! what can be done about it, and the commands that go from change to change.

use std::ops::Range;

use editor_core::display_map::Marks;
use editor_core::{ChangeSet, Hunk, RangeId, Selections, Text, Transaction};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::diff::{Diff, DiffFile, DiffState};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Entity, Rems, Role, SharedString, Window, div};
use ui::tokens::{scaled, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName, Severity};
use workspace::Buffer;

use crate::floating::floating;
use crate::hunks::Base;
use crate::popover::{Placed, Popover, Side, Span};
use crate::scroll::Reveal;
use crate::view::EditorView;

/// The most lines of a change that the card shows.
const MAX_LINES: usize = 400;
/// The most bytes of a line that it shows.
const MAX_LINE: usize = 1000;
/// The height of the card at most, in rows of the editor.
const MAX_ROWS: f32 = 14.;
/// The height of the line above the difference.
const HEADER: Rems = scaled(30.);

/// A change that is looked at.
pub(crate) struct HunkCard {
    id: RangeId,
    diff: Entity<DiffState>,
    /// Lines of the difference, without the one that names its place.
    lines: usize,
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
        let shown = self.hunk_card.as_ref().map(|card| card.id);
        let found = match here {
            Some((id, range)) if shown != Some(id) => Some((id, range)),
            _ => self.hunk_beside(text.line_start(row), after, cx),
        };
        let Some((id, range)) = found else {
            let message = "This file is as it is in git's index.";
            ui::notify(Severity::Info, message, window, cx);
            return;
        };
        self.select_revealing(Selections::caret(range.start), Reveal::Center, cx);
        self.open_hunk(id, cx);
    }

    /// Shows the change that a row of the gutter is marked for, or puts it away again.
    pub(crate) fn toggle_hunk_at(&mut self, offset: usize, cx: &mut Context<Self>) -> bool {
        let Some((id, range)) = self.hunk_at(offset..offset, cx) else {
            return false;
        };
        if self.hunk_card.as_ref().is_some_and(|card| card.id == id) {
            self.close_hunk(cx);
        } else {
            self.select_in_place(Selections::caret(range.start), cx);
            self.open_hunk(id, cx);
        }
        true
    }

    fn open_hunk(&mut self, id: RangeId, cx: &mut Context<Self>) {
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let (Some(base), Some((range, hunk))) = (buffer.compared_version(), buffer.hunks().get(id))
        else {
            return;
        };
        let patch = patch(&base.text, hunk, buffer.text(), range);
        let lines = patch.lines().count().saturating_sub(3);
        let language = self.language(cx).id_str();
        match DiffFile::parse(&patch) {
            Ok(files) => {
                let files = files.into_iter().map(|file| file.with_language(language));
                let diff = cx.new(|cx| DiffState::new(files, cx));
                self.hunk_card = Some(HunkCard { id, diff, lines });
            }
            Err(error) => tracing::warn!("a change could not be shown: {error}"),
        }
        cx.notify();
    }

    /// Puts the card away.
    pub(crate) fn close_hunk(&mut self, cx: &mut Context<Self>) {
        if self.hunk_card.take().is_some() {
            cx.notify();
        }
    }

    /// The changes were found anew: the card is about one that may be another now.
    pub(crate) fn refresh_hunk(&mut self, cx: &mut Context<Self>) {
        if self.hunk_card.is_some() {
            let head = self.selections.primary().head;
            match self.hunk_at(head..head, cx) {
                Some((id, _)) => self.open_hunk(id, cx),
                None => self.close_hunk(cx),
            }
        }
    }

    /// Brings git's lines back where something is selected.
    pub(crate) fn revert_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.with_hunks(Self::is_selected, Self::revert, window, cx);
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
        let edits = found
            .iter()
            .map(|hunk| hunk.reverted(&base.version.text, &text))
            .collect();
        let transaction = match Transaction::from_edits(&text, &self.selections, edits) {
            Ok(transaction) => transaction,
            Err(error) => {
                ui::notify(Severity::Error, error.to_string(), window, cx);
                return;
            }
        };
        self.close_hunk(cx);
        self.edit(transaction, window, cx);
    }

    /// Puts what is selected into git's index, without the rest of the file.
    pub(crate) fn stage_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.with_hunks(Self::is_selected, Self::stage, window, cx);
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
        cx.spawn_in(window, async move |this, cx| {
            let staged = staged.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| {
                if let Err(message) = staged {
                    ui::notify(Severity::Error, message, window, cx);
                }
                view.close_hunk(cx);
                let buffer = view.buffer;
                view.model
                    .update(cx, |model, cx| model.read_index(buffer, cx));
            })
            .ok();
        })
        .detach();
    }

    /// The card, below the change or above it, where the last frame shows the change.
    pub(crate) fn render_hunk_card(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let card = self.hunk_card.as_ref()?;
        let frame = self.frame.as_ref()?;
        let hunks = self.hunks(cx)?;
        let (range, _) = hunks.get(card.id)?;
        let theme = cx.kiln_theme();
        let lines = frame.style.line_height * (card.lines as f32 + 1.).min(MAX_ROWS);
        let (index, count) = (
            hunks.iter().position(|(id, ..)| id == card.id)? + 1,
            hunks.len(),
        );
        let read_only = self.buffer_ref(cx).is_none_or(Buffer::is_read_only);
        let title = SharedString::from(format!("Change {index} of {count}"));
        let shown = floating(theme)
            .id("hunk-card")
            .test_support()
            .role(Role::Dialog)
            .aria_label(title.clone())
            .p_0()
            .flex_col()
            .overflow_hidden()
            .text_color(theme.text_muted)
            .child(
                div()
                    .flex()
                    .flex_none()
                    .items_center()
                    .h(HEADER)
                    .px(space::S)
                    .gap(space::XS)
                    .child(div().flex_1().child(title))
                    .child(
                        IconButton::new("hunk-stage", IconName::Plus, "Stage change")
                            .command("editor.stageChange"),
                    )
                    .child(
                        IconButton::new("hunk-revert", IconName::Undo2, "Revert change")
                            .command("editor.revertChange")
                            .disabled(read_only),
                    )
                    .child(
                        IconButton::new("hunk-previous", IconName::ArrowUp, "Previous change")
                            .command("editor.showPreviousChange"),
                    )
                    .child(
                        IconButton::new("hunk-next", IconName::ArrowDown, "Next change")
                            .command("editor.showNextChange"),
                    )
                    .child(
                        IconButton::new("hunk-close", IconName::X, "Close change")
                            .command("editor.cancel")
                            .on_click(cx.listener(|view, _, _, cx| view.close_hunk(cx))),
                    ),
            )
            .child(
                div()
                    .flex_1()
                    .min_h_0()
                    .bg(theme.editor_background)
                    .child(Diff::new(&card.diff).header_visible(false).size_full()),
            );
        // A change ends where the line after it begins.
        let last = range.end.saturating_sub(usize::from(!range.is_empty()));
        let popover = Popover::new(
            cx.entity(),
            range.start..last.max(range.start),
            Side::Below,
            Span::Text,
            Placed::default(),
            move |max, window, _| {
                let height = HEADER.to_pixels(window.rem_size()) + lines;
                shown
                    .w(max.width)
                    .h(height.min(max.height))
                    .into_any_element()
            },
        );
        Some(popover.into_any_element())
    }
}

fn no_change_here(window: &mut Window, cx: &mut Context<EditorView>) {
    let message = "Nothing that is selected differs from git's index.";
    ui::notify(Severity::Info, message, window, cx);
}

/// A line in which nothing is hidden: what cannot be seen, or changes the order of the rest, by its
/// code.
fn legible(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut previous = None;
    for character in line.chars() {
        match Marks::default().mark_for(character, previous) {
            Some(mark) => shown.push_str(&format!("\u{27e8}{mark}\u{27e9}")),
            None => shown.push(character),
        }
        previous = Some(character);
    }
    shown
}

/// The change as a patch of one hunk, cut where it is long.
fn patch(base: &Text, hunk: &Hunk, text: &Text, range: Range<usize>) -> String {
    let shown = |text: &Text, rows: Range<usize>| -> Vec<String> {
        rows.take(MAX_LINES)
            .filter(|row| *row < text.line_count())
            .map(|row| {
                let start = text.line_start(row);
                let end = text.line_end(row).min(start + MAX_LINE);
                legible(&text.slice(start..text.floor_char_boundary(end).max(start)))
            })
            .collect()
    };
    // Lines with their ends, so that it ends where another line begins.
    let first = text.row_at(range.start);
    let end = range.end.min(text.len());
    let last = text.row_at(end);
    let count = last - first + usize::from(end > text.line_start(last));
    let old = shown(base, hunk.base_rows.clone());
    let new = shown(text, first..first + count);
    let start = |row: usize, count: usize| if count == 0 { row } else { row + 1 };
    let mut patch = format!(
        "--- a/index\n+++ b/editor\n@@ -{},{} +{},{} @@\n",
        start(hunk.base_rows.start, old.len()),
        old.len(),
        start(text.row_at(range.start), new.len()),
        new.len(),
    );
    for (sign, lines) in [('-', &old), ('+', &new)] {
        for line in lines {
            patch.push(sign);
            patch.push_str(line);
            patch.push('\n');
        }
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_seen_in_a_change() {
        let base = Text::from("one\n");
        let text = Text::from("\u{202e}eno\u{200b}\t\n");
        let hunk = Hunk {
            base_rows: 0..1,
            rows: 0..1,
        };
        let patch = patch(&base, &hunk, &text, 0..text.len());
        assert!(
            patch.ends_with("-one\n+\u{27e8}U+202E\u{27e9}eno\u{27e8}U+200B\u{27e9}\t\n"),
            "{patch}"
        );
    }
}
