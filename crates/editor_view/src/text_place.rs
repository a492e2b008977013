//! A place of a text, as providers are asked about it.

use editor_core::Text;
use gpui_kit::Entity;
use ui::WorkspaceModel;
use workspace::BufferId;

use crate::view::EditorView;

/// A place of a text that something is asked about.
#[derive(Clone, Debug)]
pub struct TextPlace {
    /// Who owns the buffer.
    pub model: Entity<WorkspaceModel>,
    /// The buffer.
    pub buffer: BufferId,
    /// The version of it that `text` is.
    pub version: u64,
    /// Its text.
    pub text: Text,
    /// The byte that is asked about, at the start of a character.
    pub offset: usize,
}

impl EditorView {
    /// A place of the text of this view.
    pub(crate) fn place(&self, text: Text, offset: usize) -> TextPlace {
        TextPlace {
            model: self.model.clone(),
            buffer: self.buffer,
            version: self.version,
            text,
            offset,
        }
    }
}
