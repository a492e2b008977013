//! The lists in the bottom dock, of what the fake language server of `lsp` says.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, AppContext as _, Context, Entity, Focusable as _, IntoElement,
    ParentElement as _, Render, TestAppContext, Window, WindowOptions,
};
use lsp::{Catalogue, FakeServer, Limits, ServerState};
use problems_panel::{HierarchyPanel, ProblemsPanel, ReferencesPanel};
use serde_json::json;
use ui::{Commands, ListedPlace, OpenTarget, Panel, PlaceList, ServerSays, WorkspaceModel};
use workspace::{LanguageServers, ServerConsent, Workspace, WorkspaceEvent};

const CATALOGUE: &str = r#"
[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
install = "it comes with the tests"
"#;

fn references(
    model: Entity<WorkspaceModel>,
    _: &mut Window,
    cx: &mut Context<ReferencesPanel>,
) -> ReferencesPanel {
    ReferencesPanel::new(model, cx)
}

fn hierarchy(
    model: Entity<WorkspaceModel>,
    _: &mut Window,
    cx: &mut Context<HierarchyPanel>,
) -> HierarchyPanel {
    HierarchyPanel::new(model, cx)
}

struct Session<P> {
    window: AnyWindowHandle,
    panel: Entity<P>,
    model: Entity<WorkspaceModel>,
    opened: Rc<RefCell<Vec<OpenTarget>>>,
    project: PathBuf,
    _scratch: tempfile::TempDir,
}

impl<P: Panel> Session<P> {
    fn open(
        cx: &mut TestAppContext,
        make: fn(Entity<WorkspaceModel>, &mut Window, &mut Context<P>) -> P,
    ) -> Self {
        Self::open_served(cx, make, "")
    }

    /// The server plays one scenario, and another after `then` once it is started again.
    fn open_served(
        cx: &mut TestAppContext,
        make: fn(Entity<WorkspaceModel>, &mut Window, &mut Context<P>) -> P,
        scenario: &'static str,
    ) -> Self {
        Self::open_limited(cx, make, scenario, Limits::default())
    }

    /// The same with limits for the server.
    fn open_limited(
        cx: &mut TestAppContext,
        make: fn(Entity<WorkspaceModel>, &mut Window, &mut Context<P>) -> P,
        scenario: &'static str,
        limits: Limits,
    ) -> Self {
        // The server is no part of what the test runs in order.
        cx.executor().allow_parking();
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        let project = root.join("project");
        std::fs::create_dir_all(project.join("src")).unwrap();
        std::fs::create_dir(root.join("bin")).unwrap();
        let program = root.join("bin/fake-server");
        std::fs::write(&program, "").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::write(project.join("main.rs"), "fine\n  error\nwarning\n").unwrap();
        std::fs::write(project.join("src/other.rs"), "error\n").unwrap();
        std::fs::write(project.join("closed.rs"), "😀ab\n").unwrap();
        let mut workspace = Workspace::new(project.clone(), Arc::new(fs::RealFs::new()));
        let first = workspace.open_blocking(&project.join("main.rs")).unwrap();
        workspace
            .open_blocking(&project.join("src/other.rs"))
            .unwrap();
        cx.update(|cx| {
            ui::init(cx);
            problems_panel::register(cx);
        });
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let options = WindowOptions::default();
        let (window, panel) = cx
            .update(|cx| {
                gpui_kit::open_window(options, cx, |window, cx| {
                    cx.new(|cx| make(model.clone(), window, cx))
                })
            })
            .unwrap();
        let opened: Rc<RefCell<Vec<OpenTarget>>> = Rc::default();
        let session = Self {
            window,
            panel,
            model,
            opened: opened.clone(),
            project: project.clone(),
            _scratch: scratch,
        };
        session.update(cx, |window, cx| {
            ui::open::set_open_handler(window, cx, move |target, _, _| {
                opened.borrow_mut().push(target);
            });
        });
        cx.update(|cx| {
            session.model.update(cx, |model, cx| {
                let logs = root.join("state/logs");
                let made = move || {
                    let starts = AtomicUsize::new(0);
                    let next = move || {
                        let mut played = scenario.split(" then ");
                        let played = played.nth(starts.fetch_add(1, Ordering::Relaxed));
                        FakeServer::new(played.unwrap_or_default())
                    };
                    let consent = ServerConsent::read(&root.join("state"), &project);
                    let servers = LanguageServers::with_launcher(
                        Catalogue::parse(CATALOGUE).unwrap(),
                        consent,
                        root.join("bin").into(),
                        Box::new(move |_| Arc::new(next())),
                    );
                    Some(servers.with_limits(limits))
                };
                model.serve_languages(logs, made, cx);
            });
        });
        session.until(cx, "the question", |it, cx| {
            let servers = it.model.read(cx).language_servers();
            servers.is_some_and(|servers| servers.question(first).is_some())
        });
        cx.update(|cx| {
            session
                .model
                .update(cx, |model, cx| model.answer_server(first, true, cx));
        });
        session
    }

    fn update<R>(
        &self,
        cx: &mut TestAppContext,
        change: impl FnOnce(&mut Window, &mut App) -> R,
    ) -> R {
        cx.update_window(self.window, |_, window, cx| change(window, cx))
            .unwrap()
    }

    #[track_caller]
    fn until(&self, cx: &mut TestAppContext, what: &str, holds: impl Fn(&Self, &App) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            cx.executor().advance_clock(Duration::from_millis(300));
            self.update(cx, |window, cx| window.render_frame(cx));
            if cx.update(|cx| holds(self, cx)) {
                return;
            }
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    fn press(&self, cx: &mut TestAppContext, keys: &str) {
        for key in keys.split_whitespace() {
            self.update(cx, |window, cx| {
                let focus = self.panel.focus_handle(cx);
                window.focus(&focus, cx);
                window.render_frame(cx);
                window.press(key, cx);
            });
        }
    }

    /// Presses a key while the keyboard is on the first control of the rows.
    fn press_first(&self, cx: &mut TestAppContext, key: &str) {
        self.press_control(cx, 0, key);
    }

    /// The same on the control behind so many others.
    fn press_control(&self, cx: &mut TestAppContext, behind: usize, key: &str) {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            window.blur(cx);
            for _ in 0..=behind {
                window.focus_next(cx);
            }
            window.press(key, cx);
        });
    }

    /// What was opened, from the project on.
    fn opened(&self) -> Vec<String> {
        let opened = self.opened.borrow();
        let shown = opened.iter().map(|target| {
            let path = target.path.strip_prefix(&self.project).unwrap();
            let (line, column) = (target.line.unwrap(), target.column.unwrap());
            format!("{}:{line}:{column}", path.display())
        });
        shown.collect()
    }

    fn badge(&self, cx: &App) -> Option<String> {
        self.panel.read(cx).badge(cx).map(String::from)
    }
}

#[gpui_kit::test]
fn problems_are_listed_by_file_the_gravest_first_and_lead_to_their_place(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    it.press(cx, "down down enter down enter end enter");
    assert_eq!(
        it.opened(),
        ["main.rs:2:3", "main.rs:3:1", "src/other.rs:1:1"]
    );
    // A file folds; its problems are counted all the same.
    it.press(cx, "home left end enter");
    assert_eq!(it.opened().len(), 4);
    it.press(cx, "home down enter");
    assert_eq!(it.opened().len(), 4, "the second row is a file");
    assert!(it.update(cx, |window, _| window.try_find("problems").is_some()));

    let file = cx.update(|cx| {
        let workspace = it.model.read(cx).workspace();
        workspace
            .buffer_for_path(&it.project.join("main.rs"))
            .unwrap()
    });
    cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| workspace.replace_text(file, "fine\n"))
                .unwrap();
        });
    });
    it.until(cx, "what is mended", |it, cx| {
        it.badge(cx).as_deref() == Some("1")
    });
}

impl Session<ProblemsPanel> {
    /// The labels of the rows, each with what is read behind it.
    fn rows(&self, cx: &mut TestAppContext) -> Vec<String> {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.find_all_by_role(gpui_kit::Role::TreeItem);
            let shown = rows.iter().map(|row| {
                let (label, more) = (row.label(), row.description());
                format!(
                    "{} | {}",
                    label.unwrap_or_default(),
                    more.unwrap_or_default()
                )
            });
            shown.collect()
        })
    }

    /// What the filter says of itself.
    fn told(&self, cx: &mut TestAppContext) -> Option<String> {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            let told = window.try_find("problems-shown");
            told.and_then(|told| told.label().map(str::to_owned))
        })
    }

    /// Goes from the list to the filter, and types.
    fn filter(&self, cx: &mut TestAppContext, text: &str) {
        self.update(cx, |window, cx| {
            let focus = self.panel.focus_handle(cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
            Commands::run("problems.focusFilter", window, cx);
        });
        cx.run_until_parked();
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            window.input(text, cx);
            window.render_frame(cx);
        });
        cx.run_until_parked();
    }

    /// Presses a key where the keyboard is.
    fn press_here(&self, cx: &mut TestAppContext, key: &str) {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            window.press(key, cx);
            window.render_frame(cx);
        });
        cx.run_until_parked();
    }

    fn click(&self, cx: &mut TestAppContext, id: &'static str) {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            window.click(id, cx);
            window.render_frame(cx);
        });
        cx.run_until_parked();
    }
}

#[gpui_kit::test]
fn problems_are_narrowed_down_by_what_is_typed(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    let files = |rows: &[String]| -> Vec<String> {
        let names = rows.iter().filter(|row| row.contains(".rs |"));
        names.cloned().collect()
    };
    let all = ["main.rs | 2", "other.rs | src, 1"];
    assert_eq!(files(&it.rows(cx)), all);
    assert_eq!(it.told(cx), None);
    it.filter(cx, "!*.rs, nothing");
    assert_eq!(it.rows(cx), Vec::<String>::new());
    assert_eq!(it.told(cx).as_deref(), Some("Showing 0 of 3"));
    let hides = "The filter hides 3 problems.";
    assert!(it.update(cx, |window, _| window.try_find_by_label(hides).is_some()));
    // All are counted on the tab.
    assert_eq!(cx.update(|cx| it.badge(cx)).as_deref(), Some("3"));
    it.click(cx, "clear-problems-filter");
    assert_eq!(
        (files(&it.rows(cx)), it.told(cx)),
        (all.map(String::from).to_vec(), None)
    );
    // The keyboard is in the list again.
    it.press_here(cx, "end");
    it.press_here(cx, "enter");
    assert_eq!(it.opened(), ["src/other.rs:1:1"]);

    it.filter(cx, "SRC");
    assert_eq!(files(&it.rows(cx)), ["other.rs | src, 1"]);
    assert_eq!(it.told(cx).as_deref(), Some("Showing 1 of 3"));
    // Escape empties it, and leaves it then.
    it.press_here(cx, "escape");
    assert_eq!(files(&it.rows(cx)), all);
    it.press_here(cx, "escape");
    it.press_here(cx, "home");
    it.press_here(cx, "down");
    it.press_here(cx, "enter");
    assert_eq!(it.opened().last().map(String::as_str), Some("main.rs:2:3"));
    // Down leads from the filter into the list.
    it.filter(cx, "other");
    it.press_here(cx, "down");
    it.press_here(cx, "end");
    it.press_here(cx, "enter");
    assert_eq!(
        it.opened().last().map(String::as_str),
        Some("src/other.rs:1:1")
    );
}

#[gpui_kit::test]
fn problems_are_left_out_by_how_grave_they_are_and_by_file(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    it.click(cx, "problems-errors");
    assert_eq!(it.told(cx).as_deref(), Some("Showing 1 of 3"));
    it.click(cx, "problems-warnings");
    assert_eq!(it.told(cx).as_deref(), Some("Showing 0 of 3"));
    it.click(cx, "problems-infos");
    it.click(cx, "problems-clear-filter");
    assert_eq!(it.told(cx), None);
    // Nobody told what is in front.
    it.click(cx, "problems-current-file");
    assert_eq!(it.told(cx).as_deref(), Some("Showing 0 of 3"));
    for (name, told) in [
        ("main.rs", "Showing 2 of 3"),
        ("src/other.rs", "Showing 1 of 3"),
    ] {
        cx.update(|cx| {
            let view = it.panel.entity_id();
            it.model.update(cx, |model, cx| {
                let path = it.project.join(name);
                let file = model.workspace().buffer_for_path(&path).unwrap();
                model.set_in_front(vec![(view, file)], cx);
            });
        });
        assert_eq!(it.told(cx).as_deref(), Some(told), "{name}");
    }
    it.update(cx, |window, cx| {
        Commands::run("problems.toggleCurrentFile", window, cx);
    });
    assert_eq!(it.told(cx), None);
    for (command, told) in [
        ("problems.toggleErrors", "Showing 1 of 3"),
        ("problems.toggleWarnings", "Showing 0 of 3"),
        ("problems.toggleInfos", "Showing 0 of 3"),
    ] {
        it.update(cx, |window, cx| {
            Commands::run(command, window, cx);
        });
        assert_eq!(it.told(cx).as_deref(), Some(told), "{command}");
    }
    it.update(cx, |window, cx| {
        Commands::run("problems.clearFilter", window, cx);
    });
    assert_eq!(it.told(cx), None);
}

#[gpui_kit::test]
fn what_narrows_the_problems_down_comes_back(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    it.click(cx, "problems-errors");
    it.filter(cx, "other");
    let kept = cx.update(|cx| it.panel.read(cx).shown(cx)).unwrap();
    let told = it.told(cx);
    assert!(told.is_some());
    it.click(cx, "problems-clear-filter");
    let bring_back = |cx: &mut TestAppContext, kept: &str| {
        it.update(cx, |window, cx| {
            it.panel
                .update(cx, |panel, cx| panel.bring_back(kept, window, cx));
        });
    };
    // What is nothing that was kept changes nothing.
    for other in ["", "11", "1x11", "\u{e9}\u{e9}\u{e9}"] {
        bring_back(cx, other);
        assert_eq!(it.told(cx), None, "{other}");
    }
    bring_back(cx, &kept);
    assert_eq!(it.told(cx), told);
    assert_eq!(cx.update(|cx| it.panel.read(cx).shown(cx)), Some(kept));
}

#[gpui_kit::test]
fn all_problems_of_a_file_are_counted_however_many_are_listed(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            let main = it.project.join("main.rs");
            let file = model.workspace().buffer_for_path(&main).unwrap();
            let text = "error\n".repeat(1_200) + &"warning\n".repeat(34);
            let replaced = |workspace: &mut Workspace| workspace.replace_text(file, &text);
            model.update(cx, replaced).unwrap();
        });
    });
    it.until(cx, "all of them", |it, cx| {
        it.badge(cx).as_deref() == Some("1235")
    });
    assert_eq!(it.rows(cx)[0], "main.rs | first 1,000 of 1,234");
    it.press(cx, "home down end");
    it.filter(cx, "warning");
    assert_eq!(
        it.rows(cx)[0],
        "main.rs | 34",
        "what was not listed is found"
    );
    assert_eq!(it.told(cx).as_deref(), Some("Showing 34 of 1,235"));
}

#[gpui_kit::test]
fn what_a_server_says_beyond_what_is_taken_is_counted_and_said(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    let main = it.project.join("main.rs");
    let file = cx.update(|cx| it.model.read(cx).workspace().buffer_for_path(&main));
    let file = file.unwrap();
    let text = "warning\n".repeat(12_344) + "error\n";
    cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            let replaced = |workspace: &mut Workspace| workspace.replace_text(file, &text);
            model.update(cx, replaced).unwrap();
        });
    });
    it.until(cx, "all of them", |it, cx| {
        it.badge(cx).as_deref() == Some("12346")
    });
    let rows = it.rows(cx);
    assert_eq!(rows[0], "main.rs | first 1,000 of 12,345");
    assert!(rows[1].starts_with("this says error"), "{}", rows[1]);
    assert_eq!(it.told(cx).as_deref(), Some("Showing 1,001 of 12,346"));
    it.filter(cx, "warning");
    assert_eq!(it.rows(cx)[0], "main.rs | first 1,000 of 9,999");
    assert_eq!(
        it.told(cx).as_deref(),
        Some("Showing 1,000 of 12,346, 2,345 not looked through")
    );
}

#[gpui_kit::test]
fn places_that_belong_to_a_problem_are_below_it_and_count_for_nothing(cx: &mut TestAppContext) {
    let it = Session::open_served(cx, ProblemsPanel::new, "related");
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    it.press(cx, "down down enter down enter down enter");
    assert_eq!(it.opened(), ["main.rs:2:3", "main.rs:1:1", "main.rs:3:1"]);
}

#[gpui_kit::test]
fn the_code_of_a_problem_leads_to_where_it_is_explained(cx: &mut TestAppContext) {
    let it = Session::open_served(cx, ProblemsPanel::new, "related");
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    it.update(cx, |window, cx| {
        let links = window.find_all_by_label("Explain E1 in the browser");
        let link = links.first().expect("a link").bounds().center();
        window.pointer_move(link, None, cx);
        window.pointer_down(link, gpui_kit::MouseButton::Left, cx);
        window.pointer_up(link, gpui_kit::MouseButton::Left, cx);
    });
    assert_eq!(cx.opened_url().as_deref(), Some("https://example.org/E1"));
    // By key: the link that the keyboard is on, and not the row that is selected.
    cx.update(|cx| cx.open_url(""));
    it.press(cx, "home down down");
    // The field of the filter and its four buttons come first.
    it.press_control(cx, 5, "enter");
    assert_eq!(cx.opened_url().as_deref(), Some("https://example.org/E1"));
    assert!(it.opened().is_empty(), "the row itself leads elsewhere");
}

#[gpui_kit::test]
fn files_that_are_not_open_are_listed_too_pushed_or_pulled(cx: &mut TestAppContext) {
    for scenario in ["project", "pull project"] {
        let it = Session::open_served(cx, ProblemsPanel::new, scenario);
        it.until(cx, "the problems", |it, cx| {
            it.badge(cx).as_deref() == Some("4")
        });
        it.press(cx, "home down enter");
        assert_eq!(it.opened(), ["closed.rs:1:2"], "{scenario}");
        let path = it.project.join("closed.rs");
        cx.update(|cx| {
            it.model.update(cx, |model, cx| {
                let opened = model.update(cx, |workspace| workspace.open_blocking(&path));
                opened.unwrap();
            });
        });
        // What an open file says is its own.
        it.until(cx, "the open file", |it, cx| {
            it.badge(cx).as_deref() == Some("3")
        });
    }
}

#[gpui_kit::test]
fn what_a_server_said_of_a_closed_file_before_it_was_ended_is_not_what_the_next_says(
    cx: &mut TestAppContext,
) {
    let it = Session::open_served(cx, ProblemsPanel::new, "project then silent");
    // What it says of the closed file comes before what it says of this one. Time stands still: the
    // closed file is not read yet.
    let end = Instant::now() + Duration::from_secs(60);
    while cx.update(|cx| it.badge(cx)).is_none() {
        assert!(Instant::now() < end, "it says nothing");
        cx.run_until_parked();
        std::thread::yield_now();
    }
    let closed = |cx: &mut TestAppContext| {
        cx.update(|cx| it.model.read(cx).workspace().closed_diagnostics().len())
    };
    assert_eq!(closed(cx), 0);
    let file = cx.update(|cx| {
        let workspace = it.model.read(cx).workspace();
        workspace
            .buffer_for_path(&it.project.join("main.rs"))
            .unwrap()
    });
    for allowed in [false, true] {
        cx.update(|cx| {
            it.model
                .update(cx, |model, cx| model.answer_server(file, allowed, cx));
        });
    }
    it.until(cx, "the problems of the next run", |it, cx| {
        it.badge(cx).is_some()
    });
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    assert_eq!(closed(cx), 0, "the second never said so");
}

#[gpui_kit::test]
fn it_says_that_nobody_looks_after_a_server_was_given_up(cx: &mut TestAppContext) {
    let limits = Limits {
        crashes: 0,
        ..Limits::default()
    };
    let scenario = "crash-at-start then quiet";
    let it = Session::open_limited(cx, ProblemsPanel::new, scenario, limits);
    let failed: Rc<RefCell<bool>> = Rc::default();
    let subscription = cx.update(|cx| {
        let failed = failed.clone();
        cx.subscribe(&it.model, move |_, said: &ServerSays, _| {
            *failed.borrow_mut() |= matches!(said, ServerSays::Failed { .. });
        })
    });
    let stands = |cx: &mut TestAppContext| {
        it.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find("empty-state").label().map(str::to_owned)
        })
    };
    assert_eq!(stands(cx).as_deref(), Some("No problems"));
    it.until(cx, "its end", |_, _| *failed.borrow());
    let told = "The language server fake is not running";
    assert_eq!(stands(cx).as_deref(), Some(told));

    // Nobody wants it any more, and then somebody does.
    for allowed in [false, true] {
        cx.update(|cx| {
            it.model.update(cx, |model, cx| {
                let file = model.workspace().buffers().next().unwrap().id();
                model.answer_server(file, allowed, cx);
            });
        });
        cx.run_until_parked();
        assert_eq!(stands(cx).as_deref(), Some("No problems"), "{allowed}");
    }
    it.until(cx, "the next run", |it, cx| {
        let servers = it.model.read(cx).language_servers().unwrap();
        let mut states = servers.running().map(lsp::LanguageServer::state);
        states.any(|state| state == ServerState::Running)
    });
    assert_eq!(stands(cx).as_deref(), Some("No problems"));
    drop(subscription);
}

#[gpui_kit::test]
fn what_is_wrong_in_a_file_stays_when_it_is_closed(cx: &mut TestAppContext) {
    let it = Session::open(cx, ProblemsPanel::new);
    it.until(cx, "the problems", |it, cx| {
        it.badge(cx).as_deref() == Some("3")
    });
    let path = it.project.join("main.rs");
    let close = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            it.model.update(cx, |model, cx| {
                let id = model.workspace().buffer_for_path(&path).unwrap();
                model.update(cx, |workspace| workspace.close(id));
            });
        });
    };
    close(cx);
    it.until(cx, "those of the closed file", |it, cx| {
        it.model.read(cx).workspace().closed_diagnostics().len() == 1
    });
    assert_eq!(cx.update(|cx| it.badge(cx)).as_deref(), Some("3"));
}

#[gpui_kit::test]
fn places_are_listed_until_others_are_asked_for(cx: &mut TestAppContext) {
    let it = Session::open(cx, references);
    let place = |name: &str, line: u32| ListedPlace {
        path: it.project.join(name),
        line,
        column: 2,
        text: "error".into(),
        marked: 0..5,
        new_text: None,
        whole: None,
        is_whole_file: false,
        change: None,
    };
    let show = |cx: &mut TestAppContext, places: Vec<ListedPlace>| {
        let list = PlaceList {
            title: "Uses".into(),
            places,
            edit: None,
        };
        cx.update(|cx| {
            it.model
                .update(cx, |model, cx| model.show_places(Some(list), cx))
        });
        cx.run_until_parked();
    };
    show(
        cx,
        vec![
            place("main.rs", 1),
            place("src/other.rs", 0),
            place("main.rs", 2),
        ],
    );
    let title = cx.update(|cx| it.panel.read(cx).title(cx));
    assert_eq!(
        (title.as_ref(), cx.update(|cx| it.badge(cx)).as_deref()),
        ("Uses", Some("3"))
    );
    it.press(cx, "enter down enter end enter");
    assert_eq!(
        it.opened(),
        ["main.rs:2:3", "main.rs:3:3", "src/other.rs:1:3"]
    );
    show(cx, vec![place("main.rs", 0)]);
    it.press(cx, "end enter");
    assert_eq!(it.opened().last().map(String::as_str), Some("main.rs:1:3"));
}

/// The buttons above the panel.
struct Above(Entity<ReferencesPanel>);

impl Render for Above {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let buttons = self
            .0
            .update(cx, |panel, cx| panel.header_actions(window, cx));
        gpui_kit::div().children(buttons)
    }
}

#[gpui_kit::test]
fn a_press_on_apply_does_nothing_right_after_a_list_was_replaced(cx: &mut TestAppContext) {
    let it = Session::open(cx, references);
    let options = WindowOptions::default();
    let (above, _) = cx
        .update(|cx| {
            gpui_kit::open_window(options, cx, |_, cx| cx.new(|_| Above(it.panel.clone())))
        })
        .unwrap();
    let list = |cx: &mut TestAppContext, name: &'static str| {
        let step = lsp::EditStep::File(lsp::FileOperation::Create {
            path: it.project.join(name),
            may_exist: false,
        });
        let edit = Arc::new(lsp::WorkspaceEdit { steps: vec![step] });
        cx.update(|cx| {
            it.model.update(cx, |model, cx| {
                model.list_edit(name, edit, model.versions(), cx);
            });
        });
        cx.run_until_parked();
        let title = cx.update(|cx| it.panel.read(cx).title(cx));
        assert_eq!(title.as_ref(), name);
    };
    let apply = |cx: &mut TestAppContext| {
        cx.update_window(above, |_, window, cx| {
            window.render_frame(cx);
            window.click("apply-edits", cx);
        })
        .unwrap();
        cx.run_until_parked();
        cx.update(|cx| it.model.read(cx).places().is_none())
    };
    list(cx, "first.rs");
    cx.executor().advance_clock(Duration::from_secs(1));
    list(cx, "second.rs");
    assert!(!apply(cx), "the press was meant for the first");
    cx.executor().advance_clock(Duration::from_secs(1));
    assert!(apply(cx));
    it.until(cx, "the file", |it, _| {
        it.project.join("second.rs").exists()
    });
    assert!(!it.project.join("first.rs").exists());
}

#[gpui_kit::test]
fn apply_is_drawn_as_what_cannot_be_pressed_right_after_a_list_appeared(cx: &mut TestAppContext) {
    let it = Session::open(cx, references);
    let options = WindowOptions::default();
    let (above, _) = cx
        .update(|cx| {
            gpui_kit::open_window(options, cx, |_, cx| cx.new(|_| Above(it.panel.clone())))
        })
        .unwrap();
    let list = |cx: &mut TestAppContext| {
        let step = lsp::EditStep::File(lsp::FileOperation::Create {
            path: it.project.join("made.rs"),
            may_exist: false,
        });
        let edit = Arc::new(lsp::WorkspaceEdit { steps: vec![step] });
        cx.update(|cx| {
            it.model.update(cx, |model, cx| {
                model.list_edit("Made", edit, model.versions(), cx);
            });
        });
        cx.run_until_parked();
    };
    // The last of the buttons that the keyboard reaches is *Apply* where that can be pressed, and
    // *Discard* where it cannot.
    let press_last = |cx: &mut TestAppContext| {
        cx.update_window(above, |_, window, cx| {
            window.render_frame(cx);
            window.blur(cx);
            window.focus_prev(cx);
            window.press("enter", cx);
        })
        .unwrap();
        cx.run_until_parked();
        assert!(cx.update(|cx| it.model.read(cx).places().is_none()));
    };
    list(cx);
    press_last(cx);
    assert!(!it.project.join("made.rs").exists(), "it was discarded");
    list(cx);
    cx.executor().advance_clock(Duration::from_millis(600));
    cx.run_until_parked();
    press_last(cx);
    it.until(cx, "the file", |it, _| it.project.join("made.rs").exists());
}

#[gpui_kit::test]
fn changes_that_are_listed_can_be_left_out_one_by_one_or_by_file(cx: &mut TestAppContext) {
    let it = Session::open_served(cx, references, "beside");
    let options = WindowOptions::default();
    let (above, _) = cx
        .update(|cx| {
            gpui_kit::open_window(options, cx, |_, cx| cx.new(|_| Above(it.panel.clone())))
        })
        .unwrap();
    std::fs::write(it.project.join("beside.rs"), "size\n").unwrap();
    let main = it.project.join("main.rs");
    let buffer = cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                let buffer = workspace.buffer_for_path(&main).unwrap();
                workspace.replace_text(buffer, "size size size\n").unwrap();
                buffer
            })
        })
    });
    let list = Rc::new(RefCell::new(None));
    it.until(cx, "the server", |it, cx| {
        let servers = it.model.read(cx).language_servers().unwrap();
        servers
            .of_buffer(buffer)
            .is_some_and(|(server, _)| server.offers(lsp::Feature::Rename))
    });
    let renaming = cx.update(|cx| {
        it.model
            .update(cx, |model, cx| model.server_rename(buffer, 0, "n", cx))
    });
    let (model, listed) = (it.model.clone(), list.clone());
    cx.spawn(async move |cx| {
        let edit = Arc::new(renaming.await.unwrap().unwrap());
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.list_edit("Rename", edit, model.versions(), cx);
            });
        });
        listed.replace(Some(()));
    })
    .detach();
    it.until(cx, "the list", |it, cx| {
        list.borrow().is_some() && it.model.read(cx).places().is_some()
    });
    // The rows that are left out, each with what would be and what is.
    let left_out = |cx: &mut TestAppContext| -> Vec<String> {
        it.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.find_all_by_role(gpui_kit::Role::TreeItem);
            let labels = rows.iter().filter_map(|row| row.label());
            let mut out: Vec<_> = labels
                .filter_map(|label| label.strip_suffix(", left out"))
                .map(str::to_owned)
                .collect();
            out.sort();
            out
        })
    };
    assert_eq!(left_out(cx), Vec::<String>::new());
    // The box that the keyboard is on is the first file's, and not that of the row that is selected.
    it.press(cx, "home down down");
    it.press_first(cx, "space");
    let of_file = ["size size sizen", "size sizen size", "sizen size size"];
    assert_eq!(left_out(cx), of_file.map(|text| format!("Line 1: {text}")));
    it.press_first(cx, "enter");
    assert_eq!(left_out(cx), Vec::<String>::new());
    assert!(it.opened().is_empty(), "a box leads nowhere");
    // The second of three places in the first file, by key; the second file as a whole, by mouse.
    it.press(cx, "home down down space");
    assert_eq!(left_out(cx), ["Line 1: size sizen size"]);
    it.update(cx, |window, cx| {
        let boxes = window.find_all_by_label("All changes of this file");
        let tops = boxes.iter().map(|one| one.bounds().center());
        let at = tops
            .max_by(|one, other| one.y.partial_cmp(&other.y).unwrap())
            .unwrap();
        window.pointer_move(at, None, cx);
        window.pointer_down(at, gpui_kit::MouseButton::Left, cx);
        window.pointer_up(at, gpui_kit::MouseButton::Left, cx);
    });
    assert_eq!(left_out(cx), ["Line 1: size sizen size", "Line 1: sizen"]);
    assert!(it.opened().is_empty(), "a box leads nowhere");
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.update_window(above, |_, window, cx| {
        window.render_frame(cx);
        window.click("apply-edits", cx);
    })
    .unwrap();
    it.until(cx, "the change", |it, cx| {
        let workspace = it.model.read(cx).workspace();
        *workspace.buffer(buffer).unwrap().text() == *"n size n\n"
    });
    let beside = std::fs::read_to_string(it.project.join("beside.rs")).unwrap();
    assert_eq!(beside, "size\n");
}

#[gpui_kit::test]
fn what_is_done_to_files_can_be_left_out_with_all_that_needs_it(cx: &mut TestAppContext) {
    let it = Session::open(cx, references);
    let options = WindowOptions::default();
    let (above, _) = cx
        .update(|cx| {
            gpui_kit::open_window(options, cx, |_, cx| cx.new(|_| Above(it.panel.clone())))
        })
        .unwrap();
    std::fs::write(it.project.join("gone.rs"), "gone\n").unwrap();
    let uri = |name: &str| format!("file://{}", it.project.join(name).display());
    let text = |name: &str, new_text: &str| {
        let place = json!({"line": 0, "character": 0});
        let edit = json!({"range": {"start": place, "end": place}, "newText": new_text});
        json!({"textDocument": {"uri": uri(name), "version": null}, "edits": [edit]})
    };
    let edit = json!({"documentChanges": [
        {"kind": "create", "uri": uri("new.rs")},
        text("new.rs", "made\nof lines\n"),
        {"kind": "rename", "oldUri": uri("closed.rs"), "newUri": uri("moved.rs")},
        text("moved.rs", "first\n"),
        {"kind": "delete", "uri": uri("gone.rs")},
    ]});
    let edit = lsp::WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf16);
    let edit = Arc::new(edit.unwrap());
    cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            model.list_edit("Edits", edit, model.versions(), cx);
        });
    });
    cx.run_until_parked();
    // The rows of changes as they read, and the boxes, each with whether its change is made.
    let rows = |cx: &mut TestAppContext| -> Vec<String> {
        it.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.find_all_by_role(gpui_kit::Role::TreeItem);
            let changes = rows.iter().filter(|row| row.expanded().is_none());
            let labels = changes.filter_map(|row| row.label());
            labels.map(str::to_owned).collect()
        })
    };
    let boxes = |cx: &mut TestAppContext| -> Vec<(String, Option<bool>)> {
        it.update(cx, |window, cx| {
            window.render_frame(cx);
            let boxes = window.find_all_by_role(gpui_kit::Role::CheckBox);
            let shown = boxes.iter().map(|one| {
                let label = one.label().unwrap_or_default();
                (label.to_owned(), one.checked())
            });
            shown.collect()
        })
    };
    let whole = [
        "Delete this file",
        "Create this file",
        "Line 1: made, +2 lines",
        "Move to moved.rs",
        "Line 1: first😀ab",
    ];
    assert_eq!(rows(cx), whole);
    let on = |label: &str| (label.to_owned(), Some(true));
    let of_file = || on("All changes of this file");
    assert_eq!(
        boxes(cx),
        [
            of_file(),
            on("Delete this file"),
            of_file(),
            on("Create this file"),
            on("Make this change"),
            of_file(),
            on("Move to moved.rs"),
            on("Make this change"),
        ]
    );
    // The file that is made, by key; what is written into it goes with it, and brings it back.
    it.press(cx, "home down down down space");
    let made = [
        "Create this file, left out",
        "Line 1: made, +2 lines, left out: needs “Create this file” of new.rs",
    ];
    assert_eq!(rows(cx)[1..3], made);
    let off = boxes(cx).into_iter();
    let off = off.filter(|(_, checked)| *checked == Some(false));
    let off: Vec<_> = off.map(|(label, _)| label).collect();
    let of_new = [
        "All changes of this file",
        "Create this file",
        "Make this change",
    ];
    assert_eq!(off, of_new);
    it.press(cx, "down space");
    assert_eq!(rows(cx), whole);
    // The moved file as a whole, by the box of its row, and the deletion.
    it.press(cx, "home down space");
    it.press(cx, "end left space");
    assert_eq!(
        rows(cx),
        [
            "Delete this file, left out",
            "Create this file",
            "Line 1: made, +2 lines",
            "Move to moved.rs, left out",
            "Line 1: first😀ab, left out",
        ]
    );
    assert!(it.opened().is_empty(), "a box leads nowhere");
    // A change of the text alone has its file moved again.
    it.press(cx, "end space");
    assert_eq!(rows(cx)[3..], whole[3..]);
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.update_window(above, |_, window, cx| {
        window.render_frame(cx);
        window.click("apply-edits", cx);
    })
    .unwrap();
    let read = |name: &str| std::fs::read_to_string(it.project.join(name)).ok();
    it.until(cx, "the change", |_, _| {
        read("moved.rs").as_deref() == Some("first\n😀ab\n")
    });
    assert_eq!(read("new.rs").as_deref(), Some("made\nof lines\n"));
    assert_eq!(
        read("gone.rs").as_deref(),
        Some("gone\n"),
        "it was left out"
    );
    assert_eq!(read("closed.rs"), None);
}

impl Session<HierarchyPanel> {
    /// The rows as they read, the selected one with a star.
    fn rows(&self, cx: &mut TestAppContext) -> Vec<String> {
        self.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.find_all_by_role(gpui_kit::Role::TreeItem);
            let shown = rows.iter().map(|row| {
                let mark = if row.selected() == Some(true) {
                    "*"
                } else {
                    ""
                };
                format!("{}{mark}", row.label().unwrap_or_default())
            });
            shown.collect()
        })
    }

    /// Opens a file with this text, asks the server about the name at an offset and shows the answer.
    fn show_hierarchy(
        &self,
        cx: &mut TestAppContext,
        (name, text): (&str, &str),
        offset: usize,
        kind: lsp::HierarchyKind,
    ) {
        let path = self.project.join(name);
        std::fs::write(&path, text).unwrap();
        let file = cx.update(|cx| {
            self.model.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.open_blocking(&path).unwrap())
            })
        });
        self.until(cx, "the server", |it, cx| {
            let servers = it.model.read(cx).language_servers().unwrap();
            servers
                .of_buffer(file)
                .is_some_and(|(server, _)| server.finds_symbols())
        });
        let asked = cx.update(|cx| {
            self.model.update(cx, |model, cx| {
                model.server_hierarchy(file, offset, kind, cx)
            })
        });
        let model = self.model.clone();
        let shown = cx.spawn(async move |mut cx| {
            let root = asked.await.unwrap();
            model.update(&mut cx, |model, cx| model.show_hierarchy(root, cx));
        });
        shown.detach();
    }

    fn until_rows(&self, cx: &mut TestAppContext, rows: &[&str]) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.rows(cx) != rows {
            cx.run_until_parked();
            assert!(Instant::now() < end, "{:?} for {rows:?}", self.rows(cx));
            std::thread::yield_now();
        }
    }
}

#[gpui_kit::test]
fn calls_unfold_both_ways_and_lead_to_their_place(cx: &mut TestAppContext) {
    let it = Session::open(cx, hierarchy);
    it.show_hierarchy(
        cx,
        ("calls.rs", "top: mid\nmid: low low\nlow: other\n"),
        22,
        lsp::HierarchyKind::IncomingCalls,
    );
    it.until_rows(cx, &["low*", "mid", "mid"]);
    it.press(cx, "down right");
    it.until_rows(cx, &["low", "mid*", "top", "mid"]);
    it.press(cx, "down enter");
    it.until(cx, "the call", |it, _| !it.opened().is_empty());
    assert_eq!(it.opened(), ["calls.rs:1:6"]);
    // Left goes to what it is in, then folds that.
    it.press(cx, "left left");
    it.until_rows(cx, &["low", "mid*", "mid"]);
    it.update(cx, |window, cx| {
        let root = it.model.read(cx).hierarchy().unwrap().clone();
        let turned = root.turned(lsp::HierarchyKind::OutgoingCalls);
        it.model
            .update(cx, |model, cx| model.show_hierarchy(turned, cx));
        window.render_frame(cx);
    });
    it.until_rows(cx, &["low*", "other"]);
}

#[gpui_kit::test]
fn types_unfold_both_ways_and_the_panel_turns_around(cx: &mut TestAppContext) {
    let it = Session::open(cx, hierarchy);
    it.show_hierarchy(
        cx,
        ("types.rs", "leaf: branch\nbranch: root other\nroot: \n"),
        14,
        lsp::HierarchyKind::Supertypes,
    );
    it.until_rows(cx, &["branch*", "root", "other"]);
    it.press(cx, "down enter");
    it.until(cx, "the type", |it, _| !it.opened().is_empty());
    assert_eq!(it.opened(), ["types.rs:3:1"]);
    it.update(cx, |window, cx| {
        let root = it.model.read(cx).hierarchy().unwrap().clone();
        let turned = root.turned(lsp::HierarchyKind::Subtypes);
        it.model
            .update(cx, |model, cx| model.show_hierarchy(turned, cx));
        window.render_frame(cx);
    });
    it.until_rows(cx, &["branch*", "leaf"]);
    it.press(cx, "down right");
    it.until_rows(cx, &["branch", "leaf*"]);
}

/// Prints what the list costs where a server says 10,000 things of a file: `--ignored --nocapture`,
/// with optimisation.
#[gpui_kit::test]
#[ignore = "a measurement; run it by hand"]
fn cost_of_ten_thousand_problems_of_a_file(cx: &mut TestAppContext) {
    const PROBLEMS: usize = 10_000;
    let it = Session::open(cx, ProblemsPanel::new);
    let file = cx.update(|cx| {
        it.model.update(cx, |model, cx| {
            let file = model
                .workspace()
                .buffer_for_path(&it.project.join("main.rs"));
            let text = "error\n".repeat(PROBLEMS);
            let replaced = |workspace: &mut Workspace| workspace.replace_text(file.unwrap(), &text);
            model.update(cx, replaced).unwrap();
            file.unwrap()
        })
    });
    it.until(cx, "the problems", |it, cx| {
        let buffer = it.model.read(cx).workspace().buffer(file);
        buffer
            .is_some_and(|one| one.diagnostics().count(lsp::DiagnosticSeverity::Error) == PROBLEMS)
    });
    let listings = (0..20).map(|_| {
        let start = Instant::now();
        cx.update(|cx| {
            it.model.update(cx, |_, cx| {
                cx.emit(WorkspaceEvent::BufferDiagnosticsChanged(file));
            });
        });
        start.elapsed()
    });
    let mut listings: Vec<_> = listings.collect();
    listings.sort_unstable();
    println!(
        "a list of {PROBLEMS} problems: {:?} to {:?}",
        listings[0], listings[19]
    );
}
