//! Handing operations to the agent, also where it takes none at the moment or any more.
//!
//! The agent's queue is bounded. Where it is full nothing is dropped: a message waits above the
//! composer, where it can be sent and taken back and is kept over a restart, and all else is handed
//! over in its order as soon as there is room.

use super::{AgentSession, QueuedPrompt, SessionUpdate};
use agent::{AgentEvent, Mode, NoticeLevel, Operation, PermissionAnswer};
use async_channel::TrySendError;
use gpui_kit::{AsyncApp, Context};

const MESSAGE_WAITS: &str = "The agent has more to do than it can take in, so that your message was \
    not sent. It waits above the composer: send it from there in a moment.";
const OPERATION_WAITS: &str = "The agent has more to do than it can take in. What you asked for \
    waits, and is handed over as soon as there is room. If nothing happens for a minute, close the \
    folder and open it again; the conversation is kept.";

impl AgentSession {
    /// Hands an operation to the agent, now or as soon as it has room; the conversation says so
    /// where that is later.
    pub fn send(&mut self, operation: Operation, cx: &mut Context<Self>) {
        match operation {
            Operation::Prompt { text, mode } => {
                let end = self.queue.len();
                self.send_prompt(QueuedPrompt { text, mode }, end, cx);
            }
            operation => self.send_or_hold(operation, cx),
        }
        cx.notify();
    }

    /// Sends a message; where that cannot be done it waits at `position` of the queue.
    pub(super) fn send_prompt(
        &mut self,
        prompt: QueuedPrompt,
        position: usize,
        cx: &mut Context<Self>,
    ) {
        let QueuedPrompt { text, mode } = prompt.clone();
        // Not before what was asked for earlier.
        let is_free = self.held.is_empty();
        let sent = is_free.then(|| self.operations.try_send(Operation::Prompt { text, mode }));
        if matches!(sent, Some(Ok(()))) {
            self.sent = Some(prompt);
        } else {
            let position = position.min(self.queue.len());
            self.queue.insert(position, prompt);
        }
        match sent {
            Some(Ok(())) => {}
            Some(Err(TrySendError::Closed(_))) => self.agent_stopped(cx),
            Some(Err(TrySendError::Full(_))) | None => self.tell_waits(MESSAGE_WAITS, cx),
        }
        cx.notify();
    }

    fn send_or_hold(&mut self, operation: Operation, cx: &mut Context<Self>) {
        if !self.held.is_empty() {
            self.held.push_back(operation);
            return;
        }
        match self.operations.try_send(operation) {
            Ok(()) => {}
            Err(TrySendError::Closed(operation)) => {
                self.keep_words(operation);
                self.agent_stopped(cx);
            }
            Err(TrySendError::Full(operation)) => {
                self.held.push_back(operation);
                self.tell_waits(OPERATION_WAITS, cx);
                self.hand_over(cx);
            }
        }
    }

    fn tell_waits(&mut self, message: &str, cx: &mut Context<Self>) {
        let changes = self.transcript.apply(&AgentEvent::Notice {
            session: self.session,
            level: NoticeLevel::Warning,
            message: message.to_owned(),
        });
        cx.emit(SessionUpdate::Rows(changes));
    }

    /// The agent will not take this. What a person wrote stays.
    fn keep_words(&mut self, operation: Operation) {
        if let Operation::AnswerPermission {
            answer: PermissionAnswer::Deny { reason: Some(text) },
            ..
        } = operation
        {
            let mode = Mode::Chat;
            self.queue.push_back(QueuedPrompt { text, mode });
        }
    }

    /// Hands what is held to the agent, one after the other.
    fn hand_over(&mut self, cx: &mut Context<Self>) {
        let operations = self.operations.clone();
        self.handing_over = cx.spawn(async move |this, cx: &mut AsyncApp| {
            // Without a window there is nobody left who asked for it.
            while let Ok(Some(next)) = this.update(cx, |session, _| session.held.front().cloned()) {
                let taken = operations.send(next).await.is_ok();
                let handed = this.update(cx, |session, cx| {
                    if taken {
                        session.held.pop_front();
                        return;
                    }
                    for operation in std::mem::take(&mut session.held) {
                        session.keep_words(operation);
                    }
                    session.agent_stopped(cx);
                });
                if handed.is_err() {
                    return;
                }
            }
        });
    }
}
