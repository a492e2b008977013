//! Rows between lines that hold an element, such as lines that were deleted.

use std::collections::HashMap;
use std::rc::Rc;

use editor_core::display_map::{Block, BlockId, BlockPlacement};
use gpui_kit::{AnyElement, App, AvailableSpace, Context, Font, Pixels, Window, point, size};

use crate::frame::Frame;
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

/// The elements of a view's blocks.
#[derive(Default)]
pub(crate) struct BlockElements {
    next: u64,
    known: HashMap<BlockId, BlockElement>,
}

/// A block that is at least partly in view.
pub(crate) struct VisibleBlock {
    pub id: BlockId,
    /// Its first row on the screen.
    pub first: usize,
    pub rows: u32,
    render: RenderBlock,
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
                render: block.render.clone(),
            });
        }
    }
}

impl EditorView {
    /// Puts rows between lines. Gives their names, in the order given.
    pub fn insert_blocks(
        &mut self,
        blocks: Vec<BlockElement>,
        cx: &mut Context<Self>,
    ) -> Vec<BlockId> {
        self.display(cx);
        let mut ids = Vec::with_capacity(blocks.len());
        let mut placed = Vec::with_capacity(blocks.len());
        for block in blocks {
            let id = BlockId(self.blocks.next);
            self.blocks.next += 1;
            placed.push(Block {
                id,
                offset: block.offset,
                placement: block.placement,
                height: block.rows,
            });
            self.blocks.known.insert(id, block);
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
