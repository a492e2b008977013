//! Tool calls: a quiet line for what only looks, a card for what changes something, and the
//! question that a decision is made on.

use crate::change_extent::unseen;
use crate::diff_lines::{PreparedDiff, suspicious_style};
use crate::large_change;
use crate::line_window::LineWindow;
use crate::panel::AgentPanel;
use crate::rows::{RowView, ToolView, project_path};
use crate::tool_output::output_toggle;
use crate::transcript::{ToolRow, ToolState};
use crate::visible_text::{Reading, RevealedText, reveal};
use crate::wording;
use agent::{FileDiff, PermissionPreview};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::icons::{file_icon, sized_icon};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{Button, StaticText as _, command_tooltip};
use ui::{ActiveKilnTheme as _, Colors, Commands, IconName, OpenTarget, Typography as _};

/// The least width of the folder beside a question, else it stands below.
const LEAST_FOLDER: Rems = scaled(140.);

/// The least width of the composer at zoom level 0 where the answers to a question stand side by
/// side with their keys.
const ROOM_FOR_KEYS: Pixels = px(316.);

/// What a tool does, as far as drawing goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ToolShape {
    /// Looks at something.
    Look,
    /// Changes a file.
    Edit,
    /// Runs a command.
    Command,
}

fn face(name: &str) -> (IconName, &'static str, ToolShape) {
    match name {
        "read_file" => (IconName::FileText, "Read", ToolShape::Look),
        "list_directory" => (IconName::Folder, "List", ToolShape::Look),
        "file_search" => (IconName::FileSearch, "Find files", ToolShape::Look),
        "grep_search" => (IconName::Search, "Search", ToolShape::Look),
        "fs_write" => (IconName::FilePlus, "Write", ToolShape::Edit),
        "str_replace" => (IconName::FilePen, "Edit", ToolShape::Edit),
        "execute_bash" => (IconName::SquareTerminal, "Run", ToolShape::Command),
        _ => (IconName::Wrench, "Use", ToolShape::Look),
    }
}

/// What a call is about: where that cannot be read from it, the tool's name, or that it is still
/// being written.
pub(crate) fn subject(tool: &ToolRow) -> &str {
    match (tool.title.as_str(), &tool.state, tool.shape()) {
        ("", ToolState::Writing, ToolShape::Command) => "Writing the command",
        ("", ToolState::Writing, ToolShape::Edit) => "Writing the change",
        ("", ToolState::Writing, ToolShape::Look) => "",
        ("", ..) => &tool.name,
        (title, ..) => title,
    }
}

/// The line about a call's result, without what is called by name beside it already.
fn result(tool: &ToolRow) -> &str {
    let about = format!("`{}` ", subject(tool));
    tool.summary.strip_prefix(&about).unwrap_or(&tool.summary)
}

impl ToolRow {
    /// What its tool does.
    pub(crate) fn shape(&self) -> ToolShape {
        face(&self.name).2
    }

    /// Whether it is drawn as a card.
    pub(crate) fn is_card(&self) -> bool {
        self.shape() != ToolShape::Look || self.is_asking()
    }

    pub(crate) fn is_asking(&self) -> bool {
        matches!(self.state, ToolState::Asking(_))
    }

    /// The change of a file that it made or asks to make.
    pub(crate) fn file_change(&self) -> Option<&FileDiff> {
        match (&self.diff, &self.preview) {
            (Some(diff), _) | (None, Some(PermissionPreview::Diff { diff, .. })) => Some(diff),
            _ => None,
        }
    }

    pub(crate) fn command(&self) -> Option<&str> {
        match &self.preview {
            Some(PermissionPreview::Command { command, .. }) => Some(command),
            _ if self.shape() == ToolShape::Command => Some(&self.title),
            _ => None,
        }
    }
}

impl AgentPanel {
    pub(crate) fn render_tool(
        &mut self,
        index: usize,
        tool: &ToolRow,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let keys_work = self.question_has_keys(window, cx);
        // Those of an opened session are prepared when they come into view.
        if tool.file_change().is_some()
            && matches!(self.views.get(index), Some(RowView::Tool(view)) if view.is_unprepared())
        {
            self.prepare_diff(index, cx);
        }
        let Some(RowView::Tool(view)) = self.views.get_mut(index) else {
            return div().into_any_element();
        };
        let expanded = view.is_open(tool);
        Self::prepare_output(view, tool);
        if tool.is_card() {
            self.render_card(index, tool, expanded, keys_work, window, cx)
        } else {
            self.render_line(index, tool, expanded, cx)
        }
    }

    pub(crate) fn view(&self, index: usize) -> Option<&ToolView> {
        match self.views.get(index) {
            Some(RowView::Tool(view)) => Some(view),
            _ => None,
        }
    }

    fn waits_for(&self, index: usize, cx: &App) -> Option<&'static str> {
        self.session.read(cx).transcript().waits_for(index)
    }

    fn render_line(
        &self,
        index: usize,
        tool: &ToolRow,
        expanded: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let (icon, verb, _) = face(&tool.name);
        let openable = !tool.output.is_empty();
        let waits = self.waits_for(index, cx);
        let name = SharedString::from(format!("{verb} {}", subject(tool)));
        let is_path = matches!(tool.name.as_str(), "read_file" | "list_directory");
        div()
            .child(
                output_toggle("tool", index, name, openable, expanded, cx)
                    .test_support()
                    .h(scaled(24.))
                    .mx(-space::XS)
                    .px(space::XS)
                    .flex()
                    .items_center()
                    .gap(space::S)
                    .rounded(radius::SMALL)
                    .text_small()
                    .text_color(colors.text_muted)
                    .child(ui::icon(icon, colors.text_faint))
                    .child(div().flex_none().child(verb))
                    .child(
                        div()
                            .min_w_0()
                            .truncate()
                            // The file's name is at the end.
                            .when(is_path, |this| this.text_ellipsis_middle())
                            .text_color(colors.text)
                            .child(one_line(subject(tool))),
                    )
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .truncate()
                            .text_color(colors.text_faint)
                            .child(match waits {
                                Some(waits) => waits.to_owned(),
                                None => one_line(result(tool)),
                            }),
                    )
                    .child(state_mark(tool, &colors, false)),
            )
            .when(expanded, |this| {
                this.child(self.render_output(index, tool, cx))
            })
            .into_any_element()
    }

    fn render_card(
        &self,
        index: usize,
        tool: &ToolRow,
        expanded: bool,
        keys_work: bool,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let asking = tool.is_asking();
        let name = SharedString::from(card_name(tool));
        div()
            .id(("tool", index))
            .role(Role::Article)
            .aria_label(name.clone())
            .test_support()
            .w_full()
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(if asking {
                colors.accent.opacity(0.6)
            } else {
                colors.border
            })
            .bg(colors.editor_background)
            .overflow_hidden()
            .child(match tool.shape() {
                ToolShape::Edit => self.render_edit(index, tool, window, cx),
                _ => self.render_command(index, tool, &name, expanded, cx),
            })
            .when_some(self.waits_for(index, cx), |this, waits| {
                this.child(
                    div()
                        .id(("tool-waits", index))
                        .role(Role::Status)
                        .aria_label(waits)
                        .test_support()
                        .px(space::M)
                        .pb(space::S)
                        .when(tool.shape() == ToolShape::Edit, |this| {
                            this.bg(colors.surface)
                        })
                        .text_small()
                        .text_color(colors.text_muted)
                        .child(waits),
                )
            })
            .when(asking, |this| {
                // What it is about is a part of the question: a press there keeps its letters.
                this.track_focus(&self.question_focus)
                    .child(self.render_question(index, tool, keys_work, cx))
            })
            .into_any_element()
    }

    fn render_lines(
        &self,
        index: usize,
        diff: &PreparedDiff,
        sight: &LineWindow,
        limit: usize,
        window: &Window,
        cx: &Context<Self>,
    ) -> Div {
        let panel = cx.weak_entity();
        let again = move |_: &mut Window, cx: &mut App| {
            let panel = panel.clone();
            cx.defer(move |cx| {
                // A closed panel draws nothing.
                panel
                    .update(cx, |panel, cx| panel.remeasure(index, cx))
                    .ok();
            });
        };
        let (lines, drawn) = diff.draw(limit, sight, again, window, cx);
        let count = &self.change_lines_drawn;
        count.set(count.get() + drawn as u64);
        lines
    }

    fn render_edit(
        &self,
        index: usize,
        tool: &ToolRow,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let view = self.view(index);
        let diff = view.and_then(|view| view.diff.as_ref());
        let root = self.session.read(cx).workspace().read(cx).root().to_owned();
        let written = tool.file_change().map_or_else(
            || subject(tool).to_owned(),
            |diff| diff.path.display().to_string(),
        );
        let named = tool.file_change().is_some() || !tool.title.is_empty();
        let path = project_path(&root, &written).filter(|_| named);
        let shown = path
            .as_deref()
            .and_then(|path| path.strip_prefix(&root).ok())
            .map_or_else(|| written.clone(), |path| path.display().to_string());
        let line = diff
            .and_then(|diff| diff.first_line)
            .and_then(|line| u32::try_from(line).ok());
        let asking = tool.is_asking();
        let lines = diff.map_or(0, PreparedDiff::line_count);
        let hidden = view.map_or(0, |view| view.hidden_lines(asking));
        let more = view.map_or(0, |view| view.next_lines(asking));
        div()
            .child(
                div()
                    .id(("tool-file", index))
                    .role(Role::Link)
                    .aria_label(SharedString::from(format!("Open {shown}")))
                    .test_support()
                    .h(scaled(30.))
                    .px(space::M)
                    .flex()
                    .items_center()
                    .gap(space::S)
                    .bg(colors.surface)
                    .when(diff.is_some(), |this| {
                        this.border_b_1().border_color(colors.border)
                    })
                    .text_small()
                    .when_some(path, |this, path| {
                        this.cursor_pointer()
                            .tab_index(0)
                            .focus_visible(|this| this.bg(colors.active))
                            .hover(|this| this.bg(colors.hover))
                            .on_click(move |_, window, cx| {
                                let path = path.clone();
                                let target = OpenTarget {
                                    line,
                                    ..OpenTarget::new(path)
                                };
                                ui::open_path(target, window, cx);
                            })
                    })
                    .child(ui::icon(file_icon(shown.as_ref()), colors.text_muted))
                    .child(
                        div()
                            .min_w_0()
                            .truncate()
                            .text_ellipsis_middle()
                            .child(shown),
                    )
                    .when_some(diff, |this, diff| {
                        this.child(
                            div()
                                .flex_none()
                                .flex()
                                .gap(space::XS)
                                .font_weight(FontWeight::MEDIUM)
                                .child(
                                    div()
                                        .text_color(colors.added)
                                        .child(format!("+{}", diff.added)),
                                )
                                .child(
                                    div()
                                        .text_color(colors.removed)
                                        .child(format!("−{}", diff.removed)),
                                ),
                        )
                    })
                    .child(div().flex_1())
                    .child(state_mark(tool, &colors, true)),
            )
            .children(view.and_then(|view| {
                let diff = view.diff.as_ref().filter(|diff| diff.line_count() > 0)?;
                Some(self.render_lines(index, diff, &view.sight, lines - hidden, window, cx))
            }))
            .when(diff.is_some_and(|diff| diff.too_large), |this| {
                this.child(large_change::render(index, asking, cx))
            })
            .when_some(tool.unkept.as_ref(), |this, unkept| {
                this.child(large_change::render_unkept(index, unkept, cx))
            })
            .when(hidden > 0, |this| {
                this.child(
                    div()
                        .id(("show-all", index))
                        .role(Role::Button)
                        .aria_label("Show more lines")
                        .test_support()
                        .tooltip(command_tooltip("Show more lines", Some("agent.showMore")))
                        .tab_index(0)
                        .focus_visible(|this| this.text_color(colors.text))
                        .h(scaled(26.))
                        .flex()
                        .items_center()
                        .justify_center()
                        .border_t_1()
                        .border_color(colors.border)
                        .bg(colors.surface)
                        .text_caption()
                        .text_color(colors.text_muted)
                        .cursor_pointer()
                        .hover(|this| this.text_color(colors.text))
                        .on_click(cx.listener(move |this, _, _, cx| {
                            if let Some(RowView::Tool(view)) = this.views.get_mut(index) {
                                view.show_more(asking);
                                this.remeasure(index, cx);
                            }
                        }))
                        .child(match wording::counted(more, "line", "lines") {
                            next if more < hidden => format!("Show {next} more of {hidden}"),
                            next => format!("Show {next} more"),
                        }),
                )
            })
            .when(tells_result(tool), |this| {
                this.child(
                    div()
                        .id(("tool-result", index))
                        .static_text(SharedString::from(tool.summary.clone()))
                        .test_support()
                        .px(space::M)
                        .py(space::S)
                        .text_small()
                        .text_color(colors.text_muted)
                        .child(reveal(&tool.summary, Reading::Output).text),
                )
            })
            .into_any_element()
    }

    /// Whether the file that a tool asks to change has unsaved changes of the user.
    fn has_unsaved_changes(&self, tool: &ToolRow, cx: &App) -> bool {
        let Some(PermissionPreview::Diff { diff, .. }) = &tool.preview else {
            return false;
        };
        let model = self.session().read(cx).workspace().read(cx);
        let workspace = model.workspace();
        let buffer = workspace.buffer_for_path(&model.root().join(&diff.path));
        buffer
            .and_then(|id| workspace.buffer(id))
            .is_some_and(|buffer| buffer.is_dirty())
    }

    fn render_question(
        &self,
        index: usize,
        tool: &ToolRow,
        keys_work: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let can_allow = self.can_allow(cx);
        let suspicious = match tool.command() {
            Some(command) => reveal(command, Reading::Command).is_suspicious(),
            None => self
                .view(index)
                .and_then(|view| view.diff.as_ref())
                .is_some_and(|diff| diff.suspicious),
        };
        let told = match &tool.preview {
            Some(
                PermissionPreview::Diff { warning, .. }
                | PermissionPreview::Command { warning, .. },
            ) => warning.clone(),
            None => None,
        };
        let hides = suspicious.then(|| {
            "It holds characters that hide or imitate others; they are marked.".to_owned()
        });
        let unseen = self.view(index).and_then(|view| {
            let diff = view.diff.as_ref()?;
            unseen(diff, view.more_steps)
        });
        // One buffer, one save: the lines that the user has not saved are written with it.
        let saves_more = self
            .has_unsaved_changes(tool, cx)
            .then(|| "Allowing it also saves your unsaved changes in this file.".to_owned());
        let refused = self.told_of_refused_parts(cx);
        let can_always_allow = self.can_always_allow(cx);
        let warnings = [
            ("told", told),
            ("hides", hides),
            ("unseen", unseen),
            ("saves-more", saves_more),
            ("refused-parts", refused),
        ];
        let question = match tool.shape() {
            _ if !can_allow => "Comparing the change with the file…",
            ToolShape::Edit => "Allow this change?",
            ToolShape::Command => "Run this command?",
            ToolShape::Look => "Allow this?",
        };
        let folder = match &tool.preview {
            Some(PermissionPreview::Command { cwd, .. }) => {
                Some(SharedString::from(format!("in {}", cwd.display())))
            }
            _ => None,
        };
        let roomy = self.composer_width / ui::zoom::window_factor(cx) >= ROOM_FOR_KEYS;
        let answer = |id: &'static str, label: &'static str, command: &'static str| {
            let button = Button::new((id, index), label)
                .command(command)
                // The second press of a double click was not meant for the question that has
                // taken the place of the one it answered.
                .on_click(move |event, window, cx| {
                    if event.click_count() < 2 {
                        Commands::run(command, window, cx);
                    }
                });
            // The letters are typed elsewhere while the keyboard is elsewhere. Their room stays: a
            // press gives the question the keyboard, and no other answer may come under the pointer
            // before it is let go.
            match (roomy, keys_work) {
                (true, true) => button.show_keys(),
                (true, false) => button.room_for_keys(),
                (false, _) => button,
            }
        };
        div()
            .id(("question", index))
            .role(Role::AlertDialog)
            .aria_label(question)
            .test_support()
            .px(space::L)
            .pt(space::S)
            .pb(space::L)
            .flex()
            .flex_col()
            .gap(space::S)
            .border_t_1()
            .border_color(colors.border)
            .bg(colors.surface)
            .child(
                div()
                    .flex()
                    .flex_wrap()
                    .items_center()
                    .min_h(height::CONTROL)
                    .gap_x(space::S)
                    .child(
                        div()
                            .flex_none()
                            .text_body()
                            .font_weight(FontWeight::MEDIUM)
                            .child(question),
                    )
                    // All of it, on lines of its own where the panel is narrow: where a command
                    // runs is a part of what is decided on.
                    .when_some(folder, |this, folder| {
                        this.child(
                            div()
                                .id(("question-folder", index))
                                .static_text(folder.clone())
                                .test_support()
                                .flex_1()
                                .min_w(LEAST_FOLDER)
                                .text_small()
                                .text_color(colors.text_muted)
                                .child(folder),
                        )
                    })
                    .when(tool.shape() == ToolShape::Edit, |this| {
                        this.child(div().flex_1()).child(
                            answer("all-edits", "Allow all edits", "agent.allowAllEdits")
                                .quiet()
                                .disabled(!can_always_allow),
                        )
                    }),
            )
            .children(warnings.into_iter().filter_map(|(id, warning)| {
                let warning = SharedString::from(warning?);
                let line = div()
                    .id((id, index))
                    .static_text(warning.clone())
                    .test_support()
                    .flex()
                    .gap(space::S)
                    .text_small()
                    .text_color(colors.warning)
                    .child(sized_icon(
                        IconName::TriangleAlert,
                        icon_size::MEDIUM,
                        colors.warning,
                    ))
                    .child(div().flex_1().min_w_0().child(warning));
                Some(line)
            }))
            .children(self.render_not_taken(index, cx))
            .child(
                div()
                    .flex()
                    .flex_wrap()
                    .gap(space::S)
                    .child(
                        answer("allow", "Allow", "agent.allow")
                            .primary()
                            .disabled(!can_allow),
                    )
                    .child(
                        answer("always-allow", "Always allow", "agent.alwaysAllow")
                            .disabled(!can_always_allow),
                    )
                    .child(answer("deny", "Deny", "agent.deny")),
            )
            .into_any_element()
    }
}

/// Whether the card of a change says in words what came of it: it failed, or there was nothing to
/// change.
fn tells_result(tool: &ToolRow) -> bool {
    match tool.state {
        ToolState::Failed => true,
        ToolState::Done => tool.file_change().is_none() && !tool.summary.is_empty(),
        _ => false,
    }
}

fn card_name(tool: &ToolRow) -> String {
    let (_, verb, shape) = face(&tool.name);
    let what = match (shape, tool.command()) {
        (ToolShape::Command, Some(command)) => reveal(command, Reading::Command).text,
        _ => reveal(&tool.title, Reading::Command).text,
    };
    format!("{verb} {what}")
}

/// Whether it runs, worked or failed.
pub(crate) fn state_mark(tool: &ToolRow, colors: &Colors, quiet_success: bool) -> AnyElement {
    let icon = |name, color| sized_icon(name, icon_size::SMALL, color).into_any_element();
    match tool.state {
        ToolState::Writing | ToolState::Running => Spinner::new()
            .xsmall()
            .color(colors.text_muted)
            .into_any_element(),
        ToolState::Waiting => icon(IconName::Clock, colors.text_faint),
        ToolState::Asking(_) => icon(IconName::CircleQuestionMark, colors.accent),
        ToolState::Done if quiet_success => icon(IconName::Check, colors.success),
        ToolState::Done => icon(IconName::Check, colors.text_faint),
        ToolState::Failed => icon(IconName::X, colors.error),
    }
}

pub(crate) fn revealed(text: &RevealedText, colors: &Colors) -> StyledText {
    let marks = text
        .marks
        .iter()
        .map(|range| (range.clone(), suspicious_style(colors)));
    StyledText::new(text.text.clone()).with_highlights(marks)
}

/// A summary on one line, with nothing hidden in it.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    reveal(line, Reading::Output).text
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn the_result_of_a_call_does_not_repeat_what_it_is_about() {
        let mut tool = ToolRow {
            call_id: "c1".to_owned(),
            name: "read_file".to_owned(),
            title: "a.rs".to_owned(),
            state: ToolState::Failed,
            preview: None,
            summary: "`a.rs` does not exist".to_owned(),
            output: String::new(),
            live: false,
            diff: None,
            unkept: None,
        };
        assert_eq!(result(&tool), "does not exist");
        tool.summary = "`b.rs` does not exist".to_owned();
        assert_eq!(result(&tool), tool.summary);
    }
}
