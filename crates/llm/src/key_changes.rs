//! Tells the programs that share a key store that a key in it has changed: a key that one of them
//! removed must not live on in what another one remembers.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A mark larger than this is not ours, in bytes.
const MAX_MARK_BYTES: u64 = 256;

/// The mark of the last change, in a small file beside the key file. The keyring tells nobody.
pub(crate) struct KeyChanges {
    keys: PathBuf,
    mark: PathBuf,
}

/// What tells the stored keys after a change from those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyState {
    mark: Vec<u8>,
    /// The key file's time and length: a person may have written to it.
    keys: Option<(SystemTime, u64)>,
}

impl KeyChanges {
    /// Of the keys beside and in the file `keys`.
    pub fn beside(keys: &Path) -> Self {
        Self {
            keys: keys.to_owned(),
            mark: keys.with_extension("changed"),
        }
    }

    /// The state now.
    pub fn state(&self) -> KeyState {
        let marked = std::fs::metadata(&self.mark)
            .is_ok_and(|mark| mark.is_file() && mark.len() <= MAX_MARK_BYTES);
        let mark = if marked {
            std::fs::read(&self.mark).unwrap_or_default()
        } else {
            Vec::new()
        };
        let keys = std::fs::metadata(&self.keys).ok();
        KeyState {
            mark,
            keys: keys.and_then(|keys| Some((keys.modified().ok()?, keys.len()))),
        }
    }

    /// Leaves a new mark: a key was stored or removed.
    pub fn announce(&self) {
        let write = || -> io::Result<()> {
            if let Some(folder) = self.mark.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let now = now.unwrap_or_default().as_nanos();
            std::fs::write(&self.mark, format!("{now} {}\n", std::process::id()))
        };
        if let Err(error) = write() {
            tracing::warn!(%error, "other windows are not told that a key has changed");
        }
    }
}
