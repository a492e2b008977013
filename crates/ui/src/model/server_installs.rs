//! Language servers that Kiln installs because the user said yes: off the UI thread, with what the
//! package manager says, until it is done or cancelled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gpui_kit::{AsyncApp, Context, WeakEntity};
use lsp::{InstallError, ServerEntry};
use workspace::{BufferId, Severity, WhyOffered, WorkspaceEvent};

use super::WorkspaceModel;

/// More that a package manager says than is shown at a time waits for nobody.
const MAX_UNHEARD: usize = 16;

/// What is installed now, and what the user said about what is to be found then.
#[derive(Default)]
pub(super) struct ServerInstalls {
    running: HashMap<String, Installing>,
    /// Whether servers that were just installed may run in this folder. What is installed is another
    /// program each time, of which nobody was asked.
    answers: HashMap<String, bool>,
    /// The servers that they want in no newer version, with that version; until the window is closed.
    kept: HashSet<(String, String)>,
}

struct Installing {
    said: String,
    cancelled: Arc<AtomicBool>,
    /// Whether it may run in this folder once it is there; `None` where the user is to be asked.
    allowed: Option<bool>,
}

impl ServerInstalls {
    /// The user said whether a server may run in this folder, which holds for what is installed too.
    pub(super) fn answered(&mut self, name: &str, allowed: bool) {
        if let Some(installing) = self.running.get_mut(name) {
            installing.allowed = Some(allowed);
        }
        if let Some(answer) = self.answers.get_mut(name) {
            *answer = allowed;
        }
    }
}

impl Drop for Installing {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// A server that the user may have installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOffer {
    /// Its name.
    pub name: String,
    /// Why one would want it.
    pub why: WhyOffered,
    /// Whether the user does not want to be asked about it in this folder.
    pub declined: bool,
    /// Its version.
    pub version: String,
    /// Who installs it: `npm`.
    pub manager: &'static str,
    /// What it takes on the disk, about, in megabytes.
    pub megabytes: u32,
    /// What else has to be there, in words.
    pub needs: Option<String>,
    /// What the package manager said last, while it is installed.
    pub installing: Option<String>,
}

/// A server that Kiln installed, and of which it knows another version by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUpdate {
    /// Its name.
    pub name: String,
    /// The version that is installed.
    pub installed: String,
    /// The one that Kiln would install.
    pub version: String,
    /// Who installs it: `npm`.
    pub manager: &'static str,
    /// What the package manager said last, while it is installed.
    pub installing: Option<String>,
}

impl WorkspaceModel {
    /// The server of a buffer that can be installed in a newer version, or is being; none where the
    /// user wants to keep what there is, or does not want it in this folder.
    pub fn server_update(&self, id: BufferId) -> Option<ServerUpdate> {
        let servers = self.servers.as_ref()?;
        let updates = servers.found_for(id).filter_map(|(found, allowed)| {
            let (name, outdated) = (&found.key.name, found.outdated.as_ref()?);
            let mut known = servers.catalogue().servers.iter();
            let package = known.find(|entry| entry.name == *name)?.package.as_ref()?;
            let installing = self.installs.running.get(name);
            if allowed == Some(false) && installing.is_none() {
                return None;
            }
            Some(ServerUpdate {
                name: name.clone(),
                installed: outdated.installed.clone(),
                version: outdated.known.clone(),
                manager: package.manager.name(),
                installing: installing.map(|one| one.said.clone()),
            })
        });
        let mut updates = updates.filter(|one| {
            let kept = (one.name.clone(), one.version.clone());
            !self.installs.kept.contains(&kept)
        });
        updates.next()
    }

    /// Keeps the version of a server that is installed, until the window is closed.
    pub fn keep_server_version(&mut self, update: &ServerUpdate, cx: &mut Context<Self>) {
        let kept = (update.name.clone(), update.version.clone());
        self.installs.kept.insert(kept);
        self.servers_changed(cx);
    }

    /// The servers that can be installed for a buffer, or are being; those that it needs most first.
    pub fn server_offers(&self, id: BufferId) -> Vec<ServerOffer> {
        let Some(servers) = &self.servers else {
            return Vec::new();
        };
        let offers = servers.offered(id).iter().filter_map(|offered| {
            let entry = &offered.entry;
            let package = entry.package.as_ref()?;
            let installing = self.installs.running.get(&entry.name);
            Some(ServerOffer {
                name: entry.name.clone(),
                why: offered.why,
                declined: servers.is_declined(&entry.name),
                version: package.version().to_owned(),
                manager: package.manager.name(),
                megabytes: package.megabytes,
                needs: package.needs.clone(),
                installing: installing.map(|one| one.said.clone()),
            })
        });
        offers.collect()
    }

    /// Of these the one that is to be told of: what is being installed, and else the first that the user
    /// may be asked about in this folder, or the first of all.
    pub fn server_offer(&self, id: BufferId) -> Option<ServerOffer> {
        let offers = self.server_offers(id);
        let installing = offers.iter().position(|one| one.installing.is_some());
        let open = || offers.iter().position(|one| !one.declined);
        let at = installing.or_else(open).unwrap_or_default();
        offers.into_iter().nth(at)
    }

    /// Keeps that the user wants a server not to be installed in this folder.
    pub fn decline_server_offer(&mut self, name: &str, cx: &mut Context<Self>) {
        let Some(servers) = &mut self.servers else {
            return;
        };
        let job = servers.decline(&mut self.workspace, name);
        self.keep_consent(job, cx);
        self.drain(cx);
    }

    /// Installs a server that is offered for a buffer, and starts it in this folder then.
    pub fn install_server(&mut self, id: BufferId, name: &str, cx: &mut Context<Self>) {
        let offered = self.servers.iter().flat_map(|all| all.offered(id));
        let mut entries = offered.map(|offered| &offered.entry);
        if let Some(entry) = entries.find(|entry| entry.name == name).cloned() {
            self.install(entry, Some(true), cx);
        }
    }

    /// Installs a server in the version that Kiln knows, in place of what it installed before. Whether
    /// that may run in this folder stays as the user said.
    pub fn reinstall_server(&mut self, name: &str, cx: &mut Context<Self>) {
        let mut known = self.servers.iter().flat_map(|all| &all.catalogue().servers);
        if let Some(entry) = known.find(|entry| entry.name == name).cloned() {
            let allowed = self.said_of(name);
            self.install(entry, allowed, cx);
        }
    }

    /// Whether the user lets a server that was found run in this folder; `None` where they did not say.
    fn said_of(&self, name: &str) -> Option<bool> {
        let servers = self.servers.as_ref()?;
        let buffers = servers.looked_for().into_iter();
        let mut found = buffers.flat_map(|id| servers.found_for(id));
        found.find_map(|(found, allowed)| allowed.filter(|_| found.key.name == name))
    }

    fn install(&mut self, entry: ServerEntry, allowed: Option<bool>, cx: &mut Context<Self>) {
        let installs = self.servers.as_ref().and_then(|all| all.installs());
        let Some((installed, path)) = installs else {
            return;
        };
        let (installed, path) = (installed.clone(), path.to_owned());
        let name = entry.name.clone();
        if self.installs.running.contains_key(&name) {
            return;
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        let installing = Installing {
            said: String::new(),
            cancelled: cancelled.clone(),
            allowed,
        };
        self.installs.running.insert(name.clone(), installing);
        let (lines, heard) = async_channel::bounded(MAX_UNHEARD);
        let (ended, done) = async_channel::bounded(1);
        // A thread of its own: it may last for minutes, and those of the executor are few.
        std::thread::spawn(move || {
            let mut said = |line: &str| {
                // What nobody has time to show is not shown.
                lines.try_send(line.to_owned()).ok();
            };
            let result = installed.install(&entry, &path, &cancelled, &mut said);
            // The window may be closed.
            ended.send_blocking(result).ok();
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            while let Ok(line) = heard.recv().await {
                let shown = this.update(cx, |model, cx| {
                    if let Some(installing) = model.installs.running.get_mut(&name) {
                        installing.said = line;
                        model.servers_changed(cx);
                    }
                });
                // The window is closed, and what it installed is cancelled.
                if shown.is_err() {
                    return;
                }
            }
            let Ok(result) = done.recv().await else {
                return;
            };
            this.update(cx, |model, cx| model.installed(&name, result, cx))
                .ok();
        })
        .detach();
        self.servers_changed(cx);
    }

    fn installed(&mut self, name: &str, result: Result<(), InstallError>, cx: &mut Context<Self>) {
        let ended = self.installs.running.remove(name);
        match result {
            Ok(()) => {
                if let Some(allowed) = ended.and_then(|one| one.allowed) {
                    self.installs.answers.insert(name.to_owned(), allowed);
                }
                // What it ran from is gone.
                if let Some(servers) = &mut self.servers {
                    servers.end_named(&mut self.workspace, name);
                }
                self.servers_ended(name, cx);
                self.look_for_servers(cx);
            }
            Err(InstallError::Cancelled(_)) => {}
            Err(error) => {
                let message = format!("{error}.");
                self.workspace.notice(Severity::Warning, message);
            }
        }
        self.servers_changed(cx);
    }

    /// Ends the installation of a server.
    pub fn cancel_server_install(&mut self, name: &str, cx: &mut Context<Self>) {
        if let Some(installing) = self.installs.running.get(name) {
            installing.cancelled.store(true, Ordering::Relaxed);
        }
        self.servers_changed(cx);
    }

    /// Removes a server that Kiln installed from this machine.
    pub fn remove_installed_server(&mut self, name: &str, cx: &mut Context<Self>) {
        let installs = self.servers.as_ref().and_then(|all| all.installs());
        let Some(installed) = installs.map(|(installed, _)| installed.clone()) else {
            return;
        };
        let name = name.to_owned();
        let removed = cx
            .background_executor()
            .spawn(async move { installed.remove(&name) });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let removed = removed.await;
            // A closed window shows nothing.
            this.update(cx, |model, cx| {
                if let Err(error) = removed {
                    let message = format!("{error}.");
                    model.workspace.notice(Severity::Warning, message);
                }
                model.look_for_servers(cx);
                model.drain(cx);
            })
            .ok();
        })
        .detach();
    }

    /// Takes for what was just installed for a buffer what the user said about it, and starts it where
    /// that was a yes.
    pub(super) fn answer_for_installed(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let found = self.servers.iter().flat_map(|all| all.found_for(id));
        let names: Vec<_> = found
            .filter(|(found, _)| found.source == workspace::ProgramSource::Kiln)
            .map(|(found, _)| found.key.name.clone())
            .collect();
        for name in names {
            if let Some(allowed) = self.installs.answers.remove(&name) {
                self.answer_one_server(id, &name, allowed, cx);
            }
        }
    }

    fn servers_changed(&mut self, cx: &mut Context<Self>) {
        cx.emit(WorkspaceEvent::LanguageServersChanged);
        self.drain(cx);
    }
}
