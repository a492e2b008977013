//! Crate `search`.
