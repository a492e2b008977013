//! What can be done with specs.

use crate::sidebar::SpecSidebar;
use gpui_kit::*;
use ui::{CommandSpec, Commands, Panel as _, Severity};

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

/// The lists of the open windows, newest last. A window without a folder has none.
#[derive(Default)]
struct Lists(Vec<(AnyWindowHandle, WeakEntity<SpecSidebar>)>);

impl Global for Lists {}

pub(crate) fn register(cx: &mut App) {
    cx.default_global::<Lists>();
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
    ui::on_window_action(cx, |_: &Focus, window, cx| match list_of(window, cx) {
        Some(_) => ui::reveal_panel(SpecSidebar::ID, window, cx),
        None => offer_a_folder(window, cx),
    });
    // What a document or the list does with these, it does where it has the keyboard.
    say_why_not::<Approve>(NO_DOCUMENT, cx);
    say_why_not::<RequestChanges>(NO_DOCUMENT, cx);
    say_why_not::<NextDocument>(NO_DOCUMENT, cx);
    say_why_not::<OpenSource>(NO_DOCUMENT, cx);
    say_why_not::<StartNextTask>(NO_SPEC, cx);
    say_why_not::<StartSelectedTask>(NO_SPEC, cx);
    say_why_not::<OpenSelected>(NO_SPEC, cx);
}

/// What a command for the document that is shown says where none has the keyboard.
const NO_DOCUMENT: &str =
    "No document of a spec has the keyboard. Open one from the list of specs, or click into it.";
/// What a command for a spec says where neither the list nor a document has the keyboard.
const NO_SPEC: &str =
    "No spec is selected. Select one in the list of specs, or open one of its documents.";

/// Makes commands find `list` in its window.
pub(crate) fn attach(list: &Entity<SpecSidebar>, window: &Window, cx: &mut App) {
    let lists = cx.default_global::<Lists>();
    lists.0.retain(|(_, list)| list.upgrade().is_some());
    lists.0.push((window.window_handle(), list.downgrade()));
}

/// The list of a window; `None` where it has no folder.
fn list_of(window: &Window, cx: &App) -> Option<Entity<SpecSidebar>> {
    let this = window.window_handle();
    let lists = cx.try_global::<Lists>();
    let mut lists = lists.into_iter().flat_map(|lists| lists.0.iter().rev());
    lists
        .find(|(window, list)| *window == this && list.upgrade().is_some())
        .and_then(|(_, list)| list.upgrade())
}

/// Says why a command does nothing where no view handles it, and leads on.
fn say_why_not<A: Action>(why: &'static str, cx: &mut App) {
    ui::on_window_action(cx, move |_: &A, window, cx| {
        if list_of(window, cx).is_none() {
            return offer_a_folder(window, cx);
        }
        let show = |window: &mut Window, cx: &mut App| {
            ui::reveal_panel(SpecSidebar::ID, window, cx);
        };
        ui::notify_with_action(Severity::Info, why, "Show Specs", show, window, cx);
    });
}

/// Says why a window without a folder has no specs, and leads to the choice of one.
fn offer_a_folder(window: &mut Window, cx: &mut App) {
    let open = |window: &mut Window, cx: &mut App| {
        Commands::run("workspace.openFolder", window, cx);
    };
    ui::notify_with_action(
        Severity::Info,
        "Specs are kept in a folder. Open a folder first.",
        "Open Folder\u{2026}",
        open,
        window,
        cx,
    );
}
