//! What servers do rarely, and hostile ones on purpose, from a real process over real pipes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use editor_core::{ChangeSet, Edit, Text};
use lsp::{
    Destination, HighlightKind, LanguageServer, Limits, RequestError, ServerEvent, ServerOptions,
    ServerProgram, ServerState, Shown,
};
use serde_json::json;

const FILE: &str = "/project/ä b.txt";

struct Session {
    server: LanguageServer,
    events: async_channel::Receiver<ServerEvent>,
    text: Text,
    version: u64,
}

impl Session {
    fn start(scenario: &str) -> Self {
        Self::start_with(scenario, |_| {})
    }

    fn start_with(scenario: &str, change: impl FnOnce(&mut Limits)) -> Self {
        let program = env!("CARGO_BIN_EXE_fake-language-server");
        Self::start_program(program, &[scenario], change)
    }

    fn start_program(program: &str, arguments: &[&str], change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits {
            backoff: Duration::from_millis(1),
            crashes: 2,
            ..Limits::default()
        };
        change(&mut limits);
        let options = ServerOptions {
            name: "fake".into(),
            root: "/project".into(),
            initialization_options: json!({}),
            settings: json!({"fake": {"mode": "strict"}}),
            limits,
            trace: lsp::TraceLevel::Off,
        };
        let program = ServerProgram {
            program: program.into(),
            arguments: arguments.iter().copied().map(String::from).collect(),
            folder: PathBuf::from("/"),
            project: PathBuf::from("/project"),
            variables: Vec::new(),
        };
        let (server, events) = LanguageServer::start(options, Arc::new(program));
        Self {
            server,
            events,
            text: Text::default(),
            version: 0,
        }
    }

    fn open(scenario: &str, text: &str) -> Self {
        Self::open_with(scenario, text, |_| {})
    }

    fn open_with(scenario: &str, text: &str, change: impl FnOnce(&mut Limits)) -> Self {
        let mut session = Self::start_with(scenario, change);
        session.until_state(|state| *state == ServerState::Running);
        session.text = Text::new(text);
        session
            .server
            .open(Path::new(FILE), "plaintext", 0, &session.text);
        session
    }

    fn edit(&mut self, edits: &[(std::ops::Range<usize>, &str)]) {
        let edits = edits
            .iter()
            .map(|(range, text)| Edit::new(range.clone(), *text));
        let changes = ChangeSet::from_edits(self.text.len(), edits.collect()).unwrap();
        self.text = changes.apply(&self.text).unwrap();
        self.version += 1;
        self.server
            .edited(Path::new(FILE), &changes, self.version, &self.text);
    }

    fn next(&self) -> ServerEvent {
        self.events.recv_blocking().unwrap()
    }

    fn until_state(&self, wanted: impl Fn(&ServerState) -> bool) -> ServerState {
        loop {
            if let ServerEvent::StateChanged(state) = self.next()
                && wanted(&state)
            {
                return state;
            }
        }
    }

    /// The texts that the diagnostics of the newest version mark.
    fn diagnosed(&self) -> Vec<String> {
        loop {
            if let ServerEvent::Diagnostics {
                path,
                version,
                diagnostics,
            } = self.next()
                && version == self.version
            {
                assert_eq!(path, Path::new(FILE));
                let marked = diagnostics.iter();
                return marked
                    .map(|(range, _)| self.text.slice(range).into_owned())
                    .collect();
            }
        }
    }

    fn hover(&self, word: &str) -> Result<String, RequestError> {
        let at = self.text.to_string().find(word).unwrap();
        let hover = self.server.hover(Path::new(FILE), at).wait_blocking();
        hover.map(|hover| hover.map(|hover| hover.markdown).unwrap_or_default())
    }

    /// Waits until the log has a line with these words, as its process writes it.
    fn logged(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(60);
        while !self.server.log().iter().any(|line| line.contains(words)) {
            assert!(
                Instant::now() < until,
                "{words:?} in {:#?}",
                self.server.log()
            );
            std::thread::yield_now();
        }
    }
}

#[test]
fn edits_arrive_in_every_encoding_and_whole_where_that_is_wanted() {
    for scenario in ["utf-8", "utf-16", "utf-32", "full", "full utf-8"] {
        let mut session = Session::open(scenario, "ä😀 error\nfine\n");
        assert_eq!(session.diagnosed(), ["error"], "{scenario}");
        session.edit(&[(0..2, "😀😀\n"), (7..7, "x error x"), (14..15, "")]);
        assert_eq!(session.diagnosed(), ["error", "error"], "{scenario}");
        session.edit(&[(0..session.text.len(), "\n\nä error")]);
        assert_eq!(session.diagnosed(), ["error"], "{scenario}");
        assert_eq!(session.hover("error").unwrap(), "error", "{scenario}");
        let found = session.server.destinations(
            Path::new(FILE),
            session.text.len(),
            Destination::Definition,
        );
        let found = found.wait_blocking().unwrap();
        assert_eq!(found[0].path, Path::new(FILE));
        assert_eq!(
            found[0].encoding.offset(&session.text, found[0].position),
            5
        );
    }
}

#[test]
fn what_it_says_of_an_earlier_version_has_the_bytes_of_that_version() {
    let mut session = Session::open("late", "error");
    session.edit(&[(0..0, "some more text before an ")]);
    let ServerEvent::Diagnostics {
        version,
        diagnostics,
        ..
    } = session.next()
    else {
        panic!("no diagnostics");
    };
    let (range, _) = diagnostics.iter().next().unwrap();
    assert_eq!((version, range), (0, 0..5));
}

#[test]
fn questions_of_a_server_are_answered_and_none_of_them_does_anything() {
    let session = Session::open("asks", "x");
    session.logged(r#"answer 1: ["strict",null]"#);
    session.logged(r#"answer 2: {"applied":false"#);
    session.logged(r#"answer 3: {"success":false}"#);
    session.logged("answer 4: -32601");
    let progress = || loop {
        if let ServerEvent::Progress(shown) = session.next() {
            return shown;
        }
    };
    assert_eq!(progress().as_deref(), Some("Indexing"));
    assert_eq!(progress(), None);
}

#[test]
fn what_it_says_to_the_user_is_bounded_and_shown_as_it_is() {
    let session = Session::open("talks", "x");
    let said = || loop {
        match session.next() {
            ServerEvent::Message(message) => return message.text,
            ServerEvent::Progress(Some(text)) => return text,
            _ => {}
        }
    };
    assert!(said().len() < 3_000, "a message");
    assert_eq!(said(), "\u{fffd}[2Jgone");
    let work = said();
    assert!(work.len() < 300 && !work.contains('\n'), "what it works on");
    let hover = session.hover("x").unwrap();
    assert!(hover.len() <= 64 * 1024 + 3, "{}", hover.len());
    let refused = session
        .server
        .destinations(Path::new(FILE), 0, Destination::Definition)
        .wait_blocking();
    let Err(RequestError::Refused(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.len() < 2_000, "{}", why.len());
}

#[test]
fn it_is_told_of_more_folders_also_when_it_starts_again() {
    let session = Session::open("folders crashes", "an error here");
    assert_eq!(session.server.takes_folders(), Some(true));
    session.server.add_folder(Path::new("/project/ö"));
    session.server.add_folder(Path::new("/project/ö"));
    session.server.add_folder(Path::new("/project"));
    session.logged("folders + /project/%C3%B6");
    assert_eq!(session.hover("error"), Err(RequestError::NotRunning));
    session.until_state(|state| matches!(state, ServerState::Restarting { .. }));
    session.until_state(|state| *state == ServerState::Running);
    session.logged("folders /project /project/%C3%B6");
    session.server.stop();
    let log = session.server.log();
    let told = log.iter().filter(|line| line.contains("folders +"));
    assert_eq!(told.count(), 1);
    assert_eq!(Session::open("", "x").server.takes_folders(), Some(false));
}

#[test]
fn whether_it_takes_folders_is_not_known_until_it_runs_again() {
    let session = Session::open_with("folders crashes", "an error here", |limits| {
        limits.backoff = Duration::from_secs(3_600);
    });
    assert_eq!(session.server.takes_folders(), Some(true));
    assert_eq!(session.hover("error"), Err(RequestError::NotRunning));
    session.until_state(|state| matches!(state, ServerState::Restarting { .. }));
    assert_eq!(session.server.takes_folders(), None);
}

#[test]
fn what_is_registered_later_is_asked_for() {
    let session = Session::open("registers", "a a");
    session.logged("answer 1: null");
    let found = session
        .server
        .destinations(Path::new(FILE), 2, Destination::Definition)
        .wait_blocking();
    assert_eq!(found.unwrap().len(), 1);
    let pulled = session
        .server
        .pull_diagnostics(Path::new(FILE))
        .wait_blocking();
    assert_eq!(pulled, Err(RequestError::Unsupported));
}

#[test]
fn diagnostics_are_pulled_where_that_is_how_it_tells_them() {
    let session = Session::open("pull", "an error here");
    assert!(session.server.pulls_diagnostics());
    let pulled = session
        .server
        .pull_diagnostics(Path::new(FILE))
        .wait_blocking();
    let (version, diagnostics) = pulled.unwrap().unwrap();
    let (range, one) = diagnostics.iter().next().unwrap();
    assert_eq!((version, range), (0, 3..8));
    assert_eq!(&*one.message, "this says error");
}

#[test]
fn an_answer_after_a_cancel_or_a_second_one_is_dropped() {
    let session = Session::open("slow", "an error here");
    drop(session.server.hover(Path::new(FILE), 4));
    session.logged("cancelled");
    assert_eq!(session.hover("here").unwrap(), "here");
    let twice = Session::open("twice", "one two");
    assert_eq!(twice.hover("one").unwrap(), "first one");
    assert_eq!(twice.hover("two").unwrap(), "first two");
}

#[test]
fn an_answer_that_takes_too_long_is_given_up_and_the_server_goes_on() {
    let mut session =
        Session::start_with("slow", |limits| limits.request = Duration::from_millis(50));
    session.until_state(|state| *state == ServerState::Running);
    session.text = Text::new("an error here");
    session
        .server
        .open(Path::new(FILE), "plaintext", 0, &session.text);
    assert_eq!(session.hover("error"), Err(RequestError::TimedOut));
    session.logged("cancelled");
    assert_eq!(session.server.state(), ServerState::Running);
}

#[test]
fn drops_of_bytes_are_a_message() {
    assert_eq!(
        Session::open("drips", "error").hover("error").unwrap(),
        "drop by drop"
    );
}

/// The server ends for this reason, is started again, and knows the text as it is by then.
#[track_caller]
fn comes_back(scenario: &str, reason: &str) {
    let mut session = Session::open(scenario, "an error here");
    session.edit(&[(0..0, "see: ")]);
    assert_eq!(
        session.hover("error"),
        Err(RequestError::NotRunning),
        "{scenario}"
    );
    let state = session.until_state(|state| matches!(state, ServerState::Restarting { .. }));
    let ServerState::Restarting { reason: why } = state else {
        panic!("{state:?}");
    };
    assert!(why.contains(reason), "{scenario}: {why}");
    session.until_state(|state| *state == ServerState::Running);
    assert_eq!(session.hover("here").unwrap(), "here", "{scenario}");
    assert_eq!(session.diagnosed(), ["error"], "{scenario}");
}

#[test]
fn a_server_that_crashes_or_sends_what_is_no_protocol_is_started_again() {
    comes_back("crashes", "exit status: 3");
    comes_back("garbage", "no valid Content-Length");
    comes_back("huge", "claims 2147483648");
    comes_back("deep", "not valid");
}

#[test]
fn a_server_that_crashes_at_each_start_is_left_alone_until_somebody_asks() {
    let session = Session::start("crash-at-start");
    let failed = |state: &ServerState| matches!(state, ServerState::Failed { .. });
    let ServerState::Failed { reason } = session.until_state(failed) else {
        panic!();
    };
    assert!(reason.contains("exit status: 7"), "{reason}");
    session.logged("this server cannot start");
    let starts = || {
        let log = session.server.log();
        log.iter()
            .filter(|line| line.contains("fake starting"))
            .count()
    };
    assert_eq!(starts(), 3);
    session.server.restart();
    session.until_state(failed);
    assert_eq!(starts(), 6);
}

#[test]
fn a_server_that_says_nothing_at_its_start_is_given_up() {
    let session = Session::start_with("deaf", |limits| {
        limits.initialize = Duration::from_millis(20);
        limits.crashes = 2;
    });
    let failed = session.until_state(|state| matches!(state, ServerState::Failed { .. }));
    let ServerState::Failed { reason } = failed else {
        panic!();
    };
    assert!(reason.contains("did not answer within"), "{reason}");
    let log = session.server.log();
    let starts = log.iter().filter(|line| line.contains("fake starting"));
    assert_eq!(starts.count(), 1, "another start would be as silent");
}

#[test]
fn a_server_ends_as_the_protocol_has_it_and_by_force_where_it_does_not() {
    let session = Session::open("", "x");
    session.server.saved(Path::new(FILE));
    session.server.close(Path::new(FILE));
    session.logged("saved file:///project/%C3%A4%20b.txt");
    session.logged("closed file:///project/");
    session.server.stop();
    session.until_state(|state| *state == ServerState::Stopped);
    session.logged("shutdown");
    assert_eq!(
        session.server.hover(Path::new(FILE), 0).wait_blocking(),
        Err(RequestError::NotRunning)
    );

    let stays = Session::start_with("stays", |limits| {
        limits.shutdown = Duration::from_millis(20)
    });
    stays.until_state(|state| *state == ServerState::Running);
    stays.server.restart();
    stays.until_state(|state| *state == ServerState::Starting);
    stays.until_state(|state| *state == ServerState::Running);
    stays.server.stop();
    stays.until_state(|state| *state == ServerState::Stopped);
}

#[cfg(unix)]
#[test]
fn a_wrapper_that_ended_while_its_server_goes_on_is_started_again() {
    let server = env!("CARGO_BIN_EXE_fake-language-server");
    for scenario in ["", "stays"] {
        let script = "exec 3<&0; \"$1\" \"$2\" <&3 & exit 0";
        let arguments = ["-c", script, "sh", server, scenario];
        let session = Session::start_program("/bin/sh", &arguments, |limits| {
            limits.shutdown = Duration::from_millis(50);
        });
        session.until_state(|state| *state == ServerState::Running);
        session.server.restart();
        session.until_state(|state| *state == ServerState::Starting);
        session.until_state(|state| *state == ServerState::Running);
        session.server.stop();
        session.until_state(|state| *state == ServerState::Stopped);
    }
}

/// A server that does not end with its input, and tells its number.
#[cfg(unix)]
const STUBBORN: &str = "echo $$ >\"$1.part\"; mv \"$1.part\" \"$1\"; trap '' HUP TERM; \
                        while true; do sleep 1000; done";

#[cfg(unix)]
#[test]
fn no_server_outlives_a_client_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let mut client = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client_that_is_killed", "--ignored"])
        .env("KILN_SERVER_PID", &file)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let pid = loop {
        if let Ok(pid) = std::fs::read_to_string(&file) {
            break rustix::process::Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        }
        assert!(Instant::now() < until, "it was not started");
        std::thread::yield_now();
    };
    client.kill().unwrap();
    client.wait().unwrap();
    while rustix::process::test_kill_process_group(pid).is_ok() {
        assert!(Instant::now() < until, "it goes on");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[test]
#[ignore = "the process that the test above kills"]
fn client_that_is_killed() {
    let file = std::env::var("KILN_SERVER_PID").unwrap();
    let session = Session::start_program("/bin/sh", &["-c", STUBBORN, "sh", &file], |_| {});
    session.until_state(|state| *state == ServerState::Running);
}

#[test]
fn a_program_that_is_not_there_says_so() {
    let options = ServerOptions {
        name: "none".into(),
        root: "/".into(),
        initialization_options: json!(null),
        settings: json!(null),
        limits: Limits {
            crashes: 0,
            ..Limits::default()
        },
        trace: lsp::TraceLevel::Off,
    };
    let program = ServerProgram {
        program: "/no/such/program".into(),
        arguments: Vec::new(),
        folder: "/".into(),
        project: "/project".into(),
        variables: Vec::new(),
    };
    let (_server, events) = LanguageServer::start(options, Arc::new(program));
    loop {
        if let ServerEvent::StateChanged(ServerState::Failed { reason }) =
            events.recv_blocking().unwrap()
        {
            assert!(reason.contains("does not start"), "{reason}");
            return;
        }
    }
}

#[test]
fn places_of_a_name_and_hints_are_of_the_text_in_every_encoding() {
    for scenario in ["hints utf-8", "hints utf-16", "hints utf-32 registers"] {
        let session = Session::open(scenario, "ä😀 let ö = call(ö);\n");
        if scenario.contains("registers") {
            session.logged("answer 2: null");
        }
        let found = session.server.document_highlights(Path::new(FILE), 11);
        let found = found.wait_blocking().unwrap().unwrap();
        assert_eq!(
            found,
            [
                (11..13, HighlightKind::Write),
                (21..23, HighlightKind::Read)
            ],
            "{scenario}"
        );
        let hints = session
            .server
            .inlay_hints(Path::new(FILE), 0..session.text.len());
        let (version, hints) = hints.wait_blocking().unwrap();
        let shown: Vec<_> = hints.iter().map(|one| (one.offset, &*one.label)).collect();
        assert_eq!(version, 0);
        assert_eq!(shown, [(13, ": i32"), (21, "size:")], "{scenario}");
        let said = session
            .server
            .resolve_inlay_hint(Path::new(FILE), &hints[0]);
        let said = said.wait_blocking().unwrap();
        assert_eq!(said.as_deref(), Some("It is resolved"));
    }
}

#[test]
fn what_it_shows_is_told_to_be_stale_when_it_says_so_or_registers_it() {
    for (scenario, save) in [("registers", false), ("refreshes hints", true)] {
        let session = Session::start(scenario);
        if save {
            session.until_state(|state| *state == ServerState::Running);
            session
                .server
                .open(Path::new(FILE), "plaintext", 0, &session.text);
            session.server.saved(Path::new(FILE));
        }
        loop {
            if let ServerEvent::Stale(shown) = session.next() {
                assert_eq!(shown, Shown::InlayHints);
                break;
            }
        }
    }
}

#[test]
fn what_changed_since_is_put_into_the_tokens_before() {
    for scenario in ["tokens utf-8", "tokens utf-16", "tokens utf-32"] {
        let mut session = Session::open(scenario, "ä😀 let ö = call(ö);\n");
        let known = |session: &Session, before: Option<&lsp::SemanticTokens>| {
            let path = Path::new(FILE);
            let asked = session.server.semantic_tokens(path, None, before);
            asked.wait_blocking().unwrap().unwrap()
        };
        let words = |session: &Session, tokens: &lsp::SemanticTokens| -> Vec<String> {
            let places = tokens.tokens.iter();
            places
                .map(|(range, meaning)| {
                    let kind = &tokens.meanings[*meaning as usize].kind;
                    format!("{} {kind}", session.text.slice(range.clone()))
                })
                .collect()
        };
        let first = known(&session, None);
        let expected = ["ä parameter", "ö variable", "call function", "ö parameter"];
        assert_eq!(words(&session, &first), expected, "{scenario}");
        session.edit(&[(16..20, "ab")]);
        let second = known(&session, Some(&first));
        let expected = ["ä parameter", "ö variable", "ab function", "ö parameter"];
        assert_eq!(words(&session, &second), expected, "{scenario}");
        assert_eq!((first.version, second.version), (0, 1));
    }
}

#[test]
fn how_a_text_is_built_is_known_in_every_encoding() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let scenario = format!("symbols folds selects {encoding}");
        let session = Session::open(&scenario, "# a\n# b\nä😀 part ö\n  part in\n  end\nend\n");
        let path = Path::new(FILE);
        let (version, symbols) = session
            .server
            .document_symbols(path)
            .wait_blocking()
            .unwrap();
        let part = |range: &std::ops::Range<usize>| session.text.slice(range.clone()).to_string();
        let shown: Vec<_> = symbols
            .iter()
            .map(|one| (&*one.name, part(&one.range), part(&one.name_range)))
            .collect();
        assert_eq!(version, 0);
        assert_eq!(
            shown,
            [
                ("ö", "part ö\n  part in\n  end\nend".into(), "ö".into()),
                ("in", "part in\n  end".into(), "in".into()),
            ],
            "{encoding}"
        );
        let (_, folds) = session.server.folding_ranges(path).wait_blocking().unwrap();
        let rows: Vec<_> = folds
            .iter()
            .map(|one| (one.first, one.last, one.kind))
            .collect();
        assert_eq!(rows, [(0, 1, Some(lsp::FoldKind::Comment))], "{encoding}");
        let at = session.text.to_string().find('ö').unwrap();
        let asked = session.server.selection_ranges(path, &[at, 1]);
        let (_, around) = asked.wait_blocking().unwrap();
        let around: Vec<_> = around[0].iter().map(part).collect();
        assert_eq!(around[..2], ["ö", "ä😀 part ö"], "{encoding}");
    }
}

#[test]
fn other_settings_reach_a_server_that_runs_and_its_next_run() {
    let session = Session::open("configured", "x");
    session.logged(r#"configured {"fake":{"mode":"strict"}}"#);
    let settings = lsp::ServerSettings {
        by_folder: Default::default(),
        initialization_options: json!({}),
        settings: json!({"fake": {"mode": "lax"}}),
    };
    assert!(session.server.configure(settings.clone()));
    session.logged(r#"configured {"fake":{"mode":"lax"}}"#);
    assert!(!session.server.configure(settings), "they are the same");
    session.server.restart();
    let lax = || {
        let log = session.server.log();
        let told = log.iter().filter(|line| line.contains("lax"));
        told.count()
    };
    let until = Instant::now() + Duration::from_secs(60);
    while lax() < 2 {
        assert!(Instant::now() < until, "{:#?}", session.server.log());
        std::thread::yield_now();
    }
}
