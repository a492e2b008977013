//! Which paths git leaves out, one folder at a time, without walking the project.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// A rules file above this size is not one that a person wrote, and is left unread.
const MAX_RULES_BYTES: u64 = 1024 * 1024;

/// The `.gitignore`, `.ignore` and `.git/info/exclude` rules of a folder, read as they are needed
/// and kept until [`IgnoreRules::forget`].
///
/// They come from a project and are only patterns to match: nothing in them is run, and files that
/// are not regular or too large are skipped.
#[derive(Debug)]
pub struct IgnoreRules {
    root: PathBuf,
    folders: HashMap<PathBuf, Arc<[Gitignore]>>,
}

impl IgnoreRules {
    /// Rules for the paths below `folder`. In a git repository they start at its root.
    pub fn new(folder: &Path) -> Self {
        let root = folder
            .ancestors()
            .find(|ancestor| ancestor.join(".git").exists())
            .unwrap_or(folder)
            .to_path_buf();
        Self {
            root,
            folders: HashMap::new(),
        }
    }

    /// Whether a path is left out, by itself or because a folder above it is. Paths outside the
    /// root are not.
    pub fn is_ignored(&mut self, path: &Path, is_dir: bool) -> bool {
        let Ok(relative) = path.strip_prefix(&self.root) else {
            return false;
        };
        let mut current = self.root.clone();
        let mut parts = relative.components().peekable();
        while let Some(part) = parts.next() {
            current.push(part);
            let is_last = parts.peek().is_none();
            if self.is_ignored_in_its_folder(&current, is_dir || !is_last) {
                return true;
            }
        }
        false
    }

    /// Drops what was read, after a rules file changed.
    pub fn forget(&mut self) {
        self.folders.clear();
    }

    /// Whether a change of this path changes the rules.
    pub fn is_rules_file(path: &Path) -> bool {
        path.file_name()
            .is_some_and(|name| name == ".gitignore" || name == ".ignore")
            || path.ends_with(".git/info/exclude")
    }

    /// Whether the path itself is left out; the folders above it are known not to be.
    pub(crate) fn is_ignored_in_its_folder(&mut self, path: &Path, is_dir: bool) -> bool {
        if path.file_name().is_some_and(|name| name == ".git") {
            return true;
        }
        let Some(mut folder) = path.parent() else {
            return false;
        };
        loop {
            // The deepest folder has the last word (gitignore(5), "precedence").
            for rules in self.rules_of(folder).iter() {
                match rules.matched(path, is_dir) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
            if folder == self.root {
                return false;
            }
            match folder.parent() {
                Some(parent) => folder = parent,
                None => return false,
            }
        }
    }

    fn rules_of(&mut self, folder: &Path) -> Arc<[Gitignore]> {
        if let Some(rules) = self.folders.get(folder) {
            return rules.clone();
        }
        let mut names = vec![".ignore", ".gitignore"];
        if folder == self.root {
            names.push(".git/info/exclude");
        }
        let rules: Arc<[Gitignore]> = names
            .into_iter()
            .filter_map(|name| read_rules(folder, &folder.join(name)))
            .collect();
        self.folders.insert(folder.to_path_buf(), rules.clone());
        rules
    }
}

/// `None` where there is no such file, or nothing in it.
fn read_rules(folder: &Path, path: &Path) -> Option<Gitignore> {
    // Asked before opening, since opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_RULES_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_RULES_BYTES).read_to_end(&mut bytes))
        .ok()?;
    parse_rules(folder, path, &String::from_utf8_lossy(&bytes))
}

/// Compiles rules; a line that is no pattern is skipped, as git does.
pub(crate) fn parse_rules(folder: &Path, path: &Path, text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.trim_start_matches('\u{FEFF}').lines() {
        if let Err(error) = builder.add_line(Some(path.to_path_buf()), line) {
            tracing::debug!(path = %path.display(), line, %error, "skipped an ignore rule");
        }
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn rules_of_deeper_folders_win_and_ignored_folders_hide_their_content() {
        let folder = project(&[
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".git/info/exclude", "secret.txt\n"),
            (".gitignore", "target/\n*.log\n"),
            ("logs/.gitignore", "!keep.log\n"),
        ]);
        let root = folder.path();
        let mut rules = IgnoreRules::new(&root.join("logs"));
        assert!(rules.is_ignored(&root.join("target"), true));
        assert!(rules.is_ignored(&root.join("target/debug/kiln"), false));
        assert!(
            !rules.is_ignored(&root.join("target"), false),
            "a file named target"
        );
        assert!(rules.is_ignored(&root.join("a.log"), false));
        assert!(!rules.is_ignored(&root.join("logs/keep.log"), false));
        assert!(rules.is_ignored(&root.join("secret.txt"), false));
        assert!(rules.is_ignored(&root.join(".git"), true));
        assert!(rules.is_ignored(&root.join(".git/config"), false));
        assert!(!rules.is_ignored(&root.join("src/main.rs"), false));
        assert!(!rules.is_ignored(Path::new("/elsewhere/a.log"), false));
    }

    #[test]
    fn changed_rules_are_seen_once_the_old_ones_are_forgotten() {
        let folder = project(&[(".gitignore", "*.log\n")]);
        let mut rules = IgnoreRules::new(folder.path());
        let notes = folder.path().join("notes.md");
        assert!(!rules.is_ignored(&notes, false));
        std::fs::write(folder.path().join(".gitignore"), "*.md\n").unwrap();
        rules.forget();
        assert!(rules.is_ignored(&notes, false));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_place_of_a_rules_file_is_not_opened() {
        let folder = project(&[]);
        let pipe = folder.path().join(".gitignore");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        let mut rules = IgnoreRules::new(folder.path());
        assert!(!rules.is_ignored(&folder.path().join("a"), false));
    }
}
