//! The folder that a command works in, and the settings that hold there.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fs::{Fs, FsError, KilnPaths, RealFs};
use settings::{Layer, Settings, SettingsProblem, Unapplied};

use crate::exit::{NoModelError, UsageError};
use crate::terminal::{self, visible};

/// The largest settings file, in bytes.
const MAX_SETTINGS: u64 = 4 * 1024 * 1024;

/// The settings that say which model is used.
const MODEL_SETTINGS: [&str; 2] = ["kiln.agent.model", "kiln.models"];

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
    /// The first of them for which it is not known which model the settings name.
    model_unknown: Option<SettingsProblem>,
}

impl Project {
    /// Opens a folder: it must exist and be readable.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let root = folder_at(folder)?;
        let paths = KilnPaths::from_env()?;
        let (settings, problems) = load_settings(&paths, Some(&root))?;
        let own = user_settings(&paths).display().to_string();
        let model_unknown = problems
            .iter()
            .find(|problem| problem.layer == own && hides_the_model(problem))
            .cloned();
        Ok(Self {
            root,
            paths,
            settings,
            problems,
            model_unknown,
        })
    }

    /// Makes sure that it is known which model the settings name, which a malformed file does not
    /// say: another one than they name would be a surprise.
    ///
    /// # Errors
    /// What is wrong with them, where, and what to do.
    pub fn check_model_setting(&self) -> Result<(), NoModelError> {
        match &self.model_unknown {
            None => Ok(()),
            Some(problem) => Err(NoModelError(format!(
                "{problem} So it is not known which model they name, and none is asked: \
                 correct the file, or name a model with --model"
            ))),
        }
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

/// Whether the model that is to be used may stand in what was not applied; a folder's file names none.
fn hides_the_model(problem: &SettingsProblem) -> bool {
    match problem.unapplied {
        Unapplied::File => true,
        Unapplied::Setting(key) => MODEL_SETTINGS.contains(&key),
        Unapplied::Entry => false,
    }
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
                unapplied: Unapplied::File,
                message: format!("{error:#}"),
            }),
        }
    }
    let (settings, mut problems) = Settings::from_layers(&layers);
    problems.append(&mut unread);
    Ok((settings, problems))
}
