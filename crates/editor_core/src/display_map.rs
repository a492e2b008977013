//! From the document to the rows on the screen, and back.
//!
//! Five layers stand on each other, each with coordinates of its own: [`InlayMap`] shows text that is
//! not in the document, [`FoldMap`] hides some of it behind placeholders, [`TabMap`] expands tabs,
//! [`WrapMap`] cuts long lines into rows, and [`BlockMap`] puts rows of other things between them.
//! All have the same shape: a map that is kept up to date with `sync`, which takes what changed below
//! and gives what changed above, and an immutable snapshot, cheap to clone, that converts places both
//! ways in O(log n). A layer that changes nothing stores one stretch for the whole document.
//!
//! ```
//! use editor_core::{ChangeSet, Edit, Text, display_map::{DisplayMap, Fold}};
//!
//! let text = Text::new("fn main() {\n\tgo();\n}\n");
//! let mut map = DisplayMap::new(text.clone(), Default::default());
//! map.fold(vec![Fold::new(11..19)]);
//! assert_eq!(map.snapshot().row_text(0), "fn main() {…}");
//!
//! let change = ChangeSet::from_edits(text.len(), vec![Edit::new(0..0, "\tpub ")]).unwrap();
//! map.sync(change.apply(&text).unwrap(), &change);
//! assert_eq!(map.snapshot().row_text(0), "    pub fn main() {…}");
//! ```

mod block_map;
mod cell_counts;
mod cell_job;
pub mod cells;
mod edit;
mod extent;
mod fold_map;
mod inlay_map;
mod line_wrapper;
mod row_pieces;
mod snapshot;
mod spans;
mod sum_tree;
mod tab_map;
mod visual_row;
mod wrap_map;

pub use block_map::{Block, BlockId, BlockMap, BlockPlacement, BlockRow, BlockSnapshot};
pub use cell_counts::{CellCounts, CountedCells, CountedStretch};
pub use cell_job::{CellJob, RowText};
pub use cells::Marks;
pub use edit::LayerEdit;
pub use extent::{DisplayPoint, FoldPoint, InlayPoint, TabPoint, WrapPoint};
pub use fold_map::{Fold, FoldMap, FoldSnapshot};
pub use inlay_map::{Inlay, InlayId, InlayMap, InlaySnapshot, Source};
pub use line_wrapper::{Measure, WrapIndent, WrapRule, cut_line};
pub use snapshot::{DisplayRow, DisplaySnapshot, TextRow};
pub use tab_map::{TAB_COLUMNS, TabMap, TabSnapshot};
pub use visual_row::VisualRow;
pub use wrap_map::{WrapJob, WrapMap, WrapPiece, WrapSnapshot};

use std::ops::Range;

use crate::{ChangeSet, Text};

/// How a document is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DisplayStyle {
    /// Cells from one tab stop to the next, at least 1.
    pub tab_size: u32,
    /// Which characters are shown as marks.
    pub marks: Marks,
    /// How lines are cut; none where they are not.
    pub wrap: Option<WrapRule>,
}

impl Default for DisplayStyle {
    fn default() -> Self {
        Self {
            tab_size: 4,
            marks: Marks::default(),
            wrap: None,
        }
    }
}

/// The five layers of a view of a document.
#[derive(Debug, Clone)]
pub struct DisplayMap {
    inlays: InlayMap,
    folds: FoldMap,
    tabs: TabMap,
    wraps: WrapMap,
    blocks: BlockMap,
}

impl DisplayMap {
    /// The map of a document without inlays, folds and blocks. O(1), however long the document:
    /// lines are cut by [`DisplayMap::wrap_job`].
    pub fn new(text: Text, style: DisplayStyle) -> Self {
        let inlays = InlayMap::new(text);
        let folds = FoldMap::new(inlays.snapshot().clone());
        let tabs = TabMap::new(folds.snapshot().clone(), style.tab_size, style.marks);
        let wraps = WrapMap::new(tabs.snapshot().clone(), style.wrap);
        let blocks = BlockMap::new(wraps.snapshot().clone());
        Self {
            inlays,
            folds,
            tabs,
            wraps,
            blocks,
        }
    }

    /// What is shown now.
    pub fn snapshot(&self) -> DisplaySnapshot {
        DisplaySnapshot::new(self.blocks.snapshot().clone())
    }

    /// Follows a change of the document to `text`. Costs what changed, plus an addition for every
    /// inlay, fold and block.
    pub fn sync(&mut self, text: Text, changes: &ChangeSet) {
        let edits = self.inlays.sync(text, changes);
        self.rise_from_inlays(edits, Some(changes));
    }

    /// Takes another style.
    pub fn configure(&mut self, style: DisplayStyle) {
        let edits = self.tabs.configure(style.tab_size, style.marks);
        if !edits.is_empty() {
            self.rise_from_tabs(edits, None);
        }
        let edits = self.wraps.set_rule(style.wrap);
        self.rise_from_wraps(edits, None);
    }

    /// The folds, also those inside others.
    pub fn folds(&self) -> &[Fold] {
        self.folds.folds()
    }

    /// Hides ranges of the document.
    pub fn fold(&mut self, folds: Vec<Fold>) {
        let edits = self.folds.fold(folds);
        self.rise_from_folds(edits, None);
    }

    /// Shows again what the folds hide for which `which` says so.
    pub fn unfold(&mut self, which: impl FnMut(&Fold) -> bool) {
        let edits = self.folds.unfold(which);
        self.rise_from_folds(edits, None);
    }

    /// The inlays.
    pub fn inlays(&self) -> &[Inlay] {
        self.inlays.inlays()
    }

    /// Takes inlays away and puts others in.
    pub fn splice_inlays(&mut self, remove: &[InlayId], insert: Vec<Inlay>) {
        let edits = self.inlays.splice(remove, insert);
        self.rise_from_inlays(edits, None);
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Block] {
        self.blocks.blocks()
    }

    /// Takes blocks away and puts others in.
    pub fn splice_blocks(&mut self, remove: &[BlockId], insert: Vec<Block>) {
        self.blocks.splice(remove, insert);
    }

    /// Whether some lines are still to be cut.
    pub fn is_wrapping(&self) -> bool {
        self.wraps.is_stale()
    }

    /// The next piece of cutting lines, of about `bytes` of text: from the document's row `near` on
    /// where that is to be done, else from the first row that is.
    pub fn wrap_job(&self, near: usize, bytes: usize) -> Option<WrapJob> {
        self.wraps.job(self.fold_row(near), bytes)
    }

    /// [`DisplayMap::wrap_job`] from the document's row `near` on alone.
    pub fn wrap_job_from(&self, near: usize, bytes: usize) -> Option<WrapJob> {
        self.wraps.job_from(self.fold_row(near), bytes)
    }

    /// Cutting what is seen of the document, where that lies so far within a line that is not cut that
    /// all of about `bytes` before it would have to be cut first. Rows then begin at the start of
    /// what is seen, until the line is cut up to there.
    pub fn wrap_job_within_line(&self, seen: Range<usize>, bytes: usize) -> Option<WrapJob> {
        let tabs = self.tabs.snapshot();
        let folds = self.folds.snapshot();
        let place = |offset| tabs.to_tab_point(folds.from_offset(offset, crate::Bias::Left));
        self.wraps
            .job_within_line(place(seen.start)..place(seen.end), bytes)
    }

    /// Whether all of a part of the document is cut into rows.
    pub fn is_cut(&self, part: Range<usize>) -> bool {
        let tabs = self.tabs.snapshot();
        let folds = self.folds.snapshot();
        let place = |offset| tabs.to_tab_point(folds.from_offset(offset, crate::Bias::Left));
        self.wraps.is_cut(place(part.start)..place(part.end))
    }

    /// The row of the layer of folds that shows the start of a row of the document.
    fn fold_row(&self, row: usize) -> u32 {
        let folds = self.folds.snapshot();
        let start = folds.inlays().text().line_start(row);
        folds.from_offset(start, crate::Bias::Left).row()
    }

    /// Takes a finished piece; false where the document has changed and it has to be done again.
    pub fn apply_wrap(&mut self, piece: WrapPiece) -> bool {
        match self.wraps.apply(piece) {
            Some(edit) => {
                self.rise_from_wraps(vec![edit], None);
                true
            }
            None => false,
        }
    }

    fn rise_from_inlays(&mut self, edits: Vec<LayerEdit<InlayPoint>>, changes: Option<&ChangeSet>) {
        let inlays = self.inlays.snapshot().clone();
        let edits = self.folds.sync(inlays, changes, edits);
        self.rise_from_folds(edits, changes);
    }

    fn rise_from_folds(&mut self, edits: Vec<LayerEdit<FoldPoint>>, changes: Option<&ChangeSet>) {
        let edits = self.tabs.sync(self.folds.snapshot().clone(), edits);
        self.rise_from_tabs(edits, changes);
    }

    fn rise_from_tabs(&mut self, edits: Vec<LayerEdit<TabPoint>>, changes: Option<&ChangeSet>) {
        let edits = self.wraps.sync(self.tabs.snapshot().clone(), edits);
        self.rise_from_wraps(edits, changes);
    }

    fn rise_from_wraps(&mut self, edits: Vec<LayerEdit<WrapPoint>>, changes: Option<&ChangeSet>) {
        self.blocks
            .sync(self.wraps.snapshot().clone(), changes, edits);
    }
}
