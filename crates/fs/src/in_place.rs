//! Overwriting a file that must stay the same file: one with several names, or with an owner that
//! this user may not set.
//!
//! Before the first byte of it changes, both its old and its new content are on the disk beside it.
//! If writing fails, the old content is put back. If the program is killed, the file may be part
//! old and part new; whoever opens or saves it next finds the two beside it and puts the old
//! content back, provided that each page of the file is one of theirs, so that nobody else has
//! written to it since.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atomic_save::{
    RANDOM_BYTES, TEMPORARY_SUFFIX, hard_links, open_itself, parent_of, sync_folder,
    temporary_prefix,
};
use crate::save_calls::{BeforeCall, Blocks, SaveCall};
use crate::{Content, FsError};

/// What comes before the random letters in the name of a file that holds the old content.
const BACKUP: &str = "old-";

/// The old content is copied in blocks of this size.
const BLOCK: usize = 256 * 1024;

/// What a crash leaves half written is told by pages of this size.
const PAGE: usize = 4096;

/// What was cut off is looked for among this many entries of a folder.
const MAX_LISTED: usize = 20_000;

/// Writes `content` over `target`. The file at `new`, which is on the disk already, holds the same.
pub(crate) fn overwrite(
    path: &Path,
    target: &Path,
    new: &Path,
    content: &dyn Content,
    before: BeforeCall,
) -> Result<(), FsError> {
    let failed = |error| FsError::from_io("write", path, error);
    // Its name says which new content it belongs to.
    let backup_path = backup_of(target, new);
    let backup = Backup::create(target, backup_path, before).map_err(failed)?;
    let folder = parent_of(target);
    sync_folder(folder, before).map_err(failed)?;

    before(SaveCall::OpenInPlace).map_err(failed)?;
    let file = open_itself(OpenOptions::new().write(true), target).map_err(failed)?;
    match write_over(&file, content, before) {
        Ok(()) => Ok(()),
        Err(error) => match write_over(&file, &backup, before) {
            Ok(()) => Err(failed(error)),
            Err(_) => Err(FsError::OverwriteFailed {
                path: path.to_path_buf(),
                backup: backup.keep(),
                source: Arc::new(error),
            }),
        },
    }
}

/// The old content beside a file, locked while the file is being overwritten.
struct Backup {
    file: File,
    path: Option<PathBuf>,
}

impl Backup {
    fn create(target: &Path, path: PathBuf, before: BeforeCall) -> io::Result<Self> {
        before(SaveCall::CreateTemporary)?;
        let mut old = open_itself(OpenOptions::new().read(true), target)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        let backup = Self {
            file,
            path: Some(path),
        };
        // A file system without locks has no other program that would look.
        backup.file.try_lock().ok();
        let mut blocks = Blocks {
            file: &backup.file,
            call: SaveCall::WriteBackup,
            before,
        };
        copy(&mut old, &mut blocks)?;
        before(SaveCall::SyncBackup)?;
        backup.file.sync_all()?;
        Ok(backup)
    }

    /// Leaves the copy beside the file, by a name that the tree and searches show: nothing but a person
    /// brings it back.
    fn keep(mut self) -> PathBuf {
        let path = self.path.take().unwrap_or_default();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(TEMPORARY_SUFFIX).unwrap_or(&name);
        let shown = path.with_file_name(name.strip_prefix('.').unwrap_or(name));
        let is_free = std::fs::symlink_metadata(&shown).is_err();
        // A disk that takes no more names leaves it where it is.
        match is_free && std::fs::rename(&path, &shown).is_ok() {
            true => shown,
            false => path,
        }
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!("{} stays: {error}", path.display());
        }
    }
}

impl Content for Backup {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        copy(&mut file, sink)
    }
}

fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(&block[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn write_over(mut file: &File, content: &dyn Content, before: BeforeCall) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    content.write_to(&mut Blocks {
        file,
        call: SaveCall::WriteInPlace,
        before,
    })?;
    let length = file.stream_position()?;
    // Cut last, so that the blocks of the old content stay reserved for putting it back.
    before(SaveCall::CutInPlace)?;
    file.set_len(length)?;
    before(SaveCall::SyncInPlace)?;
    file.sync_all()
}

/// `.name.old-XXXXXX.kiln-tmp` for `.name.XXXXXX.kiln-tmp`.
pub(crate) fn backup_of(target: &Path, new: &Path) -> PathBuf {
    let name = new.file_name().unwrap_or_default().to_string_lossy();
    let prefix = temporary_prefix(target);
    let random = name.strip_prefix(&prefix).unwrap_or(&name);
    new.with_file_name(format!("{prefix}{BACKUP}{random}"))
}

/// Puts the old content back into a file whose overwriting was cut off. Says whether it did.
///
/// # Errors
/// As the system reports; what is beside the file stays.
pub(crate) fn repair(target: &Path) -> io::Result<bool> {
    let Ok(metadata) = std::fs::symlink_metadata(target) else {
        return Ok(false);
    };
    if !metadata.is_file() || !may_be_overwritten(&metadata) {
        return Ok(false);
    }
    let prefix = format!("{}{BACKUP}", temporary_prefix(target));
    let mut repaired = false;
    for entry in std::fs::read_dir(parent_of(target))?
        .take(MAX_LISTED)
        .flatten()
    {
        let name = entry.file_name();
        let random = name
            .to_str()
            .and_then(|name| name.strip_prefix(&prefix))
            .and_then(|name| name.strip_suffix(TEMPORARY_SUFFIX));
        let Some(random) = random.filter(|random| random.len() == RANDOM_BYTES) else {
            continue;
        };
        let new = entry.path().with_file_name(format!(
            "{}{random}{TEMPORARY_SUFFIX}",
            temporary_prefix(target)
        ));
        repaired |= repair_from(target, &entry.path(), &new)?;
    }
    Ok(repaired)
}

/// Files that a save would not replace by a rename.
fn may_be_overwritten(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        let user = rustix::process::geteuid().as_raw();
        if std::os::unix::fs::MetadataExt::uid(metadata) != user {
            return true;
        }
    }
    hard_links(metadata) > 1
}

fn repair_from(target: &Path, backup_path: &Path, new_path: &Path) -> io::Result<bool> {
    // Without the new content there is no telling who wrote what.
    let Ok(mut new) = File::open(new_path) else {
        return Ok(false);
    };
    let backup = OpenOptions::new()
        .read(true)
        .write(true)
        .open(backup_path)?;
    match backup.try_lock() {
        Ok(()) => {}
        // It is being overwritten at this moment.
        Err(TryLockError::WouldBlock) => return Ok(false),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut old = &backup;
    let mut current = OpenOptions::new().read(true).write(true).open(target)?;
    let torn = match compare(&mut old, &mut new, &mut current)? {
        Pages::New | Pages::Old => false,
        Pages::Both => true,
        // Somebody else has written to it since; both stay for whoever wants them.
        Pages::Other => return Ok(false),
    };
    if torn {
        let backup = Backup {
            file: backup,
            path: None,
        };
        write_over(&current, &backup, &|_| Ok(()))?;
    }
    std::fs::remove_file(backup_path)?;
    std::fs::remove_file(new_path)?;
    Ok(torn)
}

/// Whose pages a file consists of.
enum Pages {
    Old,
    New,
    Both,
    Other,
}

fn compare(old: &mut impl Read, new: &mut impl Read, current: &mut impl Read) -> io::Result<Pages> {
    let (mut is_old, mut is_new) = (true, true);
    let (mut old_page, mut new_page, mut page) = ([0; PAGE], [0; PAGE], [0; PAGE]);
    loop {
        let old_length = fill(old, &mut old_page)?;
        let new_length = fill(new, &mut new_page)?;
        let length = fill(current, &mut page)?;
        if length == 0 && old_length == 0 && new_length == 0 {
            break;
        }
        let same_as_old = page[..length] == old_page[..old_length];
        let same_as_new = page[..length] == new_page[..new_length];
        // The last page of the new content over a longer old one, or the other way round, and a
        // page that was never written before the power went.
        let both = old_length.max(new_length);
        let mixed = length <= both
            && (0..length).all(|at| {
                (at < old_length && page[at] == old_page[at])
                    || (at < new_length && page[at] == new_page[at])
                    || (at >= old_length && page[at] == 0)
            });
        if !mixed {
            return Ok(Pages::Other);
        }
        is_old &= same_as_old;
        is_new &= same_as_new;
    }
    Ok(match (is_old, is_new) {
        (_, true) => Pages::New,
        (true, false) => Pages::Old,
        (false, false) => Pages::Both,
    })
}

fn fill(file: &mut impl Read, page: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < page.len() {
        match file.read(&mut page[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
