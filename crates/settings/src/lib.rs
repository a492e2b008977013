//! Crate `settings`.
