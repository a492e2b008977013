//! The specs of the open folder, read off the UI thread and kept up to date.

use crate::activity::{ActivityEvent, SpecActivity};
use crate::document::{TaskBlock, tasks};
use fs::{Fs, LEADS_NOWHERE, LoadError, leads_nowhere};
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus, SpecFiles, SpecFolder, spec_names};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use ui::WorkspaceModel;
use workspace::WorkspaceEvent;

/// Changes that come in a burst are read once.
const SETTLE: Duration = Duration::from_millis(120);

/// One spec of the folder.
#[derive(Clone, Debug)]
pub(crate) struct SpecSummary {
    /// What its files say.
    pub spec: SpecFolder,
    /// Where they lie.
    pub folder: PathBuf,
    /// The tasks, in order.
    pub tasks: Vec<TaskBlock>,
    /// What keeps files of it from being read, a sentence each.
    pub problems: Vec<String>,
    /// The documents that are there and cannot be read.
    pub unreadable: Vec<Document>,
}

impl SpecSummary {
    /// How the document of a phase stands.
    pub fn status(&self, phase: Phase) -> ReviewStatus {
        self.spec.state.status(phase)
    }
}

/// The specs of the open folder.
pub(crate) struct Specs {
    model: Entity<WorkspaceModel>,
    specs: Vec<SpecSummary>,
    loaded: bool,
    loading: Task<()>,
    /// The folders of which changes are heard.
    watched: HashSet<PathBuf>,
    _subscriptions: Vec<Subscription>,
}

struct GlobalSpecs(Vec<WeakEntity<Specs>>);

impl Global for GlobalSpecs {}

impl Specs {
    /// The list of `model`'s folder, shared by all its views.
    pub fn of(model: &Entity<WorkspaceModel>, cx: &mut App) -> Entity<Self> {
        let known = cx
            .try_global::<GlobalSpecs>()
            .map(|global| global.0.clone())
            .unwrap_or_default();
        let found = known
            .iter()
            .filter_map(WeakEntity::upgrade)
            .find(|specs| specs.read(cx).model == *model);
        if let Some(specs) = found {
            return specs;
        }
        let specs = cx.new(|cx| Self::new(model.clone(), cx));
        let mut known: Vec<_> = known
            .into_iter()
            .filter(|specs| specs.upgrade().is_some())
            .collect();
        known.push(specs.downgrade());
        cx.set_global(GlobalSpecs(known));
        specs
    }

    fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let mut subscriptions = vec![cx.subscribe(&model, Self::workspace_event)];
        if let Some(activity) = SpecActivity::global(cx) {
            subscriptions.push(cx.subscribe(&activity, |this, _, event, cx| {
                if matches!(event, ActivityEvent::Changed) {
                    this.reload(cx);
                }
            }));
            subscriptions.push(cx.observe(&activity, |_, _, cx| cx.notify()));
        }
        let mut this = Self {
            model,
            specs: Vec::new(),
            loaded: false,
            loading: Task::ready(()),
            watched: HashSet::new(),
            _subscriptions: subscriptions,
        };
        this.read_in(Duration::ZERO, cx);
        this
    }

    /// The specs, by name.
    pub fn all(&self) -> &[SpecSummary] {
        &self.specs
    }

    /// Whether the folder has been read once.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The spec of that name.
    pub fn get(&self, name: &str) -> Option<&SpecSummary> {
        self.specs.iter().find(|summary| summary.spec.name == name)
    }

    fn workspace_event(
        &mut self,
        _: Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        cx: &mut Context<Self>,
    ) {
        let specs = self.model.read(cx).root().join(".kiro");
        let is_spec_buffer = |buffer| {
            let workspace = self.model.read(cx).workspace();
            workspace
                .buffer(buffer)
                .and_then(|buffer| buffer.path())
                .is_some_and(|path| path.starts_with(&specs))
        };
        let concerns = match event {
            WorkspaceEvent::FolderChanged { paths } => paths
                .iter()
                .any(|path| path.starts_with(&specs) || specs.starts_with(path)),
            WorkspaceEvent::BufferEdited { buffer, .. } => is_spec_buffer(*buffer),
            WorkspaceEvent::BufferSaved(buffer) => is_spec_buffer(*buffer),
            _ => false,
        };
        if concerns {
            self.reload(cx);
        }
    }

    /// Reads the specs again, soon.
    pub fn reload(&mut self, cx: &mut Context<Self>) {
        self.read_in(SETTLE, cx);
    }

    fn read_in(&mut self, delay: Duration, cx: &mut Context<Self>) {
        // An earlier reading that is still to come is dropped with its task.
        self.loading = cx.spawn(async move |this, cx| {
            if !delay.is_zero() {
                cx.background_executor().timer(delay).await;
            }
            let Ok((root, fs, open)) = this.update(cx, |this: &mut Self, cx| this.sources(cx))
            else {
                return;
            };
            let (folders, specs) = cx
                .background_spawn(async move {
                    let specs = read_specs(&root, fs.as_ref(), &open);
                    (folders_of(&root, fs.as_ref(), &specs), specs)
                })
                .await;
            // Without views nobody needs the list.
            this.update(cx, |this, cx| {
                this.specs = specs;
                this.loaded = true;
                if this.watch(folders, cx) {
                    // What changed between the reading and the watch was not reported.
                    this.reload(cx);
                }
                cx.notify();
            })
            .ok();
        });
    }

    /// Watches exactly these folders, so that what other programs do to specs is seen. Says whether
    /// one is new.
    fn watch(&mut self, folders: HashSet<PathBuf>, cx: &mut Context<Self>) -> bool {
        let watched = &mut self.watched;
        self.model
            .update(cx, |model, _| model.watch_folders(watched, folders))
    }

    /// The folder, how to read it, and the texts of open buffers, which count before the disk's.
    fn sources(
        &self,
        cx: &App,
    ) -> (
        PathBuf,
        std::sync::Arc<dyn Fs>,
        HashMap<PathBuf, editor_core::Text>,
    ) {
        let workspace = self.model.read(cx).workspace();
        let root = workspace.root().to_owned();
        let specs = root.join(".kiro/specs");
        let open = workspace
            .buffers()
            .filter_map(|buffer| {
                let path = buffer.path().filter(|path| path.starts_with(&specs))?;
                Some((path.to_owned(), buffer.text().clone()))
            })
            .collect();
        (root, workspace.fs().clone(), open)
    }
}

/// The folders in which specs come, change and go: those that exist of the project's own, `.kiro`,
/// `.kiro/specs` and each spec's.
fn folders_of(root: &Path, fs: &dyn Fs, specs: &[SpecSummary]) -> HashSet<PathBuf> {
    [
        root.to_owned(),
        root.join(".kiro"),
        root.join(".kiro/specs"),
    ]
    .into_iter()
    .filter(|folder| fs.metadata(folder).is_ok_and(|found| found.is_dir))
    .chain(specs.iter().map(|summary| summary.folder.clone()))
    .collect()
}

/// Reads all specs of a folder.
fn read_specs(
    root: &Path,
    fs: &dyn Fs,
    open: &HashMap<PathBuf, editor_core::Text>,
) -> Vec<SpecSummary> {
    let specs = root.join(".kiro/specs");
    let entries = fs.read_dir(&specs).unwrap_or_default().into_iter();
    // A link that leads to no folder is told of instead of being passed over.
    let folders = entries.filter(|entry| entry.is_dir || entry.is_symlink);
    spec_names(folders.map(|entry| entry.name))
        .into_iter()
        .map(|name| {
            let folder = specs.join(&name);
            read_spec(name, folder, fs, open)
        })
        .collect()
}

fn read_spec(
    name: String,
    folder: PathBuf,
    fs: &dyn Fs,
    open: &HashMap<PathBuf, editor_core::Text>,
) -> SpecSummary {
    let mut problems = Vec::new();
    let mut unreadable = Vec::new();
    let mut texts = Vec::new();
    if !fs.metadata(&folder).is_ok_and(|found| found.is_dir) {
        let problem = match leads_nowhere(fs, &folder) {
            true => LEADS_NOWHERE,
            false => "it is no folder; move it elsewhere",
        };
        problems.push(format!("Its folder cannot be read: {problem}."));
        let documents = SpecFiles::NAMES.into_iter();
        unreadable.extend(documents.filter_map(Document::from_file_name));
    }
    for file in SpecFiles::NAMES {
        let path = folder.join(file);
        if let Some(text) = open.get(&path) {
            texts.push((file, text.to_string()));
            continue;
        }
        match fs::load(fs, &path) {
            Ok(loaded) => texts.push((file, loaded.text.to_string())),
            Err(LoadError::NotFound { .. }) if !leads_nowhere(fs, &path) => {}
            Err(error) => {
                let why = match error {
                    LoadError::NotFound { .. } => LEADS_NOWHERE.to_owned(),
                    error => error.to_string(),
                };
                problems.push(format!("{file} cannot be read: {why}."));
                unreadable.extend(Document::from_file_name(file));
            }
        }
    }
    let files = SpecFiles::from_files(texts);
    if let Some(problem) = files.config_problem() {
        problems.push(format!(
            "{} is malformed: {problem}. Correct it before you approve.",
            SpecFiles::CONFIG
        ));
    }
    SpecSummary {
        spec: SpecFolder::summarize(&name, &files),
        tasks: files.tasks.as_deref().map(tasks).unwrap_or_default(),
        problems,
        unreadable,
        folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    /// What other programs write shows up without a restart, in a project without `.kiro` too.
    #[gpui_kit::test]
    async fn specs_that_come_and_change_outside_are_seen(cx: &mut TestAppContext) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (changed, changes) = async_channel::unbounded();
        let specs = cx.update(|cx| {
            let fs = std::sync::Arc::new(fs::RealFs::new());
            let model =
                cx.new(|cx| WorkspaceModel::new(workspace::Workspace::new(root.clone(), fs), cx));
            model.update(cx, |model, cx| model.start_watching(cx).unwrap());
            cx.subscribe(&model, move |_, event, _| {
                if matches!(event, WorkspaceEvent::FolderChanged { .. }) {
                    changed.try_send(()).unwrap();
                }
            })
            .detach();
            Specs::of(&model, cx)
        });
        cx.executor().allow_parking();
        cx.run_until_parked();
        let spec = root.join(".kiro/specs/dark-mode");
        let tasks = spec.join("tasks.md");
        let steps = [
            (Some("- [ ] 1. Colours\n"), Some((0, 1))),
            (Some("- [x] 1. Colours\n"), Some((1, 1))),
            (None, None),
        ];
        for (text, expected) in steps {
            match text {
                Some(text) => {
                    std::fs::create_dir_all(&spec).unwrap();
                    std::fs::write(&tasks, text).unwrap();
                }
                None => std::fs::remove_dir_all(root.join(".kiro")).unwrap(),
            }
            let progress = |cx: &mut TestAppContext| {
                specs.read_with(cx, |specs, _| {
                    let progress = specs.get("dark-mode")?.spec.progress;
                    Some((progress.done, progress.total))
                })
            };
            while progress(cx) != expected {
                changes.recv().await.unwrap();
                cx.executor().advance_clock(SETTLE);
                cx.run_until_parked();
            }
        }
    }
}
