//! llama.cpp.
use crate::engine::Engine;
use crate::protocol::{EngineError, EngineEvent, LoadRequest};
use crate::request::{LocalRequest, LocalStop, LocalUsage};
/// The engine.
pub struct LlamaEngine;
impl LlamaEngine {
    /// Starts it.
    pub fn new() -> Result<Self, String> {
        Ok(Self)
    }
}
impl Engine for LlamaEngine {
    fn load(&mut self, _: &LoadRequest, _: Box<dyn FnMut(f32)>) -> Result<(), String> {
        Err("not yet".into())
    }
    fn generate(
        &mut self,
        _: &LocalRequest,
        _: &mut dyn FnMut(EngineEvent),
        _: &dyn Fn() -> bool,
    ) -> Result<(LocalStop, LocalUsage), EngineError> {
        Err(EngineError::Engine("not yet".into()))
    }
}
