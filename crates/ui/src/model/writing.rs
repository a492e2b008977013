//! How files are read and written: what `.editorconfig` and the settings say of it.

use super::{SharedCarets, WorkspaceModel};
use editor_core::editing::{self, CleanUp, FinalNewline};
use editor_core::{EditIntent, Selections, Text, Transaction};
use fs::{
    EditorConfig, EncodingChoice, LineEnding, LoadOptions, LoadedFile, TextEncoding, TextFormat,
};
use gpui_kit::{App, AppContext as _, AsyncApp, Context, Task, WeakEntity};
use settings::FilesSettings;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use syntax::LanguageId;
use workspace::{Buffer, BufferId, EditError, RereadError, SaveError, UsualEncodings};

use crate::settings_store::SettingsStore;

/// Texts of up to this many bytes are put in order on the UI thread, in a few milliseconds.
const CLEANED_AT_ONCE: usize = 1024 * 1024;

/// How often a large text is put in order again because it changed meanwhile, before it is saved
/// as it is.
const CLEANING_TRIES: usize = 3;

/// What files are read in by the settings.
pub(super) fn usual_encodings(cx: &App) -> UsualEncodings {
    let settings = SettingsStore::current(cx);
    let choice = |files: &FilesSettings| {
        EncodingChoice::by_settings(&files.encoding, files.auto_guess_encoding)
    };
    let languages = settings.languages();
    let own = languages.map(|(language, own)| (language.to_owned(), choice(&own.files)));
    UsualEncodings::new(choice(&settings.files), own.collect())
}

/// Whether a text has a NUL in its first [`CLEANED_AT_ONCE`] bytes, as no text file has.
fn begins_with_nul(text: &Text) -> bool {
    let end = text.floor_char_boundary(CLEANED_AT_ONCE.min(text.len()));
    text.chunks(0..end)
        .any(|chunk| chunk.as_bytes().contains(&0))
}

/// How the lines of a new file end.
fn new_line_ending(files: &FilesSettings) -> LineEnding {
    match files.eol {
        settings::Eol::Lf => LineEnding::Lf,
        settings::Eol::CrLf => LineEnding::CrLf,
        settings::Eol::Auto if cfg!(windows) => LineEnding::CrLf,
        settings::Eol::Auto => LineEnding::Lf,
    }
}

impl WorkspaceModel {
    /// The format of a new file, by the settings.
    pub fn new_file_format(cx: &App) -> TextFormat {
        Self::new_format_in(LanguageId::PLAIN, cx)
    }

    /// The same of one in a language.
    fn new_format_in(language: LanguageId, cx: &App) -> TextFormat {
        let files = &SettingsStore::current(cx)
            .of_language(language.id_str())
            .files;
        let (encoding, bom) =
            TextEncoding::for_setting(&files.encoding).unwrap_or((TextEncoding::UTF_8, false));
        TextFormat::new(encoding, bom, new_line_ending(files))
    }

    /// Has the lines of an empty file that was read end as those of new ones in its language do.
    pub(super) fn begin_lines(&self, file: &mut LoadedFile, cx: &App) {
        if file.text.is_empty() {
            let language = self.workspace.language_of_path(&file.path);
            let settings = SettingsStore::current(cx);
            let files = &settings.of_language(language.id_str()).files;
            let ending = new_line_ending(files);
            file.format = file.format.clone().with_line_ending(ending);
        }
    }

    /// Reads the `.editorconfig` files above a buffer's file, off the UI thread, and watches those
    /// of the folder.
    pub(super) fn read_editor_config(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(path) = self.path_of(id) else {
            return;
        };
        for place in EditorConfig::places(&path) {
            let inside = place
                .parent()
                .is_some_and(|folder| folder.starts_with(self.root()));
            if inside {
                self.watch_for(id, &place);
            }
        }
        self.refresh_editor_config(id, cx);
    }

    /// Reads them again.
    fn refresh_editor_config(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(path) = self.path_of(id) else {
            return;
        };
        let fs = self.workspace.fs().clone();
        let reading = cx.background_spawn({
            let path = path.clone();
            async move { EditorConfig::of(fs.as_ref(), &path) }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let config = reading.await;
            // A released model has no buffers.
            this.update(cx, |model, cx| {
                if model.path_of(id).as_ref() == Some(&path) {
                    model.update(cx, |workspace| workspace.set_editor_config(id, config));
                }
            })
            .ok();
        })
        .detach();
    }

    /// Reads the `.editorconfig` files of open buffers again where one of these paths is one.
    pub(super) fn editor_configs_changed(&mut self, paths: &[PathBuf], cx: &mut Context<Self>) {
        let folders: Vec<&Path> = paths
            .iter()
            .filter(|path| {
                path.file_name()
                    .is_some_and(|name| name == fs::EDITOR_CONFIG)
            })
            .filter_map(|path| path.parent())
            .collect();
        if folders.is_empty() {
            return;
        }
        let concerned: Vec<BufferId> = self
            .workspace
            .buffers()
            .filter(|buffer| {
                let path = buffer.path();
                path.is_some_and(|path| folders.iter().any(|folder| path.starts_with(folder)))
            })
            .map(Buffer::id)
            .collect();
        for id in concerned {
            self.refresh_editor_config(id, cx);
        }
    }

    fn path_of(&self, id: BufferId) -> Option<PathBuf> {
        Some(self.workspace.buffer(id)?.path()?.to_path_buf())
    }

    /// What a save puts in order, by the `.editorconfig` of the file, then by the settings.
    fn clean_up(&self, id: BufferId, cx: &App) -> CleanUp {
        let buffer = self.workspace.buffer(id);
        let language = buffer.map_or("", |buffer| buffer.language().id_str());
        let files = &SettingsStore::current(cx).of_language(language).files;
        let config = buffer.map(Buffer::editor_config);
        let trim = config.and_then(|config| config.trim_trailing_whitespace);
        let insert = config.and_then(|config| config.insert_final_newline);
        CleanUp {
            trim_trailing_whitespace: trim.unwrap_or(files.trim_trailing_whitespace),
            final_newline: FinalNewline {
                insert: insert.unwrap_or(files.insert_final_newline),
                trim: files.trim_final_newlines,
            },
        }
    }

    /// Saves a buffer after putting its text in order, with the carets of the view that asks, and
    /// of [all others](Self::add_carets), left where they are. That is one step of undo.
    pub fn save_from(
        &mut self,
        id: BufferId,
        carets: &Selections,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        self.cleaned_then(id, carets, cx, move |model, cx| model.save(id, cx))
    }

    /// [`Self::save_from`] for who has no view of the buffer at hand: any that shows it will do.
    pub fn save_from_any(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        let carets = self.carets_in(id).into_iter().next().unwrap_or_default();
        self.save_from(id, &carets, cx)
    }

    /// Saves a buffer under another path, as [`WorkspaceModel::save_as`], after putting its text in
    /// order as the `.editorconfig` of that path says. A new text takes its charset too, unless
    /// somebody has chosen one, and what the settings say of new files in its language.
    pub fn save_as_from(
        &mut self,
        id: BufferId,
        carets: &Selections,
        path: PathBuf,
        overwrite: bool,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        let (fs, target) = (self.workspace.fs().clone(), self.root().join(&path));
        let reading = cx.background_spawn(async move { EditorConfig::of(fs.as_ref(), &target) });
        let running = self.begin_save(id, cx);
        let carets = carets.clone();
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let config = reading.await;
            let saving = this.update(cx, |model, cx| {
                let before = model.rules_of(id);
                model.take_config_of_target(id, &path, config, cx);
                let save = move |model: &mut Self, cx: &mut Context<Self>| {
                    model.save_as(id, path, overwrite, cx)
                };
                let saving = model.cleaned_then(id, &carets, cx, save);
                (before.zip(model.rules_of(id)), saving)
            });
            let (rules, saved) = match saving {
                Ok((rules, saving)) => (rules, saving.await),
                // Without the model there is nothing left to save.
                Err(_) => (None, Err(SaveError::NoSuchBuffer)),
            };
            drop(running);
            // A released model waits for no save.
            this.update(cx, |model, cx| {
                if let (Err(_), Some((before, taken))) = (&saved, rules) {
                    model.put_back(id, before, &taken, cx);
                }
                model.saved(id, cx);
            })
            .ok();
            saved
        })
    }

    /// What a buffer is written by.
    fn rules_of(&self, id: BufferId) -> Option<(EditorConfig, TextFormat)> {
        let buffer = self.workspace.buffer(id)?;
        Some((
            EditorConfig::clone(buffer.editor_config()),
            buffer.format().clone(),
        ))
    }

    /// Gives a buffer back what it was written by before a save that failed took other rules. What
    /// was chosen meanwhile stays.
    fn put_back(
        &mut self,
        id: BufferId,
        (config, before): (EditorConfig, TextFormat),
        (taken_config, taken): &(EditorConfig, TextFormat),
        cx: &mut Context<Self>,
    ) {
        let Some((config_now, now)) = self.rules_of(id) else {
            return;
        };
        let mut format = now.clone();
        if (now.encoding, now.bom) == (taken.encoding, taken.bom) {
            format = format.with_encoding(before.encoding).with_bom(before.bom);
        }
        if now.line_ending == taken.line_ending {
            format = format.with_line_ending(before.line_ending);
        }
        // Also which lines end otherwise is as before.
        let format = if now == *taken { before } else { format };
        self.update(cx, |workspace| {
            if config_now == *taken_config {
                workspace.set_editor_config(id, config);
            }
            workspace.set_format(id, format);
        });
    }

    /// The format of a new file at a place, by the settings and its `.editorconfig`.
    fn format_of_new(&self, target: &Path, config: &EditorConfig, cx: &App) -> TextFormat {
        let language = self.workspace.language_of_path(target);
        let format = Self::new_format_in(language, cx);
        match config.charset {
            Some((encoding, bom)) => TextFormat::new(encoding, bom, format.line_ending),
            None => format,
        }
    }

    /// Begins an empty text for a path where no file is, which is then open as any other; a save makes
    /// the file. Where there is one, or its unsaved text is to come back, nothing is done.
    pub fn begin_missing_file(&mut self, path: PathBuf, cx: &mut Context<Self>) -> Task<()> {
        let is_known = self.workspace.buffer_for_path(&path).is_some();
        if is_known || self.coming_text_of(&path).is_some() {
            return Task::ready(());
        }
        let (fs, place) = (self.workspace.fs().clone(), path.clone());
        let looking = cx.background_spawn(async move {
            let is_missing = matches!(fs.metadata(&place), Err(fs::FsError::NotFound { .. }));
            is_missing.then(|| EditorConfig::of(fs.as_ref(), &place))
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Some(config) = looking.await else { return };
            // Without the model nobody waits for the file.
            this.update(cx, |model, cx| {
                let format = model.format_of_new(&path, &config, cx);
                model.update(cx, |workspace| {
                    let id = workspace.begin_file(&path, format);
                    workspace.set_editor_config(id, config);
                });
            })
            .ok();
        })
    }

    /// Takes what is said of the file that a buffer is being saved to.
    fn take_config_of_target(
        &mut self,
        id: BufferId,
        target: &Path,
        config: EditorConfig,
        cx: &mut Context<Self>,
    ) {
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        let format = buffer.format();
        let is_new = buffer.path().is_none()
            && !buffer.is_encoding_chosen()
            && *format == Self::new_file_format(cx);
        let format = is_new.then(|| self.format_of_new(target, &config, cx));
        self.update(cx, |workspace| {
            workspace.set_editor_config(id, config);
            if let Some(format) = format {
                workspace.set_format(id, format);
            }
        });
    }

    fn cleaned_then(
        &mut self,
        id: BufferId,
        carets: &Selections,
        cx: &mut Context<Self>,
        save: impl FnOnce(&mut Self, &mut Context<Self>) -> Task<Result<(), SaveError>> + 'static,
    ) -> Task<Result<(), SaveError>> {
        // What was given up is not to be written.
        if let Some(ended) = self.revert_ended(id) {
            let (carets, running) = (carets.clone(), self.begin_save(id, cx));
            return cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                ended.await;
                let saving = this.update(cx, |model, cx| model.cleaned_then(id, &carets, cx, save));
                let saved = match saving {
                    Ok(saving) => saving.await,
                    // Without the model there is nothing left to save.
                    Err(_) => Err(SaveError::NoSuchBuffer),
                };
                drop(running);
                // A released model waits for no save.
                this.update(cx, |model, cx| model.saved(id, cx)).ok();
                saved
            });
        }
        let wanted = self.clean_up(id, cx);
        let Some(buffer) = self.workspace.buffer(id) else {
            return save(self, cx);
        };
        // What holds a NUL was opened as text though it is none: its lines follow no rules.
        if !buffer.is_dirty() || buffer.is_read_only() || begins_with_nul(buffer.text()) {
            return save(self, cx);
        }
        self.end_lines_as_configured(id, cx);
        if wanted.is_nothing() {
            return save(self, cx);
        }
        let Some(text) = self
            .workspace
            .buffer(id)
            .map(|buffer| buffer.text().clone())
        else {
            return save(self, cx);
        };
        if text.len() <= CLEANED_AT_ONCE {
            let carets = carets.clone().clamp(text.len());
            let cleaned = editing::clean_up(&text, &carets, &self.carets_in(id), wanted);
            return match self.take_cleaned(id, cleaned, cx) {
                Ok(()) => save(self, cx),
                Err(error) => {
                    tracing::warn!("saved as it is: {error}");
                    save(self, cx)
                }
            };
        }
        let carets = carets.clone();
        let running = self.begin_save(id, cx);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let mut snapshot: Option<(Text, u64, Vec<Selections>)> = None;
            for _ in 0..CLEANING_TRIES {
                snapshot = this
                    .read_with(cx, |model, _| {
                        let buffer = model.workspace.buffer(id)?;
                        Some((buffer.text().clone(), buffer.version(), model.carets_in(id)))
                    })
                    .ok()
                    .flatten();
                let Some((text, version, others)) = snapshot.clone() else {
                    break;
                };
                let carets = carets.clamp(text.len());
                let cleaned = cx
                    .background_executor()
                    .spawn(async move { editing::clean_up(&text, &carets, &others, wanted) })
                    .await;
                let taken = this.update(cx, |model, cx| {
                    let now = model.workspace.buffer(id).map(Buffer::version);
                    now == Some(version) && model.take_cleaned(id, cleaned, cx).is_ok()
                });
                if matches!(taken, Ok(true) | Err(_)) {
                    break;
                }
            }
            drop(snapshot);
            let saved = match this.update(cx, save) {
                Ok(saving) => saving.await,
                // Without the model there is nothing left to save.
                Err(_) => Err(SaveError::NoSuchBuffer),
            };
            drop(running);
            // A released model waits for no save.
            this.update(cx, |model, cx| model.saved(id, cx)).ok();
            saved
        })
    }

    /// Tells where the carets of a view of a buffer are, for as long as the view keeps them.
    pub fn add_carets(&mut self, id: BufferId, carets: &SharedCarets) {
        let views = self.carets.entry(id).or_default();
        views.retain(|view| view.strong_count() > 0);
        views.push(Rc::downgrade(carets));
    }

    /// The carets in all views of a buffer.
    fn carets_in(&self, id: BufferId) -> Vec<Selections> {
        let views = self.carets.get(&id).into_iter().flatten();
        views
            .filter_map(Weak::upgrade)
            .map(|carets| carets.borrow().clone())
            .collect()
    }

    fn take_cleaned(
        &mut self,
        id: BufferId,
        mut cleaned: Transaction,
        cx: &mut Context<Self>,
    ) -> Result<(), EditError> {
        if cleaned.is_empty() {
            return Ok(());
        }
        // A save in the middle of Vim's insert mode does not cut its undo in two.
        if let Some(session) = self.workspace.buffer(id).and_then(Buffer::edit_session) {
            cleaned.intent = EditIntent::Session(session);
        }
        self.edit(id, cleaned, cx)
    }

    /// Ends the lines of a buffer as its `.editorconfig` says.
    fn end_lines_as_configured(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        let Some(wanted) = buffer.editor_config().line_ending else {
            return;
        };
        let format = buffer.format().with_line_ending(wanted);
        self.update(cx, |workspace| workspace.set_format(id, format));
    }

    /// Reads a buffer's file again in an encoding, off the UI thread.
    pub fn reread_as(
        &mut self,
        id: BufferId,
        encoding: TextEncoding,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), RereadError>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err(EditError::NoSuchBuffer.into()));
        };
        let name = buffer.display_name();
        if buffer.is_dirty() {
            return Task::ready(Err(RereadError::Unsaved(name)));
        }
        let Some(path) = self.path_of(id) else {
            return Task::ready(Err(RereadError::NoFile(name)));
        };
        let Some(job) = self.workspace.reread_job(id) else {
            return Task::ready(Err(EditError::NoSuchBuffer.into()));
        };
        let fs = self.workspace.fs().clone();
        let reading = cx.background_spawn(async move {
            let options = LoadOptions {
                encoding: EncodingChoice::Fixed(encoding),
                ..LoadOptions::default()
            };
            fs::load_with(fs.as_ref(), &path, &options).map(|file| job.run(file))
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let read = reading.await?;
            this.update(cx, |model, cx| {
                match model.update(cx, |workspace| workspace.reread(id, encoding, read)) {
                    Ok(true) => {
                        model.read_index_anew(id, cx);
                        Ok(())
                    }
                    Ok(false) => Err(RereadError::Unsaved(name)),
                    Err(error) => Err(error.into()),
                }
            })
            // A released model shows nothing.
            .unwrap_or(Ok(()))
        })
    }
}
