//! The themes that can be chosen, which of them is active, and the system's light or
//! dark that it follows.

use crate::fonts;
use crate::settings_store::ActiveSettings as _;
use crate::theme::{ActiveKilnTheme as _, KilnTheme};
use crate::theme_bridge;
use gpui_kit::{App, Global, Window, WindowAppearance};
use settings::{Theme, ThemeMode};
use std::sync::Arc;

/// Every theme that can be chosen: the bundled ones, then those of a person's own.
pub struct ThemeStore {
    themes: Vec<Arc<Theme>>,
    system_is_dark: bool,
    /// What is known before the system reports it to a window: whether it is dark.
    expected: Option<bool>,
    /// Set where something stands in for the system's appearance.
    stand_in: Option<settings::Appearance>,
    preview: Option<Arc<Theme>>,
}

impl Global for ThemeStore {}

pub(crate) fn init(cx: &mut App) {
    let themes: Vec<_> = Theme::bundled().iter().cloned().map(Arc::new).collect();
    let system_is_dark = is_dark(cx.window_appearance());
    cx.set_global(ThemeStore {
        themes,
        system_is_dark,
        expected: None,
        stand_in: None,
        preview: None,
    });
}

fn is_dark(appearance: WindowAppearance) -> bool {
    matches!(
        appearance,
        WindowAppearance::Dark | WindowAppearance::VibrantDark
    )
}

impl ThemeStore {
    /// Every theme, bundled ones first.
    pub fn all(cx: &App) -> Vec<Arc<Theme>> {
        cx.global::<Self>().themes.clone()
    }

    /// Adds themes; one of a name that exists replaces it. Applies the right one again.
    pub fn add(themes: impl IntoIterator<Item = Theme>, cx: &mut App) {
        let store = cx.global_mut::<Self>();
        for theme in themes {
            match store
                .themes
                .iter_mut()
                .find(|known| known.name == theme.name)
            {
                Some(known) => *known = Arc::new(theme),
                None => store.themes.push(Arc::new(theme)),
            }
        }
        Self::sync(cx);
    }

    /// The theme of a name.
    pub fn get(name: &str, cx: &App) -> Option<Arc<Theme>> {
        cx.global::<Self>()
            .themes
            .iter()
            .find(|theme| theme.name == name)
            .cloned()
    }

    /// Whether the system is dark, as last reported.
    pub fn system_is_dark(cx: &App) -> bool {
        cx.global::<Self>().system_is_dark
    }

    /// Shows a theme without choosing it; `None` goes back to the chosen one.
    pub fn preview(theme: Option<Arc<Theme>>, cx: &mut App) {
        cx.global_mut::<Self>().preview = theme;
        Self::sync(cx);
    }

    /// Takes an appearance in place of the system's, for tests and pictures. A
    /// high-contrast one shows the first theme that is made for it.
    pub fn stand_in_for_system(appearance: settings::Appearance, cx: &mut App) {
        let store = cx.global_mut::<Self>();
        store.stand_in = Some(appearance);
        store.system_is_dark = appearance.is_dark();
        Self::sync(cx);
    }

    /// Takes what the system was asked before there is a window. A window takes the system to be
    /// light until it is told, and may say so meanwhile; it is believed from when it agrees.
    pub fn expect_system(appearance: settings::Appearance, cx: &mut App) {
        let store = cx.global_mut::<Self>();
        store.expected = Some(appearance.is_dark());
        if store.stand_in.is_none() {
            store.system_is_dark = appearance.is_dark();
            Self::sync(cx);
        }
    }

    /// Follows the system's appearance for as long as the window lives.
    pub fn follow_system(window: &mut Window, cx: &mut App) {
        Self::take_system(window, cx);
        window.observe_window_appearance(Self::take_system).detach();
    }

    fn take_system(window: &mut Window, cx: &mut App) {
        let dark = is_dark(window.appearance());
        let store = cx.global_mut::<Self>();
        if store.expected.is_some_and(|expected| expected != dark) {
            return;
        }
        store.expected = None;
        if store.stand_in.is_none() && store.system_is_dark != dark {
            store.system_is_dark = dark;
            Self::sync(cx);
        }
    }

    /// Applies the theme that settings, the system and a preview ask for.
    pub fn sync(cx: &mut App) {
        let chosen = Self::wanted(cx);
        let families = fonts::of_code(&cx.kiln_settings().editor, cx.text_system());
        if let (Some(theme), Some(family)) = (chosen, families.into_iter().next()) {
            theme_bridge::apply(KilnTheme::new(theme), family.into(), cx);
        }
    }

    fn wanted(cx: &App) -> Option<Arc<Theme>> {
        let store = cx.global::<Self>();
        if let Some(preview) = &store.preview {
            return Some(preview.clone());
        }
        let choice = &cx.kiln_settings().theme;
        let contrast = store
            .stand_in
            .filter(|appearance| appearance.is_high_contrast());
        if let (Some(contrast), ThemeMode::System) = (contrast, choice.mode) {
            let made_for_it = |theme: &&Arc<Theme>| theme.appearance == contrast;
            if let Some(theme) = store.themes.iter().find(made_for_it) {
                return Some(theme.clone());
            }
        }
        let dark = match choice.mode {
            ThemeMode::System => store.system_is_dark,
            ThemeMode::Dark => true,
            ThemeMode::Light => false,
        };
        Self::get(choice.name_for(store.system_is_dark), cx)
            .or_else(|| Self::get(if dark { "Kiln Dark" } else { "Kiln Light" }, cx))
            .or_else(|| store.themes.first().cloned())
    }

    /// The active theme's name.
    pub fn active_name(cx: &App) -> String {
        cx.kiln_theme().name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SettingsStore;
    use gpui_kit::component::ActiveTheme as _;
    use gpui_kit::{Hsla, TestAppContext};
    use settings::{Appearance, Layer};

    /// Contrast as of WCAG 2.2, section 1.4.3.
    fn contrast(a: Hsla, b: Hsla) -> f32 {
        let luminance = |color: Hsla| {
            let rgb = color.to_rgb();
            let part = |value: f32| {
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * part(rgb.r) + 0.7152 * part(rgb.g) + 0.0722 * part(rgb.b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[gpui_kit::test]
    fn text_is_readable_in_every_bundled_theme(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            for theme in ThemeStore::all(cx) {
                let theme = KilnTheme::new(theme);
                let pairs = [
                    ("text", theme.text, theme.surface),
                    ("text", theme.text, theme.elevated),
                    ("muted text", theme.text_muted, theme.surface),
                    ("muted text", theme.text_muted, theme.title_bar),
                    ("muted text", theme.text_muted, theme.status_bar),
                    ("muted text", theme.text_muted, theme.editor_background),
                    ("code", theme.editor_text, theme.editor_background),
                    (
                        "the main button",
                        theme.button_text,
                        theme.button_background,
                    ),
                    (
                        "another button",
                        theme.secondary_button_text,
                        theme.secondary_button_background,
                    ),
                    ("errors", theme.error, theme.surface),
                    ("warnings", theme.warning, theme.status_bar),
                ];
                for (what, front, back) in pairs {
                    let ratio = contrast(front, back);
                    assert!(ratio >= 4.5, "{what} in {}: {ratio:.2}", theme.name());
                }
            }
        });
    }

    #[gpui_kit::test]
    fn the_theme_follows_the_system_unless_settings_fix_it(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            ThemeStore::stand_in_for_system(Appearance::Light, cx);
            assert_eq!(ThemeStore::active_name(cx), "Kiln Light");
            ThemeStore::stand_in_for_system(Appearance::Dark, cx);
            assert_eq!(ThemeStore::active_name(cx), "Kiln Dark");
            assert!(cx.theme().is_dark(), "gpui-component follows too");
            assert_eq!(cx.theme().background, cx.kiln_theme().background);

            SettingsStore::set(
                &[Layer::user(
                    "settings.json",
                    r#"{"kiln.theme.mode": "light"}"#,
                )],
                cx,
            );
            assert_eq!(ThemeStore::active_name(cx), "Kiln Light");
        });
    }

    #[gpui_kit::test]
    fn code_outside_of_the_editor_is_set_in_a_font_that_is_there(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            let settings = r#"{"editor.fontFamily": "'No Such Font', monospace"}"#;
            SettingsStore::set(&[Layer::user("settings.json", settings)], cx);
            assert_eq!(cx.theme().mono_font_family, crate::tokens::MONO_FONT);
        });
    }

    #[gpui_kit::test]
    fn a_window_begins_in_the_systems_colours(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            ThemeStore::expect_system(Appearance::Dark, cx);
            assert_eq!(ThemeStore::active_name(cx), "Kiln Dark");
        });
        // A window takes the system to be light until it is told.
        cx.add_empty_window().update(|window, cx| {
            assert!(!is_dark(window.appearance()));
            ThemeStore::follow_system(window, cx);
            assert_eq!(ThemeStore::active_name(cx), "Kiln Dark");
        });
    }

    #[gpui_kit::test]
    fn a_theme_that_is_gone_falls_back_to_a_bundled_one(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            ThemeStore::stand_in_for_system(Appearance::Dark, cx);
            let text = r#"{"workbench.preferredDarkColorTheme": "No Such Theme"}"#;
            SettingsStore::set(&[Layer::user("settings.json", text)], cx);
            assert_eq!(ThemeStore::active_name(cx), "Kiln Dark");
        });
    }
}
