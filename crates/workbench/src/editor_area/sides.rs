//! The groups on the sides of a group: going there, taking a tab there, and splitting where a tab is
//! dropped.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, Bounds, Context, Div, DragMoveEvent, EntityId, Pixels, Point, Role, SharedString,
    Window, div, relative,
};
use ui::ActiveKilnTheme as _;

use super::{EditorArea, EditorAreaEvent};
use crate::editor_group::{DraggedTab, EditorGroup, same_document};

/// A side of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The column to the left.
    Left,
    /// The column to the right.
    Right,
    /// Higher in the same column.
    Above,
    /// Lower in the same column.
    Below,
}

/// Where a tab that is dropped on what a group shows goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DropZone {
    /// Into a new group on that side.
    Beside(Side),
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
            Self::Beside(Side::Left) => "Drop to split left",
            Self::Beside(Side::Right) => "Drop to split right",
            Self::Beside(Side::Above) => "Drop to split above",
            Self::Beside(Side::Below) => "Drop to split below",
            Self::Middle => "Drop to move into this group",
        }
    }
}

/// The group on a side of another one: in the next column the one at about the same height. Of each
/// group, whether it stands below the one before it.
fn neighbour(below: &[bool], group: usize, side: Side) -> Option<usize> {
    let starts: Vec<usize> = (0..below.len())
        .filter(|at| *at == 0 || !below[*at])
        .collect();
    let column = starts.iter().rposition(|start| *start <= group)?;
    let range = |column: usize| {
        let start = *starts.get(column)?;
        Some(start..starts.get(column + 1).copied().unwrap_or(below.len()))
    };
    let own = range(column)?;
    let place = group - own.start;
    let at_height = |column: usize| {
        let other = range(column)?;
        Some(other.start + place * other.len() / own.len())
    };
    match side {
        Side::Above => (place > 0).then(|| group - 1),
        Side::Below => (group + 1 < own.end).then_some(group + 1),
        Side::Left => at_height(column.checked_sub(1)?),
        Side::Right => at_height(column + 1),
    }
}

impl EditorArea {
    fn below(&self) -> Vec<bool> {
        self.groups.iter().map(|group| group.below).collect()
    }

    /// Goes to the group on a side of the active one, where there is one.
    pub fn focus_side(&mut self, side: Side, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(group) = neighbour(&self.below(), self.active, side) {
            self.activate(group, self.groups[group].active, window, cx);
        }
    }

    /// Goes some groups on (or back), column by column, and from the last to the first.
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
            to = self.insert_group(to, false, cx);
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

    /// Puts an empty group at a place among the groups, and gives that place.
    pub(super) fn insert_group(
        &mut self,
        place: usize,
        below: bool,
        cx: &mut Context<Self>,
    ) -> usize {
        let mut made = EditorGroup::new(self.next_group, cx);
        made.below = below;
        self.groups.insert(place, made);
        self.next_group += 1;
        place
    }

    /// Where the column that a group stands in ends.
    pub(super) fn column_end(&self, group: usize) -> usize {
        let mut later = self.groups.iter().enumerate().skip(group + 1);
        let next = later.find(|(_, other)| !other.below);
        next.map_or(self.groups.len(), |(place, _)| place)
    }

    /// Whether dropping a tab on a zone of a group changes anything.
    fn takes_tab(&self, dragged: &DraggedTab, target: DropTarget) -> bool {
        let own = self.groups.iter().find(|group| group.id == dragged.group);
        own.is_some_and(|own| {
            let stays = own.id == target.group;
            !stays || (own.tabs.len() > 1 && target.zone != DropZone::Middle)
        })
    }

    fn tab_dragged(
        &mut self,
        group: u64,
        event: &DragMoveEvent<DraggedTab>,
        cx: &mut Context<Self>,
    ) {
        let place = event.event.position;
        let target = event.bounds.contains(&place).then(|| DropTarget {
            group,
            zone: DropZone::at(place, event.bounds),
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
        let to = match zone {
            DropZone::Middle => target,
            DropZone::Beside(Side::Left) => {
                let column = (0..=target).rev().find(|at| !self.groups[*at].below);
                self.insert_group(column.unwrap_or(0), false, cx)
            }
            DropZone::Beside(Side::Right) => self.insert_group(self.column_end(target), false, cx),
            DropZone::Beside(Side::Above) => {
                let below = std::mem::replace(&mut self.groups[target].below, true);
                self.insert_group(target, below, cx)
            }
            DropZone::Beside(Side::Below) => self.insert_group(target + 1, true, cx),
        };
        self.move_tab(dragged.item, to, window, cx);
    }

    /// Lets what a group shows take tabs that are dragged over it.
    pub(super) fn takes_tabs(content: Div, group: u64, cx: &mut Context<Self>) -> Div {
        content
            .on_drag_move(cx.listener(move |area, event, _, cx| {
                area.tab_dragged(group, event, cx);
            }))
            .on_drop(cx.listener(|area, dragged: &DraggedTab, window, cx| {
                area.tab_dropped(dragged, window, cx);
            }))
    }

    /// What shows where a tab that is dragged over a group goes.
    pub(super) fn drop_preview(&self, group: u64, cx: &Context<Self>) -> Option<AnyElement> {
        let target = self.drop_target.filter(|target| target.group == group)?;
        let theme = cx.kiln_theme();
        let shown = div()
            .id("tab-drop-zone")
            .test_support()
            .role(Role::Status)
            .aria_label(SharedString::from(target.zone.label()))
            .absolute()
            .bg(theme.accent.opacity(0.16))
            .border_1()
            .border_color(theme.accent);
        let half = relative(0.5);
        let shown = match target.zone {
            DropZone::Middle => shown.inset_0(),
            DropZone::Beside(Side::Left) => shown.top_0().bottom_0().left_0().w(half),
            DropZone::Beside(Side::Right) => shown.top_0().bottom_0().right_0().w(half),
            DropZone::Beside(Side::Above) => shown.top_0().left_0().right_0().h(half),
            DropZone::Beside(Side::Below) => shown.bottom_0().left_0().right_0().h(half),
        };
        Some(shown.into_any_element())
    }
}

#[cfg(test)]
mod tests {
    use gpui_kit::{point, px, size};

    use super::*;

    #[test]
    fn the_group_on_a_side_is_the_one_at_about_the_same_height() {
        // Columns of two, one and three groups.
        let below = [false, true, false, false, true, true];
        let at = |group, side| neighbour(&below, group, side);
        assert_eq!(at(0, Side::Below), Some(1));
        assert_eq!(at(1, Side::Below), None, "the next one is another column's");
        assert_eq!(at(1, Side::Above), Some(0));
        assert_eq!(at(2, Side::Above), None);
        assert_eq!([0, 1].map(|group| at(group, Side::Right)), [Some(2); 2]);
        assert_eq!(at(0, Side::Left), None);
        assert_eq!(at(2, Side::Left), Some(0));
        assert_eq!(at(2, Side::Right), Some(3));
        assert_eq!([3, 4, 5].map(|group| at(group, Side::Left)), [Some(2); 3]);
        assert_eq!(at(5, Side::Right), None);
        let below = [false, true, false, true];
        assert_eq!(neighbour(&below, 1, Side::Right), Some(3));
        assert_eq!(neighbour(&below, 3, Side::Left), Some(1));
        assert_eq!(neighbour(&[false], 0, Side::Right), None);
    }

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
