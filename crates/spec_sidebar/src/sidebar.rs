//! The list of specs in the left dock.

use crate::activity::{ActivityEvent, SpecActivity};
use crate::document::TaskBlock;
use crate::specs::{SpecSummary, Specs};
use agent::Operation;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, Progress, ReviewStatus, TaskState};
use std::collections::BTreeSet;
use ui::icons::sized_icon;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{Button, EmptyState, IconButton, ListRow, Pill, PillTone};
use ui::{
    ActiveKilnTheme as _, Colors, Commands, DockSide, IconName, OpenTarget, Panel, Typography as _,
    WorkspaceModel,
};

const INDENT: Rems = scaled(16.);

/// The "Specs" panel.
pub struct SpecSidebar {
    specs: Entity<Specs>,
    /// The names of the specs that are unfolded; some may be gone.
    open: BTreeSet<String>,
    /// Why the last thing that was asked for was refused, while that is shown.
    refused: Option<SharedString>,
    focus: FocusHandle,
    scroll: ScrollHandle,
    _subscriptions: Vec<Subscription>,
}

impl SpecSidebar {
    /// A list of the specs in `model`'s folder.
    pub fn new(model: Entity<WorkspaceModel>, window: &mut Window, cx: &mut Context<Self>) -> Self {
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
            refused: None,
            focus: cx.focus_handle(),
            scroll: ScrollHandle::new(),
        }
    }

    fn toggle(&mut self, name: &str, cx: &mut Context<Self>) {
        if !self.open.remove(name) {
            self.open.insert(name.to_owned());
        }
        cx.notify();
    }

    fn render_spec(&self, spec: &SpecSummary, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let open = self.open.contains(&spec.spec.name);
        let name = spec.spec.name.clone();
        let (label, tone) = chip(spec);
        let activity = SpecActivity::global(cx);
        let writing =
            activity.is_some_and(|activity| activity.read(cx).is_writing(&spec.spec.name));
        div()
            .flex()
            .flex_col()
            .child(
                div()
                    .id(SharedString::from(format!("spec-{name}")))
                    .role(Role::TreeItem)
                    .aria_label(SharedString::from(spec.title()))
                    .aria_expanded(open)
                    .test_support()
                    .px(space::S)
                    .py(space::S)
                    .flex()
                    .gap(space::S)
                    .rounded(radius::SMALL)
                    .cursor_pointer()
                    .tab_index(0)
                    .focus_visible(|this| this.bg(colors.active))
                    .hover(|this| this.bg(colors.hover))
                    .on_click(cx.listener(move |this, _, _, cx| this.toggle(&name, cx)))
                    .child(
                        div()
                            .flex_none()
                            .h(scaled(20.))
                            .flex()
                            .items_center()
                            .child(sized_icon(
                                if open {
                                    IconName::ChevronDown
                                } else {
                                    IconName::ChevronRight
                                },
                                icon_size::SMALL,
                                colors.text_faint,
                            )),
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
                                            .child(spec.title()),
                                    )
                                    .when(writing, |this| {
                                        this.child(Spinner::new().xsmall().color(colors.accent))
                                    })
                                    .child(Pill::new(label).tone(tone)),
                            )
                            .when(spec.spec.progress.total > 0, |this| {
                                this.child(progress_bar(spec.spec.progress, &colors))
                            }),
                    ),
            )
            .when(open, |this| {
                this.children(
                    spec.spec
                        .documents
                        .iter()
                        .map(|file| document_row(spec, *file, cx)),
                )
                .children(missing_row(spec, cx))
                .children(spec.tasks.iter().map(|task| task_row(spec, task, cx)))
            })
            .into_any_element()
    }
}

fn chip(spec: &SpecSummary) -> (&'static str, PillTone) {
    let at = spec.spec.phase;
    match (at.phase, at.status) {
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

fn document_row(spec: &SpecSummary, file: Document, cx: &App) -> AnyElement {
    let colors = **cx.kiln_theme();
    let path = spec.folder.join(file.file_name());
    let (icon, color) = match spec.status(Phase::of(file)) {
        ReviewStatus::AwaitingReview => (IconName::CircleDot, colors.warning),
        _ => (IconName::FileText, colors.text_muted),
    };
    ListRow::new(
        SharedString::from(format!("{}-{}", spec.spec.name, file.file_name())),
        file.title(),
    )
    .role(Role::TreeItem)
    .indent(INDENT)
    .start(ui::icon(icon, color))
    .detail(match spec.status(Phase::of(file)) {
        ReviewStatus::AwaitingReview => "waits for your review",
        _ => "",
    })
    .tooltip(format!("Open {}", file.file_name()))
    .on_click(move |_, window, cx| ui::open_path(OpenTarget::new(path.clone()), window, cx))
    .into_any_element()
}

/// Has the document written that is missing next: after a failed attempt there may be none yet.
fn missing_row(spec: &SpecSummary, cx: &App) -> Option<AnyElement> {
    let at = spec.spec.phase;
    let document = at.phase.document(spec.spec.spec_type)?;
    let activity = SpecActivity::global(cx)?;
    if at.status != ReviewStatus::Missing || activity.read(cx).is_running() {
        return None;
    }
    let colors = **cx.kiln_theme();
    let operation = Operation::SpecNext {
        spec: spec.spec.name.clone(),
    };
    let label = format!("Write the {}", document.title().to_lowercase());
    let row = ListRow::new(
        SharedString::from(format!("{}-missing", spec.spec.name)),
        label,
    )
    .role(Role::Button)
    .indent(INDENT)
    .color(colors.text_muted)
    .start(ui::icon(IconName::Play, colors.accent))
    .tooltip(format!("Have the agent write {}", document.file_name()))
    .on_click(move |_, _, cx| {
        activity.update(cx, |activity, cx| activity.send(operation.clone(), cx));
    });
    Some(row.into_any_element())
}

fn task_row(spec: &SpecSummary, task: &TaskBlock, cx: &App) -> AnyElement {
    let colors = **cx.kiln_theme();
    let activity = SpecActivity::global(cx);
    let (busy, running) = activity.as_ref().map_or((true, false), |activity| {
        let activity = activity.read(cx);
        (
            activity.is_running(),
            activity.is_task_running(&spec.spec.name, &task.id),
        )
    });
    let startable = !task.is_group && task.state != TaskState::Done && !busy;
    let path = spec.folder.join(Document::Tasks.file_name());
    let group = SharedString::from(format!("task-row-{}-{}", spec.spec.name, task.id));
    let start = startable.then(|| {
        let operation = Operation::RunTask {
            spec: spec.spec.name.clone(),
            task: task.id.clone(),
        };
        div()
            .invisible()
            .group_hover(group.clone(), |this| this.visible())
            .child(
                IconButton::new(
                    SharedString::from(format!("start-{}-{}", spec.spec.name, task.id)),
                    IconName::Play,
                    format!("Start task {}", task.id),
                )
                .sizes(scaled(20.), icon_size::SMALL)
                .on_click(move |_, _, cx| {
                    if let Some(activity) = SpecActivity::global(cx) {
                        activity.update(cx, |activity, cx| activity.send(operation.clone(), cx));
                    }
                }),
            )
    });
    let done = task.state == TaskState::Done;
    let row = ListRow::new(
        SharedString::from(format!("{}-task-{}", spec.spec.name, task.id)),
        task.label(),
    )
    .role(Role::TreeItem)
    .indent(INDENT + INDENT * task.level as f32)
    .color(if done {
        colors.text_faint
    } else {
        colors.text_muted
    })
    .start(state_glyph(task.state, running, &colors))
    .tooltip(task.title.text.clone())
    .on_click(move |_, window, cx| ui::open_path(OpenTarget::new(path.clone()), window, cx));
    let row = match start {
        Some(start) => row.end(start),
        None => row,
    };
    div().group(group).child(row).into_any_element()
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
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let specs = self.specs.read(cx);
        let (loaded, all) = (specs.is_loaded(), specs.all().to_vec());
        let body = if all.is_empty() && loaded {
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
            let rows: Vec<_> = all.iter().map(|spec| self.render_spec(spec, cx)).collect();
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
        div()
            .id("spec-sidebar")
            .role(Role::Tree)
            .aria_label("Specs")
            .test_support()
            .track_focus(&self.focus)
            .key_context("SpecSidebar")
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(body)
    }
}
