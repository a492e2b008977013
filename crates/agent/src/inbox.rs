//! Taking operations in while a turn runs.
//!
//! One task reads the queue of operations all the time. What must act at once
//! (cancel, answers, another model) it does itself; the rest it hands on in
//! order, each with the token that cancels it. What opens another session stops
//! all that is before it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use llm::{Available, CancellationToken, LanguageModel, ModelId};
use spec::TaskId;
use tokio::sync::{mpsc, oneshot, watch};

use crate::models::Substitute;
use crate::stand_in::LOOK_AGAIN;
use crate::{
    AgentEvent, DefaultModel, LOCAL_PROVIDER, LookReason, ModelCatalog, ModelChoice, NoticeLevel,
    Operation, PermissionAnswer, PermissionId, SessionId, how_to_get_a_model, visible,
};

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

    /// How many events are not read yet.
    pub fn unread(&self) -> usize {
        self.0.len()
    }

    /// Sends an event where there is room for it, and says whether there was.
    pub fn offer(&self, event: AgentEvent) -> bool {
        self.0.try_send(event).is_ok()
    }

    /// Tells something that is not about one session.
    pub async fn notice(&self, level: NoticeLevel, message: impl Into<String>) {
        self.notice_of(None, level, message).await;
    }

    /// Tells something that is about this session.
    pub async fn notice_of(
        &self,
        session: impl Into<Option<SessionId>>,
        level: NoticeLevel,
        message: impl Into<String>,
    ) {
        self.send(AgentEvent::Notice {
            session: session.into(),
            level,
            message: message.into(),
        })
        .await;
    }
}

/// What to do where the model that was in use last is not there, and others are.
const CHOOSE_ANOTHER: &str = "Start or set it up again, or choose another one: below the message \
                              field, or with --model.";

/// The model in use.
pub(crate) struct ModelSlot {
    pub(crate) catalog: Arc<ModelCatalog>,
    model: Mutex<Option<Arc<dyn LanguageModel>>>,
    /// Whether it stands in for the one that was in use last, which is away.
    pub(crate) stands_in: watch::Sender<bool>,
    /// Held while another one comes into use, or none is found, until that is told: what is told last
    /// is what counts.
    telling: tokio::sync::Mutex<()>,
    /// Why there was none when one was last looked for.
    why_none: Mutex<String>,
    pub(crate) events: Events,
    /// How long after a look for a model that is away the next one begins.
    pub(crate) look_again: Duration,
}

/// As what a model comes into use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComesAs {
    /// The one that counts.
    Itself,
    /// The one that counts where nobody chose one, if none is in use by then.
    Default,
    /// As [`Self::Default`], for as long as the one that was in use last is away.
    StandIn,
    /// The one that another stood in for, if that still does.
    Returned,
}

impl ModelSlot {
    pub fn new(catalog: Arc<ModelCatalog>, events: Events) -> Self {
        Self {
            catalog,
            model: Mutex::new(None),
            stands_in: watch::Sender::new(false),
            telling: tokio::sync::Mutex::new(()),
            why_none: Mutex::new(how_to_get_a_model(None)),
            events,
            look_again: LOOK_AGAIN,
        }
    }

    pub fn catalog(&self) -> &Arc<ModelCatalog> {
        &self.catalog
    }

    pub fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        lock(&self.model).clone()
    }

    /// What to tell where there is no model.
    pub fn why_none(&self) -> String {
        lock(&self.why_none).clone()
    }

    /// Uses a model from now on and says so; says why where it cannot be used.
    pub async fn select(&self, id: ModelId, choice: ModelChoice) -> bool {
        self.put(id, choice, ComesAs::Itself).await
    }

    /// As [`select`](Self::select), and keeps as what it came. One that nobody chose comes into use
    /// only where nobody chose another meanwhile.
    pub(crate) async fn put(&self, id: ModelId, choice: ModelChoice, comes: ComesAs) -> bool {
        let catalog = Arc::clone(&self.catalog);
        let wanted = id.clone();
        // Makes an HTTP client.
        let built = tokio::task::spawn_blocking(move || {
            let local = catalog.is_local(&wanted);
            catalog.build(&wanted).map(|model| (model, local))
        })
        .await;
        let message = match built {
            Ok(Ok((model, local))) => {
                let display_name = model.display_name().to_owned();
                let _telling = self.telling.lock().await;
                {
                    let mut current = lock(&self.model);
                    let comes_late = match comes {
                        ComesAs::Itself => false,
                        ComesAs::Default | ComesAs::StandIn => current.is_some(),
                        ComesAs::Returned => !*self.stands_in.borrow(),
                    };
                    if comes_late {
                        return false;
                    }
                    *current = Some(model);
                    self.stands_in.send_replace(comes == ComesAs::StandIn);
                }
                self.catalog.set_current(Some(id.clone()));
                self.events
                    .send(AgentEvent::ModelChanged {
                        id,
                        display_name,
                        local,
                        choice,
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
    /// for which servers on this machine are looked for if need be. A person waits for it: a
    /// keyring that gave nothing away is asked again.
    pub async fn ensure(&self, wanted: Option<&ModelId>) -> bool {
        self.ensure_by(wanted, Servers::AskAnew).await
    }

    /// As [`ensure`](Self::ensure), at the start of the program: what servers said then counts.
    pub async fn ensure_at_start(&self, wanted: Option<&ModelId>) -> bool {
        self.ensure_by(wanted, Servers::AskOnce).await
    }

    async fn ensure_by(&self, wanted: Option<&ModelId>, servers: Servers) -> bool {
        self.catalog.catalog().keys().ask_again();
        if lock(&self.model).is_some() {
            return true;
        }
        if let Some(id) = wanted {
            if id.provider() != LOCAL_PROVIDER && !self.knows(id) {
                self.ask(servers).await;
            }
            if self.select(id.clone(), ModelChoice::Asked).await {
                return true;
            }
        }
        self.use_default(servers, Substitute::OnThisMachine).await
    }

    /// See [`Operation::FindModel`].
    pub(crate) async fn find(&self, reason: LookReason) {
        self.catalog.catalog().keys().ask_again();
        self.catalog.ask_servers().await;
        if lock(&self.model).is_none() {
            let substitute = match reason {
                LookReason::Asked => Substitute::Any,
                LookReason::Changed => Substitute::OnThisMachine,
            };
            self.use_default(Servers::Asked, substitute).await;
        }
    }

    async fn use_default(&self, servers: Servers, substitute: Substitute) -> bool {
        let (default, available) = self.default_model(servers, substitute).await;
        let missing = default.missing;
        // What a person did something to get is kept.
        let is_kept = missing.is_none() || substitute == Substitute::Any;
        let comes = match is_kept {
            true => ComesAs::Default,
            false => ComesAs::StandIn,
        };
        if let Some((id, choice)) = default.chosen
            && self.put(id.clone(), choice, comes).await
        {
            if let Some(missing) = &missing {
                let message = format!("{missing} {id} answers until you choose another.");
                self.events.notice(NoticeLevel::Warning, message).await;
            }
            // What stands in for a model that is away gives way to it when that is back.
            if is_kept {
                self.keep_last(id).await;
            }
            return true;
        }
        let _telling = self.telling.lock().await;
        // A person chose one while this looked, or another look found one.
        if lock(&self.model).is_some() {
            return true;
        }
        let unreadable_keys = available.unreadable_keys();
        let is_offered = available.models.iter().any(|entry| entry.ready);
        let message = match &missing {
            Some(missing) if is_offered => format!("{missing} {CHOOSE_ANOTHER}"),
            Some(missing) => {
                format!(
                    "{missing} {}",
                    how_to_get_a_model(unreadable_keys.as_deref())
                )
            }
            None => how_to_get_a_model(unreadable_keys.as_deref()),
        };
        lock(&self.why_none).clone_from(&message);
        self.events
            .send(AgentEvent::NoModel {
                message,
                missing,
                unreadable_keys,
            })
            .await;
        false
    }

    /// Keeps which model is in use, for the next start.
    async fn keep_last(&self, id: ModelId) {
        let catalog = Arc::clone(&self.catalog);
        let kept = tokio::task::spawn_blocking(move || catalog.keep_last(&id)).await;
        if let Ok(Err(error)) = kept {
            let message = format!("Which model is in use is not kept for the next start: {error}.");
            self.events.notice(NoticeLevel::Warning, message).await;
        }
    }

    fn knows(&self, id: &ModelId) -> bool {
        self.catalog.catalog().provider(id.provider()).is_some()
    }

    async fn ask(&self, servers: Servers) {
        match servers {
            Servers::Asked => {}
            Servers::AskOnce => self.catalog.ask_servers_once().await,
            Servers::AskAnew => self.catalog.ask_servers().await,
        }
    }

    /// The default, and what there is.
    async fn default_model(
        &self,
        servers: Servers,
        substitute: Substitute,
    ) -> (DefaultModel, Available) {
        let choose = || async {
            let catalog = Arc::clone(&self.catalog);
            let choice = tokio::task::spawn_blocking(move || {
                let available = catalog.available();
                (catalog.default_or(substitute, &available), available)
            });
            choice.await.unwrap_or_default()
        };
        let (found, available) = choose().await;
        if servers == Servers::Asked || !self.catalog.is_provisional(&found) {
            return (found, available);
        }
        // A server on this machine comes before an embedded model.
        self.ask(servers).await;
        choose().await
    }
}

/// When what servers say of their models counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Servers {
    /// They were asked just now.
    Asked,
    /// They are asked, unless that was done since the program began.
    AskOnce,
    /// They are asked for this.
    AskAnew,
}

/// A job that is not done.
struct OpenJob {
    cancel: CancellationToken,
    /// What no second job may be given for meanwhile.
    claim: Option<Claim>,
    /// Whether another session is open after it.
    leaves: bool,
}

/// What a job does that must not be done twice for two clicks.
#[derive(Clone, Debug, PartialEq)]
enum Claim {
    /// It approves the document of a spec that waits.
    Approval(String),
    /// It carries a task out.
    Task { spec: String, task: TaskId },
}

impl Claim {
    fn of(operation: &Operation) -> Option<Self> {
        match operation {
            Operation::SpecApprove { spec, .. } => Some(Self::Approval(spec.clone())),
            Operation::RunTask { spec, task } => Some(Self::Task {
                spec: spec.clone(),
                task: task.clone(),
            }),
            _ => None,
        }
    }

    /// Whether what `wanted` asks for happens through this one: the same approval, the same task, or
    /// a task that `wanted` is a part of.
    fn covers(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (
                Self::Task { spec, task },
                Self::Task {
                    spec: same,
                    task: part,
                },
            ) => {
                spec == same
                    && part
                        .0
                        .strip_prefix(&task.0)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            _ => self == wanted,
        }
    }
}

/// What the reading task and the engine share.
#[derive(Default)]
pub(crate) struct Inbox {
    /// The jobs that are not done; the first one runs, or is next.
    jobs: Mutex<VecDeque<OpenJob>>,
    questions: Mutex<HashMap<PermissionId, oneshot::Sender<PermissionAnswer>>>,
    /// The session that is open once the jobs are done; `None` for one that is not begun yet.
    session: Mutex<Option<SessionId>>,
}

impl Inbox {
    /// The engine is done with a job.
    pub fn finished(&self) {
        lock(&self.jobs).pop_front();
    }

    /// A session is open now.
    pub fn opened(&self, id: SessionId) {
        // The first job is the one that opened it.
        if !lock(&self.jobs).iter().skip(1).any(|job| job.leaves) {
            *lock(&self.session) = Some(id);
        }
    }

    /// Whether another session than the one before it is open after an operation. Nothing of that
    /// one goes on then.
    fn leaves_the_session(&self, operation: &Operation) -> bool {
        let next = match operation {
            Operation::NewSession => None,
            Operation::ResumeSession(id) => Some(*id),
            _ => return false,
        };
        let before = std::mem::replace(&mut *lock(&self.session), next);
        next.is_none() || before != next
    }

    /// A document of a spec waits for review now: an approval that arrives from here on is for
    /// that one.
    pub fn review_ready(&self, spec: &str) {
        for job in lock(&self.jobs).iter_mut() {
            job.claim
                .take_if(|claim| matches!(claim, Claim::Approval(approved) if approved == spec));
        }
    }

    /// The running job is done with its task, which may be started again from here on.
    pub fn task_ended(&self) {
        if let Some(job) = lock(&self.jobs).front_mut() {
            job.claim
                .take_if(|claim| matches!(claim, Claim::Task { .. }));
        }
    }

    /// The running job carries a task out that its operation did not name.
    pub fn runs_task(&self, spec: &str, task: &TaskId) {
        if let Some(job) = lock(&self.jobs).front_mut() {
            job.claim = Some(Claim::Task {
                spec: spec.to_owned(),
                task: task.clone(),
            });
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
        models: &Arc<ModelSlot>,
    ) {
        while let Ok(operation) = operations.recv().await {
            match operation {
                Operation::Cancel => {
                    if let Some(job) = lock(&self.jobs).front() {
                        job.cancel.cancel();
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
                    models.select(id, ModelChoice::Asked).await;
                }
                Operation::AskForModels => {
                    let catalog = Arc::clone(models.catalog());
                    tokio::spawn(async move { catalog.ask_servers().await });
                }
                Operation::FindModel(reason) => {
                    let models = Arc::clone(models);
                    tokio::spawn(async move { models.find(reason).await });
                }
                operation => {
                    let leaves = self.leaves_the_session(&operation);
                    if leaves {
                        self.stop_all();
                    }
                    let job = OpenJob {
                        cancel: CancellationToken::new(),
                        claim: Claim::of(&operation),
                        leaves,
                    };
                    let cancel = job.cancel.clone();
                    if let Some(refusal) = self.take(job) {
                        let session = *lock(&self.session);
                        let events = &models.events;
                        let level = NoticeLevel::Warning;
                        events.notice_of(session, level, refusal).await;
                        continue;
                    }
                    if jobs.send(Job { operation, cancel }).is_err() {
                        return;
                    }
                }
            }
        }
        self.stop_all();
    }

    /// Stops the job that runs, and those behind it once they begin.
    fn stop_all(&self) {
        for job in lock(&self.jobs).iter() {
            job.cancel.cancel();
        }
    }

    /// Adds a job to those that are not done, or says why it is not begun.
    fn take(&self, job: OpenJob) -> Option<String> {
        let mut jobs = lock(&self.jobs);
        let earlier = job.claim.as_ref().and_then(|wanted| {
            let covers = |job: &OpenJob| job.claim.as_ref().is_some_and(|c| c.covers(wanted));
            jobs.iter().position(covers)
        });
        if let (Some(earlier), Some(claim)) = (earlier, &job.claim) {
            return Some(match claim {
                // It must not approve the next document, unread.
                Claim::Approval(spec) => {
                    format!("The approval of {} was given already.", visible::line(spec))
                }
                Claim::Task { spec, task } => format!(
                    "Task {} of {} {} and was not started a second time.",
                    visible::line(&task.0),
                    visible::line(spec),
                    if earlier == 0 {
                        "runs already"
                    } else {
                        "waits for its turn already"
                    }
                ),
            });
        }
        jobs.push_back(job);
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::{
        Catalog, KeySource, KeyStore, ModelInfo, ModelList, Protocol, ProviderConfig, Secret,
    };

    /// Which model is in use, and which one the next start has as the last, after a look for one
    /// on a machine with a key where the last one, on this machine, does not answer.
    async fn after_a_look(reason: LookReason) -> (Option<String>, String) {
        let state = tempfile::tempdir().unwrap();
        let keyed = ProviderConfig {
            name: "keyed".into(),
            protocol: Protocol::OpenAiChat,
            base_url: "https://models.invalid".parse().unwrap(),
            key: KeySource::Given(Secret::new("k")),
            models: vec![ModelInfo::named("m")],
            list: ModelList::Named,
        };
        let known = Catalog::new(vec![keyed], KeyStore::nothing());
        let catalog = ModelCatalog::new(known, None).remembering_in(state.path());
        catalog.keep_last(&"mine/m".parse().unwrap()).unwrap();
        let (sender, _events) = async_channel::unbounded();
        let models = ModelSlot::new(Arc::new(catalog), Events(sender));
        models.find(reason).await;
        let last = std::fs::read_to_string(state.path().join("model/last")).unwrap();
        let used = models.catalog().current().map(|id| id.to_string());
        (used, last.trim().to_owned())
    }

    #[tokio::test]
    async fn a_paid_model_takes_over_and_is_kept_only_where_a_person_asked() {
        let (used, last) = after_a_look(LookReason::Changed).await;
        // A server may run on the machine of the test.
        assert_ne!(used.as_deref(), Some("keyed/m"));
        assert_eq!(last, "mine/m");
        let (used, last) = after_a_look(LookReason::Asked).await;
        assert_eq!(used.as_deref(), Some("keyed/m"));
        assert_eq!(last, "keyed/m");
    }
    #[tokio::test]
    async fn a_look_that_ends_late_takes_no_models_place() {
        let server = |name: &str, list| ProviderConfig {
            name: name.into(),
            protocol: Protocol::OpenAiChat,
            base_url: "http://127.0.0.1:1/v1".parse().unwrap(),
            key: KeySource::NotNeeded,
            models: vec![ModelInfo::named("m")],
            list,
        };
        let near = || server("near", ModelList::Named);
        let own = || server("own", ModelList::Unlisted("is not there".into()));
        // What the look finds: another model, or none.
        for found in [vec![near(), own()], vec![]] {
            let known = Catalog::new(vec![near(), own()], KeyStore::nothing());
            let catalog = ModelCatalog::new(known, None);
            let (sender, events) = async_channel::unbounded();
            let models = ModelSlot::new(Arc::new(catalog), Events(sender));
            let own: ModelId = "own/m".parse().unwrap();
            assert!(models.select(own.clone(), ModelChoice::Asked).await);
            let found = Catalog::new(found, KeyStore::nothing());
            models.catalog().replace_providers(found);
            let looked = models.use_default(Servers::Asked, Substitute::OnThisMachine);
            assert!(looked.await);
            assert_eq!(models.catalog().current(), Some(own));
            let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).collect();
            assert!(
                matches!(told[..], [AgentEvent::ModelChanged { .. }]),
                "{told:?}"
            );
        }
    }
}
