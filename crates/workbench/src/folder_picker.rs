//! What is in a folder, to open something of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs::DirEntry;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, Entity, SharedString, Task, WeakEntity, Window, div};
use ui::tokens::{scaled, space};
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, IconName, OpenTarget, WorkspaceModel, icons};

use crate::fuzzy::{self, Match};
use crate::modal::{ModalLayer, Placement};
use crate::picker::{Picker, PickerDelegate, highlighted};

/// The most rows that are shown.
const MAX_ROWS: usize = 2000;
/// Folders of up to this many entries are searched on the UI thread, in less than a millisecond.
const MATCHED_AT_ONCE: usize = 2000;

fn matching(query: &str, entries: &[DirEntry]) -> Vec<Match> {
    let names = entries.iter().map(|entry| entry.name.as_str());
    fuzzy::find(query, names, MAX_ROWS)
}

/// The files and folders of a folder.
pub struct FolderPicker {
    folder: PathBuf,
    entries: Arc<Vec<DirEntry>>,
    /// The entry to begin at.
    here: PathBuf,
    loading: bool,
    /// Why the folder was not read.
    problem: Option<SharedString>,
    query: String,
    matches: Vec<Match>,
    placement: Placement,
    model: Entity<WorkspaceModel>,
    modals: WeakEntity<ModalLayer>,
    _load: Task<()>,
    /// The matching of a long list; none once the matches of the query are there.
    search: Option<Task<()>>,
}

impl FolderPicker {
    /// Shows a picker of what is in a folder, at the entry `here`.
    pub fn show(
        folder: &Path,
        here: &Path,
        model: &Entity<WorkspaceModel>,
        modals: &Entity<ModalLayer>,
        placement: Placement,
        window: &mut Window,
        cx: &mut App,
    ) {
        let picker = Self {
            folder: folder.to_path_buf(),
            entries: Arc::default(),
            here: here.to_path_buf(),
            loading: true,
            problem: None,
            query: String::new(),
            matches: Vec::new(),
            placement,
            model: model.clone(),
            modals: modals.downgrade(),
            _load: Task::ready(()),
            search: None,
        };
        let picker = cx.new(|cx| {
            let mut picker = Picker::new(picker, window, cx).with_width(scaled(360.));
            Self::load(&mut picker, window, cx);
            picker
        });
        modals.update(cx, |modals, cx| modals.show(picker, placement, window, cx));
    }

    /// Reads the folder, off the UI thread.
    fn load(picker: &mut Picker<Self>, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let this = &mut picker.delegate;
        let fs = this.model.read(cx).workspace().fs().clone();
        let folder = this.folder.clone();
        let read = cx
            .background_executor()
            .spawn(async move { fs.read_dir(&folder) });
        this._load = cx.spawn_in(window, async move |picker, cx| {
            let entries = read.await;
            // The picker may have been closed meanwhile.
            picker
                .update_in(cx, |picker, window, cx| {
                    match entries {
                        Ok(entries) => picker.delegate.entries = Arc::new(entries),
                        Err(error) => {
                            picker.delegate.problem = Some(ui::sentence(error.to_string()))
                        }
                    }
                    picker.delegate.loading = false;
                    let query = picker.delegate.query.clone();
                    picker.delegate.search(&query, window, cx);
                    let here = picker.delegate.initial();
                    picker.select(here, window, cx);
                    picker.refresh(window, cx);
                })
                .ok();
        });
    }

    fn entry(&self, row: usize) -> Option<&DirEntry> {
        self.entries.get(self.matches.get(row)?.index)
    }
}

impl PickerDelegate for FolderPicker {
    fn name(&self) -> SharedString {
        match self.folder.file_name() {
            Some(name) => format!("Files in {}", name.to_string_lossy()).into(),
            None => "Files".into(),
        }
    }

    fn placeholder(&self) -> SharedString {
        self.name()
    }

    fn nothing(&self, query: &str) -> SharedString {
        match (&self.problem, self.loading, query.is_empty()) {
            (Some(problem), _, _) => problem.clone(),
            (None, true, _) => "Reading the folder\u{2026}".into(),
            (None, false, true) => "This folder is empty.".into(),
            (None, false, false) => format!("No file matches \u{201c}{query}\u{201d}.").into(),
        }
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        query.clone_into(&mut self.query);
        self.search = None;
        if query.trim().is_empty() || self.entries.len() <= MATCHED_AT_ONCE {
            self.matches = matching(query, &self.entries);
            cx.notify();
            return;
        }
        let (entries, query) = (self.entries.clone(), query.to_owned());
        let search = cx
            .background_executor()
            .spawn(async move { matching(&query, &entries) });
        let take = |this: &mut Self, matches| {
            this.matches = matches;
            this.search = None;
        };
        self.search = Some(Picker::show_found(search, take, window, cx));
    }

    fn is_searching(&self) -> bool {
        self.search.is_some() || (self.loading && !self.query.trim().is_empty())
    }

    fn row_label(&self, index: usize) -> SharedString {
        let label = self.entry(index).map(|entry| match entry.is_dir {
            true => format!("{}, folder", entry.name),
            false => entry.name.clone(),
        });
        label.unwrap_or_default().into()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(entry) = self.entry(index) else {
            return div().into_any_element();
        };
        let theme = cx.kiln_theme();
        let positions = fuzzy::positions(&self.query, &entry.name);
        let icon = match entry.is_dir {
            true => IconName::Folder.into(),
            false => icons::file_icon(&entry.path),
        };
        row()
            .w_full()
            .gap(space::M)
            .child(icons::icon(icon, theme.text_muted))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .when(entry.is_ignored, |this| this.text_color(theme.text_faint))
                    .child(highlighted(&entry.name, &positions, cx)),
            )
            .when(entry.is_dir, |this| {
                this.child(icons::icon(IconName::ChevronRight, theme.text_muted))
            })
            .into_any_element()
    }

    fn initial(&self) -> usize {
        let here = |found: &Match| {
            let entry = self.entries.get(found.index);
            entry.is_some_and(|entry| entry.path == self.here)
        };
        self.matches.iter().position(here).unwrap_or(0)
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let Some(entry) = self.entry(index) else {
            return;
        };
        if !entry.is_dir {
            ui::open_path(OpenTarget::new(entry.path.clone()), window, cx);
            return;
        }
        let (folder, placement) = (entry.path.clone(), self.placement);
        let (model, modals) = (self.model.clone(), self.modals.clone());
        window.defer(cx, move |window, cx| {
            // The window may be closing.
            if let Some(modals) = modals.upgrade() {
                Self::show(&folder, &folder, &model, &modals, placement, window, cx);
            }
        });
    }
}
