//! The command palette: everything that can be done, with its key.

use crate::command_names::other_names;
use crate::fuzzy;
use crate::picker::{Picker, PickerDelegate, highlighted};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, SharedString, Window, div};
use std::collections::HashSet;
use ui::tokens::space;
use ui::widgets::{KeyHint, row};
use ui::{ActiveKilnTheme as _, CommandSpec, Commands};

/// The most commands that are listed.
const MAX_ROWS: usize = 500;

/// A name that a command is found under.
struct Name {
    /// The index of the command.
    command: usize,
    text: String,
    /// Not its title, but what else people call it.
    other: bool,
}

/// Every command, and those that match what is typed.
pub struct Palette {
    commands: Vec<CommandSpec>,
    labels: Vec<String>,
    names: Vec<Name>,
    /// The names that match, of each command the best one.
    matches: Vec<usize>,
    query: String,
    /// The document that has the keyboard cannot be edited.
    read_only: bool,
}

impl Palette {
    /// A palette of the commands that are registered now and mean something where the keyboard is,
    /// ordered as they read.
    pub fn new(window: &Window, cx: &App) -> Self {
        let mut commands = Commands::all(cx);
        commands.retain(|command| {
            !matches!(command.id, "workbench.commandPalette" | "workbench.menu")
                && command.is_listed(window, cx)
        });
        let mut contexts = window.context_stack().into_iter();
        Self {
            read_only: contexts.any(|context| context.contains(ui::READ_ONLY)),
            ..Self::of(commands)
        }
    }

    fn of(mut commands: Vec<CommandSpec>) -> Self {
        commands.retain(|command| !TYPING.contains(&command.id));
        commands.sort_by_key(|command| (command.category, command.title));
        let labels: Vec<_> = commands
            .iter()
            .map(|command| format!("{}: {}", command.category, command.title))
            .collect();
        let titles = labels.iter().enumerate().map(|(command, label)| Name {
            command,
            text: label.clone(),
            other: false,
        });
        let others = commands.iter().enumerate().flat_map(|(command, spec)| {
            other_names(spec.id).iter().map(move |name| Name {
                command,
                text: (*name).to_owned(),
                other: true,
            })
        });
        Self {
            names: titles.chain(others).collect(),
            commands,
            labels,
            matches: Vec::new(),
            query: String::new(),
            read_only: false,
        }
    }

    /// Finds the commands that match, the best first.
    fn find(&mut self, query: &str) {
        without_ellipsis(query).clone_into(&mut self.query);
        let names = self.names.iter().map(|name| name.text.as_str());
        let mut found: Vec<_> = fuzzy::find(&self.query, names, usize::MAX)
            .into_iter()
            .map(|found| found.index)
            .collect();
        found.sort_by_cached_key(|name| (!self.is_exact(*name), self.means_nothing(*name)));
        let mut seen = HashSet::new();
        self.matches = found
            .into_iter()
            .filter(|name| seen.insert(self.names[*name].command))
            .take(MAX_ROWS)
            .collect();
    }

    /// Whether a name is of a command that can do nothing where the keyboard is.
    fn means_nothing(&self, name: usize) -> bool {
        self.read_only && self.commands[self.names[name].command].edits
    }

    /// Whether a name is what is typed, whole: nothing else can be meant more.
    fn is_exact(&self, name: usize) -> bool {
        let name = &self.names[name];
        let typed = self.query.trim().to_lowercase();
        let is = |text: &str| without_ellipsis(text).to_lowercase() == typed;
        is(&name.text) || !name.other && is(self.commands[name.command].title)
    }

    fn found(&self, index: usize) -> Option<&Name> {
        self.names.get(*self.matches.get(index)?)
    }
}

/// What is a keystroke of typing or moving, which nobody looks up. Named one by one, so that a
/// movement that has no key of its own stays within reach.
const TYPING: &[&str] = &[
    "editor.cancel",
    "editor.deleteBackward",
    "editor.deleteForward",
    "editor.moveDocumentEnd",
    "editor.moveDocumentStart",
    "editor.moveDown",
    "editor.moveLeft",
    "editor.moveLineEnd",
    "editor.moveLineStart",
    "editor.movePageDown",
    "editor.movePageUp",
    "editor.moveRight",
    "editor.moveUp",
    "editor.moveWordLeft",
    "editor.moveWordRight",
    "editor.newline",
    "editor.tab",
];

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
        self.find(query);
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        self.found(index)
            .map_or_else(SharedString::default, |name| {
                self.labels[name.command].clone().into()
            })
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(name) = self.found(index) else {
            return div().into_any_element();
        };
        let positions = fuzzy::positions(&self.query, &name.text);
        let matched = highlighted(&name.text, &positions, cx);
        let theme = cx.kiln_theme();
        let words = row().flex_1().min_w_0().gap(space::M);
        let words = if name.other {
            // What was typed is seen, and what it is called here.
            words
                .child(
                    div()
                        .flex_none()
                        .text_color(theme.text)
                        .child(self.labels[name.command].clone()),
                )
                .child(
                    div()
                        .min_w_0()
                        .truncate()
                        .text_color(theme.text_muted)
                        .child(matched),
                )
        } else {
            words.child(
                div()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text)
                    .child(matched),
            )
        };
        row()
            .w_full()
            .gap(space::M)
            .child(words)
            .child(KeyHint::command(self.commands[name.command].id))
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        if let Some(name) = self.found(index) {
            window.dispatch_action(self.commands[name.command].action.boxed_clone(), cx);
        }
    }
}

/// A name without the ellipsis at its end, which may be typed as one or as dots, all or some of them.
fn without_ellipsis(name: &str) -> &str {
    name.trim().trim_end_matches(['.', '\u{2026}'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::ShowCommandPalette;

    #[test]
    fn what_edits_comes_last_in_a_document_that_cannot_be_edited() {
        let spec = |title| CommandSpec::new(title, "Editor", title, ShowCommandPalette);
        let mut palette = Palette::of(vec![
            spec("Delete Line").editing(),
            spec("Delimit the Lines"),
            spec("Select Line"),
        ]);
        let mut listed = |read_only, query: &str| {
            palette.read_only = read_only;
            palette.find(query);
            let titles = palette.matches.iter();
            let titles: Vec<_> = titles
                .map(|name| palette.commands[palette.names[*name].command].title)
                .collect();
            titles
        };
        let usual = listed(false, "line");
        assert_eq!(usual[0], "Delete Line");
        let locked = listed(true, "line");
        assert_eq!(locked.last(), Some(&"Delete Line"));
        assert_eq!(locked.len(), usual.len());
        // Who types all of its name means it.
        assert_eq!(listed(true, "delete line")[0], "Delete Line");
    }

    #[test]
    fn an_ellipsis_is_found_however_it_is_typed() {
        let spec = |title| CommandSpec::new(title, "Editor", title, ShowCommandPalette);
        let mut palette = Palette::of(vec![
            spec("Language Server Settings"),
            spec("Language Server\u{2026}"),
            spec("Open Folder\u{2026}"),
        ]);
        for typed in ["", ".", "..", "...", "\u{2026}", "... "] {
            palette.find(&format!("language server{typed}"));
            let titles = palette.matches.iter();
            let titles: Vec<_> = titles
                .map(|name| palette.commands[palette.names[*name].command].title)
                .collect();
            assert_eq!(
                titles,
                ["Language Server\u{2026}", "Language Server Settings"],
                "{typed}"
            );
        }
    }

    /// The titles that are listed for what is typed.
    fn listed(query: &str, commands: &[(&'static str, &'static str)]) -> Vec<&'static str> {
        let command = |(id, title): &(&'static str, &'static str)| {
            CommandSpec::new(id, "Editor", title, ShowCommandPalette)
        };
        let mut palette = Palette::of(commands.iter().map(command).collect());
        palette.find(query);
        (0..palette.len())
            .filter_map(|row| Some(palette.commands[palette.found(row)?.command].title))
            .collect()
    }

    #[test]
    fn the_command_that_is_called_what_was_typed_is_first() {
        let commands = [
            ("editor.caretUndo", "Undo Caret Movement"),
            ("editor.undoHistory", "Undo History"),
            ("editor.undo", "Undo"),
        ];
        for typed in ["undo", "Undo ", "editor: undo"] {
            assert_eq!(listed(typed, &commands)[0], "Undo", "{typed}");
        }
        assert_eq!(listed("soft undo", &commands), ["Undo Caret Movement"]);
    }

    #[test]
    fn movements_without_a_key_are_listed_and_keys_of_the_caret_are_not() {
        let commands = [
            ("editor.moveLeft", "Move Left"),
            ("editor.moveLinesUp", "Move Line Up"),
            ("editor.moveParagraphUp", "Move to Previous Paragraph"),
            ("editor.moveSameIndentUp", "Move to Previous Line"),
        ];
        let movements = [
            "Move Line Up",
            "Move to Previous Line",
            "Move to Previous Paragraph",
        ];
        assert_eq!(listed("", &commands), movements);
    }
}
