//! Crate `git`.
