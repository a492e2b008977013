use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use editor_core::{Text, hunks};
use fs::{FsError, PrivateFolder};

use crate::{BufferId, Severity, Workspace, file_path};

/// What is kept of all files together, in bytes; what was kept longest ago goes first.
const MAX_ALL: u64 = 512 * 1024 * 1024;

/// A kept text is read up to this many bytes.
const MAX_READ: u64 = 128 * 1024 * 1024;

/// What the local history keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// Longer texts are not kept, in bytes.
    pub file_bytes: u64,
    /// How many texts of one file are kept; none at 0.
    pub entries: usize,
}

/// Why a text was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistorySource {
    /// It was saved.
    Saved,
    /// It was saved after undo had gone back to it.
    SavedAfterUndo,
    /// The agent wrote it.
    Agent,
    /// The file held it before it was first saved here.
    BeforeFirstSave,
    /// It was not saved when an older text was restored in its place.
    BeforeRestore,
    /// It was not saved when what is on the disk took its place.
    BeforeReload,
    /// The file was deleted for a language server.
    BeforeDelete,
}

impl HistorySource {
    const ALL: [Self; 7] = [
        Self::Saved,
        Self::SavedAfterUndo,
        Self::Agent,
        Self::BeforeFirstSave,
        Self::BeforeRestore,
        Self::BeforeReload,
        Self::BeforeDelete,
    ];

    /// The word for it in the name of an entry.
    fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::SavedAfterUndo => "undo",
            Self::Agent => "agent",
            Self::BeforeFirstSave => "first",
            Self::BeforeRestore => "restore",
            Self::BeforeReload => "reload",
            Self::BeforeDelete => "deleted",
        }
    }

    /// An entry of an earlier version names none; it was a save.
    fn for_word(word: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|source| source.word() == word)
            .unwrap_or(Self::Saved)
    }
}

/// How many lines a text has that the one before it had not, and the other way around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCounts {
    /// Lines that are new.
    pub added: usize,
    /// Lines that are gone.
    pub removed: usize,
}

/// One text that a file had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When it was kept.
    pub kept: SystemTime,
    /// Why.
    pub source: HistorySource,
    name: String,
}

/// The texts that files had when they were saved, in a folder of Kiln's own outside the project:
/// for what neither undo nor git brings back. All calls block.
#[derive(Debug)]
pub struct LocalHistory {
    folder: PrivateFolder,
    limits: Mutex<HistoryLimits>,
}

impl LocalHistory {
    /// The history under Kiln's `state` folder.
    pub fn new(state: &Path, limits: HistoryLimits) -> Self {
        Self {
            folder: PrivateFolder::new(state.join("history"), MAX_ALL),
            limits: Mutex::new(limits),
        }
    }

    /// Keeps more or less from the next save on.
    pub fn set_limits(&self, limits: HistoryLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    fn limits(&self) -> HistoryLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the text that a file has now. Where there is nothing of the file yet, `before` is kept
    /// too, as of a moment earlier: what the file held before its first save here.
    ///
    /// # Errors
    /// As the system reports.
    pub fn keep(
        &self,
        path: &Path,
        (text, source): (&Text, HistorySource),
        before: Option<&Text>,
        at: SystemTime,
    ) -> Result<(), FsError> {
        let HistoryLimits {
            file_bytes,
            entries,
        } = self.limits();
        if entries == 0 {
            return Ok(());
        }
        let mut known = entries_of(path, self.folder.known_names(&start_of(path))?);
        let earlier = at.checked_sub(Duration::from_millis(1)).unwrap_or(at);
        let before = before.filter(|before| known.is_empty() && *before != text);
        for (text, source, at) in before
            .map(|before| (before, HistorySource::BeforeFirstSave, earlier))
            .into_iter()
            .chain([(text, source, at)])
        {
            if text.len() as u64 > file_bytes {
                continue;
            }
            let content = text.to_string();
            let newest = known.first().map(|entry| self.text(entry));
            if matches!(newest, Some(Ok(newest)) if newest == content.as_str()) {
                continue;
            }
            let name = entry_name(path, at, source);
            self.folder.write(&name, content.as_bytes())?;
            let entry = HistoryEntry {
                kept: at,
                source,
                name,
            };
            known.insert(0, entry);
        }
        for entry in known.iter().skip(entries) {
            self.folder.remove(&entry.name)?;
        }
        Ok(())
    }

    /// What is kept of a file, the newest first.
    ///
    /// # Errors
    /// As the system reports.
    pub fn entries(&self, path: &Path) -> Result<Vec<HistoryEntry>, FsError> {
        Ok(entries_of(path, self.folder.names()?))
    }

    /// The text of an entry.
    ///
    /// # Errors
    /// [`FsError::NotFound`] where it has gone meanwhile, or as the system reports.
    pub fn text(&self, entry: &HistoryEntry) -> Result<Text, FsError> {
        match self.folder.read(&entry.name, MAX_READ)? {
            Some(bytes) => Ok(Text::new(&String::from_utf8_lossy(&bytes))),
            None => Err(FsError::NotFound {
                path: PathBuf::from(&entry.name),
            }),
        }
    }
}

/// How each of the entries of a file, the newest first, differs from the one that follows it here,
/// one after the other; `None` for the last, and where a text cannot be read or compared. Takes its
/// time: not for the UI thread.
pub fn line_counts(
    history: &LocalHistory,
    entries: &[HistoryEntry],
) -> impl Iterator<Item = Option<LineCounts>> {
    let texts = entries.iter().map(|entry| history.text(entry).ok());
    let mut texts = texts.peekable();
    std::iter::from_fn(move || {
        let text = texts.next()?;
        let older = texts.peek().and_then(Option::as_ref);
        Some(older.zip(text).and_then(|(older, text)| {
            let hunks = hunks(older, &text)?;
            let counts = hunks.iter().map(|hunk| {
                let counts = (lines(&hunk.rows, &text), lines(&hunk.base_rows, older));
                // Where the line feed at the end alone came or went, the last line is another.
                if counts == (0, 0) { (1, 1) } else { counts }
            });
            let (added, removed) = counts.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
            Some(LineCounts { added, removed })
        }))
    })
}

/// How many lines some rows are: behind the last line feed of a text there is a row and no line.
fn lines(rows: &Range<usize>, text: &Text) -> usize {
    let last = text.line_count() - 1;
    let is_none = rows.contains(&last) && text.line_start(last) == text.len();
    rows.len() - usize::from(is_none)
}

fn file_name(path: &Path) -> String {
    file_path::hash(path).to_string()
}

/// How the names of a file's entries begin.
fn start_of(path: &Path) -> String {
    format!("{}.", file_name(path))
}

/// The entries of a file among names, the newest first.
fn entries_of(path: &Path, names: Vec<String>) -> Vec<HistoryEntry> {
    let start = start_of(path);
    let mut found: Vec<_> = names
        .into_iter()
        .filter_map(|name| {
            let known = name.strip_prefix(&start)?.strip_suffix(".txt")?;
            let (millis, word) = known.split_once('.').unwrap_or((known, ""));
            let millis = Duration::from_millis(millis.parse().ok()?);
            let kept = UNIX_EPOCH.checked_add(millis)?;
            Some(HistoryEntry {
                kept,
                source: HistorySource::for_word(word),
                name,
            })
        })
        .collect();
    found.sort_by_key(|entry| std::cmp::Reverse(entry.kept));
    found
}

fn entry_name(path: &Path, at: SystemTime, source: HistorySource) -> String {
    let millis = at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    format!("{}.{millis:015}.{}.txt", file_name(path), source.word())
}

impl Workspace {
    /// Keeps the text of every file that is saved from now on.
    pub fn keep_history_in(&mut self, history: Arc<LocalHistory>) {
        self.local_history = Some(history);
    }

    /// Where the texts of saved files are kept.
    pub fn local_history(&self) -> Option<&Arc<LocalHistory>> {
        self.local_history.as_ref()
    }

    /// What keeps the text of a buffer that is about to be replaced, where it has a file and was not
    /// saved; run it off the thread that owns the workspace.
    pub fn keep_unsaved_job(
        &self,
        id: BufferId,
        source: HistorySource,
    ) -> Option<impl FnOnce() -> Result<(), FsError> + Send + use<>> {
        let history = self.local_history.clone()?;
        let buffer = self.buffer(id).filter(|buffer| buffer.is_dirty())?;
        let (path, text) = (buffer.path()?.to_path_buf(), buffer.text().clone());
        let saved = buffer.saved.text.clone();
        Some(move || history.keep(&path, (&text, source), Some(&saved), SystemTime::now()))
    }

    /// Says once that the texts of saves cannot be kept.
    pub fn history_not_kept(&mut self, error: &FsError) {
        if !std::mem::replace(&mut self.history_warned, true) {
            let message = format!("Saves are not kept in the local history: {error}");
            self.notice(Severity::Warning, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(state: &Path, file_bytes: u64, entries: usize) -> LocalHistory {
        LocalHistory::new(
            state,
            HistoryLimits {
                file_bytes,
                entries,
            },
        )
    }

    fn texts(history: &LocalHistory, path: &Path) -> Vec<String> {
        let entries = history.entries(path).unwrap();
        let texts = entries.iter().map(|entry| history.text(entry).unwrap());
        texts.map(|text| text.to_string()).collect()
    }

    fn saved(text: &Text) -> (&Text, HistorySource) {
        (text, HistorySource::Saved)
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
    }

    #[test]
    fn saves_are_kept_newest_first_with_what_the_first_one_replaced() {
        let state = tempfile::tempdir().unwrap();
        let history = history(state.path(), 100, 3);
        let (file, other) = (Path::new("/p/a.txt"), Path::new("/p/b.txt"));
        let original = Text::new("original");
        history
            .keep(file, saved(&Text::new("one")), Some(&original), at(1))
            .unwrap();
        history
            .keep(file, saved(&Text::new("one")), Some(&original), at(2))
            .unwrap();
        assert_eq!(texts(&history, file), ["one", "original"]);
        let entries = history.entries(file).unwrap();
        assert_eq!(entries[0].kept, at(1));
        let sources: Vec<_> = entries.iter().map(|entry| entry.source).collect();
        assert_eq!(
            sources,
            [HistorySource::Saved, HistorySource::BeforeFirstSave]
        );
        for (number, text) in ["two", "three"].iter().enumerate() {
            let at = at(3 + number as u64);
            history
                .keep(file, saved(&Text::new(text)), Some(&original), at)
                .unwrap();
        }
        assert_eq!(texts(&history, file), ["three", "two", "one"]);
        assert!(texts(&history, other).is_empty());
    }

    #[test]
    fn long_texts_are_not_kept_and_nothing_where_nothing_is_wanted() {
        let state = tempfile::tempdir().unwrap();
        let history = history(state.path(), 5, 3);
        let file = Path::new("/p/a.txt");
        history
            .keep(file, saved(&Text::new("longer")), None, at(1))
            .unwrap();
        assert!(texts(&history, file).is_empty());
        history.set_limits(HistoryLimits {
            file_bytes: 100,
            entries: 0,
        });
        history
            .keep(file, saved(&Text::new("text")), None, at(2))
            .unwrap();
        assert!(texts(&history, file).is_empty());
    }

    #[test]
    fn each_entry_is_counted_against_the_one_before_it() {
        let state = tempfile::tempdir().unwrap();
        let history = history(state.path(), 100, 9);
        let file = Path::new("/p/a.txt");
        let texts = ["a\nb\n", "a\nB\nc\n", "c\n", "x\ny", "x\ny\n", ""];
        for (number, text) in texts.iter().enumerate() {
            let (text, at) = (Text::new(text), at(number as u64));
            history.keep(file, saved(&text), None, at).unwrap();
        }
        let entries = history.entries(file).unwrap();
        let counts = |added, removed| Some(LineCounts { added, removed });
        let found: Vec<_> = line_counts(&history, &entries).collect();
        let expected = [
            counts(0, 2),
            counts(1, 1),
            counts(2, 1),
            counts(0, 2),
            counts(2, 1),
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn entries_of_an_earlier_version_were_saves() {
        let name = |rest: &str| format!("{}{rest}.txt", start_of(Path::new("/p/a.txt")));
        let names = vec![
            name("001700000000000"),
            name("001700000001000.undo"),
            name("001700000002000.word-to-come"),
        ];
        let found = entries_of(Path::new("/p/a.txt"), names);
        let sources: Vec<_> = found.iter().map(|entry| entry.source).collect();
        let saved = HistorySource::Saved;
        assert_eq!(sources, [saved, HistorySource::SavedAfterUndo, saved]);
    }
}
