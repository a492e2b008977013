use std::collections::VecDeque;
use std::ops::RangeFrom;

use super::{Node, NodeId};

/// The states of a history by their ids. These only grow, and what goes first is old: so they lie
/// in a row, and to add a state or to find the newest one costs O(1), any other O(log states).
pub(super) struct Nodes(VecDeque<(NodeId, Node)>);

impl Nodes {
    /// The states of a history in which nothing has happened.
    pub fn new(root: NodeId, node: Node) -> Self {
        Self(VecDeque::from([(root, node)]))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a state whose id is greater than all others.
    pub fn push(&mut self, id: NodeId, node: Node) {
        debug_assert!(self.0.back().is_none_or(|(last, _)| *last < id));
        self.0.push_back((id, node));
    }

    pub fn get(&self, id: NodeId) -> Option<&Node> {
        let (_, node) = self.0.get(self.find(id).ok()?)?;
        Some(node)
    }

    pub fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        let at = self.find(id).ok()?;
        let (_, node) = self.0.get_mut(at)?;
        Some(node)
    }

    pub fn contains(&self, id: NodeId) -> bool {
        self.find(id).is_ok()
    }

    pub fn remove(&mut self, id: NodeId) -> Option<Node> {
        let at = self.find(id).ok()?;
        let (_, node) = self.0.remove(at)?;
        Some(node)
    }

    /// The newest state that is older than `id`.
    pub fn before(&self, id: NodeId) -> Option<NodeId> {
        let (Ok(at) | Err(at)) = self.find(id);
        let (before, _) = self.0.get(at.checked_sub(1)?)?;
        Some(*before)
    }

    /// The states from an id on, oldest first.
    pub fn range(&self, from: RangeFrom<NodeId>) -> impl Iterator<Item = (NodeId, &Node)> {
        let (Ok(at) | Err(at)) = self.find(from.start);
        self.0.range(at..).map(|(id, node)| (*id, node))
    }

    /// All states, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.0.iter().map(|(id, node)| (*id, node))
    }

    /// Where a state lies, or would.
    fn find(&self, id: NodeId) -> Result<usize, usize> {
        match self.0.back() {
            Some((last, _)) if *last == id => Ok(self.0.len() - 1),
            Some((last, _)) if *last < id => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&id, |(id, _)| *id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(ids: &[u64]) -> Nodes {
        let mut nodes = Nodes::new(NodeId(ids[0]), Node::new(None, None, 0));
        for id in &ids[1..] {
            nodes.push(NodeId(*id), Node::new(Some(NodeId(0)), None, 1));
        }
        nodes
    }

    #[test]
    fn states_are_found_by_their_ids_also_where_some_are_gone() {
        let mut nodes = nodes(&[3, 4, 7, 9, 12]);
        assert!(nodes.remove(NodeId(7)).is_some());
        assert!(nodes.remove(NodeId(7)).is_none());
        let ids: Vec<u64> = nodes.iter().map(|(id, _)| id.0).collect();
        assert_eq!(ids, [3, 4, 9, 12]);
        assert_eq!(nodes.len(), 4);
        for id in 0..15 {
            assert_eq!(nodes.contains(NodeId(id)), ids.contains(&id), "{id}");
            assert_eq!(nodes.get(NodeId(id)).is_some(), ids.contains(&id), "{id}");
            let before = ids.iter().rfind(|other| **other < id).copied();
            assert_eq!(nodes.before(NodeId(id)).map(|id| id.0), before, "{id}");
            let from = ids.iter().filter(|other| **other >= id).copied();
            let found = nodes.range(NodeId(id)..).map(|(id, _)| id.0);
            assert!(found.eq(from), "{id}");
        }
    }
}
