//! The status bar: the branch at the left; at the right, what the active file is and
//! where the caret stands, and what panels contribute (the model, its use).

use crate::workbench::Workbench;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, Context, Role, SharedString, div};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{command_tooltip, row, spacer, text_tooltip};
use ui::{ActiveKilnTheme as _, Commands, IconName, Typography as _, icons};

impl Workbench {
    pub(crate) fn render_status_bar(&self, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme().clone();
        let muted = theme.text_muted;
        let status = self
            .area()
            .read(cx)
            .active_item()
            // What the first steps stand over is not what a person looks at.
            .filter(|_| !self.shows_onboarding())
            .map(|item| item.status(cx))
            .unwrap_or_default();
        let branch = self.git().branch.clone().map(|branch| {
            row()
                .id("status-branch")
                .test_support()
                .role(Role::Status)
                .aria_label(format!("Branch {branch}"))
                .min_w_0()
                .gap(space::XS)
                .child(icons::sized_icon(
                    IconName::GitBranch,
                    icon_size::SMALL,
                    muted,
                ))
                .child(div().min_w_0().max_w(scaled(200.)).truncate().child(branch))
                .tooltip(text_tooltip("Branch"))
        });
        let note = status.note.map(|note| {
            row()
                .gap(space::XS)
                .text_color(theme.warning)
                .child(icons::sized_icon(
                    IconName::TriangleAlert,
                    icon_size::SMALL,
                    theme.warning,
                ))
                .child(note)
        });
        let part = |id: &'static str, what: &'static str, text: Option<SharedString>| {
            text.map(|text| {
                div()
                    .id(id)
                    .test_support()
                    .role(Role::Status)
                    .aria_label(format!("{what}: {text}"))
                    .aria_value(text.clone())
                    .flex_none()
                    .whitespace_nowrap()
                    .tooltip(text_tooltip(what))
                    .child(text)
            })
        };
        // A part that a press changes, by a command of the item.
        let button = |id: &'static str,
                      what: &'static str,
                      text: Option<SharedString>,
                      command: &'static str,
                      cx: &mut Context<Self>| {
            text.map(|text| {
                let part = div()
                    .id(id)
                    .test_support()
                    .aria_label(format!("{what}: {text}"))
                    .aria_value(text.clone())
                    .flex_none()
                    .whitespace_nowrap()
                    .tooltip(command_tooltip(what, Some(command)));
                let part = match Commands::get(command, cx) {
                    Some(_) => part
                        .role(Role::Button)
                        // What lights up under the pointer reaches out, and moves nothing.
                        .px(space::XS)
                        .mx(-space::XS)
                        .rounded(radius::SMALL)
                        .hover(|style| style.bg(theme.hover))
                        .on_click(cx.listener(move |this, _, window, cx| {
                            this.focus_editor(window, cx);
                            Commands::run(command, window, cx);
                        })),
                    None => part.role(Role::Status),
                };
                part.child(text)
            })
        };
        // A figure for those who work on Kiln.
        let latency = cfg!(debug_assertions)
            .then(|| ui::latency::status(cx))
            .flatten()
            .map(|(figure, whole)| {
                div()
                    .id("status-latency")
                    .test_support()
                    .role(Role::Status)
                    .aria_label(whole.clone())
                    .flex_none()
                    .whitespace_nowrap()
                    .text_color(theme.text_faint)
                    .tooltip(text_tooltip(format!(
                        "{whole} (shown in development builds)"
                    )))
                    .child(figure)
            });
        let contributed: Vec<_> = self
            .panels()
            .flat_map(|panel| panel.status_items(cx))
            .collect();
        row()
            .id("status-bar")
            .flex_none()
            .w_full()
            .h(height::STATUS_BAR)
            .px(space::M)
            .gap(space::L)
            .bg(theme.status_bar)
            .border_t_1()
            .border_color(theme.border)
            .text_caption()
            .text_color(muted)
            .children(branch)
            .children(part("status-mode", "Mode", status.mode))
            .children(note)
            .child(spacer())
            .children(latency)
            .children(button(
                "status-position",
                "Position",
                status.position,
                "editor.action.gotoLine",
                cx,
            ))
            .children(button(
                "status-indentation",
                "Indentation",
                status.indentation,
                "editor.changeIndentation",
                cx,
            ))
            .children(button(
                "status-encoding",
                "Encoding",
                status.encoding,
                "editor.changeEncoding",
                cx,
            ))
            .children(button(
                "status-line-ending",
                "Line endings",
                status.line_ending,
                "editor.changeEndOfLine",
                cx,
            ))
            .children(button(
                "status-language",
                "Language",
                status.language,
                "editor.changeLanguage",
                cx,
            ))
            .children(contributed)
            .into_any_element()
    }
}
