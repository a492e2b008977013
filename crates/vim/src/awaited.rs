//! What insert mode waits for after `CTRL-R`: a register, or an expression after `=`.

use crate::arithmetic::evaluate;
use crate::insert::InsertSession;
use crate::{Key, Vim, VimContext};

/// An expression is cut at this many bytes.
const MAX_EXPRESSION: usize = 1024;

/// What the next keys say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// The name of a register.
    Register,
    /// What is reckoned once Enter is typed.
    Expression(String),
}

impl Awaited {
    /// What is typed so far, as the status bar shows it.
    pub fn label(&self) -> String {
        match self {
            Self::Register => "^R".to_owned(),
            Self::Expression(text) => format!("={text}"),
        }
    }
}

impl Vim {
    /// What is typed of a key of insert mode that waits for more, `None` where none does.
    pub(crate) fn awaited_in_insert(&self) -> Option<String> {
        let session = self.insert.as_ref().filter(|_| self.mode.is_insert())?;
        session.awaited.as_ref().map(Awaited::label)
    }

    /// Takes a key that was waited for.
    pub(crate) fn take_awaited(
        &mut self,
        session: &mut InsertSession,
        awaited: Awaited,
        key: Key,
        context: &dyn VimContext,
    ) {
        let mut text = match (awaited, key) {
            (Awaited::Register, Key::Char('=')) => String::new(),
            (Awaited::Register, Key::Char(name)) => {
                let register = self.read_register(name, context);
                return self.type_all(session, &register.unwrap_or_default().text);
            }
            (Awaited::Register, _) => return,
            (Awaited::Expression(text), _) => text,
        };
        match key {
            Key::Enter => {
                return match evaluate(&text) {
                    Ok(value) => self.type_all(session, &value),
                    Err(words) => self.fail(&words),
                };
            }
            Key::Escape | Key::Ctrl('c') => return,
            Key::Backspace | Key::Ctrl('h') if text.is_empty() => return,
            Key::Backspace | Key::Ctrl('h') => {
                text.pop();
            }
            Key::Ctrl('u') => text.clear(),
            // The one that asks for the expression is none of it.
            Key::Char('=') if text.is_empty() => {}
            Key::Char(character) if text.len() < MAX_EXPRESSION => text.push(character),
            _ => {}
        }
        session.awaited = Some(Awaited::Expression(text));
    }

    fn type_all(&mut self, session: &mut InsertSession, text: &str) {
        for character in text.chars() {
            match character {
                '\n' => self.type_newline(session),
                character => self.type_text(session, character.encode_utf8(&mut [0; 4])),
            }
        }
    }
}
