//! The language servers of the folder that is open: looked for off the UI thread, told of every
//! change, and heard.

use super::WorkspaceModel;
use editor_core::Text;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{
    CompletionDetails, CompletionItem, CompletionList, CompletionTrigger, Destination, EditsError,
    HoverAnswer, LanguageServer, Location, Renamable, Reply, RequestError, ServerEvent,
    ServerState, SignatureHelp, WorkspaceEdit,
};
use std::path::{Path, PathBuf};
use std::time::Duration;
use workspace::{BufferId, LanguageServers, ServerKey, Severity, WorkspaceEvent};

/// How long a text rests before its diagnostics are asked for, from a server that does not tell them
/// by itself.
const PULL_DELAY: Duration = Duration::from_millis(250);

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
        let made = cx.background_executor().spawn(async move { servers() });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Some(servers) = made.await else { return };
            // A released model has no files.
            this.update(cx, |model, cx| {
                model.servers = Some(servers);
                let open: Vec<_> = model.workspace.buffers().map(|one| one.id()).collect();
                for id in open {
                    model.tell_servers(&WorkspaceEvent::BufferOpened(id), cx);
                }
            })
            .ok();
        })
        .detach();
    }

    /// The language servers, where there are to be some.
    pub fn language_servers(&self) -> Option<&LanguageServers> {
        self.servers.as_ref()
    }

    /// Takes what the user says about the server of a buffer, for the whole folder.
    pub fn answer_server(&mut self, id: BufferId, allowed: bool, cx: &mut Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        let Some(job) = servers.answer(&mut self.workspace, id, allowed) else {
            return;
        };
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
        self.hear_servers(cx);
        self.drain(cx);
    }

    /// Asks the server of a buffer about a byte of the text as it is now. An error where it has none.
    pub fn server_hover(
        &self,
        id: BufferId,
        offset: usize,
        cx: &Context<Self>,
    ) -> Task<Result<Option<HoverAnswer>, RequestError>> {
        self.ask_server(id, cx, |server, path| server.hover(path, offset))
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

    /// Asks the server of a buffer what can be put in at a byte of the text.
    pub fn server_completion(
        &self,
        id: BufferId,
        offset: usize,
        trigger: &CompletionTrigger,
        cx: &Context<Self>,
    ) -> Task<Result<CompletionList, RequestError>> {
        self.ask_server(id, cx, |server, path| {
            server.completion(path, offset, trigger)
        })
    }

    /// Asks the server of a buffer for what it left out of a completion; `text` is that of its list's
    /// version.
    pub fn server_resolve_completion(
        &self,
        id: BufferId,
        item: &CompletionItem,
        text: &Text,
        cx: &Context<Self>,
    ) -> Task<Result<CompletionDetails, RequestError>> {
        self.ask_server(id, cx, |server, path| {
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
        let (server, path) = self.servers.as_ref()?.of_buffer(id)?;
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

    /// Asks the server of a buffer; the answer is waited for and read off the UI thread. An error
    /// where it has none.
    pub(super) fn ask_server<T: Send + 'static>(
        &self,
        id: BufferId,
        cx: &Context<Self>,
        ask: impl FnOnce(&LanguageServer, &Path) -> Reply<T>,
    ) -> Task<Result<T, RequestError>> {
        let server = self.servers.as_ref().and_then(|all| all.of_buffer(id));
        let Some((server, path)) = server else {
            return Task::ready(Err(RequestError::NotRunning));
        };
        // Now, so that the place is one of the text as the server knows it.
        let reply = ask(server, path);
        cx.background_executor()
            .spawn(async move { reply.wait().await })
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
            WorkspaceEvent::BufferEdited { buffer, .. } => self.pull_diagnostics(*buffer, cx),
            WorkspaceEvent::BufferClosed(id) => {
                self.server_searches.remove(id);
                self.watch_idle_servers(cx);
            }
            _ => {}
        }
    }

    /// Ends the servers that no file needs, once that has been so for a while.
    fn watch_idle_servers(&mut self, cx: &mut Context<Self>) {
        let Some(servers) = &self.servers else {
            return;
        };
        let idle: Vec<_> = servers.idle().cloned().collect();
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
                            model.hear_servers(cx);
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
        let run = cx
            .background_executor()
            .spawn(async move { job.and_then(|job| job.run()) });
        let search = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let found = run.await;
            // A released model has no files.
            this.update(cx, |model, cx| {
                if let Some(servers) = &mut model.servers {
                    servers.found(&mut model.workspace, id, found);
                    model.hear_servers(cx);
                    model.watch_idle_servers(cx);
                    model.pull_diagnostics(id, cx);
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
                while let Ok(event) = told.recv().await {
                    let heard = this.update(cx, |model, cx| model.heard(&key, event, cx));
                    // The window is closed.
                    if heard.is_err() {
                        return;
                    }
                }
            })
            .detach();
        }
    }

    fn heard(&mut self, key: &ServerKey, event: ServerEvent, cx: &mut Context<Self>) {
        if let ServerEvent::Edit(asked) = event {
            return self.take_asked_edit(asked, cx);
        }
        if let ServerEvent::ClosedFile(said) = event {
            return self.closed_file_told(key, said, cx);
        }
        let Some(servers) = &mut self.servers else {
            return;
        };
        let pull = matches!(
            event,
            ServerEvent::DiagnosticsStale | ServerEvent::StateChanged(ServerState::Running)
        );
        let pulled = match pull {
            true => servers.buffers_of(key),
            false => Vec::new(),
        };
        servers.server_event(&mut self.workspace, key, event);
        self.hear_servers(cx);
        for id in pulled {
            self.pull_diagnostics(id, cx);
        }
        if pull {
            self.pull_project(key, cx);
        }
        self.end_project_pulls();
        self.drain(cx);
    }

    /// Asks for the diagnostics of a buffer where its server has to be asked, once the text rests.
    fn pull_diagnostics(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let server = self.servers.as_ref().and_then(|all| all.of_buffer(id));
        let Some((server, path)) = server.filter(|(server, _)| server.pulls_diagnostics()) else {
            return;
        };
        let (server, path) = (server.clone(), path.to_path_buf());
        let pulling = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            cx.background_executor().timer(PULL_DELAY).await;
            // What fails is asked again after the next edit.
            let answer = cx
                .background_executor()
                .spawn(async move { server.pull_diagnostics(&path).wait().await });
            let Ok(Some((version, found))) = answer.await else {
                return;
            };
            this.update(cx, |model, cx| {
                if let Some(servers) = &model.servers {
                    servers.pulled(&mut model.workspace, id, version, found);
                    model.drain(cx);
                }
            })
            .ok();
        });
        self.pulls.insert(id, pulling);
    }

    /// Writes what the server of a buffer wrote beside the protocol to a file of Kiln's own; where.
    pub fn write_server_log(
        &self,
        id: BufferId,
        cx: &Context<Self>,
    ) -> Task<Result<PathBuf, String>> {
        let server = self.servers.as_ref().and_then(|all| all.server(id));
        let (Some(server), Some(logs)) = (server.cloned(), self.server_logs.clone()) else {
            return Task::ready(Err("No language server was started for this file.".into()));
        };
        cx.background_executor().spawn(async move {
            const MAX_LOGS: u64 = 64 * 1024 * 1024;
            let name = format!("{}.log", server.name());
            let lines = server.log().join("\n") + "\n";
            let folder = fs::PrivateFolder::new(logs.clone(), MAX_LOGS);
            let written = folder.write(&name, lines.as_bytes());
            written.map_err(|error| format!("The log cannot be shown: {error}"))?;
            Ok(logs.join(name))
        })
    }
}
