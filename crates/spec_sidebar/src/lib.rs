//! Specs in the window: the list in the left dock, and each document as a document.
//!
//! [`register`] once, before the text editor registers its opener, so that the documents under
//! `.kiro/specs/` open rendered. The views ask the agent for the next step through the operations
//! given there, and hear of its progress through [`agent_event`].

mod activity;
mod approve_button;
mod banner;
mod commands;
mod document;
mod header;
mod inline_text;
mod list_keys;
mod page;
mod review_bar;
mod rows;
mod scrolling;
mod sidebar;
mod specs;
mod task_details;
mod view;

pub use sidebar::SpecSidebar;
pub use view::SpecView;

use activity::SpecActivity;
use agent::{AgentEvent, Operation};
use async_channel::Sender;
use gpui_kit::App;

/// Registers the commands and the opener of spec documents, and remembers how to ask the agent.
///
/// Call it again with other operations when another agent is started.
pub fn register(operations: Sender<Operation>, cx: &mut App) {
    if let Some(activity) = SpecActivity::global(cx) {
        activity.update(cx, |activity, cx| activity.connect(operations, cx));
        return;
    }
    SpecActivity::install(operations, cx);
    commands::register(cx);
    ui::list_keys::bind(list_keys::LIST_CONTEXT, cx);
    view::register_opener(cx);
}

/// Takes in what the agent does. The program forwards every event.
pub fn agent_event(event: &AgentEvent, cx: &mut App) {
    if let Some(activity) = SpecActivity::global(cx) {
        activity.update(cx, |activity, cx| activity.take_in(event, cx));
    }
}
