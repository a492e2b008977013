//! Crate `editor_core`.
