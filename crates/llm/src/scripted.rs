//! A model that says what a test tells it to.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::{
    LanguageModel, ModelError, ModelEvent, ModelId, ModelProfile, ModelRequest, ModelStream,
    StopReason, ToolCall,
};

/// One answer of a [`ScriptedModel`].
#[derive(Clone, Debug)]
pub enum ScriptedReply {
    /// These events, then the end.
    Events(Vec<Result<ModelEvent, ModelError>>),
    /// These events, then nothing until it is cancelled.
    Hang(Vec<ModelEvent>),
}

impl ScriptedReply {
    /// A text answer.
    pub fn text(text: &str) -> Self {
        Self::Events(vec![
            Ok(ModelEvent::Text(text.to_owned())),
            Ok(ModelEvent::Stopped(StopReason::EndOfTurn)),
        ])
    }

    /// An answer of one tool call.
    pub fn call(id: &str, name: &str, arguments: serde_json::Value) -> Self {
        Self::Events(vec![
            Ok(ModelEvent::ToolCallStarted {
                id: id.to_owned(),
                name: name.to_owned(),
            }),
            Ok(ModelEvent::ToolCall(ToolCall {
                id: id.to_owned(),
                name: name.to_owned(),
                arguments,
            })),
            Ok(ModelEvent::Stopped(StopReason::ToolUse)),
        ])
    }
}

/// A model whose answers are given beforehand; it keeps what it was asked.
pub struct ScriptedModel {
    id: ModelId,
    profile: ModelProfile,
    replies: Mutex<VecDeque<ScriptedReply>>,
    requests: Mutex<Vec<ModelRequest>>,
}

impl ScriptedModel {
    /// A model named `test/scripted` that gives these answers in turn.
    pub fn new(replies: impl IntoIterator<Item = ScriptedReply>) -> Self {
        Self {
            id: ModelId::new("test", "scripted"),
            profile: ModelProfile {
                context_tokens: 128_000,
                small: false,
                tools: true,
            },
            replies: Mutex::new(replies.into_iter().collect()),
            requests: Mutex::new(Vec::new()),
        }
    }

    /// With another profile.
    pub fn with_profile(mut self, profile: ModelProfile) -> Self {
        self.profile = profile;
        self
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<ModelRequest> {
        lock(&self.requests).clone()
    }

    /// Adds an answer at the end.
    pub fn push(&self, reply: ScriptedReply) {
        lock(&self.replies).push_back(reply);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl LanguageModel for ScriptedModel {
    fn id(&self) -> &ModelId {
        &self.id
    }

    fn display_name(&self) -> &str {
        "Scripted"
    }

    fn profile(&self) -> ModelProfile {
        self.profile
    }

    async fn stream(
        &self,
        request: ModelRequest,
        cancel: CancellationToken,
    ) -> Result<ModelStream, ModelError> {
        lock(&self.requests).push(request);
        let reply = lock(&self.replies).pop_front();
        match reply {
            Some(ScriptedReply::Events(events)) => Ok(futures::stream::iter(events).boxed()),
            Some(ScriptedReply::Hang(events)) => {
                let hang = futures::stream::once(async move {
                    cancel.cancelled_owned().await;
                    Ok(ModelEvent::Stopped(StopReason::Cancelled))
                });
                Ok(futures::stream::iter(events.into_iter().map(Ok))
                    .chain(hang)
                    .boxed())
            }
            None => Err(ModelError::BadResponse {
                provider: "test".to_owned(),
                message: "the script has no more answers".to_owned(),
            }),
        }
    }
}
