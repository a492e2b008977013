//! Recordings of people writing: every keystroke of a paper, a blog post, a program.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use flate2::read::GzDecoder;
use ropey::Rope;
use serde::Deserialize;
use test_support::shared_folder;

/// A trace larger than this is not one of ours; what is unpacked is bounded.
const MAX_TRACE_BYTES: u64 = 256 * 1024 * 1024;

/// One replacement, as byte offsets into the text that it meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// First byte replaced.
    pub at: usize,
    /// Bytes removed from there.
    pub removed: usize,
    /// Text put in their place.
    pub inserted: String,
}

/// A recording: a text, what was done to it, and what came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The file's name without its endings.
    pub name: String,
    /// The text at the start.
    pub start: String,
    /// The edits, in their order.
    pub patches: Vec<Patch>,
    /// The text at the end, against which a replay is checked.
    pub end: String,
}

/// The JSON of <https://github.com/josephg/editing-traces>: positions in Unicode characters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TraceFile {
    start_content: String,
    end_content: String,
    txns: Vec<Transaction>,
}

#[derive(Deserialize)]
struct Transaction {
    patches: Vec<(usize, usize, String)>,
}

impl Trace {
    /// Reads a trace (`NAME.json.gz`).
    ///
    /// # Errors
    /// The file cannot be read, is no trace, or does not lead to its own end.
    pub fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        let mut json = String::new();
        GzDecoder::new(file)
            .take(MAX_TRACE_BYTES)
            .read_to_string(&mut json)
            .with_context(|| path.display().to_string())?;
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().replace(".json.gz", ""))
            .unwrap_or_default();
        Self::parse(name, &json).with_context(|| path.display().to_string())
    }

    fn parse(name: String, json: &str) -> Result<Self> {
        let file: TraceFile = serde_json::from_str(json)?;
        // Replayed once, to turn characters into bytes: both sides of the benchmark then get bytes.
        let mut rope = Rope::from_str(&file.start_content);
        let mut patches = Vec::new();
        for (at, removed, inserted) in file.txns.into_iter().flat_map(|txn| txn.patches) {
            if at + removed > rope.len_chars() {
                bail!("edit {} reaches past the end", patches.len());
            }
            let start = rope.char_to_byte_idx(at);
            let end = rope.char_to_byte_idx(at + removed);
            rope.remove(start..end);
            rope.insert(start, &inserted);
            patches.push(Patch {
                at: start,
                removed: end - start,
                inserted,
            });
        }
        if rope != file.end_content.as_str() {
            bail!("the edits do not lead to the trace's own end");
        }
        Ok(Self {
            name,
            start: file.start_content,
            patches,
            end: file.end_content,
        })
    }

    /// A trace of the same kind that needs no file: words typed, corrected and moved about.
    #[must_use]
    pub fn generated(edits: usize) -> Self {
        let mut random = test_support::Random::new(17);
        let mut end = String::new();
        let mut at = 0;
        let mut patches = Vec::with_capacity(edits);
        while patches.len() < edits {
            if random.below(40) == 0 {
                at = random.below(end.len() + 1);
            }
            let removed = if random.below(6) == 0 { at.min(1) } else { 0 };
            at -= removed;
            let inserted = if removed > 0 {
                String::new()
            } else {
                // Every letter is one byte.
                "etaoin shrdlu\n"
                    .chars()
                    .nth(random.below(14))
                    .map(String::from)
                    .unwrap_or_default()
            };
            end.replace_range(at..at + removed, &inserted);
            patches.push(Patch {
                at,
                removed,
                inserted: inserted.clone(),
            });
            at += inserted.len();
        }
        Self {
            name: "generated".to_owned(),
            start: String::new(),
            patches,
            end,
        }
    }
}

/// The real traces, from the folder `traces` of `KILN_SHARED` (by default `../shared` beside the
/// checkout); empty where there is none.
///
/// # Errors
/// A trace that is there cannot be read.
pub fn real_traces() -> Result<Vec<Trace>> {
    let Ok(entries) = std::fs::read_dir(shared_folder().join("traces")) else {
        return Ok(Vec::new());
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".json.gz"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Trace::read(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_characters_become_bytes() {
        let json = r#"{"startContent":"","endContent":"äx!","txns":[
            {"patches":[[0,0,"äöx"]]},{"patches":[[1,1,""],[2,0,"!"]]}]}"#;
        let trace = Trace::parse("t".to_owned(), json).unwrap();
        let places: Vec<_> = trace
            .patches
            .iter()
            .map(|patch| (patch.at, patch.removed))
            .collect();
        assert_eq!(places, [(0, 0), (2, 2), (3, 0)]);
    }

    #[test]
    fn a_trace_that_does_not_lead_to_its_end_is_refused() {
        let json = r#"{"startContent":"","endContent":"b","txns":[{"patches":[[0,0,"a"]]}]}"#;
        assert!(Trace::parse("t".to_owned(), json).is_err());
        let json = r#"{"startContent":"","endContent":"","txns":[{"patches":[[1,1,""]]}]}"#;
        assert!(Trace::parse("t".to_owned(), json).is_err());
    }
}
