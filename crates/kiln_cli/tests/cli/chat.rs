//! `kiln-cli chat`.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use test_support::{Gate, Reply, Step, left_out};

use crate::program::{Machine, Run};

#[test]
fn the_answer_goes_to_standard_output_and_the_rest_to_standard_error() {
    let machine = Machine::new();
    machine.server.push(Reply::text("Hello from the model."));
    let run = machine
        .run(&["chat", "--no-interactive", "Say hello"])
        .ends_with(0);
    assert_eq!(run.output, "Hello from the model.\n");
    assert!(run.errors.contains("tokens in"), "{}", run.errors);
    assert_eq!(machine.server.requests()[0].user_texts(), ["Say hello"]);
}

#[test]
fn an_empty_line_stands_between_two_replies_of_a_turn() {
    let machine = Machine::new();
    machine.file("project/notes.txt", "hello\n");
    let looks = |id: &str, says: &str| {
        Reply::Stream(vec![
            Step::Text(says.into()),
            Step::ToolCall {
                id: id.into(),
                name: "list_directory".into(),
                arguments: r#"{"path": "."}"#.into(),
            },
            Step::End {
                input: 1,
                output: 1,
            },
        ])
    };
    machine.server.script([
        looks("call_1", "I look."),
        looks("call_2", "I look again.\n"),
        Reply::text("It says hello.\n\nThat is all."),
    ]);
    let run = machine
        .run(&["chat", "--no-interactive", "What is there?"])
        .ends_with(0);
    assert_eq!(
        run.output,
        "I look.\n\nI look again.\n\nIt says hello.\n\nThat is all.\n"
    );
}

#[test]
fn the_prompt_may_come_from_standard_input() {
    let machine = Machine::new();
    machine.server.push(Reply::text("Four."));
    let run = machine
        .run_with_input(&["chat"], "two and two\n")
        .ends_with(0);
    assert_eq!(run.output, "Four.\n");
    assert_eq!(machine.server.requests()[0].user_texts(), ["two and two\n"]);
    let empty = machine.run_with_input(&["chat"], " \n").ends_with(2);
    assert!(
        empty.errors.contains("the prompt is empty"),
        "{}",
        empty.errors
    );
}

#[test]
fn json_has_a_line_for_everything_that_happens() {
    let machine = Machine::new();
    machine.file("project/notes.txt", "hello\n");
    machine.server.script([
        Reply::tool_call("call_1", "read_file", r#"{"path": "notes.txt"}"#),
        Reply::text("It says hello."),
    ]);
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--json",
            "What is in notes.txt?",
        ])
        .ends_with(0);
    let events = run.events();
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds[0], "session");
    assert!(
        kinds.contains(&"model") && kinds.contains(&"tool_call") && kinds.contains(&"tool_result")
    );
    assert_eq!(kinds.last(), Some(&"turn_ended"));
    let text: String = events
        .iter()
        .filter(|event| event["type"] == "text")
        .map(|event| event["delta"].as_str().unwrap())
        .collect();
    assert_eq!(text, "It says hello.");
    let end = events.last().unwrap();
    assert_eq!(end["reason"], "completed");
    assert!(end["usage"]["output_tokens"].as_u64().unwrap() > 0);
    assert!(
        machine.server.requests()[1].tool_results()[0]
            .1
            .contains("hello")
    );
}

#[test]
fn a_write_needs_trust_where_nobody_can_be_asked() {
    let machine = Machine::new();
    let write = || {
        [
            Reply::tool_call(
                "call_1",
                "fs_write",
                r#"{"path": "new.txt", "content": "made\n"}"#,
            ),
            Reply::text("Done."),
        ]
    };
    machine.server.script(write());
    let run = machine
        .run(&["chat", "--no-interactive", "Make new.txt"])
        // It answered, and a script sees that not all was done.
        .ends_with(4);
    assert!(!machine.path("project/new.txt").exists());
    assert!(run.errors.contains('✗'), "{}", run.errors);
    machine.server.script(write());
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--trust-tools=fs_write,str_replace",
            "Make new.txt",
        ])
        .ends_with(0);
    assert_eq!(machine.read("project/new.txt"), "made\n");
    assert!(
        run.errors.contains("+made"),
        "the change is shown: {}",
        run.errors
    );
    assert_eq!(run.output, "Done.\n");
}

#[test]
fn no_trust_is_advised_for_what_is_asked_about_whatever_is_trusted() {
    let machine = Machine::new();
    let hook = r#"{"path": ".git/hooks/pre-commit", "content": "made\n"}"#;
    machine.server.script([
        Reply::tool_call("call_1", "fs_write", hook),
        Reply::text("Not done."),
    ]);
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--trust-tools=fs_write",
            "Add a hook",
        ])
        .ends_with(4);
    assert!(!machine.path("project/.git/hooks/pre-commit").exists());
    let told = "this file configures or starts programs, and its changes are asked about each time";
    assert!(run.errors.contains(told), "{}", run.errors);
    let advice = "Run it in a terminal without --no-interactive and --json to be asked\n";
    assert!(run.errors.contains(advice), "{}", run.errors);
    assert!(!run.errors.contains("to allow it"), "{}", run.errors);
}

#[test]
fn a_file_is_read_and_written_in_the_encoding_of_the_settings() {
    let machine = Machine::new();
    machine.file(
        "project/.kiln/settings.json",
        r#"{"files.encoding": "windows1251"}"#,
    );
    let path = machine.file("project/a.txt", "");
    // A Russian word, too short to be told from western letters.
    std::fs::write(&path, b"\xC4\xE0\n").unwrap();
    let arguments = serde_json::json!({
        "path": "a.txt",
        "old_str": "\u{414}\u{430}",
        "new_str": "\u{41d}\u{435}\u{442}",
    });
    machine.server.script([
        Reply::tool_call("c1", "str_replace", &arguments.to_string()),
        Reply::text("Done."),
    ]);
    machine
        .run(&[
            "chat",
            "--no-interactive",
            "--trust-tools=fs_write,str_replace",
            "Say no in a.txt",
        ])
        .ends_with(0);
    assert_eq!(std::fs::read(&path).unwrap(), b"\xCD\xE5\xF2\n");
}

#[test]
fn what_is_trusted_must_be_a_tool() {
    let run = Machine::new()
        .run(&["chat", "--no-interactive", "--trust-tools=format_disk", "x"])
        .ends_with(2);
    assert!(run.errors.contains("format_disk") && run.errors.contains("execute_bash"));
}

#[test]
fn a_session_goes_on_with_resume() {
    let machine = Machine::new();
    machine
        .server
        .script([Reply::text("One."), Reply::text("Two.")]);
    machine
        .run(&["chat", "--no-interactive", "first"])
        .ends_with(0);
    machine
        .run(&["chat", "--no-interactive", "--resume", "--", "second"])
        .ends_with(0);
    let requests = machine.server.requests();
    assert_eq!(requests[1].user_texts(), ["first", "second"]);
    assert_eq!(requests[1].assistant_texts(), ["One."]);
    // A prompt in the place of the session, which may be left out, is told how to be given.
    let prompt = machine
        .run(&["chat", "--no-interactive", "--resume", "and now?"])
        .ends_with(2);
    assert_eq!(
        prompt.errors,
        "kiln-cli: `and now?` is no session's id. To go on with the last session: \
         kiln-cli chat --resume last PROMPT\n"
    );
    let help = machine.run(&["chat", "--help"]).ends_with(0).output;
    assert!(help.contains("`--resume last PROMPT`"), "{help}");
    machine.server.push(Reply::text("Three."));
    machine
        .run(&["chat", "--no-interactive", "--resume", "last", "and now?"])
        .ends_with(0);
    assert_eq!(
        machine.server.requests()[2].user_texts(),
        ["first", "second", "and now?"]
    );
    // One that is not there is not answered by another one.
    let asked = machine.server.requests().len();
    let gone = "--resume=00000000-0000-0000-0000-000000000000";
    let run = machine
        .run(&["chat", "--no-interactive", gone, "third"])
        .ends_with(2);
    assert!(run.errors.contains("does not exist"), "{}", run.errors);
    assert_eq!(machine.server.requests().len(), asked);
}

#[test]
fn sessions_that_cannot_be_listed_are_not_taken_for_none() {
    let machine = Machine::new();
    machine.server.push(Reply::text("Never."));
    let sessions = machine.path("kiln/state/sessions");
    std::fs::create_dir_all(sessions.parent().unwrap()).unwrap();
    std::fs::write(&sessions, "a file in the way").unwrap();
    let run = machine
        .run(&["chat", "--no-interactive", "--resume", "last", "and now?"])
        .ends_with(2);
    let told = "The last session was not opened";
    assert!(run.errors.contains(told), "{}", run.errors);
    let remedy = format!("{} is a file in the place of a folder", sessions.display());
    assert!(run.errors.contains(&remedy), "{}", run.errors);
    assert!(machine.server.requests().is_empty());
}

#[test]
fn a_session_that_is_open_elsewhere_is_not_answered_by_another_one() {
    let machine = Machine::new();
    let gate = Gate::new();
    machine.server.script([
        Reply::text("One."),
        Reply::Stream(vec![
            Step::Text("Two.".into()),
            Step::Hold(gate.clone()),
            Step::End {
                input: 1,
                output: 1,
            },
        ]),
    ]);
    machine
        .run(&["chat", "--no-interactive", "first"])
        .ends_with(0);
    let last = |prompt| machine.command(&["chat", "--no-interactive", "--resume", "last", prompt]);
    let elsewhere = last("second").spawn().unwrap();
    assert!(machine.server.wait_for_requests(2));
    let run = Run::from(last("third").output().unwrap()).ends_with(2);
    let told = "open in another window or program. Close it there to go on with it here.";
    assert!(run.errors.contains(told), "{}", run.errors);
    assert!(run.output.is_empty(), "{}", run.output);
    assert_eq!(machine.server.requests().len(), 2, "nothing was sent");
    gate.open();
    Run::from(elsewhere.wait_with_output().unwrap()).ends_with(0);
}

#[test]
fn a_session_whose_log_was_cut_short_is_gone_on_with_under_a_warning() {
    let machine = Machine::new();
    machine.server.script([
        Reply::text("One."),
        Reply::text("Two."),
        Reply::text("Three."),
    ]);
    machine
        .run(&["chat", "--no-interactive", "first"])
        .ends_with(0);
    let folder = std::fs::read_dir(machine.path("kiln/state/sessions"))
        .unwrap()
        .next()
        .unwrap();
    let log = std::fs::read_dir(folder.unwrap().path())
        .unwrap()
        .next()
        .unwrap();
    let log = log.unwrap().path();
    let text = std::fs::read_to_string(&log).unwrap();
    let (_, headless) = text.split_once('\n').unwrap();
    for (rest, told) in [
        (headless, "The beginning of this session's log is missing"),
        ("", "This session's log was cut short"),
    ] {
        std::fs::write(&log, rest).unwrap();
        let id = log.file_stem().unwrap().to_str().unwrap();
        let run = machine
            .run(&[
                "chat",
                "--no-interactive",
                &format!("--resume={id}"),
                "more",
            ])
            .ends_with(0);
        let told = format!("kiln-cli: warning: {told}");
        assert!(run.errors.contains(&told), "{}", run.errors);
    }
}

#[test]
fn an_empty_answer_is_a_failed_one() {
    let machine = Machine::new();
    let nothing = || {
        Reply::Stream(vec![Step::End {
            input: 1,
            output: 0,
        }])
    };
    machine.server.script([
        nothing(),
        Reply::text(" \n"),
        nothing(),
        Reply::tool_call("call_1", "list_directory", r#"{"path": "."}"#),
        Reply::text("Nothing is there."),
    ]);
    for arguments in [
        &["chat", "--no-interactive", "hi"][..],
        &["chat", "--no-interactive", "hi"],
        &["chat", "--json", "hi"],
    ] {
        let run = machine.run(arguments).ends_with(1);
        let told = format!("{}{}", run.output, run.errors);
        assert!(told.contains("The model answered nothing."), "{told}");
    }
    // What it does before it answers is no answer, and needs none.
    machine
        .run(&["chat", "--no-interactive", "What is there?"])
        .ends_with(0);
}

#[test]
fn a_provider_that_refuses_is_named_with_what_to_do() {
    let machine = Machine::new();
    machine.server.push(Reply::error(401, "bad key"));
    let run = machine
        .run(&["chat", "--no-interactive", "hi"])
        .ends_with(1);
    let mut lines = run.errors.lines();
    let told = lines.find(|line| line.starts_with("kiln-cli: ")).unwrap();
    assert!(told.to_lowercase().contains("key"), "{}", run.errors);
    assert_eq!(run.output, "");
}

#[test]
fn without_a_model_it_says_how_to_get_one() {
    let machine = Machine::without_model();
    let run = machine
        .run(&["chat", "--no-interactive", "hi"])
        .ends_with(3);
    assert!(run.errors.contains("ANTHROPIC_API_KEY"), "{}", run.errors);
    let machine = Machine::new();
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--model",
            "nobody/nothing",
            "hi",
        ])
        .ends_with(3);
    assert!(
        run.errors.contains("nobody/nothing cannot be used"),
        "{}",
        run.errors
    );
    assert_eq!(run.errors.trim_end().lines().count(), 1, "{}", run.errors);
    assert!(
        machine.server.requests().is_empty(),
        "no other model is asked instead"
    );
}

#[test]
fn escape_sequences_of_a_model_do_not_reach_the_terminal() {
    let machine = Machine::new();
    machine.server.push(Reply::text("a\u{1b}[2Jb \u{202e}c"));
    let run = machine
        .run(&["chat", "--no-interactive", "hi"])
        .ends_with(0);
    assert!(
        run.output.contains("[2Jb") && run.output.ends_with("c\n"),
        "{:?}",
        run.output
    );
    assert!(
        !run.output.contains(['\u{1b}', '\u{202e}']),
        "{:?}",
        run.output
    );
}

#[test]
fn malformed_settings_are_named_with_their_place_and_a_named_model_answers() {
    let machine = Machine::without_model();
    machine.file("kiln/config/settings.json", "{\n  \"editor.fontSize\": }\n");
    machine.server.push(Reply::text("Fine."));
    let mut command = machine.command(&[
        "chat",
        "--no-interactive",
        "--model",
        "openai/test-model",
        "hi",
    ]);
    command
        .env("OPENAI_API_KEY", "k")
        .env("OPENAI_BASE_URL", machine.server.url());
    let run = Run::from(command.output().unwrap()).ends_with(0);
    assert!(run.errors.contains("settings.json:2:"), "{}", run.errors);
    assert_eq!(run.output, "Fine.\n");
}

#[test]
fn no_other_model_answers_than_the_one_of_settings_that_cannot_be_read() {
    let machine = Machine::without_model();
    let run = |arguments: &[&str]| {
        let mut command = machine.command(arguments);
        // A model that would be chosen by itself.
        command
            .env("OPENAI_API_KEY", "k")
            .env("OPENAI_BASE_URL", machine.server.url());
        Run::from(command.output().unwrap())
    };
    for (settings, place) in [
        (
            "{\n  \"kiln.agent.model\": \"test/test-model\"\n  \"editor.tabSize\": 2\n}",
            "settings.json:",
        ),
        ("{\n  \"kiln.agent.model\": 7\n}", "settings.json:2:23: "),
        (
            "{\n\n  \"kiln.models\": \"test\"\n}",
            "settings.json:3:18: ",
        ),
    ] {
        machine.file("kiln/config/settings.json", settings);
        for arguments in [
            &["chat", "--no-interactive", "hi"][..],
            &["spec", "new", "--no-interactive", "a spec"],
        ] {
            let run = run(arguments).ends_with(3);
            assert!(run.errors.contains(place), "{}", run.errors);
            assert!(run.errors.contains("--model"), "{}", run.errors);
            assert_eq!(run.errors.trim_end().lines().count(), 1, "{}", run.errors);
            assert_eq!(run.output, "");
        }
    }
    assert!(machine.server.requests().is_empty());
    // What is wrong elsewhere hides no model, nor does a folder's file, which may name none.
    machine.file("project/.kiln/settings.json", "{ oops");
    machine.file(
        "kiln/config/settings.json",
        &format!(
            "{{\"editor.tabSize\": \"x\", \"kiln.agent.model\": \"test/test-model\",
              \"kiln.models\": [{{\"name\": \"test\", \"baseUrl\": \"{}\", \"models\": [\"test-model\"]}}]}}",
            machine.server.url()
        ),
    );
    machine.server.push(Reply::text("Fine, too."));
    let chosen = run(&["chat", "--no-interactive", "hi"]).ends_with(0);
    assert_eq!(chosen.output, "Fine, too.\n");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_answer_and_ends_with_130() {
    let machine = Machine::new();
    let gate = Gate::new();
    machine.server.push(Reply::Stream(vec![
        Step::Text("Half ".into()),
        Step::Hold(gate.clone()),
        Step::End {
            input: 1,
            output: 1,
        },
    ]));
    let child = machine
        .command(&["chat", "--no-interactive", "hi"])
        .spawn()
        .unwrap();
    assert!(machine.server.wait_for_requests(1));
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let run = Run::from(child.wait_with_output().unwrap());
    gate.open();
    let run = run.ends_with(130);
    assert!(run.errors.contains("Stopped."), "{}", run.errors);
}

/// On a terminal, which `script` (of util-linux) gives the program.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_converses_and_asks() {
    if Command::new("script").arg("--version").output().is_err() {
        left_out(
            "on_a_terminal_it_converses_and_asks",
            "`script` is not installed",
        );
        return;
    }
    let machine = Machine::new();
    machine.server.script([
        Reply::tool_call(
            "call_1",
            "fs_write",
            r#"{"path": "new.txt", "content": "made\n"}"#,
        ),
        Reply::text("It is made."),
        Reply::tool_call("call_2", "execute_bash", r#"{"command": "rm new.txt"}"#),
        Reply::text("Then not."),
    ]);
    let program = format!("{} chat", env!("CARGO_BIN_EXE_kiln-cli"));
    let mut child = machine
        .command_of(
            "script",
            &["--quiet", "--return", "--command", &program, "/dev/null"],
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keyboard, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = String::new();
    // Answers are typed once the program says that it listens: what is typed before is none.
    let listens = |tool: &str| {
        format!("Allow {tool}? [y]es, [a]lways this, [N]o, or say what to do instead: ")
    };
    let (write, run) = (listens("fs_write"), listens("execute_bash"));
    for (wanted, typed) in [
        ("> ", "make it\n"),
        ("+made", ""),
        (&write, "y\n"),
        ("It is made.", ""),
        ("> ", "remove it\n"),
        ("rm new.txt", ""),
        (&run, "please keep it\n"),
        ("Then not.", ""),
        ("> ", "/exit\n"),
    ] {
        while !shown.contains(wanted) {
            let mut piece = [0; 4096];
            let read = screen.read(&mut piece).unwrap();
            assert!(read > 0, "{wanted} is not shown in {shown}");
            shown.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
        let after = shown.find(wanted).unwrap() + wanted.len();
        shown.drain(..after);
        keyboard.write_all(typed.as_bytes()).unwrap();
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(machine.read("project/new.txt"), "made\n");
    let denied = &machine.server.requests()[3].tool_results()[1].1;
    assert!(denied.contains("please keep it"), "{denied}");
}

#[test]
fn ctrl_c_counts_though_the_program_waits_for_a_slow_reader() {
    let machine = Machine::new();
    machine.server.push(Reply::Stream(vec![
        Step::Flood(1 << 20),
        Step::Hold(Gate::new()),
    ]));
    let mut program = machine
        .command(&["chat", "--no-interactive", "Talk for ever"])
        .spawn()
        .unwrap();
    let mut output = program.stdout.take().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    // Nobody reads, so that the pipe fills until the program waits in the middle of a write.
    let (mut filled, mut seen_again) = (0, 0);
    while seen_again < 20_000 {
        assert!(Instant::now() < deadline, "the program writes nothing");
        let waits = rustix::io::ioctl_fionread(&output).unwrap();
        seen_again = if waits > 0 && waits == filled {
            seen_again + 1
        } else {
            0
        };
        filled = waits;
        std::thread::yield_now();
    }
    let sent = Command::new("kill")
        .args(["-INT", &program.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let (sender, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        std::io::copy(&mut output, &mut std::io::sink()).unwrap();
        sender.send(()).unwrap();
    });
    let read = ended.recv_timeout(Duration::from_secs(30));
    if read.is_err() {
        program.kill().unwrap();
    }
    let status = program.wait().unwrap();
    assert_eq!((read, status.code()), (Ok(()), Some(130)));
}

#[test]
fn a_program_reads_what_was_refused_and_a_person_what_a_command_printed() {
    let machine = Machine::new();
    let calls = || {
        [
            Reply::tool_call("c1", "execute_bash", r#"{"command":"echo all green"}"#),
            Reply::tool_call("c2", "launch_rocket", "{}"),
            Reply::text("Done."),
        ]
    };
    machine.server.script(calls());
    let run = machine
        .run(&["chat", "--no-interactive", "--json", "Test it"])
        .ends_with(4);
    let refused = run
        .events()
        .into_iter()
        .find(|event| event["type"] == "tool_call")
        .unwrap();
    assert_eq!(refused["title"], "echo all green");
    assert_eq!(refused["arguments"]["command"], "echo all green");

    machine.server.script(calls());
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--trust-tools=execute_bash",
            "Test it",
        ])
        .ends_with(0);
    assert!(
        run.errors
            .contains("• execute_bash echo all green\n    all green\n  ✓ Done"),
        "{}",
        run.errors
    );
    assert!(run.errors.contains("• launch_rocket\n"), "{}", run.errors);
}

#[test]
fn a_model_without_a_key_is_no_model() {
    let machine = Machine::without_model();
    let run = machine
        .run(&[
            "chat",
            "--no-interactive",
            "--model",
            "anthropic/claude",
            "hi",
        ])
        .ends_with(3);
    assert!(run.errors.contains("ANTHROPIC_API_KEY"), "{}", run.errors);
}

#[test]
fn the_model_in_use_stays_it_whatever_keys_are_there_later() {
    let machine = Machine::without_model();
    let settings = serde_json::json!({
        "kiln.models": [{"name": "house", "baseUrl": machine.server.url(), "models": ["large"]}],
    });
    machine.file("kiln/config/settings.json", &settings.to_string());
    let with_key = |arguments: &[&str]| -> Run {
        let mut command = machine.command(arguments);
        command.env("OPENAI_API_KEY", "sk-never-sent");
        command.output().unwrap().into()
    };
    let list = || with_key(&["model", "list", "--json"]).ends_with(0).events();
    // Nothing was in use yet.
    assert_eq!(list()[0]["default"], "openai/gpt-5");
    machine.server.push(Reply::text("One."));
    let run = machine
        .run(&["chat", "--no-interactive", "Count"])
        .ends_with(0);
    assert_eq!(run.output, "One.\n");

    assert_eq!(list()[0]["default"], "house/large");
    machine.server.push(Reply::text("Two."));
    let run = with_key(&["chat", "--no-interactive", "--json", "Go on"]).ends_with(0);
    let events = run.events();
    let model = events.iter().find(|event| event["type"] == "model");
    let model = model.unwrap();
    assert_eq!(
        (&model["id"], &model["choice"]),
        (&"house/large".into(), &"last".into())
    );

    // Its server is not set up any more: nothing that costs money takes its place.
    machine.file("kiln/config/settings.json", "{}");
    let run = with_key(&["chat", "--no-interactive", "Go on"]).ends_with(3);
    let told = "The model house/large, which was in use last, is not there now: ";
    assert!(run.errors.contains(told), "{}", run.errors);
    assert!(run.errors.contains("--model"), "{}", run.errors);
    let listed = list();
    assert_eq!(listed[0]["default"], serde_json::Value::Null);
    assert!(listed[0]["missing"].as_str().unwrap().starts_with(told));
}
