//! Links that lead nowhere: a name in a folder that nothing can be read from.

use crate::{Fs, FsError};
use std::path::Path;

/// What a person reads of a link that leads nowhere: the end of a sentence that begins with its
/// name, and what to do.
pub const LEADS_NOWHERE: &str =
    "it is a link that leads nowhere; put back what it leads to, or remove it";

/// Whether a path is a symbolic link that leads nowhere: it can be read no more than a file that is
/// not there, and stands in its folder all the same. Reads the folder.
pub fn leads_nowhere(fs: &dyn Fs, path: &Path) -> bool {
    if !matches!(fs.metadata(path), Err(FsError::NotFound { .. })) {
        return false;
    }
    let entries = path.parent().and_then(|folder| fs.read_dir(folder).ok());
    entries
        .into_iter()
        .flatten()
        .any(|entry| entry.is_symlink && entry.path == path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::RealFs;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_leads_nowhere_where_nothing_is_behind_it() {
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        std::fs::write(at("file"), "").unwrap();
        symlink("gone", at("dangling")).unwrap();
        symlink("file", at("whole")).unwrap();
        let is_so = |name: &str| leads_nowhere(&RealFs::new(), &at(name));
        assert!(is_so("dangling"));
        assert!(!is_so("whole") && !is_so("file") && !is_so("gone"));
    }
}
