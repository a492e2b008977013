//! Editing places as one that the language server says belong together, such as the names at both
//! ends of an element: what is typed in one is typed in all.
//!
//! The places are asked for when the caret rests, and hold while each edit is within one of them.

use std::ops::Range;
use std::time::Duration;

use editor_core::{ChangeSet, CharClass, Edit, Growth, RangeSet, Selections, Transaction};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity, Window, transparent_black};
use workspace::Buffer;

use crate::frame::Frame;
use crate::occurrences;
use crate::view::EditorView;

/// How long the caret rests before the places are asked for.
const REST: Duration = Duration::from_millis(100);

/// The places of a view that are edited as one.
#[derive(Default)]
pub(crate) struct LinkedEditing {
    places: RangeSet<()>,
    /// The version of the text that the places are of.
    version: u64,
    waiting: Option<Task<()>>,
}

impl LinkedEditing {
    fn ranges(&self) -> Vec<Range<usize>> {
        self.places.iter().map(|(_, range, ())| range).collect()
    }
}

impl EditorView {
    /// The places that are edited as one, in order.
    pub fn linked_places(&self) -> Vec<Range<usize>> {
        match self.served.linked.version == self.version {
            true => self.served.linked.ranges(),
            false => Vec::new(),
        }
    }

    /// The carets moved or the text changed: places that hold the caret still hold, and others are
    /// asked for once it rests.
    pub(crate) fn linked_places_follow_carets(&mut self, cx: &mut Context<Self>) {
        if !self.language_settings(cx).typing.linked_editing {
            self.served.linked = LinkedEditing::default();
            return;
        }
        let caret = self.selections.primary().head;
        let holds = self
            .linked_places()
            .iter()
            .any(|place| place.start <= caret && caret <= place.end);
        if holds {
            return;
        }
        self.served.linked = LinkedEditing::default();
        if self.selections.as_slice().len() > 1 {
            return;
        }
        self.served.linked.waiting = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(REST).await;
                let asked = this.update(cx, |view, cx| {
                    let (buffer, caret) = (view.buffer, view.selections.primary().head);
                    view.model.update(cx, |model, cx| {
                        model.server_linked_ranges(buffer, caret, cx)
                    })
                });
                // A view that is gone edits nothing.
                let Ok(asked) = asked else { return };
                // Where the server has none, places are edited one by one.
                let Ok(Some((version, found))) = asked.await else {
                    return;
                };
                this.update(cx, |view, cx| {
                    if version == view.version {
                        cx.notify();
                        let linked = &mut view.served.linked;
                        linked.version = version;
                        for place in found {
                            linked.places.insert(place, Growth::Outside, ());
                        }
                    }
                })
                .ok();
            },
        ));
    }

    /// An edit of one of the places as an edit of all of them. None where it is no such edit: it
    /// reaches out of one, or puts in what ends a name.
    pub(crate) fn linked(&self, edit: &Transaction) -> Option<Transaction> {
        let places = self.linked_places();
        if places.is_empty() || self.selections.as_slice().len() > 1 {
            return None;
        }
        let mut edits = edit.changes.edits();
        let (Some(one), None) = (edits.next(), edits.next()) else {
            return None;
        };
        let (old, typed) = (one.old_range, one.text);
        let in_name = |c: char| CharClass::of(c) == CharClass::Word || matches!(c, '-' | ':' | '.');
        let within = |place: &&Range<usize>| place.start <= old.start && old.end <= place.end;
        let place = places.iter().find(within)?;
        if !typed.chars().all(in_name) {
            return None;
        }
        let relative = old.start - place.start..old.end - place.start;
        let all = places.iter().map(|other| {
            let range = other.start + relative.start..other.start + relative.end;
            Edit::new(range, typed)
        });
        let changes = ChangeSet::from_edits(edit.changes.len_before(), all.collect()).ok()?;
        // What is changed before the caret's place moves it along.
        let before = places
            .iter()
            .filter(|other| other.start < place.start)
            .count();
        let caret =
            edit.selections_after.primary().head + before * typed.len() - before * old.len();
        Some(Transaction {
            changes,
            selections_before: edit.selections_before.clone(),
            selections_after: Selections::caret(caret),
            intent: edit.intent,
        })
    }

    /// An edit of the view was made: the places go along with one of their own, and hold no longer
    /// after another one.
    pub(crate) fn linked_places_edited(&mut self, own: Option<&ChangeSet>, cx: &Context<Self>) {
        match own {
            Some(changes) => {
                self.served.linked.places.apply(changes);
                self.served.linked.version = self.buffer_ref(cx).map_or(0, Buffer::version);
            }
            None => self.served.linked.places = RangeSet::new(),
        }
    }
}

/// Paints over the places in view that are edited as one, so that it is seen that they are.
pub(crate) fn paint(frame: &Frame, view: &EditorView, window: &mut Window) {
    let (color, none) = (frame.style.colors.linked_editing, transparent_black());
    for place in view.linked_places() {
        let is_seen = |shown: &Range<usize>| place.start <= shown.end && shown.start <= place.end;
        if frame.shown.iter().any(is_seen) {
            occurrences::mark(frame, place, color, none, window);
        }
    }
}
