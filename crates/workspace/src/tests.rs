//! What a user of the workspace sees, one file a subject.

mod bad_input;
mod between_jobs;
mod buffers;
mod from_disk;
mod language_servers;
mod large_recoveries;
mod model;
mod parses;
mod recovered_formats;
mod recoveries;
mod recovery_ends;
#[cfg(unix)]
mod recovery_faults;
mod saved_model;
mod saves;
mod shown_text;
mod taking_text;
mod undo_histories;

use std::path::Path;
use std::sync::Arc;

use editor_core::{Selections, editing};
use fs::{FakeFs, Fs};

use crate::{BufferId, ReloadError, Workspace, WorkspaceEvent};

/// A workspace over files in memory, with `/p/a.txt` open.
struct Fixture {
    fs: Arc<FakeFs>,
    workspace: Workspace,
    id: BufferId,
}

const FILE: &str = "/p/a.txt";

impl Fixture {
    fn new(content: &str) -> Self {
        Self::with_bytes(content.as_bytes())
    }

    fn with_bytes(content: &[u8]) -> Self {
        let fs = Arc::new(FakeFs::new());
        fs.insert(FILE, content);
        let mut workspace = Workspace::new("/p".into(), fs.clone());
        let id = workspace.open_blocking(Path::new("a.txt")).unwrap();
        workspace.take_events();
        Self { fs, workspace, id }
    }

    /// Types at the start of the text.
    fn type_at_start(&mut self, typed: &str) {
        self.type_at(0, typed);
    }

    fn type_at(&mut self, offset: usize, typed: &str) {
        let text = self.workspace.buffer(self.id).unwrap().text().clone();
        let transaction = editing::insert_text(&text, &Selections::caret(offset), typed);
        self.workspace.edit(self.id, transaction).unwrap();
    }

    fn text(&self) -> String {
        self.workspace.buffer(self.id).unwrap().text().to_string()
    }

    fn is_dirty(&self) -> bool {
        self.workspace.buffer(self.id).unwrap().is_dirty()
    }

    fn on_disk(&self) -> String {
        String::from_utf8(self.fs.content(FILE).unwrap()).unwrap()
    }

    /// Another program writes the file, and the watcher tells.
    fn changed_by_another(&mut self, content: &str) {
        self.fs.insert(FILE, content.as_bytes());
        self.tell();
    }

    /// The watcher tells what the disk holds.
    fn tell(&mut self) {
        let job = self.workspace.disk_job(self.id).unwrap();
        let file = fs::load(&*self.fs, Path::new(FILE)).ok();
        let read = file.map(|file| job.run(file));
        assert!(self.workspace.disk_changed(Path::new(FILE), read));
    }

    /// The user takes over what the disk holds.
    fn reload(&mut self) -> Result<(), ReloadError> {
        let job = self.workspace.reload_job(self.id)?;
        assert!(self.workspace.reload_finished(self.id, job.run())?);
        Ok(())
    }

    fn deleted_by_another(&mut self) {
        self.fs.remove(Path::new(FILE)).unwrap();
        self.tell();
    }

    fn events(&mut self) -> Vec<String> {
        let name = |event: WorkspaceEvent| {
            let debug = format!("{event:?}");
            let end = debug.find([' ', '(', '{']).unwrap_or(debug.len());
            debug[..end].to_owned()
        };
        self.workspace.take_events().into_iter().map(name).collect()
    }
}
