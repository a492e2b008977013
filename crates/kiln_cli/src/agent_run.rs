//! The agent's loop in a program without a window: one task owns the workspace,
//! answers the agent's requests for it, reports what happens and asks the user.

use std::sync::Arc;
use std::time::Duration;

use agent::{
    AgentConfig, AgentEvent, AgentHandle, EndReason, HostRequest, NoticeLevel, Operation,
    PermissionAnswer, PermissionPolicy, PermissionPreview, SessionChoice, SessionId, Supervisor,
    ToolCallView,
};
use anyhow::Context as _;
use fs::EncodingChoice;
use settings::Settings;
use tokio::signal::unix::{Signal, SignalKind, signal};
use workspace::{UsualEncodings, Workspace};

use crate::arguments::AgentArguments;
use crate::exit::{Exit, NoModelError, UsageError};
use crate::json_report::JsonReport;
use crate::models;
use crate::project::Project;
use crate::terminal::{self, Lines};
use crate::text_report::TextReport;

/// What is said where the system does not tell of Ctrl-C.
const UNWATCHED: &str = "Ctrl-C cannot be watched";

/// How long what was stopped has to end in order, with the box of its task as it was, after a second
/// Ctrl-C.
const STOPPING: Duration = Duration::from_secs(2);

/// Waits for a moment; for ever where there is none.
async fn until(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Shows what happens.
pub trait Report {
    /// One event. Errors are those of writing.
    fn event(&mut self, event: &AgentEvent) -> std::io::Result<()>;
    /// What the user is asked to allow.
    fn question(&mut self, call: &ToolCallView, preview: &PermissionPreview)
    -> std::io::Result<()>;
    /// That this was no answer to it.
    fn unclear(&mut self, answer: &str) -> std::io::Result<()>;
    /// That the answer to it is read from here on.
    fn listens(&mut self, call: &ToolCallView) -> std::io::Result<()>;
}

/// What came of an operation.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How its last turn ended; `None` where it took none.
    pub end: Option<EndReason>,
    /// Whether something went wrong outside of a turn.
    pub failed: bool,
    /// Whether there was no model.
    pub no_model: bool,
    /// Whether a tool call was denied.
    pub denied: bool,
    /// Whether the model said anything.
    pub answered: bool,
    /// The spec whose document waits for review now.
    pub review: Option<(String, spec::Phase)>,
    /// The spec that was written to last.
    pub spec: Option<String>,
}

impl Outcome {
    /// The program's exit for it.
    pub fn exit(&self) -> Exit {
        match &self.end {
            _ if self.no_model => Exit::NoModel,
            Some(EndReason::Cancelled) => Exit::Stopped,
            Some(
                EndReason::Failed(_)
                | EndReason::NeedsKey(_)
                | EndReason::NotBegun(_)
                | EndReason::StepLimit,
            ) => Exit::Failed,
            _ if self.failed => Exit::Failed,
            Some(EndReason::Completed) | None => Exit::Done,
        }
    }
}

/// A running agent.
pub struct AgentRun {
    workspace: Workspace,
    requests: async_channel::Receiver<HostRequest>,
    handle: AgentHandle,
    session: SessionId,
    report: Box<dyn Report>,
    lines: Option<Lines>,
    no_model: bool,
}

impl AgentRun {
    /// Starts the agent in a project, as the command line says.
    pub async fn start(
        project: &Project,
        arguments: &AgentArguments,
        session: SessionChoice,
        prefer_answers: bool,
    ) -> anyhow::Result<Self> {
        if arguments.model.is_none() {
            project.check_model_setting()?;
        }
        project.report_problems();
        let wanted = arguments
            .model
            .as_deref()
            .map(models::model_id)
            .transpose()?;
        let models = models::catalog(&project.settings, &project.paths)?;
        if let Some(wanted) = &wanted {
            // Told once, before anything else is said.
            models::check(&models, wanted).await?;
        }
        let interactive =
            !arguments.no_interactive && !arguments.json && terminal::is_interactive();
        let trusted = project
            .settings
            .agent
            .trusted_tools
            .iter()
            .chain(&arguments.trust_tools)
            .cloned();
        let permissions = PermissionPolicy::trusting(trusted);
        let mut config = AgentConfig::new(
            project.root.clone(),
            project.paths.state.join("sessions"),
            Arc::clone(&models),
        );
        config.supervisor =
            Some(Supervisor::current_executable().context("the program does not find itself")?);
        config.model = wanted.clone();
        config.session = session;
        config.limits.steps = project.settings.agent.step_limit;
        config.permissions = if interactive {
            permissions
        } else {
            permissions.without_a_user()
        };
        let resumes = matches!(
            config.session,
            SessionChoice::Resume(_) | SessionChoice::ResumeLast
        );
        let mut workspace = Workspace::new(project.root.clone(), Arc::new(fs::RealFs::new()));
        let choice = |settings: &Settings| {
            let files = &settings.files;
            EncodingChoice::by_settings(&files.encoding, files.auto_guess_encoding)
        };
        let languages = project.settings.languages();
        let own = languages.map(|(language, own)| (language.to_owned(), choice(own)));
        let usual = choice(&project.settings);
        workspace.set_usual_encodings(UsualEncodings::new(usual, own.collect()));
        let (host, requests) = async_channel::bounded(64);
        let runtime = tokio::runtime::Handle::current();
        let handle = agent::start(config, host, &runtime);
        let report: Box<dyn Report> = if arguments.json {
            Box::new(JsonReport)
        } else {
            Box::new(TextReport::new(prefer_answers))
        };
        let mut run = Self {
            workspace,
            requests,
            handle,
            session: SessionId::generate(),
            report,
            lines: interactive.then(Lines::read),
            no_model: false,
        };
        run.wait_for_model(wanted, resumes).await?;
        Ok(run)
    }

    /// The session is open and a model chosen, or none found. Where a session is to be `resumed`,
    /// no other one will do.
    async fn wait_for_model(
        &mut self,
        wanted: Option<llm::ModelId>,
        resumed: bool,
    ) -> anyhow::Result<()> {
        loop {
            let event = self.next_event().await?;
            if let AgentEvent::Notice {
                level: NoticeLevel::Error,
                message,
                ..
            } = &event
                && resumed
            {
                return Err(UsageError(message.clone()).into());
            }
            self.report.event(&event)?;
            match event {
                AgentEvent::SessionOpened { id, .. } => self.session = id,
                AgentEvent::NoModel { .. } => {
                    self.no_model = true;
                    return Ok(());
                }
                AgentEvent::ModelChanged { id, .. } => {
                    // Another model than the one that was asked for would be a surprise.
                    if let Some(wanted) = wanted.filter(|wanted| *wanted != id) {
                        return Err(NoModelError(format!(
                            "the model {wanted} cannot be used; `kiln-cli model list` names those that can"
                        ))
                        .into());
                    }
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// The next event; requests for the workspace are answered meanwhile.
    async fn next_event(&mut self) -> anyhow::Result<AgentEvent> {
        loop {
            tokio::select! {
                request = self.requests.recv() => {
                    let request = request.context("the agent ended")?;
                    agent::serve(&mut self.workspace, request);
                    // There is no view to tell; saves answer for themselves.
                    self.workspace.take_events();
                }
                event = self.handle.events.recv() => {
                    return event.context("the agent ended");
                }
            }
        }
    }

    /// Whether there is no model to answer.
    pub fn has_no_model(&self) -> bool {
        self.no_model
    }

    /// The next line that the user types; `None` at the end, or where there is no user.
    pub async fn next_line(&mut self) -> Option<String> {
        self.lines.as_mut()?.next().await
    }

    /// Whether questions can be answered.
    pub fn is_interactive(&self) -> bool {
        self.lines.is_some()
    }

    /// Asks for something that takes effect at once.
    pub async fn send(&self, operation: Operation) -> anyhow::Result<()> {
        self.handle
            .operations
            .send(operation)
            .await
            .context("the agent ended")
    }

    /// Begins an empty session.
    pub async fn new_session(&mut self) -> anyhow::Result<()> {
        self.send(Operation::NewSession).await?;
        loop {
            let event = self.next_event().await?;
            self.report.event(&event)?;
            if let AgentEvent::SessionOpened { id, .. } = event {
                self.session = id;
                return Ok(());
            }
        }
    }

    /// Shows what happened since the last operation.
    pub async fn report_waiting(&mut self) -> anyhow::Result<()> {
        while let Ok(event) = self.handle.events.try_recv() {
            self.report.event(&event)?;
        }
        Ok(())
    }

    /// Carries an operation out to its end. Ctrl-C stops it; a second one gives what it stops
    /// [a moment](STOPPING) to end in order, and a third one ends the program at once.
    pub async fn carry_out(&mut self, operation: Operation) -> anyhow::Result<Outcome> {
        let mut outcome = Outcome::default();
        // One listener for all of it: a key that comes while something is written counts, too.
        let mut interrupts = signal(SignalKind::interrupt()).context(UNWATCHED)?;
        self.send(operation).await?;
        // Operations are taken in order: when the session is announced again, the one
        // before is over, also where it took no turn.
        self.send(Operation::ResumeSession(self.session)).await?;
        let mut stops = 0;
        let mut patience = None;
        loop {
            let event = tokio::select! {
                event = self.next_event() => event?,
                _ = interrupts.recv() => {
                    stops += 1;
                    match stops {
                        1 => self.send(Operation::Cancel).await?,
                        // `timeout` and some shells send each signal twice.
                        2 => patience = Some(tokio::time::Instant::now() + STOPPING),
                        _ => std::process::exit(130),
                    }
                    continue;
                }
                () = until(patience) => std::process::exit(130),
            };
            match &event {
                AgentEvent::SessionOpened { .. } => break,
                AgentEvent::PermissionRequested { id, call, preview } => {
                    let request = *id;
                    let answer = self.ask(call, preview, &mut interrupts).await?;
                    self.send(Operation::AnswerPermission { request, answer })
                        .await?;
                    continue;
                }
                AgentEvent::TurnEnded { reason, .. } => outcome.end = Some(reason.clone()),
                AgentEvent::NoModel { .. } => outcome.no_model = true,
                AgentEvent::ToolCallDenied { .. } => outcome.denied = true,
                AgentEvent::Text { delta } => outcome.answered |= !delta.trim().is_empty(),
                AgentEvent::Notice {
                    level: NoticeLevel::Error,
                    ..
                } => outcome.failed = true,
                AgentEvent::SpecReviewReady { spec, phase } => {
                    outcome.review = Some((spec.clone(), *phase));
                }
                AgentEvent::SpecChanged { spec } => outcome.spec = Some(spec.clone()),
                _ => {}
            }
            self.report.event(&event)?;
        }
        if stops > 0 && outcome.end.is_none() {
            outcome.end = Some(EndReason::Cancelled);
        }
        Ok(outcome)
    }

    /// The user's answer to a question; without a user, no.
    async fn ask(
        &mut self,
        call: &ToolCallView,
        preview: &PermissionPreview,
        interrupts: &mut Signal,
    ) -> anyhow::Result<PermissionAnswer> {
        if self.is_interactive() {
            self.report.question(call, preview)?;
        }
        loop {
            let Some(lines) = &mut self.lines else {
                return Ok(PermissionAnswer::Deny {
                    reason: Some("Nobody is there to allow it.".into()),
                });
            };
            lines.question_is_shown();
            self.report.listens(call)?;
            let line = tokio::select! {
                line = lines.next_answer() => line,
                _ = interrupts.recv() => {
                    self.send(Operation::Cancel).await?;
                    None
                }
            };
            let Some(line) = line else {
                return Ok(PermissionAnswer::Deny { reason: None });
            };
            match answer_in(&line) {
                Some(answer) => return Ok(answer),
                None => self.report.unclear(line.trim())?,
            }
        }
    }
}

/// What a line answers to a question; `None` where it is neither a yes nor a no, nor long enough
/// to say what to do instead.
fn answer_in(line: &str) -> Option<PermissionAnswer> {
    let line = line.trim();
    match line.to_lowercase().as_str() {
        "y" | "yes" => Some(PermissionAnswer::AllowOnce),
        "a" | "always" => Some(PermissionAnswer::AlwaysAllow),
        "n" | "no" | "" => Some(PermissionAnswer::Deny { reason: None }),
        words => words.contains(' ').then(|| PermissionAnswer::Deny {
            reason: Some(line.to_owned()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_that_is_no_answer_neither_allows_nor_denies() {
        let denied = |reason: Option<&str>| {
            let reason = reason.map(str::to_owned);
            Some(PermissionAnswer::Deny { reason })
        };
        assert_eq!(answer_in(" Y "), Some(PermissionAnswer::AllowOnce));
        assert_eq!(answer_in("always"), Some(PermissionAnswer::AlwaysAllow));
        assert_eq!(answer_in(""), denied(None));
        assert_eq!(answer_in("Use sed."), denied(Some("Use sed.")));
        assert_eq!(answer_in("hello"), None);
    }
}
