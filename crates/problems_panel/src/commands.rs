//! The commands that show the panels, and the keys of their lists.

use gpui_kit::{App, KeyBinding, NoAction};
use ui::{CommandSpec, Commands, Panel as _, on_window_action};

use crate::grouped::{CONTROL_CONTEXT, EDITS_CONTEXT, LIST_CONTEXT};
use crate::{HierarchyPanel, ProblemsPanel, ReferencesPanel};

gpui_kit::actions!(
    problems,
    [
        /// Shows what is wrong in the project.
        Focus,
        /// Shows the list of references.
        FocusReferences,
        /// Leaves the change that is selected out, or takes it back.
        ToggleChange,
        /// Shows the hierarchy of calls or types.
        FocusHierarchy,
    ]
);

/// Registers the commands and the keys.
pub fn register(cx: &mut App) {
    Commands::register(
        cx,
        [
            CommandSpec::new("problems.focus", "View", "Show Problems", Focus),
            CommandSpec::new(
                "references.focus",
                "View",
                "Show References",
                FocusReferences,
            ),
            CommandSpec::new(
                "references.toggleChange",
                "References",
                "Leave Change Out or Take It Back",
                ToggleChange,
            )
            .local(),
            CommandSpec::new("hierarchy.focus", "View", "Show Hierarchy", FocusHierarchy),
        ],
    );
    ui::list_keys::bind(LIST_CONTEXT, cx);
    let toggle = KeyBinding::new("space", ToggleChange, Some(EDITS_CONTEXT));
    let press = ["enter", "space"].map(|key| KeyBinding::new(key, NoAction, Some(CONTROL_CONTEXT)));
    ui::keys::bind_fixed([toggle].into_iter().chain(press), cx);
    on_window_action(cx, |_: &Focus, window, cx| {
        ui::reveal_panel(ProblemsPanel::ID, window, cx);
    });
    on_window_action(cx, |_: &FocusReferences, window, cx| {
        ui::reveal_panel(ReferencesPanel::ID, window, cx);
    });
    on_window_action(cx, |_: &FocusHierarchy, window, cx| {
        ui::reveal_panel(HierarchyPanel::ID, window, cx);
    });
}
