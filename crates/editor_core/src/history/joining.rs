use super::{History, NodeId, Revision};

/// What the states of a history are called since it goes on from another.
#[derive(Debug, Clone, Copy)]
pub struct Joined {
    root: NodeId,
    joint: Revision,
    last_given: u64,
}

impl Joined {
    /// The revision that one from before is now.
    pub fn revision(&self, before: Revision) -> Revision {
        if before.node == self.root {
            self.joint
        } else {
            Revision {
                node: self.node(before.node),
                edits: before.edits,
            }
        }
    }

    fn node(&self, before: NodeId) -> NodeId {
        if before == self.root {
            self.joint.node
        } else {
            NodeId(self.last_given + (before.0 - self.root.0))
        }
    }
}

impl History {
    /// Makes this history go on from the current state of an older one, which must be the text
    /// that this one began from: the one kept by an earlier program, found after edits were made.
    /// `None`, and nothing is changed, where this history does not begin at `first` any more.
    pub fn go_on_from(&mut self, older: History, first: Revision) -> Option<Joined> {
        if first.node != self.root || self.revision_of(self.root) != first {
            return None;
        }
        self.close_group();
        let mut history = older;
        history.close_group();
        history.budget = self.budget;
        let joined = Joined {
            root: self.root,
            joint: history.revision(),
            last_given: history.last_given,
        };
        for (id, node) in self.nodes.iter() {
            if let (Some(parent), Some(step)) = (node.parent, &node.step) {
                let (id, parent) = (joined.node(id), joined.node(parent));
                history.insert(id, parent, Some(step.clone()), node.edits);
            }
        }
        for id in &self.turned {
            if let Some(next) = self.nodes.get(*id).and_then(|node| node.next) {
                history.turn_to(joined.node(next));
            }
        }
        let saved = self.saved.iter().map(|id| joined.node(*id));
        history.saved.extend(saved);
        history.last_given += self.last_given - self.root.0;
        history.current = joined.node(self.current);
        history.enforce_budget();
        *self = history;
        Some(joined)
    }
}
