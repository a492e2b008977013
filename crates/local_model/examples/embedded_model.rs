//! The embedded model from the command line, for trying it out without the rest of Kiln:
//!
//! ```text
//! cargo run -p local_model --example embedded_model -- pull qwen2.5-coder-0.5b
//! cargo run -p local_model --example embedded_model -- chat qwen2.5-coder-0.5b "What is a rope?"
//! cargo run -p local_model --example embedded_model -- tool qwen2.5-coder-0.5b "What is in notes.txt?"
//! ```
//!
//! `tool` offers three made-up tools and answers their calls with a fixed text. Models live where
//! Kiln keeps them.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use futures::StreamExt;
use local_model::{
    LocalContent, LocalEvent, LocalMessage, LocalModel, LocalRequest, LocalRole, LocalTool,
    ModelStore, Stage, WorkerCommand, catalogue, memory,
};
use tokio_util::sync::CancellationToken;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    if let Some(code) = local_model::worker::run_if_requested() {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| {
            runtime.block_on(async {
                match arguments.as_slice() {
                    ["pull", id] => pull(id).await,
                    ["chat", id, prompt] => talk(id, prompt, SYSTEM, &[]).await,
                    ["chat", id, prompt, system] => talk(id, prompt, system, &[]).await,
                    ["tool", id, prompt, system] => talk(id, prompt, system, &tools()).await,
                ["tool", id, prompt] => talk(id, prompt, SYSTEM, &tools()).await,
                    _ => Err(
                        "usage: embedded_model pull ID | chat ID PROMPT [SYSTEM] | tool ID PROMPT [SYSTEM]"
                            .into(),
                    ),
                }
            })
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

const SYSTEM: &str = "You are Kiln, a helpful coding assistant inside a code editor. Be brief.";

fn store() -> Result<ModelStore> {
    Ok(ModelStore::new(
        fs::KilnPaths::from_env()?.data.join("models"),
    ))
}

async fn pull(id: &str) -> Result<()> {
    let spec = catalogue::find(id).ok_or("there is no such model")?;
    let shows = io::stderr().is_terminal();
    let mut last = None;
    let path = store()?
        .pull(
            spec,
            |progress| {
                let percent = progress.done * 100 / progress.total.max(1);
                let state = (progress.stage, progress.source.clone(), percent / 10);
                if !shows && last.as_ref() == Some(&state) {
                    return;
                }
                last = Some(state);
                let what = match progress.stage {
                    Stage::Connecting => "connecting to",
                    Stage::Downloading => "downloading from",
                    Stage::Checking => "checking what came from",
                };
                let speed = memory::readable(progress.bytes_per_second);
                eprint!(
                    "{what} {}: {percent} % {speed}/s{}",
                    progress.source,
                    if shows { "   \r" } else { "\n" }
                );
            },
            &CancellationToken::new(),
        )
        .await?;
    eprintln!();
    println!("{}", path.display());
    Ok(())
}

async fn talk(id: &str, prompt: &str, system: &str, tools: &[LocalTool]) -> Result<()> {
    let spec = catalogue::find(id).ok_or("there is no such model")?;
    let model = LocalModel::new(
        spec.clone(),
        store()?.path(spec),
        WorkerCommand::current_executable()?,
    );
    let mut request = LocalRequest {
        system: system.into(),
        messages: vec![LocalMessage::user(prompt)],
        tools: tools.to_vec(),
        words_only: false,
        max_tokens: 512,
        temperature: None,
    };
    for _ in 0..4 {
        let Some((name, arguments)) = answer(&model, &request).await? else {
            break;
        };
        request.messages.push(LocalMessage {
            role: LocalRole::Assistant,
            content: vec![LocalContent::ToolCall {
                name: name.clone(),
                arguments,
            }],
        });
        request.messages.push(LocalMessage {
            role: LocalRole::User,
            content: vec![LocalContent::ToolResult {
                name,
                output: "Buy milk.\nCall Ada about the engine.\n".into(),
                is_error: false,
            }],
        });
    }
    Ok(())
}

/// Shows an answer; returns the call that it ends in.
async fn answer(
    model: &LocalModel,
    request: &LocalRequest,
) -> Result<Option<(String, serde_json::Value)>> {
    let start = Instant::now();
    let mut first = None;
    let mut call = None;
    let mut events = model.generate(request.clone(), CancellationToken::new());
    while let Some(event) = events.next().await {
        match event? {
            LocalEvent::Loading { .. } | LocalEvent::Reading { .. } | LocalEvent::Speed { .. } => {}
            LocalEvent::Text(text) => {
                first.get_or_insert_with(|| start.elapsed());
                print!("{text}");
                io::stdout().flush()?;
            }
            LocalEvent::ToolCallStarted { name } => println!("\n[calls {name}]"),
            LocalEvent::ToolCall { name, arguments } => {
                println!("[{name} {arguments}]");
                call = Some((name, arguments));
            }
            LocalEvent::MalformedToolCall {
                name,
                arguments,
                error,
            } => {
                println!("[malformed call of {name}: {error}: {arguments}]");
            }
            LocalEvent::Usage(usage) => println!("\n{usage:?}"),
            LocalEvent::Stopped(reason) => {
                println!(
                    "{reason:?}; first text after {first:?}, end after {:?}",
                    start.elapsed()
                );
            }
        }
    }
    Ok(call)
}

fn tools() -> Vec<LocalTool> {
    let path = serde_json::json!({"type": "string"});
    vec![
        LocalTool {
            name: "read_file".into(),
            description: "Read a text file of the project.".into(),
            parameters: serde_json::json!({
                "type": "object",
                "properties": {"path": path, "start_line": {"type": "integer"}},
                "required": ["path"]
            }),
        },
        LocalTool {
            name: "list_directory".into(),
            description: "List the files of a folder.".into(),
            parameters: serde_json::json!({"type": "object", "properties": {"path": path}, "required": ["path"]}),
        },
        LocalTool {
            name: "fs_write".into(),
            description: "Create or overwrite a file.".into(),
            parameters: serde_json::json!({
                "type": "object",
                "properties": {"path": path, "content": {"type": "string"}},
                "required": ["path", "content"]
            }),
        },
    ]
}
