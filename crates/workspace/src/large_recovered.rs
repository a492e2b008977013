//! Unsaved text that takes long to come back.

use std::path::{Path, PathBuf};

use fs::{Fs, FsError, HeldEntry, LeftBehind, LoadProgress, LoadedFile, STREAMED_BYTES};

use crate::recovered::{Newest, Recovered};
use crate::recovery_entry::{self, Header};
use crate::{LeftTexts, UsualEncodings};

/// Unsaved text of an earlier program that is large, or belongs to a file that is: it is
/// [loaded](Self::load) when somebody needs it, so that the others need not wait. It stays on the
/// disk until it is [discarded](Self::discard).
#[derive(Debug)]
pub struct LargeRecovered {
    path: Option<PathBuf>,
    untitled: Option<u32>,
    held: HeldEntry,
}

/// Why unsaved text did not come back. It stays on the disk.
#[derive(Debug, thiserror::Error)]
pub enum ComeBackError {
    /// What was kept cannot be read.
    #[error("Unsaved text of an earlier run could not be read and stays on the disk: {0}")]
    Unreadable(#[from] FsError),
    /// It is changes of a file that is only away: most of what was done cannot be brought back
    /// without that.
    #[error(
        "{} cannot be read now, and your unsaved edits to it wait for that. They stay kept: open \
         the file again when it can be read.",
        name(path)
    )]
    FileAway {
        /// The file.
        path: PathBuf,
    },
    /// Nobody waits for it any more.
    #[error("bringing unsaved text back was cancelled")]
    Cancelled,
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// What is [put back](crate::Workspace::restore).
pub type Loaded = (Recovered, Option<LoadedFile>);

impl LargeRecovered {
    fn of(recovered: &Recovered, held: HeldEntry) -> Self {
        Self {
            path: recovered.path.clone(),
            untitled: recovered.untitled,
            held,
        }
    }

    /// The file that it belongs to; `None` for text that never had one, and for what is damaged.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The number in its name, where it has no file.
    pub fn untitled(&self) -> Option<u32> {
        self.untitled
    }

    /// Reads it, and its file as `encodings` say unless it says more itself. Blocks.
    ///
    /// # Errors
    /// See [`ComeBackError`]; it can be loaded again.
    pub fn load(
        &self,
        fs: &dyn Fs,
        encodings: &UsualEncodings,
        progress: &LoadProgress,
    ) -> Result<Loaded, ComeBackError> {
        let entry = self.held.read(progress)?;
        let recovered = recovery_entry::read(&entry.ok_or(ComeBackError::Cancelled)?);
        let file = recovered.load_as_usual(fs, encodings, Some(progress));
        if progress.is_cancelled() {
            return Err(ComeBackError::Cancelled);
        }
        match &recovered.path {
            Some(path) if recovered.waits_for_file(file.as_ref(), fs) => {
                Err(ComeBackError::FileAway { path: path.clone() })
            }
            _ => Ok((recovered, file)),
        }
    }

    /// Forgets it: once it is kept anew, or the user gave it up. Blocks.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(&self) -> Result<(), FsError> {
        self.held.discard()
    }
}

/// Takes what was left apart: what comes back at once, and what takes long.
pub(crate) fn sorted(mut left_behind: Vec<LeftBehind>, fs: &dyn Fs) -> LeftTexts {
    let entries = left_behind.iter().flat_map(|left| &left.entries);
    let mut recovered: Vec<Recovered> = entries.map(recovery_entry::read).collect();
    let unread = left_behind.iter().flat_map(|left| &left.large);
    let mut unread: Vec<(String, Option<Header>)> = unread
        .map(|entry| {
            let line = entry.first_line().ok();
            let header = line.and_then(|line| recovery_entry::header(&line));
            (entry.name.clone(), header)
        })
        .collect();
    let origins = unread.iter().filter_map(|(_, header)| header.as_ref());
    let origins = origins.filter_map(|header| header.origin.as_ref());
    let newest = Newest::among(recovered.iter().map(|one| &one.origin).chain(origins));
    recovered.retain(|one| newest.is(&one.origin));
    // What is damaged may be anything.
    unread.retain(|(_, header)| {
        let origin = header.as_ref().and_then(|header| header.origin.as_ref());
        origin.is_none_or(|origin| newest.is(origin))
    });

    let mut hold = |name: &str| left_behind.iter_mut().find_map(|left| left.hold(name));
    let mut large = Vec::new();
    recovered.retain(|one| {
        let held = takes_long(one, fs).then(|| hold(one.entry())).flatten();
        let stays = held.is_none();
        large.extend(held.map(|held| LargeRecovered::of(one, held)));
        stays
    });
    for (name, header) in unread {
        large.extend(hold(&name).map(|held| LargeRecovered {
            path: header.as_ref().and_then(Header::path),
            untitled: header.and_then(|header| header.untitled),
            held,
        }));
    }
    LeftTexts {
        recovered,
        large,
        left_behind,
    }
}

/// Whether it is changes of a file alone, as of a large one, or its file is large.
fn takes_long(recovered: &Recovered, fs: &dyn Fs) -> bool {
    let is_large = |path| {
        fs.metadata(path)
            .is_ok_and(|file| file.size > STREAMED_BYTES)
    };
    recovered.is_of_file() || recovered.path.as_deref().is_some_and(is_large)
}
