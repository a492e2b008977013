//! The agent: sessions, turns, tools, permissions, and the way from a prompt
//! to a reviewed spec to its tasks.
//!
//! [`start`] runs it on a tokio runtime. A user interface sends
//! [`Operation`]s, reads [`AgentEvent`]s, and lets [`serve`] answer the
//! [`HostRequest`]s on the thread that owns the open buffers, so that the
//! agent reads what the user sees and its edits can be undone.
//!
//! The model is taken to be hostile: paths are resolved inside the folder at
//! the moment of use, writes and commands are asked about and carried out
//! exactly as approved, what is shown is made visible, and what comes back is
//! bounded.

mod answer;
mod answer_journal;
#[cfg(target_os = "linux")]
mod command_domain;
mod command_output;
mod config;
mod context_window;
mod conversation;
mod document_hash;
mod engine;
mod event;
mod host;
mod inbox;
mod last_model;
#[cfg(feature = "local-model")]
mod local;
mod mentions;
mod models;
mod most_changes;
mod operation;
mod output_journal;
mod output_stream;
mod part_writer;
mod permission;
mod permission_request;
mod plain_question;
mod private_file;
mod project_path;
mod prompts;
mod repetition;
mod session_log;
mod small_talk;
mod spec_document;
mod spec_files;
mod spec_flow;
mod stand_in;
mod supervisor;
mod task_lock;
mod task_run;
mod tools;
mod turn;
mod turn_clock;
mod visible;

pub use config::{AgentConfig, AgentHandle, AgentLimits, SessionChoice, start};
pub use document_hash::{DocumentHash, MalformedHash};
pub use event::{
    AgentEvent, EndReason, FileDiff, NoticeLevel, PermissionPreview, Speed, ToolCallView,
    ToolOutcome, TranscriptItem,
};
pub use host::{BufferWrite, HostRequest, HostSender, OpenText, serve};
pub use models::{DefaultModel, LOCAL_PROVIDER, ModelCatalog, ModelChoice, how_to_get_a_model};
pub use operation::{
    LookReason, Mode, Operation, PermissionAnswer, PermissionId, SessionId, TurnId,
};
pub use permission::{PermissionPolicy, Unanswered};
pub use session_log::{SessionSummary, SessionsError, list_sessions};
pub use supervisor::{Supervisor, run_supervisor_if_requested};
pub use turn_clock::TurnClock;
