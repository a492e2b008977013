//! Benchmarks of what has no window: ours and the peer, alternately, in one run.
//!
//! `cargo xtask bench` runs them in the release profile. A benchmark is never a timed test: the
//! tests of this crate run it small and look at what it prints, not at how fast it was.

pub mod clock;
pub mod editor;
mod instant_server;
mod long_lines;
mod parsing;
pub mod peers;
mod servers;
pub mod trace;
