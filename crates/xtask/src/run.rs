//! `cargo xtask run`: from a clone to a window.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::display::{self, VirtualDisplay};
use crate::{disk_space, embedded_model, packages, process, target_folder};

/// How long the first frame may take. A debug build on a software GPU needs some seconds.
const FIRST_FRAME: Duration = Duration::from_secs(120);
/// What the window may still load after its first frame before it is photographed.
const SETTLE: Duration = Duration::from_secs(3);

/// What to open, and how.
pub struct Options {
    /// The folder; the example project when there is none.
    pub folder: Option<PathBuf>,
    /// Download the embedded model without a question.
    pub yes: bool,
    /// Build with optimisations.
    pub release: bool,
    /// Where the picture goes on a machine without a display.
    pub screenshot: Option<PathBuf>,
}

/// Installs, builds, offers the model, opens the window.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    let folder = match &options.folder {
        Some(folder) => folder
            .canonicalize()
            .with_context(|| format!("there is no folder {}", folder.display()))?,
        None => copy_example(root)?,
    };
    packages::ensure()?;
    disk_space::ensure(&target_folder(root), disk_space::PROGRAMS)?;
    let mut build = process::cargo(root);
    build.args(["build", "-p", "kiln", "-p", "kiln_cli"]);
    if options.release {
        build.arg("--release");
    }
    process::run(&mut build)?;
    let binaries = target_folder(root).join(if options.release { "release" } else { "debug" });
    offer_model(root, &binaries, options.yes)?;
    eprintln!("Opening {}", folder.display());
    let mut kiln = Command::new(binaries.join("kiln"));
    kiln.arg(&folder);
    if display::is_there() {
        process::run(&mut kiln)
    } else {
        let picture = options
            .screenshot
            .clone()
            .unwrap_or_else(|| target_folder(root).join("kiln.png"));
        photograph(kiln, &picture)
    }
}

/// The example project in a folder of its own, so that trying things out changes nothing here.
fn copy_example(root: &Path) -> Result<PathBuf> {
    let folder = std::env::temp_dir()
        .join(format!("kiln-example-{}", std::process::id()))
        .join("todo-service");
    copy(&root.join("assets/example"), &folder)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

fn offer_model(root: &Path, binaries: &Path, yes: bool) -> Result<()> {
    let models = embedded_model::catalogue(root)?;
    if models.iter().any(embedded_model::Model::is_installed) {
        return Ok(());
    }
    let Some(model) = embedded_model::recommended(&models) else {
        return Ok(());
    };
    if embedded_model::ask(
        model,
        yes,
        "so that the chat answers without a key or a server",
    )? {
        // A failed download is no reason not to open the window.
        if let Err(error) = process::run(
            Command::new(binaries.join("kiln-cli")).args(["model", "pull", &model.id, "--yes"]),
        ) {
            eprintln!("{error:#}; going on without the embedded model");
        }
    } else {
        eprintln!(
            "Going on without the embedded model. To get it: `kiln-cli model pull {}` ({}), \
             `cargo xtask run --yes`, or Kiln's welcome page.",
            model.id,
            model.size()
        );
    }
    Ok(())
}

/// Opens the window on a virtual display, waits for its first frame and takes a picture.
fn photograph(mut kiln: Command, picture: &Path) -> Result<()> {
    eprintln!("There is no display here: opening the window under Xvfb for a picture.");
    let display = VirtualDisplay::start()?;
    let runtime = private_folder()?;
    let ready = runtime.join("ready");
    let home = photo_home(&runtime)?;
    let mut window = kiln
        .env("DISPLAY", display.name())
        .env_remove("WAYLAND_DISPLAY")
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("KILN_HOME", &home)
        .env("KILN_READY_FILE", &ready)
        .spawn()
        .context("kiln does not start")?;
    let start = Instant::now();
    let result = loop {
        if let Some(status) = window.try_wait()? {
            break Err(anyhow::anyhow!(
                "kiln ended before its first frame ({status})"
            ));
        }
        if ready.exists() {
            thread::sleep(SETTLE);
            if let Some(parent) = picture.parent() {
                fs::create_dir_all(parent)?;
            }
            break display.photograph(picture);
        }
        if start.elapsed() > FIRST_FRAME {
            break Err(anyhow::anyhow!(
                "kiln drew nothing within {} seconds",
                FIRST_FRAME.as_secs()
            ));
        }
        thread::sleep(Duration::from_millis(100));
    };
    if window.try_wait()?.is_none() {
        window.kill()?;
        window.wait()?;
    }
    fs::remove_dir_all(&runtime).with_context(|| runtime.display().to_string())?;
    result?;
    println!("The window's picture: {}", picture.display());
    Ok(())
}

/// A home for the picture: nobody is there to click through the first steps, so that they are
/// marked as done; the person's own models are there, and nothing else of theirs is touched.
fn photo_home(runtime: &Path) -> Result<PathBuf> {
    let home = runtime.join("home");
    for folder in ["state", "data"] {
        fs::create_dir_all(home.join(folder))?;
    }
    fs::write(home.join("state/onboarded"), "")?;
    #[cfg(unix)]
    if let Some(models) = embedded_model::models_folder().filter(|models| models.is_dir()) {
        std::os::unix::fs::symlink(models, home.join("data/models"))?;
    }
    Ok(home)
}

/// A folder that only this user can enter, as `XDG_RUNTIME_DIR` has to be (XDG base directory
/// specification).
fn private_folder() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("kiln-runtime-{}", std::process::id()));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    match builder.create(&folder) {
        Ok(()) => Ok(folder),
        Err(error) => bail!("{}: {error}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_copied_with_its_hidden_folders() {
        let base = std::env::temp_dir().join(format!("kiln-xtask-test-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to"));
        fs::create_dir_all(from.join(".kiro/specs")).unwrap();
        fs::write(from.join(".kiro/specs/tasks.md"), "- [ ] 1. x").unwrap();
        fs::write(from.join("main.py"), "pass").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(
            fs::read_to_string(to.join(".kiro/specs/tasks.md")).unwrap(),
            "- [ ] 1. x"
        );
        assert_eq!(fs::read_to_string(to.join("main.py")).unwrap(), "pass");
        fs::remove_dir_all(base).unwrap();
    }
}
