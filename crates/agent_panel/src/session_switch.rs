//! Beginning, leaving and going back to sessions.

use crate::commands::{NewSession, NewSpec};
use crate::panel::{AgentPanel, LONGEST_TITLE};
use crate::session::LeftSession;
use crate::transcript::Row;
use agent::{Mode, SessionId};
use gpui_kit::*;

impl AgentPanel {
    pub(crate) fn new_session(
        &mut self,
        _: &NewSession,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.begin_session(Mode::Chat, window, cx);
    }

    /// A spec has a session of its own: the open one, where nothing was said in it yet.
    pub(crate) fn new_spec(&mut self, _: &NewSpec, window: &mut Window, cx: &mut Context<Self>) {
        if self.is_empty(cx) {
            self.set_mode(Mode::Spec, window, cx);
            self.go_to_composer(window, cx);
        } else {
            self.begin_session(Mode::Spec, window, cx);
        }
    }

    /// Whether nothing was said in the session that is open.
    pub(crate) fn is_empty(&self, cx: &App) -> bool {
        let rows = self.session.read(cx).transcript().rows();
        rows.iter().all(|row| matches!(row, Row::Notice { .. }))
    }

    fn begin_session(&mut self, mode: Mode, window: &mut Window, cx: &mut Context<Self>) {
        self.take_stopped_back(window, cx);
        self.session.update(cx, |session, cx| session.begin_new(cx));
        self.set_mode(mode, window, cx);
        self.go_to_composer(window, cx);
    }

    /// Opens an older session.
    pub(crate) fn go_back_to(
        &mut self,
        id: SessionId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.take_stopped_back(window, cx);
        self.session
            .update(cx, |session, cx| session.resume(id, cx));
        // What is written for a spec stays that; else nobody means to begin one there.
        if self.composer.read(cx).value().trim().is_empty() {
            self.set_mode(Mode::Chat, window, cx);
        }
    }

    /// A turn does not go on where nobody sees it: says so, with a way back.
    pub(crate) fn tell_stopped(
        &mut self,
        left: &LeftSession,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let mut title: String = left.title.chars().take(LONGEST_TITLE).collect();
        if title.len() < left.title.len() {
            title.push('…');
        }
        let message = SharedString::from(format!(
            "“{title}” was stopped. Try Again goes on with it in its session."
        ));
        self.stopped = Some(message.clone());
        let (panel, id) = (cx.weak_entity(), left.id);
        let go_back = move |window: &mut Window, cx: &mut App| {
            // A closed panel shows no session.
            panel
                .update(cx, |panel, cx| panel.go_back_to(id, window, cx))
                .ok();
        };
        let severity = ui::Severity::Info;
        ui::notify_with_action(severity, message, "Go back", go_back, window, cx);
    }

    /// Who goes on elsewhere needs no way back any more.
    fn take_stopped_back(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(message) = self.stopped.take() {
            ui::take_notice_back(message, window, cx);
        }
    }
}
