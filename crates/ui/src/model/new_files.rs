//! Files and folders that come to be with an edit of a server: those that Kiln makes for it, and those
//! that the server itself makes before it asks for the edit, as typescript-language-server does with the
//! file that *Move to a new file* fills.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs::Fs;

/// What the clock of a file system may be behind the one that is read here: Linux stamps files with
/// that of the last tick, which is 10 ms ago at most.
const CLOCKS_DIFFER: Duration = Duration::from_millis(20);

/// Whether a file holds nothing and came to be since, as far as the file system knows; where it does not
/// keep that, whether it was last written since. Blocks.
pub(super) fn is_new_and_empty(fs: &dyn Fs, path: &Path, since: SystemTime) -> bool {
    fs.metadata(path).is_ok_and(|found| {
        let came = found.created.or(found.modified);
        found.is_file && !found.is_symlink && found.size == 0 && is_since(came, since)
    })
}

/// The folders above a path below `root` that came to be since, the deepest first; none where the file
/// system does not know. Blocks.
pub(super) fn new_folders_above(
    fs: &dyn Fs,
    (root, inside): (&Path, &Path),
    since: SystemTime,
) -> Vec<PathBuf> {
    // When a folder was last written says nothing: the file in it was made in it.
    let is_new = |inside: &Path| {
        let found = fs.metadata(&root.join(inside));
        found.is_ok_and(|found| found.is_dir && is_since(found.created, since))
    };
    let above = folders_above(inside).take_while(|inside| is_new(inside));
    above.map(Path::to_path_buf).collect()
}

/// The folders above a path below `root` that are not there, the deepest first. Blocks.
pub(super) fn missing_above(fs: &dyn Fs, root: &Path, inside: &Path) -> Vec<PathBuf> {
    let missing = folders_above(inside).take_while(|inside| !fs.exists(&root.join(inside)));
    missing.map(Path::to_path_buf).collect()
}

/// The folders above a path that is below another, without that.
fn folders_above(inside: &Path) -> impl Iterator<Item = &Path> {
    let above = inside.ancestors().skip(1);
    above.take_while(|inside| !inside.as_os_str().is_empty())
}

fn is_since(came: Option<SystemTime>, since: SystemTime) -> bool {
    let earliest = since.checked_sub(CLOCKS_DIFFER).unwrap_or(since);
    came.is_some_and(|came| came >= earliest)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use fs::RealFs;

    #[test]
    fn a_file_is_new_that_came_to_be_since_and_holds_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let (root, fs) = (scratch.path(), RealFs::new());
        let path = |name: &str| root.join(name);
        let asked = SystemTime::now();
        std::fs::create_dir_all(path("a/b")).unwrap();
        for (name, text) in [("a/b/new", ""), ("full", "text"), ("emptied", "text")] {
            std::fs::write(path(name), text).unwrap();
        }
        std::os::unix::fs::symlink(path("a/b/new"), path("link")).unwrap();
        assert!(is_new_and_empty(&fs, &path("a/b/new"), asked));
        for name in ["full", "link", "a/b", "none"] {
            assert!(!is_new_and_empty(&fs, &path(name), asked), "{name}");
        }
        let later = SystemTime::now() + Duration::from_secs(60);
        assert!(!is_new_and_empty(&fs, &path("a/b/new"), later));
        let above = |since| new_folders_above(&fs, (root, Path::new("a/b/new")), since);
        assert!(above(later).is_empty());
        // Whose text is gone since was there before.
        let emptied = std::fs::File::create(path("emptied")).unwrap();
        emptied.set_modified(later).unwrap();
        if fs.metadata(&path("emptied")).unwrap().created.is_some() {
            assert!(!is_new_and_empty(&fs, &path("emptied"), later));
            assert_eq!(above(asked), [Path::new("a/b"), Path::new("a")]);
        }
        let missing = |inside: &str| missing_above(&fs, root, Path::new(inside));
        assert_eq!(missing("a/c/d/new"), [Path::new("a/c/d"), Path::new("a/c")]);
        assert!(missing("new").is_empty());
    }
}
