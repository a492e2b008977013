//! The encodings that somebody chose to read files in, until they are open.

use std::path::{Path, PathBuf};

use fs::{EncodingChoice, TextEncoding};

use super::WorkspaceModel;

impl WorkspaceModel {
    /// Reads a file in an encoding when it is opened next, whatever its bytes look like: what is
    /// taken for a binary file otherwise is text then, of which a save writes the same bytes. A file
    /// that is open already is not read again.
    pub fn read_path_in(&mut self, path: PathBuf, encoding: TextEncoding) {
        if self.workspace.buffer_for_path(&path).is_none() {
            let choice = EncodingChoice::Fixed(encoding);
            self.chosen_encodings.insert(path, choice);
        }
    }

    /// Reads a file as text when it is opened next, though it was taken for a binary file: in the
    /// Unicode that it shows, else as UTF-8. A save writes the same bytes.
    pub fn read_path_as_text(&mut self, path: PathBuf) {
        if self.workspace.buffer_for_path(&path).is_none() {
            self.chosen_encodings.insert(path, EncodingChoice::AsText);
        }
    }

    /// The encoding that somebody chose to read a file in, whether it is open yet or is to be.
    #[must_use]
    pub fn encoding_chosen_for(&self, path: &Path) -> Option<TextEncoding> {
        let workspace = &self.workspace;
        let id = workspace.buffer_for_path(path);
        let Some(buffer) = id.and_then(|id| workspace.buffer(id)) else {
            return named(*self.chosen_encodings.get(path)?);
        };
        named(workspace.encoding_of(buffer))
    }
}

fn named(choice: EncodingChoice) -> Option<TextEncoding> {
    match choice {
        EncodingChoice::Fixed(encoding) => Some(encoding),
        // What it shows is known once it is open.
        EncodingChoice::AsText => Some(TextEncoding::UTF_8),
        EncodingChoice::Detect { .. } => None,
    }
}
