//! Specs as a person meets them: the list, the documents, the decision, the tasks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use agent::{
    AgentEvent, DocumentHash, EndReason, Mode, NoticeLevel, Operation, PermissionId,
    PermissionPreview, ToolCallView, TurnId,
};
use async_channel::{Receiver, Sender};
use fs::{FakeFs, Fs};
use gpui_kit::prelude::*;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyView, AnyWindowHandle, App, Bounds, Context, Entity, EventEmitter, FocusHandle, Focusable,
    MouseButton, Pixels, SharedString, Task, TestAppContext, Window, WindowBounds, WindowOptions,
    div, px, size,
};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use ui::{Item, ItemEvent, ItemHandle, ItemOpeners, ItemStatus, OpenTarget, WorkspaceModel};

const ROOT: &str = "/p";

const REQUIREMENTS: &str = "# Requirements Document\n\n## Introduction\n\nDates.\n\n## Glossary\n\n\
- **Task**: A thing.\n\n## Requirements\n\n### Requirement 1: Set a date\n\n**User Story:** As a \
person, I want dates, so that I know.\n\n#### Acceptance Criteria\n\n1. WHEN a task is created, \
THE system SHALL store its date.\n";

const TASKS: &str = "# Implementation Plan\n\n## Tasks\n\n- [ ] 1. Model\n  - [x] 1.1 Add the \
field\n    - _Requirements: 1.1_\n  - [ ] 1.2 Parse it\n    - _Requirements: 1.1_\n";

struct Host {
    view: Option<AnyView>,
    /// What is left free beside the view.
    margin: Pixels,
}

impl Render for Host {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div()
            .size_full()
            .pr(self.margin)
            .children(self.view.clone())
    }
}

struct Harness<'a> {
    cx: &'a mut TestAppContext,
    window: AnyWindowHandle,
    host: Entity<Host>,
    model: Entity<WorkspaceModel>,
    fs: Arc<FakeFs>,
    operations: Receiver<Operation>,
    opened: Rc<RefCell<Vec<PathBuf>>>,
}

fn spec_path(name: &str) -> PathBuf {
    Path::new(ROOT).join(".kiro/specs").join(name)
}

impl<'a> Harness<'a> {
    fn new(cx: &'a mut TestAppContext, files: &[(&str, &str)]) -> Self {
        Self::sized(900., cx, files)
    }

    /// A window of this width.
    fn sized(width: f32, cx: &'a mut TestAppContext, files: &[(&str, &str)]) -> Self {
        Self::build(width, async_channel::unbounded(), cx, files)
    }

    fn build(
        width: f32,
        (sender, operations): (Sender<Operation>, Receiver<Operation>),
        cx: &'a mut TestAppContext,
        files: &[(&str, &str)],
    ) -> Self {
        let fs = Arc::new(FakeFs::new());
        fs.insert_folder(ROOT);
        for (name, text) in files {
            fs.insert(spec_path(name), text.as_bytes());
        }
        let opened = Rc::new(RefCell::new(Vec::new()));
        let (window, host, model) = cx.update(|cx| {
            ui::init(cx);
            spec_sidebar::register(sender, cx);
            ItemOpeners::register(|_, _| true, open_source, cx);
            ui::SettingsStore::set_keymap(settings::Keymap::builtin().bindings, cx);
            let shared: Arc<dyn Fs> = fs.clone();
            let workspace = workspace::Workspace::new(ROOT.into(), shared);
            let model = cx.new(|cx| WorkspaceModel::new(workspace, cx));
            let bounds = Bounds {
                origin: Default::default(),
                size: size(px(width), px(900.)),
            };
            let options = WindowOptions {
                window_bounds: Some(WindowBounds::Windowed(bounds)),
                ..WindowOptions::default()
            };
            let (window, host) = gpui_kit::open_window(options, cx, |window, cx| {
                ui::open::set_open_handler(window, cx, {
                    let opened = opened.clone();
                    move |target, _, _| opened.borrow_mut().push(target.path)
                });
                cx.new(|_| Host {
                    view: None,
                    margin: px(0.),
                })
            })
            .unwrap();
            (window, host, model)
        });
        Self {
            cx,
            window,
            host,
            model,
            fs,
            operations,
            opened,
        }
    }

    fn sidebar(&mut self) -> Entity<spec_sidebar::SpecSidebar> {
        let (host, model) = (self.host.clone(), self.model.clone());
        self.with(|window, cx| {
            let sidebar = cx.new(|cx| spec_sidebar::SpecSidebar::new(model, window, cx));
            host.update(cx, |host, cx| {
                host.view = Some(sidebar.clone().into());
                cx.notify();
            });
            sidebar
        })
    }

    /// Whether this is the only notice in the window's corner; it is gone then.
    fn takes_only_notice(&mut self, message: &str) -> bool {
        let message = SharedString::from(message.to_owned());
        let before = self.with(|window, cx| ui::shown_notices(window, cx).len());
        self.with(|window, cx| ui::take_notice_back(message, window, cx));
        before == 1 && self.with(|window, cx| ui::shown_notices(window, cx).is_empty())
    }

    fn press(&mut self, key: &str) {
        self.with(|window, cx| window.press(key, cx));
    }

    /// The name of the row that is selected.
    fn selected(&mut self) -> Option<String> {
        self.with(|window, _| {
            let elements = window.elements();
            let row = elements
                .iter()
                .find(|element| element.selected() == Some(true))?;
            row.label().map(str::to_owned)
        })
    }

    fn open(&mut self, name: &str) -> Box<dyn ItemHandle> {
        let (host, model) = (self.host.clone(), self.model.clone());
        let target = OpenTarget::new(spec_path(name));
        let opening = self.with(|window, cx| ItemOpeners::open(target, model, window, cx));
        let slot = Rc::new(RefCell::new(None));
        let filled = slot.clone();
        self.cx.update(|cx| {
            cx.spawn(async move |cx| {
                let item = opening.await.unwrap();
                host.update(cx, |host, cx| {
                    host.view = Some(item.view());
                    cx.notify();
                });
                *filled.borrow_mut() = Some(item);
            })
            .detach();
        });
        self.settle();
        let item = slot.borrow_mut().take();
        item.expect("the document opens")
    }

    /// Shows another view, or none, in one frame. Gives the one before.
    fn show(&mut self, view: Option<AnyView>) -> Option<AnyView> {
        let host = self.host.clone();
        let before = self.cx.update(|cx| {
            host.update(cx, |host, cx| {
                cx.notify();
                std::mem::replace(&mut host.view, view)
            })
        });
        self.cx
            .update_window(self.window, |_, window, cx| window.render_frame(cx))
            .unwrap();
        before
    }

    /// Leaves something free beside the view from the next frame on.
    fn margin(&mut self, margin: f32) {
        let host = self.host.clone();
        self.cx.update(|cx| {
            host.update(cx, |host, cx| {
                host.margin = px(margin);
                cx.notify();
            });
        });
    }

    /// Where a control is in each of the first frames of a document.
    fn frames_of_opening(&mut self, name: &str, label: &str) -> Vec<Bounds<Pixels>> {
        let (host, model) = (self.host.clone(), self.model.clone());
        let target = OpenTarget::new(spec_path(name));
        let opening = self.with(|window, cx| ItemOpeners::open(target, model, window, cx));
        let slot = Rc::new(RefCell::new(None));
        let filled = slot.clone();
        self.cx.update(|cx| {
            cx.spawn(async move |_| *filled.borrow_mut() = opening.await.ok())
                .detach();
        });
        self.cx.run_until_parked();
        let item = slot.borrow_mut().take().expect("the document opens");
        let mut places = Vec::new();
        for frame in 0..6 {
            self.cx
                .update_window(self.window, |_, window, cx| {
                    // In this update, so that no frame is drawn unseen.
                    if frame == 0 {
                        host.update(cx, |host, _| host.view = Some(item.view()));
                    }
                    window.render_frame(cx);
                    let elements = window.elements();
                    let found = elements.iter().find(|element| {
                        let name = element.label();
                        name.is_some_and(|name| name.starts_with(label))
                    });
                    places.extend(found.map(|element| element.bounds()));
                })
                .unwrap();
            self.cx.run_until_parked();
        }
        places
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Window, &mut App) -> R) -> R {
        let result = self
            .cx
            .update_window(self.window, |_, window, cx| act(window, cx))
            .unwrap();
        self.settle();
        result
    }

    fn settle(&mut self) {
        for _ in 0..2 {
            self.cx.run_until_parked();
            self.cx.executor().advance_clock(Duration::from_millis(150));
            self.cx.run_until_parked();
            self.cx
                .update_window(self.window, |_, window, cx| window.render_frame(cx))
                .unwrap();
        }
    }

    fn tell(&mut self, event: AgentEvent) {
        self.cx.update(|cx| spec_sidebar::agent_event(&event, cx));
        self.settle();
    }

    fn write(&mut self, name: &str, text: &str) {
        let path = spec_path(name);
        self.fs.insert(&path, text.as_bytes());
        let model = self.model.clone();
        self.with(|_, cx| model.update(cx, |model, cx| model.paths_changed(vec![path], cx)));
    }

    fn click_label(&mut self, label: &str) {
        let center = self.with(|window, _| window.find_by_label(label).bounds().center());
        self.with(|window, cx| {
            window.pointer_move(center, None, cx);
            window.pointer_down(center, MouseButton::Left, cx);
            window.pointer_up(center, MouseButton::Left, cx);
        });
    }

    /// What the tooltip of a control says, where it has one.
    fn tooltip_of(&mut self, label: &str) -> String {
        let center = self.with(|window, _| window.find_by_label(label).bounds().center());
        // The pointer leaves what it was on first.
        for at in [gpui_kit::Point::default(), center] {
            self.with(|window, cx| window.pointer_move(at, None, cx));
        }
        self.cx.executor().advance_clock(Duration::from_secs(1));
        self.settle();
        self.with(|window, _| {
            let tooltips = window.find_all_by_role(gpui_kit::Role::Tooltip);
            let label = tooltips.first().and_then(|tooltip| tooltip.label());
            label.unwrap_or_default().to_owned()
        })
    }

    /// Presses on the row of a spec, whose name says where it is, too.
    fn click_spec(&mut self, name: &str) {
        let row = self.with(|window, _| {
            let elements = window.elements();
            let mut labels = elements.iter().filter_map(|element| element.label());
            let row = labels.find(|label| {
                let rest = label.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with(", "))
            });
            row.map(str::to_owned)
        });
        self.click_label(&row.expect("the spec is listed"));
    }

    fn is_shown(&mut self, label: &str) -> bool {
        self.with(|window, _| !window.find_all_by_label(label).is_empty())
    }

    fn value(&mut self, label: &str) -> String {
        self.with(|window, _| {
            window
                .find_by_label(label)
                .value()
                .unwrap_or_default()
                .to_owned()
        })
    }

    fn sent(&self) -> Vec<Operation> {
        std::iter::from_fn(|| self.operations.try_recv().ok()).collect()
    }

    fn turn_started(&mut self) {
        let prompt = String::new();
        self.tell(AgentEvent::TurnStarted {
            turn: TurnId(1),
            prompt,
            mode: Mode::Spec,
            goes_on: false,
        });
    }

    fn turn_ended(&mut self) {
        self.tell(AgentEvent::TurnEnded {
            turn: TurnId(1),
            reason: EndReason::Completed,
            usage: Default::default(),
            elapsed: Duration::ZERO,
        });
    }
}

/// What stands in for the text editor.
struct Source {
    focus: FocusHandle,
}

impl EventEmitter<ItemEvent> for Source {}

impl Focusable for Source {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for Source {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        use gpui_kit::TestSupportExt as _;
        div()
            .id("source")
            .role(gpui_kit::Role::Document)
            .aria_label("Source")
            .test_support()
    }
}

impl Item for Source {
    fn tab_title(&self, _: &App) -> SharedString {
        "source".into()
    }
    fn path(&self, _: &App) -> Option<PathBuf> {
        None
    }
    fn is_dirty(&self, _: &App) -> bool {
        false
    }
    fn save(&mut self, _: &mut Window, _: &mut Context<Self>) -> Task<anyhow::Result<()>> {
        Task::ready(Ok(()))
    }
    fn status(&self, _: &App) -> ItemStatus {
        ItemStatus {
            position: Some("1:1".into()),
            ..ItemStatus::default()
        }
    }
}

fn open_source(
    _: OpenTarget,
    _: Entity<WorkspaceModel>,
    _: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Box<dyn ItemHandle>>> {
    let source = cx.new(|cx| Source {
        focus: cx.focus_handle(),
    });
    Task::ready(Ok(Box::new(source)))
}

#[gpui_kit::test]
fn the_list_shows_how_far_each_spec_is(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[
            ("due-dates/requirements.md", REQUIREMENTS),
            ("due-dates/design.md", "# Design Document\n"),
            ("due-dates/tasks.md", TASKS),
            ("tags/requirements.md", REQUIREMENTS),
        ],
    );
    it.sidebar();
    assert!(it.is_shown("due-dates, Building") && it.is_shown("tags, Review"));
    assert!(!it.is_shown("1.2 Parse it"));
    it.click_spec("due-dates");
    assert!(it.is_shown("1.2 Parse it"));
    it.click_label("Design");
    assert_eq!(*it.opened.borrow(), [spec_path("due-dates/design.md")]);
    it.click_label("Start task 1.2");
    let started = Operation::RunTask {
        spec: "due-dates".to_owned(),
        task: "1.2".into(),
    };
    assert_eq!(it.sent(), [started]);
}

#[gpui_kit::test]
fn the_list_is_walked_with_the_keyboard(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[
            ("due-dates/requirements.md", REQUIREMENTS),
            ("due-dates/tasks.md", TASKS),
            ("tags/requirements.md", REQUIREMENTS),
        ],
    );
    let sidebar = it.sidebar();
    it.with(|window, cx| sidebar.focus_handle(cx).focus(window, cx));
    it.press("right");
    assert_eq!(it.selected().as_deref(), Some("due-dates, Design"));
    assert!(it.is_shown("1.2 Parse it"));
    it.press("right");
    assert_eq!(it.selected().as_deref(), Some("Requirements"));
    it.press("enter");
    assert_eq!(
        *it.opened.borrow(),
        [spec_path("due-dates/requirements.md")]
    );
    it.press("down");
    assert_eq!(it.selected().as_deref(), Some("Tasks"));
    it.press("left");
    assert_eq!(it.selected().as_deref(), Some("due-dates, Design"));
    it.press("left");
    assert!(!it.is_shown("1.2 Parse it"));
    it.press("end");
    assert_eq!(it.selected().as_deref(), Some("tags, Review"));
    it.press("space");
    assert!(it.is_shown("Requirements"));
    it.press("home");
    assert_eq!(it.selected().as_deref(), Some("due-dates, Design"));
}

#[gpui_kit::test]
fn a_greyed_start_says_why(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("due-dates/tasks.md", TASKS)]);
    it.open("due-dates/tasks.md");
    it.turn_started();
    assert_eq!(
        it.tooltip_of("Start task 1.2"),
        "The agent is at work. Start the task when it is done, or stop it."
    );
    let call = ToolCallView {
        call_id: "c1".to_owned(),
        name: "execute_bash".to_owned(),
        title: "cargo test".to_owned(),
        arguments: Default::default(),
    };
    it.tell(AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call.clone(),
        preview: PermissionPreview::Command {
            command: "cargo test".to_owned(),
            cwd: ROOT.into(),
            warning: None,
        },
    });
    assert_eq!(
        it.tooltip_of("Start task 1.2"),
        "The agent waits for your decision. Answer it; start the task when it is done, or stop it."
    );
    it.tell(AgentEvent::ToolCallRunning { call });
    assert!(
        it.tooltip_of("Start task 1.2")
            .starts_with("The agent is at work.")
    );
    it.turn_ended();
    assert!(it.tooltip_of("Start task 1.2").starts_with("Start"));
}

#[gpui_kit::test]
fn what_was_asked_for_and_refused_is_told_beside_the_specs(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("due-dates/tasks.md", TASKS)]);
    it.sidebar();
    it.click_spec("due-dates");
    it.click_label("Start task 1.2");
    let told = |it: &mut Harness| it.with(|window, cx| ui::shown_notices(window, cx).len());
    let refuse = || AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Error,
        message: "The spec due-dates has no task 1.2.".to_owned(),
    };
    it.tell(refuse());
    assert_eq!(told(&mut it), 1);
    // What goes wrong elsewhere is told where it was asked for.
    it.tell(AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Error,
        message: "The model cannot be used.".to_owned(),
    });
    assert_eq!(told(&mut it), 1);
    // Asked for again, it is no longer said that it was refused.
    it.click_label("Start task 1.2");
    assert_eq!(told(&mut it), 0);
}

#[gpui_kit::test]
fn what_is_asked_of_an_agent_that_has_stopped_says_what_to_do(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[
            ("due-dates/tasks.md", TASKS),
            ("labels/.config.kiro", "{\"specType\": \"feature\"}\n"),
        ],
    );
    it.sidebar();
    it.operations.close();
    let stopped = "The agent has stopped, so that nothing was asked of it. Close the folder and open it again to go on.";
    it.click_spec("due-dates");
    it.click_label("Start task 1.2");
    assert!(it.takes_only_notice(stopped));
    // And from a row that has a document written.
    it.click_spec("due-dates");
    it.click_spec("labels");
    it.click_label("Write the requirements");
    assert!(it.takes_only_notice(stopped));
}

#[gpui_kit::test]
fn what_is_asked_of_an_agent_that_takes_no_more_is_asked_again_later(cx: &mut TestAppContext) {
    let agent = async_channel::bounded(1);
    agent.0.try_send(Operation::Cancel).unwrap();
    let mut it = Harness::build(900., agent, cx, &[("due-dates/tasks.md", TASKS)]);
    it.sidebar();
    it.click_spec("due-dates");
    it.click_label("Start task 1.2");
    let full = "The agent has more to do than it can take in, so that nothing was asked of it. Ask again in a moment.";
    assert!(it.takes_only_notice(full));
    it.operations.try_recv().unwrap();
    it.click_label("Start task 1.2");
    assert!(matches!(
        it.operations.try_recv(),
        Ok(Operation::RunTask { .. })
    ));
}

#[gpui_kit::test]
fn a_folder_without_specs_says_what_to_do(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[]);
    it.sidebar();
    assert!(it.is_shown("New spec"));
    it.write("new-one/requirements.md", REQUIREMENTS);
    assert!(
        it.is_shown("new-one, Review"),
        "it appears when its files do"
    );
}

#[gpui_kit::test]
fn a_document_is_approved(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.open("tags/requirements.md");
    assert!(it.is_shown("Requirement 1: Set a date"));
    assert!(it.is_shown("Requirements, waits for your review"));
    assert!(it.is_shown("Design, not written yet"));
    it.click_label("Approve and write the design");
    assert_eq!(
        it.sent(),
        [Operation::SpecApprove {
            spec: "tags".to_owned(),
            seen: DocumentHash::of(REQUIREMENTS),
        }]
    );
    it.turn_started();
    assert!(it.is_shown("The agent is writing"));
    assert!(
        it.is_shown("Design, being written") || it.is_shown("Requirements, waits for your review")
    );
    it.write("tags/.config.kiro", "{\"approvals\": [\"requirements\"]}");
    it.write("tags/design.md", "# Design Document\n");
    it.turn_ended();
    assert!(it.is_shown("Requirements, approved"));
    assert!(it.is_shown("Design, waits for your review"));
    it.click_label("Design, waits for your review");
    assert_eq!(*it.opened.borrow(), [spec_path("tags/design.md")]);
}

#[gpui_kit::test]
fn changes_are_asked_for_in_words(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.open("tags/requirements.md");
    it.click_label("Request changes");
    it.with(|window, cx| window.input("Say what late means", cx));
    it.click_label("Send");
    let feedback = "Say what late means".to_owned();
    assert_eq!(
        it.sent(),
        [Operation::SpecRequestChanges {
            spec: "tags".to_owned(),
            feedback
        }]
    );
}

#[gpui_kit::test]
fn a_document_only_shows_until_something_is_written_in_it(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let item = it.open("tags/requirements.md");
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    assert!(it.with(|window, _| ui::is_reading(window)));
    it.click_label("Request changes");
    assert!(!it.with(|window, _| ui::is_reading(window)), "a field");
    it.click_label("Cancel");
    assert!(it.with(|window, _| ui::is_reading(window)));
    it.click_label("Show source");
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    assert!(!it.with(|window, _| ui::is_reading(window)), "the text");
}

#[gpui_kit::test]
fn a_decision_takes_one_line_of_an_editor_of_any_width(cx: &mut TestAppContext) {
    for width in [320., 420., 480., 540., 620., 700., 900.] {
        let mut it = Harness::sized(width, cx, &[("tags/requirements.md", REQUIREMENTS)]);
        let item = it.open("tags/requirements.md");
        // How wide it is is known once it was drawn.
        it.settle();
        let approve = match width < 700. {
            true => "Approve",
            false => "Approve and write the design",
        };
        let at = |it: &mut Harness<'_>, label: &str| {
            it.with(|window, _| window.find_by_label(label).bounds())
        };
        let (approve, change) = (at(&mut it, approve), at(&mut it, "Request changes"));
        assert_eq!(approve.center().y, change.center().y, "at {width}");
        assert!(!approve.intersects(&change) && approve.right() <= px(width));
        let height = it.with(|_, cx| item.bottom_bar(cx));
        assert!(height <= px(54.), "{height} at {width}");
    }
}

#[gpui_kit::test]
fn the_answers_are_where_they_stay_from_the_first_frame_on(cx: &mut TestAppContext) {
    for width in [420., 560.] {
        let mut it = Harness::sized(width, cx, &[("tags/requirements.md", REQUIREMENTS)]);
        let approve = it.frames_of_opening("tags/requirements.md", "Approve");
        assert_eq!(approve.len(), 6, "it is there from the first frame on");
        assert!(
            approve.iter().all(|place| *place == approve[0]),
            "{approve:?}"
        );
    }
}

#[gpui_kit::test]
fn a_press_on_what_has_just_appeared_or_moved_approves_nothing(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.open("tags/requirements.md");
    let label = "Approve and write the design";
    let press = |it: &mut Harness<'_>| {
        it.cx
            .update_window(it.window, |_, window, cx| {
                window.render_frame(cx);
                let center = window.find_by_label(label).bounds().center();
                window.pointer_move(center, None, cx);
                window.pointer_down(center, MouseButton::Left, cx);
                window.pointer_up(center, MouseButton::Left, cx);
            })
            .unwrap();
        it.sent().len()
    };
    assert_eq!(press(&mut it), 0, "it has just appeared");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    // The way back from the other answer draws it anew.
    it.click_label("Request changes");
    it.click_label("Cancel");
    assert_eq!(press(&mut it), 0, "it is back");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.margin(40.);
    assert_eq!(press(&mut it), 0, "it has moved");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    // Another tab comes to the front for a while.
    let view = it.show(None);
    it.show(view);
    assert_eq!(press(&mut it), 0, "its tab has come back to the front");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    assert_eq!(press(&mut it), 1);
}

#[gpui_kit::test]
fn a_tab_is_called_the_same_before_its_document_is_there(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/design.md", "# Design Document\n")]);
    let before = it.with(|_, cx| ItemOpeners::tab_title(&spec_path("tags/design.md"), cx));
    let item = it.open("tags/design.md");
    let title = it.with(|_, cx| item.tab_title(cx));
    assert_eq!(
        (before.as_ref(), title.as_ref()),
        ("Design · tags", "Design · tags")
    );
    let other = it.with(|_, cx| ItemOpeners::tab_title(Path::new("/p/src/main.rs"), cx));
    assert_eq!(other.as_ref(), "main.rs");
}

#[gpui_kit::test]
fn changing_ones_mind_sends_nothing(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.open("tags/requirements.md");
    it.click_label("Request changes");
    it.click_label("Cancel");
    assert!(it.is_shown("Approve and write the design"));
    assert_eq!(it.sent(), []);
}

#[gpui_kit::test]
fn a_task_is_started_and_its_box_followed(cx: &mut TestAppContext) {
    let files = [
        ("due-dates/requirements.md", REQUIREMENTS),
        ("due-dates/design.md", "# Design Document\n"),
        ("due-dates/tasks.md", TASKS),
    ];
    let mut it = Harness::new(cx, &files);
    it.open("due-dates/tasks.md");
    assert_eq!(it.value("1.1 Add the field"), "done");
    assert_eq!(it.value("1.2 Parse it"), "not started");
    it.click_label("Start");
    let started = Operation::RunTask {
        spec: "due-dates".to_owned(),
        task: "1.2".into(),
    };
    assert_eq!(it.sent(), [started]);
    it.turn_started();
    assert_eq!(it.value("1.2 Parse it"), "running");
    assert!(!it.is_shown("Start task 1.2"));
    it.turn_ended();
    it.write("due-dates/tasks.md", &TASKS.replace("[ ] 1.2", "[x] 1.2"));
    assert_eq!(it.value("1.2 Parse it"), "done");
    assert!(it.is_shown("2 of 2 tasks done") || it.is_shown("2 of 3 tasks done"));
}

#[gpui_kit::test]
fn the_next_task_is_started_by_its_command(cx: &mut TestAppContext) {
    let files = [
        ("due-dates/requirements.md", REQUIREMENTS),
        ("due-dates/design.md", "# Design Document\n"),
        ("due-dates/tasks.md", TASKS),
    ];
    let mut it = Harness::new(cx, &files);
    let item = it.open("due-dates/tasks.md");
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    it.settle();
    it.with(|window, cx| ui::Commands::run("specs.startNextTask", window, cx));
    it.settle();
    let started = Operation::RunTask {
        spec: "due-dates".to_owned(),
        task: "1.2".into(),
    };
    assert_eq!(it.sent(), [started]);
    it.turn_started();
    it.with(|window, cx| ui::Commands::run("specs.startNextTask", window, cx));
    it.settle();
    assert_eq!(it.sent(), [], "one turn at a time");
}

#[gpui_kit::test]
fn a_task_is_started_from_the_list_by_a_command(cx: &mut TestAppContext) {
    let files = [
        ("due-dates/requirements.md", REQUIREMENTS),
        ("due-dates/design.md", "# Design Document\n"),
        ("due-dates/tasks.md", TASKS),
    ];
    let mut it = Harness::new(cx, &files);
    it.sidebar();
    it.click_spec("due-dates");
    let run = |it: &mut Harness, command: &str| {
        it.with(|window, cx| ui::Commands::run(command, window, cx));
        it.settle();
        it.sent()
    };
    let started = Operation::RunTask {
        spec: "due-dates".to_owned(),
        task: "1.2".into(),
    };
    assert_eq!(run(&mut it, "specs.startSelectedTask"), [], "it is a spec");
    assert_eq!(
        run(&mut it, "specs.startNextTask"),
        std::slice::from_ref(&started)
    );
    it.press("end");
    assert_eq!(it.selected().as_deref(), Some("1.2 Parse it"));
    assert_eq!(run(&mut it, "specs.startSelectedTask"), [started]);
    it.press("up");
    assert_eq!(run(&mut it, "specs.startSelectedTask"), [], "it is done");
    it.turn_started();
    it.press("end");
    assert_eq!(
        run(&mut it, "specs.startSelectedTask"),
        [],
        "one turn at a time"
    );
}

#[gpui_kit::test]
fn a_task_without_text_has_a_name(cx: &mut TestAppContext) {
    let tasks = "# Implementation Plan\n\n- [ ] 1. Model\n- [ ] 2.\n- [ ] 3. ****\n- [ ] \n";
    let files = [
        ("dates/requirements.md", REQUIREMENTS),
        ("dates/tasks.md", tasks),
    ];
    let mut it = Harness::new(cx, &files);
    let named = [
        "1 Model",
        "Task 2 (no text)",
        "Task 3 (no text)",
        "Task #1 (no text)",
    ];
    it.sidebar();
    it.click_spec("dates");
    for name in named {
        assert!(it.is_shown(name), "{name} in the list");
    }
    it.open("dates/tasks.md");
    for name in named {
        assert!(it.is_shown(name), "{name} on the page");
    }
}

#[gpui_kit::test]
fn changes_are_asked_for_by_the_command_too(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("due-dates/requirements.md", REQUIREMENTS)]);
    let item = it.open("due-dates/requirements.md");
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    it.settle();
    it.with(|window, cx| ui::Commands::run("specs.requestChanges", window, cx));
    it.settle();
    assert!(it.is_shown("What should change"));

    // Asked for again, or approved by the command, what is written so far stays.
    let words = "Say what late means";
    it.with(|window, cx| window.input(words, cx));
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    for command in ["specs.requestChanges", "specs.approve"] {
        it.with(|window, cx| ui::Commands::run(command, window, cx));
        it.settle();
        assert_eq!(it.value("What should change"), words, "{command}");
    }
    assert_eq!(it.sent(), []);
    it.click_label("Send");
    let feedback = words.to_owned();
    let spec = "due-dates".to_owned();
    assert_eq!(
        it.sent(),
        [Operation::SpecRequestChanges { spec, feedback }]
    );
}

#[gpui_kit::test]
fn a_tab_in_which_something_to_change_is_written_says_so(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let item = it.open("tags/requirements.md");
    let told = Rc::new(RefCell::new(false));
    let (asked, tells) = (item.boxed_clone(), told.clone());
    let _events = it.with(|window, cx| {
        let tell = move |_, _: &mut Window, cx: &mut App| *tells.borrow_mut() = asked.has_draft(cx);
        item.subscribe(window, cx, Box::new(tell))
    });
    it.click_label("Request changes");
    assert!(!it.with(|_, cx| item.has_draft(cx)));
    it.with(|window, cx| window.input("Say what late means", cx));
    assert!(*told.borrow(), "its window hears of it");
    assert!(
        !it.with(|_, cx| item.is_dirty(cx)),
        "the document is as it was"
    );
    // What is sent may be refused, and comes back then.
    it.click_label("Send");
    assert!(it.with(|_, cx| item.has_draft(cx)));
    it.turn_started();
    assert!(!it.with(|_, cx| item.has_draft(cx)));
}

#[gpui_kit::test]
fn what_should_change_is_kept_until_the_agent_takes_it(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("due-dates/requirements.md", REQUIREMENTS)]);
    it.open("due-dates/requirements.md");
    it.click_label("Request changes");
    let words = "Say what late means";
    it.with(|window, cx| window.input(words, cx));
    it.turn_started();
    it.press("enter");
    assert_eq!(it.sent(), [], "the agent is at work");
    assert_eq!(it.value("What should change"), words);

    it.turn_ended();
    it.press("enter");
    assert_eq!(it.sent().len(), 1);
    assert!(!it.is_shown("What should change"));
    it.tell(AgentEvent::Notice {
        session: None,
        level: agent::NoticeLevel::Error,
        message: "There is no such document".to_owned(),
    });
    assert_eq!(it.value("What should change"), words, "it was refused");

    it.click_label("Send");
    it.turn_started();
    it.turn_ended();
    it.tell(AgentEvent::Notice {
        session: None,
        level: agent::NoticeLevel::Error,
        message: "Something else".to_owned(),
    });
    assert!(!it.is_shown("What should change"), "it was taken");
}

#[gpui_kit::test]
fn a_task_of_a_plan_that_is_not_approved_has_no_start_button(cx: &mut TestAppContext) {
    let open = TASKS.replace("[x]", "[ ]");
    let files = [
        ("due-dates/requirements.md", REQUIREMENTS),
        ("due-dates/design.md", "# Design Document\n"),
        ("due-dates/tasks.md", open.as_str()),
        (
            "due-dates/.config.kiro",
            "{\"specId\":\"x\",\"workflowType\":\"requirements-first\",\"specType\":\"feature\",\"approvals\":[\"requirements\",\"design\"]}\n",
        ),
    ];
    let mut it = Harness::new(cx, &files);
    it.sidebar();
    it.click_spec("due-dates");
    assert!(it.is_shown("1.2 Parse it"));
    assert!(!it.is_shown("Start task 1.2"));
}

#[gpui_kit::test]
fn the_keyboard_reads_on_in_a_document(cx: &mut TestAppContext) {
    let many: String = (2..40)
        .map(|number| {
            format!(
                "\n### Requirement {number}: Part {number}\n\n#### Acceptance Criteria\n\n\
                 1. THE system SHALL do it.\n"
            )
        })
        .collect();
    let text = format!("{REQUIREMENTS}{many}");
    let mut it = Harness::new(cx, &[("tags/requirements.md", &text)]);
    let item = it.open("tags/requirements.md");
    it.with(|window, cx| item.focus_handle(cx).focus(window, cx));
    let (first, last) = ("Requirement 1: Set a date", "Requirement 39: Part 39");
    let top = |it: &mut Harness| it.with(|window, _| window.find_by_label(first).bounds().top());
    assert!(it.is_shown(first) && !it.is_shown(last));
    let start = top(&mut it);
    it.press("down");
    assert!(top(&mut it) < start);
    it.press("up");
    assert_eq!(top(&mut it), start);
    it.press("pagedown");
    assert!(!it.is_shown(first) && !it.is_shown(last));
    it.press("end");
    assert!(it.is_shown(last));
    it.press("pageup");
    assert!(!it.is_shown(first));
    it.press("home");
    assert_eq!(top(&mut it), start);
}

#[gpui_kit::test]
fn the_document_follows_the_open_buffer(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let item = it.open("tags/requirements.md");
    let model = it.model.clone();
    it.with(|_, cx| {
        model.update(cx, |model, cx| {
            let id = model
                .workspace()
                .buffer_for_path(&spec_path("tags/requirements.md"))
                .unwrap();
            let text = REQUIREMENTS.replace("Set a date", "Choose a day");
            model
                .update(cx, |workspace| workspace.replace_text(id, &text))
                .unwrap();
        });
    });
    assert!(it.is_shown("Requirement 1: Choose a day"));
    assert!(it.with(|_, cx| item.is_dirty(cx)));
    it.with(|window, cx| item.save(window, cx)).detach();
    it.settle();
    assert!(!it.with(|_, cx| item.is_dirty(cx)));
    let saved = it.fs.content(spec_path("tags/requirements.md")).unwrap();
    assert!(String::from_utf8(saved).unwrap().contains("Choose a day"));
}

/// Opens requirements, edits them without saving, and has another program write the file.
fn changed_on_disk<'a>(
    cx: &'a mut TestAppContext,
    theirs: &str,
) -> (Harness<'a>, Box<dyn ItemHandle>) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let item = it.open("tags/requirements.md");
    assert!(!it.is_shown(CHANGED_ON_DISK));
    let buffer = it.with(|_, cx| item.buffer(cx)).unwrap();
    let mine = REQUIREMENTS.replace("Set a date", "Set my date");
    let model = it.model.clone();
    it.with(|_, cx| {
        model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.replace_text(buffer, &mine))
        })
    })
    .unwrap();
    it.write("tags/requirements.md", theirs);
    (it, item)
}

const CHANGED_ON_DISK: &str = "This file changed on disk, and you have unsaved edits.";

#[gpui_kit::test]
fn a_document_that_changed_on_disk_says_so_and_takes_over_what_is_there(cx: &mut TestAppContext) {
    let theirs = REQUIREMENTS.replace("Set a date", "Set their date");
    let (mut it, item) = changed_on_disk(cx, &theirs);
    assert!(it.is_shown(CHANGED_ON_DISK));
    let note = it.with(|_, cx| item.status(cx).note);
    assert_eq!(note.as_deref(), Some("Changed on disk"));
    assert!(it.is_shown("Requirement 1: Set my date"), "nothing is lost");
    it.click_label("Reload");
    assert!(it.is_shown("Requirement 1: Set their date"));
    assert!(!it.is_shown(CHANGED_ON_DISK));
    let (note, dirty) = it.with(|_, cx| (item.status(cx).note, item.is_dirty(cx)));
    assert_eq!((note, dirty), (None, false));
}

#[gpui_kit::test]
fn the_users_text_is_kept_where_a_document_changed_on_disk(cx: &mut TestAppContext) {
    let theirs = REQUIREMENTS.replace("Set a date", "Set their date");
    let (mut it, item) = changed_on_disk(cx, &theirs);
    it.click_label("Keep mine");
    assert!(!it.is_shown(CHANGED_ON_DISK));
    assert!(it.is_shown("Requirement 1: Set my date"));
    assert!(it.with(|_, cx| item.is_dirty(cx)), "it is not written yet");
}

/// Opens requirements, whose file another program then deletes.
fn deleted_on_disk(cx: &mut TestAppContext) -> (Harness<'_>, PathBuf) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.open("tags/requirements.md");
    let path = spec_path("tags/requirements.md");
    it.fs.remove(&path).unwrap();
    let (model, gone) = (it.model.clone(), path.clone());
    it.with(|_, cx| model.update(cx, |model, cx| model.paths_changed(vec![gone], cx)));
    (it, path)
}

#[gpui_kit::test]
fn a_deleted_document_is_kept_and_can_be_saved_again(cx: &mut TestAppContext) {
    let (mut it, path) = deleted_on_disk(cx);
    let deleted = "This file was deleted on disk. Its text is kept here.";
    assert!(it.is_shown(deleted));
    it.click_label("Save again");
    assert!(!it.is_shown(deleted));
    assert_eq!(it.fs.content(&path).unwrap(), REQUIREMENTS.as_bytes());
}

#[gpui_kit::test]
fn why_a_document_was_not_saved_again_is_said_once(cx: &mut TestAppContext) {
    let (mut it, path) = deleted_on_disk(cx);
    let unreadable = std::io::ErrorKind::TimedOut;
    it.fs
        .fail_always(fs::FakeOperation::Write, &path, unreadable);
    it.click_label("Save again");
    let told = format!("Could not write {}: timed out", path.display());
    assert!(it.takes_only_notice(&told));
}

#[gpui_kit::test]
fn the_source_is_one_click_away(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let item = it.open("tags/requirements.md");
    assert!(!it.is_shown("Source"));
    it.click_label("Show source");
    assert!(it.is_shown("Source"));
    assert_eq!(
        it.with(|_, cx| item.status(cx)).position.as_deref(),
        Some("1:1")
    );
    it.click_label("Show document");
    assert!(!it.is_shown("Source"));
    assert!(it.is_shown("Requirement 1: Set a date"));
}

#[gpui_kit::test]
fn what_is_wrong_is_said_quietly(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[(
            "odd/requirements.md",
            "## Nothing\n\n```\n### Requirement\n",
        )],
    );
    it.open("odd/requirements.md");
    it.click_label("3 errors, 1 warning");
    let expanded = it.with(|window, _| window.find("spec-problems").expanded());
    assert_eq!(expanded, Some(true));
    assert!(!it.is_shown("Source"));
    it.click_label("Line 1, error: The first heading should be # Requirements Document.");
    assert!(it.is_shown("Source"));
}

#[gpui_kit::test]
fn files_of_a_spec_that_cannot_be_read_are_told_in_the_list(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[
            ("odd/requirements.md", "\0\u{1}binary\0\0"),
            ("odd/.config.kiro", "{ \"specId\": "),
        ],
    );
    it.sidebar();
    let shown = it.with(|window, _| {
        let found = window.find_all_by_role(gpui_kit::Role::Label);
        // Of a label the systems read the value.
        let words = found.iter().filter_map(|label| label.value());
        words.map(str::to_owned).collect::<Vec<_>>()
    });
    let told = |what: &str| shown.iter().any(|label| label.starts_with(what));
    assert!(told("requirements.md cannot be read: "), "{shown:?}");
    assert!(told(".config.kiro is malformed: "), "{shown:?}");
    // It is there: nothing offers to write it anew, nor calls it the next to be written.
    assert!(!it.is_shown("Write the requirements"));
    assert!(it.is_shown("odd, Cannot be read"));
}

#[gpui_kit::test]
fn links_that_lead_nowhere_are_told_in_the_list(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("odd/design.md", "# Design\n")]);
    it.fs
        .insert_link(spec_path("odd/requirements.md"), "/p/gone.md");
    it.fs.insert_link(spec_path("away"), "/p/elsewhere");
    it.sidebar();
    let shown = it.with(|window, _| {
        let found = window.find_all_by_role(gpui_kit::Role::Label);
        let labels = found.iter().filter_map(|label| label.label());
        labels.map(str::to_owned).collect::<Vec<_>>()
    });
    let why = "cannot be read: it is a link that leads nowhere; put back what it leads to, or \
               remove it.";
    for what in ["requirements.md", "Its folder"] {
        assert!(shown.contains(&format!("{what} {why}")), "{shown:?}");
    }
    for spec in ["odd", "away"] {
        assert!(it.is_shown(&format!("{spec}, Cannot be read")), "{spec}");
    }
    assert!(!it.is_shown("Write the requirements"));
}

#[gpui_kit::test]
fn a_document_that_waits_is_opened(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    it.sidebar();
    it.turn_started();
    let spec = "tags".to_owned();
    it.tell(AgentEvent::SpecReviewReady {
        spec,
        phase: spec::Phase::Requirements,
    });
    assert_eq!(*it.opened.borrow(), [spec_path("tags/requirements.md")]);
}

#[gpui_kit::test]
fn the_next_document_is_shown_or_written_by_a_command(cx: &mut TestAppContext) {
    let requirements = ("tags/requirements.md", REQUIREMENTS);
    let mut it = Harness::new(cx, &[requirements, ("tags/design.md", "# Design\n")]);
    let document = it.open("tags/requirements.md");
    it.with(|window, cx| document.focus_handle(cx).focus(window, cx));
    assert!(it.is_shown("Design waits for your review."));
    it.with(|window, cx| ui::Commands::run("specs.nextDocument", window, cx));
    assert_eq!(*it.opened.borrow(), [spec_path("tags/design.md")]);
    assert_eq!(it.sent(), []);
}

#[gpui_kit::test]
fn a_row_of_the_list_is_opened_by_a_command(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx, &[("tags/requirements.md", REQUIREMENTS)]);
    let sidebar = it.sidebar();
    it.with(|window, cx| sidebar.focus_handle(cx).focus(window, cx));
    it.press("down");
    it.with(|window, cx| ui::Commands::run("specs.openSelected", window, cx));
    assert!(it.is_shown("Requirements"), "unfolded");
    it.press("down");
    it.with(|window, cx| ui::Commands::run("specs.openSelected", window, cx));
    assert_eq!(*it.opened.borrow(), [spec_path("tags/requirements.md")]);
}

#[gpui_kit::test]
fn a_spec_whose_first_document_was_never_written_can_go_on(cx: &mut TestAppContext) {
    let config = ("labels/.config.kiro", "{\"specType\": \"feature\"}\n");
    let mut it = Harness::new(cx, &[config]);
    it.sidebar();
    it.click_spec("labels");
    it.click_label("Write the requirements");
    let next = Operation::SpecNext {
        spec: "labels".to_owned(),
    };
    assert_eq!(it.sent(), [next]);
    it.turn_started();
    assert!(
        !it.is_shown("Write the requirements"),
        "it is being written"
    );
    it.write("labels/requirements.md", REQUIREMENTS);
    it.turn_ended();
    assert!(!it.is_shown("Write the requirements"));
    assert!(it.is_shown("Requirements"));
}

#[gpui_kit::test]
fn a_task_that_a_retry_started_is_shown_as_running(cx: &mut TestAppContext) {
    let mut it = Harness::new(
        cx,
        &[
            ("dates/requirements.md", REQUIREMENTS),
            ("dates/tasks.md", TASKS),
        ],
    );
    let _document = it.open("dates/tasks.md");
    it.tell(AgentEvent::TurnStarted {
        turn: TurnId(1),
        prompt: "Task 1.2: Parse it".to_owned(),
        mode: Mode::Chat,
        goes_on: false,
    });
    for task in ["1", "1.2"] {
        it.tell(AgentEvent::TaskStateChanged {
            spec: "dates".to_owned(),
            task: task.into(),
            state: spec::TaskState::Running,
        });
    }
    it.tell(AgentEvent::SpecChanged {
        spec: "dates".to_owned(),
    });
    assert!(!it.is_shown("The agent is writing"));
}

/// A window without a folder: something in it has the keyboard.
struct Bare(FocusHandle);

impl Render for Bare {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().size_full().track_focus(&self.0)
    }
}

/// The commands of specs that work on something that may not be there.
const COMMANDS: [&str; 8] = [
    "specs.focus",
    "specs.approve",
    "specs.requestChanges",
    "specs.nextDocument",
    "specs.openSource",
    "specs.startNextTask",
    "specs.startSelectedTask",
    "specs.openSelected",
];

#[gpui_kit::test]
fn a_window_without_a_folder_says_what_specs_need(cx: &mut TestAppContext) {
    let it = Harness::new(cx, &[]);
    let (bare, _) = it.cx.update(|cx| {
        gpui_kit::open_window(WindowOptions::default(), cx, |window, cx| {
            let focus = cx.focus_handle();
            focus.focus(window, cx);
            cx.new(|_| Bare(focus))
        })
        .unwrap()
    });
    let told = "Specs are kept in a folder. Open a folder first.";
    for command in COMMANDS {
        it.cx
            .update_window(bare, |_, window, cx| {
                window.render_frame(cx);
                match command {
                    "specs.focus" => window.press("ctrl-alt-k", cx),
                    _ => assert!(ui::Commands::run(command, window, cx)),
                }
            })
            .unwrap();
        it.cx.run_until_parked();
        it.cx
            .update_window(bare, |_, window, cx| {
                assert_eq!(ui::shown_notices(window, cx), [told], "{command}");
                ui::take_notice_back(told, window, cx);
            })
            .unwrap();
    }
    assert_eq!(it.sent(), []);
}

#[gpui_kit::test]
fn a_command_with_nothing_to_act_on_says_so(cx: &mut TestAppContext) {
    let files = [
        ("tags/requirements.md", REQUIREMENTS),
        ("tags/.config.kiro", "{\"approvals\": [\"requirements\"]}"),
    ];
    let mut it = Harness::new(cx, &files);
    let revealed = Rc::new(RefCell::new(Vec::new()));
    it.with(|window, cx| {
        let revealed = revealed.clone();
        ui::open::set_reveal_handler(window, cx, move |id, _, _| {
            revealed.borrow_mut().push(id.to_owned());
        });
    });
    // The list is there; something else has the keyboard.
    let (list, elsewhere) = (it.sidebar(), it.with(|_, cx| cx.focus_handle()));
    it.with(|window, cx| elsewhere.focus(window, cx));
    let run = |it: &mut Harness, command: &'static str| {
        it.with(|window, cx| assert!(ui::Commands::run(command, window, cx)));
    };
    for command in &COMMANDS[1..] {
        run(&mut it, command);
        let told = match *command {
            "specs.startNextTask" | "specs.startSelectedTask" | "specs.openSelected" => {
                "No spec is selected. Select one in the list of specs, or open one of its documents."
            }
            _ => {
                "No document of a spec has the keyboard. Open one from the list of specs, or click into it."
            }
        };
        assert!(it.takes_only_notice(told), "{command}");
    }
    assert!(revealed.borrow().is_empty());
    // The notice leads to the list.
    run(&mut it, "specs.approve");
    it.with(ui::run_notice_action);
    assert_eq!(*revealed.borrow(), ["specs"]);

    it.with(|window, cx| list.focus_handle(cx).focus(window, cx));
    run(&mut it, "specs.openSelected");
    assert!(it.takes_only_notice("No spec is selected. Select a row of the list first."));

    // What is decided is not decided again.
    let document = it.open("tags/requirements.md");
    it.with(|window, cx| document.focus_handle(cx).focus(window, cx));
    for command in ["specs.approve", "specs.requestChanges"] {
        run(&mut it, command);
        assert!(
            it.takes_only_notice("This document is approved already."),
            "{command}"
        );
    }
    it.turn_started();
    run(&mut it, "specs.nextDocument");
    let told = "The agent is at work. Go on when it is done, or stop it.";
    assert!(it.takes_only_notice(told));
    it.turn_ended();
    it.write("tags/.config.kiro", "{\"approvals\": []}");
    run(&mut it, "specs.nextDocument");
    let told = "This document waits for your review. Approve it to go on.";
    assert!(it.takes_only_notice(told));
    assert_eq!(it.sent(), []);
}
