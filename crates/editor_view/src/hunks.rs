//! Where the text differs from the version of it in git's index: found off the UI thread, carried
//! along with every edit until the next answer is there.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use editor_core::{Growth, Hunk, RangeId, RangeSet, Text, hunks};
use gpui_kit::{AppContext as _, Context, Task, Window};
use workspace::Buffer;

use crate::view::EditorView;

/// The version that the text is compared with.
pub(crate) struct Base {
    pub id: git::IndexId,
    pub text: Text,
    /// How git's version is written.
    pub format: fs::TextFormat,
}

/// The changes of a view's buffer since its version in the index.
#[derive(Default)]
pub(crate) struct Hunks {
    pub base: Option<Arc<Base>>,
    /// The lines of each change, with their line ends; empty where lines are gone.
    pub ranges: RangeSet<Hunk>,
    reading: Option<Task<()>>,
    comparing: Option<Task<()>>,
    /// The text changed while it was compared.
    again: bool,
}

impl Hunks {
    /// The first change that a range of the text touches.
    pub(crate) fn at(&self, range: Range<usize>) -> Option<(RangeId, Range<usize>)> {
        self.ranges
            .touching(range.clone())
            // A change ends where the next line begins, which is not part of it.
            .find(|(_, found, _)| found.is_empty() || range.start < found.end)
            .map(|(id, found, _)| (id, found))
    }

    /// The change after an offset, or before it; around the end of the text to the other.
    pub(crate) fn beside(&self, offset: usize, after: bool) -> Option<(RangeId, Range<usize>)> {
        let mut all = self.ranges.iter().map(|(id, range, _)| (id, range));
        if after {
            let first = self.ranges.iter().next().map(|(id, range, _)| (id, range));
            all.find(|(_, range)| range.start > offset).or(first)
        } else {
            let last = self.ranges.iter().last().map(|(id, range, _)| (id, range));
            all.take_while(|(_, range)| range.start < offset)
                .last()
                .or(last)
        }
    }
}

/// Whether one of the paths is git's index.
pub(crate) fn names_the_index(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| {
        path.file_name().is_some_and(|name| name == "index")
            && path.components().any(|part| part.as_os_str() == ".git")
    })
}

/// The bytes of a change in the text.
fn range_of(hunk: &Hunk, text: &Text) -> Range<usize> {
    text.line_start(hunk.rows.start)..text.line_start(hunk.rows.end)
}

impl EditorView {
    /// Reads the version in the index again, and compares.
    pub(crate) fn read_index(&mut self, cx: &mut Context<Self>) {
        let file = self.buffer_ref(cx).and_then(|buffer| {
            let path = buffer.path()?.to_path_buf();
            Some((path, buffer.format().encoding))
        });
        let Some((path, encoding)) = file else {
            self.hunks = Hunks::default();
            return;
        };
        let read = cx.background_spawn(async move {
            let file = match git::index_file(&path) {
                Ok(file) => file?,
                Err(error) => {
                    tracing::debug!("{error}");
                    return None;
                }
            };
            let (text, format) = fs::decode_as(&file.bytes, encoding).ok()?;
            Some(Base {
                id: file.id,
                text: Text::new(&text),
                format,
            })
        });
        self.hunks.reading = Some(cx.spawn(async move |this, cx| {
            let base = read.await;
            // The view may be closed by now.
            this.update(cx, |view, cx| {
                view.hunks.base = base.map(Arc::new);
                view.compare_with_index(cx);
            })
            .ok();
        }));
    }

    /// Compares the text with the version in the index; once more afterwards where it changes
    /// meanwhile.
    pub(crate) fn compare_with_index(&mut self, cx: &mut Context<Self>) {
        let Some(base) = self.hunks.base.clone() else {
            self.hunks.ranges = RangeSet::default();
            self.close_hunk(cx);
            return;
        };
        if self.hunks.comparing.is_some() {
            self.hunks.again = true;
            return;
        }
        let Some((text, version)) = self
            .buffer_ref(cx)
            .map(|buffer| (buffer.text().clone(), buffer.version()))
        else {
            return;
        };
        let compared = cx.background_spawn({
            let (base, text) = (base.text.clone(), text.clone());
            async move { hunks(&base, &text) }
        });
        self.hunks.comparing = Some(cx.spawn(async move |this, cx| {
            let found = compared.await.unwrap_or_default();
            this.update(cx, |view, cx| view.take_hunks(found, &text, version, cx))
                .ok();
        }));
    }

    /// Takes an answer that was made of the text at `version`.
    fn take_hunks(&mut self, found: Vec<Hunk>, text: &Text, version: u64, cx: &mut Context<Self>) {
        self.hunks.comparing = None;
        let since = self
            .buffer_ref(cx)
            .and_then(|buffer| Buffer::changes_since(buffer, version));
        if let Some(since) = since {
            let mut ranges = RangeSet::default();
            for hunk in found {
                ranges.insert(range_of(&hunk, text), Growth::Outside, hunk);
            }
            ranges.apply(&since);
            let places = |ranges: &RangeSet<Hunk>| -> Vec<(Range<usize>, Hunk)> {
                let all = ranges.iter();
                all.map(|(_, range, hunk)| (range, hunk.clone())).collect()
            };
            if places(&ranges) != places(&self.hunks.ranges) {
                self.hunks.ranges = ranges;
                self.refresh_hunk(cx);
                cx.notify();
            }
        }
        if std::mem::take(&mut self.hunks.again) {
            self.compare_with_index(cx);
        }
    }

    /// Finds the changes of the text as it is now, off the UI thread, and does something with
    /// those that `wanted` picks. The text may change meanwhile; then they are found once more.
    pub(crate) fn with_hunks(
        &mut self,
        wanted: impl Fn(&Self, &Hunk, &Text) -> bool + 'static,
        then: impl FnOnce(&mut Self, &Base, Vec<Hunk>, &mut Window, &mut Context<Self>) + 'static,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(window, async move |this, cx| {
            loop {
                let now = this.update(cx, |view, cx| {
                    let buffer = view.buffer_ref(cx)?;
                    let base = view.hunks.base.clone()?;
                    Some((base, buffer.text().clone(), buffer.version()))
                });
                let Ok(Some((base, text, version))) = now else {
                    return;
                };
                let found = cx
                    .background_spawn({
                        let (base, text) = (base.text.clone(), text.clone());
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
                    found.retain(|hunk| wanted(view, hunk, &text));
                    then(view, &base, found, window, cx);
                })
                .ok();
                return;
            }
        })
        .detach();
    }

    /// Whether a selection is in the lines of a change or beside lines that are gone.
    pub(crate) fn is_selected(&self, hunk: &Hunk, text: &Text) -> bool {
        self.selections.iter().any(|selection| {
            let first = text.row_at(selection.start());
            let last = text.row_at(selection.end());
            hunk.touches(first..last + 1)
        })
    }
}
