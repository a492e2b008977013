//! One turn: the model answers, its tool calls are carried out, and it answers
//! again, until it is done.

use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt;
use llm::{
    CancellationToken, Content, ModelEvent, ModelRequest, StopReason, ToolCall, ToolChoice, Usage,
};
use uuid::Uuid;

use crate::answer::{Answer, IncomingCall, acceptable_name};
use crate::answer_journal::AnswerJournal;
use crate::context_window::fit;
use crate::engine::Engine;
use crate::most_changes::{Changes, MostChanges};
use crate::output_stream::OutputStream;
use crate::permission_request::denied;
use crate::repetition::{RepetitionGuard, RepetitionVerdict};
use crate::session_log::{Origin, Record, milliseconds};
use crate::tools::{self, Output, Planned, ToolContext, ToolSet};
use crate::{
    AgentEvent, EndReason, Mode, NoticeLevel, Speed, ToolCallView, TurnClock, TurnId, visible,
};

/// How a turn begins.
pub(crate) struct TurnStart {
    /// What the user is shown.
    pub prompt: String,
    pub mode: Mode,
    /// What the model reads.
    pub message: String,
    pub origin: Origin,
    /// The turn that this does again.
    pub replaces: Option<TurnId>,
    /// Whether the prompt is in sight, with the turn before.
    pub goes_on: bool,
}

/// What the model works with in a run of steps.
pub(crate) struct StepPlan {
    pub system: String,
    pub tools: ToolSet,
    /// Leave earlier turns out of the request.
    pub only_this_turn: bool,
    /// How much the model may change; `None` for as much as it likes.
    pub most: Option<MostChanges>,
}

/// The running turn.
pub(crate) struct TurnState {
    pub id: TurnId,
    pub clock: TurnClock,
    usage: Usage,
    /// What the local model last told of itself.
    speed: Option<Speed>,
    steps: u32,
    /// The text of the last answer.
    pub answer: String,
    /// Tools that changed a file, and commands that ended with success.
    pub effects: u32,
    /// The files that they changed.
    changes: Changes,
    /// The user said what to do instead of a call: the rest of that answer is not what they want.
    pub redirected: bool,
}

/// What one answer of the model led to.
enum StepEnd {
    Calls(Vec<IncomingCall>),
    Done,
    Ended(EndReason),
}

impl Engine {
    /// Says that a turn begins, before what it asks the model is known:
    /// [`begin_turn`](Self::begin_turn) or [`end_turn`](Self::end_turn) follows.
    pub async fn announce_turn(&mut self, prompt: &str, mode: Mode) -> TurnId {
        self.announce_that(prompt, mode, false).await
    }

    async fn announce_that(&mut self, prompt: &str, mode: Mode, goes_on: bool) -> TurnId {
        let turn = self.conversation.next_turn();
        self.events
            .send(AgentEvent::TurnStarted {
                turn,
                prompt: visible::prose(prompt),
                mode,
                goes_on,
            })
            .await;
        self.turn = Some(TurnState {
            id: turn,
            clock: TurnClock::start(Instant::now()),
            usage: Usage::default(),
            speed: None,
            steps: 0,
            answer: String::new(),
            effects: 0,
            changes: Changes::default(),
            redirected: false,
        });
        turn
    }

    /// Looks for a model where none is in use, in the turn for `prompt`, which is announced for
    /// that: a server may take seconds to say what it has. Ends early where it is cancelled;
    /// [`begin_turn`](Self::begin_turn) follows either way.
    pub async fn find_model(
        &mut self,
        prompt: &str,
        mode: Mode,
        goes_on: bool,
        cancel: &CancellationToken,
    ) {
        let (wanted, models) = (self.wanted_model.clone(), Arc::clone(&self.models));
        if models.model().is_none() {
            if self.turn.is_none() {
                self.announce_that(prompt, mode, goes_on).await;
            }
            let note = "Looking for a model\u{2026}".to_owned();
            self.events.send(AgentEvent::Loading { note }).await;
        }
        tokio::select! {
            biased;
            () = cancel.cancelled() => {}
            _ = models.ensure(wanted.as_ref()) => {}
        }
    }

    /// Begins a turn, announced or not: the prompt is on the disk when this returns. Where it
    /// cannot be, or there is no model, the turn has ended already. The caller
    /// has [looked for a model](Self::find_model).
    pub async fn begin_turn(&mut self, start: TurnStart, cancel: &CancellationToken) -> bool {
        let turn = match &self.turn {
            Some(announced) => announced.id,
            None => {
                self.announce_that(&start.prompt, start.mode, start.goes_on)
                    .await
            }
        };
        let recorded = self
            .record(Record::TurnStarted {
                turn,
                prompt: start.prompt,
                mode: start.mode,
                message: start.message,
                origin: start.origin,
                replaces: start.replaces,
                goes_on: start.goes_on,
            })
            .await;
        if let Err(message) = recorded {
            self.end_turn(EndReason::NotBegun(message)).await;
            return false;
        }
        if self.models.model().is_none() {
            let reason = if cancel.is_cancelled() {
                EndReason::Cancelled
            } else {
                EndReason::Failed(self.models.why_none())
            };
            self.end_turn(reason).await;
            return false;
        }
        true
    }

    /// Tells the model something in the middle of a turn.
    pub async fn instruct(&mut self, message: String) -> Result<(), String> {
        self.record(Record::Instruction { message }).await
    }

    /// Ends the turn and says so.
    pub async fn end_turn(&mut self, reason: EndReason) {
        let Some(turn) = self.turn.take() else { return };
        let elapsed = turn.clock.worked(Instant::now());
        let record = Record::TurnEnded {
            turn: turn.id,
            reason: reason.clone(),
            usage: turn.usage,
            elapsed_ms: milliseconds(elapsed),
            speed: turn.speed,
        };
        let recorded = match reason {
            // The log has no such turn, and that is what is told.
            EndReason::NotBegun(_) => {
                self.conversation.push(record);
                Ok(())
            }
            _ => self.record(record).await,
        };
        if let Err(message) = recorded {
            self.notice(NoticeLevel::Error, message).await;
        }
        if !self.more_parts || reason != EndReason::Completed {
            self.inbox.task_ended();
        }
        self.events
            .send(AgentEvent::TurnEnded {
                turn: turn.id,
                reason,
                usage: turn.usage,
                elapsed,
            })
            .await;
    }

    /// Lets the model answer and its tools run until it is done, or the turn
    /// cannot go on.
    pub async fn run_steps(&mut self, plan: &StepPlan, cancel: &CancellationToken) -> EndReason {
        let mut guard = RepetitionGuard::new(self.is_small());
        let mut without_tools = false;
        loop {
            if cancel.is_cancelled() {
                return EndReason::Cancelled;
            }
            let steps = match &mut self.turn {
                Some(turn) => {
                    turn.steps += 1;
                    turn.steps
                }
                None => return EndReason::Failed("The turn has ended".to_owned()),
            };
            if steps > self.limits.steps {
                return EndReason::StepLimit;
            }
            let left = self.tools_left(plan);
            let calls = match self.step(plan, left.as_ref(), without_tools, cancel).await {
                StepEnd::Ended(reason) => return reason,
                StepEnd::Done => return EndReason::Completed,
                StepEnd::Calls(calls) => calls,
            };
            if without_tools {
                // It was offered none and calls one all the same.
                return EndReason::Failed(
                    "The model repeats the same step and does not get any further. Say in other words what you want, or choose a larger model"
                        .to_owned(),
                );
            }
            if let Some(turn) = &mut self.turn {
                turn.redirected = false;
            }
            for call in calls {
                let finished = match call {
                    IncomingCall::Malformed { call, error } => {
                        without_tools |=
                            guard.judge_malformed(&call) == RepetitionVerdict::TakeToolsAway;
                        let output = Output::error(format!(
                            "This call of {} was not carried out: {error}. Send it again, complete and with valid JSON",
                            visible::shorten(&visible::line(&call.name), 60)
                        ));
                        let view = tools::view(&call, String::new());
                        self.finish_call(view, output).await
                    }
                    IncomingCall::Complete(call) => match guard.judge(&call) {
                        RepetitionVerdict::Run => {
                            self.carry_out_call(call, plan, left.as_ref(), cancel).await
                        }
                        verdict => {
                            without_tools |= verdict == RepetitionVerdict::TakeToolsAway;
                            let output = Output::failure(
                                "Repeated call, not carried out again",
                                "You have made exactly this call already; its result is above. Use that result: do the next step or give your answer.",
                            );
                            let view = tools::view(&call, String::new());
                            self.finish_call(view, output).await
                        }
                    },
                };
                if let Err(message) = finished {
                    return EndReason::Failed(message);
                }
                if cancel.is_cancelled() {
                    return EndReason::Cancelled;
                }
            }
        }
    }

    /// One answer of the model, which is offered the tools that are `left` where some are not.
    async fn step(
        &mut self,
        plan: &StepPlan,
        left: Option<&ToolSet>,
        without_tools: bool,
        cancel: &CancellationToken,
    ) -> StepEnd {
        let Some(model) = self.models.model() else {
            return StepEnd::Ended(EndReason::Failed(self.models.why_none()));
        };
        let profile = model.profile();
        // Where none is left all are described, and none may be called.
        let offered = left
            .filter(|left| !left.tools.is_empty())
            .unwrap_or(&plan.tools);
        let specs = if without_tools || !profile.tools {
            Vec::new()
        } else {
            offered.specs(profile.small)
        };
        let tool_choice = match left {
            Some(left) if left.tools.is_empty() => ToolChoice::None,
            _ => ToolChoice::Auto,
        };
        let mut messages = match &self.turn {
            Some(turn) if plan.only_this_turn => self.conversation.messages_of(turn.id),
            _ => self.conversation.messages(),
        };
        let reserve = (profile.context_tokens / 4).min(if profile.small { 2_048 } else { 16_384 });
        let dropped = fit(&mut messages, &plan.system, &specs, profile, reserve);
        if dropped > 0 {
            tracing::info!(dropped, "the beginning of the conversation was left out");
        }
        let request = ModelRequest {
            system: plan.system.clone(),
            messages,
            tools: specs,
            tool_choice,
            max_output_tokens: None,
            temperature: profile.small.then_some(0.2),
        };
        let mut answer = Answer::default();
        let mut journal = AnswerJournal::new(Arc::clone(&self.log));
        let end = self
            .listen(model, request, &mut answer, &mut journal, cancel)
            .await;
        journal.finish().await;
        let (content, usage) = (answer.content(), answer.usage);
        if let Some(turn) = &mut self.turn {
            turn.usage += answer.usage;
            turn.answer = answer.text.clone();
        }
        self.session_usage += answer.usage;
        if let Some(turn) = &self.turn
            && answer.usage != Usage::default()
        {
            self.events
                .send(AgentEvent::Usage {
                    turn: turn.usage,
                    session: self.session_usage,
                })
                .await;
        }
        let regular = end.is_none();
        // Of an answer that was cut off its text is kept; its calls are not,
        // for they are not carried out.
        let content = if regular {
            content
        } else {
            content
                .into_iter()
                .filter(|piece| matches!(piece, Content::Text { .. }))
                .collect()
        };
        if !content.is_empty()
            && let Err(message) = self.record(Record::Assistant { content, usage }).await
        {
            return StepEnd::Ended(EndReason::Failed(message));
        }
        if let Some(reason) = end {
            return StepEnd::Ended(reason);
        }
        if answer.stopped == Some(StopReason::MaxTokens) && answer.calls.is_empty() {
            self.kept_notice(
                NoticeLevel::Warning,
                "The answer reached the model's length limit and is cut off.",
            )
            .await;
        }
        if answer.calls.is_empty() {
            if answer.text.trim().is_empty() {
                self.kept_notice(NoticeLevel::Warning, "The model answered nothing.")
                    .await;
            }
            StepEnd::Done
        } else {
            StepEnd::Calls(answer.calls)
        }
    }

    /// Reads the model's stream. Gives a reason where the answer did not end
    /// regularly.
    async fn listen(
        &mut self,
        model: Arc<dyn llm::LanguageModel>,
        request: ModelRequest,
        answer: &mut Answer,
        journal: &mut AnswerJournal,
        cancel: &CancellationToken,
    ) -> Option<EndReason> {
        let started = tokio::select! {
            biased;
            () = cancel.cancelled() => return Some(EndReason::Cancelled),
            started = model.stream(request, cancel.clone()) => started,
        };
        let mut stream = match started {
            Ok(stream) => stream,
            Err(error) => return Some(error.into()),
        };
        loop {
            let event = tokio::select! {
                biased;
                () = cancel.cancelled() => return Some(EndReason::Cancelled),
                event = stream.next() => event,
                () = journal.until_due() => {
                    journal.write();
                    continue;
                }
            };
            match event {
                None => {
                    return answer.stopped.is_none().then(|| {
                        EndReason::Failed("The model's answer ended without an end".to_owned())
                    });
                }
                Some(Err(error)) => return Some(error.into()),
                Some(Ok(event)) => {
                    if let ModelEvent::Text(text) = &event {
                        journal.push(text);
                    }
                    if let Some(reason) = self.take_in(event, answer).await {
                        return reason;
                    }
                }
            }
        }
    }

    /// Takes one event in; `Some` where the answer is over.
    async fn take_in(
        &mut self,
        event: ModelEvent,
        answer: &mut Answer,
    ) -> Option<Option<EndReason>> {
        match event {
            ModelEvent::Text(text) => {
                let delta = visible::prose(&text);
                answer.text.push_str(&text);
                if !delta.is_empty() {
                    self.events.send(AgentEvent::Text { delta }).await;
                }
            }
            ModelEvent::ToolCallStarted { id, name } => {
                let call_id = self.unique_call_id(&id, answer);
                self.events
                    .send(AgentEvent::ToolCallStarted {
                        call_id,
                        name: visible::shorten(&visible::line(&name), 60),
                    })
                    .await;
            }
            ModelEvent::ToolCall(mut call) => {
                call.id = self.take_call_id(&call.id, answer);
                call.name = acceptable_name(&call.name);
                let view = tools::view(&call, tools::title(&call));
                self.events
                    .send(AgentEvent::ToolCallWaiting { call: view })
                    .await;
                answer.calls.push(IncomingCall::Complete(call));
            }
            ModelEvent::MalformedToolCall {
                id, name, error, ..
            } => {
                let id = self.take_call_id(&id, answer);
                answer.calls.push(IncomingCall::Malformed {
                    call: ToolCall {
                        id,
                        name: acceptable_name(&name),
                        arguments: serde_json::json!({}),
                    },
                    error,
                });
            }
            ModelEvent::Usage(usage) => answer.usage = usage,
            ModelEvent::Retrying {
                attempt,
                delay,
                reason,
            } => {
                self.events
                    .send(AgentEvent::Retrying {
                        attempt,
                        delay,
                        reason,
                    })
                    .await;
            }
            ModelEvent::Loading { note } => self.events.send(AgentEvent::Loading { note }).await,
            ModelEvent::Speed {
                tokens_per_second,
                memory_bytes,
            } => {
                // JSON has no other numbers.
                if let Some(turn) = &mut self.turn
                    && tokens_per_second.is_finite()
                {
                    turn.speed = Some(Speed {
                        tokens_per_second,
                        memory_bytes,
                    });
                }
                self.events
                    .send(AgentEvent::Speed {
                        tokens_per_second,
                        memory_bytes,
                    })
                    .await;
            }
            ModelEvent::Stopped(StopReason::Cancelled) => {
                return Some(Some(EndReason::Cancelled));
            }
            ModelEvent::Stopped(reason) => {
                answer.stopped = Some(reason);
                return Some(None);
            }
        }
        None
    }

    /// An id for a call that has begun: the provider's, unless it is malformed
    /// or taken in this session.
    fn unique_call_id(&mut self, id: &str, answer: &mut Answer) -> String {
        let usable = !id.is_empty()
            && id.len() <= 64
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && !self.call_ids.contains(id);
        let unique = if usable {
            id.to_owned()
        } else {
            format!("call_{}", Uuid::now_v7().simple())
        };
        self.call_ids.insert(unique.clone());
        answer.open_ids.insert(id.to_owned(), unique.clone());
        unique
    }

    /// The id under which a call that is now complete has begun.
    fn take_call_id(&mut self, id: &str, answer: &mut Answer) -> String {
        match answer.open_ids.remove(id) {
            Some(unique) => unique,
            None => {
                let unique = self.unique_call_id(id, answer);
                answer.open_ids.remove(id);
                unique
            }
        }
    }

    /// The tools that are left after the changes of this turn; `None` where that is all of them.
    fn tools_left(&self, plan: &StepPlan) -> Option<ToolSet> {
        let turn = self.turn.as_ref()?;
        turn.changes.left(plan.most?, &plan.tools)
    }

    /// Works a call out, asks where it changes something, and carries it out.
    async fn carry_out_call(
        &mut self,
        call: ToolCall,
        plan: &StepPlan,
        left: Option<&ToolSet>,
        cancel: &CancellationToken,
    ) -> Result<(), String> {
        let planned = tools::plan(&call, &plan.tools, &self.tool_context(cancel)).await;
        let view = tools::view(&call, planned.title);
        if self.turn.as_ref().is_some_and(|turn| turn.redirected) {
            let output = Output::failure(
                "Not carried out: you said what to do instead",
                "Not carried out: the user refused a call before this one and says what to do instead. Do as they say.",
            );
            self.events.send(denied(&call.id)).await;
            return self.finish_call(view, output).await;
        }
        let planned = match planned.planned {
            Ok(planned) => planned,
            Err(message) => {
                // What it was about is shown beside why it failed.
                self.events
                    .send(AgentEvent::ToolCallRunning { call: view.clone() })
                    .await;
                return self.finish_call(view, Output::error(message)).await;
            }
        };
        let written = match &planned {
            Planned::Write(write) => Some(write.path.relative.clone()),
            _ => None,
        };
        if let Some(left) = left
            && planned.effect().is_some()
            && let Some(turn) = &mut self.turn
            && let Some(why) = turn
                .changes
                .refuse(written.as_deref(), left.find(&call.name).is_ok())
        {
            self.kept_notice(NoticeLevel::Warning, why).await;
            let output = Output::failure(
                "Not carried out: more than what was asked for",
                "This is more than what was asked for and was not carried out. Say in one sentence what you have changed, and what is missing.",
            );
            return self.finish_call(view, output).await;
        }
        let output = match self.permit(&call, &view, planned, plan, cancel).await {
            Err(refusal) => refusal,
            Ok(planned) => {
                self.events
                    .send(AgentEvent::ToolCallRunning { call: view.clone() })
                    .await;
                if planned.effect().is_some() {
                    let call_id = call.id.clone();
                    self.record(Record::CallStarted { call_id }).await?;
                }
                let changes = planned.changes_something();
                let stream = OutputStream::new(
                    self.events.clone(),
                    Arc::clone(&self.log),
                    call.id.clone(),
                    self.limits.output_bytes,
                );
                let output = planned.perform(stream, &self.tool_context(cancel)).await;
                if changes
                    && output.ok
                    && let Some(turn) = &mut self.turn
                {
                    turn.effects += 1;
                    if let Some(path) = written {
                        turn.changes.add(&path, &call.name);
                    }
                }
                output
            }
        };
        self.finish_call(view, output).await
    }

    pub fn tool_context<'a>(&'a self, cancel: &'a CancellationToken) -> ToolContext<'a> {
        ToolContext {
            folder: &self.folder,
            host: &self.host,
            limits: &self.limits,
            supervisor: self.supervisor.as_ref(),
            cancel,
        }
    }

    /// Keeps a call's result and shows it.
    async fn finish_call(&mut self, call: ToolCallView, output: Output) -> Result<(), String> {
        let outcome = output.outcome();
        let call_id = call.call_id.clone();
        let limit = self.limits.output_bytes.saturating_mul(2);
        let text = if output.text.len() > limit {
            format!(
                "{}\n[the rest was left out]",
                visible::shorten(&output.text, limit / 4)
            )
        } else {
            output.text
        };
        let recorded = self
            .record(Record::ToolResult {
                call,
                output: text,
                outcome: outcome.clone(),
            })
            .await;
        self.events
            .send(AgentEvent::ToolCallFinished { call_id, outcome })
            .await;
        recorded
    }
}
