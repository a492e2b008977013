//! What of a listed edit is not to be made: what a person leaves out, and what cannot be made without
//! that.
//!
//! The steps of an edit are made one after the other, and each may stand on those before it: a text is
//! changed in a file that was moved to its place, or once more where another step has changed it. So a
//! step goes with an earlier one that names its path, a folder above that or something below it, and a
//! change of a text with one of an earlier step in the same text. Rather one more is left out than one
//! made that was meant for another state of the files.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp::{EditStep, FileEdit, FileOperation, WorkspaceEdit};

use super::edit_paths::move_below;
use super::places::{ListedChange, ShownEdit};
use super::shown_texts::{ShownFor, ShownTexts};

/// The changes of a list that are not to be made.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    chosen: HashSet<ListedChange>,
    /// Those that go with these, each with one that it needs.
    with: HashMap<ListedChange, ListedChange>,
}

impl LeftOut {
    /// The changes that a person left out.
    pub fn chosen(&self) -> &HashSet<ListedChange> {
        &self.chosen
    }

    /// Whether a change is not to be made.
    pub fn contains(&self, change: ListedChange) -> bool {
        self.chosen.contains(&change) || self.with.contains_key(&change)
    }

    /// One that is left out and that this one needs, where it is left out for that alone.
    pub fn for_want_of(&self, change: ListedChange) -> Option<ListedChange> {
        self.with.get(&change).copied()
    }

    /// Leaves out changes of an edit, with all that need them.
    pub fn leave_out(&mut self, edit: &ShownEdit, changes: impl IntoIterator<Item = ListedChange>) {
        self.chosen.extend(changes);
        self.with = edit.wanting(&self.chosen);
    }

    /// Takes changes of an edit back, with all that they need.
    pub fn take_back(&mut self, edit: &ShownEdit, changes: impl IntoIterator<Item = ListedChange>) {
        let needed = edit.needed_by(changes.into_iter().collect());
        self.chosen.retain(|change| !needed.contains(change));
        self.with = edit.wanting(&self.chosen);
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.chosen.clear();
        self.with.clear();
    }
}

/// The paths of the steps of an edit, as the folder is called here.
#[derive(Clone, Debug, Default)]
pub(super) struct StepPaths(Vec<Vec<PathBuf>>);

impl StepPaths {
    /// Those of an edit, which are read by `path`.
    pub fn of(edit: &WorkspaceEdit, path: impl Fn(&Path) -> PathBuf) -> Self {
        let steps = edit.steps.iter().map(|step| match step {
            EditStep::Texts(files) => files.iter().map(|file| path(&file.path)).collect(),
            EditStep::File(operation) => operation.paths().map(&path).collect(),
        });
        Self(steps.collect())
    }
}

/// Paths that steps name, each with one of the steps.
#[derive(Default)]
struct NamedPaths {
    named: HashMap<PathBuf, usize>,
    /// The folders above these.
    above: HashMap<PathBuf, usize>,
}

impl NamedPaths {
    fn add(&mut self, step: usize, paths: &[PathBuf]) {
        for path in paths {
            self.named.insert(path.clone(), step);
            for folder in path.ancestors().skip(1) {
                self.above.insert(folder.to_path_buf(), step);
            }
        }
    }

    /// A step that names a path, a folder above it or something below it.
    fn touching(&self, path: &Path) -> Option<usize> {
        let named = path.ancestors().find_map(|one| self.named.get(one));
        named.or_else(|| self.above.get(path)).copied()
    }

    /// A step that touches one of some paths.
    fn touching_any(&self, paths: &[PathBuf]) -> Option<usize> {
        paths.iter().find_map(|path| self.touching(path))
    }
}

impl ShownEdit {
    /// The steps with their paths, in order.
    fn steps(&self) -> impl DoubleEndedIterator<Item = (usize, (&EditStep, &[PathBuf]))> {
        let paths = self.paths.0.iter().map(Vec::as_slice);
        self.edit.steps.iter().zip(paths).enumerate()
    }

    /// The changes that cannot be made without some that are left out, each with one that it needs.
    fn wanting(&self, left_out: &HashSet<ListedChange>) -> HashMap<ListedChange, ListedChange> {
        let (mut wanting, mut missing) = (HashMap::new(), NamedPaths::default());
        // The files of whose text a change is missing, by the paths that they have so far.
        let mut texts: HashMap<PathBuf, ListedChange> = HashMap::new();
        if left_out.is_empty() {
            return wanting;
        }
        for (step, (one, paths)) in self.steps() {
            let files = match one {
                EditStep::Texts(files) => files,
                EditStep::File(operation) => {
                    let change = ListedChange::of_file(step);
                    let is_left_out = left_out.contains(&change);
                    let needed = missing.touching_any(paths).map(ListedChange::of_file);
                    if let Some(needed) = needed.filter(|_| !is_left_out) {
                        wanting.insert(change, needed);
                    }
                    match (operation, paths) {
                        _ if is_left_out || needed.is_some() => missing.add(step, paths),
                        (FileOperation::Rename { .. }, [from, to]) => {
                            move_below(&mut texts, from, to);
                        }
                        (FileOperation::Delete { .. }, [path]) => {
                            texts.retain(|text, _| !text.starts_with(path));
                        }
                        _ => {}
                    }
                    continue;
                }
            };
            for (file, (one, path)) in files.iter().zip(paths).enumerate() {
                let needed = missing.touching(path).map(ListedChange::of_file);
                let needed = needed.or_else(|| texts.get(path).copied());
                for edit in 0..one.len() {
                    let change = ListedChange::of_text(step, file, edit);
                    let is_left_out = left_out.contains(&change);
                    if let Some(needed) = needed.filter(|_| !is_left_out) {
                        wanting.insert(change, needed);
                    }
                    if is_left_out || needed.is_some() {
                        texts.entry(path.clone()).or_insert(change);
                    }
                }
            }
        }
        wanting
    }

    /// Some changes, and all that [need](Self::wanting) has them stand on.
    fn needed_by(&self, mut changes: HashSet<ListedChange>) -> HashSet<ListedChange> {
        let mut wanted = NamedPaths::default();
        // The files whose text is to be as the steps before leave it, by the paths that they have then,
        // each with the step that changes it.
        let mut texts: HashMap<PathBuf, usize> = HashMap::new();
        for (step, (one, paths)) in self.steps().rev() {
            let files = match one {
                EditStep::Texts(files) => files,
                EditStep::File(operation) => {
                    let change = ListedChange::of_file(step);
                    if changes.contains(&change) || wanted.touching_any(paths).is_some() {
                        changes.insert(change);
                        wanted.add(step, paths);
                    }
                    match (operation, paths) {
                        (FileOperation::Rename { .. }, [from, to]) => {
                            texts.retain(|text, _| !text.starts_with(from));
                            move_below(&mut texts, to, from);
                        }
                        (FileOperation::Delete { .. }, [path]) => {
                            texts.retain(|text, _| !text.starts_with(path));
                        }
                        _ => {}
                    }
                    continue;
                }
            };
            for (file, (one, path)) in files.iter().zip(paths).enumerate() {
                let mut all = (0..one.len()).map(|edit| ListedChange::of_text(step, file, edit));
                // What is changed once more stands on the whole of the text before.
                if texts.contains_key(path) {
                    changes.extend(all);
                } else if !all.any(|change| changes.contains(&change)) {
                    continue;
                }
                texts.insert(path.clone(), step);
                wanted.add(step, std::slice::from_ref(path));
            }
        }
        changes
    }

    /// What is left out with some changes: these, and all that need them.
    pub(super) fn with_all_wanting(
        &self,
        left_out: &HashSet<ListedChange>,
    ) -> HashSet<ListedChange> {
        let wanting = self.wanting(left_out).into_keys();
        wanting.chain(left_out.iter().copied()).collect()
    }

    /// The edits without some of those that are shown.
    pub(super) fn without(&self, left_out: &HashSet<ListedChange>) -> Arc<WorkspaceEdit> {
        if left_out.is_empty() {
            return self.edit.clone();
        }
        let kept = self
            .edit
            .keeping(|step, text| !left_out.contains(&ListedChange { step, text }));
        Arc::new(kept)
    }

    /// The texts that the list shows, but for those in which all changes are left out.
    pub(super) fn texts_without(&self, left_out: &HashSet<ListedChange>) -> ShownTexts {
        self.texts.keeping(|ShownFor { step, file }| {
            let Some(EditStep::Texts(files)) = self.edit.steps.get(step) else {
                return false;
            };
            let edits = 0..files.get(file).map_or(0, FileEdit::len);
            let mut changes = edits.map(|edit| ListedChange::of_text(step, file, edit));
            changes.any(|change| !left_out.contains(&change))
        })
    }
}

#[cfg(test)]
mod tests;
