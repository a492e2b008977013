//! All models there are: the providers', servers on this machine, and the
//! embedded ones.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use fs::FsError;
use futures::future::join_all;
use llm::{
    Available, Catalog, CatalogError, LanguageModel, ModelEntry, ModelId, ModelList, ProviderConfig,
};
use tokio::sync::{Mutex, watch};

use crate::last_model::LastModel;

/// The name before the slash of the embedded models.
pub const LOCAL_PROVIDER: &str = "local";

/// Why a model is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelChoice {
    /// Somebody picked or named it.
    Asked,
    /// The user's settings name it.
    Configured,
    /// It was in use last.
    Last,
    /// Nobody chose one: it comes first of those that can be used.
    First,
}

/// The model that counts where none is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultModel {
    /// The model, and why it is that one; `None` where there is none.
    pub chosen: Option<(ModelId, ModelChoice)>,
    /// Why it is not the one that was in use last, where there was one: a sentence.
    pub missing: Option<String>,
}

/// What may take the place of the model that was in use last where that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Substitute {
    /// What runs on this machine: it costs nothing and sends the code nowhere.
    OnThisMachine,
    /// Every model: a person did something to get one.
    Any,
}

/// The models to choose from, and which is in use. Shared between the agent
/// and the user interface.
pub struct ModelCatalog {
    configured: RwLock<Option<ModelId>>,
    remote: RwLock<Catalog>,
    /// Tells that the providers or their models have changed.
    changes: watch::Sender<()>,
    /// Held while servers are asked.
    asking: Mutex<()>,
    /// How often that has begun.
    begun: AtomicU64,
    #[cfg(feature = "local-model")]
    local: Option<crate::local::LocalModels>,
    current: RwLock<Option<ModelId>>,
    last: Option<LastModel>,
}

impl ModelCatalog {
    /// A catalogue of the providers' models. `configured` is the model that
    /// the user's settings name.
    pub fn new(remote: Catalog, configured: Option<ModelId>) -> Self {
        Self {
            configured: RwLock::new(configured),
            remote: RwLock::new(remote),
            changes: watch::Sender::new(()),
            asking: Mutex::new(()),
            begun: AtomicU64::new(0),
            #[cfg(feature = "local-model")]
            local: None,
            current: RwLock::new(None),
            last: None,
        }
    }

    /// Keeps which model is in use under Kiln's `state` folder, so that it stays in use after a
    /// start, whatever else can be used by then.
    pub fn remembering_in(mut self, state: &Path) -> Self {
        self.last = Some(LastModel::in_folder(state.join("model")));
        self
    }

    /// Adds the embedded models that are in `store`. `worker` starts the
    /// process that runs them.
    #[cfg(feature = "local-model")]
    pub fn with_local(
        mut self,
        store: local_model::ModelStore,
        worker: local_model::WorkerCommand,
    ) -> Self {
        self.local = Some(crate::local::LocalModels::new(store, worker));
        self
    }

    /// What there is, with the models in the order in which a default is chosen. Looks keys and
    /// model files up: not for the UI thread.
    pub fn available(&self) -> Available {
        let available = self.catalog().available();
        #[cfg(feature = "local-model")]
        let available = {
            let mut available = available;
            if let Some(local) = &self.local {
                available.models.extend(local.entries());
            }
            available
        };
        available
    }

    /// The models of [`available`](Self::available).
    pub fn entries(&self) -> Vec<ModelEntry> {
        self.available().models
    }

    /// The providers as they are set up now.
    pub fn catalog(&self) -> Catalog {
        self.remote
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Puts what is set up now in the place of what was: the settings changed. What servers that
    /// stay have said of their models is kept until they are asked by
    /// [`ask_servers`](Self::ask_servers), as the others are, and those on this machine.
    pub fn replace_providers(&self, mut remote: Catalog) {
        self.change(|known| {
            remote.keep_lists_of(known);
            *known = remote;
        });
    }

    /// The model that the user's settings name now.
    pub fn set_configured(&self, configured: Option<ModelId>) {
        *self
            .configured
            .write()
            .unwrap_or_else(PoisonError::into_inner) = configured;
    }

    fn configured(&self) -> Option<ModelId> {
        self.configured
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks the servers, unless they have been asked: where that is under way, until it is over.
    pub async fn ask_servers_once(&self) {
        self.ask_after(0).await;
    }

    /// Asks for their models the servers on this machine that Kiln looks for, and every server
    /// that is set up, has its key, and whose models nobody has named. Each answer counts as it
    /// comes; a server that does not list its models keeps those that were known, with the
    /// reason. Takes some 5 s at most, after an asking that is under way; those who wait for the
    /// end of one share the next.
    pub async fn ask_servers(&self) {
        self.ask_after(self.begun.load(Ordering::Relaxed)).await;
    }

    /// Asks the servers, unless that has begun more often than `before`.
    async fn ask_after(&self, before: u64) {
        let _asking = self.asking.lock().await;
        // One that was under way may have heard a server before this was called; one that began
        // since has not.
        if self.begun.load(Ordering::Relaxed) > before {
            return;
        }
        self.begun.fetch_add(1, Ordering::Relaxed);
        let catalog = self.catalog();
        let on_this_machine = async {
            for provider in llm::discover_loopback().await {
                self.change(|known| known.add(provider));
            }
        };
        let set_up = catalog
            .providers()
            .iter()
            .filter(|provider| provider.list != ModelList::Named)
            .map(|provider| self.ask(&catalog, provider));
        tokio::join!(on_this_machine, join_all(set_up));
    }

    /// Asks one server for its models.
    async fn ask(&self, catalog: &Catalog, provider: &ProviderConfig) {
        // Nobody has chosen to send it the key yet.
        if provider.warning().is_some() {
            self.change(|known| known.not_asked(provider));
            return;
        }
        let keys = Arc::clone(catalog.keys());
        let (name, source) = (provider.display_name(), provider.key.clone());
        // May ask the keyring.
        let key = tokio::task::spawn_blocking(move || keys.resolve(&name, &source));
        // Without its key it cannot be used at all.
        let Ok(Ok(key)) = key.await else {
            return;
        };
        let answer = llm::list_models(provider, key.as_ref()).await;
        if let Err(error) = &answer {
            tracing::info!(%error, "a server did not list its models");
        }
        self.change(|known| known.listed(provider, answer));
    }

    /// Asks those who may have the model that was in use last again: its server, or the usual places
    /// of this machine where none of its name is known. An embedded one is a file, and not asked for.
    pub(crate) async fn look_for_last(self: &Arc<Self>) {
        let known = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || known.last.as_ref()?.read().ok().flatten());
        let Ok(Some(last)) = read.await else {
            return;
        };
        let catalog = self.catalog();
        match catalog.provider(last.provider()) {
            _ if last.provider() == LOCAL_PROVIDER => {}
            Some(provider) if provider.list == ModelList::Named => {}
            Some(provider) => self.ask(&catalog, provider).await,
            None => {
                for provider in llm::discover_loopback().await {
                    self.change(|known| known.add(provider));
                }
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Catalog)) {
        change(&mut self.remote.write().unwrap_or_else(PoisonError::into_inner));
        self.changes.send_replace(());
    }

    /// Tells of every change of the providers and of their models from now on.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Whether another model may count once servers have said what they have, or whether this one's
    /// own server has still to say it.
    pub(crate) fn is_provisional(&self, default: &DefaultModel) -> bool {
        let Some((id, choice)) = &default.chosen else {
            return true;
        };
        let is_chosen = matches!(choice, ModelChoice::Configured | ModelChoice::Last);
        match self.catalog().provider(id.provider()) {
            None => !is_chosen || id.provider() != LOCAL_PROVIDER,
            Some(provider) => {
                !is_chosen && (provider.is_loopback() || provider.list == ModelList::Unasked)
                    // The one that was in use last may be found yet.
                    || default.missing.is_some()
            }
        }
    }

    /// The model in use; `None` before one was chosen.
    pub fn current(&self) -> Option<ModelId> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a model runs on this machine.
    pub(crate) fn is_local(&self, id: &ModelId) -> bool {
        let catalog = self.catalog();
        id.provider() == LOCAL_PROVIDER
            || catalog
                .provider(id.provider())
                .is_some_and(ProviderConfig::is_loopback)
    }

    pub(crate) fn set_current(&self, id: Option<ModelId>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = id;
    }

    /// The model to use where none was asked for: the one in the settings, then the one that was in
    /// use last. Where that is not there now, only what runs on this machine takes its place. Where
    /// none was in use yet: one with a key, then a server on this machine, then an installed
    /// embedded model. Reads which was in use last: not for the UI thread.
    pub fn default_model(&self, available: &Available) -> DefaultModel {
        self.default_or(Substitute::OnThisMachine, available)
    }

    /// As [`default_model`](Self::default_model), with what may take the place of the model that
    /// was in use last.
    pub(crate) fn default_or(&self, substitute: Substitute, available: &Available) -> DefaultModel {
        if let Some(configured) = self.configured() {
            return DefaultModel {
                chosen: Some((configured, ModelChoice::Configured)),
                missing: None,
            };
        }
        let missing = match self.last.as_ref().map(LastModel::read) {
            None | Some(Ok(None)) => None,
            Some(Ok(Some(last))) => match self.why_missing(&last, available) {
                None => {
                    return DefaultModel {
                        chosen: Some((last, ModelChoice::Last)),
                        missing: None,
                    };
                }
                Some(why) => Some(format!(
                    "The model {last}, which was in use last, is not there now: {why}."
                )),
            },
            Some(Err(error)) => Some(format!(
                "It is not known which model was in use last: {error}."
            )),
        };
        let ready = || available.models.iter().filter(|entry| entry.ready);
        let first = match (&missing, substitute) {
            (Some(_), Substitute::OnThisMachine) => ready().find(|entry| entry.local),
            _ => ready()
                .find(|entry| !entry.local)
                .or_else(|| ready().next()),
        };
        DefaultModel {
            chosen: first.map(|entry| (entry.id.clone(), ModelChoice::First)),
            missing,
        }
    }

    /// Why a model cannot be used now: the end of a sentence. `None` where it can; that its key is
    /// missing is told where it is asked something.
    fn why_missing(&self, model: &ModelId, available: &Available) -> Option<String> {
        let name = model.provider();
        if name == LOCAL_PROVIDER {
            let is_here = |entry: &ModelEntry| entry.ready && entry.id == *model;
            return match available.models.iter().any(is_here) {
                true => None,
                false => Some("it is not downloaded".to_owned()),
            };
        }
        let catalog = self.catalog();
        let Some(provider) = catalog.provider(name) else {
            return Some(format!("no server called {name} is set up or answers"));
        };
        let is_gone = provider.list == ModelList::Listed && !provider.may_have(model.model());
        is_gone.then(|| format!("{} does not list it", provider.display_name()))
    }

    /// Keeps that a model is in use, for the next start.
    ///
    /// # Errors
    /// As the system reports.
    pub(crate) fn keep_last(&self, id: &ModelId) -> Result<(), FsError> {
        match &self.last {
            Some(last) => last.keep(id),
            None => Ok(()),
        }
    }

    /// Whether a model is in use or was at the last start, so that none takes its place unasked.
    /// Reads from the disk: not for the UI thread.
    pub fn has_a_choice(&self) -> bool {
        let was_in_use = |last: &LastModel| !matches!(last.read(), Ok(None));
        self.current().is_some()
            || self.configured().is_some()
            || self.last.as_ref().is_some_and(was_in_use)
    }

    /// Builds a model.
    ///
    /// # Errors
    /// Where its provider or its file is not there.
    pub fn build(&self, id: &ModelId) -> Result<Arc<dyn LanguageModel>, CatalogError> {
        #[cfg(feature = "local-model")]
        if id.provider() == LOCAL_PROVIDER
            && let Some(local) = &self.local
        {
            return local.build(id);
        }
        let built = self.catalog().build(id);
        #[cfg(feature = "local-model")]
        if self.local.is_some()
            && let Err(CatalogError::UnknownProvider { provider, known }) = built
        {
            return Err(CatalogError::UnknownProvider {
                provider,
                known: match known.as_str() {
                    "" => LOCAL_PROVIDER.to_owned(),
                    others => format!("{others}, {LOCAL_PROVIDER}"),
                },
            });
        }
        built
    }
}

/// What to tell a user who has no model: which [keys cannot be read](Available::unreadable_keys),
/// and how to get one.
pub fn how_to_get_a_model(unreadable_keys: Option<&str>) -> String {
    let mut ways = vec![
        "set ANTHROPIC_API_KEY or OPENAI_API_KEY",
        "start a model server on this machine (Ollama, LM Studio, llama.cpp, vLLM)",
    ];
    if cfg!(feature = "local-model") {
        ways.insert(0, "get the embedded model with `kiln-cli model pull`");
    }
    let last = ways.pop().unwrap_or_default();
    let ways = format!("{}, or {last}.", ways.join(", "));
    match unreadable_keys {
        Some(told) => format!("{told} Until then there is no model to answer: {ways}"),
        None => format!("There is no model to answer: {ways}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::{KeyStore, ModelInfo, Protocol};

    fn provider(name: &str, url: &str, key: llm::KeySource) -> ProviderConfig {
        ProviderConfig {
            name: name.into(),
            protocol: Protocol::OpenAiChat,
            base_url: url.parse().unwrap(),
            key,
            models: vec![ModelInfo::named("m")],
            list: llm::ModelList::Named,
        }
    }

    fn missing() -> llm::KeySource {
        llm::KeySource::Stored {
            account: "nobody".into(),
        }
    }

    #[tokio::test]
    async fn a_server_that_would_get_its_key_unencrypted_is_not_asked() {
        let key = llm::KeySource::Given(llm::Secret::new("k"));
        let mut work = provider("work", "http://models.invalid/v1", key);
        work.list = ModelList::Unasked;
        let catalog = ModelCatalog::new(Catalog::new(vec![work], KeyStore::nothing()), None);
        catalog.ask_servers().await;
        let list = catalog.catalog().provider("work").unwrap().list.clone();
        let ModelList::Unlisted(why) = list else {
            panic!("{list:?}");
        };
        assert!(why.contains("unencrypted"), "{why}");
    }

    #[tokio::test]
    async fn who_waits_for_an_asking_is_answered_by_the_next() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let mut own = provider("own", &url, llm::KeySource::NotNeeded);
        (own.list, own.models) = (ModelList::Unasked, Vec::new());
        let catalog = ModelCatalog::new(Catalog::new(vec![own], KeyStore::nothing()), None);
        let (heard, mut first) = tokio::sync::oneshot::channel();
        let mut heard = Some(heard);
        let (answer, wait) = tokio::sync::oneshot::channel::<()>();
        let mut wait = Some(wait);
        let server = async {
            for name in ["early", "late"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 4096];
                let read = stream.read(&mut request).await.unwrap();
                assert!(request[..read].starts_with(b"GET /v1/models"));
                if let (Some(heard), Some(wait)) = (heard.take(), wait.take()) {
                    heard.send(()).unwrap();
                    wait.await.unwrap();
                }
                let body = format!("{{\"data\":[{{\"id\":\"{name}\"}}]}}");
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", body.len());
                let answer = format!("{head}Connection: close\r\n\r\n{body}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        };
        let second = async {
            (&mut first).await.unwrap();
            // Both are called before the server answers the first, and share one asking.
            let both = async { tokio::join!(catalog.ask_servers(), catalog.ask_servers()) };
            let go = async { answer.send(()).unwrap() };
            tokio::join!(both, go);
        };
        tokio::join!(catalog.ask_servers(), second, server);
        let models = &catalog.catalog().provider("own").unwrap().models.clone();
        let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names, ["late"]);
        // The server is gone: it would be unlisted, had it been asked once more.
        catalog.ask_servers_once().await;
        let list = catalog.catalog().provider("own").unwrap().list.clone();
        assert_eq!(list, ModelList::Listed);
    }

    #[test]
    fn the_default_is_configured_then_keyed_then_loopback_then_none() {
        let keyed = provider(
            "keyed",
            "https://a",
            llm::KeySource::Given(llm::Secret::new("k")),
        );
        let unkeyed = provider("unkeyed", "https://b", missing());
        let loopback = provider("ollama", "http://127.0.0.1:1", llm::KeySource::NotNeeded);
        let chosen = |providers: &[&ProviderConfig], configured: Option<&str>| {
            let providers = providers
                .iter()
                .map(|provider| (*provider).clone())
                .collect();
            let models = ModelCatalog::new(
                Catalog::new(providers, KeyStore::nothing()),
                configured.map(|id| id.parse().unwrap()),
            );
            let default = models.default_model(&models.available());
            default.chosen.map(|(id, _)| id.to_string())
        };
        let all = [&unkeyed, &loopback, &keyed];
        assert_eq!(chosen(&all, Some("x/y")).as_deref(), Some("x/y"));
        assert_eq!(chosen(&all, None).as_deref(), Some("keyed/m"));
        assert_eq!(
            chosen(&[&unkeyed, &loopback], None).as_deref(),
            Some("ollama/m")
        );
        assert_eq!(chosen(&[&unkeyed], None), None);
    }

    #[test]
    fn the_model_in_use_stays_it_and_nothing_paid_takes_its_place() {
        let state = tempfile::tempdir().unwrap();
        let keyed = provider(
            "keyed",
            "https://a",
            llm::KeySource::Given(llm::Secret::new("k")),
        );
        let other = provider("other", "https://b", missing());
        let loopback = |name| provider(name, "http://127.0.0.1:1", llm::KeySource::NotNeeded);
        let models = |providers: &[&ProviderConfig]| {
            let providers = providers.iter().map(|known| (*known).clone()).collect();
            ModelCatalog::new(Catalog::new(providers, KeyStore::nothing()), None)
                .remembering_in(state.path())
        };
        let chosen = |providers: &[&ProviderConfig], substitute| {
            let models = models(providers);
            let default = models.default_or(substitute, &models.available());
            let chosen = default.chosen.map(|(id, choice)| (id.to_string(), choice));
            (chosen, default.missing)
        };
        let found = |id: &str, choice| (Some((id.to_owned(), choice)), None);
        let (ollama, studio) = (loopback("ollama"), loopback("studio"));
        let mine = Substitute::OnThisMachine;
        assert_eq!(
            chosen(&[&ollama], mine),
            found("ollama/m", ModelChoice::First)
        );
        assert!(!models(&[&ollama]).has_a_choice());

        models(&[]).keep_last(&"ollama/m".parse().unwrap()).unwrap();
        assert!(models(&[]).has_a_choice());
        // A key was saved since.
        let both = [&keyed, &ollama];
        assert_eq!(chosen(&both, mine), found("ollama/m", ModelChoice::Last));
        // Its server is not started: another one on this machine will do, and no paid one.
        let (first, why) = chosen(&[&keyed, &studio], mine);
        assert_eq!(first, found("studio/m", ModelChoice::First).0);
        let told = "The model ollama/m, which was in use last, is not there now: \
                    no server called ollama is set up or answers.";
        assert_eq!(why.as_deref(), Some(told));
        assert_eq!(chosen(&[&keyed], mine), (None, Some(told.to_owned())));
        // Unless a person does something to get one.
        let (first, _) = chosen(&[&keyed], Substitute::Any);
        assert_eq!(first, found("keyed/m", ModelChoice::First).0);
        // Its server does not list it any more.
        let mut emptied = ollama.clone();
        (emptied.list, emptied.models) = (ModelList::Listed, vec![ModelInfo::named("n")]);
        let (first, why) = chosen(&[&keyed, &emptied], mine);
        assert_eq!(first, found("ollama/n", ModelChoice::First).0);
        assert!(why.unwrap().ends_with("does not list it."));

        // One whose key is gone says so when it is asked; no other provider is paid instead.
        models(&[]).keep_last(&"other/m".parse().unwrap()).unwrap();
        assert_eq!(
            chosen(&[&keyed, &other], mine),
            found("other/m", ModelChoice::Last)
        );
        // Where it cannot be read which one it was, nothing is paid either.
        std::fs::write(state.path().join("model/last"), "?").unwrap();
        let (first, why) = chosen(&[&keyed], mine);
        assert_eq!(first, None);
        assert!(why.unwrap().ends_with("does not name a model."));
    }
}
