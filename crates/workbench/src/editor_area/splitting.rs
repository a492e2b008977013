//! Splitting the editor area: groups beside and below each other, and how much room each has.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, ClickEvent, Context, CursorStyle, DragMoveEvent, Empty, Role, SharedString, Window,
    canvas, div, px,
};
use ui::tokens::scaled;
use ui::widgets::{column, row, text_tooltip};
use ui::{ActiveKilnTheme as _, Severity, notify};

use super::grid::{Axis, Grid};
use super::{EditorArea, EditorAreaEvent, Side};
use crate::editor_group::EditorGroup;

/// How much a command widens or narrows a group, in pixels at zoom level 0 (VS Code's step).
const STEP: f32 = 60.;

/// What is said where another group would be too small to show anything.
pub(super) const NO_ROOM: &str = "There is no room for another group here.";

/// Where a second view of a group's item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// To the right of the group.
    Right,
    /// Below the group.
    Down,
}

impl EditorArea {
    /// Shows the active item in a second group.
    pub fn split_active(&mut self, split: Split, window: &mut Window, cx: &mut Context<Self>) {
        self.split(self.active, split, window, cx);
    }

    /// Shows the active item of a group in a new group beside it.
    pub(crate) fn split(
        &mut self,
        group: usize,
        split: Split,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(item) = self.groups.get(group).and_then(EditorGroup::active_item) else {
            return;
        };
        let side = match split {
            Split::Down => Side::Below,
            Split::Right => Side::Right,
        };
        let beside = self.groups[group].id;
        let Some(copy) = item.boxed_clone().split(window, cx) else {
            let message = "This view can be shown only once.";
            return notify(Severity::Info, message, window, cx);
        };
        if !self.has_room(|grid, new| grid.split(beside, side, new), window) {
            return notify(Severity::Info, NO_ROOM, window, cx);
        }
        let place = self.insert_group(group, side, cx);
        self.add(place, copy, true, window, cx);
    }

    /// Whether all groups have the width and the height that they need once there is a new one, which
    /// `put` puts in. Yes before they were laid out, and along an axis in which it takes no room.
    pub(super) fn has_room(&self, put: impl FnOnce(&mut Grid, u64), window: &Window) -> bool {
        let mut grid = self.grid.clone();
        put(&mut grid, self.next_group);
        let extent = self.extent(window);
        [Axis::Row, Axis::Column].into_iter().all(|axis| {
            let (needed, room) = (grid.least(axis), extent(axis));
            room == 0. || needed <= room || needed <= self.grid.least(axis)
        })
    }

    /// Gives all groups as much room as those beside them.
    pub fn even_groups(&mut self, cx: &mut Context<Self>) {
        self.grid.even_all();
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.notify();
    }

    /// Gives the active group more room, or less with a negative step, along an axis, or along both.
    pub fn resize_active(
        &mut self,
        along: Option<Axis>,
        steps: f32,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let group = self.groups[self.active].id;
        let axes = match along {
            Some(axis) => vec![axis],
            None => vec![Axis::Row, Axis::Column],
        };
        let extent = self.extent(window);
        let mut changed = false;
        for axis in axes {
            let extent = extent(axis);
            if extent > 0. {
                changed |= self.grid.resize(group, axis, steps * STEP / extent, extent);
            }
        }
        if changed {
            cx.emit(EditorAreaEvent::TabsChanged);
            cx.notify();
        }
    }

    /// How wide and high all groups are, in pixels at zoom level 0; nothing before they were laid out.
    fn extent(&self, window: &Window) -> impl Fn(Axis) -> f32 + use<> {
        let size = self.laid_out.get();
        let pixel = scaled(1.).to_pixels(window.rem_size());
        move |axis| match axis {
            Axis::Row => size.width / pixel,
            Axis::Column => size.height / pixel,
        }
    }

    /// The groups in their places.
    pub(super) fn render_grid(&self, window: &Window, cx: &mut Context<Self>) -> AnyElement {
        let extent = self.extent(window);
        let fits = |axis| self.grid.least(axis) <= extent(axis);
        let fits = Fits {
            across: fits(Axis::Row),
            down: fits(Axis::Column),
        };
        let laid_out = self.laid_out.clone();
        let measure = canvas(
            move |bounds, window, _| {
                // Another size may have room for what groups need, or no longer.
                if laid_out.replace(bounds.size) != bounds.size {
                    let view = window.current_view();
                    window.on_next_frame(move |_, cx| cx.notify(view));
                }
            },
            |_, (), _, _| {},
        );
        let groups = self.render_part(&self.grid, &mut Vec::new(), fits, window, cx);
        row()
            .items_stretch()
            .relative()
            .size_full()
            .child(measure.absolute().size_full())
            .child(groups)
            .children(self.drop_preview_around(cx))
            .into_any_element()
    }

    /// A part of the grid, to which a way of places leads.
    fn render_part(
        &self,
        grid: &Grid,
        way: &mut Vec<usize>,
        fits: Fits,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let (axis, parts) = match grid {
            Grid::Split { axis, parts } => (*axis, parts),
            Grid::Group(id) => {
                let place = self.place_of_group(*id);
                let shown = place.map(|index| self.render_group(index, window, cx));
                return shown.unwrap_or_else(|| Empty.into_any_element());
            }
        };
        let mut children = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            if let Some(edge) = place.checked_sub(1) {
                children.push(divider(axis, way, edge, cx));
            }
            way.push(place);
            let shown = self.render_part(&part.grid, way, fits, window, cx);
            way.pop();
            let mut room = div()
                .flex()
                .flex_basis(px(0.))
                .min_w_0()
                .min_h_0()
                .overflow_hidden()
                .child(shown);
            match axis {
                Axis::Row if fits.across => room = room.min_w(scaled(part.grid.least(axis))),
                Axis::Column if fits.down => room = room.min_h(scaled(part.grid.least(axis))),
                _ => {}
            }
            room.style().flex_grow = Some(part.share);
            children.push(room.into_any_element());
        }
        let own = way.clone();
        let split = match axis {
            Axis::Row => row().items_stretch(),
            Axis::Column => column(),
        };
        split
            .size_full()
            .on_drag_move(cx.listener(
                move |area, event: &DragMoveEvent<DraggedDivider>, window, cx| {
                    area.divider_dragged(&own, axis, event, window, cx);
                },
            ))
            .children(children)
            .into_any_element()
    }

    /// The edge between two parts of a split is dragged.
    fn divider_dragged(
        &mut self,
        way: &[usize],
        axis: Axis,
        event: &DragMoveEvent<DraggedDivider>,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let dragged = event.drag(cx);
        if dragged.way != way {
            return;
        }
        let edge = dragged.edge;
        let (place, bounds) = (event.event.position, event.bounds);
        let (to, extent) = match axis {
            Axis::Row => (place.x - bounds.left(), bounds.size.width),
            Axis::Column => (place.y - bounds.top(), bounds.size.height),
        };
        let pixel = scaled(1.).to_pixels(window.rem_size());
        if self.grid.move_edge(way, edge, to / extent, extent / pixel) {
            // How much room they have comes back, too.
            cx.emit(EditorAreaEvent::TabsChanged);
            cx.notify();
        }
    }

    fn even_split(&mut self, way: &[usize], cx: &mut Context<Self>) {
        self.grid.even(way);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.notify();
    }
}

/// Whether each group has the width and the height that it needs.
#[derive(Clone, Copy)]
struct Fits {
    across: bool,
    down: bool,
}

/// The edge between two parts of a split is being dragged.
struct DraggedDivider {
    /// The way of places that leads to the split.
    way: Vec<usize>,
    /// The place of the part before the edge.
    edge: usize,
}

impl Render for DraggedDivider {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        Empty
    }
}

/// The line between two parts of a split, by which they are resized.
fn divider(axis: Axis, way: &[usize], edge: usize, cx: &mut Context<EditorArea>) -> AnyElement {
    let theme = cx.kiln_theme();
    let (border, accent) = (theme.border, theme.border_focused);
    let way = way.to_vec();
    let name = way
        .iter()
        .chain([&edge])
        .fold(SharedString::from("group-edge"), |name, place| {
            format!("{name}-{place}").into()
        });
    let handle = div()
        .id(name)
        .test_support()
        .role(Role::Splitter)
        .aria_label("Resize editor groups")
        .absolute()
        .occlude()
        .map(|this| match axis {
            Axis::Row => this.top_0().bottom_0().left(scaled(-4.)).w(scaled(5.)),
            Axis::Column => this.left_0().right_0().top(scaled(-4.)).h(scaled(5.)),
        })
        .cursor(match axis {
            Axis::Row => CursorStyle::ResizeColumn,
            Axis::Column => CursorStyle::ResizeRow,
        })
        .hover(move |style| style.bg(accent.opacity(0.4)))
        .tooltip(text_tooltip("Drag to resize, double-click to even out"))
        .on_drag(
            DraggedDivider {
                way: way.clone(),
                edge,
            },
            |dragged, _, _, cx| {
                cx.stop_propagation();
                let way = dragged.way.clone();
                let edge = dragged.edge;
                cx.new(|_| DraggedDivider { way, edge })
            },
        )
        .on_click(cx.listener(move |area, event: &ClickEvent, _, cx| {
            if event.click_count() == 2 {
                area.even_split(&way, cx);
            }
        }));
    let line = div().relative().flex_none().bg(border);
    let line = match axis {
        Axis::Row => line.w(px(1.)).h_full(),
        Axis::Column => line.h(px(1.)).w_full(),
    };
    // Over the part before it alone: the one behind is painted later.
    line.child(handle).into_any_element()
}
