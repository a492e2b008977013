//! A whole agent without a window: a project folder, its open buffers, and a
//! model server on loopback. The tests beside it read as sessions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::{
    AgentConfig, AgentEvent, AgentHandle, EndReason, Mode, ModelCatalog, Operation,
    PermissionAnswer, PermissionPolicy, PermissionPreview, SessionChoice, Supervisor, ToolOutcome,
};
use llm::{
    Catalog, KeySource, KeyStore, Limits, ModelInfo, ModelProfile, Protocol, ProviderConfig,
    RetryPolicy, Secret,
};
use test_support::{ModelServer, RecordedRequest};
use workspace::Workspace;

/// Both wire protocols.
pub const PROTOCOLS: [Protocol; 2] = [Protocol::OpenAiChat, Protocol::AnthropicMessages];
/// The key that the test's provider has. It must appear nowhere but in the
/// requests' headers.
pub const KEY: &str = "sk-canary-7f3a9c";
/// How long a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a harness is set up.
pub struct Setup {
    /// The protocol that the model speaks.
    pub protocol: Protocol,
    /// Whether the model counts as a small one.
    pub small: bool,
    /// What runs without asking.
    pub permissions: PermissionPolicy,
    /// Calls of the model in one turn.
    pub steps: u32,
    /// Bounds on answers.
    pub limits: Limits,
    /// How failed requests are repeated.
    pub retry: RetryPolicy,
    /// The name of the project folder.
    pub folder: &'static str,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            protocol: Protocol::OpenAiChat,
            small: false,
            permissions: PermissionPolicy::default(),
            steps: 20,
            limits: Limits::default(),
            retry: RetryPolicy {
                max_retries: 2,
                base_delay: Duration::from_millis(5),
                max_delay: Duration::from_millis(20),
                max_retry_after: Duration::from_secs(5),
            },
            folder: "project",
        }
    }
}

impl Setup {
    /// The default for a protocol.
    pub fn with(protocol: Protocol) -> Self {
        Self {
            protocol,
            ..Self::default()
        }
    }
}

/// The catalogue of one model at `url`.
pub fn catalog(setup: &Setup, url: &str) -> anyhow::Result<ModelCatalog> {
    let mut info = ModelInfo::named("test-model");
    if setup.small {
        info.profile = ModelProfile {
            context_tokens: 8_192,
            small: true,
            tools: true,
        };
    }
    let provider = ProviderConfig {
        name: "test".to_owned(),
        protocol: setup.protocol,
        base_url: url.parse()?,
        key: KeySource::Given(Secret::new(KEY)),
        models: vec![info],
        list: llm::ModelList::Named,
    };
    let catalog = Catalog::new(vec![provider], KeyStore::nothing())
        .with_limits(setup.limits)
        .with_retry(setup.retry.clone());
    Ok(ModelCatalog::new(catalog, Some("test/test-model".parse()?)))
}

/// Asserts that a request goes on with the answer to `prompt` of which `begun` came: in an order
/// that every model takes, which wants a word of the user's side at the end.
pub fn assert_goes_on(request: &RecordedRequest, prompt: &str, begun: &str) {
    assert_eq!(request.roles(), ["user", "assistant", "user"]);
    assert_eq!(request.assistant_texts(), [begun]);
    let told = request.user_texts();
    assert_eq!(told[0], prompt);
    assert!(told[1].contains("cut off. Go on"), "{}", told[1]);
}

/// A running agent with all that it needs.
pub struct Harness {
    /// The project folder.
    pub root: PathBuf,
    /// The model.
    pub server: ModelServer,
    /// The agent.
    pub agent: AgentHandle,
    workspace: Arc<Mutex<Workspace>>,
    setup: Setup,
    runtime: tokio::runtime::Runtime,
    temporary: tempfile::TempDir,
}

impl Harness {
    /// An agent in an empty project.
    ///
    /// # Errors
    /// Where the machine does not allow it.
    pub fn start(setup: Setup) -> anyhow::Result<Self> {
        let temporary = tempfile::tempdir()?;
        let root = temporary.path().canonicalize()?.join(setup.folder);
        std::fs::create_dir(&root)?;
        let server = ModelServer::start();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let workspace = Arc::new(Mutex::new(Workspace::new(
            root.clone(),
            Arc::new(fs::RealFs::new()),
        )));
        let agent = launch(
            &setup,
            &root,
            temporary.path(),
            &server.url(),
            SessionChoice::New,
            &workspace,
            &runtime,
        )?;
        let harness = Self {
            root,
            server,
            agent,
            workspace,
            setup,
            runtime,
            temporary,
        };
        harness.opening()?;
        Ok(harness)
    }

    /// Ends the agent and starts another one, as after a restart of the
    /// program. Returns what it says about its session.
    ///
    /// # Errors
    /// Where the machine does not allow it.
    pub fn restart(&mut self, session: SessionChoice) -> anyhow::Result<Vec<AgentEvent>> {
        self.agent.operations.close();
        // The old agent is gone when its queue of events is closed.
        while self.next_event_or_end()?.is_some() {}
        self.agent = launch(
            &self.setup,
            &self.root,
            self.temporary.path(),
            &self.server.url(),
            session,
            &self.workspace,
            &self.runtime,
        )?;
        self.opening()
    }

    /// The events up to the choice of the model.
    fn opening(&self) -> anyhow::Result<Vec<AgentEvent>> {
        let mut events = Vec::new();
        loop {
            let event = self.next_event()?;
            let last = matches!(
                event,
                AgentEvent::ModelChanged { .. } | AgentEvent::NoModel { .. }
            );
            events.push(event);
            if last {
                return Ok(events);
            }
        }
    }

    /// Where sessions are kept.
    pub fn sessions_dir(&self) -> PathBuf {
        self.temporary.path().join("sessions")
    }

    /// A folder beside the project.
    pub fn outside(&self) -> PathBuf {
        self.temporary.path().to_owned()
    }

    /// The open buffers.
    pub fn workspace(&self) -> MutexGuard<'_, Workspace> {
        self.workspace
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a file of the project.
    ///
    /// # Errors
    /// As the system reports.
    pub fn write(&self, path: &str, text: &str) -> anyhow::Result<()> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, text)?)
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// As the system reports.
    pub fn read(&self, path: &str) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(self.root.join(path))?)
    }

    /// Whether something is in the project.
    pub fn exists(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// Where the agent has ended.
    pub fn send(&self, operation: Operation) -> anyhow::Result<()> {
        Ok(self.agent.operations.send_blocking(operation)?)
    }

    /// The next event.
    ///
    /// # Errors
    /// Where none comes for 30 s.
    pub fn next_event(&self) -> anyhow::Result<AgentEvent> {
        self.next_event_or_end()?
            .ok_or_else(|| anyhow::anyhow!("the agent has ended"))
    }

    fn next_event_or_end(&self) -> anyhow::Result<Option<AgentEvent>> {
        self.runtime.block_on(async {
            match tokio::time::timeout(PATIENCE, self.agent.events.recv()).await {
                Ok(event) => Ok(event.ok()),
                Err(_) => Err(anyhow::anyhow!("no event for {PATIENCE:?}")),
            }
        })
    }

    /// The events up to the first that `last` accepts, that one included.
    ///
    /// # Errors
    /// Where it does not come.
    pub fn events_until(
        &self,
        last: impl Fn(&AgentEvent) -> bool,
    ) -> anyhow::Result<Vec<AgentEvent>> {
        let mut events = Vec::new();
        loop {
            let event = self.next_event()?;
            let done = last(&event);
            events.push(event);
            if done {
                return Ok(events);
            }
        }
    }

    /// Sends an operation and waits for the end of its turn; questions are
    /// answered by `answer`.
    ///
    /// # Errors
    /// Where the turn does not end.
    pub fn turn_with(
        &self,
        operation: Operation,
        mut answer: impl FnMut(&PermissionPreview) -> PermissionAnswer,
    ) -> anyhow::Result<Turn> {
        self.send(operation)?;
        let mut events = Vec::new();
        loop {
            let event = self.next_event()?;
            if let AgentEvent::PermissionRequested { id, preview, .. } = &event {
                self.send(Operation::AnswerPermission {
                    request: *id,
                    answer: answer(preview),
                })?;
            }
            let done = matches!(event, AgentEvent::TurnEnded { .. });
            events.push(event);
            if done {
                return Ok(Turn { events });
            }
        }
    }

    /// A turn in which every question is allowed once.
    ///
    /// # Errors
    /// Where the turn does not end.
    pub fn turn(&self, operation: Operation) -> anyhow::Result<Turn> {
        self.turn_with(operation, |_| PermissionAnswer::AllowOnce)
    }

    /// A prompt in chat mode, everything allowed.
    ///
    /// # Errors
    /// Where the turn does not end.
    pub fn prompt(&self, text: &str) -> anyhow::Result<Turn> {
        self.turn(chat(text))
    }
}

/// A prompt in chat mode.
pub fn chat(text: &str) -> Operation {
    Operation::Prompt {
        text: text.to_owned(),
        mode: Mode::Chat,
    }
}

/// Starts an agent whose requests to the open buffers are served on a thread.
///
/// # Errors
/// Where the address is none.
pub fn launch(
    setup: &Setup,
    root: &Path,
    state: &Path,
    url: &str,
    session: SessionChoice,
    workspace: &Arc<Mutex<Workspace>>,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<AgentHandle> {
    let models = Arc::new(catalog(setup, url)?);
    let mut config = AgentConfig::new(root.to_owned(), state.join("sessions"), models);
    config.session = session;
    config.permissions = setup.permissions.clone();
    config.limits.steps = setup.steps;
    config.supervisor = Some(Supervisor::at(supervising_program()?));
    let (host, requests) = async_channel::bounded(16);
    let workspace = Arc::clone(workspace);
    std::thread::Builder::new()
        .name("host".to_owned())
        .spawn(move || {
            while let Ok(request) = requests.recv_blocking() {
                let mut workspace = workspace.lock().unwrap_or_else(PoisonError::into_inner);
                agent::serve(&mut workspace, request);
            }
        })?;
    Ok(agent::start(config, host, runtime.handle()))
}

/// The program of this package that can watch over commands: it lies above the tests' folder.
fn supervising_program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let candidates = own.ancestors().skip(1).take(2);
    candidates
        .map(|folder| folder.join("killable_agent"))
        .find(|program| program.is_file())
        .ok_or_else(|| anyhow::anyhow!("killable_agent was not built beside {}", own.display()))
}

/// What happened in one turn.
#[derive(Debug)]
pub struct Turn {
    /// All of it, in order.
    pub events: Vec<AgentEvent>,
}

impl Turn {
    /// All text that the user saw as the answer.
    pub fn text(&self) -> String {
        self.events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::Text { delta } => Some(delta.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Why it ended.
    pub fn reason(&self) -> EndReason {
        self.events
            .iter()
            .find_map(|event| match event {
                AgentEvent::TurnEnded { reason, .. } => Some(reason.clone()),
                _ => None,
            })
            .unwrap_or(EndReason::Failed("it never ended".to_owned()))
    }

    /// The message of a turn that failed; empty for one that did not.
    pub fn failure(&self) -> String {
        self.reason().failure().unwrap_or_default().to_owned()
    }

    /// What came of the tool calls, in order.
    pub fn outcomes(&self) -> Vec<&ToolOutcome> {
        self.events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::ToolCallFinished { outcome, .. } => Some(outcome),
                _ => None,
            })
            .collect()
    }

    /// The questions, in order.
    pub fn questions(&self) -> Vec<&PermissionPreview> {
        self.events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::PermissionRequested { preview, .. } => Some(preview),
                _ => None,
            })
            .collect()
    }

    /// The notices, in order.
    pub fn notices(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::Notice { message, .. } => Some(message.as_str()),
                _ => None,
            })
            .collect()
    }
}
