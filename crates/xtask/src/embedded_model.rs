//! Whether the embedded model is here, and the question whether to download it.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

/// What is needed of an entry of `assets/models/catalogue.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Model {
    /// Its id on the command line.
    pub id: String,
    /// Its name for people.
    pub name: String,
    file: String,
    bytes: u64,
    min_memory_bytes: u64,
}

/// The catalogue, the recommended model first.
pub fn catalogue(root: &Path) -> Result<Vec<Model>> {
    let path = root.join("assets/models/catalogue.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

impl Model {
    /// Whether its file is in Kiln's data folder.
    pub fn is_installed(&self) -> bool {
        models_folder().is_some_and(|folder| {
            fs::metadata(folder.join(&self.file)).is_ok_and(|file| file.len() == self.bytes)
        })
    }

    /// Size of the download in words.
    pub fn size(&self) -> String {
        format!("{:.1} GB", self.bytes as f64 / 1e9)
    }
}

/// The model that fits this machine's memory.
pub fn recommended(models: &[Model]) -> Option<&Model> {
    let available = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| available_bytes(&text));
    models
        .iter()
        .find(|model| available.is_none_or(|bytes| model.min_memory_bytes <= bytes))
        .or_else(|| smallest(models))
}

/// The smallest download.
pub fn smallest(models: &[Model]) -> Option<&Model> {
    models.iter().min_by_key(|model| model.bytes)
}

/// Whether to download: yes where the caller was told so, else what the person at the terminal
/// answers, else no.
pub fn ask(model: &Model, yes: bool, purpose: &str) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(false);
    }
    eprint!(
        "Download {} ({}, Apache-2.0) {purpose}? [y/N] ",
        model.name,
        model.size()
    );
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn available_bytes(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}

/// Where Kiln keeps models, by the same rule as crate `fs`.
pub fn models_folder() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let data = match variable("KILN_HOME") {
        Some(home) => home.join("data"),
        None => variable("XDG_DATA_HOME")
            .or_else(|| Some(std::env::home_dir()?.join(".local/share")))?
            .join("kiln"),
    };
    Some(data.join("models"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_is_read_and_the_smallest_model_is_found() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let models = catalogue(&root).unwrap();
        assert_eq!(smallest(&models).unwrap().id, "qwen2.5-coder-0.5b");
        assert_eq!(models[0].size(), "1.1 GB");
    }

    #[test]
    fn memory_is_read() {
        assert_eq!(
            available_bytes("MemTotal: 1 kB\nMemAvailable:  1000 kB\n"),
            Some(1_024_000)
        );
    }
}
