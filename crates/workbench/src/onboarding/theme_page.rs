//! The second step: a theme, chosen by its picture.

use super::Onboarding;
use crate::theme_picker::appearance_word;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, FontWeight, Role, Task, Toggled, Window, div,
};
use std::sync::Arc;
use ui::settings_store::ActiveSettings as _;
use ui::theme::hsla;
use ui::tokens::{radius, scaled, space};
use ui::widgets::{Button, column, row};
use ui::{ActiveKilnTheme as _, ThemeStore, Typography as _};

impl Onboarding {
    pub(super) fn render_themes(&self, cx: &mut Context<Self>) -> AnyElement {
        let active = ThemeStore::active_name(cx);
        let follows = cx.kiln_settings().theme.mode == settings::ThemeMode::System;
        let cards: Vec<_> = ThemeStore::all(cx)
            .into_iter()
            .enumerate()
            .map(|(index, theme)| {
                let chosen = theme.name == active;
                self.render_theme(index, theme, chosen, cx)
            })
            .collect();
        column()
            .gap(space::L)
            .child(
                row()
                    .items_start()
                    .flex_wrap()
                    .gap(space::L)
                    .children(cards),
            )
            .child(
                row()
                    .gap(space::M)
                    .child(
                        Button::new(
                            "follow-system",
                            if follows {
                                "Follows the system"
                            } else {
                                "Follow the system"
                            },
                        )
                        .icon(ui::IconName::SunMoon)
                        .tooltip("Take the light or the dark theme, as the system has it")
                        .disabled(follows)
                        .command("workbench.followSystemTheme")
                        .on_click(cx.listener(|this, _, window, cx| {
                            this.follow_system(window, cx);
                        })),
                    )
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .text_small()
                            .text_color(cx.kiln_theme().text_muted)
                            .child(
                                "One theme for light and one for dark, switched with the system.",
                            ),
                    ),
            )
            .into_any_element()
    }

    /// Follows the system from now on.
    pub(super) fn follow_system(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let written = self.settings.follow_system(cx);
        self.theme_written(written, window, cx);
    }

    fn theme_written(
        &mut self,
        written: Task<anyhow::Result<()>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let written = written.await;
            this.update_in(cx, |this, window, cx| {
                match written {
                    Ok(()) => this.theme_chosen = true,
                    Err(error) => ui::notify_error(&error, window, cx),
                }
                cx.notify();
            })
        })
        .detach();
    }

    fn render_theme(
        &self,
        index: usize,
        theme: Arc<settings::Theme>,
        chosen: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let here = cx.kiln_theme();
        let (accent, border, muted) = (here.accent, here.border, here.text_muted);
        let clicked = theme.clone();
        column()
            .id(("theme-card", index))
            .test_support()
            .role(Role::RadioButton)
            .aria_label(theme.name.clone())
            .aria_toggled(if chosen {
                Toggled::True
            } else {
                Toggled::False
            })
            .w(scaled(186.))
            .gap(space::S)
            .tab_index(0)
            .cursor_pointer()
            .on_click(cx.listener(move |this, _, window, cx| {
                let written = this.settings.set_theme(&clicked, cx);
                this.theme_written(written, window, cx);
            }))
            .child(
                div()
                    .p(scaled(2.))
                    .rounded(radius::LARGE)
                    .border_2()
                    .border_color(if chosen {
                        accent
                    } else {
                        gpui_kit::transparent_black()
                    })
                    .child(picture(&theme, border, cx)),
            )
            .child(
                column()
                    .px(space::XS)
                    .child(
                        div()
                            .truncate()
                            .text_small()
                            .font_weight(FontWeight::MEDIUM)
                            .child(theme.name.clone()),
                    )
                    .child(
                        div()
                            .text_caption()
                            .text_color(muted)
                            .child(appearance_word(theme.appearance)),
                    ),
            )
            .into_any_element()
    }
}

/// A window in little, in the theme's colours.
fn picture(theme: &settings::Theme, border: gpui_kit::Hsla, _: &App) -> impl IntoElement {
    let c = &theme.colors;
    let line = |parts: &[(f32, settings::Rgba)]| {
        row()
            .gap(scaled(3.))
            .children(parts.iter().map(|(width, color)| {
                div()
                    .w(scaled(*width))
                    .h(scaled(4.))
                    .rounded(scaled(2.))
                    .bg(hsla(*color))
            }))
    };
    let code = |capture: &str| theme.syntax_style(capture).color.unwrap_or(c.editor_text);
    column()
        .w_full()
        .h(scaled(104.))
        .overflow_hidden()
        .rounded(radius::MEDIUM)
        .border_1()
        .border_color(border)
        .bg(hsla(c.editor_background))
        .child(
            row()
                .flex_none()
                .h(scaled(14.))
                .px(space::XS)
                .gap(scaled(3.))
                .bg(hsla(c.title_bar))
                .border_b_1()
                .border_color(hsla(c.border))
                .child(line(&[(24., c.text_muted)])),
        )
        .child(
            row()
                .flex_1()
                .items_stretch()
                .child(
                    column()
                        .w(scaled(46.))
                        .p(scaled(5.))
                        .gap(scaled(5.))
                        .bg(hsla(c.surface))
                        .border_r_1()
                        .border_color(hsla(c.border))
                        .child(line(&[(24., c.text)]))
                        .child(line(&[(30., c.text_muted)]))
                        .child(line(&[(20., c.added)]))
                        .child(line(&[(28., c.text_muted)])),
                )
                .child(
                    column()
                        .flex_1()
                        .p(scaled(6.))
                        .gap(scaled(6.))
                        .child(line(&[
                            (14., code("keyword.storage")),
                            (30., code("function")),
                        ]))
                        .child(line(&[
                            (10., c.editor_background),
                            (18., code("keyword.control")),
                            (26., code("variable")),
                        ]))
                        .child(line(&[
                            (10., c.editor_background),
                            (22., code("type")),
                            (34., code("string")),
                        ]))
                        .child(line(&[(10., c.editor_background), (46., code("comment"))]))
                        .child(line(&[(20., code("constant.builtin")), (12., c.accent)])),
                ),
        )
}
