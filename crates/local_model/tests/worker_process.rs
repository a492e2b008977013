//! The worker process from the outside: streamed, cancelled, killed, restarted.
//!
//! This program is both sides: started again with the worker's argument it serves a scripted
//! engine, as the real programs serve llama.cpp. That is why it has a `main` of its own.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "this is a test; clippy looks for `#[test]`"
)]

use std::future::Future;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use futures::{FutureExt, StreamExt};
use local_model::fake_engine::FakeEngine;
use local_model::protocol::WORKER_ARGUMENT;
use local_model::{
    LocalError, LocalEvent, LocalMessage, LocalModel, LocalModelSpec, LocalRequest, LocalStop,
    WorkerCommand, catalogue,
};
use tokio_util::sync::CancellationToken;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments
        .get(1)
        .is_some_and(|argument| argument == WORKER_ARGUMENT)
    {
        return local_model::worker::serve(
            std::io::stdin(),
            std::io::stdout(),
            FakeEngine::default(),
        );
    }
    let filter = arguments
        .iter()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .cloned();
    let mut run = Run {
        filter,
        passed: 0,
        failed: 0,
        start: Instant::now(),
    };
    run.test(
        "an_answer_streams_in_pieces_and_ends_with_its_cost",
        streams,
    );
    run.test("a_tool_call_arrives_with_its_arguments", tool_call);
    run.test("a_cancelled_answer_stops_and_the_worker_goes_on", cancelled);
    run.test("dropping_the_stream_stops_the_worker", dropped);
    run.test(
        "a_killed_worker_is_a_clear_error_and_the_next_answer_comes_from_a_new_one",
        killed,
    );
    run.test("an_abort_shows_what_the_worker_said_last", aborted);
    run.test(
        "an_error_of_the_engine_leaves_the_worker_running",
        engine_error,
    );
    run.test("a_prompt_that_does_not_fit_says_what_to_do", too_long);
    run.test(
        "a_model_that_is_not_there_says_how_to_get_it",
        not_installed,
    );
    run.test("a_program_that_is_no_worker_is_an_error", no_worker);
    run.test("a_worker_that_talks_nonsense_is_an_error", nonsense);
    run.test(
        "secrets_of_the_environment_do_not_reach_the_worker",
        environment,
    );
    run.test("unloading_ends_the_process", unloaded);
    run.finish()
}

struct Run {
    filter: Option<String>,
    passed: u32,
    failed: u32,
    start: Instant,
}

impl Run {
    fn test<F: Future<Output = ()>>(&mut self, name: &str, test: fn() -> F) {
        if self
            .filter
            .as_ref()
            .is_some_and(|filter| !name.contains(filter.as_str()))
        {
            return;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let bounded = async {
            tokio::time::timeout(Duration::from_secs(60), test())
                .await
                .expect("the test hangs")
        };
        let passed = runtime
            .block_on(AssertUnwindSafe(bounded).catch_unwind())
            .is_ok();
        println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }

    fn finish(self) -> ExitCode {
        println!(
            "\ntest result: {}. {} passed; {} failed; 0 ignored; 0 measured; 0 filtered out; finished in {:.2}s",
            if self.failed == 0 { "ok" } else { "FAILED" },
            self.passed,
            self.failed,
            self.start.elapsed().as_secs_f64()
        );
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// A model file that the scripted engine accepts.
struct Fixture {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        std::fs::write(&path, b"weights").unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    fn model(&self) -> LocalModel {
        LocalModel::new(
            spec(),
            self.path.clone(),
            WorkerCommand::current_executable().unwrap(),
        )
    }

    fn model_with(&self, program: &str, arguments: &[&str]) -> LocalModel {
        let command = WorkerCommand {
            program: program.into(),
            arguments: arguments.iter().map(Into::into).collect(),
        };
        LocalModel::new(spec(), self.path.clone(), command)
    }
}

fn spec() -> LocalModelSpec {
    let mut spec = catalogue::smallest().unwrap().clone();
    spec.min_memory_bytes = 0;
    spec
}

fn request(text: &str) -> LocalRequest {
    LocalRequest {
        messages: vec![LocalMessage::user(text)],
        max_tokens: 100,
        ..LocalRequest::default()
    }
}

async fn ask(model: &LocalModel, text: &str) -> Result<Vec<LocalEvent>, LocalError> {
    let events: Vec<_> = model
        .generate(request(text), CancellationToken::new())
        .collect()
        .await;
    events.into_iter().collect()
}

fn text(events: &[LocalEvent]) -> String {
    events
        .iter()
        .filter_map(|event| {
            if let LocalEvent::Text(text) = event {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect()
}

async fn streams() {
    let fixture = Fixture::new();
    let events = ask(&fixture.model(), "one two three").await.unwrap();
    assert!(matches!(events[0], LocalEvent::Loading { .. }));
    let pieces = events
        .iter()
        .filter(|event| matches!(event, LocalEvent::Text(_)))
        .count();
    assert_eq!((text(&events).as_str(), pieces), ("one two three", 3));
    let [
        ..,
        LocalEvent::Usage(usage),
        LocalEvent::Stopped(LocalStop::EndOfTurn),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(usage.output_tokens, 3);
    assert!(usage.memory_bytes > 0 || !cfg!(target_os = "linux"));
}

async fn tool_call() {
    let fixture = Fixture::new();
    let events = ask(&fixture.model(), "call read_file {\"path\": \"a\\nb\"}")
        .await
        .unwrap();
    assert!(events.contains(&LocalEvent::ToolCallStarted {
        name: "read_file".into()
    }));
    assert!(events.contains(&LocalEvent::ToolCall {
        name: "read_file".into(),
        arguments: serde_json::json!({"path": "a\nb"})
    }));
    assert_eq!(
        events.last(),
        Some(&LocalEvent::Stopped(LocalStop::ToolUse))
    );
}

async fn cancelled() {
    let fixture = Fixture::new();
    let model = fixture.model();
    let cancel = CancellationToken::new();
    let mut events = model.generate(request("forever"), cancel.clone());
    let mut speed = None;
    while let Some(event) = events.next().await {
        match event.unwrap() {
            LocalEvent::Speed {
                tokens_per_second, ..
            } => speed = Some(tokens_per_second),
            LocalEvent::Text(_) => break,
            _ => {}
        }
    }
    assert_eq!(speed, Some(10.0), "told before the answer is over");
    cancel.cancel();
    let rest: Vec<_> = events.map(Result::unwrap).collect().await;
    assert_eq!(
        rest.last(),
        Some(&LocalEvent::Stopped(LocalStop::Cancelled))
    );
    let worker = model.worker_id().expect("the worker is still there");
    assert_eq!(
        text(&ask(&model, "still here").await.unwrap()),
        "still here"
    );
    assert_eq!(model.worker_id(), Some(worker), "no new process was needed");
}

async fn dropped() {
    let fixture = Fixture::new();
    let model = fixture.model();
    let mut events = model.generate(request("forever"), CancellationToken::new());
    while let Some(event) = events.next().await {
        if matches!(event.unwrap(), LocalEvent::Text(_)) {
            break;
        }
    }
    drop(events);
    // Would wait for ever behind an answer that nobody reads.
    assert_eq!(text(&ask(&model, "next").await.unwrap()), "next");
}

async fn killed() {
    let fixture = Fixture::new();
    let model = fixture.model();
    ask(&model, "hello").await.unwrap();
    let worker = model.worker_id().unwrap();
    let mut events = model.generate(request("forever"), CancellationToken::new());
    while let Some(event) = events.next().await {
        if matches!(event.unwrap(), LocalEvent::Text(_)) {
            break;
        }
    }
    let killed = std::process::Command::new("kill")
        .args(["-9", &worker.to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let mut end = None;
    while let Some(event) = events.next().await {
        end = Some(event);
    }
    let error = end.unwrap().unwrap_err();
    assert!(matches!(error, LocalError::WorkerDied { .. }));
    let message = error.to_string();
    assert!(
        message.contains("memory ran out") && message.contains("send the message again"),
        "{message}"
    );
    assert_eq!(
        text(&ask(&model, "back again").await.unwrap()),
        "back again"
    );
    assert_ne!(model.worker_id(), Some(worker));
}

async fn aborted() {
    let fixture = Fixture::new();
    let model = fixture.model();
    let error = ask(&model, "abort").await.unwrap_err().to_string();
    assert!(
        error.contains("aborted") && error.contains("fake engine: asked to abort"),
        "{error}"
    );
    assert_eq!(text(&ask(&model, "fine").await.unwrap()), "fine");
}

async fn engine_error() {
    let fixture = Fixture::new();
    let model = fixture.model();
    let error = ask(&model, "fail").await.unwrap_err().to_string();
    assert!(error.contains("asked to fail"), "{error}");
    assert!(model.worker_id().is_some());
    assert_eq!(text(&ask(&model, "fine").await.unwrap()), "fine");
}

async fn too_long() {
    let fixture = Fixture::new();
    let error = ask(&fixture.model(), "too long")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("9000 tokens") && error.contains("start a new chat"),
        "{error}"
    );
}

async fn not_installed() {
    let fixture = Fixture::new();
    std::fs::remove_file(&fixture.path).unwrap();
    let error = ask(&fixture.model(), "hello").await.unwrap_err();
    assert!(matches!(error, LocalError::NotInstalled { .. }));
    assert!(
        error
            .to_string()
            .contains("kiln-cli model pull qwen2.5-coder-0.5b"),
        "{error}"
    );
}

async fn no_worker() {
    let fixture = Fixture::new();
    let error = ask(&fixture.model_with("/no/such/program", &[]), "hello")
        .await
        .unwrap_err();
    assert!(
        matches!(error, LocalError::NotStarted { .. })
            && error.to_string().contains("/no/such/program")
    );
    let error = ask(&fixture.model_with("false", &[]), "hello")
        .await
        .unwrap_err();
    assert!(matches!(error, LocalError::WorkerDied { .. }), "{error}");
}

async fn nonsense() {
    let fixture = Fixture::new();
    let script = "echo this is no reply; echo '{\"Loaded\": 3}'; echo oh dear >&2; exit 3";
    let error = ask(&fixture.model_with("sh", &["-c", script]), "hello")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("exit status: 3") && error.contains("oh dear"),
        "{error}"
    );
}

async fn environment() {
    let fixture = Fixture::new();
    // Whatever cargo set for this program is a variable that is not on the worker's list.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let path = fixture.path.with_file_name("environment.txt");
    let script = format!("env > '{}'", path.display());
    ask(&fixture.model_with("sh", &["-c", &script]), "hello")
        .await
        .unwrap_err();
    let environment = std::fs::read_to_string(path).unwrap();
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("CARGO_MANIFEST_DIR"), "{environment}");
}

async fn unloaded() {
    let fixture = Fixture::new();
    let model = fixture.model();
    ask(&model, "hello").await.unwrap();
    assert!(model.worker_id().is_some());
    model.unload().await;
    assert_eq!(model.worker_id(), None);
    // Flushed for whoever reads along.
    std::io::stdout().flush().unwrap();
}
