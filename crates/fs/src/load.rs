//! Opening a file as text, and saving it.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::text_format::{DecodeError, EncodeError, TextFormat};
use crate::{Fs, FsError, LineEnding, TextEncoding, decode, decode_damaged, encode};

/// The largest file that is opened as text, in bytes.
pub const MAX_TEXT_BYTES: u64 = 128_000_000;

/// What a file's bytes were at one moment, to tell whether it has changed since.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint {
    /// Size in bytes.
    pub size: u64,
    /// When the file system says it last changed.
    pub modified: Option<SystemTime>,
    /// A hash of the bytes, comparable within one run of the program.
    pub hash: u64,
}

impl Fingerprint {
    /// The fingerprint of `bytes`.
    pub fn of(bytes: &[u8], modified: Option<SystemTime>) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        Self {
            size: bytes.len() as u64,
            modified,
            hash: hasher.finish(),
        }
    }

    /// Whether both stand for the same bytes. A file that was only touched has the same.
    pub fn same_content(&self, other: &Self) -> bool {
        (self.size, self.hash) == (other.size, other.hash)
    }
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.same_content(other)
    }
}

impl Eq for Fingerprint {}

/// Something about an opened file that its user should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadNote {
    /// The file uses both LF and CRLF; `dominant` is what new lines get.
    MixedLineEndings {
        /// The more frequent of the two.
        dominant: LineEnding,
    },
    /// Some bytes mean nothing in the file's encoding and are shown as U+FFFD. The file is opened
    /// read-only, since saving it would change them.
    DamagedEncoding {
        /// The encoding of the rest.
        encoding: TextEncoding,
    },
    /// The file, or the disk it is on, does not allow writing.
    ReadOnly,
}

impl std::fmt::Display for LoadNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MixedLineEndings { dominant } => write!(
                formatter,
                "The file mixes LF and CRLF line endings. Lines keep what they have; new ones get {dominant}."
            ),
            Self::DamagedEncoding { encoding } => write!(
                formatter,
                "Some bytes are not valid {encoding}. The file is opened read-only so that they are not lost."
            ),
            Self::ReadOnly => write!(formatter, "The file is read-only."),
        }
    }
}

/// A file, read and decoded.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// The path as it was asked for.
    pub path: PathBuf,
    /// The content, with LF line ends.
    pub text: String,
    /// How to write the text back.
    pub format: TextFormat,
    /// What the disk held.
    pub fingerprint: Fingerprint,
    /// The text must not be edited: the file does not allow it, or saving would lose bytes.
    pub read_only: bool,
    /// What the user should be told.
    pub notes: Vec<LoadNote>,
}

/// Why a file could not be opened as text.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("{} does not exist", path.display())]
    NotFound {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The system refused access.
    #[error("no permission to read {}; check the owner and mode of the file and its folder", path.display())]
    Permission {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// A folder cannot be opened as text.
    #[error("{} is a folder, not a file", path.display())]
    IsDirectory {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The file is not text.
    #[error("{} is a binary file and cannot be edited as text", path.display())]
    Binary {
        /// The path that was asked for.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
    },
    /// The file is larger than [`MAX_TEXT_BYTES`].
    #[error("{} is {} MB; files of up to {} MB can be opened", path.display(), size.div_ceil(1_000_000), limit / 1_000_000)]
    TooLarge {
        /// The path that was asked for.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The largest size that is opened, in bytes.
        limit: u64,
    },
    /// Any other failure.
    #[error(transparent)]
    Other(FsError),
}

impl From<FsError> for LoadError {
    fn from(error: FsError) -> Self {
        match error {
            FsError::NotFound { path } => Self::NotFound { path },
            FsError::PermissionDenied { path, .. } => Self::Permission { path },
            FsError::IsDirectory { path } => Self::IsDirectory { path },
            FsError::TooLarge { path, size, limit } => Self::TooLarge { path, size, limit },
            other => Self::Other(other),
        }
    }
}

/// Why a text could not be saved. The file is as it was.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SaveError {
    /// The file's encoding lacks a character of the text.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The disk refused.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// Opens a text file.
///
/// # Errors
/// See [`LoadError`]; each message can be shown as it is.
pub fn load(fs: &dyn Fs, path: &Path) -> Result<LoadedFile, LoadError> {
    // Asked before reading: if the file changes meanwhile, the older time makes the next look at
    // the disk compare the bytes.
    let metadata = fs.metadata(path)?;
    let bytes = fs.read(path, MAX_TEXT_BYTES)?;
    let mut file = load_bytes(path, bytes, metadata.modified)?;
    if metadata.read_only {
        file.read_only = true;
        file.notes.push(LoadNote::ReadOnly);
    }
    Ok(file)
}

/// Decodes bytes that were read from `path` already.
///
/// # Errors
/// [`LoadError::Binary`] when they are not text.
pub fn load_bytes(
    path: &Path,
    bytes: Vec<u8>,
    modified: Option<SystemTime>,
) -> Result<LoadedFile, LoadError> {
    let fingerprint = Fingerprint::of(&bytes, modified);
    let mut notes = Vec::new();
    // A damaged file is rare, and only then are the bytes needed again.
    let damaged = match std::str::from_utf8(&bytes) {
        Ok(_) => Vec::new(),
        Err(_) => bytes.clone(),
    };
    let (text, format, read_only) = match decode(bytes) {
        Ok((text, format)) => (text, format, false),
        Err(DecodeError::Damaged { encoding }) => {
            let (text, format) = decode_damaged(&damaged, encoding);
            notes.push(LoadNote::DamagedEncoding { encoding });
            (text, format, true)
        }
        Err(DecodeError::Binary) => {
            return Err(LoadError::Binary {
                path: path.to_path_buf(),
                size: fingerprint.size,
            });
        }
    };
    if format.has_mixed_line_endings() {
        notes.push(LoadNote::MixedLineEndings {
            dominant: format.line_ending,
        });
    }
    Ok(LoadedFile {
        path: path.to_path_buf(),
        text,
        format,
        fingerprint,
        read_only,
        notes,
    })
}

/// Saves `text` to `path` in `format`, all of it or nothing.
///
/// # Errors
/// See [`SaveError`]; the file is then as it was.
pub fn save(
    fs: &dyn Fs,
    path: &Path,
    text: &str,
    format: &TextFormat,
) -> Result<Fingerprint, SaveError> {
    let bytes = encode(text, format)?;
    fs.write_atomic(path, &bytes)?;
    let modified = fs
        .metadata(path)
        .ok()
        .and_then(|metadata| metadata.modified);
    Ok(Fingerprint::of(&bytes, modified))
}
