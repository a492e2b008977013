//! The third layer: a tab becomes spaces up to the next tab stop.
//!
//! Nothing is stored: a row is scanned from its start, and no further than [`TAB_COLUMNS`].

use std::ops::{ControlFlow, Range};

use super::cells::{Marks, is_simple, tab_width};
use super::edit::{LayerEdit, widened};
use super::extent::{FoldPoint, TabPoint, to_u32};
use super::fold_map::FoldSnapshot;
use crate::Bias;

/// Tabs that begin further than this many bytes into a row take one cell, so that no place in a
/// line of megabytes costs more than this to find.
pub const TAB_COLUMNS: u32 = 4096;

/// Keeps the tabs of a document.
#[derive(Debug, Clone)]
pub struct TabMap {
    snapshot: TabSnapshot,
}

/// A document with its tabs expanded, immutable.
#[derive(Debug, Clone)]
pub struct TabSnapshot {
    folds: FoldSnapshot,
    tab_size: u32,
    marks: Marks,
}

/// A place in a row on both sides.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    fold: u32,
    tab: u32,
    cells: u32,
    previous: Option<char>,
}

impl TabMap {
    /// The map of a document; `tab_size` is in cells, at least 1.
    pub fn new(folds: FoldSnapshot, tab_size: u32, marks: Marks) -> Self {
        Self {
            snapshot: TabSnapshot {
                folds,
                tab_size: tab_size.max(1),
                marks,
            },
        }
    }

    /// The layer as it is.
    pub fn snapshot(&self) -> &TabSnapshot {
        &self.snapshot
    }

    /// Follows the layer below.
    pub fn sync(
        &mut self,
        folds: FoldSnapshot,
        edits: Vec<LayerEdit<FoldPoint>>,
    ) -> Vec<LayerEdit<TabPoint>> {
        let before = self.snapshot.clone();
        self.snapshot.folds = folds;
        let now = &self.snapshot;
        // Behind an edit, tabs up to the first one have another width.
        let edits = widened(edits.clone(), |range| {
            let index = edits.partition_point(|edit| edit.old.end < range.end);
            let new_end = edits.get(index).map_or(range.end, |edit| edit.new.end);
            range.start..before.end_of_shift(range.end, now, new_end)
        });
        edits
            .iter()
            .map(|edit| LayerEdit {
                old: before.to_tab_point(edit.old.start)..before.to_tab_point(edit.old.end),
                new: now.to_tab_point(edit.new.start)..now.to_tab_point(edit.new.end),
            })
            .collect()
    }

    /// Takes another tab size and other marks. Everything may change.
    pub fn configure(&mut self, tab_size: u32, marks: Marks) -> Vec<LayerEdit<TabPoint>> {
        let tab_size = tab_size.max(1);
        if (tab_size, marks) == (self.snapshot.tab_size, self.snapshot.marks) {
            return Vec::new();
        }
        let old = TabPoint::default()..self.snapshot.max_point();
        self.snapshot.tab_size = tab_size;
        self.snapshot.marks = marks;
        vec![LayerEdit {
            old,
            new: TabPoint::default()..self.snapshot.max_point(),
        }]
    }
}

impl TabSnapshot {
    /// The layer below.
    pub fn folds(&self) -> &FoldSnapshot {
        &self.folds
    }

    /// Cells from one tab stop to the next.
    pub fn tab_size(&self) -> u32 {
        self.tab_size
    }

    /// Which characters are shown as marks; they count as wide as their marks.
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// The end of the layer's text.
    pub fn max_point(&self) -> TabPoint {
        self.to_tab_point(self.folds.max_point())
    }

    /// The rows of the layer, at least 1.
    pub fn row_count(&self) -> u32 {
        self.folds.row_count()
    }

    /// Where a place below is.
    pub fn to_tab_point(&self, place: FoldPoint) -> TabPoint {
        let found = self.scan(place.row(), |at, _| at.fold >= place.column());
        let rest = place.column().saturating_sub(found.fold);
        TabPoint::new(place.row(), found.tab + rest)
    }

    /// The place below; inside a tab, its start or its end.
    pub fn to_fold_point(&self, place: TabPoint, bias: Bias) -> FoldPoint {
        let mut in_tab = None;
        let found = self.scan(place.row(), |at, next| {
            if at.tab < place.column() && place.column() < next.tab {
                in_tab = (next.fold == at.fold + 1).then_some(next.fold);
            }
            next.tab > place.column()
        });
        let column = match (in_tab, bias) {
            (Some(end), Bias::Right) => end,
            (Some(_), Bias::Left) => found.fold,
            (None, _) => found.fold + place.column().saturating_sub(found.tab),
        };
        FoldPoint::new(place.row(), column)
    }

    /// Column in cells of a place below, from the start of its row.
    pub fn cells_at(&self, place: FoldPoint) -> u32 {
        let found = self.scan(place.row(), |at, _| at.fold >= place.column());
        found.cells + place.column().saturating_sub(found.fold)
    }

    /// The nearest place where a caret can stand.
    pub fn clip(&self, place: TabPoint, bias: Bias) -> TabPoint {
        let below = self.to_fold_point(place, bias);
        self.to_tab_point(self.folds.clip(below, bias))
    }

    /// The text of a range within a row.
    pub fn slice(&self, row: u32, columns: Range<u32>) -> String {
        let from = self.to_fold_point(TabPoint::new(row, columns.start), Bias::Left);
        let to = self.to_fold_point(TabPoint::new(row, columns.end), Bias::Right);
        let start = self.to_tab_point(from);
        let mut at = Place {
            fold: from.column(),
            tab: start.column(),
            cells: self.cells_at(from),
            previous: None,
        };
        let source = self.folds.slice(from..to);
        let mut text = String::with_capacity(source.len());
        for character in source.chars() {
            let next = self.step(at, character);
            if character == '\t' {
                text.extend((at.tab..next.tab).map(|_| ' '));
            } else {
                text.push(character);
            }
            at = next;
        }
        // The ends may lie inside tabs.
        let lead = (columns.start - start.column()) as usize;
        let len = (columns.end.saturating_sub(columns.start)) as usize;
        let mut end = (lead + len).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.drain(..lead.min(end));
        text
    }

    /// Bytes of a row.
    pub fn row_len(&self, row: u32) -> u32 {
        let len = self.folds.row_len(row);
        self.to_tab_point(FoldPoint::new(row, len)).column()
    }

    fn step(&self, at: Place, character: char) -> Place {
        let bytes = to_u32(character.len_utf8());
        let (tab, cells) = match character {
            '\t' if at.fold >= TAB_COLUMNS => (1, 1),
            '\t' => {
                let width = tab_width(at.cells, self.tab_size);
                (width, width)
            }
            _ => (bytes, self.marks.cells(character, at.previous)),
        };
        Place {
            fold: at.fold + bytes,
            tab: at.tab + tab,
            cells: at.cells + cells,
            previous: Some(character),
        }
    }

    /// Goes along a row until `done` says so of a place and the next, or to where tabs are not
    /// expanded any more.
    fn scan(&self, row: u32, mut done: impl FnMut(Place, Place) -> bool) -> Place {
        let mut at = Place::default();
        let range = FoldPoint::new(row, 0)..FoldPoint::new(row, TAB_COLUMNS);
        let stopped = self.folds.visit(range, &mut |piece, _| {
            if is_simple(piece) {
                let len = to_u32(piece.len());
                let last = Place {
                    fold: at.fold + len,
                    tab: at.tab + len,
                    cells: at.cells + len,
                    previous: piece.chars().next_back().or(at.previous),
                };
                // One byte, one column, one cell: no place inside differs from its end in anything
                // but the distance, which the caller adds.
                if !done(at, last) && !done(last, last) {
                    at = last;
                    return ControlFlow::Continue(());
                }
                return ControlFlow::Break(());
            }
            for character in piece.chars() {
                let next = self.step(at, character);
                if done(at, next) {
                    return ControlFlow::Break(());
                }
                at = next;
            }
            ControlFlow::Continue(())
        });
        debug_assert!(stopped.is_continue() || stopped.is_break());
        at
    }

    /// How far behind an edit that ends at `old_end` here and at `new_end` in `now` the columns may
    /// shift by another amount than at the edit.
    fn end_of_shift(&self, old_end: FoldPoint, now: &Self, new_end: FoldPoint) -> FoldPoint {
        let nearer = old_end.column().min(new_end.column());
        if nearer >= TAB_COLUMNS {
            return old_end;
        }
        let row = old_end.row();
        let len = self.folds.row_len(row);
        let reach = len.min(old_end.column() + (TAB_COLUMNS - nearer));
        if len > TAB_COLUMNS || now.folds.row_len(new_end.row()) > TAB_COLUMNS {
            return FoldPoint::new(row, reach.max(old_end.column()));
        }
        let mut column = old_end.column();
        let rest = old_end..FoldPoint::new(row, reach);
        let found = self
            .folds
            .visit(rest, &mut |piece, _| match piece.find('\t') {
                Some(tab) => {
                    column += to_u32(tab + 1);
                    ControlFlow::Break(())
                }
                None => {
                    column += to_u32(piece.len());
                    ControlFlow::Continue(())
                }
            });
        if found.is_break() {
            FoldPoint::new(row, column)
        } else {
            old_end
        }
    }
}
