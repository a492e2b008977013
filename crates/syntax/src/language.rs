//! The languages that Kiln knows.

use std::sync::LazyLock;

use editor_core::LanguageRules;
use editor_core::auto_pair::Pair;

use crate::grammar::GrammarId;
use crate::language_files;

/// A language by its place in the registry.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct LanguageId(u16);

impl LanguageId {
    /// Text in no particular language.
    pub const PLAIN: Self = Self(0);

    /// The name that a person reads: "Rust".
    pub fn name(self) -> &'static str {
        language(self).name
    }

    /// The identifier that settings and language servers use, as in VS Code: "rust".
    pub fn id_str(self) -> &'static str {
        language(self).id_str
    }

    /// Whether texts of this language can be parsed and highlighted.
    pub fn has_grammar(self) -> bool {
        let language = language(self);
        language.grammar.is_some() || language.textmate.is_some()
    }

    /// Whether texts of this language are parsed into trees: those of the others with a grammar are
    /// known line by line.
    pub fn has_trees(self) -> bool {
        language(self).grammar.is_some()
    }

    pub(crate) fn at(place: usize) -> Self {
        Self(u16::try_from(place).unwrap_or_default())
    }
}

/// What Kiln knows of a language besides its grammar: its file in `assets/languages`.
#[derive(Debug)]
pub struct Language {
    /// Its place in the registry.
    pub id: LanguageId,
    /// The name that a person reads.
    pub name: &'static str,
    /// VS Code's identifier.
    pub id_str: &'static str,
    /// Other names, as they stand after a Markdown code fence.
    pub aliases: &'static [&'static str],
    /// Pairs that are matched at the caret.
    pub brackets: &'static [Pair],
    /// How it is typed.
    pub rules: &'static LanguageRules,
    /// File extensions, in lower case and without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// Whole file names.
    pub(crate) file_names: &'static [&'static str],
    /// File names with a `*` that stands for any characters.
    pub(crate) file_globs: &'static [&'static str],
    /// Programs that a `#!` line names.
    pub(crate) interpreters: &'static [&'static str],
    /// A regular expression for the first line of its files.
    pub(crate) first_line: Option<&'static str>,
    /// Blocks have no end of their own.
    pub(crate) folds_by_indentation: bool,
    pub(crate) grammar: Option<GrammarId>,
    /// Its TextMate grammar, by the name in the catalogue, where there is no other.
    pub(crate) textmate: Option<&'static str>,
}

/// The language with this identifier.
pub fn language(id: LanguageId) -> &'static Language {
    languages()
        .get(usize::from(id.0))
        .unwrap_or(&languages()[0])
}

/// All languages; the first is plain text.
pub fn languages() -> &'static [Language] {
    static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(language_files::read);
    &LANGUAGES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_language_stands_at_its_own_place_and_owns_its_names() {
        assert_eq!(languages()[0].id_str, "plaintext");
        let mut seen = HashSet::new();
        for (place, language) in languages().iter().enumerate() {
            assert_eq!(usize::from(language.id.0), place, "{}", language.name);
            for extension in language.extensions {
                assert!(seen.insert(format!(".{extension}")), "{extension} is taken");
                assert_eq!(extension.to_ascii_lowercase(), *extension);
            }
            for name in language.file_names.iter().chain(language.file_globs) {
                assert!(seen.insert((*name).to_owned()), "{name} is taken");
            }
            for name in language.aliases.iter().chain([&language.id_str]) {
                assert!(seen.insert(format!("alias {name}")), "{name} is taken");
            }
        }
    }
}
