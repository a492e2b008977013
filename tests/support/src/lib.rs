//! A model server for tests: it listens on loopback and speaks the two real
//! protocols, OpenAI-compatible chat completions and Anthropic messages, with
//! replies that the test writes: text in pieces, tool calls, errors, cut
//! connections, garbage, floods. It keeps what it was sent, to assert on.
//!
//! ```
//! use test_support::{ModelServer, Reply};
//! let server = ModelServer::scripted([Reply::text("Hello")]);
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! assert!(server.requests().is_empty());
//! ```

mod gate;
mod http;
mod reply;
mod server;
mod wire;

pub use gate::Gate;
pub use http::Received;
pub use reply::{Piece, Reply};
pub use server::ModelServer;
