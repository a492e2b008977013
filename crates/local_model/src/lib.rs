//! The embedded model: Kiln's default for a machine with no key and no server.
//!
//! - [`catalogue`] says which models there are, [`ModelStore`] downloads and keeps them.
//! - [`LocalModel`] answers requests. The model runs in a worker process, which is the program
//!   itself started again (see [`worker`]): a crash there, or the kernel ending it for its
//!   memory, never touches the editor.
//! - The feature `engine` builds the inference engine in. Without it everything else is here,
//!   and a worker says that it has no engine.

#[cfg(any(test, feature = "engine"))]
mod answer;
pub mod catalogue;
#[cfg(any(test, feature = "engine"))]
mod chat_template;
mod client;
mod download;
mod download_lock;
pub mod engine;
#[cfg(any(test, feature = "test-support"))]
pub mod fake_engine;
mod file_check;
#[cfg(any(test, feature = "engine"))]
mod grammar;
#[cfg(feature = "engine")]
mod llama_engine;
pub mod memory;
mod package_index;
mod processor;
pub mod protocol;
#[cfg(any(test, feature = "engine"))]
mod repetition;
mod request;
mod store;
#[cfg(any(test, feature = "engine"))]
mod tool_call_scanner;
#[cfg(any(test, feature = "engine"))]
mod utf8_stream;
mod wheel;
pub mod worker;

pub use catalogue::{LocalModelSpec, Mirror, catalogue};
pub use client::{LocalError, LocalModel, WeakLocalModel, WorkerCommand};
pub use download::{Progress, PullError, Stage};
pub use file_check::{FileState, RunningCheck};
pub use protocol::EngineError;
pub use request::{
    LocalContent, LocalEvent, LocalMessage, LocalRequest, LocalRole, LocalStop, LocalTool,
    LocalUsage,
};
pub use store::{ModelStore, RemoveError};
