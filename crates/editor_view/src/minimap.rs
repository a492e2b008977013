//! The minimap: a small picture of the file beside its text, with the part in view marked.
//!
//! A row of the screen is two pixels high and a cell one wide, in the colour of its syntax, so that
//! folds and wraps are as in the text. Only the rows that the strip has room for are read, off the
//! thread that draws, and each no further than to the last column that is drawn; a frame costs what
//! the strip shows, however long the file and its lines are.

mod content;
mod geometry;
mod marks;
mod paint;
mod pointer;
mod rows;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AvailableSpace, Bounds, Context, Hitbox, HitboxBehavior, Pixels, Role, Size,
    Window, div, point, px, size,
};
use settings::MinimapSide;

pub(crate) use content::MinimapContent;
pub(crate) use geometry::Geometry;
pub(crate) use paint::paint;

use crate::editor_style::EditorStyle;
use crate::frame::{Frame, SCROLLBAR};
use crate::scroll::{ScrollExtent, ScrollPosition, wide};
use crate::view::EditorView;

/// Height of a row and width of a cell, in pixels at zoom level 0, as in VS Code.
const ROW: Pixels = px(2.);
const CELL: Pixels = px(1.);
/// Space beside the rows, for the marks of changes on the left.
const LEFT: Pixels = px(7.);
const RIGHT: Pixels = px(3.);
/// Where the text itself has less room than this, at zoom level 0, it keeps all of it.
const LEAST_TEXT: Pixels = px(600.);

/// The place of the minimap in an editor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Strip {
    pub side: MinimapSide,
    /// Width of the whole strip.
    pub width: Pixels,
    /// Cells of a row that are drawn.
    pub columns: u16,
    /// Size of a cell: whole pixels of the screen.
    cell: Size<Pixels>,
    /// A pixel of the screen.
    pixel: Pixels,
}

/// The minimap of a frame.
#[derive(Clone, Copy)]
pub(crate) struct MinimapFrame {
    pub strip: Strip,
    pub bounds: Bounds<Pixels>,
    pub geometry: Geometry,
}

impl Strip {
    /// The strip of an editor whose text would have `room` without it; none where that is too
    /// little.
    fn new(
        side: MinimapSide,
        max_columns: u16,
        room: Pixels,
        style: &EditorStyle,
        scale_factor: f32,
    ) -> Option<Self> {
        if room < style.scaled(LEAST_TEXT) {
            return None;
        }
        let pixel = px(1. / scale_factor);
        let snapped = |length: Pixels| pixel * (style.scaled(length) / pixel).round().max(1.);
        let cell = size(snapped(CELL), snapped(ROW));
        let (left, right) = (style.scaled(LEFT), style.scaled(RIGHT));
        // As many columns as the text that is left has.
        let fitting = ((room - left - right) / (style.cell_width + cell.width)).floor();
        let columns = max_columns.min(fitting.max(1.) as u16);
        Some(Self {
            side,
            width: left + cell.width * f32::from(columns) + right,
            columns,
            cell,
            pixel,
        })
    }

    /// The strip in an editor.
    fn bounds(&self, editor: Bounds<Pixels>, style: &EditorStyle) -> Bounds<Pixels> {
        let left = match self.side {
            MinimapSide::Left => editor.left(),
            MinimapSide::Right => editor.right() - style.scaled(SCROLLBAR) - self.width,
        };
        Bounds::new(
            point(left, editor.top()),
            size(self.width, editor.size.height),
        )
    }

    /// The minimap of a view that is scrolled somewhere.
    pub(crate) fn frame(
        self,
        editor: Bounds<Pixels>,
        extent: &ScrollExtent,
        scroll: ScrollPosition,
        style: &EditorStyle,
    ) -> MinimapFrame {
        let bounds = self.bounds(editor, style);
        MinimapFrame {
            strip: self,
            bounds,
            geometry: Geometry {
                height: wide(bounds.size.height),
                row_height: wide(self.cell.height),
                pixel: wide(self.pixel),
                rows: extent.rows.max(1),
                view_rows: extent.view_rows(),
                top: scroll.top.clamp(0., extent.max_top()),
            },
        }
    }
}

impl MinimapFrame {
    /// The rectangle of the slider, which marks the part in view.
    fn slider(&self) -> Bounds<Pixels> {
        let top = px(self.geometry.slider_top() as f32);
        let height = px(self.geometry.slider_height() as f32);
        Bounds::new(
            point(self.bounds.left(), self.bounds.top() + top),
            size(self.bounds.size.width, height),
        )
    }

    /// A place in the window, from the strip's top edge.
    fn y(&self, y: Pixels) -> f64 {
        wide(y - self.bounds.top())
    }
}

impl EditorView {
    /// The minimap's place in this view, where it has one. `room` is the width of the text without
    /// it. A file that the view shows whole has none, nor has a difference.
    pub(crate) fn minimap_strip(
        &self,
        room: Pixels,
        height: Pixels,
        style: &EditorStyle,
        window: &Window,
        cx: &App,
    ) -> Option<Strip> {
        let settings = self.language_settings(cx).minimap;
        let rows = self.display.snapshot().row_count() as f32;
        let fits = style.line_height * rows <= height;
        if !settings.enabled || fits || self.compare.is_some() {
            return None;
        }
        let columns = settings.max_column;
        Strip::new(settings.side, columns, room, style, window.scale_factor())
    }

    /// Has read what the minimap of a frame shows.
    pub(crate) fn prepare_minimap(&mut self, map: Option<&MinimapFrame>, cx: &mut Context<Self>) {
        match map {
            Some(map) => {
                let middle = map.geometry.top + map.geometry.view_rows / 2.;
                let shown = map.geometry.shown_rows();
                self.read_minimap(shown, middle as usize, map.strip.columns, cx);
            }
            None => self.minimap.clear(),
        }
    }

    /// The minimap of the last frame as it is drawn, a text a row: `#` for text, `o` for what stands
    /// in the place of folded text. Nothing where there is no minimap.
    pub fn minimap_rows(&self) -> Vec<String> {
        let Some(map) = self.frame.as_ref().and_then(|frame| frame.minimap) else {
            return Vec::new();
        };
        let (first, rows) = self.minimap.rows();
        let shown = map.geometry.shown_rows();
        let numbers = (first..).zip(rows);
        let shown = numbers.filter(|(number, _)| shown.contains(number));
        shown.map(|(_, row)| row.to_string()).collect()
    }

    /// The slider of the minimap in the last frame, in the window, whether it is painted or not.
    pub fn minimap_slider(&self) -> Option<Bounds<Pixels>> {
        let map = self.frame.as_ref()?.minimap?;
        Some(map.slider())
    }

    /// Rows and bytes that were read for the minimap since the view was made.
    pub fn minimap_work(&self) -> (usize, usize) {
        let work = self.minimap.work();
        (work.rows, work.bytes)
    }

    /// How far what floats over the right edge of the text stays clear of that edge of the view.
    pub(crate) fn minimap_at_right(&self) -> Pixels {
        let map = self.frame.as_ref().and_then(|frame| frame.minimap);
        map.filter(|map| map.strip.side == MinimapSide::Right)
            .map_or(px(0.), |map| map.strip.width)
    }
}

/// What painting and the pointer need of the minimap of a frame.
pub(crate) struct Prepared {
    pub strip: Hitbox,
    pub slider: Hitbox,
    /// What assistive technology knows of it.
    element: AnyElement,
}

pub(crate) fn prepaint(frame: &Frame, window: &mut Window, cx: &mut App) -> Option<Prepared> {
    let map = frame.minimap?;
    let bounds = map.bounds;
    let mut element = div()
        .id("minimap")
        .test_support()
        .role(Role::ScrollBar)
        .aria_label("Minimap")
        .size_full()
        .into_any_element();
    let space = bounds.size.map(AvailableSpace::Definite);
    element.prepaint_as_root(bounds.origin, space, window, cx);
    Some(Prepared {
        strip: window.insert_hitbox(bounds, HitboxBehavior::Normal),
        slider: window.insert_hitbox(map.slider(), HitboxBehavior::Normal),
        element,
    })
}
