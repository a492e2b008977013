//! The interface that every model has.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{ModelError, ModelId, ModelRequest, ModelStream};

/// What a caller must know about a model to ask it well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelProfile {
    /// Tokens that prompt and answer may fill together.
    pub context_tokens: u32,
    /// A model of a few billion parameters: short prompts, few tools, and a
    /// guard against repeated calls.
    pub small: bool,
    /// Whether it can call tools at all.
    pub tools: bool,
}

/// A model that answers requests.
#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// Its full name.
    fn id(&self) -> &ModelId;

    /// What the user reads in a picker.
    fn display_name(&self) -> &str;

    /// What it can do.
    fn profile(&self) -> ModelProfile;

    /// Sends a request. Connecting and retrying happen inside the stream, so
    /// that the caller sees them as events.
    ///
    /// When `cancel` fires, the connection is dropped at once and the stream
    /// ends with `Stopped(Cancelled)`.
    ///
    /// # Errors
    /// Where the request cannot even be made: no key, no such model file.
    async fn stream(
        &self,
        request: ModelRequest,
        cancel: CancellationToken,
    ) -> Result<ModelStream, ModelError>;
}
