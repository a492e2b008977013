//! The desktop program: it wires the crates together and holds no logic of its own.
//!
//! [`init`] registers everything once; [`open_window`] opens a window. The tests and the
//! screenshot program use the same two, so that what they see is the program.

mod another_window;
pub mod arguments;
pub mod display;
mod earlier;
mod model_setup;
mod models;
mod open_windows;
mod project;
mod shell;
pub mod system_appearance;
#[cfg(target_os = "linux")]
mod x11_frames;

pub use earlier::{Earlier, last_folder};
pub use open_windows::OpenWindows;
pub use project::project_of;
pub use shell::Shell;
#[cfg(target_os = "linux")]
pub use x11_frames::X11Frames;

use fs::{KilnPaths, RealFs};
use gpui_kit::component::TitleBar;
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Bounds, Entity, Pixels, WindowBounds, WindowOptions,
    point, px, size,
};
use settings::Appearance;
use std::path::PathBuf;
use std::sync::Arc;
use ui::{EditorZoom, OpenTarget, ThemeStore};
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
    /// Opened beside another window: a little off the place of last time, where that one stands.
    pub beside_another: bool,
    /// The program that is started for another window: this one. Without it there is none to be had.
    pub program: Option<PathBuf>,
    /// Where other starts of the program find this window. Without it they do not.
    pub open_windows: Option<OpenWindows>,
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
    problems_panel::register(cx);
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
    // Once, and not with each folder or window: the level in force counts from now on.
    if let Some(left) = &earlier.window
        && !options.beside_another
    {
        EditorZoom::set_level(left.editor_zoom, cx);
        workbench::remember_values_before(left.values_before.clone(), cx);
    }
    gpui_kit::open_window(window_options, cx, |window, cx| {
        cx.new(|cx| Shell::new(options, earlier, window, cx))
    })
}

/// How far beside another window a window stands, to the right and below.
const BESIDE: Pixels = px(32.);

/// A window where it stood last time, or of a good size in the middle. One that is opened beside
/// another stands a little off, so that both are seen.
pub fn window_options(options: &LaunchOptions, earlier: &Earlier, cx: &App) -> WindowOptions {
    let usual = size(px(1440.), px(900.));
    let bounds = match &earlier.window {
        Some(stored) => {
            let mut bounds = Bounds::new(
                point(px(stored.x), px(stored.y)),
                size(px(stored.width), px(stored.height)),
            );
            if options.beside_another {
                let display = cx.primary_display().map(|display| display.bounds());
                bounds = beside(bounds, display);
            }
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

/// The place of a window beside one with these bounds: off it by a step, or at the display's corner
/// where that would leave the display.
fn beside(other: Bounds<Pixels>, display: Option<Bounds<Pixels>>) -> Bounds<Pixels> {
    let moved = other + point(BESIDE, BESIDE);
    match display {
        Some(display) if moved.right() > display.right() || moved.bottom() > display.bottom() => {
            Bounds::new(display.origin, other.size)
        }
        _ => moved,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_beside_another_is_seen() {
        let at = |x: f32, y: f32| Bounds::new(point(px(x), px(y)), size(px(800.), px(600.)));
        let display = Bounds::new(point(px(0.), px(0.)), size(px(1280.), px(800.)));
        assert_eq!(beside(at(100., 50.), Some(display)), at(132., 82.));
        assert_eq!(beside(at(460., 50.), Some(display)), at(0., 0.));
        assert_eq!(beside(at(460., 50.), None), at(492., 82.));
    }
}
