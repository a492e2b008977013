//! Servers that mean harm, or have gone mad: what they say is bounded, deceives nobody, and takes
//! nothing down but at worst their own run. What they would change is in `ui`; see the table in
//! `docs/security.md`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;
use std::time::Duration;

use common::{FILE, Peer, Session, URI, at, range};
use editor_core::{IndentStyle, Text};
use lsp::{
    ActionsAsked, CompletionTrigger, Destination, EditsError, FileEvent, HierarchyKind, Limits,
    LinkTarget, MAX_DIAGNOSTICS, Reply, RequestError, ServerEvent, ServerState, TraceLevel,
    TraceSort, WatchedChange,
};
use serde_json::{Value, json};

const TEXT: &str = "let ä = call(1);\nred web\n";

/// What offers all that there is.
fn everything() -> Value {
    let files = json!({"filters": [{"pattern": {"glob": "**/*"}}]});
    json!({
        "positionEncoding": "utf-16",
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": true}},
        "hoverProvider": true,
        "completionProvider": {"triggerCharacters": ["."], "resolveProvider": true,
            "allCommitCharacters": [";"]},
        "signatureHelpProvider": {"triggerCharacters": ["("]},
        "declarationProvider": true,
        "definitionProvider": true,
        "typeDefinitionProvider": true,
        "implementationProvider": true,
        "referencesProvider": true,
        "documentHighlightProvider": true,
        "codeActionProvider": {"resolveProvider": true},
        "codeLensProvider": {"resolveProvider": true},
        "documentLinkProvider": {"resolveProvider": true},
        "colorProvider": true,
        "workspaceSymbolProvider": {"resolveProvider": true},
        "documentFormattingProvider": true,
        "documentRangeFormattingProvider": true,
        "documentOnTypeFormattingProvider": {"firstTriggerCharacter": ";"},
        "renameProvider": {"prepareProvider": true},
        "executeCommandProvider": {"commands": ["do.it"]},
        "callHierarchyProvider": true,
        "typeHierarchyProvider": true,
        "semanticTokensProvider": {
            "legend": {"tokenTypes": ["a", "b"], "tokenModifiers": ["c"]},
            "full": {"delta": true}, "range": true,
        },
        "linkedEditingRangeProvider": true,
        "inlayHintProvider": {"resolveProvider": true},
        "inlineCompletionProvider": true,
        "diagnosticProvider": {"interFileDependencies": true, "workspaceDiagnostics": true},
        "workspace": {
            "workspaceFolders": {"supported": true, "changeNotifications": "f"},
            "fileOperations": {"willRename": files, "didRename": files},
        },
    })
}

/// Each value in a value, replaced by each of what it should not be.
fn spoilt(value: &Value) -> Vec<Value> {
    let bad = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1e300),
        json!("\u{202e}\u{0}"),
        json!([]),
        json!([null, 3]),
        json!({}),
        json!({"uri": 3, "range": {"start": 1}, "items": {}, "value": [], "kind": {}}),
        json!({"start": {"line": u32::MAX, "character": u32::MAX},
            "end": {"line": 0, "character": 0}}),
    ];
    let mut all = Vec::new();
    for pointer in pointers(value) {
        for bad in &bad {
            let mut spoilt = value.clone();
            *spoilt.pointer_mut(&pointer).unwrap() = bad.clone();
            all.push(spoilt);
        }
    }
    all
}

/// The places of all values in a value.
fn pointers(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(values) => {
            let values = values.iter().enumerate();
            values.map(|(at, one)| (at.to_string(), one)).collect()
        }
        Value::Object(values) => {
            let escaped = |name: &String| name.replace('~', "~0").replace('/', "~1");
            values
                .iter()
                .map(|(name, one)| (escaped(name), one))
                .collect()
        }
        _ => Vec::new(),
    };
    let below = inner.into_iter().flat_map(|(name, one)| {
        pointers(one)
            .into_iter()
            .map(move |rest| format!("/{name}{rest}"))
    });
    std::iter::once(String::new()).chain(below).collect()
}

/// Asks something, and gives what waits for the answer.
type Ask = Box<dyn Fn(&Session) -> Box<dyn FnOnce()>>;

fn ask<T: 'static>(ask: impl Fn(&Session) -> Reply<T> + 'static) -> Ask {
    Box::new(move |session| {
        let reply = ask(session);
        Box::new(move || drop(reply.wait_blocking()))
    })
}

/// Asks something where it is of use to ask it.
fn ask_some<T: 'static>(ask: impl Fn(&Session) -> Option<Reply<T>> + 'static) -> Ask {
    Box::new(move |session| {
        let reply = ask(session);
        Box::new(move || drop(reply.map(Reply::wait_blocking)))
    })
}

/// Every question with an answer that has all that it may have.
fn questions() -> Vec<(Ask, Value)> {
    let file = Path::new(FILE);
    let place = range(0, 4, 5);
    let edit = json!({"range": place, "newText": "x"});
    let located = json!({"uri": URI, "range": place});
    let item = json!({"name": "n", "detail": "d", "kind": 12, "uri": URI, "range": place,
        "selectionRange": place});
    let files = json!({"documentChanges": [
        {"textDocument": {"uri": URI, "version": 0}, "edits": [edit]},
        {"kind": "create", "uri": "file:///project/new", "options": {"overwrite": true}},
        {"kind": "rename", "oldUri": "file:///project/a", "newUri": "file:///project/b"},
        {"kind": "delete", "uri": "file:///project/a", "options": {"recursive": true}},
    ]});
    let text = json!({"kind": "markdown", "value": "v"});
    let hierarchy = |kind| ask(move |it| it.server.prepare_hierarchy(file, 4, kind));
    let goes = |place| ask(move |it| it.server.destinations(file, 4, place));
    vec![
        (
            ask(move |it| it.server.hover(file, 4)),
            json!({"contents": [text, {"language": "rust", "value": "v"}], "range": place}),
        ),
        (
            ask(move |it| it.server.completion(file, 4, &CompletionTrigger::Invoked)),
            json!({"isIncomplete": true,
                "itemDefaults": {"editRange": {"insert": place, "replace": place}, "data": 1,
                    "commitCharacters": [";"], "insertTextFormat": 2},
                "items": [{"label": "l", "labelDetails": {"detail": "d", "description": "e"},
                    "kind": 3, "tags": [1], "detail": "d", "documentation": text,
                    "sortText": "s", "filterText": "f", "insertText": "i", "preselect": true,
                    "textEdit": {"newText": "n", "insert": place, "replace": place},
                    "additionalTextEdits": [edit], "commitCharacters": ["("],
                    "command": {"command": "editor.action.triggerSuggest"}}]}),
        ),
        (
            ask(move |it| it.server.signature_help(file, 13, None, false)),
            json!({"activeSignature": 0, "activeParameter": 0, "signatures": [{"label": "call(a)",
                "documentation": text, "activeParameter": 0,
                "parameters": [{"label": [5, 6], "documentation": text}, {"label": "a"}]}]}),
        ),
        (
            goes(Destination::Definition),
            json!([located, {"targetUri": URI, "targetRange": place, "targetSelectionRange": place}]),
        ),
        (
            ask(move |it| it.server.references(file, 4)),
            json!([located]),
        ),
        (
            ask(move |it| it.server.document_highlights(file, 4)),
            json!([{"range": place, "kind": 3}]),
        ),
        (
            ask(move |it| it.server.code_actions(file, 4..5, &[], &ActionsAsked::All)),
            json!([{"title": "t", "kind": "quickfix", "isPreferred": true, "edit": files,
                "disabled": {"reason": "r"}, "command": {"title": "t", "command": "do.it",
                "arguments": [1]}}]),
        ),
        (
            ask(move |it| it.server.code_lenses(file)),
            json!([{"range": place, "data": 1, "command": {"title": "t", "command": "do.it"}}]),
        ),
        (
            ask(move |it| it.server.document_links(file)),
            json!([{"range": place, "target": "https://a.b", "tooltip": "t", "data": 1}]),
        ),
        (
            ask(move |it| it.server.document_colors(file)),
            json!([{"range": place, "color": {"red": 1, "green": 0.5, "blue": 0, "alpha": 1}}]),
        ),
        (
            ask(move |it| {
                let rgba = [1., 0.5, 0., 1.];
                it.server.color_presentations(file, 4..6, rgba)
            }),
            json!([{"label": "l", "textEdit": edit,
                "additionalTextEdits": [{"range": range(1, 0, 1), "newText": "x"}]}]),
        ),
        (
            ask(|it| it.server.project_symbols("n")),
            json!([{"name": "n", "kind": 5, "containerName": "c", "location": located, "data": 1}]),
        ),
        (
            ask(move |it| {
                let indent = IndentStyle {
                    tab_size: 4,
                    insert_spaces: true,
                };
                it.server.formatting(file, None, &indent)
            }),
            json!([edit, edit]),
        ),
        (ask(move |it| it.server.rename(file, 4, "n")), files.clone()),
        (
            ask(move |it| it.server.rename(file, 4, "n")),
            json!({"changes": {URI: [edit]}}),
        ),
        (
            ask_some(move |it| it.server.prepare_rename(file, 4)),
            json!({"range": place, "placeholder": "p"}),
        ),
        (hierarchy(HierarchyKind::IncomingCalls), json!([item])),
        (hierarchy(HierarchyKind::Subtypes), json!([item])),
        (
            ask(move |it| it.server.semantic_tokens(file, None, None)),
            json!({"resultId": "1", "data": [0, 4, 1, 0, 1, 1, 0, 3, 1, 0]}),
        ),
        (
            ask(move |it| it.server.linked_ranges(file, 4)),
            json!({"ranges": [place, range(1, 0, 1)], "wordPattern": "(a+)+$"}),
        ),
        (
            ask(move |it| it.server.inlay_hints(file, 0..TEXT.len())),
            json!([{"position": {"line": 0, "character": 5}, "label": [{"value": ": i32",
                "tooltip": text, "location": located}], "kind": 1, "tooltip": text,
                "paddingLeft": true, "textEdits": [edit]}]),
        ),
        (
            ask(move |it| it.server.inline_completions(file, 5, true)),
            json!({"items": [{"insertText": "i", "filterText": "f", "range": place,
                "command": {"title": "t", "command": "c"}}]}),
        ),
        (
            ask(move |it| it.server.pull_diagnostics(file)),
            json!({"kind": "full", "resultId": "r", "items": [said()],
                "relatedDocuments": {"file:///project/other": {"kind": "full", "items": [said()]}}}),
        ),
        (
            ask(|it| {
                it.server
                    .pull_project_diagnostics(&std::collections::HashMap::new())
            }),
            json!({"items": [{"uri": URI, "kind": "full", "resultId": "r", "version": 0,
                "items": [said()]}]}),
        ),
        (
            ask_some(|it| {
                let (from, to) = ("/project/a".into(), "/project/b".into());
                let event = FileEvent::Renamed { from, to };
                it.server.before(&event, false)
            }),
            files,
        ),
    ]
}

/// A diagnostic with all that it may have.
fn said() -> Value {
    json!({"range": range(0, 4, 5), "message": "m", "severity": 1, "source": "s", "code": "c",
        "codeDescription": {"href": "https://a.b"}, "tags": [1],
        "relatedInformation": [{"location": {"uri": URI, "range": range(0, 0, 1)}, "message": "m"}]})
}

#[test]
fn whatever_it_answers_its_run_goes_on() {
    let (session, peer) = Session::open(everything(), TEXT);
    for (question, answer) in questions() {
        for answer in spoilt(&answer) {
            let wait = question(&session);
            peer.answer(peer.hear()["id"].clone(), answer);
            wait();
        }
    }
    session.goes_on(&peer);
}

#[test]
fn whatever_it_says_by_itself_its_run_goes_on() {
    let (session, peer) = Session::open(everything(), TEXT);
    let told = [
        (
            "textDocument/publishDiagnostics",
            json!({"uri": URI, "version": 0, "diagnostics": [said()]}),
        ),
        (
            "$/progress",
            json!({"token": 1, "value": {"kind": "begin", "title": "t", "message": "m",
                "percentage": 5, "cancellable": true}}),
        ),
        (
            "$/progress",
            json!({"token": 1, "value": {"kind": "report", "percentage": 5}}),
        ),
        ("window/showMessage", json!({"type": 1, "message": "m"})),
        ("window/logMessage", json!({"type": 1, "message": "m"})),
        ("$/logTrace", json!({"message": "m", "verbose": "v"})),
        ("$/cancelRequest", json!({"id": 1})),
        ("telemetry/event", json!({"a": 1})),
    ];
    for (method, params) in told {
        for params in spoilt(&params) {
            peer.tell(method, params);
        }
    }
    let asked = [
        (
            "client/registerCapability",
            json!({"registrations": [{"id": "1", "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": [{"globPattern": {"baseUri": "file:///project",
                    "pattern": "**/*.{rs,[a-"}, "kind": 7}]}}]}),
        ),
        (
            "client/unregisterCapability",
            json!({"unregisterations": [{"id": "1", "method": "x"}]}),
        ),
        (
            "workspace/configuration",
            json!({"items": [{"scopeUri": URI, "section": "a.b"}]}),
        ),
        (
            "workspace/applyEdit",
            json!({"label": "l", "edit": {"changes": {URI: []}}}),
        ),
        (
            "window/showDocument",
            json!({"uri": "file:///etc/passwd", "external": true, "takeFocus": true}),
        ),
        (
            "window/showMessageRequest",
            json!({"type": 1, "message": "m", "actions": [{"title": "t"}]}),
        ),
        ("window/workDoneProgress/create", json!({"token": 1})),
    ];
    for (method, params) in asked {
        for params in spoilt(&params) {
            peer.ask(7, method, params);
            // What is asked of the user has an answer once nobody looks at it.
            let answer = peer.hear_while(|| while session.events.try_recv().is_ok() {});
            assert_eq!(answer["id"], 7, "{method}: {answer}");
        }
    }
    // It knows by then what it was told to watch.
    let changed = (FILE.into(), WatchedChange::Changed);
    session.server.files_changed(&[changed]);
    session.server.cancel_work();
    peer.ask(8, "made/up", Value::Null);
    while peer.hear()["id"] != 8 {}
    session.goes_on(&peer);
}

#[test]
fn whatever_it_claims_to_offer_it_can_be_asked() {
    let mut runs = 0;
    // Each is a run of its own; of the values that replace one some are as good as others.
    for capabilities in spoilt(&everything()).into_iter().step_by(13) {
        runs += 1;
        let (session, peer) = Session::run(capabilities);
        session
            .server
            .open(Path::new(FILE), "plaintext", 0, &Text::new(TEXT));
        session.server.saved(Path::new(FILE));
        session.server.add_folder(Path::new("/other"));
        drop((
            session.server.completion_triggers(),
            session.server.signature_triggers(),
            session.server.offers_tokens(),
            session.server.formats_typed(";"),
            session.server.takes_folders(),
            session.server.watches_files(),
        ));
        for (question, _) in questions()
            .into_iter()
            .filter(|(_, answer)| !answer["range"].is_object())
        {
            // Most of it is unasked where it is not offered; what is asked is taken back.
            drop(question(&session));
        }
        assert_eq!(session.server.state(), ServerState::Running);
        drop(peer);
    }
    assert!(runs > 50, "{runs}");
}

#[test]
fn an_answer_that_nobody_waits_for_is_no_answer() {
    let (session, peer) = Session::open(everything(), TEXT);
    let first = session.server.hover(Path::new(FILE), 0);
    let id = peer.asked("textDocument/hover", at(0, 0));
    let number = id.as_i64().unwrap();
    let lie = json!({"contents": "lie"});
    // To what is asked next, by a guess; by another name; to nothing; with both or neither.
    peer.answer(number + 1, lie.clone());
    peer.answer(number.to_string(), lie.clone());
    peer.answer(Value::Null, json!({"contents": "nothing"}));
    session.ended_because(&peer, "neither an id nor a method");
    drop(first);

    let (session, peer) = Session::open(everything(), TEXT);
    let first = session.server.hover(Path::new(FILE), 0);
    let id = peer.asked("textDocument/hover", at(0, 0));
    let number = id.as_i64().unwrap();
    peer.answer(number + 1, lie.clone());
    peer.answer(number.to_string(), lie.clone());
    peer.say(&json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "what?"}}));
    // All of it was taken by then.
    peer.ask(99, "workspace/configuration", json!({"items": []}));
    peer.answered(99, json!([]));
    let second = session.server.hover(Path::new(FILE), 1);
    assert_eq!(
        peer.asked("textDocument/hover", at(0, 1)),
        json!(number + 1)
    );
    peer.answer(number + 1, json!({"contents": "second"}));
    peer.answer(number, json!({"contents": "first"}));
    peer.answer(number, lie);
    let says =
        |reply: Reply<Option<lsp::HoverAnswer>>| reply.wait_blocking().unwrap().unwrap().markdown;
    assert_eq!(
        (says(first), says(second)),
        ("first".into(), "second".into())
    );
    session.goes_on(&peer);
    let log = session.server.log();
    assert!(
        log.iter()
            .any(|line| line.contains("could not read a message: what?"))
    );
}

impl Session {
    /// The run ends because of something; it is told to the user.
    #[track_caller]
    fn ended_because(&self, _: &Peer, why: &str) {
        let reason = self.ended();
        assert!(reason.contains(why), "{reason}");
    }
}

#[test]
fn headers_and_bodies_that_are_no_protocol_end_its_run() {
    let cases: [(&[u8], &str); 8] = [
        (b"something on stdout\n", "no valid Content-Length"),
        (b"Content-Length: 2147483648\r\n\r\n{", "2147483648"),
        (b"Content-Length: -1\r\n\r\n{}", "no valid Content-Length"),
        (
            b"Content-Length: 99999999999999999999\r\n\r\n{}",
            "no valid Content-Length",
        ),
        (b"Content-Type: x\r\n\r\n{}", "no valid Content-Length"),
        (&[b'a'; 9_000], "header of more than"),
        (b"Content-Length: 3\r\n\r\n{]}", "not valid"),
        (b"Content-Length: 2\r\n\r\n{}", "neither an id nor a method"),
    ];
    for (bytes, why) in cases {
        let (session, peer) = Session::run(json!({}));
        peer.raw(bytes);
        session.ended_because(&peer, why);
        session.handshake(json!({}));
    }
}

#[test]
fn a_message_that_would_fill_the_memory_ends_its_run() {
    let objects = "{},".repeat(900_000);
    let body = format!("{{\"method\":\"telemetry/event\",\"params\":[{objects}0]}}");
    for level in [TraceLevel::Off, TraceLevel::Messages, TraceLevel::Verbose] {
        let (session, peer) = Session::run(json!({}));
        session.server.set_trace_level(level);
        peer.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        session.ended_because(&peer, "too many values");
        // Nor is it read to be kept for somebody who looks for a mistake.
        let kept = session.server.trace().into_iter();
        let kept: Vec<_> = kept.filter(|entry| entry.size == body.len()).collect();
        assert_eq!(kept.len(), usize::from(level != TraceLevel::Off));
        for entry in kept {
            assert_eq!((entry.sort, entry.body), (TraceSort::Unread, None));
        }
    }
}

#[test]
fn a_server_that_offers_too_much_is_given_up() {
    let session = Session::start(
        true,
        Limits {
            crashes: 0,
            ..Limits::default()
        },
    );
    let peer = session.peers.recv().unwrap();
    let id = peer.hear()["id"].clone();
    let long = json!({"capabilities": {"experimental": "x".repeat(5 * 1024 * 1024)}});
    peer.answer(id, long);
    let state = session.until_state(|state| matches!(state, ServerState::Failed { .. }));
    assert!(format!("{state:?}").contains("too long"), "{state:?}");
}

#[test]
fn a_server_that_reads_nothing_is_given_up() {
    let limits = Limits {
        crashes: 0,
        ..Limits::default()
    };
    let session = Session::start(false, limits);
    let peer = session.peers.recv().unwrap();
    peer.answer(1, json!({"capabilities": everything()}));
    session.until_state(|state| *state == ServerState::Running);
    let text = Text::new(&"x".repeat(1_000));
    for file in 0..10_000 {
        session.server.open(
            Path::new(&format!("/project/{file}")),
            "plaintext",
            0,
            &text,
        );
    }
    let state = session.until_state(|state| matches!(state, ServerState::Failed { .. }));
    assert!(format!("{state:?}").contains("does not read"), "{state:?}");
}

#[test]
fn diagnostics_of_versions_that_nobody_knows_are_dropped() {
    let (mut session, peer) = Session::open(everything(), "an error");
    session.edit(&[(0..0, "see ")]);
    peer.hear();
    let say = |version: Value, message: &str| {
        let one = json!({"range": range(0, 0, 3), "message": message});
        let params = json!({"uri": URI, "version": version, "diagnostics": [one]});
        peer.tell("textDocument/publishDiagnostics", params);
    };
    say(json!(2), "of tomorrow");
    say(json!(u64::MAX), "of the end of days");
    say(json!(1), "of now");
    let said = |event| match event {
        ServerEvent::Diagnostics {
            version,
            diagnostics,
            ..
        } => {
            let (_, one) = diagnostics.iter().next()?;
            Some((version, one.message.to_string()))
        }
        _ => None,
    };
    assert_eq!(session.until(said), (1, "of now".into()));
    // What names none that there can be is said of the text as it is.
    say(json!(-1), "of none");
    assert_eq!(session.until(said), (1, "of none".into()));
}

#[test]
fn floods_are_bounded_and_taken_in_turn() {
    let (session, peer) = Session::open(everything(), TEXT);
    let flood = vec![said(); MAX_DIAGNOSTICS + 10_000];
    peer.tell(
        "textDocument/publishDiagnostics",
        json!({"uri": URI, "diagnostics": flood}),
    );
    let count = session.until(|event| match event {
        ServerEvent::Diagnostics { diagnostics, .. } => Some(diagnostics.len()),
        _ => None,
    });
    assert_eq!(count, MAX_DIAGNOSTICS);
    for number in 0..20_000 {
        peer.tell("window/logMessage", json!({"message": "x".repeat(10)}));
        let begin = json!({"kind": "begin", "title": format!("work {number}")});
        peer.tell("$/progress", json!({"token": number, "value": begin}));
    }
    for id in 0..2_000 {
        peer.ask(
            id,
            "workspace/applyEdit",
            json!({"edit": {"changes": {URI: []}}}),
        );
        let answer = peer.hear();
        assert_eq!(
            (&answer["id"], &answer["result"]["applied"]),
            (&json!(id), &json!(false))
        );
    }
    session.goes_on(&peer);
    assert!(session.server.log().len() <= 2_000);
    let told = session.events.try_iter();
    let told = told.filter(|event| matches!(event, ServerEvent::Progress(Some(_))));
    assert!(told.count() <= 101, "what shows the same is told once");
}

#[test]
fn a_flood_of_registrations_is_bounded() {
    let (session, peer) = Session::open(json!({}), TEXT);
    for number in 0..3_000 {
        let one = json!({"id": number.to_string(), "method": "textDocument/definition",
            "registerOptions": {"n": number}});
        peer.ask(
            number,
            "client/registerCapability",
            json!({"registrations": [one]}),
        );
        peer.answered(number, Value::Null);
    }
    let offered = |session: &Session| {
        let found = session
            .server
            .destinations(Path::new(FILE), 0, Destination::Definition);
        found.is_offered()
    };
    assert!(offered(&session));
    peer.hear();
    peer.hear();
    for number in 0..1_000 {
        let one = json!({"id": number.to_string(), "method": "textDocument/definition"});
        peer.ask(
            number,
            "client/unregisterCapability",
            json!({"unregisterations": [one]}),
        );
        peer.answered(number, Value::Null);
    }
    assert!(!offered(&session), "those beyond a thousand were not taken");
}

#[test]
fn edits_of_what_is_no_file_here_are_refused_whole() {
    let (session, peer) = Session::open(everything(), TEXT);
    let edit = json!({"range": range(0, 4, 5), "newText": "x"});
    let ask = |answer: Value| {
        let reply = session.server.rename(Path::new(FILE), 4, "x");
        peer.answer(peer.hear()["id"].clone(), answer);
        reply.wait_blocking().unwrap()
    };
    for uri in [
        "https://example.org/a",
        "untitled:1",
        "data:text/plain,a",
        "file://other.host/etc/passwd",
        "file:///project/a%00.txt",
        "command:workbench.action.terminal.new",
        "jdt://contents/a",
        "vscode-remote://a/b",
        "etc/passwd",
        "",
    ] {
        for kind in ["create", "delete"] {
            let steps = json!([{"textDocument": {"uri": URI}, "edits": [edit]},
                {"kind": kind, "uri": uri}]);
            assert_eq!(
                ask(json!({"documentChanges": steps})),
                Err(EditsError::NoFile),
                "{uri}"
            );
        }
        let changes = json!({"changes": {URI: [edit], uri: [edit]}});
        assert_eq!(ask(changes), Err(EditsError::NoFile), "{uri}");
    }
    let overlapping = json!({"changes": {URI: [
        {"range": range(0, 0, 5), "newText": "a"}, {"range": range(0, 3, 7), "newText": "b"},
    ]}});
    let edit = ask(overlapping).unwrap();
    let change = edit.files().next().unwrap().change(&session.text);
    assert_eq!(change, Err(EditsError::Overlap));
    let many: Vec<_> = (0..10_001)
        .map(
            |file| json!({"textDocument": {"uri": format!("file:///project/{file}")}, "edits": []}),
        )
        .collect();
    assert_eq!(
        ask(json!({"documentChanges": many})),
        Err(EditsError::TooMany(10_001))
    );
    // All of it belongs to one file: that is no work without end.
    let one = json!({"textDocument": {"uri": URI}, "edits": []});
    assert!(ask(json!({"documentChanges": vec![one; 100_000]})).is_ok());
}

#[test]
fn edits_that_nobody_asked_for_are_refused() {
    let (session, peer) = Session::open(everything(), TEXT);
    let edit = json!({"changes": {URI: [{"range": range(0, 0, 3), "newText": "x"}]}});
    let refused = |id: u64| {
        peer.ask(id, "workspace/applyEdit", json!({"edit": edit}));
        let answer = peer.hear();
        assert_eq!(answer["result"]["applied"], false, "{answer}");
    };
    refused(1);
    // Nor is a command run that it does not offer, by which it could ask for them.
    let reply = session
        .server
        .code_actions(Path::new(FILE), 0..1, &[], &ActionsAsked::All);
    let action = json!({"title": "t", "command": "not.offered", "arguments": []});
    peer.answer(peer.hear()["id"].clone(), json!([action]));
    let action = reply.wait_blocking().unwrap().swap_remove(0);
    let effect = session.server.resolve_action(Path::new(FILE), &action);
    let command = effect.wait_blocking().unwrap().unwrap().command.unwrap();
    let ran = session
        .server
        .execute(Path::new(FILE), &command)
        .wait_blocking();
    assert_eq!(ran, Err(RequestError::Unsupported));
    refused(2);
}

#[test]
fn what_hides_or_reorders_text_is_shown_as_a_mark() {
    let (session, peer) = Session::open(everything(), TEXT);
    let file = Path::new(FILE);
    let bad = "a\u{202e}b\u{2066}c\u{1b}[2Jd\u{e0041}";
    let mut shown: Vec<String> = Vec::new();
    let answer = |value: Value| peer.answer(peer.hear()["id"].clone(), value);

    let reply = session.server.hover(file, 4);
    answer(json!({"contents": bad}));
    shown.push(reply.wait_blocking().unwrap().unwrap().markdown);

    let reply = session
        .server
        .completion(file, 4, &CompletionTrigger::Invoked);
    answer(
        json!([{"label": bad, "detail": bad, "labelDetails": {"detail": bad, "description": bad},
        "documentation": bad}]),
    );
    let item = reply.wait_blocking().unwrap().items.swap_remove(0);
    shown.extend(
        [
            item.label,
            item.label_detail.unwrap(),
            item.description.unwrap(),
        ]
        .map(|one| one.to_string()),
    );
    let details = [
        item.details.detail.unwrap(),
        item.details.documentation.unwrap(),
    ];
    shown.extend(details.map(|one| one.to_string()));

    let reply = session
        .server
        .code_actions(file, 4..5, &[], &ActionsAsked::All);
    answer(json!([{"title": bad, "kind": bad, "disabled": {"reason": bad}}]));
    let action = reply.wait_blocking().unwrap().swap_remove(0);
    shown.extend([
        action.title.to_string(),
        action.disabled.unwrap().to_string(),
    ]);

    let reply = session.server.signature_help(file, 13, None, false);
    answer(json!({"signatures": [{"label": bad, "documentation": bad}]}));
    let signature = reply
        .wait_blocking()
        .unwrap()
        .unwrap()
        .signatures
        .swap_remove(0);
    shown.extend([
        signature.label.to_string(),
        signature.documentation.unwrap().to_string(),
    ]);

    let reply = session.server.project_symbols("n");
    answer(json!([{"name": bad, "kind": 5, "containerName": bad,
        "location": {"uri": URI, "range": range(0, 0, 1)}}]));
    let symbol = reply.wait_blocking().unwrap().swap_remove(0);
    shown.extend([symbol.name, symbol.container]);

    let reply = session.server.inlay_hints(file, 0..TEXT.len());
    answer(json!([{"position": {"line": 0, "character": 5}, "label": bad}]));
    shown.push(reply.wait_blocking().unwrap().1[0].label.to_string());

    let reply = session.server.rename(file, 4, "n");
    let error = json!({"code": 1, "message": bad});
    peer.say(&json!({"jsonrpc": "2.0", "id": peer.hear()["id"], "error": error}));
    shown.push(reply.wait_blocking().unwrap_err().to_string());

    peer.tell(
        "textDocument/publishDiagnostics",
        json!({"uri": URI, "diagnostics": [{"range": range(0, 0, 1), "message": bad, "source": bad,
            "code": bad}]}),
    );
    peer.tell("window/showMessage", json!({"type": 1, "message": bad}));
    let begin = json!({"kind": "begin", "title": bad, "message": bad});
    peer.tell("$/progress", json!({"token": 1, "value": begin}));
    for _ in 0..3 {
        shown.push(session.until(|event| match event {
            ServerEvent::Diagnostics { diagnostics, .. } => {
                let (_, one) = diagnostics.iter().next()?;
                let (source, code) = (one.source.clone().unwrap(), one.code.clone().unwrap());
                Some(format!("{}{source}{code}", one.message))
            }
            ServerEvent::Message(message) => Some(message.text),
            ServerEvent::Progress(shown) => shown,
            _ => None,
        }));
    }
    shown.extend(session.server.log());
    let marked = shown.iter().filter(|one| one.contains('\u{fffd}')).count();
    assert!(marked >= 18, "{marked}: {shown:#?}");
    for one in shown {
        let deceives = |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{1b}' | '\u{e0041}');
        assert!(!one.contains(deceives), "{one:?}");
    }
}

#[test]
fn links_that_run_or_read_something_lead_nowhere() {
    let (session, peer) = Session::open(everything(), "web\n");
    for target in [
        "command:workbench.action.terminal.sendSequence",
        "javascript:alert(1)",
        "vscode://file/etc/passwd",
        "data:text/html,x",
        "smb://host/share",
        "https://good.example\u{202e}/x",
    ] {
        let reply = session.server.document_links(Path::new(FILE));
        let link = json!({"range": range(0, 0, 3), "target": target});
        peer.answer(peer.hear()["id"].clone(), json!([link]));
        let (_, links) = reply.wait_blocking().unwrap();
        assert_eq!(links[0].target, Some(LinkTarget::Refused), "{target}");
    }
}

#[test]
fn a_server_that_answers_no_question_is_ended_all_the_same() {
    let (session, peer) = Session::open(everything(), TEXT);
    let asked = session.server.hover(Path::new(FILE), 0);
    session.server.stop();
    session.until_state(|state| *state == ServerState::Stopped);
    assert_eq!(asked.wait_blocking(), Err(RequestError::NotRunning));
    drop(peer);
}

#[test]
fn more_questions_than_are_open_at_a_time_are_not_asked() {
    let (session, peer) = Session::open(everything(), TEXT);
    let open: Vec<_> = (0..1_024)
        .map(|_| session.server.hover(Path::new(FILE), 0))
        .collect();
    let more = session.server.hover(Path::new(FILE), 0).wait_blocking();
    assert_eq!(more, Err(RequestError::NotRunning));
    drop(open);
    for _ in 0..2 * 1_024 {
        peer.hear();
    }
    session.goes_on(&peer);
}

#[test]
fn a_server_that_crashes_with_each_start_is_left_alone() {
    let limits = Limits {
        crashes: 2,
        backoff: Duration::from_millis(1),
        ..Limits::default()
    };
    let session = Session::start(true, limits);
    for _ in 0..3 {
        session.handshake(json!({})).crash();
    }
    session.until_state(|state| matches!(state, ServerState::Failed { .. }));
    assert!(session.peers.try_recv().is_err());
}
