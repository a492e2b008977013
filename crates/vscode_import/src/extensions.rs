//! Installed extensions and what their package.json contributes.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bounded::{read_text, shown};
use crate::report::LookedIn;

/// More extensions than this in one folder are left out.
const MAX_EXTENSIONS: usize = 2_000;
/// More contributions of one kind of one extension are left out.
const MAX_CONTRIBUTED: usize = 100;
/// The largest package.json, in MiB.
const MAX_PACKAGE: u64 = 4;

/// An extension with what it contributes.
#[derive(Debug)]
pub(crate) struct Extension {
    /// `publisher.name`.
    pub(crate) id: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// `contributes.themes`.
    pub(crate) themes: Vec<Value>,
    /// `contributes.languages`.
    pub(crate) languages: Vec<Value>,
    /// `contributes.grammars`.
    pub(crate) grammars: Vec<Value>,
    /// `contributes.snippets`.
    pub(crate) snippets: Vec<Value>,
    /// package.nls.json, which holds the texts behind `%key%`.
    pub(crate) words: Value,
}

/// An extension that could not be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Its folder's name.
    pub(crate) name: String,
    /// Why not.
    pub(crate) reason: String,
}

/// The extensions in some folders.
pub(crate) struct Installed {
    /// Those that contribute something that Kiln takes; of one that is there in several versions, the
    /// newest.
    pub(crate) extensions: Vec<Extension>,
    /// Those that could not be read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// The folders, with how many extensions are in each.
    pub(crate) looked_in: Vec<LookedIn>,
}

/// All extensions in some folders.
pub(crate) fn installed(folders: &[PathBuf]) -> Installed {
    let mut newest: BTreeMap<String, (Vec<u64>, Extension)> = BTreeMap::new();
    let mut unreadable = Vec::new();
    let mut looked_in = Vec::new();
    for folder in folders {
        let mut looked = LookedIn {
            folder: folder.clone(),
            extensions: None,
        };
        let Ok(entries) = std::fs::read_dir(folder) else {
            looked_in.push(looked);
            continue;
        };
        let obsolete = obsolete(folder);
        let mut extensions: Vec<PathBuf> = entries
            .take(MAX_EXTENSIONS)
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.join("package.json").is_file())
            .filter(|path| {
                path.file_name()
                    .and_then(|name| name.to_str())
                    .is_none_or(|name| !obsolete.contains(name))
            })
            .collect();
        looked.extensions = Some(extensions.len());
        looked_in.push(looked);
        extensions.sort();
        for path in extensions {
            match read_extension(&path) {
                Ok(Some((version, extension))) => {
                    let known = newest.get(&extension.id);
                    if known.is_none_or(|(other, _)| *other < version) {
                        newest.insert(extension.id.clone(), (version, extension));
                    }
                }
                Ok(None) => {}
                Err(reason) => unreadable.push(Unreadable {
                    name: path
                        .file_name()
                        .map(|name| shown(&name.to_string_lossy()))
                        .unwrap_or_default(),
                    reason,
                }),
            }
        }
    }
    let extensions = newest.into_values().map(|(_, extension)| extension);
    Installed {
        extensions: extensions.collect(),
        unreadable,
        looked_in,
    }
}

/// Folders of extensions that were removed and wait for being deleted.
fn obsolete(folder: &Path) -> HashSet<String> {
    read_text(&folder.join(".obsolete"), 1)
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .and_then(|value| {
            let entries = value.as_object()?;
            Some(
                entries
                    .iter()
                    .filter(|(_, removed)| removed.as_bool() == Some(true))
                    .map(|(name, _)| name.clone())
                    .collect(),
            )
        })
        .unwrap_or_default()
}

/// An extension with its version; `None` where it contributes nothing that Kiln takes.
fn read_extension(folder: &Path) -> Result<Option<(Vec<u64>, Extension)>, String> {
    let text =
        read_text(&folder.join("package.json"), MAX_PACKAGE).map_err(|error| error.to_string())?;
    let package: Value = serde_json::from_str(&text)
        .map_err(|error| format!("its package.json is malformed: {error}"))?;
    let contributed = |kind: &str| -> Vec<Value> {
        let items = package.pointer(&format!("/contributes/{kind}"));
        let items = items.and_then(Value::as_array).into_iter().flatten();
        items.take(MAX_CONTRIBUTED).cloned().collect()
    };
    let (themes, languages) = (contributed("themes"), contributed("languages"));
    let (grammars, snippets) = (contributed("grammars"), contributed("snippets"));
    let kinds = [&themes, &languages, &grammars, &snippets];
    if kinds.iter().all(|kind| kind.is_empty()) {
        return Ok(None);
    }
    let text_of = |key: &str| package.get(key).and_then(Value::as_str);
    let folder_name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let id = match (text_of("publisher"), text_of("name")) {
        (Some(publisher), Some(name)) => shown(&format!("{publisher}.{name}")).to_lowercase(),
        (None, Some(name)) => shown(name).to_lowercase(),
        _ => shown(&folder_name).to_lowercase(),
    };
    let version = text_of("version")
        .unwrap_or_default()
        .split(['.', '-', '+'])
        .map(|part| part.parse().unwrap_or(0))
        .collect();
    let extension = Extension {
        id,
        folder: folder.to_path_buf(),
        themes,
        languages,
        grammars,
        snippets,
        words: translations(folder),
    };
    Ok(Some((version, extension)))
}

impl Extension {
    /// A text for people, in which `%key%` stands for one of package.nls.json; short and without
    /// characters that could deceive.
    pub(crate) fn translated(&self, text: &str) -> String {
        translated(text, &self.words)
    }
}

/// package.nls.json, which holds the texts behind `%key%`.
fn translations(folder: &Path) -> Value {
    read_text(&folder.join("package.nls.json"), MAX_PACKAGE)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or(Value::Null)
}

fn translated(label: &str, words: &Value) -> String {
    let text = label
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'))
        .and_then(|key| {
            let entry = words.get(key)?;
            entry
                .as_str()
                .or_else(|| entry.get("message").and_then(Value::as_str))
        })
        .unwrap_or(label);
    shown(text.trim())
}
