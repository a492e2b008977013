//! A hostile model: what it may not do does not happen, whatever is trusted.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::os::unix::fs::symlink;

use agent::{PermissionAnswer, PermissionPolicy, PermissionPreview};
use headless_tests::{Harness, KEY, Setup, chat};
use test_support::Reply;

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
