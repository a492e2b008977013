//! The layers of one depth, carried over the edits of a change.

use std::ops::Range;

use editor_core::Text;

use crate::layer::{Layer, PositionedEdit};

/// Layers that are carried over edits, one after the other in their order. What stands behind the edits
/// is moved once, by all of them.
pub(crate) struct CarriedLayers<'a> {
    layers: &'a mut Vec<Layer>,
    /// The first that an edit to come may touch: those before it stand where they will.
    next: usize,
    /// Whether that one stands there as well, as it was around the last edit.
    is_in_place: bool,
    /// How far the others are moved by the edits so far.
    added: usize,
    removed: usize,
    /// Whether some are gone, which an empty range marks; no layer has one.
    has_gaps: bool,
    /// Whether each stands behind the one before it.
    are_apart: bool,
}

impl<'a> CarriedLayers<'a> {
    pub(crate) fn new(layers: &'a mut Vec<Layer>) -> Self {
        let mut pairs = layers.windows(2);
        let are_apart = pairs.all(|pair| pair[0].place.range.end <= pair[1].place.range.start);
        Self {
            layers,
            next: 0,
            is_in_place: false,
            added: 0,
            removed: 0,
            has_gaps: false,
            are_apart,
        }
    }

    /// Edits the layers around an edit behind those before it, and drops those that it cuts into: gives
    /// where what is left of these stands.
    pub(crate) fn edit(&mut self, edit: &PositionedEdit, after: &Text) -> Vec<Range<usize>> {
        if !self.are_apart {
            return self.edit_each(edit, after);
        }
        let mut lost = Vec::new();
        while let Some(layer) = self.layers.get(self.next) {
            let range = match self.is_in_place {
                true => layer.place.range.clone(),
                false => self.moved(&layer.place.range),
            };
            // An insertion right before a layer moves it, one right behind it makes it longer.
            if range.start >= edit.old_end {
                break;
            }
            let is_before =
                range.end < edit.start || (range.end == edit.start && edit.old_end > edit.start);
            let Some(layer) = self.layers.get_mut(self.next) else {
                break;
            };
            layer.place.range = range;
            if is_before {
                self.go_on();
            } else if let Some(range) = edit_or_lose(layer, edit, after) {
                lost.push(range);
                self.has_gaps = true;
                self.go_on();
            } else {
                // What comes is behind it, and so is the edit after this one, or it is inside.
                self.is_in_place = true;
                break;
            }
        }
        self.added += edit.new_end - edit.start;
        self.removed += edit.old_end - edit.start;
        lost
    }

    /// The same where layers overlap, of which there are few.
    fn edit_each(&mut self, edit: &PositionedEdit, after: &Text) -> Vec<Range<usize>> {
        let mut lost = Vec::new();
        for layer in self.layers.iter_mut() {
            let range = &mut layer.place.range;
            if range.end < edit.start || (range.end == edit.start && edit.old_end > edit.start) {
                continue;
            }
            if range.start >= edit.old_end {
                *range = edit.shift(range.start)..edit.shift(range.end);
            } else {
                lost.extend(edit_or_lose(layer, edit, after));
            }
        }
        if !lost.is_empty() {
            self.layers.retain(|layer| !layer.place.range.is_empty());
        }
        lost
    }

    fn go_on(&mut self) {
        self.next += 1;
        self.is_in_place = false;
    }

    fn moved(&self, range: &Range<usize>) -> Range<usize> {
        range.start + self.added - self.removed..range.end + self.added - self.removed
    }

    /// Moves what stands behind the last edit.
    pub(crate) fn end(mut self) {
        if !self.are_apart {
            return;
        }
        if self.is_in_place {
            self.go_on();
        }
        if self.added != self.removed {
            for at in self.next..self.layers.len() {
                let moved = self.moved(&self.layers[at].place.range);
                self.layers[at].place.range = moved;
            }
        }
        if self.has_gaps {
            self.layers.retain(|layer| !layer.place.range.is_empty());
        }
    }
}

/// Edits a layer around an edit. One that the edit cuts into is marked as gone: gives where what is
/// left of it stands.
fn edit_or_lose(layer: &mut Layer, edit: &PositionedEdit, after: &Text) -> Option<Range<usize>> {
    let range = &mut layer.place.range;
    if range.start <= edit.start && edit.old_end <= range.end {
        layer.edit(edit, after);
        return None;
    }
    let end = edit.shift(range.end.max(edit.old_end));
    let lost = range.start.min(edit.start)..end;
    *range = 0..0;
    Some(lost)
}
