//! A change of a file that the agent asks for, so that it can be looked at and decided on in the text.
//!
//! The agent's panel and views do not know each other: the panel says what it waits for, and a view
//! of that file shows it and answers, through this. What is decided on its parts is kept here, too:
//! it is one for all views, and for whoever answers elsewhere.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use editor_core::Hunk;
use gpui_kit::{App, Entity, EntityId, Global, SharedString, Window};

use crate::model::WorkspaceModel;

/// What comes of a change that the agent asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditDecision {
    /// All of it is made.
    Accept,
    /// None of it is.
    Refuse,
    /// Some of it is, or all of it in a text that was changed elsewhere meanwhile.
    AcceptLines {
        /// The text that it was seen in.
        current: String,
        /// What is made, in order: the rows of that text that go, and those of the text after
        /// ([`Hunk::base_rows`]) that come.
        hunks: Vec<Hunk>,
        /// How many parts of the change were refused; none where the text alone is another one.
        refused: usize,
    },
}

/// What was decided on a part of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartDecision {
    /// It is made.
    Accepted,
    /// It is not.
    Refused,
}

/// What was decided on the parts of a change, and not answered yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartDecisions {
    /// All parts, in order: the rows of [`ProposedEdit::before`] that go, and those of
    /// [`ProposedEdit::after`] ([`Hunk::base_rows`]) that come.
    parts: Rc<[Hunk]>,
    /// Those that were decided on, by their number from 0, each once; the last one last.
    decided: Vec<(usize, PartDecision)>,
}

impl PartDecisions {
    /// What was decided, by the number of the part from 0; the last decision last.
    pub fn decided(&self) -> &[(usize, PartDecision)] {
        &self.decided
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// How many of them were refused.
    pub fn refused(&self) -> usize {
        let refused = |(_, decision): &&(usize, PartDecision)| *decision == PartDecision::Refused;
        self.decided.iter().filter(refused).count()
    }

    /// The parts that were not refused.
    pub fn not_refused(&self) -> Vec<Hunk> {
        let is_left = |(number, _): &(usize, &Hunk)| {
            !self.decided.contains(&(*number, PartDecision::Refused))
        };
        let left = self.parts.iter().enumerate().filter(is_left);
        left.map(|(_, hunk)| hunk.clone()).collect()
    }

    /// Decides on a part, or takes that back.
    fn decide(&mut self, number: usize, decision: Option<PartDecision>) {
        self.decided.retain(|(decided, _)| *decided != number);
        if let Some(decision) = decision.filter(|_| number < self.parts.len()) {
            self.decided.push((number, decision));
        }
    }
}

/// What an answer does.
type Decide = Rc<dyn Fn(EditDecision, &mut Window, &mut App)>;

/// A change that waits for a decision.
#[derive(Clone)]
pub struct ProposedEdit {
    /// Tells it from others of the same folder.
    pub id: u64,
    /// The file, absolute.
    pub path: PathBuf,
    /// The text that it would change.
    pub before: SharedString,
    /// What would stand there.
    pub after: SharedString,
    decide: Decide,
}

/// Another change of the same number, as another session may ask for, is another change.
impl PartialEq for ProposedEdit {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.path == other.path
            && self.before == other.before
            && self.after == other.after
    }
}

impl ProposedEdit {
    /// A change, and what a decision on it does.
    pub fn new(
        id: u64,
        path: PathBuf,
        (before, after): (SharedString, SharedString),
        decide: impl Fn(EditDecision, &mut Window, &mut App) + 'static,
    ) -> Self {
        Self {
            id,
            path,
            before,
            after,
            decide: Rc::new(decide),
        }
    }

    /// Makes the change, a part of it, or none.
    pub fn decide(&self, decision: EditDecision, window: &mut Window, cx: &mut App) {
        (self.decide)(decision, window, cx);
    }
}

/// A change that waits, and what was decided on its parts so far.
struct Waiting {
    edit: ProposedEdit,
    decisions: PartDecisions,
}

/// The change that each folder's agent waits with.
#[derive(Default)]
pub struct ProposedEdits(HashMap<EntityId, Waiting>);

impl Global for ProposedEdits {}

impl ProposedEdits {
    /// Says what the agent of a folder waits with; `None` where it waits with nothing. Whoever
    /// observes this hears of it.
    pub fn set(model: &Entity<WorkspaceModel>, edit: Option<ProposedEdit>, cx: &mut App) {
        let id = model.entity_id();
        let known = cx.try_global::<Self>().and_then(|all| all.0.get(&id));
        if known.map(|known| &known.edit) == edit.as_ref() {
            return;
        }
        let all = &mut cx.default_global::<Self>().0;
        match edit {
            Some(edit) => {
                let decisions = PartDecisions::default();
                all.insert(id, Waiting { edit, decisions })
            }
            None => all.remove(&id),
        };
    }

    /// What waits to be done to a file of a folder.
    pub fn of(model: &Entity<WorkspaceModel>, path: &Path, cx: &App) -> Option<ProposedEdit> {
        let all = cx.try_global::<Self>()?;
        let edit = &all.0.get(&model.entity_id())?.edit;
        (edit.path == path).then(|| edit.clone())
    }

    /// What was decided on the parts of a change that still waits; `None` where nothing was.
    pub fn decisions<'a>(
        model: &Entity<WorkspaceModel>,
        edit: &ProposedEdit,
        cx: &'a App,
    ) -> Option<&'a PartDecisions> {
        let waiting = cx.try_global::<Self>()?.0.get(&model.entity_id())?;
        let decisions = &waiting.decisions;
        (waiting.edit == *edit && !decisions.decided.is_empty()).then_some(decisions)
    }

    /// Decides on some of all `parts` of a change, by their numbers from 0, or takes that back. The
    /// parts are those of its texts, as [`PartDecisions`] has them. Whoever observes this hears of
    /// it; a change that waits no more is left alone.
    pub fn decide_parts(
        model: &Entity<WorkspaceModel>,
        edit: &ProposedEdit,
        parts: &Rc<[Hunk]>,
        numbers: &[usize],
        decision: Option<PartDecision>,
        cx: &mut App,
    ) {
        let id = model.entity_id();
        let waiting = cx.try_global::<Self>().and_then(|all| all.0.get(&id));
        if waiting.is_none_or(|waiting| waiting.edit != *edit) {
            return;
        }
        let all = &mut cx.default_global::<Self>().0;
        if let Some(Waiting { decisions, .. }) = all.get_mut(&id) {
            decisions.parts = parts.clone();
            for number in numbers {
                decisions.decide(*number, decision);
            }
        }
    }
}
