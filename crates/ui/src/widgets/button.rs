//! A button with words.

use super::tooltip::command_tooltip;
use crate::commands::Commands;
use crate::icons::sized_icon;
use crate::theme::{ActiveKilnTheme as _, Colors};
use crate::tokens::{Typography as _, height, icon_size, radius, space};
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, BoxShadow, ClickEvent, ElementId, FontWeight, Hsla, Pixels, Role, SharedString, Toggled,
    Window, div, px,
};

/// The width of the ring inside a button that has the keyboard, with the button's border.
const RING: Pixels = px(2.);

type ClickHandler = Box<dyn Fn(&ClickEvent, &mut Window, &mut App)>;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonStyle {
    /// The one thing to do next; at most one in sight.
    Primary,
    /// A choice among others.
    #[default]
    Secondary,
    /// Words alone until the pointer is over them.
    Quiet,
    /// Loses something.
    Danger,
}

impl ButtonStyle {
    /// The colour of the ring inside a button that has the keyboard. A primary button is filled
    /// with the colour that rings have elsewhere.
    fn ring(self, theme: &Colors) -> Hsla {
        match self {
            Self::Primary => theme.button_text,
            Self::Secondary | Self::Quiet | Self::Danger => theme.border_focused,
        }
    }
}

/// A button with words.
#[derive(IntoElement)]
pub struct Button {
    id: ElementId,
    label: SharedString,
    style: ButtonStyle,
    icon: Option<IconName>,
    command: Option<&'static str>,
    keys: KeysRoom,
    tooltip: Option<SharedString>,
    on_click: Option<ClickHandler>,
    toggled: Option<bool>,
    disabled: bool,
    full_width: bool,
}

/// Whether the keys of the command stand beside the label.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum KeysRoom {
    None,
    /// They have their room and are not seen.
    Kept,
    Shown,
}

impl Button {
    /// A secondary button of 28 px.
    pub fn new(id: impl Into<ElementId>, label: impl Into<SharedString>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            style: ButtonStyle::default(),
            icon: None,
            command: None,
            keys: KeysRoom::None,
            tooltip: None,
            on_click: None,
            toggled: None,
            disabled: false,
            full_width: false,
        }
    }

    /// How much it asks for attention.
    pub fn style(mut self, style: ButtonStyle) -> Self {
        self.style = style;
        self
    }

    /// The main button of its surface.
    pub fn primary(self) -> Self {
        self.style(ButtonStyle::Primary)
    }

    /// A button of words alone.
    pub fn quiet(self) -> Self {
        self.style(ButtonStyle::Quiet)
    }

    /// A button that loses something.
    pub fn danger(self) -> Self {
        self.style(ButtonStyle::Danger)
    }

    /// An icon before the words.
    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The command it stands for: its key is in the tooltip, and a press runs it unless
    /// [`on_click`](Self::on_click) says otherwise.
    pub fn command(mut self, command: &'static str) -> Self {
        self.command = Some(command);
        self
    }

    /// What the tooltip says, where the words on the button do not say it all.
    pub fn tooltip(mut self, tooltip: impl Into<SharedString>) -> Self {
        self.tooltip = Some(tooltip.into());
        self
    }

    /// Writes the command's key behind the words.
    pub fn show_keys(mut self) -> Self {
        self.keys = KeysRoom::Shown;
        self
    }

    /// Has the room of the keys of its command without showing them: it neither grows nor moves
    /// where a press gives the keyboard to what its keys work in.
    pub fn room_for_keys(mut self) -> Self {
        self.keys = KeysRoom::Kept;
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

    /// Makes it a switch, and shows whether it is on.
    pub fn toggled(mut self, toggled: bool) -> Self {
        self.toggled = Some(toggled);
        self
    }

    /// Greys it out and ignores presses.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Takes the whole width.
    pub fn full_width(mut self) -> Self {
        self.full_width = true;
        self
    }
}

impl RenderOnce for Button {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let clear = Hsla::transparent_black();
        let (background, over, text, border) = match self.style {
            ButtonStyle::Primary => (
                theme.button_background,
                theme.button_hover,
                theme.button_text,
                theme.button_background,
            ),
            ButtonStyle::Secondary => (
                theme.secondary_button_background,
                theme.secondary_button_background.blend(theme.hover),
                theme.secondary_button_text,
                theme.border,
            ),
            ButtonStyle::Quiet => (clear, theme.hover, theme.text_muted, clear),
            ButtonStyle::Danger => (clear, theme.error.opacity(0.12), theme.error, theme.border),
        };
        // Its own colours would stay those of what is to be done next, made unreadable.
        let (background, text, border) = match (self.disabled, self.style) {
            (false, _) => (background, text, border),
            (true, ButtonStyle::Primary | ButtonStyle::Secondary) => (
                theme.secondary_button_background,
                theme.disabled_text,
                theme.border,
            ),
            (true, ButtonStyle::Quiet) => (clear, theme.disabled_text, clear),
            (true, ButtonStyle::Danger) => (clear, theme.disabled_text, theme.border),
        };
        let (background, text) = match self.toggled {
            Some(true) if !self.disabled => (theme.active, theme.text),
            _ => (background, text),
        };
        let edge = theme.border_focused;
        // Inside, so that nothing around cuts it and nothing moves.
        let ring = BoxShadow::new(px(0.), px(0.), self.style.ring(theme))
            .spread_radius(RING)
            .inset();
        let keys = self.command.and_then(|command| Commands::keys(command, cx));
        let keys_color = text.opacity(0.65);
        let has_handler = self.on_click.is_some() || self.command.is_some();
        let (command, on_click) = (self.command, self.on_click);
        div()
            .id(self.id)
            .test_support()
            .role(Role::Button)
            .aria_label(self.label.clone())
            .when_some(keys.clone(), |this, keys| this.aria_keyshortcuts(keys))
            .when_some(self.toggled, |this, on| {
                this.aria_toggled(if on { Toggled::True } else { Toggled::False })
            })
            .flex()
            .flex_none()
            .items_center()
            .justify_center()
            .gap(space::S)
            .h(height::CONTROL)
            .px(space::L)
            // In a narrow panel the words are cut, not the panel.
            .max_w_full()
            .when(self.full_width, |this| this.w_full())
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(border)
            .bg(background)
            .text_body()
            .font_weight(FontWeight::MEDIUM)
            .text_color(text)
            .whitespace_nowrap()
            .when(!self.disabled && has_handler, |this| {
                this.tab_index(0)
                    .cursor_pointer()
                    .hover(move |style| style.bg(over))
                    .focus_visible(move |style| style.border_color(edge).shadow(vec![ring]))
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
            .map(|this| match (self.tooltip, command) {
                (Some(words), _) => this.tooltip(command_tooltip(words, command)),
                (None, Some(_)) => this.tooltip(command_tooltip(self.label.clone(), command)),
                (None, None) => this,
            })
            .children(
                self.icon
                    .map(|icon| sized_icon(icon, icon_size::MEDIUM, text)),
            )
            .child(div().min_w_0().truncate().child(self.label))
            .when(self.keys != KeysRoom::None, |this| {
                let hidden = self.keys == KeysRoom::Kept;
                this.children(keys.map(|keys| {
                    div()
                        .text_caption()
                        .text_color(keys_color)
                        .when(hidden, |this| this.invisible())
                        .child(keys)
                }))
            })
    }
}
