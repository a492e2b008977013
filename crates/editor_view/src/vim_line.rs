//! Vim's command line in a tab that shows no text: what concerns the tab and the window is done.

use editor_core::{Selections, Text};
use gpui_kit::{App, Keystroke, SharedString, Window};
use ui::{ActiveSettings as _, Commands};
use vim::{Effect, ExCommand, Key, Message, Mode, Options, Vim};

use crate::vim_commands::{failed, vim_program_command};
use crate::vim_keys::special;

/// What is said of a command that is for a text.
const NO_TEXT: &str = "There is no text here";

/// A line that is typed behind `:`, and what was said of the last one.
#[derive(Default)]
pub(crate) struct VimLine {
    typed: Option<Vim>,
    told: Option<Message>,
}

/// What is to be done after a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LineKey {
    /// The key is none of Vim's here.
    NotTaken,
    /// Nothing but to show the line.
    Taken,
    /// The tab is to be closed.
    Close,
}

impl VimLine {
    /// Takes a key where Vim mode is on: `:`, and what follows it up to `Enter` or `Escape`.
    pub(crate) fn key(&mut self, key: &Keystroke, window: &mut Window, cx: &mut App) -> LineKey {
        if !cx.kiln_settings().editor.vim {
            return LineKey::NotTaken;
        }
        let key = typed(key).or_else(|| special(key));
        let Some(key) = key.filter(|key| self.typed.is_some() || *key == Key::Char(':')) else {
            return LineKey::NotTaken;
        };
        self.told = None;
        let mut vim = self
            .typed
            .take()
            .unwrap_or_else(|| Vim::new(Options::default()));
        let effects = vim.key(key, &Text::new(""), &Selections::default(), &());
        if vim.mode() == Mode::CommandLine {
            self.typed = Some(vim);
            return LineKey::Taken;
        }
        for effect in effects {
            match effect {
                Effect::Message(message) => self.told = Some(message),
                Effect::Edit(_) => self.told = Some(failed(NO_TEXT)),
                Effect::Command(ExCommand::Quit { .. } | ExCommand::WriteQuit) => {
                    return LineKey::Close;
                }
                Effect::Command(command) => match vim_program_command(&command) {
                    Some(id) if run(id, window, cx) => {}
                    Some(id) => {
                        self.told = Some(failed(&format!("E492: Not an editor command: {id}")));
                    }
                    None => self.told = Some(failed(NO_TEXT)),
                },
                _ => {}
            }
        }
        LineKey::Taken
    }

    /// The mode and the line, or what was said, for the status bar, where Vim mode is on.
    pub(crate) fn status(&self, cx: &App) -> Option<SharedString> {
        if !cx.kiln_settings().editor.vim {
            return None;
        }
        let line = self.typed.as_ref();
        if let Some(line) = line.and_then(|vim| vim.command_line_with('\u{2581}')) {
            return Some(line.into());
        }
        let mode = Mode::Normal.label();
        Some(match &self.told {
            Some(message) => format!("{mode}  {}", message.text).into(),
            None => mode.into(),
        })
    }

    /// Whether [`Self::status`] tells of something that failed.
    pub(crate) fn tells_error(&self) -> bool {
        let told = self.told.as_ref().filter(|_| self.typed.is_none());
        told.is_some_and(|message| message.is_error)
    }
}

/// Runs a command of the window, which acts on the tab that is being updated; false where there is none.
fn run(id: &str, window: &mut Window, cx: &mut App) -> bool {
    if Commands::get(id, cx).is_none() {
        return false;
    }
    let id = id.to_owned();
    window.defer(cx, move |window, cx| {
        Commands::run(&id, window, cx);
    });
    true
}

/// The character that a key types.
fn typed(key: &Keystroke) -> Option<Key> {
    let held = &key.modifiers;
    if held.control || held.alt || held.platform || held.function {
        return None;
    }
    let mut characters = key.key_char.as_deref().unwrap_or(&key.key).chars();
    let one = characters.next().filter(|one| !one.is_control())?;
    characters.next().is_none().then_some(Key::Char(one))
}
