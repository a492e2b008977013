//! The groups on the sides of a group: going there, taking a tab there, and splitting where a tab is
//! dropped.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Bounds, Context, Div, DragMoveEvent, EntityId, Pixels, Point, Role,
    SharedString, Window, div, relative,
};
use ui::tokens::scaled;
use ui::{ActiveKilnTheme as _, Severity, notify};

use super::splitting::NO_ROOM;
use super::{EditorArea, EditorAreaEvent};
use crate::editor_group::{DraggedTab, EditorGroup, same_document};

/// A side of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// To the left of it.
    Left,
    /// To the right of it.
    Right,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// Where a tab that is dropped on what a group shows goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DropZone {
    /// Into a new group on that side.
    Beside(Side),
    /// Into a new group on that side of all groups.
    Around(Side),
    /// Into the group.
    Middle,
}

/// The group over which a tab is dragged, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DropTarget {
    group: u64,
    zone: DropZone,
}

/// The part of the width or height, at each edge, in which a drop splits.
const EDGE: f32 = 0.2;
/// How far from an edge of all groups, in pixels at zoom level 0, a drop splits all of them.
const RIM: f32 = 24.;

/// How far a place within some bounds is from each edge, in pixels.
fn distances(place: Point<Pixels>, bounds: Bounds<Pixels>) -> [(Pixels, Side); 4] {
    [
        (place.x - bounds.left(), Side::Left),
        (bounds.right() - place.x, Side::Right),
        (place.y - bounds.top(), Side::Above),
        (bounds.bottom() - place.y, Side::Below),
    ]
}

impl DropZone {
    /// The zone of a place within some bounds: the nearest edge, unless all are far.
    fn at(place: Point<Pixels>, bounds: Bounds<Pixels>) -> Self {
        let across = (place.x - bounds.left()) / bounds.size.width;
        let down = (place.y - bounds.top()) / bounds.size.height;
        let sides = [
            (across, Side::Left),
            (1. - across, Side::Right),
            (down, Side::Above),
            (1. - down, Side::Below),
        ];
        let nearest = sides.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((distance, side)) if distance < EDGE => Self::Beside(side),
            _ => Self::Middle,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Around(Side::Left) => "Drop to the left of all groups",
            Self::Around(Side::Right) => "Drop to the right of all groups",
            Self::Around(Side::Above) => "Drop above all groups",
            Self::Around(Side::Below) => "Drop below all groups",
            Self::Beside(Side::Left) => "Drop to split left",
            Self::Beside(Side::Right) => "Drop to split right",
            Self::Beside(Side::Above) => "Drop to split above",
            Self::Beside(Side::Below) => "Drop to split below",
            Self::Middle => "Drop to move into this group",
        }
    }
}

impl EditorArea {
    /// Goes to the group on a side of the active one, where there is one.
    pub fn focus_side(&mut self, side: Side, window: &mut Window, cx: &mut Context<Self>) {
        let beside = self.grid.neighbour(self.groups[self.active].id, side);
        if let Some(group) = beside.and_then(|id| self.place_of_group(id)) {
            self.activate(group, self.groups[group].active, window, cx);
        }
    }

    /// Goes some groups on (or back), in their order, and from the last to the first.
    pub fn focus_group_by(&mut self, by: isize, window: &mut Window, cx: &mut Context<Self>) {
        let next = (self.active as isize + by).rem_euclid(self.groups.len() as isize) as usize;
        self.activate(next, self.groups[next].active, window, cx);
    }

    /// Takes the active tab to the next group; behind the last one, into a new one to the right of it
    /// where other tabs stay.
    pub fn move_to_next_group(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let from = self.active;
        let Some(item) = self.active_item().map(|item| item.item_id()) else {
            return;
        };
        let mut to = from + 1;
        if to == self.groups.len() {
            if self.groups[from].tabs.len() < 2 {
                return;
            }
            let beside = self.groups[from].id;
            if !self.has_room(|grid, new| grid.split(beside, Side::Right, new), window) {
                return notify(Severity::Info, NO_ROOM, window, cx);
            }
            to = self.insert_group(from, Side::Right, cx);
        }
        self.move_tab(item, to, window, cx);
    }

    /// Takes the active tab to the group before.
    pub fn move_to_previous_group(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let item = self.active_item().map(|item| item.item_id());
        if let (Some(item), Some(to)) = (item, self.active.checked_sub(1)) {
            self.move_tab(item, to, window, cx);
        }
    }

    /// Brings the tabs of all groups into the active one, behind its own.
    pub fn join_groups(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let target = self.groups[self.active].id;
        let front = self.active_item().map(|item| item.item_id());
        let others = self.groups.iter().filter(|group| group.id != target);
        let items: Vec<EntityId> = others
            .flat_map(|group| &group.tabs)
            .map(|tab| tab.item.item_id())
            .collect();
        for item in items {
            let Some(to) = self.groups.iter().position(|group| group.id == target) else {
                return;
            };
            self.put_last(item, to, window, cx);
        }
        if let Some((group, tab)) = front.and_then(|front| self.place(front)) {
            self.activate(group, tab, window, cx);
        }
    }

    /// Takes a tab behind all others of a group.
    fn put_last(&mut self, item: EntityId, to: usize, window: &mut Window, cx: &mut Context<Self>) {
        self.move_tab(item, to, window, cx);
        if let Some((group, tab)) = self.place(item) {
            let end = self.groups[group].tabs.len();
            self.groups[group].reorder(tab, end);
        }
    }

    /// Takes a tab to another group, in front there. Where that shows the same document, its own tab
    /// comes to the front, and the one that was to be moved goes.
    pub(super) fn move_tab(
        &mut self,
        item: EntityId,
        to: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((from, tab)) = self.place(item).filter(|(from, _)| *from != to) else {
            return;
        };
        let moved = self.groups[from].tabs[tab].item.as_ref();
        let twin = self.groups[to]
            .tabs
            .iter()
            .position(|tab| same_document(tab.item.as_ref(), moved, cx));
        self.active = to;
        if let Some(twin) = twin {
            self.groups[to].activate(twin);
            self.remove_items(&[item], window, cx);
        } else if let Some(mut tab) = self.groups[from].remove(tab) {
            // Its new group may have a preview of its own.
            tab.is_preview = false;
            self.groups[to].insert(tab);
        }
        self.drop_empty_groups();
        self.focus_active(window, cx);
        cx.emit(EditorAreaEvent::TabsChanged);
        cx.emit(EditorAreaEvent::ActiveChanged);
        cx.notify();
    }

    /// The place of a group among all.
    pub(super) fn place_of_group(&self, id: u64) -> Option<usize> {
        self.groups.iter().position(|group| group.id == id)
    }

    /// Puts an empty group on a side of another one, and gives its place among the groups.
    pub(super) fn insert_group(
        &mut self,
        beside: usize,
        side: Side,
        cx: &mut Context<Self>,
    ) -> usize {
        let made = self.make_group(cx);
        self.grid.split(self.groups[beside].id, side, made.id);
        self.take_in(made)
    }

    fn make_group(&mut self, cx: &mut Context<Self>) -> EditorGroup {
        let made = EditorGroup::new(self.next_group, cx);
        self.next_group += 1;
        made
    }

    /// Takes in a group that the grid has already, and gives its place among the groups, which stand
    /// in the order of the grid.
    fn take_in(&mut self, made: EditorGroup) -> usize {
        let order = self.grid.groups();
        let place = order.iter().position(|id| *id == made.id);
        let place = place.unwrap_or(self.groups.len()).min(self.groups.len());
        self.groups.insert(place, made);
        place
    }

    /// Whether dropping a tab on a zone of a group changes anything.
    fn takes_tab(&self, dragged: &DraggedTab, target: DropTarget) -> bool {
        let own = self.groups.iter().find(|group| group.id == dragged.group);
        own.is_some_and(|own| match target.zone {
            // It may leave its group, or all of that goes to another place.
            DropZone::Around(_) => self.groups.len() > 1,
            DropZone::Beside(_) => own.id != target.group || own.tabs.len() > 1,
            DropZone::Middle => own.id != target.group,
        })
    }

    /// The side of all groups at whose edge a place in what a group shows is, where there are several.
    fn rim_at(
        &self,
        group: u64,
        place: Point<Pixels>,
        bounds: Bounds<Pixels>,
        window: &Window,
    ) -> Option<Side> {
        if self.groups.len() < 2 {
            return None;
        }
        let rim = scaled(RIM).to_pixels(window.rem_size());
        let near = distances(place, bounds)
            .into_iter()
            .filter(|(distance, _)| *distance < rim)
            .filter(|(_, side)| self.grid.neighbour(group, *side).is_none());
        let nearest = near.min_by(|a, b| f32::from(a.0).total_cmp(&f32::from(b.0)));
        nearest.map(|(_, side)| side)
    }

    fn tab_dragged(
        &mut self,
        group: u64,
        event: &DragMoveEvent<DraggedTab>,
        window: &Window,
        cx: &mut Context<Self>,
    ) {
        let place = event.event.position;
        let target = event.bounds.contains(&place).then(|| DropTarget {
            group,
            zone: self
                .rim_at(group, place, event.bounds, window)
                .map_or_else(|| DropZone::at(place, event.bounds), DropZone::Around),
        });
        let target = target.filter(|target| self.takes_tab(event.drag(cx), *target));
        let was_here = self.drop_target.is_some_and(|known| known.group == group);
        if (target.is_some() || was_here) && self.drop_target != target {
            self.drop_target = target;
            cx.notify();
        }
    }

    /// A tab was dropped on what a group shows.
    fn tab_dropped(&mut self, dragged: &DraggedTab, window: &mut Window, cx: &mut Context<Self>) {
        let Some(DropTarget { group, zone }) = self.drop_target.take() else {
            return;
        };
        cx.notify();
        let place = |groups: &[EditorGroup]| groups.iter().position(|known| known.id == group);
        let Some(target) = place(&self.groups).filter(|_| self.place(dragged.item).is_some())
        else {
            return;
        };
        let has_room = match zone {
            DropZone::Middle => true,
            DropZone::Beside(side) => {
                self.has_room(|grid, new| grid.split(group, side, new), window)
            }
            DropZone::Around(side) => {
                self.has_room(|grid, new| grid.split_around(side, new), window)
            }
        };
        if !has_room {
            return notify(Severity::Info, NO_ROOM, window, cx);
        }
        let to = match zone {
            DropZone::Middle => target,
            DropZone::Beside(side) => self.insert_group(target, side, cx),
            DropZone::Around(side) => {
                let made = self.make_group(cx);
                self.grid.split_around(side, made.id);
                self.take_in(made)
            }
        };
        self.move_tab(dragged.item, to, window, cx);
    }

    /// Lets what a group shows take tabs that are dragged over it.
    pub(super) fn takes_tabs(content: Div, group: u64, cx: &mut Context<Self>) -> Div {
        content
            .on_drag_move(cx.listener(move |area, event, window, cx| {
                area.tab_dragged(group, event, window, cx);
            }))
            .on_drop(cx.listener(|area, dragged: &DraggedTab, window, cx| {
                area.tab_dropped(dragged, window, cx);
            }))
    }

    /// What shows where a tab that is dragged over a group goes.
    pub(super) fn drop_preview(&self, group: u64, cx: &Context<Self>) -> Option<AnyElement> {
        let target = self.drop_target.filter(|target| target.group == group)?;
        let half = relative(0.5);
        let shown = drop_zone(target.zone, cx);
        let shown = match target.zone {
            DropZone::Middle => shown.inset_0(),
            DropZone::Beside(Side::Left) => shown.top_0().bottom_0().left_0().w(half),
            DropZone::Beside(Side::Right) => shown.top_0().bottom_0().right_0().w(half),
            DropZone::Beside(Side::Above) => shown.top_0().left_0().right_0().h(half),
            DropZone::Beside(Side::Below) => shown.bottom_0().left_0().right_0().h(half),
            DropZone::Around(_) => return None,
        };
        Some(shown.into_any_element())
    }

    /// What shows where a tab goes that is dragged to an edge of all groups.
    pub(super) fn drop_preview_around(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let DropTarget { zone, .. } = self.drop_target?;
        let DropZone::Around(side) = zone else {
            return None;
        };
        let mut grid = self.grid.clone();
        grid.split_around(side, self.next_group);
        let [left, top, width, height] = grid.place_of(self.next_group)?.map(relative);
        let shown = drop_zone(zone, cx).left(left).top(top).w(width).h(height);
        Some(shown.into_any_element())
    }
}

fn drop_zone(zone: DropZone, cx: &App) -> impl Styled + IntoElement + use<> {
    let theme = cx.kiln_theme();
    div()
        .id("tab-drop-zone")
        .test_support()
        .role(Role::Status)
        .aria_label(SharedString::from(zone.label()))
        .absolute()
        .bg(theme.accent.opacity(0.16))
        .border_1()
        .border_color(theme.accent)
}

#[cfg(test)]
mod tests {
    use gpui_kit::{point, px, size};

    use super::*;

    #[test]
    fn a_drop_near_an_edge_splits_there() {
        let bounds = Bounds::new(point(px(100.), px(50.)), size(px(1000.), px(500.)));
        let zone = |x: f32, y: f32| DropZone::at(point(px(x), px(y)), bounds);
        assert_eq!(zone(600., 300.), DropZone::Middle);
        assert_eq!(zone(310., 300.), DropZone::Middle);
        assert_eq!(zone(290., 300.), DropZone::Beside(Side::Left));
        assert_eq!(zone(910., 300.), DropZone::Beside(Side::Right));
        assert_eq!(zone(600., 140.), DropZone::Beside(Side::Above));
        assert_eq!(zone(600., 460.), DropZone::Beside(Side::Below));
        // In a corner the edge that is relatively nearer.
        assert_eq!(zone(140., 100.), DropZone::Beside(Side::Left));
        assert_eq!(zone(250., 60.), DropZone::Beside(Side::Above));
    }
}
