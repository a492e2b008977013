//! The agent as a dock panel: what it holds, what it does on commands and events.

use crate::commands::{
    self, CopyAnswer, JumpToLatest, PANEL_CONTEXT, PROMPT_CONTEXT, Retry, SelectModel, ShowHistory,
    Stop, ToggleMode,
};
use crate::composer::placeholder;
use crate::diff_lines::PreparedDiff;
use crate::panel_part::PanelPart;
use crate::pickers::{OpenPicker, PickerPurpose, popover};
use crate::question_keys::{NotTaken, Sought, WAITS};
use crate::rows::{self, RowView};
use crate::session::{AgentSession, QueuedPrompt, SessionUpdate};
use crate::status_item::AgentStatus;
use crate::transcript::{Row, RowChange};
use crate::welcome::{Suggestion, suggestions};
use agent::{Mode, Operation, PermissionAnswer};
use gpui_kit::component::input::{InputEvent, TextareaState};
use gpui_kit::component::message_scroller::{MessageScroller, MessageScrollerState};
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::cell::Cell;
use std::time::Duration;
use ui::tokens::space;
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, DockSide, Draft, IconName, OnChange, Panel};

/// Characters of a session's title.
pub(crate) const LONGEST_TITLE: usize = 60;
/// How often the elapsed time is drawn anew.
const TICK: Duration = Duration::from_secs(1);

/// The agent panel.
pub struct AgentPanel {
    pub(crate) session: Entity<AgentSession>,
    pub(crate) composer: Entity<TextareaState>,
    pub(crate) mode: Mode,
    pub(crate) scroller: Entity<MessageScrollerState>,
    pub(crate) views: Vec<RowView>,
    conversation: Entity<PanelPart>,
    /// The composer and what stands above it.
    foot: Entity<PanelPart>,
    pub(crate) rows_drawn: u64,
    pub(crate) change_lines_drawn: Cell<u64>,
    /// Focus of the conversation, where a decision takes keys.
    pub(crate) conversation_focus: FocusHandle,
    /// Focus of the card that asks.
    pub(crate) question_focus: FocusHandle,
    /// The conversation was pressed since the question came: letters are for the question only
    /// where it has the focus.
    pub(crate) pressed_since_asked: bool,
    /// What the question took the keyboard from, which gets it back with the answer. Nothing where
    /// it was the composer.
    pub(crate) taken_from: Option<FocusHandle>,
    /// What the person went to since the question came.
    pub(crate) sought: Sought,
    /// The conversation has kept the keyboard after an answer, until the turn ends.
    pub(crate) keeps_keyboard: bool,
    pub(crate) armed: bool,
    /// Why the last key that answers questions did not answer the one that is open.
    pub(crate) not_taken: Option<NotTaken>,
    /// A notice tells of the question, which came while the panel was out of sight.
    pub(crate) told_of_question: bool,
    /// The words of the turn that did not begin last.
    given_back: Option<String>,
    /// The notice of a turn that was stopped with its session.
    pub(crate) stopped: Option<SharedString>,
    pub(crate) picker: Option<OpenPicker>,
    /// The press of the mouse that closed a list last.
    pub(crate) dismissed_by: Option<Point<Pixels>>,
    /// How wide the composer was drawn last.
    pub(crate) composer_width: Pixels,
    pub(crate) suggestions: Vec<Suggestion>,
    status: Entity<AgentStatus>,
    pub(crate) arming: Option<Task<()>>,
    ticking: Option<Task<()>>,
    _suggesting: Task<()>,
    _subscriptions: Vec<Subscription>,
}

impl AgentPanel {
    /// A panel over `session`.
    pub fn new(session: Entity<AgentSession>, window: &mut Window, cx: &mut Context<Self>) -> Self {
        let composer = cx.new(|cx| {
            TextareaState::new(window, cx)
                .auto_grow(1, 12)
                .submit_on_enter(true)
                .placeholder(placeholder(Mode::Chat, false, Pixels::MAX))
        });
        let row_count = session.read(cx).transcript().rows().len();
        let scroller = cx.new(|cx| MessageScrollerState::new(row_count, cx));
        let conversation_focus = cx.focus_handle();
        let subscriptions = vec![
            cx.subscribe_in(&composer, window, Self::composer_event),
            cx.subscribe_in(&session, window, Self::session_update),
            cx.observe_global::<ui::ProposedEdits>(Self::decided_in_text),
            cx.observe_in(&session, window, |this, _, window, cx| {
                this.keep_ticking(cx);
                this.update_placeholder(window, cx);
                this.end_keeping(window, cx);
                cx.notify();
            }),
            cx.on_focus_in(&conversation_focus, window, Self::conversation_entered),
        ];
        let root = session.read(cx).workspace().read(cx).root().to_owned();
        let fs = session
            .read(cx)
            .workspace()
            .read(cx)
            .workspace()
            .fs()
            .clone();
        let look = cx.background_spawn(async move { suggestions(&root, fs.as_ref()) });
        let suggesting = cx.spawn(async move |this, cx| {
            let found = look.await;
            // Without a panel nobody needs them.
            this.update(cx, |this: &mut Self, cx| {
                this.suggestions = found;
                cx.notify();
            })
            .ok();
        });
        let this = cx.entity();
        commands::attach(&this, window, cx);
        Self {
            conversation: cx.new(|cx| {
                let draw = Self::render_conversation;
                PanelPart::new("agent-conversation", &this, &scroller, draw, cx)
            }),
            foot: cx.new(|cx| {
                let foot =
                    PanelPart::new("agent-foot", &this, &composer, Self::render_composer, cx);
                foot.with_content_height()
            }),
            rows_drawn: 0,
            change_lines_drawn: Cell::new(0),
            status: cx.new(|cx| AgentStatus::new(session.clone(), cx)),
            views: session
                .read(cx)
                .transcript()
                .rows()
                .iter()
                .map(RowView::new)
                .collect(),
            session,
            composer,
            mode: Mode::Chat,
            scroller,
            conversation_focus,
            question_focus: cx.focus_handle(),
            pressed_since_asked: false,
            taken_from: None,
            sought: Sought::Nothing,
            keeps_keyboard: false,
            armed: false,
            not_taken: None,
            told_of_question: false,
            given_back: None,
            stopped: None,
            picker: None,
            dismissed_by: None,
            composer_width: Pixels::MAX,
            suggestions: Vec::new(),
            arming: None,
            ticking: None,
            _suggesting: suggesting,
            _subscriptions: subscriptions,
        }
    }

    /// The session that the panel shows.
    pub fn session(&self) -> &Entity<AgentSession> {
        &self.session
    }

    /// How many rows of the conversation were laid out so far: a measure of the panel's work.
    pub fn rows_drawn(&self) -> u64 {
        self.rows_drawn
    }

    /// How many lines of changes were laid out so far, as [`Self::rows_drawn`].
    pub fn change_lines_drawn(&self) -> u64 {
        self.change_lines_drawn.get()
    }

    fn session_update(
        &mut self,
        _: &Entity<AgentSession>,
        update: &SessionUpdate,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match update {
            SessionUpdate::Rows(changes) => {
                for change in changes {
                    self.row_changed(change, cx);
                }
                if !self.asks(cx) {
                    self.give_keyboard_back(window, cx);
                    self.take_question_notice_back(window, cx);
                }
                self.tell_proposed_change(cx);
            }
            SessionUpdate::PermissionAsked => {
                self.permission_asked(window, cx);
                self.tell_proposed_change(cx);
            }
            SessionUpdate::Stopped(left) => self.tell_stopped(left, window, cx),
            SessionUpdate::GivenBack(prompt) => self.take_words_back(prompt, window, cx),
            SessionUpdate::ModelChosen(_) => {}
        }
    }

    fn row_changed(&mut self, change: &RowChange, cx: &mut Context<Self>) {
        let session = self.session.clone();
        match change {
            RowChange::Reset => {
                let rows = session.read(cx).transcript().rows();
                self.views = rows.iter().map(RowView::new).collect();
                let count = self.views.len();
                self.scroller
                    .update(cx, |scroller, cx| scroller.reset(count, cx));
            }
            RowChange::Added(index) => {
                // A reset before it takes in all the rows there are.
                if *index >= self.views.len()
                    && let Some(row) = session.read(cx).transcript().rows().get(*index)
                {
                    self.views.push(RowView::new(row));
                    self.scroller
                        .update(cx, |scroller, cx| scroller.append(1, cx));
                }
                self.tool_changed(*index, cx);
                self.prepare_diff(*index, cx);
            }
            RowChange::Updated(index) => {
                self.tool_changed(*index, cx);
                self.prepare_diff(*index, cx);
                self.remeasure(*index, cx);
            }
            RowChange::Grew { row, delta } => {
                if let Some(RowView::Answer(Some(state), _)) = self.views.get(*row) {
                    state.update(cx, |state, cx| state.push_str(delta, cx));
                }
                self.remeasure(*row, cx);
            }
        }
        if !self.asks(cx) {
            self.armed = false;
            self.arming = None;
            self.not_taken = None;
        }
    }

    pub(crate) fn remeasure(&mut self, index: usize, cx: &mut Context<Self>) {
        self.scroller.update(cx, |scroller, cx| {
            scroller.remeasure_items(index..index + 1, cx);
        });
        cx.notify();
    }

    /// Puts the words of a turn that did not begin back, before what is written by now: they are kept
    /// there, also when the program ends.
    fn take_words_back(
        &mut self,
        prompt: &QueuedPrompt,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let written = self.composer.read(cx).value();
        let text = if written.trim().is_empty() {
            self.set_mode(prompt.mode, window, cx);
            prompt.text.clone()
        } else {
            format!("{}\n\n{written}", prompt.text)
        };
        self.given_back = Some(text.clone());
        self.fill(text, window, cx);
    }

    /// Puts words into the composer, in place of what is there, and the caret behind them.
    pub(crate) fn fill(&mut self, text: String, window: &mut Window, cx: &mut Context<Self>) {
        self.composer.update(cx, |composer, cx| {
            let end = text.len();
            composer.set_value(text, window, cx);
            composer.set_selected_range(end..end, cx);
        });
    }

    fn keep_ticking(&mut self, cx: &mut Context<Self>) {
        if !self.session.read(cx).is_running() {
            self.ticking = None;
        } else if self.ticking.is_none() {
            self.ticking = Some(cx.spawn(async move |this, cx| {
                loop {
                    cx.background_executor().timer(TICK).await;
                    let ticked = this.update(cx, |this: &mut Self, cx| {
                        this.foot.update(cx, PanelPart::changed);
                        if this.session.read(cx).transcript().runs_a_tool() {
                            this.conversation.update(cx, |_, cx| cx.notify());
                        }
                    });
                    if ticked.is_err() {
                        return;
                    }
                }
            }));
        }
    }

    fn composer_event(
        &mut self,
        _: &Entity<TextareaState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            InputEvent::PressEnter { shift: false, .. } => self.submit(window, cx),
            // Who writes is no longer at the question.
            InputEvent::Change => self.sought = Sought::Nothing,
            _ => {}
        }
    }

    /// Sends what is written. While a decision is open, the words are the reason to refuse it.
    pub(crate) fn submit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let text = self.composer.read(cx).value().trim().to_owned();
        let asking = self.session.read(cx).transcript().open_permission();
        if text.is_empty() {
            // What waits and is not sent by itself is what is meant.
            return self.send_queued(0, cx);
        }
        self.composer
            .update(cx, |composer, cx| composer.set_value("", window, cx));
        let mode = self.mode;
        self.session.update(cx, |session, cx| match asking {
            Some((_, request)) => {
                session.answer(request, PermissionAnswer::Deny { reason: Some(text) }, cx);
            }
            None => session.prompt(text, mode, cx),
        });
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
    }

    /// Puts words into the composer and the caret behind them.
    pub fn write(&mut self, text: &str, mode: Mode, window: &mut Window, cx: &mut Context<Self>) {
        self.set_mode(mode, window, cx);
        self.fill(text.to_owned(), window, cx);
        self.composer
            .update(cx, |composer, cx| composer.focus(window, cx));
    }

    pub(crate) fn set_mode(&mut self, mode: Mode, window: &mut Window, cx: &mut Context<Self>) {
        self.mode = mode;
        self.update_placeholder(window, cx);
        cx.notify();
    }

    fn update_placeholder(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let asking = self.asks(cx);
        let width = self.composer_width / ui::zoom::window_factor(cx);
        let text = placeholder(self.mode, asking, width);
        self.composer.update(cx, |composer, cx| {
            if composer.presentation().placeholder().as_ref() != text {
                composer.set_placeholder(text, window, cx);
            }
        });
    }

    /// The composer was laid out with this width.
    pub(crate) fn composer_measured(
        &mut self,
        width: Pixels,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        // The same width has room for less where the zoom has changed.
        self.composer_width = width;
        self.update_placeholder(window, cx);
    }

    // Commands.

    pub(crate) fn toggle_mode(
        &mut self,
        _: &ToggleMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let mode = match self.mode {
            Mode::Chat => Mode::Spec,
            Mode::Spec => Mode::Chat,
        };
        self.set_mode(mode, window, cx);
        self.go_to_composer(window, cx);
    }

    pub(crate) fn stop(&mut self, _: &Stop, _: &mut Window, cx: &mut Context<Self>) {
        if self.session.read(cx).is_running() {
            self.session
                .update(cx, |session, cx| session.send(Operation::Cancel, cx));
        } else {
            cx.propagate();
        }
    }

    pub(crate) fn retry(&mut self, _: &Retry, window: &mut Window, cx: &mut Context<Self>) {
        if !self.session.read(cx).is_running() {
            self.leave_conversation(window, cx);
            // What is tried again is not to be sent once more.
            if let Some(given_back) = self.given_back.take()
                && *self.composer.read(cx).value() == *given_back
            {
                self.fill(String::new(), window, cx);
            }
            self.session
                .update(cx, |session, cx| session.send(Operation::Retry, cx));
        }
    }

    pub(crate) fn jump_to_latest(
        &mut self,
        _: &JumpToLatest,
        _: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
    }

    pub(crate) fn copy_answer(
        &mut self,
        _: &CopyAnswer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match rows::newest_answer(self.session.read(cx).transcript()) {
            Some(answer) => cx.write_to_clipboard(ClipboardItem::new_string(answer)),
            None => ui::notify(
                ui::Severity::Info,
                "There is no answer to copy yet.",
                window,
                cx,
            ),
        }
    }

    pub(crate) fn select_model(
        &mut self,
        _: &SelectModel,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        ui::reveal_panel(Self::ID, window, cx);
        self.open_picker(PickerPurpose::Model, window, cx);
    }

    pub(crate) fn show_history(
        &mut self,
        _: &ShowHistory,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        ui::reveal_panel(Self::ID, window, cx);
        self.open_picker(PickerPurpose::History, window, cx);
    }

    pub(crate) fn prepare_diff(&mut self, index: usize, cx: &mut Context<Self>) {
        let session = self.session.read(cx);
        let Some(Row::Tool(tool)) = session.transcript().rows().get(index) else {
            return;
        };
        let Some(change) = tool.file_change() else {
            return;
        };
        let Some(RowView::Tool(view)) = self.views.get_mut(index) else {
            return;
        };
        // The change that was asked for and the one that was made are usually the same.
        if !view.needs_diff(change) {
            return;
        }
        let change = change.clone();
        let prepare = cx.background_spawn(async move {
            let before = change.before.as_deref().unwrap_or_default();
            PreparedDiff::new(&change.path, before, &change.after)
        });
        view.preparing = Some(cx.spawn(async move |this, cx| {
            let prepared = prepare.await;
            // Without a panel nobody draws it.
            this.update(cx, |this: &mut Self, cx| {
                if let Some(RowView::Tool(view)) = this.views.get_mut(index) {
                    view.prepared(prepared);
                    this.remeasure(index, cx);
                    this.change_shown(index, cx);
                }
            })
            .ok();
        }));
    }
}

impl Focusable for AgentPanel {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        // An open list has the keyboard, also where the panel is revealed for it.
        match &self.picker {
            Some(picker) => picker.list.focus_handle(cx),
            None => self.where_keyboard_goes(cx),
        }
    }
}

impl Panel for AgentPanel {
    const ID: &'static str = "agent";
    const TOGGLE_COMMAND: Option<&'static str> = Some("agent.focus");
    // The conversation, and the composer with its controls.
    const KEEPS_PARTS: bool = true;

    fn side() -> DockSide {
        DockSide::Right
    }

    fn title(&self, cx: &App) -> SharedString {
        let session = self.session.read(cx);
        match session.transcript().title() {
            Some(title) => title.chars().take(LONGEST_TITLE).collect::<String>().into(),
            None => "Agent".into(),
        }
    }

    fn icon(&self) -> IconName {
        IconName::Sparkles
    }

    fn shown(&self, cx: &App) -> Option<String> {
        let session = self.session.read(cx).session();
        session.map(|id| id.to_string())
    }

    fn draft(&self, cx: &App) -> Option<Draft> {
        self.unsent(cx)
    }

    fn restore_draft(&mut self, draft: Draft, window: &mut Window, cx: &mut Context<Self>) {
        self.restore_unsent(draft, window, cx);
    }

    fn observe_draft(
        &self,
        changed: OnChange,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Subscription> {
        let subscription = window.subscribe(
            &self.composer,
            cx,
            move |_, event: &InputEvent, window, cx| {
                if let InputEvent::Change = event {
                    changed(window, cx);
                }
            },
        );
        Some(subscription)
    }

    fn has_focus(&self, window: &Window, cx: &App) -> bool {
        self.conversation_focus.contains_focused(window, cx)
            || self.composer.focus_handle(cx).is_focused(window)
            || self.focus_handle(cx).contains_focused(window, cx)
    }

    fn badge(&self, cx: &App) -> Option<SharedString> {
        self.asks(cx).then(|| "!".into())
    }

    fn waits_for(&self, cx: &App) -> Option<SharedString> {
        self.asks(cx).then(|| WAITS.into())
    }

    fn header_actions(&mut self, _: &mut Window, _: &mut Context<Self>) -> Option<AnyElement> {
        let history = self
            .picker
            .as_ref()
            .is_some_and(|picker| picker.purpose == PickerPurpose::History);
        Some(
            div()
                .flex()
                .gap(space::XXS)
                .child(
                    IconButton::new("agent-history", IconName::Clock, "Session history")
                        .command("agent.history")
                        .opens(history),
                )
                .child(
                    IconButton::new("agent-new-session", IconName::Plus, "New session")
                        .command("agent.newSession"),
                )
                .into_any_element(),
        )
    }

    fn status_items(&self, _: &App) -> Vec<AnyView> {
        vec![self.status.clone().into()]
    }
}

impl Render for AgentPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        if self.told_of_question {
            // It is in sight now.
            cx.defer_in(window, Self::take_question_notice_back);
        }
        let asking = self.armed && self.question_has_keys(window, cx);
        let body = if self.is_empty(cx) {
            self.render_welcome(cx).into_any_element()
        } else {
            PanelPart::element(&self.conversation, window, cx)
        };
        let foot = PanelPart::element(&self.foot, window, cx);
        div()
            .id("agent-panel")
            .role(Role::Region)
            .aria_label("Agent")
            .key_context(PANEL_CONTEXT)
            .size_full()
            .min_h_0()
            .relative()
            .flex()
            .flex_col()
            .bg(colors.surface)
            .text_color(colors.text)
            .map(|element| commands::handled(element, cx))
            .child(
                div()
                    .id("agent-conversation")
                    .flex_1()
                    .min_h_0()
                    .track_focus(&self.conversation_focus)
                    // Its controls take no focus from a click, and the editor must not keep it:
                    // the letters that answer a question would be typed there. A press beside the
                    // question does not answer it either; one on it gives it the focus.
                    .capture_any_mouse_down(cx.listener(|this, _, window, cx| {
                        this.pressed_since_asked = true;
                        this.keeps_keyboard = false;
                        cx.notify();
                        if !this.conversation_focus.contains_focused(window, cx)
                            && !this.composer.focus_handle(cx).is_focused(window)
                        {
                            this.conversation_focus.focus(window, cx);
                        }
                    }))
                    .when(asking, |this| this.key_context(PROMPT_CONTEXT))
                    .on_key_down(cx.listener(Self::key_left_over))
                    .child(body),
            )
            .child(foot)
            .when_some(
                self.picker
                    .as_ref()
                    .filter(|picker| picker.purpose == PickerPurpose::History),
                |this, picker| {
                    let place = div().left(space::L).right(space::L).top(space::XS);
                    this.child(popover(picker, place))
                },
            )
    }
}

impl AgentPanel {
    fn render_conversation(&mut self, _: &mut Window, cx: &mut Context<Self>) -> AnyElement {
        let panel = cx.weak_entity();
        let colors = **cx.kiln_theme();
        let rows = StyleRefinement::default().px(space::L).pb(px(0.));
        let ends = StyleRefinement::default().pt(space::L).pb(space::XL);
        MessageScroller::new(
            "agent-messages",
            self.scroller.clone(),
            move |index, window, cx| {
                panel
                    .update(cx, |panel, cx| panel.render_row(index, window, cx))
                    .unwrap_or_else(|_| div().into_any_element())
            },
        )
        .with_row_style(rows)
        .with_list_style(ends)
        .with_bottom_fade(colors.surface)
        .with_jump_button_label("Jump to latest")
        .into_any_element()
    }
}
