//! How groups share the editor area: split side by side and below each other, as deep as there is room.

use serde::{Deserialize, Serialize};
use std::ops::Range;

use super::Side;

/// No split is deeper than this, so that nothing that walks it goes astray.
pub(crate) const MAX_DEPTH: usize = 16;
/// The least part of a split that a group has: dragging an edge takes no more of it.
const MIN_PART: f32 = 0.05;
/// The least width and height of a group, in pixels at zoom level 0, as long as the window has room
/// for as much of each.
const MIN_WIDTH: f32 = 160.;
const MIN_HEIGHT: f32 = 80.;

/// How the parts of a split lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Side by side, from left to right.
    Row,
    /// From top to bottom.
    Column,
}

/// A part of the editor area: one group, or several that share it.
///
/// A split has at least two parts, of which none is a split of the same axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Grid {
    /// A group: what tells it apart, or its place among those of a layout.
    Group(u64),
    /// Parts that share the room.
    Split {
        /// How they lie.
        axis: Axis,
        /// In their order.
        parts: Vec<Part>,
    },
}

/// A part of a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// How much room it has, as a part of the sum of all.
    pub share: f32,
    /// What stands in it.
    pub grid: Grid,
}

/// A place in the unit square.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// All of it.
const WHOLE: Area = Area {
    left: 0.,
    top: 0.,
    right: 1.,
    bottom: 1.,
};

impl Side {
    fn axis(self) -> Axis {
        match self {
            Self::Left | Self::Right => Axis::Row,
            Self::Above | Self::Below => Axis::Column,
        }
    }

    fn is_before(self) -> bool {
        matches!(self, Self::Left | Self::Above)
    }
}

impl Grid {
    /// The groups, each part from its first to its last.
    pub(crate) fn groups(&self) -> Vec<u64> {
        match self {
            Self::Group(id) => vec![*id],
            Self::Split { parts, .. } => parts.iter().flat_map(|part| part.grid.groups()).collect(),
        }
    }

    /// The same with other names for its groups.
    pub(crate) fn named(&self, name: &impl Fn(u64) -> u64) -> Self {
        match self {
            Self::Group(id) => Self::Group(name(*id)),
            Self::Split { axis, parts } => Self::Split {
                axis: *axis,
                parts: parts
                    .iter()
                    .map(|part| Part {
                        share: part.share,
                        grid: part.grid.named(name),
                    })
                    .collect(),
            },
        }
    }

    /// Columns side by side, as layouts of before have them: of each group, in its order, whether it
    /// stands below the one before it. `None` where there is no group.
    pub(crate) fn columns(below: &[bool]) -> Option<Self> {
        let mut columns: Vec<Vec<u64>> = Vec::new();
        for (place, below) in below.iter().enumerate() {
            match columns.last_mut() {
                Some(column) if *below => column.push(place as u64),
                _ => columns.push(vec![place as u64]),
            }
        }
        let columns = columns.into_iter().map(|column| {
            let groups = column.into_iter().map(Self::Group);
            Self::of(Axis::Column, groups.collect())
        });
        let columns: Option<Vec<_>> = columns.collect();
        Self::of(Axis::Row, columns?)
    }

    /// Parts that have as much room each.
    fn of(axis: Axis, grids: Vec<Self>) -> Option<Self> {
        let parts = grids.into_iter().map(|grid| Part { share: 1., grid });
        let mut parts: Vec<_> = parts.collect();
        match parts.len() {
            0 | 1 => parts.pop().map(|part| part.grid),
            _ => Some(Self::Split { axis, parts }),
        }
    }

    /// Whether it is one that this file makes: of layouts that come from a file.
    pub(crate) fn is_sane(&self) -> bool {
        self.is_sane_in(None, 0)
    }

    fn is_sane_in(&self, around: Option<Axis>, depth: usize) -> bool {
        match self {
            Self::Group(_) => true,
            Self::Split { axis, parts } => {
                let room =
                    |part: &Part| part.share.is_finite() && (1e-12..=1e6).contains(&part.share);
                let sane = |part: &Part| room(part) && part.grid.is_sane_in(Some(*axis), depth + 1);
                depth < MAX_DEPTH
                    && parts.len() > 1
                    && around != Some(*axis)
                    && parts.iter().all(sane)
            }
        }
    }

    /// How many splits lie around a group; `None` where it is not there.
    fn depth_of(&self, group: u64) -> Option<usize> {
        match self {
            Self::Group(id) => (*id == group).then_some(0),
            Self::Split { parts, .. } => {
                let mut inside = parts.iter().filter_map(|part| part.grid.depth_of(group));
                inside.next().map(|depth| depth + 1)
            }
        }
    }

    /// Puts a new group on a side of another one. Of parts that have as much room each, the new one has
    /// as much; else it takes half of its neighbour's. Where the splits are too deep, or there is no
    /// such group, it comes behind all others.
    pub(crate) fn split(&mut self, group: u64, side: Side, new: u64) {
        let is_known = self.depth_of(group).is_some_and(|depth| depth < MAX_DEPTH);
        if !is_known || !self.split_in(group, side, new) {
            self.put_behind(new);
        }
    }

    /// Puts a new group on a side of all others. Of parts that have as much room each, it has as much;
    /// else it takes half of its neighbour's.
    pub(crate) fn split_around(&mut self, side: Side, new: u64) {
        let is_before = side.is_before();
        match self {
            Self::Split { axis, parts } if *axis == side.axis() => {
                let beside = if is_before { 0 } else { parts.len() - 1 };
                insert(parts, beside, is_before, new);
            }
            _ if self.depth() < MAX_DEPTH => {
                let whole = std::mem::replace(self, Self::Group(new));
                *self = pair(side.axis(), whole, Self::Group(new), is_before);
            }
            _ => self.put_behind(new),
        }
    }

    /// How many splits lie in each other.
    fn depth(&self) -> usize {
        match self {
            Self::Group(_) => 0,
            Self::Split { parts, .. } => {
                let inside = parts.iter().map(|part| part.grid.depth());
                1 + inside.max().unwrap_or(0)
            }
        }
    }

    /// The least extent along an axis with which each group has the room that it needs, in pixels at
    /// zoom level 0.
    pub(crate) fn least(&self, along: Axis) -> f32 {
        match self {
            Self::Group(_) => match along {
                Axis::Row => MIN_WIDTH,
                Axis::Column => MIN_HEIGHT,
            },
            Self::Split { axis, parts } => {
                let inside = parts.iter().map(|part| part.grid.least(along));
                match *axis == along {
                    true => inside.sum(),
                    false => inside.fold(0., f32::max),
                }
            }
        }
    }

    /// Where a group lies in the whole, in parts of its width and height: left, top, width and height.
    pub(crate) fn place_of(&self, group: u64) -> Option<[f32; 4]> {
        let mut areas = Vec::new();
        self.areas(WHOLE, &mut areas);
        let (_, area) = areas.into_iter().find(|(id, _)| *id == group)?;
        let (width, height) = (area.right - area.left, area.bottom - area.top);
        Some([area.left, area.top, width, height].map(|part| part as f32))
    }

    /// Gives a group more room along an axis, or less, in the innermost split that lies so: by a part
    /// of the extent of the whole, which `extent` is in pixels at zoom level 0. What stands behind it
    /// gives it, or before the last one. Whether that changed anything.
    pub(crate) fn resize(&mut self, group: u64, axis: Axis, by: f32, extent: f32) -> bool {
        let Some((way, place, part)) = self.way_to(group, axis) else {
            return false;
        };
        let Some(Self::Split { parts, .. }) = self.at_mut(&way) else {
            return false;
        };
        let sum: f32 = parts.iter().map(|part| part.share).sum();
        let before: f32 = parts[..place].iter().map(|part| part.share).sum();
        let by = by / part;
        let (edge, to) = if place + 1 < parts.len() {
            (place, (before + parts[place].share) / sum + by)
        } else {
            (place - 1, before / sum - by)
        };
        self.move_edge(&way, edge, to, extent * part)
    }

    /// The innermost split along an axis that a group lies in: the way to it, the group's place in it,
    /// and its part of the extent of the whole.
    fn way_to(&self, group: u64, along: Axis) -> Option<(Vec<usize>, usize, f32)> {
        let Self::Split { axis, parts } = self else {
            return None;
        };
        let place = parts
            .iter()
            .position(|part| part.grid.depth_of(group).is_some())?;
        let own = match *axis == along {
            true => parts[place].share / parts.iter().map(|part| part.share).sum::<f32>(),
            false => 1.,
        };
        if let Some((mut way, inner, part)) = parts[place].grid.way_to(group, along) {
            way.insert(0, place);
            return Some((way, inner, part * own));
        }
        (*axis == along).then_some((Vec::new(), place, 1.))
    }

    /// Puts a group behind all others.
    fn put_behind(&mut self, new: u64) {
        if let Self::Split { parts, .. } = self {
            insert(parts, parts.len() - 1, false, new);
        } else {
            let whole = std::mem::replace(self, Self::Group(new));
            *self = pair(Axis::Row, whole, Self::Group(new), false);
        }
    }

    fn split_in(&mut self, group: u64, side: Side, new: u64) -> bool {
        match self {
            Self::Group(id) if *id == group => {
                *self = pair(
                    side.axis(),
                    Self::Group(group),
                    Self::Group(new),
                    side.is_before(),
                );
                true
            }
            Self::Group(_) => false,
            Self::Split { axis, parts } => {
                let own = parts
                    .iter()
                    .position(|part| part.grid == Self::Group(group));
                if let Some(place) = own.filter(|_| *axis == side.axis()) {
                    insert(parts, place, side.is_before(), new);
                    return true;
                }
                let mut parts = parts.iter_mut();
                parts.any(|part| part.grid.split_in(group, side, new))
            }
        }
    }

    /// Takes a group out; what shared the room with it gets it. The last one stays.
    pub(crate) fn remove(&mut self, group: u64) {
        let Self::Split { axis, parts } = self else {
            return;
        };
        parts.retain(|part| part.grid != Self::Group(group));
        for part in parts.iter_mut() {
            part.grid.remove(group);
        }
        // A part that lies as this one does is none of its own any more.
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts.drain(..) {
            match part.grid {
                Self::Split {
                    axis: inner,
                    parts: inside,
                } if inner == *axis => {
                    let sum: f32 = inside.iter().map(|part| part.share).sum();
                    flat.extend(inside.into_iter().map(|inner| Part {
                        share: inner.share / sum * part.share,
                        grid: inner.grid,
                    }));
                }
                _ => flat.push(part),
            }
        }
        *parts = flat;
        if let [_] = parts.as_slice()
            && let Some(Part { grid, .. }) = parts.pop()
        {
            *self = grid;
        }
    }

    /// The split that a way of places leads to.
    fn at_mut(&mut self, way: &[usize]) -> Option<&mut Self> {
        let Some((first, rest)) = way.split_first() else {
            return Some(self);
        };
        match self {
            Self::Group(_) => None,
            Self::Split { parts, .. } => parts.get_mut(*first)?.grid.at_mut(rest),
        }
    }

    /// Moves the edge behind a part of a split to a place, as a part of the split's room, which
    /// `extent` is in pixels at zoom level 0; the other edges stay. Neither part gets less than its
    /// groups need, where there is room. Whether that changed anything.
    pub(crate) fn move_edge(&mut self, way: &[usize], edge: usize, to: f32, extent: f32) -> bool {
        let Some(Self::Split { axis, parts }) = self.at_mut(way) else {
            return false;
        };
        if edge + 1 >= parts.len() || !to.is_finite() {
            return false;
        }
        let axis = *axis;
        let sum: f32 = parts.iter().map(|part| part.share).sum();
        let before: f32 = parts[..edge].iter().map(|part| part.share).sum();
        let both = parts[edge].share + parts[edge + 1].share;
        let least = |part: &Part| {
            let needed = part.grid.least(axis) / extent * sum;
            needed.max(MIN_PART * sum).min(both / 2.)
        };
        let (first, second) = (least(&parts[edge]), least(&parts[edge + 1]));
        let share = (to * sum - before).clamp(first, both - second);
        let changed = parts[edge].share != share;
        parts[edge].share = share;
        parts[edge + 1].share = both - share;
        changed
    }

    /// Gives the parts of a split as much room each.
    pub(crate) fn even(&mut self, way: &[usize]) {
        if let Some(Self::Split { parts, .. }) = self.at_mut(way) {
            for part in parts {
                part.share = 1.;
            }
        }
    }

    /// Gives the parts of all splits as much room each.
    pub(crate) fn even_all(&mut self) {
        self.even(&[]);
        if let Self::Split { parts, .. } = self {
            for part in parts {
                part.grid.even_all();
            }
        }
    }

    /// The group on a side of another one: of those that touch its edge, the one at the height or width
    /// of its middle.
    pub(crate) fn neighbour(&self, group: u64, side: Side) -> Option<u64> {
        let mut areas = Vec::new();
        self.areas(WHOLE, &mut areas);
        let (_, own) = areas.iter().find(|(id, _)| *id == group)?;
        let middle = match side.axis() {
            Axis::Row => (own.top + own.bottom) / 2.,
            Axis::Column => (own.left + own.right) / 2.,
        };
        const TOUCHING: f64 = 1e-9;
        let touches = |other: &Area| {
            let (edge, opposite) = match side {
                Side::Left => (own.left, other.right),
                Side::Right => (own.right, other.left),
                Side::Above => (own.top, other.bottom),
                Side::Below => (own.bottom, other.top),
            };
            let along: Range<f64> = match side.axis() {
                Axis::Row => other.top..other.bottom,
                Axis::Column => other.left..other.right,
            };
            (edge - opposite).abs() < TOUCHING
                && along.start - TOUCHING < middle
                && middle < along.end + TOUCHING
        };
        let mut others = areas.iter().filter(|(id, _)| *id != group);
        others.find(|(_, area)| touches(area)).map(|(id, _)| *id)
    }

    /// Where each group lies in an area.
    fn areas(&self, area: Area, all: &mut Vec<(u64, Area)>) {
        match self {
            Self::Group(id) => all.push((*id, area)),
            Self::Split { axis, parts } => {
                let shares = parts.iter().map(|part| f64::from(part.share));
                let sum: f64 = shares.sum();
                let mut before = 0.;
                for part in parts {
                    let from = before / sum;
                    before += f64::from(part.share);
                    let to = before / sum;
                    let (width, height) = (area.right - area.left, area.bottom - area.top);
                    let inner = match axis {
                        Axis::Row => Area {
                            left: area.left + width * from,
                            right: area.left + width * to,
                            ..area
                        },
                        Axis::Column => Area {
                            top: area.top + height * from,
                            bottom: area.top + height * to,
                            ..area
                        },
                    };
                    part.grid.areas(inner, all);
                }
            }
        }
    }
}

/// Two parts that have as much room each; the second one comes first where it is `before`.
fn pair(axis: Axis, one: Grid, other: Grid, before: bool) -> Grid {
    let mut parts = vec![
        Part {
            share: 1.,
            grid: one,
        },
        Part {
            share: 1.,
            grid: other,
        },
    ];
    if before {
        parts.reverse();
    }
    Grid::Split { axis, parts }
}

/// Puts a new group beside a part.
fn insert(parts: &mut Vec<Part>, place: usize, before: bool, new: u64) {
    let share = parts[place].share;
    let is_even = parts
        .iter()
        .all(|part| (part.share - share).abs() < share * 0.01);
    let share = match is_even {
        true => share,
        false => share / 2.,
    };
    parts[place].share = share;
    let part = Part {
        share,
        grid: Grid::Group(new),
    };
    parts.insert(place + usize::from(!before), part);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An area in which every group has the room that it needs.
    const HUGE: f32 = 100_000.;

    /// Groups beside each other are parted by `|`, those below each other by `/`.
    fn written(grid: &Grid) -> String {
        match grid {
            Grid::Group(id) => id.to_string(),
            Grid::Split { axis, parts } => {
                let sign = match axis {
                    Axis::Row => " | ",
                    Axis::Column => " / ",
                };
                let parts: Vec<_> = parts.iter().map(|part| written(&part.grid)).collect();
                format!("({})", parts.join(sign))
            }
        }
    }

    fn split(steps: &[(u64, Side)]) -> Grid {
        let mut grid = Grid::Group(0);
        for (new, (group, side)) in (1..).zip(steps) {
            grid.split(*group, *side, new);
        }
        grid
    }

    #[test]
    fn a_group_is_split_within_its_own_place_however_deep() {
        let grid = split(&[
            (0, Side::Right),
            (1, Side::Below),
            (2, Side::Right),
            (3, Side::Above),
            (0, Side::Left),
        ]);
        assert_eq!(written(&grid), "(5 | 0 | (1 / (2 | (4 / 3))))");
        assert_eq!(grid.groups(), [5, 0, 1, 2, 4, 3]);
        assert!(grid.is_sane());
    }

    #[test]
    fn what_is_taken_out_leaves_its_room_to_the_others() {
        let mut grid = split(&[(0, Side::Right), (1, Side::Below), (2, Side::Right)]);
        assert_eq!(written(&grid), "(0 | (1 / (2 | 3)))");
        grid.remove(1);
        // What lies as the split around it is a part of that.
        assert_eq!(written(&grid), "(0 | 2 | 3)");
        let shares = |grid: &Grid| match grid {
            Grid::Split { parts, .. } => parts.iter().map(|part| part.share).collect(),
            Grid::Group(_) => Vec::new(),
        };
        assert_eq!(shares(&grid), [1., 0.5, 0.5]);
        grid.remove(9);
        grid.remove(0);
        assert_eq!(written(&grid), "(2 | 3)");
        grid.remove(3);
        grid.remove(2);
        assert_eq!(grid, Grid::Group(2), "the last one stays");
    }

    #[test]
    fn the_group_on_a_side_is_the_one_at_about_the_same_height() {
        // Columns of two, one and three groups.
        let below = [false, true, false, false, true, true];
        let grid = Grid::columns(&below).unwrap();
        assert_eq!(written(&grid), "((0 / 1) | 2 | (3 / 4 / 5))");
        let at = |group, side| grid.neighbour(group, side);
        assert_eq!(at(0, Side::Below), Some(1));
        assert_eq!(at(1, Side::Below), None, "the next one is another column's");
        assert_eq!(at(1, Side::Above), Some(0));
        assert_eq!(at(2, Side::Above), None);
        assert_eq!([0, 1].map(|group| at(group, Side::Right)), [Some(2); 2]);
        assert_eq!(at(0, Side::Left), None);
        // Where an edge lies in the middle, the one above it.
        assert_eq!(at(2, Side::Left), Some(0));
        assert_eq!(at(2, Side::Right), Some(4));
        assert_eq!([3, 4, 5].map(|group| at(group, Side::Left)), [Some(2); 3]);
        assert_eq!(at(5, Side::Right), None);
        let nested = split(&[(0, Side::Right), (1, Side::Below), (2, Side::Right)]);
        assert_eq!(written(&nested), "(0 | (1 / (2 | 3)))");
        assert_eq!(nested.neighbour(3, Side::Left), Some(2));
        assert_eq!(nested.neighbour(2, Side::Left), Some(0));
        assert_eq!(nested.neighbour(3, Side::Above), Some(1));
        assert_eq!(nested.neighbour(1, Side::Below), Some(2));
        assert_eq!(nested.neighbour(7, Side::Below), None);
    }

    #[test]
    fn an_edge_moves_between_its_two_parts_alone() {
        let mut grid = split(&[(0, Side::Right), (1, Side::Right), (2, Side::Below)]);
        assert_eq!(written(&grid), "(0 | 1 | (2 / 3))");
        assert!(grid.move_edge(&[], 0, 0.5, HUGE));
        let rights = |grid: &Grid| {
            let mut all = Vec::new();
            let whole = Area {
                left: 0.,
                top: 0.,
                right: 1.,
                bottom: 1.,
            };
            grid.areas(whole, &mut all);
            let rounded = |it: f64| (it * 1000.).round() / 1000.;
            all.into_iter()
                .map(|(_, area)| (rounded(area.right), rounded(area.bottom)))
                .collect::<Vec<_>>()
        };
        assert_eq!(rights(&grid), [(0.5, 1.), (0.667, 1.), (1., 0.5), (1., 1.)]);
        // Neither gets less than a little room.
        assert!(grid.move_edge(&[], 0, 2., HUGE));
        assert!((rights(&grid)[0].0 - 0.617).abs() < 0.002, "{grid:?}");
        assert!(grid.move_edge(&[2], 0, 0.25, HUGE));
        assert_eq!(rights(&grid)[2], (1., 0.25));
        // There is no such edge.
        for (way, edge) in [(vec![], 2), (vec![0], 0), (vec![2, 0], 0), (vec![9], 0)] {
            assert!(!grid.move_edge(&way, edge, 0.5, HUGE));
        }
        assert!(!grid.move_edge(&[], 0, f32::NAN, HUGE));
        grid.even_all();
        assert_eq!(rights(&grid)[0].0, 0.333);
        assert_eq!(rights(&grid)[2].1, 0.5);
    }

    #[test]
    fn a_new_group_has_as_much_room_as_others_where_they_have_as_much_each() {
        let mut grid = split(&[(0, Side::Right), (1, Side::Right)]);
        let shares = |grid: &Grid| match grid {
            Grid::Split { parts, .. } => parts.iter().map(|part| part.share).collect::<Vec<_>>(),
            Grid::Group(_) => Vec::new(),
        };
        assert_eq!(shares(&grid), [1.; 3]);
        grid.move_edge(&[], 0, 0.5, HUGE);
        grid.split(0, Side::Left, 7);
        assert_eq!(shares(&grid), [0.75, 0.75, 0.5, 1.]);
    }

    #[test]
    fn what_a_file_says_is_a_grid_only_where_it_could_have_been_made() {
        let read = |text: &str| serde_json::from_str::<Grid>(text).unwrap();
        let grid = split(&[(0, Side::Right), (1, Side::Below)]);
        let text = serde_json::to_string(&grid).unwrap();
        assert_eq!(read(&text), grid);
        assert!(grid.is_sane());
        for wrong in [
            r#"{"axis": "row", "parts": []}"#,
            r#"{"axis": "row", "parts": [{"share": 1, "grid": 0}]}"#,
            r#"{"axis": "row", "parts": [{"share": -1, "grid": 0}, {"share": 1, "grid": 1}]}"#,
            r#"{"axis": "row", "parts": [{"share": 1, "grid": 0}, {"share": 1, "grid":
                {"axis": "row", "parts": [{"share": 1, "grid": 1}, {"share": 1, "grid": 2}]}}]}"#,
        ] {
            assert!(!read(wrong).is_sane(), "{wrong}");
        }
        let mut deep = Grid::Group(0);
        for (new, side) in (1..200).zip([Side::Right, Side::Below].into_iter().cycle()) {
            deep.split(new - 1, side, new);
        }
        assert!(deep.is_sane(), "splits do not get too deep");
        assert_eq!(deep.groups().len(), 200);
    }

    #[test]
    fn whatever_is_split_and_taken_out_groups_fill_the_area_and_none_is_lost() {
        let mut seed = 7u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        for _ in 0..300 {
            let mut grid = Grid::Group(0);
            let mut known = vec![0];
            for new in 1..30 {
                if random(3) == 0 && known.len() > 1 {
                    let gone = known.remove(random(known.len()));
                    grid.remove(gone);
                } else {
                    let group = known[random(known.len())];
                    let side = [Side::Left, Side::Right, Side::Above, Side::Below][random(4)];
                    grid.split(group, side, new);
                    known.push(new);
                    grid.move_edge(&[], random(3), random(100) as f32 / 100., HUGE);
                }
                let mut groups = grid.groups();
                groups.sort_unstable();
                assert_eq!(groups, known);
                assert!(grid.is_sane(), "{grid:?}");
                let mut areas = Vec::new();
                let whole = Area {
                    left: 0.,
                    top: 0.,
                    right: 1.,
                    bottom: 1.,
                };
                grid.areas(whole, &mut areas);
                let room = |area: &Area| (area.right - area.left) * (area.bottom - area.top);
                let sum: f64 = areas.iter().map(|(_, area)| room(area)).sum();
                assert!((sum - 1.).abs() < 1e-3, "{sum}");
                for (group, _) in &areas {
                    for (side, back) in [(Side::Left, Side::Right), (Side::Above, Side::Below)] {
                        let other = grid.neighbour(*group, side);
                        let is_there =
                            other.is_none_or(|other| grid.neighbour(other, back).is_some());
                        assert!(is_there, "{grid:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_edge_leaves_each_side_the_room_that_it_needs() {
        let mut grid = split(&[(0, Side::Right), (1, Side::Below), (1, Side::Right)]);
        assert_eq!(written(&grid), "(0 | ((1 | 3) / 2))");
        let width = |grid: &Grid, group| (grid.place_of(group).unwrap()[2] * 1000.).round();
        assert_eq!(grid.least(Axis::Row), 3. * MIN_WIDTH);
        assert_eq!(grid.least(Axis::Column), 2. * MIN_HEIGHT);
        grid.move_edge(&[], 0, 0.9, 1000.);
        assert_eq!(width(&grid, 2), 2. * MIN_WIDTH, "both groups above");
        grid.move_edge(&[], 0, 0.1, 1000.);
        assert_eq!(width(&grid, 0), MIN_WIDTH);
        // Where there is no room for that, each side keeps a half.
        grid.move_edge(&[], 0, 0.9, 100.);
        assert_eq!(width(&grid, 0), 500.);
    }

    #[test]
    fn a_group_gets_more_room_from_what_stands_behind_it_or_before_the_last() {
        let mut grid = split(&[(0, Side::Right), (1, Side::Below), (2, Side::Right)]);
        assert_eq!(written(&grid), "(0 | (1 / (2 | 3)))");
        let places = |grid: &Grid| {
            [0, 1, 2, 3].map(|id| {
                let [_, _, width, height] = grid.place_of(id).unwrap();
                [width, height].map(|part| (part * 100.).round())
            })
        };
        assert!(grid.resize(0, Axis::Row, 0.1, HUGE));
        assert_eq!(
            places(&grid),
            [[60., 100.], [40., 50.], [20., 50.], [20., 50.]]
        );
        // In the innermost split, by as much of the whole.
        assert!(grid.resize(3, Axis::Row, 0.1, HUGE));
        assert_eq!(places(&grid)[2..], [[10., 50.], [30., 50.]]);
        assert!(grid.resize(1, Axis::Column, -0.2, HUGE));
        assert_eq!(places(&grid)[1..3], [[40., 30.], [10., 70.]]);
        assert!(!grid.resize(0, Axis::Column, 0.1, HUGE), "it has all");
        assert!(!Grid::Group(0).resize(0, Axis::Row, 0.1, HUGE));
    }

    #[test]
    fn a_group_comes_on_a_side_of_all_others() {
        let mut grid = split(&[(0, Side::Right)]);
        grid.split_around(Side::Below, 2);
        assert_eq!(written(&grid), "((0 | 1) / 2)");
        grid.split_around(Side::Above, 3);
        assert_eq!(written(&grid), "(3 / (0 | 1) / 2)");
        grid.split_around(Side::Left, 4);
        assert_eq!(written(&grid), "(4 | (3 / (0 | 1) / 2))");
        let sides = [Side::Right, Side::Below].into_iter().cycle();
        for (new, side) in (5..200).zip(sides) {
            grid.split_around(side, new);
            assert!(grid.is_sane(), "{new}");
        }
        assert_eq!(grid.groups().len(), 200);
    }
}
