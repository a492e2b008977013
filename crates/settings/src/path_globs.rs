//! Patterns of paths, as VS Code's settings have them: `*` and `?` stay within a folder, `**` goes
//! through folders, `{a,b}` and `[a-z]` are choices.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::Value;

/// How many patterns a setting may hold.
const MAX_PATTERNS: usize = 1000;

/// Paths that patterns are of.
#[derive(Clone, Debug, Default)]
pub struct PathGlobs(GlobSet);

impl PathGlobs {
    /// The paths of some patterns. One that is none is passed over: settings say so where they are
    /// read.
    pub fn new(patterns: &[String]) -> Self {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            if let Ok(glob) = compiled(pattern) {
                set.add(glob);
            }
        }
        Self(set.build().unwrap_or_default())
    }

    /// Whether a path is meant, with `/` between its parts: one from the folder that is open, or an
    /// absolute one.
    pub fn is_match(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

fn compiled(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// Checks a value whose keys are patterns and whose values say whether they count.
pub(crate) fn check(value: &Value) -> Result<(), String> {
    let Some(patterns) = value.as_object() else {
        return Err("it is no object".to_owned());
    };
    if patterns.len() > MAX_PATTERNS {
        return Err(format!("it holds more than {MAX_PATTERNS} patterns"));
    }
    for (pattern, counts) in patterns {
        if !counts.is_boolean() {
            return Err(format!("`{pattern}` is neither `true` nor `false`"));
        }
        if let Err(error) = compiled(pattern) {
            return Err(format!("`{pattern}` is no pattern: {}", error.kind()));
        }
    }
    Ok(())
}

/// The patterns of a value that count.
pub(crate) fn patterns(value: &Value) -> Vec<String> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter(|(_, counts)| counts.as_bool() == Some(true))
        .map(|(pattern, _)| pattern.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_mean_what_they_mean_in_vscode() {
        let globs = |pattern: &str| PathGlobs::new(&[pattern.to_owned()]);
        for (pattern, path, expected) in [
            ("*.lock", "Cargo.lock", true),
            ("*.lock", "crates/Cargo.lock", false),
            ("**/*.lock", "crates/Cargo.lock", true),
            ("**/*.lock", "Cargo.lock", true),
            ("**/node_modules/**", "web/node_modules/a/b.js", true),
            ("**/node_modules/**", "/home/ada/node_modules/a.js", true),
            ("vendor/**", "vendor/a/b.c", true),
            ("vendor/**", "src/vendor/a.c", false),
            ("/etc/**", "/etc/hosts", true),
            ("**/*.{min.js,map}", "a/b.min.js", true),
            ("docs/[a-c]?.md", "docs/b1.md", true),
            ("docs/[a-c]?.md", "docs/b12.md", false),
        ] {
            assert_eq!(globs(pattern).is_match(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        assert_eq!(check(&json!({"**/*.lock": true, "a/**": false})), Ok(()));
        for bad in [json!([]), json!({"a": 1}), json!({"a[": true})] {
            assert!(check(&bad).is_err(), "{bad}");
        }
        let both = json!({"on": true, "off": false});
        assert_eq!(patterns(&both), ["on"]);
    }
}
