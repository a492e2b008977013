//! Crate `agent`.
