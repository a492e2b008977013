//! Which languages the user says that files are in.

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

use crate::language::{LanguageId, languages};

/// Patterns for files with the languages that they are in, as in VS Code's `files.associations`.
#[derive(Clone, Debug, Default)]
pub struct Associations(Vec<Association>);

#[derive(Clone, Debug)]
struct Association {
    pattern: String,
    matcher: GlobMatcher,
    language: LanguageId,
}

impl Associations {
    /// Pairs of a pattern and a language's identifier, and what is wrong with some, one sentence
    /// each; those are left out.
    ///
    /// A pattern with a slash is for the whole path, any other for the file's name, in any case of
    /// letters. `*` stands for characters but slashes, `**` for these too, `?` for one; `{a,b}` for
    /// either and `[a-c]` for one of these.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Vec<String>) {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for (pattern, name) in pairs {
            let language = languages().iter().find(|language| language.id_str == name);
            let glob = GlobBuilder::new(pattern)
                .case_insensitive(true)
                .literal_separator(true)
                .build();
            match (language, glob) {
                (Some(language), Ok(glob)) => found.push(Association {
                    pattern: pattern.to_owned(),
                    matcher: glob.compile_matcher(),
                    language: language.id,
                }),
                (None, _) => problems.push(format!(
                    "`files.associations`: there is no language \"{name}\"; choose one of those in docs/languages.md."
                )),
                (_, Err(error)) => {
                    problems.push(format!("`files.associations`: \"{pattern}\": {}.", error.kind()));
                }
            }
        }
        // The longest first. Of those as long the first that was named.
        found.sort_by_key(|association| std::cmp::Reverse(association.pattern.len()));
        (Self(found), problems)
    }

    /// The language of a file, where the user said it.
    pub fn language(&self, path: &Path) -> Option<LanguageId> {
        let name = path.file_name().map(Path::new);
        let fits = |association: &&Association| {
            if association.pattern.contains('/') {
                association.matcher.is_match(path)
            } else {
                name.is_some_and(|name| association.matcher.is_match(name))
            }
        };
        self.0
            .iter()
            .find(fits)
            .map(|association| association.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pattern_counts() {
        let (associations, problems) = Associations::new([
            ("*.inc", "php"),
            ("*.html.inc", "html"),
            ("**/legacy/*.{inc,h}", "cpp"),
            ("Makefile?", "shellscript"),
        ]);
        assert!(problems.is_empty(), "{problems:?}");
        let of = |path: &str| {
            let language = associations.language(Path::new(path));
            language.map(LanguageId::id_str)
        };
        assert_eq!(of("/p/a.inc"), Some("php"));
        assert_eq!(of("/p/A.INC"), Some("php"));
        assert_eq!(of("/p/a.html.inc"), Some("html"));
        assert_eq!(of("/p/legacy/a.inc"), Some("cpp"));
        assert_eq!(of("/p/legacy/deep/a.h"), None);
        assert_eq!(of("/p/Makefile2"), Some("shellscript"));
        assert_eq!(of("/p/Makefile"), None);
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_counts() {
        let (associations, problems) =
            Associations::new([("*.a", "klingon"), ("*.{b", "rust"), ("*.c", "rust")]);
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("klingon"), "{problems:?}");
        assert!(problems[1].contains("*.{b"), "{problems:?}");
        let rust = associations.language(Path::new("x.c"));
        assert_eq!(rust.map(LanguageId::id_str), Some("rust"));
    }
}
