//! `kiln-cli spec`.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use agent::{DocumentHash, Mode, Operation, SessionChoice};
use anyhow::{Context as _, bail};
use serde_json::json;
use spec::{Document, Phase, ProblemCount, ReviewStatus, SpecDiagnostic, TaskId, TasksDoc};

use crate::agent_run::{AgentRun, Outcome};
use crate::arguments::{AgentArguments, DocumentName, FolderArgument, SpecCommand};
use crate::exit::{Exit, UsageError};
use crate::project::Project;
use crate::spec_reader::{self, ReadSpec};
use crate::terminal::{self, shell_word, visible};

/// Runs the command.
pub async fn run(command: SpecCommand) -> anyhow::Result<Exit> {
    match command {
        SpecCommand::New { prompt, agent } => {
            if prompt.trim().is_empty() {
                return Err(UsageError("say what is to be built".into()).into());
            }
            let project = Project::open(&agent.folder.folder)?;
            let operation = Operation::Prompt {
                text: prompt,
                mode: Mode::Spec,
            };
            document_turn(&project, &agent, operation, None).await
        }
        SpecCommand::List { folder, json } => list(&folder, json),
        SpecCommand::Show {
            name,
            document,
            folder,
            json,
        } => show(&folder, &name, document, json),
        SpecCommand::Approve { named, sha256 } => {
            let seen = sha256
                .map(|hash| {
                    hash.parse::<DocumentHash>()
                        .map_err(|error| UsageError(format!("--sha256: {error}")))
                })
                .transpose()?;
            let project = Project::open(&named.agent.folder.folder)?;
            let read = spec_reader::one(&project.root, &named.name)?;
            // Refused before a model is looked for.
            read.ensure_next_is_read()?;
            read.folder.phase.approve(read.folder.state.workflow)?;
            let now = waiting_hash(&read)?;
            if seen.is_some_and(|seen| seen != now) {
                bail!(
                    "nothing was approved: the text of {} is not the one that you read; its SHA-256 is {now} now",
                    visible(&named.name)
                );
            }
            let operation = Operation::SpecApprove {
                spec: named.name.clone(),
                seen: now,
            };
            document_turn(&project, &named.agent, operation, Some(named.name)).await
        }
        SpecCommand::RequestChanges {
            name,
            feedback,
            agent,
        } => {
            let project = Project::open(&agent.folder.folder)?;
            let read = spec_reader::one(&project.root, &name)?;
            read.ensure_next_is_read()?;
            read.folder.phase.request_changes()?;
            let operation = Operation::SpecRequestChanges {
                spec: name.clone(),
                feedback,
            };
            document_turn(&project, &agent, operation, Some(name)).await
        }
        SpecCommand::Next(named) => {
            let project = Project::open(&named.agent.folder.folder)?;
            spec_reader::one(&project.root, &named.name)?;
            let operation = Operation::SpecNext {
                spec: named.name.clone(),
            };
            document_turn(&project, &named.agent, operation, Some(named.name)).await
        }
        SpecCommand::Run {
            name,
            task,
            all,
            agent,
        } => run_tasks(&agent, &name, task.as_deref(), all).await,
    }
}

/// The hash of the document that waits for an approval.
fn waiting_hash(read: &ReadSpec) -> anyhow::Result<DocumentHash> {
    let waits = read.folder.phase.phase.document(read.folder.spec_type);
    let text = waits.and_then(|document| read.files.text(document));
    let text = text.with_context(|| {
        format!(
            "no document of {} waits for review",
            visible(&read.folder.name)
        )
    })?;
    Ok(DocumentHash::of(text))
}

/// A turn that writes a document, and what to do next.
async fn document_turn(
    project: &Project,
    arguments: &AgentArguments,
    operation: Operation,
    name: Option<String>,
) -> anyhow::Result<Exit> {
    // The last approval needs no model: nothing is written after it.
    let approves = matches!(operation, Operation::SpecApprove { .. });
    let mut agent = AgentRun::start(project, arguments, SessionChoice::New, false).await?;
    if agent.has_no_model() && !approves {
        return Ok(Exit::NoModel);
    }
    let outcome = agent.carry_out(operation).await?;
    let name = name.or_else(|| outcome.spec.clone());
    if !arguments.json
        && let Some(name) = name
    {
        say_next(project, &arguments.folder, &name, &outcome)?;
    }
    // A completed spec after the last approval is no failure for want of a model.
    Ok(outcome.exit())
}

/// Says where a spec stands, and the commands that go on from there.
fn say_next(
    project: &Project,
    folder: &FolderArgument,
    name: &str,
    outcome: &Outcome,
) -> anyhow::Result<()> {
    let read = spec_reader::one(&project.root, name)?;
    let status = read.folder.phase;
    let document = status.phase.document(read.folder.spec_type);
    // It is written already, only not as a text: that it cannot be read was told.
    if read.waits_for_unread() {
        return Ok(());
    }
    let mut output = io::stdout();
    // As they can be copied: with the folder that was named, and quoted.
    let name = match folder.folder.as_path() {
        here if here == Path::new(".") => shell_word(name),
        there => format!(
            "--folder {} {}",
            shell_word(&visible(&there.display().to_string())),
            shell_word(name)
        ),
    };
    writeln!(output, "{}", line(&read))?;
    match (document, status.status) {
        (Some(document), ReviewStatus::AwaitingReview) => {
            writeln!(
                output,
                "Read it:    kiln-cli spec show {name} {}",
                document.key()
            )?;
            writeln!(output, "Approve it: kiln-cli spec approve {name}")?;
            writeln!(
                output,
                "Change it:  kiln-cli spec request-changes {name} \"…\""
            )?;
        }
        (Some(_), ReviewStatus::Missing) if outcome.exit() != Exit::Done => {
            writeln!(output, "Try again:  kiln-cli spec next {name}")?;
        }
        (None, _) if !read.folder.progress.is_complete() => {
            writeln!(output, "Work on it: kiln-cli spec run {name}")?;
        }
        _ => {}
    }
    Ok(())
}

async fn run_tasks(
    arguments: &AgentArguments,
    name: &str,
    task: Option<&str>,
    all: bool,
) -> anyhow::Result<Exit> {
    let project = Project::open(&arguments.folder.folder)?;
    let read = spec_reader::one(&project.root, name)?;
    if read.folder.phase.phase != Phase::Implementation {
        bail!(
            "the spec {} is not ready: its {} {}",
            visible(name),
            read.folder.phase.phase.title().to_lowercase(),
            match read.folder.phase.status {
                _ if read.waits_for_unread() => "document cannot be read (`kiln-cli spec list`)",
                ReviewStatus::Missing => "document is not written",
                _ => "document waits for review (`kiln-cli spec approve`)",
            }
        );
    }
    let mut next = match task {
        Some(number) if number.trim().is_empty() => {
            return Err(UsageError("give the number of a task".into()).into());
        }
        Some(number) => {
            let tasks = tasks(&read)?;
            let id = TaskId(number.to_string());
            if let Err(error) = tasks.set_state(&id, spec::TaskState::Running) {
                return Err(UsageError(error.to_string()).into());
            }
            Some(id)
        }
        None => tasks(&read)?.next_task().map(|task| task.id.clone()),
    };
    if next.is_none() {
        println!("All tasks of {} are done.", visible(name));
        return Ok(Exit::Done);
    }
    let mut agent = AgentRun::start(&project, arguments, SessionChoice::New, false).await?;
    if agent.has_no_model() {
        return Ok(Exit::NoModel);
    }
    while let Some(task) = next {
        let operation = Operation::RunTask {
            spec: name.to_string(),
            task: task.clone(),
        };
        let outcome = agent.carry_out(operation).await?;
        let read = spec_reader::one(&project.root, name)?;
        if !arguments.json {
            println!("{}", line(&read));
        }
        if outcome.exit() != Exit::Done {
            return Ok(outcome.exit());
        }
        next = tasks(&read)?
            .next_task()
            .map(|task| task.id.clone())
            .filter(|following| all && *following != task);
    }
    Ok(Exit::Done)
}

fn tasks(read: &ReadSpec) -> anyhow::Result<TasksDoc> {
    let text = read
        .files
        .text(Document::Tasks)
        .with_context(|| read.why_not(Document::Tasks))?;
    Ok(TasksDoc::parse(text))
}

/// A spec in one line: `dark-mode  Tasks, waiting for review  3 of 7`.
fn line(read: &ReadSpec) -> String {
    padded_line(read, 0)
}

/// The same with the name made as wide as others' in a list, in columns.
fn padded_line(read: &ReadSpec, width: usize) -> String {
    let folder = &read.folder;
    let phase = match (folder.phase.phase, folder.phase.status) {
        (Phase::Implementation, _) if folder.progress.is_complete() => "Done".to_string(),
        (Phase::Implementation, _) => "Building".to_string(),
        // Why is told beside the list.
        (phase, _) if read.waits_for_unread() => format!("{}, cannot be read", phase.title()),
        (phase, ReviewStatus::Missing) => format!("{}, to be written", phase.title()),
        (phase, _) => format!("{}, waiting for review", phase.title()),
    };
    let progress = match folder.progress.total {
        0 => String::new(),
        total => format!("  {} of {total} tasks", folder.progress.done),
    };
    let name = visible(&folder.name);
    // A name that is longer stands on a line of its own, whole, so that it can be copied.
    let name = match name.chars().count() > width && width > 0 {
        true => format!("{name}\n{:width$}", ""),
        false => format!("{name:<width$}"),
    };
    format!(
        "{name}  {phase}{progress}{}",
        column(folder.problem_count())
    )
}

/// A count of problems as the last column of a line; nothing where there are none.
fn column(problems: ProblemCount) -> String {
    if problems.is_empty() {
        String::new()
    } else {
        format!("  {problems}")
    }
}

fn status_name(status: ReviewStatus) -> &'static str {
    match status {
        ReviewStatus::Missing => "missing",
        ReviewStatus::AwaitingReview => "awaiting_review",
        ReviewStatus::Approved => "approved",
    }
}

/// How the document that comes next stands.
fn status_of(read: &ReadSpec) -> &'static str {
    match read.waits_for_unread() {
        true => "unreadable",
        false => status_name(read.folder.phase.status),
    }
}

fn list(folder: &FolderArgument, as_json: bool) -> anyhow::Result<Exit> {
    let project = Project::open(&folder.folder)?;
    let specs = spec_reader::all(&project.root)?;
    let mut output = io::stdout();
    if as_json {
        let rows: Vec<_> = specs
            .iter()
            .map(|read| {
                let problems = read.folder.problem_count();
                json!({
                    "name": read.folder.name,
                    "type": read.folder.spec_type.config_name(),
                    "phase": read.folder.phase.phase.title(),
                    "status": status_of(read),
                    "done": read.folder.progress.done,
                    "total": read.folder.progress.total,
                    "errors": problems.errors,
                    "warnings": problems.warnings,
                    "unreadable": read.problems,
                })
            })
            .collect();
        writeln!(output, "{}", json!(rows))?;
        return Ok(Exit::Done);
    }
    if specs.is_empty() {
        writeln!(
            output,
            "This folder has no specs. Begin one: kiln-cli spec new \"what is to be built\""
        )?;
    }
    let width = specs
        .iter()
        .map(|read| read.folder.name.chars().count())
        .max()
        .unwrap_or(0)
        .min(48);
    for read in &specs {
        writeln!(output, "{}", padded_line(read, width))?;
        for problem in &read.problems {
            terminal::report_warning(&format!("{}: {problem}", read.folder.name));
        }
    }
    Ok(Exit::Done)
}

fn show(
    folder: &FolderArgument,
    name: &str,
    document: Option<DocumentName>,
    as_json: bool,
) -> anyhow::Result<Exit> {
    let project = Project::open(&folder.folder)?;
    let read = spec_reader::one(&project.root, name)?;
    for problem in &read.problems {
        terminal::report_warning(&format!("{name}: {problem}"));
    }
    match document {
        Some(document) => show_document(&read, document, as_json),
        None if as_json => show_json(&read),
        None => show_overview(&read),
    }
}

fn show_document(read: &ReadSpec, document: DocumentName, as_json: bool) -> anyhow::Result<Exit> {
    let document = match document {
        DocumentName::Requirements => Document::Requirements,
        DocumentName::Bugfix => Document::Bugfix,
        DocumentName::Design => Document::Design,
        DocumentName::Tasks => Document::Tasks,
    };
    let text = read.files.text(document);
    let text = text.with_context(|| read.why_not(document))?;
    let hash = DocumentHash::of(text);
    let mut output = io::stdout();
    if as_json {
        let object = json!({
            "document": document.key(),
            "file": document.file_name(),
            "sha256": hash.to_string(),
            "text": text,
        });
        writeln!(output, "{object}")?;
        return Ok(Exit::Done);
    }
    // A terminal would act on what a file holds.
    let shown = if output.is_terminal() {
        visible(text)
    } else {
        text.to_string()
    };
    output.write_all(shown.as_bytes())?;
    output.flush()?;
    // Beside the text, not in it: the text may be on its way into a file.
    eprintln!("SHA-256: {hash}");
    Ok(Exit::Done)
}

/// The line that a problem begins in, from 1.
fn line_of(read: &ReadSpec, document: Document, found: &SpecDiagnostic) -> usize {
    found.line(read.files.text(document).unwrap_or_default())
}

fn show_json(read: &ReadSpec) -> anyhow::Result<Exit> {
    let folder = &read.folder;
    let documents: Vec<_> = folder
        .documents
        .iter()
        .filter_map(|document| {
            let text = read.files.text(*document)?;
            Some(json!({
                "document": document.key(),
                "file": document.file_name(),
                "status": status_name(folder.state.status(Phase::of(*document))),
                "sha256": DocumentHash::of(text).to_string(),
            }))
        })
        .collect();
    let tasks = read.files.text(Document::Tasks).map(TasksDoc::parse);
    let tasks: Vec<_> = tasks
        .iter()
        .flat_map(|tasks| tasks.tasks())
        .map(|task| {
            json!({
                "id": task.id,
                "title": task.title,
                "level": task.level,
                "state": task.state,
                "optional": task.optional,
            })
        })
        .collect();
    let problems: Vec<_> = folder
        .diagnostics
        .iter()
        .map(|(document, found)| {
            json!({
                "file": document.file_name(),
                "line": line_of(read, *document, found),
                "severity": found.severity.name(),
                "message": found.message,
            })
        })
        .collect();
    let object = json!({
        "name": folder.name,
        "type": folder.spec_type.config_name(),
        "phase": folder.phase.phase.title(),
        "status": status_of(read),
        "documents": documents,
        "tasks": tasks,
        "problems": problems,
    });
    writeln!(io::stdout(), "{object}")?;
    Ok(Exit::Done)
}

fn show_overview(read: &ReadSpec) -> anyhow::Result<Exit> {
    let mut output = io::stdout();
    writeln!(output, "{}", line(read))?;
    for document in &read.folder.documents {
        let hash = DocumentHash::of(read.files.text(*document).unwrap_or_default());
        let problems = ProblemCount::of(read.folder.problems_of(*document));
        let status = match read.folder.state.status(Phase::of(*document)) {
            ReviewStatus::Approved => "approved",
            ReviewStatus::AwaitingReview => "waits for review",
            ReviewStatus::Missing => "empty",
        };
        writeln!(
            output,
            "  {:<15}  {status:<16}  SHA-256 {hash}{}",
            document.file_name(),
            column(problems)
        )?;
    }
    if let Some(text) = read.files.text(Document::Tasks) {
        writeln!(output)?;
        for task in TasksDoc::parse(text).tasks() {
            let indent = "  ".repeat(task.level as usize + 1);
            let star = if task.optional { "*" } else { "" };
            writeln!(
                output,
                "{indent}[{}]{star} {} {}",
                task.state.mark(),
                visible(&task.id.0),
                visible(task.shown_title())
            )?;
        }
    }
    if !read.folder.diagnostics.is_empty() {
        writeln!(output)?;
    }
    for (document, found) in &read.folder.diagnostics {
        writeln!(
            output,
            "{}:{}: {}: {}",
            document.file_name(),
            line_of(read, *document, found),
            found.severity,
            visible(&found.message)
        )?;
    }
    Ok(Exit::Done)
}
