//! How much larger than usual the interface is (`window.zoomLevel`), and the text of editors
//! beside that.

use gpui_kit::{App, Global, Pixels, Rems};

pub use settings::ZOOM_LEVELS as WINDOW_LEVELS;

use crate::settings_store::SettingsStore;
use crate::tokens::REM;

/// What one level of the window's zoom multiplies by, as in VS Code.
const WINDOW_STEP: f32 = 1.2;
/// What one level of the editors' zoom adds to their font's size, as in VS Code.
const EDITOR_STEP: f32 = 0.1;

/// What sizes in the window are multiplied by: 1 at level 0.
#[must_use]
pub fn window_factor(cx: &App) -> f32 {
    WINDOW_STEP.powf(SettingsStore::current(cx).window.zoom_level)
}

/// The size of a rem in force.
#[must_use]
pub fn rem(cx: &App) -> Pixels {
    REM * window_factor(cx)
}

/// A length in pixels at the zoom in force.
#[must_use]
pub fn pixels(length: Rems, cx: &App) -> Pixels {
    length.to_pixels(rem(cx))
}

/// How much larger the text of editors is than `editor.fontSize` says, in every window.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct EditorZoom {
    level: i8,
}

impl Global for EditorZoom {}

impl EditorZoom {
    /// The smallest and the largest level: half the size, three times the size.
    const LEVELS: (i8, i8) = (-5, 20);

    /// The level in force; 0 is the size of the settings.
    #[must_use]
    pub fn level(cx: &App) -> i8 {
        cx.try_global::<Self>().map_or(0, |zoom| zoom.level)
    }

    /// Takes another level, brought into bounds.
    pub fn set_level(level: i8, cx: &mut App) {
        let level = level.clamp(Self::LEVELS.0, Self::LEVELS.1);
        if level != Self::level(cx) {
            cx.set_global(Self { level });
            cx.refresh_windows();
        }
    }

    /// Goes up or down by levels.
    pub fn step(by: i8, cx: &mut App) {
        Self::set_level(Self::level(cx).saturating_add(by), cx);
    }

    /// What the font's size and the height of lines are multiplied by, the window's zoom
    /// included.
    #[must_use]
    pub fn factor(cx: &App) -> f32 {
        (1. + f32::from(Self::level(cx)) * EDITOR_STEP) * window_factor(cx)
    }
}
