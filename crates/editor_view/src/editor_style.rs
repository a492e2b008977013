//! The fonts, sizes and colours of the editor, resolved once from the settings and the theme.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use gpui_kit::{
    App, Font, FontFallbacks, FontFeatures, FontStyle, FontWeight, Hsla, Pixels, SharedString,
    Window, px,
};
use settings::{GuidesSettings, LineNumbers, RenderWhitespace, UnicodeHighlight};
use syntax::{HighlightId, LanguageId};
use ui::{ActiveKilnTheme as _, ActiveSettings as _, Colors, EditorZoom, KilnTheme, zoom};

use crate::bracket_colors::BracketColors;
use crate::bracket_guides::PairColors;

/// How one stretch of text is drawn.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct RunStyle {
    pub color: Hsla,
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
    pub strikethrough: bool,
}

/// Everything that layout and painting need to know of settings and theme.
pub(crate) struct EditorStyle {
    /// Whose settings it was made by.
    pub language: LanguageId,
    /// Differs between any two styles ever made; part of every cache key.
    pub generation: u64,
    pub font: Font,
    pub font_size: Pixels,
    pub line_height: Pixels,
    /// Advance of one cell of the font.
    pub cell_width: Pixels,
    /// What lengths beside the text are multiplied by: the window's zoom.
    scale: f32,
    /// Cells of a tab.
    pub tab_size: u32,
    /// What stands beside the lines.
    pub line_numbers: LineNumbers,
    /// Columns that a line is drawn after.
    pub rulers: Vec<u32>,
    /// Which white space is shown.
    pub render_whitespace: RenderWhitespace,
    pub colors: Colors,
    /// Text without a highlight.
    pub plain: RunStyle,
    /// Text that is not in the document: inlays, and what stands for folded text.
    pub added: RunStyle,
    pub added_background: Hsla,
    /// Chevrons beside what can be folded.
    pub fold_mark: Hsla,
    /// Stand-ins of hidden characters.
    pub mark: Hsla,
    pub mark_background: Hsla,
    /// Which levels of indentation and pairs of brackets have lines.
    pub guides: GuidesSettings,
    /// Which unusual characters are boxed.
    pub unicode_highlight: UnicodeHighlight,
    /// Of the lines beside pairs of brackets.
    pub pair_guides: PairColors,
    /// The selection in a view without focus.
    pub selection_inactive: Hsla,
    /// Where a match is, beside the scrollbar.
    pub tick: Hsla,
    /// Of brackets by depth.
    pub brackets: BracketColors,
    theme: KilnTheme,
    syntax: RefCell<HashMap<HighlightId, RunStyle>>,
}

static GENERATION: AtomicU64 = AtomicU64::new(1);

impl EditorStyle {
    /// The style of the settings for a language and of the theme in force. `tab_size` is that of the
    /// document.
    pub(crate) fn new(tab_size: u32, language: LanguageId, window: &Window, cx: &App) -> Self {
        let theme = cx.kiln_theme().clone();
        let all = cx.kiln_settings().of_language(language.id_str());
        let settings = &all.editor;
        let zoom = EditorZoom::factor(cx);
        let font_size = px(settings.font_size * zoom);
        let line_height = px(settings.line_height_pixels() * zoom)
            .round()
            .max(font_size.ceil());
        let font = editor_font(settings, window);
        let font_id = window.text_system().resolve_font(&font);
        let cell_width = window
            .text_system()
            .ch_advance(font_id, font_size)
            .ok()
            .filter(|width| *width > px(0.))
            .unwrap_or(font_size * 0.6);
        let colors = *theme;
        Self {
            language,
            generation: GENERATION.fetch_add(1, Ordering::Relaxed),
            font,
            font_size,
            line_height,
            cell_width,
            scale: zoom::window_factor(cx),
            tab_size: tab_size.clamp(1, 64),
            line_numbers: settings.line_numbers,
            rulers: settings.rulers.clone(),
            render_whitespace: settings.render_whitespace,
            plain: RunStyle {
                color: colors.editor_text,
                bold: false,
                italic: false,
                underline: false,
                strikethrough: false,
            },
            added: RunStyle {
                color: colors.text_muted,
                bold: false,
                italic: false,
                underline: false,
                strikethrough: false,
            },
            added_background: colors.text_muted.opacity(0.14),
            fold_mark: colors.text_muted,
            mark: colors.warning,
            mark_background: colors.warning.opacity(0.18),
            guides: all.guides,
            unicode_highlight: all.marking.unicode,
            pair_guides: PairColors::new(&colors, all.guides.highlight_active_pair),
            selection_inactive: colors.selection.opacity(0.55),
            tick: colors.accent.opacity(0.7),
            brackets: match settings.bracket_pair_colorization {
                true => BracketColors::new(&colors),
                false => BracketColors::none(),
            },
            colors,
            theme,
            syntax: RefCell::default(),
        }
    }

    /// A length beside the text at the window's zoom, given in pixels of zoom level 0.
    pub(crate) fn scaled(&self, length: Pixels) -> Pixels {
        length * self.scale
    }

    /// How a name is drawn of which a language server says what it is: as the theme has it, with what
    /// it leaves open as usual. None where neither says anything.
    pub(crate) fn meaning(
        &self,
        kind: &str,
        modifiers: &[&str],
        language: &str,
        usual: Option<RunStyle>,
    ) -> Option<RunStyle> {
        let theme = &self.theme.source().semantic;
        let Some(own) = theme.style(kind, modifiers, language) else {
            return usual;
        };
        Some(RunStyle {
            color: own
                .color
                .map(ui::theme::hsla)
                .or(usual.map(|usual| usual.color))?,
            bold: own.bold,
            italic: own.italic,
            underline: own.underline,
            strikethrough: own.strikethrough,
        })
    }

    /// How a highlight is drawn.
    pub(crate) fn syntax(&self, highlight: HighlightId) -> RunStyle {
        *self
            .syntax
            .borrow_mut()
            .entry(highlight)
            .or_insert_with(|| {
                let style = self.theme.syntax_style(highlight.name());
                RunStyle {
                    color: style.color.unwrap_or(self.plain.color),
                    bold: style
                        .font_weight
                        .is_some_and(|weight| weight >= FontWeight::SEMIBOLD),
                    italic: style.font_style == Some(FontStyle::Italic),
                    underline: style.underline.is_some(),
                    strikethrough: style.strikethrough.is_some(),
                }
            })
    }
}

/// The first family of the settings that is installed, with the others as fallbacks. Ligatures are
/// off, as in VS Code's default: every character keeps its own cell.
fn editor_font(settings: &settings::EditorSettings, window: &Window) -> Font {
    let mut families = ui::fonts::of_code(settings, window.text_system());
    let family = families.remove(0);
    Font {
        family: SharedString::from(family),
        features: FontFeatures::disable_ligatures(),
        fallbacks: Some(FontFallbacks::from_fonts(families)),
        weight: FontWeight::NORMAL,
        style: FontStyle::Normal,
    }
}
