//! Snippets: the person's own, and those of extensions.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value};
use settings::{SettingsProblem, Unapplied, jsonc, parse_snippet_file};

use crate::bounded::{inside, read_text, shown};
use crate::extensions::Extension;
use crate::languages::text;
use crate::report::{ImportedSnippets, SnippetsNotImported};
use crate::themes::{slug, unique};

/// The largest file of snippets, in MiB: Kiln reads no larger one.
const MAX_FILE: u64 = 4;
/// More files are left out, of the person's and of extensions together: of more than 200 Kiln reads
/// the first.
const MAX_FILES: usize = 150;
/// All files that are read together, in MiB; and all that are made of them.
const MAX_READ: u64 = 64;
/// More snippets of an extension are left out: Kiln reads no more of a file.
const MAX_SNIPPETS: usize = 2_000;
/// The longest identifier of a language, in bytes: it is repeated in each snippet.
const MAX_LANGUAGE: usize = 64;
const LANGUAGE_UNFIT: &str = "the name of its language is empty or over 64 bytes";

/// What there is of snippets.
#[derive(Default)]
pub(crate) struct Snippets {
    pub(crate) imported: Vec<ImportedSnippets>,
    pub(crate) not_imported: Vec<SnippetsNotImported>,
    read: u64,
    /// The bytes of the files that are made.
    made: usize,
}

impl Snippets {
    fn leave(&mut self, name: &str, reason: impl Into<String>) {
        if self.not_imported.len() < MAX_FILES {
            self.not_imported.push(SnippetsNotImported {
                name: shown(name),
                reason: reason.into(),
            });
        }
    }

    /// The text of a file, as long as not too much is read.
    fn read(&mut self, path: &Path) -> Result<String, String> {
        let size = std::fs::metadata(path).map_or(0, |it| it.len());
        self.read += size.min(MAX_FILE * 1024 * 1024);
        if self.read > MAX_READ * 1024 * 1024 {
            return Err("the snippets of all extensions together are too large".into());
        }
        read_text(path, MAX_FILE).map_err(|error| error.to_string())
    }

    /// Takes a file as Kiln would read it.
    fn take(&mut self, name: &str, file_name: String, text: String) {
        let (entries, problems) = parse_snippet_file(&file_name, &text);
        let is_of_file = |problem: &&SettingsProblem| problem.unapplied == Unapplied::File;
        if let Some(problem) = problems.iter().find(is_of_file) {
            return self.leave(name, shown(&problem.to_string()));
        }
        if entries.is_empty() {
            if let Some(problem) = problems.first() {
                self.leave(name, shown(&problem.message));
            }
            return;
        }
        if self.imported.len() == MAX_FILES {
            let reason = format!("only {MAX_FILES} files of snippets are taken over");
            return self.leave(name, reason);
        }
        self.made += text.len();
        if self.made > mebibytes(MAX_READ) {
            return self.leave(
                name,
                "the snippets of all extensions together are too large",
            );
        }
        let told = problems.iter().map(|problem| shown(&problem.message));
        self.imported.push(ImportedSnippets {
            name: shown(name),
            snippets: entries.len(),
            warnings: told.collect(),
            file_name,
            edited: None,
            text,
        });
    }
}

/// The snippets of a person, from `snippets/` in the folder with their settings, and of extensions:
/// all of one extension become one file.
pub(crate) fn read_snippets(user_folder: &Path, extensions: &[Extension]) -> Snippets {
    let mut found = Snippets::default();
    let mut file_names = HashSet::new();
    for path in own_files(&user_folder.join("snippets")) {
        let name = path.file_name().and_then(|name| name.to_str());
        // A name that is no text is none that VS Code gave it.
        let Some(name) = name else { continue };
        match found.read(&path) {
            Ok(text) => {
                file_names.insert(name.to_owned());
                found.take(name, name.to_owned(), text);
            }
            Err(reason) => found.leave(name, reason),
        }
    }
    for extension in extensions.iter().filter(|it| !it.snippets.is_empty()) {
        let snippets = of_extension(extension, &mut found);
        let stem = slug(&extension.id);
        let file_name = |stem: &str| format!("{stem}.code-snippets");
        let file_name = unique(&file_name(&stem), &mut file_names, |count| {
            file_name(&format!("{stem}-{}", count + 1))
        });
        let text = format!("{:#}\n", Value::Object(snippets));
        found.take(&extension.id, file_name, text);
    }
    found
}

/// The files of snippets in a folder, in the order of their names.
fn own_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_of_snippets = |path: &std::path::PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("json" | "code-snippets")) && path.is_file()
    };
    let mut files: Vec<_> = files.filter(is_of_snippets).take(MAX_FILES).collect();
    files.sort();
    files
}

/// What an extension has, by the names in its files, each with the languages that it is for; as much
/// as Kiln reads of one file.
fn of_extension(extension: &Extension, found: &mut Snippets) -> Map<String, Value> {
    let mut snippets = Map::new();
    let mut names = HashSet::new();
    let mut room = Room(mebibytes(MAX_FILE) - "{\n}\n".len());
    // Files are named once for each language.
    let mut files: Vec<(&str, Vec<&str>)> = Vec::new();
    for declared in &extension.snippets {
        let Some(path) = text(declared, "path") else {
            continue;
        };
        let language = text(declared, "language");
        if declared.get("language").is_some() && language.is_none_or(|it| it.len() > MAX_LANGUAGE) {
            let name = format!("{} ({})", extension.id, shown(path));
            found.leave(&name, LANGUAGE_UNFIT);
            continue;
        }
        match files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, languages)) => languages.extend(language),
            None => files.push((path, language.into_iter().collect())),
        }
    }
    for (path, languages) in files {
        let name = format!("{} ({})", extension.id, shown(path));
        if languages.is_empty() && !path.ends_with(".code-snippets") {
            found.leave(&name, "it is for no language");
            continue;
        }
        let object = inside(&extension.folder, &extension.folder, path)
            .and_then(|path| found.read(&path))
            .and_then(|text| {
                jsonc::parse(&text).map_err(|error| format!("it is malformed at {error}"))
            });
        match object {
            Ok(Some(Value::Object(object))) => {
                let scope = languages.join(",");
                let mut left = 0;
                for (name, mut snippet) in object {
                    if snippets.len() == MAX_SNIPPETS || room.0 < scope.len() {
                        left += 1;
                        continue;
                    }
                    if let (Some(snippet), false) = (snippet.as_object_mut(), scope.is_empty()) {
                        snippet.insert("scope".into(), scope.as_str().into());
                    }
                    let name = unique(&name, &mut names, |count| format!("{name} ({})", count + 1));
                    match room.takes(&name, &snippet) {
                        true => drop(snippets.insert(name, snippet)),
                        false => left += 1,
                    }
                }
                if left > 0 {
                    let reason = format!(
                        "{left} of its snippets are left out: Kiln reads {MAX_SNIPPETS} and \
                         {MAX_FILE} MiB of an extension"
                    );
                    found.leave(&name, reason);
                }
            }
            Ok(None) => {}
            Ok(Some(_)) => found.leave(&name, "it holds no object of snippets"),
            Err(reason) => found.leave(&name, reason),
        }
    }
    snippets
}

/// The bytes that are left of a file that is made of snippets.
struct Room(usize);

impl Room {
    /// Whether a snippet still fits, as it is written; where it does it has its place.
    fn takes(&mut self, name: &str, snippet: &Value) -> bool {
        let before = self.0;
        // Measured and not kept: what is nested deeply is many times as long when it is written. The
        // braces around it stand for the comma and the line end behind it.
        let written = serde_json::to_writer_pretty(&mut *self, &BTreeMap::from([(name, snippet)]));
        if written.is_err() {
            self.0 = before;
        }
        written.is_ok()
    }
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// So many MiB, in bytes.
fn mebibytes(count: u64) -> usize {
    count as usize * 1024 * 1024
}
