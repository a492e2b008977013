//! The typed settings that the rest of Kiln reads.

use std::collections::BTreeMap;

use crate::completion::CompletionSettings;
use crate::files::FilesSettings;
use crate::formatting::FormattingSettings;
use crate::guides::GuidesSettings;
use crate::language_servers::ServerSettings;
use crate::marking::MarkingSettings;
use crate::minimap::MinimapSettings;
use crate::pointing::PointingSettings;
use crate::scrolling::ScrollingSettings;
use crate::served::ServedSettings;
use crate::server_values::ServerValues;
use crate::typing::TypingSettings;
use crate::window::WindowSettings;

/// Every setting, with defaults filled in and values checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How text looks and is typed.
    pub editor: EditorSettings,
    /// The lines that show indentation and pairs of brackets.
    pub guides: GuidesSettings,
    /// What is marked in the text.
    pub marking: MarkingSettings,
    /// How the minimap is shown.
    pub minimap: MinimapSettings,
    /// How editors scroll.
    pub scrolling: ScrollingSettings,
    /// What language servers show in the text.
    pub served: ServedSettings,
    /// Which language servers run.
    pub servers: ServerSettings,
    /// How text is typed.
    pub typing: TypingSettings,
    /// When completions come, and how they are taken.
    pub completion: CompletionSettings,
    /// What pointing at a text does.
    pub pointing: PointingSettings,
    /// How files are read and written.
    pub files: FilesSettings,
    /// Who lays texts out.
    pub formatting: FormattingSettings,
    /// How the window as a whole is shown.
    pub window: WindowSettings,
    /// Which theme is shown when.
    pub theme: ThemeSettings,
    /// How the agent works.
    pub agent: AgentSettings,
    /// What is kept of files beside their text on the disk.
    pub kept: KeptSettings,
    /// Model servers beside the ones that Kiln knows.
    pub models: Vec<ProviderSettings>,
    /// What language servers are told.
    pub server_values: ServerValues,
    /// All of this for the languages that have settings of their own, by identifier; see
    /// [`Settings::of_language`].
    pub(crate) languages: BTreeMap<String, Settings>,
}

/// What is kept of files beside their text on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSettings {
    /// When unsaved text is kept without asking.
    pub hot_exit: HotExit,
    /// Whether each save is kept in a history of its own.
    pub local_history: bool,
    /// Files of more than this many kilobytes (1,024 bytes) have no history of saves.
    pub local_history_kilobytes: u32,
    /// How many saves of a file are kept.
    pub local_history_entries: u32,
}

/// When unsaved text is kept for the next start without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HotExit {
    /// Never: what is unsaved is asked about.
    Off,
    /// When the program ends.
    #[default]
    OnExit,
    /// When the program ends, and when a window shows another folder.
    OnExitAndWindowClose,
}

/// How text looks and is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct EditorSettings {
    /// Font families in order of preference, comma-separated as in CSS.
    pub font_family: String,
    /// Font size in pixels, 6 to 100.
    pub font_size: f32,
    /// VS Code's rule: 0 chooses from the font size, below 8 multiplies it,
    /// 8 and more is a height in pixels. See [`EditorSettings::line_height_pixels`].
    pub line_height: f32,
    /// Columns of a tab, 1 to 16.
    pub tab_size: u32,
    /// Whether the Tab key inserts spaces.
    pub insert_spaces: bool,
    /// Whether Tab after the prefix of a snippet puts the snippet in.
    pub tab_completion: bool,
    /// Where lines are wrapped.
    pub word_wrap: WordWrap,
    /// The column at which [`WordWrap::Column`] and [`WordWrap::Bounded`] wrap, at least 1.
    pub word_wrap_column: u32,
    /// How far the rows that a wrapped line goes on in are indented.
    pub wrapping_indent: WrappingIndent,
    /// Whether keys are Vim's.
    pub vim: bool,
    /// What stands beside the lines.
    pub line_numbers: LineNumbers,
    /// Columns that a thin line is drawn after, in order, each at least 1.
    pub rulers: Vec<u32>,
    /// Which white space is shown.
    pub render_whitespace: RenderWhitespace,
    /// Whether brackets are coloured by how deep they are nested.
    pub bracket_pair_colorization: bool,
    /// Whether a bar over the text says where the caret is.
    pub breadcrumbs: bool,
    /// Whether a file that is only looked at takes the place of the one before.
    pub preview_tabs: bool,
    /// Whether the first lines of scopes that reach above the view are pinned at its top.
    pub sticky_scroll: bool,
    /// How many of them, 1 to 20.
    pub sticky_scroll_lines: usize,
    /// What scopes are.
    pub sticky_scroll_model: StickyModel,
}

/// What the scopes are whose first lines are pinned.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum StickyModel {
    /// The symbols of the text; where the language has none, what can be folded.
    #[default]
    Outline,
    /// What can be folded.
    Folding,
    /// The lines that belong to a less indented one.
    Indentation,
}

/// What stands beside the lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LineNumbers {
    /// Nothing.
    Off,
    /// Their numbers from 1.
    #[default]
    On,
    /// How far they are from the caret's; beside that one, its number.
    Relative,
    /// The number of every tenth and of the caret's.
    Interval,
}

/// Which white space is shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RenderWhitespace {
    /// None.
    None,
    /// All but single spaces between words.
    Boundary,
    /// What is selected.
    #[default]
    Selection,
    /// What lines end with.
    Trailing,
    /// All.
    All,
}

/// Where lines are wrapped.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WordWrap {
    /// Nowhere.
    #[default]
    Off,
    /// At the edge of the view.
    On,
    /// At a column.
    Column,
    /// At a column or the edge of the view, whichever comes first.
    Bounded,
}

/// How far the rows that a wrapped line goes on in are indented.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WrappingIndent {
    /// Not at all.
    None,
    /// As the line.
    #[default]
    Same,
    /// One level more than the line.
    Indent,
    /// Two levels more than the line.
    DeepIndent,
}

impl EditorSettings {
    /// The height of a line in pixels, by VS Code's rule for `editor.lineHeight`.
    pub fn line_height_pixels(&self) -> f32 {
        let height = if self.line_height <= 0.0 {
            self.font_size * 1.5
        } else if self.line_height < 8.0 {
            self.font_size * self.line_height
        } else {
            self.line_height
        };
        height.round().max(self.font_size)
    }

    /// The font families one by one, without quotes.
    pub fn font_families(&self) -> Vec<String> {
        self.font_family
            .split(',')
            .map(|name| name.trim().trim_matches(['\'', '"']).trim().to_string())
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// What one press of Tab inserts.
    pub fn indent_unit(&self) -> String {
        if self.insert_spaces {
            " ".repeat(self.tab_size as usize)
        } else {
            "\t".to_string()
        }
    }
}

/// Which of the two chosen themes is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ThemeMode {
    /// The one that fits the system's appearance, changing with it.
    System,
    /// Always the light one.
    Light,
    /// Always the dark one.
    Dark,
}

/// Which theme is shown when. Names are those of bundled or imported themes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ThemeSettings {
    /// Which of the two is shown.
    pub mode: ThemeMode,
    /// The theme for a light appearance.
    pub light: String,
    /// The theme for a dark appearance.
    pub dark: String,
}

impl ThemeSettings {
    /// The theme to show; `system_is_dark` decides in [`ThemeMode::System`].
    pub fn name_for(&self, system_is_dark: bool) -> &str {
        match (self.mode, system_is_dark) {
            (ThemeMode::Dark, _) | (ThemeMode::System, true) => &self.dark,
            (ThemeMode::Light, _) | (ThemeMode::System, false) => &self.light,
        }
    }
}

/// How the agent works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgentSettings {
    /// The model that new sessions use (`provider/model`); `None` lets Kiln choose.
    pub model: Option<String>,
    /// Tools that run without asking, besides those that only read.
    pub trusted_tools: Vec<String>,
    /// How many model calls one turn may take before it stops, 1 to 500.
    pub step_limit: u32,
}

/// The wire protocol that a model server speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WireProtocol {
    /// OpenAI's chat completions, which most servers speak.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// One model server of `kiln.models`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProviderSettings {
    /// The name before the slash in a model's id.
    pub name: String,
    /// What it speaks.
    pub protocol: WireProtocol,
    /// Its base address, `http://` or `https://`.
    pub base_url: String,
    /// The models to offer; empty asks the server.
    pub models: Vec<String>,
    /// The environment variable that holds its key, where it needs one.
    pub key_env: Option<String>,
}

impl Default for Settings {
    /// The defaults of [`crate::schema`].
    fn default() -> Self {
        let mut settings = Self {
            editor: EditorSettings {
                font_family: String::new(),
                font_size: 0.0,
                line_height: 0.0,
                tab_size: 0,
                insert_spaces: false,
                tab_completion: false,
                word_wrap: WordWrap::default(),
                word_wrap_column: 0,
                wrapping_indent: WrappingIndent::default(),
                vim: false,
                line_numbers: LineNumbers::default(),
                rulers: Vec::new(),
                bracket_pair_colorization: true,
                breadcrumbs: true,
                preview_tabs: true,
                sticky_scroll: true,
                sticky_scroll_lines: 5,
                sticky_scroll_model: StickyModel::default(),
                render_whitespace: RenderWhitespace::default(),
            },
            guides: GuidesSettings::default(),
            marking: MarkingSettings::default(),
            minimap: MinimapSettings::default(),
            scrolling: ScrollingSettings::default(),
            served: ServedSettings::default(),
            servers: ServerSettings::default(),
            typing: TypingSettings::default(),
            completion: CompletionSettings::default(),
            pointing: PointingSettings::default(),
            window: WindowSettings::default(),
            files: FilesSettings::default(),
            formatting: FormattingSettings::default(),
            theme: ThemeSettings {
                mode: ThemeMode::System,
                light: String::new(),
                dark: String::new(),
            },
            agent: AgentSettings {
                model: None,
                trusted_tools: Vec::new(),
                step_limit: 0,
            },
            kept: KeptSettings {
                hot_exit: HotExit::default(),
                local_history: false,
                local_history_kilobytes: 0,
                local_history_entries: 0,
            },
            models: Vec::new(),
            server_values: ServerValues::new(),
            languages: BTreeMap::new(),
        };
        for setting in crate::schema() {
            setting.apply(&mut settings, &setting.default_value());
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_height_follows_vscodes_three_ranges() {
        let mut editor = Settings::default().editor;
        editor.font_size = 14.0;
        for (setting, pixels) in [(0.0, 21.0), (1.2, 17.0), (24.0, 24.0), (9.0, 14.0)] {
            editor.line_height = setting;
            assert_eq!(editor.line_height_pixels(), pixels, "for {setting}");
        }
    }

    #[test]
    fn css_font_lists_are_taken_apart() {
        let mut editor = Settings::default().editor;
        editor.font_family = "'Fira Code', Menlo ,\"DejaVu Sans Mono\",".into();
        assert_eq!(
            editor.font_families(),
            ["Fira Code", "Menlo", "DejaVu Sans Mono"]
        );
    }

    #[test]
    fn the_theme_follows_the_system_unless_told_otherwise() {
        let mut theme = Settings::default().theme;
        assert_eq!(theme.name_for(true), "Kiln Dark");
        assert_eq!(theme.name_for(false), "Kiln Light");
        theme.mode = ThemeMode::Light;
        assert_eq!(theme.name_for(true), "Kiln Light");
    }
}
