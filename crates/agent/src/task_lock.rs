//! One program at a time carries a task out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use spec::TaskId;

use crate::private_file::open_private;
use crate::visible;

/// The folder of the locks, in that of the project's sessions: nothing is put into the project.
const FOLDER: &str = "tasks";
/// How often the lock's file may be taken away between opening and locking it.
const TRIES: u32 = 16;
/// How much is read of what the holder wrote about itself, in bytes.
const HOLDER_BYTES: u64 = 200;

/// Held while a task is carried out. The system gives it back when the program dies, so that a box
/// that says `[-]` since then keeps nobody from starting the task again.
#[derive(Debug)]
pub(crate) struct TaskLock {
    file: File,
    path: PathBuf,
}

/// What came of asking for a lock.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It is held from here on.
    Here(TaskLock),
    /// Somebody else has it: who that is, in words.
    Elsewhere(String),
}

impl TaskLock {
    /// Takes the lock of a task of a project whose sessions are in `sessions`. Blocks shortly.
    ///
    /// # Errors
    /// The system's, where the file cannot be made, or where there are no locks.
    pub fn take(sessions: &Path, spec: &str, task: &TaskId) -> io::Result<Taken> {
        let path = path_of(sessions, spec, task);
        for _ in 0..TRIES {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let mut file = open_private(&path, &mut options)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Taken::Elsewhere(holder(&mut file))),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Who held it before takes the file away: a lock on that one keeps nobody out.
            if is_at(&file, &path) {
                file.set_len(0)?;
                write!(file, "{}", this_program())?;
                return Ok(Taken::Here(Self { file, path }));
            }
        }
        Ok(Taken::Elsewhere(UNKNOWN.to_owned()))
    }
}

impl Drop for TaskLock {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the file of a task's lock stays");
        }
        // Closing the file alone would not do: a program that is being started shares it until it
        // runs.
        if let Err(error) = self.file.unlock() {
            tracing::debug!(%error, "a task was not unlocked");
        }
    }
}

/// What the holder is called where it does not say.
const UNKNOWN: &str = "another program";

/// A file for each task: neither the spec's name nor the task's number is one for a file.
fn path_of(sessions: &Path, spec: &str, task: &TaskId) -> PathBuf {
    let digest = Sha256::digest(format!("{spec}\0{}", task.0));
    let name: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    sessions.join(FOLDER).join(format!("{name}.lock"))
}

fn this_program() -> String {
    let program = std::env::current_exe().ok();
    let name = program
        .as_deref()
        .and_then(Path::file_stem)
        .map_or_else(|| "Kiln".into(), |name| name.to_string_lossy());
    format!("{name} (process {})", std::process::id())
}

/// Who holds a lock, as it says itself. Where a locked file cannot be read, or nothing is written in
/// it yet, that is not known.
fn holder(file: &mut File) -> String {
    let mut said = Vec::new();
    if let Err(error) = file.take(HOLDER_BYTES).read_to_end(&mut said) {
        tracing::debug!(%error, "who holds a task's lock cannot be read");
    }
    let said = visible::line(String::from_utf8_lossy(&said).trim());
    if said.is_empty() {
        UNKNOWN.to_owned()
    } else if said == this_program() {
        "another window".to_owned()
    } else {
        said
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    // A file that is open cannot be replaced here.
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_locked_until_its_lock_is_dropped_and_no_other_task_is() {
        let folder = tempfile::tempdir().unwrap();
        let take = |task: &str| TaskLock::take(folder.path(), "demo", &task.into()).unwrap();
        let first = take("1.1");
        assert!(matches!(first, Taken::Here(_)));
        match take("1.1") {
            Taken::Elsewhere(who) => assert_eq!(who, "another window"),
            Taken::Here(_) => panic!("it was taken twice"),
        }
        assert!(matches!(take("1.2"), Taken::Here(_)));
        drop(first);
        assert!(matches!(take("1.1"), Taken::Here(_)));
        let left = std::fs::read_dir(folder.path().join(FOLDER)).unwrap();
        assert_eq!(left.count(), 0, "no file stays");
    }

    #[test]
    fn what_a_dead_program_left_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(folder.path(), "demo", &"1".into());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "a-program-with-a-long-name (process 1)").unwrap();
        let held = TaskLock::take(folder.path(), "demo", &"1".into()).unwrap();
        assert!(matches!(held, Taken::Here(_)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), this_program());
    }
}
