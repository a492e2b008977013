//! A model that stands in for the one that was in use last, and gives way to it once that is back.

use std::sync::Arc;
use std::time::Duration;

use llm::ModelId;

use crate::inbox::{ComesAs, ModelSlot};
use crate::{ModelChoice, NoticeLevel};

/// How long after a look for the model that is away the next one begins.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(30);

impl ModelSlot {
    /// Waits until the model that another one stands in for is back. Looks for it now and then, and
    /// whenever the models change.
    pub async fn is_back(&self) {
        let mut stands_in = self.stands_in.subscribe();
        let mut changes = self.catalog.changes();
        loop {
            if stands_in.wait_for(|stands_in| *stands_in).await.is_err() {
                // There is no slot any more that could wait.
                return;
            }
            changes.mark_unchanged();
            if self.returned().await.is_some() {
                return;
            }
            tokio::select! {
                _ = stands_in.changed() => {}
                _ = changes.changed() => {}
                () = tokio::time::sleep(self.look_again) => self.catalog.look_for_last().await,
            }
        }
    }

    /// Uses the model again that another one stands in for, where that is back, and says so. Not
    /// while a turn runs: its requests are for one model.
    pub async fn give_way(&self) {
        if !*self.stands_in.borrow() {
            return;
        }
        let Some((id, choice)) = self.returned().await else {
            return;
        };
        let stood_in = self.catalog.current();
        if self.put(id.clone(), choice, ComesAs::Returned).await {
            let message = match stood_in {
                Some(stood_in) => {
                    format!("The model {id} is back and answers again, in place of {stood_in}.")
                }
                None => format!("The model {id} is back and answers again."),
            };
            self.events.notice(NoticeLevel::Info, message).await;
        } else {
            // Why not is said; once is enough.
            self.stands_in.send_replace(false);
        }
    }

    /// The model that counts by what is known now, where it is not away.
    async fn returned(&self) -> Option<(ModelId, ModelChoice)> {
        let catalog = Arc::clone(&self.catalog);
        let default = tokio::task::spawn_blocking(move || {
            let available = catalog.available();
            catalog.default_model(&available)
        });
        let default = default.await.unwrap_or_default();
        default.chosen.filter(|_| default.missing.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::Events;
    use crate::{LookReason, ModelCatalog};
    use llm::{Catalog, KeySource, KeyStore, ModelInfo, ModelList, Protocol, ProviderConfig};
    use std::sync::Mutex;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// A server that lists one model: the one that `listed` names by then.
    async fn server(listed: Arc<Mutex<&'static str>>) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let read = stream.read(&mut request).await.unwrap();
                assert!(request[..read].starts_with(b"GET /v1/models"));
                let name = *listed.lock().unwrap();
                let body = format!("{{\"data\":[{{\"id\":\"{name}\"}}]}}");
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", body.len());
                let answer = format!("{head}Connection: close\r\n\r\n{body}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        url
    }

    fn provider(name: &str, url: &str, models: &[&str], list: ModelList) -> ProviderConfig {
        ProviderConfig {
            name: name.into(),
            protocol: Protocol::OpenAiChat,
            base_url: url.parse().unwrap(),
            key: KeySource::NotNeeded,
            models: models.iter().map(|model| ModelInfo::named(model)).collect(),
            list,
        }
    }

    /// The model `own/m` was in use last, and its server lists another one: `near/m` stands in.
    async fn stood_in(state: &std::path::Path, url: &str) -> (ModelSlot, Receiver) {
        let own = provider("own", url, &[], ModelList::Unasked);
        let near = provider("near", "http://127.0.0.1:1/v1", &["m"], ModelList::Named);
        let known = Catalog::new(vec![near, own], KeyStore::nothing());
        let catalog = ModelCatalog::new(known, None).remembering_in(state);
        catalog.keep_last(&"own/m".parse().unwrap()).unwrap();
        let (sender, events) = async_channel::unbounded();
        let mut models = ModelSlot::new(Arc::new(catalog), Events(sender));
        models.look_again = Duration::from_millis(20);
        models.find(LookReason::Changed).await;
        assert_eq!(used(&models), "near/m");
        (models, events)
    }

    type Receiver = async_channel::Receiver<crate::AgentEvent>;

    fn used(models: &ModelSlot) -> String {
        models.catalog.current().unwrap().to_string()
    }

    #[tokio::test]
    async fn what_stands_in_gives_way_once_the_other_is_listed_again() {
        let state = tempfile::tempdir().unwrap();
        let listed = Arc::new(Mutex::new("other"));
        let url = server(Arc::clone(&listed)).await;
        let (models, events) = stood_in(state.path(), &url).await;
        models.give_way().await;
        assert_eq!(used(&models), "near/m", "not before");
        *listed.lock().unwrap() = "m";
        let waited = tokio::time::timeout(Duration::from_secs(20), models.is_back()).await;
        assert!(waited.is_ok(), "nobody looked");
        models.give_way().await;
        assert_eq!(used(&models), "own/m");
        let mut told = std::iter::from_fn(|| events.try_recv().ok());
        let last = told.by_ref().last().unwrap();
        let crate::AgentEvent::Notice { message, .. } = last else {
            panic!("{last:?}");
        };
        assert_eq!(
            message,
            "The model own/m is back and answers again, in place of near/m."
        );
    }

    #[tokio::test]
    async fn what_a_person_chose_meanwhile_stays() {
        let state = tempfile::tempdir().unwrap();
        let listed = Arc::new(Mutex::new("other"));
        let url = server(Arc::clone(&listed)).await;
        let (models, _events) = stood_in(state.path(), &url).await;
        let near = "near/m".parse().unwrap();
        assert!(models.select(near, ModelChoice::Asked).await);
        *listed.lock().unwrap() = "m";
        models.catalog.ask_servers().await;
        models.give_way().await;
        assert_eq!(used(&models), "near/m");
        let returned = "own/m".parse().unwrap();
        let put = models.put(returned, ModelChoice::Last, ComesAs::Returned);
        assert!(!put.await);
        assert_eq!(used(&models), "near/m");
    }
}
