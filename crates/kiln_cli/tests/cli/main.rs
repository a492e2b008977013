//! The built `kiln-cli`, run as a person or a script runs it, against a model
//! server on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod chat;
mod commands;
mod offline;
mod program;
#[cfg(unix)]
mod servers;
mod specs;
