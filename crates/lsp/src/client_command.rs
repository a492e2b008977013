//! Commands that servers leave to the editor: they stand in what a server shows, and are no commands
//! of its own.

use serde_json::{Value, json};

use crate::answers::{self, Location};
use crate::code_action::ServerCommand;
use crate::server::LanguageServer;

/// What lists places: the third argument, behind the address and the place that they were asked for.
const SHOW_PLACES: [&str; 3] = [
    "editor.action.showReferences",
    "rust-analyzer.showReferences",
    "java.show.references",
];

/// Adds to the capabilities of a client which of them Kiln does. rust-analyzer shows nothing that has
/// one that it is not told of (its `experimental` capabilities, "Client Commands").
pub(crate) fn offer(capabilities: &mut Value) {
    capabilities["experimental"]["commands"] =
        json!({"commands": ["rust-analyzer.showReferences"]});
}

impl ServerCommand {
    /// Whether it has the editor show places.
    pub fn shows_places(&self) -> bool {
        SHOW_PLACES.contains(&self.name())
    }
}

impl LanguageServer {
    /// The places that a command of this server has the editor show; none where they are still to be
    /// asked for.
    pub fn places_of(&self, command: &ServerCommand) -> Vec<Location> {
        let encoding = self.shared().inner.lock().capabilities.encoding();
        match command.arguments().get(2) {
            Some(places) if places.is_array() => answers::locations(places, encoding),
            _ => Vec::new(),
        }
    }
}
