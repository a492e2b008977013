//! Running a command in the project folder.
//!
//! There is no sandbox yet, so every command line is asked about unless the
//! user trusts the tool. A command gets no standard input, an environment
//! without secrets, a process group of its own that is killed when it is
//! cancelled or takes too long, and a bound on what it prints.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, timeout_at};

use super::{Output, ToolContext, arguments, schema};
use crate::config::AgentLimits;
use crate::output_stream::OutputStream;
use crate::supervisor::SIGNAL_BASE;
use crate::visible;

/// The longest command line, in bytes.
const MAX_COMMAND_BYTES: usize = 32 << 10;
/// How long a command has to end after it was asked to.
const TERMINATE_GRACE: Duration = Duration::from_millis(500);
/// How long a supervisor has to kill a command and all that it started.
const SUPERVISOR_GRACE: Duration = Duration::from_secs(3);
/// How long output is waited for after the command itself has ended (a child
/// in the background may hold it open).
const OUTPUT_GRACE: Duration = Duration::from_millis(300);
/// How much of the output is read at once, in bytes.
const READ_BYTES: usize = 16 << 10;

pub(super) fn describe() -> (&'static str, &'static str, Value) {
    (
        "Run a bash command in the project folder and get what it prints and its exit code. It has no standard input, and what it leaves running ends with it. Use it to build, test and inspect; change files with the other tools.",
        "Run a bash command in the project folder.",
        schema(
            json!({
                "command": {"type": "string", "description": "The command line"},
                "timeout_seconds": {"type": "integer", "description": "How long it may run; 120 unless given"},
            }),
            &["command"],
        ),
    )
}

/// The command line and how long it may run.
pub(super) fn plan(call: &Value, limits: &AgentLimits) -> Result<(String, Duration), String> {
    let command = arguments::text(call, &["command", "cmd"])?;
    if command.trim().is_empty() {
        return Err("The command is empty".to_owned());
    }
    if command.len() > MAX_COMMAND_BYTES || command.contains('\0') {
        return Err("The command is too long or holds a NUL character".to_owned());
    }
    let timeout = arguments::number(call, "timeout_seconds")?
        .filter(|seconds| *seconds > 0)
        .map_or(limits.command_timeout, Duration::from_secs)
        .min(limits.longest_command_timeout);
    Ok((command, timeout))
}

/// What is unusual about a command line, for the one who is asked.
pub(super) fn warning(command: &str) -> Option<String> {
    let mut found = Vec::new();
    if command
        .chars()
        .any(|c| c != '\n' && c != '\t' && text_safety::deceives(c))
    {
        found.push("it holds hidden characters, shown here in place of what they hide");
    }
    if command.trim_end().contains('\n') {
        found.push("it has several lines");
    }
    if command.contains("                    ") || command.contains("\t\t\t\t") {
        found.push("it holds a long run of blanks; look to its end");
    }
    if command
        .chars()
        .any(|c| c.is_alphabetic() && !c.is_ascii() && looks_like_ascii(c))
    {
        found.push("it holds letters of another alphabet that look like Latin ones");
    }
    (!found.is_empty()).then(|| format!("Look closely: {}", found.join("; ")))
}

/// Letters of the Greek, Cyrillic, Cherokee and full-width blocks, which look
/// like Latin ones.
fn looks_like_ascii(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}' | '\u{ff21}'..='\u{ff5a}')
}

/// How a command ended.
enum End {
    Exited(std::process::ExitStatus),
    TimedOut,
    Cancelled,
}

/// Runs a command line that was allowed; `stream` has what it prints meanwhile.
pub(super) async fn run(
    command: &str,
    timeout: Duration,
    stream: OutputStream,
    context: &ToolContext<'_>,
) -> Output {
    match execute(command, timeout, stream, context).await {
        Ok(output) => output,
        Err(error) => Output::error(format!("The command could not be started: {error}")),
    }
}

async fn execute(
    command: &str,
    timeout: Duration,
    mut stream: OutputStream,
    context: &ToolContext<'_>,
) -> io::Result<Output> {
    let (reader, writer) = io::pipe()?;
    let shell = shell()?;
    let mut builder = match context.supervisor {
        Some(supervisor) => {
            let (program, arguments) = supervisor.invocation(shell, command);
            let mut builder = Command::new(program);
            // The end of this pipe tells the supervisor that the program is gone.
            builder.args(arguments).stdin(Stdio::piped());
            builder
        }
        None => {
            let mut builder = Command::new(shell);
            builder.arg("-c").arg(command).stdin(Stdio::null());
            builder
        }
    };
    builder
        .current_dir(context.folder.root())
        .env_clear()
        .envs(clean_environment(
            std::env::vars_os(),
            context.folder.root(),
        ))
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(0);
    let child = builder.spawn()?;
    // The builder holds the writing end; without it the reader sees the end.
    drop(builder);
    let mut group = ProcessGroup::new(child);
    let mut reader = pipe::Receiver::from_owned_fd(reader.into())?;
    let mut buffer = vec![0; READ_BYTES];
    let mut open = true;
    let started = Instant::now();
    let deadline = started + timeout;
    let end = loop {
        tokio::select! {
            biased;
            () = context.cancel.cancelled() => break End::Cancelled,
            status = group.child.wait() => break End::Exited(status?),
            () = tokio::time::sleep_until(deadline) => break End::TimedOut,
            () = stream.until_due() => stream.hand_on(),
            read = reader.read(&mut buffer), if open => match read? {
                0 => open = false,
                length => stream.push(&buffer[..length]),
            }
        }
    };
    if !matches!(end, End::Exited(_)) {
        group.terminate().await;
    }
    group.end().await;
    // What was printed before the end may still be in the pipe.
    if let Ok(read) = timeout_at(
        Instant::now() + OUTPUT_GRACE,
        read_all(&mut reader, &mut stream),
    )
    .await
    {
        read?;
    }
    let elapsed = started.elapsed();
    Ok(report(end, timeout, elapsed, &stream.finish().await))
}

fn report(end: End, timeout: Duration, elapsed: Duration, printed: &str) -> Output {
    let text = visible::terminal(printed);
    let text = text.trim_end();
    let text = if text.is_empty() {
        "(it printed nothing)"
    } else {
        text
    };
    match end {
        End::Exited(status) if status.success() => Output::success(
            format!("Done in {:.1} s", elapsed.as_secs_f64()),
            format!("{text}\n[exit code 0]"),
        ),
        End::Exited(status) => {
            // A supervisor says it as a shell does.
            let how = match status.code() {
                Some(code @ 129..=192) => {
                    format!("exit code {code}, as of signal {}", code - SIGNAL_BASE)
                }
                Some(code) => format!("exit code {code}"),
                None => "ended by a signal".to_owned(),
            };
            Output::failure(format!("Failed: {how}"), format!("{text}\n[{how}]"))
        }
        End::TimedOut => Output::failure(
            format!("Stopped after {} s", timeout.as_secs()),
            format!(
                "{text}\n[stopped after {} s; give timeout_seconds for a longer command]",
                timeout.as_secs()
            ),
        ),
        End::Cancelled => Output::failure(
            "Stopped by the user",
            format!("{text}\n[stopped by the user]"),
        ),
    }
}

/// Reads what is left.
async fn read_all(reader: &mut pipe::Receiver, stream: &mut OutputStream) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match reader.read(&mut buffer).await? {
            0 => return Ok(()),
            length => stream.push(&buffer[..length]),
        }
    }
}

/// A command with everything it started. Dropping it kills them all.
struct ProcessGroup {
    /// The supervisor, or the shell where there is none.
    child: Child,
    id: Option<rustix::process::Pid>,
    /// A supervisor kills the command when this is closed.
    control: Option<ChildStdin>,
}

impl ProcessGroup {
    fn new(mut child: Child) -> Self {
        let id = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(rustix::process::Pid::from_raw);
        let control = child.stdin.take();
        Self { child, id, control }
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let Some(id) = self.id else { return };
        if let Err(error) = rustix::process::kill_process_group(id, signal) {
            tracing::trace!(%error, "no process of the command is left");
        }
    }

    /// Asks all of them to end and waits a moment.
    async fn terminate(&mut self) {
        self.signal(rustix::process::Signal::TERM);
        if timeout_at(Instant::now() + TERMINATE_GRACE, self.child.wait())
            .await
            .is_err()
        {
            tracing::debug!("a command ignored the request to end");
        }
    }

    /// Kills what is left: its supervisor does, which reaches what has left the group, too.
    async fn end(&mut self) {
        if self.control.take().is_some()
            && timeout_at(Instant::now() + SUPERVISOR_GRACE, self.child.wait())
                .await
                .is_err()
        {
            tracing::warn!("the supervisor of a command does not end");
        }
        self.kill();
    }

    fn kill(&self) {
        self.signal(rustix::process::Signal::KILL);
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let watched = self.control.take().is_some() && matches!(self.child.try_wait(), Ok(None));
        // A supervisor that lives does it, and must not be killed before.
        if !watched {
            self.kill();
        }
    }
}

/// The shell, from the system and never from the project.
fn shell() -> io::Result<&'static Path> {
    [
        "/bin/bash",
        "/usr/bin/bash",
        "/usr/local/bin/bash",
        "/bin/sh",
    ]
    .iter()
    .map(Path::new)
    .find(|path| path.exists())
    .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no bash on this system"))
}

/// Variables that a command gets where they are set.
const KEPT_VARIABLES: &[&str] = &[
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "SHELL",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "CARGO_HOME",
    "CARGO_TARGET_DIR",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "GOPATH",
    "GOROOT",
    "GOCACHE",
    "GOMODCACHE",
    "GOPROXY",
    "GOFLAGS",
    "JAVA_HOME",
    "MAVEN_HOME",
    "GRADLE_USER_HOME",
    "ANDROID_HOME",
    "NVM_DIR",
    "NODE_PATH",
    "NPM_CONFIG_PREFIX",
    "NPM_CONFIG_CACHE",
    "PNPM_HOME",
    "BUN_INSTALL",
    "DENO_DIR",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYENV_ROOT",
    "PYTHONPATH",
    "PIP_CACHE_DIR",
    "UV_CACHE_DIR",
    "RBENV_ROOT",
    "GEM_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "CC",
    "CXX",
    "PKG_CONFIG_PATH",
];

/// A command's environment: known harmless variables alone, so that no key of
/// the user's reaches it, and a PATH without relative entries and entries in
/// the project. A proxy's address that holds a user name or a password is left out.
fn clean_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
    root: &Path,
) -> Vec<(OsString, OsString)> {
    let mut kept: Vec<(OsString, OsString)> = Vec::new();
    for (name, value) in variables {
        let Some(known) = name.to_str() else { continue };
        if known == "PATH" {
            let entries: Vec<PathBuf> = std::env::split_paths(&value)
                .filter(|entry| entry.is_absolute() && !entry.starts_with(root))
                .collect();
            if let Ok(path) = std::env::join_paths(entries) {
                kept.push((name, path));
            }
        } else if known.to_ascii_lowercase().ends_with("_proxy") && KEPT_VARIABLES.contains(&known)
        {
            if !value.to_string_lossy().contains('@') {
                kept.push((name, value));
            }
        } else if KEPT_VARIABLES.contains(&known) || known.starts_with("LC_") {
            kept.push((name, value));
        }
    }
    for (name, value) in [
        ("TERM", "dumb"),
        ("PAGER", "cat"),
        ("GIT_PAGER", "cat"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("NO_COLOR", "1"),
        ("CARGO_TERM_COLOR", "never"),
        // What goes to a pipe is held back otherwise, and not seen while it runs.
        ("PYTHONUNBUFFERED", "1"),
    ] {
        kept.push((name.into(), value.into()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_holds_no_secrets_and_no_programs_of_the_project() {
        let variables = [
            ("PATH", "/usr/bin:.:/project/bin:bin:/bin"),
            ("HOME", "/home/ada"),
            ("OPENAI_API_KEY", "sk-canary"),
            ("GITHUB_TOKEN", "canary"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
            ("BASH_ENV", "/tmp/canary"),
            ("LD_PRELOAD", "canary.so"),
            ("PROMPT_COMMAND", "canary"),
            ("LC_ALL", "C.UTF-8"),
            ("HTTPS_PROXY", "http://user:canary@proxy"),
            ("http_proxy", "http://proxy"),
        ]
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let kept = clean_environment(variables.into_iter(), Path::new("/project"));
        assert!(!format!("{kept:?}").contains("canary"), "{kept:?}");
        let value = |name: &str| {
            kept.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.to_str().unwrap())
        };
        assert_eq!(value("PATH"), Some("/usr/bin:/bin"));
        assert_eq!(value("HOME"), Some("/home/ada"));
        assert_eq!(value("http_proxy"), Some("http://proxy"));
        assert_eq!(value("LC_ALL"), Some("C.UTF-8"));
    }

    #[test]
    fn what_hides_in_a_command_is_pointed_out() {
        assert_eq!(warning("cargo test --all"), None);
        assert_eq!(warning("echo grüße"), None);
        assert!(warning("ls\u{202e}").unwrap().contains("hidden"));
        assert!(warning("ls\u{1b}[8m").unwrap().contains("hidden"));
        assert!(warning("ls\rrm").unwrap().contains("hidden"));
        assert!(warning("ls\nrm -rf ~").unwrap().contains("several lines"));
        let padded = format!("ls{}; rm -rf ~", " ".repeat(200));
        assert!(warning(&padded).unwrap().contains("blanks"));
        assert!(
            warning("сurl x").unwrap().contains("alphabet"),
            "a Cyrillic с"
        );
    }

    #[test]
    fn the_timeout_is_bounded() {
        let limits = AgentLimits::default();
        let seconds = |value: Value| {
            plan(&json!({"command": "x", "timeout_seconds": value}), &limits)
                .unwrap()
                .1
                .as_secs()
        };
        assert_eq!(seconds(json!(5)), 5);
        assert_eq!(seconds(json!(0)), 120);
        assert_eq!(seconds(json!(999_999)), 900);
        assert!(plan(&json!({"command": " "}), &limits).is_err());
    }
}
