//! Undo as a tree: what was done to a text, every way back, and every way that was left.

mod group;
mod group_changes;
mod joining;
mod log;
mod log_format;
mod log_reader;
mod moment;
mod nodes;
mod reversible;
mod state_at;
mod states;
mod taken_step;
mod text_hash;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use smallvec::SmallVec;

use crate::{ChangeSet, EditIntent, EditSession, Removed, Transaction};
use group::{OpenGroup, Step};
pub use joining::Joined;
pub use log::{LogBatch, LogCursor};
pub use log_reader::{LogError, SavedHistory};
pub use moment::{Moment, time_of_millis, time_to_millis};
use nodes::Nodes;
use reversible::Direction;
pub use state_at::StateAt;
use states::Leg;
pub use states::{HistoryStates, StateSummary};
pub use taken_step::TakenStep;
pub use text_hash::TextHash;

/// Edits of one intent that are no further apart than this are undone together.
pub const GROUP_PAUSE: Duration = Duration::from_millis(300);

/// What a history keeps by default, in bytes of memory.
const DEFAULT_BUDGET: usize = 64 * 1024 * 1024;

/// A history has at most this many states, however small they are.
const MAX_NODES: usize = 50_000;

/// Names a state of a text in the tree of its [`History`]: what a group of edits led to. Later
/// states have greater ids; an id is never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u64);

impl NodeId {
    /// The id as a number, to build element ids from and to be written down.
    pub fn as_u64(self) -> u64 {
        self.0
    }

    /// The id that was [a number](Self::as_u64); of a state that may not be there.
    pub fn of_u64(number: u64) -> Self {
        Self(number)
    }
}

/// A state of a text in its history. Two equal revisions of one history are the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision {
    node: NodeId,
    /// How many edits the group has that led there; one that goes on has more later.
    edits: u32,
}

impl Revision {
    /// The state in the tree; while its group of edits goes on, the text moves on with it.
    pub fn node(self) -> NodeId {
        self.node
    }
}

struct Node {
    /// `None` for the root alone.
    parent: Option<NodeId>,
    /// Oldest first.
    children: SmallVec<[NodeId; 1]>,
    /// The child that redo leads to: the one that was last made or gone to.
    next: Option<NodeId>,
    /// What leads here from the parent; `None` for the root, and for the group that is open.
    step: Option<Arc<Step>>,
    /// How many edits led here from the parent; known of the root too, once it had one. Of the
    /// group that is open, the group knows.
    edits: u32,
    /// When the last of them was made, where that is known; of the group that is open, the group
    /// knows.
    made_at: Option<SystemTime>,
}

impl Node {
    /// A state that nothing follows yet.
    fn new(parent: Option<NodeId>, step: Option<Arc<Step>>, edits: u32) -> Self {
        Self {
            made_at: step.as_ref().and_then(|step| step.made_at),
            parent,
            children: SmallVec::new(),
            next: None,
            step,
            edits,
        }
    }
}

/// What was done to one text: a tree of states. Undo goes to the parent, and an edit after undo
/// begins a branch, so that nothing that ever was there is lost.
///
/// Transactions of the same intent ([`EditIntent::Typing`], [`EditIntent::Deleting`]) within
/// [`GROUP_PAUSE`] of each other, with the carets where the last one left them, are one group and
/// are undone at once. Redo follows the branch that was last made or gone to.
/// [`History::earlier`] and [`History::later`] go through all states in the order in which they
/// were made, whatever branch they are on; [`History::other_branch`] goes to the end of another.
///
/// Memory is bounded: past the budget, or past 50,000 states, the oldest branch ends that are not
/// the current state go first, then the oldest steps towards it. The newest step is kept however
/// large. An edit costs O(log states + edit); a move costs what it undoes and does again.
///
/// To keep it on the disk see [`History::log`] and [`SavedHistory`].
pub struct History {
    nodes: Nodes,
    root: NodeId,
    current: NodeId,
    /// The group that the next edit may belong to; it led to `current`.
    open: Option<OpenGroup>,
    last_given: u64,
    /// Nodes without children.
    leaves: BTreeSet<NodeId>,
    /// Memory of all closed steps, in bytes.
    bytes: usize,
    budget: usize,
    /// Nodes whose redo may lead elsewhere than to their newest child.
    turned: BTreeSet<NodeId>,
    /// The states that were saved; some may be gone.
    saved: BTreeSet<NodeId>,
    /// The last step of the last move, where no edit came after it.
    taken: Option<(Arc<Step>, Direction)>,
    /// Tells the logs of this history from those of others.
    lineage: Arc<()>,
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl History {
    /// A history in which nothing has happened.
    pub fn new() -> Self {
        Self::with_root(NodeId(0))
    }

    fn with_root(root: NodeId) -> Self {
        Self {
            nodes: Nodes::new(root, Node::new(None, None, 0)),
            root,
            current: root,
            open: None,
            last_given: root.0,
            leaves: BTreeSet::from([root]),
            bytes: 0,
            budget: DEFAULT_BUDGET,
            turned: BTreeSet::new(),
            saved: BTreeSet::new(),
            taken: None,
            lineage: Arc::default(),
        }
    }

    /// Sets how much memory it may take, in bytes; 64 MiB unless set.
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.enforce_budget();
    }

    /// Records a transaction that is made at a moment, and what it
    /// [takes away](ChangeSet::removed). What could be redone becomes a branch of its own. A
    /// transaction that changes nothing is not recorded.
    pub fn push(&mut self, transaction: &Transaction, removed: &Removed, at: impl Into<Moment>) {
        if transaction.is_empty() {
            return;
        }
        self.taken = None;
        let at = at.into();
        if let Some(open) = &mut self.open
            && open.takes(transaction, at)
        {
            open.push(transaction, removed, at);
            return;
        }
        self.close_group();
        self.last_given += 1;
        let id = NodeId(self.last_given);
        self.insert(id, self.current, None, 1);
        self.open = Some(OpenGroup::new(transaction, removed, at));
        self.current = id;
        self.enforce_budget();
    }

    /// The transaction that takes the last group back, to be applied to the current text; `None`
    /// where there is nothing to undo.
    pub fn undo(&mut self) -> Option<Transaction> {
        self.go_to(self.nodes.get(self.current)?.parent?)
    }

    /// The transaction that does again what was undone last; `None` where there is nothing.
    pub fn redo(&mut self) -> Option<Transaction> {
        self.go_to(self.nodes.get(self.current)?.next?)
    }

    /// Whether something was undone that can be done again.
    pub fn can_redo(&self) -> bool {
        self.nodes
            .get(self.current)
            .is_some_and(|node| node.next.is_some())
    }

    /// The transaction that leads to the state made before this one, whatever branch that is on;
    /// `None` where this is the oldest.
    pub fn earlier(&mut self) -> Option<Transaction> {
        self.go_to(self.nodes.before(self.current)?)
    }

    /// The transaction that leads to the state made after this one, whatever branch that is on;
    /// `None` where this is the newest.
    pub fn later(&mut self) -> Option<Transaction> {
        let after = NodeId(self.current.0 + 1);
        let (id, _) = self.nodes.range(after..).next()?;
        self.go_to(id)
    }

    /// The transaction that leads to the end of another branch, from the nearest state at or above
    /// this one where the history forks: the branch that was begun before this one's, so that from the
    /// newest it is the one that was just left. Called again and again, it goes around them. `None`
    /// where there is one branch only.
    pub fn other_branch(&mut self) -> Option<Transaction> {
        let (mut at, mut below) = (self.current, None);
        let first = loop {
            let node = self.nodes.get(at)?;
            if node.children.len() > 1 {
                let here = below.or(node.next)?;
                let index = node.children.iter().position(|child| *child == here)?;
                break *node
                    .children
                    .get(index.checked_sub(1).unwrap_or(node.children.len() - 1))?;
            }
            below = Some(at);
            at = node.parent?;
        };
        let mut end = first;
        while let Some(next) = self.nodes.get(end)?.next {
            end = next;
        }
        self.go_to(end)
    }

    /// The transaction that leads to a state, through whatever lies between, as one change. Redo
    /// leads along that branch from now on. `None` where it is the current state or is not known.
    /// O(what is undone and redone).
    pub fn go_to(&mut self, target: NodeId) -> Option<Transaction> {
        self.close_group();
        if target == self.current || !self.nodes.contains(target) {
            return None;
        }
        let step = |id: NodeId| {
            let node = self.nodes.get(id)?;
            Some((node.step.clone()?, node.parent?))
        };
        let way = states::way(self.current, target, step)?;
        let changes = way.iter().map(Leg::changes).collect();
        let (first, last) = (way.first()?, way.last()?);
        let transaction = Transaction {
            changes: ChangeSet::compose_all(0, changes).ok()?,
            selections_before: match first.direction {
                Direction::Forward => first.step.selections_before.clone(),
                Direction::Backward => first.step.selections_after.clone(),
            },
            selections_after: match last.direction {
                Direction::Forward => last.step.selections_after.clone(),
                Direction::Backward => last.step.selections_before.clone(),
            },
            intent: EditIntent::Other,
        };
        self.taken = Some((last.step.clone(), last.direction));
        for leg in way {
            if leg.direction == Direction::Forward {
                self.turn_to(leg.id);
            }
        }
        self.current = target;
        Some(transaction)
    }

    /// Ends the open group: the next transaction begins a new one.
    pub fn break_group(&mut self) {
        self.close_group();
    }

    /// Takes note that the text of a state was saved, and ends the open group. A
    /// [session](crate::EditIntent::Session) goes on: it is undone at once, however often the text is
    /// saved in between.
    pub fn text_saved(&mut self, saved: Revision) {
        if self.contains(saved) {
            self.saved.insert(saved.node);
        }
        if self.session().is_none() {
            self.close_group();
        }
    }

    /// The session whose edits were the last, where it may go on.
    pub fn session(&self) -> Option<EditSession> {
        self.open.as_ref().and_then(OpenGroup::session)
    }

    /// The state that the text is in. It comes back when edits are undone, so that a saved
    /// revision tells whether the text is as saved; say so when it is ([`History::text_saved`]).
    pub fn revision(&self) -> Revision {
        self.revision_of(self.current)
    }

    /// Whether a state can be gone to. One that a group went on from, or that the budget has
    /// taken, cannot.
    pub fn contains(&self, revision: Revision) -> bool {
        self.nodes.contains(revision.node) && self.revision_of(revision.node) == revision
    }

    /// The revision of a state that no edit goes on in; `None` of one that is not there, or that the
    /// open group leads to.
    pub fn settled(&self, node: NodeId) -> Option<Revision> {
        let is_open = self.open.is_some() && node == self.current;
        (self.nodes.contains(node) && !is_open).then(|| self.revision_of(node))
    }

    fn revision_of(&self, node: NodeId) -> Revision {
        let edits = match &self.open {
            Some(open) if node == self.current => open.edits(),
            _ => self.nodes.get(node).map_or(0, |node| node.edits),
        };
        Revision { node, edits }
    }

    /// What leads to a node from its parent; of the open group as it is now.
    fn step(&self, id: NodeId) -> Option<Arc<Step>> {
        match &self.open {
            Some(open) if id == self.current => Some(Arc::new(open.step())),
            _ => self.nodes.get(id)?.step.clone(),
        }
    }

    /// Adds a state whose id is greater than all others.
    fn insert(&mut self, id: NodeId, parent: NodeId, step: Option<Arc<Step>>, edits: u32) {
        self.leaves.remove(&parent);
        self.turned.remove(&parent);
        self.leaves.insert(id);
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(id);
            parent.next = Some(id);
        }
        self.bytes += step.as_ref().map_or(0, |step| step.bytes());
        self.nodes.push(id, Node::new(Some(parent), step, edits));
    }

    fn close_group(&mut self) {
        if let Some(open) = self.open.take()
            && let Some(node) = self.nodes.get_mut(self.current)
        {
            let step = open.into_step();
            self.bytes += step.bytes();
            node.edits = step.edits;
            node.made_at = step.made_at;
            node.step = Some(Arc::new(step));
        }
    }

    /// Makes redo lead from a node's parent to it.
    fn turn_to(&mut self, id: NodeId) {
        let Some(parent_id) = self.nodes.get(id).and_then(|node| node.parent) else {
            return;
        };
        if let Some(parent) = self.nodes.get_mut(parent_id)
            && parent.next != Some(id)
        {
            parent.next = Some(id);
            self.turned.insert(parent_id);
        }
    }

    fn enforce_budget(&mut self) {
        while self.bytes > self.budget || self.nodes.len() > MAX_NODES {
            let mut oldest = self.leaves.iter();
            let leaf = oldest.find(|leaf| **leaf != self.current).copied();
            let dropped = match leaf {
                Some(leaf) => self.drop_leaf(leaf),
                None => self.drop_oldest_step(),
            };
            if !dropped {
                return;
            }
        }
    }

    fn drop_leaf(&mut self, id: NodeId) -> bool {
        let Some(node) = self.nodes.remove(id) else {
            return false;
        };
        self.bytes -= node.step.map_or(0, |step| step.bytes());
        self.leaves.remove(&id);
        self.turned.remove(&id);
        let Some(parent_id) = node.parent else {
            return false;
        };
        if let Some(parent) = self.nodes.get_mut(parent_id) {
            parent.children.retain(|child| *child != id);
            if parent.next == Some(id) {
                parent.next = parent.children.last().copied();
            }
            if parent.children.is_empty() {
                self.leaves.insert(parent_id);
            }
        }
        true
    }

    /// Makes the root's child the root, where it is the only one and not the newest step.
    fn drop_oldest_step(&mut self) -> bool {
        let Some(root) = self.nodes.get(self.root) else {
            return false;
        };
        let [child] = root.children[..] else {
            return false;
        };
        if child == self.current {
            return false;
        }
        self.nodes.remove(self.root);
        self.turned.remove(&self.root);
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = None;
            self.bytes -= node.step.take().map_or(0, |step| step.bytes());
        }
        self.root = child;
        true
    }
}
