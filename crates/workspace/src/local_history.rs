use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use editor_core::Text;
use fs::{FsError, PrivateFolder};

use crate::{Severity, Workspace, file_path};

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

/// One text that a file had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When it was kept.
    pub kept: SystemTime,
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
        text: &Text,
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
        for (text, at) in before
            .map(|before| (before, earlier))
            .into_iter()
            .chain([(text, at)])
        {
            if text.len() as u64 > file_bytes {
                continue;
            }
            let content = text.to_string();
            let newest = known.first().map(|entry| self.text(entry));
            if matches!(newest, Some(Ok(newest)) if newest == content.as_str()) {
                continue;
            }
            let name = entry_name(path, at);
            self.folder.write(&name, content.as_bytes())?;
            known.insert(0, HistoryEntry { kept: at, name });
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
            let millis = name.strip_prefix(&start)?.strip_suffix(".txt")?;
            let millis = Duration::from_millis(millis.parse().ok()?);
            let kept = UNIX_EPOCH.checked_add(millis)?;
            Some(HistoryEntry { kept, name })
        })
        .collect();
    found.sort_by_key(|entry| std::cmp::Reverse(entry.kept));
    found
}

fn entry_name(path: &Path, at: SystemTime) -> String {
    let millis = at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    format!("{}.{millis:015}.txt", file_name(path))
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

    /// Says once that the texts of saves cannot be kept.
    pub(crate) fn history_not_kept(&mut self, error: &FsError) {
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
            .keep(file, &Text::new("one"), Some(&original), at(1))
            .unwrap();
        history
            .keep(file, &Text::new("one"), Some(&original), at(2))
            .unwrap();
        assert_eq!(texts(&history, file), ["one", "original"]);
        assert_eq!(history.entries(file).unwrap()[0].kept, at(1));
        for (number, text) in ["two", "three"].iter().enumerate() {
            let at = at(3 + number as u64);
            history
                .keep(file, &Text::new(text), Some(&original), at)
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
            .keep(file, &Text::new("longer"), None, at(1))
            .unwrap();
        assert!(texts(&history, file).is_empty());
        history.set_limits(HistoryLimits {
            file_bytes: 100,
            entries: 0,
        });
        history.keep(file, &Text::new("text"), None, at(2)).unwrap();
        assert!(texts(&history, file).is_empty());
    }
}
