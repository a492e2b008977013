use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A package manager of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageManager {
    /// JavaScript's.
    Npm,
    /// Python's, in a virtual environment of its own.
    Pip,
    /// Go's.
    Go,
    /// Ruby's.
    Gem,
}

impl PackageManager {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pip => "pip",
            Self::Go => "go",
            Self::Gem => "gem",
        }
    }

    /// The program that has to be on `PATH`.
    pub fn program(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pip if cfg!(windows) => "python",
            Self::Pip => "python3",
            Self::Go => "go",
            Self::Gem => "gem",
        }
    }

    /// What brings that program, for somebody who lacks it.
    pub(crate) fn brought_by(self) -> &'static str {
        match self {
            Self::Npm => "Node.js",
            Self::Pip => "Python 3 with its `venv` module",
            Self::Go => "Go",
            Self::Gem => "Ruby",
        }
    }

    /// The file of a program that was installed into a folder.
    pub(crate) fn program_in(self, folder: &Path, program: &str) -> PathBuf {
        let (bin, ending) = match (self, cfg!(windows)) {
            (Self::Npm, false) => ("node_modules/.bin", ""),
            (Self::Npm, true) => ("node_modules/.bin", ".cmd"),
            (Self::Pip, true) => ("Scripts", ".exe"),
            (Self::Go, true) => ("bin", ".exe"),
            (Self::Gem, true) => ("bin", ".bat"),
            (Self::Pip | Self::Go | Self::Gem, false) => ("bin", ""),
        };
        folder.join(bin).join(format!("{program}{ending}"))
    }
}

/// What a server is installed from: packages with their versions, which the package manager checks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Who installs it.
    pub manager: PackageManager,
    /// What, each with its version: `pyright@1.1.414` for npm, `ruff==0.17.6` for pip,
    /// `golang.org/x/tools/gopls@v0.20.0` for go, `ruby-lsp:0.26.1` for gem. The first is the server.
    pub names: Vec<String>,
    /// What it takes on the disk, about, in megabytes.
    pub megabytes: u32,
    /// What else has to be there, in words: `Java 21 or newer on PATH`.
    #[serde(default)]
    pub needs: Option<String>,
}

impl Package {
    /// The version of the server.
    pub fn version(&self) -> &str {
        self.version_in(&self.names)
    }

    /// The version of the server among packages that were installed for it.
    pub fn version_in<'a>(&self, names: &'a [String]) -> &'a str {
        let first = names.first().map_or("", String::as_str);
        let version = match self.manager {
            PackageManager::Npm | PackageManager::Go => first.rsplit_once('@'),
            PackageManager::Pip => first.split_once("=="),
            PackageManager::Gem => first.rsplit_once(':'),
        };
        version.map_or("", |(_, version)| version)
    }
}
