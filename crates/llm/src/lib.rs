//! Crate `llm`.
