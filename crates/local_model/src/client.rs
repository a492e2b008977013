//! The program's side: starts the worker process when it is first needed, talks to it, and
//! starts a new one after a crash.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::catalogue::{self, LocalModelSpec};
use crate::memory;
use crate::processor;
use crate::protocol::{
    EngineError, FromWorker, LoadRequest, MAX_LINE_BYTES, ToWorker, WORKER_ARGUMENT,
};
use crate::request::{LocalEvent, LocalRequest, LocalStop};

/// How long a cancelled answer may go on before its worker is ended.
const CANCEL_GRACE: Duration = Duration::from_secs(5);
/// How much of the worker's error output is kept for an error message, in bytes.
const STDERR_KEPT: usize = 8 * 1024;
/// Answers in flight between worker and reader before the worker has to wait.
const REPLIES_IN_FLIGHT: usize = 256;

/// Environment variables that a worker gets. No others: a key in the environment is none of
/// its business.
const WORKER_ENVIRONMENT: &[&str] = &[
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "OMP_NUM_THREADS",
];

/// What went wrong with a local model.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The file is not there.
    #[error("the model {name} is not downloaded; get it with `kiln-cli model pull {id}`")]
    NotInstalled {
        /// Its name for people.
        name: String,
        /// Its id.
        id: String,
    },
    /// Loading it would push the machine into swapping.
    #[error(
        "{name} needs {} of free memory and {} are free; close something{}",
        memory::readable(*needed), memory::readable(*available),
        suggestion.as_ref().map(|id| format!(", or use the smaller model {id}")).unwrap_or_default()
    )]
    NotEnoughMemory {
        /// Its name for people.
        name: String,
        /// Bytes it needs.
        needed: u64,
        /// Bytes that are free.
        available: u64,
        /// A smaller model, where there is one.
        suggestion: Option<String>,
    },
    /// The worker process could not be started.
    #[error("its process could not be started ({program}): {error}")]
    NotStarted {
        /// The program.
        program: String,
        /// The system's reason.
        error: io::Error,
    },
    /// The file could not be loaded.
    #[error("the model could not be loaded: {0}; if this repeats, remove it and download it again")]
    NotLoaded(String),
    /// The worker process ended in the middle of its work. The next request starts a new one.
    #[error("its process ended unexpectedly ({how}); send the message again to restart it{detail}")]
    WorkerDied {
        /// Exit status or signal, in words.
        how: String,
        /// The last lines of its error output, each on a line of its own; may be empty.
        detail: String,
    },
    /// The engine refused or failed; the worker goes on.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// How to start a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl WorkerCommand {
    /// The running executable again, as a worker. Its `main` has to call
    /// [`crate::worker::run_if_requested`] first.
    ///
    /// # Errors
    ///
    /// The system does not say where the executable is.
    pub fn current_executable() -> io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            arguments: vec![WORKER_ARGUMENT.into()],
        })
    }
}

/// A model on this machine, in a process of its own. Cheap to clone; clones share the process.
///
/// Answers queue: the worker produces one at a time. The process ends with the last clone.
#[derive(Clone)]
pub struct LocalModel {
    shared: Arc<Shared>,
}

/// A [`LocalModel`] that keeps no process: it can be had again as long as a clone of it is left.
#[derive(Clone)]
pub struct WeakLocalModel {
    shared: Weak<Shared>,
}

impl WeakLocalModel {
    /// The model, where a clone of it is left.
    #[must_use]
    pub fn upgrade(&self) -> Option<LocalModel> {
        let shared = self.shared.upgrade()?;
        Some(LocalModel { shared })
    }
}

struct Shared {
    spec: LocalModelSpec,
    path: PathBuf,
    command: WorkerCommand,
    next_answer: AtomicU64,
    worker: tokio::sync::Mutex<Option<Worker>>,
}

impl LocalModel {
    /// A model whose file is (or will be) at `path`. Nothing is started yet.
    #[must_use]
    pub fn new(spec: LocalModelSpec, path: PathBuf, command: WorkerCommand) -> Self {
        Self {
            shared: Arc::new(Shared {
                spec,
                path,
                command,
                next_answer: AtomicU64::new(1),
                worker: tokio::sync::Mutex::new(None),
            }),
        }
    }

    /// The model without keeping its process.
    #[must_use]
    pub fn downgrade(&self) -> WeakLocalModel {
        WeakLocalModel {
            shared: Arc::downgrade(&self.shared),
        }
    }

    /// The model's entry in the catalogue.
    #[must_use]
    pub fn spec(&self) -> &LocalModelSpec {
        &self.shared.spec
    }

    /// Answers a request. Has to be called inside a tokio runtime.
    ///
    /// The stream ends after [`LocalEvent::Stopped`] or an error. Cancelling the token stops the
    /// model between two tokens, or while it reads the prompt, and ends the stream with
    /// [`LocalStop::Cancelled`]; dropping the stream cancels too.
    #[must_use]
    pub fn generate(
        &self,
        request: LocalRequest,
        cancel: CancellationToken,
    ) -> BoxStream<'static, Result<LocalEvent, LocalError>> {
        let (events, receiver) = mpsc::channel(REPLIES_IN_FLIGHT);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let end = match answer(&shared, request, &cancel, &events).await {
                Ok(reason) => Ok(LocalEvent::Stopped(reason)),
                Err(error) => Err(error),
            };
            // Nobody listens any more when the stream was dropped, and that is fine.
            if events.send(end).await.is_err() {
                tracing::debug!("the reader of an answer went away before its end");
            }
        });
        stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|event| (event, receiver))
        })
        .boxed()
    }

    /// Loads the model and reads the part of the prompt that every turn begins with, so that
    /// the first answer comes sooner.
    ///
    /// # Errors
    ///
    /// As [`LocalModel::generate`].
    pub async fn prepare(
        &self,
        system: String,
        tools: Vec<crate::LocalTool>,
        cancel: CancellationToken,
    ) -> Result<(), LocalError> {
        let request = LocalRequest {
            system,
            tools,
            max_tokens: 0,
            ..LocalRequest::default()
        };
        let mut events = self.generate(request, cancel);
        while let Some(event) = events.next().await {
            event?;
        }
        Ok(())
    }

    /// Ends the worker process and frees its memory; the next answer starts a new one. Waits for
    /// an answer that is being produced.
    pub async fn unload(&self) {
        *self.shared.worker.lock().await = None;
    }

    /// Process id of the worker while one runs and is idle.
    #[must_use]
    pub fn worker_id(&self) -> Option<u32> {
        self.shared.worker.try_lock().ok()?.as_ref()?.child.id()
    }
}

type Events = mpsc::Sender<Result<LocalEvent, LocalError>>;

async fn answer(
    shared: &Shared,
    request: LocalRequest,
    cancel: &CancellationToken,
    events: &Events,
) -> Result<LocalStop, LocalError> {
    let mut slot = tokio::select! {
        slot = shared.worker.lock() => slot,
        () = cancel.cancelled() => return Ok(LocalStop::Cancelled),
        () = events.closed() => return Ok(LocalStop::Cancelled),
    };
    if slot.as_mut().is_some_and(Worker::has_ended) {
        *slot = None;
    }
    // The worker is out of its slot while it works: whichever way this function leaves early,
    // the process is dropped, and with it killed, instead of being used in an unknown state.
    let mut worker = match slot.take() {
        Some(worker) => worker,
        None => match start(shared, cancel, events).await? {
            Some(worker) => worker,
            None => return Ok(LocalStop::Cancelled),
        },
    };
    let id = shared.next_answer.fetch_add(1, Ordering::Relaxed);
    worker
        .send(&ToWorker::Generate {
            id,
            request: Box::new(request),
        })
        .await?;

    let mut deadline: Option<Instant> = None;
    loop {
        let reply = tokio::select! {
            reply = worker.replies.recv() => reply,
            () = cancel.cancelled(), if deadline.is_none() => {
                worker.send(&ToWorker::Cancel { id }).await?;
                deadline = Some(Instant::now() + CANCEL_GRACE);
                continue;
            }
            () = events.closed(), if deadline.is_none() => {
                worker.send(&ToWorker::Cancel { id }).await?;
                deadline = Some(Instant::now() + CANCEL_GRACE);
                continue;
            }
            () = tokio::time::sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                return Ok(LocalStop::Cancelled);
            }
        };
        match reply {
            None => return Err(worker.died().await),
            Some(FromWorker::Event { id: of, event }) if of == id => {
                // After a cancel the reader wants the end, not what was still under way.
                if deadline.is_none() {
                    tell(events, event.into()).await;
                }
            }
            Some(FromWorker::Stopped {
                id: of,
                reason,
                usage,
            }) if of == id => {
                tell(events, LocalEvent::Usage(usage)).await;
                *slot = Some(worker);
                return Ok(reason);
            }
            Some(FromWorker::Failed { id: of, error }) if of == id => {
                *slot = Some(worker);
                return Err(error.into());
            }
            Some(_) => {}
        }
    }
}

async fn tell(events: &Events, event: LocalEvent) {
    if events.send(Ok(event)).await.is_err() {
        tracing::trace!("the reader of an answer went away");
    }
}

/// Starts a worker and loads the model; `None` when cancelled meanwhile.
async fn start(
    shared: &Shared,
    cancel: &CancellationToken,
    events: &Events,
) -> Result<Option<Worker>, LocalError> {
    let spec = &shared.spec;
    if !tokio::fs::try_exists(&shared.path).await.unwrap_or(false) {
        return Err(LocalError::NotInstalled {
            name: spec.name.clone(),
            id: spec.id.clone(),
        });
    }
    check_memory(spec, memory::available_bytes())?;
    let mut worker = Worker::spawn(&shared.command)?;
    worker
        .send(&ToWorker::Load(LoadRequest {
            path: shared.path.clone(),
            context_tokens: spec.context_tokens,
            threads: processor::physical_cores(),
        }))
        .await?;
    loop {
        let reply = tokio::select! {
            reply = worker.replies.recv() => reply,
            () = cancel.cancelled() => return Ok(None),
            () = events.closed() => return Ok(None),
        };
        match reply {
            None => return Err(worker.died().await),
            Some(FromWorker::Loading(fraction)) => {
                tell(events, LocalEvent::Loading { fraction }).await
            }
            Some(FromWorker::Loaded) => return Ok(Some(worker)),
            Some(FromWorker::LoadFailed(error)) => return Err(LocalError::NotLoaded(error)),
            Some(_) => {}
        }
    }
}

fn check_memory(spec: &LocalModelSpec, available: Option<u64>) -> Result<(), LocalError> {
    match available {
        Some(available) if available < spec.min_memory_bytes => Err(LocalError::NotEnoughMemory {
            name: spec.name.clone(),
            needed: spec.min_memory_bytes,
            available,
            suggestion: catalogue::smallest()
                .filter(|smallest| smallest.min_memory_bytes < spec.min_memory_bytes)
                .map(|smallest| smallest.id.clone()),
        }),
        _ => Ok(()),
    }
}

/// A running worker process; dropping it kills it.
struct Worker {
    child: Child,
    input: ChildStdin,
    replies: mpsc::Receiver<FromWorker>,
    error_output: Arc<Mutex<VecDeque<u8>>>,
    error_reader: tokio::task::JoinHandle<()>,
}

impl Worker {
    fn spawn(command: &WorkerCommand) -> Result<Self, LocalError> {
        let not_started = |error| LocalError::NotStarted {
            program: command.program.display().to_string(),
            error,
        };
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .env_clear()
            .envs(
                WORKER_ENVIRONMENT
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            // Threads that wait sleep instead of spinning: on a busy machine spinning threads
            // keep the very work they wait for off the processor.
            .env("OMP_WAIT_POLICY", "passive")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(not_started)?;
        let missing_pipe = || not_started(io::Error::other("a pipe is missing"));
        let input = child.stdin.take().ok_or_else(missing_pipe)?;
        let output = child.stdout.take().ok_or_else(missing_pipe)?;
        let error = child.stderr.take().ok_or_else(missing_pipe)?;
        let (sender, replies) = mpsc::channel(REPLIES_IN_FLIGHT);
        let error_output = Arc::new(Mutex::new(VecDeque::new()));
        tokio::spawn(read_replies(output, sender));
        let error_reader = tokio::spawn(keep_tail(error, Arc::clone(&error_output)));
        Ok(Self {
            child,
            input,
            replies,
            error_output,
            error_reader,
        })
    }

    async fn send(&mut self, message: &ToWorker) -> Result<(), LocalError> {
        let mut line =
            serde_json::to_vec(message).map_err(|error| EngineError::Engine(error.to_string()))?;
        line.push(b'\n');
        match self.input.write_all(&line).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.died().await),
        }
    }

    /// Whether the process is gone already, as after a crash between two answers.
    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The error for a worker whose output ended.
    async fn died(&mut self) -> LocalError {
        let how = match tokio::time::timeout(Duration::from_secs(2), self.child.wait()).await {
            Ok(Ok(status)) => describe(status),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it closed its output".to_owned(),
        };
        // What it said last may still be in the pipe. A child of its own can keep that open.
        let said = tokio::time::timeout(Duration::from_secs(1), &mut self.error_reader).await;
        if !matches!(said, Ok(Ok(()))) {
            tracing::debug!("the error output of the local model's process did not end");
        }
        let kept = self
            .error_output
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (front, back) = kept.as_slices();
        let detail = last_words(&[front, back].concat());
        LocalError::WorkerDied { how, detail }
    }
}

/// What the end of the error output says to a user: its last lines, each after a line end.
fn last_words(kept: &[u8]) -> String {
    let mut text = &*String::from_utf8_lossy(kept);
    if kept.len() >= STDERR_KEPT {
        // The first line has lost its beginning, so that nobody can tell what it is.
        text = text.split_once('\n').map_or(text, |(_, whole)| whole);
    }
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !is_engine_log(line));
    let mut last: Vec<_> = lines
        .rev()
        .take(4)
        .map(|line| format!("\n{line}"))
        .collect();
    last.reverse();
    last.concat()
}

/// Whether a line is one of llama.cpp's own log, `name_of_a_function: what it does`, which says
/// nothing to a user. Its errors and failed assertions are no such lines.
fn is_engine_log(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        name.contains('_')
            && !line.to_ascii_lowercase().contains("error")
            && !line.to_ascii_lowercase().contains("fail")
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

#[cfg(unix)]
fn describe(status: std::process::ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(libc::SIGKILL) => {
            "killed by the system, most likely because memory ran out".to_owned()
        }
        Some(libc::SIGABRT) => "aborted".to_owned(),
        Some(libc::SIGSEGV) => "crashed with a memory fault".to_owned(),
        Some(libc::SIGILL) => "this processor lacks an instruction that it needs".to_owned(),
        Some(signal) => format!("signal {signal}"),
        None => status.to_string(),
    }
}

#[cfg(not(unix))]
fn describe(status: std::process::ExitStatus) -> String {
    status.to_string()
}

async fn read_replies(output: impl AsyncRead + Unpin, sender: mpsc::Sender<FromWorker>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut output)
            .take(MAX_LINE_BYTES as u64)
            .read_until(b'\n', &mut line)
            .await
        {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        match serde_json::from_slice(&line) {
            Ok(reply) => {
                if sender.send(reply).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a line of the local model's process is not a reply")
            }
        }
    }
}

async fn keep_tail(mut error: impl AsyncRead + Unpin, kept: Arc<Mutex<VecDeque<u8>>>) {
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = error.read(&mut chunk).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(&chunk[..count]);
        let excess = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..excess);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_memory_is_refused_before_anything_is_loaded_and_names_the_smaller_model() {
        let spec = catalogue::find("qwen2.5-coder-1.5b").unwrap();
        let error = check_memory(spec, Some(1_000_000_000))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("needs 2.4 GB") && error.contains("1.0 GB are free"),
            "{error}"
        );
        assert!(error.contains("qwen2.5-coder-0.5b"), "{error}");
        check_memory(spec, Some(8_000_000_000)).unwrap();
        check_memory(spec, None).unwrap();
        let smallest = catalogue::smallest().unwrap();
        let error = check_memory(smallest, Some(0)).unwrap_err().to_string();
        assert!(!error.contains("smaller model"), "{error}");
    }

    #[test]
    fn the_engines_log_is_told_from_what_went_wrong() {
        for log in [
            "llama_graph_n_input_tensors: input tensor 3",
            "sched_reserve: reserving 2 splits",
        ] {
            assert!(is_engine_log(log), "{log}");
        }
        for told in [
            "fake engine: asked to abort",
            "ggml_abort: GGML_ASSERT(n > 0) failed",
            "llama_decode: error: no memory",
            "terminate called after throwing an instance of 'std::bad_alloc'",
        ] {
            assert!(!is_engine_log(told), "{told}");
        }
    }

    #[test]
    fn a_line_without_its_beginning_is_not_told() {
        let log = "llama_graph: node 'Kcur-0' (ROPE)\n".repeat(STDERR_KEPT / 30);
        let kept = &log.as_bytes()[log.len() - STDERR_KEPT..];
        assert!(!kept.starts_with(b"llama"));
        assert_eq!(last_words(kept), "");
        let told = [&kept[7..], b"GGML_A\n"].concat();
        assert_eq!(last_words(&told), "\nGGML_A");
        assert_eq!(last_words(b"cannot start\n"), "\ncannot start");
    }

    #[tokio::test]
    async fn only_the_end_of_a_long_error_output_is_kept() {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let text = [vec![b'x'; 3 * STDERR_KEPT], b"the end".to_vec()].concat();
        keep_tail(text.as_slice(), Arc::clone(&kept)).await;
        let kept: Vec<u8> = kept.lock().unwrap().iter().copied().collect();
        assert_eq!(kept.len(), STDERR_KEPT);
        assert!(kept.ends_with(b"the end"));
    }
}
