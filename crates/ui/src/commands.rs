//! Commands: everything a person can do, by a stable id.
//!
//! A command pairs an id ("workspace.save") with a gpui action. Keys (settings) and
//! the palette refer to the id; views handle the action.

use gpui_kit::{Action, App, Global, SharedString, Window};
use std::collections::BTreeMap;

/// The key context of a document that cannot be edited.
pub const READ_ONLY: &str = "ReadOnly";

/// One command.
pub struct CommandSpec {
    /// Stable and dotted: "workspace.save".
    pub id: &'static str,
    /// What the palette and tooltips say: "Save".
    pub title: &'static str,
    /// The group in the palette: "File".
    pub category: &'static str,
    /// What is dispatched to the focused view and its parents.
    pub action: Box<dyn Action>,
    /// Whether the palette leaves it out where nothing that has the keyboard handles it.
    pub local: bool,
    /// Whether it means nothing in a document that cannot be edited.
    pub edits: bool,
    /// Whether there is something to do for it in a window now.
    can_run: Option<CanRun>,
}

/// Says whether there is something to do for a command in a window now.
type CanRun = fn(&Window, &App) -> bool;

impl CommandSpec {
    /// A command that dispatches `action`.
    pub fn new(
        id: &'static str,
        category: &'static str,
        title: &'static str,
        action: impl Action,
    ) -> Self {
        Self {
            id,
            title,
            category,
            action: Box::new(action),
            local: false,
            edits: false,
            can_run: None,
        }
    }

    /// A command of one view, which the palette lists only where that has the keyboard.
    #[must_use]
    pub fn local(mut self) -> Self {
        self.local = true;
        self
    }

    /// A command that the palette lists only while there is something to do for it. Its key works
    /// regardless, for whoever handles it then.
    #[must_use]
    pub fn only_while(mut self, can_run: fn(&Window, &App) -> bool) -> Self {
        self.can_run = Some(can_run);
        self
    }

    /// A command that edits a document: where that cannot be edited ([`READ_ONLY`]), the palette lists
    /// it behind the others.
    #[must_use]
    pub fn editing(mut self) -> Self {
        self.edits = true;
        self
    }

    /// Whether the palette lists it in a window.
    pub fn is_listed(&self, window: &Window, cx: &App) -> bool {
        (!self.local || window.is_action_available(self.action.as_ref(), cx))
            && self.can_run.is_none_or(|can_run| can_run(window, cx))
    }
}

impl Clone for CommandSpec {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            title: self.title,
            category: self.category,
            action: self.action.boxed_clone(),
            local: self.local,
            edits: self.edits,
            can_run: self.can_run,
        }
    }
}

/// Every registered command, ordered by id.
#[derive(Default)]
pub struct Commands {
    by_id: BTreeMap<&'static str, CommandSpec>,
}

impl Global for Commands {}

pub(crate) fn init(cx: &mut App) {
    cx.default_global::<Commands>();
}

impl Commands {
    /// Adds commands. A later registration of an id replaces the earlier one.
    pub fn register(cx: &mut App, specs: impl IntoIterator<Item = CommandSpec>) {
        let commands = cx.default_global::<Self>();
        for spec in specs {
            commands.by_id.insert(spec.id, spec);
        }
    }

    /// Every command, ordered by id.
    pub fn all(cx: &App) -> Vec<CommandSpec> {
        cx.try_global::<Self>()
            .map(|commands| commands.by_id.values().cloned().collect())
            .unwrap_or_default()
    }

    /// The command of an id.
    pub fn get(id: &str, cx: &App) -> Option<CommandSpec> {
        cx.try_global::<Self>()?.by_id.get(id).cloned()
    }

    /// Dispatches a command to the focused view. False where no such command exists.
    pub fn run(id: &str, window: &mut Window, cx: &mut App) -> bool {
        match Self::get(id, cx) {
            Some(command) => {
                window.dispatch_action(command.action, cx);
                true
            }
            None => false,
        }
    }

    /// The keys bound to a command, as a person reads them: "Ctrl+Shift+P".
    pub fn keys(id: &str, cx: &App) -> Option<SharedString> {
        let command = cx.try_global::<Self>()?.by_id.get(id)?;
        crate::keys::keys_for_action(command.action.as_ref(), cx)
    }
}
