//! What can be done with specs.

use crate::sidebar::SpecSidebar;
use gpui_kit::App;
use ui::{CommandSpec, Commands, Panel as _};

gpui_kit::actions!(
    specs,
    [
        /// Shows the list of specs.
        Focus,
        /// Approves the document that is shown, if it waits for a review.
        Approve,
        /// Opens the field for what should change in the document that is shown.
        RequestChanges,
        /// Has the next document of the spec that is shown written, or shows it where it is there.
        NextDocument,
        /// Opens or unfolds what is selected in the list of specs.
        OpenSelected,
        /// Starts the first task that is not done.
        StartNextTask,
        /// Starts the task that is selected in the list of specs.
        StartSelectedTask,
        /// Switches between the rendered document and its source.
        OpenSource,
        /// Scrolls the document up a little.
        ScrollLineUp,
        /// Scrolls the document down a little.
        ScrollLineDown,
        /// Scrolls the document up a page.
        ScrollPageUp,
        /// Scrolls the document down a page.
        ScrollPageDown,
        /// Scrolls to the start of the document.
        ScrollToStart,
        /// Scrolls to the end of the document.
        ScrollToEnd,
    ]
);

/// The key context of a spec's document.
pub(crate) const VIEW_CONTEXT: &str = "SpecView";

pub(crate) fn register(cx: &mut App) {
    Commands::register(
        cx,
        [
            CommandSpec::new("specs.focus", "Spec", "Show Specs", Focus),
            CommandSpec::new("specs.approve", "Spec", "Approve Document", Approve),
            CommandSpec::new(
                "specs.requestChanges",
                "Spec",
                "Request Changes",
                RequestChanges,
            ),
            CommandSpec::new(
                "specs.nextDocument",
                "Spec",
                "Write or Show the Next Document",
                NextDocument,
            )
            .local(),
            CommandSpec::new(
                "specs.openSelected",
                "Spec",
                "Open or Unfold the Selected Row",
                OpenSelected,
            )
            .local(),
            CommandSpec::new(
                "specs.startNextTask",
                "Spec",
                "Start Next Task",
                StartNextTask,
            ),
            CommandSpec::new(
                "specs.startSelectedTask",
                "Spec",
                "Start the Selected Task",
                StartSelectedTask,
            )
            .local(),
            CommandSpec::new(
                "specs.openSource",
                "Spec",
                "Show Source or Document",
                OpenSource,
            ),
            CommandSpec::new("specs.scrollLineUp", "Spec", "Scroll Up", ScrollLineUp).local(),
            CommandSpec::new(
                "specs.scrollLineDown",
                "Spec",
                "Scroll Down",
                ScrollLineDown,
            )
            .local(),
            CommandSpec::new("specs.scrollPageUp", "Spec", "Scroll Page Up", ScrollPageUp).local(),
            CommandSpec::new(
                "specs.scrollPageDown",
                "Spec",
                "Scroll Page Down",
                ScrollPageDown,
            )
            .local(),
            CommandSpec::new(
                "specs.scrollToStart",
                "Spec",
                "Scroll to the Start",
                ScrollToStart,
            )
            .local(),
            CommandSpec::new(
                "specs.scrollToEnd",
                "Spec",
                "Scroll to the End",
                ScrollToEnd,
            )
            .local(),
        ],
    );
    ui::on_window_action(cx, |_: &Focus, window, cx| {
        ui::reveal_panel(SpecSidebar::ID, window, cx);
    });
}
