//! Which keys answer a question of the agent, and where the keyboard goes with it.

use crate::commands::{
    Allow, AllowAllEdits, AlwaysAllow, Deny, Focus, GoToQuestion, PROMPT_CONTEXT,
};
use crate::panel::AgentPanel;
use agent::PermissionAnswer;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::time::Duration;
use ui::icons::sized_icon;
use ui::tokens::{icon_size, space};
use ui::{ActiveKilnTheme as _, IconName, Panel as _, Typography as _};

/// A decision that has just appeared takes no keys for this long, so that a letter typed for
/// something else cannot answer it.
const ARMING_DELAY: Duration = Duration::from_millis(500);

/// What is told of an open question where its panel is out of sight.
pub(crate) const WAITS: &str = "The agent waits for your decision.";

/// Why a key that answers questions did not answer the one that is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NotTaken {
    /// The question, or the change that it is about, had only just appeared.
    TooEarly,
    /// The change was still being compared with its file.
    Comparing,
    /// The keyboard was elsewhere in the conversation.
    Elsewhere,
    /// It allows edits, and the question is about something else.
    NoEdit,
    /// It allows more than this change, of which parts were refused in the text.
    PartsRefused,
}

/// What a person went to in the panel, since the question came that is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sought {
    /// Neither.
    Nothing,
    /// The question.
    Question,
    /// The composer, as to say what to do instead.
    Composer,
}

impl NotTaken {
    /// What a person is told, who may be able to `allow` it by now.
    fn message(self, can_allow: bool) -> &'static str {
        match self {
            Self::TooEarly => "The question had only just appeared. Press the key again to answer.",
            Self::Comparing if !can_allow => {
                "The change is still being compared, so that the key answered nothing."
            }
            Self::Comparing => "The change is compared now. Press the key again to answer.",
            Self::Elsewhere => {
                "The keyboard was not in the question. Press on it, or go to its buttons with Tab; then press the key again."
            }
            Self::NoEdit => "That key allows edits of files, and this is none.",
            Self::PartsRefused => {
                "You refused parts of this change in the text. Allow makes the others."
            }
        }
    }
}

impl AgentPanel {
    /// A decision takes the keyboard only from an empty composer of this panel, from a control of
    /// the conversation, or from what only shows, such as a spec's document whose task asks: never
    /// from a message being written, and never from the editor.
    pub(crate) fn permission_asked(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let composer = self.composer.focus_handle(cx);
        let free = composer.is_focused(window) && self.composer.read(cx).value().trim().is_empty();
        // After a start nothing may have the keyboard yet.
        let nowhere = window.focused(cx).is_none();
        let here = self.conversation_focus.contains_focused(window, cx);
        // A hidden panel does nothing with keys.
        let is_drawn = window.is_action_available_in(&Allow, &self.conversation_focus);
        let from_reader = !here && is_drawn && ui::is_reading(window);
        if from_reader {
            self.taken_from = window.focused(cx);
        }
        if free || nowhere || here || from_reader {
            self.conversation_focus.focus(window, cx);
        }
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
        self.pressed_since_asked = false;
        self.sought = Sought::Nothing;
        self.not_taken = None;
        self.arm_anew(cx);
        if !is_drawn {
            self.tell_of_question(window, cx);
        }
    }

    /// Nobody sees the question: says that it waits, with a way to it.
    fn tell_of_question(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.told_of_question = true;
        let panel = cx.weak_entity();
        let show = move |window: &mut Window, cx: &mut App| {
            // A closed panel asks nothing.
            panel
                .update(cx, |panel, cx| panel.go_to_question(window, cx))
                .ok();
        };
        ui::notify_with_action(ui::Severity::Info, WAITS, "Show", show, window, cx);
    }

    /// The question is in sight, or gone.
    pub(crate) fn take_question_notice_back(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if std::mem::take(&mut self.told_of_question) {
            ui::take_notice_back(WAITS, window, cx);
        }
    }

    /// See [`GoToQuestion`].
    pub(crate) fn show_question(
        &mut self,
        _: &GoToQuestion,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match self.asks(cx) {
            true => self.go_to_question(window, cx),
            false => ui::notify(ui::Severity::Info, "The agent asks nothing.", window, cx),
        }
    }

    /// The conversation got the keyboard. Letters that were still meant for what had it before
    /// answer no question; who pressed into the conversation means it.
    pub(crate) fn conversation_entered(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.asks(cx) && window.last_input_was_keyboard() {
            self.arm_anew(cx);
            cx.notify();
        }
    }

    /// Goes to the question that waits, where no message is written and it has not the keyboard
    /// already; else to the composer.
    pub(crate) fn focus_agent(&mut self, _: &Focus, window: &mut Window, cx: &mut Context<Self>) {
        if self.asks(cx) && self.is_unwritten(cx) && !self.question_has_keys(window, cx) {
            self.go_to_question(window, cx);
        } else {
            self.go_to_composer(window, cx);
        }
    }

    /// Shows the panel and gives the keyboard to the question that waits.
    pub(crate) fn go_to_question(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.sought = Sought::Question;
        self.pressed_since_asked = false;
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
        self.come_to(window, cx);
    }

    /// Shows the panel and puts the caret into the composer.
    pub(crate) fn go_to_composer(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.sought = Sought::Composer;
        self.come_to(window, cx);
    }

    fn come_to(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        // An open list would take the keyboard.
        self.picker = None;
        ui::reveal_panel(Self::ID, window, cx);
        self.where_keyboard_goes(cx).focus(window, cx);
        cx.notify();
    }

    /// What has the keyboard where a person comes to the panel: the question that waits, unless they
    /// write or went to the composer, else the composer.
    pub(crate) fn where_keyboard_goes(&self, cx: &App) -> FocusHandle {
        let to_question = match self.sought {
            Sought::Nothing => self.is_unwritten(cx),
            Sought::Question => true,
            Sought::Composer => false,
        };
        match self.asks(cx) && to_question {
            true => self.conversation_focus.clone(),
            false => self.composer.focus_handle(cx),
        }
    }

    /// Whether the composer is empty.
    fn is_unwritten(&self, cx: &App) -> bool {
        self.composer.read(cx).value().trim().is_empty()
    }

    /// What has the keyboard, for [`Self::give_back_to`]; nothing where that is the composer.
    pub(crate) fn has_keyboard(&self, window: &Window, cx: &App) -> Option<FocusHandle> {
        // One of its controls may be gone by then.
        if self.conversation_focus.contains_focused(window, cx) {
            return Some(self.conversation_focus.clone());
        }
        let focused = window.focused(cx);
        focused.filter(|focused| *focused != self.composer.focus_handle(cx))
    }

    /// Gives the keyboard back to what had it.
    pub(crate) fn give_back_to(
        &mut self,
        had_it: Option<FocusHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let in_use = self.asks(cx) || self.session.read(cx).is_running();
        let had_it = had_it.filter(|handle| *handle != self.conversation_focus || in_use);
        let handle = had_it.unwrap_or_else(|| self.where_keyboard_goes(cx));
        handle.focus(window, cx);
    }

    /// The change of a row is drawn: where it is asked for, it can be decided on from now.
    pub(crate) fn change_shown(&mut self, index: usize, cx: &mut Context<Self>) {
        let asking = self.session.read(cx).transcript().open_permission();
        if asking.is_some_and(|(row, _)| row == index) && self.arming.is_none() {
            self.arm(cx);
        }
    }

    fn arm_anew(&mut self, cx: &mut Context<Self>) {
        self.armed = false;
        self.arming = None;
        if self.can_allow(cx) {
            self.arm(cx);
        }
    }

    fn arm(&mut self, cx: &mut Context<Self>) {
        self.arming = Some(cx.spawn(async move |this, cx| {
            cx.background_executor().timer(ARMING_DELAY).await;
            // A closed panel takes no keys.
            this.update(cx, |this: &mut Self, cx| {
                this.armed = this.asks(cx);
                cx.notify();
            })
            .ok();
        }));
    }

    /// Whether letters would be for the question, once it is armed.
    pub(crate) fn question_has_keys(&self, window: &Window, cx: &App) -> bool {
        if self.pressed_since_asked {
            self.question_focus.contains_focused(window, cx)
        } else {
            self.conversation_focus.contains_focused(window, cx)
        }
    }

    /// A key of the conversation that no command took. Where it would have answered the question,
    /// the question says why it did not.
    pub(crate) fn key_left_over(
        &mut self,
        event: &KeyDownEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if !self.asks(cx) {
            return;
        }
        let here = self.question_has_keys(window, cx);
        if !answers_questions(&event.keystroke, window, cx) {
            if here && is_letter(&event.keystroke) {
                // Whoever writes there answers nothing: the letters of a word come faster than this.
                self.arm_anew(cx);
                cx.notify();
            }
            return;
        }
        let why = match here {
            false => NotTaken::Elsewhere,
            true if !self.can_allow(cx) => NotTaken::Comparing,
            true if !self.armed => NotTaken::TooEarly,
            true => return,
        };
        self.tell_not_taken(why, cx);
    }

    fn tell_not_taken(&mut self, why: NotTaken, cx: &mut Context<Self>) {
        let asking = self.session.read(cx).transcript().open_permission();
        if let Some((index, _)) = asking {
            self.not_taken = Some(why);
            self.remeasure(index, cx);
        }
    }

    /// The line of the question that says why a key did not answer it.
    pub(crate) fn render_not_taken(&self, index: usize, cx: &App) -> Option<AnyElement> {
        let colors = **cx.kiln_theme();
        let message = self.not_taken?.message(self.can_allow(cx));
        let line = div()
            .id(("key-not-taken", index))
            .role(Role::Alert)
            .aria_label(message)
            .test_support()
            .flex()
            .gap(space::S)
            .text_small()
            .text_color(colors.text_muted)
            .child(sized_icon(
                IconName::Info,
                icon_size::MEDIUM,
                colors.text_muted,
            ))
            .child(div().flex_1().min_w_0().child(message));
        Some(line.into_any_element())
    }

    pub(crate) fn answer(
        &mut self,
        answer: PermissionAnswer,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some((_, request)) = self.session.read(cx).transcript().open_permission() else {
            return;
        };
        // Nobody allows what they have not seen.
        if !matches!(answer, PermissionAnswer::Deny { .. }) && !self.can_allow(cx) {
            self.tell_not_taken(NotTaken::Comparing, cx);
            return;
        }
        let allows_more = matches!(
            answer,
            PermissionAnswer::AlwaysAllow | PermissionAnswer::AllowAllWrites
        );
        if allows_more && self.has_refused_parts(cx) {
            self.tell_not_taken(NotTaken::PartsRefused, cx);
            return;
        }
        // Whoever allows edits does not mean a command.
        if answer == PermissionAnswer::AllowAllWrites && !self.can_allow_edits(cx) {
            self.tell_not_taken(NotTaken::NoEdit, cx);
            return;
        }
        let answer = match answer {
            PermissionAnswer::AllowOnce => self.allowed_once(cx),
            answer => answer,
        };
        self.session
            .update(cx, |session, cx| session.answer(request, answer, cx));
        let by_key = window.last_input_was_keyboard();
        if by_key && self.taken_from.is_none() && self.session.read(cx).is_running() {
            self.keep_keyboard(window, cx);
        } else {
            self.leave_conversation(window, cx);
        }
    }

    /// Keeps the keyboard in the conversation, where a question had it, for the next question of the
    /// turn: a letter that answers that before it is there is no message.
    fn keep_keyboard(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.conversation_focus.contains_focused(window, cx) {
            self.keeps_keyboard = true;
            // The button that had it goes away with its question.
            self.conversation_focus.focus(window, cx);
        }
    }

    /// Gives the keyboard to the composer where the conversation kept it for a turn that has ended.
    pub(crate) fn end_keeping(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.session.read(cx).is_running() && std::mem::take(&mut self.keeps_keyboard) {
            // A person may have moved it since.
            if self.conversation_focus.is_focused(window) {
                self.composer
                    .update(cx, |composer, cx| composer.focus(window, cx));
            }
        }
    }

    /// Gives the keyboard back to what a question took it from, else to the composer, where a
    /// control of the conversation had it, which is going away.
    pub(crate) fn leave_conversation(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.give_keyboard_back(window, cx);
        if self.conversation_focus.contains_focused(window, cx) {
            self.composer
                .update(cx, |composer, cx| composer.focus(window, cx));
        }
    }

    /// Gives the keyboard back to what a question took it from, unless a person has moved it since.
    pub(crate) fn give_keyboard_back(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let here = self.conversation_focus.contains_focused(window, cx);
        if let Some(taken_from) = self.taken_from.take()
            && here
        {
            taken_from.focus(window, cx);
        }
    }
}

/// Whether a key is one that words are written with.
fn is_letter(key: &Keystroke) -> bool {
    let held = &key.modifiers;
    let is_chord = held.control || held.alt || held.platform || held.function;
    !is_chord && (key.key == "space" || key.key.chars().count() == 1)
}

/// Whether a key answers a question that has the keyboard.
fn answers_questions(key: &Keystroke, window: &Window, cx: &App) -> bool {
    let mut question = KeyContext::default();
    question.add(PROMPT_CONTEXT);
    let mut contexts = window.context_stack();
    contexts.push(question);
    let keymap = cx.key_bindings();
    let keymap = keymap.borrow();
    let (bindings, _) = keymap.bindings_for_input(std::slice::from_ref(key), &contexts);
    bindings.first().is_some_and(|binding| {
        let action = binding.action().as_any();
        action.is::<Allow>()
            || action.is::<AlwaysAllow>()
            || action.is::<AllowAllEdits>()
            || action.is::<Deny>()
    })
}
