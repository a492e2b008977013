//! Asking the user whether a tool call may go on.

use std::time::Instant;

use llm::{CancellationToken, ToolCall};

use crate::engine::Engine;
use crate::permission::Verdict;
use crate::session_log::Record;
use crate::tools::{Output, Planned};
use crate::turn::StepPlan;
use crate::{AgentEvent, PermissionAnswer, PermissionId, ToolCallView};

impl Engine {
    /// Asks whether a call may go on, where that is not known. Gives what is to be carried out: all of
    /// it, or what the user accepted. Otherwise what the model reads instead.
    pub async fn permit(
        &mut self,
        call: &ToolCall,
        view: &ToolCallView,
        planned: Planned,
        plan: &StepPlan,
        cancel: &CancellationToken,
    ) -> Result<Planned, Output> {
        let Some(effect) = planned.effect() else {
            return Ok(planned);
        };
        // The document that the user asked for: they review it right after.
        if plan.tools.document.is_some() && matches!(planned, Planned::Write(_)) {
            return Ok(planned);
        }
        match self.permissions.check(&call.name, &effect) {
            Verdict::Allow => return Ok(planned),
            Verdict::Deny => {
                // Nobody was asked, so that what was refused is told here.
                self.events
                    .send(AgentEvent::ToolCallRunning { call: view.clone() })
                    .await;
                self.events.send(denied(&call.id)).await;
                let told = match effect.always_asks() {
                    true => "Not allowed, since nobody can be asked: this file configures or starts programs, and its changes are asked about each time, whatever is trusted. Run it in a terminal without --no-interactive and --json to be asked".to_owned(),
                    false => format!(
                        "Not allowed, since nobody can be asked. Trust {} to allow it (--trust-tools, or kiln.agent.trustedTools)",
                        call.name
                    ),
                };
                return Err(Output::failure(
                    told,
                    format!(
                        "Error: {} was not allowed: Kiln runs without a user who could be asked. Go on without it, or say what is needed.",
                        call.name
                    ),
                ));
            }
            Verdict::Ask => {}
        }
        let Some(preview) = planned.preview(&self.tool_context(cancel)) else {
            return Ok(planned);
        };
        // What is asked about is known after a crash.
        let asked = Record::PermissionAsked {
            call: view.clone(),
            preview: Some(preview.clone()),
        };
        if let Err(message) = self.record(asked).await {
            return Err(Output::error(message));
        }
        self.next_permission += 1;
        let id = PermissionId(self.next_permission);
        let answer = self.inbox.ask(id);
        if let Some(turn) = &mut self.turn {
            turn.clock.wait(Instant::now());
        }
        self.events
            .send(AgentEvent::PermissionRequested {
                id,
                call: view.clone(),
                preview,
            })
            .await;
        let answer = tokio::select! {
            biased;
            () = cancel.cancelled() => None,
            answer = answer => answer.ok(),
        };
        if let Some(turn) = &mut self.turn {
            turn.clock.go_on(Instant::now());
        }
        self.inbox.withdraw(id);
        match answer {
            Some(PermissionAnswer::AllowOnce) => {
                planned.caught_up(&self.tool_context(cancel)).await
            }
            Some(PermissionAnswer::AlwaysAllow) => {
                self.permissions.always_allow(&effect);
                planned.caught_up(&self.tool_context(cancel)).await
            }
            Some(PermissionAnswer::AllowAllWrites) => {
                match &planned {
                    Planned::Write(_) => self.permissions.allow_all_writes(),
                    _ => self.permissions.always_allow(&effect),
                }
                planned.caught_up(&self.tool_context(cancel)).await
            }
            Some(PermissionAnswer::AllowLines {
                current,
                hunks,
                refused,
            }) => {
                let context = self.tool_context(cancel);
                planned.only(current, hunks, refused, &context).await
            }
            Some(PermissionAnswer::Deny { reason }) => {
                self.events.send(denied(&call.id)).await;
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                if let Some(turn) = &mut self.turn {
                    turn.redirected = reason.is_some();
                }
                Err(Output::failure(
                    match &reason {
                        Some(reason) => format!("Denied. You said: {reason}"),
                        None => "Denied".to_owned(),
                    },
                    match reason {
                        Some(reason) => format!(
                            "The user did not allow this and says: {reason}\nDo as they say; do not try the same in another way."
                        ),
                        None => "The user did not allow this. Do not try the same in another way; go on without it, or ask what they want instead.".to_owned(),
                    },
                ))
            }
            None => Err(Output::failure(
                "Stopped",
                "The user stopped the turn before answering.",
            )),
        }
    }
}

/// Tells that a call is not made.
pub(crate) fn denied(call_id: &str) -> AgentEvent {
    AgentEvent::ToolCallDenied {
        call_id: call_id.to_owned(),
    }
}
