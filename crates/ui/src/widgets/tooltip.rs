//! Tooltips: what a control does, and the key that does it too.

use crate::commands::Commands;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, UI_FONT, radius, scaled, space};
use gpui_kit::prelude::*;
use gpui_kit::{AnyView, App, Context, SharedString, Window, div};

struct Tooltip {
    text: SharedString,
    keys: Option<SharedString>,
}

impl Render for Tooltip {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme();
        // The outer box keeps the tooltip clear of the pointer.
        div().pl(space::XS).pt(space::S).child(
            div()
                .flex()
                .items_center()
                .gap(space::M)
                .max_w(scaled(360.))
                .px(space::M)
                .py(space::XS)
                .rounded(radius::MEDIUM)
                .bg(theme.elevated)
                .border_1()
                .border_color(theme.border)
                .shadow_md()
                .font_family(UI_FONT)
                .text_small()
                .text_color(theme.text)
                .child(self.text.clone())
                .children(
                    self.keys
                        .clone()
                        .map(|keys| div().flex_none().text_color(theme.text_muted).child(keys)),
                ),
        )
    }
}

/// A tooltip of plain text.
pub fn text_tooltip(
    text: impl Into<SharedString>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |_, cx| {
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys: None,
        })
        .into()
    }
}

/// A tooltip that also shows the key of a command.
pub fn command_tooltip(
    text: impl Into<SharedString>,
    command: Option<&'static str>,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    let text = text.into();
    move |_, cx| {
        let keys = command.and_then(|command| Commands::keys(command, cx));
        cx.new(|_| Tooltip {
            text: text.clone(),
            keys,
        })
        .into()
    }
}
