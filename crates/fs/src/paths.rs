//! Where Kiln keeps its own files.

use std::path::{Path, PathBuf};

/// Kiln's own folders. None of them is created here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KilnPaths {
    /// Settings, keymaps and imported themes.
    pub config: PathBuf,
    /// Things that are expensive to get again, such as downloaded models.
    pub data: PathBuf,
    /// Sessions, window layout and logs.
    pub state: PathBuf,
    /// Things that can be thrown away at any time.
    pub cache: PathBuf,
}

/// The user's home folder could not be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no home folder is known; set HOME, or KILN_HOME to a folder for Kiln's files")]
pub struct PathsError;

impl KilnPaths {
    /// Reads the environment: `KILN_HOME` puts everything into one folder; otherwise the XDG base
    /// directories are used (<https://specifications.freedesktop.org/basedir-spec/>), of which
    /// relative ones are to be ignored.
    ///
    /// # Errors
    /// [`PathsError`] when neither a home folder nor `KILN_HOME` is known.
    pub fn from_env() -> Result<Self, PathsError> {
        Self::from_lookup(
            |name| std::env::var_os(name).map(PathBuf::from),
            std::env::home_dir,
        )
    }

    /// Everything below one folder, as with `KILN_HOME`.
    pub fn under(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
            state: home.join("state"),
            cache: home.join("cache"),
        }
    }

    fn from_lookup(
        variable: impl Fn(&str) -> Option<PathBuf>,
        home: impl Fn() -> Option<PathBuf>,
    ) -> Result<Self, PathsError> {
        let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
        if let Some(kiln_home) = variable("KILN_HOME").filter(|path| !path.as_os_str().is_empty()) {
            // Relative to where the program was started, and no longer once it moves elsewhere.
            let kiln_home = std::path::absolute(&kiln_home).unwrap_or(kiln_home);
            return Ok(Self::under(&kiln_home));
        }
        let base = |name: &str, fallback: &[&str]| -> Result<PathBuf, PathsError> {
            let base = match absolute(name) {
                Some(path) => path,
                None => {
                    let home = home().filter(|path| path.is_absolute()).ok_or(PathsError)?;
                    fallback.iter().fold(home, |path, part| path.join(part))
                }
            };
            Ok(base.join("kiln"))
        };
        Ok(Self {
            config: base("XDG_CONFIG_HOME", &[".config"])?,
            data: base("XDG_DATA_HOME", &[".local", "share"])?,
            state: base("XDG_STATE_HOME", &[".local", "state"])?,
            cache: base("XDG_CACHE_HOME", &[".cache"])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(variables: &[(&str, &str)], home: Option<&str>) -> Result<KilnPaths, PathsError> {
        KilnPaths::from_lookup(
            |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| PathBuf::from(value))
            },
            || home.map(PathBuf::from),
        )
    }

    #[test]
    fn the_xdg_folders_are_used_and_default_to_the_home_folder() {
        let paths = lookup(&[("XDG_STATE_HOME", "/var/st")], Some("/home/ada")).unwrap();
        assert_eq!(paths.config, Path::new("/home/ada/.config/kiln"));
        assert_eq!(paths.data, Path::new("/home/ada/.local/share/kiln"));
        assert_eq!(paths.state, Path::new("/var/st/kiln"));
        assert_eq!(paths.cache, Path::new("/home/ada/.cache/kiln"));
    }

    #[test]
    fn kiln_home_overrides_all_and_relative_xdg_folders_are_ignored() {
        let paths = lookup(&[("KILN_HOME", "/k"), ("XDG_DATA_HOME", "/d")], None).unwrap();
        assert_eq!(paths, KilnPaths::under(Path::new("/k")));
        let paths = lookup(&[("XDG_DATA_HOME", "data")], Some("/home/ada")).unwrap();
        assert_eq!(paths.data, Path::new("/home/ada/.local/share/kiln"));
    }

    #[test]
    fn without_a_home_folder_the_message_says_what_to_set() {
        let error = lookup(&[], None).unwrap_err();
        assert!(error.to_string().contains("KILN_HOME"));
    }
}
