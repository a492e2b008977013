//! Searching the content of files.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use editor_core::Text;
use grep_matcher::{LineTerminator, Matcher};
use grep_regex::RegexMatcher;
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder, Sink, SinkFinish, SinkMatch};
use ignore::WalkState;

use crate::text_query::{FileFilter, QueryError, TextQuery};
use crate::walk::{WalkLimits, project_walk, relative_path};

/// How much of a matching line is kept, in bytes. Of a longer one, the part around the first
/// match.
pub const MAX_LINE_BYTES: usize = 1024;

/// How much of a long line is kept before its first match, in bytes.
const BYTES_BEFORE_MATCH: usize = 100;

/// A line longer than this ends the search of its file, in bytes.
const MAX_BUFFER_BYTES: usize = 64 * 1024 * 1024;

/// Where a search stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLimits {
    /// The most matching lines in all.
    pub lines: usize,
    /// The most matching lines of one file.
    pub lines_a_file: usize,
    /// Larger files are skipped, in bytes.
    pub file_bytes: u64,
    /// The most folders deep that a file may lie.
    pub depth: usize,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self {
            lines: 10_000,
            lines_a_file: 1_000,
            file_bytes: 64 * 1024 * 1024,
            depth: WalkLimits::default().depth,
        }
    }
}

/// A line with at least one match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMatch {
    /// Counted from 1.
    pub line: u64,
    /// Where `text` begins in the line, in bytes: more than 0 only where a long line was cut.
    pub text_start: usize,
    /// The line without its end. Bytes that are not UTF-8 are replaced by U+FFFD.
    pub text: String,
    /// The matches, as bytes of `text`.
    pub ranges: Vec<Range<usize>>,
}

/// The matching lines of one file, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMatches {
    /// The path, relative to the folder that was searched.
    pub path: String,
    /// At least one.
    pub lines: Vec<LineMatch>,
    /// The file has more matching lines than the limit.
    pub has_more: bool,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextResults {
    /// Sorted by path.
    pub files: Vec<FileMatches>,
    /// How many files were looked into.
    pub searched: usize,
    /// Files that could not be read, or were too large.
    pub skipped: usize,
    /// Every file was looked into: neither a limit nor a cancel ended the search.
    pub is_complete: bool,
}

impl TextResults {
    /// How many lines match.
    pub fn line_count(&self) -> usize {
        self.files.iter().map(|file| file.lines.len()).sum()
    }
}

/// A query, ready to run.
#[derive(Clone, Debug)]
pub struct TextSearch {
    matcher: RegexMatcher,
    files: FileFilter,
    /// By path, relative to the folder.
    texts: HashMap<String, Text>,
    opener: Option<Opener>,
}

/// Opens a file of the folder that is searched, by its relative path.
type OpenFile = dyn Fn(&Path) -> io::Result<Box<dyn Read + Send>> + Send + Sync;

/// How files are opened.
#[derive(Clone)]
struct Opener(Arc<OpenFile>);

impl fmt::Debug for Opener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Opener")
    }
}

/// A text as its bytes, without a copy of it.
struct Chunks<'a, I> {
    rest: &'a [u8],
    next: I,
}

impl<'a, I: Iterator<Item = &'a str>> Read for Chunks<'a, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.next.next() {
                Some(chunk) => self.rest = chunk.as_bytes(),
                None => return Ok(0),
            }
        }
        self.rest.read(buffer)
    }
}

impl TextSearch {
    /// Compiles a query.
    ///
    /// # Errors
    /// [`QueryError`] says what is wrong with the pattern or a glob.
    pub fn new(query: &TextQuery) -> Result<Self, QueryError> {
        Ok(Self {
            matcher: query.matcher()?,
            files: query.files()?,
            texts: HashMap::new(),
            opener: None,
        })
    }

    /// Takes these texts, by path relative to the folder that is searched, in place of what the
    /// files of that path hold on the disk: those of open buffers, which are not copied. A file that
    /// is not on the disk, or that git ignores, is not searched for having one.
    pub fn with_texts(mut self, texts: HashMap<String, Text>) -> Self {
        self.texts = texts;
        self
    }

    /// Opens the files that are searched in this way, given their paths relative to the folder: one
    /// that a link leads to by now must be refused here, for it was none when it was found.
    pub fn with_opener(
        mut self,
        open: impl Fn(&Path) -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        self.opener = Some(Opener(Arc::new(open)));
        self
    }

    /// Searches the files of a project: not those that git ignores, no binary ones, and none
    /// behind a link.
    pub fn search_folder(
        &self,
        root: &Path,
        limits: &TextLimits,
        cancel: &AtomicBool,
    ) -> TextResults {
        let files = Mutex::new(Vec::new());
        let mut results = self.search_each(root, limits, cancel, |found| {
            let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
            files.push(found);
            ControlFlow::Continue(())
        });
        results.files = files.into_inner().unwrap_or_else(PoisonError::into_inner);
        results
            .files
            .sort_by(|left, right| left.path.cmp(&right.path));
        results
    }

    /// As [`TextSearch::search_folder`], with each file handed over as soon as it is searched, in
    /// no order and from several threads. The results hold the counts alone.
    pub fn search_each(
        &self,
        root: &Path,
        limits: &TextLimits,
        cancel: &AtomicBool,
        on_file: impl Fn(FileMatches) -> ControlFlow<()> + Sync,
    ) -> TextResults {
        let lines_left = AtomicUsize::new(limits.lines);
        let searched = AtomicUsize::new(0);
        let skipped = AtomicUsize::new(0);
        let is_complete = AtomicBool::new(true);
        project_walk(root, limits.depth).build_parallel().run(|| {
            let mut searcher = searcher();
            let (lines_left, searched, skipped) = (&lines_left, &searched, &skipped);
            let (is_complete, on_file) = (&is_complete, &on_file);
            Box::new(move |entry| {
                let stop = || {
                    is_complete.store(false, Ordering::Relaxed);
                    WalkState::Quit
                };
                if cancel.load(Ordering::Relaxed) {
                    return stop();
                }
                let Ok(entry) = entry else {
                    skipped.fetch_add(1, Ordering::Relaxed);
                    return WalkState::Continue;
                };
                // Pipes and devices are no files, and a link may lead out of the folder.
                if !entry.file_type().is_some_and(|entry| entry.is_file()) {
                    return WalkState::Continue;
                }
                let Some(path) = relative_path(root, entry.path()) else {
                    return WalkState::Continue;
                };
                if !self.files.accepts(&path) {
                    return WalkState::Continue;
                }
                let text = self.texts.get(&path);
                let size = match text {
                    Some(text) => text.len() as u64,
                    None => entry.metadata().map_or(0, |metadata| metadata.len()),
                };
                if size > limits.file_bytes {
                    skipped.fetch_add(1, Ordering::Relaxed);
                    return WalkState::Continue;
                }
                searched.fetch_add(1, Ordering::Relaxed);
                let mut collected = Lines::new(&self.matcher, limits.lines_a_file, cancel);
                let outcome = match (text, &self.opener) {
                    (Some(text), _) => {
                        let chunks = Chunks {
                            rest: &[],
                            next: text.chunks(0..text.len()),
                        };
                        searcher.search_reader(&self.matcher, chunks, &mut collected)
                    }
                    (None, Some(opener)) => (opener.0)(Path::new(&path)).and_then(|file| {
                        searcher.search_reader(
                            &self.matcher,
                            file.take(limits.file_bytes),
                            &mut collected,
                        )
                    }),
                    (None, None) => {
                        searcher.search_path(&self.matcher, entry.path(), &mut collected)
                    }
                };
                if outcome.is_err() {
                    skipped.fetch_add(1, Ordering::Relaxed);
                    return WalkState::Continue;
                }
                if collected.cancelled {
                    return stop();
                }
                if collected.is_binary || collected.lines.is_empty() {
                    return WalkState::Continue;
                }
                let Some(found) = collected.into_matches(path, lines_left) else {
                    return stop();
                };
                match on_file(found) {
                    ControlFlow::Continue(()) => WalkState::Continue,
                    ControlFlow::Break(()) => stop(),
                }
            })
        });
        TextResults {
            files: Vec::new(),
            searched: searched.into_inner(),
            skipped: skipped.into_inner(),
            is_complete: is_complete.into_inner(),
        }
    }

    /// The matching lines of a text, such as that of an open buffer, at most `most`.
    pub fn search_text(&self, text: &str, most: usize) -> Vec<LineMatch> {
        let never = AtomicBool::new(false);
        let mut collected = Lines::new(&self.matcher, most, &never);
        let mut searcher = SearcherBuilder::new()
            .line_number(true)
            .line_terminator(LineTerminator::crlf())
            .build();
        match searcher.search_slice(&self.matcher, text.as_bytes(), &mut collected) {
            Ok(()) => collected.lines,
            // Searching in memory fails only where a line does not fit a limit, and none is set.
            Err(_) => Vec::new(),
        }
    }

    /// Whether the query's globs let this relative path in.
    pub fn accepts_path(&self, path: &str) -> bool {
        self.files.accepts(path)
    }
}

fn searcher() -> Searcher {
    SearcherBuilder::new()
        .line_number(true)
        .line_terminator(LineTerminator::crlf())
        .binary_detection(BinaryDetection::quit(0))
        .heap_limit(Some(MAX_BUFFER_BYTES))
        .build()
}

/// Gathers the matching lines of one file.
struct Lines<'a> {
    matcher: &'a RegexMatcher,
    most: usize,
    cancel: &'a AtomicBool,
    lines: Vec<LineMatch>,
    has_more: bool,
    is_binary: bool,
    cancelled: bool,
}

impl<'a> Lines<'a> {
    fn new(matcher: &'a RegexMatcher, most: usize, cancel: &'a AtomicBool) -> Self {
        Self {
            matcher,
            most,
            cancel,
            lines: Vec::new(),
            has_more: false,
            is_binary: false,
            cancelled: false,
        }
    }

    /// Takes as many lines as the whole search may still have; `None` if that is none.
    fn into_matches(mut self, path: String, left: &AtomicUsize) -> Option<FileMatches> {
        let wanted = self.lines.len();
        let before = left
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(wanted))
            })
            .unwrap_or(0);
        if before == 0 {
            return None;
        }
        if wanted > before {
            self.lines.truncate(before);
            self.has_more = true;
        }
        Some(FileMatches {
            path,
            lines: self.lines,
            has_more: self.has_more,
        })
    }
}

impl Sink for Lines<'_> {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, found: &SinkMatch<'_>) -> Result<bool, io::Error> {
        if self.cancel.load(Ordering::Relaxed) {
            self.cancelled = true;
            return Ok(false);
        }
        if self.lines.len() >= self.most {
            self.has_more = true;
            return Ok(false);
        }
        let line = found.line_number().unwrap_or(0);
        self.lines
            .extend(line_match(self.matcher, line, found.bytes()));
        Ok(true)
    }

    fn finish(&mut self, _: &Searcher, finish: &SinkFinish) -> Result<(), io::Error> {
        self.is_binary = finish.binary_byte_offset().is_some();
        Ok(())
    }
}

/// A line as it is shown. `None` if nothing in it matches once it is text.
fn line_match(matcher: &RegexMatcher, line: u64, bytes: &[u8]) -> Option<LineMatch> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut ranges = Vec::new();
    let found = matcher.find_iter(text.as_bytes(), |found| {
        ranges.push(found.start()..found.end());
        ranges.len() < MAX_LINE_BYTES
    });
    let first = match (found, ranges.first()) {
        (Ok(()), Some(first)) => first.start,
        _ => return None,
    };
    let start = if text.len() <= MAX_LINE_BYTES {
        0
    } else {
        text.floor_char_boundary(first.saturating_sub(BYTES_BEFORE_MATCH))
    };
    let end = text.floor_char_boundary((start + MAX_LINE_BYTES).min(text.len()));
    let ranges = ranges
        .into_iter()
        .filter(|range| range.start <= end)
        .map(|range| range.start - start..range.end.min(end) - start)
        .collect();
    Some(LineMatch {
        line,
        text_start: start,
        text: text[start..end].to_owned(),
        ranges,
    })
}
