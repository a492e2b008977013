//! The row in which a name is written: a new file or folder, or another name.

use super::FileTree;
use super::follow_up::FollowUp;
use super::rows::check_name;
use fs::{Fs, FsError};
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::{
    AppContext as _, AsyncWindowContext, Context, Entity, Focusable as _, SharedString,
    Subscription, Task, Window,
};
use lsp::FileEvent;
use std::path::{Path, PathBuf};
use ui::{OpenTarget, Severity, notify};

/// What the name is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new file in a folder.
    NewFile(PathBuf),
    /// A new folder in a folder.
    NewFolder(PathBuf),
    /// Another name for a path.
    Rename(PathBuf),
}

/// The row in which a name is written.
pub(crate) struct InlineEdit {
    pub(crate) purpose: Purpose,
    pub(crate) input: Entity<InputState>,
    pub(crate) problem: Option<SharedString>,
    /// The disk is at it.
    making: bool,
    _subscription: Subscription,
}

impl FileTree {
    /// Shows the row and gives it the keyboard.
    pub(crate) fn start_edit(
        &mut self,
        purpose: Purpose,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let value = match &purpose {
            Purpose::Rename(path) => path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            _ => String::new(),
        };
        let placeholder = match &purpose {
            Purpose::NewFile(_) => "File name",
            Purpose::NewFolder(_) => "Folder name",
            Purpose::Rename(_) => "New name",
        };
        if let Purpose::NewFile(folder) | Purpose::NewFolder(folder) = &purpose {
            let folder = folder.clone();
            self.expand(&folder, cx);
        }
        let input = cx.new(|cx| {
            InputState::new(window, cx)
                .placeholder(placeholder)
                .default_value(value)
        });
        let subscription = cx.subscribe_in(
            &input,
            window,
            |this, _, event: &InputEvent, window, cx| match event {
                InputEvent::PressEnter { .. } => this.finish_edit(window, cx),
                InputEvent::Blur => this.cancel_edit(window, cx),
                InputEvent::Change => {
                    if let Some(edit) = &mut this.edit {
                        edit.problem = None;
                    }
                    cx.notify();
                }
                InputEvent::Focus => {}
            },
        );
        let rename = matches!(purpose, Purpose::Rename(_));
        input.update(cx, |input, cx| {
            input.focus(window, cx);
            if rename {
                input.select_all(window, cx);
            }
        });
        self.edit = Some(InlineEdit {
            purpose,
            input,
            problem: None,
            making: false,
            _subscription: subscription,
        });
        cx.notify();
    }

    /// Takes the row away.
    pub(crate) fn cancel_edit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(edit) = self.edit.take() {
            if edit.input.read(cx).focus_handle(cx).is_focused(window) {
                self.focus.focus(window, cx);
            }
            cx.notify();
        }
    }

    fn finish_edit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(edit) = &self.edit else {
            return;
        };
        let name = edit.input.read(cx).value().trim().to_owned();
        let purpose = edit.purpose.clone();
        let folder = match &purpose {
            Purpose::NewFile(folder) | Purpose::NewFolder(folder) => folder.clone(),
            Purpose::Rename(path) => path.parent().unwrap_or(path).to_path_buf(),
        };
        let fs = self.model.read(cx).workspace().fs().clone();
        let unchanged = matches!(&purpose, Purpose::Rename(path) if path == &folder.join(&name));
        if unchanged {
            self.cancel_edit(window, cx);
            return;
        }
        // Enter pressed twice means it once.
        let Some(edit) = self.edit.as_mut().filter(|edit| !edit.making) else {
            return;
        };
        edit.making = true;
        let row = edit.input.entity_id();
        let target = folder.join(&name);
        let (event, is_folder) = match &purpose {
            Purpose::NewFile(_) | Purpose::NewFolder(_) => {
                let path = target.clone();
                let is_folder = matches!(purpose, Purpose::NewFolder(_));
                (FileEvent::Created { path }, is_folder)
            }
            Purpose::Rename(from) => {
                let (from, to) = (from.clone(), target.clone());
                let row = self.tree.position(&from);
                let row = row.and_then(|row| self.tree.rows().get(row));
                let is_folder = row.is_some_and(|row| row.is_dir && !row.is_symlink);
                (FileEvent::Renamed { from, to }, is_folder)
            }
        };
        // Nobody is asked about a name that cannot be.
        let asks = check_name(&name, |_| false).is_none();
        let (asked, edits) = self.model.update(cx, |model, cx| {
            let edits = match asks {
                true => model.edits_before(&event, is_folder, cx),
                false => Task::ready(Vec::new()),
            };
            (model.versions(), edits)
        });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let edits = edits.await;
            let made = cx.background_spawn({
                let (purpose, target) = (purpose.clone(), target.clone());
                async move { make(fs.as_ref(), &purpose, &name, &target) }
            });
            let made = made.await;
            this.update_in(cx, |this, window, cx| {
                // It may be gone by now, with another one in its place.
                let edit = this.edit.as_mut();
                let edit = edit.filter(|edit| edit.input.entity_id() == row);
                match (made, edit) {
                    (Ok(()), edit) => {
                        if edit.is_some() {
                            this.cancel_edit(window, cx);
                        }
                        this.model
                            .update(cx, |model, cx| model.file_event(&event, is_folder, cx));
                        this.made(&purpose, &folder, &target, window, cx);
                        let follow_up = FollowUp {
                            event,
                            edits,
                            asked,
                        };
                        this.follow_up(follow_up, window, cx);
                    }
                    (Err(Refused::Name(problem)), Some(edit)) => {
                        edit.making = false;
                        edit.problem = Some(problem.into());
                        cx.notify();
                    }
                    (Err(refused), edit) => {
                        if let Some(edit) = edit {
                            edit.making = false;
                        }
                        let told = match refused {
                            Refused::Name(problem) => problem,
                            Refused::Disk(error) => error.to_string(),
                        };
                        notify(Severity::Error, told, window, cx);
                    }
                }
            })
        })
        .detach();
    }

    /// Shows what was made or renamed.
    fn made(
        &mut self,
        purpose: &Purpose,
        folder: &Path,
        target: &Path,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.reload(folder, cx);
        self.select_path(target, cx);
        // Who writes another name already keeps the keyboard.
        if matches!(purpose, Purpose::NewFile(_)) && self.edit.is_none() {
            ui::open_path(OpenTarget::new(target), window, cx);
        }
    }
}

/// Why nothing was made.
enum Refused {
    /// The name cannot be.
    Name(String),
    /// The disk says no.
    Disk(FsError),
}

/// Makes or renames on the disk what the name was written for.
fn make(fs: &dyn Fs, purpose: &Purpose, name: &str, target: &Path) -> Result<(), Refused> {
    if let Some(problem) = check_name(name, |_| fs.exists(target)) {
        return Err(Refused::Name(problem));
    }
    let folder = || {
        target
            .parent()
            .map_or(Ok(()), |folder| fs.create_dir_all(folder))
    };
    match purpose {
        Purpose::NewFile(_) => folder().and_then(|()| fs.create_file(target)),
        Purpose::NewFolder(_) => fs.create_dir_all(target),
        Purpose::Rename(path) => folder().and_then(|()| fs.rename(path, target)),
    }
    .map_err(Refused::Disk)
}
