//! Bounds on what a server may send.

use std::time::Duration;

/// Bounds on one answer. A server that passes one of them is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line of the event stream.
    pub line_bytes: usize,
    /// Bytes of one event's payload.
    pub event_bytes: usize,
    /// Bytes of text and tool arguments in one answer.
    pub answer_bytes: usize,
    /// Bytes on the wire in one answer, overhead included.
    pub wire_bytes: usize,
    /// Tool calls in one answer.
    pub tool_calls: usize,
    /// How long to wait for the first byte of an answer. Long, because a local
    /// server reads a large prompt at a few hundred tokens a second.
    pub first_byte_timeout: Duration,
    /// How long to wait for more of an answer that has begun.
    pub idle_timeout: Duration,
    /// How long one answer may take in all, however steadily it drips.
    pub answer_timeout: Duration,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 4 << 20,
            event_bytes: 4 << 20,
            answer_bytes: 4 << 20,
            wire_bytes: 512 << 20,
            tool_calls: 64,
            first_byte_timeout: Duration::from_secs(600),
            idle_timeout: Duration::from_secs(120),
            answer_timeout: Duration::from_secs(3600),
            connect_timeout: Duration::from_secs(15),
        }
    }
}
