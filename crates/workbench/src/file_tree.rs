//! The file tree: the folder's files, read one folder at a time and kept up by the watcher.

mod dropped;
mod follow_up;
mod inline_edit;
mod render;
mod rows;

use crate::dialog::{Question, ask};
use crate::git_state::GitState;
use crate::menu::Menu;
use crate::modal::{ModalLayer, Placement};
use dropped::Copying;
use follow_up::FollowUp;
use fs::FsError;
use gpui_kit::assets::IconName;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, ClipboardItem, Context, Entity, EventEmitter, FocusHandle,
    Focusable, KeyBinding, Pixels, Point, ScrollStrategy, SharedString, Subscription,
    UniformListScrollHandle, Window,
};
use inline_edit::{InlineEdit, Purpose};
use lsp::FileEvent;
use rows::TreeModel;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use ui::list_keys::Step;
use ui::tokens::space;
use ui::widgets::{ButtonStyle, IconButton, row};
use ui::{DockSide, OpenTarget, Panel, SettingsStore, Severity, WorkspaceModel, notify};
use workspace::WorkspaceEvent;

gpui_kit::actions!(
    file_tree,
    [
        /// Writes a name for a new file.
        NewFile,
        /// Writes a name for a new folder.
        NewFolder,
        /// Writes another name.
        Rename,
        /// Deletes, after asking.
        Delete,
        /// Closes every folder.
        CollapseAll,
        /// Ends the copying of files that were dropped.
        CancelCopying,
        /// Takes the written name away.
        CancelEdit,
        /// Shows the file and leaves the keyboard here.
        Preview,
    ]
);

/// Who wants to see a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// A person opened it, and hears where that cannot be.
    ByPerson,
    /// It came back with the window, or was changed.
    ByWindow,
}

/// What the window hears of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileTreeEvent {
    /// A file is to be shown while the keyboard stays in the tree.
    LookedAt(PathBuf),
}

/// Where a file of the tree is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    /// In the preview, and the tree keeps the keyboard.
    Preview,
    /// In the editor, which gets the keyboard.
    Editor,
}

/// Binds the tree's own keys.
pub(crate) fn bind_keys(cx: &mut App) {
    let tree = "FileTree && !Input";
    ui::list_keys::bind(tree, cx);
    let tree = Some(tree);
    ui::keys::bind_fixed(
        [
            KeyBinding::new("f2", Rename, tree),
            KeyBinding::new("delete", Delete, tree),
            KeyBinding::new("space", Preview, tree),
            KeyBinding::new("escape", CancelEdit, Some("FileTree > Input")),
        ],
        cx,
    );
    ui::Commands::register(
        cx,
        [
            ui::CommandSpec::new("files.newFile", "Files", "New File in Folder", NewFile),
            ui::CommandSpec::new("files.newFolder", "Files", "New Folder", NewFolder),
            ui::CommandSpec::new("files.rename", "Files", "Rename", Rename),
            ui::CommandSpec::new("files.delete", "Files", "Delete", Delete),
            ui::CommandSpec::new("files.preview", "Files", "Preview File", Preview),
            ui::CommandSpec::new(
                "files.collapseAll",
                "Files",
                "Collapse All Folders",
                CollapseAll,
            ),
            ui::CommandSpec::new(
                "files.cancelCopying",
                "Files",
                "Cancel Copying",
                CancelCopying,
            )
            .local(),
        ],
    );
}

/// The folder's files.
pub struct FileTree {
    pub(crate) model: Entity<WorkspaceModel>,
    modals: Entity<ModalLayer>,
    tree: TreeModel,
    /// Why the project's folder could not be read last, where it could not.
    trouble: Option<FsError>,
    selected: Option<PathBuf>,
    edit: Option<InlineEdit>,
    git: GitState,
    has_folder: bool,
    watched: HashSet<PathBuf>,
    /// What is being copied into the folder.
    copying: Vec<Copying>,
    scroll: UniformListScrollHandle,
    pub(crate) focus: FocusHandle,
    _subscription: Subscription,
}

impl FileTree {
    /// A tree of the workspace's folder.
    pub fn new(
        model: Entity<WorkspaceModel>,
        modals: Entity<ModalLayer>,
        has_folder: bool,
        expanded: Vec<PathBuf>,
        cx: &mut Context<Self>,
    ) -> Self {
        let root = model.read(cx).root().to_path_buf();
        let subscription = cx.subscribe(&model, |this, _, event: &WorkspaceEvent, cx| {
            if event.changes_problems() {
                cx.notify();
            }
            if let WorkspaceEvent::FolderChanged { paths } = event {
                this.folder_changed(paths, cx);
            }
        });
        // The settings say which language a file is in, which its icon tells.
        cx.observe_global::<SettingsStore>(|_, cx| cx.notify())
            .detach();
        let mut this = Self {
            model,
            modals,
            tree: TreeModel::new(root.clone()),
            trouble: None,
            selected: None,
            edit: None,
            git: GitState::default(),
            has_folder,
            watched: HashSet::new(),
            copying: Vec::new(),
            scroll: UniformListScrollHandle::new(),
            focus: cx.focus_handle(),
            _subscription: subscription,
        };
        if has_folder {
            for folder in expanded {
                this.tree.expand(&folder);
            }
            for folder in this.tree.shown_folders() {
                this.reload(&folder, cx);
            }
        }
        this
    }

    /// Takes what git says about the files.
    pub fn set_git(&mut self, git: GitState, cx: &mut Context<Self>) {
        self.git = git;
        cx.notify();
    }

    /// The open folders, for the stored layout.
    pub fn expanded(&self) -> Vec<PathBuf> {
        self.tree.expanded().cloned().collect()
    }

    fn folder_changed(&mut self, paths: &[PathBuf], cx: &mut Context<Self>) {
        let root = self.tree.root().to_path_buf();
        let mut folders: HashSet<PathBuf> = HashSet::new();
        for path in paths {
            if path.starts_with(&root) {
                folders.insert(path.parent().unwrap_or(path).to_path_buf());
                folders.insert(path.clone());
            }
        }
        for folder in self.tree.shown_folders() {
            if paths.is_empty() || folders.contains(&folder) {
                self.reload(&folder, cx);
            }
        }
    }

    /// Reads a folder again, off the UI thread.
    pub(crate) fn reload(&mut self, folder: &Path, cx: &mut Context<Self>) {
        self.read_folder(folder, Asked::ByWindow, cx);
    }

    fn read_folder(&mut self, folder: &Path, asked: Asked, cx: &mut Context<Self>) {
        let fs = self.model.read(cx).workspace().fs().clone();
        let folder = folder.to_path_buf();
        let read = cx.background_executor().spawn({
            let folder = folder.clone();
            async move { fs.read_dir(&folder) }
        });
        cx.spawn(async move |this, cx| {
            let entries = read.await;
            this.update(cx, |tree, cx| {
                match &entries {
                    Err(error) if asked == Asked::ByPerson => {
                        let notice = WorkspaceEvent::Notice {
                            severity: workspace::Severity::Error,
                            message: error.to_string(),
                        };
                        tree.model.update(cx, |_, cx| cx.emit(notice));
                    }
                    Err(error) => tracing::warn!("{error}"),
                    Ok(_) => {}
                }
                if folder == tree.tree.root() {
                    tree.trouble = entries.as_ref().err().cloned();
                }
                tree.tree.set_entries(folder, entries.ok());
                tree.watch_shown(cx);
                cx.notify();
            })
        })
        .detach_and_log_err(cx);
    }

    /// Watches exactly the folders that are shown.
    fn watch_shown(&mut self, cx: &mut Context<Self>) {
        let shown = self.tree.shown_folders().into_iter().collect();
        let watched = &mut self.watched;
        self.model
            .update(cx, |model, _| model.watch_folders(watched, shown));
    }

    /// Opens a folder; says where it cannot be read.
    pub(crate) fn expand(&mut self, folder: &Path, cx: &mut Context<Self>) {
        if self.tree.expand(folder) {
            self.read_folder(folder, Asked::ByPerson, cx);
        }
        cx.notify();
    }

    fn collapse(&mut self, folder: &Path, cx: &mut Context<Self>) {
        self.tree.collapse(folder);
        self.watch_shown(cx);
        cx.notify();
    }

    /// Selects a path and scrolls to it, opening the folders above it.
    pub fn select_path(&mut self, path: &Path, cx: &mut Context<Self>) {
        for folder in self.tree.expand_to(path) {
            self.reload(&folder, cx);
        }
        self.selected = Some(path.to_path_buf());
        self.scroll_to_selected();
        cx.notify();
    }

    /// Selects the file that is being edited. Folders whose name begins with a dot are not
    /// opened for it; of a file in one, as of one outside the folder, nothing is selected, rather
    /// than another file.
    pub fn follow(&mut self, path: &Path, cx: &mut Context<Self>) {
        if self.edit.is_some() || self.selected.as_deref() == Some(path) {
            return;
        }
        let hidden = match path.strip_prefix(self.tree.root()) {
            Err(_) => true,
            Ok(relative) => relative.parent().is_some_and(|folder| {
                folder
                    .components()
                    .any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
            }),
        };
        if !hidden || self.tree.position(path).is_some() {
            self.select_path(path, cx);
        } else if self.selected.take().is_some() {
            cx.notify();
        }
    }

    fn scroll_to_selected(&self) {
        if let Some(index) = self.selected_index() {
            self.scroll.scroll_to_item(index, ScrollStrategy::Nearest);
        }
    }

    fn selected_index(&self) -> Option<usize> {
        self.tree.position(self.selected.as_deref()?)
    }

    fn step(&mut self, step: Step, cx: &mut Context<Self>) {
        let Some(last) = self.tree.rows().len().checked_sub(1) else {
            return;
        };
        let index = step.to(self.selected_index(), last);
        self.selected = Some(self.tree.rows()[index].path.clone());
        self.scroll_to_selected();
        cx.notify();
    }

    fn expand_selected(&mut self, cx: &mut Context<Self>) {
        let Some(row) = self
            .selected_index()
            .and_then(|index| self.tree.rows().get(index))
        else {
            return;
        };
        if !row.is_dir {
            return;
        }
        let (path, expanded) = (row.path.clone(), row.expanded);
        if expanded {
            self.step(Step::Next, cx);
        } else {
            self.expand(&path, cx);
        }
    }

    fn collapse_selected(&mut self, cx: &mut Context<Self>) {
        let Some(row) = self
            .selected_index()
            .and_then(|index| self.tree.rows().get(index))
        else {
            return;
        };
        let (path, expanded) = (row.path.clone(), row.expanded);
        if expanded {
            self.collapse(&path, cx);
        } else if let Some(parent) = path.parent()
            && self.tree.position(parent).is_some()
        {
            self.selected = Some(parent.to_path_buf());
            self.scroll_to_selected();
            cx.notify();
        }
    }

    fn open_row(
        &mut self,
        path: &Path,
        is_dir: bool,
        opens: Opens,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.selected = Some(path.to_path_buf());
        match (is_dir, self.tree.is_expanded(path), opens) {
            (true, true, _) => self.collapse(path, cx),
            (true, false, _) => self.expand(path, cx),
            (false, _, Opens::Editor) => ui::open_path(OpenTarget::new(path), window, cx),
            (false, _, Opens::Preview) => cx.emit(FileTreeEvent::LookedAt(path.to_path_buf())),
        }
        cx.notify();
    }

    fn open_selected(&mut self, opens: Opens, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(row) = self
            .selected_index()
            .and_then(|index| self.tree.rows().get(index))
        {
            let (path, is_dir) = (row.path.clone(), row.is_dir);
            self.open_row(&path, is_dir, opens, window, cx);
        }
    }

    /// The folder that new entries go into.
    fn target_folder(&self) -> PathBuf {
        let row = self
            .selected_index()
            .and_then(|index| self.tree.rows().get(index));
        row.map_or_else(|| self.tree.root().to_path_buf(), |row| self.folder_of(row))
    }

    fn new_entry(&mut self, folder: bool, window: &mut Window, cx: &mut Context<Self>) {
        if !self.has_folder {
            return;
        }
        let target = self.target_folder();
        let purpose = if folder {
            Purpose::NewFolder(target)
        } else {
            Purpose::NewFile(target)
        };
        self.start_edit(purpose, window, cx);
    }

    fn rename_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(path) = self
            .selected
            .clone()
            .filter(|path| self.tree.position(path).is_some())
        {
            self.start_edit(Purpose::Rename(path), window, cx);
        }
    }

    fn delete_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(row) = self
            .selected_index()
            .and_then(|index| self.tree.rows().get(index))
            .cloned()
        else {
            return;
        };
        let body = if row.is_dir {
            "The folder and everything in it is deleted from the disk. This cannot be undone."
        } else {
            "The file is deleted from the disk. This cannot be undone."
        };
        let question = Question::new(format!("Delete {}?", row.name), body)
            .answer("Cancel", ButtonStyle::Secondary)
            .answer("Delete", ButtonStyle::Danger);
        let answer = ask(&self.modals, question, window, cx);
        let fs = self.model.read(cx).workspace().fs().clone();
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if answer.await != Ok(1) {
                return Ok(());
            }
            let path = row.path.clone();
            let event = FileEvent::Deleted { path: path.clone() };
            let is_folder = row.is_dir && !row.is_symlink;
            let (asked, edits) = this.update(cx, |tree, cx| {
                tree.model.update(cx, |model, cx| {
                    let edits = model.edits_before(&event, is_folder, cx);
                    (model.versions(), edits)
                })
            })?;
            let edits = edits.await;
            let deleted = cx
                .background_executor()
                .spawn(async move {
                    // A link is removed, never what it leads to.
                    if row.is_dir && !row.is_symlink {
                        fs.remove_tree(&row.path)
                    } else {
                        fs.remove(&row.path)
                    }
                })
                .await;
            this.update_in(cx, |tree, window, cx| {
                let folder = path.parent().unwrap_or(tree.tree.root()).to_path_buf();
                tree.reload(&folder, cx);
                if let Err(error) = deleted {
                    notify(Severity::Error, error.to_string(), window, cx);
                    // A part of it may be gone.
                    return tree
                        .model
                        .update(cx, |model, cx| model.paths_changed(vec![path], cx));
                }
                tree.model
                    .update(cx, |model, cx| model.file_event(&event, is_folder, cx));
                let follow_up = FollowUp {
                    event,
                    edits,
                    asked,
                };
                tree.follow_up(follow_up, window, cx);
            })
        })
        .detach_and_log_err(cx);
    }

    /// Shows the menu of what is selected, which it was for that.
    fn show_menu(&mut self, at: Point<Pixels>, window: &mut Window, cx: &mut Context<Self>) {
        cx.notify();
        let selected = self.selected.clone();
        let root = self.tree.root().to_path_buf();
        let this = cx.weak_entity();
        let on_tree = move |act: fn(&mut Self, &mut Window, &mut Context<Self>)| {
            let this = this.clone();
            move |window: &mut Window, cx: &mut App| {
                // The tree may be gone by the time the menu is used.
                this.update(cx, |tree, cx| act(tree, window, cx)).ok();
            }
        };
        let menu = cx.new(|cx| {
            let menu = Menu::new(cx)
                .deed(
                    "New File",
                    on_tree(|tree, window, cx| tree.new_entry(false, window, cx)),
                )
                .deed(
                    "New Folder",
                    on_tree(|tree, window, cx| tree.new_entry(true, window, cx)),
                );
            let Some(path) = selected else {
                return menu;
            };
            let relative = path.strip_prefix(&root).unwrap_or(&path).to_path_buf();
            let whole = path.clone();
            menu.separator()
                .deed("Copy Path", move |_, cx| copy(&whole, cx))
                .deed("Copy Relative Path", move |_, cx| copy(&relative, cx))
                .deed("Show in File Manager", move |_, cx| cx.reveal_path(&path))
                .separator()
                .deed(
                    "Rename\u{2026}",
                    on_tree(|tree, window, cx| tree.rename_selected(window, cx)),
                )
                .danger(
                    "Delete\u{2026}",
                    on_tree(|tree, window, cx| tree.delete_selected(window, cx)),
                )
        });
        self.modals.update(cx, |modals, cx| {
            modals.show(menu, Placement::At(at), window, cx)
        });
    }
}

fn copy(path: &Path, cx: &mut App) {
    cx.write_to_clipboard(ClipboardItem::new_string(path.display().to_string()));
}

impl EventEmitter<FileTreeEvent> for FileTree {}

impl Focusable for FileTree {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Panel for FileTree {
    const ID: &'static str = "files";
    const TOGGLE_COMMAND: Option<&'static str> = Some("workbench.showFiles");

    fn side() -> DockSide {
        DockSide::Left
    }

    fn title(&self, _: &App) -> SharedString {
        "Files".into()
    }

    fn icon(&self) -> IconName {
        IconName::Folder
    }

    fn header_actions(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Option<AnyElement> {
        if !self.has_folder {
            return None;
        }
        let act = |id, icon, label, act: fn(&mut Self, &mut Window, &mut Context<Self>)| {
            IconButton::new(id, icon, label)
                .on_click(cx.listener(move |this, _, window, cx| act(this, window, cx)))
        };
        Some(
            row()
                .gap(space::XXS)
                .child(
                    act(
                        "files-new-file",
                        IconName::FilePlus,
                        "New file",
                        |tree, window, cx| {
                            tree.new_entry(false, window, cx);
                        },
                    )
                    .command("files.newFile"),
                )
                .child(
                    act(
                        "files-new-folder",
                        IconName::FolderPlus,
                        "New folder",
                        |tree, window, cx| {
                            tree.new_entry(true, window, cx);
                        },
                    )
                    .command("files.newFolder"),
                )
                .child(
                    act(
                        "files-collapse",
                        IconName::ChevronsDownUp,
                        "Collapse all folders",
                        |tree, _, cx| {
                            tree.tree.collapse_all();
                            tree.watch_shown(cx);
                            cx.notify();
                        },
                    )
                    .command("files.collapseAll"),
                )
                .into_any_element(),
        )
    }
}
