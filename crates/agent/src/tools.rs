//! The tools that a model may call.
//!
//! A call goes through three steps: it is *planned* (arguments read, paths
//! resolved, the new text computed), *asked about* where it changes something,
//! and *carried out* exactly as planned, with its path resolved again.

mod accepted_lines;
mod arguments;
mod caught_up;
mod execute_bash;
mod file_search;
mod fs_write;
mod grep_search;
mod list_directory;
mod output;
mod read_file;
mod str_replace;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use editor_core::Hunk;
use llm::{CancellationToken, ToolCall, ToolSpec};
use serde_json::{Value, json};

use crate::config::AgentLimits;
use crate::host::HostClient;
use crate::output_stream::OutputStream;
use crate::permission::{Effect, is_protected};
use crate::project_path::{ProjectFolder, ProjectPath};
use crate::{FileDiff, PermissionPreview, Supervisor, ToolCallView, ToolOutcome, visible};

use accepted_lines::Left;
pub(crate) use output::Output;

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    ReadFile,
    ListDirectory,
    FileSearch,
    GrepSearch,
    FsWrite,
    StrReplace,
    ExecuteBash,
}

impl Tool {
    /// All of them, in the order in which the model reads about them.
    pub const ALL: [Self; 7] = [
        Self::ReadFile,
        Self::ListDirectory,
        Self::FileSearch,
        Self::GrepSearch,
        Self::FsWrite,
        Self::StrReplace,
        Self::ExecuteBash,
    ];

    /// Those that only read.
    pub const READING: [Self; 4] = [
        Self::ReadFile,
        Self::ListDirectory,
        Self::FileSearch,
        Self::GrepSearch,
    ];

    /// The few that a small model can tell apart.
    pub const FEW: [Self; 5] = [
        Self::ReadFile,
        Self::ListDirectory,
        Self::FsWrite,
        Self::StrReplace,
        Self::ExecuteBash,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::ReadFile => "read_file",
            Self::ListDirectory => "list_directory",
            Self::FileSearch => "file_search",
            Self::GrepSearch => "grep_search",
            Self::FsWrite => "fs_write",
            Self::StrReplace => "str_replace",
            Self::ExecuteBash => "execute_bash",
        }
    }

    /// What the model is told about the tool; in few words for a small model.
    pub fn spec(self, small: bool) -> ToolSpec {
        let (description, short, parameters) = match self {
            Self::ReadFile => read_file::describe(),
            Self::ListDirectory => list_directory::describe(),
            Self::FileSearch => file_search::describe(),
            Self::GrepSearch => grep_search::describe(),
            Self::FsWrite => fs_write::describe(),
            Self::StrReplace => str_replace::describe(),
            Self::ExecuteBash => execute_bash::describe(),
        };
        ToolSpec {
            name: self.name().to_owned(),
            description: if small { short } else { description }.to_owned(),
            parameters: if small {
                without_descriptions(parameters)
            } else {
                parameters
            },
        }
    }
}

/// A schema whose properties are told by their names alone.
fn without_descriptions(mut schema: Value) -> Value {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for property in properties.values_mut() {
            if let Value::Object(fields) = property {
                fields.remove("description");
            }
        }
    }
    schema
}

/// A schema of an object with these properties.
fn schema(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Which tools a turn may use, and for what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToolSet {
    pub tools: Vec<Tool>,
    /// The one file (relative to the folder) that may be written, without
    /// asking: the document that the user asked for.
    pub document: Option<PathBuf>,
}

impl ToolSet {
    /// For a chat or a task.
    pub fn working(small: bool) -> Self {
        Self {
            tools: if small {
                Tool::FEW.to_vec()
            } else {
                Tool::ALL.to_vec()
            },
            document: None,
        }
    }

    /// For writing one document of a spec.
    pub fn document(path: PathBuf) -> Self {
        let mut tools = Tool::READING.to_vec();
        tools.extend([Tool::FsWrite, Tool::StrReplace]);
        Self {
            tools,
            document: Some(path),
        }
    }

    /// None at all.
    pub fn none() -> Self {
        Self {
            tools: Vec::new(),
            document: None,
        }
    }

    pub fn specs(&self, small: bool) -> Vec<ToolSpec> {
        self.tools.iter().map(|tool| tool.spec(small)).collect()
    }

    /// The tool of a name; else what the model reads.
    pub fn find(&self, name: &str) -> Result<Tool, String> {
        self.tools
            .iter()
            .copied()
            .find(|tool| tool.name() == name)
            .ok_or_else(|| {
                let known: Vec<&str> = self.tools.iter().map(|tool| tool.name()).collect();
                format!(
                    "There is no tool `{}`. The tools are: {}",
                    visible::shorten(&visible::line(name), 60),
                    if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    }
                )
            })
    }
}

/// Runs a search on a thread that may wait for the disk. It is told when it is
/// cancelled, and not waited for then.
async fn cancellable<T: Send + 'static>(
    token: &CancellationToken,
    work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
) -> Result<T, String> {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&flag);
    let running = tokio::task::spawn_blocking(move || work(&seen));
    tokio::select! {
        biased;
        () = token.cancelled() => {
            flag.store(true, Ordering::Relaxed);
            Err("Stopped by the user".to_owned())
        }
        done = running => done.map_err(|_| "The search failed".to_owned()),
    }
}

/// What tools work with.
pub(crate) struct ToolContext<'a> {
    pub folder: &'a ProjectFolder,
    pub host: &'a HostClient,
    pub limits: &'a AgentLimits,
    pub supervisor: Option<&'a Supervisor>,
    pub cancel: &'a CancellationToken,
}

/// A change of a file, worked out and not yet made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedWrite {
    pub path: ProjectPath,
    /// The path as the model wrote it, to be resolved again.
    pub named: String,
    /// The text that the change was worked out against.
    pub base: Option<String>,
    pub text: String,
    /// Where the user left something of what the model wrote out.
    pub left: Option<Left>,
}

/// A call that is ready to be carried out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Planned {
    /// It only read, and this is the result.
    Done(Output),
    Write(PlannedWrite),
    Command {
        command: String,
        timeout: Duration,
    },
}

/// A planned call, with what the user reads about it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub title: String,
    pub planned: Result<Planned, String>,
}

/// Works a call out. Reading is done here already; nothing is changed.
pub(crate) async fn plan(call: &ToolCall, set: &ToolSet, context: &ToolContext<'_>) -> Plan {
    let tool = match set.find(&call.name) {
        Ok(tool) => tool,
        Err(message) => {
            return Plan {
                title: String::new(),
                planned: Err(message),
            };
        }
    };
    let title = title(call);
    let arguments = &call.arguments;
    let planned = match tool {
        Tool::ReadFile => read_file::run(arguments, context).await.map(Planned::Done),
        Tool::ListDirectory => list_directory::run(arguments, context)
            .await
            .map(Planned::Done),
        Tool::FileSearch => file_search::run(arguments, context)
            .await
            .map(Planned::Done),
        Tool::GrepSearch => grep_search::run(arguments, context)
            .await
            .map(Planned::Done),
        Tool::FsWrite => fs_write::plan(arguments, context).await.map(Planned::Write),
        Tool::StrReplace => str_replace::plan(arguments, context)
            .await
            .map(Planned::Write),
        Tool::ExecuteBash => execute_bash::plan(arguments, context.limits)
            .map(|(command, timeout)| Planned::Command { command, timeout }),
    };
    let planned = planned.and_then(|planned| match (&planned, &set.document) {
        (Planned::Write(write), Some(document)) if write.path.relative != *document => {
            Err(format!(
                "Only {} may be written now. Write that document and end your answer",
                document.display()
            ))
        }
        _ => Ok(planned),
    });
    let planned = planned.map(|planned| match planned {
        Planned::Write(write) if write.base.as_ref() == Some(&write.text) => {
            let told = format!("{} has exactly this text already.", write.path.shown());
            Planned::Done(Output::success("Nothing to change", told))
        }
        planned => planned,
    });
    Plan { title, planned }
}

/// The longest summary of a result that is shown, in characters. What went wrong comes first in one and
/// what to do last, so that it is for what nobody could read to its end.
const MAX_SUMMARY: usize = 2_000;

/// What a call does, in one line; empty for a tool that does not exist.
pub(crate) fn title(call: &ToolCall) -> String {
    let Some(tool) = Tool::ALL.into_iter().find(|tool| tool.name() == call.name) else {
        return String::new();
    };
    let call = &call.arguments;
    let text = match tool {
        Tool::ReadFile | Tool::FsWrite | Tool::StrReplace => arguments::path(call).ok(),
        Tool::ListDirectory => arguments::path(call).ok().or_else(|| Some(".".to_owned())),
        Tool::FileSearch => arguments::text(call, &["query", "pattern", "name"]).ok(),
        Tool::GrepSearch => arguments::text(call, &["pattern", "query", "regex"]).ok(),
        Tool::ExecuteBash => arguments::text(call, &["command", "cmd"]).ok(),
    };
    visible::shorten(&visible::line(text.unwrap_or_default().trim()), 200)
}

impl Planned {
    /// What it changes; `None` where it changes nothing.
    pub fn effect(&self) -> Option<Effect> {
        match self {
            Self::Done(_) => None,
            Self::Write(write) => Some(Effect::Write {
                protected: write.warning().is_some(),
                path: write.path.relative.clone(),
            }),
            Self::Command { command, .. } => Some(Effect::Command {
                command: command.clone(),
            }),
        }
    }

    /// Whether something has happened once this was carried out with success: a file has other text
    /// than before, or a command ran.
    pub fn changes_something(&self) -> bool {
        match self {
            Self::Done(_) => false,
            Self::Write(write) => write.base.as_ref() != Some(&write.text),
            Self::Command { .. } => true,
        }
    }

    /// What the user is asked to allow, in full.
    pub fn preview(&self, context: &ToolContext<'_>) -> Option<PermissionPreview> {
        match self {
            Self::Done(_) => None,
            Self::Write(write) => Some(PermissionPreview::Diff {
                diff: write.diff(),
                warning: write.warning().map(str::to_owned),
            }),
            Self::Command { command, .. } => Some(PermissionPreview::Command {
                command: visible::block(command),
                cwd: context.folder.root().to_owned(),
                warning: execute_bash::warning(command),
            }),
        }
    }

    /// What is left of a change where the user accepted some of its lines, made to what the file holds
    /// by now; see [`PermissionAnswer::AllowLines`](crate::PermissionAnswer::AllowLines). Otherwise
    /// what the model reads instead.
    pub async fn only(
        self,
        seen: String,
        hunks: Vec<Hunk>,
        refused: usize,
        context: &ToolContext<'_>,
    ) -> Result<Self, Output> {
        match self {
            Self::Write(write) => write
                .caught_up_in_part(seen, hunks, refused, context)
                .await
                .map(Self::Write),
            _ => Err(Output::error(
                "Only a change of a file can be allowed in part",
            )),
        }
    }

    /// The call as the files are now, after it waited for an answer: a change of a file that was edited
    /// elsewhere is made to what it holds by then. Otherwise what the model reads instead.
    pub async fn caught_up(self, context: &ToolContext<'_>) -> Result<Self, Output> {
        match self {
            Self::Write(write) => write.caught_up(context).await.map(Self::Write),
            planned => Ok(planned),
        }
    }

    /// Carries the call out; `stream` has what a command prints meanwhile.
    pub async fn perform(self, stream: OutputStream, context: &ToolContext<'_>) -> Output {
        match self {
            Self::Done(output) => output,
            Self::Write(write) => write.perform(context).await,
            Self::Command { command, timeout } => {
                execute_bash::run(&command, timeout, stream, context).await
            }
        }
    }
}

/// Whether a file is also reached under another name, whose path nobody has checked. A save keeps
/// it one file.
fn has_other_names(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.nlink() > 1)
    }
    #[cfg(not(unix))]
    {
        let _path = path;
        false
    }
}

impl PlannedWrite {
    fn diff(&self) -> FileDiff {
        FileDiff {
            path: self.path.relative.clone(),
            before: self.base.as_deref().map(visible::block),
            after: visible::block(&self.text),
        }
    }

    /// Why it is asked about each time; `None` where an earlier permission is enough.
    fn warning(&self) -> Option<&'static str> {
        if is_protected(&self.path.relative) {
            Some(
                "This file configures or starts programs, so that its changes are always asked about",
            )
        } else if has_other_names(&self.path.absolute) {
            Some(
                "This file has other names (hard links), which may lie outside the folder: they change with it",
            )
        } else {
            None
        }
    }

    async fn perform(self, context: &ToolContext<'_>) -> Output {
        // What the path leads to may have changed since it was approved.
        match context.folder.writable(&self.named) {
            Ok(again) if again == self.path => {}
            Ok(again) => {
                return Output::error(format!(
                    "{} now leads to {}. Nothing was written",
                    self.path.shown(),
                    again.shown()
                ));
            }
            Err(error) => return Output::error(error.to_string()),
        }
        let written = context
            .host
            .write(&self.path.absolute, self.base.as_deref(), &self.text)
            .await;
        if let Err(error) = written {
            return Output::error(error.to_string());
        }
        let shown = self.path.shown();
        let lines = match self.text.lines().count() {
            1 => "1 line".to_owned(),
            count => format!("{count} lines"),
        };
        let (summary, text) = match &self.base {
            None => (
                format!("Created, {lines}"),
                format!("Created {shown} ({lines})."),
            ),
            Some(base) => {
                let (added, removed) = changed_lines(base, &self.text);
                let (summary, text) = (
                    format!("+{added} −{removed}"),
                    format!("Changed {shown}: {added} lines added, {removed} removed."),
                );
                match &self.left {
                    None => (summary, text),
                    Some(left) if left.refused > 0 => (
                        format!("{summary}, in part"),
                        format!("{text} {}", left.told()),
                    ),
                    Some(left) => (summary, format!("{text} {}", left.told())),
                }
            }
        };
        Output {
            ok: true,
            summary,
            text,
            diff: Some(self.diff()),
        }
    }
}

/// Lines added and removed between two texts.
fn changed_lines(before: &str, after: &str) -> (usize, usize) {
    let groups = editor_core::line_groups(before, after, 0);
    let changes = groups.iter().flat_map(|group| &group.changes);
    changes.fold((0, 0), |(added, removed), (old, new)| {
        (added + new.len(), removed + old.len())
    })
}

/// Whether the tool of this name changes files, one a call.
pub(crate) fn writes(name: &str) -> bool {
    [Tool::FsWrite, Tool::StrReplace]
        .iter()
        .any(|tool| tool.name() == name)
}

/// The whole text that a call writes to a file, where it writes a whole one.
pub(crate) fn written_text<'a>(name: &str, arguments: &'a Value) -> Option<&'a str> {
    let mut names = fs_write::CONTENT.iter();
    let text = names.find_map(|name| arguments.get(name))?.as_str();
    text.filter(|_| name == Tool::FsWrite.name())
}

/// A call as the user reads it.
pub(crate) fn view(call: &ToolCall, title: String) -> ToolCallView {
    ToolCallView {
        call_id: call.id.clone(),
        name: visible::shorten(&visible::line(&call.name), 60),
        title,
        arguments: visible::json(&call.arguments),
    }
}

impl Output {
    /// The result as the user reads it.
    pub fn outcome(&self) -> ToolOutcome {
        ToolOutcome {
            ok: self.ok,
            summary: visible::shorten(&visible::line(&self.summary), MAX_SUMMARY),
            output: visible::block(&self.text),
            diff: self.diff.clone(),
            diff_left_out: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_schemas_are_what_both_protocols_take() {
        for tool in Tool::ALL {
            for small in [false, true] {
                let spec = tool.spec(small);
                assert!(
                    spec.name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || c == '_')
                        && spec.name.len() <= 64
                );
                assert!(!spec.description.is_empty());
                assert_eq!(spec.parameters["type"], "object");
                let properties = spec.parameters["properties"].as_object().unwrap();
                for required in spec.parameters["required"].as_array().unwrap() {
                    assert!(properties.contains_key(required.as_str().unwrap()));
                }
            }
        }
    }

    #[test]
    fn a_small_models_tools_take_few_words() {
        let bytes: usize = ToolSet::working(true)
            .specs(true)
            .iter()
            .map(|spec| {
                spec.name.len() + spec.description.len() + spec.parameters.to_string().len()
            })
            .sum();
        assert!(
            bytes < 1_600,
            "{bytes} bytes are about {} tokens",
            bytes / 4
        );
    }
}
