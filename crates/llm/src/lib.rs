//! Talking to language models.
//!
//! [`LanguageModel`] is the one interface the agent knows: a request goes in, a
//! stream of [`ModelEvent`]s comes out. Two wire protocols are spoken over
//! HTTPS and server-sent events, OpenAI-compatible chat completions and
//! Anthropic messages; [`Catalog`] builds a model from a provider's settings.
//!
//! Everything a server sends is untrusted: lines, events and whole answers are
//! bounded ([`Limits`]), a tool call is handed on only when its arguments are a
//! complete JSON object, and no redirect is followed with credentials.
//!
//! The crate runs on tokio: call it from inside a runtime.

mod answer_state;
mod anthropic;
mod catalog;
mod discovery;
mod driver;
mod error;
mod event;
mod http;
mod key_changes;
mod key_file;
mod keys;
mod known_models;
mod limits;
mod message;
mod model;
mod openai;
mod provider;
mod retry;
#[cfg(feature = "test-support")]
mod scripted;
mod secret;
mod sse;
mod tool_calls;

pub use catalog::{Available, Catalog, CatalogError, ModelEntry, UnreadableKey};
pub use discovery::{discover_loopback, discover_servers, list_models};
pub use error::ModelError;
pub use event::{ModelEvent, ModelStream, StopReason, Usage};
pub use keys::{KeyLocation, KeyStore, KeyStoreError, KeyringFault};
pub use limits::Limits;
pub use message::{
    Content, Message, ModelId, ModelIdError, ModelRequest, Role, ToolCall, ToolChoice, ToolSpec,
};
pub use model::{LanguageModel, ModelProfile};
pub use provider::{ModelInfo, ModelList, Protocol, ProviderConfig};
pub use retry::RetryPolicy;
#[cfg(feature = "test-support")]
pub use scripted::{ScriptedModel, ScriptedReply};
pub use secret::{KeySource, Secret};

pub use tokio_util::sync::CancellationToken;
