//! The embedded models as language models.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, ready};

use async_trait::async_trait;
use futures::{FutureExt as _, Stream, StreamExt as _};
use llm::{
    CancellationToken, CatalogError, Content, LanguageModel, ModelEntry, ModelError, ModelEvent,
    ModelId, ModelInfo, ModelProfile, ModelRequest, ModelStream, Role, StopReason, ToolCall,
    ToolChoice, Usage,
};
use local_model::{
    FileState, LocalContent, LocalEvent, LocalMessage, LocalModel, LocalModelSpec, LocalRequest,
    LocalRole, LocalStop, LocalTool, ModelStore, RunningCheck, WeakLocalModel, WorkerCommand,
    catalogue,
};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::models::LOCAL_PROVIDER;

/// Tokens generated where the request sets no limit.
const DEFAULT_MAX_TOKENS: u32 = 1_536;

/// The embedded models of this machine. Their worker processes are shared:
/// a model that is built twice is loaded once. A model that nobody uses any more
/// is unloaded: its process ends.
pub(crate) struct LocalModels {
    store: ModelStore,
    worker: WorkerCommand,
    running: Mutex<HashMap<String, WeakLocalModel>>,
}

impl LocalModels {
    pub fn new(store: ModelStore, worker: WorkerCommand) -> Self {
        Self {
            store,
            worker,
            running: Mutex::new(HashMap::new()),
        }
    }

    /// Every model of the catalogue; those that are installed are ready.
    pub fn entries(&self) -> Vec<ModelEntry> {
        catalogue()
            .iter()
            .map(|spec| ModelEntry {
                id: ModelId::new(LOCAL_PROVIDER, &spec.id),
                info: info(spec),
                ready: self.store.is_installed(spec),
                local: true,
            })
            .collect()
    }

    pub fn build(&self, id: &ModelId) -> Result<Arc<dyn LanguageModel>, CatalogError> {
        let spec = catalogue()
            .iter()
            .find(|spec| spec.id == id.model())
            .ok_or_else(|| {
                let known: Vec<&str> = catalogue().iter().map(|spec| spec.id.as_str()).collect();
                CatalogError::Model(ModelError::Local {
                    message: format!(
                        "there is no embedded model `{}`; there are {}",
                        id.model(),
                        known.join(", ")
                    ),
                })
            })?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let model = match running.get(&spec.id).and_then(WeakLocalModel::upgrade) {
            Some(model) => model,
            None => LocalModel::new(spec.clone(), self.store.path(spec), self.worker.clone()),
        };
        running.insert(spec.id.clone(), model.downgrade());
        Ok(Arc::new(EmbeddedModel {
            id: id.clone(),
            info: info(spec),
            model,
            spec,
            store: self.store.clone(),
        }))
    }
}

fn info(spec: &LocalModelSpec) -> ModelInfo {
    ModelInfo {
        name: spec.id.clone(),
        display_name: spec.name.clone(),
        profile: ModelProfile {
            context_tokens: spec.context_tokens,
            small: true,
            tools: true,
        },
        max_output_tokens: None,
    }
}

struct EmbeddedModel {
    id: ModelId,
    info: ModelInfo,
    model: LocalModel,
    spec: &'static LocalModelSpec,
    store: ModelStore,
}

/// Makes sure that what was found of a model's file lets it be used.
fn usable(
    found: std::io::Result<Option<FileState>>,
    spec: &LocalModelSpec,
) -> Result<(), ModelError> {
    match found {
        Ok(Some(FileState::Damaged(why))) => Err(ModelError::Local {
            message: format!(
                "its file {why}. Download {} again, in “Get a model or add a key” of the list of models or with `kiln-cli model pull {}`",
                spec.name, spec.id
            ),
        }),
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(ModelError::Cancelled),
        Err(error) => Err(ModelError::Local {
            message: format!("its file cannot be read: {error}"),
        }),
    }
}

/// How far the check of a model's file is, where it is read, a percent at a time.
fn check_notes(
    mut progress: UnboundedReceiver<u64>,
    bytes: u64,
) -> impl Stream<Item = Result<ModelEvent, ModelError>> {
    let mut told = None;
    futures::stream::poll_fn(move |context| {
        loop {
            let Some(done) = ready!(progress.poll_recv(context)) else {
                return Poll::Ready(None);
            };
            let percent = done.saturating_mul(100) / bytes.max(1);
            if told.replace(percent) != Some(percent) {
                let note = format!("Checking the model's file: {percent} %");
                return Poll::Ready(Some(Ok(ModelEvent::Loading { note })));
            }
        }
    })
}

#[async_trait]
impl LanguageModel for EmbeddedModel {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn display_name(&self) -> &str {
        &self.info.display_name
    }

    fn profile(&self) -> ModelProfile {
        self.info.profile
    }

    async fn stream(
        &self,
        request: ModelRequest,
        cancel: CancellationToken,
    ) -> Result<ModelStream, ModelError> {
        let RunningCheck { progress, result } = self.store.begin_check(self.spec, &cancel);
        let (model, spec) = (self.model.clone(), self.spec);
        let answer = async move {
            match usable(result.await, spec) {
                Ok(()) => answer(&model, request, cancel).boxed(),
                Err(error) => futures::stream::iter([Err(error)]).boxed(),
            }
        };
        // Reading a gigabyte takes seconds, in which a person sees how far it is.
        let notes = check_notes(progress, spec.bytes);
        Ok(notes.chain(answer.flatten_stream()).boxed())
    }
}

/// The model's own events.
fn answer(
    model: &LocalModel,
    request: ModelRequest,
    cancel: CancellationToken,
) -> impl Stream<Item = Result<ModelEvent, ModelError>> + use<> {
    let mut calls = CallNumbers::after(&request);
    let events = model.generate(local_request(request), cancel);
    events.flat_map(move |event| {
        let events = match event {
            Ok(event) => model_events(event, &mut calls),
            Err(error) => vec![Err(ModelError::Local {
                message: error.to_string(),
            })],
        };
        futures::stream::iter(events)
    })
}

/// The embedded model numbers no calls; the conversation needs numbers.
struct CallNumbers {
    next: usize,
    open: Option<String>,
}

impl CallNumbers {
    fn after(request: &ModelRequest) -> Self {
        let so_far = request
            .messages
            .iter()
            .flat_map(|message| &message.content)
            .filter(|piece| matches!(piece, Content::ToolCall(_)))
            .count();
        Self {
            next: so_far + 1,
            open: None,
        }
    }

    fn begin(&mut self) -> String {
        let id = format!("local_{}", self.next);
        self.next += 1;
        self.open = Some(id.clone());
        id
    }

    fn end(&mut self) -> String {
        match self.open.take() {
            Some(id) => id,
            None => {
                let id = self.begin();
                self.open = None;
                id
            }
        }
    }
}

fn model_events(event: LocalEvent, calls: &mut CallNumbers) -> Vec<Result<ModelEvent, ModelError>> {
    let event = match event {
        LocalEvent::Loading { fraction } => ModelEvent::Loading {
            note: format!(
                "Loading the model: {:.0} %",
                fraction.clamp(0.0, 1.0) * 100.0
            ),
        },
        LocalEvent::Reading { tokens, total } => ModelEvent::Loading {
            note: format!("Reading the prompt: {tokens} of {total} tokens"),
        },
        LocalEvent::Text(text) => ModelEvent::Text(text),
        LocalEvent::ToolCallStarted { name } => ModelEvent::ToolCallStarted {
            id: calls.begin(),
            name,
        },
        LocalEvent::ToolCall { name, arguments } => ModelEvent::ToolCall(ToolCall {
            id: calls.end(),
            name,
            arguments,
        }),
        LocalEvent::MalformedToolCall {
            name,
            arguments,
            error,
        } => ModelEvent::MalformedToolCall {
            id: calls.end(),
            name,
            arguments,
            error,
        },
        LocalEvent::Speed {
            tokens_per_second,
            memory_bytes,
        } => ModelEvent::Speed {
            tokens_per_second: tokens_per_second.into(),
            memory_bytes,
        },
        LocalEvent::Usage(usage) => {
            return vec![
                Ok(ModelEvent::Usage(Usage {
                    input_tokens: usage.prompt_tokens.into(),
                    output_tokens: usage.output_tokens.into(),
                    cached_tokens: usage.cached_tokens.into(),
                })),
                Ok(ModelEvent::Speed {
                    tokens_per_second: usage.tokens_per_second.into(),
                    memory_bytes: usage.memory_bytes,
                }),
            ];
        }
        LocalEvent::Stopped(reason) => ModelEvent::Stopped(match reason {
            LocalStop::EndOfTurn | LocalStop::Repetition => StopReason::EndOfTurn,
            LocalStop::ToolUse => StopReason::ToolUse,
            LocalStop::MaxTokens => StopReason::MaxTokens,
            LocalStop::Cancelled => StopReason::Cancelled,
        }),
    };
    vec![Ok(event)]
}

fn local_request(request: ModelRequest) -> LocalRequest {
    // Results name the call, the model's template wants the tool's name.
    let mut names: HashMap<String, String> = HashMap::new();
    let messages = request
        .messages
        .into_iter()
        .map(|message| LocalMessage {
            role: match message.role {
                Role::User => LocalRole::User,
                Role::Assistant => LocalRole::Assistant,
            },
            content: message
                .content
                .into_iter()
                .map(|piece| match piece {
                    Content::Text { text } => LocalContent::Text(text),
                    Content::ToolCall(call) => {
                        names.insert(call.id, call.name.clone());
                        LocalContent::ToolCall {
                            name: call.name,
                            arguments: call.arguments,
                        }
                    }
                    Content::ToolResult {
                        call_id,
                        output,
                        is_error,
                    } => LocalContent::ToolResult {
                        name: names.get(&call_id).cloned().unwrap_or_default(),
                        output,
                        is_error,
                    },
                })
                .collect(),
        })
        .collect();
    LocalRequest {
        system: request.system,
        messages,
        tools: request
            .tools
            .into_iter()
            .map(|tool| LocalTool {
                name: tool.name,
                description: tool.description,
                parameters: tool.parameters,
            })
            .collect(),
        words_only: request.tool_choice == ToolChoice::None,
        max_tokens: request.max_output_tokens.unwrap_or(DEFAULT_MAX_TOKENS),
        temperature: request.temperature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::Message;
    use serde_json::json;

    #[test]
    fn results_get_the_name_of_their_tool() {
        let request = ModelRequest {
            messages: vec![
                Message::user("hi"),
                Message {
                    role: Role::Assistant,
                    content: vec![Content::ToolCall(ToolCall {
                        id: "local_1".into(),
                        name: "read_file".into(),
                        arguments: json!({"path": "a"}),
                    })],
                },
                Message {
                    role: Role::User,
                    content: vec![Content::ToolResult {
                        call_id: "local_1".into(),
                        output: "text".into(),
                        is_error: false,
                    }],
                },
            ],
            ..ModelRequest::default()
        };
        let mut calls = CallNumbers::after(&request);
        let local = local_request(request);
        assert_eq!(
            local.messages[2].content,
            [LocalContent::ToolResult {
                name: "read_file".into(),
                output: "text".into(),
                is_error: false
            }]
        );
        assert_eq!(local.max_tokens, DEFAULT_MAX_TOKENS);

        let started = model_events(
            LocalEvent::ToolCallStarted {
                name: "read_file".into(),
            },
            &mut calls,
        );
        let finished = model_events(
            LocalEvent::ToolCall {
                name: "read_file".into(),
                arguments: json!({}),
            },
            &mut calls,
        );
        assert!(
            matches!(&started[..], [Ok(ModelEvent::ToolCallStarted { id, .. })] if id == "local_2")
        );
        assert!(
            matches!(&finished[..], [Ok(ModelEvent::ToolCall(call))] if call.id == "local_2"),
            "a number is used once in a session"
        );
    }
}
