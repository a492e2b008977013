//! Opening a file as text, and saving it.

use std::hash::{DefaultHasher, Hasher};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use editor_core::Text;

use crate::encoded_text::{Content, EncodedText};
use crate::encoding;
use crate::encoding_guess;
use crate::save_progress::Counted;
use crate::text_format::{DecodeError, EncodeError, TextFormat, count_stray};
use crate::text_stream::{self, Streamed};
use crate::{
    EditorConfig, Fs, FsError, LineEnding, LoadProgress, Metadata, SaveProgress, TextEncoding,
    decode, decode_as, decode_damaged,
};

/// The largest file that is opened as text, in bytes: rows and columns are counted in 32 bits.
pub const MAX_TEXT_BYTES: u64 = 4_000_000_000;

/// A larger file is read block by block, in bytes.
pub const STREAMED_BYTES: u64 = 4 * 1024 * 1024;

/// How much of a file is hashed at a time.
const HASHED_BLOCK: usize = 256 * 1024;

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

    /// The fingerprint of the bytes that `content` writes.
    pub fn of_content(content: &dyn Content, modified: Option<SystemTime>) -> Self {
        let mut hashing = Hashing::default();
        // Hashing does not fail.
        content.write_to(&mut hashing).ok();
        hashing.finish(modified)
    }

    /// Whether both stand for the same bytes. A file that was only touched has the same.
    pub fn same_content(&self, other: &Self) -> bool {
        (self.size, self.hash) == (other.size, other.hash)
    }
}

/// Takes bytes for their hash alone. The standard hasher gives the same for the same bytes however
/// they are cut, which a test makes sure of.
#[derive(Default)]
struct Hashing {
    hasher: DefaultHasher,
    size: u64,
}

impl Hashing {
    fn add(&mut self, bytes: &[u8]) {
        self.hasher.write(bytes);
        self.size += bytes.len() as u64;
    }

    fn finish(&self, modified: Option<SystemTime>) -> Fingerprint {
        Fingerprint {
            size: self.size,
            modified,
            hash: self.hasher.finish(),
        }
    }
}

impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
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
    /// Some bytes are not valid UTF-8. They stand in the text as characters of their own and are
    /// written as they were.
    StrayBytes {
        /// How many.
        count: usize,
    },
    /// Some bytes mean nothing in the file's encoding and are shown as U+FFFD. The file is opened
    /// read-only, since saving it would change them.
    DamagedEncoding {
        /// The encoding of the rest.
        encoding: TextEncoding,
    },
    /// The file, or the disk it is on, does not allow writing.
    ReadOnly,
    /// The program ended while it saved this file; the content from before was put back.
    SaveWasCutOff,
}

impl std::fmt::Display for LoadNote {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MixedLineEndings { dominant } => write!(
                formatter,
                "The file mixes LF and CRLF line endings. Lines keep what they have; new ones get {dominant}."
            ),
            Self::StrayBytes { count: 1 } => write!(
                formatter,
                "1 byte is not valid UTF-8. Saving keeps it as it is."
            ),
            Self::StrayBytes { count } => write!(
                formatter,
                "{count} bytes are not valid UTF-8. Saving keeps them as they are."
            ),
            Self::DamagedEncoding { encoding } => write!(
                formatter,
                "Some bytes are not valid {encoding}. The file is opened read-only so that they are not lost."
            ),
            Self::ReadOnly => write!(formatter, "The file is read-only."),
            Self::SaveWasCutOff => write!(
                formatter,
                "Saving it was cut off when the program ended; it holds what it held before."
            ),
        }
    }
}

/// A file, read and decoded.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// The path as it was asked for.
    pub path: PathBuf,
    /// The content, with LF line ends.
    pub text: Text,
    /// How to write the text back.
    pub format: TextFormat,
    /// What the disk held.
    pub fingerprint: Fingerprint,
    /// The text must not be edited: the file does not allow it, or saving would lose bytes.
    pub read_only: bool,
    /// The file does not allow it because its file system takes no writing at all.
    pub on_read_only_disk: bool,
    /// What the user should be told.
    pub notes: Vec<LoadNote>,
}

impl LoadedFile {
    fn new(path: &Path, text: Text, format: TextFormat, fingerprint: Fingerprint) -> Self {
        let mut notes = Vec::new();
        if format.has_mixed_line_endings() {
            notes.push(LoadNote::MixedLineEndings {
                dominant: format.line_ending,
            });
        }
        let count = count_stray(&text, &format);
        if count > 0 {
            notes.push(LoadNote::StrayBytes { count });
        }
        Self {
            path: path.to_path_buf(),
            text,
            format,
            fingerprint,
            read_only: false,
            on_read_only_disk: false,
            notes,
        }
    }
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
    /// Nobody waits for it any more.
    #[error("opening {} was cancelled", path.display())]
    Cancelled {
        /// The path that was asked for.
        path: PathBuf,
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

/// Which encoding a file is read in. A byte order mark is believed first in any case but
/// [`EncodingChoice::Fixed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingChoice {
    /// The one that the bytes show.
    Detect {
        /// The one that a file without a mark is taken to have where its bytes allow that; with
        /// UTF-8, and where they do not, they are looked at.
        usual: TextEncoding,
        /// Whether an old encoding is guessed. Otherwise what is not Unicode, nor in the usual
        /// encoding, is shown damaged.
        guess: bool,
    },
    /// This one: somebody chose it.
    Fixed(TextEncoding),
    /// That of its mark, UTF-16 where it is full of zeros as that is, else UTF-8: somebody wants it as
    /// text, though its bytes look like none.
    AsText,
}

impl EncodingChoice {
    /// What the settings say: `encoding` is a value of `files.encoding`, where an unknown one
    /// counts as UTF-8, and `guess` that of `files.autoGuessEncoding`.
    #[must_use]
    pub fn by_settings(encoding: &str, guess: bool) -> Self {
        let usual = TextEncoding::for_setting(encoding);
        Self::Detect {
            usual: usual.map_or(TextEncoding::UTF_8, |(encoding, _)| encoding),
            guess,
        }
    }

    /// The same for a file of which an `.editorconfig` may name the encoding.
    #[must_use]
    pub fn configured(self, config: &EditorConfig) -> Self {
        match (self, config.charset) {
            (Self::Detect { guess, .. }, Some((usual, _))) => Self::Detect { usual, guess },
            (choice, _) => choice,
        }
    }
}

impl Default for EncodingChoice {
    fn default() -> Self {
        Self::Detect {
            usual: TextEncoding::UTF_8,
            guess: true,
        }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions<'a> {
    /// The most bytes that it may have.
    pub limit: u64,
    /// Its encoding.
    pub encoding: EncodingChoice,
    /// Is told how far the reading is, and may end it.
    pub progress: Option<&'a LoadProgress>,
}

impl Default for LoadOptions<'_> {
    fn default() -> Self {
        Self {
            limit: MAX_TEXT_BYTES,
            encoding: EncodingChoice::default(),
            progress: None,
        }
    }
}

/// Opens a text file.
///
/// # Errors
/// See [`LoadError`]; each message can be shown as it is.
pub fn load(fs: &dyn Fs, path: &Path) -> Result<LoadedFile, LoadError> {
    load_with(fs, path, &LoadOptions::default())
}

/// Opens a text file as the options say. One of more than [`STREAMED_BYTES`] in UTF-8 is read block
/// by block, in about the memory that its text takes.
///
/// # Errors
/// See [`LoadError`]; each message can be shown as it is.
pub fn load_with(fs: &dyn Fs, path: &Path, options: &LoadOptions) -> Result<LoadedFile, LoadError> {
    // Asked before reading: if the file changes meanwhile, the older time makes the next look at
    // the disk compare the bytes.
    let mut metadata = fs.metadata(path)?;
    let settled = !metadata.read_only
        && fs.settle(path).unwrap_or_else(|error| {
            tracing::warn!("{error}");
            false
        });
    if settled {
        metadata = fs.metadata(path)?;
    }
    if let Some(progress) = options.progress {
        progress.expect(metadata.size);
    }
    let mut file = load_content(fs, path, &metadata, options)?;
    if options.progress.is_some_and(LoadProgress::is_cancelled) {
        return Err(LoadError::Cancelled {
            path: path.to_path_buf(),
        });
    }
    if settled {
        file.notes.push(LoadNote::SaveWasCutOff);
    }
    if metadata.read_only {
        file.read_only = true;
        file.on_read_only_disk = metadata.on_read_only_disk;
        file.notes.push(LoadNote::ReadOnly);
    }
    Ok(file)
}

fn load_content(
    fs: &dyn Fs,
    path: &Path,
    metadata: &Metadata,
    options: &LoadOptions,
) -> Result<LoadedFile, LoadError> {
    let utf8_first = matches!(
        options.encoding,
        EncodingChoice::Detect { usual, .. } if usual == TextEncoding::UTF_8
    );
    if utf8_first && metadata.size > STREAMED_BYTES && metadata.size <= options.limit {
        let file = fs.open(path)?;
        let streamed =
            text_stream::read_utf8(file, metadata.modified, options.limit, options.progress)
                .map_err(|error| FsError::from_io("read", path, error))?;
        match streamed {
            Streamed::Text(text, format, fingerprint) => {
                return Ok(LoadedFile::new(path, text, format, fingerprint));
            }
            Streamed::Binary => {
                return Err(LoadError::Binary {
                    path: path.to_path_buf(),
                    size: metadata.size,
                });
            }
            Streamed::Cancelled => {
                return Err(LoadError::Cancelled {
                    path: path.to_path_buf(),
                });
            }
            // The whole of it says more; or it grows.
            Streamed::OtherEncoding | Streamed::TooLarge => {}
        }
    }
    let bytes = fs.read(path, options.limit)?;
    load_bytes(path, bytes, metadata.modified, options.encoding)
}

/// Decodes bytes that were read from `path` already, in an encoding.
///
/// # Errors
/// [`LoadError::Binary`] when they are not text.
pub fn load_bytes(
    path: &Path,
    bytes: Vec<u8>,
    modified: Option<SystemTime>,
    encoding: EncodingChoice,
) -> Result<LoadedFile, LoadError> {
    let fingerprint = Fingerprint::of(&bytes, modified);
    // A damaged file is rare, and only then are the bytes needed again.
    let damaged = match std::str::from_utf8(&bytes) {
        Ok(_) if encoding == EncodingChoice::default() => Vec::new(),
        _ => bytes.clone(),
    };
    let decoded = match encoding {
        EncodingChoice::Fixed(encoding) => decode_as(&bytes, encoding),
        EncodingChoice::AsText => decode_as_text(&bytes),
        EncodingChoice::Detect { usual, guess } => decode_usual(bytes, usual, guess),
    };
    let (text, format, damage) = match decoded {
        Ok((text, format)) => (text, format, None),
        Err(DecodeError::Damaged { encoding }) => {
            // Nobody wanted the guess, which left this one.
            match decode_as(&damaged, encoding) {
                Ok((text, format)) => (text, format, None),
                Err(_) => {
                    let (text, format) = decode_damaged(&damaged, encoding);
                    (text, format, Some(encoding))
                }
            }
        }
        Err(DecodeError::Binary) => {
            return Err(LoadError::Binary {
                path: path.to_path_buf(),
                size: fingerprint.size,
            });
        }
    };
    let mut file = LoadedFile::new(path, Text::new(&text), format, fingerprint);
    if let Some(encoding) = damage {
        file.read_only = true;
        file.notes.insert(0, LoadNote::DamagedEncoding { encoding });
    }
    Ok(file)
}

/// Decodes what may be no text, in the Unicode that it shows as far as that gives the same bytes again.
fn decode_as_text(bytes: &[u8]) -> Result<(String, TextFormat), DecodeError> {
    let shown = [
        TextEncoding::for_mark(bytes),
        encoding_guess::begins_like_utf16(bytes),
    ];
    let mut decoded = shown.into_iter().flatten();
    let decoded = decoded.find_map(|encoding| decode_as(bytes, encoding).ok());
    decoded.map_or_else(|| decode_as(bytes, TextEncoding::UTF_8), Ok)
}

/// Decodes what is in Unicode by its mark, in the usual encoding, or in the one that it shows.
fn decode_usual(
    bytes: Vec<u8>,
    usual: TextEncoding,
    guess: bool,
) -> Result<(String, TextFormat), DecodeError> {
    let marked = TextEncoding::for_mark(&bytes).is_some();
    if usual != TextEncoding::UTF_8
        && !marked
        && let Ok(decoded) = decode_as(&bytes, usual)
        && !encoding::looks_binary(&decoded.0)
    {
        return Ok(decoded);
    }
    match decode(bytes) {
        // Guessed, and nobody wants that.
        Ok((_, format)) if !guess && !format.encoding.is_unicode() => {
            Err(DecodeError::Damaged { encoding: usual })
        }
        decoded => decoded,
    }
}

/// The fingerprint of a file as it is, of which `modified` is known already. It is read block by block
/// and not held.
///
/// # Errors
/// As [`Fs::open`], and what the system says while it is read.
pub fn fingerprint(
    fs: &dyn Fs,
    path: &Path,
    modified: Option<SystemTime>,
) -> Result<Fingerprint, FsError> {
    let mut hashing = Hashing::default();
    let mut block = vec![0; HASHED_BLOCK];
    let mut file = fs.open(path)?;
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(hashing.finish(modified)),
            Ok(len) => hashing.add(&block[..len]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(FsError::from_io("read", path, error)),
        }
    }
}

/// Saves `text` to `path` in `format`, all of it or nothing.
///
/// # Errors
/// See [`SaveError`]; the file is then as it was.
pub fn save(
    fs: &dyn Fs,
    path: &Path,
    text: &Text,
    format: &TextFormat,
) -> Result<Fingerprint, SaveError> {
    save_telling(fs, path, text, format, &SaveProgress::default())
}

/// [`save`], which tells how far it is.
///
/// # Errors
/// As [`save`].
pub fn save_telling(
    fs: &dyn Fs,
    path: &Path,
    text: &Text,
    format: &TextFormat,
    progress: &SaveProgress,
) -> Result<Fingerprint, SaveError> {
    let content = EncodedText::new(text, format)?;
    progress.expect(content.known_len().unwrap_or(0));
    let counted = Counted {
        content: &content,
        progress,
    };
    fs.write_content(path, &counted)?;
    let modified = fs
        .metadata(path)
        .ok()
        .and_then(|metadata| metadata.modified);
    Ok(Fingerprint::of_content(&content, modified))
}

/// Opens a text file in an encoding, whole. The file lies below `root` or is refused: see
/// [`Fs::read_beneath`].
///
/// # Errors
/// See [`LoadError`]; a link is an [`FsError::ThroughLink`].
pub fn load_beneath(
    fs: &dyn Fs,
    root: &Path,
    relative: &Path,
    limit: u64,
    encoding: EncodingChoice,
) -> Result<LoadedFile, LoadError> {
    let (bytes, modified) = fs.read_beneath(root, relative, limit)?;
    load_bytes(&root.join(relative), bytes, modified, encoding)
}

/// [`save`] to a file that lies below `root`, or is refused: see [`Fs::write_beneath`].
///
/// # Errors
/// See [`SaveError`]; the file is then as it was.
pub fn save_beneath(
    fs: &dyn Fs,
    root: &Path,
    relative: &Path,
    text: &Text,
    format: &TextFormat,
) -> Result<Fingerprint, SaveError> {
    let content = EncodedText::new(text, format)?;
    fs.write_beneath(root, relative, &content)?;
    let modified = fs
        .metadata(&root.join(relative))
        .ok()
        .and_then(|metadata| metadata.modified);
    Ok(Fingerprint::of_content(&content, modified))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LineEnding;

    #[test]
    fn a_fingerprint_is_of_the_bytes_however_they_are_cut() {
        let text = Text::new(&"some words and\n".repeat(50_000));
        let format = TextFormat::new(TextEncoding::UTF_8, true, LineEnding::CrLf);
        let content = EncodedText::new(&text, &format).unwrap();
        let of_content = Fingerprint::of_content(&content, None);
        let bytes = content.to_bytes();
        assert_eq!(of_content, Fingerprint::of(&bytes, None));
        assert_eq!(of_content.size, bytes.len() as u64);
        let mut hashing = Hashing::default();
        for piece in bytes.chunks(7) {
            std::io::Write::write(&mut hashing, piece).unwrap();
        }
        assert_eq!(hashing.hasher.finish(), of_content.hash);
    }
}
