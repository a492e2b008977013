//! The fifth layer: rows between the lines that hold something else than the document's text, such
//! as deleted lines, code lenses and inline prompts.

use std::ops::Range;

use super::edit::{LayerEdit, merged, widened};
use super::extent::{DisplayPoint, Extent, TabPoint, WrapPoint};
use super::spans::{Sides, Span, at_above, at_below, push, replace_below};
use super::sum_tree::{Item, SumTree};
use super::wrap_map::WrapSnapshot;
use crate::{Bias, ChangeSet, Point, Text};

/// Names a block of one display map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u64);

/// On which side of its line a block is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockPlacement {
    /// Above the line's first row.
    Above,
    /// Below the line's last row.
    Below,
}

/// Rows beside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its name, not used by another block of the map.
    pub id: BlockId,
    /// A byte of the document in the line that it belongs to. A block whose line is folded away is
    /// not shown.
    pub offset: usize,
    /// Above or below the line.
    pub placement: BlockPlacement,
    /// Rows, at least 1.
    pub height: u32,
}

/// Keeps the block rows of a document.
#[derive(Debug, Clone)]
pub struct BlockMap {
    /// By offset; those of one place in the order shown.
    blocks: Vec<Block>,
    snapshot: BlockSnapshot,
}

/// A document with block rows between its rows, immutable.
#[derive(Clone)]
pub struct BlockSnapshot {
    wraps: WrapSnapshot,
    tree: SumTree<BlockSpan>,
}

impl std::fmt::Debug for BlockSnapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BlockSnapshot")
            .field("wraps", &self.wraps)
            .field("spans", &self.tree.len())
            .finish()
    }
}

#[derive(Clone, Debug)]
enum BlockSpan {
    Rows(u32),
    Block { id: BlockId, height: u32 },
}

impl Item for BlockSpan {
    type Sum = Sides;

    fn sum(&self) -> Sides {
        match self {
            Self::Rows(rows) => Sides::same(Extent::new(*rows, 0)),
            Self::Block { height, .. } => Sides {
                below: Extent::ZERO,
                above: Extent::new(*height, 0),
            },
        }
    }
}

impl Span for BlockSpan {
    fn is_same(&self) -> bool {
        matches!(self, Self::Rows(_))
    }

    fn with_extent(&self, extent: Extent) -> Self {
        Self::Rows(extent.rows)
    }

    fn take_in(&mut self, next: &Self) -> bool {
        match (self, next) {
            (Self::Rows(rows), Self::Rows(next)) => {
                *rows += next;
                true
            }
            _ => false,
        }
    }
}

/// What a row of the screen holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockRow {
    /// A row of the layer below.
    Wrap(u32),
    /// A row of a block, counted from its first.
    Block(BlockId, u32),
}

impl BlockMap {
    /// The map of a document without blocks.
    pub fn new(wraps: WrapSnapshot) -> Self {
        let tree = SumTree::new(vec![BlockSpan::Rows(wraps.row_count())]);
        Self {
            blocks: Vec::new(),
            snapshot: BlockSnapshot { wraps, tree },
        }
    }

    /// The layer as it is.
    pub fn snapshot(&self) -> &BlockSnapshot {
        &self.snapshot
    }

    /// The blocks in the order of the document.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Follows the layer below. `changes` is the change of the document, if it changed.
    pub fn sync(
        &mut self,
        wraps: WrapSnapshot,
        changes: Option<&ChangeSet>,
        edits: Vec<LayerEdit<WrapPoint>>,
    ) {
        if let Some(changes) = changes.filter(|changes| !changes.is_empty()) {
            let places = self.blocks.iter().map(|block| (block.offset, Bias::Right));
            let moved = changes.map_sorted(places);
            for (block, offset) in self.blocks.iter_mut().zip(moved) {
                block.offset = offset;
            }
        }
        let before = std::mem::replace(&mut self.snapshot.wraps, wraps);
        // A block stands beside the first or the last row of its line, which an edit anywhere in the
        // line may give to another line.
        let edits = if self.blocks.is_empty() {
            edits
        } else {
            widened(edits, |range| {
                before.line_around(range.start).start..before.line_around(range.end).end
            })
        };
        // Rows as a whole are replaced, and what stands at their upper and lower edge with them.
        let rows = |range: &Range<WrapPoint>| {
            Point::new(range.start.row(), 0)..Point::new(range.end.row() + 1, 0)
        };
        let edits = edits
            .iter()
            .map(|edit| LayerEdit {
                old: WrapPoint(rows(&edit.old).start)..WrapPoint(rows(&edit.old).end),
                new: WrapPoint(rows(&edit.new).start)..WrapPoint(rows(&edit.new).end),
            })
            .collect();
        for edit in merged(edits).into_iter().rev() {
            self.replace_rows(
                edit.old.start.row()..edit.old.end.row(),
                edit.new.start.row()..edit.new.end.row(),
            );
        }
    }

    /// Takes blocks away and puts others in; ids that are not there are passed over.
    pub fn splice(&mut self, remove: &[BlockId], insert: Vec<Block>) {
        let text = self.snapshot.wraps.text().clone();
        let mut lines = Vec::with_capacity(remove.len() + insert.len());
        if !remove.is_empty() {
            let mut gone = remove.to_vec();
            gone.sort_unstable();
            self.blocks.retain(|block| {
                let stays = gone.binary_search(&block.id).is_err();
                if !stays {
                    lines.push(block.offset);
                }
                stays
            });
        }
        for mut block in insert {
            block.offset = text.floor_char_boundary(block.offset);
            block.height = block.height.max(1);
            lines.push(block.offset);
            self.blocks.push(block);
        }
        self.blocks.sort_by_key(|block| block.offset);
        let mut rows: Vec<Range<u32>> = lines
            .into_iter()
            .map(|offset| {
                let row = text.row_at(offset);
                let first = self.snapshot.wraps.row_of(text.line_start(row), Bias::Left);
                let last = self.snapshot.wraps.row_of(text.line_end(row), Bias::Right);
                first..last + 1
            })
            .collect();
        rows.sort_by_key(|rows| rows.start);
        let edits = rows
            .into_iter()
            .map(|rows| {
                let rows = WrapPoint::new(rows.start, 0)..WrapPoint::new(rows.end, 0);
                LayerEdit {
                    old: rows.clone(),
                    new: rows,
                }
            })
            .collect();
        for edit in merged(edits).into_iter().rev() {
            let rows = edit.new.start.row()..edit.new.end.row();
            self.replace_rows(rows.clone(), rows);
        }
    }

    fn replace_rows(&mut self, old: Range<u32>, new: Range<u32>) {
        let mut middle = Vec::new();
        let mut at = new.start;
        for (row, block) in self.blocks_between(new.clone()) {
            push(&mut middle, BlockSpan::Rows(row - at));
            middle.push(BlockSpan::Block {
                id: block.id,
                height: block.height,
            });
            at = row;
        }
        push(&mut middle, BlockSpan::Rows(new.end - at));
        self.snapshot.tree = replace_below(
            &self.snapshot.tree,
            Point::new(old.start, 0),
            Point::new(old.end, 0),
            middle,
        );
    }

    /// The blocks that stand before one of the rows, or before the row after them, in order.
    fn blocks_between(&self, rows: Range<u32>) -> Vec<(u32, &Block)> {
        if self.blocks.is_empty() {
            return Vec::new();
        }
        let wraps = &self.snapshot.wraps;
        let text = wraps.text();
        let line_at = |row: u32| text.row_at(wraps.offset_at(row));
        let first = text.line_start(line_at(rows.start.saturating_sub(1)));
        let last = text.line_end(line_at(rows.end.min(wraps.row_count() - 1)));
        let start = self.blocks.partition_point(|block| block.offset < first);
        let end = self.blocks.partition_point(|block| block.offset <= last);
        let mut found: Vec<(u32, &Block)> = self.blocks[start..end]
            .iter()
            .filter_map(|block| Some((place(wraps, text, block)?, block)))
            .filter(|(row, _)| (rows.start..=rows.end).contains(row))
            .collect();
        // What is below a line comes before what is above the next one.
        found.sort_by_key(|(row, block)| (*row, block.placement == BlockPlacement::Above));
        found
    }
}

/// The row before which a block stands; none where its line is folded away.
fn place(wraps: &WrapSnapshot, text: &Text, block: &Block) -> Option<u32> {
    let row = text.row_at(block.offset);
    let folds = wraps.tabs().folds();
    match block.placement {
        BlockPlacement::Above => {
            let start = text.line_start(row);
            (!folds.is_folded(start)).then(|| wraps.row_of(start, Bias::Left))
        }
        BlockPlacement::Below => {
            let end = text.line_end(row);
            (!folds.is_folded(end)).then(|| wraps.row_of(end, Bias::Right) + 1)
        }
    }
}

impl WrapSnapshot {
    /// The document.
    pub fn text(&self) -> &Text {
        self.tabs().folds().inlays().text()
    }

    /// The row that shows a byte of the document.
    pub(crate) fn row_of(&self, offset: usize, bias: Bias) -> u32 {
        let place = self.tabs().folds().from_offset(offset, bias);
        self.to_wrap_point(self.tabs().to_tab_point(place)).row()
    }

    /// The rows of the line that a place is in, from its first place to its last.
    fn line_around(&self, place: WrapPoint) -> Range<WrapPoint> {
        let row = self.to_tab_point(place).row();
        let end = TabPoint::new(row, self.tabs().row_len(row));
        self.to_wrap_point(TabPoint::new(row, 0))..self.to_wrap_point(end).max(place)
    }

    /// The byte of the document that a row begins with.
    pub(crate) fn offset_at(&self, row: u32) -> usize {
        let place = self.to_tab_point(WrapPoint::new(row, 0));
        let folds = self.tabs().folds();
        folds.to_offset(self.tabs().to_fold_point(place, Bias::Left), Bias::Left)
    }
}

impl BlockSnapshot {
    /// The layer below.
    pub fn wraps(&self) -> &WrapSnapshot {
        &self.wraps
    }

    /// The rows of the screen, at least 1.
    pub fn row_count(&self) -> u32 {
        self.tree.sum().above.rows
    }

    /// The last row and column that hold text.
    pub fn max_point(&self) -> DisplayPoint {
        self.to_display_point(self.wraps.max_point())
    }

    /// Where a row below is.
    pub fn to_display_row(&self, row: u32) -> u32 {
        match at_below(&self.tree, Point::new(row, 0), Bias::Right) {
            Some(found) => found.rise(Point::new(row, 0)).row,
            None => self.row_count().saturating_sub(1),
        }
    }

    /// Where a place below is.
    pub fn to_display_point(&self, place: WrapPoint) -> DisplayPoint {
        DisplayPoint::new(self.to_display_row(place.row()), place.column())
    }

    /// What a row holds; the last row of text for a row past the end.
    pub fn row(&self, row: u32) -> BlockRow {
        match at_above(&self.tree, Point::new(row, 0), Bias::Right) {
            Some(found) => match found.span {
                BlockSpan::Rows(_) => BlockRow::Wrap(found.sink(Point::new(row, 0)).row),
                BlockSpan::Block { id, .. } => BlockRow::Block(*id, row - found.start.above.rows),
            },
            None => BlockRow::Wrap(self.wraps.row_count() - 1),
        }
    }

    /// The place below. A place in a block is the end of the row before it ([`Bias::Left`], where
    /// there is one) or the start of the row after it.
    pub fn to_wrap_point(&self, place: DisplayPoint, bias: Bias) -> WrapPoint {
        let Some(found) = at_above(&self.tree, Point::new(place.row(), 0), Bias::Right) else {
            return self.wraps.max_point();
        };
        if found.span.is_same() {
            let row = found.sink(Point::new(place.row(), 0)).row;
            return WrapPoint::new(row, place.column());
        }
        let next = found.start.below.rows;
        let last = self.wraps.row_count() - 1;
        match next.checked_sub(1) {
            Some(before) if bias == Bias::Left || next > last => {
                let end = self.wraps.row_range(before).end;
                let end = self.wraps.to_wrap_point(end);
                // At a cut the end of a row is the start of the next one.
                if end.row() == before {
                    end
                } else {
                    WrapPoint::new(next, 0)
                }
            }
            _ => self.wraps.clip(WrapPoint::new(next, 0), Bias::Right),
        }
    }

    /// The nearest place where a caret can stand.
    pub fn clip(&self, place: DisplayPoint, bias: Bias) -> DisplayPoint {
        self.to_display_point(self.wraps.clip(self.to_wrap_point(place, bias), bias))
    }
}
