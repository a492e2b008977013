//! The list of specs in the left dock.

use crate::activity::{ActivityEvent, SpecActivity};
use crate::commands;
use crate::list_keys::LIST_CONTEXT;
use crate::rows::{Row, RowState, document_row, missing_row, problem_line, task_row};
use crate::specs::{SpecSummary, Specs};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Phase, Progress, ReviewStatus, TaskState};
use std::collections::BTreeSet;
use ui::icons::sized_icon;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{Button, EmptyState, IconButton, Pill, PillTone};
use ui::{
    ActiveKilnTheme as _, Colors, Commands, DockSide, IconName, OpenTarget, Panel, READING_CONTEXT,
    Typography as _, WorkspaceModel,
};

/// The "Specs" panel.
pub struct SpecSidebar {
    pub(crate) specs: Entity<Specs>,
    /// The names of the specs that are unfolded; some may be gone.
    pub(crate) open: BTreeSet<String>,
    /// The row that the keyboard is on.
    pub(crate) selected: Option<Row>,
    /// Why the last thing that was asked for was refused, while that is shown.
    refused: Option<SharedString>,
    pub(crate) focus: FocusHandle,
    pub(crate) scroll: ScrollHandle,
    _subscriptions: Vec<Subscription>,
}

impl SpecSidebar {
    /// A list of the specs in `model`'s folder.
    pub fn new(model: Entity<WorkspaceModel>, window: &mut Window, cx: &mut Context<Self>) -> Self {
        commands::attach(&cx.entity(), window, cx);
        let specs = Specs::of(&model, cx);
        let mut subscriptions = vec![cx.observe(&specs, |_, _, cx| cx.notify())];
        if let Some(activity) = SpecActivity::global(cx) {
            let root = model.read(cx).root().to_owned();
            subscriptions.push(cx.subscribe_in(
                &activity,
                window,
                move |this, _, event, window, cx| match event {
                    // What waits for a decision is shown.
                    ActivityEvent::ReviewReady { spec, phase } => {
                        let kind = this
                            .specs
                            .read(cx)
                            .get(spec)
                            .map(|spec| spec.spec.spec_type);
                        if let Some(document) = phase.document(kind.unwrap_or_default()) {
                            let folder = root.join(".kiro/specs").join(spec);
                            let path = folder.join(document.file_name());
                            ui::open_path(OpenTarget::new(path), window, cx);
                        }
                    }
                    // The conversation says it, too, and may be hidden.
                    ActivityEvent::Refused(message) => {
                        ui::notify(ui::Severity::Error, message.clone(), window, cx);
                        this.refused = Some(message.clone());
                    }
                    // What stood in the way was seen to, or will be told again.
                    ActivityEvent::Asked => {
                        if let Some(message) = this.refused.take() {
                            ui::take_notice_back(message, window, cx);
                        }
                    }
                    ActivityEvent::Changed => {}
                },
            ));
        }
        Self {
            _subscriptions: subscriptions,
            specs,
            open: BTreeSet::new(),
            selected: None,
            refused: None,
            focus: cx.focus_handle(),
            scroll: ScrollHandle::new(),
        }
    }

    /// A spec's own row: its name, where it is, and how many of its tasks are done.
    fn render_spec(&self, spec: &SpecSummary, at: RowState, cx: &Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let open = self.open.contains(&spec.spec.name);
        let name = spec.spec.name.clone();
        let (label, tone) = chip(spec);
        let activity = SpecActivity::global(cx);
        let writing =
            activity.is_some_and(|activity| activity.read(cx).is_writing(&spec.spec.name));
        let chevron = match open {
            true => IconName::ChevronDown,
            false => IconName::ChevronRight,
        };
        div()
            .id(SharedString::from(format!("spec-{name}")))
            .role(Role::TreeItem)
            .aria_label(SharedString::from(format!("{name}, {label}")))
            .aria_expanded(open)
            .aria_selected(at.selected)
            .test_support()
            .px(space::S)
            .py(space::S)
            .flex()
            .gap(space::S)
            .rounded(radius::SMALL)
            .border_1()
            .border_color(match at.focused {
                true => colors.border_focused,
                false => Hsla::transparent_black(),
            })
            .cursor_pointer()
            .when(at.selected, |this| this.bg(colors.active))
            .when(!at.selected, |this| {
                this.hover(|this| this.bg(colors.hover))
            })
            .on_click(cx.listener(move |this, _, window, cx| {
                this.focus.focus(window, cx);
                this.choose(Row::Spec(name.clone()), window, cx);
            }))
            .child(
                div()
                    .flex_none()
                    .h(scaled(20.))
                    .flex()
                    .items_center()
                    .child(sized_icon(chevron, icon_size::SMALL, colors.text_faint)),
            )
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .flex()
                    .flex_col()
                    .gap(space::XS)
                    .child(
                        div()
                            .flex()
                            .items_center()
                            .gap(space::S)
                            .child(
                                div()
                                    .flex_1()
                                    .min_w_0()
                                    .truncate()
                                    .text_body()
                                    .child(spec.spec.name.clone()),
                            )
                            .when(writing, |this| {
                                this.child(Spinner::new().xsmall().color(colors.accent))
                            })
                            .child(Pill::new(label).tone(tone)),
                    )
                    .when(spec.spec.progress.total > 0, |this| {
                        this.child(progress_bar(spec.spec.progress, &colors))
                    })
                    .children(
                        spec.problems
                            .iter()
                            .enumerate()
                            .map(|(index, problem)| problem_line(problem, index, cx)),
                    ),
            )
            .into_any_element()
    }

    /// Every row that is shown, from above.
    fn render_rows(&self, window: &Window, cx: &Context<Self>) -> Vec<AnyElement> {
        let rows = self.rows(cx);
        let current = self.current(&rows, window);
        let by_keyboard = self.focus.is_focused(window) && window.last_input_was_keyboard();
        let summaries = self.specs.read(cx).all();
        let summary = |name: &str| summaries.iter().find(|spec| spec.spec.name == name);
        rows.iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let at = RowState {
                    selected: current == Some(index),
                    focused: current == Some(index) && by_keyboard,
                };
                let spec = summary(row.spec())?;
                Some(match row {
                    Row::Spec(_) => self.render_spec(spec, at, cx),
                    Row::Document(_, file) => document_row(spec, *file, at, cx),
                    Row::Write(_) => missing_row(spec, at, cx)?,
                    Row::Task(_, id) => {
                        let task = spec.tasks.iter().find(|task| task.id == *id)?;
                        task_row(spec, task, at, cx)
                    }
                })
            })
            .collect()
    }
}

fn chip(spec: &SpecSummary) -> (&'static str, PillTone) {
    let at = spec.spec.phase;
    let next = at.phase.document(spec.spec.spec_type);
    match (at.phase, at.status) {
        _ if next.is_some_and(|next| spec.unreadable.contains(&next)) => {
            ("Cannot be read", PillTone::Warning)
        }
        (Phase::Implementation, _) if spec.spec.progress.is_complete() => {
            ("Done", PillTone::Success)
        }
        (Phase::Implementation, _) => ("Building", PillTone::Accent),
        (_, ReviewStatus::AwaitingReview) => ("Review", PillTone::Warning),
        (phase, _) => (phase.title(), PillTone::Neutral),
    }
}

/// A thin bar and "3 of 8".
pub(crate) fn progress_bar(progress: Progress, colors: &Colors) -> AnyElement {
    let Progress { done, total } = progress;
    let part = progress.fraction();
    let finished = progress.is_complete();
    div()
        .id("progress")
        .role(Role::ProgressIndicator)
        .aria_label(SharedString::from(format!("{done} of {total} tasks done")))
        .test_support()
        .flex()
        .items_center()
        .gap(space::M)
        .child(
            div()
                .flex_1()
                .h(scaled(3.))
                .rounded_full()
                .bg(colors.border)
                .child(
                    div()
                        .h_full()
                        .w(relative(part))
                        .rounded_full()
                        .bg(if finished {
                            colors.success
                        } else {
                            colors.accent
                        }),
                ),
        )
        .child(
            div()
                .flex_none()
                .text_caption()
                .text_color(colors.text_faint)
                .child(format!("{done} of {total}")),
        )
        .into_any_element()
}

/// A task's state as a mark of 14 px.
pub(crate) fn state_glyph(state: TaskState, running: bool, colors: &Colors) -> AnyElement {
    let icon = |name, color| ui::icon(name, color).into_any_element();
    match state {
        // As wide as the icons, so that what stands beside it stays in its place.
        _ if running => div()
            .size(icon_size::MEDIUM)
            .flex()
            .items_center()
            .justify_center()
            .child(Spinner::new().xsmall().color(colors.accent))
            .into_any_element(),
        TaskState::NotStarted => icon(IconName::Circle, colors.text_faint),
        TaskState::Queued => icon(IconName::CircleDashed, colors.text_muted),
        TaskState::Running => icon(IconName::CircleDot, colors.accent),
        TaskState::Done => icon(IconName::CircleCheck, colors.success),
    }
}

impl Focusable for SpecSidebar {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Panel for SpecSidebar {
    const ID: &'static str = "specs";
    const TOGGLE_COMMAND: Option<&'static str> = Some("specs.focus");

    fn side() -> DockSide {
        DockSide::Left
    }

    fn title(&self, _: &App) -> SharedString {
        "Specs".into()
    }

    fn icon(&self) -> IconName {
        IconName::ListChecks
    }

    fn badge(&self, cx: &App) -> Option<SharedString> {
        let waiting = self
            .specs
            .read(cx)
            .all()
            .iter()
            .filter(|spec| spec.spec.phase.status == ReviewStatus::AwaitingReview)
            .count();
        (waiting > 0).then(|| waiting.to_string().into())
    }

    fn unfolded(&self, cx: &App) -> Vec<String> {
        let specs = self.specs.read(cx);
        let names = self.open.iter();
        names
            // Until they are read, nobody knows which are gone.
            .filter(|name| !specs.is_loaded() || specs.get(name).is_some())
            .cloned()
            .collect()
    }

    fn unfold(&mut self, names: Vec<String>, cx: &mut Context<Self>) {
        self.open.extend(names);
        cx.notify();
    }

    fn header_actions(&mut self, _: &mut Window, _: &mut Context<Self>) -> Option<AnyElement> {
        Some(
            IconButton::new("new-spec", IconName::Plus, "New spec")
                .command("agent.newSpec")
                .into_any_element(),
        )
    }
}

impl Render for SpecSidebar {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let mut context = KeyContext::default();
        context.add(LIST_CONTEXT);
        context.add(READING_CONTEXT);
        let specs = self.specs.read(cx);
        let body = if specs.all().is_empty() && specs.is_loaded() {
            EmptyState::new(IconName::ListChecks, "No specs in this folder yet")
                .body(
                    "Describe a feature and review its requirements, design and tasks before any \
                     code is written.",
                )
                .action(
                    Button::new("first-spec", "New spec")
                        .command("agent.newSpec")
                        .primary()
                        .icon(IconName::Plus)
                        .on_click(|_, window, cx| {
                            Commands::run("agent.newSpec", window, cx);
                        }),
                )
                .into_any_element()
        } else {
            let rows = self.render_rows(window, cx);
            div()
                .id("spec-list")
                .size_full()
                .p(space::XS)
                .flex()
                .flex_col()
                .gap(px(1.))
                .overflow_y_scroll()
                .track_scroll(&self.scroll)
                .children(rows)
                .into_any_element()
        };
        self.with_keys(div(), cx)
            .id("spec-sidebar")
            .role(Role::Tree)
            .aria_label("Specs")
            .test_support()
            .track_focus(&self.focus)
            .key_context(context)
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(body)
    }
}
