//! What language servers and Kiln say to each other, for somebody who looks for a mistake.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use gpui_kit::{Context, Task};
use lsp::{LanguageServer, TraceEntry, TraceLevel};
use workspace::{BufferId, Severity};

use super::WorkspaceModel;
use super::language_servers::keep_log;
use crate::TextToRead;
use crate::settings_store::SettingsStore;

/// What is kept of one server, and how much of what is said there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTrace {
    /// The server's name.
    pub name: String,
    /// How much is kept now.
    pub level: TraceLevel,
    /// How many messages are kept of each method, the most first.
    pub methods: Vec<(Arc<str>, usize)>,
}

impl WorkspaceModel {
    /// Has as much kept as the settings say.
    pub(super) fn choose_traces(&mut self, cx: &Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        let wanted = SettingsStore::current(cx).servers.trace.iter();
        let levels: BTreeMap<_, _> = wanted
            .filter_map(|(name, level)| Some((name.clone(), TraceLevel::of_name(level)?)))
            .collect();
        for problem in servers.trace(levels) {
            self.workspace.notice(Severity::Warning, problem);
        }
    }

    /// What is kept of a server of a buffer; without a name, of the one that is asked first.
    pub fn server_trace(&self, id: BufferId, name: Option<&str>) -> Option<ServerTrace> {
        let server = self.started_server(id, name)?;
        let mut methods: Vec<_> = server.trace_methods().into_iter().collect();
        methods.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Some(ServerTrace {
            name: server.name().to_owned(),
            level: server.trace_level(),
            methods,
        })
    }

    /// Writes what is kept of a server of a buffer, or what is kept of one method, to a file of Kiln's
    /// own, and gives it to be read.
    pub fn write_server_trace(
        &self,
        id: BufferId,
        name: &str,
        method: Option<Arc<str>>,
        cx: &Context<Self>,
    ) -> Task<Result<TextToRead, String>> {
        let server = self.started_server(id, Some(name)).cloned();
        let (Some(server), Some(logs)) = (server, self.server_logs.clone()) else {
            return Task::ready(Err("No language server was started for this file.".into()));
        };
        cx.background_executor().spawn(async move {
            let entries = server.trace().into_iter();
            let wanted = |one: &TraceEntry| {
                let mut method = method.iter();
                method.all(|method| one.method == *method)
            };
            let text = written(entries.filter(wanted));
            let file = format!("{}.trace.log", server.name());
            keep_log(logs, file, &text)
                .map_err(|error| format!("The trace cannot be shown: {error}"))
        })
    }

    /// A server that was started for a buffer; without a name, the one that is asked first.
    pub(super) fn started_server(
        &self,
        id: BufferId,
        name: Option<&str>,
    ) -> Option<&LanguageServer> {
        let mut started = self.servers.iter().flat_map(|all| all.started_for(id));
        started.find(|one| name.is_none_or(|name| one.name() == name))
    }

    /// Has the servers of a buffer cancel what they work on and let be cancelled; whether there is any.
    pub fn cancel_server_work(&self, id: BufferId) -> bool {
        let started = self.servers.iter().flat_map(|all| all.started_for(id));
        let busy = started.filter(|server| server.can_cancel_work());
        busy.map(LanguageServer::cancel_work).count() > 0
    }

    /// Whether a server of a buffer works on something that it lets be cancelled.
    pub fn can_cancel_work_of(&self, id: BufferId, name: &str) -> bool {
        let server = self.started_server(id, Some(name));
        server.is_some_and(LanguageServer::can_cancel_work)
    }

    /// Has a server of a buffer cancel what it works on and lets be cancelled.
    pub fn cancel_work_of(&self, id: BufferId, name: &str) {
        if let Some(server) = self.started_server(id, Some(name)) {
            server.cancel_work();
        }
    }
}

/// One line a message with its time here, and its lines below it where they are kept.
fn written(entries: impl Iterator<Item = TraceEntry>) -> String {
    let mut text = String::new();
    for entry in entries {
        let at = chrono::DateTime::<chrono::Local>::from(entry.at);
        // Writing to a text cannot fail.
        writeln!(text, "{} {entry}", at.format("%H:%M:%S%.3f")).ok();
        for line in entry.body.iter().flat_map(|body| body.lines()) {
            writeln!(text, "    {line}").ok();
        }
    }
    text
}
