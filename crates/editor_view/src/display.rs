//! The display map of a view, kept up to date with its buffer.

use std::ops::Range;

use editor_core::display_map::{
    Block, BlockId, DisplayMap, DisplayPoint, DisplaySnapshot, DisplayStyle, Fold, Inlay, InlayId,
    WrapJob, WrapPiece,
};
use editor_core::{Bias, ChangeSet, Text};
use workspace::Buffer;

/// Which rows a view shows of its buffer's text.
#[derive(Clone)]
pub(crate) struct Display {
    map: DisplayMap,
    snapshot: DisplaySnapshot,
    style: DisplayStyle,
    /// The version of the buffer that is shown.
    version: u64,
    /// Differs between any two states of this display; part of cache keys.
    stamp: u64,
}

impl Display {
    /// The display of a text without folds, inlays and blocks.
    pub(crate) fn new(text: Text, version: u64) -> Self {
        let style = DisplayStyle::default();
        let map = DisplayMap::new(text, style);
        Self {
            snapshot: map.snapshot(),
            map,
            style,
            version,
            stamp: 0,
        }
    }

    /// What is shown now.
    pub(crate) fn snapshot(&self) -> &DisplaySnapshot {
        &self.snapshot
    }

    /// The version of the buffer that is shown.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Differs between any two states of this display.
    pub(crate) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// What changed in the buffer that is not shown yet; none where that is too much for the buffer to
    /// remember.
    pub(crate) fn changes(&self, buffer: &Buffer) -> Option<ChangeSet> {
        buffer
            .changes_since(self.version)
            .filter(|changes| changes.len_before() == self.snapshot.text().len())
    }

    /// Takes in what changed in the buffer, as [`Display::changes`] gives it.
    pub(crate) fn follow(&mut self, buffer: &Buffer, changes: Option<&ChangeSet>) {
        self.version = buffer.version();
        match changes {
            Some(changes) => self.change(|map| map.sync(buffer.text().clone(), changes)),
            // Too many changes at once for the buffer to remember: what was folded is forgotten.
            None => {
                let style = self.style;
                self.change(|map| *map = DisplayMap::new(buffer.text().clone(), style));
            }
        }
    }

    /// The folds, by their start, also those inside others.
    pub(crate) fn folds(&self) -> &[Fold] {
        self.map.folds()
    }

    /// See [`DisplayMap::fold`].
    pub(crate) fn fold(&mut self, folds: Vec<Fold>) {
        self.change(|map| map.fold(folds));
    }

    /// See [`DisplayMap::unfold`].
    pub(crate) fn unfold(&mut self, which: impl FnMut(&Fold) -> bool) {
        self.change(|map| map.unfold(which));
    }

    /// See [`DisplayMap::splice_blocks`].
    pub(crate) fn splice_blocks(&mut self, remove: &[BlockId], insert: Vec<Block>) {
        self.change(|map| map.splice_blocks(remove, insert));
    }

    /// See [`DisplayMap::splice_inlays`].
    pub(crate) fn splice_inlays(&mut self, remove: &[InlayId], insert: Vec<Inlay>) {
        self.change(|map| map.splice_inlays(remove, insert));
    }

    /// The blocks, in the order of the text.
    pub(crate) fn blocks(&self) -> &[Block] {
        self.map.blocks()
    }

    /// The inlays, in the order of the text.
    pub(crate) fn inlays(&self) -> &[Inlay] {
        self.map.inlays()
    }

    /// The same without blocks and inlays: those belong to one view.
    pub(crate) fn of_text_alone(&self) -> Self {
        let mut display = self.clone();
        let blocks: Vec<BlockId> = self.map.blocks().iter().map(|block| block.id).collect();
        let inlays: Vec<InlayId> = self.map.inlays().iter().map(|inlay| inlay.id).collect();
        display.splice_blocks(&blocks, Vec::new());
        display.splice_inlays(&inlays, Vec::new());
        display
    }

    /// How the text is shown.
    pub(crate) fn style(&self) -> DisplayStyle {
        self.style
    }

    /// Takes another style.
    pub(crate) fn configure(&mut self, style: DisplayStyle) {
        self.style = style;
        self.change(|map| map.configure(style));
    }

    /// Whether some lines are still to be cut into rows.
    pub(crate) fn is_wrapping(&self) -> bool {
        self.map.is_wrapping()
    }

    /// See [`DisplayMap::wrap_job`].
    pub(crate) fn wrap_job(&self, near: usize, bytes: usize) -> Option<WrapJob> {
        self.map.wrap_job(near, bytes)
    }

    /// See [`DisplayMap::wrap_job_from`].
    pub(crate) fn wrap_job_from(&self, near: usize, bytes: usize) -> Option<WrapJob> {
        self.map.wrap_job_from(near, bytes)
    }

    /// See [`DisplayMap::wrap_job_within_line`].
    pub(crate) fn wrap_job_within_line(&self, seen: Range<usize>, bytes: usize) -> Option<WrapJob> {
        self.map.wrap_job_within_line(seen, bytes)
    }

    /// See [`DisplayMap::is_cut`].
    pub(crate) fn is_cut(&self, part: Range<usize>) -> bool {
        self.map.is_cut(part)
    }

    /// Takes the cuts that a job found, unless the text has changed since.
    pub(crate) fn apply_wrap(&mut self, piece: WrapPiece) {
        self.change(|map| map.apply_wrap(piece));
    }

    fn change<R>(&mut self, change: impl FnOnce(&mut DisplayMap) -> R) -> R {
        let result = change(&mut self.map);
        self.snapshot = self.map.snapshot();
        self.stamp += 1;
        result
    }

    /// The byte that a row begins with, and the part of the row above `top`: what has to stay at the
    /// top edge when rows above it come or go.
    pub(crate) fn anchor(&self, top: f64) -> (usize, f64) {
        let row = top.floor().max(0.);
        let place = DisplayPoint::new(row as u32, 0);
        (self.snapshot.to_offset(place, Bias::Left), top - row)
    }

    /// The rows above an anchor.
    pub(crate) fn top_of(&self, (offset, part): (usize, f64)) -> f64 {
        self.snapshot.row_of(offset) as f64 + part
    }
}
