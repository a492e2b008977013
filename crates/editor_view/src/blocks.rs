//! Rows between lines that hold an element, such as lines that were deleted.

use std::collections::HashMap;
use std::rc::Rc;

use editor_core::display_map::{Block, BlockId, BlockPlacement};
use gpui_kit::{
    AnyElement, App, AvailableSpace, Context, Font, Pixels, SharedString, Window, point, size,
};

use crate::frame::Frame;
use crate::line_cut::{LineCut, Rows};
use crate::view::EditorView;

/// What the element of a block may go by.
pub struct BlockContext {
    /// Which block it is.
    pub id: BlockId,
    /// Width of the block.
    pub width: Pixels,
    /// How much of it is out of sight at the left.
    pub hidden_left: Pixels,
    /// Height of one of its rows.
    pub row_height: Pixels,
    /// Width of a character of the text.
    pub cell_width: Pixels,
    /// The font of the text, and its size.
    pub font: Font,
    /// See `font`.
    pub font_size: Pixels,
    /// The rows that the lines in it are cut into.
    pub(crate) cut: Option<Rows>,
}

/// Makes the element of a block, once a frame that shows it. The element is as wide as the text and
/// as high as the block's rows.
pub type RenderBlock = Rc<dyn Fn(&BlockContext, &mut Window, &mut App) -> AnyElement>;

/// Rows beside a line that hold an element. They stay with their line when the text changes, and are
/// not shown while it is folded away.
#[derive(Clone)]
pub struct BlockElement {
    /// A byte of the document in the line.
    pub offset: usize,
    /// Above or below the line.
    pub placement: BlockPlacement,
    /// Rows, at least 1.
    pub rows: u32,
    /// Makes the element.
    pub render: RenderBlock,
}

/// Lines in a block, which are put together once they are needed.
pub(crate) type BlockLines = Rc<dyn Fn() -> Rc<[SharedString]>>;

/// The elements of a view's blocks.
#[derive(Default)]
pub(crate) struct BlockElements {
    next: u64,
    known: HashMap<BlockId, Known>,
    cut: Option<LineCut>,
}

struct Known {
    element: BlockElement,
    /// The lines in it that are cut as those of the text are, a row each where they are not.
    lines: Option<BlockLines>,
    /// Its rows, as these were cut last.
    rows: u32,
    /// The rows of the lines, where they are cut by the rule in force.
    cut: Option<Rows>,
}

/// A block that is at least partly in view.
pub(crate) struct VisibleBlock {
    pub id: BlockId,
    /// Its first row on the screen.
    pub first: usize,
    pub rows: u32,
    render: RenderBlock,
    cut: Option<Rows>,
    /// The lines in it are still to be cut.
    pub is_uncut: bool,
}

impl VisibleBlock {
    /// The row of the screen below its last one.
    pub fn end(&self) -> usize {
        self.first + self.rows as usize
    }
}

impl BlockElements {
    /// Adds the block that a row on the screen is in, as its row `line`, unless it is the last one
    /// found.
    pub(crate) fn collect(
        &self,
        row: usize,
        id: BlockId,
        line: u32,
        found: &mut Vec<VisibleBlock>,
    ) {
        let first = row - line as usize;
        let is_new = found.last().is_none_or(|last| last.first != first);
        if let Some(block) = self.known.get(&id)
            && is_new
        {
            found.push(VisibleBlock {
                id,
                first,
                rows: block.rows.max(1),
                render: block.element.render.clone(),
                cut: block.cut.clone(),
                is_uncut: self.is_uncut(block),
            });
        }
    }

    /// Takes another rule to cut lines in blocks by. Without one they have a row each again: gives the
    /// blocks that had more.
    pub(crate) fn cut_by(&mut self, cut: Option<LineCut>) -> Vec<(BlockId, u32)> {
        if self.cut == cut {
            return Vec::new();
        }
        self.cut = cut;
        let mut changed = Vec::new();
        for (id, known) in &mut self.known {
            known.cut = None;
            let rows = known.element.rows;
            if self.cut.is_none() && std::mem::replace(&mut known.rows, rows) != rows {
                changed.push((*id, rows));
            }
        }
        changed
    }

    /// Whether lines in a block are still to be cut.
    pub(crate) fn has_uncut(&self) -> bool {
        self.known.values().any(|known| self.is_uncut(known))
    }

    fn is_uncut(&self, known: &Known) -> bool {
        self.cut.is_some() && known.lines.is_some() && known.cut.is_none()
    }

    /// Cuts the lines in a block, where that is still to be done; gives its rows, where it has more or
    /// less of them by that.
    pub(crate) fn cut_block(&mut self, id: BlockId) -> Option<u32> {
        let known = self.known.get_mut(&id)?;
        if known.cut.is_some() {
            return None;
        }
        let (cut, lines) = (self.cut.as_ref()?, known.lines.as_ref()?());
        let rows = cut.rows(&lines);
        let count = rows.iter().map(Vec::len).sum::<usize>() as u32;
        // What else is in it stays as it is.
        let count = count + known.element.rows.saturating_sub(lines.len() as u32);
        known.cut = Some(rows);
        (std::mem::replace(&mut known.rows, count) != count).then_some(count)
    }
}

impl EditorView {
    /// Puts rows between lines. Gives their names, in the order given.
    pub fn insert_blocks(
        &mut self,
        blocks: Vec<BlockElement>,
        cx: &mut Context<Self>,
    ) -> Vec<BlockId> {
        let blocks = blocks.into_iter().map(|block| (block, None));
        self.insert_line_blocks(blocks.collect(), cx)
    }

    /// The same with the lines in each that are cut as those of the text are, where it has some.
    pub(crate) fn insert_line_blocks(
        &mut self,
        blocks: Vec<(BlockElement, Option<BlockLines>)>,
        cx: &mut Context<Self>,
    ) -> Vec<BlockId> {
        self.display(cx);
        let mut ids = Vec::with_capacity(blocks.len());
        let mut placed = Vec::with_capacity(blocks.len());
        for (block, lines) in blocks {
            let id = BlockId(self.blocks.next);
            self.blocks.next += 1;
            let known = Known {
                rows: block.rows,
                element: block,
                lines,
                cut: None,
            };
            placed.push(Block {
                id,
                offset: known.element.offset,
                placement: known.element.placement,
                height: known.rows,
            });
            self.blocks.known.insert(id, known);
            ids.push(id);
        }
        self.keeping_top(|view| view.display.splice_blocks(&[], placed));
        cx.notify();
        ids
    }

    /// Takes blocks away; names of blocks that are gone are passed over.
    pub fn remove_blocks(&mut self, ids: &[BlockId], cx: &mut Context<Self>) {
        self.display(cx);
        for id in ids {
            self.blocks.known.remove(id);
        }
        self.keeping_top(|view| view.display.splice_blocks(ids, Vec::new()));
        cx.notify();
    }
}

/// Makes and lays out the elements of the blocks in view.
pub(crate) fn prepaint(frame: &Frame, window: &mut Window, cx: &mut App) -> Vec<AnyElement> {
    let blocks = frame.blocks.iter();
    blocks
        .map(|block| {
            let context = BlockContext {
                id: block.id,
                width: frame.text_area.right() - frame.text_left(),
                hidden_left: frame.text_area.left() - frame.text_left(),
                row_height: frame.style.line_height,
                cell_width: frame.style.cell_width,
                font: frame.style.font.clone(),
                font_size: frame.style.font_size,
                cut: block.cut.clone(),
            };
            let height = context.row_height * block.rows as f32;
            let mut element = (block.render)(&context, window, cx);
            element.prepaint_as_root(
                point(frame.text_left(), frame.row_top(block.first)),
                size(context.width, height).map(AvailableSpace::Definite),
                window,
                cx,
            );
            element
        })
        .collect()
}
