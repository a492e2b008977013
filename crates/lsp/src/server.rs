//! A language server through all of its runs: it is started again when it crashes, until it crashes
//! too often, and knows the texts that are open from the start of each run.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use async_channel::{Receiver, Sender};
use editor_core::{ChangeSet, IndentStyle, Text};
use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};

use crate::bounded;
use crate::capabilities::{self, Capabilities, SyncKind};
use crate::closed_files::{self, FileDiagnostics};
use crate::connection::{Connection, Reply, RequestError};
use crate::diagnostic::diagnostics;
use crate::document::{Document, Told};
use crate::incoming;
use crate::launch::{Launch, Launched};
use crate::message;
use crate::progress::Progress;
use crate::rename::AskedRename;
use crate::server_log::ServerLog;
use crate::server_message::{ServerMessage, ServerQuestion};
use crate::server_settings::ServerSettings;
use crate::shown::Shown;
use crate::text_diagnostics::TextDiagnostics;
use crate::text_edit::WorkspaceEdit;
use crate::trace::{Trace, TraceLevel};
use crate::transport::read_frame;
use crate::uri;

/// Events that nobody has taken; a server that has more to tell waits.
const MAX_EVENTS: usize = 256;
/// A server that claims to offer more than this is given up, in bytes.
const MAX_OFFERED: usize = 4 * 1024 * 1024;
/// More of what a server writes beside the protocol is not taken as one line, in bytes.
const MAX_ERROR_LINE: u64 = 64 * 1024;

/// A server to be run.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Its name, as it is shown.
    pub name: String,
    /// The folder that it is responsible for, absolute.
    pub root: PathBuf,
    /// What it is told at the start.
    pub initialization_options: Value,
    /// What it gets where it asks for settings, by section.
    pub settings: Value,
    /// How long it may take.
    pub limits: Limits,
    /// How much is kept of what is said.
    pub trace: TraceLevel,
}

/// How long a server may take, and how often it may crash.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until it has started: it is ended then, and not started again by itself. Servers answer first
    /// and read the project after that; even those that start a Java machine do so in seconds.
    pub initialize: Duration,
    /// For an answer.
    pub request: Duration,
    /// To end by itself once it is asked to.
    pub shutdown: Duration,
    /// Between its first crash and the next start; twice as long after each.
    pub backoff: Duration,
    /// Crashes within `crash_window` after which it is not started again by itself.
    pub crashes: usize,
    /// See `crashes`.
    pub crash_window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            initialize: Duration::from_secs(60),
            request: Duration::from_secs(10),
            shutdown: Duration::from_secs(2),
            backoff: Duration::from_secs(1),
            crashes: 5,
            crash_window: Duration::from_secs(180),
        }
    }
}

/// How a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerState {
    /// It was started and has not answered yet.
    Starting,
    /// It answers.
    Running,
    /// It ended by itself and is started again soon.
    Restarting {
        /// Why it ended.
        reason: String,
    },
    /// It is not started again by itself.
    Failed {
        /// Why.
        reason: String,
    },
    /// It was told to end.
    Stopped,
}

/// What a server has to tell.
#[derive(Debug, Clone)]
pub enum ServerEvent {
    /// It is in another state.
    StateChanged(ServerState),
    /// What it says of an open text, all of it.
    Diagnostics {
        /// The file.
        path: PathBuf,
        /// The version of the text that the bytes are of.
        version: u64,
        /// What it says.
        diagnostics: TextDiagnostics,
    },
    /// What it says of a file that is not open, all of it.
    ClosedFile(FileDiagnostics),
    /// It wants to hear what happens to files on the disk.
    WatchesFiles,
    /// What was pulled of diagnostics is out of date.
    DiagnosticsStale,
    /// What it showed in texts is out of date, or it begins or ceases to show such.
    Stale(Shown),
    /// What it works on for long, and how far it is; `None` when nothing is left.
    Progress(Option<String>),
    /// It asks for edits, while it runs a command that the user gave.
    Edit(AskedEdit),
    /// It asks that the user be asked for a name, while it runs a command that the user gave.
    Rename(AskedRename),
    /// Something to tell the user.
    Message(ServerMessage),
    /// Something to ask the user.
    Question(ServerQuestion),
}

/// What gives a server its answer.
type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Edits that a server asks for. It waits for an answer; where the last clone is dropped without
/// one, it gets a no.
#[derive(Clone)]
pub struct AskedEdit {
    /// The edits.
    pub edit: Arc<WorkspaceEdit>,
    /// When the user gave the command that it runs.
    pub command_given: SystemTime,
    answer: Arc<Unanswered>,
}

struct Unanswered(Mutex<Option<Answer>>);

impl AskedEdit {
    pub(crate) fn new(edit: WorkspaceEdit, command_given: SystemTime, answer: Answer) -> Self {
        Self {
            edit: Arc::new(edit),
            command_given,
            answer: Arc::new(Unanswered(Mutex::new(Some(answer)))),
        }
    }

    /// Tells the server whether they were made, or why not.
    pub fn answer(&self, made: Result<(), String>) {
        if let Some(answer) = self.answer.0.lock().take() {
            answer(made);
        }
    }
}

impl std::fmt::Debug for AskedEdit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("AskedEdit").field(&self.edit).finish()
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(answer) = self.0.get_mut().take() {
            answer(Err("nobody made them".into()));
        }
    }
}

/// What the thread that runs the server is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Run,
    Restart,
    Stop,
}

pub(crate) struct Shared {
    pub options: ServerOptions,
    launch: Arc<dyn Launch>,
    pub inner: Mutex<Inner>,
    woken: Condvar,
    events: Sender<ServerEvent>,
    pub log: ServerLog,
    /// What it works on in this run.
    pub progress: Mutex<Progress>,
    pub trace: Arc<Trace>,
}

/// A command that the user gave and the server runs.
#[derive(Clone, Copy)]
pub(crate) struct GivenCommand {
    /// When it was given.
    pub given: SystemTime,
    /// How long the server may ask for edits and a name.
    until: Instant,
}

impl GivenCommand {
    /// One that is given now and runs so long at most.
    pub fn now(within: Duration) -> Self {
        Self {
            given: SystemTime::now(),
            until: Instant::now() + within,
        }
    }
}

pub(crate) struct Inner {
    state: ServerState,
    wanted: Wanted,
    pub documents: HashMap<PathBuf, Document>,
    /// The command that the user gave last.
    pub command: Option<GivenCommand>,
    /// What it is told, in later runs too.
    pub settings: ServerSettings,
    /// How texts are indented, which it asks for by their files.
    pub indents: HashMap<PathBuf, IndentStyle>,
    /// The folders that it is responsible for beside its root.
    folders: Vec<PathBuf>,
    /// The run, once the server has answered.
    pub ready: Option<Arc<Connection>>,
    /// The run, also before that.
    connection: Option<Arc<Connection>>,
    pub capabilities: Capabilities,
    /// This run did not answer at its start.
    silent: bool,
}

impl Inner {
    /// The command that the server runs, while it may ask for edits and a name.
    pub fn running_command(&self) -> Option<GivenCommand> {
        self.command.filter(|one| Instant::now() < one.until)
    }
}

/// A language server. Clones are the same one; when the last is dropped it ends.
#[derive(Clone)]
pub struct LanguageServer(Arc<Handle>);

struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.end(Wanted::Stop);
    }
}

impl LanguageServer {
    /// Has a server run on threads of its own, and tells what happens to it. Where nobody takes what
    /// it tells, it waits.
    pub fn start(options: ServerOptions, launch: Arc<dyn Launch>) -> (Self, Receiver<ServerEvent>) {
        let (events, told) = async_channel::bounded(MAX_EVENTS);
        let settings = ServerSettings {
            initialization_options: options.initialization_options.clone(),
            settings: options.settings.clone(),
            by_folder: BTreeMap::new(),
        };
        let shared = Arc::new(Shared {
            trace: Arc::new(Trace::new(options.trace)),
            options,
            launch,
            inner: Mutex::new(Inner {
                state: ServerState::Starting,
                wanted: Wanted::Run,
                documents: HashMap::new(),
                command: None,
                indents: HashMap::new(),
                settings,
                folders: Vec::new(),
                ready: None,
                connection: None,
                capabilities: Capabilities::new(Value::Null),
                silent: false,
            }),
            woken: Condvar::new(),
            events,
            log: ServerLog::default(),
            progress: Mutex::default(),
        });
        let supervised = shared.clone();
        thread::spawn(move || supervised.supervise());
        (Self(Arc::new(Handle(shared))), told)
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.shared().options.name
    }

    /// How it is.
    pub fn state(&self) -> ServerState {
        self.shared().inner.lock().state.clone()
    }

    /// What it wrote beside the protocol and what happened to it, the newest lines.
    pub fn log(&self) -> Vec<String> {
        self.shared().log.lines()
    }

    /// The same lines, each with when it came.
    pub fn timed_log(&self) -> Vec<(SystemTime, String)> {
        self.shared().log.timed()
    }

    /// Ends the run and begins another, whatever happened before.
    pub fn restart(&self) {
        self.shared().end(Wanted::Restart);
    }

    /// Ends it: as the protocol has it, and by force where that takes too long.
    pub fn stop(&self) {
        self.shared().end(Wanted::Stop);
    }

    /// Whether it can be made responsible for more folders; `None` until it has said so.
    pub fn takes_folders(&self) -> Option<bool> {
        let inner = self.shared().inner.lock();
        match inner.state {
            ServerState::Running => Some(inner.capabilities.takes_folders()),
            ServerState::Starting | ServerState::Restarting { .. } => None,
            ServerState::Failed { .. } | ServerState::Stopped => Some(false),
        }
    }

    /// Gives it other settings; those that it is told at the start hold from its next run on. Whether
    /// they are others.
    pub fn configure(&self, settings: ServerSettings) -> bool {
        let mut inner = self.shared().inner.lock();
        if inner.settings == settings {
            return false;
        }
        inner.settings = settings;
        if let Some(connection) = &inner.ready {
            let told = json!({"settings": inner.settings.settings});
            connection.notify("workspace/didChangeConfiguration", told);
        }
        true
    }

    /// Keeps what it gets where it asks for settings of a folder, in later runs too. One that asks when
    /// the folder is added must find it then: it is kept before [`add_folder`](Self::add_folder), and
    /// until [`remove_folder`](Self::remove_folder).
    pub fn keep_folder_settings(&self, folder: &Path, settings: Value) {
        let mut inner = self.shared().inner.lock();
        let by_folder = &mut inner.settings.by_folder;
        by_folder.insert(folder.to_path_buf(), settings);
    }

    /// Makes it responsible for one more folder, in later runs too.
    pub fn add_folder(&self, folder: &Path) {
        let mut inner = self.shared().inner.lock();
        if folder == self.shared().options.root || inner.folders.iter().any(|one| one == folder) {
            return;
        }
        inner.folders.push(folder.to_path_buf());
        if let Some(connection) = &inner.ready {
            let added = capabilities::folders([folder].into_iter());
            let params = json!({"event": {"added": added, "removed": []}});
            connection.notify("workspace/didChangeWorkspaceFolders", params);
        }
    }

    /// The folders that it was made responsible for beside its root.
    pub fn added_folders(&self) -> Vec<PathBuf> {
        self.shared().inner.lock().folders.clone()
    }

    /// Makes it responsible no more for a folder that was added.
    pub fn remove_folder(&self, folder: &Path) {
        let mut inner = self.shared().inner.lock();
        let Some(at) = inner.folders.iter().position(|one| one == folder) else {
            return;
        };
        inner.folders.remove(at);
        inner.settings.by_folder.remove(folder);
        if let Some(connection) = &inner.ready {
            let removed = capabilities::folders([folder].into_iter());
            let params = json!({"event": {"added": [], "removed": removed}});
            connection.notify("workspace/didChangeWorkspaceFolders", params);
        }
    }

    /// Tells it that a text is open.
    pub fn open(&self, path: &Path, language_id: &str, version: u64, text: &Text) {
        let Some(uri) = uri::of(path) else { return };
        let mut inner = self.shared().inner.lock();
        let document = Document::new(uri, language_id.to_owned(), version, text.clone());
        if let Some(connection) = &inner.ready {
            send_open(connection, &document);
        }
        inner.documents.insert(path.to_path_buf(), document);
    }

    /// Keeps how a text is indented, for a server that asks for it. One that asks when a text is opened
    /// must find it then: it is kept before [`open`](Self::open), and until [`close`](Self::close).
    pub fn indented(&self, path: &Path, style: IndentStyle) {
        let mut inner = self.shared().inner.lock();
        inner.indents.insert(path.to_path_buf(), style);
    }

    /// Tells it of an edit; `now` is the text after it, and after what may have followed it.
    pub fn edited(&self, path: &Path, changes: &ChangeSet, version: u64, now: &Text) {
        let mut inner = self.shared().inner.lock();
        let inner = &mut *inner;
        let Some(document) = inner.documents.get_mut(path) else {
            return;
        };
        let told = document.edited(changes, version, now);
        let Some(connection) = &inner.ready else {
            return;
        };
        let named = json!({"uri": document.uri, "version": version});
        let encoding = inner.capabilities.encoding();
        let whole = document.newest().1.clone();
        let changes = changes.clone();
        match (inner.capabilities.sync(), told) {
            (SyncKind::None, _) => {}
            (SyncKind::Incremental, Told::Change(before)) => connection.send(move || {
                let events = encoding.changes(&before, &changes);
                let params = json!({"textDocument": named, "contentChanges": events});
                message::notification("textDocument/didChange", params)
            }),
            (SyncKind::Full, _) | (_, Told::Whole) => connection.send(move || {
                let events = json!([{"text": whole.to_string()}]);
                let params = json!({"textDocument": named, "contentChanges": events});
                message::notification("textDocument/didChange", params)
            }),
        }
    }

    /// Tells it that a text was saved.
    pub fn saved(&self, path: &Path) {
        let inner = self.shared().inner.lock();
        let (Some(document), Some(connection), Some(with_text)) = (
            inner.documents.get(path),
            &inner.ready,
            inner.capabilities.save(),
        ) else {
            return;
        };
        let named = json!({"uri": document.uri});
        let text = document.newest().1.clone();
        connection.send(move || {
            let text = with_text.then(|| text.to_string());
            let mut params = json!({"textDocument": named});
            if let Some(text) = text {
                params["text"] = Value::String(text);
            }
            message::notification("textDocument/didSave", params)
        });
    }

    /// Tells it that a text is closed. What was asked about it and has no answer yet gets none.
    pub fn close(&self, path: &Path) {
        let mut inner = self.shared().inner.lock();
        inner.indents.remove(path);
        let Some(document) = inner.documents.remove(path) else {
            return;
        };
        let mut over = Vec::new();
        if let Some(connection) = &inner.ready {
            over = connection.cancel_about(&document.uri);
            let params = json!({"textDocument": {"uri": document.uri}});
            connection.notify("textDocument/didClose", params);
        }
        let encoding = inner.capabilities.encoding();
        drop(inner);
        for answered in over {
            answered(Err(RequestError::Closed));
        }
        // It stays said of the file until the server says something else of it.
        if !document.said.is_null() {
            let said = FileDiagnostics::new(path.to_path_buf(), &document.said, encoding);
            let events = &self.shared().events;
            events.try_send(ServerEvent::ClosedFile(said)).ok();
        }
    }
}

fn send_open(connection: &Connection, document: &Document) {
    let (version, text) = document.newest();
    let (uri, language, text) = (
        document.uri.clone(),
        document.language_id.clone(),
        text.clone(),
    );
    connection.send(move || {
        let item = json!({
            "uri": uri, "languageId": language, "version": version, "text": text.to_string(),
        });
        message::notification("textDocument/didOpen", json!({"textDocument": item}))
    });
}

impl Shared {
    /// The folders that it is responsible for, as `WorkspaceFolder[]`.
    pub fn folders(&self) -> Value {
        let inner = self.inner.lock();
        let more = inner.folders.iter().map(PathBuf::as_path);
        capabilities::folders(std::iter::once(self.options.root.as_path()).chain(more))
    }

    /// Tells an event; waits where nobody takes them. Nobody may be there any more.
    pub fn tell(&self, event: ServerEvent) {
        self.events.send_blocking(event).ok();
    }

    fn set_state(&self, state: ServerState) {
        let said = match &state {
            ServerState::Starting => "starting".to_owned(),
            ServerState::Running => "running".to_owned(),
            ServerState::Restarting { reason } => format!("ended: {reason}; it is started again"),
            ServerState::Failed { reason } => format!("ended: {reason}"),
            ServerState::Stopped => "stopped".to_owned(),
        };
        self.log
            .push(&format!("Kiln: {} {said}", self.options.name));
        self.inner.lock().state = state.clone();
        self.tell(ServerEvent::StateChanged(state));
    }

    /// Ends the run, on a thread of its own, and wakes whoever waits to begin one.
    fn end(self: &Arc<Self>, wanted: Wanted) {
        let (connection, polite) = {
            let mut inner = self.inner.lock();
            if inner.wanted != Wanted::Stop {
                inner.wanted = wanted;
            }
            self.woken.notify_all();
            (inner.connection.clone(), inner.ready.take().is_some())
        };
        let Some(connection) = connection else { return };
        let within = self.options.limits.shutdown;
        thread::spawn(move || {
            if polite {
                let asked = connection.clone();
                let reply = Reply::ask(asked, "shutdown", Value::Null, within, |_| ());
                if reply.wait_blocking().is_ok() {
                    connection.notify("exit", Value::Null);
                    // What it started may hold its output after it has ended.
                    if connection.closed_within(within) {
                        return;
                    }
                }
            }
            connection.fail("it was told to end");
        });
    }

    fn supervise(self: &Arc<Self>) {
        let mut crashes = VecDeque::new();
        loop {
            self.set_state(ServerState::Starting);
            let ended = match self.launch.launch() {
                Ok(launched) => self.run(launched),
                Err(error) => format!("it does not start: {error}"),
            };
            let (crashed, silent) = {
                let mut inner = self.inner.lock();
                inner.ready = None;
                inner.connection = None;
                inner.capabilities = Capabilities::new(Value::Null);
                let silent = std::mem::take(&mut inner.silent);
                (inner.wanted == Wanted::Run, silent)
            };
            if crashed {
                self.rest(ended, silent, &mut crashes);
            }
            let mut inner = self.inner.lock();
            match inner.wanted {
                Wanted::Run => {}
                Wanted::Restart => {
                    inner.wanted = Wanted::Run;
                    crashes.clear();
                }
                Wanted::Stop => {
                    drop(inner);
                    return self.set_state(ServerState::Stopped);
                }
            }
        }
    }

    /// Waits after a crash until another run is to begin, or until something else is wanted: that is
    /// all that is waited for once it has crashed too often, or was `silent` at its start, since another
    /// run would be no better and take as long.
    fn rest(&self, reason: String, silent: bool, crashes: &mut VecDeque<Instant>) {
        let limits = self.options.limits;
        let now = Instant::now();
        crashes.push_back(now);
        while crashes
            .front()
            .is_some_and(|at| now - *at > limits.crash_window)
        {
            crashes.pop_front();
        }
        let until = match silent || crashes.len() > limits.crashes {
            true => None,
            false => Some(now + limits.backoff * (1 << (crashes.len() - 1).min(6))),
        };
        self.set_state(match until {
            None => ServerState::Failed { reason },
            Some(_) => ServerState::Restarting { reason },
        });
        let mut inner = self.inner.lock();
        while inner.wanted == Wanted::Run {
            match until {
                None => self.woken.wait(&mut inner),
                Some(until) => {
                    if self.woken.wait_until(&mut inner, until).timed_out() {
                        return;
                    }
                }
            }
        }
    }

    /// One run; says why it ended.
    fn run(self: &Arc<Self>, launched: Launched) -> String {
        let process = launched.process;
        let connection = Connection::new(launched.input, process.clone(), self.trace.clone());
        {
            let mut inner = self.inner.lock();
            inner.connection = Some(connection.clone());
            if inner.wanted != Wanted::Run {
                process.kill();
            }
        }
        if let Some(errors) = launched.errors {
            let shared = self.clone();
            thread::spawn(move || shared.read_errors(errors));
        }
        self.initialize(&connection);
        let told = self.read_messages(BufReader::new(launched.output), &connection);
        connection.close();
        let grace = match told.is_none() {
            // It said nothing wrong; how it ended says more.
            true => self.options.limits.shutdown,
            false => Duration::ZERO,
        };
        let status = process.ended_within(grace);
        process.kill();
        self.progress.lock().clear();
        self.trace.run_ended();
        self.tell(ServerEvent::Progress(None));
        connection
            .failure()
            .or(told)
            .or(status.map(|how| how.to_string()))
            .unwrap_or_else(|| "it closed its output".to_owned())
    }

    fn initialize(self: &Arc<Self>, connection: &Arc<Connection>) {
        let options = &self.options;
        let told = self.inner.lock().settings.initialization_options.clone();
        let level = self.trace.level();
        let params = capabilities::initialize(&options.root, self.folders(), &told, level);
        // A run that is over must not be held by what waits for it.
        let (shared, run) = (Arc::downgrade(self), Arc::downgrade(connection));
        let within = options.limits.initialize;
        let answered = move |answer: Result<Value, RequestError>| {
            let (Some(shared), Some(run)) = (shared.upgrade(), run.upgrade()) else {
                return;
            };
            match answer {
                Ok(answer) => shared.initialized(&run, answer["capabilities"].clone()),
                // It ended before it answered; the reader tells why.
                Err(RequestError::NotRunning) => {}
                Err(RequestError::TimedOut) => {
                    shared.inner.lock().silent = true;
                    let seconds = within.as_secs();
                    run.fail(&format!(
                        "it did not answer within {seconds} s of its start"
                    ));
                }
                Err(error) => run.fail(&format!("it could not be initialised: {error}")),
            }
        };
        connection.request("initialize", params, within, Box::new(answered));
    }

    fn initialized(&self, connection: &Arc<Connection>, offered: Value) {
        if !bounded::is_small(&offered, MAX_OFFERED) {
            return connection.fail("what it says that it offers is too long");
        }
        {
            let mut inner = self.inner.lock();
            if inner.wanted != Wanted::Run {
                return connection.fail("it was told to end");
            }
            inner.capabilities = Capabilities::new(offered);
            connection.notify("initialized", json!({}));
            let settings = json!({"settings": inner.settings.settings});
            connection.notify("workspace/didChangeConfiguration", settings);
            inner.ready = Some(connection.clone());
            for document in inner.documents.values() {
                send_open(connection, document);
            }
        }
        self.set_state(ServerState::Running);
    }

    fn read_errors(&self, errors: Box<dyn Read + Send>) {
        let mut errors = BufReader::new(errors);
        loop {
            let mut line = Vec::new();
            match errors
                .by_ref()
                .take(MAX_ERROR_LINE)
                .read_until(b'\n', &mut line)
            {
                Ok(0) | Err(_) => return,
                Ok(_) => self.log.push(&String::from_utf8_lossy(&line)),
            }
        }
    }

    /// Reads until the end; what was wrong, if anything was.
    fn read_messages(
        &self,
        mut output: impl std::io::BufRead,
        connection: &Arc<Connection>,
    ) -> Option<String> {
        loop {
            let body = match read_frame(&mut output) {
                Ok(Some(body)) => body,
                Ok(None) => return None,
                Err(error) => return Some(error.to_string()),
            };
            self.trace.keep(false, &body);
            match message::Incoming::parse(&body) {
                Ok(message) => incoming::take(self, connection, message),
                Err(error) => return Some(error),
            }
        }
    }

    /// Tells what a server says of an open text, in the bytes of the version that it is of, or of a
    /// file that is not open.
    pub fn published(&self, params: &Value) {
        let Some(path) = params["uri"].as_str().and_then(uri::path) else {
            return;
        };
        let found = {
            let mut inner = self.inner.lock();
            let encoding = inner.capabilities.encoding();
            let Some(document) = inner.documents.get_mut(&path) else {
                drop(inner);
                let said = FileDiagnostics::new(path, &params["diagnostics"], encoding);
                return self.tell(ServerEvent::ClosedFile(said));
            };
            document.said = closed_files::kept(&params["diagnostics"]);
            let version = params["version"].as_u64().unwrap_or(document.newest().0);
            document
                .at(version)
                .map(|text| (version, text.clone(), encoding))
        };
        // Of a version that is long past; it is said again of a newer one.
        let Some((version, text, encoding)) = found else {
            return;
        };
        let diagnostics = diagnostics(&params["diagnostics"], &text, encoding);
        self.tell(ServerEvent::Diagnostics {
            path,
            version,
            diagnostics,
        });
    }
}
