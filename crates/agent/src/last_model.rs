//! The model that was in use last, kept for the next start.
//!
//! Who never picks a model works with one that was chosen for them. Without a memory of it, a key
//! that is saved, a server that is started or a model that is downloaded would put another one in
//! its place at the next start: perhaps one that costs money and sends the code elsewhere.

use std::path::PathBuf;

use fs::{FsError, PrivateFolder};
use llm::ModelId;

/// The file's name.
const FILE: &str = "last";
/// The longest name of a model that is kept, in bytes.
const MAX_BYTES: u64 = 4 * 1024;

/// Where the model that was in use last is kept. All calls block.
#[derive(Debug)]
pub(crate) struct LastModel {
    folder: PrivateFolder,
    path: PathBuf,
}

/// Why it is not known which model was in use last.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LastModelError {
    #[error(transparent)]
    Unreadable(#[from] FsError),
    #[error("{} does not name a model", path.display())]
    Malformed { path: PathBuf },
}

impl LastModel {
    /// In a folder of Kiln's own that holds nothing else.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            path: folder.join(FILE),
            folder: PrivateFolder::new(folder, MAX_BYTES),
        }
    }

    /// The model; `None` where none was in use yet.
    ///
    /// # Errors
    /// Where the file cannot be read or names none.
    pub fn read(&self) -> Result<Option<ModelId>, LastModelError> {
        let Some(bytes) = self.folder.read(FILE, MAX_BYTES)? else {
            return Ok(None);
        };
        let named = std::str::from_utf8(&bytes).ok();
        match named.and_then(|name| name.trim_end().parse().ok()) {
            Some(id) => Ok(Some(id)),
            None => Err(LastModelError::Malformed {
                path: self.path.clone(),
            }),
        }
    }

    /// Keeps it, unless it is kept already.
    ///
    /// # Errors
    /// As the system reports.
    pub fn keep(&self, id: &ModelId) -> Result<(), FsError> {
        if matches!(self.read(), Ok(Some(kept)) if kept == *id) {
            return Ok(());
        }
        self.folder.write(FILE, format!("{id}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_kept_and_a_damaged_file_is_told() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("model");
        let last = LastModel::in_folder(folder.clone());
        assert_eq!(last.read().unwrap(), None);
        let id: ModelId = "ollama/qwen3:8b".parse().unwrap();
        last.keep(&id).unwrap();
        assert_eq!(last.read().unwrap(), Some(id.clone()));
        for damaged in [&b"\xff/\n"[..], b"", b"no slash", &[b'x'; 5_000]] {
            std::fs::write(folder.join(FILE), damaged).unwrap();
            let told = last.read().unwrap_err().to_string();
            assert!(told.contains("last"), "{told}");
            last.keep(&id).unwrap();
            assert_eq!(last.read().unwrap(), Some(id.clone()));
        }
    }
}
