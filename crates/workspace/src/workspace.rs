use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{IndentStyle, Moment, Text};
use fs::{
    EditorConfig, EncodingChoice, Fs, LoadError, LoadNote, LoadedFile, TextEncoding, TextFormat,
};
use syntax::{Associations, LanguageId};

use crate::clock::system_clock;
use crate::closed_diagnostics::ClosedDiagnostics;
use crate::file_path::absolute;
use crate::local_history::LocalHistory;
use crate::undo_store::UndoStore;
use crate::usual_encodings::UsualEncodings;
use crate::{Buffer, BufferId, DiskText, EditError, Severity, WorkspaceEvent};

/// What time it is.
type Clock = Box<dyn Fn() -> Moment + Send>;

/// A folder and the buffers that are open from it, or from anywhere else.
pub struct Workspace {
    pub(crate) root: PathBuf,
    fs: Arc<dyn Fs>,
    clock: Clock,
    /// Which files are read-only where nobody says more.
    read_only_rule: Box<dyn Fn(&Path) -> bool + Send>,
    pub(crate) buffers: BTreeMap<BufferId, Buffer>,
    last_id: u64,
    encodings: UsualEncodings,
    pub(crate) associations: Associations,
    pub(crate) closed_diagnostics: ClosedDiagnostics,
    /// The numbers of texts without a file that are not back yet.
    awaited_untitled: HashSet<u32>,
    events: Vec<WorkspaceEvent>,
    pub(crate) undo_store: Option<Arc<UndoStore>>,
    pub(crate) local_history: Option<Arc<LocalHistory>>,
    /// The user was told that the texts of saves cannot be kept.
    pub(crate) history_warned: bool,
    /// The user was told that undo histories cannot be kept.
    pub(crate) undo_warned: bool,
}

impl Workspace {
    /// A workspace with nothing open. Relative paths are taken from `root`.
    pub fn new(root: PathBuf, fs: Arc<dyn Fs>) -> Self {
        Self::with_clock(root, fs, system_clock())
    }

    /// A workspace that asks `clock` when an edit is made: for grouping edits for undo, and for
    /// telling of them.
    pub fn with_clock<M: Into<Moment>>(
        root: PathBuf,
        fs: Arc<dyn Fs>,
        clock: impl Fn() -> M + Send + 'static,
    ) -> Self {
        Self {
            root,
            fs,
            clock: Box::new(move || clock().into()),
            read_only_rule: Box::new(|_| false),
            buffers: BTreeMap::new(),
            last_id: 0,
            encodings: UsualEncodings::default(),
            associations: Associations::default(),
            closed_diagnostics: ClosedDiagnostics::default(),
            awaited_untitled: HashSet::new(),
            events: Vec::new(),
            undo_store: None,
            local_history: None,
            history_warned: false,
            undo_warned: false,
        }
    }

    /// The folder that is open.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file system that buffers are read from and written to.
    pub fn fs(&self) -> &Arc<dyn Fs> {
        &self.fs
    }

    /// Sets what files are read in where neither their `.editorconfig` nor anybody says more.
    pub fn set_usual_encodings(&mut self, encodings: UsualEncodings) {
        self.encodings = encodings;
    }

    /// Sets which languages files are in by the user's own pairs of a pattern and a language's
    /// identifier; what is wrong with them is told. Also files that are open take their language, but
    /// for those whose language was chosen by hand.
    pub fn set_associations(&mut self, pairs: &[(String, String)]) {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(pattern, language)| (pattern.as_str(), language.as_str()));
        let (associations, problems) = Associations::new(pairs);
        self.associations = associations;
        for problem in problems {
            self.notice(Severity::Warning, problem);
        }
        self.detect_languages();
    }

    /// Which languages files are in by the user's own pairs.
    pub fn associations(&self) -> &Associations {
        &self.associations
    }

    /// Finds out anew which languages the open files are in, but for those whose language was
    /// chosen by hand: more languages may be known than before.
    pub fn detect_languages(&mut self) {
        let mut changed = Vec::new();
        for buffer in self.buffers.values_mut() {
            let is_detected = buffer.path.is_some() && !buffer.language_chosen;
            if is_detected && buffer.detect_language(&self.associations) {
                changed.push(buffer.id);
            }
        }
        for id in changed {
            self.emit(WorkspaceEvent::BufferReparsed(id));
        }
    }

    /// What files are read in where neither their `.editorconfig` nor anybody says more.
    pub fn usual_encodings(&self) -> UsualEncodings {
        self.encodings.with_associations(&self.associations)
    }

    /// The language of a file by its name: by the user's patterns, else as everybody has it.
    pub fn language_of_path(&self, path: &Path) -> LanguageId {
        let associated = self.associations.language(path);
        associated.unwrap_or_else(|| syntax::detect(path, ""))
    }

    /// What a buffer's file is read in: what somebody chose, else the usual.
    pub fn encoding_of(&self, buffer: &Buffer) -> EncodingChoice {
        match buffer.read_as {
            Some(chosen) => EncodingChoice::Fixed(chosen),
            None => {
                let encodings = self.usual_encodings();
                let path = buffer.path().unwrap_or(Path::new(""));
                encodings.of(path).configured(&buffer.editor_config)
            }
        }
    }

    /// Makes a buffer of a file that was read with [`fs::load`], or gives the one that shows this
    /// file already, unchanged.
    pub fn add_loaded(&mut self, file: LoadedFile) -> BufferId {
        let path = absolute(&self.root, &file.path);
        if let Some(id) = self.buffer_for_path(&path) {
            return id;
        }
        // The same file by another name: links are followed once, when a file is opened.
        let real_path = self.fs.canonicalize(&path).ok();
        if let Some(real) = &real_path
            && let Some(id) = self.buffer_for_path(real)
        {
            return id;
        }
        let id = self.next_id();
        let mut buffer = Buffer::new(id, file.text.clone(), file.format.clone(), 0);
        buffer.path = Some(path);
        buffer.real_path = real_path;
        buffer.adopt(&file);
        buffer.detect_language(&self.associations);
        for note in &file.notes {
            // Shown over the text, and in the status bar, for as long as it holds.
            if matches!(
                note,
                LoadNote::ReadOnly
                    | LoadNote::MixedLineEndings { .. }
                    | LoadNote::StrayBytes { .. }
            ) {
                continue;
            }
            let message = format!("{}: {note}", buffer.display_name());
            self.notice(Severity::Info, message);
        }
        self.insert(buffer)
    }

    /// Makes a buffer of the beginning of a file that is still being read. It has no path, is
    /// read-only and cannot be saved anywhere.
    pub fn add_beginning(&mut self, text: Text) -> BufferId {
        let id = self.next_id();
        let mut buffer = Buffer::new(id, text, TextFormat::default(), 0);
        buffer.read_only = true;
        buffer.beginning = true;
        self.insert(buffer)
    }

    /// Takes what was read of a buffer's file, and [compared](Workspace::reread_job), in an encoding
    /// that somebody chose, as one edit that undo takes back. Later changes of the file are read in
    /// it too. False where the buffer was edited since; it is as it was.
    ///
    /// # Errors
    /// [`EditError::NoSuchBuffer`] where it was closed.
    pub fn reread(
        &mut self,
        id: BufferId,
        encoding: TextEncoding,
        read: DiskText,
    ) -> Result<bool, EditError> {
        let unsaved = self.buffers.get(&id).is_some_and(Buffer::is_unsaved);
        if unsaved || !self.take_over(id, read)? {
            return Ok(false);
        }
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.read_as = Some(encoding);
        }
        self.update_dirty(id);
        Ok(true)
    }

    /// Says that a buffer's file was read in an encoding that somebody chose; later changes of the
    /// file are read in it too.
    pub fn was_read_in(&mut self, id: BufferId, encoding: TextEncoding) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.read_as = Some(encoding);
        }
    }

    /// Reads a file and makes a buffer of it, or gives the one that shows it already. Blocks: for
    /// programs without a window, and tests.
    ///
    /// # Errors
    /// As [`fs::load`].
    pub fn open_blocking(&mut self, path: &Path) -> Result<BufferId, LoadError> {
        let path = absolute(&self.root, path);
        match self.buffer_for_path(&path) {
            Some(id) => Ok(id),
            None => Ok(self.add_loaded(fs::load(&*self.fs, &path)?)),
        }
    }

    /// Makes an empty buffer without a file.
    pub fn new_untitled(&mut self) -> BufferId {
        self.new_untitled_in(TextFormat::default())
    }

    /// Makes an empty buffer for a file that is not there, which a save makes; where the file is open it
    /// gives that buffer, unchanged.
    pub fn begin_file(&mut self, path: &Path, format: TextFormat) -> BufferId {
        let path = absolute(&self.root, path);
        if let Some(id) = self.buffer_for_path(&path) {
            return id;
        }
        let associations = self.associations.clone();
        self.add_with(Text::default(), format, |buffer| {
            buffer.path = Some(path);
            buffer.detect_language(&associations);
        })
    }

    /// Makes an empty buffer without a file that a save writes in a format.
    pub fn new_untitled_in(&mut self, format: TextFormat) -> BufferId {
        self.new_untitled_as(None, format)
    }

    /// Sets which numbers texts without a file have that are not back yet: no other text takes one.
    pub fn keep_untitled_numbers(&mut self, numbers: impl IntoIterator<Item = u32>) {
        self.awaited_untitled = numbers.into_iter().collect();
    }

    /// An empty buffer without a file, with that number in its name where nobody has it.
    pub(crate) fn new_untitled_as(&mut self, wanted: Option<u32>, format: TextFormat) -> BufferId {
        let taken = |number: u32| {
            let free = |buffer: &Buffer| buffer.path.is_some() || buffer.untitled != number;
            !self.buffers.values().all(free)
        };
        let number = wanted
            .into_iter()
            .chain((1..).filter(|number| !self.awaited_untitled.contains(number)))
            .find(|number| !taken(*number))
            .unwrap_or(1);
        let id = self.next_id();
        self.insert(Buffer::new(id, Text::default(), format, number))
    }

    /// An open buffer.
    pub fn buffer(&self, id: BufferId) -> Option<&Buffer> {
        self.buffers.get(&id)
    }

    /// The open buffer of a file, by the path that it was opened with or the one that this leads
    /// to through links.
    pub fn buffer_for_path(&self, path: &Path) -> Option<BufferId> {
        let path = absolute(&self.root, path);
        self.buffers
            .values()
            .find(|buffer| {
                buffer.path.as_ref() == Some(&path) || buffer.real_path.as_ref() == Some(&path)
            })
            .map(Buffer::id)
    }

    /// The open buffers, oldest first.
    pub fn buffers(&self) -> impl Iterator<Item = &Buffer> {
        self.buffers.values()
    }

    /// Closes a buffer; unsaved edits in it are gone, so ask first where it
    /// [is dirty](Buffer::is_dirty). Closing one that is not open does nothing.
    pub fn close(&mut self, id: BufferId) {
        if self.buffers.remove(&id).is_some() {
            self.emit(WorkspaceEvent::BufferClosed(id));
        }
    }

    /// Sets a buffer's language by hand.
    pub fn set_language(&mut self, id: BufferId, language: LanguageId) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        buffer.language_chosen = true;
        if buffer.set_language(language) {
            self.emit(WorkspaceEvent::BufferReparsed(id));
        }
    }

    /// Sets the language that was chosen by hand for a buffer in an earlier program, by its identifier.
    /// One that is not known any more is passed over, and one that was chosen since stays.
    pub fn restore_language(&mut self, id: BufferId, language: &str) {
        let known = syntax::by_name(language).filter(|known| known.id_str() == language);
        let is_open = |buffer: &Buffer| buffer.chosen_language().is_none();
        if let Some(language) = known
            && self.buffers.get(&id).is_some_and(is_open)
        {
            self.set_language(id, language);
        }
    }

    /// The language that a buffer would be in if none had been chosen by hand: by the user's patterns,
    /// its path and its text. `None` of one without a path, which is told by what it looks like:
    /// [`Workspace::guess_job`].
    pub fn detected_language(&self, id: BufferId) -> Option<LanguageId> {
        let buffer = self.buffers.get(&id)?;
        buffer.detected_language(&self.associations)
    }

    /// Forgets that a buffer's language was chosen by hand, and finds out anew which it is; of one
    /// without a path with [`Workspace::awaited_guess`].
    pub fn detect_language_of(&mut self, id: BufferId) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.detect_language(&self.associations)
        {
            self.emit(WorkspaceEvent::BufferReparsed(id));
        }
    }

    /// Sets how a buffer is indented, in all its views.
    pub fn set_indentation(&mut self, id: BufferId, style: IndentStyle) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.indentation != Some(style)
        {
            buffer.indentation = Some(style);
            self.emit(WorkspaceEvent::BufferIndentationChanged(id));
        }
    }

    /// Forgets how a buffer was [set](Self::set_indentation) to be indented.
    pub fn forget_indentation(&mut self, id: BufferId) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.indentation.take().is_some()
        {
            self.emit(WorkspaceEvent::BufferIndentationChanged(id));
        }
    }

    /// Keeps how a buffer is indented in its views, by what its text, its file and the settings say.
    pub fn set_shown_indentation(&mut self, id: BufferId, style: IndentStyle) {
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.shown_indentation = Some(style);
        }
    }

    /// Makes a buffer read-only for everyone who edits, or writable; `None` leaves it to
    /// [the rule](Workspace::set_read_only_rule). It lasts until the buffer is closed or saved under
    /// another name.
    pub fn set_locked(&mut self, id: BufferId, locked: Option<bool>) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.locked != locked
        {
            buffer.locked = locked;
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
    }

    /// Sets which files are read-only where nobody says more, by their absolute paths.
    pub fn set_read_only_rule(&mut self, rule: impl Fn(&Path) -> bool + Send + 'static) {
        self.read_only_rule = Box::new(rule);
        let all: Vec<BufferId> = self.buffers.keys().copied().collect();
        for id in all {
            self.apply_read_only_rule(id);
        }
    }

    /// Looks again whether the rule makes a buffer read-only, which may have another path now.
    pub(crate) fn apply_read_only_rule(&mut self, id: BufferId) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let locked = buffer.path.as_deref().is_some_and(&self.read_only_rule);
        if std::mem::replace(&mut buffer.locked_by_rule, locked) != locked {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
    }

    /// Takes what `.editorconfig` files say of a buffer's file.
    pub fn set_editor_config(&mut self, id: BufferId, config: EditorConfig) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && *buffer.editor_config != config
        {
            buffer.editor_config = Arc::new(config);
            self.emit(WorkspaceEvent::BufferIndentationChanged(id));
        }
    }

    /// Sets the encoding, byte order mark and line endings that the next save writes.
    pub fn set_format(&mut self, id: BufferId, format: TextFormat) {
        if let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.format != format
        {
            buffer.format = format;
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
            self.update_dirty(id);
        }
    }

    /// Sets the encoding and the byte order mark that the next save writes, as somebody chose them:
    /// also where they are those that the text has.
    pub fn choose_encoding(&mut self, id: BufferId, encoding: TextEncoding, bom: bool) {
        let Some(buffer) = self.buffers.get_mut(&id) else {
            return;
        };
        let format = buffer.format.with_encoding(encoding).with_bom(bom);
        let is_news = !std::mem::replace(&mut buffer.encoding_chosen, true);
        if is_news && buffer.format == format {
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        self.set_format(id, format);
    }

    /// Tells the workspace that a file or folder was moved, so that buffers follow it.
    pub fn path_moved(&mut self, from: &Path, to: &Path) {
        let (from, to) = (absolute(&self.root, from), absolute(&self.root, to));
        let mut moved = Vec::new();
        for buffer in self.buffers.values_mut() {
            let Some(path) = &buffer.path else { continue };
            let Ok(rest) = path.strip_prefix(&from) else {
                continue;
            };
            let path = if rest.as_os_str().is_empty() {
                to.clone()
            } else {
                to.join(rest)
            };
            buffer.real_path = self.fs.canonicalize(&path).ok();
            buffer.path = Some(path);
            if !buffer.language_chosen {
                buffer.detect_language(&self.associations);
            }
            moved.push(buffer.id);
        }
        for id in moved {
            self.apply_read_only_rule(id);
            self.emit(WorkspaceEvent::BufferPathChanged(id));
        }
    }

    /// Passes on that something under the root changed on disk.
    pub fn folder_changed(&mut self, paths: Vec<PathBuf>) {
        if !paths.is_empty() {
            self.emit(WorkspaceEvent::FolderChanged { paths });
        }
    }

    /// Passes a message on to whoever shows them.
    pub fn notice(&mut self, severity: Severity, message: impl Into<String>) {
        let message = message.into();
        self.emit(WorkspaceEvent::Notice { severity, message });
    }

    /// What happened since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<WorkspaceEvent> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn emit(&mut self, event: WorkspaceEvent) {
        self.events.push(event);
    }

    /// What time it is by the clock of this workspace.
    pub fn now(&self) -> Moment {
        (self.clock)()
    }

    pub(crate) fn update_dirty(&mut self, id: BufferId) {
        if self.buffers.get_mut(&id).is_some_and(Buffer::update_dirty) {
            self.emit(WorkspaceEvent::BufferDirtyChanged(id));
        }
    }

    /// Adds a buffer of a text, once `prepare` has seen it.
    pub(crate) fn add_with(
        &mut self,
        text: Text,
        format: TextFormat,
        prepare: impl FnOnce(&mut Buffer),
    ) -> BufferId {
        let id = self.next_id();
        let mut buffer = Buffer::new(id, text, format, 0);
        prepare(&mut buffer);
        self.insert(buffer)
    }

    fn next_id(&mut self) -> BufferId {
        self.last_id += 1;
        BufferId(self.last_id)
    }

    fn insert(&mut self, buffer: Buffer) -> BufferId {
        let id = buffer.id;
        self.buffers.insert(id, buffer);
        self.emit(WorkspaceEvent::BufferOpened(id));
        self.apply_read_only_rule(id);
        id
    }
}
