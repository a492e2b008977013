//! Texts that are shown to be read, such as what a change would make of a file.

use std::path::{Path, PathBuf};

use editor_core::{ChangeSet, History, Text};
use fs::TextFormat;

use crate::edits::from_elsewhere;
use crate::file_path::absolute;
use crate::{Buffer, BufferId, EditError, Workspace};

/// What a text is that is only shown.
pub(crate) struct Shown {
    /// The file that might come to hold it.
    pub of: PathBuf,
    /// What it is called.
    pub name: String,
}

impl Workspace {
    /// Makes a buffer of a text that is only to be read: what the file `of` might come to hold, in
    /// the language of that file. It has no path and nothing to save, cannot be edited, and is
    /// `name` on its tab. Another text can be [taken](Workspace::take_text_job) in its place.
    pub fn add_shown(&mut self, of: &Path, name: &str, text: Text) -> BufferId {
        let shown = Shown {
            of: absolute(self.root(), of),
            name: name.to_owned(),
        };
        let associations = self.associations.clone();
        self.add_with(text, TextFormat::default(), |buffer| {
            buffer.shown = Some(shown);
            buffer.read_only = true;
            buffer.detect_language(&associations);
        })
    }

    /// The open buffer that shows a text of this name for a file.
    pub fn shown_for(&self, of: &Path, name: &str) -> Option<BufferId> {
        let of = absolute(self.root(), of);
        let is_it = |shown: &Shown| shown.of == of && shown.name == name;
        let mut buffers = self.buffers();
        let found = buffers.find(|buffer| buffer.shown.as_ref().is_some_and(is_it));
        found.map(Buffer::id)
    }

    /// Puts another text in the place of one that is shown. Nobody edited it: there is nothing to
    /// save, and nothing to take back.
    pub(crate) fn show_instead(
        &mut self,
        id: BufferId,
        changes: ChangeSet,
    ) -> Result<(), EditError> {
        self.apply(id, &from_elsewhere(changes))?;
        if let Some(buffer) = self.buffers.get_mut(&id) {
            buffer.history = History::new();
            buffer.saved.revision = Some(buffer.history.revision());
            buffer.saved.text = buffer.text.clone();
            buffer.saved.version = buffer.version;
            buffer.recent.is_on_disk(buffer.version);
        }
        self.update_dirty(id);
        Ok(())
    }
}
