//! Vim's `:w PATH` and `:sav PATH`: a copy of the text in another file, and another file for the text.

use std::mem::take;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::Text;
use fs::{Fs, FsError, TextFormat};
use gpui_kit::{App, AppContext as _, Context, Window};
use ui::{ItemEvent, Severity};
use vim::Message;
use workspace::SaveError;

use crate::view::EditorView;
use crate::vim_commands::failed;
use crate::vim_mode::VimMode;

/// What is said of a file that is there, where nobody said to overwrite it.
const FILE_EXISTS: &str = "E13: File exists (add ! to override)";

/// What is said of the own file, of which some lines alone would be left.
const PARTIAL: &str = "E140: A part of the text goes to another file: :w PATH";

/// What is said of a file with unsaved text that is still to come back.
const NOT_BACK: &str = "Unsaved text of this file is not back yet: open it first";

/// What is said of a file that another tab shows.
const LOADED: &str = "E139: File is loaded in another buffer (add ! to override)";

impl EditorView {
    /// Writes a copy of the text, or of some rows, and says so in the status bar. A text without a
    /// file gets this one; the own file is saved as ever.
    pub(crate) fn vim_write_to(
        &mut self,
        path: &str,
        force: bool,
        rows: Option<(usize, usize)>,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(target) = self.vim_target(path, mode, cx) else {
            return;
        };
        let workspace = self.model.read(cx).workspace();
        let shown_in = workspace.buffer_for_path(&target);
        let id = self.buffer;
        let Some(buffer) = workspace.buffer(id) else {
            return;
        };
        if shown_in == Some(id) {
            match rows {
                Some(_) => mode.message = Some(failed(PARTIAL)),
                None => {
                    mode.tells_write = true;
                    self.save_and_report(window, cx);
                }
            }
            return;
        }
        if buffer.path().is_none() && rows.is_none() {
            return self.vim_save_to(target, force, mode, window, cx);
        }
        if buffer.is_beginning() {
            mode.message = Some(failed(&SaveError::StillBeingRead.to_string()));
            return;
        }
        if shown_in.is_some() && !force {
            mode.message = Some(failed(LOADED));
            return;
        }
        let from_root = target.strip_prefix(workspace.root()).unwrap_or(&target);
        let path = from_root.display().to_string();
        let copy = Copy {
            fs: workspace.fs().clone(),
            target,
            overwrites: force,
            text: buffer.text().clone(),
            format: buffer.format().clone(),
            rows,
        };
        let writing = cx.background_spawn(async move { copy.write() });
        // Who closes it meanwhile waits for that.
        let writing = self
            .model
            .update(cx, |model, cx| model.save_within(id, writing, cx));
        cx.spawn_in(window, async move |this, cx| {
            let written = writing.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| match written {
                Ok(written) => view.vim_say(written.told(&path), cx),
                Err(CopyError::Exists) => view.vim_say(failed(FILE_EXISTS), cx),
                Err(CopyError::Write(error)) => {
                    ui::notify(Severity::Error, error.to_string(), window, cx);
                }
            })
            .ok();
        })
        .detach();
    }

    /// Saves the text to a file that is its own from then on.
    pub(crate) fn vim_save_as(
        &mut self,
        path: &str,
        force: bool,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let Some(target) = self.vim_target(path, mode, cx) {
            self.vim_save_to(target, force, mode, window, cx);
        }
    }

    /// Where a path of the command line leads, for the text to be written there; where it may not be,
    /// that is said.
    fn vim_target(&self, path: &str, mode: &mut VimMode, cx: &App) -> Option<PathBuf> {
        let words = match self.vim_path(path, cx) {
            Ok(target) if self.model.read(cx).coming_text_of(&target).is_none() => {
                return Some(target);
            }
            Ok(_) => NOT_BACK,
            Err(words) => words,
        };
        mode.message = Some(failed(words));
        None
    }

    fn vim_save_to(
        &mut self,
        path: PathBuf,
        force: bool,
        mode: &mut VimMode,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        mode.tells_write = true;
        let carets = self.selections.clone();
        let saving = self.model.update(cx, |model, cx| {
            model.save_as_from(buffer, &carets, path, force, cx)
        });
        cx.spawn_in(window, async move |this, cx| {
            let saved = saving.await;
            // The view may be closed by now.
            this.update_in(cx, |view, window, cx| match saved {
                Ok(()) => {}
                Err(SaveError::AlreadyExists { .. }) => view.vim_say(failed(FILE_EXISTS), cx),
                Err(error) => ui::notify(Severity::Error, error.to_string(), window, cx),
            })
            .ok();
        })
        .detach();
    }

    /// The text was saved: says so in the status bar where Vim was told to save it.
    pub(crate) fn vim_written(&mut self, cx: &mut Context<Self>) {
        let told = self.vim.as_mut().map(|mode| take(&mut mode.tells_write));
        let Some(buffer) = self.buffer_ref(cx).filter(|_| told == Some(true)) else {
            return;
        };
        let (Some(path), Some(file)) = (buffer.path(), buffer.fingerprint()) else {
            return;
        };
        let root = self.model.read(cx).workspace().root();
        let from_root = path.strip_prefix(root).unwrap_or(path);
        let written = Written {
            lines: lines_in(buffer.saved_text()),
            bytes: file.size,
        };
        let words = written.told(&from_root.display().to_string());
        self.vim_say(words, cx);
    }

    /// Tells in the status bar what came of something that took its time.
    pub(crate) fn vim_say(&mut self, message: Message, cx: &mut Context<Self>) {
        if let Some(mode) = &mut self.vim {
            mode.message = Some(message);
            cx.emit(ItemEvent::StatusChanged);
        }
    }
}

/// A copy of a text on its way to a file.
struct Copy {
    fs: Arc<dyn Fs>,
    target: PathBuf,
    overwrites: bool,
    text: Text,
    format: TextFormat,
    rows: Option<(usize, usize)>,
}

/// What a copy holds.
struct Written {
    lines: usize,
    bytes: u64,
}

impl Written {
    /// What Vim says of it.
    fn told(&self, path: &str) -> Message {
        let Self { lines, bytes } = self;
        Message {
            text: format!("\"{path}\" {lines}L, {bytes}B written"),
            is_error: false,
        }
    }
}

enum CopyError {
    Exists,
    Write(fs::SaveError),
}

impl From<FsError> for CopyError {
    fn from(error: FsError) -> Self {
        Self::Write(error.into())
    }
}

impl Copy {
    /// Writes the file, all of it or nothing. Blocks.
    fn write(self) -> Result<Written, CopyError> {
        let Self { fs, target, .. } = &self;
        if !self.overwrites {
            match fs.metadata(target) {
                Ok(_) => return Err(CopyError::Exists),
                Err(FsError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if let Some(folder) = target.parent().filter(|folder: &&Path| !fs.exists(folder)) {
            fs.create_dir_all(folder)?;
        }
        let (text, format) = match self.rows {
            None => (self.text.clone(), self.format.clone()),
            Some((first, last)) => {
                let part = Text::new(&self.text.slice(lines_of(&self.text, first, last)));
                // Which line ends how is told by where it stands in all of the text.
                let format = self.format.with_line_ending(self.format.line_ending);
                (part, format)
            }
        };
        let written = fs::save(&**fs, target, &text, &format).map_err(CopyError::Write)?;
        Ok(Written {
            lines: lines_in(&text),
            bytes: written.size,
        })
    }
}

/// How many lines a text has; what stands behind its last line feed is one where there is something.
fn lines_in(text: &Text) -> usize {
    let unended = !text.is_empty() && text.char_before(text.len()) != Some('\n');
    text.line_count() - 1 + usize::from(unended)
}

/// Rows with their line feeds, as bytes.
fn lines_of(text: &Text, first: usize, last: usize) -> Range<usize> {
    text.line_start(first)..text.line_start(last + 1)
}
