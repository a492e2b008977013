//! Notices: what a person must know reaches the corner of the window, never only a log.

use crate::notices::{Notice, Notices};
use crate::sentence::sentence;
use crate::theme::ActiveKilnTheme as _;
use gpui_kit::assets::IconName;
use gpui_kit::{App, Hsla, SharedString, Task, Window};
use std::rc::Rc;

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

impl Severity {
    pub(crate) fn icon(self, cx: &App) -> (IconName, Hsla) {
        let theme = cx.kiln_theme();
        match self {
            Self::Info => (IconName::Info, theme.info),
            Self::Success => (IconName::CircleCheck, theme.success),
            Self::Warning => (IconName::TriangleAlert, theme.warning),
            Self::Error => (IconName::CircleAlert, theme.error),
        }
    }
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

/// Shows a notice in the window's corner. The same text is shown once at a time.
pub fn notify(
    severity: Severity,
    message: impl Into<SharedString>,
    window: &mut Window,
    cx: &mut App,
) {
    show(severity, message.into(), Vec::new(), window, cx);
}

/// Says in a notice what went wrong and why, each cause once: many errors tell theirs already.
pub fn notify_error(error: &anyhow::Error, window: &mut Window, cx: &mut App) {
    notify(Severity::Error, error_with_causes(error), window, cx);
}

/// What went wrong and why, each cause once.
pub fn error_with_causes(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Says in a notice what went wrong and why, once a task is done, if something did.
pub fn notify_failure<E: Into<anyhow::Error> + 'static>(
    task: Task<Result<(), E>>,
    window: &mut Window,
    cx: &mut App,
) {
    window
        .spawn(cx, async move |cx| {
            if let Err(error) = task.await {
                // A closed window has nowhere to show a notice.
                cx.update(|window, cx| notify_error(&error.into(), window, cx))
                    .ok();
            }
        })
        .detach();
}

/// Shows a notice with a button that leads to what is to be mended. It stays until closed.
pub fn notify_with_action(
    severity: Severity,
    message: impl Into<SharedString>,
    label: impl Into<SharedString>,
    action: impl Fn(&mut Window, &mut App) + 'static,
    window: &mut Window,
    cx: &mut App,
) {
    let action: NoticeAction = Rc::new(action);
    notify_with_actions(severity, message, vec![(label.into(), action)], window, cx);
}

/// Shows a notice with buttons, each with its words and what it leads to. It stays until closed, or
/// until one is pressed.
pub fn notify_with_actions(
    severity: Severity,
    message: impl Into<SharedString>,
    actions: Vec<(SharedString, NoticeAction)>,
    window: &mut Window,
    cx: &mut App,
) {
    show(severity, message.into(), actions, window, cx);
}

/// Does what the button of the newest notice of the window that has one leads to, and closes the
/// notice. Says so where there is none.
pub fn run_notice_action(window: &mut Window, cx: &mut App) {
    let notices = Notices::of(window, cx);
    match notices.update(cx, Notices::take_action) {
        Some(action) => action(window, cx),
        None => notify(
            Severity::Info,
            "No notice has a button that leads on.",
            window,
            cx,
        ),
    }
}

/// The command that presses the button of the newest notice.
pub(crate) const RUN_ACTION: &str = "workbench.runNoticeAction";

/// What the button of a notice leads to.
pub type NoticeAction = Rc<dyn Fn(&mut Window, &mut App)>;

/// Takes a notice back that is no longer true, where it is still shown.
pub fn take_notice_back(message: impl Into<SharedString>, window: &mut Window, cx: &mut App) {
    let message = sentence(message);
    Notices::of(window, cx).update(cx, |notices, cx| notices.take_back(&message, cx));
}

/// Closes every notice of a window.
pub fn dismiss_notices(window: &mut Window, cx: &mut App) {
    Notices::of(window, cx).update(cx, Notices::clear);
}

/// What the notices of a window say that are shown now, the newest first.
pub fn shown_notices(window: &Window, cx: &mut App) -> Vec<SharedString> {
    Notices::of(window, cx).read(cx).messages()
}

/// Shows a notice, and logs what it says.
fn show(
    severity: Severity,
    message: SharedString,
    actions: Vec<(SharedString, NoticeAction)>,
    window: &Window,
    cx: &mut App,
) {
    let message = sentence(message);
    match severity {
        Severity::Warning | Severity::Error => tracing::warn!("{message}"),
        Severity::Info | Severity::Success => tracing::info!("{message}"),
    }
    let notice = Notice {
        severity,
        message,
        actions,
    };
    Notices::of(window, cx).update(cx, |notices, cx| notices.push(notice, cx));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let full = || std::io::Error::other("the disk is full");
        let silent = anyhow::Error::from(full()).context("not saved");
        assert_eq!(error_with_causes(&silent), "not saved: the disk is full");
        let says_it =
            anyhow::Error::from(full()).context("not saved (the disk is full); try again");
        assert_eq!(
            error_with_causes(&says_it),
            "not saved (the disk is full); try again"
        );
    }
}
