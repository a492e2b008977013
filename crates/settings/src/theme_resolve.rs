//! Where each of Kiln's colours comes from in a VS Code theme.

use std::collections::HashMap;

use crate::color::Rgba;
use crate::theme::Appearance;
use crate::theme_colors::ThemeColors;

/// What a theme without a single colour looks like, by appearance.
struct Base {
    background: u32,
    text: u32,
    accent: u32,
    added: u32,
    modified: u32,
    error: u32,
    warning: u32,
    info: u32,
    /// As VS Code has them.
    brackets: [u32; 3],
}

fn base(appearance: Appearance) -> Base {
    match appearance {
        Appearance::Dark => Base {
            background: 0x1c1b1a,
            text: 0xd9d4cd,
            accent: 0xe58a57,
            added: 0x8fbf7a,
            modified: 0xd9b06a,
            error: 0xe8786f,
            warning: 0xe0b25f,
            info: 0x86b1d8,
            brackets: [0xffd700, 0xda70d6, 0x179fff],
        },
        Appearance::Light => Base {
            background: 0xfcfbf9,
            text: 0x2c2926,
            accent: 0xb04a16,
            added: 0x3f7329,
            modified: 0x855b00,
            error: 0xb5332c,
            warning: 0x875900,
            info: 0x2c639c,
            brackets: [0x0431fa, 0x319331, 0x7b3814],
        },
        Appearance::HighContrastDark => Base {
            background: 0x000000,
            text: 0xffffff,
            accent: 0xffa566,
            added: 0x9ff08a,
            modified: 0xffd166,
            error: 0xff9d96,
            warning: 0xffd166,
            info: 0x9dceff,
            brackets: [0xffd700, 0xda70d6, 0x87cefa],
        },
        Appearance::HighContrastLight => Base {
            background: 0xffffff,
            text: 0x000000,
            accent: 0x7a2c00,
            added: 0x1d4a0d,
            modified: 0x553a00,
            error: 0x7d0f0a,
            warning: 0x553a00,
            info: 0x0b3c70,
            brackets: [0x0431fa, 0x319331, 0x7b3814],
        },
    }
}

/// The theme file's `colors`, asked for by VS Code's names.
struct Source<'a> {
    colors: &'a HashMap<String, Rgba>,
    background: Rgba,
}

impl Source<'_> {
    /// The first of the named colours, as it is.
    fn raw(&self, keys: &[&str]) -> Option<Rgba> {
        keys.iter().find_map(|key| self.colors.get(*key).copied())
    }

    /// The first of the named colours that can be seen.
    fn painted(&self, keys: &[&str], fallback: Rgba) -> Rgba {
        self.raw(keys).unwrap_or(fallback)
    }

    /// The first of the named colours, made opaque over the background.
    fn opaque(&self, keys: &[&str], fallback: Rgba) -> Rgba {
        self.opaque_over(keys, self.background, fallback)
    }

    fn opaque_over(&self, keys: &[&str], below: Rgba, fallback: Rgba) -> Rgba {
        keys.iter()
            .find_map(|key| self.colors.get(*key).filter(|color| color.a > 0))
            .map_or(fallback, |color| color.over(below))
    }
}

/// What added and removed lines of a diff are painted with where a theme does not say, and over them
/// their words that differ: VS Code's defaults of `diffEditor.insertedLineBackground`,
/// `diffEditor.removedLineBackground` and `diffEditor.insertedTextBackground`; that of
/// `diffEditor.removedTextBackground` is the removed line's.
const ADDED_LINE: Rgba = Rgba::opaque(0x9b_b9_55).with_alpha(51);
const REMOVED_LINE: Rgba = Rgba::opaque(0xff_00_00).with_alpha(51);
const ADDED_WORD: Rgba = Rgba::opaque(0x9c_cc_2c).with_alpha(51);

impl ThemeColors {
    /// Resolves the `colors` of a VS Code theme; what is missing follows from what
    /// is there, and from the appearance last.
    pub(crate) fn resolve(colors: &HashMap<String, Rgba>, appearance: Appearance) -> Self {
        let base = base(appearance);
        let base_background = Rgba::opaque(base.background);
        let editor_background = colors
            .get("editor.background")
            .map_or(base_background, |color| color.over(base_background));
        let source = Source {
            colors,
            background: editor_background,
        };
        let editor_text = source.opaque(
            &["editor.foreground", "foreground"],
            Rgba::opaque(base.text),
        );
        // A theme may give a background and no text, or the other way round.
        let editor_text = legible(editor_text, editor_background, 3.0);
        let surface = source.opaque(
            &["sideBar.background", "activityBar.background"],
            editor_background.mix(
                editor_text,
                if appearance.is_high_contrast() {
                    0.0
                } else {
                    0.03
                },
            ),
        );
        let background = source.opaque(
            &["editorGroup.emptyBackground", "editor.background"],
            editor_background,
        );
        let elevated = source.opaque(
            &[
                "editorWidget.background",
                "menu.background",
                "quickInput.background",
                "dropdown.background",
            ],
            editor_background.mix(editor_text, 0.06),
        );
        let text = legible(
            source.opaque_over(&["foreground", "sideBar.foreground"], surface, editor_text),
            surface,
            4.5,
        );
        let text_muted = source.opaque_over(
            &[
                "descriptionForeground",
                "sideBarTitle.foreground",
                "tab.inactiveForeground",
            ],
            surface,
            text.mix(surface, 0.3),
        );
        let text_muted = legible(text_muted, surface, 3.0);
        let text_faint = source.opaque_over(
            &["disabledForeground", "input.placeholderForeground"],
            surface,
            text.mix(surface, 0.5),
        );
        let accent = source.opaque(
            &[
                "focusBorder",
                "button.background",
                "activityBarBadge.background",
                "progressBar.background",
                "textLink.foreground",
            ],
            Rgba::opaque(base.accent),
        );
        // Some themes switch the focus ring off by giving it the background's colour.
        let accent = if accent.contrast(editor_background) < 1.5 {
            source.opaque(
                &["button.background", "textLink.foreground"],
                Rgba::opaque(base.accent),
            )
        } else {
            accent
        };
        let button_background = source.opaque(&["button.background"], accent);
        let button_text = legible(
            source.opaque_over(&["button.foreground"], button_background, text),
            button_background,
            3.0,
        );
        let accent_text = legible(button_text, accent, 4.5);
        let border = source.opaque(
            &[
                "contrastBorder",
                "sideBar.border",
                "panel.border",
                "editorGroup.border",
                "widget.border",
            ],
            editor_background.mix(
                editor_text,
                if appearance.is_high_contrast() {
                    0.6
                } else {
                    0.1
                },
            ),
        );
        let overlay = |amount: u8| editor_text.with_alpha(amount);
        let bracket = |place: usize| {
            let key = format!("editorBracketHighlight.foreground{}", place + 1);
            let fallback = base.brackets.get(place).copied().map(Rgba::opaque);
            source.painted(&[&key], fallback.unwrap_or(Rgba::opaque(0).with_alpha(0)))
        };
        // As in VS Code, a pair without a colour of its own has that of its brackets, three tenths as
        // strong where the caret is elsewhere.
        let pair_guide = |level: usize, what: &str, bracket: Rgba, strength: u16| {
            let key = format!("editorBracketPairGuide.{what}{level}");
            let own = source.raw(&[&key]).filter(|color| color.a > 0);
            let alpha = (u16::from(bracket.a) * strength / 255).min(255);
            own.unwrap_or(bracket.with_alpha(u8::try_from(alpha).unwrap_or(u8::MAX)))
        };
        let error = source.opaque(
            &[
                "errorForeground",
                "editorError.foreground",
                "problemsErrorIcon.foreground",
            ],
            Rgba::opaque(base.error),
        );
        let added = source.opaque(
            &[
                "gitDecoration.addedResourceForeground",
                "gitDecoration.untrackedResourceForeground",
                "editorGutter.addedBackground",
            ],
            Rgba::opaque(base.added),
        );
        let removed = source.opaque(
            &[
                "gitDecoration.deletedResourceForeground",
                "editorGutter.deletedBackground",
            ],
            error,
        );
        // The decorations of git's files may be of any colour; in high contrast they are chosen
        // to be seen, and VS Code has no such defaults there.
        let [added_line, removed_line, added_word] = match appearance.is_high_contrast() {
            true => [added, removed, added].map(|color| color.with_alpha(36)),
            false => [ADDED_LINE, REMOVED_LINE, ADDED_WORD],
        };
        let selection = source.painted(&["editor.selectionBackground"], accent.with_alpha(64));
        let find_match = source.painted(
            &["editor.findMatchHighlightBackground"],
            Rgba::opaque(base.warning).with_alpha(64),
        );
        let high_contrast = appearance.is_high_contrast();
        // As in VS Code, lines go around what high contrast leaves without a background.
        let outline = |key: &str| {
            let line = Rgba::opaque(base.accent).with_alpha(if high_contrast { 255 } else { 0 });
            source.painted(&[key, "contrastActiveBorder"], line)
        };
        let word_highlight = source.painted(
            &[
                "editor.wordHighlightTextBackground",
                "editor.wordHighlightBackground",
            ],
            overlay(if high_contrast { 0 } else { 36 }),
        );
        let selection_highlight = source.painted(
            &["editor.selectionHighlightBackground"],
            selection.with_alpha(if high_contrast {
                0
            } else {
                selection.a / 2 + 8
            }),
        );
        let inlay_hint = source.opaque(
            &["editorInlayHint.foreground"],
            editor_text.mix(editor_background, 0.45),
        );
        // Quieter than in VS Code: where the theme says nothing, there is none.
        let inlay_hint_background = source.painted(&["editorInlayHint.background"], overlay(0));
        let modified = source.opaque(
            &[
                "gitDecoration.modifiedResourceForeground",
                "editorGutter.modifiedBackground",
            ],
            Rgba::opaque(base.modified),
        );
        // As in VS Code, half as strong as the thumb of the scrollbar.
        let slider = |key: &str, thumb: &str, amount: u8| {
            let thumb = source.painted(&[thumb], overlay(amount));
            source.painted(&[key], thumb.with_alpha(thumb.a / 2))
        };
        let secondary_button_background =
            source.opaque(&["button.secondaryBackground"], surface.mix(text, 0.1));
        let disabled_text = quiet(
            text_faint,
            text,
            &[
                secondary_button_background,
                surface,
                elevated,
                editor_background,
            ],
        );
        let input_background = source.opaque(&["input.background"], editor_background);
        let tab_inactive = source.opaque(
            &["tab.inactiveBackground", "editorGroupHeader.tabsBackground"],
            surface,
        );
        Self {
            background,
            surface,
            elevated,
            title_bar: source.opaque(&["titleBar.activeBackground"], surface),
            status_bar: source.opaque(&["statusBar.background"], surface),
            border,
            border_focused: source.opaque(&["contrastActiveBorder", "focusBorder"], accent),
            text,
            text_muted,
            text_faint,
            disabled_text,
            accent,
            accent_text,
            hover: source.painted(
                &["list.hoverBackground", "toolbar.hoverBackground"],
                overlay(15),
            ),
            active: source.painted(
                &[
                    "list.inactiveSelectionBackground",
                    "list.activeSelectionBackground",
                ],
                overlay(28),
            ),
            editor_background,
            editor_text,
            line_number: source.opaque(
                &["editorLineNumber.foreground"],
                editor_text.mix(editor_background, 0.6),
            ),
            line_number_active: source.opaque(&["editorLineNumber.activeForeground"], editor_text),
            current_line: source.painted(&["editor.lineHighlightBackground"], overlay(10)),
            selection,
            caret: source.opaque(&["editorCursor.foreground"], editor_text),
            find_match,
            find_match_active: source.painted(
                &["editor.findMatchBackground"],
                Rgba::opaque(base.warning).with_alpha(120),
            ),
            bracket_match: source.painted(&["editorBracketMatch.background"], overlay(36)),
            bracket_match_border: source.painted(
                &["editorBracketMatch.border", "contrastActiveBorder"],
                editor_text.with_alpha(90),
            ),
            word_highlight,
            word_highlight_border: outline("editor.wordHighlightBorder"),
            word_highlight_strong: source.painted(
                &["editor.wordHighlightStrongBackground"],
                Rgba::opaque(base.info).with_alpha(if high_contrast { 0 } else { 64 }),
            ),
            word_highlight_strong_border: outline("editor.wordHighlightStrongBorder"),
            linked_editing: source.painted(
                &["editor.linkedEditingBackground"],
                Rgba::opaque(base.accent).with_alpha(32),
            ),
            selection_highlight,
            selection_highlight_border: outline("editor.selectionHighlightBorder"),
            code_lens: source.opaque(&["editorCodeLens.foreground"], inlay_hint),
            inlay_hint,
            inlay_hint_background,
            inlay_hint_type: source.opaque(&["editorInlayHint.typeForeground"], inlay_hint),
            inlay_hint_type_background: source
                .painted(&["editorInlayHint.typeBackground"], inlay_hint_background),
            inlay_hint_parameter: source
                .opaque(&["editorInlayHint.parameterForeground"], inlay_hint),
            inlay_hint_parameter_background: source.painted(
                &["editorInlayHint.parameterBackground"],
                inlay_hint_background,
            ),
            ghost_text: source.opaque(&["editorGhostText.foreground"], inlay_hint),
            bracket_1: bracket(0),
            bracket_2: bracket(1),
            bracket_3: bracket(2),
            bracket_4: bracket(3),
            bracket_5: bracket(4),
            bracket_6: bracket(5),
            bracket_unexpected: source.painted(
                &["editorBracketHighlight.unexpectedBracket.foreground"],
                Rgba::opaque(0xff1212).with_alpha(204),
            ),
            bracket_guide_1: pair_guide(1, "background", bracket(0), 77),
            bracket_guide_2: pair_guide(2, "background", bracket(1), 77),
            bracket_guide_3: pair_guide(3, "background", bracket(2), 77),
            bracket_guide_4: pair_guide(4, "background", bracket(3), 77),
            bracket_guide_5: pair_guide(5, "background", bracket(4), 77),
            bracket_guide_6: pair_guide(6, "background", bracket(5), 77),
            bracket_guide_active_1: pair_guide(1, "activeBackground", bracket(0), 255),
            bracket_guide_active_2: pair_guide(2, "activeBackground", bracket(1), 255),
            bracket_guide_active_3: pair_guide(3, "activeBackground", bracket(2), 255),
            bracket_guide_active_4: pair_guide(4, "activeBackground", bracket(3), 255),
            bracket_guide_active_5: pair_guide(5, "activeBackground", bracket(4), 255),
            bracket_guide_active_6: pair_guide(6, "activeBackground", bracket(5), 255),
            unicode_highlight_background: source.painted(
                &["editorUnicodeHighlight.background"],
                Rgba::opaque(base.warning).with_alpha(if high_contrast { 0 } else { 38 }),
            ),
            unicode_highlight_border: source.painted(
                &["editorUnicodeHighlight.border"],
                Rgba::opaque(base.warning),
            ),
            indent_guide: source.painted(
                &[
                    "editorIndentGuide.background1",
                    "editorIndentGuide.background",
                ],
                overlay(22),
            ),
            indent_guide_active: source.painted(
                &[
                    "editorIndentGuide.activeBackground1",
                    "editorIndentGuide.activeBackground",
                ],
                overlay(80),
            ),
            ruler: source.painted(&["editorRuler.foreground"], overlay(30)),
            added,
            modified,
            removed,
            error,
            warning: source.opaque(
                &[
                    "editorWarning.foreground",
                    "list.warningForeground",
                    "problemsWarningIcon.foreground",
                ],
                Rgba::opaque(base.warning),
            ),
            info: source.opaque(
                &["editorInfo.foreground", "problemsInfoIcon.foreground"],
                Rgba::opaque(base.info),
            ),
            editor_error: source.opaque(&["editorError.foreground"], error),
            editor_warning: source
                .opaque(&["editorWarning.foreground"], Rgba::opaque(base.warning)),
            editor_info: source.opaque(&["editorInfo.foreground"], Rgba::opaque(base.info)),
            editor_hint: source.opaque(&["editorHint.foreground"], Rgba::opaque(base.info)),
            success: source.opaque(
                &[
                    "testing.iconPassed",
                    "terminal.ansiGreen",
                    "gitDecoration.addedResourceForeground",
                ],
                added,
            ),
            scrollbar_thumb: source.painted(&["scrollbarSlider.background"], overlay(40)),
            scrollbar_thumb_hover: source
                .painted(&["scrollbarSlider.hoverBackground"], overlay(70)),
            minimap_background: source.opaque(&["minimap.background"], editor_background),
            minimap_slider: slider("minimapSlider.background", "scrollbarSlider.background", 40),
            minimap_slider_hover: slider(
                "minimapSlider.hoverBackground",
                "scrollbarSlider.hoverBackground",
                70,
            ),
            minimap_slider_active: slider(
                "minimapSlider.activeBackground",
                "scrollbarSlider.activeBackground",
                90,
            ),
            // Rows of two pixels need stronger colours than those of the text.
            minimap_selection: source.painted(
                &["minimap.selectionHighlight"],
                selection.with_alpha(selection.a.max(140)),
            ),
            minimap_occurrence: source.painted(
                &["minimap.selectionOccurrenceHighlight"],
                editor_text.with_alpha(140),
            ),
            minimap_find_match: source.painted(
                &["minimap.findMatchHighlight"],
                find_match.with_alpha(find_match.a.max(220)),
            ),
            minimap_added: source.painted(
                &[
                    "minimapGutter.addedBackground",
                    "editorGutter.addedBackground",
                ],
                added,
            ),
            minimap_modified: source.painted(
                &[
                    "minimapGutter.modifiedBackground",
                    "editorGutter.modifiedBackground",
                ],
                modified,
            ),
            minimap_removed: source.painted(
                &[
                    "minimapGutter.deletedBackground",
                    "editorGutter.deletedBackground",
                ],
                removed,
            ),
            sticky_scroll_background: source
                .opaque(&["editorStickyScroll.background"], editor_background),
            sticky_scroll_hover: source.painted(
                &[
                    "editorStickyScrollHover.background",
                    "list.hoverBackground",
                    "toolbar.hoverBackground",
                ],
                overlay(15),
            ),
            sticky_scroll_border: source.painted(&["editorStickyScroll.border"], border),
            sticky_scroll_shadow: source.painted(
                &["editorStickyScroll.shadow", "scrollbar.shadow"],
                Rgba::opaque(0).with_alpha(if appearance.is_dark() { 120 } else { 30 }),
            ),
            tab_active: source.opaque(&["tab.activeBackground"], editor_background),
            tab_inactive,
            input_background,
            input_border: source.opaque(&["input.border", "contrastBorder"], border),
            button_background,
            button_hover: source.opaque(
                &["button.hoverBackground"],
                button_background.mix(button_text, 0.12),
            ),
            button_text,
            secondary_button_background,
            secondary_button_text: legible(
                source.opaque_over(
                    &["button.secondaryForeground"],
                    secondary_button_background,
                    text,
                ),
                secondary_button_background,
                3.0,
            ),
            diff_added_background: source.painted(
                &[
                    "diffEditor.insertedLineBackground",
                    "diffEditor.insertedTextBackground",
                ],
                added_line,
            ),
            diff_removed_background: source.painted(
                &[
                    "diffEditor.removedLineBackground",
                    "diffEditor.removedTextBackground",
                ],
                removed_line,
            ),
            diff_added_word: source.painted(&["diffEditor.insertedTextBackground"], added_word),
            diff_removed_word: source.painted(&["diffEditor.removedTextBackground"], removed_line),
            code_background: source.opaque(
                &["textCodeBlock.background"],
                surface.mix(
                    text,
                    if appearance.is_high_contrast() {
                        0.0
                    } else {
                        0.05
                    },
                ),
            ),
            link: source.opaque(
                &["textLink.foreground", "editorLink.activeForeground"],
                accent,
            ),
            scrim: Rgba::opaque(0).with_alpha(if appearance.is_dark() { 128 } else { 77 }),
        }
    }
}

/// The colour, or black or white where it could not be told from the background.
fn legible(color: Rgba, background: Rgba, least: f64) -> Rgba {
    if color.contrast(background) >= least {
        return color;
    }
    let (black, white) = (Rgba::opaque(0), Rgba::opaque(0xffffff));
    if black.contrast(background) > white.contrast(background) {
        black
    } else {
        white
    }
}

/// A colour between `faint` and `text`, as near to `faint` as 3:1 on each background allows: what
/// is switched off is exempt in WCAG 2.2, section 1.4.3, and still read.
fn quiet(faint: Rgba, text: Rgba, backgrounds: &[Rgba]) -> Rgba {
    const LEAST: f64 = 3.0;
    const STEPS: u8 = 10;
    let reads = |color: &Rgba| {
        let mut ratios = backgrounds.iter().map(|back| color.contrast(*back));
        ratios.all(|ratio| ratio >= LEAST)
    };
    (0..STEPS)
        .map(|step| faint.mix(text, f32::from(step) / f32::from(STEPS)))
        .find(reads)
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Appearance; 4] = [
        Appearance::Light,
        Appearance::Dark,
        Appearance::HighContrastDark,
        Appearance::HighContrastLight,
    ];

    #[test]
    fn a_theme_without_colours_can_be_read() {
        for appearance in ALL {
            let colors = ThemeColors::resolve(&HashMap::new(), appearance);
            assert!(
                colors.text.contrast(colors.surface) >= 7.0,
                "{appearance:?}"
            );
            assert!(
                colors.text_muted.contrast(colors.surface) >= 4.5,
                "{appearance:?}"
            );
            assert!(colors.button_text.contrast(colors.button_background) >= 3.0);
            let off = colors.disabled_text;
            assert!(off.contrast(colors.secondary_button_background) >= 3.0);
            assert!(off.contrast(colors.surface) >= 3.0);
        }
    }

    #[test]
    fn brackets_have_the_colours_of_the_theme_and_else_those_of_vs_code() {
        let shown = |colors: &ThemeColors| {
            [
                colors.bracket_1,
                colors.bracket_2,
                colors.bracket_3,
                colors.bracket_4,
                colors.bracket_5,
                colors.bracket_6,
            ]
            .map(|color| (color.a > 0).then_some(color))
        };
        let gold = Some(Rgba::opaque(0xffd700));
        let orchid = Some(Rgba::opaque(0xda70d6));
        let none = ThemeColors::resolve(&HashMap::new(), Appearance::Dark);
        assert_eq!(
            shown(&none),
            [gold, orchid, Some(Rgba::opaque(0x179fff)), None, None, None]
        );
        let own = |key: &str, color| (format!("editorBracketHighlight.{key}"), color);
        let colors = HashMap::from([
            own("foreground3", Rgba::opaque(0x123456).with_alpha(0)),
            own("foreground4", Rgba::opaque(0x336699)),
            own("unexpectedBracket.foreground", Rgba::opaque(0xff0000)),
        ]);
        let some = ThemeColors::resolve(&colors, Appearance::Dark);
        assert_eq!(
            shown(&some),
            [gold, orchid, None, Some(Rgba::opaque(0x336699)), None, None]
        );
        assert_eq!(some.bracket_unexpected, Rgba::opaque(0xff0000));
    }

    #[test]
    fn words_of_a_diff_have_the_colours_of_the_theme() {
        let own = |key: &str, color: Rgba| (format!("diffEditor.{key}"), color);
        let (line, word) = (Rgba::opaque(0x336699), Rgba::opaque(0x112233));
        let colors = HashMap::from([
            own("insertedLineBackground", line.with_alpha(9)),
            own("insertedTextBackground", word.with_alpha(8)),
            own("removedTextBackground", word.with_alpha(7)),
        ]);
        let colors = ThemeColors::resolve(&colors, Appearance::Dark);
        assert_eq!(colors.diff_added_background, line.with_alpha(9));
        assert_eq!(colors.diff_added_word, word.with_alpha(8));
        assert_eq!(colors.diff_removed_word, word.with_alpha(7));
    }

    #[test]
    fn lines_of_a_diff_are_green_and_red_where_the_theme_does_not_say() {
        let own = |key: &str| (key.to_owned(), Rgba::opaque(0x888888));
        let decorations = [
            "gitDecoration.addedResourceForeground",
            "gitDecoration.deletedResourceForeground",
        ];
        let colors: HashMap<_, _> = decorations.map(own).into_iter().collect();
        for appearance in [Appearance::Dark, Appearance::Light] {
            let colors = ThemeColors::resolve(&colors, appearance);
            let below = colors.editor_background;
            for (added, removed) in [
                (colors.diff_added_background, colors.diff_removed_background),
                (colors.diff_added_word, colors.diff_removed_word),
            ] {
                let (added, removed) = (added.over(below), removed.over(below));
                assert!(added.g > added.r && added.g > added.b, "{added:?}");
                assert!(
                    removed.r > removed.g && removed.r > removed.b,
                    "{removed:?}"
                );
            }
        }
    }

    #[test]
    fn hints_have_the_colours_of_the_theme_and_else_those_of_all_hints() {
        let own = |key: &str, color| (format!("editorInlayHint.{key}"), Rgba::opaque(color));
        let colors = HashMap::from([own("foreground", 0x336699), own("typeForeground", 0x112233)]);
        let colors = ThemeColors::resolve(&colors, Appearance::Dark);
        assert_eq!(colors.inlay_hint_type, Rgba::opaque(0x112233));
        assert_eq!(colors.inlay_hint_parameter, Rgba::opaque(0x336699));
        assert_eq!(colors.inlay_hint_background.a, 0);
        for appearance in [Appearance::Dark, Appearance::Light] {
            let none = ThemeColors::resolve(&HashMap::new(), appearance);
            assert!(none.inlay_hint.contrast(none.editor_background) >= 3.0);
        }
    }

    #[test]
    fn the_minimap_and_pinned_lines_have_the_colours_of_the_theme() {
        let named = |names: &[&str]| -> HashMap<String, Rgba> {
            let numbers = (1..).map(|number| Rgba::opaque(number).with_alpha(number as u8 * 10));
            let names = names.iter().map(|name| (*name).to_string());
            names.zip(numbers).collect()
        };
        let names = [
            "minimapSlider.background",
            "minimapSlider.hoverBackground",
            "minimapSlider.activeBackground",
            "minimap.selectionHighlight",
            "minimap.findMatchHighlight",
            "minimapGutter.addedBackground",
            "minimapGutter.modifiedBackground",
            "minimapGutter.deletedBackground",
            "editorStickyScrollHover.background",
            "editorStickyScroll.border",
            "editorStickyScroll.shadow",
        ];
        let source = named(&names);
        let colors = ThemeColors::resolve(&source, Appearance::Dark);
        let shown = [
            colors.minimap_slider,
            colors.minimap_slider_hover,
            colors.minimap_slider_active,
            colors.minimap_selection,
            colors.minimap_find_match,
            colors.minimap_added,
            colors.minimap_modified,
            colors.minimap_removed,
            colors.sticky_scroll_hover,
            colors.sticky_scroll_border,
            colors.sticky_scroll_shadow,
        ];
        assert_eq!(shown.to_vec(), names.map(|name| source[name]).to_vec());
        let backgrounds = named(&["minimap.background", "editorStickyScroll.background"]);
        let backgrounds = backgrounds.into_iter().map(|(name, color)| {
            let opaque = color.with_alpha(255);
            (name, opaque)
        });
        let colors = ThemeColors::resolve(&backgrounds.collect(), Appearance::Dark);
        assert_eq!(colors.minimap_background, Rgba::opaque(1));
        assert_eq!(colors.sticky_scroll_background, Rgba::opaque(2));

        let thumb = Rgba::opaque(0x445566).with_alpha(100);
        let colors = HashMap::from([("scrollbarSlider.background".to_string(), thumb)]);
        let colors = ThemeColors::resolve(&colors, Appearance::Dark);
        assert_eq!(colors.minimap_slider, thumb.with_alpha(50));
        assert_eq!(colors.minimap_background, colors.editor_background);
        assert_eq!(colors.sticky_scroll_background, colors.editor_background);
    }

    proptest! {
        #[test]
        fn text_is_never_lost_on_its_background(background: u32, text: u32, dark: bool) {
            let colors = HashMap::from([
                ("editor.background".to_string(), Rgba::opaque(background)),
                ("foreground".to_string(), Rgba::opaque(text)),
            ]);
            let appearance = if dark { Appearance::Dark } else { Appearance::Light };
            let resolved = ThemeColors::resolve(&colors, appearance);
            prop_assert!(resolved.text.contrast(resolved.surface) >= 4.4);
            prop_assert!(resolved.editor_text.contrast(resolved.editor_background) >= 3.0);
        }
    }
}
