//! The tree of a history as lanes beside a list of its states, the newest first.

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
}

impl GraphRow {
    /// How many lanes the row needs.
    pub fn lanes(self) -> usize {
        let used = self.through | self.joins | 1 << self.lane;
        (u8::BITS - used.leading_zeros()) as usize
    }
}

/// The rows of states that are given with their parents, the newest first.
pub(super) fn rows(states: impl Iterator<Item = (NodeId, Option<NodeId>)>) -> Vec<GraphRow> {
    // What each lane leads down to.
    let mut lanes: Vec<Option<NodeId>> = Vec::new();
    let mut rows = Vec::new();
    for (id, parent) in states {
        let bit = |lane: usize| 1u8 << lane.min(MAX_LANES - 1);
        let mut row = GraphRow {
            goes_down: parent.is_some(),
            ..GraphRow::default()
        };
        let mut own = None;
        for (lane, leads_to) in lanes.iter_mut().enumerate() {
            if *leads_to == Some(id) {
                row.joins |= bit(lane);
                *leads_to = None;
                own.get_or_insert(lane);
            } else if leads_to.is_some() {
                row.through |= bit(lane);
            }
        }
        let own = own
            .or_else(|| lanes.iter().position(Option::is_none))
            .unwrap_or(lanes.len());
        if own == lanes.len() {
            lanes.push(None);
        }
        lanes[own] = parent;
        row.lane = own.min(MAX_LANES - 1);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As text: `o` is the state, `|` passes by, `/` comes from above to its end, `.` is free.
    fn drawn(parents: &[(u64, Option<u64>)]) -> Vec<String> {
        let states = parents
            .iter()
            .map(|(id, parent)| (NodeId::of_u64(*id), parent.map(NodeId::of_u64)));
        let draw = |row: GraphRow| {
            let lanes = (0..row.lanes()).map(|lane| match () {
                () if lane == row.lane => 'o',
                () if row.joins & 1 << lane != 0 => '/',
                () if row.through & 1 << lane != 0 => '|',
                () => '.',
            });
            lanes.collect()
        };
        rows(states).into_iter().map(draw).collect()
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
        // A lane that has ended is used again.
        let tree = [
            (4, Some(2)),
            (3, Some(2)),
            (2, Some(0)),
            (1, Some(0)),
            (0, None),
        ];
        assert_eq!(drawn(&tree), ["o", "|o", "o/", "|o", "o/"]);
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
