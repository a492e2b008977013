//! The language servers of the folder that is open: looked for off the UI thread, told of every
//! change, and heard.

use super::{NameWanted, WorkspaceModel};
use crate::{SettingsStore, TextToRead};
use editor_core::Text;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{
    CompletionDetails, CompletionItem, CompletionList, CompletionTrigger, Destination, EditsError,
    HoverAnswer, LanguageServer, Location, Renamable, Reply, RequestError, ServerEvent,
    ServerState, Shown, SignatureHelp, WorkspaceEdit,
};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use workspace::{
    BufferId, KeepConsentJob, LanguageServers, ServerChoice, ServerKey, Severity, WorkspaceEvent,
};

/// How long a text rests before its diagnostics are asked for, from a server that does not tell them
/// by itself.
const PULL_DELAY: Duration = Duration::from_millis(250);

/// How long one server is heard before what else there is to do has its turn.
const HEARS: Duration = Duration::from_millis(4);

/// How long a server runs on that no file needs any more.
const IDLE: Duration = Duration::from_secs(5 * 60);

impl WorkspaceModel {
    /// Has language servers from now on, once what `servers` makes is there; it is made off the UI
    /// thread. What they write beside the protocol is shown from files in the folder `logs`.
    pub fn serve_languages(
        &mut self,
        logs: PathBuf,
        servers: impl FnOnce() -> Option<LanguageServers> + Send + 'static,
        cx: &mut Context<Self>,
    ) {
        self.server_logs = Some(logs);
        cx.observe_global::<SettingsStore>(Self::choose_servers)
            .detach();
        let made = cx.background_executor().spawn(async move { servers() });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Some(servers) = made.await else { return };
            // A released model has no files.
            this.update(cx, |model, cx| {
                model.servers = Some(servers);
                model.choose_servers(cx);
                let open: Vec<_> = model.workspace.buffers().map(|one| one.id()).collect();
                for id in open {
                    model.tell_servers(&WorkspaceEvent::BufferOpened(id), cx);
                }
            })
            .ok();
        })
        .detach();
    }

    /// Has those servers run that the settings choose.
    fn choose_servers(&mut self, cx: &mut Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        let settings = SettingsStore::current(cx);
        servers.configure(&mut self.workspace, settings.server_values.clone());
        let lists = &settings.servers.chosen;
        let (problems, looked_for) = servers.choose(ServerChoice::new(lists.clone()));
        for problem in problems {
            self.workspace.notice(Severity::Warning, problem);
        }
        for id in looked_for {
            self.find_server(id, cx);
        }
        self.choose_traces(cx);
        self.drain(cx);
    }

    /// Looks for the servers of all buffers anew.
    pub fn look_for_servers(&mut self, cx: &mut Context<Self>) {
        let looked_for = self.servers.iter().flat_map(LanguageServers::looked_for);
        for id in looked_for.collect::<Vec<_>>() {
            self.find_server(id, cx);
        }
    }

    /// The language servers, where there are to be some.
    pub fn language_servers(&self) -> Option<&LanguageServers> {
        self.servers.as_ref()
    }

    /// Takes what the user says about all servers of a buffer, for the whole folder.
    pub fn answer_server(&mut self, id: BufferId, allowed: bool, cx: &mut Context<Self>) {
        let servers = self.servers.iter();
        let named = servers.flat_map(|servers| servers.found_for(id));
        let named: Vec<_> = named.map(|(found, _)| found.key.name.clone()).collect();
        for name in named {
            self.answer_one_server(id, &name, allowed, cx);
        }
    }

    /// Takes what the user says about one server of a buffer, for the whole folder.
    pub fn answer_one_server(
        &mut self,
        id: BufferId,
        name: &str,
        allowed: bool,
        cx: &mut Context<Self>,
    ) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        let Some(job) = servers.answer(&mut self.workspace, id, name, allowed) else {
            return;
        };
        self.installs.answered(name, allowed);
        self.keep_consent(job, cx);
        self.hear_servers(cx);
        if !allowed {
            self.servers_ended(name, cx);
        }
        self.drain(cx);
    }

    /// Forgets what was asked of the servers of a name, which were ended and tell of it no more.
    pub(super) fn servers_ended(&mut self, name: &str, cx: &mut Context<Self>) {
        self.end_questions_of_ended(cx);
        let Some(servers) = &self.servers else {
            return;
        };
        let mut buffers = servers.looked_for();
        buffers.retain(|id| {
            let mut found = servers.found_for(*id);
            found.any(|(found, _)| found.key.name == name)
        });
        for id in buffers {
            self.pull_outline(id, cx);
        }
        self.end_project_pulls();
    }

    /// Keeps an answer of the user's for the next start.
    pub(super) fn keep_consent(&self, job: KeepConsentJob, cx: &mut Context<Self>) {
        let kept = cx.background_executor().spawn(async move { job.run() });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Err(error) = kept.await else { return };
            let message = format!("Your answer holds until Kiln ends; it is not kept: {error}");
            // A closed window tells nothing.
            this.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.notice(Severity::Warning, message));
            })
            .ok();
        })
        .detach();
    }

    /// Asks the servers of a buffer about a byte of the text as it is now; what they say is put below
    /// one another. An error where it has none.
    pub fn server_hover(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Task<Result<Option<HoverAnswer>, RequestError>> {
        let asked = self.ask_all_servers(id, cx, |server, path| server.hover(path, offset));
        cx.background_executor().spawn(async move {
            let said = asked.await?.into_iter().flatten();
            Ok(said.reduce(|mut all, one| {
                all.join(one);
                all
            }))
        })
    }

    /// Asks the server of a buffer where that leads what stands at a byte of the text.
    pub fn server_destinations(
        &self,
        id: BufferId,
        offset: usize,
        destination: Destination,
        cx: &Context<Self>,
    ) -> Task<Result<Vec<Location>, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.destinations(path, offset, destination)
        })
    }

    /// Asks the servers of a buffer what can be put in at a byte of the text.
    pub fn server_completion(
        &self,
        id: BufferId,
        offset: usize,
        trigger: &CompletionTrigger,
        cx: &Context<Self>,
    ) -> Task<Result<CompletionList, RequestError>> {
        let asked = self.ask_all_servers(id, cx, |server, path| {
            server.completion(path, offset, trigger)
        });
        cx.background_executor().spawn(async move {
            let lists = asked.await?.into_iter();
            let joined = lists.reduce(|mut all, one| {
                all.join(one);
                all
            });
            joined.ok_or(RequestError::Unsupported)
        })
    }

    /// Asks the server that offers a completion for what it left out of it; `text` is that of its list's
    /// version.
    pub fn server_resolve_completion(
        &self,
        id: BufferId,
        item: &CompletionItem,
        text: &Text,
        cx: &Context<Self>,
    ) -> Task<Result<CompletionDetails, RequestError>> {
        self.ask_named_server(id, &item.server, cx, |server, path| {
            server.resolve_completion(path, item, text)
        })
    }

    /// Asks the server of a buffer for the parameters of the call around a byte of the text; because
    /// `typed` was typed, or somebody asks, also while they are `shown`.
    pub fn server_signature_help(
        &self,
        id: BufferId,
        offset: usize,
        typed: Option<&str>,
        shown: bool,
        cx: &Context<Self>,
    ) -> Task<Result<Option<SignatureHelp>, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.signature_help(path, offset, typed, shown)
        })
    }

    /// Asks the server of a buffer where that is used what stands at a byte of the text.
    pub fn server_references(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Task<Result<Vec<Location>, RequestError>> {
        self.ask_server(id, cx, |server, path| server.references(path, offset))
    }

    /// Asks the server of a buffer what can be renamed at a byte of the text; `None` where it does not
    /// say that before it does it.
    pub fn server_prepare_rename(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Option<Task<Result<Option<Renamable>, RequestError>>> {
        let mut serving = self.servers.as_ref()?.serving(id);
        let (server, path) = serving.find(|(server, _)| server.renames())?;
        let reply = server.prepare_rename(path, offset)?;
        Some(
            cx.background_executor()
                .spawn(async move { reply.wait().await }),
        )
    }

    /// Asks the server of a buffer what is to be changed so that what stands at a byte of the text has
    /// another name.
    pub fn server_rename(
        &self,
        id: BufferId,
        offset: usize,
        name: &str,
        cx: &Context<Self>,
    ) -> Task<Result<Result<WorkspaceEdit, EditsError>, RequestError>> {
        self.ask_server(id, cx, |server, path| server.rename(path, offset, name))
    }

    /// Why no server of a buffer can be asked now; none where one of them runs.
    pub fn why_silent(&self, id: BufferId) -> Option<RequestError> {
        match &self.servers {
            Some(servers) => servers.why_silent(id),
            None => Some(RequestError::NoServer),
        }
    }

    /// Asks the first server of a buffer that offers this; the answer is waited for and read off the UI
    /// thread. An error where it has none.
    pub(super) fn ask_server<T: Send + 'static>(
        &self,
        id: BufferId,
        cx: &Context<Self>,
        ask: impl Fn(&LanguageServer, &Path) -> Reply<T>,
    ) -> Task<Result<T, RequestError>> {
        let serving = self.servers.iter().flat_map(|all| all.serving(id));
        // Now, so that the place is one of the text as the server knows it.
        let mut replies = serving.map(|(server, path)| ask(server, path));
        first_offered(&mut replies, self.why_silent(id), cx)
    }

    /// Asks the server of a buffer that has a name, as [`WorkspaceModel::ask_server`] does.
    pub(super) fn ask_named_server<T: Send + 'static>(
        &self,
        id: BufferId,
        name: &str,
        cx: &Context<Self>,
        ask: impl Fn(&LanguageServer, &Path) -> Reply<T>,
    ) -> Task<Result<T, RequestError>> {
        let serving = self.servers.iter().flat_map(|all| all.serving(id));
        let named = serving.filter(|(server, _)| server.name() == name);
        let mut replies = named.map(|(server, path)| ask(server, path));
        first_offered(&mut replies, self.why_silent(id), cx)
    }

    /// Asks all servers of a buffer that offer this, and waits for all answers: those that there are, in
    /// the order of the servers. An error where there is none.
    pub(super) fn ask_all_servers<T: Send + 'static>(
        &self,
        id: BufferId,
        cx: &Context<Self>,
        ask: impl Fn(&LanguageServer, &Path) -> Reply<T>,
    ) -> Task<Result<Vec<T>, RequestError>> {
        let serving = self.servers.iter().flat_map(|all| all.serving(id));
        let replies = serving.map(|(server, path)| ask(server, path));
        let silent = self.why_silent(id);
        let mut none = silent.clone().unwrap_or(RequestError::NotRunning);
        let mut offered = Vec::new();
        for reply in replies {
            match reply.is_offered() {
                true => offered.push(reply),
                false => none = silent.clone().unwrap_or(RequestError::Unsupported),
            }
        }
        cx.background_executor().spawn(async move {
            let mut answers = Vec::new();
            for reply in offered {
                match reply.wait().await {
                    Ok(answer) => answers.push(answer),
                    Err(error) => none = said_of(error, silent.clone()),
                }
            }
            match answers.is_empty() {
                true => Err(none),
                false => Ok(answers),
            }
        })
    }

    /// Tells the servers what happened.
    pub(super) fn tell_servers(&mut self, event: &WorkspaceEvent, cx: &mut Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        if let Some(id) = servers.workspace_event(&mut self.workspace, event) {
            self.find_server(id, cx);
        }
        match event {
            WorkspaceEvent::BufferEdited { buffer, .. } => {
                self.pull_diagnostics(*buffer, cx);
                self.pull_outline(*buffer, cx);
            }
            WorkspaceEvent::BufferClosed(id) => {
                self.server_searches.remove(id);
                self.outline_pulls.remove(id);
                self.watch_idle_servers(cx);
            }
            _ => {}
        }
    }

    /// Ends the servers that no file needs, and takes folders from them of which none is open, once
    /// that has been so for a while.
    fn watch_idle_servers(&mut self, cx: &mut Context<Self>) {
        let Some(servers) = &self.servers else {
            return;
        };
        let folders = servers.idle_folders();
        self.idle_folders
            .retain(|folder, _| folders.contains(folder));
        let idle: Vec<_> = servers.idle().cloned().collect();
        for of_server in folders {
            let (key, folder) = of_server.clone();
            self.idle_folders.entry(of_server).or_insert_with(|| {
                cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    cx.background_executor().timer(IDLE).await;
                    // The window may be closed meanwhile.
                    this.update(cx, |model, _| {
                        if let Some(servers) = &model.servers {
                            servers.leave_folder(&key, &folder);
                        }
                    })
                    .ok();
                })
            });
        }
        self.idle_servers.retain(|key, _| idle.contains(key));
        for key in idle {
            let ended = key.clone();
            self.idle_servers.entry(key).or_insert_with(|| {
                cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    cx.background_executor().timer(IDLE).await;
                    // The window may be closed meanwhile.
                    this.update(cx, |model, cx| {
                        if let Some(servers) = &mut model.servers {
                            servers.end_idle(&mut model.workspace, &ended);
                            model.end_questions_of_ended(cx);
                            model.hear_servers(cx);
                            model.end_project_pulls();
                            model.drain(cx);
                        }
                    })
                    .ok();
                })
            });
        }
    }

    fn find_server(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let job = self
            .servers
            .as_ref()
            .and_then(|servers| servers.find_job(&self.workspace, id));
        let run = cx.background_executor().spawn(async move {
            let found = job.as_ref().map(|job| job.run()).unwrap_or_default();
            let missing = job.as_ref().map(|job| job.missing(&found.servers));
            let offers = job.map(|job| job.offers(&found.servers));
            (
                found,
                offers.unwrap_or_default(),
                missing.unwrap_or_default(),
            )
        });
        let search = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (found, offers, missing) = run.await;
            // A released model has no files.
            this.update(cx, |model, cx| {
                if let Some(servers) = &mut model.servers {
                    servers.offer(id, offers);
                    servers.tell_missing(&mut model.workspace, missing);
                    servers.found(&mut model.workspace, id, found);
                    model.answer_for_installed(id, cx);
                    model.hear_servers(cx);
                    model.watch_idle_servers(cx);
                    model.pull_diagnostics(id, cx);
                    model.pull_outline(id, cx);
                    model.drain(cx);
                }
            })
            .ok();
        });
        // What was found for an earlier question would be older than this.
        self.server_searches.insert(id, search);
    }

    /// Listens to the servers that were started since.
    fn hear_servers(&mut self, cx: &mut Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        for (key, told) in servers.take_started() {
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let mut begun = Instant::now();
                while let Ok(event) = told.recv().await {
                    let heard = this.update(cx, |model, cx| model.heard(&key, event, cx));
                    // The window is closed.
                    if heard.is_err() {
                        return;
                    }
                    // Of a server that never stops talking the window would hear nothing else: what
                    // waits for its turn has it while this goes by way of another thread.
                    if begun.elapsed() > HEARS {
                        cx.background_executor().spawn(async {}).await;
                        begun = Instant::now();
                    } else if told.is_empty() {
                        begun = Instant::now();
                    }
                }
            })
            .detach();
        }
    }

    fn heard(&mut self, key: &ServerKey, event: ServerEvent, cx: &mut Context<Self>) {
        if let ServerEvent::Edit(asked) = event {
            return self.take_asked_edit(&key.name, asked, cx);
        }
        if matches!(event, ServerEvent::WatchesFiles) {
            return self.watch_for_servers(cx);
        }
        if let ServerEvent::ClosedFile(said) = event {
            return self.closed_file_told(key, said, cx);
        }
        let known = self.servers.as_ref();
        if known.is_none_or(|all| all.by_key(key).is_none()) {
            // It was ended meanwhile.
            return;
        }
        match event {
            ServerEvent::Question(question) => return self.server_asks(key, question, cx),
            ServerEvent::Rename(asked) => {
                if let Some(buffer) = self.workspace.buffer_for_path(&asked.path) {
                    let (version, offset) = (asked.version, asked.offset);
                    cx.emit(NameWanted {
                        buffer,
                        version,
                        offset,
                    });
                }
                return;
            }
            ServerEvent::StateChanged(ref state) => self.server_is(key, state, cx),
            _ => {}
        }
        let Some(servers) = &mut self.servers else {
            return;
        };
        let pull = matches!(
            event,
            ServerEvent::DiagnosticsStale | ServerEvent::StateChanged(ServerState::Running)
        );
        let outlined = matches!(
            event,
            ServerEvent::StateChanged(_) | ServerEvent::Stale(Shown::Symbols)
        );
        let of_key = |wanted: bool| match wanted {
            true => servers.buffers_of(key),
            false => Vec::new(),
        };
        let (pulled, outlined) = (of_key(pull), of_key(outlined));
        servers.server_event(&mut self.workspace, key, event);
        self.hear_servers(cx);
        for id in pulled {
            self.pull_diagnostics(id, cx);
        }
        for id in outlined {
            self.pull_outline(id, cx);
        }
        if pull {
            self.pull_project(key, cx);
        }
        self.end_project_pulls();
        self.drain(cx);
    }

    /// Asks for the diagnostics of a buffer where its servers have to be asked, once the text rests.
    fn pull_diagnostics(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(servers) = &self.servers else { return };
        let pulled = servers
            .serving(id)
            .filter(|(server, _)| server.pulls_diagnostics())
            .filter_map(|(server, path)| {
                let run = servers.run_for(id, server.name())?;
                Some((run, server.clone(), path.to_path_buf()))
            });
        let pulled: Vec<_> = pulled.collect();
        if pulled.is_empty() {
            return;
        }
        let pulling = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            cx.background_executor().timer(PULL_DELAY).await;
            let asking = pulled.into_iter().map(|(run, server, path)| {
                let asked = cx
                    .background_executor()
                    .spawn(async move { server.pull_diagnostics(&path).wait().await });
                (run, asked)
            });
            for (run, answer) in asking.collect::<Vec<_>>() {
                // What fails is asked again after the next edit.
                let Ok(Some((version, found))) = answer.await else {
                    continue;
                };
                this.update(cx, |model, cx| {
                    if let Some(servers) = &model.servers {
                        servers.pulled(&mut model.workspace, (id, &run), version, found);
                        model.drain(cx);
                    }
                })
                .ok();
            }
        });
        self.pulls.insert(id, pulling);
    }

    /// Writes what a server of a buffer wrote beside the protocol to a file of Kiln's own, and gives it
    /// to be read. Without a name, of the one that is asked first.
    pub fn write_server_log(
        &self,
        id: BufferId,
        name: Option<&str>,
        cx: &Context<Self>,
    ) -> Task<Result<TextToRead, String>> {
        self.write_log(self.started_server(id, name).cloned(), cx)
    }

    pub(super) fn write_log(
        &self,
        server: Option<LanguageServer>,
        cx: &Context<Self>,
    ) -> Task<Result<TextToRead, String>> {
        let (Some(server), Some(logs)) = (server, self.server_logs.clone()) else {
            return Task::ready(Err("No language server was started for this file.".into()));
        };
        cx.background_executor().spawn(async move {
            let name = format!("{}.log", server.name());
            let mut text = String::new();
            for (at, line) in server.timed_log() {
                let at = chrono::DateTime::<chrono::Local>::from(at);
                // Writing to a text cannot fail.
                writeln!(text, "{} {line}", at.format("%H:%M:%S%.3f")).ok();
            }
            keep_log(logs, name, &text).map_err(|error| format!("The log cannot be shown: {error}"))
        })
    }
}

/// Writes a log to its folder; what is shown of it is a text of its own, which nobody edits.
pub(super) fn keep_log(logs: PathBuf, name: String, text: &str) -> Result<TextToRead, fs::FsError> {
    fs::PrivateFolder::new(logs.clone(), super::MAX_LOGS).write(&name, text.as_bytes())?;
    Ok(TextToRead {
        of: logs.join(&name),
        name,
        text: Text::new(text),
        before: None,
        at_end: true,
    })
}

/// The answer of the first server that offers what is asked; those behind it are not asked. `silent` is
/// why none of them can be.
fn first_offered<T: Send + 'static>(
    replies: &mut dyn Iterator<Item = Reply<T>>,
    silent: Option<RequestError>,
    cx: &Context<WorkspaceModel>,
) -> Task<Result<T, RequestError>> {
    let mut none = RequestError::NotRunning;
    for reply in replies {
        if reply.is_offered() {
            return cx.background_executor().spawn(async move {
                let answer = reply.wait().await;
                answer.map_err(|error| said_of(error, silent))
            });
        }
        none = RequestError::Unsupported;
    }
    Task::ready(Err(silent.unwrap_or(none)))
}

/// Why a server did not answer, in the words for it where it does not run.
pub(super) fn said_of(error: RequestError, silent: Option<RequestError>) -> RequestError {
    match error {
        RequestError::NotRunning => silent.unwrap_or(error),
        other => other,
    }
}
