//! Edits that language servers work out: of one text, and of several files at once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use super::deleted_files::DeletedFiles;
use super::edit_checks;
use super::edit_versions::EditVersions;
use super::in_folder::{InFolder, nothing};
use super::joint_edit::EditInProgress;
use super::new_files;
use super::places::{ListedAs, ListedChange, PlaceList, fits_list};
use super::shown_texts::ShownTexts;
use super::{AskedVersions, ListedFor, WorkspaceModel};
use editor_core::{ChangeSet, Text};
use fs::{EditorConfig, LoadError, LoadedFile};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{AskedEdit, EditStep, EditsError, FileEdit, WorkspaceEdit};
use workspace::{Buffer, BufferId, HistorySource, Severity};

/// A file that is not open is changed up to so many bytes.
pub(super) const MAX_EDITED: u64 = 64 * 1024 * 1024;
/// So many files are deleted by one edit at most: who looks at the list sees them all.
const MOST_DELETED: usize = 1_000;
/// What is said where edits are listed and not made.
const LISTED: &str = "The language server would delete files. They are listed under References; Apply makes the changes.";
/// Why a server's edits are not listed.
const LIST_WAITS: &str = "the language server would delete files while other changes wait under References to be applied or discarded";
/// What a server is told whose edits are listed because a person wants to see them first.
const LOOKED_AT: &str = "the edits are listed, to be looked at before they are made";
/// Why the edits of a list are not made.
const NOT_SHOWN: &str = "they are not listed any more";
/// Why nothing came of something.
pub(super) const GONE: &str = "The window was closed.";

/// What is to be changed in a file.
pub(super) enum Wanted {
    /// What a server said.
    Edit(FileEdit),
    /// This change of this text.
    Back(ChangeSet, Text),
}

/// A change that was worked out off the UI thread, of a version of a text.
struct WorkedOut {
    version: u64,
    change: Result<ChangeSet, EditsError>,
}

/// A file of an edit: where it is below the folder.
pub(super) struct Target {
    pub wanted: Wanted,
    /// Its path as the folder is called here.
    pub path: PathBuf,
    pub inside: PathBuf,
    /// The buffer that shows it.
    pub open: Option<BufferId>,
    /// It holds nothing and came to be once the edit was asked for: the server made it, to be filled.
    pub is_new: bool,
}

impl WorkspaceModel {
    /// Makes edits of several files, whoever asks for them. Texts are changed in all of the files of a
    /// step or in none; what is to be done to whole files is done in its turn, and ends the edit where
    /// it cannot be done. Files that are not open are opened for it and saved; each file has one step of
    /// undo for each time that its text is changed. `asked` are the versions that the edits were worked
    /// out for: those of a text which an earlier step changes are of what that leaves. Says how many
    /// files were changed, or why not.
    ///
    /// Edits that would delete files are not made but listed: nobody has seen which.
    /// [`Self::apply_listed_edit`] makes them.
    pub fn apply_server_edit(
        &mut self,
        edit: &Arc<WorkspaceEdit>,
        asked: &AskedVersions,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        self.make_or_list(edit, asked, ListedAs::default(), cx)
    }

    /// [`Self::apply_server_edit`], which says how edits are listed that are.
    pub(super) fn make_or_list(
        &mut self,
        edit: &Arc<WorkspaceEdit>,
        asked: &AskedVersions,
        listed: ListedAs,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        let since = listed.since;
        let deleting = edit.operations().filter(|one| one.deletes()).count();
        let made = match self.may_be_listed(edit, deleting) {
            Err(why) => Task::ready(Err(why)),
            Ok(()) if deleting > 0 => {
                let title = "Changes that delete files";
                self.list_edit_as(title, edit.clone(), asked.clone(), listed, cx);
                return Task::ready(Err(LISTED.to_owned()));
            }
            Ok(()) => self.make_server_edit(edit, (asked, since), &ShownTexts::default(), cx),
        };
        self.or_unmade(edit.clone(), since, made, cx)
    }

    /// Whether an edit that deletes so many files can be listed; where it deletes none it need not be.
    fn may_be_listed(&self, edit: &WorkspaceEdit, deleting: usize) -> Result<(), String> {
        match deleting {
            0 => Ok(()),
            1..=MOST_DELETED => fits_list(edit, self.root()),
            _ => Err(nothing(&format!(
                "the language server would delete {deleting} files at once"
            ))),
        }
    }

    /// Makes the edits of a list, which somebody has looked at, but for the changes that they left out
    /// and those that need them, and empties the list; then does what is to follow them. Says how many
    /// files were changed, or why not: those of a list that another has replaced are not made, and none
    /// where a text that they change is another than the one that was shown.
    pub fn apply_listed_edit(
        &mut self,
        shown: &Rc<PlaceList>,
        left_out: &HashSet<ListedChange>,
        cx: &mut Context<Self>,
    ) -> Task<Result<usize, String>> {
        let Some(shown_edit) = &shown.edit else {
            return Task::ready(Ok(0));
        };
        if !self.places().is_some_and(|now| Rc::ptr_eq(now, shown)) {
            return Task::ready(Err(nothing(NOT_SHOWN)));
        }
        let left_out = shown_edit.with_all_wanting(left_out);
        let edit = shown_edit.without(&left_out);
        if edit.is_empty() {
            return Task::ready(Err(nothing("all of it is left out")));
        }
        self.show_places(None, cx);
        let texts = shown_edit.texts_without(&left_out);
        let asked = (&shown_edit.asked, shown_edit.since);
        let made = self.make_server_edit(&edit, asked, &texts, cx);
        let Some(then) = shown_edit.then.clone() else {
            return made;
        };
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let count = made.await?;
            let running = this
                .update(cx, |model, cx| model.run_after(&then, cx))
                .map_err(|_| GONE.to_owned())?;
            let failed =
                |error| format!("The changes were made, but not what was to follow them: {error}.");
            running.await.map_err(failed)?;
            Ok(count)
        })
    }

    fn make_server_edit(
        &self,
        edit: &Arc<WorkspaceEdit>,
        (asked, since): (&AskedVersions, Option<SystemTime>),
        shown: &ShownTexts,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        if let Err(why) = shown.check_open(&self.workspace) {
            return Task::ready(Err(nothing(&why)));
        }
        let edit = edit.clone();
        let mut progress = EditInProgress {
            versions: EditVersions::new(asked.clone()),
            since,
            ..EditInProgress::default()
        };
        let open = self.workspace.buffers();
        let open: HashSet<_> = open.filter_map(|one| Some(one.path()?.into())).collect();
        let coming: Vec<_> = self.coming_texts().cloned().collect();
        let (root, fs) = (self.root().to_path_buf(), self.workspace.fs().clone());
        // All that can be known to be refused is known before anything is done.
        let lies = cx.background_executor().spawn({
            let (edit, shown) = (edit.clone(), shown.clone());
            async move {
                let folder = InFolder::of_edit(&root, &edit)?;
                shown.check_closed(fs.as_ref(), &folder)?;
                edit_checks::check(fs.as_ref(), &folder, &edit, (&open, &coming))?;
                Ok::<_, String>(folder)
            }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let gone = |_| GONE.to_owned();
            let folder = lies.await.map_err(|why| nothing(&why))?;
            this.read_with(cx, |model, _| model.may_delete(&folder, &edit))
                .map_err(gone)?
                .map_err(|why| nothing(&why))?;
            let (mut count, mut deleted) = (0, DeletedFiles::default());
            let mut failed = None;
            for (done, step) in edit.steps.iter().enumerate() {
                let mut in_part = false;
                let step = match step {
                    EditStep::Texts(files) => {
                        Self::change_texts(&this, &folder, files, &mut progress, cx).await
                    }
                    EditStep::File(operation) => {
                        let what = (operation, deleted.room());
                        let operating = this
                            .update(cx, |model, cx| model.operate(&folder, what, cx))
                            .map_err(gone)?;
                        let operated = operating.await;
                        in_part = operated.failed.is_some() && !operated.deleted.is_empty();
                        for event in &operated.events {
                            progress.happened(event, &folder.root);
                        }
                        progress.made_folders(&operated.folders, &folder.root);
                        deleted.append(operated.deleted);
                        operated.failed.map_or(Ok(1), Err)
                    }
                };
                match step {
                    Ok(more) => count += more,
                    Err(why) => {
                        failed = Some(match (done, in_part) {
                            (0, false) => nothing(&why),
                            (0, true) => format!("Only a part of it was deleted: {why}."),
                            (_, false) => {
                                format!("Only the first changes were made, {count} of them: {why}.")
                            }
                            (_, true) => format!(
                                "Only the first changes were made, {count} of them, and a part was deleted: {why}."
                            ),
                        });
                        break;
                    }
                }
            }
            this.update(cx, |model, cx| {
                model.tell_made(progress, cx);
                if !deleted.is_empty() {
                    model.keep_deleted(deleted, cx);
                }
            })
            .map_err(gone)?;
            failed.map_or(Ok(count), Err)
        })
    }

    /// Changes texts, all of them or none; says how many.
    async fn change_texts(
        this: &WeakEntity<Self>,
        folder: &InFolder,
        files: &[FileEdit],
        progress: &mut EditInProgress,
        cx: &mut AsyncApp,
    ) -> Result<usize, String> {
        let targets = this.read_with(cx, |model, _| {
            let files = files.iter().filter(|one| !one.is_empty());
            let targets = files.map(|edit| {
                let inside = folder.inside(&edit.path)?;
                let path = folder.root.join(&inside);
                Ok(Target {
                    open: model.workspace.buffer_for_path(&path),
                    wanted: Wanted::Edit(edit.clone()),
                    path,
                    inside,
                    is_new: false,
                })
            });
            targets.collect::<Result<Vec<_>, String>>()
        });
        let targets = targets.map_err(|_| GONE.to_owned())??;
        Self::change_targets(this, folder, targets, progress, cx).await
    }

    /// The same of files that are found.
    pub(super) async fn change_targets(
        this: &WeakEntity<Self>,
        folder: &InFolder,
        mut targets: Vec<Target>,
        progress: &mut EditInProgress,
        cx: &mut AsyncApp,
    ) -> Result<usize, String> {
        let gone = |_| GONE.to_owned();
        let fs = this
            .read_with(cx, |model, _| model.workspace.fs().clone())
            .map_err(gone)?;
        let (folder, since) = (folder.clone(), progress.since);
        let reached = cx.background_executor().spawn(async move {
            let mut folders = Vec::new();
            for target in &mut targets {
                let is_open = target.open.is_some();
                folder.is_reached(fs.as_ref(), &target.inside, is_open)?;
                let Some(since) = since.filter(|_| !is_open) else {
                    continue;
                };
                target.is_new = new_files::is_new_and_empty(fs.as_ref(), &target.path, since);
                if target.is_new {
                    let above = (folder.root.as_path(), target.inside.as_path());
                    folders.extend(new_files::new_folders_above(fs.as_ref(), above, since));
                }
            }
            Ok::<_, String>((targets, folder, folders))
        });
        let (reached, folder, folders) = reached.await?;
        targets = reached;
        let count = targets.len();
        let mut opened = Vec::new();
        let mut failed = None;
        for target in &mut targets {
            if target.open.is_some() {
                continue;
            }
            let opening = this
                .update(cx, |model, cx| {
                    model.open_beneath(&folder, &target.inside, cx)
                })
                .map_err(gone)?;
            match opening.await {
                Ok(id) => {
                    opened.push((id, target.inside.clone()));
                    target.open = Some(id);
                }
                Err(why) => {
                    failed = Some(why);
                    break;
                }
            }
        }
        let applied = match failed {
            Some(message) => Err(message),
            None => {
                let (worked_out, targets) = Self::work_out(this, targets, cx).await?;
                this.update(cx, |model, cx| {
                    let opened: Vec<_> = opened.iter().map(|(id, _)| *id).collect();
                    model.apply_all(&targets, worked_out, &opened, progress, cx)
                })
                .map_err(gone)?
            }
        };
        for (id, inside) in opened {
            let saved = match applied.is_ok() {
                true => {
                    let saving = this
                        .update(cx, |model, cx| {
                            let root = folder.root.clone();
                            let job = model.workspace.save_job(id);
                            let job =
                                job.map(|job| job.beneath(root, inside, HistorySource::Saved));
                            model.run_save(id, job, cx)
                        })
                        .map_err(gone)?;
                    saving.await.map_err(|error| error.to_string())
                }
                false => Ok(()),
            };
            this.update(cx, |model, cx| match saved {
                Ok(()) => model.close_unseen(id, cx),
                Err(message) => model.update(cx, |workspace| {
                    workspace.notice(Severity::Warning, message);
                }),
            })
            .map_err(gone)?;
        }
        if applied.is_ok() {
            progress.made_folders(&folders, &folder.root);
        }
        applied.map(|()| count)
    }

    /// Reads the edits of open texts, which may be tens of thousands, off the UI thread.
    async fn work_out(
        this: &WeakEntity<Self>,
        targets: Vec<Target>,
        cx: &mut AsyncApp,
    ) -> Result<(Vec<Option<WorkedOut>>, Vec<Target>), String> {
        let texts = this.read_with(cx, |model, _| {
            let open = targets.iter().map(|target| {
                let buffer = model.workspace.buffer(target.open?)?;
                Some((buffer.version(), buffer.text().clone()))
            });
            open.collect::<Vec<_>>()
        });
        let texts = texts.map_err(|_| GONE.to_owned())?;
        let read = cx.background_executor().spawn(async move {
            let all = targets.iter().zip(texts).map(|(target, text)| {
                let (version, text) = text?;
                match &target.wanted {
                    Wanted::Edit(edit) => Some(WorkedOut {
                        version,
                        change: edit.change(&text),
                    }),
                    Wanted::Back(..) => None,
                }
            });
            (all.collect(), targets)
        });
        Ok(read.await)
    }

    /// Opens a file below the folder for an edit; no link is followed on the way to it. One whose
    /// unsaved text is still to come back is not: servers know the file alone, and their places are
    /// those of another text.
    fn open_beneath(
        &mut self,
        folder: &InFolder,
        inside: &Path,
        cx: &mut Context<Self>,
    ) -> Task<Result<BufferId, String>> {
        if let Some(text) = self.coming_text_of(&folder.root.join(inside)) {
            return Task::ready(Err(text.not_edited()));
        }
        let loading = self.load_beneath(folder, inside, cx);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let loaded = loading.await;
            let (loaded, config) = loaded.map_err(|error| error.to_string())?;
            let opened = this.update(cx, |model, cx| {
                model.update(cx, |workspace| {
                    let id = workspace.add_loaded(loaded);
                    workspace.set_editor_config(id, config);
                    id
                })
            });
            opened.map_err(|_| GONE.to_owned())
        })
    }

    /// Reads a file below the folder; no link is followed on the way to it.
    pub(super) fn load_beneath(
        &self,
        folder: &InFolder,
        inside: &Path,
        cx: &Context<Self>,
    ) -> Task<Result<(LoadedFile, EditorConfig), LoadError>> {
        let fs = self.workspace.fs().clone();
        let (root, inside) = (folder.root.clone(), inside.to_path_buf());
        let encodings = self.workspace.usual_encodings();
        cx.background_executor().spawn(async move {
            let config = EditorConfig::of(fs.as_ref(), &root.join(&inside));
            let encoding = encodings.of(&inside).configured(&config);
            let loaded = fs::load_beneath(fs.as_ref(), &root, &inside, MAX_EDITED, encoding)?;
            Ok((loaded, config))
        })
    }

    fn apply_all(
        &mut self,
        targets: &[Target],
        worked_out: Vec<Option<WorkedOut>>,
        opened: &[BufferId],
        progress: &mut EditInProgress,
        cx: &mut Context<Self>,
    ) -> Result<(), String> {
        let (mut changes, mut back) = (Vec::new(), Vec::new());
        for (target, worked_out) in targets.iter().zip(worked_out) {
            let Target { path, open, .. } = target;
            let refused = |why: String| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                format!("{name}: {why}")
            };
            let buffer = open.and_then(|id| self.workspace.buffer(id));
            let Some(buffer) = buffer else {
                return Err(refused("it was closed".into()));
            };
            // It was read for this and is saved with it: not what somebody typed into it meanwhile.
            if opened.contains(&buffer.id()) && buffer.is_dirty() {
                return Err(refused(EditsError::Stale.to_string()));
            }
            let change = match &target.wanted {
                Wanted::Edit(edit) => {
                    let versions = &progress.versions;
                    let wanted = versions.wanted(buffer.id(), path, edit.version);
                    if wanted.is_some_and(|version| version != buffer.version()) {
                        return Err(refused(EditsError::Stale.to_string()));
                    }
                    // A text that was edited meanwhile is taken as it is now.
                    let known = worked_out.filter(|one| one.version == buffer.version());
                    let change = known.map_or_else(|| edit.change(buffer.text()), |one| one.change);
                    let change = change.map_err(|error| refused(error.to_string()))?;
                    let undoing = change.invert(buffer.text());
                    back.push((target, buffer.id(), (buffer.revision(), undoing)));
                    change
                }
                Wanted::Back(change, after) if after == buffer.text() => change.clone(),
                Wanted::Back(..) => return Err(refused("it was changed since".into())),
            };
            changes.push((buffer.id(), change));
        }
        self.update(cx, |workspace| workspace.edit_together(&changes))
            .map_err(|error| error.to_string())?;
        for (target, id, back) in back {
            if let Some(buffer) = self.workspace.buffer(id) {
                progress.changed(target, back, buffer, opened.contains(&id));
            }
        }
        Ok(())
    }

    /// Whether a view shows a buffer.
    pub fn is_seen(&self, id: BufferId) -> bool {
        let views = self.carets.get(&id);
        views.is_some_and(|views| views.iter().any(|view| view.strong_count() > 0))
    }

    /// Closes a buffer that no view shows, unless it has changes that are not saved.
    pub fn close_unseen(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let dirty = self.workspace.buffer(id).is_some_and(Buffer::is_dirty);
        if !self.is_seen(id) && !dirty {
            self.update(cx, |workspace| workspace.close(id));
        }
    }

    /// Makes the edits that a server asks for while it runs a command, and tells it so. Servers choose
    /// the moment: what they would have listed takes the place of no list that is about to be applied.
    pub(super) fn take_asked_edit(
        &mut self,
        server: &str,
        asked: AskedEdit,
        cx: &mut Context<Self>,
    ) {
        let versions = AskedVersions::new();
        let looked_at = self.looked_at.as_ref();
        let title = looked_at.and_then(|one| one.title_of(server, asked.command_given));
        if let Some(title) = title.filter(|_| !asked.edit.is_empty()) {
            let listed = ListedAs {
                by: ListedFor::Person,
                then: None,
                since: Some(asked.command_given),
            };
            self.list_edit_as(title.to_string(), asked.edit.clone(), versions, listed, cx);
            return asked.answer(Err(LOOKED_AT.to_owned()));
        }
        let listed = ListedAs {
            by: ListedFor::Server,
            then: None,
            since: Some(asked.command_given),
        };
        let deletes = asked.edit.operations().any(|one| one.deletes());
        let applied = match deletes && self.lists_edit() {
            true => {
                let waits = Task::ready(Err(nothing(LIST_WAITS)));
                self.or_unmade(asked.edit.clone(), listed.since, waits, cx)
            }
            false => self.make_or_list(&asked.edit, &versions, listed, cx),
        };
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let made = applied.await;
            if let Err(message) = &made {
                // A closed window tells nothing.
                this.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.notice(Severity::Warning, message.clone());
                    });
                })
                .ok();
            }
            asked.answer(made.map(|_| ()));
        })
        .detach();
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod step_tests;

#[cfg(test)]
mod coming_tests;
