//! The built `kiln-cli`, run as a person or a script runs it, against a model
//! server on loopback.

mod chat;
mod offline;
mod program;
mod specs;
