//! How each row of the conversation is drawn.

use crate::answer_part;
use crate::change_extent::drawn_lines;
use crate::commands::ShowMore;
use crate::diff_lines::PreparedDiff;
use crate::line_window::LineWindow;
use crate::local_speed::LocalSpeed;
use crate::panel::AgentPanel;
use crate::transcript::{FooterRow, ReviewOutcome, Row, Transcript};
use crate::visible_text::RevealedText;
use crate::wording;
use agent::{FileDiff, Mode, NoticeLevel};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::clipboard::Clipboard;
use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::path::{Component, Path, PathBuf};
use std::time::Instant;
use ui::markdown::LinkTarget;
use ui::tokens::{BODY, icon_size, radius, scaled, space};
use ui::widgets::{
    Button, ButtonStyle, IconButton, Pill, PillTone, StaticText as _, command_tooltip,
};
use ui::{ActiveKilnTheme as _, IconName, OpenTarget, Typography as _, notify};

/// Lines of a long message shown before "Show more".
const PROMPT_LINES: usize = 12;

/// Characters of a message in its accessible name; an answer's text can be selected and read in
/// full.
const LONGEST_LABEL: usize = 200;

/// Drawing state of a row, beside the row itself.
pub(crate) enum RowView {
    /// Nothing to keep.
    Plain,
    /// Whether all of a long prompt is shown.
    Prompt(bool),
    /// The parsed Markdown, from the first time it is drawn, and what keeps its height right.
    Answer(Option<Entity<TextViewState>>, Option<Subscription>),
    /// What is open and what has been prepared of a tool call.
    Tool(Box<ToolView>),
}

/// Drawing state of a tool call.
#[derive(Default)]
pub(crate) struct ToolView {
    /// Whether the user has opened or closed its output; `None` where they did neither.
    pub expanded: Option<bool>,
    /// Where its output is scrolled to.
    pub scroll: ScrollHandle,
    /// Since when it is seen to run.
    pub running_since: Option<Instant>,
    /// How often more lines of a long change were asked for.
    pub more_steps: usize,
    /// The output, with nothing hidden in it.
    pub output: Option<RevealedText>,
    /// The change, once prepared.
    pub diff: Option<PreparedDiff>,
    /// What of it is in sight.
    pub sight: LineWindow,
    /// Fingerprint of the texts that are, or will be, compared.
    compared: Option<u64>,
    /// Fingerprint of the texts that `diff` is the difference of.
    prepared: Option<u64>,
    /// The preparation under way.
    pub preparing: Option<Task<()>>,
}

impl RowView {
    /// The drawing state of a new row.
    pub fn new(row: &Row) -> Self {
        match row {
            Row::Prompt { .. } => Self::Prompt(false),
            Row::Answer { .. } => Self::Answer(None, None),
            Row::Tool(_) => Self::Tool(Box::default()),
            _ => Self::Plain,
        }
    }
}

impl ToolView {
    /// Whether no difference was asked for yet.
    pub fn is_unprepared(&self) -> bool {
        self.compared.is_none()
    }

    /// Whether the difference of these texts has yet to be prepared; remembers that it will be.
    pub fn needs_diff(&mut self, change: &FileDiff) -> bool {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        (&change.before, &change.after).hash(&mut hasher);
        let print = Some(hasher.finish());
        let new = self.compared != print;
        self.compared = print;
        new
    }

    /// Takes the difference of the texts that were to be compared.
    pub fn prepared(&mut self, diff: PreparedDiff) {
        self.diff = Some(diff);
        self.sight = LineWindow::default();
        self.prepared = self.compared;
    }

    /// Lines of the change that are not drawn.
    pub fn hidden_lines(&self, asking: bool) -> usize {
        let lines = self.diff.as_ref().map_or(0, PreparedDiff::line_count);
        lines - drawn_lines(lines, asking, self.more_steps)
    }

    /// Lines that the next step brings.
    pub fn next_lines(&self, asking: bool) -> usize {
        let lines = self.diff.as_ref().map_or(0, PreparedDiff::line_count);
        drawn_lines(lines, asking, self.more_steps + 1)
            - drawn_lines(lines, asking, self.more_steps)
    }

    /// Draws more lines of the change from now on. False where all are drawn.
    pub fn show_more(&mut self, asking: bool) -> bool {
        let more = self.hidden_lines(asking) > 0;
        self.more_steps += usize::from(more);
        more
    }

    /// Whether the change is drawn as it is now.
    pub fn shows_change(&self) -> bool {
        self.prepared.is_some() && self.prepared == self.compared
    }
}

impl AgentPanel {
    /// Draws the row at `index`.
    pub(crate) fn render_row(
        &mut self,
        index: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        self.rows_drawn += 1;
        let session = self.session.clone();
        let transcript = session.read(cx).transcript();
        // All but answers are cheap to clone.
        let row = match transcript.rows().get(index) {
            None => return div().into_any_element(),
            Some(Row::Answer { .. }) => Row::Answer {
                text: String::new(),
                before: None,
            },
            Some(row) => row.clone(),
        };
        let above = index
            .checked_sub(1)
            .and_then(|before| transcript.rows().get(before));
        let after_tool = above.is_some_and(|row| matches!(row, Row::Tool(_)));
        // Two replies in a row are further apart than the paragraphs of one.
        let another_reply = above.is_some_and(|row| matches!(row, Row::Answer { .. }))
            && matches!(
                transcript.rows().get(index),
                Some(Row::Answer { before: None, .. })
            );
        let gap = match (&row, index) {
            (_, 0) => Rems::ZERO,
            (Row::Tool(tool), _) if after_tool && !tool.is_card() => space::XXS,
            (Row::Tool(_), _) => space::M,
            (Row::Footer(_), _) => space::S,
            (Row::Prompt { .. }, _) => space::XXL,
            (Row::Answer { .. }, _) if another_reply => space::XXL,
            _ => space::L,
        };
        let content = match &row {
            Row::Prompt { text, mode } => self.render_prompt(index, text, *mode, cx),
            Row::Answer { .. } => self.render_answer(index, cx),
            Row::Tool(tool) => self.render_tool(index, tool, window, cx),
            Row::Notice { level, message } => notice_row(index, *level, message, cx),
            Row::Failure { message, needs_key } => {
                self.render_failure(index, message, *needs_key, cx)
            }
            Row::Review {
                spec,
                phase,
                outcome,
            } => self.render_review(index, spec, *phase, *outcome, cx),
            Row::Footer(footer) => self.render_footer(index, footer, cx),
        };
        div().pt(gap).w_full().child(content).into_any_element()
    }

    fn render_prompt(
        &self,
        index: usize,
        text: &str,
        mode: Mode,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let whole = matches!(self.views.get(index), Some(RowView::Prompt(true)));
        let total = text.lines().count();
        let limit = if whole || total <= PROMPT_LINES * 3 / 2 {
            total
        } else {
            PROMPT_LINES
        };
        let shown = text.lines().take(limit).collect::<Vec<_>>().join("\n");
        let mut parts = answer_part::parts(&shown);
        // A message of few lines may still be long.
        let folded = !whole && parts.len() > 1;
        if folded {
            parts.truncate(1);
        }
        let hidden = total - limit;
        let label: String = "You: "
            .chars()
            .chain(text.chars().take(LONGEST_LABEL))
            .collect();
        div()
            .id(("prompt", index))
            .role(Role::Article)
            .aria_label(SharedString::from(label))
            .test_support()
            .w_full()
            .px(space::L)
            .py(space::M)
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(colors.border)
            .bg(colors.input_background)
            .text_body()
            .when(mode == Mode::Spec, |this| {
                this.child(
                    div()
                        .flex()
                        .pb(space::XS)
                        .child(Pill::new("Spec").tone(PillTone::Accent)),
                )
            })
            .children(
                parts
                    .into_iter()
                    .map(|part| SharedString::from(part.to_owned())),
            )
            .when(hidden > 0 || folded, |this| {
                this.child(
                    div()
                        .id(("prompt-all", index))
                        .role(Role::Button)
                        .aria_label("Show the whole message")
                        .test_support()
                        .tooltip(command_tooltip(
                            "Show the whole message",
                            Some("agent.showMore"),
                        ))
                        .pt(space::XS)
                        .text_small()
                        .text_color(colors.text_muted)
                        .cursor_pointer()
                        .tab_index(0)
                        .hover(|this| this.text_color(colors.text))
                        .focus_visible(|this| this.text_color(colors.text))
                        .on_click(cx.listener(move |this, _, _, cx| {
                            if let Some(RowView::Prompt(whole)) = this.views.get_mut(index) {
                                *whole = true;
                                this.remeasure(index, cx);
                            }
                        }))
                        .child(match hidden {
                            0 => "Show the whole message".to_owned(),
                            _ => format!("Show {} more", wording::counted(hidden, "line", "lines")),
                        }),
                )
            })
            .into_any_element()
    }

    /// Shows the rest of the messages that are cut for their length, and the next lines of such
    /// changes.
    pub(crate) fn show_more(&mut self, _: &ShowMore, _: &mut Window, cx: &mut Context<Self>) {
        let session = self.session.clone();
        let rows = session.read(cx).transcript().rows();
        let mut grown = Vec::new();
        for (index, (view, row)) in self.views.iter_mut().zip(rows).enumerate() {
            let grows = match (view, row) {
                (RowView::Prompt(whole), _) => !std::mem::replace(whole, true),
                (RowView::Tool(view), Row::Tool(tool)) => view.show_more(tool.is_asking()),
                _ => false,
            };
            if grows {
                grown.push(index);
            }
        }
        for index in grown {
            self.remeasure(index, cx);
        }
    }

    fn render_answer(&mut self, index: usize, cx: &mut Context<Self>) -> AnyElement {
        let session = self.session.clone();
        let (text, before) = match session.read(cx).transcript().rows().get(index) {
            Some(Row::Answer { text, before }) => (text, before),
            _ => return div().into_any_element(),
        };
        let label: String = "Agent: "
            .chars()
            .chain(text.chars().take(LONGEST_LABEL))
            .collect();
        let Some(RowView::Answer(state, watch)) = self.views.get_mut(index) else {
            return div().into_any_element();
        };
        let state = match state {
            Some(state) => state.clone(),
            None => {
                let text = before
                    .iter()
                    .chain([text])
                    .map(String::as_str)
                    .collect::<String>();
                let new = cx.new(|cx| TextViewState::markdown(&text, cx));
                *watch = Some(cx.observe(&new, move |this, _, cx| this.remeasure(index, cx)));
                *state = Some(new.clone());
                new
            }
        };
        let root = self.session.read(cx).workspace().read(cx).root().to_owned();
        div()
            .id(("answer", index))
            .role(Role::Article)
            .aria_label(SharedString::from(label))
            .test_support()
            .w_full()
            .text_size(BODY.size)
            .line_height(scaled(21.))
            .child(ui::markdown::document(
                &state,
                move |target, window, cx| follow_link(&root, target, window, cx),
                cx,
            ))
            .into_any_element()
    }

    fn render_failure(
        &self,
        index: usize,
        message: &str,
        needs_key: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        // One that the conversation has gone on from is a record of what happened.
        let last = session.transcript().is_latest_end(index) && !session.is_running();
        if !last {
            return div()
                .id(("failure", index))
                .static_text(SharedString::from(message.to_owned()))
                .test_support()
                .child(render_notice(
                    NoticeLevel::Info,
                    &wording::ended(message),
                    cx,
                ))
                .into_any_element();
        }
        let without_model = session.model().is_none();
        let may_find_one = session
            .no_model()
            .is_some_and(|none| none.unreadable_keys.is_some());
        div()
            .id(("failure", index))
            .role(Role::Alert)
            .aria_label(SharedString::from(message.to_owned()))
            .test_support()
            .w_full()
            .p(space::L)
            .flex()
            .flex_col()
            .gap(space::M)
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(colors.error.opacity(0.45))
            .bg(colors.error.opacity(0.06))
            .child(
                div()
                    .flex()
                    .gap(space::M)
                    .child(
                        div()
                            .flex_none()
                            .pt(scaled(3.))
                            .child(ui::icon(IconName::CircleAlert, colors.error)),
                    )
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .text_body()
                            .child(wording::ended(message)),
                    ),
            )
            .child(
                div()
                    .flex()
                    .flex_wrap()
                    .gap(space::M)
                    .when(!without_model || may_find_one, |this| {
                        this.child(
                            Button::new("agent-retry", "Try again")
                                .icon(IconName::RotateCw)
                                .command("agent.retry"),
                        )
                    })
                    .when(without_model, |this| this.children(model_offers()))
                    .when(!without_model && needs_key, |this| {
                        this.child(
                            Button::new("agent-key", "API keys\u{2026}")
                                .icon(IconName::KeyRound)
                                .command("onboarding.model"),
                        )
                    })
                    .when(!without_model, |this| {
                        this.child(
                            Button::new("agent-other-model", "Another model")
                                .quiet()
                                .command("agent.selectModel"),
                        )
                    }),
            )
            .into_any_element()
    }

    fn render_review(
        &self,
        index: usize,
        spec: &str,
        phase: spec::Phase,
        outcome: ReviewOutcome,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let waiting = outcome == ReviewOutcome::Waiting;
        let (document, file) = match phase {
            spec::Phase::Requirements => ("Requirements", "requirements.md"),
            spec::Phase::Design => ("Design", "design.md"),
            _ => ("Tasks", "tasks.md"),
        };
        let folder = self
            .session
            .read(cx)
            .workspace()
            .read(cx)
            .root()
            .join(".kiro/specs")
            .join(spec);
        let fs = self
            .session
            .read(cx)
            .workspace()
            .read(cx)
            .workspace()
            .fs()
            .clone();
        let title = match outcome {
            ReviewOutcome::Waiting if phase == spec::Phase::Design => {
                format!("The design of {spec} is ready for your review")
            }
            ReviewOutcome::Waiting => format!("{document} of {spec} are ready for your review"),
            ReviewOutcome::Approved => format!("{document} of {spec} approved"),
            ReviewOutcome::Replaced => format!("{document} of {spec} handed in again below"),
        };
        let (border, background, icon) = match outcome {
            ReviewOutcome::Waiting => (
                colors.accent.opacity(0.4),
                colors.accent.opacity(0.06),
                ui::icon(IconName::FileText, colors.accent),
            ),
            ReviewOutcome::Approved => (
                colors.border,
                Hsla::transparent_black(),
                ui::icon(IconName::CircleCheck, colors.success),
            ),
            ReviewOutcome::Replaced => (
                colors.border,
                Hsla::transparent_black(),
                ui::icon(IconName::FileText, colors.text_faint),
            ),
        };
        div()
            .id(("review", index))
            .role(Role::Article)
            .aria_label(SharedString::from(title.clone()))
            .test_support()
            .w_full()
            .px(space::L)
            .py(space::M)
            .flex()
            .items_center()
            .gap(space::M)
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(border)
            .bg(background)
            .when(!waiting, |this| this.text_color(colors.text_muted))
            .child(icon)
            .child(div().flex_1().min_w_0().text_body().child(title))
            .child(
                Button::new(
                    ("review-open", index),
                    if waiting { "Review" } else { "Open" },
                )
                .style(if waiting {
                    ButtonStyle::Primary
                } else {
                    ButtonStyle::Quiet
                })
                .on_click(move |_, window, cx| {
                    // A bug's first document has another name.
                    let bug = folder.join("bugfix.md");
                    let path = if file == "requirements.md" && fs.exists(&bug) {
                        bug
                    } else {
                        folder.join(file)
                    };
                    ui::open_path(OpenTarget::new(path), window, cx);
                }),
            )
            .into_any_element()
    }

    fn render_footer(
        &self,
        index: usize,
        footer: &FooterRow,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let answered =
            turn_before(session.transcript(), index).any(|row| matches!(row, Row::Answer { .. }));
        let last = session.transcript().is_latest_end(index) && !session.is_running();
        let mut parts = Vec::new();
        // How long a turn took that the end of the program cut off is not known.
        if !footer.elapsed.is_zero() {
            parts.push(wording::duration(footer.elapsed));
        }
        if footer.usage.input_tokens + footer.usage.output_tokens > 0 {
            parts.push(format!("{} in", wording::tokens(footer.usage.input_tokens)));
            parts.push(format!(
                "{} out",
                wording::tokens(footer.usage.output_tokens)
            ));
        }
        parts.extend(footer.speed.into_iter().flat_map(LocalSpeed::parts));
        if let Some(note) = footer.note {
            parts.insert(0, note.to_owned());
        }
        let words = SharedString::from(parts.join(" · "));
        div()
            .id(("footer", index))
            .role(Role::Status)
            .aria_label(words.clone())
            .test_support()
            .flex()
            .items_center()
            .gap(space::XS)
            .text_caption()
            .text_color(colors.text_faint)
            .child(div().flex_1().min_w_0().child(words))
            .when(last, |this| {
                this.child(
                    IconButton::new(("footer-retry", index), IconName::RotateCw, "Try again")
                        .command("agent.retry")
                        .sizes(scaled(20.), icon_size::SMALL),
                )
            })
            .when(answered, |this| {
                let session = self.session.clone();
                this.child(
                    Clipboard::new(("footer-copy", index))
                        .xsmall()
                        .tooltip(copy_tooltip(cx))
                        .accessibility_label("Copy answer")
                        .value_fn(move |_, cx| {
                            last_answer(session.read(cx).transcript(), index).into()
                        }),
                )
            })
            .into_any_element()
    }
}

/// The last answer of the conversation, whole.
pub(crate) fn newest_answer(transcript: &Transcript) -> Option<String> {
    let rows = transcript.rows();
    let last = rows
        .iter()
        .rposition(|row| matches!(row, Row::Answer { .. }))?;
    Some(last_answer(transcript, last + 1))
}

/// What the button says that copies an answer, with the key of the command that copies the last.
fn copy_tooltip(cx: &App) -> SharedString {
    match ui::Commands::keys("agent.copyAnswer", cx) {
        Some(keys) => format!("Copy answer  {keys}").into(),
        None => "Copy answer".into(),
    }
}

/// The rows of the turn that ends at `footer`, the last one first.
fn turn_before(transcript: &Transcript, footer: usize) -> impl Iterator<Item = &Row> {
    let rows = transcript.rows().get(..footer).unwrap_or_default();
    rows.iter()
        .rev()
        .take_while(|row| !matches!(row, Row::Prompt { .. }))
}

/// The last answer of the turn that ends at `footer`, whole; empty where there is none.
fn last_answer(transcript: &Transcript, footer: usize) -> String {
    let mut parts = Vec::new();
    for row in turn_before(transcript, footer) {
        match row {
            Row::Answer { text, before } => {
                parts.push(text.as_str());
                if before.is_none() {
                    break;
                }
            }
            _ if parts.is_empty() => {}
            _ => break,
        }
    }
    parts.into_iter().rev().collect()
}

/// A notice that is a row of the conversation.
pub(crate) fn notice_row(row: usize, level: NoticeLevel, message: &str, cx: &App) -> AnyElement {
    div()
        .id(("notice", row))
        .role(Role::Status)
        .aria_label(SharedString::from(message.to_owned()))
        .test_support()
        .child(render_notice(level, message, cx))
        .into_any_element()
}

pub(crate) fn render_notice(level: NoticeLevel, message: &str, cx: &App) -> AnyElement {
    let colors = **cx.kiln_theme();
    let (icon, color) = match level {
        NoticeLevel::Info => (IconName::Info, colors.text_faint),
        NoticeLevel::Warning => (IconName::TriangleAlert, colors.warning),
        NoticeLevel::Error => (IconName::CircleAlert, colors.error),
    };
    div()
        .flex_none()
        .flex()
        .gap(space::S)
        .text_small()
        .text_color(colors.text_muted)
        .child(
            div()
                .flex_none()
                .pt(scaled(2.))
                .child(ui::icons::sized_icon(icon, icon_size::SMALL, color)),
        )
        .child(div().flex_1().min_w_0().child(message.to_owned()))
        .into_any_element()
}

/// What to do when there is no model yet.
pub(crate) fn model_offers() -> [Button; 2] {
    [
        Button::new("get-embedded-model", "Get the embedded model")
            .primary()
            .icon(IconName::Download)
            .command("onboarding.model"),
        Button::new("add-api-key", "Add an API key")
            .icon(IconName::KeyRound)
            .command("onboarding.model"),
    ]
}

/// The file that `written` names, if it lies in the project.
pub(crate) fn project_path(root: &Path, written: &str) -> Option<PathBuf> {
    let relative = Path::new(written);
    let relative = relative.strip_prefix(root).unwrap_or(relative);
    let inside = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (inside && relative.components().next().is_some()).then(|| root.join(relative))
}

fn follow_link(root: &Path, target: LinkTarget, window: &mut Window, cx: &mut App) {
    match target {
        LinkTarget::Web(address) => cx.open_url(&address),
        LinkTarget::File(written) => {
            let (path, line) = match written.rsplit_once(':') {
                Some((path, line)) => (path, line.parse().ok()),
                None => (written.as_str(), None),
            };
            match project_path(root, path) {
                Some(path) => ui::open_path(
                    OpenTarget {
                        line,
                        ..OpenTarget::new(path)
                    },
                    window,
                    cx,
                ),
                None => notify(
                    ui::Severity::Warning,
                    format!("“{written}” is not in this project, so it was not opened."),
                    window,
                    cx,
                ),
            }
        }
        LinkTarget::Refused => notify(
            ui::Severity::Warning,
            "Only web addresses and files of the project can be opened from here.",
            window,
            cx,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn only_files_inside_the_folder_are_project_paths() {
        let root = Path::new("/home/me/app");
        let inside = |written| project_path(root, written);
        assert_eq!(inside("src/main.rs"), Some(root.join("src/main.rs")));
        assert_eq!(inside("./a.md"), Some(root.join("./a.md")));
        assert_eq!(inside("/home/me/app/a.md"), Some(root.join("a.md")));
        for outside in ["../secret", "a/../../b", "/etc/passwd", ""] {
            assert_eq!(inside(outside), None, "{outside}");
        }
    }
}
