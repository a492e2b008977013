//! `kiln-cli server`, with a program that stands for npm.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::program::{Machine, Run};

fn run(machine: &Machine, arguments: &[&str]) -> Run {
    let path = std::env::join_paths([machine.path("bin"), "/usr/bin".into(), "/bin".into()]);
    let output = machine
        .command(arguments)
        .env("PATH", path.unwrap())
        .output();
    output.unwrap().into()
}

fn npm(machine: &Machine, script: &str) {
    let npm = machine.path("bin/npm");
    fs::create_dir_all(npm.parent().unwrap()).unwrap();
    fs::write(&npm, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
}

fn state_of(machine: &Machine, server: &str) -> String {
    let list = run(machine, &["server", "list"]).ends_with(0).output;
    let mut lines = list.lines().map(str::to_owned);
    lines.find(|line| line.starts_with(server)).unwrap()
}

#[test]
fn a_server_is_installed_after_a_yes_and_removed() {
    let machine = Machine::without_model();
    npm(
        &machine,
        "echo 'added 1 package'; mkdir -p node_modules/.bin; \
         for name in pyright-langserver; do echo > node_modules/.bin/$name; \
         chmod +x node_modules/.bin/$name; done",
    );
    assert!(state_of(&machine, "pyright ").contains("with npm, about"));
    let asked = run(&machine, &["server", "install", "pyright"]).ends_with(2);
    assert!(asked.errors.contains("add --yes"), "{}", asked.errors);
    let done = run(&machine, &["server", "install", "pyright", "--yes"]).ends_with(0);
    assert_eq!(done.output, "pyright is installed.\n");
    assert!(done.errors.contains("added 1 package"));
    assert!(state_of(&machine, "pyright ").contains(" installed ("));
    run(&machine, &["server", "remove", "pyright", "-y"]).ends_with(0);
    assert!(state_of(&machine, "pyright ").contains("with npm, about"));
    let gone = run(&machine, &["server", "remove", "pyright", "-y"]).ends_with(1);
    assert!(
        gone.errors.contains("not installed by Kiln"),
        "{}",
        gone.errors
    );
}

#[test]
fn what_cannot_be_installed_says_what_to_do() {
    let machine = Machine::without_model();
    npm(&machine, "echo 'npm error code E404' >&2; exit 1");
    let failed = run(&machine, &["server", "install", "pyright", "-y"]).ends_with(1);
    assert!(
        failed.errors.contains("npm did not install pyright"),
        "{}",
        failed.errors
    );
    assert!(failed.errors.contains("E404"), "{}", failed.errors);
    let unknown = run(&machine, &["server", "install", "pyrite", "-y"]).ends_with(2);
    assert!(unknown.errors.contains("server list"), "{}", unknown.errors);
    let by_hand = run(&machine, &["server", "install", "rust-analyzer", "-y"]).ends_with(2);
    assert!(
        by_hand.errors.contains("rustup component add"),
        "{}",
        by_hand.errors
    );
}
