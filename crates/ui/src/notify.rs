//! Notices: what a person must know reaches the corner of the window, never only a log.

use crate::icons::icon;
use crate::sentence::sentence;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{BODY, Typography as _, height, space};
use crate::widgets::Button;
use crate::zoom;
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::notification::Notification;
use gpui_kit::component::{Theme, WindowExt as _};
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, ElementId, Global, Hsla, Pixels, Rems, Role, SharedString, Task, WeakEntity,
    Window, div,
};
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
    fn icon(self, cx: &App) -> (IconName, Hsla) {
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

struct KilnNotice;

/// How far above the window's bottom edge notices stand: clear of the status bar.
pub(crate) const NOTICES_ABOVE: Rems = Rems(height::STATUS_BAR.0 + space::L.0);

/// Shows a notice in the window's corner. The same text is shown once at a time.
pub fn notify(
    severity: Severity,
    message: impl Into<SharedString>,
    window: &mut Window,
    cx: &mut App,
) {
    let message = told(severity, message.into());
    let notice = match severity {
        // It stays, so that its way out is in plain sight.
        Severity::Error => notice(
            severity,
            &message,
            Some(|cx: &mut Context<Notification>| {
                Button::new("dismiss-notice", "Dismiss")
                    .quiet()
                    .tooltip("Close this notice")
                    .on_click(cx.listener(|notice, _, window, cx| notice.dismiss(window, cx)))
            }),
        )
        .autohide(false),
        _ => notice(severity, &message, NO_BUTTON),
    };
    show(notice, message, window, cx);
}

/// A notice that nothing can be done about.
const NO_BUTTON: Option<fn(&mut Context<Notification>) -> Button> = None;

/// Says in a notice what went wrong and why, each cause once: many errors tell theirs already.
pub fn notify_error(error: &anyhow::Error, window: &mut Window, cx: &mut App) {
    notify(Severity::Error, with_causes(error), window, cx);
}

fn with_causes(error: &anyhow::Error) -> String {
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
    let message = told(severity, message.into());
    let (label, action): (SharedString, NoticeAction) = (label.into(), Rc::new(action));
    let done = action.clone();
    let button = move |cx: &mut Context<Notification>| {
        let action = action.clone();
        Button::new("notice-action", label.clone())
            .tooltip(label.clone())
            .command(RUN_ACTION)
            .on_click(cx.listener(move |notice, _, window, cx| {
                notice.dismiss(window, cx);
                let action = action.clone();
                window.defer(cx, move |window, cx| action(window, cx));
            }))
    };
    let notice = notice(severity, &message, Some(button)).autohide(false);
    show(notice, message, window, cx);
    if let Some(shown) = window.notifications(cx).last() {
        let shown = shown.downgrade();
        let actions = &mut cx.default_global::<NoticeActions>().0;
        actions.retain(|(notice, _)| notice.upgrade().is_some());
        actions.push((shown, done));
    }
}

/// Does what the button of the newest notice of the window that has one leads to, and closes the
/// notice. Says so where there is none.
pub fn run_notice_action(window: &mut Window, cx: &mut App) {
    let shown = window.notifications(cx);
    let actions = &mut cx.default_global::<NoticeActions>().0;
    let is_shown = |(notice, _): &(WeakEntity<Notification>, _)| {
        notice
            .upgrade()
            .is_some_and(|notice| shown.contains(&notice))
    };
    // It is shown for a moment more, and leads on once.
    let newest = actions.iter().rposition(is_shown);
    match newest.map(|at| actions.remove(at)) {
        Some((notice, action)) => {
            // It is closed already where it is gone.
            notice
                .update(cx, |notice, cx| notice.dismiss(window, cx))
                .ok();
            action(window, cx);
        }
        None => notify(
            Severity::Info,
            "No notice has a button that leads on.",
            window,
            cx,
        ),
    }
}

/// The command that presses the button of the newest notice.
const RUN_ACTION: &str = "workbench.runNoticeAction";

/// What the button of a notice leads to.
type NoticeAction = Rc<dyn Fn(&mut Window, &mut App)>;

/// What the buttons of notices lead to, the newest last; some may be closed.
#[derive(Default)]
struct NoticeActions(Vec<(WeakEntity<Notification>, NoticeAction)>);

impl Global for NoticeActions {}

/// Takes a notice back that is no longer true, where it is still shown.
pub fn take_notice_back(message: impl Into<SharedString>, window: &mut Window, cx: &mut App) {
    let key = ElementId::Name(sentence(message));
    window.remove_notification1::<KilnNotice>(key, cx);
}

/// Closes every notice of a window.
pub fn dismiss_notices(window: &mut Window, cx: &mut App) {
    window.clear_notifications(cx);
}

/// Keeps the notices of the window that is being drawn above a bar of buttons that stands on its
/// status bar and is so many pixels high.
pub fn keep_notices_above(bar: Pixels, cx: &mut App) {
    let bottom = zoom::pixels(NOTICES_ABOVE, cx) + bar;
    if Theme::global(cx).notification.margins.bottom != bottom {
        // They are drawn after the rest of the window, in the same frame.
        Theme::global_mut(cx).notification.margins.bottom = bottom;
    }
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

fn notice(
    severity: Severity,
    message: &SharedString,
    button: Option<impl Fn(&mut Context<Notification>) -> Button + 'static>,
) -> Notification {
    let message = message.clone();
    // With an icon of its own, which stands on the middle of the first line.
    Notification::new().content(move |_, _, cx| {
        let (name, color) = severity.icon(cx);
        div()
            .flex()
            .flex_col()
            .gap(space::M)
            .child(
                div()
                    .id("notice")
                    .test_support()
                    .role(Role::Status)
                    .aria_label(message.clone())
                    .flex()
                    .items_start()
                    .gap(space::M)
                    .text_body()
                    .child(
                        div()
                            .id("notice-icon")
                            .test_support()
                            .flex_none()
                            .h(BODY.line)
                            .flex()
                            .items_center()
                            .child(icon(name, color)),
                    )
                    .child(div().flex_1().min_w_0().child(message.clone())),
            )
            .children(
                button
                    .as_ref()
                    .map(|button| div().flex().justify_end().child(button(cx))),
            )
            .into_any_element()
    })
}

fn show(notice: Notification, message: SharedString, window: &mut Window, cx: &mut App) {
    let key: ElementId = ElementId::Name(message);
    window.push_notification(notice.id1::<KilnNotice>(key), cx);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let full = || std::io::Error::other("the disk is full");
        let silent = anyhow::Error::from(full()).context("not saved");
        assert_eq!(with_causes(&silent), "not saved: the disk is full");
        let says_it =
            anyhow::Error::from(full()).context("not saved (the disk is full); try again");
        assert_eq!(
            with_causes(&says_it),
            "not saved (the disk is full); try again"
        );
    }
}
