//! The themes that Kiln brings along, from the repository's `themes/` folder.

use std::sync::LazyLock;

use crate::theme::Theme;

const SOURCES: [&str; 3] = [
    include_str!("../../../themes/kiln-dark.json"),
    include_str!("../../../themes/kiln-light.json"),
    include_str!("../../../themes/kiln-high-contrast.json"),
];

static THEMES: LazyLock<Vec<Theme>> = LazyLock::new(|| {
    SOURCES
        .iter()
        .filter_map(|source| Theme::from_vscode(source).ok())
        .map(|(theme, _)| theme)
        .collect()
});

/// The bundled themes. A test holds each of them to be read without a warning.
pub(crate) fn themes() -> &'static [Theme] {
    &THEMES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Appearance, Rgba, ThemeColors};

    fn theme(name: &str) -> &'static Theme {
        themes().iter().find(|theme| theme.name == name).unwrap()
    }

    #[test]
    fn the_three_themes_are_read_without_a_warning() {
        for source in SOURCES {
            let (theme, warnings) = Theme::from_vscode(source).unwrap();
            assert!(warnings.is_empty(), "{}: {warnings:?}", theme.name);
        }
        let names: Vec<_> = themes().iter().map(|theme| theme.name.as_str()).collect();
        assert_eq!(names, ["Kiln Dark", "Kiln Light", "Kiln High Contrast"]);
        assert_eq!(theme("Kiln Dark").appearance, Appearance::Dark);
        assert_eq!(theme("Kiln Light").appearance, Appearance::Light);
        assert_eq!(
            theme("Kiln High Contrast").appearance,
            Appearance::HighContrastDark
        );
    }

    #[track_caller]
    fn reads(theme: &Theme, what: &str, text: Rgba, background: Rgba, least: f64) {
        let ratio = text.over(background).contrast(background);
        assert!(
            ratio >= least,
            "{}: {what} is {text} on {background}, {ratio:.2}:1, wanted {least}:1",
            theme.name
        );
    }

    /// Every surface that text stands on, with the rows' states over it.
    fn surfaces(colors: &ThemeColors) -> Vec<(&'static str, Rgba)> {
        let mut surfaces = Vec::new();
        for (name, color) in [
            ("background", colors.background),
            ("surface", colors.surface),
            ("elevated", colors.elevated),
            ("title bar", colors.title_bar),
            ("status bar", colors.status_bar),
            ("editor", colors.editor_background),
            ("active tab", colors.tab_active),
            ("inactive tab", colors.tab_inactive),
            ("input", colors.input_background),
            ("code", colors.code_background),
        ] {
            surfaces.push((name, color));
            surfaces.push((name, colors.hover.over(color)));
            surfaces.push((name, colors.active.over(color)));
        }
        surfaces
    }

    #[test]
    fn text_can_be_read_on_every_surface() {
        for theme in themes() {
            let colors = &theme.colors;
            let least = if theme.appearance.is_high_contrast() {
                7.0
            } else {
                4.5
            };
            for (name, surface) in surfaces(colors) {
                reads(theme, &format!("text on {name}"), colors.text, surface, 7.0);
                reads(
                    theme,
                    &format!("muted text on {name}"),
                    colors.text_muted,
                    surface,
                    least,
                );
                reads(
                    theme,
                    &format!("faint text on {name}"),
                    colors.text_faint,
                    surface,
                    if least > 5.0 { 4.5 } else { 2.8 },
                );
            }
            for (what, color) in [
                ("error", colors.error),
                ("warning", colors.warning),
                ("info", colors.info),
                ("success", colors.success),
                ("added", colors.added),
                ("modified", colors.modified),
                ("removed", colors.removed),
                ("accent", colors.accent),
                ("link", colors.link),
                ("outermost brackets", colors.bracket_1),
                ("brackets in others", colors.bracket_2),
                ("brackets deeper", colors.bracket_3),
                ("a bracket without a partner", colors.bracket_unexpected),
            ] {
                for background in [
                    colors.background,
                    colors.surface,
                    colors.elevated,
                    colors.editor_background,
                ] {
                    reads(theme, what, color, background, least);
                }
            }
            reads(
                theme,
                "text on accent",
                colors.accent_text,
                colors.accent,
                4.5,
            );
            reads(
                theme,
                "button",
                colors.button_text,
                colors.button_background,
                4.5,
            );
            reads(
                theme,
                "hovered button",
                colors.button_text,
                colors.button_hover,
                4.5,
            );
            reads(
                theme,
                "second button",
                colors.secondary_button_text,
                colors.secondary_button_background,
                least,
            );
            // What is switched off has this background, or none of its own.
            for (name, background) in [
                ("a button", colors.secondary_button_background),
                ("the surface", colors.surface),
                ("elevated", colors.elevated),
                ("the editor", colors.editor_background),
            ] {
                let what = format!("disabled text on {name}");
                reads(theme, &what, colors.disabled_text, background, 3.0);
            }
            reads(
                theme,
                "active line number",
                colors.line_number_active,
                colors.editor_background,
                least,
            );
            reads(
                theme,
                "line number",
                colors.line_number,
                colors.editor_background,
                if least > 5.0 { 4.5 } else { 2.4 },
            );
        }
    }

    #[test]
    fn code_can_be_read_also_where_it_is_selected_or_changed() {
        for theme in themes() {
            let colors = &theme.colors;
            let least = if theme.appearance.is_high_contrast() {
                7.0
            } else {
                4.5
            };
            for capture in crate::theme_syntax::CAPTURES {
                let style = theme.syntax_style(capture);
                let color = style.color.unwrap_or(colors.editor_text);
                reads(theme, capture, color, colors.editor_background, least);
                reads(theme, capture, color, colors.code_background, least);
                for (what, over) in [
                    ("current line", colors.current_line),
                    ("selection", colors.selection),
                    ("added line", colors.diff_added_background),
                    ("removed line", colors.diff_removed_background),
                    ("find match", colors.find_match),
                ] {
                    let background = over.over(colors.editor_background);
                    reads(
                        theme,
                        &format!("{capture} on {what}"),
                        color,
                        background,
                        3.0,
                    );
                }
                for (what, line, word) in [
                    (
                        "added",
                        colors.diff_added_background,
                        colors.diff_added_word,
                    ),
                    (
                        "removed",
                        colors.diff_removed_background,
                        colors.diff_removed_word,
                    ),
                ] {
                    let line = line.over(colors.editor_background);
                    let word = word.over(line);
                    let what = format!("{capture} on a word that was {what}");
                    reads(theme, &what, color, word, 3.0);
                    assert!(word.contrast(line) > 1.15, "{}: {word:?}", theme.name);
                }
            }
        }
    }

    #[test]
    fn lines_that_came_are_seen_as_green_as_those_that_went_are_red() {
        for theme in themes() {
            let colors = &theme.colors;
            let lines = [colors.diff_added_background, colors.diff_removed_background];
            let [added, removed] = lines.map(|line| line.over(colors.editor_background));
            for line in [added, removed] {
                let contrast = line.contrast(colors.editor_background);
                assert!(contrast >= 1.2, "{}: {line:?} {contrast}", theme.name);
            }
            // How far the colour stands out of the other two: what is left is grey.
            let green = added.g.saturating_sub(added.r.max(added.b));
            let red = removed.r.saturating_sub(removed.g.max(removed.b));
            assert!(green.min(red) >= 16, "{}: {green} {red}", theme.name);
            assert!(green * 3 >= red * 2, "{}: {green} {red}", theme.name);
        }
    }

    #[test]
    fn the_palette_has_six_to_nine_hues_for_code() {
        for theme in themes() {
            let colors: std::collections::BTreeSet<_> = crate::theme_syntax::CAPTURES
                .iter()
                .filter_map(|capture| theme.syntax_style(capture).color)
                .map(|color| color.to_string())
                .collect();
            assert!(
                (6..=12).contains(&colors.len()),
                "{}: {colors:?}",
                theme.name
            );
        }
    }

    #[test]
    fn high_contrast_draws_its_edges() {
        let colors = &theme("Kiln High Contrast").colors;
        assert!(colors.border.contrast(colors.background) >= 4.5);
        assert!(colors.border_focused.contrast(colors.background) >= 7.0);
    }
}
