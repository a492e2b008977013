use std::collections::BTreeSet;
use std::sync::Arc;

use super::group::Step;
use super::log_format::{HEADER, Position, write_position, write_step};
use super::{History, NodeId, TextHash};
use crate::Text;

/// What a log has of a history already, so that the next batch holds only what came after.
#[derive(Debug, Clone)]
pub struct LogCursor {
    lineage: Arc<()>,
    /// Every step up to this state is in the log, as it will stay.
    written: NodeId,
}

/// A history, or what was added to it, on its way to bytes. Taking one costs a pointer a step;
/// encode it on another thread.
#[derive(Debug, Clone)]
pub struct LogBatch {
    whole: bool,
    /// State, parent, and what leads there; parents first.
    steps: Vec<(NodeId, NodeId, Arc<Step>)>,
    root: NodeId,
    current: NodeId,
    edits: u32,
    last_given: u64,
    turns: Vec<NodeId>,
    text: Text,
    cursor: LogCursor,
}

impl History {
    /// All of the history, for a log of its own. `text` is the text as it is now.
    pub fn log(&self, text: &Text) -> LogBatch {
        self.batch(true, NodeId(0), text)
    }

    /// What was added since a batch, to be appended to the log that has it; all of the history,
    /// for a log of its own ([`LogBatch::is_whole`]), where the cursor is of another history.
    /// O(steps since then).
    pub fn log_since(&self, cursor: &LogCursor, text: &Text) -> LogBatch {
        if Arc::ptr_eq(&cursor.lineage, &self.lineage) {
            self.batch(false, cursor.written, text)
        } else {
            self.log(text)
        }
    }

    fn batch(&self, whole: bool, written: NodeId, text: &Text) -> LogBatch {
        let from = if whole {
            self.root
        } else {
            NodeId(written.0 + 1)
        };
        let steps = self.nodes.range(from..).filter_map(|(id, node)| {
            let step = self.step(id)?;
            Some((id, node.parent?, step))
        });
        let turns = self.turned.iter().filter_map(|id| {
            let node = self.nodes.get(*id)?;
            node.next.filter(|next| node.children.last() != Some(next))
        });
        // The open group goes on, so it is written again.
        let written = match self.open {
            Some(_) => self.current.0 - 1,
            None => self.last_given,
        };
        LogBatch {
            whole,
            steps: steps.collect(),
            root: self.root,
            current: self.current,
            edits: self.revision().edits,
            last_given: self.last_given,
            turns: turns.collect(),
            text: text.clone(),
            cursor: LogCursor {
                lineage: self.lineage.clone(),
                written: NodeId(written),
            },
        }
    }
}

impl LogBatch {
    /// Whether it begins a log, and replaces what is there.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether there is nothing that could be undone or redone in it.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Where the log stands once it has this batch.
    pub fn cursor(&self) -> &LogCursor {
        &self.cursor
    }

    /// The bytes, about `max_bytes` at most for a whole history: the way to the current state
    /// comes first, its end before its start, then what redo leads to, then older branches. What
    /// is added to a log is not cut. Hashes the text: O(text + steps).
    pub fn encode(&self, max_bytes: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut root = self.root;
        if self.whole {
            out.extend_from_slice(HEADER);
            let kept;
            (root, kept) = self.fitting(max_bytes);
            for (id, parent, step) in &self.steps {
                if kept.contains(id) {
                    write_step(&mut out, *id, *parent, step);
                }
            }
        } else {
            for (id, parent, step) in &self.steps {
                write_step(&mut out, *id, *parent, step);
            }
        }
        let position = Position {
            root,
            current: self.current,
            edits: self.edits,
            last_given: self.last_given,
            turns: self.turns.clone(),
            text: TextHash::of(&self.text),
        };
        write_position(&mut out, &position);
        out
    }

    /// The steps that fit, and the state that they begin from.
    fn fitting(&self, max_bytes: usize) -> (NodeId, BTreeSet<NodeId>) {
        let mut room = max_bytes;
        let mut fits = |step: &Step| match room.checked_sub(step.bytes()) {
            Some(rest) => {
                room = rest;
                true
            }
            None => false,
        };
        let mut kept = BTreeSet::new();
        let mut root = self.current;
        // Parents come first, so one pass from the back follows the way up.
        for (id, parent, step) in self.steps.iter().rev() {
            if *id == root {
                if !fits(step) {
                    break;
                }
                kept.insert(*id);
                root = *parent;
            }
        }
        let mut below = BTreeSet::from([self.current]);
        for (id, parent, step) in &self.steps {
            if below.contains(parent) && fits(step) {
                kept.insert(*id);
                below.insert(*id);
            }
        }
        for (id, parent, step) in &self.steps {
            let reached = *parent == root || kept.contains(parent);
            if reached && !kept.contains(id) && fits(step) {
                kept.insert(*id);
            }
        }
        (root, kept)
    }
}
