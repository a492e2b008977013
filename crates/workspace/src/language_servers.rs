//! The language servers of a folder: which one a buffer has, what it is told of the buffer, and what
//! becomes of what it says.
//!
//! Nothing is started that the user did not [allow](LanguageServers::answer) for the folder, and only
//! for files in it.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_channel::Receiver;
use lsp::{
    Catalogue, LanguageServer, Launch, Limits, ServerEntry, ServerEvent, ServerOptions,
    ServerProgram, ServerState, Shown,
};

use crate::server_consent::KeepConsentJob;
use crate::{BufferId, PlacedDiagnostic, ServerConsent, Severity, Workspace, WorkspaceEvent};

/// Texts of more bytes than this are not sent to a server.
const MAX_SERVED: usize = 16 * 1024 * 1024;

/// Makes what starts a program; tests put a server of their own in its place.
type Launcher = Box<dyn Fn(ServerProgram) -> Arc<dyn Launch> + Send>;

/// A server and the folder that it is responsible for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerKey {
    /// Its name in the catalogue.
    pub name: String,
    /// The folder.
    pub root: PathBuf,
}

/// The server that a buffer is to have, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundServer {
    /// Which.
    pub key: ServerKey,
    /// Its program.
    pub program: PathBuf,
    /// The program's arguments.
    pub arguments: Vec<String>,
}

/// Looks for the server of a buffer; it asks the disk, and is to be run off the UI thread.
pub struct FindServerJob {
    entries: Vec<ServerEntry>,
    search_path: OsString,
    folder: PathBuf,
    file: PathBuf,
}

impl FindServerJob {
    /// Looks.
    pub fn run(&self) -> Option<FoundServer> {
        let real = self.file.canonicalize().ok()?;
        let folder = self.folder.canonicalize().ok()?;
        // A link out of the folder leads to what the user did not open.
        if !real.starts_with(&folder) {
            return None;
        }
        self.entries.iter().find_map(|entry| {
            let program = lsp::find_program(&entry.program, &self.search_path, &self.folder)?;
            let root = root_of(entry, &self.file, &self.folder);
            Some(FoundServer {
                key: ServerKey {
                    name: entry.name.clone(),
                    root,
                },
                program,
                arguments: entry.arguments.clone(),
            })
        })
    }
}

/// The outermost folder above a file, inside the open one, with one of the server's marks: the
/// packages of one workspace have one server. Without a mark, the open folder.
fn root_of(entry: &ServerEntry, file: &Path, folder: &Path) -> PathBuf {
    let above = file
        .ancestors()
        .skip(1)
        .take_while(|above| above.starts_with(folder));
    let marked = above.filter(|above| {
        let mut markers = entry.root_markers.iter();
        markers.any(|marker| above.join(marker).symlink_metadata().is_ok())
    });
    marked.last().unwrap_or(folder).to_path_buf()
}

struct Served {
    found: FoundServer,
    /// The server that it has: one of the same program that takes more folders may be responsible for
    /// its folder too.
    by: ServerKey,
    /// The path and the language that the server was told, once it was.
    told: Option<(PathBuf, &'static str)>,
}

/// Who is responsible for a folder.
enum Responsible {
    /// This server.
    One(ServerKey, LanguageServer),
    /// One that runs, unless it takes no more folders, which it has not said yet.
    Unknown,
    /// Nobody.
    None,
}

/// The language servers of a folder.
pub struct LanguageServers {
    catalogue: Catalogue,
    consent: ServerConsent,
    search_path: OsString,
    launcher: Launcher,
    running: BTreeMap<ServerKey, LanguageServer>,
    progress: HashMap<ServerKey, String>,
    buffers: HashMap<BufferId, Served>,
    /// The language that a server was last looked for in.
    looked_for: HashMap<BufferId, &'static str>,
    started: Vec<(ServerKey, Receiver<ServerEvent>)>,
}

impl LanguageServers {
    /// No server yet; programs are looked for on `search_path`, the value of `PATH`.
    pub fn new(catalogue: Catalogue, consent: ServerConsent, search_path: OsString) -> Self {
        Self::with_launcher(
            catalogue,
            consent,
            search_path,
            Box::new(|program| Arc::new(program)),
        )
    }

    /// The same, with something else that starts programs: for tests.
    pub fn with_launcher(
        catalogue: Catalogue,
        consent: ServerConsent,
        search_path: OsString,
        launcher: Launcher,
    ) -> Self {
        Self {
            catalogue,
            consent,
            search_path,
            launcher,
            running: BTreeMap::new(),
            progress: HashMap::new(),
            buffers: HashMap::new(),
            looked_for: HashMap::new(),
            started: Vec::new(),
        }
    }

    /// The search for the server of a buffer; `None` where it is to have none: its file is not in the
    /// folder, it is too large, or nothing is known of its language.
    pub fn find_job(&self, workspace: &Workspace, id: BufferId) -> Option<FindServerJob> {
        let buffer = workspace.buffer(id)?;
        let file = buffer.path()?.to_path_buf();
        let served = file.starts_with(workspace.root())
            && buffer.text().len() <= MAX_SERVED
            && !buffer.is_beginning();
        let language = buffer.language().id_str();
        let entries: Vec<_> = self.catalogue.of_language(language).cloned().collect();
        (served && !entries.is_empty()).then(|| FindServerJob {
            entries,
            search_path: self.search_path.clone(),
            folder: workspace.root().to_path_buf(),
            file,
        })
    }

    /// Takes the server that was found for a buffer, and starts it where that is allowed. Without one
    /// the buffer has none any more.
    pub fn found(&mut self, workspace: &mut Workspace, id: BufferId, found: Option<FoundServer>) {
        let served = self.buffers.get(&id);
        let same = served.map(|served| &served.found) == found.as_ref();
        // The same server knows a file that was renamed by its old name and language.
        let told = served.and_then(|served| served.told.as_ref());
        let renamed = told.is_some_and(|(path, language)| {
            workspace.buffer(id).is_none_or(|buffer| {
                buffer.path() != Some(path) || buffer.language().id_str() != *language
            })
        });
        if !same || renamed {
            self.detach(workspace, id);
        }
        if let Some(found) = found
            && workspace.buffer(id).is_some()
        {
            let by = found.key.clone();
            let served = Served {
                found,
                by,
                told: None,
            };
            self.buffers.entry(id).or_insert(served);
            if self.is_allowed(id) == Some(true) {
                self.attach(workspace, id);
            }
        }
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
        workspace.emit(WorkspaceEvent::ServerAnswersStale {
            buffer: id,
            shown: None,
        });
    }

    /// Whether a server was found for a buffer, whether it runs or not.
    pub fn has_server(&self, id: BufferId) -> bool {
        self.buffers.contains_key(&id)
    }

    /// The server of a buffer that the user is to be asked about.
    pub fn question(&self, id: BufferId) -> Option<&FoundServer> {
        let served = self.buffers.get(&id)?;
        self.is_allowed(id).is_none().then_some(&served.found)
    }

    /// Whether the server of a buffer may run; `None` where there is none or nobody said.
    pub fn is_allowed(&self, id: BufferId) -> Option<bool> {
        let FoundServer {
            key,
            program,
            arguments,
        } = &self.buffers.get(&id)?.found;
        self.consent.of(&key.name, program, arguments)
    }

    /// Takes what the user says about the server of a buffer: it is started for all buffers of the
    /// folder that have the same program, or ended. The job keeps the answer for the next start of Kiln.
    pub fn answer(
        &mut self,
        workspace: &mut Workspace,
        id: BufferId,
        allowed: bool,
    ) -> Option<KeepConsentJob> {
        let served = self.buffers.get(&id)?;
        let found = served.found.clone();
        let name = &found.key.name;
        let kept = self
            .consent
            .answer(name, &found.program, &found.arguments, allowed);
        let of_it: Vec<_> = self
            .buffers
            .iter()
            .filter(|(_, served)| served.found.key.name == *name)
            .map(|(id, _)| *id)
            .collect();
        if allowed {
            for id in of_it {
                // Of another program of this name nobody was asked.
                if self.is_allowed(id) == Some(true) {
                    self.attach(workspace, id);
                }
            }
        } else {
            for id in of_it {
                if let Some(served) = self.buffers.get_mut(&id) {
                    served.told = None;
                }
                workspace.emit(WorkspaceEvent::ServerAnswersStale {
                    buffer: id,
                    shown: None,
                });
            }
            let keys: Vec<_> = self.running.keys().cloned().collect();
            for key in keys.into_iter().filter(|key| key.name == *name) {
                // Dropped, it ends.
                self.running.remove(&key);
                self.progress.remove(&key);
                workspace.forget_diagnostics(&key);
            }
        }
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
        Some(kept)
    }

    /// How a person installs the preferred server of a language.
    pub fn how_to_install(&self, language: &str) -> Option<String> {
        let server = self.catalogue.of_language(language).next()?;
        Some(server.install.clone())
    }

    /// The server of a buffer, where it was started.
    pub fn server(&self, id: BufferId) -> Option<&LanguageServer> {
        let served = self.buffers.get(&id)?;
        self.running.get(&served.by)
    }

    /// The server of a buffer and the file by which it knows it, where it does.
    pub fn of_buffer(&self, id: BufferId) -> Option<(&LanguageServer, &Path)> {
        let served = self.buffers.get(&id)?;
        let (path, _) = served.told.as_ref()?;
        Some((self.running.get(&served.by)?, path))
    }

    /// What the server of a buffer is called and how it is; what it works on for long where it does.
    pub fn status(&self, id: BufferId) -> Option<(String, ServerState, Option<String>)> {
        let key = &self.buffers.get(&id)?.by;
        let server = self.running.get(key)?;
        let progress = self.progress.get(key).cloned();
        Some((key.name.clone(), server.state(), progress))
    }

    /// The servers that were started since the last call, with what they tell.
    pub fn take_started(&mut self) -> Vec<(ServerKey, Receiver<ServerEvent>)> {
        std::mem::take(&mut self.started)
    }

    /// The servers that were started.
    pub fn running(&self) -> impl Iterator<Item = &LanguageServer> {
        self.running.values()
    }

    /// A server that was started.
    pub fn by_key(&self, key: &ServerKey) -> Option<&LanguageServer> {
        self.running.get(key)
    }

    /// Takes what a server says of files that are not open.
    pub fn closed_files(
        &self,
        workspace: &mut Workspace,
        key: &ServerKey,
        files: Vec<(PathBuf, Vec<PlacedDiagnostic>)>,
    ) {
        // It was ended meanwhile.
        if self.running.contains_key(key) {
            workspace.set_closed_diagnostics(key, files);
        }
    }

    /// The buffers of a server.
    pub fn buffers_of(&self, key: &ServerKey) -> Vec<BufferId> {
        let buffers = self.buffers.iter();
        let of_it = buffers.filter(|(_, served)| served.by == *key);
        of_it.map(|(id, _)| *id).collect()
    }

    /// Takes what was pulled from the server of a buffer.
    pub fn pulled(
        &self,
        workspace: &mut Workspace,
        id: BufferId,
        version: u64,
        diagnostics: Vec<(std::ops::Range<usize>, lsp::Diagnostic)>,
    ) {
        if let Some(served) = self.buffers.get(&id) {
            workspace.set_diagnostics(id, &served.by, version, diagnostics);
        }
    }

    /// Takes what happened to a buffer. Names it where its server is to be [looked
    /// for](LanguageServers::find_job).
    pub fn workspace_event(
        &mut self,
        workspace: &mut Workspace,
        event: &WorkspaceEvent,
    ) -> Option<BufferId> {
        match event {
            WorkspaceEvent::BufferOpened(id)
            | WorkspaceEvent::BufferPathChanged(id)
            | WorkspaceEvent::BufferReparsed(id) => {
                let language = workspace.buffer(*id)?.language().id_str();
                let before = self.looked_for.insert(*id, language);
                let reparsed = matches!(event, WorkspaceEvent::BufferReparsed(_));
                return (!reparsed || before != Some(language)).then_some(*id);
            }
            WorkspaceEvent::BufferEdited {
                buffer,
                version,
                changes,
            } => {
                if let Some((server, path)) = self.of_buffer(*buffer)
                    && let Some(now) = workspace.buffer(*buffer)
                {
                    server.edited(path, changes, *version, now.text());
                }
            }
            WorkspaceEvent::BufferSaved(id) => {
                if let Some((server, path)) = self.of_buffer(*id) {
                    server.saved(path);
                }
            }
            WorkspaceEvent::BufferClosed(id) => {
                self.looked_for.remove(id);
                self.detach(workspace, *id);
            }
            _ => {}
        }
        None
    }

    /// Takes what a server told.
    pub fn server_event(&mut self, workspace: &mut Workspace, key: &ServerKey, event: ServerEvent) {
        // It was ended meanwhile.
        if !self.running.contains_key(key) {
            return;
        }
        match event {
            ServerEvent::Diagnostics {
                path,
                version,
                diagnostics,
            } => {
                let mut buffers = self.buffers.iter();
                let told = buffers.find(|(_, served)| {
                    let told = served.told.as_ref();
                    served.by == *key && told.is_some_and(|(told, _)| *told == path)
                });
                if let Some((id, _)) = told {
                    workspace.set_diagnostics(*id, key, version, diagnostics);
                }
            }
            ServerEvent::StateChanged(state) => {
                self.progress.remove(key);
                match state {
                    ServerState::Failed { reason } => {
                        workspace.forget_diagnostics(key);
                        let message = format!(
                            "{} ended: {reason}. Its log is under \"Language Server…\" in the palette, where it can be started again.",
                            key.name
                        );
                        workspace.notice(Severity::Warning, message);
                    }
                    ServerState::Restarting { .. } | ServerState::Stopped => {
                        workspace.forget_diagnostics(key);
                    }
                    ServerState::Starting | ServerState::Running => {}
                }
                self.attach_waiting(workspace, key);
                workspace.emit(WorkspaceEvent::LanguageServersChanged);
                self.answers_stale(workspace, key, None);
            }
            ServerEvent::Stale(shown) => self.answers_stale(workspace, key, Some(shown)),
            ServerEvent::Progress(shown) => {
                match shown {
                    Some(shown) => self.progress.insert(key.clone(), shown),
                    None => self.progress.remove(key),
                };
                workspace.emit(WorkspaceEvent::LanguageServersChanged);
            }
            ServerEvent::Message { is_error, text } => {
                // What is merely good to know is in its log.
                if is_error {
                    workspace.notice(Severity::Warning, format!("{}: {text}", key.name));
                }
            }
            // Whoever owns the buffers does these.
            ServerEvent::DiagnosticsStale | ServerEvent::ClosedFile(_) | ServerEvent::Edit(_) => {}
        }
    }

    /// Tells that what a server shows in its buffers is to be asked for anew.
    fn answers_stale(&self, workspace: &mut Workspace, key: &ServerKey, shown: Option<Shown>) {
        for buffer in self.buffers_of(key) {
            workspace.emit(WorkspaceEvent::ServerAnswersStale { buffer, shown });
        }
    }

    /// Tells the server of a buffer that it is open, and starts it first where it does not run. It
    /// waits where a server that runs has not yet said whether it takes one more folder.
    fn attach(&mut self, workspace: &Workspace, id: BufferId) {
        let (Some(served), Some(buffer)) = (self.buffers.get(&id), workspace.buffer(id)) else {
            return;
        };
        let (Some(path), None) = (buffer.path(), &served.told) else {
            return;
        };
        let found = served.found.clone();
        let (by, server) = match self.responsible(&found) {
            Responsible::One(key, server) => (key, server),
            Responsible::Unknown => return,
            Responsible::None => {
                let key = found.key.clone();
                (key, self.start(found, workspace.root()))
            }
        };
        let language = buffer.language().id_str();
        if let Some(served) = self.buffers.get_mut(&id) {
            served.told = Some((path.to_path_buf(), language));
            served.by = by;
        }
        server.open(path, language, buffer.version(), buffer.text());
    }

    /// The server that runs and is responsible for the folder of one that was found, or becomes so.
    fn responsible(&self, found: &FoundServer) -> Responsible {
        if let Some(server) = self.running.get(&found.key) {
            return Responsible::One(found.key.clone(), server.clone());
        }
        let named = |(key, _): &(&ServerKey, _)| key.name == found.key.name;
        let mut unknown = false;
        for (key, server) in self.running.iter().filter(named) {
            match server.takes_folders() {
                Some(true) => {
                    server.add_folder(&found.key.root);
                    return Responsible::One(key.clone(), server.clone());
                }
                Some(false) => {}
                None => unknown = true,
            }
        }
        match unknown {
            true => Responsible::Unknown,
            false => Responsible::None,
        }
    }

    /// Attaches the buffers that waited for a server to say whether it takes more folders.
    fn attach_waiting(&mut self, workspace: &Workspace, key: &ServerKey) {
        let waits = |(_, served): &(&BufferId, &Served)| {
            served.told.is_none() && served.found.key.name == key.name
        };
        let waiting: Vec<_> = self
            .buffers
            .iter()
            .filter(waits)
            .map(|(id, _)| *id)
            .collect();
        for id in waiting {
            if self.is_allowed(id) == Some(true) {
                self.attach(workspace, id);
            }
        }
    }

    /// The servers that run and know no open text.
    pub fn idle(&self) -> impl Iterator<Item = &ServerKey> {
        self.running.keys().filter(|key| self.is_idle(key))
    }

    fn is_idle(&self, key: &ServerKey) -> bool {
        !self.buffers.values().any(|served| served.by == *key)
    }

    /// Ends a server that knows no open text; it is started again with the next.
    pub fn end_idle(&mut self, workspace: &mut Workspace, key: &ServerKey) {
        if self.is_idle(key) && self.running.remove(key).is_some() {
            self.progress.remove(key);
            workspace.forget_diagnostics(key);
            self.attach_waiting(workspace, key);
            workspace.emit(WorkspaceEvent::LanguageServersChanged);
        }
    }

    fn start(&mut self, found: FoundServer, project: &Path) -> LanguageServer {
        let FoundServer {
            key,
            program,
            arguments,
        } = found;
        let mut entries = self.catalogue.servers.iter();
        let entry = entries.find(|entry| entry.name == key.name);
        let options = ServerOptions {
            name: key.name.clone(),
            root: key.root.clone(),
            initialization_options: entry
                .map(|one| one.initialization_options.clone())
                .unwrap_or_default(),
            settings: entry.map(|one| one.settings.clone()).unwrap_or_default(),
            limits: Limits::default(),
        };
        let launch = (self.launcher)(ServerProgram {
            program,
            arguments,
            folder: key.root.clone(),
            project: project.to_path_buf(),
        });
        let (server, events) = LanguageServer::start(options, launch);
        self.running.insert(key.clone(), server.clone());
        self.started.push((key, events));
        server
    }

    /// The buffer has this server no more.
    fn detach(&mut self, workspace: &mut Workspace, id: BufferId) {
        let Some(served) = self.buffers.remove(&id) else {
            return;
        };
        let key = &served.by;
        if let (Some(server), Some((path, _))) = (self.running.get(key), &served.told) {
            server.close(path);
        }
        workspace.forget_diagnostics_of(id, key);
    }
}
