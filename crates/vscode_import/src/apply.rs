//! Planning and carrying out an import.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use settings::{NewValue, jsonc, languages_of, set_values};

use crate::bounded::read_text;
use crate::error::ImportError;
use crate::extensions::{Installed, installed};
use crate::language_packs::{languages_folder, write_pack};
use crate::languages::read_languages;
use crate::locate::Installation;
use crate::report::ImportReport;
use crate::settings_map::{add_associations, map_settings};
use crate::snippets::read_snippets;
use crate::themes::read_themes;
use crate::written_files::{RECORD, WrittenFiles};

/// The largest settings.json, in MiB.
const MAX_SETTINGS: u64 = 4;

/// Where Kiln keeps what is imported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// Kiln's user settings.
    pub settings_file: PathBuf,
    /// The folder of the user's themes.
    pub themes_folder: PathBuf,
    /// The folder of the user's snippets.
    pub snippets_folder: PathBuf,
    /// The folder of imported languages.
    pub languages_folder: PathBuf,
}

impl Target {
    /// The places inside Kiln's folders of configuration and data.
    pub fn in_folders(config: &Path, data: &Path) -> Self {
        Self {
            settings_file: config.join("settings.json"),
            themes_folder: config.join("themes"),
            snippets_folder: config.join("snippets"),
            languages_folder: languages_folder(data),
        }
    }
}

/// What an import would do. Writes nothing. A settings.json that cannot be read is
/// among the report's problems, so that themes can be imported all the same.
pub fn plan(installation: &Installation, target: &Target) -> Result<ImportReport, ImportError> {
    let Installed {
        extensions,
        unreadable,
        looked_in,
    } = installed(&installation.extension_folders);
    let (mut themes, themes_not_imported) = read_themes(&extensions, unreadable);
    let built_in = installed(&installation.built_in_folders).extensions;
    let languages = read_languages(&extensions, &built_in);
    let mut snippets = read_snippets(&installation.user_folder, &extensions);
    let folder = &target.themes_folder;
    let written = WrittenFiles::read(folder);
    for theme in &mut themes {
        let edited = written.is_edited(folder, &theme.file_name, &theme.text);
        theme.edited = edited.then(|| folder.join(&theme.file_name));
    }
    let folder = &target.snippets_folder;
    let written = WrittenFiles::read(folder);
    for file in &mut snippets.imported {
        let edited = written.is_edited(folder, &file.file_name, &file.text);
        file.edited = edited.then(|| folder.join(&file.file_name));
    }
    let mut report = ImportReport {
        source: installation.title.clone(),
        looked_in,
        settings_file: installation.settings_file(),
        applied: Vec::new(),
        not_applied: Vec::new(),
        themes,
        themes_not_imported,
        languages: languages.imported,
        languages_not_imported: languages.not_imported,
        included_grammars: languages.included,
        added_files: languages.added,
        snippets: snippets.imported,
        snippets_not_imported: snippets.not_imported,
        packs: languages.packs,
        key_bindings: Some(installation.key_bindings_file()).filter(|file| file.is_file()),
        problems: Vec::new(),
    };
    match user_settings(&report.settings_file) {
        Ok(Value::Object(settings)) => {
            let languages = report.packs.iter().flat_map(|pack| &pack.languages);
            let languages = languages.map(|language| language.id.as_str()).collect();
            let mapped = map_settings(&settings, &report.themes, &languages);
            report.applied = mapped.applied;
            report.not_applied = mapped.not_applied;
        }
        Ok(_) => report.problems.push(format!(
            "{} holds no object; none of its settings are taken over.",
            report.settings_file.display()
        )),
        Err(problem) => report.problems.push(problem),
    }
    let own = own_settings(target)?;
    let current = jsonc::parse(&own)
        .map_err(|problem| ImportError::OwnSettings {
            path: target.settings_file.clone(),
            problem: problem.into(),
        })?
        .unwrap_or(Value::Null);
    add_associations(&mut report.applied, &report.added_files, &current);
    for setting in &mut report.applied {
        let place = match setting.languages.is_empty() {
            true => Some(&current),
            false => block_of(&current, &setting.languages),
        };
        let value = place.and_then(|place| place.get(&setting.key));
        setting.unchanged = value == Some(&setting.value);
    }
    Ok(report)
}

/// The block of some languages in Kiln's settings.
fn block_of<'a>(settings: &'a Value, languages: &[String]) -> Option<&'a Value> {
    let blocks = settings.as_object()?.iter().rev();
    let mut blocks = blocks.filter(|(key, _)| languages_of(key).is_some_and(|of| of == languages));
    blocks.next().map(|(_, block)| block)
}

fn user_settings(path: &Path) -> Result<Value, String> {
    if !path.exists() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let text = read_text(path, MAX_SETTINGS).map_err(|error| error.to_string())?;
    let value = jsonc::parse(&text).map_err(|error| {
        format!(
            "{} is malformed at {error}; none of its settings are taken over.",
            path.display()
        )
    })?;
    Ok(value.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
}

fn own_settings(target: &Target) -> Result<String, ImportError> {
    match read_text(&target.settings_file, MAX_SETTINGS) {
        Err(ImportError::Unreadable { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            Ok(String::new())
        }
        other => other,
    }
}

/// Does what a plan says: themes, snippets and languages first, then the settings that name them.
/// Kiln's settings keep every comment and every other value; each file is written whole
/// or not at all. A theme, or a file of snippets, that was edited after an earlier import is kept,
/// also where that was done after the plan was made.
pub fn apply(report: &ImportReport, target: &Target) -> Result<(), ImportError> {
    let before = own_settings(target)?;
    let applied = report.applied.iter().map(|setting| NewValue {
        languages: &setting.languages,
        key: &setting.key,
        value: &setting.value,
    });
    let text = set_values(&before, &applied.collect::<Vec<_>>()).map_err(|problem| {
        ImportError::OwnSettings {
            path: target.settings_file.clone(),
            problem,
        }
    })?;
    let themes = report.themes.iter().map(|theme| NewFile {
        name: &theme.file_name,
        text: &theme.text,
        stays: theme.edited.is_some(),
    });
    write_files(themes, &target.themes_folder)?;
    let snippets = report.snippets.iter().map(|file| NewFile {
        name: &file.file_name,
        text: &file.text,
        stays: file.edited.is_some(),
    });
    write_files(snippets, &target.snippets_folder)?;
    for pack in &report.packs {
        write_pack(pack, &target.languages_folder)?;
    }
    // Settings without any are one file more that says nothing.
    if text != before && !report.applied.is_empty() {
        if let Some(folder) = target.settings_file.parent() {
            create_folder(folder)?;
        }
        write_whole(&target.settings_file, &text)?;
    }
    Ok(())
}

/// A file that an import writes.
struct NewFile<'a> {
    name: &'a str,
    text: &'a str,
    /// It was edited, and is kept as it is.
    stays: bool,
}

/// Writes files into a folder, where there are any; those that were edited stay.
fn write_files<'a>(
    files: impl Iterator<Item = NewFile<'a>>,
    folder: &Path,
) -> Result<(), ImportError> {
    let mut files = files.peekable();
    if files.peek().is_none() {
        return Ok(());
    }
    create_folder(folder)?;
    let mut written = WrittenFiles::read(folder);
    let write = || {
        for NewFile { name, text, stays } in files {
            if !stays && !written.is_edited(folder, name, text) {
                write_whole(&folder.join(name), text)?;
                written.add(name, text);
            }
        }
        Ok(())
    };
    let result = write();
    // Also of those before one that could not be written: nobody has edited them.
    write_whole(&folder.join(RECORD), &written.to_text())?;
    result
}

pub(crate) fn create_folder(folder: &Path) -> Result<(), ImportError> {
    fs::create_dir_all(folder).map_err(|source| ImportError::Unwritable {
        path: folder.to_path_buf(),
        source,
    })
}

/// Replaces a file's text: a temporary file in the same folder, flushed, renamed.
/// A link is followed, and a file that exists keeps its mode.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), ImportError> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let write = || -> io::Result<()> {
        let folder = real.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        match fs::metadata(&real) {
            Ok(metadata) => file.as_file().set_permissions(metadata.permissions())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        file.as_file().sync_all()?;
        file.persist(&real)?;
        // Windows cannot open a folder as a file.
        if cfg!(unix) {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(|source| ImportError::Unwritable {
        path: path.to_path_buf(),
        source,
    })
}
