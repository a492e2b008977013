//! `kiln-cli chat`.

use std::io::Write as _;

use agent::{Mode, Operation, SessionChoice};

use crate::agent_run::AgentRun;
use crate::arguments::ChatArguments;
use crate::exit::{Exit, UsageError};
use crate::models;
use crate::project::Project;
use crate::terminal;

const HELP: &str = "\
/model PROVIDER/MODEL  use another model
/new                   begin a new session
/retry                 do the last turn again, where it failed or was stopped
/exit                  leave (also Ctrl-D)";

/// What `--resume` takes for the last session, also where it is given nothing.
const LAST: &str = "last";

/// Runs the command.
pub async fn run(arguments: ChatArguments) -> anyhow::Result<Exit> {
    let project = Project::open(&arguments.agent.folder.folder)?;
    let session = match arguments.resume.as_deref() {
        None => SessionChoice::New,
        Some(LAST) => SessionChoice::ResumeLast,
        Some(id) => SessionChoice::Resume(id.parse().map_err(|_| no_session(id))?),
    };
    let prompt = match arguments.prompt {
        Some(prompt) => Some(prompt),
        None if arguments.agent.no_interactive || !terminal::is_interactive() => {
            Some(terminal::read_prompt()?)
        }
        None => None,
    };
    if prompt
        .as_deref()
        .is_some_and(|prompt| prompt.trim().is_empty())
    {
        return Err(UsageError(
            "the prompt is empty; give it as an argument or on standard input".into(),
        )
        .into());
    }
    let conversation = prompt.is_none();
    let mut agent = AgentRun::start(&project, &arguments.agent, session, true).await?;
    if agent.has_no_model() {
        return Ok(Exit::NoModel);
    }
    match prompt {
        Some(text) => {
            let prompt = Operation::Prompt {
                text,
                mode: Mode::Chat,
            };
            let outcome = agent.carry_out(prompt).await?;
            Ok(match outcome.exit() {
                // That it answered nothing was told.
                Exit::Done if !outcome.answered => Exit::Failed,
                // A script has no other way to see that nothing was done.
                Exit::Done if outcome.denied => Exit::Denied,
                exit => exit,
            })
        }
        None if conversation && agent.is_interactive() => converse(&mut agent).await,
        // `--json` on a terminal without a prompt.
        None => Err(UsageError("give a prompt as an argument or on standard input".into()).into()),
    }
}

/// Whoever gives `--resume` a prompt means the last session.
fn no_session(id: &str) -> UsageError {
    UsageError(format!(
        "`{}` is no session's id. To go on with the last session: \
         kiln-cli chat --resume {LAST} PROMPT",
        terminal::visible(id)
    ))
}

/// A conversation: a line, an answer, until the end of the input.
async fn converse(agent: &mut AgentRun) -> anyhow::Result<Exit> {
    eprintln!("/help lists the commands; Ctrl-C stops an answer.");
    loop {
        agent.report_waiting().await?;
        eprint!("\n> ");
        std::io::stderr().flush()?;
        let line = tokio::select! {
            line = agent.next_line() => line,
            stop = tokio::signal::ctrl_c() => {
                stop?;
                None
            }
        };
        let Some(line) = line else {
            eprintln!();
            return Ok(Exit::Done);
        };
        let operation = match line.trim() {
            "" => continue,
            "/exit" | "/quit" => return Ok(Exit::Done),
            "/help" => {
                eprintln!("{HELP}");
                continue;
            }
            "/new" => {
                agent.new_session().await?;
                continue;
            }
            "/retry" => Operation::Retry,
            "/model" => {
                terminal::report_error("say which one: /model PROVIDER/MODEL");
                continue;
            }
            command if let Some(name) = command.strip_prefix("/model ") => {
                match models::model_id(name.trim()) {
                    Ok(id) => Operation::SelectModel(id),
                    Err(error) => {
                        terminal::report_error(&format!("{error:#}"));
                        continue;
                    }
                }
            }
            command if command.starts_with('/') && !command.contains(' ') => {
                terminal::report_error(&format!("there is no command {command}"));
                eprintln!("{HELP}");
                continue;
            }
            text => Operation::Prompt {
                text: text.to_string(),
                mode: Mode::Chat,
            },
        };
        agent.carry_out(operation).await?;
    }
}
