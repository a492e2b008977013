//! One text, two views of it, and what the monkey does to them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use editor_core::{Selection, Selections, Text};
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Bounds, Context, Entity, EntityInputHandler as _,
    Focusable, InputEvent as _, IntoElement, Modifiers, MouseButton, MouseDownEvent,
    MouseMoveEvent, MouseUpEvent, ParentElement as _, Pixels, Point, Render, ScrollDelta,
    ScrollEvent, Styled as _, TestAppContext, Window, WindowBounds, WindowOptions, div, point, px,
    size,
};
use test_support::Random;
use ui::{Commands, Item as _, WorkspaceModel};
use workspace::{BufferId, HistoryMove, Workspace, WorkspaceEvent};

use crate::common;
use crate::invariants::{check_carets, check_display, floor_grapheme};
use crate::random;
use crate::watchdog::Watchdog;

const WIDTH: f32 = 900.;
const HEIGHT: f32 = 420.;

const KEYS: &[&str] = &[
    "enter",
    "enter",
    "tab",
    "shift-tab",
    "backspace",
    "backspace",
    "delete",
    "escape",
    "escape",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "shift-left",
    "shift-right",
    "shift-up",
    "shift-down",
    "ctrl-d",
    "ctrl-f",
    "ctrl-h",
    "f3",
    "shift-f3",
    "ctrl-z",
    "ctrl-shift-z",
    "ctrl-c",
    "ctrl-x",
    "ctrl-v",
    "ctrl-o",
    "ctrl-i",
    "ctrl-r",
];

const VIM_KEYS: &[&str] = &[
    "w", "b", "e", "0", "$", "^", "h", "j", "k", "l", "gg", "G", "dw", "dd", "3dd", "cw", "ciw",
    "ci(", "da\"", "di{", "yy", "p", "P", "x", "X", "u", ".", "v", "V", "iw", "ap", "o", "O", "i",
    "a", "A", "I", "s", "S", "r.", "R", "J", "(", ")", "vis", "das", "g;", "~", "gu", "gU", "w",
    ">>", "<<", "==", "f(", "t)", ";", ",", "%", "*", "#", "n", "N", "qa", "q", "@a", "ma", "`a",
    "'a", "zz", "zt", "zo", "zc", "za", "3", "12", "{", "}", "D", "C", "Y", "gJ", "g~~", "gv",
    "gc",
];

const VIM_LINES: &[&str] = &[
    ":s/a/b/g",
    ":%s/\\w\\+/<&>/",
    ":1,3d",
    ":g/a/d",
    ":noh",
    ":sort",
    ":2",
    "/word",
    "?a",
    "/[",
    ":bogus",
];

const SETTINGS: &[(&str, &[&str])] = &[
    (
        "editor.wordWrap",
        &["\"off\"", "\"on\"", "\"bounded\"", "\"wordWrapColumn\""],
    ),
    ("editor.wordWrapColumn", &["10", "40", "80"]),
    ("editor.tabSize", &["1", "2", "4", "8"]),
    ("editor.insertSpaces", &["true", "false"]),
    (
        "editor.renderWhitespace",
        &[
            "\"all\"",
            "\"none\"",
            "\"boundary\"",
            "\"trailing\"",
            "\"selection\"",
        ],
    ),
    ("editor.lineNumbers", &["\"on\"", "\"off\"", "\"relative\""]),
    ("editor.fontSize", &["9", "14", "30"]),
    ("editor.autoClosingBrackets", &["\"always\"", "\"never\""]),
    ("editor.multiCursorModifier", &["\"alt\"", "\"ctrlCmd\""]),
    ("files.trimTrailingWhitespace", &["true", "false"]),
    ("files.insertFinalNewline", &["true", "false"]),
];

/// Two editors side by side.
struct Splits {
    views: [Entity<EditorView>; 2],
}

impl Render for Splits {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().flex().size_full().children(
            self.views
                .iter()
                .map(|view| div().h_full().flex_1().min_w_0().child(view.clone())),
        )
    }
}

pub struct Session {
    random: Random,
    window: AnyWindowHandle,
    splits: Entity<Splits>,
    model: Entity<WorkspaceModel>,
    buffer: BufferId,
    fs: Arc<FakeFs>,
    path: PathBuf,
    commands: Vec<&'static str>,
    first: String,
    /// The text as a plain string, with each change made to it.
    plain: Rc<RefCell<String>>,
    vim: bool,
    modifiers: Modifiers,
    /// The carets of each view at the last check, and the version of the text.
    seen: [Option<(u64, Selections)>; 2],
    watchdog: Rc<Watchdog>,
    /// The step that is done.
    doing: String,
}

impl Session {
    pub fn new(seed: u64, watchdog: Rc<Watchdog>, cx: &mut TestAppContext) -> Self {
        let mut random = Random::new(seed);
        let (name, written) = random::file(&mut random);
        let path = Path::new(common::ROOT).join(name);
        let fs = Arc::new(FakeFs::new());
        fs.insert(&path, written.as_bytes());
        let mut workspace = Workspace::new(PathBuf::from(common::ROOT), fs.clone());
        let buffer = workspace.open_blocking(&path).unwrap();
        let first = workspace.buffer(buffer).unwrap().text().to_string();
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let bounds = Bounds {
            origin: Point::default(),
            size: size(px(WIDTH), px(HEIGHT)),
        };
        let options = WindowOptions {
            window_bounds: Some(WindowBounds::Windowed(bounds)),
            ..WindowOptions::default()
        };
        let (window, splits) = cx
            .update(|cx| {
                gpui_kit::open_window(options, cx, |window, cx| {
                    let views = [(); 2]
                        .map(|()| cx.new(|cx| EditorView::new(buffer, model.clone(), window, cx)));
                    cx.new(|_| Splits { views })
                })
            })
            .unwrap();
        let plain = Rc::new(RefCell::new(first.clone()));
        let followed = plain.clone();
        cx.update(|cx| {
            cx.subscribe(&model, move |_, event, _| {
                if let WorkspaceEvent::BufferEdited { changes, .. } = event {
                    let mut plain = followed.borrow_mut();
                    let edits: Vec<_> = changes.edits().collect();
                    for edit in edits.iter().rev() {
                        plain.replace_range(edit.old_range.clone(), edit.text);
                    }
                }
            })
            .detach();
        });
        let commands = cx
            .update(|cx| Commands::all(cx))
            .into_iter()
            .map(|command| command.id)
            .filter(|id| id.starts_with("editor."))
            .collect();
        for (key, values) in SETTINGS {
            let value = random.pick(values);
            common::set(cx, key, value);
        }
        let vim = random.one_in(4);
        common::set(cx, "vim.enabled", if vim { "true" } else { "false" });
        let session = Self {
            random,
            window,
            splits,
            model,
            buffer,
            fs,
            path,
            commands,
            first,
            plain,
            vim,
            modifiers: Modifiers::default(),
            seen: [None, None],
            watchdog,
            doing: "the first frame".into(),
        };
        session.focus(0, cx);
        session
    }

    fn update<R>(
        &self,
        cx: &mut TestAppContext,
        change: impl FnOnce(&mut Window, &mut App) -> R,
    ) -> R {
        let watched = |window: &mut Window, cx: &mut App| {
            self.watchdog.hold(&self.doing, || change(window, cx))
        };
        cx.update_window(self.window, |_, window, cx| watched(window, cx))
            .unwrap()
    }

    /// Types text, a key after the other.
    fn type_keys(&self, text: &str, cx: &mut TestAppContext) {
        for key in text.chars() {
            let mut bytes = [0; 4];
            let key = key.encode_utf8(&mut bytes);
            self.update(cx, |window, cx| window.input(key, cx));
        }
    }

    fn view(&self, index: usize, cx: &mut TestAppContext) -> Entity<EditorView> {
        cx.update(|cx| self.splits.read(cx).views[index].clone())
    }

    fn focus(&self, index: usize, cx: &mut TestAppContext) {
        let view = self.view(index, cx);
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            let focus = Focusable::focus_handle(&view, cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
        });
    }

    fn text(&self, cx: &mut TestAppContext) -> Text {
        let buffer = self.buffer;
        cx.update(|cx| {
            let workspace = self.model.read(cx).workspace();
            workspace.buffer(buffer).unwrap().text().clone()
        })
    }

    /// One random thing, and the checks after it; says what it was and how long it took.
    pub fn step(&mut self, cx: &mut TestAppContext) -> (String, Duration) {
        let act = self.choose(cx);
        let what = format!("{act:?}");
        if std::env::var_os("KILN_MONKEY_TOLD").is_some() {
            eprintln!("{what}");
        }
        let _told = crate::Told(what.clone());
        self.doing.clone_from(&what);
        let watchdog = self.watchdog.clone();
        let ((), taken) = watchdog.watch(&what, || {
            self.act(act, cx);
            self.update(cx, |window, cx| window.render_frame(cx));
            cx.run_until_parked();
        });
        self.check(cx);
        (what, taken)
    }

    fn place(&mut self) -> Point<Pixels> {
        // Now and then a little outside.
        let x = self.random.below(WIDTH as usize + 60) as f32 - 30.;
        let y = self.random.below(HEIGHT as usize + 60) as f32 - 30.;
        point(px(x), px(y))
    }

    fn choose(&mut self, cx: &mut TestAppContext) -> Act {
        let places = [(); 2].map(|()| self.place());
        let random = &mut self.random;
        match random.below(100) {
            0..40 => {
                let id = self.commands[random.below(self.commands.len())];
                Act::Command(id)
            }
            40..55 => Act::Type(random::typed(random)),
            55..63 => Act::Key(random.pick(KEYS)),
            63..69 => Act::Press {
                from: places[0],
                to: None,
                button: random.below(5),
                clicks: 1 + random.below(3),
                modifiers: random.below(8),
            },
            69..75 => Act::Press {
                from: places[0],
                to: Some(places[1]),
                button: random.below(4),
                clicks: 1 + random.below(3),
                modifiers: random.below(8),
            },
            75..78 => Act::Wheel(
                places[0],
                point(random.below(7) as f32 - 3., random.below(21) as f32 - 10.),
            ),
            78..80 => Act::Focus(random.below(2)),
            80 => Act::Split(random.below(2)),
            81..86 => {
                let text = self.text(cx);
                let random = &mut self.random;
                let count = 1 + random.below(5);
                let selections = (0..count)
                    .map(|_| {
                        let mut place = || {
                            let offset = random.below(text.len() + 1);
                            floor_grapheme(&text, text.floor_char_boundary(offset))
                        };
                        let (anchor, head) = (place(), place());
                        match random.one_in(2) {
                            true => Selection::caret(head),
                            false => Selection::new(anchor, head),
                        }
                    })
                    .collect();
                let primary = random.below(count);
                Act::Select(random.below(2), Selections::new(selections, primary))
            }
            86..88 => {
                let (key, values) = SETTINGS[random.below(SETTINGS.len())];
                Act::Setting(key, random.pick(values))
            }
            88 => Act::Vim(!self.vim),
            89..92 if self.vim && random.one_in(4) => Act::VimLine(random.pick(VIM_LINES)),
            89..92 if self.vim => {
                let count = 1 + random.below(4);
                Act::Vimming((0..count).map(|_| random.pick(VIM_KEYS)).collect())
            }
            89..92 => Act::Compose {
                range: random
                    .one_in(3)
                    .then(|| (random.below(400), random.below(400))),
                text: random::typed(random),
                keeps: random.one_in(2),
            },
            92..94 => Act::Undo(random.below(20)),
            94..96 => Act::Redo(random.below(20)),
            96 => Act::Save,
            97 => Act::Disk(random::file(random).1),
            98 => Act::UndoAll,
            _ => Act::Time(random.below(2000)),
        }
    }

    fn act(&mut self, act: Act, cx: &mut TestAppContext) {
        match act {
            Act::Command(id) => {
                self.update(cx, |window, cx| Commands::run(id, window, cx));
            }
            Act::Type(text) => self.type_keys(&text, cx),
            Act::Vimming(keys) => {
                for keys in keys {
                    self.type_keys(keys, cx);
                }
            }
            Act::VimLine(line) => {
                self.update(cx, |window, cx| window.press("escape", cx));
                self.type_keys(line, cx);
                self.update(cx, |window, cx| window.press("enter", cx));
            }
            Act::Key(key) => self.update(cx, |window, cx| window.press(key, cx)),
            Act::Press {
                from,
                to,
                button,
                clicks,
                modifiers,
            } => {
                self.modifiers = Modifiers {
                    shift: modifiers == 1 || modifiers == 3,
                    alt: modifiers == 2 || modifiers == 3,
                    control: modifiers == 4,
                    ..Modifiers::default()
                };
                let button = match button {
                    0 => MouseButton::Middle,
                    4 => MouseButton::Right,
                    _ => MouseButton::Left,
                };
                self.press(from, to, button, clicks, cx);
            }
            Act::Wheel(position, lines) => self.update(cx, |window, cx| {
                let event = ScrollEvent {
                    position,
                    delta: ScrollDelta::Lines(lines),
                    ..ScrollEvent::default()
                };
                window.dispatch_event(event.to_platform_input(), cx);
            }),
            Act::Focus(index) => self.focus(index, cx),
            Act::Split(index) => {
                let view = self.view(index, cx);
                let splits = self.splits.clone();
                self.update(cx, |window, cx| {
                    let other = view.update(cx, |view, cx| view.split(window, cx)).unwrap();
                    let other = other.view().downcast::<EditorView>().unwrap();
                    splits.update(cx, |splits, cx| {
                        splits.views[1 - index] = other;
                        cx.notify();
                    });
                });
                self.focus(index, cx);
            }
            Act::Select(index, selections) => {
                let view = self.view(index, cx);
                cx.update(|cx| view.update(cx, |view, cx| view.select(selections, cx)));
            }
            Act::Setting(key, value) => common::set(cx, key, value),
            Act::Vim(on) => {
                self.vim = on;
                common::set(cx, "vim.enabled", if on { "true" } else { "false" });
            }
            Act::Compose { range, text, keeps } => {
                let view = self.view(0, cx);
                self.update(cx, |window, cx| {
                    view.update(cx, |view, cx| {
                        let range = range.map(|(start, end)| start.min(end)..start.max(end));
                        view.replace_and_mark_text_in_range(range, &text, None, window, cx);
                        if !keeps {
                            view.replace_text_in_range(None, &text, window, cx);
                        }
                    });
                });
            }
            Act::Undo(count) => self.in_history("editor.undo", count, cx),
            Act::Redo(count) => self.in_history("editor.redo", count, cx),
            Act::Save => {
                let view = self.view(0, cx);
                let saving = self.update(cx, |window, cx| {
                    view.update(cx, |view, cx| view.save(window, cx))
                });
                cx.run_until_parked();
                let saved = cx.foreground_executor().block_on(saving);
                if saved.is_ok() {
                    let text = self.text(cx).to_string();
                    let again = fs::load(self.fs.as_ref(), &self.path).unwrap();
                    // In the file a carriage return before a line end is one with it, and a mark that
                    // was typed at the start is the file's.
                    let as_read = |text: String| {
                        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                        text.replace("\r\n", "\n")
                    };
                    assert_eq!(as_read(again.text.to_string()), as_read(text));
                }
            }
            Act::Disk(text) => {
                self.fs.insert(&self.path, text.as_bytes());
                let path = self.path.clone();
                self.model.update(cx, |model, cx| {
                    model.paths_changed(vec![path], cx);
                });
                cx.run_until_parked();
            }
            Act::UndoAll => self.undo_all(cx),
            Act::Time(millis) => {
                cx.executor()
                    .advance_clock(Duration::from_millis(millis as u64));
            }
        }
    }

    fn in_history(&self, id: &str, count: usize, cx: &mut TestAppContext) {
        for _ in 0..count {
            self.update(cx, |window, cx| Commands::run(id, window, cx));
        }
    }

    fn undo_all(&self, cx: &mut TestAppContext) {
        let buffer = self.buffer;
        for _ in 0..10_000 {
            let moved = self.model.update(cx, |model, cx| {
                model.move_in_history(buffer, HistoryMove::Undo, cx)
            });
            if moved.is_none() {
                break;
            }
        }
        assert_eq!(
            self.text(cx).to_string(),
            self.first,
            "undo to the start gives the first text"
        );
    }

    fn press(
        &self,
        from: Point<Pixels>,
        to: Option<Point<Pixels>>,
        button: MouseButton,
        clicks: usize,
        cx: &mut TestAppContext,
    ) {
        let modifiers = self.modifiers;
        let send = |cx: &mut TestAppContext, event: gpui_kit::PlatformInput| {
            self.update(cx, |window, cx| {
                window.dispatch_event(event, cx);
                window.render_frame(cx);
            });
        };
        let moved = |position, pressed| {
            MouseMoveEvent {
                position,
                pressed_button: pressed,
                modifiers,
            }
            .to_platform_input()
        };
        send(cx, moved(from, None));
        for click_count in 1..=clicks {
            let down = MouseDownEvent {
                button,
                position: from,
                modifiers,
                click_count,
                first_mouse: false,
            };
            send(cx, down.to_platform_input());
            let mut end = from;
            if let Some(to) = to.filter(|_| click_count == clicks) {
                for part in 1..=3 {
                    end = from + (to - from) * (part as f32 / 3.);
                    send(cx, moved(end, Some(button)));
                    cx.executor().advance_clock(Duration::from_millis(20));
                    cx.run_until_parked();
                }
                end = to;
            }
            let up = MouseUpEvent {
                button,
                position: end,
                modifiers,
                click_count,
            };
            send(cx, up.to_platform_input());
        }
    }

    fn check(&mut self, cx: &mut TestAppContext) {
        let text = self.text(cx);
        let now = text.to_string();
        assert_eq!(now, *self.plain.borrow(), "the text as a plain string");
        let version = cx.update(|cx| {
            let workspace = self.model.read(cx).workspace();
            let buffer = workspace.buffer(self.buffer).unwrap();
            assert!(
                buffer.is_dirty() || buffer.saved_text().to_string() == now,
                "a text that is not saved is dirty"
            );
            buffer.version()
        });
        for index in 0..2 {
            let view = self.view(index, cx);
            let (selections, display) = cx.update(|cx| {
                view.update(cx, |view, cx| (view.selections().clone(), view.display(cx)))
            });
            assert_eq!(display.text().to_string(), now, "each view shows it");
            let seen = self.seen[index].replace((version, selections.clone()));
            let moved = seen.is_some_and(|(at, before)| at == version && before != selections);
            check_carets(&text, &selections, moved);
            check_display(&display, &text, &mut self.random);
        }
    }

    /// Undoes everything and closes the window.
    pub fn finish(self, cx: &mut TestAppContext) {
        self.watchdog
            .watch("undoing everything", || self.undo_all(cx));
        self.update(cx, |window, _| window.remove_window());
        cx.run_until_parked();
    }
}

/// What the monkey does.
#[derive(Debug)]
enum Act {
    Command(&'static str),
    Type(String),
    Key(&'static str),
    Vimming(Vec<&'static str>),
    VimLine(&'static str),
    Press {
        from: Point<Pixels>,
        to: Option<Point<Pixels>>,
        button: usize,
        clicks: usize,
        modifiers: usize,
    },
    Wheel(Point<Pixels>, Point<f32>),
    Focus(usize),
    Split(usize),
    Select(usize, Selections),
    Setting(&'static str, &'static str),
    Vim(bool),
    Compose {
        range: Option<(usize, usize)>,
        text: String,
        keeps: bool,
    },
    Undo(usize),
    Redo(usize),
    Save,
    Disk(String),
    UndoAll,
    Time(usize),
}
