//! The keyboard in the list of specs, as in the tree of files: arrows go and unfold, Enter opens.

use crate::activity::SpecActivity;
use crate::commands::{OpenSelected, StartNextTask, StartSelectedTask};
use crate::rows::{Row, missing};
use crate::sidebar::SpecSidebar;
use agent::Operation;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus, TaskId, TaskState};
use ui::OpenTarget;
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};

/// The key context of the list.
pub(crate) const LIST_CONTEXT: &str = "SpecSidebar";

impl SpecSidebar {
    /// Handles the keys on the list's outermost element.
    pub(crate) fn with_keys(&self, element: Div, cx: &mut Context<Self>) -> Div {
        element
            .on_action(cx.listener(|this, _: &SelectNext, window, cx| {
                this.step(Step::Next, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectPrevious, window, cx| {
                this.step(Step::Previous, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectFirst, window, cx| {
                this.step(Step::First, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectLast, window, cx| {
                this.step(Step::Last, window, cx);
            }))
            .on_action(cx.listener(|this, _: &Expand, window, cx| this.expand(window, cx)))
            .on_action(cx.listener(|this, _: &Collapse, window, cx| this.collapse(window, cx)))
            .on_action(cx.listener(|this, _: &Open, window, cx| {
                this.open_current(window, cx);
            }))
            .on_action(cx.listener(|this, _: &OpenSelected, window, cx| {
                if !this.open_current(window, cx) {
                    let message = "No spec is selected. Select a row of the list first.";
                    ui::notify(ui::Severity::Info, message, window, cx);
                }
            }))
            .on_action(cx.listener(Self::start_selected_task))
            .on_action(cx.listener(Self::start_next_task))
    }

    /// Starts the task that the keyboard is on, or says why it cannot be started.
    fn start_selected_task(
        &mut self,
        _: &StartSelectedTask,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let rows = self.rows(cx);
        let row = self.current(&rows, window).map(|at| rows[at].clone());
        let Some(Row::Task(spec, id)) = row else {
            let message = "No task is selected. Unfold a spec and select one of its tasks.";
            return ui::notify(ui::Severity::Info, message, window, cx);
        };
        let specs = self.specs.read(cx);
        let tasks = specs.get(&spec).map(|spec| spec.tasks.as_slice());
        let task = tasks.and_then(|tasks| tasks.iter().find(|task| task.id == id));
        let problem = match task {
            Some(task) if task.is_group => {
                "This task is made of others. Select one of them to start it."
            }
            Some(task) if task.state == TaskState::Done => "This task is done already.",
            _ => return self.start_task(spec, id, window, cx),
        };
        ui::notify(ui::Severity::Info, problem, window, cx);
    }

    /// Starts the first task that is not done of the spec that the keyboard is on, or says why none
    /// can be started.
    fn start_next_task(&mut self, _: &StartNextTask, window: &mut Window, cx: &mut Context<Self>) {
        let rows = self.rows(cx);
        let spec = self
            .current(&rows, window)
            .map(|at| rows[at].spec().to_owned());
        let Some(spec) = spec else {
            let message = "No spec is selected. Select the one whose task is to be started.";
            return ui::notify(ui::Severity::Info, message, window, cx);
        };
        let specs = self.specs.read(cx);
        let tasks = specs
            .get(&spec)
            .map_or(&[][..], |spec| spec.tasks.as_slice());
        match tasks.iter().find(|task| task.is_next()) {
            Some(task) => {
                let id = task.id.clone();
                self.start_task(spec, id, window, cx);
            }
            None => {
                let message = "There is no open task in this spec.";
                ui::notify(ui::Severity::Info, message, window, cx);
            }
        }
    }

    fn start_task(&self, spec: String, task: TaskId, window: &mut Window, cx: &mut Context<Self>) {
        let approved = self
            .specs
            .read(cx)
            .get(&spec)
            .is_some_and(|summary| summary.status(Phase::Tasks) == ReviewStatus::Approved);
        let agent = SpecActivity::readiness(cx);
        match SpecActivity::hindrance(approved, agent) {
            Some(problem) => ui::notify(ui::Severity::Info, problem, window, cx),
            None => {
                SpecActivity::ask(Operation::RunTask { spec, task }, window, cx);
            }
        }
    }

    /// The rows that are shown, from above.
    pub(crate) fn rows(&self, cx: &App) -> Vec<Row> {
        let mut rows = Vec::new();
        for spec in self.specs.read(cx).all() {
            let name = &spec.spec.name;
            rows.push(Row::Spec(name.clone()));
            if !self.open.contains(name) {
                continue;
            }
            let documents = spec.spec.documents.iter();
            rows.extend(documents.map(|file| Row::Document(name.clone(), *file)));
            rows.extend(missing(spec, cx).map(|_| Row::Write(name.clone())));
            let tasks = spec.tasks.iter();
            rows.extend(tasks.map(|task| Row::Task(name.clone(), task.id.clone())));
        }
        rows
    }

    /// The row that the keyboard is on: the one that was chosen last, else the first one, so that it
    /// is seen where the keyboard is.
    pub(crate) fn current(&self, rows: &[Row], window: &Window) -> Option<usize> {
        let selected = self.selected.as_ref();
        selected
            .and_then(|selected| rows.iter().position(|row| row == selected))
            .or_else(|| {
                let here = self.focus.is_focused(window) && window.last_input_was_keyboard();
                (here && !rows.is_empty()).then_some(0)
            })
    }

    /// Opens or unfolds the row that the keyboard is on; false where it is on none.
    fn open_current(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        let rows = self.rows(cx);
        let current = self.current(&rows, window);
        if let Some(at) = current {
            self.choose(rows[at].clone(), window, cx);
        }
        current.is_some()
    }

    fn step(&mut self, step: Step, window: &Window, cx: &mut Context<Self>) {
        let rows = self.rows(cx);
        let Some(last) = rows.len().checked_sub(1) else {
            return;
        };
        let at = step.to(self.current(&rows, window), last);
        self.select(&rows, at, cx);
    }

    fn select(&mut self, rows: &[Row], at: usize, cx: &mut Context<Self>) {
        self.selected = rows.get(at).cloned();
        self.scroll.scroll_to_item(at);
        cx.notify();
    }

    fn expand(&mut self, window: &Window, cx: &mut Context<Self>) {
        let rows = self.rows(cx);
        let Some(at) = self.current(&rows, window) else {
            return;
        };
        let Row::Spec(name) = &rows[at] else { return };
        let folded = self.open.insert(name.clone());
        let next = if folded { at } else { at + 1 };
        self.select(&rows, next.min(rows.len() - 1), cx);
    }

    fn collapse(&mut self, window: &Window, cx: &mut Context<Self>) {
        let rows = self.rows(cx);
        let Some(at) = self.current(&rows, window) else {
            return;
        };
        let name = rows[at].spec();
        if matches!(rows[at], Row::Spec(_)) {
            self.open.remove(name);
        }
        let own = Row::Spec(name.to_owned());
        let own = rows.iter().position(|row| *row == own).unwrap_or(at);
        self.select(&rows, own, cx);
    }

    /// What a click on a row does: folds or unfolds a spec, opens a document, asks for one.
    pub(crate) fn choose(&mut self, row: Row, window: &mut Window, cx: &mut Context<Self>) {
        let folder = self
            .specs
            .read(cx)
            .get(row.spec())
            .map(|spec| spec.folder.clone());
        self.selected = Some(row.clone());
        cx.notify();
        let Some(folder) = folder else { return };
        let file = match row {
            Row::Spec(name) => {
                if !self.open.remove(&name) {
                    self.open.insert(name);
                }
                return;
            }
            Row::Write(spec) => {
                SpecActivity::ask(Operation::SpecNext { spec }, window, cx);
                return;
            }
            Row::Document(_, file) => file,
            Row::Task(..) => Document::Tasks,
        };
        ui::open_path(OpenTarget::new(folder.join(file.file_name())), window, cx);
    }
}
