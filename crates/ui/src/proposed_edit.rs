//! A change of a file that the agent asks for, so that it can be looked at and decided on in the text.
//!
//! The agent's panel and views do not know each other: the panel says what it waits for, and a view
//! of that file shows it and answers, through this.

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

/// The change that each folder's agent waits with.
#[derive(Default)]
pub struct ProposedEdits(HashMap<EntityId, ProposedEdit>);

impl Global for ProposedEdits {}

impl ProposedEdits {
    /// Says what the agent of a folder waits with; `None` where it waits with nothing. Whoever
    /// observes this hears of it.
    pub fn set(model: &Entity<WorkspaceModel>, edit: Option<ProposedEdit>, cx: &mut App) {
        let id = model.entity_id();
        let known = cx.try_global::<Self>().and_then(|all| all.0.get(&id));
        if known == edit.as_ref() {
            return;
        }
        let all = &mut cx.default_global::<Self>().0;
        match edit {
            Some(edit) => all.insert(id, edit),
            None => all.remove(&id),
        };
    }

    /// What waits to be done to a file of a folder.
    pub fn of(model: &Entity<WorkspaceModel>, path: &Path, cx: &App) -> Option<ProposedEdit> {
        let all = cx.try_global::<Self>()?;
        let edit = all.0.get(&model.entity_id())?;
        (edit.path == path).then(|| edit.clone())
    }
}
