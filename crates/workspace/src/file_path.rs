use std::path::{Component, Path, PathBuf};

use editor_core::{Text, TextHash};

/// An absolute path without `.` and `..`, taken from `root` where it is relative. Links are not
/// looked at, so this asks nothing of the disk.
pub(crate) fn absolute(root: &Path, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in root.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    absolute
}

/// What a path is named by in a folder of Kiln's own.
pub(crate) fn hash(path: &Path) -> TextHash {
    TextHash::of(&Text::new(&path.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_from_the_root_and_cleaned() {
        let root = Path::new("/project");
        assert_eq!(
            absolute(root, Path::new("src/./a.rs")),
            Path::new("/project/src/a.rs")
        );
        assert_eq!(absolute(root, Path::new("../b.rs")), Path::new("/b.rs"));
        assert_eq!(absolute(root, Path::new("/x/../../y")), Path::new("/y"));
    }
}
