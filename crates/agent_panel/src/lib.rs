//! Crate `agent_panel`.
