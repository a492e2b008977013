//! A thread that looks whether the UI thread is stuck in a command.

use std::io::Write as _;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How often the time is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// No single key, click or command may hold the thread that draws for longer, its frame included: it
/// is about where a person begins to notice. A build without optimisation takes several times as
/// long for the same.
const HOLD: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1500 } else { 250 });

/// Watches the thread that made it. Time is the processor time of that thread, so that a machine
/// that is busy with something else is no stall.
pub struct Watchdog {
    running: Arc<Mutex<Option<Running>>>,
    clock: Clock,
    bound: Duration,
}

struct Running {
    what: String,
    since: Duration,
}

impl Watchdog {
    /// Ends the process with a report where one command takes longer than `bound`. `context` says
    /// how the run is repeated.
    pub fn new(bound: Duration, context: String) -> Self {
        let running = Arc::new(Mutex::new(None::<Running>));
        let clock = Clock::of_this_thread();
        let watched = Arc::downgrade(&running);
        let theirs = clock.clone();
        thread::spawn(move || {
            while let Some(running) = watched.upgrade() {
                if let Some(command) = &*running.lock().unwrap() {
                    let taken = theirs.now().saturating_sub(command.since);
                    if taken > bound {
                        let report = format!(
                            "stalled: {} holds the UI thread for {taken:?}; {context}\n{}\n",
                            command.what,
                            backtrace()
                        );
                        // Not by a macro, whose words a test keeps until it ends.
                        std::io::stderr().write_all(report.as_bytes()).ok();
                        std::process::exit(101);
                    }
                }
                drop(running);
                thread::sleep(LOOK);
            }
        });
        Self {
            running,
            clock,
            bound,
        }
    }

    /// Runs what a single key or click does.
    pub fn hold<R>(&self, what: &str, run: impl FnOnce() -> R) -> R {
        let since = self.clock.now();
        let result = run();
        let taken = self.clock.now().saturating_sub(since);
        assert!(taken <= HOLD, "{what} held the window for {taken:?}");
        result
    }

    /// Runs a step under watch and says how long it took.
    pub fn watch<R>(&self, what: &str, run: impl FnOnce() -> R) -> (R, Duration) {
        let since = self.clock.now();
        *self.running.lock().unwrap() = Some(Running {
            what: what.to_string(),
            since,
        });
        let result = run();
        *self.running.lock().unwrap() = None;
        let taken = self.clock.now().saturating_sub(since);
        assert!(taken <= self.bound, "{what} took {taken:?}");
        (result, taken)
    }
}

/// The processor time that a thread has used; the time of day where the system does not tell.
#[derive(Clone)]
enum Clock {
    /// Linux: the file whose first number is nanoseconds on a processor.
    Thread(std::path::PathBuf),
    Wall(Instant),
}

impl Clock {
    fn of_this_thread() -> Self {
        let thread = std::fs::read_link("/proc/thread-self");
        match thread.map(|thread| std::path::Path::new("/proc").join(thread).join("schedstat")) {
            Ok(file) if file.exists() => Self::Thread(file),
            _ => Self::Wall(Instant::now()),
        }
    }

    fn now(&self) -> Duration {
        match self {
            Self::Wall(start) => start.elapsed(),
            Self::Thread(file) => {
                let line = std::fs::read_to_string(file).unwrap_or_default();
                let nanos = line
                    .split_whitespace()
                    .next()
                    .and_then(|first| first.parse().ok());
                Duration::from_nanos(nanos.unwrap_or(0))
            }
        }
    }
}

/// Where every thread of this process is, as a debugger sees it.
fn backtrace() -> String {
    let process = std::process::id().to_string();
    let debugger = Command::new("gdb")
        .args(["--batch", "--quiet", "-p", &process])
        .args(["-ex", "thread apply all backtrace 60"])
        .output();
    match debugger {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => format!("no backtrace without gdb: {error}"),
    }
}
