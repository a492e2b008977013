//! An agent in a process of its own, for tests that kill it: takes the project
//! folder, the state folder, the model's address and a prompt, and runs one
//! turn in which everything is allowed. The prompt `run-task SPEC ID` runs a
//! task instead. With a prompt that begins with `ask`, it prints `asked` when it is asked
//! something, and never answers. It is also the program that watches over the commands of all tests here.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use agent::{AgentEvent, Operation, PermissionAnswer, PermissionPolicy, SessionChoice};
use headless_tests::{Setup, chat, launch};
use workspace::Workspace;

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = agent::run_supervisor_if_requested() {
        return Ok(code);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, state, url, prompt] = arguments.as_slice() else {
        anyhow::bail!("usage: killable_agent ROOT STATE URL PROMPT");
    };
    let root = PathBuf::from(root);
    let workspace = Arc::new(Mutex::new(Workspace::new(
        root.clone(),
        Arc::new(fs::RealFs::new()),
    )));
    let runtime = tokio::runtime::Runtime::new()?;
    let asks = prompt.starts_with("ask");
    let setup = Setup {
        permissions: if asks {
            PermissionPolicy::default()
        } else {
            PermissionPolicy::trusting(["execute_bash", "fs_write"])
        },
        ..Setup::default()
    };
    let agent = launch(
        &setup,
        &root,
        &PathBuf::from(state),
        url,
        SessionChoice::ResumeLast,
        &workspace,
        &runtime,
    )?;
    let operation = match prompt
        .strip_prefix("run-task ")
        .and_then(|rest| rest.split_once(' '))
    {
        Some((spec, task)) => Operation::RunTask {
            spec: spec.to_owned(),
            task: task.into(),
        },
        None => chat(prompt),
    };
    agent.operations.send_blocking(operation)?;
    while let Ok(event) = agent.events.recv_blocking() {
        match event {
            AgentEvent::PermissionRequested { .. } if asks => println!("asked"),
            AgentEvent::PermissionRequested { id, .. } => {
                agent
                    .operations
                    .send_blocking(Operation::AnswerPermission {
                        request: id,
                        answer: PermissionAnswer::AllowOnce,
                    })?;
            }
            AgentEvent::TurnEnded { .. } => break,
            _ => {}
        }
    }
    Ok(ExitCode::SUCCESS)
}
