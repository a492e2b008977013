//! Draws the real workbench offscreen and writes the picture: the program
//! behind `cargo xtask screenshot`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use ui_tests::scene::{Scene, SceneTheme, draw};

#[derive(Parser)]
#[command(about = "Draws a scene of the workbench without a display")]
struct Arguments {
    /// The project folder to show
    #[arg(long)]
    folder: PathBuf,
    /// The picture to write, a PNG
    #[arg(long)]
    out: PathBuf,
    /// What the window shows
    #[arg(long, value_enum, default_value = "editor")]
    scene: Scene,
    /// Its colours
    #[arg(long, value_enum, default_value = "dark")]
    theme: SceneTheme,
}

fn main() -> ExitCode {
    match write(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("screenshot: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(arguments: &Arguments) -> Result<()> {
    let folder = arguments
        .folder
        .canonicalize()
        .with_context(|| format!("cannot show the folder {}", arguments.folder.display()))?;
    let picture = draw(arguments.scene, &folder, arguments.theme)?;
    if let Some(parent) = arguments.out.parent() {
        std::fs::create_dir_all(parent)?;
    }
    picture
        .save(&arguments.out)
        .with_context(|| format!("writing {}", arguments.out.display()))?;
    println!("{}", arguments.out.display());
    Ok(())
}
