use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use editor_core::{
    ChangeError, ChangeSet, EditSession, History, HistoryStates, IndentStyle, Joined, NodeId,
    Revision, StateAt, TakenStep, Text, Transaction,
};
use fs::{EditorConfig, Fingerprint, LoadNote, LoadedFile, TextEncoding, TextFormat};
use syntax::{Associations, LanguageId, OldPoints, Outline, SyntaxTree};

use crate::bookmarks::Bookmarks;
use crate::comparison::Comparison;
use crate::made::{Made, Recent, Way};
use crate::recovered::Origin;
use crate::saving::{SaveOrder, SaveOrders, Written};
use crate::shown_text::Shown;
use crate::{Diagnostics, EditError};

/// Texts of the same length as the saved one are compared with it up to this many bytes, so that
/// typing something and deleting it again leaves a file clean.
pub(crate) const MAX_COMPARED: usize = 1024 * 1024;

/// Names a buffer for as long as the workspace lives; an id is never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(pub(crate) u64);

impl BufferId {
    /// The id as a number, to build element ids from.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}

/// How a buffer's file relates to what was read from it or written to it last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskState {
    /// The disk holds what was last read or written, or the buffer has no file yet.
    InSync,
    /// Another program changed the file while the buffer has unsaved edits.
    Changed,
    /// The file is gone; the text is still here and can be saved.
    Deleted,
    /// A folder stands where the file was; the text is still here and can be saved elsewhere.
    Folder,
}

/// What was last read from or written to the disk.
pub(crate) struct Saved {
    pub revision: Option<Revision>,
    pub text: Text,
    pub format: TextFormat,
    /// `None` before a file was read or written.
    pub fingerprint: Option<Fingerprint>,
    /// The version that was written.
    pub version: u64,
    /// Which save, or what else it was, has told this; what one before it wrote says nothing more.
    pub order: SaveOrder,
}

/// The text of one file, or of none yet, with its history. However many views show it, there is
/// one.
pub struct Buffer {
    pub(crate) id: BufferId,
    pub(crate) path: Option<PathBuf>,
    /// The path with its links resolved, where it is known.
    pub(crate) real_path: Option<PathBuf>,
    pub(crate) untitled: u32,
    pub(crate) text: Text,
    pub(crate) version: u64,
    pub(crate) history: History,
    /// What the states of the history are called since it goes on from that of an earlier program.
    pub(crate) joined: Option<Joined>,
    pub(crate) recent: Recent,
    pub(crate) format: TextFormat,
    pub(crate) read_only: bool,
    /// Its file cannot be written because the file system takes no writing.
    pub(crate) on_read_only_disk: bool,
    /// Whether the user made the text read-only, or writable, while it is open.
    pub(crate) locked: Option<bool>,
    /// Whether a rule of the user's makes it read-only otherwise.
    pub(crate) locked_by_rule: bool,
    /// Saving would change bytes that the text does not show.
    pub(crate) damaged: bool,
    /// How many bytes of the file, as it was read last, are not valid UTF-8.
    pub(crate) stray_bytes: usize,
    /// The text is the beginning of a file that is still being read.
    pub(crate) beginning: bool,
    /// The text is no file's, and only shown.
    pub(crate) shown: Option<Shown>,
    pub(crate) language: LanguageId,
    /// The language was chosen by hand.
    pub(crate) language_chosen: bool,
    /// Somebody asked what language the text looks like, and does not know yet.
    pub(crate) awaits_guess: bool,
    pub(crate) indentation: Option<IndentStyle>,
    pub(crate) shown_indentation: Option<IndentStyle>,
    pub(crate) editor_config: Arc<EditorConfig>,
    /// The encoding that somebody chose to read the file in.
    pub(crate) read_as: Option<TextEncoding>,
    /// Somebody chose the encoding that the next save writes.
    pub(crate) encoding_chosen: bool,
    /// Where unsaved text in it comes from that an earlier program left.
    pub(crate) origin: Option<Origin>,
    /// Where what an earlier program left ends, and the version in which it is there.
    pub(crate) came_back: Option<(u64, usize)>,
    pub(crate) tree: Option<SyntaxTree>,
    pub(crate) parsed_version: Option<u64>,
    /// Its symbols by the syntax.
    pub(crate) syntax_outline: Arc<Outline>,
    /// Its symbols as a server knows them, where one does.
    pub(crate) server_outline: Option<Arc<Outline>>,
    pub(crate) comparison: Comparison,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) bookmarks: Bookmarks,
    pub(crate) saved: Saved,
    pub(crate) dirty: bool,
    pub(crate) disk: DiskState,
    /// What another program left on the disk, while `disk` is `Changed`.
    pub(crate) on_disk: Option<LoadedFile>,
    /// The user decided for the text here though what the disk holds could not be read.
    pub(crate) replace_unread: bool,
    /// Counts what was heard from the disk, to tell news from before and after a save.
    pub(crate) disk_news: u64,
    /// Counts the saves, to tell what was read from the disk before the last one.
    pub(crate) saves: u64,
    /// Shared by the save jobs of this buffer alone.
    pub(crate) written: Arc<Mutex<Written>>,
    pub(crate) save_orders: SaveOrders,
}

impl Buffer {
    pub(crate) fn new(id: BufferId, text: Text, format: TextFormat, untitled: u32) -> Self {
        let history = History::new();
        Self {
            id,
            path: None,
            real_path: None,
            untitled,
            version: 0,
            recent: Recent::default(),
            read_only: false,
            on_read_only_disk: false,
            locked: None,
            locked_by_rule: false,
            damaged: false,
            stray_bytes: 0,
            beginning: false,
            shown: None,
            language: LanguageId::PLAIN,
            language_chosen: false,
            awaits_guess: false,
            indentation: None,
            shown_indentation: None,
            editor_config: Arc::default(),
            read_as: None,
            encoding_chosen: false,
            origin: None,
            came_back: None,
            tree: None,
            parsed_version: None,
            syntax_outline: Arc::default(),
            server_outline: None,
            comparison: Comparison::default(),
            diagnostics: Diagnostics::default(),
            bookmarks: Bookmarks::default(),
            saved: Saved {
                revision: Some(history.revision()),
                text: text.clone(),
                format: format.clone(),
                fingerprint: None,
                version: 0,
                order: SaveOrder::default(),
            },
            dirty: false,
            disk: DiskState::InSync,
            on_disk: None,
            replace_unread: false,
            disk_news: 0,
            saves: 0,
            written: Arc::default(),
            save_orders: SaveOrders::default(),
            text,
            history,
            joined: None,
            format,
        }
    }

    /// Its name in the workspace.
    pub fn id(&self) -> BufferId {
        self.id
    }

    /// The file, as an absolute path; `None` for one that was never saved.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Its number, where it has no file: that in its name.
    pub fn untitled_number(&self) -> Option<u32> {
        let is_untitled = self.path.is_none() && self.shown.is_none();
        is_untitled.then_some(self.untitled)
    }

    /// Whether this is a text that is only shown and is no file, as
    /// [`Workspace::add_shown`](crate::Workspace::add_shown) makes one.
    pub fn is_shown_only(&self) -> bool {
        self.shown.is_some()
    }

    /// The text now. Clone it for a snapshot.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Grows with every change of the text.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether closing the buffer would lose something: its text or format differs from what is
    /// saved, or its file is gone.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Whether the text must not be edited, because the file cannot be written, because saving
    /// would damage it, or because the user said so.
    pub fn is_read_only(&self) -> bool {
        self.read_only || self.is_locked()
    }

    /// Whether the file cannot be written because its file system takes no writing at all.
    pub fn is_on_read_only_disk(&self) -> bool {
        self.read_only && self.on_read_only_disk
    }

    /// Why the text must not be edited, nor taken back or done again, as it is now; `None` where it
    /// may be.
    pub fn refuses_edits(&self) -> Option<EditError> {
        if self.beginning {
            return Some(EditError::StillBeingRead);
        }
        let name = || self.display_name();
        if self.shown.is_some() {
            return Some(EditError::ShownOnly { name: name() });
        }
        match (self.read_only, self.is_locked()) {
            (true, _) => Some(EditError::ReadOnly { name: name() }),
            (false, true) => Some(EditError::Locked { name: name() }),
            (false, false) => None,
        }
    }

    /// Whether the user made the text read-only, or made a rule that does. What was edited before
    /// can still be saved.
    pub fn is_locked(&self) -> bool {
        self.locked.unwrap_or(self.locked_by_rule)
    }

    /// Whether it is a rule of the user's that makes the text read-only.
    pub fn is_locked_by_rule(&self) -> bool {
        self.locked.is_none() && self.locked_by_rule
    }

    /// Whether some of the file's bytes mean nothing in its encoding; such a buffer is read-only
    /// whatever the file's permissions, since saving it would lose those bytes.
    pub fn has_damaged_encoding(&self) -> bool {
        self.damaged
    }

    /// How many bytes of the file, as it was read last, are not valid UTF-8. They are characters of
    /// the text, [`editor_core::stray_byte_of`], and a save writes them as they were.
    pub fn stray_bytes(&self) -> usize {
        self.stray_bytes
    }

    /// Whether this is but the beginning of a file that is still being read: to be looked at, and
    /// neither edited nor saved.
    pub fn is_beginning(&self) -> bool {
        self.beginning
    }

    /// Encoding, byte order mark and line endings that a save writes.
    pub fn format(&self) -> &TextFormat {
        &self.format
    }

    /// The language, from the path and the first line unless it was set.
    pub fn language(&self) -> LanguageId {
        self.language
    }

    /// The language, where it was chosen by hand.
    pub fn chosen_language(&self) -> Option<LanguageId> {
        self.language_chosen.then_some(self.language)
    }

    /// The language that a text without a file was [found](crate::Workspace::language_guessed) to look
    /// like; `None` where nobody asked, or it looks like none.
    pub fn guessed_language(&self) -> Option<LanguageId> {
        let is_guessed = self.untitled_number().is_some() && !self.language_chosen;
        (is_guessed && self.language != LanguageId::PLAIN).then_some(self.language)
    }

    /// How the text is indented in its views, whoever says so; `None` where it has none.
    pub fn shown_indentation(&self) -> Option<IndentStyle> {
        self.shown_indentation
    }

    /// How the user said that the text is to be indented; `None` where nobody did.
    pub fn indentation(&self) -> Option<IndentStyle> {
        self.indentation
    }

    /// What `.editorconfig` files say of the file, as far as they were read.
    pub fn editor_config(&self) -> &Arc<EditorConfig> {
        &self.editor_config
    }

    /// The syntax of the text as far as it is known. It always fits the text: after an edit it is
    /// carried over, and a parse that comes in later replaces it.
    pub fn syntax(&self) -> Option<&SyntaxTree> {
        self.tree.as_ref()
    }

    /// Whether [`Buffer::syntax`] is of the text as it is now, and not carried over.
    pub fn is_parsed(&self) -> bool {
        self.parsed_version == Some(self.version)
    }

    /// The symbols of the text as far as they are known, carried over edits like
    /// [`Buffer::syntax`].
    pub fn outline(&self) -> &Arc<Outline> {
        self.server_outline.as_ref().unwrap_or(&self.syntax_outline)
    }

    /// How the file relates to what is known of it.
    pub fn disk(&self) -> DiskState {
        self.disk
    }

    /// What another program left on the disk while the buffer has unsaved edits, to be shown
    /// beside them.
    pub fn text_on_disk(&self) -> Option<&Text> {
        self.on_disk.as_ref().map(|file| &file.text)
    }

    /// The path with its links resolved, where it is known.
    pub fn real_path(&self) -> Option<&Path> {
        self.real_path.as_deref()
    }

    /// What the file was when it was last read or written; `None` before that.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.saved.fingerprint
    }

    /// How many saves have gone through. What was read from the disk before the last of them is
    /// out of date.
    pub fn saves(&self) -> u64 {
        self.saves
    }

    /// The text that was last read from or written to the disk. Empty where what the disk holds
    /// [is not known](Buffer::knows_saved_text).
    pub fn saved_text(&self) -> &Text {
        &self.saved.text
    }

    /// Whether somebody [chose](crate::Workspace::choose_encoding) the encoding that the next save
    /// writes, so that no `.editorconfig` has a say in it.
    pub fn is_encoding_chosen(&self) -> bool {
        self.encoding_chosen
    }

    /// Whether there is a saved text that the buffer could go back to: that of its file as it was
    /// read or written, or the text that a new document began with. Not so where the user decided
    /// for the text here over a file that could not be read, nor where the file was never read.
    pub fn knows_saved_text(&self) -> bool {
        !self.replace_unread && (self.path.is_none() || self.saved.fingerprint.is_some())
    }

    /// The file's name, that of a text that is only shown, or `Untitled-1`.
    pub fn display_name(&self) -> String {
        let file = self.path.as_deref().and_then(Path::file_name);
        match (file, &self.shown) {
            (Some(name), _) => name.to_string_lossy().into_owned(),
            (None, Some(shown)) => shown.name.clone(),
            (None, None) => Self::untitled_name(self.untitled),
        }
    }

    /// What a text without a file is called by its number.
    pub fn untitled_name(number: u32) -> String {
        format!("Untitled-{number}")
    }

    /// Where the edit ends that was made last before an earlier program ended without saving: a view
    /// of the text as that program left it may be of a moment before. `None` once the text is
    /// another.
    pub fn last_recovered_edit(&self) -> Option<usize> {
        let (version, end) = self.came_back?;
        (version == self.version).then_some(end)
    }

    /// Notes where the last change ends, which puts back what an earlier program left.
    pub(crate) fn note_recovered(&mut self) {
        let before = self.version.checked_sub(1);
        let made = before.and_then(|before| self.recorded_after(before));
        let last = made.as_ref().and_then(|made| made.last());
        let edit = last.and_then(|made| made.changes.edits().last().map(|edit| edit.new_range.end));
        self.came_back = edit.map(|end| (self.version, end));
    }

    /// The change from an earlier version to the text now, so that what was computed for that
    /// version can be mapped, over any number of changes. `None` where some of them are forgotten:
    /// they are kept until they are on the disk, in the file or for a crash, and 256 of them longer;
    /// at most 64 MB of them.
    pub fn changes_since(&self, version: u64) -> Option<ChangeSet> {
        let later = self.recorded_after(version)?;
        let later = later.iter().map(|made| made.changes.clone()).collect();
        ChangeSet::compose_all(self.text.len(), later).ok()
    }

    /// The changes after a version, oldest first, to carry something over them that was made for
    /// that version; `None` where that is too long ago.
    pub(crate) fn changes_after(&self, version: u64) -> Option<Vec<Arc<Made>>> {
        self.recent.few_after(version, self.version)
    }

    /// All recorded changes after a version, oldest first; `None` where some are forgotten.
    pub(crate) fn recorded_after(&self, version: u64) -> Option<Vec<Arc<Made>>> {
        self.recent.after(version, self.version)
    }

    /// Changes the text, in place, and carries the syntax along; [`Buffer::record`] is to follow.
    /// Nothing here keeps the text from before: a rope that is held twice copies what each edit
    /// touches.
    ///
    /// # Errors
    /// The change does not fit the text; the buffer is then as it was.
    pub(crate) fn advance(&mut self, changes: &ChangeSet) -> Result<(), ChangeError> {
        let tree = self.tree.as_ref();
        let old = tree.map(|_| OldPoints::of(changes, &self.text));
        changes.apply_in_place(&mut self.text)?;
        self.version += 1;
        if let (Some(tree), Some(old)) = (&mut self.tree, old) {
            tree.carry(changes, &old, &self.text);
        }
        let of_server = self.server_outline.iter_mut();
        for outline in of_server.chain([&mut self.syntax_outline]) {
            if !outline.symbols().is_empty() {
                Arc::make_mut(outline).follow(changes);
            }
        }
        Ok(())
    }

    /// As [`Buffer::advance`], where the text that `changes` lead to is known: none is put together
    /// here, however long it is.
    pub(crate) fn advance_to(&mut self, changes: &ChangeSet, text: Text) {
        let tree = self.tree.as_ref();
        let old = tree.map(|_| OldPoints::of(changes, &self.text));
        self.text = text;
        self.version += 1;
        if let (Some(tree), Some(old)) = (&mut self.tree, old) {
            tree.carry(changes, &old, &self.text);
        }
    }

    /// Keeps what the buffer [advanced](Buffer::advance) by, for results that come back late and
    /// for the journal.
    pub(crate) fn record(&mut self, transaction: &Transaction, way: Way) -> ChangeSet {
        self.recent.push(Made {
            version: self.version,
            changes: transaction.changes.clone(),
            before: transaction.selections_before.clone(),
            after: transaction.selections_after.clone(),
            way,
        });
        transaction.changes.clone()
    }

    /// Works out whether the buffer is dirty; says whether that changed.
    pub(crate) fn update_dirty(&mut self) -> bool {
        let dirty = self.differs_from_saved();
        std::mem::replace(&mut self.dirty, dirty) != dirty
    }

    fn differs_from_saved(&self) -> bool {
        self.disk != DiskState::InSync
            || self.replace_unread
            || self.format != self.saved.format
            || self.text_differs_from_saved()
    }

    /// Whether another text on the disk is a question to the user.
    pub(crate) fn is_unsaved(&self) -> bool {
        // A refused save left a question, also where the text is what was read before: the file
        // may have been deleted and made anew, and somebody wanted this text on the disk.
        self.disk == DiskState::Changed
            || self.text_differs_from_saved()
            || self.format != self.saved.format
    }

    pub(crate) fn text_differs_from_saved(&self) -> bool {
        if self.saved.revision == Some(self.history.revision()) {
            return false;
        }
        let comparable =
            self.text.len() == self.saved.text.len() && self.text.len() <= MAX_COMPARED;
        !(comparable && self.text == self.saved.text)
    }

    /// The state that the text is in, in its history.
    pub fn revision(&self) -> Revision {
        self.history.revision()
    }

    /// The states of the text's history, to be looked at elsewhere.
    pub fn history_states(&self) -> HistoryStates {
        self.history.states()
    }

    /// The state of the history that is as saved; `None` where it is none that can be gone to.
    pub fn saved_state(&self) -> Option<NodeId> {
        let saved = self.saved.revision?;
        self.history.contains(saved).then(|| saved.node())
    }

    /// A state of the history by when it was made or saved; `None` where it is the current one, or
    /// there is none.
    pub fn state_at(&self, at: StateAt) -> Option<NodeId> {
        self.history.state_at(at)
    }

    /// The last step of the last [move](crate::Workspace::move_in_history) through the history, where
    /// no edit came after it. O(text of the step).
    pub fn taken_step(&self) -> Option<TakenStep> {
        self.history.taken_step()
    }

    /// The session whose edits were the last, where it may go on.
    pub fn edit_session(&self) -> Option<EditSession> {
        self.history.session()
    }

    /// Takes what was read from the disk as the saved state of the current text.
    pub(crate) fn adopt(&mut self, file: &LoadedFile) {
        self.format = file.format.clone();
        self.read_only = file.read_only;
        self.on_read_only_disk = file.on_read_only_disk;
        self.damaged = file
            .notes
            .iter()
            .any(|note| matches!(note, LoadNote::DamagedEncoding { .. }));
        let stray = |note: &LoadNote| match note {
            LoadNote::StrayBytes { count } => Some(*count),
            _ => None,
        };
        self.stray_bytes = file.notes.iter().find_map(stray).unwrap_or_default();
        self.disk = DiskState::InSync;
        self.on_disk = None;
        self.replace_unread = false;
        self.saved = Saved {
            revision: Some(self.history.revision()),
            text: self.text.clone(),
            format: file.format.clone(),
            fingerprint: Some(file.fingerprint),
            version: self.version,
            order: self.save_orders.next(),
        };
        self.recent.is_on_disk(self.version);
        self.history.break_group();
    }

    /// Takes the language that the user's patterns, the path and the text say. What is known of the
    /// text in the same language stays. Says whether it is another than before. One without a path
    /// stays as it is and awaits a guess.
    pub(crate) fn detect_language(&mut self, associations: &Associations) -> bool {
        self.language_chosen = false;
        match self.detected_language(associations) {
            Some(language) => self.set_language(language),
            None => {
                self.awaits_guess = true;
                false
            }
        }
    }

    /// The language that the user's patterns, the path and the text say; `None` without a path.
    pub(crate) fn detected_language(&self, associations: &Associations) -> Option<LanguageId> {
        let path = self.path.as_ref();
        let path = path.or(self.shown.as_ref().map(|shown| &shown.of))?;
        let associated = associations.language(path);
        let beginning = || self.text.slice(0..syntax::DETECTED_BYTES);
        Some(associated.unwrap_or_else(|| syntax::detect(path, &beginning())))
    }

    /// Takes a language; says whether it is another than before.
    pub(crate) fn set_language(&mut self, language: LanguageId) -> bool {
        self.awaits_guess = false;
        let is_other = self.language != language;
        if is_other {
            self.language = language;
            self.tree = None;
            self.parsed_version = None;
            self.syntax_outline = Arc::default();
            self.server_outline = None;
        }
        is_other
    }
}
