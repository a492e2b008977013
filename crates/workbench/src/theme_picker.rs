//! Choosing a theme, seeing each one while choosing.

use crate::fuzzy::{self, Match};
use crate::picker::{Picker, PickerDelegate, highlighted};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Window, div};
use std::rc::Rc;
use std::sync::Arc;
use ui::tokens::{radius, scaled, space};
use ui::widgets::row;
use ui::{ActiveKilnTheme as _, ThemeStore};

/// What is done with the chosen theme: usually, it is written to settings. It takes the preview
/// back when that is done.
pub type ThemeChosen = Rc<dyn Fn(Arc<settings::Theme>, &mut Window, &mut App)>;

/// The themes that can be chosen.
pub struct ThemePicker {
    themes: Vec<Arc<settings::Theme>>,
    matches: Vec<Match>,
    query: String,
    active: String,
    chosen: ThemeChosen,
}

impl ThemePicker {
    /// A picker of every theme, at the active one.
    pub fn new(chosen: ThemeChosen, cx: &App) -> Self {
        Self {
            themes: ThemeStore::all(cx),
            matches: Vec::new(),
            query: String::new(),
            active: ThemeStore::active_name(cx),
            chosen,
        }
    }

    fn theme(&self, index: usize) -> Option<&Arc<settings::Theme>> {
        self.themes.get(self.matches.get(index)?.index)
    }
}

/// A word for what a theme is made for.
pub fn appearance_word(appearance: settings::Appearance) -> &'static str {
    match appearance {
        settings::Appearance::Light => "Light",
        settings::Appearance::Dark => "Dark",
        settings::Appearance::HighContrastDark => "High contrast, dark",
        settings::Appearance::HighContrastLight => "High contrast, light",
    }
}

impl PickerDelegate for ThemePicker {
    fn name(&self) -> SharedString {
        "Select theme".into()
    }

    fn placeholder(&self) -> SharedString {
        "Select a theme".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        format!("No theme is called \u{201c}{query}\u{201d}.").into()
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn initial(&self) -> usize {
        self.themes
            .iter()
            .position(|theme| theme.name == self.active)
            .unwrap_or(0)
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        self.query = query.to_owned();
        let names = self.themes.iter().map(|theme| theme.name.as_str());
        self.matches = fuzzy::find(query, names, 500);
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        self.theme(index)
            .map(|theme| theme.name.clone())
            .unwrap_or_default()
            .into()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(theme) = self.theme(index) else {
            return div().into_any_element();
        };
        let positions = fuzzy::positions(&self.query, &theme.name);
        row()
            .w_full()
            .gap(space::M)
            .child(swatch(theme, cx))
            .child(div().flex_1().min_w_0().truncate().child(highlighted(
                &theme.name,
                &positions,
                cx,
            )))
            .child(
                div()
                    .flex_none()
                    .text_color(cx.kiln_theme().text_muted)
                    .child(appearance_word(theme.appearance)),
            )
            .into_any_element()
    }

    fn selected(&mut self, index: usize, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        let theme = self.theme(index).cloned();
        ThemeStore::preview(theme, cx);
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        // The preview stays until what is done with the theme is done.
        match self.theme(index).cloned() {
            Some(theme) => (self.chosen)(theme, window, cx),
            None => ThemeStore::preview(None, cx),
        }
    }

    fn cancelled(&mut self, cx: &mut App) {
        ThemeStore::preview(None, cx);
    }
}

fn swatch(theme: &settings::Theme, cx: &App) -> impl IntoElement {
    let colors = &theme.colors;
    let dot = |color| {
        div()
            .size(scaled(4.))
            .rounded(scaled(2.))
            .bg(ui::theme::hsla(color))
    };
    row()
        .flex_none()
        .w(scaled(28.))
        .h(scaled(16.))
        .justify_center()
        .gap(space::XXS)
        .rounded(radius::SMALL)
        .border_1()
        .border_color(cx.kiln_theme().border)
        .bg(ui::theme::hsla(colors.editor_background))
        .child(dot(colors.accent))
        .child(dot(colors.editor_text))
        .child(dot(colors.added))
}
