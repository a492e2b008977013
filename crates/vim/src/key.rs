//! Keys, and how they are written: `d`, `<Esc>`, `<C-w>` (Vim's notation, `:help key-notation`).

/// A key press, as Vim knows keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character that the keyboard or an input method gives.
    Char(char),
    /// A letter or sign with Control, in lower case.
    Ctrl(char),
    /// Escape, also `CTRL-[`.
    Escape,
    /// Return, also `CTRL-M`.
    Enter,
    /// Tab, also `CTRL-I`.
    Tab,
    /// Backspace.
    Backspace,
    /// The key that deletes under the caret.
    Delete,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// The keys that have names, with the name and the character that stands for them in a register
/// that holds a recorded macro. Those without a control character take one of Unicode's private use
/// area, which no keyboard types.
const NAMED: &[(Key, &str, char)] = &[
    (Key::Escape, "Esc", '\u{1b}'),
    (Key::Enter, "CR", '\r'),
    (Key::Tab, "Tab", '\t'),
    (Key::Backspace, "BS", '\u{f701}'),
    (Key::Delete, "Del", '\u{f702}'),
    (Key::Left, "Left", '\u{f703}'),
    (Key::Right, "Right", '\u{f704}'),
    (Key::Up, "Up", '\u{f705}'),
    (Key::Down, "Down", '\u{f706}'),
    (Key::Home, "Home", '\u{f707}'),
    (Key::End, "End", '\u{f708}'),
    (Key::PageUp, "PageUp", '\u{f709}'),
    (Key::PageDown, "PageDown", '\u{f70a}'),
];

impl Key {
    /// The same key under its usual name: `CTRL-[` is Escape, `CTRL-M` is Return, `CTRL-I` is Tab.
    pub fn normalized(self) -> Self {
        match self {
            Self::Ctrl('[') | Self::Char('\u{1b}') => Self::Escape,
            Self::Ctrl('m') | Self::Char('\r') => Self::Enter,
            Self::Ctrl('i') | Self::Char('\t') => Self::Tab,
            Self::Char('\n') => Self::Ctrl('j'),
            Self::Ctrl(letter) => Self::Ctrl(letter.to_ascii_lowercase()),
            key => key,
        }
    }

    /// The character that stands for the key in a register.
    pub(crate) fn to_char(self) -> char {
        match self {
            Self::Char(character) => character,
            Self::Ctrl(letter) => {
                let code = u32::from(letter.to_ascii_uppercase()) & 0x1f;
                char::from_u32(code).unwrap_or(letter)
            }
            key => NAMED
                .iter()
                .find(|(named, ..)| *named == key)
                .map_or('\0', |(_, _, character)| *character),
        }
    }

    /// The key that a character of a register stands for.
    pub(crate) fn from_char(character: char) -> Self {
        if let Some((key, ..)) = NAMED.iter().find(|(.., named)| *named == character) {
            return *key;
        }
        match character {
            '\u{1}'..='\u{1a}' => {
                let letter = char::from_u32(u32::from(character) + 0x60).unwrap_or('a');
                Self::Ctrl(letter).normalized()
            }
            '\u{1c}'..='\u{1f}' => {
                Self::Ctrl(char::from_u32(u32::from(character) + 0x40).unwrap_or('_'))
            }
            character => Self::Char(character),
        }
    }

    /// The name of the key, as the status bar shows keys that wait for more.
    pub fn notation(self) -> String {
        match self {
            Self::Char(' ') => "<Space>".to_owned(),
            Self::Char(character) => character.to_string(),
            Self::Ctrl(letter) => format!("^{}", letter.to_ascii_uppercase()),
            key => NAMED
                .iter()
                .find(|(named, ..)| *named == key)
                .map_or(String::new(), |(_, name, _)| format!("<{name}>")),
        }
    }
}

/// Reads keys in Vim's notation: names in angle brackets, everything else as it is; `<lt>` is `<`.
pub fn parse_keys(notation: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = notation;
    while let Some(first) = rest.chars().next() {
        if first == '<'
            && let Some(end) = rest.find('>')
            && let Some(key) = named(&rest[1..end])
        {
            keys.push(key);
            rest = &rest[end + 1..];
        } else {
            keys.push(Key::Char(first).normalized());
            rest = &rest[first.len_utf8()..];
        }
    }
    keys
}

fn named(name: &str) -> Option<Key> {
    let lower = name.to_ascii_lowercase();
    if let Some(letter) = lower.strip_prefix("c-") {
        let mut letters = letter.chars();
        let key = Key::Ctrl(letters.next()?);
        return letters.next().is_none().then(|| key.normalized());
    }
    match lower.as_str() {
        "lt" => Some(Key::Char('<')),
        "bar" => Some(Key::Char('|')),
        "space" => Some(Key::Char(' ')),
        "enter" | "return" => Some(Key::Enter),
        _ => NAMED
            .iter()
            .find(|(_, named, _)| named.eq_ignore_ascii_case(&lower))
            .map(|(key, ..)| *key),
    }
}
