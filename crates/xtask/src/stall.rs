//! A test program that hangs: it is named, with where each of its threads stands, and ended, so that
//! the others still run. Without that, all that is left of it is a run that somebody stopped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long tests may print nothing. The slowest single one takes under two minutes on two cores, of
/// the long ones under half an hour.
pub fn patience(long: bool) -> Duration {
    Duration::from_secs(60 * if long { 60 } else { 8 })
}

/// What prints lines, and is asked whether it still does.
#[derive(Default)]
pub struct Watched {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: u64,
    ended: bool,
}

impl Watched {
    /// Another line came.
    pub fn line(&self) {
        self.state().lines += 1;
        self.changed.notify_all();
    }

    /// Nothing comes any more.
    pub fn end(&self) {
        self.state().ended = true;
        self.changed.notify_all();
    }

    /// Calls `stalled` each time that nothing comes for `patience`, until the end.
    pub fn watch(&self, patience: Duration, mut stalled: impl FnMut()) {
        let mut seen = self.state().lines;
        loop {
            let (state, waited) = self
                .changed
                .wait_timeout_while(self.state(), patience, |state| {
                    state.lines == seen && !state.ended
                })
                .unwrap_or_else(PoisonError::into_inner);
            if state.ended {
                return;
            }
            seen = state.lines;
            drop(state);
            if waited.timed_out() {
                stalled();
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells of the programs that a process started, and that lie in a folder, where their threads
/// stand after they printed nothing for so long, and ends them. Linux alone says which these are
/// (`/proc`).
pub fn tell_and_end(started_by: u32, folder: &Path, silent: Duration) {
    let minutes = silent.as_secs() / 60;
    let programs = children_in(Path::new("/proc"), started_by, folder);
    if programs.is_empty() {
        eprintln!(
            "the tests have printed nothing for {minutes} minutes, and which program hangs is not known"
        );
    }
    for (id, program) in programs {
        eprintln!(
            "{} has printed nothing for {minutes} minutes, and is ended. Its threads:",
            program.display()
        );
        let debugger = Command::new("gdb")
            .args(["-batch", "-ex", "thread apply all backtrace 40", "-p"])
            .arg(id.to_string())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !debugger.is_ok_and(|status| status.success()) {
            eprintln!("    gdb, which would show them, does not run here");
        }
        let ended = Command::new("kill")
            .args(["-ABRT", &id.to_string()])
            .status();
        if !ended.is_ok_and(|status| status.success()) {
            eprintln!("    process {id} could not be ended");
        }
    }
}

/// The processes that `parent` started whose programs lie in `folder`.
fn children_in(proc: &Path, parent: u32, folder: &Path) -> Vec<(u32, PathBuf)> {
    let Ok(processes) = std::fs::read_dir(proc) else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|process| {
            let id = process.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(process.path().join("stat")).ok()?;
            // proc(5): `pid (name) state ppid …`; the name may hold anything.
            let (_, behind_name) = stat.rsplit_once(')')?;
            let of: u32 = behind_name.split_whitespace().nth(1)?.parse().ok()?;
            let program = std::fs::read_link(process.path().join("exe")).ok()?;
            (of == parent && program.starts_with(folder)).then_some((id, program))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prints_no_more_is_noticed_and_what_ends_is_left() {
        let watched = Watched::default();
        watched.line();
        let mut stalls = 0;
        watched.watch(Duration::from_millis(1), || {
            stalls += 1;
            if stalls == 3 {
                watched.end();
            }
        });
        assert_eq!(stalls, 3);
        watched.watch(Duration::from_secs(600), || panic!("it ended"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_hangs_is_found_by_who_started_it() {
        let mut child = Command::new("sleep")
            .arg("600")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let proc = Path::new("/proc");
        let program = std::fs::read_link(proc.join(child.id().to_string()).join("exe")).unwrap();
        let me = std::process::id();
        let found = children_in(proc, me, program.parent().unwrap());
        assert!(found.contains(&(child.id(), program)), "{found:?}");
        assert_eq!(children_in(proc, me, Path::new("/nowhere")), []);
        assert_eq!(children_in(proc, child.id(), Path::new("/")), []);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
