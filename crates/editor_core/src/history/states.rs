use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use super::group::Step;
use super::reversible::Direction;
use super::{History, NodeId};
use crate::indentation::indent_range;
use crate::{ChangeSet, Text, same_text};

/// Of the line that a state is told by, at most so many bytes are kept.
const MAX_LINE: usize = 200;

/// All states of a history as they are at a moment, to be looked at elsewhere: taking them costs a
/// pointer a state.
pub struct HistoryStates {
    nodes: BTreeMap<NodeId, State>,
    current: NodeId,
}

struct State {
    parent: Option<NodeId>,
    /// What leads here from the parent; `None` for the root alone.
    step: Option<Arc<Step>>,
    made_at: Option<SystemTime>,
}

/// Whether more states are to be told of.
enum Goes {
    On,
    NoFurther,
}

/// What there is to tell of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSummary {
    /// Its name.
    pub id: NodeId,
    /// The state that it was made from; `None` of the oldest one.
    pub parent: Option<NodeId>,
    /// When its last edit was made, where that is known.
    pub made_at: Option<SystemTime>,
    /// Lines that are new or other than in the parent.
    pub added: usize,
    /// Lines of the parent that are gone or other.
    pub removed: usize,
    /// The first line that changed, from 0, in this state's text.
    pub row: usize,
    /// That line without the blanks around it, or the parent's where lines are only gone; the
    /// beginning of a long one.
    pub line: String,
}

impl History {
    /// The states as they are now.
    pub fn states(&self) -> HistoryStates {
        let nodes = self.nodes.iter().map(|(id, node)| {
            let state = State {
                parent: node.parent,
                step: node.parent.and_then(|_| self.step(id)),
                made_at: self.made_at(id),
            };
            (id, state)
        });
        HistoryStates {
            nodes: nodes.collect(),
            current: self.current,
        }
    }

    /// When the last edit was made that led to a state, where that is known.
    pub(super) fn made_at(&self, id: NodeId) -> Option<SystemTime> {
        match &self.open {
            Some(open) if id == self.current => open.made_at(),
            _ => self.nodes.get(id)?.made_at,
        }
    }
}

impl HistoryStates {
    /// The state that the text was in.
    pub fn current(&self) -> NodeId {
        self.current
    }

    /// What there is to tell of every state, the oldest first. `text` is that of the current one.
    /// O(steps · log text + what they changed): not for the thread that draws.
    pub fn summaries(&self, text: &Text) -> Vec<StateSummary> {
        let mut found = BTreeMap::new();
        self.tell(text, &mut |id, before, after| {
            if let Some(state) = self.nodes.get(&id) {
                found.insert(id, summary(id, state, before, after));
            }
            Goes::On
        });
        found.into_values().collect()
    }

    /// The state that a text is of, the newest where it is of several; `None` where it is of none, or
    /// that was cancelled. `text` is that of the current one. Costs as much as [`Self::summaries`], and
    /// looks through texts that are as long as the one that is looked for: not for the thread that draws.
    pub fn state_of(&self, wanted: &Text, text: &Text, cancel: &AtomicBool) -> Option<NodeId> {
        let mut found = None;
        self.tell(text, &mut |id, _, after| {
            if cancel.load(Ordering::Relaxed) {
                return Goes::NoFurther;
            }
            // A state that is older than one that was found says nothing more.
            if found.is_none_or(|found| found < id)
                && same_text(after, wanted, cancel) == Some(true)
            {
                found = Some(id);
            }
            Goes::On
        });
        found.filter(|_| !cancel.load(Ordering::Relaxed))
    }

    /// Tells of every state, with the text before it and its own: those of the oldest are the same.
    fn tell(&self, text: &Text, tell: &mut impl FnMut(NodeId, &Text, &Text) -> Goes) {
        let mut children: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        for (id, state) in &self.nodes {
            if let Some(parent) = state.parent {
                children.entry(parent).or_default().push(*id);
            }
        }
        // Up from the current state, then down from every state on that way: each text comes of a
        // neighbour's, and one is held no longer than it is needed.
        let (mut at, mut here) = (self.current, text.clone());
        let mut below = None;
        loop {
            if let Goes::NoFurther = self.tell_below(at, &here, below, &children, tell) {
                return;
            }
            let Some(state) = self.nodes.get(&at) else {
                break;
            };
            let (Some(parent), Some(step)) = (state.parent, &state.step) else {
                tell(at, &here, &here);
                break;
            };
            let Ok(before) = step.change.changes(Direction::Backward).apply(&here) else {
                break;
            };
            if let Goes::NoFurther = tell(at, &before, &here) {
                return;
            }
            (below, at, here) = (Some(at), parent, before);
        }
    }

    /// Tells of the states below one, but for a branch that was told of.
    fn tell_below(
        &self,
        above: NodeId,
        text: &Text,
        told: Option<NodeId>,
        children: &BTreeMap<NodeId, Vec<NodeId>>,
        tell: &mut impl FnMut(NodeId, &Text, &Text) -> Goes,
    ) -> Goes {
        let below = |id: NodeId| children.get(&id).into_iter().flatten().copied();
        let mut todo: Vec<(NodeId, Text)> = below(above)
            .filter(|child| Some(*child) != told)
            .map(|child| (child, text.clone()))
            .collect();
        while let Some((id, before)) = todo.pop() {
            let step = self.nodes.get(&id).and_then(|state| state.step.as_ref());
            let after =
                step.and_then(|step| step.change.changes(Direction::Forward).apply(&before).ok());
            if let Some(after) = after {
                if let Goes::NoFurther = tell(id, &before, &after) {
                    return Goes::NoFurther;
                }
                todo.extend(below(id).map(|child| (child, after.clone())));
            }
        }
        Goes::On
    }

    /// The text of a state. `text` is that of the current one; `None` where the state is not
    /// among these. O(what is undone and redone on the way).
    pub fn text_of(&self, target: NodeId, text: &Text) -> Option<Text> {
        let steps = |id: NodeId| {
            let state = self.nodes.get(&id)?;
            Some((state.step.clone()?, state.parent?))
        };
        let mut text = text.clone();
        for leg in way(self.current, target, steps)? {
            text = leg.changes().apply(&text).ok()?;
        }
        Some(text)
    }
}

/// A step that is undone or redone on the way to another state.
pub(super) struct Leg {
    /// The state that the step led to.
    pub id: NodeId,
    pub step: Arc<Step>,
    pub direction: Direction,
}

impl Leg {
    /// What it does to the text.
    pub fn changes(&self) -> ChangeSet {
        self.step.change.changes(self.direction)
    }
}

/// What is undone and then redone on the way from one state to another, in that order. `step` says
/// what led to a state and from where; `None` where it does not know.
pub(super) fn way(
    mut from: NodeId,
    mut to: NodeId,
    step: impl Fn(NodeId) -> Option<(Arc<Step>, NodeId)>,
) -> Option<Vec<Leg>> {
    // Ids grow from parent to child, so the greater of two is never above the other.
    let (mut way, mut down) = (Vec::new(), Vec::new());
    while from != to {
        let (side, at, direction) = if from > to {
            (&mut way, &mut from, Direction::Backward)
        } else {
            (&mut down, &mut to, Direction::Forward)
        };
        let (step, parent) = step(*at)?;
        side.push(Leg {
            id: *at,
            step,
            direction,
        });
        *at = parent;
    }
    way.extend(down.into_iter().rev());
    Some(way)
}

fn summary(id: NodeId, state: &State, before: &Text, after: &Text) -> StateSummary {
    let mut told = StateSummary {
        id,
        parent: state.parent,
        made_at: state.made_at,
        added: 0,
        removed: 0,
        row: 0,
        line: String::new(),
    };
    let Some(step) = &state.step else {
        return told;
    };
    let mut first = None;
    // Rows up to these are counted already.
    let (mut counted_before, mut counted_after) = (0, 0);
    let (mut grown, mut shrunk) = (0, 0);
    for (at, deleted, inserted) in step.change.parts() {
        let here = (at + grown).saturating_sub(shrunk);
        grown += inserted.len();
        shrunk += deleted.len();
        let mut old = rows_of(before, at..at + deleted.len());
        let mut new = rows_of(after, here..here + inserted.len());
        // Whole lines that come or go beside others leave those as they were.
        while !old.is_empty() && !new.is_empty() && same(before, old.start, after, new.start) {
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        while !old.is_empty() && !new.is_empty() && same(before, old.end - 1, after, new.end - 1) {
            (old.end, new.end) = (old.end - 1, new.end - 1);
        }
        if first.is_none() {
            let (text, row) = if new.is_empty() && !old.is_empty() {
                (before, old.start)
            } else {
                (after, new.start)
            };
            first = Some((new.start, beginning(text, row)));
        }
        told.removed += old.end.saturating_sub(old.start.max(counted_before));
        told.added += new.end.saturating_sub(new.start.max(counted_after));
        counted_before = counted_before.max(old.end);
        counted_after = counted_after.max(new.end);
    }
    if let Some((row, line)) = first {
        (told.row, told.line) = (row, line);
    }
    told
}

/// The rows that a range of a text touches.
fn rows_of(text: &Text, range: Range<usize>) -> Range<usize> {
    let end = text.row_at(range.end.min(text.len()));
    text.row_at(range.start.min(text.len()))..end + 1
}

/// Whether two rows read the same; long ones are not compared.
fn same(before: &Text, old: usize, after: &Text, new: usize) -> bool {
    const MAX_COMPARED: usize = 10_000;
    let line = |text: &Text, row| text.line_start(row)..text.line_end(row);
    let (old, new) = (line(before, old), line(after, new));
    old.len() == new.len() && old.len() <= MAX_COMPARED && before.slice(old) == after.slice(new)
}

/// The beginning of a row without the blanks around it.
fn beginning(text: &Text, row: usize) -> String {
    let end = text.line_end(row);
    // Blanks before it may be many.
    let start = indent_range(text, row).end.min(end);
    let end = text.floor_char_boundary(end.min(start + MAX_LINE));
    text.slice(start..end).trim_end().to_owned()
}
