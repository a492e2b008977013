//! The agent's main task: one operation after another, over one session.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use llm::{CancellationToken, Content, Usage};
use tokio::sync::mpsc;

use crate::config::{AgentConfig, AgentLimits};
use crate::conversation::{Conversation, Reached};
use crate::host::{HostClient, HostSender};
use crate::inbox::{Events, Inbox, Job, ModelSlot};
use crate::mentions::{Message, asks_to_run, named_paths};
use crate::most_changes::MostChanges;
use crate::permission::Permissions;
use crate::plain_question::About;
use crate::project_path::ProjectFolder;
use crate::session_log::{Loss, Origin, Record, SessionLog, folder_for, is_kept, newest_session};
use crate::tools::ToolSet;
use crate::turn::{StepPlan, TurnStart, TurnState};
use crate::{
    AgentEvent, AgentHandle, EndReason, Mode, NoticeLevel, Operation, SessionChoice, SessionId,
    Supervisor, prompts,
};

/// Operations that may wait.
const OPERATIONS_AHEAD: usize = 256;
/// Events that may be unread before the agent waits.
const EVENTS_AHEAD: usize = 4096;

/// Starts the agent's tasks.
pub(crate) fn spawn(
    config: AgentConfig,
    host: HostSender,
    runtime: &tokio::runtime::Handle,
) -> AgentHandle {
    let (operations, inbound) = async_channel::bounded(OPERATIONS_AHEAD);
    let (outbound, events) = async_channel::bounded(EVENTS_AHEAD);
    runtime.spawn(run(config, host, inbound, Events(outbound)));
    AgentHandle { operations, events }
}

async fn run(
    config: AgentConfig,
    host: HostSender,
    operations: async_channel::Receiver<Operation>,
    events: Events,
) {
    let folder = match ProjectFolder::open(&config.root) {
        Ok(folder) => folder,
        Err(error) => {
            let message = format!(
                "The agent cannot work in {}: {error}",
                crate::visible::line(&config.root.to_string_lossy())
            );
            events.notice(NoticeLevel::Error, message).await;
            return;
        }
    };
    let inbox = Arc::new(Inbox::default());
    let models = Arc::new(ModelSlot::new(Arc::clone(&config.models), events.clone()));
    let sessions_folder = folder_for(&config.sessions_dir, folder.root());
    let log = SessionLog::create(&sessions_folder, folder.root());
    let mut engine = Engine {
        host: HostClient::new(host, Arc::clone(&config.fs), folder.root().to_owned()),
        limits: config.limits,
        supervisor: config.supervisor,
        permissions: Permissions::new(config.permissions.clone()),
        next_permission: 0,
        log: Arc::new(Mutex::new(log)),
        conversation: Conversation::default(),
        session_usage: Usage::default(),
        call_ids: HashSet::new(),
        turn: None,
        more_parts: false,
        wanted_model: config.model.clone(),
        folder,
        events,
        models: Arc::clone(&models),
        inbox: Arc::clone(&inbox),
        sessions_folder,
    };
    match config.session {
        SessionChoice::New => engine.announce().await,
        SessionChoice::Reopen(id) if !is_kept(&engine.sessions_folder, id) => {
            engine.announce().await;
        }
        SessionChoice::Resume(id) | SessionChoice::Reopen(id) => engine.resume(id).await,
        SessionChoice::ResumeLast => match newest_session(&engine.sessions_folder) {
            Ok(Some(id)) => engine.resume(id).await,
            Ok(None) => engine.announce().await,
            Err(error) => {
                engine.announce().await;
                let message = format!("The last session was not opened: {error}.");
                engine.notice(NoticeLevel::Error, message).await;
            }
        },
    }
    engine
        .models
        .ensure_at_start(engine.wanted_model.as_ref())
        .await;
    let (sender, mut jobs) = mpsc::unbounded_channel();
    let reader = {
        let inbox = Arc::clone(&inbox);
        async move { inbox.read(operations, sender, &models).await }
    };
    let work = async {
        let models = Arc::clone(&engine.models);
        loop {
            tokio::select! {
                biased;
                job = jobs.recv() => {
                    let Some(job) = job else { break };
                    // Here no turn runs.
                    models.give_way().await;
                    engine.carry_out(job).await;
                    inbox.finished();
                }
                () = models.is_back() => models.give_way().await,
            }
        }
    };
    tokio::join!(reader, work);
}

/// The state of the agent's main task.
pub(crate) struct Engine {
    /// The first field, so that it is closed before the queue of events is: who
    /// sees the end of the events can open the session again.
    pub log: Arc<Mutex<SessionLog>>,
    pub folder: ProjectFolder,
    pub host: HostClient,
    pub limits: AgentLimits,
    pub supervisor: Option<Supervisor>,
    pub events: Events,
    pub models: Arc<ModelSlot>,
    pub inbox: Arc<Inbox>,
    pub permissions: Permissions,
    pub next_permission: u64,
    pub conversation: Conversation,
    pub session_usage: Usage,
    /// Ids of tool calls that are taken in this session.
    pub call_ids: HashSet<String>,
    pub turn: Option<TurnState>,
    /// Whether another part of the running task follows the running turn.
    pub more_parts: bool,
    pub wanted_model: Option<llm::ModelId>,
    pub sessions_folder: PathBuf,
}

/// Whether a turn is one that was begun before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// It is a new one.
    No,
    /// It goes on where the one before it ended.
    GoesOn,
    /// It does this one again, of which the model knows nothing.
    Replaces(crate::TurnId),
}

impl Engine {
    async fn carry_out(&mut self, job: Job) {
        let Job { operation, cancel } = job;
        match operation {
            Operation::Prompt {
                text,
                mode: Mode::Chat,
            } => {
                self.chat(text.clone(), text, Again::No, &cancel).await;
            }
            Operation::Prompt {
                text,
                mode: Mode::Spec,
            } => self.new_spec(text, &cancel).await,
            Operation::Retry => self.retry(&cancel).await,
            Operation::NewSession => {
                let log = SessionLog::create(&self.sessions_folder, self.folder.root());
                self.open(log, Conversation::default()).await;
                self.announce().await;
            }
            Operation::ResumeSession(id) => self.resume(id).await,
            Operation::SpecApprove { spec, seen } => self.approve(&spec, seen, &cancel).await,
            Operation::SpecRequestChanges { spec, feedback } => {
                self.request_changes(&spec, feedback, &cancel).await;
            }
            Operation::SpecNext { spec } => self.next_document(&spec, &cancel).await,
            Operation::RunTask { spec, task } => self.run_task(&spec, &task, &cancel).await,
            // The reading task has these.
            Operation::Cancel
            | Operation::AnswerPermission { .. }
            | Operation::SelectModel(_)
            | Operation::AskForModels
            | Operation::FindModel(_) => {}
        }
    }

    /// A turn of conversation.
    async fn chat(
        &mut self,
        prompt: String,
        message: String,
        again: Again,
        cancel: &CancellationToken,
    ) {
        self.find_model(&prompt, Mode::Chat, again != Again::No, cancel)
            .await;
        let small = self.is_small();
        let name = self.folder.root().file_name().unwrap_or_default();
        let about = About::of(&prompt, &name.to_string_lossy());
        let message = if small && again == Again::No {
            self.with_what_it_is_about(&message, about).await
        } else {
            // What is tried again, or gone on with, has what goes along with it already.
            Message {
                text: message,
                tools: !small || about != About::Nothing,
            }
        };
        let start = TurnStart {
            prompt: prompt.clone(),
            mode: Mode::Chat,
            message: message.text,
            origin: Origin::Chat,
            replaces: match again {
                Again::Replaces(turn) => Some(turn),
                Again::No | Again::GoesOn => None,
            },
            goes_on: again != Again::No,
        };
        if !self.begin_turn(start, cancel).await {
            return;
        }
        // A small one that needs none would call tools for the sake of it.
        let (system, tools) = match message.tools {
            true => (
                prompts::system(small, self.folder.root()),
                ToolSet::working(small),
            ),
            false => (prompts::without_tools(about), ToolSet::none()),
        };
        let plan = StepPlan {
            system,
            tools,
            only_this_turn: false,
            // As many files as are named; a model that was asked for one change makes one.
            most: small.then(|| MostChanges {
                files: named_paths(&prompt).max(1),
                runs: asks_to_run(&prompt),
            }),
        };
        let reason = self.run_steps(&plan, cancel).await;
        self.end_turn(reason).await;
    }

    async fn retry(&mut self, cancel: &CancellationToken) {
        let Some(unfinished) = self.conversation.last_turn() else {
            let message = "There is nothing to try again yet.";
            self.notice(NoticeLevel::Info, message).await;
            return;
        };
        match unfinished.origin {
            // What it did is known to the model, which is asked once more.
            Origin::Chat if unfinished.completed => {
                let prompt = unfinished.prompt;
                self.chat(prompt.clone(), prompt, Again::No, cancel).await;
            }
            _ if unfinished.completed => {
                let message = "The last step of the spec is done. Go on in its document.";
                self.notice(NoticeLevel::Info, message).await;
            }
            // An answer is gone on with after a word of the user's side: the beginning of one, as
            // the last message, is refused by some models and begun anew by others.
            Origin::Chat => {
                let (message, again) = match unfinished.reached {
                    Reached::Nothing => (unfinished.message, Again::Replaces(unfinished.turn)),
                    Reached::Answer => (prompts::CONTINUE_ANSWER.to_owned(), Again::GoesOn),
                    Reached::Calls => (prompts::CONTINUE.to_owned(), Again::GoesOn),
                };
                self.chat(unfinished.prompt, message, again, cancel).await;
            }
            Origin::SpecDocument { spec, feedback, .. } => match feedback {
                Some(feedback) => self.request_changes(&spec, feedback, cancel).await,
                None => self.next_document(&spec, cancel).await,
            },
            Origin::Task { spec, task } => {
                let task = spec::TaskId(task);
                self.inbox.runs_task(&spec, &task);
                self.run_task(&spec, &task, cancel).await;
            }
        }
    }

    /// Whether the model in use wants short prompts.
    pub fn is_small(&self) -> bool {
        self.models
            .model()
            .is_some_and(|model| model.profile().small)
    }

    /// Goes on in another session; the log of the one before it is closed, so that it can be gone
    /// back to.
    async fn open(&mut self, log: SessionLog, conversation: Conversation) {
        self.session_usage = conversation.usage();
        self.call_ids = conversation
            .messages()
            .iter()
            .flat_map(|message| &message.content)
            .filter_map(|piece| match piece {
                Content::ToolCall(call) => Some(call.id.clone()),
                _ => None,
            })
            .collect();
        self.conversation = conversation;
        self.permissions.forget();
        let left = std::mem::replace(&mut self.log, Arc::new(Mutex::new(log)));
        // A part of its last answer may still be on its way to the disk.
        let closing = tokio::task::spawn_blocking(move || {
            left.lock().unwrap_or_else(PoisonError::into_inner).close();
        });
        if let Err(error) = closing.await {
            tracing::warn!(%error, "the log of the session that was left is not closed");
        }
    }

    /// The session that is open.
    fn session(&self) -> SessionId {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    /// Tells something about the session that is open.
    pub async fn notice(&self, level: NoticeLevel, message: impl Into<String>) {
        let session = self.session();
        self.events.notice_of(session, level, message).await;
    }

    /// Tells what came of a turn, and keeps it with the session: the user may have left it by now,
    /// and reads it when they go back.
    pub async fn kept_notice(&mut self, level: NoticeLevel, message: impl Into<String>) {
        let message = message.into();
        let begun = {
            let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.is_begun()
        };
        let kept = match begun {
            true => {
                let message = message.clone();
                self.record(Record::Notice { level, message }).await
            }
            false => Ok(()),
        };
        self.notice(level, message).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "a notice is not kept");
        }
    }

    /// Tells what session is open.
    async fn announce(&self) {
        let id = self.session();
        self.inbox.opened(id);
        self.events
            .send(AgentEvent::SessionOpened {
                id,
                transcript: self.conversation.transcript(),
            })
            .await;
        let session = self.session_usage;
        if session != Usage::default() {
            self.events
                .send(AgentEvent::Usage {
                    turn: Usage::default(),
                    session,
                })
                .await;
        }
    }

    /// Opens an older session, or stays in the present one and says why.
    async fn resume(&mut self, id: SessionId) {
        // It is locked, by this program.
        if self.session() == id {
            self.announce().await;
            return;
        }
        let (folder, root) = (self.sessions_folder.clone(), self.folder.root().to_owned());
        let opened =
            tokio::task::spawn_blocking(move || SessionLog::open(&folder, &root, id)).await;
        match opened {
            Ok(Ok((log, loaded))) => {
                let loss = loaded.loss();
                self.open(log, Conversation::new(loaded.records)).await;
                let interrupted = self.end_interrupted_turn().await;
                self.announce().await;
                if loaded.left_out > 0 {
                    let message = format!(
                        "This session is very long: the first {} MB of it are not shown, and the model does not read them. The file was kept as it is.",
                        loaded.left_out.div_ceil(1 << 20)
                    );
                    self.notice(NoticeLevel::Warning, message).await;
                }
                if loaded.skipped > 0 {
                    let message = format!(
                        "{} of this session's log could not be read and {} left out. The file was kept as it is.",
                        if loaded.skipped == 1 {
                            "One line".to_owned()
                        } else {
                            format!("{} lines", loaded.skipped)
                        },
                        if loaded.skipped == 1 { "was" } else { "were" },
                    );
                    self.notice(NoticeLevel::Warning, message).await;
                }
                if let Some(loss) = loss {
                    let message = match loss {
                        Loss::Everything => {
                            "This session's log was cut short: nothing of what was said in it is left, neither for you nor for the model."
                        }
                        Loss::Beginning => {
                            "The beginning of this session's log is missing: what was said there is not shown, and the model does not read it. The rest was kept as it is."
                        }
                    };
                    self.notice(NoticeLevel::Warning, message).await;
                }
                if let Some(Origin::Task { spec, task }) = interrupted {
                    self.task_was_interrupted(&spec, &spec::TaskId(task)).await;
                }
            }
            Ok(Err(error)) => {
                self.announce().await;
                let message = format!("The conversation was not opened: {error}.");
                self.notice(NoticeLevel::Error, message).await;
            }
            Err(_) => self.announce().await,
        }
    }

    /// Ends a turn that the end of the program cut off, and says what it was.
    async fn end_interrupted_turn(&mut self) -> Option<Origin> {
        let turn = self.conversation.was_interrupted()?;
        let origin = self.conversation.unfinished()?.origin;
        let what = if self.conversation.ends_in_a_cut_answer() {
            "Kiln ended in the middle of this answer, which is cut off here."
        } else {
            "Kiln ended in the middle of this turn."
        };
        let again = match (&origin, self.conversation.unfinished()?.reached) {
            (Origin::Chat, Reached::Nothing) => "Try again asks once more.",
            (Origin::Chat, Reached::Answer | Reached::Calls) => "Try again goes on with it.",
            (Origin::SpecDocument { .. }, _) => "Try again has the document written anew.",
            (Origin::Task { .. }, _) => "Try again starts the task again.",
        };
        // What an answer took that was cut off is not known.
        let usage = self.conversation.usage_since_turn_started();
        self.session_usage += usage;
        let record = Record::TurnEnded {
            turn,
            reason: EndReason::Failed(format!("{what} {again}")),
            usage,
            elapsed_ms: 0,
            speed: None,
        };
        if let Err(message) = self.record(record).await {
            self.notice(NoticeLevel::Error, message).await;
        }
        Some(origin)
    }

    /// Adds a record to the session; it is on the disk when this returns.
    pub async fn record(&mut self, record: Record) -> Result<(), String> {
        self.conversation.push(record.clone());
        let log = Arc::clone(&self.log);
        let written = tokio::task::spawn_blocking(move || {
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .append(&record, true)
        })
        .await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!(
                "The session could not be written, so that nothing was sent: {error}."
            )),
            Err(_) => Err("The session could not be written".to_owned()),
        }
    }
}
