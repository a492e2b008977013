//! Files that are not open, as language servers see them: what is wrong in them.

use std::collections::HashMap;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::WorkspaceModel;
use editor_core::Text;
use fs::Fs;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::FileDiagnostics;
use workspace::{ClosedFileDiagnostics, PlacedDiagnostic, ServerKey, ServerRun};

/// How long what servers say of closed files is gathered, before the files are read for it.
const GATHERED: Duration = Duration::from_millis(100);
/// A file is read up to so many bytes, to find the columns of places in it.
const MAX_READ: u64 = 16 * 1024 * 1024;
/// How long after an answer about the whole project it is asked about again; and at most, where the
/// last answers had nothing new.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(32));

/// What servers said of files that are not open and is not worked out yet.
#[derive(Default)]
pub(super) struct ClosedFiles {
    told: Vec<(ServerRun, FileDiagnostics)>,
    /// What works it out.
    reading: Option<Task<()>>,
    /// What asks about the whole project.
    pulls: HashMap<ServerKey, Task<()>>,
}

/// The places of what is said of a file, in lines and columns.
fn place(fs: &dyn Fs, root: &Path, said: FileDiagnostics) -> (PathBuf, ClosedFileDiagnostics) {
    let path = said.path.clone();
    if said.diagnostics.is_empty() {
        return (path, ClosedFileDiagnostics::default());
    }
    // What lies elsewhere is no business of this project, and what is gone has no problems.
    let inside = path.strip_prefix(root).ok();
    let read = inside.and_then(|inside| fs.read_beneath(root, inside, MAX_READ).ok());
    let Some((bytes, _)) = read else {
        return (path, ClosedFileDiagnostics::default());
    };
    let left_out = said.left_out;
    let text = Text::new(&String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
    let placed = said.in_text(&text).into_iter();
    let placed = placed.map(|(line, column, diagnostic)| PlacedDiagnostic {
        line,
        column,
        diagnostic,
    });
    let said = placed.collect();
    (path, ClosedFileDiagnostics { said, left_out })
}

impl WorkspaceModel {
    /// Takes what a server says of a file that is not open.
    pub(super) fn closed_file_told(
        &mut self,
        key: &ServerKey,
        said: FileDiagnostics,
        cx: &mut Context<Self>,
    ) {
        let Some(servers) = &self.servers else { return };
        self.closed_files.told.push((servers.run_of(key), said));
        if self.closed_files.reading.is_none() {
            self.closed_files.reading = Some(self.read_closed_files(cx));
        }
    }

    fn read_closed_files(&self, cx: &mut Context<Self>) -> Task<()> {
        let fs = self.workspace.fs().clone();
        let root = self.root().to_path_buf();
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            loop {
                cx.background_executor().timer(GATHERED).await;
                let told = this.update(cx, |model, _| {
                    let told = mem::take(&mut model.closed_files.told);
                    if told.is_empty() {
                        model.closed_files.reading = None;
                    }
                    told
                });
                // The window may be closed meanwhile.
                let Ok(told) = told else { return };
                if told.is_empty() {
                    return;
                }
                let (fs, root) = (fs.clone(), root.clone());
                let placed = cx.background_executor().spawn(async move {
                    let mut placed: HashMap<ServerRun, Vec<_>> = HashMap::new();
                    for (run, said) in told {
                        let file = place(fs.as_ref(), &root, said);
                        placed.entry(run).or_default().push(file);
                    }
                    placed
                });
                let placed = placed.await;
                this.update(cx, |model, cx| {
                    for (run, files) in placed {
                        if let Some(servers) = &model.servers {
                            servers.closed_files(&mut model.workspace, &run, files);
                        }
                    }
                    model.drain(cx);
                })
                .ok();
            }
        })
    }

    /// Asks a server for what is wrong in the whole project, again and again, where it has to be
    /// asked.
    pub(super) fn pull_project(&mut self, key: &ServerKey, cx: &mut Context<Self>) {
        let Some(servers) = &self.servers else { return };
        let server = servers.by_key(key);
        let Some(server) = server
            .filter(|one| one.pulls_project_diagnostics())
            .cloned()
        else {
            return;
        };
        let (of, run) = (key.clone(), servers.run_of(key));
        let pull = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let (soon, late) = ASK_AGAIN;
            let (mut known, mut pause) = (HashMap::new(), soon);
            loop {
                let reply = server.pull_project_diagnostics(&known);
                // One that ended is asked again when it is started.
                let answer = cx.background_executor().spawn(async { reply.wait().await });
                let Ok(found) = answer.await else { return };
                pause = match found.files.is_empty() {
                    true => (pause * 2).min(late),
                    false => soon,
                };
                known = found.results;
                let told = this.update(cx, |model, cx| {
                    let servers = model.servers.as_ref();
                    let current = servers.is_some_and(|all| all.is_current(&run));
                    for file in found.files.into_iter().filter(|_| current) {
                        model.closed_file_told(&of, file, cx);
                    }
                    current
                });
                // The window is closed, or the next run is asked by itself.
                if !told.unwrap_or(false) {
                    return;
                }
                cx.background_executor().timer(pause).await;
            }
        });
        self.closed_files.pulls.insert(key.clone(), pull);
    }

    /// A server ended: nobody asks it any more.
    pub(super) fn end_project_pulls(&mut self) {
        let servers = self.servers.as_ref();
        let runs = |key: &ServerKey| servers.is_some_and(|all| all.by_key(key).is_some());
        self.closed_files.pulls.retain(|key, _| runs(key));
    }
}
