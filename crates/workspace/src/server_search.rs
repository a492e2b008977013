//! Which language servers a file is to have: the one that is chosen for its language, and those that
//! run beside it.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lsp::{Catalogue, InstalledServers, ServerEntry};

/// Stands in a list of servers for all that it does not name.
const REST: &str = "...";

/// A server and the folder that it is responsible for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerKey {
    /// Its name in the catalogue.
    pub name: String,
    /// The folder.
    pub root: PathBuf,
}

/// Where the program of a server comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramSource {
    /// What the user installed for themselves: it is on `PATH`.
    Path,
    /// The project: it is in what its package managers install.
    Project,
    /// Kiln installed it.
    Kiln,
}

/// A server that Kiln installed in another version than it would now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutdatedServer {
    /// The version that is installed.
    pub installed: String,
    /// The one that would be.
    pub known: String,
}

/// A server that a buffer is to have, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundServer {
    /// Which.
    pub key: ServerKey,
    /// Its program.
    pub program: PathBuf,
    /// Where that comes from.
    pub source: ProgramSource,
    /// The program's arguments.
    pub arguments: Vec<String>,
    /// The project's Python, for a server that is told of one.
    pub interpreter: Option<PathBuf>,
    /// Variables that it gets besides.
    pub variables: Vec<(OsString, OsString)>,
    /// Where Kiln installed it in another version than it would now.
    pub outdated: Option<OutdatedServer>,
}

/// What was found for a buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServersFound {
    /// The servers that it is to have.
    pub servers: Vec<FoundServer>,
    /// Of these, the Python that a server was told of and that is not there any more.
    pub(crate) gone_interpreters: HashMap<ServerKey, PathBuf>,
}

impl From<Vec<FoundServer>> for ServersFound {
    fn from(servers: Vec<FoundServer>) -> Self {
        Self {
            servers,
            gone_interpreters: HashMap::new(),
        }
    }
}

/// The servers that the user chose, by the id of a language. A name starts a server; `!` before it
/// keeps it from that; `...` stands for what is not named: the preferred one that is found, unless one
/// is named already, and those that run beside it. A language that is not in it has `...` alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerChoice(BTreeMap<String, Vec<String>>);

impl ServerChoice {
    /// The choice of a setting.
    pub fn new(lists: BTreeMap<String, Vec<String>>) -> Self {
        Self(lists)
    }

    /// What is wrong with it, in sentences: servers that the catalogue does not have.
    pub fn problems(&self, catalogue: &Catalogue) -> Vec<String> {
        let mut problems = Vec::new();
        for (language, names) in &self.0 {
            let known: Vec<_> = catalogue
                .of_language(language)
                .map(|one| &one.name)
                .collect();
            let names = names.iter().filter(|name| *name != REST);
            let names = names.map(|name| name.strip_prefix('!').unwrap_or(name));
            let wrong = names.filter(|name| !known.iter().any(|one| *one == name));
            let wrong: Vec<_> = wrong.map(|name| format!("\"{name}\"")).collect();
            let none = match &*wrong {
                [] => continue,
                [one] => format!("server {one}"),
                all => format!("servers {}", all.join(", ")),
            };
            let choice = match known.is_empty() {
                true => format!("Kiln knows no language server for \"{language}\""),
                false => {
                    let known: Vec<_> = known.iter().map(|one| one.as_str()).collect();
                    format!("there are {}", known.join(", "))
                }
            };
            // All at once: of several notices only the newest is seen.
            let verb = if wrong.len() == 1 { "is" } else { "are" };
            problems.push(format!(
                "`editor.languageServers`: there {verb} no {none} for {language}; {choice}."
            ));
        }
        problems
    }

    /// The servers of a language in the order that they are looked for in.
    pub(crate) fn of(&self, catalogue: &Catalogue, language: &str) -> Vec<Candidate> {
        let rest = || vec![REST.to_owned()];
        let list = self.0.get(language).cloned().unwrap_or_else(rest);
        let named = |entry: &ServerEntry| {
            let mut names = list
                .iter()
                .map(|name| name.strip_prefix('!').unwrap_or(name));
            names.any(|name| name == entry.name)
        };
        let candidates = list.iter().flat_map(|name| {
            let entries = catalogue.of_language(language);
            let taken = entries.filter(|entry| match name.as_str() {
                REST => !named(entry),
                name => entry.name == name,
            });
            let is_named = name != REST;
            let taken = taken.cloned();
            let made = taken.map(|entry| Candidate { entry, is_named });
            made.collect::<Vec<_>>()
        });
        candidates.collect()
    }
}

/// A server that may be started for a language.
pub(crate) struct Candidate {
    pub(crate) entry: ServerEntry,
    /// Whether the user chose it by its name.
    pub(crate) is_named: bool,
}

/// A server that the user names, that is not there and that Kiln cannot install.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MissingServer {
    /// Its name.
    pub name: String,
    /// How a person installs it.
    pub install: String,
}

/// Looks for the servers of a buffer; it asks the disk, and is to be run off the UI thread.
pub struct FindServersJob {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) places: Places,
    /// The Python that each server was told of.
    interpreters: HashMap<ServerKey, PathBuf>,
    pub(crate) folder: PathBuf,
    pub(crate) file: PathBuf,
}

/// Where programs are looked for beside the project.
#[derive(Clone)]
pub(crate) struct Places {
    /// The value of `PATH`.
    pub search_path: OsString,
    /// What Kiln installed, where it installs some.
    pub installed: Option<InstalledServers>,
}

impl FindServersJob {
    /// The search for a file in a language below the folder that is open; `None` where nothing is known
    /// of its language.
    pub(crate) fn new(
        (catalogue, choice): (&Catalogue, &ServerChoice),
        language: &str,
        places: Places,
        folder: &Path,
        file: PathBuf,
    ) -> Option<Self> {
        let candidates = choice.of(catalogue, language);
        (!candidates.is_empty()).then(|| Self {
            candidates,
            places,
            interpreters: HashMap::new(),
            folder: folder.to_path_buf(),
            file,
        })
    }

    /// Looks also whether the Python that a server was told of is still there.
    pub(crate) fn with_interpreters(self, interpreters: HashMap<ServerKey, PathBuf>) -> Self {
        Self {
            interpreters,
            ..self
        }
    }

    /// Looks.
    pub fn run(&self) -> ServersFound {
        let servers = self.find_all();
        let keys = servers.iter().map(|found| &found.key);
        let known = keys.filter_map(|key| self.interpreters.get_key_value(key));
        let gone = known.filter(|(_, interpreter)| !interpreter.exists());
        let gone = gone.map(|(key, interpreter)| (key.clone(), interpreter.clone()));
        ServersFound {
            gone_interpreters: gone.collect(),
            servers,
        }
    }

    fn find_all(&self) -> Vec<FoundServer> {
        let real = self.file.canonicalize();
        let (Ok(real), Ok(folder)) = (real, self.folder.canonicalize()) else {
            return Vec::new();
        };
        // A link out of the folder leads to what the user did not open.
        if !real.starts_with(&folder) {
            return Vec::new();
        }
        let mut found: Vec<FoundServer> = Vec::new();
        let mut has_main = false;
        for Candidate { entry, is_named } in &self.candidates {
            let marked = marked_root(entry, &self.file, &self.folder);
            let skipped = match entry.companion {
                true => entry.needs_marker && marked.is_none(),
                false => has_main,
            };
            if skipped && !is_named {
                continue;
            }
            if let Some(server) = self.find(entry, marked.unwrap_or(&self.folder)) {
                has_main |= !entry.companion;
                found.push(server);
            }
        }
        found
    }

    /// The servers that the user names, that were not found, and that Kiln cannot install: each with how
    /// a person does. Nothing where the project's file may have none. Blocks.
    pub fn missing(&self, found: &[FoundServer]) -> Vec<MissingServer> {
        if !self.file.starts_with(&self.folder) {
            return Vec::new();
        }
        let named = self.candidates.iter().filter(|one| one.is_named);
        let missing = named.filter(|Candidate { entry, .. }| {
            let is_found = found.iter().any(|one| one.key.name == entry.name);
            !is_found && !self.can_install(entry)
        });
        let missing = missing.map(|one| MissingServer {
            name: one.entry.name.clone(),
            install: one.entry.install.clone(),
        });
        missing.collect()
    }

    /// Whether Kiln has what it installs a server with.
    pub(crate) fn can_install(&self, entry: &ServerEntry) -> bool {
        let installed = self.places.installed.as_ref();
        let package = entry.package.as_ref().filter(|_| installed.is_some());
        package.is_some_and(|package| {
            let manager = package.manager.program();
            lsp::find_program(manager, &self.places.search_path, &self.folder).is_some()
        })
    }

    /// The program of a server: the project's own before one that all projects have, and the user's
    /// before Kiln's.
    fn find(&self, entry: &ServerEntry, root: &Path) -> Option<FoundServer> {
        let name = &entry.program;
        let own = lsp::find_in_project(name, &self.file, &self.folder);
        let mut outdated = None;
        let (program, mut variables, source) = match own {
            Some(own) => (own.program, own.variables, ProgramSource::Project),
            None => match lsp::find_program(name, &self.places.search_path, &self.folder) {
                Some(program) => (program, Vec::new(), ProgramSource::Path),
                None => {
                    let installed = self.places.installed.as_ref()?;
                    let kept = installed.find(entry)?;
                    outdated = is_outdated(installed, entry);
                    (kept.program, kept.variables, ProgramSource::Kiln)
                }
            },
        };
        let is_python = entry.languages.iter().any(|one| one == "python");
        let python = is_python
            .then(|| lsp::find_virtual_environment(&self.file, &self.folder))
            .flatten();
        let mut root = root.to_path_buf();
        if let Some(python) = &python {
            variables.push(("VIRTUAL_ENV".into(), python.folder.clone().into()));
            // What has an environment of its own is a project of its own.
            if let Some(project) = python.folder.parent().filter(|own| own.starts_with(&root)) {
                root = project.to_path_buf();
            }
        }
        Some(FoundServer {
            interpreter: python.map(|python| python.interpreter),
            key: ServerKey {
                name: entry.name.clone(),
                root,
            },
            program,
            source,
            arguments: entry.arguments.clone(),
            variables,
            outdated,
        })
    }
}

fn is_outdated(installed: &InstalledServers, entry: &ServerEntry) -> Option<OutdatedServer> {
    let package = entry.package.as_ref()?;
    let (names, is_newest) = installed.installed(entry)?;
    (!is_newest).then(|| OutdatedServer {
        installed: package.version_in(&names).to_owned(),
        known: package.version().to_owned(),
    })
}

/// The outermost folder above a file, inside the open one, with one of the server's marks: the
/// packages of one workspace have one server.
fn marked_root<'a>(entry: &ServerEntry, file: &'a Path, folder: &Path) -> Option<&'a Path> {
    let above = file
        .ancestors()
        .skip(1)
        .take_while(|above| above.starts_with(folder));
    let marked = above.filter(|above| {
        let mut markers = entry.root_markers.iter();
        markers.any(|marker| above.join(marker).symlink_metadata().is_ok())
    });
    marked.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let server = |name: &str, more: &str| {
            format!(
                "[[server]]\nname = \"{name}\"\nprogram = \"{name}\"\nlanguages = [\"python\"]\ninstall = \"-\"\n{more}\n"
            )
        };
        let text = [
            server("first", ""),
            server("second", ""),
            server("linter", "companion = true"),
            server(
                "ruled",
                "companion = true\nneeds_marker = true\nroot_markers = [\"rules.toml\"]",
            ),
        ];
        Catalogue::parse(&text.concat()).unwrap()
    }

    fn choice(names: &[&str]) -> ServerChoice {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        ServerChoice::new(BTreeMap::from([("python".to_owned(), names)]))
    }

    #[test]
    fn a_name_that_no_server_has_is_told() {
        let told = choice(&["first", "!linter", "...", "frist"]).problems(&catalogue());
        assert_eq!(
            told,
            [
                "`editor.languageServers`: there is no server \"frist\" for python; there are first, second, linter, ruled."
            ]
        );
        let told = choice(&["frist", "!lintre"]).problems(&catalogue());
        assert_eq!(
            told,
            [
                "`editor.languageServers`: there are no servers \"frist\", \"lintre\" for python; there are first, second, linter, ruled."
            ]
        );
    }

    #[test]
    fn servers_that_were_named_and_that_nobody_has_are_told() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        std::fs::write(root.join("a.py"), "").unwrap();
        let missing = |names: &[&str]| -> Vec<String> {
            let (choice, catalogue) = (choice(names), catalogue());
            let places = Places {
                search_path: root.join("bin").into(),
                installed: None,
            };
            let file = root.join("a.py");
            let job = FindServersJob::new((&catalogue, &choice), "python", places, &root, file);
            let missing = job.map_or_else(Vec::new, |job| job.missing(&job.run().servers));
            missing.into_iter().map(|one| one.name).collect()
        };
        assert_eq!(missing(&["linter", "second", "..."]), ["linter", "second"]);
        // Who names none hears of none.
        assert_eq!(missing(&["!first", "..."]), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_language_has_one_server_those_beside_it_and_those_that_were_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        let project = root.join("project");
        let install = |folder: &Path, name: &str| {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join(name), "").unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.join(name), mode).unwrap();
        };
        let bin = root.join("bin");
        std::fs::create_dir_all(&project).unwrap();
        std::fs::write(project.join("a.py"), "").unwrap();
        for name in ["first", "second", "linter", "ruled"] {
            install(&bin, name);
        }
        let found = |names: Option<&[&str]>| {
            let choice = names.map(choice).unwrap_or_default();
            let catalogue = catalogue();
            let job = FindServersJob::new(
                (&catalogue, &choice),
                "python",
                Places {
                    search_path: bin.clone().into(),
                    installed: None,
                },
                &project,
                project.join("a.py"),
            );
            job.map_or_else(Vec::new, |job| job.run().servers)
        };
        let names = |names: Option<&[&str]>| -> Vec<String> {
            found(names).into_iter().map(|one| one.key.name).collect()
        };
        assert_eq!(names(None), ["first", "linter"]);
        assert_eq!(names(Some(&["second"])), ["second"]);
        assert_eq!(names(Some(&["second", "..."])), ["second", "linter"]);
        assert_eq!(
            names(Some(&["...", "second"])),
            ["first", "linter", "second"]
        );
        assert_eq!(names(Some(&["!first", "!linter", "..."])), ["second"]);
        assert_eq!(
            names(Some(&["ruled"])),
            ["ruled"],
            "named, it needs no rules"
        );
        assert_eq!(names(Some(&[])), Vec::<String>::new());
        std::fs::write(project.join("rules.toml"), "").unwrap();
        assert_eq!(names(None), ["first", "linter", "ruled"]);

        std::fs::remove_file(bin.join("first")).unwrap();
        assert_eq!(names(None), ["second", "linter", "ruled"]);
        let own = project.join(".venv/bin");
        install(&own, "first");
        let first = found(None).remove(0);
        assert_eq!((first.interpreter, first.variables), (None, Vec::new()));
        assert_eq!(
            (first.program, first.source),
            (own.join("first"), ProgramSource::Project)
        );
        std::fs::write(project.join(".venv/pyvenv.cfg"), "").unwrap();
        install(&own, "python");
        for server in found(None) {
            assert_eq!(server.interpreter, Some(own.join("python")));
            let variable = ("VIRTUAL_ENV".into(), project.join(".venv").into());
            assert_eq!(server.variables, [variable]);
        }
        let linter = found(None).remove(1);
        assert_eq!(
            (linter.program, linter.source),
            (bin.join("linter"), ProgramSource::Path)
        );
    }
}
