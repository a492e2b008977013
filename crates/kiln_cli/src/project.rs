//! The folder that a command works in, and the settings that hold there.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fs::{Fs, FsError, KilnPaths, RealFs};
use settings::{Layer, Settings, SettingsProblem};

use crate::exit::UsageError;
use crate::terminal::{self, visible};

/// The largest settings file, in bytes.
const MAX_SETTINGS: u64 = 4 * 1024 * 1024;

/// A project folder with the settings that hold in it.
pub struct Project {
    /// The folder, absolute and without links.
    pub root: PathBuf,
    /// Kiln's own folders.
    pub paths: KilnPaths,
    /// The settings.
    pub settings: Settings,
    /// What in the settings was not applied.
    pub problems: Vec<SettingsProblem>,
}

impl Project {
    /// Opens a folder: it must exist and be readable.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let root = folder_at(folder)?;
        let paths = KilnPaths::from_env()?;
        let (settings, problems) = load_settings(&paths, Some(&root))?;
        Ok(Self {
            root,
            paths,
            settings,
            problems,
        })
    }

    /// Says on standard error what in the settings was not applied.
    pub fn report_problems(&self) {
        report_problems(&self.problems);
    }
}

/// The user's settings, which hold outside of any folder; says on standard error what in them was
/// not applied.
pub fn user_settings_alone(paths: &KilnPaths) -> anyhow::Result<Settings> {
    let (settings, problems) = load_settings(paths, None)?;
    report_problems(&problems);
    Ok(settings)
}

fn report_problems(problems: &[SettingsProblem]) {
    for problem in problems {
        terminal::report_warning(&problem.to_string());
    }
}

fn folder_at(folder: &Path) -> anyhow::Result<PathBuf> {
    let shown = visible(&folder.display().to_string());
    let root = match folder.canonicalize() {
        Ok(root) => root,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(UsageError(format!("there is no folder {shown}")).into());
        }
        Err(error) => return Err(FsError::from_io("open", folder, error).into()),
    };
    if !root.is_dir() {
        let message = format!("{shown} is a file; give the folder that it is in");
        return Err(UsageError(message).into());
    }
    std::fs::read_dir(&root).map_err(|error| FsError::from_io("list the folder", folder, error))?;
    Ok(root)
}

/// The user's settings file.
pub fn user_settings(paths: &KilnPaths) -> PathBuf {
    paths.config.join("settings.json")
}

/// A folder's settings file.
pub fn folder_settings(root: &Path) -> PathBuf {
    root.join(".kiln").join("settings.json")
}

/// The text of a settings file; `None` where there is none.
pub fn read_settings(path: &Path) -> anyhow::Result<Option<String>> {
    match RealFs::new().read(path, MAX_SETTINGS) {
        Ok(bytes) => Ok(Some(String::from_utf8(bytes).map_err(|_| {
            anyhow::anyhow!(
                "{} is not UTF-8; correct it or move it away",
                path.display()
            )
        })?)),
        Err(FsError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error).context("the settings cannot be read"),
    }
}

/// The settings that hold in a folder, or outside of any.
fn load_settings(
    paths: &KilnPaths,
    root: Option<&Path>,
) -> anyhow::Result<(Settings, Vec<SettingsProblem>)> {
    let (mut layers, mut unread) = (Vec::new(), Vec::new());
    let user = user_settings(paths);
    if let Some(text) = read_settings(&user)? {
        layers.push(Layer::user(user.display().to_string(), text));
    }
    if let Some(path) = root.map(folder_settings) {
        // A folder's file that cannot be read must not keep its owner out.
        match read_settings(&path) {
            Ok(Some(text)) => layers.push(Layer::folder(path.display().to_string(), text)),
            Ok(None) => {}
            Err(error) => unread.push(SettingsProblem {
                layer: path.display().to_string(),
                line: 1,
                column: 1,
                message: format!("{error:#}"),
            }),
        }
    }
    let (settings, mut problems) = Settings::from_layers(&layers);
    problems.append(&mut unread);
    Ok((settings, problems))
}
