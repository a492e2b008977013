//! Running a formatter: the text goes to its input, the new one comes from its output. Both are
//! bounded, and so is how long it may take.

use std::io::{self, Read, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use async_channel::Receiver;
use editor_core::Text;

use crate::complaint::complaint;
use crate::launch::{Ended, Launch};

/// How often it is looked whether somebody cancelled.
const LOOK: Duration = Duration::from_millis(20);
/// How long a program may go on once it has closed its output.
const END: Duration = Duration::from_secs(2);
/// A text may become so many times as long, and [`MORE`] bytes.
const TIMES: usize = 4;
/// See [`TIMES`].
const MORE: usize = 1024 * 1024;
/// More of what a formatter complains about is not read, in bytes.
const MAX_ERRORS: u64 = 64 * 1024;

/// What a formatter may take.
#[derive(Debug, Clone, Copy)]
pub struct FormatLimits {
    /// How long.
    pub time: Duration,
}

impl Default for FormatLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
        }
    }
}

/// Why a formatter did not lay a text out.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// It cannot be started, or its output cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It says no.
    #[error("{}", if said.is_empty() { how } else { said })]
    Refused {
        /// How it ended.
        how: String,
        /// What it said is wrong, some lines.
        said: String,
    },
    /// It takes too long.
    #[error("it took more than {} seconds", .0.as_secs())]
    Late(Duration),
    /// Somebody cancelled.
    #[error("it was cancelled")]
    Cancelled,
    /// It answers with more than such a text can become.
    #[error("its answer is too long")]
    TooLong,
    /// It answers with what is no text.
    #[error("its answer is no UTF-8 text")]
    NoText,
    /// It answers with nothing, though there was something.
    #[error("it answered with an empty text{}{said}", if said.is_empty() { "" } else { ": " })]
    Empty {
        /// The first that it said beside that.
        said: String,
    },
}

/// A formatter that runs on a thread of its own; it ends when this is dropped.
pub struct FormatterRun {
    answer: Receiver<Result<String, FormatError>>,
    cancelled: Arc<AtomicBool>,
}

impl FormatterRun {
    /// Has a program lay a text out, as [`format_text`] does.
    pub fn start(
        launch: impl Launch + 'static,
        text: Text,
        exit_codes: Vec<i32>,
        limits: FormatLimits,
    ) -> Self {
        let (done, answer) = async_channel::bounded(1);
        let cancelled = Arc::<AtomicBool>::default();
        let ends = cancelled.clone();
        thread::spawn(move || {
            let answer = format_text(&launch, &text, &exit_codes, limits, &ends);
            // Nobody may wait for it any more.
            done.send_blocking(answer).ok();
        });
        Self { answer, cancelled }
    }

    /// Waits for what it answers.
    ///
    /// # Errors
    /// [`FormatError`].
    pub async fn wait(self) -> Result<String, FormatError> {
        let answer = self.answer.recv().await;
        answer.unwrap_or(Err(FormatError::Cancelled))
    }
}

impl Drop for FormatterRun {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Has a program lay a text out; what it answers, with line feeds at the ends of lines. It did its work
/// where it ends with one of `exit_codes`. Blocks, until `cancelled` at most; the program and what it
/// started have ended then.
///
/// # Errors
/// [`FormatError`].
pub fn format_text(
    launch: &dyn Launch,
    text: &Text,
    exit_codes: &[i32],
    limits: FormatLimits,
    cancelled: &AtomicBool,
) -> Result<String, FormatError> {
    if cancelled.load(Ordering::Relaxed) {
        return Err(FormatError::Cancelled);
    }
    let launched = launch.launch()?;
    let process = launched.process;
    let mut input = launched.input;
    let written = text.clone();
    thread::spawn(move || {
        for chunk in written.chunks(0..written.len()) {
            // One that has read enough closes its input.
            if input.write_all(chunk.as_bytes()).is_err() {
                return;
            }
        }
    });
    let most = text.len().saturating_mul(TIMES).saturating_add(MORE);
    let answered = read(launched.output, most as u64 + 1);
    let errors = launched.errors.map(|errors| read(errors, MAX_ERRORS));
    let until = Instant::now() + limits.time;
    let answer = wait(&answered, until, limits, cancelled);
    let ended = match &answer {
        Ok(_) => process.ended_within(END),
        Err(_) => None,
    };
    // With what it started, which may hold its outputs.
    process.kill();
    let answer = answer?;
    if answer.len() > most {
        return Err(FormatError::TooLong);
    }
    let said =
        errors.and_then(|errors| wait(&errors, Instant::now() + END, limits, cancelled).ok());
    let said = complaint(&said.unwrap_or_default());
    match ended {
        Some(Ended::Exited(code)) if exit_codes.contains(&code) => {}
        Some(how) => {
            return Err(FormatError::Refused {
                how: how.to_string(),
                said,
            });
        }
        None => return Err(FormatError::Late(limits.time)),
    }
    let answer = String::from_utf8(answer).map_err(|_| FormatError::NoText)?;
    if answer.trim().is_empty()
        && text
            .chunks(0..text.len())
            .any(|chunk| !chunk.trim().is_empty())
    {
        return Err(FormatError::Empty { said });
    }
    let answer = answer.strip_prefix('\u{feff}').unwrap_or(&answer);
    Ok(answer.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Reads to the end, or so much.
fn read(output: Box<dyn Read + Send>, most: u64) -> mpsc::Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(most).read_to_end(&mut bytes);
        // Nobody waits for it any more.
        sender.send(read.map(|_| bytes)).ok();
    });
    receiver
}

fn wait(
    answer: &mpsc::Receiver<io::Result<Vec<u8>>>,
    until: Instant,
    limits: FormatLimits,
    cancelled: &AtomicBool,
) -> Result<Vec<u8>, FormatError> {
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(read) => return Ok(read?),
            Err(RecvTimeoutError::Disconnected) => return Err(FormatError::Cancelled),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if cancelled.load(Ordering::Relaxed) {
            return Err(FormatError::Cancelled);
        }
        if Instant::now() > until {
            return Err(FormatError::Late(limits.time));
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::ServerProgram;

    fn program(script: &str) -> ServerProgram {
        let folder = std::env::temp_dir();
        ServerProgram {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            folder: folder.clone(),
            project: folder.join("nowhere"),
            variables: Vec::new(),
        }
    }

    fn run(script: &str, text: &str) -> Result<String, FormatError> {
        let never = AtomicBool::new(false);
        let limits = FormatLimits::default();
        format_text(&program(script), &Text::new(text), &[0, 3], limits, &never)
    }

    fn why(script: &str) -> String {
        run(script, "some text\n").unwrap_err().to_string()
    }

    #[test]
    fn a_text_goes_through_a_program() {
        let long = "a line of text\n".repeat(50_000);
        let upper = run("tr a-z A-Z", &long).unwrap();
        assert_eq!(upper, long.to_uppercase());
        let read_little = run("head -c 6; printf '\\r\\nnext\\r\\n'", &long);
        assert_eq!(read_little.unwrap(), "a line\nnext\n");
        assert_eq!(run("cat; exit 3", "x\n").unwrap(), "x\n");
        assert_eq!(run("cat", "").unwrap(), "");
        assert_eq!(run("printf ''", " \n").unwrap(), "");
    }

    #[test]
    fn what_is_wrong_is_told_with_what_it_said() {
        let said = why("printf '\\033[31mline 3\\033[0m: no\\n\\nmore\\n' >&2; exit 2");
        assert_eq!(said, "line 3: no\nmore");
        assert_eq!(why("exit 7"), "exit status: 7");
        let long = why("yes 'a long line of words' | head -c 60000 >&2; exit 1");
        assert!(long.lines().count() <= 6 && long.len() < 700, "{long}");
        assert_eq!(
            why("printf ''; echo why >&2"),
            "it answered with an empty text: why"
        );
        assert_eq!(why("printf '\\377'"), "its answer is no UTF-8 text");
    }

    #[test]
    fn one_that_goes_on_is_ended() {
        assert_eq!(why("yes"), "its answer is too long");
        let limits = FormatLimits {
            time: Duration::from_millis(100),
        };
        let never = AtomicBool::new(false);
        let late = format_text(
            &program("cat; sleep 600"),
            &Text::new("x"),
            &[0],
            limits,
            &never,
        );
        assert!(matches!(late, Err(FormatError::Late(_))), "{late:?}");
    }

    #[test]
    fn one_that_waits_ends_when_somebody_cancels() {
        let scratch = tempfile::tempdir().unwrap();
        let runs = scratch.path().join("runs");
        let script = format!("touch {}; exec sleep 600", runs.display());
        let cancelled = std::sync::Arc::new(AtomicBool::new(false));
        let later = cancelled.clone();
        let waits = thread::spawn(move || {
            let limits = FormatLimits {
                time: Duration::from_secs(600),
            };
            format_text(&program(&script), &Text::new("x"), &[0], limits, &later)
        });
        while !runs.exists() {
            thread::yield_now();
        }
        cancelled.store(true, Ordering::Relaxed);
        assert!(matches!(waits.join().unwrap(), Err(FormatError::Cancelled)));
    }
}
