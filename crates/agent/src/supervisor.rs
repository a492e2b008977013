//! The process that watches over one command: the program itself, started again with
//! [`ARGUMENT`].
//!
//! A command must not go on when the program is gone, however that ended. Nobody runs any code in a
//! program that is killed, so another process has to notice: its standard input is a pipe whose
//! other end only the program holds. When the pipe ends, the supervisor kills the command with all
//! that it started. It does the same with what a command leaves running when it ends by itself.
//!
//! Supervisor and command share a process group, so that the program reaches both even if the
//! command kills its supervisor. On Linux the supervisor also adopts what leaves the group
//! (`prctl(2)`, `PR_SET_CHILD_SUBREAPER`), and keeps the command out of the other processes of the
//! user. See `docs/adr/0007-supervised-commands.md`.

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, getpid, kill_process};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

/// The first argument of a supervisor; the shell and the command line follow.
const ARGUMENT: &str = "--supervise-command";
/// How long what was killed may take to be gone.
const CLEAR_UP: Duration = Duration::from_secs(2);
/// How long it takes until it is looked again for what is left.
const LOOK_AGAIN: Duration = Duration::from_millis(2);
/// The exit code of a shell whose command could not be started (POSIX, Shell Command Language
/// 2.8.2).
const NOT_STARTED: u8 = 127;
/// A command that a signal ended has this exit code with the signal's number added, as in a shell.
pub(crate) const SIGNAL_BASE: i32 = 128;

/// How to start a supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervisor {
    program: PathBuf,
}

impl Supervisor {
    /// The running program again. Its `main` has to call [`run_supervisor_if_requested`] first.
    ///
    /// # Errors
    /// The system does not say where the program is.
    pub fn current_executable() -> io::Result<Self> {
        // On Linux this is the running program even after another was put in its place.
        let program = if cfg!(target_os = "linux") {
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe()?
        };
        Ok(Self::at(program))
    }

    /// A program whose `main` calls [`run_supervisor_if_requested`].
    pub fn at(program: PathBuf) -> Self {
        Self { program }
    }

    /// The program and the arguments that run `command` in `shell` under supervision.
    pub(crate) fn invocation(&self, shell: &Path, command: &str) -> (PathBuf, [OsString; 3]) {
        let arguments = [ARGUMENT.into(), shell.into(), command.into()];
        (self.program.clone(), arguments)
    }
}

/// Turns this process into a supervisor if it was started as one, and returns its exit code when
/// the command is over. Call it first thing in `main`, before anything is printed.
#[must_use]
pub fn run_supervisor_if_requested() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    let (Some(shell), Some(command)) = (arguments.next(), arguments.next()) else {
        eprintln!("a supervisor needs a shell and a command");
        return Some(ExitCode::from(NOT_STARTED));
    };
    Some(match run(&shell, &command) {
        Ok(status) => exit_code(status),
        Err(error) => {
            eprintln!("the command cannot be watched over: {error}");
            ExitCode::from(NOT_STARTED)
        }
    })
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or_else(|| Some(SIGNAL_BASE + status.signal()?))
        .unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

fn run(shell: &OsString, command: &OsString) -> io::Result<ExitStatus> {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(getpid())) {
        tracing::debug!(%error, "what leaves the process group is not adopted");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = crate::command_domain::enter() {
        tracing::debug!(%error, "the command can look into the user's other processes");
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(watch(shell, command))
}

async fn watch(shell: &OsString, command: &OsString) -> io::Result<ExitStatus> {
    // Such a signal to the group is for the command. Its supervisor stays, to clear up.
    let mut ignored = [
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        signal(SignalKind::hangup())?,
    ];
    let stdin = io::stdin().as_fd().try_clone_to_owned()?;
    let mut program = pipe::Receiver::from_owned_fd(stdin)?;
    let mut child = Command::new(shell)
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .spawn()?;
    let [terminate, interrupt, hangup] = &mut ignored;
    let status = loop {
        tokio::select! {
            biased;
            status = child.wait() => break status?,
            () = end_of(&mut program) => {
                child.start_kill()?;
                break child.wait().await?;
            }
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    };
    if !end_descendants().await {
        // The last resort takes this process along.
        kill_own_group();
    }
    Ok(status)
}

/// Returns when the program that holds the other end is gone.
async fn end_of(program: &mut pipe::Receiver) {
    let mut byte = [0];
    // Nothing is ever sent.
    while let Ok(1..) = program.read(&mut byte).await {}
}

fn kill_own_group() {
    if let Err(error) = rustix::process::kill_current_process_group(Signal::KILL) {
        tracing::debug!(%error, "the process group was not killed");
    }
}

/// Kills all that this process has started or adopted. Says whether that is gone.
async fn end_descendants() -> bool {
    let deadline = Instant::now() + CLEAR_UP;
    loop {
        for process in descendants_of(getpid()) {
            // It may have ended by itself meanwhile.
            kill_process(process, Signal::KILL).ok();
        }
        loop {
            match rustix::process::wait(rustix::process::WaitOptions::NOHANG) {
                Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
                Ok(None) => break,
                // There is no child any more.
                Err(_) => return true,
            }
        }
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// The processes below `process`, its children before theirs.
#[cfg(target_os = "linux")]
fn descendants_of(process: Pid) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let all: Vec<(Pid, i32)> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name();
            let id = name.to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            Some((Pid::from_raw(id)?, parent_in(&stat)?))
        })
        .collect();
    let mut found = vec![process];
    let mut next = 0;
    while let Some(parent) = found.get(next).map(|parent| parent.as_raw_nonzero().get()) {
        found.extend(
            all.iter()
                .filter(|(_, of)| *of == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    found.split_off(1)
}

/// The parent in a line of `/proc/PID/stat` (`proc_pid_stat(5)`). The second field is the name in
/// parentheses, which may hold anything.
#[cfg(target_os = "linux")]
fn parent_in(stat: &str) -> Option<i32> {
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(1)?.parse().ok()
}

/// Not known here: the program kills the process group.
#[cfg(not(target_os = "linux"))]
fn descendants_of(_process: Pid) -> Vec<Pid> {
    Vec::new()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_process_does_not_hide_its_parent() {
        assert_eq!(parent_in("12 (sh) S 7 12 1 0"), Some(7));
        assert_eq!(parent_in("12 (a) S 1 (b) R 7 12"), Some(7));
        assert_eq!(parent_in("12 (a"), None);
    }

    #[test]
    fn a_childs_child_is_a_descendant() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 1000 & echo started; read line; kill $!"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut started = [0; 8];
        io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut started).unwrap();
        let child_id = Pid::from_child(&child);
        let of_child = descendants_of(child_id);
        assert_eq!(of_child.len(), 1, "{of_child:?}");
        let all = descendants_of(getpid());
        assert!(
            all.contains(&child_id) && all.contains(&of_child[0]),
            "{all:?}"
        );
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(descendants_of(child_id), []);
    }
}
