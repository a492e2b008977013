//! Text between the document's own that is not in it, such as type hints.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use editor_core::Bias;
use editor_core::display_map::{Inlay, InlayId};
use gpui_kit::{Bounds, Context, Hsla, Pixels, Point};

use crate::frame::{Frame, RowSpan};
use crate::row_shaper::InlayPart;
use crate::view::EditorView;

/// How an inlay is drawn; what is not said is as for placeholders of folded text.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct InlayStyle {
    /// Of its text.
    pub color: Option<Hsla>,
    /// Behind its text.
    pub background: Option<Hsla>,
}

/// Text that is shown at a place of the document. It cannot be selected, and no caret goes into it.
#[derive(Clone, Debug)]
pub struct InlayText {
    /// The byte of the document before which it is shown.
    pub offset: usize,
    /// On which side of text typed at its place it goes.
    pub bias: Bias,
    /// What is shown; one row.
    pub text: Arc<str>,
    /// How it is drawn.
    pub style: InlayStyle,
}

/// The styles of a view's inlays.
#[derive(Default)]
pub(crate) struct InlayStyles {
    next: u64,
    known: HashMap<InlayId, InlayStyle>,
}

impl InlayStyles {
    /// Has an inlay drawn in another way.
    pub(crate) fn restyle(&mut self, id: InlayId, style: InlayStyle) {
        self.known.insert(id, style);
    }

    pub(crate) fn get(&self, id: InlayId) -> InlayStyle {
        self.known.get(&id).copied().unwrap_or_default()
    }
}

impl Frame {
    /// The inlay under a place in the window.
    pub(crate) fn inlay_at(&self, position: Point<Pixels>) -> Option<InlayId> {
        self.inlay_byte_at(position).map(|(id, _)| id)
    }

    /// The inlay under a place in the window, and the byte of its text there.
    pub(crate) fn inlay_byte_at(&self, position: Point<Pixels>) -> Option<(InlayId, usize)> {
        if !self.text_area.contains(&position) {
            return None;
        }
        let row = self.row_at(position.y);
        let index = self.rows.binary_search_by_key(&row, |row| row.row).ok()?;
        let x = position.x - self.text_area.left();
        let row = &self.rows[index];
        let holds = |columns: Range<usize>| {
            let spans = row.spans(columns);
            spans.iter().any(|(left, right)| *left <= x && x < *right)
        };
        let mut parts = row.inlays(&self.display).into_iter();
        let part = parts.find(|part| holds(part.columns.clone()))?;
        let InlayPart { id, columns, bytes } = part;
        let mut ends = columns.start + 1..=columns.end;
        let end = ends.find(|end| holds(columns.start..*end))?;
        Some((id, bytes.start + end - 1 - columns.start))
    }

    /// Where some bytes of an inlay's text are in the rows that were laid out.
    pub(crate) fn inlay_spans(&self, id: InlayId, range: &Range<usize>) -> Vec<Bounds<Pixels>> {
        let mut found = Vec::new();
        for row in &self.rows {
            for part in row.inlays(&self.display) {
                let start = range.start.max(part.bytes.start);
                let end = range.end.min(part.bytes.end);
                if part.id != id || start >= end {
                    continue;
                }
                let column = |byte: usize| part.columns.start + byte - part.bytes.start;
                let spans = row.spans(column(start)..column(end)).into_iter();
                found.extend(spans.map(|(left, right)| {
                    self.span_bounds(RowSpan {
                        row: row.row,
                        left: self.text_area.left() + left,
                        right: self.text_area.left() + right,
                    })
                }));
            }
        }
        found
    }
}

impl EditorView {
    /// Shows text between the document's own. Gives the names of the inlays, in the order given.
    pub fn insert_inlays(
        &mut self,
        inlays: Vec<InlayText>,
        cx: &mut Context<Self>,
    ) -> Vec<InlayId> {
        self.display(cx);
        let mut ids = Vec::with_capacity(inlays.len());
        let mut placed = Vec::with_capacity(inlays.len());
        for inlay in inlays {
            let id = InlayId(self.inlays.next);
            self.inlays.next += 1;
            self.inlays.known.insert(id, inlay.style);
            placed.push(Inlay {
                id,
                offset: inlay.offset,
                bias: inlay.bias,
                text: inlay.text,
            });
            ids.push(id);
        }
        self.display.splice_inlays(&[], placed);
        cx.notify();
        ids
    }

    /// Takes inlays away; names of inlays that are gone are passed over.
    pub fn remove_inlays(&mut self, ids: &[InlayId], cx: &mut Context<Self>) {
        self.display(cx);
        for id in ids {
            self.inlays.known.remove(id);
        }
        self.display.splice_inlays(ids, Vec::new());
        cx.notify();
    }
}
