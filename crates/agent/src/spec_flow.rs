//! From a prompt to requirements, a design and tasks, each reviewed before the
//! next is written.

use llm::CancellationToken;
use spec::{
    Document, Phase, ReviewStatus, Severity, SpecConfig, SpecFiles, SpecType, Workflow,
    unique_spec_name,
};
use uuid::Uuid;

use crate::engine::Engine;
use crate::prompts::{self, DocumentBrief};
use crate::session_log::{Origin, Record, find_in_sessions};
use crate::spec_document::{complete, extract};
use crate::spec_files::{LoadedSpec, relative};
use crate::tools::ToolSet;
use crate::turn::{StepPlan, TurnStart};
use crate::{AgentEvent, DocumentHash, EndReason, Mode, NoticeLevel, visible};

/// How much of an earlier document a small model reads, in bytes.
const SMALL_DOCUMENT_BYTES: usize = 5_000;
/// How much of an earlier document another model reads, in bytes.
const DOCUMENT_BYTES: usize = 120_000;
/// How much of what the user asked for is kept with the spec, in bytes: the file is committed with
/// the project, and a long prompt holds what was pasted into it.
const REQUEST_BYTES: usize = 2 << 10;
/// How much of it is taken from another conversation, in bytes.
const WHOLE_REQUEST_BYTES: usize = 64 << 10;
/// How many errors of a document the model is told at once.
const MAX_PROBLEMS: usize = 12;

/// What writing a document is about.
struct DocumentTurn {
    spec: String,
    phase: Phase,
    document: Document,
    /// What the user is shown.
    prompt: String,
    /// What the user asked for.
    request: String,
    feedback: Option<String>,
}

impl Engine {
    /// A prompt in spec mode: a new spec, beginning with its requirements.
    pub(crate) async fn new_spec(&mut self, prompt: String, cancel: &CancellationToken) {
        let name = unique_spec_name(&prompt, |name| self.spec_exists(name));
        let config = SpecConfig::new(
            &Uuid::now_v7().to_string(),
            Workflow::RequirementsFirst,
            SpecType::Feature,
            Some(bounded(&prompt, REQUEST_BYTES)),
        );
        let created = self
            .write_spec_file(&name, SpecFiles::CONFIG, None, config.source())
            .await;
        if let Err(message) = created {
            self.fail(format!("The spec was not created: {message}"))
                .await;
            return;
        }
        self.spec_changed(&name).await;
        if prompt.trim_end().len() > REQUEST_BYTES {
            let message = format!(
                "The first 2 KB of what you asked for are kept with the spec, in {}. The conversation has all of it, and the later documents are written from that.",
                relative(&name, SpecFiles::CONFIG)
            );
            self.notice(NoticeLevel::Info, message).await;
        }
        let turn = DocumentTurn {
            spec: name,
            phase: Phase::Requirements,
            document: Document::Requirements,
            request: prompt.clone(),
            prompt,
            feedback: None,
        };
        self.write_document(turn, cancel).await;
    }

    /// The document that waits is good, if its text is still the one that was `seen`: keep that,
    /// and write the next one.
    pub(crate) async fn approve(
        &mut self,
        name: &str,
        seen: DocumentHash,
        cancel: &CancellationToken,
    ) {
        let spec = match self.load_spec(name).await {
            Ok(spec) => spec,
            Err(message) => return self.fail(message).await,
        };
        let state = spec.state();
        let next = match spec.folder.phase.approve(state.workflow) {
            Ok(next) => next,
            Err(error) => return self.fail(format!("{name}: {error}")).await,
        };
        let mut approved = approved_documents(&spec);
        if let Some(document) = spec.folder.phase.phase.document(spec.folder.spec_type) {
            let text = spec.files.text(document).unwrap_or_default();
            if DocumentHash::of(text) != seen {
                // Whoever shows the old text looks again.
                self.spec_changed(name).await;
                return self
                    .fail(format!(
                        "Nothing was approved: {} is not the text that you read. Read it again",
                        document.file_name()
                    ))
                    .await;
            }
            // What was checked is what is kept: it may be typed into meanwhile.
            let file = document.file_name();
            if let Err(error) = self.save_read_file(name, file, text).await {
                self.spec_changed(name).await;
                return self.fail(format!("Nothing was approved: {error}")).await;
            }
            approved.push(document);
        }
        if let Err(message) = self.write_approvals(&spec, &approved).await {
            return self
                .fail(format!("The approval was not kept: {message}"))
                .await;
        }
        self.spec_changed(name).await;
        if next.phase == Phase::Implementation {
            self.notice(
                NoticeLevel::Info,
                format!("The spec {name} is complete. Start its tasks one by one."),
            )
            .await;
            return;
        }
        self.next_document(name, cancel).await;
    }

    /// Writes the document that is missing next.
    pub(crate) async fn next_document(&mut self, name: &str, cancel: &CancellationToken) {
        let spec = match self.load_spec(name).await {
            Ok(spec) => spec,
            Err(message) => return self.fail(message).await,
        };
        let status = spec.folder.phase;
        let Some(document) = status.phase.document(spec.folder.spec_type) else {
            return self
                .fail(format!("Every document of {name} is written and approved"))
                .await;
        };
        if status.status == ReviewStatus::AwaitingReview {
            self.inbox.review_ready(name);
            self.events
                .send(AgentEvent::SpecReviewReady {
                    spec: name.to_owned(),
                    phase: status.phase,
                })
                .await;
            return;
        }
        let prompt = format!("Write the {} of {name}", document.title().to_lowercase());
        let turn = DocumentTurn {
            spec: name.to_owned(),
            phase: status.phase,
            document,
            request: self.request(&spec, &prompt, cancel).await,
            prompt,
            feedback: None,
        };
        self.write_document(turn, cancel).await;
    }

    /// The document that waits is to be changed.
    pub(crate) async fn request_changes(
        &mut self,
        name: &str,
        feedback: String,
        cancel: &CancellationToken,
    ) {
        let spec = match self.load_spec(name).await {
            Ok(spec) => spec,
            Err(message) => return self.fail(message).await,
        };
        let status = match spec.folder.phase.request_changes() {
            Ok(status) => status,
            Err(error) => return self.fail(format!("{name}: {error}")).await,
        };
        let Some(document) = status.phase.document(spec.folder.spec_type) else {
            return;
        };
        let approved = approved_documents(&spec);
        if approved.contains(&document) {
            let kept: Vec<Document> = approved
                .into_iter()
                .filter(|known| *known != document)
                .collect();
            if let Err(message) = self.write_approvals(&spec, &kept).await {
                return self
                    .fail(format!("The review was not kept: {message}"))
                    .await;
            }
        }
        let turn = DocumentTurn {
            spec: name.to_owned(),
            phase: status.phase,
            document,
            prompt: feedback.clone(),
            request: self.request(&spec, &feedback, cancel).await,
            feedback: Some(feedback),
        };
        self.write_document(turn, cancel).await;
    }

    /// A turn that writes or changes one document, checks it, and has its
    /// errors corrected once.
    async fn write_document(&mut self, turn: DocumentTurn, cancel: &CancellationToken) {
        let name = turn.spec.clone();
        let spec = match self.load_spec(&name).await {
            Ok(spec) => spec,
            Err(message) if self.turn.is_some() => {
                return self.end_turn(EndReason::Failed(message)).await;
            }
            Err(message) => return self.fail(message).await,
        };
        // The model in use decides how it is asked.
        self.find_model(&turn.prompt, Mode::Spec, false, cancel)
            .await;
        let small = self.is_small();
        let file = turn.document.file_name();
        let path = relative(&name, file);
        let brief = DocumentBrief {
            document: turn.document,
            path: &path,
            spec: &name,
            request: if small && turn.phase != Phase::Requirements {
                // The documents before this one say the rest.
                bounded(&turn.request, SMALL_DOCUMENT_BYTES)
            } else {
                &turn.request
            },
            documents: &earlier_documents(&spec, &turn, small),
            feedback: turn.feedback.as_deref(),
        };
        let start = TurnStart {
            prompt: turn.prompt.clone(),
            mode: Mode::Spec,
            message: prompts::document(small, &brief),
            origin: Origin::SpecDocument {
                spec: name.clone(),
                phase: turn.document.key().to_owned(),
                feedback: turn.feedback.clone(),
            },
            replaces: None,
            goes_on: false,
        };
        if !self.begin_turn(start, cancel).await {
            return;
        }
        let plan = StepPlan {
            system: prompts::spec_system(small),
            tools: if small {
                ToolSet::none()
            } else {
                ToolSet::document(path.clone().into())
            },
            only_this_turn: small,
            most: None,
        };
        let before = spec.files.text(turn.document).map(str::to_owned);
        let mut reason = self.run_steps(&plan, cancel).await;
        if reason == EndReason::Completed {
            reason = match self.settle_document(&turn, &before, small).await {
                Ok(()) => self.repair(&turn, &plan, small, cancel).await,
                Err(message) => EndReason::Failed(message),
            };
        }
        self.spec_changed(&name).await;
        if reason == EndReason::Completed {
            self.inbox.review_ready(&name);
            self.events
                .send(AgentEvent::SpecReviewReady {
                    spec: name,
                    phase: turn.phase,
                })
                .await;
        }
        self.end_turn(reason).await;
    }

    /// Makes sure that the document is in its file: written by the model's
    /// tool calls, or else taken from its answer.
    async fn settle_document(
        &mut self,
        turn: &DocumentTurn,
        before: &Option<String>,
        small: bool,
    ) -> Result<(), String> {
        let file = turn.document.file_name();
        let current = self.read_spec_file(&turn.spec, file).await?;
        if current.as_ref() != before.as_ref()
            && current.as_ref().is_some_and(|text| !text.trim().is_empty())
        {
            return Ok(());
        }
        let answer = self
            .turn
            .as_ref()
            .map(|turn| turn.answer.clone())
            .unwrap_or_default();
        let title = turn.document.title().to_lowercase();
        let Some(text) = extract(turn.document, &answer) else {
            return Err(match &current {
                Some(_) => format!(
                    "The model changed nothing in the {title}. Say in other words what is to change, or choose another model"
                ),
                None => format!(
                    "The model answered without writing the {title}: there is no such document yet. Read its answer; then try again, or choose another model"
                ),
            });
        };
        if current.as_ref() == Some(&text) {
            return Err(format!(
                "The model handed the same {title} in again: nothing was changed. Say in other words what is to change, or choose another model"
            ));
        }
        let text = if small {
            complete(turn.document, &text)
        } else {
            text
        };
        self.write_spec_file(&turn.spec, file, current.as_deref(), &text)
            .await
    }

    /// Tells the model the document's errors, once, and takes what it makes of
    /// them. Errors that stay are for the user's review.
    async fn repair(
        &mut self,
        turn: &DocumentTurn,
        plan: &StepPlan,
        small: bool,
        cancel: &CancellationToken,
    ) -> EndReason {
        let file = turn.document.file_name();
        let problems = match self.problems(turn).await {
            Ok(problems) => problems,
            Err(message) => return EndReason::Failed(message),
        };
        if problems.is_empty() {
            return EndReason::Completed;
        }
        let before = match self.read_spec_file(&turn.spec, file).await {
            Ok(before) => before,
            Err(message) => return EndReason::Failed(message),
        };
        let message = prompts::repair(small, &relative(&turn.spec, file), &problems);
        if let Err(message) = self.instruct(message).await {
            return EndReason::Failed(message);
        }
        match self.run_steps(plan, cancel).await {
            EndReason::Completed => {}
            EndReason::Cancelled => return EndReason::Cancelled,
            // The document is there; a failed correction does not take it away.
            other => {
                tracing::info!(?other, "the correction of a document failed");
            }
        }
        if let Err(message) = self.settle_document(turn, &before, small).await {
            tracing::info!(message, "the correction of a document was no document");
        }
        match self.problems(turn).await {
            Ok(left) if left.is_empty() => {}
            Ok(left) => {
                let message = still_wrong(turn.document, &left);
                self.kept_notice(NoticeLevel::Warning, message).await;
            }
            Err(message) => return EndReason::Failed(message),
        }
        EndReason::Completed
    }

    /// The errors of the document that was written.
    async fn problems(&self, turn: &DocumentTurn) -> Result<Vec<String>, String> {
        let spec = self.load_spec(&turn.spec).await?;
        let text = spec.files.text(turn.document).unwrap_or_default();
        Ok(spec
            .folder
            .problems_of(turn.document)
            .filter(|found| found.severity == Severity::Error)
            .take(MAX_PROBLEMS)
            .map(|found| format!("line {}: {}", found.line(text), found.message))
            .collect())
    }

    pub(crate) async fn spec_changed(&self, name: &str) {
        self.events
            .send(AgentEvent::SpecChanged {
                spec: name.to_owned(),
            })
            .await;
    }

    /// What the user asked for: as they said it in this conversation or in another one of the
    /// folder, else as much as was kept of it, else by the name that was made from it. Where it is
    /// cancelled, as much as was kept.
    /// A long search is part of the turn with this `prompt`, which is announced then.
    async fn request(
        &mut self,
        spec: &LoadedSpec,
        prompt: &str,
        cancel: &CancellationToken,
    ) -> String {
        let Some(kept) = spec.config.request() else {
            return spec.name.replace('-', " ");
        };
        let whole = self
            .conversation
            .prompts_of_spec(&spec.name)
            .find(|said| said.starts_with(kept))
            .map(ToString::to_string);
        if let Some(whole) = whole {
            return whole;
        }
        // Up to three bytes of a character that was cut are not there.
        if kept.len() + 3 < REQUEST_BYTES {
            return kept.to_owned();
        }
        self.announce_turn(prompt, Mode::Spec).await;
        self.events
            .send(AgentEvent::Loading {
                note: "Looking for the whole of what you asked for in the other conversations"
                    .to_owned(),
            })
            .await;
        let (folder, name) = (self.sessions_folder.clone(), spec.name.clone());
        let (beginning, cancel) = (kept.to_owned(), cancel.clone());
        let whole = tokio::task::spawn_blocking(move || {
            find_in_sessions(&folder, &cancel, |record| match record {
                Record::TurnStarted {
                    prompt,
                    origin: Origin::SpecDocument { spec, .. },
                    ..
                } if *spec == name && prompt.starts_with(&beginning) => {
                    Some(bounded(prompt, WHOLE_REQUEST_BYTES).to_owned())
                }
                _ => None,
            })
        });
        whole
            .await
            .ok()
            .flatten()
            .unwrap_or_else(|| kept.to_owned())
    }

    /// Says why an operation did not even begin.
    pub(crate) async fn fail(&mut self, message: String) {
        let message = if message.ends_with('.') {
            message
        } else {
            format!("{message}.")
        };
        self.kept_notice(NoticeLevel::Error, message).await;
    }
}

/// What is said of the errors that a document has still, the first of which is named with its line.
fn still_wrong(document: Document, left: &[String]) -> String {
    let title = document.title().to_lowercase();
    let first = left.first().map(String::as_str).unwrap_or_default();
    // It quotes the document.
    let first = visible::shorten(&visible::line(first), 300);
    let first = first.trim_end_matches('.');
    match left.len() {
        1 => format!("Kiln still points out an error in the {title}, {first}."),
        count => {
            format!("Kiln still points out {count} errors in the {title}. The first is in {first}.")
        }
    }
}

/// The documents that count as approved now.
fn approved_documents(spec: &LoadedSpec) -> Vec<Document> {
    let state = spec.state();
    Phase::order(state.workflow)
        .into_iter()
        .filter(|phase| state.status(*phase) == ReviewStatus::Approved)
        .filter_map(|phase| phase.document(spec.folder.spec_type))
        .collect()
}

/// The documents that the model needs to know, each under a heading.
fn earlier_documents(spec: &LoadedSpec, turn: &DocumentTurn, small: bool) -> String {
    let limit = if small {
        SMALL_DOCUMENT_BYTES
    } else {
        DOCUMENT_BYTES
    };
    let mut text = String::new();
    for document in &spec.folder.documents {
        if *document == turn.document && turn.feedback.is_none() {
            continue;
        }
        if let Some(content) = spec.files.text(*document) {
            text.push_str(&format!(
                "<document path=\"{}\">\n{}\n</document>\n\n",
                relative(&spec.name, document.file_name()),
                bounded(content, limit)
            ));
        }
    }
    if text.is_empty() {
        text.push_str("(none yet)");
    }
    text.trim_end().to_owned()
}

/// The beginning of a text, at most `limit` bytes.
pub(crate) fn bounded(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text.trim_end();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_document_is_cut_at_a_character() {
        assert_eq!(bounded("äöü", 3), "ä");
        assert_eq!(bounded("abc\n", 10), "abc");
    }
}
