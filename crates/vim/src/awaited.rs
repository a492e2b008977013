//! What insert mode waits for after `CTRL-R`, `CTRL-V` and `CTRL-K`: a register or an expression, a
//! character as it is or by its number (`:help i_CTRL-V_digit`), and a digraph.

use crate::arithmetic::evaluate;
use crate::insert::InsertSession;
use crate::{Key, Vim, VimContext};

/// The digraphs of RFC 1345 and those that Vim adds (`:help digraph-table`), for characters beyond
/// ASCII: two characters a line, and what they stand for.
const DIGRAPHS: &str = include_str!("digraphs.txt");

/// An expression is cut at this many bytes.
const MAX_EXPRESSION: usize = 1024;

/// What the next keys say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// `CTRL-R`: the name of a register.
    Register,
    /// `CTRL-R =`: what is reckoned once Enter is typed.
    Expression(String),
    /// `CTRL-V`: a key, or the first of a number.
    Literal,
    /// The digits so far of a character's number, and how many there are at most.
    Code {
        radix: u32,
        most: usize,
        digits: String,
    },
    /// `CTRL-K`: the two characters of a digraph.
    Digraph(Option<char>),
}

impl Awaited {
    /// What is typed so far, as the status bar shows it.
    pub fn label(&self) -> String {
        match self {
            Self::Register => "^R".to_owned(),
            Self::Expression(text) => format!("={text}"),
            Self::Literal => "^V".to_owned(),
            Self::Code { digits, .. } => format!("^V{digits}"),
            Self::Digraph(first) => format!("^K{}", first.map(String::from).unwrap_or_default()),
        }
    }
}

/// What two characters stand for, in either order; without a digraph the second one.
fn digraph(first: char, second: char) -> char {
    let stands_for = |first: char, second: char| {
        DIGRAPHS.lines().find_map(|line| {
            let mut characters = line.chars();
            let is_it = characters.next() == Some(first) && characters.next() == Some(second);
            characters.next().filter(|_| is_it)
        })
    };
    stands_for(first, second)
        .or_else(|| stands_for(second, first))
        .unwrap_or(second)
}

impl Vim {
    /// What is typed of a key of insert mode that waits for more, `None` where none does.
    pub(crate) fn awaited_in_insert(&self) -> Option<String> {
        let session = self.insert.as_ref().filter(|_| self.mode.is_insert())?;
        session.awaited.as_ref().map(Awaited::label)
    }

    /// Takes a key that was waited for. Whether it is still to be taken as it is without that.
    pub(crate) fn take_awaited(
        &mut self,
        session: &mut InsertSession,
        awaited: Awaited,
        key: Key,
        context: &dyn VimContext,
    ) -> bool {
        match (awaited, key) {
            (Awaited::Register, Key::Char('=')) => {
                session.awaited = Some(Awaited::Expression(String::new()));
            }
            (Awaited::Register, Key::Char(name)) => {
                let register = self.read_register(name, context);
                self.type_all(session, &register.unwrap_or_default().text);
            }
            (Awaited::Expression(mut text), key) => match key {
                Key::Enter => match evaluate(&text) {
                    Ok(value) => self.type_all(session, &value),
                    Err(words) => self.fail(&words),
                },
                Key::Escape | Key::Ctrl('c') => {}
                Key::Backspace | Key::Ctrl('h') if text.is_empty() => {}
                key => {
                    match key {
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
            },
            (Awaited::Literal, key) => {
                let code = |radix, most, digits: &str| Awaited::Code {
                    radix,
                    most,
                    digits: digits.to_owned(),
                };
                session.awaited = match key {
                    Key::Char(digit @ '0'..='9') => Some(code(10, 3, &digit.to_string())),
                    Key::Char('o' | 'O') => Some(code(8, 3, "")),
                    Key::Char('x' | 'X') => Some(code(16, 2, "")),
                    Key::Char('u') => Some(code(16, 4, "")),
                    Key::Char('U') => Some(code(16, 8, "")),
                    key => {
                        self.type_literal(session, key.to_char());
                        None
                    }
                };
            }
            (
                Awaited::Code {
                    radix,
                    most,
                    mut digits,
                },
                key,
            ) => match key {
                Key::Char(digit) if digit.is_digit(radix) => {
                    digits.push(digit);
                    let is_whole = digits.len() >= most;
                    session.awaited = Some(Awaited::Code {
                        radix,
                        most,
                        digits,
                    });
                    if is_whole {
                        self.end_code(session);
                    }
                }
                key if digits.is_empty() => self.type_literal(session, key.to_char()),
                _ => {
                    session.awaited = Some(Awaited::Code {
                        radix,
                        most,
                        digits,
                    });
                    self.end_code(session);
                    return true;
                }
            },
            (Awaited::Digraph(None), Key::Char(first)) => {
                session.awaited = Some(Awaited::Digraph(Some(first)));
            }
            (Awaited::Digraph(Some(first)), Key::Char(second)) => {
                self.type_literal(session, digraph(first, second));
            }
            (Awaited::Register | Awaited::Digraph(_), _) => {}
        }
        false
    }

    /// Types the character whose number is typed so far, where there is one.
    pub(crate) fn end_code(&mut self, session: &mut InsertSession) {
        let Some(Awaited::Code { radix, digits, .. }) = session.awaited.take() else {
            return;
        };
        let code = u32::from_str_radix(&digits, radix).unwrap_or(0);
        let code = if radix < 16 { code.min(255) } else { code };
        self.type_literal(session, char::from_u32(code).unwrap_or('\0'));
    }

    /// Types a character as it is. A text holds no null characters, and line feeds end its lines.
    fn type_literal(&mut self, session: &mut InsertSession, character: char) {
        let is_key = ('\u{f701}'..='\u{f70a}').contains(&character);
        if !is_key && !matches!(character, '\0' | '\n') {
            self.type_text(session, character.encode_utf8(&mut [0; 4]));
        }
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
