//! The strip over the text that says what is the matter with the file, and what can be done.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Pixels, Role, SharedString, Window, div, px};
use ui::tokens::{Typography as _, icon_size, space};
use ui::widgets::{Button, IconButton};
use ui::{ActiveKilnTheme as _, IconName, Severity};
use workspace::{Buffer, DiskState};

use crate::view::EditorView;

/// The least room that the words get beside the buttons.
const MESSAGE: Pixels = px(200.);

/// What the banner is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    /// Another program changed the file while there were unsaved edits.
    ChangedOnDisk,
    /// The file is gone.
    Deleted,
    /// The file cannot be written.
    ReadOnly,
}

impl Trouble {
    /// What is the matter with a buffer, the gravest first.
    pub(crate) fn of(buffer: &Buffer) -> Option<Self> {
        match buffer.disk() {
            DiskState::Changed => Some(Self::ChangedOnDisk),
            DiskState::Deleted => Some(Self::Deleted),
            DiskState::InSync if buffer.is_read_only() => Some(Self::ReadOnly),
            DiskState::InSync => None,
        }
    }

    /// What the status bar says.
    pub(crate) fn note(self) -> &'static str {
        match self {
            Self::ChangedOnDisk => "Changed on disk",
            Self::Deleted => "Deleted on disk",
            Self::ReadOnly => "Read only",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::ChangedOnDisk => "This file changed on disk, and you have unsaved edits.",
            Self::Deleted => "This file was deleted on disk. Its text is kept here.",
            Self::ReadOnly => "This file is read-only until its permissions change.",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::ChangedOnDisk => IconName::FileDiff,
            Self::Deleted => IconName::FileX,
            Self::ReadOnly => IconName::Lock,
        }
    }
}

impl EditorView {
    /// What is the matter with the file and was not waved away.
    pub(crate) fn trouble(&self, cx: &gpui_kit::App) -> Option<Trouble> {
        let trouble = Trouble::of(self.buffer_ref(cx)?)?;
        (self.dismissed != Some(trouble)).then_some(trouble)
    }

    pub(crate) fn render_banner(&self, cx: &mut Context<Self>) -> Option<AnyElement> {
        let trouble = self.trouble(cx)?;
        let theme = cx.kiln_theme().clone();
        let color = match trouble {
            Trouble::ReadOnly => theme.text_muted,
            _ => theme.warning,
        };
        let message = SharedString::from(trouble.message());
        let mut actions = Vec::new();
        match trouble {
            Trouble::ChangedOnDisk => {
                let comparing = self.compare.is_some();
                let label = if comparing {
                    "Hide differences"
                } else {
                    "Compare"
                };
                actions.push(
                    Button::new("banner-compare", label).quiet().on_click(
                        cx.listener(|view, _, window, cx| view.toggle_compare(window, cx)),
                    ),
                );
                actions.push(
                    Button::new("banner-reload", "Reload")
                        .on_click(cx.listener(|view, _, window, cx| view.reload(window, cx))),
                );
                actions.push(
                    Button::new("banner-keep", "Keep mine")
                        .on_click(cx.listener(|view, _, window, cx| view.keep_mine(window, cx))),
                );
            }
            Trouble::Deleted => actions.push(
                Button::new("banner-save", "Save again")
                    .on_click(cx.listener(|view, _, window, cx| view.save_and_report(window, cx))),
            ),
            Trouble::ReadOnly => {}
        }
        Some(
            div()
                .id("editor-banner")
                .test_support()
                .role(Role::Alert)
                .aria_label(message.clone())
                .flex()
                .flex_none()
                // In a narrow editor the buttons go below the words.
                .flex_wrap()
                .items_center()
                .gap(space::M)
                .px(space::L)
                .py(space::S)
                .bg(color.opacity(0.08))
                .border_b_1()
                .border_color(theme.border)
                .font_family(ui::tokens::UI_FONT)
                .text_small()
                .text_color(theme.text)
                .child(
                    div()
                        .flex()
                        .flex_1()
                        .min_w(MESSAGE)
                        .items_center()
                        .gap(space::M)
                        .child(ui::icons::sized_icon(
                            trouble.icon(),
                            icon_size::MEDIUM,
                            color,
                        ))
                        .child(div().flex_1().min_w_0().child(message)),
                )
                .when(!actions.is_empty(), |this| {
                    this.child(div().flex().flex_wrap().gap(space::M).children(actions))
                })
                .when(trouble == Trouble::ReadOnly, |this| {
                    this.child(
                        IconButton::new("banner-dismiss", IconName::X, "Dismiss").on_click(
                            cx.listener(move |view, _, window, cx| {
                                view.dismissed = Some(trouble);
                                window.focus(&view.focus, cx);
                                cx.notify();
                            }),
                        ),
                    )
                })
                .into_any_element(),
        )
    }

    fn reload(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let reloaded = self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.reload(buffer))
        });
        if let Err(error) = reloaded {
            ui::notify(Severity::Error, error.to_string(), window, cx);
        }
        window.focus(&self.focus, cx);
        cx.notify();
    }

    fn keep_mine(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.keep_mine(buffer));
        });
        window.focus(&self.focus, cx);
        cx.notify();
    }
}
