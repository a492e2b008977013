//! What tests across crates share: a model server on loopback that speaks both
//! real protocols with scripted answers, and keeps what it was asked.
//!
//! ```no_run
//! use test_support::{ModelServer, Reply};
//!
//! let server = ModelServer::start();
//! server.push(Reply::tool_call("call_1", "read_file", r#"{"path":"a.txt"}"#));
//! server.push(Reply::text("It says hello."));
//! // … let the program under test talk to server.url() …
//! assert_eq!(server.requests()[1].tool_results()[0].1, "hello");
//! ```

mod cpu;
mod http;
mod journal;
mod random;
mod reply;
pub mod report;
pub mod samples;
mod server;
mod surroundings;

pub use cpu::cpu;
pub use journal::{RecordedRequest, WireProtocol};
pub use random::Random;
pub use reply::{Gate, Reply, Step};
pub use server::ModelServer;
pub use surroundings::{left_out, make_pipe, shared_folder};
