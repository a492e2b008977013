//! What the file tree shows: which folders are open, and the rows that follows from it.

use fs::DirEntry;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// One row of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it stands for.
    pub(crate) path: PathBuf,
    /// Its last component.
    pub(crate) name: String,
    /// How deep it lies; the folder's own entries are at 0.
    pub(crate) depth: usize,
    /// Whether it is a folder.
    pub(crate) is_dir: bool,
    /// Whether it is a link.
    pub(crate) is_symlink: bool,
    /// Whether git ignores it.
    pub(crate) is_ignored: bool,
    /// Whether it is a folder whose entries are shown.
    pub(crate) expanded: bool,
}

/// The open folders and what is known of their entries.
#[derive(Debug)]
pub(crate) struct TreeModel {
    root: PathBuf,
    expanded: BTreeSet<PathBuf>,
    entries: HashMap<PathBuf, Vec<DirEntry>>,
    rows: Vec<Row>,
}

impl TreeModel {
    /// A tree of `root` with nothing read yet.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            expanded: BTreeSet::new(),
            entries: HashMap::new(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the root itself has been read.
    pub(crate) fn is_loaded(&self) -> bool {
        self.entries.contains_key(&self.root)
    }

    /// The folders whose entries are wanted: the root and every open folder below open
    /// ones.
    pub(crate) fn shown_folders(&self) -> Vec<PathBuf> {
        std::iter::once(self.root.clone())
            .chain(
                self.expanded
                    .iter()
                    .filter(|folder| self.is_reachable(folder))
                    .cloned(),
            )
            .collect()
    }

    fn is_reachable(&self, folder: &Path) -> bool {
        folder
            .ancestors()
            .skip(1)
            .take_while(|ancestor| *ancestor != self.root && ancestor.starts_with(&self.root))
            .all(|ancestor| self.expanded.contains(ancestor))
    }

    /// Every folder that was opened, for the stored layout.
    pub(crate) fn expanded(&self) -> impl Iterator<Item = &PathBuf> {
        self.expanded.iter()
    }

    pub(crate) fn is_expanded(&self, folder: &Path) -> bool {
        folder == self.root || self.expanded.contains(folder)
    }

    /// Opens a folder. True where its entries have to be read.
    pub(crate) fn expand(&mut self, folder: &Path) -> bool {
        if folder == self.root || !folder.starts_with(&self.root) {
            return false;
        }
        self.expanded.insert(folder.to_path_buf());
        self.rebuild();
        !self.entries.contains_key(folder)
    }

    /// Closes a folder and forgets what it held.
    pub(crate) fn collapse(&mut self, folder: &Path) {
        self.expanded.remove(folder);
        self.entries
            .retain(|known, _| known == &self.root || !known.starts_with(folder));
        self.rebuild();
    }

    /// Closes every folder.
    pub(crate) fn collapse_all(&mut self) {
        self.expanded.clear();
        self.entries.retain(|known, _| known == &self.root);
        self.rebuild();
    }

    /// Opens every folder above a path. Returns those whose entries have to be read.
    pub(crate) fn expand_to(&mut self, path: &Path) -> Vec<PathBuf> {
        let mut unread = Vec::new();
        let folders: Vec<_> = path
            .ancestors()
            .skip(1)
            .take_while(|ancestor| ancestor.starts_with(&self.root) && *ancestor != self.root)
            .map(Path::to_path_buf)
            .collect();
        for folder in folders.into_iter().rev() {
            if self.expand(&folder) {
                unread.push(folder);
            }
        }
        unread
    }

    /// Takes the entries of a folder. `None` where it cannot be read any more.
    pub(crate) fn set_entries(&mut self, folder: PathBuf, entries: Option<Vec<DirEntry>>) {
        match entries {
            Some(entries) => {
                self.entries.insert(folder, entries);
            }
            None if folder == self.root => {
                self.entries.insert(folder, Vec::new());
            }
            None => {
                self.expanded.remove(&folder);
                self.entries.remove(&folder);
            }
        }
        self.rebuild();
    }

    pub(crate) fn position(&self, path: &Path) -> Option<usize> {
        self.rows.iter().position(|row| row.path == path)
    }

    fn rebuild(&mut self) {
        let mut rows = Vec::new();
        self.push_rows(&self.root, 0, &mut rows);
        self.rows = rows;
    }

    fn push_rows(&self, folder: &Path, depth: usize, rows: &mut Vec<Row>) {
        let Some(entries) = self.entries.get(folder) else {
            return;
        };
        // What git keeps there is for git.
        for entry in entries.iter().filter(|entry| entry.name != ".git") {
            let expanded = entry.is_dir && self.expanded.contains(&entry.path);
            rows.push(Row {
                path: entry.path.clone(),
                name: entry.name.clone(),
                depth,
                is_dir: entry.is_dir,
                is_symlink: entry.is_symlink,
                is_ignored: entry.is_ignored,
                expanded,
            });
            if expanded {
                self.push_rows(&entry.path, depth + 1, rows);
            }
        }
    }
}

/// Says what is wrong with a new name in a folder, or nothing.
pub(crate) fn check_name(name: &str, taken: impl Fn(&str) -> bool) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return Some("Write a name.".into());
    }
    let parts: Vec<_> = name.split('/').collect();
    if parts
        .iter()
        .any(|part| part.is_empty() || *part == "." || *part == "..")
    {
        return Some("A name is made of parts between slashes, none of them empty, . or ..".into());
    }
    if name.contains('\0') || name.contains('\\') {
        return Some("A name cannot contain \\ or a null character.".into());
    }
    if parts.iter().any(|part| part.len() > 255) {
        return Some("The name is longer than 255 bytes.".into());
    }
    taken(name).then(|| format!("\u{201c}{name}\u{201d} exists already."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, is_dir: bool) -> DirEntry {
        DirEntry {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path: path.into(),
            is_dir,
            is_symlink: false,
            is_ignored: false,
        }
    }

    fn drawn(tree: &TreeModel) -> String {
        tree.rows()
            .iter()
            .map(|row| {
                let mark = match (row.is_dir, row.expanded) {
                    (true, true) => "v ",
                    (true, false) => "> ",
                    _ => "",
                };
                format!("{}{mark}{}\n", "  ".repeat(row.depth), row.name)
            })
            .collect()
    }

    fn tree() -> TreeModel {
        let mut tree = TreeModel::new("/p".into());
        tree.set_entries(
            "/p".into(),
            Some(vec![entry("/p/src", true), entry("/p/a.md", false)]),
        );
        tree
    }

    #[test]
    fn folders_are_read_when_they_are_opened() {
        let mut tree = tree();
        assert_eq!(drawn(&tree), "> src\na.md\n");
        assert!(tree.expand(Path::new("/p/src")));
        tree.set_entries("/p/src".into(), Some(vec![entry("/p/src/main.rs", false)]));
        assert_eq!(drawn(&tree), "v src\n  main.rs\na.md\n");
        assert!(
            !tree.expand(Path::new("/p/src")),
            "what is known is not read again"
        );
        tree.collapse(Path::new("/p/src"));
        assert_eq!(drawn(&tree), "> src\na.md\n");
    }

    #[test]
    fn the_folder_of_git_is_not_shown() {
        let mut tree = tree();
        tree.set_entries(
            "/p".into(),
            Some(vec![entry("/p/.git", true), entry("/p/a", false)]),
        );
        assert_eq!(drawn(&tree), "a\n");
    }

    #[test]
    fn a_path_opens_every_folder_above_it() {
        let mut tree = tree();
        let unread = tree.expand_to(Path::new("/p/src/deep/er/x.rs"));
        let wanted = ["/p/src", "/p/src/deep", "/p/src/deep/er"].map(PathBuf::from);
        assert_eq!(unread, wanted);
        assert!(tree.expand_to(Path::new("/elsewhere/x")).is_empty());
    }

    #[test]
    fn folders_below_a_closed_one_are_not_watched() {
        let mut tree = tree();
        tree.expand_to(Path::new("/p/src/deep/x.rs"));
        assert_eq!(tree.shown_folders().len(), 3);
        tree.expanded.remove(Path::new("/p/src"));
        assert_eq!(tree.shown_folders(), [PathBuf::from("/p")]);
    }

    #[test]
    fn a_folder_that_is_gone_disappears() {
        let mut tree = tree();
        tree.expand(Path::new("/p/src"));
        tree.set_entries("/p/src".into(), None);
        assert!(!tree.is_expanded(Path::new("/p/src")));
    }

    #[test]
    fn names_are_checked_before_the_disk_is_touched() {
        let free = |_: &str| false;
        assert_eq!(check_name("a.rs", free), None);
        assert_eq!(check_name("deep/er/a.rs", free), None);
        for bad in [
            "",
            "  ",
            "..",
            "a/../b",
            "/etc/passwd",
            "a//b",
            "a\\b",
            "x\0",
        ] {
            assert!(check_name(bad, free).is_some(), "{bad:?}");
        }
        assert!(check_name("a.rs", |_| true).is_some_and(|why| why.contains("exists already")));
    }
}
