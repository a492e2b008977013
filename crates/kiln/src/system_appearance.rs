//! Whether the system is light or dark, asked before there is a window.
//!
//! gpui hears of it from the desktop's portal once the event loop runs, and takes every window to
//! be light until then: the first frames of a dark one would be light.

use ashpd::desktop::settings::{ColorScheme, Settings};
use settings::Appearance;
use std::time::Duration;

/// How long the first frame may wait for the answer: about as long as the window system takes to
/// start, which goes on meanwhile. A portal that is not running yet may take longer.
const PATIENCE: Duration = Duration::from_millis(300);

/// What the desktop's portal says (`org.freedesktop.appearance color-scheme`). `None` where there
/// is no portal, or it does not answer in time.
pub async fn ask() -> Option<Appearance> {
    let asked = async { Settings::new().await?.color_scheme().await };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(ColorScheme::PreferDark)) => Some(Appearance::Dark),
        Ok(Ok(ColorScheme::PreferLight | ColorScheme::NoPreference)) => Some(Appearance::Light),
        Ok(Err(error)) => {
            tracing::debug!("the desktop does not say whether it is dark: {error}");
            None
        }
        Err(_) => {
            tracing::debug!("the desktop says too late whether it is dark");
            None
        }
    }
}
