//! Whether what a user writes into their settings for a server changes what it does.

use std::time::Instant;

use anyhow::{Result, ensure};
use settings::{Layer, Settings};

use super::case::Case;
use super::session::{LONGEST, PAUSE, Session, installed};

/// How many hints a server has for the first file of its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// With no settings of the user's.
    pub without: usize,
    /// With them, given while it runs.
    pub once_set: usize,
    /// With them from the start.
    pub from_start: usize,
}

/// Counts a server's hints without and with a settings.json of the user's; `None` where the server is not
/// installed.
///
/// # Errors
/// The case itself, the settings, or a server that says nothing.
pub fn hints(case: &'static Case, settings: &str) -> Result<Option<Hints>> {
    let layer = Layer::user("settings.json", settings);
    let (settings, problems) = Settings::from_layers(&[layer]);
    ensure!(problems.is_empty(), "{problems:?}");
    let project = tempfile::tempdir()?;
    let root = project.path().canonicalize()?;
    let Some((entry, program)) = installed(case, &root)? else {
        return Ok(None);
    };
    let told = entry.settings_with(&settings.server_values, None);
    let mut told_entry = entry.clone();
    told_entry.settings = told.settings.clone();
    told_entry.initialization_options = told.initialization_options.clone();

    let session = Session::open(case, entry, program.clone(), &root)?;
    let without = session.read_hints()?;
    session.server.configure(told);
    let once_set = session.awaited_hints()?;
    session.server.stop();

    let session = Session::open(case, told_entry, program, &root)?;
    session.read_hints()?;
    let from_start = session.awaited_hints()?;
    session.server.stop();
    Ok(Some(Hints {
        without,
        once_set,
        from_start,
    }))
}

impl Session {
    /// The hints once the server has read the project.
    fn read_hints(&self) -> Result<usize> {
        self.until_it_runs()?;
        self.hover()?;
        self.count_hints()
    }

    /// The hints as soon as there are some; none where none come.
    fn awaited_hints(&self) -> Result<usize> {
        let deadline = Instant::now() + LONGEST;
        loop {
            let found = self.count_hints()?;
            if found > 0 || Instant::now() > deadline {
                return Ok(found);
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn count_hints(&self) -> Result<usize> {
        let asked = self.server.inlay_hints(self.file(), 0..self.text.len());
        Ok(asked.wait_blocking()?.1.len())
    }
}
