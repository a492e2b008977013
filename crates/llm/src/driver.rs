//! Sending a request and reading its answer, for both protocols: retries,
//! bounds, timeouts and cancelling live here once.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use futures::StreamExt;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::answer_state::AnswerState;
use crate::http::{Transport, cause, clean, error_message, told};
use crate::retry::{jitter, parse_retry_after};
use crate::sse::{SseParser, SseTooLarge};
use crate::{
    KeyStore, LanguageModel, Limits, ModelError, ModelEvent, ModelId, ModelInfo, ModelProfile,
    ModelRequest, ModelStream, Protocol, ProviderConfig, RetryPolicy, Secret, StopReason,
    anthropic, openai,
};

/// The media type of a stream of events.
const EVENT_STREAM: &str = "text/event-stream";
/// How many events may wait for a slow reader before reading pauses.
const EVENTS_AHEAD: usize = 64;

/// What a decoder finds wrong with an answer.
#[derive(Debug)]
pub(crate) enum WireError {
    /// It is not what the protocol says.
    Garbage(String),
    /// The provider reports an error in the middle of the stream, in words that are not yet made fit
    /// to be shown.
    Provider { transient: bool, message: String },
    /// It ended before the model was done.
    Cut,
}

enum Decoder {
    OpenAi(openai::Decoder),
    Anthropic(anthropic::Decoder),
}

impl Decoder {
    fn new(protocol: Protocol) -> Self {
        match protocol {
            Protocol::OpenAiChat => Self::OpenAi(openai::Decoder::default()),
            Protocol::AnthropicMessages => Self::Anthropic(anthropic::Decoder::default()),
        }
    }

    fn event(
        &mut self,
        event: &crate::sse::SseEvent,
        events: &mut Vec<ModelEvent>,
    ) -> Result<(), WireError> {
        match self {
            Self::OpenAi(decoder) => decoder.event(event, events),
            Self::Anthropic(decoder) => decoder.event(event, events),
        }
    }

    fn answer(&self) -> &AnswerState {
        match self {
            Self::OpenAi(decoder) => &decoder.answer,
            Self::Anthropic(decoder) => &decoder.answer,
        }
    }

    fn answer_mut(&mut self) -> &mut AnswerState {
        match self {
            Self::OpenAi(decoder) => &mut decoder.answer,
            Self::Anthropic(decoder) => &mut decoder.answer,
        }
    }
}

/// A model behind HTTP.
pub(crate) struct RemoteModel {
    pub id: ModelId,
    pub info: ModelInfo,
    pub provider: ProviderConfig,
    pub keys: Arc<KeyStore>,
    pub transport: Transport,
    pub limits: Limits,
    pub retry: RetryPolicy,
}

#[async_trait]
impl LanguageModel for RemoteModel {
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
        let keys = Arc::clone(&self.keys);
        let (name, source) = (self.provider.display_name(), self.provider.key.clone());
        // The keyring may take its time.
        let key = tokio::task::spawn_blocking(move || keys.resolve(&name, &source))
            .await
            .map_err(|_| ModelError::Cancelled)??;
        let base_url = &self.provider.base_url;
        let (url, body) = match self.provider.protocol {
            Protocol::OpenAiChat => (
                openai::url(base_url),
                openai::body(&request, &self.info, base_url),
            ),
            Protocol::AnthropicMessages => (
                anthropic::url(base_url),
                anthropic::body(&request, &self.info),
            ),
        };
        let exchange = Exchange {
            provider: self.provider.display_name(),
            model: self.info.name.clone(),
            protocol: self.provider.protocol,
            transport: self.transport.clone(),
            limits: self.limits,
            retry: self.retry.clone(),
            url,
            body,
            key,
        };
        let (sender, mut receiver) = mpsc::channel(EVENTS_AHEAD);
        // Dropping the stream drops this guard, which ends the task.
        let dropped = CancellationToken::new();
        let guard = dropped.clone().drop_guard();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = dropped.cancelled() => {}
                () = cancel.cancelled() => {
                    // The request is gone already: select dropped it.
                    let stopped = ModelEvent::Stopped(StopReason::Cancelled);
                    tokio::select! {
                        _ = sender.send(Ok(stopped)) => {}
                        () = dropped.cancelled() => {}
                    }
                }
                () = exchange.run(&sender) => {}
            }
        });
        Ok(futures::stream::poll_fn(move |context| {
            let _alive = &guard;
            receiver.poll_recv(context)
        })
        .boxed())
    }
}

type EventSender = mpsc::Sender<Result<ModelEvent, ModelError>>;

/// One request and its repetitions.
struct Exchange {
    provider: String,
    model: String,
    protocol: Protocol,
    transport: Transport,
    limits: Limits,
    retry: RetryPolicy,
    url: Url,
    body: Value,
    key: Option<Secret>,
}

/// How one attempt ended.
enum AttemptEnd {
    /// The answer is complete.
    Done,
    /// Nobody listens any more.
    Abandoned,
    /// It failed.
    Failed(Failure),
}

struct Failure {
    error: ModelError,
    /// Whether sending the request again could help and nothing was passed on yet.
    retryable: bool,
    retry_after: Option<Duration>,
}

impl Failure {
    fn fatal(error: ModelError) -> Self {
        Self {
            error,
            retryable: false,
            retry_after: None,
        }
    }
}

impl Exchange {
    async fn run(self, sender: &EventSender) {
        let mut attempt = 0;
        loop {
            match self.attempt(sender).await {
                AttemptEnd::Done | AttemptEnd::Abandoned => return,
                AttemptEnd::Failed(failure) => {
                    attempt += 1;
                    let delay = failure
                        .retryable
                        .then(|| self.retry.delay(attempt, failure.retry_after, jitter()))
                        .flatten();
                    let Some(delay) = delay else {
                        tracing::debug!(provider = %self.provider, error = %failure.error, "request failed");
                        // A closed channel means that nobody waits for the error.
                        if sender.send(Err(failure.error)).await.is_err() {
                            tracing::trace!("the reader of the answer is gone");
                        }
                        return;
                    };
                    let retrying = ModelEvent::Retrying {
                        attempt,
                        delay,
                        reason: failure.error.cause(),
                    };
                    if sender.send(Ok(retrying)).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(delay).await;
                }
            }
        }
    }

    async fn attempt(&self, sender: &EventSender) -> AttemptEnd {
        let response = match self.send().await {
            Ok(response) => response,
            Err(failure) => return AttemptEnd::Failed(failure),
        };
        self.read(response, sender).await
    }

    /// Sends the request and waits for a successful status.
    async fn send(&self) -> Result<reqwest::Response, Failure> {
        let mut request = self
            .transport
            .client
            .post(self.url.clone())
            .header("accept", EVENT_STREAM)
            .json(&self.body);
        if self.protocol == Protocol::AnthropicMessages {
            request = request.header("anthropic-version", anthropic::VERSION);
        }
        if let Some(key) = &self.key {
            let (name, value) = match self.protocol {
                Protocol::OpenAiChat => ("authorization", format!("Bearer {}", key.expose())),
                Protocol::AnthropicMessages => ("x-api-key", key.expose().to_owned()),
            };
            let mut value = reqwest::header::HeaderValue::from_str(&value).map_err(|_| {
                Failure::fatal(ModelError::Configuration {
                    provider: self.provider.clone(),
                    message: "its key holds characters that no key can hold".into(),
                })
            })?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        let wait = self.limits.first_byte_timeout;
        let response = match tokio::time::timeout(wait, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                return Err(Failure {
                    retryable: !error.is_builder(),
                    error: ModelError::Network {
                        provider: self.provider.clone(),
                        message: cause(error),
                    },
                    retry_after: None,
                });
            }
            Err(_) => {
                return Err(Failure::fatal(ModelError::TimedOut {
                    provider: self.provider.clone(),
                    after: wait,
                }));
            }
        };
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refusal(response).await)
    }

    /// What an unsuccessful status means.
    async fn refusal(&self, response: reqwest::Response) -> Failure {
        let status = response.status().as_u16();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let retry_after =
            header("retry-after").and_then(|value| parse_retry_after(&value, SystemTime::now()));
        let location = header("location");
        let provider = self.provider.clone();
        if (300..400).contains(&status) {
            let to = location
                .as_deref()
                .filter(|location| !location.is_empty())
                .map_or_else(|| "an address that it does not name".to_owned(), clean);
            return Failure::fatal(ModelError::Redirected { provider, to });
        }
        let message = error_message(response, self.key.as_ref()).await;
        let lower = message.to_ascii_lowercase();
        let error = match status {
            401 | 403 => ModelError::Unauthorized { provider, message },
            404 => ModelError::UnknownModel {
                provider,
                model: self.model.clone(),
                message,
            },
            429 => {
                // An empty account is not a matter of waiting.
                if lower.contains("insufficient_quota") || lower.contains("billing") {
                    return Failure::fatal(ModelError::QuotaUsedUp { provider, message });
                }
                return Failure {
                    error: ModelError::RateLimited {
                        provider,
                        retry_after,
                        message,
                    },
                    retryable: true,
                    retry_after,
                };
            }
            408 | 500..=599 => {
                return Failure {
                    error: ModelError::Overloaded {
                        provider,
                        status,
                        message,
                    },
                    retryable: status != 501,
                    retry_after,
                };
            }
            413 => ModelError::ContextTooLong { message },
            400 if [
                "context length",
                "context_length",
                "context size",
                "context window",
                "prompt is too long",
                "too many tokens",
            ]
            .iter()
            .any(|words| lower.contains(words)) =>
            {
                ModelError::ContextTooLong { message }
            }
            _ => ModelError::Rejected {
                provider,
                status,
                message,
            },
        };
        Failure::fatal(error)
    }

    /// Reads the event stream of a successful response.
    async fn read(&self, response: reqwest::Response, sender: &EventSender) -> AttemptEnd {
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .map(clean)
            .unwrap_or_default();
        let mut body = response.bytes_stream();
        let mut reading = Reading {
            exchange: self,
            decoder: Decoder::new(self.protocol),
            parser: SseParser::new(self.limits.line_bytes, self.limits.event_bytes),
            sender,
            any_event: false,
            content_sent: false,
            text_bytes: 0,
            wire_bytes: 0,
        };
        let deadline = Instant::now() + self.limits.answer_timeout;
        loop {
            let wait = if reading.wire_bytes == 0 {
                self.limits.first_byte_timeout
            } else {
                self.limits.idle_timeout
            };
            let until = (Instant::now() + wait).min(deadline);
            let end = match tokio::time::timeout_at(until, body.next()).await {
                Ok(Some(Ok(chunk))) => match reading.chunk(&chunk).await {
                    Ok(()) if reading.decoder.answer().is_done() => return AttemptEnd::Done,
                    Ok(()) => continue,
                    Err(end) => end,
                },
                Ok(Some(Err(error))) => reading.cut(cause(error)),
                Ok(None) => reading.end(&content_type).await,
                Err(_) if Instant::now() >= deadline => {
                    AttemptEnd::Failed(Failure::fatal(ModelError::TooSlow {
                        provider: self.provider.clone(),
                        after: self.limits.answer_timeout,
                    }))
                }
                Err(_) => AttemptEnd::Failed(Failure::fatal(ModelError::TimedOut {
                    provider: self.provider.clone(),
                    after: wait,
                })),
            };
            return end;
        }
    }
}

/// The state of reading one answer.
struct Reading<'a> {
    exchange: &'a Exchange,
    decoder: Decoder,
    parser: SseParser,
    sender: &'a EventSender,
    /// Whether any event at all was understood.
    any_event: bool,
    /// Whether the caller has seen content, so that a retry would repeat it.
    content_sent: bool,
    text_bytes: usize,
    wire_bytes: usize,
}

impl Reading<'_> {
    async fn chunk(&mut self, bytes: &[u8]) -> Result<(), AttemptEnd> {
        let limits = &self.exchange.limits;
        self.wire_bytes = self.wire_bytes.saturating_add(bytes.len());
        if self.wire_bytes > limits.wire_bytes {
            return Err(self.too_large("answer", limits.wire_bytes));
        }
        let mut parsed = Vec::new();
        let too_large = self.parser.push(bytes, &mut parsed).err();
        for event in &parsed {
            let mut events = Vec::new();
            let outcome = self.decoder.event(event, &mut events);
            self.any_event = true;
            self.pass_on(events).await?;
            // What belongs to an open call is kept, and passed on only at its end.
            let arguments = self.decoder.answer().calls.argument_bytes();
            if self.text_bytes.saturating_add(arguments) > limits.answer_bytes {
                return Err(self.too_large("answer", limits.answer_bytes));
            }
            if let Err(error) = outcome {
                return Err(self.failed(error));
            }
            if self.decoder.answer().calls.begun() > limits.tool_calls {
                return Err(AttemptEnd::Failed(Failure::fatal(
                    ModelError::BadResponse {
                        provider: self.exchange.provider.clone(),
                        message: format!("more than {} tool calls at once", limits.tool_calls),
                    },
                )));
            }
        }
        match too_large {
            None => Ok(()),
            Some(SseTooLarge::Line) => Err(self.too_large("line", limits.line_bytes)),
            Some(SseTooLarge::Event) => Err(self.too_large("event", limits.event_bytes)),
        }
    }

    /// The body ended.
    async fn end(&mut self, content_type: &str) -> AttemptEnd {
        if !self.any_event && self.wire_bytes > 0 {
            return AttemptEnd::Failed(Failure::fatal(ModelError::BadResponse {
                provider: self.exchange.provider.clone(),
                message: match content_type.split(';').next().unwrap_or_default().trim() {
                    "" => "it is no event stream".to_owned(),
                    // It says that it is one.
                    EVENT_STREAM => "there is no event in its stream".to_owned(),
                    _ => format!("it is no event stream but {content_type}"),
                },
            }));
        }
        let mut events = Vec::new();
        let outcome = self.decoder.answer_mut().end(&mut events);
        if let Err(end) = self.pass_on(events).await {
            return end;
        }
        match outcome {
            Ok(()) => AttemptEnd::Done,
            Err(error) => self.failed(error),
        }
    }

    async fn pass_on(&mut self, events: Vec<ModelEvent>) -> Result<(), AttemptEnd> {
        for event in events {
            if let ModelEvent::Text(text) = &event {
                self.text_bytes = self.text_bytes.saturating_add(text.len());
                if self.text_bytes > self.exchange.limits.answer_bytes {
                    return Err(self.too_large("answer", self.exchange.limits.answer_bytes));
                }
            }
            self.content_sent |= !matches!(event, ModelEvent::Usage(_));
            if self.sender.send(Ok(event)).await.is_err() {
                return Err(AttemptEnd::Abandoned);
            }
        }
        Ok(())
    }

    fn too_large(&self, what: &'static str, limit_bytes: usize) -> AttemptEnd {
        AttemptEnd::Failed(Failure::fatal(ModelError::ResponseTooLarge {
            provider: self.exchange.provider.clone(),
            what,
            limit_bytes,
        }))
    }

    fn cut(&self, message: String) -> AttemptEnd {
        let provider = self.exchange.provider.clone();
        AttemptEnd::Failed(Failure {
            error: if self.content_sent {
                ModelError::Interrupted { provider, message }
            } else {
                ModelError::Network { provider, message }
            },
            retryable: !self.content_sent,
            retry_after: None,
        })
    }

    fn failed(&self, error: WireError) -> AttemptEnd {
        let provider = self.exchange.provider.clone();
        match error {
            WireError::Cut => self.cut("it closed the connection".to_owned()),
            WireError::Garbage(message) => {
                AttemptEnd::Failed(Failure::fatal(ModelError::BadResponse {
                    provider,
                    message,
                }))
            }
            WireError::Provider { transient, message } => {
                let message = told(&message, self.exchange.key.as_ref());
                AttemptEnd::Failed(Failure {
                    error: if transient {
                        ModelError::Overloaded {
                            provider,
                            status: 503,
                            message,
                        }
                    } else {
                        ModelError::Rejected {
                            provider,
                            status: 400,
                            message,
                        }
                    },
                    retryable: transient && !self.content_sent,
                    retry_after: None,
                })
            }
        }
    }
}
