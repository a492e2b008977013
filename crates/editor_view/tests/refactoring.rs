//! What a language server changes because somebody asks, and the places that it lists. The server is
//! the fake one of `lsp`.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::served::{Session, open, open_served};
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use ui::{Item as _, PlaceList, ServerSays};
use workspace::WorkspaceEvent;

impl Session {
    /// Makes the edits that are listed.
    fn apply_listed(&self, cx: &mut TestAppContext) -> Result<usize, String> {
        let shown = cx.update(|cx| self.editor.model.read(cx).places().cloned());
        self.apply_list(cx, &shown.unwrap())
    }

    /// Makes the edits of a list that was shown.
    fn apply_list(&self, cx: &mut TestAppContext, shown: &Rc<PlaceList>) -> Result<usize, String> {
        let model = &self.editor.model;
        let applied = cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.apply_listed_edit(shown, &Default::default(), cx)
            })
        });
        self.wait(cx, applied)
    }

    /// Lists an edit of these steps.
    fn list_steps(
        &self,
        cx: &mut TestAppContext,
        title: &'static str,
        steps: Vec<lsp::EditStep>,
    ) -> Rc<PlaceList> {
        let edit = std::sync::Arc::new(lsp::WorkspaceEdit { steps });
        let model = &self.editor.model;
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.list_edit(title, edit, model.versions(), cx);
            });
        });
        self.until(cx, "the list", |it, cx| {
            let list = it.editor.model.read(cx).places();
            list.is_some_and(|list| list.title == title)
        });
        cx.update(|cx| model.read(cx).places().cloned()).unwrap()
    }

    /// Makes an empty file that is older than whatever comes next.
    fn make_old_file(&self, cx: &mut TestAppContext, path: &std::path::Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let old = std::fs::File::create(path).unwrap();
        let before = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
        old.set_modified(before).unwrap();
        drop(old);
        // Files are told apart by when they came to be, which the clock of the disk says in steps.
        self.until(cx, "a later time on the disk", |it, _| {
            let probe = it.scratch.path().join("probe");
            std::fs::write(&probe, "").unwrap();
            let born = |path: &std::path::Path| path.metadata().unwrap().created().ok();
            let (old, now) = (born(path), born(&probe));
            std::fs::remove_file(probe).unwrap();
            let step = std::time::Duration::from_millis(50);
            old.zip(now).is_none_or(|(old, now)| now > old + step)
        });
    }

    /// What was deleted and can be brought back, the newest first.
    fn deletions(&self, cx: &mut TestAppContext) -> Vec<String> {
        let model = &self.editor.model;
        cx.update(|cx| {
            model
                .read(cx)
                .deletions()
                .map(ui::Deletion::files)
                .collect()
        })
    }

    /// Brings back what was deleted last.
    fn bring_back(&self, cx: &mut TestAppContext) -> Result<usize, String> {
        let model = &self.editor.model;
        let bringing = cx.update(|cx| {
            model.update(cx, |model, cx| {
                let newest = model.deletions().next().map(ui::Deletion::id);
                model.bring_back(newest.unwrap(), cx)
            })
        });
        self.wait(cx, bringing)
    }

    /// The places that are listed, as they read, each with what is marked in brackets.
    fn places(&self, cx: &mut TestAppContext) -> Vec<String> {
        cx.update(|cx| {
            let places = self.editor.model.read(cx).places().cloned();
            let places = places.into_iter().flat_map(|list| list.places.clone());
            let shown = places.map(|one| {
                let new = one
                    .new_text
                    .map(|new| format!("->{new}"))
                    .unwrap_or_default();
                let (before, rest) = one.text.split_at(one.marked.start);
                let (marked, after) = rest.split_at(one.marked.len());
                format!("{}:{before}[{marked}{new}]{after}", one.line + 1)
            });
            shown.collect()
        })
    }
}

#[gpui_kit::test]
fn references_are_listed(cx: &mut TestAppContext) {
    let it = open(cx, "let size = 1;\n  call(size);\n");
    it.start(cx);
    it.editor.set(cx, "let siˇze = 1;\n  call(size);\n");
    it.editor.press(cx, "shift-f12");
    it.until(cx, "the places", |it, cx| {
        it.editor.model.read(cx).places().is_some()
    });
    assert_eq!(it.places(cx), ["1:let [size] = 1;", "2:call([size]);"]);
}

#[gpui_kit::test]
fn a_name_is_changed_wherever_it_is_used_in_one_step(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "let siˇze = 1;\ncall(size);\n");
    editor.press(cx, "f2");
    it.shows(cx, "rename");
    editor.input(cx, "länge");
    editor.press(cx, "enter");
    it.reads(cx, "let länge = 1;\ncall(länge);\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "let size = 1;\ncall(size);\n");

    editor.press(cx, "f2");
    it.shows(cx, "rename");
    editor.input(cx, "n");
    editor.press(cx, "shift-enter");
    it.until(cx, "the preview", |it, cx| {
        it.editor.model.read(cx).places().is_some()
    });
    assert_eq!(
        it.places(cx),
        ["1:let [size->n] = 1;", "2:call([size->n]);"]
    );
    it.reads(cx, "let size = 1;\ncall(size);\n");
}

#[gpui_kit::test]
fn what_would_change_a_file_outside_of_the_folder_changes_nothing(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "outside");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "siˇze size\n");
    let (view, model, buffer) = (editor.view.clone(), editor.model.clone(), editor.buffer);
    let versions = cx.update(|cx| model.read(cx).versions());
    let asked =
        cx.update(|cx| model.update(cx, |model, cx| model.server_rename(buffer, 0, "n", cx)));
    let edit = it.wait(cx, asked).unwrap().unwrap();
    let applied = cx.update(|cx| {
        model.update(cx, |model, cx| {
            model.apply_server_edit(&std::sync::Arc::new(edit), &versions, cx)
        })
    });
    let refused = it.wait(cx, applied).unwrap_err();
    assert!(refused.contains("outside of the folder"), "{refused}");
    assert!(cx.update(|cx| view.read(cx).text(cx)) == *"size size\n");
}

#[gpui_kit::test]
fn files_that_are_not_open_are_changed_and_saved(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "beside");
    let beside = it
        .scratch
        .path()
        .canonicalize()
        .unwrap()
        .join("project/beside.rs");
    std::fs::write(&beside, "size\n").unwrap();
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "siˇze\n");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    let asked =
        cx.update(|cx| model.update(cx, |model, cx| model.server_rename(buffer, 0, "n", cx)));
    let edit = std::sync::Arc::new(it.wait(cx, asked).unwrap().unwrap());
    let stale = cx.update(|cx| model.read(cx).versions());
    editor.input(cx, " ");
    let apply = |cx: &mut TestAppContext, versions| {
        cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.apply_server_edit(&edit, &versions, cx)
            })
        })
    };
    let refused = apply(cx, stale);
    assert!(it.wait(cx, refused).unwrap_err().contains("has changed"));
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "size\n");
    editor.press(cx, "ctrl-z");
    let now = cx.update(|cx| model.read(cx).versions());
    let applied = apply(cx, now);
    assert_eq!(it.wait(cx, applied), Ok(2));
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "n\n");
    it.reads(cx, "n\n");
    let open = cx.update(|cx| model.read(cx).workspace().buffers().count());
    assert_eq!(open, 1, "nobody looks at the other");
}

#[gpui_kit::test]
fn an_action_mends_what_is_wrong_and_a_command_may_ask_for_edits(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    for (keys, mended) in [("enter", "a fixed\n"), ("down enter", "a commanded\n")] {
        editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        editor.press(cx, keys);
        it.reads(cx, mended);
        editor.press(cx, "ctrl-z");
        it.reads(cx, "a error\n");
    }
}

#[gpui_kit::test]
fn a_command_that_ends_with_a_new_name_asks_for_it_where_the_server_says(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "renames-after");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    editor.press(cx, "down enter");
    it.reads(cx, "a commanded\n");
    it.shows(cx, "rename");
    editor.input(cx, "named");
    editor.press(cx, "enter");
    it.reads(cx, "a named\n");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    assert!(said.is_empty(), "nothing went wrong: {said:?}");
}

#[gpui_kit::test]
fn the_text_is_laid_out_when_asked_and_before_it_is_saved(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "a  b\ncˇ\n");
    editor.press(cx, "shift-alt-f");
    it.reads(cx, "a b\nc\n");
    editor.set(cx, "a  b\n«c  dˇ»\n");
    editor.update(cx, |window, cx| {
        ui::Commands::run("editor.action.formatSelection", window, cx)
    });
    it.reads(cx, "a  b\nc d\n");
    editor.set(cx, "a  b\ncˇ\n");
    editor.press(cx, "shift-alt-f");
    it.reads(cx, "a b\nc\n");
    editor.shows(cx, "a b\ncˇ\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "a  b\nc\n");
    let save = |cx: &mut TestAppContext| {
        let saving = editor.update(cx, |window, cx| {
            editor.view.update(cx, |view, cx| view.save(window, cx))
        });
        it.wait(cx, saving).unwrap();
        std::fs::read_to_string(it.scratch.path().join("project/main.rs")).unwrap()
    };
    assert_eq!(save(cx), "a  b\nc\n");
    editor.settings(cx, r#"{"editor.formatOnSave": true}"#);
    editor.set(cx, "d  eˇ\n");
    assert_eq!(save(cx), "d e\n");
    // A save runs from the first on, so that who closes the file waits for it.
    editor.set(cx, "f  gˇ\n");
    let is_saving =
        |cx: &mut TestAppContext| cx.update(|cx| editor.model.read(cx).is_saving(editor.buffer));
    let saving = editor.update(cx, |window, cx| {
        editor.view.update(cx, |view, cx| view.save(window, cx))
    });
    assert!(is_saving(cx), "the server is asked");
    it.wait(cx, saving).unwrap();
    assert!(!is_saving(cx));
}

#[gpui_kit::test]
fn imports_are_put_in_order_when_asked_and_before_a_save(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    let save = |cx: &mut TestAppContext| {
        let saving = editor.update(cx, |window, cx| {
            editor.view.update(cx, |view, cx| view.save(window, cx))
        });
        it.wait(cx, saving).unwrap();
        std::fs::read_to_string(it.scratch.path().join("project/main.rs")).unwrap()
    };
    editor.set(cx, "use b;\nuse a;\nx  yˇ\n");
    editor.press(cx, "shift-alt-o");
    it.reads(cx, "use a;\nuse b;\nx  y\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "use b;\nuse a;\nx  y\n");
    assert_eq!(save(cx), "use b;\nuse a;\nx  y\n", "nobody asked for it");

    // Also where the text has mistakes, the imports themselves among them.
    editor.set(cx, "use b;\nuse unused error;\nuse a;\nan error yˇ\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((2, 0))
    });
    editor.press(cx, "shift-alt-o");
    it.reads(cx, "use a;\nuse b;\nan error y\n");

    let settings = r#"{"editor.codeActionsOnSave": {"source.organizeImports": "explicit"}}"#;
    editor.settings(cx, settings);
    editor.set(cx, "use c;\nuse a;\nx  zˇ\n");
    assert_eq!(save(cx), "use a;\nuse c;\nx  z\n");
    // What was not asked for is not done, and then the text is laid out.
    let both = settings.replace('}', "") + r#"}, "editor.formatOnSave": true}"#;
    editor.settings(cx, &both);
    editor.set(cx, "use d;\nuse a;\nx  zˇ\n");
    assert_eq!(save(cx), "use a;\nuse d;\nx z\n");
}

#[gpui_kit::test]
fn a_save_says_what_was_done_before_the_server_ceased_to_answer(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "says-actions-once");
    it.start(cx);
    let editor = &it.editor;
    let settings = r#"{"editor.codeActionsOnSave": {"source.organizeImports": "explicit"}}"#;
    editor.settings(cx, settings);
    editor.set(cx, "use b;\nuse a;\nxˇ\n");
    let saving = editor.update(cx, |window, cx| {
        editor.view.update(cx, |view, cx| view.save(window, cx))
    });
    it.reads(cx, "use a;\nuse b;\nx\n");
    cx.run_until_parked();
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(4));
    it.wait(cx, saving).unwrap();
    let file = it.scratch.path().join("project/main.rs");
    assert_eq!(
        std::fs::read_to_string(file).unwrap(),
        "use a;\nuse b;\nx\n"
    );
    let told = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    let told: Vec<_> = told.iter().map(|one| one.to_string()).collect();
    let said = "Saved after one code action; there may be more. The language server took too long.";
    assert_eq!(told, [said]);
}

#[gpui_kit::test]
fn imports_that_nothing_uses_go_where_that_is_a_kind_of_its_own_too(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "removes-unused");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "use b;\nuse unused;\nuse a;\nxˇ\n");
    editor.press(cx, "shift-alt-o");
    it.reads(cx, "use a;\nuse b;\nx\n");
    editor.set(cx, "use b;\nxˇ\n");
    let settings = r#"{"editor.codeActionsOnSave": {"source.organizeImports": "explicit"}}"#;
    editor.settings(cx, settings);
    editor.set(cx, "use b;\nuse unused;\nxˇ\n");
    let saving = editor.update(cx, |window, cx| {
        editor.view.update(cx, |view, cx| view.save(window, cx))
    });
    it.wait(cx, saving).unwrap();
    it.reads(cx, "use b;\nx\n");
}

#[gpui_kit::test]
fn a_list_of_one_kind_of_actions_holds_no_others(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| ui::Commands::run(command, window, cx));
    };
    let notices = |cx: &mut TestAppContext| {
        cx.run_until_parked();
        editor.update(cx, |window, cx| ui::shown_notices(window, cx).len())
    };
    for (command, changed) in [
        ("editor.action.refactor", "!use b;\nuse a;\n"),
        ("editor.action.sourceAction", "use a;\nuse b;\n"),
    ] {
        editor.set(cx, "use b;\nuse a;\nˇ");
        run(cx, command);
        it.shows(cx, "code-actions");
        // There is one row.
        editor.press(cx, "down enter");
        it.reads(cx, changed);
    }
    assert_eq!(notices(cx), 0);
    run(cx, "editor.action.fixAll");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while notices(cx) == 0 {
        assert!(std::time::Instant::now() < end);
        std::thread::yield_now();
    }
    it.reads(cx, "use a;\nuse b;\n");
}

#[gpui_kit::test]
fn files_are_made_and_moved_with_the_texts_and_the_preview_says_so(cx: &mut TestAppContext) {
    let it = open_served(cx, "let size = 1;\n", "files deletes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("old.rs"), "old\n").unwrap();
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    it.start(cx);
    it.editor.set(cx, "let siˇze = 1;\n");
    it.editor.press(cx, "f2");
    it.shows(cx, "rename");
    it.editor.input(cx, "n");
    it.editor.press(cx, "enter");
    it.until(cx, "what deletes is shown first", |it, cx| {
        it.editor.model.read(cx).places().is_some()
    });
    assert_eq!(
        it.places(cx),
        [
            "1:[]Delete this file",
            "1:let [size->n] = 1;",
            "1:[]Create this file",
            "1:[->made]",
            "1:[]Move to made/moved.rs",
            "1:[->moved]old",
        ]
    );
    assert!(project.join("gone.rs").exists());
    assert_eq!(it.apply_listed(cx), Ok(6));
    it.reads(cx, "let n = 1;\n");
    let read = |name: &str| std::fs::read_to_string(project.join(name)).ok();
    assert_eq!(read("made/new.rs").as_deref(), Some("made\n"));
    assert_eq!(read("made/moved.rs").as_deref(), Some("moved\nold\n"));
    assert_eq!((read("old.rs"), read("gone.rs")), (None, None));
}

#[gpui_kit::test]
fn whoever_would_delete_files_has_them_listed_first_and_they_can_be_brought_back(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "x\n", "removes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let read = |name: &str| std::fs::read_to_string(project.join(name)).ok();
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    it.start(cx);
    // An action with edits, and a command whose server asks for them.
    for keys in ["enter", "down enter"] {
        it.editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        it.editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        it.editor.press(cx, keys);
        it.until(cx, "the list", |it, cx| {
            it.editor.model.read(cx).places().is_some()
        });
        assert_eq!(
            it.places(cx),
            ["1:[]Delete this file", "1:[]Create this file"]
        );
        assert_eq!(read("gone.rs").as_deref(), Some("gone\n"), "{keys}");
        assert_eq!(read("made.rs"), None, "{keys}");

        assert_eq!(it.apply_listed(cx), Ok(2));
        assert_eq!(
            (read("gone.rs"), read("made.rs")),
            (None, Some(String::new()))
        );
        assert_eq!(it.deletions(cx), ["gone.rs"]);
        std::fs::write(project.join("gone.rs"), "mine\n").unwrap();
        let refused = it.bring_back(cx).unwrap_err();
        assert!(refused.contains("already exists"), "{refused}");
        assert_eq!(read("gone.rs").as_deref(), Some("mine\n"));
        std::fs::remove_file(project.join("gone.rs")).unwrap();
        assert_eq!(it.bring_back(cx), Ok(1));
        assert_eq!(read("gone.rs").as_deref(), Some("gone\n"));
        assert!(it.deletions(cx).is_empty());
        std::fs::remove_file(project.join("made.rs")).unwrap();
    }
}

#[gpui_kit::test]
fn a_list_is_applied_as_it_was_shown_and_no_server_replaces_one_that_waits(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "x\n", "removes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    let model = it.editor.model.clone();
    let list = |cx: &mut TestAppContext, name: &'static str| {
        let step = lsp::EditStep::File(lsp::FileOperation::Create {
            path: project.join(name),
            may_exist: false,
        });
        it.list_steps(cx, name, vec![step])
    };
    let said = Rc::<RefCell<Vec<String>>>::default();
    let subscription = cx.update(|cx| {
        let said = said.clone();
        cx.subscribe(&model, move |_, event: &WorkspaceEvent, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                said.borrow_mut().push(message.clone());
            }
        })
    });
    it.start(cx);
    let first = list(cx, "first.rs");
    it.editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    // A command whose server asks for edits that delete a file.
    it.editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    it.editor.press(cx, "down enter");
    it.until(cx, "the refusal", |_, _| {
        let refused = |one: &String| one.contains("other changes wait under References");
        said.borrow().iter().any(refused)
    });
    let listed = cx.update(|cx| model.read(cx).places().cloned());
    assert!(Rc::ptr_eq(&listed.unwrap(), &first), "the list stays");
    assert!(project.join("gone.rs").exists());

    let second = list(cx, "second.rs");
    let refused = it.apply_list(cx, &first).unwrap_err();
    assert!(refused.contains("not listed any more"), "{refused}");
    assert!(!project.join("first.rs").exists() && !project.join("second.rs").exists());
    assert_eq!(it.apply_list(cx, &second), Ok(1));
    assert!(project.join("second.rs").exists());
    drop(subscription);
}

#[gpui_kit::test]
fn an_edit_that_would_delete_the_open_folder_is_refused_before_it_is_listed(
    cx: &mut TestAppContext,
) {
    let it = open(cx, "x\n");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let model = it.editor.model.clone();
    for path in [project.clone(), it.scratch.path().canonicalize().unwrap()] {
        let step = lsp::EditStep::File(lsp::FileOperation::Delete {
            path,
            recursive: true,
            may_be_gone: false,
        });
        let edit = std::sync::Arc::new(lsp::WorkspaceEdit { steps: vec![step] });
        let made = cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.apply_server_edit(&edit, &model.versions(), cx)
            })
        });
        let why = it.wait(cx, made).unwrap_err();
        assert!(why.contains("the open folder itself"), "{why}");
        cx.run_until_parked();
        assert!(cx.update(|cx| model.read(cx).places().is_none()));
    }
    assert!(project.join("main.rs").exists());
}

#[gpui_kit::test]
fn what_one_edit_deletes_is_bounded_and_what_can_come_back_does(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "removes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let delete = |cx: &mut TestAppContext, names: &[&str]| {
        let steps = names.iter().map(|name| {
            lsp::EditStep::File(lsp::FileOperation::Delete {
                path: project.join(name),
                recursive: false,
                may_be_gone: false,
            })
        });
        let list = it.list_steps(cx, "Deletions", steps.collect());
        it.apply_list(cx, &list)
    };
    let read = |name: &str| std::fs::read_to_string(project.join(name)).ok();

    // Together they are more than can be kept, each of them is not.
    for name in ["large-a", "large-b"] {
        std::fs::write(project.join(name), [0xff]).unwrap();
        let file = std::fs::File::options()
            .write(true)
            .open(project.join(name));
        file.unwrap().set_len(40 * 1024 * 1024).unwrap();
    }
    let refused = delete(cx, &["large-a", "large-b"]).unwrap_err();
    assert!(refused.contains("could not be brought back"), "{refused}");
    assert!(refused.starts_with("Nothing was changed"), "{refused}");
    assert!(project.join("large-a").exists() && project.join("large-b").exists());
    assert_eq!(delete(cx, &["large-a"]), Ok(1));
    assert_eq!(it.bring_back(cx), Ok(1));

    let names = ["a.rs", "b.rs", "c.rs"];
    for name in names {
        std::fs::write(project.join(name), name).unwrap();
    }
    assert_eq!(delete(cx, &names), Ok(3));
    assert_eq!(names.map(read), [None, None, None]);
    std::fs::write(project.join("a.rs"), "mine").unwrap();
    let told = it.bring_back(cx).unwrap_err();
    assert!(told.starts_with("Only 2 of 3 files came back: "), "{told}");
    assert!(told.contains("a.rs already exists"), "{told}");
    let now = ["mine", "b.rs", "c.rs"].map(|text| Some(text.to_owned()));
    assert_eq!(names.map(read), now);
    assert_eq!(it.deletions(cx), ["a.rs"], "what did not come back is kept");
}

#[gpui_kit::test]
fn no_file_is_written_over_or_reached_through_a_link(cx: &mut TestAppContext) {
    let it = open_served(cx, "let size = 1;\n", "files");
    let base = it.scratch.path().canonicalize().unwrap();
    let project = base.join("project");
    std::fs::create_dir(base.join("outside")).unwrap();
    std::os::unix::fs::symlink(base.join("outside"), project.join("made")).unwrap();
    it.start(cx);
    let rename = |cx: &mut TestAppContext| {
        let (model, buffer) = (it.editor.model.clone(), it.editor.buffer);
        let asked =
            cx.update(|cx| model.update(cx, |model, cx| model.server_rename(buffer, 4, "n", cx)));
        let edit = std::sync::Arc::new(it.wait(cx, asked).unwrap().unwrap());
        let versions = cx.update(|cx| model.read(cx).versions());
        let applied = cx.update(|cx| {
            model.update(cx, |model, cx| {
                model.apply_server_edit(&edit, &versions, cx)
            })
        });
        it.wait(cx, applied).unwrap_err()
    };
    it.editor.set(cx, "let siˇze = 1;\n");
    let refused = rename(cx);
    assert!(refused.contains("through a link"), "{refused}");
    assert!(refused.starts_with("Nothing was changed"), "{refused}");
    assert_eq!(std::fs::read_dir(base.join("outside")).unwrap().count(), 0);

    std::fs::remove_file(project.join("made")).unwrap();
    std::fs::create_dir(project.join("made")).unwrap();
    std::fs::write(project.join("made/new.rs"), "mine\n").unwrap();
    it.editor.set(cx, "let siˇze = 1;\n");
    let refused = rename(cx);
    assert!(refused.contains("already exists"), "{refused}");
    assert!(refused.starts_with("Nothing was changed"), "{refused}");
    let kept = std::fs::read_to_string(project.join("made/new.rs")).unwrap();
    assert_eq!(kept, "mine\n");
    it.reads(cx, "let size = 1;\n");

    // The last of its files is too large to be changed.
    std::fs::remove_file(project.join("made/new.rs")).unwrap();
    let old = std::fs::File::create(project.join("old.rs")).unwrap();
    old.set_len(65 * 1024 * 1024).unwrap();
    let refused = rename(cx);
    assert!(refused.contains("old.rs is "), "{refused}");
    assert!(refused.starts_with("Nothing was changed"), "{refused}");
    it.reads(cx, "let size = 1;\n");
    assert!(!project.join("made/new.rs").exists());
}

#[gpui_kit::test]
fn what_stands_in_the_way_of_a_step_is_found_before_the_first_or_told_with_what_was_made(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "x\n", "removes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let path = |name: &str| project.join(name);
    for name in ["full/a.rs", "near.rs"] {
        std::fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        std::fs::write(path(name), name).unwrap();
    }
    let create = |name: &str| lsp::FileOperation::Create {
        path: path(name),
        may_exist: false,
    };
    let rename = |from: &str, to: &str| lsp::FileOperation::Rename {
        from: path(from),
        to: path(to),
        may_exist: false,
    };
    let delete = |name: &str| lsp::FileOperation::Delete {
        path: path(name),
        recursive: false,
        may_be_gone: false,
    };
    let apply = |cx: &mut TestAppContext, operations: Vec<lsp::FileOperation>| {
        let steps = operations.into_iter().map(lsp::EditStep::File);
        let list = it.list_steps(cx, "Steps", steps.collect());
        it.apply_list(cx, &list)
    };
    for (last, why) in [
        (create("near.rs"), "already exists"),
        (rename("none.rs", "other.rs"), "does not exist"),
        (rename("near.rs", "full"), "already exists"),
        (delete("none.rs"), "does not exist"),
        (delete("full"), "is not empty"),
    ] {
        let refused = apply(cx, vec![create("made.rs"), last.clone()]).unwrap_err();
        assert!(refused.starts_with("Nothing was changed"), "{refused}");
        assert!(refused.contains(why), "{last:?}: {refused}");
        assert!(!path("made.rs").exists(), "{last:?}");
    }
    // Only the system knows that no file is a folder.
    let refused = apply(cx, vec![create("made.rs"), create("near.rs/made.rs")]).unwrap_err();
    let told = "Only the first changes were made, 1 of them";
    assert!(refused.starts_with(told), "{refused}");
    assert!(path("made.rs").exists());
    // What stands in the way is out of it once its turn comes.
    let steps = vec![
        delete("full/a.rs"),
        delete("full"),
        rename("near.rs", "full"),
        create("near.rs"),
        delete("made.rs"),
    ];
    assert_eq!(apply(cx, steps), Ok(5));
    let read = |name: &str| std::fs::read_to_string(path(name)).ok();
    assert_eq!(read("full").as_deref(), Some("near.rs"));
    assert_eq!(read("near.rs").as_deref(), Some(""));
    assert_eq!(read("made.rs"), None);
    assert_eq!(it.deletions(cx), ["full/a.rs and 1 other"]);
}

#[gpui_kit::test]
fn edits_that_a_server_lists_are_made_in_the_texts_that_were_shown_and_no_others(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "x\n", "removes with-texts");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    it.start(cx);
    let list = |cx: &mut TestAppContext| {
        it.editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        // A command whose server asks for edits of no version.
        it.editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        it.editor.press(cx, "down enter");
        it.until(cx, "the list", |it, cx| {
            it.editor.model.read(cx).places().is_some()
        });
    };
    list(cx);
    it.editor.press(cx, "ctrl-home").input(cx, "above\n");
    it.reads(cx, "above\na error\n");
    let refused = it.apply_listed(cx).unwrap_err();
    assert!(
        refused.contains("main.rs: the text has changed"),
        "{refused}"
    );
    it.reads(cx, "above\na error\n");
    assert!(project.join("gone.rs").exists() && !project.join("made.rs").exists());

    list(cx);
    assert_eq!(it.apply_listed(cx), Ok(3));
    it.reads(cx, "a commanded\n");
    assert!(!project.join("gone.rs").exists());
}

#[gpui_kit::test]
fn a_preview_is_applied_to_the_closed_files_that_it_showed_and_no_others(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "beside");
    let beside = it.scratch.path().canonicalize().unwrap();
    let beside = beside.join("project/beside.rs");
    it.start(cx);
    let preview = |cx: &mut TestAppContext, text: &str| {
        std::fs::write(&beside, text).unwrap();
        it.editor.set(cx, "siˇze\n");
        it.editor.press(cx, "f2");
        it.shows(cx, "rename");
        it.editor.input(cx, "n");
        it.editor.press(cx, "shift-enter");
        it.until(cx, "the preview", |it, cx| {
            it.editor.model.read(cx).places().is_some()
        });
        assert_eq!(it.places(cx), ["1:[size->n]", "1:[size->n]"]);
    };
    preview(cx, "size\n");
    std::fs::write(&beside, "new\nsize\n").unwrap();
    let refused = it.apply_listed(cx).unwrap_err();
    let told = "Nothing was changed: beside.rs: the text has changed";
    assert!(refused.starts_with(told), "{refused}");
    it.reads(cx, "size\n");
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "new\nsize\n");

    // Nobody knows any more what was shown of a buffer that is gone.
    std::fs::write(&beside, "size\n").unwrap();
    let model = it.editor.model.clone();
    let open = cx.update(|cx| model.update(cx, |model, cx| model.open_path(beside.clone(), cx)));
    let open = it.wait(cx, open).unwrap();
    preview(cx, "size\n");
    cx.update(|cx| model.update(cx, |model, cx| model.close_unseen(open, cx)));
    let refused = it.apply_listed(cx).unwrap_err();
    let told = "Nothing was changed: beside.rs was closed since it was listed";
    assert!(refused.starts_with(told), "{refused}");

    preview(cx, "size\n");
    assert_eq!(it.apply_listed(cx), Ok(2));
    it.reads(cx, "n\n");
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "n\n");
}

#[gpui_kit::test]
fn what_comes_back_has_its_permissions_and_its_empty_folders(cx: &mut TestAppContext) {
    use std::os::unix::fs::PermissionsExt as _;
    let it = open_served(cx, "x\n", "removes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let modes = [
        ("lib/run.sh", 0o755),
        ("lib/secret", 0o400),
        ("lib/empty", 0o700),
        ("lib", 0o711),
    ];
    std::fs::create_dir_all(project.join("lib/empty")).unwrap();
    std::fs::write(project.join("lib/run.sh"), "#!/bin/sh\n").unwrap();
    std::fs::write(project.join("lib/secret"), "secret").unwrap();
    for (name, mode) in modes {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(project.join(name), mode).unwrap();
    }
    let delete = |cx: &mut TestAppContext, name: &str| {
        let step = lsp::EditStep::File(lsp::FileOperation::Delete {
            path: project.join(name),
            recursive: true,
            may_be_gone: false,
        });
        let list = it.list_steps(cx, "Deletions", vec![step]);
        assert_eq!(it.apply_list(cx, &list), Ok(1));
        assert!(!project.join(name).exists());
    };
    delete(cx, "lib");
    assert_eq!(it.deletions(cx), ["lib/run.sh and 1 other"]);
    assert_eq!(it.bring_back(cx), Ok(2));
    for (name, mode) in modes {
        let found = std::fs::metadata(project.join(name)).unwrap();
        let found = found.permissions().mode() & 0o7777;
        assert_eq!(found, mode, "{name}: {found:o}");
    }
    assert_eq!(
        std::fs::read_to_string(project.join("lib/secret")).unwrap(),
        "secret"
    );
    delete(cx, "lib/empty");
    assert_eq!(it.deletions(cx), ["the folder lib/empty"]);
    assert_eq!(it.bring_back(cx), Ok(0));
    assert!(project.join("lib/empty").is_dir());
}

#[gpui_kit::test]
fn the_command_of_an_action_runs_once_its_listed_edits_are_applied(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "removes then-fixes");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    it.start(cx);
    it.editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    it.editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    it.editor.press(cx, "enter");
    it.until(cx, "the list", |it, cx| {
        it.editor.model.read(cx).places().is_some()
    });
    it.reads(cx, "a error\n");
    assert_eq!(it.apply_listed(cx), Ok(2));
    assert!(!project.join("gone.rs").exists());
    it.reads(cx, "a commanded\n");
}

#[gpui_kit::test]
fn an_edit_of_several_files_is_taken_back_in_all_of_them_or_in_one(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "beside");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let beside = || std::fs::read_to_string(project.join("beside.rs")).unwrap();
    std::fs::write(project.join("beside.rs"), "size\n").unwrap();
    it.start(cx);
    let editor = &it.editor;
    let rename = |cx: &mut TestAppContext| {
        editor.set(cx, "siˇze\n");
        editor.press(cx, "f2");
        it.shows(cx, "rename");
        editor.input(cx, "n");
        editor.press(cx, "enter");
        it.reads(cx, "n\n");
        it.until(cx, "the other file", |_, _| beside() == "n\n");
        cx.run_until_parked();
    };
    rename(cx);
    editor.press(cx, "ctrl-z");
    it.shows(cx, "undo-picker");
    editor.press(cx, "enter");
    it.reads(cx, "size\n");
    it.until(cx, "the other file", |_, _| beside() == "size\n");
    it.until(cx, "nobody looks at the other", |it, cx| {
        it.editor.model.read(cx).workspace().buffers().count() == 1
    });
    // And back and forth, as often as one likes.
    for (keys, text) in [("ctrl-y", "n\n"), ("ctrl-z", "size\n"), ("ctrl-y", "n\n")] {
        editor.press(cx, keys);
        it.shows(cx, "undo-picker");
        editor.press(cx, "enter");
        it.reads(cx, text);
        it.until(cx, "the other file", |_, _| beside() == text);
        cx.run_until_parked();
    }
    editor.press(cx, "ctrl-z");
    it.shows(cx, "undo-picker");
    editor.press(cx, "enter");
    it.until(cx, "the other file", |_, _| beside() == "size\n");
    cx.run_until_parked();
    editor.press(cx, "ctrl-y");
    it.shows(cx, "undo-picker");
    editor.press(cx, "down enter");
    it.reads(cx, "n\n");
    assert_eq!(beside(), "size\n", "in this file alone");
    editor.press(cx, "ctrl-z");
    assert!(!it.has(cx, "undo-picker"), "it was made here alone");

    rename(cx);
    editor.press(cx, "ctrl-z");
    it.shows(cx, "undo-picker");
    editor.press(cx, "down enter");
    it.reads(cx, "size\n");
    assert_eq!(beside(), "n\n");

    std::fs::write(project.join("beside.rs"), "size\n").unwrap();
    rename(cx);
    // As long as what the edit made.
    std::fs::write(project.join("beside.rs"), "m\n").unwrap();
    editor.press(cx, "ctrl-z");
    it.shows(cx, "undo-picker");
    editor.press(cx, "enter");
    it.reads(cx, "n\n");
    assert_eq!(beside(), "m\n", "in all or in none");
    // What was typed since is undone alone.
    editor.input(cx, "more");
    editor.press(cx, "ctrl-z");
    assert!(!it.has(cx, "undo-picker"));
}

/// As typescript-language-server does for "Move to a new file".
#[gpui_kit::test]
fn a_file_that_the_server_makes_for_an_edit_goes_when_that_is_taken_back(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "moves-to-file");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let made = project.join("sub/made.rs");
    let text = || std::fs::read_to_string(&made).unwrap_or_default();
    it.start(cx);
    let editor = &it.editor;
    let move_out = |cx: &mut TestAppContext| {
        editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        editor.press(cx, "down enter");
        it.reads(cx, "a moved\n");
        it.until(cx, "the new file", |_, _| text() == "error");
        cx.run_until_parked();
    };
    let take_back = |cx: &mut TestAppContext| {
        editor.press(cx, "ctrl-z");
        it.shows(cx, "undo-picker");
        editor.press(cx, "enter");
        it.reads(cx, "a error\n");
    };
    move_out(cx);
    take_back(cx);
    it.until(cx, "the end of it", |_, _| !made.exists());
    // On some file systems nobody knows since when there is a folder.
    if project.metadata().unwrap().created().is_ok() {
        it.until(cx, "the end of its folder", |_, _| {
            !project.join("sub").exists()
        });
    }
    editor.press(cx, "ctrl-y");
    it.shows(cx, "undo-picker");
    editor.press(cx, "enter");
    it.reads(cx, "a moved\n");
    it.until(cx, "the new file", |_, _| text() == "error");
    cx.run_until_parked();
    take_back(cx);
    it.until(cx, "the end of it", |_, _| !made.exists());

    // An empty file that somebody had before is emptied and stays.
    it.make_old_file(cx, &made);
    move_out(cx);
    take_back(cx);
    it.until(cx, "its text as it was", |_, _| text().is_empty());
    cx.run_until_parked();
    assert!(made.exists());
}

#[gpui_kit::test]
fn an_edit_of_several_files_is_told_and_listed_and_taken_back_from_there(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "moves-to-file");
    let made = it
        .scratch
        .path()
        .canonicalize()
        .unwrap()
        .join("project/sub/made.rs");
    it.start(cx);
    let (editor, model) = (&it.editor, it.editor.model.clone());
    let said = Rc::<RefCell<Vec<ServerSays>>>::default();
    let subscription = cx.update(|cx| {
        let said = said.clone();
        cx.subscribe(&model, move |_, event: &ServerSays, _| {
            said.borrow_mut().push(event.clone());
        })
    });
    let told = || {
        said.borrow().iter().find_map(|event| match event {
            ServerSays::EditMade(edit) => Some(edit.clone()),
            _ => None,
        })
    };
    editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    editor.press(cx, "down enter");
    it.until(cx, "that it is told", |_, _| told().is_some());
    let edit = told().unwrap();
    assert_eq!(edit.message, "Changed main.rs, made made.rs.");
    let id = edit.id.unwrap();
    let listed = cx.update(|cx| model.update(cx, |model, cx| model.list_made_edit(id, cx)));
    assert_eq!(listed, Ok(()));
    it.until(cx, "the list", |it, cx| {
        it.editor.model.read(cx).places().is_some()
    });
    assert_eq!(it.places(cx), ["1:a [error->moved]", "1:[error]"]);
    let list = cx.update(|cx| model.read(cx).places().cloned()).unwrap();
    assert_eq!(&*list.title, "Changed main.rs, made made.rs");
    assert!(list.edit.is_none(), "there is nothing to apply");

    // What stands in its way is said, and it can be taken back once that is gone.
    editor.input(cx, "x");
    let refused = cx.update(|cx| model.update(cx, |model, cx| model.take_edit_back(id, cx)));
    let why = it.wait(cx, refused).unwrap_err();
    assert!(why.contains("was edited since"), "{why}");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "a moved\n");
    let back = cx.update(|cx| model.update(cx, |model, cx| model.take_edit_back(id, cx)));
    assert_eq!(it.wait(cx, back), Ok(2));
    it.reads(cx, "a error\n");
    assert!(!made.exists());
    let is_over = |event: &ServerSays| matches!(event, ServerSays::EditOver { message } if *message == edit.message);
    assert!(said.borrow().iter().any(is_over), "the notice goes");
    let again = cx.update(|cx| model.update(cx, |model, cx| model.take_edit_back(id, cx)));
    assert!(
        it.wait(cx, again)
            .unwrap_err()
            .contains("taken back already")
    );
    drop(subscription);
}

#[gpui_kit::test]
fn what_an_action_would_change_is_looked_at_first_where_one_wants_to(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    // One whose edits are known, and a command that asks for them.
    let ways = [
        ("shift-enter", "1:a [error->fixed]", "a fixed\n"),
        (
            "down shift-enter",
            "1:a [error->commanded]",
            "a commanded\n",
        ),
    ];
    for (keys, listed, mended) in ways {
        editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        editor.press(cx, keys);
        it.until(cx, "the list", |it, cx| {
            it.editor.model.read(cx).places().is_some()
        });
        assert_eq!(it.places(cx), [listed]);
        it.reads(cx, "a error\n");
        assert_eq!(it.apply_listed(cx), Ok(1));
        it.reads(cx, mended);
    }
    // The next one is made at once again.
    editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    editor.press(cx, "down enter");
    it.reads(cx, "a commanded\n");
}

#[gpui_kit::test]
fn a_file_that_the_server_makes_for_an_edit_is_not_there_while_that_is_only_looked_at(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "x\n", "moves-to-file");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let made = project.join("sub/made.rs");
    it.start(cx);
    let (editor, model) = (&it.editor, it.editor.model.clone());
    let choose = |cx: &mut TestAppContext, keys: &str| {
        editor.set(cx, "a erˇror\n");
        it.until(cx, "what is wrong", |it, cx| {
            it.status(cx).problems == Some((1, 0))
        });
        editor.press(cx, "ctrl-.");
        it.shows(cx, "code-actions");
        editor.press(cx, keys);
    };
    let look = |cx: &mut TestAppContext| {
        cx.update(|cx| model.update(cx, |model, cx| model.show_places(None, cx)));
        choose(cx, "down shift-enter");
        it.until(cx, "the list", |it, cx| {
            it.editor.model.read(cx).places().is_some()
        });
        cx.run_until_parked();
    };
    let listed = ["1:[->error]", "1:[]Create this file", "1:a [error->moved]"];
    let places = |cx: &mut TestAppContext| {
        let mut places = it.places(cx);
        places.sort();
        places
    };
    // Nothing is to be taken back when the list is discarded or replaced, or Kiln ends.
    look(cx);
    assert_eq!(places(cx), listed);
    assert!(!made.exists());
    if project.metadata().unwrap().created().is_ok() {
        assert!(!project.join("sub").exists());
    }
    assert_eq!(it.deletions(cx), ["sub/made.rs"], "it can be brought back");
    look(cx);
    assert_eq!(places(cx), listed);

    assert_eq!(it.apply_listed(cx), Ok(3));
    it.reads(cx, "a moved\n");
    assert_eq!(std::fs::read_to_string(&made).unwrap(), "error");
    editor.press(cx, "ctrl-z");
    it.shows(cx, "undo-picker");
    editor.press(cx, "enter");
    it.reads(cx, "a error\n");
    it.until(cx, "the end of it", |_, _| !made.exists());
    it.until(cx, "the end of its folder", |_, _| {
        !project.join("sub").exists()
    });

    // An empty file that somebody had before stays.
    it.make_old_file(cx, &made);
    look(cx);
    assert_eq!(places(cx), ["1:[->error]", "1:a [error->moved]"]);
    assert!(made.exists());
    assert_eq!(it.apply_listed(cx), Ok(2));
    assert_eq!(std::fs::read_to_string(&made).unwrap(), "error");
}

/// What the rows of the list say to assistive technology.
fn rows(it: &Session, cx: &mut TestAppContext) -> Vec<String> {
    it.editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let rows = window.find_all_by_role(gpui_kit::Role::ListBoxOption);
        let labels = rows.iter().filter_map(|row| row.label());
        labels.map(str::to_owned).collect()
    })
}

#[gpui_kit::test]
fn what_can_be_done_is_listed_at_the_caret_and_what_cannot_is_not(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "\n\n\n\n\n\n\n\n\n\n\n\na erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    let (list, caret) = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let head = editor.view.read(cx).selections().primary().head;
        let caret = editor.view.read(cx).caret_place(head).unwrap();
        (window.find("code-actions").bounds(), caret)
    });
    let line = editor.update(cx, |_, cx| editor.view.read(cx).text_origin().unwrap().1);
    assert!(
        (list.left() - caret.x).abs() < gpui_kit::px(1.) && list.top() >= caret.y + line.height,
        "{list:?} below {caret:?}"
    );
    assert!(list.top() < caret.y + line.height * 2.);
    assert_eq!(rows(&it, cx), ["Fix it", "Run it"]);
}

#[gpui_kit::test]
fn who_asks_for_a_kind_of_which_nothing_can_be_done_is_told_why(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "disabled");
    it.start(cx);
    let editor = &it.editor;
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.update(cx, |window, cx| ui::Commands::run(command, window, cx));
    };
    // What is told next; notices stay.
    let told = |cx: &mut TestAppContext| -> String {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            let notices = editor.update(cx, |window, cx| {
                let shown = ui::shown_notices(window, cx);
                ui::dismiss_notices(window, cx);
                shown
            });
            if let Some(notice) = notices.last() {
                return notice.to_string();
            }
            assert!(std::time::Instant::now() < end, "waited for a notice");
            std::thread::yield_now();
        }
    };
    editor.set(cx, "fineˇ\n");
    for (command, why) in [
        (
            "editor.action.refactor",
            "Extract: there is nothing to extract.",
        ),
        (
            "editor.action.organizeImports",
            "Sort: there is nothing to sort.",
        ),
        (
            "editor.action.quickFix",
            "No code actions are available here.",
        ),
    ] {
        run(cx, command);
        assert_eq!(told(cx), why, "{command}");
        assert!(!it.has(cx, "code-actions"), "{command}");
    }
    editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    // The light bulb's question goes out first, and is answered first.
    it.editor.frame(cx);
    let rest = std::time::Duration::from_secs(1);
    cx.executor().advance_clock(rest);
    cx.run_until_parked();
    run(cx, "editor.action.quickFix");
    assert_eq!(told(cx), "No code actions are available here.");
    assert!(!it.has(cx, "light-bulb"), "nothing can be done");
    // Where something can be done, that alone is listed.
    editor.set(cx, "use b;\nˇ");
    run(cx, "editor.action.refactor");
    it.shows(cx, "code-actions");
    assert_eq!(rows(&it, cx), ["Break it"]);
}

#[gpui_kit::test]
fn a_light_bulb_says_that_the_line_of_the_caret_has_a_quick_fix(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    let comes = |cx: &mut TestAppContext| {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !it.has(cx, "light-bulb") {
            cx.executor()
                .advance_clock(std::time::Duration::from_millis(300));
            cx.run_until_parked();
            assert!(std::time::Instant::now() < end, "waited for the light bulb");
        }
    };
    // The caret is elsewhere in the line.
    editor.set(cx, "fine\nanˇ error\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    assert!(!it.has(cx, "light-bulb"), "the caret does not rest yet");
    comes(cx);
    let place = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let (origin, cell) = editor.view.read(cx).text_origin().unwrap();
            let bulb = window.find("light-bulb").bounds();
            ((bulb.center().y - origin.y) / cell.height) as usize
        })
    };
    assert_eq!(place(cx), 1, "beside the second line");
    editor.press(cx, "up");
    assert!(!it.has(cx, "light-bulb"), "another line");
    editor.press(cx, "down");
    comes(cx);
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("light-bulb", cx);
    });
    it.shows(cx, "code-actions");
    editor.press(cx, "enter");
    it.reads(cx, "fine\nan fixed\n");
    editor.press(cx, "ctrl-z");
    comes(cx);
    editor.settings(cx, r#"{"editor.lightbulb.enabled": "off"}"#);
    assert!(!it.has(cx, "light-bulb"), "it is turned off");
}

#[gpui_kit::test]
fn the_context_menu_has_what_the_server_of_the_file_offers(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "let size = 1;\ncall(siˇze);\n");
    let labels = [
        "Go to Definition",
        "Go to References",
        "Peek Definition",
        "Peek References",
        "Quick Fix\u{2026}",
        "Rename Symbol",
    ];
    let right_click = |cx: &mut TestAppContext| {
        let at = editor.place(cx, 1, 7);
        editor.update(cx, |window, cx| {
            window.pointer_down(at, gpui_kit::MouseButton::Right, cx);
            window.pointer_up(at, gpui_kit::MouseButton::Right, cx);
        });
        cx.run_until_parked();
    };
    right_click(cx);
    for label in labels {
        let offered = editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find_all_by_label(label).len()
        });
        assert_eq!(offered, 1, "{label}");
    }
    editor.update(cx, |window, cx| {
        let entries = window.find_all_by_label("Go to Definition");
        let at = entries.first().unwrap().bounds().center();
        window.pointer_move(at, None, cx);
        window.pointer_down(at, gpui_kit::MouseButton::Left, cx);
        window.pointer_up(at, gpui_kit::MouseButton::Left, cx);
    });
    it.until(cx, "the definition", |it, cx| {
        it.editor.view.read(cx).selections().primary().head == 4
    });
}

/// A server makes an empty file for an edit that is refused, which leaves none behind.
fn leaves_no_file_of_a_refused_edit(
    cx: &mut TestAppContext,
    (scenario, list_waits): (&'static str, bool),
    why: &'static str,
) {
    let it = open_served(cx, "x\n", scenario);
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("gone.rs"), "gone\n").unwrap();
    let model = it.editor.model.clone();
    let said = Rc::<RefCell<Vec<String>>>::default();
    let _subscription = cx.update(|cx| {
        let said = said.clone();
        cx.subscribe(&model, move |_, event: &WorkspaceEvent, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                said.borrow_mut().push(message.clone());
            }
        })
    });
    it.start(cx);
    if list_waits {
        let step = lsp::EditStep::File(lsp::FileOperation::Create {
            path: project.join("first.rs"),
            may_exist: false,
        });
        it.list_steps(cx, "first.rs", vec![step]);
    }
    it.editor.set(cx, "a erˇror\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    it.editor.press(cx, "ctrl-.");
    it.shows(cx, "code-actions");
    it.editor.press(cx, "down enter");
    it.until(cx, "the refusal", |_, _| {
        said.borrow().iter().any(|one| one.contains(why))
    });
    assert!(!project.join("sub/made.rs").exists());
    assert_eq!(it.deletions(cx), ["sub/made.rs"], "it can be brought back");
    assert!(project.join("gone.rs").exists());
    it.reads(cx, "a error\n");
}

#[gpui_kit::test]
fn a_file_that_the_server_makes_for_an_edit_goes_where_that_is_refused(cx: &mut TestAppContext) {
    leaves_no_file_of_a_refused_edit(cx, ("moves-to-file astray", false), "none.rs");
}

#[gpui_kit::test]
fn a_file_that_the_server_makes_goes_where_its_edit_may_not_take_the_place_of_a_list(
    cx: &mut TestAppContext,
) {
    let why = "other changes wait under References";
    leaves_no_file_of_a_refused_edit(cx, ("moves-to-file removes", true), why);
}
