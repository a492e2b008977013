//! Carrying tasks of a spec out.

use std::collections::HashMap;

use llm::CancellationToken;
use spec::{Document, RequirementsDoc, Task, TaskId, TaskState, TasksDoc};

use crate::engine::Engine;
use crate::prompts;
use crate::session_log::Origin;
use crate::spec_files::LoadedSpec;
use crate::spec_flow::bounded;
use crate::task_lock::{Taken, TaskLock};
use crate::tools::ToolSet;
use crate::turn::{StepPlan, TurnStart};
use crate::{AgentEvent, EndReason, Mode, NoticeLevel, visible};

/// How much of each document a model reads with a task, in bytes.
const DOCUMENT_BYTES: usize = 60_000;
/// How much of the design a small model reads with a task, in bytes.
const SMALL_DESIGN_BYTES: usize = 1_500;
/// How a model says that it cannot do a task.
const BLOCKED: &str = "BLOCKED:";

impl Engine {
    /// Carries a task out; one that has parts, part by part.
    pub(crate) async fn run_task(&mut self, name: &str, task: &TaskId, cancel: &CancellationToken) {
        let spec = match self.load_spec(name).await {
            Ok(spec) => spec,
            Err(message) => return self.fail(message).await,
        };
        let Some(text) = spec.files.text(Document::Tasks) else {
            return self.fail(format!("The spec {name} has no tasks yet")).await;
        };
        let tasks = TasksDoc::parse(text);
        let Some(wanted) = tasks.task(task) else {
            return self
                .fail(format!(
                    "The spec {name} has no task {}",
                    visible::line(&task.0)
                ))
                .await;
        };
        let leaves = leaves_under(&tasks, wanted);
        if leaves.is_empty() {
            return self.is_done_already(name, task).await;
        }
        let mut left = leaves.len();
        for leaf in leaves {
            left -= 1;
            self.more_parts = left > 0;
            if !self.run_leaf(name, &leaf, cancel).await {
                break;
            }
        }
        self.more_parts = false;
    }

    async fn is_done_already(&self, name: &str, task: &TaskId) {
        let message = format!(
            "Task {} of {name} is done already. To have it done again, open its box in tasks.md first: `[ ]`.",
            visible::line(&task.0)
        );
        self.notice(NoticeLevel::Info, message).await;
    }

    /// Keeps a task from being started in another window or program. The error says where it runs
    /// already; where no lock can be made, the task goes on without.
    async fn lock_task(&self, name: &str, id: &TaskId) -> Result<Option<TaskLock>, String> {
        let (sessions, spec, task) = (self.sessions_folder.clone(), name.to_owned(), id.clone());
        let taken =
            tokio::task::spawn_blocking(move || TaskLock::take(&sessions, &spec, &task)).await;
        match taken {
            Ok(Ok(Taken::Here(lock))) => Ok(Some(lock)),
            Ok(Ok(Taken::Elsewhere(who))) => Err(format!(
                "Task {} of {name} runs already in {who} and was not started a second time",
                visible::line(&id.0)
            )),
            // A file system without locks, or a folder that takes no file: the session's log tells
            // of that one.
            Ok(Err(error)) => {
                tracing::warn!(%error, "a task is not locked");
                Ok(None)
            }
            Err(error) => {
                tracing::warn!(%error, "a task is not locked");
                Ok(None)
            }
        }
    }

    /// A turn for one task. Says whether the next may follow.
    async fn run_leaf(&mut self, name: &str, id: &TaskId, cancel: &CancellationToken) -> bool {
        // Before its box is read: who had the lock may just have changed it.
        let _lock = match self.lock_task(name, id).await {
            Ok(lock) => lock,
            Err(message) => {
                self.fail(message).await;
                return false;
            }
        };
        let spec = match self.load_spec(name).await {
            Ok(spec) => spec,
            Err(message) => {
                self.fail(message).await;
                return false;
            }
        };
        let tasks = TasksDoc::parse(spec.files.text(Document::Tasks).unwrap_or_default());
        let Some(task) = tasks.task(id) else {
            self.fail(format!(
                "The spec {name} has no task {}",
                visible::line(&id.0)
            ))
            .await;
            return false;
        };
        if task.state == TaskState::Done {
            self.is_done_already(name, id).await;
            return true;
        }
        let prompt = format!("Task {}: {}", id.0, task.shown_title());
        self.find_model(&prompt, Mode::Chat, false, cancel).await;
        let small = self.is_small();
        let documents = if small {
            small_context(&spec, task)
        } else {
            full_context(&spec)
        };
        let mut message = prompts::task(small, name, tasks.block(task).trim_end(), &documents);
        if small {
            message = self.with_named_files(&message).await;
        }
        let start = TurnStart {
            prompt,
            mode: Mode::Chat,
            message,
            origin: Origin::Task {
                spec: name.to_owned(),
                task: id.0.clone(),
            },
            replaces: None,
            goes_on: false,
        };
        // The box that it gets back where it is not done. One that says that it runs is left over.
        let before = match task.state {
            TaskState::Running => TaskState::NotStarted,
            state => state,
        };
        if !self.begin_turn(start, cancel).await {
            return false;
        }
        if let Err(message) = self.mark_task(name, id, TaskState::Running).await {
            self.end_turn(EndReason::Failed(message)).await;
            return false;
        }
        let plan = StepPlan {
            system: prompts::system(small, self.folder.root()),
            tools: ToolSet::working(small),
            only_this_turn: true,
            most: None,
        };
        let mut reason = self.run_steps(&plan, cancel).await;
        let (blocked, effects) = self
            .turn
            .as_ref()
            .map(|turn| (blocked(&turn.answer), turn.effects))
            .unwrap_or_default();
        if reason == EndReason::Completed
            && let Some(why) = blocked
        {
            reason = EndReason::Failed(format!("The task could not be done: {why}"));
        }
        if reason == EndReason::Completed && effects == 0 {
            // A model often says that it will do something and stops, or that it has done it.
            reason = EndReason::Failed(only_talked(id, small));
        }
        let done = reason == EndReason::Completed;
        if done && small {
            let message = format!(
                "Task {} is marked done because the model ended it after a change or a command. \
                 Small models get tasks wrong often: check the result before you go on.",
                id.0
            );
            self.kept_notice(NoticeLevel::Info, message).await;
        }
        let marked = if done {
            self.mark_task(name, id, TaskState::Done).await
        } else {
            self.put_box_back(name, id, before).await
        };
        if let Err(message) = marked {
            self.kept_notice(
                NoticeLevel::Error,
                format!("The box of task {} was not changed: {message}", id.0),
            )
            .await;
        }
        self.end_turn(reason).await;
        done
    }

    /// Changes a task's box, and those of the tasks it is part of, by their
    /// one byte each.
    async fn mark_task(&mut self, name: &str, id: &TaskId, state: TaskState) -> Result<(), String> {
        let file = Document::Tasks.file_name();
        let Some(before) = self.read_spec_file(name, file).await? else {
            return Err(format!("{file} is gone"));
        };
        let tasks = TasksDoc::parse(&before);
        let edits = tasks
            .set_state_with_parents(id, state)
            .map_err(|error| error.to_string())?;
        let mut after = before.clone();
        for (range, mark) in edits.into_iter().rev() {
            after.replace_range(range, &mark);
        }
        self.write_spec_file(name, file, Some(&before), &after)
            .await?;
        let old: HashMap<&TaskId, TaskState> = tasks
            .tasks()
            .iter()
            .map(|task| (&task.id, task.state))
            .collect();
        for task in TasksDoc::parse(&after).tasks() {
            if old.get(&task.id) != Some(&task.state) {
                self.events
                    .send(AgentEvent::TaskStateChanged {
                        spec: name.to_owned(),
                        task: task.id.clone(),
                        state: task.state,
                    })
                    .await;
            }
        }
        self.spec_changed(name).await;
        Ok(())
    }

    /// Gives a task's box back that was set to `[-]`. What somebody else wrote into it since then
    /// stays.
    async fn put_box_back(
        &mut self,
        name: &str,
        id: &TaskId,
        before: TaskState,
    ) -> Result<(), String> {
        let text = self
            .read_spec_file(name, Document::Tasks.file_name())
            .await?;
        let changed = text
            .as_deref()
            .map(TasksDoc::parse)
            .and_then(|tasks| tasks.task(id).map(|task| task.state != TaskState::Running));
        if changed == Some(true) {
            return Ok(());
        }
        self.mark_task(name, id, before).await
    }

    /// The program ended while a task ran: its box must not say that it runs, unless somebody else
    /// started it since then.
    pub(crate) async fn task_was_interrupted(&mut self, name: &str, id: &TaskId) {
        let Ok(_lock) = self.lock_task(name, id).await else {
            return;
        };
        let running = match self.read_spec_file(name, Document::Tasks.file_name()).await {
            Ok(Some(text)) => TasksDoc::parse(&text)
                .task(id)
                .is_some_and(|task| task.state == TaskState::Running),
            _ => false,
        };
        if running && let Err(message) = self.mark_task(name, id, TaskState::NotStarted).await {
            self.notice(NoticeLevel::Warning, message).await;
        }
    }
}

/// The tasks to carry out for one: itself where it is open, or its open parts in order. What is
/// optional is carried out only when it is asked for by name.
fn leaves_under(tasks: &TasksDoc, wanted: &Task) -> Vec<TaskId> {
    if tasks.is_leaf(&wanted.id) {
        let open = wanted.state != TaskState::Done;
        return open.then(|| wanted.id.clone()).into_iter().collect();
    }
    tasks
        .children(&wanted.id)
        .filter(|child| !child.optional)
        .flat_map(|child| leaves_under(tasks, child))
        .collect()
}

/// What the user reads about a turn that ended without a change and without a command that
/// succeeded.
fn only_talked(id: &TaskId, small: bool) -> String {
    format!(
        "Task {} stays open: the model ended its turn without changing a file or running a command with success. {}",
        id.0,
        if small {
            "Start it again, or choose a larger model"
        } else {
            "Read its answer, then start the task again, or mark its box in tasks.md where the work is done already"
        }
    )
}

/// What the model gives as the reason why it cannot do a task.
fn blocked(answer: &str) -> Option<String> {
    answer.lines().find_map(|line| {
        let why = line
            .trim()
            .trim_start_matches(['*', '#', ' '])
            .strip_prefix(BLOCKED)?;
        Some(visible::shorten(
            &visible::line(why.trim().trim_matches('*').trim()),
            300,
        ))
    })
}

/// All documents of a spec, bounded.
fn full_context(spec: &LoadedSpec) -> String {
    let mut text = String::new();
    for document in &spec.folder.documents {
        if let Some(content) = spec.files.text(*document) {
            text.push_str(&format!(
                "<document name=\"{}\">\n{}\n</document>\n\n",
                document.file_name(),
                bounded(content, DOCUMENT_BYTES)
            ));
        }
    }
    text.trim_end().to_owned()
}

/// The criteria that the task names and the beginning of the design.
fn small_context(spec: &LoadedSpec, task: &Task) -> String {
    let mut text = String::new();
    if let Some(requirements) = spec.files.text(Document::Requirements) {
        let requirements = RequirementsDoc::parse(requirements);
        for requirement in requirements.requirements() {
            for criterion in &requirement.criteria {
                if task
                    .requirements
                    .iter()
                    .any(|named| *named == criterion.id || *named == requirement.number)
                {
                    text.push_str(&format!("- {} {}\n", criterion.id, criterion.text));
                }
            }
        }
    }
    if let Some(design) = spec.files.text(Document::Design) {
        text.push_str("\nDesign:\n");
        text.push_str(bounded(design, SMALL_DESIGN_BYTES));
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_with_parts_means_its_open_required_parts() {
        let tasks = TasksDoc::parse(
            "# Implementation Plan\n\n- [ ] 1. A\n  - [x] 1.1 B\n  - [ ] 1.2 C\n  - [ ]* 1.3 D\n- [ ] 2. E\n",
        );
        let leaves = |id: &str| -> Vec<String> {
            leaves_under(&tasks, tasks.task(&id.into()).unwrap())
                .into_iter()
                .map(|id| id.0)
                .collect()
        };
        assert_eq!(leaves("1"), ["1.2"]);
        assert_eq!(leaves("2"), ["2"]);
        assert_eq!(leaves("1.3"), ["1.3"], "optional, but asked for");
        assert_eq!(leaves("1.1"), [""; 0], "it is done");
    }

    #[test]
    fn a_blocked_task_is_told_by_its_word() {
        assert_eq!(
            blocked("I tried.\n**BLOCKED:** no network**").as_deref(),
            Some("no network")
        );
        assert_eq!(blocked("It is not blocked: all fine"), None);
    }
}
