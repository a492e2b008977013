//! The built program in a real window: a file is opened, typed into with the
//! keyboard of the X server, and saved; then the file on disk is compared.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A busy machine with a software renderer may take long for the first frame.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that is ended with the test, also when an assertion fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone is as good as killed.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Polls for what another process brings about; fails the test at the deadline.
fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::park_timeout(Duration::from_millis(50));
    }
}

/// Waits until the file holds this text; a failure says what it holds instead.
fn wait_for_text(file: &Path, expected: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = fs::read_to_string(file).expect("the file");
        if text == expected {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "waited in vain for {expected:?}, found {text:?}"
        );
        thread::park_timeout(Duration::from_millis(50));
    }
}

/// Starts an X server of the test's own and returns its display.
fn start_display() -> (Running, String) {
    let mut server = Command::new("Xvfb")
        // With Composite on, the software Vulkan driver presents nothing.
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-extension",
            "Composite",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts");
    let mut number = String::new();
    BufReader::new(server.stdout.take().expect("a pipe"))
        .read_line(&mut number)
        .expect("Xvfb names its display");
    (Running(server), format!(":{}", number.trim()))
}

fn xdotool(display: &str, arguments: &[&str]) {
    let status = Command::new("xdotool")
        .args(arguments)
        .env("DISPLAY", display)
        .status()
        .expect("xdotool starts");
    assert!(status.success(), "xdotool {arguments:?}");
}

fn installed(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Says by name that the test was left out; on CI nothing may be.
fn leave_out(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    test_support::left_out("typing_in_a_real_window_saves_what_was_typed", why);
}

fn start_kiln(display: &str, home: &Path, ready: &Path, target: &Path) -> Running {
    let runtime_folder = home.join("run");
    fs::create_dir_all(&runtime_folder).expect("a folder");
    let child = Command::new(env!("CARGO_BIN_EXE_kiln"))
        .arg(target)
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("KILN_HOME", home)
        .env("KILN_READY_FILE", ready)
        .env("XDG_RUNTIME_DIR", &runtime_folder)
        .spawn()
        .expect("kiln starts");
    Running(child)
}

#[test]
fn typing_in_a_real_window_saves_what_was_typed() {
    for program in ["Xvfb", "xdotool"] {
        if !installed(program) {
            return leave_out(&format!("{program} is not installed"));
        }
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let folder = scratch.path().join("project");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("notes.txt");
    // Windows line ends and a final newline must come back as they were.
    fs::write(&file, "first line\r\nlast line\r\n").expect("a file");
    let home = scratch.path().join("home");
    kiln::mark_onboarded(&::fs::KilnPaths::under(&home)).expect("a home");

    let (_display_server, display) = start_display();
    let ready = scratch.path().join("ready");
    let mut kiln = start_kiln(&display, &home, &ready, &file);
    wait_for("the first frame", || {
        if let Ok(Some(status)) = kiln.0.try_wait() {
            panic!("kiln ended early: {status}");
        }
        ready.exists()
    });

    // The file that was named on the command line has the focus.
    xdotool(&display, &["key", "ctrl+End"]);
    xdotool(
        &display,
        &["type", "--delay", "20", "typed by a person: ok"],
    );
    xdotool(&display, &["key", "Return"]);
    xdotool(&display, &["key", "ctrl+s"]);
    let expected = "first line\r\nlast line\r\ntyped by a person: ok\r\n";
    wait_for_text(&file, expected);

    // Undo and save bring the bytes back.
    xdotool(
        &display,
        &["key", "--repeat", "30", "--delay", "20", "ctrl+z"],
    );
    xdotool(&display, &["key", "ctrl+s"]);
    wait_for_text(&file, "first line\r\nlast line\r\n");
}
