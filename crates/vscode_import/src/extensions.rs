//! Installed extensions and the themes that they declare.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bounded::{read_text, shown};
use crate::report::ThemeNotImported;

/// More extensions than this in one folder are left out.
const MAX_EXTENSIONS: usize = 2_000;
/// More themes than this of one extension are left out.
const MAX_THEMES: usize = 100;
/// The largest package.json, in MiB.
const MAX_PACKAGE: u64 = 4;

/// One theme that an extension declares.
#[derive(Debug)]
pub(crate) struct DeclaredTheme {
    /// `publisher.name`.
    pub(crate) extension: String,
    /// The extension's folder.
    pub(crate) folder: PathBuf,
    /// What VS Code shows.
    pub(crate) label: String,
    /// What VS Code's settings hold.
    pub(crate) settings_id: String,
    /// `vs`, `vs-dark`, `hc-black`, `hc-light`.
    pub(crate) ui_theme: Option<String>,
    /// The theme's file, from the extension's folder.
    pub(crate) path: String,
}

/// The themes of all extensions in some folders; of an extension that is there in
/// several versions, the newest one's.
pub(crate) fn declared_themes(
    folders: &[PathBuf],
    not_imported: &mut Vec<ThemeNotImported>,
) -> Vec<DeclaredTheme> {
    let mut newest: BTreeMap<String, (Vec<u64>, Vec<DeclaredTheme>)> = BTreeMap::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder) else {
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
        extensions.sort();
        for extension in extensions {
            match read_extension(&extension) {
                Ok(Some((id, version, themes))) => {
                    let known = newest.get(&id).is_some_and(|(other, _)| *other >= version);
                    if !known {
                        newest.insert(id, (version, themes));
                    }
                }
                Ok(None) => {}
                Err(reason) => not_imported.push(ThemeNotImported {
                    name: extension
                        .file_name()
                        .map(|name| shown(&name.to_string_lossy()))
                        .unwrap_or_default(),
                    reason,
                }),
            }
        }
    }
    newest
        .into_values()
        .flat_map(|(_, themes)| themes)
        .collect()
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

type Extension = (String, Vec<u64>, Vec<DeclaredTheme>);

/// An extension with its themes; `None` where it declares none.
fn read_extension(folder: &Path) -> Result<Option<Extension>, String> {
    let text =
        read_text(&folder.join("package.json"), MAX_PACKAGE).map_err(|error| error.to_string())?;
    let package: Value = serde_json::from_str(&text)
        .map_err(|error| format!("its package.json is malformed: {error}"))?;
    let Some(declared) = package
        .pointer("/contributes/themes")
        .and_then(Value::as_array)
    else {
        return Ok(None);
    };
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
    let words = translations(folder);
    let themes = declared
        .iter()
        .take(MAX_THEMES)
        .filter_map(|theme| {
            let field = |key: &str| theme.get(key).and_then(Value::as_str);
            let path = field("path")?;
            let file_stem = Path::new(path)
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            let label = translated(field("label").or(field("id")).unwrap_or(&file_stem), &words);
            Some(DeclaredTheme {
                extension: id.clone(),
                folder: folder.to_path_buf(),
                settings_id: field("id").map_or_else(|| label.clone(), shown),
                label,
                ui_theme: field("uiTheme").map(str::to_string),
                path: path.to_string(),
            })
        })
        .collect();
    let version = text_of("version")
        .unwrap_or_default()
        .split(['.', '-', '+'])
        .map(|part| part.parse().unwrap_or(0))
        .collect();
    Ok(Some((id, version, themes)))
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
