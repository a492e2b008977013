//! Where the text differs from the version of it in git's index, which the model finds once a buffer.

use std::ops::Range;
use std::sync::Arc;

use editor_core::{Hunk, RangeId, RangeSet, Text, hunks};
use gpui_kit::{App, AppContext as _, Context, Window};
use ui::Severity;
use workspace::{Buffer, ComparedVersion};

use crate::view::EditorView;

/// How often the changes of a text are found again because it changed meanwhile, before the command
/// is given up.
const TRIES: usize = 5;

/// The version that the text is compared with.
pub(crate) struct Base {
    pub id: git::IndexId,
    pub version: Arc<ComparedVersion>,
}

impl EditorView {
    /// Where the text differs; nothing where it is not known.
    pub(crate) fn hunks<'a>(&self, cx: &'a App) -> Option<&'a RangeSet<Hunk>> {
        self.buffer_ref(cx).map(Buffer::hunks)
    }

    /// The first change that a range of the text touches.
    pub(crate) fn hunk_at(&self, range: Range<usize>, cx: &App) -> Option<(RangeId, Range<usize>)> {
        self.hunks(cx)?
            .touching(range.clone())
            // A change ends where the next line begins, which is not part of it.
            .find(|(_, found, _)| found.is_empty() || range.start < found.end)
            .map(|(id, found, _)| (id, found))
    }

    /// The change after an offset, or before it; around the end of the text to the other.
    pub(crate) fn hunk_beside(
        &self,
        offset: usize,
        after: bool,
        cx: &App,
    ) -> Option<(RangeId, Range<usize>)> {
        let hunks = self.hunks(cx)?;
        let mut all = hunks.iter().map(|(id, range, _)| (id, range));
        if after {
            let first = hunks.iter().next().map(|(id, range, _)| (id, range));
            all.find(|(_, range)| range.start > offset).or(first)
        } else {
            let last = hunks.iter().last().map(|(id, range, _)| (id, range));
            all.take_while(|(_, range)| range.start < offset)
                .last()
                .or(last)
        }
    }

    /// Finds the changes of the text as it is now, off the UI thread, and does something with
    /// those that `wanted` picks. The text may change meanwhile; then they are found once more.
    pub(crate) fn with_hunks(
        &mut self,
        wanted: impl Fn(&Self, &Base, &Hunk, &Text) -> bool + 'static,
        then: impl FnOnce(&mut Self, &Base, Vec<Hunk>, &mut Window, &mut Context<Self>) + 'static,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(window, async move |this, cx| {
            for _ in 0..TRIES {
                let now = this.update(cx, |view, cx| {
                    let (id, version) = view.model.read(cx).index_version(view.buffer)?;
                    let buffer = view.buffer_ref(cx)?;
                    let base = Base { id, version };
                    Some((base, buffer.text().clone(), buffer.version()))
                });
                let Ok(Some((base, text, version))) = now else {
                    return;
                };
                let found = cx
                    .background_spawn({
                        let (base, text) = (base.version.text.clone(), text.clone());
                        async move { hunks(&base, &text) }
                    })
                    .await;
                let is_current = this.update(cx, |view, cx| {
                    let same = |buffer: &Buffer| buffer.version() == version;
                    view.buffer_ref(cx).is_some_and(same)
                });
                match is_current {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(_) => return,
                }
                // The view may be closed by now.
                this.update_in(cx, |view, window, cx| {
                    let mut found = found.unwrap_or_default();
                    found.retain(|hunk| wanted(view, &base, hunk, &text));
                    then(view, &base, found, window, cx);
                })
                .ok();
                return;
            }
            // The view may be closed by now.
            this.update_in(cx, |_, window, cx| {
                let message = "The text kept changing, so nothing was done. Try once more.";
                ui::notify(Severity::Warning, message, window, cx);
            })
            .ok();
        })
        .detach();
    }

    /// Whether a selection is in the lines of a change or beside lines that are gone.
    pub(crate) fn is_selected(&self, _: &Base, hunk: &Hunk, text: &Text) -> bool {
        self.selections.iter().any(|selection| {
            let first = text.row_at(selection.start());
            let last = text.row_at(selection.end());
            hunk.touches(first..last + 1)
        })
    }
}
