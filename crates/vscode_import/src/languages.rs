//! Languages and TextMate grammars of extensions, checked before they become Kiln's.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use settings::jsonc;
use syntax::{LanguageConfiguration, check_grammar};

use crate::bounded::{inside, read_text, shown};
use crate::extensions::Extension;
use crate::included_grammars::add_included;
use crate::language_packs::{LanguagePack, MAX_GRAMMAR, PackGrammar, PackLanguage, grammar_name};
use crate::property_list;
use crate::report::{AddedFiles, ImportedLanguage, IncludedGrammar, LanguageNotImported};

/// More languages or grammars than this are left out.
const MAX_LANGUAGES: usize = 500;
/// The texts of all grammars that are taken over together, in MiB.
const MAX_KEPT: u64 = 64;
/// All files of grammars that are read together, in MiB, also of those that are refused then.
const MAX_READ: u64 = 256;
/// The largest language-configuration.json, in MiB.
const MAX_CONFIGURATION: u64 = 1;
/// More names of files, or of anything else, of one language are left out.
const MAX_NAMES: usize = 200;
/// More patterns of files are not added to languages that Kiln has.
const MAX_ADDED: usize = 200;
/// The longest name or pattern, in bytes.
const MAX_NAME: usize = 1_000;

/// What the extensions have.
#[derive(Default)]
pub(crate) struct Languages {
    pub(crate) packs: Vec<LanguagePack>,
    pub(crate) imported: Vec<ImportedLanguage>,
    pub(crate) included: Vec<IncludedGrammar>,
    pub(crate) added: Vec<AddedFiles>,
    pub(crate) not_imported: Vec<LanguageNotImported>,
}

/// How much of grammars is still read and kept, in bytes.
pub(crate) struct Allowance {
    kept: u64,
    read: u64,
    pub(crate) is_over: bool,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            kept: MAX_KEPT * 1024 * 1024,
            read: MAX_READ * 1024 * 1024,
            is_over: false,
        }
    }
}

impl Allowance {
    /// Whether a file of this size may be read, before it is. Once one may not, none may.
    pub(crate) fn takes(&mut self, file: u64) -> bool {
        self.is_over |= file > self.kept || file > self.read;
        self.read = self.read.saturating_sub(file);
        !self.is_over
    }

    /// A grammar was taken over.
    pub(crate) fn keep(&mut self, text: &str) {
        self.kept = self.kept.saturating_sub(text.len() as u64);
    }
}

/// Reads the languages and grammars of some extensions, and the grammars that these include of those
/// that come with the program.
pub(crate) fn read_languages(extensions: &[Extension], built_in: &[Extension]) -> Languages {
    let mut allowance = Allowance::default();
    let mut found = read_within(extensions, &mut allowance);
    add_included(&mut found, built_in, &mut allowance);
    found
}

fn read_within(extensions: &[Extension], allowance: &mut Allowance) -> Languages {
    let mut found = Languages::default();
    for extension in extensions {
        let mut pack = LanguagePack::new(&extension.id);
        let mut warnings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for declared in &extension.grammars {
            let Some(scope) = text(declared, "scopeName") else {
                continue;
            };
            if allowance.is_over {
                continue;
            }
            let file = grammar_file(extension, declared);
            if let Ok((_, size)) = file
                && !allowance.takes(size)
            {
                let reason = "the grammars of all extensions together are too large; this one and \
                              those after it are left out";
                found.leave(scope, reason, true);
                continue;
            }
            match file.and_then(|(path, _)| read_grammar(&path, declared, scope)) {
                Ok((grammar, warning)) => {
                    allowance.keep(&grammar.text);
                    if let (Some(language), Some(warning)) = (&grammar.language, warning) {
                        warnings.entry(language.clone()).or_default().push(warning);
                    }
                    pack.grammars.push(grammar);
                }
                Err(reason) => found.leave(scope, reason, true),
            }
        }
        let mut named = HashSet::new();
        let mut names: HashMap<&str, usize> = HashMap::new();
        for declared in &extension.languages {
            let Some(id) = text(declared, "id") else {
                continue;
            };
            let is_new = named.insert(id);
            if found.imported.len() == MAX_LANGUAGES {
                found.leave(id, "there are too many languages", true);
                continue;
            }
            let (language, wrong) = read_language(extension, declared, id);
            if let Some(own) = own_name(id) {
                if is_new && has_grammar(extension, id) {
                    found.leave(id, format!("Kiln has {own} itself"), false);
                }
                found.add_files(&language, own, extension);
                continue;
            }
            // What only adds icons or snippets to a language of another extension.
            let says_nothing = patterns(&language).next().is_none()
                && language.first_line.is_none()
                && language.configuration.is_null()
                && !pack
                    .grammars
                    .iter()
                    .any(|grammar| grammar.language.as_deref() == Some(id));
            if says_nothing {
                continue;
            }
            let mut told = warnings.remove(id).unwrap_or_default();
            told.extend(wrong);
            if is_new {
                found.imported.push(ImportedLanguage {
                    name: language
                        .aliases
                        .first()
                        .map_or_else(|| shown(id), |name| shown(name)),
                    extension: extension.id.clone(),
                    files: Vec::new(),
                    warnings: told,
                });
                names.insert(id, found.imported.len() - 1);
            }
            if let Some(of) = names.get(id) {
                let patterns = patterns(&language).map(|pattern| shown(&pattern));
                found.imported[*of].files.extend(patterns);
            }
            pack.languages.push(language);
        }
        let for_others = |grammar: &PackGrammar| {
            let language = grammar.language.as_deref();
            language.is_none_or(|language| own_name(language).is_none())
        };
        if !pack.languages.is_empty() || pack.grammars.iter().any(for_others) {
            found.packs.push(pack);
        }
    }
    found
}

impl Languages {
    pub(crate) fn leave(&mut self, name: &str, reason: impl Into<String>, failed: bool) {
        if self.not_imported.len() < MAX_LANGUAGES {
            self.not_imported.push(LanguageNotImported {
                name: shown(name),
                reason: reason.into(),
                failed,
            });
        }
    }

    /// Takes what files an extension adds to a language that Kiln has: those that it would not open
    /// as such anyway.
    fn add_files(&mut self, language: &PackLanguage, own: &str, extension: &Extension) {
        for pattern in patterns(language) {
            // What stands for such a file; of other patterns nothing is known.
            let name = pattern.replace('*', "x");
            let known = syntax::detect(Path::new(&name), "");
            if known.id_str() == language.id {
                continue;
            }
            if self.added.len() == MAX_ADDED {
                return self.leave(&pattern, "too many files are added to languages", true);
            }
            if known.id_str() != syntax::LanguageId::PLAIN.id_str() {
                let reason = format!(
                    "{} adds such files to {own}; in Kiln they are {}",
                    extension.id,
                    known.name()
                );
                self.leave(&pattern, reason, false);
                continue;
            }
            self.added.push(AddedFiles {
                pattern,
                language: language.id.clone(),
                language_name: own.to_owned(),
                extension: extension.id.clone(),
            });
        }
    }
}

/// The files of a language, as `files.associations` names them.
fn patterns(language: &PackLanguage) -> impl Iterator<Item = String> {
    let extensions = language.extensions.iter().map(|end| {
        let end = end.trim_start_matches('.');
        format!("*.{end}")
    });
    let names = language.filenames.iter().chain(&language.filename_patterns);
    extensions.chain(names.cloned())
}

/// The name of a language that is part of Kiln.
fn own_name(id: &str) -> Option<&'static str> {
    syntax::is_built_in(id).then(|| syntax::by_name(id).map_or("it", |known| known.name()))
}

fn has_grammar(extension: &Extension, language: &str) -> bool {
    let mut grammars = extension.grammars.iter();
    grammars.any(|grammar| text(grammar, "language") == Some(language))
}

/// A field that is a text of a sensible length.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    let text = value.get(key)?.as_str()?;
    (!text.is_empty() && text.len() <= MAX_NAME).then_some(text)
}

/// A field that is a list of texts.
fn texts(value: &Value, key: &str) -> Vec<String> {
    let items = value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    items
        .filter_map(Value::as_str)
        .filter(|text| !text.is_empty() && text.len() <= MAX_NAME)
        .take(MAX_NAMES)
        .map(str::to_owned)
        .collect()
}

/// A language, and what of it is left out. A configuration that cannot be read leaves the rest.
fn read_language(extension: &Extension, declared: &Value, id: &str) -> (PackLanguage, Vec<String>) {
    let mut wrong = Vec::new();
    let configuration = match text(declared, "configuration") {
        None => Value::Null,
        Some(path) => match read_configuration(extension, path) {
            Ok(configuration) => {
                wrong.extend(LanguageConfiguration::read(id, &configuration).1);
                configuration
            }
            Err(reason) => {
                wrong.push(format!("its configuration is left out: {reason}"));
                Value::Null
            }
        },
    };
    let aliases = texts(declared, "aliases").into_iter();
    let language = PackLanguage {
        id: id.to_owned(),
        aliases: aliases.map(|alias| extension.translated(&alias)).collect(),
        extensions: texts(declared, "extensions"),
        filenames: texts(declared, "filenames"),
        filename_patterns: texts(declared, "filenamePatterns"),
        first_line: text(declared, "firstLine").map(str::to_owned),
        configuration,
    };
    (language, wrong)
}

fn read_configuration(extension: &Extension, path: &str) -> Result<Value, String> {
    let path = inside(&extension.folder, &extension.folder, path)?;
    let text = read_text(&path, MAX_CONFIGURATION).map_err(|error| error.to_string())?;
    let value = jsonc::parse(&text).map_err(|error| format!("it is malformed at {error}"))?;
    Ok(value.unwrap_or(Value::Null))
}

/// The file of a grammar, and its size in bytes; one that is too large is told when it is read, and
/// counts as the most that is read of it.
pub(crate) fn grammar_file(
    extension: &Extension,
    declared: &Value,
) -> Result<(PathBuf, u64), String> {
    let path = text(declared, "path").ok_or("it names no file")?;
    let path = inside(&extension.folder, &extension.folder, path)?;
    let size = std::fs::metadata(&path).map_err(|error| format!("it cannot be read: {error}"))?;
    let size = size.len().min(MAX_GRAMMAR * 1024 * 1024);
    Ok((path, size))
}

/// A grammar and what Kiln leaves out of it.
pub(crate) fn read_grammar(
    path: &Path,
    declared: &Value,
    scope: &str,
) -> Result<(PackGrammar, Option<String>), String> {
    let text_of_file = read_text(path, MAX_GRAMMAR).map_err(|error| error.to_string())?;
    let value = match text_of_file.trim_start().starts_with(['{', '/']) {
        true => jsonc::parse(&text_of_file)
            .map_err(|error| format!("it is malformed at {error}"))?
            .ok_or("it is empty")?,
        false => property_list::read(&text_of_file)?,
    };
    let made = value.to_string();
    let warning = check_grammar(scope, &made).map_err(|problem| format!("it {problem}"))?;
    let embedded = declared.get("embeddedLanguages").and_then(Value::as_object);
    let embedded = embedded.into_iter().flatten().take(MAX_NAMES);
    let grammar = PackGrammar {
        scope_name: scope.to_owned(),
        language: text(declared, "language").map(str::to_owned),
        inject_to: texts(declared, "injectTo"),
        embedded_languages: embedded
            .filter_map(|(scope, language)| Some((scope.clone(), language.as_str()?.to_owned())))
            .collect(),
        file: grammar_name(&made),
        text: made,
    };
    let warning =
        warning.map(|problem| format!("one pattern at least is left out: {}", shown(&problem)));
    Ok((grammar, warning))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Grammars of 1,000 bytes each, but for one that is no grammar and one that is not there.
    fn found(files: &[&str], kept: u64, read: u64) -> (Vec<String>, Vec<(String, String)>) {
        let folder = tempfile::tempdir().unwrap();
        for file in files.iter().filter(|file| **file != "gone") {
            let start = match *file {
                "broken" => "{".to_owned(),
                _ => format!("{{ \"patterns\": [], \"name\": \"{file}\", \"comment\": \""),
            };
            let text = format!("{start}{}\" }}", "x".repeat(997 - start.len()));
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        let declared = |file: &&str| json!({ "scopeName": file, "path": file, "language": "own" });
        let extension = Extension {
            id: "acme.many".to_owned(),
            folder: folder.path().to_path_buf(),
            themes: Vec::new(),
            languages: vec![json!({ "id": "own" })],
            grammars: files.iter().map(declared).collect(),
            snippets: Vec::new(),
            words: Value::Null,
        };
        let mut allowance = Allowance {
            kept,
            read,
            is_over: false,
        };
        let found = read_within(&[extension], &mut allowance);
        let packs = found.packs.into_iter().flat_map(|pack| pack.grammars);
        let left = found.not_imported.into_iter();
        (
            packs.map(|grammar| grammar.scope_name).collect(),
            left.map(|left| (left.name, left.reason)).collect(),
        )
    }

    #[test]
    fn nothing_more_is_read_once_the_grammars_are_too_large_together() {
        let (taken, left) = found(&["a", "b", "c", "gone", "d"], 2_500, 9_000);
        assert_eq!(taken, ["a", "b"]);
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0].0, "c");
        assert!(left[0].1.contains("too large"), "{left:?}");
    }

    #[test]
    fn what_is_refused_leaves_room_for_the_rest_but_is_not_read_without_end() {
        let (taken, left) = found(&["broken", "a", "b"], 2_500, 9_000);
        assert_eq!(taken, ["a", "b"]);
        assert_eq!(left.len(), 1, "{left:?}");
        let (taken, left) = found(&["broken", "broken", "broken", "a", "b"], 9_000, 3_500);
        assert_eq!(taken, Vec::<String>::new());
        assert_eq!(left.len(), 4, "{left:?}");
        assert_eq!(left[3].0, "a");
    }
}
