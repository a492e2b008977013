//! `kiln`: opens the window.

use clap::Parser as _;
use fs::{FsError, KilnPaths};
use gpui_kit::{App, Entity, Window};
use kiln::arguments::{Arguments, Place};
use kiln::display::Connecting;
use kiln::{Earlier, LaunchOptions, OpenWindows, Shell, display, system_appearance};
use std::io::IsTerminal as _;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use ui::latency::InputLatency;
use ui::{KilnAssets, OpenTarget, ThemeStore};

const FAILED: i32 = 1;
const WRONG_TARGET: i32 = 2;
const NO_DISPLAY: i32 = 3;
const NO_GPU: i32 = 4;
/// How long the end of the program waits for what still runs.
const SHUTDOWN: std::time::Duration = std::time::Duration::from_secs(2);

fn main() -> ExitCode {
    if let Some(code) = agent::run_supervisor_if_requested() {
        return code;
    }
    #[cfg(feature = "local-model")]
    if let Some(code) = local_model::worker::run_if_requested() {
        return code;
    }
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("KILN_LOG").unwrap_or_else(|_| {
                tracing_subscriber::EnvFilter::new("error,gpui_linux=off,wgpu_hal=off")
            }),
        )
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let fail = |code: i32, message: &str| -> ExitCode {
        eprintln!("kiln: {message}");
        std::process::exit(code)
    };
    let paths = match KilnPaths::from_env() {
        Ok(paths) => paths,
        Err(error) => return fail(FAILED, &error.to_string()),
    };
    let opened = match arguments.target.as_deref().map(target).transpose() {
        Ok(Some(opened)) => opened,
        Ok(None) => Opened {
            folder: match arguments.new_window {
                true => None,
                false => kiln::last_folder(&paths),
            },
            files: Vec::new(),
        },
        Err(error) => return fail(WRONG_TARGET, &format!("{error:#}")),
    };
    if let Some(problem) = display::problem() {
        return fail(NO_DISPLAY, &problem);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(FAILED, &format!("no threads for the agent: {error}")),
    };
    let open_windows = OpenWindows::from_env(&paths);
    if !arguments.new_window
        && !arguments.latency
        && let Some(folder) = &opened.folder
        && runtime.block_on(open_windows.hand_over(folder, opened.files.first()))
    {
        return ExitCode::SUCCESS;
    }
    let supervisor = match agent::Supervisor::current_executable() {
        Ok(supervisor) => supervisor,
        Err(error) => {
            return fail(
                FAILED,
                &format!("the program does not find itself: {error}"),
            );
        }
    };
    let options = LaunchOptions {
        folder: opened.folder,
        open: opened.files,
        paths,
        runtime: runtime.handle().clone(),
        appearance: None,
        onboarding: false,
        beside_another: arguments.new_window,
        // By its path, which after an update leads to the new version.
        program: std::env::current_exe().ok(),
        open_windows: Some(open_windows),
        supervisor: Some(supervisor),
    };
    let print_latency = arguments.latency;
    // Development builds always measure: the status bar shows the figures.
    let measures = print_latency || cfg!(debug_assertions);
    let latency = match measures.then(InputLatency::new).transpose() {
        Ok(latency) => latency,
        Err(error) => return fail(FAILED, &format!("{error:#}")),
    };
    ui::recovery::write_before_panics();
    // While the window system starts. The window needs it before it is first drawn: it would come
    // up in another theme, size and place otherwise.
    let reading = {
        let (paths, folder) = (options.paths.clone(), options.folder.clone());
        std::thread::spawn(move || Earlier::read(&paths, folder.as_deref()))
    };
    let asked = runtime.spawn(system_appearance::ask());
    let handle = runtime.handle().clone();
    let measured = latency.clone();
    let connected = Connecting::watch();
    let connection = connected.clone();
    let launch = AssertUnwindSafe(move || {
        let application = gpui_kit::application().with_assets(KilnAssets);
        application.run(move |cx: &mut App| {
            connection.is_made();
            if let Some(latency) = &measured {
                latency.install(cx);
            }
            #[cfg(target_os = "linux")]
            match kiln::X11Frames::start() {
                Ok(frames) => ui::frame_pace::install(move |window| frames.ask(window), cx),
                Err(error) => {
                    tracing::warn!("frames may be left out while keys come fast: {error}")
                }
            }
            let earlier = reading.join().unwrap_or_else(|_| Earlier::unread());
            // It ends in good time by itself.
            let system = handle.block_on(asked).ok().flatten();
            if let Err((failed, message)) = open(options, earlier, system, cx) {
                eprintln!("kiln: {message}");
                // The event loop has not begun, so that it cannot be asked to end.
                std::process::exit(failed);
            }
        });
    });
    if let Err(panic) = std::panic::catch_unwind(launch) {
        if connected.was_made() {
            std::panic::resume_unwind(panic);
        }
        return fail(NO_DISPLAY, &display::refusal(panic.as_ref()));
    }
    // Commands and downloads that still run end with the program: what runs is dropped, which
    // ends their processes.
    runtime.shutdown_timeout(SHUTDOWN);
    if let Some(latency) = latency.filter(|_| print_latency) {
        println!("{latency}");
    }
    ExitCode::SUCCESS
}

/// What the command line names.
struct Opened {
    folder: Option<PathBuf>,
    files: Vec<OpenTarget>,
}

fn target(text: &Path) -> anyhow::Result<Opened> {
    let place = Place::parse(text, Path::exists);
    let path = place
        .path
        .canonicalize()
        .map_err(|error| match file_before_colon(&place.path) {
            Some(file) => anyhow::anyhow!(
                "{} is there, but what follows it is no line: write FILE:LINE or \
                 FILE:LINE:COLUMN, counted from 1",
                file.display()
            ),
            None => FsError::from_io("open", &place.path, error).into(),
        })?;
    if path.is_dir() {
        std::fs::read_dir(&path)
            .map_err(|error| FsError::from_io("list the folder", &path, error))?;
        return Ok(Opened {
            folder: Some(path),
            files: Vec::new(),
        });
    }
    // Opening a pipe would wait for its other end.
    anyhow::ensure!(
        path.is_file(),
        "{} is neither a file nor a folder",
        path.display()
    );
    std::fs::File::open(&path).map_err(|error| FsError::from_io("read", &path, error))?;
    let folder = kiln::project_of(&path, std::env::home_dir().as_deref());
    let file = OpenTarget {
        line: place.line,
        column: place.column,
        ..OpenTarget::new(path)
    };
    Ok(Opened {
        folder,
        files: vec![file],
    })
}

/// The file that a path which leads nowhere names before one of its last two colons.
fn file_before_colon(path: &Path) -> Option<&Path> {
    let text = path.to_str()?;
    text.rmatch_indices(':')
        .take(2)
        .map(|(colon, _)| Path::new(&text[..colon]))
        .find(|file| file.is_file())
}

fn open(
    options: LaunchOptions,
    earlier: Earlier,
    system: Option<settings::Appearance>,
    cx: &mut App,
) -> Result<(), (i32, String)> {
    kiln::init(&options, cx).map_err(|error| (FAILED, format!("{error:#}")))?;
    if let Some(system) = system {
        ThemeStore::expect_system(system, cx);
    }
    let window_options = kiln::window_options(&options, &earlier, cx);
    let (window, shell) = kiln::open_window(options, earlier, window_options, cx)
        .map_err(|error| (NO_GPU, display::gpu_message(&format!("{error:#}"))))?;
    cx.on_window_closed(|cx, _| {
        if cx.windows().is_empty() {
            cx.quit();
        }
    })
    .detach();
    cx.activate(true);
    if let Some(file) = std::env::var_os("KILN_READY_FILE") {
        let told = window.update(cx, |_, window, _| tell_when_ready(shell, file, window));
        told.map_err(|error| (FAILED, format!("{error:#}")))?;
    }
    Ok(())
}

/// Writes the file once what was named on the command line is on the screen: for scripts that
/// type or take a picture.
fn tell_when_ready(shell: Entity<Shell>, file: std::ffi::OsString, window: &mut Window) {
    window.on_next_frame(move |window, cx| {
        let workbench = shell.read(cx).workbench().clone();
        if workbench.read(cx).is_opening(cx) {
            return tell_when_ready(shell, file, window);
        }
        // The callback runs before its frame: the one after it finds this one on the screen.
        window.on_next_frame(move |_, _| {
            if let Err(error) = std::fs::write(&file, "") {
                tracing::warn!("{}: {error}", Path::new(&file).display());
            }
        });
        window.refresh();
    });
    window.refresh();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_and_folders_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "").unwrap();
        assert_eq!(target(&file).unwrap().files.len(), 1);
        assert!(target(folder.path()).unwrap().files.is_empty());
        let error = target(Path::new("/dev/null")).err().unwrap();
        assert!(error.to_string().contains("neither"), "{error}");
    }

    #[test]
    fn what_cannot_be_opened_is_said_in_words() {
        let error = target(Path::new("/nope/a.txt:3")).err();
        let error = error.map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("/nope/a.txt does not exist"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "").unwrap();
        for place in ["0", "abc", "3:x"] {
            let named = format!("{}:{place}", file.display());
            let error = target(Path::new(&named)).err().unwrap().to_string();
            assert!(error.contains("no line"), "{named}: {error}");
        }
    }
}
