//! What a program that ended left unsaved, and how it comes back.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use editor_core::{History, SavedHistory, Selections, Text, Transaction, change_between};
use fs::{Fingerprint, LeftEntry, LoadedFile, TextFormat};
use serde::{Deserialize, Serialize};

use crate::file_path::absolute;
use crate::made::Made;
use crate::{BufferId, DiskState, Severity, Workspace, WorkspaceEvent, journal};

const FORMAT: u32 = 2;

/// The first line of an entry; the undo history and the text follow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    kiln_recovery: u32,
    path: Option<String>,
    base: Option<Base>,
    /// The version of the text that follows, or of the file, from which the journal goes on.
    version: u64,
    /// The length of the undo history in bytes, where there is one.
    undo: Option<usize>,
    /// No text follows: the journal begins from the file.
    from_file: bool,
    /// The number in the name of a text without a file.
    #[serde(default)]
    untitled: Option<u32>,
}

impl Header {
    pub fn new(
        path: Option<String>,
        base: Option<Base>,
        version: u64,
        undo: Option<usize>,
    ) -> Self {
        Self {
            kiln_recovery: FORMAT,
            path,
            base,
            version,
            undo,
            from_file: false,
            untitled: None,
        }
    }

    pub fn of_file(self) -> Self {
        Self {
            from_file: true,
            ..self
        }
    }

    pub fn untitled(self, number: Option<u32>) -> Self {
        Self {
            untitled: number,
            ..self
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        // A header of strings and numbers has nothing that JSON lacks.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// The file that edits began from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Base {
    size: u64,
    hash: u64,
    /// Nanoseconds since 1970.
    modified: Option<u64>,
}

impl Base {
    pub fn of(file: &Fingerprint) -> Self {
        let modified = file.modified.and_then(|time| {
            let since = time.duration_since(UNIX_EPOCH).ok()?;
            u64::try_from(since.as_nanos()).ok()
        });
        Self {
            size: file.size,
            hash: file.hash,
            modified,
        }
    }

    /// Whether a file is still what it was. Its hash may be another in another version of the
    /// program; then the time of change counts.
    fn is(&self, file: &Fingerprint) -> bool {
        let now = Self::of(file);
        let untouched = self.modified.is_some() && self.modified == now.modified;
        self.size == now.size && (self.hash == now.hash || untouched)
    }
}

/// Unsaved text from a program that ended without saving it; put it back with
/// [`Workspace::restore`].
#[derive(Debug, Clone)]
pub struct Recovered {
    /// The file that it belongs to; `None` for text that never had one.
    pub path: Option<PathBuf>,
    base: Option<Base>,
    text: RecoveredText,
    /// What was done to the text since.
    journal: Vec<Made>,
    /// The number in its name, where it has no file.
    untitled: Option<u32>,
}

#[derive(Debug, Clone)]
enum RecoveredText {
    /// All of it, with its undo history.
    Copy { text: Text, undo: Vec<u8> },
    /// That of the file.
    OfFile,
}

impl Recovered {
    /// The text with its changes, where no file is needed for it.
    fn final_text(&self) -> Option<Text> {
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

    /// What was put in, of changes to a text that is not there any more.
    fn inserted(&self) -> String {
        let pieces = self.journal.iter().flat_map(|made| made.changes.edits());
        pieces.map(|edit| edit.text).collect()
    }

    /// Whether a file holds what the changes led to: it was saved in the moment when the program
    /// ended.
    fn is_in(&self, file: &Text) -> bool {
        let mut all = self.journal.iter();
        let Some(first) = all.next() else {
            return true;
        };
        let composed = all.try_fold((*first.changes).clone(), |all, made| {
            all.compose((*made.changes).clone()).ok()
        });
        composed.is_some_and(|changes| {
            changes.len_after() == file.len()
                && changes
                    .edits()
                    .all(|edit| file.slice(edit.new_range.clone()) == edit.text)
        })
    }
}

/// What an entry holds. One that is damaged is given as it is, without its file: nothing that may
/// be somebody's text is thrown away.
pub(crate) fn read_entry(entry: &LeftEntry) -> Recovered {
    read_sound_entry(entry).unwrap_or_else(|| Recovered {
        path: None,
        base: None,
        text: RecoveredText::Copy {
            text: Text::new(&String::from_utf8_lossy(&entry.content)),
            undo: Vec::new(),
        },
        journal: Vec::new(),
        untitled: None,
    })
}

fn read_sound_entry(entry: &LeftEntry) -> Option<Recovered> {
    let content = &entry.content;
    let end = content.iter().position(|byte| *byte == b'\n')?;
    let header: Header = serde_json::from_slice(&content[..end]).ok()?;
    if header.kiln_recovery != FORMAT {
        return None;
    }
    let (undo, text) = content[end + 1..].split_at_checked(header.undo.unwrap_or_default())?;
    let text = std::str::from_utf8(text).ok()?;
    Some(Recovered {
        path: header.path.map(PathBuf::from),
        base: header.base,
        text: if header.from_file {
            RecoveredText::OfFile
        } else {
            let (text, undo) = (Text::new(text), undo.to_vec());
            RecoveredText::Copy { text, undo }
        },
        journal: journal::read(&entry.journal, header.version),
        untitled: header.untitled,
    })
}

impl Workspace {
    /// Puts recovered text back, as unsaved edits of its file with their undo history. `file` is
    /// what the file holds now; `None` where it is gone or cannot be read, or for text without one.
    ///
    /// A file that another program changed meanwhile is marked so, and the edits are one then,
    /// which undo takes away. Where the buffer of the file has other unsaved edits already, such
    /// as those of a second window, the text comes back without a file.
    pub fn restore(&mut self, recovered: Recovered, file: Option<LoadedFile>) -> BufferId {
        let same = match (&recovered.base, &file) {
            (Some(base), Some(file)) => base.is(&file.fingerprint),
            (None, None) => true,
            _ => false,
        };
        let id = match (&recovered.path, &file) {
            (None, _) => self.new_untitled_as(recovered.untitled, TextFormat::default()),
            (Some(_), Some(file)) => self.add_loaded(file.clone()),
            (Some(path), None) => self.add_lost(path),
        };
        let Some(buffer) = self.buffers.get(&id) else {
            return id;
        };
        let name = buffer.display_name();
        let untouched = !buffer.text_differs_from_saved() && buffer.version == 0;
        if same && untouched && self.restore_with_history(id, &recovered) {
            self.notice(
                Severity::Info,
                format!("Your unsaved edits to {name} are back."),
            );
            return id;
        }
        match recovered.final_text() {
            Some(text) => self.restore_text(id, &name, &text, file.filter(|_| !same)),
            None => self.restore_inserted(id, &name, &recovered),
        }
    }

    /// Puts the text back as it came about; says whether that could be done.
    fn restore_with_history(&mut self, id: BufferId, recovered: &Recovered) -> bool {
        if let RecoveredText::Copy { text, undo } = &recovered.text {
            let Some(history) = saved_history(undo, text) else {
                return false;
            };
            let Some(buffer) = self.buffers.get(&id) else {
                return false;
            };
            let changes = change_between(&buffer.text, text);
            let restored = Transaction::from_changes(changes, &Selections::caret(0));
            if let Err(error) = self.apply(id, restored) {
                self.notice(Severity::Error, error.to_string());
                return false;
            }
            if let Some(buffer) = self.buffers.get_mut(&id) {
                buffer.history = history;
                // Which state of it is on the disk is not known.
                buffer.saved.revision = None;
            }
            self.update_dirty(id);
        }
        self.replay(id, &recovered.journal);
        true
    }

    /// Puts the text back as one edit. `other` is what the file holds now, where another program
    /// changed it.
    fn restore_text(
        &mut self,
        id: BufferId,
        name: &str,
        text: &Text,
        other: Option<LoadedFile>,
    ) -> BufferId {
        let Some(buffer) = self.buffers.get(&id) else {
            return id;
        };
        if buffer.text_differs_from_saved() && buffer.text != *text {
            return self.restore_as_new(
                text,
                format!("Other unsaved edits to {name} are back as a new document."),
            );
        }
        let changes = change_between(&buffer.text, text);
        let restored = Transaction::from_changes(changes, &Selections::caret(0));
        if let Err(error) = self.apply(id, restored) {
            self.notice(Severity::Error, error.to_string());
            return id;
        }
        if let Some(file) = other
            && let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.dirty
        {
            buffer.disk = DiskState::Changed;
            buffer.on_disk = Some(file);
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        self.notice(
            Severity::Info,
            format!("Your unsaved edits to {name} are back."),
        );
        id
    }

    /// Saves what was put into a file that is not the same any more.
    fn restore_inserted(&mut self, id: BufferId, name: &str, recovered: &Recovered) -> BufferId {
        let saved = |buffer: &crate::Buffer| recovered.is_in(&buffer.text);
        if self.buffers.get(&id).is_some_and(saved) {
            return id;
        }
        let text = Text::new(&recovered.inserted());
        self.restore_as_new(
            &text,
            format!(
                "{name} was changed by another program since your unsaved edits. What you typed \
                 is back as a new document."
            ),
        )
    }

    fn restore_as_new(&mut self, text: &Text, notice: String) -> BufferId {
        let id = self.new_untitled();
        let changes = change_between(&Text::default(), text);
        let restored = Transaction::from_changes(changes, &Selections::caret(0));
        match self.apply(id, restored) {
            Ok(()) => self.notice(Severity::Info, notice),
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
        self.add_with(Text::default(), TextFormat::default(), |buffer| {
            buffer.path = Some(path);
            buffer.disk = DiskState::Deleted;
            buffer.update_dirty();
            buffer.detect_language();
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
