//! What the editor area shows while nothing is open: the few things to do next.

use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, div};
use ui::tokens::{icon_size, scaled, space};
use ui::widgets::{Button, KeyHint, column, row};
use ui::{ActiveKilnTheme as _, Commands, IconName, Typography as _, icons};

/// The commands that an empty group offers, in the order in which they are useful.
const WITH_FOLDER: [(&str, &str); 5] = [
    ("workbench.action.quickOpen", "Go to file"),
    ("agent.focus", "Ask the agent"),
    ("agent.newSpec", "Write a spec"),
    ("workspace.newFile", "New file"),
    ("workbench.commandPalette", "All commands"),
];

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
            column().gap(space::M).children(
                WITH_FOLDER
                    .iter()
                    .filter(|(id, _)| Commands::get(id, cx).is_some())
                    .map(|(id, label)| {
                        row()
                            .w(scaled(240.))
                            .gap(space::XL)
                            .text_small()
                            .text_color(theme.text_muted)
                            .child(div().flex_1().child(*label))
                            .child(KeyHint::command(id))
                    }),
            ),
        )
        .into_any_element()
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
