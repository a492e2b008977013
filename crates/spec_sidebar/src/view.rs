//! A spec's document in a tab: rendered, with its place in the flow and the decision on it.

use crate::activity::{ActivityEvent, SpecActivity};
use crate::approve_button::ApproveButton;
use crate::commands::{Approve, OpenSource, RequestChanges, StartNextTask, VIEW_CONTEXT};
use crate::document::{Block, blocks, document_at};
use crate::specs::Specs;
use agent::{DocumentHash, Operation};
use editor_core::Text;
use gpui_kit::component::input::{InputEvent, TextareaState};
use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus, SpecDiagnostic};
use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;
use ui::{
    ActiveKilnTheme as _, Item, ItemEvent, ItemHandle, ItemOpeners, ItemStatus, OpenTarget,
    READING_CONTEXT, WorkspaceModel,
};
use workspace::{BufferId, WorkspaceEvent};

/// A block with what is kept to draw it.
pub(crate) struct DrawnBlock {
    pub block: Block,
    /// The parsed Markdown of prose, from the first time it is drawn.
    pub prose: Option<Entity<TextViewState>>,
    _watch: Option<Subscription>,
}

/// The user is writing what should change.
pub(crate) struct ChangeRequest {
    pub text: Entity<TextareaState>,
    _events: Subscription,
}

/// A document of a spec.
pub struct SpecView {
    pub(crate) model: Entity<WorkspaceModel>,
    pub(crate) specs: Entity<Specs>,
    pub(crate) buffer: BufferId,
    path: PathBuf,
    pub(crate) spec: String,
    pub(crate) folder: PathBuf,
    pub(crate) file: Document,
    pub(crate) blocks: Vec<DrawnBlock>,
    /// The text that `blocks` show.
    shown: Text,
    /// What is wrong with the document, errors first, each with its line, from 1.
    pub(crate) problems: Rc<[(usize, SpecDiagnostic)]>,
    pub(crate) show_diagnostics: bool,
    pub(crate) list: ListState,
    pub(crate) focus: FocusHandle,
    pub(crate) source: Option<Box<dyn ItemHandle>>,
    source_events: Option<Subscription>,
    opening_source: Task<()>,
    pub(crate) change_request: Option<ChangeRequest>,
    /// What was sent last, until a turn begins on it: the agent may refuse it.
    sent_request: Option<ChangeRequest>,
    /// How large the bar at the bottom was drawn; nothing high where there is none.
    pub(crate) bar_size: Rc<Cell<Size<Pixels>>>,
    pub(crate) approve_button: ApproveButton,
    _subscriptions: Vec<Subscription>,
}

/// While set, [`SpecView`] leaves paths to the openers behind it: the text editor.
#[derive(Default)]
struct LeaveToOthers(bool);

impl Global for LeaveToOthers {}

/// Makes spec documents open as documents. Register before the text editor's opener.
pub(crate) fn register_opener(cx: &mut App) {
    cx.default_global::<LeaveToOthers>();
    ItemOpeners::register_titles(
        |path| document_at(path).map(|(spec, _, file)| tab_title(file, &spec)),
        cx,
    );
    ItemOpeners::register(
        |path, cx| {
            document_at(path).is_some()
                && !cx
                    .try_global::<LeaveToOthers>()
                    .is_some_and(|leave| leave.0)
        },
        |target, model, window, cx| {
            let opened = model.update(cx, |model, cx| model.open_path(target.path.clone(), cx));
            window.spawn(cx, async move |cx| {
                let buffer = opened.await?;
                let view = cx.update(|window, cx| {
                    let (spec, folder, file) = document_at(&target.path)
                        .ok_or_else(|| anyhow::anyhow!("This is no document of a spec."))?;
                    anyhow::Ok(cx.new(|cx| {
                        let mut view =
                            SpecView::new(model, buffer, target.path, spec, folder, file, cx);
                        // A place in the text is looked at in the text.
                        if let Some(line) = target.line {
                            view.reveal(line, target.column.unwrap_or(1), window, cx);
                        }
                        view
                    }))
                })??;
                Ok(Box::new(view) as Box<dyn ItemHandle>)
            })
        },
        cx,
    );
}

/// What the tab of a document is called. Where it has no room for all of that, the document is what
/// tells the tabs of a spec apart.
fn tab_title(file: Document, spec: &str) -> SharedString {
    format!("{} · {spec}", file.title()).into()
}

impl SpecView {
    fn new(
        model: Entity<WorkspaceModel>,
        buffer: BufferId,
        path: PathBuf,
        spec: String,
        folder: PathBuf,
        file: Document,
        cx: &mut Context<Self>,
    ) -> Self {
        let specs = Specs::of(&model, cx);
        let mut subscriptions = vec![
            cx.subscribe(&model, Self::workspace_event),
            cx.observe(&specs, |this: &mut Self, _, cx| {
                this.take_problems(cx);
                cx.notify();
            }),
        ];
        if let Some(activity) = SpecActivity::global(cx) {
            subscriptions.push(cx.observe(&activity, |this, activity, cx| {
                if activity.read(cx).is_running() {
                    this.sent_request = None;
                }
                cx.notify();
            }));
            subscriptions.push(
                cx.subscribe(&activity, |this, _, event: &ActivityEvent, cx| {
                    if let ActivityEvent::Refused(_) = event
                        && let Some(sent) = this.sent_request.take()
                    {
                        this.change_request.get_or_insert(sent);
                        cx.notify();
                    }
                }),
            );
        }
        let mut view = Self {
            model,
            specs,
            buffer,
            path,
            spec,
            folder,
            file,
            blocks: Vec::new(),
            shown: Text::default(),
            problems: Rc::default(),
            show_diagnostics: false,
            list: ListState::new(0, ListAlignment::Top, px(600.)).measure_all(),
            focus: cx.focus_handle(),
            source: None,
            source_events: None,
            opening_source: Task::ready(()),
            change_request: None,
            sent_request: None,
            bar_size: Rc::default(),
            approve_button: ApproveButton::default(),
            _subscriptions: subscriptions,
        };
        view.set_document(cx);
        view
    }

    fn workspace_event(
        &mut self,
        _: Entity<WorkspaceModel>,
        event: &WorkspaceEvent,
        cx: &mut Context<Self>,
    ) {
        match event {
            WorkspaceEvent::BufferEdited { buffer, .. } if *buffer == self.buffer => {
                self.set_document(cx);
                cx.emit(ItemEvent::DirtyChanged);
            }
            WorkspaceEvent::BufferSaved(buffer) | WorkspaceEvent::BufferDirtyChanged(buffer)
                if *buffer == self.buffer =>
            {
                cx.emit(ItemEvent::DirtyChanged);
                cx.notify();
            }
            WorkspaceEvent::BufferDiskChanged(buffer) if *buffer == self.buffer => {
                self.set_document(cx);
                cx.emit(ItemEvent::StatusChanged);
            }
            _ => {}
        }
    }

    /// Sets the buffer's text in blocks, keeping what did not change and the place in it.
    fn set_document(&mut self, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let Some(buffer) = workspace.buffer(self.buffer) else {
            return;
        };
        self.shown = buffer.text().clone();
        self.take_problems(cx);
        let text = self.shown.to_string();
        let top = self.list.logical_scroll_top();
        let mut old: Vec<_> = std::mem::take(&mut self.blocks);
        self.blocks = blocks(self.file, &text)
            .into_iter()
            .map(|block| {
                // Of a task whose box has changed the rest is what it was.
                let same = old.iter().position(|drawn| {
                    drawn.block == block
                        || (block.markdown().is_some()
                            && drawn.block.markdown() == block.markdown())
                });
                match same {
                    Some(same) => DrawnBlock {
                        block,
                        ..old.swap_remove(same)
                    },
                    None => DrawnBlock {
                        block,
                        prose: None,
                        _watch: None,
                    },
                }
            })
            .collect();
        self.list.reset(self.blocks.len() + 1);
        self.list.scroll_to(top);
        cx.notify();
    }

    /// The parsed Markdown of the prose at `index`.
    pub(crate) fn prose(
        &mut self,
        index: usize,
        source: &str,
        cx: &mut Context<Self>,
    ) -> Entity<TextViewState> {
        if let Some(drawn) = self.blocks.get(index)
            && let Some(prose) = &drawn.prose
        {
            return prose.clone();
        }
        let prose = cx.new(|cx| TextViewState::markdown(source, cx));
        let watch = cx.observe(&prose, |this, prose, cx| {
            // The block may have moved since.
            let at = this
                .blocks
                .iter()
                .position(|drawn| drawn.prose.as_ref() == Some(&prose));
            if let Some(at) = at {
                this.list.remeasure_items(at + 1..at + 2);
                cx.notify();
            }
        });
        if let Some(drawn) = self.blocks.get_mut(index) {
            drawn.prose = Some(prose.clone());
            drawn._watch = Some(watch);
        }
        prose
    }

    /// The name of the file's encoding, where it is another than a spec's usual UTF-8.
    pub(crate) fn unusual_encoding(&self, cx: &App) -> Option<&'static str> {
        let buffer = self.model.read(cx).workspace().buffer(self.buffer)?;
        let encoding = buffer.format().encoding;
        (encoding != fs::TextEncoding::UTF_8).then(|| encoding.name())
    }

    /// How this document stands.
    pub(crate) fn review_status(&self, cx: &App) -> ReviewStatus {
        self.status_of(Phase::of(self.file), cx)
    }

    /// How the document of `phase` stands.
    pub(crate) fn status_of(&self, phase: Phase, cx: &App) -> ReviewStatus {
        self.specs
            .read(cx)
            .get(&self.spec)
            .map_or(ReviewStatus::Missing, |spec| spec.status(phase))
    }

    /// Whether a document of this spec is there and cannot be read.
    pub(crate) fn is_unreadable(&self, file: Document, cx: &App) -> bool {
        let spec = self.specs.read(cx).get(&self.spec);
        spec.is_some_and(|spec| spec.unreadable.contains(&file))
    }

    /// Takes over what is wrong with the document, as it was read last.
    fn take_problems(&mut self, cx: &App) {
        let found = self.specs.read(cx).get(&self.spec);
        let found = found
            .into_iter()
            .flat_map(|summary| summary.spec.problems_of(self.file));
        let found: Rc<[_]> = found
            .map(|found| (self.shown.row_at(found.range.start) + 1, found.clone()))
            .collect();
        self.problems = found;
    }

    /// The order of the documents.
    pub(crate) fn order(&self, cx: &App) -> [Phase; 3] {
        let workflow = self
            .specs
            .read(cx)
            .get(&self.spec)
            .map(|spec| spec.spec.state.workflow)
            .unwrap_or_default();
        Phase::order(workflow)
    }

    /// Approves the document, or says why it cannot be.
    pub(crate) fn approve(&mut self, _: &Approve, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(problem) = self.no_decision(cx) {
            return ui::notify(ui::Severity::Info, problem, window, cx);
        }
        // What is being written says the opposite, and would be gone.
        if let Some(request) = &self.change_request
            && !request.text.read(cx).value().trim().is_empty()
        {
            let text = request.text.clone();
            text.update(cx, |text, cx| text.focus(window, cx));
            let message = "You are writing what should change. Send it, or cancel it to approve.";
            return ui::notify(ui::Severity::Info, message, window, cx);
        }
        self.change_request = None;
        SpecActivity::ask(
            Operation::SpecApprove {
                spec: self.spec.clone(),
                seen: DocumentHash::of_text(&self.shown),
            },
            window,
            cx,
        );
    }

    /// Opens the field for what should change, or goes back to it with what it holds, or says why
    /// there is nothing to decide.
    pub(crate) fn request_changes(
        &mut self,
        _: &RequestChanges,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let Some(problem) = self.no_decision(cx) {
            return ui::notify(ui::Severity::Info, problem, window, cx);
        }
        if let Some(request) = &self.change_request {
            let text = request.text.clone();
            text.update(cx, |text, cx| text.focus(window, cx));
            return;
        }
        let text = cx.new(|cx| {
            TextareaState::new(window, cx)
                .auto_grow(2, 8)
                .submit_on_enter(true)
                .placeholder("What should change?")
        });
        let events = cx.subscribe_in(&text, window, |this, _, event, window, cx| match event {
            InputEvent::PressEnter { shift: false, .. } => this.send_changes(window, cx),
            InputEvent::Change => {
                // A tab that is only looked at stays from now on.
                cx.emit(ItemEvent::StatusChanged);
                cx.notify();
            }
            _ => {}
        });
        text.update(cx, |text, cx| text.focus(window, cx));
        self.change_request = Some(ChangeRequest {
            text,
            _events: events,
        });
        cx.notify();
    }

    pub(crate) fn send_changes(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(request) = &self.change_request else {
            return;
        };
        let feedback = request.text.read(cx).value().trim().to_owned();
        if feedback.is_empty() {
            return;
        }
        if SpecActivity::global(cx).is_some_and(|activity| activity.read(cx).is_running()) {
            let message = "The agent is at work. Send this when it is done, or stop it.";
            return ui::notify(ui::Severity::Info, message, window, cx);
        }
        let operation = Operation::SpecRequestChanges {
            spec: self.spec.clone(),
            feedback,
        };
        if SpecActivity::ask(operation, window, cx) {
            self.sent_request = self.change_request.take();
            self.focus.focus(window, cx);
        }
    }

    /// Starts the first task that is not done, or says why none can be started.
    pub(crate) fn start_next_task(
        &mut self,
        _: &StartNextTask,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let agent = SpecActivity::readiness(cx);
        let next = self.next_task().map(|(_, task)| task.clone());
        let approved = self.status_of(Phase::Tasks, cx) == ReviewStatus::Approved;
        let problem = match (SpecActivity::hindrance(approved, agent), next) {
            (Some(problem), _) => problem,
            (None, None) => "There is no open task here. Open the tasks of a spec to start one.",
            (None, Some(task)) => {
                let operation = Operation::RunTask {
                    spec: self.spec.clone(),
                    task,
                };
                SpecActivity::ask(operation, window, cx);
                return;
            }
        };
        ui::notify(ui::Severity::Info, problem, window, cx);
    }

    pub(crate) fn drop_change_request(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.change_request = None;
        self.focus.focus(window, cx);
        cx.notify();
    }

    /// Switches between the document and its source.
    pub(crate) fn toggle_source(
        &mut self,
        _: &OpenSource,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.source.take().is_some() {
            self.source_events = None;
            self.set_document(cx);
            self.focus.focus(window, cx);
            cx.emit(ItemEvent::StatusChanged);
            return;
        }
        self.show_source(None, window, cx);
    }

    fn show_source(
        &mut self,
        place: Option<(u32, u32)>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.set_global(LeaveToOthers(true));
        let opened = ItemOpeners::open(
            OpenTarget::new(self.path.clone()),
            self.model.clone(),
            window,
            cx,
        );
        cx.set_global(LeaveToOthers(false));
        self.opening_source = cx.spawn_in(window, async move |this, cx| {
            let opened = opened.await;
            // The tab may have been closed meanwhile.
            this.update_in(cx, |this, window, cx| match opened {
                Ok(item) => {
                    let view = cx.weak_entity();
                    this.source_events = Some(item.subscribe(
                        window,
                        cx,
                        Box::new(move |event, _, cx| {
                            view.update(cx, |_, cx| cx.emit(event)).ok();
                        }),
                    ));
                    item.focus_handle(cx).focus(window, cx);
                    if let Some((line, column)) = place {
                        item.reveal(line, column, window, cx);
                    }
                    this.source = Some(item);
                    cx.emit(ItemEvent::StatusChanged);
                    cx.notify();
                }
                Err(error) => ui::notify_error(&error, window, cx),
            })
            .ok();
        });
    }
}

impl EventEmitter<ItemEvent> for SpecView {}

impl Focusable for SpecView {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        match &self.source {
            Some(source) => source.focus_handle(cx),
            None => self.focus.clone(),
        }
    }
}

impl Item for SpecView {
    fn tab_title(&self, _: &App) -> SharedString {
        tab_title(self.file, &self.spec)
    }

    fn path(&self, _: &App) -> Option<PathBuf> {
        Some(self.path.clone())
    }

    fn buffer(&self, _: &App) -> Option<BufferId> {
        Some(self.buffer)
    }

    fn is_dirty(&self, cx: &App) -> bool {
        self.model
            .read(cx)
            .workspace()
            .buffer(self.buffer)
            .is_some_and(|buffer| buffer.is_dirty())
    }

    fn has_draft(&self, cx: &App) -> bool {
        // What was sent may come back.
        let mut requests = self.change_request.iter().chain(&self.sent_request);
        requests.any(|request| !request.text.read(cx).value().trim().is_empty())
    }

    fn save(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        let save = self
            .model
            .update(cx, |model, cx| model.save(self.buffer, cx));
        cx.background_spawn(async move { Ok(save.await?) })
    }

    fn give_up(&mut self, window: &mut Window, cx: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        match &self.source {
            Some(source) => source.give_up(window, cx),
            None => Task::ready(Ok(())),
        }
    }

    fn status(&self, cx: &App) -> ItemStatus {
        match &self.source {
            Some(source) => source.status(cx),
            None => {
                let workspace = self.model.read(cx).workspace();
                let format = workspace.buffer(self.buffer).map(|buffer| buffer.format());
                ItemStatus {
                    language: Some("Spec".into()),
                    encoding: format.map(|format| format.encoding.name().into()),
                    line_ending: format.map(|format| format.line_ending_name().into()),
                    note: self.trouble(cx).map(|trouble| trouble.note().into()),
                    ..ItemStatus::default()
                }
            }
        }
    }

    fn icon(&self, _: &App) -> ui::icons::Glyph {
        ui::IconName::ListChecks.into()
    }

    fn bottom_bar(&self, _: &App) -> Pixels {
        self.bar_size.get().height
    }

    fn reveal(&mut self, line: u32, column: u32, window: &mut Window, cx: &mut Context<Self>) {
        match &self.source {
            Some(source) => source.reveal(line, column, window, cx),
            None => self.show_source(Some((line, column)), window, cx),
        }
    }
}

impl Render for SpecView {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let body = match &self.source {
            Some(source) => source.view().into_any_element(),
            None => self.render_document(cx).into_any_element(),
        };
        let bar = self.render_review_bar(window, cx);
        if bar.is_none() {
            self.bar_size.set(Size::default());
        }
        let mut context = KeyContext::default();
        context.add(VIEW_CONTEXT);
        if self.source.is_none() {
            context.add(READING_CONTEXT);
        }
        div()
            .id("spec-view")
            .role(Role::Document)
            .aria_label(self.tab_title(cx))
            .key_context(context)
            .when(self.source.is_none(), |this| this.track_focus(&self.focus))
            .on_action(cx.listener(Self::approve))
            .on_action(cx.listener(Self::request_changes))
            .on_action(cx.listener(Self::start_next_task))
            .on_action(cx.listener(Self::go_on))
            .on_action(cx.listener(Self::toggle_source))
            .map(|this| self.with_scrolling(this, cx))
            .size_full()
            .flex()
            .flex_col()
            .bg(colors.editor_background)
            .text_color(colors.text)
            .child(self.render_header(cx))
            .children(self.render_banner(cx))
            .child(div().flex_1().min_h_0().child(body))
            .children(bar)
    }
}
