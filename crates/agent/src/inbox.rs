//! Taking operations in while a turn runs.
//!
//! One task reads the queue of operations all the time. What must act at once
//! (cancel, answers, another model) it does itself; the rest it hands on in
//! order, each with the token that cancels it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use llm::{CancellationToken, LanguageModel, ModelId};
use tokio::sync::{mpsc, oneshot};

use crate::{AgentEvent, ModelCatalog, NoticeLevel, Operation, PermissionAnswer, PermissionId};

/// An operation that waits for its turn, or has it.
pub(crate) struct Job {
    pub operation: Operation,
    pub cancel: CancellationToken,
}

/// Where events go. Sending waits for a slow reader; a reader that is gone is
/// not waited for.
#[derive(Clone)]
pub(crate) struct Events(pub async_channel::Sender<AgentEvent>);

impl Events {
    pub async fn send(&self, event: AgentEvent) {
        if self.0.send(event).await.is_err() {
            tracing::trace!("nobody reads the agent's events any more");
        }
    }

    pub async fn notice(&self, level: NoticeLevel, message: impl Into<String>) {
        let message = message.into();
        self.send(AgentEvent::Notice { level, message }).await;
    }
}

/// The model in use.
pub(crate) struct ModelSlot {
    catalog: Arc<ModelCatalog>,
    model: Mutex<Option<Arc<dyn LanguageModel>>>,
    events: Events,
}

impl ModelSlot {
    pub fn new(catalog: Arc<ModelCatalog>, events: Events) -> Self {
        Self {
            catalog,
            model: Mutex::new(None),
            events,
        }
    }

    pub fn catalog(&self) -> &Arc<ModelCatalog> {
        &self.catalog
    }

    pub fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        lock(&self.model).clone()
    }

    /// Uses a model from now on and says so; says why where it cannot be used.
    pub async fn select(&self, id: ModelId) -> bool {
        let catalog = Arc::clone(&self.catalog);
        let wanted = id.clone();
        // Reads model files and may ask the keyring.
        let built = tokio::task::spawn_blocking(move || {
            let local = catalog.entry(&wanted).is_some_and(|entry| entry.local);
            catalog.build(&wanted).map(|model| (model, local))
        })
        .await;
        let message = match built {
            Ok(Ok((model, local))) => {
                let display_name = model.display_name().to_owned();
                *lock(&self.model) = Some(model);
                self.catalog.set_current(Some(id.clone()));
                self.events
                    .send(AgentEvent::ModelChanged {
                        id,
                        display_name,
                        local,
                    })
                    .await;
                return true;
            }
            Ok(Err(error)) => format!("The model {id} cannot be used: {error}"),
            Err(_) => format!("The model {id} cannot be used"),
        };
        self.events.notice(NoticeLevel::Error, message).await;
        false
    }

    /// Makes sure that there is a model: the one asked for, else the default,
    /// for which servers on this machine are looked for if need be.
    pub async fn ensure(&self, wanted: Option<&ModelId>) -> bool {
        if lock(&self.model).is_some() {
            return true;
        }
        if let Some(id) = wanted {
            if id.provider() != "local" && !self.knows(id) {
                self.catalog.discover().await;
            }
            if self.select(id.clone()).await {
                return true;
            }
        }
        if let Some(id) = self.default_model().await
            && self.select(id).await
        {
            return true;
        }
        self.events
            .send(AgentEvent::NoModel {
                message: self.catalog.how_to_get_one(),
            })
            .await;
        false
    }

    fn knows(&self, id: &ModelId) -> bool {
        self.catalog
            .catalog()
            .providers()
            .iter()
            .any(|provider| provider.name == id.provider())
    }

    async fn default_model(&self) -> Option<ModelId> {
        let choose = || {
            let catalog = Arc::clone(&self.catalog);
            tokio::task::spawn_blocking(move || {
                let default = catalog.default_model()?;
                let local = catalog.entry(&default).is_none_or(|entry| entry.local);
                Some((default, local))
            })
        };
        match choose().await.ok().flatten() {
            Some((id, false)) => Some(id),
            // A server on this machine comes before an embedded model.
            found => {
                self.catalog.discover().await;
                choose().await.ok().flatten().or(found).map(|(id, _)| id)
            }
        }
    }
}

/// What the reading task and the engine share.
#[derive(Default)]
pub(crate) struct Inbox {
    /// The tokens of the jobs that are not done; the first one's job runs, or
    /// is next. With each the spec whose document it approves.
    tokens: Mutex<VecDeque<(CancellationToken, Option<String>)>>,
    questions: Mutex<HashMap<PermissionId, oneshot::Sender<PermissionAnswer>>>,
}

impl Inbox {
    /// The engine is done with a job.
    pub fn finished(&self) {
        lock(&self.tokens).pop_front();
    }

    /// A document of a spec waits for review now: an approval that arrives from here on is for
    /// that one.
    pub fn review_ready(&self, spec: &str) {
        for (_, approves) in lock(&self.tokens).iter_mut() {
            approves.take_if(|approved| approved == spec);
        }
    }

    /// Where the answer to a question will arrive.
    pub fn ask(&self, id: PermissionId) -> oneshot::Receiver<PermissionAnswer> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.questions).insert(id, sender);
        receiver
    }

    /// The question is no longer open.
    pub fn withdraw(&self, id: PermissionId) {
        lock(&self.questions).remove(&id);
    }

    /// Reads operations until the last sender is gone, then cancels what runs.
    pub async fn read(
        &self,
        operations: async_channel::Receiver<Operation>,
        jobs: mpsc::UnboundedSender<Job>,
        models: &ModelSlot,
    ) {
        while let Ok(operation) = operations.recv().await {
            match operation {
                Operation::Cancel => {
                    if let Some((token, _)) = lock(&self.tokens).front() {
                        token.cancel();
                    }
                }
                Operation::AnswerPermission { request, answer } => {
                    let question = lock(&self.questions).remove(&request);
                    // An answer to a question that was withdrawn means nothing.
                    if question.is_none_or(|question| question.send(answer).is_err()) {
                        tracing::debug!("an answer came too late");
                    }
                }
                Operation::SelectModel(id) => {
                    models.select(id).await;
                }
                operation => {
                    let approves = match &operation {
                        Operation::SpecApprove { spec } => Some(spec.clone()),
                        _ => None,
                    };
                    let cancel = CancellationToken::new();
                    {
                        let mut tokens = lock(&self.tokens);
                        // A second click: it must not approve the next document, unread.
                        if approves.is_some() && tokens.iter().any(|(_, other)| *other == approves)
                        {
                            tracing::debug!("an approval was given twice");
                            continue;
                        }
                        tokens.push_back((cancel.clone(), approves));
                    }
                    if jobs.send(Job { operation, cancel }).is_err() {
                        return;
                    }
                }
            }
        }
        for (token, _) in lock(&self.tokens).iter() {
            token.cancel();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
