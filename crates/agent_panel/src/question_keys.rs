//! Which keys answer a question of the agent, and where the keyboard goes with it.

use crate::commands::Allow;
use crate::panel::AgentPanel;
use agent::PermissionAnswer;
use gpui_kit::*;
use std::time::Duration;

/// A decision that has just appeared takes no keys for this long, so that a letter typed for
/// something else cannot answer it.
const ARMING_DELAY: Duration = Duration::from_millis(500);

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
        self.armed = false;
        self.arming = None;
        if self.can_allow(cx) {
            self.arm(cx);
        }
    }

    /// The change of a row is drawn: where it is asked for, it can be decided on from now.
    pub(crate) fn change_shown(&mut self, index: usize, cx: &mut Context<Self>) {
        let asking = self.session.read(cx).transcript().open_permission();
        if asking.is_some_and(|(row, _)| row == index) && self.arming.is_none() {
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
            return;
        }
        self.session
            .update(cx, |session, cx| session.answer(request, answer, cx));
        self.leave_conversation(window, cx);
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
