//! The commands that show the panels, and the keys of their lists.

use gpui_kit::{App, Global, KeyBinding, NoAction};
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
        /// Goes to the filter of the problems.
        FocusFilter,
        /// Has all problems listed again.
        ClearFilter,
        /// Lists errors, or leaves them out.
        ToggleErrors,
        /// Lists warnings, or leaves them out.
        ToggleWarnings,
        /// Lists what is merely good to know, or leaves it out.
        ToggleInfos,
        /// Lists the problems of the file that the keyboard is in alone, or of all.
        ToggleCurrentFile,
        /// Empties the filter, or leaves it.
        LeaveFilter,
        /// Goes from the filter to the list.
        FocusList,
    ]
);

/// The command that has all problems listed again.
pub(crate) const CLEAR_FILTER: &str = "problems.clearFilter";

/// The key context of the filter of problems.
pub(crate) const FILTER_CONTEXT: &str = "ProblemsFilter";

/// Whoever gives the keyboard to the panel of problems now means its filter.
#[derive(Default)]
pub(crate) struct FilterWanted(bool);

impl Global for FilterWanted {}

impl FilterWanted {
    pub(crate) fn is_wanted(cx: &App) -> bool {
        cx.try_global::<Self>().is_some_and(|wanted| wanted.0)
    }
}

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
            CommandSpec::new(
                "problems.focusFilter",
                "View",
                "Filter Problems",
                FocusFilter,
            ),
            CommandSpec::new(
                CLEAR_FILTER,
                "Problems",
                "Clear Filter of Problems",
                ClearFilter,
            )
            .local(),
            CommandSpec::new(
                "problems.toggleErrors",
                "Problems",
                "Show Errors",
                ToggleErrors,
            )
            .local(),
            CommandSpec::new(
                "problems.toggleWarnings",
                "Problems",
                "Show Warnings",
                ToggleWarnings,
            )
            .local(),
            CommandSpec::new(
                "problems.toggleInfos",
                "Problems",
                "Show Notes",
                ToggleInfos,
            )
            .local(),
            CommandSpec::new(
                "problems.toggleCurrentFile",
                "Problems",
                "Show Problems of the Current File Only",
                ToggleCurrentFile,
            )
            .local(),
        ],
    );
    let in_filter = format!("{FILTER_CONTEXT} > Input");
    let in_filter = Some(in_filter.as_str());
    ui::keys::bind_fixed(
        [
            KeyBinding::new("escape", LeaveFilter, in_filter),
            KeyBinding::new("down", FocusList, in_filter),
        ],
        cx,
    );
    ui::list_keys::bind(LIST_CONTEXT, cx);
    let toggle = KeyBinding::new("space", ToggleChange, Some(EDITS_CONTEXT));
    let press = ["enter", "space"].map(|key| KeyBinding::new(key, NoAction, Some(CONTROL_CONTEXT)));
    ui::keys::bind_fixed([toggle].into_iter().chain(press), cx);
    on_window_action(cx, |_: &Focus, window, cx| {
        ui::reveal_panel(ProblemsPanel::ID, window, cx);
    });
    on_window_action(cx, |_: &FocusFilter, window, cx| {
        cx.set_global(FilterWanted(true));
        ui::reveal_panel(ProblemsPanel::ID, window, cx);
        // Behind what reveals the panel.
        window.defer(cx, |_, cx| cx.set_global(FilterWanted(false)));
    });
    on_window_action(cx, |_: &FocusReferences, window, cx| {
        ui::reveal_panel(ReferencesPanel::ID, window, cx);
    });
    on_window_action(cx, |_: &FocusHierarchy, window, cx| {
        ui::reveal_panel(HierarchyPanel::ID, window, cx);
    });
}
