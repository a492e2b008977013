//! The programs that lay texts out, from `assets/formatters.toml`.

use std::path::Path;

use serde::Deserialize;

use crate::catalogue::CatalogueError;

/// Stands in arguments for the file that is laid out.
const BUFFER_PATH: &str = "{buffer_path}";

/// The formatters that Kiln knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formatters {
    /// Those of a language that come first are preferred.
    #[serde(rename = "formatter")]
    pub all: Vec<FormatterEntry>,
}

/// A formatter: it gets a text on its input and answers with the new one on its output.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatterEntry {
    /// Its name, unique: `ruff`.
    pub name: String,
    /// The ids of its languages, as in the protocol: `python`.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The program's name on PATH; one that a user chose may be a file, absolute.
    pub program: String,
    /// Its arguments; see [`FormatterEntry::arguments_for`].
    #[serde(default)]
    pub arguments: Vec<String>,
    /// What it ends with when it did its work.
    #[serde(default = "success")]
    pub exit_codes: Vec<i32>,
    /// Files by which a project says that it wants it.
    #[serde(default)]
    pub root_markers: Vec<String>,
    /// Whether it is taken by itself only where one of them is there.
    #[serde(default)]
    pub needs_marker: bool,
    /// The extensions of VS Code that bring it: `charliermarsh.ruff`.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// How a person installs it.
    #[serde(default)]
    pub install: String,
}

fn success() -> Vec<i32> {
    vec![0]
}

impl Formatters {
    /// The formatters that Kiln comes with.
    ///
    /// # Errors
    /// None in a build that passed its tests.
    pub fn bundled() -> Result<Self, CatalogueError> {
        Self::parse(include_str!("../../../assets/formatters.toml"))
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// [`CatalogueError`], with the place.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        toml::from_str(text).map_err(|error| CatalogueError::new(&error))
    }

    /// The formatters of a language, preferred ones first.
    pub fn of_language<'a>(
        &'a self,
        language: &'a str,
    ) -> impl Iterator<Item = &'a FormatterEntry> {
        let lays_out =
            move |entry: &&FormatterEntry| entry.languages.iter().any(|one| one == language);
        self.all.iter().filter(lays_out)
    }
}

impl FormatterEntry {
    /// One that a user wrote into their settings.
    pub fn of_command(command: &str, arguments: &[String]) -> Self {
        let name = Path::new(command).file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            languages: Vec::new(),
            program: command.to_owned(),
            arguments: arguments.to_vec(),
            exit_codes: success(),
            root_markers: Vec::new(),
            needs_marker: false,
            extensions: Vec::new(),
            install: String::new(),
        }
    }

    /// Whether it is called so, by itself or by an extension of VS Code.
    pub fn is_called(&self, name: &str) -> bool {
        let extension = |one: &String| one.eq_ignore_ascii_case(name);
        self.name == name || self.extensions.iter().any(extension)
    }

    /// Its arguments for a file.
    pub fn arguments_for(&self, file: &Path) -> Vec<String> {
        let file = file.to_string_lossy();
        let all = self.arguments.iter();
        all.map(|one| one.replace(BUFFER_PATH, &file)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sound() {
        let formatters = Formatters::bundled().unwrap();
        let mut names = Vec::new();
        for one in &formatters.all {
            assert!(!names.contains(&&one.name), "{} twice", one.name);
            names.push(&one.name);
            assert!(!one.languages.is_empty() && !one.install.is_empty());
            let path = Path::new(&one.program);
            assert_eq!(path.components().count(), 1, "{}: a name alone", one.name);
            assert!(!one.needs_marker || !one.root_markers.is_empty());
        }
        let python: Vec<_> = formatters
            .of_language("python")
            .map(|one| &one.name)
            .collect();
        assert_eq!(python[0], "ruff");
        assert_eq!(formatters.of_language("plaintext").count(), 0);
        assert!(Formatters::parse("[[formatter]]\nname = 1").is_err());
    }

    #[test]
    fn a_formatter_is_known_by_the_extension_and_told_the_file() {
        let formatters = Formatters::bundled().unwrap();
        let called = |name: &str| {
            let mut all = formatters.all.iter();
            all.find(|one| one.is_called(name))
                .map(|one| one.name.as_str())
        };
        assert_eq!(called("esbenp.prettier-vscode"), Some("prettier"));
        assert_eq!(called("black"), Some("black"));
        assert_eq!(called("some.other"), None);
        let own =
            FormatterEntry::of_command("/opt/fmt", &["--of={buffer_path}".into(), "-".into()]);
        assert_eq!(own.name, "fmt");
        assert_eq!(
            own.arguments_for(Path::new("/p/ä b.x")),
            ["--of=/p/ä b.x", "-"]
        );
    }
}
