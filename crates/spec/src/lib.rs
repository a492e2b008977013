//! Crate `spec`.
