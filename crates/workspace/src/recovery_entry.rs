//! The entry of an unsaved text, as bytes.
//!
//! The first line is a header in JSON. Behind it come, as far as the header says that they are
//! there, the undo history and how each line of a file of mixed line ends did end; then the text,
//! or, where the entry begins from the file, the first records of the [journal](crate::journal).

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use editor_core::Text;
use fs::{Content, Fingerprint, LeftEntry, LineEnding, Metadata, TextEncoding, TextFormat};
use serde::{Deserialize, Serialize};

use crate::journal;
use crate::made::Made;
use crate::recovered::{Origin, Recovered, RecoveredText};

/// What is written. An entry of format 2 lacks the fields that have a default here, and the records
/// in an entry that begins from the file; one of format 1 is shown as it is.
const FORMAT: u32 = 3;

/// The oldest format that is read.
const OLDEST: u32 = 2;

/// How much is written at once.
const BLOCK: usize = 256 * 1024;

/// The first line of an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    kiln_recovery: u32,
    path: Option<String>,
    /// The path, where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw_path: Option<OsString>,
    pub base: Option<Base>,
    /// The version of the text that follows, or of the file, from which the journal goes on.
    pub version: u64,
    /// The length of the undo history in bytes, where there is one.
    undo: Option<usize>,
    /// No text follows: the journal begins from the file.
    pub from_file: bool,
    /// The number in the name of a text without a file.
    #[serde(default)]
    pub untitled: Option<u32>,
    /// How the text is to be saved.
    #[serde(default)]
    pub format: Option<FormatRecord>,
    /// The length of the line ends of a file that mixes them, in bytes.
    #[serde(default)]
    line_ends: Option<usize>,
    /// The encoding that the file was read in.
    #[serde(default)]
    pub read_in: Option<String>,
    /// Somebody chose that encoding.
    #[serde(default)]
    pub chosen: bool,
    /// Somebody chose the encoding that the text is to be saved in.
    #[serde(default)]
    pub encoding_chosen: bool,
    /// Where the text comes from, if it came back before.
    #[serde(default)]
    pub origin: Option<Origin>,
}

/// Encoding, byte order mark and line ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormatRecord {
    encoding: String,
    bom: bool,
    line_ending: String,
    /// The lines of the file end in different ways.
    mixed: bool,
    /// See [`TextFormat::keeps_private_use`].
    #[serde(default)]
    literal: bool,
}

impl FormatRecord {
    pub fn of(format: &TextFormat) -> Self {
        Self {
            encoding: format.encoding.name().to_owned(),
            bom: format.bom,
            line_ending: format.line_ending.name().to_owned(),
            mixed: format.has_mixed_line_endings(),
            literal: format.keeps_private_use(),
        }
    }

    /// The format again; `line_ends` and `file` know which lines of mixed ones end how. `None`
    /// where it names what is not known.
    fn format(&self, line_ends: Option<&[u8]>, file: Option<&TextFormat>) -> Option<TextFormat> {
        let encoding = TextEncoding::for_label(&self.encoding)?;
        let line_ending = LineEnding::for_name(&self.line_ending)?;
        let format = TextFormat::new(encoding, false, line_ending)
            .with_bom(self.bom)
            .keeping_private_use(self.literal);
        Some(match (self.mixed, line_ends, file) {
            (true, Some(line_ends), _) => format.with_mixed_line_endings(line_ends),
            (true, None, Some(file)) => format.with_mixed_line_endings_of(file),
            _ => format,
        })
    }
}

/// How a recovered text is to be saved.
#[derive(Debug, Clone)]
pub(crate) struct RecoveredFormat {
    record: FormatRecord,
    line_ends: Option<Vec<u8>>,
}

impl RecoveredFormat {
    /// The format, with what the `file` that it belongs to says of mixed line ends.
    pub fn format(&self, file: Option<&TextFormat>) -> Option<TextFormat> {
        self.record.format(self.line_ends.as_deref(), file)
    }
}

impl Recovered {
    /// Takes what was kept of its file from before its changes; says whether it is that.
    pub fn take_base(&mut self, bytes: &[u8]) -> bool {
        let base = self.base.zip(self.from_file);
        let Some((text, line_ends)) =
            base.and_then(|(base, version)| read_base(bytes, version, base))
        else {
            return false;
        };
        if let Some(format) = &mut self.format {
            format.line_ends = line_ends;
        }
        let undo = Vec::new();
        self.text = RecoveredText::Copy { text, undo };
        true
    }
}

/// The file that edits began from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Base {
    size: u64,
    hash: u64,
    /// Nanoseconds since 1970.
    modified: Option<u64>,
}

impl Base {
    pub fn of(file: &Fingerprint) -> Self {
        let modified = file.modified.and_then(|time| {
            let since = time.duration_since(UNIX_EPOCH).ok()?;
            u64::try_from(since.as_nanos()).ok()
        });
        Self {
            size: file.size,
            hash: file.hash,
            modified,
        }
    }

    /// Whether a file is still what it was. Its hash may be another in another version of the
    /// program; then the time of change counts.
    pub fn is(&self, file: &Fingerprint) -> bool {
        let now = Self::of(file);
        let untouched = self.modified.is_some() && self.modified == now.modified;
        self.size == now.size && (self.hash == now.hash || untouched)
    }

    /// Whether a file looks as if it was still what it was, without reading it: it is as long, and was
    /// not written since as far as that is known.
    pub fn looks_like(&self, file: &Metadata) -> bool {
        let now = Self::of(&Fingerprint {
            size: file.size,
            modified: file.modified,
            hash: self.hash,
        });
        let modified = self.modified.zip(now.modified);
        self.size == now.size && modified.is_none_or(|(before, now)| before == now)
    }
}

/// How the first line of a base begins.
#[derive(Serialize, Deserialize)]
struct BaseHeader {
    kiln_recovery_base: u32,
    /// The version of the text that the file held.
    version: u64,
    base: Base,
    /// As in a [`Header`].
    line_ends: Option<usize>,
}

/// What a file held before the changes that an entry tells of, as it is written beside that.
pub(crate) struct BaseContent<'a> {
    pub version: u64,
    pub base: Base,
    pub text: &'a Text,
    pub line_ends: Option<&'a [u8]>,
}

impl Content for BaseContent<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut sink = BufWriter::with_capacity(BLOCK, sink);
        let header = BaseHeader {
            kiln_recovery_base: FORMAT,
            version: self.version,
            base: self.base,
            line_ends: self.line_ends.map(<[u8]>::len),
        };
        serde_json::to_writer(&mut sink, &header)?;
        sink.write_all(b"\n")?;
        sink.write_all(self.line_ends.unwrap_or_default())?;
        for chunk in self.text.chunks(0..self.text.len()) {
            sink.write_all(chunk.as_bytes())?;
        }
        sink.flush()
    }
}

/// The text and the line ends of a base; `None` where it is damaged, or that of another version of
/// the file.
fn read_base(bytes: &[u8], version: u64, base: Base) -> Option<(Text, Option<Vec<u8>>)> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let header: BaseHeader = serde_json::from_slice(&bytes[..end]).ok()?;
    let is_that = (OLDEST..=FORMAT).contains(&header.kiln_recovery_base)
        && (header.version, header.base) == (version, base);
    let rest = is_that.then_some(&bytes[end + 1..])?;
    let (line_ends, text) = rest.split_at_checked(header.line_ends.unwrap_or_default())?;
    let line_ends = header.line_ends.map(|_| line_ends.to_vec());
    Some((Text::new(std::str::from_utf8(text).ok()?), line_ends))
}

/// What follows on a header.
pub(crate) enum Body<'a> {
    /// A text, with its undo history and the line ends of its file.
    Text {
        text: &'a Text,
        undo: Option<Vec<u8>>,
        line_ends: Option<Vec<u8>>,
    },
    /// Records of changes of the file.
    OfFile(Vec<u8>),
}

/// An entry that is written.
pub(crate) struct EntryContent<'a> {
    header: Header,
    body: Body<'a>,
}

impl Header {
    /// The header of a text at a version.
    pub fn new(version: u64) -> Self {
        Self {
            kiln_recovery: FORMAT,
            path: None,
            raw_path: None,
            base: None,
            version,
            undo: None,
            from_file: false,
            untitled: None,
            format: None,
            line_ends: None,
            read_in: None,
            chosen: false,
            encoding_chosen: false,
            origin: None,
        }
    }

    /// The file that it is of.
    pub fn path(&self) -> Option<PathBuf> {
        let raw = self.raw_path.as_ref().map(PathBuf::from);
        raw.or_else(|| self.path.as_ref().map(PathBuf::from))
    }

    /// Says which file it is of.
    pub fn set_path(&mut self, path: &Path) {
        self.path = Some(path.to_string_lossy().into_owned());
        self.raw_path = path.to_str().is_none().then(|| path.into());
    }

    pub fn with(mut self, body: Body<'_>) -> EntryContent<'_> {
        match &body {
            Body::Text {
                undo, line_ends, ..
            } => {
                self.undo = undo.as_ref().map(Vec::len);
                self.line_ends = line_ends.as_ref().map(Vec::len);
            }
            Body::OfFile(_) => self.from_file = true,
        }
        EntryContent { header: self, body }
    }
}

impl Content for EntryContent<'_> {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        // Gathered, since the pieces of a text are small.
        let mut sink = BufWriter::with_capacity(BLOCK, sink);
        serde_json::to_writer(&mut sink, &self.header)?;
        sink.write_all(b"\n")?;
        match &self.body {
            Body::Text {
                text,
                undo,
                line_ends,
            } => {
                for section in [undo, line_ends].into_iter().flatten() {
                    sink.write_all(section)?;
                }
                for chunk in text.chunks(0..text.len()) {
                    sink.write_all(chunk.as_bytes())?;
                }
            }
            Body::OfFile(records) => sink.write_all(records)?,
        }
        sink.flush()
    }
}

/// What an entry holds. One that is damaged is given as it is, without its file: nothing that may
/// be somebody's text is thrown away.
pub(crate) fn read(entry: &LeftEntry) -> Recovered {
    read_sound(entry).unwrap_or_else(|| Recovered {
        path: None,
        base: None,
        text: RecoveredText::Copy {
            text: Text::new(&String::from_utf8_lossy(&entry.content)),
            undo: Vec::new(),
        },
        journal: Vec::new(),
        from_file: None,
        untitled: None,
        format: None,
        read_in: None,
        chosen: false,
        encoding_chosen: false,
        origin: Origin::new(entry.name.clone()),
        entry: entry.name.clone(),
        found: None,
    })
}

/// What was appended to an entry at a version, and, after that, what was written by a panic.
fn journaled(entry: &LeftEntry, version: u64) -> Vec<Made> {
    let mut journal = journal::read(&entry.journal, version);
    let version = journal.last().map_or(version, |made| made.version);
    journal.extend(journal::read(&entry.last_words, version));
    journal
}

/// What the first line of an entry says; `None` where that is none that is known.
pub(crate) fn header(line: &[u8]) -> Option<Header> {
    let header: Header = serde_json::from_slice(line).ok()?;
    (OLDEST..=FORMAT)
        .contains(&header.kiln_recovery)
        .then_some(header)
}

fn read_sound(entry: &LeftEntry) -> Option<Recovered> {
    let content = &entry.content;
    let end = content.iter().position(|byte| *byte == b'\n')?;
    let header = header(&content[..end])?;
    let rest = &content[end + 1..];
    let (undo, rest) = rest.split_at_checked(header.undo.unwrap_or_default())?;
    let (line_ends, rest) = rest.split_at_checked(header.line_ends.unwrap_or_default())?;
    let (text, journal) = if header.from_file {
        // What is appended goes on from the records here; where it is older, they count.
        let mut journal = journal::read(rest, header.version);
        let version = journal.last().map_or(header.version, |made| made.version);
        journal.extend(journaled(entry, version));
        (RecoveredText::OfFile, journal)
    } else {
        let text = Text::new(std::str::from_utf8(rest).ok()?);
        let undo = undo.to_vec();
        let journal = journaled(entry, header.version);
        (RecoveredText::Copy { text, undo }, journal)
    };
    let line_ends = header.line_ends.is_some().then(|| line_ends.to_vec());
    Some(Recovered {
        path: header.path(),
        base: header.base,
        text,
        journal,
        from_file: header.from_file.then_some(header.version),
        untitled: header.untitled,
        format: header
            .format
            .map(|record| RecoveredFormat { record, line_ends }),
        read_in: header
            .read_in
            .and_then(|name| TextEncoding::for_label(&name)),
        chosen: header.chosen,
        encoding_chosen: header.encoding_chosen,
        origin: header
            .origin
            .unwrap_or_else(|| Origin::new(entry.name.clone())),
        entry: entry.name.clone(),
        found: None,
    })
}
