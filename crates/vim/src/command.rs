//! What the keys of normal and visual mode say: register, count, operator, and the command or motion.

use crate::Key;
use crate::awaited::{character_of, code_begun, digraph, typed_character};

/// A command whose keys are complete.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Command {
    /// The register named with `"`.
    pub register: Option<char>,
    /// The count, that of operator and motion multiplied.
    pub count: Option<usize>,
    /// The operator that the motion is for, as typed.
    pub operator: Option<String>,
    /// What the motion is forced to be: `v`, `V`.
    pub force: Option<char>,
    /// The command or motion as typed, without the character that it takes.
    pub name: String,
    /// The character that `f`, `r`, `m` and their like take.
    pub argument: Option<char>,
    /// Whether that character is taken as it is, as after `CTRL-V`.
    pub literal: bool,
}

/// What became of the keys so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parse {
    Incomplete,
    Invalid,
    /// A command, and how many of the last keys are none of it.
    Complete(Command, usize),
}

/// No count is larger than this, whatever is typed.
pub(crate) const MAX_COUNT: usize = 99_999;

/// What surrounds the keys and gives some of them another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub visual: bool,
    pub recording: bool,
}

const TAKE_A_CHARACTER: &[&str] = &["f", "F", "t", "T", "r", "m", "'", "`", "q", "@", "g'", "g`"];
/// Those whose character may be a digraph (`:help digraph-arg`).
const MAY_BE_DIGRAPHS: &[&str] = &["f", "F", "t", "T", "r"];
const PREFIXES: &[char] = &['g', 'z', 'Z', '[', ']', '\u{17}'];
const OPERATORS: &[&str] = &[
    "d", "c", "y", "<", ">", "g~", "gu", "gU", "g?", "gq", "gw", "gc", "=", "!",
];

/// Reads the keys of one command.
pub(crate) fn parse(keys: &[Key], surroundings: Surroundings) -> Parse {
    let before = std::iter::once(None).chain(keys.iter().copied().map(Some));
    let characters: Vec<char> = keys
        .iter()
        .zip(before)
        .map(|(key, before)| match before {
            Some(Key::Ctrl('v')) => key.to_char(),
            _ => plain(*key).to_char(),
        })
        .collect();
    let mut reader = Reader {
        rest: &characters,
        command: Command::default(),
    };
    match reader.read(surroundings) {
        None => Parse::Incomplete,
        Some(true) => Parse::Complete(reader.command, reader.rest.len()),
        Some(false) => Parse::Invalid,
    }
}

/// Whether the next of some keys is the character that a command takes, which may be typed in several
/// keys.
pub(crate) fn awaits_character(keys: &[Key], surroundings: Surroundings) -> bool {
    let with = |key: Key| {
        let keys: Vec<Key> = keys.iter().copied().chain([key]).collect();
        parse(&keys, surroundings)
    };
    let takes = |parse: Parse| match parse {
        Parse::Complete(command, 0) => MAY_BE_DIGRAPHS.contains(&command.name.as_str()),
        _ => false,
    };
    !keys.is_empty() && (takes(with(Key::Char('x'))) || takes(with(Key::Ctrl('x'))))
}

/// Keys that are other names for commands in letters.
fn plain(key: Key) -> Key {
    match key {
        Key::Left => Key::Char('h'),
        Key::Right => Key::Char('l'),
        Key::Up | Key::Ctrl('p') => Key::Char('k'),
        Key::Down | Key::Ctrl('j' | 'n') => Key::Char('j'),
        Key::Home => Key::Char('0'),
        Key::End => Key::Char('$'),
        Key::Delete => Key::Char('x'),
        Key::PageDown => Key::Ctrl('f'),
        Key::PageUp => Key::Ctrl('b'),
        Key::Ctrl('h') => Key::Backspace,
        key => key,
    }
}

struct Reader<'a> {
    rest: &'a [char],
    command: Command,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// `None` while keys are missing, else whether they make sense.
    fn read(&mut self, surroundings: Surroundings) -> Option<bool> {
        self.prefix()?;
        let name = self.name(surroundings.visual)?;
        if surroundings.visual || !OPERATORS.contains(&name.as_str()) {
            return self.finish(name, surroundings.visual, surroundings.recording);
        }
        self.command.operator = Some(name.clone());
        self.prefix()?;
        if let Some(force @ ('v' | 'V')) = self.rest.first().copied() {
            self.command.force = Some(force);
            self.next();
        }
        let motion = self.name(true)?;
        // `gww` is `gw` with the motion `w`, which stays in the line, and `gcgc` takes the object `gc`.
        let doubled = match name.as_str() {
            "gw" => motion == name,
            "gc" => motion == "c",
            name => motion == name || (name.len() == 2 && name.ends_with(motion.as_str())),
        };
        if doubled {
            self.command.name = "line".to_owned();
            return Some(true);
        }
        self.finish(motion, true, false)
    }

    /// Registers and counts, in any order.
    fn prefix(&mut self) -> Option<()> {
        let mut count: Option<usize> = None;
        loop {
            match self.rest.first().copied() {
                Some('"') => {
                    self.next();
                    self.command.register = Some(self.next()?);
                }
                Some(digit @ '0'..='9') if digit != '0' || count.is_some() => {
                    self.next();
                    let digit = digit as usize - '0' as usize;
                    count = Some((count.unwrap_or(0) * 10 + digit).min(MAX_COUNT));
                }
                next => {
                    if let Some(count) = count {
                        let before = self.command.count.unwrap_or(1);
                        self.command.count = Some(before.saturating_mul(count).min(MAX_COUNT));
                    }
                    return next.map(|_| ());
                }
            }
        }
    }

    fn name(&mut self, objects: bool) -> Option<String> {
        let first = self.next()?;
        let mut name = String::from(first);
        if PREFIXES.contains(&first) || (objects && matches!(first, 'i' | 'a')) {
            name.push(self.next()?);
        }
        Some(name)
    }

    fn finish(&mut self, name: String, objects: bool, recording: bool) -> Option<bool> {
        let takes = TAKE_A_CHARACTER.contains(&name.as_str()) && !(name == "q" && recording);
        if takes {
            self.command.argument = self.argument(&name)?;
            if self.command.argument.is_none() {
                return Some(false);
            }
        }
        let valid = !(objects && name.ends_with('\u{1b}'));
        self.command.name = name;
        Some(valid)
    }

    /// The character that a command takes, `None` where it is given up. The whole is `None` while keys
    /// are missing.
    fn argument(&mut self, name: &str) -> Option<Option<char>> {
        let first = self.next()?;
        Some(match first {
            '\u{1b}' => None,
            '\u{b}' if MAY_BE_DIGRAPHS.contains(&name) => {
                let one = self.next()?;
                // A digraph that is given up leaves the key that began it, as in Neovim.
                let other = match one {
                    '\u{1b}' => one,
                    _ => self.next()?,
                };
                Some(match other {
                    '\u{1b}' => first,
                    other => digraph(one, other),
                })
            }
            '\u{16}' if name == "r" => {
                self.command.literal = true;
                self.literal()?
            }
            argument => Some(argument),
        })
    }

    /// A character as it is, or by its number (`:help i_CTRL-V_digit`).
    fn literal(&mut self) -> Option<Option<char>> {
        let first = self.next()?;
        let Some((radix, most)) = code_begun(first) else {
            return Some(typed_character(first));
        };
        let mut digits = String::new();
        if radix == 10 {
            digits.push(first);
        }
        while digits.len() < most {
            let next = *self.rest.first()?;
            if !next.is_digit(radix) {
                break;
            }
            self.next();
            digits.push(next);
        }
        Some(match digits.is_empty() {
            // `CTRL-V u` and no number: the letter goes, as in insert mode.
            true => self.next().and_then(typed_character),
            false => typed_character(character_of(&digits, radix)),
        })
    }
}
