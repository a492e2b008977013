//! The active theme as views use it: colours ready for gpui, and syntax styles.

use gpui_kit::{
    App, FontStyle, FontWeight, Global, HighlightStyle, Hsla, StrikethroughStyle, UnderlineStyle,
    px,
};
use std::ops::Deref;
use std::sync::Arc;

/// A settings colour for gpui.
pub fn hsla(color: settings::Rgba) -> Hsla {
    gpui_kit::rgba(u32::from_be_bytes([color.r, color.g, color.b, color.a])).into()
}

/// Every colour of Kiln's chrome and editor, ready for gpui.
pub type Colors = settings::ThemeColors<Hsla>;

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
        let colors = source.colors.map(hsla);
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
        strikethrough: style.strikethrough.then_some(StrikethroughStyle {
            thickness: px(1.),
            color,
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
