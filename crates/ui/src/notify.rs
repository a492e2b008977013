//! Notices: what a person must know reaches the corner of the window, never only a log.

use gpui_kit::component::WindowExt as _;
use gpui_kit::component::notification::Notification;
use gpui_kit::{App, ElementId, SharedString, Window};

/// How serious a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something finished well.
    Success,
    /// Something needs attention.
    Warning,
    /// Something failed. Stays until closed.
    Error,
}

impl From<workspace::Severity> for Severity {
    fn from(severity: workspace::Severity) -> Self {
        match severity {
            workspace::Severity::Info => Self::Info,
            workspace::Severity::Warning => Self::Warning,
            workspace::Severity::Error => Self::Error,
        }
    }
}

struct KilnNotice;

/// Shows a notice in the window's corner. The same text is shown once at a time.
pub fn notify(
    severity: Severity,
    message: impl Into<SharedString>,
    window: &mut Window,
    cx: &mut App,
) {
    let message = message.into();
    match severity {
        Severity::Warning | Severity::Error => tracing::warn!("{message}"),
        Severity::Info | Severity::Success => tracing::info!("{message}"),
    }
    let notice = match severity {
        Severity::Info => Notification::info(message.clone()),
        Severity::Success => Notification::success(message.clone()),
        Severity::Warning => Notification::warning(message.clone()),
        Severity::Error => Notification::error(message.clone()).autohide(false),
    };
    let key: ElementId = ElementId::Name(message);
    window.push_notification(notice.id1::<KilnNotice>(key), cx);
}
