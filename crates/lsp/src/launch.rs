//! Starting a server as a process of its own.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How often a process that should end is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Starts a server, each time that it is to run.
pub trait Launch: Send + Sync {
    /// Starts it.
    ///
    /// # Errors
    /// As the system reports.
    fn launch(&self) -> io::Result<Launched>;
}

/// A server that was started.
pub struct Launched {
    /// What it says.
    pub output: Box<dyn Read + Send>,
    /// What is said to it.
    pub input: Box<dyn Write + Send>,
    /// What it says outside the protocol.
    pub errors: Option<Box<dyn Read + Send>>,
    /// The process.
    pub process: Arc<dyn Running>,
}

/// A process that runs, or did.
pub trait Running: Send + Sync {
    /// Ends it at once, with what it started. Nothing happens where it has ended.
    fn kill(&self);
    /// Waits until it has ended, for so long at most; how it ended, `None` where it runs on.
    fn ended_within(&self, wait: Duration) -> Option<Ended>;
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code.
    Exited(i32),
    /// Otherwise, in words.
    Otherwise(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(out, "exit status: {code}"),
            Self::Otherwise(how) => out.write_str(how),
        }
    }
}

/// A program of the user's that is started in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerProgram {
    /// The program, absolute.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// The project's folder, into which its `PATH` does not lead.
    pub project: PathBuf,
    /// Variables that it gets besides, such as where the packages lie that it is part of.
    pub variables: Vec<(OsString, OsString)>,
}

impl Launch for ServerProgram {
    fn launch(&self) -> io::Result<Launched> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(environment(std::env::vars_os(), &self.project))
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let errors = child.stderr.take();
        let process = Process::new(child);
        let (Some(input), Some(output)) = pipes else {
            return Err(io::Error::other("it has no input and output"));
        };
        Ok(Launched {
            output: Box::new(output),
            input: Box::new(input),
            errors: errors.map(|errors| Box::new(errors) as Box<dyn Read + Send>),
            process: Arc::new(process),
        })
    }
}

/// A server's process. It is waited for when this is dropped and not before, so that until then its
/// number, which is that of its group too, is no other's: also after it has ended and while what it
/// started goes on.
struct Process {
    child: Mutex<Child>,
    #[cfg(unix)]
    watch: Option<GroupWatch>,
}

impl Process {
    fn new(child: Child) -> Self {
        Self {
            #[cfg(unix)]
            watch: GroupWatch::start(child.id())
                .inspect_err(|error| tracing::warn!("a language server may outlive Kiln: {error}"))
                .ok(),
            child: Mutex::new(child),
        }
    }

    #[cfg(unix)]
    fn end_group(child: &mut Child) {
        if let Some(group) = pid(child) {
            // Nobody of it may be there any more.
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
    }

    #[cfg(not(unix))]
    fn end_group(child: &mut Child) {
        // It may have ended.
        child.kill().ok();
    }

    /// How it ended, where it has.
    #[cfg(unix)]
    fn status(child: &mut Child) -> Option<Ended> {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(pid(child)?), options) {
            Ok(status) => {
                let status = status?;
                let how = match (status.exit_status(), status.terminating_signal()) {
                    (Some(code), _) => return Some(Ended::Exited(code)),
                    (None, Some(signal)) => format!("signal: {signal}"),
                    (None, None) => "ended".to_owned(),
                };
                Some(Ended::Otherwise(how))
            }
            Err(error) => Some(Ended::Otherwise(error.to_string())),
        }
    }

    #[cfg(not(unix))]
    fn status(child: &mut Child) -> Option<Ended> {
        match child.try_wait() {
            Ok(status) => status.map(|status| match status.code() {
                Some(code) => Ended::Exited(code),
                None => Ended::Otherwise(status.to_string()),
            }),
            Err(error) => Some(Ended::Otherwise(error.to_string())),
        }
    }
}

#[cfg(unix)]
fn pid(child: &Child) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(child.id()).ok()?)
}

impl Running for Process {
    fn kill(&self) {
        Self::end_group(&mut self.child.lock());
    }

    fn ended_within(&self, wait: Duration) -> Option<Ended> {
        let until = Instant::now() + wait;
        loop {
            let status = Self::status(&mut self.child.lock());
            if status.is_some() || Instant::now() >= until {
                return status;
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let child = self.child.get_mut();
        Self::end_group(child);
        // Its number must be no other's while it may be killed by it.
        #[cfg(unix)]
        drop(self.watch.take());
        // It is reaped; it was killed.
        child.wait().ok();
    }
}

/// Kills a process group when Kiln is gone, however that ended: nobody runs any code in a program
/// that is killed. A shell waits for the end of a pipe that only Kiln holds.
#[cfg(unix)]
struct GroupWatch(Child);

#[cfg(unix)]
impl GroupWatch {
    fn start(group: u32) -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "read -r _; kill -s KILL -- \"-$1\"", "sh"])
            .arg(group.to_string())
            .current_dir("/")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // A signal to Kiln's group is not for it.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().map(Self)
    }
}

#[cfg(unix)]
impl Drop for GroupWatch {
    fn drop(&mut self) {
        // It is killed before its pipe ends, and reaped. It may have been killed by another.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What a server gets of the environment: all but what has the name of a secret, with a `PATH` that
/// leads into no project.
pub(crate) fn environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
    project: &Path,
) -> Vec<(OsString, OsString)> {
    let project_real = real(project);
    const SECRETS: [&str; 6] = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];
    variables
        .filter(|(name, _)| {
            let name = name.to_string_lossy().to_uppercase();
            !SECRETS.iter().any(|secret| name.contains(secret))
        })
        .filter_map(|(name, value)| {
            if name != "PATH" {
                return Some((name, value));
            }
            let entries = std::env::split_paths(&value);
            let outside = entries.filter(|entry| is_outside(entry, project, &project_real));
            let joined = std::env::join_paths(outside).unwrap_or_default();
            // Some programs take an empty one for the folder that they run in.
            (!joined.is_empty()).then_some((name, joined))
        })
        .collect()
}

/// Whether an entry of `PATH` is to be looked at: it is absolute, and neither it nor where it leads
/// to lies in the project, by its name or by where that leads to.
fn is_outside(entry: &Path, project: &Path, project_real: &Path) -> bool {
    entry.is_absolute() && !entry.starts_with(project) && !real(entry).starts_with(project_real)
}

/// Where a path leads to; the path itself where that is not known.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The program of a name on `PATH`. What lies in the project, also through a link, is not taken.
pub fn find_program(name: &str, path: &std::ffi::OsStr, project: &Path) -> Option<PathBuf> {
    if name.is_empty() || Path::new(name).components().count() != 1 {
        return None;
    }
    let project_real = project.canonicalize().ok()?;
    std::env::split_paths(path)
        .filter(|entry| is_outside(entry, project, &project_real))
        .map(|entry| entry.join(name))
        .find(|file| {
            let outside = file
                .canonicalize()
                .is_ok_and(|real| !real.starts_with(&project_real));
            outside && is_executable(file)
        })
}

/// The program of a name on `PATH`, as [`find_program`] finds it, or the one whose file is named by an
/// absolute path outside of the project.
pub fn find_program_or_file(name: &str, path: &std::ffi::OsStr, project: &Path) -> Option<PathBuf> {
    let file = Path::new(name);
    if !file.is_absolute() {
        return find_program(name, path, project);
    }
    let inside = real(file).starts_with(real(project)) || file.starts_with(project);
    (!inside && is_executable(file)).then(|| file.to_path_buf())
}

#[cfg(unix)]
pub(crate) fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata();
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn program(folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    #[test]
    fn a_program_is_never_taken_from_the_project() {
        let scratch = tempfile::tempdir().unwrap();
        let project = scratch.path().join("project");
        let trap = program(&project.join("bin"), "srv");
        let (linked, outside) = (scratch.path().join("linked"), scratch.path().join("good"));
        std::fs::create_dir(&linked).unwrap();
        symlink(&trap, linked.join("srv")).unwrap();
        symlink(project.join("bin"), scratch.path().join("folder")).unwrap();
        let find = |entries: &[&Path], name: &str| {
            let path = std::env::join_paths(entries).unwrap();
            find_program(name, &path, &project)
        };
        let bin = project.join("bin");
        let folder = scratch.path().join("folder");
        let traps: [&Path; 5] = [&bin, &linked, &folder, Path::new("."), Path::new("bin")];
        assert_eq!(find(&traps, "srv"), None);
        let good = program(&outside, "srv");
        let mut entries = traps.to_vec();
        entries.push(&outside);
        assert_eq!(find(&entries, "srv"), Some(good));
        for name in ["", "../project/bin/srv", "/bin/sh", "none"] {
            assert_eq!(find(&entries, name), None, "{name}");
        }
        std::fs::write(outside.join("data"), "").unwrap();
        assert_eq!(find(&entries, "data"), None, "not executable");
    }

    #[test]
    fn a_server_gets_no_secret_and_no_path_into_the_project() {
        let variables = [
            ("PATH", "/usr/bin:/project/bin:."),
            ("HOME", "/home/ada"),
            ("OPENAI_API_KEY", "sk"),
            ("GH_TOKEN", "x"),
            ("db_password", "x"),
        ];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let kept = environment(variables.into_iter(), Path::new("/project"));
        let wanted = [("PATH", "/usr/bin"), ("HOME", "/home/ada")];
        assert_eq!(
            kept,
            wanted.map(|(name, value)| (name.into(), value.into()))
        );
    }
}
