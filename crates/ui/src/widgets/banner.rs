//! A strip above what a view shows: what is the matter with it, and what can be done.

use crate::icons::sized_icon;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, UI_FONT, icon_size, scaled, space};
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, ElementId, Rems, Role, SharedString, Window, div};

/// The least room that the words get beside the buttons.
const WORDS: Rems = scaled(200.);

/// An icon, a sentence and buttons in a strip across a view, announced as an alert.
#[derive(IntoElement)]
pub struct Banner {
    id: ElementId,
    icon: IconName,
    message: SharedString,
    quiet: bool,
    actions: Vec<AnyElement>,
    dismiss: Option<AnyElement>,
}

impl Banner {
    /// A strip that asks for attention, without buttons.
    pub fn new(id: impl Into<ElementId>, icon: IconName, message: impl Into<SharedString>) -> Self {
        Self {
            id: id.into(),
            icon,
            message: message.into(),
            quiet: false,
            actions: Vec::new(),
            dismiss: None,
        }
    }

    /// Good to know rather than to act on: without the colour of a warning.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// A button that does something about it, right of those before it.
    pub fn action(mut self, action: impl IntoElement) -> Self {
        self.actions.push(action.into_any_element());
        self
    }

    /// The button at the end that waves the strip away.
    pub fn dismiss(mut self, button: impl IntoElement) -> Self {
        self.dismiss = Some(button.into_any_element());
        self
    }
}

impl RenderOnce for Banner {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let color = match self.quiet {
            true => theme.text_muted,
            false => theme.warning,
        };
        div()
            .id(self.id)
            .test_support()
            .role(Role::Alert)
            .aria_label(self.message.clone())
            .flex()
            .flex_none()
            // In a narrow view the buttons go below the words.
            .flex_wrap()
            .items_center()
            .gap(space::M)
            .px(space::L)
            .py(space::S)
            .bg(color.opacity(0.08))
            .border_b_1()
            .border_color(theme.border)
            .font_family(UI_FONT)
            .text_small()
            .text_color(theme.text)
            .child(
                div()
                    .flex()
                    .flex_1()
                    .min_w(WORDS)
                    .items_center()
                    .gap(space::M)
                    .child(sized_icon(self.icon, icon_size::MEDIUM, color))
                    .child(div().flex_1().min_w_0().child(self.message)),
            )
            .when(!self.actions.is_empty(), |this| {
                this.child(
                    div()
                        .flex()
                        .flex_wrap()
                        .gap(space::M)
                        .children(self.actions),
                )
            })
            .children(self.dismiss)
    }
}
