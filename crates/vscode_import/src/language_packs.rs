//! The languages of an extension as Kiln keeps them: a folder in its own data with a list of what
//! there is, and a file for each grammar.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use syntax::{ImportedGrammar, register_imported};

use crate::apply::{create_folder, write_whole};
use crate::bounded::{inside, read_text, shown};
use crate::error::ImportError;
use crate::themes::slug;

/// The largest grammar, in MiB.
pub(crate) const MAX_GRAMMAR: u64 = 4;
/// The largest list of an extension's languages, in MiB.
const MAX_LIST: u64 = 4;
/// More extensions than this are left out.
const MAX_PACKS: usize = 500;
/// The name of the list in its folder.
const LIST: &str = "languages.json";
/// The form of the list.
const VERSION: u32 = 1;

/// Where imported languages are, in Kiln's folder of data. To be rid of those of an extension, its
/// folder there is deleted.
pub fn languages_folder(data: &Path) -> PathBuf {
    data.join("languages")
}

/// The languages and grammars of one extension.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LanguagePack {
    pub(crate) version: u32,
    /// `publisher.name`.
    pub(crate) extension: String,
    pub(crate) languages: Vec<PackLanguage>,
    pub(crate) grammars: Vec<PackGrammar>,
}

/// A language, by VS Code's names.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PackLanguage {
    pub(crate) id: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) extensions: Vec<String>,
    pub(crate) filenames: Vec<String>,
    pub(crate) filename_patterns: Vec<String>,
    pub(crate) first_line: Option<String>,
    pub(crate) configuration: Value,
}

/// A grammar.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PackGrammar {
    pub(crate) scope_name: String,
    pub(crate) language: Option<String>,
    pub(crate) inject_to: Vec<String>,
    pub(crate) embedded_languages: BTreeMap<String, String>,
    /// The name of its file in the folder of the extension.
    pub(crate) file: String,
    /// Its text, which is not in the list.
    #[serde(skip)]
    pub(crate) text: String,
}

impl LanguagePack {
    pub(crate) fn new(extension: &str) -> Self {
        Self {
            version: VERSION,
            extension: extension.to_owned(),
            languages: Vec::new(),
            grammars: Vec::new(),
        }
    }
}

/// Writes the languages of an extension, in the place of those that were imported from it before:
/// the grammars first, then the list that names them.
pub(crate) fn write_pack(pack: &LanguagePack, languages: &Path) -> Result<(), ImportError> {
    let folder = languages.join(slug(&pack.extension));
    create_folder(&folder)?;
    for grammar in &pack.grammars {
        write_whole(&folder.join(&grammar.file), &grammar.text)?;
    }
    let list = folder.join(LIST);
    let text = serde_json::to_string_pretty(pack).map_err(|error| ImportError::Unwritable {
        path: list.clone(),
        source: error.into(),
    })?;
    write_whole(&list, &text)
}

/// Has `syntax` know the languages that were imported. Returns what a person must know, a sentence
/// each. Reads the lists alone, off the UI thread; a grammar is read when a text first needs it.
pub fn register_languages(folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let (mut languages, mut grammars) = (Vec::new(), Vec::new());
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut packs: Vec<PathBuf> = entries
        .take(MAX_PACKS)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|pack| pack.join(LIST).is_file())
        .collect();
    packs.sort();
    for folder in packs {
        let list = folder.join(LIST);
        match read_list(&list) {
            Ok(pack) => {
                languages.extend(pack.languages.into_iter().map(PackLanguage::imported));
                let grammar = |grammar| imported_grammar(grammar, &folder);
                grammars.extend(pack.grammars.into_iter().map(grammar));
            }
            Err(problem) => problems.push(format!(
                "{}: {problem}. Import from VS Code again, or delete its folder.",
                list.display()
            )),
        }
    }
    register_imported(languages, grammars);
    problems
}

fn read_list(list: &Path) -> Result<LanguagePack, String> {
    let text = read_text(list, MAX_LIST).map_err(|error| error.to_string())?;
    let pack: LanguagePack =
        serde_json::from_str(&text).map_err(|error| format!("it is malformed: {error}"))?;
    if pack.version != VERSION {
        return Err("it is of another version of Kiln".into());
    }
    Ok(pack)
}

impl PackLanguage {
    fn imported(self) -> syntax::ImportedLanguage {
        syntax::ImportedLanguage {
            id: self.id,
            aliases: self.aliases,
            extensions: self.extensions,
            file_names: self.filenames,
            file_patterns: self.filename_patterns,
            first_line: self.first_line,
            configuration: self.configuration,
        }
    }
}

fn imported_grammar(grammar: PackGrammar, folder: &Path) -> ImportedGrammar {
    let (folder, file) = (folder.to_path_buf(), grammar.file);
    ImportedGrammar {
        scope: grammar.scope_name,
        language: grammar.language,
        inject_to: grammar.inject_to,
        embedded: grammar.embedded_languages,
        source: Arc::new(move || {
            let path = inside(&folder, &folder, &file)
                .map_err(|problem| format!("cannot be used: {}", shown(&problem)))?;
            read_text(&path, MAX_GRAMMAR).map_err(|error| format!("cannot be used: {error}"))
        }),
    }
}
