//! Which language servers the user lets run in a folder. It is kept in Kiln's own state, never in the
//! project, which could otherwise allow itself one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs::{FsError, PrivateFolder};
use serde::{Deserialize, Serialize};

use crate::file_path;

/// What is kept of one folder, at most, in bytes.
const MAX_FOLDER: u64 = 64 * 1024;
/// What is kept of all folders together, in bytes; what was written longest ago is asked again.
const MAX_ALL: u64 = 4 * 1024 * 1024;

/// An answer of the user's. It is about the program as it was named to them, and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    program: PathBuf,
    arguments: Vec<String>,
    allowed: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Answers {
    folder: PathBuf,
    servers: BTreeMap<String, Answer>,
}

/// What the user said about the servers of one folder.
#[derive(Debug)]
pub struct ServerConsent {
    store: Arc<PrivateFolder>,
    answers: Answers,
}

impl ServerConsent {
    /// What was said about a folder, from Kiln's `state` folder. What cannot be read is asked again.
    /// Blocks.
    pub fn read(state: &Path, folder: &Path) -> Self {
        let store = PrivateFolder::new(state.join("language_servers"), MAX_ALL);
        let stored = store.read(&name(folder), MAX_FOLDER).ok().flatten();
        let answers: Option<Answers> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let answers = answers.filter(|answers| answers.folder == folder);
        Self {
            store: Arc::new(store),
            answers: answers.unwrap_or_else(|| Answers {
                folder: folder.to_path_buf(),
                servers: BTreeMap::new(),
            }),
        }
    }

    /// Whether a server may run; `None` where the user is to be asked, as for a program or arguments
    /// that are others than those that they were asked about.
    pub fn of(&self, server: &str, program: &Path, arguments: &[String]) -> Option<bool> {
        let answer = self.answers.servers.get(server)?;
        let same = answer.program == program && answer.arguments == arguments;
        same.then_some(answer.allowed)
    }

    /// Takes an answer, which holds until the program ends; the job keeps it for longer.
    pub fn answer(
        &mut self,
        server: &str,
        program: &Path,
        arguments: &[String],
        allowed: bool,
    ) -> KeepConsentJob {
        let answer = Answer {
            program: program.to_path_buf(),
            arguments: arguments.to_vec(),
            allowed,
        };
        self.answers.servers.insert(server.to_owned(), answer);
        KeepConsentJob {
            store: self.store.clone(),
            name: name(&self.answers.folder),
            // Paths that are no text cannot be written; such a folder is asked about each time.
            bytes: serde_json::to_vec(&self.answers).ok(),
        }
    }
}

/// Keeps the user's answers for the next start, off the UI thread.
#[derive(Debug)]
#[must_use]
pub struct KeepConsentJob {
    store: Arc<PrivateFolder>,
    name: String,
    bytes: Option<Vec<u8>>,
}

impl KeepConsentJob {
    /// Writes them.
    ///
    /// # Errors
    /// As the system reports.
    pub fn run(self) -> Result<(), FsError> {
        match self.bytes {
            Some(bytes) => self.store.write(&self.name, &bytes),
            None => Ok(()),
        }
    }
}

fn name(folder: &Path) -> String {
    format!("{}.json", file_path::hash(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_about_one_program_in_one_folder() {
        let state = tempfile::tempdir().unwrap();
        let (folder, program) = (Path::new("/p/ä"), Path::new("/usr/bin/srv"));
        let arguments = ["--stdio".to_owned()];
        let mut consent = ServerConsent::read(state.path(), folder);
        assert_eq!(consent.of("srv", program, &arguments), None);
        consent
            .answer("srv", program, &arguments, true)
            .run()
            .unwrap();
        consent.answer("other", program, &[], false).run().unwrap();

        let kept = ServerConsent::read(state.path(), folder);
        assert_eq!(kept.of("srv", program, &arguments), Some(true));
        assert_eq!(kept.of("other", program, &[]), Some(false));
        assert_eq!(kept.of("srv", Path::new("/tmp/srv"), &arguments), None);
        assert_eq!(kept.of("srv", program, &[]), None);
        let elsewhere = ServerConsent::read(state.path(), Path::new("/p"));
        assert_eq!(elsewhere.of("srv", program, &arguments), None);

        let file = state.path().join("language_servers").join(name(folder));
        std::fs::write(file, "{\"folder\": 3}").unwrap();
        let damaged = ServerConsent::read(state.path(), folder);
        assert_eq!(damaged.of("srv", program, &arguments), None);
    }
}
