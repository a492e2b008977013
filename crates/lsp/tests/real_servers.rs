//! Servers that people use. `cargo xtask test` installs them into a folder and names it; one that is
//! not there, nor on PATH, is named among what was left out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_channel::Receiver;
use editor_core::{ChangeSet, Edit, Text};
use lsp::{
    Catalogue, CompletionTrigger, DiagnosticSeverity, LanguageServer, Limits, ServerEvent,
    ServerOptions, ServerProgram, ServerState, find_program,
};

/// Names the folders with the programs of language servers.
const SERVERS: &str = "KILN_TEST_LANGUAGE_SERVERS";

/// A server that takes longer is taken for stuck.
const LONGEST: Duration = Duration::from_secs(120);

struct Case {
    server: &'static str,
    language: &'static str,
    file: &'static str,
    /// `ERROR` stands where a mistake is put, `USE` before what is defined elsewhere, `DEFINED` before
    /// the definition.
    text: &'static str,
    mistake: &'static str,
    /// What stands behind `USE`.
    name: &'static str,
}

/// A server for a project; `None` where it is not installed, which is told.
fn installed(server: &str, project: &Path) -> Option<ServerProgram> {
    let catalogue = Catalogue::bundled().unwrap();
    let entry = catalogue.servers.into_iter().find(|one| one.name == server);
    let installed = std::env::var_os(SERVERS).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&installed).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).unwrap();
    let found = entry.and_then(|entry| {
        Some(ServerProgram {
            program: find_program(&entry.program, &path, project)?,
            arguments: entry.arguments,
            folder: project.to_owned(),
            project: project.to_owned(),
        })
    });
    if found.is_none() {
        test_support::left_out(&format!("language server {server}"), "it is not installed");
    }
    found
}

/// Starts a server in its project, with nothing set.
fn start(server: &str, program: ServerProgram) -> (LanguageServer, Receiver<ServerEvent>) {
    let options = ServerOptions {
        name: server.into(),
        root: program.folder.clone(),
        initialization_options: serde_json::Value::Null,
        settings: serde_json::Value::Null,
        limits: Limits::default(),
    };
    LanguageServer::start(options, Arc::new(program))
}

/// What a server tells next; one that ends or says nothing for long fails the test.
fn next(server: &LanguageServer, events: &Receiver<ServerEvent>) -> ServerEvent {
    let deadline = Instant::now() + LONGEST;
    loop {
        if let Ok(event) = events.try_recv() {
            let ended = matches!(
                event,
                ServerEvent::StateChanged(
                    ServerState::Restarting { .. } | ServerState::Failed { .. }
                )
            );
            assert!(!ended, "{event:?} {:#?}", server.log());
            return event;
        }
        assert!(Instant::now() < deadline, "{:#?}", server.log());
        std::thread::yield_now();
    }
}

/// Opens a project, makes a mistake, sees it marked and moving, hovers, goes to a definition, completes
/// a name and gives it another one.
fn works(case: &Case) {
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    let Some(program) = installed(case.server, &root) else {
        return;
    };
    let place = |mark: &str| {
        let mut text = case.text.to_owned();
        for other in ["ERROR", "USE", "DEFINED"] {
            if other != mark {
                text = text.replace(other, "");
            }
        }
        text.find(mark)
            .unwrap_or_else(|| panic!("{mark} in {}", case.server))
    };
    let source = ["ERROR", "USE", "DEFINED"]
        .iter()
        .fold(case.text.to_owned(), |text, mark| text.replace(mark, ""));
    let file = root.join(case.file);
    std::fs::write(&file, &source).unwrap();
    let (server, events) = start(case.server, program);
    let mut text = Text::new(&source);
    let mut version = 0;
    server.open(&file, case.language, version, &text);
    let mut edit = |at: usize, new: &str| {
        let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(at..at, new)]).unwrap();
        text = changes.apply(&text).unwrap();
        version += 1;
        server.edited(&file, &changes, version, &text);
        text.clone()
    };
    // The rows of the errors that it says of a text, once it says some of it.
    let errors = |text: &Text, version: u64| -> Vec<usize> {
        let deadline = Instant::now() + LONGEST;
        loop {
            assert!(Instant::now() < deadline, "{:#?}", server.log());
            let said = match server.pulls_diagnostics() {
                true => server
                    .pull_diagnostics(&file)
                    .wait_blocking()
                    .ok()
                    .flatten(),
                false => match next(&server, &events) {
                    ServerEvent::Diagnostics {
                        version,
                        diagnostics,
                        ..
                    } => Some((version, diagnostics)),
                    _ => None,
                },
            };
            let Some((of, diagnostics)) = said else {
                continue;
            };
            let is_error = |one: &lsp::Diagnostic| one.severity == DiagnosticSeverity::Error;
            let found = diagnostics.iter().filter(|(_, one)| is_error(one));
            let rows: Vec<_> = found.map(|(range, _)| text.row_at(range.start)).collect();
            if of == version && !rows.is_empty() {
                return rows;
            }
        }
    };
    let at = place("ERROR");
    let now = edit(at, case.mistake);
    let row = now.row_at(at);
    assert!(
        errors(&now, 1)
            .iter()
            .any(|found| row.abs_diff(*found) <= 1),
        "{}",
        case.server
    );
    let now = edit(0, "\n\n");
    let found = errors(&now, 2);
    assert!(
        found.iter().any(|found| found.abs_diff(row + 2) <= 1),
        "{}",
        case.server
    );
    let moved = |mark: &str| {
        let before = place(mark);
        before + 2 + if before >= at { case.mistake.len() } else { 0 }
    };
    let hover = server.hover(&file, moved("USE")).wait_blocking().unwrap();
    assert!(
        hover.is_some_and(|hover| !hover.markdown.is_empty()),
        "{}",
        case.server
    );
    let found = server
        .definition(&file, moved("USE"))
        .wait_blocking()
        .unwrap();
    let first = found
        .first()
        .unwrap_or_else(|| panic!("{}: no definition", case.server));
    let defined = first.encoding.offset(&now, first.position);
    assert_eq!(
        now.row_at(defined),
        now.row_at(moved("DEFINED")),
        "{}",
        case.server
    );
    let inside = moved("USE") + 2;
    let list = server.completion(&file, inside, &CompletionTrigger::Invoked);
    let list = list.wait_blocking().unwrap();
    let item = list
        .items
        .iter()
        .find(|item| *item.filter_text == *case.name);
    let item = item.unwrap_or_else(|| panic!("{}: {:?}", case.server, list.items));
    assert!(
        item.range.start == moved("USE"),
        "{}: {item:?}",
        case.server
    );
    assert!(
        item.new_text.starts_with(case.name),
        "{}: {item:?}",
        case.server
    );
    if server.renames() {
        let edit = server.rename(&file, inside, "renamed").wait_blocking();
        let edit = edit.unwrap().unwrap();
        let [changed] = &edit.files[..] else {
            panic!("{}: {edit:?}", case.server);
        };
        let renamed = changed
            .change(&now)
            .unwrap()
            .apply(&now)
            .unwrap()
            .to_string();
        assert!(!renamed.contains(case.name), "{}: {renamed}", case.server);
        assert!(
            renamed.matches("renamed").count() >= 2,
            "{}: {renamed}",
            case.server
        );
    }
    server.stop();
}

#[test]
fn pyright() {
    works(&Case {
        server: "pyright",
        language: "python",
        file: "main.py",
        text: "DEFINEDdef größe(x: int) -> int:\n    \"\"\"Says it.\"\"\"\n    return x\n\nERRORprint(USEgröße(1))\n",
        mistake: "größe('x')\n",
        name: "größe",
    });
}

#[test]
fn ty() {
    works(&Case {
        server: "ty",
        language: "python",
        file: "main.py",
        text: "DEFINEDdef size(x: int) -> int:\n    return x\n\nERRORprint(USEsize(1))\n",
        mistake: "size('x')\n",
        name: "size",
    });
}

#[test]
fn clangd() {
    works(&Case {
        server: "clangd",
        language: "c",
        file: "main.c",
        text: "DEFINEDint size(int x) { return x; }\nint main(void) {\n  ERRORreturn USEsize(1);\n}\n",
        mistake: "undeclared(3);\n",
        name: "size",
    });
}

#[test]
fn bash_language_server() {
    // Without shellcheck it finds no mistakes; what it knows of the text is asked for.
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    let name = "bash-language-server";
    let Some(program) = installed(name, &root) else {
        return;
    };
    let file = root.join("run.sh");
    let text = Text::new("# Says it.\nsay() { echo x; }\nsay\n");
    std::fs::write(&file, text.to_string()).unwrap();
    let (server, events) = start(name, program);
    server.open(&file, "shellscript", 0, &text);
    while !matches!(
        next(&server, &events),
        ServerEvent::StateChanged(ServerState::Running)
    ) {}
    let at = text.len() - 3;
    // It reads the text only after it says that it has started.
    let deadline = Instant::now() + LONGEST;
    let found = loop {
        let found = server.definition(&file, at).wait_blocking().unwrap();
        assert!(Instant::now() < deadline, "{:#?}", server.log());
        if !found.is_empty() {
            break found;
        }
    };
    assert_eq!(found[0].position.line, 1);
    let hover = server.hover(&file, at).wait_blocking().unwrap();
    assert!(hover.unwrap().markdown.contains("Says it"));
    server.stop();
}
