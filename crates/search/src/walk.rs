//! Walking a project.

use std::path::Path;

use ignore::WalkBuilder;

/// The end of the name of a file that is there for no longer than a save takes; the crate `fs` makes
/// it.
const TEMPORARY_SUFFIX: &[u8] = b".kiln-tmp";

/// How far a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkLimits {
    /// The most files that are listed.
    pub files: usize,
    /// The most folders deep that a file may lie.
    pub depth: usize,
}

impl Default for WalkLimits {
    fn default() -> Self {
        Self {
            files: 1_000_000,
            depth: 64,
        }
    }
}

/// A walk over everything that belongs to a project: hidden files too (`.kiro`, `.github`), but
/// nothing that git ignores, not git's own folder, and nothing that Kiln has beside a file while it
/// saves that. Links are listed, not followed, so that the
/// walk stays inside the folder and ends.
pub(crate) fn project_walk(root: &Path, depth: usize) -> WalkBuilder {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false)
        .follow_links(false)
        .require_git(false)
        .max_depth(Some(depth))
        .filter_entry(|entry| {
            let name = entry.file_name();
            name != ".git" && !name.as_encoded_bytes().ends_with(TEMPORARY_SUFFIX)
        });
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
    walk.threads(threads);
    walk
}

/// A path below `root` in the form that results have: with `/`, and only if it is UTF-8.
pub(crate) fn relative_path(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?.to_str()?;
    if std::path::MAIN_SEPARATOR == '/' {
        Some(relative.to_owned())
    } else {
        Some(relative.replace(std::path::MAIN_SEPARATOR, "/"))
    }
}
