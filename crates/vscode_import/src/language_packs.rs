//! The languages of an extension as Kiln keeps them: a folder in its own data with a list of what
//! there is, and a file for each grammar.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
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

/// The name of the file of a grammar: by what is in it, so that a list names the grammars that it was
/// written with, whatever was imported since.
pub(crate) fn grammar_name(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.json")
}

/// Writes the languages of an extension, in the place of those that were imported from it before:
/// the grammars first, then the list that names them. Where that does not come to its end, the list
/// from before is there with all its grammars. Its grammars stay until the next import, for a window
/// that is open and has read that list.
pub(crate) fn write_pack(pack: &LanguagePack, languages: &Path) -> Result<(), ImportError> {
    let folder = folder_of(&pack.extension, languages);
    create_folder(&folder)?;
    let list = folder.join(LIST);
    let before = read_list(&list).ok();
    for grammar in &pack.grammars {
        write_whole(&folder.join(&grammar.file), &grammar.text)?;
    }
    let text = serde_json::to_string_pretty(pack).map_err(|error| ImportError::Unwritable {
        path: list.clone(),
        source: error.into(),
    })?;
    write_whole(&list, &text)?;
    let wanted = [Some(pack), before.as_ref()].into_iter().flatten();
    let wanted = wanted.flat_map(|pack| &pack.grammars);
    remove_others(&folder, &wanted.map(|grammar| &*grammar.file).collect())
}

/// The folder of an extension's languages. Extensions whose names differ in signs alone would have
/// one folder together: the later of them has a name of its own, by its whole identifier.
fn folder_of(extension: &str, languages: &Path) -> PathBuf {
    let owner = |folder: &Path| Some(read_list(&folder.join(LIST)).ok()?.extension);
    let name = slug(extension);
    let digest = Sha256::digest(extension.as_bytes());
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let own = languages.join(format!("{name}-{digest}"));
    if owner(&own).as_deref() == Some(extension) {
        return own;
    }
    let short = languages.join(name);
    match owner(&short) {
        Some(other) if other != extension => own,
        _ => short,
    }
}

/// Removes the grammars of a folder that no list names any more.
fn remove_others(folder: &Path, wanted: &HashSet<&str>) -> Result<(), ImportError> {
    let entries = std::fs::read_dir(folder).map_err(|source| ImportError::Unreadable {
        path: folder.to_path_buf(),
        source,
    })?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_grammar = name.is_some_and(|name| {
            let stem = name.strip_suffix(".json").unwrap_or_default();
            // Those of the first form of the list were numbered.
            !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        if is_grammar && name.is_some_and(|name| !wanted.contains(name)) {
            std::fs::remove_file(&path).map_err(|source| ImportError::Unwritable {
                path: path.clone(),
                source,
            })?;
        }
    }
    Ok(())
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
