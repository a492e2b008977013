//! `kill -9` while somebody types: what was unsaved comes back but for the last moment, and its
//! undo history with it.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use editor_core::{Selections, editing};
use fs::{LoadProgress, RealFs};
use workspace::{BaseDone, DiskState, Recovery, UsualEncodings, Workspace};

/// How many characters are typed between two jobs, which is what may be lost.
const BETWEEN: usize = 7;

/// What is typed: no two places of it look alike.
fn typed(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|at| char::from(b'a' + (at * at % 26) as u8))
        .collect()
}

fn kill_while_typing(rounds: u64, size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    let content = "0123456789abcde\n".repeat(size / 16);
    std::fs::write(&file, &content).unwrap();
    for round in 0..rounds {
        let state = folder.path().join(format!("state-{round}"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "type_until_killed", "--ignored", "--nocapture"])
            .env("KILN_TYPE_STATE", &state)
            .env("KILN_TYPE_FILE", &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It says how much is on the disk after each job; at one of them, and a moment more, it is
        // killed.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let scattered = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let jobs = 1 + scattered % 40;
        let kept = |line: &str| line.strip_prefix("kept ")?.parse::<usize>().ok();
        let known = lines
            .by_ref()
            .filter_map(|line| kept(&line.unwrap()))
            .nth(jobs as usize)
            .unwrap();
        std::thread::sleep(Duration::from_micros(scattered % 700));
        child.kill().unwrap();
        child.wait().unwrap();
        let known = lines
            .filter_map(|line| kept(&line.ok()?))
            .last()
            .unwrap_or(known);

        let (_recovery, found, left) = Recovery::open(&state, folder.path()).unwrap();
        let [recovered] = &found[..] else {
            panic!("round {round}: {} texts", found.len());
        };
        let fs = RealFs::new();
        let mut workspace = Workspace::new(folder.path().into(), Arc::new(fs.clone()));
        let loaded = recovered.load_file(&fs, fs::EncodingChoice::default());
        let id = workspace.restore([(recovered.clone(), loaded)])[0];
        let text = workspace.buffer(id).unwrap().text().clone();
        let count = text.len() - content.len();
        assert!(count >= known, "round {round}: {count} of {known}");
        assert_eq!(text.slice(0..count), typed(0, count), "round {round}");
        assert!(text.slice(count..text.len()) == content, "round {round}");
        while workspace.undo(id).is_some() {}
        let buffer = workspace.buffer(id).unwrap();
        assert!(*buffer.text() == *content, "round {round}: {count}");
        assert!(!buffer.is_dirty(), "round {round}");
        drop(left);
        std::fs::remove_dir_all(&state).unwrap();
    }
}

#[test]
fn killed_over_a_large_file_that_another_program_changes_then_both_texts_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    let content = "0123456789abcde\n".repeat((17 << 20) / 16);
    std::fs::write(&file, &content).unwrap();
    let state = folder.path().join("state");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "type_until_killed", "--ignored", "--nocapture"])
        .env("KILN_TYPE_STATE", &state)
        .env("KILN_TYPE_FILE", &file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line == "base kept"));
    assert!(lines.nth(5).is_some());
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::write(&file, "theirs\n").unwrap();

    let fs = RealFs::new();
    let (_recovery, left) = Recovery::open_at_once(&state, folder.path(), &fs).unwrap();
    let told = left.large[0].warning().unwrap();
    assert!(told.contains("Both are kept"), "{told}");
    let loaded = left.large[0].load(&fs, &UsualEncodings::default(), &LoadProgress::default());
    let mut workspace = Workspace::new(folder.path().into(), Arc::new(fs));
    let id = workspace.restore([loaded.unwrap()])[0];
    let buffer = workspace.buffer(id).unwrap();
    let text = buffer.text();
    let count = text.len() - content.len();
    assert!(count > BETWEEN, "{count}");
    assert_eq!(text.slice(0..count), typed(0, count));
    assert!(text.slice(count..text.len()) == content);
    assert_eq!(buffer.disk(), DiskState::Changed);
    assert!(buffer.text_on_disk().is_some_and(|it| *it == "theirs\n"));
}

/// How often; `KILN_CRASH_ROUNDS` for the long run.
fn rounds(usual: u64) -> u64 {
    std::env::var("KILN_CRASH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(usual)
}

#[test]
fn killed_while_typing_in_a_small_file_the_text_comes_back() {
    kill_while_typing(rounds(150), 4096);
}

#[test]
fn killed_while_typing_in_a_large_file_the_text_comes_back() {
    kill_while_typing(rounds(4), 17 << 20);
}

#[test]
#[ignore = "the process that the tests above kill"]
fn type_until_killed() {
    let state = std::env::var_os("KILN_TYPE_STATE").unwrap();
    let file = std::env::var_os("KILN_TYPE_FILE").unwrap();
    let file = Path::new(&file);
    let folder = file.parent().unwrap();
    let (mut recovery, ..) = Recovery::open(Path::new(&state), folder).unwrap();
    let mut workspace = Workspace::new(folder.into(), Arc::new(RealFs::new()));
    let id = workspace.open_blocking(file).unwrap();
    let mut keeping: Option<std::thread::JoinHandle<BaseDone>> = None;
    for at in 0.. {
        let text = workspace.buffer(id).unwrap().text().clone();
        let key = editing::insert_text(&text, &Selections::caret(at), &typed(at, 1));
        workspace.edit(id, key).unwrap();
        workspace.take_events();
        if at % BETWEEN == 0 {
            let job = recovery.job(&workspace).unwrap();
            recovery.finished(job.run()).unwrap();
            println!("kept {}", at + 1);
            if let Some(done) = keeping.take_if(|it| it.is_finished()) {
                recovery.base_finished(done.join().unwrap()).unwrap();
                println!("base kept");
            }
            if keeping.is_none()
                && let Some(job) = recovery.base_job(&workspace)
            {
                keeping = Some(std::thread::spawn(move || job.run()));
            }
        }
    }
}
