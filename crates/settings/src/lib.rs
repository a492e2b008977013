//! Settings, keymaps and themes: text in, values out.
//!
//! Settings are JSONC files in layers (Kiln's defaults, then the user's, then
//! the folder's). One table, [`schema`], names every setting; the typed
//! [`Settings`], the reference page and the import from VS Code are all read
//! from it, so none of them can say something that the others do not.
//!
//! ```
//! use settings::{Layer, Settings};
//!
//! let (settings, problems) = Settings::from_layers(&[Layer::user(
//!     "settings.json",
//!     "{ \"editor.fontSize\": 15, /* comments and trailing commas are fine */ }",
//! )]);
//! assert_eq!(settings.editor.font_size, 15.0);
//! assert!(problems.is_empty());
//! ```
//!
//! Nothing here touches a file: callers read the text and write what
//! [`set_value`] returns.

mod action_kinds;
mod bundled;
mod color;
mod completion;
mod drawing;
mod edit;
mod files;
mod formatting;
mod guides;
pub mod jsonc;
mod keymap;
mod language_blocks;
mod language_servers;
mod layers;
mod marking;
mod minimap;
mod path_globs;
mod pointing;
mod reference;
mod schema;
mod scrolling;
mod served;
mod server_values;
mod snippet_files;
mod theme;
mod theme_colors;
mod theme_json;
mod theme_resolve;
mod theme_semantic;
mod theme_syntax;
mod typing;
mod values;
mod window;

pub use color::{ColorError, Rgba};
pub use completion::{CompletionSettings, WordSuggestions};
pub use edit::{
    EditError, NewValue, remove_value, set_entry, set_language_value, set_value, set_values,
};
pub use files::{Eol, FilesSettings};
pub use formatting::{FormatterCommand, FormattingSettings};
pub use guides::{ActiveIndentation, GuidesSettings, PairGuides};
pub use keymap::{KeyBinding, Keymap};
pub use language_blocks::languages_of;
pub use language_servers::ServerSettings;
pub use layers::{Layer, SettingsProblem, Unapplied};
pub use marking::{MarkingSettings, UnicodeHighlight};
pub use minimap::{MinimapSettings, MinimapSide, ShowSlider};
pub use path_globs::PathGlobs;
pub use pointing::PointingSettings;
pub use reference::{keymap_markdown, reference_markdown};
pub use schema::{Scope, SettingSpec, SettingType, find_setting, schema};
pub use scrolling::ScrollingSettings;
pub use served::{InlayHintsMode, LightBulbMode, SemanticHighlighting, ServedSettings};
pub use server_values::{SERVER_SECTIONS, ServerValues, is_of_server};
pub use snippet_files::{SnippetEntry, parse_snippet_file};
pub use theme::{Appearance, Theme, ThemeError, ThemeWarning};
pub use theme_colors::ThemeColors;
pub use theme_json::merge_include;
pub use theme_semantic::SemanticTheme;
pub use theme_syntax::{SyntaxStyle, SyntaxTheme};
pub use typing::{
    AutoClosing, AutoIndent, AutoSurround, MultiCursorModifier, TypingSettings, WhichClosers,
};
pub use values::{
    AgentSettings, EditorSettings, HotExit, KeptSettings, LineNumbers, ProviderSettings,
    RenderWhitespace, Settings, StickyModel, ThemeMode, ThemeSettings, WireProtocol, WordWrap,
    WrappingIndent,
};
pub use window::{WindowSettings, ZOOM_LEVELS};
