//! Languages that come from elsewhere than Kiln: from extensions of VS Code.

use std::collections::HashMap;

use globset::GlobBuilder;
use serde_json::Value;

use crate::configuration::LanguageConfiguration;
use crate::language::{self, Language, LanguageId, is_built_in};
use crate::language_files::{list, word, words};
use crate::textmate::{
    ImportedGrammar, LineGrammar, LinePattern, catalog_name, forget_prepared, set_imported,
};

/// A language as an extension of VS Code contributes it (`contributes.languages`). Several
/// extensions may say something of the same one.
#[derive(Clone, Debug, Default)]
pub struct ImportedLanguage {
    /// VS Code's identifier.
    pub id: String,
    /// Its names; the first is the one that a person reads.
    pub aliases: Vec<String>,
    /// File extensions with their dots.
    pub extensions: Vec<String>,
    /// Whole file names.
    pub file_names: Vec<String>,
    /// Globs for file names, or for paths where they have a slash.
    pub file_patterns: Vec<String>,
    /// A regular expression of JavaScript for the first line.
    pub first_line: Option<String>,
    /// Its `language-configuration.json`; null where it has none.
    pub configuration: Value,
}

/// Adds languages and grammars that were imported, in the place of what was imported before. A
/// language that Kiln has itself keeps what Kiln knows of it. Where none of the grammars is for a
/// language, one of the catalogue of TextMate grammars is, if it has one of this name.
pub fn register_imported(languages: Vec<ImportedLanguage>, grammars: Vec<ImportedGrammar>) {
    let mut merged: Vec<ImportedLanguage> = Vec::new();
    for language in languages {
        if is_built_in(&language.id) {
            continue;
        }
        match merged.iter_mut().find(|known| known.id == language.id) {
            Some(known) => known.merge(language),
            None => merged.push(language),
        }
    }
    let by_language: HashMap<&str, &str> = grammars
        .iter()
        .filter_map(|grammar| Some((grammar.language.as_deref()?, grammar.scope.as_str())))
        .collect();
    let made: Vec<Language> = merged
        .into_iter()
        .map(|language| {
            let scope = by_language.get(language.id.as_str()).copied();
            language.into_language(scope)
        })
        .collect();
    // The grammars first, so that a text that is read meanwhile finds that of its language.
    set_imported(grammars);
    language::add(made);
    forget_prepared();
}

impl ImportedLanguage {
    /// Adds what another extension says of it.
    fn merge(&mut self, other: Self) {
        self.aliases.extend(other.aliases);
        self.extensions.extend(other.extensions);
        self.file_names.extend(other.file_names);
        self.file_patterns.extend(other.file_patterns);
        self.first_line = self.first_line.take().or(other.first_line);
        if self.configuration.is_null() {
            self.configuration = other.configuration;
        }
    }

    fn into_language(self, scope: Option<&str>) -> Language {
        let name = self.aliases.first().unwrap_or(&self.id).clone();
        let (mut configuration, _) = LanguageConfiguration::read(&name, &self.configuration);
        let fold_markers = configuration.take_fold_markers();
        // "blade.php" is the end of a name, where "php" is what stands behind its last dot.
        let extensions = self.extensions.iter();
        let extensions = extensions.map(|extension| extension.trim_start_matches('.'));
        let (long, short): (Vec<&str>, Vec<&str>) = extensions
            .filter(|extension| !extension.is_empty())
            .partition(|extension| extension.contains('.'));
        let first_line = (self.first_line.as_deref())
            .and_then(|pattern| LinePattern::new(pattern, false))
            .map(|pattern| {
                let owner = format!("The pattern firstLine of the imported language {name}");
                &*Box::leak(Box::new(pattern.told_as(owner)))
            });
        let patterns = self.file_patterns.iter().filter_map(|pattern| {
            let glob = GlobBuilder::new(pattern)
                .literal_separator(pattern.contains('/'))
                .build()
                .ok()?;
            Some((pattern.contains('/'), glob.compile_matcher()))
        });
        let in_lower = |text: &str| text.to_lowercase();
        Language {
            id: LanguageId::PLAIN,
            aliases: words(self.aliases.iter().map(|alias| in_lower(alias)).collect()),
            icon: Some("file-code"),
            brackets: configuration.bracket_pairs(),
            colored_brackets: configuration.colored_pairs(),
            folds_by_indentation: configuration.folds_by_indentation(),
            fold_markers,
            rules: configuration.rules(),
            extensions: words(short.into_iter().map(in_lower).collect()),
            file_globs: words(long.into_iter().map(|end| format!("*.{end}")).collect()),
            file_patterns: list(patterns),
            file_names: words(self.file_names),
            shared_extensions: &[],
            content: None,
            interpreters: &[],
            first_line: None,
            first_line_pattern: first_line,
            lexical: None,
            grammar: None,
            textmate: match scope {
                Some(scope) => Some(LineGrammar::Imported(word(scope.to_owned()))),
                None => catalog_name(&self.id),
            },
            name: word(name),
            id_str: word(self.id),
        }
    }
}
