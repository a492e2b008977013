//! The bridge between the agent, which runs on its own threads, and the window.
//!
//! [`AgentSession`] lives on the UI thread. It drains the agent's events into the transcript, and
//! serves what the agent asks of the open buffers, so that an edit of the agent takes the same
//! path as a keystroke.

use crate::local_speed::LocalSpeed;
use crate::transcript::{RowChange, Transcript};
use agent::{
    AgentEvent, AgentHandle, EndReason, HostRequest, Mode, ModelCatalog, Operation,
    PermissionAnswer, PermissionId, SessionId, TurnClock,
};
use async_channel::{Receiver, Sender};
use fs::Fs;
use gpui_kit::{
    AppContext as _, AsyncApp, Context, Entity, EventEmitter, SharedString, Task, WeakEntity,
};
use llm::ModelId;
use spec::{Phase, ReviewStatus, SpecFiles, SpecFolder};
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::WorkspaceModel;

mod hand_over;

/// Events taken in between two frames at most, so that a fast model cannot starve the window.
const EVENTS_PER_UPDATE: usize = 256;

/// What an [`AgentSession`] is made of.
pub struct AgentSessionConfig {
    /// The running agent.
    pub handle: AgentHandle,
    /// What the agent asks of the open buffers.
    pub host: Receiver<HostRequest>,
    /// The open folder.
    pub workspace: Entity<WorkspaceModel>,
    /// The models that can be chosen.
    pub models: Arc<ModelCatalog>,
    /// Where sessions are kept, as in [`agent::AgentConfig::sessions_dir`].
    pub sessions_dir: PathBuf,
}

/// The model in use.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentModel {
    /// Its full name.
    pub id: ModelId,
    /// What to call it.
    pub name: SharedString,
    /// Whether it runs on this machine.
    pub local: bool,
}

/// Why there is no model.
#[derive(Clone, Debug, PartialEq)]
pub struct NoModel {
    /// Why it is not the one that was in use last, where there was one: a sentence.
    pub missing: Option<SharedString>,
    /// Which keys cannot be read, and why, where that may be all that is missing.
    pub unreadable_keys: Option<SharedString>,
}

/// A message that waits: for the running turn to end, or, where the last one did not end well, for
/// a person who sends it or takes it back.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedPrompt {
    /// The words.
    pub text: String,
    /// Chat or spec.
    pub mode: Mode,
}

/// What changed in an [`AgentSession`].
#[derive(Clone, Debug)]
pub enum SessionUpdate {
    /// Rows of the transcript.
    Rows(Vec<RowChange>),
    /// The agent waits for a decision.
    PermissionAsked,
    /// The person chose this model, and it is in use.
    ModelChosen(ModelId),
    /// The turn of this message did not begin, and nothing was sent: it is the person's again.
    GivenBack(QueuedPrompt),
    /// The turn that ran in the session that is left was stopped.
    Stopped(LeftSession),
}

/// A session that is left while a turn runs in it.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftSession {
    /// The session.
    pub id: SessionId,
    /// The beginning of its first prompt.
    pub title: SharedString,
}

/// The agent as the window sees it.
pub struct AgentSession {
    operations: Sender<Operation>,
    workspace: Entity<WorkspaceModel>,
    models: Arc<ModelCatalog>,
    sessions_dir: PathBuf,
    transcript: Transcript,
    session: Option<SessionId>,
    model: Option<CurrentModel>,
    no_model: Option<NoModel>,
    /// What the person chose last, until it is in use.
    choosing: Option<ModelId>,
    speed: Option<LocalSpeed>,
    turn: Option<TurnClock>,
    queue: VecDeque<QueuedPrompt>,
    /// The message whose turn has not ended yet.
    sent: Option<QueuedPrompt>,
    /// The messages that wait in other sessions.
    elsewhere: HashMap<SessionId, VecDeque<QueuedPrompt>>,
    /// How many of the sessions that were asked for are not open yet.
    opening: usize,
    /// The conversation is that of a new session already, which the agent has still to open.
    is_ahead: bool,
    /// The session that is being left, where a turn runs in it.
    left: Option<LeftSession>,
    /// What was told about the program since a session was asked for: it is told in that one too.
    told: Vec<AgentEvent>,
    /// What the agent takes once it has room, the next one first.
    held: VecDeque<Operation>,
    /// What hands that over; done where nothing is held.
    handing_over: Task<()>,
    naming: Task<()>,
    /// What looks after the reviews of each spec.
    reviewing: HashMap<String, Task<()>>,
    _events: Task<()>,
    _host: Task<()>,
}

impl EventEmitter<AgentEvent> for AgentSession {}
impl EventEmitter<SessionUpdate> for AgentSession {}

/// Brings unsaved text of the file that a request is about back first, where that is still to come
/// from an earlier program. `None` where it cannot be had: the request is refused then, for the file
/// holds another text than the person left.
async fn with_unsaved_text(
    request: HostRequest,
    workspace: &WeakEntity<WorkspaceModel>,
    cx: &mut AsyncApp,
) -> Option<HostRequest> {
    let Some(path) = request.file().map(Path::to_path_buf) else {
        return Some(request);
    };
    let coming = workspace.update(cx, |model, cx| {
        let text = model.coming_text_of(&path).cloned()?;
        Some(model.restore_text(&text, cx))
    });
    // Without a workspace nothing is served either.
    let Ok(Some(coming)) = coming else {
        return Some(request);
    };
    match coming.await {
        Ok(_) => Some(request),
        Err(error) => {
            request.refuse(error.to_string());
            None
        }
    }
}

impl AgentSession {
    /// Starts to listen to the agent. Dropping the session ends that.
    pub fn new(config: AgentSessionConfig, cx: &mut Context<Self>) -> Self {
        let AgentSessionConfig {
            handle,
            host,
            workspace,
            models,
            sessions_dir,
        } = config;
        let AgentHandle {
            operations, events, ..
        } = handle;
        let drain = cx.spawn(async move |this, cx: &mut AsyncApp| {
            while let Ok(first) = events.recv().await {
                let mut batch = vec![first];
                while batch.len() < EVENTS_PER_UPDATE
                    && let Ok(event) = events.try_recv()
                {
                    batch.push(event);
                }
                if this
                    .update(cx, |session: &mut Self, cx| session.take_in(batch, cx))
                    .is_err()
                {
                    return;
                }
            }
            // The window may be gone too, and then nobody needs to know.
            this.update(cx, |session, cx| session.agent_stopped(cx))
                .ok();
        });
        let serve = cx.spawn({
            let workspace = workspace.downgrade();
            async move |_, cx: &mut AsyncApp| {
                while let Ok(request) = host.recv().await {
                    let Some(request) = with_unsaved_text(request, &workspace, cx).await else {
                        continue;
                    };
                    let served = workspace.update(cx, |model, cx| {
                        model.update(cx, |workspace| agent::serve(workspace, request));
                    });
                    if served.is_err() {
                        return;
                    }
                }
            }
        });
        Self {
            operations,
            workspace,
            models,
            sessions_dir,
            transcript: Transcript::default(),
            session: None,
            model: None,
            no_model: None,
            choosing: None,
            speed: None,
            turn: None,
            queue: VecDeque::new(),
            sent: None,
            elsewhere: HashMap::new(),
            opening: 0,
            is_ahead: false,
            left: None,
            told: Vec::new(),
            held: VecDeque::new(),
            handing_over: Task::ready(()),
            naming: Task::ready(()),
            reviewing: HashMap::new(),
            _events: drain,
            _host: serve,
        }
    }

    /// The conversation.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The open folder.
    pub fn workspace(&self) -> &Entity<WorkspaceModel> {
        &self.workspace
    }

    /// The models that can be chosen.
    pub fn models(&self) -> &Arc<ModelCatalog> {
        &self.models
    }

    /// Where sessions are kept.
    pub fn sessions_dir(&self) -> &Path {
        &self.sessions_dir
    }

    /// The model in use; `None` while there is none.
    pub fn model(&self) -> Option<&CurrentModel> {
        self.model.as_ref()
    }

    /// Why there is no model, where one was looked for and there is none.
    pub fn no_model(&self) -> Option<&NoModel> {
        self.no_model.as_ref()
    }

    /// How the local model is doing, while one is in use and has answered.
    pub fn speed(&self) -> Option<LocalSpeed> {
        self.speed
    }

    /// The session that is open.
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// How long the running turn has worked, without the time of waiting for answers; `None`
    /// between turns.
    pub fn turn_worked(&self) -> Option<Duration> {
        self.turn.map(|turn| turn.worked(Instant::now()))
    }

    /// Whether a turn is running.
    pub fn is_running(&self) -> bool {
        self.turn.is_some()
    }

    /// Messages that wait in the session that is open, the next one first.
    pub fn queue(&self) -> &VecDeque<QueuedPrompt> {
        &self.queue
    }

    /// Begins an empty session, which is seen at once. A turn that runs is stopped.
    pub fn begin_new(&mut self, cx: &mut Context<Self>) {
        self.leave();
        self.is_ahead = true;
        self.turn = None;
        self.transcript = Transcript::default();
        cx.emit(SessionUpdate::Rows(vec![RowChange::Reset]));
        self.send(Operation::NewSession, cx);
    }

    /// Opens an older session. A turn that runs in another one is stopped.
    pub fn resume(&mut self, id: SessionId, cx: &mut Context<Self>) {
        if self.session == Some(id) && self.opening == 0 {
            return;
        }
        self.leave();
        self.send(Operation::ResumeSession(id), cx);
    }

    fn leave(&mut self) {
        self.opening += 1;
        let Some(id) = self.session else { return };
        if !self.queue.is_empty() {
            let queue = self.elsewhere.entry(id).or_default();
            queue.append(&mut self.queue);
        }
        if self.is_running() {
            let title = self.transcript.title().unwrap_or_default();
            self.left = Some(LeftSession {
                id,
                title: title.to_owned().into(),
            });
        }
    }

    /// Sends a message, or queues it behind the running turn.
    pub fn prompt(&mut self, text: String, mode: Mode, cx: &mut Context<Self>) {
        // The turn that still ends is of another session.
        if self.is_running() && self.opening == 0 {
            self.queue.push_back(QueuedPrompt { text, mode });
            cx.notify();
        } else {
            self.send_prompt(QueuedPrompt { text, mode }, self.queue.len(), cx);
        }
    }

    /// Takes a queued message back.
    pub fn unqueue(&mut self, position: usize, cx: &mut Context<Self>) -> Option<QueuedPrompt> {
        let taken = self.queue.remove(position);
        cx.notify();
        taken
    }

    /// Sends a queued message, where no turn runs.
    pub fn send_queued(&mut self, position: usize, cx: &mut Context<Self>) {
        if self.is_running() || self.opening > 0 {
            return;
        }
        if let Some(prompt) = self.queue.remove(position) {
            self.send_prompt(prompt, position, cx);
        }
    }

    /// Every message that waits, with its session.
    pub fn waiting(&self) -> impl Iterator<Item = (SessionId, &QueuedPrompt)> {
        let here = self.session.map(|id| (id, &self.queue));
        let elsewhere = self.elsewhere.iter().map(|(id, queue)| (*id, queue));
        here.into_iter()
            .chain(elsewhere)
            .flat_map(|(id, queue)| queue.iter().map(move |prompt| (id, prompt)))
    }

    /// Lets a message wait in its session, as it did when the program ended.
    pub fn let_wait(&mut self, id: SessionId, prompt: QueuedPrompt, cx: &mut Context<Self>) {
        if self.session == Some(id) {
            self.queue.push_back(prompt);
        } else {
            self.elsewhere.entry(id).or_default().push_back(prompt);
        }
        cx.notify();
    }

    /// Answers a permission prompt.
    pub fn answer(
        &mut self,
        request: PermissionId,
        answer: PermissionAnswer,
        cx: &mut Context<Self>,
    ) {
        if let Some(turn) = &mut self.turn {
            turn.go_on(Instant::now());
        }
        if let Some(change) = self.transcript.decided(request) {
            cx.emit(SessionUpdate::Rows(vec![change]));
        }
        self.send(Operation::AnswerPermission { request, answer }, cx);
    }

    /// Uses another model from now on, also after a restart.
    pub fn choose_model(&mut self, id: ModelId, cx: &mut Context<Self>) {
        self.choosing = Some(id.clone());
        self.send(Operation::SelectModel(id), cx);
    }

    fn take_in(&mut self, batch: Vec<AgentEvent>, cx: &mut Context<Self>) {
        let mut changes: Vec<RowChange> = Vec::new();
        for event in batch {
            if let AgentEvent::TurnEnded { reason, .. } = &event
                && *reason != EndReason::Completed
                && let Some(left) = self.left.take()
            {
                cx.emit(SessionUpdate::Stopped(left));
            }
            // What still comes of a session that is left is not of the one that is seen.
            if !self.is_of_another(&event) {
                for change in self.transcript.apply(&event) {
                    merge(&mut changes, change);
                }
                self.note(&event, &mut changes, cx);
            }
            if self.opening > 0 && matches!(event, AgentEvent::Notice { session: None, .. }) {
                self.told.push(event.clone());
            }
            cx.emit(event);
        }
        if !changes.is_empty() {
            cx.emit(SessionUpdate::Rows(changes));
        }
        cx.notify();
    }

    /// Whether it is about another session than the one whose conversation is seen.
    fn is_of_another(&self, event: &AgentEvent) -> bool {
        match event {
            AgentEvent::Notice { session, .. } => session
                .is_some_and(|id| self.is_ahead || self.session.is_some_and(|open| open != id)),
            event => self.is_ahead && is_of_a_turn(event),
        }
    }

    fn note(&mut self, event: &AgentEvent, changes: &mut Vec<RowChange>, cx: &mut Context<Self>) {
        match event {
            AgentEvent::SessionOpened { id, .. } => {
                // The first one was not asked for.
                if self.session.is_some() {
                    self.opening = self.opening.saturating_sub(1);
                }
                if self.opening == 0 {
                    self.is_ahead = false;
                    self.left = None;
                }
                self.session = Some(*id);
                self.queue
                    .extend(self.elsewhere.remove(id).into_iter().flatten());
                self.turn = None;
                // The conversation is built anew, and what was told about the program is not in it.
                for told in self.told.clone() {
                    for change in self.transcript.apply(&told) {
                        merge(changes, change);
                    }
                }
                if self.opening == 0 {
                    self.told.clear();
                }
                for spec in self.transcript.specs_in_review() {
                    self.look_for_approvals(&spec, cx);
                }
            }
            AgentEvent::ModelChanged {
                id,
                display_name,
                local,
                ..
            } => {
                self.model = Some(CurrentModel {
                    id: id.clone(),
                    name: display_name.clone().into(),
                    local: *local,
                });
                self.no_model = None;
                self.speed = None;
                self.tell_providers_apart(cx);
                if let Some(id) = self.choosing.take_if(|choosing| choosing == id) {
                    cx.emit(SessionUpdate::ModelChosen(id));
                }
            }
            AgentEvent::NoModel {
                missing,
                unreadable_keys,
                ..
            } => {
                self.model = None;
                self.no_model = Some(NoModel {
                    missing: missing.clone().map(Into::into),
                    unreadable_keys: unreadable_keys.clone().map(Into::into),
                });
            }
            AgentEvent::TurnStarted { .. } => self.turn = Some(TurnClock::start(Instant::now())),
            AgentEvent::SpecChanged { spec } => self.look_for_approvals(spec, cx),
            AgentEvent::Speed {
                tokens_per_second,
                memory_bytes,
            } => {
                self.speed = Some(LocalSpeed {
                    tokens_per_second: *tokens_per_second,
                    memory_bytes: *memory_bytes,
                });
            }
            AgentEvent::PermissionRequested { .. } => {
                if let Some(turn) = &mut self.turn {
                    turn.wait(Instant::now());
                }
                // The rows come first, so that whoever hears of it can show it.
                cx.emit(SessionUpdate::Rows(std::mem::take(changes)));
                cx.emit(SessionUpdate::PermissionAsked);
            }
            AgentEvent::TurnEnded { reason, .. } => {
                self.turn = None;
                let sent = self.sent.take();
                if let (EndReason::NotBegun(_), Some(prompt)) = (reason, sent) {
                    cx.emit(SessionUpdate::GivenBack(prompt));
                }
                // After any other end they stay, until a person sends them or takes them back.
                if *reason == EndReason::Completed {
                    self.send_queued(0, cx);
                }
            }
            _ => {}
        }
    }

    /// Calls the model in use by its whole name where another provider has one of the same name.
    fn tell_providers_apart(&mut self, cx: &mut Context<Self>) {
        let Some(model) = self.model.clone() else {
            return;
        };
        let models = self.models.clone();
        let look = cx.background_spawn({
            let model = model.clone();
            async move {
                models.entries().iter().any(|entry| {
                    entry.id != model.id && entry.info.display_name == model.name.as_ref()
                })
            }
        });
        self.naming = cx.spawn(async move |this, cx: &mut AsyncApp| {
            if look.await {
                // The window may be gone.
                this.update(cx, |session, cx| {
                    if let Some(current) = &mut session.model
                        && current.id == model.id
                    {
                        current.name = model.id.to_string().into();
                        cx.notify();
                    }
                })
                .ok();
            }
        });
    }

    /// A document that waits for a review may have been approved: what the spec's files say
    /// counts, however that came about.
    fn look_for_approvals(&mut self, spec: &str, cx: &mut Context<Self>) {
        if !self.transcript.awaits_review(spec) {
            return;
        }
        let workspace = self.workspace.read(cx);
        let folder = workspace.root().join(".kiro/specs").join(spec);
        let fs = workspace.workspace().fs().clone();
        let spec = spec.to_owned();
        let look = cx.background_spawn({
            let spec = spec.clone();
            async move { approved_phases(&spec, &folder, fs.as_ref()) }
        });
        let name = spec.clone();
        let task = cx.spawn(async move |this, cx: &mut AsyncApp| {
            let phases = look.await;
            // The window may be gone.
            this.update(cx, |session, cx| {
                let changes = session.transcript.approved(&spec, &phases);
                if !changes.is_empty() {
                    cx.emit(SessionUpdate::Rows(changes));
                    cx.notify();
                }
            })
            .ok();
        });
        self.reviewing.insert(name, task);
    }

    fn agent_stopped(&mut self, cx: &mut Context<Self>) {
        self.turn = None;
        let message = "The agent has stopped. Close the folder and open it again to go on; \
                       the conversation is kept."
            .to_owned();
        let change = self.transcript.fail(message);
        cx.emit(SessionUpdate::Rows(vec![change]));
        cx.notify();
    }
}

/// Whether it tells of a turn: of what is seen in the conversation of one session.
fn is_of_a_turn(event: &AgentEvent) -> bool {
    use AgentEvent::{
        Loading, ModelChanged, NoModel, Notice, PermissionRequested, Retrying, SessionOpened,
        SpecChanged, SpecReviewReady, Speed, TaskStateChanged, Text, ToolCallDenied,
        ToolCallFinished, ToolCallRunning, ToolCallStarted, ToolCallWaiting, ToolOutput, TurnEnded,
        TurnStarted, Usage,
    };
    match event {
        TurnStarted { .. }
        | Text { .. }
        | ToolCallStarted { .. }
        | ToolCallWaiting { .. }
        | ToolCallRunning { .. }
        | PermissionRequested { .. }
        | ToolOutput { .. }
        | ToolCallDenied { .. }
        | ToolCallFinished { .. }
        | Usage { .. }
        | Speed { .. }
        | Loading { .. }
        | Retrying { .. }
        | TurnEnded { .. }
        | SpecReviewReady { .. } => true,
        SessionOpened { .. }
        | ModelChanged { .. }
        | NoModel { .. }
        | Notice { .. }
        | SpecChanged { .. }
        | TaskStateChanged { .. } => false,
    }
}

/// The phases whose documents the spec's files call approved.
fn approved_phases(name: &str, folder: &Path, fs: &dyn Fs) -> Vec<Phase> {
    let texts = SpecFiles::NAMES.into_iter().filter_map(|file| {
        let loaded = fs::load(fs, &folder.join(file)).ok()?;
        Some((file, loaded.text.to_string()))
    });
    let files = SpecFiles::from_files(texts);
    let state = SpecFolder::summarize(name, &files).state;
    [Phase::Requirements, Phase::Design, Phase::Tasks]
        .into_iter()
        .filter(|phase| state.status(*phase) == ReviewStatus::Approved)
        .collect()
}

/// Folds text that grows the same row, or changes of the same row, into one change.
fn merge(changes: &mut Vec<RowChange>, change: RowChange) {
    if matches!(change, RowChange::Updated(_)) && changes.last() == Some(&change) {
        return;
    }
    if let RowChange::Grew { row, delta } = &change
        && let Some(RowChange::Grew {
            row: last,
            delta: text,
        }) = changes.last_mut()
        && last == row
    {
        text.push_str(delta);
    } else {
        changes.push(change);
    }
}
