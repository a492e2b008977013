//! Crate `ui`.
