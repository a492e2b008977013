//! Patterns of paths as servers write them (LSP 3.17, `Pattern`).

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use crate::uri;

/// A longer pattern is not taken, in bytes.
const MAX_PATTERN: usize = 4 * 1024;

/// What matches a pattern; `None` where it is none.
pub(crate) fn matcher(pattern: &str, ignore_case: bool) -> Option<GlobMatcher> {
    if pattern.len() > MAX_PATTERN {
        return None;
    }
    let glob = GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(ignore_case)
        .empty_alternates(true)
        .build();
    Some(glob.ok()?.compile_matcher())
}

/// A `GlobPattern`: of whole paths, or of what is below a folder. Of a pattern that names no folder
/// also what is below the root is meant.
pub(crate) struct Pattern {
    matcher: GlobMatcher,
    below: PathBuf,
    /// Whether it may also be of whole paths.
    whole: bool,
}

impl Pattern {
    /// Reads one; `None` where it is none.
    pub fn read(pattern: &Value, root: &Path) -> Option<Self> {
        if let Some(pattern) = pattern.as_str() {
            return Some(Self {
                matcher: matcher(pattern, false)?,
                below: root.to_path_buf(),
                whole: true,
            });
        }
        let base = &pattern["baseUri"];
        let base = base.as_str().or(base["uri"].as_str()).and_then(uri::path);
        Some(Self {
            matcher: matcher(pattern["pattern"].as_str()?, false)?,
            below: base?,
            whole: false,
        })
    }

    /// Whether a path, which is absolute, is meant.
    pub fn is_match(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(&self.below);
        inside.is_ok_and(|inside| self.matcher.is_match(inside))
            || (self.whole && self.matcher.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_are_of_whole_paths_and_of_those_below_a_folder() {
        let is = |pattern: Value, path: &str| {
            let pattern = Pattern::read(&pattern, Path::new("/p"));
            pattern.is_some_and(|pattern| pattern.is_match(Path::new(path)))
        };
        assert!(is(json!("**/*.rs"), "/p/src/a.rs"));
        assert!(is(json!("/p/**/*.rs"), "/p/a.rs"));
        assert!(is(json!("*.toml"), "/p/Cargo.toml"));
        assert!(!is(json!("*.toml"), "/p/x/Cargo.toml"));
        let below = |base: Value| json!({"baseUri": base, "pattern": "**/*.py"});
        assert!(is(below(json!("file:///q")), "/q/a/b.py"));
        assert!(!is(below(json!("file:///q")), "/p/b.py"));
        assert!(is(
            below(json!({"uri": "file:///q", "name": "q"})),
            "/q/b.py"
        ));
        assert!(!is(json!(7), "/p/b.py"));
        assert!(!is(json!("x".repeat(MAX_PATTERN + 1)), "/p/b.py"));
    }
}
