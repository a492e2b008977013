//! What an import takes and what it leaves, for people to read.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use settings::Appearance;

use crate::bounded::shown;
use crate::language_packs::LanguagePack;

/// A setting that is taken over.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedSetting {
    /// Its key in VS Code.
    pub vscode_key: String,
    /// The languages that it is for, as its block names them; none for what holds for all.
    pub languages: Vec<String>,
    /// Its key in Kiln.
    pub key: String,
    /// The value that Kiln gets. One of a language server may be a secret.
    pub value: Value,
    /// Whether it is a language server's own, which Kiln hands on as it is.
    pub is_of_server: bool,
    /// Whether Kiln had that value already.
    pub unchanged: bool,
}

impl AppliedSetting {
    /// Its key, with the languages before it that it is for: `[go][python] editor.tabSize`.
    pub fn shown_key(&self) -> String {
        shown(&shown_key(&self.languages, &self.key))
    }

    /// Its value for people to read; nothing of a language server's own, which may be a secret.
    pub fn shown_value(&self) -> Option<String> {
        (!self.is_of_server).then(|| self.value.to_string())
    }
}

/// A key with the languages that it is for.
pub(crate) fn shown_key(languages: &[String], key: &str) -> String {
    let heading: String = languages.iter().map(|name| format!("[{name}]")).collect();
    match heading.as_str() {
        "" => key.to_owned(),
        heading => format!("{heading} {key}"),
    }
}

/// A setting that is not taken over. Its value is not kept: it may be a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SettingNotApplied {
    /// Its key in VS Code.
    pub key: String,
    /// Why not.
    pub reason: String,
}

/// A theme that becomes one of Kiln's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImportedTheme {
    /// The name that it is chosen by.
    pub name: String,
    /// What it is made for.
    pub appearance: Appearance,
    /// The extension that it comes from, `publisher.name`.
    pub extension: String,
    /// Its file's name in Kiln's themes folder.
    pub file_name: String,
    /// How many of its colours and rules could not be used.
    pub warnings: usize,
    /// Its file in Kiln's themes folder, where that was edited after an earlier import: it is kept
    /// as it is.
    pub edited: Option<PathBuf>,
    pub(crate) text: String,
    /// The name that VS Code's settings use for it.
    pub(crate) settings_id: String,
}

/// A theme that cannot be taken over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ThemeNotImported {
    /// The extension's folder name, or the theme's.
    pub name: String,
    /// Why not.
    pub reason: String,
}

/// A language that becomes one of Kiln's, highlighted by its TextMate grammar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImportedLanguage {
    /// The name that it is chosen by.
    pub name: String,
    /// The extension that it comes from, `publisher.name`.
    pub extension: String,
    /// Patterns of the files that are of this language.
    pub files: Vec<String>,
    /// What of it Kiln leaves out.
    pub warnings: Vec<String>,
}

/// A grammar that comes with the program itself, taken over because an imported one includes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncludedGrammar {
    /// Its scope, such as `source.css`.
    pub scope: String,
    /// The extension that it comes with, such as `vscode.css`.
    pub extension: String,
}

/// A language or a grammar that is not taken over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LanguageNotImported {
    /// The language's name, or the grammar's scope.
    pub name: String,
    /// Why not.
    pub reason: String,
    /// Whether something is wrong with it, rather than nothing being missing without it.
    pub failed: bool,
}

impl ImportedLanguage {
    /// Where it comes from, and which files it is for: `acme.toy: *.toy, Toyfile`.
    pub fn origin(&self) -> String {
        match self.files.len() {
            0 => self.extension.clone(),
            count => {
                let mut files = self.files[..count.min(MOST_FILES)].join(", ");
                if count > MOST_FILES {
                    files.push_str(&format!(" and {} more", count - MOST_FILES));
                }
                format!("{}: {files}", self.extension)
            }
        }
    }
}

/// Files that an extension adds to a language that Kiln has itself, and that Kiln opens as such from
/// now on (`files.associations`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddedFiles {
    /// The pattern of their names.
    pub pattern: String,
    /// The language's identifier.
    pub language: String,
    /// The language's name.
    pub language_name: String,
    /// The extension that it comes from, `publisher.name`.
    pub extension: String,
}

/// Snippets that become Kiln's: a file of the person's own, or all of an extension's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImportedSnippets {
    /// The name of the person's file, or the extension, `publisher.name`.
    pub name: String,
    /// How many there are.
    pub snippets: usize,
    /// What of them Kiln leaves out.
    pub warnings: Vec<String>,
    /// Its file's name in Kiln's snippets folder.
    pub file_name: String,
    /// Its file in Kiln's snippets folder, where something else is in that than an import wrote: it is
    /// kept as it is.
    pub edited: Option<PathBuf>,
    pub(crate) text: String,
}

impl ImportedSnippets {
    /// How many they are, in words.
    pub fn counted(&self) -> String {
        counted(self.snippets, "snippet", "snippets")
    }
}

/// Snippets that are not taken over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SnippetsNotImported {
    /// The file, with its extension where it is of one.
    pub name: String,
    /// Why not.
    pub reason: String,
}

/// A folder in which extensions were looked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LookedIn {
    /// The folder.
    pub folder: PathBuf,
    /// How many extensions are in it; `None` where it is not there or cannot be read.
    pub extensions: Option<usize>,
}

impl LookedIn {
    /// What was found there, in words.
    pub fn found(&self) -> String {
        match self.extensions {
            None => "not there".to_owned(),
            Some(0) => "no extensions".to_owned(),
            Some(count) => counted(count, "extension", "extensions"),
        }
    }
}

/// What is said where no folder of extensions is known.
pub const NO_FOLDER: &str = "no folder of extensions is known for settings at this place, so that theirs are not taken over";

/// More files of a language are counted rather than named.
const MOST_FILES: usize = 8;

fn counted(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// Why key bindings stay where they are.
pub const KEY_BINDINGS_STAY: &str =
    "not taken over. Kiln's commands are others; keys of your own go into Kiln's keymap.json";

/// What an import does, or did.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportReport {
    /// The program that is imported from.
    pub source: String,
    /// Its settings file.
    pub settings_file: PathBuf,
    /// The folders in which extensions were looked for.
    pub looked_in: Vec<LookedIn>,
    /// Settings that are taken over.
    pub applied: Vec<AppliedSetting>,
    /// Settings that are not.
    pub not_applied: Vec<SettingNotApplied>,
    /// Themes that are taken over.
    pub themes: Vec<ImportedTheme>,
    /// Themes that are not.
    pub themes_not_imported: Vec<ThemeNotImported>,
    /// Languages that are taken over.
    pub languages: Vec<ImportedLanguage>,
    /// Languages and grammars that are not.
    pub languages_not_imported: Vec<LanguageNotImported>,
    /// Grammars of the program itself that those of languages that are taken over include.
    pub included_grammars: Vec<IncludedGrammar>,
    /// Files that extensions add to languages that Kiln has; `files.associations` among the settings
    /// that are taken over has them.
    pub added_files: Vec<AddedFiles>,
    /// Snippets that are taken over.
    pub snippets: Vec<ImportedSnippets>,
    /// Snippets that are not.
    pub snippets_not_imported: Vec<SnippetsNotImported>,
    pub(crate) packs: Vec<LanguagePack>,
    /// The file of its key bindings, where it has one: Kiln does not read it.
    pub key_bindings: Option<PathBuf>,
    /// What could not be read at all.
    pub problems: Vec<String>,
}

impl ImportReport {
    /// Whether a setting that is taken over chooses a theme.
    pub fn chooses_theme(&self) -> bool {
        let mut applied = self.applied.iter();
        applied.any(|setting| crate::settings_map::chooses_theme(&setting.vscode_key))
    }

    /// Themes that were edited after an earlier import and are kept as they are.
    pub fn edited_themes(&self) -> impl Iterator<Item = (&ImportedTheme, &Path)> {
        self.themes
            .iter()
            .filter_map(|theme| Some((theme, theme.edited.as_deref()?)))
    }

    /// Files of snippets that hold something else than an import wrote, and are kept as they are.
    pub fn edited_snippets(&self) -> impl Iterator<Item = (&ImportedSnippets, &Path)> {
        let snippets = self.snippets.iter();
        snippets.filter_map(|file| Some((file, file.edited.as_deref()?)))
    }

    /// Files of snippets that are written.
    pub fn taken_snippets(&self) -> impl Iterator<Item = &ImportedSnippets> {
        self.snippets.iter().filter(|file| file.edited.is_none())
    }

    /// Whether there is nothing to take over.
    pub fn is_empty(&self) -> bool {
        self.applied.is_empty()
            && self.themes.is_empty()
            && self.packs.is_empty()
            && self.snippets.is_empty()
    }

    /// How many things were wrong, besides what Kiln has no counterpart for.
    pub fn failures(&self) -> usize {
        let languages = self.languages_not_imported.iter();
        let failed = languages.filter(|language| language.failed).count();
        let snippets = self.snippets_not_imported.len();
        self.problems.len() + self.themes_not_imported.len() + failed + snippets
    }

    /// One line for a notification: `4 settings, 2 themes and 1 language from VSCodium; 12 settings have no counterpart`.
    pub fn summary(&self) -> String {
        let count = counted;
        let themes = self.themes.len() - self.edited_themes().count();
        let mut taken = vec![
            count(self.applied.len(), "setting", "settings"),
            count(themes, "theme", "themes"),
        ];
        if !self.languages.is_empty() {
            taken.push(count(self.languages.len(), "language", "languages"));
        }
        let snippets = self.taken_snippets().map(|file| file.snippets).sum();
        if snippets > 0 {
            taken.push(count(snippets, "snippet", "snippets"));
        }
        let last = taken.pop().unwrap_or_default();
        let mut line = format!("{} and {last} from {}", taken.join(", "), self.source);
        let edited = self.edited_themes().count();
        if edited > 0 {
            line.push_str(&format!(
                "; {} kept as you edited {}",
                count(edited, "theme", "themes"),
                if edited == 1 { "it" } else { "them" }
            ));
        }
        if !self.not_applied.is_empty() {
            line.push_str(&format!(
                "; {} not taken over",
                count(self.not_applied.len(), "setting", "settings")
            ));
        }
        if self.key_bindings.is_some() {
            line.push_str("; key bindings not taken over");
        }
        line
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "From {} ({})",
            self.source,
            self.settings_file.display()
        )?;
        for problem in &self.problems {
            writeln!(formatter, "\n! {problem}")?;
        }
        match self.looked_in.is_empty() {
            true => writeln!(formatter, "\nExtensions: {NO_FOLDER}.")?,
            false => writeln!(formatter, "\nExtensions were looked for in:")?,
        }
        for looked in &self.looked_in {
            let folder = looked.folder.display();
            writeln!(formatter, "  {folder}: {}", looked.found())?;
        }
        if !self.applied.is_empty() {
            writeln!(formatter, "\nSettings taken over:")?;
            for setting in &self.applied {
                let note = if setting.unchanged {
                    " (as it was)"
                } else {
                    ""
                };
                let key = setting.shown_key();
                match setting.shown_value() {
                    Some(value) => writeln!(formatter, "  {key} = {value}{note}")?,
                    None => writeln!(formatter, "  {key}, for its language server{note}")?,
                }
            }
        }
        let mut taken = self
            .themes
            .iter()
            .filter(|theme| theme.edited.is_none())
            .peekable();
        if taken.peek().is_some() {
            writeln!(formatter, "\nThemes taken over:")?;
            for theme in taken {
                writeln!(formatter, "  {} ({})", theme.name, theme.extension)?;
            }
        }
        let mut edited = self.edited_themes().peekable();
        if edited.peek().is_some() {
            writeln!(
                formatter,
                "\nThemes kept as you edited them (rename or remove a file to import it again):"
            )?;
            for (theme, file) in edited {
                writeln!(formatter, "  {}: {}", theme.name, file.display())?;
            }
        }
        if !self.languages.is_empty() {
            writeln!(formatter, "\nLanguages taken over:")?;
            for language in &self.languages {
                writeln!(formatter, "  {} ({})", language.name, language.origin())?;
                for warning in &language.warnings {
                    writeln!(formatter, "    {warning}")?;
                }
            }
        }
        if !self.included_grammars.is_empty() {
            writeln!(
                formatter,
                "\nGrammars of {} itself, which these languages include:",
                self.source
            )?;
            for grammar in &self.included_grammars {
                writeln!(
                    formatter,
                    "  {} ({})",
                    shown(&grammar.scope),
                    shown(&grammar.extension)
                )?;
            }
        }
        if !self.added_files.is_empty() {
            writeln!(formatter, "\nFiles that open as languages that Kiln has:")?;
            for files in &self.added_files {
                let AddedFiles {
                    pattern,
                    language_name,
                    extension,
                    ..
                } = files;
                let pattern = shown(pattern);
                writeln!(formatter, "  {pattern} as {language_name} ({extension})")?;
            }
        }
        let mut taken = self.taken_snippets().peekable();
        if taken.peek().is_some() {
            writeln!(formatter, "\nSnippets taken over:")?;
            for file in taken {
                writeln!(formatter, "  {}: {}", file.name, file.counted())?;
                for warning in &file.warnings {
                    writeln!(formatter, "    {warning}")?;
                }
            }
        }
        let mut edited = self.edited_snippets().peekable();
        if edited.peek().is_some() {
            writeln!(
                formatter,
                "\nSnippets kept as they are (rename or remove a file to import it again):"
            )?;
            for (file, path) in edited {
                writeln!(formatter, "  {}: {}", file.name, path.display())?;
            }
        }
        if !self.not_applied.is_empty() {
            writeln!(formatter, "\nSettings not taken over:")?;
            for setting in &self.not_applied {
                writeln!(formatter, "  {}: {}", setting.key, setting.reason)?;
            }
        }
        if !self.themes_not_imported.is_empty() {
            writeln!(formatter, "\nThemes not taken over:")?;
            for theme in &self.themes_not_imported {
                writeln!(formatter, "  {}: {}", theme.name, theme.reason)?;
            }
        }
        if !self.languages_not_imported.is_empty() {
            writeln!(formatter, "\nLanguages not taken over:")?;
            for language in &self.languages_not_imported {
                writeln!(formatter, "  {}: {}", language.name, language.reason)?;
            }
        }
        if !self.snippets_not_imported.is_empty() {
            writeln!(formatter, "\nSnippets not taken over:")?;
            for file in &self.snippets_not_imported {
                writeln!(formatter, "  {}: {}", file.name, file.reason)?;
            }
        }
        if let Some(file) = &self.key_bindings {
            writeln!(
                formatter,
                "\nKey bindings ({}): {KEY_BINDINGS_STAY}.",
                file.display()
            )?;
        }
        if self.is_empty() && self.problems.is_empty() {
            writeln!(formatter, "\nNothing to take over.")?;
        }
        Ok(())
    }
}
