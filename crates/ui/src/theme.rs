//! The active theme as views use it: colours ready for gpui, and syntax styles.

use gpui_kit::{App, FontStyle, FontWeight, Global, HighlightStyle, Hsla, UnderlineStyle, px};
use std::ops::Deref;
use std::sync::Arc;

/// A settings colour for gpui.
pub fn hsla(color: settings::Rgba) -> Hsla {
    gpui_kit::rgba(u32::from_be_bytes([color.r, color.g, color.b, color.a])).into()
}

macro_rules! colors {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Every colour of Kiln's chrome. Field by field the same as
        /// [`settings::ThemeColors`].
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Colors {
            $($(#[$doc])* pub $name: Hsla,)*
        }

        impl From<&settings::ThemeColors> for Colors {
            fn from(colors: &settings::ThemeColors) -> Self {
                Self { $($name: hsla(colors.$name),)* }
            }
        }
    };
}

colors! {
    /// Behind everything.
    background,
    /// Side bars and panels.
    surface,
    /// Popovers, menus, dialogs.
    elevated,
    /// The title bar.
    title_bar,
    /// The status bar.
    status_bar,
    /// Lines between areas.
    border,
    /// The line around what has focus.
    border_focused,
    /// Main text.
    text,
    /// Secondary text.
    text_muted,
    /// Placeholders, disabled text, indent guides.
    text_faint,
    /// The one accent.
    accent,
    /// Text on the accent.
    accent_text,
    /// Behind what the pointer is over.
    hover,
    /// Behind the selected row.
    active,
    /// Behind code.
    editor_background,
    /// Code without a style.
    editor_text,
    /// Line numbers.
    line_number,
    /// The number of the caret's line.
    line_number_active,
    /// Behind the caret's line.
    current_line,
    /// Behind selected text.
    selection,
    /// The caret.
    caret,
    /// Behind a found text.
    find_match,
    /// Behind the found text that the search stands at.
    find_match_active,
    /// Behind a bracket and its partner.
    bracket_match,
    /// The lines that show indentation.
    indent_guide,
    /// Added lines and files.
    added,
    /// Changed lines and files.
    modified,
    /// Removed lines and files.
    removed,
    /// Errors.
    error,
    /// Warnings.
    warning,
    /// Information.
    info,
    /// Success.
    success,
    /// The thumb of a scrollbar.
    scrollbar_thumb,
    /// The same under the pointer.
    scrollbar_thumb_hover,
    /// Behind the active tab.
    tab_active,
    /// Behind other tabs.
    tab_inactive,
    /// Behind inputs.
    input_background,
    /// Around inputs.
    input_border,
    /// Behind the main button.
    button_background,
    /// The same under the pointer.
    button_hover,
    /// Text of the main button.
    button_text,
    /// Behind other buttons.
    secondary_button_background,
    /// Text of other buttons.
    secondary_button_text,
    /// Behind an added line of a diff.
    diff_added_background,
    /// Behind a removed line of a diff.
    diff_removed_background,
    /// Behind code inside text.
    code_background,
    /// Links.
    link,
    /// Over what a dialog puts aside.
    scrim,
}

/// The active theme. Colours are reached directly: `cx.kiln_theme().text_muted`.
#[derive(Clone)]
pub struct KilnTheme {
    source: Arc<settings::Theme>,
    colors: Colors,
}

impl Global for KilnTheme {}

impl Deref for KilnTheme {
    type Target = Colors;

    fn deref(&self) -> &Colors {
        &self.colors
    }
}

impl KilnTheme {
    /// The theme of a parsed theme file.
    pub fn new(source: Arc<settings::Theme>) -> Self {
        let colors = Colors::from(&source.colors);
        Self { source, colors }
    }

    /// The theme's name, as settings refer to it.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Light, dark, or one of the high-contrast ones.
    pub fn appearance(&self) -> settings::Appearance {
        self.source.appearance
    }

    /// Whether text is light on dark.
    pub fn is_dark(&self) -> bool {
        self.source.appearance.is_dark()
    }

    /// Whether the theme asks for hard lines between areas.
    pub fn is_high_contrast(&self) -> bool {
        self.source.appearance.is_high_contrast()
    }

    /// The theme file's content.
    pub fn source(&self) -> &Arc<settings::Theme> {
        &self.source
    }

    /// The style of a tree-sitter capture such as "function.method".
    pub fn syntax_style(&self, capture: &str) -> HighlightStyle {
        highlight_style(self.source.syntax_style(capture))
    }
}

/// A settings style for gpui.
pub fn highlight_style(style: settings::SyntaxStyle) -> HighlightStyle {
    let color = style.color.map(hsla);
    HighlightStyle {
        color,
        font_weight: style.bold.then_some(FontWeight::BOLD),
        font_style: style.italic.then_some(FontStyle::Italic),
        underline: style.underline.then_some(UnderlineStyle {
            thickness: px(1.),
            color,
            wavy: false,
        }),
        ..HighlightStyle::default()
    }
}

/// Reaches the active theme from any context.
pub trait ActiveKilnTheme {
    /// The active theme.
    fn kiln_theme(&self) -> &KilnTheme;
}

impl ActiveKilnTheme for App {
    fn kiln_theme(&self) -> &KilnTheme {
        self.global::<KilnTheme>()
    }
}
