//! What the client says and answers where servers do what they rarely do, message by message.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::{Path, PathBuf};

use common::{FILE, Session, URI, at, range};
use editor_core::{IndentStyle, Text};
use lsp::{
    ActionsAsked, CompletionTrigger, Destination, FileEvent, HierarchyKind, Limits, MessageType,
    RequestError, ServerEvent, ServerState, Shown, TraceLevel, WatchedChange,
};
use serde_json::{Value, json};

fn file() -> &'static Path {
    Path::new(FILE)
}

#[test]
fn it_begins_and_ends_as_the_protocol_has_it() {
    let session = Session::start(true, Limits::default());
    let peer = session.peers.recv().unwrap();
    let asked = peer.hear();
    assert_eq!(asked["method"], "initialize");
    let params = &asked["params"];
    assert_eq!(params["rootUri"], "file:///project");
    let folders = json!([{"uri": "file:///project", "name": "project"}]);
    assert_eq!(params["workspaceFolders"], folders);
    assert_eq!(params["initializationOptions"], json!({"at": "start"}));
    assert_eq!(params["trace"], "messages");
    assert_eq!(params["processId"], json!(std::process::id()));
    let has = &params["capabilities"];
    let encodings = json!(["utf-8", "utf-16", "utf-32"]);
    assert_eq!(has["general"]["positionEncodings"], encodings);
    // rust-analyzer shows no command of an editor that it is not told of, such as running a test.
    let commands = json!({"commands": ["rust-analyzer.showReferences"]});
    assert_eq!(has["experimental"]["commands"], commands);
    for pointer in [
        "/window/workDoneProgress",
        "/workspace/configuration",
        "/workspace/workspaceFolders",
        "/workspace/applyEdit",
        "/workspace/didChangeWatchedFiles/relativePatternSupport",
        "/workspace/fileOperations/willRename",
        "/textDocument/diagnostic/relatedDocumentSupport",
        "/textDocument/definition/linkSupport",
        "/textDocument/inlineCompletion/dynamicRegistration",
        "/textDocument/callHierarchy/dynamicRegistration",
    ] {
        assert_eq!(has.pointer(pointer), Some(&json!(true)), "{pointer}");
    }
    // A text that is open before it has answered is told of once it has.
    session.server.open(file(), "plaintext", 3, &Text::new("a"));
    // Nor does it answer to a question before; ours are numbered, and it may use the same numbers.
    peer.ask(
        asked["id"].clone(),
        "workspace/workspaceFolders",
        Value::Null,
    );
    peer.answered(asked["id"].clone(), folders);
    peer.answer(asked["id"].clone(), json!({"capabilities": {}}));
    peer.told("initialized", json!({}));
    let settings = json!({"played": {"mode": "strict", "deep": {"er": 1}}});
    peer.told(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    let item = json!({"uri": URI, "languageId": "plaintext", "version": 3, "text": "a"});
    peer.told("textDocument/didOpen", json!({"textDocument": item}));
    session.until_state(|state| *state == ServerState::Running);
    session.server.stop();
    let asked = peer.hear();
    assert_eq!(asked["method"], "shutdown");
    assert!(asked.get("params").is_none(), "it has none: {asked}");
    peer.answer(asked["id"].clone(), Value::Null);
    let told = peer.hear();
    assert_eq!(told, json!({"jsonrpc": "2.0", "method": "exit"}));
    peer.crash();
    session.until_state(|state| *state == ServerState::Stopped);
    assert!(peer.heard_all());
}

#[test]
fn edits_and_places_are_in_the_columns_that_were_agreed_on() {
    // `😀` is 4 bytes, 2 units and 1 character; `ä` 2, 1 and 1.
    let columns = [
        ("utf-8", [6, 4, 11]),
        ("utf-16", [3, 2, 6]),
        ("utf-32", [2, 1, 4]),
    ];
    for (encoding, [ab, emoji, error]) in columns {
        let sync = json!({"openClose": true, "change": 2, "save": {"includeText": true}});
        let (mut session, peer) = Session::open(
            json!({"positionEncoding": encoding, "textDocumentSync": sync, "hoverProvider": true}),
            "😀äab\nx\n",
        );
        // The last first, so that each is in the places of the text before all of them.
        session.edit(&[(0..4, "😀😀"), (6..7, ""), (9..9, "y")]);
        let changes = json!([
            {"range": range(1, 0, 0), "text": "y"},
            {"range": range(0, ab, ab + 1), "text": ""},
            {"range": range(0, 0, emoji), "text": "😀😀"},
        ]);
        peer.told(
            "textDocument/didChange",
            json!({"textDocument": {"uri": URI, "version": 1}, "contentChanges": changes}),
        );
        assert_eq!(session.text.to_string(), "😀😀äb\nyx\n");
        let reply = session.server.hover(file(), 11);
        let id = peer.asked("textDocument/hover", at(0, error));
        // Behind the first `😀`, and in the middle of the second where there is one.
        let marked = range(0, emoji, 2 * emoji - u32::from(encoding != "utf-32"));
        peer.answer(id, json!({"contents": "x", "range": marked}));
        let found = reply.wait_blocking().unwrap().unwrap().range;
        let end = if encoding == "utf-32" { 8 } else { 4 };
        assert_eq!(found, Some(4..end), "{encoding}");
        session.server.saved(file());
        let saved = json!({"textDocument": {"uri": URI}, "text": "😀😀äb\nyx\n"});
        peer.told("textDocument/didSave", saved);
        session.server.close(file());
        peer.told(
            "textDocument/didClose",
            json!({"textDocument": {"uri": URI}}),
        );
    }
}

#[test]
fn a_server_that_takes_whole_texts_gets_them_and_one_that_takes_none_gets_none() {
    let (mut session, peer) = Session::open(json!({"textDocumentSync": 1}), "ab");
    session.edit(&[(0..1, "😀")]);
    peer.told(
        "textDocument/didChange",
        json!({"textDocument": {"uri": URI, "version": 1}, "contentChanges": [{"text": "😀b"}]}),
    );
    // It did not ask for saves.
    session.server.saved(file());
    session.server.close(file());
    peer.told(
        "textDocument/didClose",
        json!({"textDocument": {"uri": URI}}),
    );
    let none = json!({"textDocumentSync": {"openClose": true, "change": 0}});
    let (mut session, peer) = Session::open(none, "ab");
    session.edit(&[(0..1, "c")]);
    session.server.close(file());
    peer.told(
        "textDocument/didClose",
        json!({"textDocument": {"uri": URI}}),
    );
}

#[test]
fn what_is_registered_is_asked_for_until_it_is_taken_back() {
    let (session, peer) = Session::open(json!({"textDocumentSync": 2}), "word");
    let asked = |session: &Session| {
        session
            .server
            .destinations(file(), 0, Destination::Definition)
    };
    assert_eq!(
        asked(&session).wait_blocking(),
        Err(RequestError::Unsupported)
    );
    let registrations = json!([
        {"id": "d", "method": "textDocument/definition",
            "registerOptions": {"documentSelector": [{"language": "plaintext"}]}},
        {"id": "h", "method": "textDocument/inlayHint", "registerOptions": {}},
        {"id": "p", "method": "textDocument/diagnostic", "registerOptions": {"identifier": "lint"}},
        {"id": "s", "method": "textDocument/didSave", "registerOptions": {"includeText": false}},
    ]);
    peer.ask(
        "r1",
        "client/registerCapability",
        json!({"registrations": registrations}),
    );
    peer.answered("r1", Value::Null);
    let stale = |shown: Shown| {
        session.until(|event| match event {
            ServerEvent::Stale(one) if one == shown => Some(()),
            _ => None,
        });
    };
    session.until(|event| matches!(event, ServerEvent::DiagnosticsStale).then_some(()));
    stale(Shown::InlayHints);
    let reply = asked(&session);
    let id = peer.asked("textDocument/definition", at(0, 0));
    peer.answer(id, json!({"uri": URI, "range": range(0, 1, 2)}));
    assert_eq!(reply.wait_blocking().unwrap()[0].position.character, 1);
    let reply = session.server.pull_diagnostics(file());
    let params = json!({"textDocument": {"uri": URI}, "identifier": "lint"});
    let id = peer.asked("textDocument/diagnostic", params);
    peer.answer(id, json!({"kind": "unchanged", "resultId": "1"}));
    assert_eq!(reply.wait_blocking().unwrap(), None);
    session.server.saved(file());
    peer.told(
        "textDocument/didSave",
        json!({"textDocument": {"uri": URI}}),
    );
    let gone = json!([{"id": "d", "method": "textDocument/definition"},
        {"id": "h", "method": "textDocument/inlayHint"}, {"id": "none", "method": "x"}]);
    peer.ask(
        "r2",
        "client/unregisterCapability",
        json!({"unregisterations": gone}),
    );
    peer.answered("r2", Value::Null);
    stale(Shown::InlayHints);
    assert_eq!(
        asked(&session).wait_blocking(),
        Err(RequestError::Unsupported)
    );
    // A run that begins anew knows nothing of it.
    peer.crash();
    session.ended();
    let peer = session.handshake(json!({}));
    assert_eq!(peer.hear()["method"], "textDocument/didOpen");
    assert!(!session.server.pulls_diagnostics());
}

#[test]
fn folders_are_added_and_told_again_with_the_next_run() {
    let takes = json!({"workspace": {"workspaceFolders":
        {"supported": true, "changeNotifications": "w"}}});
    let (session, peer) = Session::run(takes.clone());
    session.server.add_folder(Path::new("/project/a b"));
    let folder = json!({"uri": "file:///project/a%20b", "name": "a b"});
    let event = json!({"added": [folder], "removed": []});
    peer.told(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": event}),
    );
    // What it knows is not told twice.
    session.server.add_folder(Path::new("/project/a b"));
    session.server.add_folder(Path::new(common::ROOT));
    let all = json!([{"uri": "file:///project", "name": "project"}, folder]);
    peer.ask(5, "workspace/workspaceFolders", Value::Null);
    peer.answered(5, all.clone());
    peer.crash();
    session.ended();
    let peer = session.peers.recv().unwrap();
    assert_eq!(peer.hear()["params"]["workspaceFolders"], all);
}

#[test]
fn a_folder_is_removed_once_and_is_none_of_the_next_run() {
    let takes = json!({"workspace": {"workspaceFolders":
        {"supported": true, "changeNotifications": true}}});
    let (session, peer) = Session::run(takes);
    let folder = Path::new("/project/a b");
    session.server.add_folder(folder);
    assert_eq!(peer.hear()["params"]["event"]["removed"], json!([]));
    session.server.remove_folder(folder);
    let named = json!({"uri": "file:///project/a%20b", "name": "a b"});
    peer.told(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": {"added": [], "removed": [named]}}),
    );
    // What it does not have is not taken from it, and its root stays.
    session.server.remove_folder(folder);
    session.server.remove_folder(Path::new(common::ROOT));
    let root = json!([{"uri": "file:///project", "name": "project"}]);
    peer.ask(5, "workspace/workspaceFolders", Value::Null);
    peer.answered(5, root.clone());
    peer.crash();
    session.ended();
    let peer = session.peers.recv().unwrap();
    assert_eq!(peer.hear()["params"]["workspaceFolders"], root);
}

#[test]
fn settings_are_given_by_their_sections() {
    let (_session, peer) = Session::run(json!({}));
    let items = json!({"items": [
        {"section": "played"}, {"section": "played.deep.er", "scopeUri": URI},
        {"section": "none.at.all"}, {}, {"section": 3}, 7,
    ]});
    peer.ask("c", "workspace/configuration", items);
    let played = json!({"mode": "strict", "deep": {"er": 1}});
    let whole = json!({"played": played});
    peer.answered("c", json!([played, 1, null, whole, whole, whole]));
}

#[test]
fn settings_are_those_of_the_folder_nearest_above_what_is_asked_about() {
    let takes = json!({"workspace": {"workspaceFolders":
        {"supported": true, "changeNotifications": true}}});
    let (session, peer) = Session::run(takes);
    let asked = |id: &str, scopes: &[Value]| {
        let items = scopes.iter();
        let items = items.map(|uri| json!({"section": "played.mode", "scopeUri": uri}));
        let items: Value = items.collect();
        peer.ask(id, "workspace/configuration", json!({"items": items}));
    };
    let own = |mode: &str| json!({"played": {"mode": mode}});
    for (folder, mode) in [("/project/a b", "inner"), ("/", "outer")] {
        let folder = Path::new(folder);
        session.server.keep_folder_settings(folder, own(mode));
        session.server.add_folder(folder);
        peer.hear();
    }
    let scopes = [
        json!("file:///project/a%20b"),
        json!("file:///project/a%20b/c/d.txt"),
        json!("file:///project"),
        json!("file:///project/a%20bc"),
        json!("file:///other"),
        json!("untitled:1"),
        Value::Null,
    ];
    asked("1", &scopes);
    peer.answered(
        "1",
        json!([
            "inner", "inner", "strict", "strict", "outer", "strict", "strict"
        ]),
    );
    // They hold in the next run too, and no longer than the folder is its own.
    session.server.remove_folder(Path::new("/project/a b"));
    peer.hear();
    asked("2", &scopes[..2]);
    peer.answered("2", json!(["strict", "strict"]));
    peer.crash();
    session.ended();
    let peer = session.handshake(json!({}));
    let items = json!({"items": [{"section": "played.mode", "scopeUri": "file:///other"}]});
    peer.ask("3", "workspace/configuration", items);
    peer.answered("3", json!(["outer"]));
}

#[test]
fn how_an_open_text_is_indented_is_given_by_its_file() {
    let (session, peer) = Session::open(json!({}), "a");
    let asked = |id: &str, uri: &str| {
        let items = json!({"items": [{"section": "formattingOptions", "scopeUri": uri}]});
        peer.ask(id, "workspace/configuration", items);
    };
    asked("1", URI);
    peer.answered("1", json!([null]));
    session.server.indented(file(), IndentStyle::spaces(2));
    asked("2", URI);
    peer.answered("2", json!([{"tabSize": 2, "insertSpaces": true}]));
    asked("3", "file:///project/other.ts");
    peer.answered("3", json!([null]));
    session.server.close(file());
    peer.told(
        "textDocument/didClose",
        json!({"textDocument": {"uri": URI}}),
    );
    asked("4", URI);
    peer.answered("4", json!([null]));
}

#[test]
fn files_are_told_of_as_far_as_they_are_watched() {
    let (session, peer) = Session::run(json!({}));
    let changed = |path: &str, change| (PathBuf::from(path), change);
    let all = [
        changed("/project/src/a.rs", WatchedChange::Created),
        changed("/project/src/a.rs", WatchedChange::Changed),
        changed("/project/deep/er/Cargo.toml", WatchedChange::Deleted),
        changed("/project/Cargo.toml", WatchedChange::Deleted),
        changed("/elsewhere/lib/x.py", WatchedChange::Changed),
        changed("/elsewhere/x.py", WatchedChange::Changed),
    ];
    // Nothing yet.
    session.server.files_changed(&all);
    let watchers = json!([
        {"globPattern": "**/*.rs", "kind": 1},
        {"globPattern": "{Cargo,rust-project}.toml", "kind": 4},
        {"globPattern": {"baseUri": "file:///elsewhere/lib", "pattern": "*.py"}},
        {"globPattern": "[", "kind": 7},
    ]);
    let one = json!({"id": "w", "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers}});
    peer.ask(
        1,
        "client/registerCapability",
        json!({"registrations": [one]}),
    );
    peer.answered(1, Value::Null);
    session.until(|event| matches!(event, ServerEvent::WatchesFiles).then_some(()));
    session.server.files_changed(&all);
    let events = json!([
        {"uri": "file:///project/src/a.rs", "type": 1},
        {"uri": "file:///project/Cargo.toml", "type": 3},
        {"uri": "file:///elsewhere/lib/x.py", "type": 2},
    ]);
    peer.told(
        "workspace/didChangeWatchedFiles",
        json!({"changes": events}),
    );
    // Where nothing is left of it nothing is told.
    session.server.files_changed(&all[5..]);
    let gone = json!([{"id": "w", "method": "workspace/didChangeWatchedFiles"}]);
    peer.ask(
        2,
        "client/unregisterCapability",
        json!({"unregisterations": gone}),
    );
    peer.answered(2, Value::Null);
    session.server.files_changed(&all);
    peer.ask(3, "workspace/workspaceFolders", Value::Null);
    assert_eq!(peer.hear()["id"], 3);
}

#[test]
fn parts_of_an_answer_that_nobody_asked_for_are_passed_over() {
    let (session, peer) = Session::open(json!({"referencesProvider": true}), "a a");
    let reply = session.server.references(file(), 0);
    let mut params = at(0, 0);
    params["context"] = json!({"includeDeclaration": true});
    let id = peer.asked("textDocument/references", params);
    let place = |from: u32| json!({"uri": URI, "range": range(0, from, from + 1)});
    peer.tell("$/progress", json!({"token": "part", "value": [place(0)]}));
    peer.tell(
        "$/progress",
        json!({"token": 7, "value": {"items": [place(0)]}}),
    );
    peer.answer(id, json!([place(0), place(2)]));
    assert_eq!(reply.wait_blocking().unwrap().len(), 2);
    let told = session.events.try_iter();
    assert_eq!(
        told.filter(|event| matches!(event, ServerEvent::Progress(_)))
            .count(),
        0
    );
}

#[test]
fn what_is_asked_about_a_text_that_is_closed_is_cancelled() {
    let (session, peer) = Session::open(json!({"hoverProvider": true}), "ab");
    let other = Path::new("/project/other.rs");
    session.server.open(other, "rust", 0, &Text::new("ab"));
    assert_eq!(peer.hear()["method"], "textDocument/didOpen");
    let first = session.server.hover(file(), 1);
    let first_id = peer.asked("textDocument/hover", at(0, 1));
    let beside = session.server.hover(other, 1);
    let beside_id = peer.hear()["id"].clone();
    let second = session.server.hover(file(), 0);
    let second_id = peer.asked("textDocument/hover", at(0, 0));
    session.server.close(file());
    peer.told("$/cancelRequest", json!({"id": first_id}));
    peer.told("$/cancelRequest", json!({"id": second_id}));
    peer.told(
        "textDocument/didClose",
        json!({"textDocument": {"uri": URI}}),
    );
    assert_eq!(first.wait_blocking(), Err(RequestError::Closed));
    assert_eq!(second.wait_blocking(), Err(RequestError::Closed));
    // It was opened again when the answer comes: that is of the text before.
    session.server.open(file(), "rust", 1, &Text::new("cd"));
    assert_eq!(peer.hear()["method"], "textDocument/didOpen");
    peer.answer(first_id, json!({"contents": "late"}));
    let again = session.server.hover(file(), 1);
    let again_id = peer.asked("textDocument/hover", at(0, 1));
    peer.answer(again_id, json!({"contents": "new"}));
    assert_eq!(again.wait_blocking().unwrap().unwrap().markdown, "new");
    // What is asked about another text has its answer.
    peer.answer(beside_id, json!({"contents": "beside"}));
    assert_eq!(beside.wait_blocking().unwrap().unwrap().markdown, "beside");
}

#[test]
fn both_sides_cancel_what_they_ask() {
    let (session, peer) = Session::open(json!({"hoverProvider": true}), "ab");
    let reply = session.server.hover(file(), 1);
    let id = peer.asked("textDocument/hover", at(0, 1));
    drop(reply);
    peer.told("$/cancelRequest", json!({"id": id}));
    // As the protocol has it, it answers all the same.
    let cancelled = json!({"code": -32800, "message": "cancelled"});
    peer.say(&json!({"jsonrpc": "2.0", "id": id, "error": cancelled}));
    // What it asks is answered before it can cancel it; that is no error.
    peer.ask(
        "c",
        "workspace/configuration",
        json!({"items": [{"section": "played.mode"}]}),
    );
    peer.tell("$/cancelRequest", json!({"id": "c"}));
    peer.answered("c", json!(["strict"]));
    session.goes_on(&peer);
    // The text has changed since, or it cancelled by itself: the same is to be asked again.
    for code in [-32801, -32802] {
        let reply = session.server.hover(file(), 1);
        let id = peer.asked("textDocument/hover", at(0, 1));
        let error = json!({"code": code, "message": "m", "data": {"retriggerRequest": true}});
        peer.say(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
        assert_eq!(reply.wait_blocking(), Err(RequestError::Stale), "{code}");
    }
    let said = [
        ("it failed.", "it failed"),
        (
            "Request textDocument/hover failed with message: Not here.",
            "Not here",
        ),
        (
            "Request of a kind failed with message: x",
            "Request of a kind failed with message: x",
        ),
    ];
    for (message, shown) in said {
        let reply = session.server.hover(file(), 1);
        let id = peer.asked("textDocument/hover", at(0, 1));
        let error = json!({"code": -32803, "message": message});
        peer.say(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
        assert_eq!(
            reply.wait_blocking(),
            Err(RequestError::Refused(shown.into()))
        );
    }
}

#[test]
fn work_is_told_and_cancelled_where_that_is_offered() {
    let (session, peer) = Session::run(json!({}));
    let shown = || {
        session.until(|event| match event {
            ServerEvent::Progress(shown) => Some(shown),
            _ => None,
        })
    };
    for token in [json!("index"), json!(7)] {
        peer.ask(1, "window/workDoneProgress/create", json!({"token": token}));
        peer.answered(1, Value::Null);
    }
    assert!(!session.server.can_cancel_work());
    let progress = |token: Value, value: Value| {
        peer.tell("$/progress", json!({"token": token, "value": value}));
    };
    progress(json!(7), json!({"kind": "begin", "title": "Checking"}));
    assert_eq!(shown().as_deref(), Some("Checking"));
    assert!(!session.server.can_cancel_work());
    let begin = json!({"kind": "begin", "title": "Indexing", "cancellable": true, "percentage": 0});
    progress(json!("index"), begin);
    assert_eq!(shown().as_deref(), Some("Indexing 0%"));
    assert!(session.server.can_cancel_work());
    session.server.cancel_work();
    peer.told("window/workDoneProgress/cancel", json!({"token": "index"}));
    // It says by itself that it ends, and may say no before.
    progress(
        json!("index"),
        json!({"kind": "report", "cancellable": false, "message": "a.rs"}),
    );
    assert_eq!(shown().as_deref(), Some("Indexing: a.rs"));
    assert!(!session.server.can_cancel_work());
    progress(json!("index"), json!({"kind": "end"}));
    assert_eq!(shown().as_deref(), Some("Checking"));
    // What it was at does not outlive its run.
    peer.crash();
    assert_eq!(shown(), None);
}

#[test]
fn diagnostics_are_pulled_with_those_of_other_files() {
    let pulls = json!({"textDocumentSync": 2, "diagnosticProvider":
        {"identifier": "lint", "interFileDependencies": true, "workspaceDiagnostics": true}});
    let (session, peer) = Session::open(pulls, "one two");
    session.server.open(
        Path::new("/project/open.txt"),
        "plaintext",
        4,
        &Text::new("open"),
    );
    assert_eq!(peer.hear()["method"], "textDocument/didOpen");
    let reply = session.server.pull_diagnostics(file());
    let params = json!({"textDocument": {"uri": URI}, "identifier": "lint"});
    let id = peer.asked("textDocument/diagnostic", params);
    let said =
        |from: u32, message: &str| json!([{"range": range(0, from, from + 3), "message": message}]);
    peer.answer(
        id,
        json!({"kind": "full", "resultId": "1", "items": said(4, "here"), "relatedDocuments": {
            "file:///project/open.txt": {"kind": "full", "items": said(0, "in what is open")},
            "file:///project/closed.txt": {"kind": "full", "items": said(0, "in what is not")},
            "file:///project/same.txt": {"kind": "unchanged", "resultId": "9"},
            "https://a.b/c": {"kind": "full", "items": said(0, "nowhere")},
        }}),
    );
    let (version, found) = reply.wait_blocking().unwrap().unwrap();
    let (range, one) = found.iter().next().unwrap();
    assert_eq!((version, range, &*one.message), (0, 4..7, "here"));
    let mut others = Vec::new();
    while others.len() < 2 {
        others.push(session.until(|event| match event {
            ServerEvent::Diagnostics {
                path,
                version,
                diagnostics,
            } => {
                let said = diagnostics.iter().next().unwrap().1.message.to_string();
                Some((path, Some(version), said))
            }
            ServerEvent::ClosedFile(said) => {
                let message = said.diagnostics[0].1.message.to_string();
                Some((said.path, None, message))
            }
            _ => None,
        }));
    }
    others.sort();
    let other = |name: &str, version, said: &str| {
        (Path::new("/project").join(name), version, said.to_owned())
    };
    let wanted = [
        other("closed.txt", None, "in what is not"),
        other("open.txt", Some(4), "in what is open"),
    ];
    assert_eq!(others, wanted);
    // What is said of the whole project is asked for by the marks of the last answer.
    let known =
        std::collections::HashMap::from([(PathBuf::from("/project/a.txt"), "7".to_owned())]);
    let reply = session.server.pull_project_diagnostics(&known);
    let id = peer.asked(
        "workspace/diagnostic",
        json!({"previousResultIds": [{"uri": "file:///project/a.txt", "value": "7"}],
            "partialResultToken": "kiln/project-diagnostics", "identifier": "lint"}),
    );
    // A server that does not answer for long tells of files in the meantime.
    let part = json!({"items": [
        {"uri": "file:///project/part.txt", "kind": "full", "items": [
            {"range": common::range(0, 0, 1), "message": "in a part"}]},
        {"uri": "file:///project/a.txt", "kind": "unchanged", "resultId": "7"}]});
    peer.tell(
        "$/progress",
        json!({"token": "kiln/project-diagnostics", "value": part}),
    );
    let told = session.until(|event| match event {
        ServerEvent::ClosedFile(said) => Some(said),
        _ => None,
    });
    assert_eq!(told.path, Path::new("/project/part.txt"));
    assert_eq!(&*told.diagnostics[0].1.message, "in a part");
    peer.answer(id, json!({"items": []}));
    assert!(reply.wait_blocking().unwrap().files.is_empty());
    peer.ask("d", "workspace/diagnostic/refresh", Value::Null);
    peer.answered("d", Value::Null);
    session.until(|event| matches!(event, ServerEvent::DiagnosticsStale).then_some(()));
}

#[test]
fn texts_go_on_by_themselves_and_when_asked() {
    let offers = json!({"inlineCompletionProvider": {}});
    let (session, peer) = Session::open(offers, "ä fn");
    for (by_itself, kind) in [(true, 2), (false, 1)] {
        let reply = session.server.inline_completions(file(), 5, by_itself);
        let mut params = at(0, 4);
        params["context"] = json!({"triggerKind": kind});
        let id = peer.asked("textDocument/inlineCompletion", params);
        let command = json!({"title": "t", "command": "took.it", "arguments": [1]});
        let item =
            json!({"insertText": "fn main() {}", "range": range(0, 2, 4), "command": command});
        peer.answer(id, json!({"items": [item]}));
        let items = reply.wait_blocking().unwrap();
        assert_eq!(
            (items[0].range.clone(), &*items[0].new_text),
            (3..5, "fn main() {}")
        );
        assert_eq!(items[0].command.as_ref().unwrap().name(), "took.it");
    }
}

#[test]
fn what_becomes_of_files_is_asked_before_and_told_after() {
    let filters = |glob: &str, matches: &str| json!({"filters": [{"scheme": "file", "pattern": {"glob": glob, "matches": matches}}]});
    let (session, peer) = Session::run(json!({"workspace": {"fileOperations": {
        "willCreate": filters("**/*.rs", "file"), "didCreate": filters("**/*.rs", "file"),
        "willRename": filters("**/src", "folder"), "didRename": filters("**/src", "folder"),
        "didDelete": filters("**/*", "file"),
    }}}));
    let created = |path: &str| FileEvent::Created { path: path.into() };
    assert!(
        session
            .server
            .before(&created("/project/a.py"), false)
            .is_none()
    );
    let reply = session
        .server
        .before(&created("/project/a.rs"), false)
        .unwrap();
    let params = json!({"files": [{"uri": "file:///project/a.rs"}]});
    let id = peer.asked("workspace/willCreateFiles", params.clone());
    let edit = json!({"changes": {URI: [{"range": range(0, 0, 0), "newText": "mod a;\n"}]}});
    peer.answer(id, edit);
    assert_eq!(reply.wait_blocking().unwrap().unwrap().files().count(), 1);
    session.server.after(&created("/project/a.py"), false);
    session.server.after(&created("/project/a.rs"), false);
    peer.told("workspace/didCreateFiles", params);
    let (from, to) = ("/project/src".into(), "/project/lib".into());
    let renamed = FileEvent::Renamed { from, to };
    assert!(
        session.server.before(&renamed, false).is_none(),
        "a file of that name"
    );
    let reply = session.server.before(&renamed, true).unwrap();
    let params =
        json!({"files": [{"oldUri": "file:///project/src", "newUri": "file:///project/lib"}]});
    let id = peer.asked("workspace/willRenameFiles", params.clone());
    peer.answer(id, Value::Null);
    assert!(reply.wait_blocking().unwrap().unwrap().is_empty());
    session.server.after(&renamed, true);
    peer.told("workspace/didRenameFiles", params);
    let deleted = FileEvent::Deleted {
        path: "/project/a.rs".into(),
    };
    assert!(
        session.server.before(&deleted, false).is_none(),
        "it does not ask"
    );
    session.server.after(&deleted, false);
    let params = json!({"files": [{"uri": "file:///project/a.rs"}]});
    peer.told("workspace/didDeleteFiles", params);
}

#[test]
fn a_command_may_ask_for_edits_and_hears_what_came_of_them() {
    let offers = json!({"textDocumentSync": 2, "codeActionProvider": true,
        "executeCommandProvider": {"commands": ["do.it"]}});
    let (session, peer) = Session::open(offers, "abc");
    let reply = session
        .server
        .code_actions(file(), 0..1, &[], &ActionsAsked::All);
    let params = json!({"textDocument": {"uri": URI}, "range": range(0, 0, 1),
        "context": {"diagnostics": [], "triggerKind": 1}});
    let id = peer.asked("textDocument/codeAction", params);
    peer.answer(
        id,
        json!([{"title": "Do it", "command": "do.it", "arguments": [{"n": 1}]}]),
    );
    let action = reply.wait_blocking().unwrap().swap_remove(0);
    let effect = session
        .server
        .resolve_action(file(), &action)
        .wait_blocking();
    let command = effect.unwrap().unwrap().command.unwrap();
    let ran = session.server.execute(file(), &command);
    let params = json!({"command": "do.it", "arguments": [{"n": 1}]});
    let run = peer.asked("workspace/executeCommand", params);
    let edit = json!({"changes": {URI: [{"range": range(0, 0, 1), "newText": "x"}]}});
    let asked = |id: &str| {
        peer.ask(
            id,
            "workspace/applyEdit",
            json!({"label": "l", "edit": edit}),
        );
        session.until(|event| match event {
            ServerEvent::Edit(asked) => Some(asked),
            _ => None,
        })
    };
    asked("e1").answer(Ok(()));
    peer.answered("e1", json!({"applied": true}));
    asked("e2").answer(Err("no room".into()));
    peer.answered("e2", json!({"applied": false, "failureReason": "no room"}));
    // Where nobody answers, it hears that too.
    drop(asked("e3"));
    peer.answered(
        "e3",
        json!({"applied": false, "failureReason": "nobody made them"}),
    );
    peer.ask("e4", "workspace/applyEdit", json!({"edit": 3}));
    assert_eq!(peer.hear()["result"]["applied"], false);
    peer.answer(run, Value::Null);
    assert_eq!(ran.wait_blocking(), Ok(()));
}

#[test]
fn of_a_command_that_was_given_up_no_edits_are_taken_and_of_the_next_they_are() {
    let offers = json!({"textDocumentSync": 2, "codeActionProvider": true,
        "executeCommandProvider": {"commands": ["do.it"]}});
    let (session, peer) = Session::open(offers, "abc");
    let all = ActionsAsked::All;
    let reply = session.server.code_actions(file(), 0..1, &[], &all);
    let id = peer.hear()["id"].clone();
    peer.answer(id, json!([{"title": "Do it", "command": "do.it"}]));
    let action = reply.wait_blocking().unwrap().swap_remove(0);
    let effect = session.server.resolve_action(file(), &action);
    let command = effect.wait_blocking().unwrap().unwrap().command.unwrap();
    let edit = json!({"edit": {"changes": {URI: [{"range": range(0, 0, 1), "newText": "x"}]}}});
    let given_up = session.server.execute(file(), &command);
    peer.hear();
    drop(given_up);
    assert_eq!(peer.hear()["method"], "$/cancelRequest");
    peer.ask("e1", "workspace/applyEdit", edit.clone());
    assert_eq!(peer.hear()["result"]["applied"], false);

    let next = session.server.execute(file(), &command);
    peer.hear();
    peer.ask("e2", "workspace/applyEdit", edit);
    let asked = session.until(|event| match event {
        ServerEvent::Edit(asked) => Some(asked),
        _ => None,
    });
    asked.answer(Ok(()));
    peer.answered("e2", json!({"applied": true}));
    drop(next);
}

#[test]
fn what_it_named_itself_comes_back_to_it_as_it_was() {
    let offers = json!({"completionProvider": {"resolveProvider": true, "triggerCharacters": ["."]},
        "callHierarchyProvider": true});
    let (session, peer) = Session::open(offers, "a.b");
    let trigger = CompletionTrigger::Character(".".into());
    let reply = session.server.completion(file(), 2, &trigger);
    let mut params = at(0, 2);
    params["context"] = json!({"triggerKind": 2, "triggerCharacter": "."});
    let id = peer.asked("textDocument/completion", params);
    let list = json!({"isIncomplete": false, "itemDefaults": {"data": {"all": 1}},
        "items": [{"label": "b", "unknown": [1, {"x": null}]}]});
    peer.answer(id, list);
    let item = reply.wait_blocking().unwrap().items.swap_remove(0);
    let reply = session
        .server
        .resolve_completion(file(), &item, &session.text);
    let whole = json!({"label": "b", "unknown": [1, {"x": null}], "data": {"all": 1}});
    let id = peer.asked("completionItem/resolve", whole);
    peer.answer(id, json!({"label": "b", "detail": "d"}));
    assert_eq!(reply.wait_blocking().unwrap().detail.as_deref(), Some("d"));
    let kind = HierarchyKind::IncomingCalls;
    let reply = session.server.prepare_hierarchy(file(), 0, kind);
    let id = peer.asked("textDocument/prepareCallHierarchy", at(0, 0));
    let item = json!({"name": "a", "kind": 12, "uri": URI, "range": range(0, 0, 3),
        "selectionRange": range(0, 0, 1), "data": {"k": [1, 2]}, "tags": [1]});
    peer.answer(id, json!([item]));
    let found = reply.wait_blocking().unwrap().swap_remove(0);
    let reply = session.server.related_items(&found, kind);
    let id = peer.asked("callHierarchy/incomingCalls", json!({"item": item}));
    peer.answer(id, Value::Null);
    assert!(reply.wait_blocking().unwrap().is_empty());
}

#[test]
fn what_it_asks_of_the_user_waits_for_them_and_of_the_editor_is_answered_with_no() {
    let (session, peer) = Session::run(json!({}));
    let asked = json!({"type": 1, "message": "Really?"});
    peer.ask(1, "window/showMessageRequest", asked);
    peer.answered(1, Value::Null);
    peer.ask(
        2,
        "window/showDocument",
        json!({"uri": "file:///etc/passwd", "external": true}),
    );
    peer.answered(2, json!({"success": false}));
    peer.ask(3, "kiln/unheardOf", json!({}));
    peer.refused(3, -32601);
    let said = session.until(|event| match event {
        ServerEvent::Message(message) => Some((message.severity, message.text)),
        _ => None,
    });
    assert_eq!(said, (MessageType::Error, "Really?".into()));
    let actions = json!([{"title": "Left", "id": 7}, {"title": "Right"}]);
    let which = json!({"type": 2, "message": "Which?", "actions": actions});
    for given in [Some(0), None] {
        peer.ask(5, "window/showMessageRequest", which.clone());
        let question = session.until(|event| match event {
            ServerEvent::Question(question) => Some(question),
            _ => None,
        });
        assert_eq!(question.answers, ["Left", "Right"]);
        if let Some(given) = given {
            question.answer(given);
        }
        drop(question);
        peer.answered(5, given.map_or(Value::Null, |given| actions[given].clone()));
    }
    for (method, shown) in [
        ("workspace/inlayHint/refresh", Shown::InlayHints),
        ("workspace/semanticTokens/refresh", Shown::SemanticTokens),
        ("workspace/codeLens/refresh", Shown::CodeLenses),
        ("workspace/foldingRange/refresh", Shown::FoldingRanges),
    ] {
        peer.ask(4, method, Value::Null);
        peer.answered(4, Value::Null);
        let stale = session.until(|event| match event {
            ServerEvent::Stale(shown) => Some(shown),
            _ => None,
        });
        assert_eq!(stale, shown);
    }
}

#[test]
fn what_is_said_is_kept_as_far_as_that_is_wanted() {
    let (session, peer) = Session::open(json!({"hoverProvider": true}), "ab");
    session.goes_on(&peer);
    let kept = || {
        let entries = session.server.trace().into_iter();
        let named = entries.map(|one| (one.sent, one.sort, one.method.to_string(), one.body));
        named.collect::<Vec<_>>()
    };
    let entry = |sent, sort, method: &str| (sent, sort, method.to_owned(), None);
    use lsp::TraceSort::{Answer, Notification, Request};
    let wanted = [
        entry(true, Request, "initialize"),
        entry(false, Answer, "initialize"),
        entry(true, Notification, "initialized"),
        entry(true, Notification, "workspace/didChangeConfiguration"),
        entry(true, Notification, "textDocument/didOpen"),
        entry(true, Request, "textDocument/hover"),
        entry(false, Answer, "textDocument/hover"),
    ];
    assert_eq!(kept(), wanted);
    let took: Vec<_> = session
        .server
        .trace()
        .iter()
        .map(|one| one.took.is_some())
        .collect();
    assert_eq!(took, [false, true, false, false, false, false, true]);
    session.server.set_trace_level(TraceLevel::Verbose);
    session.server.set_trace_level(TraceLevel::Verbose);
    peer.told("$/setTrace", json!({"value": "verbose"}));
    session.goes_on(&peer);
    let (.., body) = kept().pop().unwrap();
    assert!(body.unwrap().contains("\"contents\": \"it goes on\""));
    session.server.set_trace_level(TraceLevel::Off);
    peer.told("$/setTrace", json!({"value": "off"}));
    let before = kept().len();
    session.goes_on(&peer);
    assert_eq!(kept().len(), before);
}
