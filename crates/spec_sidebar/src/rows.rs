//! The rows of the list of specs below a spec: its documents, what is to be written next, its tasks.

use crate::activity::SpecActivity;
use crate::document::TaskBlock;
use crate::sidebar::{SpecSidebar, state_glyph};
use crate::specs::SpecSummary;
use agent::Operation;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus, TaskId, TaskState};
use ui::icons::sized_icon;
use ui::tokens::{icon_size, scaled, space};
use ui::widgets::{IconButton, ListRow, StaticText as _};
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

const INDENT: Rems = scaled(16.);

/// What a row of the list stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Row {
    /// A spec, by its name.
    Spec(String),
    /// A document of a spec.
    Document(String, Document),
    /// The document of a spec that is to be written next.
    Write(String),
    /// A task of a spec.
    Task(String, TaskId),
}

impl Row {
    /// The name of the spec that it belongs to.
    pub fn spec(&self) -> &str {
        match self {
            Self::Spec(name)
            | Self::Document(name, _)
            | Self::Write(name)
            | Self::Task(name, _) => name,
        }
    }
}

/// How a row is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowState {
    /// It was chosen last.
    pub selected: bool,
    /// The keyboard is on it, and in use.
    pub focused: bool,
}

/// The document that is missing next, where the agent is free to write it.
pub(crate) fn missing(spec: &SpecSummary, cx: &App) -> Option<Document> {
    let at = spec.spec.phase;
    let document = at.phase.document(spec.spec.spec_type)?;
    let activity = SpecActivity::global(cx)?;
    // One that cannot be read is not written over.
    let is_there = spec.unreadable.contains(&document);
    let free = at.status == ReviewStatus::Missing && !is_there && !activity.read(cx).is_running();
    free.then_some(document)
}

pub(crate) fn document_row(
    spec: &SpecSummary,
    file: Document,
    at: RowState,
    cx: &Context<SpecSidebar>,
) -> AnyElement {
    let colors = **cx.kiln_theme();
    let (icon, color) = match spec.status(Phase::of(file)) {
        ReviewStatus::AwaitingReview => (IconName::CircleDot, colors.warning),
        _ => (IconName::FileText, colors.text_muted),
    };
    let row = Row::Document(spec.spec.name.clone(), file);
    ListRow::new(
        SharedString::from(format!("{}-{}", spec.spec.name, file.file_name())),
        file.title(),
    )
    .role(Role::TreeItem)
    .selected(at.selected)
    .focused(at.focused)
    .indent(INDENT)
    .start(ui::icon(icon, color))
    .detail(match spec.status(Phase::of(file)) {
        ReviewStatus::AwaitingReview => "waits for your review",
        _ => "",
    })
    .tooltip(format!("Open {}", file.file_name()))
    .on_click(cx.listener(move |this, _, window, cx| this.choose(row.clone(), window, cx)))
    .into_any_element()
}

/// What keeps a file of the spec from being read.
pub(crate) fn problem_line(problem: &str, index: usize, cx: &App) -> AnyElement {
    let colors = **cx.kiln_theme();
    let words = SharedString::from(problem.to_owned());
    div()
        .id(("spec-problem", index))
        .static_text(words.clone())
        .test_support()
        .flex()
        .gap(space::S)
        .text_small()
        .text_color(colors.warning)
        .child(
            div()
                .flex_none()
                .h(scaled(18.))
                .flex()
                .items_center()
                .child(sized_icon(
                    IconName::TriangleAlert,
                    icon_size::SMALL,
                    colors.warning,
                )),
        )
        // All of it: what to do stands at its end.
        .child(div().flex_1().min_w_0().child(words))
        .into_any_element()
}

/// Has the document written that is missing next: after a failed attempt there may be none yet.
pub(crate) fn missing_row(
    spec: &SpecSummary,
    at: RowState,
    cx: &Context<SpecSidebar>,
) -> Option<AnyElement> {
    let document = missing(spec, cx)?;
    let colors = **cx.kiln_theme();
    let row = Row::Write(spec.spec.name.clone());
    let label = format!("Write the {}", document.title().to_lowercase());
    let row = ListRow::new(
        SharedString::from(format!("{}-missing", spec.spec.name)),
        label,
    )
    .role(Role::Button)
    .selected(at.selected)
    .focused(at.focused)
    .indent(INDENT)
    .color(colors.text_muted)
    .start(ui::icon(IconName::Play, colors.accent))
    .tooltip(format!("Have the agent write {}", document.file_name()))
    .on_click(cx.listener(move |this, _, window, cx| this.choose(row.clone(), window, cx)));
    Some(row.into_any_element())
}

pub(crate) fn task_row(
    spec: &SpecSummary,
    task: &TaskBlock,
    at: RowState,
    cx: &Context<SpecSidebar>,
) -> AnyElement {
    let colors = **cx.kiln_theme();
    let running = SpecActivity::global(cx).is_some_and(|activity| {
        let activity = activity.read(cx);
        activity.is_task_running(&spec.spec.name, &task.id)
    });
    let approved = spec.status(Phase::Tasks) == ReviewStatus::Approved;
    let can_start = SpecActivity::hindrance(approved, SpecActivity::readiness(cx)).is_none();
    let startable = can_start && !task.is_group && task.state != TaskState::Done;
    let group = SharedString::from(format!("task-row-{}-{}", spec.spec.name, task.id));
    let start = startable.then(|| {
        let operation = Operation::RunTask {
            spec: spec.spec.name.clone(),
            task: task.id.clone(),
        };
        div()
            .when(!at.focused, |this| {
                this.invisible()
                    .group_hover(group.clone(), |this| this.visible())
            })
            .child(
                IconButton::new(
                    SharedString::from(format!("start-{}-{}", spec.spec.name, task.id)),
                    IconName::Play,
                    format!("Start task {}", task.id),
                )
                .command("specs.startSelectedTask")
                .sizes(scaled(20.), icon_size::SMALL)
                .on_click(move |_, window, cx| {
                    SpecActivity::ask(operation.clone(), window, cx);
                }),
            )
    });
    let color = match task.state {
        TaskState::Done => colors.text_faint,
        _ => colors.text_muted,
    };
    let row = Row::Task(spec.spec.name.clone(), task.id.clone());
    let row = ListRow::new(
        SharedString::from(format!("{}-task-{}", spec.spec.name, task.id)),
        task.label(),
    )
    .role(Role::TreeItem)
    .selected(at.selected)
    .focused(at.focused)
    .indent(INDENT + INDENT * task.level as f32)
    .color(color)
    .start(state_glyph(task.state, running, &colors))
    .tooltip(task.label())
    .on_click(cx.listener(move |this, _, window, cx| this.choose(row.clone(), window, cx)));
    let row = match start {
        Some(start) => row.end(start),
        None => row,
    };
    div().group(group).child(row).into_any_element()
}
