//! How an agent is started.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use llm::ModelId;

use crate::host::HostSender;
use crate::permission::PermissionPolicy;
use crate::{AgentEvent, ModelCatalog, Operation, SessionId, Supervisor, engine};

/// Which session an agent begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionChoice {
    /// An empty one.
    #[default]
    New,
    /// This one; an empty one, with a notice, where it cannot be opened.
    Resume(SessionId),
    /// This one, which was shown before; an empty one where nothing was ever said in it.
    Reopen(SessionId),
    /// The folder's newest one; an empty one where there is none.
    ResumeLast,
}

/// Bounds on what one turn may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentLimits {
    /// Calls of the model in one turn.
    pub steps: u32,
    /// How long a command may run unless the model asks for longer.
    pub command_timeout: Duration,
    /// The longest time the model may ask for.
    pub longest_command_timeout: Duration,
    /// Bytes of a tool's result that the model reads.
    pub output_bytes: usize,
}

impl Default for AgentLimits {
    fn default() -> Self {
        Self {
            steps: 60,
            command_timeout: Duration::from_secs(120),
            longest_command_timeout: Duration::from_secs(900),
            output_bytes: 40_000,
        }
    }
}

/// What an agent is started with.
#[derive(Clone)]
pub struct AgentConfig {
    /// The project folder. Tools never leave it.
    pub root: PathBuf,
    /// Where sessions are kept (`<state>/sessions`); each project folder has
    /// one of its own inside.
    pub sessions_dir: PathBuf,
    /// The models to choose from.
    pub models: Arc<ModelCatalog>,
    /// The model to use; the catalogue's default where `None`.
    pub model: Option<ModelId>,
    /// The session to begin with.
    pub session: SessionChoice,
    /// What runs without asking.
    pub permissions: PermissionPolicy,
    /// Bounds on a turn.
    pub limits: AgentLimits,
    /// How files are read and written where no buffer holds them open.
    pub fs: Arc<dyn fs::Fs>,
    /// What watches over commands, so that none outlives the program. Without it, a command
    /// goes on where the program is killed.
    pub supervisor: Option<Supervisor>,
}

impl AgentConfig {
    /// A new session in `root` that asks before it changes anything.
    pub fn new(root: PathBuf, sessions_dir: PathBuf, models: Arc<ModelCatalog>) -> Self {
        Self {
            root,
            sessions_dir,
            models,
            model: None,
            session: SessionChoice::New,
            permissions: PermissionPolicy::default(),
            limits: AgentLimits::default(),
            fs: Arc::new(fs::RealFs::new()),
            supervisor: None,
        }
    }
}

/// The two queues of a running agent. It ends when all senders of operations
/// are gone; a turn that is running then is cancelled.
#[derive(Clone)]
pub struct AgentHandle {
    /// What it is to do.
    pub operations: async_channel::Sender<Operation>,
    /// What happens. Must be read: the agent waits when 4,096 events are unread.
    pub events: async_channel::Receiver<AgentEvent>,
}

/// Starts an agent on `runtime`. `host` takes its requests to the thread that
/// owns the open buffers, which answers each with [`crate::serve`].
pub fn start(
    config: AgentConfig,
    host: HostSender,
    runtime: &tokio::runtime::Handle,
) -> AgentHandle {
    engine::spawn(config, host, runtime)
}
