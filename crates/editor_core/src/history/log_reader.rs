use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::group::Step;
use super::log_format::{HEADER, Position, Record, read_record};
use super::reversible::Direction;
use super::{History, MAX_NODES, NodeId, TextHash};
use crate::{Selection, Selections, Text};

/// A log may tell of this many states that the text was in when a batch was written; of more, the
/// oldest are forgotten.
const MAX_POSITIONS: usize = 1024;

/// Why a saved history was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The bytes do not begin as a history of this version does.
    #[error("this is not an undo history that this version can read")]
    Format,
    /// No batch of it was written whole.
    #[error("the undo history was cut short before anything of use")]
    Empty,
}

/// A history that was read from bytes, not yet joined with its text.
#[derive(Debug)]
pub struct SavedHistory {
    steps: BTreeMap<NodeId, (NodeId, Step)>,
    /// Oldest first, at least one.
    positions: VecDeque<Position>,
    /// The end of the last batch that was read.
    read: usize,
}

impl SavedHistory {
    /// Reads what [`LogBatch::encode`](crate::LogBatch::encode) wrote. Where the end was cut or
    /// damaged, what was whole before it is read; memory is bounded by the length of `bytes`.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn read(bytes: &[u8]) -> Result<Self, LogError> {
        let mut rest = bytes.strip_prefix(HEADER).ok_or(LogError::Format)?;
        let mut saved = Self {
            steps: BTreeMap::new(),
            positions: VecDeque::new(),
            read: 0,
        };
        let mut batch = Vec::new();
        while let Some(record) = read_record(&mut rest) {
            match record {
                Record::Step { id, parent, step } => {
                    if saved.steps.len() + batch.len() >= MAX_NODES {
                        break;
                    }
                    batch.push((id, (parent, step)));
                }
                Record::Position(position) => {
                    saved.steps.extend(batch.drain(..));
                    if saved.positions.len() == MAX_POSITIONS {
                        saved.positions.pop_front();
                    }
                    saved.positions.push_back(position);
                    saved.read = bytes.len() - rest.len();
                }
            }
        }
        if saved.positions.is_empty() {
            return Err(LogError::Empty);
        }
        Ok(saved)
    }

    /// How many bytes were read whole. Cut the log there before anything is appended to it.
    pub fn bytes_read(&self) -> usize {
        self.read
    }

    /// The hash of the text that the last batch was written with.
    pub fn text_hash(&self) -> Option<TextHash> {
        self.positions.back().map(|position| position.text)
    }

    /// The history, in the state where it had this text; `None` where it never had it. Every step
    /// is checked against the text that it is to change, and one that does not fit is left out
    /// with what lies behind it. O(text + steps).
    pub fn restore(mut self, text: &Text) -> Option<History> {
        let hash = TextHash::of(text);
        let here = self.positions.iter().rev().find(|position| {
            let step = self.steps.get(&position.current);
            position.text == hash
                // The group that led here may have gone on since.
                && step.is_none_or(|(_, step)| step.edits == position.edits)
        })?;
        let current = here.current;
        let last = self.positions.back()?.clone();

        let mut kept = BTreeMap::new();
        let mut todo = vec![(current, text.clone())];
        let mut root = current;
        let mut at = text.clone();
        // A parent is always older than its child, in a sound log; so this ends.
        while root != last.root
            && let Some((parent, mut step)) = self.steps.remove(&root)
        {
            let Some(before) = (parent < root)
                .then(|| step.change.check_and_apply(&at, Direction::Backward))
                .flatten()
            else {
                break;
            };
            clamp(&mut step, &before, &at);
            kept.insert(root, (parent, step));
            root = parent;
            todo.push((root, before.clone()));
            at = before;
        }
        let mut children: BTreeMap<NodeId, Vec<(NodeId, Step)>> = BTreeMap::new();
        for (id, (parent, step)) in self.steps {
            if parent < id {
                children.entry(parent).or_default().push((id, step));
            }
        }
        while let Some((parent, before)) = todo.pop() {
            for (id, mut step) in children.remove(&parent).unwrap_or_default() {
                if let Some(after) = step.change.check_and_apply(&before, Direction::Forward) {
                    clamp(&mut step, &before, &after);
                    kept.insert(id, (parent, step));
                    todo.push((id, after));
                }
            }
        }

        let mut history = History::with_root(root);
        if let Some(position) = self.positions.iter().find(|one| one.current == root)
            && let Some(node) = history.nodes.get_mut(root)
        {
            node.edits = position.edits;
        }
        for (id, (parent, step)) in kept {
            let edits = step.edits;
            history.insert(id, parent, Some(Arc::new(step)), edits);
            history.last_given = history.last_given.max(id.0);
        }
        for child in last.turns {
            history.turn_to(child);
        }
        history.last_given = history.last_given.max(last.last_given);
        history.current = current;
        // A position is written at each save.
        let positions = self.positions.iter();
        history.saved = positions.map(|one| one.current).collect();
        history.enforce_budget();
        Some(history)
    }
}

/// Puts the carets of a step inside its texts, between characters.
fn clamp(step: &mut Step, before: &Text, after: &Text) {
    let inside = |selections: &Selections, text: &Text| {
        let place = |one: &Selection| {
            Selection::new(
                text.floor_char_boundary(one.anchor),
                text.floor_char_boundary(one.head),
            )
        };
        Selections::new(
            selections.iter().map(place).collect(),
            selections.primary_index(),
        )
    };
    step.selections_before = inside(&step.selections_before, before);
    step.selections_after = inside(&step.selections_after, after);
}
