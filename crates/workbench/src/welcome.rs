//! What the editor area shows while nothing is open: the few things to do next.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Role, div};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{Button, KeyHint, column, command_tooltip, row};
use ui::{ActiveKilnTheme as _, Commands, IconName, Typography as _, icons};

/// The commands that an empty group offers, in the order in which they are useful.
const WITH_FOLDER: [(&str, &str); 5] = [
    ("workbench.action.quickOpen", "Go to file"),
    ("agent.focus", "Ask the agent"),
    ("agent.newSpec", "Write a spec"),
    ("workspace.newFile", "New untitled file"),
    ("workbench.commandPalette", "All commands"),
];

/// Whether the tabs of an earlier time are still to come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Restoring {
    /// They are there, or there are none.
    #[default]
    No,
    /// They are most likely there in a moment.
    Quiet,
    /// It takes so long that it is said.
    Slow,
}

/// What is shown until the tabs of an earlier time are there.
pub(crate) fn opening(restoring: Restoring, cx: &App) -> AnyElement {
    let words = "Opening what was open last time\u{2026}";
    frame()
        .when(restoring == Restoring::Slow, |this| {
            this.child(
                div()
                    .id("opening-tabs")
                    .test_support()
                    .role(Role::Status)
                    .aria_label(words)
                    .text_small()
                    .text_color(cx.kiln_theme().text_muted)
                    .child(words),
            )
        })
        .into_any_element()
}

/// Draws it.
pub(crate) fn render(has_folder: bool, cx: &App) -> AnyElement {
    if has_folder {
        with_folder(cx)
    } else {
        without_folder(cx)
    }
}

fn frame() -> gpui_kit::Div {
    column()
        .flex_1()
        .size_full()
        .items_center()
        .justify_center()
        .gap(space::XL)
        .p(space::XXL)
}

fn with_folder(cx: &App) -> AnyElement {
    let theme = cx.kiln_theme();
    frame()
        .child(icons::sized_icon(
            IconName::FlameKindling,
            icon_size::HERO,
            theme.text_faint,
        ))
        .child(
            column().gap(space::XXS).children(
                WITH_FOLDER
                    .iter()
                    .filter(|(id, _)| Commands::get(id, cx).is_some())
                    .map(|(id, label)| command_row(id, label, cx)),
            ),
        )
        .into_any_element()
}

/// A line that names a command and its key, and runs it.
fn command_row(id: &'static str, label: &'static str, cx: &App) -> impl IntoElement {
    let theme = cx.kiln_theme();
    let (over, text, ring) = (theme.hover, theme.text, theme.border_focused);
    row()
        .id(id)
        .test_support()
        .role(Role::Button)
        .aria_label(label)
        .when_some(Commands::keys(id, cx), |this, keys| {
            this.aria_keyshortcuts(keys)
        })
        .tab_index(0)
        .w(scaled(256.))
        .h(height::CONTROL)
        .px(space::M)
        .gap(space::XL)
        .rounded(radius::SMALL)
        .border_1()
        .border_color(gpui_kit::Hsla::transparent_black())
        .text_small()
        .text_color(theme.text_muted)
        .cursor_pointer()
        .hover(move |style| style.bg(over).text_color(text))
        .focus_visible(move |style| style.border_color(ring))
        .on_click(move |_, window, cx| {
            cx.stop_propagation();
            Commands::run(id, window, cx);
        })
        .tooltip(command_tooltip(label, Some(id)))
        .child(div().flex_1().child(label))
        .child(KeyHint::command(id))
}

fn without_folder(cx: &App) -> AnyElement {
    let theme = cx.kiln_theme();
    frame()
        .child(icons::sized_icon(
            IconName::FlameKindling,
            scaled(36.),
            theme.accent,
        ))
        .child(
            column()
                .items_center()
                .gap(space::S)
                .child(div().text_display().text_color(theme.text).child("Kiln"))
                .child(div().text_body().text_color(theme.text_muted).child(
                    "Open a project folder to edit it, ask about it, and build it from specs.",
                )),
        )
        .child(
            column()
                .w(scaled(240.))
                .gap(space::M)
                .child(
                    Button::new("welcome-open-folder", "Open Folder\u{2026}")
                        .primary()
                        .icon(IconName::FolderOpen)
                        .command("workspace.openFolder")
                        .show_keys()
                        .full_width(),
                )
                .child(
                    Button::new("welcome-open-file", "Open File\u{2026}")
                        .icon(IconName::File)
                        .command("workspace.openFile")
                        .show_keys()
                        .full_width(),
                )
                .child(
                    Button::new("welcome-set-up", "Set Up Kiln\u{2026}")
                        .icon(IconName::Sparkles)
                        .command("workbench.onboarding")
                        .full_width(),
                ),
        )
        .into_any_element()
}
