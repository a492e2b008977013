//! Opening, saving and closing, from the window's side.

use super::Workbench;
use crate::choose::{self, Wanted};
use crate::dialog::{Question, ask};
use crate::file_tree::{FileTree, FileTreeEvent};
use crate::unsaved::{self, Outcome};
use crate::write_behind;
use gpui_kit::{
    App, AppContext as _, AsyncWindowContext, Context, Entity, Subscription, Task, Window,
};
use settings::HotExit;
use std::path::PathBuf;
use ui::settings_store::ActiveSettings as _;
use ui::widgets::ButtonStyle;
use ui::{ItemHandle, OpenTarget, Severity, ThemeStore};
use workspace::SaveError;

impl Workbench {
    /// Opens a target in the active group. A folder of the project is shown in the tree,
    /// another one opened in the window after what is unsaved was asked about: the link to it
    /// may come from a model.
    pub(crate) fn open(&mut self, target: OpenTarget, window: &mut Window, cx: &mut Context<Self>) {
        let turn = self.area.update(cx, |area, _| area.turn());
        let this = cx.weak_entity();
        // A view that is asked for its path may be what asks. What is typed next is for the tab.
        window.defer(cx, move |window, cx| {
            // The window may be closing.
            this.update(cx, |this, cx| this.open_file_at(turn, target, window, cx))
                .ok();
        });
    }

    /// Shows the files that are only looked at in the tree.
    pub(super) fn hear_tree(
        files: &Entity<FileTree>,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> Subscription {
        cx.subscribe_in(files, window, |this, _, event, window, cx| match event {
            FileTreeEvent::LookedAt(path) => {
                let target = OpenTarget::new(path.clone());
                this.area
                    .update(cx, |area, cx| area.look_at(target, window, cx));
            }
        })
    }

    /// Opens a file in the active group.
    pub(super) fn open_file(
        &mut self,
        target: OpenTarget,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let turn = self.area.update(cx, |area, _| area.turn());
        self.open_file_at(turn, target, window, cx);
    }

    /// As [`Self::open_file`], for what was asked for at this [`turn`](crate::editor_area::EditorArea::turn).
    fn open_file_at(
        &mut self,
        turn: u64,
        target: OpenTarget,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.area
            .update(cx, |area, cx| area.open_at(turn, target, window, cx));
        cx.notify();
    }

    pub(super) fn open_folder_target(
        &mut self,
        path: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.has_folder && path.starts_with(self.root(cx)) {
            self.reveal_panel("files", window, cx);
            self.files
                .update(cx, |files, cx| files.select_path(&path, cx));
        } else {
            self.switch_folder(path, window, cx);
        }
    }

    pub(super) fn new_file(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let item = self.host.clone().new_file(self.model.clone(), window, cx);
        if let Some(item) = item {
            self.area.update(cx, |area, cx| area.show(item, window, cx));
        }
    }

    pub(super) fn choose_file(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let start = self.root(cx);
        let chosen = choose::existing(Wanted::File, &self.modals.clone(), start, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Some(path) = chosen.await else {
                return Ok(());
            };
            this.update_in(cx, |this, window, cx| {
                this.open(OpenTarget::new(path), window, cx)
            })
        })
        .detach();
    }

    /// Lets a person choose a folder and opens it in this window.
    pub(crate) fn choose_folder(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.choose_folder_then(window, cx, Self::switch_folder);
    }

    /// Lets a person choose a folder and opens it in another window.
    pub(super) fn choose_folder_for_window(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.choose_folder_then(window, cx, |this, folder, window, cx| {
            this.open_window(Some(folder), window, cx);
        });
    }

    fn choose_folder_then(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
        then: impl FnOnce(&mut Self, PathBuf, &mut Window, &mut Context<Self>) + 'static,
    ) {
        let root = self.root(cx);
        let start = root.parent().map_or(root.clone(), PathBuf::from);
        let chosen = choose::existing(Wanted::Folder, &self.modals.clone(), start, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Some(path) = chosen.await else {
                return Ok(());
            };
            this.update_in(cx, |this, window, cx| then(this, path, window, cx))
        })
        .detach();
    }

    /// Opens another window, on a folder or without one.
    pub(super) fn open_window(
        &mut self,
        folder: Option<PathBuf>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.host.clone().open_window(folder, window, cx);
    }

    /// Opens a folder in this window once unsaved changes are settled; where another window has it
    /// open, that one comes to the front instead.
    pub(crate) fn switch_folder(
        &mut self,
        folder: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let host = self.host.clone();
        let raised = host.raise_window(folder.clone(), window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if raised.await {
                // Not every desktop lets a window come to the front.
                let name = folder.file_name().unwrap_or(folder.as_os_str());
                let told = format!("{} is open in another window.", name.to_string_lossy());
                cx.update(|window, cx| ui::notify(Severity::Info, told, window, cx))?;
                return Ok(());
            }
            let settled = this.update_in(cx, |this, window, cx| {
                let kept = cx.kiln_settings().kept.hot_exit;
                this.settle_or_keep(kept == HotExit::OnExitAndWindowClose, window, cx)
            })?;
            if settled.await {
                // What the window does already is to be in the settings that are read anew.
                let written = this.update(cx, |_, cx| write_behind::all_written(cx))?;
                written.await;
                this.update_in(cx, |this, window, cx| {
                    this.save_layout(window, cx);
                    // The workbench is replaced; that cannot happen while it is borrowed.
                    window.defer(cx, move |window, cx| host.open_folder(folder, window, cx));
                })?;
            }
            anyhow::Ok(())
        })
        .detach();
    }

    pub(super) fn save_active(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let item = self
            .area
            .read(cx)
            .active_item()
            .map(ItemHandle::boxed_clone);
        if let Some(item) = item {
            self.save_items(vec![item], window, cx);
        }
    }

    pub(super) fn save_all(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let mut items = self.area.read(cx).items();
        items.retain(|item| item.is_dirty(cx));
        self.save_items(items, window, cx);
    }

    pub(super) fn save_active_as(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(item) = self
            .area
            .read(cx)
            .active_item()
            .map(ItemHandle::boxed_clone)
        else {
            return;
        };
        self.save_item_as(item, window, cx);
    }

    /// Saves an item under a path that is asked for.
    fn save_item_as(
        &mut self,
        item: Box<dyn ItemHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (folder, name) = (self.root(cx), item.tab_title(cx).to_string());
        let chosen = choose::new_path(&self.modals, folder, name, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Some(path) = chosen.await else { return };
            // A window that is closed saves nothing.
            this.update_in(cx, |this, window, cx| {
                this.save_item_to(item, path, window, cx);
            })
            .ok();
        })
        .detach();
    }

    fn save_item_to(
        &mut self,
        item: Box<dyn ItemHandle>,
        path: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let saved = item.save_as(path.clone(), window, cx);
        self.report_save(item, Some(path), saved, window, cx);
    }

    fn save_items(
        &mut self,
        items: Vec<Box<dyn ItemHandle>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        for item in items {
            if item.path(cx).is_none() {
                self.save_item_as(item, window, cx);
            } else {
                let saved = item.save(window, cx);
                self.report_save(item, None, saved, window, cx);
            }
        }
    }

    /// Says what went wrong with a save, to `chosen` where a path was asked for.
    fn report_save(
        &mut self,
        item: Box<dyn ItemHandle>,
        chosen: Option<PathBuf>,
        saved: Task<anyhow::Result<()>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Err(error) = saved.await else {
                return Ok(());
            };
            this.update_in(cx, |this, window, cx| {
                if matches!(error.downcast_ref(), Some(SaveError::ChangedOnDisk { .. })) {
                    this.ask_overwrite(item, window, cx);
                } else if matches!(error.downcast_ref(), Some(SaveError::IsFolder { .. })) {
                    this.ask_elsewhere(item, window, cx);
                } else {
                    let mut told = ui::error_with_causes(&error);
                    if unsaved::lacks_character(&error) {
                        told = format!("{}: {told}", item.tab_title(cx));
                    }
                    if let Some(buffer) = item.buffer(cx) {
                        this.told_unsaved.insert(buffer, told.clone());
                    }
                    if unsaved::lacks_character(&error) && item.buffer(cx).is_some() {
                        let in_utf8 =
                            move |this: &mut Self,
                                  item: Box<dyn ItemHandle>,
                                  window: &mut Window,
                                  cx: &mut Context<Self>| {
                                this.save_item_in_utf8(item, chosen.clone(), window, cx);
                            };
                        this.offer((item, told), unsaved::IN_UTF8, in_utf8, window, cx);
                    } else if is_refused(&error) {
                        let elsewhere = Self::save_item_as;
                        this.offer((item, told), "Save As\u{2026}", elsewhere, window, cx);
                    } else {
                        ui::notify(Severity::Error, told, window, cx);
                    }
                }
            })
        })
        .detach();
    }

    /// Says why an item was not saved, with a button that mends it.
    fn offer(
        &self,
        (item, told): (Box<dyn ItemHandle>, String),
        label: &'static str,
        mend: impl Fn(&mut Self, Box<dyn ItemHandle>, &mut Window, &mut Context<Self>) + 'static,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let this = cx.weak_entity();
        let pressed = move |window: &mut Window, cx: &mut App| {
            // A window that is closed saves nothing.
            this.update(cx, |this, cx| mend(this, item.boxed_clone(), window, cx))
                .ok();
        };
        ui::notify_with_action(Severity::Error, told, label, pressed, window, cx);
    }

    /// Saves an item in the encoding that has all characters, where it was to be saved. One that its
    /// own encoding can express by now is saved in that; one that was closed is left alone.
    fn save_item_in_utf8(
        &mut self,
        item: Box<dyn ItemHandle>,
        chosen: Option<PathBuf>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let workspace = self.model.read(cx).workspace();
        let Some(id) = item.buffer(cx).filter(|id| workspace.buffer(*id).is_some()) else {
            return;
        };
        if let Some(path) = chosen {
            unsaved::choose_utf8(&self.model, id, cx);
            return self.save_item_where_nothing_is(item, path, window, cx);
        }
        let saved = item.save(window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let Err(error) = saved.await else {
                return Ok(());
            };
            this.update_in(cx, |this, window, cx| {
                if unsaved::lacks_character(&error) {
                    unsaved::choose_utf8(&this.model, id, cx);
                    this.save_items(vec![item], window, cx);
                } else {
                    this.report_save(item, None, Task::ready(Err(error)), window, cx);
                }
            })
        })
        .detach();
    }

    /// Saves an item under a path that was chosen a while ago; where a file is there, the path is
    /// asked for again, since it may not be the one that a person agreed to overwrite.
    fn save_item_where_nothing_is(
        &mut self,
        item: Box<dyn ItemHandle>,
        path: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (fs, looked_for) = (self.model.read(cx).workspace().fs().clone(), path.clone());
        let found = cx.background_spawn(async move { fs.exists(&looked_for) });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let found = found.await;
            // A window that is closed saves nothing.
            this.update_in(cx, |this, window, cx| match found {
                true => this.save_item_as(item, window, cx),
                false => this.save_item_to(item, path, window, cx),
            })
            .ok();
        })
        .detach();
    }

    /// Another program changed the file: a person says whose text stays.
    fn ask_overwrite(
        &mut self,
        item: Box<dyn ItemHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(buffer) = item.buffer(cx) else {
            return;
        };
        let question = Question::new(
            format!("{} was changed by another program", item.tab_title(cx)),
            "Overwrite it with your text, save yours under another name, or take the text from the \
             disk? What you take from the disk can be undone in the editor.",
        )
        .answer("Take from Disk", ButtonStyle::Secondary)
        .answer("Compare", ButtonStyle::Secondary)
        .answer("Save As\u{2026}", ButtonStyle::Secondary)
        .answer("Cancel", ButtonStyle::Secondary)
        .answer("Overwrite", ButtonStyle::Danger);
        let answer = ask(&self.modals, question, window, cx);
        let model = self.model.clone();
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let result: anyhow::Result<()> = match answer.await {
                Ok(1) => {
                    return this.update_in(cx, |this, window, cx| {
                        let workspace = this.model.read(cx).workspace();
                        let disk = workspace.buffer(buffer).and_then(|one| one.text_on_disk());
                        if let Some(disk) = disk.cloned() {
                            item.compare_with(&disk, "the disk".into(), window, cx);
                        }
                    });
                }
                Ok(2) => {
                    return this.update_in(cx, |this, window, cx| {
                        this.save_item_as(item, window, cx);
                    });
                }
                Ok(0) => {
                    let reloading =
                        cx.update(|_, cx| model.update(cx, |model, cx| model.reload(buffer, cx)))?;
                    reloading.await.map_err(anyhow::Error::from)
                }
                Ok(4) => {
                    let save = cx.update(|_, cx| {
                        model.update(cx, |model, cx| model.overwrite(buffer, cx))
                    })?;
                    save.await.map_err(anyhow::Error::from)
                }
                _ => Ok(()),
            };
            if let Err(error) = result {
                cx.update(|window, cx| ui::notify_error(&error, window, cx))?;
            }
            anyhow::Ok(())
        })
        .detach();
    }

    /// A folder stands where the file was: the text can be saved elsewhere alone.
    fn ask_elsewhere(
        &mut self,
        item: Box<dyn ItemHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let question = Question::new(
            format!("{} is a folder now", item.tab_title(cx)),
            "A folder stands where the file was. Save your text under another name to keep it.",
        )
        .answer("Cancel", ButtonStyle::Secondary)
        .answer("Save As\u{2026}", ButtonStyle::Primary);
        let answer = ask(&self.modals, question, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if !matches!(answer.await, Ok(1)) {
                return Ok(());
            }
            this.update_in(cx, |this, window, cx| {
                this.save_item_as(item, window, cx);
            })
        })
        .detach();
    }

    /// Settles every unsaved change. True where the window may go.
    fn settle_all(&mut self, window: &mut Window, cx: &mut Context<Self>) -> Task<bool> {
        let items = self.area.read(cx).items();
        let buffers: Vec<_> = items.iter().filter_map(|item| item.buffer(cx)).collect();
        let model = self.model.clone();
        let settled = unsaved::settle(items, &model, &self.modals.clone(), window, cx);
        cx.spawn_in(
            window,
            async move |this, cx: &mut AsyncWindowContext| match settled.await {
                Ok(Outcome::GoOn) => {
                    // A closed window keeps its text rather than lose it.
                    this.update(cx, |_, cx| ui::recovery::give_up(&model, buffers, cx))
                        .is_ok()
                }
                Ok(_) => false,
                Err(error) => {
                    // A closed window shows nothing.
                    this.update_in(cx, |_, window, cx| {
                        ui::notify_error(&error, window, cx);
                    })
                    .ok();
                    false
                }
            },
        )
    }

    /// Settles every unsaved change; where `hot`, by keeping the text of buffers for the next start
    /// without a question. What cannot be kept, or is not the text of a buffer, is asked about.
    pub(super) fn settle_or_keep(
        &mut self,
        hot: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<bool> {
        if !hot {
            return self.settle_all(window, cx);
        }
        let kept = ui::recovery::keep_all(&self.model, window, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            if kept.await {
                let settled = this.update_in(cx, |this, window, cx| {
                    let mut items = this.area.read(cx).items();
                    items.retain(|item| item.buffer(cx).is_none());
                    let (model, modals) = (this.model.clone(), this.modals.clone());
                    unsaved::settle(items, &model, &modals, window, cx)
                });
                match settled {
                    Ok(settled) => matches!(settled.await, Ok(Outcome::GoOn)),
                    // A closed window asks nothing.
                    Err(_) => true,
                }
            } else {
                match this.update_in(cx, |this, window, cx| this.settle_all(window, cx)) {
                    Ok(settled) => settled.await,
                    Err(_) => true,
                }
            }
        })
    }

    /// Opens a settings file, making it first where there is none.
    pub(super) fn open_settings_file(
        &mut self,
        path: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let files = self.settings.clone();
        let made = cx.background_spawn({
            let path = path.clone();
            async move { files.ensure(&path) }
        });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let made = made.await;
            this.update_in(cx, |this, window, cx| match made {
                Ok(()) => this.open(OpenTarget::new(path), window, cx),
                Err(error) => ui::notify_error(&error, window, cx),
            })
        })
        .detach();
    }

    /// The files of the open tabs, the active one last.
    pub(super) fn open_files(&self, cx: &App) -> Vec<PathBuf> {
        let area = self.area.read(cx);
        let active = area.active_item().and_then(|item| item.path(cx));
        let mut paths: Vec<_> = area
            .items()
            .iter()
            .filter_map(|item| item.path(cx))
            .collect();
        paths.dedup();
        paths.retain(|path| Some(path) != active.as_ref());
        paths.extend(active);
        paths
    }

    /// Writes the chosen theme to settings.
    pub(crate) fn choose_theme(
        &mut self,
        theme: &settings::Theme,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let written = self.settings.set_theme(theme, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let written = written.await;
            // Until now the preview stood in for it.
            cx.update(|_, cx| ThemeStore::preview(None, cx))?;
            this.update_in(cx, |_, window, cx| {
                if let Err(error) = written {
                    ui::notify_error(&error, window, cx);
                }
                cx.notify();
            })
        })
        .detach();
    }

    /// Writes to settings that the theme follows the system.
    pub(super) fn follow_system(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let written = self.settings.follow_system(cx);
        ui::notify_failure(written, window, cx);
    }

    pub(super) fn about(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let question = Question::new(
            "Kiln",
            format!(
                "Version {}. A native IDE that turns a prompt into a reviewed spec, and the spec \
                 into working code. Apache-2.0.",
                env!("CARGO_PKG_VERSION")
            ),
        )
        .answer("Close", ButtonStyle::Primary);
        // There is nothing to do with the answer.
        drop(ask(&self.modals, question, window, cx));
    }

    /// Builds a view and shows it over the window.
    pub(super) fn show_modal<V: gpui_kit::ManagedView>(
        &mut self,
        placement: crate::modal::Placement,
        window: &mut Window,
        cx: &mut Context<Self>,
        build: impl FnOnce(&mut Window, &mut Context<V>) -> V,
    ) {
        let view = cx.new(|cx| build(window, cx));
        self.modals
            .update(cx, |modals, cx| modals.show(view, placement, window, cx));
    }
}

/// Whether a file could not be written where it was to be, but may be elsewhere.
fn is_refused(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref();
    matches!(
        error,
        Some(SaveError::ReadOnly { .. } | SaveError::Write(_))
    )
}
