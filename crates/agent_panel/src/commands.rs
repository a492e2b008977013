//! What can be done with the agent: actions, their commands, and the keys of its own parts.

use crate::panel::AgentPanel;
use agent::PermissionAnswer;
use gpui_kit::*;
use ui::{CommandSpec, Commands, Severity};

gpui_kit::actions!(
    agent,
    [
        /// Shows the agent and puts the caret into the composer, or gives the keyboard to the question
        /// that waits.
        Focus,
        /// Shows the question that waits and gives it the keyboard.
        GoToQuestion,
        /// Starts a new session.
        NewSession,
        /// Starts a spec: the composer in spec mode.
        NewSpec,
        /// Lists the past sessions of the folder.
        ShowHistory,
        /// Lists the models to choose from.
        SelectModel,
        /// Switches the composer between chat and spec.
        ToggleMode,
        /// Stops the running turn.
        Stop,
        /// Runs the last turn again.
        Retry,
        /// Allows what the agent asks for, once.
        Allow,
        /// Allows what the agent asks for, from now on.
        AlwaysAllow,
        /// Allows this and every later change of a file inside the folder.
        AllowAllEdits,
        /// Refuses what the agent asks for.
        Deny,
        /// Scrolls to the end of the conversation.
        JumpToLatest,
        /// Sends what is written.
        SendMessage,
        /// Puts the message that was queued last back into the composer.
        TakeBack,
        /// Copies the last answer.
        CopyAnswer,
        /// Shows what messages and changes leave out for their length.
        ShowMore,
    ]
);

/// The key context of the panel.
pub(crate) const PANEL_CONTEXT: &str = "AgentPanel";
/// The key context of the conversation while a decision is open and the keys are armed.
pub(crate) const PROMPT_CONTEXT: &str = "PermissionPrompt";

/// The panels of the open windows, newest last.
#[derive(Default)]
struct Panels(Vec<(AnyWindowHandle, WeakEntity<AgentPanel>)>);

impl Global for Panels {}

/// Registers the agent's commands and makes them work wherever the focus is. The palette lists
/// those that have something to do.
///
/// Call once, before the first [`AgentPanel`] is built.
pub fn register(cx: &mut App) {
    cx.default_global::<Panels>();
    let category = "Agent";
    Commands::register(
        cx,
        [
            CommandSpec::new("agent.focus", category, "Focus Agent", Focus).only_while(has_panel),
            CommandSpec::new(
                "agent.goToQuestion",
                category,
                "Go to Question",
                GoToQuestion,
            )
            .only_while(|window, cx| in_panel(window, cx, AgentPanel::asks)),
            CommandSpec::new("agent.newSession", category, "New Session", NewSession)
                .only_while(has_panel),
            CommandSpec::new("agent.newSpec", category, "New Spec", NewSpec).only_while(has_panel),
            CommandSpec::new("agent.history", category, "Session History", ShowHistory)
                .only_while(has_panel),
            CommandSpec::new("agent.selectModel", category, "Select Model", SelectModel)
                .only_while(has_panel),
            CommandSpec::new(
                "agent.toggleMode",
                category,
                "Switch Chat and Spec",
                ToggleMode,
            )
            .only_while(has_panel),
            CommandSpec::new("agent.stop", category, "Stop", Stop)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_stop)),
            CommandSpec::new("agent.retry", category, "Try Again", Retry)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_retry)),
            CommandSpec::new("agent.allow", category, "Allow", Allow).only_while(can_allow),
            CommandSpec::new("agent.alwaysAllow", category, "Always Allow", AlwaysAllow)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_always_allow)),
            CommandSpec::new(
                "agent.allowAllEdits",
                category,
                "Allow All Edits",
                AllowAllEdits,
            )
            .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_allow_edits)),
            CommandSpec::new("agent.deny", category, "Deny", Deny)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::asks)),
            CommandSpec::new(
                "agent.jumpToLatest",
                category,
                "Jump to Latest",
                JumpToLatest,
            )
            .only_while(|window, cx| in_panel(window, cx, AgentPanel::has_conversation)),
            CommandSpec::new("agent.send", category, "Send Message", SendMessage)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_send)),
            CommandSpec::new(
                "agent.takeBack",
                category,
                "Take Queued Message Back",
                TakeBack,
            )
            .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_take_back)),
            CommandSpec::new("agent.copyAnswer", category, "Copy Answer", CopyAnswer)
                .only_while(|window, cx| in_panel(window, cx, AgentPanel::can_copy_answer)),
            CommandSpec::new(
                "agent.showMore",
                category,
                "Show All Lines of Messages and Changes",
                ShowMore,
            )
            .only_while(|window, cx| in_panel(window, cx, AgentPanel::has_conversation)),
        ],
    );
    each_handler(&mut FromAnywhere(cx));
    ui::set_question_handler(
        |question, window, cx| {
            let panel = panel_of(window, cx);
            if let Some(panel) = &panel {
                panel.update(cx, |panel, cx| panel.ask_about(&question, window, cx));
            }
            panel.is_some()
        },
        has_panel,
        cx,
    );
}

/// The panel of a window; `None` where it has none.
fn panel_of(window: &Window, cx: &App) -> Option<Entity<AgentPanel>> {
    let this = window.window_handle();
    let panels = cx.try_global::<Panels>();
    let mut panels = panels.into_iter().flat_map(|panels| panels.0.iter().rev());
    panels
        .find(|(window, _)| *window == this)
        .and_then(|(_, panel)| panel.upgrade())
}

/// Whether a window has a panel; one without a folder has none.
fn has_panel(window: &Window, cx: &App) -> bool {
    panel_of(window, cx).is_some()
}

/// Whether the panel of a window can do something; not so where it has none.
fn in_panel(window: &Window, cx: &App, can: fn(&AgentPanel, &App) -> bool) -> bool {
    panel_of(window, cx).is_some_and(|panel| can(panel.read(cx), cx))
}

/// Whether the agent asks for something that can be allowed.
fn can_allow(window: &Window, cx: &App) -> bool {
    in_panel(window, cx, AgentPanel::can_allow)
}

/// What a command does to a panel.
type Handler<A> = fn(&mut AgentPanel, &A, &mut Window, &mut Context<AgentPanel>);

/// Something that takes the handlers of the agent's commands.
trait TakesHandlers {
    /// Takes the one of `A`.
    fn take<A: Action>(&mut self, handler: Handler<A>);
}

/// The agent's commands, each with what it does: for those of a panel that has the focus, and for
/// those given anywhere else.
fn each_handler(to: &mut impl TakesHandlers) {
    use PermissionAnswer::{AllowAllWrites, AllowOnce, Deny as Refuse};

    to.take(AgentPanel::focus_agent);
    to.take(AgentPanel::show_question);
    to.take(AgentPanel::new_session);
    to.take(AgentPanel::new_spec);
    to.take(AgentPanel::show_history);
    to.take(AgentPanel::select_model);
    to.take(AgentPanel::toggle_mode);
    to.take(AgentPanel::stop);
    to.take(AgentPanel::retry);
    to.take::<Allow>(|panel, _, window, cx| panel.answer(AllowOnce, window, cx));
    to.take::<AlwaysAllow>(|panel, _, window, cx| {
        panel.answer(PermissionAnswer::AlwaysAllow, window, cx);
    });
    to.take::<AllowAllEdits>(|panel, _, window, cx| panel.answer(AllowAllWrites, window, cx));
    to.take::<Deny>(|panel, _, window, cx| panel.answer(Refuse { reason: None }, window, cx));
    to.take(AgentPanel::jump_to_latest);
    to.take::<SendMessage>(|panel, _, window, cx| panel.submit(window, cx));
    to.take(AgentPanel::take_last_back);
    to.take(AgentPanel::copy_answer);
    to.take(AgentPanel::show_more);
}

/// Commands given anywhere in the program.
struct FromAnywhere<'a>(&'a mut App);

impl TakesHandlers for FromAnywhere<'_> {
    fn take<A: Action>(&mut self, handler: Handler<A>) {
        handle(self.0, handler);
    }
}

/// Commands given in a panel.
struct InPanel<'a, 'b> {
    element: &'a mut Interactivity,
    cx: &'a mut Context<'b, AgentPanel>,
}

impl TakesHandlers for InPanel<'_, '_> {
    fn take<A: Action>(&mut self, handler: Handler<A>) {
        self.element.on_action(self.cx.listener(handler));
    }
}

/// A panel's outermost element, with all that the agent's commands do in it.
pub(crate) fn handled<E: InteractiveElement>(mut element: E, cx: &mut Context<AgentPanel>) -> E {
    each_handler(&mut InPanel {
        element: element.interactivity(),
        cx,
    });
    element
}

/// Makes commands reach `panel` from anywhere in its window.
pub(crate) fn attach(panel: &Entity<AgentPanel>, window: &Window, cx: &mut App) {
    let panels = cx.default_global::<Panels>();
    panels.0.retain(|(_, panel)| panel.upgrade().is_some());
    panels.0.push((window.window_handle(), panel.downgrade()));
}

/// Says why a window without a folder has no agent, and leads to the choice of one.
fn offer_a_folder(window: &mut Window, cx: &mut App) {
    let open = |window: &mut Window, cx: &mut App| {
        Commands::run("workspace.openFolder", window, cx);
    };
    ui::notify_with_action(
        Severity::Info,
        "The agent works in a folder. Open a folder first.",
        "Open Folder\u{2026}",
        open,
        window,
        cx,
    );
}

/// Runs `handler` on the panel of the window in which the action was given and no view handled it,
/// and says what to do where that window has none.
fn handle<A: Action>(cx: &mut App, handler: Handler<A>) {
    ui::on_window_action(cx, move |action: &A, window, cx| {
        match panel_of(window, cx) {
            Some(panel) => panel.update(cx, |panel, cx| handler(panel, action, window, cx)),
            None => offer_a_folder(window, cx),
        }
    });
}
