//! What runs a model inside the worker process.

use crate::protocol::{EngineError, EngineEvent, LoadRequest};
use crate::request::{LocalRequest, LocalStop, LocalUsage};

/// An inference engine. It lives in the worker process and serves one answer at a time.
pub trait Engine {
    /// Loads a model; `progress` is told the part that is loaded, 0 to 1.
    ///
    /// # Errors
    ///
    /// A text for the user that says what is wrong with the file or the machine.
    fn load(&mut self, request: &LoadRequest, progress: Box<dyn FnMut(f32)>) -> Result<(), String>;

    /// Produces one answer, handing each step to `emit`. `cancelled` is asked between tokens and
    /// between the batches of a prompt.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when the prompt does not fit or the computation fails; the engine can be
    /// used again afterwards.
    fn generate(
        &mut self,
        request: &LocalRequest,
        emit: &mut dyn FnMut(EngineEvent),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(LocalStop, LocalUsage), EngineError>;
}
