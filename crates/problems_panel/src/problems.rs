//! The "Problems" panel: what language servers say of the open files.

use std::ops::Range;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, Entity, FocusHandle, Focusable, KeyContext, Render, Role,
    ScrollStrategy, SharedString, Subscription, UniformListScrollHandle, Window, div, uniform_list,
};
use lsp::{Diagnostic, DiagnosticSeverity};
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};
use ui::tokens::{scaled, space};
use ui::widgets::{EmptyState, ListRow, Pill};
use ui::{
    ActiveKilnTheme as _, Colors, DockSide, IconName, OpenTarget, Panel, READING_CONTEXT,
    WorkspaceModel, icons,
};
use workspace::{Buffer, WorkspaceEvent};

use crate::grouped::{Group, Grouped, LIST_CONTEXT, Row, name_and_folder};

/// More problems of a file than this are not listed.
const MOST_OF_A_FILE: usize = 1_000;

/// A problem as it is listed.
struct Problem {
    severity: DiagnosticSeverity,
    /// Its words, all of them.
    message: SharedString,
    /// Who says it, and its code.
    from: SharedString,
    /// Where, in lines and characters, from zero.
    line: usize,
    column: usize,
}

impl Problem {
    fn new(range: Range<usize>, diagnostic: &Diagnostic, buffer: &Buffer) -> Self {
        let text = buffer.text();
        let line = text.row_at(range.start);
        let column = text.count_chars(text.line_start(line)..range.start);
        let (source, code) = (diagnostic.source.as_deref(), diagnostic.code.as_deref());
        let from = match (source, code) {
            (Some(source), Some(code)) => format!("{source}({code})"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        };
        Self {
            severity: diagnostic.severity,
            message: SharedString::from(diagnostic.message.to_string()),
            from: from.into(),
            line,
            column,
        }
    }
}

/// The icon, the colour and the word of a severity.
fn severity(
    severity: DiagnosticSeverity,
    colors: &Colors,
) -> (IconName, gpui_kit::Hsla, &'static str) {
    match severity {
        DiagnosticSeverity::Error => (IconName::CircleX, colors.error, "Error"),
        DiagnosticSeverity::Warning => (IconName::TriangleAlert, colors.warning, "Warning"),
        DiagnosticSeverity::Information | DiagnosticSeverity::Hint => {
            (IconName::Info, colors.text_muted, "Information")
        }
    }
}

/// The "Problems" panel.
pub struct ProblemsPanel {
    model: Entity<WorkspaceModel>,
    list: Grouped<Problem>,
    focus: FocusHandle,
    scroll: UniformListScrollHandle,
    _subscription: Subscription,
}

impl ProblemsPanel {
    /// A list of what is wrong in the files of `model`.
    pub fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let subscription = cx.subscribe(&model, |this: &mut Self, _, event, cx| {
            let concerns = matches!(
                event,
                WorkspaceEvent::BufferDiagnosticsChanged(_)
                    | WorkspaceEvent::BufferClosed(_)
                    | WorkspaceEvent::BufferPathChanged(_)
            );
            if concerns {
                this.refresh(cx);
            }
        });
        let mut panel = Self {
            model,
            list: Grouped::default(),
            focus: cx.focus_handle(),
            scroll: UniformListScrollHandle::new(),
            _subscription: subscription,
        };
        panel.refresh(cx);
        panel
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let mut groups: Vec<_> = workspace.buffers().filter_map(of_buffer).collect();
        groups.sort_by(|one, other| one.path.cmp(&other.path));
        self.list.set(groups);
        cx.notify();
    }

    fn count(&self) -> usize {
        self.list.groups.iter().map(|group| group.items.len()).sum()
    }

    fn step(&mut self, step: Step, cx: &mut Context<Self>) {
        if let Some(row) = self.list.step(step) {
            self.scroll.scroll_to_item(row, ScrollStrategy::Nearest);
            cx.notify();
        }
    }

    /// What a click on a row does: folds a file, or goes to a problem.
    fn choose(&mut self, row: usize, window: &mut Window, cx: &mut Context<Self>) {
        self.list.selected = Some(row);
        let Some(Row { group, item }) = self.list.selected_row() else {
            return;
        };
        let Some(item) = item else {
            self.list.toggle(group);
            return cx.notify();
        };
        let problem = &self.list.groups[group].items[item];
        let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        let path = self.list.groups[group].path.clone();
        let target = OpenTarget::at(path, place(problem.line), place(problem.column));
        ui::open_path(target, window, cx);
        cx.notify();
    }

    fn open_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(row) = self.list.selected {
            self.choose(row, window, cx);
        }
    }

    fn render_row(&self, index: usize, focused: bool, cx: &Context<Self>) -> Option<AnyElement> {
        let colors = **cx.kiln_theme();
        let Row { group, item } = *self.list.rows().get(index)?;
        let group = self.list.groups.get(group)?;
        let selected = self.list.selected == Some(index);
        let row = match item {
            None => {
                let root = self.model.read(cx).root();
                let (name, folder) = name_and_folder(&group.path, root);
                let folded = self.list.is_folded(&group.path);
                let chevron = match folded {
                    true => IconName::ChevronRight,
                    false => IconName::ChevronDown,
                };
                ListRow::new(("problem", index), name)
                    .role(Role::TreeItem)
                    .expanded(!folded)
                    .detail(folder)
                    .start(icons::icon(chevron, colors.text_faint))
                    .start(icons::icon(
                        icons::file_icon(&group.path),
                        colors.text_muted,
                    ))
                    .end(Pill::new(group.items.len().to_string()))
            }
            Some(item) => {
                let problem = group.items.get(item)?;
                let (icon, color, word) = severity(problem.severity, &colors);
                let first = problem
                    .message
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let place = format!("[Ln {}, Col {}]", problem.line + 1, problem.column + 1);
                let detail = match problem.from.is_empty() {
                    true => place,
                    false => format!("{}  {place}", problem.from),
                };
                ListRow::new(("problem", index), first)
                    .role(Role::TreeItem)
                    .detail(detail)
                    .indent(scaled(24.))
                    .start(icons::icon(icon, color))
                    .tooltip(format!("{word}: {}", problem.message))
            }
        };
        let row = row
            .selected(selected)
            .focused(selected && focused)
            .on_click(cx.listener(move |this, _, window, cx| {
                this.focus.focus(window, cx);
                this.choose(index, window, cx);
            }));
        Some(row.into_any_element())
    }
}

/// What is wrong in a file, the gravest first.
fn of_buffer(buffer: &Buffer) -> Option<Group<Problem>> {
    let path = buffer.path()?.to_path_buf();
    let said = buffer.diagnostics().touching(0..buffer.text().len());
    // Hints are for who looks at the text.
    let listed = said
        .into_iter()
        .filter(|(_, one)| one.severity != DiagnosticSeverity::Hint)
        .take(MOST_OF_A_FILE);
    let items: Vec<_> = listed
        .map(|(range, one)| Problem::new(range, one, buffer))
        .collect();
    (!items.is_empty()).then_some(Group { path, items })
}

impl Focusable for ProblemsPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Panel for ProblemsPanel {
    const ID: &'static str = "problems";
    const TOGGLE_COMMAND: Option<&'static str> = Some("problems.focus");

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        "Problems".into()
    }

    fn icon(&self) -> IconName {
        IconName::CircleX
    }

    fn badge(&self, _: &App) -> Option<SharedString> {
        let count = self.count();
        (count > 0).then(|| count.to_string().into())
    }
}

impl Render for ProblemsPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let mut context = KeyContext::default();
        context.add(LIST_CONTEXT);
        context.add(READING_CONTEXT);
        let by_keyboard = self.focus.is_focused(window) && window.last_input_was_keyboard();
        let body = match self.list.rows().len() {
            0 => EmptyState::new(IconName::CircleCheck, "No problems in the open files")
                .body("What language servers find wrong is listed here.")
                .into_any_element(),
            count => uniform_list(
                "problem-rows",
                count,
                cx.processor(move |this, range: Range<usize>, _, cx| {
                    let rows = range.filter_map(|index| this.render_row(index, by_keyboard, cx));
                    rows.collect::<Vec<_>>()
                }),
            )
            .track_scroll(&self.scroll)
            .size_full()
            .py(space::XS)
            .into_any_element(),
        };
        div()
            .id("problems")
            .test_support()
            .role(Role::Tree)
            .aria_label("Problems")
            .track_focus(&self.focus)
            .key_context(context)
            .on_action(cx.listener(|this, _: &SelectNext, _, cx| this.step(Step::Next, cx)))
            .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| this.step(Step::Previous, cx)))
            .on_action(cx.listener(|this, _: &SelectFirst, _, cx| this.step(Step::First, cx)))
            .on_action(cx.listener(|this, _: &SelectLast, _, cx| this.step(Step::Last, cx)))
            .on_action(cx.listener(|this, _: &Expand, _, cx| {
                this.list.expand();
                cx.notify();
            }))
            .on_action(cx.listener(|this, _: &Collapse, _, cx| {
                this.list.collapse();
                cx.notify();
            }))
            .on_action(cx.listener(|this, _: &Open, window, cx| this.open_selected(window, cx)))
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(body)
    }
}
