//! The four flows, driven by click and key through accessibility labels: a
//! folder opened as an editor, a chat with the agent, a spec from a prompt to a
//! finished task, and the first start.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::path::{Path, PathBuf};

use gpui_kit::Window;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use serde_json::json;
use tempfile::TempDir;
use test_support::{Gate, ModelServer, Reply, Step, make_pipe};
use ui_tests::driver::{Driver, Setup};
use ui_tests::scene::settings_for;

/// A small project in a scratch folder.
fn project() -> (TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    // The watcher reports real paths.
    let folder = scratch.path().canonicalize().unwrap().join("shop");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("README.md"), "# Shop\n\nSells tea.\n").unwrap();
    std::fs::write(
        folder.join("src/price.py"),
        "def price(grams):\n    return grams * 3\n",
    )
    .unwrap();
    (scratch, folder)
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The program on a folder, with the scripted model.
fn start(folder: &Path, server: &ModelServer) -> Driver {
    Driver::start(Setup {
        folder: Some(folder.to_owned()),
        settings: settings_for(server),
        ..Setup::default()
    })
    .unwrap()
}

#[test]
fn a_file_is_opened_edited_with_two_carets_saved_and_undone() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        ..Setup::default()
    })
    .unwrap();

    kiln.click("README.md").unwrap();
    kiln.wait_for_text("Sells tea.").unwrap();
    // The editor takes the keyboard with the second click, as a double click.
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-home"]).unwrap();
    kiln.press(&["ctrl-alt-down"]).unwrap();
    kiln.type_text("x").unwrap();
    kiln.wait_for_text("x# Shop\nx\nSells tea.").unwrap();
    assert_eq!(text(&folder.join("README.md")), "# Shop\n\nSells tea.\n");

    kiln.press(&["ctrl-s"]).unwrap();
    let saved = folder.join("README.md");
    kiln.wait_for("the saved file", |_, _| {
        text(&saved) == "x# Shop\nx\nSells tea.\n"
    })
    .unwrap();

    kiln.press(&["ctrl-z", "ctrl-s"]).unwrap();
    kiln.wait_for("the undone file", |_, _| {
        text(&saved) == "# Shop\n\nSells tea.\n"
    })
    .unwrap();
}

#[test]
fn quick_open_and_the_palette_answer_to_the_keyboard() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        ..Setup::default()
    })
    .unwrap();
    kiln.press(&["ctrl-p"]).unwrap();
    kiln.type_text("price").unwrap();
    kiln.wait_for_text("price.py").unwrap();
    kiln.press(&["enter"]).unwrap();
    kiln.wait_for_text("def price(grams):").unwrap();

    kiln.press(&["ctrl-shift-p"]).unwrap();
    kiln.type_text("toggle left dock").unwrap();
    kiln.wait_for_text("Left Dock").unwrap();
    kiln.press(&["enter"]).unwrap();
    kiln.wait_for_label("Show left dock").unwrap();
}

#[test]
fn the_palette_lists_last_what_edits_a_file_that_is_read_only() {
    let (_scratch, folder) = project();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        open: vec!["README.md".into()],
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("Sells tea.").unwrap();
    kiln.focus_editor().unwrap();
    for read_only in [false, true] {
        if read_only {
            kiln.with_window(|window, cx| {
                let command = "workbench.action.files.setActiveEditorReadonlyInSession";
                assert!(ui::Commands::run(command, window, cx));
            })
            .unwrap();
        }
        kiln.press(&["ctrl-shift-p"]).unwrap();
        kiln.type_text("und").unwrap();
        kiln.wait_for_label("Editor: Undo History").unwrap();
        let labels = kiln.labels().unwrap();
        // What is far down the list is not drawn.
        let place = |name: &str| {
            let place = labels.iter().position(|label| label == name);
            place.unwrap_or(usize::MAX)
        };
        let (edits, shows) = (place("Editor: Undo"), place("Editor: Undo History"));
        assert_eq!(shows < edits, read_only, "{labels:?}");
        kiln.press(&["escape"]).unwrap();
    }
}

#[test]
fn the_agent_edits_an_open_unsaved_file_after_it_was_allowed() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.script([
        Reply::tool_call("c1", "read_file", r#"{"path":"src/price.py"}"#),
        Reply::tool_call(
            "c2",
            "str_replace",
            &json!({"path": "src/price.py", "old_str": "grams * 3", "new_str": "grams * 4"})
                .to_string(),
        ),
        Reply::text("Tea now costs **four** a gram."),
    ]);
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        open: vec!["src/price.py".into()],
        settings: settings_for(&server),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("def price(grams):").unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-home", "ctrl-shift-enter"]).unwrap();
    kiln.type_text("# mine, not saved").unwrap();

    kiln.ask_agent("Raise the price").unwrap();
    // What the model reads is the buffer, not the disk.
    kiln.wait_for("the file's text in the second request", |_, _| {
        server
            .requests()
            .get(1)
            .is_some_and(|request| request.body.to_string().contains("mine, not saved"))
    })
    .unwrap();
    kiln.click("Allow").unwrap();
    kiln.wait_for_text("Tea now costs **four** a gram.")
        .unwrap();
    kiln.wait_for_text("# mine, not saved\ndef price(grams):\n    return grams * 4")
        .unwrap();

    // The agent's edit is one step of the same undo history.
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-z"]).unwrap();
    kiln.wait_for_text("# mine, not saved\ndef price(grams):\n    return grams * 3")
        .unwrap();
}

#[test]
fn what_is_denied_is_not_done_and_the_model_is_told() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"touch made-by-agent"}"#),
        Reply::text("Then I leave it."),
    ]);
    let mut kiln = start(&folder, &server);
    kiln.ask_agent("Make a file").unwrap();
    kiln.click("Deny").unwrap();
    kiln.wait_for_text("Then I leave it.").unwrap();
    assert!(!folder.join("made-by-agent").exists());
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].tool_results().len(), 1);
}

#[test]
fn a_running_command_shows_its_output_and_ends_when_it_is_let_go() {
    let (_scratch, folder) = project();
    make_pipe(&folder.join("go"));
    let server = ModelServer::start();
    let command = "echo 41 passed; read word < go; echo $word";
    server.script([
        Reply::tool_call(
            "c1",
            "execute_bash",
            &json!({"command": command}).to_string(),
        ),
        Reply::text("All is well."),
    ]);
    let mut kiln = start(&folder, &server);
    kiln.ask_agent("Test it").unwrap();
    kiln.click("Allow").unwrap();
    let shown = |window: &mut Window| {
        let output = window.find_all_by_label("Output");
        Some(output.first()?.value()?.to_owned())
    };
    kiln.wait_for("the output of the running command", |window, _| {
        shown(window).as_deref() == Some("41 passed")
    })
    .unwrap();
    assert_eq!(server.requests().len(), 1, "it still runs");
    // It is closed and opened again meanwhile.
    let card = format!("Output of Run {command}");
    kiln.click(&card).unwrap();
    kiln.wait_for("the closed card", |window, _| shown(window).is_none())
        .unwrap();
    kiln.click(&card).unwrap();
    kiln.wait_for("the open card", |window, _| shown(window).is_some())
        .unwrap();
    std::fs::write(folder.join("go"), "1 failed\n").unwrap();
    kiln.wait_for_text("All is well.").unwrap();
    kiln.wait_for("its result", |window, _| {
        shown(window).as_deref() == Some("41 passed\n1 failed\n[exit code 0]")
    })
    .unwrap();
}

#[test]
fn megabytes_in_one_line_do_not_hold_up_the_window() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.script([Reply::Stream(vec![Step::Text("word ".repeat(400_000))])]);
    let mut kiln = start(&folder, &server);
    kiln.ask_agent("Flood me").unwrap();
    // The turn comes to its end, and the window still answers to the keyboard.
    kiln.wait_for_label("Try again").unwrap();
    kiln.press(&["ctrl-shift-p"]).unwrap();
    kiln.type_text("toggle left dock").unwrap();
    kiln.press(&["enter"]).unwrap();
    kiln.wait_for_label("Show left dock").unwrap();
}

const REQUIREMENTS: &str = "# Requirements Document\n\n## Introduction\n\nTea has discounts.\n\n\
    ## Glossary\n\n- **Shop**: what sells tea.\n\n## Requirements\n\n### Requirement 1: Discounts\n\n\
    **User Story:** As a buyer, I want discounts, so that I buy more.\n\n#### Acceptance Criteria\n\n\
    1. WHEN a buyer takes 500 grams, THE Shop SHALL take a tenth off.\n";
const DESIGN: &str = "# Design Document\n\n## Overview\n\nOne function.\n\n## Architecture\n\nOne module.\n\n\
    ## Components and Interfaces\n\n`src/price.py`\n\n## Data Models\n\nNumbers.\n\n\
    ## Correctness Properties\n\n### Property 1: Never dearer\n\n*For any* weight, a discount never \
    raises the price.\n\n**Validates: Requirements 1.1**\n\n## Error Handling\n\nNone.\n\n\
    ## Testing Strategy\n\nUnit tests.\n";
const TASKS: &str = "# Implementation Plan\n\n## Overview\n\nOne step.\n\n## Tasks\n\n\
    - [ ] 1. Take a tenth off\n  - In src/price.py\n  - _Requirements: 1.1_\n\n## Notes\n\n- None.\n\n\
    ## Task Dependency Graph\n\n```json\n{\"waves\":[{\"id\":0,\"tasks\":[\"1\"]}]}\n```\n";

#[test]
fn a_prompt_becomes_three_approved_documents_and_a_finished_task() {
    let (_scratch, folder) = project();
    let prompt = "Give discounts on tea";
    let spec = spec::spec_name(prompt);
    let write = |file: &str, content: &str| {
        let path = format!(".kiro/specs/{spec}/{file}");
        Reply::tool_call(
            "w",
            "fs_write",
            &json!({"path": path, "content": content}).to_string(),
        )
    };
    let server = ModelServer::start();
    server.script([
        write("requirements.md", REQUIREMENTS),
        Reply::text("The requirements are there."),
        write("requirements.md", &REQUIREMENTS.replace("500", "250")),
        Reply::text("Changed."),
        write("design.md", DESIGN),
        Reply::text("The design is there."),
        write("tasks.md", TASKS),
        Reply::text("The plan is there."),
        Reply::tool_call("b", "execute_bash", r#"{"command":"true"}"#),
        Reply::text("A tenth is taken off."),
    ]);
    let mut kiln = start(&folder, &server);
    let place = folder.join(".kiro/specs").join(&spec);

    kiln.wait_for_label("Message to the agent").unwrap();
    kiln.click("Spec").unwrap();
    kiln.click("What the spec is about").unwrap();
    kiln.type_text(prompt).unwrap();
    kiln.press(&["enter"]).unwrap();

    // Reviewed, sent back once, and approved.
    kiln.click("Request changes").unwrap();
    kiln.click("What should change").unwrap();
    kiln.type_text("From 250 grams on").unwrap();
    kiln.click("Send").unwrap();
    kiln.wait_for("the revised requirements", |_, _| {
        text(&place.join("requirements.md")).contains("250 grams")
    })
    .unwrap();
    approve(&mut kiln, "Approve and write the design");
    // The conversation's card is a record now, and no longer asks.
    kiln.wait_for_label(&format!("Requirements of {spec} approved"))
        .unwrap();
    approve(&mut kiln, "Approve and write the tasks");
    approve(&mut kiln, "Approve the plan");
    kiln.click_when_enabled("Start task 1").unwrap();
    kiln.click("Allow").unwrap();
    kiln.wait_for("the ticked box", |_, _| {
        text(&place.join("tasks.md")) == TASKS.replace("- [ ] 1.", "- [x] 1.")
    })
    .unwrap();
    assert_eq!(text(&place.join("design.md")), DESIGN);
    assert_eq!(server.replies_left(), 0);
}

/// Presses an answer that has been there long enough to take it.
fn approve(kiln: &mut Driver, label: &str) {
    kiln.wait_for_label(label).unwrap();
    kiln.rest().unwrap();
    kiln.click_when_enabled(label).unwrap();
}

/// Runs a test again in a process of its own whose home is a scratch folder,
/// because a home is a process's environment. `None` in the outer process,
/// which has then seen the inner one pass; the home in the inner one.
fn in_a_home_of_its_own(test: &str) -> Option<PathBuf> {
    if let Some(home) = std::env::var_os("KILN_TEST_HOME") {
        return Some(PathBuf::from(home));
    }
    let home = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("HOME", home.path())
        .env("KILN_TEST_HOME", home.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .output()
        .unwrap();
    assert!(
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    None
}

#[test]
fn the_first_start_takes_settings_and_themes_along_and_can_be_skipped() {
    let Some(home) =
        in_a_home_of_its_own("the_first_start_takes_settings_and_themes_along_and_can_be_skipped")
    else {
        return;
    };
    let (_scratch, folder) = project();
    let code = home.join(".config/Code/User");
    std::fs::create_dir_all(&code).unwrap();
    std::fs::write(
        code.join("settings.json"),
        "{\n  // mine\n  \"editor.tabSize\": 3,\n  \"zenMode.fullScreen\": true,\n}\n",
    )
    .unwrap();
    let extension = home.join(".vscode/extensions/ada.slate-1.0.0");
    std::fs::create_dir_all(extension.join("themes")).unwrap();
    std::fs::write(
        extension.join("package.json"),
        json!({"name": "slate", "publisher": "ada", "contributes": {"themes": [
            {"label": "Slate", "uiTheme": "vs-dark", "path": "./themes/slate.json"}]}})
        .to_string(),
    )
    .unwrap();
    std::fs::write(
        extension.join("themes/slate.json"),
        "{\"name\": \"Slate\", \"type\": \"dark\", // of VS Code\n\"colors\": \
         {\"editor.background\": \"#101418\", \"editor.foreground\": \"#e0e4e8\"},}",
    )
    .unwrap();

    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        onboarding: true,
        ..Setup::default()
    })
    .unwrap();
    kiln.click("Look").unwrap();
    kiln.click("Import").unwrap();
    let settings = kiln.home().join("config/settings.json");
    kiln.wait_for("the imported settings", |_, _| {
        text(&settings).contains("\"editor.tabSize\": 3")
    })
    .unwrap();
    // What Kiln does not have is listed, not lost in silence.
    assert!(!text(&settings).contains("zenMode"));
    kiln.click_when_enabled("Continue").unwrap();
    kiln.click("Slate").unwrap();
    kiln.wait_for("the chosen theme", |_, _| text(&settings).contains("Slate"))
        .unwrap();
    kiln.click("Continue").unwrap();
    kiln.wait_for_label("Save key").unwrap();
    kiln.click("Skip setup").unwrap();
    kiln.wait_for_label("README.md").unwrap();
}

#[test]
fn another_window_is_the_program_started_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let (scratch, folder) = project();
    let (program, started) = (scratch.path().join("kiln"), scratch.path().join("started"));
    // Started a second time it fails.
    let script = format!(
        "#!/bin/sh\n[ ! -e {0} ] || exit 4\nprintf '%s ' \"$@\" >{0}.part && mv {0}.part {0}\n",
        started.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        open: vec!["src/price.py".into()],
        program: Some(program),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_text("def price(grams):").unwrap();
    kiln.focus_editor().unwrap();
    kiln.press(&["ctrl-shift-n"]).unwrap();
    kiln.wait_for("the start", |_, _| text(&started) == "--new-window ")
        .unwrap();
    kiln.wait_for_text("def price(grams):").unwrap();
    assert!(!kiln.labels().unwrap().contains(&"Dismiss".to_owned()));

    kiln.press(&["ctrl-shift-p"]).unwrap();
    kiln.type_text("new window").unwrap();
    kiln.wait_for_text("New Window").unwrap();
    kiln.press(&["enter"]).unwrap();
    // A notice of an error is the only thing here that is dismissed.
    kiln.wait_for_label("Dismiss").unwrap();
}

#[test]
fn a_server_that_is_set_up_while_no_model_is_there_is_used_at_once() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.set_models(&["house-large"]);
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        ..Setup::default()
    })
    .unwrap();
    kiln.wait_for_label("Model: Choose a model").unwrap();
    let settings = json!({
        "kiln.models": [{"name": "house", "protocol": "openai", "baseUrl": server.url()}],
    });
    let path = kiln.home().join("config/settings.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, settings.to_string()).unwrap();
    kiln.wait_for_label("Model: house-large").unwrap();
}

#[test]
fn a_question_that_comes_while_the_agent_is_hidden_is_told_and_led_to() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    let mut kiln = Driver::start(Setup {
        folder: Some(folder.clone()),
        settings: server.settings().to_string(),
        ..Setup::default()
    })
    .unwrap();
    let hidden = "Show right dock: The agent waits for your decision.";
    for (turn, way) in ["Show", "Agent asks", hidden].into_iter().enumerate() {
        let (gate, done) = (Gate::new(), format!("So be it, {turn}."));
        let write = Step::ToolCall {
            id: format!("w{turn}"),
            name: "fs_write".to_owned(),
            arguments: r#"{"path":"told.txt","content":"1"}"#.to_owned(),
        };
        let end = Step::End {
            input: 100,
            output: 20,
        };
        let asks = vec![Step::Hold(gate.clone()), write, end];
        server.script([Reply::Stream(asks), Reply::text(&done)]);
        kiln.ask_agent("Write it").unwrap();
        kiln.press(&["ctrl-alt-b"]).unwrap();
        gate.open();
        kiln.wait_for_label(hidden).unwrap();
        for told in ["Show", "Agent asks"] {
            kiln.wait_for_label(told).unwrap();
        }
        kiln.click(way).unwrap();
        kiln.wait_for_label("Allow this change?").unwrap();
        kiln.wait_for("the notice to go", |window, _| {
            window.find_all_by_label("Show").is_empty()
        })
        .unwrap();
        // Its keys answer it.
        kiln.wait_for("the keys of the question", |window, cx| {
            window.press("n", cx);
            window.find_all_by_label("Allow this change?").is_empty()
        })
        .unwrap();
        kiln.wait_for_text(&done).unwrap();
        assert!(!kiln.labels().unwrap().contains(&"Agent asks".to_owned()));
    }
    assert!(!folder.join("told.txt").exists());
}

#[test]
fn the_models_that_a_server_names_are_chosen_from_the_list() {
    let (_scratch, folder) = project();
    let server = ModelServer::start();
    server.set_models(&["house-large", "house-small"]);
    let settings = json!({
        "kiln.models": [{"name": "house", "protocol": "openai", "baseUrl": server.url()}],
    });
    let mut kiln = Driver::start(Setup {
        folder: Some(folder),
        settings: settings.to_string(),
        ..Setup::default()
    })
    .unwrap();
    // The first that it names is in use where nothing was chosen.
    kiln.click("Model: house-large").unwrap();
    // It has another one by now: the servers are asked anew.
    server.set_models(&["house-large", "house-next"]);
    kiln.press(&["escape", "ctrl-alt-/"]).unwrap();
    kiln.click("house-next").unwrap();
    kiln.wait_for_label("Model: house-next").unwrap();

    server.answer_lists_with(Reply::error(404, "no such page"));
    kiln.press(&["ctrl-alt-/"]).unwrap();
    kiln.wait_for_label("house does not list its models (404).")
        .unwrap();
    kiln.type_text("house-hidden").unwrap();
    kiln.click("house-hidden").unwrap();
    kiln.wait_for_label("Model: house-hidden").unwrap();
    server.push(Reply::text("Hello from the hidden one."));
    kiln.ask_agent("Hi").unwrap();
    kiln.wait_for_text("Hello from the hidden one.").unwrap();
    assert_eq!(server.requests()[0].body["model"], "house-hidden");
}
