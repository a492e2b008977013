//! The desktop program: it wires the crates together and holds no logic of its own.
//!
//! [`init`] registers everything once; [`open_window`] opens a window. The tests and the
//! screenshot program use the same two, so that what they see is the program.

pub mod arguments;
pub mod display;
mod earlier;
mod model_setup;
mod models;
mod project;
mod shell;

pub use earlier::{Earlier, last_folder};
pub use project::project_of;
pub use shell::Shell;

use fs::{KilnPaths, RealFs};
use gpui_kit::component::TitleBar;
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Bounds, Entity, WindowBounds, WindowOptions, point, px,
    size,
};
use settings::Appearance;
use std::path::PathBuf;
use std::sync::Arc;
use ui::{OpenTarget, ThemeStore};
use workbench::LayoutStore;

/// How the program is started.
#[derive(Clone)]
pub struct LaunchOptions {
    /// The project folder, absolute. None shows the welcome page.
    pub folder: Option<PathBuf>,
    /// What to open in it.
    pub open: Vec<OpenTarget>,
    /// Kiln's own folders.
    pub paths: KilnPaths,
    /// Where the agent and the network run.
    pub runtime: tokio::runtime::Handle,
    /// Stands in for the system's light or dark; for tests and pictures.
    pub appearance: Option<Appearance>,
    /// Shows the first steps even where they were taken before.
    pub onboarding: bool,
    /// What watches over the agent's commands, as in [`agent::AgentConfig::supervisor`].
    pub supervisor: Option<agent::Supervisor>,
}

/// Registers commands, openers, themes and keys. Call once, before a window opens.
///
/// # Errors
/// None at present; a failure of a part is told in the window.
pub fn init(options: &LaunchOptions, cx: &mut App) -> anyhow::Result<()> {
    ui::init(cx);
    if let Some(appearance) = options.appearance {
        ThemeStore::stand_in_for_system(appearance, cx);
    }
    workbench::init(cx);
    agent_panel::register(cx);
    // Specs come before the text editor, which takes every file.
    spec_sidebar::register(async_channel::unbounded().0, cx);
    editor_view::register(cx);
    Ok(())
}

/// Opens a window as the options say, with what was read of `earlier`.
///
/// # Errors
/// Where the system cannot make one: there is no GPU to draw with.
pub fn open_window(
    options: LaunchOptions,
    earlier: Earlier,
    window_options: WindowOptions,
    cx: &mut App,
) -> anyhow::Result<(AnyWindowHandle, Entity<Shell>)> {
    gpui_kit::open_window(window_options, cx, |window, cx| {
        cx.new(|cx| Shell::new(options, earlier, window, cx))
    })
}

/// A window where it stood last time, or of a good size in the middle.
pub fn window_options(earlier: &Earlier, cx: &App) -> WindowOptions {
    let usual = size(px(1440.), px(900.));
    let bounds = match earlier.window {
        Some(stored) => {
            let bounds = Bounds::new(
                point(px(stored.x), px(stored.y)),
                size(px(stored.width), px(stored.height)),
            );
            if stored.maximized {
                WindowBounds::Maximized(bounds)
            } else {
                WindowBounds::Windowed(bounds)
            }
        }
        None => WindowBounds::centered(usual, cx),
    };
    WindowOptions {
        window_bounds: Some(bounds),
        window_min_size: Some(size(px(720.), px(480.))),
        app_id: Some("kiln".to_owned()),
        ..TitleBar::window_options()
    }
}

/// Remembers that the first steps were taken, for tests and pictures of other scenes.
///
/// # Errors
/// Where the state folder cannot be written.
pub fn mark_onboarded(paths: &KilnPaths) -> anyhow::Result<()> {
    LayoutStore::new(paths, Arc::new(RealFs::new())).set_onboarded()?;
    Ok(())
}
