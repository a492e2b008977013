//! A display for machines that have none: Xvfb.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Whether a window can open here.
pub fn is_there() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A running Xvfb; ends when dropped.
pub struct VirtualDisplay {
    server: Child,
    name: String,
}

impl VirtualDisplay {
    /// Starts one on a free display number.
    ///
    /// The Composite extension is off: with it, gpui takes a 32-bit visual, to which the
    /// software Vulkan driver presents nothing, and the window stays black.
    pub fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1000x24",
                "-extension",
                "Composite",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb does not start; it is in the package xvfb")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut number)?;
        }
        let display = Self {
            server,
            name: format!(":{}", number.trim()),
        };
        if number.trim().is_empty() {
            bail!("Xvfb ended before it had a display");
        }
        Ok(display)
    }

    /// Its name for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes what it shows to `path`, a PNG.
    pub fn photograph(&self, path: &Path) -> Result<()> {
        let status = Command::new("import")
            .args(["-display", &self.name, "-window", "root"])
            .arg(path)
            .status()
            .context("`import` does not start; it is in the package imagemagick")?;
        if !status.success() {
            bail!("`import` could not photograph the display ({status})");
        }
        Ok(())
    }
}

impl Drop for VirtualDisplay {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        if let Err(error) = self.server.kill().and_then(|()| self.server.wait()) {
            eprintln!("Xvfb did not end: {error}");
        }
    }
}
