//! Which language servers can be installed for a file, and why one would want to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use lsp::{ConfigurationFile, ServerEntry};

use crate::server_search::{Candidate, FindServersJob, FoundServer};

/// So many bytes of a file of the project are read to see whether it configures a server.
const MAX_READ: u64 = 256 * 1024;

/// Why a server is offered for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyOffered {
    /// The file has none that does more than run beside another.
    Missing,
    /// The user's settings name it.
    Named,
    /// The project has a configuration of it.
    Configured,
}

/// A server that can be installed for a file.
#[derive(Debug, Clone)]
pub struct OfferedServer {
    /// Which.
    pub entry: ServerEntry,
    /// Why one would want it.
    pub why: WhyOffered,
}

impl FindServersJob {
    /// The servers that can be installed, beside those that were found: those that the user names, the
    /// first of the others where there is none that does more than run beside another, and those that
    /// run beside it and that the project has a configuration of. Nothing where the project's file may
    /// have none. Blocks.
    pub fn offers(&self, found: &[FoundServer]) -> Vec<OfferedServer> {
        if !self.file.starts_with(&self.folder) {
            return Vec::new();
        }
        let is_found = |entry: &ServerEntry| found.iter().any(|one| one.key.name == entry.name);
        let mut all = self.candidates.iter();
        let mut has_main = all.any(|one| !one.entry.companion && is_found(&one.entry));
        let (mut first, mut beside) = (Vec::new(), Vec::new());
        for Candidate { entry, is_named } in &self.candidates {
            if is_found(entry) || !self.can_install(entry) {
                continue;
            }
            let why = match (is_named, entry.companion) {
                (true, _) => WhyOffered::Named,
                (false, false) if !has_main => WhyOffered::Missing,
                (false, true) if self.is_configured(entry) => WhyOffered::Configured,
                (false, _) => continue,
            };
            has_main |= !entry.companion;
            let entry = entry.clone();
            match why {
                WhyOffered::Configured => beside.push(OfferedServer { entry, why }),
                _ => first.push(OfferedServer { entry, why }),
            }
        }
        first.append(&mut beside);
        first
    }

    /// Whether a folder from the file's up to the open one has a configuration of a server.
    fn is_configured(&self, entry: &ServerEntry) -> bool {
        let above = self.file.ancestors().skip(1);
        let mut above = above.take_while(|above| above.starts_with(&self.folder));
        above.any(|above| {
            let mut files = entry.configuration_files();
            files.any(|file| configures(&above.join(&file.name), &file))
        })
    }
}

/// Whether a file is there, and says what it has to; one that leads elsewhere is not read.
fn configures(path: &Path, wanted: &ConfigurationFile) -> bool {
    let Ok(found) = path.symlink_metadata() else {
        return false;
    };
    let Some(line) = &wanted.line else {
        return true;
    };
    if !found.is_file() {
        return false;
    }
    // What cannot be read configures nothing.
    let Ok(file) = std::fs::File::open(path) else {
        return false;
    };
    let read = BufReader::new(file.take(MAX_READ));
    let mut lines = read.split(b'\n').map_while(Result::ok);
    lines.any(|read| read.trim_ascii_start().starts_with(line.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_wants_ruff_where_a_file_of_it_says_so() {
        let catalogue = lsp::Catalogue::bundled().unwrap();
        let mut servers = catalogue.servers.iter();
        let ruff = servers.find(|one| one.name == "ruff").unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let wants = || {
            let mut files = ruff.configuration_files();
            files.any(|file| configures(&scratch.path().join(&file.name), &file))
        };
        let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text);
        assert!(!wants());
        write("pyproject.toml", "[project]\nname = \"ruff\"\n").unwrap();
        assert!(!wants(), "a project of Python that says nothing of it");
        write(
            "pyproject.toml",
            "[project]\r\n  [tool.ruff.lint]\r\nselect = []\r\n",
        )
        .unwrap();
        assert!(wants());
        write("pyproject.toml", "").unwrap();
        write("ruff.toml", "").unwrap();
        assert!(wants());
        #[cfg(unix)]
        {
            std::fs::remove_file(scratch.path().join("ruff.toml")).unwrap();
            let elsewhere = scratch.path().join("elsewhere");
            std::fs::write(&elsewhere, "[tool.ruff]\n").unwrap();
            std::fs::remove_file(scratch.path().join("pyproject.toml")).unwrap();
            std::os::unix::fs::symlink(elsewhere, scratch.path().join("pyproject.toml")).unwrap();
            assert!(!wants(), "what leads elsewhere is not read");
        }
    }
}
