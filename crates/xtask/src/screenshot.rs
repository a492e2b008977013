//! `cargo xtask screenshot`: pixels of the real workbench without a display.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{packages, process};

/// What to draw.
#[derive(Args)]
pub struct Options {
    /// The project folder to show
    #[arg(long)]
    folder: PathBuf,
    /// The picture to write, a PNG
    #[arg(long)]
    out: PathBuf,
    /// What the window shows
    #[arg(long, value_enum, default_value_t = Scene::Editor)]
    scene: Scene,
    /// Its colours
    #[arg(long, value_enum, default_value_t = Theme::Dark)]
    theme: Theme,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scene {
    Editor,
    Chat,
    Spec,
    Onboarding,
}

#[derive(Clone, Copy, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

/// Builds and runs the program that draws.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    packages::ensure()?;
    let here = std::env::current_dir()?;
    process::run(
        process::cargo(root)
            .args([
                "run",
                "--quiet",
                "-p",
                "ui_tests",
                "--bin",
                "screenshot",
                "--",
                "--folder",
            ])
            .arg(here.join(&options.folder))
            .arg("--out")
            .arg(here.join(&options.out))
            .args([
                "--scene",
                &name(options.scene),
                "--theme",
                &name(options.theme),
            ]),
    )
}

fn name(value: impl ValueEnum) -> String {
    value
        .to_possible_value()
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}
