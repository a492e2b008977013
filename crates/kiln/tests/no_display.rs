//! How the program ends where no window can open: the exit codes of `--help`, and one line that
//! says what to do.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::io::Read as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the program with these variables and no others of a display: how it ended, and what it
/// said.
fn kiln(home: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kiln"))
        .arg("--new-window")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("KILN_HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("kiln starts");
    let mut said = String::new();
    let mut errors = child.stderr.take().expect("a pipe");
    errors.read_to_string(&mut said).expect("text");
    (child.wait().expect("it ends").code(), said)
}

#[test]
fn without_a_display_it_ends_with_3_and_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    // A compositor that hangs up on everybody.
    let rude = home.path().join("wayland-rude");
    let listener = UnixListener::bind(&rude).unwrap();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    for (variables, named) in [
        (&[][..], "neither WAYLAND_DISPLAY nor DISPLAY is set"),
        (&[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")], "neither"),
        (&[("DISPLAY", ":9871")], "DISPLAY=:9871"),
        (&[("DISPLAY", ":")], "DISPLAY=:"),
        (&[("DISPLAY", "nonsense")], "DISPLAY=nonsense"),
        (&[("DISPLAY", "unix:9871")], "DISPLAY=unix:9871"),
        (&[("DISPLAY", "127.0.0.1:9871")], "DISPLAY=127.0.0.1:9871"),
        (&[("DISPLAY", "/nowhere/socket")], "DISPLAY=/nowhere/socket"),
        (
            &[("WAYLAND_DISPLAY", "wayland-9871")],
            "WAYLAND_DISPLAY=wayland-9871",
        ),
        (
            &[("WAYLAND_DISPLAY", "/nowhere"), ("DISPLAY", ":9871")],
            "unset WAYLAND_DISPLAY",
        ),
        (
            &[("WAYLAND_DISPLAY", "wayland-rude")],
            "WAYLAND_DISPLAY=wayland-rude",
        ),
        (
            &[("WAYLAND_DISPLAY", "wayland-1"), ("WAYLAND_SOCKET", "99")],
            "WAYLAND_DISPLAY=wayland-1",
        ),
    ] {
        let (code, said) = kiln(home.path(), variables);
        assert_eq!(code, Some(3), "{variables:?}: {said}");
        let mut lines = said.lines().filter(|line| line.starts_with("kiln: "));
        let line = lines.next().unwrap_or_default();
        assert!(line.contains(named), "{variables:?}: {said}");
        assert!(!said.contains("panicked"), "{variables:?}: {said}");
    }
}
