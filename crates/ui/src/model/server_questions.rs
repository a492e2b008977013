//! Questions that servers ask the person at a window, and how long they may wait for an answer.

use std::collections::HashMap;
use std::time::Duration;

use super::{ServerSays, WorkspaceModel};
use crate::TextToRead;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{ServerQuestion, ServerState, WaitingQuestion};
use workspace::ServerKey;

/// One server asks no more than this at a time; the rest has no answer.
const MOST: usize = 3;
/// Nobody looks at the window for as long as this, or wants to answer.
const WAITS: Duration = Duration::from_secs(10 * 60);

/// A question that is shown.
struct Shown {
    /// What the notice says.
    message: String,
    waiting: WaitingQuestion,
    /// What takes it away after a while.
    _leaving: Task<()>,
}

/// The questions that are shown, by the server that asks.
#[derive(Default)]
pub(super) struct ServerQuestions {
    shown: HashMap<ServerKey, Vec<Shown>>,
    /// The failures that were told and are not mended, with why the server ended.
    failed: HashMap<ServerKey, String>,
}

impl WorkspaceModel {
    /// Has windows show a question of a server's. It has no answer where there are too many, and once
    /// the notice is gone.
    pub(super) fn server_asks(
        &mut self,
        key: &ServerKey,
        question: ServerQuestion,
        cx: &mut Context<Self>,
    ) {
        let shown = self.server_questions.shown.entry(key.clone()).or_default();
        shown.retain(|one| one.waiting.waits());
        if shown.len() >= MOST {
            return;
        }
        let message = format!("{}: {}", key.name, question.message.text);
        let leaving = cx.spawn({
            let message = message.clone();
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(WAITS).await;
                // A released model has no window.
                this.update(cx, |_, cx| cx.emit(ServerSays::QuestionOver { message }))
                    .ok();
            }
        });
        shown.push(Shown {
            message: message.clone(),
            waiting: question.waiting(),
            _leaving: leaving,
        });
        cx.emit(ServerSays::Question { message, question });
    }

    /// Takes what became of a server: one that does not run asks nothing, and a failure is told.
    pub(super) fn server_is(
        &mut self,
        key: &ServerKey,
        state: &ServerState,
        cx: &mut Context<Self>,
    ) {
        self.failure_over(key, cx);
        if *state == ServerState::Running {
            return;
        }
        self.end_questions(|of| of == key, cx);
        if let ServerState::Failed { reason } = state {
            let server = key.clone();
            let reason = reason.clone();
            let failed = &mut self.server_questions.failed;
            failed.insert(server.clone(), reason.clone());
            cx.emit(ServerSays::Failed { server, reason });
        }
    }

    /// Takes the questions back of servers that were ended, of which nothing more is heard.
    pub(super) fn end_questions_of_ended(&mut self, cx: &mut Context<Self>) {
        let servers = self.servers.as_ref();
        let told = &self.server_questions;
        let ended = told.shown.keys().chain(told.failed.keys());
        let ended = ended.filter(|key| servers.is_none_or(|all| all.by_key(key).is_none()));
        let ended: Vec<_> = ended.cloned().collect();
        for key in &ended {
            self.failure_over(key, cx);
        }
        self.end_questions(|key| ended.contains(key), cx);
    }

    /// Takes back that a server failed: it begins anew, or nobody wants it any more.
    fn failure_over(&mut self, key: &ServerKey, cx: &mut Context<Self>) {
        if let Some(reason) = self.server_questions.failed.remove(key) {
            let server = key.clone();
            cx.emit(ServerSays::FailureOver { server, reason });
        }
    }

    fn end_questions(&mut self, of: impl Fn(&ServerKey) -> bool, cx: &mut Context<Self>) {
        let over = self.server_questions.shown.extract_if(|key, _| of(key));
        for Shown { message, .. } in over.flat_map(|(_, shown)| shown) {
            cx.emit(ServerSays::QuestionOver { message });
        }
    }

    /// Ends the run of a server and begins another. What it is told of the project is looked for anew:
    /// a virtual environment may have been made since.
    pub fn restart_server(&mut self, key: &ServerKey, cx: &mut Context<Self>) {
        self.look_for_servers(cx);
        let server = self.servers.as_ref().and_then(|all| all.by_key(key));
        if let Some(server) = server {
            server.restart();
        }
    }

    /// Writes what a server wrote beside the protocol to a file of Kiln's own, and gives it to be read.
    pub fn write_log_of(
        &self,
        key: &ServerKey,
        cx: &Context<Self>,
    ) -> Task<Result<TextToRead, String>> {
        let server = self.servers.as_ref().and_then(|all| all.by_key(key));
        self.write_log(server.cloned(), cx)
    }
}
