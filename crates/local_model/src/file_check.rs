//! Whether a model's file is the published one. Reading a gigabyte for its hash takes seconds, so
//! that what came of it is kept in a small file beside it, and holds for as long as the size and
//! the time of the last change are the same.

use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::catalogue::LocalModelSpec;
use crate::memory;

/// How much is read at once, in bytes.
const CHUNK: usize = 4 << 20;
/// A stamp larger than this is none, in bytes.
const MAX_STAMP_BYTES: u64 = 4096;

/// What is known of a model's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// It is not there.
    Missing,
    /// It is there in full. Whether it is the published one has not been looked at since it
    /// changed last.
    Unchecked,
    /// It is the published one.
    Installed,
    /// It is not the published one: what is wrong, as a part of a sentence that begins with it.
    Damaged(String),
}

impl FileState {
    /// Whether it can be used, as far as that is known.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        matches!(self, Self::Unchecked | Self::Installed)
    }
}

/// What came of reading a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    sha256: String,
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
}

pub(crate) fn stamp_path(folder: &Path, spec: &LocalModelSpec) -> PathBuf {
    folder.join(format!("{}.checked.json", spec.file))
}

/// Size and time of the last change of a file.
fn marks(file: &fs::Metadata) -> Option<(u64, u64)> {
    let modified = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((file.len(), u64::try_from(modified.as_nanos()).ok()?))
}

/// What is known of the file of `spec` without reading it.
pub(crate) fn state(folder: &Path, spec: &LocalModelSpec) -> FileState {
    let Some(file) = fs::metadata(folder.join(&spec.file))
        .ok()
        .filter(fs::Metadata::is_file)
    else {
        return FileState::Missing;
    };
    if file.len() != spec.bytes {
        return FileState::Damaged(format!(
            "has {} instead of {}",
            bytes(file.len()),
            bytes(spec.bytes)
        ));
    }
    match read_stamp(folder, spec) {
        Some(stamp) if marks(&file) == Some((stamp.bytes, stamp.modified)) => {
            by_hash(&stamp.sha256, spec)
        }
        _ => FileState::Unchecked,
    }
}

/// As a person tells two sizes apart.
fn bytes(count: u64) -> String {
    match count {
        0..=999_999 => format!("{count} bytes"),
        _ => format!("{} ({count} bytes)", memory::readable(count)),
    }
}

fn by_hash(hash: &str, spec: &LocalModelSpec) -> FileState {
    match hash == spec.sha256 {
        true => FileState::Installed,
        false => FileState::Damaged(format!("is not the published one (its SHA-256 is {hash})")),
    }
}

fn read_stamp(folder: &Path, spec: &LocalModelSpec) -> Option<Stamp> {
    let path = stamp_path(folder, spec);
    let length = fs::metadata(&path).ok()?.len();
    (length <= MAX_STAMP_BYTES)
        .then(|| fs::read(&path).ok())
        .flatten()
        .and_then(|text| serde_json::from_slice(&text).ok())
}

/// Keeps that the file of `spec` had this hash just now. Where that cannot be kept, it is read
/// again the next time.
pub(crate) fn keep(folder: &Path, spec: &LocalModelSpec, sha256: &str) {
    let kept = || -> io::Result<()> {
        let file = fs::metadata(folder.join(&spec.file))?;
        let (bytes, modified) = marks(&file).ok_or_else(|| io::Error::other("no time"))?;
        let stamp = Stamp {
            sha256: sha256.to_owned(),
            bytes,
            modified,
        };
        fs::write(stamp_path(folder, spec), serde_json::to_vec(&stamp)?)
    };
    if let Err(error) = kept() {
        tracing::warn!(%error, "the check of a model's file is not kept");
    }
}

/// As [`state`], after reading the file where it is [unchecked](FileState::Unchecked). `step` is
/// told how many bytes are read, some hundred times; `None` where it broke off.
///
/// # Errors
///
/// The system's, when the file cannot be read.
pub(crate) fn check(
    folder: &Path,
    spec: &LocalModelSpec,
    step: impl FnMut(u64) -> ControlFlow<()>,
) -> io::Result<Option<FileState>> {
    let known = state(folder, spec);
    if known != FileState::Unchecked {
        return Ok(Some(known));
    }
    let path = folder.join(&spec.file);
    let before = marks(&fs::metadata(&path)?);
    let Some(hash) = hash(&path, step)? else {
        return Ok(None);
    };
    // What changed meanwhile has another hash by now.
    if before.is_some() && marks(&fs::metadata(&path)?) == before {
        keep(folder, spec, &hash);
    }
    Ok(Some(by_hash(&hash, spec)))
}

/// A check that goes on on a thread of its own.
pub struct RunningCheck {
    /// How many bytes of the file are read; ends with the check, at once where nothing has to be
    /// read. Dropping it before stops the check.
    pub progress: mpsc::UnboundedReceiver<u64>,
    /// What came of it; `None` where it was stopped. Fails with the system's error, when the file
    /// cannot be read.
    pub result: BoxFuture<'static, io::Result<Option<FileState>>>,
}

impl RunningCheck {
    /// Begins. Needs a tokio runtime.
    pub(crate) fn begin(folder: &Path, spec: &LocalModelSpec, cancel: &CancellationToken) -> Self {
        let (folder, spec, cancel) = (folder.to_owned(), spec.clone(), cancel.clone());
        let (told, progress) = mpsc::unbounded_channel();
        let checking = tokio::task::spawn_blocking(move || {
            check(&folder, &spec, |done| {
                match cancel.is_cancelled() || told.send(done).is_err() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })
        });
        Self {
            progress,
            result: async { checking.await.map_err(io::Error::other)? }.boxed(),
        }
    }
}

/// The SHA-256 of a file as 64 lower-case hexadecimal digits; `None` where `step`, which is told
/// how many bytes are read, broke off.
pub(crate) fn hash(
    path: &Path,
    mut step: impl FnMut(u64) -> ControlFlow<()>,
) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut done = 0;
    loop {
        let count = file.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        hash.update(&chunk[..count]);
        done += count as u64;
        if step(done).is_break() {
            return Ok(None);
        }
    }
    let digits = hash.finalize();
    Ok(Some(
        digits.iter().map(|byte| format!("{byte:02x}")).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    /// A model of four bytes, the published ones being `good`.
    fn small(good: &[u8; 4]) -> LocalModelSpec {
        let mut spec = catalogue::smallest().unwrap().clone();
        spec.bytes = 4;
        spec.sha256 = Sha256::digest(good)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        spec
    }

    #[test]
    fn a_file_is_read_once_and_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let spec = small(b"good");
        let path = folder.path().join(&spec.file);
        let look = || state(folder.path(), &spec);
        let go_on = |_| ControlFlow::Continue(());
        let read = || check(folder.path(), &spec, go_on).unwrap().unwrap();
        assert_eq!((look(), read()), (FileState::Missing, FileState::Missing));
        fs::write(&path, "good").unwrap();
        assert_eq!(look(), FileState::Unchecked);
        assert_eq!(read(), FileState::Installed);
        assert_eq!(look(), FileState::Installed, "that is kept");

        // Same size, another time.
        fs::write(&path, "evil").unwrap();
        let later =
            fs::metadata(&path).unwrap().modified().unwrap() + std::time::Duration::from_secs(2);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert_eq!(look(), FileState::Unchecked);
        let FileState::Damaged(why) = read() else {
            panic!("{:?}", read());
        };
        assert!(why.starts_with("is not the published one"), "{why}");
        assert_eq!(look(), FileState::Damaged(why), "that is kept, too");

        fs::write(&path, "goo").unwrap();
        let short = FileState::Damaged("has 3 bytes instead of 4 bytes".to_owned());
        assert_eq!((look(), read()), (short.clone(), short));
    }

    #[test]
    fn a_check_that_is_stopped_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let spec = small(b"good");
        fs::write(folder.path().join(&spec.file), "evil").unwrap();
        let stop = |_| ControlFlow::Break(());
        assert_eq!(check(folder.path(), &spec, stop).unwrap(), None);
        assert_eq!(state(folder.path(), &spec), FileState::Unchecked);
        // Nor does a stamp that is none say anything.
        fs::write(stamp_path(folder.path(), &spec), "{}").unwrap();
        assert_eq!(state(folder.path(), &spec), FileState::Unchecked);
    }

    #[tokio::test]
    async fn a_check_in_the_background_tells_how_far_it_is_and_stops_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let spec = small(b"good");
        let cancel = CancellationToken::new();
        fs::write(folder.path().join(&spec.file), "good").unwrap();
        let begin = || RunningCheck::begin(folder.path(), &spec, &cancel);

        cancel.cancel();
        assert_eq!(begin().result.await.unwrap(), None);
        assert_eq!(state(folder.path(), &spec), FileState::Unchecked);

        let cancel = CancellationToken::new();
        let mut running = RunningCheck::begin(folder.path(), &spec, &cancel);
        assert_eq!(running.progress.recv().await, Some(4));
        assert_eq!(running.progress.recv().await, None);
        let state = Some(FileState::Installed);
        assert_eq!(running.result.await.unwrap(), state);

        // What is known is not read again.
        let mut known = RunningCheck::begin(folder.path(), &spec, &cancel);
        assert_eq!(known.progress.recv().await, None);
        assert_eq!(known.result.await.unwrap(), state);
    }
}
