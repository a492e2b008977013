//! The language servers of a folder: which ones a buffer has, what they are told of the buffer, and
//! what becomes of what they say.
//!
//! Nothing is started that the user did not [allow](LanguageServers::answer) for the folder, and only
//! for files in it.

mod idle;
mod responsible;
mod silence;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_channel::Receiver;
use lsp::{
    Catalogue, Formatters, InstalledServers, LanguageServer, Launch, Limits, MessageType,
    ServerEvent, ServerMessage, ServerOptions, ServerProgram, ServerState, Shown, TextDiagnostics,
    TraceLevel,
};
use serde_json::Value;

use self::responsible::Responsible;
use crate::formatters::FoundFormatter;
use crate::server_consent::KeepConsentJob;
use crate::server_offers::OfferedServer;
use crate::server_run::ServerRun;
use crate::server_search::{
    FindServersJob, FoundServer, MissingServer, Places, ServerChoice, ServerKey, ServersFound,
};
use crate::server_talk::Talk;
use crate::{BufferId, ClosedFileDiagnostics, ServerConsent, Severity, Workspace, WorkspaceEvent};

/// Texts of more bytes than this are not sent to a server.
const MAX_SERVED: usize = 16 * 1024 * 1024;

/// Makes what starts a program; tests put a server of their own in its place.
type Launcher = Box<dyn Fn(ServerProgram) -> Arc<dyn Launch> + Send>;

/// A buffer and one of its servers.
struct Served {
    found: FoundServer,
    /// The server that it has: one of the same program that takes more folders may be responsible for
    /// its folder too.
    by: ServerKey,
    /// The path and the language that the server was told, once it was.
    told: Option<(PathBuf, &'static str)>,
}

/// The language servers of a folder.
pub struct LanguageServers {
    catalogue: Catalogue,
    formatters: Formatters,
    /// The formatters that the user is asked about, by the buffer that they are to lay out.
    formatter_questions: HashMap<BufferId, FoundFormatter>,
    consent: ServerConsent,
    places: Places,
    launcher: Launcher,
    pub(crate) running: BTreeMap<ServerKey, LanguageServer>,
    /// What those tell that run.
    told: HashMap<ServerKey, Receiver<ServerEvent>>,
    /// How often what they said was forgotten.
    forgotten: HashMap<ServerKey, u64>,
    progress: HashMap<ServerKey, String>,
    /// The servers of a buffer, the one that is asked first before those beside it.
    buffers: HashMap<BufferId, Vec<Served>>,
    limits: Limits,
    choice: ServerChoice,
    /// How much is kept of what is said, by the name of a server.
    traces: BTreeMap<String, TraceLevel>,
    /// How much each server tells the user.
    talk: HashMap<ServerKey, Talk>,
    /// What the user wrote into their settings for servers.
    values: BTreeMap<String, Value>,
    /// The Python of each folder, by the server that was found for it.
    pub(crate) interpreters: HashMap<ServerKey, PathBuf>,
    /// The servers that can be installed for buffers that have none.
    offers: HashMap<BufferId, Vec<OfferedServer>>,
    /// The servers that the user names and nobody has, of which that was said.
    told_missing: HashSet<String>,
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
            formatters: Formatters::default(),
            formatter_questions: HashMap::new(),
            consent,
            places: Places {
                search_path,
                installed: None,
            },
            launcher,
            running: BTreeMap::new(),
            told: HashMap::new(),
            forgotten: HashMap::new(),
            progress: HashMap::new(),
            buffers: HashMap::new(),
            limits: Limits::default(),
            choice: ServerChoice::default(),
            traces: BTreeMap::new(),
            talk: HashMap::new(),
            values: BTreeMap::new(),
            interpreters: HashMap::new(),
            offers: HashMap::new(),
            told_missing: HashSet::new(),
            looked_for: HashMap::new(),
            started: Vec::new(),
        }
    }

    /// Has servers take as long, and crash as often, as this at most.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Has servers found too that Kiln installed, and others offered to be.
    #[must_use]
    pub fn with_installed(mut self, installed: InstalledServers) -> Self {
        self.places.installed = Some(installed);
        self
    }

    /// Where Kiln installs servers, with the value of `PATH` that it does it with.
    pub fn installs(&self) -> Option<(&InstalledServers, &OsStr)> {
        let installed = self.places.installed.as_ref()?;
        Some((installed, &self.places.search_path))
    }

    /// Takes which servers a buffer could have besides, if Kiln installed them.
    pub fn offer(&mut self, id: BufferId, offers: Vec<OfferedServer>) {
        match offers.is_empty() {
            false => self.offers.insert(id, offers),
            true => self.offers.remove(&id),
        };
    }

    /// Says of servers that the user names that they are not there and that Kiln cannot install them,
    /// once of each.
    pub fn tell_missing(&mut self, workspace: &mut Workspace, missing: Vec<MissingServer>) {
        for MissingServer { name, install } in missing {
            if !self.told_missing.insert(name.clone()) {
                continue;
            }
            let message = format!(
                "`editor.languageServers`: {name} was not found, and Kiln cannot install it here; install it yourself ({install})."
            );
            workspace.notice(Severity::Warning, message);
        }
    }

    /// The servers that can be installed for a buffer, those that it needs most first.
    pub fn offered(&self, id: BufferId) -> &[OfferedServer] {
        self.offers.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether the user does not want to be asked about installing a server in this folder.
    pub fn is_declined(&self, name: &str) -> bool {
        self.consent.of(name, Path::new(""), &[]) == Some(false)
    }

    /// Takes that the user does not want a server to be installed for this folder; the job keeps it.
    pub fn decline(&mut self, workspace: &mut Workspace, name: &str) -> KeepConsentJob {
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
        // About no program, so that one that is found is asked about.
        self.consent.answer(name, Path::new(""), &[], false)
    }

    /// Has those programs known that lay texts out.
    #[must_use]
    pub fn with_formatters(mut self, formatters: Formatters) -> Self {
        self.formatters = formatters;
        self
    }

    /// The programs that lay texts out.
    pub fn formatters(&self) -> &Formatters {
        &self.formatters
    }

    /// The formatters that the user is asked about.
    pub(crate) fn formatter_questions(&self) -> &HashMap<BufferId, FoundFormatter> {
        &self.formatter_questions
    }

    /// The same, to be changed.
    pub(crate) fn formatter_questions_mut(&mut self) -> &mut HashMap<BufferId, FoundFormatter> {
        &mut self.formatter_questions
    }

    /// Where programs are looked for beside the project.
    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// What the user allowed.
    pub(crate) fn consent(&self) -> &ServerConsent {
        &self.consent
    }

    /// The same, to be answered.
    pub(crate) fn consent_mut(&mut self) -> &mut ServerConsent {
        &mut self.consent
    }

    /// All servers that Kiln knows.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The buffers for which servers were looked for.
    pub fn looked_for(&self) -> Vec<BufferId> {
        self.looked_for.keys().copied().collect()
    }

    /// Takes the servers that the user chooses for languages. Says what is wrong with the choice, and
    /// names the buffers whose servers are to be [looked for](LanguageServers::find_job) anew.
    pub fn choose(&mut self, choice: ServerChoice) -> (Vec<String>, Vec<BufferId>) {
        if choice == self.choice {
            return (Vec::new(), Vec::new());
        }
        let problems = choice.problems(&self.catalogue);
        self.choice = choice;
        self.told_missing.clear();
        (problems, self.looked_for())
    }

    /// Takes how much is to be kept of what servers and Kiln say, by their names. Says what is wrong
    /// with it: names of no server.
    pub fn trace(&mut self, traces: BTreeMap<String, TraceLevel>) -> Vec<String> {
        if traces == self.traces {
            return Vec::new();
        }
        self.traces = traces;
        for (key, server) in &self.running {
            server.set_trace_level(self.trace_of(&key.name));
        }
        let is_known = |name: &str| self.catalogue.servers.iter().any(|one| one.name == name);
        let unknown = self.traces.keys().filter(|name| !is_known(name));
        unknown
            .map(|name| format!("`editor.languageServerTrace`: there is no server \"{name}\"."))
            .collect()
    }

    /// What the user wrote into their settings for servers.
    pub(crate) fn values(&self) -> &BTreeMap<String, Value> {
        &self.values
    }

    fn trace_of(&self, name: &str) -> TraceLevel {
        self.traces.get(name).copied().unwrap_or_default()
    }

    /// The search for the servers of a buffer; `None` where it is to have none: its file is not in the
    /// folder, it is too large, or nothing is known of its language.
    pub fn find_job(&self, workspace: &Workspace, id: BufferId) -> Option<FindServersJob> {
        let buffer = workspace.buffer(id)?;
        let file = buffer.path()?.to_path_buf();
        let served = file.starts_with(workspace.root())
            && buffer.text().len() <= MAX_SERVED
            && !buffer.is_beginning();
        let language = buffer.language().id_str();
        let known = (&self.catalogue, &self.choice);
        let places = self.places.clone();
        let job = FindServersJob::new(known, language, places, workspace.root(), file);
        let job = job.filter(|_| served)?;
        Some(job.with_interpreters(self.interpreters.clone()))
    }

    /// Takes the servers that were found for a buffer, and starts those that are allowed. Those that it
    /// had and that are not among them it has no more.
    pub fn found(&mut self, workspace: &mut Workspace, id: BufferId, found: ServersFound) {
        let known = self.buffers.remove(&id).unwrap_or_default();
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for served in known {
            // The same server knows a file that was renamed by its old name and language.
            let renamed = served.told.as_ref().is_some_and(|(path, language)| {
                workspace.buffer(id).is_none_or(|buffer| {
                    buffer.path() != Some(path) || buffer.language().id_str() != *language
                })
            });
            match found.servers.contains(&served.found) && !renamed {
                true => kept.push(served),
                false => gone.push(served),
            }
        }
        for served in gone {
            self.detach(workspace, id, &served);
        }
        self.tell_interpreters(workspace, &found);
        let found = found.servers;
        if workspace.buffer(id).is_some() && !found.is_empty() {
            let all = found.into_iter().map(|found| {
                let same = kept.iter().position(|served| served.found == found);
                same.map_or_else(|| Served::new(found), |same| kept.swap_remove(same))
            });
            let all = all.collect();
            self.buffers.insert(id, all);
            self.attach(workspace, id);
        }
        // Of those that a server was ended for.
        self.attach_waiting(workspace);
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
    }

    /// All servers of a buffer.
    fn all(&self, id: BufferId) -> &[Served] {
        self.buffers.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether a server was found for a buffer, whether it runs or not.
    pub fn has_server(&self, id: BufferId) -> bool {
        !self.all(id).is_empty()
    }

    /// The servers that were found for a buffer, each with whether it may run; `None` where nobody
    /// said.
    pub fn found_for(&self, id: BufferId) -> impl Iterator<Item = (&FoundServer, Option<bool>)> {
        let all = self.all(id).iter();
        all.map(|served| (&served.found, self.allows(&served.found)))
    }

    /// The server of a buffer that the user is to be asked about next.
    pub fn question(&self, id: BufferId) -> Option<&FoundServer> {
        let mut found = self.found_for(id);
        found.find_map(|(found, allowed)| allowed.is_none().then_some(found))
    }

    fn allows(&self, found: &FoundServer) -> Option<bool> {
        let name = &found.key.name;
        self.consent.of(name, &found.program, &found.arguments)
    }

    /// Takes what the user says about a server of a buffer: it is started for all buffers of the folder
    /// that have the same program, or ended. The job keeps the answer for the next start of Kiln.
    pub fn answer(
        &mut self,
        workspace: &mut Workspace,
        id: BufferId,
        server: &str,
        allowed: bool,
    ) -> Option<KeepConsentJob> {
        let mut all = self.all(id).iter();
        let found = all.find(|served| served.found.key.name == server)?;
        let found = found.found.clone();
        let name = &found.key.name;
        let kept = self
            .consent
            .answer(name, &found.program, &found.arguments, allowed);
        if allowed {
            let buffers: Vec<_> = self.buffers.keys().copied().collect();
            for id in buffers {
                // Of another program of this name nobody was asked.
                self.attach(workspace, id);
            }
        } else {
            self.end_named(workspace, name);
        }
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
        Some(kept)
    }

    /// Ends all that run of a name: they may not, or there is another program of that name.
    pub fn end_named(&mut self, workspace: &mut Workspace, name: &str) {
        let all = self.buffers.values_mut().flatten();
        for served in all.filter(|served| served.found.key.name == name) {
            served.told = None;
        }
        let keys: Vec<_> = self.running.keys().cloned().collect();
        for key in keys.into_iter().filter(|key| key.name == name) {
            self.end(workspace, &key);
        }
    }

    /// Ends a server, if it runs, with all that is known of its run.
    fn end(&mut self, workspace: &mut Workspace, key: &ServerKey) {
        // Dropped, it ends.
        self.running.remove(key);
        if let Some(told) = self.told.remove(key) {
            // The next of this name and folder has the same key: nothing that this one still tells,
            // its end first of all, may be taken for what that one does.
            told.close();
            while told.try_recv().is_ok() {}
        }
        self.talk.remove(key);
        self.progress.remove(key);
        self.forget(workspace, key);
        // What it showed goes with it.
        self.answers_stale(workspace, key, None);
    }

    /// Forgets what a run of a server said, which is over.
    fn forget(&mut self, workspace: &mut Workspace, key: &ServerKey) {
        *self.forgotten.entry(key.clone()).or_default() += 1;
        workspace.forget_diagnostics(key);
    }

    /// The run that a server has now, to be named with what it says.
    pub fn run_of(&self, key: &ServerKey) -> ServerRun {
        ServerRun {
            key: key.clone(),
            before: self.forgotten.get(key).copied().unwrap_or_default(),
        }
    }

    /// Whether a run is not over.
    pub fn is_current(&self, run: &ServerRun) -> bool {
        self.running.contains_key(&run.key) && self.run_of(&run.key) == *run
    }

    /// How a person installs the server of a language that the user prefers.
    pub fn how_to_install(&self, language: &str) -> Option<String> {
        let candidates = self.choice.of(&self.catalogue, language);
        Some(candidates.first()?.entry.install.clone())
    }

    /// The servers of a buffer that were started, in the order that they are asked in.
    pub fn started_for(&self, id: BufferId) -> impl Iterator<Item = &LanguageServer> {
        let all = self.all(id).iter();
        all.filter_map(|served| self.running.get(&served.by))
    }

    /// The server of a buffer that is asked first, where it was started.
    pub fn server(&self, id: BufferId) -> Option<&LanguageServer> {
        self.started_for(id).next()
    }

    /// The servers of a buffer that know it, with the file by which they do, in the order that they are
    /// asked in.
    pub fn serving(&self, id: BufferId) -> impl Iterator<Item = (&LanguageServer, &Path)> {
        self.all(id).iter().filter_map(|served| {
            let (path, _) = served.told.as_ref()?;
            Some((self.running.get(&served.by)?, path.as_path()))
        })
    }

    /// The server of a buffer that is asked first and the file by which it knows it, where it does.
    pub fn of_buffer(&self, id: BufferId) -> Option<(&LanguageServer, &Path)> {
        self.serving(id).next()
    }

    /// What the started servers of a buffer are called and how they are; what they work on for long
    /// where they do.
    pub fn status(&self, id: BufferId) -> impl Iterator<Item = (&str, ServerState, Option<&str>)> {
        self.all(id).iter().filter_map(|served| {
            let server = self.running.get(&served.by)?;
            let progress = self.progress.get(&served.by).map(String::as_str);
            Some((served.by.name.as_str(), server.state(), progress))
        })
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

    /// Takes what a run of a server said of files that are not open; nothing once it is over.
    pub fn closed_files(
        &self,
        workspace: &mut Workspace,
        run: &ServerRun,
        files: Vec<(PathBuf, ClosedFileDiagnostics)>,
    ) {
        if self.is_current(run) {
            workspace.set_closed_diagnostics(&run.key, files);
        }
    }

    /// The buffers of a server.
    pub fn buffers_of(&self, key: &ServerKey) -> Vec<BufferId> {
        let buffers = self.buffers.iter();
        let of_it = buffers.filter(|(_, all)| all.iter().any(|served| served.by == *key));
        of_it.map(|(id, _)| *id).collect()
    }

    /// The run of the server of a buffer that has a name.
    pub fn run_for(&self, id: BufferId, name: &str) -> Option<ServerRun> {
        let mut all = self.all(id).iter();
        let served = all.find(|served| served.by.name == name)?;
        Some(self.run_of(&served.by))
    }

    /// Takes what was pulled from a run of a server of a buffer; nothing once it is over, or the buffer
    /// has another.
    pub fn pulled(
        &self,
        workspace: &mut Workspace,
        (id, run): (BufferId, &ServerRun),
        version: u64,
        diagnostics: TextDiagnostics,
    ) {
        let has_it = self.all(id).iter().any(|served| served.by == run.key);
        if has_it && self.is_current(run) {
            workspace.set_diagnostics(id, &run.key, version, diagnostics);
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
                if let Some(now) = workspace.buffer(*buffer) {
                    for (server, path) in self.serving(*buffer) {
                        server.edited(path, changes, *version, now.text());
                    }
                }
            }
            WorkspaceEvent::BufferSaved(id) => {
                for (server, path) in self.serving(*id) {
                    server.saved(path);
                }
            }
            WorkspaceEvent::BufferClosed(id) => {
                self.looked_for.remove(id);
                self.offers.remove(id);
                self.formatter_questions.remove(id);
                for served in self.buffers.remove(id).unwrap_or_default() {
                    self.detach(workspace, *id, &served);
                }
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
                let told = buffers.find(|(_, all)| {
                    all.iter().any(|served| {
                        let told = served.told.as_ref();
                        served.by == *key && told.is_some_and(|(told, _)| *told == path)
                    })
                });
                if let Some((id, _)) = told {
                    workspace.set_diagnostics(*id, key, version, diagnostics);
                }
            }
            ServerEvent::StateChanged(state) => {
                self.progress.remove(key);
                match state {
                    // Its run is over: it failed, of which a window tells, or was to end, or to begin anew,
                    // which starts at once.
                    ServerState::Failed { .. }
                    | ServerState::Restarting { .. }
                    | ServerState::Starting
                    | ServerState::Stopped => self.forget(workspace, key),
                    ServerState::Running => {}
                }
                self.attach_waiting(workspace);
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
            ServerEvent::Message(ServerMessage { severity, text }) => {
                let now = workspace.now();
                let talk = self.talk.entry(key.clone()).or_default();
                let told = match severity {
                    MessageType::Error => talk.hear_error(now, text),
                    // Some warn of the same at each save.
                    MessageType::Warning => talk.hear_warning(now, text),
                    // What is merely good to know is in its log.
                    MessageType::Info => None,
                };
                if let Some(text) = told {
                    workspace.notice(Severity::Warning, format!("{}: {text}", key.name));
                }
            }
            // Whoever owns the buffers does these.
            ServerEvent::DiagnosticsStale
            | ServerEvent::WatchesFiles
            | ServerEvent::ClosedFile(_)
            | ServerEvent::Question(_)
            | ServerEvent::Edit(_)
            | ServerEvent::Rename(_) => {}
        }
    }

    /// Tells that what a server shows in its buffers is to be asked for anew.
    pub(crate) fn answers_stale(
        &self,
        workspace: &mut Workspace,
        key: &ServerKey,
        shown: Option<Shown>,
    ) {
        for buffer in self.buffers_of(key) {
            workspace.emit(WorkspaceEvent::ServerAnswersStale { buffer, shown });
        }
    }

    /// Tells the servers of a buffer that may run and do not know it that it is open, and starts those
    /// first that do not run. It waits where a server that runs has not yet said whether it takes one
    /// more folder.
    fn attach(&mut self, workspace: &Workspace, id: BufferId) {
        for index in 0..self.all(id).len() {
            self.attach_one(workspace, id, index);
        }
    }

    fn attach_one(&mut self, workspace: &Workspace, id: BufferId, index: usize) {
        let (Some(served), Some(buffer)) = (self.all(id).get(index), workspace.buffer(id)) else {
            return;
        };
        let (Some(path), None) = (buffer.path(), &served.told) else {
            return;
        };
        if self.allows(&served.found) != Some(true) {
            return;
        }
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
        let served = self.buffers.get_mut(&id).and_then(|all| all.get_mut(index));
        if let Some(served) = served {
            served.told = Some((path.to_path_buf(), language));
            served.by = by;
        }
        if let Some(style) = buffer.shown_indentation() {
            server.indented(path, style);
        }
        server.open(path, language, buffer.version(), buffer.text());
    }

    /// Attaches the buffers that waited for a server to say whether it takes more folders.
    fn attach_waiting(&mut self, workspace: &Workspace) {
        let waits =
            |(_, all): &(&BufferId, &Vec<Served>)| all.iter().any(|served| served.told.is_none());
        let waiting = self.buffers.iter().filter(waits);
        let waiting: Vec<_> = waiting.map(|(id, _)| *id).collect();
        for id in waiting {
            self.attach(workspace, id);
        }
    }

    fn start(&mut self, found: FoundServer, project: &Path) -> LanguageServer {
        let FoundServer {
            key,
            program,
            arguments,
            variables,
            ..
        } = found;
        let told = self.settings_of(&key);
        let options = ServerOptions {
            name: key.name.clone(),
            root: key.root.clone(),
            initialization_options: told.initialization_options,
            settings: told.settings,
            limits: self.limits,
            trace: self.trace_of(&key.name),
        };
        let launch = (self.launcher)(ServerProgram {
            program,
            arguments,
            folder: key.root.clone(),
            project: project.to_path_buf(),
            variables,
        });
        let (server, events) = LanguageServer::start(options, launch);
        self.running.insert(key.clone(), server.clone());
        self.told.insert(key.clone(), events.clone());
        self.started.push((key, events));
        server
    }

    /// Takes what the user wrote into their settings for servers, by whole names. Those that run are
    /// told, and what they show is asked for anew.
    pub fn configure(&mut self, workspace: &mut Workspace, values: BTreeMap<String, Value>) {
        if values == self.values {
            return;
        }
        self.values = values;
        for (key, server) in &self.running {
            if server.configure(self.settings_of(key)) {
                self.answers_stale(workspace, key, None);
            }
        }
    }

    /// The buffer has this server no more.
    fn detach(&self, workspace: &mut Workspace, id: BufferId, served: &Served) {
        let key = &served.by;
        if let (Some(server), Some((path, _))) = (self.running.get(key), &served.told) {
            server.close(path);
        }
        workspace.forget_diagnostics_of(id, key);
    }
}

impl Served {
    fn new(found: FoundServer) -> Self {
        Self {
            by: found.key.clone(),
            found,
            told: None,
        }
    }
}
