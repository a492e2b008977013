//! The menu of the text: what can be done with what is selected, and at the caret.

use gpui_kit::component::menu::PopupMenu;
use gpui_kit::prelude::*;
use gpui_kit::{Action, App, FocusHandle};
use lsp::Feature;
use ui::Commands;
use workspace::Buffer;

use crate::code_actions::QuickFix;
use crate::commands::{Copy, Cut, Find, GoToLine, Paste, SelectAll, SelectAllOccurrences};
use crate::definition::GoToDefinition;
use crate::formatting::FormatDocument;
use crate::peek::{PeekDefinition, PeekReferences};
use crate::references::FindReferences;
use crate::rename::Rename;
use crate::view::EditorView;

/// The window's list of all commands, which the menu leads to where there is one.
const PALETTE: &str = "workbench.commandPalette";
const PALETTE_LABEL: &str = "Command Palette\u{2026}";

/// What decides which entries the menu has.
#[derive(Clone, Copy)]
pub(crate) struct MenuEntries {
    read_only: bool,
    /// What a server of the file answers.
    definition: bool,
    references: bool,
    actions: bool,
    rename: bool,
}

impl EditorView {
    pub(crate) fn menu_entries(&self, cx: &App) -> MenuEntries {
        let read_only = self.buffer_ref(cx).is_none_or(Buffer::is_read_only);
        let offers = |feature| {
            let servers = self.model.read(cx).language_servers();
            servers.is_some_and(|servers| {
                let mut serving = servers.serving(self.buffer);
                serving.any(|(server, _)| server.offers(feature))
            })
        };
        MenuEntries {
            read_only: read_only && !self.is_preview(cx),
            definition: offers(Feature::Definition),
            references: offers(Feature::References),
            actions: offers(Feature::CodeActions),
            rename: offers(Feature::Rename),
        }
    }
}

impl MenuEntries {
    /// Fills the menu of a text that has this focus.
    pub(crate) fn fill(self, menu: PopupMenu, focus: FocusHandle, cx: &App) -> PopupMenu {
        let writable = !self.read_only;
        let leads: [(bool, &str, Box<dyn Action>); 4] = [
            (
                self.definition,
                "Go to Definition",
                Box::new(GoToDefinition),
            ),
            (
                self.references,
                "Go to References",
                Box::new(FindReferences),
            ),
            (self.definition, "Peek Definition", Box::new(PeekDefinition)),
            (self.references, "Peek References", Box::new(PeekReferences)),
        ];
        let changes: [(bool, &str, Box<dyn Action>); 2] = [
            (self.actions, "Quick Fix\u{2026}", Box::new(QuickFix)),
            (self.rename, "Rename Symbol", Box::new(Rename)),
        ];
        let mut menu = menu.action_context(focus);
        let offered = leads.into_iter().filter(|(offered, ..)| *offered);
        for (_, label, action) in offered {
            menu = menu.menu(label, action);
        }
        if self.definition || self.references {
            menu = menu.separator();
        }
        menu = menu
            .menu_with_enable("Cut", Box::new(Cut), writable)
            .menu("Copy", Box::new(Copy))
            .menu_with_enable("Paste", Box::new(Paste), writable)
            .separator()
            .menu("Select All", Box::new(SelectAll))
            .menu("Select All Occurrences", Box::new(SelectAllOccurrences))
            .separator();
        let offered = changes.into_iter().filter(|(offered, ..)| *offered);
        for (_, label, action) in offered {
            menu = menu.menu_with_enable(label, action, writable);
        }
        menu.menu_with_enable("Format Document", Box::new(FormatDocument), writable)
            .separator()
            .menu("Find", Box::new(Find))
            .menu("Go to Line\u{2026}", Box::new(GoToLine))
            .when_some(Commands::get(PALETTE, cx), |menu, palette| {
                menu.separator().menu(PALETTE_LABEL, palette.action)
            })
    }
}
