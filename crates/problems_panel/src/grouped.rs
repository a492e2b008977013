//! Places by file, folded and unfolded, with the row that the keyboard is on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ui::list_keys::Step;

/// The key context of the lists.
pub(crate) const LIST_CONTEXT: &str = "PlaceList";

/// The key context of those that list edits which can be left out.
pub(crate) const EDITS_CONTEXT: &str = "EditList";

/// What takes the keyboard itself within a row: Enter and Space press it, and not the row that is
/// selected.
pub(crate) const CONTROL_CONTEXT: &str = "PlaceControl";

/// The places of one file.
pub(crate) struct Group<T> {
    pub(crate) path: PathBuf,
    pub(crate) items: Vec<T>,
}

/// A row: a file, or one of its places.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Row {
    pub(crate) group: usize,
    pub(crate) item: Option<usize>,
}

/// Places by file.
pub(crate) struct Grouped<T> {
    pub(crate) groups: Vec<Group<T>>,
    /// The files whose places are hidden.
    folded: BTreeSet<PathBuf>,
    rows: Vec<Row>,
    /// The selected one of the rows.
    pub(crate) selected: Option<usize>,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            folded: BTreeSet::new(),
            rows: Vec::new(),
            selected: None,
        }
    }
}

impl<T> Grouped<T> {
    /// Takes other places. What was folded stays so, and the row that was selected where it is.
    pub(crate) fn set(&mut self, groups: Vec<Group<T>>) {
        self.groups = groups;
        self.find_rows();
    }

    /// Takes other places of one file, or none; the files are in the order of their paths.
    pub(crate) fn replace(&mut self, path: &Path, group: Option<Group<T>>) {
        let known = self
            .groups
            .binary_search_by(|one| one.path.as_path().cmp(path));
        match (known, group) {
            (Ok(at), Some(group)) => self.groups[at] = group,
            (Ok(at), None) => drop(self.groups.remove(at)),
            (Err(at), Some(group)) => self.groups.insert(at, group),
            (Err(_), None) => return,
        }
        self.find_rows();
    }

    fn find_rows(&mut self) {
        self.rows.clear();
        for (group, one) in self.groups.iter().enumerate() {
            self.rows.push(Row { group, item: None });
            if !self.folded.contains(&one.path) {
                let items = (0..one.items.len()).map(|item| Row {
                    group,
                    item: Some(item),
                });
                self.rows.extend(items);
            }
        }
        let last = self.rows.len().checked_sub(1);
        self.selected = self.selected.and_then(|row| Some(row.min(last?)));
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn is_folded(&self, path: &Path) -> bool {
        self.folded.contains(path)
    }

    /// Folds or unfolds a file.
    pub(crate) fn toggle(&mut self, group: usize) {
        if let Some(path) = self.groups.get(group).map(|group| group.path.clone()) {
            if !self.folded.remove(&path) {
                self.folded.insert(path);
            }
            self.find_rows();
        }
    }

    /// Selects another row; which.
    pub(crate) fn step(&mut self, step: Step) -> Option<usize> {
        let last = self.rows.len().checked_sub(1)?;
        self.selected = Some(step.to(self.selected, last));
        self.selected
    }

    /// Unfolds the selected file, or goes into it.
    pub(crate) fn expand(&mut self) {
        match self.selected_row() {
            Some(Row { group, item: None }) if self.is_folded(&self.groups[group].path) => {
                self.toggle(group);
            }
            Some(Row { item: None, .. }) => {
                self.step(Step::Next);
            }
            _ => {}
        }
    }

    /// Folds the selected file, or goes to that of the selected place.
    pub(crate) fn collapse(&mut self) {
        match self.selected_row() {
            Some(Row { group, item: None }) if !self.is_folded(&self.groups[group].path) => {
                self.toggle(group);
            }
            Some(Row {
                group,
                item: Some(_),
            }) => {
                let file = Row { group, item: None };
                self.selected = self.rows.iter().position(|row| *row == file);
            }
            _ => {}
        }
    }

    pub(crate) fn selected_row(&self) -> Option<Row> {
        self.rows.get(self.selected?).copied()
    }
}

/// A file's name, and the folder that it lies in as seen from the root.
pub(crate) fn name_and_folder(path: &Path, root: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let folder = path.strip_prefix(root).unwrap_or(path).parent();
    let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
    (
        name.to_string_lossy().into_owned(),
        folder.unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(path: &str, items: Vec<u8>) -> Group<u8> {
        Group {
            path: path.into(),
            items,
        }
    }

    #[test]
    fn the_keyboard_goes_through_files_and_their_places() {
        let mut list = Grouped::default();
        assert_eq!(list.step(Step::Next), None);
        list.set(vec![group("/a", vec![1, 2]), group("/b", vec![3])]);
        assert_eq!(list.rows().len(), 5);
        assert_eq!(list.step(Step::Last), Some(4));
        list.collapse();
        assert_eq!(list.selected, Some(3), "the file of the place");
        list.collapse();
        assert!(list.is_folded(Path::new("/b")));
        list.set(vec![group("/a", vec![1]), group("/b", vec![3, 4])]);
        assert_eq!((list.rows().len(), list.selected), (3, Some(2)));
        list.expand();
        list.expand();
        assert_eq!(
            list.selected_row(),
            Some(Row {
                group: 1,
                item: Some(0)
            })
        );
        list.replace(Path::new("/aa"), Some(group("/aa", vec![5])));
        let paths = |list: &Grouped<u8>| -> Vec<_> {
            let groups = list.groups.iter();
            groups
                .map(|one| (one.path.clone(), one.items.len()))
                .collect()
        };
        let of = |path: &str, count| (PathBuf::from(path), count);
        assert_eq!(paths(&list), [of("/a", 1), of("/aa", 1), of("/b", 2)]);
        list.replace(Path::new("/aa"), Some(group("/aa", vec![5, 6])));
        list.replace(Path::new("/b"), None);
        list.replace(Path::new("/c"), None);
        assert_eq!(paths(&list), [of("/a", 1), of("/aa", 2)]);
        assert_eq!(list.rows().len(), 5);
        list.set(Vec::new());
        assert_eq!(list.selected_row(), None);
    }

    #[test]
    fn a_file_is_named_as_seen_from_the_root() {
        let named = |path: &str| name_and_folder(Path::new(path), Path::new("/p"));
        assert_eq!(named("/p/src/a.rs"), ("a.rs".into(), "src".into()));
        assert_eq!(named("/p/a.rs"), ("a.rs".into(), String::new()));
        assert_eq!(named("/x/a.rs"), ("a.rs".into(), "/x".into()));
    }
}
