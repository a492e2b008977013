//! The languages that Kiln knows.

use std::sync::{LazyLock, PoisonError, RwLock};

use editor_core::LanguageRules;
use editor_core::auto_pair::Pair;
use globset::GlobMatcher;

use crate::fold_markers::FoldMarkers;
use crate::grammar::GrammarId;
use crate::language_files;
use crate::lexicon::LexicalRules;
use crate::textmate::{LineGrammar, LinePattern};

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

    /// The icon of its files: the name of a drawing in `assets/icons/languages`, or in the Lucide set.
    pub fn icon(self) -> Option<&'static str> {
        language(self).icon.filter(|_| self != Self::PLAIN)
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

/// What Kiln knows of a language besides its grammar: its file in `assets/languages`, or what was
/// imported from an extension of VS Code.
#[derive(Clone, Copy, Debug)]
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
    /// Those that are coloured by their depth where the text has no tree.
    pub(crate) colored_brackets: &'static [Pair],
    /// The icon of its files: the name of a drawing in `assets/icons/languages`, or in the Lucide set.
    pub icon: Option<&'static str>,
    /// How it is typed.
    pub rules: &'static LanguageRules,
    /// File extensions, in lower case and without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// Whole file names.
    pub(crate) file_names: &'static [&'static str],
    /// File names with a `*` that stands for any characters.
    pub(crate) file_globs: &'static [&'static str],
    /// Patterns for whole file names, or for paths where they have a slash.
    pub(crate) file_patterns: &'static [(bool, GlobMatcher)],
    /// Extensions of another language that its files have, too.
    pub(crate) shared_extensions: &'static [&'static str],
    /// A regular expression for the beginning of a text with one of these.
    pub(crate) content: Option<&'static str>,
    /// Programs that a `#!` line names.
    pub(crate) interpreters: &'static [&'static str],
    /// A regular expression for the first line of its files.
    pub(crate) first_line: Option<&'static str>,
    /// The same of an imported language, whose patterns another engine reads.
    pub(crate) first_line_pattern: Option<&'static LinePattern>,
    /// Blocks have no end of their own.
    pub(crate) folds_by_indentation: bool,
    /// The lines that begin and end a fold.
    pub(crate) fold_markers: Option<&'static FoldMarkers>,
    /// What its text is made of, known without the grammar.
    pub(crate) lexical: Option<&'static LexicalRules>,
    pub(crate) grammar: Option<GrammarId>,
    /// Its TextMate grammar, where there is no other.
    pub(crate) textmate: Option<LineGrammar>,
}

/// The language with this identifier.
pub fn language(id: LanguageId) -> &'static Language {
    let place = usize::from(id.0);
    let found = built_in().get(place).or_else(|| languages().get(place));
    found.unwrap_or(&built_in()[0])
}

/// All languages; the first is plain text, and the built-in ones come before those that were
/// imported. What is imported later is in what a later call gives.
pub fn languages() -> &'static [Language] {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    all.unwrap_or(built_in())
}

/// The languages that are part of the program.
pub(crate) fn built_in() -> &'static [Language] {
    static BUILT_IN: LazyLock<Vec<Language>> = LazyLock::new(language_files::read);
    &BUILT_IN
}

/// Whether a language, by VS Code's identifier, is part of the program.
pub fn is_built_in(id: &str) -> bool {
    built_in().iter().any(|language| language.id_str == id)
}

/// Nothing where there are none but the built-in ones.
static ALL: RwLock<Option<&'static [Language]>> = RwLock::new(None);

/// Adds languages, or puts them in the place of those that were added under the same identifier
/// before. A language that is part of the program stays. What is kept of each is kept for as long
/// as the program runs, so that this is for imports and the start alone.
pub(crate) fn add(added: impl IntoIterator<Item = Language>) {
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    let mut known = all.unwrap_or(built_in()).to_vec();
    for language in added {
        let place = known
            .iter()
            .position(|other| other.id_str == language.id_str)
            .unwrap_or(known.len());
        if place < built_in().len() || place > usize::from(u16::MAX) {
            continue;
        }
        let id = LanguageId::at(place);
        let language = Language { id, ..language };
        match known.get_mut(place) {
            Some(other) => *other = language,
            None => known.push(language),
        }
    }
    *all = Some(Box::leak(known.into_boxed_slice()));
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
