//! Fills gpui-component's theme from Kiln's, so that its inputs, menus, Markdown and
//! diffs look like the rest.

use crate::theme::{Colors, KilnTheme, highlight_style};
use crate::tokens::{BODY, SMALL, UI_FONT, caret, radius};
use crate::zoom;
use gpui_kit::base::input::CursorBlink;
use gpui_kit::component::highlighter::{
    FontStyle, FontWeightContent, HighlightTheme, HighlightThemeStyle, StatusColors, SyntaxColors,
    ThemeStyle,
};
use gpui_kit::component::{Theme, ThemeMode};
use gpui_kit::{App, Hsla, Rems, SharedString};
use std::sync::Arc;

/// Makes `theme` the active one for Kiln's views and for gpui-component's.
pub fn apply(theme: KilnTheme, mono_family: SharedString, cx: &mut App) {
    let mode = if theme.is_dark() {
        ThemeMode::Dark
    } else {
        ThemeMode::Light
    };
    Theme::change(mode, None, cx);
    let rem = zoom::rem(cx);
    let pixels = |length: Rems| length.to_pixels(rem);
    let colors = *theme;
    let highlight = Arc::new(highlight_theme(&theme, mode));
    let hard_lines = theme.is_high_contrast();
    cx.set_global(theme);
    Theme::update(cx, |component| {
        fill(component, &colors, hard_lines);
        component.highlight_theme = highlight;
        component.font_family = UI_FONT.into();
        component.font_size = pixels(BODY.size);
        component.mono_font_family = mono_family;
        component.mono_font_size = pixels(SMALL.size);
        component.radius = pixels(radius::MEDIUM);
        component.radius_lg = pixels(radius::LARGE);
        component.focus_ring = false;
        component.cursor_blink =
            CursorBlink::blinking(caret::INTERVAL).with_idle_timeout(caret::BLINKS_FOR);
    });
}

fn fill(theme: &mut Theme, c: &Colors, hard_lines: bool) {
    let clear = Hsla::transparent_black();
    let t = &mut theme.colors;

    t.background = c.background;
    t.foreground = c.text;
    t.muted = c.hover;
    t.muted_foreground = c.text_muted;
    t.border = c.border;
    t.input = c.input_border;
    t.ring = c.border_focused;
    t.caret = c.caret;
    t.selection = c.selection;
    t.accent = c.hover;
    t.accent_foreground = c.text;
    t.popover = c.elevated;
    t.popover_foreground = c.text;
    t.overlay = c.scrim;
    t.window_border = c.border;
    t.link = c.link;
    t.link_hover = c.link;
    t.link_active = c.link;
    t.drag_border = c.accent;
    t.drop_target = c.accent.opacity(0.15);
    t.group_box = c.surface;
    t.group_box_foreground = c.text;
    t.accordion = c.surface;
    t.skeleton = c.hover;
    t.progress_bar = c.accent;
    t.slider_bar = c.accent;
    t.slider_thumb = c.background;
    t.switch = c.border;
    t.switch_thumb = c.background;
    t.description_list_label = c.surface;
    t.description_list_label_foreground = c.text_muted;

    t.primary = c.button_background;
    t.primary_hover = c.button_hover;
    t.primary_active = c.button_hover;
    t.primary_foreground = c.button_text;
    t.button_primary = t.primary;
    t.button_primary_hover = t.primary_hover;
    t.button_primary_active = t.primary_active;
    t.button_primary_foreground = t.primary_foreground;
    t.secondary = c.secondary_button_background;
    t.secondary_hover = c.secondary_button_background.blend(c.hover);
    t.secondary_active = c.secondary_button_background.blend(c.active);
    t.secondary_foreground = c.secondary_button_text;
    t.button_secondary = t.secondary;
    t.button_secondary_hover = t.secondary_hover;
    t.button_secondary_active = t.secondary_active;
    t.button_secondary_foreground = t.secondary_foreground;
    t.button = t.secondary;
    t.button_hover = t.secondary_hover;
    t.button_active = t.secondary_active;
    t.button_foreground = t.secondary_foreground;

    t.danger = c.error;
    t.danger_hover = c.error.opacity(0.9);
    t.danger_active = c.error.opacity(0.8);
    t.danger_foreground = c.background;
    t.button_danger = t.danger;
    t.button_danger_hover = t.danger_hover;
    t.button_danger_active = t.danger_active;
    t.button_danger_foreground = t.danger_foreground;
    t.warning = c.warning;
    t.warning_hover = c.warning.opacity(0.9);
    t.warning_active = c.warning.opacity(0.8);
    t.warning_foreground = c.background;
    t.success = c.success;
    t.success_hover = c.success.opacity(0.9);
    t.success_active = c.success.opacity(0.8);
    t.success_foreground = c.background;
    t.info = c.info;
    t.info_hover = c.info.opacity(0.9);
    t.info_active = c.info.opacity(0.8);
    t.info_foreground = c.background;

    t.list = clear;
    t.list_even = clear;
    t.list_head = c.surface;
    t.list_hover = c.hover;
    t.list_active = c.active;
    t.list_active_border = if hard_lines {
        c.border_focused
    } else {
        c.active
    };
    t.table = clear;
    t.table_even = clear;
    t.table_head = c.surface;
    t.table_head_foreground = c.text_muted;
    t.table_foot = c.surface;
    t.table_foot_foreground = c.text_muted;
    t.table_hover = c.hover;
    t.table_active = c.active;
    t.table_active_border = t.list_active_border;
    t.table_row_border = c.border;

    t.sidebar = c.surface;
    t.sidebar_foreground = c.text;
    t.sidebar_border = c.border;
    t.sidebar_accent = c.active;
    t.sidebar_accent_foreground = c.text;
    t.sidebar_primary = c.accent;
    t.sidebar_primary_foreground = c.accent_text;
    t.tab = c.tab_inactive;
    t.tab_foreground = c.text_muted;
    t.tab_active = c.tab_active;
    t.tab_active_foreground = c.text;
    t.tab_bar = c.tab_inactive;
    t.tab_bar_segmented = c.surface;
    t.title_bar = c.title_bar;
    t.title_bar_border = c.border;
    t.status_bar = c.status_bar;
    t.status_bar_border = c.border;

    t.scrollbar = clear;
    t.scrollbar_thumb = c.scrollbar_thumb;
    t.scrollbar_thumb_hover = c.scrollbar_thumb_hover;

    t.red = c.error;
    t.red_light = c.diff_removed_background;
    t.green = c.success;
    t.green_light = c.diff_added_background;
    t.blue = c.info;
    t.yellow = c.warning;
    t.chart_1 = c.accent;
    t.chart_2 = c.success;
    t.chart_3 = c.warning;
    t.chart_4 = c.info;
    t.chart_5 = c.error;
}

/// A style through gpui-component's serialised form: its fields are private.
fn theme_style(theme: &KilnTheme, capture: &str) -> Option<ThemeStyle> {
    let style = highlight_style(theme.source().syntax_style(capture));
    let mut object = serde_json::Map::new();
    if let Some(color) = style.color {
        object.insert("color".into(), serde_json::to_value(color).ok()?);
    }
    if style.font_style.is_some() {
        object.insert(
            "font_style".into(),
            serde_json::to_value(FontStyle::Italic).ok()?,
        );
    }
    if style.font_weight.is_some() {
        object.insert(
            "font_weight".into(),
            serde_json::to_value(FontWeightContent::Bold).ok()?,
        );
    }
    (!object.is_empty())
        .then(|| serde_json::from_value(serde_json::Value::Object(object)).ok())
        .flatten()
}

fn highlight_theme(theme: &KilnTheme, mode: ThemeMode) -> HighlightTheme {
    let mut highlight = (*match mode {
        ThemeMode::Dark => HighlightTheme::default_dark(),
        ThemeMode::Light => HighlightTheme::default_light(),
    })
    .clone();
    highlight.name = theme.name().to_owned();
    highlight.appearance = mode;
    fill_style(&mut highlight.style, theme);
    highlight
}

fn fill_style(style: &mut HighlightThemeStyle, theme: &KilnTheme) {
    style.editor_background = Some(theme.editor_background);
    style.editor_foreground = Some(theme.editor_text);
    style.editor_active_line = Some(theme.current_line);
    style.editor_line_number = Some(theme.line_number);
    style.editor_active_line_number = Some(theme.line_number_active);
    style.editor_invisible = Some(theme.text_faint);
    style.editor_gutter_background = Some(theme.editor_background);
    style.status = StatusColors::default();

    let of = |capture: &str| theme_style(theme, capture);
    let mut s = SyntaxColors::default();
    s.attribute = of("attribute");
    s.boolean = of("boolean");
    s.comment = of("comment");
    s.comment_doc = of("comment.documentation");
    s.constant = of("constant");
    s.constructor = of("constructor");
    s.embedded = of("embedded");
    s.emphasis = of("markup.italic");
    s.emphasis_strong = of("markup.bold");
    s.enum_ = of("type.enum");
    s.function = of("function");
    s.keyword = of("keyword");
    s.label = of("label");
    s.link_text = of("markup.link.text");
    s.link_uri = of("markup.link.url");
    s.number = of("number");
    s.operator = of("operator");
    s.preproc = of("keyword.directive");
    s.property = of("property");
    s.punctuation = of("punctuation");
    s.punctuation_bracket = of("punctuation.bracket");
    s.punctuation_delimiter = of("punctuation.delimiter");
    s.punctuation_list_marker = of("markup.list");
    s.punctuation_special = of("punctuation.special");
    s.string = of("string");
    s.string_escape = of("string.escape");
    s.string_regex = of("string.regexp");
    s.string_special = of("string.special");
    s.string_special_symbol = of("string.special.symbol");
    s.tag = of("tag");
    s.text_code_span = of("markup.raw");
    s.text_literal = of("markup.raw");
    s.title = of("markup.heading");
    s.type_ = of("type");
    s.variable = of("variable");
    s.variable_special = of("variable.builtin");
    s.variant = of("type.enum");
    style.syntax = s;
}

#[cfg(test)]
mod tests {
    use super::*;
    use gpui_kit::component::input::{Input, InputState};
    use gpui_kit::{
        AppContext as _, Context, Entity, IntoElement, Render, TestAppContext, Window,
        WindowOptions,
    };
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::Duration;

    struct OneInput {
        input: Entity<InputState>,
        frames: Rc<Cell<usize>>,
    }

    impl Render for OneInput {
        fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
            self.frames.set(self.frames.get() + 1);
            Input::new(&self.input)
        }
    }

    #[gpui_kit::test]
    fn an_input_with_the_focus_blinks_and_then_is_drawn_no_more(cx: &mut TestAppContext) {
        let frames = Rc::new(Cell::new(0));
        let (window, view) = cx.update(|cx| {
            crate::init(cx);
            let frames = frames.clone();
            gpui_kit::open_window(WindowOptions::default(), cx, |window, cx| {
                let input = cx.new(|cx| InputState::new(window, cx));
                cx.new(|_| OneInput { input, frames })
            })
            .unwrap()
        });
        let focus = |cx: &mut TestAppContext| {
            cx.update_window(window, |_, window, cx| {
                window.activate_window();
                let input = view.read(cx).input.clone();
                input.update(cx, |input, cx| input.focus(window, cx));
            })
            .unwrap();
            cx.run_until_parked();
        };
        let drawn_in = |duration: Duration, cx: &mut TestAppContext| {
            let before = frames.get();
            let mut left = duration;
            while !left.is_zero() {
                let step = left.min(Duration::from_millis(100));
                cx.executor().advance_clock(step);
                cx.run_until_parked();
                left -= step;
            }
            frames.get() - before
        };

        focus(cx);
        let blinked = drawn_in(caret::INTERVAL * 4, cx);
        assert!(blinked >= 3, "{blinked}");
        drawn_in(caret::BLINKS_FOR, cx);
        assert_eq!(drawn_in(Duration::from_secs(60), cx), 0);
    }
}
