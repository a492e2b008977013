//! The status bar: the branch at the left; at the right, what the active file is and
//! where the caret stands, and what panels contribute (the model, its use).
//!
//! Where it is too narrow for all of it, what matters least goes first.

use crate::byte_size::byte_size;
use crate::workbench::Workbench;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, AnyView, Bounds, Context, Entity, Pixels, Role, SharedString, StyleRefinement,
    Subscription, Window, div,
};
use std::cell::Cell;
use std::rc::Rc;
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{command_tooltip, row, spacer, text_tooltip, watch_bounds};
use ui::{
    ActiveKilnTheme as _, Commands, IconName, ItemStatus, Typography as _, ViewPart,
    WorkspaceModel, icons, zoom,
};

/// About how wide a letter is, in pixels at zoom level 0, to work out what fits.
const LETTER: f32 = 6.2;
/// What stands between two parts, in pixels at zoom level 0.
const GAP: f32 = 12.;
/// What the icon before a text takes, in pixels at zoom level 0.
const ICON: f32 = 16.;
/// How far the save of a smaller file is, in bytes, is not told.
const TOLD_BYTES: u64 = 1_000_000;
/// What a press on the number of problems does.
const SHOW_PROBLEMS: &str = "problems.focus";
/// The widest that the branch is drawn, in pixels at zoom level 0; and the least room for it.
const BRANCH: (f32, f32) = (216., 96.);

/// What the status bar shows.
#[derive(PartialEq)]
pub(crate) struct StatusShown {
    branch: Option<String>,
    status: ItemStatus,
    /// What is being saved for some time.
    saving: Option<String>,
    /// What is told of keys of several strokes.
    chord: Option<String>,
    /// A figure for those who work on Kiln, and what it says in full.
    latency: Option<(String, String)>,
    /// What panels contribute.
    contributed: Vec<AnyView>,
    /// The room for all but that, in pixels at zoom level 0.
    room: f32,
}

/// The status bar as a part of the window.
pub(crate) type StatusBar = Entity<ViewPart<Workbench, StatusShown>>;

/// The status bar of the window whose context this is. How wide what panels contribute is drawn goes
/// to `contributed`.
pub(crate) fn status_bar(contributed: Rc<Cell<Pixels>>, cx: &mut Context<Workbench>) -> StatusBar {
    ViewPart::new("status-bar", cx, move |shown: &StatusShown, _, cx| {
        shown.render(contributed.clone(), cx)
    })
}

/// What is said of saves that take some time.
fn saving_told(model: &WorkspaceModel) -> Option<String> {
    let slow: Vec<_> = model.slow_saves().collect();
    match slow.as_slice() {
        [] => None,
        [one] => {
            let name = model.workspace().buffer(*one)?.display_name();
            Some(save_told(&name, model.save_progress(*one)))
        }
        several => Some(format!("Saving {} files\u{2026}", several.len())),
    }
}

/// What is said of a save that is so far, in bytes, where that is known.
fn save_told(name: &str, far: Option<(u64, u64)>) -> String {
    match far.filter(|(_, total)| *total >= TOLD_BYTES) {
        // The system has all of it, and is asked to have it on the disk.
        Some((written, total)) if written == total => {
            let total = byte_size(total);
            format!("Saving {name}: {total} written, waiting for the disk\u{2026}")
        }
        Some((written, total)) => {
            let (written, total) = (byte_size(written), byte_size(total));
            format!("Saving {name}: {written} of {total}\u{2026}")
        }
        None => format!("Saving {name}\u{2026}"),
    }
}

/// Draws the window anew when what is said of saves is something else.
pub(crate) fn watch_saves(
    model: &Entity<WorkspaceModel>,
    cx: &mut Context<Workbench>,
) -> Subscription {
    let mut shown = None;
    cx.observe(model, move |_, model, cx| {
        let now = saving_told(model.read(cx));
        if shown != now {
            shown = now;
            cx.notify();
        }
    })
}

/// A part that goes where there is no room for it.
struct Part {
    /// Those with the lowest go first.
    worth: u8,
    /// About how wide it is, in pixels at zoom level 0.
    width: f32,
    element: AnyElement,
}

/// Takes away the parts that matter least until the rest fits; they stay in their order.
fn fitting(mut parts: Vec<Part>, room: f32) -> Vec<AnyElement> {
    while parts.iter().map(|part| part.width).sum::<f32>() > room {
        let least = (0..parts.len()).min_by_key(|at| parts[*at].worth);
        let Some(least) = least else { break };
        parts.remove(least);
    }
    parts.into_iter().map(|part| part.element).collect()
}

/// About how wide a text is with what stands before it.
fn width_of(text: &str) -> f32 {
    text.chars().count() as f32 * LETTER + GAP
}

impl Workbench {
    /// The status bar with what it shows now.
    pub(crate) fn status_bar(&self, window: &Window, cx: &mut Context<Self>) -> AnyElement {
        let status = self
            .area()
            .read(cx)
            .active_item()
            // What the first steps stand over is not what a person looks at.
            .filter(|_| !self.shows_onboarding())
            .map(|item| item.status(cx))
            .unwrap_or_default();
        let room = window.viewport_size().width - self.contributed_width();
        let shown = StatusShown {
            branch: self.git().branch.clone(),
            status,
            saving: saving_told(self.area().read(cx).model_and_modals().0.read(cx)),
            chord: self.chord.note(),
            latency: cfg!(debug_assertions)
                .then(|| ui::latency::status(cx))
                .flatten(),
            contributed: self
                .panels()
                .flat_map(|panel| panel.status_items(cx))
                .collect(),
            room: f32::from(room) / zoom::window_factor(cx) - 2. * 8. - GAP,
        };
        let place = StyleRefinement::default()
            .flex_none()
            .w_full()
            .h(height::STATUS_BAR);
        ViewPart::show(&self.parts().status_bar, shown, place, window, cx)
    }
}

impl StatusShown {
    fn render(&self, contributed: Rc<Cell<Pixels>>, cx: &mut Context<Workbench>) -> AnyElement {
        let theme = cx.kiln_theme().clone();
        let muted = theme.text_muted;
        let status = self.status.clone();
        let mut room = self.room;
        let branch = self.branch.clone().map(|branch| {
            room -= (width_of(&branch) + ICON).min(BRANCH.1);
            row()
                .id("status-branch")
                .test_support()
                .role(Role::Status)
                .aria_label(format!("Branch {branch}"))
                .min_w(scaled((width_of(&branch) + ICON - GAP).min(BRANCH.1 - GAP)))
                .max_w(scaled(BRANCH.0))
                .gap(space::XS)
                .child(icons::sized_icon(
                    IconName::GitBranch,
                    icon_size::SMALL,
                    muted,
                ))
                .tooltip(text_tooltip(format!("Branch {branch}")))
                .child(div().min_w_0().truncate().child(branch))
        });
        let note = status.note.map(|note| {
            room -= width_of(&note) + ICON;
            row()
                .flex_none()
                .gap(space::XS)
                .text_color(theme.warning)
                .child(icons::sized_icon(
                    IconName::TriangleAlert,
                    icon_size::SMALL,
                    theme.warning,
                ))
                .child(note)
        });
        let problems = status.problems.map(|(errors, warnings)| {
            let (errors_text, warnings_text) = (errors.to_string(), warnings.to_string());
            room -= width_of(&errors_text) + width_of(&warnings_text) + 2. * ICON;
            let plural = |count: usize, one: &str| match count {
                1 => format!("1 {one}"),
                _ => format!("{count} {one}s"),
            };
            let said = format!(
                "{}, {}",
                plural(errors, "error"),
                plural(warnings, "warning")
            );
            let part = |icon, count: usize, text, color| {
                let color = if count > 0 { color } else { muted };
                row()
                    .gap(space::XS)
                    .child(icons::sized_icon(icon, icon_size::SMALL, color))
                    .child(div().child(text))
            };
            row()
                .id("status-problems")
                .test_support()
                .role(Role::Button)
                .aria_label(format!("Problems: {said}"))
                .aria_value(said.clone())
                .flex_none()
                .gap(space::S)
                .px(space::XS)
                .mx(-space::XS)
                .rounded(radius::SMALL)
                .hover(|style| style.bg(theme.hover))
                .tooltip(command_tooltip(said, Some(SHOW_PROBLEMS)))
                .on_click(cx.listener(|_, _, window, cx| {
                    Commands::run(SHOW_PROBLEMS, window, cx);
                }))
                .child(part(IconName::CircleX, errors, errors_text, theme.error))
                .child(part(
                    IconName::TriangleAlert,
                    warnings,
                    warnings_text,
                    theme.warning,
                ))
        });
        let saving = self.saving.clone().map(|text| {
            room -= width_of(&text);
            div()
                .id("status-saving")
                .test_support()
                .role(Role::Status)
                .aria_label(text.clone())
                .flex_none()
                .whitespace_nowrap()
                .child(text)
        });
        let chord = self.chord.clone().map(|text| {
            room -= width_of(&text);
            div()
                .id("status-chord")
                .test_support()
                .role(Role::Status)
                .aria_label(text.clone())
                .min_w_0()
                .truncate()
                .child(text)
        });
        let mode = status.mode.map(|text| {
            room -= width_of(&text);
            div()
                .id("status-mode")
                .test_support()
                .role(Role::Status)
                .aria_label(format!("Mode: {text}"))
                .aria_value(text.clone())
                .flex_none()
                .whitespace_nowrap()
                .tooltip(text_tooltip("Mode"))
                .when(status.mode_tells_error, |this| this.text_color(theme.error))
                .child(text)
        });
        // A part that a press changes, by a command of the item.
        let button = |worth: u8,
                      id: &'static str,
                      what: &'static str,
                      text: Option<SharedString>,
                      command: &'static str,
                      cx: &mut Context<Workbench>| {
            text.map(|text| {
                let width = width_of(&text);
                // What it lists opens above it.
                let drawn = Rc::<Cell<Bounds<Pixels>>>::default();
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
                        .relative()
                        .child(watch_bounds({
                            let drawn = drawn.clone();
                            move |bounds| {
                                drawn.set(bounds);
                                false
                            }
                        }))
                        // What lights up under the pointer reaches out, and moves nothing.
                        .px(space::XS)
                        .mx(-space::XS)
                        .rounded(radius::SMALL)
                        .hover(|style| style.bg(theme.hover))
                        .on_click(cx.listener(move |this, _, window, cx| {
                            this.focus_editor(window, cx);
                            ui::run_command_at(command, drawn.get(), window, cx);
                        })),
                    None => part.role(Role::Status),
                };
                Part {
                    worth,
                    width,
                    element: part.child(text).into_any_element(),
                }
            })
        };
        let latency = self.latency.clone().map(|(figure, whole)| {
            let width = width_of(&figure);
            let element = div()
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
                .into_any_element();
            Part {
                worth: 0,
                width,
                element,
            }
        });
        let parts = [
            latency,
            button(
                4,
                "status-language-server",
                "Language server",
                status.language_server,
                "editor.languageServer",
                cx,
            ),
            button(
                6,
                "status-position",
                "Position",
                status.position,
                "editor.action.gotoLine",
                cx,
            ),
            button(
                2,
                "status-indentation",
                "Indentation",
                status.indentation,
                "editor.changeIndentation",
                cx,
            ),
            button(
                1,
                "status-encoding",
                "Encoding",
                status.encoding,
                "editor.changeEncoding",
                cx,
            ),
            button(
                3,
                "status-line-ending",
                "Line endings",
                status.line_ending,
                "editor.changeEndOfLine",
                cx,
            ),
            button(
                5,
                "status-language",
                "Language",
                status.language,
                "editor.changeLanguage",
                cx,
            ),
        ];
        let parts = fitting(parts.into_iter().flatten().collect(), room);
        row()
            .id("status-bar")
            .size_full()
            .px(space::M)
            .gap(space::L)
            .bg(theme.status_bar)
            .border_t_1()
            .border_color(theme.border)
            .text_caption()
            .text_color(muted)
            .children(branch)
            .children(problems)
            .children(mode)
            .children(note)
            .children(saving)
            .children(chord)
            .child(spacer())
            .children(parts)
            .child(
                row()
                    .relative()
                    .flex_none()
                    .gap(space::L)
                    .children(self.contributed.clone())
                    // How wide it is decides on the room for the rest.
                    .child(watch_bounds(move |bounds| {
                        contributed.replace(bounds.size.width) != bounds.size.width
                    })),
            )
            .into_any_element()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_tells_how_far_it_is_where_the_file_is_large() {
        assert_eq!(save_told("a.txt", None), "Saving a.txt\u{2026}");
        assert_eq!(save_told("a.txt", Some((0, 900))), "Saving a.txt\u{2026}");
        assert_eq!(
            save_told("a.txt", Some((41_000_000, 104_000_000))),
            "Saving a.txt: 41 MB of 104 MB\u{2026}"
        );
        assert_eq!(
            save_told("a.txt", Some((104_000_000, 104_000_000))),
            "Saving a.txt: 104 MB written, waiting for the disk\u{2026}"
        );
    }
}
