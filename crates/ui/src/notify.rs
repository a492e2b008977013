//! Notices: what a person must know reaches the corner of the window, never only a log.

use gpui_kit::component::WindowExt as _;
use gpui_kit::component::button::{Button, ButtonVariants as _};
use gpui_kit::component::notification::Notification;
use gpui_kit::{App, ElementId, SharedString, Task, Window};
use std::fmt::Display;
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
    let message = told(severity, message.into());
    let notice = match severity {
        Severity::Error => notice(severity, &message)
            .autohide(false)
            // It stays, so that its way out is in plain sight.
            .action(|_, _, cx| {
                Button::new("dismiss-notice")
                    .label("Dismiss")
                    .ghost()
                    .on_click(cx.listener(|notice, _, window, cx| notice.dismiss(window, cx)))
            }),
        _ => notice(severity, &message),
    };
    show(notice, message, window, cx);
}

/// Says in a notice what went wrong, once a task is done, if something did.
pub fn notify_failure<E: Display + 'static>(
    task: Task<Result<(), E>>,
    window: &mut Window,
    cx: &mut App,
) {
    window
        .spawn(cx, async move |cx| {
            if let Err(error) = task.await {
                // A closed window has nowhere to show a notice.
                cx.update(|window, cx| notify(Severity::Error, error.to_string(), window, cx))
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
    let message = told(severity, message.into());
    let (label, action) = (label.into(), Rc::new(action));
    let notice = notice(severity, &message)
        .autohide(false)
        .action(move |_, _, cx| {
            let action = action.clone();
            Button::new("notice-action")
                .label(label.clone())
                .accessibility_label(label.clone())
                .outline()
                .on_click(cx.listener(move |notice, _, window, cx| {
                    notice.dismiss(window, cx);
                    let action = action.clone();
                    window.defer(cx, move |window, cx| action(window, cx));
                }))
        });
    show(notice, message, window, cx);
}

/// Takes a notice back that is no longer true, where it is still shown.
pub fn take_notice_back(message: impl Into<SharedString>, window: &mut Window, cx: &mut App) {
    let key = ElementId::Name(sentence(message.into()));
    window.remove_notification1::<KilnNotice>(key, cx);
}

/// Closes every notice of a window.
pub fn dismiss_notices(window: &mut Window, cx: &mut App) {
    window.clear_notifications(cx);
}

/// The message as it is shown; it is logged too.
fn told(severity: Severity, message: SharedString) -> SharedString {
    let message = sentence(message);
    match severity {
        Severity::Warning | Severity::Error => tracing::warn!("{message}"),
        Severity::Info | Severity::Success => tracing::info!("{message}"),
    }
    message
}

fn notice(severity: Severity, message: &SharedString) -> Notification {
    let message = message.clone();
    match severity {
        Severity::Info => Notification::info(message),
        Severity::Success => Notification::success(message),
        Severity::Warning => Notification::warning(message),
        Severity::Error => Notification::error(message),
    }
}

fn show(notice: Notification, message: SharedString, window: &mut Window, cx: &mut App) {
    let key: ElementId = ElementId::Name(message);
    window.push_notification(notice.id1::<KilnNotice>(key), cx);
}

/// Errors begin in lower case, since they are quoted inside others; alone, a notice is a
/// sentence. Names of files and settings stay as they are.
fn sentence(text: SharedString) -> SharedString {
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_word = !first.is_empty() && first.chars().all(|letter| letter.is_ascii_lowercase());
    if !is_word {
        return text;
    }
    let (head, rest) = text.split_at(1);
    format!("{}{rest}", head.to_ascii_uppercase()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_begins_as_a_sentence_and_names_stay() {
        let says = |text: &'static str| sentence(text.into()).to_string();
        assert_eq!(says("no permission to read /x"), "No permission to read /x");
        assert_eq!(says("settings.json:1:2: wrong"), "settings.json:1:2: wrong");
        assert_eq!(says("/tmp/x is a folder"), "/tmp/x is a folder");
        assert_eq!(says("\u{e9}t\u{e9} it is"), "\u{e9}t\u{e9} it is");
        assert_eq!(says(""), "");
    }
}
