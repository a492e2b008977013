//! The panel as a person meets it: what is typed and clicked, found by accessible names, and what
//! reaches the agent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use agent::{
    AgentEvent, AgentHandle, EndReason, FileDiff, LookReason, Mode, ModelCatalog, NoticeLevel,
    Operation, PermissionAnswer, PermissionId, PermissionPreview, ToolCallView, ToolOutcome,
    TranscriptItem, TurnId,
};
use agent_panel::{AgentPanel, AgentSession, AgentSessionConfig};
use async_channel::{Receiver, Sender};
use fs::{FakeFs, Fs};
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Bounds, Context, Entity, FocusHandle, InputEvent as _,
    InteractiveElement as _, IntoElement, ParentElement as _, Render, Role, ScrollDelta,
    ScrollEvent, Styled as _, TestAppContext, VisualTestContext, Window, WindowBounds,
    WindowOptions, div, point, px, size,
};
use llm::{
    Catalog, KeySource, KeyStore, ModelInfo, ModelList, Protocol, ProviderConfig, Secret, Usage,
};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use ui::{Commands, EditDecision, OpenTarget, Panel as _, WorkspaceModel};

gpui_kit::actions!(
    test_panel,
    [
        /// Opens the page of keys.
        OpenKeys
    ]
);

const ROOT: &str = "/home/me/todo";

struct Harness<'a> {
    cx: &'a mut TestAppContext,
    window: AnyWindowHandle,
    panel: Entity<AgentPanel>,
    /// What stands beside the panel and only shows.
    reader: FocusHandle,
    operations: Receiver<Operation>,
    events: Sender<AgentEvent>,
    opened: Rc<RefCell<Vec<OpenTarget>>>,
    _requests: Sender<agent::HostRequest>,
}

/// The panel and, taking no room, something that only shows.
struct Beside {
    panel: Entity<AgentPanel>,
    reader: FocusHandle,
}

impl Render for Beside {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        let reader = div()
            .absolute()
            .track_focus(&self.reader)
            .key_context(ui::READING_CONTEXT);
        div().size_full().child(self.panel.clone()).child(reader)
    }
}

impl<'a> Harness<'a> {
    fn new(cx: &'a mut TestAppContext) -> Self {
        Self::sized(420., cx)
    }

    /// A panel of this width.
    fn sized(width: f32, cx: &'a mut TestAppContext) -> Self {
        Self::build(width, async_channel::unbounded(), cx)
    }

    /// A panel whose agent takes no more than this many operations ahead.
    fn with_room_for(operations: usize, cx: &'a mut TestAppContext) -> Self {
        Self::build(420., async_channel::bounded(operations), cx)
    }

    fn build(
        width: f32,
        operations: (Sender<Operation>, Receiver<Operation>),
        cx: &'a mut TestAppContext,
    ) -> Self {
        Self::build_with_sessions("/nowhere/sessions".into(), width, operations, cx)
    }

    fn build_with_sessions(
        sessions_dir: PathBuf,
        width: f32,
        (operations, sent): (Sender<Operation>, Receiver<Operation>),
        cx: &'a mut TestAppContext,
    ) -> Self {
        let (events, told) = async_channel::unbounded();
        let (requests, host) = async_channel::unbounded();
        let opened = Rc::new(RefCell::new(Vec::new()));
        let fs: Arc<dyn Fs> = Arc::new(FakeFs::with_files([
            ("/home/me/todo/Cargo.toml", "[package]\n"),
            ("/home/me/todo/src/main.rs", "fn main() {}\n"),
        ]));
        let (window, beside) = cx.update(|cx| {
            ui::init(cx);
            agent_panel::register(cx);
            ui::SettingsStore::set_keymap(settings::Keymap::builtin().bindings, cx);
            let bounds = Bounds {
                origin: Default::default(),
                size: size(px(width), px(800.)),
            };
            let options = WindowOptions {
                window_bounds: Some(WindowBounds::Windowed(bounds)),
                ..WindowOptions::default()
            };
            gpui_kit::open_window(options, cx, |window, cx| {
                ui::open::set_open_handler(window, cx, {
                    let opened = opened.clone();
                    move |target, _, _| opened.borrow_mut().push(target)
                });
                let workspace = workspace::Workspace::new(ROOT.into(), fs);
                let workspace = cx.new(|cx| WorkspaceModel::new(workspace, cx));
                let session = cx.new(|cx| {
                    let config = AgentSessionConfig {
                        handle: AgentHandle {
                            operations,
                            events: told,
                        },
                        host,
                        workspace,
                        models: Arc::new(models()),
                        sessions_dir,
                    };
                    AgentSession::new(config, cx)
                });
                let panel = cx.new(|cx| AgentPanel::new(session, window, cx));
                let reader = cx.focus_handle();
                cx.new(|_| Beside { panel, reader })
            })
            .unwrap()
        });
        let (panel, reader) = cx.read(|cx| {
            let beside = beside.read(cx);
            (beside.panel.clone(), beside.reader.clone())
        });
        let mut harness = Self {
            cx,
            window,
            panel,
            reader,
            operations: sent,
            events,
            opened,
            _requests: requests,
        };
        harness.settle();
        harness
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
        for _ in 0..3 {
            self.cx.run_until_parked();
            self.cx
                .update_window(self.window, |_, window, cx| window.render_frame(cx))
                .unwrap();
        }
    }

    /// What the list of models is of.
    fn models(&self) -> Arc<ModelCatalog> {
        self.cx.read(|cx| {
            let session = self.panel.read(cx).session();
            session.read(cx).models().clone()
        })
    }

    fn tell(&mut self, event: AgentEvent) {
        self.events.try_send(event).unwrap();
        self.settle();
    }

    fn start_turn(&mut self, prompt: &str) {
        let prompt = prompt.to_owned();
        self.tell(AgentEvent::TurnStarted {
            turn: TurnId(1),
            prompt,
            mode: Mode::Chat,
            goes_on: false,
        });
    }

    fn end_turn(&mut self, reason: EndReason) {
        let usage = Usage {
            input_tokens: 1_200,
            output_tokens: 34,
            cached_tokens: 0,
        };
        let elapsed = Duration::from_secs(12);
        self.tell(AgentEvent::TurnEnded {
            turn: TurnId(1),
            reason,
            usage,
            elapsed,
        });
    }

    fn ask_to_run(&mut self, command: &str) {
        self.tell(AgentEvent::PermissionRequested {
            id: PermissionId(7),
            call: call("c1", "execute_bash", command),
            preview: PermissionPreview::Command {
                command: command.to_owned(),
                cwd: ROOT.into(),
                warning: None,
            },
        });
    }

    fn sent(&self) -> Vec<Operation> {
        std::iter::from_fn(|| self.operations.try_recv().ok()).collect()
    }

    /// Presses into the field of the message.
    fn focus_composer(&mut self) {
        let center = self.with(|window, _| {
            let mut elements = window.elements().into_iter();
            let field = elements.find(|element| element.label().is_some_and(is_composer));
            field.unwrap().bounds().center()
        });
        self.click_at(center);
    }

    /// Lets a question be there for as long as it takes no keys.
    fn wait_until_armed(&mut self) {
        self.cx.executor().advance_clock(Duration::from_millis(600));
        self.settle();
    }

    fn type_text(&mut self, text: &str) {
        self.focus_composer();
        self.with(|window, cx| window.input(text, cx));
    }

    fn press(&mut self, key: &str) {
        self.with(|window, cx| window.press(key, cx));
    }

    fn click_label(&mut self, label: &str) {
        let center = self.with(|window, _| window.find_by_label(label).bounds().center());
        self.click_at(center);
    }

    /// The second press of a double click.
    fn click_again_at(&mut self, position: gpui_kit::Point<gpui_kit::Pixels>) {
        use gpui_kit::InputEvent as _;
        let (button, modifiers) = (gpui_kit::MouseButton::Left, Default::default());
        let down = gpui_kit::MouseDownEvent {
            button,
            position,
            modifiers,
            click_count: 2,
            first_mouse: false,
        };
        let up = gpui_kit::MouseUpEvent {
            button,
            position,
            modifiers,
            click_count: 2,
        };
        self.with(|window, cx| window.dispatch_event(down.to_platform_input(), cx));
        self.with(|window, cx| window.dispatch_event(up.to_platform_input(), cx));
    }

    fn click_at(&mut self, center: gpui_kit::Point<gpui_kit::Pixels>) {
        self.with(|window, cx| {
            use gpui_kit::test::TestEventExt as _;
            window.pointer_move(center, None, cx);
            window.pointer_down(center, gpui_kit::MouseButton::Left, cx);
            window.pointer_up(center, gpui_kit::MouseButton::Left, cx);
        });
    }

    fn is_shown(&mut self, label: &str) -> bool {
        self.with(|window, _| !window.find_all_by_label(label).is_empty())
    }

    /// Whether a name of what is shown has these words.
    fn text_is_shown(&mut self, words: &str) -> bool {
        self.with(|window, _| {
            let mut elements = window.elements().into_iter();
            elements.any(|element| element.label().is_some_and(|label| label.contains(words)))
        })
    }

    /// Turns the wheel over the conversation; down with less than nothing.
    fn scroll(&mut self, up: gpui_kit::Pixels) {
        let wheel = ScrollEvent {
            position: point(px(200.), px(200.)),
            delta: ScrollDelta::Pixels(point(px(0.), up)),
            ..ScrollEvent::default()
        };
        self.with(|window, cx| window.dispatch_event(wheel.to_platform_input(), cx));
    }

    /// What the notices of the window say.
    fn notices(&mut self) -> Vec<gpui_kit::SharedString> {
        self.with(|window, cx| ui::shown_notices(window, cx))
    }

    fn composer_text(&mut self) -> String {
        self.with(|window, _| {
            window
                .elements()
                .into_iter()
                .find(|element| element.label().is_some_and(is_composer))
                .and_then(|element| element.value().map(str::to_owned))
                .unwrap_or_default()
        })
    }
}

/// Whether the field of the message has this name.
fn is_composer(label: &str) -> bool {
    label.starts_with("Message to") || label == "What the spec is about"
}

fn models() -> ModelCatalog {
    let provider = ProviderConfig {
        name: "acme".into(),
        protocol: Protocol::OpenAiChat,
        base_url: "https://acme.example".parse().unwrap(),
        key: KeySource::Given(Secret::new("k")),
        models: vec![ModelInfo::named("small"), ModelInfo::named("large")],
        list: ModelList::Named,
    };
    ModelCatalog::new(Catalog::new(vec![provider], KeyStore::nothing()), None)
}

fn call(id: &str, name: &str, title: &str) -> ToolCallView {
    ToolCallView {
        call_id: id.to_owned(),
        name: name.to_owned(),
        title: title.to_owned(),
        arguments: Default::default(),
    }
}

fn prompt(text: &str) -> Operation {
    Operation::Prompt {
        text: text.to_owned(),
        mode: Mode::Chat,
    }
}

fn answered(answer: PermissionAnswer) -> Operation {
    Operation::AnswerPermission {
        request: PermissionId(7),
        answer,
    }
}

#[gpui_kit::test]
fn enter_sends_and_shift_enter_breaks_the_line(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.type_text("one");
    it.press("shift-enter");
    it.with(|window, cx| window.input("two", cx));
    assert_eq!(it.composer_text(), "one\ntwo");
    assert_eq!(it.sent(), []);
    it.press("enter");
    assert_eq!(it.sent(), [prompt("one\ntwo")]);
    assert_eq!(it.composer_text(), "");
    it.press("enter");
    assert_eq!(it.sent(), [], "nothing written, nothing sent");
}

#[gpui_kit::test]
fn an_answer_grows_in_one_row_and_the_turn_ends_with_its_cost(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Hello?");
    assert!(it.is_shown("You: Hello?"));
    assert!(it.is_shown("Thinking"));
    for delta in ["It is ", "a **to-do** ", "service."] {
        it.tell(AgentEvent::Text {
            delta: delta.to_owned(),
        });
    }
    assert!(it.is_shown("Agent: It is a **to-do** service."));
    it.end_turn(EndReason::Completed);
    assert!(it.is_shown("12s · 1.2k in · 34 out"));
    assert!(!it.is_shown("Answering"));
}

#[gpui_kit::test]
fn a_local_models_speed_and_memory_are_told_during_and_after_its_answer(cx: &mut TestAppContext) {
    let mut it = Harness::sized(260., cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "A small model with a long name".to_owned(),
        local: true,
        choice: agent::ModelChoice::Asked,
    });
    it.start_turn("Hello?");
    it.tell(AgentEvent::Text {
        delta: "It is ".to_owned(),
    });
    let speed = |tokens_per_second| AgentEvent::Speed {
        tokens_per_second,
        memory_bytes: 620_000_000,
    };
    it.tell(speed(14.2));
    let figures = "0s · 14 tok/s";
    let within = |it: &mut Harness, label: &str| {
        it.with(|window, _| {
            let element = window.find_by_label(label);
            element.visible() && element.bounds().right() <= window.viewport_size().width
        })
    };
    assert!(within(&mut it, figures));
    it.tell(speed(12.6));
    it.end_turn(EndReason::Completed);
    assert!(within(
        &mut it,
        "12s · 1.2k in · 34 out · 13 tok/s · 620 MB"
    ));
    // What another model says next is not told with it.
    it.start_turn("And now?");
    it.end_turn(EndReason::Completed);
    assert!(within(&mut it, "12s · 1.2k in · 34 out"));
}

#[gpui_kit::test]
fn a_long_message_is_folded(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn(&"line\n".repeat(40));
    assert!(it.is_shown("Show the whole message"));
    it.click_label("Show the whole message");
    assert!(!it.is_shown("Show the whole message"));
}

#[gpui_kit::test]
fn a_decision_is_made_by_clicking(cx: &mut TestAppContext) {
    for (label, answer) in [
        ("Allow", PermissionAnswer::AllowOnce),
        ("Always allow", PermissionAnswer::AlwaysAllow),
        ("Deny", PermissionAnswer::Deny { reason: None }),
    ] {
        let mut it = Harness::new(cx);
        it.start_turn("Test it");
        it.ask_to_run("cargo test");
        assert!(it.is_shown("Run this command?"));
        it.click_label(label);
        assert_eq!(it.sent(), [answered(answer)]);
        assert!(
            !it.is_shown("Run this command?"),
            "an answered question is gone"
        );
    }
}

#[gpui_kit::test]
fn a_double_click_answers_one_question(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.ask_to_run("cargo test");
    it.click_label("Allow");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
    it.ask_to_run("cargo publish");
    for label in ["Allow", "Always allow", "Deny"] {
        let center = it.with(|window, _| window.find_by_label(label).bounds().center());
        it.click_again_at(center);
        assert_eq!(it.sent(), [], "{label}");
    }
    it.click_label("Allow");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

fn asks_to_write(before: String, after: String) -> AgentEvent {
    AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/list.txt"),
        preview: PermissionPreview::Diff {
            diff: FileDiff {
                path: "src/list.txt".into(),
                before: Some(before),
                after,
            },
            warning: None,
        },
    }
}

#[gpui_kit::test]
fn of_a_change_of_thousands_of_hunks_what_is_in_sight_is_laid_out(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Renumber it");
    let lines = |changed: &str| -> String {
        let line = |n: usize| match n % 10 {
            5 => format!("{changed} {n}\n"),
            _ => format!("line {n}\n"),
        };
        (0..20_000).map(line).collect()
    };
    it.tell(asks_to_write(lines("old"), lines("new")));
    while it.is_shown("Show more lines") {
        it.with(|window, cx| {
            window.dispatch_action(cx.build_action("agent::ShowMore", None).unwrap(), cx)
        });
    }
    let card = |it: &mut Harness| {
        let label = "Write src/list.txt";
        it.with(|window, _| window.find_all_by_label(label)[0].bounds())
    };
    let drawn = |it: &mut Harness| it.cx.read(|cx| it.panel.read(cx).change_lines_drawn());
    let before = card(&mut it);
    // 2,000 hunks of 8 lines, and the room between them.
    assert!(before.size.height > px(2_000. * 8. * 18.), "{before:?}");
    for step in 0..20 {
        let laid_out = drawn(&mut it);
        it.scroll(px(12_000.));
        let more = drawn(&mut it) - laid_out;
        assert!((1..2_500).contains(&more), "step {step}: {more} lines");
    }
    let after = card(&mut it);
    assert!(
        after.top() > before.top() + px(200_000.),
        "{before:?} {after:?}"
    );
}

#[gpui_kit::test]
fn a_change_that_is_too_large_for_its_card_is_read_in_the_editor(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Write it");
    let (before, after) = ("old\n".repeat(300_000), "new\n".repeat(300_000));
    it.tell(asks_to_write(before.clone(), after.clone()));
    let read = Rc::new(RefCell::new(Vec::new()));
    let reads = read.clone();
    it.with(|window, cx| {
        ui::set_read_text_handler(window, cx, move |text, _, _| reads.borrow_mut().push(text));
    });
    assert!(it.text_is_shown("Read it in the editor, or deny it"));
    it.click_label("Read it in the editor");
    let read = read.borrow();
    let [
        ui::TextToRead {
            of,
            name,
            text,
            before: old,
            ..
        },
    ] = &read[..]
    else {
        panic!("{} texts", read.len());
    };
    assert_eq!(*of, PathBuf::from(ROOT).join("src/list.txt"));
    assert_eq!(name, "list.txt (change)");
    assert_eq!(text.to_string(), after);
    assert_eq!(old.as_ref().map(ToString::to_string), Some(before));
}

#[gpui_kit::test]
fn a_change_that_was_too_large_for_the_session_is_read_as_far_as_it_is_known(
    cx: &mut TestAppContext,
) {
    let made = |name: &str, arguments: serde_json::Value| {
        let mut call = call(name, name, "src/list.txt");
        call.arguments = arguments;
        TranscriptItem::ToolCall {
            call,
            preview: None,
            outcome: ToolOutcome {
                ok: true,
                summary: "+3 −2".to_owned(),
                output: String::new(),
                diff: None,
                diff_left_out: true,
            },
            cut_off: false,
        }
    };
    let mut it = Harness::new(cx);
    let read = Rc::new(RefCell::new(Vec::new()));
    let reads = read.clone();
    it.with(|window, cx| {
        ui::set_read_text_handler(window, cx, move |text, _, _| reads.borrow_mut().push(text));
    });
    let opened = |transcript| AgentEvent::SessionOpened {
        id: agent::SessionId::generate(),
        transcript,
    };
    it.tell(opened(vec![made(
        "str_replace",
        serde_json::json!({"path": "src/list.txt", "old_str": "a", "new_str": "b"}),
    )]));
    assert!(it.is_shown(
        "Too large to be kept with the session. Open the file to see what it holds now."
    ));
    assert!(!it.is_shown("Read it in the editor"));
    let mut unanswered = made(
        "fs_write",
        serde_json::json!({"path": "src/list.txt", "content": "new\n"}),
    );
    let not_run = "Not run: Kiln ended before you had answered";
    if let TranscriptItem::ToolCall { outcome, .. } = &mut unanswered {
        outcome.ok = false;
        outcome.summary = not_run.to_owned();
    }
    it.tell(opened(vec![unanswered]));
    assert!(it.is_shown(not_run) && it.is_shown("Read it in the editor"));
    it.tell(opened(vec![made(
        "fs_write",
        serde_json::json!({"path": "src/list.txt", "content": "new\n"}),
    )]));
    it.click_label("Read it in the editor");
    let read = read.borrow();
    let [text] = &read[..] else {
        panic!("{} texts", read.len());
    };
    assert_eq!(text.of, PathBuf::from(ROOT).join("src/list.txt"));
    assert_eq!(text.name, "list.txt (as the agent wrote it)");
    assert_eq!(text.text.to_string(), "new\n");
    assert!(text.before.is_none());
}

#[gpui_kit::test]
fn a_question_says_how_much_of_its_change_is_not_shown(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Write it");
    it.tell(AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/list.txt"),
        preview: PermissionPreview::Diff {
            diff: FileDiff {
                path: "src/list.txt".into(),
                before: None,
                after: "one\n".repeat(1_600),
            },
            warning: Some("It is ignored by git.".to_owned()),
        },
    });
    assert!(it.is_shown("It is ignored by git."));
    assert!(it.is_shown("1000 of the 1600 lines of this change are not shown yet."));
    it.with(|window, cx| {
        window.dispatch_action(cx.build_action("agent::ShowMore", None).unwrap(), cx)
    });
    assert!(it.is_shown("400 of the 1600 lines of this change are not shown yet."));
    it.with(|window, cx| {
        window.dispatch_action(cx.build_action("agent::ShowMore", None).unwrap(), cx)
    });
    assert!(!it.is_shown("Show more lines"), "all of it is shown");
    assert!(it.is_shown("It is ignored by git."));
    assert!(it.is_shown("Allow this change?"));
}

#[gpui_kit::test]
fn keys_decide_only_after_the_question_has_been_there_a_moment(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.press("y");
    assert_eq!(
        it.sent(),
        [],
        "a letter typed as the question appears decides nothing"
    );
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn a_key_that_comes_too_early_is_said_not_to_have_answered(cx: &mut TestAppContext) {
    let again = "The question had only just appeared. Press the key again to answer.";
    for key in ["y", "a", "e", "n"] {
        let mut it = Harness::new(cx);
        it.start_turn("Test it");
        it.focus_composer();
        it.ask_to_run("cargo test");
        for other in ["x", "shift-y", "down"] {
            it.press(other);
        }
        assert!(!it.is_shown(again), "other keys answer no question");
        it.press(key);
        assert_eq!(it.sent(), [], "{key}");
        let told = it.with(|window, _| window.find_by_label(again).role());
        assert_eq!(told, Some(Role::Alert), "{key}: it is read out");
        it.cx.executor().advance_clock(Duration::from_millis(600));
        it.settle();
        it.press("n");
        let refused = PermissionAnswer::Deny { reason: None };
        assert_eq!(it.sent(), [answered(refused)], "{key}");
        assert!(!it.is_shown(again), "{key}: the question is gone with it");
        it.ask_to_run("cargo publish");
        assert!(!it.is_shown(again), "{key}: nothing was pressed yet");
    }
}

#[gpui_kit::test]
fn words_that_are_written_answer_no_question(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.wait_until_armed();
    for letter in ["w", "h", "y", "space", "n", "o", "t"] {
        it.press(letter);
        it.cx.executor().advance_clock(Duration::from_millis(200));
        it.settle();
    }
    assert_eq!(it.sent(), []);
    it.wait_until_armed();
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn the_key_that_allows_edits_allows_no_command(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.press("e");
    assert_eq!(it.sent(), []);
    assert!(it.is_shown("That key allows edits of files, and this is none."));
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn a_question_never_takes_the_keyboard_from_a_message(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.type_text("maybe");
    it.ask_to_run("rm -r build");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.with(|window, cx| window.input("y", cx));
    assert_eq!(it.composer_text(), "maybey");
    assert_eq!(it.sent(), []);
    it.press("enter");
    let reason = Some("maybey".to_owned());
    assert_eq!(it.sent(), [answered(PermissionAnswer::Deny { reason })]);
}

#[gpui_kit::test]
fn a_letter_between_two_questions_is_no_message(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.wait_until_armed();
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
    // The call runs, and the person presses for the next question already.
    it.with(|window, cx| window.input("y", cx));
    assert_eq!(it.composer_text(), "");
    it.ask_to_run("cargo publish");
    it.wait_until_armed();
    it.press("n");
    let refused = PermissionAnswer::Deny { reason: None };
    assert_eq!(it.sent(), [answered(refused)], "it has the keys");
    // Who goes to the field meanwhile writes.
    it.press("ctrl-alt-i");
    it.with(|window, cx| window.input("Leave", cx));
    assert_eq!(it.composer_text(), "Leave");
    it.press("enter");
    it.ask_to_run("cargo fmt");
    it.wait_until_armed();
    it.press("y");
    it.sent();
    it.end_turn(EndReason::Completed);
    it.with(|window, cx| window.input("Thanks", cx));
    assert_eq!(it.composer_text(), "Thanks", "the turn is over");
}

#[gpui_kit::test]
fn an_answer_by_the_mouse_leaves_the_keyboard_with_the_message(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.click_label("Allow");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
    it.with(|window, cx| window.input("And then", cx));
    assert_eq!(it.composer_text(), "And then");
}

#[gpui_kit::test]
fn who_goes_to_the_agent_comes_to_its_question(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let panel = it.panel.clone();
    // As the workbench does.
    it.with(|window, cx| {
        window.activate_window();
        ui::open::set_reveal_handler(window, cx, move |_, window, cx| {
            gpui_kit::Focusable::focus_handle(&panel, cx).focus(window, cx);
        });
    });
    let editor = it.with(|window, cx| {
        let editor = cx.focus_handle();
        editor.focus(window, cx);
        editor
    });
    it.start_turn("Test it");
    it.ask_to_run("cargo test");
    it.wait_until_armed();
    assert!(it.with(|window, _| editor.is_focused(window)));
    it.press("ctrl-alt-i");
    it.press("n");
    assert_eq!(it.sent(), [], "it may have been meant for the editor");
    it.wait_until_armed();
    it.press("n");
    let refused = PermissionAnswer::Deny { reason: None };
    assert_eq!(it.sent(), [answered(refused)]);

    // Once more leads on to the field, for words instead, and from there back.
    it.ask_to_run("cargo test");
    it.press("ctrl-alt-i");
    it.with(|window, cx| window.input("Build", cx));
    assert_eq!(it.composer_text(), "Build");
    it.press("ctrl-alt-i");
    it.with(|window, cx| window.input(" it", cx));
    assert_eq!(
        it.composer_text(),
        "Build it",
        "a message keeps the keyboard"
    );
    for _ in 0.."Build it".len() {
        it.press("backspace");
    }
    it.press("ctrl-alt-i");
    it.wait_until_armed();
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn a_list_gives_the_keyboard_back_to_what_had_it(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.with(|window, _| window.activate_window());
    it.start_turn("Test it");
    it.focus_composer();
    for list in ["ctrl-alt-/", "ctrl-alt-h"] {
        it.ask_to_run("cargo test");
        it.press(list);
        it.press("escape");
        it.wait_until_armed();
        it.press("y");
        let answers: Vec<_> = it
            .sent()
            .into_iter()
            .filter(|operation| *operation != Operation::AskForModels)
            .collect();
        assert_eq!(answers, [answered(PermissionAnswer::AllowOnce)], "{list}");
    }
    let editor = it.with(|window, cx| {
        let editor = cx.focus_handle();
        editor.focus(window, cx);
        editor
    });
    it.press("ctrl-alt-/");
    it.press("ctrl-alt-h");
    it.press("escape");
    assert!(it.with(|window, _| editor.is_focused(window)));
    it.press("ctrl-alt-/");
    it.with(|window, cx| window.input("large", cx));
    it.press("enter");
    assert!(it.with(|window, _| editor.is_focused(window)));
}

#[gpui_kit::test]
fn a_question_borrows_the_keyboard_from_what_only_shows(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let reader = it.reader.clone();
    it.start_turn("Carry out task 1.1");
    it.with(|window, cx| reader.focus(window, cx));
    it.ask_to_run("cargo test");
    it.press("n");
    assert_eq!(
        it.sent(),
        [],
        "it may have been pressed before it was asked"
    );
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.press("n");
    let refused = PermissionAnswer::Deny { reason: None };
    assert_eq!(it.sent(), [answered(refused)]);
    assert!(it.with(|window, _| reader.is_focused(window)));
}

#[gpui_kit::test]
fn a_question_that_is_withdrawn_gives_the_keyboard_back(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let reader = it.reader.clone();
    it.start_turn("Carry out task 1.1");
    it.with(|window, cx| reader.focus(window, cx));
    it.ask_to_run("cargo test");
    assert!(!it.with(|window, _| reader.is_focused(window)));
    it.tell(AgentEvent::TurnEnded {
        turn: TurnId(1),
        reason: EndReason::Cancelled,
        usage: Usage::default(),
        elapsed: Duration::ZERO,
    });
    assert!(it.with(|window, _| reader.is_focused(window)));

    // Who writes meanwhile keeps the keyboard.
    it.start_turn("Carry out task 1.1");
    it.ask_to_run("cargo test");
    it.type_text("maybe");
    it.press("enter");
    let composer = it.with({
        let panel = it.panel.clone();
        move |window, cx| gpui_kit::Focusable::focus_handle(&panel, cx).is_focused(window)
    });
    assert!(composer);
}

#[gpui_kit::test]
fn an_edit_is_shown_and_opens_where_it_changed(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Change it");
    let diff = FileDiff {
        path: "src/main.rs".into(),
        before: Some("fn main() {}\n".to_owned()),
        after: "// New\nfn main() {}\nfn more() {}\n".to_owned(),
    };
    it.tell(AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/main.rs"),
        preview: PermissionPreview::Diff {
            diff: diff.clone(),
            warning: None,
        },
    });
    assert!(it.is_shown("Allow this change?"));
    it.click_label("Allow all edits");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowAllWrites)]);
    let outcome = ToolOutcome {
        ok: true,
        summary: String::new(),
        output: String::new(),
        diff: Some(diff),
        diff_left_out: false,
    };
    it.tell(AgentEvent::ToolCallFinished {
        call_id: "c1".to_owned(),
        outcome,
    });
    it.click_label("Open src/main.rs");
    let target = OpenTarget {
        line: Some(1),
        ..OpenTarget::new(PathBuf::from(ROOT).join("src/main.rs"))
    };
    assert_eq!(*it.opened.borrow(), [target]);
}

#[gpui_kit::test]
fn a_change_is_told_to_views_of_its_file_and_decided_on_there(cx: &mut TestAppContext) {
    let hunks = vec![editor_core::Hunk {
        base_rows: 0..1,
        rows: 1..2,
    }];
    let current = "zero\none\n".to_owned();
    let part = (current.clone(), hunks.clone());
    for (decision, expected) in [
        (EditDecision::Accept, PermissionAnswer::AllowOnce),
        (
            EditDecision::Refuse,
            PermissionAnswer::Deny { reason: None },
        ),
        (
            EditDecision::AcceptLines {
                current: part.0,
                hunks: part.1,
                refused: 2,
            },
            PermissionAnswer::AllowLines {
                current,
                hunks,
                refused: 2,
            },
        ),
    ] {
        let mut it = Harness::new(cx);
        it.start_turn("Add a function");
        it.sent();
        let path = PathBuf::from(ROOT).join("src/main.rs");
        let panel = it.panel.clone();
        let proposed = |it: &mut Harness<'_>| {
            it.cx.update(|cx| {
                let model = panel.read(cx).session().read(cx).workspace().clone();
                ui::ProposedEdits::of(&model, &path, cx)
            })
        };
        let ask = |it: &mut Harness<'_>, warning: Option<String>| {
            it.tell(AgentEvent::PermissionRequested {
                id: PermissionId(7),
                call: call("c1", "fs_write", "src/main.rs"),
                preview: PermissionPreview::Diff {
                    diff: FileDiff {
                        path: "src/main.rs".into(),
                        before: Some("one\n".to_owned()),
                        after: "two\n".to_owned(),
                    },
                    warning,
                },
            });
        };
        // What is read before a decision is read in the panel.
        ask(&mut it, Some("It starts programs.".to_owned()));
        assert!(proposed(&mut it).is_none());
        ask(&mut it, None);
        let edit = proposed(&mut it).expect("a change that is told");
        assert_eq!(
            (edit.before.as_ref(), edit.after.as_ref()),
            ("one\n", "two\n")
        );
        it.with(|window, cx| edit.decide(decision.clone(), window, cx));
        assert_eq!(it.sent(), [answered(expected)]);
        assert!(proposed(&mut it).is_none(), "it is decided");
        // Once.
        it.with(|window, cx| edit.decide(decision.clone(), window, cx));
        assert!(it.sent().is_empty());
    }
}

#[gpui_kit::test]
fn what_was_refused_in_the_text_is_not_allowed_in_the_panel(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Change it");
    it.sent();
    let before = "one\ntwo\nthree\nfour\nfive\n";
    it.tell(AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/main.rs"),
        preview: PermissionPreview::Diff {
            diff: FileDiff {
                path: "src/main.rs".into(),
                before: Some(before.to_owned()),
                after: "1\ntwo\n3\nfour\n5\n".to_owned(),
            },
            warning: None,
        },
    });
    assert!(it.is_shown("Allow this change?"));
    let hunks: Vec<_> = [0, 2, 4]
        .map(|row| editor_core::Hunk {
            base_rows: row..row + 1,
            rows: row..row + 1,
        })
        .into();
    let parts: Rc<[editor_core::Hunk]> = hunks.clone().into();
    let panel = it.panel.clone();
    let decide = |it: &mut Harness<'_>, decision: Option<ui::PartDecision>| {
        it.cx.update(|cx| {
            let model = panel.read(cx).session().read(cx).workspace().clone();
            let path = PathBuf::from(ROOT).join("src/main.rs");
            let edit = ui::ProposedEdits::of(&model, &path, cx).unwrap();
            ui::ProposedEdits::decide_parts(&model, &edit, &parts, &[0], decision, cx);
        });
        it.cx.run_until_parked();
    };
    let told = "1 of 3 parts refused in the text. Allow makes the others.";
    for (decision, is_told) in [
        (Some(ui::PartDecision::Refused), true),
        (None, false),
        (Some(ui::PartDecision::Accepted), false),
        (Some(ui::PartDecision::Refused), true),
    ] {
        decide(&mut it, decision);
        assert_eq!(it.is_shown(told), is_told, "{decision:?}");
    }
    // What allows more than this change would make all of it.
    for command in ["agent.alwaysAllow", "agent.allowAllEdits"] {
        it.with(|window, cx| {
            let is_listed = Commands::get(command, cx).unwrap().is_listed(window, cx);
            assert!(!is_listed, "{command}");
            Commands::run(command, window, cx)
        });
        assert!(it.sent().is_empty(), "{command}");
    }
    assert!(it.is_shown("You refused parts of this change in the text. Allow makes the others."));
    it.click_label("Allow");
    let answer = PermissionAnswer::AllowLines {
        current: before.to_owned(),
        hunks: hunks[1..].to_vec(),
        refused: 1,
    };
    assert_eq!(it.sent(), [answered(answer)]);
}

#[gpui_kit::test]
fn a_change_is_allowed_only_once_it_is_shown(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Add a function");
    it.focus_composer();
    let diff = FileDiff {
        path: "src/main.rs".into(),
        before: Some("fn main() {}\n".to_owned()),
        after: "fn main() {}\nfn more() {}\n".to_owned(),
    };
    let asked = AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/main.rs"),
        preview: PermissionPreview::Diff {
            diff,
            warning: None,
        },
    };
    it.events.try_send(asked).unwrap();
    // Step by step, so that the question stands before its change has been compared.
    let panel = it.panel.clone();
    let asks = |it: &mut Harness<'_>| {
        let session = it.cx.read(|cx| panel.read(cx).session().clone());
        it.cx
            .read(|cx| session.read(cx).transcript().open_permission().is_some())
    };
    while !asks(&mut it) {
        assert!(it.cx.executor().tick(), "nothing asks");
    }
    let step = |it: &mut Harness<'_>, act: &dyn Fn(&mut Window, &mut App)| {
        it.cx
            .update_window(it.window, |_, window, cx| {
                window.render_frame(cx);
                act(window, cx);
            })
            .unwrap();
    };
    for label in ["Allow", "Always allow", "Allow all edits"] {
        step(&mut it, &|window, cx| {
            use gpui_kit::test::TestEventExt as _;
            assert!(window.find_all_by_label("Allow this change?").is_empty());
            let center = window.find_by_label(label).bounds().center();
            window.pointer_move(center, None, cx);
            window.pointer_down(center, gpui_kit::MouseButton::Left, cx);
            window.pointer_up(center, gpui_kit::MouseButton::Left, cx);
        });
    }
    let comparing = "The change is still being compared, so that the key answered nothing.";
    let is_told = |window: &mut Window| !window.find_all_by_label(comparing).is_empty();
    step(&mut it, &|window, _| assert!(!is_told(window)));
    step(&mut it, &|window, cx| window.press("n", cx));
    step(&mut it, &|window, _| assert!(is_told(window)));
    step(&mut it, &|window, cx| {
        window.dispatch_action(cx.build_action("agent::Allow", None).unwrap(), cx);
    });
    step(&mut it, &|window, _| assert!(is_told(window)));
    assert_eq!(it.sent(), []);

    it.settle();
    assert_eq!(it.sent(), []);
    assert!(it.is_shown("Allow this change?"));
    assert!(!it.is_shown(comparing));
    assert!(it.is_shown("The change is compared now. Press the key again to answer."));
    it.press("y");
    assert_eq!(it.sent(), [], "it has only just appeared");
    assert!(it.is_shown("The question had only just appeared. Press the key again to answer."));
    it.click_label("Allow");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn output_is_shown_on_request(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Look");
    it.tell(AgentEvent::ToolCallRunning {
        call: call("c1", "read_file", "src/main.rs"),
    });
    assert!(it.is_shown("Read src/main.rs"));
    let outcome = ToolOutcome {
        ok: true,
        summary: "1 line".to_owned(),
        output: "fn main() {}".to_owned(),
        diff: None,
        diff_left_out: false,
    };
    it.tell(AgentEvent::ToolCallFinished {
        call_id: "c1".to_owned(),
        outcome,
    });
    assert!(!it.is_shown("Output"));
    it.click_label("Read src/main.rs");
    assert!(it.is_shown("Output"));
    it.click_label("Read src/main.rs");
    assert!(!it.is_shown("Output"));
}

#[gpui_kit::test]
fn messages_wait_for_the_turn_and_then_go(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("First");
    it.type_text("Second");
    it.press("enter");
    assert!(it.is_shown("Queued: Second"));
    assert_eq!(it.sent(), []);
    it.end_turn(EndReason::Completed);
    assert_eq!(it.sent(), [prompt("Second")]);
    assert!(!it.is_shown("Queued: Second"));
}

#[gpui_kit::test]
fn after_a_stop_messages_wait_until_they_are_sent_or_taken_back(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("First");
    for message in ["Second", "Third", "Fourth"] {
        it.type_text(message);
        it.press("enter");
    }
    it.type_text("A fifth, half wri");
    it.press("escape");
    assert_eq!(it.sent(), [Operation::Cancel]);
    it.end_turn(EndReason::Cancelled);
    assert_eq!(it.sent(), []);
    assert!(it.is_shown("Stopped · 12s · 1.2k in · 34 out"));
    // Nobody's words get into what is being written.
    it.type_text("tten");
    assert_eq!(it.composer_text(), "A fifth, half written");
    it.press("enter");
    assert_eq!(it.sent(), [prompt("A fifth, half written")]);
    it.start_turn("A fifth, half written");
    it.end_turn(EndReason::Failed("The server is busy".to_owned()));

    // Enter alone sends the first, the button its own.
    it.press("enter");
    assert_eq!(it.sent(), [prompt("Second")]);
    assert!(!it.is_shown("Queued: Second") && it.is_shown("Queued: Third"));
    let send = it.with(|window, _| {
        let buttons = window.find_all_by_label("Send queued message");
        buttons.last().unwrap().bounds().center()
    });
    it.click_at(send);
    assert_eq!(it.sent(), [prompt("Fourth")]);
    it.start_turn("Fourth");
    assert!(
        !it.is_shown("Send queued message"),
        "the turn's end sends it"
    );
    it.end_turn(EndReason::Completed);
    assert_eq!(it.sent(), [prompt("Third")]);
    it.press("enter");
    assert_eq!(it.sent(), [], "nothing waits");
}

/// A session of this number.
fn session(number: u128) -> agent::SessionId {
    format!("{number:032x}").parse().unwrap()
}

fn opened(number: u128, prompts: &[&str]) -> AgentEvent {
    let items = prompts.iter().map(|text| TranscriptItem::Prompt {
        text: (*text).to_owned(),
        mode: Mode::Chat,
    });
    AgentEvent::SessionOpened {
        id: session(number),
        transcript: items.collect(),
    }
}

#[gpui_kit::test]
fn a_new_session_is_there_at_once_and_the_turn_of_the_old_one_is_stopped(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(opened(1, &[]));
    it.start_turn("Rename everything");
    it.tell(AgentEvent::Retrying {
        attempt: 1,
        delay: Duration::from_secs(20),
        reason: "The server is busy".to_owned(),
    });
    it.press("ctrl-alt-n");
    assert_eq!(it.sent(), [Operation::NewSession]);
    // Before the agent says anything.
    assert!(it.is_shown("Explain how todo works"));
    for gone in [
        "You: Rename everything",
        "Asking again in 20s (try 2)",
        "Stop",
    ] {
        assert!(!it.is_shown(gone), "{gone}");
    }
    // What is sent now is for the new one.
    it.type_text("Hello");
    it.press("enter");
    assert_eq!(it.sent(), [prompt("Hello")]);
    // The end of the old turn is none of it, and is told.
    it.tell(AgentEvent::Text {
        delta: "A late word".to_owned(),
    });
    it.end_turn(EndReason::Cancelled);
    assert!(!it.is_shown("Agent: A late word"));
    let told = "“Rename everything” was stopped. Try Again goes on with it in its session.";
    assert_eq!(it.notices(), [told]);
    it.tell(opened(2, &[]));
    it.start_turn("Hello");
    assert!(it.is_shown("You: Hello") && it.is_shown("Stop"));
    it.end_turn(EndReason::Completed);
    it.with(ui::run_notice_action);
    assert_eq!(it.sent(), [Operation::ResumeSession(session(1))]);
    it.tell(opened(1, &["Rename everything"]));
    assert!(it.is_shown("You: Rename everything"));
    assert_eq!(it.notices(), [""; 0]);
}

#[gpui_kit::test]
fn what_is_told_of_a_session_that_is_left_is_not_shown_in_the_next_one(cx: &mut TestAppContext) {
    let notice = |of: Option<u128>, message: &str| AgentEvent::Notice {
        session: of.map(session),
        level: NoticeLevel::Warning,
        message: message.to_owned(),
    };
    let mut it = Harness::new(cx);
    it.tell(opened(1, &[]));
    it.start_turn("Rename everything");
    it.tell(notice(Some(1), "Its box was not changed"));
    assert!(it.is_shown("Its box was not changed"));
    it.press("ctrl-alt-n");
    assert!(!it.is_shown("Its box was not changed"));
    it.tell(notice(Some(1), "The answer is cut off"));
    it.tell(notice(None, "The model cannot be used"));
    it.end_turn(EndReason::Cancelled);
    assert!(!it.is_shown("The answer is cut off"));
    assert!(it.is_shown("The model cannot be used"));
    it.tell(opened(2, &[]));
    it.tell(notice(Some(1), "Late"));
    it.tell(notice(Some(2), "Of this one"));
    assert!(!it.is_shown("The answer is cut off") && !it.is_shown("Late"));
    assert!(it.is_shown("The model cannot be used"), "it is still so");
    assert!(it.is_shown("Of this one"));
    // Told once, where it was told.
    it.press("ctrl-alt-n");
    it.tell(opened(3, &[]));
    assert!(!it.is_shown("The model cannot be used"));
}

#[gpui_kit::test]
fn a_message_that_the_agent_has_no_room_for_waits_and_is_not_called_stopped(
    cx: &mut TestAppContext,
) {
    let mut it = Harness::with_room_for(1, cx);
    it.tell(opened(1, &[]));
    it.type_text("First");
    it.press("enter");
    it.type_text("Second");
    it.press("enter");
    it.type_text("Third");
    it.press("enter");
    assert!(!it.text_is_shown("has stopped"));
    assert!(it.text_is_shown("send it from there in a moment"));
    assert!(it.is_shown("Queued: Second") && it.is_shown("Queued: Third"));
    assert_eq!(it.sent(), [prompt("First")]);
    it.press("enter");
    assert_eq!(it.sent(), [prompt("Second")]);
    it.press("enter");
    assert_eq!(it.sent(), [prompt("Third")]);
    assert!(!it.is_shown("Queued: Second") && !it.is_shown("Queued: Third"));

    // What is sent by itself and is not taken keeps its place.
    it.start_turn("Third");
    it.type_text("Fourth");
    it.press("enter");
    it.type_text("Fifth");
    it.press("enter");
    it.press("escape");
    assert_eq!(it.operations.len(), 1, "the room is taken");
    it.end_turn(EndReason::Completed);
    it.sent();
    it.press("enter");
    assert_eq!(it.sent(), [prompt("Fourth")]);
}

#[gpui_kit::test]
fn what_the_agent_has_no_room_for_is_handed_over_in_its_order(cx: &mut TestAppContext) {
    let mut it = Harness::with_room_for(1, cx);
    it.tell(opened(1, &[]));
    it.start_turn("Clean up");
    it.ask_to_run("rm -r target");
    let panel = it.panel.clone();
    it.with(|_, cx| {
        let session = panel.read(cx).session().clone();
        session.update(cx, |session, cx| session.send(Operation::AskForModels, cx));
    });
    it.type_text("Not the cache");
    it.press("enter");
    it.press("ctrl-alt-n");
    assert!(!it.text_is_shown("has stopped"));
    let mut taken = Vec::new();
    while let Ok(operation) = it.operations.try_recv() {
        taken.push(operation);
        it.settle();
    }
    let reason = Some("Not the cache".to_owned());
    let denied = answered(PermissionAnswer::Deny { reason });
    assert_eq!(
        taken,
        [Operation::AskForModels, denied, Operation::NewSession]
    );
}

#[gpui_kit::test]
fn what_is_sent_to_an_agent_that_has_stopped_is_not_lost(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(opened(1, &[]));
    it.operations.close();
    it.type_text("Do not lose this");
    it.press("enter");
    assert!(it.text_is_shown("The agent has stopped"));
    assert!(it.is_shown("Queued: Do not lose this"));
    let panel = it.panel.clone();
    let draft = it.with(|_, cx| panel.read(cx).draft(cx)).unwrap();
    assert_eq!(draft.waiting.len(), 1);
}

#[gpui_kit::test]
fn a_session_that_is_left_without_a_turn_is_not_told_about(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(opened(1, &[]));
    it.start_turn("First");
    it.end_turn(EndReason::Completed);
    it.press("ctrl-alt-n");
    it.tell(opened(2, &[]));
    it.start_turn("Second");
    it.end_turn(EndReason::Cancelled);
    assert_eq!(it.notices(), [""; 0]);
}

#[gpui_kit::test]
fn a_message_waits_in_its_own_session(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(opened(1, &[]));
    it.start_turn("First");
    it.type_text("And then lint it");
    it.press("enter");
    it.press("ctrl-alt-n");
    it.end_turn(EndReason::Cancelled);
    it.tell(opened(2, &[]));
    assert!(!it.is_shown("Queued: And then lint it"));
    assert_eq!(it.composer_text(), "");
    it.type_text("Hello");
    it.press("enter");
    it.start_turn("Hello");
    it.end_turn(EndReason::Completed);
    assert_eq!(it.sent(), [Operation::NewSession, prompt("Hello")]);

    // It is kept over a restart, too.
    let panel = it.panel.clone();
    let draft = it.with(|_, cx| panel.read(cx).draft(cx)).unwrap();
    drop(it);
    let mut it = Harness::new(cx);
    let panel = it.panel.clone();
    it.with(|window, cx| {
        panel.update(cx, |panel, cx| panel.restore_draft(draft, window, cx));
    });
    it.tell(opened(2, &["Hello"]));
    assert!(!it.is_shown("Queued: And then lint it"));
    it.with(|_, cx| {
        let session = panel.read(cx).session().clone();
        session.update(cx, |session, cx| session.resume(self::session(1), cx));
    });
    it.tell(opened(1, &["First"]));
    assert!(it.is_shown("Queued: And then lint it"));
    it.type_text("Wait");
    assert_eq!(it.composer_text(), "Wait");
    it.sent();
    it.start_turn("First");
    it.end_turn(EndReason::Completed);
    assert_eq!(it.sent(), [prompt("And then lint it")]);
    let draft = it.with(|_, cx| panel.read(cx).draft(cx)).unwrap();
    assert_eq!((draft.text.as_str(), draft.waiting.len()), ("Wait", 0));
}

#[gpui_kit::test]
fn a_new_session_is_a_chat_and_a_new_spec_has_a_session_of_its_own(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let mode = |it: &mut Harness| {
        let is_spec = it.with(|window, _| {
            let elements = window.elements();
            elements
                .iter()
                .any(|element| element.label() == Some("What the spec is about"))
        });
        match is_spec {
            true => Mode::Spec,
            false => Mode::Chat,
        }
    };
    it.tell(opened(1, &[]));
    // An empty session becomes that of the spec.
    it.press("ctrl-alt-shift-n");
    assert_eq!((mode(&mut it), it.sent()), (Mode::Spec, vec![]));
    it.start_turn("Due dates");
    it.end_turn(EndReason::Completed);
    it.press("ctrl-alt-n");
    assert_eq!(mode(&mut it), Mode::Chat);
    assert_eq!(it.sent(), [Operation::NewSession]);
    it.tell(opened(2, &[]));
    it.start_turn("Hello");
    it.end_turn(EndReason::Completed);
    // As the palette and the list of specs do.
    assert!(it.with(|window, cx| ui::Commands::run("agent.newSpec", window, cx)));
    it.settle();
    assert_eq!(mode(&mut it), Mode::Spec);
    assert!(!it.is_shown("You: Hello"));
    it.type_text("Reminders");
    it.press("enter");
    let spec = Operation::Prompt {
        text: "Reminders".to_owned(),
        mode: Mode::Spec,
    };
    assert_eq!(it.sent(), [Operation::NewSession, spec]);
}

#[gpui_kit::test]
fn messages_are_sent_and_taken_back_by_commands_too(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let run = |it: &mut Harness, command: &'static str| {
        assert!(it.with(|window, cx| ui::Commands::run(command, window, cx)));
        it.settle();
    };
    it.type_text("one");
    run(&mut it, "agent.send");
    assert_eq!(it.sent(), [prompt("one")]);
    it.start_turn("one");
    it.type_text("two");
    run(&mut it, "agent.send");
    assert!(it.is_shown("Queued: two"));
    it.with(|window, cx| window.blur(cx));
    run(&mut it, "agent.takeBack");
    assert!(!it.is_shown("Queued: two"));
    // It is written on where it ends.
    it.with(|window, cx| window.input(" more", cx));
    assert_eq!(it.composer_text(), "two more");
}

#[gpui_kit::test]
fn the_last_answer_is_copied_whole_from_anywhere(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let copied = |it: &mut Harness| {
        assert!(it.with(|window, cx| ui::Commands::run("agent.copyAnswer", window, cx)));
        it.settle();
        let item = it.cx.read_from_clipboard();
        item.and_then(|item| item.text())
    };
    assert_eq!(copied(&mut it), None, "there is none yet");
    it.start_turn("Explain");
    // Longer than one row.
    let delta = "A paragraph.\n\n".repeat(1_000);
    it.tell(AgentEvent::Text {
        delta: delta.clone(),
    });
    it.end_turn(EndReason::Completed);
    it.start_turn("And?");
    assert_eq!(copied(&mut it), Some(delta));
}

#[gpui_kit::test]
fn the_stop_button_stops(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    assert!(!it.is_shown("Stop"));
    it.start_turn("First");
    it.click_label("Stop");
    assert_eq!(it.sent(), [Operation::Cancel]);
}

#[gpui_kit::test]
fn a_failure_says_what_to_do_and_can_be_tried_again(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "small".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    it.start_turn("First");
    it.tell(AgentEvent::ToolCallStarted {
        call_id: "c1".into(),
        name: "read_file".into(),
    });
    let message = "acme limits the rate of requests. Try again in 20 s".to_owned();
    it.end_turn(EndReason::Failed(message.clone()));
    let alert = it.with(|window, _| window.find_by_label(&message));
    assert_eq!(alert.role(), Some(Role::Alert));
    let again = it.with(|window, _| window.find("agent-retry").bounds().center());
    it.with(|window, cx| {
        use gpui_kit::test::TestEventExt as _;
        window.pointer_down(again, gpui_kit::MouseButton::Left, cx);
        window.pointer_up(again, gpui_kit::MouseButton::Left, cx);
    });
    assert_eq!(it.sent(), [Operation::Retry]);
}

#[gpui_kit::test]
fn a_turn_that_was_cut_off_is_gone_on_with_also_above_a_notice(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "small".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    let cut_off = "Kiln ended in the middle of this turn. Try again goes on with it.";
    it.tell(AgentEvent::SessionOpened {
        id: session(1),
        transcript: vec![
            TranscriptItem::Prompt {
                text: "Test it".to_owned(),
                mode: Mode::Chat,
            },
            TranscriptItem::TurnEnded {
                reason: EndReason::Failed(cut_off.to_owned()),
                usage: Usage::default(),
                elapsed: Duration::ZERO,
                speed: None,
            },
        ],
    });
    it.tell(AgentEvent::Notice {
        session: Some(session(1)),
        level: NoticeLevel::Warning,
        message: "One line of this session's log could not be read.".to_owned(),
    });
    let button = it.with(|window, _| window.find_all_by_label("Try again")[0].bounds().center());
    it.click_at(button);
    assert_eq!(it.sent(), [Operation::Retry]);
    // What was said since has gone on from it.
    it.start_turn("Leave it");
    it.end_turn(EndReason::Completed);
    let buttons = it.with(|window, _| window.find_all_by_label("Try again").len());
    assert_eq!(buttons, 1, "that of the last turn");
}

#[gpui_kit::test]
fn a_refused_key_leads_to_where_keys_are_entered(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "small".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    it.start_turn("First");
    it.end_turn(EndReason::Failed("The server is busy".to_owned()));
    assert!(!it.is_shown("API keys…"));
    it.start_turn("Second");
    it.end_turn(EndReason::NeedsKey("acme refused the API key".to_owned()));
    // The program that has the page of keys takes the command.
    let opened = Rc::new(RefCell::new(0));
    it.cx.update(|cx| {
        let opened = opened.clone();
        cx.on_action(move |_: &OpenKeys, _| *opened.borrow_mut() += 1);
        let command = ui::CommandSpec::new("onboarding.model", "Agent", "Set Up", OpenKeys);
        ui::Commands::register(cx, [command]);
    });
    it.click_label("API keys…");
    assert_eq!(*opened.borrow(), 1);
    assert!(it.is_shown("Try again"));
}

#[gpui_kit::test]
fn without_a_model_the_panel_offers_one(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::NoModel {
        message: "There is no model.".to_owned(),
        missing: None,
        unreadable_keys: None,
    });
    assert!(it.is_shown("Get the embedded model"));
    assert!(it.is_shown("Add an API key"));
    assert!(!it.is_shown("Try again"));
    assert!(!it.is_shown("Run the tests and fix what fails"));
}

#[gpui_kit::test]
fn that_the_model_of_last_time_is_away_is_told(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let told = "The model ollama/m, which was in use last, is not there now.";
    it.tell(AgentEvent::NoModel {
        message: format!("{told} Start it."),
        missing: Some(told.to_owned()),
        unreadable_keys: None,
    });
    let alert = it.with(|window, _| window.find_by_label(told));
    assert_eq!(alert.role(), Some(Role::Alert));
    assert!(it.is_shown("Add an API key"));
}

#[gpui_kit::test]
fn keys_that_cannot_be_read_are_told_and_read_again(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let told = "The key of acme cannot be read. The system's keyring is locked.";
    let no_model = || AgentEvent::NoModel {
        message: format!("{told} There is no model."),
        missing: None,
        unreadable_keys: Some(told.to_owned()),
    };
    it.tell(no_model());
    let alert = it.with(|window, _| window.find_by_label(told));
    assert_eq!(alert.role(), Some(Role::Alert));
    it.click_label("Try again");
    // Nothing that may cost money takes a place for that.
    assert_eq!(it.sent(), [Operation::FindModel(LookReason::Changed)]);
    // Who asked all the same tries the question again.
    it.start_turn("First");
    it.tell(no_model());
    it.end_turn(EndReason::Failed(told.to_owned()));
    let again = it.with(|window, _| window.find("agent-retry").bounds().center());
    it.click_at(again);
    assert_eq!(it.sent(), [Operation::Retry]);
}

#[gpui_kit::test]
fn the_list_of_models_says_which_keys_cannot_be_read(cx: &mut TestAppContext) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, "{").unwrap();
    let locked = ProviderConfig {
        name: "locked".into(),
        protocol: Protocol::OpenAiChat,
        base_url: "https://locked.example".parse().unwrap(),
        key: KeySource::Stored {
            account: "locked".into(),
        },
        models: vec![ModelInfo::named("one")],
        list: ModelList::Named,
    };
    let keys = KeyStore::file_only(file.clone());
    let mut it = Harness::new(cx);
    let models = it.models();
    models.replace_providers(Catalog::new(vec![locked], keys));
    it.click_label("Model: Choose a model");
    let told = |it: &mut Harness| {
        it.with(|window, _| {
            let mut labels = window.elements().into_iter();
            labels.any(|element| {
                let label = element.label().unwrap_or_default().to_owned();
                label.starts_with("The key of locked cannot be read. The key file ")
            })
        })
    };
    assert!(told(&mut it) && !it.is_shown("one"));
    std::fs::write(&file, "{\"locked\": \"k\"}").unwrap();
    it.click_label("Read the keys again");
    assert!(!told(&mut it) && it.is_shown("one"));
}

/// A name that is longer than any list is wide.
const LONG_NAME: &str =
    "meta-llama/llama-4-maverick-17b-128e-instruct-fp8-dynamic-extended-context-preview-2026-10";

#[gpui_kit::test]
fn a_long_name_leaves_its_provider_in_sight(cx: &mut TestAppContext) {
    let mut it = Harness::sized(260., cx);
    let models = it.models();
    let house = ProviderConfig {
        name: "house".into(),
        protocol: Protocol::OpenAiChat,
        base_url: "http://127.0.0.1:9999".parse().unwrap(),
        key: KeySource::NotNeeded,
        models: vec![ModelInfo::named(LONG_NAME)],
        list: ModelList::Named,
    };
    models.replace_providers(Catalog::new(vec![house], KeyStore::nothing()));
    it.tell(AgentEvent::ModelChanged {
        id: format!("house/{LONG_NAME}").parse().unwrap(),
        // As where another provider has one of the same name.
        display_name: format!("house/{LONG_NAME}"),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    let [button, provider, name] = it.with(|window, _| {
        ["agent-model", "agent-model-provider", "agent-model-name"]
            .map(|id| window.find(id).bounds())
    });
    assert!(provider.right() <= name.left() && name.right() < button.right());
    assert!(name.size.width > px(20.), "{name:?}");
    it.with(|window, cx| assert!(ui::Commands::run("agent.selectModel", window, cx)));
    it.settle();
    let [row, detail] = it.with(|window, _| {
        ["choice", "choice-detail"].map(|id| window.find((id, 0_usize)).bounds())
    });
    assert!(detail.right() <= row.right(), "{row:?} {detail:?}");
    assert!(detail.size.width > px(20.), "{detail:?}");
    // Without the long name beside it, it is as wide.
    let whole = detail.size.width;
    models.replace_providers(Catalog::new(
        vec![ProviderConfig {
            models: vec![ModelInfo::named("m")],
            ..models.catalog().providers()[0].clone()
        }],
        KeyStore::nothing(),
    ));
    it.settle();
    let detail = it.with(|window, _| window.find(("choice-detail", 0_usize)).bounds());
    assert_eq!(detail.size.width, whole);
}

#[gpui_kit::test]
fn a_suggestion_leaves_what_is_written(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.type_text("Mind the parser");
    it.click_label("Plan a feature for todo as a spec");
    assert_eq!(it.composer_text(), "Mind the parser");
    it.click_label("Run the tests and fix what fails");
    assert_eq!(it.sent(), [], "nothing is sent that is still being written");
    let text = it.composer_text();
    assert!(text.starts_with("Mind the parser\n\n"), "{text}");
    assert!(text.contains("cargo test"), "{text}");
}

#[gpui_kit::test]
fn suggestions_fit_the_project(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    assert!(it.is_shown("Explain how todo works"));
    it.click_label("Plan a feature for todo as a spec");
    assert_eq!(it.sent(), [], "a spec needs words first");
    it.with(|window, cx| window.input("Due dates", cx));
    it.press("enter");
    let text = "Due dates".to_owned();
    assert_eq!(
        it.sent(),
        [Operation::Prompt {
            text,
            mode: Mode::Spec
        }]
    );
    it.click_label("Run the tests and fix what fails");
    assert!(
        matches!(&it.sent()[..], [Operation::Prompt { text, mode: Mode::Chat }]
        if text.contains("cargo test"))
    );
}

#[gpui_kit::test]
fn a_question_about_lines_of_a_text_is_sent_with_them(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let question = ui::AgentQuestion {
        instruction: "Name it better".to_owned(),
        path: Some(PathBuf::from(ROOT).join("src/main.rs")),
        language: "rust",
        lines: 1..2,
        code: Some("fn main() {}".to_owned()),
    };
    it.with(|window, cx| assert!(ui::ask_agent(question, window, cx)));
    let text =
        "Name it better\n\nThis is about line 1 of `src/main.rs`:\n\n```rust\nfn main() {}\n```";
    let expected = Operation::Prompt {
        text: text.to_owned(),
        mode: Mode::Chat,
    };
    assert_eq!(it.sent(), [expected]);
}

#[gpui_kit::test]
fn a_model_is_chosen_from_the_list(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.click_label("Model: Choose a model");
    it.click_label("large");
    let large = "acme/large".parse().unwrap();
    let large = Operation::SelectModel(large);
    assert_eq!(it.sent(), [Operation::AskForModels, large]);
    assert!(!it.is_shown("Models"), "the list closes");
    it.tell(AgentEvent::ModelChanged {
        id: "acme/large".parse().unwrap(),
        display_name: "large".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    it.click_label("Model: large");
    it.press("down");
    it.press("up");
    it.press("escape");
    assert!(!it.is_shown("Models"));
    assert_eq!(it.sent(), [Operation::AskForModels]);
}

#[gpui_kit::test]
fn the_list_follows_what_servers_say_and_takes_a_typed_name(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let models = it.models();
    let work = |list: ModelList, names: &[&str]| {
        let provider = ProviderConfig {
            name: "work".into(),
            protocol: Protocol::OpenAiChat,
            base_url: "https://work.example".parse().unwrap(),
            key: KeySource::Given(Secret::new("k")),
            models: names.iter().map(|name| ModelInfo::named(name)).collect(),
            list,
        };
        Catalog::new(vec![provider], KeyStore::nothing())
    };
    models.replace_providers(work(ModelList::Unasked, &[]));
    it.click_label("Model: Choose a model");
    assert_eq!(it.sent(), [Operation::AskForModels]);
    assert!(it.is_shown("Asking work for its models…"));

    models.replace_providers(work(ModelList::Listed, &["big", "tiny"]));
    it.settle();
    assert!(it.is_shown("big") && it.is_shown("tiny"));
    assert!(!it.is_shown("Asking work for its models…"));

    let reason = "does not list its models (404)".to_owned();
    models.replace_providers(work(ModelList::Unlisted(reason), &[]));
    it.settle();
    assert!(it.is_shown("work does not list its models (404)."));
    it.with(|window, cx| window.input("special", cx));
    assert!(it.is_shown("special"));
    it.press("enter");
    let special = Operation::SelectModel("work/special".parse().unwrap());
    assert_eq!(it.sent(), [special]);
}

#[gpui_kit::test]
fn an_open_list_closes_for_the_message_field_and_for_whatever_else_takes_the_keyboard(
    cx: &mut TestAppContext,
) {
    let mut it = Harness::new(cx);
    // Only of an active window is told what has the keyboard.
    it.with(|window, _| window.activate_window());
    it.focus_composer();
    for (open, list) in [("ctrl-alt-/", "Models"), ("ctrl-alt-h", "Sessions")] {
        it.press(open);
        assert!(it.is_shown(list));
        it.press("ctrl-alt-i");
        assert!(!it.is_shown(list));
        it.with(|window, cx| window.input("m", cx));
    }
    assert_eq!(it.composer_text(), "mm");
    it.press("ctrl-alt-/");
    it.press("ctrl-alt-h");
    assert!(it.is_shown("Sessions") && !it.is_shown("Models"));
    let elsewhere = it.with(|window, cx| {
        let elsewhere = cx.focus_handle();
        elsewhere.focus(window, cx);
        elsewhere
    });
    assert!(!it.is_shown("Sessions"));
    let kept = it.with(|window, _| elsewhere.is_focused(window));
    assert!(kept, "what took the keyboard has it");
}

#[gpui_kit::test]
fn a_draft_comes_back_with_what_it_is_for(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.type_text("Let tasks have due dates");
    it.click_label("Spec");
    let panel = it.panel.clone();
    let draft = it.with(|_, cx| panel.read(cx).draft(cx)).unwrap();
    drop(it);
    let mut it = Harness::new(cx);
    let panel = it.panel.clone();
    it.with(|window, cx| {
        panel.update(cx, |panel, cx| panel.restore_draft(draft, window, cx));
    });
    it.focus_composer();
    it.press("enter");
    let sent = Operation::Prompt {
        text: "Let tasks have due dates".to_owned(),
        mode: Mode::Spec,
    };
    assert_eq!(it.sent(), [sent]);
}

#[gpui_kit::test]
fn a_past_turn_of_a_local_model_tells_its_speed_after_a_restart(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let turn = |speed: Option<agent::Speed>| {
        [
            TranscriptItem::Prompt {
                text: "Hello".to_owned(),
                mode: Mode::Chat,
            },
            TranscriptItem::TurnEnded {
                reason: EndReason::Completed,
                usage: Usage::default(),
                elapsed: Duration::from_secs(12),
                speed,
            },
        ]
    };
    let speed = agent::Speed {
        tokens_per_second: 14.2,
        memory_bytes: 620_000_000,
    };
    it.tell(AgentEvent::SessionOpened {
        id: "0f8fad5b-d9cb-469f-a165-70867728950e".parse().unwrap(),
        transcript: [turn(Some(speed)), turn(None)].concat(),
    });
    assert!(it.is_shown("12s · 14 tok/s · 620 MB"));
    assert!(it.is_shown("12s"), "the other turn had another model");
}

#[gpui_kit::test]
fn why_a_request_is_sent_again_is_told_whole(cx: &mut TestAppContext) {
    let mut it = Harness::sized(260., cx);
    it.start_turn("Hello?");
    let reason = "OpenAI limits the rate of requests: Rate limit reached for gpt-5 in the \
                  organization on tokens per minute: limit 30000, used 29500, requested 1200";
    it.tell(AgentEvent::Retrying {
        attempt: 1,
        delay: Duration::from_secs(4),
        reason: reason.to_owned(),
    });
    assert!(it.is_shown("Asking again in 4s (try 2)"));
    let (bounds, window) = it.with(|window, _| {
        (
            window.find_by_label(reason).bounds(),
            window.viewport_size().width,
        )
    });
    assert!(bounds.right() <= window);
    assert!(bounds.size.height > px(60.), "it takes several lines");
}

#[gpui_kit::test]
fn a_long_list_of_models_shows_its_beginning_and_finds_the_rest(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let models = it.models();
    let names: Vec<ModelInfo> = (0..500)
        .map(|number| ModelInfo::named(&format!("model-{number:03}")))
        .collect();
    let provider = ProviderConfig {
        models: names,
        ..models.catalog().providers()[0].clone()
    };
    models.replace_providers(Catalog::new(vec![provider], KeyStore::nothing()));
    it.click_label("Model: Choose a model");
    assert!(it.is_shown("model-099") && !it.is_shown("model-100"));
    // Beside the models there is the way to others.
    assert!(it.is_shown("401 more: type some letters of one."));
    it.with(|window, cx| window.input("acme/model-4 77", cx));
    assert!(it.is_shown("model-477") && !it.is_shown("model-099"));
}

#[gpui_kit::test]
fn words_that_cannot_be_kept_are_not_sent_and_come_back(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let why = "The session could not be written, so that nothing was sent.";
    it.type_text("a long question");
    it.press("enter");
    assert_eq!(it.sent(), [prompt("a long question")]);
    it.start_turn("a long question");
    assert_eq!(it.composer_text(), "");
    it.end_turn(EndReason::NotBegun(why.to_owned()));
    let alert = it.with(|window, _| {
        window.find_all_by_role(Role::Alert)[0]
            .label()
            .unwrap()
            .to_owned()
    });
    assert!(alert.contains(why), "{alert}");
    assert_eq!(it.composer_text(), "a long question");
    // Once is enough.
    it.press("ctrl-alt-r");
    assert_eq!(it.sent(), [Operation::Retry]);
    assert_eq!(it.composer_text(), "");

    // What is written meanwhile stays, behind it; an end of another kind gives nothing back.
    it.start_turn("a long question");
    it.end_turn(EndReason::Failed("The server is busy".to_owned()));
    assert_eq!(it.composer_text(), "");
    it.type_text("one");
    it.press("enter");
    it.start_turn("one");
    it.type_text("two");
    it.end_turn(EndReason::NotBegun(why.to_owned()));
    assert_eq!(it.composer_text(), "one\n\ntwo");
}

#[gpui_kit::test]
fn a_history_that_cannot_be_read_is_not_called_empty(cx: &mut TestAppContext) {
    let temp = tempfile::tempdir().unwrap();
    let sessions = temp.path().join("sessions");
    std::fs::write(&sessions, "a file in the way").unwrap();
    let operations = async_channel::unbounded();
    let mut it = Harness::build_with_sessions(sessions.clone(), 420., operations, cx);
    it.focus_composer();
    it.press("ctrl-alt-h");
    let told = it.with(|window, _| {
        let alerts = window.find_all_by_role(Role::Alert).into_iter();
        let labels = alerts.filter_map(|alert| alert.label().map(str::to_owned));
        labels.collect::<Vec<_>>()
    });
    let [told] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(told.starts_with("Past sessions cannot be listed"), "{told}");
    let remedy = format!("{} is a file in the place of a folder", sessions.display());
    assert!(told.contains(&remedy), "{told}");
}

#[cfg(unix)]
#[gpui_kit::test]
fn why_a_log_cannot_be_read_is_seen_whole_in_the_history(cx: &mut TestAppContext) {
    let temp = tempfile::tempdir().unwrap();
    let sessions = temp.path().join("sessions");
    // The folder of the project is the one that is named where it cannot be listed.
    std::fs::write(&sessions, "in the way").unwrap();
    let listed = agent::list_sessions(&sessions, ROOT.as_ref()).unwrap_err();
    let named = listed.to_string();
    let (_, named) = named.split_once("the folder ").unwrap();
    let folder = PathBuf::from(named.split_once(" that they").unwrap().0);
    std::fs::remove_file(&sessions).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let log = folder.join(format!("{}.jsonl", agent::SessionId::generate()));
    std::os::unix::fs::symlink("gone", &log).unwrap();
    let operations = async_channel::unbounded();
    let mut it = Harness::build_with_sessions(sessions, 420., operations, cx);
    it.focus_composer();
    it.press("ctrl-alt-h");
    let told = it.with(|window, _| {
        let labels = window.find_all_by_role(Role::Label).into_iter();
        let labels = labels.filter(|label| label.label().is_some_and(|it| it.contains("nowhere")));
        let found = labels.map(|label| (label.label().unwrap().to_owned(), label.bounds()));
        found.collect::<Vec<_>>()
    });
    let [(told, bounds)] = &told[..] else {
        panic!("{told:?}");
    };
    let remedy = "is a link that leads nowhere: put back what it leads to, or remove it.";
    assert!(told.ends_with(remedy) && told.contains(&log.display().to_string()));
    // It takes as many lines as it needs.
    assert!(bounds.size.height > px(40.), "{bounds:?}");
}

#[gpui_kit::test]
fn an_empty_history_says_so_and_closes(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.focus_composer();
    it.press("ctrl-alt-h");
    assert!(it.is_shown("Sessions"));
    it.press("escape");
    assert!(!it.is_shown("Sessions"));
    it.press("ctrl-alt-n");
    assert_eq!(it.sent(), [Operation::NewSession]);
}

fn printed(output: &str) -> AgentEvent {
    AgentEvent::ToolOutput {
        call_id: "c1".to_owned(),
        output: output.into(),
    }
}

fn finished(ok: bool, output: &str) -> AgentEvent {
    AgentEvent::ToolCallFinished {
        call_id: "c1".to_owned(),
        outcome: ToolOutcome {
            ok,
            summary: "It is over".to_owned(),
            output: output.to_owned(),
            diff: None,
            diff_left_out: false,
        },
    }
}

impl Harness<'_> {
    fn run_command(&mut self, command: &str) {
        self.start_turn("Test it");
        self.tell(AgentEvent::ToolCallRunning {
            call: call("c1", "execute_bash", command),
        });
    }

    /// What the open card of a command shows of its output; `None` where it is closed.
    fn shown_output(&mut self) -> Option<String> {
        self.with(|window, _| {
            let shown = window.find_all_by_label("Output");
            let value = shown.first()?.value().unwrap_or_default();
            Some(value.to_owned())
        })
    }
}

#[gpui_kit::test]
fn a_running_command_shows_what_it_prints_and_is_opened_and_closed(cx: &mut TestAppContext) {
    let header = "Output of Run cargo test";
    // Where it was left alone, it closes when all went well, and stays where it did not.
    for (ok, stays) in [(true, None), (false, Some("one\ntwo\n[exit code 1]"))] {
        let mut it = Harness::new(cx);
        it.run_command("cargo test");
        assert_eq!(it.shown_output(), None, "there is nothing yet");
        it.tell(printed("one\n"));
        assert_eq!(it.shown_output().as_deref(), Some("one"));
        it.tell(printed("one\ntwo\n"));
        assert_eq!(it.shown_output().as_deref(), Some("one\ntwo"));
        it.tell(finished(ok, "one\ntwo\n[exit code 1]"));
        assert_eq!(it.shown_output().as_deref(), stays);
    }
    // As the user leaves it, it stays.
    for ok in [true, false] {
        let mut it = Harness::new(cx);
        it.run_command("cargo test");
        it.click_label(header);
        assert_eq!(it.shown_output().as_deref(), Some(""), "nothing is printed");
        assert!(it.with(|window, _| window.find_by_label(header).expanded()) == Some(true));
        it.tell(printed("one\n"));
        it.tell(finished(ok, "one\ntwo"));
        assert_eq!(it.shown_output().as_deref(), Some("one\ntwo"));

        let mut it = Harness::new(cx);
        it.run_command("cargo test");
        it.tell(printed("one\n"));
        it.click_label(header);
        assert_eq!(it.shown_output(), None);
        it.tell(printed("one\ntwo\n"));
        assert_eq!(it.shown_output(), None);
        it.tell(finished(ok, "one\ntwo"));
        assert_eq!(it.shown_output(), None);
    }
}

#[gpui_kit::test]
fn the_end_of_a_running_commands_output_stays_in_sight_unless_scrolled_away(
    cx: &mut TestAppContext,
) {
    let lines = |count: usize| -> String { (1..=count).map(|line| format!("{line}\n")).collect() };
    let mut it = Harness::new(cx);
    it.run_command("cargo test");
    it.tell(printed(&lines(40)));
    let top = |it: &mut Harness<'_>| {
        let panel = it.panel.clone();
        it.with(|_, cx| panel.read(cx).output_scrolled(1)).unwrap()
    };
    let (at, most) = top(&mut it);
    assert!(most > px(100.) && at == most, "{at:?} of {most:?}");
    it.tell(printed(&lines(60)));
    let (at, most) = top(&mut it);
    assert!(most > px(400.) && at == most, "{at:?} of {most:?}");
    // The wheel over the output, upwards.
    let output = it.with(|window, _| window.find_by_label("Output").bounds().center());
    let wheel = ScrollEvent {
        position: output,
        delta: ScrollDelta::Pixels(point(px(0.), px(120.))),
        ..ScrollEvent::default()
    };
    it.with(|window, cx| window.dispatch_event(wheel.to_platform_input(), cx));
    let (left_at, _) = top(&mut it);
    assert!((at - left_at - px(120.)).abs() < px(1.), "{left_at:?}");
    it.tell(printed(&lines(80)));
    let (at, most) = top(&mut it);
    assert_eq!(at, left_at, "it is being read");
    assert!(most > px(700.));
    // And it does not close under the reader's eyes.
    it.tell(finished(true, &lines(80)));
    assert!(it.shown_output().is_some());
}

#[gpui_kit::test]
fn a_running_command_is_stopped_from_its_card(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.run_command("sleep 1000");
    it.tell(printed("one\n"));
    it.click_label("Stop this command and the turn");
    assert_eq!(it.sent(), [Operation::Cancel]);
    assert!(it.shown_output().is_some(), "the card was not closed");
    it.tell(finished(false, "one\n[stopped by the user]"));
    it.end_turn(EndReason::Cancelled);
    assert!(!it.is_shown("Stop this command and the turn"));
}

#[gpui_kit::test]
fn a_call_that_waits_shows_what_it_is_and_says_so(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    for (id, name, title) in [
        ("c1", "execute_bash", "cargo test"),
        ("c2", "execute_bash", "cargo clippy"),
        ("c3", "fs_write", "src/main.rs"),
    ] {
        it.tell(AgentEvent::ToolCallStarted {
            call_id: id.to_owned(),
            name: name.to_owned(),
        });
        it.tell(AgentEvent::ToolCallWaiting {
            call: call(id, name, title),
        });
    }
    let saying = |it: &mut Harness<'_>, what: &str| {
        it.with(|window, _| window.find_all_by_label(what).len())
    };
    assert_eq!(saying(&mut it, "Waits for the end of the answer"), 1);
    it.tell(AgentEvent::ToolCallRunning {
        call: call("c1", "execute_bash", "cargo test"),
    });
    assert!(it.is_shown("Run cargo clippy") && it.is_shown("Open src/main.rs"));
    assert_eq!(saying(&mut it, "Waits for the call above"), 2);
    it.tell(finished(true, "ok"));
    it.tell(AgentEvent::PermissionRequested {
        id: PermissionId(8),
        call: call("c2", "execute_bash", "cargo clippy"),
        preview: PermissionPreview::Command {
            command: "cargo clippy".to_owned(),
            cwd: ROOT.into(),
            warning: None,
        },
    });
    assert_eq!(saying(&mut it, "Waits for your decision above"), 1);
}

#[gpui_kit::test]
fn a_flood_of_output_is_drawn_within_bounds(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.run_command("yes");
    for round in 0..50 {
        let long = format!("{round}{}\nlast {round}\n", "x".repeat(200_000));
        it.events.try_send(printed(&long)).unwrap();
    }
    it.tell(printed(&"y\n".repeat(20_000)));
    let shown = it.shown_output().unwrap();
    assert!(
        shown.ends_with("y\ny") && shown.len() <= 2_000,
        "{}",
        shown.len()
    );
    // A late word of a command that is over changes nothing.
    it.tell(finished(true, "done"));
    it.end_turn(EndReason::Completed);
    it.tell(printed("late"));
    assert_eq!(it.shown_output(), None);
}

#[gpui_kit::test]
fn a_long_conversation_draws_only_what_is_in_sight(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Count");
    for index in 0..2_000 {
        let id = format!("c{index}");
        let title = format!("src/{index}.rs");
        it.events
            .try_send(AgentEvent::ToolCallRunning {
                call: call(&id, "read_file", &title),
            })
            .unwrap();
    }
    it.tell(AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Info,
        message: "Done".to_owned(),
    });
    let drawn = it.with(|window, _| {
        window
            .elements()
            .into_iter()
            .filter(|element| {
                element
                    .label()
                    .is_some_and(|label| label.starts_with("Read src/"))
            })
            .count()
    });
    assert!((10..120).contains(&drawn), "{drawn} rows drawn");
    assert!(it.is_shown("Read src/1999.rs"), "it follows the end");
}

#[gpui_kit::test]
fn a_key_in_the_composer_leaves_a_long_conversation_as_it_was_drawn(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Tell me all");
    let delta = "A paragraph of some words, and `code` in it.\n\n".repeat(4_000);
    it.tell(AgentEvent::Text { delta });
    it.end_turn(EndReason::Completed);
    it.focus_composer();
    // From here on only what has changed is drawn, as in a window.
    let window = it.window;
    let drawn = |it: &mut Harness| it.cx.read(|cx| it.panel.read(cx).rows_drawn());
    it.cx.simulate_keystrokes(window, "h");
    let before = drawn(&mut it);
    assert!(before > 0);
    it.cx.simulate_keystrokes(window, "e l l o backspace left");
    assert_eq!(drawn(&mut it), before, "rows were laid out again");

    let wheel = ScrollEvent {
        position: point(px(200.), px(200.)),
        delta: ScrollDelta::Pixels(point(px(0.), px(3_000.))),
        ..ScrollEvent::default()
    };
    it.cx
        .update_window(window, |_, window, cx| {
            window.dispatch_event(wheel.to_platform_input(), cx);
        })
        .unwrap();
    it.cx.run_until_parked();
    let scrolled = drawn(&mut it);
    assert!(scrolled > before, "scrolling shows other rows");
    let notice = AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Info,
        message: "Saved".to_owned(),
    };
    it.events.try_send(notice).unwrap();
    it.cx.run_until_parked();
    assert!(drawn(&mut it) > scrolled, "a new row is laid out");
    assert_eq!(it.composer_text(), "hell");
}

#[gpui_kit::test]
fn the_agent_stopping_is_said(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("First");
    it.events.close();
    it.settle();
    let alert = it.with(|window, _| window.find_all_by_role(Role::Alert));
    assert_eq!(alert.len(), 1);
    assert!(
        alert[0]
            .label()
            .is_some_and(|label| label.starts_with("The agent has stopped."))
    );
    assert!(!it.is_shown("Stop"));
}

#[gpui_kit::test]
fn the_time_of_a_turn_stands_still_while_a_decision_is_open(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let panel = it.panel.clone();
    let worked = |it: &mut Harness| {
        it.with(|_, cx| panel.read(cx).session().read(cx).turn_worked())
            .unwrap()
    };
    it.start_turn("go");
    let before = worked(&mut it);
    assert!(worked(&mut it) > before);
    it.ask_to_run("make");
    let asked = worked(&mut it);
    assert_eq!(worked(&mut it), asked);
    it.click_label("Deny");
    assert!(worked(&mut it) > asked, "it goes on with the answer");
}

#[gpui_kit::test]
fn a_list_of_models_has_the_keyboard_also_where_the_panel_is_revealed_for_it(
    cx: &mut TestAppContext,
) {
    let mut it = Harness::new(cx);
    let panel = it.panel.clone();
    // As the workbench does.
    it.with(|window, cx| {
        ui::open::set_reveal_handler(window, cx, move |_, window, cx| {
            gpui_kit::Focusable::focus_handle(&panel, cx).focus(window, cx);
        });
    });
    it.focus_composer();
    it.press("ctrl-alt-/");
    assert!(it.is_shown("Models"));
    it.with(|window, cx| window.input("large", cx));
    assert_eq!(it.composer_text(), "");
    it.press("enter");
    let chosen = Operation::SelectModel("acme/large".parse().unwrap());
    assert_eq!(it.sent(), [Operation::AskForModels, chosen]);
    assert!(!it.is_shown("Models"));
    it.press("ctrl-alt-/");
    it.press("escape");
    assert!(!it.is_shown("Models"));
    it.with(|window, cx| window.input("typed again", cx));
    assert_eq!(it.composer_text(), "typed again");
}

#[gpui_kit::test]
fn the_keys_of_a_question_work_from_its_buttons_and_after_a_retry(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "small".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    it.start_turn("Test it");
    it.end_turn(EndReason::Failed("The server is busy".to_owned()));
    let button = it.with(|window, _| window.find_all_by_label("Try again")[0].bounds().center());
    it.click_at(button);
    assert_eq!(it.sent(), [Operation::Retry]);
    it.start_turn("Test it");
    it.ask_to_run("cargo test");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    // To another button of the question.
    it.press("tab");
    it.press("tab");
    it.press("y");
    assert_eq!(it.sent(), [answered(PermissionAnswer::AllowOnce)]);
}

#[gpui_kit::test]
fn a_press_beside_a_question_leaves_it_no_letters_until_it_has_the_focus(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.tell(AgentEvent::Text {
        delta: "I will run the tests.".to_owned(),
    });
    it.focus_composer();
    it.ask_to_run("cargo test");
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    it.click_label("Agent: I will run the tests.");
    for letter in ["e", "y", "n", "a"] {
        it.press(letter);
    }
    assert_eq!(it.sent(), [], "what is typed after a click is no answer");
    assert!(it.text_is_shown("The keyboard was not in the question."));
    // The question's own words.
    let question = it.with(|window, _| window.find_by_label("Run this command?").bounds());
    it.click_at(question.origin + point(px(20.), px(14.)));
    it.press("n");
    let refused = PermissionAnswer::Deny { reason: None };
    assert_eq!(it.sent(), [answered(refused)]);
}

#[gpui_kit::test]
fn an_answer_that_is_held_down_stays_under_the_pointer(cx: &mut TestAppContext) {
    use gpui_kit::test::TestEventExt as _;
    let mut it = Harness::new(cx);
    it.start_turn("Test it");
    it.ask_to_run("cargo test");
    it.with(|window, cx| {
        window.blur(cx);
        window.render_frame(cx);
    });
    it.cx.executor().advance_clock(Duration::from_millis(600));
    it.settle();
    // With the keyboard elsewhere the letters are not there.
    let before = it.with(|window, _| window.find_by_label("Deny").bounds());
    let near_its_edge = before.origin + point(px(3.), px(12.));
    it.with(|window, cx| {
        window.pointer_move(near_its_edge, None, cx);
        window.pointer_down(near_its_edge, gpui_kit::MouseButton::Left, cx);
    });
    it.settle();
    let held = it.with(|window, _| window.find_by_label("Deny").bounds());
    assert_eq!(held, before, "the press gave the question the keyboard");
    it.with(|window, cx| {
        window.pointer_up(near_its_edge, gpui_kit::MouseButton::Left, cx);
    });
    let refused = PermissionAnswer::Deny { reason: None };
    assert_eq!(it.sent(), [answered(refused)]);
}

#[gpui_kit::test]
fn a_press_anywhere_on_the_card_that_asks_keeps_its_letters(cx: &mut TestAppContext) {
    let command = "cargo test";
    let diff = FileDiff {
        path: "src/main.rs".into(),
        before: Some("fn main() {}\n".to_owned()),
        after: "fn main() {}\nfn more() {}\n".to_owned(),
    };
    let edit = AgentEvent::PermissionRequested {
        id: PermissionId(7),
        call: call("c1", "fs_write", "src/main.rs"),
        preview: PermissionPreview::Diff {
            diff,
            warning: None,
        },
    };
    for asks_to_edit in [false, true] {
        for at in [0.1, 0.4, 0.6, 0.95] {
            let mut it = Harness::new(cx);
            it.start_turn("Test it");
            it.focus_composer();
            match asks_to_edit {
                true => it.tell(edit.clone()),
                false => it.ask_to_run(command),
            }
            it.cx.executor().advance_clock(Duration::from_millis(600));
            it.settle();
            let name = match asks_to_edit {
                true => "Write src/main.rs",
                false => "Run cargo test",
            };
            let card = it.with(|window, _| window.find_by_label(name).bounds());
            // At its right, where no button is.
            let height = card.size.height * at;
            it.click_at(card.origin + point(card.size.width - px(8.), height));
            // Its upper edge is the name of the file, which opens that.
            let opens = asks_to_edit && at < 0.2;
            assert_eq!(
                it.opened.borrow().len(),
                usize::from(opens),
                "{name} at {at}"
            );
            if opens {
                continue;
            }
            it.press("y");
            let allowed = answered(PermissionAnswer::AllowOnce);
            assert_eq!(it.sent(), [allowed], "{name} at {at}");
        }
    }
}

#[gpui_kit::test]
fn a_narrow_panel_keeps_its_controls_apart_and_says_where_a_command_runs(cx: &mut TestAppContext) {
    for width in [180., 220., 320., 420.] {
        let mut it = Harness::sized(width, cx);
        it.tell(AgentEvent::ModelChanged {
            id: "local/qwen".parse().unwrap(),
            display_name: "Qwen2.5 Coder 0.5B Instruct".to_owned(),
            local: true,
            choice: agent::ModelChoice::Asked,
        });
        it.tell(AgentEvent::Speed {
            tokens_per_second: 34.,
            memory_bytes: 1_300_000_000,
        });
        it.start_turn("Test it");
        it.ask_to_run("cargo test");
        let inside = |it: &mut Harness<'_>, label: &str| {
            let bounds = it.with(|window, _| window.find_by_label(label).bounds());
            assert!(
                bounds.left() >= px(0.)
                    && bounds.right() <= px(width)
                    && bounds.size.width > px(20.),
                "{label} at {width}: {bounds:?}"
            );
            bounds
        };
        let model = inside(&mut it, "Model: Qwen2.5 Coder 0.5B Instruct");
        assert!(model.size.width >= px(80.), "{model:?}");
        for label in ["Stop", "Chat", "Spec"] {
            let other = inside(&mut it, label);
            assert!(!model.intersects(&other), "{label} at {width}");
        }
        let folder = inside(&mut it, "in /home/me/todo");
        assert!(folder.size.width >= px(90.), "{folder:?} at {width}");
    }
}

#[gpui_kit::test]
fn the_answers_to_a_question_stand_side_by_side_in_a_panel_of_usual_width(cx: &mut TestAppContext) {
    for width in [320., 340., 380., 420.] {
        let mut it = Harness::sized(width, cx);
        it.start_turn("Test it");
        it.focus_composer();
        it.ask_to_run("cargo test");
        it.cx.executor().advance_clock(Duration::from_millis(600));
        it.settle();
        let tops = ["Allow", "Always allow", "Deny"]
            .map(|label| it.with(|window, _| window.find_by_label(label).bounds().top()));
        assert!(
            tops.iter().all(|top| *top == tops[0]),
            "{tops:?} at {width}"
        );
    }
}

#[gpui_kit::test]
fn an_edit_that_changes_nothing_says_so_quietly(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.start_turn("Write it");
    it.tell(AgentEvent::ToolCallRunning {
        call: call("c1", "fs_write", "src/main.rs"),
    });
    it.tell(AgentEvent::ToolCallFinished {
        call_id: "c1".to_owned(),
        outcome: ToolOutcome {
            ok: true,
            summary: "Nothing to change".to_owned(),
            output: "src/main.rs has exactly this text already.".to_owned(),
            diff: None,
            diff_left_out: false,
        },
    });
    assert!(it.is_shown("Nothing to change"));
}

#[gpui_kit::test]
fn an_open_list_keeps_to_its_panel_and_leaves_what_is_written_in_sight(cx: &mut TestAppContext) {
    for width in [280., 320., 420., 700.] {
        let mut it = Harness::sized(width, cx);
        let composer = it.with(|window, _| window.find_by_label("Message to the agent").bounds());
        for keys in ["ctrl-alt-/", "ctrl-alt-h"] {
            it.press(keys);
            let list = it.with(|window, _| window.find("choice-list").bounds());
            assert!(
                list.left() >= px(8.) && list.right() <= px(width - 8.),
                "{keys} at {width}: {list:?}"
            );
            assert!(list.size.width >= px(240.) && list.size.width <= px(320.));
            assert!(list.bottom() <= composer.top(), "{list:?} {composer:?}");
            it.press("escape");
        }
    }
}

#[gpui_kit::test]
fn what_sends_stays_beside_the_model_in_a_panel_of_any_width(cx: &mut TestAppContext) {
    for width in (180..=420).step_by(10) {
        let mut it = Harness::sized(width as f32, cx);
        it.start_turn("Test it");
        it.type_text("and then lint it");
        let at = |it: &mut Harness<'_>, label: &str| {
            it.with(|window, _| window.find_by_label(label).bounds())
        };
        let model = at(&mut it, "Model: Choose a model");
        for label in ["Stop", "Queue message"] {
            let button = at(&mut it, label);
            let off = button.center().y - model.center().y;
            assert!(
                off.abs() < px(2.),
                "{label} at {width}: {button:?} {model:?}"
            );
            assert!(
                button.right() <= px(width as f32 - 10.),
                "{label} at {width}"
            );
            assert!(!button.intersects(&model), "{label} at {width}");
        }
    }
}

#[gpui_kit::test]
fn a_question_that_a_crash_left_open_comes_back_with_its_change_and_was_not_run(
    cx: &mut TestAppContext,
) {
    let mut it = Harness::new(cx);
    let not_run = || ToolOutcome {
        ok: false,
        summary: "Not run: Kiln ended before you had answered".to_owned(),
        output: String::new(),
        diff: None,
        diff_left_out: false,
    };
    it.tell(AgentEvent::SessionOpened {
        id: agent::SessionId::generate(),
        transcript: vec![
            TranscriptItem::ToolCall {
                call: call("c1", "execute_bash", "make install"),
                preview: Some(PermissionPreview::Command {
                    command: "make install".to_owned(),
                    cwd: ROOT.into(),
                    warning: None,
                }),
                outcome: not_run(),
                cut_off: false,
            },
            TranscriptItem::ToolCall {
                call: call("c2", "fs_write", "src/main.rs"),
                preview: Some(PermissionPreview::Diff {
                    diff: FileDiff {
                        path: "src/main.rs".into(),
                        before: Some("fn main() {}\n".to_owned()),
                        after: "run();\n".repeat(60),
                    },
                    warning: None,
                }),
                outcome: not_run(),
                cut_off: false,
            },
        ],
    });
    assert!(it.is_shown("Run make install"));
    assert!(
        !it.is_shown("Run this command?"),
        "nobody waits for an answer"
    );
    assert!(it.is_shown("Show more lines"), "the change is there");
}

#[gpui_kit::test]
fn an_answer_that_a_crash_cut_off_is_gone_on_with_below(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/small".parse().unwrap(),
        display_name: "small".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    let why = "Kiln ended in the middle of this answer, which is cut off here.";
    it.tell(AgentEvent::SessionOpened {
        id: session(1),
        transcript: vec![
            TranscriptItem::Prompt {
                text: "Tell me".to_owned(),
                mode: Mode::Chat,
            },
            TranscriptItem::Answer {
                text: "The first half".to_owned(),
            },
            TranscriptItem::TurnEnded {
                reason: EndReason::Failed(why.to_owned()),
                usage: Usage::default(),
                elapsed: Duration::ZERO,
                speed: None,
            },
        ],
    });
    let again = it.with(|window, _| window.find("agent-retry").bounds().center());
    it.click_at(again);
    assert_eq!(it.sent(), [Operation::Retry]);
    it.tell(AgentEvent::TurnStarted {
        turn: TurnId(2),
        prompt: "Tell me".to_owned(),
        mode: Mode::Chat,
        goes_on: true,
    });
    it.tell(AgentEvent::Text {
        delta: "and the second.".to_owned(),
    });
    it.end_turn(EndReason::Completed);
    let asked = it.with(|window, _| window.find_all_by_label("You: Tell me").len());
    assert_eq!(asked, 1);
    for shown in ["Agent: The first half", why, "Agent: and the second."] {
        assert!(it.is_shown(shown), "{shown}");
    }
    // It was mended, and alarms nobody any more.
    let told = it.with(|window, _| window.find_by_label(why).role());
    assert_eq!(told, Some(Role::Label));
}

#[gpui_kit::test]
fn a_command_that_a_crash_cut_off_comes_back_with_what_it_had_printed(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::SessionOpened {
        id: agent::SessionId::generate(),
        transcript: vec![TranscriptItem::ToolCall {
            call: call("c1", "execute_bash", "cargo test"),
            preview: None,
            outcome: ToolOutcome {
                ok: false,
                summary: "Cut off: Kiln ended while it ran".to_owned(),
                output: "test one ... ok\n[cut off: Kiln ended while this ran]".to_owned(),
                diff: None,
                diff_left_out: false,
            },
            cut_off: true,
        }],
    });
    assert_eq!(
        it.shown_output().as_deref(),
        Some("test one ... ok\n[cut off: Kiln ended while this ran]")
    );
    it.click_label("Output of Run cargo test");
    assert_eq!(it.shown_output(), None);
}

#[gpui_kit::test]
fn a_silent_command_that_a_crash_cut_off_says_so(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let told = "Cut off: Kiln ended while it ran. Look at what it has done";
    it.tell(AgentEvent::SessionOpened {
        id: agent::SessionId::generate(),
        transcript: vec![TranscriptItem::ToolCall {
            call: call("c1", "execute_bash", "sleep 300"),
            preview: None,
            outcome: ToolOutcome {
                ok: false,
                summary: told.to_owned(),
                output: String::new(),
                diff: None,
                diff_left_out: false,
            },
            cut_off: true,
        }],
    });
    assert_eq!(it.shown_output().as_deref(), Some(told));
}

#[gpui_kit::test]
fn what_follows_a_notice_about_an_opened_session_is_drawn(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let opened = AgentEvent::SessionOpened {
        id: agent::SessionId::generate(),
        transcript: vec![TranscriptItem::Prompt {
            text: "Earlier".to_owned(),
            mode: Mode::Chat,
        }],
    };
    let notice = AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Warning,
        message: "One line could not be read.".to_owned(),
    };
    // Both come at once, as at the start of the program.
    it.events.try_send(opened).unwrap();
    it.tell(notice);
    it.start_turn("Hello?");
    it.tell(AgentEvent::Text {
        delta: "It is drawn.".to_owned(),
    });
    for shown in ["You: Earlier", "You: Hello?", "Agent: It is drawn."] {
        assert!(it.is_shown(shown), "{shown}");
    }
    it.ask_to_run("make");
    assert!(it.is_shown("Run this command?"));
}

#[gpui_kit::test]
fn models_of_one_name_are_told_apart_by_their_provider(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    for (id, name, shown) in [
        ("acme/large", "large", "Model: large"),
        // The catalogue has `acme/small`, too.
        ("other/small", "small", "Model: other/small"),
    ] {
        it.tell(AgentEvent::ModelChanged {
            id: id.parse().unwrap(),
            display_name: name.to_owned(),
            local: false,
            choice: agent::ModelChoice::Asked,
        });
        assert!(it.is_shown(shown), "{shown}");
    }
}

#[gpui_kit::test]
fn a_notice_at_the_start_stands_above_the_suggestions(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    it.tell(AgentEvent::ModelChanged {
        id: "acme/large".parse().unwrap(),
        display_name: "large".to_owned(),
        local: false,
        choice: agent::ModelChoice::Asked,
    });
    it.tell(AgentEvent::Notice {
        session: None,
        level: NoticeLevel::Error,
        message: "The conversation was not opened.".to_owned(),
    });
    assert!(it.is_shown("Explain how todo works"));
    it.start_turn("Hello?");
    assert!(!it.is_shown("Explain how todo works"));
    assert!(it.is_shown("You: Hello?"));
}

#[gpui_kit::test]
fn the_button_of_the_models_closes_its_list_again(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    for open in [true, false, true] {
        it.click_label("Model: Choose a model");
        assert_eq!(it.is_shown("Models"), open);
    }
    // A press elsewhere closes it, and the next click opens it.
    it.click_at(gpui_kit::point(px(200.), px(300.)));
    assert!(!it.is_shown("Models"));
    it.click_label("Model: Choose a model");
    assert!(it.is_shown("Models"));
}

#[gpui_kit::test]
fn the_palette_lists_what_can_be_done_now(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let listed = |it: &mut Harness| -> Vec<&'static str> {
        it.with(|window, cx| {
            let always = [
                "focus",
                "history",
                "newSession",
                "newSpec",
                "selectModel",
                "toggleMode",
            ];
            let all = ui::Commands::all(cx).into_iter();
            all.filter(|command| command.is_listed(window, cx))
                .filter_map(|command| command.id.strip_prefix("agent."))
                .filter(|name| !always.contains(name))
                .collect()
        })
    };
    assert_eq!(listed(&mut it), [""; 0]);
    it.start_turn("Test it");
    assert_eq!(listed(&mut it), ["jumpToLatest", "showMore", "stop"]);
    it.ask_to_run("cargo test");
    assert_eq!(
        listed(&mut it),
        [
            "allow",
            "alwaysAllow",
            "deny",
            "goToQuestion",
            "jumpToLatest",
            "showMore",
            "stop"
        ]
    );
    it.click_label("Deny");
    it.tell(AgentEvent::Text {
        delta: "As you like.".to_owned(),
    });
    it.type_text("And then lint it");
    it.press("enter");
    assert_eq!(
        listed(&mut it),
        ["copyAnswer", "jumpToLatest", "showMore", "stop", "takeBack"]
    );
    it.end_turn(EndReason::Cancelled);
    assert_eq!(
        listed(&mut it),
        [
            "copyAnswer",
            "jumpToLatest",
            "retry",
            "send",
            "showMore",
            "takeBack"
        ]
    );
    it.sent();
}

/// A window that shows nothing of the agent.
struct Bare(FocusHandle);

impl Render for Bare {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().size_full().track_focus(&self.0)
    }
}

#[gpui_kit::test]
fn a_window_without_a_folder_says_what_the_agent_needs(cx: &mut TestAppContext) {
    let mut it = Harness::new(cx);
    let commands = ["agent.focus", "agent.newSession", "agent.newSpec"];
    let listed = |window: &Window, cx: &App| {
        commands.map(|id| Commands::get(id, cx).unwrap().is_listed(window, cx))
    };
    assert_eq!(it.with(|window, cx| listed(window, cx)), [true; 3]);

    let (bare, _) = it.cx.update(|cx| {
        gpui_kit::open_window(WindowOptions::default(), cx, |window, cx| {
            let focus = cx.focus_handle();
            focus.focus(window, cx);
            cx.new(|_| Bare(focus))
        })
        .unwrap()
    });
    let told = "The agent works in a folder. Open a folder first.";
    // Which of the windows is the active one, and whether any is, says nothing.
    for active in [Some(bare), Some(it.window), None] {
        for key in ["ctrl-alt-i", "ctrl-alt-shift-n"] {
            activate(active, [bare, it.window], it.cx);
            it.cx
                .update_window(bare, |_, window, cx| {
                    window.render_frame(cx);
                    window.press(key, cx);
                })
                .unwrap();
            it.cx.run_until_parked();
            it.cx
                .update_window(bare, |_, window, cx| {
                    assert_eq!(listed(window, cx), [false; 3]);
                    assert_eq!(ui::shown_notices(window, cx), [told], "{key}, {active:?}");
                    ui::take_notice_back(told, window, cx);
                })
                .unwrap();
        }
    }
    assert!(it.sent().is_empty() && it.notices().is_empty());
    // Nor does the window that has an agent leave a command to the active one.
    activate(Some(bare), [bare, it.window], it.cx);
    let reader = it.reader.clone();
    it.with(|window, cx| reader.focus(window, cx));
    it.with(|window, cx| assert!(Commands::run("agent.newSession", window, cx)));
    assert_eq!(it.sent(), [Operation::NewSession]);
    let notices = |window: &mut Window, cx: &mut App| ui::shown_notices(window, cx);
    let told = it
        .cx
        .update_window(bare, |_, window, cx| notices(window, cx));
    assert_eq!(told.unwrap(), [""; 0]);
}

/// Makes one of some windows the active one, or none.
fn activate(
    active: Option<AnyWindowHandle>,
    windows: [AnyWindowHandle; 2],
    cx: &mut TestAppContext,
) {
    for window in windows {
        VisualTestContext::from_window(window, cx).deactivate_window();
    }
    if let Some(active) = active {
        cx.update_window(active, |_, window, _| window.activate_window())
            .unwrap();
    }
    cx.run_until_parked();
    assert_eq!(cx.read(|cx| cx.active_window()), active);
}

#[gpui_kit::test]
fn a_question_about_a_file_says_that_allowing_it_saves_what_the_user_has_not(
    cx: &mut TestAppContext,
) {
    let told = "Allowing it also saves your unsaved changes in this file.";
    for unsaved in [false, true] {
        let mut it = Harness::new(cx);
        let model = it.cx.read(|cx| {
            let session = it.panel.read(cx).session();
            session.read(cx).workspace().clone()
        });
        let path = PathBuf::from(ROOT).join("src/main.rs");
        model.update(it.cx, |model, cx| {
            model.update(cx, |workspace| {
                let buffer = workspace.open_blocking(&path).unwrap();
                if unsaved {
                    workspace.replace_text(buffer, "fn mine() {}\n").unwrap();
                }
            });
        });
        it.start_turn("Add a comment");
        it.tell(AgentEvent::PermissionRequested {
            id: PermissionId(7),
            call: call("c1", "fs_write", "src/main.rs"),
            preview: PermissionPreview::Diff {
                diff: FileDiff {
                    path: "src/main.rs".into(),
                    before: Some("fn main() {}\n".to_owned()),
                    after: "// New\nfn main() {}\n".to_owned(),
                },
                warning: None,
            },
        });
        assert_eq!(it.is_shown(told), unsaved);
    }
}
