//! Programs that others wrote, to measure beside.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::clock;

/// Whether a program is on the path.
#[must_use]
pub fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a run of a program took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Milliseconds on the wall, from its start to its end.
    pub wall: f64,
    /// The most memory it held at once, in MB (10⁶ bytes).
    pub peak: f64,
}

/// Runs a command to its end; returns its output and the milliseconds that it took.
///
/// # Errors
/// The program is missing or fails.
pub fn run(command: &mut Command) -> Result<(Output, f64)> {
    let (output, wall) = clock::wall(|| command.stdin(Stdio::null()).output());
    let output = output.with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!(
            "{command:?} ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok((output, wall))
}

/// Neovim without configuration opens a file, says what memory it holds, and closes again.
///
/// # Errors
/// Neovim is missing or fails.
pub fn neovim_opens(path: &Path) -> Result<Usage> {
    let own_status = r#"lua io.stderr:write(io.open("/proc/self/status"):read("*a"))"#;
    let (output, wall) = run(Command::new("nvim")
        .args(["--headless", "--clean"])
        .arg(path)
        .args(["-c", own_status, "-c", "qa!"]))?;
    let peak = peak_in(&String::from_utf8_lossy(&output.stderr))
        .context("Neovim did not say what memory it holds")?;
    Ok(Usage { wall, peak })
}

/// The most memory that this process has held so far, in MB; `None` where the system does not
/// tell (elsewhere than on Linux).
#[must_use]
pub fn own_peak() -> Option<f64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmHWM` of a `/proc/PID/status`, proc(5), in MB.
fn peak_in(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_megabytes() {
        assert_eq!(peak_in("Name:\tx\nVmHWM:\t  1000 kB\n"), Some(1.024));
        assert_eq!(peak_in("Name:\tx\n"), None);
    }
}
