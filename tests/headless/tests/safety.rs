//! A hostile model: what it may not do does not happen, whatever is trusted.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::os::unix::fs::symlink;

use agent::{PermissionAnswer, PermissionPolicy, PermissionPreview};
use headless_tests::{Harness, KEY, Setup, chat};
use test_support::{Reply, make_pipe};

fn trusting() -> Setup {
    Setup {
        permissions: PermissionPolicy::trusting(["fs_write", "str_replace", "execute_bash"]),
        ..Setup::default()
    }
}

#[test]
fn no_tool_leaves_the_folder() {
    let harness = Harness::start(trusting()).unwrap();
    let secret = harness.outside().canonicalize().unwrap().join("secret.txt");
    std::fs::write(&secret, "canary").unwrap();
    symlink(harness.outside(), harness.root.join("link")).unwrap();
    symlink("/proc/self", harness.root.join("proc")).unwrap();
    let absolute = serde_json::json!({"path": secret}).to_string();
    let write = serde_json::json!({"path": secret, "content": "owned"}).to_string();
    harness.server.script([
        Reply::tool_calls(&[
            ("c1", "read_file", r#"{"path":"../secret.txt"}"#),
            ("c2", "read_file", &absolute),
            ("c3", "read_file", r#"{"path":"link/secret.txt"}"#),
            ("c4", "read_file", r#"{"path":"proc/environ"}"#),
            ("c5", "read_file", r#"{"path":"/proc/self/environ"}"#),
            ("c6", "list_directory", r#"{"path":".."}"#),
            ("c7", "fs_write", &write),
            (
                "c8",
                "fs_write",
                r#"{"path":"link/new.txt","content":"owned"}"#,
            ),
            (
                "c9",
                "fs_write",
                r#"{"path":"../new.txt","content":"owned"}"#,
            ),
            (
                "c10",
                "str_replace",
                r#"{"path":"link/secret.txt","old_str":"canary","new_str":"owned"}"#,
            ),
            ("c11", "grep_search", r#"{"pattern":"canary"}"#),
        ]),
        Reply::text("Hm."),
    ]);
    let turn = harness.prompt("go").unwrap();
    let results = harness.server.requests()[1].tool_results();
    assert_eq!(results.len(), 11);
    for (call, result) in &results[..10] {
        assert!(
            result.contains("outside the project folder"),
            "{call}: {result}"
        );
    }
    let shown = format!("{:?}", turn.events);
    assert!(
        !results
            .iter()
            .any(|(_, result)| result.contains("canary\n") || result.contains("secret.txt:"))
    );
    assert!(!shown.contains(KEY));
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "canary");
    assert!(!harness.outside().join("new.txt").exists());
}

#[test]
fn what_starts_programs_is_asked_about_though_everything_is_trusted() {
    let harness = Harness::start(trusting()).unwrap();
    let paths = [
        ".git/hooks/pre-commit",
        ".kiro/settings/mcp.json",
        ".kiro/hooks/x.json",
        ".vscode/tasks.json",
        "AGENTS.md",
        ".envrc",
        "sub/.mcp.json",
    ];
    for (index, path) in paths.iter().enumerate() {
        let arguments = serde_json::json!({"path": path, "content": "owned"}).to_string();
        harness.server.push(Reply::tool_call(
            &format!("c{index}"),
            "fs_write",
            &arguments,
        ));
    }
    harness.server.push(Reply::text("Hm."));
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    assert_eq!(turn.questions().len(), paths.len());
    for question in turn.questions() {
        let PermissionPreview::Diff { warning, .. } = question else {
            panic!("{question:?}");
        };
        assert!(warning.as_ref().unwrap().contains("configures or starts"));
    }
    for path in paths {
        assert!(!harness.exists(path), "{path}");
    }
}

#[test]
fn a_link_to_a_protected_file_is_a_protected_file() {
    let harness = Harness::start(trusting()).unwrap();
    harness.write(".git/config", "[core]\n").unwrap();
    symlink(".git/config", harness.root.join("notes.txt")).unwrap();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "fs_write",
            r#"{"path":"notes.txt","content":"owned"}"#,
        ),
        Reply::text("Hm."),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    assert_eq!(turn.questions().len(), 1);
    assert_eq!(harness.read(".git/config").unwrap(), "[core]\n");
}

#[test]
fn a_file_with_another_name_is_asked_about_though_everything_is_trusted() {
    let harness = Harness::start(trusting()).unwrap();
    let outside = harness.outside().join("outside.txt");
    std::fs::write(&outside, "mine\n").unwrap();
    std::fs::hard_link(&outside, harness.root.join("notes.txt")).unwrap();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "fs_write",
            r#"{"path":"notes.txt","content":"owned"}"#,
        ),
        Reply::text("Hm."),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    let [PermissionPreview::Diff { warning, .. }] = &turn.questions()[..] else {
        panic!("{:?}", turn.questions());
    };
    assert!(warning.as_ref().unwrap().contains("other names"));
    assert_eq!(std::fs::read_to_string(outside).unwrap(), "mine\n");
}

#[test]
fn a_link_swapped_in_while_the_user_decides_is_not_followed() {
    let harness = Harness::start(Setup::default()).unwrap();
    std::fs::create_dir(harness.root.join("dir")).unwrap();
    std::fs::create_dir(harness.outside().join("target")).unwrap();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "fs_write",
            r#"{"path":"dir/a.txt","content":"owned"}"#,
        ),
        Reply::text("Hm."),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| {
            std::fs::remove_dir(harness.root.join("dir")).unwrap();
            symlink(harness.outside().join("target"), harness.root.join("dir")).unwrap();
            PermissionAnswer::AllowOnce
        })
        .unwrap();
    assert!(!turn.outcomes()[0].ok);
    assert!(!harness.outside().join("target/a.txt").exists());
}

#[test]
fn what_is_shown_hides_nothing() {
    let harness = Harness::start(Setup::default()).unwrap();
    let command = "echo safe\u{1b}[2K\r; rm -rf ~ \u{202e}oot";
    let arguments = serde_json::json!({"command": command}).to_string();
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", &arguments),
        Reply::text("Look: \u{1b}]0;title\u{7} \u{202e}x"),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    let PermissionPreview::Command {
        command, warning, ..
    } = turn.questions()[0]
    else {
        panic!();
    };
    assert_eq!(command, "echo safe␛[2K␍; rm -rf ~ ⟨U+202E⟩oot");
    assert!(warning.as_ref().unwrap().contains("hidden characters"));
    for character in ['\u{1b}', '\u{7}', '\u{202e}', '\r'] {
        assert!(!turn.text().contains(character));
        assert!(!format!("{:?}", turn.questions()).contains(character));
    }
}

#[test]
fn commands_get_no_keys_and_keys_are_in_no_file() {
    let harness = Harness::start(trusting()).unwrap();
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"env"}"#),
        Reply::text("I see."),
    ]);
    let turn = harness.prompt("go").unwrap();
    let environment = &turn.outcomes()[0].output;
    assert!(environment.contains("PATH="), "{environment}");
    assert!(
        !environment.contains("CARGO_MANIFEST_DIR"),
        "not the whole environment"
    );
    let mut checked = 0;
    let mut folders = vec![harness.outside()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).contains(KEY), "{entry:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "the session's log at least");
}

/// A process that ends with the test.
#[cfg(target_os = "linux")]
struct Running(std::process::Child);

#[cfg(target_os = "linux")]
impl Drop for Running {
    fn drop(&mut self) {
        // Already gone is as good as killed.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Of a process that the user started, a command learns neither the environment nor the memory,
/// and still does what commands do.
#[cfg(target_os = "linux")]
#[test]
fn commands_do_not_look_into_other_processes() {
    let other = std::process::Command::new("sh")
        .args(["-c", "echo ready; read line"])
        .env("SOME_API_KEY", "canary-in-the-environment")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut other = Running(other);
    // Until a new program runs, its environment reads as empty.
    let mut ready = [0; 6];
    let output = other.0.stdout.as_mut().unwrap();
    std::io::Read::read_exact(output, &mut ready).unwrap();
    let process = format!("/proc/{}", other.0.id());
    let environment = std::fs::read_to_string(format!("{process}/environ")).unwrap();
    assert!(environment.contains("canary"), "it is there to be read");
    std::fs::File::open(format!("{process}/mem")).unwrap();

    let harness = Harness::start(trusting()).unwrap();
    let look = format!("cat {process}/environ {process}/mem");
    let work = "mkdir a b && echo text >a/file && mv a/file b/ && ln b/file a/ && cat a/file; \
                sleep 1000 & until grep -qx sleep /proc/$!/comm; do :; done; \
                cat /proc/$!/environ >/dev/null && echo its own; kill $!";
    let call = |id, command: &str| {
        let arguments = serde_json::json!({"command": command}).to_string();
        Reply::tool_call(id, "execute_bash", &arguments)
    };
    harness
        .server
        .script([call("c1", &look), call("c2", work), Reply::text("I see.")]);
    let turn = harness.prompt("go").unwrap();
    let outcomes = turn.outcomes();
    let seen = &outcomes[0].output;
    assert!(seen.contains("mem: Permission denied"), "{seen}");
    // Whoever may watch the whole machine, as root may, reads environments all the same.
    let own = std::fs::metadata("/proc/self").unwrap();
    if std::os::unix::fs::MetadataExt::uid(&own) != 0 {
        assert!(seen.contains("environ: Permission denied"), "{seen}");
    }
    let done = &outcomes[1].output;
    assert!(
        done.contains("text\nits own"),
        "what it starts itself is its own: {done}"
    );
}

#[test]
fn names_that_look_like_commands_are_names() {
    let harness = Harness::start(Setup {
        folder: "-rf $(touch owned); `touch owned`\n\u{1b}[2Jx",
        ..trusting()
    })
    .unwrap();
    let names = [
        "$(touch owned)",
        "-rf",
        "a;touch owned",
        "`touch owned`",
        "a\u{1b}]0;t\u{7}b",
    ];
    for name in names {
        harness.write(name, "found\n").unwrap();
    }
    harness.write("line\nend", "found\n").unwrap();
    for (index, name) in names.iter().enumerate() {
        let arguments = serde_json::json!({ "path": name }).to_string();
        harness.server.push(Reply::tool_call(
            &format!("r{index}"),
            "read_file",
            &arguments,
        ));
    }
    harness.server.script([
        Reply::tool_call("list", "list_directory", r#"{"path":"."}"#),
        Reply::tool_call("grep", "grep_search", r#"{"pattern":"found"}"#),
        Reply::tool_call("pwd", "execute_bash", r#"{"command":"pwd | od -c; ls"}"#),
        Reply::text("Hm."),
    ]);
    let turn = harness.prompt("go").unwrap();
    let outcomes = turn.outcomes();
    for (name, outcome) in names.iter().zip(&outcomes) {
        assert!(
            outcome.ok && outcome.output.contains("found"),
            "{name}: {outcome:?}"
        );
    }
    let [.., list, grep, command] = outcomes.as_slice() else {
        panic!("{outcomes:?}");
    };
    assert!(list.output.contains("line⏎end"), "{}", list.output);
    assert!(
        grep.output.contains("$(touch owned):1: found"),
        "{}",
        grep.output
    );
    assert!(command.ok, "{}", command.output);
    assert!(!format!("{:?}", turn.events).contains("\\u{1b}"));
    assert!(!harness.exists("owned") && !harness.outside().join("owned").exists());
}

#[test]
fn what_starts_programs_is_asked_about_on_every_way_to_it() {
    let harness = Harness::start(trusting()).unwrap();
    let settings = [
        ".git/config",
        ".vscode/tasks.json",
        ".kiro/settings/mcp.json",
        "AGENTS.md",
        ".envrc",
    ];
    for path in settings {
        harness.write(path, "mine\n").unwrap();
    }
    // Folders and files that lead there under other names.
    symlink(".git", harness.root.join("notes")).unwrap();
    symlink(".kiro/settings", harness.root.join("docs")).unwrap();
    symlink("../notes", harness.root.join(".vscode/chain")).unwrap();
    std::fs::hard_link(harness.root.join(".envrc"), harness.root.join("readme.txt")).unwrap();
    let calls = [
        ("fs_write", "notes/hooks/pre-commit"),
        ("fs_write", ".vscode/chain/config"),
        ("str_replace", "docs/mcp.json"),
        ("str_replace", "./src/../AGENTS.md"),
        ("str_replace", ".VSCODE/../.vscode/tasks.json"),
        ("str_replace", "readme.txt"),
    ];
    std::fs::create_dir(harness.root.join("src")).unwrap();
    std::fs::create_dir(harness.root.join(".VSCODE")).unwrap();
    for (index, (tool, path)) in calls.iter().enumerate() {
        let arguments = match *tool {
            "fs_write" => serde_json::json!({"path": path, "content": "owned"}),
            _ => serde_json::json!({"path": path, "old_str": "mine", "new_str": "owned"}),
        };
        harness.server.push(Reply::tool_call(
            &format!("c{index}"),
            tool,
            &arguments.to_string(),
        ));
    }
    harness.server.push(Reply::text("Hm."));
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    let asked: Vec<bool> = turn
        .questions()
        .iter()
        .map(|question| {
            matches!(
                question,
                PermissionPreview::Diff {
                    warning: Some(_),
                    ..
                }
            )
        })
        .collect();
    assert_eq!(asked, [true; 6], "{:?}", turn.outcomes());
    for path in settings {
        assert_eq!(harness.read(path).unwrap(), "mine\n", "{path}");
    }
    assert!(!harness.exists(".git/hooks"));
}

#[test]
fn an_approval_is_for_what_was_shown_alone() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("dir/a.txt", "one\n").unwrap();
    let write = |id: &str, path: &str, text: &str| {
        let arguments = serde_json::json!({"path": path, "content": text}).to_string();
        Reply::tool_call(id, "fs_write", &arguments)
    };
    let run = |id: &str, command: &str| {
        let arguments = serde_json::json!({ "command": command }).to_string();
        Reply::tool_call(id, "execute_bash", &arguments)
    };
    harness.server.script([
        write("w1", "dir/a.txt", "two\n"),
        // The same file by another way is the same file; a file beside it is not.
        write("w2", "./dir/../dir/a.txt", "three\n"),
        write("w3", "dir/a.txt.orig", "x\n"),
        run("b1", "true"),
        run("b2", "true"),
        run("b3", "true "),
        run("b4", "true && touch owned"),
        run("b5", "true\ntouch owned"),
        Reply::text("Hm."),
    ]);
    let mut asked = Vec::new();
    harness
        .turn_with(chat("go"), |preview| {
            let what = match preview {
                PermissionPreview::Diff { diff, .. } => diff.path.display().to_string(),
                PermissionPreview::Command { command, .. } => command.clone(),
            };
            let first = matches!(what.as_str(), "dir/a.txt" | "true");
            asked.push(what);
            match first {
                true => PermissionAnswer::AlwaysAllow,
                false => PermissionAnswer::Deny { reason: None },
            }
        })
        .unwrap();
    assert_eq!(
        asked,
        [
            "dir/a.txt",
            "dir/a.txt.orig",
            "true",
            "true ",
            "true && touch owned",
            "true\ntouch owned"
        ]
    );
    assert_eq!(harness.read("dir/a.txt").unwrap(), "three\n");
    assert!(!harness.exists("owned") && !harness.exists("dir/a.txt.orig"));
}

#[test]
fn pipes_and_devices_are_neither_waited_for_nor_read() {
    let harness = Harness::start(trusting()).unwrap();
    make_pipe(&harness.root.join("pipe"));
    symlink("/dev/zero", harness.root.join("zero")).unwrap();
    let search = r#"{"pattern":"x"}"#;
    harness.server.script([
        Reply::tool_calls(&[
            ("c1", "read_file", r#"{"path":"pipe"}"#),
            ("c2", "fs_write", r#"{"path":"pipe","content":"x"}"#),
            ("c3", "read_file", r#"{"path":"zero"}"#),
            ("c4", "grep_search", search),
        ]),
        Reply::text("Hm."),
    ]);
    let turn = harness.prompt("go").unwrap();
    let ok: Vec<bool> = turn.outcomes().iter().map(|outcome| outcome.ok).collect();
    assert_eq!(ok, [false, false, false, true], "{:?}", turn.outcomes());
}
