//! What the agent is doing with specs, and how the views ask it for more.

use agent::{AgentEvent, Mode, NoticeLevel, Operation};
use async_channel::{Sender, TrySendError};
use gpui_kit::*;
use spec::{Phase, TaskId, TaskState};

/// The agent as far as specs go. One for the program.
pub(crate) struct SpecActivity {
    operations: Sender<Operation>,
    running: bool,
    /// It waits for an answer to a question.
    asking: bool,
    current: Option<Work>,
}

/// Whether the agent takes a task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Readiness {
    /// It does.
    Free,
    /// A turn runs, or there is no agent.
    Busy,
    /// A turn runs that waits for an answer to a question.
    Asking,
}

/// What the running turn is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    /// A task is carried out.
    Task { spec: String, task: TaskId },
    /// A document of this spec is written.
    Document { spec: String },
}

/// Why the agent was asked for nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum NotAsked {
    /// It takes nothing more at the moment.
    Full,
    /// It has stopped, or there is none.
    Stopped,
}

/// What a view wants to know at once.
#[derive(Clone, Debug)]
pub(crate) enum ActivityEvent {
    /// Files of a spec changed; all specs, where it is not known which.
    Changed,
    /// A document waits for a review.
    ReviewReady { spec: String, phase: Phase },
    /// Something was asked for.
    Asked,
    /// What was asked for led to no turn, for this reason.
    Refused(SharedString),
}

impl EventEmitter<ActivityEvent> for SpecActivity {}

struct GlobalActivity(Entity<SpecActivity>);

impl Global for GlobalActivity {}

impl SpecActivity {
    pub fn install(operations: Sender<Operation>, cx: &mut App) {
        let activity = cx.new(|_| Self {
            operations,
            running: false,
            asking: false,
            current: None,
        });
        cx.set_global(GlobalActivity(activity));
    }

    /// The program's one; `None` before [`crate::register`].
    pub fn global(cx: &App) -> Option<Entity<Self>> {
        cx.try_global::<GlobalActivity>()
            .map(|global| global.0.clone())
    }

    /// Why no task of a spec can be started, whether its plan is approved and the agent is free.
    pub fn hindrance(approved: bool, agent: Readiness) -> Option<&'static str> {
        match (approved, agent) {
            (false, _) => Some("The plan is not approved yet. Approve the tasks first."),
            (true, Readiness::Busy) => {
                Some("The agent is at work. Start the task when it is done, or stop it.")
            }
            (true, Readiness::Asking) => Some(
                "The agent waits for your decision. Answer it; start the task when it is done, or stop it.",
            ),
            (true, Readiness::Free) => None,
        }
    }

    /// Whether the program's one takes a task.
    pub fn readiness(cx: &App) -> Readiness {
        let Some(activity) = Self::global(cx) else {
            return Readiness::Busy;
        };
        let activity = activity.read(cx);
        match (activity.running, activity.asking) {
            (false, _) => Readiness::Free,
            (true, false) => Readiness::Busy,
            (true, true) => Readiness::Asking,
        }
    }

    /// Asks the program's one for something. Where there is none, or its agent has stopped or takes
    /// nothing at the moment, says so and what to do, and is false.
    pub fn ask(operation: Operation, window: &mut Window, cx: &mut App) -> bool {
        let asked = match Self::global(cx) {
            Some(activity) => activity.update(cx, |activity, cx| activity.send(operation, cx)),
            None => Err(NotAsked::Stopped),
        };
        let (severity, message) = match asked {
            Ok(()) => return true,
            Err(NotAsked::Full) => (
                ui::Severity::Warning,
                "The agent has more to do than it can take in, so that nothing was asked of it. Ask again in a moment.",
            ),
            Err(NotAsked::Stopped) => (
                ui::Severity::Error,
                "The agent has stopped, so that nothing was asked of it. Close the folder and open it again to go on.",
            ),
        };
        ui::notify(severity, message, window, cx);
        false
    }

    /// Talks to another agent from now on.
    pub fn connect(&mut self, operations: Sender<Operation>, cx: &mut Context<Self>) {
        self.operations = operations;
        self.running = false;
        self.asking = false;
        self.current = None;
        cx.emit(ActivityEvent::Changed);
        cx.notify();
    }

    /// Whether any turn is running; another cannot start then.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Whether this task is being carried out.
    pub fn is_task_running(&self, spec: &str, task: &TaskId) -> bool {
        matches!(&self.current, Some(Work::Task { spec: name, task: id }) if name == spec && id == task)
    }

    /// Whether a document of this spec is being written.
    pub fn is_writing(&self, spec: &str) -> bool {
        self.running && matches!(&self.current, Some(Work::Document { spec: name }) if name == spec)
    }

    /// Asks the agent for something.
    fn send(&mut self, operation: Operation, cx: &mut Context<Self>) -> Result<(), NotAsked> {
        let work = match &operation {
            Operation::RunTask { spec, task } => Some(Work::Task {
                spec: spec.clone(),
                task: task.clone(),
            }),
            Operation::SpecApprove { spec, .. }
            | Operation::SpecRequestChanges { spec, .. }
            | Operation::SpecNext { spec } => Some(Work::Document { spec: spec.clone() }),
            _ => None,
        };
        self.operations
            .try_send(operation)
            .map_err(|error| match error {
                TrySendError::Full(_) => NotAsked::Full,
                TrySendError::Closed(_) => NotAsked::Stopped,
            })?;
        if work.is_some() {
            self.current = work;
            cx.emit(ActivityEvent::Asked);
            cx.notify();
        }
        Ok(())
    }

    pub fn take_in(&mut self, event: &AgentEvent, cx: &mut Context<Self>) {
        match event {
            AgentEvent::PermissionRequested { .. } => self.asking = true,
            AgentEvent::ToolCallRunning { .. }
            | AgentEvent::ToolCallDenied { .. }
            | AgentEvent::ToolCallFinished { .. }
                if self.asking =>
            {
                self.asking = false;
            }
            AgentEvent::TurnStarted { mode, .. } => {
                self.running = true;
                // What was asked for may have led to no turn, and this one is another's.
                let is_ours = match self.current {
                    Some(Work::Document { .. }) => *mode == Mode::Spec,
                    _ => true,
                };
                if !is_ours {
                    self.current = None;
                }
            }
            AgentEvent::TurnEnded { .. } | AgentEvent::SessionOpened { .. } => {
                self.running = false;
                self.asking = false;
                self.current = None;
                cx.emit(ActivityEvent::Changed);
            }
            AgentEvent::SpecChanged { spec } => {
                if self.running && self.current.is_none() {
                    self.current = Some(Work::Document { spec: spec.clone() });
                }
                cx.emit(ActivityEvent::Changed);
            }
            AgentEvent::Notice {
                level: NoticeLevel::Error,
                message,
                ..
            } if !self.running && self.current.is_some() => {
                self.current = None;
                cx.emit(ActivityEvent::Refused(message.clone().into()));
            }
            AgentEvent::TaskStateChanged { spec, task, state } => {
                // However it was started; of a task and its part the part comes last.
                if self.running && *state == TaskState::Running {
                    self.current = Some(Work::Task {
                        spec: spec.clone(),
                        task: task.clone(),
                    });
                }
                cx.emit(ActivityEvent::Changed);
            }
            AgentEvent::SpecReviewReady { spec, phase } => {
                cx.emit(ActivityEvent::ReviewReady {
                    spec: spec.clone(),
                    phase: *phase,
                });
                cx.emit(ActivityEvent::Changed);
            }
            _ => return,
        }
        cx.notify();
    }
}
