//! Vim's commands of the program: files, tabs, the window.

use std::path::{Path, PathBuf};

use editor_core::{ChangeSet, Growth, Selections, Text, Transaction};
use fs::{LoadOptions, from_home};
use gpui_kit::{App, AppContext as _, Context, Entity, Window};
use ui::{Commands, Item as _, ItemEvent, OpenTarget, Severity, WorkspaceModel};
use vim::{ExCommand, ListedRow, Message, parse_keys};
use workspace::{Buffer, BufferId};

use crate::choice_picker::{Choice, Choices};
use crate::view::EditorView;
use crate::vim_mode::VimMode;

/// What `:r` reads at most, in bytes.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// How many signs of the name of a file that is not there are told.
const MAX_SHOWN_NAME: usize = 60;

/// The commands of the window that save.
const WRITES: &[&str] = &["workspace.save", "workspace.saveAll"];

/// What `:q!` and `:e!` say behind a save that did not come to its end.
const NOT_WRITTEN: &str = "The text was not saved: nothing is given up";

/// What `:e` says of a text that is not saved.
const NO_WRITE: &str = "E37: No write since last change (add ! to override)";

/// The command of the program that one of Vim is, by its id; none for what is more than that.
pub fn vim_program_command(command: &ExCommand) -> Option<&str> {
    Some(match command {
        // The window asks where the file was changed by another program.
        ExCommand::Write => "workspace.save",
        ExCommand::WriteAll => "workspace.saveAll",
        // The window asks about what is not saved.
        ExCommand::Quit { force: false } => "workbench.closeTab",
        // Also with `!`: what is not saved in other tabs is not given up unseen.
        ExCommand::QuitAll { .. } | ExCommand::WriteQuitAll => "workbench.action.quit",
        ExCommand::Split { vertical: true } => "workbench.splitRight",
        ExCommand::Split { vertical: false } => "workbench.action.splitEditorDown",
        ExCommand::UndoList => "editor.undoHistory",
        ExCommand::GoToDefinition => "editor.action.revealDefinition",
        ExCommand::ShowHover => "editor.action.showHover",
        ExCommand::NextTab => "workbench.nextTab",
        ExCommand::PreviousTab => "workbench.previousTab",
        ExCommand::Other(id) => id,
        ExCommand::WriteTo { .. }
        | ExCommand::SaveAs { .. }
        | ExCommand::Buffer(_)
        | ExCommand::Quit { force: true }
        | ExCommand::WriteQuit
        | ExCommand::Edit { .. }
        | ExCommand::GoToFile(_)
        | ExCommand::Read { .. }
        | ExCommand::List { .. }
        | ExCommand::SetOption { .. }
        | ExCommand::SetReadOnly(_) => return None,
    })
}

impl EditorView {
    /// Does what a command of the command line asks of the program.
    pub(crate) fn vim_command(
        &mut self,
        command: ExCommand,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let is_there = |id: &str| Commands::get(id, cx).is_some();
        match command {
            ExCommand::Write if !is_there("workspace.save") => {
                mode.tells_write = true;
                self.save_and_report(window, cx);
                return Self::is_to_write(mode, window, cx);
            }
            ExCommand::WriteTo {
                ref path,
                force,
                rows,
            } => {
                self.vim_write_to(path, force, rows, mode, window, cx);
                return Self::is_to_write(mode, window, cx);
            }
            ExCommand::SaveAs { ref path, force } => {
                self.vim_save_as(path, force, mode, window, cx);
                return Self::is_to_write(mode, window, cx);
            }
            ExCommand::Quit { force: true } => {
                let close = |_: &mut Self, _: &mut Window, cx: &mut Context<Self>| {
                    cx.emit(ItemEvent::Discard);
                };
                return self.after_writes(mode, window, cx, close);
            }
            ExCommand::List {
                id,
                question,
                none,
                rows,
            } => {
                let choice = |row: ListedRow| {
                    let keys = parse_keys(&row.keys);
                    Choice::new(row.name, row.about, move |view, window, cx| {
                        for key in &keys {
                            view.vim_key(*key, window, cx);
                        }
                    })
                };
                let choices = Choices {
                    id,
                    question: question.into(),
                    none,
                    rows: rows.into_iter().map(choice).collect(),
                    selected: 0,
                };
                return self.open_choices(choices, window, cx);
            }
            ExCommand::WriteQuitAll => return self.vim_write_all_and_quit(window, cx),
            ExCommand::Edit { path: None, force } => {
                let saves = mode.is_to_write || self.model.read(cx).is_saving(self.buffer);
                if !force && !saves && self.is_dirty(cx) {
                    mode.message = Some(failed(NO_WRITE));
                    return;
                }
                return self.after_writes(mode, window, cx, move |view, window, cx| {
                    view.vim_read_again(force, window, cx);
                });
            }
            ExCommand::WriteQuit => return self.vim_write_and_close(window, cx),
            ExCommand::Edit {
                path: Some(ref path),
                ..
            } => {
                match self.vim_path(path, cx) {
                    Ok(path) => Self::open_or_begin(&self.model, path, window, cx),
                    Err(words) => mode.message = Some(failed(words)),
                }
                return;
            }
            ExCommand::Buffer(name) => return self.vim_go_to_buffer(&name, mode, window, cx),
            ExCommand::GoToFile(name) => return self.vim_go_to_file(name, window, cx),
            ExCommand::Read { path, below } => return self.vim_read(path, below, window, cx),
            ExCommand::SetOption { name, value } => {
                let as_usual = value.is_none();
                match self.set_vim_option(name, value, cx) {
                    Ok(()) if as_usual => mode.follow_view(self.tab_size(), self.indent),
                    Ok(()) => {}
                    Err(words) => mode.message = Some(failed(&words)),
                }
                return;
            }
            ExCommand::SetReadOnly(read_only) => {
                let buffer = self.buffer_ref(cx);
                let locked = buffer.is_some_and(Buffer::is_locked);
                self.lock(Some(read_only.unwrap_or(!locked)), cx);
                let buffer = self.buffer_ref(cx);
                if read_only == Some(false)
                    && let Some(error) = buffer.and_then(Buffer::refuses_edits)
                {
                    mode.message = Some(failed(&error.to_string()));
                }
                return;
            }
            _ => {}
        }
        let Some(id) = vim_program_command(&command) else {
            return;
        };
        if Commands::get(id, cx).is_none() {
            mode.message = Some(failed(&format!("E492: Not an editor command: {id}")));
            return;
        }
        // The window's commands act on the item, and this view is being updated.
        let (id, writes) = (id.to_owned(), WRITES.contains(&id));
        window.defer(cx, move |window, cx| {
            Commands::run(&id, window, cx);
        });
        mode.tells_write |= matches!(command, ExCommand::Write);
        if writes {
            Self::is_to_write(mode, window, cx);
        }
    }

    /// What follows in the line is for a text that is saved.
    fn is_to_write(mode: &mut VimMode, window: &mut Window, cx: &mut Context<Self>) {
        mode.is_to_write = true;
        cx.defer_in(window, |view, _, _| {
            if let Some(mode) = &mut view.vim {
                mode.is_to_write = false;
            }
        });
    }

    /// Gives the text up by `act` once what `:w` writes is written, also where the window is still to
    /// begin with that, as in `:w|q!`. Not where it could not be written, or is still asked about:
    /// nobody meant to give that up.
    fn after_writes(
        &mut self,
        mode: &VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
        act: impl FnOnce(&mut Self, &mut Window, &mut Context<Self>) + 'static,
    ) {
        let (asked, model) = (mode.is_to_write, self.model.read(cx));
        let waits_for_all =
            model.is_saving(self.buffer) && !model.is_changed_since_save(self.buffer);
        let act = move |view: &mut Self, window: &mut Window, cx: &mut Context<Self>| {
            if !(asked || waits_for_all) || !view.is_dirty(cx) {
                return act(view, window, cx);
            }
            if let Some(mode) = &mut view.vim {
                mode.message = Some(failed(NOT_WRITTEN));
                cx.emit(ItemEvent::StatusChanged);
            }
        };
        if !asked {
            return self.after_saves(window, cx, act);
        }
        // The window runs a command one turn later than it is asked to.
        cx.defer_in(window, move |_, window, cx| {
            cx.defer_in(window, move |view, window, cx| {
                view.after_saves(window, cx, act);
            });
        });
    }

    /// Makes the text what the file holds, where nothing is lost by that or `force` says so.
    fn vim_read_again(&mut self, force: bool, window: &mut Window, cx: &mut Context<Self>) {
        if force || !self.is_dirty(cx) {
            return self.revert_file(window, cx);
        }
        if let Some(mode) = &mut self.vim {
            mode.message = Some(failed(NO_WRITE));
            cx.emit(ItemEvent::StatusChanged);
        }
    }

    /// Opens a file, or begins one that is not there.
    pub(crate) fn open_or_begin(
        model: &Entity<WorkspaceModel>,
        path: PathBuf,
        window: &mut Window,
        cx: &mut App,
    ) {
        let began = model.update(cx, |model, cx| model.begin_missing_file(path.clone(), cx));
        let opening = window.spawn(cx, async move |cx| {
            began.await;
            // The window may be closed by now.
            cx.update(|window, cx| ui::open_path(OpenTarget::new(path), window, cx))
                .ok();
        });
        opening.detach();
    }

    /// Opens the file of a name in the text: from the folder of the file that it stands in, else from
    /// the one that is open.
    fn vim_go_to_file(&mut self, name: String, window: &mut Window, cx: &mut Context<Self>) {
        let path = from_home(&name);
        let own = self.path(cx);
        let beside = own
            .as_deref()
            .and_then(Path::parent)
            .map(|it| it.join(&path));
        let root = self.model.read(cx).workspace().root().join(path);
        let fs = self.model.read(cx).workspace().fs().clone();
        let looking = cx.background_spawn(async move {
            let mut places = beside.into_iter().chain([root]);
            let is_file = |path: &PathBuf| fs.metadata(path).is_ok_and(|it| it.is_file);
            places.find(is_file)
        });
        cx.spawn_in(window, async move |this, cx| {
            let found = looking.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| match found {
                Some(path) => ui::open_path(OpenTarget::new(path), window, cx),
                None => {
                    if let Some(mode) = &mut view.vim {
                        let shown = match name.char_indices().nth(MAX_SHOWN_NAME) {
                            Some((end, _)) => format!("{}…", &name[..end]),
                            None => name,
                        };
                        let words = format!("E447: Can't find file \"{shown}\" in path");
                        mode.message = Some(failed(&words));
                        cx.emit(ItemEvent::StatusChanged);
                    }
                }
            })
            .ok();
        })
        .detach();
    }

    /// Puts what a file holds below so many lines, as one edit, and the cursor on the first of its
    /// lines. Reads it off this thread; what is edited meanwhile stays.
    fn vim_read(
        &mut self,
        path: Option<String>,
        below: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let path = match path {
            Some(path) => match self.vim_path(&path, cx) {
                Ok(path) => Some(path),
                Err(words) => return ui::notify(Severity::Error, words, window, cx),
            },
            None => self.path(cx),
        };
        let Some(path) = path else {
            return ui::notify(Severity::Error, "E32: No file name", window, cx);
        };
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let text = buffer.text();
        // Behind the line feed of the line above, or at the end of a last line without one.
        let place = match below < text.line_count() {
            true => text.line_start(below),
            false => text.len(),
        };
        let place = self.read_places.insert(place..place, Growth::AtEnd, ());
        let fs = self.model.read(cx).workspace().fs().clone();
        let reading = cx.background_spawn(async move {
            let options = LoadOptions {
                limit: MAX_READ,
                ..LoadOptions::default()
            };
            fs::load_with(&*fs, &path, &options)
        });
        cx.spawn_in(window, async move |this, cx| {
            let read = reading.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| {
                let here = view.read_places.get(place).map(|(range, ())| range.start);
                view.read_places.remove(place);
                match (read, here) {
                    (Ok(file), Some(here)) => {
                        view.vim_insert_read(&file.text, here, window, cx);
                    }
                    (Ok(_), None) => {}
                    (Err(error), _) => {
                        ui::notify(Severity::Error, error.to_string(), window, cx);
                    }
                }
            })
            .ok();
        })
        .detach();
    }

    fn vim_insert_read(
        &mut self,
        read: &Text,
        place: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let text = buffer.text().clone();
        let place = text.floor_char_boundary(place.min(text.len()));
        let read = read.to_string();
        let lines = read.strip_suffix('\n').unwrap_or(&read);
        let (new, first) = match place == 0 || text.char_before(place) == Some('\n') {
            true => (format!("{lines}\n"), place),
            false => (format!("\n{lines}"), place + 1),
        };
        let blanks = lines.len() - lines.trim_start_matches([' ', '\t']).len();
        let Ok(changes) = ChangeSet::replacement(text.len(), place..place, &new) else {
            return;
        };
        let mut transaction = Transaction::from_changes(changes, &self.selections);
        transaction.selections_after = Selections::caret(first + blanks);
        self.edit(transaction, window, cx);
    }

    fn vim_write_and_close(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let saving = self.save(window, cx);
        cx.spawn_in(window, async move |this, cx| {
            let saved = saving.await;
            // A closed window has nowhere to show a notice.
            this.update_in(cx, |_, window, cx| match saved {
                Ok(()) => cx.emit(ItemEvent::Close),
                Err(error) => ui::notify(Severity::Error, error.to_string(), window, cx),
            })
            .ok();
        })
        .detach();
    }

    /// Saves every file, then closes the program, which asks about what has no file.
    fn vim_write_all_and_quit(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let changed = workspace.buffers().filter(|buffer| buffer.is_dirty());
        let with_file: Vec<BufferId> = changed
            .filter(|buffer| buffer.path().is_some())
            .map(Buffer::id)
            .collect();
        let model = self.model.clone();
        cx.spawn_in(window, async move |_, cx| {
            for id in with_file {
                let saving = model.update(cx, |model, cx| model.save_from_any(id, cx));
                if let Err(error) = saving.await {
                    // A closed window has nowhere to show a notice.
                    cx.update(|window, cx| {
                        ui::notify(Severity::Error, error.to_string(), window, cx);
                    })
                    .ok();
                    return;
                }
            }
            cx.update(|window, cx| {
                Commands::run("workbench.action.quit", window, cx);
            })
            .ok();
        })
        .detach();
    }
}

/// The words of a command that failed.
pub(crate) fn failed(words: &str) -> Message {
    Message {
        text: words.to_owned(),
        is_error: true,
    }
}
