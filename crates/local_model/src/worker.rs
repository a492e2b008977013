//! The worker process: the program itself, started again with [`WORKER_ARGUMENT`].
//!
//! A crash of the inference engine, or the kernel killing it for its memory, takes this process
//! down and nothing else.

use std::collections::HashSet;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::engine::Engine;
use crate::protocol::{FromWorker, MAX_LINE_BYTES, ToWorker, WORKER_ARGUMENT};

/// Turns this process into a worker if it was started as one, and returns its exit code when it
/// is done. Call it first thing in `main`, before anything is printed.
#[must_use]
pub fn run_if_requested() -> Option<ExitCode> {
    if std::env::args_os()
        .nth(1)
        .is_none_or(|argument| argument != WORKER_ARGUMENT)
    {
        return None;
    }
    Some(run_built_in())
}

#[cfg(feature = "engine")]
fn run_built_in() -> ExitCode {
    prefer_as_memory_victim();
    match crate::llama_engine::LlamaEngine::new() {
        Ok(engine) => serve(io::stdin(), io::stdout(), engine),
        Err(error) => {
            eprintln!("the inference engine does not start: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "engine"))]
fn run_built_in() -> ExitCode {
    eprintln!(
        "this build of Kiln has no inference engine; build it with the feature `local-model`"
    );
    ExitCode::FAILURE
}

/// Asks the kernel to end this process rather than the editor when memory runs out (proc(5),
/// `oom_score_adj`). Best effort: other systems have no such file.
#[cfg(feature = "engine")]
fn prefer_as_memory_victim() {
    if let Err(error) = std::fs::write("/proc/self/oom_score_adj", "800") {
        tracing::debug!(%error, "oom_score_adj was not set");
    }
}

/// Serves requests from `input` until it ends. Replies go to `output`, one a line.
///
/// The end of the input ends the process's work at the next token: the program that started it
/// is gone.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    mut engine: impl Engine,
) -> ExitCode {
    let output = Arc::new(Mutex::new(output));
    let cancelled = Arc::new(Mutex::new(Cancelled::default()));
    let (sender, requests) = mpsc::channel();
    let reader_state = Arc::clone(&cancelled);
    thread::spawn(move || read_requests(io::BufReader::new(input), &sender, &reader_state));

    for request in requests {
        let ended = match request {
            ToWorker::Load(load) => {
                let progress_output = Arc::clone(&output);
                let progress = Box::new(move |fraction| {
                    // A broken pipe here shows again, and is handled, at the next reply.
                    if let Err(error) = reply(&progress_output, &FromWorker::Loading(fraction)) {
                        tracing::debug!(%error, "progress was not delivered");
                    }
                });
                match engine.load(&load, progress) {
                    Ok(()) => reply(&output, &FromWorker::Loaded),
                    Err(error) => {
                        let told = reply(&output, &FromWorker::LoadFailed(error));
                        return if told.is_ok() {
                            ExitCode::SUCCESS
                        } else {
                            ExitCode::FAILURE
                        };
                    }
                }
            }
            ToWorker::Generate { id, request } => {
                let is_cancelled =
                    || lock(&cancelled).closed || lock(&cancelled).answers.contains(&id);
                let mut broken = None;
                let result = engine.generate(
                    &request,
                    &mut |event| {
                        if broken.is_none() {
                            broken = reply(&output, &FromWorker::Event { id, event }).err();
                        }
                    },
                    &is_cancelled,
                );
                lock(&cancelled).answers.remove(&id);
                match (broken, result) {
                    (Some(error), _) => Err(error),
                    (None, Ok((reason, usage))) => {
                        reply(&output, &FromWorker::Stopped { id, reason, usage })
                    }
                    (None, Err(error)) => reply(&output, &FromWorker::Failed { id, error }),
                }
            }
            // The reader thread has taken note of it already.
            ToWorker::Cancel { .. } => Ok(()),
        };
        if ended.is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Cancelled {
    answers: HashSet<u64>,
    /// The program closed the pipe or died.
    closed: bool,
}

fn read_requests(
    mut input: impl BufRead,
    sender: &mpsc::Sender<ToWorker>,
    cancelled: &Mutex<Cancelled>,
) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut input)
            .take(MAX_LINE_BYTES as u64)
            .read_until(b'\n', &mut line)
        {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        match serde_json::from_slice(&line) {
            Ok(ToWorker::Cancel { id }) => {
                lock(cancelled).answers.insert(id);
            }
            Ok(request) => {
                if sender.send(request).is_err() {
                    break;
                }
            }
            Err(error) => {
                eprintln!("the worker cannot read a request: {error}");
                break;
            }
        }
    }
    lock(cancelled).closed = true;
}

fn reply(output: &Mutex<impl Write>, message: &FromWorker) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.write_all(&line)?;
    output.flush()
}

fn lock(cancelled: &Mutex<Cancelled>) -> std::sync::MutexGuard<'_, Cancelled> {
    cancelled.lock().unwrap_or_else(PoisonError::into_inner)
}
