//! The built program in a real window: a file is opened, typed into with the
//! keyboard of the X server, and saved; then the file on disk is compared.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
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

/// Says by name that a test was left out where a program is missing; on CI none may be.
fn can_run(test: &str) -> bool {
    let missing = ["Xvfb", "xdotool"]
        .into_iter()
        .find(|program| !installed(program));
    if let Some(program) = missing {
        let why = format!("{program} is not installed");
        assert!(std::env::var_os("CI").is_none(), "{why}");
        test_support::left_out(test, &why);
    }
    missing.is_none()
}

/// What the program works on: a project's folder, and a home in which it is set up.
struct Scene {
    folder: PathBuf,
    home: PathBuf,
    /// Is there once the first window of a start shows what it was asked for.
    ready: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let [folder, home, ready] =
            ["project", "home", "ready"].map(|name| scratch.path().join(name));
        fs::create_dir_all(&folder).expect("a folder");
        kiln::mark_onboarded(&::fs::KilnPaths::under(&home)).expect("a home");
        Self {
            folder,
            home,
            ready,
            _scratch: scratch,
        }
    }

    /// The program on a display, with files of its own.
    fn kiln_on(&self, display: &str) -> Command {
        let runtime_folder = self.home.join("run");
        fs::create_dir_all(&runtime_folder).expect("a folder");
        let mut kiln = Command::new(env!("CARGO_BIN_EXE_kiln"));
        kiln.env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .env("KILN_HOME", &self.home)
            .env("XDG_RUNTIME_DIR", &runtime_folder);
        kiln
    }

    /// Starts the program and waits until its window shows what it was asked for.
    fn start_kiln(&self, display: &str, target: &Path) -> Running {
        let child = self
            .kiln_on(display)
            .arg("--latency")
            .arg(target)
            .stdout(Stdio::piped())
            .env("KILN_READY_FILE", &self.ready)
            .spawn()
            .expect("kiln starts");
        let mut kiln = Running(child);
        wait_for("the first frame", || {
            if let Ok(Some(status)) = kiln.0.try_wait() {
                panic!("kiln ended early: {status}");
            }
            self.ready.exists()
        });
        kiln
    }
}

#[test]
fn with_nothing_to_draw_with_it_ends_with_4_and_a_sentence() {
    if !can_run("with_nothing_to_draw_with_it_ends_with_4_and_a_sentence") {
        return;
    }
    let scene = Scene::new();
    let (_display_server, display) = start_display();
    // Neither a Vulkan driver nor one of OpenGL.
    let ended = scene
        .kiln_on(&display)
        .arg(&scene.folder)
        .env("VK_DRIVER_FILES", "/nowhere")
        .env("__EGL_VENDOR_LIBRARY_FILENAMES", "/nowhere")
        .output()
        .expect("kiln starts");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(
        said.starts_with("kiln: The window cannot be drawn") && said.contains("Unset the variable"),
        "{said}"
    );
}

#[test]
fn typing_in_a_real_window_saves_what_was_typed() {
    if !can_run("typing_in_a_real_window_saves_what_was_typed") {
        return;
    }
    let scene = Scene::new();
    let file = scene.folder.join("notes.txt");
    // Windows line ends and a final newline must come back as they were.
    fs::write(&file, "first line\r\nlast line\r\n").expect("a file");

    let (_display_server, display) = start_display();
    let mut kiln = scene.start_kiln(&display, &file);

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

    // At its end it tells how long the keys took, each of which was seen.
    xdotool(&display, &["key", "ctrl+q"]);
    wait_for("the end of the program", || {
        kiln.0.try_wait().is_ok_and(|status| status.is_some())
    });
    let mut told = String::new();
    let mut output = kiln.0.stdout.take().expect("a pipe");
    output.read_to_string(&mut told).expect("what it told");
    let keys = told.strip_prefix("input to scene, ");
    let keys = keys.and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    assert!(keys.is_some_and(|keys| keys > 20), "{told:?}");
    assert!(told.contains("  p50 "), "{told:?}");
}

/// The layout that the window of the one folder wrote down.
fn layout(home: &Path) -> serde_json::Value {
    let layouts = fs::read_dir(home.join("state/layouts"));
    let mut files = layouts.into_iter().flatten().flatten();
    files
        .next()
        .and_then(|file| fs::read(file.path()).ok())
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default()
}

#[test]
fn a_killed_window_takes_its_commands_along_and_comes_back_where_it_was() {
    if !can_run("a_killed_window_takes_its_commands_along_and_comes_back_where_it_was") {
        return;
    }
    let scene = Scene::new();
    let (file, pid_file) = (scene.folder.join("notes.txt"), scene.folder.join("pid"));
    let lines: String = (1..=400).map(|line| format!("line {line}\n")).collect();
    fs::write(&file, &lines).expect("a file");
    let server = test_support::ModelServer::start();
    server.push(test_support::Reply::tool_call(
        "call_1",
        "execute_bash",
        r#"{"command": "echo $$ > pid; exec sleep 1000"}"#,
    ));
    let mut settings = server.settings();
    settings["kiln.agent.trustedTools"] = serde_json::json!(["execute_bash"]);
    fs::create_dir_all(scene.home.join("config")).expect("a folder");
    let path = scene.home.join("config/settings.json");
    fs::write(path, settings.to_string()).expect("settings");

    let (_display_server, display) = start_display();
    let kiln = scene.start_kiln(&display, &file);
    xdotool(&display, &["key", "ctrl+g"]);
    xdotool(&display, &["type", "--delay", "20", "200"]);
    xdotool(&display, &["key", "Return"]);
    xdotool(&display, &["type", "--delay", "20", "unsaved "]);
    let view = || layout(&scene.home)["groups"][0]["tabs"][0]["view"].clone();
    let caret = lines.find("line 200\n").expect("line 200") + "unsaved ".len();
    wait_for("the caret to be written down", || {
        view()["selections"][0][1] == caret
    });
    // What only the wheel moved is written down too.
    let top = view()["top"].as_f64().expect("the row at the top");
    xdotool(&display, &["mousemove", "600", "400"]);
    xdotool(&display, &["click", "--repeat", "4", "--delay", "50", "5"]);
    wait_for("the scroll position to be written down", || {
        view()["top"].as_f64().is_some_and(|now| now > top)
    });

    xdotool(&display, &["key", "ctrl+alt+i"]);
    xdotool(&display, &["type", "--delay", "20", "wait a while"]);
    xdotool(&display, &["key", "Return"]);
    wait_for("the agent's command", || {
        fs::read_to_string(&pid_file).is_ok_and(|pid| pid.ends_with('\n'))
    });
    let pid = fs::read_to_string(&pid_file).expect("a process");
    let command = Path::new("/proc").join(pid.trim());
    assert!(command.exists());
    let left = view();
    // SIGKILL: nothing of the program runs any more.
    drop(kiln);
    wait_for("the command to end", || !command.exists());

    fs::remove_file(&scene.ready).expect("the file of the first start");
    let _kiln = scene.start_kiln(&display, &scene.folder);
    xdotool(&display, &["type", "--delay", "20", "and back "]);
    xdotool(&display, &["key", "ctrl+s"]);
    wait_for_text(
        &file,
        &lines.replace("line 200\n", "unsaved and back line 200\n"),
    );
    // What it writes down then it knows from before: the caret has moved on, the view has not.
    wait_for("the caret to be written down again", || {
        view()["selections"][0][1] == caret + "and back ".len()
    });
    let row = |view: &serde_json::Value| view["top"].as_f64().expect("the row at the top");
    assert!(row(&left) > top);
    assert!(
        (row(&view()) - row(&left)).abs() < 0.01,
        "{left} {}",
        view()
    );
}

/// The titles of the windows of Kiln that are on the display.
fn windows(display: &str) -> Vec<String> {
    let output = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--class", "^kiln$"])
        .args(["getwindowname", "%@"])
        .env("DISPLAY", display)
        .output()
        .expect("xdotool starts");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_window_outlives_the_one_that_opened_it() {
    if !can_run("a_new_window_outlives_the_one_that_opened_it") {
        return;
    }
    let scene = Scene::new();

    let (_display_server, display) = start_display();
    let kiln = scene.start_kiln(&display, &scene.folder);
    fs::remove_file(&scene.ready).expect("the file of the first window");
    xdotool(&display, &["key", "ctrl+shift+n"]);
    wait_for("the new window", || {
        let mut titles = windows(&display);
        titles.sort();
        titles == ["Kiln", "project"]
    });
    drop(kiln);
    wait_for("the first window to go", || windows(&display) == ["Kiln"]);
    assert!(
        !scene.ready.exists(),
        "only the first one tells when it is ready"
    );
}

#[test]
fn a_start_on_what_is_open_goes_to_its_window() {
    if !can_run("a_start_on_what_is_open_goes_to_its_window") {
        return;
    }
    let scene = Scene::new();
    fs::create_dir_all(scene.folder.join("notes")).expect("a folder");
    let file = scene.folder.join("notes/b.txt");
    fs::write(&file, "one\ntwo\nthree\n").expect("a file");

    let (_display_server, display) = start_display();
    let _kiln = scene.start_kiln(&display, &scene.folder);
    let listens = || {
        let sockets = fs::read_dir(scene.home.join("run/kiln"))
            .into_iter()
            .flatten();
        sockets
            .flatten()
            .any(|socket| !socket.file_name().to_string_lossy().starts_with("new"))
    };
    wait_for("the window to listen", listens);

    // The folder is no repository, so that the file alone would open in the one that it is in.
    let ends_at_once = |target: String| {
        let started = scene.kiln_on(&display).arg(target).spawn();
        let mut started = Running(started.expect("kiln starts"));
        let mut status = None;
        wait_for("the second start to end", || {
            status = started.0.try_wait().expect("its status");
            status.is_some()
        });
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    };
    ends_at_once(format!("{}:2:3", file.display()));
    // Its tab is there before its text.
    wait_for("the caret in the file", || {
        layout(&scene.home)["groups"][0]["tabs"][0]["view"]["selections"][0][1] == "one\ntw".len()
    });
    assert_eq!(windows(&display), ["b.txt \u{2014} project"]);
    xdotool(&display, &["type", "--delay", "20", "ice "]);
    xdotool(&display, &["key", "ctrl+s"]);
    wait_for_text(&file, "one\ntwice o\nthree\n");
    ends_at_once(scene.folder.display().to_string());
    assert_eq!(windows(&display), ["b.txt \u{2014} project"]);

    let another = scene
        .kiln_on(&display)
        .arg("--new-window")
        .arg(&scene.folder)
        .spawn();
    let _another = Running(another.expect("kiln starts"));
    wait_for("a window of its own", || windows(&display).len() == 2);
}
