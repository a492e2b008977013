use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::package::Package;

/// The servers that Kiln knows, from `assets/language_servers.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Those of a language that come first are preferred.
    #[serde(rename = "server")]
    pub servers: Vec<ServerEntry>,
}

/// A server of the catalogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerEntry {
    /// Its name, unique: `rust-analyzer`.
    pub name: String,
    /// The ids of its languages, as in the protocol: `rust`.
    pub languages: Vec<String>,
    /// The program's name on PATH.
    pub program: String,
    /// Its arguments.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// Files whose outermost folder above a file, inside the open folder, is its root: that of the
    /// workspace which its package belongs to. Without one the open folder is.
    #[serde(default)]
    pub root_markers: Vec<String>,
    /// Whether it runs beside the server that is chosen for a language, as a linter does, and not in its
    /// place.
    #[serde(default)]
    pub companion: bool,
    /// Whether it is of no use where none of its root markers is there: a linter without rules.
    #[serde(default)]
    pub needs_marker: bool,
    /// What of a project configures it, where that are not its root markers: such a project wants it.
    #[serde(default)]
    pub configuration: Vec<ConfigurationFile>,
    /// Whether each folder has a server of its own, also where it says that one takes several.
    #[serde(default)]
    pub one_folder: bool,
    /// How a person installs it.
    pub install: String,
    /// What Kiln installs it from, where it can.
    #[serde(default)]
    pub package: Option<Package>,
    /// What it is told at the start.
    #[serde(default)]
    pub initialization_options: Value,
    /// What it gets where it asks for settings, by section.
    #[serde(default)]
    pub settings: Value,
    /// The sections of the user's settings that it gets: `python` for `python.analysis.…`.
    #[serde(default)]
    pub sections: Vec<String>,
    /// The section that it gets as all of its settings, without its name: `run` for `eslint.run`.
    #[serde(default)]
    pub root_section: Option<String>,
    /// The section that it is told at the start, too.
    #[serde(default)]
    pub initialization_section: Option<String>,
    /// Where in what it is told at the start that section stands, as a dotted name; without one it is
    /// all of it.
    #[serde(default)]
    pub initialization_key: Option<String>,
    /// Settings that it calls otherwise than VS Code's extension of it does; nothing for those that
    /// it does not get.
    #[serde(default)]
    pub renamed: BTreeMap<String, String>,
    /// The setting by which it is told which Python a project has: `python.pythonPath`. It asks for that
    /// of each of its folders.
    #[serde(default)]
    pub interpreter: Option<String>,
    /// The extensions of VS Code that bring it: `golang.go`.
    #[serde(default)]
    pub extensions: Vec<String>,
}

/// A file that configures a server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationFile {
    /// Its name: `pyproject.toml`.
    pub name: String,
    /// What a line of it begins with where it configures this server, and not others alone.
    #[serde(default)]
    pub line: Option<String>,
}

impl ServerEntry {
    /// The files of a project that configure it; of one that needs a marker these are its root markers.
    pub fn configuration_files(&self) -> impl Iterator<Item = ConfigurationFile> {
        let markers = self.root_markers.iter().filter(|_| self.needs_marker);
        let markers = markers.map(|name| ConfigurationFile {
            name: name.clone(),
            line: None,
        });
        self.configuration.iter().cloned().chain(markers)
    }
}

/// The catalogue is not as it must be.
#[derive(Debug, thiserror::Error)]
#[error("the catalogue: {0}")]
pub struct CatalogueError(String);

impl CatalogueError {
    pub(crate) fn new(error: &toml::de::Error) -> Self {
        Self(error.to_string())
    }
}

impl Catalogue {
    /// The catalogue that Kiln comes with.
    ///
    /// # Errors
    /// None in a build that passed its tests.
    pub fn bundled() -> Result<Self, CatalogueError> {
        Self::parse(include_str!("../../../assets/language_servers.toml"))
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// [`CatalogueError`], with the place.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        toml::from_str(text).map_err(|error| CatalogueError::new(&error))
    }

    /// The servers of a language, preferred ones first.
    pub fn of_language<'a>(&'a self, language: &'a str) -> impl Iterator<Item = &'a ServerEntry> {
        let speaks =
            move |server: &&ServerEntry| server.languages.iter().any(|one| one == language);
        self.servers.iter().filter(speaks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sound() {
        let catalogue = Catalogue::bundled().unwrap();
        let mut names = Vec::new();
        for server in &catalogue.servers {
            assert!(!names.contains(&&server.name), "{} twice", server.name);
            names.push(&server.name);
            assert!(!server.languages.is_empty() && !server.install.is_empty());
            if let Some(package) = &server.package {
                assert!(!package.version().is_empty(), "{}", server.name);
                let pinned = |name: &String| name.ends_with(|c: char| c.is_ascii_digit());
                assert!(package.names.iter().all(pinned), "{}", server.name);
                let safe = |c: char| c.is_ascii_alphanumeric() || c == '-';
                assert!(server.name.chars().all(safe), "{} is a folder", server.name);
            }
            let mut first = server.initialization_section.iter();
            assert!(first.all(|section| server.sections.contains(section)));
            for name in server.renamed.keys() {
                let section = name.split('.').next().unwrap();
                assert!(server.sections.iter().any(|one| one == section), "{name}");
            }
            assert!(!server.needs_marker || !server.root_markers.is_empty());
            let path = std::path::Path::new(&server.program);
            assert_eq!(
                path.components().count(),
                1,
                "{}: a name alone",
                server.name
            );
        }
        let rust: Vec<_> = catalogue.of_language("rust").map(|one| &one.name).collect();
        assert_eq!(rust, ["rust-analyzer"]);
        let python: Vec<_> = catalogue.of_language("python").collect();
        assert!(!python[0].companion, "what is started alone comes first");
        assert!(python.iter().any(|one| one.companion));
        assert_eq!(catalogue.of_language("plaintext").count(), 0);
        assert!(Catalogue::parse("[[server]]\nname = 1").is_err());
    }
}
