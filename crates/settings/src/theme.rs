//! Themes: the chrome's colours and the code's, resolved.

use std::fmt;

use crate::theme_colors::ThemeColors;
use crate::theme_semantic::SemanticTheme;
use crate::theme_syntax::{SyntaxStyle, SyntaxTheme};

/// What a theme is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Appearance {
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
    /// Light text on black, every edge drawn.
    HighContrastDark,
    /// Dark text on white, every edge drawn.
    HighContrastLight,
}

impl Appearance {
    /// Whether backgrounds are dark.
    pub fn is_dark(self) -> bool {
        matches!(self, Self::Dark | Self::HighContrastDark)
    }

    /// Whether the theme is one of high contrast.
    pub fn is_high_contrast(self) -> bool {
        matches!(self, Self::HighContrastDark | Self::HighContrastLight)
    }

    /// The name that VS Code's theme files use in `type`.
    pub fn vscode_type(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::HighContrastDark => "hcDark",
            Self::HighContrastLight => "hcLight",
        }
    }

    /// Reads `type` of a theme file or `uiTheme` of an extension's package.json.
    pub fn from_vscode(name: &str) -> Option<Self> {
        match name {
            "light" | "vs" => Some(Self::Light),
            "dark" | "vs-dark" => Some(Self::Dark),
            "hc" | "hcDark" | "hc-black" => Some(Self::HighContrastDark),
            "hcLight" | "hc-light" => Some(Self::HighContrastLight),
            _ => None,
        }
    }
}

/// A theme, ready to draw with: no colour is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The name that people choose it by.
    pub name: String,
    /// What it is made for.
    pub appearance: Appearance,
    /// The chrome's and the editor's colours.
    pub colors: ThemeColors,
    /// The code's colours.
    pub syntax: SyntaxTheme,
    /// Those of what language servers say of names.
    pub semantic: SemanticTheme,
}

/// Something in a theme file that was left out; the theme works without it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ThemeWarning {
    /// Where: a key such as `colors.editor.background` or `tokenColors[3]`.
    pub place: String,
    /// What is wrong and what happens instead.
    pub message: String,
}

impl fmt::Display for ThemeWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Why a text is no theme.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ThemeError {
    /// Not JSON with comments.
    #[error("the theme is malformed at {0}")]
    Malformed(#[from] crate::jsonc::JsoncError),
    /// JSON, but no theme.
    #[error("this is no VS Code colour theme: {0}")]
    NotATheme(String),
}

impl Theme {
    /// Reads a theme in VS Code's JSON format (comments and trailing commas allowed).
    /// Keys that are missing follow from the ones that are there; what cannot be
    /// used is listed. An `include` is reported: see [`crate::merge_include`].
    pub fn from_vscode(json: &str) -> Result<(Theme, Vec<ThemeWarning>), ThemeError> {
        crate::theme_json::parse(json)
    }

    /// How a tree-sitter capture (`keyword.control`, `function.method`) is drawn.
    pub fn syntax_style(&self, capture: &str) -> SyntaxStyle {
        self.syntax.style(capture)
    }

    /// Kiln's own themes: Kiln Dark, Kiln Light, Kiln High Contrast.
    pub fn bundled() -> &'static [Theme] {
        crate::bundled::themes()
    }
}
