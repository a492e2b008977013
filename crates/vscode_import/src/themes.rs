//! Themes of extensions, made Kiln's.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;
use settings::{Appearance, Theme, jsonc, merge_include};

use crate::bounded::{inside, read_text, shown};
use crate::extensions::{Extension, Unreadable};
use crate::report::{ImportedTheme, ThemeNotImported};

/// The largest theme file, in MiB.
const MAX_THEME: u64 = 4;
/// How many files a theme may include, one in the other.
const MAX_INCLUDES: usize = 8;
/// More themes than this are left out.
const MAX_THEMES: usize = 500;

/// One theme that an extension declares.
struct DeclaredTheme<'a> {
    extension: &'a Extension,
    /// What VS Code shows.
    label: String,
    /// What VS Code's settings hold.
    settings_id: String,
    /// `vs`, `vs-dark`, `hc-black`, `hc-light`.
    ui_theme: Option<&'a str>,
    /// The theme's file, from the extension's folder.
    path: &'a str,
}

fn declared(extension: &Extension) -> impl Iterator<Item = DeclaredTheme<'_>> {
    extension.themes.iter().filter_map(move |theme| {
        let field = |key: &str| theme.get(key).and_then(Value::as_str);
        let path = field("path")?;
        let file_stem = Path::new(path)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let label = extension.translated(field("label").or(field("id")).unwrap_or(&file_stem));
        Some(DeclaredTheme {
            extension,
            settings_id: field("id").map_or_else(|| label.clone(), shown),
            label,
            ui_theme: field("uiTheme"),
            path,
        })
    })
}

/// Reads the themes of some extensions.
pub(crate) fn read_themes(
    extensions: &[Extension],
    unreadable: Vec<Unreadable>,
) -> (Vec<ImportedTheme>, Vec<ThemeNotImported>) {
    let unreadable = unreadable.into_iter();
    let mut not_imported: Vec<ThemeNotImported> = unreadable
        .map(|Unreadable { name, reason }| ThemeNotImported { name, reason })
        .collect();
    let mut themes: Vec<ImportedTheme> = Vec::new();
    let mut names: HashSet<String> = Theme::bundled()
        .iter()
        .map(|theme| theme.name.clone())
        .collect();
    let mut file_names = HashSet::new();
    for declared in extensions.iter().flat_map(declared) {
        if themes.len() == MAX_THEMES {
            not_imported.push(ThemeNotImported {
                name: declared.label,
                reason: format!("only the first {MAX_THEMES} themes are taken over"),
            });
            continue;
        }
        match convert(&declared) {
            Ok((text, theme, warnings)) => {
                let name = unique(&declared.label, &mut names, |count| match count {
                    1 => format!("{} ({})", declared.label, declared.extension.id),
                    _ => format!("{} ({} {count})", declared.label, declared.extension.id),
                });
                let slug = slug(&format!("{}-{}", declared.extension.id, declared.label));
                let file_name = unique(&slug, &mut file_names, |count| {
                    format!("{slug}-{}", count + 1)
                });
                themes.push(ImportedTheme {
                    text: named(&text, &name, theme.appearance),
                    name,
                    appearance: theme.appearance,
                    extension: declared.extension.id.clone(),
                    file_name: format!("{file_name}.json"),
                    warnings,
                    edited: None,
                    settings_id: declared.settings_id,
                });
            }
            Err(reason) => not_imported.push(ThemeNotImported {
                name: declared.label,
                reason,
            }),
        }
    }
    (themes, not_imported)
}

/// The first name that is free, made with a count where the plain one is taken.
pub(crate) fn unique(
    plain: &str,
    taken: &mut HashSet<String>,
    other: impl Fn(usize) -> String,
) -> String {
    let mut name = plain.to_string();
    let mut count = 0;
    while !taken.insert(name.clone()) {
        count += 1;
        name = other(count);
    }
    name
}

/// One file's text, out of a theme and what it includes.
fn convert(declared: &DeclaredTheme<'_>) -> Result<(String, Theme, usize), String> {
    let folder = declared.extension.folder.as_path();
    let mut path = inside(folder, folder, declared.path)?;
    if path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("tmTheme"))
    {
        return Err("it is a TextMate theme (.tmTheme); VS Code's JSON format is read".into());
    }
    let mut text = read_text(&path, MAX_THEME).map_err(|error| error.to_string())?;
    for count in 0.. {
        let value = jsonc::parse(&text).map_err(|error| format!("it is malformed at {error}"))?;
        let include = value
            .as_ref()
            .and_then(|value| value.get("include"))
            .and_then(Value::as_str);
        let Some(include) = include else { break };
        if count == MAX_INCLUDES {
            return Err(format!("it includes more than {MAX_INCLUDES} files"));
        }
        let base = path.parent().unwrap_or(folder).to_path_buf();
        path = inside(folder, &base, include)?;
        let included = read_text(&path, MAX_THEME).map_err(|error| error.to_string())?;
        text = merge_include(&text, &included).map_err(|error| error.to_string())?;
        if text.len() as u64 > 2 * MAX_THEME * 1024 * 1024 {
            return Err("with what it includes it is too large".into());
        }
    }
    let appearance = declared.ui_theme.and_then(Appearance::from_vscode);
    let named = with_type(&text, appearance)?;
    let (theme, warnings) = Theme::from_vscode(&named).map_err(|error| error.to_string())?;
    let warnings = warnings
        .iter()
        .filter(|warning| warning.place != "name")
        .count();
    Ok((named, theme, warnings))
}

/// The theme with `type` as its extension declares it, which is what VS Code goes by.
fn with_type(text: &str, appearance: Option<Appearance>) -> Result<String, String> {
    let mut value = jsonc::parse(text)
        .map_err(|error| format!("it is malformed at {error}"))?
        .ok_or("the file is empty")?;
    let object = value.as_object_mut().ok_or("it holds no object")?;
    object.shift_remove("$schema");
    if let Some(appearance) = appearance {
        object.insert("type".into(), appearance.vscode_type().into());
    }
    Ok(value.to_string())
}

/// The theme's file as Kiln keeps it.
fn named(text: &str, name: &str, appearance: Appearance) -> String {
    let value = jsonc::parse(text).ok().flatten();
    let Some(Value::Object(mut object)) = value else {
        return text.to_string();
    };
    object.insert("name".into(), name.into());
    object.insert("type".into(), appearance.vscode_type().into());
    let mut text =
        serde_json::to_string_pretty(&Value::Object(object)).unwrap_or_else(|_| text.to_string());
    text.push('\n');
    text
}

/// A plain file name: lower-case letters, digits and dashes.
pub(crate) fn slug(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= 100 {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        "theme".into()
    } else {
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_file_name_is_plain(text in "\\PC{0,200}") {
            let name = slug(&text);
            prop_assert!(!name.is_empty() && name.len() <= 100);
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
    }
}
