//! What insert mode and a line of commands wait for after `CTRL-R`, `CTRL-V` and `CTRL-K`: a register
//! or an expression, a character as it is or by its number (`:help i_CTRL-V_digit`), and a digraph.

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
pub(crate) fn digraph(first: char, second: char) -> char {
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

/// What became of a key that was waited for.
pub(crate) enum Taken {
    /// More keys are waited for.
    Waits(Awaited),
    /// A text is typed.
    Typed(String),
    /// A character is typed as it is.
    Literal(char),
    /// The same, and the key is none of it.
    LiteralBefore(char),
    /// The key is none of it, and nothing is typed.
    Before,
    /// Nothing is typed.
    Nothing,
}

impl Taken {
    fn literal(character: char) -> Self {
        typed_character(character).map_or(Self::Nothing, Self::Literal)
    }
}

/// A character that can be typed. A text holds no null characters, and line feeds end its lines; keys
/// without a character are none.
pub(crate) fn typed_character(character: char) -> Option<char> {
    let is_key = ('\u{f701}'..='\u{f70a}').contains(&character);
    (!is_key && !matches!(character, '\0' | '\n')).then_some(character)
}

/// The number that a key begins after `CTRL-V`: its radix and how many digits it has at most.
pub(crate) fn code_begun(key: char) -> Option<(u32, usize)> {
    match key {
        '0'..='9' => Some((10, 3)),
        'o' | 'O' => Some((8, 3)),
        'x' | 'X' => Some((16, 2)),
        'u' => Some((16, 4)),
        'U' => Some((16, 8)),
        _ => None,
    }
}

/// The character of a number.
pub(crate) fn character_of(digits: &str, radix: u32) -> char {
    let code = u32::from_str_radix(digits, radix).unwrap_or(0);
    let code = if radix < 16 { code.min(255) } else { code };
    char::from_u32(code).unwrap_or('\0')
}

impl Vim {
    /// What is typed of a key of insert mode or of a line that waits for more, `None` where none does.
    pub(crate) fn awaited_keys(&self) -> Option<String> {
        let session = self.insert.as_ref().filter(|_| self.mode.is_insert());
        let in_insert = session.and_then(|session| session.awaited.as_ref());
        let in_line = || self.line.as_ref()?.awaited.as_ref();
        in_insert.or_else(in_line).map(Awaited::label)
    }

    /// Takes a key that was waited for in insert mode. Whether it is still to be taken as it is without
    /// that.
    pub(crate) fn take_awaited(
        &mut self,
        session: &mut InsertSession,
        awaited: Awaited,
        key: Key,
        context: &dyn VimContext,
    ) -> bool {
        match self.taken(awaited, key, context) {
            Taken::Waits(awaited) => session.awaited = Some(awaited),
            Taken::Typed(text) => self.type_all(session, &text),
            Taken::Literal(character) => self.type_character(session, character),
            Taken::LiteralBefore(character) => {
                self.type_character(session, character);
                return true;
            }
            Taken::Before => return true,
            Taken::Nothing => {}
        }
        false
    }

    /// What becomes of a key that was waited for.
    pub(crate) fn taken(&mut self, awaited: Awaited, key: Key, context: &dyn VimContext) -> Taken {
        match (awaited, key) {
            (Awaited::Register, Key::Char('=')) => Taken::Waits(Awaited::Expression(String::new())),
            // The register's text is never taken as keys, so that these say nothing more.
            (Awaited::Register, Key::Ctrl('r' | 'o' | 'p')) => Taken::Waits(Awaited::Register),
            (Awaited::Register, Key::Char(name)) => {
                let register = self.read_register(name, context);
                Taken::Typed(register.unwrap_or_default().text)
            }
            (Awaited::Expression(mut text), key) => match key {
                Key::Enter => match evaluate(&text) {
                    Ok(value) => Taken::Typed(value),
                    Err(words) => {
                        self.fail(&words);
                        Taken::Nothing
                    }
                },
                Key::Escape | Key::Ctrl('c') => Taken::Nothing,
                Key::Backspace | Key::Ctrl('h') if text.is_empty() => Taken::Nothing,
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
                    Taken::Waits(Awaited::Expression(text))
                }
            },
            (Awaited::Literal, key) => {
                let begun = match key {
                    Key::Char(first) => code_begun(first).map(|code| (first, code)),
                    _ => None,
                };
                match begun {
                    Some((first, (radix, most))) => Taken::Waits(Awaited::Code {
                        radix,
                        most,
                        digits: match radix {
                            10 => first.to_string(),
                            _ => String::new(),
                        },
                    }),
                    None => Taken::literal(key.to_char()),
                }
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
                    match digits.len() >= most {
                        true => Taken::literal(character_of(&digits, radix)),
                        false => Taken::Waits(Awaited::Code {
                            radix,
                            most,
                            digits,
                        }),
                    }
                }
                key if digits.is_empty() => Taken::literal(key.to_char()),
                _ => match typed_character(character_of(&digits, radix)) {
                    Some(character) => Taken::LiteralBefore(character),
                    None => Taken::Before,
                },
            },
            (Awaited::Digraph(None), Key::Char(first)) => {
                Taken::Waits(Awaited::Digraph(Some(first)))
            }
            (Awaited::Digraph(Some(first)), Key::Char(second)) => {
                Taken::literal(digraph(first, second))
            }
            (Awaited::Register | Awaited::Digraph(_), _) => Taken::Nothing,
        }
    }

    /// Types the character whose number is typed so far, where there is one.
    pub(crate) fn end_code(&mut self, session: &mut InsertSession) {
        let Some(Awaited::Code { radix, digits, .. }) = session.awaited.take() else {
            return;
        };
        if let Some(character) = typed_character(character_of(&digits, radix)) {
            self.type_character(session, character);
        }
    }

    fn type_character(&mut self, session: &mut InsertSession, character: char) {
        self.type_text(session, character.encode_utf8(&mut [0; 4]));
    }

    fn type_all(&mut self, session: &mut InsertSession, text: &str) {
        for character in text.chars() {
            match character {
                '\n' => self.type_newline(session),
                character => self.type_character(session, character),
            }
        }
    }
}
