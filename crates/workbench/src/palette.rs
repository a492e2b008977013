//! The command palette: everything that can be done, with its key.

use crate::fuzzy::{self, Match};
use crate::picker::{Picker, PickerDelegate, highlighted};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Window, div};
use ui::tokens::space;
use ui::widgets::{KeyHint, row};
use ui::{ActiveKilnTheme as _, CommandSpec, Commands};

/// Every command, and those that match what is typed.
pub struct Palette {
    commands: Vec<CommandSpec>,
    labels: Vec<String>,
    matches: Vec<Match>,
    query: String,
}

impl Palette {
    /// A palette of the commands that are registered now, ordered as they read.
    pub fn new(cx: &App) -> Self {
        let mut commands = Commands::all(cx);
        commands.retain(|command| {
            !matches!(command.id, "workbench.commandPalette" | "workbench.menu")
                && !is_typing(command.id)
        });
        commands.sort_by_key(|command| (command.category, command.title));
        let labels = commands
            .iter()
            .map(|command| format!("{}: {}", command.category, command.title))
            .collect();
        Self {
            commands,
            labels,
            matches: Vec::new(),
            query: String::new(),
        }
    }
}

/// Whether a command is a keystroke of typing or moving, which nobody looks up.
fn is_typing(id: &str) -> bool {
    matches!(
        id,
        "editor.newline"
            | "editor.tab"
            | "editor.cancel"
            | "editor.deleteBackward"
            | "editor.deleteForward"
    ) || id.starts_with("editor.move")
        && !id.starts_with("editor.moveLineUp")
        && !id.starts_with("editor.moveLineDown")
}

impl PickerDelegate for Palette {
    fn name(&self) -> SharedString {
        "Command palette".into()
    }

    fn placeholder(&self) -> SharedString {
        "Run a command".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        format!("No command is called \u{201c}{query}\u{201d}.").into()
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        self.query = query.to_owned();
        self.matches = fuzzy::find(query, self.labels.iter().map(String::as_str), 500);
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        self.matches
            .get(index)
            .map_or_else(SharedString::default, |found| {
                self.labels[found.index].clone().into()
            })
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(found) = self.matches.get(index) else {
            return div().into_any_element();
        };
        let label = &self.labels[found.index];
        let positions = fuzzy::positions(&self.query, label);
        row()
            .w_full()
            .gap(space::M)
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(cx.kiln_theme().text)
                    .child(highlighted(label, &positions, cx)),
            )
            .child(KeyHint::command(self.commands[found.index].id))
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if let Some(found) = self.matches.get(index) {
            window.dispatch_action(self.commands[found.index].action.boxed_clone(), cx);
        }
    }
}
