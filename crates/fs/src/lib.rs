//! Crate `fs`.
