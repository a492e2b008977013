//! The commands that show the panels, and the keys of their lists.

use gpui_kit::App;
use ui::{CommandSpec, Commands, Panel as _};

use crate::grouped::LIST_CONTEXT;
use crate::{HierarchyPanel, ProblemsPanel, ReferencesPanel};

gpui_kit::actions!(
    problems,
    [
        /// Shows what is wrong in the project.
        Focus,
        /// Shows the list of references.
        FocusReferences,
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
            CommandSpec::new("hierarchy.focus", "View", "Show Hierarchy", FocusHierarchy),
        ],
    );
    ui::list_keys::bind(LIST_CONTEXT, cx);
    cx.on_action(|_: &Focus, cx| reveal(ProblemsPanel::ID, cx));
    cx.on_action(|_: &FocusReferences, cx| reveal(ReferencesPanel::ID, cx));
    cx.on_action(|_: &FocusHierarchy, cx| reveal(HierarchyPanel::ID, cx));
}

fn reveal(panel: &'static str, cx: &mut App) {
    let Some(window) = ui::command_window(cx) else {
        return;
    };
    // The window is being updated while it dispatches.
    cx.defer(move |cx| {
        // Where the window has closed meanwhile, there is nothing to show.
        window
            .update(cx, |_, window, cx| ui::reveal_panel(panel, window, cx))
            .ok();
    });
}
