//! What a program that ended left unsaved, and how it comes back.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{
    ChangeSet, History, SavedHistory, Selections, Text, Transaction, change_between,
};
use fs::{
    EditorConfig, EncodingChoice, Fs, FsError, LoadOptions, LoadProgress, LoadedFile, TextEncoding,
    TextFormat,
};
use serde::{Deserialize, Serialize};

use crate::file_path::absolute;
use crate::found_text::FoundText;
use crate::made::Made;
use crate::recovery_entry::{Base, RecoveredFormat};
use crate::{
    Buffer, BufferId, DiskState, EditError, Severity, UsualEncodings, Workspace, WorkspaceEvent,
};

/// Whether a file that was saved as the program ended holds the first of the changes is looked at
/// for this many of them: the last after which the text was as long as the file is.
const MAX_LOOKED_AT: usize = 4;
/// How many of the files that came back a notice names.
const MAX_NAMED: usize = 12;

/// Where an unsaved text comes from, over however many starts. Where it is found twice, because a
/// program ended between keeping it anew and forgetting what it had come from, only the greater
/// generation is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    /// The name of the entry that it was first kept in.
    name: String,
    /// How often it came back.
    generation: u32,
}

impl Origin {
    pub fn new(name: String) -> Self {
        Self {
            name,
            generation: 0,
        }
    }

    /// That of the same text once it has come back.
    fn next(self) -> Self {
        Self {
            generation: self.generation.saturating_add(1),
            ..self
        }
    }
}

/// Of each text how often it came back at most.
pub(crate) struct Newest(HashMap<String, u32>);

impl Newest {
    pub fn among<'a>(origins: impl Iterator<Item = &'a Origin>) -> Self {
        let mut newest: HashMap<String, u32> = HashMap::new();
        for origin in origins {
            let known = newest.entry(origin.name.clone()).or_default();
            *known = origin.generation.max(*known);
        }
        Self(newest)
    }

    /// Whether it is not one that came back already and was kept anew.
    pub fn is(&self, origin: &Origin) -> bool {
        self.0.get(&origin.name) == Some(&origin.generation)
    }
}

/// Unsaved text from a program that ended without saving it; put it back with
/// [`Workspace::restore`].
#[derive(Debug, Clone)]
pub struct Recovered {
    /// The file that it belongs to; `None` for text that never had one.
    pub path: Option<PathBuf>,
    pub(crate) base: Option<Base>,
    pub(crate) text: RecoveredText,
    /// What was done to the text since.
    pub(crate) journal: Vec<Made>,
    /// The version that its file held, where what was kept is how it differs from that.
    pub(crate) from_file: Option<u64>,
    /// The number in its name, where it has no file.
    pub(crate) untitled: Option<u32>,
    /// How it is to be saved; not known of what an older version kept.
    pub(crate) format: Option<RecoveredFormat>,
    /// The encoding that the file was read in.
    pub(crate) read_in: Option<TextEncoding>,
    /// Somebody chose that encoding.
    pub(crate) chosen: bool,
    /// Somebody chose the encoding that it is to be saved in.
    pub(crate) encoding_chosen: bool,
    pub(crate) origin: Origin,
    /// The name of the entry that it was found in.
    pub(crate) entry: String,
    /// What it makes of its file, where that was looked for.
    pub(crate) found: Option<Arc<FoundText>>,
}

#[derive(Debug, Clone)]
pub(crate) enum RecoveredText {
    /// All of it, with its undo history.
    Copy { text: Text, undo: Vec<u8> },
    /// That of the file.
    OfFile,
}

impl Recovered {
    /// Reads its file, to be handed to [`Workspace::restore`]; `None` where it has none, or where
    /// that is gone or cannot be read. A file that is what it was is read in the encoding that it
    /// was read in; one that another program changed as `usual` says, unless somebody chose the
    /// encoding. Blocks.
    pub fn load_file(&self, fs: &dyn Fs, usual: EncodingChoice) -> Option<LoadedFile> {
        self.load_file_telling(fs, usual, None)
    }

    /// As [`Self::load_file`], where `encodings` and the file's `.editorconfig` say what is usual.
    /// `None` too where it is cancelled. Blocks.
    pub fn load_as_usual(
        &self,
        fs: &dyn Fs,
        encodings: &UsualEncodings,
        progress: Option<&LoadProgress>,
    ) -> Option<LoadedFile> {
        let path = self.path.as_deref()?;
        let config = EditorConfig::of(fs, path);
        let usual = encodings.of(path).configured(&config);
        self.load_file_telling(fs, usual, progress)
    }

    fn load_file_telling(
        &self,
        fs: &dyn Fs,
        usual: EncodingChoice,
        progress: Option<&LoadProgress>,
    ) -> Option<LoadedFile> {
        let path = self.path.as_deref()?;
        // Kiln may have been killed while it saved the file.
        fs.remove_abandoned(path);
        let load = |encoding| {
            let options = LoadOptions {
                encoding,
                progress,
                ..LoadOptions::default()
            };
            fs::load_with(fs, path, &options).ok()
        };
        let before = match self.read_in {
            None => return load(usual),
            // What is found to be UTF-8 is read block by block.
            Some(encoding) if encoding == TextEncoding::UTF_8 && !self.chosen => {
                EncodingChoice::default()
            }
            Some(encoding) => EncodingChoice::Fixed(encoding),
        };
        let same = |file: &LoadedFile| self.base.is_some_and(|base| base.is(&file.fingerprint));
        match load(before) {
            Some(file) if self.chosen || same(&file) => Some(file),
            file if before == usual => file,
            _ => load(usual),
        }
    }

    /// The name of the [entry](fs::LeftEntry) that it was found in.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// Whether it is changes of a file that was not loaded, but is only away: it cannot be read now,
    /// or its folder is not there. Without it most of what was done cannot be brought back. Blocks.
    pub fn waits_for_file(&self, file: Option<&LoadedFile>, fs: &dyn Fs) -> bool {
        let Some(path) = self.path.as_deref().filter(|_| self.is_of_file()) else {
            return false;
        };
        let is_gone = || {
            let nothing = matches!(fs.metadata(path), Err(FsError::NotFound { .. }));
            nothing && path.parent().is_none_or(|folder| fs.exists(folder))
        };
        file.is_none() && !is_gone()
    }

    /// Whether it is changes of its file alone, which cannot be made without that.
    pub(crate) fn is_of_file(&self) -> bool {
        self.path.is_some() && matches!(self.text, RecoveredText::OfFile)
    }

    /// Whether it is changes of a file that does not hold any more what they were made to.
    pub(crate) fn is_of_another(&self, file: Option<&LoadedFile>) -> bool {
        let same = |base: Base| file.is_some_and(|file| base.is(&file.fingerprint));
        self.is_of_file() && !self.base.is_some_and(same)
    }

    /// How it is to be saved, where that is known; `file` is what its file holds.
    fn format(&self, file: Option<&LoadedFile>) -> Option<TextFormat> {
        let file = file.map(|file| &file.format);
        self.format.as_ref()?.format(file)
    }

    /// Finds what it makes of its file, so that putting it back takes no time. Blocks.
    pub(crate) fn find(&mut self, file: Option<&LoadedFile>) {
        let RecoveredText::Copy { text, undo } = &self.text else {
            return;
        };
        let history = self
            .is_of(file)
            .then(|| saved_history(undo, text))
            .flatten();
        let to = match &history {
            // Its changes are made again one by one.
            Some(_) => Some(text.clone()),
            None => self.final_text(),
        };
        let from = file.map(|file| file.text.clone()).unwrap_or_default();
        self.found = to.map(|to| Arc::new(FoundText::new(from, to, history)));
    }

    /// Whether the file is what the edits began from, or there never was one.
    fn is_of(&self, file: Option<&LoadedFile>) -> bool {
        match (&self.base, file) {
            (Some(base), Some(file)) => base.is(&file.fingerprint),
            (None, None) => true,
            _ => false,
        }
    }

    /// The text with its changes, where no file is needed for it.
    fn final_text(&self) -> Option<Text> {
        if let Some(found) = self.found.as_ref().filter(|found| found.is_whole()) {
            return Some(found.to.clone());
        }
        let RecoveredText::Copy { text, .. } = &self.text else {
            return None;
        };
        let mut text = text.clone();
        for made in &self.journal {
            if made.changes.apply_in_place(&mut text).is_err() {
                break;
            }
        }
        Some(text)
    }

    /// What was put in by the changes from one on, where the text that they were made to is not
    /// there any more.
    fn inserted(&self, from: usize) -> Inserted {
        let changes = self.journal.iter().skip(from).map(|made| &made.changes);
        let mut all: Option<ChangeSet> = None;
        for next in changes.clone() {
            let composed = match all.take() {
                None => Ok(next.clone()),
                Some(all) => all.compose(next.clone()),
            };
            let Ok(composed) = composed else {
                // They do not follow on one another; as they were made, then.
                let pieces = changes.flat_map(ChangeSet::edits);
                return Inserted {
                    text: pieces.map(|edit| edit.text).collect(),
                    deletions: 0,
                };
            };
            all = Some(composed);
        }
        let mut inserted = Inserted::default();
        for edit in all.iter().flat_map(ChangeSet::edits) {
            if edit.text.is_empty() {
                inserted.deletions += 1;
                continue;
            }
            // What was typed in one place stays apart from what was in another.
            if !inserted.text.is_empty() && !inserted.text.ends_with('\n') {
                inserted.text.push('\n');
            }
            inserted.text.push_str(edit.text);
        }
        inserted
    }

    /// How many of the changes a file holds, where it holds some: it was saved in the moment when
    /// the program ended.
    fn saved_changes(&self, file: &Text) -> Option<usize> {
        let candidates: Vec<u64> = self
            .journal
            .iter()
            .rev()
            .filter(|made| made.changes.len_after() == file.len())
            .take(MAX_LOOKED_AT)
            .map(|made| made.version)
            .collect();
        let last = *candidates.first()?;
        let mut found = None;
        let mut all: Option<ChangeSet> = None;
        for (index, made) in self.journal.iter().enumerate() {
            if made.version > last {
                break;
            }
            let next = made.changes.clone();
            let composed = match all.take() {
                None => next,
                Some(all) => all.compose(next).ok()?,
            };
            let holds = candidates.contains(&made.version)
                && composed
                    .edits()
                    .all(|edit| file.slice(edit.new_range.clone()) == edit.text);
            if holds {
                found = Some(index + 1);
            }
            all = Some(composed);
        }
        found
    }
}

/// What is left of changes without the text that they were made to.
#[derive(Default)]
struct Inserted {
    /// What was put in, in the order of its places, each of them on lines of its own.
    text: String,
    /// In how many places text was only taken out.
    deletions: usize,
}

impl Inserted {
    /// What is to be said of the places of the latter, after another sentence.
    fn about_deletions(&self) -> String {
        match self.deletions {
            0 => String::new(),
            1 => " In one place you only took text out: that is to be done again.".to_owned(),
            count => {
                format!(" In {count} places you only took text out: that is to be done again.")
            }
        }
    }
}

/// What is told of texts that came back.
#[derive(Default)]
struct CameBack {
    /// The files whose edits are as they were.
    names: Vec<String>,
    /// Sentences about those that are not.
    more: Vec<String>,
    /// The documents that what did not fit is in, beside the texts that it belonged to.
    beside: Vec<BufferId>,
}

impl CameBack {
    /// All of it; nothing where nothing came back.
    fn message(self) -> Option<String> {
        let mut sentences = Vec::new();
        match &self.names[..] {
            [] => {}
            [name] => sentences.push(format!("Your unsaved edits to {name} are back.")),
            names => {
                let count = names.len();
                let mut listed = names[..count.min(MAX_NAMED)].join(", ");
                if count > MAX_NAMED {
                    listed.push_str(&format!(" and {} more", count - MAX_NAMED));
                }
                sentences.push(format!(
                    "Your unsaved edits to {count} files are back: {listed}."
                ));
            }
        }
        sentences.extend(self.more);
        (!sentences.is_empty()).then(|| sentences.join("\n"))
    }
}

impl Workspace {
    /// Puts recovered texts back, each as unsaved edits of its file with their undo history and in
    /// the format that it was to be saved in, and says so in one notice. With each comes what
    /// [`Recovered::load_file`] read of its file.
    ///
    /// A file that another program changed meanwhile is marked so, and the edits are one then,
    /// which undo takes away. Where the buffer of the file has other unsaved edits already, such
    /// as those of a second window, the text comes back without a file.
    pub fn restore(
        &mut self,
        all: impl IntoIterator<Item = (Recovered, Option<LoadedFile>)>,
    ) -> Vec<BufferId> {
        let mut told = CameBack::default();
        let mut restored: Vec<BufferId> = all
            .into_iter()
            .filter_map(|(recovered, file)| {
                let id = match file.is_none() && recovered.is_of_file() {
                    true => self.restore_without_file(recovered, &mut told)?,
                    false => self.restore_one(recovered, file, &mut told),
                };
                Some(id)
            })
            .collect();
        restored.append(&mut told.beside);
        for id in &restored {
            if let Some(buffer) = self.buffers.get_mut(id) {
                buffer.note_recovered();
            }
            self.emit(WorkspaceEvent::BufferRecovered(*id));
        }
        if let Some(message) = told.message() {
            self.notice(Severity::Info, message);
        }
        restored
    }

    fn restore_one(
        &mut self,
        recovered: Recovered,
        file: Option<LoadedFile>,
        told: &mut CameBack,
    ) -> BufferId {
        let same = recovered.is_of(file.as_ref());
        let format = recovered.format(file.as_ref());
        let id = match (&recovered.path, &file) {
            (None, _) => {
                self.new_untitled_as(recovered.untitled, format.clone().unwrap_or_default())
            }
            (Some(_), Some(file)) => self.add_loaded(file.clone()),
            (Some(path), None) => self.add_lost(path),
        };
        let Some(buffer) = self.buffers.get(&id) else {
            return id;
        };
        let untouched = !buffer.text_differs_from_saved() && buffer.version == 0;
        if let Some(file) = &file
            && untouched
            && buffer.saved.format.encoding != file.format.encoding
        {
            // It was opened meanwhile, as what it looks like.
            if let Err(error) = self.take_over_now(id, file) {
                self.notice(Severity::Error, error.to_string());
            }
        }
        let restored = self.restore_edits(id, &recovered, file, same, untouched, told);
        if restored == id && untouched {
            if let Some(format) = format {
                self.set_format(id, format);
            }
            if recovered.chosen
                && let Some(buffer) = self.buffers.get_mut(&id)
            {
                buffer.read_as = recovered.read_in;
            }
        }
        if let Some(buffer) = self.buffers.get_mut(&restored)
            && (untouched || restored != id)
        {
            // A text that came back without its file is saved in that encoding as well.
            buffer.encoding_chosen = recovered.encoding_chosen && recovered.format(None).is_some();
        }
        if let Some(buffer) = self.buffers.get_mut(&restored) {
            buffer.origin.get_or_insert_with(|| recovered.origin.next());
        }
        restored
    }

    /// Gives the buffer that the text came back in: that of its file, or a new one. `same` says
    /// whether the file is what the edits began from, `untouched` whether nobody edited it since it
    /// was opened.
    fn restore_edits(
        &mut self,
        id: BufferId,
        recovered: &Recovered,
        file: Option<LoadedFile>,
        same: bool,
        untouched: bool,
        told: &mut CameBack,
    ) -> BufferId {
        let name = match self.buffers.get(&id) {
            Some(buffer) => self.name_in_folder(buffer),
            None => return id,
        };
        if same && untouched && self.restore_with_history(id, recovered, 0, told) {
            told.names.push(name);
            return id;
        }
        match recovered.final_text() {
            Some(text) => {
                let format = recovered.format(file.as_ref());
                let found = recovered.found.as_deref();
                let other = file.filter(|_| !same);
                self.restore_text(id, name, (&text, found), format, other, told)
            }
            None => self.restore_inserted(id, name, recovered, untouched, told),
        }
    }

    /// What a buffer is called among those of all the folder.
    fn name_in_folder(&self, buffer: &Buffer) -> String {
        let path = buffer
            .path()
            .and_then(|it| it.strip_prefix(self.root()).ok());
        path.map_or_else(|| buffer.display_name(), |path| path.display().to_string())
    }

    /// Puts the text back as it came about, but for so many changes that the file holds already;
    /// says whether that could be done. Where it could not, the buffer is as it was.
    fn restore_with_history(
        &mut self,
        id: BufferId,
        recovered: &Recovered,
        saved_changes: usize,
        told: &mut CameBack,
    ) -> bool {
        let Some(buffer) = self.buffers.get(&id) else {
            return false;
        };
        let journal = recovered.journal.get(saved_changes..).unwrap_or_default();
        if let RecoveredText::Copy { text, undo } = &recovered.text {
            let found = recovered.found.as_deref();
            let history = match found {
                Some(found) => found.take_history(),
                None => saved_history(undo, text),
            };
            let Some(history) = history else {
                return false;
            };
            if self.take_restored(id, text, found).is_err() {
                return false;
            }
            if let Some(buffer) = self.buffers.get_mut(&id) {
                buffer.history = history;
                // Which state of it is on the disk is not known.
                buffer.saved.revision = None;
            }
            self.update_dirty(id);
        } else if let Some(first) = journal.first()
            && first.changes.check(&buffer.text).is_err()
        {
            // The text of the file is not the one that was edited.
            return false;
        }
        let made = self.replay(id, journal);
        if made < journal.len() {
            let rest = recovered.inserted(saved_changes + made);
            let beside = self.restore_as_new(
                &Text::new(&rest.text),
                recovered.format(None),
                format!(
                    "Some of your unsaved edits do not fit the text any more. What you typed is \
                     back as a new document.{}",
                    rest.about_deletions()
                ),
                told,
            );
            told.beside.push(beside);
        }
        true
    }

    /// Puts the text back as one edit. `other` is what the file holds now, where another program
    /// changed it.
    fn restore_text(
        &mut self,
        id: BufferId,
        name: String,
        (text, found): (&Text, Option<&FoundText>),
        format: Option<TextFormat>,
        other: Option<LoadedFile>,
        told: &mut CameBack,
    ) -> BufferId {
        let Some(buffer) = self.buffers.get(&id) else {
            return id;
        };
        if buffer.text_differs_from_saved() && buffer.text != *text {
            return self.restore_as_new(
                text,
                format,
                format!("Other unsaved edits to {name} are back as a new document."),
                told,
            );
        }
        if let Err(error) = self.take_restored(id, text, found) {
            let notice =
                format!("Your unsaved edits to {name} are back as a new document: {error}.");
            return self.restore_as_new(text, format, notice, told);
        }
        if let Some(file) = other
            && let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.dirty
        {
            buffer.disk = DiskState::Changed;
            buffer.on_disk = Some(file);
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        told.names.push(name);
        id
    }

    /// Gives a buffer the text, as one edit: by what was found beforehand, where that is about it.
    fn take_restored(
        &mut self,
        id: BufferId,
        text: &Text,
        found: Option<&FoundText>,
    ) -> Result<(), EditError> {
        let buffer = self.buffers.get(&id).ok_or(EditError::NoSuchBuffer)?;
        if let Some(found) = found.filter(|found| found.is_between(&buffer.text, text)) {
            return self.apply_found(id, found);
        }
        let changes = change_between(&buffer.text, text);
        self.apply(
            id,
            &Transaction::from_changes(changes, &Selections::caret(0)),
        )
    }

    /// Saves what was put into a file that is not the same any more.
    fn restore_inserted(
        &mut self,
        id: BufferId,
        name: String,
        recovered: &Recovered,
        untouched: bool,
        told: &mut CameBack,
    ) -> BufferId {
        let buffer = self.buffers.get(&id);
        let saved = buffer.and_then(|buffer| recovered.saved_changes(&buffer.text));
        let changes = recovered.journal.len();
        if saved == Some(changes) || changes == 0 {
            return id;
        }
        if let Some(saved) = saved
            && untouched
            && self.restore_with_history(id, recovered, saved, told)
        {
            told.names.push(name);
            return id;
        }
        let inserted = recovered.inserted(0);
        let deletions = inserted.about_deletions();
        if inserted.text.is_empty() {
            told.more.push(format!(
                "{name} was changed by another program since your unsaved edits, and what it held \
                 before is not kept.{deletions}"
            ));
            return id;
        }
        self.restore_as_new(
            &Text::new(&inserted.text),
            recovered.format(None),
            format!(
                "{name} was changed by another program since your unsaved edits, and what it held \
                 before is not kept. What you typed is back as a new document, each place on lines \
                 of its own: put it in where it belongs.{deletions}"
            ),
            told,
        )
    }

    /// Saves what was put into a file that is not there, or cannot be read, any more: without it the
    /// rest of the text is not known. `None` where nothing was put in.
    fn restore_without_file(
        &mut self,
        recovered: Recovered,
        told: &mut CameBack,
    ) -> Option<BufferId> {
        let name = recovered.path.as_deref()?.file_name()?.to_string_lossy();
        let inserted = recovered.inserted(0);
        if inserted.text.is_empty() {
            told.more.push(format!(
                "Your unsaved edits to {name}, which only took text away, are not back: the file is \
                 gone or cannot be read."
            ));
            return None;
        }
        let notice = format!(
            "{name} is gone or cannot be read, and what it held before is not kept. What you typed \
             into it is back as a new document, each place on lines of its own.{}",
            inserted.about_deletions()
        );
        let format = recovered.format(None);
        let id = self.restore_as_new(&Text::new(&inserted.text), format, notice, told);
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.origin = Some(recovered.origin.next());
        }
        Some(id)
    }

    fn restore_as_new(
        &mut self,
        text: &Text,
        format: Option<TextFormat>,
        notice: String,
        told: &mut CameBack,
    ) -> BufferId {
        let id = self.new_untitled_in(format.unwrap_or_default());
        let changes = change_between(&Text::default(), text);
        let restored = Transaction::from_changes(changes, &Selections::caret(0));
        match self.apply(id, &restored) {
            Ok(()) => told.more.push(notice),
            Err(error) => self.notice(Severity::Error, error.to_string()),
        }
        id
    }

    /// A buffer for a file that is not there any more.
    fn add_lost(&mut self, path: &Path) -> BufferId {
        let path = absolute(self.root(), path);
        if let Some(id) = self.buffer_for_path(&path) {
            return id;
        }
        let associations = self.associations.clone();
        self.add_with(Text::default(), TextFormat::default(), |buffer| {
            buffer.path = Some(path);
            buffer.disk = DiskState::Deleted;
            buffer.update_dirty();
            buffer.detect_language(&associations);
        })
    }
}

fn saved_history(undo: &[u8], text: &Text) -> Option<History> {
    SavedHistory::read(undo).ok()?.restore(text)
}

/// FNV-1a of 64 bits, which unlike the standard hasher stays the same from one version of the
/// program to the next.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
