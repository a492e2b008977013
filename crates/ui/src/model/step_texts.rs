//! The texts of an edit's files between its steps.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use editor_core::Text;
use lsp::{EditStep, FileEdit, FileOperation, WorkspaceEdit};

use super::edit_paths::move_below;

/// The texts that the steps of an edit have changed so far, by the paths that their files have so far.
#[derive(Default)]
pub(super) struct StepTexts {
    changed: HashMap<PathBuf, Text>,
    /// Whether a later step may change one of them again.
    is_kept: bool,
}

impl StepTexts {
    /// Those of an edit, before its first step.
    pub fn of(edit: &WorkspaceEdit) -> Self {
        let changing = edit.steps.iter();
        let changing = changing.filter(|step| matches!(step, EditStep::Texts(_)));
        Self {
            changed: HashMap::new(),
            is_kept: changing.count() > 1,
        }
    }

    /// A text as the steps so far leave it, where one of them changes it.
    pub fn get(&self, path: &Path) -> Option<&Text> {
        self.changed.get(path)
    }

    /// A step changes a text, which is this until then.
    pub fn change(&mut self, path: PathBuf, edit: &FileEdit, text: &Text) {
        if !self.is_kept {
            return;
        }
        // What cannot be made is refused once it is to be made.
        let change = edit.change(text).ok();
        if let Some(changed) = change.and_then(|change| change.apply(text).ok()) {
            self.changed.insert(path, changed);
        }
    }

    /// A step does something to a whole file or folder, whose paths are read by `path`.
    pub fn pass(&mut self, operation: &FileOperation, path: impl Fn(&Path) -> PathBuf) {
        match operation {
            FileOperation::Create { .. } => {}
            FileOperation::Delete { path: deleted, .. } => {
                let deleted = path(deleted);
                self.changed.retain(|path, _| !path.starts_with(&deleted));
            }
            FileOperation::Rename { from, to, .. } => {
                move_below(&mut self.changed, &path(from), &path(to));
            }
        }
    }
}
