//! What an import wrote, so that the next one tells a file that was edited since from one that was
//! not.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::bounded::read_text;
use crate::error::ImportError;

/// The file beside the themes, or the snippets. Its name has no ending, so that it is none of them.
pub(crate) const RECORD: &str = ".imported";
/// The largest record, in MiB.
const MAX_RECORD: u64 = 1;
/// The largest file that is compared, in MiB; a larger one was not written by an import.
const MAX_FILE: u64 = 64;

/// The SHA-256 of each file as it was written, in hexadecimal, by its name.
#[derive(Debug, Default)]
pub(crate) struct WrittenFiles(BTreeMap<String, String>);

impl WrittenFiles {
    /// What earlier imports wrote into a folder. Without a record that can be read nothing is known
    /// of them, and every file that is there counts as edited.
    pub fn read(folder: &Path) -> Self {
        let text = read_text(&folder.join(RECORD), MAX_RECORD);
        let known = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        Self(known.unwrap_or_default())
    }

    /// Whether the file holds anything that an import did not write, and that `text` would
    /// take away.
    pub fn is_edited(&self, folder: &Path, file_name: &str, text: &str) -> bool {
        match read_text(&folder.join(file_name), MAX_FILE) {
            Ok(present) => present != text && self.0.get(file_name) != Some(&hash(&present)),
            Err(ImportError::Unreadable { source, .. }) => source.kind() != io::ErrorKind::NotFound,
            Err(_) => true,
        }
    }

    /// This text is in the file now.
    pub fn add(&mut self, file_name: &str, text: &str) {
        self.0.insert(file_name.to_owned(), hash(text));
    }

    /// The record's file.
    pub fn to_text(&self) -> String {
        let fields = self
            .0
            .iter()
            .map(|(name, hash)| (name.clone(), hash.clone().into()));
        format!("{:#}\n", serde_json::Value::Object(fields.collect()))
    }
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
