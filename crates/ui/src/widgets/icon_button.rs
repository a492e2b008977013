//! A button that is one icon.

use super::leaves_keyboard::LeavesKeyboard as _;
use super::tooltip::command_tooltip;
use crate::commands::Commands;
use crate::icons::sized_icon;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{height, icon_size, radius, scaled, space};
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{App, ClickEvent, ElementId, Hsla, Rems, Role, SharedString, Toggled, Window, div};

type ClickHandler = Box<dyn Fn(&ClickEvent, &mut Window, &mut App)>;

/// A button that is one icon, with a tooltip that says what it does.
#[derive(IntoElement)]
pub struct IconButton {
    id: ElementId,
    icon: IconName,
    label: SharedString,
    command: Option<&'static str>,
    on_click: Option<ClickHandler>,
    toggled: Option<bool>,
    /// Whether what it opens is in sight.
    opened: bool,
    disabled: bool,
    marked: bool,
    leaves_keyboard: bool,
    color: Option<Hsla>,
    size: Rems,
    icon_size: Rems,
}

impl IconButton {
    /// A button of 22 px. `label` is its accessible name and its tooltip.
    pub fn new(id: impl Into<ElementId>, icon: IconName, label: impl Into<SharedString>) -> Self {
        Self {
            id: id.into(),
            icon,
            label: label.into(),
            command: None,
            on_click: None,
            toggled: None,
            opened: false,
            disabled: false,
            marked: false,
            leaves_keyboard: false,
            color: None,
            size: height::TOOL,
            icon_size: icon_size::MEDIUM,
        }
    }

    /// The command it stands for: its key is shown, and a press runs it unless
    /// [`on_click`](Self::on_click) says otherwise.
    pub fn command(mut self, command: &'static str) -> Self {
        self.command = Some(command);
        self
    }

    /// What a press does.
    pub fn on_click(
        mut self,
        handler: impl Fn(&ClickEvent, &mut Window, &mut App) + 'static,
    ) -> Self {
        self.on_click = Some(Box::new(handler));
        self
    }

    /// Shows it as switched on or off.
    pub fn toggled(mut self, toggled: bool) -> Self {
        self.toggled = Some(toggled);
        self
    }

    /// Shows it as the button of a list that is open or not. An open list says what it is, and has
    /// the place of the tooltip.
    pub fn opens(mut self, open: bool) -> Self {
        self.opened = open;
        self.toggled(open)
    }

    /// Greys it out and ignores presses.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Marks it with a dot: behind it something waits, which its label says.
    pub fn marked(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }

    /// Leaves the keyboard in the text when it is pressed with the mouse: it is part of a bar around
    /// the text, and of no panel.
    pub fn leaves_keyboard(mut self) -> Self {
        self.leaves_keyboard = true;
        self
    }

    /// The icon's colour; muted text otherwise.
    pub fn color(mut self, color: Hsla) -> Self {
        self.color = Some(color);
        self
    }

    /// Its side length and that of its icon.
    pub fn sizes(mut self, size: Rems, icon_size: Rems) -> Self {
        self.size = size;
        self.icon_size = icon_size;
        self
    }
}

impl RenderOnce for IconButton {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let on = self.toggled == Some(true);
        let color = match (self.disabled, on) {
            (true, _) => theme.disabled_text,
            (false, true) => theme.text,
            (false, false) => self.color.unwrap_or(theme.text_muted),
        };
        let (hover, active, ring) = (theme.hover, theme.active, theme.border_focused);
        let mark = theme.accent;
        let keys = self.command.and_then(|command| Commands::keys(command, cx));
        let (command, on_click) = (self.command, self.on_click);
        div()
            .id(self.id)
            .test_support()
            .role(Role::Button)
            .aria_label(self.label.clone())
            .when_some(keys, |this, keys| this.aria_keyshortcuts(keys))
            .when_some(self.toggled, |this, on| {
                this.aria_toggled(if on { Toggled::True } else { Toggled::False })
            })
            .flex()
            .flex_none()
            .items_center()
            .justify_center()
            .size(self.size)
            .rounded(radius::SMALL)
            .when(on, |this| this.bg(active))
            .when(!self.disabled, |this| {
                this.tab_index(0)
                    .when(self.leaves_keyboard, |this| this.leaves_keyboard())
                    .hover(move |style| style.bg(hover))
                    .active(move |style| style.bg(active))
                    .focus_visible(move |style| style.border_1().border_color(ring))
                    .on_click(move |event, window, cx| {
                        cx.stop_propagation();
                        match (&on_click, command) {
                            (Some(handler), _) => handler(event, window, cx),
                            (None, Some(command)) => {
                                Commands::run(command, window, cx);
                            }
                            (None, None) => {}
                        }
                    })
            })
            .when(!self.opened, |this| {
                this.tooltip(command_tooltip(self.label, command))
            })
            .child(sized_icon(self.icon, self.icon_size, color))
            .when(self.marked, |this| {
                this.relative().child(
                    div()
                        .absolute()
                        .top(space::XXS)
                        .right(space::XXS)
                        .size(scaled(6.))
                        .rounded_full()
                        .bg(mark),
                )
            })
    }
}
