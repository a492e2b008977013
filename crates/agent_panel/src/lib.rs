//! The agent in the right dock: the conversation, its tool calls and decisions, the composer.
//!
//! [`register`] the commands once, build an [`AgentSession`] over a running agent, and put an
//! [`AgentPanel`] over it into the workbench. The session is the bridge: it drains the agent's
//! events on the UI thread and serves what the agent asks of the open buffers.

mod answer_part;
mod change_extent;
mod choice_list;
mod command_card;
mod commands;
mod composer;
mod diff_lines;
mod large_change;
mod line_diff;
mod line_window;
mod local_speed;
mod model_choices;
mod panel;
mod panel_part;
mod pickers;
mod place_question;
mod possible;
mod proposed_change;
mod question_keys;
mod rows;
mod session;
mod session_switch;
mod status_item;
mod tool_card;
mod tool_output;
pub mod transcript;
pub mod visible_text;
mod waiting;
mod welcome;
mod wording;

pub use commands::register;
pub use local_speed::LocalSpeed;
pub use panel::AgentPanel;
pub use session::{
    AgentSession, AgentSessionConfig, CurrentModel, LeftSession, QueuedPrompt, SessionUpdate,
};
pub use status_item::AgentStatus;
