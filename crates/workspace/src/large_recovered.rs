//! Unsaved text that takes long to come back.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fs::{Fs, FsError, HeldEntry, LeftBehind, LoadProgress, LoadedFile, STREAMED_BYTES};

use crate::recovered::{Newest, Recovered};
use crate::recovery_entry::{self, Base, Header};
use crate::{Buffer, LeftTexts, UsualEncodings};

/// Unsaved text of an earlier program that is large, or belongs to a file that is: it is
/// [loaded](Self::load) when somebody needs it, so that the others need not wait. It stays on the
/// disk until it is [discarded](Self::discard).
#[derive(Debug)]
pub struct LargeRecovered {
    place: Mutex<Place>,
    untitled: Option<u32>,
    on_disk: OnDisk,
    held: HeldEntry,
}

/// Where the file of an unsaved text lies.
#[derive(Debug)]
struct Place {
    path: Option<PathBuf>,
    /// The path with its links resolved, where it is known.
    real_path: Option<PathBuf>,
}

impl Place {
    /// Looks where links lead. Blocks.
    fn of(path: Option<PathBuf>, fs: &dyn Fs) -> Self {
        Self {
            real_path: path.as_deref().and_then(|path| fs.canonicalize(path).ok()),
            path,
        }
    }
}

/// What became of the file of an unsaved text, as far as that shows before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDisk {
    /// It is what it was, or cannot be looked at, or there is none.
    AsItWas,
    /// It is another one, and the text can be put together without it.
    Changed,
    /// It is another one, and what it held before was not kept.
    Replaced,
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

/// What the tab of an unsaved text is called that is not back yet, by its file or its number.
pub fn title_of_text(path: Option<&Path>, untitled: Option<u32>) -> String {
    match (path, untitled) {
        (Some(path), _) => name(path),
        (None, Some(number)) => Buffer::untitled_name(number),
        (None, None) => "Unsaved text".to_owned(),
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// What is [put back](crate::Workspace::restore).
pub type Loaded = (Recovered, Option<LoadedFile>);

impl LargeRecovered {
    fn new(
        path: Option<PathBuf>,
        untitled: Option<u32>,
        base: Option<Base>,
        is_of_file: bool,
        held: HeldEntry,
        fs: &dyn Fs,
    ) -> Self {
        let now = path.as_deref().and_then(|path| fs.metadata(path).ok());
        let is_other = base
            .zip(now)
            .is_some_and(|(base, now)| !base.looks_like(&now));
        let on_disk = match is_other {
            false => OnDisk::AsItWas,
            true if is_of_file && !held.has_base() => OnDisk::Replaced,
            true => OnDisk::Changed,
        };
        Self {
            place: Mutex::new(Place::of(path, fs)),
            untitled,
            on_disk,
            held,
        }
    }

    /// What is to be said at once of a file that another program seems to have changed since: the text
    /// may take long to come back.
    pub fn warning(&self) -> Option<String> {
        let name = name(&self.path()?);
        match self.on_disk {
            OnDisk::AsItWas => None,
            OnDisk::Changed => Some(format!(
                "{name} was changed on the disk after your unsaved edits to it. Both are kept: once \
                 its tab has read them, a bar over the text asks which you want, and Compare shows \
                 how they differ."
            )),
            OnDisk::Replaced => Some(format!(
                "{name} was changed on the disk after your unsaved edits to it, and what it held \
                 before is not kept. Once it is read, what you typed comes back as a new document, \
                 to be put in by hand."
            )),
        }
    }

    /// The file that it belongs to; `None` for text that never had one, and for what is damaged.
    pub fn path(&self) -> Option<PathBuf> {
        self.place().path.clone()
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its file has another path now, also for who is [loading](Self::load) it at this moment.
    /// [`Self::keep_path`] lets that outlive this program.
    pub fn moved(&self, to: &Path) {
        *self.place() = Place {
            path: Some(to.to_path_buf()),
            real_path: None,
        };
    }

    /// Writes down which file it belongs to now, and looks where its links lead. Blocks; may take as long as reading it.
    ///
    /// # Errors
    /// As the system reports; it belongs to the file that it belonged to then, once this program has
    /// ended.
    pub fn keep_path(&self, fs: &dyn Fs) -> Result<(), FsError> {
        self.held.change_first_line(|line| {
            let now = Place::of(self.path(), fs);
            let mut place = self.place();
            if place.path == now.path {
                *place = now;
            }
            let mut header = recovery_entry::header(line)?;
            header.set_path(place.path.as_deref()?);
            serde_json::to_vec(&header).ok()
        })
    }

    /// The path with its links resolved, where it is known.
    pub fn real_path(&self) -> Option<PathBuf> {
        self.place().real_path.clone()
    }

    /// What its tab is called.
    pub fn title(&self) -> String {
        title_of_text(self.path().as_deref(), self.untitled)
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
        let mut recovered = recovery_entry::read(&entry.ok_or(ComeBackError::Cancelled)?);
        let is_sound = recovered.path.is_some();
        let file = loop {
            let place = self.path();
            recovered.path = place.clone().filter(|_| is_sound).or(recovered.path);
            let file = recovered.load_as_usual(fs, encodings, Some(progress));
            if progress.is_cancelled() {
                return Err(ComeBackError::Cancelled);
            }
            // It may have been moved away meanwhile.
            if !is_sound || self.path() == place {
                break file;
            }
        };
        match &recovered.path {
            Some(path) if recovered.waits_for_file(file.as_ref(), fs) => {
                Err(ComeBackError::FileAway { path: path.clone() })
            }
            _ => {
                if recovered.is_of_another(file.as_ref())
                    && let Some(base) = self.held.read_base(progress)?
                {
                    recovered.take_base(&base);
                }
                recovered.find(file.as_ref());
                match progress.is_cancelled() {
                    true => Err(ComeBackError::Cancelled),
                    false => Ok((recovered, file)),
                }
            }
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
        large.extend(held.map(|held| {
            let is_of_file = one.is_of_file();
            LargeRecovered::new(
                one.path.clone(),
                one.untitled,
                one.base,
                is_of_file,
                held,
                fs,
            )
        }));
        stays
    });
    for (name, header) in unread {
        large.extend(hold(&name).map(|held| {
            let header = header.as_ref();
            let path = header.and_then(Header::path);
            let untitled = header.and_then(|header| header.untitled);
            let base = header.and_then(|header| header.base);
            let is_of_file = header.is_some_and(|header| header.from_file);
            LargeRecovered::new(path, untitled, base, is_of_file, held, fs)
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
