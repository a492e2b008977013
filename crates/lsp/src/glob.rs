//! Patterns of paths as servers write them (LSP 3.17, `Pattern`).

use std::path::Path;

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
/// also what is below `root` is meant.
pub(crate) fn is_match(pattern: &Value, path: &Path, root: &Path) -> bool {
    let below = |folder: &Path, pattern: &str| {
        let inside = path.strip_prefix(folder).ok();
        let glob = matcher(pattern, false);
        inside.is_some_and(|inside| glob.is_some_and(|glob| glob.is_match(inside)))
    };
    if let Some(pattern) = pattern.as_str() {
        return below(Path::new(""), pattern) || below(root, pattern);
    }
    let base = &pattern["baseUri"];
    let base = base.as_str().or(base["uri"].as_str()).and_then(uri::path);
    match (base, pattern["pattern"].as_str()) {
        (Some(base), Some(pattern)) => below(&base, pattern),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_are_of_whole_paths_and_of_those_below_a_folder() {
        let is = |pattern: Value, path: &str| is_match(&pattern, Path::new(path), Path::new("/p"));
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
