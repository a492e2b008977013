//! The tree of a history as lanes beside a list of its states, the newest first.

use std::collections::HashSet;

use editor_core::NodeId;

/// So many lanes are told apart; branches beyond share the last one.
const MAX_LANES: usize = 8;

/// What is drawn beside one row. Lanes count from 0 at the left; a set of them is a bit a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct GraphRow {
    /// Where the state itself stands.
    pub lane: usize,
    /// Lanes that pass by.
    pub through: u8,
    /// Lanes that come from above and end at the state: the ways to what was made from it.
    pub joins: u8,
    /// Whether a line goes on down, to what it was made from.
    pub goes_down: bool,
    /// Whether the state is the current one, or on the way to or from it: on no other branch.
    pub is_here: bool,
    /// Lanes of those that pass by or come from above whose states are not on another branch.
    pub here: u8,
}

/// A line on its way down from a state.
#[derive(Debug, Clone, Copy, Default)]
struct Lane {
    /// The state that it leads to; `None` of one that has ended.
    leads_to: Option<NodeId>,
    is_here: bool,
    /// The first row in which the lane may begin anew: below a row in which it stands empty, so that
    /// what begins there does not look like what ended above it.
    free_from: usize,
}

impl GraphRow {
    /// How many lanes the row needs.
    pub fn lanes(self) -> usize {
        let used = self.through | self.joins | 1 << self.lane;
        (u8::BITS - used.leading_zeros()) as usize
    }
}

/// The rows of states that are given with their parents, the newest first.
pub(super) fn rows(states: &[(NodeId, Option<NodeId>)], current: NodeId) -> Vec<GraphRow> {
    let here = not_on_another_branch(states, current);
    let mut lanes: Vec<Lane> = Vec::new();
    let mut rows = Vec::new();
    for (number, (id, parent)) in states.iter().copied().enumerate() {
        let bit = |lane: usize| 1u8 << lane.min(MAX_LANES - 1);
        let mut row = GraphRow {
            goes_down: parent.is_some(),
            is_here: here.contains(&id),
            ..GraphRow::default()
        };
        let mut own = None;
        for (index, lane) in lanes.iter_mut().enumerate() {
            if lane.is_here && lane.leads_to.is_some() {
                row.here |= bit(index);
            }
            if lane.leads_to == Some(id) {
                row.joins |= bit(index);
                lane.leads_to = None;
                lane.free_from = number + 2;
                own.get_or_insert(index);
            } else if lane.leads_to.is_some() {
                row.through |= bit(index);
            }
        }
        let is_free = |lane: &Lane| lane.leads_to.is_none() && lane.free_from <= number;
        let own = own
            .or_else(|| lanes.iter().position(is_free))
            .unwrap_or(lanes.len());
        if own == lanes.len() {
            lanes.push(Lane::default());
        }
        (lanes[own].leads_to, lanes[own].is_here) = (parent, row.is_here);
        row.lane = own.min(MAX_LANES - 1);
        rows.push(row);
    }
    rows
}

/// The current state, those that it was made from, and those made from it.
fn not_on_another_branch(states: &[(NodeId, Option<NodeId>)], current: NodeId) -> HashSet<NodeId> {
    let mut here = HashSet::from([current]);
    // A state is older than what was made from it.
    for (id, parent) in states.iter().rev() {
        if parent.is_some_and(|parent| here.contains(&parent)) {
            here.insert(*id);
        }
    }
    let mut above = Some(current);
    for (id, parent) in states {
        if Some(*id) == above {
            here.insert(*id);
            above = *parent;
        }
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As text: `o` is the state, `|` passes by, `/` comes from above to its end, `.` is free.
    fn drawn(parents: &[(u64, Option<u64>)]) -> Vec<String> {
        let states = states(parents);
        let draw = |row: GraphRow| {
            let lanes = (0..row.lanes()).map(|lane| match () {
                () if lane == row.lane => 'o',
                () if row.joins & 1 << lane != 0 => '/',
                () if row.through & 1 << lane != 0 => '|',
                () => '.',
            });
            lanes.collect()
        };
        let newest = states[0].0;
        rows(&states, newest).into_iter().map(draw).collect()
    }

    fn states(parents: &[(u64, Option<u64>)]) -> Vec<(NodeId, Option<NodeId>)> {
        let states = parents.iter();
        states
            .map(|(id, parent)| (NodeId::of_u64(*id), parent.map(NodeId::of_u64)))
            .collect()
    }

    #[test]
    fn a_branch_has_a_lane_of_its_own_down_to_where_it_forks() {
        let tree = [
            (5, Some(4)),
            (4, Some(1)),
            (3, Some(2)),
            (2, Some(1)),
            (1, Some(0)),
            (0, None),
        ];
        assert_eq!(drawn(&tree), ["o", "o", "|o", "|o", "o/", "o"]);
    }

    #[test]
    fn a_branch_does_not_begin_right_below_another_that_ended() {
        let mut tree = vec![
            (4, Some(2)),
            (3, Some(2)),
            (2, Some(0)),
            (1, Some(0)),
            (0, None),
        ];
        assert_eq!(drawn(&tree), ["o", "|o", "o/", "|.o", "o./"]);
        // Further down the lane is used again.
        tree.splice(2..3, [(2, Some(10)), (10, Some(0))]);
        assert_eq!(drawn(&tree), ["o", "|o", "o/", "o", "|o", "o/"]);
    }

    #[test]
    fn the_way_to_and_from_the_current_state_is_told_from_other_branches() {
        let tree = states(&[
            (5, Some(2)),
            (4, Some(3)),
            (3, Some(1)),
            (2, Some(1)),
            (1, Some(0)),
            (0, None),
        ]);
        let here = |current: u64| -> Vec<u64> {
            let rows = rows(&tree, NodeId::of_u64(current));
            let rows = rows.iter().zip(&tree).filter(|(row, _)| row.is_here);
            rows.map(|(_, (id, _))| id.as_u64()).collect()
        };
        assert_eq!(here(2), [5, 2, 1, 0]);
        assert_eq!(here(4), [4, 3, 1, 0]);
        assert_eq!(here(1), [5, 4, 3, 2, 1, 0]);
        // The line of the branch itself, beside which the other passes.
        let rows = rows(&tree, NodeId::of_u64(4));
        let passing: Vec<u8> = rows.iter().map(|row| row.here).collect();
        assert_eq!(passing, [0, 0, 0b10, 0b10, 0b10, 0b1]);
    }

    #[test]
    fn branches_without_number_share_the_last_lane() {
        let many: Vec<_> = (1..100)
            .rev()
            .map(|id| (id, Some(0)))
            .chain([(0, None)])
            .collect();
        let drawn = drawn(&many);
        assert_eq!(drawn[98], "|||||||o");
        assert_eq!(drawn[99], "o///////");
    }
}
