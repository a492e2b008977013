//! `kiln-cli settings`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use fs::{Fs, KilnPaths, RealFs};
use serde_json::Value;
use settings::{SettingSpec, SettingType, find_setting, remove_value, schema, set_value};

use crate::arguments::SettingsCommand;
use crate::exit::{Exit, UsageError};
use crate::project::{Project, folder_settings, read_settings, user_settings};
use crate::terminal::{self, visible};

/// How like a setting's key must be to be suggested, from 0 to 1. The group before the dot, which
/// many share, says little.
const LIKENESS: f32 = 0.8;

/// Runs the command.
pub fn run(command: SettingsCommand) -> anyhow::Result<Exit> {
    match command {
        SettingsCommand::Check { folder } => check(&folder.folder),
        SettingsCommand::Set { key, value } => {
            let setting = known(&key)?;
            let value = value_of(setting, &value)?;
            change(|text| set_value(text, setting.key, value.clone()))
        }
        SettingsCommand::Reset { key } => {
            let setting = known(&key)?;
            change(|text| remove_value(text, setting.key))
        }
    }
}

fn known(key: &str) -> anyhow::Result<&'static SettingSpec> {
    find_setting(key).ok_or_else(|| {
        let names: Vec<&str> = schema().iter().map(|setting| setting.key).collect();
        let told = match terminal::did_you_mean(key, &names, LIKENESS) {
            Some(question) => question,
            None => format!("there are: {}", names.join(", ")),
        };
        UsageError(format!("Kiln has no setting `{}`; {told}", visible(key))).into()
    })
}

/// The value as JSON; where that is none, or not the right kind, as a text.
fn value_of(setting: &SettingSpec, text: &str) -> anyhow::Result<Value> {
    let takes_text = matches!(
        setting.value_type,
        SettingType::Text
            | SettingType::OptionalText
            | SettingType::OneOf(_)
            | SettingType::BooleanOr(_)
    );
    let value = match serde_json::from_str(text) {
        Ok(value) if setting.check(&value).is_ok() || !takes_text => value,
        _ => Value::from(text),
    };
    setting.check(&value).map_err(|reason| {
        UsageError(format!(
            "`{}` does not take {}: {reason}",
            setting.key,
            visible(text)
        ))
    })?;
    Ok(value)
}

fn change(edit: impl Fn(&str) -> Result<String, settings::EditError>) -> anyhow::Result<Exit> {
    let paths = KilnPaths::from_env()?;
    let path = user_settings(&paths);
    let before = read_settings(&path)?.unwrap_or_default();
    let after = edit(&before).with_context(|| path.display().to_string())?;
    if after != before {
        let fs = RealFs::new();
        fs.create_dir_all(&paths.config)
            .context("Kiln's configuration folder cannot be created")?;
        fs.write_atomic(&path, after.as_bytes())
            .context("the settings cannot be written")?;
    }
    Ok(Exit::Done)
}

fn check(folder: &Path) -> anyhow::Result<Exit> {
    let project = Project::open(folder)?;
    let mut output = io::stdout();
    for (title, path) in [
        ("Yours", user_settings(&project.paths)),
        ("This folder's", folder_settings(&project.root)),
    ] {
        let there = if path.exists() { "" } else { " (not there)" };
        writeln!(
            output,
            "{title}: {}{there}",
            visible(&path.display().to_string())
        )?;
    }
    for problem in &project.problems {
        writeln!(output, "{}", visible(&problem.to_string()))?;
    }
    match project.problems.len() {
        0 => {
            writeln!(output, "Everything in them is applied.")?;
            Ok(Exit::Done)
        }
        1 => bail!("one thing in the settings is not applied"),
        count => bail!("{count} things in the settings are not applied"),
    }
}
