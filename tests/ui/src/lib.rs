//! Drives the real program without a display: the workbench that `kiln` opens,
//! rendered offscreen, with clicks and keys found through accessibility labels.
//!
//! [`Driver`] owns the application, a tokio runtime for the agent, and scratch
//! folders, so that a test starts from nothing and leaves nothing behind.

pub mod driver;
pub mod scene;
